//! Checking a store: the file itself, and the projection against the log.

use std::path::Path;

use rusqlite::{Connection, Row, named_params};

use super::codec::{Standing, Told, digest, subject_key, told, unsigned};
use super::find::{all, standing_of};
use super::fold::{freed_standing, packed_in, targets};
use super::names::sought;
use super::searches::{self, SearchRow};
use super::trouble::Res;
use super::{combines, migrate, open};
use crate::domain::answer::Answer;
use crate::domain::movement::{Movement, UndoTarget};
use crate::domain::refusal::Reason;
use crate::domain::whereabouts::{is_undone, newest_two, present};
use crate::store::StoreError;

const SLICE: &str = "SELECT t.* FROM movement_told t WHERE t.subject > :after AND t.subject <= :upto
    ORDER BY t.subject, t.happened";
const UPTO: &str = "SELECT max(subject) FROM (SELECT subject FROM movement WHERE subject > :after
    ORDER BY subject LIMIT :limit)";
const STRAY: &str = "SELECT w.subject FROM whereabouts w WHERE w.subject > :after AND w.subject <= :upto
    AND NOT EXISTS (SELECT 1 FROM movement m WHERE m.subject = w.subject)";
/// Volumes whose hold or restriction is not what their dated rows say.
const HELD_WRONG: &str = "WITH last AS (SELECT volume, what, max(key) AS key FROM hold
        WHERE volume > :after AND volume <= :upto GROUP BY volume, what),
    force AS (SELECT l.volume, l.what, h.key FROM last l CROSS JOIN hold h ON h.key = l.key WHERE h.reason IS NOT NULL)
    SELECT v.key FROM volume v LEFT JOIN force h ON h.volume = v.key AND h.what = 0
    LEFT JOIN force r ON r.volume = v.key AND r.what = 1 WHERE v.key > :after AND v.key <= :upto
    AND (v.hold IS NOT h.key OR v.restricted <> (r.key IS NOT NULL))";
const VOLUMES: &str = "SELECT count(*) FROM volume WHERE key > :after AND key <= :upto";
const ASIDE: &str = "SELECT s.key, s.digest, t.text FROM scan s LEFT JOIN scan_text t ON t.scan = s.key
    WHERE s.key > :after AND s.key <= :upto AND s.digest IS NOT NULL";
const STRAY_TEXT: &str = "SELECT t.scan FROM scan_text t WHERE t.scan > :after AND t.scan <= :upto
    AND NOT EXISTS (SELECT 1 FROM scan s WHERE s.key = t.scan AND s.digest IS NOT NULL)";
const LAST_SCAN: &str =
    "SELECT max(ifnull((SELECT max(key) FROM scan), 0), ifnull((SELECT max(scan) FROM scan_text), 0))";
/// Pairings that are not what the scan of their card was answered: another desk's, or a scan that paired nothing.
const PAIRED: &str =
    "SELECT p.key, s.answer, e.desk = p.desk FROM scanner_pairing p JOIN scan s ON s.key = p.scan
    JOIN run r ON r.key = s.run JOIN session e ON e.key = r.session WHERE p.key > :after AND p.key <= :upto";
const LAST_PAIRING: &str = "SELECT ifnull(max(key), 0) FROM scanner_pairing";
const NAMES: &str = "SELECT key, surname, forename, sought FROM patient WHERE key > :after AND key <= :upto";
const LAST_PATIENT: &str = "SELECT ifnull(max(key), 0) FROM patient";
const LAST_VOLUME: &str = "SELECT ifnull(max(key), 0) FROM volume";
const QUICK_CHECK: &str = "PRAGMA quick_check(1)";
const FOREIGN_KEYS: &str = "PRAGMA foreign_key_check";

/// Searches and temporary folders, by their rows and by their steps.
const SEARCHES: &str = "SELECT key FROM search WHERE key > :after UNION SELECT search FROM search_step
    WHERE search > :after ORDER BY 1 LIMIT :limit";
const COMBINES: &str = "SELECT temporary FROM combine WHERE temporary > :after UNION SELECT temporary
    FROM combine_step WHERE temporary > :after ORDER BY 1 LIMIT :limit";

/// Movements looked at in one go, so that the writer's log can be written back in between.
const SLICE_ROWS: i64 = 20_000;
/// Volumes or scans looked at in one go, for the same reason; all holds are read for each.
const SLICE_KEYS: i64 = 200_000;

/// What a verification found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct VerifyReport {
    /// Volumes and containers whose whereabouts were rebuilt.
    pub subjects: u64,
    /// Movements read.
    pub movements: u64,
    /// Volumes whose hold and restriction were compared with their dated rows.
    pub volumes: u64,
    /// Patients whose name was compared with how it is sought.
    pub names: u64,
    /// Pairings of scanners that were compared with the scans of their cards.
    pub pairings: u64,
    /// Searches, and temporary folders with their originals, that were rebuilt from their steps.
    pub searches: u64,
    /// Scans whose text stands beside the log.
    pub texts: u64,
    /// Rows that differ from what the log says.
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
    migrate::check_newest(migrate::version(&conn)?)?;
    let mut report =
        VerifyReport { damage: damage(&conn).map_err(|e| e.while_doing(doing))?, ..Default::default() };
    let mut after = i64::MIN;
    while let Some(upto) = slice(&conn, after, &mut report).map_err(|error| error.while_doing(doing))? {
        after = upto;
    }
    by_key(&conn, LAST_VOLUME, &mut report, holds).map_err(|error| error.while_doing(doing))?;
    by_key(&conn, LAST_PATIENT, &mut report, spelt).map_err(|error| error.while_doing(doing))?;
    by_key(&conn, LAST_PAIRING, &mut report, paired).map_err(|error| error.while_doing(doing))?;
    by_key(&conn, LAST_SCAN, &mut report, texts).map_err(|error| error.while_doing(doing))?;
    by_row(&conn, SEARCHES, &mut report, search).map_err(|error| error.while_doing(doing))?;
    by_row(&conn, COMBINES, &mut report, combine).map_err(|error| error.while_doing(doing))?;
    Ok(report)
}

