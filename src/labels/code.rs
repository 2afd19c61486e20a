//! Symbols: from the text of a key to dark and light modules.
//!
//! Code 128 (ISO/IEC 15417) with the code sets chosen so that no shorter symbol exists, GS1-128, Code 39
//! (ISO/IEC 16388), Data Matrix ECC 200 (ISO/IEC 16022). A key is printable ASCII and opaque: no patient data. The
//! settings of scanners are Code 128 too, with FNC3 first.

use std::fmt;

use barcoders::sym::code39::Code39;
use barcoders::sym::code128::Code128;
use datamatrix::data::EncodationType;
use datamatrix::{DataMatrixBuilder, SymbolList};

/// The longest key: a linear symbol of it is as wide as a page.
pub const MAX_KEY: usize = 48;
/// The marks by which `barcoders` is told the code set, its FNC1 and its FNC3.
const SET_A: char = '\u{00c0}';
const SET_B: char = '\u{0181}';
const SET_C: char = '\u{0106}';
const FNC1: char = '\u{0179}';
const FNC3: char = '\u{017b}';
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
    /// Code 128 that begins with FNC3, which tells a scanner that the text is a setting and is not to be sent on
    /// (reader initialisation); the text may hold control characters.
    Setting,
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
            Self::Code128 | Self::Gs1 | Self::Setting | Self::Code39 => 10,
            Self::DataMatrix => 2,
        }
    }
}

impl fmt::Display for Symbology {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Code128 => "Code 128",
            Self::Gs1 => "GS1-128",
            Self::Setting => "Code 128 with FNC3",
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
        // The group separator is how this file writes FNC1.
        Symbology::Setting => matches!(sign, '\0'..='~') && sign != SEPARATOR,
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
        Symbology::Code128 | Symbology::Gs1 | Symbology::Setting => {
            Code128::new(planned(text, symbology)).map(|code| linear(&code.encode())).map_err(|_| lost)
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
    A,
    B,
    C,
}

/// Where several are as short, the first of these is taken: digits begin in C (ISO/IEC 15417, annex E).
const SETS: [Set; 3] = [Set::C, Set::B, Set::A];
/// More characters than any text takes: what a set costs that cannot write the next sign.
const FAR: usize = 1_000;

/// The fewest symbol characters for the rest of a text with each set in force.
#[derive(Clone, Copy, Default)]
struct Fewest {
    a: usize,
    b: usize,
    c: usize,
}

impl Fewest {
    const fn with(self, set: Set) -> usize {
        match set {
            Set::A => self.a,
            Set::B => self.b,
            Set::C => self.c,
        }
    }
}

/// The text as `barcoders` wants it, with a shortest choice of code sets; the shift to the other set for one character
/// is not made use of, which only a text with control characters among small letters would be shorter by.
///
/// From the end on: the fewest symbol characters for the rest of the text with each set in force, a change costing
/// one. Set C takes two digits for one character, FNC1 stands in all, FNC3 in A and B. A set is kept as long as none is
/// shorter.
fn planned(text: &str, symbology: Symbology) -> String {
    let first = match symbology {
        Symbology::Gs1 => Some(SEPARATOR),
        Symbology::Setting => Some(FNC3),
        Symbology::Code128 | Symbology::Code39 | Symbology::DataMatrix => None,
    };
    let signs: Vec<char> = first.into_iter().chain(text.chars()).collect();
    let mut plan = Plan { fewest: vec![Fewest::default(); signs.len() + 2], signs };
    for at in (0..plan.signs.len()).rev() {
        let change = plan.cost(at, plan.cheapest(at)) + 1;
        let [a, b, c] = [Set::A, Set::B, Set::C].map(|set| plan.cost(at, set).min(change));
        if let Some(slot) = plan.fewest.get_mut(at) {
            *slot = Fewest { a, b, c };
        }
    }
    plan.written()
}

struct Plan {
    signs: Vec<char>,
    fewest: Vec<Fewest>,
}

impl Plan {
    /// How many signs a set takes here in one character; `None` where it has none for them.
    fn step(&self, at: usize, set: Set) -> Option<usize> {
        let sign = *self.signs.get(at)?;
        match set {
            Set::A => matches!(sign, '\0'..='_' | FNC3).then_some(1),
            Set::B => matches!(sign, ' '..='~' | SEPARATOR | FNC3).then_some(1),
            Set::C if sign == SEPARATOR => Some(1),
            Set::C => {
                let next = self.signs.get(at + 1).is_some_and(char::is_ascii_digit);
                (sign.is_ascii_digit() && next).then_some(2)
            }
        }
    }

