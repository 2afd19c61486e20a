//! Whom to ring now: one number where the hospital's hours can be read, else both with its own words.

use jiff::civil::DateTime;

use crate::domain::PlaceId;
use crate::domain::directory::Directory;
use crate::domain::opening::{DayTime, Hours, Opening};
use crate::domain::place::Place;

/// One line that tells whom to ring.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ring {
    /// `Ring now: Clinic 5, ext 2345`.
    pub words: String,
    /// `open until 18:00`; empty where nothing is known.
    pub hours: String,
}

/// Whom to ring about a place at this local time: the nearest places upwards that have a telephone.
pub fn ring(directory: &Directory, place: PlaceId, now: DateTime) -> Vec<Ring> {
    let by_day = directory.upwards(place).find_map(|step| Some((step, step.phone.as_deref()?)));
    let by_night =
        directory.upwards(place).find_map(|step| Some((step, step.phone_out_of_hours.as_deref()?)));
    match (by_day, by_night) {
        (Some((place, phone)), night) => answered(place, phone, night.map(|(_, phone)| phone), now),
        (None, Some((place, phone))) => vec![line(format!("Out of hours: {}, {phone}", place.name), "")],
        (None, None) => Vec::new(),
    }
}

/// A place that has a telephone, and its number.
type Answers<'a> = Option<(&'a Place, &'a str)>;

/// The nearest places upwards that answer by day and out of hours.
fn numbers(directory: &Directory, place: PlaceId) -> (Answers<'_>, Answers<'_>) {
    let by_day = directory.upwards(place).find_map(|step| Some((step, step.phone.as_deref()?)));
    let by_night =
        directory.upwards(place).find_map(|step| Some((step, step.phone_out_of_hours.as_deref()?)));
    (by_day, by_night)
}

fn answered(place: &Place, phone: &str, night: Option<&str>, now: DateTime) -> Vec<Ring> {
    let name = &place.name;
    let hours =
        place.open.as_deref().and_then(Opening::parse).map_or(Hours::Unsaid, |opening| opening.at(now));
    let here = |lead: &str, hours: String| vec![line(format!("{lead}: {name}, {phone}"), hours)];
    match (hours, night) {
        (Hours::Always, _) => here("Ring now", "day and night".to_owned()),
        (Hours::OpenUntil(until), _) => here("Ring now", format!("open until {}", day_time(until, now))),
        (Hours::Closed(opens), Some(night)) => {
            let hours = format!("{name}, {phone}, {}", reopens("is closed", opens, now));
            vec![line(format!("Ring now: {night}, out of hours"), hours)]
        }
        (Hours::Closed(opens), None) => here("Ring", reopens("closed now", opens, now)),
        (Hours::Unsaid, night) => {
            let open = place.open.as_ref().map(|open| format!("open {open}"));
            let mut both = here("Ring", open.unwrap_or_default());
            both.extend(night.map(|night| line(format!("Out of hours: {night}"), "")));
            both
        }
    }
}

/// Whom to ring about a place, on paper that is read at another hour: both numbers, with the hospital's own words.
pub fn on_paper(directory: &Directory, place: PlaceId) -> Vec<Ring> {
    let (by_day, by_night) = numbers(directory, place);
    let day = by_day.map(|(place, phone)| {
        let open = place.open.as_ref().map(|open| format!("open {open}"));
        line(format!("Ring: {}, {phone}", place.name), open.unwrap_or_default())
    });
    let night = by_night.map(|(_, phone)| line(format!("Out of hours: {phone}"), ""));
    day.into_iter().chain(night).collect()
}

fn line(words: String, hours: impl Into<String>) -> Ring {
    Ring { words, hours: hours.into() }
}

fn reopens(closed: &str, opens: Option<DayTime>, now: DateTime) -> String {
    opens.map_or_else(|| closed.to_owned(), |opens| format!("opens {}", day_time(opens, now)))
}

/// `18:00` today, else `Mon 08:00`; the end of a day is midnight.
fn day_time((day, time): DayTime, now: DateTime) -> String {
    let midnight = time == jiff::civil::Time::MIN;
    if midnight && day == now.weekday().next() {
        return "midnight".to_owned();
    }
    let clock = time.strftime("%H:%M");
    if day == now.weekday() && time > now.time() {
        clock.to_string()
    } else {
        format!("{} {clock}", short(day))
    }
}

const fn short(day: jiff::civil::Weekday) -> &'static str {
    use jiff::civil::Weekday;
    match day {
        Weekday::Monday => "Mon",
        Weekday::Tuesday => "Tue",
        Weekday::Wednesday => "Wed",
        Weekday::Thursday => "Thu",
        Weekday::Friday => "Fri",
        Weekday::Saturday => "Sat",
        Weekday::Sunday => "Sun",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::place::PlaceKind;

    const SITE: PlaceId = PlaceId::new(1);
    const CLINIC: PlaceId = PlaceId::new(2);

    fn hospital(open: Option<&str>, night: Option<&str>) -> Directory {
        let place = |id: PlaceId, name: &str, parent: Option<PlaceId>, phone: &str| Place {
            name: name.to_owned(),
            phone: Some(phone.to_owned()),
            ..Place::plain(id.key(), &name.replace(' ', ""), PlaceKind::Clinic, parent.map(PlaceId::key))
        };
        let site = Place { phone_out_of_hours: night.map(str::to_owned), ..place(SITE, "St E", None, "0") };
        let open = open.map(str::to_owned);
        Directory::new([site, Place { open, ..place(CLINIC, "Clinic 5", Some(SITE), "ext 2345") }], [], [])
    }

    /// The lines on Friday 27 November 2026.
    fn check(open: Option<&str>, night: Option<&str>, hour: i8) -> String {
        let now = jiff::civil::date(2026, 11, 27).at(hour, 30, 0, 0);
        let lines = ring(&hospital(open, night), CLINIC, now);
        lines.iter().map(|ring| format!("{} ({})", ring.words, ring.hours)).collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn one_number_is_named_where_the_hours_are_known_and_both_where_they_are_not() {
        let (office, switchboard) = (Some("Mon-Fri 08:00-18:00"), Some("0100 (switchboard)"));
        let table = [
            (office, switchboard, 9, "Ring now: Clinic 5, ext 2345 (open until 18:00)"),
            (
                office,
                switchboard,
                20,
                "Ring now: 0100 (switchboard), out of hours (Clinic 5, ext 2345, opens Mon 08:00)",
            ),
            (office, None, 20, "Ring: Clinic 5, ext 2345 (opens Mon 08:00)"),
            (Some("always"), switchboard, 20, "Ring now: Clinic 5, ext 2345 (day and night)"),
            (Some("Mon-Fri 08:00-24:00"), None, 20, "Ring now: Clinic 5, ext 2345 (open until midnight)"),
            (
                Some("08:00-17:00"),
                switchboard,
                20,
                "Ring now: 0100 (switchboard), out of hours (Clinic 5, ext 2345, is closed)",
            ),
            (
                Some("ring first"),
                switchboard,
                20,
                "Ring: Clinic 5, ext 2345 (open ring first) | Out of hours: 0100 (switchboard) ()",
            ),
            (None, None, 20, "Ring: Clinic 5, ext 2345 ()"),
        ];
        for (open, night, hour, said) in table {
            assert_eq!(check(open, night, hour), said);
        }
    }
}
