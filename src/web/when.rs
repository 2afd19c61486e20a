//! Times as people read them, in the hospital's time zone.

use jiff::tz::TimeZone;

use crate::clock::{DAY_US, MINUTE_US, Timestamp};

/// `Mon 23 Nov 14:02`, with the year where it is not this year's.
pub fn day_and_time(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let local = at.to_jiff().to_zoned_datetime(zone.clone());
    let this_year = now.to_jiff().to_zoned_datetime(zone.clone()).year() == local.year();
    let form = if this_year { "%a %-d %b %H:%M" } else { "%a %-d %b %Y %H:%M" };
    local.strftime(form).to_string()
}

/// `14:02` today, else with the day.
pub fn time(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    let local = at.to_jiff().to_zoned_datetime(zone.clone());
    if is_today(at, now, zone) { local.strftime("%H:%M").to_string() } else { day_and_time(at, now, zone) }
}

/// Whether `at` is on the day of `now`.
pub fn is_today(at: Timestamp, now: Timestamp, zone: &TimeZone) -> bool {
    let [then, today] = [at, now].map(|time| time.to_jiff().to_zoned_datetime(zone.clone()).date());
    then == today
}

/// `just now`, `2 min ago`, from an hour on `at 09:12`, from another day with the day.
pub fn ago(at: Timestamp, now: Timestamp, zone: &TimeZone) -> String {
    match now.micros_since(at) / MINUTE_US {
        ..1 => "just now".to_owned(),
        minutes @ 1..60 => format!("{minutes} min ago"),
        60.. => format!("at {}", time(at, now, zone)),
    }
}

/// `3 days`, `2 hours`, `25 minutes`: rounded down, in the one unit that matters.
pub fn how_long(from: Timestamp, to: Timestamp) -> String {
    let lasted = to.micros_since(from).max(0);
    let units = [(DAY_US, "day"), (60 * MINUTE_US, "hour"), (MINUTE_US, "minute")];
    let (unit, word) = units.into_iter().find(|(unit, _)| lasted >= *unit).unwrap_or((MINUTE_US, "minute"));
    match lasted / unit {
        0 => "less than a minute".to_owned(),
        1 => format!("1 {word}"),
        many => format!("{many} {word}s"),
    }
}

/// `4 May 1961`.
pub fn date(day: jiff::civil::Date) -> String {
    day.strftime("%-d %b %Y").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summer_and_winter_times_are_local() {
        let zone = TimeZone::get("Europe/London").unwrap();
        let now: Timestamp = "2026-11-23T15:00:00Z".parse().unwrap();
        let show = |at: &str| day_and_time(at.parse().unwrap(), now, &zone);
        assert_eq!(show("2026-11-23T14:02:00Z"), "Mon 23 Nov 14:02");
        assert_eq!(show("2026-07-01T14:02:00Z"), "Wed 1 Jul 15:02");
        assert_eq!(show("2025-12-31T23:59:00Z"), "Wed 31 Dec 2025 23:59");
        assert_eq!(time("2026-11-23T14:02:00Z".parse().unwrap(), now, &zone), "14:02");
    }

    #[test]
    fn a_span_is_told_in_the_unit_that_matters() {
        let now: Timestamp = "2026-11-23T15:00:00Z".parse().unwrap();
        let table = [
            (0, "less than a minute"),
            (-5, "less than a minute"),
            (1, "1 minute"),
            (59, "59 minutes"),
            (60, "1 hour"),
            (1_439, "23 hours"),
            (1_440, "1 day"),
            (400 * 1_440, "400 days"),
        ];
        for (minutes, said) in table {
            assert_eq!(how_long(now.plus_micros(-minutes * MINUTE_US), now), said);
        }
    }

    #[test]
    fn how_long_ago_is_told_in_the_unit_that_matters() {
        let zone = TimeZone::get("Europe/London").unwrap();
        let now: Timestamp = "2026-11-23T15:00:00Z".parse().unwrap();
        for (at, told) in [
            ("2026-11-23T15:00:05Z", "just now"),
            ("2026-11-23T14:59:01Z", "just now"),
            ("2026-11-23T14:58:00Z", "2 min ago"),
            ("2026-11-23T14:00:00Z", "at 14:00"),
            ("2026-11-22T14:00:00Z", "at Sun 22 Nov 14:00"),
            ("2026-11-20T14:00:00Z", "at Fri 20 Nov 14:00"),
        ] {
            let at = at.parse().unwrap();
            assert_eq!(ago(at, now, &zone), told);
        }
    }
}
