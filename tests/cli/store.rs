//! Imports through the program itself: into the data folder, and through a running service.

#[path = "../pas/mod.rs"]
mod pas;

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use casetrack::app::{rooms::Rooms, socket, wire};
use casetrack::clock::Clock;
use casetrack::config::Config;
use tokio::sync::watch;

const PLACES: &str =
    "code,name,kind,parent\nC5,Clinic 5,clinic,RX1\nRX1,Royal,site,\nLIB,Library,library,RX1\n";
const STAFF: &str = "badge,name,role\nB1,Ann Ames,clerk\nB2,Bo Brown,boss\n";
const PATIENTS: &str = "\
site,hospital_number,nhs_number,surname,forename,born
RX1,H7771234,943 476 5919,Zzyzxsmith,Quentina,28/02/1990
RX1,H7771235,,Zzyzxjones,Quentin,31/02/1990
";
const VOLUMES: &str = "\
barcode,site,hospital_number,volume,place,shoe
RX77712341,RX1,H7771234,1,LIB,7
,RX1,H7771234,2,,8
RX77712343,RX1,H7771234,3,NOWHERE,9
";

struct Hospital(PathBuf);

impl Hospital {
    fn new(test: &str) -> Self {
        let folder =
            PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("{test}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        for (name, text) in
            [("places", PLACES), ("staff", STAFF), ("patients", PATIENTS), ("volumes", VOLUMES)]
        {
            std::fs::write(folder.join(format!("{name}.csv")), text).unwrap();
        }
        Self(folder)
    }

    fn casetrack(&self, args: &[&str]) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_casetrack"));
        command.current_dir(&self.0).stdin(Stdio::null()).args(args).output().unwrap()
    }

    /// Imports all four files; the words on stdout and the exit codes.
    fn import_all(&self) -> Vec<(String, i32)> {
        ["places", "staff", "patients", "volumes"].map(|kind| self.import(kind)).into()
    }

    fn import(&self, kind: &str) -> (String, i32) {
        let output = self.casetrack(&["import", kind, &format!("{kind}.csv")]);
        let told = String::from_utf8(output.stdout).unwrap();
        assert!(!told.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
        (told.trim().to_owned(), output.status.code().unwrap())
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.0.join(name)).unwrap()
    }
}

impl Drop for Hospital {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn good_rows_go_in_once_and_bad_rows_come_back_with_a_reason() {
    let hospital = Hospital::new("import");
    let first = [
        ("3 added, 0 changed, 0 same, 0 rejected".to_owned(), 0),
        ("1 added, 0 changed, 0 same, 1 rejected".to_owned(), 1),
        ("1 added, 0 changed, 0 same, 1 rejected".to_owned(), 1),
        ("2 added, 0 changed, 0 same, 1 rejected".to_owned(), 1),
    ];
    assert_eq!(hospital.import_all(), first);
    assert!(hospital.read("staff.rejected.csv").contains("3,\"role: \"\"boss\"\" is not one of"));
    assert!(hospital.read("patients.rejected.csv").contains("3,born 31/02/1990 is no date"));
    let volumes = hospital.read("volumes.rejected.csv");
    assert!(
        volumes.starts_with("row,reason,barcode,site,hospital_number,volume,place,shoe\n4,"),
        "{volumes}"
    );
    assert!(!hospital.0.join("places.rejected.csv").exists());

