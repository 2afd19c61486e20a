//! The watch for changed habits: a department that moves, a secretary who leaves, a hospital that is put in order anew.
//!
//! Two guesses are made of every hop by habit before it is learned: one from all that the place has done, one from what
//! it did in the last weeks. Where the second has been the better one by far, the habits of the place have changed, and
//! what was before counts little from then on. Habits that stay as they are never raise the alarm, so nothing is lost
//! by watching (figures in `docs/locating.md`).

use super::ground::PlaceIx;
use super::tally::PerPlace;
use super::ties::{TIES, Tie};

/// What was seen so many days ago counts half for the newer guess.
const RECENT_DAYS: f64 = 30.0;
/// Onward habits of a role count as so many folders, in both guesses.
const ROLE_STRENGTH: f64 = 12.0;
/// The newer guess of a place is better by far if it has gained so much, in nats.
const PLACE_GAIN: f64 = 3.0;
/// All habits have changed if the newer guess has gained so much a hop, and so much in all.
const ALL_GAIN_PER_HOP: f64 = 0.005;
const ALL_GAIN: f64 = 6.0;
/// What was gained before counts less after a week.
const PLACE_GAIN_KEPT: f64 = 0.75;
const ALL_GAIN_KEPT: f64 = 0.5;

/// What the watch has seen lately.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Watch {
    /// By place, hops of the last weeks by tie.
    pub(super) recent: PerPlace<[f64; TIES]>,
    /// By place, by how much the newer guess was the better one lately.
    pub(super) gain: PerPlace<f64>,
    pub(super) all_gain: f64,
    pub(super) all_hops: f64,
}

/// Whose habits have changed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Changed {
    /// These places'.
    pub places: Vec<PlaceIx>,
    /// Everybody's.
    pub all: bool,
}

impl Watch {
    /// A folder went on from `from` by habit. `known` is what the place has done so far, in events, `role` the shares of
    /// its role.
    pub fn saw(&mut self, from: PlaceIx, tie: Tie, known: &[f64; TIES], role: &[f64; TIES]) {
        let recent = self.recent.slot(from);
        let guess = |events: &[f64; TIES]| {
            let of = |table: &[f64; TIES]| table.get(tie.index()).copied().unwrap_or_default();
            (of(events) + ROLE_STRENGTH * of(role)) / (events.iter().sum::<f64>() + ROLE_STRENGTH)
        };
        let gain = (guess(recent) / guess(known)).ln();
        if let Some(count) = recent.get_mut(tie.index()) {
            *count += 1.0;
        }
        *self.gain.slot(from) += gain;
        self.all_gain += gain;
        self.all_hops += 1.0;
    }

    /// A week is over: whose habits have changed?
    pub fn week(&mut self) -> Changed {
        let all = self.all_gain > (ALL_GAIN_PER_HOP * self.all_hops).max(ALL_GAIN);
        let changed = (0..).map(PlaceIx::new).zip(self.gain.iter());
        let places = changed.filter(|(_, gain)| all || **gain > PLACE_GAIN).map(|(place, _)| place).collect();
        if all {
            (self.all_gain, self.all_hops) = (0.0, 0.0);
        }
        Changed { places, all }
    }

    /// The habits of a place have changed: what it did lately is what it does.
    pub fn begin_anew(&mut self, place: PlaceIx, known: [f64; TIES]) {
        *self.recent.slot(place) = known;
        *self.gain.slot(place) = 0.0;
    }

    /// What is a week older counts less.
    pub fn fade(&mut self) {
        let kept = (-7.0 / RECENT_DAYS).exp2();
        self.recent.iter_mut().flatten().for_each(|count| *count *= kept);
        self.gain.iter_mut().for_each(|gain| *gain *= PLACE_GAIN_KEPT);
        self.all_gain *= ALL_GAIN_KEPT;
        self.all_hops *= ALL_GAIN_KEPT;
    }
}
