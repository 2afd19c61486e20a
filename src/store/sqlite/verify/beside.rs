//! What stands beside the log of movements and follows from a log of its own, or from itself.

use rusqlite::named_params;

use super::Slice;
use crate::domain::answer::Answer;
use crate::domain::refusal::Reason;
use crate::store::sqlite::codec::{digest, movement_key, unsigned};
use crate::store::sqlite::combines;
use crate::store::sqlite::find::{all, one};
use crate::store::sqlite::names::sought;
use crate::store::sqlite::searches::{self, SearchRow};
use crate::store::sqlite::trouble::Res;
use crate::store::sqlite::verify::words::scan_id;

/// Volumes whose hold or restriction is not what their dated rows say. All holds are read for each slice.
const HELD_WRONG: &str = "WITH last AS (SELECT volume, what, max(key) AS key FROM hold
        WHERE volume > :after AND volume <= :upto GROUP BY volume, what),
    force AS (SELECT l.volume, l.what, h.key FROM last l CROSS JOIN hold h ON h.key = l.key WHERE h.reason IS NOT NULL)
    SELECT v.key FROM volume v LEFT JOIN force h ON h.volume = v.key AND h.what = 0
    LEFT JOIN force r ON r.volume = v.key AND r.what = 1 WHERE v.key > :after AND v.key <= :upto
    AND (v.hold IS NOT h.key OR v.restricted <> (r.key IS NOT NULL))";
const VOLUMES: &str = "SELECT count(*) FROM volume WHERE key > :after AND key <= :upto";
const LAST_VOLUME: &str = "SELECT ifnull(max(key), 0) FROM volume";
const NAMES: &str = "SELECT key, surname, forename, sought FROM patient WHERE key > :after AND key <= :upto";
const LAST_PATIENT: &str = "SELECT ifnull(max(key), 0) FROM patient";
/// Pairings with what the scan of their card was answered, and whether it is their desk's.
const PAIRED: &str =
    "SELECT p.key, s.answer, e.desk = p.desk FROM scanner_pairing p JOIN scan s ON s.key = p.scan
    JOIN run r ON r.key = s.run JOIN session e ON e.key = r.session WHERE p.key > :after AND p.key <= :upto";
const LAST_PAIRING: &str = "SELECT ifnull(max(key), 0) FROM scanner_pairing";
const ASIDE: &str = "SELECT s.key, s.digest, t.text FROM scan s LEFT JOIN scan_text t ON t.scan = s.key
    WHERE s.key > :after AND s.key <= :upto AND s.digest IS NOT NULL";
const STRAY_TEXT: &str = "SELECT t.scan FROM scan_text t WHERE t.scan > :after AND t.scan <= :upto
    AND NOT EXISTS (SELECT 1 FROM scan s WHERE s.key = t.scan AND s.digest IS NOT NULL)";
const LAST_SCAN: &str =
    "SELECT max(ifnull((SELECT max(key) FROM scan), 0), ifnull((SELECT max(scan) FROM scan_text), 0))";
/// Searches and temporary folders, by their rows and by their steps.
const SEARCHES: &str = "SELECT key FROM search WHERE key > :after UNION SELECT search FROM search_step
    WHERE search > :after ORDER BY 1 LIMIT :limit";
const COMBINES: &str = "SELECT temporary FROM combine WHERE temporary > :after UNION SELECT temporary
    FROM combine_step WHERE temporary > :after ORDER BY 1 LIMIT :limit";

/// What rebuilding a search from its steps costs, in movements that are only read.
const SEARCH_COSTS: u64 = 20;

/// Whether a volume may leave follows from its dated rows.
pub fn holds(slice: &mut Slice<'_>) -> Res<Option<i64>> {
    let Some(upto) = slice.keys(LAST_VOLUME)? else { return Ok(None) };
    let range = named_params! {":after": slice.after, ":upto": upto};
    let count: Option<i64> = one(slice.conn, VOLUMES, range, |row| Ok(row.get(0)?))?;
    slice.report.volumes += unsigned(count.unwrap_or(0));
    for volume in all(slice.conn, HELD_WRONG, range, |row| Ok(row.get::<_, i64>(0)?))? {
        slice.differs(|_| {
            Ok(format!("volume {volume}: its hold or restriction is not what its dated rows say"))
        })?;
    }
    Ok(Some(upto))
}

