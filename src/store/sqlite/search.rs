//! The search: a question's steps in order, each a bounded walk along an index, none of which repeats another's hits.

use std::cell::OnceCell;
use std::ops::ControlFlow;

use jiff::civil::Date;
use rusqlite::{Connection, Row, named_params};

use super::find::{self, one};
use super::names;
use super::trouble::Res;
use crate::domain::asked::{Asked, MIN_NUMBER, Stage};
use crate::domain::casenote::LabelText;
use crate::domain::patient::{NhsNumber, Number};
use crate::domain::{PatientId, VolumeId};

/// Most folders or patients that one exact number may name: merged hospitals share a number, not hundreds.
const MAX_EXACT: usize = 200;
/// Most patients looked at for one answer. Where they run out first, the answer says that there is more and goes on
/// from there; chosen so that an answer stays within a few milliseconds.
const MAX_LOOKED_AT: usize = 1_000;
/// Digits of a NHS number.
const NHS_DIGITS: usize = 10;

const CANDIDATE: &str = "SELECT key, sought, born, nhs FROM patient WHERE key = :key";
const BORN: &str = "SELECT key, sought, born, nhs FROM patient WHERE born = :born AND born IS NOT NULL
    AND sought >= :from AND sought < :end AND (sought, key) > (:after, :key) ORDER BY sought, key LIMIT :limit";
const BY_NAME: &str = "SELECT key, sought, born, nhs FROM patient WHERE sought <> ''
    AND sought >= :from AND sought < :end AND (sought, key) > (:after, :key) ORDER BY sought, key LIMIT :limit";
const BY_NHS: &str = "SELECT key, sought, born, nhs FROM patient WHERE nhs IS NOT NULL
    AND nhs >= :from AND nhs < :end AND (nhs, key) > (:after, :key) ORDER BY nhs, key LIMIT :limit";
const BY_PIECES: &str = "SELECT p.key, p.sought, p.born, p.nhs FROM name_piece f CROSS JOIN patient p
    ON p.key = f.rowid WHERE f.name_piece MATCH :pieces AND f.rowid > :key ORDER BY f.rowid LIMIT :limit
    -- whole: only those with the pieces, and the first of them";
const BY_NUMBER: &str = "SELECT number, patient FROM patient_number WHERE number >= :from AND number < :end
    AND (number, patient) > (:after, :key)
    UNION SELECT number, patient FROM casenote WHERE number >= :from AND number < :end
    AND (number, patient) > (:after, :key) ORDER BY 1, 2 LIMIT :limit
    -- whole: what is sorted are those under one number";
const NUMBERS_OF: &str = "SELECT number FROM patient_number WHERE patient = :patient
    UNION SELECT number FROM casenote WHERE patient = :patient ORDER BY 1 LIMIT :limit
    -- whole: what is sorted are the numbers of one patient";
/// Most numbers of one patient.
const MAX_NUMBERS: i64 = 64;

/// Where a search stands: this step, after this patient.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mark {
    /// The step.
    pub step: usize,
    /// The patient dealt with last.
    pub patient: i64,
}

/// A question with its steps.
pub struct Plan {
    /// The folders that the whole text names by number, first those by their own label.
    pub folders: Vec<VolumeId>,
    steps: Vec<(Stage, Step)>,
}

/// One walk along one index.
enum Step {
    /// Those whom the whole text names by number.
    Named(Vec<i64>),
    /// Those born on a day.
    Born(Date),
    /// Those whose name begins so.
    Name { begins: String, born: Option<Date> },
    /// Those with a hospital or casenote number that begins so.
    Number(String),
    /// Those with a NHS number in this range.
    Nhs { from: i64, end: i64 },
    /// Those with all the words somewhere in their name.
    Inside { asked: Asked, born: Option<Date> },
}

/// A patient that a step comes by.
pub struct Candidate {
    /// Their key.
    pub key: i64,
    sought: String,
    born: Option<String>,
    nhs: Option<i64>,
    numbers: OnceCell<Vec<String>>,
}

/// What is done with a patient found; `Break` before taking one that there is no room for.
pub type Visit<'v> = dyn FnMut(Mark) -> Res<ControlFlow<()>> + 'v;

