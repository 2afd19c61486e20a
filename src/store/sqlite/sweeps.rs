//! Sweeps: what each scan was to them, and what they have shown so far.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, Row, named_params};

use super::codec::{subject_of, uuid};
use super::find::{self, all, one};
use super::searches;
use super::trouble::{Res, Trouble};
use crate::clock::Timestamp;
use crate::domain::directory::Directory;
use crate::domain::filing::Filing;
use crate::domain::movement::Subject;
use crate::domain::place::PlaceKind;
use crate::domain::sweep::{
    Ending, Expected, Folder, GOES_ON_US, Ground, Logged, MAX_EXPECTED, MAX_STEPS, NewSweepStep, Part,
    Searched, SeenIn, SweepStep, SweepView, Swept,
};
use crate::domain::{BatchId, PlaceId, StaffId, SweepId, VolumeId};

const INSERT: &str =
    "INSERT INTO sweep (id, place, scan, at) SELECT id, :place, key, :at FROM scan WHERE key = :scan";
const INSERT_STEP: &str =
    "INSERT INTO sweep_step (sweep, scan, at, what, volume) VALUES (:sweep, :scan, :at, :what, :volume)";
const NEWEST: &str = "SELECT key, id, place, at FROM sweep WHERE place = :place ORDER BY key DESC LIMIT 1";
const BY_ID: &str = "SELECT key, id, place, at FROM sweep WHERE id = :id";
const LATEST: &str =
    "SELECT key, id, place, at FROM sweep WHERE key < :before ORDER BY key DESC LIMIT :limit";
const LAST_STEP: &str = "SELECT at FROM sweep_step WHERE sweep = :sweep ORDER BY key DESC LIMIT 1";
const COUNT_SEEN: &str = "SELECT count(*) FROM sweep_step WHERE sweep = :sweep AND what = 1";
/// Each step with what the log had of its folder before, and whether its scan was taken back since.
const STEPS: &str = "SELECT st.what, st.volume, st.at, coalesce(f.id, b.id), s.person, m.believed, x.text,
    EXISTS (SELECT 1 FROM undo u WHERE u.target = s.id AND u.what = 0)
        OR EXISTS (SELECT 1 FROM undo u WHERE u.target = coalesce(f.id, b.id) AND u.what = 1)
    FROM sweep_step st CROSS JOIN scan s ON s.key = st.scan
    LEFT JOIN scan f ON f.key = s.batch LEFT JOIN batch b ON b.key = -s.batch
    LEFT JOIN movement m ON m.key = st.scan * 8192 LEFT JOIN scan_text x ON x.scan = st.scan
    WHERE st.sweep = :sweep ORDER BY st.key LIMIT :most";
/// What stands there by the log, and stood there when the sweep began.
const STANDING: &str = "SELECT subject FROM whereabouts WHERE place = :place AND state = 1
    AND since <= :from AND (subject & 1) = 0 ORDER BY since LIMIT :most";

/// A sweep.
#[derive(Clone, Copy)]
pub struct SweepRow {
    /// Its key.
    pub key: i64,
    /// Its name.
    pub id: SweepId,
    /// Where.
    pub place: PlaceId,
    /// When it began.
    pub at: Timestamp,
}

/// A step that counts, read with its scan.
pub struct StepRow {
    /// What.
    pub step: SweepStep,
    /// When.
    pub at: Timestamp,
    /// The stretch.
    pub stretch: Option<BatchId>,
    /// Who.
    pub person: Option<StaffId>,
    /// Where the log had the folder before.
    pub believed: Option<PlaceId>,
    /// The text of a label that names no folder, while it is kept.
    pub text: Option<String>,
}

fn sweep_row(row: &Row<'_>) -> Res<SweepRow> {
    Ok(SweepRow {
        key: row.get(0)?,
        id: SweepId::new(uuid(row.get(1)?)),
        place: PlaceId::new(row.get(2)?),
        at: Timestamp::from_micros(row.get(3)?),
    })
}

/// The newest sweep of a place.
pub fn newest(conn: &Connection, place: PlaceId) -> Res<Option<SweepRow>> {
    one(conn, NEWEST, named_params! {":place": place.key()}, sweep_row)
}

