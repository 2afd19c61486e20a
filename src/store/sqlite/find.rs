//! Single things by key or by label. Writer and readers look through the same functions.

use rusqlite::{Connection, OptionalExtension, Row, named_params};

use super::codec::{Standing, VolumeRow, standing, subject_key, volume_row};
use super::trouble::{Res, Trouble};
use crate::domain::casenote::{LabelText, Sibling};
use crate::domain::movement::Subject;
use crate::domain::patient::{NhsNumber, Number};
use crate::domain::place::Code;
use crate::domain::whereabouts::{Carrier, MAX_NESTING, Present, State, through};
use crate::domain::{CasenoteId, PlaceId, VolumeId};

pub const VOLUME_BY_LABEL: &str =
    "SELECT t.* FROM label l CROSS JOIN volume_told t ON t.key = l.volume WHERE l.text = :text";
const VOLUME_BY_KEY: &str = "SELECT t.* FROM volume_told t WHERE t.key = :key";
pub const VOLUMES_OF_CASENOTE: &str =
    "SELECT t.* FROM volume_told t WHERE t.casenote = :casenote ORDER BY t.number";
const STANDING: &str =
    "SELECT w.state, w.place, w.towards, w.packed_in, w.confirmed, w.filed, w.since, w.how,
    w.or_at, w.movement, w.freed, w.newest, w.uncertainty FROM whereabouts w WHERE w.subject = :subject";
pub const HOLD_REASON: &str = "SELECT reason FROM hold WHERE key = :key";
const WORD: &str = "SELECT key FROM word WHERE text = :text";
const WORD_TEXT: &str = "SELECT text FROM word WHERE key = :key";
const CASENOTES_BY_NUMBER: &str = "SELECT key FROM casenote WHERE number = :number LIMIT :limit";
const CASENOTES_BY_NUMBER_AND_SITE: &str =
    "SELECT key FROM casenote WHERE number = :number AND site = :site LIMIT :limit";
const PATIENTS_BY_NUMBER: &str = "SELECT patient FROM patient_number WHERE number = :number LIMIT :limit";
const PATIENT_BY_NUMBER_AND_SITE: &str =
    "SELECT patient FROM patient_number WHERE number = :number AND site = :site";
const PATIENTS_BY_NHS: &str = "SELECT key FROM patient WHERE nhs = :nhs ORDER BY key LIMIT :limit";
const CASENOTES_BY_PATIENT: &str =
    "SELECT key FROM casenote WHERE patient = :patient ORDER BY key LIMIT :limit";
const INSIDE: &str = "SELECT subject FROM whereabouts WHERE packed_in = :container AND state = 3";
const COUNT_INSIDE: &str = "SELECT count(*) FROM whereabouts WHERE packed_in = :container AND state = 3";

/// Most casenotes or patients that one number is followed to: merged hospitals share a number, not hundreds.
const MAX_NAMESAKES: i64 = 64;
/// Furthest that a chain of containers is walked: late acts may nest deeper than the rule allows.
const MAX_CHAIN: usize = 4 * MAX_NESTING;

/// Reads one row with a reader that may fail in our own ways.
pub fn one<T>(
    conn: &Connection,
    sql: &str,
    params: impl rusqlite::Params,
    read: impl FnOnce(&Row<'_>) -> Res<T>,
) -> Res<Option<T>> {
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    rows.next()?.map(read).transpose()
}

/// Reads all rows.
pub fn all<T>(
    conn: &Connection,
    sql: &str,
    params: impl rusqlite::Params,
    mut read: impl FnMut(&Row<'_>) -> Res<T>,
) -> Res<Vec<T>> {
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read(row)?);
    }
    Ok(found)
}

fn key(row: &Row<'_>) -> Res<i64> {
    Ok(row.get(0)?)
}

/// The volume that a label names.
pub fn volume_by_label(conn: &Connection, label: &LabelText) -> Res<Option<VolumeRow>> {
    one(conn, VOLUME_BY_LABEL, named_params! {":text": label.as_str()}, volume_row)
}

/// The volume with this key.
pub fn volume_by_key(conn: &Connection, volume: VolumeId) -> Res<Option<VolumeRow>> {
    one(conn, VOLUME_BY_KEY, named_params! {":key": volume.key()}, volume_row)
}

/// The volumes of a casenote, by volume number.
pub fn volumes_of_casenote(conn: &Connection, casenote: i64) -> Res<Vec<VolumeRow>> {
    all(conn, VOLUMES_OF_CASENOTE, named_params! {":casenote": casenote}, volume_row)
}

/// Where a subject stands by itself.
pub fn standing_of(conn: &Connection, subject: Subject) -> Res<Standing> {
    let found =
        one(conn, STANDING, named_params! {":subject": subject_key(subject)}, |row| standing(row, 0))?;
    Ok(found.unwrap_or_default())
}

