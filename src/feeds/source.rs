//! Where a file's bytes are. Every pass over them is a reading of its own, from the beginning, a block at a time: a file
//! of any length takes the same memory.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::os::unix::fs::FileExt;

/// Bytes that are read at a time: fewer calls than with the usual 8 KiB, and small beside all else.
const BLOCK_BYTES: usize = 256 * 1_024;

/// The bytes of a file.
pub(super) enum Source {
    /// They are at hand.
    Held(Vec<u8>),
    /// They are read from an open file, so that another file under its name changes nothing.
    OnDisk {
        /// The file.
        file: File,
        /// How many there were when it was opened.
        bytes: u64,
    },
}

impl Source {
    /// How many bytes there are.
    pub(super) fn bytes(&self) -> u64 {
        match self {
            Self::Held(bytes) => u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            Self::OnDisk { bytes, .. } => *bytes,
        }
    }

    /// A reading from the beginning.
    pub(super) fn reading(&self) -> impl BufRead + Send + '_ {
        BufReader::with_capacity(BLOCK_BYTES, Reading { source: self, at: 0 })
    }

    fn read_at(&self, buffer: &mut [u8], at: u64) -> io::Result<usize> {
        match self {
            Self::Held(bytes) => {
                let rest = usize::try_from(at).ok().and_then(|at| bytes.get(at..)).unwrap_or_default();
                (&*rest).read(buffer)
            }
            Self::OnDisk { file, .. } => file.read_at(buffer, at),
        }
    }
}

struct Reading<'a> {
    source: &'a Source,
    at: u64,
}

impl Read for Reading<'_> {
    /// A file that is shorter or longer at its end than when it was opened was changed meanwhile.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.source.read_at(buffer, self.at)?;
        self.at += u64::try_from(read).unwrap_or(0);
        if read == 0 && !buffer.is_empty() && self.at != self.source.bytes() {
            return Err(io::Error::other("it was changed while it was read: import it again"));
        }
        Ok(read)
    }
}
