//! What the second copy is made of: what was added since, and what was changed.

pub mod replaying;
pub mod tables;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row, named_params};
use uuid::Uuid;

use super::codec::unsigned;
use super::find::{all, one};
use super::trouble::{Res, Trouble};
use super::{migrate, open};
use crate::store::StoreError;
use crate::store::copy::Position;
use crate::store::copy::line::hex;
use tables::{Reads, TABLES, TOUCHED};

/// Rows read in one go, in one unchanging state of the data: some 10 ms, after which the writer's log may be begun anew.
const ROWS_A_PIECE: i64 = 10_000;

const META: &str = "SELECT trust, epoch FROM meta WHERE one = 1";
const CHANGES: &str = "SELECT at, tab, row FROM touched WHERE at > :after AND at <= :upto ORDER BY at";
const SCAN_ID: &str = "SELECT id FROM scan WHERE key = :key";
const DOING: &str = "copying the data";

/// The data as a copier reads them, on a connection of its own.
#[derive(Debug)]
pub struct Source {
    conn: Connection,
    reads: Vec<Reads>,
    about: About,
}

/// Whose data they are, and what they look like.
#[derive(Debug)]
pub struct About {
    /// The trust.
    pub trust: String,
    /// The epoch.
    pub epoch: u64,
    /// The version of the schema.
    pub schema: u32,
    /// The columns of each table that is copied.
    pub columns: BTreeMap<String, Vec<String>>,
}

/// Some of what is not copied yet.
pub struct Piece {
    /// The beginnings of its lines.
    pub lines: Vec<String>,
    /// How far it reaches.
    pub upto: Position,
    /// Whether nothing comes after it.
    pub is_last: bool,
}

impl Source {
    /// Opens the data of a folder beside whoever writes.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        let conn = open::reader(dir).map_err(|error| error.while_doing(DOING))?;
        let schema = migrate::version(&conn)?;
        let reads: Vec<Reads> = TABLES.iter().filter_map(Reads::of).collect();
        let about = about(&conn, &reads, schema).map_err(|error| error.while_doing(DOING))?;
        Ok(Self { conn, reads, about })
    }

    /// Whose they are, and what they look like.
    pub const fn about(&self) -> &About {
        &self.about
    }

    /// How far the data reach now.
    pub fn position(&self) -> Result<Position, StoreError> {
        in_one_state(&self.conn, || position(&self.conn, &self.reads))
            .map_err(|error| error.while_doing(DOING))
    }

    /// The id of the scan with this key.
    pub fn scan_id(&self, key: i64) -> Result<Option<Uuid>, StoreError> {
        let id =
            one(&self.conn, SCAN_ID, named_params! {":key": key}, |row| Ok(Uuid::from_bytes(row.get(0)?)));
        id.map_err(|error| error.while_doing(DOING))
    }

    /// What comes after `from`, as much as one piece holds.
    pub fn piece(&self, from: &Position) -> Result<Piece, StoreError> {
        in_one_state(&self.conn, || piece(&self.conn, &self.reads, from))
            .map_err(|error| error.while_doing(DOING))
    }
}

/// How far the data of a connection reach.
pub fn position(conn: &Connection, reads: &[Reads]) -> Res<Position> {
    let mut position = Position::default();
    for table in reads {
        if let Some(sql) = &table.newest {
            position.reach(table.name, conn.prepare_cached(sql)?.query_row([], |row| row.get(0))?);
        }
    }
    Ok(position)
}

/// Whose data they are, and of which epoch.
pub fn whose(conn: &Connection) -> Res<(String, u64)> {
    let meta = one(conn, META, [], |row| Ok((row.get(0)?, unsigned(row.get(1)?))))?;
    meta.ok_or(Trouble::Broken("no meta row"))
}

fn about(conn: &Connection, reads: &[Reads], schema: u32) -> Res<About> {
    let (trust, epoch) = whose(conn)?;
    let mut columns = BTreeMap::new();
    for table in reads {
        if let Some(sql) = table.added.as_ref().or(table.touched.as_ref()) {
            let names = conn.prepare_cached(sql)?.column_names().map(str::to_owned).collect();
            columns.insert(table.name.to_owned(), names);
        }
    }
    Ok(About { trust, epoch, schema, columns })
}

