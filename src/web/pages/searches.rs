//! `GET /searches`: the register: every search with its age, who needs the folder, what was done, and how it ended.
//!
//! Names stand beside what one search did, so that one may ask them where they looked. Nobody is counted.

pub mod form;
pub mod not_there;
pub mod one;
pub mod plan;
pub mod set;
pub mod shown;
pub mod so_far;
pub mod turned;

use askama::Template;
use axum::response::Response;
use serde::Deserialize;

use super::Shell;
use super::whereabouts::{Words, folder_title, patient_name};
use crate::clock::Timestamp;
use crate::domain::PlaceId;
use crate::domain::barcode::{self, Code, Entry};
use crate::domain::directory::Directory;
use crate::domain::search::{Need, Quiet, Search, SearchState, Stage, escalation};
use crate::store::searches::{Register, SearchFilter, SearchLine};
use crate::store::{Bounded, Listing, Page};
use crate::web::api::Query;
use crate::web::auth::Viewer;
use crate::web::error::{Failure, render};
use crate::web::figures::{bounded, counted};
use crate::web::{urls, when};
use form::Tap;

/// The page's address.
pub const URL: &str = "/searches";
/// Searches on one page: a long morning's.
const SEARCHES: usize = 50;

/// One button.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Choice {
    /// What it sends.
    pub value: String,
    /// What stands on it.
    pub says: String,
}

/// A button for a tap.
pub fn choice(tap: &Tap, says: impl Into<String>) -> Choice {
    Choice { value: tap.value(), says: says.into() }
}

/// The register.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "searches.html")]
pub struct SearchesPage {
    shell: Shell,
    filters: Vec<Filter>,
    explains: &'static str,
    none: &'static str,
    cards: Vec<Card>,
    more: Vec<String>,
    /// The beginning, from a later page.
    first: Vec<String>,
}

/// A link to some of the searches.
struct Filter {
    url: String,
    says: &'static str,
    count: String,
    is_chosen: bool,
}

/// One search in a few lines.
struct Card {
    url: String,
    class: &'static str,
    shape: &'static str,
    mark: String,
    title: String,
    patient: Vec<String>,
    need: Vec<String>,
    facts: Vec<String>,
    urgent: Vec<&'static str>,
}

/// Which searches are wanted.
#[derive(Deserialize)]
pub struct Which {
    show: Option<String>,
    after: Option<String>,
}

/// A part of the register as the page offers it.
#[derive(Debug)]
pub struct Offer {
    /// Its word in the address.
    word: &'static str,
    filter: SearchFilter,
    says: &'static str,
    explains: &'static str,
    none: &'static str,
}

/// Every part. The first is shown unless another one is asked for.
const OFFERS: [Offer; 5] = [
    Offer {
        word: "open",
        filter: SearchFilter::OPEN,
        says: "open",
        explains: "The oldest stands first. A folder’s first scan anywhere ends its search and rings.",
        none: "Nobody is searching for a folder.",
    },
    Offer {
        word: "turned-up",
        filter: SearchFilter::TURNED_UP,
        says: "turned up: where was it?",
        explains: "These were scanned again. One tap says where each really was, and helps the next search.",
        none: "Of every folder that turned up it is known where it was.",
    },
    Offer {
        word: "declared",
        filter: SearchFilter { register: Register::Declared, quiet: None },
        says: "declared missing",
        explains: "A manager has declared these missing. The first scan of one still rings.",
        none: "No folder is declared missing.",
    },
    Offer {
        word: "quiet",
        filter: SearchFilter { register: Register::Open, quiet: Some(Quiet::Quiet) },
        says: "quiet, from sweeps",
        explains: "A sweep missed these, and nobody waits for them yet.",
        none: "No sweep misses a folder that nobody waits for.",
    },
    Offer {
        word: "ended",
        filter: SearchFilter { register: Register::Ended, quiet: None },
        says: "found or ended",
        explains: "The newest stands first.",
        none: "No search has ended yet.",
    },
];

/// The register.
pub async fn get(viewer: Viewer, Query(which): Query<Which>) -> Result<Response, Failure> {
    let offer = offer_named(which.show.as_deref())?;
    let goes_on = which.after.is_some();
    let page = Page { after: which.after, limit: SEARCHES };
    let (store, trust) = (viewer.store(), viewer.trust());
    let listing = store.searches(trust, offer.filter, page).await?;
    let mut counts = Vec::with_capacity(OFFERS.len());
    for offer in &OFFERS {
        counts.push(store.count_searches(trust, offer.filter).await?);
    }
    let directory = viewer.directory();
    let words = Words { directory: &directory, now: viewer.now(), zone: viewer.time_zone() };
    let mut page = searches_page(Shell::new(&viewer, "Searches"), &words, offer, &counts, &listing);
    page.first = goes_on.then(|| url(offer)).into_iter().collect();
    Ok(render(&page))
}

/// The part of this name; without one, the first.
pub fn offer_named(name: Option<&str>) -> Result<&'static Offer, Failure> {
    OFFERS.iter().find(|offer| name.is_none_or(|name| offer.word == name)).ok_or_else(|| {
        let known: Vec<_> = OFFERS.iter().map(|offer| offer.word).collect();
        Failure::Malformed(format!("show: one of {} is needed", known.join(", ")))
    })
}

/// The register from what is known; how many searches each part has, in their order.
pub fn searches_page(
    shell: Shell,
    words: &Words<'_>,
    chosen: &Offer,
    counts: &[Bounded],
    listing: &Listing<SearchLine>,
) -> SearchesPage {
    let filter = |(offer, count): (&Offer, &Bounded)| Filter {
        url: url(offer),
        says: offer.says,
        count: bounded(*count),
        is_chosen: offer.word == chosen.word,
    };
    let goes_on = |after: &String| format!("{}&after={}", url(chosen), urls::segment(after));
    SearchesPage {
        shell,
        filters: OFFERS.iter().zip(counts).map(filter).collect(),
        explains: chosen.explains,
        none: chosen.none,
        cards: listing.items.iter().map(|line| card(words, line)).collect(),
        more: listing.next.iter().map(goes_on).collect(),
        first: Vec::new(),
    }
}

