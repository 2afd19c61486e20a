//! Folders that are made up on a page: what stands where they are to go, who is much like a patient that is typed in,
//! and the rows that a new folder is.

use jiff::civil::Date;
use rusqlite::{Connection, named_params};

use super::core::Core;
use super::find::{self, all, one};
use super::import::volumes::{self as added, NewVolume};
use super::import::{act, people};
use super::search::{after_all, numbers_of};
use super::searches;
use super::trouble::{Res, Trouble};
use super::volumes;
use crate::domain::casenote::{CasenoteNumber, VolumeKind};
use crate::domain::making::{
    Alike, Ground, MAX_ALIKE, Making, MakingView, NewFolder, OriginalView, Owner, TypedIn, Under, Whose,
    alike, days_beside, numbers_beside, turns,
};
use crate::domain::patient::Number;
use crate::domain::place::Code;
use crate::domain::spelling::plain;
use crate::domain::whereabouts::State;
use crate::domain::{CasenoteId, PatientId, VolumeId};

const CASENOTE: &str = "SELECT number, site, number_type FROM casenote WHERE key = :key";
const HIGHEST: &str = "SELECT max(number) FROM volume WHERE casenote = :casenote";
const IN_USE: &str = "SELECT 1 FROM casenote WHERE number = :number AND site = :site
    AND number_type = :number_type";
const BORN: &str = "SELECT key FROM patient WHERE born = :born AND born IS NOT NULL
    AND sought >= :from AND sought < :end ORDER BY sought, key LIMIT :limit";
const OF_NAME: &str = "SELECT key FROM patient WHERE sought <> '' AND sought = :sought
    AND (born IS NULL OR :any) ORDER BY key LIMIT :limit";
const NAMESAKE: &str = "SELECT 1 FROM patient one CROSS JOIN patient other ON other.sought = one.sought
    WHERE one.key = :patient AND one.died IS NULL AND other.sought <> '' AND other.died IS NULL
    AND other.key <> one.key LIMIT 1";
const LAST_CASENOTE: &str = "SELECT ifnull(max(key), 0) FROM casenote";
const SITES: &str =
    "SELECT DISTINCT site FROM (SELECT site FROM casenote WHERE key >= :from ORDER BY key LIMIT :limit)
    -- whole: of the few that were looked at";

/// Most people that one way of being alike brings up; those of one name and birth date are never so many.
const MAX_CANDIDATES: i64 = 64;
/// Parts of all casenotes in which issuing sites are looked for, and casenotes looked at in each.
const SITE_SAMPLES: i64 = 16;
const SITE_SAMPLE: i64 = 128;

/// What stands where `making` is to go.
pub fn view(conn: &Connection, making: &Making) -> Res<MakingView> {
    let ground = match &making.under {
        Under::Casenote(casenote) => goes_on(conn, *casenote)?,
        Under::New { number, .. } if is_in_use(conn, number)? => Ground::Taken,
        Under::New { whose, .. } => Ground::Free(owner(conn, whose)?),
    };
    let originals = match &making.under {
        Under::Casenote(casenote) => originals(conn, *casenote)?,
        Under::New { .. } => Vec::new(),
    };
    Ok(MakingView { next: VolumeId::new(added::next(conn)?), ground, originals })
}

fn originals(conn: &Connection, casenote: CasenoteId) -> Res<Vec<OriginalView>> {
    let mut found = Vec::new();
    for row in find::volumes_of_casenote(conn, casenote.key())?.into_iter().rev() {
        let gone = matches!(row.standing.present.state, State::Gone(_));
        if row.brief.kind == VolumeKind::Original && !gone {
            let search = searches::wanted(conn, row.brief.id)?.map(|wanted| wanted.search);
            found.push(OriginalView { volume: row.brief.id, search });
        }
    }
    Ok(found)
}

fn goes_on(conn: &Connection, casenote: CasenoteId) -> Res<Ground> {
    let known = one(conn, CASENOTE, named_params! {":key": casenote.key()}, |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?))
    })?;
    let Some((number, site, number_type)) = known else { return Ok(Ground::NoCasenote) };
    let code = |word| -> Res<Code> {
        find::word_text(conn, word)?.parse().map_err(|_| Trouble::Broken("a site or number type"))
    };
    let number = CasenoteNumber {
        site: code(site)?,
        number_type: code(number_type)?,
        number: number.parse().map_err(|_| Trouble::Broken("a casenote's number"))?,
    };
    let params = named_params! {":casenote": casenote.key()};
    let highest = one(conn, HIGHEST, params, |row| Ok(row.get::<_, Option<u32>>(0)?))?.flatten();
    Ok(Ground::Casenote(number, highest.unwrap_or(0)))
}

fn is_in_use(conn: &Connection, number: &CasenoteNumber) -> Res<bool> {
    let site = find::word(conn, number.site.as_str())?;
    let number_type = find::word(conn, number.number_type.as_str())?;
    let (Some(site), Some(number_type)) = (site, number_type) else { return Ok(false) };
    let params = named_params! {
        ":number": number.number.as_str(), ":site": site, ":number_type": number_type,
    };
    Ok(one(conn, IN_USE, params, |_| Ok(()))?.is_some())
}

