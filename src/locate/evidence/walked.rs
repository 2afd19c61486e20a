//! Explanations from the hidden path, followed forward along the ways of this hospital.

use super::Belief;
use crate::locate::ground::{PlaceIx, Role};
use crate::locate::trace::{Traced, trace};
use crate::locate::view::{View, is_library};

/// How likely a first look sees a folder at its slot, and one in a department (facts 3.1): what is left is overlooked.
const SEEN_ON_SHELF: f64 = 0.985;
const SEEN_ELSEWHERE: f64 = 0.93;
/// What of all that comes back is filed wrongly.
const FILED_WRONGLY: f64 = 0.02;

/// Where the folder is by now if it went on from where it is tracked.
pub fn walk(view: &View) -> Traced {
    trace(view)
}

/// It went on to a department.
pub fn on(view: &View, walked: &Traced) -> Belief {
    let away = walked.places().filter(|(place, _)| *place != view.tracked.at && !goes_home(view, *place));
    Belief::over(view, away)
}

/// It went back to its library.
pub fn home(view: &View, walked: &Traced) -> Belief {
    let home = walked.places().filter(|(place, _)| *place != view.tracked.at && goes_home(view, *place));
    let mut belief = Belief::over(view, home);
    if let Some(returns) = view.returns() {
        belief.add(returns, walked.waiting);
    }
    belief
}

fn goes_home(view: &View, place: PlaceIx) -> bool {
    Some(place) == view.home() || view.ground.role(place) == Role::Returns
}

/// All of it, with what a first look where it is tracked would have seen taken off, and what came back misfiled now and
/// then.
pub fn all(view: &View, walked: &Traced) -> Belief {
    let tracked = view.tracked.at;
    let seen = if is_library(view.ground, tracked) { SEEN_ON_SHELF } else { SEEN_ELSEWHERE };
    let overlooked = |place| if place == tracked { 1.0 - seen } else { 1.0 };
    let mut belief =
        Belief::over(view, walked.places().map(|(place, mass)| (place, mass * overlooked(place))));
    if let Some(returns) = view.returns() {
        belief.add(returns, walked.waiting);
    }
    let Some(home) = view.home() else { return belief };
    let came_back = walked.mass(home);
    if came_back > 0.0 {
        let wrongly = came_back * FILED_WRONGLY;
        if home != tracked {
            belief = belief.without(home);
            belief.add(home, came_back - wrongly);
        }
        for (share, misfiled) in belief.0.iter_mut().zip(&view.misfiled) {
            *share += wrongly * misfiled;
        }
    }
    belief
}
