//! Bringing a restored backup up to where the copy reaches.

use std::path::Path;

use serde::Serialize;

use super::line::Line;
use super::segment::{self, Lines, Name};
use super::{FORMAT, Header, Position};
use crate::clock::Timestamp;
use crate::store::StoreError;
use crate::store::sqlite::copy::replaying::Replaying;

/// What a replay did.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Replayed {
    /// Rows that were added or brought up to date.
    pub rows: u64,
    /// Scans and acts that the backup did not hold.
    pub scans: u64,
    /// All that was on disk at this time is in the data now; `None`: the copy holds nothing newer than the backup.
    pub until: Option<Timestamp>,
    /// Lines at the very end that belong to no round that was ended: what was written when the machine stopped.
    pub unfinished: u64,
    /// Why the copy could not be followed to its end, and where.
    pub stopped: Option<String>,
}

/// Applies to the data in `dir`, a backup of `epoch` just as it was made and in nobody's hands but the caller's, all that
/// the copy in `folder` holds beyond it. Either all of it that can be followed is applied, or nothing.
///
/// A line that is broken ends it, unless what was copied again goes on from there: [`Replayed`] says up to when the data
/// are whole. What is derived from the log is folded anew.
pub fn replay(dir: &Path, folder: &Path, epoch: u64) -> Result<Replayed, StoreError> {
    let mut segments = Vec::new();
    for name in segment::of_epoch(folder, epoch)? {
        // Without a header nothing of it counts: it was being made when the machine stopped.
        segments.extend(segment::header(folder, name)?.map(|header| (name, header)));
    }
    if segments.is_empty() {
        let folder = folder.display();
        return Err(StoreError::Foreign(format!("there is no copy of epoch {epoch} in {folder}")));
    }
    let mut data = Replaying::open(dir)?;
    let first = first_needed(&segments, data.position());
    let mut done = Replayed::default();
    for (name, header) in segments.get(first..).unwrap_or_default() {
        check(*name, header, &data)?;
        data.reach_schema(header.schema)?;
        if !follows(*name, header, &data, &mut done) {
            break;
        }
        follow(folder, *name, &mut data, &mut done)?;
    }
    done.scans = data.finish()?;
    Ok(done)
}

/// The last segment that begins no later than the data end: all before it hold nothing new.
fn first_needed(segments: &[(Name, Header)], position: &Position) -> usize {
    segments.iter().rposition(|(_, header)| position.covers(&header.from)).unwrap_or(0)
}

fn check(name: Name, header: &Header, data: &Replaying) -> Result<(), StoreError> {
    let file = name.file();
    if header.format != FORMAT {
        let format = header.format;
        return Err(StoreError::Foreign(format!("{file} has format {format}: install the newer program")));
    }
    if header.trust != data.trust() {
        return Err(StoreError::Foreign(format!("{file} is a copy of the data of {}", header.trust)));
    }
    Ok(())
}

/// Whether a segment goes on where the data stand.
fn follows(name: Name, header: &Header, data: &Replaying, done: &mut Replayed) -> bool {
    let known = data.position().covers(&header.from);
    // Where it begins exactly where the last round ended, it says so.
    let same = data.last_hash().is_none_or(|hash| *data.position() != header.from || hash == header.after);
    if known && same {
        // What an earlier segment had broken, this one has again.
        (done.stopped, done.unfinished) = (None, 0);
        return true;
    }
    let file = name.file();
    done.stopped.get_or_insert(if known {
        format!("{file} is not what followed what comes before it")
    } else {
        format!("what comes before {file} is missing: it begins later than what is there ends")
    });
    false
}

/// Applies the rounds of a segment, as far as they are whole.
fn follow(folder: &Path, name: Name, data: &mut Replaying, done: &mut Replayed) -> Result<(), StoreError> {
    let mut lines = Lines::open(folder, name)?;
    let mut rows = 0;
    while let Some(line) = lines.read() {
        match line {
            Ok(Line::Begin(header)) => data.begin(&header)?,
            Ok(Line::Row(row)) => {
                done.unfinished += 1;
                match data.apply(&row)? {
                    Ok(applied) => rows += u64::from(applied),
                    Err(why) => {
                        let (file, line) = (name.file(), lines.number());
                        done.stopped = Some(format!("line {line} of {file} does not fit the data: {why}"));
                        break;
                    }
                }
            }
            Ok(Line::End(end)) => {
                done.unfinished = 0;
                if !data.position().covers(&end.upto) {
                    done.until = Some(end.at);
                }
                data.end(&end.upto, lines.hash())?;
                done.rows += std::mem::take(&mut rows);
            }
            Err(broken) => {
                done.stopped = Some(format!("line {} of {}: {}", broken.line, name.file(), broken.why));
                break;
            }
        }
    }
    data.leave()
}
