//! Where folders that were searched for really were, why, and how they were found. Places, never staff.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use crate::domain::PlaceId;
use crate::domain::directory::Directory;
use crate::domain::place::{Code, PlaceKind};

/// The place of a person is told by name from so many folders on: fewer would say what one person did.
pub const MIN_OF_A_PERSON: u64 = 5;

/// What came of one search.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Outcome {
    /// Where the folder really was.
    pub lain: Lain,
    /// Why it was not where it should have been, in words.
    pub cause: &'static str,
    /// How it was found, in words.
    pub how: &'static str,
    /// Whether a scan has shown it, or somebody has only said so.
    pub is_scanned: bool,
}

/// Where a folder really was.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lain {
    /// At a place.
    At(PlaceId),
    /// At no place of its own, in words: a slot, inside another folder.
    Spot(&'static str),
}

/// Found-where and found-how.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize)]
pub struct FoundWhere {
    /// Searches that ended in the period with the folder, and of which it is known where it was.
    pub searches: u64,
    /// Those of them whose folder no scan has shown: somebody has only said so.
    pub not_scanned: u64,
    /// Searches whose folder has turned up, and of which nobody has said where it was.
    pub not_told: u64,
    /// By kind of place or spot, the commonest first.
    pub kinds: Vec<Told>,
    /// By place, the commonest first; places of persons after all others and by their names.
    pub places: Vec<PlaceFound>,
    /// Found at places of persons with fewer than [`MIN_OF_A_PERSON`], which are not named.
    pub with_persons_not_named: u64,
    /// By cause, the commonest first.
    pub causes: Vec<Told>,
    /// By how it was found, the commonest first.
    pub hows: Vec<Told>,
}

/// How often something was told.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Told {
    /// What.
    pub what: &'static str,
    /// How often.
    pub folders: u64,
}

/// How many were found at one place.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct PlaceFound {
    /// Its code.
    pub place: Code,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: PlaceKind,
    /// How many.
    pub folders: u64,
}

/// What has been counted so far.
#[derive(Default)]
pub struct Finding {
    searches: u64,
    not_scanned: u64,
    not_told: u64,
    spots: BTreeMap<&'static str, u64>,
    places: HashMap<PlaceId, u64>,
    causes: BTreeMap<&'static str, u64>,
    hows: BTreeMap<&'static str, u64>,
}

impl Finding {
    /// Adds a search whose folder was found.
    pub fn add(&mut self, outcome: &Outcome) {
        self.searches += 1;
        self.not_scanned += u64::from(!outcome.is_scanned);
        match outcome.lain {
            Lain::At(place) => *self.places.entry(place).or_default() += 1,
            Lain::Spot(spot) => *self.spots.entry(spot).or_default() += 1,
        }
        *self.causes.entry(outcome.cause).or_default() += 1;
        *self.hows.entry(outcome.how).or_default() += 1;
    }

    /// Adds a search whose folder has turned up, and nobody has said where it was.
    pub const fn add_not_told(&mut self) {
        self.not_told += 1;
    }

    /// The report; `places` as they were at the end of the period.
    pub fn finish(self, places: &Directory) -> FoundWhere {
        let mut kinds = self.spots;
        let mut found = Vec::new();
        let mut with_persons_not_named = 0;
        for (id, folders) in self.places {
            let Some(place) = places.place(id) else { continue };
            *kinds.entry(place.kind.word()).or_default() += folders;
            if place.kind == PlaceKind::Person && folders < MIN_OF_A_PERSON {
                with_persons_not_named += folders;
                continue;
            }
            let (code, name) = (place.code.clone(), place.name.clone());
            found.push(PlaceFound { place: code, name, kind: place.kind, folders });
        }
        found.sort_by(|one, other| order(one).cmp(&order(other)));
        FoundWhere {
            searches: self.searches,
            not_scanned: self.not_scanned,
            not_told: self.not_told,
            kinds: commonest_first(kinds),
            places: found,
            with_persons_not_named,
            causes: commonest_first(self.causes),
            hows: commonest_first(self.hows),
        }
    }
}

/// The commonest first, but persons' places last and by name alone: nobody is ranked.
fn order(found: &PlaceFound) -> (bool, std::cmp::Reverse<u64>, &str, &Code) {
    let is_person = found.kind == PlaceKind::Person;
    let ranked = if is_person { 0 } else { found.folders };
    (is_person, std::cmp::Reverse(ranked), &found.name, &found.place)
}

fn commonest_first(counts: BTreeMap<&'static str, u64>) -> Vec<Told> {
    let mut told: Vec<_> = counts.into_iter().map(|(what, folders)| Told { what, folders }).collect();
    // The words are in order already, and those told as often stay so.
    told.sort_by_key(|told| std::cmp::Reverse(told.folders));
    told
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::place::Place;

    fn places() -> Directory {
        let place = |key, name: &str, kind| Place {
            name: name.to_owned(),
            ..Place::plain(key, &format!("P{key}"), kind, None)
        };
        let places = [
            place(1, "Clinic 5", PlaceKind::Clinic),
            place(2, "Ward 7", PlaceKind::Ward),
            place(3, "Dr Adams", PlaceKind::Person),
            place(4, "Dr Brown", PlaceKind::Person),
            place(5, "Dr Clark", PlaceKind::Person),
        ];
        Directory::new(places, [], [])
    }

    #[test]
    fn places_are_told_the_commonest_first_but_no_person_is_ranked_and_few_are_not_named() {
        let mut finding = Finding::default();
        for (place, folders) in [(1, 2), (2, 3), (3, 5), (4, 4), (5, 9)] {
            let lain = Lain::At(PlaceId::new(place));
            let outcome = Outcome { lain, cause: "misfiled", how: "by the plan", is_scanned: place != 1 };
            (0..folders).for_each(|_| finding.add(&outcome));
        }
        let spot = Outcome {
            lain: Lain::Spot("its own slot"),
            cause: "never left",
            how: "by chance",
            is_scanned: true,
        };
        finding.add(&spot);
        finding.add_not_told();
        let found = finding.finish(&places());
        let told: Vec<_> = found.places.iter().map(|p| format!("{} {}", p.name, p.folders)).collect();
        assert_eq!(told, ["Ward 7 3", "Clinic 5 2", "Dr Adams 5", "Dr Clark 9"]);
        assert_eq!(found.with_persons_not_named, 4);
        assert_eq!((found.searches, found.not_scanned, found.not_told), (24, 2, 1));
        let kinds: Vec<_> =
            found.kinds.iter().map(|told| format!("{} {}", told.what, told.folders)).collect();
        assert_eq!(kinds, ["person 18", "ward 3", "clinic 2", "its own slot 1"]);
        assert_eq!(found.causes.first().map(|told| told.what), Some("misfiled"));
    }
}
