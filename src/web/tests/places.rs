//! The pages of places, from values.

use std::sync::LazyLock;

use askama::Template;

use super::hospital::*;
use crate::domain::PlaceId;
use crate::domain::movement::Change;
use crate::domain::place::Place;
use crate::domain::whereabouts::{Present, State};
use crate::store::{
    Beginning, Bounded, ContainerRecord, Entry, Listing, PlaceList, ShelfCount, TakenOut, VolumeRecord,
};
use crate::web::pages::Shell;
use crate::web::pages::place::{Known, head, list_page, place_page};
use crate::web::pages::places::places_page;
use crate::web::pages::shelves::{Part, shelves_in, shelves_page};
use crate::web::pages::slip::slip_page;

fn shell() -> Shell {
    Shell::bare("A page")
}

fn volume(surname: &str, name: &str) -> VolumeRecord {
    let (_, present) = Hospital::presents().into_iter().find(|(other, _)| *other == name).unwrap();
    Hospital::volume(surname, present)
}

fn folder(surname: &str, name: &str) -> Entry {
    Entry::Volume(Box::new(volume(surname, name)))
}

fn crate_k12(holds: u32) -> ContainerRecord {
    let (_, present) = Hospital::presents()[1];
    ContainerRecord { id: CRATE, present, by: Some(SMITH), desk: Some("CL5".parse().unwrap()), holds }
}

fn beginning(list: PlaceList, count: usize, entries: Vec<Entry>) -> Beginning {
    Beginning { list, count: Bounded { count, more: count == 200 }, entries }
}

fn of(hospital: &Hospital, id: PlaceId) -> &Place {
    hospital.directory.place(id).unwrap()
}

fn place(hospital: &Hospital, id: PlaceId, known: &Known) -> String {
    let words = hospital.words();
    let head = head(&words, of(hospital, id), &Hospital::setups());
    place_page(shell(), head, &words, of(hospital, id), known).render().unwrap()
}

/// A clinic with something in each list.
fn busy(hospital: &Hospital, surname: &str, text: &str) -> Known {
    Known {
        beginnings: vec![
            beginning(PlaceList::Sent, 200, vec![folder(surname, "on-its-way")]),
            beginning(PlaceList::Meant, 1, vec![folder(surname, "meant-for")]),
            beginning(PlaceList::Coming, 0, Vec::new()),
            beginning(PlaceList::Unsure, 1, vec![folder(surname, "left")]),
            beginning(PlaceList::Containers, 1, vec![Entry::Container(crate_k12(40))]),
            beginning(PlaceList::Here, 12, vec![folder(surname, "at")]),
        ],
        aside: vec![("CL5".to_owned(), hospital.beside("7777", text))],
        ..Known::default()
    }
}

fn unpacked(hospital: &Hospital, surname: &str) -> Known {
    let movement = hospital.history().remove(0);
    let movement =
        crate::store::MovementRecord { change: Change::Arrived { at: WARD, meant_for: None }, ..movement };
    let taken = TakenOut { entry: folder(surname, "at"), movement };
    Known {
        beginnings: vec![beginning(PlaceList::Inside, 39, vec![folder(surname, "in-container")])],
        container: Some((crate_k12(39), vec![taken])),
        ..Known::default()
    }
}

fn shelves(hospital: &Hospital) -> String {
    let library = Place { name: hospital.directory.name(CLINIC).to_owned(), ..of(hospital, LIBRARY).clone() };
    let count = ShelfCount { belongs: 300, there: 296, strangers: 2 };
    let counted: Vec<_> =
        shelves_in(&hospital.directory, LIBRARY).into_iter().map(|shelf| (shelf, count)).collect();
    let part = Part { goes_on: true, more: true };
    shelves_page(shell(), &hospital.words(), &library, &counted, part).render().unwrap()
}

