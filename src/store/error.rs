//! What may go wrong with a store, told so that an administrator knows what to do.

use crate::domain::printing::BadJob;

/// A failed store operation.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another program has the data folder.
    #[error("{0} is in use by another Casetrack: stop it first, or use the running one")]
    InUse(std::path::PathBuf),
    /// The data were written by a newer program.
    #[error("the data are of version {found}, newer than this program's {known}: install the newer program")]
    Newer {
        /// The version of the data.
        found: u32,
        /// The newest version this program knows.
        known: u32,
    },
    /// The file is another trust's, or none of ours.
    #[error("{0}")]
    Foreign(String),
    /// A backup that cannot be made, read or restored as it was asked for: why, and what to do.
    #[error("{0}")]
    Backup(String),
    /// A cursor for the next page was not one that we gave.
    #[error("\"after\" is not one of ours: leave it out to begin at the beginning")]
    BadCursor,
    /// A print job that cannot be queued.
    #[error(transparent)]
    Job(#[from] BadJob),
    /// The store has stopped.
    #[error("the store has stopped")]
    Stopped,
    /// A file could not be read or written.
    #[error("{doing}")]
    Io {
        /// What was tried.
        doing: String,
        /// Why it failed.
        #[source]
        source: std::io::Error,
    },
    /// The database failed.
    #[error("the database failed while {doing}")]
    Database {
        /// What was tried.
        doing: &'static str,
        /// Why it failed.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}
