//! The instrument proven on a writer that is known: SQLite's FULL keeps every acknowledged row, NORMAL does not.

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use rusqlite::Connection;

use super::program::folder::Folder;
use super::program::random::Random;
use super::program::{full, until};
use super::replay::{Disk, moments};
use super::trace::{self, Deed, Event};

/// Where the toy finds its folder and its mode.
const TOY_FOLDER: &str = "CASETRACK_TOY_FOLDER";
const TOY_MODE: &str = "CASETRACK_TOY_MODE";
/// Rows that the toy writes.
const ROWS: i64 = 120;

/// The writer itself, started as a program of its own under strace.
#[test]
#[ignore = "started by the tests of this file"]
fn toy_writer() {
    let Some(folder) = std::env::var_os(TOY_FOLDER) else { return };
    let folder = Path::new(&folder);
    let mode = std::env::var(TOY_MODE).unwrap();
    let connection = Connection::open(folder.join("data/toy.db")).unwrap();
    connection
        .execute_batch(&format!(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = {mode}; PRAGMA wal_autocheckpoint = 50;"
        ))
        .unwrap();
    let mut acknowledged = std::fs::File::create(folder.join("acknowledged")).unwrap();
    for row in 0..ROWS {
        connection.execute("INSERT INTO row (id, text) VALUES (?1, ?2)", (row, "x".repeat(700))).unwrap();
        acknowledged.write_all(format!("{row}\n").as_bytes()).unwrap();
    }
}

#[derive(Debug, Default)]
struct Score {
    cuts: usize,
    corrupt: usize,
    lost: usize,
}

fn score(mode: &str, share: usize, random: &Random) -> Score {
    let folder = Folder::new("toy");
    let data = folder.join("data");
    std::fs::create_dir(&data).unwrap();
    let connection = Connection::open(data.join("toy.db")).unwrap();
    connection.execute_batch("CREATE TABLE row (id INTEGER PRIMARY KEY, text TEXT)").unwrap();
    drop(connection);
    let before = Disk::of(&data);
    let record = folder.join("record");
    let mut toy = Command::new("strace")
        .args(["-D", "-f"])
        .args(trace::OPTIONS)
        .arg("-o")
        .arg(&record)
        .arg(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "toy::toy_writer"])
        .env(TOY_FOLDER, folder.path())
        .env(TOY_MODE, mode)
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    assert!(toy.wait().unwrap().success());
    let pid = toy.id().cast_signed();
    until("strace has written everything down", 20, || trace::is_complete(&record, pid).then_some(()));
    let events = trace::read(&record);
    replay(&events, &before, &folder, share, random)
}

fn replay(events: &[Event], before: &Disk, folder: &Folder, share: usize, random: &Random) -> Score {
    let mut score = Score::default();
    let mut disk = before.clone();
    let mut acknowledged: Vec<i64> = Vec::new();
    let mut done = 0;
    for moment in moments(events, &folder.join("data"), share, random) {
        for event in &events[done..moment] {
            disk.apply(event);
            if let Deed::Wrote { file, bytes, .. } = &event.deed
                && file.ends_with("acknowledged")
            {
                acknowledged.push(std::str::from_utf8(bytes).unwrap().trim().parse().unwrap());
            }
        }
        done = moment;
        let left = folder.join("left");
        disk.cut_power(random, &left);
        score.cuts += 1;
        match rows(&left.join("toy.db")) {
            None => score.corrupt += 1,
            Some(rows) if acknowledged.iter().any(|row| !rows.contains(row)) => score.lost += 1,
            Some(_) => {}
        }
        std::fs::remove_dir_all(left).unwrap();
    }
    assert_eq!(acknowledged, (0..ROWS).collect::<Vec<_>>(), "the record is whole");
    score
}

/// What a sound database holds.
fn rows(file: &Path) -> Option<Vec<i64>> {
    let connection = Connection::open(file).unwrap();
    let sound: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).ok()?;
    if sound != "ok" {
        return None;
    }
    let mut statement = connection.prepare("SELECT id FROM row").ok()?;
    let rows = statement.query_map([], |row| row.get(0)).ok()?;
    rows.collect::<Result<_, _>>().ok()
}

#[test]
fn the_instrument_tells_a_writer_that_syncs_from_those_that_do_not() {
    let random = Random::of_this_run("toy");
    let share = if full() { 1 } else { 6 };
    let synced = score("FULL", share, &random);
    let lazy = score("NORMAL", 1, &random);
    let careless = score("OFF", 1, &random);
    eprintln!("FULL {synced:?}\nNORMAL {lazy:?}\nOFF {careless:?}");
    assert_eq!((synced.corrupt, synced.lost), (0, 0), "{synced:?}");
    assert!(lazy.corrupt == 0 && lazy.lost > 0, "{lazy:?}");
    assert!(careless.lost > 0, "{careless:?}");
}
