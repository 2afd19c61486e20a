//! The proof: symbols at the end of a programming sheet, after which a scanner is *ready*, or the one setting is named
//! that is wrong. Pure: reads in, a finding out.
//!
//! The texts are ours alone. Two-digit numbers beneath `C` are command cards, and 17 to 20 belong to the proof; the
//! other two texts have no form of ours, and no hospital number holds the word *proof*. None begins as a programming
//! code of any brand does, and none has FNC3, so that no scanner takes one for an order.

mod recognise;
mod words;

#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use crate::scan::aim::Symbology;
use crate::scan::frame::End;
pub use recognise::{Seen, recognise};
pub use words::Words;

/// The two of the pair prove something if the second comes within so long of the first, in microseconds: as long as a
/// quick hand needs from one symbol to the next.
pub const PAIR_MOST_US: i64 = 2_000_000;

/// A symbol of the proof, in the order of the sheet.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Symbol {
    /// A barcode of ours, in Code 128.
    Ours,
    /// The same in Code 39, which old labels have.
    Code39,
    /// GS1-128 with a group separator inside, as wristbands have.
    Gs1,
    /// Lower case letters, and signs that lie elsewhere on other keyboards, in Code 128.
    LowerCase,
    /// The first of two to scan fast, in Code 128.
    PairFirst,
    /// The second of two to scan fast, in Code 128.
    PairSecond,
}

impl Symbol {
    /// All symbols, in the order of the sheet.
    pub const ALL: [Self; 6] =
        [Self::Ours, Self::Code39, Self::Gs1, Self::LowerCase, Self::PairFirst, Self::PairSecond];

    /// What a scanner must send of it, without AIM identifier. In the GS1 symbol FNC1 stands first, which is not sent,
    /// and again where the text has GS (0x1D).
    pub const fn text(self) -> &'static str {
        match self {
            Self::Ours => "C1736",
            Self::Code39 => "C1833",
            Self::Gs1 => "91PROOF\u{1d}92GS",
            Self::LowerCase => "proof-azy@#",
            Self::PairFirst => "C1930",
            Self::PairSecond => "C2027",
        }
    }

    /// The kind of symbol.
    pub const fn symbology(self) -> Symbology {
        match self {
            Self::Code39 => Symbology::Code39,
            Self::Gs1 => Symbology::Gs1Code128,
            Self::Ours | Self::LowerCase | Self::PairFirst | Self::PairSecond => Symbology::Code128,
        }
    }

    /// Its number on the sheet, 1 to 5; the pair has one.
    pub const fn number(self) -> u8 {
        match self {
            Self::Ours => 1,
            Self::Code39 => 2,
            Self::Gs1 => 3,
            Self::LowerCase => 4,
            Self::PairFirst | Self::PairSecond => 5,
        }
    }

    /// What the sheet says beside it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Ours => "Our labels",
            Self::Code39 => "Code 39",
            Self::Gs1 => "GS1",
            Self::LowerCase => "Small letters",
            Self::PairFirst | Self::PairSecond => "Two, as fast as you can",
        }
    }
}

/// How a read came.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Came {
    /// As a frame of a device that the service has open.
    Whole(End),
    /// Typed by a scanner into a page, or by way of the interface: the end was there, or it would not have come.
    Keys,
    /// Refused: its profile asks for an end byte, and none came.
    Cut,
    /// Refused: two ran together.
    Joined,
    /// Refused: its profile asks for an AIM identifier, and none came.
    Unidentified,
}

/// What may be set otherwise than Casetrack wants it; the one that spoils most stands first and is told first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Setting {
    /// Letters or digits arrive as others: the keyboards of scanner and computer are of two languages.
    Language,
    /// No end byte comes after a read.
    Suffix,
    /// Two quick reads arrived as one, though reads have an end.
    RunTogether,
    /// Of two quick reads one is lost.
    OneLost,
    /// Signs such as `@` arrive as others: one keyboard is British, the other American.
    Signs,
    /// Code 39 does not arrive.
    Code39,
    /// The `*` around a Code 39 is sent.
    Stars,
    /// An identifier is sent that the profile takes for text.
    IdentifierAsText,
    /// GS1-128 does not arrive, or as plain Code 128.
    Gs1,
    /// The group separator is lost, or arrives as something else.
    GroupSeparator,
    /// Capital letters arrive small, or small ones as capitals.
    Case,
    /// No AIM identifiers are sent.
    Identifier,
    /// The scanner beeps by itself. Nobody hears it but the clerk, who is asked.
    OwnBeep,
}

/// How the proof of one scanner stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Standing {
    /// This symbol is next, or has not come though later ones have.
    Wants(Symbol),
    /// The second of the pair came too late to prove anything.
    Slow,
    /// All is as it should be; the settings are those that its way to Casetrack cannot have.
    Ready(Vec<Setting>),
    /// This is to be put right first.
    Wrong(Setting),
}

