//! All that is known of one folder for whoever searches for it, by indexed reads whose number is bounded.

use rusqlite::{Connection, named_params};

use super::calls::{self, Calls};
use super::find::{self, all};
use super::history;
use super::legs::{self, Known, Step};
use super::mates;
use super::search;
use super::trouble::{Res, Trouble};
use super::volumes::{self, Siblings};
use crate::clock::Timestamp;
use crate::domain::leg::{Leg, Way};
use crate::domain::patient::Number;
use crate::domain::{PatientId, PlaceId, VolumeId};
use crate::store::VolumeRecord;
use crate::store::locating::{Evidence, LEGS_READ, MAX_FOLDERS, Stage, WholeSet};

const FILED_BY: &str =
    "SELECT v.key, c.number, v.home FROM volume v CROSS JOIN casenote c ON c.key = v.casenote
    WHERE v.key > :after ORDER BY v.key LIMIT :limit";

const SWEPT: &str = "SELECT w.place, t.at FROM sweep_step t INDEXED BY sweep_step_whole CROSS JOIN sweep w
    ON w.key = t.sweep WHERE t.what = 4 AND t.at > :since AND t.scan <= :known ORDER BY t.at DESC LIMIT :most";

/// The scan as of which everything is known: later than any.
pub const NOW: i64 = (i64::MAX >> 13) - 1;
/// Later than any movement.
const LATEST: Timestamp = Timestamp::from_micros(i64::MAX);
/// Sweeps of whole rooms that are read: a month's.
const MAX_SWEPT: i64 = 64;
/// Movements that are shown beside a plan.
const MOVEMENTS_SHOWN: usize = 5;
/// Volumes of one piece of the order of the shelves: read in about 10 ms.
const NUMBERS_A_PIECE: i64 = 20_000;

/// What is known of a folder.
pub fn of(
    conn: &Connection,
    volume: VolumeId,
    (known, now): (Known, Timestamp),
    libraries: &[PlaceId],
) -> Res<Option<Evidence>> {
    let Some(row) = find::volume_by_key(conn, volume)? else { return Ok(None) };
    let steps = legs::newest(conn, volume, LATEST, known, LEGS_READ)?;
    let own = steps.iter().find(|step| step.leg.way != Way::Carried);
    let last = own.filter(|step| step.batch.is_some());
    let returned = steps.iter().find(|step| step.batch.is_some() && is_return(step, libraries));
    let packed = steps.iter().find_map(|step| step.into.map(|container| (step, container)));
    Ok(Some(Evidence {
        volume,
        number: row.brief.number.clone(),
        home: row.home,
        stages: steps.iter().map(stage).collect(),
        mates: mates::of_batch(conn, volume, last, known)?,
        returned_with: mates::of_batch(conn, volume, returned, known)?,
        crate_mates: mates::of_container(conn, volume, packed, known)?,
        siblings: siblings(conn, volume, row.brief.casenote.key(), known)?,
        called: Calls::open(conn)?.of(conn, volume, now, known)?,
        swept: swept(conn, steps.first().map(|step| step.leg.happened), known)?,
    }))
}

const fn stage(step: &Step) -> Stage {
    Stage { leg: step.leg, in_batch: step.batch.is_some() }
}

fn is_return(step: &Step, libraries: &[PlaceId]) -> bool {
    matches!(step.leg.way, Way::In | Way::Filed) && libraries.contains(&step.leg.to)
}

/// Where the other volumes of a casenote were tracked, those gone for good left out.
fn siblings(conn: &Connection, volume: VolumeId, casenote: i64, known: Known) -> Res<Vec<Leg>> {
    let mut found = Vec::new();
    for other in find::volumes_of_casenote(conn, casenote)? {
        if other.brief.id != volume {
            found.extend(legs::tracked(conn, other.brief.id, known)?);
        }
    }
    Ok(found)
}

/// The rooms that somebody has said to have swept whole since a folder was last scanned, the newest first.
fn swept(conn: &Connection, since: Option<Timestamp>, known: Known) -> Res<Vec<(PlaceId, Timestamp)>> {
    let params = named_params! {
        ":since": since.map_or(i64::MIN, Timestamp::micros), ":known": known.scan(), ":most": MAX_SWEPT,
    };
    all(conn, SWEPT, params, |row| Ok((PlaceId::new(row.get(0)?), Timestamp::from_micros(row.get(1)?))))
}

/// Everything that is shown beside a plan.
pub fn whole_set(conn: &Connection, volume: VolumeId, now: Timestamp) -> Res<Option<WholeSet>> {
    let Some(record) = volumes::by_id(conn, volume, Siblings::Told)? else { return Ok(None) };
    let patient = record.patient.as_ref().map(|patient| patient.id);
    let (movements, _) = history::movements(conn, volume, None, MOVEMENTS_SHOWN)?;
    Ok(Some(WholeSet {
        folders: folders(conn, &record, patient)?,
        numbers: patient.map_or(Ok(Vec::new()), |patient| numbers(conn, patient))?,
        movements,
        neighbours: neighbours(conn, volume)?,
        next_appointment: patient.map_or(Ok(None), |patient| calls::next(conn, patient, now))?,
        record,
    }))
}

/// All other folders of the patient; without a patient, those of the casenote.
fn folders(conn: &Connection, record: &VolumeRecord, patient: Option<PatientId>) -> Res<Vec<VolumeRecord>> {
    let casenotes = match patient {
        Some(patient) => find::casenotes_of(conn, patient.key())?,
        None => vec![record.brief.casenote],
    };
    let mut found = Vec::new();
    for casenote in casenotes {
        for row in find::volumes_of_casenote(conn, casenote.key())? {
            if row.brief.id != record.brief.id && found.len() < MAX_FOLDERS {
                found.push(volumes::record(conn, row, Siblings::Omitted)?);
            }
        }
    }
    Ok(found)
}

fn numbers(conn: &Connection, patient: PatientId) -> Res<Vec<Number>> {
    let found = search::numbers_of(conn, patient)?;
    found.iter().map(|text| text.parse().map_err(|_| Trouble::Broken("a hospital number"))).collect()
}

/// The folders scanned just before and just after a folder in its last batch.
fn neighbours(conn: &Connection, volume: VolumeId) -> Res<Vec<VolumeRecord>> {
    let steps = legs::newest(conn, volume, LATEST, Known::with(NOW), LEGS_READ)?;
    let Some(step) = steps.iter().find(|step| step.batch.is_some()) else { return Ok(Vec::new()) };
    volumes::by_ids(conn, &mates::beside(conn, volume, step, Known::with(NOW))?)
}

/// The numbers that volumes are filed by.
pub fn filed_numbers(
    conn: &Connection,
    after: Option<VolumeId>,
) -> Res<Vec<(VolumeId, Number, Option<PlaceId>)>> {
    let after = after.map_or(0, VolumeId::key);
    all(conn, FILED_BY, named_params! {":after": after, ":limit": NUMBERS_A_PIECE}, |row| {
        let number = row.get_ref(1)?.as_str()?.parse().map_err(|_| Trouble::Broken("a casenote number"))?;
        Ok((VolumeId::new(row.get(0)?), number, row.get::<_, Option<i64>>(2)?.map(PlaceId::new)))
    })
}
