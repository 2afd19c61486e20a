//! The search: what it finds, in which stage, and that it leaves nobody out.

use crate::common;

use std::collections::BTreeSet;

use casetrack::clock::Clock;
use casetrack::domain::asked::{Asked, Stage};
use casetrack::domain::barcode::{FolderCode, PatientCode};
use casetrack::domain::command::{Sought, Thing};
use casetrack::domain::import::{PatientRow, Piece, Said, VolumeRow};
use casetrack::domain::spelling::plain;
use casetrack::store::story::{self, Hospital, code};
use casetrack::store::{Named, PEOPLE_A_STAGE, Page, Person, SearchFound, Store, StoreError};
use common::{Folder, options, trust};
use proptest::prelude::*;

const TODAY: jiff::civil::Date = jiff::civil::date(2026, 11, 23);

fn asked(text: &str) -> Asked {
    Asked::read(text, TODAY).unwrap()
}

fn patient(number: &str, name: (&str, &str), born: &str, nhs: &str) -> PatientRow {
    PatientRow {
        site: code("RX1"),
        hospital_number: number.parse().unwrap(),
        nhs_number: nhs.parse().map_or(Said::Nothing, Said::Is),
        surname: Said::Is(name.0.to_owned()),
        forename: Said::Is(name.1.to_owned()),
        born: born.parse().map_or(Said::Nothing, Said::Is),
        died: Said::Nothing,
    }
}

fn folder(barcode: &str, hospital_number: &str, volume: u32) -> VolumeRow {
    VolumeRow {
        barcode: Some(barcode.parse().unwrap()),
        hospital_number: hospital_number.parse().unwrap(),
        volume,
        home: Said::Nothing,
        ..story::folder(1)
    }
}

/// A small hospital of people who are easily mixed up.
async fn hospital(dir: &Folder) -> Store {
    let store = Store::open(options(dir, Clock::system())).unwrap();
    let people = [
        ("100001", ("Smith", "John"), "1961-05-04", "943 476 5919"),
        ("100002", ("SMITH", "john"), "1988-12-31", ""),
        ("100003", ("Smithson", "Ann"), "1961-05-04", ""),
        ("100004", ("Goldsmith", "Zoë"), "1972-01-01", ""),
        ("100005", ("O'Brien", "Núria"), "1920-05-04", ""),
        ("100006", ("Smith-Jones", "Mary Ann"), "2020-05-04", ""),
        ("200001", ("de la Cruz", "María"), "", ""),
        ("RX77/8", ("Øre", "Łukasz"), "1950-02-28", ""),
        ("04051961", ("Khan", "Ali"), "", ""),
        ("300001", ("100% <b>Quoted\"", "_under'"), "", ""),
    ];
    import(&store, Piece::Places(story::places())).await;
    let rows = people.map(|(number, name, born, nhs)| patient(number, name, born, nhs));
    import(&store, Piece::Patients(rows.to_vec())).await;
    let folders = [
        ("F11", "100001", 1),
        ("F12", "100001", 2),
        ("F20", "100002", 1),
        ("F30", "100003", 1),
        ("F90", "04051961", 1),
    ];
    let folders = folders.map(|(barcode, number, volume)| folder(barcode, number, volume));
    import(&store, Piece::Volumes(folders.to_vec())).await;
    store
}

async fn import(store: &Store, piece: Piece) {
    store.import(&trust(), piece).await.unwrap();
}

async fn people(store: &Store, text: &str) -> SearchFound {
    store.people(&trust(), &asked(text)).await.unwrap()
}

fn names(people: &[Person]) -> String {
    let names =
        people.iter().map(|person| format!("{} {}", person.numbers.first().unwrap(), person.patient.surname));
    names.collect::<Vec<_>>().join(", ")
}

/// `exactly | beginning | containing`, each person by number and surname.
async fn told(store: &Store, text: &str) -> String {
    let found = people(store, text).await;
    [found.exactly, found.beginning, found.containing].map(|stage| names(&stage.people)).join(" | ")
}

