//! Who is much like a patient that is typed in: the slips by which one person gets two records.

use jiff::civil::Date;

use super::TypedIn;
use crate::domain::patient::{MAX_NUMBER_LEN, Number, Patient};
use crate::domain::spelling::plain;

/// Most texts beside another one: each of its signs one of nine other digits, or swapped with the next.
pub const MAX_BESIDE: usize = 10 * MAX_NUMBER_LEN;

/// In what way somebody known is much like a patient that is typed in; the surest sign first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Alike {
    /// They have the same NHS number.
    NhsNumber,
    /// They have the same name and birth date.
    NameAndBirth,
    /// They have the same name, and birth dates that a slip of the finger makes of each other.
    BirthBeside,
    /// They have the same name, and nothing is known that tells them apart.
    NoBirth,
    /// They have the same surname and birth date: one person by two forenames, or twins.
    SurnameAndBirth,
    /// Their hospital numbers are the same or a slip of the finger apart, and so is the name or the birth date the same.
    Number,
}

impl Alike {
    /// What is alike, in words.
    pub const fn says(self) -> &'static str {
        match self {
            Self::NhsNumber => "Same NHS number",
            Self::NameAndBirth => "Same name and birth date",
            Self::BirthBeside => "Same name; birth date one digit off, or swapped",
            Self::NoBirth => "Same name; a birth date is missing",
            Self::SurnameAndBirth => "Same surname and birth date",
            Self::Number => "Hospital number the same, one digit off, or swapped",
        }
    }
}

/// How `known`, with these numbers, is much like `typed`, if they are.
pub fn alike(typed: &TypedIn, known: &Patient, numbers: &[Number]) -> Option<Alike> {
    if typed.nhs_number.is_some() && typed.nhs_number == known.nhs_number {
        return Some(Alike::NhsNumber);
    }
    let name = same_words(&name(&typed.surname, &typed.forename), &name(&known.surname, &known.forename));
    let birth = typed.born.is_some() && typed.born == known.born;
    let surname = !plain(&typed.surname).is_empty() && plain(&typed.surname) == plain(&known.surname);
    let number = numbers.iter().any(|number| is_same_or_beside(number.as_str(), typed.number.as_str()));
    match (typed.born, known.born) {
        _ if name && birth => Some(Alike::NameAndBirth),
        (Some(one), Some(other)) if name && are_days_beside(one, other) => Some(Alike::BirthBeside),
        (None, _) | (_, None) if name => Some(Alike::NoBirth),
        _ if surname && birth => Some(Alike::SurnameAndBirth),
        _ if number && (name || birth) => Some(Alike::Number),
        _ => None,
    }
}

fn name(surname: &str, forename: &str) -> String {
    plain(&format!("{surname} {forename}"))
}

/// Whether two names have the same words, in whichever order they were typed.
fn same_words(one: &str, other: &str) -> bool {
    let sorted = |name: &str| {
        let mut words: Vec<_> = name.split(' ').map(str::to_owned).collect();
        words.sort_unstable();
        words
    };
    !one.is_empty() && sorted(one) == sorted(other)
}

/// The name in the one spelling as it may stand in a record: surname first, or typed the wrong way round.
pub fn turns(typed: &TypedIn) -> Vec<String> {
    let mut turns = vec![name(&typed.surname, &typed.forename), name(&typed.forename, &typed.surname)];
    turns.dedup();
    turns.retain(|turn| !turn.is_empty());
    turns
}

/// The numbers that a slip of the finger makes of this one.
pub fn numbers_beside(number: &Number) -> Vec<Number> {
    beside(number.as_str()).iter().filter_map(|text| text.parse().ok()).collect()
}

/// The days that a slip of the finger makes of this one, as it is written 04051961; or day and month exchanged.
pub fn days_beside(day: Date) -> Vec<Date> {
    let mut days: Vec<Date> = beside(&written(day)).iter().filter_map(|text| read(text)).collect();
    days.extend(exchanged(day));
    days.sort_unstable();
    days.dedup();
    days
}

fn written(day: Date) -> String {
    format!("{:02}{:02}{:04}", day.day(), day.month(), day.year())
}

fn read(text: &str) -> Option<Date> {
    let (day, rest) = text.split_at_checked(2)?;
    let (month, year) = rest.split_at_checked(2)?;
    Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()
}

fn exchanged(day: Date) -> Option<Date> {
    Date::new(day.year(), day.day(), day.month()).ok().filter(|other| *other != day)
}

fn are_days_beside(one: Date, other: Date) -> bool {
    is_slip(&written(one), &written(other)) || exchanged(one) == Some(other)
}

fn is_same_or_beside(one: &str, other: &str) -> bool {
    one == other || is_slip(one, other)
}

/// Whether one digit differs, or two neighbouring ones are swapped.
fn is_slip(one: &str, other: &str) -> bool {
    let (one, other): (Vec<_>, Vec<_>) = (one.chars().collect(), other.chars().collect());
    if one.len() != other.len() {
        return false;
    }
    let differ: Vec<_> = one.iter().zip(&other).enumerate().filter(|(_, (a, b))| a != b).collect();
    let digits = differ.iter().all(|(_, (a, b))| a.is_ascii_digit() && b.is_ascii_digit());
    match differ.as_slice() {
        [_] => digits,
        [(at, (a, b)), (next, (c, d))] => digits && *next == at + 1 && a == d && b == c,
        _ => false,
    }
}

