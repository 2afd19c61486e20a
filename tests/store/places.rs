//! The lists of a place: in order, without a gap or a folder twice, whatever moves meanwhile; containers; shelves.

use crate::common;

use std::time::Duration;

use casetrack::clock::Clock;
use casetrack::domain::command::{Act, Consent, Holding, Thing};
use casetrack::domain::import::{Piece, Said, VolumeRow};
use casetrack::domain::movement::{GoneWhy, UndoTarget};
use casetrack::store::story::{self, Hospital, MORNING, code, label};
use casetrack::store::{Bounded, Entry, Page, PlaceList, ShelfCount, Store, StoreError};
use common::{Folder, options, trust};

async fn hospital(folder: &Folder) -> Hospital {
    let (clock, hands) = Clock::manual(MORNING);
    let store = Store::open(options(folder, clock.clone())).unwrap();
    Hospital::open(store, trust(), clock, hands).await
}

fn name(hospital: &Hospital, entry: &Entry) -> String {
    match entry {
        Entry::Volume(record) => record.brief.barcode.to_string(),
        Entry::Container(record) => {
            let directory = hospital.store.directory();
            let name = directory.borrow().name(record.id).to_owned();
            format!("{name}({})", record.holds)
        }
    }
}

/// A page of a list: its names, and how to go on.
async fn page(
    hospital: &Hospital,
    place: &str,
    list: PlaceList,
    after: Option<String>,
    limit: usize,
) -> (String, Option<String>) {
    let page = Page { after, limit };
    let listing = hospital.store.place_list(&trust(), hospital.place(place), list, page).await.unwrap();
    let names: Vec<_> = listing.items.iter().map(|entry| name(hospital, entry)).collect();
    (names.join(" "), listing.next)
}

async fn whole(hospital: &Hospital, place: &str, list: PlaceList) -> String {
    page(hospital, place, list, None, 100).await.0
}

#[tokio::test]
async fn a_place_lists_what_left_what_comes_what_is_meant_for_elsewhere_and_what_nobody_confirmed() {
    let folder = Folder::new();
    let mut hospital = hospital(&folder).await;
    for number in 1..=6 {
        hospital.receive("LIB", &format!("F{number}")).await;
    }
    hospital.send("LIB", "F1", "CL5").await;
    hospital.send("LIB", "F2", "CL5").await;
    hospital.receive("HUB", "F2").await;
    hospital.send("LIB", "F3", "WARD7").await;
    hospital.pack("LIB", "F4", "K12").await;
    let crate_ = Thing::Container(hospital.place("K12"));
    let go = Act::Send { thing: crate_, to: hospital.place("CL5"), consent: Consent::Unasked };
    hospital.scan("LIB", "K12", go).await;
    assert_eq!(whole(&hospital, "LIB", PlaceList::Sent).await, "F1 K12(1)");
    assert_eq!(whole(&hospital, "CL5", PlaceList::Coming).await, "F1 F2 K12(1)");
    assert_eq!(whole(&hospital, "HUB", PlaceList::Meant).await, "F2");
    assert_eq!(whole(&hospital, "HUB", PlaceList::Here).await, "F2");
    assert_eq!(whole(&hospital, "WARD7", PlaceList::Unsure).await, "F3");
    assert_eq!(whole(&hospital, "LIB", PlaceList::Here).await, "F5 F6");
    hospital.scan("CL5", "K12", Act::Receive(Thing::Container(hospital.place("K12")))).await;
    assert_eq!(whole(&hospital, "CL5", PlaceList::Containers).await, "K12(1)");
    assert_eq!(whole(&hospital, "K12", PlaceList::Inside).await, "F4");
    assert_eq!(whole(&hospital, "LIB", PlaceList::Sent).await, "F1");
    let lists = &[PlaceList::Sent, PlaceList::Here];
    let begun = hospital.store.place_beginnings(&trust(), hospital.place("LIB"), lists, 1).await.unwrap();
    let told: Vec<_> = begun.iter().map(|b| (b.count, b.entries.len())).collect();
    assert_eq!(
        told,
        [(Bounded { count: 1, more: false }, 1), (Bounded { count: 2, more: false }, 1)],
        "counted whole, shown in part"
    );
    let counts = hospital.store.counts_at(&trust(), vec![hospital.place("LIB"), hospital.place("S12")]).await;
    assert_eq!(counts.unwrap().iter().map(|count| count.count).collect::<Vec<_>>(), [2, 0]);
}

#[tokio::test]
async fn a_list_is_paged_without_a_gap_and_no_folder_twice_while_folders_move() {
    let folder = Folder::new();
    let mut hospital = hospital(&folder).await;
    for number in 1..=9 {
        hospital.receive("LIB", &format!("F{number}")).await;
    }
    let (first, next) = page(&hospital, "LIB", PlaceList::Here, None, 3).await;
    assert_eq!(first, "F1 F2 F3");
    hospital.send("LIB", "F3", "CL5").await;
    hospital.send("LIB", "F5", "CL5").await;
    hospital.receive("HUB", "F1").await;
    hospital.receive("LIB", "F1").await;
    let (second, next) = page(&hospital, "LIB", PlaceList::Here, next, 3).await;
    assert_eq!(second, "F4 F6 F7", "what left is not told, what stayed is not skipped");
    let (third, next) = page(&hospital, "LIB", PlaceList::Here, next, 3).await;
    assert_eq!((third.as_str(), next), ("F8 F9", None), "F1 came back after the list was begun");
    assert_eq!(whole(&hospital, "LIB", PlaceList::Here).await, "F2 F4 F6 F7 F8 F9 F1");
    for rubbish in ["", "1", "1.2", "1.2.x", "a.b.c"] {
        let page = Page { after: Some(rubbish.to_owned()), limit: 3 };
        let told = hospital.store.place_list(&trust(), hospital.place("LIB"), PlaceList::Here, page).await;
        assert!(matches!(told, Err(StoreError::BadCursor)), "{rubbish}");
    }
}

