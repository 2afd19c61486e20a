//! The way of a folder, step by step, as it was known at some point of the log: its own movements, and those of its
//! containers while it was inside. Reads by index only.

use rusqlite::{Connection, Row, named_params};

use super::codec::{ChangeColumns, at, change, scan_of, subject_key};
use super::find::all;
use super::trouble::Res;
use crate::clock::Timestamp;
use crate::domain::leg::{Leg, Way, leg};
use crate::domain::movement::{Change, How, Subject};
use crate::domain::whereabouts::MAX_NESTING;
use crate::domain::{PlaceId, VolumeId};

const NEWEST: &str = "SELECT w.* FROM movement_way w WHERE w.subject = :subject AND w.happened > :from
    AND w.happened <= :to AND w.key < :known ORDER BY w.happened DESC, w.key DESC LIMIT :limit";
const NEXT: &str =
    "SELECT w.* FROM movement_way w WHERE w.subject = :subject AND w.happened > :from AND w.key < :known
    ORDER BY w.happened, w.key LIMIT :limit";

/// Movements of one container that are read while a folder was in it: a crate is moved a few times before it is emptied.
const MAX_CARRYING: usize = 64;
/// Movements of one folder that are read for one leg that counts: most were not taken back, and no scan makes more than
/// two of one folder.
const ROWS_A_LEG: usize = 3;

/// How much of the log is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Known {
    /// Movements from this key on are not.
    before: i64,
    /// Undos of later scans are not.
    undone: i64,
}

impl Known {
    /// What was known when `scan` was recorded, what it took back itself included, what it moved left out.
    pub const fn at(scan: i64) -> Self {
        Self { before: scan << 13, undone: scan }
    }

    /// What was known once `scan` was recorded.
    pub const fn with(scan: i64) -> Self {
        Self { before: (scan + 1) << 13, undone: scan }
    }

    /// Whether this movement is known and counts.
    pub fn holds(self, row: &Moved) -> bool {
        row.key < self.before && row.counts(self)
    }
}

/// One movement, read for its leg.
pub struct Moved {
    /// Its key.
    pub key: i64,
    /// What moved, as its key.
    pub subject: i64,
    /// When it happened.
    pub happened: Timestamp,
    /// What became of it; an undo has no target here.
    pub change: Option<Change>,
    /// How it is known.
    pub how: How,
    /// Whether it is only proved by another movement of its scan.
    pub implied: bool,
    /// Where its desk stands.
    pub desk: Option<PlaceId>,
    /// Its batch.
    pub batch: Option<i64>,
    /// When the server learnt of it.
    pub learned_at: Timestamp,
    /// The first scan that took it back.
    pub undone: Option<i64>,
}

impl Moved {
    /// Whether it counts by what is known.
    pub fn counts(&self, known: Known) -> bool {
        self.implied || self.undone.is_none_or(|undone| undone > known.undone)
    }

    /// How it reads as a step of the folder's way.
    pub fn leg(&self) -> Option<Leg> {
        leg(self.change?, self.how, self.desk, self.happened)
    }
}

/// Reads a row of `movement_way`.
pub fn moved(row: &Row<'_>) -> Res<Moved> {
    const UNDONE: i64 = 10;
    let columns = ChangeColumns { kind: row.get(3)?, place: row.get(4)?, other: row.get(5)? };
    let undone = [row.get::<_, Option<i64>>(11)?, row.get(12)?].into_iter().flatten().min();
    Ok(Moved {
        key: row.get(0)?,
        subject: row.get(1)?,
        happened: Timestamp::from_micros(row.get(2)?),
        change: if columns.kind == UNDONE { None } else { Some(change(&columns, None)?) },
        how: at(&How::ALL, row.get(6)?, "how a movement is known")?,
        implied: row.get::<_, i64>(7)? == 1,
        desk: Some(row.get::<_, i64>(8)?).filter(|key| *key > 0).map(PlaceId::new),
        batch: row.get(9)?,
        learned_at: Timestamp::from_micros(row.get(10)?),
        undone,
    })
}

/// A leg with the movement that made it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Step {
    /// The leg.
    pub leg: Leg,
    /// The movement's key.
    pub key: i64,
    /// The batch of its scan.
    pub batch: Option<i64>,
    /// The container that it was put into.
    pub into: Option<PlaceId>,
    /// Whether its container was emptied by this.
    emptied: bool,
}

/// A stretch of time: after one, up to another.
#[derive(Clone, Copy)]
struct Stretch {
    after: Timestamp,
    upto: Timestamp,
}

/// The last legs of a folder up to `upto` by what is `known`, newest first, `most` at most.
pub fn newest(
    conn: &Connection,
    volume: VolumeId,
    upto: Timestamp,
    known: Known,
    most: usize,
) -> Res<Vec<Step>> {
    let whole = Stretch { after: Timestamp::from_micros(i64::MIN), upto };
    let mut steps = of_subject(conn, Subject::Volume(volume), whole, known, most, MAX_NESTING)?;
    steps.truncate(most);
    Ok(steps)
}

