//! Which scanner was given to which desk.

use std::path::Path;

use super::sqlite::pairings;
use super::sqlite::reader::Kind;
use super::{Store, StoreError, Trust};
use crate::domain::scanner::Pairing;

/// Newest pairings that count: every scanner of a thousand desks, paired four times over. A scanner whose last pairing is
/// older has none, and is paired again.
pub const MAX_PAIRINGS: i64 = 4_096;

/// The pairings of a data folder, for a command that only reads; none where there is no store yet, or an older one.
pub fn pairings_in(dir: &Path) -> Result<Vec<Pairing>, StoreError> {
    pairings::in_folder(dir, MAX_PAIRINGS).map_err(|error| error.while_doing("reading pairings"))
}

impl Store {
    /// The pairings made by cards, the newest first; see [`crate::domain::scanner::paired_with`].
    pub async fn pairings(&self, trust: &Trust) -> Result<Vec<Pairing>, StoreError> {
        self.ours(trust)?;
        self.read(Kind::Single, "reading pairings", |conn| pairings::newest(conn, MAX_PAIRINGS)).await
    }
}
