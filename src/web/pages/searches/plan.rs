//! The plan as it is shown: places grouped by building and in order, each with all that is to be known before one goes
//! there.

use std::collections::HashMap;

use super::form::Tap;
use super::one::Order;
use super::{Choice, choice, upper_first};
use crate::domain::PlaceId;
use crate::domain::directory::Directory;
use crate::domain::search::{Look, LookResult, Spot};
use crate::jobs::locating::{Learning, LineShown, PlanShown, Share};
use crate::web::pages::whereabouts::Words;
use crate::web::when;

/// Places of the first round: what one walks before anything is thought over, and what a porter's sheet holds.
const FIRST: usize = 10;
/// Places that are shown behind those. What comes after is not worth a walk before these are looked at; then it moves up.
const LATER: usize = 15;
/// A line of the first round is chosen by a digit; the tenth by 0.
const DIGITS: usize = 10;

/// The plan.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Plan {
    /// How far one gets with the first places.
    pub odds: Vec<Odds>,
    /// The two orders.
    pub orders: Vec<Ordered>,
    /// What to know of the plan as a whole.
    pub advice: Vec<&'static str>,
    /// The first round.
    pub first: Vec<Building>,
    /// What comes after it.
    pub later: Vec<Building>,
    /// How much that is.
    pub later_says: String,
    /// The figures behind the words.
    pub figures: Vec<Figure>,
}

/// How far one gets with so many places.
#[derive(Clone, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "each is the piece of the page of its name")]
pub struct Odds {
    pub chance: &'static str,
    pub places: String,
    pub minutes: String,
}

/// A link to an order of the places.
#[derive(Clone, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "each is the piece of the page of its name")]
pub struct Ordered {
    pub url: String,
    pub says: &'static str,
    pub is_chosen: bool,
}

/// The places in one building.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Building {
    /// Its name.
    pub name: String,
    /// The places, the best first; on the shelves in walking order.
    pub lines: Vec<Line>,
}

/// One place to look in.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// Its place in the whole plan, from 1.
    pub rank: String,
    /// The digit that chooses it.
    pub digit: Option<String>,
    /// Which look it is: stays the same while the plan is sorted anew.
    pub key: String,
    /// What people call it.
    pub title: String,
    /// The code of the place.
    pub code: Option<String>,
    /// On the shelves: where exactly.
    pub at: Option<String>,
    /// The chance in words.
    pub chance: &'static str,
    /// How long a look takes.
    pub minutes: String,
    /// Whom to ring now.
    pub ring: Option<String>,
    /// Why.
    pub reasons: Vec<String>,
    /// What to look at there; left out where the place before says the same.
    pub check: Option<&'static str>,
    /// What came of the last look there.
    pub looked: Option<String>,
    /// What was found.
    pub taps: Vec<Choice>,
}

/// The figures of one place.
#[derive(Clone, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "each is the piece of the page of its name")]
pub struct Figure {
    pub place: String,
    pub chance: String,
    pub minutes: String,
}

/// On which shelf the slots of other numbers are, by the number on a folder beside each.
pub type Shelves = HashMap<String, PlaceId>;

/// What the lines are told with.
struct Known<'a> {
    looks: &'a [Look],
    shelves: &'a Shelves,
}

/// The numbers of the folders that are asked for their shelf: one beside each slot that is shown.
pub fn beside_slots(shown: &PlanShown) -> impl Iterator<Item = &str> {
    let slots = shown.places().take(FIRST + LATER).filter(|line| matches!(line.spot, Spot::Slot(_)));
    slots.filter_map(|line| line.between.iter().flatten().next()).map(String::as_str)
}

/// The plan in words.
pub fn plan(words: &Words<'_>, url: &str, order: Order, shown: &PlanShown, shelves: &Shelves) -> Plan {
    let looks = shown.search.as_ref().map(|search| search.looks.as_slice()).unwrap_or_default();
    let known = Known { looks, shelves };
    let all = shown.places().count();
    let lines: Vec<_> = (1..).zip(shown.places()).take(FIRST + LATER).collect();
    let (first, later) = lines.split_at_checked(FIRST).unwrap_or((&lines, &[]));
    let more = all.saturating_sub(FIRST);
    Plan {
        odds: shown.odds().map(|share| odds(&share)).collect(),
        orders: orders(url, order),
        advice: advice(shown).into_iter().collect(),
        first: buildings(words, &known, first),
        later: buildings(words, &known, later),
        later_says: if more > LATER {
            format!("The next {LATER} places, of {more} more")
        } else {
            format!("{more} more")
        },
        figures: lines.iter().map(|(_, line)| figure(line)).collect(),
    }
}

/// How likely it is found in the first so many places.
fn odds(share: &Share) -> Odds {
    Odds {
        chance: share.band,
        places: format!("in the first {} places", share.looks),
        minutes: format!("{} minutes", whole(share.minutes)),
    }
}

fn orders(url: &str, order: Order) -> Vec<Ordered> {
    vec![
        Ordered { url: url.to_owned(), says: "Fewest places", is_chosen: order == Order::Places },
        Ordered {
            url: format!("{url}?by=walking"),
            says: "Least walking",
            is_chosen: order == Order::Walking,
        },
    ]
}

