//! What became of a file's rows.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::domain::import::Unfinished;

/// Most reasons that are told apart; rows with others are counted together.
const MAX_REASONS: usize = 1_000;
/// Most reasons that are told to a person, the commonest first; the reject file has them all.
const MAX_TOLD: usize = 12;

/// What became of a file's rows.
#[derive(Debug, Default)]
pub struct Tally {
    /// They are new.
    pub added: u64,
    /// They were known and differ now.
    pub changed: u64,
    /// They were known and say nothing new.
    pub same: u64,
    /// They tell of patients who were typed in.
    pub confirmed: u64,
    /// Those of them that say otherwise.
    pub differing: u64,
    /// They were not taken.
    pub rejected: u64,
    reasons: BTreeMap<String, Rows>,
}

/// Rows that share a reason.
#[derive(Clone, Copy, Debug, Serialize)]
struct Rows {
    rows: u64,
    first: u64,
}

/// A reason, and how many rows share it.
#[derive(Debug, Serialize)]
pub struct Reason<'a> {
    reason: &'a str,
    #[serde(flatten)]
    rows: Rows,
}

impl std::fmt::Display for Reason<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { reason, rows: Rows { rows, first } } = self;
        match rows {
            1 => write!(f, "row {first}: {reason}"),
            rows => write!(f, "{rows} rows, the first is {first}: {reason}"),
        }
    }
}

impl Tally {
    /// What an import had done before it was stopped; of the rows that it put aside the file tells again.
    pub fn after(earlier: &Unfinished) -> Self {
        let Unfinished { added, changed, same, confirmed, .. } = *earlier;
        Self { added, changed, same, confirmed, ..Self::default() }
    }

    /// Counts a row that was not taken.
    pub fn reject(&mut self, row: u64, reason: &str) {
        self.rejected += 1;
        let reason = without_values(reason);
        let is_full = self.reasons.len() >= MAX_REASONS && !self.reasons.contains_key(&reason);
        let reason = if is_full { "other reasons".to_owned() } else { reason };
        let rows = self.reasons.entry(reason).or_insert(Rows { rows: 0, first: row });
        rows.rows += 1;
        rows.first = rows.first.min(row);
    }

    /// Why rows were not taken, the commonest reason first.
    pub fn reasons(&self) -> Vec<Reason<'_>> {
        let mut reasons: Vec<_> =
            self.reasons.iter().map(|(reason, rows)| Reason { reason, rows: *rows }).collect();
        reasons.sort_by_key(|reason| (std::cmp::Reverse(reason.rows.rows), reason.rows.first));
        reasons
    }

    /// The same for a person: the commonest, and how many there are beside.
    pub fn reasons_told(&self) -> Vec<String> {
        let reasons = self.reasons();
        let mut told: Vec<_> = reasons.iter().take(MAX_TOLD).map(ToString::to_string).collect();
        if let Some(more @ 1..) = reasons.len().checked_sub(MAX_TOLD) {
            told.push(format!("and {more} reasons more"));
        }
        told
    }
}

/// A reason without what stands in the row, which may name a patient: words in small letters stay, and what is said of
/// it as advice.
fn without_values(reason: &str) -> String {
    let words = reason.split(' ').map(|word| {
        let bare = word.trim_matches(|c: char| matches!(c, ',' | ':' | '.' | '(' | ')'));
        let is_ours =
            bare.chars().all(|c| c.is_ascii_lowercase() || matches!(c, '-' | '\'')) || OURS.contains(&bare);
        if is_ours { word.to_owned() } else { word.replace(bare, "…") }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Words of ours with capitals or digits.
const OURS: [&str; 4] = ["NHS", "NUL", "UTF-8", "Casetrack"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_counted_without_the_values_of_its_rows() {
        let mut tally = Tally::default();
        tally.reject(9, "born 31/02/1990 is no date: write 23/11/2026 or 2026-11-23");
        tally.reject(4, "born 30/02/1990 is no date: write 23/11/2026 or 2026-11-23");
        tally.reject(5, "NHS number: not a valid NHS number: ten digits with a right check digit are needed");
        tally.reject(6, "kind: \"Big\" is not one of: original, mental-health");
        insta::assert_snapshot!(tally.reasons_told().join("\n"), @r"
        2 rows, the first is 4: born … is no date: write … or …
        row 5: NHS number: not a valid NHS number: ten digits with a right check digit are needed
        row 6: kind: … is not one of: original, mental-health
        ");
    }
}