/// The sweep with this name.
pub fn by_id(conn: &Connection, id: SweepId) -> Res<Option<SweepRow>> {
    one(conn, BY_ID, named_params! {":id": id.uuid().as_bytes()}, sweep_row)
}

/// The newest sweeps, the newest first.
pub fn latest(conn: &Connection, before: Option<i64>, limit: usize) -> Res<Vec<SweepRow>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    all(conn, LATEST, named_params! {":before": before.unwrap_or(i64::MAX), ":limit": limit}, sweep_row)
}

/// When a sweep was last scanned in, and how many folders it has seen.
pub fn reached(conn: &Connection, sweep: &SweepRow) -> Res<(Timestamp, u32)> {
    let params = named_params! {":sweep": sweep.key};
    let last = one(conn, LAST_STEP, params, |row| Ok(Timestamp::from_micros(row.get(0)?)))?;
    let seen = one(conn, COUNT_SEEN, params, |row| Ok(row.get(0)?))?;
    Ok((last.unwrap_or(sweep.at), seen.unwrap_or(0)))
}

/// What a decision about sweeps reads: the sweep of `opens` that goes on at `now`, and what `ends` has come to.
pub fn view(
    conn: &Connection,
    directory: &Directory,
    now: Timestamp,
    opens: Option<PlaceId>,
    ends: Option<Ending>,
) -> Res<SweepView> {
    let mut view = SweepView::default();
    if let Some(sweep) = opens.map(|place| newest(conn, place)).transpose()?.flatten() {
        let (last, seen) = reached(conn, &sweep)?;
        view.goes_on = (now.micros_since(last) <= GOES_ON_US).then_some(seen);
    }
    let ending = match ends {
        Some(ending) => newest(conn, ending.place)?.map(|sweep| (sweep, ending.filing)),
        None => None,
    };
    if let Some((sweep, filing)) = ending {
        view.swept = Some(swept(conn, directory, &sweep, filing, &steps(conn, &sweep)?)?);
    }
    Ok(view)
}

/// The steps of a sweep that were not taken back, oldest first.
pub fn steps(conn: &Connection, sweep: &SweepRow) -> Res<Vec<StepRow>> {
    let most = i64::try_from(MAX_STEPS).unwrap_or(i64::MAX);
    let read = all(conn, STEPS, named_params! {":sweep": sweep.key, ":most": most}, |row| {
        let volume: Option<i64> = row.get(1)?;
        let taken_back: bool = row.get(7)?;
        let step = StepRow {
            step: step_of(row.get(0)?, volume.map(VolumeId::new))?,
            at: Timestamp::from_micros(row.get(2)?),
            stretch: row.get::<_, Option<[u8; 16]>>(3)?.map(|id| BatchId::new(uuid(id))),
            person: row.get::<_, Option<i64>>(4)?.map(StaffId::new),
            believed: row.get::<_, Option<i64>>(5)?.map(PlaceId::new),
            text: row.get(6)?,
        };
        Ok((!taken_back).then_some(step))
    })?;
    Ok(read.into_iter().flatten().collect())
}

