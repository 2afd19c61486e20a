//! A small database of every released schema: today's program takes each over, and tells of it what it told then.
//!
//! `tests/golden/vN.sql` holds a day of the store's story, as version N wrote it, and `vN.told` what was answered. They
//! are frozen with their migration; a new migration brings its own: `CASETRACK_GOLDEN=1 cargo test --test faults golden`
//! writes what is missing, once [`day`] tells of the new tables.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use casetrack::clock::{Clock, DAY_US};
use casetrack::domain::asked::Asked;
use casetrack::domain::casenote::{CasenoteNumber, VolumeKind};
use casetrack::domain::command::Act;
use casetrack::domain::filing::Filing;
use casetrack::domain::import::{
    AppointmentRow, Expected, FileDigest, Lists, PatientRow, Piece, PieceMark, PlaceRow, Restriction, Said,
    Told, VolumeRow,
};
use casetrack::domain::making::{Making, Numbering, TypedIn, Under, Whose};
use casetrack::domain::movement::GoneWhy;
use casetrack::domain::place::PlaceKind;
use casetrack::domain::printing::{NewJob, NewLabel, Paper, Printed, Why};
use casetrack::domain::scanner::ScannerId;
use casetrack::domain::spelling::plain;
use casetrack::domain::sweep::{Ending, Part};
use casetrack::domain::{BatchId, ScanId};
use casetrack::live::Live;
use casetrack::store::story::{self, Hospital, MORNING, code, label};
use casetrack::store::{Options, Page, Register, SearchFilter, Store, StoreError, Trust, verify};
use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::program::folder::Folder;

/// Digests of the migrations that are released: their text is never changed.
const FROZEN: [&str; 11] = [
    "055dbbdd68eac0d75f6b296f253545ad455a5070047cb755cca9709c67d75cfc",
    "55535f432f0baea3d89617e68af488d387ae06d883a898b7354227e3ce074aca",
    "e3b83126a0846301c203873ed9d638cb374516d354bd48289bc673f8559b39e6",
    "0791d4b1227caf0ef636ed67fdfdffdfd43a6baf8bcf1d01b61c7159b7ab3162",
    "3bb7177ebace6c7a2e4850786b616db66671f8479fa64e23df7b3e2a9ff18f2d",
    "0fcfb6a4656780489cde6354c1d9d52c94a90990a74faee2bf4ca1231541e4e1",
    "b49f50edac7fb6f7702176835467a60fab6a879ca45fb0509cad89b8502a11b4",
    "10f24c8bf21262c4de1072a2686eeb84bd2e8b7bfbb45ac853824c74a3119bd5",
    "cd8bffd2c32d56484e7fa51ac2b31434bc0526d403b690655bf016d4c41a788d",
    "4d9992678e3406daec1b32488478479890a818d7d483fd670163dc408505c77f",
    "b3a43f99020e24620509c5b744139dcc60f6d63702b272f80f68d6c1a7a23502",
];

/// The newest version.
pub fn newest() -> u32 {
    u32::try_from(FROZEN.len()).unwrap()
}

/// Makes the database of a version in a data folder.
pub fn build(version: u32, data: &Path) {
    std::fs::create_dir_all(data).unwrap();
    let connection = Connection::open(data.join("casetrack.db")).unwrap();
    connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(())).unwrap();
    connection.execute_batch(&read(&golden(version, "sql"))).unwrap();
}

fn golden(version: u32, what: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/golden/v{version}.{what}"))
}

fn migration(version: u32) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("src/store/sqlite/migrations/{version:04}.sql"))
}

