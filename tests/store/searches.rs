//! Searches on disk: the register in pages, what `verify` holds against the steps, and what a scan pays for them.

use crate::common;

use std::time::Duration;

use casetrack::clock::Clock;
use casetrack::domain::SearchId;
use casetrack::store::story::{Hospital, MORNING};
use casetrack::store::{Page, Register, SearchFilter, Store, verify};
use common::{Folder, options, trust};
use rusqlite::Connection;

async fn hospital(folder: &Folder) -> Hospital {
    let (clock, hands) = Clock::manual(MORNING);
    let store = Store::open(options(folder, clock.clone())).unwrap();
    Hospital::open(store, trust(), clock, hands).await
}

fn database(folder: &Folder) -> Connection {
    Connection::open(folder.0.join("casetrack.db")).unwrap()
}

async fn listed(hospital: &Hospital, register: Register) -> Vec<SearchId> {
    let filter = SearchFilter { register, quiet: None };
    let mut all = Vec::new();
    let mut after = None;
    loop {
        let page = Page { after, limit: 2 };
        let listing = hospital.store.searches(&trust(), filter, page).await.unwrap();
        all.extend(listing.items.iter().map(|line| line.search.id));
        after = listing.next;
        if after.is_none() {
            return all;
        }
    }
}

#[tokio::test]
async fn the_register_lists_what_is_open_the_oldest_first_and_the_rest_the_newest_first() {
    let folder = Folder::new();
    let mut hospital = hospital(&folder).await;
    let mut opened = Vec::new();
    for folder in ["F1", "F2", "F3", "F4", "F5"] {
        hospital.receive("CL5", folder).await;
        opened.push(hospital.missing("CL5", folder).await);
    }
    assert_eq!(listed(&hospital, Register::Wanted).await, opened);
    for folder in ["F2", "F3", "F5"] {
        hospital.receive("LIB", folder).await;
    }
    assert_eq!(listed(&hospital, Register::Wanted).await, [opened[0], opened[3]]);
    assert_eq!(listed(&hospital, Register::Asked).await, [opened[4], opened[2], opened[1]]);
    assert_eq!(listed(&hospital, Register::All).await.len(), 5);
    let filter = SearchFilter { register: Register::Wanted, quiet: None };
    let count = hospital.store.count_searches(&trust(), filter).await.unwrap();
    assert_eq!((count.count, count.more), (2, false));
    hospital.store.clone().stop().await;
}

#[tokio::test]
async fn verify_finds_a_search_or_a_combine_that_its_steps_do_not_say_and_no_step_can_be_changed() {
    let folder = Folder::new();
    let mut hospital = hospital(&folder).await;
    hospital.receive("CL5", "F1").await;
    hospital.missing("CL5", "F1").await;
    hospital.receive("LIB", "F1").await;
    hospital.store.clone().stop().await;
    let sound = verify(&folder.0).unwrap();
    assert!(sound.is_sound() && sound.searches == 1, "{sound:?}");
    for (harm, mend) in [
        ("UPDATE search SET state = 0", "UPDATE search SET state = 1"),
        (
            "UPDATE search SET asker = NULL",
            "UPDATE search SET asker = (SELECT asker FROM search_step WHERE what = 0)",
        ),
        ("INSERT INTO combine VALUES (1, 2, 1, 5)", "DELETE FROM combine"),
    ] {
        database(&folder).execute_batch(harm).unwrap();
        assert_eq!(verify(&folder.0).unwrap().differences, 1, "{harm}");
        database(&folder).execute_batch(mend).unwrap();
        assert!(verify(&folder.0).unwrap().is_sound(), "{mend}");
    }
    for sql in ["UPDATE search_step SET at = 0", "DELETE FROM search_step"] {
        assert!(database(&folder).execute(sql, []).is_err(), "{sql}");
    }
}

#[tokio::test]
async fn what_happened_to_searches_is_told_to_those_who_watch_and_to_those_who_slept() {
    let folder = Folder::new();
    let mut hospital = hospital(&folder).await;
    hospital.receive("CL5", "F1").await;
    let slept = hospital.store.newest(&trust()).await.unwrap();
    hospital.missing("CL5", "F1").await;
    let newest = hospital.store.newest(&trust()).await.unwrap();
    assert!(newest > slept, "a search is news, though nothing moved");
    hospital.receive("LIB", "F1").await;
    let events = hospital.store.events_after(&trust(), slept).await.unwrap();
    let kinds: Vec<_> = events.iter().map(|event| event.kind).collect();
    assert_eq!(kinds, ["search", "search", "arrived", "turned-up"]);
    let turned_up = events.last().unwrap();
    for place in ["LIB", "CL5"] {
        assert!(turned_up.places.contains(&hospital.place(place)), "{place} is told");
    }
    hospital.store.clone().stop().await;
}

/// How long the look-up takes that every scan of a folder makes: in an index that holds what is wanted now.
#[tokio::test]
async fn a_scan_where_no_search_is_open_pays_one_look_up_in_a_small_index() {
    const LOOK_UPS: u32 = 20_000;
    let folder = Folder::new();
    let mut hospital = hospital(&folder).await;
    for folder in ["F1", "F2", "F3"] {
        hospital.receive("CL5", folder).await;
        hospital.missing("CL5", folder).await;
    }
    hospital.store.clone().stop().await;
    let database = database(&folder);
    let sql = "SELECT id, opened, asker, quiet FROM search INDEXED BY search_wanted WHERE volume = ?1 AND state IN (0, 3)";
    let plan: String =
        database.query_row(&format!("EXPLAIN QUERY PLAN {sql}"), [7], |row| row.get(3)).unwrap();
    assert!(plan.starts_with("SEARCH search USING INDEX search_wanted (volume=?)"), "{plan}");
    let mut look_up = database.prepare(sql).unwrap();
    let clock = Clock::system();
    let begun = clock.read().boot_us;
    for volume in 100..100 + LOOK_UPS {
        assert!(!look_up.exists([volume]).unwrap());
    }
    let took = Duration::from_micros(u64::try_from(clock.read().boot_us - begun).unwrap());
    println!("{:?} a look-up that finds nothing", took / LOOK_UPS);
    assert!(took / LOOK_UPS < Duration::from_micros(200), "{took:?}");
}
