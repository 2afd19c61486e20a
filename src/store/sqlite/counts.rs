//! What the hospital's figures are counted from, piece by piece.

use std::collections::HashMap;

use rusqlite::{Connection, Row, named_params};

use super::codec::{at, movement_key, number_in, state, subject_key, subject_of, unsigned};
use super::find::{all, one};
use super::pieces;
use super::trouble::{Res, Trouble};
use crate::clock::Timestamp;
use crate::domain::movement::{How, Subject};
use crate::domain::place::Code;
use crate::domain::question::QuestionKind;
use crate::domain::{PlaceId, VolumeId};
use crate::store::overview::{Standing, VOLUMES_A_PIECE};

const STANDINGS: &str = "SELECT subject, state, place, confirmed, since, how FROM whereabouts
    WHERE subject > :after AND (subject & 1) = 0 ORDER BY subject LIMIT :limit";
const BOUNDS: &str = "SELECT ifnull((SELECT min(key) FROM scan), 0), ifnull((SELECT max(key) FROM scan), 0)
    -- whole: only its ends";
const LEARNED: &str = "SELECT key, happened + learned_off FROM scan WHERE key >= :key ORDER BY key LIMIT 1";
// Kinds 1 to 6: arrived, sent, left-at, filed, packed, emptied.
const MOVES: &str = "SELECT count(*) FROM movement WHERE key >= :from AND key < :to
    AND kind <= 6 AND implied = 0 AND how <> :imported";
const LAST_SCANS: &str = "SELECT d.code, s.happened + s.learned_off FROM desk d
    CROSS JOIN scan s ON s.key = d.last -- whole: desks are few";
// An unknown label of a late act waits among the refused scans.
const OPEN_QUESTIONS: &str = "SELECT
    (SELECT count(*) FROM question INDEXED BY question_waiting WHERE answer IS NULL AND kind <> :label)
    + (SELECT count(*) FROM whereabouts INDEXED BY whereabouts_contested WHERE or_at IS NOT NULL)
    -- whole: the indexes hold nothing but what is open";

/// Movements that one piece counts: read in about 10 ms.
const MOVEMENTS_A_PIECE: i64 = 80_000;

/// Where volumes stand, those after `after`.
pub fn standings(conn: &Connection, after: Option<VolumeId>) -> Res<Vec<Standing>> {
    let after = after.map_or(0, |volume| subject_key(Subject::Volume(volume)));
    let limit = i64::try_from(VOLUMES_A_PIECE).unwrap_or(i64::MAX);
    all(conn, STANDINGS, named_params! {":after": after, ":limit": limit}, standing)
}

fn standing(row: &Row<'_>) -> Res<Standing> {
    let Subject::Volume(volume) = subject_of(row.get(0)?) else {
        return Err(Trouble::Broken("a volume's key"));
    };
    Ok(Standing {
        volume,
        state: state(row.get(1)?)?,
        place: row.get::<_, Option<i64>>(2)?.map(PlaceId::new),
        confirmed: row.get::<_, i64>(3)? == 1,
        since: Timestamp::from_micros(row.get::<_, Option<i64>>(4)?.unwrap_or(0)),
        how: row.get::<_, Option<i64>>(5)?.map(|how| at(&How::ALL, how, "how it is known")).transpose()?,
    })
}

/// The first scan from a time on.
pub struct First {
    /// Its key, or the key that the next scan will have.
    pub key: i64,
    /// Whether it is there.
    pub is_there: bool,
}

/// The first scan that was learnt of at `at` or later: `learned_at` grows with the key, so that halving finds it.
pub fn first_from(conn: &Connection, at: Timestamp) -> Res<First> {
    let (first, last) = bounds(conn)?;
    let end = last + 1;
    let (mut low, mut high) = (first, end);
    while low < high {
        let middle = low + (high - low) / 2;
        match learned(conn, middle)? {
            Some((key, learned)) if learned < at => low = key + 1,
            Some(_) | None => high = middle,
        }
    }
    Ok(First { key: low, is_there: low < end })
}

/// When the first scan was learnt of.
pub fn begins(conn: &Connection) -> Res<Option<Timestamp>> {
    Ok(learned(conn, 0)?.map(|(_, learned)| learned))
}

fn bounds(conn: &Connection) -> Res<(i64, i64)> {
    Ok(one(conn, BOUNDS, [], |row| Ok((row.get(0)?, row.get(1)?)))?.unwrap_or((0, 0)))
}

/// The key of the scan from `key` on, and when it was learnt of.
fn learned(conn: &Connection, key: i64) -> Res<Option<(i64, Timestamp)>> {
    let params = named_params! {":key": key};
    one(conn, LEARNED, params, |row| Ok((row.get(0)?, Timestamp::from_micros(row.get(1)?))))
}

/// Moves of the scans with keys from `from` on and before `to`, and before which scan the counting ended: `to`, unless
/// they moved much.
pub fn moves(conn: &Connection, from: i64, to: i64) -> Res<(u64, i64)> {
    let to = pieces::end(conn, from, to, MOVEMENTS_A_PIECE)?;
    let params = named_params! {
        ":from": movement_key(from, 0),
        ":to": movement_key(to, 0),
        ":imported": number_in(&How::ALL, &How::Imported),
    };
    let moves = one(conn, MOVES, params, |row| Ok(unsigned(row.get(0)?)))?.unwrap_or(0);
    Ok((moves, to))
}

/// When each desk's newest scan was learnt of.
pub fn last_scans(conn: &Connection) -> Res<HashMap<Code, Timestamp>> {
    let rows = all(conn, LAST_SCANS, [], |row| {
        let desk = row.get_ref(0)?.as_str()?.parse().map_err(|_| Trouble::Broken("a desk's code"))?;
        Ok((desk, Timestamp::from_micros(row.get(1)?)))
    })?;
    Ok(rows.into_iter().collect())
}

/// How many questions are open, refused scans apart.
pub fn open_questions(conn: &Connection) -> Res<u64> {
    let params = named_params! {":label": number_in(&QuestionKind::ALL, &QuestionKind::UnknownLabel)};
    Ok(one(conn, OPEN_QUESTIONS, params, |row| Ok(unsigned(row.get(0)?)))?.unwrap_or(0))
}
