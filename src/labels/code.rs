//! Symbols: from the text of a key to dark and light modules.
//!
//! Code 128 (ISO/IEC 15417) with the code sets chosen so that no shorter symbol exists, GS1-128, Code 39
//! (ISO/IEC 16388), Data Matrix ECC 200 (ISO/IEC 16022). A key is printable ASCII and opaque: no patient data.

use std::fmt;

use barcoders::sym::code39::Code39;
use barcoders::sym::code128::Code128;
use datamatrix::data::EncodationType;
use datamatrix::{DataMatrixBuilder, SymbolList};

/// The longest key: a linear symbol of it is as wide as a page.
pub const MAX_KEY: usize = 48;
/// The marks by which `barcoders` is told the code set, and its FNC1.
const SET_B: char = '\u{0181}';
const SET_C: char = '\u{0106}';
const FNC1: char = '\u{0179}';
/// What stands between two GS1 element strings in the text: the group separator.
const SEPARATOR: char = '\u{1d}';

/// Which symbol.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Symbology {
    /// Code 128.
    Code128,
    /// GS1-128: Code 128 that begins with FNC1; the text is its element strings, a group separator after each of
    /// variable length but the last.
    Gs1,
    /// Code 39, two to one, for what old systems must read.
    Code39,
    /// Data Matrix ECC 200, square.
    DataMatrix,
}

impl Symbology {
    /// Clear modules on each side: ten for linear symbols (ISO/IEC 15417, 16388); Data Matrix asks for one, and two
    /// are kept.
    pub const fn quiet(self) -> i32 {
        match self {
            Self::Code128 | Self::Gs1 | Self::Code39 => 10,
            Self::DataMatrix => 2,
        }
    }
}

impl fmt::Display for Symbology {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Code128 => "Code 128",
            Self::Gs1 => "GS1-128",
            Self::Code39 => "Code 39",
            Self::DataMatrix => "Data Matrix",
        })
    }
}

/// Why there is no symbol of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoSymbol {
    /// Nothing in it.
    #[error("the key is empty")]
    Empty,
    /// Too much in it.
    #[error("the key has more than {MAX_KEY} characters")]
    Long,
    /// A character that the symbology has no place for.
    #[error("{1} has no character for {0:?}")]
    Character(char, Symbology),
}

/// Dark modules from `start` on.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Run {
    /// The first.
    pub start: i32,
    /// How many.
    pub len: i32,
}

/// The modules of a symbol without its quiet zone.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Modules {
    /// Modules across.
    pub across: i32,
    /// The dark runs of each row, from the top; a linear symbol has one row.
    pub rows: Vec<Vec<Run>>,
}

/// The symbol of `text`.
pub fn encode(text: &str, symbology: Symbology) -> Result<Modules, NoSymbol> {
    let allowed = |sign: char| match symbology {
        Symbology::Code128 | Symbology::DataMatrix => matches!(sign, ' '..='~'),
        Symbology::Gs1 => matches!(sign, '!'..='~') || sign == SEPARATOR,
        Symbology::Code39 => sign.is_ascii_uppercase() || sign.is_ascii_digit() || "-. $/+%".contains(sign),
    };
    match text.chars().find(|sign| !allowed(*sign)) {
        Some(sign) => return Err(NoSymbol::Character(sign, symbology)),
        None if text.is_empty() => return Err(NoSymbol::Empty),
        None if text.len() > MAX_KEY => return Err(NoSymbol::Long),
        None => {}
    }
    // Every character was held to be encodable.
    let lost = NoSymbol::Character(text.chars().next().unwrap_or(' '), symbology);
    match symbology {
        Symbology::Code128 => {
            Code128::new(planned(text, "")).map(|code| linear(&code.encode())).map_err(|_| lost)
        }
        Symbology::Gs1 => {
            Code128::new(planned(text, "\u{1d}")).map(|code| linear(&code.encode())).map_err(|_| lost)
        }
        Symbology::Code39 => Code39::new(text).map(|code| linear(&code.encode())).map_err(|_| lost),
        Symbology::DataMatrix => matrix(text).ok_or(lost),
    }
}

fn linear(bits: &[u8]) -> Modules {
    let row = runs(bits.iter().map(|bit| *bit == 1));
    Modules { across: i32::try_from(bits.len()).unwrap_or(i32::MAX), rows: vec![row] }
}

/// Only the ASCII encodation: as small as any other for our keys, and ten times as fast to make.
fn matrix(text: &str) -> Option<Modules> {
    let code = DataMatrixBuilder::new()
        .with_encodation_types(EncodationType::Ascii)
        .with_symbol_list(SymbolList::default().enforce_square())
        .encode(text.as_bytes())
        .ok()?;
    let bitmap = code.bitmap();
    let rows = bitmap.bits().chunks(bitmap.width()).map(|row| runs(row.iter().copied())).collect();
    Some(Modules { across: i32::try_from(bitmap.width()).ok()?, rows })
}

fn runs(bits: impl Iterator<Item = bool>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (at, _) in (0..).zip(bits).filter(|(_, dark)| *dark) {
        match runs.last_mut() {
            Some(run) if run.start + run.len == at => run.len += 1,
            _ => runs.push(Run { start: at, len: 1 }),
        }
    }
    runs
}

/// A code set of Code 128. What is printable needs no set A.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Set {
    B,
    C,
}

