//! What the clinic lists say: of a patient at a check-in, of a day for its page, and of what is overdue.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rusqlite::{Connection, Row, named_params};

use super::chase::folders_of;
use super::find::{self, all, one};
use super::trouble::{Res, Trouble};
use super::volumes;
use crate::clock::Timestamp;
use crate::domain::clinic_list::{Call, LATE_US, MAX_CALLS, MAX_LISTED, Readiness, readiness};
use crate::domain::directory::Directory;
use crate::domain::whereabouts::{Present, State};
use crate::domain::{PatientId, PlaceId, VolumeId};
use crate::store::clinic_lists::{Appointment, ClinicDay, Listed, WantedLists};

const TOLD_AT: &str = "SELECT at FROM clinic_list ORDER BY key DESC LIMIT 1 -- whole: only its end";
const CALLS: &str = "SELECT clinic, starts_at, wanted_from FROM appointment
    WHERE patient = :patient AND starts_at >= :from AND withdrawn IS NULL ORDER BY starts_at LIMIT :most";
const DUE: &str = "SELECT key, patient, clinic, starts_at, wanted_from, day FROM appointment
    WHERE (starts_at, key) > (:from, :after) AND starts_at < :until AND withdrawn IS NULL
    ORDER BY starts_at, key LIMIT :most";
const LIST: &str =
    "SELECT a.key, a.patient, a.clinic, a.starts_at, a.wanted_from, a.day, w.text FROM appointment a
    LEFT JOIN word w ON w.key = a.consultant
    WHERE a.clinic = :clinic AND a.day = :day AND a.withdrawn IS NULL LIMIT :most";
const OF_PATIENT: &str =
    "SELECT a.clinic, a.starts_at, w.text, a.scan, s.happened + s.learned_off, a.withdrawn
    FROM appointment a CROSS JOIN scan s ON s.key = a.scan LEFT JOIN word w ON w.key = a.consultant
    WHERE a.patient = :patient AND a.starts_at >= :since ORDER BY a.starts_at LIMIT :most";

/// Most appointments that the overview of clinics looks at: two days of a large hospital.
pub const MAX_DUE: usize = 4_000;
/// Most appointments of one patient that are told: years of them.
const MAX_OF_PATIENT: usize = 200;

/// An appointment that stands.
pub struct Due {
    /// Its key.
    pub key: i64,
    /// Where and when.
    pub call: Call,
    /// Whose.
    pub patient: i64,
    /// The day in the hospital's time zone.
    pub day: Date,
}

/// When a clinic list was told last.
pub fn told_at(conn: &Connection) -> Res<Option<Timestamp>> {
    one(conn, TOLD_AT, [], |row| Ok(Timestamp::from_micros(row.get(0)?)))
}

/// The next appointments of a patient, those just begun included.
pub fn calls(conn: &Connection, patient: PatientId, now: Timestamp) -> Res<Vec<Call>> {
    let params = named_params! {
        ":patient": patient.key(),
        ":from": now.plus_micros(-LATE_US).micros(),
        ":most": i64::try_from(MAX_CALLS).unwrap_or(i64::MAX),
    };
    all(conn, CALLS, params, |row| call(row, 0))
}

fn call(row: &Row<'_>, first: usize) -> Res<Call> {
    Ok(Call {
        clinic: PlaceId::new(row.get(first)?),
        starts_at: Timestamp::from_micros(row.get(first + 1)?),
        wanted_from: Timestamp::from_micros(row.get(first + 2)?),
    })
}

fn due_row(row: &Row<'_>) -> Res<Due> {
    let day = row.get_ref(5)?.as_str()?.parse().map_err(|_| Trouble::Broken("a clinic's day"))?;
    Ok(Due { key: row.get(0)?, patient: row.get(1)?, call: call(row, 2)?, day })
}

/// The appointments after one, by time, up to a time.
pub fn due(conn: &Connection, (from, after): (i64, i64), until: Timestamp, most: usize) -> Res<Vec<Due>> {
    let params = named_params! {
        ":from": from, ":after": after, ":until": until.micros(),
        ":most": i64::try_from(most).unwrap_or(i64::MAX),
    };
    all(conn, DUE, params, due_row)
}

