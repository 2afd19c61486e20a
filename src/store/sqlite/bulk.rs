//! Loading a hospital of any size with a history, for `casetrack bench`: one transaction, no journal, indexes last.
//!
//! The file is thrown away if it fails half-way, so nothing here is durable before the end.

use std::collections::HashMap;
use std::path::Path;

use rusqlite::{Connection, Statement, named_params, params};
use uuid::Uuid;

use super::codec::{movement_key, number_in};
use super::find;
use super::names;
use super::open;
use super::trouble::{Res, Trouble};
use crate::clock::{DAY_US, Timestamp};
use crate::domain::answer::Answer;
use crate::domain::barcode::{OwnBarcode, OwnKind};
use crate::domain::casenote::{LabelText, VolumeKind};
use crate::domain::import::{PatientRow, Restriction, Said, VolumeRow};
use crate::domain::place::Code;
use crate::domain::refusal::Reason;
use crate::domain::{PlaceId, VolumeId};
use crate::store::{DeskStand, StoreError};

const INDEXES: &str = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL";
const WORD: &str =
    "INSERT INTO word (text) VALUES (:text) ON CONFLICT (text) DO UPDATE SET text = :text RETURNING key";
const DESK: &str = "INSERT INTO desk (code, last) VALUES (:code, 0)
    ON CONFLICT (code) DO UPDATE SET code = :code RETURNING key";
const DESK_LAST: &str = "UPDATE desk SET last = :last WHERE key = :key";
const SESSION: &str = "INSERT INTO session (desk, name) VALUES (:desk, :name) RETURNING key";
const RUN: &str = "INSERT INTO run (session, incarnation, boot, place, boot_base)
    VALUES (:session, :incarnation, NULL, :place, :boot_base) RETURNING key";
const PLACES: &str = "SELECT code, key FROM place";
const PATIENT: &str =
    "INSERT INTO patient (key, nhs, surname, forename, sought, born, died) VALUES (?, ?, ?, ?, ?, ?, ?)";
const PATIENT_NUMBER: &str = "INSERT INTO patient_number (number, site, patient) VALUES (?, ?, ?)";
const CASENOTE: &str =
    "INSERT INTO casenote (key, number, site, number_type, patient, volumes) VALUES (?, ?, ?, ?, ?, ?)";
const VOLUME: &str = "INSERT INTO volume (key, casenote, number, kind, barcode, home, hold, restricted)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
const LABEL: &str = "INSERT INTO label (text, volume) VALUES (?, ?)";
const HOLD: &str = "INSERT INTO hold (key, volume, what, reason, scan) VALUES (?, ?, ?, ?, 1)";
const SCAN: &str = "INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened,
    learned_off, wall_off, boot_off, uncertainty, past, typed, text, answer)
    VALUES (?, ?, ?, ?, ?, NULL, ?, ?, ?, ?, 400, 0, 0, 0, 0, 0, ?, ?)";
const MOVEMENT: &str =
    "INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed)
    VALUES (?, ?, ?, ?, ?, ?, 0, 0, ?)";
const KNOWN: &str = "INSERT INTO volume_known (upto, scan) VALUES (:upto, 1)";
const WHEREABOUTS: &str =
    "INSERT OR REPLACE INTO whereabouts (subject, state, place, towards, confirmed, since, how,
    movement, newest, uncertainty) VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, 0)";
const COUNTED: &str = "UPDATE meta SET counted = :counted, counted_to = :to";

/// The name of the sessions and scanners of the history.
const NAME: &str = "front";
/// Scans of one batch in the history.
const BATCH: i64 = 40;
/// Folders are moved in steps of this prime, so that neighbours in the log are no neighbours on the shelf.
const STRIDE: u64 = 7_368_787;
/// One folder in so many is on its way at the end.
const ON_ITS_WAY: i64 = 20;
/// The history ends this long before now.
const ENDS_BEFORE_US: i64 = DAY_US;
/// The history begins this long before now: a year and some.
const BEGINS_BEFORE_US: i64 = 400 * DAY_US;
/// Rows between two reports of progress.
const REPORT_EVERY: u64 = 100_000;

/// What to load.
pub struct Hospital<'a> {
    /// Where folders are scanned, and the places they go to and fro between.
    pub desks: &'a [DeskStand],
    /// The site that issued all its numbers.
    pub site: Code,
    /// Its patients, each with at least one volume.
    pub patients: &'a mut dyn Iterator<Item = PatientRow>,
    /// Its volumes, those of a patient together, patients in the order above.
    pub volumes: &'a mut dyn Iterator<Item = VolumeRow>,
    /// How many volumes there will be.
    pub volume_count: u64,
    /// How many movements, each with its scan.
    pub movements: u64,
    /// The present.
    pub now: Timestamp,
}

