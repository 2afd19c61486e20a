//! Old tracking history, and the first load of a hospital in one go.

use std::sync::Arc;
use std::time::Duration;

use casetrack::clock::{Clock, Timestamp};
use casetrack::domain::chase::ChaseList;
use casetrack::domain::import::{MAX_PIECE_ROWS, MovementRow, Piece, RowResult, Said, VolumeRow};
use casetrack::domain::movement::{GoneWhy, How};
use casetrack::store::chase::{ChaseAsked, Reach};
use casetrack::store::first_load::{FirstLoad, Rows};
use casetrack::store::story::{self, Hospital, MORNING, code};
use casetrack::store::{Page, Store};

use super::common::{Folder, options, trust};
use super::{asked, hospital, import, patient};

fn was(at: Timestamp, folder: &str, to: &str) -> MovementRow {
    MovementRow { at, barcode: folder.parse().unwrap(), to: code(to), from: None, by: None }
}

fn year(year: i16) -> Timestamp {
    Timestamp::beginning_of(jiff::civil::date(year, 3, 4), &jiff::tz::TimeZone::UTC)
}

/// What became of each row, in a word.
async fn told(hospital: &Hospital, rows: &[MovementRow]) -> Vec<String> {
    let results = import(hospital, Piece::Movements(rows.to_vec())).await;
    results
        .into_iter()
        .map(|result| match result {
            RowResult::Rejected(why) => why,
            other @ (RowResult::Added | RowResult::Changed | RowResult::Same | RowResult::Confirmed(_)) => {
                format!("{other:?}")
            }
        })
        .collect()
}

#[tokio::test]
async fn old_history_says_where_a_folder_should_be_and_a_scan_outranks_it() {
    let folder = Folder::new();
    let mut hospital = hospital(&folder).await;
    let mut rows =
        [was(year(2009), "F1", "CL5"), was(year(2012), "F1", "WARD7"), was(year(2011), "F1", "LIB")];
    rows[1].from = Some(code("LIB"));
    rows[1].by = Some("JSMITH of Medical Records".to_owned());
    assert_eq!(told(&hospital, &rows).await, ["Added"; 3]);
    assert_eq!(hospital.tell("F1").await, "at WARD7 unconfirmed");
    let record = hospital.folder("F1").await;
    assert_eq!((record.present.how, record.present.since), (Some(How::Imported), Some(year(2012))));
    assert_eq!(record.desk, Some(code("~IMPORT")));
    assert_eq!(hospital.history("F1").await, "left-at left-at left-at");
    assert_eq!(told(&hospital, &rows).await, ["Same"; 3], "a file that comes again adds nothing");
    let lessons = |hospital: &Hospital| {
        let (store, trust) = (hospital.store.clone(), hospital.trust.clone());
        async move { store.taught(&trust, 0).await.unwrap().lessons.len() }
    };
    assert_eq!(lessons(&hospital).await, 0, "nobody had it in hand");
    hospital.receive("LIB", "F1").await;
    assert_eq!(lessons(&hospital).await, 1);
    assert_eq!(hospital.tell("F1").await, "at LIB");
    let more = [was(year(2010), "F1", "CL5"), was(year(2012), "F1", "WARD7")];
    assert_eq!(told(&hospital, &more).await, ["Added", "Same"]);
    assert_eq!(hospital.tell("F1").await, "at LIB");
    assert_eq!(hospital.history("F1").await, "arrived left-at left-at left-at left-at");
}

