//! The bare loader of `casetrack bench bulk`: the rows that an import has written, inserted once more with nothing
//! around them.
//!
//! One transaction of prepared inserts, table after table in the order of their keys, over a connection opened as the
//! product opens it; then the log is written back. Nothing is parsed, looked up, decided or checked, and no row is
//! written twice, as the product must that learns of them one by one. Reading them is not timed.
//!
//! What is made for each table is written in small letters: its plan is that of a whole table.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::checkpoint;
use super::find::all;
use super::names;
use super::open::{self, Safety};
use super::trouble::Res;
use crate::clock::Clock;
use crate::store::StoreError;

const TABLES: &str = "SELECT name, wr, ncol FROM pragma_table_list
    WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name
    -- whole: tables are few";
const INDEXES: &str =
    "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL -- whole: indexes are few";
const TRIGGERS: &str = "SELECT name FROM sqlite_schema WHERE type = 'trigger' -- whole: triggers are few";
/// Where volumes are now is written over: what an import has written there is known by its movement.
const NOW: &str = "whereabouts";

/// Rows read before they are inserted.
const ROWS_A_PIECE: i64 = 5_000;

/// Whether what an import looks things up by is kept up while rows go in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Indexes {
    /// It is, the index of names too.
    Kept,
    /// There are none but those that make a row the only one of its kind.
    Dropped,
}

/// What was inserted.
#[derive(Clone, Copy, Debug)]
pub struct Inserted {
    /// Rows of all tables.
    pub rows: u64,
    /// How long it took until they were on disk, in microseconds.
    pub took_us: i64,
}

/// How far each table of a database reaches.
#[derive(Clone, Debug)]
pub struct Reach(BTreeMap<String, i64>);

struct Table {
    name: String,
    /// Whether its rows are told apart by their own columns: they have no number.
    is_keyed: bool,
    columns: usize,
}

/// How far the tables of `dir` reach now, so that what comes later can be told.
pub fn reach(dir: &Path) -> Result<Reach, StoreError> {
    let reached = |conn: Connection| -> Res<Reach> {
        let ends = tables(&conn)?.into_iter().map(|table| {
            let end = if table.is_keyed { "count(*)" } else { "ifnull(max(rowid), 0)" };
            let end = conn.query_row(&format!("select {end} from {}", table.name), [], |row| row.get(0))?;
            Ok((table.name, end))
        });
        Ok(Reach(ends.collect::<Res<_>>()?))
    };
    open::reader(dir).and_then(reached).map_err(|error| error.while_doing("looking how far tables reach"))
}

/// Inserts the rows that came to `from` since `since` into the database of `into`, which reaches as far as `from` did.
pub fn insert_again(
    from: &Path,
    since: &Reach,
    into: &Path,
    indexes: Indexes,
    clock: &Clock,
) -> Result<Inserted, StoreError> {
    copy(from, since, into, indexes, clock).map_err(|error| error.while_doing("inserting rows again"))
}

fn copy(from: &Path, since: &Reach, into: &Path, indexes: Indexes, clock: &Clock) -> Res<Inserted> {
    let from = open::reader(from)?;
    let into = open::writer(into, Safety::OnDisk)?;
    into.pragma_update(None, "foreign_keys", "OFF")?;
    // What they would write is among the rows.
    for name in all(&into, TRIGGERS, [], |row| Ok(row.get::<_, String>(0)?))? {
        into.execute_batch(&format!("DROP TRIGGER {name}"))?;
    }
    if indexes == Indexes::Dropped {
        for name in all(&into, INDEXES, [], |row| Ok(row.get::<_, String>(0)?))? {
            into.execute_batch(&format!("DROP INDEX {name}"))?;
        }
        checkpoint::truncate(&into)?;
    }
    let mut done = Inserted { rows: 0, took_us: 0 };
    timed(clock, &mut done, || Ok(into.execute_batch("BEGIN IMMEDIATE")?))?;
    for table in tables(&from)? {
        insert_table(&from, since, &into, &table, clock, &mut done)?;
    }
    timed(clock, &mut done, || {
        if indexes == Indexes::Kept {
            names::fill(&into)?;
        }
        into.execute_batch("COMMIT")?;
        checkpoint::truncate(&into)?;
        Ok(())
    })?;
    Ok(done)
}

fn tables(conn: &Connection) -> Res<Vec<Table>> {
    all(conn, TABLES, [], |row| {
        let columns = usize::try_from(row.get::<_, i64>(2)?).unwrap_or(0);
        Ok(Table { name: row.get(0)?, is_keyed: row.get(1)?, columns })
    })
}

fn insert_table(
    from: &Connection,
    since: &Reach,
    into: &Connection,
    table: &Table,
    clock: &Clock,
    done: &mut Inserted,
) -> Res<()> {
    let Some(which) = added(from, since, table)? else { return Ok(()) };
    let Table { name, columns, .. } = table;
    let mut read = from.prepare(&format!("select * from {name} where {which}"))?;
    let values = vec!["?"; *columns].join(", ");
    let mut insert = into.prepare(&format!("insert into {name} values ({values})"))?;
    let mut rows = read.query([])?;
    loop {
        let mut piece: Vec<Vec<Value>> = Vec::new();
        for _ in 0..ROWS_A_PIECE {
            let Some(row) = rows.next()? else { break };
            piece.push((0..*columns).map(|column| row.get(column)).collect::<Result<_, _>>()?);
        }
        if piece.is_empty() {
            return Ok(());
        }
        done.rows += u64::try_from(piece.len()).unwrap_or(0);
        timed(clock, done, || {
            for row in &piece {
                insert.execute(params_from_iter(row))?;
            }
            Ok(())
        })?;
    }
}

/// Which rows of a table came since; `None`: none did.
fn added(from: &Connection, since: &Reach, table: &Table) -> Res<Option<String>> {
    let Table { name, is_keyed, .. } = table;
    let reached = |name: &str| since.0.get(name).copied().unwrap_or(0);
    if *is_keyed {
        let count: i64 = from.query_row(&format!("select count(*) from {name}"), [], |row| row.get(0))?;
        return Ok((count > reached(name)).then(|| "true".to_owned()));
    }
    Ok(Some(match name.as_str() {
        NOW => format!("movement > {} order by rowid", reached("movement")),
        _ => format!("rowid > {} order by rowid", reached(name)),
    }))
}

fn timed(clock: &Clock, done: &mut Inserted, work: impl FnOnce() -> Res<()>) -> Res<()> {
    let start = clock.read().boot_us;
    work()?;
    done.took_us += clock.read().boot_us - start;
    Ok(())
}