/// Loads `hospital` into the migrated database of `dir`, which holds its places and nothing else, and nobody has open.
pub fn load(
    dir: &Path,
    hospital: Hospital<'_>,
    progress: &mut dyn FnMut(&'static str, u64),
) -> Result<(), StoreError> {
    fill(dir, hospital, progress).map_err(|error| error.while_doing("loading a hospital"))?;
    let io = |source| StoreError::Io { doing: "writing the loaded database to disk".to_owned(), source };
    std::fs::File::open(open::file(dir)).and_then(|file| file.sync_all()).map_err(io)
}

#[expect(clippy::needless_pass_by_value, reason = "the rows are used up")]
fn fill(dir: &Path, hospital: Hospital<'_>, progress: &mut dyn FnMut(&'static str, u64)) -> Res<()> {
    let conn = Connection::open(open::file(dir))?;
    for mode in ["DELETE", "OFF"] {
        conn.query_row(&format!("PRAGMA journal_mode = {mode}"), [], |_| Ok(()))?;
    }
    conn.execute_batch("PRAGMA synchronous = OFF; PRAGMA cache_size = -1000000; PRAGMA foreign_keys = OFF;")?;
    conn.execute_batch("BEGIN")?;
    let indexes: Vec<(String, String)> = find::all(&conn, INDEXES, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    for (name, _) in &indexes {
        conn.execute_batch(&format!("DROP INDEX {name}"))?;
    }
    let mut loader = Loader::new(&conn, &hospital)?;
    let volumes = loader.people(&hospital.site, hospital.patients, hospital.volumes, progress)?;
    if volumes != hospital.volume_count {
        return Err(Trouble::Broken("another number of volumes than was said"));
    }
    loader.history(volumes, hospital.movements, hospital.now, progress)?;
    for (at, (_, sql)) in (0..).zip(&indexes) {
        progress("index", at);
        conn.execute_batch(sql)?;
    }
    progress("names", 0);
    names::fill(&conn)?;
    conn.execute_batch("COMMIT")?;
    conn.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    Ok(())
}

struct Loader<'a> {
    conn: &'a Connection,
    places: HashMap<Code, i64>,
    desks: Vec<Desk>,
    labels: Vec<Box<str>>,
}

struct Desk {
    key: i64,
    run: i64,
    place: i64,
}

