//! Staff and patients.

use rusqlite::named_params;

use super::super::codec::number_in;
use super::super::core::{Core, Names};
use super::super::find::{self, one};
use super::super::names;
use super::super::trouble::Res;
use super::act;
use crate::domain::import::{PatientRow, RowResult, StaffRow};
use crate::domain::making::TypedIn;
use crate::domain::patient::{Number, Source};
use crate::domain::staff::Role;

const STAFF: &str = "SELECT key, name, role FROM staff WHERE badge = :badge";
const INSERT_STAFF: &str = "INSERT INTO staff (badge, name, role) VALUES (:badge, :name, :role)";
const SET_STAFF: &str = "UPDATE staff SET name = :name, role = :role WHERE key = :key";
const PATIENT: &str = "SELECT p.key, p.nhs, p.surname, p.forename, p.born, p.died, p.provisional
    FROM patient_number n CROSS JOIN patient p ON p.key = n.patient WHERE n.number = :number AND n.site = :site";
const INSERT_PATIENT: &str = "INSERT INTO patient (nhs, surname, forename, sought, born, died, provisional)
    VALUES (:nhs, :surname, :forename, :sought, :born, :died, :provisional)";
const SET_PATIENT: &str =
    "UPDATE patient SET nhs = :nhs, surname = :surname, forename = :forename, sought = :sought,
    born = :born, died = :died, provisional = :provisional WHERE key = :key";
const INSERT_NUMBER: &str =
    "INSERT INTO patient_number (number, site, patient) VALUES (:number, :site, :patient)";

/// Applies a row of staff.
pub fn person(core: &mut Core, row: &StaffRow) -> Res<RowResult> {
    let badge = row.badge.as_str();
    if let Some(why) = unusable(core, badge)? {
        return Ok(RowResult::Rejected(why));
    }
    let known = one(&core.conn, STAFF, named_params! {":badge": badge}, |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, i64>(2)?))
    })?;
    let told = |now: Option<(String, i64)>| {
        let (name_now, role_now) = now.unzip();
        let name = row.name.clone().over(name_now).unwrap_or_else(|| badge.to_owned());
        let role = row.role.map(|role| number_in(&Role::ALL, &role)).over(role_now);
        (name, role.unwrap_or_else(|| number_in(&Role::ALL, &Role::Clerk)))
    };
    let Some((key, name_now, role_now)) = known else {
        let (name, role) = told(None);
        let params = named_params! {":badge": badge, ":name": name, ":role": role};
        core.conn.prepare_cached(INSERT_STAFF)?.execute(params)?;
        core.directory_changed = true;
        return Ok(RowResult::Added);
    };
    let (name, role) = told(Some((name_now.clone(), role_now)));
    if name == name_now && role == role_now {
        return Ok(RowResult::Same);
    }
    let params = named_params! {":name": name, ":role": role, ":key": key};
    core.conn.prepare_cached(SET_STAFF)?.execute(params)?;
    core.directory_changed = true;
    Ok(RowResult::Changed)
}

fn unusable(core: &Core, badge: &str) -> Res<Option<String>> {
    if act::is_ours(badge) {
        return Ok(Some(format!(
            "{badge} has the form of a barcode that Casetrack makes: use another badge code"
        )));
    }
    if act::place(core, badge)?.is_some() {
        return Ok(Some(format!("{badge} is the code of a place: one text must mean one thing")));
    }
    if act::labelled(core, badge)?.is_some() {
        return Ok(Some(format!("{badge} is the label of a folder: one text must mean one thing")));
    }
    Ok(None)
}

#[derive(PartialEq, Eq)]
struct Person {
    nhs: Option<i64>,
    surname: String,
    forename: String,
    born: Option<String>,
    died: Option<String>,
    source: Source,
}

impl Person {
    fn sought(&self) -> String {
        names::sought(&self.surname, &self.forename)
    }
}

/// Applies a row of patients.
pub fn patient(core: &mut Core, row: &PatientRow) -> Res<RowResult> {
    let site = core.word(row.site.as_str())?;
    let known = known_patient(core, site, &row.hospital_number)?;
    let told = |now: Option<&Person>| Person {
        nhs: row.nhs_number.map(find::nhs_key).over(now.and_then(|now| now.nhs)),
        surname: row.surname.clone().over(now.map(|now| now.surname.clone())).unwrap_or_default(),
        forename: row.forename.clone().over(now.map(|now| now.forename.clone())).unwrap_or_default(),
        born: row.born.map(|day| day.to_string()).over(now.and_then(|now| now.born.clone())),
        died: row.died.map(|day| day.to_string()).over(now.and_then(|now| now.died.clone())),
        source: Source::Imported,
    };
    match known {
        None => {
            let key = insert(core, &told(None))?;
            number(core, site, &row.hospital_number, key)?;
            Ok(RowResult::Added)
        }
        Some((key, now)) => {
            let told = told(Some(&now));
            if told == now {
                return Ok(RowResult::Same);
            }
            change(core, key, &now, &told)?;
            Ok(match now.source {
                Source::Imported => RowResult::Changed,
                Source::TypedIn => RowResult::Confirmed(differs(&now, &told)),
            })
        }
    }
}

