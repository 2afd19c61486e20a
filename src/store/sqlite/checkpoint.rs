//! Writing the log back into the database, away from the writer, so that no scan waits for it.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use rusqlite::Connection;

use super::core::Counters;
use super::trouble::{Res, Trouble};

/// How often the log is looked at.
const EVERY: Duration = Duration::from_millis(100);
/// From this size on the writer begins the log anew when no scan waits, in bytes.
pub const RESET_WHEN_IDLE: u64 = 64 * 1024 * 1024;
/// At this size it does so whoever waits, in bytes. The size is looked at every 100 ms, in which a rush writes up to
/// 40 MB: the file stays under 256 MB.
pub const RESET_AT_LATEST: u64 = 192 * 1024 * 1024;
/// Bytes of a frame of the log: a page and its header.
const FRAME: i64 = 4_096 + 24;

const PASSIVE: &str = "PRAGMA wal_checkpoint(PASSIVE)";
const RESTART: &str = "PRAGMA wal_checkpoint(RESTART)";
const TRUNCATE: &str = "PRAGMA wal_checkpoint(TRUNCATE)";

/// What a checkpoint left.
#[derive(Clone, Copy)]
pub struct Log {
    /// Bytes in the log.
    pub bytes: u64,
    /// Whether all of it is in the database.
    pub whole: bool,
}

fn checkpoint(conn: &Connection, sql: &str) -> Res<Log> {
    conn.query_row(sql, [], |row| {
        let (log, done): (i64, i64) = (row.get(1)?, row.get(2)?);
        Ok(Log { bytes: u64::try_from(log.max(0) * FRAME).unwrap_or(0), whole: log == done })
    })
    .map_err(Into::into)
}

/// Begins the log anew; the writer alone may do that.
pub fn restart(conn: &Connection) -> Res<Log> {
    checkpoint(conn, RESTART)
}

/// Writes all back and empties the log's file, before closing.
pub fn truncate(conn: &Connection) -> Res<Log> {
    checkpoint(conn, TRUNCATE)
}

/// The checkpointer's thread: ends when `stop` hangs up, or after a failed write, which `failed` is told of at once.
pub fn run(conn: &Connection, counters: &Arc<Counters>, failed: impl FnOnce(&Trouble), stop: &Receiver<()>) {
    let mut seen = 0;
    let mut whole = true;
    while stop.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
        let commits = counters.commits.load(Ordering::Relaxed);
        if commits == seen && whole {
            continue;
        }
        match checkpoint(conn, PASSIVE) {
            Ok(log) => {
                counters.wal_bytes.store(log.bytes, Ordering::Relaxed);
                (seen, whole) = (commits, log.whole);
            }
            Err(error) if error.is_fatal() => {
                tracing::error!(error = error.whole(), "writing the log back failed");
                return failed(&error);
            }
            Err(_) => whole = false,
        }
    }
}
