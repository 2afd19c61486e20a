//! The store on SQLite against the contract of every store.

use crate::common;

use std::time::Duration;

use casetrack::clock::Clock;
use casetrack::domain::asked::Asked;
use casetrack::domain::barcode::PatientCode;
use casetrack::domain::command::{Act, Consent, Moment, Sought, Thing};
use casetrack::domain::import::{Piece, PlaceRow};
use casetrack::domain::movement::UndoTarget;
use casetrack::domain::question::QuestionKind;
use casetrack::domain::refusal::Reason;
use casetrack::store::story::{self, Hospital, MORNING, code, label};
use casetrack::store::{Page, Store, StoreError, verify};
use common::{Folder, options, trust};
use rusqlite::Connection;

#[tokio::test]
async fn the_store_on_sqlite_keeps_the_contract_of_every_store() {
    let folder = Folder::new();
    let (clock, hands) = Clock::manual(MORNING);
    let store = Store::open(options(&folder, clock.clone())).unwrap();
    let mut hospital = Hospital::open(store.clone(), trust(), clock.clone(), hands).await;
    story::everything(&mut hospital).await;
    let before = hospital.tell("F8").await;
    hospital.scan("LIB", "NOBODYS", Act::Receive(story::label("NOBODYS"))).await;
    let patient = PatientCode::Number("H1".parse().unwrap());
    hospital.scan("LIB", "H1", Act::Ask(Sought::Patient(patient))).await;
    let session = store.session(&trust(), &code("LIB-1"), "front").await.unwrap();
    assert!(session.len() > 5 && session[0].learned_at < session[1].learned_at);
    for scan in &session {
        assert!(scan.text.is_none() || scan.aside.is_none(), "a text stands in one place");
        assert!(scan.volume.iter().all(|volume| scan.volumes.contains(volume)), "{scan:?}");
    }
    let [.., nobodys, asked] = session.as_slice() else { panic!("two scans") };
    assert_eq!((nobodys.text.as_deref(), nobodys.aside.as_deref()), (None, Some("NOBODYS")));
    assert_eq!(asked.volumes.len(), 2, "all of a patient's volumes, to be chosen from");
    let page = Page { after: None, limit: 2 };
    let newest = store.scans_at(&trust(), &code("LIB-1"), page).await.unwrap();
    assert_eq!(newest.items.len(), 2);
    let asked = Asked::read("h1", jiff::civil::date(2026, 11, 23)).unwrap();
    let found = store.search(&trust(), &asked, Page { after: None, limit: 10 }).await.unwrap();
    assert_eq!(found.items.len(), 2);
    assert!(matches!(Store::open(options(&folder, clock.clone())), Err(StoreError::InUse(_))));
    let beside = Store::open_reading(&folder.0, &trust(), &story::desks()).unwrap();
    assert!(beside.volume(&trust(), &"F1".parse().unwrap()).await.unwrap().is_some());
    store.stop().await;
    let store = Store::open(options(&folder, clock)).unwrap();
    hospital.store = store.clone();
    assert_eq!(hospital.tell("F8").await, before);
    store.stop().await;
    let report = verify(&folder.0).unwrap();
    assert!(report.is_sound() && report.searches > 3, "{report:?}");
}

async fn hospital(folder: &Folder) -> Hospital {
    let (clock, hands) = Clock::manual(MORNING);
    let store = Store::open(options(folder, clock.clone())).unwrap();
    Hospital::open(store, trust(), clock, hands).await
}

async fn with_containers(folder: &Folder) -> Hospital {
    let hospital = hospital(folder).await;
    let container = |text: &str| PlaceRow { code: code(text), ..story::places().remove(6) };
    hospital.import(Piece::Places(["CAGE", "VAN", "SHIP"].map(container).to_vec())).await;
    hospital
}

fn pack(hospital: &Hospital, inner: &str, outer: &str) -> Act {
    let thing = Thing::Container(hospital.place(inner));
    Act::Pack { thing, container: hospital.place(outer), consent: Consent::Unasked }
}

#[tokio::test]
async fn a_folder_four_containers_deep_goes_where_the_outermost_goes_and_is_freed_level_by_level() {
    let folder = Folder::new();
    let mut hospital = with_containers(&folder).await;
    hospital.pack("LIB", "F1", "K12").await;
    for (inner, outer) in [("K12", "TROLLEY"), ("TROLLEY", "CAGE"), ("CAGE", "VAN")] {
        let act = pack(&hospital, inner, outer);
        assert_eq!(hospital.scan("LIB", inner, act).await.answer.reason, Reason::ContainerPacked);
    }
    let fifth = pack(&hospital, "VAN", "SHIP");
    assert_eq!(hospital.scan("LIB", "VAN", fifth).await.answer.reason, Reason::TooDeep);
    let (van, clinic) = (Thing::Container(hospital.place("VAN")), hospital.place("CL5"));
    let go = Act::Send { thing: van.clone(), to: clinic, consent: Consent::Unasked };
    hospital.scan("LIB", "VAN", go).await;
    assert_eq!(hospital.tell("F1").await, "in-container LIB for CL5 in K12");
    hospital.scan("CL5", "VAN", Act::Receive(van)).await;
    assert_eq!(hospital.tell("F1").await, "in-container CL5 in K12");
    assert_eq!(hospital.at("CL5").await, ["F1"]);
    let emptied = Act::Empty(hospital.place("VAN"));
    hospital.scan("HUB", "VAN", emptied).await;
    assert_eq!(
        hospital.tell("F1").await,
        "in-container HUB in K12",
        "its cage stands where the van was emptied"
    );
    let emptied = Act::Empty(hospital.place("K12"));
    hospital.scan("HUB", "K12", emptied).await;
    assert_eq!(hospital.tell("F1").await, "at HUB unconfirmed");
    let late = Act::Pack { thing: label("F2"), container: hospital.place("K12"), consent: Consent::Unasked };
    hospital.late("LIB", "F2", late, Duration::from_mins(6)).await;
    assert_eq!(hospital.tell("F2").await, "at HUB unconfirmed", "packed before the crate was emptied");
    hospital.store.stop().await;
    assert!(verify(&folder.0).unwrap().is_sound());
}

