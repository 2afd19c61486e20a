//! The store on SQLite against the contract of every store.

mod common;

use casetrack::clock::Clock;
use casetrack::domain::barcode::PatientCode;
use casetrack::domain::command::{Act, Sought};
use casetrack::store::story::{self, Hospital, MORNING, code};
use casetrack::store::{Page, Store, StoreError};
use common::{Folder, options, trust};

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
    let found = store.search(&trust(), "h1", Page { after: None, limit: 10 }).await.unwrap();
    assert_eq!(found.items.len(), 2);
    assert!(matches!(Store::open(options(&folder, clock.clone())), Err(StoreError::InUse(_))));
    let beside = Store::open_reading(&folder.0, &trust(), &story::desks()).unwrap();
    assert!(beside.volume(&trust(), &"F1".parse().unwrap()).await.unwrap().is_some());
    store.stop().await;
    let store = Store::open(options(&folder, clock)).unwrap();
    hospital.store = store.clone();
    assert_eq!(hospital.tell("F8").await, before);
    store.stop().await;
}
