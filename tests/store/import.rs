//! Imports, lists, searches and events.

use crate::common;
#[path = "../imported/history.rs"]
mod history;

use std::time::Duration;

use casetrack::clock::Clock;
use casetrack::domain::asked::Asked;
use casetrack::domain::barcode::PatientCode;
use casetrack::domain::barcode::{OwnBarcode, OwnKind};
use casetrack::domain::casenote::VolumeKind;
use casetrack::domain::command::{Act, Sought};
use casetrack::domain::import::{
    PatientRow, Piece, PlaceRow, Restriction, RowResult, Said, StaffRow, VolumeRow,
};
use casetrack::domain::movement::GoneWhy;
use casetrack::domain::place::PlaceKind;
use casetrack::domain::refusal::Reason;
use casetrack::domain::staff::Role;
use casetrack::live::Cursor;
use casetrack::store::story::{self, Hospital, MORNING, code};
use casetrack::store::{Page, Store, StoreError};
use common::{Folder, options, trust};

async fn hospital(folder: &Folder) -> Hospital {
    let (clock, hands) = Clock::manual(MORNING);
    let store = Store::open(options(folder, clock.clone())).unwrap();
    Hospital::open(store, trust(), clock, hands).await
}

async fn import(hospital: &Hospital, piece: Piece) -> Vec<RowResult> {
    hospital.store.import(&hospital.trust, piece).await.unwrap()
}

async fn why(hospital: &Hospital, piece: Piece) -> String {
    match import(hospital, piece).await.remove(0) {
        RowResult::Rejected(why) => why,
        other @ (RowResult::Added | RowResult::Changed | RowResult::Same | RowResult::Confirmed(_)) => {
            panic!("taken: {other:?}")
        }
    }
}

fn place(text: &str, parent: Option<&str>) -> PlaceRow {
    PlaceRow {
        code: code(text),
        parent: parent.map(code).into(),
        kind: Said::Unsaid,
        ..story::places().remove(0)
    }
}

fn patient(number: &str, surname: &str) -> PatientRow {
    PatientRow {
        site: code("RX1"),
        hospital_number: number.parse().unwrap(),
        nhs_number: Said::Nothing,
        surname: Said::Is(surname.to_owned()),
        forename: Said::Nothing,
        born: Said::Is("1950-01-31".parse().unwrap()),
        died: Said::Nothing,
    }
}

fn asked(text: &str) -> Asked {
    Asked::read(text, jiff::civil::date(2026, 11, 23)).unwrap()
}

#[tokio::test]
async fn an_import_done_twice_changes_nothing() {
    let folder = Folder::new();
    let hospital = hospital(&folder).await;
    let places = import(&hospital, Piece::Places(story::places())).await;
    let volumes = import(&hospital, Piece::Volumes((1..=9).map(story::folder).collect())).await;
    let patients = vec![patient("H1", "Okafor")];
    assert_eq!(import(&hospital, Piece::Patients(patients.clone())).await, [RowResult::Changed]);
    assert_eq!(import(&hospital, Piece::Patients(patients)).await, [RowResult::Same]);
    assert!(places.iter().chain(&volumes).all(|result| *result == RowResult::Same), "{volumes:?}");
    assert_eq!(hospital.folder("F1").await.patient.unwrap().surname, "Okafor");
}

