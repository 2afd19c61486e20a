//! To which places a desk sends.

use rusqlite::{Connection, named_params};

use super::codec::MOVEMENTS_A_SCAN;
use super::find::{all, one};
use super::trouble::Res;
use crate::domain::PlaceId;
use crate::domain::place::Code;

const LAST: &str = "SELECT last FROM desk WHERE code = :code";
const BACK: &str = "SELECT back FROM scan WHERE key = :key";
/// Where the folders of one scan were sent, or left where nobody scans (kinds 2 and 3).
const SENT: &str = "SELECT CASE kind WHEN 2 THEN other ELSE place END FROM movement
    WHERE key >= :from AND key < :to AND kind IN (2, 3) LIMIT :limit";

/// Newest scans of the desk that are walked: a busy week of most desks, and a few milliseconds.
const MAX_WALK: usize = 2_000;
/// Movements of one scan: those of a whole list that was sent on by one card are one habit, not hundreds.
const MAX_OF_A_SCAN: i64 = 8;

/// The places to which the newest scans of a desk have sent folders, and how often; in no order.
pub fn of_desk(conn: &Connection, desk: &Code) -> Res<Vec<(PlaceId, u32)>> {
    let mut counts: Vec<(PlaceId, u32)> = Vec::new();
    let last = one(conn, LAST, named_params! {":code": desk.as_str()}, |row| Ok(row.get::<_, i64>(0)?))?;
    let mut key = last.unwrap_or(0);
    for _ in 0..MAX_WALK {
        let Some(back) = one(conn, BACK, named_params! {":key": key}, |row| Ok(row.get::<_, i64>(0)?))?
        else {
            break;
        };
        for place in sent_by(conn, key)? {
            match counts.iter_mut().find(|(known, _)| *known == place) {
                Some((_, count)) => *count += 1,
                None => counts.push((place, 1)),
            }
        }
        if back == 0 {
            break;
        }
        key -= back;
    }
    Ok(counts)
}

fn sent_by(conn: &Connection, scan: i64) -> Res<Vec<PlaceId>> {
    let from = scan.saturating_mul(MOVEMENTS_A_SCAN);
    let to = from.saturating_add(MOVEMENTS_A_SCAN);
    let params = named_params! {":from": from, ":to": to, ":limit": MAX_OF_A_SCAN};
    let places = all(conn, SENT, params, |row| Ok(row.get::<_, Option<i64>>(0)?))?;
    Ok(places.into_iter().flatten().map(PlaceId::new).collect())
}
