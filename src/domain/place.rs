//! Places: anywhere a volume can be. Containers are places that move.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::PlaceId;

/// Longest code of a place or badge, in characters: what a 60 mm Code 128 label holds at a readable size.
pub const MAX_CODE_LEN: usize = 32;

/// What a place is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the words of the department need no gloss")]
pub enum PlaceKind {
    Site,
    Library,
    Shelf,
    Clinic,
    Ward,
    Office,
    Person,
    Store,
    Container,
    Other,
}

impl PlaceKind {
    /// Every kind, in the order of the store's numbers.
    pub const ALL: [Self; 10] = [
        Self::Site,
        Self::Library,
        Self::Shelf,
        Self::Clinic,
        Self::Ward,
        Self::Office,
        Self::Person,
        Self::Store,
        Self::Container,
        Self::Other,
    ];

    /// The word used in files and answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Site => "site",
            Self::Library => "library",
            Self::Shelf => "shelf",
            Self::Clinic => "clinic",
            Self::Ward => "ward",
            Self::Office => "office",
            Self::Person => "person",
            Self::Store => "store",
            Self::Container => "container",
            Self::Other => "other",
        }
    }
}

impl FromStr for PlaceKind {
    type Err = UnknownWord;
    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        one_of(&Self::ALL, Self::word, text)
    }
}

/// The one of `all` whose `word` is `text`, without regard to case and blanks around it.
pub fn one_of<T: Copy>(all: &[T], word: fn(T) -> &'static str, text: &str) -> Result<T, UnknownWord> {
    let found = all.iter().copied().find(|one| word(*one).eq_ignore_ascii_case(text.trim()));
    found.ok_or_else(|| {
        let known: Vec<_> = all.iter().copied().map(word).collect();
        UnknownWord { text: text.to_owned(), known: known.join(", ") }
    })
}

/// A word outside a closed list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{text}\" is not one of: {known}")]
pub struct UnknownWord {
    /// What stood there.
    pub text: String,
    /// What may stand there.
    pub known: String,
}

/// The code of a place or of a badge, as printed: 1 to [`MAX_CODE_LEN`] visible ASCII characters, compared
/// without regard to case and kept in upper case.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Code(String);

impl Code {
    /// The code in upper case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Code {
    type Err = BadPlaceCode;
    fn from_str(text: &str) -> Result<Self, BadPlaceCode> {
        let text = text.trim();
        let fits = (1..=MAX_CODE_LEN).contains(&text.len());
        if fits && text.bytes().all(|b| b.is_ascii_graphic() || b == b' ') {
            Ok(Self(text.to_ascii_uppercase()))
        } else {
            Err(BadPlaceCode(text.chars().take(2 * MAX_CODE_LEN).collect()))
        }
    }
}

impl TryFrom<String> for Code {
    type Error = BadPlaceCode;
    fn try_from(text: String) -> Result<Self, BadPlaceCode> {
        text.parse()
    }
}

impl From<Code> for String {
    fn from(code: Code) -> Self {
        code.0
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A code that cannot be printed or compared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" cannot be a code: use 1 to {MAX_CODE_LEN} letters, digits and signs without accents")]
pub struct BadPlaceCode(pub String);

/// One place as the directory knows it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// The store's handle.
    pub id: PlaceId,
    /// The printed code.
    pub code: Code,
    /// What people call it.
    pub name: String,
    /// What it is.
    pub kind: PlaceKind,
    /// The place it is part of. Of a container: where it belongs, not where it is.
    pub parent: Option<PlaceId>,
    /// Telephone in opening hours.
    pub phone: Option<String>,
    /// Telephone at all other times.
    pub phone_out_of_hours: Option<String>,
    /// When somebody answers, in the hospital's own words.
    pub open: Option<String>,
    /// The first day on which the place is closed for good.
    pub until: Option<jiff::civil::Date>,
    /// The consultants whose clinic, ward, office or secretary it is, as the hospital names them.
    pub consultants: Vec<String>,
}

#[cfg(test)]
impl Place {
    /// A place with nothing but what it is, called by its code: what tests build theirs from.
    ///
    /// # Panics
    ///
    /// If `code` is none.
    pub fn plain(key: i64, code: &str, kind: PlaceKind, parent: Option<i64>) -> Self {
        Self {
            id: PlaceId::new(key),
            code: code.parse().expect("a code"),
            name: code.to_owned(),
            kind,
            parent: parent.map(PlaceId::new),
            phone: None,
            phone_out_of_hours: None,
            open: None,
            until: None,
            consultants: Vec::new(),
        }
    }
}

/// What stands between the names of consultants in one cell.
pub const BETWEEN_CONSULTANTS: char = ';';

/// The names in a cell of consultants, without blanks around them; empty ones are left out.
pub fn consultants(cell: &str) -> Vec<String> {
    let names = cell.split(BETWEEN_CONSULTANTS).map(str::trim).filter(|name| !name.is_empty());
    names.map(str::to_owned).collect()
}