#[tokio::test]
async fn exact_hits_come_first_then_beginnings_then_what_is_inside_and_nobody_twice() {
    let dir = Folder::new();
    let store = hospital(&dir).await;
    for (text, wanted) in [
        // Names: beginnings, then inside; accents, apostrophes, hyphens and order do not matter.
        ("smith", " | 100001 Smith, 100002 SMITH, 100006 Smith-Jones, 100003 Smithson | 100004 Goldsmith"),
        ("Smith, J", " | 100001 Smith, 100002 SMITH, 100006 Smith-Jones | "),
        ("john smith", " | 100001 Smith, 100002 SMITH | "),
        ("smith jo ma", " |  | 100006 Smith-Jones"),
        ("mith", " |  | 100001 Smith, 100002 SMITH, 100003 Smithson, 100004 Goldsmith, 100006 Smith-Jones"),
        ("zoe", " |  | 100004 Goldsmith"),
        ("zoé gold", " |  | 100004 Goldsmith"),
        ("obrien", " | 100005 O'Brien | "),
        ("o’bri nuria", " |  | 100005 O'Brien"),
        ("cruz maria", " |  | 200001 de la Cruz"),
        ("maria de la cruz", " | 200001 de la Cruz | "),
        ("ore lukasz", " | RX77/8 Øre | "),
        ("mary-ann", " |  | 100006 Smith-Jones"),
        ("s", " |  | "),
        ("it", " |  | "),
        // Numbers.
        ("100001", "100001 Smith |  | "),
        ("f12", "100001 Smith |  | "),
        (
            "1000",
            " | 100001 Smith, 100002 SMITH, 100003 Smithson, 100004 Goldsmith, 100005 O'Brien, 100006 Smith-Jones | ",
        ),
        ("rx7", " | RX77/8 Øre | "),
        ("rx77/8", "RX77/8 Øre |  | "),
        ("20", " |  | "),
        ("9434765919", "100001 Smith |  | "),
        ("943 476 5919", "100001 Smith |  | "),
        ("943 476", " | 100001 Smith | "),
        ("943 476 5918", " |  | "),
        // Birth dates, alone and with a name.
        ("4/5/1961", "100001 Smith, 100003 Smithson |  | "),
        ("4 May 1961", "100001 Smith, 100003 Smithson |  | "),
        ("4.5.20", "100006 Smith-Jones, 100005 O'Brien |  | "),
        ("smith 4/5/1961", " | 100001 Smith, 100003 Smithson | "),
        ("4/5/61, john", " |  | 100001 Smith"),
        ("son 4/5/1961", " |  | 100003 Smithson"),
        ("31121988", "100002 SMITH |  | "),
        ("04051961", "04051961 Khan |  | "),
        // Texts that would break out of a query.
        ("%", " |  | "),
        ("_", " |  | "),
        ("100% quoted", " |  | 300001 100% <b>Quoted\""),
        ("\"ith\" OR *", " |  | "),
        ("' OR 1=1 --", " |  | "),
        ("smi\0th", " |  | "),
        ("SM\u{200f}ITH-\u{202e}jones", " | 100006 Smith-Jones | "),
    ] {
        assert_eq!(told(&store, text).await, wanted, "{text}");
    }
    store.stop().await;
}

