//! The files of a copy.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, BufWriter, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::line::{self, Chain, Line};
use super::{End, Header};
use crate::clock::{DAY_US, Timestamp};
use crate::store::StoreError;
use crate::store::sqlite::open::sync_folder;

/// From this size on a new segment is begun, in bytes: a day of twenty thousand scans is about 15 MB.
const MAX_BYTES: u64 = 64 * 1024 * 1024;
/// Longest line that is read, in bytes: the largest row holds a few kilobytes.
const MAX_LINE: u64 = 4 * 1024 * 1024;
/// Whoever reads a segment reads patients' names: nobody but the service may.
const MODE: u32 = 0o600;

/// Which segment of which epoch.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Name {
    /// The epoch of the data.
    pub epoch: u64,
    /// Its number within the epoch.
    pub number: u64,
}

impl Name {
    /// The file's name.
    pub fn file(self) -> String {
        format!("casetrack-copy-{}-{:06}.ndjson", self.epoch, self.number)
    }

    fn read(file: &str) -> Option<Self> {
        let (epoch, number) =
            file.strip_prefix("casetrack-copy-")?.strip_suffix(".ndjson")?.split_once('-')?;
        Some(Self { epoch: epoch.parse().ok()?, number: number.parse().ok()? })
    }
}

/// The segments of an epoch, in their order.
pub fn of_epoch(folder: &Path, epoch: u64) -> Result<Vec<Name>, StoreError> {
    let io = |source| StoreError::Io { doing: format!("looking into {}", folder.display()), source };
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(io)? {
        let name = entry.map_err(io)?.file_name();
        found.extend(name.to_str().and_then(Name::read).filter(|name| name.epoch == epoch));
    }
    found.sort_unstable();
    Ok(found)
}

/// A segment that is being written.
#[derive(Debug)]
pub struct Segment {
    path: PathBuf,
    file: BufWriter<File>,
    chain: Chain,
    begun: Timestamp,
    bytes: u64,
    rounds: u64,
}

impl Segment {
    /// Makes the file; its name and its header are on disk when this returns.
    pub fn begin(folder: &Path, name: Name, header: &Header) -> Result<Self, StoreError> {
        let path = folder.join(name.file());
        let io = |source| StoreError::Io { doing: format!("making {}", path.display()), source };
        let file = OpenOptions::new().write(true).create_new(true).mode(MODE).open(&path).map_err(io)?;
        let mut segment = Self {
            file: BufWriter::new(file),
            chain: Chain::after(header.after.clone()),
            begun: header.at,
            bytes: 0,
            rounds: 0,
            path,
        };
        let body = line::begins(header).map_err(|error| segment.failed(error.into()))?;
        segment.line(&body).and_then(|()| segment.sync())?;
        sync_folder(folder)?;
        Ok(segment)
    }

    /// Adds a line.
    pub fn line(&mut self, body: &str) -> Result<(), StoreError> {
        let line = self.chain.seal(body);
        self.bytes += u64::try_from(line.len()).unwrap_or(0);
        self.file.write_all(line.as_bytes()).map_err(|source| self.failed(source))
    }

    /// Ends a round: all of it is on disk when this returns.
    pub fn end(&mut self, end: &End) -> Result<Chain, StoreError> {
        let body = line::ends(end).map_err(|error| self.failed(error.into()))?;
        self.line(&body)?;
        self.sync()?;
        self.rounds += 1;
        Ok(self.chain.clone())
    }

    fn sync(&mut self) -> Result<(), StoreError> {
        let done = self.file.flush().and_then(|()| self.file.get_ref().sync_data());
        done.map_err(|source| self.failed(source))
    }

    fn failed(&self, source: std::io::Error) -> StoreError {
        StoreError::Io { doing: format!("writing {}", self.path.display()), source }
    }

    /// Whether the next round belongs into another segment.
    pub fn is_full(&self, now: Timestamp) -> bool {
        let day = |at: Timestamp| at.micros().div_euclid(DAY_US);
        self.rounds > 0 && (self.bytes >= MAX_BYTES || day(now) != day(self.begun))
    }

    /// Leaves it as it is; a segment without a round holds nothing and goes.
    pub fn give_up(self) {
        // What is still in memory belongs to a round that will not be ended.
        let (_, _) = self.file.into_parts();
        if self.rounds == 0 {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// Why a segment cannot be read on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Broken {
    /// The line, from 1.
    pub line: u64,
    /// What is wrong with it.
    pub why: &'static str,
}

/// A segment that is being read.
pub struct Lines {
    file: BufReader<File>,
    chain: Option<Chain>,
    number: u64,
    buffer: Vec<u8>,
}

impl Lines {
    /// Opens a segment.
    pub fn open(folder: &Path, name: Name) -> Result<Self, StoreError> {
        let path = folder.join(name.file());
        let io = |source| StoreError::Io { doing: format!("opening {}", path.display()), source };
        Ok(Self {
            file: BufReader::new(File::open(&path).map_err(io)?),
            chain: None,
            number: 0,
            buffer: Vec::new(),
        })
    }

    /// The hash of the line that was read last.
    pub fn hash(&self) -> &str {
        self.chain.as_ref().map_or("", Chain::hash)
    }

    /// The number of the line that was read last.
    pub const fn number(&self) -> u64 {
        self.number
    }

    /// The next line; `None` at the end.
    pub fn read(&mut self) -> Option<Result<Line, Broken>> {
        self.number += 1;
        self.buffer.clear();
        let read = self.file.by_ref().take(MAX_LINE).read_until(b'\n', &mut self.buffer);
        match read {
            Ok(0) => None,
            Ok(_) => Some(self.taken()),
            Err(_) => Some(self.broken("it cannot be read")),
        }
    }

    fn taken(&mut self) -> Result<Line, Broken> {
        let Some(whole) = self.buffer.strip_suffix(b"\n") else { return self.broken("it is torn") };
        let Ok(text) = std::str::from_utf8(whole) else { return self.broken("it is no text") };
        let line = line::read(text);
        let chain = match (&mut self.chain, &line) {
            (Some(chain), _) => chain,
            (none, Some(Line::Begin(header))) => none.insert(Chain::after(header.after.clone())),
            (None, _) => return Err(Broken { line: self.number, why: "a header is missing" }),
        };
        match (chain.take(text), line) {
            (Some(()), Some(line)) => Ok(line),
            _ => Err(Broken { line: self.number, why: "its hash says that it is not what was written" }),
        }
    }

    fn broken<T>(&self, why: &'static str) -> Result<T, Broken> {
        Err(Broken { line: self.number, why })
    }
}

/// The header of a segment; `None`: it has none that is whole.
pub fn header(folder: &Path, name: Name) -> Result<Option<Header>, StoreError> {
    let line = Lines::open(folder, name)?.read();
    Ok(match line {
        Some(Ok(Line::Begin(header))) => Some(*header),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_segment_is_known_by_its_name() {
        let name = Name { epoch: 2, number: 17 };
        assert_eq!(name.file(), "casetrack-copy-2-000017.ndjson");
        assert_eq!(Name::read(&name.file()), Some(name));
        assert_eq!(Name::read("casetrack-20261128T143000Z.db"), None);
    }
}
