//! The days that are asked for, and when they begin and end in the hospital's time zone.

use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::clock::{Timestamp, day_start};

/// Most days of a period: a year and a day, which is more than any board asks for.
pub const MAX_DAYS: i64 = 367;

/// Days, the first and the last of them included.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Period {
    /// The first day.
    pub first: Date,
    /// The last day: the figures are as of its end.
    pub last: Date,
}

/// Days that are no period.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum BadPeriod {
    /// It begins after its end.
    #[error("the period begins after its end")]
    Backwards,
    /// It is longer than [`MAX_DAYS`].
    #[error("the period is longer than {MAX_DAYS} days")]
    TooLong,
    /// It ends after today.
    #[error("the day has not begun yet")]
    Future,
}

/// When a period begins and ends.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Span {
    /// Its first moment.
    pub from: Timestamp,
    /// The moment after its last; of a day that still goes on, now.
    pub until: Timestamp,
    /// Whether its last day is over: only then is the answer the same for ever.
    pub is_over: bool,
}

impl Period {
    /// From `first`, or a month, up to `last`, or yesterday; `today` is the hospital's.
    pub fn asked(first: Option<Date>, last: Option<Date>, today: Date) -> Result<Self, BadPeriod> {
        let last = last.unwrap_or_else(|| today.saturating_sub(1.day()));
        let first = first.unwrap_or_else(|| month_before(last));
        if last > today {
            return Err(BadPeriod::Future);
        }
        if first > last {
            return Err(BadPeriod::Backwards);
        }
        if first < last.saturating_sub((MAX_DAYS - 1).days()) {
            return Err(BadPeriod::TooLong);
        }
        Ok(Self { first, last })
    }

    /// When it begins and ends in the hospital's time zone; `None` outside the calendar's range.
    pub fn span(self, zone: &TimeZone, now: Timestamp) -> Option<Span> {
        let from = day_start(self.first, zone)?;
        let end = day_start(self.last.checked_add(1.day()).ok()?, zone)?;
        Some(Span { from, until: end.min(now), is_over: end <= now })
    }
}

/// The first day of the month that ends with `last`: the calendar's month where that is its last day.
fn month_before(last: Date) -> Date {
    if last == last.last_of_month() {
        return last.first_of_month();
    }
    last.saturating_sub(1.month()).saturating_add(1.day())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_month_is_the_calendars_where_the_day_is_its_last_else_from_the_day_after_the_same_day() {
        let today = date(2026, 12, 24);
        for (last, first) in [
            (date(2026, 11, 30), date(2026, 11, 1)),
            (date(2026, 2, 28), date(2026, 2, 1)),
            (date(2026, 11, 28), date(2026, 10, 29)),
            (date(2026, 3, 30), date(2026, 3, 1)),
        ] {
            assert_eq!(Period::asked(None, Some(last), today), Ok(Period { first, last }));
        }
        assert_eq!(Period::asked(None, None, today).unwrap().last, date(2026, 12, 23));
    }

    #[test]
    fn a_period_that_is_none_is_refused() {
        let today = date(2026, 11, 28);
        let asked = |first, last| Period::asked(first, last, today).unwrap_err();
        assert_eq!(asked(None, Some(date(2026, 11, 29))), BadPeriod::Future);
        assert_eq!(asked(Some(date(2026, 11, 28)), None), BadPeriod::Backwards);
        assert_eq!(asked(Some(date(2025, 11, 26)), Some(today)), BadPeriod::TooLong);
        assert!(Period::asked(Some(date(2025, 11, 27)), Some(today), today).is_ok());
    }

    #[test]
    fn days_begin_and_end_at_the_hospitals_midnight_also_where_clocks_change() {
        let zone = TimeZone::get("Europe/London").unwrap();
        let now: Timestamp = "2026-11-28T09:00:00Z".parse().unwrap();
        let told = |first, last| {
            let span = Period { first, last }.span(&zone, now).unwrap();
            (span.from.to_string(), span.until.to_string(), span.is_over)
        };
        let wanted = |from: &str, until: &str, is_over| (from.to_owned(), until.to_owned(), is_over);
        // The clocks go forward on 29 March and back on 25 October.
        assert_eq!(
            told(date(2026, 3, 29), date(2026, 3, 29)),
            wanted("2026-03-29T00:00:00Z", "2026-03-29T23:00:00Z", true)
        );
        assert_eq!(
            told(date(2026, 10, 25), date(2026, 10, 25)),
            wanted("2026-10-24T23:00:00Z", "2026-10-26T00:00:00Z", true)
        );
        assert_eq!(
            told(date(2026, 11, 27), date(2026, 11, 28)),
            wanted("2026-11-27T00:00:00Z", "2026-11-28T09:00:00Z", false)
        );
    }
}
