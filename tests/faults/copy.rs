//! A restored backup and the second copy against the original, judged by Debian's `sqlite3`, which knows nothing of us.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write as _;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::Command;

use casetrack::clock::Clock;
use casetrack::store::backup::back_up;
use casetrack::store::{Trust, verify};
use serde_json::Value;
use uuid::Uuid;

use super::program::clerk::{Clerk, work_at_once};
use super::program::hospital::{Hospital, Size, card, desk, told, volume};
use super::program::http::Client;
use super::program::random::Random;
use super::program::server::Server;
use super::program::{full, until};
use super::referee;

const SIZE: Size = Size { desks: 4, volumes: 120 };
/// The copy is no further behind than this, in seconds.
const BEHIND_S: u32 = 10;
/// Kills of the full and of the short form.
const KILLS: (usize, usize) = (40, 4);
/// Of one file alone, or other in data that begin a new life: the epoch and how far movements were counted; what was
/// changed since the restore; jobs that nobody knows whether they were printed. The index of names is asked instead.
const TECHNICAL: [&str; 4] = ["meta", "touched", "print_job", "name_piece"];

/// A hospital with a folder for backups and one for the second copy.
struct House {
    hospital: Hospital,
    backups: PathBuf,
    copies: PathBuf,
}

impl House {
    fn open(name: &str) -> Self {
        let hospital = Hospital::open(name, SIZE);
        let (backups, copies) = (hospital.join("backups"), hospital.join("copies"));
        std::fs::create_dir_all(&backups).unwrap();
        std::fs::create_dir_all(&copies).unwrap();
        let mut config = std::fs::OpenOptions::new().append(true).open(hospital.config()).unwrap();
        writeln!(config, "\n[backup]\ncopy = \"{}\"", copies.display()).unwrap();
        Self { hospital, backups, copies }
    }

    fn import(&self, kind: &str, text: &str) {
        let file = self.hospital.join("more.csv");
        std::fs::write(&file, text).unwrap();
        let output = self.hospital.run(&["import", kind, file.to_str().unwrap()]);
        assert!(output.status.success(), "{}", told(&output));
    }

    fn back_up(&self) -> PathBuf {
        let now = Clock::system().now();
        let mut watch = |_| ControlFlow::Continue(());
        let made = back_up(self.hospital.data(), &self.backups, now, &mut watch).unwrap();
        casetrack::store::backup::backups(&self.backups)
            .unwrap()
            .into_iter()
            .find(|backup| backup.manifest == made)
            .unwrap()
            .file
    }

    /// Restores with the program, which says what came of the copy.
    fn restore(&self, backup: &Path, name: &str) -> (PathBuf, Value) {
        let (new, words) = (self.hospital.join(name), |path: &Path| path.to_str().unwrap().to_owned());
        let (backup, to, copies) = (words(backup), words(&new), words(&self.copies));
        let output = self.hospital.run(&["restore", &backup, &to, "--and-copy", &copies, "--json"]);
        assert!(output.status.success(), "{}", told(&output));
        let report = verify(&new).unwrap();
        assert!(report.is_sound(), "{report:?}");
        let said: Value = serde_json::from_slice(&output.stdout).unwrap();
        (new, said["copy"].clone())
    }
}

fn trust() -> Trust {
    Trust("TRUST".parse().unwrap())
}

