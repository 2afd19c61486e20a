//! Lists of volumes: what is at a place.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rusqlite::{Connection, named_params};

use super::codec::subject_of;
use super::find::{all, one};
use super::trouble::Res;
use super::volumes::{self, Siblings};
use crate::domain::PlaceId;
use crate::domain::movement::Subject;
use crate::store::records::VolumeRecord;

const AT: &str = "SELECT since, subject FROM whereabouts WHERE place = :place AND state = 1
    AND (since, subject) > (:since, :subject) AND (subject & 1) = 0 ORDER BY since, subject LIMIT 1";
const BOUND: &str = "SELECT since, subject FROM whereabouts WHERE towards = :place AND towards IS NOT NULL
    AND state = 2 AND (since, subject) > (:since, :subject) AND (subject & 1) = 0
    ORDER BY since, subject LIMIT 1";
const INSIDE: &str = "SELECT since, subject FROM whereabouts WHERE packed_in = :place AND state = 3
    AND (since, subject) > (:since, :subject) AND (subject & 1) = 0 ORDER BY since, subject LIMIT 1";
const CONTAINERS_AT: &str = "SELECT subject FROM whereabouts WHERE place = :place AND state = 1
    AND (subject & 1) = 1 LIMIT :limit";
const CONTAINERS_BOUND: &str =
    "SELECT subject FROM whereabouts WHERE towards = :place AND towards IS NOT NULL
    AND (subject & 1) = 1 LIMIT :limit";
const CONTAINERS_INSIDE: &str = "SELECT subject FROM whereabouts WHERE packed_in = :place AND state = 3
    AND (subject & 1) = 1 LIMIT :limit";

/// Most containers whose contents one list joins: those beyond are found on their own pages.
const MAX_CONTAINERS: usize = 1_000;

/// Where a list goes on: after this time and subject.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Mark {
    /// When the last entry came to be there.
    pub since: i64,
    /// What it is.
    pub subject: i64,
}

/// The beginning of a list.
pub const BEGINNING: Mark = Mark { since: i64::MIN, subject: i64::MIN };

/// A page and where the next goes on.
pub type Part = (Vec<VolumeRecord>, Option<Mark>);

/// What is at a place, in containers there, or on its way there, longest first.
///
/// Each source is read only as far as the page needs: one row a source, and one more for each entry.
pub fn volumes_at(conn: &Connection, place: PlaceId, after: Mark, limit: usize) -> Res<Part> {
    let mut sources = vec![(AT, place), (BOUND, place)];
    sources.extend(containers(conn, place)?.into_iter().map(|container| (INSIDE, container)));
    let mut heads = BinaryHeap::with_capacity(sources.len());
    for (source, (sql, place)) in sources.iter().enumerate() {
        heads.extend(next(conn, sql, *place, after)?.map(|mark| Reverse((mark, source))));
    }
    let mut items = Vec::with_capacity(limit);
    let mut last = None;
    while let Some(Reverse((mark, source))) = heads.pop() {
        if items.len() == limit {
            return Ok((items, last));
        }
        // One folder stands in two sources only if the log has it so; it is told once.
        if last != Some(mark)
            && let Subject::Volume(volume) = subject_of(mark.subject)
        {
            items.extend(volumes::by_id(conn, volume, Siblings::Omitted)?);
        }
        last = Some(mark);
        if let Some((sql, place)) = sources.get(source) {
            heads.extend(next(conn, sql, *place, mark)?.map(|mark| Reverse((mark, source))));
        }
    }
    Ok((items, None))
}

fn next(conn: &Connection, sql: &str, place: PlaceId, after: Mark) -> Res<Option<Mark>> {
    let params = named_params! {":place": place.key(), ":since": after.since, ":subject": after.subject};
    one(conn, sql, params, |row| Ok(Mark { since: row.get(0)?, subject: row.get(1)? }))
}

/// The containers at a place or bound for it, those inside them too, and the place itself if it is one.
fn containers(conn: &Connection, place: PlaceId) -> Res<Vec<PlaceId>> {
    let mut found = vec![place];
    for sql in [CONTAINERS_AT, CONTAINERS_BOUND] {
        found.extend(some_containers(conn, sql, place)?);
    }
    let mut at = 0;
    while let Some(outer) = found.get(at).copied() {
        for inner in some_containers(conn, CONTAINERS_INSIDE, outer)? {
            if !found.contains(&inner) && found.len() < MAX_CONTAINERS {
                found.push(inner);
            }
        }
        at += 1;
    }
    Ok(found)
}

fn some_containers(conn: &Connection, sql: &str, place: PlaceId) -> Res<Vec<PlaceId>> {
    let limit = i64::try_from(MAX_CONTAINERS).unwrap_or(i64::MAX);
    let params = named_params! {":place": place.key(), ":limit": limit};
    let subjects = all(conn, sql, params, |row| Ok(row.get(0)?))?;
    Ok(subjects.into_iter().filter_map(container).collect())
}

fn container(subject: i64) -> Option<PlaceId> {
    match subject_of(subject) {
        Subject::Container(container) => Some(container),
        Subject::Volume(_) => None,
    }
}