fn advice(shown: &PlanShown) -> Option<&'static str> {
    match (shown.learning, shown.lines.is_empty()) {
        (Learning::NotYet, _) => {
            Some("The plan is being made: the places are still being read. It will stand here in a moment.")
        }
        (_, true) => Some("No place is left to look in."),
        (Learning::Reading { .. }, false) => Some(
            "The log is still being read: what it tells of habits here is missing from the plan until then.",
        ),
        (Learning::Ready, false) => None,
    }
}

/// The lines by building, the building of the best line first.
fn buildings(words: &Words<'_>, known: &Known<'_>, lines: &[(usize, &LineShown)]) -> Vec<Building> {
    let mut grouped: Vec<(String, Vec<(usize, &LineShown)>)> = Vec::new();
    for (rank, line) in lines {
        let name = if line.building.is_empty() { "Elsewhere".to_owned() } else { line.building.clone() };
        match grouped.iter_mut().find(|(known, _)| *known == name) {
            Some((_, group)) => group.push((*rank, line)),
            None => grouped.push((name, vec![(*rank, line)])),
        }
    }
    let told = |(name, group): (String, Vec<(usize, &LineShown)>)| {
        let mut before = None;
        let lines = group.into_iter().map(|(rank, line)| {
            let told = told(words, known, rank, line);
            let check = told.check.filter(|check| before != Some(*check));
            before = told.check;
            Line { check, ..told }
        });
        Building { lines: lines.collect(), name }
    };
    grouped.into_iter().map(told).collect()
}

fn told(words: &Words<'_>, known: &Known<'_>, rank: usize, line: &LineShown) -> Line {
    let tap = |result: LookResult| choice(&Tap::Look(result, line.code.clone()), upper_first(result.says()));
    let own = line.place.filter(|_| line.spot.place().is_some()).and_then(|id| words.directory.place(id));
    Line {
        rank: rank.to_string(),
        digit: (rank <= DIGITS).then(|| (rank % DIGITS).to_string()),
        key: line.code.clone(),
        title: upper_first(&line.name),
        code: own.map(|place| place.code.to_string()),
        at: at(words, known.shelves, line),
        chance: line.band,
        minutes: format!("{} min", whole(line.minutes)),
        ring: line.phone.as_ref().map(|phone| format!("Ring now: {phone}")),
        reasons: line.reasons.clone(),
        check: Some(check(words.directory, &line.spot)),
        looked: known.looks.iter().rev().find(|look| look.spot == line.spot).map(|look| looked(words, look)),
        taps: LookResult::ALL.iter().map(|result| tap(*result)).collect(),
    }
}

/// Where exactly on the shelves: `Shelf 65, between 104465 and 104665`.
fn at(words: &Words<'_>, shelves: &Shelves, line: &LineShown) -> Option<String> {
    let found = line.between.iter().flatten().find_map(|number| shelves.get(number));
    let shelf =
        found.filter(|_| matches!(line.spot, Spot::Slot(_))).map(|shelf| words.name(Some(*shelf)).to_owned());
    let parts: Vec<_> = shelf.into_iter().chain(line.stands()).collect();
    (!parts.is_empty()).then(|| upper_first(&parts.join(", ")))
}

/// `Looked 11:42 by J. Smith: not there`.
fn looked(words: &Words<'_>, look: &Look) -> String {
    let at = when::time(look.at, words.now, words.zone);
    let by = words.person(look.by).map(|name| format!(" by {name}")).unwrap_or_default();
    match look.result {
        LookResult::Found => format!("Told {at}{by}: found here"),
        LookResult::NotThere => format!("Looked {at}{by}: not there"),
        LookResult::CannotLook => format!("Tried {at}{by}: nobody could look"),
    }
}

/// What to look at: a look that is done well finds nearly twice as often as a glance.
fn check(directory: &Directory, spot: &Spot) -> &'static str {
    match spot {
        Spot::Place(place) if directory.library_of(*place).is_none() => {
            "Look in trays and boxes, under desks, on cabinets and sills; ask who sits there."
        }
        Spot::Place(_) | Spot::Returns(_) => {
            "Go through every trolley, crate and pile of what came back, not the newest alone."
        }
        Spot::OwnSlot => {
            "Look at the five folders to either side, and inside them: a thin one slips into a thick one."
        }
        Spot::OwnShelf => "Look at twenty folders to either side, and behind the row.",
        Spot::NextShelves => "Look along the shelves before and after, some sixty folders to either side.",
        Spot::Slot(_) => "Look at that slot and the folders beside it, and inside them.",
        Spot::InFolder(_) => "Open that folder: a thin one lies between its pages.",
        Spot::Section => "Look for a cover whose colour or number breaks the row.",
        Spot::Library => {
            "Look at what lies on top, behind and beneath the shelves, and at trolleys that stand about."
        }
        Spot::Box(_) => "Go through all that is in it.",
        Spot::ByHand | Spot::Lost => "",
    }
}

fn figure(line: &LineShown) -> Figure {
    Figure {
        place: upper_first(&line.name),
        chance: format!("{:.0} %", line.chance * 100.0),
        minutes: whole(line.minutes),
    }
}

/// Whole minutes, one at least.
fn whole(minutes: f64) -> String {
    format!("{:.0}", minutes.max(1.0))
}
