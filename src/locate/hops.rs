//! Hops: which place passes folders on to which, with a scan and without, and what was found where.

use super::case::Mode;
use super::cell::Cell;
use super::ground::{Ground, PlaceIx, Role};
use super::tally::{Faded, PerPlace, PerRole, Row, Stroke, real};
use super::ties::{TIES, Ties};
use super::told::Moved;

/// Counts of hops between places.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Hops {
    /// Tracked here, and next sent on from there: it went from here to there without a scan.
    pub hidden: PerPlace<Row>,
    /// The same for all places of a role.
    pub hidden_role: PerRole<Row>,
    /// Went from here to there, scanned.
    pub flow: PerPlace<Row>,
    /// Missing from here, found there.
    pub found: PerPlace<Row>,
    /// The same for all places of a role.
    pub found_role: PerRole<Row>,
    /// Known to have been here.
    pub visits: PerPlace<u64>,
    /// Of these, tracked here while it was.
    pub registered: PerPlace<u64>,
    /// Of what went from here without a scan, to which of the folder's own places.
    pub ties: PerPlace<[u64; TIES]>,
    /// The same for all places of a role.
    pub ties_role: PerRole<[u64; TIES]>,
}

impl Hops {
    /// Learns from a movement, or unlearns it.
    pub fn moved(&mut self, ground: &Ground, moved: &Moved, ties: &Ties, stroke: Stroke) {
        let home = ground.library(moved.home).map(|library| library.place);
        let Some(before) = moved.before.map(|stood| stood.at).or(home) else { return };
        match moved.mode {
            Mode::In | Mode::Filed | Mode::Carried => {
                self.flow.slot(before).stroke(moved.to, stroke);
            }
            Mode::Out => {
                self.flow.slot(moved.station).stroke(moved.to, stroke);
                self.visited(ground, moved.station, before, stroke);
                if moved.station != before {
                    self.hidden.slot(before).stroke(moved.station, stroke);
                    self.hidden_role.slot(ground.role(before)).stroke(moved.station, stroke);
                    if moved.call.last.is_some() {
                        self.tied(ground, before, ties, moved.station, stroke.half());
                    }
                }
            }
        }
    }

    /// Learns that a folder missing from `tracked` was found in `cell`.
    pub fn outcome(
        &mut self,
        ground: &Ground,
        tracked: PlaceIx,
        ties: Option<&Ties>,
        place: PlaceIx,
        stroke: Stroke,
    ) {
        self.found.slot(tracked).stroke(place, stroke);
        self.found_role.slot(ground.role(tracked)).stroke(place, stroke);
        if let Some(ties) = ties
            && place != tracked
        {
            self.tied(ground, tracked, ties, place, stroke);
        }
        if ground.role(place) != Role::Returns {
            self.visited(ground, place, tracked, stroke);
        }
    }

    /// What of all that comes here is tracked here, 0 to 1: one half until anything is known.
    pub fn scanned_share(&self, place: PlaceIx, unit: f64) -> f64 {
        (real(self.registered.count(place)) / unit + 1.0) / (real(self.visits.count(place)) / unit + 2.0)
    }

    /// All tables, to make them smaller.
    pub fn tables(&mut self) -> [&mut dyn Faded; 9] {
        [
            &mut self.hidden,
            &mut self.hidden_role,
            &mut self.flow,
            &mut self.found,
            &mut self.found_role,
            &mut self.visits,
            &mut self.registered,
            &mut self.ties,
            &mut self.ties_role,
        ]
    }

    fn visited(&mut self, ground: &Ground, place: PlaceIx, tracked: PlaceIx, stroke: Stroke) {
        if ground.role(place) == Role::Library {
            return;
        }
        stroke.on(self.visits.slot(place));
        if place == tracked {
            stroke.on(self.registered.slot(place));
        }
    }

    fn tied(&mut self, ground: &Ground, from: PlaceIx, ties: &Ties, to: PlaceIx, stroke: Stroke) {
        let tie = ties.tie(to).index();
        for table in [self.ties.slot(from), self.ties_role.slot(ground.role(from))] {
            if let Some(count) = table.get_mut(tie) {
                stroke.on(count);
            }
        }
    }
}

/// The place of a cell: a department, or the home library where the folder stood about its own slot.
pub fn place_of(cell: Cell, home: Option<PlaceIx>) -> Option<PlaceIx> {
    match cell {
        Cell::Place(place) => Some(place),
        Cell::OwnSlot => home,
        Cell::OwnShelf
        | Cell::NextShelves
        | Cell::Slot(_)
        | Cell::InFolder(_)
        | Cell::Box(_)
        | Cell::Section
        | Cell::Library
        | Cell::Lost => None,
    }
}