impl<'a> Loader<'a> {
    fn new(conn: &'a Connection, hospital: &Hospital<'_>) -> Res<Self> {
        let mut places = HashMap::new();
        for (code, key) in find::all(conn, PLACES, [], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))? {
            places.insert(code.parse().map_err(|_| Trouble::Broken("a place's code"))?, key);
        }
        let mut loader = Self { conn, places, desks: Vec::new(), labels: Vec::new() };
        for (number, stand) in (1u128..).zip(hospital.desks) {
            loader.desk(stand, Uuid::from_u128(number))?;
        }
        Ok(loader)
    }

    fn place(&self, code: &Code) -> Res<i64> {
        self.places.get(code).copied().ok_or(Trouble::Broken("a place that was not imported"))
    }

    fn word(&self, text: &str) -> Res<i64> {
        Ok(self.conn.prepare_cached(WORD)?.query_row(named_params! {":text": text}, |row| row.get(0))?)
    }

    fn desk(&mut self, stand: &DeskStand, incarnation: Uuid) -> Res<()> {
        let place = self.place(&stand.place)?;
        let key = self
            .conn
            .prepare_cached(DESK)?
            .query_row(named_params! {":code": stand.desk.as_str()}, |row| row.get(0))?;
        let params = named_params! {":desk": key, ":name": NAME};
        let session: i64 = self.conn.prepare_cached(SESSION)?.query_row(params, |row| row.get(0))?;
        let run = self.conn.prepare_cached(RUN)?.query_row(
            named_params! {
                ":session": session,
                ":incarnation": incarnation.as_bytes(),
                ":place": place,
                ":boot_base": 0,
            },
            |row| row.get(0),
        )?;
        self.desks.push(Desk { key, run, place });
        Ok(())
    }

    /// Patients, casenotes, volumes, labels and holds; says how many volumes.
    fn people(
        &mut self,
        site: &Code,
        patients: &mut dyn Iterator<Item = PatientRow>,
        volumes: &mut dyn Iterator<Item = VolumeRow>,
        progress: &mut dyn FnMut(&'static str, u64),
    ) -> Res<u64> {
        let mut writer = People::new(self, site)?;
        let mut volumes = volumes.peekable();
        let mut count: u64 = 0;
        for (key, patient) in (1i64..).zip(patients) {
            writer.patient(key, &patient)?;
            let mut folders = Vec::new();
            while let Some(volume) =
                volumes.next_if(|volume| volume.hospital_number == patient.hospital_number)
            {
                folders.push(volume);
            }
            writer.casenote(key, &folders)?;
            for folder in &folders {
                count += 1;
                writer.volume(self, i64::try_from(count).unwrap_or(i64::MAX), key, folder)?;
                if count.is_multiple_of(REPORT_EVERY) {
                    progress("volumes", count);
                }
            }
        }
        self.labels = writer.labels;
        if count > 0 {
            let upto = i64::try_from(count).unwrap_or(i64::MAX);
            self.conn.prepare_cached(KNOWN)?.execute(named_params! {":upto": upto})?;
        }
        Ok(count)
    }

    fn history(
        &self,
        volumes: u64,
        movements: u64,
        now: Timestamp,
        progress: &mut dyn FnMut(&'static str, u64),
    ) -> Res<()> {
        let mut history = History::new(self, volumes, movements, now)?;
        for number in 0..movements {
            history.append(number)?;
            if number.is_multiple_of(REPORT_EVERY) {
                progress("movements", number);
            }
        }
        let last = i64::try_from(movements).unwrap_or(i64::MAX);
        let desks = i64::try_from(self.desks.len()).unwrap_or(1);
        for (at, desk) in (0..).zip(&self.desks) {
            // Scan k is of desk (k - 1) modulo the number of desks.
            let newest = last - (last - 1 - at).rem_euclid(desks);
            let params = named_params! {":last": newest.max(0), ":key": desk.key};
            self.conn.prepare_cached(DESK_LAST)?.execute(params)?;
        }
        let params = named_params! {":counted": last, ":to": movement_key(last, 0)};
        self.conn.prepare_cached(COUNTED)?.execute(params)?;
        Ok(())
    }
}

/// The statements for people and their folders.
struct People<'a> {
    site: i64,
    number_type: i64,
    holds: i64,
    labels: Vec<Box<str>>,
    patient: Statement<'a>,
    patient_number: Statement<'a>,
    casenote: Statement<'a>,
    volume: Statement<'a>,
    label: Statement<'a>,
    hold: Statement<'a>,
}

impl<'a> People<'a> {
    fn new(loader: &Loader<'a>, site: &Code) -> Res<Self> {
        let conn = loader.conn;
        Ok(Self {
            site: loader.word(site.as_str())?,
            number_type: loader.word(crate::domain::import::HOSPITAL_NUMBER)?,
            holds: 0,
            labels: Vec::new(),
            patient: conn.prepare(PATIENT)?,
            patient_number: conn.prepare(PATIENT_NUMBER)?,
            casenote: conn.prepare(CASENOTE)?,
            volume: conn.prepare(VOLUME)?,
            label: conn.prepare(LABEL)?,
            hold: conn.prepare(HOLD)?,
        })
    }

    fn patient(&mut self, key: i64, row: &PatientRow) -> Res<()> {
        let text = |said: &Said<String>| said.value().cloned().unwrap_or_default();
        let (surname, forename) = (text(&row.surname), text(&row.forename));
        self.patient.execute(params![
            key,
            row.nhs_number.map(find::nhs_key).value(),
            surname,
            forename,
            names::sought(&surname, &forename),
            row.born.value().map(ToString::to_string),
            row.died.value().map(ToString::to_string),
        ])?;
        self.patient_number.execute(params![row.hospital_number.as_str(), self.site, key])?;
        Ok(())
    }

    fn casenote(&mut self, key: i64, folders: &[VolumeRow]) -> Res<()> {
        let Some(first) = folders.first() else { return Ok(()) };
        let number = first.casenote.as_ref().unwrap_or(&first.hospital_number);
        let count = i64::try_from(folders.len()).unwrap_or(i64::MAX);
        self.casenote.execute(params![key, number.as_str(), self.site, self.number_type, key, count])?;
        Ok(())
    }