#[tokio::test]
async fn a_rehearsal_says_what_an_import_would_do_and_leaves_nothing() {
    let folder = Folder::new();
    let mut hospital = hospital(&folder).await;
    let at =
        VolumeRow { place: Some(code("WARD7")), hold: Said::Is("legal case".to_owned()), ..story::folder(1) };
    let new = VolumeRow { barcode: None, volume: 7, ..story::folder(2) };
    let pieces = [
        Piece::Places(vec![
            place("NEW", Some("HUB")),
            place("BELOW", Some("NEW")),
            place("LOST", Some("NOWHERE")),
        ]),
        Piece::Staff(vec![StaffRow { badge: code("BADGE8"), name: Said::Nothing, role: Said::Nothing }]),
        Piece::Patients(vec![patient("H1", "Okafor"), patient("H99", "Zed")]),
        Piece::Volumes(vec![at, new]),
    ];
    let database = rusqlite::Connection::open(folder.0.join("casetrack.db")).unwrap();
    let rows = || {
        let counts = ["place", "staff", "patient", "volume", "scan", "movement", "hold", "word"]
            .map(|table| format!("(SELECT count(*) FROM {table})"));
        let sql = format!("SELECT {}", counts.join(" || ' ' || "));
        database.query_row(&sql, [], |row| row.get::<_, String>(0)).unwrap()
    };
    let before = rows();
    let mut rehearsed = Vec::new();
    for piece in &pieces {
        rehearsed.push(hospital.store.rehearse(&hospital.trust, piece.clone()).await.unwrap());
        assert_eq!(rows(), before);
    }
    let directory = hospital.store.directory().borrow().clone();
    assert!(directory.place_by_code(&code("NEW")).is_none());
    hospital.receive("LIB", "F3").await;
    assert_eq!(hospital.tell("F3").await, "at LIB");
    for (piece, told) in pieces.into_iter().zip(rehearsed) {
        assert_eq!(import(&hospital, piece).await, told);
    }
    assert_eq!(hospital.tell("F1").await, "at WARD7 unconfirmed");
    assert!(casetrack::store::verify(&folder.0).unwrap().is_sound());
}

#[tokio::test]
async fn a_volume_without_a_barcode_gets_one_of_ours_and_is_found_again() {
    let folder = Folder::new();
    let hospital = hospital(&folder).await;
    let row =
        VolumeRow { barcode: None, volume: 7, kind: Said::Is(VolumeKind::Temporary), ..story::folder(1) };
    assert_eq!(import(&hospital, Piece::Volumes(vec![row.clone()])).await, [RowResult::Added]);
    assert_eq!(import(&hospital, Piece::Volumes(vec![row.clone()])).await, [RowResult::Same]);
    let ours = OwnBarcode::new(OwnKind::Volume, 10).to_string();
    assert_eq!(hospital.folder(&ours).await.brief.volume, 7);
    let old = VolumeRow { barcode: Some("RX0017".parse().unwrap()), ..row.clone() };
    assert_eq!(import(&hospital, Piece::Volumes(vec![old])).await, [RowResult::Changed]);
    assert_eq!(hospital.folder("RX0017").await.brief.barcode.to_string(), ours);
    let other = VolumeRow { barcode: Some("RX0017".parse().unwrap()), volume: 8, ..row.clone() };
    assert!(why(&hospital, Piece::Volumes(vec![other])).await.contains("another volume"));
    let never = OwnBarcode::new(OwnKind::Volume, 99).to_string();
    let never = VolumeRow { barcode: Some(never.parse().unwrap()), volume: 8, ..row };
    assert!(why(&hospital, Piece::Volumes(vec![never])).await.contains("never given"));
}

#[tokio::test]
async fn a_place_counts_only_while_the_volume_was_never_seen() {
    let folder = Folder::new();
    let mut hospital = hospital(&folder).await;
    let at = |place: &str| VolumeRow { place: Some(code(place)), ..story::folder(1) };
    import(&hospital, Piece::Volumes(vec![at("WARD7")])).await;
    assert_eq!(hospital.tell("F1").await, "at WARD7 unconfirmed");
    assert_eq!(hospital.folder("F1").await.desk, Some(code("~IMPORT")));
    assert_eq!(import(&hospital, Piece::Volumes(vec![at("CL5")])).await, [RowResult::Same]);
    assert_eq!(hospital.tell("F1").await, "at WARD7 unconfirmed");
    hospital.receive("LIB", "F1").await;
    let gone = VolumeRow { gone: Some(GoneWhy::Destroyed), ..story::folder(1) };
    assert_eq!(import(&hospital, Piece::Volumes(vec![gone.clone()])).await, [RowResult::Changed]);
    assert_eq!(import(&hospital, Piece::Volumes(vec![gone])).await, [RowResult::Same]);
    let seen = hospital.receive("LIB", "F1").await;
    assert_eq!(seen.answer.reason, Reason::RecordedGone);
    assert!(hospital.folder("F1").await.question.is_some());
    hospital.receive("HUB", "F1").await;
    hospital.receive("LIB", "F1").await;
    let database = rusqlite::Connection::open(folder.0.join("casetrack.db")).unwrap();
    let open = "SELECT count(*) FROM question WHERE answer IS NULL";
    assert_eq!(database.query_row(open, [], |row| row.get::<_, i64>(0)).unwrap(), 1, "asked once");
    let gone = VolumeRow { gone: Some(GoneWhy::Destroyed), ..story::folder(3) };
    hospital.import(Piece::Volumes(vec![gone])).await;
    let before = Duration::from_hours(1);
    let late = hospital.late("LIB", "F3", Act::Receive(story::label("F3")), before).await;
    assert_eq!(late.answer.reason, Reason::ReceivedHere, "it was there before it went");
    assert_eq!(hospital.tell("F3").await, "gone");
    assert!(hospital.folder("F3").await.question.is_none());
    assert!(hospital.folder("F2").await.siblings.is_empty());
}

