//! The plan: where to look, in which order.
//!
//! Looking next where chance × detection (÷ minutes) is greatest is the best order there is for given chances (Blackwell;
//! facts 1.1), and it holds second looks too: after a look in vain the chance there falls, and all others rise alike.

use std::cmp::Ordering;

use super::case::{Case, Look, days};
use super::cell::{Cell, Slots};
use super::counts::Counts;
use super::ground::{Effort, Ground, PlaceIx};
use super::mixture::Mixture;
use super::reasons::{Reason, reasons};
use super::view::{View, is_library};
use super::words::shown;

/// A plan has so many lines at most: nobody walks further.
pub const MAX_LINES: usize = 60;
/// A place stands in a plan so often at most.
const VISITS: u32 = 3;
/// The share of what is nowhere where one can look, before anybody has looked but where it is tracked.
const LOST: f64 = 0.01;
/// How likely a first look sees a folder at its slot, and one in a department (facts 3.1).
const SEEN_ON_SHELF: f64 = 0.985;
const SEEN_ELSEWHERE: f64 = 0.93;
/// After so many days a look in vain says half as much: the folder may have come since.
const LOOK_HALF_LIFE_DAYS: f64 = 14.0;
/// A look longer than this, in minutes, counts as several places: nobody goes through the whole library to save a walk.
const PLACE_MINUTES: f64 = 30.0;
/// A place that takes no time at all is ranked as if it took this many minutes.
const LEAST_MINUTES: f64 = 0.1;

/// What the searcher wants least of.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum By {
    /// As few places as possible until it is found.
    #[default]
    FewestPlaces,
    /// As few minutes as possible.
    LeastWalking,
}

/// One look of a plan.
#[derive(Clone, PartialEq, Debug)]
pub struct Line {
    /// Where.
    pub cell: Cell,
    /// Which visit of the plan: 1, or 2 and 3 for a second and third look.
    pub visit: u32,
    /// The chance that the folder is there, now.
    pub chance: f64,
    /// Minutes, the walk included.
    pub minutes: f64,
    /// Chance that the look finds it if it is there.
    pub detect: f64,
    /// How many folders stand before it on the shelves of the library, to walk along them; shelf cells alone.
    pub along: Option<usize>,
    /// Why, the strongest first; on a first visit alone.
    pub reasons: Vec<Reason>,
}

/// Where to look, in which order.
#[derive(Clone, PartialEq, Debug)]
pub struct Plan {
    /// The looks, the best first, [`MAX_LINES`] at most.
    pub lines: Vec<Line>,
    /// The chance that it is nowhere where one can look.
    pub lost: f64,
    /// Where it is tracked.
    pub tracked: PlaceIx,
    /// The chance that it was where it is tracked before anybody looked: at its place, not merely in that building.
    pub there: f64,
}

/// The plan of a case: the one door by which chances leave the engine, so that none above [`super::MOST_SHOWN`] does. The
/// order of the looks is that of the chances as they were counted.
pub fn plan(ground: &Ground, counts: &Counts, case: &Case, by: By) -> Plan {
    let counted = counted(ground, counts, case, by);
    let lines = counted.lines.into_iter().map(|line| Line { chance: shown(line.chance), ..line }).collect();
    Plan { lines, lost: shown(counted.lost), there: shown(counted.there), tracked: counted.tracked }
}

/// The plan with the chances as counted: they and the share that is lost add up to one.
pub(super) fn counted(ground: &Ground, counts: &Counts, case: &Case, by: By) -> Plan {
    let view = View::new(ground, counts, case, Slots::Far);
    let mixture = Mixture::of(&view);
    let (chances, lost) = after_looks(&mixture, &case.looks);
    Plan { lines: lines(&mixture, &chances, by), lost, tracked: view.tracked.at, there: there(&mixture) }
}

