//! Weights: how much each explanation has earned, by what was found where, from the general to the particular.

use super::case::Mode;
use super::evidence::EXPLANATIONS;
use super::ground::{ROLES, Role};

/// A figure for each explanation.
pub type Shares = [f64; EXPLANATIONS];

/// How the last scan was made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum LastScan {
    /// Scanned where it is tracked.
    In,
    /// Sent out by a library.
    FromLibrary,
    /// Sent on by somebody else.
    FromElsewhere,
}

impl LastScan {
    /// Of a movement of this mode at a station of this role.
    pub const fn of(mode: Mode, station: Role) -> Self {
        match (mode, station) {
            (Mode::In | Mode::Filed, _) => Self::In,
            (Mode::Out | Mode::Carried, Role::Library) => Self::FromLibrary,
            (Mode::Out | Mode::Carried, _) => Self::FromElsewhere,
        }
    }
}

const SCANS: usize = 3;
const CALLS: usize = 2;
/// Up to how many days since the last scan the classes of time go (facts 5.3).
const TIMES_DAYS: [f64; 4] = [1.0, 4.0, 12.0, 40.0];
const TIMES: usize = TIMES_DAYS.len() + 1;

/// What the weights are looked up by.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Context {
    /// Of the place where the folder is tracked.
    pub role: Role,
    /// How that is known.
    pub scan: LastScan,
    /// Whether an appointment has called it since.
    pub called: bool,
    time: usize,
}

impl Context {
    /// The context of a folder tracked so, so many days after its last scan.
    pub fn new(role: Role, scan: LastScan, called: bool, days: f64) -> Self {
        Self { role, scan, called, time: TIMES_DAYS.iter().filter(|limit| **limit < days).count() }
    }

    #[expect(clippy::as_conversions, reason = "the number of a variant")]
    fn row(self) -> usize {
        (self.role.index() * SCANS + self.scan as usize) * CALLS + usize::from(self.called)
    }

    fn timed_row(self) -> usize {
        self.row() * TIMES + self.time
    }
}

/// What outcomes have taught, at four levels. One outcome adds one to each.
#[derive(Clone, PartialEq, Debug)]
pub struct Weights {
    pub(super) all: Shares,
    pub(super) by_role: Vec<Shares>,
    pub(super) by_context: Vec<Shares>,
    pub(super) by_time: Vec<Shares>,
}

/// What a level knows counts against so many outcomes of the level above.
const BACK_TO_ALL: f64 = 20.0;
const BACK_TO_ROLE: f64 = 15.0;
const BACK_TO_CONTEXT: f64 = 12.0;

const NONE: Shares = [0.0; EXPLANATIONS];

impl Weights {
    /// Weights that have learned nothing and begin with these.
    pub(super) fn beginning(all: Shares, [by_role, by_context, by_time]: [Vec<Shares>; 3]) -> Self {
        let long = |mut rows: Vec<Shares>, length| {
            rows.resize(length, NONE);
            rows
        };
        Self {
            all,
            by_role: long(by_role, ROLES),
            by_context: long(by_context, ROLES * SCANS * CALLS),
            by_time: long(by_time, ROLES * SCANS * CALLS * TIMES),
        }
    }

    /// The weights in a context, before it is known which explanations have anything to say.
    pub fn of(&self, context: Context) -> Shares {
        let none = &NONE;
        let role = self.by_role.get(context.role.index()).unwrap_or(none);
        let row = self.by_context.get(context.row()).unwrap_or(none);
        let timed = self.by_time.get(context.timed_row()).unwrap_or(none);
        let all = shares(&self.all);
        let role = backed(role, &all, BACK_TO_ALL);
        let row = backed(row, &role, BACK_TO_ROLE);
        backed(timed, &row, BACK_TO_CONTEXT)
    }

    /// Learns how much each explanation had to do with an outcome: `credit` adds up to one.
    pub fn learn(&mut self, context: Context, credit: &Shares) {
        let role = self.by_role.get_mut(context.role.index());
        let row = self.by_context.get_mut(context.row());
        let timed = self.by_time.get_mut(context.timed_row());
        for level in [Some(&mut self.all), role, row, timed].into_iter().flatten() {
            for (weight, more) in level.iter_mut().zip(credit) {
                *weight += more;
            }
        }
    }
}

fn shares(counts: &Shares) -> Shares {
    let sum = counts.iter().sum::<f64>().max(1e-12);
    counts.map(|count| count / sum)
}

/// Counts of a level with the level above as so many pseudo-outcomes.
fn backed(counts: &Shares, above: &Shares, strength: f64) -> Shares {
    let sum = counts.iter().sum::<f64>() + strength;
    let mut backed = *counts;
    for (weight, above) in backed.iter_mut().zip(above) {
        *weight = (*weight + strength * above) / sum;
    }
    backed
}
