//! Explanations that name one place, or the shelves.

use super::Belief;
use crate::locate::case::Mode;
use crate::locate::view::View;

/// It is where it is tracked, and was overlooked.
pub fn overlooked(view: &View) -> Belief {
    Belief::at(view, Some(view.tracked.at))
}

/// It never left the place where it was tracked before: it was on a list, and stayed.
pub fn previous(view: &View) -> Belief {
    Belief::at(view, Some(view.tracked.previous)).without(view.tracked.at)
}

/// It never left where it was scanned out.
pub fn station(view: &View) -> Belief {
    Belief::at(view, Some(view.tracked.station)).without(view.tracked.at)
}

/// It stands in the library, not at its slot: by what was found in which class of wrong slots.
pub fn misfiled(view: &View) -> Belief {
    Belief(view.misfiled.clone())
}

/// It waits to be filed; not if it was scanned onto its shelf.
pub fn returns(view: &View) -> Belief {
    let filed = view.tracked.mode == Mode::Filed;
    Belief::at(view, view.returns().filter(|_| !filed))
}

/// It is about its own slot in its library.
pub fn home_shelf(view: &View) -> Belief {
    Belief::at(view, view.home())
}

/// The code before or after the right one was picked from the list.
pub fn wrong_code(view: &View) -> Belief {
    let beside = view.ground.place(view.tracked.at).map(|facts| facts.beside).unwrap_or_default();
    Belief::over(view, beside.into_iter().flatten().map(|place| (place, 1.0)))
}

/// It is anywhere: one look is as good as another.
pub fn anywhere(view: &View) -> Belief {
    Belief(vec![1.0; view.cells.len()])
}
