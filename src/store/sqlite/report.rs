//! How folders and places were at the end of a day, by what was known then.

mod search;
mod temporary;
mod then;

use std::collections::HashMap;

use rusqlite::{Connection, Row, named_params};

use super::codec::{at, movement_key, number_in, subject_key, told};
use super::counts::first_from;
use super::find::{all, one};
use super::pieces;
use super::places;
use super::trouble::Res;
use crate::clock::Timestamp;
use crate::domain::casenote::VolumeKind;
use crate::domain::directory::Directory;
use crate::domain::missing::period::Span;
use crate::domain::missing::sharing::Visit;
use crate::domain::missing::{Followed, Stood};
use crate::domain::movement::{Change, How, Role, Subject};
use crate::domain::place::{Place, PlaceKind};
use crate::domain::{PlaceId, VolumeId};
use crate::store::report::{Learnt, Reached, SCANS_A_PIECE, VOLUMES_A_PIECE, Visits, Volumes};
use temporary::StandsIn;
use then::{Then, is_taken_back, then, through_containers};

pub use search::outcomes;

const VOLUMES: &str = "SELECT v.key, v.casenote, c.patient,
    (SELECT k.scan FROM volume_known k WHERE k.upto >= v.key ORDER BY k.upto LIMIT 1),
    v.kind = :temporary OR EXISTS (SELECT 1 FROM volume_was w WHERE w.volume = v.key AND w.kind = :temporary)
    FROM volume v CROSS JOIN casenote c ON c.key = v.casenote WHERE v.key > :after ORDER BY v.key LIMIT :limit";
/// Movements whose arrivals one piece looks at, for imports move hundreds a scan.
const MOVEMENTS_A_PIECE: i64 = 4_000;

const SCANS: &str = "SELECT key >> 13 FROM movement INDEXED BY movement_by_subject
    WHERE subject = :subject AND +key >= :from AND +key < :end";
const LEARNED: &str = "SELECT happened + learned_off FROM scan WHERE key = :key";
const BEGINS: &str =
    "SELECT happened + learned_off FROM scan ORDER BY key LIMIT 1 -- whole: only its beginning";
const PLACES_WERE: &str =
    "SELECT place, name, kind, parent FROM place_was WHERE scan >= :upto ORDER BY key DESC
    -- whole: imports change few places";
/// Kind 1: arrived. A folder that was seen for the first time came from nowhere.
const ARRIVALS: &str = "SELECT t.* FROM movement_told t WHERE t.key >= :from AND t.key < :end AND t.kind = 1
    AND (t.subject & 1) = 0 AND t.believed IS NOT NULL ORDER BY t.key";

/// What had been learnt by the beginning and by the end of `span`.
pub fn learnt(conn: &Connection, span: Span) -> Res<Learnt> {
    let last_before = |at: Timestamp| Ok::<_, super::trouble::Trouble>(first_from(conn, at)?.key - 1);
    Ok(Learnt { span, before: last_before(span.from)?.max(0), upto: last_before(span.until)?.max(0) })
}

/// The places as they were for whoever had learnt up to this scan.
pub fn places_then(conn: &Connection, upto: i64) -> Res<Directory> {
    let mut places: HashMap<PlaceId, Place> =
        places::all_places(conn)?.into_iter().map(|place| (place.id, place)).collect();
    // The oldest row after that moment comes last, and counts.
    for was in all(conn, PLACES_WERE, named_params! {":upto": upto}, place_was)? {
        if let Some(place) = places.get_mut(&was.place) {
            place.name = was.name;
            place.kind = was.kind;
            place.parent = was.parent;
        }
    }
    Ok(Directory::new(places.into_values(), [], []))
}

/// What a place was before an import changed it.
struct PlaceWas {
    place: PlaceId,
    name: String,
    kind: PlaceKind,
    parent: Option<PlaceId>,
}

fn place_was(row: &Row<'_>) -> Res<PlaceWas> {
    Ok(PlaceWas {
        place: PlaceId::new(row.get(0)?),
        name: row.get(1)?,
        kind: at(&PlaceKind::ALL, row.get(2)?, "a kind of place")?,
        parent: row.get::<_, Option<i64>>(3)?.map(PlaceId::new),
    })
}

