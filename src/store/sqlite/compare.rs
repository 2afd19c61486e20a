//! Comparing restored data with those they were copied from, which have gone on since.
//!
//! What happened is added and never changed: up to the newest row of the restored data both must hold the same, row for
//! row. Where folders are follows from it, so it must be the same too, but for those that have moved since. All is read in
//! slices, each in a transaction of its own.

use std::path::Path;

use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, Row, named_params};

use super::copy_out::{State, state};
use super::find::one;
use super::trouble::Res;
use super::{migrate, open};
use crate::store::StoreError;
use crate::store::backup::Compared;

/// What is only added to, by its key.
const ADDED_TO: [&str; 7] = ["scan", "movement", "undo", "hold", "search_step", "combine_step", "sweep_step"];
/// Rows of one slice: some 20 ms of reading.
const SLICE: i64 = 20_000;

const WHEREABOUTS_UPTO: &str =
    "SELECT max(subject) FROM (SELECT subject FROM whereabouts WHERE subject > :after
    ORDER BY subject LIMIT :limit)";
const WHEREABOUTS: &str =
    "SELECT * FROM whereabouts WHERE subject > :after AND subject <= :upto ORDER BY subject";
/// Whether a subject has moved since, or was in a container that has.
const MOVED_SINCE: &str = "SELECT EXISTS (SELECT 1 FROM movement WHERE subject = :subject AND key > :cursor)
    OR EXISTS (SELECT 1 FROM movement m WHERE m.key > :cursor AND m.subject IN
        (SELECT 2 * w.packed_in + 1 FROM whereabouts w WHERE w.subject = :subject AND w.packed_in IS NOT NULL))";

const DOING: &str = "comparing the restored data";

/// Compares data that were restored with the live ones, as these were when the backup was made.
pub fn compare(restored: &Path, live: &Path, of: &State) -> Result<Compared, StoreError> {
    let (restored, live) = (open_at(restored)?, open_at(live)?);
    let schema = migrate::version(&live)?;
    let now = state(&live, schema).map_err(|error| error.while_doing(DOING))?;
    if now.trust != of.trust || now.epoch != of.epoch {
        let why =
            "the live data are of another life than the backup: they were restored since, or are others";
        return Ok(Compared::not(why));
    }
    if schema != migrate::newest() {
        return Ok(Compared::not(
            "the live data are of an older version: start the service once to migrate them",
        ));
    }
    both(&restored, &live, of.last_movement).map_err(|error| error.while_doing(DOING))
}

fn open_at(dir: &Path) -> Result<Connection, StoreError> {
    open::reader(dir).map_err(|error| error.while_doing(DOING))
}

fn both(restored: &Connection, live: &Connection, cursor: i64) -> Res<Compared> {
    let mut found = Compared::default();
    for table in ADDED_TO {
        log(restored, live, table, &mut found)?;
    }
    whereabouts(restored, live, cursor, &mut found)?;
    Ok(found)
}

/// Row for row, up to the newest that was restored.
fn log(restored: &Connection, live: &Connection, table: &str, found: &mut Compared) -> Res<()> {
    let upto = format!(
        "SELECT max(key) FROM (SELECT key FROM {table} WHERE key > :after ORDER BY key LIMIT :limit)"
    );
    let rows = format!("SELECT * FROM {table} WHERE key > :after AND key <= :upto ORDER BY key");
    let mut after = 0;
    while let Some(end) = end_of(restored, &upto, after)? {
        in_step(restored, live, &rows, (after, end), |pair| {
            found.rows += 1;
            if let Pair::Differs(key) = pair {
                found.differs(|| format!("row {key} of {table} is not the same"));
            }
            Ok(())
        })?;
        after = end;
    }
    Ok(())
}

fn whereabouts(restored: &Connection, live: &Connection, cursor: i64, found: &mut Compared) -> Res<()> {
    let mut after = i64::MIN;
    while let Some(end) = end_of(restored, WHEREABOUTS_UPTO, after)? {
        live.execute_batch("BEGIN")?;
        let done = in_step(restored, live, WHEREABOUTS, (after, end), |pair| {
            found.subjects += 1;
            let Pair::Differs(subject) = pair else { return Ok(()) };
            if moved_since(live, subject, cursor)? {
                found.moved_since += 1;
            } else {
                found.differs(|| format!("subject {subject} is elsewhere, and has not moved since"));
            }
            Ok(())
        });
        live.execute_batch("COMMIT")?;
        done?;
        after = end;
    }
    Ok(())
}

fn moved_since(live: &Connection, subject: i64, cursor: i64) -> Res<bool> {
    let params = named_params! {":subject": subject, ":cursor": cursor};
    Ok(one(live, MOVED_SINCE, params, |row| Ok(row.get(0)?))?.unwrap_or(false))
}

fn end_of(conn: &Connection, sql: &str, after: i64) -> Res<Option<i64>> {
    let params = named_params! {":after": after, ":limit": SLICE};
    Ok(one(conn, sql, params, |row| Ok(row.get(0)?))?.flatten())
}

/// What two walks over the same keys meet.
enum Pair {
    Same,
    /// One of the two has no row with this key, or another one.
    Differs(i64),
}

/// Walks the same slice of both; `tell` is called once for each key.
fn in_step(
    restored: &Connection,
    live: &Connection,
    sql: &str,
    (after, upto): (i64, i64),
    mut tell: impl FnMut(Pair) -> Res<()>,
) -> Res<()> {
    let range = named_params! {":after": after, ":upto": upto};
    let (mut ours, mut theirs) = (restored.prepare_cached(sql)?, live.prepare_cached(sql)?);
    let (mut ours, mut theirs) = (ours.query(range)?, theirs.query(range)?);
    let (mut one, mut other) = (held(ours.next()?)?, held(theirs.next()?)?);
    loop {
        let (Some(left), Some(right)) = (one.as_ref().or(other.as_ref()), other.as_ref().or(one.as_ref()))
        else {
            return Ok(());
        };
        let key = left.0.min(right.0);
        tell(if one == other { Pair::Same } else { Pair::Differs(key) })?;
        if one.as_ref().is_some_and(|row| row.0 == key) {
            one = held(ours.next()?)?;
        }
        if other.as_ref().is_some_and(|row| row.0 == key) {
            other = held(theirs.next()?)?;
        }
    }
}

/// A row with its key, which comes first.
type Held = (i64, Vec<Value>);

fn held(row: Option<&Row<'_>>) -> Res<Option<Held>> {
    let Some(row) = row else { return Ok(None) };
    let mut values = Vec::with_capacity(row.as_ref().column_count());
    for column in 0..row.as_ref().column_count() {
        values.push(row.get_ref(column).map(own)?);
    }
    Ok(Some((row.get(0)?, values)))
}

fn own(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::Integer(number),
        ValueRef::Real(number) => Value::Real(number),
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Value::Blob(bytes.to_vec()),
    }
}
