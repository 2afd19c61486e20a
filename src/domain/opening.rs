//! Opening hours as hospitals write them: `Mon-Thu 08:00-18:00, Fri 08:00-16:00`, `24 hours`.
//!
//! What cannot be read for certain is not read at all: the page then shows the hospital's own words. Bank holidays
//! are not known here.

use jiff::civil::{DateTime, Time, Weekday};

/// Minutes in a day.
const DAY_MIN: u16 = 24 * 60;
/// Minutes in a week.
const WEEK_MIN: u16 = 7 * DAY_MIN;
/// Days whose hours a text without days tells: an office's hours say nothing about its weekend.
const WORKING_DAYS: [bool; 7] = [true, true, true, true, true, false, false];
const EVERY_DAY: [bool; 7] = [true; 7];

/// When somebody answers, week by week.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Opening {
    /// From and to, in minutes since Monday 00:00; `to` is later than `from` and may lie in the next week.
    spans: Vec<(u16, u16)>,
    /// Whether the text says anything about this day, Monday first.
    said: [bool; 7],
}

/// A day of the week and a time of that day.
pub type DayTime = (Weekday, Time);

/// Whether somebody answers at a time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Hours {
    /// Day and night.
    Always,
    /// Open until then.
    OpenUntil(DayTime),
    /// Closed; opens again then, where that is said.
    Closed(Option<DayTime>),
    /// The text says nothing about this day.
    Unsaid,
}

impl Opening {
    /// Reads the hospital's words; `None` where they could mean two things.
    pub fn parse(text: &str) -> Option<Self> {
        let tokens = tokens(&normal(text))?;
        let mut reader = Reader::default();
        let mut rest = tokens.as_slice();
        while let Some((first, after)) = rest.split_first() {
            rest = match (first, after) {
                (Token::Days(from), [Token::Dash, Token::Days(to), after @ ..]) => {
                    reader.days(range(*from, *to)?);
                    after
                }
                (Token::Days(days), after) => {
                    reader.days(*days);
                    after
                }
                (Token::Time(from), [Token::Dash, Token::Time(to), after @ ..]) => {
                    reader.span(*from, *to)?;
                    after
                }
                (Token::Closed, after) => {
                    reader.closed()?;
                    after
                }
                (Token::Comma, after) => after,
                (Token::Time(_) | Token::Dash, _) => return None,
            };
        }
        reader.finish()
    }

    /// Whether somebody answers at this local time, and until or from when.
    pub fn at(&self, local: DateTime) -> Hours {
        let day = u16::try_from(local.weekday().to_monday_zero_offset()).unwrap_or(0);
        let hour = u16::try_from(local.hour()).unwrap_or(0);
        let now = day * DAY_MIN + hour * 60 + u16::try_from(local.minute()).unwrap_or(0);
        match self.open_until(now) {
            Some(until) if until - now >= WEEK_MIN => Hours::Always,
            Some(until) => Hours::OpenUntil(day_time(until)),
            None if !self.is_said(now) => Hours::Unsaid,
            None => Hours::Closed(self.opens_after(now).map(day_time)),
        }
    }

    /// Whether somebody surely answers at this local time.
    pub fn is_open(&self, local: DateTime) -> bool {
        matches!(self.at(local), Hours::Always | Hours::OpenUntil(_))
    }

    /// When it closes, in minutes of the week of `now`, spans that follow each other joined; `None` if it is closed.
    fn open_until(&self, now: u16) -> Option<u16> {
        let mut until = now;
        // A week has few spans; each step goes on by at least one.
        while let Some(further) = self.covering(until) {
            until = further;
            if until - now >= WEEK_MIN {
                break;
            }
        }
        (until > now).then_some(until)
    }

    /// The furthest end of the spans that cover a minute.
    fn covering(&self, minute: u16) -> Option<u16> {
        let shifted = |(from, to): (u16, u16)| {
            [0, WEEK_MIN].map(|by| (from + by, to + by)).into_iter().chain(
                // A span over the end of the week covers the beginning of the next.
                (to > WEEK_MIN).then(|| (0, to - WEEK_MIN)),
            )
        };
        let covers = |(from, to): &(u16, u16)| *from <= minute && minute < *to;
        self.spans.iter().copied().flat_map(shifted).filter(covers).map(|(_, to)| to).max()
    }