#[tokio::test]
async fn holds_and_restrictions_stop_a_folder_until_they_are_cleared() {
    let folder = Folder::new();
    let mut hospital = hospital(&folder).await;
    let held = VolumeRow {
        hold: Said::Is("legal case".to_owned()),
        restricted: Said::Is(Restriction::Restricted),
        ..story::folder(1)
    };
    import(&hospital, Piece::Volumes(vec![held.clone()])).await;
    let stopped = hospital.send("LIB", "F1", "CL5").await;
    assert_eq!(stopped.answer.reason, Reason::OnHold);
    let open = VolumeRow { hold: Said::Nothing, restricted: Said::Is(Restriction::Open), ..held };
    import(&hospital, Piece::Volumes(vec![open])).await;
    assert_eq!(hospital.send("LIB", "F1", "CL5").await.answer.reason, Reason::SentTo);
}

#[tokio::test]
async fn a_column_that_is_missing_keeps_what_is_known_and_an_empty_cell_clears_it() {
    let folder = Folder::new();
    let hospital = hospital(&folder).await;
    let full = VolumeRow {
        kind: Said::Is(VolumeKind::Temporary),
        hold: Said::Is("legal case".to_owned()),
        restricted: Said::Is(Restriction::Restricted),
        ..story::folder(1)
    };
    import(&hospital, Piece::Volumes(vec![full.clone()])).await;
    let unsaid = VolumeRow {
        kind: Said::Unsaid,
        home: Said::Unsaid,
        hold: Said::Unsaid,
        restricted: Said::Unsaid,
        ..full.clone()
    };
    assert_eq!(import(&hospital, Piece::Volumes(vec![unsaid.clone()])).await, [RowResult::Same]);
    let kept = hospital.folder("F1").await;
    assert_eq!((kept.hold.as_deref(), kept.restricted), (Some("legal case"), true));
    assert_eq!((kept.brief.kind, kept.home), (VolumeKind::Temporary, Some(hospital.place("S12"))));
    let empty = VolumeRow {
        kind: Said::Nothing,
        home: Said::Nothing,
        hold: Said::Nothing,
        restricted: Said::Nothing,
        ..unsaid
    };
    assert_eq!(import(&hospital, Piece::Volumes(vec![empty.clone()])).await, [RowResult::Changed]);
    assert_eq!(import(&hospital, Piece::Volumes(vec![empty.clone()])).await, [RowResult::Same]);
    let cleared = hospital.folder("F1").await;
    assert_eq!((cleared.hold, cleared.restricted, cleared.home), (None, false, None));
    assert_eq!(cleared.brief.kind, VolumeKind::Original);
    let both = import(&hospital, Piece::Volumes(vec![full, empty])).await;
    assert_eq!(both, [RowResult::Changed, RowResult::Changed], "the later of two rows holds");
    assert_eq!(hospital.folder("F1").await.hold, None);
    assert!(casetrack::store::verify(&folder.0).unwrap().is_sound());
}

