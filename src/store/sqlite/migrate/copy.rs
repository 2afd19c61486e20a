//! The copy that is made before a migration: whole, checked and on disk under its name before the first step.

use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use crate::store::sqlite::find::all;
use crate::store::sqlite::open::{self, pragma};
use crate::store::sqlite::trouble::{Res, Trouble};
use crate::store::{StoreError, space};

/// Pages copied in one go: 16 MB.
const STEP_PAGES: i32 = 4_096;
/// A copy of so many steps, 256 MB, tells how far it is; a smaller one is done in a moment.
const TOLD_FROM: i32 = 16 * STEP_PAGES;
/// What the database and its log may grow by while it is migrated, as a part of the database: a step that writes its
/// largest table anew does so in the log first.
const GROWTH: u64 = 2;

const QUICK_CHECK: &str = "PRAGMA quick_check(1)";
/// Each table with the statement that counts its rows.
const TABLES: &str = "SELECT name, 'SELECT count(*) FROM ' || name FROM sqlite_schema
    WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND sql NOT LIKE 'CREATE VIRTUAL%' -- whole: names of tables";

/// What the copy of data of version `from` is called, made before they become version `target`.
///
/// An upgrade that was interrupted half-way goes on from a version between, and copies that under another name: the
/// copy of what there was before stays.
pub fn name(dir: &Path, from: u32, target: u32) -> PathBuf {
    dir.join(format!("backup-v{from}-before-v{target}.db"))
}

/// Copies the data of version `from`; the name is given last, so that a file of that name is always whole.
pub fn make(conn: &Connection, dir: &Path, from: u32, target: u32) -> Result<(), StoreError> {
    let (copy, part) = (name(dir, from, target), dir.join("backup-being-made.db"));
    let io = |source| StoreError::Io { doing: format!("making {}", copy.display()), source };
    tracing::info!(from, to = target, copy = %copy.display(), "copying the data before they are migrated");
    remove(&part).map_err(io)?;
    check_room(conn, dir)?;
    write(conn, &part).map_err(|error| error.while_doing("copying the data before a migration"))?;
    File::open(&part).and_then(|file| file.sync_all()).map_err(io)?;
    std::fs::rename(&part, &copy).map_err(io)?;
    open::sync_folder(dir)
}

/// Takes away what an interrupted copy left.
fn remove(part: &Path) -> std::io::Result<()> {
    for suffix in ["", "-journal", "-wal", "-shm"] {
        let mut file = part.as_os_str().to_owned();
        file.push(suffix);
        match std::fs::remove_file(PathBuf::from(file)) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
    }
    Ok(())
}

/// Better not begun than broken off: with less room the copy or a step would fail in the middle.
fn check_room(conn: &Connection, dir: &Path) -> Result<(), StoreError> {
    let doing = "asking how much room the disk has";
    let bytes = || -> Res<i64> { Ok(pragma(conn, "page_count")?.saturating_mul(pragma(conn, "page_size")?)) };
    let database = bytes().map_err(|error| error.while_doing(doing))?;
    let database = u64::try_from(database).unwrap_or(0);
    let needed = database.saturating_add(database / GROWTH);
    let free = space::free(dir).map_err(|source| StoreError::Io { doing: doing.to_owned(), source })?;
    if free >= needed {
        return Ok(());
    }
    Err(StoreError::NoRoom { doing: "to copy the data and to migrate them", free, needed })
}

fn write(conn: &Connection, part: &Path) -> Res<()> {
    let mut copy = Connection::open(part)?;
    // Nothing hangs on this file until it has its name: it is synced once, when it is whole.
    copy.execute_batch("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")?;
    copy_pages(conn, &mut copy)?;
    // One file, without a log beside it.
    copy.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
    compare(conn, &copy)?;
    copy.close().map_err(|(_, error)| error.into())
}

fn copy_pages(conn: &Connection, copy: &mut Connection) -> Res<()> {
    let backup = Backup::new(conn, copy)?;
    let mut told = 0;
    while backup.step(STEP_PAGES)? != StepResult::Done {
        let progress = backup.progress();
        let tenths =
            i64::from(progress.pagecount - progress.remaining) * 10 / i64::from(progress.pagecount.max(1));
        if progress.pagecount >= TOLD_FROM && tenths > told {
            told = tenths;
            tracing::info!(percent = tenths * 10, "copying the data before they are migrated");
        }
    }
    Ok(())
}

/// Reads the whole copy, and counts its rows against those that it was made from.
fn compare(conn: &Connection, copy: &Connection) -> Res<()> {
    let said: String = copy.query_row(QUICK_CHECK, [], |row| row.get(0))?;
    if said != "ok" {
        return Err(Trouble::Ours(format!("the copy is not sound, and the data may not be either: {said}")));
    }
    if pragma(copy, "user_version")? != pragma(conn, "user_version")? {
        return Err(Trouble::Broken("the copy is of another version"));
    }
    let tables: Vec<(String, String)> = all(conn, TABLES, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
    for (table, count) in tables {
        let rows = |conn: &Connection| conn.query_row(&count, [], |row| row.get::<_, i64>(0));
        if rows(conn)? != rows(copy)? {
            return Err(Trouble::Ours(format!("the copy has not all rows of {table}")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data() -> (PathBuf, Connection) {
        let dir = std::env::temp_dir().join(format!("casetrack-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir_all(&dir).unwrap();
        let conn = open::writer(&dir, open::Safety::OnDisk).unwrap();
        conn.execute_batch("CREATE TABLE row (key INTEGER PRIMARY KEY); INSERT INTO row VALUES (1), (2)")
            .unwrap();
        conn.pragma_update(None, "user_version", 3).unwrap();
        (dir, conn)
    }

    #[test]
    fn a_copy_is_one_file_with_every_row_and_what_an_earlier_one_left_is_gone() {
        let (dir, conn) = data();
        for left in ["backup-being-made.db", "backup-being-made.db-wal", "backup-being-made.db-journal"] {
            std::fs::write(dir.join(left), b"half").unwrap();
        }
        make(&conn, &dir, 3, 9).unwrap();
        make(&conn, &dir, 3, 9).unwrap();
        let mut files: Vec<_> = std::fs::read_dir(&dir)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        files.retain(|file| file.starts_with("backup"));
        assert_eq!(files, ["backup-v3-before-v9.db"]);
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
        let copy = Connection::open_with_flags(name(&dir, 3, 9), flags).unwrap();
        compare(&conn, &copy).unwrap();
        conn.execute("INSERT INTO row VALUES (3)", []).unwrap();
        assert!(compare(&conn, &copy).unwrap_err().whole().contains("not all rows of row"));
        drop(copy);
        let mut bytes = std::fs::read(name(&dir, 3, 9)).unwrap();
        bytes.truncate(bytes.len() - 4_096);
        std::fs::write(name(&dir, 3, 9), bytes).unwrap();
        let copy = Connection::open_with_flags(name(&dir, 3, 9), flags).unwrap();
        assert!(compare(&conn, &copy).is_err(), "half a copy is none");
        std::fs::remove_dir_all(&dir).unwrap();
    }
}
