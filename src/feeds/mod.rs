//! Files that other systems give us, turned into typed rows. Pure: bytes in, rows and reasons out.
//!
//! A file that cannot be read at all is a [`FileProblem`]. A row that cannot be taken is [`Rejected`] with a reason
//! that a records clerk understands; the rows around it go in.

mod cells;
mod header;
mod lists;
mod order;
mod rejects;
mod rows;
mod text;

use std::fmt;

use csv::{ReaderBuilder, StringRecord};
use jiff::tz::TimeZone;

use crate::domain::import::{Lists, MAX_PIECE_ROWS, Piece, Told};
use cells::Cells;
use header::Header;
pub use rejects::reject_file;

/// Largest file that is read: three million volumes need about 300 MB.
pub const MAX_FILE_BYTES: u64 = 1_024 * 1_024 * 1_024;
/// Most columns of a file; ours have eleven, a hospital system's export has some dozens.
pub const MAX_COLUMNS: usize = 128;
/// Longest text of a cell that is taken, in characters: longer names stand on no cover.
pub const MAX_CELL_LEN: usize = 200;
/// Names of ignored columns that are told; the rest are counted.
pub const MAX_IGNORED_TOLD: usize = 20;

/// What a file tells of.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Kind {
    /// Places.
    Places,
    /// Staff.
    Staff,
    /// Patients.
    Patients,
    /// Volumes.
    Volumes,
    /// Clinic lists.
    Appointments,
    /// The tracking history of another system.
    Movements,
}

impl Kind {
    /// Every kind, in the order in which they are best imported.
    pub const ALL: [Self; 6] =
        [Self::Places, Self::Staff, Self::Patients, Self::Volumes, Self::Appointments, Self::Movements];

    /// The word of the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Places => "places",
            Self::Staff => "staff",
            Self::Patients => "patients",
            Self::Volumes => "volumes",
            Self::Appointments => "appointments",
            Self::Movements => "movements",
        }
    }

    /// The kind with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    fn empty_piece(self) -> Piece {
        match self {
            Self::Places => Piece::Places(Vec::new()),
            Self::Staff => Piece::Staff(Vec::new()),
            Self::Patients => Piece::Patients(Vec::new()),
            Self::Volumes => Piece::Volumes(Vec::new()),
            Self::Appointments => Piece::Appointments(Lists { rows: Vec::new(), told: Told::Whole }),
            Self::Movements => Piece::Movements(Vec::new()),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Why a whole file cannot be read.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum FileProblem {
    /// It is far too large.
    #[error("the file is larger than 1 GiB: part it in two")]
    TooLarge,
    /// It is no text.
    #[error("this is no CSV file: save it as \"CSV UTF-8 (comma delimited)\"")]
    NoText,
    /// It has no header row.
    #[error("the file is empty: its first row must name the columns")]
    Empty,
    /// It has far too many columns.
    #[error("the file has more than {MAX_COLUMNS} columns: leave out what is not needed")]
    TooManyColumns,
    /// Another sign parts its columns.
    #[error("the columns are parted by {0}: save the file with commas")]
    OtherSeparator(&'static str),
    /// A column is there twice.
    #[error("the column {0} is there twice: leave one out")]
    Twice(&'static str),
    /// A column is missing that says which is which.
    #[error("the column {missing} is missing; the first row names {found}")]
    Missing {
        /// Its name.
        missing: &'static str,
        /// What is there.
        found: String,
    },
}

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

/// A file that can be read: its columns are known.
pub struct Feed {
    kind: Kind,
    header: Header,
    text: String,
    zone: TimeZone,
    told: Told,
}

impl Feed {
    /// Opens a file: decodes it, reads its header row.
    pub fn open(kind: Kind, bytes: Vec<u8>) -> Result<Self, FileProblem> {
        let text = text::decode(bytes)?;
        let mut first = StringRecord::new();
        // A text is always valid UTF-8, and flexible reading knows no other error.
        let found = reader(&text).read_record(&mut first).unwrap_or(false);
        if !found {
            return Err(FileProblem::Empty);
        }
        Ok(Self { kind, header: Header::read(kind, &first)?, text, zone: TimeZone::UTC, told: Told::Whole })
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

    /// Rows as they stand in the file, under its header.
    pub fn as_csv(&self, origins: &[Origin]) -> Result<String, csv::Error> {
        rejects::as_csv(self.columns(), origins)
    }

    /// The rows, piece by piece, from the beginning. Places come parents first, clinic lists day by day.
    pub fn chunks(&self) -> Box<dyn Iterator<Item = Chunk> + Send + '_> {
        let mut chunks = Chunks {
            kind: self.kind,
            header: &self.header,
            zone: &self.zone,
            reader: reader(&self.text),
            breaks: 0,
            row: 0,
        };
        let mut first = StringRecord::new();
        if chunks.reader.read_record(&mut first).unwrap_or(false) {
            chunks.number(&first);
        }
        match self.kind {
            Kind::Places => Box::new(order::parents_first(chunks).into_iter()),
            Kind::Appointments => Box::new(lists::day_by_day(chunks, self.told).into_iter()),
            Kind::Staff | Kind::Patients | Kind::Volumes | Kind::Movements => Box::new(chunks),
        }
    }
}

fn reader(text: &str) -> csv::Reader<&[u8]> {
    ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes())
}

/// Whether a row's quotation marks come in pairs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Quotes {
    Closed,
    Open,
}

impl Quotes {
    fn check(self) -> Result<(), String> {
        match self {
            Self::Closed => Ok(()),
            Self::Open => {
                Err("a quotation mark is never closed, and the rest of the file stands behind it: \
                               close it and import the file again"
                    .to_owned())
            }
        }
    }
}

struct Chunks<'a> {
    kind: Kind,
    header: &'a Header,
    zone: &'a TimeZone,
    reader: csv::Reader<&'a [u8]>,
    /// Line breaks inside cells so far: a spreadsheet shows such a row as one.
    breaks: u64,
    /// The number of the row before.
    row: u64,
}

