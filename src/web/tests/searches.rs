//! The pages of searches, from values.

use askama::Template;
use uuid::Uuid;

use super::hospital::*;
use crate::domain::search::{
    Cause, ClosedWhy, FoundHow, LookResult, Need, Quiet, Search, SeenBy, Spot, Step, Stepped, Tracked,
};
use crate::domain::{PlaceId, SearchId, VolumeId};
use crate::jobs::locating::{Learning, LineShown, PlanShown, Share};
use crate::locate::By;
use crate::store::locating::{Called, WholeSet};
use crate::store::searches::{SearchLine, SearchRecord};
use crate::store::{Bounded, Listing, SearchBrief, VolumeRecord};
use crate::web::pages::Shell;
use crate::web::pages::questions::said::Said;
use crate::web::pages::searches::one::{Known, Order, SearchPage, Signed, search_page};
use crate::web::pages::searches::{offer_named, searches_page};
use crate::web::pages::volume::volume_page;

type Rendered = Vec<(String, askama::Result<String>)>;

/// A search that was opened three hours ago for somebody who needs the folder in two, and what happened since.
fn steps(hospital: &Hospital, text: &str, more: Vec<(i64, Step)>) -> Vec<Stepped> {
    let need = Need { at: Some(hospital.ago(-120)), asker: Some(CLINIC), consultant: Some(text.to_owned()) };
    let opened =
        Step::Opened { volume: VolumeId::new(1), tracked: Tracked::At(CLINIC), need, quiet: Quiet::Loud };
    let looked = |spot, result| Step::Looked { spot, result };
    let all = vec![
        (180, opened),
        (180, looked(Spot::Place(CLINIC), LookResult::NotThere)),
        (60, looked(Spot::OwnSlot, LookResult::NotThere)),
        (20, looked(Spot::Place(WARD), LookResult::CannotLook)),
    ];
    let stepped = |(nth, (minutes, step)): (usize, (i64, Step))| Stepped {
        scan: scan_id(nth),
        at: hospital.ago(minutes),
        by: Some(SMITH),
        from: (nth == 2).then_some(LIBRARY),
        step,
    };
    all.into_iter().chain(more).enumerate().map(stepped).collect()
}

fn record(hospital: &Hospital, surname: &str, text: &str, more: Vec<(i64, Step)>) -> SearchRecord {
    let steps = steps(hospital, text, more);
    let id = SearchId::new(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001));
    let search = Search::of(id, &steps).unwrap();
    SearchRecord { volume: volume(surname), search, steps }
}

fn volume(surname: &str) -> VolumeRecord {
    let (_, present) = Hospital::presents().into_iter().find(|(name, _)| *name == "at").unwrap();
    Hospital::volume(surname, present)
}

fn whole_set(hospital: &Hospital, surname: &str) -> WholeSet {
    let other = volume(surname);
    WholeSet {
        record: volume(surname),
        folders: vec![volume(surname), other],
        numbers: vec!["RX123456".parse().unwrap(), "OLD77".parse().unwrap()],
        movements: hospital.history(),
        neighbours: vec![volume(surname)],
        next_appointment: Some(Called { starts_at: hospital.ago(-120), clinic: CLINIC, consultant: None }),
    }
}

fn seen(at: PlaceId) -> (i64, Step) {
    (5, Step::Seen { at, by: SeenBy::Scan })
}

fn found() -> (i64, Step) {
    (1, Step::FoundAt { spot: Spot::Place(WARD), cause: Cause::NotScannedOut, how: FoundHow::ByScan })
}

/// Every state of a search, by name.
fn states(hospital: &Hospital, surname: &str, text: &str) -> Vec<(&'static str, SearchRecord)> {
    let state = |more| record(hospital, surname, text, more);
    vec![
        ("open", state(vec![])),
        ("turned-up", state(vec![seen(WARD)])),
        ("found", state(vec![seen(WARD), found()])),
        ("declared", state(vec![(3, Step::Declared)])),
        ("stood-in", state(vec![(3, Step::StoodIn { temporary: VolumeId::new(9) })])),
        ("closed", state(vec![(3, Step::Closed(ClosedWhy::NotNeeded))])),
        ("reopened", state(vec![(3, Step::Closed(ClosedWhy::Mistake)), (2, Step::Reopened)])),
    ]
}