/// Every text that is a slip of the finger away from `text`: [`MAX_BESIDE`] at most of one that is a number.
fn beside(text: &str) -> Vec<String> {
    let signs: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    for (at, sign) in signs.iter().enumerate().filter(|(_, sign)| sign.is_ascii_digit()) {
        let with = |put: &[char]| {
            let mut other = signs.clone();
            other.splice(at..at + put.len(), put.iter().copied());
            other.iter().collect::<String>()
        };
        found.extend(('0'..='9').filter(|digit| digit != sign).map(|digit| with(&[digit])));
        let next = signs.get(at + 1).filter(|next| next.is_ascii_digit() && *next != sign);
        found.extend(next.map(|next| with(&[*next, *sign])));
    }
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::PatientId;
    use crate::domain::patient::Source;

    fn typed(number: &str, nhs: &str, surname: &str, forename: &str, born: &str) -> TypedIn {
        TypedIn {
            site: "RX1".parse().unwrap(),
            number: number.parse().unwrap(),
            nhs_number: nhs.parse().ok(),
            surname: surname.to_owned(),
            forename: forename.to_owned(),
            born: born.parse().ok(),
        }
    }

    fn known(nhs: &str, surname: &str, forename: &str, born: &str) -> Patient {
        Patient {
            id: PatientId::new(1),
            nhs_number: nhs.parse().ok(),
            surname: surname.to_owned(),
            forename: forename.to_owned(),
            born: born.parse().ok(),
            died: None,
            source: Source::Imported,
        }
    }

    #[test]
    fn the_slips_by_which_one_person_gets_two_records_are_told() {
        let nhs = "9434765919";
        let zoe = typed("123456", nhs, "O'Brien", "Zoë", "1961-05-04");
        for (number, nhs, surname, forename, born, says) in [
            ("900", nhs, "Other", "Name", "1999-01-01", Some(Alike::NhsNumber)),
            ("900", "", "OBRIEN", "Zoe", "1961-05-04", Some(Alike::NameAndBirth)),
            ("900", "", "Zoe", "O’Brien", "1961-05-04", Some(Alike::NameAndBirth)),
            ("900", "", "O'Brien", "Zoe", "1961-04-05", Some(Alike::BirthBeside)),
            ("900", "", "O'Brien", "Zoe", "1916-05-04", Some(Alike::BirthBeside)),
            ("900", "", "O'Brien", "Zoe", "1962-05-04", Some(Alike::BirthBeside)),
            ("900", "", "O'Brien", "Zoe", "1972-05-04", None),
            ("900", "", "O'Brien", "Zoe", "", Some(Alike::NoBirth)),
            ("900", "", "O'Brien", "Zara", "1961-05-04", Some(Alike::SurnameAndBirth)),
            ("900", "", "O'Brien", "Zara", "", None),
            ("123465", "", "Smith", "Ann", "1961-05-04", Some(Alike::Number)),
            ("123457", "", "O'Brien", "Zoe", "1972-05-04", Some(Alike::Number)),
            ("123456", "", "O'Brien", "Zoe", "1972-05-04", Some(Alike::Number)),
            ("123457", "", "Smith", "Ann", "1972-05-04", None),
            ("123457", "", "", "", "", None),
        ] {
            let known = known(nhs, surname, forename, born);
            assert_eq!(alike(&zoe, &known, &[number.parse().unwrap()]), says, "{number} {forename} {born}");
        }
    }

    #[test]
    fn nobody_is_like_somebody_without_a_name_but_by_their_nhs_number() {
        let nobody = typed("123456", "", "", "", "");
        assert_eq!(alike(&nobody, &known("", "", "", ""), &["123456".parse().unwrap()]), None);
    }

    #[test]
    fn a_name_is_looked_for_in_both_orders() {
        assert_eq!(turns(&typed("1", "", "Lee", "Ann", "")), ["LEE ANN", "ANN LEE"]);
        assert_eq!(turns(&typed("1", "", "Lee", "Lee", "")), ["LEE LEE"]);
        assert_eq!(turns(&typed("1", "", "", "", "")), Vec::<String>::new());
    }

    #[test]
    fn the_days_beside_one_are_days_and_few() {
        let days = days_beside(jiff::civil::date(1961, 5, 4));
        let has = |day: &str| days.contains(&day.parse().unwrap());
        assert!(has("1961-04-05") && has("1961-05-14") && has("1916-05-04") && has("1961-05-09"));
        assert!(!has("1961-05-04") && days.len() < 60, "{days:?}");
    }

    proptest! {
        #[test]
        fn what_is_beside_is_beside_each_other_and_bounded(number in "[A-Z]{0,2}[0-9]{1,12}[A-Z]?") {
            let number: Number = number.parse().unwrap();
            let others = numbers_beside(&number);
            prop_assert!(others.len() <= MAX_BESIDE && !others.contains(&number));
            for other in others {
                prop_assert!(is_slip(number.as_str(), other.as_str()));
                prop_assert!(numbers_beside(&other).contains(&number));
            }
        }

        #[test]
        fn a_slip_is_among_those_looked_up(one in "[0-9A]{1,8}", other in "[0-9A]{1,8}") {
            prop_assert_eq!(beside(&one).contains(&other), is_slip(&one, &other));
        }

        #[test]
        fn days_a_slip_apart_are_looked_up_from_both(days in 0..60_000_i32, other in 0..60_000_i32) {
            let day = |days: i32| jiff::civil::date(1870, 1, 1).checked_add(jiff::Span::new().days(days)).unwrap();
            let (one, other) = (day(days), day(other));
            prop_assert_eq!(days_beside(one).contains(&other), are_days_beside(one, other));
            for beside in days_beside(one) {
                prop_assert!(are_days_beside(beside, one) && days_beside(beside).contains(&one));
            }
        }
    }
}
