//! Scans kept because they named no known folder, as a decision and a page read them.

use rusqlite::{Connection, Row, named_params};

use super::codec::{entry, unsigned, uuid};
use super::find;
use super::trouble::{Res, Trouble};
use super::view;
use crate::clock::Timestamp;
use crate::domain::answer::Answer;
use crate::domain::barcode::Code;
use crate::domain::command::{Clocks, MAX_KEPT, Naming, Run, Scan};
use crate::domain::directory::Directory;
use crate::domain::kept::{KeptScan, LabelView, reads};
use crate::domain::refusal::Reason;
use crate::domain::{PlaceId, ScanId, StaffId, VolumeId};
use crate::store::records::Bounded;

const KEPT: &str =
    "SELECT s.id, d.code, r.place, e.name, r.incarnation, r.boot, r.boot_base, s.number, w.text, s.person,
    s.happened, s.wall_off, s.boot_off, s.uncertainty, s.typed, s.aim, s.answer, t.text, t.settled,
    s.happened + s.learned_off
    FROM scan_text t CROSS JOIN scan s ON s.key = t.scan CROSS JOIN run r ON r.key = s.run
    CROSS JOIN session e ON e.key = r.session CROSS JOIN desk d ON d.key = e.desk
    CROSS JOIN word w ON w.key = s.scanner WHERE t.scan = :key AND t.kept = 1";
const OPEN: &str = "SELECT scan FROM scan_text WHERE text = :text AND kept = 1 AND settled IS NULL
    ORDER BY scan DESC LIMIT :limit";
const COUNT_OPEN: &str = "SELECT count(*) FROM (SELECT 1 FROM scan_text WHERE text = :text AND kept = 1
    AND settled IS NULL LIMIT :limit)";
const COUNT_LABELS: &str = "SELECT count(*) FROM (SELECT 1 FROM scan_text INDEXED BY scan_text_kept
    WHERE kept = 1 AND settled IS NULL LIMIT :limit)";

/// A kept scan as it is stored.
pub struct KeptRow {
    /// The scan, and why it moved nothing.
    pub kept: KeptScan,
    /// Whether nobody has settled it yet.
    pub is_open: bool,
    /// When the server learnt of it.
    pub learned_at: Timestamp,
}

/// The kept scan with this key, settled or not.
pub fn by_key(conn: &Connection, key: i64) -> Res<Option<KeptRow>> {
    find::one(conn, KEPT, named_params! {":key": key}, kept_row)
}

/// The kept scan with this name, settled or not.
pub fn by_id(conn: &Connection, id: ScanId) -> Res<Option<KeptRow>> {
    match view::scan_key(conn, id.uuid())? {
        Some((key, _)) => by_key(conn, key),
        None => Ok(None),
    }
}

fn kept_row(row: &Row<'_>) -> Res<KeptRow> {
    let happened: i64 = row.get(10)?;
    let boot_base: i64 = row.get(6)?;
    let answer = Answer::decode(row.get_ref(16)?.as_blob()?).ok_or(Trouble::Broken("an answer"))?;
    let scan = Scan {
        id: ScanId::new(uuid(row.get(0)?)),
        desk: row.get_ref(1)?.as_str()?.parse().map_err(|_| Trouble::Broken("a desk's code"))?,
        desk_place: PlaceId::new(row.get(2)?),
        session: row.get(3)?,
        run: Run { incarnation: uuid(row.get(4)?), boot: row.get::<_, Option<[u8; 16]>>(5)?.map(uuid) },
        number: unsigned(row.get(7)?),
        scanner: row.get(8)?,
        person: row.get::<_, Option<i64>>(9)?.map(StaffId::new),
        batch: None,
        position: 0,
        clocks: Clocks {
            happened: Timestamp::from_micros(happened),
            wall: Timestamp::from_micros(happened.saturating_add(row.get(11)?)),
            boot_us: happened.saturating_sub(boot_base).saturating_sub(row.get(12)?),
            uncertainty_us: row.get(13)?,
        },
        text: row.get(17)?,
        aim: row.get(15)?,
        entry: entry(row.get(14)?),
        naming: Naming::Aside,
    };
    Ok(KeptRow {
        kept: KeptScan { scan, reason: answer.reason },
        is_open: row.get::<_, Option<i64>>(18)?.is_none(),
        learned_at: Timestamp::from_micros(row.get(19)?),
    })
}

/// The keys of the open scans kept under a text, newest first.
pub fn open(conn: &Connection, text: &str, limit: usize) -> Res<Vec<i64>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    find::all(conn, OPEN, named_params! {":text": text, ":limit": limit}, |row| Ok(row.get(0)?))
}

/// How many open scans are kept under a text, counted up to `most`.
pub fn count_open(conn: &Connection, text: &str, most: usize) -> Res<Bounded> {
    let params = named_params! {":text": text, ":limit": one_further(most)};
    bounded(find::one(conn, COUNT_OPEN, params, |row| Ok(row.get(0)?))?, most)
}

/// How many open scans of unknown labels are kept, counted up to `most`.
pub fn count_labels(conn: &Connection, most: usize) -> Res<Bounded> {
    let params = named_params! {":limit": one_further(most)};
    bounded(find::one(conn, COUNT_LABELS, params, |row| Ok(row.get(0)?))?, most)
}

fn one_further(most: usize) -> i64 {
    i64::try_from(most).unwrap_or(i64::MAX).saturating_add(1)
}

fn bounded(found: Option<i64>, most: usize) -> Res<Bounded> {
    let found = usize::try_from(found.unwrap_or(0)).map_err(|_| Trouble::Broken("a count"))?;
    Ok(Bounded::of(found, most))
}

/// The volume that a label names.
pub fn names(conn: &Connection, reads: &Code) -> Res<Option<VolumeId>> {
    let Code::Folder(folder) = reads else { return Ok(None) };
    Ok(find::volume_by_label(conn, &folder.label)?.map(|row| row.brief.id))
}

/// What settling the label of the kept scan `of` reads, with those of `chosen` that are its and still open; without a
/// choice, the newest.
pub fn label(
    conn: &Connection,
    directory: &Directory,
    of: ScanId,
    chosen: Option<&[ScanId]>,
) -> Res<Option<LabelView>> {
    let Some(first) = by_id(conn, of)? else { return Ok(None) };
    let mut rows = Vec::new();
    match chosen {
        Some(chosen) => {
            for id in chosen.iter().take(MAX_KEPT) {
                rows.extend(by_id(conn, *id)?);
            }
        }
        None => {
            for key in open(conn, &first.kept.scan.text, 1)? {
                rows.extend(by_key(conn, key)?);
            }
        }
    }
    rows.retain(|row| row.is_open && row.kept.scan.text == first.kept.scan.text);
    rows.sort_by_key(|row| (row.kept.scan.clocks.happened, row.kept.scan.id));
    rows.dedup_by_key(|row| row.kept.scan.id);
    let several = |row: &KeptRow| row.kept.reason == Reason::WhichVolume;
    let reads = reads(&first.kept.scan, directory);
    Ok(Some(LabelView {
        names: names(conn, &reads)?,
        reads,
        named_several: several(&first) || rows.iter().any(several),
        kept: rows.into_iter().map(|row| row.kept).collect(),
    }))
}
