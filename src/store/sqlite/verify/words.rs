//! A difference in words: rows by their keys, scans and movements by their outward ids, places by their codes. No barcode
//! and no patient, since it goes into logs.

use std::fmt::Write as _;

use rusqlite::{Connection, named_params};
use uuid::Uuid;

use crate::domain::PlaceId;
use crate::domain::movement::Subject;
use crate::store::sqlite::codec::{Standing, index_of, scan_of, uuid};
use crate::store::sqlite::find::one;
use crate::store::sqlite::trouble::Res;

const SCAN_ID: &str = "SELECT id FROM scan WHERE key = :key";
const PLACE_CODE: &str = "SELECT code FROM place WHERE key = :key";

/// `volume 17`, `container K12`.
pub fn subject(conn: &Connection, subject: Subject) -> Res<String> {
    Ok(match subject {
        Subject::Volume(volume) => format!("volume {}", volume.key()),
        Subject::Container(container) => format!("container {}", place(conn, container)?),
    })
}

/// The outward name of a movement's scan.
pub fn scan_id(conn: &Connection, movement: i64) -> Res<Uuid> {
    let found = one(conn, SCAN_ID, named_params! {":key": scan_of(movement)}, |row| Ok(uuid(row.get(0)?)))?;
    Ok(found.unwrap_or_default())
}

/// The outward name of a movement.
pub fn movement_id(conn: &Connection, movement: i64) -> Res<String> {
    Ok(format!("{}-{}", scan_id(conn, movement)?, index_of(movement)))
}

fn place(conn: &Connection, place: PlaceId) -> Res<String> {
    let code: Option<String> =
        one(conn, PLACE_CODE, named_params! {":key": place.key()}, |row| Ok(row.get(0)?))?;
    Ok(code.unwrap_or_else(|| format!("(place {}, which is not there)", place.key())))
}

/// Where a subject stands, with everything in which two rows may differ.
pub fn standing(conn: &Connection, standing: &Standing) -> Res<String> {
    let present = &standing.present;
    let mut text = present.state.word().to_owned();
    let places = [
        ("", present.place),
        ("to ", present.to),
        ("inside ", present.container),
        ("last packed into ", standing.packed_in.filter(|_| present.container.is_none())),
        ("filed on ", present.filed),
        ("or at ", present.or_at),
    ];
    for (words, at) in places {
        if let Some(at) = at {
            // Writing to a string does not fail.
            let _ = write!(text, " {words}{}", place(conn, at)?);
        }
    }
    text.push_str(if present.confirmed { ", confirmed" } else { ", not confirmed" });
    if let (Some(since), Some(how)) = (present.since, present.how) {
        let _ = write!(text, ", {} {since}", how.word());
    }
    for (words, movement) in [("by", standing.movement), ("freed by", standing.freed)] {
        if let Some(movement) = movement {
            let _ = write!(text, ", {words} {}", movement_id(conn, movement)?);
        }
    }
    if let Some(newest) = standing.newest {
        let _ = write!(text, ", newest {newest}");
    }
    if standing.uncertainty_us != 0 {
        let _ = write!(text, ", ±{} µs", standing.uncertainty_us);
    }
    Ok(text)
}
