//! A backup or a restore is killed at any of its steps, or the power goes: there is a whole backup or none, a whole data
//! folder or none.

use std::collections::HashMap;
use std::ops::ControlFlow;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::Ordering;

use casetrack::store::backup::{Backup, backups};

use super::program::clerk::{Clerk, work_at_once};
use super::program::hospital::{Hospital, PROGRAM, Size, told};
use super::program::random::Random;
use super::program::server::Server;
use super::program::{full, until};
use super::replay::{Disk, moments};
use super::trace::{self, Deed, Event};

const SIZE: Size = Size { desks: 2, volumes: 150 };
/// Kills of the full and of the short form, of a backup and of a restore each.
const KILLS: (usize, usize) = (100, 10);
/// More scans than any clerk gets answered before the end.
const ENDLESS: usize = 100_000;
/// What brings a backup or a restore on: at each of these calls it may be killed.
const STEPS: [&str; 8] =
    ["write", "pwrite64", "fsync", "fdatasync", "rename", "unlink", "mkdir", "ftruncate"];
/// The short form cuts the power at one moment in so many.
const SHARE: usize = 3;

fn traced(hospital: &Hospital, options: &[&str], arguments: &[&str]) -> Output {
    let mut command = Command::new("strace");
    command.args(["-f", "-qq"]).args(options).arg(PROGRAM).args(arguments);
    command.arg("--config").arg(hospital.config()).output().unwrap()
}

/// Each kind of step with how often one thread takes it, from a run that nobody disturbs.
fn points(hospital: &Hospital, arguments: &[&str]) -> Vec<(&'static str, usize)> {
    let record = hospital.join("steps.record");
    let trace = format!("-etrace={}", STEPS.join(","));
    let options = ["-e", "signal=none", &trace, "-o", &record.to_string_lossy()];
    let output = traced(hospital, &options, arguments);
    assert!(output.status.success(), "{}", told(&output));
    let text = std::fs::read_to_string(&record).unwrap();
    let mut counts: HashMap<(&str, &str), usize> = HashMap::new();
    for line in text.lines() {
        let Some((thread, call)) = line.split_once(' ') else { continue };
        let Some((name, _)) = call.trim_start().split_once('(') else { continue };
        *counts.entry((thread, name)).or_default() += 1;
    }
    let most = |step: &&'static str| {
        counts.iter().filter(|((_, name), _)| name == step).map(|(_, count)| *count).max()
    };
    STEPS.iter().filter_map(|step| Some((*step, most(step)?))).collect()
}

/// Runs it and kills it at one of its steps.
fn killed(hospital: &Hospital, points: &[(&str, usize)], random: &Random, arguments: &[&str]) -> bool {
    let (step, most) = *random.pick(points);
    let when = random.between(1, most);
    let (trace, inject) = (format!("-etrace={step}"), format!("-einject={step}:signal=KILL:when={when}"));
    let output = traced(hospital, &["-e", "signal=none", &trace, &inject, "-o", "/dev/null"], arguments);
    !output.status.success()
}

/// Every database that looks like a backup is one, and is what its manifest says; how many there are.
fn whole_ones(folder: &Path) -> Result<usize, String> {
    let mut whole = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.starts_with("casetrack-") && path.extension().is_some_and(|ending| ending == "db") {
            let backup = Backup::at(&path).map_err(|error| error.to_string())?;
            backup.prove(&mut |_| ControlFlow::Continue(())).map_err(|error| error.to_string())?;
            whole += 1;
        }
    }
    Ok(whole)
}

#[test]
fn a_backup_that_is_killed_at_any_step_leaves_a_whole_one_or_none() {
    let random = Random::of_this_run("kill-backup");
    let hospital = Hospital::open("kill-backup", SIZE);
    let folder = hospital.join("backups");
    std::fs::create_dir(&folder).unwrap();
    let to = folder.to_string_lossy().into_owned();
    let server = Server::start(&hospital);
    let address = server.address();
    let mut clerks = Clerk::all(&hospital, &random);
    let kills = if full() { KILLS.0 } else { KILLS.1 };
    let mut done = 0;
    work_at_once(&mut clerks, address, ENDLESS, |accepted| {
        until("scans are accepted", 60, || (accepted.load(Ordering::SeqCst) >= 10).then_some(()));
        let points = points(&hospital, &["backup", &to]);
        for _ in 0..kills {
            done += usize::from(killed(&hospital, &points, &random, &["backup", &to]));
            whole_ones(&folder).unwrap();
        }
        server.kill();
    });
    assert!(done * 2 > kills, "{done} of {kills} were killed");
    let output = hospital.run(&["backup", &to]);
    assert!(output.status.success(), "{}", told(&output));
    let names: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(names.iter().all(|name| !name.contains(".part")), "left behind: {names:?}");
    let found = backups(&folder).unwrap().len();
    assert_eq!((whole_ones(&folder), names.len()), (Ok(found), 2 * found + 1), "{names:?}");
    let output =
        hospital.run(&["drill", "--backup", &backups(&folder).unwrap()[found - 1].file.to_string_lossy()]);
    assert!(output.status.success(), "{}", told(&output));
    eprintln!("kill-backup: {done} of {kills} killed, {found} backups are whole");
}

