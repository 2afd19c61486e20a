//! The second copy: what was added to the data, and what was changed in them, in files of their own on another disk,
//! seconds behind. From a restored backup and the copy, the data are made up to the last seconds.
//!
//! A copy is a folder of **segments** (`casetrack-copy-1-000001.ndjson`: epoch and number), files that are only ever
//! added to. A segment begins with a header; then come **rounds**: rows, a line each, and a line that ends the round and
//! says how far the copy reaches. Only what is ended counts. Each line carries a hash of itself and of the line before.
//!
//! What stands in the folder is all that the copier knows: it goes on after the last round that is whole, in a new
//! segment. So a torn line is never mended, and what a broken line spoilt is copied again.

mod copier;
pub mod line;
mod replay;
mod segment;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::clock::Timestamp;

pub use copier::{Copier, Round};
pub use replay::{Replayed, replay};

/// The version of the format.
pub const FORMAT: u32 = 1;

/// How far something reaches: of every table the newest key.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Position(BTreeMap<String, i64>);

impl Position {
    /// The newest key of a table; 0: none.
    pub fn of(&self, table: &str) -> i64 {
        self.0.get(table).copied().unwrap_or(0)
    }

    /// Moves on in one table, never back.
    pub fn reach(&mut self, table: &str, key: i64) {
        if key <= self.of(table) {
            return;
        }
        match self.0.get_mut(table) {
            Some(known) => *known = key,
            None => {
                self.0.insert(table.to_owned(), key);
            }
        }
    }

    /// Whether all that `other` reaches is reached.
    pub fn covers(&self, other: &Self) -> bool {
        other.0.iter().all(|(table, key)| self.of(table) >= *key)
    }
}

/// What a segment begins with.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Header {
    /// [`FORMAT`].
    pub format: u32,
    /// Whose data.
    pub trust: String,
    /// The epoch of the data.
    pub epoch: u64,
    /// The version of the schema.
    pub schema: u32,
    /// When it was begun.
    pub at: Timestamp,
    /// How far the rounds before it reach.
    pub from: Position,
    /// The hash of the last line before it that counts; empty: none.
    pub after: String,
    /// The version of the program.
    pub program: String,
    /// The columns of each table, in the order of its rows here.
    pub columns: BTreeMap<String, Vec<String>>,
}

/// What a round ends with.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct End {
    /// All that was on disk at this time is in the copy.
    pub at: Timestamp,
    /// How far the copy reaches.
    pub upto: Position,
    /// The id of the newest scan, by which the data are known again.
    pub scan: Option<uuid::Uuid>,
}

#[cfg(test)]
mod tests;
