//! Clinic lists. A list supersedes the one before of the same clinic's day; what it no longer says is withdrawn, and
//! stays known to the past.

use std::collections::HashSet;

use rusqlite::named_params;

use super::super::codec::number_in;
use super::super::core::Core;
use super::super::find::all;
use super::super::trouble::Res;
use super::{act, people};
use crate::clock::Timestamp;
use crate::domain::import::{AppointmentRow, Lists, RowResult, Told};
use crate::domain::place::PlaceKind;

const STANDING: &str = "SELECT key, patient, starts_at, consultant FROM appointment
    WHERE clinic = :clinic AND day = :day AND withdrawn IS NULL";
const INSERT: &str =
    "INSERT INTO appointment (clinic, day, starts_at, wanted_from, patient, consultant, scan)
    VALUES (:clinic, :day, :starts_at, :wanted_from, :patient, :consultant, :scan)";
const WITHDRAW: &str = "UPDATE appointment SET withdrawn = :scan WHERE key = :key";
const TOLD: &str =
    "INSERT INTO clinic_list (clinic, day, scan, at, listed) VALUES (:clinic, :day, :scan, :at, :listed)";

/// The act by which lists are learnt.
struct Learnt {
    scan: i64,
    at: Timestamp,
}

/// An appointment that stands.
struct Standing {
    key: i64,
    patient: i64,
    starts_at: i64,
    consultant: Option<i64>,
}

/// Applies clinic lists, each clinic's day whole.
pub fn apply(core: &mut Core, lists: &Lists) -> Res<Vec<RowResult>> {
    let mut results = Vec::with_capacity(lists.rows.len());
    let mut learnt = None;
    for list in lists.rows.chunk_by(|one, other| one.clinic == other.clinic && one.day == other.day) {
        let Some(first) = list.first() else { continue };
        let clinic = match clinic(core, first)? {
            Ok(clinic) => clinic,
            Err(why) => {
                results.extend(list.iter().map(|_| RowResult::Rejected(why.clone())));
                continue;
            }
        };
        let learnt = if let Some(learnt) = &learnt {
            learnt
        } else {
            let (scan, at) = act::bare(core)?;
            core.lists_told = Some(at);
            learnt.insert(Learnt { scan, at })
        };
        results.extend(supersede(core, clinic, list, lists.told, learnt)?);
    }
    Ok(results)
}

/// The place that a list is of; the inner error is for the reject file.
fn clinic(core: &Core, row: &AppointmentRow) -> Res<Result<i64, String>> {
    let named = &row.clinic;
    Ok(match act::place(core, named.as_str())? {
        None => Err(format!(
            "the clinic {named} is no known place: import it with the places, or correct the code"
        )),
        Some((_, kind)) if kind == number_in(&PlaceKind::ALL, &PlaceKind::Container) => {
            Err(format!("the clinic {named} is a container: name the place where patients are seen"))
        }
        Some((place, _)) => Ok(place),
    })
}

fn supersede(
    core: &mut Core,
    clinic: i64,
    list: &[AppointmentRow],
    told: Told,
    learnt: &Learnt,
) -> Res<Vec<RowResult>> {
    let Some(first) = list.first() else { return Ok(Vec::new()) };
    let day = first.day.to_string();
    let mut standing = standing(core, clinic, &day)?;
    let patients = list.iter().filter(|row| row.expected.is_some()).count();
    let empties = told == Told::Whole && patients == 0 && !standing.is_empty();
    let mut kept: HashSet<i64> = HashSet::new();
    let mut results = Vec::with_capacity(list.len());
    for row in list {
        let Some(expected) = &row.expected else {
            results.push(if empties { RowResult::Changed } else { RowResult::Same });
            continue;
        };
        let site = core.word(expected.site.as_str())?;
        let patient = people::patient_of(core, site, &expected.hospital_number)?;
        let consultant = expected.consultant.as_deref().map(|name| core.word(name)).transpose()?;
        let starts_at = row.starts_at.micros();
        let same_time = |other: &&Standing| other.patient == patient && other.starts_at == starts_at;
        let known = standing.iter().find(same_time).map(|known| (known.key, known.consultant));
        let result = match known {
            Some((key, whose)) if whose == consultant => {
                kept.insert(key);
                results.push(RowResult::Same);
                continue;
            }
            Some((key, _)) => {
                withdraw(core, key, learnt)?;
                standing.retain(|other| other.key != key);
                RowResult::Changed
            }
            None => RowResult::Added,
        };
        let key = core.conn.prepare_cached(INSERT)?.insert(named_params! {
            ":clinic": clinic, ":day": day, ":starts_at": starts_at,
            ":wanted_from": row.wanted_from.micros(), ":patient": patient, ":consultant": consultant,
            ":scan": learnt.scan,
        })?;
        kept.insert(key);
        standing.push(Standing { key, patient, starts_at, consultant });
        results.push(result);
    }
    let gone = standing.iter().filter(|standing| told == Told::Whole && !kept.contains(&standing.key));
    for gone in gone {
        withdraw(core, gone.key, learnt)?;
    }
    core.conn.prepare_cached(TOLD)?.execute(named_params! {
        ":clinic": clinic, ":day": day, ":scan": learnt.scan, ":at": learnt.at.micros(),
        ":listed": i64::try_from(patients).unwrap_or(i64::MAX),
    })?;
    Ok(results)
}

fn standing(core: &Core, clinic: i64, day: &str) -> Res<Vec<Standing>> {
    all(&core.conn, STANDING, named_params! {":clinic": clinic, ":day": day}, |row| {
        Ok(Standing {
            key: row.get(0)?,
            patient: row.get(1)?,
            starts_at: row.get(2)?,
            consultant: row.get(3)?,
        })
    })
}

fn withdraw(core: &Core, key: i64, learnt: &Learnt) -> Res<()> {
    core.conn.prepare_cached(WITHDRAW)?.execute(named_params! {":scan": learnt.scan, ":key": key})?;
    Ok(())
}
