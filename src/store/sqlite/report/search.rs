//! Searches as they were for whoever had learnt up to a scan.

use rusqlite::Connection;

use super::super::trouble::Res;
use crate::domain::VolumeId;
use crate::domain::missing::Sought;
use crate::domain::missing::found::Outcome;
use crate::store::report::Learnt;

/// The scans and acts after `after` and up to `upto` that changed a search for this volume.
pub fn scans(_conn: &Connection, _volume: VolumeId, _after: i64, _upto: i64) -> Res<Vec<i64>> {
    Ok(Vec::new())
}

/// How far the newest search for a volume was.
pub fn sought(_conn: &Connection, _volume: VolumeId, _upto: i64) -> Res<Option<Sought>> {
    Ok(None)
}

/// What came of searches in the span.
pub fn outcomes(_conn: &Connection, _learnt: Learnt) -> Res<Vec<Option<Outcome>>> {
    Ok(Vec::new())
}
