//! The top of a search's page: the folder, who needs it and by when, and how far the search has come.

use super::form::Tap;
use super::so_far::whence;
use super::{Choice, choice, need, needed, upper_first};
use crate::domain::search::{Cause, ClosedWhy, FoundAt, Search, SearchState, Stage, StandIn, escalation};
use crate::store::VolumeRecord;
use crate::web::pages::volume::patient;
use crate::web::pages::whereabouts::Words;
use crate::web::{urls, when};

/// How many signs at the end of a number stand large: those that shelves are searched by.
const LARGE: usize = 4;

/// The top.
#[derive(Clone, PartialEq, Eq, Debug)]
#[expect(missing_docs, reason = "each is the piece of the page of its name")]
pub struct Head {
    pub class: &'static str,
    pub shape: &'static str,
    pub mark: &'static str,
    /// The number of the casenote but its last signs.
    pub begins: String,
    /// The last signs, large.
    pub ends: String,
    pub volume: String,
    pub patient: Vec<String>,
    pub url: String,
    pub barcode: String,
    pub need: Vec<String>,
    pub facts: Vec<String>,
    /// What its age asks for.
    pub urgent: Vec<String>,
}

/// The top from what is known.
pub fn head(words: &Words<'_>, search: &Search, record: &VolumeRecord) -> Head {
    let (class, shape, mark) = look(search.state);
    let number = record.brief.number.to_string();
    let cut = number.char_indices().rev().nth(LARGE - 1).map_or(0, |(at, _)| at);
    let (begins, ends) = number.split_at(cut);
    Head {
        class,
        shape,
        mark,
        begins: begins.to_owned(),
        ends: ends.to_owned(),
        volume: format!("volume {}, {}", record.brief.volume, record.brief.kind.word().replace('-', " ")),
        patient: patient(record),
        url: urls::volume(record.brief.barcode.as_str()),
        barcode: record.brief.barcode.to_string(),
        need: news(words, search),
        facts: facts(words, search),
        urgent: urgent(words, search),
    }
}

/// The colour, the shape and the words for how far it has come.
pub const fn look(state: SearchState) -> (&'static str, &'static str, &'static str) {
    match state {
        SearchState::Open => ("open", "eye", "Looking for"),
        SearchState::TurnedUp => ("turned", "speech", "Turned up"),
        SearchState::Found => ("found", "tick", "Found"),
        SearchState::Declared => ("declared", "cross", "Declared missing, and still wanted"),
        SearchState::Closed => ("closed", "box", "Ended without it"),
    }
}

/// The one large line: who waits for it, or where it turned up.
fn news(words: &Words<'_>, search: &Search) -> Vec<String> {
    let wanted = || needed(words, search);
    match (search.state, search.seen) {
        (SearchState::TurnedUp, Some(seen)) => {
            let place = words.name(Some(seen.place));
            Some(format!("Scanned at {place}, {}", words.when(seen.at)))
        }
        (SearchState::Found | SearchState::Closed, _) => None,
        (SearchState::Open | SearchState::TurnedUp | SearchState::Declared, _) => wanted(),
    }
    .into_iter()
    .collect()
}

fn facts(words: &Words<'_>, search: &Search) -> Vec<String> {
    let by = words.person(search.opened_by).map(|name| format!(" by {name}")).unwrap_or_default();
    let opened = format!("opened {}{by}", words.when(search.opened_at));
    let age = format!("open for {}", when::how_long(search.opened_at, words.now));
    let age = search.state.is_wanted().then_some(age);
    let others = search.needs.iter().filter_map(|asked| need(words, asked)).count();
    let others = (others > 1).then(|| format!("{others} have asked for it"));
    let stand_in = (!search.temporaries.is_empty()).then(|| "a temporary folder stands in".to_owned());
    [Some(whence(words, search.tracked)), Some(opened), age, others, stand_in].into_iter().flatten().collect()
}

fn urgent(words: &Words<'_>, search: &Search) -> Vec<String> {
    let step = escalation(search, words.now, words.zone).filter(|asks| asks.stage != Stage::Searching);
    step.map(|asks| asks.stage.next_step().to_owned()).into_iter().collect()
}

/// What to do once the plan has run out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rest {
    /// In words.
    pub advice: Vec<&'static str>,
    /// Where a temporary folder is made up.
    pub make: &'static str,
    /// What ends the search.
    pub ends: Vec<Choice>,
}

/// What is said where somebody needs the folder and none stands in.
const STAND_IN: &str = "Somebody waits: a temporary folder lets them go on. When the original turns up, both are put \
     aside until COMBINE has put their papers together.";
/// What is said else.
const GO_ON: &str =
    "The first scan of the folder anywhere ends the search and rings the library, however old it is.";

/// What to do once the plan has run out, while the folder is wanted.
pub fn rest(words: &Words<'_>, search: &Search) -> Option<Rest> {
    let asks = escalation(search, words.now, words.zone)?;
    let stand_in = (asks.may_stand_in == StandIn::Offered).then_some(STAND_IN);
    let declare = (search.state == SearchState::Open).then(|| choice(&Tap::Declare, "Declare it missing"));
    let close = |why: ClosedWhy| choice(&Tap::Close(why), format!("End it: {}", why.says()));
    Some(Rest {
        advice: stand_in.into_iter().chain([GO_ON]).collect(),
        make: "/make",
        ends: declare.into_iter().chain(ClosedWhy::ALL.iter().map(|why| close(*why))).collect(),
    })
}

/// Where it was, once that is known.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outcome {
    /// In one line.
    pub title: String,
    /// Why it was there, how it was found and by whom.
    pub says: String,
    /// The other reasons, of which one may be the right one.
    pub causes: Vec<Choice>,
}

/// Where it was and why. What is usual for the place may be wrong, so the other reasons stand beside it.
pub fn outcome(words: &Words<'_>, search: &Search, found: &FoundAt) -> Outcome {
    let by = words.person(found.by).map(|name| format!(", told by {name}")).unwrap_or_default();
    let took = when::how_long(search.opened_at, search.seen.map_or(found.at, |seen| seen.at));
    let others = Cause::ALL.iter().filter(|cause| **cause != found.cause);
    Outcome {
        title: format!("Where it was: {}", found.spot.says(words.directory)),
        says: format!(
            "Why: {}. Found {}, {took} after the search was opened{by}.",
            found.cause.says(),
            found.how.says()
        ),
        causes: others.map(|cause| choice(&Tap::Why(*cause), upper_first(cause.says()))).collect(),
    }
}
