//! Which backups are kept, by their age.

use std::path::Path;
use std::time::Duration;

use super::folder::Folder;
use super::{Backup, backups};
use crate::clock::{DAY_US, Timestamp};
use crate::store::{StoreError, Trust};

/// Of the last day all are kept: what went wrong this morning is looked for hour by hour.
pub const KEPT_WHOLE_US: i64 = DAY_US;
/// So many are kept whatever their age: a clock that is wrong, or a service that stood for a year, takes no last one away.
pub const LAST_KEPT: usize = 3;

/// Takes away the backups of this trust that are no longer kept, and says which. Of the last day all are kept, from then
/// on the newest of each day (UTC) until it is older than `keep`, and always the last three.
pub fn thin(dir: &Path, trust: &Trust, now: Timestamp, keep: Duration) -> Result<Vec<Backup>, StoreError> {
    let folder = Folder::open(dir)?;
    let mut ours = backups(dir)?;
    ours.retain(|backup| backup.manifest.trust == trust.0);
    let made: Vec<_> = ours.iter().map(|backup| backup.manifest.made_at).collect();
    let mut gone = Vec::new();
    for (backup, is_kept) in ours.into_iter().zip(kept(&made, now, keep)) {
        if !is_kept {
            folder.remove(&backup)?;
            gone.push(backup);
        }
    }
    Ok(gone)
}

/// Whether each of these is kept; the oldest comes first.
fn kept(made: &[Timestamp], now: Timestamp, keep: Duration) -> Vec<bool> {
    let keep_us = i64::try_from(keep.as_micros()).unwrap_or(i64::MAX);
    let day = |at: Timestamp| at.micros().div_euclid(DAY_US);
    let one = |(place, at): (usize, &Timestamp)| {
        let age_us = now.micros_since(*at);
        let is_last = place + LAST_KEPT >= made.len();
        let is_of_last_day = age_us <= KEPT_WHOLE_US;
        let is_last_of_its_day = made.get(place + 1).is_none_or(|next| day(*next) > day(*at));
        is_last || is_of_last_day || (is_last_of_its_day && age_us <= keep_us)
    };
    made.iter().enumerate().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_US: i64 = DAY_US / 24;

    /// Ages in hours of those that are kept, of backups of these ages.
    fn left(ages: &[i64], keep_days: u64) -> Vec<i64> {
        let now = Timestamp::from_micros(20_000 * DAY_US + 12 * HOUR_US);
        let made: Vec<_> = ages.iter().map(|hours| now.plus_micros(-hours * HOUR_US)).collect();
        let kept = kept(&made, now, Duration::from_hours(24 * keep_days));
        ages.iter().zip(kept).filter(|(_, is_kept)| *is_kept).map(|(age, _)| *age).collect()
    }

    #[test]
    fn all_of_the_last_day_then_one_a_day_then_none() {
        let hourly: Vec<i64> = (0..100).rev().collect();
        let mut wanted = vec![85, 61, 37];
        wanted.extend((0..=24).rev());
        assert_eq!(left(&hourly, 14), wanted);
        wanted.remove(0);
        assert_eq!(left(&hourly, 3), wanted);
    }

    #[test]
    fn the_last_three_are_kept_whatever_their_age() {
        assert_eq!(left(&[9_000, 8_000, 7_999, 7_998], 14), [8_000, 7_999, 7_998]);
        assert_eq!(left(&[9_000], 14), [9_000]);
        assert_eq!(left(&[], 14), [0; 0]);
    }
}