#[tokio::test]
async fn places_staff_and_patients_keep_what_is_not_said_and_clear_what_is_said_to_be_nothing() {
    let folder = Folder::new();
    let hospital = hospital(&folder).await;
    let site = PlaceRow {
        name: Said::Is("Clinic 9".to_owned()),
        kind: Said::Is(PlaceKind::Clinic),
        phone: Said::Is("2345".to_owned()),
        until: Said::Is("2030-01-01".parse().unwrap()),
        consultants: Said::Is("Okafor; Ó Briain".to_owned()),
        ..place("CL9", Some("HUB"))
    };
    let bare = |row: &PlaceRow| PlaceRow {
        name: Said::Unsaid,
        kind: Said::Unsaid,
        parent: Said::Unsaid,
        phone: Said::Unsaid,
        until: Said::Unsaid,
        consultants: Said::Unsaid,
        ..row.clone()
    };
    import(&hospital, Piece::Places(vec![site.clone()])).await;
    assert_eq!(import(&hospital, Piece::Places(vec![bare(&site)])).await, [RowResult::Same]);
    let empty = PlaceRow { kind: Said::Unsaid, ..place("CL9", None) };
    assert_eq!(import(&hospital, Piece::Places(vec![empty])).await, [RowResult::Changed]);
    let directory = hospital.store.directory().borrow().clone();
    let now = directory.place_by_code(&code("CL9")).unwrap();
    assert_eq!((now.name.as_str(), now.kind, now.parent), ("CL9", PlaceKind::Clinic, None));
    assert_eq!((now.phone.as_deref(), now.until), (None, None));

    let staff = |name, role| vec![StaffRow { badge: code("BADGE9"), name, role }];
    let known = staff(Said::Is("Sam Porter".to_owned()), Said::Is(Role::Librarian));
    import(&hospital, Piece::Staff(known)).await;
    assert_eq!(import(&hospital, Piece::Staff(staff(Said::Unsaid, Said::Unsaid))).await, [RowResult::Same]);
    assert_eq!(
        import(&hospital, Piece::Staff(staff(Said::Nothing, Said::Nothing))).await,
        [RowResult::Changed]
    );

    import(&hospital, Piece::Patients(vec![patient("H1", "Okafor")])).await;
    let unsaid = PatientRow {
        nhs_number: Said::Unsaid,
        surname: Said::Unsaid,
        forename: Said::Unsaid,
        born: Said::Unsaid,
        died: Said::Unsaid,
        ..patient("H1", "")
    };
    assert_eq!(import(&hospital, Piece::Patients(vec![unsaid.clone()])).await, [RowResult::Same]);
    let cleared = PatientRow { born: Said::Nothing, ..unsaid };
    assert_eq!(import(&hospital, Piece::Patients(vec![cleared])).await, [RowResult::Changed]);
    let known = hospital.folder("F1").await.patient.unwrap();
    assert_eq!((known.surname.as_str(), known.born), ("Okafor", None));
}

#[tokio::test]
async fn a_place_is_known_stands_in_no_loop_and_closes_only_when_empty() {
    let folder = Folder::new();
    let mut hospital = hospital(&folder).await;
    assert!(why(&hospital, Piece::Places(vec![place("X", Some("NOWHERE"))])).await.contains("not known"));
    assert!(why(&hospital, Piece::Places(vec![place("LIB", Some("S12"))])).await.contains("above itself"));
    assert!(why(&hospital, Piece::Places(vec![place("F1", None)])).await.contains("label of a folder"));
    assert!(why(&hospital, Piece::Places(vec![place("BADGE7", None)])).await.contains("badge"));
    let ours = OwnBarcode::new(OwnKind::Place, 3).to_string();
    assert!(why(&hospital, Piece::Places(vec![place(&ours, None)])).await.contains("Casetrack makes"));
    let badge = StaffRow { badge: code("LIB"), name: Said::Nothing, role: Said::Nothing };
    assert!(why(&hospital, Piece::Staff(vec![badge])).await.contains("place"));
    let mut deep: Vec<PlaceRow> = vec![place("D1", None)];
    deep.extend((2..=17).map(|depth| place(&format!("D{depth}"), Some(&format!("D{}", depth - 1)))));
    let results = import(&hospital, Piece::Places(deep)).await;
    let taken = results.iter().filter(|result| **result == RowResult::Added).count();
    assert_eq!(taken, 16, "{results:?}");
    let crate_ = PlaceRow { kind: Said::Is(PlaceKind::Other), ..place("K12", None) };
    assert!(why(&hospital, Piece::Places(vec![crate_])).await.contains("container"));
    hospital.send("LIB", "F3", "CL5").await;
    let close = PlaceRow { until: Said::Is("2027-01-01".parse().unwrap()), ..place("CL5", None) };
    let refused = why(&hospital, Piece::Places(vec![close.clone()])).await;
    assert!(refused.ends_with("on their way: F3"), "{refused}");
    hospital.receive("LIB", "F3").await;
    hospital.receive("CL5", "F3").await;
    hospital.receive("LIB", "F3").await;
    assert_eq!(import(&hospital, Piece::Places(vec![close])).await, [RowResult::Changed]);
    let directory = hospital.store.directory();
    assert!(directory.borrow().place_by_code(&code("CL5")).unwrap().until.is_some());
}

