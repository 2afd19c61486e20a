//! Cells: what can be looked into.

use std::fmt;

use super::filing::{Digits, Misread, misreadings};
use super::ground::{Ground, Library, PlaceIx};
use super::{Case, Filing};
use crate::domain::{PlaceId, VolumeId};

/// One thing that can be looked into. Shelf cells are those of the folder's home library.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Cell {
    /// The folder's own slot, five folders to either side, and inside them.
    OwnSlot,
    /// A department, a room, a returns area, another library.
    Place(PlaceIx),
    /// Its shelf: twenty folders to either side.
    OwnShelf,
    /// The shelves beside: sixty folders to either side.
    NextShelves,
    /// The slot of a number that its own may have been read as.
    Slot(Digits),
    /// Inside another folder.
    InFolder(VolumeId),
    /// A box or shelf with a code of its own.
    Box(PlaceId),
    /// Its whole section of the library.
    Section,
    /// All of the library.
    Library,
    /// Nowhere that anybody can look.
    Lost,
}

/// As in the files of `locate-eval`.
impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OwnSlot => f.write_str("L:own"),
            Self::Place(place) => write!(f, "D:{}", place.number()),
            Self::OwnShelf => f.write_str("L:shelf"),
            Self::NextShelves => f.write_str("L:adj"),
            Self::Slot(number) => write!(f, "L:n{number}"),
            Self::InFolder(volume) => write!(f, "B:{}", volume.key()),
            Self::Box(place) => write!(f, "L:b{}", place.key()),
            Self::Section => f.write_str("L:sect"),
            Self::Library => f.write_str("L:rest"),
            Self::Lost => f.write_str("X"),
        }
    }
}

/// How many classes of misfiling are told apart.
pub const SLIPS: usize = 8;

/// How a folder in the library came to stand where it stands.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Slip {
    /// At its own slot, or within five of it.
    Own,
    /// On its own shelf.
    Shelf,
    /// On a shelf beside.
    Next,
    /// At the slot of a number with two digits swapped.
    Swapped,
    /// At the slot of a number with a digit that looks alike.
    LookAlike,
    /// Inside a folder that came back with it.
    InFolder,
    /// Somewhere in its section.
    Section,
    /// Anywhere.
    Anywhere,
}

impl Slip {
    /// Its row in a table.
    #[expect(clippy::as_conversions, reason = "the number of a variant")]
    pub const fn index(self) -> usize {
        self as usize
    }
}

/// A slot nearer than this to the folder's own is looked through with the shelves beside.
const NEAR: usize = 60;

/// Which slots of misread numbers are cells of their own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Slots {
    /// Those that a look along the shelves beside would not reach: for a plan.
    Far,
    /// All: to learn by, since what was learned must not hang on how many folders the library has by now.
    All,
}

/// All that can be looked into for one folder, in a fixed order: the places first, each at its index.
#[derive(Clone, PartialEq, Debug)]
pub struct Cells {
    list: Vec<(Cell, Option<Slip>)>,
}

impl Cells {
    /// The cells of a case.
    pub fn of(ground: &Ground, case: &Case, slots: Slots) -> Self {
        let mut list: Vec<_> = ground.places().map(|(place, _)| (Cell::Place(place), None)).collect();
        if let Some(library) = ground.library(case.home) {
            let own = case.boxes.own.filter(|_| library.order.filing() == Filing::ByPlace);
            if let Some(home) = list.get_mut(library.place.index()) {
                *home = (own.map_or(Cell::OwnSlot, Cell::Box), Some(Slip::Own));
            }
            list.extend(shelf_cells(library, case, slots));
        }
        Self { list }
    }

    /// Each cell with how a folder slips into it, where it is one of the shelves.
    pub fn iter(&self) -> impl Iterator<Item = (Cell, Option<Slip>)> {
        self.list.iter().copied()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Where a cell stands among them; the home library as a place is the folder's own slot.
    pub fn position(&self, cell: Cell) -> Option<usize> {
        if let Cell::Place(place) = cell {
            return Some(place.index()).filter(|at| *at < self.len());
        }
        self.list.iter().position(|(known, _)| *known == cell)
    }

    /// How a folder slips into a cell.
    pub fn slip(&self, cell: Cell) -> Option<Slip> {
        let at = self.position(cell)?;
        self.list.get(at).and_then(|(_, slip)| *slip)
    }
}

fn shelf_cells(library: &Library, case: &Case, slots: Slots) -> Vec<(Cell, Option<Slip>)> {
    if library.order.filing() == Filing::ByPlace { boxes(case) } else { numbered(library, case, slots) }
}

/// Shelves in the order of a number.
fn numbered(library: &Library, case: &Case, slots: Slots) -> Vec<(Cell, Option<Slip>)> {
    let mut cells = vec![
        (Cell::OwnShelf, Some(Slip::Shelf)),
        (Cell::NextShelves, Some(Slip::Next)),
        (Cell::Section, Some(Slip::Section)),
        (Cell::Library, Some(Slip::Anywhere)),
    ];
    for (read, how) in case.number.map(misreadings).unwrap_or_default() {
        let far = || case.number.is_some_and(|number| library.order.apart(number, read) > NEAR);
        if slots == Slots::All || far() {
            let slip = match how {
                Misread::Swapped(_) => Slip::Swapped,
                Misread::LookAlike(_) => Slip::LookAlike,
            };
            cells.push((Cell::Slot(read), Some(slip)));
        }
    }
    cells.extend(case.stack.iter().flatten().map(|volume| (Cell::InFolder(*volume), Some(Slip::InFolder))));
    cells
}

/// Boxes and shelves with codes of their own: what was filed in the same session is taken for it most easily, then
/// what stands beside it by code.
fn boxes(case: &Case) -> Vec<(Cell, Option<Slip>)> {
    let mut cells = Vec::new();
    let session = case.boxes.session.iter().map(|place| (*place, Slip::Shelf));
    let beside = case.boxes.beside.iter().map(|place| (*place, Slip::Next));
    for (place, slip) in session.chain(beside) {
        let known = Some(place) == case.boxes.own || cells.iter().any(|(cell, _)| *cell == Cell::Box(place));
        if !known {
            cells.push((Cell::Box(place), Some(slip)));
        }
    }
    cells.extend(case.stack.iter().flatten().map(|volume| (Cell::InFolder(*volume), Some(Slip::InFolder))));
    cells.push((Cell::Library, Some(Slip::Anywhere)));
    cells
}

impl Slip {
    /// How a folder slips into a shelf cell that no computation named.
    pub const fn of(cell: Cell) -> Self {
        match cell {
            Cell::OwnSlot | Cell::Box(_) => Self::Own,
            Cell::OwnShelf => Self::Shelf,
            Cell::NextShelves => Self::Next,
            Cell::InFolder(_) => Self::InFolder,
            Cell::Section => Self::Section,
            Cell::Slot(_) | Cell::Library | Cell::Place(_) | Cell::Lost => Self::Anywhere,
        }
    }
}
