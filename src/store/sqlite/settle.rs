//! Writing down what an act settles: questions, kept scans, and labels that name a volume from now on.

use rusqlite::named_params;

use super::core::Core;
use super::trouble::Res;
use super::{covers, kept, make, view};
use crate::clock::Timestamp;
use crate::domain::casenote::LabelText;
use crate::domain::decide::Settles;
use crate::domain::{QuestionId, ScanId, VolumeId};

const ANSWER: &str = "UPDATE question SET answer = :act WHERE key = :key AND answer IS NULL";
/// 2: a late act that named no known volume.
const ANSWER_OF_SCAN: &str =
    "UPDATE question SET answer = :act WHERE kind = 2 AND scan = :scan AND answer IS NULL";
const SETTLE: &str = "UPDATE scan_text SET settled = :at WHERE scan = :scan AND kept = 1 AND settled IS NULL";
const INSERT_LABEL: &str = "INSERT INTO label (text, volume) VALUES (:text, :volume)";

/// Most scans of one text that are set aside at once; the rest stays listed, and is set aside the same way.
const MAX_ASIDE: usize = 5_000;

/// Writes down what the act with this key settled.
pub fn apply(core: &mut Core, act: i64, at: Timestamp, settles: &[Settles]) -> Res<()> {
    for one in settles {
        match one {
            Settles::Question(question) => answer(core, act, *question)?,
            Settles::Label(label, volume) => name(core, label, *volume)?,
            Settles::Kept(scan) => {
                if let Some((key, _)) = view::scan_key(&core.conn, scan.uuid())? {
                    settle(core, act, at, key)?;
                }
            }
            Settles::AllKept(scan) => all_kept(core, act, at, *scan)?,
            Settles::Made(folder) => make::apply(core, act, folder)?,
            Settles::Covers(volume) => covers::prove(&core.conn, act, *volume)?,
        }
    }
    Ok(())
}

fn answer(core: &Core, act: i64, question: QuestionId) -> Res<()> {
    core.conn.prepare_cached(ANSWER)?.execute(named_params! {":act": act, ":key": question.key()})?;
    Ok(())
}

fn name(core: &Core, label: &LabelText, volume: VolumeId) -> Res<()> {
    let params = named_params! {":text": label.as_str(), ":volume": volume.key()};
    core.conn.prepare_cached(INSERT_LABEL)?.execute(params)?;
    Ok(())
}

fn settle(core: &Core, act: i64, at: Timestamp, scan: i64) -> Res<()> {
    core.conn.prepare_cached(SETTLE)?.execute(named_params! {":at": at.micros(), ":scan": scan})?;
    core.conn.prepare_cached(ANSWER_OF_SCAN)?.execute(named_params! {":act": act, ":scan": scan})?;
    Ok(())
}

fn all_kept(core: &Core, act: i64, at: Timestamp, scan: ScanId) -> Res<()> {
    let Some(row) = kept::by_id(&core.conn, scan)? else { return Ok(()) };
    for key in kept::open(&core.conn, &row.kept.scan.text, MAX_ASIDE)? {
        settle(core, act, at, key)?;
    }
    Ok(())
}