#[test]
fn a_restore_that_is_killed_at_any_step_leaves_a_whole_folder_or_none() {
    let random = Random::of_this_run("kill-restore");
    let hospital = Hospital::open("kill-restore", SIZE);
    let (folder, new) = (hospital.join("backups"), hospital.join("restored"));
    std::fs::create_dir(&folder).unwrap();
    let (from, to) = (folder.to_string_lossy().into_owned(), new.to_string_lossy().into_owned());
    assert!(hospital.run(&["backup", &from]).status.success());
    let restore = ["restore", from.as_str(), to.as_str()];
    let points = points(&hospital, &restore);
    std::fs::remove_dir_all(&new).unwrap();
    let kills = if full() { KILLS.0 } else { KILLS.1 };
    let (mut done, mut whole) = (0, 0);
    for _ in 0..kills {
        done += usize::from(killed(&hospital, &points, &random, &restore));
        if new.exists() {
            whole += 1;
        } else {
            let output = hospital.run(&restore);
            assert!(output.status.success(), "again: {}", told(&output));
        }
        let output = hospital.run(&["verify", "--data", &to]);
        assert!(output.status.success(), "{}", told(&output));
        std::fs::remove_dir_all(&new).unwrap();
    }
    assert!(done * 2 > kills, "{done} of {kills} were killed");
    assert!(!hospital.join(".restored.restoring").exists());
    eprintln!("kill-restore: {done} of {kills} killed, {whole} were whole at once");
}

#[derive(Debug, Default)]
struct Score {
    cuts: usize,
    /// Cuts that left what looks like a backup and is none.
    half: usize,
    /// Cuts that left a whole one.
    whole: usize,
    /// Whether the last, after the program had said that it was done, left it.
    kept: bool,
}

fn cut(
    events: &[Event],
    before: &Disk,
    hospital: &Hospital,
    folder: &Path,
    random: &Random,
    share: usize,
) -> Score {
    let mut score = Score::default();
    let mut disk = before.clone();
    let left = hospital.join("left");
    let mut done = 0;
    for moment in moments(events, folder, share, random) {
        events[done..moment].iter().for_each(|event| disk.apply(event));
        done = moment;
        disk.cut_power(random, &left);
        let found = whole_ones(&left);
        score.cuts += 1;
        score.half += usize::from(found.is_err());
        score.whole += usize::from(found == Ok(1));
        score.kept = found == Ok(1);
        std::fs::remove_dir_all(&left).unwrap();
    }
    score
}

#[test]
fn a_power_cut_leaves_a_whole_backup_or_none_and_one_that_was_told_stays() {
    let random = Random::of_this_run("power-backup");
    let hospital = Hospital::open("power-backup", SIZE);
    let folder = hospital.join("backups");
    std::fs::create_dir(&folder).unwrap();
    let before = Disk::of(&folder);
    let record = hospital.join("backup.record");
    let out = record.to_string_lossy().into_owned();
    let options = [&trace::OPTIONS[..], &["-o", &out]].concat();
    let output = traced(&hospital, &options, &["backup", &folder.to_string_lossy()]);
    assert!(output.status.success(), "{}", told(&output));
    let events = trace::read(&record);
    let share = if full() { 1 } else { SHARE };
    let score = cut(&events, &before, &hospital, &folder, &random, share);
    eprintln!("power-backup: {score:?}");
    assert!(score.half == 0 && score.kept && score.cuts >= 15, "{score:?}");

    let without = |is_left_out: &dyn Fn(&Path) -> bool| -> Vec<Event> {
        let kept = |event: &&Event| !matches!(&event.deed, Deed::Synced { file } if is_left_out(file));
        events.iter().filter(kept).cloned().collect()
    };
    let database = without(&|file| file.to_string_lossy().ends_with(".db.part"));
    let score = cut(&database, &before, &hospital, &folder, &random, 1);
    assert!(score.half > 0, "this test would not notice a database that is not synced: {score:?}");
    let names = without(&|file| file == folder);
    let lost = (0..8).any(|_| {
        let score = cut(&names, &before, &hospital, &folder, &random, 1);
        score.half > 0 || !score.kept
    });
    assert!(lost, "this test would not notice a folder that is not synced");
}
