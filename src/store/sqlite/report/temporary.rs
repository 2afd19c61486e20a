//! The volumes of one casenote, and which of them were temporary ones, for whoever had learnt up to a scan.

use rusqlite::{Connection, named_params};

use super::super::codec::number_in;
use super::super::find::all;
use super::super::trouble::Res;
use crate::domain::VolumeId;
use crate::domain::casenote::VolumeKind;

const SIBLINGS: &str = "SELECT v.key,
    (SELECT k.scan FROM volume_known k WHERE k.upto >= v.key ORDER BY k.upto LIMIT 1) AS known,
    ifnull((SELECT w.kind FROM volume_was w WHERE w.volume = v.key AND w.scan >= :upto ORDER BY w.key LIMIT 1), v.kind)
    FROM volume v WHERE v.casenote = :casenote";
const CHANGES: &str =
    "SELECT scan + 1 FROM volume_was WHERE volume = :volume AND scan >= :after AND scan < :upto";

/// A volume of a casenote.
pub struct Sibling {
    /// Which.
    pub volume: VolumeId,
    /// Whether it was a temporary one.
    pub is_temporary: bool,
    /// The scan or act by which it became known.
    known: i64,
}

/// The volumes that were known, the temporary ones among them.
pub fn siblings(conn: &Connection, casenote: i64, upto: i64) -> Res<Vec<Sibling>> {
    let params = named_params! {":casenote": casenote, ":upto": upto};
    let mut found = all(conn, SIBLINGS, params, |row| {
        Ok(Sibling {
            volume: VolumeId::new(row.get(0)?),
            known: row.get::<_, Option<i64>>(1)?.unwrap_or(0),
            is_temporary: row.get::<_, i64>(2)? == number_in(&VolumeKind::ALL, &VolumeKind::Temporary),
        })
    })?;
    found.retain(|sibling| sibling.known <= upto);
    Ok(found)
}

/// The scans after `after` with which one of them became known or another kind. What an import changes is known with
/// the scan that comes after it.
pub fn changes(conn: &Connection, casenote: &[Sibling], after: i64, upto: i64) -> Res<Vec<i64>> {
    let mut scans: Vec<i64> =
        casenote.iter().map(|sibling| sibling.known).filter(|scan| *scan > after).collect();
    for sibling in casenote {
        let params = named_params! {":volume": sibling.volume.key(), ":after": after, ":upto": upto};
        scans.extend(all(conn, CHANGES, params, |row| Ok(row.get::<_, i64>(0)?))?);
    }
    Ok(scans)
}