fn in_one_state<T>(conn: &Connection, read: impl FnOnce() -> Res<T>) -> Res<T> {
    conn.execute_batch("BEGIN")?;
    let done = read();
    conn.execute_batch("COMMIT")?;
    done
}

fn piece(conn: &Connection, reads: &[Reads], from: &Position) -> Res<Piece> {
    let mut piece = Piece { lines: Vec::new(), upto: from.clone(), is_last: true };
    let mut room = ROWS_A_PIECE;
    for table in reads {
        match (&table.added, table.by) {
            (Some(sql), Some(by)) if table.of == table.name => {
                let before = piece.lines.len();
                added(conn, table.name, sql, by, room, &mut piece)?;
                let found = i64::try_from(piece.lines.len() - before).unwrap_or(i64::MAX);
                piece.is_last &= found < room;
                room -= found;
            }
            (Some(sql), _) => beside(conn, table, sql, from, &mut piece)?,
            (None, _) => {}
        }
    }
    changed(conn, reads, from, &mut piece)?;
    Ok(piece)
}

fn added(conn: &Connection, name: &str, sql: &str, by: &str, room: i64, piece: &mut Piece) -> Res<()> {
    let mut statement = conn.prepare_cached(sql)?;
    let (columns, key) = (statement.column_count(), statement.column_index(by)?);
    let after = piece.upto.of(name);
    let mut rows = statement.query(named_params! {":after": after, ":limit": room})?;
    while let Some(row) = rows.next()? {
        piece.upto.reach(name, row.get(key)?);
        piece.lines.push(line(name, None, row, columns)?);
    }
    Ok(())
}

/// The rows beside those of another table that are in the piece.
fn beside(conn: &Connection, table: &Reads, sql: &str, from: &Position, piece: &mut Piece) -> Res<()> {
    let (after, upto) = (from.of(table.of), piece.upto.of(table.of));
    if after < upto {
        let range = named_params! {":after": after, ":upto": upto};
        each(conn, table.name, None, sql, range, &mut piece.lines)?;
    }
    Ok(())
}

/// The rows that were changed, as they are now.
fn changed(conn: &Connection, reads: &[Reads], from: &Position, piece: &mut Piece) -> Res<()> {
    let (after, upto) = (from.of(TOUCHED), piece.upto.of(TOUCHED));
    if after == upto {
        return Ok(());
    }
    let changes = all(conn, CHANGES, named_params! {":after": after, ":upto": upto}, |row| {
        Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?, row.get::<_, rusqlite::types::Value>(2)?))
    })?;
    for (at, name, row) in changes {
        let table = reads.iter().find(|table| table.name == name);
        let table = table.and_then(|table| Some((table.name, table.touched.as_ref()?)));
        let (name, sql) = table.ok_or(Trouble::Broken("the table of a change"))?;
        each(conn, name, Some(at), sql, named_params! {":row": row}, &mut piece.lines)?;
    }
    Ok(())
}

fn each(
    conn: &Connection,
    name: &str,
    touch: Option<i64>,
    sql: &str,
    params: &[(&str, &dyn rusqlite::ToSql)],
    lines: &mut Vec<String>,
) -> Res<()> {
    let mut statement = conn.prepare_cached(sql)?;
    let columns = statement.column_count();
    let mut rows = statement.query(params)?;
    while let Some(row) = rows.next()? {
        lines.push(line(name, touch, row, columns)?);
    }
    Ok(())
}

/// The beginning of a row's line.
fn line(name: &str, touch: Option<i64>, row: &Row<'_>, columns: usize) -> Res<String> {
    let mut text = format!("{{\"in\":\"{name}\"");
    if let Some(at) = touch {
        let _ = write!(text, ",\"touch\":{at}");
    }
    for column in 0..columns {
        text.push_str(if column == 0 { ",\"row\":[" } else { "," });
        let _ = match row.get_ref(column)? {
            ValueRef::Null => write!(text, "null"),
            ValueRef::Integer(number) => write!(text, "{number}"),
            ValueRef::Blob(bytes) => write!(text, "{{\"x\":\"{}\"}}", hex(bytes)),
            ValueRef::Text(bytes) => {
                let words = std::str::from_utf8(bytes).map_err(|_| Trouble::Broken("a text"))?;
                write!(text, "{}", serde_json::Value::from(words))
            }
            ValueRef::Real(_) => return Err(Trouble::Broken("a number that is not whole")),
        };
    }
    text.push(']');
    Ok(text)
}
