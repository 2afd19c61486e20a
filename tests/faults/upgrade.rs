//! The program dies, or the power goes, while it brings older data to its version: what is left is a whole version, and
//! a copy of the one before that is whole or not there.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use rusqlite::Connection;

use super::golden::{build, newest};
use super::program::folder::Folder;
use super::program::full;
use super::program::hospital::{PROGRAM, told};
use super::program::random::Random;
use super::replay::{Disk, moments};
use super::trace;

/// Kills of the full and of the short form.
const KILLS: (usize, usize) = (100, 12);
/// The short form cuts the power at one moment in so many.
const SHARE: usize = 4;
/// After one cut in so many the upgrade is run again, and all verified.
const FINISH_SHARE: usize = 4;
/// What changes a file or a name in the data folder.
const CALLS: &str = "-etrace=pwrite64,write,fdatasync,fsync,ftruncate,unlink,rename,openat";

/// A data folder of an older version with all that is needed to bring it to the newest.
struct Old {
    folder: Folder,
    version: u32,
}

impl Old {
    fn of(version: u32) -> Self {
        let folder = Folder::new("upgrade");
        let old = Self { folder, version };
        build(version, &old.data());
        let data = old.data();
        let config = format!("[server]\ndata_dir = \"{}\"\ntrust = \"RX1\"\n", data.display());
        std::fs::write(old.folder.join("casetrack.toml"), config).unwrap();
        std::fs::write(old.folder.join("staff.csv"), "badge,name,role\nBADGE7,Pat Clerk,clerk\n").unwrap();
        old
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// The upgrade, behind these words, on this data folder.
    fn upgrade(&self, before: &[&str], data: &Path) -> Output {
        let (program, options) =
            before.split_first().map_or((PROGRAM, &[][..]), |(first, rest)| (*first, rest));
        let mut command = Command::new(program);
        command.args(options);
        if !before.is_empty() {
            command.arg(PROGRAM);
        }
        command.args(["import", "staff"]).arg(self.folder.join("staff.csv"));
        command.arg("--config").arg(self.folder.join("casetrack.toml")).arg("--data").arg(data);
        command.output().unwrap()
    }

    /// Runs it to its end: the newest version, and sound.
    fn finish(&self, data: &Path, what: &str) {
        let output = self.upgrade(&[], data);
        assert!(output.status.success(), "{what}: {}", told(&output));
        self.is_whole(data, what);
        assert_eq!(version_of(&Connection::open(data.join("casetrack.db")).unwrap()), newest(), "{what}");
        let output = Command::new(PROGRAM).arg("verify").arg("--data").arg(data).output().unwrap();
        assert!(output.status.success(), "{what}: {}", told(&output));
    }

    /// Fails the test unless the data are a whole version, and every copy under its name too; says which the data are.
    fn is_whole(&self, data: &Path, what: &str) -> u32 {
        let at = version_of(&sound(&data.join("casetrack.db"), what));
        assert!((self.version..=newest()).contains(&at), "{what}: version {at}");
        let original = Connection::open(self.data_before()).unwrap();
        let mut copies = 0;
        for entry in std::fs::read_dir(data).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let Some(of) = name.strip_prefix("backup-v").and_then(|rest| rest.split_once("-before-v")) else {
                continue;
            };
            if path.extension().is_none_or(|extension| extension != "db") {
                continue;
            }
            let copy = sound(&path, what);
            assert_eq!(version_of(&copy).to_string(), of.0, "{what}");
            for table in ["scan", "movement", "volume", "patient", "label"] {
                assert_eq!(count(&copy, table), count(&original, table), "{what}: {table} in {name}");
            }
            copies += usize::from(of.0 == self.version.to_string());
        }
        assert!(at == self.version || copies == 1, "{what}: version {at} without a copy of {}", self.version);
        at
    }

    /// The data as they were, kept beside.
    fn data_before(&self) -> PathBuf {
        let kept = self.folder.join("before");
        if !kept.exists() {
            build(self.version, &kept);
        }
        kept.join("casetrack.db")
    }
}

fn sound(file: &Path, what: &str) -> Connection {
    let connection = Connection::open(file).unwrap();
    let said: String = connection
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap_or_else(|error| panic!("{what}: {}: {error}", file.display()));
    assert_eq!(said, "ok", "{what}: {}", file.display());
    connection
}