fn read(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

async fn open(data: &Path, days: i64) -> Hospital {
    let (clock, hands) = Clock::manual(MORNING.plus_micros(days * DAY_US));
    let (trust, desks) = (Trust(code("RX1")), story::desks());
    let options = Options {
        dir: data.to_owned(),
        trust: trust.clone(),
        desks,
        clock: clock.clone(),
        live: Live::default(),
    };
    Hospital::open(Store::open(options).unwrap(), trust, clock, hands).await
}

/// A day of which version `version` can tell, with rows in all of its tables.
async fn day(hospital: &mut Hospital, version: u32) {
    hospital.import(Piece::Patients(["1", "2", "3"].map(patient).into())).await;
    let gone = VolumeRow { gone: Some(GoneWhy::Destroyed), ..story::folder(22) };
    hospital.import(Piece::Volumes(vec![held(21), gone])).await;
    hospital.receive("LIB", "F22").await;
    story::a_folder_travels(hospital).await;
    story::what_was_wrong_is_taken_back(hospital).await;
    story::a_crate_carries_its_folders(hospital).await;
    story::late_scans_find_their_place(hospital).await;
    hospital.receive("HUB", "UNKNOWN-1").await;
    let mut of_a_batch = hospital.command("LIB", "F9", Act::Receive(label("F9")));
    of_a_batch.scan.batch = Some(BatchId::new(Uuid::from_u128(77)));
    hospital.submit(of_a_batch).await.unwrap();
    if version >= 2 {
        story::a_librarian_settles_what_was_left_open(hospital).await;
    }
    if version >= 4 {
        labels_and_a_new_casenote(hospital).await;
    }
    if version >= 5 {
        let scanner = ScannerId { location: "1-2.4".to_owned(), vid: 0x05e0, pid: 0x1701, serial: None };
        hospital.scan("LIB", "C3067", Act::Pair { scanner: Box::new(scanner), refused: 0 }).await;
    }
    if version >= 6 {
        story::a_missing_folder_is_searched_for(hospital).await;
        story::a_search_is_declared_closed_and_opened_anew(hospital).await;
        story::a_temporary_folder_stands_in_and_is_combined(hospital).await;
    }
    if version >= 7 {
        for listed in [vec![expected(1), expected(2)], vec![expected(1)]] {
            hospital.import(Piece::Appointments(Lists { rows: listed, told: Told::Whole })).await;
        }
        a_shelf_is_swept(hospital).await;
    }
    if version >= 8 {
        hospital.import(Piece::Places(vec![old_ward("Dr Rao")])).await;
    }
    if version >= 9 {
        hospital
            .import(Piece::Places(vec![PlaceRow { kind: Said::Is(PlaceKind::Office), ..old_ward("Dr Rao") }]))
            .await;
        hospital
            .import(Piece::Volumes(vec![VolumeRow { kind: Said::Is(VolumeKind::Temporary), ..held(21) }]))
            .await;
    }
    if version >= 10 {
        an_import_is_cut_off(hospital).await;
    }
}

/// Its first piece is in, with a row that is not: nobody knows that place.
async fn an_import_is_cut_off(hospital: &Hospital) {
    let nowhere = VolumeRow { place: Some(code("NOWHERE")), ..story::folder(24) };
    let piece = Piece::Volumes(vec![story::folder(23), nowhere]);
    let mark = PieceMark { file: FileDigest([7; 32]), piece: 0, rows: vec![2, 3] };
    hospital.store.import_noted(&hospital.trust, piece, mark).await.unwrap();
}

fn patient(number: &str) -> PatientRow {
    PatientRow {
        site: code("RX1"),
        hospital_number: format!("H{number}").parse().unwrap(),
        nhs_number: Said::Unsaid,
        surname: Said::Is("O'Brien-Núñez".to_owned()),
        forename: Said::Is(format!("Zoë {number}")),
        born: Said::Is(jiff::civil::date(1961, 5, 4)),
        died: Said::Unsaid,
    }
}

fn held(number: u32) -> VolumeRow {
    VolumeRow {
        hold: Said::Is("Legal".to_owned()),
        restricted: Said::Is(Restriction::Restricted),
        ..story::folder(number)
    }
}

fn old_ward(consultant: &str) -> PlaceRow {
    let mut row = story::places().remove(0);
    row.code = code("OLDWARD");
    row.kind = Said::Is(PlaceKind::Ward);
    row.consultants = Said::Is(consultant.to_owned());
    row
}

fn expected(number: u32) -> AppointmentRow {
    let starts_at = MORNING.plus_micros(DAY_US + DAY_US / 24);
    let volume = story::folder(2 * number);
    AppointmentRow {
        clinic: code("CL5"),
        day: jiff::civil::date(2026, 11, 24),
        starts_at,
        wanted_from: starts_at.plus_micros(-DAY_US),
        expected: Some(Expected {
            site: volume.site,
            hospital_number: volume.hospital_number,
            consultant: Some("Dr Rao".to_owned()),
        }),
    }
}

async fn labels_and_a_new_casenote(hospital: &mut Hospital) {
    let new = NewLabel { what: Printed::Cover, subject: 1, why: Why::New };
    let paper = Paper { stock: "L7160".to_owned(), template: None, first: 4, spoiled: vec![6], copies: 1 };
    let (id, printer) = (Uuid::from_u128(5), "Library".to_owned());
    let job = NewJob { id, person: None, printer, paper, labels: vec![new] };
    hospital.store.print(&hospital.trust, job).await.unwrap();
    let person = TypedIn {
        site: code("RX1"),
        number: "H900".parse().unwrap(),
        nhs_number: None,
        surname: "Okafor".to_owned(),
        forename: "Ada".to_owned(),
        born: None,
    };
    let number =
        CasenoteNumber { site: code("RX1"), number_type: code("HOSPITAL"), number: "H900".parse().unwrap() };
    let under = Under::New { number, whose: Box::new(Whose::TypedIn { person, passed_by: Vec::new() }) };
    let making = Making { under, kind: VolumeKind::Original, numbering: Numbering::Ours };
    let command = hospital.on_a_page("BADGE7", Act::Make(Box::new(making)));
    assert!(hospital.submit(command).await.unwrap().answer.volume.is_some());
}

async fn a_shelf_is_swept(hospital: &mut Hospital) {
    let place = hospital.place("S12");
    hospital.scan("LIB", "S12", Act::OpenSweep { place, left: None }).await;
    let batch = hospital.begin_batch();
    hospital.scan("LIB", "F1", Act::See { thing: label("F1"), place }).await;
    hospital.end_batch();
    let ending = Ending { place, filing: Filing::TerminalDigit, part: Part::Stretch(Some(batch)) };
    hospital.scan("LIB", "C0184", Act::EndSweep(ending)).await;
}

/// What the hospital answers: where folders are and what happened to them, whose labels, questions, searches, names.
async fn told(hospital: &Hospital) -> String {
    let (store, trust) = (&hospital.store, &hospital.trust);
    let mut text = String::new();
    for number in 1..=9 {
        let folder = format!("F{number}");
        let (tell, history) = (hospital.tell(&folder).await, hospital.history(&folder).await);
        writeln!(text, "{folder}: {tell}; {history}").unwrap();
    }
    for name in ["F21", "OLD-8", "UNKNOWN-1"] {
        let found = store.volume(trust, &name.parse().unwrap()).await.unwrap();
        let words = found.map(|volume| {
            let (hold, restricted) = (volume.hold.is_some(), volume.restricted);
            format!("{}, held {hold}, restricted {restricted}", volume.brief.barcode)
        });
        writeln!(text, "{name}: {}", words.as_deref().unwrap_or("no folder")).unwrap();
    }
    let page = || Page { after: None, limit: 100 };
    let questions = store.questions(trust, page()).await.unwrap().items.len();
    let filter = SearchFilter { register: Register::All, quiet: None };
    let searches = store.searches(trust, filter, page()).await.unwrap().items;
    let states: Vec<_> = searches.iter().map(|line| format!("{:?}", line.search.state)).collect();
    writeln!(text, "{questions} questions; searches {states:?}").unwrap();
    for name in ["okafor ada", "nun zoe"] {
        let asked = Asked::read(name, jiff::civil::date(2026, 11, 23)).unwrap();
        let found = store.people(trust, &asked).await.unwrap();
        let count: usize =
            [found.exactly, found.beginning, found.containing].iter().map(|stage| stage.people.len()).sum();
        writeln!(text, "{name}: {count} people").unwrap();
    }
    let (jobs, pairings) = (store.print_counts(trust).await.unwrap(), store.pairings(trust).await.unwrap());
    writeln!(text, "{} jobs wait; {} pairings", jobs.queued, pairings.len()).unwrap();
    text
}

/// Tells the day to today's program and writes down those rows and columns that version `version` had.
async fn write(version: u32) {
    let folder = Folder::new("golden");
    let data = folder.join("data");
    let mut hospital = open(&data, 0).await;
    day(&mut hospital, version).await;
    std::fs::write(golden(version, "told"), told(&hospital).await).unwrap();
    hospital.store.stop().await;
    std::fs::write(golden(version, "sql"), dump(version, &data.join("casetrack.db"))).unwrap();
}

fn dump(version: u32, from: &Path) -> String {
    let database = Connection::open_in_memory().unwrap();
    database
        .create_scalar_function("sought", 2, FunctionFlags::SQLITE_UTF8, |context| {
            let (surname, forename): (String, String) = (context.get(0)?, context.get(1)?);
            Ok(plain(&format!("{surname} {forename}")))
        })
        .unwrap();
    (1..=version).for_each(|number| database.execute_batch(&read(&migration(number))).unwrap());
    database.execute("ATTACH ?1 AS today", [from.to_string_lossy()]).unwrap();
    let mut text = format!("-- A day at a hospital, as version {version} of the data held it. Frozen.\n");
    writeln!(text, "PRAGMA application_id = {};\nPRAGMA user_version = {version};\nBEGIN;", 0x4361_7365)
        .unwrap();
    let schema = |of: &str| {
        let is_ours = "sql IS NOT NULL AND name NOT GLOB 'name_piece_*'";
        texts(
            &database,
            &format!("SELECT sql FROM main.sqlite_schema WHERE {is_ours} AND {of} ORDER BY rowid"),
        )
    };
    for sql in schema("type <> 'trigger'") {
        writeln!(text, "{sql};").unwrap();
    }
    let tables = "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND name NOT GLOB 'name_piece*' ORDER BY rowid";
    for table in texts(&database, tables) {
        let columns = texts(&database, &format!("SELECT name FROM pragma_table_info('{table}', 'main')"));
        let quoted = columns.iter().map(|column| match (version, column.as_str()) {
            (1, "sought") => "quote(upper(surname))".to_owned(),
            _ => format!("quote({column})"),
        });
        let values = quoted.collect::<Vec<_>>().join(" || ', ' || ");
        let rows = texts(&database, &format!("SELECT {values} FROM today.{table} ORDER BY 1"));
        assert!(!rows.is_empty(), "the day tells nothing of {table}: have it do so");
        let columns = columns.join(", ");
        for row in rows {
            writeln!(text, "INSERT INTO {table} ({columns}) VALUES ({row});").unwrap();
        }
    }
    // What they would write is among the rows.
    for sql in schema("type = 'trigger'") {
        writeln!(text, "{sql};").unwrap();
    }
    if version >= 2 {
        text.push_str("INSERT INTO name_piece (rowid, name) SELECT key, lower(substr(sought, 1, 1)) || substr(sought, 2)\n    FROM patient WHERE sought <> '' ORDER BY key;\n");
    }
    text + "COMMIT;\n"
}

fn texts(database: &Connection, sql: &str) -> Vec<String> {
    let mut statement = database.prepare(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
    statement.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}

#[test]
fn a_released_migration_is_never_changed_and_a_new_one_brings_its_golden_database() {
    for (version, frozen) in (1u32..).zip(FROZEN) {
        let digest = Sha256::digest(read(&migration(version)));
        let digest = digest.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"));
        assert_eq!(digest, frozen, "migration {version} was changed: write a new one");
    }
    let next = newest() + 1;
    assert!(
        !migration(next).exists(),
        "add the SHA-256 of {next:04}.sql to FROZEN, and to `day` what is new"
    );
}

#[tokio::test]
async fn every_released_version_is_taken_over_and_tells_what_it_told_then() {
    for version in 1..=newest() {
        if !golden(version, "sql").exists() {
            let wanted = std::env::var_os("CASETRACK_GOLDEN").is_some();
            assert!(
                wanted,
                "CASETRACK_GOLDEN=1 cargo test --test faults golden writes tests/golden/v{version}.sql"
            );
            write(version).await;
        }
        let folder = Folder::new("taken-over");
        let data = folder.join("data");
        build(version, &data);
        let read_only = verify(&data);
        if version < newest() {
            let said = read_only.unwrap_err();
            assert!(
                matches!(said, StoreError::Older { found, known } if (found, known) == (version, newest()))
            );
            assert!(said.to_string().contains("start the service once"), "{said}");
        }
        let mut hospital = open(&data, 5).await;
        assert_eq!(told(&hospital).await, read(&golden(version, "told")), "version {version}");
        goes_on(&mut hospital).await;
        hospital.store.clone().stop().await;
        let report = verify(&data).unwrap();
        assert!(report.is_sound(), "version {version}: {report:?}");
        let copy = data.join(format!("backup-v{version}-before-v{}.db", newest()));
        assert_eq!(copy.exists(), version < newest(), "version {version}");
    }
}

async fn goes_on(hospital: &mut Hospital) {
    hospital.pass(Duration::from_mins(1));
    let mut command = hospital.command("HUB", "F2", Act::Receive(label("F2")));
    command.scan.id = ScanId::new(Uuid::now_v7());
    hospital.submit(command).await.unwrap();
    assert_eq!(hospital.tell("F2").await, "at HUB");
}
