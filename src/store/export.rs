//! What is exported: the log, where everything is, and what waits for a librarian, as flat rows. The names of the fields
//! are the columns of a CSV file and the keys of JSON Lines.
//!
//! The rows of movements are a function of the log up to one cursor: exported in one go or in parts that go on where the
//! one before ended, they say the same of what moved. What takes a movement back stands in its own row as well, so that
//! a part that was exported before it was taken back needs no change.

use serde::{Serialize, Serializer};

use crate::clock::Timestamp;

/// Movements of one piece: read in one short transaction, so that the write-ahead log is never held back.
pub const MOVEMENTS_A_PIECE: i64 = 5_000;
/// Volumes, containers or questions of one piece.
pub const ROWS_A_PIECE: usize = 1_000;

/// A time as it is exported: RFC 3339 UTC, always with six decimals, so that its text sorts as the time does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Utc(pub Timestamp);

impl Serialize for Utc {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:.6}", self.0.to_jiff()))
    }
}

impl Default for Utc {
    fn default() -> Self {
        Self(Timestamp::EPOCH)
    }
}

/// One movement of the log.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct MovementRow {
    /// Where the log stands with it, `epoch.number`: an export with `--from` this goes on after it.
    pub cursor: String,
    /// Its name: `<scan>-<index>`.
    pub id: String,
    /// What became of the folder or container.
    pub kind: &'static str,
    /// When it happened.
    pub at: Utc,
    /// When the server learnt of it.
    pub learned_at: Utc,
    /// The folder's own barcode; empty where a container moved.
    pub barcode: Option<String>,
    /// Who issued the casenote's number.
    pub site: Option<String>,
    /// Which kind of number it is.
    pub number_type: Option<String>,
    /// The casenote's number.
    pub casenote: Option<String>,
    /// Which volume of it.
    pub volume: Option<u32>,
    /// The container that moved, by its code as a place; empty where a folder moved.
    pub container: Option<String>,
    /// Where it is then, or where it was sent from.
    pub place: Option<String>,
    /// Where it was sent, or for which place it is meant.
    pub to: Option<String>,
    /// The container that it was packed into.
    pub inside: Option<String>,
    /// Why it is gone: destroyed, transferred, combined.
    pub why: Option<&'static str>,
    /// Where it was believed to be.
    pub from: Option<String>,
    /// How it is known.
    pub how: &'static str,
    /// Whether it had to be so for another movement of the same scan to happen; an undo leaves such a one standing.
    pub implied: bool,
    /// The badge of whoever scanned.
    pub by: Option<String>,
    /// The desk.
    pub desk: String,
    /// The scan or act that made it.
    pub scan: String,
    /// The batch of that scan.
    pub batch: Option<String>,
    /// Which run of the desk's session: with the desk before and the two numbers after it the order of equal times.
    pub incarnation: String,
    /// Which scan of that run.
    pub scan_number: u64,
    /// Which movement of that scan.
    pub scan_index: u32,
    /// How far the desk's clock may have been out either way, in microseconds.
    pub uncertainty_us: i64,
    /// What it takes back: `scan:<id>` or `batch:<id>`.
    pub undoes: Option<String>,
    /// The scan that took it back, as far as was known at the end of the export.
    pub undone_by: Option<String>,
}

/// Where a folder or a container is.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct WhereaboutsRow {
    /// The folder's own barcode; empty for a container.
    pub barcode: Option<String>,
    /// Who issued the casenote's number.
    pub site: Option<String>,
    /// Which kind of number it is.
    pub number_type: Option<String>,
    /// The casenote's number.
    pub casenote: Option<String>,
    /// Which volume of it.
    pub volume: Option<u32>,
    /// What kind of folder it is.
    pub kind: Option<&'static str>,
    /// The container, by its code as a place; empty for a folder.
    pub container: Option<String>,
    /// The state, as everywhere.
    pub state: &'static str,
    /// Where it is, read through the containers that it is in.
    pub place: Option<String>,
    /// Where it is bound for or meant for.
    pub to: Option<String>,
    /// The container that it is in, the innermost.
    pub inside: Option<String>,
    /// Where it was put into that container.
    pub packed_at: Option<String>,
    /// Whether somebody scanned the thing itself there.
    pub confirmed: bool,
    /// The shelf on which it is filed.
    pub filed: Option<String>,
    /// The other place at which it could as well be: two movements contradict each other.
    pub or_at: Option<String>,
    /// Why it is gone.
    pub why: Option<&'static str>,
    /// When the movement happened that decides this row.
    pub since: Option<Utc>,
    /// How that movement is known.
    pub how: Option<&'static str>,
    /// Its name.
    pub movement: Option<String>,
    /// The badge of whoever made it.
    pub by: Option<String>,
    /// At which desk.
    pub desk: Option<String>,
    /// The shelf on which it belongs.
    pub home: Option<String>,
    /// Why it may not leave.
    pub hold: Option<String>,
    /// Whether only named people may send it on.
    pub restricted: bool,
}

/// One open question.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct QuestionRow {
    /// Its name.
    pub id: String,
    /// contradiction, gone-but-seen, container-loop, against-rule or unknown-label.
    pub kind: &'static str,
    /// When the scan happened that raised it.
    pub at: Option<Utc>,
    /// The folder's own barcode, where it is about a folder.
    pub barcode: Option<String>,
    /// Who issued the casenote's number.
    pub site: Option<String>,
    /// Which kind of number it is.
    pub number_type: Option<String>,
    /// The casenote's number.
    pub casenote: Option<String>,
    /// Which volume of it.
    pub volume: Option<u32>,
    /// The containers that it is about, by their codes, a blank between.
    pub containers: Option<String>,
    /// Where it is, or where it was scanned.
    pub place: Option<String>,
    /// The other place, of a contradiction.
    pub or_at: Option<String>,
    /// What was read, of an unknown label. Patient data may stand in it.
    pub label: Option<String>,
    /// How many scans wait for the answer, counted up to 1,000.
    pub scans: u32,
    /// The badge of whoever scanned last.
    pub by: Option<String>,
    /// At which desk.
    pub desk: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_six_decimals_also_where_they_are_noughts() {
        let text = |micros| serde_json::to_string(&Utc(Timestamp::from_micros(micros))).unwrap();
        assert_eq!(text(0), "\"1970-01-01T00:00:00.000000Z\"");
        assert_eq!(text(1_500_001), "\"1970-01-01T00:00:01.500001Z\"");
    }
}