/// Where a part begins.
fn url(offer: &Offer) -> String {
    format!("{URL}?show={}", offer.word)
}

fn card(words: &Words<'_>, line: &SearchLine) -> Card {
    let SearchLine { volume, search } = line;
    let stage = escalation(search, words.now, words.zone).map_or(Stage::Searching, |asks| asks.stage);
    let (class, shape) = signs(search, stage, words.now);
    Card {
        url: urls::search(&search.id.to_string()),
        class,
        shape,
        mark: mark(words, search),
        title: folder_title(&volume.brief),
        patient: volume.patient.as_ref().map(patient_name).into_iter().collect(),
        need: needed(words, search).into_iter().collect(),
        facts: facts(words, search),
        urgent: (stage != Stage::Searching).then(|| stage.next_step()).into_iter().collect(),
    }
}

/// The colour and the shape: late is what was needed already or what is old.
fn signs(search: &Search, stage: Stage, now: Timestamp) -> (&'static str, &'static str) {
    let is_late = search.needed_at().is_some_and(|at| at <= now);
    match search.state {
        SearchState::Open if is_late || stage >= Stage::Manager => ("late", "clock"),
        SearchState::Open => ("soon", "eye"),
        SearchState::TurnedUp => ("where", "speech"),
        SearchState::Found => ("well", "tick"),
        SearchState::Declared => ("late", "cross"),
        SearchState::Closed => ("ended", "box"),
    }
}

/// How far it has come, and for how long it went on.
fn mark(words: &Words<'_>, search: &Search) -> String {
    let (until, age) = match search.state {
        SearchState::Open | SearchState::Declared => (words.now, "for"),
        SearchState::TurnedUp | SearchState::Found | SearchState::Closed => (search.changed_at, "after"),
    };
    let lasted = when::how_long(search.opened_at, until);
    match search.state {
        SearchState::Open => format!("Open {age} {lasted}"),
        SearchState::Declared => format!("Declared missing, searched {age} {lasted}"),
        SearchState::TurnedUp => format!("Turned up {age} {lasted}: where was it?"),
        SearchState::Found => format!("Found {age} {lasted}"),
        SearchState::Closed => format!("Ended {age} {lasted}"),
    }
}

fn facts(words: &Words<'_>, search: &Search) -> Vec<String> {
    let found = search.found.as_ref().map(|found| {
        format!("was: {}; {}; {}", found.spot.says(words.directory), found.cause.says(), found.how.says())
    });
    let closed = search.closed.map(|why| why.says().to_owned());
    let stand_in = (!search.temporaries.is_empty()).then(|| "a temporary folder stands in".to_owned());
    let looks = u64::try_from(search.looks.len()).unwrap_or(u64::MAX);
    let people: Vec<_> = search.who_looked().into_iter().filter_map(|id| words.person(Some(id))).collect();
    let people = (!people.is_empty()).then(|| format!("looked: {}", people.join(", ")));
    let tracked = Some(so_far::whence(words, search.tracked));
    let looks = Some(counted(looks, "look", "looks"));
    [found, closed, tracked, looks, people, stand_in].into_iter().flatten().collect()
}

/// Who needs it first and by when: `Needed by Clinic 5, today 14:00, in 2 hours`.
pub fn needed(words: &Words<'_>, search: &Search) -> Option<String> {
    let first = Need { at: search.needed_at(), asker: search.asker(), consultant: None };
    let consultant = search.needs.iter().rev().find_map(|asked| asked.consultant.clone());
    need(words, &Need { consultant, ..first })
}

/// One need in words; nothing where nothing was said.
pub fn need(words: &Words<'_>, need: &Need) -> Option<String> {
    let place = need.asker.map(|place| words.name(Some(place)).to_owned());
    let who: Vec<_> = place.into_iter().chain(need.consultant.clone()).collect();
    let at = need.at.map(|at| due(words, at));
    match (who.is_empty(), at) {
        (true, None) => None,
        (true, Some(at)) => Some(format!("Needed {at}")),
        (false, None) => Some(format!("Needed by {}", who.join(", "))),
        (false, Some(at)) => Some(format!("Needed by {}, {at}", who.join(", "))),
    }
}

/// `today 14:00, in 2 hours`; `Fri 20 Nov 09:00, 3 days ago`.
fn due(words: &Words<'_>, at: Timestamp) -> String {
    let day = if when::is_today(at, words.now, words.zone) {
        format!("today {}", when::time(at, words.now, words.zone))
    } else {
        words.when(at)
    };
    if at > words.now {
        format!("{day}, in {}", when::how_long(words.now, at))
    } else {
        format!("{day}, {} ago", when::how_long(at, words.now))
    }
}

/// The place with this code, as it was scanned or typed.
pub fn place_named(text: &str, directory: &Directory) -> Option<PlaceId> {
    match barcode::read(text, None, Entry::Scanned, &[], directory) {
        Code::Place(id) | Code::Container(id) => Some(id),
        Code::Card(_) | Code::Staff(_) | Code::Folder(_) | Code::Patient(_) | Code::Unusable(_) => None,
    }
}

/// With its first letter large, as a line begins.
pub fn upper_first(text: &str) -> String {
    let mut signs = text.chars();
    signs.next().map_or_else(String::new, |first| first.to_uppercase().chain(signs).collect())
}
