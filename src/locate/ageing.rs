//! Ageing: what was learned long ago counts less, and what a place did before it changed its habits much less.
//!
//! The old counts are not made smaller: the new ones are made larger, and all are read in the unit of the newest. So a
//! table is touched only where something happened, and what is taken back long after is taken back exactly, since what it
//! once added depends on when it was learned alone.

use super::ground::PlaceIx;
use super::tally::{PerPlace, Stroke, real};
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
/// What a place did before its habits changed counts an eighth: three halvings.
const CHANGED_HALVINGS: u32 = 3;
/// So many changes of a place are kept; at the next its oldest counts are made smaller instead.
const CHANGES_KEPT: usize = 4;

/// How far the units have grown.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Age {
    /// The week in which the unit was [`UNIT`], and the newest one told of, both since 1970.
    pub(super) weeks: Option<(i64, i64)>,
    /// By place, the weeks in which its habits had changed.
    pub(super) changes: PerPlace<Vec<i64>>,
    /// The weeks in which all habits had changed.
    pub(super) all_changes: Vec<i64>,
}

/// How far time has gone on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Passed {
    /// Weeks that have begun.
    pub weeks: u64,
    /// By how many bits all counts must be made smaller before anything is added.
    pub bits: u32,
}

impl Age {
    /// Goes on to the week of `learned_at`.
    pub fn reach(&mut self, learned_at: Timestamp) -> Passed {
        let week = week_of(learned_at);
        let (base, before) = self.weeks.unwrap_or((week, week));
        let newest = before.max(week);
        let renewals = (newest - base) / RENEWED_WEEKS;
        self.weeks = Some((base + renewals * RENEWED_WEEKS, newest));
        let halvings = u32::try_from(renewals).unwrap_or(u32::MAX).saturating_mul(RENEWED_HALVINGS);
        Passed { weeks: (newest - before).unsigned_abs(), bits: halvings.min(63) }
    }

    /// The habits of a place have changed. Returns by how many bits its counts must be made smaller.
    pub fn changed(&mut self, place: PlaceIx) -> u32 {
        let newest = self.newest_week();
        change(self.changes.slot(place), newest)
    }

    /// All habits have changed. Returns by how many bits the counts of roles must be made smaller.
    pub fn all_changed(&mut self) -> u32 {
        let newest = self.newest_week();
        change(&mut self.all_changes, newest)
    }

    /// What one event counts now, in tables that know no change of habits.
    pub fn unit(&self) -> f64 {
        real(self.grown(self.newest_week()))
    }

    /// What one event counts now in the habits of a place.
    pub fn habit_unit(&self, of: PlaceIx) -> f64 {
        real(changed_unit(self.unit_now(), self.changes.get(of).map_or(0, Vec::len)))
    }

    /// What one event counts now in the habits of a role.
    pub fn role_unit(&self) -> f64 {
        real(changed_unit(self.unit_now(), self.all_changes.len()))
    }

    fn unit_now(&self) -> u64 {
        self.grown(self.newest_week())
    }

    fn newest_week(&self) -> i64 {
        self.weeks.map_or(0, |(_, newest)| newest)
    }

    /// The unit of a week; of one before the base, what is left of it.
    fn grown(&self, week: i64) -> u64 {
        let weeks = self.weeks.map_or(0, |(base, _)| week - base);
        let (halvings, rest) = (weeks.div_euclid(HALF_LIFE_WEEKS), weeks.rem_euclid(HALF_LIFE_WEEKS));
        let unit = (0..rest).fold(UNIT, |unit, _| (unit * WEEK) >> 32);
        let bits = u32::try_from(halvings.unsigned_abs()).unwrap_or(u32::MAX);
        let moved = if halvings < 0 { unit.checked_shr(bits) } else { unit.checked_shl(bits) };
        moved.unwrap_or_default()
    }
}

/// Notes a change. If too many are known, the oldest is forgotten, and with it what was before.
fn change(changes: &mut Vec<i64>, week: i64) -> u32 {
    changes.push(week);
    if changes.len() <= CHANGES_KEPT {
        return 0;
    }
    changes.remove(0);
    CHANGED_HALVINGS
}

fn changed_unit(unit: u64, changes: usize) -> u64 {
    (0..changes).fold(unit, |unit, _| unit << CHANGED_HALVINGS)
}

fn week_of(at: Timestamp) -> i64 {
    at.micros().div_euclid(7 * DAY_US)
}

/// Whether something is added or taken away again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Way {
    /// It was learned.
    Add,
    /// It does not count.
    Take,
}

/// What one event, learned at its time, does to each kind of table.
pub struct Strokes<'a> {
    age: &'a Age,
    week: i64,
    way: Way,
}

impl<'a> Strokes<'a> {
    /// The strokes of an event that was learned at this time.
    pub fn new(age: &'a Age, learned_at: Timestamp, way: Way) -> Self {
        Self { age, week: week_of(learned_at), way }
    }

    /// On tables that know no change of habits.
    pub fn plain(&self) -> Stroke {
        self.stroke(&[])
    }

    /// On the habits of a place.
    pub fn habit(&self, of: PlaceIx) -> Stroke {
        self.stroke(self.age.changes.get(of).map_or(&[], Vec::as_slice))
    }

    /// On the habits of a role.
    pub fn role(&self) -> Stroke {
        self.stroke(&self.age.all_changes)
    }

    fn stroke(&self, changes: &[i64]) -> Stroke {
        let since = changes.iter().filter(|change| **change <= self.week).count();
        let unit = changed_unit(self.age.grown(self.week), since);
        match self.way {
            Way::Add => Stroke::Add(unit),
            Way::Take => Stroke::Take(unit),
        }
    }
}
