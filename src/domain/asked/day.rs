//! Birth dates as people write them: day before month, as in Britain, or the year first.

use jiff::civil::Date;

/// No patient of ours was born before.
const EARLIEST_YEAR: i16 = 1850;
/// Signs between the parts of a day.
const BETWEEN: [char; 3] = ['/', '-', '.'];
const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
/// Fewest letters of a month's name.
const MIN_MONTH: usize = 3;

/// The first day in `text`, and the text without it. A year of two digits may give two days.
pub fn take(text: &str, today: Date) -> (Vec<Date>, String) {
    let tokens: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c == ',').filter(|token| !token.is_empty()).collect();
    for (at, token) in tokens.iter().enumerate() {
        let (days, width) = match in_one(token, today) {
            days if !days.is_empty() => (days, 1),
            _ => (in_three(tokens.get(at..at + 3).unwrap_or_default(), tokens.len(), today), 3),
        };
        if !days.is_empty() {
            let rest = tokens.iter().enumerate().filter(|(other, _)| !(at..at + width).contains(other));
            return (days, rest.map(|(_, token)| *token).collect::<Vec<_>>().join(" "));
        }
    }
    (Vec::new(), text.to_owned())
}

/// The day that eight digits are: day first, else year first.
pub fn in_digits(text: &str, today: Date) -> Option<Date> {
    let is_digits = text.len() == 8 && text.bytes().all(|b| b.is_ascii_digit());
    let part = |from: usize, to: usize| text.get(from..to).filter(|_| is_digits);
    let day_first = days(part(0, 2)?, part(2, 4)?, part(4, 8)?, today);
    day_first.into_iter().chain(days(part(6, 8)?, part(4, 6)?, part(0, 4)?, today)).next()
}

/// `4/5/1961`, `04-May-61`, `1961-05-04`.
fn in_one(token: &str, today: Date) -> Vec<Date> {
    let parts: Vec<&str> = token.split(BETWEEN).collect();
    match parts.as_slice() {
        [year, month, day] if year.len() == 4 => days(day, month, year, today),
        [day, month, year] => days(day, month, year, today),
        _ => Vec::new(),
    }
}

/// `4 May 1961`, `May 4 1961`; `04 05 1961` only where nothing else stands there, for numbers have gaps too.
fn in_three(tokens: &[&str], all: usize, today: Date) -> Vec<Date> {
    let [first, second, year] = tokens else { return Vec::new() };
    let named = |month: &str| month.starts_with(|c: char| c.is_ascii_alphabetic());
    let alone = all == 3 && year.len() == 4;
    if named(first) {
        days(second, first, year, today)
    } else if named(second) || alone {
        days(first, second, year, today)
    } else {
        Vec::new()
    }
}

/// The days that these parts can be, the latest first; none lies ahead of `today`.
fn days(day: &str, month: &str, year: &str, today: Date) -> Vec<Date> {
    let (Some(day), Some(month)) = (day_of(day), month_of(month)) else { return Vec::new() };
    let Some(number) = digits(year).and_then(|number| i16::try_from(number).ok()) else { return Vec::new() };
    let years = match year.len() {
        2 => vec![2000 + number, 1900 + number],
        4 => vec![number],
        _ => Vec::new(),
    };
    let past = |day: &Date| day.year() >= EARLIEST_YEAR && *day <= today;
    years.into_iter().filter_map(|year| Date::new(year, month, day).ok()).filter(past).collect()
}

fn day_of(text: &str) -> Option<i8> {
    let ends = ["st", "nd", "rd", "th"];
    let lower = text.to_ascii_lowercase();
    let number = ends.iter().find_map(|end| lower.strip_suffix(end)).unwrap_or(&lower);
    (number.len() <= 2).then(|| digits(number)).flatten()?.try_into().ok()
}

fn month_of(text: &str) -> Option<i8> {
    if text.len() <= 2
        && let Some(number) = digits(text)
    {
        return number.try_into().ok();
    }
    let lower = text.to_ascii_lowercase();
    let at = MONTHS.iter().position(|month| lower.len() >= MIN_MONTH && month.starts_with(&lower))?;
    i8::try_from(at + 1).ok()
}

fn digits(text: &str) -> Option<u32> {
    let is_digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    text.parse().ok().filter(|_| is_digits)
}
