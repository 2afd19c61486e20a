//! Rules that turn a hospital's old labels into typed codes: the `[[label]]` blocks of the configuration.

use std::str::FromStr;

use regex::Regex;

use super::casenote::MAX_VOLUME;
use super::patient::Number;
use super::place::{Code, UnknownWord};

/// Most rules a configuration may hold: more old numbering schemes than any merged trust has had.
pub const MAX_RULES: usize = 64;

/// What an old label means.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Means {
    /// One folder.
    Folder,
    /// A patient.
    Patient,
    /// The clerk is asked.
    Ask,
}

impl FromStr for Means {
    type Err = UnknownWord;
    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        match text {
            "folder" => Ok(Self::Folder),
            "patient" => Ok(Self::Patient),
            "ask" => Ok(Self::Ask),
            _ => Err(UnknownWord { text: text.to_owned(), known: "folder, patient, ask".to_owned() }),
        }
    }
}

/// Which check character an old label ends with.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum CheckCharacter {
    /// None.
    Absent,
    /// Modulo 43 over the Code 39 alphabet (ISO/IEC 16388, annex A).
    Mod43,
}

impl FromStr for CheckCharacter {
    type Err = UnknownWord;
    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        match text {
            "none" => Ok(Self::Absent),
            "mod43" => Ok(Self::Mod43),
            _ => Err(UnknownWord { text: text.to_owned(), known: "none, mod43".to_owned() }),
        }
    }
}

/// The kind of symbol a label was read from, by its AIM identifier (ISO/IEC 15424).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[expect(missing_docs, reason = "the names of the symbologies need no gloss")]
pub enum Symbology {
    Code39,
    Code128,
    Gs1128,
    Itf,
    Codabar,
    Code93,
    DataMatrix,
    Gs1DataMatrix,
    Qr,
    Gs1Qr,
    Pdf417,
    Aztec,
    Other,
}

impl Symbology {
    /// Reads an AIM identifier such as `]A0`.
    pub fn from_aim(aim: &str) -> Self {
        match aim.as_bytes() {
            [b']', b'A', ..] => Self::Code39,
            [b']', b'C', b'1'] => Self::Gs1128,
            [b']', b'C', ..] => Self::Code128,
            [b']', b'I', ..] => Self::Itf,
            [b']', b'F', ..] => Self::Codabar,
            [b']', b'G', ..] => Self::Code93,
            [b']', b'd', b'2'] => Self::Gs1DataMatrix,
            [b']', b'd', ..] => Self::DataMatrix,
            [b']', b'Q', b'3'] => Self::Gs1Qr,
            [b']', b'Q', ..] => Self::Qr,
            [b']', b'L', ..] => Self::Pdf417,
            [b']', b'z', ..] => Self::Aztec,
            _ => Self::Other,
        }
    }

    /// Whether its data are GS1 element strings.
    pub const fn is_gs1(self) -> bool {
        matches!(self, Self::Gs1128 | Self::Gs1DataMatrix | Self::Gs1Qr)
    }

    const NAMED: [(&'static str, Self); 12] = [
        ("code39", Self::Code39),
        ("code128", Self::Code128),
        ("gs1-128", Self::Gs1128),
        ("itf", Self::Itf),
        ("codabar", Self::Codabar),
        ("code93", Self::Code93),
        ("datamatrix", Self::DataMatrix),
        ("gs1-datamatrix", Self::Gs1DataMatrix),
        ("qr", Self::Qr),
        ("gs1-qr", Self::Gs1Qr),
        ("pdf417", Self::Pdf417),
        ("aztec", Self::Aztec),
    ];
}

impl FromStr for Symbology {
    type Err = UnknownWord;
    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let named = Self::NAMED.iter().find(|(name, _)| *name == text).map(|(_, symbology)| *symbology);
        named.ok_or_else(|| UnknownWord {
            text: text.to_owned(),
            known: Self::NAMED.map(|(name, _)| name).join(", "),
        })
    }
}

/// One rule.
#[derive(Clone, Debug)]
pub struct LabelRule {
    /// Only symbols of this kind; `None`: any.
    pub symbology: Option<Symbology>,
    /// With the group `number` and perhaps `volume`.
    pub pattern: Regex,
    /// Checked, then taken off, before the pattern is tried.
    pub check: CheckCharacter,
    /// Who issued the number.
    pub site: Code,
    /// What it means.
    pub means: Means,
}

