//! Detection: how likely a look finds a folder that is there, learned from looks that did not.

use super::cell::Cell;
use super::ground::{Effort, Ground, ROLES};
use super::tally::real;

/// The planned chance counts as so many looks at a folder that was there.
const PLANNED_STRENGTH: f64 = 20.0;
/// The roles of places, then seven kinds of looks on the shelves, then boxes.
pub(super) const KINDS: usize = ROLES + 8;

/// Looks at folders that were there, by kind of place: how many found them, how many did not.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Detection(pub(super) [[u64; 2]; KINDS]);

impl Default for Detection {
    fn default() -> Self {
        Self([[0; 2]; KINDS])
    }
}

impl Detection {
    /// A folder was found in `cell` after so many looks there in vain.
    pub fn found(&mut self, ground: &Ground, cell: Cell, in_vain: u64) {
        if let Some([found, missed]) = kind(ground, cell).and_then(|kind| self.0.get_mut(kind)) {
            *found += 1;
            *missed += in_vain;
        }
    }

    /// A look, with the chance that this hospital's own looks have told.
    pub fn learned(&self, ground: &Ground, cell: Cell, planned: Effort) -> Effort {
        let counts = kind(ground, cell).and_then(|kind| self.0.get(kind)).copied().unwrap_or_default();
        let [found, missed] = counts.map(real);
        let detect = (planned.detect * PLANNED_STRENGTH + found) / (PLANNED_STRENGTH + found + missed);
        Effort { detect, ..planned }
    }
}

fn kind(ground: &Ground, cell: Cell) -> Option<usize> {
    Some(match cell {
        Cell::Place(place) => ground.role(place).index(),
        Cell::OwnSlot => ROLES,
        Cell::OwnShelf => ROLES + 1,
        Cell::NextShelves => ROLES + 2,
        Cell::Slot(_) => ROLES + 3,
        Cell::InFolder(_) => ROLES + 4,
        Cell::Box(_) => ROLES + 5,
        Cell::Section => ROLES + 6,
        Cell::Library => ROLES + 7,
        Cell::Lost => return None,
    })
}
