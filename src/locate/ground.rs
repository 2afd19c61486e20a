//! What stands still while folders move: places, whose they are, and the order of the shelves.

use super::cell::Cell;
use super::filing::Order;

/// A place, counted from 0 in the order in which the ground was given them. Means nothing outside one [`Ground`]
/// and the counts that were learned on it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct PlaceIx(u32);

/// A consultant, counted from 0 like a place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ConsultantIx(u32);

macro_rules! index {
    ($name:ident) => {
        impl $name {
            /// The `index`-th of the ground.
            pub const fn new(index: u32) -> Self {
                Self(index)
            }

            /// Its number, to store it by.
            pub const fn number(self) -> u32 {
                self.0
            }

            /// Where it stands in a list of all.
            #[expect(clippy::as_conversions, reason = "u32 to usize loses nothing on the machines we run on")]
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}
index!(PlaceIx);
index!(ConsultantIx);

/// How many roles there are.
pub const ROLES: usize = 9;

/// What a place is for a folder on its way.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[expect(missing_docs, reason = "the words of the department need no gloss")]
pub enum Role {
    Library,
    Clinic,
    Ward,
    Secretary,
    Office,
    Coding,
    Offsite,
    Other,
    /// Where a library puts what came back and is not filed yet.
    Returns,
}

impl Role {
    /// Every role, in the order of the tables.
    pub const ALL: [Self; ROLES] = [
        Self::Library,
        Self::Clinic,
        Self::Ward,
        Self::Secretary,
        Self::Office,
        Self::Coding,
        Self::Offsite,
        Self::Other,
        Self::Returns,
    ];

    /// Its row in a table.
    #[expect(clippy::as_conversions, reason = "the number of a variant")]
    pub const fn index(self) -> usize {
        self as usize
    }

    /// What a look takes and how likely it finds a folder that is there, until this hospital's own looks tell.
    /// Planning guesses of `facts/locating.md` section 3.2.
    pub const fn usual_look(self) -> Effort {
        match self {
            Self::Library => Effort::new(2.0, 0.90),
            Self::Clinic => Effort::new(8.0, 0.80),
            Self::Ward => Effort::new(10.0, 0.75),
            Self::Secretary | Self::Coding => Effort::new(6.0, 0.85),
            Self::Office => Effort::new(8.0, 0.70),
            Self::Offsite => Effort::new(30.0, 0.90),
            Self::Other => Effort::new(9.0, 0.75),
            Self::Returns => Effort::new(5.0, 0.85),
        }
    }

    /// How long a folder usually stays, in days, until this hospital's own log tells.
    pub const fn usual_stay_days(self) -> f64 {
        match self {
            Self::Library | Self::Offsite => 120.0,
            Self::Clinic => 2.0,
            Self::Ward => 6.0,
            Self::Secretary => 7.0,
            Self::Office => 14.0,
            Self::Coding => 3.0,
            Self::Other => 20.0,
            Self::Returns => 0.7,
        }
    }
}

/// What one look takes, and how likely it finds the folder if it is there.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Effort {
    /// Minutes, the walk included.
    pub minutes: f64,
    /// Chance that a folder that is there is seen, 0 to 1.
    pub detect: f64,
}

impl Effort {
    /// An effort of so many minutes that finds what is there with this chance.
    pub const fn new(minutes: f64, detect: f64) -> Self {
        Self { minutes, detect }
    }
}

/// One place, as the ground knows it.
#[derive(Clone, PartialEq, Debug)]
pub struct PlaceFacts {
    /// What it is.
    pub role: Role,
    /// A look there.
    pub look: Effort,
    /// The places whose codes stand before and after its own in the list that clerks pick from.
    pub beside: [Option<PlaceIx>; 2],
}

/// Whose clinic, secretary, office and ward which places are. What is not known is learned from where folders go.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Owned {
    /// Where the consultant sees patients.
    pub clinic: Option<PlaceIx>,
    /// Who writes the letters.
    pub secretary: Option<PlaceIx>,
    /// The consultant's own room.
    pub office: Option<PlaceIx>,
    /// Where the consultant's patients lie.
    pub ward: Option<PlaceIx>,
}

/// What a look on the shelves takes, by what is looked at.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct ShelfLooks {
    /// The folder's own slot, five folders to either side, and inside them.
    pub own: Effort,
    /// Its shelf: twenty to either side.
    pub shelf: Effort,
    /// The shelves beside: sixty to either side.
    pub next: Effort,
    /// The slot of one other number.
    pub slot: Effort,
    /// Inside one other folder.
    pub folder: Effort,
    /// One box or shelf with a code of its own.
    pub boxed: Effort,
    /// Its whole section.
    pub section: Effort,
    /// The whole library.
    pub rest: Effort,
}

impl ShelfLooks {
    /// Planning guesses of `facts/locating.md` section 3.2.
    pub const USUAL: Self = Self {
        own: Effort::new(2.0, 0.90),
        shelf: Effort::new(4.0, 0.90),
        next: Effort::new(7.0, 0.85),
        slot: Effort::new(2.0, 0.95),
        folder: Effort::new(5.0, 0.95),
        boxed: Effort::new(4.0, 0.90),
        section: Effort::new(90.0, 0.80),
        rest: Effort::new(900.0, 0.70),
    };
}