fn line(hospital: &Hospital, spot: Spot, text: &str) -> LineShown {
    let place = spot.place().unwrap_or(SHELF);
    LineShown {
        code: spot.told(&hospital.directory, |_| None),
        name: spot.says(&hospital.directory),
        building: if matches!(spot, Spot::Place(_)) {
            "St Elsewhere".to_owned()
        } else {
            hospital.directory.name(LIBRARY).to_owned()
        },
        place: Some(place),
        phone: Some("ext 2345".to_owned()),
        visit: 1,
        chance: 0.31,
        band: "about 1 in 3",
        minutes: 7.6,
        detect: 0.9,
        along: None,
        between: [Some("RX123455".to_owned()), Some("RX123457".to_owned())],
        reasons: vec![text.to_owned(), "It was at Ward 7 before and may never have left.".to_owned()],
        spot,
    }
}

fn plan(hospital: &Hospital, surname: &str, text: &str, search: &Search) -> PlanShown {
    let slot = |n: u32| Spot::Slot(format!("1234{n:02}").parse().unwrap());
    let spots =
        [Spot::Place(WARD), Spot::OwnSlot, Spot::Place(CLINIC), Spot::Returns(LIBRARY), Spot::InFolder(None)];
    let spots = spots.into_iter().chain((0..40).map(slot));
    let share = |looks| Share { looks, chance: 0.6, band: "about 2 in 3", minutes: 16.0 };
    PlanShown {
        search: Some(search.clone()),
        at: hospital.now,
        by: By::FewestPlaces,
        learning: Learning::Ready,
        there: 0.1,
        lines: spots.map(|spot| line(hospital, spot, text)).collect(),
        shares: [3, 5, 10].map(share).to_vec(),
        lost: 0.02,
        set: whole_set(hospital, surname),
    }
}

fn shown(hospital: &Hospital, surname: &str, text: &str, record: SearchRecord, order: Order) -> SearchPage {
    let plan = plan(hospital, surname, text, &record.search);
    let shelves = [("RX123455".to_owned(), SHELF)].into();
    let known = Known { search: record, plan, order, shelves };
    let signed = Signed { badge: "B77".to_owned(), name: Some(text.to_owned()) };
    search_page(Shell::bare("A page"), &hospital.words(), &known, &signed)
}

/// Every page of searches in every state.
pub fn pages(hospital: &Hospital, surname: &str, text: &str) -> Rendered {
    let words = hospital.words();
    let shell = || Shell::bare("A page");
    let states = states(hospital, surname, text);
    let counts: Vec<_> = (0..5).map(|count| Bounded { count, more: count == 4 }).collect();
    let lines = states
        .iter()
        .map(|(_, record)| SearchLine { volume: record.volume.clone(), search: record.search.clone() });
    let all = Listing { items: lines.collect(), next: Some(text.to_owned()) };
    let none = Listing { items: Vec::new(), next: None };
    let register = |name: &str, listing| {
        searches_page(shell(), &words, offer_named(Some(name)).unwrap(), &counts, listing).render()
    };
    let mut pages = vec![
        ("searches".to_owned(), register("open", &all)),
        ("searches-none".to_owned(), register("turned-up", &none)),
    ];
    for (name, record) in states {
        let brief = SearchBrief { id: record.search.id, state: record.search.state };
        let searched = VolumeRecord { search: Some(brief), ..record.volume.clone() };
        let volume = volume_page(shell(), &words, &searched, &[], None);
        pages.push((format!("volume-searched-{name}"), volume.render()));
        let mut page = shown(hospital, surname, text, record, Order::Places);
        page.says(Said::not_done(text.to_owned()));
        pages.push((format!("search-{name}"), page.render()));
    }
    let walking = record(hospital, surname, text, vec![]);
    pages.push((
        "search-walking".to_owned(),
        shown(hospital, surname, text, walking, Order::Walking).render(),
    ));
    pages
}

fn page(name: &str) -> String {
    let hospital = Hospital::new("Clinic 5");
    let pages = pages(&hospital, "Jones", "Dr Patel");
    pages.into_iter().find(|(other, _)| other == name).unwrap().1.unwrap()
}

