//! The movements as they lie, the index that names those of a subject, and where each subject stands by them.

use rusqlite::{Row, named_params};

use super::words::{self, scan_id};
use super::{SUBJECT_COSTS, Slice};
use crate::domain::movement::UndoTarget;
use crate::store::sqlite::codec::{
    ChangeColumns, change, movement_key, scan_of, subject_of, undo_target, uuid,
};
use crate::store::sqlite::find::{all, one, standing_of};
use crate::store::sqlite::fold;
use crate::store::sqlite::trouble::Res;

const MOVEMENTS: &str = "SELECT m.key, m.subject, m.happened, m.kind, m.place, m.other, s.key, u.target, u.what
    FROM movement m NOT INDEXED LEFT JOIN scan s ON s.key = (m.key >> 13) LEFT JOIN undo u ON m.kind = 10 AND u.key = m.other
    WHERE m.key > :after AND m.key <= :upto ORDER BY m.key LIMIT :limit";
const BY_SUBJECT: &str = "SELECT subject, happened, key FROM movement INDEXED BY movement_by_subject
    WHERE subject > :after ORDER BY subject, happened";
const LAST_SUBJECT: &str = "SELECT ifnull(max(subject), 0) FROM movement";
const NTH: &str =
    "SELECT max(key) FROM (SELECT key FROM movement NOT INDEXED WHERE key > :after AND key <= :upto
    ORDER BY key LIMIT :limit)";
const NOT_IN_INDEX: &str =
    "SELECT m.key, m.subject FROM movement m NOT INDEXED WHERE m.key > :after AND m.key <= :end
    AND NOT EXISTS (SELECT 1 FROM movement x INDEXED BY movement_by_subject WHERE x.subject = m.subject
        AND x.happened = m.happened AND x.key = m.key)";
const ONLY_IN_INDEX: &str =
    "SELECT x.key, x.subject FROM movement x INDEXED BY movement_by_subject WHERE x.subject > :after
    AND x.subject <= :end AND NOT EXISTS (SELECT 1 FROM movement m NOT INDEXED WHERE m.key = x.key
        AND m.subject = x.subject AND m.happened = x.happened)";
const STRAY: &str = "SELECT w.subject FROM whereabouts w WHERE w.subject > :after AND w.subject <= :upto
    AND NOT EXISTS (SELECT 1 FROM movement m WHERE m.subject = w.subject)";
const LAST_WHEREABOUTS: &str = "SELECT ifnull(max(subject), 0) FROM whereabouts";

/// One movement's part in a sum: bits well mixed, so that no two differences are likely to cancel each other out.
fn mixed(key: i64, subject: i64, happened: i64) -> u64 {
    let step = |sum: u64, part: i64| {
        let sum = (sum ^ part.cast_unsigned()).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        sum ^ (sum >> 29)
    };
    step(step(step(0x0CA5_E70C, key), subject), happened)
}

/// Every movement belongs to a scan that is there, says one of the things that movements say, and is added to the sum.
pub fn movements(slice: &mut Slice<'_>) -> Res<Option<i64>> {
    let limit = i64::try_from(slice.budget).unwrap_or(i64::MAX);
    let params = named_params! {":after": slice.after, ":upto": slice.upto, ":limit": limit};
    let conn = slice.conn;
    let mut statement = conn.prepare_cached(MOVEMENTS)?;
    let mut rows = statement.query(params)?;
    let mut last = None;
    while let Some(row) = rows.next()? {
        let (key, subject, happened) = (row.get(0)?, row.get(1)?, row.get(2)?);
        last = Some(key);
        slice.report.movements += 1;
        slice.sums.rows = slice.sums.rows.wrapping_add(mixed(key, subject, happened));
        if row.get_ref(6)?.as_i64_or_null()?.is_none() {
            slice.differs(|_| Ok(format!("movement {key}: its scan, {}, is not there", scan_of(key))))?;
        } else if let Err(wrong) = change(&columns(row)?, undo(row)?) {
            let index = key - movement_key(scan_of(key), 0);
            slice.differs(|conn| Ok(format!("movement {}-{index}: {wrong}", scan_id(conn, key)?)))?;
        }
    }
    Ok(last)
}

fn columns(row: &Row<'_>) -> Res<ChangeColumns> {
    Ok(ChangeColumns { kind: row.get(3)?, place: row.get(4)?, other: row.get(5)? })
}

