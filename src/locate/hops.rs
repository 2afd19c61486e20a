//! Hops: which place passes folders on to which, with a scan and without, and what was found where.

use super::ageing::Strokes;
use super::case::Mode;
use super::cell::Cell;
use super::ground::{Ground, PlaceIx, Role};
use super::tally::{Faded, PerPlace, PerRole, Row, real};
use super::ties::{TIES, Tie, Ties};
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
    pub fn moved(&mut self, ground: &Ground, moved: &Moved, ties: &Ties, strokes: &Strokes) {
        let home = ground.library(moved.home).map(|library| library.place);
        let Some(before) = moved.before.map(|stood| stood.at).or(home) else { return };
        match moved.mode {
            Mode::In | Mode::Filed | Mode::Carried => {
                self.flow.slot(before).stroke(moved.to, strokes.habit(before));
            }
            Mode::Out => {
                self.flow.slot(moved.station).stroke(moved.to, strokes.habit(moved.station));
                self.visited(ground, moved.station, before, strokes);
                if moved.station != before {
                    self.hidden.slot(before).stroke(moved.station, strokes.habit(before));
                    self.hidden_role.slot(ground.role(before)).stroke(moved.station, strokes.role());
                    if moved.call.last.is_some() {
                        self.tied(ground, before, ties.tie(moved.station), Weight::Half, strokes);
                    }
                }
            }
        }
    }

    /// Learns that a folder missing from `tracked` was found in `cell`.
    pub fn found(
        &mut self,
        ground: &Ground,
        tracked: PlaceIx,
        ties: Option<&Ties>,
        place: PlaceIx,
        strokes: &Strokes,
    ) {
        self.found.slot(tracked).stroke(place, strokes.habit(tracked));
        self.found_role.slot(ground.role(tracked)).stroke(place, strokes.role());
        if let Some(ties) = ties
            && place != tracked
        {
            self.tied(ground, tracked, ties.tie(place), Weight::Full, strokes);
        }
        if ground.role(place) != Role::Returns {
            self.visited(ground, place, tracked, strokes);
        }
    }

    /// What of all that comes here is tracked here, 0 to 1: one half until anything is known.
    pub fn scanned_share(&self, place: PlaceIx, unit: f64) -> f64 {
        (real(self.registered.count(place)) / unit + 1.0) / (real(self.visits.count(place)) / unit + 2.0)
    }

    /// What a place did counts less by so many bits.
    pub fn fade_habits(&mut self, of: PlaceIx, bits: u32) {
        self.hidden.fade_one(of, bits);
        self.flow.fade_one(of, bits);
        self.found.fade_one(of, bits);
        self.ties.fade_one(of, bits);
    }

    /// What all places of a role did counts less by so many bits.
    pub fn fade_roles(&mut self, bits: u32) {
        self.hidden_role.fade(bits);
        self.found_role.fade(bits);
    }

    /// All counts less by so many bits.
    pub fn fade(&mut self, bits: u32) {
        let tables: [&mut dyn Faded; 9] = [
            &mut self.hidden,
            &mut self.hidden_role,
            &mut self.flow,
            &mut self.found,
            &mut self.found_role,
            &mut self.visits,
            &mut self.registered,
            &mut self.ties,
            &mut self.ties_role,
        ];
        for table in tables {
            table.fade(bits);
        }
    }

    fn visited(&mut self, ground: &Ground, place: PlaceIx, tracked: PlaceIx, strokes: &Strokes) {
        if ground.role(place) == Role::Library {
            return;
        }
        strokes.plain().on(self.visits.slot(place));
        if place == tracked {
            strokes.plain().on(self.registered.slot(place));
        }
    }

    fn tied(&mut self, ground: &Ground, from: PlaceIx, tie: Tie, weight: Weight, strokes: &Strokes) {
        let own = self.ties.slot(from).get_mut(tie.index()).map(|count| (count, strokes.habit(from)));
        let role = self.ties_role.slot(ground.role(from)).get_mut(tie.index());
        for (count, stroke) in [own, role.map(|count| (count, strokes.plain()))].into_iter().flatten() {
            match weight {
                Weight::Full => stroke.on(count),
                Weight::Half => stroke.half().on(count),
            }
        }
    }
}

/// What an observation counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Weight {
    /// Somebody found the folder there.
    Full,
    /// The log shows that it was there; so it does not for all that hides.
    Half,
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
