//! Copying a database out while it is written to, and looking at the copy.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::sync::Mutex;

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, InterruptHandle, OpenFlags};

use super::find::{all, one};
use super::open::{self, pragma};
use super::trouble::{Res, Trouble};
use super::{codec::unsigned, migrate};
use crate::domain::place::Code;
use crate::store::StoreError;
use crate::store::backup::{self, Progress, Stage, Watch};

/// Pages that are copied before they are brought to the disk, 8 MB: so much is in a scan's way when it is written at the
/// same moment, and no more.
const PAGES: i32 = 2_048;
/// Pages that the copy keeps in memory, in KiB.
const CACHE_KIB: i64 = 8 * 1024;
/// Threads that look at the tables of a copy, beside the one that reckons its digest.
const LOOKERS: usize = 2;
/// How little an ordinary thread gives way to those that copy and look: desks go first.
const NICENESS: i32 = 10;
/// The tables whose rows a manifest counts; of an older schema those that it has.
const COUNTED: [&str; 13] = [
    "place",
    "staff",
    "patient",
    "casenote",
    "volume",
    "label",
    "scan",
    "movement",
    "undo",
    "question",
    "search_step",
    "sweep_step",
    "appointment",
];

const META: &str = "SELECT trust, epoch FROM meta WHERE one = 1";
const LAST: &str =
    "SELECT ifnull((SELECT max(key) FROM scan), 0), ifnull((SELECT max(key) FROM movement), 0)";
/// The largest first, as far as a name can say that.
const TABLES: &str =
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite!_%' ESCAPE '!'
    ORDER BY name IN ('movement', 'scan', 'patient', 'volume'), name DESC -- whole: tables are few";

const COPYING: &str = "copying the data";
const LOOKING: &str = "looking at the copy";

/// What a state of the data is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct State {
    /// Whose data they are.
    pub trust: Code,
    /// Their version.
    pub schema: u32,
    /// Which life of the log it is.
    pub epoch: u64,
    /// The key of the newest scan.
    pub last_scan: i64,
    /// The key of the newest movement.
    pub last_movement: i64,
}

/// What was found in a copy.
pub struct Looked {
    /// How many rows its main tables have.
    pub rows: BTreeMap<String, u64>,
    /// Its length.
    pub bytes: u64,
    /// SHA-256.
    pub sha256: String,
}

/// Copies the data as they are now into an empty file, which is on disk when this returns. One read transaction stands
/// meanwhile: it sees one state, whatever is written, and nobody waits for it.
pub fn copy(data_dir: &Path, to: &Path, watch: &mut Watch<'_>) -> Result<State, StoreError> {
    open::check_library()?;
    let from = open::reader(data_dir).map_err(|error| error.while_doing(COPYING))?;
    let schema = migrate::version(&from)?;
    if schema == 0 {
        return Err(StoreError::Backup(format!(
            "{} holds nothing yet: there is nothing to back up",
            data_dir.display()
        )));
    }
    let begun = from.execute_batch("BEGIN").map_err(Trouble::from).and_then(|()| state(&from, schema));
    let state = begun.map_err(|error| error.while_doing(COPYING))?;
    pages(&from, to, watch)?;
    Ok(state)
}

