//! Recorded scans as they are told again.

use rusqlite::{Connection, Row, named_params};

use super::codec::{Told, entry, unpack_volumes, uuid};
use super::covers;
use super::find::{self, one};
use super::fold;
use super::trouble::{Res, Trouble};
use super::view;
use crate::clock::{MINUTE_US, Timestamp};
use crate::domain::answer::Answer;
use crate::domain::command::{MAX_LISTED, Novelty, Outcome, VolumeNow};
use crate::domain::movement::Role;
use crate::domain::place::Code;
use crate::domain::{BatchId, ScanId, StaffId, VolumeId};
use crate::store::records::ScanRecord;

const SCAN: &str =
    "SELECT s.key, s.id, d.code, e.name, w.text, s.person, coalesce(f.id, b.id), s.position, s.happened,
    s.happened + s.learned_off, s.text, s.answer, s.change, s.volumes, s.back, s.batch, s.typed
    FROM scan s CROSS JOIN run r ON r.key = s.run CROSS JOIN session e ON e.key = r.session
    CROSS JOIN desk d ON d.key = e.desk CROSS JOIN word w ON w.key = s.scanner
    LEFT JOIN scan f ON f.key = s.batch LEFT JOIN batch b ON b.key = -s.batch WHERE s.key = :key";
const TEXT_ASIDE: &str = "SELECT text FROM scan_text WHERE scan = :key";
const DESK_LAST: &str = "SELECT last FROM desk WHERE code = :code";
const SESSION_KNOWN: &str =
    "SELECT e.key FROM desk d CROSS JOIN session e ON e.desk = d.key AND e.name = :session
    WHERE d.code = :desk";
const SESSION_AND_BACK: &str =
    "SELECT e.name, s.back, s.happened + s.learned_off FROM scan s CROSS JOIN run r ON r.key = s.run
    CROSS JOIN session e ON e.key = r.session WHERE s.key = :key";

/// How far back a session is told: an undo reaches that far.
const SESSION_REACH_US: i64 = 30 * MINUTE_US;
/// No act goes on for so long without ending or beginning anew: what is older says nothing of a session.
const SESSION_LONGEST_US: i64 = 12 * 60 * MINUTE_US;
/// Most rows that a session is restored from: the longest list, with room.
pub const MAX_SESSION_ROWS: usize = MAX_LISTED + 500;
/// Most scans of a desk that are walked to find a session's: three busy days.
const MAX_DESK_WALK: usize = 10_000;

struct Stored {
    record: ScanRecord,
    key: i64,
    back: i64,
    batch: Option<i64>,
    volumes: Vec<VolumeId>,
}

fn stored(row: &Row<'_>) -> Res<Stored> {
    let answer = Answer::decode(row.get_ref(11)?.as_blob()?).ok_or(Trouble::Broken("an answer"))?;
    let spoken: Option<Vec<u8>> = row.get(13)?;
    let record = ScanRecord {
        id: ScanId::new(uuid(row.get(1)?)),
        desk: row.get_ref(2)?.as_str()?.parse().map_err(|_| Trouble::Broken("a desk's code"))?,
        session: row.get(3)?,
        scanner: row.get(4)?,
        person: row.get::<_, Option<i64>>(5)?.map(StaffId::new),
        batch: row.get::<_, Option<[u8; 16]>>(6)?.map(|id| BatchId::new(uuid(id))),
        position: row.get(7)?,
        happened: Timestamp::from_micros(row.get(8)?),
        learned_at: Timestamp::from_micros(row.get(9)?),
        text: row.get(10)?,
        entry: entry(row.get(16)?),
        answer,
        session_change: row.get(12)?,
        movements: Vec::new(),
        undone: false,
        volume: None,
        volumes: Vec::new(),
        aside: None,
    };
    let volumes = match spoken {
        Some(bytes) => unpack_volumes(&bytes),
        None => answer.volume.into_iter().collect(),
    };
    Ok(Stored { record, key: row.get(0)?, back: row.get(14)?, batch: row.get(15)?, volumes })
}

fn load(conn: &Connection, key: i64) -> Res<Option<Stored>> {
    one(conn, SCAN, named_params! {":key": key}, stored)
}

fn completed(conn: &Connection, stored: Stored) -> Res<ScanRecord> {
    let movements = view::movements_of_scan(conn, stored.key)?;
    let volume = match stored.record.answer.volume {
        Some(volume) => volume_now(conn, volume)?,
        None => None,
    };
    let undone = is_undone(conn, &movements)?;
    let movements = movements.into_iter().map(|told| told.movement.id).collect();
    Ok(ScanRecord { movements, undone, volume, ..stored.record })
}

/// Whether there was something to take back, and all of it is.
fn is_undone(conn: &Connection, movements: &[Told]) -> Res<bool> {
    let asked = |told: &&Told| told.movement.role == Role::Asked && told.movement.change.places();
    let mut any = false;
    for told in movements.iter().filter(asked) {
        if !fold::is_taken_back(conn, &told.movement)? {
            return Ok(false);
        }
        any = true;
    }
    Ok(any)
}

