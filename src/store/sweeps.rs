//! Sweeps as pages show them.

use std::collections::HashMap;

use rusqlite::Connection;

use super::records::VolumeRecord;
use super::sqlite::reader::Kind;
use super::sqlite::sweeps::{self, StepRow, SweepRow};
use super::sqlite::trouble::Res;
use super::sqlite::volumes;
use super::{Listing, Page, Store, StoreError, Trust, number};
use crate::clock::Timestamp;
use crate::domain::directory::Directory;
use crate::domain::filing::{Filing, Filings};
use crate::domain::sweep::{Ground, Logged, Part, SweepStep, Swept, Tally};
use crate::domain::{PlaceId, StaffId, SweepId, VolumeId};

/// Most folders of each list of a sweep that are named: a page; the rest is counted.
pub const MAX_NAMED: usize = 200;

/// A sweep in a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SweepLine {
    /// Its name.
    pub id: SweepId,
    /// Where.
    pub place: PlaceId,
    /// When it began.
    pub at: Timestamp,
    /// When it was last scanned in.
    pub last_at: Timestamp,
    /// How many folders were scanned.
    pub seen: u32,
}

/// A folder that was seen where the log did not have it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FromElsewhere {
    /// Which.
    pub folder: VolumeRecord,
    /// Where the log had it before; none: nowhere.
    pub was: Option<PlaceId>,
}

/// A folder that stands out of order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OutOfOrder {
    /// Which.
    pub folder: VolumeRecord,
    /// The folder that it stands after.
    pub after: Option<VolumeRecord>,
    /// The folder that it belongs after.
    pub belongs_after: Option<VolumeRecord>,
}

/// A label that names no folder.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnknownLabel {
    /// What was read, while that is kept.
    pub text: Option<String>,
    /// When.
    pub at: Timestamp,
}

/// Whether a sweep is the newest of its place, which alone goes on.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Newest {
    /// It is.
    Yes,
    /// The place was swept again since.
    No,
}

/// Everything that the page of a sweep shows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SweepRecord {
    /// Its name, place and times.
    pub line: SweepLine,
    /// Whether it goes on if somebody sweeps the place.
    pub newest: Newest,
    /// What kind of place it is.
    pub ground: Ground,
    /// Whether somebody has said that it was the whole room.
    pub part: Part,
    /// Who scanned, in the order in which they began.
    pub people: Vec<StaffId>,
    /// In figures; `missed` of the part that is judged.
    pub tally: Tally,
    /// Expected folders that lie outside what was swept, or in a room that nobody has called whole.
    pub outside: usize,
    /// Those missed in the part that was swept; [`MAX_NAMED`] at most, as of all lists.
    pub missed: Vec<VolumeRecord>,
    /// How many of them have no search by this sweep yet.
    pub to_search: usize,
    /// Those that the log had elsewhere.
    pub elsewhere: Vec<FromElsewhere>,
    /// Those out of order.
    pub out_of_order: Vec<OutOfOrder>,
    /// Labels that name no folder.
    pub unknown: Vec<UnknownLabel>,
}

impl Store {
    /// One sweep, its shelf read in the order in which its library files.
    pub async fn sweep(
        &self,
        trust: &Trust,
        id: SweepId,
        filings: Filings,
    ) -> Result<Option<SweepRecord>, StoreError> {
        self.ours(trust)?;
        let directory = self.directory().borrow().clone();
        let read = move |conn: &Connection| {
            let sweep = sweeps::by_id(conn, id)?;
            sweep
                .map(|sweep| record(conn, &directory, &sweep, filings.at(&directory, sweep.place)))
                .transpose()
        };
        self.read(Kind::List, "reading a sweep", read).await
    }

    /// All sweeps, the newest first.
    pub async fn sweeps(&self, trust: &Trust, page: Page) -> Result<Listing<SweepLine>, StoreError> {
        self.ours(trust)?;
        let before = page.after.as_deref().map(number).transpose()?;
        let limit = page.held();
        let read = move |conn: &Connection| {
            let rows = sweeps::latest(conn, before, limit + 1)?;
            let next = rows.get(limit.saturating_sub(1)).filter(|_| rows.len() > limit).map(|row| row.key);
            let lines: Res<Vec<_>> = rows.iter().take(limit).map(|row| line(conn, row)).collect();
            Ok((lines?, next))
        };
        let (items, next) = self.read(Kind::List, "listing sweeps", read).await?;
        Ok(Listing { items, next: next.map(|key| key.to_string()) })
    }
}

