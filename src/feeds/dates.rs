//! How a feed writes its dates and times: `DD/MM/YYYY HH:MM`, `CCYYMMDDHHMM`, `DD-MON-YYYY`.
//!
//! `CCYY` or `YYYY` is the year, `MM` the month, `MON` its English name cut to three letters, `DD` the day, `HH` the
//! hour, `MM` right behind an hour the minute, `SS` the second; `D`, `M`, `H` take one digit or two. Anything else but a
//! letter stands for itself, and so does a `T`. A year of two digits says no century and is refused.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, Time};

use super::cells::YEARS;

/// Longest pattern, in characters.
const MAX_PATTERN_LEN: usize = 40;
const MONTHS: [&str; 12] =
    ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum What {
    Year,
    Month,
    Day,
    Hour,
    Minute,
    Second,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Digits {
    Exactly(usize),
    OneOrTwo,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Part {
    Number(What, Digits),
    MonthName,
    Blank,
    Sign(char),
}

impl Part {
    /// What it says; the name of a month says the month.
    const fn what(self) -> Option<What> {
        match self {
            Self::Number(what, _) => Some(what),
            Self::MonthName => Some(What::Month),
            Self::Blank | Self::Sign(_) => None,
        }
    }
}

/// A day, and a time of it where one is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Written {
    pub day: Date,
    pub time: Option<Time>,
}

/// As the rest of the program reads it.
impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.time {
            Some(time) => write!(f, "{} {time}", self.day),
            None => write!(f, "{}", self.day),
        }
    }
}

/// One way of writing a date.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Pattern {
    text: String,
    parts: Vec<Part>,
}

