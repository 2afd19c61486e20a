//! What is chased: place by place, or appointment by appointment, each page by an index and with a bound.

use std::collections::HashMap;

use rusqlite::{Connection, Row, named_params};

use super::clinic_lists::{self, Due};
use super::codec::{number_in, subject_of};
use super::find::{self, all};
use super::trouble::Res;
use super::volumes::{self, Siblings};
use crate::clock::Timestamp;
use crate::domain::chase::{Doubt, Usual, doubt};
use crate::domain::clinic_list::{Call, Readiness, readiness};
use crate::domain::directory::Directory;
use crate::domain::movement::{How, Subject};
use crate::domain::whereabouts::{Present, State};
use crate::domain::{PlaceId, VolumeId};
use crate::store::chase::{Arrivals, Chased, Reach, Transit, Why};
use crate::store::records::VolumeRecord;

/// What is on its way to a place, longest first; what stands elsewhere and is meant for it comes with it.
const BOUND: &str = "SELECT since, subject, state, place, how FROM whereabouts WHERE towards = :place
    AND towards IS NOT NULL AND (since, subject) > (:since, :subject) AND since <= :until
    ORDER BY since, subject LIMIT :limit";
const HELD: &str =
    "SELECT since, subject, state, place, how FROM whereabouts WHERE place = :place AND state = 1
    AND (since, subject) > (:since, :subject) AND since <= :until ORDER BY since, subject LIMIT :limit";
const MOVED: &str =
    "SELECT key, subject, happened, kind, place FROM movement WHERE key > :after ORDER BY key LIMIT :most";
const BEFORE: &str = "SELECT kind, place, other, happened FROM movement
    WHERE subject = :subject AND happened < :happened ORDER BY happened DESC LIMIT 1";
const LAST_SCAN: &str = "SELECT ifnull(max(key), 0) FROM scan";

/// Rows that one page looks at; a page that is through with them gives what it has, and goes on from there.
pub const MAX_LOOKED: usize = 2_000;
/// Movements of one piece of what is learnt.
const MOVEMENTS_A_PIECE: usize = 2_000;
/// So many scans back what is learnt begins when the service starts: some weeks of a hospital.
const LEARNT_SCANS: i64 = 50_000;

/// Where a list goes on that is walked place by place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PlacesMark {
    /// The place.
    pub place: i64,
    /// The last row looked at there.
    pub since: i64,
    /// Its subject.
    pub subject: i64,
}

/// Where a list goes on that is walked appointment by appointment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DueMark {
    /// When the last appointment looked at begins.
    pub starts_at: i64,
    /// Its key.
    pub key: i64,
}

/// What is judged against what.
pub struct Judge<'a> {
    /// Places.
    pub directory: &'a Directory,
    /// How long ways take.
    pub usual: &'a Usual,
    /// Folders with a low chance of being where the log has them.
    pub unlikely: &'a HashMap<VolumeId, f64>,
    /// Now.
    pub now: Timestamp,
}

struct Stood {
    since: i64,
    subject: i64,
    state: i64,
    place: Option<i64>,
    how: Option<i64>,
}

fn stood(row: &Row<'_>) -> Res<Stood> {
    Ok(Stood {
        since: row.get(0)?,
        subject: row.get(1)?,
        state: row.get(2)?,
        place: row.get(3)?,
        how: row.get(4)?,
    })
}

/// Sent, and not arrived in the usual time, by destination.
pub fn sent(
    conn: &Connection,
    judge: &Judge<'_>,
    places: &[Reach],
    after: Option<PlacesMark>,
    limit: usize,
) -> Res<(Vec<Chased>, Option<PlacesMark>)> {
    walk(conn, BOUND, places, after, limit, |place, row| {
        let usual = judge.usual.of(judge.directory, row.place.map(PlaceId::new), place);
        let overdue = judge.now.micros() - row.since > usual.us;
        (row.state == 2 && overdue).then_some(Why::NotArrived(usual))
    })
}

