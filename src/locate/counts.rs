//! Counts: the fold of all that was told, in the order in which it was learned.

use super::ageing::{Age, Strokes, Way};
use super::case::Case;
use super::cell::{Cell, Slip, Slots};
use super::detection::Detection;
use super::ground::{Effort, Ground, Library};
use super::hops::{Hops, place_of};
use super::mixture::Mixture;
use super::plan::first_look;
use super::prior;
use super::slips::Slips;
use super::ties::Ties;
use super::told::{Moved, Told};
use super::view::View;
use super::watch::Watch;
use super::ways::{Ways, is_by_habit};
use super::weights::Weights;
use crate::clock::Timestamp;

/// All that was learned. Told the same in the same order on the same ground, two are equal to the last bit, whether it
/// was told at once or with a snapshot in between.
#[derive(Clone, PartialEq, Debug)]
pub struct Counts {
    pub(super) age: Age,
    pub(super) hops: Hops,
    pub(super) ways: Ways,
    pub(super) watch: Watch,
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
            watch: Watch::default(),
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
            Told::Moved(moved) => self.moved(ground, moved, learned_at, Way::Add),
            Told::Untold { moved, learned_at } => self.moved(ground, moved, *learned_at, Way::Take),
            Told::Found { case, cell } => self.found(ground, case, *cell, learned_at),
        }
    }

    /// A look into a cell, as this hospital's own looks have told.
    pub fn look(&self, ground: &Ground, library: Option<&Library>, cell: Cell) -> Effort {
        self.detection.learned(ground, cell, ground.look(library, cell))
    }

    /// What searches have taught, in the form of the weights that a hospital begins with.
    pub fn weights(&self) -> String {
        prior::write(&self.weights)
    }

    fn grow_old(&mut self, learned_at: Timestamp) {
        let passed = self.age.reach(learned_at);
        if passed.bits > 0 {
            self.hops.fade(passed.bits);
            self.ways.fade(passed.bits);
        }
        for _ in 0..passed.weeks.min(MOST_WEEKS) {
            self.week();
        }
    }

    /// A week is over: where habits have changed, what was before counts little from now on.
    fn week(&mut self) {
        let changed = self.watch.week();
        for place in changed.places {
            let bits = self.age.changed(place);
            self.hops.fade_habits(place, bits);
            self.ways.fade_habits(place, bits);
            self.watch.begin_anew(place, self.ways.onward_events(&self.age, place));
        }
        if changed.all {
            let bits = self.age.all_changed();
            self.hops.fade_roles(bits);
        }
        self.watch.fade();
    }

    fn moved(&mut self, ground: &Ground, moved: &Moved, learned_at: Timestamp, way: Way) {
        let ties = Ties::said(ground, ground.library(moved.home), moved.call.last);
        if way == Way::Add && is_by_habit(moved) {
            let from = moved.station;
            let known = self.ways.onward_events(&self.age, from);
            let role = self.ways.onward_shares(&self.age, ground.role(from));
            self.watch.saw(from, ties.tie(moved.to), &known, &role);
        }
        let strokes = Strokes::new(&self.age, learned_at, way);
        self.hops.moved(ground, moved, &ties, &strokes);
        self.ways.moved(ground, moved, &ties, &strokes);
    }

    fn found(&mut self, ground: &Ground, case: &Case, cell: Cell, learned_at: Timestamp) {
        let view = View::new(ground, self, case, Slots::All);
        let (tracked, home, ties) = (view.tracked.at, view.home(), view.caller.map(|_| view.ties));
        let (context, slip) = (view.context, view.cells.slip(cell));
        let in_vain = looks_in_vain(&view, cell);
        let credit = Mixture::of(&view).credit(cell);
        if let Some(credit) = credit {
            self.weights.learn(context, &credit);
        }
        // Its own box, where the library files by place, is its own slot.
        let place = if slip == Some(Slip::Own) { home } else { place_of(cell, home) };
        if let Some(place) = place {
            let strokes = Strokes::new(&self.age, learned_at, Way::Add);
            self.hops.found(ground, tracked, ties.as_ref(), place, &strokes);
        }
        if Some(tracked) == home && !matches!(cell, Cell::Place(_) | Cell::Lost) {
            self.slips.found(slip.unwrap_or(Slip::of(cell)));
        }
        if let Some(in_vain) = in_vain {
            self.detection.found(ground, cell, in_vain);
        }
    }
}

/// After so many weeks of silence nothing is left of what the watch has seen.
const MOST_WEEKS: u64 = 60;

/// How many looks did not find it where it was; none if nobody kept the looks of the search. The first where it is
/// tracked does not count: only folders that it did not find are searched for, and of all others nobody tells.
fn looks_in_vain(view: &View, cell: Cell) -> Option<u64> {
    let first = first_look(view);
    let kept = || view.case.looks.iter().filter(|look| Some(**look) != first);
    kept().next()?;
    let there = view.cells.position(cell);
    Some(kept().filter(|look| view.cells.position(look.cell) == there).map(|_| 1).sum())
}