    let again: Vec<_> = hospital.import_all().into_iter().map(|(told, _)| told).collect();
    assert_eq!(
        again,
        [
            "0 added, 0 changed, 3 same, 0 rejected",
            "0 added, 0 changed, 1 same, 1 rejected",
            "0 added, 0 changed, 1 same, 1 rejected",
            "0 added, 0 changed, 2 same, 1 rejected",
        ]
    );
}

#[test]
fn a_corrected_file_takes_its_reject_file_away() {
    let hospital = Hospital::new("corrected");
    hospital.import("staff");
    std::fs::write(hospital.0.join("staff.csv"), STAFF.replace("boss", "librarian")).unwrap();
    assert_eq!(hospital.import("staff"), ("1 added, 0 changed, 1 same, 0 rejected".to_owned(), 0));
    assert!(!hospital.0.join("staff.rejected.csv").exists());
}

#[test]
fn a_script_gets_the_counts_as_json_and_ignored_columns_are_named_once() {
    let hospital = Hospital::new("json");
    hospital.import("places");
    hospital.import("patients");
    let output = hospital.casetrack(&["import", "volumes", "volumes.csv", "--json"]);
    let mut counts: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(counts["seconds"].take().as_f64().unwrap() > 0.0, "{counts}");
    assert_eq!(
        counts,
        serde_json::json!({"kind": "volumes", "dry_run": false, "rows": 3, "added": 2, "changed": 0, "same": 0,
            "confirmed": 0, "rejected": 1, "repeated": 0, "totals": 0, "seconds": null,
            "reasons": [{"reason": "the place … is not known: import places first", "rows": 1, "first": 4}],
            "reject_file": "volumes.rejected.csv", "differs_file": null})
    );
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(told.matches("columns that mean nothing here: shoe").count(), 1, "{told}");
}

/// Standard output, and the last line of what was said beside it as JSON.
fn exported(hospital: &Hospital, args: &[&str]) -> (String, serde_json::Value) {
    let output = hospital.casetrack(&[&["export"], args, &["--json"]].concat());
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{said}");
    let last = said.lines().last().unwrap();
    (String::from_utf8(output.stdout).unwrap(), serde_json::from_str(last).unwrap())
}

#[test]
fn an_export_names_its_end_and_the_next_one_goes_on_there() {
    let hospital = Hospital::new("export");
    hospital.import_all();
    let (csv, end) = exported(&hospital, &["movements"]);
    let lines: Vec<_> = csv.lines().collect();
    assert_eq!((lines.len(), &end["rows"]), (2, &serde_json::json!(1)), "{csv}");
    assert!(lines[0].starts_with("cursor,id,kind,at,learned_at,barcode,site,number_type,casenote,volume,"));
    assert!(lines[1].contains(",left-at,") && lines[1].contains(",RX77712341,RX1,HOSPITAL,"), "{csv}");
    let cursor = end["cursor"].as_str().unwrap().to_owned();
    assert!(lines[1].starts_with(&format!("{cursor},")), "the last row's cursor is the end: {cursor}");

    let (jsonl, _) = exported(&hospital, &["movements", "--format", "jsonl"]);
    let row: serde_json::Value = serde_json::from_str(&jsonl).unwrap();
    let told = [&row["place"], &row["how"], &row["implied"], &row["undone_by"], &row["by"]];
    let expected = serde_json::json!(["LIB", "imported", false, null, null]);
    assert_eq!(serde_json::json!(told), expected);
    assert_eq!(row["at"].as_str().unwrap().len(), "2026-11-23T14:00:00.000001Z".len());

    let (rest, again) = exported(&hospital, &["movements", "--from", &cursor]);
    assert_eq!((rest.lines().count(), again["cursor"].as_str()), (1, Some(cursor.as_str())));
    let (none, _) = exported(&hospital, &["movements", "--since", "2099-01-01", "--format", "jsonl"]);
    assert_eq!(none, "");
    let (where_is, as_of) = exported(&hospital, &["whereabouts"]);
    assert_eq!((&as_of["rows"], &as_of["cursor"]), (&serde_json::json!(2), &serde_json::json!(cursor)));
    assert_eq!(as_of["until"], as_of["cursor"]);
    assert!(where_is.contains(",at,LIB,") && where_is.contains(",not-yet-seen,,"), "{where_is}");
    let (questions, _) = exported(&hospital, &["questions"]);
    assert_eq!(questions.lines().count(), 1, "a header and no question");

    let other = hospital.casetrack(&["export", "movements", "--from", "7.1"]);
    assert_eq!(other.status.code(), Some(2), "another life of the log");
    assert!(other.stdout.is_empty());
}

#[test]
fn no_log_line_and_no_message_names_a_patient() {
    let hospital = Hospital::new("secrecy");
    for kind in ["places", "staff", "patients", "volumes"] {
        let file = format!("{kind}.csv");
        let output = hospital.casetrack(&["--log", "debug", "import", kind, &file]);
        let told = [output.stdout, output.stderr].concat();
        let told = String::from_utf8(told).unwrap().to_uppercase();
        for secret in ["ZZYZX", "QUENTIN", "H777123", "9434765919", "943 476", "1990", "RX777"] {
            assert!(!told.contains(secret), "{secret} in: {told}");
        }
    }
}

#[test]
fn what_was_imported_verifies() {
    let hospital = Hospital::new("verified");
    hospital.import_all();
    let output = hospital.casetrack(&["verify", "--json"]);
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&report["sound"], &report["movements"]), (&true.into(), &1.into()));
}

#[test]
fn a_barcode_is_explained_by_what_was_imported() {
    let hospital = Hospital::new("explained");
    hospital.import("places");
    hospital.import("staff");
    for (text, told) in [("c5", "a place: Clinic 5\n"), ("B1", "a badge: Ann Ames\n")] {
        let output = hospital.casetrack(&["check-config", "--barcode", text]);
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(said.starts_with(told), "{said} {}", String::from_utf8_lossy(&output.stderr));
    }
}

