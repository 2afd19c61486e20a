//! What somebody looks for, taken apart: the number it may be, the words of a name, a birth date.

mod day;
mod places;

use std::fmt;

use jiff::civil::Date;

use super::spelling::{plain, turns};
pub use places::places;

/// Longest question, in characters: a long double-barrelled name with a birth date, or two numbers.
pub const MAX_LEN: usize = 64;
/// Fewest letters of a name's beginning: one letter begins a tenth of all names.
pub const MIN_BEGINNING: usize = 2;
/// Fewest signs of a number's beginning.
pub const MIN_NUMBER: usize = 3;
/// Fewest letters that are looked for inside a word.
pub const MIN_INSIDE: usize = 3;

/// How closely something fits what was asked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Stage {
    /// It is the number, the code, the whole name of a place, or the birth date that was asked for.
    Exactly,
    /// It begins so.
    Beginning,
    /// It has each word somewhere inside.
    Containing,
}

/// A question to the search: one line of text, with what it may mean.
#[derive(Clone, PartialEq, Eq)]
pub struct Asked {
    text: String,
    words: Vec<String>,
    days: Vec<Date>,
    day_by_digits: Option<Date>,
}

/// Why a text is no question.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotAsked {
    /// Nothing stands there.
    #[error("type a name, a number, a birth date or a place")]
    Nothing,
    /// It is too long to be a name or a number.
    #[error("at most {MAX_LEN} characters: type a name, a number, a birth date or a place")]
    TooLong,
}

impl Asked {
    /// Takes `text` apart; `today` says which century a birth date in two digits can be of. Signs that turn the
    /// direction of writing come along with what is copied from a page, and mean nothing.
    pub fn read(text: &str, today: Date) -> Result<Self, NotAsked> {
        let text: String = text.chars().filter(|c| !turns(*c)).collect();
        let text = text.trim();
        match text.chars().count() {
            0 => return Err(NotAsked::Nothing),
            count if count > MAX_LEN => return Err(NotAsked::TooLong),
            _ => {}
        }
        let (days, rest) = day::take(text, today);
        Ok(Self {
            text: text.to_owned(),
            words: plain(&rest).split_whitespace().map(str::to_owned).collect(),
            days,
            day_by_digits: day::in_digits(text, today),
        })
    }

    /// As it was typed, without blanks at its ends and signs that turn the direction of writing.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The words of a name or a place, in the one spelling, without the birth date.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// The birth date: none, one, or two where a year of two digits leaves both centuries open.
    pub fn days(&self) -> &[Date] {
        &self.days
    }

    /// The birth date that eight digits would be, if they are no number.
    pub fn day_by_digits(&self) -> Option<Date> {
        self.day_by_digits
    }

    /// The name in each order of its parts: `JOHN SMITH`, `SMITH JOHN`; none where it is too short for a beginning.
    pub fn turns(&self) -> Vec<String> {
        let mut turns: Vec<String> = Vec::with_capacity(self.words.len());
        let mut words = self.words.clone();
        for _ in 0..self.words.len() {
            let turn = words.join(" ");
            if turn.chars().count() >= MIN_BEGINNING && !turns.contains(&turn) {
                turns.push(turn);
            }
            words.rotate_left(1);
        }
        turns
    }

    /// Whether a word is long enough to be looked for inside others.
    pub fn looks_inside(&self) -> bool {
        self.words.iter().any(|word| is_long(word))
    }

    /// Whether each word is in `name`: long ones anywhere, short ones where a word begins.
    pub fn is_inside(&self, name: &str) -> bool {
        self.words.iter().all(|word| if is_long(word) { name.contains(word) } else { begins_in(name, word) })
    }

    /// Whether each word begins a word of `name`.
    pub fn begins_words_of(&self, name: &str) -> bool {
        self.words.iter().all(|word| begins_in(name, word))
    }
}

/// Whether a word is long enough to be looked for inside others.
pub fn is_long(word: &str) -> bool {
    word.chars().count() >= MIN_INSIDE
}

fn begins_in(name: &str, word: &str) -> bool {
    name.split(' ').any(|other| other.starts_with(word))
}

impl fmt::Debug for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Asked(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: Date = jiff::civil::date(2026, 11, 23);

    fn asked(text: &str) -> Asked {
        Asked::read(text, TODAY).unwrap()
    }

    fn days(text: &str) -> String {
        asked(text).days().iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_birth_date_is_read_as_people_write_it() {
        for written in [
            "4/5/1961",
            "04-05-1961",
            "04.05.1961",
            "4.5.61",
            "1961-05-04",
            "4 May 1961",
            "4th may 1961",
            "May 4 1961",
            "04-May-1961",
            "04 05 1961",
        ] {
            assert_eq!(days(written), "1961-05-04", "{written}");
            assert!(asked(written).words().is_empty(), "{written}");
        }
        for no_day in
            ["31/2/1961", "4/5/2061", "4/13/1961", "4/5", "943 476 5919", "May 1961", "1/2/3/4", "4//61"]
        {
            assert_eq!(days(no_day), "", "{no_day}");
        }
    }

    #[test]
    fn a_year_of_two_digits_is_past_and_may_be_of_either_century() {
        assert_eq!(days("4.5.61"), "1961-05-04");
        assert_eq!(days("4.5.20"), "2020-05-04 1920-05-04");
        assert_eq!(days("24.11.26"), "1926-11-24", "tomorrow nobody was born yet");
    }

    #[test]
    fn eight_digits_may_be_a_day() {
        let day = |text| asked(text).day_by_digits().map(|day| day.to_string());
        assert_eq!(day("04051961").as_deref(), Some("1961-05-04"));
        assert_eq!(day("19610504").as_deref(), Some("1961-05-04"));
        assert_eq!(day("99999999"), None);
        assert_eq!(day("0405196"), None);
        assert!(asked("04051961").days().is_empty());
    }

    #[test]
    fn a_name_is_tried_in_each_order() {
        assert_eq!(asked("smith, john").turns(), ["SMITH JOHN", "JOHN SMITH"]);
        assert_eq!(asked("Maria de la Cruz").turns().last().unwrap(), "CRUZ MARIA DE LA");
        assert_eq!(asked("ann ann").turns(), ["ANN ANN"]);
        assert_eq!(asked("s").turns(), Vec::<String>::new());
        let with_date = asked("Smith 4/5/1961 J");
        assert_eq!((with_date.words().join(" "), with_date.days().len()), ("SMITH J".to_owned(), 1));
    }

    #[test]
    fn what_was_copied_with_signs_that_turn_the_writing_is_asked_without_them() {
        let copied = asked("\u{2068}דנה\u{2069} 4/5\u{200e}/1961");
        assert_eq!((copied.text(), copied.words().join(" ").as_str()), ("דנה 4/5/1961", "דנה"));
        assert_eq!(days("\u{202a}4/5/1961\u{202c}"), "1961-05-04");
        assert_eq!(asked("\u{200f}900002\u{61c}").text(), "900002");
        assert_eq!(Asked::read("\u{2068}\u{2069}", TODAY), Err(NotAsked::Nothing));
    }

    #[test]
    fn what_is_no_question_says_what_to_type() {
        assert_eq!(Asked::read(" \u{a0} ", TODAY), Err(NotAsked::Nothing));
        assert_eq!(Asked::read(&"x".repeat(10_000), TODAY), Err(NotAsked::TooLong));
        assert!(NotAsked::TooLong.to_string().contains("at most 64 characters"));
        assert_eq!(format!("{:?}", asked("Smith")), "Asked(…)");
    }
}
