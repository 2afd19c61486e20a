//! Bringing a file to the schema of this program. Only a holder of the lock does that, after a copy.

use std::path::Path;

use rusqlite::{Connection, named_params};

use super::find::one;
use super::open::pragma;
use super::trouble::{Res, Trouble};
use crate::store::{StoreError, Trust};

/// "Case" in ASCII: marks the file as ours.
pub const APPLICATION_ID: i64 = 0x4361_7365;

/// Every migration, oldest first. A migration that has been released is frozen.
pub const MIGRATIONS: &[&str] = &[include_str!("migrations/0001.sql")];

const INSERT_META: &str = "INSERT INTO meta (one, trust, epoch) VALUES (1, :trust, 1)";
const TRUST: &str = "SELECT trust FROM meta";

/// The newest version this program knows.
pub fn newest() -> u32 {
    u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX)
}

/// The file's version; refuses what is not ours, not this trust's, or newer than we are.
pub fn check(conn: &Connection, trust: &Trust) -> Result<u32, StoreError> {
    let doing = "reading the version of the data";
    let version = pragma(conn, "user_version").map_err(|error| error.while_doing(doing))?;
    let mark = pragma(conn, "application_id").map_err(|error| error.while_doing(doing))?;
    let found = u32::try_from(version).unwrap_or(u32::MAX);
    if found == 0 && mark == 0 {
        return Ok(0);
    }
    if mark != APPLICATION_ID {
        return Err(StoreError::Foreign("the file casetrack.db is not Casetrack's".to_owned()));
    }
    if found > newest() {
        return Err(StoreError::Newer { found, known: newest() });
    }
    let whose = one(conn, TRUST, [], |row| Ok(row.get::<_, String>(0)?));
    match whose.map_err(|error| error.while_doing(doing))? {
        Some(whose) if whose == trust.0.as_str() => Ok(found),
        Some(whose) => Err(StoreError::Foreign(format!("the data are of {whose}, not of {}", trust.0))),
        None => Err(Trouble::Broken("no meta row").while_doing(doing)),
    }
}

/// Brings the file from `version` to the newest, a copy of what is there first.
pub fn migrate(conn: &mut Connection, dir: &Path, trust: &Trust, version: u32) -> Result<(), StoreError> {
    migrate_with(conn, dir, trust, version, MIGRATIONS)
}

/// [`migrate`] with a list of migrations given.
pub fn migrate_with(
    conn: &mut Connection,
    dir: &Path,
    trust: &Trust,
    version: u32,
    migrations: &[&str],
) -> Result<(), StoreError> {
    let target = u32::try_from(migrations.len()).unwrap_or(u32::MAX);
    if version > 0 && version < target {
        copy(conn, dir, target).map_err(|error| error.while_doing("copying the data before a migration"))?;
    }
    for (number, sql) in (1u32..).zip(migrations) {
        if number > version {
            apply(conn, number, sql, trust).map_err(|error| error.while_doing("migrating the data"))?;
        }
    }
    Ok(())
}

fn copy(conn: &Connection, dir: &Path, target: u32) -> Res<()> {
    let to = dir.join(format!("backup-before-v{target}.db"));
    // A copy left by an earlier attempt is of the same data: nothing was migrated since.
    let _ = std::fs::remove_file(&to);
    conn.execute("VACUUM INTO ?1", [to.to_string_lossy()])?;
    Ok(())
}

fn apply(conn: &mut Connection, number: u32, sql: &str, trust: &Trust) -> Res<()> {
    let transaction = conn.transaction()?;
    transaction.execute_batch(sql)?;
    if number == 1 {
        transaction.execute(INSERT_META, named_params! {":trust": trust.0.as_str()})?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    }
    transaction.pragma_update(None, "user_version", number)?;
    Ok(transaction.commit()?)
}
