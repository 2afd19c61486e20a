//! The bare writer of `casetrack bench`: what the disk and SQLite alone can do.
//!
//! It writes a plain *received here* into the product's own tables, by the product's own statements in the product's
//! own order, over connections opened as the product opens them, with the product's checkpointer beside it and its
//! rule for beginning the log anew. It decides nothing, reads rows without making domain values of them, and tells
//! nobody.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread::JoinHandle;

use rusqlite::{Row, named_params, params};
use uuid::Uuid;

use super::checkpoint::{self, RESET_AT_LATEST, RESET_WHEN_IDLE};
use super::codec::movement_key;
use super::core::{Core, RunKeys};
use super::find::{HOLD_REASON, VOLUME_BY_LABEL, VOLUMES_OF_CASENOTE};
use super::fold::TARGETS;
use super::open::{self, Safety};
use super::project::PUT;
use super::record::{INSERT_MOVEMENT, INSERT_SCAN, KNOWN};
use super::trouble::{Res, Trouble};
pub use super::writer::MAX_BATCH;
use crate::clock::{Clock, Timestamp};
use crate::domain::answer::Answer;
use crate::domain::barcode::Entry;
use crate::domain::casenote::LabelText;
use crate::domain::command::{Clocks, Naming, Run, Scan};
use crate::domain::refusal::Reason;
use crate::domain::{PlaceId, ScanId, VolumeId};
use crate::store::{DeskStand, StoreError};

/// The name of the checkpointer's thread, by which its processor time is found.
pub const CHECKPOINTER: &str = "bare-checkpoint";
/// The name that sessions and scanners of the bare writer have.
const NAME: &str = "bench";

/// One scan: a folder is received.
#[derive(Clone, Debug)]
pub struct BareScan {
    /// Its id.
    pub id: Uuid,
    /// Which of the desks.
    pub desk: usize,
    /// The folder's label.
    pub label: LabelText,
    /// When.
    pub happened: Timestamp,
}

/// A writer without rules.
pub struct BareWriter {
    core: Core,
    desks: Vec<Desk>,
    checkpointer: Option<(SyncSender<()>, JoinHandle<()>)>,
}

struct Desk {
    run: RunKeys,
    place: i64,
    batch: Option<i64>,
    number: i64,
}

/// What is read of a volume.
struct Found {
    key: i64,
    casenote: i64,
    hold: Option<i64>,
    volumes: i64,
    place: Option<i64>,
    newest: Option<i64>,
}

impl BareWriter {
    /// Opens the database of `dir`, which nobody else has open, for these desks.
    pub fn open(dir: &Path, stands: &[DeskStand], clock: Clock) -> Result<Self, StoreError> {
        Self::prepare(dir, stands, clock).map_err(|error| error.while_doing("opening the bare writer"))
    }

    fn prepare(dir: &Path, stands: &[DeskStand], clock: Clock) -> Res<Self> {
        let conn = open::writer(dir, Safety::OnDisk)?;
        let mut core = Core::new(conn, clock, stands.to_vec())?;
        core.begin()?;
        let desks = stands.iter().map(|stand| desk(&mut core, stand)).collect::<Res<_>>()?;
        core.commit()?;
        let checkpointer = Some(start_checkpointer(dir, &core)?);
        Ok(Self { core, desks, checkpointer })
    }

    /// Writes all `scans` in one transaction; they are on disk when it returns.
    pub fn write(&mut self, scans: &[BareScan]) -> Result<(), StoreError> {
        self.core
            .begin()
            .and_then(|()| scans.iter().try_for_each(|scan| self.one(scan)))
            .and_then(|()| self.core.commit())
            .map_err(|error| error.while_doing("writing without rules"))
    }

    /// Begins the log anew when the product would.
    pub fn tend_log(&mut self, waiting: Waiting) -> Result<(), StoreError> {
        let bytes = self.core.counters.wal_bytes.load(Ordering::Relaxed);
        if bytes < RESET_WHEN_IDLE || (bytes < RESET_AT_LATEST && waiting == Waiting::Some) {
            return Ok(());
        }
        checkpoint::restart(&self.core.conn).map_err(|error| error.while_doing("beginning the log anew"))?;
        self.core.counters.wal_bytes.store(0, Ordering::Relaxed);
        Ok(())
    }

