//! Explanations from the company a folder kept, and from its own past.

use super::Belief;
use crate::locate::ground::PlaceIx;
use crate::locate::view::View;

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