/// One library: its shelves, and where it puts what comes back.
#[derive(Clone, PartialEq, Debug)]
pub struct Library {
    /// The library itself.
    pub place: PlaceIx,
    /// Where returned folders wait: a place of role [`Role::Returns`], made up where the directory has none.
    pub returns: Option<PlaceIx>,
    /// The coding department that it sends to.
    pub coding: Option<PlaceIx>,
    /// The order of its shelves.
    pub order: Order,
    /// What looks on its shelves take.
    pub looks: ShelfLooks,
}

/// What stands still.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Ground {
    places: Vec<PlaceFacts>,
    consultants: Vec<Owned>,
    libraries: Vec<Library>,
    by_role: [Vec<PlaceIx>; ROLES],
}

impl Ground {
    /// The ground of these places; a [`PlaceIx`] is an index into `places`, a [`ConsultantIx`] one into `consultants`.
    /// What names a place that is not there is left out of account.
    pub fn new(places: Vec<PlaceFacts>, consultants: Vec<Owned>, libraries: Vec<Library>) -> Self {
        let mut by_role: [Vec<PlaceIx>; ROLES] = Default::default();
        for (place, facts) in all_of(&places) {
            if let Some(list) = by_role.get_mut(facts.role.index()) {
                list.push(place);
            }
        }
        Self { places, consultants, libraries, by_role }
    }

    /// How many places there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// Whether there is no place at all.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// Every place with its facts, in order.
    pub fn places(&self) -> impl Iterator<Item = (PlaceIx, &PlaceFacts)> {
        all_of(&self.places)
    }

    /// What is known of a place.
    pub fn place(&self, place: PlaceIx) -> Option<&PlaceFacts> {
        self.places.get(place.index())
    }

    /// What a place is; a place that is not there is some other.
    pub fn role(&self, place: PlaceIx) -> Role {
        self.place(place).map_or(Role::Other, |facts| facts.role)
    }

    /// The places of one role, in order.
    pub fn of_role(&self, role: Role) -> &[PlaceIx] {
        self.by_role.get(role.index()).map_or(&[], Vec::as_slice)
    }

    /// What a consultant's are, as the directory says.
    pub fn owned(&self, consultant: ConsultantIx) -> Owned {
        self.consultants.get(consultant.index()).copied().unwrap_or_default()
    }

    /// The library that is this place, else the first one.
    pub fn library(&self, home: Option<PlaceIx>) -> Option<&Library> {
        let named = self.libraries.iter().find(|library| Some(library.place) == home);
        named.or(self.libraries.first())
    }

    /// A mark of all that the counts hang on: places and their roles, whose they are, the libraries. Counts that were
    /// learned on a ground of another mark are learned anew. The folders on the shelves do not matter to them.
    pub fn mark(&self) -> u64 {
        let mut mark = Mark::default();
        for facts in &self.places {
            mark.number(facts.role.index());
            mark.places(facts.beside);
        }
        for Owned { clinic, secretary, office, ward } in &self.consultants {
            mark.places([*clinic, *secretary, *office, *ward]);
        }
        for library in &self.libraries {
            mark.places([Some(library.place), library.returns, library.coding]);
            mark.number(library.order.filing().index());
        }
        for list in [self.places.len(), self.consultants.len(), self.libraries.len()] {
            mark.number(list);
        }
        mark.0
    }

    /// The libraries, to keep their orders up to date.
    pub fn libraries_mut(&mut self) -> &mut [Library] {
        &mut self.libraries
    }

    /// What a look into a cell takes, as planned; shelf cells are those of `library`.
    pub fn look(&self, library: Option<&Library>, cell: Cell) -> Effort {
        let shelves = library.map_or(&ShelfLooks::USUAL, |library| &library.looks);
        match cell {
            Cell::Place(place) => self.place(place).map_or(Role::Other.usual_look(), |facts| facts.look),
            Cell::OwnSlot => shelves.own,
            Cell::OwnShelf => shelves.shelf,
            Cell::NextShelves => shelves.next,
            Cell::Slot(_) => shelves.slot,
            Cell::InFolder(_) => shelves.folder,
            Cell::Box(_) => shelves.boxed,
            Cell::Section => shelves.section,
            Cell::Library => shelves.rest,
            Cell::Lost => Effort::new(f64::INFINITY, 0.0),
        }
    }
}

/// FNV-1a over 64 bits.
struct Mark(u64);

impl Default for Mark {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Mark {
    fn number(&mut self, number: usize) {
        for byte in number.to_le_bytes() {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn places<const N: usize>(&mut self, places: [Option<PlaceIx>; N]) {
        for place in places {
            self.number(place.map_or(usize::MAX, PlaceIx::index));
        }
    }
}

fn all_of(places: &[PlaceFacts]) -> impl Iterator<Item = (PlaceIx, &PlaceFacts)> {
    (0..).map(PlaceIx::new).zip(places)
}