impl Iterator for Chunks<'_> {
    type Item = Chunk;

    fn next(&mut self) -> Option<Chunk> {
        let mut chunk = Chunk { piece: self.kind.empty_piece(), origins: Vec::new(), rejected: Vec::new() };
        let mut record = StringRecord::new();
        let mut read_any = false;
        while chunk.origins.len() + chunk.rejected.len() < MAX_PIECE_ROWS {
            if !self.reader.read_record(&mut record).unwrap_or(false) {
                return read_any.then_some(chunk);
            }
            read_any = true;
            let quotes = self.number(&record);
            if record.iter().any(|cell| !cell.trim().is_empty()) {
                self.judge(quotes, &record, &mut chunk);
            }
        }
        Some(chunk)
    }
}

impl Chunks<'_> {
    /// Numbers the row just read, and says whether its last quotation mark is closed.
    fn number(&mut self, record: &StringRecord) -> Quotes {
        let breaks = record.iter().flat_map(str::bytes).filter(|byte| *byte == b'\n').count();
        self.breaks += u64::try_from(breaks).unwrap_or(0);
        // The text ends with a line break, so the reader stands on the line after the row; if that break was
        // swallowed by a cell, the reader has not got beyond the row before.
        let row = self.reader.position().line().saturating_sub(1 + self.breaks);
        let quotes = if row > self.row { Quotes::Closed } else { Quotes::Open };
        self.row = row.max(self.row + 1);
        quotes
    }

    fn judge(&self, quotes: Quotes, record: &StringRecord, chunk: &mut Chunk) {
        let origin = Origin { row: self.row, cells: record.iter().map(str::to_owned).collect() };
        let taken = quotes
            .check()
            .and_then(|()| self.header.check_width(record))
            .and_then(|()| rows::read_into(&mut chunk.piece, &Cells::new(self.header, record), self.zone));
        match taken {
            Ok(()) => chunk.origins.push(origin),
            Err(reason) => chunk.rejected.push(Rejected { origin, reason }),
        }
    }
}

#[cfg(test)]
mod tests;