/// Why a pattern is none.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub(super) enum NoPattern {
    #[error("the pattern is longer than {MAX_PATTERN_LEN} characters: write one like DD/MM/YYYY HH:MM")]
    TooLong,
    #[error("YY says no century: have the year written in four digits, CCYY")]
    NoCentury,
    #[error("{0} means nothing in a date: use CCYY, MM or MON, DD, HH, MM and SS")]
    Unknown(char),
    #[error("it says the {0} twice: leave one out")]
    Twice(&'static str),
    #[error("it says no {0}: a date needs CCYY, MM and DD")]
    Without(&'static str),
    #[error("it says the {0} and not the {1}")]
    Alone(&'static str, &'static str),
    #[error("D, M and H take one digit or two: put a sign behind them, or write DD, MM, HH")]
    RunsOn,
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl FromStr for Pattern {
    type Err = NoPattern;

    fn from_str(text: &str) -> Result<Self, NoPattern> {
        if text.chars().count() > MAX_PATTERN_LEN {
            return Err(NoPattern::TooLong);
        }
        let upper = text.trim().to_ascii_uppercase();
        let mut parts: Vec<Part> = Vec::new();
        let mut rest = upper.as_str();
        while !rest.is_empty() {
            let (part, behind) = part(rest, &parts)?;
            parts.push(part);
            rest = behind;
        }
        check(&parts)?;
        Ok(Self { text: text.trim().to_owned(), parts })
    }
}

/// The next part of a pattern, and what stands behind it.
fn part<'a>(rest: &'a str, before: &[Part]) -> Result<(Part, &'a str), NoPattern> {
    use Digits::{Exactly, OneOrTwo};
    let words = [
        ("CCYY", Part::Number(What::Year, Exactly(4))),
        ("YYYY", Part::Number(What::Year, Exactly(4))),
        ("MON", Part::MonthName),
        ("MM", Part::Number(What::Month, Exactly(2))),
        ("M", Part::Number(What::Month, OneOrTwo)),
        ("DD", Part::Number(What::Day, Exactly(2))),
        ("D", Part::Number(What::Day, OneOrTwo)),
        ("HH", Part::Number(What::Hour, Exactly(2))),
        ("H", Part::Number(What::Hour, OneOrTwo)),
        ("SS", Part::Number(What::Second, Exactly(2))),
    ];
    if let Some((part, behind)) =
        words.iter().find_map(|(word, part)| Some((*part, rest.strip_prefix(word)?)))
    {
        return Ok((minutes(part, before), behind));
    }
    let mut signs = rest.chars();
    match signs.next() {
        Some('Y') => Err(NoPattern::NoCentury),
        Some(' ') => Ok((Part::Blank, rest.trim_start())),
        Some(sign) if sign == 'T' || !sign.is_alphanumeric() => Ok((Part::Sign(sign), signs.as_str())),
        Some(sign) => Err(NoPattern::Unknown(sign)),
        None => Ok((Part::Blank, rest)),
    }
}

/// `MM` is the minute where the number before it is the hour.
fn minutes(part: Part, before: &[Part]) -> Part {
    let follows_hour = before.iter().rev().find_map(|part| part.what()) == Some(What::Hour);
    match part {
        Part::Number(What::Month, digits) if follows_hour => Part::Number(What::Minute, digits),
        Part::Number(..) | Part::MonthName | Part::Blank | Part::Sign(_) => part,
    }
}

fn check(parts: &[Part]) -> Result<(), NoPattern> {
    let times = |wanted: What| parts.iter().filter(|part| part.what() == Some(wanted)).count();
    let names = [
        (What::Year, "year"),
        (What::Month, "month"),
        (What::Day, "day"),
        (What::Hour, "hour"),
        (What::Minute, "minute"),
        (What::Second, "second"),
    ];
    for (what, name) in names {
        if times(what) > 1 {
            return Err(NoPattern::Twice(name));
        }
    }
    let missing = names.iter().take(3).find(|(what, _)| times(*what) == 0);
    if let Some((_, name)) = missing {
        return Err(NoPattern::Without(name));
    }
    if times(What::Hour) != times(What::Minute) {
        let (said, missing) = if times(What::Hour) > 0 { ("hour", "minute") } else { ("minute", "hour") };
        return Err(NoPattern::Alone(said, missing));
    }
    if times(What::Second) > times(What::Minute) {
        return Err(NoPattern::Alone("second", "minute"));
    }
    let runs_on =
        parts.windows(2).any(|pair| matches!(pair, [Part::Number(_, Digits::OneOrTwo), Part::Number(..)]));
    if runs_on { Err(NoPattern::RunsOn) } else { Ok(()) }
}

impl Pattern {
    /// The date that a text is by this pattern.
    fn read(&self, text: &str) -> Option<Written> {
        let (mut year, mut month, mut day) = (0_i16, 0_i8, 0_i8);
        let (mut hour, mut minute, mut second) = (None, 0_i8, 0_i8);
        let mut rest = text.trim();
        for part in &self.parts {
            let (number, behind) = taken(rest, *part)?;
            rest = behind;
            let small = || i8::try_from(number).ok();
            match part.what() {
                Some(What::Year) => year = number,
                Some(What::Month) => month = small()?,
                Some(What::Day) => day = small()?,
                Some(What::Hour) => hour = Some(small()?),
                Some(What::Minute) => minute = small()?,
                Some(What::Second) => second = small()?,
                None => {}
            }
        }
        let day = Date::new(year, month, day).ok().filter(|day| YEARS.contains(&day.year()))?;
        let time = match hour {
            Some(hour) => Some(Time::new(hour, minute, second, 0).ok()?),
            None => None,
        };
        rest.is_empty().then_some(Written { day, time })
    }

    /// The text that a date would be.
    fn write(&self, date: Date, time: Time) -> String {
        let number = |what| match what {
            What::Year => i64::from(date.year()),
            What::Month => i64::from(date.month()),
            What::Day => i64::from(date.day()),
            What::Hour => i64::from(time.hour()),
            What::Minute => i64::from(time.minute()),
            What::Second => i64::from(time.second()),
        };
        let month = usize::try_from(date.month() - 1).ok().and_then(|month| MONTHS.get(month));
        let parts = self.parts.iter().map(|part| match part {
            Part::Number(what, Digits::Exactly(width)) => format!("{:0width$}", number(*what), width = width),
            Part::Number(what, Digits::OneOrTwo) => number(*what).to_string(),
            Part::MonthName => month.copied().unwrap_or_default().to_owned(),
            Part::Blank => " ".to_owned(),
            Part::Sign(sign) => sign.to_string(),
        });
        parts.collect()
    }
}

/// What a part takes of a text: its number, and what stands behind.
fn taken(rest: &str, part: Part) -> Option<(i16, &str)> {
    match part {
        Part::Sign(sign) => {
            let first = rest.chars().next()?;
            let behind = rest.get(first.len_utf8()..)?;
            first.eq_ignore_ascii_case(&sign).then_some((0, behind))
        }
        Part::Blank => {
            let behind = rest.trim_start();
            (behind.len() < rest.len()).then_some((0, behind))
        }
        Part::MonthName => {
            let (name, behind) = rest.split_at_checked(3)?;
            let at = MONTHS.iter().position(|month| month.eq_ignore_ascii_case(name))?;
            Some((i16::try_from(at + 1).ok()?, behind))
        }
        Part::Number(_, digits) => {
            let there = rest.bytes().take_while(u8::is_ascii_digit).count();
            let width = match digits {
                Digits::Exactly(width) => width,
                Digits::OneOrTwo => there.min(2),
            };
            let (number, behind) = rest.split_at_checked(width).filter(|_| (1..=there).contains(&width))?;
            Some((number.parse().ok()?, behind))
        }
    }
}

/// What a text is by a list of patterns.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Meant {
    /// This.
    One(Written),
    /// None of them fits.
    Nothing,
    /// Two fit, and say different days or times: nobody guesses.
    TwoWays(Written, Written),
}

/// Reads a text by all of the patterns.
pub(super) fn read(patterns: &[Pattern], text: &str) -> Meant {
    let mut readings = patterns.iter().filter_map(|pattern| pattern.read(text));
    let Some(first) = readings.next() else { return Meant::Nothing };
    readings.find(|other| *other != first).map_or(Meant::One(first), |other| Meant::TwoWays(first, other))
}

