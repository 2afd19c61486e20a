//! The folders that went with a folder: those of its batch, and those that were in a container with it.
//!
//! No index over all scans is kept for this: a batch's earlier scans are found along its desk's chain, its later ones
//! by looking at the scans that follow in the log, of all desks, up to a limit.

use rusqlite::{Connection, named_params};

use super::codec::{EMPTIED, movement_key, scan_of, subject_key, subject_of};
use super::find::{all, one};
use super::legs::{self, Known, Moved, Step, moved};
use super::trouble::{Res, Trouble};
use crate::domain::movement::Subject;
use crate::domain::patient::Number;
use crate::domain::{PlaceId, VolumeId};
use crate::store::locating::{MATES_READ, Mate};

const CHAIN: &str = "SELECT run, batch, back FROM scan WHERE key = :key";
const LATER: &str = "SELECT key FROM scan WHERE key > :key AND key <= :end AND run = :run AND batch = :batch
    ORDER BY key LIMIT :limit";
const OF_SCAN: &str =
    "SELECT w.* FROM movement_way w WHERE w.key >= :from AND w.key < :end ORDER BY w.key LIMIT :limit";
const NUMBER: &str =
    "SELECT c.number FROM volume v CROSS JOIN casenote c ON c.key = v.casenote WHERE v.key = :volume";
const PACKED: &str = "SELECT m.key FROM movement m WHERE m.kind = 5 AND m.other = :container
    AND m.happened > :from AND m.happened <= :to ORDER BY m.happened LIMIT :limit";
const MOVEMENT: &str = "SELECT w.* FROM movement_way w WHERE w.key = :key";
const EMPTIED_BEFORE: &str =
    "SELECT m.happened FROM movement m WHERE m.subject = :subject AND m.kind = :emptied
    AND m.happened <= :at ORDER BY m.happened DESC LIMIT 1";
const EMPTIED_AFTER: &str =
    "SELECT m.happened FROM movement m WHERE m.subject = :subject AND m.kind = :emptied
    AND m.happened > :at ORDER BY m.happened LIMIT 1";

/// How far along its desk's chain the earlier scans of a batch are sought: a batch with the cards and misreads in it.
const MAX_CHAIN: usize = 2 * MATES_READ;
/// Scans of all desks that are gone through for the later scans of a batch: a busy hospital's four minutes.
const MAX_LATER: i64 = 4_096;
/// Movements of one scan that are read: a list of a whole trolley.
const MAX_LISTED: i64 = 3 * 60;

/// The others of the batch of a step, in the order of their scans, each with where it went next.
pub fn of_batch(conn: &Connection, volume: VolumeId, step: Option<&Step>, known: Known) -> Res<Vec<Mate>> {
    let Some(step) = step else { return Ok(Vec::new()) };
    let members = members(conn, step, known)?;
    let others = members.into_iter().filter(|(member, _)| *member != volume).take(MATES_READ);
    others.map(|(member, row)| mate(conn, member, &row, known)).filter_map(Result::transpose).collect()
}

/// The folders scanned just before and just after a folder in its batch.
pub fn beside(conn: &Connection, volume: VolumeId, step: &Step, known: Known) -> Res<Vec<VolumeId>> {
    let members = members(conn, step, known)?;
    let at = members.iter().position(|(member, _)| *member == volume).unwrap_or(members.len());
    let beside = [at.checked_sub(1), at.checked_add(1)].into_iter().flatten();
    Ok(beside.filter_map(|at| members.get(at)).map(|(member, _)| *member).collect())
}