impl Plan {
    /// Looks the whole text up as a number, and plans the rest.
    pub fn new(conn: &Connection, asked: &Asked) -> Res<Self> {
        let (folders, patients) = named(conn, asked.text())?;
        let days: Vec<Date> = match asked.day_by_digits() {
            Some(day) if patients.is_empty() => vec![day],
            _ => asked.days().to_vec(),
        };
        let mut steps = vec![(Stage::Exactly, Step::Named(patients))];
        if asked.words().is_empty() || asked.days().is_empty() {
            steps.extend(days.iter().map(|day| (Stage::Exactly, Step::Born(*day))));
        }
        // A name is sought among those born on each day, or among all.
        let births: Vec<Option<Date>> = match asked.days() {
            [] => vec![None],
            days => days.iter().copied().map(Some).collect(),
        };
        for born in &births {
            let turns = asked.turns().into_iter().map(|begins| Step::Name { begins, born: *born });
            steps.extend(turns.map(|step| (Stage::Beginning, step)));
        }
        steps.extend(beginnings_of_numbers(asked).into_iter().map(|step| (Stage::Beginning, step)));
        if asked.looks_inside() {
            let inside = |born| (Stage::Containing, Step::Inside { asked: asked.clone(), born });
            steps.extend(births.into_iter().map(inside));
        }
        Ok(Self { folders, steps })
    }

    /// Whether this patient is one whom the whole text names by number.
    pub fn is_named(&self, mark: Mark) -> bool {
        matches!(self.steps.get(mark.step), Some((_, Step::Named(_))))
    }

    /// Goes through the steps of these stages, after `after`. Says where to go on, if there is more.
    pub fn walk(
        &self,
        conn: &Connection,
        stages: &[Stage],
        after: Option<Mark>,
        visit: &mut Visit<'_>,
    ) -> Res<Option<Mark>> {
        let first = after.map_or(0, |mark| mark.step);
        let mut looked_at = 0;
        let mut last = after;
        for (at, (stage, step)) in self.steps.iter().enumerate().skip(first) {
            if !stages.contains(stage) {
                continue;
            }
            let from = after.filter(|mark| mark.step == at).map(|mark| mark.patient);
            let from = from.map(|patient| candidate(conn, patient)).transpose()?.flatten();
            let flow = step.walk(conn, from.as_ref(), &mut |candidate| {
                if looked_at == MAX_LOOKED_AT {
                    return Ok(ControlFlow::Break(()));
                }
                looked_at += 1;
                let mark = Mark { step: at, patient: candidate.key };
                let is_new = step.has(conn, candidate)? && !self.told_before(conn, at, candidate)?;
                if is_new && visit(mark)?.is_break() {
                    return Ok(ControlFlow::Break(()));
                }
                last = Some(mark);
                Ok(ControlFlow::Continue(()))
            })?;
            if flow.is_break() {
                return Ok(last.or(Some(Mark { step: at, patient: 0 })));
            }
        }
        Ok(None)
    }

