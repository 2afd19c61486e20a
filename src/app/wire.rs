//! What a program on this machine may ask of a running service: one JSON value a line, one answer a line.
//!
//! Rows travel as the CSV they came in, so that they become typed rows by the same door on either side.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::desk::{Said, Unheard};
use crate::domain::answer::Signal;
use crate::domain::barcode::Entry;
use crate::domain::import::{self, RowResult};

/// The socket's name in the data folder.
pub const SOCKET: &str = "casetrack.sock";
/// Longest line, in bytes: a piece of an import with long cells. A longer one ends the connection.
pub const MAX_LINE_BYTES: usize = 16 * 1_024 * 1_024;

/// A question.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// The version of the program that asks; only the same one is understood.
    pub version: String,
    /// What it asks.
    pub what: What,
}

impl Asked {
    /// A question of this program.
    pub fn new(what: What) -> Self {
        Self { version: version().to_owned(), what }
    }
}

/// The version of this program.
pub const fn version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}

/// What is asked.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum What {
    /// Apply these rows, or say what would become of them.
    Import {
        /// The word of their kind.
        kind: String,
        /// Header and rows, at most a piece.
        csv: String,
        /// Whether the rows are all that their file tells.
        told: import::Told,
        /// What is wanted of them.
        deed: import::Deed,
    },
    /// All of this file is applied.
    ImportEnded(import::FileDigest),
    /// Scan this.
    Scan(ScanAsked),
}

/// Neither rows nor texts are shown: they name patients.
impl std::fmt::Debug for What {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Import { kind, .. } => write!(f, "Import({kind})"),
            Self::ImportEnded(_) => write!(f, "ImportEnded"),
            Self::Scan(asked) => write!(f, "Scan({})", asked.desk),
        }
    }
}

/// Something read or typed at a desk.
#[derive(Clone, Serialize, Deserialize)]
pub struct ScanAsked {
    /// The desk.
    pub desk: String,
    /// The session.
    pub session: String,
    /// The scan's name.
    pub id: Uuid,
    /// The text.
    pub text: String,
    /// The AIM identifier.
    pub aim: Option<String>,
    /// Scanned or typed.
    pub entry: Entry,
}

/// An answer.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answered {
    /// What became of each row, in order.
    Rows(Vec<Row>),
    /// What the clerk is told.
    Told(Told),
    /// Not known or not possible now: ask again, with the same id.
    Later(String),
    /// Not done, and why.
    Failed(String),
}

/// What became of a row.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Row {
    /// It is new.
    Added,
    /// It differs now.
    Changed,
    /// It says nothing new.
    Same,
    /// It confirms a patient who was typed in; what differed.
    Confirmed(Option<String>),
    /// It was not taken.
    Rejected(String),
}

impl From<RowResult> for Row {
    fn from(result: RowResult) -> Self {
        match result {
            RowResult::Added => Self::Added,
            RowResult::Changed => Self::Changed,
            RowResult::Same => Self::Same,
            RowResult::Confirmed(differs) => Self::Confirmed(differs),
            RowResult::Rejected(reason) => Self::Rejected(reason),
        }
    }
}

impl From<Row> for RowResult {
    fn from(row: Row) -> Self {
        match row {
            Row::Added => Self::Added,
            Row::Changed => Self::Changed,
            Row::Same => Self::Same,
            Row::Confirmed(differs) => Self::Confirmed(differs),
            Row::Rejected(reason) => Self::Rejected(reason),
        }
    }
}

/// What the clerk is told, as it travels.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// The signal.
    pub signal: Signal,
    /// One line, large.
    pub title: String,
    /// What more there is to know.
    pub detail: String,
    /// The movements recorded.
    pub movements: Vec<String>,
    /// What the next folder will do.
    pub session: String,
}

impl From<Said> for Told {
    fn from(said: Said) -> Self {
        let Said { signal, title, detail, movements, session } = said;
        Self { signal, title, detail, movements, session }
    }
}

/// Whether asking again with the same id may help.
pub fn may_ask_again(unheard: &Unheard) -> bool {
    match unheard {
        Unheard::Busy | Unheard::NotKnownYet => true,
        Unheard::NoSuchDesk(_)
        | Unheard::NoSuchPlace(_)
        | Unheard::Down
        | Unheard::OtherText
        | Unheard::Incident(_) => false,
    }
}
