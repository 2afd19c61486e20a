//! How the room on the disk of the data is told. The store itself looks at it, once a second.

use super::states::{Condition, Figure, Told};
use crate::clock::Timestamp;
use crate::store::{Level, Room};

/// What is said of the room.
pub fn told(room: Room) -> Told {
    let (condition, word, detail) = match room.level {
        Level::Ample => (Condition::Well, "", ""),
        Level::Low => (Condition::Look, "the disk is getting full, ", "Make room on it, or tell IT."),
        Level::NoImports => {
            (Condition::Ill, "the disk is nearly full, ", "No import is taken. Make room on it, or call IT.")
        }
        Level::Full => (
            Condition::Ill,
            "the disk is full, ",
            "Nothing is recorded until there is room: use paper slips, and call IT.",
        ),
    };
    let counted = i64::try_from(room.free);
    let left =
        counted.map_or_else(|_| "not counted there".to_owned(), |_| format!("{word}{} left", room.left()));
    let free = Figure {
        name: "casetrack_disk_free_bytes",
        help: "Bytes that may still be written to the disk of the data folder.",
        value: counted.unwrap_or(i64::MAX),
    };
    Told {
        condition,
        state: left,
        since: Some(room.since).filter(|since| *since != Timestamp::EPOCH),
        detail: detail.to_owned(),
        figures: vec![free],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_that_fills_is_told_before_nothing_is_recorded_any_more() {
        let told = |level| told(Room { free: 1_400_000_000, level, since: Timestamp::EPOCH });
        let low = told(Level::Low);
        assert_eq!(
            (low.condition, low.state.as_str()),
            (Condition::Look, "the disk is getting full, 1.4 GB left")
        );
        assert!(told(Level::NoImports).detail.contains("No import is taken"));
        assert!(told(Level::Full).detail.contains("use paper slips"));
        assert_eq!(told(Level::Ample).condition, Condition::Well);
    }
}
