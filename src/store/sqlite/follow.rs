//! What live pages follow: the barcodes of what moved, the containers that carry it, and where the log stands.

use rusqlite::{Connection, named_params};

use super::find::{self, one};
use super::history;
use super::trouble::{Res, Trouble};
use crate::domain::casenote::LabelText;
use crate::domain::movement::Subject;
use crate::domain::{PlaceId, VolumeId};
use crate::live::Cursor;

const BARCODE: &str = "SELECT barcode FROM volume WHERE key = :key";
const NEWEST: &str = "SELECT max(ifnull((SELECT max(key) FROM movement), 0),
    ifnull((SELECT max(key) FROM search_step), 0))";

/// The barcodes of these volumes, unknown ones left out.
pub fn barcodes(conn: &Connection, volumes: &[VolumeId]) -> Res<Vec<(VolumeId, LabelText)>> {
    let mut found = Vec::with_capacity(volumes.len());
    for volume in volumes {
        let text: Option<String> =
            one(conn, BARCODE, named_params! {":key": volume.key()}, |row| Ok(row.get(0)?))?;
        let Some(text) = text else { continue };
        found.push((*volume, text.parse().map_err(|_| Trouble::Broken("a barcode"))?));
    }
    Ok(found)
}

/// The containers outwards of each of `subjects`, the innermost first.
pub fn carriers(conn: &Connection, subjects: &[Subject]) -> Res<Vec<(Subject, Vec<PlaceId>)>> {
    let mut found = Vec::with_capacity(subjects.len());
    for subject in subjects {
        let present = find::standing_of(conn, *subject)?.present;
        let carriers = find::carriers(conn, &present)?;
        found.push((*subject, carriers.into_iter().map(|carrier| carrier.container).collect()));
    }
    Ok(found)
}

/// Where the log stands.
pub fn newest(conn: &Connection) -> Res<Cursor> {
    let key: Option<i64> = one(conn, NEWEST, [], |row| Ok(row.get(0)?))?;
    let number = key.and_then(|key| u64::try_from(key).ok()).unwrap_or(0);
    Ok(Cursor { epoch: history::epoch(conn)?, number })
}