    /// When it opens next; `None` where a day of which nothing is said lies between.
    fn opens_after(&self, now: u16) -> Option<u16> {
        let begins = self.spans.iter().map(|(from, _)| if *from > now { *from } else { from + WEEK_MIN });
        let opens = begins.min()?;
        let all_said = (now / DAY_MIN..opens / DAY_MIN).all(|day| self.is_said(day * DAY_MIN));
        all_said.then_some(opens)
    }

    fn is_said(&self, minute: u16) -> bool {
        self.said.get(usize::from(minute / DAY_MIN % 7)).copied().unwrap_or(false)
    }
}

fn day_time(minute: u16) -> DayTime {
    let day = i8::try_from(minute / DAY_MIN % 7).unwrap_or(0);
    let weekday = Weekday::from_monday_zero_offset(day).unwrap_or(Weekday::Monday);
    let within = minute % DAY_MIN;
    let part = |number: u16| i8::try_from(number).unwrap_or(0);
    (weekday, Time::new(part(within / 60), part(within % 60), 0, 0).unwrap_or(Time::MIN))
}

/// What a text is made of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Token {
    Days([bool; 7]),
    Time(u16),
    Dash,
    Comma,
    Closed,
}

/// One spelling of everything.
fn normal(text: &str) -> String {
    let spelt = text.to_lowercase().replace(['\u{2013}', '\u{2014}', '\u{2212}'], "-");
    let whole = [("24 hours a day", ALL_DAY), ("24 hours", ALL_DAY), ("24 hrs", ALL_DAY), ("24hrs", ALL_DAY)];
    let more =
        [("24/7", "daily 00:00-24:00"), ("24h", ALL_DAY), ("every day", "daily"), ("7 days a week", "daily")];
    let spelt = whole.iter().chain(&more).fold(spelt, |text, (from, to)| text.replace(from, to));
    let spelt =
        if spelt.trim() == ALL_DAY || spelt.trim() == "always" { format!("daily {ALL_DAY}") } else { spelt };
    let spelt = spelt.replace(" am", "am").replace(" pm", "pm");
    [("-", " - "), (",", " , "), (";", " , "), ("&", " , ")]
        .iter()
        .fold(spelt, |text, (from, to)| text.replace(from, to))
}

const ALL_DAY: &str = "00:00-24:00";

fn tokens(text: &str) -> Option<Vec<Token>> {
    text.split_whitespace().map(token).collect()
}

fn token(word: &str) -> Option<Token> {
    let found = match word {
        "-" | "to" | "until" | "till" => Token::Dash,
        "," | "and" => Token::Comma,
        "closed" => Token::Closed,
        "daily" => Token::Days(EVERY_DAY),
        "weekdays" => Token::Days(WORKING_DAYS),
        "weekends" => Token::Days(WORKING_DAYS.map(|works| !works)),
        word => match day(word.trim_end_matches([':', '.'])) {
            Some(day) => Token::Days(day),
            None => Token::Time(time(word)?),
        },
    };
    Some(found)
}

fn day(word: &str) -> Option<[bool; 7]> {
    const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let name = word.strip_suffix('s').filter(|name| DAYS.contains(name)).unwrap_or(word);
    let at = DAYS.iter().position(|day| name.len() >= 3 && day.starts_with(name))?;
    let mut days = [false; 7];
    *days.get_mut(at)? = true;
    Some(days)
}

/// Minutes since midnight: `08:00`, `8.30`, `0800`, `8am`, `4.30pm`, `24:00`. A bare hour could mean two.
fn time(word: &str) -> Option<u16> {
    let (digits, noon) = match (word.strip_suffix("am"), word.strip_suffix("pm")) {
        (Some(digits), _) => (digits, Some(0)),
        (_, Some(digits)) => (digits, Some(12)),
        (None, None) => (word, None),
    };
    let (hour, minute) = match digits.split_once([':', '.']) {
        Some((hour, minute)) if minute.len() == 2 => (hour, minute),
        None if digits.len() == 4 => digits.split_at_checked(2)?,
        None if noon.is_some() => (digits, "00"),
        Some(_) | None => return None,
    };
    let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse::<u16>().ok())?;
    let (hour, minute) = (number(hour)?, number(minute)?);
    let hour = match noon {
        Some(half) if (1..=12).contains(&hour) => hour % 12 + half,
        Some(_) => return None,
        None => hour,
    };
    let minutes = hour * 60 + minute;
    (minute < 60 && hour <= 24 && minutes <= DAY_MIN).then_some(minutes)
}

