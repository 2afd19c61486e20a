//! The whole set, on the same screen: volumes, temporary folders, the patient's other numbers, the last movements, the
//! batch, the next appointment.

use crate::domain::patient::Number;
use crate::store::locating::{Called, MAX_FOLDERS, WholeSet};
use crate::store::{MovementRecord, VolumeRecord};
use crate::web::pages::volume;
use crate::web::pages::whereabouts::{Words, brief_mark, folder_title};
use crate::web::urls;

/// Movements shown: what is older says little about where it is.
const MOVEMENTS: usize = 5;
/// Folders of one part that are shown: more are on the patient's own page.
const FOLDERS: usize = 12;

/// One part of the set.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Part {
    /// What it is.
    pub title: &'static str,
    /// What stands there when there is nothing.
    pub none: &'static str,
    /// Its rows.
    pub rows: Vec<Row>,
}

/// One row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// Its page, if it has one.
    pub url: Option<String>,
    /// Which folder, or when.
    pub title: String,
    /// Where, or what.
    pub words: String,
    /// A mark beside it.
    pub mark: &'static str,
}

/// The whole set of a volume.
pub fn set(words: &Words<'_>, set: &WholeSet) -> Vec<Part> {
    let (own, others): (Vec<_>, Vec<_>) =
        set.folders.iter().partition(|other| other.brief.casenote == set.record.brief.casenote);
    vec![
        Part {
            title: "Volumes of this casenote",
            none: "This is its only volume.",
            rows: own.into_iter().take(FOLDERS).map(|other| folder_row(words, other)).collect(),
        },
        Part {
            title: "The patient’s other numbers",
            none: "No other number of this patient is known.",
            rows: other_numbers(words, set, &others),
        },
        Part {
            title: "Last movements",
            none: "No movement is known.",
            rows: set.movements.iter().take(MOVEMENTS).map(|moved| movement_row(words, moved)).collect(),
        },
        Part {
            title: "Scanned just before and after it",
            none: "It was last moved by itself.",
            rows: set.neighbours.iter().map(|other| folder_row(words, other)).collect(),
        },
        Part {
            title: "Next appointment",
            none: "No appointment of this patient is known.",
            rows: set.next_appointment.iter().map(|called| appointment_row(words, called)).collect(),
        },
    ]
}

/// The folders under other numbers, and the numbers that have none.
fn other_numbers(words: &Words<'_>, set: &WholeSet, others: &[&VolumeRecord]) -> Vec<Row> {
    let folders = others.iter().take(FOLDERS).map(|other| folder_row(words, other));
    let has_folder = |number: &Number| set.folders.iter().any(|folder| folder.brief.number == *number);
    let is_bare = |number: &&Number| **number != set.record.brief.number && !has_folder(number);
    // Of a patient with more folders than are known here it is not known which numbers have none.
    let bare = set.numbers.iter().filter(is_bare).filter(|_| set.folders.len() < MAX_FOLDERS);
    let bare = bare.map(|number| text_row(number.to_string(), "no folder under this number"));
    let more = (others.len() > FOLDERS)
        .then(|| text_row("More folders".to_owned(), "ask for the patient under Find"));
    folders.chain(more).chain(bare).collect()
}

fn text_row(title: String, words: &str) -> Row {
    Row { url: None, title, words: words.to_owned(), mark: "" }
}

fn folder_row(words: &Words<'_>, record: &VolumeRecord) -> Row {
    let kind = record.brief.kind.word().replace('-', " ");
    Row {
        url: Some(urls::volume(record.brief.barcode.as_str())),
        title: format!("{} ({kind})", folder_title(&record.brief)),
        words: words.short(&record.present, record.via),
        mark: brief_mark(&record.present),
    }
}

fn movement_row(words: &Words<'_>, movement: &MovementRecord) -> Row {
    let title = words.when(movement.happened);
    Row { url: None, title, words: volume::what(words, movement), mark: volume::known_by(movement) }
}

fn appointment_row(words: &Words<'_>, called: &Called) -> Row {
    let consultant = called.consultant.as_ref().map(|of| format!(", {}", of.name)).unwrap_or_default();
    let place = words.name(Some(called.clinic));
    Row { url: None, title: words.when(called.starts_at), words: format!("{place}{consultant}"), mark: "" }
}
