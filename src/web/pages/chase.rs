//! `GET /chase`: what is asked after before anyone asks, in four lists.

use askama::Template;
use axum::response::Response;
use jiff::ToSpan;
use serde::Deserialize;

use super::Shell;
use super::place::{Folder, folder};
use super::whereabouts::Words;
use crate::clock::{DAY_US, Timestamp};
use crate::desk::signal;
use crate::domain::chase::{ChaseList, SHORTEST_US, held_too_long_us};
use crate::domain::clinic_list::working_day_after;
use crate::domain::directory::Directory;
use crate::domain::place::PlaceKind;
use crate::store::chase::{ChaseAsked, Chased, Reach, Why};
use crate::store::{Listing, Page};
use crate::web::api::Query;
use crate::web::auth::Viewer;
use crate::web::error::{Failure, render};
use crate::web::{urls, when};

/// Entries on a page.
const ENTRIES: usize = 50;
/// Working days ahead whose lists are looked at.
const WORKING_DAYS: usize = 5;
/// An appointment that has passed is asked after for so long; after that it is held too long.
const PASSED_DAYS: i64 = 30;

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "chase.html")]
pub struct ChasePage {
    shell: Shell,
    tabs: Vec<Tab>,
    title: &'static str,
    says: &'static str,
    none: &'static str,
    groups: Vec<Group>,
    /// What stands in front of each folder of a list that is no list of places to ring.
    heading: Vec<&'static str>,
    first: Vec<String>,
    more: Vec<String>,
}

/// One of the lists.
struct Tab {
    url: String,
    name: &'static str,
    is_chosen: bool,
}

/// Folders about which the same place is rung; without a name, all of the list.
struct Group {
    url: String,
    name: String,
    rings: Vec<super::ring::Ring>,
    rows: Vec<Row>,
}

/// One folder, and why it is asked after.
struct Row {
    /// The clinic, and when it begins or began, where the list goes by that.
    clinic: Vec<String>,
    folder: Folder,
    why: String,
}

/// Which list, and from where on.
#[derive(Deserialize)]
pub struct Which {
    list: Option<String>,
    after: Option<String>,
}

/// A list.
pub async fn get(viewer: Viewer, Query(which): Query<Which>) -> Result<Response, Failure> {
    let list = list_named(which.list.as_deref())?;
    let page = Page { after: which.after.clone(), limit: ENTRIES };
    let listing = viewer.store().chase(viewer.trust(), asked(&viewer, list), page).await?;
    let directory = viewer.directory();
    let words = Words { directory: &directory, now: viewer.now(), zone: viewer.time_zone() };
    let shell = Shell::new(&viewer, "To chase");
    Ok(render(&chase_page(shell, &words, list, &listing, which.after.is_some())))
}

/// The list of this name; the first one where none is named.
pub fn list_named(name: Option<&str>) -> Result<ChaseList, Failure> {
    let Some(name) = name else { return Ok(ChaseList::Coming) };
    ChaseList::from_word(name).ok_or_else(|| {
        let known: Vec<_> = ChaseList::ALL.iter().map(|list| list.word()).collect();
        Failure::Malformed(format!("list: one of {} is needed", known.join(", ")))
    })
}

/// What the store is asked for.
pub fn asked(viewer: &Viewer, list: ChaseList) -> ChaseAsked {
    let (now, zone, directory) = (viewer.now(), viewer.time_zone(), viewer.directory());
    let today = zone.to_datetime(now.to_jiff()).date();
    let final_day = (0..WORKING_DAYS).fold(today, |day, _| working_day_after(day));
    let span = match list {
        ChaseList::Coming => (now, Timestamp::beginning_of(final_day.saturating_add(1.day()), zone)),
        ChaseList::Sent | ChaseList::Held | ChaseList::Passed => {
            (now.plus_micros(-PASSED_DAYS * DAY_US), Timestamp::beginning_of(today, zone))
        }
    };
    let (usual, unlikely) = (viewer.usual(), viewer.ahead().unlikely.clone());
    ChaseAsked { list, places: places(&directory, list, now), span, usual, unlikely, now }
}

/// The places that a list is walked by: in the order of their names, so that a page reads like a telephone list.
fn places(directory: &Directory, list: ChaseList, now: Timestamp) -> Vec<Reach> {
    let until = |kind: PlaceKind| match list {
        ChaseList::Sent => Some(SHORTEST_US),
        ChaseList::Held => held_too_long_us(kind),
        ChaseList::Passed | ChaseList::Coming => None,
    };
    directory
        .by_name()
        .filter_map(|(_, place)| {
            let reach_us = until(place.kind)?;
            Some(Reach { place: place.id, until: now.plus_micros(-reach_us) })
        })
        .collect()
}