/// The days from one to another, over the end of the week where need be.
fn range(from: [bool; 7], to: [bool; 7]) -> Option<[bool; 7]> {
    let only = |days: [bool; 7]| {
        let mut named = (0..7_usize).filter(|at| days.get(*at) == Some(&true));
        named.next().filter(|_| named.next().is_none())
    };
    let (first, last) = (only(from)?, only(to)?);
    let mut days = [false; 7];
    for step in 0..=(last + 7 - first) % 7 {
        *days.get_mut((first + step) % 7)? = true;
    }
    Some(days)
}

/// What is told about days.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    Hours,
    Closed,
}

/// What was read so far.
#[derive(Default)]
struct Reader {
    spans: Vec<(u16, u16)>,
    said: [bool; 7],
    /// The days that the next hours are for; `None`: no days were named yet.
    days: Option<[bool; 7]>,
    /// What those days have had: hours follow hours of the same days, all else is told once.
    used: Option<Told>,
    /// Whether hours were told without days.
    dayless: bool,
}

impl Reader {
    fn days(&mut self, days: [bool; 7]) {
        let before = self.days.filter(|_| self.used.is_none()).unwrap_or_default();
        let mut both = days;
        for (day, named) in both.iter_mut().zip(before) {
            *day |= named;
        }
        self.days = Some(both);
        self.used = None;
    }

    fn span(&mut self, from: u16, to: u16) -> Option<()> {
        if from == to || from == DAY_MIN {
            return None;
        }
        let length = if to > from { to - from } else { to + DAY_MIN - from };
        for (day, named) in (0u16..).zip(self.told(Told::Hours)?) {
            if named {
                self.spans.push((day * DAY_MIN + from, day * DAY_MIN + from + length));
            }
        }
        Some(())
    }

    fn closed(&mut self) -> Option<()> {
        self.days?;
        self.told(Told::Closed).map(|_| ())
    }

    /// The days that something is told about now. Those named after hours without days are two stories, and so is a
    /// day that is told about in two places: `daily …, Sun closed`.
    fn told(&mut self, told: Told) -> Option<[bool; 7]> {
        self.dayless |= self.days.is_none();
        if self.dayless && self.days.is_some() {
            return None;
        }
        let days = self.days.unwrap_or(WORKING_DAYS);
        let follows = match (self.used, told) {
            (None, _) => false,
            (Some(Told::Hours), Told::Hours) => true,
            (Some(_), _) => return None,
        };
        self.used = Some(told);
        for (said, named) in self.said.iter_mut().zip(days) {
            if *said && named && !follows {
                return None;
            }
            *said |= named;
        }
        Some(days)
    }

