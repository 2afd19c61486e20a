//! Pairings of scanners in a real store: each is written with the scan of its card, once, and stays.

use crate::common;

use casetrack::clock::Clock;
use casetrack::domain::answer::Answer;
use casetrack::domain::command::{Act, Novelty};
use casetrack::domain::refusal::Reason;
use casetrack::domain::scanner::{ScannerId, paired_with};
use casetrack::store::story::{Hospital, MORNING};
use casetrack::store::{Store, pairings_in, verify};
use common::{Folder, options, trust};

fn scanner(location: &str) -> ScannerId {
    ScannerId { location: location.to_owned(), vid: 0x05e0, pid: 0x1701, serial: None }
}

fn pair(location: &str, refused: u32) -> Act {
    Act::Pair { scanner: Box::new(scanner(location)), refused }
}

#[tokio::test]
async fn a_pairing_is_on_disk_with_the_scan_of_its_card_and_the_newest_counts() {
    let (clock, hands) = Clock::manual(MORNING);
    let folder = Folder::new();
    let store = Store::open(options(&folder, clock.clone())).unwrap();
    let mut hospital = Hospital::open(store, trust(), clock.clone(), hands).await;
    assert!(hospital.store.pairings(&trust()).await.unwrap().is_empty());

    let command = hospital.command("LIB", "C3067", pair("1-1", 0));
    let outcome = hospital.submit(command.clone()).await.unwrap();
    assert_eq!(outcome.answer, Answer::new(Reason::Paired));
    assert_eq!(hospital.submit(command).await.unwrap().novelty, Novelty::Known, "told twice, paired once");
    let outcome = hospital.scan("CL5", "C3164", pair("1-2", 3)).await;
    assert_eq!(outcome.answer, Answer::new(Reason::PairedAsking).count(3));
    hospital.scan("CL5", "C3164", pair("1-1", 0)).await;

    let pairings = hospital.store.pairings(&trust()).await.unwrap();
    assert_eq!(pairings.len(), 3);
    let desk = |location| paired_with(&pairings, &scanner(location)).map(ToString::to_string);
    let at_clinic = desk("1-2");
    assert!(at_clinic.is_some());
    assert_eq!((desk("1-1"), desk("1-3")), (at_clinic, None), "the newest counts");
    assert_eq!(pairings_in(&folder.0).unwrap(), pairings);

    hospital.store.clone().stop().await;
    let report = verify(&folder.0).unwrap();
    assert!(report.is_sound(), "{report:?}");
    assert_eq!(report.pairings, 3);
}

#[tokio::test]
async fn a_pairing_that_no_scan_made_is_found() {
    let (clock, hands) = Clock::manual(MORNING);
    let folder = Folder::new();
    let store = Store::open(options(&folder, clock.clone())).unwrap();
    let mut hospital = Hospital::open(store, trust(), clock, hands).await;
    hospital.scan("LIB", "C3067", pair("1-1", 0)).await;
    hospital.receive("LIB", "F1").await;
    hospital.store.clone().stop().await;
    let conn = rusqlite::Connection::open(folder.0.join("casetrack.db")).unwrap();
    let forged = "INSERT INTO scanner_pairing (location, vid, pid, desk, scan, at)
        SELECT '1-9', 1, 1, 1, max(key), 1 FROM scan";
    conn.execute(forged, []).unwrap();
    drop(conn);
    let report = verify(&folder.0).unwrap();
    assert_eq!(report.first.as_deref(), Some("pairing 2: the scan of its card says something else"));
}
