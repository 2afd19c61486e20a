//! How a library orders its shelves.

use super::PlaceId;
use super::directory::Directory;
use super::place::Code;

/// Longest number that is filed by, in digits: what a `u64` holds in any rearrangement.
pub const MAX_WIDTH: usize = 15;
/// More than any casenote has volumes.
const VOLUMES: u64 = 128;
/// More than any number of [`MAX_WIDTH`] digits has in front of its last four.
const FRONT: u64 = 100_000_000_000;

/// How a library orders its shelves.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Filing {
    /// By the last two digits, then the two before, then the rest.
    #[default]
    TerminalDigit,
    /// By the number.
    Straight,
    /// By the two digits before the last two, then the rest, then the last two.
    MiddleDigit,
    /// By the code of the box or shelf that a folder was last put into; the number says nothing.
    ByPlace,
}

impl Filing {
    /// Its number.
    #[expect(clippy::as_conversions, reason = "the number of a variant")]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The number that a key was made from; 0 where numbers say nothing.
    pub const fn number(self, key: u64) -> u64 {
        let (front, middle, last) = match self {
            Self::TerminalDigit => (key % FRONT, key / FRONT % 100, key / FRONT / 100),
            Self::MiddleDigit => (key / 100 % FRONT, key / 100 / FRONT, key % 100),
            Self::Straight => return key,
            Self::ByPlace => return 0,
        };
        front * 10_000 + middle * 100 + last
    }

    /// What the shelves are ordered by.
    pub const fn key(self, number: u64) -> u64 {
        let (front, middle, last) = (number / 10_000, number / 100 % 100, number % 100);
        match self {
            Self::TerminalDigit => (last * 100 + middle) * FRONT + front,
            Self::Straight => number,
            Self::MiddleDigit => (middle * FRONT + front) * 100 + last,
            Self::ByPlace => 0,
        }
    }

    /// What a volume with this number on its cover stands by: less stands before more, and the volumes of one number
    /// stand in their order. Signs that are no digits count for nothing; `None` where the number says nothing of it.
    pub fn slot(self, number: &str, volume: u32) -> Option<u64> {
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        if self == Self::ByPlace || digits.len() > MAX_WIDTH {
            return None;
        }
        digits.parse().ok().map(|number| self.key(number) * VOLUMES + u64::from(volume))
    }
}

/// How the libraries of a hospital file.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Filings {
    /// How a library files of which nothing else is said.
    pub usual: Filing,
    /// Those that file otherwise, by their codes.
    pub of: Vec<(Code, Filing)>,
}

impl Filings {
    /// How the library files that a place is, or is part of.
    pub fn at(&self, directory: &Directory, place: PlaceId) -> Filing {
        let library = directory.library_of(place).and_then(|library| directory.place(library));
        let other = library.and_then(|library| self.of.iter().find(|(code, _)| *code == library.code));
        other.map_or(self.usual, |(_, filing)| *filing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_filing_orders_by_its_own_digits() {
        let sorted = |filing: Filing| {
            let mut numbers = ["561234", "120134", "561235", "H99-123401", "130101"];
            numbers.sort_by_key(|number| filing.slot(number, 1));
            numbers.join(" ")
        };
        assert_eq!(sorted(Filing::TerminalDigit), "130101 H99-123401 120134 561234 561235");
        assert_eq!(sorted(Filing::Straight), "120134 130101 561234 561235 H99-123401");
        assert_eq!(sorted(Filing::MiddleDigit), "120134 130101 561234 561235 H99-123401");
        assert_eq!(Filing::ByPlace.slot("561234", 1), None);
        assert_eq!(Filing::Straight.slot("no digits", 1), None);
        assert_eq!(Filing::Straight.slot("1234567890123456", 1), None);
        assert!(Filing::Straight.slot("561234", 2) > Filing::Straight.slot("561234", 1));
        let largest = Filing::TerminalDigit.slot("999999999999999", 99);
        assert!(largest.is_some(), "it fits: {largest:?}");
    }
}
