//! GS1 element strings, as far as a casenote desk meets them (GS1 General Specifications, section 3).

use super::patient::NhsNumber;

/// Ends an element of variable length.
pub const GROUP_SEPARATOR: char = '\u{1D}';

/// What a GS1 symbol says to us.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Gs1 {
    /// A patient, by the NHS number in a Global Service Relation Number (AI 8018; DCB1077 wristbands).
    Patient(NhsNumber),
    /// A thing with a Global Individual Asset Identifier (AI 8004).
    Asset(String),
}

/// Elements of fixed length: application identifier and digits of its data.
const FIXED: [(&str, usize); 9] = [
    ("00", 18),
    ("01", 14),
    ("02", 14),
    ("11", 6),
    ("13", 6),
    ("17", 6),
    ("8017", 18),
    ("8018", 18),
    ("414", 13),
];

/// Elements of variable length that may stand on a wristband or a folder.
const VARIABLE: [&str; 7] = ["8004", "8003", "8019", "254", "253", "21", "10"];

/// Most elements that are read of one symbol: a wristband holds about ten.
const MAX_ELEMENTS: usize = 24;

/// What the element string `data` says; `None` if it names nothing of ours or is malformed.
pub fn read(data: &str) -> Option<Gs1> {
    let mut rest = data;
    for _ in 0..MAX_ELEMENTS {
        rest = rest.trim_start_matches(GROUP_SEPARATOR);
        if rest.is_empty() {
            return None;
        }
        let (identifier, value, after) = element(rest)?;
        match identifier {
            "8018" => return nhs_number(value).map(Gs1::Patient),
            "8004" => return Some(Gs1::Asset(value.to_owned())),
            _ => rest = after,
        }
    }
    None
}

fn element(text: &str) -> Option<(&'static str, &str, &str)> {
    for (identifier, len) in FIXED {
        if let Some(data) = text.strip_prefix(identifier) {
            return Some((identifier, data.get(..len)?, data.get(len..)?));
        }
    }
    let identifier = VARIABLE.into_iter().find(|identifier| text.starts_with(identifier))?;
    let data = text.strip_prefix(identifier)?;
    let end = data.find(GROUP_SEPARATOR).unwrap_or(data.len());
    Some((identifier, data.get(..end)?, data.get(end..)?))
}

/// The NHS number in a GSRN: 7 digits of company prefix, 10 of NHS number, 1 check digit (DCB1077).
fn nhs_number(gsrn: &str) -> Option<NhsNumber> {
    if !check_digit_is_right(gsrn) {
        return None;
    }
    gsrn.get(7..17)?.parse().ok()
}

/// Modulo 10 with weights 3 and 1 from the right (GS1 General Specifications, section 7.9.1).
fn check_digit_is_right(digits: &str) -> bool {
    let mut sum = 0;
    for (position, digit) in digits.chars().rev().enumerate() {
        let Some(digit) = digit.to_digit(10) else { return false };
        sum += if position % 2 == 1 { 3 * digit } else { digit };
    }
    !digits.is_empty() && sum % 10 == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A wristband as DCB1077 asks: GSRN, then provider and names in other elements.
    fn wristband(gsrn: &str) -> String {
        format!("8018{gsrn}\u{1D}21RX1")
    }

    #[test]
    fn a_wristband_opens_its_patient() {
        let stem = "50505059434765919";
        let check = (0..10).find(|digit| check_digit_is_right(&format!("{stem}{digit}"))).unwrap();
        let read = read(&wristband(&format!("{stem}{check}")));
        assert_eq!(read, Some(Gs1::Patient("9434765919".parse().unwrap())));
        assert_eq!(super::read(&wristband(&format!("{stem}{}", (check + 1) % 10))), None);
    }

    #[test]
    fn elements_before_the_one_we_want_are_skipped() {
        assert_eq!(
            read("0105012345678900\u{1D}10LOT1\u{1D}8004RX1-77"),
            Some(Gs1::Asset("RX1-77".to_owned()))
        );
        for nothing in ["", "\u{1D}", "8018", "99X", "01050123"] {
            assert_eq!(read(nothing), None, "{nothing:?}");
        }
    }
}