fn volume_now(conn: &Connection, volume: VolumeId) -> Res<Option<VolumeNow>> {
    let Some(row) = find::volume_by_key(conn, volume)? else { return Ok(None) };
    let present = find::seen_through(conn, row.standing.present)?;
    Ok(Some(VolumeNow { brief: row.brief, present }))
}

/// What came of the scan with this key, with the volumes as they are now.
pub fn outcome(conn: &Connection, key: i64) -> Res<Option<Outcome>> {
    let Some(stored) = load(conn, key)? else { return Ok(None) };
    let movements = view::movements_of_scan(conn, key)?;
    let mut volumes = Vec::with_capacity(stored.volumes.len());
    let mut siblings = Vec::new();
    for volume in &stored.volumes {
        let Some(row) = find::volume_by_key(conn, *volume)? else { continue };
        if stored.record.answer.volume == Some(*volume) {
            siblings = find::siblings(conn, &row)?;
        }
        let present = find::seen_through(conn, row.standing.present)?;
        volumes.push(VolumeNow { brief: row.brief, present });
    }
    Ok(Some(Outcome {
        scan: stored.record.id,
        novelty: Novelty::Known,
        answer: stored.record.answer,
        movements: movements.into_iter().map(|told| told.movement.id).collect(),
        learned_at: stored.record.learned_at,
        volumes,
        siblings,
        patient: covers::patient(conn, &stored.record.answer)?,
    }))
}

/// The scan with this id.
pub fn scan(conn: &Connection, id: ScanId) -> Res<Option<ScanRecord>> {
    let Some((key, _)) = view::scan_key(conn, id.uuid())? else { return Ok(None) };
    load(conn, key)?.map(|stored| completed(conn, stored)).transpose()
}

fn desk_last(conn: &Connection, desk: &Code) -> Res<i64> {
    let last = one(conn, DESK_LAST, named_params! {":code": desk.as_str()}, |row| Ok(row.get(0)?))?;
    Ok(last.unwrap_or(0))
}

/// A session's scans from which it goes on, oldest first: 30 minutes, the newest batch whole, and the last change.
pub fn session(conn: &Connection, desk: &Code, session: &str) -> Res<Vec<ScanRecord>> {
    // A new session of an old desk would else be looked for among all of the desk's scans.
    let params = named_params! {":desk": desk.as_str(), ":session": session};
    if one(conn, SESSION_KNOWN, params, |row| Ok(row.get::<_, i64>(0)?))?.is_none() {
        return Ok(Vec::new());
    }
    let mut key = desk_last(conn, desk)?;
    let mut rows: Vec<Stored> = Vec::new();
    for _ in 0..MAX_DESK_WALK {
        let step = one(conn, SESSION_AND_BACK, named_params! {":key": key}, |row| {
            Ok((row.get_ref(0)?.as_str()? == session, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?))
        })?;
        let Some((ours, back, learned)) = step else { break };
        let newest = rows.first().map(|newest| newest.record.learned_at.micros());
        if newest.is_some_and(|newest| newest.saturating_sub(learned) > SESSION_LONGEST_US) {
            break;
        }
        if ours {
            rows.extend(load(conn, key)?);
        }
        if back == 0 || reaches_back(&rows) {
            break;
        }
        key -= back;
    }
    rows.into_iter().rev().map(|stored| remembered(conn, stored)).collect()
}

/// A scan as the desk knew it: with every volume spoken of, and what was read.
fn remembered(conn: &Connection, stored: Stored) -> Res<ScanRecord> {
    let mut volumes = Vec::with_capacity(stored.volumes.len());
    for volume in &stored.volumes {
        volumes.extend(volume_now(conn, *volume)?);
    }
    let aside = match stored.record.text {
        Some(_) => None,
        None => one(conn, TEXT_ASIDE, named_params! {":key": stored.key}, |row| Ok(row.get(0)?))?,
    };
    Ok(ScanRecord { volumes, aside, ..completed(conn, stored)? })
}

fn reaches_back(rows: &[Stored]) -> bool {
    let (Some(newest), Some(oldest)) = (rows.first(), rows.last()) else { return false };
    let apart = newest.record.learned_at.micros_since(oldest.record.learned_at);
    let whole_batch = newest.batch.is_none() || oldest.batch != newest.batch;
    let changed = rows.iter().any(|row| row.record.session_change.is_some());
    rows.len() >= MAX_SESSION_ROWS || (apart > SESSION_REACH_US && whole_batch && changed)
}

/// A desk's scans, newest first, before the scan with key `before`; with the key to go on from.
pub fn scans_at(
    conn: &Connection,
    desk: &Code,
    before: Option<i64>,
    limit: usize,
) -> Res<(Vec<ScanRecord>, Option<i64>)> {
    let mut next = match before {
        Some(key) => load(conn, key)?.filter(|stored| stored.back > 0).map(|stored| key - stored.back),
        None => Some(desk_last(conn, desk)?),
    };
    let mut found = Vec::new();
    let mut last = None;
    while let Some(key) = next {
        let Some(stored) = load(conn, key)? else { break };
        if &stored.record.desk != desk {
            break;
        }
        if found.len() == limit {
            return Ok((found, last));
        }
        next = (stored.back > 0).then(|| key - stored.back);
        last = Some(key);
        found.push(completed(conn, stored)?);
    }
    Ok((found, None))
}