#[tokio::test]
async fn a_shelf_knows_its_gaps_and_its_strangers() {
    let folder = Folder::new();
    let mut hospital = hospital(&folder).await;
    let elsewhere = |number: u32| VolumeRow { home: Said::Is(code("HUB")), ..story::folder(number) };
    hospital.import(Piece::Volumes(vec![elsewhere(9)])).await;
    let gone = VolumeRow { gone: Some(GoneWhy::Destroyed), ..story::folder(8) };
    hospital.import(Piece::Volumes(vec![gone])).await;
    let shelf = hospital.place("S12");
    for number in [1, 2, 3, 9] {
        let text = format!("F{number}");
        hospital
            .scan(
                "LIB",
                &text,
                Act::File { thing: label(&text), shelf: Some(shelf), consent: Consent::Unasked },
            )
            .await;
    }
    hospital.receive("CL5", "F3").await;
    assert_eq!(whole(&hospital, "S12", PlaceList::Strangers).await, "F9");
    assert_eq!(whole(&hospital, "S12", PlaceList::Gaps).await, "F3 F4 F5 F6 F7", "F8 is gone for good");
    let (first, next) = page(&hospital, "S12", PlaceList::Gaps, None, 2).await;
    let (second, _) = page(&hospital, "S12", PlaceList::Gaps, next, 2).await;
    assert_eq!((first.as_str(), second.as_str()), ("F3 F4", "F5 F6"));
    let count = hospital.store.shelf_count(&trust(), shelf).await.unwrap();
    assert_eq!(count, ShelfCount { belongs: 7, there: 2, strangers: 1 });
}

/// What was taken out of the crate: each thing and where.
async fn taken(hospital: &Hospital) -> (u32, String) {
    let (record, taken) = hospital.store.container(&trust(), hospital.place("K12")).await.unwrap();
    let directory = hospital.store.directory().borrow().clone();
    let told = taken.iter().map(|out| {
        let at = out.movement.change.ends_at().map(|place| directory.name(place).to_owned());
        format!("{} at {}", name(hospital, &out.entry), at.unwrap_or_default())
    });
    (record.holds, told.collect::<Vec<_>>().join(", "))
}

#[tokio::test]
async fn a_container_tells_who_took_what_out_since_it_was_last_emptied() {
    let folder = Folder::new();
    let mut hospital = hospital(&folder).await;
    let crate_ = hospital.place("K12");
    hospital.scan("LIB", "K12", Act::OpenContainer { container: crate_, holding: Holding::Ask }).await;
    for folder in ["F1", "F2", "F3", "F4"] {
        hospital.pack("LIB", folder, "K12").await;
    }
    assert_eq!(taken(&hospital).await, (4, String::new()));
    let wrong = hospital.pack("LIB", "F5", "K12").await;
    hospital.undo("LIB", UndoTarget::Scan(wrong.scan)).await;
    hospital.receive("HUB", "F2").await;
    hospital.receive("CL5", "F2").await;
    assert_eq!(
        taken(&hospital).await,
        (3, "F2 at HUB".to_owned()),
        "where it was taken out, not where it is"
    );
    let scanned = hospital.receive("CL5", "F3").await;
    assert_eq!(taken(&hospital).await, (2, "F3 at CL5, F2 at HUB".to_owned()));
    hospital.undo("CL5", UndoTarget::Scan(scanned.scan)).await;
    assert_eq!(taken(&hospital).await, (3, "F2 at HUB".to_owned()), "taken back: it is in the crate");
    hospital.pack("CL5", "F2", "K12").await;
    assert_eq!(taken(&hospital).await, (4, String::new()), "put in again");
    hospital.scan("CL5", "K12", Act::Empty(crate_)).await;
    assert_eq!(taken(&hospital).await, (0, String::new()));
    hospital.pass(Duration::from_mins(1));
    hospital.pack("CL5", "F1", "K12").await;
    hospital.receive("LIB", "F1").await;
    assert_eq!(taken(&hospital).await, (0, "F1 at LIB".to_owned()));
}

#[tokio::test]
async fn the_list_for_machines_joins_containers_in_order_and_goes_on() {
    let folder = Folder::new();
    let mut hospital = hospital(&folder).await;
    hospital.receive("LIB", "F1").await;
    hospital.pack("LIB", "F2", "K12").await;
    hospital.receive("LIB", "F3").await;
    hospital.pack("LIB", "F4", "K12").await;
    let crate_ = Thing::Container(hospital.place("K12"));
    let trolley = Thing::Container(hospital.place("TROLLEY"));
    hospital.scan("LIB", "TROLLEY", Act::Receive(trolley)).await;
    let into = Act::Pack { thing: crate_, container: hospital.place("TROLLEY"), consent: Consent::Unasked };
    hospital.scan("LIB", "K12", into).await;
    hospital.receive("LIB", "F5").await;
    hospital.send("HUB", "F6", "LIB").await;
    let mut seen = Vec::new();
    let mut after = None;
    loop {
        let page = Page { after, limit: 2 };
        let listing = hospital.store.volumes_at(&trust(), hospital.place("LIB"), page).await.unwrap();
        seen.push(listing.items.iter().map(|v| v.brief.barcode.to_string()).collect::<Vec<_>>().join(" "));
        after = listing.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, ["F1 F2", "F3 F4", "F5 F6"]);
}
