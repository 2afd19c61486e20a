//! Patients and their numbers. `Debug` shows none of it.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

use super::PatientId;

/// A NHS number: ten digits whose last is a modulus 11 check digit (NHS Data Dictionary, NHS NUMBER).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NhsNumber(u64);

/// Ten digits that are no NHS number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a valid NHS number: ten digits with a right check digit are needed")]
pub struct BadNhsNumber;

impl FromStr for NhsNumber {
    type Err = BadNhsNumber;

    /// Reads ten digits; spaces and hyphens between them are allowed.
    fn from_str(text: &str) -> Result<Self, BadNhsNumber> {
        let mut digits = Vec::with_capacity(10);
        for c in text.chars().filter(|c| !matches!(c, ' ' | '-')) {
            digits.push(u64::from(c.to_digit(10).ok_or(BadNhsNumber)?));
        }
        let [stem @ .., check] = digits.as_slice() else { return Err(BadNhsNumber) };
        if stem.len() != 9 {
            return Err(BadNhsNumber);
        }
        let sum: u64 = stem.iter().zip((2..=10).rev()).map(|(digit, weight)| digit * weight).sum();
        let wanted = match 11 - sum % 11 {
            11 => 0,
            other => other,
        };
        if wanted == *check {
            Ok(Self(digits.iter().fold(0, |number, digit| number * 10 + digit)))
        } else {
            Err(BadNhsNumber)
        }
    }
}

impl NhsNumber {
    /// As it is written for people: 3, 3 and 4 digits.
    pub fn spaced(self) -> String {
        let (first, second, third) = (self.0 / 10_000_000, self.0 / 10_000 % 1_000, self.0 % 10_000);
        format!("{first:03} {second:03} {third:04}")
    }
}

/// Ten digits without spaces.
impl fmt::Display for NhsNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:010}", self.0)
    }
}

impl fmt::Debug for NhsNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NhsNumber(…)")
    }
}

/// Longest hospital or casenote number, in characters.
pub const MAX_NUMBER_LEN: usize = 32;

/// A hospital or casenote number as its issuing site writes it: visible ASCII, upper case, no inner spaces.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Number(String);

/// A text that no site issues as a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a usable number: 1 to {MAX_NUMBER_LEN} letters, digits or signs without accents are needed")]
pub struct BadNumber;

impl Number {
    /// The number in upper case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Number {
    type Err = BadNumber;
    fn from_str(text: &str) -> Result<Self, BadNumber> {
        let kept: String = text.chars().filter(|c| *c != ' ').collect();
        if (1..=MAX_NUMBER_LEN).contains(&kept.len()) && kept.bytes().all(|b| b.is_ascii_graphic()) {
            Ok(Self(kept.to_ascii_uppercase()))
        } else {
            Err(BadNumber)
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Number(…)")
    }
}

/// One patient, as far as the paper needs them.
#[derive(Clone, PartialEq, Eq)]
pub struct Patient {
    /// The store's handle.
    pub id: PatientId,
    /// Their NHS number, where known.
    pub nhs_number: Option<NhsNumber>,
    /// Family name.
    pub surname: String,
    /// Given names.
    pub forename: String,
    /// Day of birth.
    pub born: Option<Date>,
    /// Day of death.
    pub died: Option<Date>,
    /// Who told of them.
    pub source: Source,
}

/// Who told of a patient.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Source {
    /// Another system.
    Imported,
    /// A clerk typed them in here, and no import has told of them yet: provisional.
    TypedIn,
}

impl Patient {
    /// As a folder's cover names them: `SMITH John, 12-Mar-1950`.
    pub fn on_cover(&self) -> String {
        let surname = self.surname.to_uppercase();
        let born = self.born.map(born).unwrap_or_default();
        let name = [surname.as_str(), &self.forename].join(" ");
        [name.trim(), &born].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    }
}

/// `12-Mar-1950`: no reader takes the day for the month.
pub fn born(day: Date) -> String {
    day.strftime("%d-%b-%Y").to_string()
}

impl fmt::Debug for Patient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Patient({})", self.id.key())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_nhs_number_carries_its_check_digit() {
        assert_eq!("943-476 5919".parse::<NhsNumber>().unwrap().spaced(), "943 476 5919");
        for wrong in
            ["9434765918", "999 123 4560", "987 654 4321", "94347659190", "94347659", "943476591X", ""]
        {
            assert_eq!(wrong.parse::<NhsNumber>(), Err(BadNhsNumber), "{wrong}");
        }
    }

    #[test]
    fn a_cover_names_a_patient_as_far_as_they_are_known() {
        for (surname, forename, born, expected) in [
            ("Smith", "John", Some(jiff::civil::date(1950, 3, 12)), "SMITH John, 12-Mar-1950"),
            ("O\u{2019}Neill", "", Some(jiff::civil::date(1950, 3, 2)), "O\u{2019}NEILL, 02-Mar-1950"),
            ("Groß", "Anna", None, "GROSS Anna"),
            ("", "", None, ""),
        ] {
            let (surname, forename) = (surname.to_owned(), forename.to_owned());
            let patient = Patient {
                id: PatientId::new(1),
                nhs_number: None,
                surname,
                forename,
                born,
                died: None,
                source: Source::Imported,
            };
            assert_eq!(patient.on_cover(), expected);
        }
    }

    #[test]
    fn debug_shows_no_number() {
        let number: Number = "rx 123456".parse().unwrap();
        assert_eq!(format!("{number} {number:?}"), "RX123456 Number(…)");
    }
}
