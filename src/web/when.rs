//! Times as people read them, in the hospital's time zone.

use jiff::tz::TimeZone;

use crate::clock::Timestamp;

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
    let today = now.to_jiff().to_zoned_datetime(zone.clone()).date() == local.date();
    if today { local.strftime("%H:%M").to_string() } else { day_and_time(at, now, zone) }
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
}