    fn volume(&mut self, loader: &Loader<'_>, key: i64, casenote: i64, row: &VolumeRow) -> Res<()> {
        let ours = OwnBarcode::new(OwnKind::Volume, u64::try_from(key).unwrap_or(0)).to_string();
        let barcode = row.barcode.as_ref().map_or(ours.as_str(), LabelText::as_str);
        let home = row.home.value().map(|home| loader.place(home)).transpose()?;
        let hold = match row.hold.value() {
            Some(reason) => Some(self.held(key, 0, reason)?),
            None => None,
        };
        let kind = number_in(&VolumeKind::ALL, &row.kind.over(None).unwrap_or(VolumeKind::Original));
        let is_restricted = row.restricted == Said::Is(Restriction::Restricted);
        if is_restricted {
            self.held(key, 1, "restricted")?;
        }
        let restricted = i64::from(is_restricted);
        self.volume.execute(params![key, casenote, row.volume, kind, barcode, home, hold, restricted])?;
        self.label.execute(params![barcode, key])?;
        self.labels.push(barcode.into());
        Ok(())
    }

    /// The dated row of a hold (0) or restriction (1); says its key.
    fn held(&mut self, volume: i64, what: i64, reason: &str) -> Res<i64> {
        self.holds += 1;
        self.hold.execute(params![self.holds, volume, what, reason])?;
        Ok(self.holds)
    }
}

/// The history: every folder in turn, at every desk in turn.
struct History<'a> {
    volumes: u64,
    movements: u64,
    scanner: i64,
    start_us: i64,
    step_us: i64,
    /// Where each volume was last.
    places: Vec<Option<i64>>,
    loader: &'a Loader<'a>,
    scan: Statement<'a>,
    movement: Statement<'a>,
    whereabouts: Statement<'a>,
}

impl<'a> History<'a> {
    fn new(loader: &'a Loader<'a>, volumes: u64, movements: u64, now: Timestamp) -> Res<Self> {
        let conn = loader.conn;
        let span = BEGINS_BEFORE_US - ENDS_BEFORE_US;
        Ok(Self {
            volumes,
            movements,
            scanner: loader.word(NAME)?,
            start_us: now.micros() - BEGINS_BEFORE_US,
            step_us: (span / i64::try_from(movements.max(1)).unwrap_or(i64::MAX)).max(1),
            places: vec![None; loader.labels.len()],
            loader,
            scan: conn.prepare(SCAN)?,
            movement: conn.prepare(MOVEMENT)?,
            whereabouts: conn.prepare(WHEREABOUTS)?,
        })
    }

    fn append(&mut self, number: u64) -> Res<()> {
        let index = usize::try_from(number.wrapping_mul(STRIDE) % self.volumes.max(1)).unwrap_or(0);
        let number = i64::try_from(number).unwrap_or(i64::MAX);
        let known = (self.loader.labels.get(index), self.places.get_mut(index));
        let (Some(label), Some(before)) = known else {
            return Err(Trouble::Broken("a volume's number"));
        };
        let desks = self.loader.desks.len().max(1);
        let at = usize::try_from(number).unwrap_or(0) % desks;
        let goes = (at * 31 + index) % desks;
        let (Some(desk), Some(to)) = (self.loader.desks.get(at), self.loader.desks.get(goes)) else {
            return Err(Trouble::Broken("a desk's number"));
        };
        let volume = i64::try_from(index).unwrap_or(0) + 1;
        let key = number + 1;
        let happened = self.start_us + number * self.step_us;
        let sent = volume % ON_ITS_WAY == 0 && desk.place != to.place;
        let reason = if sent { Reason::SentTo } else { Reason::ReceivedHere };
        let named = if sent { to.place } else { desk.place };
        let answer = Answer::new(reason).of(VolumeId::new(volume)).at(PlaceId::new(named)).encode();
        let step = i64::try_from(desks).unwrap_or(1);
        let turn = number / step;
        let position = turn % BATCH + 1;
        self.scan.execute(params![
            key,
            id(happened, number).as_bytes(),
            desk.run,
            turn + 1,
            self.scanner,
            key - (position - 1) * step,
            position,
            if turn == 0 { 0 } else { step },
            happened,
            label.as_ref(),
            answer,
        ])?;
        let moved = movement_key(key, 0);
        let (kind, other) = if sent { (2, Some(to.place)) } else { (1, None) };
        self.movement.execute(params![moved, volume << 1, happened, kind, desk.place, other, *before])?;
        *before = Some(desk.place);
        let newest = u64::try_from(number).unwrap_or(0) >= self.movements.saturating_sub(self.volumes);
        if newest {
            let (state, confirmed) = if sent { (2, 0) } else { (1, 1) };
            let row = params![volume << 1, state, desk.place, other, confirmed, happened, moved, happened];
            self.whereabouts.execute(row)?;
        }
        Ok(())
    }
}

fn id(happened_us: i64, number: i64) -> Uuid {
    let mut random = [0; 10];
    let (_, low) = random.split_at_mut(2);
    low.copy_from_slice(&number.to_be_bytes());
    let millis = u64::try_from(happened_us / 1_000).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}