/// Who is spelt otherwise is not found by their name.
pub fn names(slice: &mut Slice<'_>) -> Res<Option<i64>> {
    let Some(upto) = slice.keys(LAST_PATIENT)? else { return Ok(None) };
    let conn = slice.conn;
    let mut statement = conn.prepare_cached(NAMES)?;
    let mut rows = statement.query(named_params! {":after": slice.after, ":upto": upto})?;
    while let Some(row) = rows.next()? {
        slice.report.names += 1;
        let wanted = sought(row.get_ref(1)?.as_str()?, row.get_ref(2)?.as_str()?);
        if row.get_ref(3)?.as_str()? != wanted {
            let key: i64 = row.get(0)?;
            slice.differs(|_| Ok(format!("patient {key}: sought under another spelling than the name's")))?;
        }
    }
    Ok(Some(upto))
}

/// A pairing says what the scan of its card was answered.
pub fn pairings(slice: &mut Slice<'_>) -> Res<Option<i64>> {
    let Some(upto) = slice.keys(LAST_PAIRING)? else { return Ok(None) };
    let conn = slice.conn;
    let mut statement = conn.prepare_cached(PAIRED)?;
    let mut rows = statement.query(named_params! {":after": slice.after, ":upto": upto})?;
    while let Some(row) = rows.next()? {
        slice.report.pairings += 1;
        let answer = Answer::decode(row.get_ref(1)?.as_blob()?);
        let paired = answer.is_some_and(|a| matches!(a.reason, Reason::Paired | Reason::PairedAsking));
        if !paired || !row.get::<_, bool>(2)? {
            let key: i64 = row.get(0)?;
            slice.differs(|_| Ok(format!("pairing {key}: the scan of its card says something else")))?;
        }
    }
    Ok(Some(upto))
}

/// A redacted text is empty, but there: what stands aside always has its row.
pub fn texts(slice: &mut Slice<'_>) -> Res<Option<i64>> {
    let Some(upto) = slice.keys(LAST_SCAN)? else { return Ok(None) };
    let (conn, after) = (slice.conn, slice.after);
    let range = named_params! {":after": after, ":upto": upto};
    let mut statement = conn.prepare_cached(ASIDE)?;
    let mut rows = statement.query(range)?;
    while let Some(row) = rows.next()? {
        let (scan, wanted): (i64, [u8; 8]) = (row.get(0)?, row.get(1)?);
        slice.report.texts += 1;
        match row.get_ref(2)?.as_str_or_null()? {
            Some("") => slice.report.redacted += 1,
            Some(text) if digest(text) == wanted => {}
            Some(_) => wrong_text(slice, scan, "the text beside the log is another one")?,
            None => wrong_text(slice, scan, "its text stands aside, and is not there")?,
        }
    }
    for scan in all(conn, STRAY_TEXT, range, |row| Ok(row.get::<_, i64>(0)?))? {
        wrong_text(slice, scan, "a text stands beside the log that it does not know")?;
    }
    Ok(Some(upto))
}

fn wrong_text(slice: &mut Slice<'_>, scan: i64, what: &str) -> Res<()> {
    slice.differs(|conn| {
        let id = scan_id(conn, movement_key(scan, 0))?;
        Ok(format!("scan {id} (row {scan}): {what}"))
    })
}

/// A search is what its steps add up to.
pub fn searches(slice: &mut Slice<'_>) -> Res<Option<i64>> {
    let found = keys(slice, SEARCHES)?;
    for key in &found {
        slice.report.searches += 1;
        let (rebuilt, kept) = (searches::rebuilt(slice.conn, *key)?, SearchRow::kept(slice.conn, *key)?);
        if rebuilt != kept {
            slice
                .differs(|_| Ok(format!("search {key}: its steps say {rebuilt:?}, its row says {kept:?}")))?;
        }
    }
    Ok(found.last().copied())
}

/// A temporary folder stands in for the original that its steps name.
pub fn combines(slice: &mut Slice<'_>) -> Res<Option<i64>> {
    let found = keys(slice, COMBINES)?;
    for key in &found {
        slice.report.searches += 1;
        let (rebuilt, kept) = (combines::folded(slice.conn, *key)?, combines::kept(slice.conn, *key)?);
        if rebuilt != kept {
            slice.differs(|_| {
                Ok(format!("temporary volume {key}: its steps say {rebuilt:?}, its row says {kept:?}"))
            })?;
        }
    }
    Ok(found.last().copied())
}

fn keys(slice: &Slice<'_>, sql: &str) -> Res<Vec<i64>> {
    let limit = i64::try_from(slice.budget / SEARCH_COSTS).unwrap_or(i64::MAX).max(1);
    all(slice.conn, sql, named_params! {":after": slice.after, ":limit": limit}, |row| Ok(row.get(0)?))
}