/// The text as `barcoders` wants it, after `before`, with a shortest choice of code sets.
///
/// From the end on: the fewest symbol characters for the rest of the text with each set in force, a change costing
/// one. Set C takes two digits for one character, FNC1 stands in both; where both are as short, digits begin in
/// C (ISO/IEC 15417, annex E), and after that a set is kept.
fn planned(text: &str, before: &str) -> String {
    let signs: Vec<char> = before.chars().chain(text.chars()).collect();
    let mut fewest = vec![(0_usize, 0_usize); signs.len() + 2];
    for at in (0..signs.len()).rev() {
        let rest = |steps: usize| fewest.get(at + steps).copied().unwrap_or_default();
        let here = match step_in_c(&signs, at) {
            Some(steps) => {
                let (b, c) = (1 + rest(1).0, 1 + rest(steps).1);
                (b.min(c + 1), c.min(b + 1))
            }
            None => (1 + rest(1).0, 2 + rest(1).0),
        };
        if let Some(slot) = fewest.get_mut(at) {
            *slot = here;
        }
    }
    written(&signs, &fewest)
}

/// How many signs set C takes here in one character.
fn step_in_c(signs: &[char], at: usize) -> Option<usize> {
    match (signs.get(at)?, signs.get(at + 1)) {
        (&SEPARATOR, _) => Some(1),
        (one, Some(two)) if one.is_ascii_digit() && two.is_ascii_digit() => Some(2),
        _ => None,
    }
}

fn written(signs: &[char], fewest: &[(usize, usize)]) -> String {
    let cost = |at: usize| fewest.get(at).copied().unwrap_or_default();
    let mut text = String::with_capacity(signs.len() * 2 + 4);
    let mut set = if cost(0).1 <= cost(0).0 { Set::C } else { Set::B };
    text.push(mark(set));
    let mut at = 0;
    while let Some(sign) = signs.get(at) {
        let steps = step_in_c(signs, at);
        let in_c = steps.map(|steps| 1 + cost(at + steps).1);
        let in_b = 1 + cost(at + 1).0;
        let wanted = match (set, in_c) {
            (_, None) => Set::B,
            (Set::B, Some(c)) => {
                if c + 1 < in_b {
                    Set::C
                } else {
                    Set::B
                }
            }
            (Set::C, Some(c)) => {
                if c <= in_b + 1 {
                    Set::C
                } else {
                    Set::B
                }
            }
        };
        if wanted != set {
            text.push(mark(wanted));
            set = wanted;
        }
        let taken = match set {
            Set::B => 1,
            Set::C => steps.unwrap_or(1),
        };
        if *sign == SEPARATOR {
            text.push(FNC1);
        } else {
            text.extend(signs.iter().skip(at).take(taken));
        }
        at += taken;
    }
    text
}

/// The same choice of code sets in the words of ZPL (`^BC` in mode N, with its invocation codes), so that a label
/// printer draws the very bars that everybody else does.
pub fn zpl_code128(text: &str, symbology: Symbology) -> String {
    let before = if symbology == Symbology::Gs1 { "\u{1d}" } else { "" };
    let mut zpl = String::new();
    for (at, sign) in planned(text, before).chars().enumerate() {
        match sign {
            SET_B => zpl.push_str(if at == 0 { ">:" } else { ">6" }),
            SET_C => zpl.push_str(if at == 0 { ">;" } else { ">5" }),
            FNC1 => zpl.push_str(">8"),
            '>' => zpl.push_str(">0"),
            other => zpl.push(other),
        }
    }
    zpl
}

const fn mark(set: Set) -> char {
    match set {
        Set::B => SET_B,
        Set::C => SET_C,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn code_sets_are_chosen_to_be_short() {
        let check = |text, wanted: &str| assert_eq!(planned(text, ""), wanted, "{text}");
        check("C0184", "ƁCĆ0184");
        check("V000001234", "ƁV0Ć00001234");
        check("CL5", "ƁCL5");
        check("LIB-2024", "ƁLIB-Ć2024");
        check("123456", "Ć123456");
        check("12345", "Ć1234Ɓ5");
        check("AB12CD", "ƁAB12CD");
        check("AB1234CD", "ƁAB1234CD");
        check("AB123456CD", "ƁABĆ123456ƁCD");
        assert_eq!(planned("8004123456\u{1d}21AB", "\u{1d}"), "ĆŹ8004123456Ź21ƁAB");
    }

    #[test]
    fn what_cannot_be_encoded_is_refused() {
        let check = |text: &str, symbology, wanted: &str| {
            assert_eq!(encode(text, symbology).unwrap_err().to_string(), wanted);
        };
        check("", Symbology::Code128, "the key is empty");
        check("\u{c0}A", Symbology::Code128, "Code 128 has no character for 'À'");
        check("a\nb", Symbology::Code128, "Code 128 has no character for '\\n'");
        check("abc", Symbology::Code39, "Code 39 has no character for 'a'");
        check(&"7".repeat(49), Symbology::Code128, "the key has more than 48 characters");
    }

    /// The shortest by trying every way.
    fn shortest(signs: &[char], set: Set) -> usize {
        if signs.is_empty() {
            return 0;
        }
        let in_b = 1 + shortest(&signs[1..], Set::B) + usize::from(set == Set::C);
        match step_in_c(signs, 0) {
            Some(steps) => in_b.min(1 + shortest(&signs[steps..], Set::C) + usize::from(set == Set::B)),
            None => in_b,
        }
    }

    proptest! {
        #[test]
        fn no_choice_of_code_sets_is_shorter(text in "[0-9A-C\u{1d}]{1,14}") {
            let signs: Vec<char> = text.chars().collect();
            let planned = planned(&text, "");
            let pairs = planned.split([SET_B, SET_C]).count() - 1;
            let best = shortest(&signs, Set::B).min(shortest(&signs, Set::C));
            let modules = linear(&Code128::new(&planned).unwrap().encode());
            // The first mark is the start character; check and stop follow.
            prop_assert_eq!(modules.across, i32::try_from((best + 2) * 11 + 13).unwrap());
            prop_assert!(pairs >= 1);
        }
    }
}