/// How volumes stood through the span, those after `after`.
pub fn followed(conn: &Connection, learnt: Learnt, after: Option<VolumeId>) -> Res<Volumes> {
    let params = named_params! {
        ":after": after.map_or(0, VolumeId::key),
        ":temporary": number_in(&VolumeKind::ALL, &VolumeKind::Temporary),
        ":limit": i64::try_from(VOLUMES_A_PIECE).unwrap_or(i64::MAX),
    };
    let rows = all(conn, VOLUMES, params, volume)?;
    let begins = one(conn, BEGINS, [], |row| Ok(Timestamp::from_micros(row.get(0)?)))?;
    let mut times = Times { conn, begins: begins.unwrap_or_default(), last: None };
    let last = rows.last().map(|row| row.volume);
    let mut volumes = Volumes { followed: Vec::with_capacity(rows.len()), last };
    for row in rows {
        // Keys grow with the time at which volumes became known: all that come after are unknown too.
        if row.since > learnt.upto {
            volumes.last = None;
            break;
        }
        volumes.followed.push(follow(&mut times, &row, learnt)?);
    }
    Ok(volumes)
}

/// A volume, by what was known of it at the end of the span.
struct Known {
    volume: VolumeId,
    casenote: i64,
    person: usize,
    /// The scan or act by which it became known.
    since: i64,
    /// Whether it is a temporary one, or ever was.
    may_stand_in: bool,
}

fn volume(row: &Row<'_>) -> Res<Known> {
    let casenote: i64 = row.get(1)?;
    // A casenote without a patient is a person of its own: even numbers are patients, odd ones are casenotes.
    let person = row.get::<_, Option<i64>>(2)?.map_or((casenote << 1) | 1, |patient| patient << 1);
    Ok(Known {
        volume: VolumeId::new(row.get(0)?),
        casenote,
        person: usize::try_from(person).unwrap_or(0),
        since: row.get::<_, Option<i64>>(3)?.unwrap_or(0),
        may_stand_in: row.get(4)?,
    })
}

/// When scans were learnt of. Neighbours became known with the same one.
struct Times<'c> {
    conn: &'c Connection,
    begins: Timestamp,
    last: Option<(i64, Timestamp)>,
}

impl Times<'_> {
    fn learned(&mut self, scan: i64) -> Res<Timestamp> {
        if let Some((key, at)) = self.last
            && key == scan
        {
            return Ok(at);
        }
        let found = one(self.conn, LEARNED, named_params! {":key": scan}, |row| {
            Ok(Timestamp::from_micros(row.get(0)?))
        })?;
        let at = found.unwrap_or(self.begins);
        self.last = Some((scan, at));
        Ok(at)
    }
}

fn follow(times: &mut Times<'_>, row: &Known, learnt: Learnt) -> Res<Followed> {
    let conn = times.conn;
    let known = times.learned(row.since)?;
    let folder = Folder { conn, row, known };
    let begins = row.since.max(learnt.before);
    let first = folder.then(begins)?;
    let scans = folder.scans(begins, learnt.upto, &first)?;
    let mut stood = Vec::with_capacity(scans.len() + 1);
    stood.push(Stood { learned: known, ..folder.stood(&first, begins)? });
    for scan in scans {
        let stands = folder.stood(&folder.then(scan)?, scan)?;
        stood.push(Stood { learned: times.learned(scan)?, ..stands });
    }
    Ok(Followed { volume: row.volume, person: row.person, known, stood })
}

/// One folder, to be looked at as of several scans.
struct Folder<'a> {
    conn: &'a Connection,
    row: &'a Known,
    known: Timestamp,
}