fn line(conn: &Connection, sweep: &SweepRow) -> Res<SweepLine> {
    let (last_at, seen) = sweeps::reached(conn, sweep)?;
    Ok(SweepLine { id: sweep.id, place: sweep.place, at: sweep.at, last_at, seen })
}

fn record(conn: &Connection, directory: &Directory, sweep: &SweepRow, filing: Filing) -> Res<SweepRecord> {
    let steps = sweeps::steps(conn, sweep)?;
    let swept = sweeps::swept(conn, directory, sweep, filing, &steps)?;
    let newest = sweeps::newest(conn, sweep.place)?.is_some_and(|newest| newest.key == sweep.key);
    let missed = swept.missed(swept.part);
    let mut names = Names { conn, known: HashMap::new() };
    Ok(SweepRecord {
        line: line(conn, sweep)?,
        newest: if newest { Newest::Yes } else { Newest::No },
        ground: swept.ground,
        part: swept.part,
        people: people(&steps),
        tally: swept.tally(swept.part),
        outside: swept.missed(Part::Whole).len().saturating_sub(missed.len()),
        to_search: swept.to_search(swept.part).len(),
        missed: names.all(missed)?,
        elsewhere: elsewhere(&mut names, &swept)?,
        out_of_order: out_of_order(&mut names, &swept)?,
        unknown: unknown(&steps),
    })
}

/// Names of folders, each read once.
struct Names<'c> {
    conn: &'c Connection,
    known: HashMap<VolumeId, Option<VolumeRecord>>,
}

impl Names<'_> {
    fn one(&mut self, volume: VolumeId) -> Res<Option<VolumeRecord>> {
        if let Some(known) = self.known.get(&volume) {
            return Ok(known.clone());
        }
        let found = volumes::by_id(self.conn, volume, volumes::Siblings::Omitted)?;
        self.known.insert(volume, found.clone());
        Ok(found)
    }

    fn all(&mut self, volumes: Vec<VolumeId>) -> Res<Vec<VolumeRecord>> {
        let mut found = Vec::new();
        for volume in volumes.into_iter().take(MAX_NAMED) {
            found.extend(self.one(volume)?);
        }
        Ok(found)
    }
}

fn people(steps: &[StepRow]) -> Vec<StaffId> {
    let mut people = Vec::new();
    for person in steps.iter().filter_map(|step| step.person) {
        if !people.contains(&person) {
            people.push(person);
        }
    }
    people
}

fn elsewhere(names: &mut Names<'_>, swept: &Swept) -> Res<Vec<FromElsewhere>> {
    let mut found = Vec::new();
    for folder in swept.folders.iter().filter(|folder| folder.seen.is_some()) {
        let Logged::Elsewhere(was) = folder.logged else { continue };
        if found.len() == MAX_NAMED {
            break;
        }
        found.extend(names.one(folder.volume)?.map(|folder| FromElsewhere { folder, was }));
    }
    Ok(found)
}

fn out_of_order(names: &mut Names<'_>, swept: &Swept) -> Res<Vec<OutOfOrder>> {
    let mut found = Vec::new();
    for misplaced in swept.out_of_order().into_iter().take(MAX_NAMED) {
        let Some(folder) = names.one(misplaced.volume)? else { continue };
        let after = misplaced.after.map(|volume| names.one(volume)).transpose()?.flatten();
        let belongs_after = misplaced.belongs_after.map(|volume| names.one(volume)).transpose()?.flatten();
        found.push(OutOfOrder { folder, after, belongs_after });
    }
    Ok(found)
}

fn unknown(steps: &[StepRow]) -> Vec<UnknownLabel> {
    let labels = steps.iter().filter(|step| step.step == SweepStep::Unknown);
    labels.take(MAX_NAMED).map(|step| UnknownLabel { text: step.text.clone(), at: step.at }).collect()
}
