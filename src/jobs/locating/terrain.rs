//! What stands still under a search: the places of the directory as the engine numbers them, whose they are, and the
//! order of the shelves.
//!
//! A shelf, a bay and whatever else stands in a library is the library: the engine has cells of its own for shelves. A
//! container is no place. A library without a place for what came back is given one, so that one can look there.

use std::collections::HashMap;
use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::config::Locate;
use crate::domain::directory::Directory;
use crate::domain::patient::Number;
use crate::domain::place::{Code, Place, PlaceKind};
use crate::domain::search::Spot;
use crate::domain::spelling::plain;
use crate::domain::{PlaceId, VolumeId};
use crate::locate::{
    Cell, ConsultantIx, Digits, Ground, Library, Order, Owned, PlaceFacts, PlaceIx, Role, ShelfLooks,
};
use crate::store::locating::Consultant;

/// What the engine calls a place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Stands {
    /// A place of the directory.
    Place(PlaceId),
    /// The returns of this library, which the directory does not know.
    Returns(PlaceId),
}

/// The ground, and what its numbers mean outside the engine.
#[derive(Clone, Debug)]
pub struct Terrain {
    /// What the engine reads.
    pub ground: Ground,
    /// The directory that it was made from.
    pub directory: Arc<Directory>,
    /// Tells it from any on which other counts would be learned.
    pub print: [u8; 8],
    stands: Vec<Stands>,
    by_place: HashMap<PlaceId, PlaceIx>,
    /// In the one spelling, sorted; and as the directory writes them.
    consultants: Vec<(String, String)>,
}

impl Terrain {
    /// The ground of this directory, the shelves still empty.
    pub fn new(directory: Arc<Directory>, settings: &Locate) -> Self {
        let mut known: Vec<&Place> =
            directory.places().filter(|place| place.kind != PlaceKind::Container).collect();
        known.sort_unstable_by_key(|place| place.id);
        let roles = Roles { directory: &directory, settings };
        let standing: Vec<(&Place, Role)> =
            known.iter().filter_map(|place| Some((*place, roles.of(place)?))).collect();
        let libraries: Vec<PlaceId> =
            standing.iter().filter_map(|(place, role)| library(place, *role)).collect();
        let without = libraries.iter().filter(|library| returns_of(&roles, &standing, **library).is_none());
        let stands: Vec<Stands> = standing
            .iter()
            .map(|(place, _)| Stands::Place(place.id))
            .chain(without.map(|library| Stands::Returns(*library)))
            .collect();
        let mut by_place: HashMap<PlaceId, PlaceIx> = numbered(&stands)
            .filter_map(|(ix, stands)| if let Stands::Place(id) = stands { Some((id, ix)) } else { None })
            .collect();
        for place in &known {
            let within = directory.upwards(place.id).find_map(|above| by_place.get(&above.id).copied());
            if let Some(within) = within {
                by_place.entry(place.id).or_insert(within);
            }
        }
        let consultants = consultants(&standing);
        let mut terrain = Self {
            ground: Ground::default(),
            print: [0; 8],
            stands,
            by_place,
            consultants,
            directory: directory.clone(),
        };
        terrain.ground = Ground::new(
            terrain.facts(&standing, settings),
            terrain.owned(&standing),
            libraries.iter().filter_map(|id| terrain.library(&roles, &standing, *id)).collect(),
        );
        terrain.print = terrain.printed(&standing, settings);
        terrain
    }

    fn facts(&self, standing: &[(&Place, Role)], settings: &Locate) -> Vec<PlaceFacts> {
        let mut by_code: Vec<(Role, &Code, PlaceIx)> = standing
            .iter()
            .filter_map(|(place, role)| Some((*role, &place.code, self.place(place.id)?)))
            .collect();
        by_code.sort_unstable();
        let beside = |ix: PlaceIx, role: Role| {
            let at = by_code.iter().position(|(_, _, known)| *known == ix);
            let neighbour = |at: Option<usize>| {
                let (of, _, place) = by_code.get(at?)?;
                (*of == role).then_some(*place)
            };
            [neighbour(at.and_then(|at| at.checked_sub(1))), neighbour(at.map(|at| at + 1))]
        };
        numbered(&self.stands)
            .zip(standing.iter().map(|(_, role)| *role).chain(std::iter::repeat(Role::Returns)))
            .map(|((ix, _), role)| PlaceFacts { role, look: settings.look(role), beside: beside(ix, role) })
            .collect()
    }

    /// Whose places these are; of several of one kind the first counts.
    fn owned(&self, standing: &[(&Place, Role)]) -> Vec<Owned> {
        let mut owned = vec![Owned::default(); self.consultants.len()];
        for (place, role) in standing {
            for name in &place.consultants {
                let at = self.known_consultant(name).and_then(|at| owned.get_mut(at));
                let Some(of) = at else { continue };
                let slot = match role {
                    Role::Clinic => &mut of.clinic,
                    Role::Secretary => &mut of.secretary,
                    Role::Office => &mut of.office,
                    Role::Ward => &mut of.ward,
                    Role::Library | Role::Coding | Role::Offsite | Role::Other | Role::Returns => continue,
                };
                *slot = slot.or_else(|| self.place(place.id));
            }
        }
        owned
    }

