//! People in a list: who they are, told apart at a glance, and where their folders are.

use std::collections::HashMap;

use super::searches::not_there::{may_be_missed, searched_on};
use super::whereabouts::{Words, brief_mark, folder_title, look};
use crate::domain::patient::Source;
use crate::domain::spelling::plain;
use crate::domain::whereabouts::State;
use crate::store::{Person, VolumeRecord};
use crate::web::{urls, when};

/// Numbers shown of one person: more fill the page of one whose casenotes were merged, and tell nobody apart.
const NUMBERS_SHOWN: usize = 6;

/// How a patient is marked of whom no import has told.
pub const PROVISIONAL: &str = "typed in here, not confirmed";

/// One person of a list.
pub struct PersonHit {
    /// In capitals.
    pub surname: String,
    /// As written.
    pub forename: String,
    /// `born 4 May 1961`, or that it is not known.
    pub born: String,
    /// `died 1 Mar 2026`.
    pub died: Vec<String>,
    /// That they were typed in here.
    pub provisional: Vec<&'static str>,
    /// Their numbers.
    pub facts: Vec<String>,
    /// A warning where others of this name are shown.
    pub namesakes: Vec<String>,
    /// Their folders.
    pub folders: Vec<FolderHit>,
    /// The address of all their folders, where some are left out.
    pub more: Vec<String>,
}

/// One folder and where it is.
pub struct FolderHit {
    /// Its page.
    pub url: String,
    /// Casenote and volume.
    pub title: String,
    /// Where it is.
    pub words: String,
    /// How sure that is.
    pub mark: &'static str,
    /// How that looks.
    pub class: &'static str,
    /// Whom to ring.
    pub ring: Vec<String>,
    /// Where it is told that it is not there; none: it is searched for already, or gone.
    pub not_there: Option<String>,
    /// The search for it that is open.
    pub search: Option<String>,
}

/// How often each name, and each name with a birth date, is shown.
pub struct Names {
    alike: HashMap<String, usize>,
    born_alike: HashMap<(String, Option<jiff::civil::Date>), usize>,
}

impl Names {
    /// Counts the names on a page.
    pub fn of<'p>(people: impl Iterator<Item = &'p Person>) -> Self {
        let mut names = Self { alike: HashMap::new(), born_alike: HashMap::new() };
        for person in people {
            let name = full_name(person);
            *names.born_alike.entry((name.clone(), person.patient.born)).or_default() += 1;
            *names.alike.entry(name).or_default() += 1;
        }
        names
    }

    /// What tells this person from the others of the name.
    fn warning(&self, person: &Person) -> Option<String> {
        let name = full_name(person);
        let alike = self.alike.get(&name).copied().unwrap_or(0);
        if alike < 2 || name.is_empty() {
            return None;
        }
        match self.born_alike.get(&(name, person.patient.born)).copied() {
            Some(2..) => Some(format!("{alike} people of this name, born alike: check the NHS number")),
            _ => Some(format!("{alike} people of this name: check the birth date")),
        }
    }
}

fn full_name(person: &Person) -> String {
    plain(&format!("{} {}", person.patient.surname, person.patient.forename))
}

/// People as lists show them.
pub fn person_hits(words: &Words<'_>, names: &Names, people: &[Person]) -> Vec<PersonHit> {
    people.iter().map(|person| person_hit(words, names, person)).collect()
}

fn person_hit(words: &Words<'_>, names: &Names, person: &Person) -> PersonHit {
    let patient = &person.patient;
    let nhs = patient.nhs_number.map(|number| format!("NHS number {}", number.spaced()));
    let numbers = numbers_of(person);
    let all_folders = person.numbers.first().map(|number| urls::find(number.as_str()));
    PersonHit {
        surname: if patient.surname.is_empty() {
            "NO NAME KNOWN".to_owned()
        } else {
            patient.surname.to_uppercase()
        },
        forename: patient.forename.clone(),
        born: match patient.born {
            Some(born) => format!("born {}", when::date(born)),
            None => "birth date not known".to_owned(),
        },
        died: patient.died.map(|died| format!("died {}", when::date(died))).into_iter().collect(),
        provisional: (patient.source == Source::TypedIn).then_some(PROVISIONAL).into_iter().collect(),
        facts: nhs.into_iter().chain(numbers).collect(),
        namesakes: names.warning(person).into_iter().collect(),
        folders: person.folders.iter().map(|folder| folder_hit(words, folder)).collect(),
        more: all_folders.filter(|_| person.has_more_folders).into_iter().collect(),
    }
}

/// `Hospital number 900002, CN1234 and 3 more`.
fn numbers_of(person: &Person) -> Option<String> {
    let shown: Vec<_> = person.numbers.iter().take(NUMBERS_SHOWN).map(ToString::to_string).collect();
    let more = match person.numbers.len().saturating_sub(NUMBERS_SHOWN) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    (!shown.is_empty()).then(|| format!("Hospital number {}{more}", shown.join(", ")))
}

fn folder_hit(words: &Words<'_>, record: &VolumeRecord) -> FolderHit {
    let present = &record.present;
    let (class, _, _) = look(present);
    let next = present.to.filter(|_| matches!(present.state, State::OnItsWay | State::InContainer));
    let answers = next.or(present.place).filter(|_| !matches!(present.state, State::Gone(_)));
    FolderHit {
        url: urls::volume(record.brief.barcode.as_str()),
        title: folder_title(&record.brief),
        words: words.short(present, record.via),
        mark: brief_mark(present),
        class,
        ring: answers.and_then(|id| words.directory.phone(id)).map(str::to_owned).into_iter().collect(),
        not_there: may_be_missed(record),
        search: searched_on(record),
    }
}
