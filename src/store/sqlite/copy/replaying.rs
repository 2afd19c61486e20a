//! Applying a copy's rows to the data that a backup was restored into.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use rusqlite::config::DbConfig;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, named_params, params_from_iter};

use super::super::open::{self, Safety};
use super::super::trouble::{Res, Trouble};
use super::super::{checkpoint, combines, migrate, names, project, searches};
use super::tables::{Reads, TABLES, TOUCHED};
use super::{position, whose};
use crate::domain::place::Code;
use crate::store::copy::line::{RowLine, unhex};
use crate::store::copy::{Header, Position};
use crate::store::{StoreError, Trust};

const DOING: &str = "bringing the data up to the copy";
const HAS_TOUCHED: &str = "SELECT count(*) FROM sqlite_schema WHERE name = 'touched' -- whole: the schema";
const SOUGHT: &str = "SELECT sought FROM patient WHERE key = :key";
const LABELS: &str = "INSERT INTO label (text, volume) SELECT barcode, key FROM volume WHERE key > :after
    ON CONFLICT (text) DO NOTHING";
const VOLUMES: &str =
    "UPDATE casenote SET volumes = (SELECT count(*) FROM volume v WHERE v.casenote = casenote.key)
    WHERE key IN (SELECT casenote FROM volume WHERE key > :after) -- whole: of what was added";
const DESKS: &str = "UPDATE desk SET last = n.last FROM (SELECT e.desk, max(s.key) AS last FROM scan s
    CROSS JOIN run r ON r.key = s.run CROSS JOIN session e ON e.key = r.session WHERE s.key > :after GROUP BY e.desk) n
    WHERE desk.key = n.desk -- whole: of what was added";
const SCANS: &str = "SELECT count(*) FROM scan WHERE key > :after";

/// Restored data that a copy is applied to, in one transaction.
pub struct Replaying {
    conn: Connection,
    dir: PathBuf,
    trust: String,
    schema: u32,
    /// How far the data reached when the transaction began.
    base: Position,
    /// How far they reach now.
    position: Position,
    last_hash: Option<String>,
    scans: u64,
    tables: HashMap<String, Into>,
    round_is_open: bool,
}

/// Where the rows of a table go.
struct Into {
    reads: Reads,
    columns: usize,
    /// Which column says whether a row is known already.
    by: Option<usize>,
    /// The column of the key.
    key: Option<usize>,
    put: String,
}