    /// Days that a text with days leaves out are closed days.
    fn finish(self) -> Option<Opening> {
        let complete = !self.spans.is_empty() && (self.days.is_none() || self.used.is_some());
        let said = if self.dayless { self.said } else { EVERY_DAY };
        complete.then_some(Opening { spans: self.spans, said })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// What the page would say at a time of the week of Monday 23 November 2026.
    fn check(text: &str, day: i8, hour: i8, minute: i8) -> String {
        let Some(opening) = Opening::parse(text) else { return "not read".to_owned() };
        let at = date(2026, 11, 22 + day).at(hour, minute, 0, 0);
        let told = |(day, time): DayTime| format!("{day:?} {}", time.strftime("%H:%M"));
        let said = match opening.at(at) {
            Hours::Always => "always".to_owned(),
            Hours::OpenUntil(until) => format!("open until {}", told(until)),
            Hours::Closed(Some(opens)) => format!("closed, opens {}", told(opens)),
            Hours::Closed(None) => "closed".to_owned(),
            Hours::Unsaid => "unsaid".to_owned(),
        };
        assert_eq!(opening.is_open(at), said.starts_with("open") || said == "always");
        said
    }

    #[test]
    fn hours_are_read_as_hospitals_write_them() {
        let (mon, wed, fri, sat, sun) = (1, 3, 5, 6, 7);
        let table = [
            ("Mon-Fri 08:00-18:00", mon, 8, 0, "open until Monday 18:00"),
            ("Mon-Fri 08:00-18:00", mon, 7, 59, "closed, opens Monday 08:00"),
            ("Mon-Fri 08:00-18:00", fri, 18, 0, "closed, opens Monday 08:00"),
            ("Mon\u{2013}Fri 8.00 \u{2013} 18.00", wed, 12, 0, "open until Wednesday 18:00"),
            ("Monday to Friday 8am to 6pm", wed, 12, 0, "open until Wednesday 18:00"),
            ("Weekdays 0800-1730", wed, 17, 29, "open until Wednesday 17:30"),
            ("08:00-17:30", wed, 12, 0, "open until Wednesday 17:30"),
            ("08:00-17:30", wed, 18, 0, "closed, opens Thursday 08:00"),
            ("08:00-17:30", fri, 18, 0, "closed"),
            ("08:00-17:30", sat, 12, 0, "unsaid"),
            ("Mon-Thu 08:00-18:00, Fri 08:00-16:00", fri, 15, 0, "open until Friday 16:00"),
            ("Mon-Thu 08:00-18:00, Fri 08:00-16:00", fri, 16, 0, "closed, opens Monday 08:00"),
            ("Mon-Fri 08:00-12:00, 13:00-17:00", wed, 12, 30, "closed, opens Wednesday 13:00"),
            ("Mon, Wed and Fri 9am-1pm", wed, 12, 0, "open until Wednesday 13:00"),
            ("Mon, Wed & Fri 9am-1pm", sat, 12, 0, "closed, opens Monday 09:00"),
            ("Tuesdays: 12:30pm - 4 pm", mon, 12, 0, "closed, opens Tuesday 12:30"),
            ("Mon-Fri 20:00-08:00", sat, 7, 0, "open until Saturday 08:00"),
            ("Sun 20:00-08:00", mon, 7, 0, "open until Monday 08:00"),
            ("Sat-Mon 09:00-17:00", sun, 10, 0, "open until Sunday 17:00"),
            ("Mon-Fri 08:00-17:00; Sat-Sun closed", sat, 10, 0, "closed, opens Monday 08:00"),
            ("Daily 07:00-24:00", sun, 23, 0, "open until Monday 00:00"),
            ("24 hours", sun, 3, 0, "always"),
            ("24/7", sun, 3, 0, "always"),
            ("always", sun, 3, 0, "always"),
            ("Mon-Fri 24 hours", fri, 3, 0, "open until Saturday 00:00"),
            ("Mon-Thu 24 hours, Fri 00:00-16:00", mon, 3, 0, "open until Friday 16:00"),
        ];
        for (text, day, hour, minute, said) in table {
            assert_eq!(check(text, day, hour, minute), said, "{text}");
        }
    }

    #[test]
    fn what_could_mean_two_things_is_not_read() {
        for text in [
            "",
            "ring first",
            "9-5",
            "Mon-Fri 9-5",
            "Mon-Fri",
            "Mon-Fri 08:00",
            "Mon-Fri 08:00-18:00 except bank holidays",
            "Mon-Fri 08:00-18:00, Sat",
            "Daily 09:00-17:00, Sun closed",
            "Mon-Fri 08:00-18:00, Wed 08:00-12:00",
            "Mon-Fri 08:00-17:00, closed 12:00-13:00",
            "Mon-Fri 08:00-17:00, 12:00-13:00 closed",
            "Sun closed 10:00-12:00",
            "08:00-18:00, Sat 09:00-12:00",
            "Mon-Fri 08:00-25:00",
            "Mon-Fri 08:60-18:00",
            "Mon-Fri 08:00-08:00",
            "Tues pm",
            "closed",
            "-",
            "\u{0}",
        ] {
            assert_eq!(Opening::parse(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_breaks_the_reader(text in "[MonTuesFri0-9:., ;&apm-]{0,40}", minute in 0..(7 * 24 * 60)) {
            if let Some(opening) = Opening::parse(&text) {
                let at = date(2026, 11, 23).at(0, 0, 0, 0) + jiff::Span::new().minutes(minute);
                let _ = opening.at(at);
            }
        }
    }
}