    fn library(&self, roles: &Roles<'_>, standing: &[(&Place, Role)], id: PlaceId) -> Option<Library> {
        let real = returns_of(roles, standing, id).and_then(|place| self.place(place));
        let made = || numbered(&self.stands).find(|(_, stands)| *stands == Stands::Returns(id));
        let coding = standing.iter().find(|(_, role)| *role == Role::Coding);
        let code = &self.directory.place(id)?.code;
        Some(Library {
            place: self.place(id)?,
            returns: real.or_else(|| made().map(|(ix, _)| ix)),
            coding: coding.and_then(|(place, _)| self.place(place.id)),
            order: Order::new(roles.settings.filing_of(code), []),
            looks: shelf_looks(roles.settings),
        })
    }

    /// Everything that the counts depend on, in a few bytes.
    fn printed(&self, standing: &[(&Place, Role)], settings: &Locate) -> [u8; 8] {
        let mut hash = Sha256::new();
        for (place, role) in standing {
            hash.update(format!("{} {role:?} {:?}\n", place.id.key(), place.consultants));
        }
        let mut within: Vec<_> = self.by_place.iter().map(|(id, ix)| (id.key(), ix.number())).collect();
        within.sort_unstable();
        let filing: Vec<_> = self.libraries().map(|library| library.order.filing()).collect();
        hash.update(format!("{within:?} {filing:?} {:?} {:?}", settings.fetched, settings.looks));
        let full = hash.finalize();
        let mut print = [0; 8];
        print.iter_mut().zip(full.iter()).for_each(|(to, from)| *to = *from);
        print
    }

    /// Which library each of these folders belongs to, and the number that it is filed by there.
    pub fn to_shelve(
        &self,
        folders: &[(VolumeId, Number, Option<PlaceId>)],
    ) -> impl Iterator<Item = (PlaceIx, Digits)> {
        folders.iter().filter_map(|(_, number, home)| Some((self.home(*home)?, digits(number)?)))
    }

    /// Puts folders onto the shelves of their libraries, beside those that stand there.
    pub fn shelve(&mut self, folders: &[(PlaceIx, Digits)]) {
        for library in self.ground.libraries_mut() {
            let here = folders.iter().filter(|(of, _)| *of == library.place);
            library.order.extend(here.map(|(_, number)| *number));
        }
    }

    /// The place as the engine numbers it; a shelf is its library.
    pub fn place(&self, id: PlaceId) -> Option<PlaceIx> {
        self.by_place.get(&id).copied()
    }

    /// The library that a folder belongs to, by its shelf; without one, the first.
    pub fn home(&self, shelf: Option<PlaceId>) -> Option<PlaceIx> {
        let at = shelf.and_then(|shelf| self.place(shelf));
        self.ground.library(at).map(|library| library.place)
    }

    /// A consultant as the engine numbers them: those of the directory first, others by the word that lists have for
    /// them.
    pub fn consultant(&self, of: &Consultant) -> ConsultantIx {
        let first_other = u32::try_from(self.consultants.len()).unwrap_or(u32::MAX);
        let other = || first_other.saturating_add(u32::try_from(of.word).unwrap_or(u32::MAX));
        self.named_consultant(&of.name).unwrap_or_else(|| ConsultantIx::new(other()))
    }

    /// The consultant of the directory with this name.
    pub fn named_consultant(&self, name: &str) -> Option<ConsultantIx> {
        self.known_consultant(name).and_then(|at| u32::try_from(at).ok()).map(ConsultantIx::new)
    }

    /// What a consultant of the directory is called there.
    pub fn consultant_name(&self, consultant: ConsultantIx) -> Option<&str> {
        self.consultants.get(consultant.index()).map(|(_, name)| name.as_str())
    }

    fn known_consultant(&self, name: &str) -> Option<usize> {
        let sought = plain(name);
        self.consultants.binary_search_by(|(known, _)| known.as_str().cmp(&sought)).ok()
    }

    /// The libraries.
    pub fn libraries(&self) -> impl Iterator<Item = &Library> {
        self.ground.of_role(Role::Library).iter().filter_map(|place| self.ground.library(Some(*place)))
    }

    /// Every place whose scans say that a folder is in a library.
    pub fn in_libraries(&self) -> Vec<PlaceId> {
        let is_library = |ix: &PlaceIx| matches!(self.ground.role(*ix), Role::Library | Role::Returns);
        let mut found: Vec<_> =
            self.by_place.iter().filter(|(_, ix)| is_library(ix)).map(|(id, _)| *id).collect();
        found.sort_unstable();
        found
    }

    /// The place of the directory that a number means; the returns of a library that has no place for them are the
    /// library.
    pub fn place_of(&self, place: PlaceIx) -> Option<PlaceId> {
        self.stands.get(place.index()).map(|stands| match stands {
            Stands::Place(id) | Stands::Returns(id) => *id,
        })
    }

