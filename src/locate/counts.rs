//! Counts: the fold of all that was told, in the order in which it was learned.

use super::ageing::{Age, fade};
use super::case::{Case, Look};
use super::cell::Cell;
use super::detection::Detection;
use super::ground::{Effort, Ground, Library};
use super::hops::{Hops, place_of};
use super::mixture::Mixture;
use super::plan::first_look;
use super::prior;
use super::slips::Slips;
use super::tally::Stroke;
use super::ties::Ties;
use super::told::{Moved, Told};
use super::view::View;
use super::ways::Ways;
use super::weights::Weights;
use crate::clock::Timestamp;

/// All that was learned. Told the same in the same order on the same ground, two are equal to the last bit, whether it
/// was told at once or with a snapshot in between.
#[derive(Clone, PartialEq, Debug)]
pub struct Counts {
    pub(super) age: Age,
    pub(super) hops: Hops,
    pub(super) ways: Ways,
    pub(super) slips: Slips,
    pub(super) detection: Detection,
    pub(super) weights: Weights,
}

impl Default for Counts {
    fn default() -> Self {
        Self {
            age: Age::default(),
            hops: Hops::default(),
            ways: Ways::default(),
            slips: Slips::default(),
            detection: Detection::default(),
            weights: prior::weights(),
        }
    }
}

impl Counts {
    /// Learns one thing more. `learned_at` never runs back.
    pub fn tell(&mut self, ground: &Ground, learned_at: Timestamp, told: &Told) {
        self.grow_old(learned_at);
        match told {
            Told::Moved(moved) => self.moved(ground, moved, Stroke::Add(self.age.unit(learned_at))),
            Told::Untold { moved, learned_at } => {
                self.moved(ground, moved, Stroke::Take(self.age.unit(*learned_at)));
            }
            Told::Found { case, cell } => self.found(ground, case, *cell, self.age.unit(learned_at)),
        }
    }

    /// What one event counts now.
    pub fn unit(&self) -> f64 {
        super::tally::real(self.age.newest_unit())
    }

    /// A look into a cell, as this hospital's own looks have told.
    pub fn look(&self, ground: &Ground, library: Option<&Library>, cell: Cell) -> Effort {
        self.detection.learned(ground, cell, ground.look(library, cell))
    }

    /// How much each explanation has earned, by its name in the file of weights.
    pub fn earned(&self) -> impl Iterator<Item = (&'static str, f64)> {
        self.weights.overall().map(|(explanation, share)| (explanation.word(), share))
    }

    fn grow_old(&mut self, learned_at: Timestamp) {
        let bits = self.age.reach(learned_at);
        fade(bits, &mut self.hops.tables());
        fade(bits, &mut self.ways.tables());
    }

    fn moved(&mut self, ground: &Ground, moved: &Moved, stroke: Stroke) {
        let library = ground.library(moved.home);
        let ties = Ties::of(ground, &self.hops, library, moved.call.last);
        self.hops.moved(ground, moved, &ties, stroke);
        self.ways.moved(ground, moved, &ties, stroke);
    }

    fn found(&mut self, ground: &Ground, case: &Case, cell: Cell, unit: u64) {
        let view = View::new(ground, self, case);
        let (tracked, home, ties) = (view.tracked.at, view.home(), view.caller.map(|_| view.ties));
        let (context, slip) = (view.context, view.cells.slip(cell));
        let in_vain = looks_in_vain(&view, cell);
        let credit = Mixture::of(&view).credit(cell);
        if let Some(credit) = credit {
            self.weights.learn(context, &credit);
        }
        if let Some(place) = place_of(cell, home) {
            self.hops.outcome(ground, tracked, ties.as_ref(), place, Stroke::Add(unit));
        }
        if Some(tracked) == home && !matches!(cell, Cell::Place(_) | Cell::Lost) {
            self.slips.found(slip.unwrap_or(super::cell::Slip::of(cell)));
        }
        self.detection.found(ground, cell, in_vain);
    }
}

/// Looks that did not find it where it was. The first where it is tracked does not count: only folders that it did not
/// find are searched for, and of all others nobody tells.
fn looks_in_vain(view: &View, cell: Cell) -> u64 {
    let first = first_look(view);
    let there =
        view.case.looks.iter().filter(|look| view.cells.position(look.cell) == view.cells.position(cell));
    there.filter(|look: &&Look| Some(**look) != first).map(|_| 1).sum()
}
