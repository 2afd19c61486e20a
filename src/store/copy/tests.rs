//! A copy, told from its first row to the data that are made of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::types::Value;

use super::*;
use crate::clock::{Clock, ManualClock};
use crate::domain::import::{PatientRow, Piece, RowResult, Said};
use crate::domain::printing::{NewJob, NewLabel, Paper, Printed, Settled, Why};
use crate::live::Live;
use crate::store::sqlite::copy::tables::{Class, TABLES};
use crate::store::story::{self, Hospital, MORNING};
use crate::store::{Options, Store, StoreError, Trust, verify};

/// A hospital with a store, a copier, and a folder for all of it.
struct House {
    folder: PathBuf,
    clock: Clock,
    hands: ManualClock,
    hospital: Hospital,
    copier: Copier,
}

impl House {
    async fn open() -> Self {
        let folder = std::env::temp_dir().join(format!("casetrack-copy-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir_all(folder.join("copy")).unwrap();
        let (clock, hands) = Clock::manual(MORNING);
        let trust = Trust(story::code("RX1"));
        let store = store(&folder.join("data"), &clock);
        let hospital = Hospital::open(store, trust, clock.clone(), hands.clone()).await;
        let copier = Copier::new(folder.join("data"), folder.join("copy"));
        Self { folder, clock, hands, hospital, copier }
    }

    fn round(&mut self) -> u64 {
        self.copier.round(self.clock.now()).unwrap().rows
    }

    /// The data as they are now, in another folder: what a backup is.
    fn back_up(&self, name: &str) -> PathBuf {
        let to = self.folder.join(name);
        std::fs::create_dir_all(&to).unwrap();
        let conn = Connection::open(self.folder.join("data/casetrack.db")).unwrap();
        conn.execute("VACUUM INTO ?1", [to.join("casetrack.db").to_str().unwrap()]).unwrap();
        to
    }

    fn copies(&self) -> PathBuf {
        self.folder.join("copy")
    }

    fn segments(&self) -> Vec<PathBuf> {
        let mut found: Vec<_> =
            std::fs::read_dir(self.copies()).unwrap().map(|entry| entry.unwrap().path()).collect();
        found.sort();
        found
    }

    async fn close(self) {
        self.hospital.store.stop().await;
        std::fs::remove_dir_all(self.folder).unwrap();
    }
}

fn store(dir: &Path, clock: &Clock) -> Store {
    let (trust, live) = (Trust(story::code("RX1")), Live::default());
    let options = Options { dir: dir.to_owned(), trust, desks: story::desks(), clock: clock.clone(), live };
    Store::open(options).unwrap()
}

/// All rows of all tables that say something of the hospital.
fn all_rows(dir: &Path) -> BTreeMap<&'static str, Vec<Vec<Value>>> {
    let conn = Connection::open(dir.join("casetrack.db")).unwrap();
    let told = TABLES.iter().filter(|table| table.class != Class::Own && table.name != "name_piece");
    told.map(|table| {
        let mut statement = conn.prepare(&format!(" SELECT * FROM {} ORDER BY 1, 2", table.name)).unwrap();
        let columns = statement.column_count();
        let rows = statement.query_map([], |row| (0..columns).map(|at| row.get(at)).collect()).unwrap();
        (table.name, rows.map(Result::unwrap).collect())
    })
    .collect()
}

fn assert_same(one: &Path, other: &Path) {
    let (one, other) = (all_rows(one), all_rows(other));
    for (table, rows) in &one {
        assert_eq!(rows, &other[table], "{table}");
    }
}

fn patient(number: &str, surname: &str) -> PatientRow {
    PatientRow {
        site: story::code("RX1"),
        hospital_number: number.parse().unwrap(),
        nhs_number: Said::Unsaid,
        surname: Said::Is(surname.to_owned()),
        forename: Said::Is("Ada".to_owned()),
        born: Said::Unsaid,
        died: Said::Unsaid,
    }
}

fn job(number: u128, subject: i64) -> NewJob {
    NewJob {
        id: uuid::Uuid::from_u128(number),
        person: None,
        printer: String::new(),
        paper: Paper { stock: "L7160".to_owned(), template: None, first: 1, spoiled: vec![], copies: 1 },
        labels: vec![NewLabel { what: Printed::Cover, subject, why: Why::New }],
    }
}

/// What a day brings beside scans: changed names, renamed places, new folders, labels printed and proved.
async fn a_day_beside_the_scans(hospital: &mut Hospital) {
    let patients = vec![patient("H1", "Okafor"), patient("H900", "Nunez")];
    hospital.import(Piece::Patients(patients)).await;
    hospital.import(Piece::Patients(vec![patient("H1", "Okafor-Lee")])).await;
    let mut places = story::places();
    for place in &mut places {
        place.phone = Said::Is("2345".to_owned());
        if place.code == story::code("TROLLEY") {
            place.name = Said::Is("The long trolley".to_owned());
        }
    }
    hospital.import(Piece::Places(places)).await;
    let mut held = story::folder(7);
    held.hold = Said::Is("legal".to_owned());
    let mut relabelled = story::folder(8);
    relabelled.barcode = Some("OLD8".parse().unwrap());
    let moved_home =
        crate::domain::import::VolumeRow { home: Said::Is(story::code("LIB")), ..story::folder(9) };
    let rows = vec![held, relabelled, moved_home, story::folder(10), story::folder(11)];
    let results = hospital.store.import(&hospital.trust, Piece::Volumes(rows)).await.unwrap();
    assert!(results.iter().all(|result| !matches!(result, RowResult::Rejected(_))), "{results:?}");
    let subject = hospital.folder("F1").await.brief.id.key();
    hospital.store.print(&hospital.trust, job(1, subject)).await.unwrap();
    hospital.store.print(&hospital.trust, job(2, subject + 1)).await.unwrap();
    hospital.store.settle_job(&hospital.trust, uuid::Uuid::from_u128(2), Settled::CallOff).await.unwrap();
    hospital.receive("LIB", "F1").await;
    hospital.receive("LIB", "NOBODY-KNOWS-1").await;
}

#[tokio::test]
async fn a_backup_and_the_copy_are_the_whole_of_the_data() {
    let mut house = House::open().await;
    house.round();
    story::a_folder_travels(&mut house.hospital).await;
    house.round();
    let early = house.back_up("early");
    story::what_was_wrong_is_taken_back(&mut house.hospital).await;
    let before_a_round = house.back_up("before-a-round");
    story::a_crate_carries_its_folders(&mut house.hospital).await;
    a_day_beside_the_scans(&mut house.hospital).await;
    house.round();
    story::late_scans_find_their_place(&mut house.hospital).await;
    story::a_librarian_settles_what_was_left_open(&mut house.hospital).await;
    story::a_missing_folder_is_searched_for(&mut house.hospital).await;
    let late = house.back_up("late");
    story::a_search_is_declared_closed_and_opened_anew(&mut house.hospital).await;
    story::a_temporary_folder_stands_in_and_is_combined(&mut house.hospital).await;
    house.round();
    assert_eq!(house.round(), 0, "nothing came since");
    let at = house.clock.now();
    for backup in [&early, &before_a_round, &late] {
        let done = replay(backup, &house.copies(), 1).unwrap();
        assert_eq!((done.until, done.unfinished, &done.stopped), (Some(at), 0, &None), "{done:?}");
        assert!(done.scans > 0 && done.rows > done.scans, "{done:?}");
        assert_same(&house.folder.join("data"), backup);
        let report = verify(backup).unwrap();
        assert!(report.is_sound(), "{report:?}");
        let again = replay(backup, &house.copies(), 1).unwrap();
        assert_eq!((again.rows, again.scans, again.until), (0, 0, None), "it is there already");
        let asked = crate::domain::asked::Asked::read("okafor lee", jiff::civil::date(2026, 11, 23)).unwrap();
        let opened = store(backup, &house.clock);
        let found = opened.people(&house.hospital.trust, &asked).await.unwrap();
        assert_eq!(
            found.exactly.people.len() + found.beginning.people.len(),
            1,
            "names are found: {found:?}"
        );
        opened.stop().await;
    }
    house.close().await;
}

#[tokio::test]
async fn a_scan_that_only_moves_a_folder_touches_nothing() {
    let mut house = House::open().await;
    let touched = |house: &House| -> i64 {
        let conn = Connection::open(house.folder.join("data/casetrack.db")).unwrap();
        conn.query_row("SELECT ifnull(max(at), 0) FROM touched", [], |row| row.get(0)).unwrap()
    };
    let before = touched(&house);
    story::a_folder_travels(&mut house.hospital).await;
    story::what_was_wrong_is_taken_back(&mut house.hospital).await;
    story::a_crate_carries_its_folders(&mut house.hospital).await;
    assert_eq!(touched(&house), before);
    house.close().await;
}

#[tokio::test]
async fn wherever_the_last_segment_is_torn_the_data_are_those_of_a_round_and_the_copier_goes_on() {
    let mut house = House::open().await;
    house.round();
    let backup = house.back_up("backup");
    let mut rounds = vec![all_rows(&backup)];
    for folder in ["F1", "F2", "F3", "F4"] {
        house.hospital.receive("LIB", folder).await;
        house.hospital.receive("HUB", folder).await;
        house.round();
        rounds.push(all_rows(&house.folder.join("data")));
    }
    let segment = house.segments().pop().unwrap();
    let whole = std::fs::read(&segment).unwrap();
    for (number, length) in (0..whole.len()).step_by(97).chain([whole.len() - 1]).enumerate() {
        std::fs::write(&segment, &whole[..length]).unwrap();
        let restored = house.folder.join(format!("torn-{number}"));
        std::fs::create_dir_all(&restored).unwrap();
        std::fs::copy(backup.join("casetrack.db"), restored.join("casetrack.db")).unwrap();
        let reaches = match replay(&restored, &house.copies(), 1) {
            Ok(_) => rounds.iter().rposition(|round| *round == all_rows(&restored)),
            // Not even its header is whole.
            Err(StoreError::Foreign(_)) => Some(0),
            Err(error) => panic!("{length}: {error:?}"),
        };
        assert!(reaches.is_some(), "cut after {length} bytes, the data are those of no round");
        std::fs::remove_dir_all(&restored).unwrap();
    }
    // What the disk lost is copied again, in a segment of its own.
    std::fs::write(&segment, &whole[..whole.len() / 2]).unwrap();
    house.copier = Copier::new(house.folder.join("data"), house.copies());
    assert!(house.round() > 0);
    assert_eq!(house.segments().len(), 2);
    let done = replay(&backup, &house.copies(), 1).unwrap();
    assert_eq!(done.stopped, None, "{done:?}");
    assert_same(&house.folder.join("data"), &backup);
    house.close().await;
}

#[tokio::test]
async fn a_broken_line_ends_the_replay_and_is_named() {
    let mut house = House::open().await;
    house.round();
    let backup = house.back_up("backup");
    house.hospital.receive("LIB", "F1").await;
    house.round();
    let until = house.clock.now();
    house.hospital.receive("LIB", "F2").await;
    house.round();
    let segment = house.segments().pop().unwrap();
    let text = std::fs::read_to_string(&segment).unwrap();
    let spoilt = text.replacen("\"F2\"", "\"F3\"", 1);
    assert_ne!(spoilt, text);
    std::fs::write(&segment, spoilt).unwrap();
    let done = replay(&backup, &house.copies(), 1).unwrap();
    assert_eq!((done.until, done.scans), (Some(until), 1));
    let why = done.stopped.unwrap();
    assert!(why.contains("casetrack-copy-1-000001.ndjson") && why.contains("not what was written"), "{why}");
    assert!(verify(&backup).unwrap().is_sound());
    house.close().await;
}

#[tokio::test]
async fn a_missing_segment_and_a_copy_of_other_data_are_refused() {
    let mut house = House::open().await;
    house.round();
    let backup = house.back_up("backup");
    for folder in ["F1", "F2", "F3"] {
        house.hospital.receive("LIB", folder).await;
        house.copier = Copier::new(house.folder.join("data"), house.copies());
        house.round();
    }
    let segments = house.segments();
    assert_eq!(segments.len(), 4);
    std::fs::remove_file(&segments[2]).unwrap();
    let done = replay(&backup, &house.copies(), 1).unwrap();
    assert_eq!(done.scans, 1);
    assert!(done.stopped.unwrap().contains("000004.ndjson is missing"));
    assert!(matches!(replay(&backup, &house.copies(), 2), Err(StoreError::Foreign(_))), "another epoch");
    // An old file that was put back is not the one that was copied.
    let old = house.folder.join("old");
    std::fs::create_dir_all(&old).unwrap();
    std::fs::copy(house.back_up("today").join("casetrack.db"), old.join("casetrack.db")).unwrap();
    house.hospital.receive("LIB", "F4").await;
    house.round();
    let mut copier = Copier::new(old, house.copies());
    assert!(matches!(copier.round(house.clock.now()), Err(StoreError::Foreign(_))));
    house.close().await;
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_told_and_comes_back() {
    let mut house = House::open().await;
    house.round();
    let away = house.folder.join("away");
    let backup = house.back_up("backup");
    house.copier = Copier::new(house.folder.join("data"), house.copies());
    std::fs::rename(house.copies(), &away).unwrap();
    house.hospital.receive("LIB", "F1").await;
    for _ in 0..3 {
        assert!(matches!(house.copier.round(house.clock.now()), Err(StoreError::Io { .. })));
    }
    std::fs::rename(&away, house.copies()).unwrap();
    assert!(house.round() > 0);
    // Every day has its segment.
    house.hands.advance(Duration::from_hours(24));
    house.hospital.receive("LIB", "F2").await;
    house.round();
    house.hospital.receive("LIB", "F3").await;
    house.round();
    assert_eq!(house.segments().len(), 3);
    assert_eq!(replay(&backup, &house.copies(), 1).unwrap().stopped, None);
    assert_same(&house.folder.join("data"), &backup);
    house.close().await;
}