fn owner(conn: &Connection, whose: &Whose) -> Res<Owner> {
    match whose {
        Whose::Known(patient) => Ok(match volumes::patient(conn, patient.key())? {
            Some(_) => Owner::Known,
            None => Owner::Gone,
        }),
        Whose::TypedIn { person, .. } => {
            if !find::patients(conn, &person.number, Some(&person.site))?.is_empty() {
                return Ok(Owner::NumberInUse);
            }
            let alike = much_alike(conn, person)?;
            Ok(Owner::New(alike.into_iter().map(|(_, patient)| patient).collect()))
        }
    }
}

/// Who is much like somebody that is typed in, the likeliest first, [`MAX_ALIKE`] at most. Every look-up is one along
/// an index, and there are some hundred of them.
pub fn much_alike(conn: &Connection, typed: &TypedIn) -> Res<Vec<(Alike, PatientId)>> {
    let mut keys = candidates(conn, typed)?;
    keys.sort_unstable();
    keys.dedup();
    let mut found = Vec::new();
    for key in keys {
        let Some(known) = volumes::patient(conn, key)? else { continue };
        let numbers: Vec<Number> =
            numbers_of(conn, known.id)?.iter().filter_map(|number| number.parse().ok()).collect();
        found.extend(alike(typed, &known, &numbers).map(|alike| (alike, known.id)));
    }
    found.sort_unstable();
    found.truncate(MAX_ALIKE);
    Ok(found)
}

/// Those who may be alike.
fn candidates(conn: &Connection, typed: &TypedIn) -> Res<Vec<i64>> {
    let turns = turns(typed);
    let mut found = match typed.nhs_number {
        Some(nhs) => find::patients_by_nhs(conn, nhs)?,
        None => Vec::new(),
    };
    if let Some(born) = typed.born {
        let surname = plain(&typed.surname);
        for begins in turns.iter().chain((!surname.is_empty()).then_some(&surname)) {
            found.extend(born_on(conn, born, begins)?);
        }
        for day in days_beside(born) {
            for begins in &turns {
                found.extend(born_on(conn, day, begins)?);
            }
        }
    }
    for sought in &turns {
        let params =
            named_params! {":sought": sought, ":any": typed.born.is_none(), ":limit": MAX_CANDIDATES};
        found.extend(all(conn, OF_NAME, params, |row| Ok(row.get::<_, i64>(0)?))?);
    }
    found.extend(find::patients(conn, &typed.number, None)?);
    for number in numbers_beside(&typed.number) {
        found.extend(find::patients(conn, &number, None)?);
    }
    Ok(found)
}

fn born_on(conn: &Connection, born: Date, begins: &str) -> Res<Vec<i64>> {
    let params = named_params! {
        ":born": born.to_string(), ":from": begins, ":end": after_all(begins), ":limit": MAX_CANDIDATES,
    };
    all(conn, BORN, params, |row| Ok(row.get(0)?))
}

/// Whether another living patient has the same names as this living one, in the one spelling.
pub fn has_namesake(conn: &Connection, patient: PatientId) -> Res<bool> {
    Ok(one(conn, NAMESAKE, named_params! {":patient": patient.key()}, |_| Ok(()))?.is_some())
}

/// The sites that have issued casenotes: of 2,048 casenotes, spread over all, those that are there.
pub fn sites(conn: &Connection) -> Res<Vec<Code>> {
    let last = one(conn, LAST_CASENOTE, [], |row| Ok(row.get::<_, i64>(0)?))?.unwrap_or(0);
    let mut found: Vec<Code> = Vec::new();
    for part in 0..SITE_SAMPLES {
        let params = named_params! {":from": last / SITE_SAMPLES * part, ":limit": SITE_SAMPLE};
        for word in all(conn, SITES, params, |row| Ok(row.get::<_, i64>(0)?))? {
            let site = find::word_text(conn, word)?.parse().map_err(|_| Trouble::Broken("a site"))?;
            if !found.contains(&site) {
                found.push(site);
            }
        }
    }
    Ok(found)
}

/// Writes a folder that the act with this key made up: patient, number, casenote, volume and label.
pub fn apply(core: &mut Core, act: i64, folder: &NewFolder) -> Res<()> {
    let casenote = match &folder.under {
        Under::Casenote(casenote) => casenote.key(),
        Under::New { number, whose } => begin(core, number, whose)?,
    };
    let before = find::volumes_of_casenote(&core.conn, casenote)?;
    let barcode = match &folder.barcode {
        Some(label) if act::means_nothing(core, label.as_str())? => Some(label),
        Some(_) | None => None,
    };
    let volume = NewVolume {
        casenote,
        number: folder.volume,
        kind: folder.kind,
        barcode,
        home: before.iter().rev().find_map(|row| row.home).map(crate::domain::PlaceId::key),
    };
    if added::add(core, &volume)? != folder.id {
        return Err(Trouble::Ours("a new folder has another key than its decision said".to_owned()));
    }
    let is_restricted =
        before.iter().any(|row| row.restricted && !matches!(row.standing.present.state, State::Gone(_)));
    if is_restricted {
        act::hold_back(core, act, folder.id.key(), act::Hold::Restricted(true))?;
    }
    Ok(())
}

fn begin(core: &mut Core, number: &CasenoteNumber, whose: &Whose) -> Res<i64> {
    let site = core.word(number.site.as_str())?;
    let number_type = core.word(number.number_type.as_str())?;
    let patient = match whose {
        Whose::Known(patient) => patient.key(),
        Whose::TypedIn { person, .. } => people::type_in(core, person)?,
    };
    added::insert_casenote(core, &number.number, site, number_type, patient)
}
