//! What a search answers: people with their folders, stage by stage, or folders one after another.

use std::fmt;
use std::ops::ControlFlow;

use rusqlite::Connection;

use super::codec::VolumeRow;
use super::find;
use super::search::{Mark, Plan, each_once, numbers_of};
use super::trouble::{Res, Trouble};
use super::view::{Loader, under};
use super::volumes::{self, Siblings};
use crate::domain::asked::{Asked, Stage};
use crate::domain::barcode::PatientCode;
use crate::domain::command::Sought;
use crate::domain::decide::Found;
use crate::domain::directory::Directory;
use crate::domain::patient::Number;
use crate::domain::{PatientId, VolumeId};
use crate::store::records::{Named, Person, SearchFound, StageFound, VolumeRecord};
use crate::store::{MAX_PAGE, StoreError, pair};

/// People shown of one stage at a time: what fits on two screens; those beyond are a page further.
pub const PEOPLE_A_STAGE: usize = 20;
/// Folders shown of one person among others: more than nine in ten patients have.
pub const FOLDERS_AMONG_OTHERS: usize = 8;

const STAGES: [Stage; 3] = [Stage::Exactly, Stage::Beginning, Stage::Containing];

/// Where a stage goes on: after this person.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PersonMark(Mark);

impl PersonMark {
    /// Reads what was given as `next`.
    pub fn read(text: &str) -> Result<Self, StoreError> {
        let (step, patient) = pair(text)?;
        let step = usize::try_from(step).map_err(|_| StoreError::BadCursor)?;
        Ok(Self(Mark { step, patient }))
    }
}

impl fmt::Display for PersonMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0.step, self.0.patient)
    }
}

/// Where a list of folders goes on: after this person, and this many folders of the next.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FolderMark {
    person: PersonMark,
    told: usize,
}

impl FolderMark {
    /// Reads what was given as `next`.
    pub fn read(text: &str) -> Result<Self, StoreError> {
        let (person, told) = text.rsplit_once('.').ok_or(StoreError::BadCursor)?;
        let told = told.parse().map_err(|_| StoreError::BadCursor)?;
        Ok(Self { person: PersonMark::read(person)?, told })
    }
}

impl fmt::Display for FolderMark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.person, self.told)
    }
}

/// The first people of each stage.
pub fn people(conn: &Connection, asked: &Asked) -> Res<SearchFound> {
    let plan = Plan::new(conn, asked)?;
    let only = match plan.folders.as_slice() {
        [only] => find::volume_by_key(conn, *only)?.map(|row| row.brief.barcode),
        _ => None,
    };
    let [exactly, beginning, containing] = STAGES.map(|stage| stage_of(conn, &plan, stage, None));
    Ok(SearchFound { only, exactly: exactly?, beginning: beginning?, containing: containing? })
}

/// The next people of a stage.
pub fn people_after(conn: &Connection, asked: &Asked, stage: Stage, after: PersonMark) -> Res<StageFound> {
    stage_of(conn, &Plan::new(conn, asked)?, stage, Some(after.0))
}

fn stage_of(conn: &Connection, plan: &Plan, stage: Stage, after: Option<Mark>) -> Res<StageFound> {
    let mut patients = Vec::with_capacity(PEOPLE_A_STAGE);
    let next = plan.walk(conn, &[stage], after, &mut |mark| {
        if patients.len() == PEOPLE_A_STAGE {
            return Ok(ControlFlow::Break(()));
        }
        patients.push(mark.patient);
        Ok(ControlFlow::Continue(()))
    })?;
    let alone = stage == Stage::Exactly && patients.len() == 1;
    let most = if alone { MAX_PAGE } else { FOLDERS_AMONG_OTHERS };
    let mut people = Vec::with_capacity(patients.len());
    for patient in patients {
        people.extend(person(conn, patient, most)?);
    }
    Ok(StageFound { people, next: next.map(|mark| PersonMark(mark).to_string()) })
}

/// A patient with `most` of their folders.
pub fn person(conn: &Connection, patient: i64, most: usize) -> Res<Option<Person>> {
    let rows = folders_of(conn, patient)?;
    person_with(conn, patient, rows, most)
}

