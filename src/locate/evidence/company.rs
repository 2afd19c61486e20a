//! Explanations from the company a folder kept, and from its own past.

use super::Belief;
use crate::locate::ground::PlaceIx;
use crate::locate::tally::{real, real_len};
use crate::locate::view::View;

/// Of the missing folders, those whose whole batch went elsewhere, before anything is known of the others of it.
const ASTRAY: f64 = 0.006;
/// How likely another of the batch is next scanned where the batch went, if it went elsewhere.
const SEEN_THERE: f64 = 0.9;
/// What went to a place counts at least as so much of one folder: so little is known after the batch is left out.
const LEAST_EVENTS: f64 = 0.25;
/// What a place does with one batch agrees as if so many other folders had shown it: the folders of a batch go on alike.
const ALIKE: f64 = 4.0;

/// A place it was at so many movements ago counts this to the power of that.
const PER_MOVE: f64 = 0.8;

/// It is where those are that went with it. Says nothing if none was seen since, or all are where it is tracked.
pub fn together(view: &View, places: &[PlaceIx]) -> Belief {
    Belief::over(view, places.iter().map(|place| (*place, 1.0))).without(view.tracked.at)
}

/// It is where it has been before, the newer the likelier.
pub fn history(view: &View) -> Belief {
    let mut share = 1.0;
    let past = view.case.moves.iter().rev().map(|step| {
        let this = share;
        share *= PER_MOVE;
        (step.to, this)
    });
    Belief::over(view, past.collect::<Vec<_>>()).without(view.tracked.at)
}

/// How much the batch explains beyond what it has earned so far, as odds: that all of it went where the others were next
/// scanned, against each having gone on by itself. Several of a batch that turn up where folders from there hardly ever go
/// say that the code was wrong, or the trolley; where folders go anyway they say nothing.
pub fn astray(view: &View) -> f64 {
    let mates = &view.case.mates;
    let home = [view.home(), view.returns(), Some(view.tracked.at)];
    let places = mates.iter().filter(|place| !home.contains(&Some(**place)));
    let likelier = places.map(|place| together_there(view, mates, *place)).fold(1.0, f64::max);
    ASTRAY * (likelier - 1.0)
}

/// How much likelier the others were scanned where they were if the batch went to `place`.
fn together_there(view: &View, mates: &[PlaceIx], place: PlaceIx) -> f64 {
    let there = mates.iter().filter(|mate| **mate == place).count();
    let usual = usual(view, place, real_len(there));
    let (mut likelier, mut seen) = (1.0, 0.0);
    for _ in 0..there {
        likelier *= SEEN_THERE * (ALIKE + seen) / (ALIKE * usual + seen);
        seen += 1.0;
    }
    (there..mates.len()).fold(likelier, |likelier, _| likelier * (1.0 - SEEN_THERE))
}

/// The share of folders tracked where this one is that are next scanned at `place`, those of the batch left out.
fn usual(view: &View, place: PlaceIx, mates: f64) -> f64 {
    let from = view.tracked.at;
    let unit = view.counts.age.habit_unit(from);
    let scanned = view.counts.hops.flow.get(from);
    let scanned = |place| scanned.map_or(0.0, |row| real(row.get(place)) / unit);
    let unscanned = |place: PlaceIx| view.habit.get(place.index()).copied().unwrap_or_default();
    let there = scanned(place) + unscanned(place);
    let all: f64 = view.ground.places().map(|(to, _)| scanned(to) + unscanned(to)).sum();
    ((there - mates).max(LEAST_EVENTS) / (all - mates).max(1.0)).min(1.0)
}
