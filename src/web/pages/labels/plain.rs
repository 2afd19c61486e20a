//! What a layout has to say, in words for a clerk.

use super::page::why_says;
use crate::domain::printing::CoversWaiting;
use crate::labels::sheet::BadStart;
use crate::labels::{LayoutError, Note, Stock};

/// Why a label cannot be laid out, and what helps.
pub fn error(error: &LayoutError) -> String {
    match error {
        LayoutError::WrongKind { .. } => {
            "This layout is for something else. Choose another layout.".to_owned()
        }
        LayoutError::TooSmall { needs, has, .. } => format!(
            "The layout needs {} by {} within the margin; this stock has {} by {}. Choose larger stock.",
            needs.0, needs.1, has.0, has.1
        ),
        LayoutError::NoSymbol(why) => format!("No barcode can be made of it: {why}."),
        LayoutError::SymbolTooWide { needs, room, .. } => {
            format!("The barcode needs {needs} across and has {room}. Choose larger stock.")
        }
        LayoutError::TooFlat { height, needs, .. } => {
            format!("The barcode would be {height} high and needs {needs} to scan well. Choose larger stock.")
        }
        LayoutError::Cut { says, .. } => {
            format!("“{says}” does not fit, and nothing is cut off. Choose larger stock or another layout.")
        }
        LayoutError::KeySign(sign) => format!("Its number has a sign that cannot be printed: {sign}"),
        LayoutError::NoBox(_) | LayoutError::QuietZone { .. } | LayoutError::Margin(_) => {
            format!("This layout does not suit this label ({error}). Choose another layout.")
        }
    }
}

/// What a clerk should look at on a label that was laid out; nothing where there is nothing to do.
pub fn note(note: &Note) -> Option<String> {
    match note {
        Note::NameShortened => Some("Name shortened: given names are left out.".to_owned()),
        Note::NameBroken => Some("The name is broken in two inside a word.".to_owned()),
        Note::Lacking(signs) => {
            let signs: Vec<String> = signs.iter().map(ToString::to_string).collect();
            Some(format!("Cannot be printed, shown as a box: {}", signs.join(" ")))
        }
        Note::NoRoomForMatrix => None,
    }
}

/// That covers of a folder are on paper already; `at` is when the last one was.
pub fn printed_before(waiting: &CoversWaiting, at: &str) -> String {
    let why = why_says(waiting.why);
    match waiting.count {
        1 => {
            format!("A cover of this folder was printed {at} and is not scanned yet. Reason given: “{why}”.")
        }
        count => format!(
            "{count} covers of this folder were printed and none is scanned yet, the last one {at}. \
             Reason given: “{why}”."
        ),
    }
}

/// Why a sheet cannot be begun so.
pub fn start(bad: &BadStart, stock: &Stock) -> String {
    match bad {
        BadStart::NoSuchCell(..) => format!(
            "{} has {} labels a sheet: it begins at the first one now. Look at the sheet again.",
            stock.name,
            stock.cells()
        ),
        BadStart::Nothing => {
            "No label of the sheet is left: take a new one, and begin at its first.".to_owned()
        }
    }
}