    /// A cell as searches name it.
    pub fn spot(&self, cell: Cell) -> Option<Spot> {
        Some(match cell {
            Cell::OwnSlot => Spot::OwnSlot,
            Cell::Place(place) => match self.stands.get(place.index())? {
                Stands::Place(id) => Spot::Place(*id),
                Stands::Returns(library) => Spot::Returns(*library),
            },
            Cell::OwnShelf => Spot::OwnShelf,
            Cell::NextShelves => Spot::NextShelves,
            Cell::Slot(number) => Spot::Slot(number.to_string().parse().ok()?),
            Cell::InFolder(volume) => Spot::InFolder(Some(volume)),
            Cell::Box(place) => Spot::Box(place),
            Cell::Section => Spot::Section,
            Cell::Library => Spot::Library,
            Cell::Lost => Spot::Lost,
        })
    }

    /// A spot as the engine names it; none where it has no cell for it.
    pub fn cell(&self, spot: &Spot) -> Option<Cell> {
        Some(match spot {
            Spot::Place(place) => Cell::Place(self.place(*place)?),
            Spot::Returns(library) => {
                let at = self.place(*library)?;
                Cell::Place(self.libraries().find(|library| library.place == at)?.returns?)
            }
            Spot::OwnSlot => Cell::OwnSlot,
            Spot::OwnShelf => Cell::OwnShelf,
            Spot::NextShelves => Cell::NextShelves,
            Spot::Slot(number) => Cell::Slot(digits(number)?),
            // A folder that nobody named is none of those that were thought of.
            Spot::InFolder(folder) => Cell::InFolder(folder.unwrap_or(VolumeId::new(0))),
            Spot::Section => Cell::Section,
            Spot::Library => Cell::Library,
            Spot::Box(place) => Cell::Box(*place),
            Spot::Lost => Cell::Lost,
            Spot::ByHand => return None,
        })
    }
}

/// The digits that a folder is filed by.
pub fn digits(number: &Number) -> Option<Digits> {
    number.as_str().parse().ok()
}

fn numbered(stands: &[Stands]) -> impl Iterator<Item = (PlaceIx, Stands)> {
    (0..).map(PlaceIx::new).zip(stands.iter().copied())
}

fn library(place: &Place, role: Role) -> Option<PlaceId> {
    (role == Role::Library).then_some(place.id)
}

/// The place of this library for what came back.
fn returns_of(roles: &Roles<'_>, standing: &[(&Place, Role)], library: PlaceId) -> Option<PlaceId> {
    let found = standing.iter().find(|(place, role)| {
        *role == Role::Returns && roles.directory.library_of(place.id).is_none_or(|of| of == library)
    });
    found.map(|(place, _)| place.id)
}

fn consultants(standing: &[(&Place, Role)]) -> Vec<(String, String)> {
    let names = standing.iter().flat_map(|(place, _)| &place.consultants);
    let mut found: Vec<_> = names.map(|name| (plain(name), name.clone())).collect();
    found.sort();
    found.dedup_by(|one, other| one.0 == other.0);
    found
}

fn shelf_looks(settings: &Locate) -> ShelfLooks {
    ShelfLooks { own: settings.look(Role::Library), ..ShelfLooks::USUAL }
}

/// What places are for folders on their way.
struct Roles<'a> {
    directory: &'a Directory,
    settings: &'a Locate,
}

impl Roles<'_> {
    /// What a place is; none: it is part of its library.
    fn of(&self, place: &Place) -> Option<Role> {
        let above = || place.parent.and_then(|parent| self.directory.library_of(parent));
        match place.kind {
            PlaceKind::Library => Some(Role::Library),
            PlaceKind::Clinic => Some(Role::Clinic),
            PlaceKind::Ward => Some(Role::Ward),
            PlaceKind::Person => Some(Role::Secretary),
            PlaceKind::Store => Some(Role::Offsite),
            PlaceKind::Office => Some(self.office(place)),
            PlaceKind::Shelf => place.parent.is_none().then_some(Role::Other),
            PlaceKind::Other if self.is_returns(place) => Some(Role::Returns),
            PlaceKind::Other if above().is_some() => None,
            PlaceKind::Other if named(self.settings.coding.as_deref(), place, "CODING") => Some(Role::Coding),
            PlaceKind::Other | PlaceKind::Site => Some(Role::Other),
            PlaceKind::Container => None,
        }
    }

    fn office(&self, place: &Place) -> Role {
        if named(self.settings.coding.as_deref(), place, "CODING") {
            Role::Coding
        } else if named(self.settings.secretaries.as_deref(), place, "SECRETAR") {
            Role::Secretary
        } else {
            Role::Office
        }
    }

    fn is_returns(&self, place: &Place) -> bool {
        let in_library = place.parent.is_some_and(|parent| self.directory.library_of(parent).is_some());
        match &self.settings.returns {
            Some(codes) => codes.contains(&place.code),
            None => in_library && plain(&place.name).contains("RETURN"),
        }
    }
}

/// Whether the configuration names the place; where it names none at all, whether its own name says so.
fn named(codes: Option<&[Code]>, place: &Place, says: &str) -> bool {
    codes.map_or_else(|| plain(&place.name).contains(says), |codes| codes.contains(&place.code))
}