#[test]
fn each_state_says_what_is_to_be_done_now() {
    let table: [(&str, &[&str]); 8] = [
        (
            "search-open",
            &[
                "RX12<strong>3456</strong>",
                "Needed by Clinic 5, Dr Patel, today 17:00, in 2 hours",
                "tracked at Clinic 5",
                "about 3 in 4</span> <span class=\"what\">in the first 3 places</span> <small>23 minutes",
                "value=\"not-there L:own\"",
                "Its own slot: looked, not there",
                "at the desk of Health Records Library",
                "Ring now: ext 2345",
                "<p class=\"at\">Between RX123455 and RX123457</p>",
                "<p class=\"at\">Shelf S12, between RX123455 and RX123457</p>",
                "That was a mistake",
                "Somebody waits: a temporary folder",
                "OLD77",
                "Next appointment",
            ],
        ),
        (
            "search-turned-up",
            &[
                "Turned up",
                "Scanned at Ward 7, Mon 23 Nov 14:55",
                "Where was it really?",
                "where it was scanned",
            ],
        ),
        ("search-found", &["Where it was: Ward 7", "Why: not scanned out.", "Search for it again"]),
        ("search-declared", &["Declared missing, and still wanted", "Where to look"]),
        ("search-stood-in", &["a temporary folder stands in"]),
        ("search-closed", &["Ended without it: not needed any more"]),
        ("search-reopened", &["Looking for", "Goes on"]),
        ("search-walking", &["action=\"/searches/01900000-0000-7000-8000-000000000001?by=walking\""]),
    ];
    for (name, wanted) in table {
        let page = page(name);
        for text in wanted {
            assert!(page.contains(text), "{name} lacks {text}: {page}");
        }
    }
    for over in ["search-found", "search-closed", "search-turned-up"] {
        assert!(!page(over).contains("value=\"not-there"), "{over}");
    }
}

#[test]
fn places_stand_by_building_in_the_order_of_the_plan_and_say_each_thing_once() {
    let page = page("search-open");
    let at = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text} is not in {page}"));
    // Ward 7 and Clinic 5 stand by themselves on the site; the slots are in the library.
    assert!(
        at("<h3 class=\"building\">St Elsewhere</h3>")
            < at("<h3 class=\"building\">Health Records Library</h3>")
    );
    assert!(
        at("data-key=\"D:W7\"") < at("data-key=\"D:CL5\"")
            && at("data-key=\"D:CL5\"") < at("data-key=\"L:own\"")
    );
    assert_eq!(page.matches("Look at that slot").count(), 2, "once in the first round and once behind it");
    assert!(page.contains("data-digit=\"0\"") && !page.contains("data-digit=\"11\""));
    assert!(page.contains("The next 15 places, of 35 more") && !page.contains("value=\"found L:n123425\""));
    assert!(page.contains("Looked 14:00 by J. Smith: not there") && page.contains("nobody could look"));
}

#[test]
fn every_tap_is_a_button_of_one_form_with_one_id_and_one_field_for_the_badge() {
    let page = page("search-open");
    assert_eq!(page.matches("<form").count(), 1);
    assert_eq!(page.matches("name=\"id\" value=\"").count(), 1);
    assert_eq!(page.matches("name=\"badge\"").count(), 1);
    let first = page.split("<button").nth(1).unwrap().split('>').next().unwrap();
    assert!(first.contains("value=\"sign\""), "Enter in the badge's field must say nothing: {first}");
}

#[test]
fn the_register_names_who_looked_and_counts_nobody() {
    let page = page("searches");
    for text in [
        "Open for 3 hours",
        "Turned up after 2 hours: where was it?",
        "was: Ward 7; not scanned out; by a scan",
        "3 looks",
        "looked: J. Smith",
        "4+",
    ] {
        assert!(page.contains(text), "{text} is not in {page}");
    }
    assert!(self::page("searches-none").contains("Of every folder that turned up it is known where it was."));
}

#[test]
fn a_volume_that_is_searched_for_leads_there_and_offers_no_second_search() {
    let page = page("volume-searched-open");
    assert!(page.contains("It is being searched for.") && page.contains("Where to look"));
    assert!(!page.contains("/not-there"));
    let turned_up = self::page("volume-searched-turned-up");
    assert!(
        turned_up.contains("Say where it was") && turned_up.contains("/not-there"),
        "it may be missed again"
    );
    assert!(self::page("volume-searched-closed").contains("/not-there"));
}