/// What a sweep has shown so far.
pub fn swept(
    conn: &Connection,
    directory: &Directory,
    sweep: &SweepRow,
    filing: Filing,
    steps: &[StepRow],
) -> Res<Swept> {
    let is_shelf = directory.place(sweep.place).is_some_and(|place| place.kind == PlaceKind::Shelf);
    let standing = standing(conn, sweep)?;
    let expected = if standing.len() > MAX_EXPECTED { Expected::TooMany } else { Expected::All };
    let mut seen: HashMap<VolumeId, (SeenIn, Logged)> = HashMap::new();
    let mut searched: HashSet<VolumeId> = HashSet::new();
    for (nth, step) in steps.iter().enumerate() {
        match step.step {
            SweepStep::Saw(volume) => {
                let logged = match step.believed {
                    Some(place) if place == sweep.place => Logged::Here,
                    other => Logged::Elsewhere(other),
                };
                // Seen twice, it was the first time that told where the log had it.
                seen.entry(volume).or_insert((SeenIn { stretch: step.stretch, nth }, logged));
            }
            SweepStep::Missed(volume) => _ = searched.insert(volume),
            SweepStep::Begun
            | SweepStep::GoneOn
            | SweepStep::Unknown
            | SweepStep::Ended
            | SweepStep::Whole => {}
        }
    }
    let unseen = standing.into_iter().take(MAX_EXPECTED).filter(|volume| !seen.contains_key(volume));
    let unseen: Vec<_> = unseen.map(|volume| (volume, Logged::Here, None)).collect();
    let known = seen.into_iter().map(|(volume, (seen, logged))| (volume, logged, Some(seen))).chain(unseen);
    let mut folders = Vec::new();
    for (volume, logged, seen) in known {
        let row = find::volume_by_key(conn, volume)?.ok_or(Trouble::Broken("a folder of a sweep"))?;
        let open = seen.is_none() && searches::wanted(conn, volume)?.is_some();
        let searched = if open || searched.contains(&volume) { Searched::Yes } else { Searched::No };
        folders.push(Folder {
            volume,
            slot: filing.slot(row.brief.number.as_str(), row.brief.volume),
            logged,
            seen,
            searched,
        });
    }
    folders.sort_unstable_by_key(|folder| (folder.slot, folder.volume));
    Ok(Swept {
        place: sweep.place,
        ground: if is_shelf { Ground::Shelf } else { Ground::Room },
        folders,
        unknown: steps.iter().filter(|step| step.step == SweepStep::Unknown).count(),
        part: if steps.iter().any(|step| step.step == SweepStep::Whole) { Part::Whole } else { Part::Swept },
        expected,
    })
}

fn standing(conn: &Connection, sweep: &SweepRow) -> Res<Vec<VolumeId>> {
    let params = named_params! {
        ":place": sweep.place.key(),
        ":from": sweep.at.micros(),
        ":most": i64::try_from(MAX_EXPECTED).unwrap_or(i64::MAX).saturating_add(1),
    };
    let found = all(conn, STANDING, params, |row| Ok(subject_of(row.get(0)?)))?;
    Ok(found
        .into_iter()
        .filter_map(|subject| match subject {
            Subject::Volume(volume) => Some(volume),
            Subject::Container(_) => None,
        })
        .collect())
}

/// Writes down what the scan with this key was to sweeps.
pub fn insert(conn: &Connection, scan: i64, at: Timestamp, steps: &[NewSweepStep]) -> Res<()> {
    for new in steps {
        if new.step == SweepStep::Begun {
            conn.prepare_cached(INSERT)?.execute(named_params! {
                ":place": new.place.key(), ":at": at.micros(), ":scan": scan,
            })?;
        }
        let sweep = newest(conn, new.place)?.ok_or(Trouble::Broken("a sweep"))?;
        let (what, volume) = number_of(new.step);
        conn.prepare_cached(INSERT_STEP)?.execute(named_params! {
            ":sweep": sweep.key, ":scan": scan, ":at": at.micros(), ":what": what,
            ":volume": volume.map(VolumeId::key),
        })?;
    }
    Ok(())
}

const fn number_of(step: SweepStep) -> (i64, Option<VolumeId>) {
    match step {
        SweepStep::Begun | SweepStep::GoneOn => (0, None),
        SweepStep::Saw(volume) => (1, Some(volume)),
        SweepStep::Unknown => (2, None),
        SweepStep::Ended => (3, None),
        SweepStep::Whole => (4, None),
        SweepStep::Missed(volume) => (5, Some(volume)),
    }
}

fn step_of(number: i64, volume: Option<VolumeId>) -> Res<SweepStep> {
    Ok(match (number, volume) {
        (0, None) => SweepStep::GoneOn,
        (1, Some(volume)) => SweepStep::Saw(volume),
        (2, None) => SweepStep::Unknown,
        (3, None) => SweepStep::Ended,
        (4, None) => SweepStep::Whole,
        (5, Some(volume)) => SweepStep::Missed(volume),
        _ => return Err(Trouble::Broken("a step of a sweep")),
    })
}
