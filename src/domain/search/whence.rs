//! Where a folder that has turned up really was, as a clerk with the folder in hand says it: one of a few.

use super::{Cause, Spot, Tracked};
use crate::domain::PlaceId;
use crate::domain::directory::Directory;

/// Most choices: the digits of the cards.
pub const MAX_CHOICES: usize = 9;

/// Where it was.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Whence {
    /// Here, at this desk's place.
    Here,
    /// In its own slot.
    OwnSlot,
    /// On its own shelf, at a wrong place.
    OwnShelf,
    /// On another shelf.
    OtherShelf,
    /// Inside another folder.
    Inside,
    /// In the returns, not yet filed.
    Returns,
    /// Somebody brought it.
    ByHand,
}

/// What may be said at a desk in a library.
const IN_LIBRARY: &[Whence] = &[
    Whence::ByHand,
    Whence::OwnSlot,
    Whence::OwnShelf,
    Whence::OtherShelf,
    Whence::Inside,
    Whence::Returns,
    Whence::Here,
];
/// What may be said at any other desk.
const ELSEWHERE: &[Whence] = &[Whence::Here, Whence::ByHand, Whence::Inside];

impl Whence {
    /// What may be said at a desk that stands there: the first is chosen with 1.
    pub fn choices(desk_place: PlaceId, directory: &Directory) -> &'static [Self] {
        match directory.library_of(desk_place) {
            Some(_) => IN_LIBRARY,
            None => ELSEWHERE,
        }
    }

    /// As it is offered.
    pub const fn says(self) -> &'static str {
        match self {
            Self::Here => "here in this room",
            Self::OwnSlot => "in its own slot",
            Self::OwnShelf => "misfiled on its own shelf",
            Self::OtherShelf => "misfiled on another shelf",
            Self::Inside => "inside another folder",
            Self::Returns => "in the returns",
            Self::ByHand => "brought by hand",
        }
    }

    /// The spot that is meant at a desk that stands at `desk_place`.
    pub fn spot(self, desk_place: PlaceId, directory: &Directory) -> Spot {
        match self {
            Self::Here => Spot::Place(desk_place),
            Self::OwnSlot => Spot::OwnSlot,
            Self::OwnShelf => Spot::OwnShelf,
            Self::OtherShelf => Spot::Library,
            Self::Inside => Spot::InFolder(None),
            Self::Returns => Spot::Returns(directory.library_of(desk_place).unwrap_or(desk_place)),
            Self::ByHand => Spot::ByHand,
        }
    }
}

impl Cause {
    /// What usually lies behind it where a volume that the log had `tracked` is found at `spot`.
    pub fn usual(tracked: Tracked, spot: &Spot, directory: &Directory) -> Self {
        match spot {
            Spot::OwnSlot => Self::NeverLeft,
            Spot::OwnShelf
            | Spot::NextShelves
            | Spot::Slot(_)
            | Spot::Section
            | Spot::Library
            | Spot::Box(_) => Self::Misfiled,
            Spot::InFolder(_) => Self::InsideAnother,
            Spot::ByHand => Self::TakenAway,
            Spot::Lost => Self::Unknown,
            Spot::Place(place) => Self::elsewhere(tracked, |tracked| {
                directory.is_within(tracked, *place) || directory.is_within(*place, tracked)
            }),
            Spot::Returns(library) => Self::elsewhere(tracked, |tracked| tracked == *library),
        }
    }

    /// The same of a place beside the shelves; `is_there` says whether the log had it at that place.
    fn elsewhere(tracked: Tracked, is_there: impl Fn(PlaceId) -> bool) -> Self {
        match tracked {
            Tracked::Nowhere => Self::Unknown,
            Tracked::At(place) if is_there(place) => Self::NeverLeft,
            Tracked::OnItsWay(place) if is_there(place) => Self::NotScannedIn,
            Tracked::At(_) | Tracked::OnItsWay(_) => Self::NotScannedOut,
        }
    }
}
