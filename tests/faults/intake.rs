//! An import is killed at any moment, in one go or beside a running service: what is left is sound, and the same
//! command run again ends where an uninterrupted import ends.

use std::fmt::Write as _;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use casetrack::clock::{Clock, pause};
use rusqlite::Connection;

use super::program::folder::copy;
use super::program::full;
use super::program::hospital::{Hospital, PROGRAM, Size, told, volume};
use super::program::random::Random;
use super::program::server::Server;

/// Folders of the files; each has two steps of old history.
const FOLDERS: usize = 1_500;
/// Kills of the full and of the short form, for each of the two ways.
const KILLS: (usize, usize) = (50, 6);
/// What is loaded in one go, in this order.
const KINDS: [&str; 3] = ["patients", "volumes", "movements"];

/// What stands in the data, without what depends on when the import ran.
const STATE: [&str; 5] = [
    "SELECT n.number || ' ' || p.surname || ' ' || ifnull(p.born, '') FROM patient p
        JOIN patient_number n ON n.patient = p.key ORDER BY 1",
    "SELECT l.text || ' ' || c.number || ' ' || v.number || ' ' || ifnull(v.hold, 0) FROM label l
        JOIN volume v ON v.key = l.volume JOIN casenote c ON c.key = v.casenote ORDER BY 1",
    "SELECT v.barcode || ' ' || m.kind || ' ' || m.how || ' ' || m.place || ' ' || ifnull(m.believed, '')
        || ' ' || iif(m.happened < 1700000000000000, m.happened, 'now') || ' ' || ifnull(s.person, '')
        FROM movement m JOIN volume v ON v.key * 2 = m.subject JOIN scan s ON s.key = m.key >> 13 ORDER BY 1",
    "SELECT v.barcode || ' ' || w.state || ' ' || w.place || ' ' || w.confirmed FROM whereabouts w
        JOIN volume v ON v.key * 2 = w.subject ORDER BY 1",
    "SELECT name || sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY 1",
];

/// What an uninterrupted import of one kind left.
struct Whole {
    kind: &'static str,
    /// The data before it.
    before: PathBuf,
    state: Vec<String>,
    rejects: String,
    took: Duration,
}

fn hospital(name: &str) -> Hospital {
    let hospital = Hospital::open(name, Size { desks: 1, volumes: 0 });
    let mut files = [
        "site,hospital_number,surname,forename,born\n".to_owned(),
        "barcode,site,hospital_number,volume,place,hold\n".to_owned(),
        "at,barcode,to,from,by\n".to_owned(),
    ];
    let [patients, volumes, movements] = &mut files;
    for number in 0..FOLDERS {
        let (label, patient) = (volume(number), 300_000 + number);
        let born = if number % 100 == 7 { "31/02/1950" } else { "28/02/1950" };
        writeln!(patients, "RX1,{patient},Surname{number},Ann,{born}").unwrap();
        let place = ["LIB", "", "NOWHERE", "WARD-7"][if number % 100 == 8 { 2 } else { number % 2 * 3 }];
        let hold = if number % 50 == 1 { "under inquest" } else { "" };
        writeln!(volumes, "{label},RX1,{patient},1,{place},{hold}").unwrap();
        let wrong = if number % 100 == 9 { "CLOSED" } else { "CLIN-1" };
        writeln!(movements, "{:04}-03-04,{label},{wrong},LIB,S100001", 1990 + number % 20).unwrap();
        writeln!(movements, "2015-0{}-01 14:00,{label},LIB,,J SMITH", 1 + number % 9).unwrap();
    }
    for (kind, text) in KINDS.iter().zip(files) {
        std::fs::write(file(&hospital, kind), text).unwrap();
    }
    hospital
}

fn file(hospital: &Hospital, kind: &str) -> PathBuf {
    hospital.join(&format!("{kind}.csv"))
}

fn rejects(hospital: &Hospital, kind: &str) -> String {
    std::fs::read_to_string(hospital.join(&format!("{kind}.rejected.csv"))).unwrap_or_default()
}

fn state(data: &Path) -> Vec<String> {
    let connection = Connection::open(data.join("casetrack.db")).unwrap();
    let mut rows = Vec::new();
    for sql in STATE {
        let mut statement = connection.prepare(sql).unwrap();
        let read = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
        rows.extend(read.map(Result::unwrap));
        rows.push("--".to_owned());
    }
    rows
}