    fn one(&mut self, scan: &BareScan) -> Res<()> {
        let core = &mut self.core;
        let desk = self.desks.get_mut(scan.desk).ok_or(Trouble::Broken("a desk of the bench"))?;
        let known = {
            let mut statement = core.conn.prepare_cached(KNOWN)?;
            statement.exists([scan.id.as_bytes()])?
        };
        if known {
            return Err(Trouble::Broken("an id of the bench"));
        }
        let found = core.conn.prepare_cached(VOLUME_BY_LABEL)?.query_row([scan.label.as_str()], volume)?;
        look_around(core, &found)?;
        let (key, learned_at) = core.next_scan();
        let batch = *desk.batch.get_or_insert(key);
        let back = core.chain(desk.run.desk, key)?;
        let scanner = core.word(NAME)?;
        desk.number += 1;
        let answer = Answer::new(Reason::ReceivedHere)
            .of(VolumeId::new(found.key))
            .at(PlaceId::new(desk.place))
            .encode();
        let happened = scan.happened.micros();
        core.conn.prepare_cached(INSERT_SCAN)?.execute(params![
            key,
            scan.id.as_bytes(),
            desk.run.key,
            desk.number,
            scanner,
            None::<i64>,
            batch,
            desk.number,
            back,
            happened,
            learned_at.micros() - happened,
            0,
            0,
            0,
            0,
            0,
            scan.label.as_str(),
            None::<&[u8]>,
            None::<&str>,
            answer,
            None::<&[u8]>,
            None::<&[u8]>,
        ])?;
        received(core, key, scan, &found, desk)?;
        core.movements += 1;
        core.figures.scans += 1;
        Ok(())
    }
}

impl Drop for BareWriter {
    fn drop(&mut self) {
        if let Some((stop, thread)) = self.checkpointer.take() {
            drop(stop);
            // A checkpointer that panicked has said so already.
            let _ = thread.join();
        }
    }
}

/// Whether scans wait while the log is looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Waiting {
    /// Some do.
    Some,
    /// None does.
    None,
}

/// What the product looks up beside the volume: siblings where it has any, and its hold.
fn look_around(core: &Core, found: &Found) -> Res<()> {
    if found.volumes > 1 {
        let mut statement = core.conn.prepare_cached(VOLUMES_OF_CASENOTE)?;
        let mut rows = statement.query([found.casenote])?;
        while rows.next()?.is_some() {}
    }
    if let Some(hold) = found.hold {
        core.conn.prepare_cached(HOLD_REASON)?.exists([hold])?;
    }
    Ok(())
}

/// The movement, and where the folder is now.
fn received(core: &Core, scan_key: i64, scan: &BareScan, found: &Found, desk: &Desk) -> Res<()> {
    let key = movement_key(scan_key, 0);
    let subject = found.key << 1;
    let happened = found.newest.map_or(0, |newest| newest + 1).max(scan.happened.micros());
    core.conn.prepare_cached(INSERT_MOVEMENT)?.execute(params![
        key,
        subject,
        happened,
        1,
        desk.place,
        None::<i64>,
        0,
        0,
        found.place
    ])?;
    {
        let mut statement = core.conn.prepare_cached(TARGETS)?;
        let mut rows = statement.query([scan.id.as_bytes(), scan.id.as_bytes()])?;
        while rows.next()?.is_some() {}
    }
    core.conn.prepare_cached(PUT)?.execute(named_params! {
        ":subject": subject,
        ":state": 1,
        ":place": desk.place,
        ":towards": None::<i64>,
        ":packed_in": None::<i64>,
        ":confirmed": 1,
        ":filed": None::<i64>,
        ":since": happened,
        ":how": 0,
        ":or_at": None::<i64>,
        ":movement": key,
        ":freed": None::<i64>,
        ":newest": happened,
        ":uncertainty": 0,
    })?;
    Ok(())
}

fn volume(row: &Row<'_>) -> rusqlite::Result<Found> {
    Ok(Found {
        key: row.get(0)?,
        casenote: row.get(1)?,
        hold: row.get(6)?,
        volumes: row.get(9)?,
        place: row.get(15)?,
        newest: row.get(25)?,
    })
}

fn desk(core: &mut Core, stand: &DeskStand) -> Res<Desk> {
    let place = core.directory.place_by_code(&stand.place).ok_or(Trouble::Broken("a place of the bench"))?.id;
    let reading = core.clock.read();
    let id = super::record::incident(reading.wall);
    let run = core.run(&Scan {
        id: ScanId::new(id),
        desk: stand.desk.clone(),
        desk_place: place,
        session: NAME.to_owned(),
        run: Run { incarnation: id, boot: None },
        number: 0,
        scanner: NAME.to_owned(),
        person: None,
        batch: None,
        position: 0,
        clocks: Clocks {
            happened: reading.wall,
            wall: reading.wall,
            boot_us: reading.boot_us,
            uncertainty_us: 0,
        },
        text: String::new(),
        aim: None,
        entry: Entry::Scanned,
        naming: Naming::Ours,
    })?;
    Ok(Desk { run, place: place.key(), batch: None, number: 0 })
}

