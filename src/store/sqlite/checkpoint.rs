//! Writing the log back into the database, away from the writer, so that no scan waits for it.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::Duration;

use rusqlite::Connection;

use super::core::Counters;
use super::open;
use super::trouble::{Res, Trouble};

/// How often the log is looked at.
const EVERY: Duration = Duration::from_millis(100);
/// From this size on the writer begins the log anew when no scan waits, in bytes.
pub const RESET_WHEN_IDLE: u64 = 64 * 1024 * 1024;
/// At this size it does so whoever waits, in bytes. The size is looked at every 100 ms, in which a rush writes up to
/// 40 MB: the file stays under 256 MB. While a reader stands in the log (a backup, an export) it cannot begin anew:
/// from this size on imports wait until it can, and only scans make it longer, by 20 to 60 kB each.
pub const RESET_AT_LATEST: u64 = 192 * 1024 * 1024;
/// How long the writer waits for readers to leave the log: single look-ups are through by then, a long reading is not
/// waited for, since scans wait meanwhile.
const FOR_READERS: Duration = Duration::from_millis(10);
/// How long it leaves readers alone after that: a reader that stands for an hour costs each scan a tenth at most.
pub const TRY_AGAIN_AFTER: Duration = Duration::from_millis(100);
/// A log's file shorter than this is left alone when room is scarce, in bytes: nothing is won.
const WORTH_CUTTING: u64 = 1024 * 1024;
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
    /// Of these, bytes that are not in the database yet.
    pub owed: u64,
    /// Whether somebody kept it from being gone through whole: a reader, or another checkpoint.
    pub is_held: bool,
}

impl Log {
    /// Told where the figures are read.
    fn tell(self, counters: &Counters) {
        counters.wal_bytes.store(self.bytes, Ordering::Relaxed);
        counters.wal_owed.store(self.owed, Ordering::Relaxed);
    }
}

fn checkpoint(conn: &Connection, sql: &str) -> Res<Log> {
    conn.query_row(sql, [], |row| {
        let (busy, log, done): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let bytes = |frames: i64| u64::try_from(frames.max(0) * FRAME).unwrap_or(0);
        Ok(Log { bytes: bytes(log), owed: bytes(log - done), is_held: busy != 0 })
    })
    .map_err(Into::into)
}

/// Begins the log anew, unless a reader stands in it; the writer alone may do that.
pub fn restart(conn: &Connection) -> Res<Log> {
    hurried(conn, RESTART)
}

/// Empties the log's file, unless a reader stands in it, where that frees more than a little.
pub fn cut(conn: &Connection, dir: &Path) -> Res<()> {
    if std::fs::metadata(open::log_file(dir)).is_ok_and(|file| file.len() >= WORTH_CUTTING) {
        hurried(conn, TRUNCATE)?;
    }
    Ok(())
}

/// Scans wait meanwhile.
fn hurried(conn: &Connection, sql: &str) -> Res<Log> {
    conn.busy_timeout(FOR_READERS)?;
    let done = checkpoint(conn, sql);
    conn.busy_timeout(open::BUSY)?;
    done
}

/// Writes all back and empties the log's file, before closing.
pub fn truncate(conn: &Connection) -> Res<Log> {
    checkpoint(conn, TRUNCATE)
}

/// The checkpointer's thread: ends when `stop` hangs up, or after a failed write, which `failed` is told of at once.
pub fn run(conn: &Connection, counters: &Arc<Counters>, failed: impl FnOnce(&Trouble), stop: &Receiver<()>) {
    let mut seen = 0;
    let mut owed = 0;
    while stop.recv_timeout(EVERY) == Err(RecvTimeoutError::Timeout) {
        let commits = counters.commits.load(Ordering::Relaxed);
        if commits == seen && owed == 0 {
            continue;
        }
        match checkpoint(conn, PASSIVE) {
            Ok(log) => {
                log.tell(counters);
                (seen, owed) = (commits, log.owed);
            }
            Err(error) if error.is_fatal() => {
                tracing::error!(error = error.whole(), "writing the log back failed");
                return failed(&error);
            }
            // The writer begins it anew at this moment.
            Err(_) => seen = 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::sqlite::open::Safety;

    #[test]
    fn a_reader_keeps_the_log_but_holds_nobody_up_and_when_it_leaves_the_file_is_short_again() {
        let dir = std::env::temp_dir().join(format!("casetrack-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir_all(&dir).unwrap();
        let conn = open::writer(&dir, Safety::OnDisk).unwrap();
        conn.pragma_update(None, "journal_size_limit", 100_000).unwrap();
        conn.execute_batch("CREATE TABLE row (bytes BLOB)").unwrap();
        let reader = open::reader(&dir).unwrap();
        reader.execute_batch("BEGIN; SELECT count(*) FROM row").unwrap();
        let fill = || conn.execute("INSERT INTO row VALUES (zeroblob(400000))", []).unwrap();
        let length = || std::fs::metadata(open::log_file(&dir)).unwrap().len();
        for _ in 0..5 {
            fill();
        }
        let clock = crate::clock::Clock::system();
        let before = clock.read().boot_us;
        let log = restart(&conn).unwrap();
        assert!(log.is_held && log.bytes > 2_000_000, "a log that is held is as long as it was");
        assert!(clock.read().boot_us - before < 2 * crate::clock::SECOND_US, "no scan waits for a reader");
        cut(&conn, &dir).unwrap();
        assert!(length() > 2_000_000);

        reader.execute_batch("COMMIT").unwrap();
        assert!(!restart(&conn).unwrap().is_held);
        conn.execute("INSERT INTO row VALUES (zeroblob(10))", []).unwrap();
        assert!(
            length() <= 100_000,
            "the first commit of a log that is begun anew cuts its file: {}",
            length()
        );
        for _ in 0..5 {
            fill();
        }
        cut(&conn, &dir).unwrap();
        assert_eq!(length(), 0, "scarce room gets all of it back");
        drop((conn, reader));
        std::fs::remove_dir_all(&dir).unwrap();
    }
}