fn known_patient(core: &Core, site: i64, number: &Number) -> Res<Option<(i64, Person)>> {
    one(&core.conn, PATIENT, named_params! {":number": number.as_str(), ":site": site}, |row| {
        let person = Person {
            nhs: row.get(1)?,
            surname: row.get(2)?,
            forename: row.get(3)?,
            born: row.get(4)?,
            died: row.get(5)?,
            source: source(row.get(6)?),
        };
        Ok((row.get(0)?, person))
    })
}

fn insert(core: &Core, person: &Person) -> Res<i64> {
    let sought = person.sought();
    let key = core.conn.prepare_cached(INSERT_PATIENT)?.insert(named_params! {
        ":nhs": person.nhs, ":surname": person.surname, ":forename": person.forename,
        ":sought": sought, ":born": person.born, ":died": person.died,
        ":provisional": provisional(person.source),
    })?;
    if core.names == Names::AtOnce {
        names::enter(&core.conn, key, &sought)?;
    }
    Ok(key)
}

fn change(core: &Core, key: i64, now: &Person, told: &Person) -> Res<()> {
    let (sought_now, sought) = (now.sought(), told.sought());
    core.conn.prepare_cached(SET_PATIENT)?.execute(named_params! {
        ":nhs": told.nhs, ":surname": told.surname, ":forename": told.forename,
        ":sought": sought, ":born": told.born, ":died": told.died,
        ":provisional": provisional(told.source), ":key": key,
    })?;
    if sought != sought_now && core.names == Names::AtOnce {
        names::take_out(&core.conn, key, &sought_now)?;
        names::enter(&core.conn, key, &sought)?;
    }
    Ok(())
}

fn number(core: &Core, site: i64, number: &Number, patient: i64) -> Res<()> {
    let params = named_params! {":number": number.as_str(), ":site": site, ":patient": patient};
    core.conn.prepare_cached(INSERT_NUMBER)?.execute(params)?;
    Ok(())
}

/// The patient under a number, made without a name if nobody told of them.
pub fn patient_of(core: &Core, site: i64, hospital_number: &Number) -> Res<i64> {
    if let Some((key, _)) = known_patient(core, site, hospital_number)? {
        return Ok(key);
    }
    let nameless = Person {
        nhs: None,
        surname: String::new(),
        forename: String::new(),
        born: None,
        died: None,
        source: Source::Imported,
    };
    let key = insert(core, &nameless)?;
    number(core, site, hospital_number, key)?;
    Ok(key)
}

/// Enters a patient whom a clerk typed in, with their number; says their key.
pub fn type_in(core: &mut Core, typed: &TypedIn) -> Res<i64> {
    let site = core.word(typed.site.as_str())?;
    let person = Person {
        nhs: typed.nhs_number.map(find::nhs_key),
        surname: typed.surname.clone(),
        forename: typed.forename.clone(),
        born: typed.born.map(|day| day.to_string()),
        died: None,
        source: Source::TypedIn,
    };
    let key = insert(core, &person)?;
    number(core, site, &typed.number, key)?;
    Ok(key)
}

/// Who told of a patient, by the column `provisional`.
pub const fn source(provisional: Option<i64>) -> Source {
    match provisional {
        Some(_) => Source::TypedIn,
        None => Source::Imported,
    }
}

const fn provisional(source: Source) -> Option<i64> {
    match source {
        Source::TypedIn => Some(1),
        Source::Imported => None,
    }
}

/// What was typed in otherwise than it was told now: what a label printed meanwhile may say wrongly.
fn differs(typed: &Person, told: &Person) -> Option<String> {
    let shown = |nhs: Option<i64>| nhs.map(|nhs| format!("{nhs:010}"));
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let pairs = [
        ("surname", some(&typed.surname), some(&told.surname)),
        ("forename", some(&typed.forename), some(&told.forename)),
        ("birth date", typed.born.clone(), told.born.clone()),
        ("NHS number", shown(typed.nhs), shown(told.nhs)),
    ];
    let differ = pairs.into_iter().filter(|(_, typed, told)| typed != told).map(|(what, typed, _)| {
        let typed = typed.unwrap_or_else(|| "none".to_owned());
        format!("{what} {typed}")
    });
    let differ: Vec<_> = differ.collect();
    (!differ.is_empty()).then(|| {
        format!(
            "this patient was typed in here with {}: print the labels anew, reason wrong details",
            differ.join(", ")
        )
    })
}
