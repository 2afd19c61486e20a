//! Rows written as CSV again. The reject file: the rows that were not taken, each with its number and reason, columns as
//! they were. Corrected, it may be imported by the same feed file: what stands before its columns means nothing to us.

use std::io::Write;

use super::header::{Header, REJECT_COLUMNS};
use super::records::MARK_OF_UTF8;
use super::{Feed, Origin, Rejected};

/// A reject file being written.
pub struct RejectFile<W: Write> {
    writer: csv::Writer<W>,
}

impl<W: Write> RejectFile<W> {
    /// Begins it: names the columns as the file did that `feed` reads, parted as they were.
    pub fn begin(mut out: W, feed: &Feed) -> Result<Self, csv::Error> {
        if feed.is_read_as_windows_1252() {
            out.write_all(MARK_OF_UTF8)?;
        }
        // Delimiters are single bytes: a feed file names no other.
        let delimiter = u8::try_from(feed.delimiter()).unwrap_or(b',');
        let mut writer = csv::WriterBuilder::new().flexible(true).delimiter(delimiter).from_writer(out);
        writer.write_record(REJECT_COLUMNS.into_iter().chain(feed.columns().iter().map(String::as_str)))?;
        Ok(Self { writer })
    }

    /// Adds a row.
    pub fn add(&mut self, Rejected { origin, reason }: &Rejected) -> Result<(), csv::Error> {
        let row = origin.row.to_string();
        let first = [row.as_str(), reason.as_str()];
        self.writer.write_record(first.into_iter().chain(origin.cells.iter().map(String::as_str)))
    }

    /// Ends it.
    pub fn end(self) -> Result<W, csv::Error> {
        self.writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
    }
}

/// Good rows under our columns, in our form: what a running service is given.
pub(super) fn as_csv(header: &Header, origins: &[Origin]) -> Result<String, csv::Error> {
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    writer.write_record(header.ours())?;
    for origin in origins {
        let cells = header.cells(&origin.cells).map_err(std::io::Error::other)?;
        writer.write_record(cells.all())?;
    }
    let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    // What came from text is text again.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