/// Looks at all keys up to the last that `last` tells, slice by slice, each in one unchanging state.
fn by_key(
    conn: &Connection,
    last: &str,
    report: &mut VerifyReport,
    look: fn(&Connection, i64, i64, &mut VerifyReport) -> Res<()>,
) -> Res<()> {
    let last: i64 = conn.query_row(last, [], |row| row.get(0))?;
    let mut after = 0;
    while after < last {
        let upto = after.saturating_add(SLICE_KEYS);
        conn.execute_batch("BEGIN")?;
        let done = look(conn, after, upto, report);
        conn.execute_batch("COMMIT")?;
        done?;
        after = upto;
    }
    Ok(())
}

/// Looks at all that `keys` names, slice by slice, each in one unchanging state.
fn by_row(
    conn: &Connection,
    keys: &str,
    report: &mut VerifyReport,
    look: fn(&Connection, i64, &mut VerifyReport) -> Res<()>,
) -> Res<()> {
    let mut after = 0;
    loop {
        conn.execute_batch("BEGIN")?;
        let params = named_params! {":after": after, ":limit": SLICE_ROWS};
        let found = all(conn, keys, params, |row| Ok(row.get::<_, i64>(0)?));
        let done = found.and_then(|keys| {
            keys.iter().try_for_each(|key| look(conn, *key, report)).map(|()| keys.last().copied())
        });
        conn.execute_batch("COMMIT")?;
        match done? {
            Some(last) => after = last,
            None => return Ok(()),
        }
    }
}

fn search(conn: &Connection, key: i64, report: &mut VerifyReport) -> Res<()> {
    report.searches += 1;
    let (rebuilt, kept) = (searches::rebuilt(conn, key)?, SearchRow::kept(conn, key)?);
    if rebuilt != kept {
        report.differs(|| format!("search {key}: its steps say {rebuilt:?}, its row {kept:?}"));
    }
    Ok(())
}

fn combine(conn: &Connection, temporary: i64, report: &mut VerifyReport) -> Res<()> {
    report.searches += 1;
    let (rebuilt, kept) = (combines::folded(conn, temporary)?, combines::kept(conn, temporary)?);
    if rebuilt != kept {
        report
            .differs(|| format!("temporary folder {temporary}: its steps say {rebuilt:?}, its row {kept:?}"));
    }
    Ok(())
}

fn holds(conn: &Connection, after: i64, upto: i64, report: &mut VerifyReport) -> Res<()> {
    let range = named_params! {":after": after, ":upto": upto};
    let count: i64 = conn.prepare_cached(VOLUMES)?.query_row(range, |row| row.get(0))?;
    report.volumes += unsigned(count);
    for volume in all(conn, HELD_WRONG, range, |row| Ok(row.get::<_, i64>(0)?))? {
        report.differs(|| format!("volume {volume}: its hold or restriction is not what its dated rows say"));
    }
    Ok(())
}

fn paired(conn: &Connection, after: i64, upto: i64, report: &mut VerifyReport) -> Res<()> {
    let mut statement = conn.prepare_cached(PAIRED)?;
    let mut rows = statement.query(named_params! {":after": after, ":upto": upto})?;
    while let Some(row) = rows.next()? {
        report.pairings += 1;
        let answer = Answer::decode(row.get_ref(1)?.as_blob()?);
        let paired = answer.is_some_and(|a| matches!(a.reason, Reason::Paired | Reason::PairedAsking));
        if !paired || !row.get::<_, bool>(2)? {
            let key: i64 = row.get(0)?;
            report.differs(|| format!("pairing {key}: the scan of its card says something else"));
        }
    }
    Ok(())
}

/// Who is spelt otherwise is not found by their name.
fn spelt(conn: &Connection, after: i64, upto: i64, report: &mut VerifyReport) -> Res<()> {
    let mut statement = conn.prepare_cached(NAMES)?;
    let mut rows = statement.query(named_params! {":after": after, ":upto": upto})?;
    while let Some(row) = rows.next()? {
        report.names += 1;
        let wanted = sought(row.get_ref(1)?.as_str()?, row.get_ref(2)?.as_str()?);
        if row.get_ref(3)?.as_str()? != wanted {
            let key: i64 = row.get(0)?;
            report.differs(|| format!("patient {key}: sought under another spelling than the name's"));
        }
    }
    Ok(())
}

/// A redacted text is empty, but there: what stands aside always has its row.
fn texts(conn: &Connection, after: i64, upto: i64, report: &mut VerifyReport) -> Res<()> {
    let range = named_params! {":after": after, ":upto": upto};
    let mut statement = conn.prepare_cached(ASIDE)?;
    let mut rows = statement.query(range)?;
    while let Some(row) = rows.next()? {
        let (scan, wanted): (i64, [u8; 8]) = (row.get(0)?, row.get(1)?);
        report.texts += 1;
        match row.get_ref(2)?.as_str_or_null()? {
            None => report.differs(|| format!("scan {scan}: its text stands aside, and is not there")),
            Some(text) if !text.is_empty() && digest(text) != wanted => {
                report.differs(|| format!("scan {scan}: the text beside the log is another one"));
            }
            Some(_) => {}
        }
    }
    for scan in all(conn, STRAY_TEXT, range, |row| Ok(row.get::<_, i64>(0)?))? {
        report.differs(|| format!("scan {scan}: a text stands beside the log that it does not know"));
    }
    Ok(())
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