/// What Debian's `sqlite3` says to this input.
fn sqlite3(database: &Path, input: &str) -> String {
    let mut command = Command::new("sqlite3");
    command.arg("-batch").arg("-bail").arg(database);
    command.stdin(std::process::Stdio::piped()).stdout(std::process::Stdio::piped());
    let mut child = command.stderr(std::process::Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{input}: {}", told(&output));
    String::from_utf8(output.stdout).unwrap()
}

/// Exports a data folder and has the referee fold the movements: they must come to the whereabouts. Says what these are.
fn refereed(data: &Path) -> String {
    let folder = data.join("exported");
    referee::export(data, &trust(), &folder);
    assert_eq!(referee::differences(&folder), "", "a foreign referee folds {} otherwise", data.display());
    std::fs::read_to_string(folder.join("whereabouts.csv")).unwrap()
}

/// The rows that one of two data folders has and the other has not, table by table.
fn differences(one: &Path, other: &Path) -> String {
    let file = |dir: &Path| dir.join("casetrack.db");
    let names = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'name_piece%';";
    let mut input = format!("ATTACH '{}' AS other;\n", file(other).display());
    let tables = sqlite3(&file(one), names);
    let tables: BTreeSet<&str> = tables.lines().filter(|name| !TECHNICAL.contains(name)).collect();
    assert!(tables.len() > 25, "{tables:?}");
    for table in tables {
        for (from, in_) in [("main", "other"), ("other", "main")] {
            let rows = format!("SELECT * FROM {from}.{table} EXCEPT SELECT * FROM {in_}.{table}");
            writeln!(input, "SELECT '{table} of {from}', * FROM ({rows});").unwrap();
        }
    }
    sqlite3(&file(one), &input)
}

fn number(client: &mut Client, figure: &str) -> Option<i64> {
    let metrics = client.get("/metrics").unwrap().body;
    let line = metrics.lines().find_map(|line| line.strip_prefix(figure)?.strip_prefix(' '));
    line?.parse().ok()
}

/// Waits until all that is in the data now is in the copy; says after how many microseconds.
fn copied(house: &House, client: &mut Client) -> i64 {
    let newest = sqlite3(&house.hospital.data().join("casetrack.db"), "SELECT max(key) FROM scan;");
    let newest: i64 = newest.trim().parse().unwrap();
    let clock = Clock::system();
    let began = clock.read().boot_us;
    until("the copy holds what was the newest scan", BEHIND_S, || {
        number(client, "casetrack_copy_scan").filter(|copied| *copied >= newest)
    });
    clock.read().boot_us - began
}

/// Whatever a desk does beside sending and receiving: a crate, things taken back, a search, a sweep, a new label.
fn a_desk_does_everything(client: &mut Client, first: usize) {
    let mut scan = |text: &str| {
        let reply = client.scan(&desk(0), Uuid::now_v7(), text).unwrap();
        assert_eq!(reply.status, 200, "{text}: {reply:?}");
    };
    let folders: Vec<String> = (first..first + 8).map(volume).collect();
    let cards = |numbers: &[usize]| numbers.iter().map(|number| card(*number)).collect::<Vec<_>>();
    let [end, receive, pack, empty, undo, undo_batch, missing, sweep] =
        cards(&[1, 2, 4, 5, 6, 7, 13, 15]).try_into().unwrap();
    let crate_ = "K1".to_owned();
    let acts = [
        vec![&receive, &folders[0], &folders[1], &folders[2], &undo, &end],
        vec![&pack, &crate_, &folders[0], &folders[1], &folders[2], &end],
        vec![&receive, &folders[1], &end],
        vec![&empty, &crate_, &undo, &end],
        vec![&receive, &folders[3], &folders[4], &folders[5], &undo_batch, &end],
        vec![&missing, &folders[6], &end, &receive, &folders[6], &end],
        vec![&sweep, &folders[0], &folders[7], &end],
    ];
    for text in acts.into_iter().flatten() {
        scan(text);
    }
    scan("NOBODY-KNOWS-1");
}

const NEW_FOLDER: &str = "barcode,site,hospital_number,volume\nNEW1,RX1,600001,1\nNEW2,RX1,600001,2\n";
const RENAMED: &str =
    "site,hospital_number,surname,forename\nRX1,500000,Okafor-Lee,Ada\nRX1,600001,Nunez,Zoe\n";
const CRATE: &str = "code,name,kind,parent\nK1,Crate 1,container,\nS1,Shelf one,shelf,LIB\n";

#[test]
fn a_restored_backup_and_the_copy_are_the_original_by_a_foreign_referee() {
    let house = House::open("referee");
    let random = Random::of_this_run("referee");
    let mut clerks = Clerk::all(&house.hospital, &random);
    house.import("places", CRATE);
    let server = Server::start(&house.hospital);
    let mut client = server.client();
    work_at_once(&mut clerks, server.address(), 20, |_| {});
    a_desk_does_everything(&mut client, 0);
    let backup = house.back_up();
    let mut worst_us = 0;
    work_at_once(&mut clerks, server.address(), 100, |_| {
        house.import("volumes", NEW_FOLDER);
        house.import("patients", RENAMED);
        worst_us = (0..3).map(|_| copied(&house, &mut server.client())).max().unwrap_or(0);
    });
    a_desk_does_everything(&mut client, 20);
    house.import("places", &CRATE.replace("Shelf one", "Shelf 1 left"));
    copied(&house, &mut client);
    server.kill();
    let (restored, replayed) = house.restore(&backup, "restored");
    assert!(replayed["stopped"].is_null() && replayed["scans"].as_i64() > Some(200), "{replayed}");
    assert_eq!(differences(house.hospital.data(), &restored), "");
    let whereabouts = refereed(house.hospital.data());
    assert!(whereabouts.lines().count() > 120, "{whereabouts}");
    assert_eq!(whereabouts, refereed(&restored));
    eprintln!("{} scans from the copy; at most {} ms behind", replayed["scans"], worst_us / 1_000);
}

/// The rows of one data folder that the other, of which it should be the beginning, has not.
fn not_in(part: &Path, whole: &Path) -> String {
    let file = |dir: &Path| dir.join("casetrack.db");
    let mut input = format!("ATTACH '{}' AS whole;\n", file(whole).display());
    for table in ["scan", "movement", "undo", "search_step", "question", "batch", "run", "word"] {
        let last = format!("(SELECT max(key) FROM main.{table})");
        for (from, in_) in [("main", "whole"), ("whole", "main")] {
            let rows = format!("SELECT * FROM {from}.{table} WHERE key <= {last}");
            let there = format!("SELECT * FROM {in_}.{table}");
            writeln!(input, "SELECT '{table} of {from}', key FROM ({rows} EXCEPT {there});").unwrap();
        }
    }
    sqlite3(&file(part), &input)
}

#[test]
fn wherever_the_copier_is_killed_the_restored_data_are_a_beginning_of_the_log() {
    let kills = if full() { KILLS.0 } else { KILLS.1 };
    let house = House::open("copier-killed");
    let random = Random::of_this_run("copier killed");
    let mut clerks = Clerk::all(&house.hospital, &random);
    let mut lost = 0;
    let mut backup = None;
    for round in 0..kills {
        let server = Server::start(&house.hospital);
        // What a copy holds counts from the first backup that was made after it was begun.
        let backup = backup.get_or_insert_with(|| {
            copied(&house, &mut server.client());
            house.back_up()
        });
        let after = std::time::Duration::from_millis(u64::try_from(random.between(200, 5_000)).unwrap());
        work_at_once(&mut clerks, server.address(), 100_000, |_| {
            casetrack::clock::pause(after);
            server.kill();
        });
        let (restored, replayed) = house.restore(backup, &format!("restored-{round}"));
        assert!(replayed["stopped"].is_null(), "round {round}: {replayed}");
        assert_eq!(not_in(&restored, house.hospital.data()), "", "round {round}");
        let scans = |dir: &Path| -> usize {
            let count = sqlite3(&dir.join("casetrack.db"), "SELECT count(*) FROM scan;");
            count.trim().parse().unwrap()
        };
        lost += scans(house.hospital.data()) - scans(&restored);
        std::fs::remove_dir_all(&restored).unwrap();
    }
    eprintln!("{kills} kills; {lost} scans were not yet in the copy");
}