#[tokio::test]
async fn a_text_that_is_one_folder_names_it_and_a_person_comes_with_numbers_and_folders() {
    let dir = Folder::new();
    let store = hospital(&dir).await;
    let only = async |text: &str| people(&store, text).await.only.map(|label| label.to_string());
    assert_eq!(only("f12").await.as_deref(), Some("F12"));
    assert_eq!(only("100002").await.as_deref(), Some("F20"));
    assert_eq!(only("100001").await, None, "two volumes");
    assert_eq!(only("smithson").await, None, "a name is no number");
    let found = people(&store, "100001").await;
    let [smith] = found.exactly.people.as_slice() else { panic!("{found:?}") };
    let folders: Vec<_> = smith.folders.iter().map(|folder| folder.brief.barcode.as_str()).collect();
    assert_eq!((folders, smith.has_more_folders), (vec!["F11", "F12"], false));
    let listed = async |text: &str| {
        let listing = store.search(&trust(), &asked(text), Page { after: None, limit: 200 }).await.unwrap();
        listing.items.iter().map(|item| item.brief.barcode.to_string()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(listed("f12").await, "F12", "a label lists its folder alone");
    assert_eq!(listed("smith").await, "F11 F12 F20 F30");
    store.stop().await;
}

#[tokio::test]
async fn a_casenote_is_found_by_its_number_however_many_others_the_patient_has() {
    let dir = Folder::new();
    let store = hospital(&dir).await;
    let casenote = |n: u32| VolumeRow {
        casenote: Some(format!("CN{n:04}").parse().unwrap()),
        ..folder(&format!("MANY-{n}"), "200001", 1)
    };
    import(&store, Piece::Volumes((1..=200).map(casenote).collect())).await;
    for n in [1, 64, 65, 200] {
        let page = Page { after: None, limit: 10 };
        let found = store.search(&trust(), &asked(&format!("cn{n:04}")), page).await.unwrap();
        let labels: Vec<_> = found.items.iter().map(|item| item.brief.barcode.to_string()).collect();
        assert_eq!(labels, [format!("MANY-{n}")]);
    }
    store.stop().await;
}

#[tokio::test]
async fn a_scanned_label_names_what_a_desk_would_take_it_for() {
    let dir = Folder::new();
    let store = hospital(&dir).await;
    let named = async |sought| store.named(&trust(), &sought).await.unwrap();
    let label =
        |text: &str| Sought::Thing(Thing::Label(FolderCode { label: text.parse().unwrap(), numbered: None }));
    assert!(matches!(named(label("F20")).await, Named::Folder(label) if label.as_str() == "F20"));
    assert_eq!(named(label("SMITH")).await, Named::Nothing, "never a search");
    assert_eq!(named(label("1000")).await, Named::Nothing, "never a beginning");
    let number = |text: &str| Sought::Patient(PatientCode::Number(text.parse().unwrap()));
    let Named::Patients(found) = named(number("100001")).await else { panic!("a patient") };
    assert_eq!((names(&found).as_str(), found[0].folders.len()), ("100001 Smith", 2));
    let Named::Patients(found) = named(number("200001")).await else { panic!("a patient without folders") };
    assert_eq!(names(&found), "200001 de la Cruz");
    let nhs = Sought::Patient(PatientCode::Nhs("9434765919".parse().unwrap()));
    assert!(matches!(named(nhs).await, Named::Patients(found) if found.len() == 1));
    assert_eq!(named(number("999999")).await, Named::Nothing);
    store.stop().await;
}

#[tokio::test]
async fn who_is_renamed_is_found_by_the_new_name_alone() {
    let dir = Folder::new();
    let store = hospital(&dir).await;
    let married = patient("100004", ("Featherstone", "Zoë"), "1972-01-01", "");
    import(&store, Piece::Patients(vec![married.clone()])).await;
    assert_eq!(told(&store, "oldsmi").await, " |  | ");
    assert_eq!(told(&store, "therst").await, " |  | 100004 Featherstone");
    let nameless =
        PatientRow { surname: Said::Is(String::new()), forename: Said::Is(String::new()), ..married };
    import(&store, Piece::Patients(vec![nameless])).await;
    assert_eq!(told(&store, "therst").await, " |  | ");
    let report = casetrack::store::verify(&dir.0).unwrap();
    assert!(report.is_sound(), "{report:?}");
    store.stop().await;
}

#[tokio::test]
async fn a_scan_touches_neither_names_nor_their_pieces() {
    let dir = Folder::new();
    let (clock, hands) = Clock::manual(story::MORNING);
    let store = Store::open(options(&dir, clock.clone())).unwrap();
    let mut day = Hospital::open(store.clone(), trust(), clock, hands).await;
    import(&store, Piece::Patients(vec![patient("H1", ("Smith", "John"), "", "")])).await;
    let names = || {
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_ONLY;
        let conn = rusqlite::Connection::open_with_flags(dir.0.join("casetrack.db"), flags).unwrap();
        let all = "SELECT group_concat(hex(block)) || (SELECT group_concat(sought) FROM patient) FROM name_piece_data";
        conn.query_row(all, [], |row| row.get::<_, String>(0)).unwrap()
    };
    let before = names();
    day.receive("LIB", "F1").await;
    day.send("LIB", "F1", "CL5").await;
    day.receive("CL5", "F1").await;
    assert_eq!(names(), before);
    store.stop().await;
}

#[tokio::test]
async fn a_stage_shows_twenty_and_goes_on_without_leaving_anybody_out() {
    let dir = Folder::new();
    let store = Store::open(options(&dir, Clock::system())).unwrap();
    let row = |number: u32| {
        let name = if number.is_multiple_of(2) { ("Ashby", "Kim") } else { ("Washbourne", "Kim") };
        patient(&format!("{number:06}"), name, "1961-05-04", "")
    };
    import(&store, Piece::Patients((1..=130).map(row).collect())).await;
    let volume = |number: u32| folder(&format!("F{number}"), &format!("{number:06}"), 1);
    import(&store, Piece::Volumes((1..=130).map(volume).collect())).await;
    for (text, stage, wanted) in [
        ("ash", Stage::Beginning, 65),
        ("ash", Stage::Containing, 65),
        ("4/5/1961", Stage::Exactly, 130),
        ("000", Stage::Beginning, 130),
        ("ash 4/5/1961", Stage::Containing, 65),
    ] {
        let found = people(&store, text).await;
        let mut part = match stage {
            Stage::Exactly => found.exactly,
            Stage::Beginning => found.beginning,
            Stage::Containing => found.containing,
        };
        let mut seen = Vec::new();
        while let Some(after) = part.next {
            assert_eq!(part.people.len(), PEOPLE_A_STAGE);
            seen.extend(part.people);
            part = store.people_after(&trust(), &asked(text), stage, &after).await.unwrap();
        }
        seen.extend(part.people);
        let once: BTreeSet<_> = seen.iter().map(|person| person.patient.id).collect();
        assert_eq!((seen.len(), once.len()), (wanted, wanted), "{text} {stage:?}");
    }
    let mut listed = BTreeSet::new();
    let mut after = None;
    loop {
        let listing = store.search(&trust(), &asked("ash"), Page { after, limit: 7 }).await.unwrap();
        let new = listing.items.iter().filter(|item| listed.insert(item.brief.id)).count();
        assert_eq!(new, listing.items.len(), "a folder is listed once");
        after = listing.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(listed.len(), 130);
    for rubbish in ["x", "1.x", "1.2.x", "-1.2.3"] {
        let page = Page { after: Some(rubbish.to_owned()), limit: 7 };
        assert!(matches!(store.search(&trust(), &asked("ash"), page).await, Err(StoreError::BadCursor)));
        let part = store.people_after(&trust(), &asked("ash"), Stage::Beginning, rubbish).await;
        assert!(part.is_err() || rubbish == "1.2.x", "{rubbish}");
    }
    store.stop().await;
}

/// Everybody that any stage shows, page after page.
async fn everybody(store: &Store, text: &str) -> BTreeSet<i64> {
    let found = people(store, text).await;
    let mut all = BTreeSet::new();
    for (stage, mut part) in [
        (Stage::Exactly, found.exactly),
        (Stage::Beginning, found.beginning),
        (Stage::Containing, found.containing),
    ] {
        loop {
            all.extend(part.people.iter().map(|person| person.patient.id.key()));
            let Some(after) = part.next else { break };
            part = store.people_after(&trust(), &asked(text), stage, &after).await.unwrap();
        }
    }
    all
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn everybody_is_found_by_every_three_letters_of_a_word_of_their_name(
        names in prop::collection::vec(("[A-Za-zÀ-ž'’ßØ-]{1,9}( [A-Za-zà-ž]{1,6})?", "[A-Za-zÀ-ž]{0,8}( [A-Z])?"), 1..24)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let dir = Folder::new();
            let store = Store::open(options(&dir, Clock::system())).unwrap();
            let rows = names.iter().enumerate().map(|(at, (surname, forename))| {
                patient(&format!("N-{at}"), (surname, forename), "", "")
            });
            import(&store, Piece::Patients(rows.collect())).await;
            for (key, (surname, forename)) in (1..).zip(&names) {
                for word in plain(&format!("{surname} {forename}")).split(' ') {
                    let letters: Vec<char> = word.chars().collect();
                    for piece in letters.windows(3) {
                        let piece: String = piece.iter().collect();
                        assert!(everybody(&store, &piece).await.contains(&key), "{piece} of {surname}, {forename}");
                    }
                }
            }
            store.stop().await;
        });
    }
}
