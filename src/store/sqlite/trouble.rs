//! What goes wrong between us and the database.

use rusqlite::ErrorCode;

use crate::store::StoreError;

/// A result inside this room.
pub type Res<T> = Result<T, Trouble>;

/// A failed step.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// The database says no.
    #[error("the database failed")]
    Sql(#[from] rusqlite::Error),
    /// A row holds what we never write.
    #[error("the data hold something unknown: {0}")]
    Broken(&'static str),
    /// A rule of ours was broken by ourselves.
    #[error("{0}")]
    Ours(String),
}

impl From<rusqlite::types::FromSqlError> for Trouble {
    fn from(error: rusqlite::types::FromSqlError) -> Self {
        Self::Sql(error.into())
    }
}

impl Trouble {
    /// Whether the disk can no longer be believed: nothing may be written after it.
    pub fn is_fatal(&self) -> bool {
        let Self::Sql(error) = self else { return false };
        matches!(
            error.sqlite_error_code(),
            Some(
                ErrorCode::SystemIoFailure
                    | ErrorCode::DiskFull
                    | ErrorCode::DatabaseCorrupt
                    | ErrorCode::NotADatabase
                    | ErrorCode::CannotOpen
                    | ErrorCode::ReadOnly
                    | ErrorCode::OutOfMemory
                    | ErrorCode::PermissionDenied
            )
        )
    }

    /// All of its causes in one line.
    pub fn whole(&self) -> String {
        let mut text = self.to_string();
        let mut source = std::error::Error::source(self);
        while let Some(cause) = source {
            text = format!("{text}: {cause}");
            source = cause.source();
        }
        text
    }

    /// The same for callers outside the room.
    pub fn while_doing(self, doing: &'static str) -> StoreError {
        StoreError::Database { doing, source: Box::new(self) }
    }
}
