//! The write connection with what it keeps in mind: keys of desks, runs and words, the last scan, the directory.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rusqlite::{Connection, named_params};
use uuid::Uuid;

use super::clinic_lists;
use super::codec::unsigned;
use super::find::{self, one};
use super::places;
use super::trouble::{Res, Trouble};
use super::view;
use crate::clock::{Clock, Timestamp};
use crate::domain::PlaceId;
use crate::domain::command::Scan;
use crate::domain::directory::Directory;
use crate::domain::place::Code;
use crate::live::Cursor;
use crate::store::DeskStand;

const LAST_SCAN: &str =
    "SELECT key, happened + learned_off FROM scan ORDER BY key DESC LIMIT 1 -- whole: only its end";
const EPOCH: &str = "SELECT epoch, counted, counted_to FROM meta WHERE one = 1";
const COUNT_REST: &str = "SELECT count(*) FROM movement WHERE key > :from";
const SET_COUNTED: &str = "UPDATE meta SET counted = :counted, counted_to = :to WHERE one = 1";
const LAST_MOVEMENT: &str = "SELECT ifnull(max(key), 0) FROM movement";
const DESK: &str = "SELECT key, last FROM desk WHERE code = :code";
const INSERT_DESK: &str = "INSERT INTO desk (code) VALUES (:code)";
const SET_LAST: &str = "UPDATE desk SET last = :last WHERE key = :desk";
const SESSION: &str = "SELECT key FROM session WHERE desk = :desk AND name = :name";
const INSERT_SESSION: &str = "INSERT INTO session (desk, name) VALUES (:desk, :name)";
const RUN: &str = "SELECT key, boot_base FROM run WHERE incarnation = :incarnation AND session = :session
    AND place = :place AND ifnull(boot, x'') = :boot";
const INSERT_RUN: &str = "INSERT INTO run (session, incarnation, boot, place, boot_base)
    VALUES (:session, :incarnation, :boot, :place, :boot_base)";
const INSERT_WORD: &str = "INSERT INTO word (text) VALUES (:text)";
const INSERT_BATCH: &str = "INSERT INTO batch (id, first) VALUES (:id, :first)";

/// Entries of one kind kept in mind; on overflow all are forgotten and read again, which only costs time.
const MAX_IN_MIND: usize = 8_192;
/// After so many movements their count is written down, so that opening counts no more than these.
const COUNT_EVERY: u64 = 50_000;

/// The desk, session and run of a scan.
#[derive(Clone)]
pub struct RunKeys {
    /// The run.
    pub key: i64,
    /// Its desk.
    pub desk: i64,
    /// Its wall time at boot.
    pub boot_base: i64,
}

struct KnownRun {
    keys: RunKeys,
    desk: Code,
    session: String,
    boot: Option<Uuid>,
    place: PlaceId,
}

/// The run of the acts that are our own.
#[derive(Clone, Copy)]
struct OwnRun {
    id: Uuid,
    /// Its first act has this key, or a later one.
    first: i64,
    number: u64,
}

/// Counters of the writer, read by others.
#[derive(Default, Debug)]
pub struct Counters {
    /// Scans since the start.
    pub scans: AtomicU64,
    /// Commits since the start.
    pub commits: AtomicU64,
    /// Movements in the log.
    pub movements: AtomicU64,
    /// Bytes of the write-ahead log that the next reader or checkpoint would have to go through.
    pub wal_bytes: AtomicU64,
}

/// Figures of the transaction that is open.
#[derive(Default)]
pub struct Pending {
    /// Scans recorded.
    pub scans: u64,
}

/// Everything the writer owns.
pub struct Core {
    /// The only write connection.
    pub conn: Connection,
    /// Places, staff and desks.
    pub directory: Arc<Directory>,
    /// Whether the open transaction changed what the directory holds.
    pub directory_changed: bool,
    /// What the open transaction adds to the counters.
    pub figures: Pending,
    /// Movements in the log.
    pub movements: u64,
    /// Read by others.
    pub counters: Arc<Counters>,
    /// Gives `learned_at`.
    pub clock: Clock,
    stands: Vec<DeskStand>,
    epoch: u64,
    counted: u64,
    last_scan: i64,
    learned: i64,
    desks: HashMap<i64, i64>,
    runs: HashMap<Uuid, KnownRun>,
    words: HashMap<String, i64>,
    batches: HashMap<Uuid, i64>,
    own: Option<OwnRun>,
    told_at: Option<Timestamp>,
    /// When clinic lists were told last.
    pub lists_told: Option<Timestamp>,
    /// Whether names are entered into their index with their patients or all at once, at the end of a first load.
    pub names: Names,
}

/// When names are entered into the index of what is inside them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Names {
    /// With their patients.
    AtOnce,
    /// All together at the end.
    Last,
}

