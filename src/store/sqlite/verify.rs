//! Checking a store: the file itself, and the projection against the log.

use std::path::Path;

use rusqlite::{Connection, Row, named_params};

use super::codec::{Standing, Told, subject_key, told};
use super::find::{all, standing_of};
use super::fold::{freed_standing, packed_in, targets};
use super::trouble::Res;
use super::{migrate, open};
use crate::domain::movement::{Movement, UndoTarget};
use crate::domain::whereabouts::{is_undone, newest_two, present};
use crate::store::StoreError;

const SLICE: &str = "SELECT t.* FROM movement_told t WHERE t.subject > :after AND t.subject <= :upto
    ORDER BY t.subject, t.happened";
const UPTO: &str = "SELECT max(subject) FROM (SELECT subject FROM movement WHERE subject > :after
    ORDER BY subject LIMIT :limit)";
const STRAY: &str = "SELECT w.subject FROM whereabouts w WHERE w.subject > :after AND w.subject <= :upto
    AND NOT EXISTS (SELECT 1 FROM movement m WHERE m.subject = w.subject)";
const QUICK_CHECK: &str = "PRAGMA quick_check(1)";
const FOREIGN_KEYS: &str = "PRAGMA foreign_key_check";

/// Movements looked at in one go, so that the writer's log can be written back in between.
const SLICE_ROWS: i64 = 20_000;

/// What a verification found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct VerifyReport {
    /// Volumes and containers whose whereabouts were rebuilt.
    pub subjects: u64,
    /// Movements read.
    pub movements: u64,
    /// Rows of the projection that differ from the fold of the log.
    pub differences: u64,
    /// The first of them, in words.
    pub first: Option<String>,
    /// What the database says of its own file, if it is not sound.
    pub damage: Option<String>,
}

impl VerifyReport {
    /// Whether nothing was found.
    pub const fn is_sound(&self) -> bool {
        self.differences == 0 && self.damage.is_none()
    }

    fn differs(&mut self, what: impl FnOnce() -> String) {
        self.differences += 1;
        self.first.get_or_insert_with(what);
    }
}

/// Rebuilds the projection of a data folder from its log and compares; checks the file. Only reads, also beside
/// a running server.
pub fn verify(dir: &Path) -> Result<VerifyReport, StoreError> {
    let doing = "verifying the data";
    let conn = open::reader(dir).map_err(|error| error.while_doing(doing))?;
    migrate::version(&conn)?;
    let mut report =
        VerifyReport { damage: damage(&conn).map_err(|e| e.while_doing(doing))?, ..Default::default() };
    let mut after = i64::MIN;
    while let Some(upto) = slice(&conn, after, &mut report).map_err(|error| error.while_doing(doing))? {
        after = upto;
    }
    Ok(report)
}

fn damage(conn: &Connection) -> Res<Option<String>> {
    let said: String = conn.query_row(QUICK_CHECK, [], |row| row.get(0))?;
    if said != "ok" {
        return Ok(Some(said));
    }
    let strays = all(conn, FOREIGN_KEYS, [], |row: &Row<'_>| Ok(row.get::<_, String>(0)?))?;
    Ok(strays.first().map(|table| format!("a row of {table} names what is not there")))
}

/// One slice in one unchanging state; says how far it went.
fn slice(conn: &Connection, after: i64, report: &mut VerifyReport) -> Res<Option<i64>> {
    conn.execute_batch("BEGIN")?;
    let done = slice_inside(conn, after, report);
    conn.execute_batch("COMMIT")?;
    done
}

fn slice_inside(conn: &Connection, after: i64, report: &mut VerifyReport) -> Res<Option<i64>> {
    let params = named_params! {":after": after, ":limit": SLICE_ROWS};
    let upto: Option<i64> = conn.prepare_cached(UPTO)?.query_row(params, |row| row.get(0))?;
    let end = upto.unwrap_or(i64::MAX);
    let range = named_params! {":after": after, ":upto": end};
    for stray in all(conn, STRAY, range, |row| Ok(row.get::<_, i64>(0)?))? {
        report.differs(|| format!("subject {stray} has whereabouts without a movement"));
    }
    let movements = all(conn, SLICE, range, told)?;
    for subject in movements.chunk_by(|one, other| one.movement.subject == other.movement.subject) {
        compare(conn, subject, report)?;
    }
    Ok(upto)
}

fn compare(conn: &Connection, movements: &[Told], report: &mut VerifyReport) -> Res<()> {
    let Some(first) = movements.first() else { return Ok(()) };
    let subject = first.movement.subject;
    report.subjects += 1;
    report.movements += u64::try_from(movements.len()).unwrap_or(0);
    let rebuilt = rebuilt(conn, movements)?;
    let kept = standing_of(conn, subject)?;
    if rebuilt != kept {
        let key = subject_key(subject);
        report.differs(|| {
            format!("{subject:?} (row {key}): the log says {rebuilt:?}, the projection {kept:?}")
        });
    }
    Ok(())
}

/// The whole of the log of one subject, folded by the domain.
fn rebuilt(conn: &Connection, movements: &[Told]) -> Res<Standing> {
    let mut undone: Vec<UndoTarget> = Vec::new();
    for told in movements {
        undone.extend(targets(conn, &told.movement)?);
    }
    let all = movements.iter().map(|told| &told.movement);
    let (first, second) = newest_two(all, |movement| is_undone(movement, &undone));
    let key = |wanted: &Movement| movements.iter().find(|told| told.movement.id == wanted.id);
    let standing = Standing {
        present: present(first, second),
        packed_in: first.and_then(packed_in),
        movement: first.and_then(key).map(|told| told.key),
        freed: None,
        newest: movements.iter().map(|told| told.movement.order.happened).max(),
        uncertainty_us: first.map_or(0, |first| first.uncertainty_us),
    };
    match first {
        Some(first) => freed_standing(conn, standing, first),
        None => Ok(standing),
    }
}