    /// The fewest characters from here on, the next of them in this set.
    fn cost(&self, at: usize, set: Set) -> usize {
        let after = |step: usize| self.fewest.get(at + step).copied().unwrap_or_default().with(set);
        self.step(at, set).map_or(FAR, |step| 1 + after(step))
    }

    fn cheapest(&self, at: usize) -> Set {
        SETS.into_iter().min_by_key(|set| self.cost(at, *set)).unwrap_or(Set::B)
    }

    fn written(&self) -> String {
        let mut text = String::with_capacity(self.signs.len() * 2 + 4);
        let mut set = self.cheapest(0);
        text.push(mark(set));
        let mut at = 0;
        while let Some(sign) = self.signs.get(at) {
            let cheapest = self.cheapest(at);
            if self.cost(at, set) > self.cost(at, cheapest) + 1 {
                text.push(mark(cheapest));
                set = cheapest;
            }
            let taken = self.step(at, set).unwrap_or(1);
            if *sign == SEPARATOR {
                text.push(FNC1);
            } else {
                text.extend(self.signs.iter().skip(at).take(taken));
            }
            at += taken;
        }
        text
    }
}

/// The same choice of code sets in the words of ZPL (`^BC` in mode N, with its invocation codes), so that a label
/// printer draws the very bars that everybody else does.
pub fn zpl_code128(text: &str, symbology: Symbology) -> String {
    let mut zpl = String::new();
    for (at, sign) in planned(text, symbology).chars().enumerate() {
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
        Set::A => SET_A,
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
        let check = |text, wanted: &str| assert_eq!(planned(text, Symbology::Code128), wanted, "{text}");
        check("C0184", "ƁCĆ0184");
        check("V000001234", "ƁV0Ć00001234");
        check("CL5", "ƁCL5");
        check("LIB-2024", "ƁLIB-Ć2024");
        check("123456", "Ć123456");
        check("12345", "Ć1234Ɓ5");
        check("AB12CD", "ƁAB12CD");
        check("AB1234CD", "ƁAB1234CD");
        check("AB123456CD", "ƁABĆ123456ƁCD");
        assert_eq!(planned("8004123456\u{1d}21AB", Symbology::Gs1), "ĆŹ8004123456Ź21ƁAB");
    }

    #[test]
    fn a_setting_begins_with_fnc3_and_takes_set_a_where_a_control_character_stands() {
        let check = |text, wanted: &str| assert_eq!(planned(text, Symbology::Setting), wanted, "{text:?}");
        check("92", "ƁŻ92");
        check("SXUAH2000E", "ƁŻSXUAH2000E");
        check("@INTERF8", "ƁŻ@INTERF8");
        check("$P,HA35,P\r", "ÀŻ$P,HA35,P\r");
        check("$P,Ae,P\r", "ƁŻ$P,Ae,PÀ\r");
        check("$CLFSU0D0000000000\r", "ƁŻ$CLFSU0DĆ0000000000À\r");
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
    fn shortest(plan: &Plan, at: usize, set: Set) -> usize {
        if at == plan.signs.len() {
            return 0;
        }
        let ways = SETS.into_iter().filter_map(|next| {
            let step = plan.step(at, next)?;
            Some(1 + usize::from(next != set) + shortest(plan, at + step, next))
        });
        ways.min().unwrap_or(FAR)
    }

    fn check_shortest(text: &str, symbology: Symbology, first: char) {
        let signs = std::iter::once(first).chain(text.chars()).collect();
        let plan = Plan { signs, fewest: Vec::new() };
        let best = SETS.into_iter().map(|set| shortest(&plan, 0, set)).min().unwrap();
        let modules = encode(text, symbology).unwrap();
        // The first mark is the start character; check and stop follow.
        assert_eq!(modules.across, i32::try_from((best + 2) * 11 + 13).unwrap(), "{text:?}");
    }

    proptest! {
        #[test]
        fn no_choice_of_code_sets_is_shorter(text in "[0-9A-C\u{1d}]{1,9}", setting in "[0-9A-Ca$\r]{1,9}") {
            check_shortest(&text, Symbology::Gs1, SEPARATOR);
            check_shortest(&setting, Symbology::Setting, FNC3);
        }
    }
}