/// The pages of places in their states, by file name.
pub fn pages(hospital: &Hospital, surname: &str, text: &str) -> Vec<(String, askama::Result<String>)> {
    let words = hospital.words();
    let head = head(&words, of(hospital, CLINIC), &Hospital::setups());
    let listing = Listing {
        items: Hospital::presents().iter().map(|(name, _)| folder(surname, name)).collect(),
        next: Some(text.to_owned()),
    };
    let list = list_page(shell(), head, &words, PlaceList::Here, &listing, true);
    let named = |name: &str, page: String| (name.to_owned(), Ok(page));
    let mut pages = vec![
        named("place", place(hospital, CLINIC, &busy(hospital, surname, text))),
        named("place-empty", place(hospital, CLINIC, &Known::default())),
        named("container", place(hospital, CRATE, &unpacked(hospital, surname))),
        ("place-list".to_owned(), list.render()),
        named("shelves", shelves(hospital)),
        ("places".to_owned(), places_page(shell(), &hospital.directory).render()),
    ];
    for (name, _) in Hospital::presents() {
        let slip = slip_page(shell(), &words, &volume(surname, name));
        pages.push((format!("slip-{name}"), slip.render()));
    }
    pages
}

static PAGES: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let pages = pages(&Hospital::new("Clinic 5"), "Jones", "This is for Ward 7: send it on.");
    pages.into_iter().map(|(name, page)| (name, page.unwrap())).collect()
});

fn page(name: &str) -> &'static str {
    PAGES.iter().find(|(other, _)| other == name).map(|(_, page)| page.as_str()).unwrap()
}

#[test]
fn a_place_lists_first_what_needs_doing() {
    let page = page("place");
    let order = [
        "Sent from here, not scanned in anywhere yet <small>200+</small>",
        "Here, but meant for another place: send on",
        "Put aside at the desks here",
        "Should be here, but nobody has scanned the folder here",
        "Containers here",
        "All folders here, longest first <small>12</small>",
    ];
    let mut rest = page;
    for title in order {
        let (_, after) = rest.split_once(title).unwrap_or_else(|| panic!("{title} is not in its place"));
        rest = after;
    }
    assert!(!page.contains("On the way here"), "an empty list is not shown");
    assert!(page.contains("/places/CL5?list=sent") && page.contains("/places/CL5?list=here"));
    assert!(page.contains("…7777") && page.contains("desk CL5"));
    assert!(page.contains("40 in it, by the log") && page.contains("/places/K000001234"));
    assert!(page.contains("Mon 23 Nov 14:02, 58 minutes"), "how long stands beside since when");
}

#[test]
fn a_place_says_what_it_is_whom_to_ring_and_where_its_desks_are() {
    let mut hospital = Hospital::new("Clinic 5");
    hospital.now = "2026-11-23T20:00:00Z".parse().unwrap();
    let mut place_5 = of(&hospital, CLINIC).clone();
    place_5.open = Some("Mon-Fri 08:00-18:00".into());
    place_5.phone_out_of_hours = Some("01234 (switchboard)".into());
    place_5.until = Some(jiff::civil::date(2027, 1, 1));
    let others: Vec<_> = hospital.directory.places().filter(|place| place.id != CLINIC).cloned().collect();
    hospital.directory =
        crate::domain::directory::Directory::new(others.into_iter().chain([place_5]), [], []);
    let page = place(&hospital, CLINIC, &Known::default());
    for wanted in [
        "Clinic 5 <small>clinic</small>",
        "Ring now: 01234 (switchboard), out of hours",
        "Clinic 5, ext 2345, opens Tue 08:00",
        "open Mon-Fri 08:00-18:00",
        "closes for good on 1 Jan 2027",
        "<a href=\"/desks/CL5\">desk CL5</a>",
        "Barcode CL5",
        "St Elsewhere",
        "Nothing here, on the way here or sent from here, by the log.",
    ] {
        assert!(page.contains(wanted), "{wanted}");
    }
}

#[test]
fn a_container_says_what_was_packed_what_is_left_and_who_took_what_out() {
    let page = page("container");
    for wanted in [
        "40 packed, 39 here, 1 taken out at Ward 7",
        "At Clinic 5",
        "In crate K12, which is at Clinic 5, not yet taken out",
        "Taken out at Ward 7 by J. Smith, desk LIB-1. Now: At Clinic 5",
    ] {
        assert!(page.contains(wanted), "{wanted}");
    }
    let hospital = Hospital::new("Clinic 5");
    let empty = Known { container: Some((crate_k12(0), Vec::new())), ..Known::default() };
    assert!(place(&hospital, CRATE, &empty).contains("Empty, by the log"));
}