/// Held too long, by place. What another system told of a folder that nobody has scanned here yet is no reason to chase it:
/// a stock-take finds it.
pub fn held(
    conn: &Connection,
    places: &[Reach],
    after: Option<PlacesMark>,
    limit: usize,
) -> Res<(Vec<Chased>, Option<PlacesMark>)> {
    walk(conn, HELD, places, after, limit, |_, row| {
        (row.how != Some(number_in(&How::ALL, &How::Imported))).then_some(Why::HeldLong)
    })
}

fn walk(
    conn: &Connection,
    sql: &str,
    places: &[Reach],
    after: Option<PlacesMark>,
    limit: usize,
    wanted: impl Fn(PlaceId, &Stood) -> Option<Why>,
) -> Res<(Vec<Chased>, Option<PlacesMark>)> {
    let mut found = Vec::new();
    let mut looked = 0;
    let from = |place: PlaceId| match after {
        Some(mark) if mark.place == place.key() => (mark.since, mark.subject),
        Some(_) | None => (i64::MIN, i64::MIN),
    };
    let start = after.and_then(|mark| places.iter().position(|reach| reach.place.key() == mark.place));
    for reach in places.iter().skip(start.unwrap_or(0)) {
        let (since, subject) = from(reach.place);
        let left = MAX_LOOKED.saturating_sub(looked);
        let rows = all(
            conn,
            sql,
            named_params! {
                ":place": reach.place.key(), ":since": since, ":subject": subject,
                ":until": reach.until.micros(), ":limit": i64::try_from(left).unwrap_or(i64::MAX),
            },
            stood,
        )?;
        for row in rows {
            looked += 1;
            if let Some(why) = wanted(reach.place, &row)
                && let Subject::Volume(volume) = subject_of(row.subject)
                && let Some(folder) = volumes::by_id(conn, volume, Siblings::Omitted)?
            {
                found.push(Chased { at: reach.place, folder, why });
            }
            if found.len() == limit || looked == MAX_LOOKED {
                let mark = PlacesMark { place: reach.place.key(), since: row.since, subject: row.subject };
                return Ok((found, Some(mark)));
            }
        }
    }
    Ok((found, None))
}

/// Folders still at the clinic of an appointment that has passed, or on their way to it, the oldest first.
pub fn passed(
    conn: &Connection,
    judge: &Judge<'_>,
    span: (Timestamp, Timestamp),
    after: Option<DueMark>,
    limit: usize,
) -> Res<(Vec<Chased>, Option<DueMark>)> {
    by_appointment(conn, span, after, limit, |call, _, present| {
        let there =
            matches!(readiness(judge.directory, call, present), Readiness::AtClinic | Readiness::OnItsWay);
        // What came there since has come for another patient's day.
        let since_then = present.since.is_some_and(|since| since > call.starts_at);
        (there && !since_then).then_some(Why::Passed(*call))
    })
}

/// Folders on the lists of the coming days that are probably not where the log has them, the next clinic first.
pub fn coming(
    conn: &Connection,
    judge: &Judge<'_>,
    span: (Timestamp, Timestamp),
    after: Option<DueMark>,
    limit: usize,
) -> Res<(Vec<Chased>, Option<DueMark>)> {
    by_appointment(conn, span, after, limit, |call, volume, present| {
        if readiness(judge.directory, call, present) == Readiness::AtClinic {
            return None;
        }
        let by_chance = judge.unlikely.get(&volume).map(|chance| Doubt::Unlikely(percent(*chance)));
        let by_rule = || doubt(judge.directory, judge.usual, present, judge.now);
        by_chance.or_else(by_rule).map(|doubt| Why::Doubted(*call, doubt))
    })
}

/// A chance in whole parts of a hundred.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::as_conversions,
    reason = "held between 0 and 100 first"
)]
fn percent(chance: f64) -> u8 {
    (chance.clamp(0.0, 1.0) * 100.0).round() as u8
}

