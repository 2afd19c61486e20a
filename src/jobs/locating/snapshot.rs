//! The counts in a file of the data folder, so that a start need not read the whole log again.
//!
//! A file and no table: it is derived, some megabytes long, and written whole; in the database it would go through the
//! writer and its log, before the scans. One that is damaged, of another form, of another life of the log or learned on
//! another ground is as good as none, and is written over.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::locate::Counts;

/// The file's name in the data folder.
const FILE: &str = "locate.counts";
/// Names the form: it goes up with every change of what is told to the counts.
const FORM: &[u8] = b"casetrack locate 1\n";
/// Length of the digest at the end.
const DIGEST: usize = 32;

/// How far counts are learned, and of what.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mark {
    /// Which life of the log.
    pub epoch: u64,
    /// The last scan that they know.
    pub upto: i64,
    /// The ground that they were learned on.
    pub print: [u8; 8],
}

/// Where the file stands.
fn file(dir: &Path) -> PathBuf {
    dir.join(FILE)
}

/// Writes counts, whole or not at all.
pub fn save(dir: &Path, mark: Mark, counts: &Counts) -> io::Result<()> {
    let to = file(dir);
    let beside = to.with_extension("counts.new");
    let mut out = File::create(&beside)?;
    out.write_all(&encode(mark, counts))?;
    out.sync_all()?;
    fs::rename(&beside, &to)
}

/// The counts of this life of the log that were learned on this ground, and the last scan that they know.
pub fn load(dir: &Path, epoch: u64, print: [u8; 8]) -> Option<(i64, Counts)> {
    let (mark, counts) = decode(&fs::read(file(dir)).ok()?)?;
    (mark.epoch == epoch && mark.print == print).then_some((mark.upto, counts))
}

fn encode(mark: Mark, counts: &Counts) -> Vec<u8> {
    let mut bytes = FORM.to_vec();
    bytes.extend(mark.epoch.to_le_bytes());
    bytes.extend(mark.upto.to_le_bytes());
    bytes.extend(mark.print);
    bytes.extend(counts.encode());
    let digest = Sha256::digest(&bytes);
    bytes.extend(digest);
    bytes
}

fn decode(bytes: &[u8]) -> Option<(Mark, Counts)> {
    let (told, digest) = bytes.split_at_checked(bytes.len().checked_sub(DIGEST)?)?;
    if Sha256::digest(told).as_slice() != digest {
        return None;
    }
    let (epoch, rest) = told.strip_prefix(FORM)?.split_first_chunk()?;
    let (upto, rest) = rest.split_first_chunk()?;
    let (print, rest) = rest.split_first_chunk()?;
    let mark = Mark { epoch: u64::from_le_bytes(*epoch), upto: i64::from_le_bytes(*upto), print: *print };
    Some((mark, Counts::decode(rest)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_to_the_letter_what_was_written_is_thrown_away() {
        let mark = Mark { epoch: 3, upto: 77, print: [9; 8] };
        let counts = Counts::default();
        let bytes = encode(mark, &counts);
        assert_eq!(decode(&bytes), Some((mark, counts)));
        // Every byte of the head, of the digest, and some of the counts between.
        let ends = (0..64).chain(bytes.len() - DIGEST..bytes.len());
        for at in ends.chain((64..bytes.len() - DIGEST).step_by(bytes.len() / 64 + 1)) {
            let mut spoilt = bytes.clone();
            spoilt[at] ^= 1;
            assert_eq!(decode(&spoilt), None, "byte {at}");
            assert_eq!(decode(bytes.get(..at).unwrap()), None, "cut at {at}");
        }
    }
}
