//! *Where was it really?*: asked once a search's folder has been scanned. One tap.

use super::form::Tap;
use super::{Choice, choice, upper_first};
use crate::domain::search::{Cause, Search, Spot};
use crate::jobs::locating::PlanShown;
use crate::store::VolumeRecord;
use crate::web::pages::whereabouts::Words;

/// Places of the plan that are offered beside the commonest.
const PLACES: usize = 8;

/// The question.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Turned {
    /// Why it was there; the first is what is usual for the place.
    pub causes: Vec<Choice>,
    /// Where it may have been, the likeliest first.
    pub places: Vec<Place>,
}

/// One place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// What its button sends.
    pub value: String,
    /// Its name.
    pub says: String,
    /// Why it stands here.
    pub hint: Option<&'static str>,
}

/// The question, with the places that come into it: where it was scanned, where it was searched, what is common.
pub fn turned(words: &Words<'_>, search: &Search, record: &VolumeRecord, plan: &PlanShown) -> Turned {
    let seen = search.seen.map(|seen| (Spot::Place(seen.place), Some("where it was scanned")));
    let own = record.home.map(|_| (Spot::OwnSlot, None));
    let planned = plan.lines.iter().take(PLACES);
    let planned = planned.map(|line| (line.spot.clone(), None));
    let common = [(Spot::OwnShelf, None), (Spot::InFolder(None), None), (Spot::ByHand, None)];
    let mut places: Vec<(Spot, Option<&'static str>)> = Vec::new();
    for (spot, hint) in seen.into_iter().chain(planned).chain(own).chain(common) {
        if !places.iter().any(|(known, _)| *known == spot) {
            places.push((spot, hint));
        }
    }
    let usual = Choice { value: String::new(), says: "As is usual for the place".to_owned() };
    let causes = Cause::ALL
        .iter()
        .map(|cause| Choice { value: cause.word().to_owned(), says: upper_first(cause.says()) });
    Turned {
        causes: std::iter::once(usual).chain(causes).collect(),
        places: places.into_iter().map(|(spot, hint)| place(words, &spot, hint)).collect(),
    }
}

fn place(words: &Words<'_>, spot: &Spot, hint: Option<&'static str>) -> Place {
    let told = spot.told(words.directory, |_| None);
    let Choice { value, says } = choice(&Tap::Was(told), upper_first(&spot.says(words.directory)));
    Place { value, says, hint }
}