impl Core {
    /// Takes an open, migrated connection.
    pub fn new(conn: Connection, clock: Clock, stands: Vec<DeskStand>) -> Res<Self> {
        let directory = Arc::new(places::directory(&conn, &stands)?);
        let mut core = Self {
            conn,
            directory,
            directory_changed: false,
            figures: Pending::default(),
            movements: 0,
            counters: Arc::default(),
            clock,
            stands,
            epoch: 0,
            counted: 0,
            last_scan: 0,
            learned: 0,
            desks: HashMap::new(),
            runs: HashMap::new(),
            words: HashMap::new(),
            batches: HashMap::new(),
            own: None,
            told_at: None,
            lists_told: None,
            names: Names::AtOnce,
        };
        core.recall()?;
        core.count()?;
        Ok(core)
    }

    fn recall(&mut self) -> Res<()> {
        let last = one(&self.conn, LAST_SCAN, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        (self.last_scan, self.learned) = last.unwrap_or((0, 0));
        self.lists_told = clinic_lists::told_at(&self.conn)?;
        Ok(())
    }

    fn count(&mut self) -> Res<()> {
        let meta = one(&self.conn, EPOCH, [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
        let (epoch, counted, upto): (i64, i64, i64) = meta.ok_or(Trouble::Broken("no meta row"))?;
        self.epoch = unsigned(epoch);
        self.counted = unsigned(counted);
        let mut statement = self.conn.prepare_cached(COUNT_REST)?;
        let rest: i64 = statement.query_row(named_params! {":from": upto}, |row| row.get(0))?;
        self.movements = unsigned(counted + rest);
        self.counters.movements.store(self.movements, Ordering::Relaxed);
        Ok(())
    }

    /// Opens the transaction.
    pub fn begin(&mut self) -> Res<()> {
        self.figures = Pending::default();
        self.directory_changed = false;
        self.conn.prepare_cached("BEGIN IMMEDIATE")?.execute([])?;
        Ok(())
    }

    /// Closes the transaction; what it held is on disk when this returns.
    pub fn commit(&mut self) -> Res<()> {
        if self.movements >= self.counted + COUNT_EVERY {
            self.write_count()?;
        }
        let directory = if self.directory_changed {
            Arc::new(places::directory(&self.conn, &self.stands)?)
        } else {
            self.directory.clone()
        };
        self.conn.prepare_cached("COMMIT")?.execute([])?;
        self.counters.scans.fetch_add(self.figures.scans, Ordering::Relaxed);
        self.counters.commits.fetch_add(1, Ordering::Relaxed);
        self.counters.movements.store(self.movements, Ordering::Relaxed);
        self.directory = directory;
        Ok(())
    }

    fn write_count(&mut self) -> Res<()> {
        let last: i64 = self.conn.prepare_cached(LAST_MOVEMENT)?.query_row([], |row| row.get(0))?;
        let params = named_params! {":counted": i64::try_from(self.movements).unwrap_or(0), ":to": last};
        self.conn.prepare_cached(SET_COUNTED)?.execute(params)?;
        self.counted = self.movements;
        Ok(())
    }

    /// Drops the transaction and all that was kept in mind of it.
    pub fn rollback(&mut self) -> Res<()> {
        if !self.conn.is_autocommit() {
            self.conn.execute_batch("ROLLBACK")?;
        }
        self.forget();
        self.recall()?;
        self.count()
    }

    fn forget(&mut self) {
        self.desks.clear();
        self.runs.clear();
        self.words.clear();
        self.batches.clear();
    }

    /// The key and `learned_at` of the next scan; time never runs back, whatever the clock does.
    pub fn next_scan(&mut self) -> (i64, Timestamp) {
        self.last_scan += 1;
        let now = self.told_at.unwrap_or_else(|| self.clock.now());
        self.learned = now.micros().max(self.learned.saturating_add(1));
        (self.last_scan, Timestamp::from_micros(self.learned))
    }

    /// When the last scan was learnt of.
    pub const fn learned(&self) -> Timestamp {
        Timestamp::from_micros(self.learned)
    }

    /// Has the next scan be learnt of at `at`, not by the clock: for loading what happened before.
    pub const fn learns_at(&mut self, at: Timestamp) {
        self.told_at = Some(at);
    }

    /// Whether nothing was ever recorded or imported but places and staff.
    pub fn is_empty(&self) -> Res<bool> {
        Ok(self.last_scan == 0 && super::volumes::count(&self.conn)? == 0)
    }

    /// Where the log stands with a movement.
    pub fn cursor(&self, movement: i64) -> Cursor {
        Cursor { epoch: self.epoch, number: u64::try_from(movement).unwrap_or(0) }
    }

    /// How many keys back the desk's scan before `key` is; `key` is its newest now.
    pub fn chain(&mut self, desk: i64, key: i64) -> Res<i64> {
        let last = self.desks.insert(desk, key).unwrap_or(0);
        self.conn.prepare_cached(SET_LAST)?.execute(named_params! {":last": key, ":desk": desk})?;
        Ok(if last == 0 { 0 } else { key - last })
    }

    /// The run of our own acts, and the number of the next one.
    pub fn own_run(&mut self, now: Timestamp) -> (Uuid, u64) {
        let first = self.last_scan + 1;
        let own =
            self.own.get_or_insert_with(|| OwnRun { id: super::record::incident(now), first, number: 0 });
        own.number += 1;
        (own.id, own.number)
    }

    /// The first key that an act of our own run may have.
    pub fn own_first(&self) -> Option<i64> {
        self.own.map(|own| own.first)
    }

    /// The key of a word.
    pub fn word(&mut self, text: &str) -> Res<i64> {
        if let Some(key) = self.words.get(text) {
            return Ok(*key);
        }
        let text = if text.is_empty() { "-" } else { text };
        let key = match find::word(&self.conn, text)? {
            Some(key) => key,
            None => self.conn.prepare_cached(INSERT_WORD)?.insert(named_params! {":text": text})?,
        };
        keep(&mut self.words, text.to_owned(), key);
        Ok(key)
    }

    /// The keys of a scan's run.
    pub fn run(&mut self, scan: &Scan) -> Res<RunKeys> {
        if let Some(known) = self.runs.get(&scan.run.incarnation)
            && known.desk == scan.desk
            && known.session == scan.session
            && known.boot == scan.run.boot
            && known.place == scan.desk_place
            && self.desks.contains_key(&known.keys.desk)
        {
            return Ok(known.keys.clone());
        }
        let keys = self.find_run(scan)?;
        let known = KnownRun {
            keys: keys.clone(),
            desk: scan.desk.clone(),
            session: scan.session.clone(),
            boot: scan.run.boot,
            place: scan.desk_place,
        };
        keep(&mut self.runs, scan.run.incarnation, known);
        Ok(keys)
    }

    fn find_run(&mut self, scan: &Scan) -> Res<RunKeys> {
        let desk = self.desk(&scan.desk)?;
        let params = named_params! {":desk": desk, ":name": scan.session};
        let session = match one(&self.conn, SESSION, params, |row| Ok(row.get(0)?))? {
            Some(session) => session,
            None => self.conn.prepare_cached(INSERT_SESSION)?.insert(params)?,
        };
        let boot: &[u8] = scan.run.boot.as_ref().map_or(&[], |boot| boot.as_bytes().as_slice());
        let known = one(
            &self.conn,
            RUN,
            named_params! {
                ":incarnation": scan.run.incarnation.as_bytes(),
                ":session": session,
                ":place": scan.desk_place.key(),
                ":boot": boot,
            },
            |row| Ok(RunKeys { key: row.get(0)?, desk, boot_base: row.get(1)? }),
        )?;
        if let Some(known) = known {
            return Ok(known);
        }
        let boot_base = scan.clocks.happened.micros().saturating_sub(scan.clocks.boot_us);
        let key = self.conn.prepare_cached(INSERT_RUN)?.insert(named_params! {
            ":session": session,
            ":incarnation": scan.run.incarnation.as_bytes(),
            ":boot": scan.run.boot.map(Uuid::into_bytes),
            ":place": scan.desk_place.key(),
            ":boot_base": boot_base,
        })?;
        Ok(RunKeys { key, desk, boot_base })
    }

    fn desk(&mut self, code: &Code) -> Res<i64> {
        let params = named_params! {":code": code.as_str()};
        let (key, last) = match one(&self.conn, DESK, params, |row| Ok((row.get(0)?, row.get(1)?)))? {
            Some(known) => known,
            None => (self.conn.prepare_cached(INSERT_DESK)?.insert(params)?, 0),
        };
        keep(&mut self.desks, key, last);
        Ok(key)
    }

    /// The key by which a batch stands in its scans; `key` is that of the scan with id `scan`.
    pub fn batch(&mut self, batch: Uuid, scan: Uuid, key: i64) -> Res<i64> {
        if let Some(known) = self.batches.get(&batch) {
            return Ok(*known);
        }
        let own = (batch == scan).then_some(key);
        let known = match (view::unknown_batch(&self.conn, batch)?, own) {
            (Some(unknown), _) => -unknown,
            (None, Some(own)) => own,
            (None, None) => match view::scan_key(&self.conn, batch)? {
                Some((first, _)) => first,
                None => -self.insert_batch(batch, key)?,
            },
        };
        keep(&mut self.batches, batch, known);
        Ok(known)
    }

    fn insert_batch(&self, batch: Uuid, first: i64) -> Res<i64> {
        let params = named_params! {":id": batch.as_bytes(), ":first": first};
        Ok(self.conn.prepare_cached(INSERT_BATCH)?.insert(params)?)
    }
}

fn keep<K: std::hash::Hash + Eq, V>(map: &mut HashMap<K, V>, key: K, value: V) {
    if map.len() >= MAX_IN_MIND {
        map.clear();
    }
    map.insert(key, value);
}
