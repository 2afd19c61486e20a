//! Why a whole file cannot be read, and what to do.

use std::io;

use super::MAX_COLUMNS;

/// Why a whole file cannot be read.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum FileProblem {
    /// It is far too large.
    #[error("the file is larger than 256 MiB, too much for places, clinic lists and pipes: part it in two")]
    TooLarge,
    /// The system does not give it.
    #[error("the file cannot be read: {0}")]
    Unreadable(String),
    /// It is no text.
    #[error("this is no CSV file: save it as \"CSV UTF-8 (comma delimited)\"")]
    NoText,
    /// It has no header row.
    #[error("the file is empty: its first row must name the columns")]
    Empty,
    /// Its header row is wrongly written.
    #[error("the row that names the columns cannot be read: {0}")]
    NoHeader(String),
    /// It has far too many columns.
    #[error("the file has more than {MAX_COLUMNS} columns: leave out what is not needed")]
    TooManyColumns,
    /// Another sign parts its columns.
    #[error("the columns are parted by {0}: save the file with commas, or name the delimiter in a feed file")]
    OtherSeparator(&'static str),
    /// A column is there twice.
    #[error("the column {0} is there twice: leave one out")]
    Twice(String),
    /// A column is missing that says which is which.
    #[error("the column {missing} is missing; the first row names {found}")]
    Missing {
        /// Its name.
        missing: &'static str,
        /// What is there.
        found: String,
    },
    /// A column is missing that the feed file speaks of.
    #[error("{ours} is made of the column {theirs}, which is missing; the first row names {found}")]
    NoColumn {
        /// Our column.
        ours: &'static str,
        /// What it is made of.
        theirs: String,
        /// What is there.
        found: String,
    },
}

impl From<io::Error> for FileProblem {
    fn from(error: io::Error) -> Self {
        Self::Unreadable(error.to_string())
    }
}