fn by_appointment(
    conn: &Connection,
    (from, until): (Timestamp, Timestamp),
    after: Option<DueMark>,
    limit: usize,
    wanted: impl Fn(&Call, VolumeId, &Present) -> Option<Why>,
) -> Res<(Vec<Chased>, Option<DueMark>)> {
    let begins = after.unwrap_or(DueMark { starts_at: from.micros(), key: i64::MIN });
    let due = clinic_lists::due(conn, (begins.starts_at, begins.key), until, MAX_LOOKED)?;
    let whole = due.len() < MAX_LOOKED;
    let mut found: Vec<Chased> = Vec::new();
    let mut last = None;
    for Due { key, call, patient, .. } in due {
        for (volume, present) in clinic_lists::presents(conn, patient)? {
            let Some(why) = wanted(&call, volume, &present) else { continue };
            let folder = volumes::by_id(conn, volume, Siblings::Omitted)?;
            found.extend(folder.map(|folder| Chased { at: call.clinic, folder, why }));
        }
        last = Some(DueMark { starts_at: call.starts_at.micros(), key });
        if found.len() >= limit {
            return Ok((found, last));
        }
    }
    Ok((found, if whole { None } else { last }))
}

/// The folders of a patient that are not gone for good.
pub fn folders_of(conn: &Connection, patient: i64) -> Res<Vec<VolumeRecord>> {
    let mut found = Vec::new();
    for casenote in find::casenotes_of(conn, patient)? {
        for row in find::volumes_of_casenote(conn, casenote.key())? {
            if !matches!(row.standing.present.state, State::Gone(_)) {
                found.push(volumes::record(conn, row, Siblings::Omitted)?);
            }
        }
    }
    Ok(found)
}

/// The next arrivals of the log after a movement, each with where it was sent from and how long it was on its way.
pub fn arrivals(conn: &Connection, after: Option<i64>) -> Res<Arrivals> {
    let after = if let Some(after) = after {
        after
    } else {
        let last: i64 = conn.prepare_cached(LAST_SCAN)?.query_row([], |row| row.get(0))?;
        super::codec::movement_key(last.saturating_sub(LEARNT_SCANS).max(0), 0)
    };
    let most = i64::try_from(MOVEMENTS_A_PIECE).unwrap_or(i64::MAX);
    let moved = all(conn, MOVED, named_params! {":after": after, ":most": most}, |row| {
        Ok((
            row.get::<_, i64>(0)?,
            row.get::<_, i64>(1)?,
            row.get::<_, i64>(2)?,
            row.get::<_, i64>(3)?,
            row.get::<_, Option<i64>>(4)?,
        ))
    })?;
    let upto = moved.last().map_or(after, |(key, ..)| *key);
    let is_last = moved.len() < MOVEMENTS_A_PIECE;
    let mut transits = Vec::new();
    for (_, subject, happened, kind, place) in moved {
        if let (1, Some(place)) = (kind, place) {
            transits.extend(transit(conn, subject, happened, place)?);
        }
    }
    Ok(Arrivals { transits, upto, is_last })
}

fn transit(conn: &Connection, subject: i64, happened: i64, place: i64) -> Res<Option<Transit>> {
    let params = named_params! {":subject": subject, ":happened": happened};
    let before = find::one(conn, BEFORE, params, |row| {
        Ok((
            row.get::<_, i64>(0)?,
            row.get::<_, Option<i64>>(1)?,
            row.get::<_, Option<i64>>(2)?,
            row.get::<_, i64>(3)?,
        ))
    })?;
    Ok(match before {
        Some((2, Some(from), Some(to), left)) if to == place => Some(Transit {
            from: PlaceId::new(from),
            to: PlaceId::new(to),
            took_us: happened.saturating_sub(left),
        }),
        _ => None,
    })
}