/// The clinics of the coming days, the next first, each with how many folders are ready for it.
pub fn days(conn: &Connection, directory: &Directory, now: Timestamp, until: Timestamp) -> Res<WantedLists> {
    let from = (now.plus_micros(-LATE_US).micros(), i64::MIN);
    let due = due(conn, from, until, MAX_DUE)?;
    let more = due.len() == MAX_DUE;
    let mut days: BTreeMap<(Date, PlaceId), ClinicDay> = BTreeMap::new();
    for Due { call, patient, day, .. } in due {
        let clinic = days.entry((day, call.clinic)).or_insert(ClinicDay {
            clinic: call.clinic,
            day,
            first: call.starts_at,
            patients: 0,
            folders: 0,
            put_aside: 0,
            there: 0,
        });
        clinic.patients += 1;
        for (_, present) in presents(conn, patient)? {
            clinic.folders += 1;
            match readiness(directory, &call, &present) {
                Readiness::PutAside => clinic.put_aside += 1,
                Readiness::OnItsWay | Readiness::AtClinic => clinic.there += 1,
                Readiness::ToComeIn | Readiness::NotYetSeen | Readiness::ToPull => {}
            }
        }
    }
    let mut days: Vec<_> = days.into_values().collect();
    days.sort_by_key(|clinic| (clinic.first, clinic.clinic));
    Ok(WantedLists { told_at: told_at(conn)?, days, more })
}

/// The folders of those who are expected, the next clinic first, that are not at their clinic yet.
pub fn called_for(
    conn: &Connection,
    directory: &Directory,
    (now, until): (Timestamp, Timestamp),
    most: usize,
) -> Res<Vec<VolumeId>> {
    let mut found = Vec::new();
    for Due { call, patient, .. } in due(conn, (now.micros(), i64::MIN), until, MAX_DUE)? {
        for (volume, present) in presents(conn, patient)? {
            if readiness(directory, &call, &present) != Readiness::AtClinic && !found.contains(&volume) {
                found.push(volume);
            }
        }
        if found.len() >= most {
            found.truncate(most);
            break;
        }
    }
    Ok(found)
}

/// Where the folders of a patient are that are not gone for good.
fn presents(conn: &Connection, patient: i64) -> Res<Vec<(VolumeId, Present)>> {
    let mut found = Vec::new();
    for casenote in find::casenotes_of(conn, patient)? {
        for row in find::volumes_of_casenote(conn, casenote.key())? {
            let present = find::seen_through(conn, row.standing.present)?;
            if !matches!(present.state, State::Gone(_)) {
                found.push((row.brief.id, present));
            }
        }
    }
    Ok(found)
}

/// The list of a clinic's day, by time.
pub fn list(conn: &Connection, directory: &Directory, clinic: PlaceId, day: Date) -> Res<Vec<Listed>> {
    let params = named_params! {
        ":clinic": clinic.key(), ":day": day.to_string(),
        ":most": i64::try_from(MAX_LISTED).unwrap_or(i64::MAX),
    };
    let rows = all(conn, LIST, params, |row| Ok((due_row(row)?, row.get::<_, Option<String>>(6)?)))?;
    let mut listed = Vec::with_capacity(rows.len());
    for (due, consultant) in rows {
        let folders = folders_of(conn, due.patient)?;
        let folders = folders
            .into_iter()
            .map(|folder| (readiness(directory, &due.call, &folder.present), folder))
            .collect();
        listed.push(Listed {
            starts_at: due.call.starts_at,
            patient: volumes::patient(conn, due.patient)?,
            consultant,
            folders,
        });
    }
    listed.sort_by_key(|listed| listed.starts_at);
    Ok(listed)
}

/// The appointments of a patient from a time on, those withdrawn included, by time.
pub fn of_patient(conn: &Connection, patient: PatientId, since: Timestamp) -> Res<Vec<Appointment>> {
    let params = named_params! {
        ":patient": patient.key(), ":since": since.micros(),
        ":most": i64::try_from(MAX_OF_PATIENT).unwrap_or(i64::MAX),
    };
    all(conn, OF_PATIENT, params, |row| {
        Ok(Appointment {
            clinic: PlaceId::new(row.get(0)?),
            starts_at: Timestamp::from_micros(row.get(1)?),
            consultant: row.get(2)?,
            learned_by: row.get(3)?,
            learned_at: Timestamp::from_micros(row.get(4)?),
            withdrawn_by: row.get(5)?,
        })
    })
}
