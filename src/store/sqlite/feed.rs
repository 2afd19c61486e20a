//! What the log teaches of folders' ways, in the order in which it was learnt: what was moved, and what was taken back.

use rusqlite::{Connection, named_params};

use super::calls::Calls;
use super::codec::{movement_key, number_in, scan_of, subject_of};
use super::find::{all, one};
use super::legs::{self, Known, Moved};
use super::pieces;
use super::searches;
use super::trouble::Res;
use crate::clock::Timestamp;
use crate::domain::VolumeId;
use crate::domain::movement::{How, Subject};
use crate::store::locating::{Lesson, Passage, Taught};

const LAST_SCAN: &str = "SELECT ifnull(max(key), 0) FROM scan -- whole: only its end";
/// What another system tells teaches nothing of ways: nobody had the folder in hand.
const PIECE: &str =
    "SELECT w.* FROM movement_way w WHERE w.key >= :from AND w.key < :end AND w.how <> :imported
    ORDER BY w.key";
const TAKEN_BACK: &str = "SELECT w.* FROM movement_way w WHERE w.subject = :subject AND w.key < :known
    ORDER BY w.happened DESC LIMIT :limit";
const IMPLIED: &str = "SELECT w.* FROM movement_way w WHERE w.key >= :from AND w.key < :end
    AND +w.subject = :subject AND w.implied = 1 ORDER BY w.key LIMIT 1";

/// Where searches ended.
const ENDED: &str = "SELECT t.key, t.search, s.happened + s.learned_off FROM search_step t
    CROSS JOIN scan s ON s.key = (t.key >> 13) WHERE t.key >= :from AND t.key < :end AND t.what = 4 ORDER BY t.key";
const STEPS_UPTO: &str = "SELECT count(*) FROM search_step WHERE search = :search AND key <= :key";

/// Movements of one folder among which those that an undo takes back are looked for: an undo follows within the day.
const MAX_BACK: i64 = 256;
/// Movements of one piece: read in about 40 ms.
const MOVEMENTS_A_PIECE: i64 = 2_000;

/// What the scans after `after` teach, `most` scans at most, and fewer where they moved much.
pub fn after(conn: &Connection, after: i64, most: i64) -> Res<Taught> {
    let last = one(conn, LAST_SCAN, [], |row| Ok(row.get(0)?))?.unwrap_or(0);
    let upto = last.min(after.saturating_add(most)).max(after);
    let upto = pieces::end(conn, after + 1, upto + 1, MOVEMENTS_A_PIECE)? - 1;
    let params = named_params! {
        ":from": movement_key(after + 1, 0), ":end": movement_key(upto + 1, 0),
        ":imported": number_in(&How::ALL, &How::Imported),
    };
    let found = all(conn, PIECE, params, legs::moved)?;
    let calls = Calls::open(conn)?;
    let mut lessons = Vec::with_capacity(found.len());
    for scan in found.chunk_by(|one, next| scan_of(one.key) == scan_of(next.key)) {
        for row in scan {
            taught(conn, calls, row, scan, &mut lessons)?;
        }
    }
    lessons.extend(outcomes(conn, after + 1, upto + 1)?);
    // Stable: of one scan what moved comes first.
    lessons.sort_by_key(|(scan, _)| *scan);
    Ok(Taught { lessons, upto, is_all: upto == last })
}

/// The outcomes of searches told by the scans from `from` on and before `end`. One that only corrects an outcome told
/// before teaches nothing.
fn outcomes(conn: &Connection, from: i64, end: i64) -> Res<Vec<(i64, Lesson)>> {
    let params = named_params! {":from": movement_key(from, 0), ":end": movement_key(end, 0)};
    let ended = all(conn, ENDED, params, |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?, Timestamp::from_micros(row.get(2)?)))
    })?;
    let mut lessons = Vec::with_capacity(ended.len());
    for (key, search, learned_at) in ended {
        let all_steps = searches::steps(conn, search)?;
        let params = named_params! {":search": search, ":key": key};
        let known = one(conn, STEPS_UPTO, params, |row| Ok(row.get::<_, i64>(0)?))?.unwrap_or(0);
        let known = usize::try_from(known).unwrap_or(0);
        let folded = |steps: usize| searches::folded(search, all_steps.get(..steps).unwrap_or_default());
        let before = folded(known.saturating_sub(1));
        let Some(search_then) = folded(known) else { continue };
        if before.is_none_or(|before| before.found.is_none()) {
            let lesson = Lesson::Found { search: Box::new(search_then), opened: scan_of(search), learned_at };
            lessons.push((scan_of(key), lesson));
        }
    }
    Ok(lessons)
}

fn taught(
    conn: &Connection,
    calls: Calls,
    row: &Moved,
    scan: &[Moved],
    lessons: &mut Vec<(i64, Lesson)>,
) -> Res<()> {
    let Subject::Volume(volume) = subject_of(row.subject) else { return Ok(()) };
    let key = scan_of(row.key);
    let known = Known::at(key);
    if row.change.is_none() {
        for lesson in taken_back(conn, calls, volume, row)? {
            lessons.push((key, lesson));
        }
        return Ok(());
    }
    let asked = |other: &Moved| other.subject == row.subject && !other.implied && other.change.is_some();
    let proved = row.implied && scan.iter().any(|other| asked(other) && other.counts(known));
    if proved || !row.counts(known) {
        return Ok(());
    }
    lessons.extend(passage(conn, calls, volume, row)?.map(|passage| (key, Lesson::Passed(passage))));
    Ok(())
}

/// What the undo in `row` takes back of a folder, and what stands in its place: the arrival that it had proved.
fn taken_back(conn: &Connection, calls: Calls, volume: VolumeId, row: &Moved) -> Res<Vec<Lesson>> {
    let undo = scan_of(row.key);
    let params = named_params! {":subject": row.subject, ":known": movement_key(undo, 0), ":limit": MAX_BACK};
    let mut before = all(conn, TAKEN_BACK, params, legs::moved)?;
    before.sort_unstable_by_key(|moved| moved.key);
    let mut lessons = Vec::new();
    for moved in &before {
        let taken = moved.undone == Some(undo) && !moved.implied && moved.change.is_some();
        if !taken {
            continue;
        }
        let Some(told) = passage(conn, calls, volume, moved)? else { continue };
        lessons.push(Lesson::TakenBack { passage: told, learned_at: row.learned_at });
        let scan = scan_of(moved.key);
        let params = named_params! {
            ":from": movement_key(scan, 0), ":end": movement_key(scan + 1, 0), ":subject": row.subject,
        };
        if let Some(proved) = one(conn, IMPLIED, params, legs::moved)? {
            lessons.extend(passage(conn, calls, volume, &proved)?.map(Lesson::Passed));
        }
    }
    Ok(lessons)
}

/// A movement as it was told when it was learnt: the same whenever it is asked for.
fn passage(conn: &Connection, calls: Calls, volume: VolumeId, row: &Moved) -> Res<Option<Passage>> {
    let Some(leg) = row.leg() else { return Ok(None) };
    let scan = scan_of(row.key);
    let before = legs::before(conn, volume, &leg, Known::at(scan))?;
    let called = calls.of(conn, volume, leg.happened, Known::at(scan))?;
    Ok(Some(Passage { leg, learned_at: row.learned_at, before, called }))
}
