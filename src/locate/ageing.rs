//! Ageing: what was learned long ago counts less.
//!
//! The old counts are not made smaller week by week: the new ones are made larger, and all are read in the unit of
//! the newest. So a table is touched only where something happened, and what is taken back years later is taken back
//! exactly, since what it once added depends on when it was learned alone.

use super::tally::Faded;
use crate::clock::{DAY_US, Timestamp};

/// What was learned so long ago counts half: half a year, in weeks. Habits of a department outlive a rota of its staff
/// and not the staff (facts 4, row `drift`).
const HALF_LIFE_WEEKS: i64 = 26;
/// What one event of the first week counts.
const UNIT: u64 = 1 << 12;
/// After so many half-lives all counts are made smaller by as many halvings, or they would run out of bits.
const RENEWED_HALVINGS: u32 = 12;
/// The same in weeks.
const RENEWED_WEEKS: i64 = 12 * HALF_LIFE_WEEKS;
/// 2^(1/26) in units of 2^-32: the growth of a week.
const WEEK: u64 = 4_411_008_940;

/// How far the unit has grown.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Age {
    /// The week in which the unit was [`UNIT`], and the newest one told of, both since 1970.
    pub(super) weeks: Option<(i64, i64)>,
}

impl Age {
    /// Goes on to the week of `learned_at`. Returns by how many bits all counts must be made smaller first.
    pub fn reach(&mut self, learned_at: Timestamp) -> u32 {
        let week = week_of(learned_at);
        let (base, newest) = self.weeks.unwrap_or((week, week));
        let newest = newest.max(week);
        let renewals = (newest - base) / RENEWED_WEEKS;
        self.weeks = Some((base + renewals * RENEWED_WEEKS, newest));
        u32::try_from(renewals).map_or(63, |renewals| renewals.saturating_mul(RENEWED_HALVINGS).min(63))
    }

    /// What an event learned at this time counts.
    pub fn unit(self, learned_at: Timestamp) -> u64 {
        match self.weeks {
            Some((base, _)) => grown(week_of(learned_at) - base),
            None => UNIT,
        }
    }

    /// What an event of the newest week counts.
    pub fn newest_unit(self) -> u64 {
        match self.weeks {
            Some((base, newest)) => grown(newest - base),
            None => UNIT,
        }
    }
}

/// The unit so many weeks after the base; before it, what is left of it.
fn grown(weeks: i64) -> u64 {
    let (halvings, rest) = (weeks.div_euclid(HALF_LIFE_WEEKS), weeks.rem_euclid(HALF_LIFE_WEEKS));
    let unit = (0..rest).fold(UNIT, |unit, _| (unit * WEEK) >> 32);
    let bits = u32::try_from(halvings.unsigned_abs()).unwrap_or(u32::MAX);
    let moved = if halvings < 0 { unit.checked_shr(bits) } else { unit.checked_shl(bits) };
    moved.unwrap_or_default()
}

const fn week_of(at: Timestamp) -> i64 {
    at.micros().div_euclid(7 * DAY_US)
}

/// Makes all of `tables` smaller by so many halvings.
pub fn fade(bits: u32, tables: &mut [&mut dyn Faded]) {
    if bits > 0 {
        for table in tables {
            table.fade(bits);
        }
    }
}