/// What is in the data now; the first reading of a transaction.
pub fn state(conn: &Connection, schema: u32) -> Res<State> {
    let meta = one(conn, META, [], |row| Ok((row.get::<_, String>(0)?, row.get(1)?)))?;
    let (trust, epoch) = meta.ok_or(Trouble::Broken("no meta row"))?;
    let last = one(conn, LAST, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let (last_scan, last_movement) = last.unwrap_or((0, 0));
    let trust = trust.parse().map_err(|_| Trouble::Broken("the trust's code"))?;
    Ok(State { trust, schema, epoch: unsigned(epoch), last_scan, last_movement })
}

/// Piece by piece, each on disk before the next: what is written at once would stand before the desks' own writes.
fn pages(from: &Connection, to: &Path, watch: &mut Watch<'_>) -> Result<(), StoreError> {
    let disk = File::options().write(true).open(to);
    let disk =
        disk.map_err(|source| StoreError::Io { doing: format!("opening {}", to.display()), source })?;
    let sync = || {
        disk.sync_data()
            .map_err(|source| StoreError::Io { doing: format!("writing {}", to.display()), source })
    };
    let mut copy = target(to).map_err(|error| error.while_doing(COPYING))?;
    let page = pragma(from, "page_size").map_err(|error| error.while_doing(COPYING))?;
    let bytes = |pages: i32| u64::try_from(i64::from(pages) * page).unwrap_or(0);
    let count = pragma(from, "page_count").map_err(|error| error.while_doing(COPYING))?;
    backup::room_for(to.parent().unwrap_or(to), unsigned(count * page))?;
    let steps = Backup::new(from, &mut copy).map_err(Trouble::from);
    let steps = steps.map_err(|error| error.while_doing(COPYING))?;
    loop {
        let step = steps.step(PAGES).map_err(Trouble::from).map_err(|error| error.while_doing(COPYING))?;
        let progress = steps.progress();
        let done = bytes(progress.pagecount - progress.remaining);
        match step {
            StepResult::Done => break,
            StepResult::More => sync()?,
            // The reading stands already, and nobody else has the copy.
            StepResult::Busy | StepResult::Locked | _ => {
                return Err(Trouble::Ours("the copy was locked".to_owned()).while_doing(COPYING));
            }
        }
        backup::go_on(watch, Progress { stage: Stage::Copying, done, of: bytes(progress.pagecount) })?;
    }
    drop(steps);
    copy.close().map_err(|(_, error)| Trouble::from(error).while_doing(COPYING))?;
    disk.sync_all().map_err(|source| StoreError::Io { doing: format!("writing {}", to.display()), source })
}

/// The copy as it is written: nothing of it counts before it is whole, so nothing is kept to take it back.
fn target(to: &Path) -> Res<Connection> {
    let conn =
        Connection::open_with_flags(to, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    conn.query_row("PRAGMA locking_mode = EXCLUSIVE", [], |_| Ok(()))?;
    conn.query_row("PRAGMA journal_mode = OFF", [], |_| Ok(()))?;
    conn.pragma_update(None, "synchronous", "OFF")?;
    conn.pragma_update(None, "cache_size", -CACHE_KIB)?;
    Ok(conn)
}

/// Looks at a copy: the database's own check of every table and index, the rows of the main tables, and its digest, all
/// at once, so that it is read from the disk once. Refuses one that is damaged or not of this state.
pub fn look(file: &Path, of: &State, watch: &mut Watch<'_>) -> Result<Looked, StoreError> {
    let conn = still(file).map_err(|error| error.while_doing(LOOKING))?;
    let schema = migrate::version(&conn)?;
    let found = state(&conn, schema).map_err(|error| error.while_doing(LOOKING))?;
    if found != *of {
        return Err(damaged(file, "it is not what was copied"));
    }
    let tables = all(&conn, TABLES, [], |row| Ok(row.get::<_, String>(0)?));
    let tables = Mutex::new(tables.map_err(|error| error.while_doing(LOOKING))?);
    let lookers = (0..LOOKERS).map(|_| still(file)).collect::<Res<Vec<_>>>();
    let lookers = lookers.map_err(|error| error.while_doing(LOOKING))?;
    let handles: Vec<InterruptHandle> = lookers.iter().map(Connection::get_interrupt_handle).collect();
    std::thread::scope(|scope| {
        let tables = &tables;
        let look = |conn: Connection| scope.spawn(move || tables_of(&conn, tables));
        let threads: Vec<_> = lookers.into_iter().map(look).collect();
        let reckoned = backup::digest(file, watch);
        if reckoned.is_err() {
            take_all(tables);
            handles.iter().for_each(InterruptHandle::interrupt);
        }
        let mut rows = BTreeMap::new();
        let mut first = None;
        for thread in threads {
            let ended = thread.join().unwrap_or_else(|_| Err(Trouble::Ours("looking panicked".to_owned())));
            match ended {
                Ok(counted) => rows.extend(counted),
                Err(error) => first = first.or(Some(error)),
            }
        }
        let (bytes, sha256) = reckoned?;
        match first {
            None => Ok(Looked { rows, bytes, sha256 }),
            Some(Trouble::Ours(said)) => Err(damaged(file, &said)),
            Some(error) => Err(error.while_doing(LOOKING)),
        }
    })
}

fn damaged(file: &Path, said: &str) -> StoreError {
    let file = file.display();
    StoreError::Backup(format!(
        "the copy {file} is not sound ({said}): verify the data, and look at both disks"
    ))
}

/// Looks at table after table until none is left; how many rows those have that are counted.
fn tables_of(conn: &Connection, tables: &Mutex<Vec<String>>) -> Res<Vec<(String, u64)>> {
    give_way();
    let mut counted = Vec::new();
    while let Some(table) = take(tables) {
        let quoted = format!("\"{}\"", table.replace('"', "\"\""));
        let said: String = conn.query_row(&format!("PRAGMA quick_check({quoted})"), [], |row| row.get(0))?;
        if said != "ok" {
            take_all(tables);
            return Err(Trouble::Ours(said));
        }
        if COUNTED.contains(&table.as_str()) {
            let count: i64 = conn.query_row(
                &format!("SELECT count(*) FROM {quoted} -- whole: a copy is counted"),
                [],
                |row| row.get(0),
            )?;
            counted.push((table, unsigned(count)));
        }
    }
    Ok(counted)
}

fn take(tables: &Mutex<Vec<String>>) -> Option<String> {
    tables.lock().unwrap_or_else(std::sync::PoisonError::into_inner).pop()
}

fn take_all(tables: &Mutex<Vec<String>>) {
    tables.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clear();
}

/// A file that nobody writes to: nothing is laid beside it.
pub fn still(file: &Path) -> Res<Connection> {
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let conn = Connection::open_with_flags(address(file), flags)?;
    conn.pragma_update(None, "trusted_schema", "OFF")?;
    conn.pragma_update(None, "cell_size_check", "ON")?;
    conn.pragma_update(None, "query_only", "ON")?;
    Ok(conn)
}

fn address(file: &Path) -> String {
    use std::fmt::Write as _;
    use std::os::unix::ffi::OsStrExt;
    let mut address = "file:".to_owned();
    for byte in file.as_os_str().as_bytes() {
        // Writing to a string does not fail.
        let _ = match byte {
            b'/' | b'.' | b'-' | b'_' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => {
                write!(address, "{}", char::from(*byte))
            }
            byte => write!(address, "%{byte:02X}"),
        };
    }
    address + "?immutable=1"
}

/// Does something long on a thread of its own that gives way to all others.
pub fn politely<T: Send>(work: impl FnOnce() -> Result<T, StoreError> + Send) -> Result<T, StoreError> {
    std::thread::scope(|scope| {
        let polite = scope.spawn(|| {
            give_way();
            work()
        });
        polite
            .join()
            .unwrap_or_else(|_| Err(Trouble::Ours("copying panicked".to_owned()).while_doing(COPYING)))
    })
}

/// This thread works when no other one wants to.
fn give_way() {
    // On Linux this is of the thread alone; where it is not allowed nothing is lost but some politeness.
    let _ = rustix::process::setpriority_process(None, NICENESS);
}