/// Two patterns of a list by which one text is two dates: it need not come to that before the first file is read.
pub(super) fn clash(patterns: &[Pattern]) -> Option<(&Pattern, &Pattern, String)> {
    let time = Time::constant(4, 5, 6, 0);
    let days = [Date::constant(2003, 2, 1), Date::constant(2011, 12, 10), Date::constant(1920, 11, 12)];
    patterns.iter().enumerate().find_map(|(at, one)| {
        patterns.iter().skip(at + 1).find_map(|other| {
            let texts = days.iter().flat_map(|day| [one.write(*day, time), other.write(*day, time)]);
            let mut two = texts.filter(|text| match (one.read(text), other.read(text)) {
                (Some(first), Some(second)) => first != second,
                (Some(_) | None, None) | (None, Some(_)) => false,
            });
            two.next().map(|text| (one, other, text))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn patterns(texts: &[&str]) -> Vec<Pattern> {
        texts.iter().map(|text| text.parse().unwrap()).collect()
    }

    #[test]
    fn the_three_formats_of_one_system_are_read_beside_each_other() {
        let list = patterns(&["DD/MM/YYYY HH:MM", "CCYYMMDDHHMM", "CCYYMMDD"]);
        for (text, meant) in [
            ("23/11/2026 14:05", "2026-11-23 14:05:00"),
            ("202611231405", "2026-11-23 14:05:00"),
            ("20261123", "2026-11-23"),
            ("  20261123 ", "2026-11-23"),
        ] {
            let Meant::One(written) = read(&list, text) else { panic!("{text}") };
            assert_eq!(written.to_string(), meant, "{text}");
        }
        for text in [
            "",
            "23/11/2026",
            "20261323",
            "20260230",
            "202611232405",
            "2026112",
            "02026112",
            "1/2/2026 09:00",
        ] {
            assert_eq!(read(&list, text), Meant::Nothing, "{text}");
        }
        assert!(clash(&list).is_none());
    }

    #[test]
    fn a_pattern_reads_what_it_writes_and_nothing_else() {
        for (pattern, text, meant) in [
            ("dd-mon-yyyy", "23-NOV-2026", "2026-11-23"),
            ("D/M/YYYY", "3/4/1999", "1999-04-03"),
            ("D/M/YYYY", "13/04/1999", "1999-04-13"),
            ("YYYY-MM-DDTHH:MM:SS", "2026-11-23t14:05:06", "2026-11-23 14:05:06"),
            ("CCYYMMDD HHMM", "20261123   0905", "2026-11-23 09:05:00"),
            ("HH.MM DD.MM.YYYY", "14.05 23.11.2026", "2026-11-23 14:05:00"),
        ] {
            let list = patterns(&[pattern]);
            let Meant::One(written) = read(&list, text) else { panic!("{pattern}: {text}") };
            assert_eq!(written.to_string(), meant, "{pattern}");
            assert_eq!(read(&list, &format!("{text}x")), Meant::Nothing, "{pattern}");
        }
    }

    #[test]
    fn a_pattern_that_says_too_little_or_too_much_is_refused() {
        let told =
            ["DD/MM/YY", "DD/MM", "DD/MM/YYYY HH", "DD/MM/YYYY MM", "DMYYYY", "QQ/MM/YYYY", "DD/MM/YYYY :SS"];
        let lines: Vec<_> =
            told.iter().map(|text| format!("{text}: {}", text.parse::<Pattern>().unwrap_err())).collect();
        insta::assert_snapshot!(lines.join("\n"), @r"
        DD/MM/YY: YY says no century: have the year written in four digits, CCYY
        DD/MM: it says no year: a date needs CCYY, MM and DD
        DD/MM/YYYY HH: it says the hour and not the minute
        DD/MM/YYYY MM: it says the month twice: leave one out
        DMYYYY: D, M and H take one digit or two: put a sign behind them, or write DD, MM, HH
        QQ/MM/YYYY: Q means nothing in a date: use CCYY, MM or MON, DD, HH, MM and SS
        DD/MM/YYYY :SS: it says the second and not the minute
        ");
    }

    #[test]
    fn a_day_that_reads_two_ways_is_never_guessed() {
        let list = patterns(&["DD/MM/YYYY", "MM/DD/YYYY"]);
        let Meant::TwoWays(one, other) = read(&list, "03/04/1999") else { panic!("guessed") };
        assert_eq!((one.to_string(), other.to_string()), ("1999-04-03".to_owned(), "1999-03-04".to_owned()));
        assert!(matches!(read(&list, "13/04/1999"), Meant::One(_)));
        let (one, other, text) = clash(&list).unwrap();
        assert_eq!(format!("{one} {other} {text}"), "DD/MM/YYYY MM/DD/YYYY 01/02/2003");
        assert!(clash(&patterns(&["CCYYMMDD", "DDMMCCYY"])).is_none(), "the century says which");
        assert!(clash(&patterns(&["DD/MM/YYYY", "D/M/YYYY"])).is_none(), "they agree");
    }
}
