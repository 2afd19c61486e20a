//! How shelves are ordered, and which wrong slots a misread number leads to.

use std::fmt;
use std::str::FromStr;

/// Longest number that is filed by, in digits: what a `u64` holds in any rearrangement.
const MAX_WIDTH: usize = 15;

/// A number as shelves are ordered by it: its digits, leading zeros kept. Redacted in `Debug`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digits {
    value: u64,
    width: u8,
}

/// A number without digits, or with more of them than any number that shelves are ordered by.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not a number to file by: 1 to {MAX_WIDTH} digits are needed")]
pub struct NoDigits;

impl Digits {
    fn written(self) -> Vec<u8> {
        self.to_string().bytes().map(|digit| digit.saturating_sub(b'0')).collect()
    }

    fn of_written(digits: &[u8]) -> Self {
        let value = digits.iter().fold(0, |value, digit| value * 10 + u64::from(*digit));
        Self { value, width: u8::try_from(digits.len()).unwrap_or(u8::MAX) }
    }
}

/// Takes the digits of a number and leaves out all else, such as a letter in front.
impl FromStr for Digits {
    type Err = NoDigits;
    fn from_str(text: &str) -> Result<Self, NoDigits> {
        let digits: Vec<u8> = text.bytes().filter(u8::is_ascii_digit).map(|digit| digit - b'0').collect();
        let fits = (1..=MAX_WIDTH).contains(&digits.len());
        fits.then(|| Self::of_written(&digits)).ok_or(NoDigits)
    }
}

impl fmt::Display for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:0width$}", self.value, width = usize::from(self.width))
    }
}

impl fmt::Debug for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digits(…)")
    }
}

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
}

/// More than any number of [`MAX_WIDTH`] digits has in front of its last four.
const FRONT: u64 = 100_000_000_000;

impl Filing {
    /// What the shelves are ordered by.
    const fn key(self, number: Digits) -> u64 {
        let (front, middle, last) = (number.value / 10_000, number.value / 100 % 100, number.value % 100);
        match self {
            Self::TerminalDigit => (last * 100 + middle) * FRONT + front,
            Self::Straight => number.value,
            Self::MiddleDigit => (middle * FRONT + front) * 100 + last,
            Self::ByPlace => 0,
        }
    }
}

/// The numbers of a library in the order of its shelves.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Order {
    filing: Filing,
    keys: Vec<u64>,
}

impl Order {
    /// The shelves of a library that files so and holds folders of these numbers, one number a folder.
    pub fn new(filing: Filing, numbers: impl IntoIterator<Item = Digits>) -> Self {
        let mut keys: Vec<u64> = match filing {
            Filing::ByPlace => Vec::new(),
            Filing::TerminalDigit | Filing::Straight | Filing::MiddleDigit => {
                numbers.into_iter().map(|number| filing.key(number)).collect()
            }
        };
        keys.sort_unstable();
        Self { filing, keys }
    }

    /// How they are ordered.
    pub const fn filing(&self) -> Filing {
        self.filing
    }

    /// Puts one more folder in.
    pub fn insert(&mut self, number: Digits) {
        if self.filing != Filing::ByPlace {
            self.keys.insert(self.rank(number), self.filing.key(number));
        }
    }

    /// How many folders stand before this number, whether or not it has one.
    pub fn rank(&self, number: Digits) -> usize {
        let key = self.filing.key(number);
        self.keys.partition_point(|before| *before < key)
    }

    /// How many folders stand between two numbers.
    pub fn apart(&self, one: Digits, other: Digits) -> usize {
        self.rank(one).abs_diff(self.rank(other))
    }
}

/// How a wrong slot comes about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Misread {
    /// The digit at this position, from 0, was swapped with the one after it.
    Swapped(u8),
    /// The digit at this position, from 0, looks like the one that was read.
    LookAlike(u8),
}

/// Which digits are written so that they are taken for which (facts 1, "misfile mechanics").
const LOOK_ALIKE: [&[u8]; 10] = [&[8, 6], &[7], &[7], &[8], &[9], &[6], &[0, 5], &[1], &[3], &[4]];

/// The numbers that a clerk may have read instead, each once, the swapped ones first.
pub fn misreadings(number: Digits) -> Vec<(Digits, Misread)> {
    let written = number.written();
    let mut found: Vec<(Digits, Misread)> = Vec::new();
    let mut add = |digits: &[u8], how| {
        let read = Digits::of_written(digits);
        if read != number && found.iter().all(|(known, _)| *known != read) {
            found.push((read, how));
        }
    };
    for at in 0..written.len().saturating_sub(1) {
        let mut digits = written.clone();
        digits.swap(at, at + 1);
        add(&digits, Misread::Swapped(position(at)));
    }
    for (at, digit) in written.iter().enumerate() {
        for like in LOOK_ALIKE.get(usize::from(*digit)).copied().unwrap_or_default() {
            let mut digits = written.clone();
            if let Some(changed) = digits.get_mut(at) {
                *changed = *like;
            }
            add(&digits, Misread::LookAlike(position(at)));
        }
    }
    found
}

fn position(at: usize) -> u8 {
    u8::try_from(at).unwrap_or(u8::MAX)
}
