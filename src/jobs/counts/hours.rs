//! The hours of a day in the hospital's time zone, and what is usual in them.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan};

use crate::clock::Timestamp;
use crate::store::overview::Usual;

/// Days of the same weekday that today is compared with.
pub const COMPARED_DAYS: i64 = 4;
/// Minutes of an hour.
const MINUTES: i64 = 60;

/// One hour of a day.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HourSpan {
    /// What a clock on the wall shows: 0 to 23.
    pub clock_hour: i8,
    /// When it begins.
    pub from: Timestamp,
    /// When it ends.
    pub to: Timestamp,
}

/// The hours of a day: 23 or 25 where the clocks change.
pub fn hours_of(day: Date, zone: &TimeZone) -> Vec<HourSpan> {
    let mut hours = Vec::new();
    let Ok(mut from) = day.to_zoned_datetime(zone.clone()) else { return hours };
    while from.date() == day {
        // To the next full hour, which is less than an hour away where a zone moves its clocks by half an hour.
        let left = SignedDuration::from_mins(MINUTES - i64::from(from.minute()));
        let Ok(to) = from.checked_add(left) else { return hours };
        let [begins, ends] = [&from, &to].map(|at| Timestamp::from_jiff(at.timestamp()));
        hours.push(HourSpan { clock_hour: from.hour(), from: begins, to: ends });
        from = to;
    }
    hours
}

/// The days that `today` is compared with, the newest first.
pub fn compared_days(today: Date) -> Vec<Date> {
    (1..=COMPARED_DAYS).filter_map(|weeks| today.checked_sub(weeks.weeks()).ok()).collect()
}

/// What is usual in an hour: the median of the same hour on `earlier` days, each told as its hours and their moves. Of
/// an hour that a day has twice, the first counts; a day that does not have it does not count.
pub fn usual(clock_hour: i8, earlier: &[Vec<(i8, u64)>]) -> Option<Usual> {
    let same =
        |day: &Vec<(i8, u64)>| day.iter().find(|(hour, _)| *hour == clock_hour).map(|(_, moves)| *moves);
    let mut moves: Vec<u64> = earlier.iter().filter_map(same).collect();
    moves.sort_unstable();
    Some(Usual { moves: median(&moves)?, days: moves.len() })
}

/// The middle of sorted numbers; of two in the middle their mean, halves rounded up.
fn median(sorted: &[u64]) -> Option<u64> {
    let upper = *sorted.get(sorted.len() / 2)?;
    let lower = *sorted.get(sorted.len().saturating_sub(1) / 2)?;
    Some(lower + (upper - lower).div_ceil(2))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn hours(day: Date, zone: &str) -> String {
        let spans = hours_of(day, &TimeZone::get(zone).unwrap());
        assert!(spans.windows(2).all(|pair| pair[0].to == pair[1].from));
        let hours: Vec<_> = spans.iter().map(|span| span.clock_hour.to_string()).collect();
        format!("{}: {}", hours.len(), hours.join(" "))
    }

    #[test]
    fn a_day_has_the_hours_that_the_clock_on_the_wall_shows() {
        let all = |from: i8| (from..24).map(|hour| hour.to_string()).collect::<Vec<_>>().join(" ");
        for (day, zone, wanted) in [
            (date(2026, 11, 23), "Europe/London", format!("24: {}", all(0))),
            (date(2026, 3, 29), "Europe/London", format!("23: 0 {}", all(2))),
            (date(2026, 10, 25), "Europe/London", format!("25: 0 1 {}", all(1))),
            // Midnight itself is left out.
            (date(2018, 11, 4), "America/Sao_Paulo", format!("23: {}", all(1))),
            // Half an hour less, and half an hour more.
            (date(2026, 10, 4), "Australia/Lord_Howe", format!("24: {}", all(0))),
            (date(2026, 4, 5), "Australia/Lord_Howe", format!("25: 0 1 {}", all(1))),
        ] {
            assert_eq!(hours(day, zone), wanted, "{day} in {zone}");
        }
    }

    #[test]
    fn today_is_compared_with_the_same_weekday_of_four_weeks() {
        let days = compared_days(date(2026, 11, 23));
        assert_eq!(days, [date(2026, 11, 16), date(2026, 11, 9), date(2026, 11, 2), date(2026, 10, 26)]);
    }

    #[test]
    fn the_usual_is_the_median_and_says_how_many_days_it_rests_on() {
        let table = [
            (vec![], None),
            (vec![7], Some((7, 1))),
            (vec![7, 10], Some((9, 2))),
            (vec![900, 10, 12], Some((12, 3))),
            (vec![900, 10, 12, 0], Some((11, 4))),
            (vec![u64::MAX, u64::MAX], Some((u64::MAX, 2))),
        ];
        for (moves, wanted) in table {
            let days: Vec<_> = moves.iter().map(|moves| vec![(8, 1), (9, *moves)]).collect();
            assert_eq!(usual(9, &days).map(|usual| (usual.moves, usual.days)), wanted, "{moves:?}");
        }
        // The day on which the clocks go forward has no hour 1; where they go back it has two.
        let days = [vec![(0, 5), (2, 5)], vec![(1, 8), (1, 100)]];
        assert_eq!(usual(1, &days), Some(Usual { moves: 8, days: 1 }));
    }
}