    /// Whether an earlier step has this patient.
    fn told_before(&self, conn: &Connection, step: usize, candidate: &Candidate) -> Res<bool> {
        for (_, earlier) in self.steps.iter().take(step) {
            if earlier.has(conn, candidate)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

fn beginnings_of_numbers(asked: &Asked) -> Vec<Step> {
    let Ok(number) = asked.text().parse::<Number>() else { return Vec::new() };
    let text = number.as_str();
    if text.len() < MIN_NUMBER {
        return Vec::new();
    }
    let digits = text.replace('-', "");
    let is_digits = digits.bytes().all(|b| b.is_ascii_digit());
    let nhs = (is_digits && (MIN_NUMBER..NHS_DIGITS).contains(&digits.len())).then(|| {
        let missing = u32::try_from(NHS_DIGITS - digits.len()).unwrap_or(0);
        let begins: i64 = digits.parse().unwrap_or(0);
        Step::Nhs { from: begins * 10_i64.pow(missing), end: (begins + 1) * 10_i64.pow(missing) }
    });
    [Step::Number(text.to_owned())].into_iter().chain(nhs).collect()
}

/// The folders and the patients that a text names as a whole: as a label, a casenote's number, a patient's number.
fn named(conn: &Connection, text: &str) -> Res<(Vec<VolumeId>, Vec<i64>)> {
    let (mut folders, mut patients) = (Vec::new(), Vec::new());
    if let Ok(label) = text.parse::<LabelText>()
        && let Some(row) = find::volume_by_label(conn, &label)?
    {
        folders.push(row.brief.id);
        patients.extend(row.patient);
    }
    let (mut casenotes, mut under_number) = (Vec::new(), Vec::new());
    if let Ok(number) = text.parse::<Number>() {
        casenotes.extend(find::casenotes(conn, &number, None)?);
        under_number.extend(find::patients(conn, &number, None)?);
    }
    if let Ok(nhs) = text.parse::<NhsNumber>() {
        under_number.extend(find::patients_by_nhs(conn, nhs)?);
    }
    for patient in &under_number {
        casenotes.extend(find::casenotes_of(conn, *patient)?);
    }
    patients.extend(under_number);
    for casenote in casenotes {
        for row in find::volumes_of_casenote(conn, casenote.key())? {
            folders.push(row.brief.id);
            patients.extend(row.patient);
        }
    }
    Ok((each_once(folders), each_once(patients)))
}

/// The first of those alike, in their order.
pub fn each_once<T: PartialEq>(all: Vec<T>) -> Vec<T> {
    let mut once = Vec::new();
    for one in all {
        if once.len() < MAX_EXACT && !once.contains(&one) {
            once.push(one);
        }
    }
    once
}

type See<'s> = dyn FnMut(&Candidate) -> Res<ControlFlow<()>> + 's;

impl Step {
    /// Shows `see` the patients along the index, those after `after`.
    fn walk(&self, conn: &Connection, after: Option<&Candidate>, see: &mut See<'_>) -> Res<ControlFlow<()>> {
        let key = after.map_or(0, |after| after.key);
        let name = after.map_or("", |after| after.sought.as_str());
        match self {
            Self::Named(patients) => {
                let told = patients.iter().position(|patient| *patient == key).map_or(0, |at| at + 1);
                each(conn, patients.iter().skip(told), see)
            }
            Self::Born(born) | Self::Inside { born: Some(born), .. } => {
                born_on(conn, *born, "", (name, key), see)
            }
            Self::Name { begins, born: Some(born) } => born_on(conn, *born, begins, (name, key), see),
            Self::Name { begins, born: None } => {
                let params = named_params! {
                    ":from": begins, ":end": after_all(begins), ":after": name, ":key": key, ":limit": most(),
                };
                rows(conn, BY_NAME, params, see)
            }
            Self::Number(begins) => {
                let number = match after {
                    Some(after) => after.first_number(conn, begins)?.unwrap_or_default(),
                    None => String::new(),
                };
                let params = named_params! {
                    ":from": begins, ":end": after_all(begins), ":after": number, ":key": key, ":limit": most(),
                };
                numbered(conn, params, begins, see)
            }
            Self::Nhs { from, end } => {
                let nhs = after.and_then(|after| after.nhs).unwrap_or(0);
                let params =
                    named_params! {":from": from, ":end": end, ":after": nhs, ":key": key, ":limit": most()};
                rows(conn, BY_NHS, params, see)
            }
            Self::Inside { asked, born: None } => {
                let pieces = names::pieces(asked.words());
                rows(conn, BY_PIECES, named_params! {":pieces": pieces, ":key": key, ":limit": most()}, see)
            }
        }
    }

    /// Whether a patient is one of this step's.
    fn has(&self, conn: &Connection, candidate: &Candidate) -> Res<bool> {
        Ok(match self {
            Self::Named(patients) => patients.contains(&candidate.key),
            Self::Born(day) => candidate.is_born(Some(*day)),
            Self::Name { begins, born } => candidate.sought.starts_with(begins) && candidate.is_born(*born),
            Self::Number(begins) => candidate.first_number(conn, begins)?.is_some(),
            Self::Nhs { from, end } => candidate.nhs.is_some_and(|nhs| (*from..*end).contains(&nhs)),
            Self::Inside { asked, born } => candidate.is_born(*born) && asked.is_inside(&candidate.sought),
        })
    }
}

/// One patient more than may be looked at: whether there is one says whether there is more.
fn most() -> i64 {
    i64::try_from(MAX_LOOKED_AT).unwrap_or(i64::MAX).saturating_add(1)
}

/// What is sorted behind every text that begins with `begins`.
pub fn after_all(begins: &str) -> String {
    format!("{begins}\u{10FFFF}")
}

fn born_on(
    conn: &Connection,
    born: Date,
    begins: &str,
    (name, key): (&str, i64),
    see: &mut See<'_>,
) -> Res<ControlFlow<()>> {
    let params = named_params! {
        ":born": born.to_string(), ":from": begins, ":end": after_all(begins), ":after": name, ":key": key,
        ":limit": most(),
    };
    rows(conn, BORN, params, see)
}

fn rows(
    conn: &Connection,
    sql: &str,
    params: impl rusqlite::Params,
    see: &mut See<'_>,
) -> Res<ControlFlow<()>> {
    let mut statement = conn.prepare_cached(sql)?;
    let mut rows = statement.query(params)?;
    while let Some(row) = rows.next()? {
        if see(&read(row)?)?.is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
    Ok(ControlFlow::Continue(()))
}

/// Those under the numbers of a range, each once: under the first of their numbers there.
fn numbered(
    conn: &Connection,
    params: impl rusqlite::Params,
    begins: &str,
    see: &mut See<'_>,
) -> Res<ControlFlow<()>> {
    let mut statement = conn.prepare_cached(BY_NUMBER)?;
    let mut rows = statement.query(params)?;
    let mut room = most();
    while let Some(row) = rows.next()? {
        room -= 1;
        let number: String = row.get(0)?;
        let Some(candidate) = candidate(conn, row.get(1)?)? else { continue };
        let first = candidate.first_number(conn, begins)? == Some(number);
        if (first && see(&candidate)?.is_break()) || room == 0 {
            return Ok(ControlFlow::Break(()));
        }
    }
    Ok(ControlFlow::Continue(()))
}

fn each<'p>(
    conn: &Connection,
    patients: impl Iterator<Item = &'p i64>,
    see: &mut See<'_>,
) -> Res<ControlFlow<()>> {
    for patient in patients {
        if let Some(candidate) = candidate(conn, *patient)?
            && see(&candidate)?.is_break()
        {
            return Ok(ControlFlow::Break(()));
        }
    }
    Ok(ControlFlow::Continue(()))
}

fn candidate(conn: &Connection, key: i64) -> Res<Option<Candidate>> {
    one(conn, CANDIDATE, named_params! {":key": key}, read)
}

fn read(row: &Row<'_>) -> Res<Candidate> {
    Ok(Candidate {
        key: row.get(0)?,
        sought: row.get(1)?,
        born: row.get(2)?,
        nhs: row.get(3)?,
        numbers: OnceCell::new(),
    })
}

impl Candidate {
    fn is_born(&self, day: Option<Date>) -> bool {
        day.is_none_or(|day| self.born.as_ref().is_some_and(|born| *born == day.to_string()))
    }

    /// The first of their numbers that begins so.
    fn first_number(&self, conn: &Connection, begins: &str) -> Res<Option<String>> {
        if self.numbers.get().is_none() {
            let _ = self.numbers.set(numbers_of(conn, PatientId::new(self.key))?);
        }
        let numbers = self.numbers.get().map(Vec::as_slice).unwrap_or_default();
        Ok(numbers.iter().find(|number| number.starts_with(begins)).cloned())
    }
}

/// Hospital and casenote numbers of a patient, in order.
pub fn numbers_of(conn: &Connection, patient: PatientId) -> Res<Vec<String>> {
    let params = named_params! {":patient": patient.key(), ":limit": MAX_NUMBERS};
    find::all(conn, NUMBERS_OF, params, |row| Ok(row.get(0)?))
}
