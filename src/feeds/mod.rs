//! Files that other systems give us, turned into typed rows: bytes in, rows and reasons out.
//!
//! ```text
//! source (a block at a time) → records (rows, and what is wrong with how they are written) → header (cells of theirs
//!   → cells of ours, as the feed file says) → rows (typed) → chunks → order, lists (places, clinic lists)
//! ```
//!
//! A file that cannot be read at all is a [`FileProblem`]. A row that cannot be taken is [`Rejected`] with a reason
//! that a records clerk understands; the rows around it go in. A [`FeedFile`] says how another system writes.

mod cells;
mod chunks;
mod dates;
mod feed_file;
mod header;
mod kind;
mod lists;
mod order;
mod problem;
mod records;
mod rejects;
mod repeats;
mod rows;
mod source;
mod text;

use std::fmt;
use std::fs::File;
use std::io::{self, BufRead, Read};

use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};

use crate::domain::import::{FileDigest, MAX_PIECE_ROWS, Piece, Told};
use chunks::Chunks;
pub use feed_file::{FeedFile, MAX_FEED_BYTES, WrongFeed};
use header::{Header, REJECT_COLUMNS};
pub use kind::Kind;
pub use problem::FileProblem;
use records::{Mark, Records, Row};
pub use rejects::RejectFile;
use repeats::{Looking, Repeats};
use source::Source;
use text::Encoding;

/// Most that is held of a file that must be whole before its rows can be told: places, which come parents first, clinic
/// lists, which come day by day, and what comes through a pipe. A year of a large hospital's clinics needs 100 MB.
pub const MAX_HELD_BYTES: u64 = 256 * 1_024 * 1_024;
/// Most columns of a file; ours have eleven, a hospital system's export has some dozens.
pub const MAX_COLUMNS: usize = 128;
/// Longest text of a cell that is taken, in characters: longer names stand on no cover.
pub const MAX_CELL_LEN: usize = 200;
/// Most rows that are rehearsed together: a piece that is taken back cannot be parted, and scans wait for it.
const MAX_REHEARSED_ROWS: usize = 100;
/// Names of ignored columns that are told; the rest are counted.
pub const MAX_IGNORED_TOLD: usize = 20;

/// A row as it stands in the file.
#[derive(Clone, PartialEq, Eq)]
pub struct Origin {
    /// The row's number as a spreadsheet shows it; the header is row 1.
    pub row: u64,
    /// Its cells, as written.
    pub cells: Vec<String>,
}

/// A row that was not taken.
#[derive(Clone, PartialEq, Eq)]
pub struct Rejected {
    /// Where it stands.
    pub origin: Origin,
    /// Why, and what to do.
    pub reason: String,
}

/// `row 12: …`. It may name a patient: for the person who imports and the reject file, never for a log.
impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "row {}: {}", self.origin.row, self.reason)
    }
}

/// Rows that go to the store together.
pub struct Chunk {
    /// The good rows, [`MAX_PIECE_ROWS`] at most.
    pub piece: Piece,
    /// Where they stand, in the same order.
    pub origins: Vec<Origin>,
    /// The bad rows between them.
    pub rejected: Vec<Rejected>,
}

/// What is in a file, before any of it is applied.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Checked {
    /// Rows that can be applied.
    pub good: usize,
    /// Rows that cannot.
    pub rejected: usize,
    /// Rows that say what an earlier one has said, and are left out.
    pub repeated: usize,
    /// The first of them, and the row that it repeats.
    pub first_repeated: Option<(u64, u64)>,
    /// Rows that were not compared with the rest: the file has too many.
    pub uncompared: u64,
    /// Lines at the end that tell of nobody.
    pub totals: u64,
}

/// How the rows of a file are cut.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Cut {
    /// Into pieces that are applied.
    Applied,
    /// Into pieces of which each is taken back; places stand together, however many.
    Rehearsed,
}