/// Why a volume may not leave.
pub fn hold_reason(conn: &Connection, hold: Option<i64>) -> Res<Option<String>> {
    let Some(hold) = hold else { return Ok(None) };
    Ok(one(conn, HOLD_REASON, named_params! {":key": hold}, |row| Ok(row.get(0)?))?.flatten())
}

/// The containers outwards of `present`, the innermost first, each with where it is.
pub fn carriers(conn: &Connection, present: &Present) -> Res<Vec<Carrier>> {
    let mut found: Vec<Carrier> = Vec::new();
    let mut next = present.container;
    while let Some(container) = next {
        let known = found.iter().any(|carrier| carrier.container == container);
        if known || found.len() >= MAX_CHAIN {
            break;
        }
        let present = standing_of(conn, Subject::Container(container))?.present;
        found.push(Carrier { container, present });
        next = present.container;
    }
    Ok(found)
}

/// `present` read through its containers.
pub fn seen_through(conn: &Connection, present: Present) -> Res<Present> {
    if present.container.is_none() {
        return Ok(present);
    }
    Ok(through(present, &carriers(conn, &present)?))
}

/// The other live volumes of a volume's casenote; costs nothing where there is no other.
pub fn siblings(conn: &Connection, row: &VolumeRow) -> Res<Vec<Sibling>> {
    if row.volumes < 2 {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for other in volumes_of_casenote(conn, row.brief.casenote.key())? {
        if other.brief.id == row.brief.id || matches!(other.standing.present.state, State::Gone(_)) {
            continue;
        }
        let present = seen_through(conn, other.standing.present)?;
        found.push(Sibling { brief: other.brief, present });
    }
    Ok(found)
}

/// The key of a word, if it was ever used.
pub fn word(conn: &Connection, text: &str) -> Res<Option<i64>> {
    one(conn, WORD, named_params! {":text": text}, key)
}

/// The text of a word.
pub fn word_text(conn: &Connection, word: i64) -> Res<String> {
    let found = one(conn, WORD_TEXT, named_params! {":key": word}, |row| Ok(row.get(0)?))?;
    found.ok_or(Trouble::Broken("a word"))
}

/// The casenotes under a number, of one site or of any.
pub fn casenotes(conn: &Connection, number: &Number, site: Option<&Code>) -> Res<Vec<CasenoteId>> {
    let found = match site {
        None => {
            let params = named_params! {":number": number.as_str(), ":limit": MAX_NAMESAKES};
            all(conn, CASENOTES_BY_NUMBER, params, key)?
        }
        Some(site) => match word(conn, site.as_str())? {
            None => Vec::new(),
            Some(site) => {
                let params =
                    named_params! {":number": number.as_str(), ":site": site, ":limit": MAX_NAMESAKES};
                all(conn, CASENOTES_BY_NUMBER_AND_SITE, params, key)?
            }
        },
    };
    Ok(found.into_iter().map(CasenoteId::new).collect())
}

/// The patients under a hospital number, of one site or of any.
pub fn patients(conn: &Connection, number: &Number, site: Option<&Code>) -> Res<Vec<i64>> {
    match site {
        None => {
            let params = named_params! {":number": number.as_str(), ":limit": MAX_NAMESAKES};
            all(conn, PATIENTS_BY_NUMBER, params, key)
        }
        Some(site) => match word(conn, site.as_str())? {
            None => Ok(Vec::new()),
            Some(site) => {
                let params = named_params! {":number": number.as_str(), ":site": site};
                all(conn, PATIENT_BY_NUMBER_AND_SITE, params, key)
            }
        },
    }
}

/// The patients under a NHS number.
pub fn patients_by_nhs(conn: &Connection, nhs: NhsNumber) -> Res<Vec<i64>> {
    let params = named_params! {":nhs": nhs_key(nhs), ":limit": MAX_NAMESAKES};
    all(conn, PATIENTS_BY_NHS, params, key)
}

/// A NHS number as it is stored.
pub fn nhs_key(nhs: NhsNumber) -> i64 {
    nhs.to_string().parse().unwrap_or(0)
}

/// The casenotes of a patient.
pub fn casenotes_of(conn: &Connection, patient: i64) -> Res<Vec<CasenoteId>> {
    let params = named_params! {":patient": patient, ":limit": MAX_NAMESAKES};
    let found = all(conn, CASENOTES_BY_PATIENT, params, key)?;
    Ok(found.into_iter().map(CasenoteId::new).collect())
}

/// What stands in a container by the log, directly.
pub fn inside(conn: &Connection, container: PlaceId) -> Res<Vec<i64>> {
    all(conn, INSIDE, named_params! {":container": container.key()}, key)
}

/// How many stand in a container by the log, directly.
pub fn count_inside(conn: &Connection, container: PlaceId) -> Res<u32> {
    let mut statement = conn.prepare_cached(COUNT_INSIDE)?;
    Ok(statement
        .query_row(named_params! {":container": container.key()}, |row| row.get(0))
        .optional()?
        .unwrap_or(0))
}
