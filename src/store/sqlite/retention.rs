//! Texts beside the log that need not be read any more. Their digests stay in the log.

use rusqlite::{Connection, named_params};

use super::find::{all, one};
use super::trouble::Res;
use crate::clock::Timestamp;

/// Texts that one reading looks at: some milliseconds.
const TEXTS_A_PIECE: i64 = 5_000;

const NTH: &str =
    "SELECT max(scan) FROM (SELECT scan FROM scan_text WHERE scan > :after ORDER BY scan LIMIT :limit)";
/// A label that named no folder is due so long after somebody settled it; of all else there is nothing to settle, so it is
/// due so long after it was learnt.
const DUE: &str = "SELECT t.scan FROM scan_text t CROSS JOIN scan s ON s.key = t.scan WHERE t.scan > :after
    AND t.scan <= :upto AND t.text <> '' AND CASE WHEN t.kept = 1 THEN t.settled < :before
        ELSE s.happened + s.learned_off < :before END ORDER BY t.scan";
const REDACT: &str = "UPDATE scan_text SET text = '' WHERE scan = :scan AND text <> ''";

/// The scans after `after` whose text was settled before `before`, of one piece, and after which scan the next begins.
pub fn due(conn: &Connection, before: Timestamp, after: i64) -> Res<(Vec<i64>, Option<i64>)> {
    let params = named_params! {":after": after, ":limit": TEXTS_A_PIECE};
    let Some(upto) = one(conn, NTH, params, |row| Ok(row.get::<_, Option<i64>>(0)?))?.flatten() else {
        return Ok((Vec::new(), None));
    };
    let params = named_params! {":after": after, ":upto": upto, ":before": before.micros()};
    Ok((all(conn, DUE, params, |row| Ok(row.get(0)?))?, Some(upto)))
}

/// Empties these texts; says how many were not empty yet.
pub fn redact(conn: &Connection, scans: &[i64]) -> Res<u64> {
    let mut redacted = 0;
    for scan in scans {
        redacted += conn.prepare_cached(REDACT)?.execute(named_params! {":scan": scan})?;
    }
    Ok(u64::try_from(redacted).unwrap_or(u64::MAX))
}
