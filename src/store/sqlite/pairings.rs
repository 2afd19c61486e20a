//! Scanners that a pairing card has given to a desk.

use std::path::Path;

use rusqlite::{Connection, Row, named_params};

use super::find::{all, one};
use super::open;
use super::trouble::{Res, Trouble};
use crate::clock::Timestamp;
use crate::domain::scanner::{Pairing, ScannerId};

/// The desk is the scan's own: nothing else can be written.
const INSERT: &str = "INSERT INTO scanner_pairing (location, vid, pid, serial, desk, scan, at)
    SELECT :location, :vid, :pid, :serial, e.desk, s.key, :at FROM scan s CROSS JOIN run r ON r.key = s.run
    CROSS JOIN session e ON e.key = r.session WHERE s.key = :scan";
const NEWEST: &str = "SELECT p.location, p.vid, p.pid, p.serial, d.code, p.at FROM scanner_pairing p
    CROSS JOIN desk d ON d.key = p.desk ORDER BY p.key DESC LIMIT :limit
    -- whole: read once whenever something is plugged in, and people make these rows one by one";

const KNOWN: &str = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'scanner_pairing'
    -- whole: some hundred rows, read once by a command";

/// Writes down that this scan gave `scanner` to its desk.
pub fn insert(conn: &Connection, scanner: &ScannerId, scan: i64, at: Timestamp) -> Res<()> {
    conn.prepare_cached(INSERT)?.execute(named_params! {
        ":location": scanner.location,
        ":vid": scanner.vid,
        ":pid": scanner.pid,
        ":serial": scanner.serial,
        ":scan": scan,
        ":at": at.micros(),
    })?;
    Ok(())
}

/// The newest `limit` pairings, the newest first.
pub fn newest(conn: &Connection, limit: i64) -> Res<Vec<Pairing>> {
    all(conn, NEWEST, named_params! {":limit": limit}, pairing)
}

/// The same of a data folder that somebody else may be writing.
pub fn in_folder(dir: &Path, limit: i64) -> Res<Vec<Pairing>> {
    let empty = std::fs::read_dir(dir).map_or(true, |mut entries| entries.next().is_none());
    if empty {
        return Ok(Vec::new());
    }
    let conn = open::reader(dir)?;
    let known = one(&conn, KNOWN, [], |_| Ok(()))?;
    known.map_or(Ok(Vec::new()), |()| newest(&conn, limit))
}

fn pairing(row: &Row<'_>) -> Res<Pairing> {
    Ok(Pairing {
        scanner: ScannerId { location: row.get(0)?, vid: row.get(1)?, pid: row.get(2)?, serial: row.get(3)? },
        desk: row.get_ref(4)?.as_str()?.parse().map_err(|_| Trouble::Broken("a desk's code"))?,
        at: Timestamp::from_micros(row.get(5)?),
    })
}