fn put_back(before: &Path, data: &Path) {
    std::fs::remove_dir_all(data).unwrap();
    copy(before, data);
}

/// Runs the import to its end.
#[track_caller]
fn import(hospital: &Hospital, kind: &str) -> String {
    let output = hospital.run(&["import", kind, &file(hospital, kind).to_string_lossy()]);
    // Some rows are rejected: 1 is what an import of them ends with.
    assert_eq!(output.status.code(), Some(1), "import {kind}: {}", told(&output));
    told(&output)
}

fn start(hospital: &Hospital, kind: &str) -> Child {
    let mut command = Command::new(PROGRAM);
    command.args(["import", kind]).arg(file(hospital, kind)).arg("--config").arg(hospital.config());
    let log = File::create(hospital.join("import.log")).unwrap();
    command.stdout(Stdio::null()).stderr(log).spawn().unwrap()
}

/// Imports everything without a stop, `beside` a service or alone.
fn wholes(hospital: &Hospital, beside: bool) -> Vec<Whole> {
    let clock = Clock::system();
    let mut wholes = Vec::new();
    for kind in KINDS {
        let before = hospital.join(&format!("before-{kind}"));
        copy(hospital.data(), &before);
        let server = beside.then(|| Server::start(hospital));
        let begun = clock.read().boot_us;
        import(hospital, kind);
        let took = Duration::from_micros((clock.read().boot_us - begun).unsigned_abs());
        assert!(server.is_none_or(|server| server.stop().success()));
        let state = state(hospital.data());
        wholes.push(Whole { kind, before, state, rejects: rejects(hospital, kind), took });
    }
    wholes
}

fn a_while(random: &Random, whole: &Whole) -> Duration {
    let most = usize::try_from(whole.took.as_micros()).unwrap();
    Duration::from_micros(u64::try_from(random.between(0, most)).unwrap())
}

fn kills() -> usize {
    if full() { KILLS.0 } else { KILLS.1 }
}

#[test]
fn a_first_load_that_is_killed_leaves_nothing_and_is_whole_when_run_again() {
    let random = Random::of_this_run("first-load");
    let hospital = hospital("first-load");
    let wholes = wholes(&hospital, false);
    let mut ended = 0;
    for _ in 0..kills() {
        let whole = random.pick(&wholes);
        put_back(&whole.before, hospital.data());
        let before = state(hospital.data());
        let mut child = start(&hospital, whole.kind);
        pause(a_while(&random, whole));
        child.kill().unwrap();
        child.wait().unwrap();
        hospital.verify();
        let left = state(hospital.data());
        let is_whole = left == whole.state;
        assert!(is_whole || left == before, "half of {} is in", whole.kind);
        ended += usize::from(is_whole);
        import(&hospital, whole.kind);
        hospital.verify();
        assert!(state(hospital.data()) == whole.state, "{} after a kill", whole.kind);
        assert_eq!(rejects(&hospital, whole.kind), whole.rejects, "{} after a kill", whole.kind);
    }
    eprintln!("first load: {} kills, {ended} after its end", kills());
}

#[test]
fn an_import_beside_a_service_that_is_killed_with_it_or_without_goes_on_where_it_was() {
    let random = Random::of_this_run("intake");
    let hospital = hospital("intake");
    let wholes = wholes(&hospital, true);
    let mut went_on = 0;
    for kill in 0..kills() {
        let whole = random.pick(&wholes);
        put_back(&whole.before, hospital.data());
        let server = Server::start(&hospital);
        let mut child = start(&hospital, whole.kind);
        pause(a_while(&random, whole));
        let server = if kill % 2 == 0 {
            child.kill().unwrap();
            child.wait().unwrap();
            server
        } else {
            server.kill();
            child.wait().unwrap();
            hospital.verify();
            Server::start(&hospital)
        };
        let said = import(&hospital, whole.kind);
        went_on += usize::from(said.contains("going on after row"));
        assert!(server.stop().success());
        hospital.verify();
        assert!(state(hospital.data()) == whole.state, "{} after a kill: {said}", whole.kind);
        assert_eq!(rejects(&hospital, whole.kind), whole.rejects, "{} after a kill", whole.kind);
    }
    eprintln!("intake: {} kills, {went_on} imports went on", kills());
}