/// Why a rule cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BadRule {
    /// The pattern is no regular expression.
    #[error("the pattern is not a regular expression: {0}")]
    Pattern(#[from] regex::Error),
    /// The pattern names no number.
    #[error("the pattern needs a group (?<number>…) that says which part is the number")]
    NoNumber,
}

/// What a label says by a rule.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Numbered {
    /// Who issued the number.
    pub site: Code,
    /// The number.
    pub number: Number,
    /// Which volume, if the label says.
    pub volume: Option<u32>,
    /// What it means.
    pub means: Means,
}

impl LabelRule {
    /// Makes a rule, its pattern matched against the whole upper-case text.
    pub fn new(
        symbology: Option<Symbology>,
        pattern: &str,
        check: CheckCharacter,
        site: Code,
        means: Means,
    ) -> Result<Self, BadRule> {
        let pattern = Regex::new(pattern)?;
        if pattern.capture_names().flatten().all(|name| name != "number") {
            return Err(BadRule::NoNumber);
        }
        Ok(Self { symbology, pattern, check, site, means })
    }

    /// What `text` says by this rule, if the rule is for it.
    pub fn read(&self, text: &str, symbology: Option<Symbology>) -> Option<Numbered> {
        if self.symbology.is_some_and(|wanted| symbology.is_some_and(|read| read != wanted)) {
            return None;
        }
        let text = match self.check {
            CheckCharacter::Absent => text,
            CheckCharacter::Mod43 => without_mod43(text)?,
        };
        let groups = self.pattern.captures(text)?;
        let volume = match groups.name("volume") {
            Some(digits) => Some(digits.as_str().parse().ok().filter(|n| (1..=MAX_VOLUME).contains(n))?),
            None => None,
        };
        let number = groups.name("number")?.as_str().parse().ok()?;
        Some(Numbered { site: self.site.clone(), number, volume, means: self.means })
    }
}

/// The Code 39 alphabet in the order of its values (ISO/IEC 16388, table A.1).
const CODE39: &str = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%";

/// The text without its modulo 43 check character; `None` if that is wrong.
fn without_mod43(text: &str) -> Option<&str> {
    let (body_end, check) = text.char_indices().next_back()?;
    let body = text.get(..body_end)?;
    let mut sum = 0;
    for character in body.chars() {
        sum += CODE39.find(character)?;
    }
    (!body.is_empty() && CODE39.find(check)? == sum % 43).then_some(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(pattern: &str, check: CheckCharacter) -> LabelRule {
        LabelRule::new(Some(Symbology::Code39), pattern, check, "RX1".parse().unwrap(), Means::Folder)
            .unwrap()
    }

    #[test]
    fn an_old_label_gives_its_number_and_volume() {
        let rule = rule("^RX(?<number>[0-9]{6})(?<volume>[0-9]{2})?$", CheckCharacter::Absent);
        let read = rule.read("RX12345602", Some(Symbology::Code39)).unwrap();
        assert_eq!((read.number.as_str(), read.volume), ("123456", Some(2)));
        assert_eq!(rule.read("RX123456", None).unwrap().volume, None);
        assert_eq!(rule.read("RX123456", Some(Symbology::Code128)), None);
        assert_eq!(rule.read("RX12345600", Some(Symbology::Code39)), None, "there is no volume 0");
    }

    #[test]
    fn a_wrong_mod_43_character_reads_as_nothing() {
        let rule = rule("^(?<number>[A-Z0-9]+)$", CheckCharacter::Mod43);
        // C 12, O 24, D 13, E 14, space 38, 3, 9: 113, which is 27 modulo 43: R.
        assert_eq!(without_mod43("CODE 39R"), Some("CODE 39"));
        assert_eq!(without_mod43("CODE 39X"), None);
        assert_eq!(rule.read("7", None), None);
    }

    #[test]
    fn a_rule_without_a_number_is_refused() {
        let bad = LabelRule::new(None, "^[0-9]+$", CheckCharacter::Absent, "A".parse().unwrap(), Means::Ask);
        assert!(matches!(bad, Err(BadRule::NoNumber)));
    }
}