fn start_checkpointer(dir: &Path, core: &Core) -> Res<(SyncSender<()>, JoinHandle<()>)> {
    let conn = open::checkpointer(dir)?;
    let counters = Arc::clone(&core.counters);
    let (stop, stopped) = sync_channel(0);
    let thread = std::thread::Builder::new()
        .name(CHECKPOINTER.to_owned())
        .spawn(move || checkpoint::run(&conn, &counters, |_| {}, &stopped))
        .map_err(|error| Trouble::Ours(format!("no thread for the checkpointer: {error}")))?;
    Ok((stop, thread))
}

const LAST_KEY: &str = "SELECT ifnull(max(key), 0) FROM scan";
const STORED: &str = "SELECT count(*), ifnull(avg(length(answer) + ifnull(length(change), 0)), 0),
    ifnull(max(length(answer) + ifnull(length(change), 0)), 0) FROM scan WHERE key > :after";

/// What the scans after a key have stored of answer and session.
#[derive(Clone, Copy, Debug)]
pub struct Stored {
    /// How many scans there are.
    pub scans: u64,
    /// Bytes of answer and session's change, on average.
    pub mean: f64,
    /// Bytes of answer and session's change, at most.
    pub most: u64,
}

/// The key of the newest scan.
pub fn last_scan(dir: &Path) -> Result<i64, StoreError> {
    let key = open::reader(dir).and_then(|conn| Ok(conn.query_row(LAST_KEY, [], |row| row.get(0))?));
    key.map_err(|error| error.while_doing("looking for the last scan"))
}

/// What the scans after `after` have stored.
pub fn stored_after(dir: &Path, after: i64) -> Result<Stored, StoreError> {
    let count = |value: i64| u64::try_from(value).unwrap_or(0);
    let read =
        |row: &Row<'_>| Ok(Stored { scans: count(row.get(0)?), mean: row.get(1)?, most: count(row.get(2)?) });
    let stored = open::reader(dir)
        .and_then(|conn| Ok(conn.query_row(STORED, named_params! {":after": after}, read)?));
    stored.map_err(|error| error.while_doing("measuring scans"))
}

const LEARNED: &str = "SELECT key, happened + learned_off FROM scan WHERE key > :after";
const LIKE: &str =
    "SELECT count(*) FROM patient WHERE surname LIKE '%' || :part || '%' OR forename LIKE '%' || :part || '%'
    -- whole: what the index is held against";

/// The scans after `after`, by key, and when each was learnt of.
pub fn learned_after(dir: &Path, after: i64) -> Result<Vec<(i64, Timestamp)>, StoreError> {
    let learned = |row: &Row<'_>| Ok((row.get(0)?, Timestamp::from_micros(row.get(1)?)));
    let found = open::reader(dir)
        .and_then(|conn| super::find::all(&conn, LEARNED, named_params! {":after": after}, learned));
    found.map_err(|error| error.while_doing("reading when scans were learnt of"))
}

/// The key of the scan that made the movement with this number in its cursor.
pub fn scan_of(number: u64) -> i64 {
    super::codec::scan_of(i64::try_from(number).unwrap_or(i64::MAX))
}

/// How many patients have `part` in their name, found by looking at each of them.
pub fn like_scan(dir: &Path, part: &str) -> Result<u64, StoreError> {
    let count = |conn: rusqlite::Connection| -> Res<i64> {
        Ok(conn.query_row(LIKE, named_params! {":part": part}, |row| row.get(0))?)
    };
    let found = open::reader(dir).and_then(count);
    Ok(u64::try_from(found.map_err(|error| error.while_doing("scanning names"))?).unwrap_or(0))
}

/// The write-ahead log of `dir`.
pub fn log_file(dir: &Path) -> PathBuf {
    let mut name = open::file(dir).into_os_string();
    name.push("-wal");
    name.into()
}

/// The database of `dir`.
pub fn database_file(dir: &Path) -> PathBuf {
    open::file(dir)
}

/// Names the life of the log: the checkpoint's number and salt in its header (SQLite file format, section 4.1), which
/// change whenever the log is begun anew. `None`: the log is empty.
pub fn log_life(dir: &Path) -> Option<Vec<u8>> {
    let mut header = [0; 24];
    std::fs::File::open(log_file(dir)).and_then(|mut log| log.read_exact(&mut header)).ok()?;
    header.get(12..).map(<[u8]>::to_vec)
}