fn version_of(connection: &Connection) -> u32 {
    connection.query_row("PRAGMA user_version", [], |row| row.get(0)).unwrap()
}

fn count(connection: &Connection, table: &str) -> i64 {
    connection.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap()
}

/// The calls that touched the data folder, each by its name and by its number among those of its name in its thread.
fn touches(record: &Path, data: &Path) -> Vec<(String, usize)> {
    let text = std::fs::read_to_string(record).unwrap();
    let data = data.to_string_lossy();
    let mut numbers: HashMap<(&str, &str), usize> = HashMap::new();
    let mut found = Vec::new();
    for line in text.lines() {
        let Some((thread, rest)) = line.split_once(' ') else { continue };
        let Some((name, arguments)) = rest.trim_start().split_once('(') else { continue };
        let number = numbers.entry((thread, name)).or_default();
        *number += 1;
        if arguments.contains(&*data) {
            found.push((name.to_owned(), *number));
        }
    }
    found
}

#[test]
fn a_kill_at_any_call_of_an_upgrade_leaves_a_whole_version_and_no_half_copy() {
    let random = Random::of_this_run("upgrade-kill");
    let mut left: HashMap<(u32, u32), usize> = HashMap::new();
    let mut calls = HashMap::new();
    for _ in 0..if full() { KILLS.0 } else { KILLS.1 } {
        let version = u32::try_from(random.between(1, FROM_BELOW)).unwrap();
        let touched = calls.entry(version).or_insert_with(|| recorded(version));
        let (name, number) = random.pick(touched).clone();
        let what = format!("version {version}, killed at {name} {number}");
        let old = Old::of(version);
        let inject = format!("-einject={name}:signal=KILL:when={number}");
        let output = old
            .upgrade(&["strace", "-f", "-o", "/dev/null", "-e", "signal=none", CALLS, &inject], &old.data());
        assert!(!output.status.success(), "{what}: it was not killed");
        *left.entry((version, old.is_whole(&old.data(), &what))).or_default() += 1;
        old.finish(&old.data(), &what);
    }
    eprintln!("upgrade-kill: (from, left at): kills {left:?}");
}

/// Versions from which an upgrade is broken off: all but the newest.
const FROM_BELOW: usize = 10;

fn recorded(version: u32) -> Vec<(String, usize)> {
    let old = Old::of(version);
    let record = old.folder.join("record");
    let output = old.upgrade(
        &["strace", "-f", "-y", "-o", &record.to_string_lossy(), "-e", "signal=none", CALLS],
        &old.data(),
    );
    assert!(output.status.success(), "{}", told(&output));
    let touched = touches(&record, &old.data());
    assert!(touched.len() > 50, "{touched:?}");
    touched
}

#[test]
fn a_power_cut_in_an_upgrade_leaves_a_whole_version_and_no_half_copy() {
    let random = Random::of_this_run("upgrade-power");
    let old = Old::of(1);
    let data = old.data();
    let mut disk = Disk::of(&data);
    let record = old.folder.join("record");
    let into = record.to_string_lossy();
    let before = [&["strace", "-f", "-o", &into], &trace::OPTIONS[..]].concat();
    let output = old.upgrade(&before, &data);
    assert!(output.status.success(), "{}", told(&output));
    let events = trace::read(&record);
    let (mut done, mut cuts, mut finished) = (0, 0, 0);
    let mut left_at: HashMap<u32, usize> = HashMap::new();
    for moment in moments(&events, &data, if full() { 1 } else { SHARE }, &random) {
        events[done..moment].iter().for_each(|event| disk.apply(event));
        done = moment;
        let (left, what) = (old.folder.join("left"), format!("a cut at {moment} of {}", events.len()));
        disk.cut_power(&random, &left);
        let at = old.is_whole(&left, &what);
        assert!(moment < events.len() || at == newest(), "{what}: what was said to be done was lost");
        if full() || random.one_in(FINISH_SHARE) {
            old.finish(&left, &what);
            finished += 1;
        }
        *left_at.entry(at).or_default() += 1;
        cuts += 1;
        std::fs::remove_dir_all(left).unwrap();
    }
    eprintln!(
        "upgrade-power: {cuts} cuts, {finished} finished afterwards, left at version: cuts {left_at:?}"
    );
    assert!(left_at.len() >= 3, "the cuts missed the steps: {left_at:?}");
}