const fn words_of(list: ChaseList) -> (&'static str, &'static str, &'static str, &'static str) {
    match list {
        ChaseList::Coming => (
            "Coming clinics",
            "On a clinic list of the next five working days, and probably not where the log has it",
            "Of folders that stood as this one does, by this hospital’s own log, fewer than 6 in 10 were there; or by \
             rule: on its way too long, held too long, scanned by nobody, two desks say two things. Look for these first.",
            "Every folder on the lists of the next five working days is where one would expect it.",
        ),
        ChaseList::Sent => (
            "Not arrived",
            "Sent, and not arrived in the usual time",
            "Usual is what 95 of 100 folders took on that way. Until 20 have arrived it is 24 hours, and 48 back to a \
             library. Ring where it was sent to.",
            "Everything that was sent has arrived, or has still time.",
        ),
        ChaseList::Passed => (
            "Appointment passed",
            "The appointment has passed, and the folder is still there",
            "On a list of the last 30 days, still at its clinic or on the way to it, and not scanned since.",
            "No folder is still at a clinic whose appointment has passed.",
        ),
        ChaseList::Held => (
            "Held too long",
            "Held longer than such a place keeps folders",
            "A clinic 3 days, a secretary or other place 14, a ward 28.",
            "No place holds a folder longer than such places do.",
        ),
    }
}

/// The page from what is known.
pub fn chase_page(
    shell: Shell,
    words: &Words<'_>,
    list: ChaseList,
    listing: &Listing<Chased>,
    goes_on: bool,
) -> ChasePage {
    let url = |list: ChaseList| format!("/chase?list={}", list.word());
    let (_, title, says, none) = words_of(list);
    let tab = |other: ChaseList| Tab { url: url(other), name: words_of(other).0, is_chosen: other == list };
    let alike = |one: &Chased, other: &Chased| goes_by_clinic(list) || one.at == other.at;
    ChasePage {
        shell,
        tabs: ChaseList::ALL.into_iter().map(tab).collect(),
        title,
        says,
        none: if listing.next.is_some() { "None among those that were looked at. Go on." } else { none },
        groups: listing.items.chunk_by(alike).map(|group| group_of(words, list, group)).collect(),
        heading: goes_by_clinic(list).then_some("Clinic").into_iter().collect(),
        first: goes_on.then(|| url(list)).into_iter().collect(),
        more: listing
            .next
            .iter()
            .map(|after| format!("{}&after={}", url(list), urls::segment(after)))
            .collect(),
    }
}

/// Whether a list goes by clinics and their times, not by places to ring.
const fn goes_by_clinic(list: ChaseList) -> bool {
    matches!(list, ChaseList::Coming | ChaseList::Passed)
}

fn group_of(words: &Words<'_>, list: ChaseList, group: &[Chased]) -> Group {
    let place = group.first().and_then(|chased| words.directory.place(chased.at));
    let place = place.filter(|_| !goes_by_clinic(list));
    Group {
        url: place.map(|place| urls::place(place.code.as_str())).unwrap_or_default(),
        name: place.map(|place| place.name.clone()).unwrap_or_default(),
        rings: place.map(|place| words.ring(place.id)).unwrap_or_default(),
        rows: group.iter().map(|chased| row(words, chased)).collect(),
    }
}

fn row(words: &Words<'_>, chased: &Chased) -> Row {
    let name = words.name(Some(chased.at));
    let clinic = match chased.why {
        Why::Passed(call) => Some(format!("{name}, {}", words.when(call.starts_at))),
        Why::Doubted(call, _) => {
            Some(format!("{name}, {}", signal::day_and_time(call.starts_at, words.now, words.zone)))
        }
        Why::NotArrived(_) | Why::HeldLong => None,
    };
    Row {
        clinic: clinic.into_iter().collect(),
        folder: folder(words, &chased.folder),
        why: why(words, chased),
    }
}

/// Why a folder is asked after, in words.
pub fn why(words: &Words<'_>, chased: &Chased) -> String {
    match chased.why {
        Why::NotArrived(usual) => {
            let from = words.name(chased.folder.present.place);
            let us = when::how_long(words.now.plus_micros(-usual.us), words.now);
            match usual.learnt_from {
                Some(arrivals) => format!("from {from}; usual: {us}, learnt from {arrivals}"),
                None => format!("from {from}; usual: {us}"),
            }
        }
        Why::HeldLong => String::new(),
        Why::Passed(_) => "not scanned since".to_owned(),
        Why::Doubted(_, doubt) => doubt.says().to_owned(),
    }
}