/// The proof of one scanner.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Proof {
    /// The newest arrival of each symbol, at most one each.
    arrived: Vec<Arrival>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct Arrival {
    symbol: Symbol,
    came: Came,
    /// The boot clock's reading, in microseconds.
    at_us: i64,
    found: BTreeSet<Setting>,
}

impl Proof {
    /// Takes a symbol that [`recognise`] found in a read; `boot_us` is the boot clock at its last byte. The first symbol
    /// scanned again begins anew.
    pub fn on(&mut self, seen: &Seen, came: Came, boot_us: i64) -> Standing {
        match seen {
            Seen::One { symbol, found } => self.arrives(*symbol, came, boot_us, found.clone()),
            Seen::Together => {
                // Without an end byte two quick reads must run together: one cause, told once.
                let cause = match came {
                    Came::Whole(End::Silence) | Came::Cut => Setting::Suffix,
                    Came::Whole(End::Byte | End::Packet) | Came::Keys | Came::Joined | Came::Unidentified => {
                        Setting::RunTogether
                    }
                };
                for symbol in [Symbol::PairFirst, Symbol::PairSecond] {
                    self.arrives(symbol, came, boot_us, BTreeSet::from([cause]));
                }
            }
        }
        self.standing()
    }

    /// Whether this symbol has arrived.
    pub fn has(&self, symbol: Symbol) -> bool {
        self.arrival(symbol).is_some()
    }

    /// How it stands.
    pub fn standing(&self) -> Standing {
        let missing = Symbol::ALL.into_iter().find(|symbol| !self.has(*symbol));
        if !self.has(Symbol::PairSecond) {
            return Standing::Wants(missing.unwrap_or(Symbol::PairSecond));
        }
        let found = self.found();
        let wrong = found.iter().find(|setting| !self.is_limit(**setting)).copied();
        match (wrong, missing) {
            (Some(setting), _) => Standing::Wrong(setting),
            (None, Some(symbol)) => Standing::Wants(symbol),
            (None, None) if self.pair_us().is_none_or(|took| took > PAIR_MOST_US) => Standing::Slow,
            (None, None) => Standing::Ready(found.into_iter().collect()),
        }
    }

    /// The symbol that did not arrive though a later one has: perhaps its kind is switched off.
    pub fn passed_over(&self) -> Option<Symbol> {
        let last = self.arrived.iter().map(|arrival| arrival.symbol).max()?;
        Symbol::ALL.into_iter().find(|symbol| *symbol < last && !self.has(*symbol))
    }

    fn arrives(&mut self, symbol: Symbol, came: Came, at_us: i64, mut found: BTreeSet<Setting>) {
        if symbol == Symbol::Ours && self.has(symbol) {
            self.arrived.clear();
        }
        found.extend(match came {
            Came::Whole(End::Silence) | Came::Cut => Some(Setting::Suffix),
            Came::Unidentified => Some(Setting::Identifier),
            Came::Joined => Some(Setting::RunTogether),
            Came::Whole(End::Byte | End::Packet) | Came::Keys => None,
        });
        self.arrived.retain(|arrival| arrival.symbol != symbol);
        self.arrived.push(Arrival { symbol, came, at_us, found });
    }

    fn arrival(&self, symbol: Symbol) -> Option<&Arrival> {
        self.arrived.iter().find(|arrival| arrival.symbol == symbol)
    }

    /// All that is to be said, once the last symbol has come.
    fn found(&self) -> BTreeSet<Setting> {
        let mut found: BTreeSet<_> =
            self.arrived.iter().flat_map(|arrival| arrival.found.iter().copied()).collect();
        for (symbol, setting) in [
            (Symbol::Code39, Setting::Code39),
            (Symbol::Gs1, Setting::Gs1),
            (Symbol::PairFirst, Setting::OneLost),
        ] {
            if !self.has(symbol) {
                found.insert(setting);
            }
        }
        found
    }

    /// Keys bring neither identifiers nor, mostly, the group separator, and a page takes all letters for capitals.
    fn is_limit(&self, setting: Setting) -> bool {
        let keys = self.arrived.iter().all(|arrival| arrival.came == Came::Keys);
        keys && matches!(setting, Setting::Identifier | Setting::GroupSeparator | Setting::Case)
    }

    /// How long the pair took, in microseconds.
    fn pair_us(&self) -> Option<i64> {
        let (first, second) = (self.arrival(Symbol::PairFirst)?, self.arrival(Symbol::PairSecond)?);
        Some(second.at_us.saturating_sub(first.at_us)).filter(|took| *took >= 0)
    }
}
