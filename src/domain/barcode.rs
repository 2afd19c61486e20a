//! From the text of a barcode to what it means. Exact matches on typed namespaces only: nothing is guessed.
//!
//! Ours: one letter for the kind, digits, two check digits (ISO/IEC 7064 MOD 97-10, letters as 10 to 35).

use std::fmt;
use std::str::FromStr;

use super::casenote::LabelText;
use super::directory::Directory;
use super::gs1::{self, Gs1};
use super::label_rule::{LabelRule, Means, Numbered, Symbology};
use super::patient::{NhsNumber, Number};
use super::place::{Code as PlaceCode, PlaceKind};
use super::refusal::Reason;
use super::{PlaceId, StaffId};

/// What the first letter of a barcode of ours says.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum OwnKind {
    /// `V`: a volume.
    Volume,
    /// `P`: a place.
    Place,
    /// `K`: a container.
    Container,
    /// `S`: a member of staff.
    Staff,
    /// `C`: a command card.
    Command,
    /// `R`: a request slip.
    Request,
}

impl OwnKind {
    const ALL: [Self; 6] =
        [Self::Volume, Self::Place, Self::Container, Self::Staff, Self::Command, Self::Request];

    /// The letter.
    pub const fn letter(self) -> char {
        match self {
            Self::Volume => 'V',
            Self::Place => 'P',
            Self::Container => 'K',
            Self::Staff => 'S',
            Self::Command => 'C',
            Self::Request => 'R',
        }
    }
}

/// Fewest digits between the letter and the check digits: those of a command card.
const MIN_OWN_DIGITS: usize = 2;
/// Most digits: what an `i64` key can need.
const MAX_OWN_DIGITS: usize = 18;
/// From this many digits on, a text of our form with wrong check digits is taken for a misread of ours.
const OWN_BEYOND_DOUBT: usize = 6;

/// A barcode of ours.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct OwnBarcode {
    /// What it is on.
    pub kind: OwnKind,
    /// Its number.
    pub number: u64,
    digits: usize,
}

/// Why a text is no barcode of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotOurs {
    /// It has another form.
    #[error("not of the form letter, digits, two check digits")]
    Form,
    /// The check digits do not fit.
    #[error("the check digits do not fit")]
    Check,
}

impl OwnBarcode {
    /// The barcode of `kind` with `number`: seven digits at least, a command card's two.
    pub const fn new(kind: OwnKind, number: u64) -> Self {
        let at_least = match kind {
            OwnKind::Command => MIN_OWN_DIGITS,
            OwnKind::Volume | OwnKind::Place | OwnKind::Container | OwnKind::Staff | OwnKind::Request => 7,
        };
        let mut digits = 1;
        let mut rest = number / 10;
        while rest > 0 {
            digits += 1;
            rest /= 10;
        }
        Self { kind, number, digits: if digits > at_least { digits } else { at_least } }
    }
}

/// ISO/IEC 7064 MOD 97-10 check digits of `letter` followed by `digits`.
fn check_digits(letter: char, digits: &str) -> u64 {
    let first = letter.to_digit(36).map_or(0, u64::from);
    let remainder = digits
        .bytes()
        .chain(*b"00")
        .fold(first % 97, |remainder, digit| (remainder * 10 + u64::from(digit.wrapping_sub(b'0'))) % 97);
    98 - remainder
}

impl fmt::Display for OwnBarcode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = format!("{:0width$}", self.number, width = self.digits);
        let letter = self.kind.letter();
        write!(f, "{letter}{digits}{:02}", check_digits(letter, &digits))
    }
}

impl FromStr for OwnBarcode {
    type Err = NotOurs;

    fn from_str(text: &str) -> Result<Self, NotOurs> {
        let mut characters = text.chars();
        let letter = characters.next().ok_or(NotOurs::Form)?.to_ascii_uppercase();
        let rest = characters.as_str();
        let kind = OwnKind::ALL.into_iter().find(|kind| kind.letter() == letter).ok_or(NotOurs::Form)?;
        let len = rest.len();
        if !rest.bytes().all(|b| b.is_ascii_digit())
            || !(MIN_OWN_DIGITS + 2..=MAX_OWN_DIGITS + 2).contains(&len)
        {
            return Err(NotOurs::Form);
        }
        let (digits, check) = rest.split_at_checked(len - 2).ok_or(NotOurs::Form)?;
        if check.parse() != Ok(check_digits(letter, digits)) {
            return Err(NotOurs::Check);
        }
        let number = digits.parse().map_err(|_| NotOurs::Form)?;
        Ok(Self { kind, number, digits: digits.len() })
    }
}

/// A command card (DESK.md, command numbers).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[expect(missing_docs, reason = "each is named as the card is")]
pub enum Card {
    End,
    Receive,
    File,
    Pack,
    Empty,
    Undo,
    UndoBatch,
    WrongCard,
    TakeOut,
    Where,
    All,
    Ok,
    Missing,
    Combine,
    Sweep,
    Label,
    /// 1 to 9.
    Digit(u8),
    /// The number of a desk's pairing card, 30 and up.
    Pairing(u32),
}

