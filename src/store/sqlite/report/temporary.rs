//! Temporary folders and their originals, for whoever had learnt up to a scan.

use rusqlite::{Connection, Row, named_params};

use super::super::codec::{at, movement_key};
use super::super::find::{all, one};
use super::super::trouble::Res;
use crate::domain::VolumeId;
use crate::domain::casenote::VolumeKind;

const SIBLINGS: &str = "SELECT v.key, v.number,
    ifnull((SELECT w.kind FROM volume_was w WHERE w.volume = v.key AND w.scan >= :upto ORDER BY w.key LIMIT 1), v.kind),
    (SELECT k.scan FROM volume_known k WHERE k.upto >= v.key ORDER BY k.upto LIMIT 1)
    FROM volume v WHERE v.casenote = :casenote ORDER BY v.number";
const CHANGES: &str =
    "SELECT scan + 1 FROM volume_was WHERE volume = :volume AND scan >= :after AND scan < :upto";
const SAID: &str = "SELECT original FROM combine_step WHERE temporary = :temporary AND key < :end
    ORDER BY key DESC LIMIT 1";
const SAYINGS: &str = "SELECT key >> 13 FROM combine_step
    WHERE temporary = :temporary AND key >= :from AND key < :end";

/// A volume of a casenote as it was known.
pub struct Sibling {
    /// Which.
    pub volume: VolumeId,
    kind: VolumeKind,
    /// The scan or act by which it became known.
    known: i64,
}

/// What a temporary folder stands in for.
pub enum StandsIn {
    /// It was no temporary folder.
    Not,
    /// For this one: somebody said so, or else the latest original of its casenote; none where there is no original.
    For(Option<VolumeId>),
}

/// The volumes of a casenote that were known, by their numbers.
pub fn siblings(conn: &Connection, casenote: i64, upto: i64) -> Res<Vec<Sibling>> {
    let mut found = all(conn, SIBLINGS, named_params! {":casenote": casenote, ":upto": upto}, sibling)?;
    found.retain(|sibling| sibling.known <= upto);
    Ok(found)
}

fn sibling(row: &Row<'_>) -> Res<Sibling> {
    Ok(Sibling {
        volume: VolumeId::new(row.get(0)?),
        kind: at(&VolumeKind::ALL, row.get(2)?, "a kind of volume")?,
        known: row.get::<_, Option<i64>>(3)?.unwrap_or(0),
    })
}

/// What `volume` stood in for.
pub fn stands_in(conn: &Connection, volume: VolumeId, casenote: i64, upto: i64) -> Res<StandsIn> {
    let casenote = siblings(conn, casenote, upto)?;
    let kind = casenote.iter().find(|sibling| sibling.volume == volume).map(|sibling| sibling.kind);
    if kind != Some(VolumeKind::Temporary) {
        return Ok(StandsIn::Not);
    }
    let params = named_params! {":temporary": volume.key(), ":end": movement_key(upto + 1, 0)};
    let said = one(conn, SAID, params, |row| Ok(VolumeId::new(row.get(0)?)))?;
    let latest = casenote.iter().rev().find(|sibling| sibling.kind == VolumeKind::Original);
    Ok(StandsIn::For(said.or(latest.map(|sibling| sibling.volume))))
}

/// The scans after `after` with which a volume of its casenote became known or another kind, or it was said what
/// `volume` stands in for. What an import changes is known with the scan that comes after it.
pub fn changes(
    conn: &Connection,
    volume: VolumeId,
    casenote: &[Sibling],
    after: i64,
    upto: i64,
) -> Res<Vec<i64>> {
    let mut scans: Vec<i64> =
        casenote.iter().map(|sibling| sibling.known).filter(|scan| *scan > after).collect();
    for sibling in casenote {
        let params = named_params! {":volume": sibling.volume.key(), ":after": after, ":upto": upto};
        scans.extend(all(conn, CHANGES, params, |row| Ok(row.get::<_, i64>(0)?))?);
    }
    let params = named_params! {
        ":temporary": volume.key(),
        ":from": movement_key(after + 1, 0),
        ":end": movement_key(upto + 1, 0),
    };
    scans.extend(all(conn, SAYINGS, params, |row| Ok(row.get::<_, i64>(0)?))?);
    Ok(scans)
}