/// What was packed into a container between the two emptyings around a step.
pub fn of_container(
    conn: &Connection,
    volume: VolumeId,
    packed: Option<(&Step, PlaceId)>,
    known: Known,
) -> Res<Vec<Mate>> {
    let Some((step, container)) = packed else { return Ok(Vec::new()) };
    let emptied = |sql| {
        let subject = subject_key(Subject::Container(container));
        let at = step.leg.happened.micros();
        let params = named_params! {":subject": subject, ":emptied": EMPTIED, ":at": at};
        one(conn, sql, params, |row| Ok(row.get::<_, i64>(0)?))
    };
    let params = named_params! {
        ":container": container.key(),
        ":from": emptied(EMPTIED_BEFORE)?.unwrap_or(i64::MIN),
        ":to": emptied(EMPTIED_AFTER)?.unwrap_or(i64::MAX),
        ":limit": i64::try_from(MATES_READ).unwrap_or(i64::MAX),
    };
    let mut found = Vec::new();
    for key in all(conn, PACKED, params, |row| Ok(row.get::<_, i64>(0)?))? {
        let Some(row) = one(conn, MOVEMENT, named_params! {":key": key}, moved)? else { continue };
        let Some(member) = folder(&row).filter(|member| *member != volume) else { continue };
        if known.holds(&row) {
            found.extend(mate(conn, member, &row, known)?);
        }
    }
    Ok(found)
}

fn mate(conn: &Connection, volume: VolumeId, row: &Moved, known: Known) -> Res<Option<Mate>> {
    let Some(with) = row.leg() else { return Ok(None) };
    let next = legs::next(conn, volume, row.happened, known)?;
    Ok(Some(Mate { volume, number: number(conn, volume)?, with, next }))
}

fn number(conn: &Connection, volume: VolumeId) -> Res<Number> {
    let found = one(conn, NUMBER, named_params! {":volume": volume.key()}, |row| {
        row.get_ref(0)?.as_str()?.parse().map_err(|_| Trouble::Broken("a casenote number"))
    })?;
    found.ok_or(Trouble::Broken("a volume without its casenote"))
}

/// The folders of the batch of a step, each once, in the order of their scans.
fn members(conn: &Connection, step: &Step, known: Known) -> Res<Vec<(VolumeId, Moved)>> {
    let scan = scan_of(step.key);
    let mut scans = earlier(conn, scan)?;
    scans.reverse();
    scans.push(scan);
    scans.extend(later(conn, scan)?);
    let mut found: Vec<(VolumeId, Moved)> = Vec::new();
    for scan in scans {
        let params = named_params! {
            ":from": movement_key(scan, 0), ":end": movement_key(scan + 1, 0), ":limit": MAX_LISTED,
        };
        for row in all(conn, OF_SCAN, params, moved)? {
            let Some(member) = folder(&row).filter(|_| !row.implied && known.holds(&row)) else { continue };
            // The newest of what a batch says of a folder counts.
            found.retain(|(one, _)| *one != member);
            found.push((member, row));
        }
    }
    Ok(found)
}

/// The scans of a batch before `scan`, newest first.
fn earlier(conn: &Connection, scan: i64) -> Res<Vec<i64>> {
    let mut found = Vec::new();
    let Some((_, batch, mut back)) = link(conn, scan)? else { return Ok(found) };
    let (Some(batch), mut at) = (batch, scan) else { return Ok(found) };
    for _ in 0..MAX_CHAIN {
        at -= back;
        // A batch is named by its first scan.
        if back <= 0 || at < batch || found.len() >= MATES_READ {
            break;
        }
        let Some((_, of, further)) = link(conn, at)? else { break };
        if of == Some(batch) {
            found.push(at);
        }
        back = further;
    }
    Ok(found)
}

/// The scans of a batch after `scan`.
fn later(conn: &Connection, scan: i64) -> Res<Vec<i64>> {
    let Some((run, Some(batch), _)) = link(conn, scan)? else { return Ok(Vec::new()) };
    let params = named_params! {
        ":key": scan, ":end": scan + MAX_LATER, ":run": run, ":batch": batch,
        ":limit": i64::try_from(MATES_READ).unwrap_or(i64::MAX),
    };
    all(conn, LATER, params, |row| Ok(row.get(0)?))
}

type Link = (i64, Option<i64>, i64);

fn link(conn: &Connection, scan: i64) -> Res<Option<Link>> {
    one(conn, CHAIN, named_params! {":key": scan}, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
}

const fn folder(row: &Moved) -> Option<VolumeId> {
    match subject_of(row.subject) {
        Subject::Volume(volume) => Some(volume),
        Subject::Container(_) => None,
    }
}