/// A service without desks that holds the data folder, and what ends it.
async fn service(folder: &Path) -> (Arc<Rooms>, watch::Sender<bool>, tokio::task::JoinHandle<()>) {
    let mut config = Config::parse("", None).unwrap();
    config.set_data_dir(&folder.join("data"));
    let rooms = Arc::new(Rooms::open(config, Clock::system()).await.unwrap());
    let (say_stop, stopping) = watch::channel(false);
    let task = socket::open(&rooms, stopping);
    (rooms, say_stop, task)
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_beside_a_running_service_goes_through_it() {
    let hospital = Arc::new(Hospital::new("remote"));
    let (rooms, say_stop, task) = service(&hospital.0).await;
    let beside = hospital.clone();
    let told = tokio::task::spawn_blocking(move || (beside.import_all(), beside.import_all())).await.unwrap();
    let words = |told: &[(String, i32)]| told.iter().map(|(words, _)| words.clone()).collect::<Vec<_>>();
    assert_eq!(
        words(&told.0),
        [
            "3 added, 0 changed, 0 same, 0 rejected",
            "1 added, 0 changed, 0 same, 1 rejected",
            "1 added, 0 changed, 0 same, 1 rejected",
            "2 added, 0 changed, 0 same, 1 rejected",
        ]
    );
    assert!(words(&told.1).iter().all(|words| words.starts_with("0 added, 0 changed")), "{told:?}");
    let directory = rooms.store.directory().borrow().clone();
    assert!(directory.place_by_code(&"C5".parse().unwrap()).is_some());
    say_stop.send(true).unwrap();
    task.await.unwrap();
    rooms.close().await;
    assert!(!hospital.0.join("data").join(wire::SOCKET).exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_socket_is_its_owners_alone_and_takes_no_nonsense() {
    use std::os::unix::fs::PermissionsExt;
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};

    let hospital = Hospital::new("socket");
    let (rooms, say_stop, task) = service(&hospital.0).await;
    let path = hospital.0.join("data").join(wire::SOCKET);
    assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    let mut stream = BufReader::new(tokio::net::UnixStream::connect(&path).await.unwrap());
    for nonsense in
        ["hello", "{}", "{\"version\":\"9.9\",\"what\":{\"import\":{\"kind\":\"staff\",\"csv\":\"\"}}}"]
    {
        stream.write_all(format!("{nonsense}\n").as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_line(&mut answer).await.unwrap();
        assert!(answer.starts_with("{\"failed\":\"the running Casetrack is "), "{answer}");
    }
    say_stop.send(true).unwrap();
    task.await.unwrap();
    rooms.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_service_that_died_leaves_a_socket_that_hinders_nobody() {
    let hospital = Hospital::new("dead-socket");
    std::fs::create_dir_all(hospital.0.join("data")).unwrap();
    drop(std::os::unix::net::UnixListener::bind(hospital.0.join("data").join(wire::SOCKET)).unwrap());
    let (rooms, say_stop, task) = service(&hospital.0).await;
    assert!(tokio::net::UnixStream::connect(hospital.0.join("data").join(wire::SOCKET)).await.is_ok());
    say_stop.send(true).unwrap();
    task.await.unwrap();
    rooms.close().await;
}

#[test]
fn the_bench_of_bulk_tells_every_figure_of_a_hospital_however_small() {
    let hospital = Hospital::new("bench-bulk");
    let sizes =
        ["--volumes", "300", "--movements", "1500", "--rows", "150", "--seconds", "1", "--times", "10"];
    let args: Vec<_> = ["bench", "bulk", "--dir", "bench", "--json"].into_iter().chain(sizes).collect();
    let output = hospital.casetrack(&args);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(matches!(output.status.code(), Some(0 | 1)), "goals may be missed, nothing else: {said}");
    let lines: Vec<serde_json::Value> = serde_json::from_slice(&output.stdout).unwrap();
    for what in [
        "patients and volumes into an empty database",
        "movements after them",
        "the file copied and synced (floor), a backup with its checks",
        "verification, movements",
        "start to ready",
        "memory when idle",
        "volume look-up over HTTP, p99",
        "history of a volume over HTTP, p99",
        "first fifty of the place over HTTP, p99",
        "256 desks at two scans a second: without (floor), during a backup, p99",
        "one desk at ten scans a second: without an import (floor), beside it, p99",
    ] {
        let told = lines.iter().find(|line| line["what"].as_str().unwrap().starts_with(what));
        let line = told.unwrap_or_else(|| panic!("no line tells of {what}: {said}"));
        assert!(line["product"].as_f64().unwrap() > 0.0 && line["met"].is_boolean(), "{line}");
    }
    for line in
        lines.iter().filter(|line| line["what"].as_str().unwrap().ends_with("refused or not answered"))
    {
        assert_eq!(line["product"], 0.0, "{line}");
    }
}
