//! How full the shelves are, counted by two indexes: what belongs there, and what stands there.

use std::collections::HashSet;

use rusqlite::{Connection, Row, named_params};

use super::codec::subject_of;
use super::find::{self, all};
use super::trouble::Res;
use crate::domain::PlaceId;
use crate::domain::whereabouts::State;
use crate::store::records::ShelfCount;

const BELONGS: &str = "SELECT key << 1 FROM volume WHERE home = :shelf AND home IS NOT NULL";
const STANDS: &str =
    "SELECT subject FROM whereabouts WHERE place = :shelf AND state = 1 AND (subject & 1) = 0";

/// Counts one shelf. Only what belongs there and is not there is looked up one by one, since it may be gone for good.
pub fn count(conn: &Connection, shelf: PlaceId) -> Res<ShelfCount> {
    let params = named_params! {":shelf": shelf.key()};
    let subject = |row: &Row<'_>| -> Res<i64> { Ok(row.get(0)?) };
    let stands: HashSet<i64> = all(conn, STANDS, params, subject)?.into_iter().collect();
    let (mut there, mut missed) = (0, 0);
    for subject in all(conn, BELONGS, params, subject)? {
        if stands.contains(&subject) {
            there += 1;
        } else if !is_gone(conn, subject)? {
            missed += 1;
        }
    }
    let all_there = u32::try_from(stands.len()).unwrap_or(u32::MAX);
    Ok(ShelfCount { belongs: there + missed, there, strangers: all_there.saturating_sub(there) })
}

fn is_gone(conn: &Connection, subject: i64) -> Res<bool> {
    let standing = find::standing_of(conn, subject_of(subject))?;
    Ok(matches!(standing.present.state, State::Gone(_)))
}