#[tokio::test]
async fn lists_and_searches_go_on_where_they_left_off() {
    let folder = Folder::new();
    let mut hospital = hospital(&folder).await;
    for number in 1..=9 {
        hospital.receive("LIB", &format!("F{number}")).await;
    }
    for number in 1..=5 {
        import(&hospital, Piece::Patients(vec![patient(&format!("H{number}"), "Smith-Jones")])).await;
    }
    let lib = hospital.place("LIB");
    let mut after = None;
    let mut seen = Vec::new();
    loop {
        let page = Page { after, limit: 4 };
        let listing = hospital.store.volumes_at(&trust(), lib, page).await.unwrap();
        seen.extend(listing.items.iter().map(|volume| volume.brief.barcode.to_string()));
        after = listing.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen.join(" "), "F1 F2 F3 F4 F5 F6 F7 F8 F9");
    let mut found = Vec::new();
    loop {
        let page = Page { after, limit: 2 };
        let listing = hospital.store.search(&trust(), &asked("smith"), page).await.unwrap();
        found.extend(listing.items.iter().map(|volume| volume.brief.barcode.to_string()));
        after = listing.next;
        if after.is_none() {
            break;
        }
    }
    found.sort();
    assert_eq!(found, seen);
    let page = Page { after: Some("x".to_owned()), limit: 2 };
    assert!(matches!(
        hospital.store.search(&trust(), &asked("smith"), page).await,
        Err(StoreError::BadCursor)
    ));
    let asked = Act::Ask(Sought::Patient(PatientCode::Number("H1".parse().unwrap())));
    let told = hospital.scan("LIB", "H1", asked).await;
    assert_eq!((told.answer.reason, told.volumes.len()), (Reason::PatientVolumes, 2));
    let stored = hospital.store.scan(&trust(), told.scan).await.unwrap().unwrap();
    assert_eq!(stored.text, None, "a patient's number stands beside the log");
}

#[tokio::test]
async fn who_watches_is_told_after_the_commit_and_can_catch_up() {
    let folder = Folder::new();
    let (clock, hands) = Clock::manual(MORNING);
    let options = options(&folder, clock.clone());
    let mut watch = options.live.watch();
    let store = Store::open(options).unwrap();
    let mut hospital = Hospital::open(store.clone(), trust(), clock, hands).await;
    hospital.send("LIB", "F1", "CL5").await;
    let told = [watch.recv().await.unwrap(), watch.recv().await.unwrap()];
    assert_eq!(told.each_ref().map(|event| event.kind), ["arrived", "sent"]);
    let (lib, clinic) = (hospital.place("LIB"), hospital.place("CL5"));
    assert_eq!(told.each_ref().map(|event| event.places.clone()), [vec![lib], vec![lib, clinic]]);
    let [arrived, sent] = told;
    let missed = store.events_after(&trust(), arrived.cursor).await.unwrap();
    assert_eq!(missed.iter().map(|event| event.cursor).collect::<Vec<_>>(), [sent.cursor]);
    let elsewhere = Cursor { epoch: 9, number: 0 };
    assert!(matches!(store.events_after(&trust(), elsewhere).await, Err(StoreError::BadCursor)));
    let figures = store.figures(&trust()).await.unwrap();
    assert_eq!((figures.scans, figures.movements, figures.volumes), (1, 2, 9));
    store.stop().await;
}
