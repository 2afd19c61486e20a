//! People with a badge.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::StaffId;
use super::place::{Code, UnknownWord, one_of};

/// What a person may do, as a hospital names it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the words of the department need no gloss")]
pub enum Role {
    Viewer,
    Clerk,
    Librarian,
    Manager,
    Governance,
    Administrator,
}

impl Role {
    /// Every role, in the order of the store's numbers.
    pub const ALL: [Self; 6] =
        [Self::Viewer, Self::Clerk, Self::Librarian, Self::Manager, Self::Governance, Self::Administrator];

    /// The word used in files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Clerk => "clerk",
            Self::Librarian => "librarian",
            Self::Manager => "manager",
            Self::Governance => "governance",
            Self::Administrator => "administrator",
        }
    }
}

impl FromStr for Role {
    type Err = UnknownWord;
    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        one_of(&Self::ALL, Self::word, text)
    }
}

/// One member of staff as the directory knows them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Staff {
    /// The store's handle.
    pub id: StaffId,
    /// What the badge's barcode says.
    pub badge: Code,
    /// The name on the badge.
    pub name: String,
    /// What they do.
    pub role: Role,
}
