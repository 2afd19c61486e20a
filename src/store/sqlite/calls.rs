//! Which appointments have called a folder, by what was known at some scan.

use rusqlite::{Connection, Row, named_params};

use super::find::{all, one};
use super::legs::Known;
use super::trouble::Res;
use crate::clock::{DAY_US, Timestamp};
use crate::domain::{PatientId, PlaceId, VolumeId};
use crate::store::locating::{Called, Consultant};

const ANY: &str = "SELECT 1 FROM appointment LIMIT 1 -- whole: only its first row";
const PATIENT: &str =
    "SELECT c.patient FROM volume v CROSS JOIN casenote c ON c.key = v.casenote WHERE v.key = :volume";
const UPTO: &str = "SELECT a.clinic, a.starts_at, a.consultant, w.text FROM appointment a
    LEFT JOIN word w ON w.key = a.consultant WHERE a.patient = :patient AND a.starts_at <= :until
    AND a.scan <= :known AND (a.withdrawn IS NULL OR a.withdrawn > :known)
    ORDER BY a.starts_at DESC LIMIT :most";
const NEXT: &str = "SELECT a.clinic, a.starts_at, a.consultant, w.text FROM appointment a
    LEFT JOIN word w ON w.key = a.consultant WHERE a.patient = :patient AND a.starts_at >= :now
    AND a.withdrawn IS NULL ORDER BY a.starts_at LIMIT 1";

/// Appointments of one folder that are read: what called it before is no longer why it is where it is.
const MAX_CALLED: i64 = 12;
/// Folders are fetched for an appointment no earlier than this before it: the longest time that may be configured.
const MAX_AHEAD_US: i64 = 15 * DAY_US;

/// Reads what called folders; nothing at all where the store knows no appointment.
#[derive(Clone, Copy)]
pub struct Calls {
    any: bool,
}

impl Calls {
    /// Looks whether there is any appointment.
    pub fn open(conn: &Connection) -> Res<Self> {
        Ok(Self { any: one(conn, ANY, [], |_| Ok(()))?.is_some() })
    }

    /// The newest appointments that had called a folder by `now` or were about to, by what is `known`, oldest first.
    pub fn of(self, conn: &Connection, volume: VolumeId, now: Timestamp, known: Known) -> Res<Vec<Called>> {
        if !self.any {
            return Ok(Vec::new());
        }
        let patient = one(conn, PATIENT, named_params! {":volume": volume.key()}, |row| {
            Ok(row.get::<_, Option<i64>>(0)?)
        })?;
        let Some(patient) = patient.flatten() else { return Ok(Vec::new()) };
        let params = named_params! {
            ":patient": patient,
            ":until": now.plus_micros(MAX_AHEAD_US).micros(),
            ":known": known.scan(),
            ":most": MAX_CALLED,
        };
        let mut called = all(conn, UPTO, params, called)?;
        called.reverse();
        Ok(called)
    }
}

/// A patient's next appointment.
pub fn next(conn: &Connection, patient: PatientId, now: Timestamp) -> Res<Option<Called>> {
    one(conn, NEXT, named_params! {":patient": patient.key(), ":now": now.micros()}, called)
}

fn called(row: &Row<'_>) -> Res<Called> {
    let word: Option<i64> = row.get(2)?;
    let name: Option<String> = row.get(3)?;
    Ok(Called {
        clinic: PlaceId::new(row.get(0)?),
        starts_at: Timestamp::from_micros(row.get(1)?),
        consultant: word.zip(name).map(|(word, name)| Consultant { word, name }),
    })
}