impl Cut {
    /// Most rows of a piece.
    const fn most(self) -> usize {
        match self {
            Self::Applied => MAX_PIECE_ROWS,
            Self::Rehearsed => MAX_REHEARSED_ROWS,
        }
    }

    /// Most places of a piece.
    const fn most_places(self) -> usize {
        match self {
            Self::Applied => MAX_PIECE_ROWS,
            Self::Rehearsed => usize::MAX,
        }
    }
}

/// A file that can be read: its columns are known.
pub struct Feed {
    kind: Kind,
    file: FeedFile,
    header: Header,
    source: Source,
    begins: Mark,
    repeats: Repeats,
    zone: TimeZone,
    told: Told,
    cut: Cut,
}

impl Feed {
    /// Opens what is at hand and in our own form.
    pub fn open(kind: Kind, bytes: Vec<u8>) -> Result<Self, FileProblem> {
        Self::of(FeedFile::ours(kind), Source::Held(bytes))
    }

    /// Opens a file as the feed file says it is written. A pipe is read whole.
    pub fn read(feed: FeedFile, mut file: File) -> Result<Self, FileProblem> {
        let about = file.metadata()?;
        if about.is_file() {
            return Self::of(feed, Source::OnDisk { file, bytes: about.len() });
        }
        let mut bytes = Vec::new();
        Read::by_ref(&mut file).take(MAX_HELD_BYTES + 1).read_to_end(&mut bytes)?;
        if u64::try_from(bytes.len()).is_ok_and(|bytes| bytes > MAX_HELD_BYTES) {
            return Err(FileProblem::TooLarge);
        }
        Self::of(feed, Source::Held(bytes))
    }

    fn of(file: FeedFile, source: Source) -> Result<Self, FileProblem> {
        let kind = file.kind;
        if kind.is_held_whole() && source.bytes() > MAX_HELD_BYTES {
            return Err(FileProblem::TooLarge);
        }
        let (columns, begins) = opening(&file, &source)?;
        let header = Header::read(&file, &columns)?;
        Ok(Self {
            kind,
            file,
            header,
            source,
            begins,
            repeats: Repeats::default(),
            zone: TimeZone::UTC,
            told: Told::Whole,
            cut: Cut::Applied,
        })
    }

    /// The same file, its local times in the hospital's time zone; else they are UTC.
    #[must_use]
    pub fn in_zone(self, zone: TimeZone) -> Self {
        Self { zone, ..self }
    }

    /// The same file, which holds what somebody else has read of a larger one.
    #[must_use]
    pub fn telling(self, told: Told) -> Self {
        Self { told, ..self }
    }

    /// The same file, to be rehearsed: each piece is taken back, so a place must find its parent in its own.
    #[must_use]
    pub fn for_rehearsal(self) -> Self {
        Self { cut: Cut::Rehearsed, ..self }
    }

    /// What it tells of.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The columns as written.
    pub fn columns(&self) -> &[String] {
        self.header.columns()
    }

    /// The columns that mean nothing to us.
    pub fn ignored_columns(&self) -> Vec<&str> {
        self.header.ignored()
    }

    /// Names the file together with how it is read: `read_by`, and the feed file.
    pub fn digest(&self, read_by: &[&str]) -> io::Result<FileDigest> {
        let mut hash = Sha256::new();
        for word in read_by.iter().chain([&self.file.text.as_str()]) {
            hash.update(word.as_bytes());
            hash.update([0]);
        }
        let mut reading = self.source.reading();
        loop {
            let block = reading.fill_buf()?;
            if block.is_empty() {
                return Ok(FileDigest(hash.finalize().into()));
            }
            hash.update(block);
            let read = block.len();
            reading.consume(read);
        }
    }

    /// How long the file is.
    pub fn bytes(&self) -> u64 {
        self.source.bytes()
    }

    /// What parts its cells.
    pub(crate) fn delimiter(&self) -> char {
        self.file.hand.delimiter
    }