/// A person with these of their folders, `most` of them.
fn person_with(conn: &Connection, patient: i64, rows: Vec<VolumeRow>, most: usize) -> Res<Option<Person>> {
    let has_more_folders = rows.len() > most;
    let records = rows.into_iter().take(most).map(|row| volumes::record(conn, row, Siblings::Omitted));
    let folders = records.collect::<Res<Vec<_>>>()?;
    let number = |text: String| text.parse::<Number>().map_err(|_| Trouble::Broken("a patient's number"));
    let numbers =
        numbers_of(conn, PatientId::new(patient))?.into_iter().map(number).collect::<Res<Vec<_>>>()?;
    let known = volumes::patient(conn, patient)?;
    Ok(known.map(|patient| Person { patient, numbers, folders, has_more_folders }))
}

fn folders_of(conn: &Connection, patient: i64) -> Res<Vec<VolumeRow>> {
    let mut rows = Vec::new();
    for casenote in find::casenotes_of(conn, patient)? {
        rows.extend(find::volumes_of_casenote(conn, casenote.key())?);
    }
    Ok(rows)
}

/// The folders of all stages, one after another. Where the text names folders by number, those alone stand first.
pub fn folders(
    conn: &Connection,
    asked: &Asked,
    after: Option<FolderMark>,
    limit: usize,
) -> Res<(Vec<VolumeRecord>, Option<FolderMark>)> {
    let plan = Plan::new(conn, asked)?;
    let mut named = Vec::with_capacity(plan.folders.len());
    for folder in &plan.folders {
        named.extend(find::volume_by_key(conn, *folder)?);
    }
    let mut items = Vec::with_capacity(limit);
    let mut told_already = after.map_or(0, |mark| mark.told);
    let mut told = 0;
    let next = plan.walk(conn, &STAGES, after.map(|mark| mark.person.0), &mut |mark| {
        let rows = if plan.is_named(mark) {
            named.extract_if(.., |row| row.patient == Some(mark.patient)).collect()
        } else {
            folders_of(conn, mark.patient)?
        };
        for (at, row) in rows.into_iter().enumerate().skip(std::mem::take(&mut told_already)) {
            if items.len() == limit {
                told = at;
                return Ok(ControlFlow::Break(()));
            }
            items.push(volumes::record(conn, row, Siblings::Omitted)?);
        }
        Ok(ControlFlow::Continue(()))
    })?;
    Ok((items, next.map(|mark| FolderMark { person: PersonMark(mark), told })))
}

/// What a label or a patient's number names, looked up as a desk looks it up.
pub fn named(conn: &Connection, directory: &Directory, sought: &Sought) -> Res<Named> {
    let found = Loader::new(conn, directory).sought(sought)?;
    match (sought, found) {
        (_, Found::NotSought | Found::Unknown | Found::Container(_)) => Ok(Named::Nothing),
        (Sought::Patient(code), Found::Volume(_) | Found::Volumes(_)) => {
            Ok(Named::Patients(people_under(conn, code)?))
        }
        (Sought::Thing(_), Found::Volume(volume)) => Ok(Named::Folder(volume.brief.barcode)),
        (Sought::Thing(_), Found::Volumes(volumes)) => {
            Ok(Named::Folders(owners(conn, volumes.iter().map(|volume| volume.brief.id))?))
        }
    }
}

fn people_under(conn: &Connection, code: &PatientCode) -> Res<Vec<Person>> {
    let (mut patients, casenotes) = under(conn, code)?;
    for casenote in casenotes {
        let rows = find::volumes_of_casenote(conn, casenote.key())?;
        patients.extend(rows.into_iter().filter_map(|row| row.patient));
    }
    let mut people = Vec::new();
    for patient in each_once(patients) {
        people.extend(person(conn, patient, MAX_PAGE)?);
    }
    Ok(people)
}

/// Whose these folders are: each person with those of them that are theirs.
fn owners(conn: &Connection, folders: impl Iterator<Item = VolumeId>) -> Res<Vec<Person>> {
    let mut rows = Vec::new();
    for folder in folders {
        rows.extend(find::volume_by_key(conn, folder)?);
    }
    let mut people = Vec::new();
    for patient in each_once(rows.iter().filter_map(|row| row.patient).collect()) {
        let (theirs, others) = rows.into_iter().partition(|row| row.patient == Some(patient));
        rows = others;
        people.extend(person_with(conn, patient, theirs, MAX_PAGE)?);
    }
    Ok(people)
}
