//! What the first load of a hospital's rows builds last: the indexes that a row of it does not ask.

use rusqlite::{Connection, Row, named_params};

use super::find::{all, one};
use super::import::act;
use super::trouble::Res;

const ANY_PATIENT: &str = "SELECT 1 FROM patient LIMIT 1 -- whole: only its first row";
const ANY_VOLUME: &str = "SELECT 1 FROM volume LIMIT 1 -- whole: only its first row";
/// A desk where something was scanned, or an act of a page.
const ANY_SCAN: &str =
    "SELECT 1 FROM desk WHERE code <> :import AND last > 0 LIMIT 1 -- whole: desks are few";
const INDEXES: &str = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = :table
    AND sql IS NOT NULL AND sql NOT LIKE 'CREATE UNIQUE%' ORDER BY name -- whole: the schema";

/// The rows of which a hospital has so many that its first file is loaded in one go.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rows {
    /// Patients, while there are none.
    Patients,
    /// Volumes, while there are none.
    Volumes,
    /// Old tracking history, until the first scan.
    Movements,
}

/// Whether no such rows are there yet, and nothing was scanned.
pub fn are_first(conn: &Connection, rows: Rows) -> Res<bool> {
    let scanned = one(conn, ANY_SCAN, named_params! {":import": act::DESK}, |_| Ok(()))?.is_some();
    let known = match rows {
        Rows::Patients => one(conn, ANY_PATIENT, [], |_| Ok(()))?.is_some(),
        Rows::Volumes => one(conn, ANY_VOLUME, [], |_| Ok(()))?.is_some(),
        Rows::Movements => false,
    };
    Ok(!scanned && !known)
}

/// An index that is built anew.
pub struct Index {
    name: String,
    sql: String,
}

/// The tables whose indexes these rows do not ask while they are loaded.
const fn unasked(rows: Rows) -> &'static [&'static str] {
    match rows {
        Rows::Patients => &["patient", "patient_number"],
        Rows::Volumes => &["casenote", "volume", "whereabouts"],
        Rows::Movements => &["movement", "whereabouts"],
    }
}

/// Drops what is built last, inside the open transaction.
pub fn drop_indexes(conn: &Connection, rows: Rows) -> Res<Vec<Index>> {
    let mut dropped = Vec::new();
    for table in unasked(rows) {
        let read = |row: &Row<'_>| Ok(Index { name: row.get(0)?, sql: row.get(1)? });
        for index in all(conn, INDEXES, named_params! {":table": table}, read)? {
            conn.execute_batch(&format!("DROP INDEX {}", index.name))?;
            dropped.push(index);
        }
    }
    Ok(dropped)
}

/// Builds them, inside the same transaction.
pub fn build(conn: &Connection, indexes: &[Index]) -> Res<()> {
    Ok(indexes.iter().try_for_each(|index| conn.execute_batch(&index.sql))?)
}