/// Where a folder was before `leg` by what is `known`. What came in a container and is scanned where that is tracked came
/// from where it was put in.
pub fn before(conn: &Connection, volume: VolumeId, leg: &Leg, known: Known) -> Res<Option<Leg>> {
    // A movement of another scan at the very same microsecond is not before it.
    let earlier = Stretch { after: Timestamp::from_micros(i64::MIN), upto: leg.happened.plus_micros(-1) };
    let steps = of_subject(conn, Subject::Volume(volume), earlier, known, 1, MAX_NESTING)?;
    let (first, own) = (steps.first().map(|step| step.leg), steps.last().map(|step| step.leg));
    let was_carried = first.is_some_and(|first| first.way == Way::Carried && first.to == leg.to);
    Ok(if was_carried && leg.way != Way::Out { own } else { first })
}

fn of_subject(
    conn: &Connection,
    subject: Subject,
    stretch: Stretch,
    known: Known,
    most: usize,
    levels: usize,
) -> Res<Vec<Step>> {
    let params = named_params! {
        ":subject": subject_key(subject),
        ":from": stretch.after.micros(),
        ":to": stretch.upto.micros(),
        ":known": known.before,
        ":limit": i64::try_from(most.saturating_mul(ROWS_A_LEG)).unwrap_or(i64::MAX),
    };
    let counting = all(conn, NEWEST, params, moved)?;
    let mut steps: Vec<Step> = Vec::new();
    let (mut upto, mut proved_by) = (stretch.upto, None);
    for row in counting.iter().filter(|row| row.counts(known)) {
        // What a scan proves is told with what it was for.
        let told_already = row.implied && proved_by == Some(scan_of(row.key));
        let Some(leg) = row.leg().filter(|_| !told_already) else { continue };
        let into = packed_into(row);
        if let Some(container) = into.filter(|_| levels > 0) {
            let inside = Stretch { after: row.happened, upto };
            steps.extend(carried(conn, container, inside, known, levels - 1)?);
        }
        let emptied = matches!(row.change, Some(Change::Emptied { .. }));
        steps.push(Step { leg, key: row.key, batch: row.batch, into, emptied });
        (upto, proved_by) = (row.happened, Some(scan_of(row.key)));
        if steps.len() >= most {
            break;
        }
    }
    Ok(steps)
}

/// What a container did while something was in it: until it was first emptied.
fn carried(
    conn: &Connection,
    container: PlaceId,
    inside: Stretch,
    known: Known,
    levels: usize,
) -> Res<Vec<Step>> {
    let subject = Subject::Container(container);
    let mut steps = of_subject(conn, subject, inside, known, MAX_CARRYING, levels)?;
    if let Some(first) = steps.iter().rposition(|step| step.emptied) {
        steps.drain(..first);
    }
    let carried = |step: Step| {
        let leg = Leg { way: Way::Carried, ..step.leg };
        Step { leg, batch: None, into: None, emptied: false, ..step }
    };
    Ok(steps.into_iter().map(carried).collect())
}

/// The container that a movement puts its subject into.
pub const fn packed_into(row: &Moved) -> Option<PlaceId> {
    match row.change {
        Some(Change::Packed { container, .. }) => Some(container),
        _ => None,
    }
}

/// Where a folder is tracked by what is `known`; none: it was never seen, or is gone for good.
pub fn tracked(conn: &Connection, volume: VolumeId, known: Known) -> Res<Option<Leg>> {
    let latest = Timestamp::from_micros(i64::MAX);
    let params = named_params! {
        ":subject": subject_key(Subject::Volume(volume)), ":from": i64::MIN, ":to": latest.micros(),
        ":known": known.before, ":limit": i64::try_from(ROWS_A_LEG).unwrap_or(i64::MAX),
    };
    let rows = all(conn, NEWEST, params, moved)?;
    let last = rows.iter().filter(|row| row.counts(known)).find_map(|row| row.change);
    if matches!(last, Some(Change::Gone { .. } | Change::SeenGone { .. })) {
        return Ok(None);
    }
    Ok(newest(conn, volume, latest, known, 1)?.first().map(|step| step.leg))
}

/// The first leg of a folder after `after` by what is `known`, its own scans only.
pub fn next(conn: &Connection, volume: VolumeId, after: Timestamp, known: Known) -> Res<Option<Leg>> {
    let params = named_params! {
        ":subject": subject_key(Subject::Volume(volume)),
        ":from": after.micros(),
        ":known": known.before,
        ":limit": i64::try_from(ROWS_A_LEG).unwrap_or(i64::MAX),
    };
    let rows = all(conn, NEXT, params, moved)?;
    Ok(rows.iter().filter(|row| row.counts(known)).find_map(Moved::leg))
}