impl Folder<'_> {
    /// Where it was for whoever had learnt up to this scan, by its own movements.
    fn then(&self, upto: i64) -> Res<Then> {
        then(self.conn, Subject::Volume(self.row.volume), upto)
    }

    /// The scans after `after` that may have changed how it stood, in the order in which they were learnt.
    fn scans(&self, after: i64, upto: i64, first: &Then) -> Res<Vec<i64>> {
        let stretch = Stretch { conn: self.conn, after, upto };
        let mut moved = Moved::default();
        stretch.gather(Subject::Volume(self.row.volume), first, &mut moved)?;
        let mut scans = moved.scans;
        if self.row.may_stand_in {
            scans.extend(self.scans_of_originals(&stretch)?);
        }
        scans.extend(search::scans(self.conn, self.row.volume, after, upto)?);
        scans.sort_unstable();
        scans.dedup();
        Ok(scans)
    }

    /// How it stood for whoever had learnt up to this scan.
    fn stood(&self, own: &Then, upto: i64) -> Res<Stood> {
        let stood = through_containers(self.conn, own, upto)?;
        let is_alone = self.row.may_stand_in && !stood.is_gone && self.is_alone(upto)?;
        Ok(Stood { is_alone, sought: search::sought(self.conn, self.row.volume, upto)?, ..stood })
    }

    /// Whether it was a temporary volume whose original has not been scanned since it is known.
    fn is_alone(&self, upto: i64) -> Res<bool> {
        match temporary::stands_in(self.conn, self.row.volume, self.row.casenote, upto)? {
            StandsIn::Not => Ok(false),
            StandsIn::For(None) => Ok(true),
            StandsIn::For(Some(original)) => {
                let seen = then(self.conn, Subject::Volume(original), upto)?.seen;
                Ok(seen.is_none_or(|seen| seen < self.known))
            }
        }
    }

    /// The scans that moved what it may have stood in for, and those that changed what that was.
    fn scans_of_originals(&self, stretch: &Stretch<'_>) -> Res<Vec<i64>> {
        let (own, casenote) = (self.row.volume, self.row.casenote);
        let siblings = temporary::siblings(self.conn, casenote, stretch.upto)?;
        let mut scans = temporary::changes(self.conn, own, &siblings, stretch.after, stretch.upto)?;
        let mut others: Vec<_> = siblings.iter().map(|sibling| sibling.volume).collect();
        if let StandsIn::For(Some(said)) = temporary::stands_in(self.conn, own, casenote, stretch.upto)? {
            others.push(said);
        }
        for other in others.into_iter().filter(|other| *other != own) {
            scans.extend(stretch.moved(Subject::Volume(other))?);
        }
        Ok(scans)
    }
}

/// A stretch of the log.
struct Stretch<'c> {
    conn: &'c Connection,
    after: i64,
    upto: i64,
}

/// What moved something in a stretch of the log.
#[derive(Default)]
struct Moved {
    subjects: Vec<Subject>,
    scans: Vec<i64>,
}

impl Stretch<'_> {
    /// Adds the scans that moved `subject`, by itself or in containers; `first` is where it was at the beginning.
    fn gather(&self, subject: Subject, first: &Then, moved: &mut Moved) -> Res<()> {
        moved.subjects.push(subject);
        let scans = self.moved(subject)?;
        let mut containers = vec![self.carried_by(subject, first)?];
        for scan in &scans {
            containers.push(then(self.conn, subject, *scan)?.packed_in);
        }
        moved.scans.extend(scans);
        for container in containers.into_iter().flatten().map(Subject::Container) {
            if !moved.subjects.contains(&container) {
                let first = then(self.conn, container, self.after)?;
                self.gather(container, &first, moved)?;
            }
        }
        Ok(())
    }

    /// The container that took `subject` along from the beginning on. One that was emptied long ago may have moved a
    /// thousand times since, with nothing in it.
    fn carried_by(&self, subject: Subject, first: &Then) -> Res<Option<PlaceId>> {
        let was_freed = first.packed_in.is_some() && first.present.container.is_none();
        let stays_so = was_freed && then(self.conn, subject, self.upto)?.present == first.present;
        Ok(first.packed_in.filter(|_| !stays_so))
    }

    fn moved(&self, subject: Subject) -> Res<Vec<i64>> {
        let params = named_params! {
            ":subject": subject_key(subject),
            ":from": movement_key(self.after + 1, 0),
            ":end": movement_key(self.upto + 1, 0),
        };
        all(self.conn, SCANS, params, |row| Ok(row.get(0)?))
    }
}

/// Which folders came where in the span, from where it was looked at before.
pub fn visits(conn: &Connection, learnt: Learnt, after: Option<Reached>) -> Res<Visits> {
    let from = after.map_or(learnt.before, |reached| reached.0) + 1;
    let end = from.saturating_add(SCANS_A_PIECE).min(learnt.upto + 1);
    let end = pieces::end(conn, from, end, MOVEMENTS_A_PIECE)?;
    let params = named_params! {":from": movement_key(from, 0), ":end": movement_key(end, 0)};
    let mut visits = Vec::new();
    for told in all(conn, ARRIVALS, params, told)? {
        let movement = &told.movement;
        let (Change::Arrived { at, .. }, Some(from)) = (movement.change, told.believed) else { continue };
        let is_scanned = movement.role == Role::Asked;
        let counts = !is_scanned || movement.how == How::Scanned;
        if counts && !is_taken_back(conn, movement, learnt.upto)? {
            visits.push(Visit { at, from, is_scanned });
        }
    }
    Ok(Visits { visits, upto: (end <= learnt.upto).then_some(Reached(end - 1)) })
}

#[cfg(test)]
mod tests;