impl Card {
    /// In the order of their numbers, from 1. Those from 17 to 20 are no cards: the proof of a scanner has them.
    const NAMED: [Self; 16] = [
        Self::End,
        Self::Receive,
        Self::File,
        Self::Pack,
        Self::Empty,
        Self::Undo,
        Self::UndoBatch,
        Self::WrongCard,
        Self::TakeOut,
        Self::Where,
        Self::All,
        Self::Ok,
        Self::Missing,
        Self::Combine,
        Self::Sweep,
        Self::Label,
    ];

    /// The words of [`Self::NAMED`], in its order.
    const WORDS: [&str; 16] = [
        "END",
        "RECEIVE",
        "FILE",
        "PACK",
        "EMPTY",
        "UNDO",
        "UNDO-BATCH",
        "WRONG-CARD",
        "TAKE-OUT",
        "WHERE",
        "ALL",
        "OK",
        "MISSING",
        "COMBINE",
        "SWEEP",
        "LABEL",
    ];

    /// The card with this number.
    pub fn numbered(number: u64) -> Option<Self> {
        match number {
            21..=29 => u8::try_from(number - 20).ok().map(Self::Digit),
            30.. => u32::try_from(number).ok().map(Self::Pairing),
            _ => {
                let at = usize::try_from(number.checked_sub(1)?).ok()?;
                Self::NAMED.get(at).copied()
            }
        }
    }

    /// Its number.
    #[expect(clippy::wildcard_enum_match_arm, reason = "all others are named in the table")]
    pub fn number(self) -> u64 {
        match self {
            Self::Digit(digit) => 20 + u64::from(digit),
            Self::Pairing(number) => u64::from(number),
            named => Self::NAMED
                .iter()
                .position(|card| *card == named)
                .and_then(|at| u64::try_from(at).ok())
                .map_or(0, |at| at + 1),
        }
    }

    /// The word on it; `None` for the digits and for pairing cards, which have no word of their own.
    pub fn word(self) -> Option<&'static str> {
        let at = Self::NAMED.iter().position(|card| *card == self)?;
        Self::WORDS.get(at).copied()
    }

    /// The card with this word.
    pub fn named(word: &str) -> Option<Self> {
        let at = Self::WORDS.iter().position(|other| *other == word)?;
        Self::NAMED.get(at).copied()
    }

    /// What its barcode says.
    pub fn barcode(self) -> OwnBarcode {
        OwnBarcode::new(OwnKind::Command, self.number())
    }
}

/// Whether a text came from a scanner or from a keyboard.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Entry {
    /// Read from a symbol.
    Scanned,
    /// Typed by a person.
    Typed,
}

/// Longest text that is taken from a scanner or keyboard, in bytes: the longest frame.
pub const MAX_TEXT_LEN: usize = 256;

/// What a text means.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Code {
    /// A command card.
    Card(Card),
    /// A place.
    Place(PlaceId),
    /// A container.
    Container(PlaceId),
    /// A badge.
    Staff(StaffId),
    /// A folder, to be looked up.
    Folder(FolderCode),
    /// A patient, to be looked up.
    Patient(PatientCode),
    /// Nothing that can be used; the reason says why.
    Unusable(Reason),
}

/// How a folder's label names it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FolderCode {
    /// The label's text, looked up first.
    pub label: LabelText,
    /// What the label says by the hospital's rules, looked up if no label with this text is known.
    pub numbered: Option<Numbered>,
}

/// How a patient is named.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum PatientCode {
    /// By NHS number.
    Nhs(NhsNumber),
    /// By a number of any site.
    Number(Number),
    /// By a number of one site, as a rule of the configuration says.
    Issued {
        /// Who issued it.
        site: PlaceCode,
        /// The number.
        number: Number,
    },
}

/// What `text` means, given the hospital's rules and what it has.
///
/// `aim` is the AIM identifier that the scanner sent, such as `]C0`.
pub fn read(text: &str, aim: Option<&str>, entry: Entry, rules: &[LabelRule], directory: &Directory) -> Code {
    let text = text.trim();
    let symbology = aim.map(Symbology::from_aim);
    if text.is_empty() || text.len() > MAX_TEXT_LEN {
        return Code::Unusable(Reason::Unreadable);
    }
    if symbology.is_some_and(Symbology::is_gs1) || text.contains(gs1::GROUP_SEPARATOR) {
        return read_gs1(text);
    }
    let text = text.to_ascii_uppercase();
    let ours = text.parse::<OwnBarcode>();
    if let Ok(own) = ours {
        return read_own(own, &text, directory);
    }
    if let Some(code) = in_directory(&text, directory) {
        return code;
    }
    if entry == Entry::Typed {
        return read_typed(&text);
    }
    let numbered = rules.iter().find_map(|rule| rule.read(&text, symbology));
    let misread = ours == Err(NotOurs::Check) && text.len() > OWN_BEYOND_DOUBT + 2;
    if misread && numbered.is_none() {
        return Code::Unusable(Reason::Misread);
    }
    match numbered {
        Some(Numbered { means: Means::Patient, site, number, .. }) => {
            Code::Patient(PatientCode::Issued { site, number })
        }
        numbered => folder(&text, numbered),
    }
}

