//! Covers that were printed, and which of a volume's nobody has scanned yet.

use rusqlite::{Connection, named_params};

use super::codec::{at, number_in};
use super::find::{self, all, one};
use super::trouble::Res;
use super::volumes;
use crate::clock::Timestamp;
use crate::domain::VolumeId;
use crate::domain::answer::{Answer, Cover};
use crate::domain::casenote::Unproven;
use crate::domain::patient::Patient;
use crate::domain::printing::{CoversWaiting, Why};

/// Those that are on paper, or may be: sent, confirmed, unknown.
pub const WAITING: &str =
    "SELECT l.why FROM print_label l INDEXED BY print_label_waiting CROSS JOIN print_job j ON j.key = l.job
    WHERE l.subject = :volume AND l.what = 0 AND l.scanned IS NULL AND j.state IN (1, 2, 3)";
/// The same, counted; the reason is that of the newest, since SQLite takes it from the row with the maximum.
const COUNT: &str =
    "SELECT max(j.changed), l.why, count(*) FROM print_label l INDEXED BY print_label_waiting CROSS JOIN print_job j
    ON j.key = l.job WHERE l.subject = :volume AND l.what = 0 AND l.scanned IS NULL AND j.state IN (1, 2, 3)
    HAVING count(*) > 0";
pub const PROVE: &str = "UPDATE print_label INDEXED BY print_label_waiting SET scanned = :scan
    WHERE subject = :volume AND what = 0 AND scanned IS NULL
    AND (SELECT state FROM print_job WHERE key = job) IN (1, 2, 3)";

/// The printed cover of a volume that no scan has proved yet. One of several that is to be compared is enough.
///
/// A look-up in an index that holds the covers printed and not yet scanned, and nothing else: one page for a
/// hospital that prints a few hundred a day.
pub fn unproven(conn: &Connection, volume: VolumeId) -> Res<Option<Unproven>> {
    let whys: Vec<i64> = all(conn, WAITING, named_params! {":volume": volume.key()}, |row| Ok(row.get(0)?))?;
    let unasked = number_in(&Why::ALL, &Why::Relabelling);
    Ok(match whys.as_slice() {
        [] => None,
        whys if whys.iter().all(|why| *why == unasked) => Some(Unproven::Relabelled),
        _ => Some(Unproven::Compared),
    })
}

/// The printed covers of a volume that no scan has proved yet; a look-up in the same index.
pub fn waiting(conn: &Connection, volume: VolumeId) -> Res<Option<CoversWaiting>> {
    one(conn, COUNT, named_params! {":volume": volume.key()}, |row| {
        Ok(CoversWaiting {
            since: Timestamp::from_micros(row.get(0)?),
            why: at(&Why::ALL, row.get(1)?, "a reason of printing")?,
            count: row.get(2)?,
        })
    })
}

/// Writes down which scan read the covers printed of a volume.
pub fn prove(conn: &Connection, scan: i64, volume: VolumeId) -> Res<()> {
    conn.prepare_cached(PROVE)?.execute(named_params! {":scan": scan, ":volume": volume.key()})?;
    Ok(())
}

/// Whose folder it is, where the answer asks for its cover to be compared.
pub fn patient(conn: &Connection, answer: &Answer) -> Res<Option<Patient>> {
    let Some(volume) = answer.volume.filter(|_| answer.cover == Cover::Compared) else { return Ok(None) };
    let Some(row) = find::volume_by_key(conn, volume)? else { return Ok(None) };
    Ok(row.patient.map(|key| volumes::patient(conn, key)).transpose()?.flatten())
}
