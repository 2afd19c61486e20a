//! Temporary folders and the originals that they stand in for.

use rusqlite::{Connection, Row, named_params};

use super::codec::{at, movement_key, number_in};
use super::find::{all, one};
use super::trouble::Res;
use crate::clock::Timestamp;
use crate::domain::VolumeId;
use crate::domain::combine::{Combine, CombineState, CombineStep, NewCombineStep};

const OF: &str = "SELECT temporary, original, state, since FROM combine WHERE temporary = :volume
    UNION ALL SELECT temporary, original, state, since FROM combine WHERE original = :volume AND state <> 2";
const OF_TEMPORARY: &str =
    "SELECT temporary, original, state, since FROM combine WHERE temporary = :temporary";
const STEPS: &str =
    "SELECT temporary, original, what, at FROM combine_step WHERE temporary = :temporary ORDER BY key";
const OF_SCAN: &str =
    "SELECT temporary, original, what, at FROM combine_step WHERE key >= :first AND key < :end
    ORDER BY key";
const INSERT: &str = "INSERT INTO combine_step (key, temporary, original, at, what)
    VALUES (:key, :temporary, :original, :at, :what)";
const STEPPED: &str =
    "SELECT DISTINCT temporary FROM combine_step WHERE key > :after -- whole: of what was added";
const PUT: &str = "INSERT INTO combine (temporary, original, state, since)
    VALUES (:temporary, :original, :state, :since)
    ON CONFLICT (temporary) DO UPDATE SET original = :original, state = :state";

/// What a volume stands in for, or what stands in for it.
pub fn of(conn: &Connection, volume: VolumeId) -> Res<Vec<Combine>> {
    all(conn, OF, named_params! {":volume": volume.key()}, row)
}

/// The row of a temporary folder.
pub fn kept(conn: &Connection, temporary: i64) -> Res<Option<Combine>> {
    one(conn, OF_TEMPORARY, named_params! {":temporary": temporary}, row)
}

fn row(row: &Row<'_>) -> Res<Combine> {
    Ok(Combine {
        temporary: VolumeId::new(row.get(0)?),
        original: VolumeId::new(row.get(1)?),
        state: at(&CombineState::ALL, row.get(2)?, "the state of a combine")?,
        since: Timestamp::from_micros(row.get(3)?),
    })
}

fn step(row: &Row<'_>) -> Res<(NewCombineStep, Timestamp)> {
    let step = NewCombineStep {
        temporary: VolumeId::new(row.get(0)?),
        original: VolumeId::new(row.get(1)?),
        step: at(&CombineStep::ALL, row.get(2)?, "a step of a combine")?,
    };
    Ok((step, Timestamp::from_micros(row.get(3)?)))
}

/// What a scan or act said of them.
pub fn of_scan(conn: &Connection, scan: i64) -> Res<Vec<NewCombineStep>> {
    let range = named_params! {":first": movement_key(scan, 0), ":end": movement_key(scan + 1, 0)};
    Ok(all(conn, OF_SCAN, range, step)?.into_iter().map(|(step, _)| step).collect())
}

/// What the steps of a temporary folder add up to.
pub fn folded(conn: &Connection, temporary: i64) -> Res<Option<Combine>> {
    let steps = all(conn, STEPS, named_params! {":temporary": temporary}, step)?;
    Ok(steps.iter().fold(None, |known, (step, at)| Some(Combine::then(known, *step, *at))))
}

/// Appends the steps that a scan or act made, and brings the rows up to date.
pub fn append(conn: &Connection, scan: i64, happened: Timestamp, steps: &[NewCombineStep]) -> Res<()> {
    for (index, new) in (0u32..).zip(steps) {
        conn.prepare_cached(INSERT)?.execute(named_params! {
            ":key": movement_key(scan, index),
            ":temporary": new.temporary.key(),
            ":original": new.original.key(),
            ":at": happened.micros(),
            ":what": number_in(&CombineStep::ALL, &new.step),
        })?;
        put(conn, &Combine::then(kept(conn, new.temporary.key())?, *new, happened))?;
    }
    Ok(())
}

/// Folds anew the temporary folders that steps after the key `after` speak of.
pub fn fold_after(conn: &Connection, after: i64) -> Res<()> {
    for temporary in all(conn, STEPPED, named_params! {":after": after}, |row| Ok(row.get::<_, i64>(0)?))? {
        if let Some(combine) = folded(conn, temporary)? {
            put(conn, &combine)?;
        }
    }
    Ok(())
}

fn put(conn: &Connection, combine: &Combine) -> Res<()> {
    conn.prepare_cached(PUT)?.execute(named_params! {
        ":temporary": combine.temporary.key(),
        ":original": combine.original.key(),
        ":state": number_in(&CombineState::ALL, &combine.state),
        ":since": combine.since.micros(),
    })?;
    Ok(())
}