fn read_own(own: OwnBarcode, text: &str, directory: &Directory) -> Code {
    let key = i64::try_from(own.number).unwrap_or(i64::MAX);
    match own.kind {
        OwnKind::Command => {
            Card::numbered(own.number).map_or(Code::Unusable(Reason::CardNotInUse), Code::Card)
        }
        OwnKind::Volume => folder(text, None),
        OwnKind::Place | OwnKind::Container => directory
            .place(PlaceId::new(key))
            .map_or(Code::Unusable(Reason::UnknownLabel), |place| place_or_container(place.id, place.kind)),
        OwnKind::Staff => directory
            .staff(StaffId::new(key))
            .map_or(Code::Unusable(Reason::UnknownLabel), |person| Code::Staff(person.id)),
        OwnKind::Request => Code::Unusable(Reason::CardNotInUse),
    }
}

fn in_directory(text: &str, directory: &Directory) -> Option<Code> {
    let code = text.parse().ok()?;
    let place = directory.place_by_code(&code).map(|place| place_or_container(place.id, place.kind));
    place.or_else(|| directory.staff_by_badge(&code).map(|person| Code::Staff(person.id)))
}

fn place_or_container(id: PlaceId, kind: PlaceKind) -> Code {
    if kind == PlaceKind::Container { Code::Container(id) } else { Code::Place(id) }
}

fn read_gs1(text: &str) -> Code {
    match gs1::read(text) {
        Some(Gs1::Patient(number)) => Code::Patient(PatientCode::Nhs(number)),
        Some(Gs1::Asset(label)) => folder(&label, None),
        None => Code::Unusable(Reason::UnknownGs1),
    }
}

fn read_typed(text: &str) -> Code {
    if let Ok(number) = text.parse() {
        return Code::Patient(PatientCode::Nhs(number));
    }
    text.parse()
        .map_or(Code::Unusable(Reason::Unreadable), |number| Code::Patient(PatientCode::Number(number)))
}

fn folder(text: &str, numbered: Option<Numbered>) -> Code {
    text.parse()
        .map_or(Code::Unusable(Reason::Unreadable), |label| Code::Folder(FolderCode { label, numbered }))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_cards_are_those_that_are_printed() {
        assert_eq!(Card::End.barcode().to_string(), "C0184");
        assert_eq!(Card::Receive.barcode().to_string(), "C0281");
        assert_eq!(Card::numbered(29), Some(Card::Digit(9)));
        assert_eq!(Card::numbered(31), Some(Card::Pairing(31)));
        assert_eq!(Card::numbered(0), None);
        assert_eq!(Card::numbered(17), None);
        assert_eq!("c0184".parse::<OwnBarcode>().unwrap().number, 1);
    }

    proptest! {
        #[test]
        fn one_wrong_character_in_a_barcode_of_ours_is_always_found(number in 0u64..100_000_000, at in 1usize..10, digit in 0u8..10) {
            let barcode = OwnBarcode::new(OwnKind::Volume, number);
            let text = barcode.to_string();
            prop_assert_eq!(text.parse(), Ok(barcode));
            let mut wrong = text.clone().into_bytes();
            let at = at.min(wrong.len() - 1);
            wrong[at] = b'0' + digit;
            let wrong = String::from_utf8(wrong).unwrap();
            prop_assert_eq!(wrong == text, wrong.parse::<OwnBarcode>().is_ok());
        }

        #[test]
        fn no_text_whatever_stops_the_reading(text in ".*", aim in proptest::option::of(".*")) {
            read(&text, aim.as_deref(), Entry::Scanned, &[], &Directory::default());
            read(&text, aim.as_deref(), Entry::Typed, &[], &Directory::default());
        }
    }

    #[test]
    fn a_typed_number_is_always_a_patient() {
        let code = read("123456", None, Entry::Typed, &[], &Directory::default());
        assert_eq!(code, Code::Patient(PatientCode::Number("123456".parse().unwrap())));
        let own = OwnBarcode::new(OwnKind::Volume, 12).to_string();
        assert!(matches!(read(&own, None, Entry::Typed, &[], &Directory::default()), Code::Folder(_)));
    }

    #[test]
    fn a_misread_of_ours_is_told_from_a_foreign_label() {
        let code = read("V000001299", None, Entry::Scanned, &[], &Directory::default());
        assert_eq!(code, Code::Unusable(Reason::Misread));
        assert!(matches!(read("C125", None, Entry::Scanned, &[], &Directory::default()), Code::Folder(_)));
    }
}