#[tokio::test]
async fn old_history_moves_nothing_that_was_scanned_and_brings_nothing_back() {
    let folder = Folder::new();
    let mut hospital = hospital(&folder).await;
    hospital.receive("LIB", "F1").await;
    hospital.pass(Duration::from_hours(2));
    let gone = VolumeRow { gone: Some(GoneWhy::Destroyed), ..story::folder(2) };
    import(&hospital, Piece::Volumes(vec![gone])).await;
    hospital.pass(Duration::from_hours(2));
    let lately = MORNING.plus_micros(3 * 3_600_000_000);
    let rows = [
        was(lately, "F1", "CL5"),
        was(lately, "F3", "CL5"),
        was(MORNING.plus_micros(9 * 3_600_000_000), "F3", "CL5"),
        was(year(2009), "F99", "CL5"),
        was(year(2009), "F3", "CLOSED"),
        was(year(2009), "F3", "K12"),
    ];
    insta::assert_snapshot!(told(&hospital, &rows).await.join("\n"), @r"
    the folder was scanned here before that: scan it where it is now
    Added
    at is in the future: correct the time, or the file's date format
    F99 names no folder: import volumes first
    to CLOSED is no known place: import it with the places, closed ones with their last day
    to K12 is a container: name the place where it stood
    ");
    assert_eq!(hospital.tell("F1").await, "at LIB");
    let later = was(MORNING.plus_micros(4 * 3_600_000_000), "F2", "CL5");
    insta::assert_snapshot!(told(&hospital, &[later, was(year(2009), "F2", "CL5")]).await.join("\n"), @r"
    the folder is recorded as gone: scan it if it is there after all
    Added
    ");
    assert_eq!(hospital.tell("F2").await, "gone");
    hospital.store.stop().await;
    assert!(casetrack::store::verify(&folder.0).unwrap().is_sound());
}

#[tokio::test]
async fn old_history_in_any_order_gives_the_same_present() {
    let folder = Folder::new();
    let hospital = hospital(&folder).await;
    let places = ["LIB", "CL5", "WARD7", "HUB"];
    let mut rows: Vec<_> = (1..=8)
        .flat_map(|number| (0..16).map(move |step| (number, step)))
        .map(|(number, step)| {
            let at = year(2000 + i16::try_from(step).unwrap());
            was(at, &format!("F{number}"), places[(number + step) % 4])
        })
        .collect();
    rows.sort_by_key(|row| (row.at.micros() ^ 0x5_5555_5555_5555, row.barcode.to_string()));
    for piece in rows.chunks(7) {
        assert!(told(&hospital, piece).await.iter().all(|result| result == "Added"));
    }
    for number in 1..=8 {
        let named = format!("F{number}");
        assert_eq!(hospital.tell(&named).await, format!("at {} unconfirmed", places[(number + 15) % 4]));
    }
    hospital.store.stop().await;
    assert!(casetrack::store::verify(&folder.0).unwrap().is_sound());
}

#[tokio::test(flavor = "multi_thread")]
async fn scans_go_between_the_parts_of_a_piece() {
    let folder = Folder::new();
    // A clock on which every part of a piece takes too long.
    let (clock, hands) = Clock::manual(MORNING);
    let store = Store::open(options(&folder, clock.clone())).unwrap();
    let mut hospital = Hospital::open(store.clone(), trust(), clock, hands.clone()).await;
    let rows = (1_000..).map(|number| VolumeRow { place: Some(code("CL5")), ..story::folder(number) });
    let rows = Piece::Volumes(rows.take(MAX_PIECE_ROWS).collect());
    let piece = tokio::spawn(async move { store.import(&trust(), rows).await });
    let over = piece.abort_handle();
    std::thread::spawn(move || {
        while !over.is_finished() {
            hands.advance(Duration::from_secs(1));
            casetrack::clock::pause(Duration::from_micros(50));
        }
    });
    let mut between = 0;
    while !piece.is_finished() {
        hospital.receive("LIB", "F1").await;
        between += 1;
    }
    assert!(piece.await.unwrap().unwrap().iter().all(|result| *result == RowResult::Added));
    // One waits before the piece begins and one until it ends, however it works.
    assert!(between > 2, "{between} scans while a piece went in");
    assert_eq!(hospital.tell("F1000").await, "at CL5 unconfirmed");
}

#[tokio::test]
async fn a_folder_that_only_an_import_knows_is_not_chased_as_held() {
    let folder = Folder::new();
    let mut hospital = hospital(&folder).await;
    assert_eq!(told(&hospital, &[was(year(2009), "F1", "CL5")]).await, ["Added"]);
    hospital.receive("CL5", "F3").await;
    hospital.pass(Duration::from_hours(100 * 24));
    let reach = Reach { place: hospital.place("CL5"), until: MORNING.plus_micros(90 * 86_400_000_000) };
    let asked = ChaseAsked {
        list: ChaseList::Held,
        places: vec![reach],
        span: (MORNING, MORNING),
        usual: Arc::default(),
        unlikely: Arc::default(),
        now: MORNING.plus_micros(100 * 86_400_000_000),
    };
    let page = Page { after: None, limit: 10 };
    let held = hospital.store.chase(&hospital.trust, asked, page).await.unwrap().items;
    let held: Vec<_> = held.iter().map(|chased| chased.folder.brief.barcode.to_string()).collect();
    assert_eq!(held, ["F3"]);
}

/// Rows of a small hospital with old history, some of it at the same time.
fn first_files() -> [(Rows, Piece); 3] {
    let (patients, volumes): (Vec<_>, Vec<_>) = (100..140)
        .map(|number: u32| {
            let place = match number % 3 {
                0 => Some(code("WARD7")),
                1 => Some(code("LIB")),
                _ => None,
            };
            let hospital_number = format!("P{number}");
            let volume = VolumeRow {
                hospital_number: hospital_number.parse().unwrap(),
                volume: 1,
                place,
                hold: if number.is_multiple_of(7) { Said::Is("inquest".to_owned()) } else { Said::Nothing },
                ..story::folder(number)
            };
            (patient(&hospital_number, &format!("Ames{number}")), volume)
        })
        .unzip();
    let moved = (0..400u32).map(|step| {
        let to = match (step / 40) % 4 {
            0 => "LIB",
            1 => "CL5",
            2 => "WARD7",
            _ => "HUB",
        };
        was(year(2001 + i16::try_from(step / 80).unwrap()), &format!("F{}", 100 + step % 40), to)
    });
    let moved = moved.collect();
    [
        (Rows::Patients, Piece::Patients(patients)),
        (Rows::Volumes, Piece::Volumes(volumes)),
        (Rows::Movements, Piece::Movements(moved)),
    ]
}

#[tokio::test]
async fn a_first_load_in_one_go_is_what_the_same_pieces_are() {
    let mut told = Vec::new();
    for in_one_go in [true, false] {
        let folder = Folder::new();
        let opened = || options(&folder, Clock::manual(MORNING).0);
        let store = Store::open(opened()).unwrap();
        store.import(&trust(), Piece::Places(story::places())).await.unwrap();
        store.stop().await;
        let mut results = Vec::new();
        for (rows, piece) in first_files() {
            if in_one_go {
                // Dropped before its end, it leaves nothing.
                FirstLoad::begin(opened(), rows).unwrap().unwrap().import(&piece).unwrap();
                let mut load = FirstLoad::begin(opened(), rows).unwrap().unwrap();
                results.extend(load.import(&piece).unwrap());
                load.finish().unwrap();
            } else {
                let store = Store::open(opened()).unwrap();
                results.extend(store.import(&trust(), piece).await.unwrap());
                store.stop().await;
            }
        }
        assert!(results.iter().all(|result| *result == RowResult::Added), "{results:?}");
        assert!(casetrack::store::verify(&folder.0).unwrap().is_sound());
        assert!(FirstLoad::begin(opened(), Rows::Patients).unwrap().is_none());
        assert!(FirstLoad::begin(opened(), Rows::Volumes).unwrap().is_none());
        let (clock, hands) = Clock::manual(MORNING);
        let store = Store::open(options(&folder, clock.clone())).unwrap();
        let mut hospital = Hospital::open(store, trust(), clock, hands).await;
        let mut lines = Vec::new();
        for number in 100..140 {
            let label = format!("F{number}");
            let record = hospital.folder(&label).await;
            let hold = record.hold.is_some();
            lines.push(format!("{} {} {hold}", hospital.tell(&label).await, hospital.history(&label).await));
        }
        let found = hospital.store.people(&hospital.trust, &asked("Ames117")).await.unwrap();
        lines.push(format!("{} found", found.beginning.people.len()));
        hospital.receive("LIB", "F100").await;
        hospital.store.stop().await;
        assert!(FirstLoad::begin(opened(), Rows::Movements).unwrap().is_none(), "something was scanned");
        told.push(lines);
    }
    assert_eq!(told[0], told[1]);
}

#[tokio::test]
async fn history_in_two_files_keeps_its_order_at_the_same_time() {
    let folder = Folder::new();
    for (turn, to) in [(0, "CL5"), (60, "WARD7")] {
        let now = MORNING.plus_micros(turn * 1_000_000);
        let (clock, hands) = Clock::manual(now);
        let store = Store::open(options(&folder, clock.clone())).unwrap();
        let hospital = Hospital::open(store, trust(), clock, hands).await;
        assert_eq!(told(&hospital, &[was(year(2009), "F1", to)]).await, ["Added"]);
        assert_eq!(hospital.tell("F1").await, format!("at {to} unconfirmed"));
        hospital.store.stop().await;
    }
    assert!(casetrack::store::verify(&folder.0).unwrap().is_sound());
}
