//! How long a folder usually takes. Fixed, named and the same for every hospital: a time that was learnt would have to
//! be learnt from what was known then, and a slow service would excuse itself.

use jiff::SignedDuration;
use jiff::tz::TimeZone;

use super::Leg;
use crate::clock::{DAY_US, Timestamp};
use crate::domain::PlaceId;
use crate::domain::clinic_list::working_day_after;
use crate::domain::directory::Directory;
use crate::domain::place::PlaceKind;

/// From one place of the hospital to another: the round of the post.
pub const ELSEWHERE_US: i64 = DAY_US;
/// To a library: what comes back waits until it is scanned in.
pub const TO_LIBRARY_US: i64 = 2 * DAY_US;
/// To or from an off-site store, whose van comes on working days.
pub const OFFSITE_WORKING_DAYS: u32 = 5;

/// When `leg` should have ended; `places` as they were then.
pub fn due(leg: &Leg, places: &Directory, zone: &TimeZone) -> Timestamp {
    let is_offsite = |place: PlaceId| places.upwards(place).any(|step| step.kind == PlaceKind::Store);
    if is_offsite(leg.from) || is_offsite(leg.to) {
        return working_days_after(leg.since, OFFSITE_WORKING_DAYS, zone);
    }
    let to_library = places.library_of(leg.to).is_some();
    leg.since.plus_micros(if to_library { TO_LIBRARY_US } else { ELSEWHERE_US })
}

/// The same time of the clock so many days from Monday to Friday later; bank holidays are not known.
fn working_days_after(from: Timestamp, days: u32, zone: &TimeZone) -> Timestamp {
    let local = from.to_jiff().to_zoned_datetime(zone.clone());
    let day = (0..days).fold(local.date(), |day, _| working_day_after(day));
    let then = day.to_datetime(local.time()).to_zoned_datetime(zone.clone());
    let plain = || from.to_jiff().saturating_add(SignedDuration::from_hours(24 * i64::from(days)));
    Timestamp::from_jiff(then.map_or_else(|_| plain().unwrap_or(from.to_jiff()), |then| then.timestamp()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::place::Place;

    fn places() -> Directory {
        let place = |key: i64, kind, parent| Place::plain(key, &format!("P{key}"), kind, parent);
        let places = [
            place(1, PlaceKind::Library, None),
            place(2, PlaceKind::Office, Some(1)),
            place(3, PlaceKind::Clinic, None),
            place(4, PlaceKind::Store, None),
            place(5, PlaceKind::Shelf, Some(4)),
        ];
        Directory::new(places, [], [])
    }

    #[test]
    fn the_usual_time_depends_on_both_ends() {
        let zone = TimeZone::get("Europe/London").unwrap();
        let due = |since: &str, from, to| {
            let (from, to) = (PlaceId::new(from), PlaceId::new(to));
            due(&Leg { since: since.parse().unwrap(), from, to }, &places(), &zone).to_string()
        };
        // A Thursday.
        assert_eq!(due("2026-11-26T14:00:00Z", 1, 3), "2026-11-27T14:00:00Z");
        assert_eq!(due("2026-11-26T14:00:00Z", 3, 1), "2026-11-28T14:00:00Z");
        assert_eq!(due("2026-11-26T14:00:00Z", 3, 2), "2026-11-28T14:00:00Z");
        assert_eq!(due("2026-11-26T14:00:00Z", 1, 5), "2026-12-03T14:00:00Z");
        assert_eq!(due("2026-11-26T14:00:00Z", 4, 3), "2026-12-03T14:00:00Z");
    }

    #[test]
    fn working_days_leave_weekends_out_and_keep_the_time_of_the_clock() {
        let zone = TimeZone::get("Europe/London").unwrap();
        let after = |from: &str| working_days_after(from.parse().unwrap(), 5, &zone).to_string();
        // A Saturday, and a Friday evening.
        assert_eq!(after("2026-11-28T10:00:00Z"), "2026-12-04T10:00:00Z");
        assert_eq!(after("2026-11-27T22:00:00Z"), "2026-12-04T22:00:00Z");
        // The clocks go back in between: 10:00 in summer time, then 10:00 in winter time.
        assert_eq!(after("2026-10-22T09:00:00Z"), "2026-10-29T10:00:00Z");
    }
}
