//! Why a configuration cannot be used: where, what, and what to do.

use std::path::PathBuf;

use crate::labels::files::WrongFile;

/// A configuration that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the configuration {}: name another with --config FILE", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The file is far larger than any configuration.
    #[error("{} is larger than 4 MiB, which no configuration is: name another with --config FILE", .0.display())]
    TooLarge(PathBuf),
    /// A stock or a template beside it cannot be used.
    #[error(transparent)]
    Labels(#[from] WrongFile),
    /// Something in it cannot be.
    #[error("{file}, line {line}: {what}")]
    Wrong {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What, and what to do.
        what: String,
    },
}