impl Replaying {
    /// Opens the data of a folder whose lock the caller holds, or that nobody else knows.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        let conn = open::writer(dir, Safety::OnDisk).map_err(doing)?;
        let schema = migrate::version(&conn)?;
        let touched: i64 = conn.query_row(HAS_TOUCHED, [], |row| row.get(0)).map_err(sql)?;
        if touched == 0 {
            let why = "the backup is of a version that had no second copy: restore it without one";
            return Err(StoreError::Foreign(why.to_owned()));
        }
        let (trust, _) = whose(&conn).map_err(doing)?;
        let base = position(&conn, &reads()).map_err(doing)?;
        let mut replaying = Self {
            position: base.clone(),
            base,
            trust,
            schema,
            dir: dir.to_owned(),
            last_hash: None,
            scans: 0,
            tables: HashMap::new(),
            round_is_open: false,
            conn,
        };
        replaying.transaction()?;
        Ok(replaying)
    }

    /// Whose data they are.
    pub fn trust(&self) -> &str {
        &self.trust
    }

    /// How far they reach.
    pub const fn position(&self) -> &Position {
        &self.position
    }

    /// The hash of the line that ended the last round.
    pub fn last_hash(&self) -> Option<&str> {
        self.last_hash.as_deref()
    }

    /// Migrates the data to the version in which what follows was written.
    pub fn reach_schema(&mut self, schema: u32) -> Result<(), StoreError> {
        if schema > migrate::newest() {
            return Err(StoreError::Newer { found: schema, known: migrate::newest() });
        }
        if schema <= self.schema {
            return Ok(());
        }
        self.commit()?;
        let trust: Code = self.trust.parse().map_err(|_| doing(Trouble::Broken("the trust")))?;
        let upto = usize::try_from(schema).unwrap_or(usize::MAX).min(migrate::MIGRATIONS.len());
        let migrations = migrate::MIGRATIONS.get(..upto).unwrap_or_default();
        self.triggers(true)?;
        migrate::migrate_with(&mut self.conn, &self.dir, &Trust(trust), self.schema, migrations)?;
        self.schema = schema;
        self.transaction()
    }

    /// Triggers are for what happens here: what they write is in the copy already.
    fn triggers(&self, on: bool) -> Result<(), StoreError> {
        let option = DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER;
        self.conn.set_db_config(option, on).map(|_| ()).map_err(sql)
    }

    fn transaction(&mut self) -> Result<(), StoreError> {
        self.triggers(false)?;
        self.base = position(&self.conn, &reads()).map_err(doing)?;
        let begun = self.conn.execute_batch("BEGIN IMMEDIATE; PRAGMA defer_foreign_keys = ON");
        begun.map_err(sql)
    }

    /// Begins a segment.
    pub fn begin(&mut self, header: &Header) -> Result<(), StoreError> {
        self.tables.clear();
        for reads in reads() {
            let Some(columns) = header.columns.get(reads.name) else { continue };
            let at = |name: &str| columns.iter().position(|column| column == name);
            let into = Into {
                columns: columns.len(),
                by: reads.by.and_then(at),
                key: at("key"),
                put: reads.put(columns),
                reads,
            };
            self.tables.insert(into.reads.name.to_owned(), into);
        }
        self.round()
    }

    fn round(&mut self) -> Result<(), StoreError> {
        self.conn.execute_batch("SAVEPOINT round").map_err(sql)?;
        self.round_is_open = true;
        Ok(())
    }

    /// Applies a row; says whether it was new. The inner error is of the row.
    pub fn apply(&mut self, line: &RowLine) -> Result<Result<bool, String>, StoreError> {
        match self.put(line) {
            Ok(applied) => Ok(Ok(applied)),
            Err(trouble) if trouble.is_fatal() => Err(doing(trouble)),
            Err(trouble) => Ok(Err(trouble.whole())),
        }
    }

    fn put(&self, line: &RowLine) -> Res<bool> {
        let into = self.tables.get(&line.table).ok_or(Trouble::Broken("a table"))?;
        let cells: Vec<Value> = line.cells.iter().map(cell).collect::<Res<_>>()?;
        if cells.len() != into.columns {
            return Err(Trouble::Broken("a row of another length"));
        }
        if self.is_known(into, line.touch, &cells)? {
            return Ok(false);
        }
        let patient = if line.table == "patient" { into.key.and_then(|key| cells.get(key)) } else { None };
        match patient.cloned() {
            Some(key) => self.put_patient(&into.put, &key, &cells)?,
            None => self.execute(&into.put, &cells)?,
        }
        Ok(true)
    }

    fn execute(&self, put: &str, cells: &[Value]) -> Res<()> {
        self.conn.prepare_cached(put)?.execute(params_from_iter(cells))?;
        Ok(())
    }

    /// The index of names is brought up to date with the row.
    fn put_patient(&self, put: &str, key: &Value, cells: &[Value]) -> Res<()> {
        let Value::Integer(patient) = *key else { return Err(Trouble::Broken("a patient's key")) };
        let before = self.sought(patient)?;
        self.execute(put, cells)?;
        let after = self.sought(patient)?;
        if before != after {
            names::take_out(&self.conn, patient, before.as_deref().unwrap_or_default())?;
            names::enter(&self.conn, patient, after.as_deref().unwrap_or_default())?;
        }
        Ok(())
    }

    fn sought(&self, patient: i64) -> Res<Option<String>> {
        let mut statement = self.conn.prepare_cached(SOUGHT)?;
        Ok(statement.query_row(named_params! {":key": patient}, |row| row.get(0)).optional()?)
    }

    /// Whether the data held this when the replay began.
    fn is_known(&self, into: &Into, touch: Option<i64>, cells: &[Value]) -> Res<bool> {
        if let Some(at) = touch {
            return Ok(at <= self.base.of(TOUCHED));
        }
        match into.by.and_then(|by| cells.get(by)) {
            Some(Value::Integer(key)) => Ok(*key <= self.base.of(into.reads.of)),
            _ => Err(Trouble::Broken("a row without its key")),
        }
    }

    /// Ends a round.
    pub fn end(&mut self, upto: &Position, hash: &str) -> Result<(), StoreError> {
        self.conn.execute_batch("RELEASE round").map_err(sql)?;
        for reads in reads() {
            self.position.reach(reads.name, upto.of(reads.name));
        }
        self.last_hash = Some(hash.to_owned());
        self.round()
    }

    /// Takes back what belongs to a round that was not ended.
    pub fn leave(&mut self) -> Result<(), StoreError> {
        if std::mem::take(&mut self.round_is_open) {
            self.conn.execute_batch("ROLLBACK TO round; RELEASE round").map_err(sql)?;
        }
        Ok(())
    }

    /// Folds what is derived, and puts all on disk; says how many scans were added.
    pub fn finish(mut self) -> Result<u64, StoreError> {
        self.commit()?;
        self.triggers(true)?;
        checkpoint::truncate(&self.conn).map_err(doing)?;
        Ok(self.scans)
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        self.scans += self.fold().map_err(doing)?;
        self.conn.execute_batch("COMMIT").map_err(sql)
    }

    /// Brings what is derived up to what was added; says how many scans were.
    fn fold(&self) -> Res<u64> {
        let after = |table: &str| self.base.of(table);
        let (volume, scan) = (after("volume"), after("scan"));
        self.conn.execute(LABELS, named_params! {":after": volume})?;
        self.conn.execute(VOLUMES, named_params! {":after": volume})?;
        self.conn.execute(DESKS, named_params! {":after": scan})?;
        project::fold_after(&self.conn, after("movement"))?;
        searches::fold_after(&self.conn, after("search_step"))?;
        combines::fold_after(&self.conn, after("combine_step"))?;
        let count: i64 =
            self.conn.prepare_cached(SCANS)?.query_row(named_params! {":after": scan}, |row| row.get(0))?;
        Ok(super::super::codec::unsigned(count))
    }
}

fn reads() -> Vec<Reads> {
    TABLES.iter().filter_map(Reads::of).collect()
}

fn cell(value: &serde_json::Value) -> Res<Value> {
    Ok(match value {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Number(number) => {
            Value::Integer(number.as_i64().ok_or(Trouble::Broken("a number"))?)
        }
        serde_json::Value::String(text) => Value::Text(text.clone()),
        serde_json::Value::Object(object) => {
            let digits = object.get("x").and_then(serde_json::Value::as_str);
            Value::Blob(digits.and_then(unhex).ok_or(Trouble::Broken("bytes"))?)
        }
        serde_json::Value::Bool(_) | serde_json::Value::Array(_) => return Err(Trouble::Broken("a value")),
    })
}

fn doing(trouble: Trouble) -> StoreError {
    trouble.while_doing(DOING)
}

fn sql(error: rusqlite::Error) -> StoreError {
    doing(error.into())
}
