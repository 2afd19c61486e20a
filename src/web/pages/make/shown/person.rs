//! Who was typed in, and who is known.

use crate::domain::patient::{NhsNumber, Patient, Source};
use crate::store::Person;
use crate::web::pages::make::form::{Posting, Typed};
use crate::web::pages::people::PROVISIONAL;
use crate::web::pages::whereabouts::{Words, folder_title, patient_name};
use crate::web::when;

/// Folders named of one person: the rest is counted.
const FOLDERS_NAMED: usize = 4;

/// What was typed, and as it is read.
pub struct Typing<'a> {
    pub posting: &'a Posting,
    pub read: Typed,
}

impl<'a> Typing<'a> {
    /// What this form says.
    pub fn of(posting: &'a Posting, words: &Words<'_>) -> Self {
        let today = words.now.to_jiff().to_zoned_datetime(words.zone.clone()).date();
        Self { posting, read: posting.typed(today).unwrap_or_default() }
    }

    /// The birth date as it is read, so that a day is not taken for a month.
    pub fn born(&self) -> String {
        self.read.born.map_or_else(|| self.posting.born.clone(), when::date)
    }

    /// The NHS number in its groups, as it stands on paper.
    pub fn nhs_number(&self) -> String {
        self.read.nhs_number.map_or_else(|| self.posting.nhs.clone(), NhsNumber::spaced)
    }
}

/// A patient as they are called, or that nobody knows how.
pub fn name(patient: &Patient) -> String {
    if patient.surname.is_empty() { "NO NAME KNOWN".to_owned() } else { patient_name(patient) }
}

/// What is to be known of a patient before anything else.
pub fn tags(patient: &Patient) -> Vec<String> {
    let died = patient.died.map(|day| format!("died {}", when::date(day)));
    let provisional = (patient.source == Source::TypedIn).then(|| PROVISIONAL.to_owned());
    died.into_iter().chain(provisional).collect()
}

/// `Folders: RX123456 volume 1, RX123456 volume 2 and 3 more`.
pub fn folders(person: &Person) -> String {
    let titles: Vec<_> =
        person.folders.iter().take(FOLDERS_NAMED).map(|folder| folder_title(&folder.brief)).collect();
    let more = person.folders.len().saturating_sub(FOLDERS_NAMED);
    match (titles.is_empty(), more, person.has_more_folders) {
        (true, _, _) => "No folder of theirs is known.".to_owned(),
        (false, 0, false) => format!("Folders: {}", titles.join(", ")),
        (false, more, false) => format!("Folders: {} and {more} more", titles.join(", ")),
        (false, _, true) => format!("Folders: {} and more", titles.join(", ")),
    }
}
