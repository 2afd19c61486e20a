//! What rarely changes and every scan needs: places, staff, and where desks stand.
//!
//! One value, never changed in place: the store publishes a new one when an import has changed it.

use std::collections::{HashMap, HashSet};

use super::place::{Code, Place, PlaceKind};
use super::spelling::plain;
use super::staff::Staff;
use super::{PlaceId, StaffId};

/// Deepest place tree that is walked; deeper ones are refused at import.
pub const MAX_TREE_DEPTH: usize = 16;

/// Places, staff, and the places at which desks stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Directory {
    places: HashMap<PlaceId, Place>,
    place_by_code: HashMap<Code, PlaceId>,
    /// In the one spelling, sorted.
    names: Vec<(String, PlaceId)>,
    staff: HashMap<StaffId, Staff>,
    staff_by_badge: HashMap<Code, StaffId>,
    scanned_at: HashSet<PlaceId>,
}

impl Directory {
    /// Gathers places, staff, and the places at which a desk stands.
    pub fn new(
        places: impl IntoIterator<Item = Place>,
        staff: impl IntoIterator<Item = Staff>,
        desk_places: impl IntoIterator<Item = PlaceId>,
    ) -> Self {
        let places: HashMap<_, _> = places.into_iter().map(|place| (place.id, place)).collect();
        let staff: HashMap<_, _> = staff.into_iter().map(|person| (person.id, person)).collect();
        let mut names: Vec<_> = places.values().map(|place| (plain(&place.name), place.id)).collect();
        names.sort_unstable();
        let mut directory = Self {
            names,
            place_by_code: places.values().map(|place| (place.code.clone(), place.id)).collect(),
            staff_by_badge: staff.values().map(|person| (person.badge.clone(), person.id)).collect(),
            places,
            staff,
            scanned_at: HashSet::new(),
        };
        let with_desk: Vec<_> = desk_places.into_iter().collect();
        for place in with_desk {
            let above: Vec<_> = directory.upwards(place).map(|place| place.id).collect();
            directory.scanned_at.extend(above);
        }
        directory
    }

    /// The place with this handle.
    pub fn place(&self, id: PlaceId) -> Option<&Place> {
        self.places.get(&id)
    }

    /// The place with this code.
    pub fn place_by_code(&self, code: &Code) -> Option<&Place> {
        self.places.get(self.place_by_code.get(code)?)
    }

    /// Every place, in no order.
    pub fn places(&self) -> impl Iterator<Item = &Place> {
        self.places.values()
    }

    /// Every place by its name in the one spelling (see [`super::spelling`]).
    pub fn by_name(&self) -> impl Iterator<Item = (&str, &Place)> {
        self.names.iter().filter_map(|(name, id)| Some((name.as_str(), self.places.get(id)?)))
    }

    /// The person with this handle.
    pub fn staff(&self, id: StaffId) -> Option<&Staff> {
        self.staff.get(&id)
    }

    /// The person with this badge.
    pub fn staff_by_badge(&self, badge: &Code) -> Option<&Staff> {
        self.staff.get(self.staff_by_badge.get(badge)?)
    }

    /// Every member of staff, in no order.
    pub fn everybody(&self) -> impl Iterator<Item = &Staff> {
        self.staff.values()
    }

    /// A place and those above it, the place itself first.
    pub fn upwards(&self, from: PlaceId) -> impl Iterator<Item = &Place> {
        let first = self.places.get(&from);
        std::iter::successors(first, |place| self.places.get(&place.parent?)).take(MAX_TREE_DEPTH)
    }

    /// Whether `place` is `above` or stands beneath it in the tree.
    pub fn is_within(&self, place: PlaceId, above: PlaceId) -> bool {
        place == above || self.upwards(place).any(|step| step.id == above)
    }

    /// The library that `place` is, or is part of.
    pub fn library_of(&self, place: PlaceId) -> Option<PlaceId> {
        self.upwards(place).find(|step| step.kind == PlaceKind::Library).map(|library| library.id)
    }

    /// Whether a desk stands at `place` or beneath it, so that an arrival there can be scanned.
    pub fn somebody_scans_at(&self, place: PlaceId) -> bool {
        self.scanned_at.contains(&place)
    }

    /// The telephone of the nearest place from `place` upwards that has one.
    pub fn phone(&self, place: PlaceId) -> Option<&str> {
        self.upwards(place).find_map(|step| step.phone.as_deref())
    }

    /// The names from the root down to `place`.
    pub fn path(&self, place: PlaceId) -> Vec<&str> {
        let mut names: Vec<_> = self.upwards(place).map(|step| step.name.as_str()).collect();
        names.reverse();
        names
    }

    /// The name of a place, or a word that says it is unknown here.
    pub fn name(&self, place: PlaceId) -> &str {
        self.place(place).map_or("unknown place", |place| place.name.as_str())
    }
}