    /// Whether nothing but the mark at its beginning would show that a file of this feed is UTF-8.
    pub(crate) fn is_read_as_windows_1252(&self) -> bool {
        self.file.hand.encoding == Encoding::Windows1252
    }

    /// Good rows in our own form, under our columns.
    pub fn as_csv(&self, origins: &[Origin]) -> Result<String, csv::Error> {
        rejects::as_csv(&self.header, origins)
    }

    /// Reads all of the file before anything of it is applied, and remembers which rows repeat or contradict others.
    /// `tell` hears how many bytes were read.
    pub fn check(&mut self, mut tell: impl FnMut(u64)) -> Result<Checked, FileProblem> {
        let mut looking = Looking::default();
        let (mut good, mut bad) = (0, 0);
        let mut chunks = self.in_order()?;
        while let Some(chunk) = chunks.next().transpose()? {
            good += chunk.origins.len();
            bad += chunk.rejected.len();
            looking.at(&chunk.piece, chunk.origins.iter().map(|origin| origin.row));
            tell(chunks.bytes());
        }
        let totals = chunks.totals();
        drop(chunks);
        self.repeats = looking.end();
        let (same, against) = (self.repeats.same(), self.repeats.against());
        Ok(Checked {
            good: good - same - against,
            rejected: bad + against,
            repeated: same,
            first_repeated: self.repeats.first_same(),
            uncompared: self.repeats.uncompared(),
            totals,
        })
    }

    /// The rows, piece by piece, from the beginning. Places come parents first, clinic lists day by day. After an error
    /// there is nothing more.
    pub fn chunks(
        &self,
    ) -> Result<Box<dyn Iterator<Item = Result<Chunk, FileProblem>> + Send + '_>, FileProblem> {
        let chunks = self.in_order()?;
        let most = self.cut.most_places();
        Ok(match self.kind {
            Kind::Places => Box::new(order::parents_first(chunks, most)?.into_iter().map(Ok)),
            Kind::Appointments => Box::new(lists::day_by_day(chunks, self.told)?.into_iter().map(Ok)),
            Kind::Staff | Kind::Patients | Kind::Volumes | Kind::Movements => Box::new(chunks),
        })
    }

    fn in_order(&self) -> Result<Chunks<'_, impl BufRead + Send>, FileProblem> {
        let mut records = Records::new(self.source.reading(), self.file.hand);
        records.skip_to(self.begins)?;
        Ok(Chunks::new(self, records))
    }
}

/// The names of the columns, and where the rows begin. A reject file of ours names them in its first row, whatever the
/// file did that it came from.
fn opening(file: &FeedFile, source: &Source) -> Result<(Vec<String>, Mark), FileProblem> {
    let mut records = Records::new(source.reading(), file.hand);
    let first = first_row(&mut records)?;
    let is_reject_file = first.as_ref().is_some_and(|row| row.cells.iter().take(2).eq(&REJECT_COLUMNS));
    if let Some(first) = first.filter(|_| is_reject_file) {
        return named(first, &records);
    }
    let mut records = Records::new(source.reading(), file.hand);
    records.skip(file.title_lines)?;
    if let Some(columns) = &file.columns {
        return Ok((columns.clone(), records.mark()));
    }
    named(first_row(&mut records)?.ok_or(FileProblem::Empty)?, &records)
}

/// The first row that is not blank. Neither a workbook nor a UTF-16 file has one without NULs.
fn first_row(records: &mut Records<impl BufRead>) -> Result<Option<Row>, FileProblem> {
    loop {
        match records.next_row()? {
            Some(row) if row.fault == Some(records::Fault::Nul) => return Err(FileProblem::NoText),
            Some(row) if row.is_blank() => {}
            row => return Ok(row),
        }
    }
}

fn named(row: Row, records: &Records<impl BufRead>) -> Result<(Vec<String>, Mark), FileProblem> {
    match row.fault {
        Some(fault) => Err(FileProblem::NoHeader(fault.to_string())),
        None => Ok((row.cells, records.mark())),
    }
}

#[cfg(test)]
mod tests;