fn undo(row: &Row<'_>) -> Res<Option<UndoTarget>> {
    let target: Option<[u8; 16]> = row.get(7)?;
    let what: Option<i64> = row.get(8)?;
    Ok(target.map(|target| undo_target(uuid(target), what == Some(1))))
}

/// Every subject stands where the log of its movements says; its entries in the index are added to the sum.
pub fn subjects(slice: &mut Slice<'_>) -> Res<Option<i64>> {
    let conn = slice.conn;
    slice.sums.last_subject = one(conn, LAST_SUBJECT, [], |row| Ok(row.get(0)?))?.unwrap_or(0);
    let mut statement = conn.prepare_cached(BY_SUBJECT)?;
    let mut rows = statement.query(named_params! {":after": slice.after})?;
    let mut spent = 0;
    let mut last: Option<i64> = None;
    while let Some(row) = rows.next()? {
        let (subject, happened, key): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        if last != Some(subject) {
            if spent >= slice.budget {
                return Ok(last);
            }
            stands(slice, subject)?;
            last = Some(subject);
            spent += SUBJECT_COSTS;
        }
        spent += 1;
        if key <= slice.upto {
            slice.sums.entries += 1;
            slice.sums.index = slice.sums.index.wrapping_add(mixed(key, subject, happened));
        }
    }
    Ok(None)
}

/// One subject, rebuilt from the log by the domain's fold.
fn stands(slice: &mut Slice<'_>, key: i64) -> Res<()> {
    slice.report.subjects += 1;
    let subject = subject_of(key);
    let rebuilt = fold::fold(slice.conn, subject, None)?;
    let kept = standing_of(slice.conn, subject)?;
    if rebuilt == kept {
        return Ok(());
    }
    slice.differs(|conn| {
        let (named, log, row) =
            (words::subject(conn, subject)?, words::standing(conn, &rebuilt)?, words::standing(conn, &kept)?);
        Ok(format!("{named}: the log says {log}; its row says {row}"))
    })
}

/// Only where the sums differ: movements that the index does not name. They are in no history and decide nothing.
pub fn not_in_the_index(slice: &mut Slice<'_>) -> Res<Option<i64>> {
    if slice.sums.agree() {
        return Ok(None);
    }
    let limit = i64::try_from(slice.budget).unwrap_or(i64::MAX);
    let params = named_params! {":after": slice.after, ":upto": slice.upto, ":limit": limit};
    let end: Option<i64> = one(slice.conn, NTH, params, |row| Ok(row.get(0)?))?.flatten();
    let Some(end) = end else { return Ok(None) };
    let range = named_params! {":after": slice.after, ":end": end};
    for (key, subject) in all(slice.conn, NOT_IN_INDEX, range, pair)? {
        slice.differs(|conn| {
            let (id, named) = (words::movement_id(conn, key)?, words::subject(conn, subject_of(subject))?);
            Ok(format!("{named}: its movement {id} is in the log, and not in the index by subject"))
        })?;
    }
    Ok(Some(end))
}

/// Only where the sums differ: entries of the index without their movement.
pub fn only_in_the_index(slice: &mut Slice<'_>) -> Res<Option<i64>> {
    if slice.sums.agree() {
        return Ok(None);
    }
    let Some(end) = slice.keys(LAST_SUBJECT)? else {
        if slice.report.differences == 0 {
            slice.differs(|_| {
                Ok("the index of movements by subject is not that of the movements".to_owned())
            })?;
        }
        return Ok(None);
    };
    let range = named_params! {":after": slice.after, ":end": end};
    for (key, subject) in all(slice.conn, ONLY_IN_INDEX, range, pair)? {
        slice.differs(|conn| {
            let named = words::subject(conn, subject_of(subject))?;
            Ok(format!("{named}: the index by subject names the movement {key}, which is not its"))
        })?;
    }
    Ok(Some(end))
}

fn pair(row: &Row<'_>) -> Res<(i64, i64)> {
    Ok((row.get(0)?, row.get(1)?))
}

/// Nothing stands anywhere without a movement.
pub fn strays(slice: &mut Slice<'_>) -> Res<Option<i64>> {
    let Some(upto) = slice.keys(LAST_WHEREABOUTS)? else { return Ok(None) };
    let range = named_params! {":after": slice.after, ":upto": upto};
    for stray in all(slice.conn, STRAY, range, |row| Ok(row.get::<_, i64>(0)?))? {
        slice.differs(|conn| {
            let named = words::subject(conn, subject_of(stray))?;
            Ok(format!("{named}: it has whereabouts without a movement"))
        })?;
    }
    Ok(Some(upto))
}