#[tokio::test]
async fn containers_packed_into_each_other_by_late_acts_become_one_question() {
    let folder = Folder::new();
    let mut hospital = with_containers(&folder).await;
    hospital.pack("LIB", "F1", "K12").await;
    hospital.pass(Duration::from_hours(1));
    for (inner, outer, ago) in [("K12", "TROLLEY", 30), ("TROLLEY", "CAGE", 20), ("CAGE", "K12", 10)] {
        let act = pack(&hospital, inner, outer);
        hospital.late("HUB", inner, act, Duration::from_mins(ago)).await;
    }
    assert_eq!(hospital.tell("F1").await, "in-container HUB in K12", "the newest link is cut");
    hospital.store.stop().await;
    let database = Connection::open(folder.0.join("casetrack.db")).unwrap();
    let kinds = "SELECT group_concat(kind) FROM question";
    let loop_ = QuestionKind::ALL.iter().position(|kind| *kind == QuestionKind::ContainerLoop).unwrap();
    let asked: String = database.query_row(kinds, [], |row| row.get(0)).unwrap();
    assert_eq!(asked, loop_.to_string());
    assert!(verify(&folder.0).unwrap().is_sound());
}

#[tokio::test]
async fn here_or_there_stands_on_the_volume_until_a_later_movement_settles_it() {
    let folder = Folder::new();
    let mut hospital = hospital(&folder).await;
    story::late_scans_find_their_place(&mut hospital).await;
    let present = hospital.folder("F8").await.present;
    assert_eq!((present.place, present.or_at), (Some(hospital.place("HUB")), Some(hospital.place("CL5"))));
    hospital.receive("LIB", "F8").await;
    assert_eq!(hospital.tell("F8").await, "at LIB");
    assert_eq!(hospital.folder("F8").await.present.or_at, None);
}

#[tokio::test]
async fn a_batch_taken_back_takes_back_what_is_learnt_of_it_later() {
    let folder = Folder::new();
    let mut hospital = hospital(&folder).await;
    let batch = hospital.begin_batch();
    hospital.send("LIB", "F2", "CL5").await;
    hospital.end_batch();
    hospital.undo("LIB", UndoTarget::Batch(batch)).await;
    hospital.pass(Duration::from_mins(5));
    let act = Act::Send { thing: label("F3"), to: hospital.place("CL5"), consent: Consent::Unasked };
    let mut late = hospital.command("LIB", "F3", act);
    late.scan.batch = Some(batch);
    late.scan.clocks.happened = late.scan.clocks.happened.plus_micros(-300_000_000);
    late.moment = Moment::Past;
    hospital.submit(late).await.unwrap();
    assert_eq!(
        hospital.tell("F3").await,
        "at LIB",
        "the sending is taken back, the arrival it proved stands"
    );
    assert_eq!(hospital.history("F3").await, "sent! arrived");
    hospital.store.stop().await;
    assert!(verify(&folder.0).unwrap().is_sound());
}

#[tokio::test]
async fn opening_for_reading_makes_and_migrates_nothing() {
    let folder = Folder::new();
    let file = folder.0.join("casetrack.db");
    assert!(Store::open_reading(&folder.0, &trust(), &[]).is_err());
    assert!(!file.exists());
    Connection::open(&file).unwrap().execute_batch("PRAGMA journal_mode = WAL").unwrap();
    let before = std::fs::read(&file).unwrap();
    let refused = Store::open_reading(&folder.0, &trust(), &[]).unwrap_err().to_string();
    assert!(
        refused.contains("version 0, older than") && refused.contains("start the service once"),
        "{refused}"
    );
    assert_eq!(std::fs::read(&file).unwrap(), before);
}

#[tokio::test]
async fn data_of_the_next_version_are_refused_in_plain_words_however_they_are_opened() {
    let folder = Folder::new();
    hospital(&folder).await.store.stop().await;
    let database = Connection::open(folder.0.join("casetrack.db")).unwrap();
    let known: i64 = database.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    let next = known + 1;
    database.pragma_update(None, "user_version", next).unwrap();
    let (clock, _) = Clock::manual(MORNING);
    let refusals = [
        Store::open(options(&folder, clock)).unwrap_err(),
        Store::open_reading(&folder.0, &trust(), &[]).unwrap_err(),
        verify(&folder.0).unwrap_err(),
    ];
    for refused in refusals {
        let plain = format!("the data are of version {next}, newer than this program's");
        assert!(refused.to_string().starts_with(&plain), "{refused}");
    }
    let version: i64 = database.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!(version, next);
}
