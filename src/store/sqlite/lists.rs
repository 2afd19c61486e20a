//! Lists of volumes: what is at a place.

use rusqlite::{Connection, named_params};

use super::codec::subject_of;
use super::find::{self, all};
use super::trouble::Res;
use super::volumes::{self, Siblings};
use crate::domain::PlaceId;
use crate::domain::movement::Subject;
use crate::store::records::VolumeRecord;

const AT: &str = "SELECT since, subject FROM whereabouts WHERE place = :place AND state = 1
    AND (since, subject) > (:since, :subject) AND (subject & 1) = 0 ORDER BY since, subject LIMIT :limit";
const BOUND: &str = "SELECT since, subject FROM whereabouts WHERE towards = :place AND towards IS NOT NULL
    AND state = 2 AND (since, subject) > (:since, :subject) AND (subject & 1) = 0
    ORDER BY since, subject LIMIT :limit";
const INSIDE: &str = "SELECT since, subject FROM whereabouts WHERE packed_in = :place AND state = 3
    AND (since, subject) > (:since, :subject) AND (subject & 1) = 0 ORDER BY since, subject LIMIT :limit";
const CONTAINERS_AT: &str = "SELECT subject FROM whereabouts WHERE place = :place AND state = 1
    AND (subject & 1) = 1 LIMIT :limit";
const CONTAINERS_BOUND: &str =
    "SELECT subject FROM whereabouts WHERE towards = :place AND towards IS NOT NULL
    AND (subject & 1) = 1 LIMIT :limit";

/// Most containers whose contents one list joins: those beyond are found on their own pages.
const MAX_CONTAINERS: usize = 1_000;

/// Where a list goes on: after this time and subject.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
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
pub fn volumes_at(conn: &Connection, place: PlaceId, after: Mark, limit: usize) -> Res<Part> {
    let mut marks = some(conn, AT, place, after, limit)?;
    marks.extend(some(conn, BOUND, place, after, limit)?);
    for container in containers(conn, place)? {
        marks.extend(some(conn, INSIDE, container, after, limit)?);
    }
    marks.sort_unstable();
    marks.dedup();
    let more = marks.len() > limit;
    marks.truncate(limit);
    let mut items = Vec::with_capacity(marks.len());
    for mark in &marks {
        if let Subject::Volume(volume) = subject_of(mark.subject) {
            items.extend(volumes::by_id(conn, volume, Siblings::Omitted)?);
        }
    }
    Ok((items, marks.last().copied().filter(|_| more)))
}

fn some(conn: &Connection, sql: &str, place: PlaceId, after: Mark, limit: usize) -> Res<Vec<Mark>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
    let params = named_params! {
        ":place": place.key(), ":since": after.since, ":subject": after.subject, ":limit": limit,
    };
    all(conn, sql, params, |row| Ok(Mark { since: row.get(0)?, subject: row.get(1)? }))
}

/// The containers at a place or bound for it, those inside them too, and the place itself if it is one.
fn containers(conn: &Connection, place: PlaceId) -> Res<Vec<PlaceId>> {
    let mut found = vec![place];
    for sql in [CONTAINERS_AT, CONTAINERS_BOUND] {
        let limit = i64::try_from(MAX_CONTAINERS).unwrap_or(i64::MAX);
        let subjects =
            all(conn, sql, named_params! {":place": place.key(), ":limit": limit}, |row| Ok(row.get(0)?))?;
        found.extend(subjects.into_iter().filter_map(container));
    }
    let mut at = 0;
    while let Some(container_at) = found.get(at).copied() {
        for inner in find::inside(conn, container_at)?.into_iter().filter_map(container) {
            if !found.contains(&inner) && found.len() < MAX_CONTAINERS {
                found.push(inner);
            }
        }
        at += 1;
    }
    Ok(found)
}

fn container(subject: i64) -> Option<PlaceId> {
    match subject_of(subject) {
        Subject::Container(container) => Some(container),
        Subject::Volume(_) => None,
    }
}
