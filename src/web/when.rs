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

/// `20 min`, `5 hours`, `42 days`: how long it has been.
pub fn lasting(since: Timestamp, now: Timestamp) -> String {
    const HOUR_US: i64 = 60 * MINUTE_US;
    match now.micros_since(since).max(0) {
        us @ ..HOUR_US => format!("{} min", us / MINUTE_US),
        us if us < 2 * HOUR_US => "1 hour".to_owned(),
        us if us < 2 * DAY_US => format!("{} hours", us / HOUR_US),
        us => format!("{} days", us / DAY_US),
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
    fn how_long_ago_is_told_in_the_unit_that_matters() {
        let zone = TimeZone::get("Europe/London").unwrap();
        let now: Timestamp = "2026-11-23T15:00:00Z".parse().unwrap();
        for (at, told, lasts) in [
            ("2026-11-23T15:00:05Z", "just now", "0 min"),
            ("2026-11-23T14:59:01Z", "just now", "0 min"),
            ("2026-11-23T14:58:00Z", "2 min ago", "2 min"),
            ("2026-11-23T14:00:00Z", "at 14:00", "1 hour"),
            ("2026-11-22T14:00:00Z", "at Sun 22 Nov 14:00", "25 hours"),
            ("2026-11-20T14:00:00Z", "at Fri 20 Nov 14:00", "3 days"),
        ] {
            let at = at.parse().unwrap();
            assert_eq!((ago(at, now, &zone).as_str(), lasting(at, now).as_str()), (told, lasts));
        }
    }
}