fn lines(mixture: &Mixture, chances: &[f64], by: By) -> Vec<Line> {
    let view = mixture.view;
    let mut ranked = Vec::new();
    for ((cell, _), chance) in view.cells.iter().zip(chances) {
        let look = view.counts.look(view.ground, view.library, cell);
        let mut worth = match by {
            By::FewestPlaces => chance * look.detect / (look.minutes / PLACE_MINUTES).max(1.0),
            By::LeastWalking => chance * look.detect / look.minutes.max(LEAST_MINUTES),
        };
        for visit in 1..=VISITS {
            ranked.push((worth, cell, visit, *chance, look));
            worth *= 1.0 - look.detect;
        }
    }
    ranked.sort_by(|one, other| best_first((one.0, one.1, one.2), (other.0, other.1, other.2)));
    ranked.truncate(MAX_LINES);
    let line = |(_, cell, visit, chance, look): (f64, Cell, u32, f64, Effort)| Line {
        cell,
        visit,
        chance,
        minutes: look.minutes,
        detect: look.detect,
        along: along(view, cell),
        reasons: if visit == 1 { reasons(mixture, cell) } else { Vec::new() },
    };
    ranked.into_iter().map(line).collect()
}

fn best_first(one: (f64, Cell, u32), other: (f64, Cell, u32)) -> Ordering {
    other.0.total_cmp(&one.0).then((one.1, one.2).cmp(&(other.1, other.2)))
}

fn along(view: &View, cell: Cell) -> Option<usize> {
    let order = &view.library?.order;
    match cell {
        Cell::OwnSlot | Cell::OwnShelf | Cell::NextShelves => Some(order.rank(view.case.number?)),
        Cell::Slot(number) => Some(order.rank(number)),
        Cell::Place(_) | Cell::InFolder(_) | Cell::Box(_) | Cell::Section | Cell::Library | Cell::Lost => {
            None
        }
    }
}

/// The chances after the looks in vain, and the share that is lost. The order of the looks does not matter, to the last
/// bit.
fn after_looks(mixture: &Mixture, looks: &[Look]) -> (Vec<f64>, f64) {
    let view = mixture.view;
    let first = first_look(view);
    let mut chances: Vec<f64> = mixture.chances.iter().map(|chance| chance * (1.0 - LOST)).collect();
    if first.is_none() {
        unlook(view, &mut chances);
    }
    let mut others: Vec<&Look> = looks.iter().collect();
    others.sort_by(|one, other| look_order(one, other));
    if let Some(at) = first.and_then(|first| others.iter().position(|look| **look == first)) {
        others.remove(at);
    }
    for look in others {
        if let Some(chance) = view.cells.position(look.cell).and_then(|at| chances.get_mut(at)) {
            *chance *= 1.0 - detection(view, look);
        }
    }
    let left = chances.iter().sum::<f64>() + LOST;
    (chances.iter().map(|chance| chance / left).collect(), LOST / left)
}

/// The look that made it a missing folder: the first where it is tracked. The mixture has learned from such folders
/// alone, so that look stands in it already.
pub(super) fn first_look(view: &View) -> Option<Look> {
    let tracked = view.cells.position(Cell::Place(view.tracked.at));
    let there = view.case.looks.iter().filter(|look| view.cells.position(look.cell) == tracked);
    there.min_by(|one, other| look_order(one, other)).copied()
}

fn look_order(one: &Look, other: &Look) -> Ordering {
    let detect = |look: &Look| look.detect.unwrap_or_default();
    (one.at, one.cell).cmp(&(other.at, other.cell)).then(detect(one).total_cmp(&detect(other)))
}

/// Nobody has looked where it is tracked: what a first look there would have seen is likely there.
fn unlook(view: &View, chances: &mut [f64]) {
    let at = view.cells.position(Cell::Place(view.tracked.at));
    if let Some(chance) = at.and_then(|at| chances.get_mut(at)) {
        *chance /= 1.0 - seen(view);
    }
}

fn seen(view: &View) -> f64 {
    if is_library(view.ground, view.tracked.at) { SEEN_ON_SHELF } else { SEEN_ELSEWHERE }
}

fn detection(view: &View, look: &Look) -> f64 {
    let usual = || view.counts.look(view.ground, view.library, look.cell).detect;
    let old = days(look.at, view.case.now).max(0.0) / LOOK_HALF_LIFE_DAYS;
    look.detect.unwrap_or_else(usual).clamp(0.0, 1.0) * (-old).exp2()
}

fn there(mixture: &Mixture) -> f64 {
    let view = mixture.view;
    let at = view.cells.position(Cell::Place(view.tracked.at));
    let chance = at.and_then(|at| mixture.chances.get(at)).copied().unwrap_or_default();
    let unlooked = chance * (1.0 - LOST) / (1.0 - seen(view));
    unlooked / (unlooked + 1.0 - chance * (1.0 - LOST))
}
