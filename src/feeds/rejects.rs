//! Rows written as CSV again. The reject file: the rows that were not taken, each with its number and reason, columns as they were.

use super::{Origin, Rejected};

/// The text of a reject file. Corrected, it may be imported as it is: its first two columns mean nothing to us.
pub fn reject_file(columns: &[String], rejected: &[Rejected]) -> Result<Vec<u8>, csv::Error> {
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    writer.write_record(["row", "reason"].into_iter().chain(columns.iter().map(String::as_str)))?;
    for Rejected { origin, reason } in rejected {
        let row = origin.row.to_string();
        let first = [row.as_str(), reason.as_str()];
        writer.write_record(first.into_iter().chain(origin.cells.iter().map(String::as_str)))?;
    }
    writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))
}

/// Rows under their header, as they stood in the file.
pub(super) fn as_csv(columns: &[String], origins: &[Origin]) -> Result<String, csv::Error> {
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    writer.write_record(columns)?;
    for origin in origins {
        writer.write_record(&origin.cells)?;
    }
    let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    // What came from text is text again.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
