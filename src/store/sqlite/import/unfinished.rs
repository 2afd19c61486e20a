//! How far an import came that has not ended: written with each piece, so that it is never ahead of the rows or behind.

use rusqlite::{Connection, named_params};

use super::super::codec::unsigned;
use super::super::find::{all, one};
use super::super::trouble::Res;
use crate::clock::{DAY_US, Timestamp};
use crate::domain::import::{FileDigest, PieceMark, RowResult, Unfinished};

const READ: &str = "SELECT pieces, added, changed, same, confirmed FROM import_unfinished WHERE file = :file";
const ASIDES: &str = "SELECT row, what, reason FROM import_aside WHERE file = :file ORDER BY row";
const NOTE: &str = "INSERT INTO import_unfinished (file, pieces, at, added, changed, same, confirmed)
    VALUES (:file, :pieces, :at, :added, :changed, :same, :confirmed)
    ON CONFLICT (file) DO UPDATE SET pieces = :pieces, at = :at, added = added + :added,
    changed = changed + :changed, same = same + :same, confirmed = confirmed + :confirmed";
const ASIDE: &str = "INSERT OR REPLACE INTO import_aside (file, row, what, reason)
    VALUES (:file, :row, :what, :reason)";
const END: &str = "DELETE FROM import_unfinished WHERE file = :file OR at < :forgotten -- whole: a few";

/// An import that nobody went on with for so long is forgotten: its file has long been mended and named anew.
const FORGOTTEN_AFTER_US: i64 = 30 * DAY_US;

/// How far the import of a file came; none: it was never begun, or it has ended.
pub fn read(conn: &Connection, file: FileDigest) -> Res<Option<Unfinished>> {
    let params = named_params! {":file": file.0};
    let found = one(conn, READ, params, |row| {
        let count = |at: usize| Ok::<_, super::super::trouble::Trouble>(unsigned(row.get(at)?));
        Ok(Unfinished {
            pieces: count(0)?,
            added: count(1)?,
            changed: count(2)?,
            same: count(3)?,
            confirmed: count(4)?,
            rejected: Vec::new(),
            differing: Vec::new(),
        })
    })?;
    let Some(mut found) = found else { return Ok(None) };
    let asides = all(conn, ASIDES, params, |row| {
        Ok((unsigned(row.get(0)?), row.get::<_, i64>(1)? == 0, row.get::<_, String>(2)?))
    })?;
    for (row, is_rejected, reason) in asides {
        let list = if is_rejected { &mut found.rejected } else { &mut found.differing };
        list.push((row, reason));
    }
    Ok(Some(found))
}

/// Notes that a piece is applied, with what became of its rows.
pub fn note(conn: &Connection, mark: &PieceMark, results: &[RowResult], now: Timestamp) -> Res<()> {
    let count = |is: fn(&RowResult) -> bool| {
        i64::try_from(results.iter().filter(|result| is(result)).count()).unwrap_or(i64::MAX)
    };
    conn.prepare_cached(NOTE)?.execute(named_params! {
        ":file": mark.file.0,
        ":pieces": i64::try_from(mark.piece.saturating_add(1)).unwrap_or(i64::MAX),
        ":at": now.micros(),
        ":added": count(|result| matches!(result, RowResult::Added)),
        ":changed": count(|result| matches!(result, RowResult::Changed)),
        ":same": count(|result| matches!(result, RowResult::Same)),
        ":confirmed": count(|result| matches!(result, RowResult::Confirmed(_))),
    })?;
    for (row, result) in mark.rows.iter().zip(results) {
        let (what, reason) = match result {
            RowResult::Rejected(reason) => (0, reason),
            RowResult::Confirmed(Some(reason)) => (1, reason),
            RowResult::Added | RowResult::Changed | RowResult::Same | RowResult::Confirmed(None) => continue,
        };
        conn.prepare_cached(ASIDE)?.execute(named_params! {
            ":file": mark.file.0, ":row": i64::try_from(*row).unwrap_or(i64::MAX), ":what": what,
            ":reason": reason,
        })?;
    }
    Ok(())
}

/// Forgets an import that has ended, and those that nobody goes on with.
pub fn end(conn: &Connection, file: FileDigest, now: Timestamp) -> Res<()> {
    let forgotten = now.plus_micros(-FORGOTTEN_AFTER_US).micros();
    conn.prepare_cached(END)?.execute(named_params! {":file": file.0, ":forgotten": forgotten})?;
    Ok(())
}
