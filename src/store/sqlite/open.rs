//! Opening the file: connections and their settings.

use std::fs::File;
use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use super::trouble::{Res, Trouble};
use crate::store::StoreError;

/// The database's file in the data folder.
pub const FILE: &str = "casetrack.db";
/// The oldest SQLite that is trusted: before it, resetting the log while it is checkpointed could lose a page.
pub const OLDEST_SQLITE: i32 = 3_051_003;
/// Statements kept prepared on a connection: more than this room has.
const STATEMENTS: usize = 256;
/// Pages kept by the writer, in KiB.
const WRITER_CACHE_KIB: i64 = 64 * 1024;
/// Pages kept by the writer of a first load, in KiB: the label index of two million volumes is 60 MB.
const LOADING_CACHE_KIB: i64 = 256 * 1024;
/// Pages kept by a reader, in KiB.
const READER_CACHE_KIB: i64 = 8 * 1024;
/// How long a connection waits for another one's lock, in milliseconds. Only the checkpointer may hold one.
const BUSY_MS: u64 = 5_000;
/// A reset log is cut to this size, in bytes: what it may grow to, as writing over is half as dear as making a file longer.
const KEPT_LOG: i64 = 192 * 1024 * 1024;

/// Where the database of a data folder is.
pub fn file(dir: &Path) -> PathBuf {
    dir.join(FILE)
}

/// Makes the data folder if it is absent, so that a power cut cannot take it away again: a new folder's name is on disk
/// only once the folder above it is synced.
pub fn make_folder(dir: &Path) -> Result<(), StoreError> {
    let io = |source| StoreError::Io { doing: format!("making {}", dir.display()), source };
    let is_new = |folder: &&Path| !folder.as_os_str().is_empty() && !folder.exists();
    let new: Vec<&Path> = dir.ancestors().take_while(is_new).collect();
    std::fs::create_dir_all(dir).map_err(io)?;
    new.into_iter().filter_map(Path::parent).try_for_each(sync_folder)
}

/// Brings the names of a folder to disk.
pub fn sync_folder(dir: &Path) -> Result<(), StoreError> {
    let here = Path::new(".");
    let dir = if dir.as_os_str().is_empty() { here } else { dir };
    let io = |source| StoreError::Io { doing: format!("syncing {}", dir.display()), source };
    File::open(dir).and_then(|folder| folder.sync_all()).map_err(io)
}

/// Refuses a library too old to be trusted with the log.
pub fn check_library() -> Result<(), StoreError> {
    if rusqlite::version_number() < OLDEST_SQLITE {
        let found = rusqlite::version();
        return Err(StoreError::Foreign(format!("SQLite {found} is too old: 3.51.3 is needed at least")));
    }
    Ok(())
}

/// How much the disk has to have taken when a commit returns.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Safety {
    /// All of it.
    OnDisk,
    /// Nothing: only while an empty database is loaded, which can be begun anew.
    Loading,
}

/// The connection that writes.
pub fn writer(dir: &Path, safety: Safety) -> Res<Connection> {
    let conn = Connection::open(file(dir))?;
    settle(&conn, WRITER_CACHE_KIB)?;
    conn.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    set_safety(&conn, safety)?;
    conn.pragma_update(None, "wal_autocheckpoint", 0)?;
    conn.pragma_update(None, "journal_size_limit", KEPT_LOG)?;
    conn.pragma_update(None, "foreign_keys", "ON")?;
    // What is redacted is gone from its page, too; pages that are written anyway cost nothing more.
    conn.query_row("PRAGMA secure_delete = FAST", [], |_| Ok(()))?;
    Ok(conn)
}

/// Changes what a commit waits for.
pub fn set_safety(conn: &Connection, safety: Safety) -> Res<()> {
    let word = match safety {
        Safety::OnDisk => "FULL",
        Safety::Loading => "OFF",
    };
    Ok(conn.pragma_update(None, "synchronous", word)?)
}

/// Has a connection keep as many pages as the first load of a hospital wants: its unique indexes are written in no order.
pub fn keep_more_pages(conn: &Connection) -> Res<()> {
    Ok(conn.pragma_update(None, "cache_size", -LOADING_CACHE_KIB)?)
}

/// The connection that only writes the log back.
pub fn checkpointer(dir: &Path) -> Res<Connection> {
    let conn = Connection::open_with_flags(
        file(dir),
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    settle(&conn, READER_CACHE_KIB)?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "wal_autocheckpoint", 0)?;
    Ok(conn)
}

/// A connection that reads.
pub fn reader(dir: &Path) -> Res<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(file(dir), flags)?;
    settle(&conn, READER_CACHE_KIB)?;
    conn.pragma_update(None, "query_only", "ON")?;
    Ok(conn)
}

fn settle(conn: &Connection, cache_kib: i64) -> Res<()> {
    conn.busy_timeout(std::time::Duration::from_millis(BUSY_MS))?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    conn.pragma_update(None, "cache_size", -cache_kib)?;
    conn.query_row("PRAGMA mmap_size = 0", [], |_| Ok(())).or_else(none_is_fine)?;
    conn.pragma_update(None, "trusted_schema", "OFF")?;
    conn.pragma_update(None, "cell_size_check", "ON")?;
    // A plan never depends on what is bound: without this, the library prepares a statement anew whenever another
    // value is bound beside a partial index, which took almost half of a scan's time.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

fn none_is_fine(error: rusqlite::Error) -> Result<(), rusqlite::Error> {
    if matches!(error, rusqlite::Error::QueryReturnedNoRows) { Ok(()) } else { Err(error) }
}

/// What a pragma that answers one number says.
pub fn pragma(conn: &Connection, name: &str) -> Res<i64> {
    conn.pragma_query_value(None, name, |row| row.get(0)).map_err(Trouble::from)
}
