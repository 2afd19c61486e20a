//! How much of the log is read in one go: so many scans, or fewer where they moved much. A desk's scan moves one folder
//! or two; the act of an import moves hundreds, and the log of a hospital may begin with hundreds of thousands of those.

use rusqlite::{Connection, named_params};

use super::codec::{movement_key, scan_of};
use super::find::one;
use super::trouble::Res;

const BEYOND: &str =
    "SELECT key FROM movement WHERE key >= :from AND key < :end ORDER BY key LIMIT 1 OFFSET :most";

/// Where a piece ends that begins with the scan `from` and may go up to before `end`: before the scan that would bring
/// its movements over `most`, but after one scan at least.
pub fn end(conn: &Connection, from: i64, end: i64, most: i64) -> Res<i64> {
    let params = named_params! {":from": movement_key(from, 0), ":end": movement_key(end, 0), ":most": most};
    let beyond = one(conn, BEYOND, params, |row| Ok(row.get::<_, i64>(0)?))?;
    Ok(beyond.map_or(end, |key| scan_of(key).max(from + 1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_holds_whole_scans_and_one_at_least() {
        let conn = Connection::open_in_memory().unwrap();
        conn.execute_batch("CREATE TABLE movement (key INTEGER PRIMARY KEY)").unwrap();
        for (scan, movements) in [(1, 1), (2, 0), (3, 500), (4, 500), (5, 1), (6, 1)] {
            for index in 0..movements {
                conn.execute("INSERT INTO movement VALUES (?1)", [movement_key(scan, index)]).unwrap();
            }
        }
        let pieces = |most| {
            let mut ends = vec![1];
            while let Some(from) = ends.last().copied().filter(|from| *from < 7) {
                ends.push(end(&conn, from, 7, most).unwrap());
            }
            ends
        };
        assert_eq!(pieces(10_000), [1, 7]);
        assert_eq!(pieces(501), [1, 4, 6, 7]);
        assert_eq!(pieces(100), [1, 3, 4, 5, 7]);
        assert_eq!(end(&conn, 7, 7, 1).unwrap(), 7, "nothing is there any more");
    }
}
