//! Lists of volumes: what is at a place, and what a search finds.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rusqlite::{Connection, named_params};

use super::codec::subject_of;
use super::find::{self, all, one};
use super::import::sought;
use super::trouble::Res;
use super::volumes::{self, Siblings};
use crate::domain::casenote::LabelText;
use crate::domain::movement::Subject;
use crate::domain::patient::{NhsNumber, Number};
use crate::domain::{CasenoteId, PlaceId, VolumeId};
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
const SURNAME_OF: &str = "SELECT sought FROM patient WHERE key = :key";
const BY_SURNAME: &str =
    "SELECT sought, key FROM patient WHERE sought >= :from AND sought < :end AND sought <> ''
    AND (sought, key) >= (:after, :patient) ORDER BY sought, key LIMIT :limit";

/// Most containers whose contents one list joins: those beyond are found on their own pages.
const MAX_CONTAINERS: usize = 1_000;
/// Most hits of one exact number.
const MAX_EXACT: usize = 200;

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

/// Where a search goes on: after this patient and volume among the surnames.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct SearchMark {
    /// The patient of the last entry.
    pub patient: i64,
    /// The last entry.
    pub volume: i64,
}

/// In place of a patient: the mark counts exact hits.
const EXACT: i64 = -1;

/// Exact hits first, then beginnings of surnames.
pub fn search(
    conn: &Connection,
    query: &str,
    after: Option<SearchMark>,
    limit: usize,
) -> Res<(Vec<VolumeRecord>, Option<SearchMark>)> {
    let query = query.trim();
    let exact = exact(conn, query)?;
    let told = match after {
        None => 0,
        Some(SearchMark { patient: EXACT, volume }) => usize::try_from(volume).unwrap_or(usize::MAX),
        Some(_) => exact.len(),
    };
    let mut items = Vec::with_capacity(limit);
    for volume in exact.iter().skip(told).take(limit) {
        items.extend(volumes::by_id(conn, *volume, Siblings::Omitted)?);
    }
    let told = told.saturating_add(limit);
    if told < exact.len() {
        let volume = i64::try_from(told).unwrap_or(i64::MAX);
        return Ok((items, Some(SearchMark { patient: EXACT, volume })));
    }
    let after = after.filter(|after| after.patient != EXACT);
    let room = limit.saturating_sub(items.len());
    if room == 0 {
        let volume = i64::try_from(exact.len()).unwrap_or(i64::MAX);
        return Ok((items, Some(SearchMark { patient: EXACT, volume })));
    }
    let (more, mark) = surnames(conn, query, after, room)?;
    items.extend(more.into_iter().filter(|record| !exact.contains(&record.brief.id)));
    Ok((items, mark))
}

fn exact(conn: &Connection, query: &str) -> Res<Vec<VolumeId>> {
    let mut found = Vec::new();
    if let Ok(label) = query.parse::<LabelText>() {
        found.extend(find::volume_by_label(conn, &label)?.map(|row| row.brief.id));
    }
    let mut casenotes = Vec::new();
    if let Ok(number) = query.parse::<Number>() {
        casenotes.extend(find::casenotes(conn, &number, None)?);
        for patient in find::patients(conn, &number, None)? {
            casenotes.extend(find::casenotes_of(conn, patient)?);
        }
    }
    if let Ok(nhs) = query.parse::<NhsNumber>() {
        for patient in find::patients_by_nhs(conn, nhs)? {
            casenotes.extend(find::casenotes_of(conn, patient)?);
        }
    }
    for volume in volumes_of(conn, &casenotes)? {
        if !found.contains(&volume) && found.len() < MAX_EXACT {
            found.push(volume);
        }
    }
    Ok(found)
}

fn volumes_of(conn: &Connection, casenotes: &[CasenoteId]) -> Res<Vec<VolumeId>> {
    let mut found = Vec::new();
    for casenote in casenotes {
        found.extend(find::volumes_of_casenote(conn, casenote.key())?.into_iter().map(|row| row.brief.id));
    }
    Ok(found)
}

fn surnames(
    conn: &Connection,
    query: &str,
    after: Option<SearchMark>,
    limit: usize,
) -> Res<(Vec<VolumeRecord>, Option<SearchMark>)> {
    let from = sought(query);
    if from.is_empty() {
        return Ok((Vec::new(), None));
    }
    let mut items: Vec<VolumeRecord> = Vec::new();
    let mut mark = None;
    for patient in patients(conn, &from, after, limit)? {
        for volume in volumes_of(conn, &find::casenotes_of(conn, patient)?)? {
            let told = after.is_some_and(|after| after.patient == patient && after.volume >= volume.key());
            if told {
                continue;
            }
            if items.len() == limit {
                return Ok((items, mark));
            }
            items.extend(volumes::by_id(conn, volume, Siblings::Omitted)?);
            mark = Some(SearchMark { patient, volume: volume.key() });
        }
    }
    // As many patients as asked for were read, and none had more than one folder: there may be more patients.
    let more = items.len() >= limit;
    Ok((items, mark.filter(|_| more)))
}

fn patients(conn: &Connection, from: &str, after: Option<SearchMark>, limit: usize) -> Res<Vec<i64>> {
    let start = match after {
        Some(mark) => {
            let name = one(conn, SURNAME_OF, named_params! {":key": mark.patient}, |row| Ok(row.get(0)?))?;
            (name.unwrap_or_else(|| from.to_owned()), mark.patient)
        }
        None => (from.to_owned(), 0),
    };
    let end = format!("{from}\u{10FFFF}");
    let limit = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
    let params = named_params! {
        ":from": from, ":end": end, ":after": start.0, ":patient": start.1, ":limit": limit,
    };
    all(conn, BY_SURNAME, params, |row| Ok(row.get(1)?))
}
