//! Those who may be meant, each beside what was typed.

use super::person::{Typing, folders, name, tags};
use crate::domain::making::Alike;
use crate::domain::patient::NhsNumber;
use crate::domain::spelling::plain;
use crate::store::Person;
use crate::web::when;

/// What is alike is chosen by the keys 1 to 9.
const KEYS: usize = 9;
/// What is said where more fit than are shown.
pub const MORE: &str = "More people fit. Type their forename or birth date as well, and look again.";

/// Who may be meant.
pub struct Compare {
    pub title: &'static str,
    /// Whether anybody may be meant.
    pub has_any: bool,
    pub alike: Vec<Match>,
    pub others: Vec<Match>,
    /// That more were found.
    pub more: Vec<&'static str>,
    /// What a new patient still needs.
    pub missing: Vec<&'static str>,
}

/// One who may be meant, beside what was typed.
pub struct Match {
    /// The key that chooses them; none after the ninth.
    pub key: Vec<usize>,
    pub patient: String,
    pub name: String,
    pub tags: Vec<String>,
    pub why: &'static str,
    pub rows: Vec<Row>,
    pub folders: String,
    pub is_passed: bool,
}

/// One fact, typed and known.
pub struct Row {
    pub what: &'static str,
    pub typed: String,
    pub known: String,
    /// `same`, `differs`, or nothing where one is missing.
    pub mark: &'static str,
}

/// Those who are much like who was typed in, then those who were found otherwise.
pub fn compare(typing: &Typing<'_>, alike: &[(Alike, Person)], others: &[Person]) -> Compare {
    let keys = |at: usize| (at < KEYS).then_some(at + 1).into_iter().collect();
    let near = alike.iter().enumerate();
    let found = (alike.len()..).zip(others);
    Compare {
        title: match (alike.len(), others.len()) {
            (0, 0) => "Nobody like this is known",
            (0, _) => "Is it one of these?",
            (_, _) => "Much like what you typed: is it the same person?",
        },
        has_any: !alike.is_empty() || !others.is_empty(),
        alike: near.map(|(at, (alike, person))| match_of(typing, keys(at), alike.says(), person)).collect(),
        others: found.map(|(at, person)| match_of(typing, keys(at), "", person)).collect(),
        more: Vec::new(),
        missing: Vec::new(),
    }
}

fn match_of(typing: &Typing<'_>, key: Vec<usize>, why: &'static str, person: &Person) -> Match {
    let patient = &person.patient;
    Match {
        key,
        patient: patient.id.key().to_string(),
        name: name(patient),
        tags: tags(patient),
        why,
        rows: rows(typing, person),
        folders: folders(person),
        is_passed: typing.posting.passed.contains(&patient.id),
    }
}

/// What was typed and what is known, side by side.
fn rows(typing: &Typing<'_>, person: &Person) -> Vec<Row> {
    let Typing { posting, read } = typing;
    let patient = &person.patient;
    let numbers: Vec<_> = person.numbers.iter().map(ToString::to_string).collect();
    let nhs = patient.nhs_number.map(NhsNumber::spaced).unwrap_or_default();
    let number = posting.number.replace(' ', "").to_uppercase();
    let knows_number = numbers.contains(&number);
    vec![
        row("Surname", &posting.surname, &patient.surname, is_same_name),
        row("Forename", &posting.forename, &patient.forename, is_same_name),
        row("Born", &typing.born(), &patient.born.map(when::date).unwrap_or_default(), |_, _| {
            read.born == patient.born
        }),
        row("NHS number", &typing.nhs_number(), &nhs, |_, _| read.nhs_number == patient.nhs_number),
        row("Hospital number", &posting.number, &numbers.join(", "), |_, _| knows_number),
    ]
}

fn row(what: &'static str, typed: &str, known: &str, is_same: impl Fn(&str, &str) -> bool) -> Row {
    let mark = match (typed.is_empty() || known.is_empty(), is_same(typed, known)) {
        (true, _) => "",
        (false, true) => "same",
        (false, false) => "differs",
    };
    let or_none = |text: &str| if text.is_empty() { "–".to_owned() } else { text.to_owned() };
    Row { what, typed: or_none(typed), known: or_none(known), mark }
}

fn is_same_name(one: &str, other: &str) -> bool {
    plain(one) == plain(other)
}