#[test]
fn the_map_and_its_table_say_the_same() {
    let page = page("shelves");
    assert!(page.contains(
        "<title>Shelf S12: 296 of 300 that belong here are here, 4 are out, 2 belong elsewhere</title>"
    ));
    assert!(page.contains(">296 of 300<") && page.contains(">4 out, 2 stray<"));
    assert!(page.contains("<td>300</td><td>296</td><td>4</td><td>2</td>"));
    assert!(page.contains("width=\"102\"") && page.contains("x=\"110\""), "the bar is as full as the shelf");
    assert!(page.contains("/places/LIB/shelves?after=S12"));
}

#[test]
fn the_tree_has_every_place_and_closes_what_it_opens() {
    let page = page("places");
    for link in ["RX1", "LIB", "S12", "CL5", "W7", "K000001234"] {
        assert_eq!(page.matches(&format!("href=\"/places/{link}\"")).count(), 1, "{link}");
    }
    for tag in ["ul", "li", "details", "summary"] {
        let opened = page.matches(&format!("<{tag}>")).count() + page.matches(&format!("<{tag} ")).count();
        assert_eq!(opened, page.matches(&format!("</{tag}>")).count(), "{tag}");
    }
}

#[test]
fn a_tracer_slip_has_the_name_on_the_folder_and_nothing_else_of_the_patient() {
    for (name, _) in Hospital::presents() {
        let slip = page(&format!("slip-{name}"));
        assert!(
            slip.contains("JONES, Ann") && slip.contains("RX123456") && slip.contains("Volume 1"),
            "{name}"
        );
        assert!(slip.contains("Barcode V000001234") && slip.contains("Printed Mon 23 Nov 15:00"), "{name}");
        assert!(
            !slip.contains("1961") && !slip.contains("943 476") && !slip.contains("9434765919"),
            "{name}"
        );
    }
    let sent = page("slip-on-its-way");
    assert!(sent.contains("On its way to Ward 7") && sent.contains("from Clinic 5"));
    assert!(sent.contains("Ring: Clinic 5, ext 2345"));
}

#[test]
fn volumes_of_one_casenote_read_as_a_set() {
    let hospital = Hospital::new("Clinic 5");
    let told = |present: Present, other: Present| {
        let mut record = Hospital::volume("Jones", present);
        record.siblings[0].present = other;
        let page = crate::web::pages::volume::volume_page(shell(), &hospital.words(), &record, &[], None);
        let page = page.render().unwrap();
        page.split("class=\"set\">").nth(1).unwrap().split('<').next().unwrap().to_owned()
    };
    let at = Hospital::presents()[1].1;
    let elsewhere = Present { place: Some(SHELF), filed: Some(SHELF), ..at };
    let unsure = Present { confirmed: false, ..at };
    let moving = Present { state: State::OnItsWay, to: Some(WARD), confirmed: false, ..at };
    assert_eq!(told(at, at), "2 of 2 here");
    assert_eq!(told(at, elsewhere), "1 of 2 here: vol 2 Shelf S12 ext 2000");
    assert_eq!(told(at, unsure), "1 of 2 here: vol 2 should be at Clinic 5 ext 2345");
    assert_eq!(told(unsure, at), "2 of 2 here");
    assert_eq!(told(at, moving), "1 of 2 here: vol 2 on its way to Ward 7 01234 567890");
    assert_eq!(told(moving, at), "1 other volume: vol 2 Clinic 5 ext 2345");
    let carried = Hospital::presents()[8].1;
    assert!(told(carried, at).starts_with("1 other volume: vol 2"), "its crate takes it away from here");
    assert!(told(unsure, carried).starts_with("1 of 2 here: vol 2 in crate K12, bound for Ward 7"));
}
