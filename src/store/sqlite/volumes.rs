//! Volumes as pages and answers show them.

use rusqlite::{Connection, Row, named_params};

use super::codec::{VolumeRow, at, scan_of, unsigned, uuid};
use super::find::{self, one};
use super::import::people::source;
use super::trouble::{Res, Trouble};
use crate::domain::casenote::{CasenoteNumber, LabelText};
use crate::domain::patient::Patient;
use crate::domain::place::Code;
use crate::domain::question::QuestionKind;
use crate::domain::{PatientId, StaffId, VolumeId};
use crate::store::records::{QuestionRecord, VolumeRecord};

const PATIENT: &str =
    "SELECT key, nhs, surname, forename, born, died, provisional FROM patient WHERE key = :key";
const WHO: &str = "SELECT s.person, d.code FROM scan s CROSS JOIN run r ON r.key = s.run
    CROSS JOIN session e ON e.key = r.session CROSS JOIN desk d ON d.key = e.desk WHERE s.key = :key";
const OLDEST_QUESTION: &str = "SELECT s.id, q.key, q.kind FROM question q CROSS JOIN scan s ON s.key = q.scan
    WHERE q.volume = :volume AND q.answer IS NULL ORDER BY q.key LIMIT 1";

const COUNT: &str = "SELECT ifnull(max(key), 0) FROM volume";

/// How many volumes are known: none is ever deleted, and their keys leave no gap.
pub fn count(conn: &Connection) -> Res<u64> {
    Ok(one(conn, COUNT, [], |row| Ok(unsigned(row.get(0)?)))?.unwrap_or(0))
}

/// Whether the other volumes of the casenote are wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Siblings {
    /// They are.
    Told,
    /// They are left out: a list.
    Omitted,
}

/// The volume that a label names.
pub fn by_label(conn: &Connection, label: &LabelText) -> Res<Option<VolumeRecord>> {
    let row = find::volume_by_label(conn, label)?;
    row.map(|row| record(conn, row, Siblings::Told)).transpose()
}

/// The volume with this handle.
pub fn by_id(conn: &Connection, id: VolumeId, siblings: Siblings) -> Res<Option<VolumeRecord>> {
    let row = find::volume_by_key(conn, id)?;
    row.map(|row| record(conn, row, siblings)).transpose()
}

/// These volumes, in this order, unknown ones left out.
pub fn by_ids(conn: &Connection, ids: &[VolumeId]) -> Res<Vec<VolumeRecord>> {
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        found.extend(by_id(conn, *id, Siblings::Omitted)?);
    }
    Ok(found)
}

/// Everything that is shown of a volume.
pub fn record(conn: &Connection, row: VolumeRow, siblings: Siblings) -> Res<VolumeRecord> {
    let siblings = match siblings {
        Siblings::Told => find::siblings(conn, &row)?,
        Siblings::Omitted => Vec::new(),
    };
    let (by, desk) = who(conn, row.standing.freed.or(row.standing.movement))?;
    Ok(VolumeRecord {
        casenote: casenote(conn, &row)?,
        patient: row.patient.map(|key| patient(conn, key)).transpose()?.flatten(),
        home: row.home,
        hold: find::hold_reason(conn, row.hold)?,
        restricted: row.restricted,
        present: find::seen_through(conn, row.standing.present)?,
        via: row.standing.present.container,
        by,
        desk,
        siblings,
        question: question(conn, row.brief.id)?,
        search: super::search_lists::brief_of(conn, row.brief.id)?,
        brief: row.brief,
    })
}

fn casenote(conn: &Connection, row: &VolumeRow) -> Res<CasenoteNumber> {
    let code = |word| -> Res<Code> {
        find::word_text(conn, word)?.parse().map_err(|_| Trouble::Broken("a site or number type"))
    };
    let number_type = code(row.number_type)?;
    Ok(CasenoteNumber { site: code(row.site)?, number_type, number: row.brief.number.clone() })
}

/// The patient with this key.
pub fn patient(conn: &Connection, key: i64) -> Res<Option<Patient>> {
    one(conn, PATIENT, named_params! {":key": key}, read_patient)
}

fn read_patient(row: &Row<'_>) -> Res<Patient> {
    let day = |at: usize| -> Res<Option<jiff::civil::Date>> {
        let day: Option<String> = row.get(at)?;
        day.map(|day| day.parse().map_err(|_| Trouble::Broken("a day"))).transpose()
    };
    let nhs: Option<i64> = row.get(1)?;
    let nhs = nhs.map(|nhs| format!("{nhs:010}").parse().map_err(|_| Trouble::Broken("a NHS number")));
    Ok(Patient {
        id: PatientId::new(row.get(0)?),
        nhs_number: nhs.transpose()?,
        surname: row.get(2)?,
        forename: row.get(3)?,
        born: day(4)?,
        died: day(5)?,
        source: source(row.get(6)?),
    })
}

/// Who made a movement, and at which desk.
pub fn who(conn: &Connection, movement: Option<i64>) -> Res<(Option<StaffId>, Option<Code>)> {
    let Some(movement) = movement else { return Ok((None, None)) };
    let found = one(conn, WHO, named_params! {":key": scan_of(movement)}, |row| {
        let person: Option<i64> = row.get(0)?;
        let desk = row.get_ref(1)?.as_str()?.parse().map_err(|_| Trouble::Broken("a desk's code"))?;
        Ok((person.map(StaffId::new), desk))
    })?;
    Ok(found.map_or((None, None), |(person, desk)| (person, Some(desk))))
}

fn question(conn: &Connection, volume: VolumeId) -> Res<Option<QuestionRecord>> {
    one(conn, OLDEST_QUESTION, named_params! {":volume": volume.key()}, |row| {
        let key: i64 = row.get(1)?;
        Ok(QuestionRecord {
            id: format!("{}-q{key}", uuid(row.get(0)?)),
            kind: at(&QuestionKind::ALL, row.get(2)?, "a kind of question")?,
        })
    })
}
