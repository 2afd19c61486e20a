//! How much of what a place receives it scans: arrivals that were scanned, over visits that are known. Per place, never
//! per person.

use std::collections::HashMap;

use serde::Serialize;

use crate::domain::PlaceId;
use crate::domain::directory::Directory;
use crate::domain::place::{Code, PlaceKind};

/// Places with fewer known visits are not told by name: with fewer a single folder moves the share by more than 5 points.
pub const MIN_VISITS: u64 = 20;

/// Visits that are known.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Visits {
    /// All of them.
    pub known: u64,
    /// Those whose arrival was scanned; the others are known because the folder was scanned on from there.
    pub scanned: u64,
}

/// A folder that came to a place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Visit {
    /// The place.
    pub at: PlaceId,
    /// Where it had been believed to be.
    pub from: PlaceId,
    /// Whether its arrival was scanned.
    pub is_scanned: bool,
}

/// How much each place scans of what it receives.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Scanning {
    /// Places with [`MIN_VISITS`] known visits and more, by code.
    pub places: Vec<PlaceScans>,
    /// How many other places had a visit.
    pub other_places: u64,
    /// Their visits and those of people's own places.
    pub others: Visits,
}

/// One place.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct PlaceScans {
    /// Its code.
    pub place: Code,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: PlaceKind,
    /// Its visits.
    #[serde(flatten)]
    pub visits: Visits,
    /// The share of them that was scanned, in per cent, rounded down.
    pub per_cent: u64,
}

/// What has been counted so far.
#[derive(Default)]
pub struct Sharing(HashMap<PlaceId, Visits>);

impl Sharing {
    /// Adds a visit. What only moved within its place came from nowhere.
    pub fn add(&mut self, visit: &Visit, places: &Directory) {
        if places.is_within(visit.from, visit.at) {
            return;
        }
        let visits = self.0.entry(visit.at).or_default();
        visits.known += 1;
        visits.scanned += u64::from(visit.is_scanned);
    }

    /// Each place.
    pub fn finish(self, places: &Directory) -> Scanning {
        let mut scanning = Scanning::default();
        for (id, visits) in self.0 {
            let place = places.place(id).filter(|place| place.kind != PlaceKind::Person);
            let Some(place) = place.filter(|_| visits.known >= MIN_VISITS) else {
                scanning.other_places += 1;
                scanning.others.known += visits.known;
                scanning.others.scanned += visits.scanned;
                continue;
            };
            scanning.places.push(PlaceScans {
                place: place.code.clone(),
                name: place.name.clone(),
                kind: place.kind,
                visits,
                per_cent: visits.scanned * 100 / visits.known,
            });
        }
        scanning.places.sort_by(|one, other| one.place.cmp(&other.place));
        scanning
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::place::Place;

    fn places() -> Directory {
        let place = |key: i64, kind, parent| Place::plain(key, &format!("P{key}"), kind, parent);
        let places = [
            place(1, PlaceKind::Library, None),
            place(2, PlaceKind::Shelf, Some(1)),
            place(3, PlaceKind::Clinic, None),
            place(4, PlaceKind::Person, None),
        ];
        Directory::new(places, [], [])
    }

    #[test]
    fn few_visits_and_peoples_own_places_are_not_told_by_name() {
        let mut sharing = Sharing::default();
        for (at, from, scanned, proved) in [(1, 3, 20, 0), (3, 1, 15, 6), (1, 2, 50, 0), (4, 1, 30, 10)] {
            let visit = |is_scanned| Visit { at: PlaceId::new(at), from: PlaceId::new(from), is_scanned };
            (0..scanned).for_each(|_| sharing.add(&visit(true), &places()));
            (0..proved).for_each(|_| sharing.add(&visit(false), &places()));
        }
        let scanning = sharing.finish(&places());
        let told = |scans: &PlaceScans| {
            format!("{} {}/{} {} %", scans.place, scans.visits.scanned, scans.visits.known, scans.per_cent)
        };
        let told: Vec<_> = scanning.places.iter().map(told).collect();
        // What went to the library from its own shelf came from nowhere.
        assert_eq!(told, ["P1 20/20 100 %", "P3 15/21 71 %"]);
        assert_eq!((scanning.other_places, scanning.others), (1, Visits { known: 40, scanned: 30 }));
    }
}
