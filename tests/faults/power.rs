//! The power goes at any moment while desks scan: nothing accepted is lost, nothing is corrupt.

use std::collections::{HashMap, HashSet, VecDeque};
use std::path::Path;
use std::process::Command;

use uuid::Uuid;

use super::program::clerk::{Clerk, work_at_once};
use super::program::hospital::{Hospital, KINDS, PROGRAM, Size, told};
use super::program::ledger::Ledger;
use super::program::random::Random;
use super::program::server::Server;
use super::program::{full, until};
use super::replay::{Disk, moments};
use super::trace::{self, Deed, Event};

const SIZE: Size = Size { desks: 6, volumes: 200 };
/// Scans of each desk before and after the log was written back.
const SCANS: usize = 25;
/// The short form cuts the power at one moment in so many.
const SHARE: usize = 8;
/// `verify` rebuilds everything; it is asked at one cut in so many in the short form.
const VERIFY_SHARE: usize = 4;

/// A recorded morning.
struct Morning {
    hospital: Hospital,
    before: Disk,
    events: Vec<Event>,
    /// By the client's port, the scans in the order in which they were answered.
    wire: HashMap<u16, VecDeque<Uuid>>,
    accepted: usize,
}

#[derive(Debug, Default)]
struct Score {
    cuts: usize,
    corrupt: usize,
    /// Cuts that lost something accepted.
    lost: usize,
    verified: usize,
}

fn record(random: &Random, more_options: &[&str]) -> Morning {
    let hospital = Hospital::open("power", SIZE);
    let before = Disk::of(hospital.data());
    let record = hospital.join("record");
    let options = [&trace::OPTIONS, more_options].concat();
    let server = Server::start_traced(&hospital, &options, &record);
    let pid = server.pid().as_raw_nonzero().get();
    let mut clerks = Clerk::all(&hospital, random);
    for _ in 0..2 {
        work_at_once(&mut clerks, server.address(), SCANS, |_| {});
    }
    assert!(server.stop().success());
    until("strace has written everything down", 60, || trace::is_complete(&record, pid).then_some(()));
    let events = trace::read(&record);
    let accepted = clerks.iter().map(|clerk| clerk.heard.len()).sum();
    assert_eq!(accepted, SIZE.desks * SCANS * 2);
    let mut wire: HashMap<u16, VecDeque<Uuid>> = HashMap::new();
    for (port, id) in clerks.iter().flat_map(|clerk| clerk.wire.iter().copied()) {
        wire.entry(port).or_default().push_back(id);
    }
    Morning { hospital, before, events, wire, accepted }
}

/// Cuts the power at every chosen moment and looks at what is left.
fn cut(morning: &Morning, share: usize, verify_share: usize, random: &Random) -> Score {
    let mut score = Score::default();
    let mut disk = morning.before.clone();
    let mut wire = morning.wire.clone();
    let mut accepted = HashSet::new();
    let mut done = 0;
    for moment in moments(&morning.events, morning.hospital.data(), share, random) {
        for event in &morning.events[done..moment] {
            disk.apply(event);
            accepted.extend(answered(event, &mut wire));
        }
        done = moment;
        let left = morning.hospital.join("left");
        disk.cut_power(random, &left);
        score.cuts += 1;
        if verify_share > 0 && random.one_in(verify_share) {
            verify(&left, moment);
            score.verified += 1;
        }
        match Ledger::recover(&left) {
            None => score.corrupt += 1,
            Some(ledger) if accepted.iter().any(|id| !ledger.holds(id)) => score.lost += 1,
            Some(_) => {}
        }
        std::fs::remove_dir_all(left).unwrap();
    }
    assert_eq!(accepted.len(), morning.accepted, "every answer is found in the record");
    score
}

/// The scan whose good answer begins to leave the server with this event.
fn answered(event: &Event, wire: &mut HashMap<u16, VecDeque<Uuid>>) -> Option<Uuid> {
    let Deed::Said { port, bytes } = &event.deed else { return None };
    let status = bytes.strip_prefix(b"HTTP/1.1 ")?;
    let id = wire.get_mut(port)?.pop_front()?;
    status.starts_with(b"200").then_some(id)
}

/// Fails the test unless the present is what the movements add up to.
fn verify(data: &Path, moment: usize) {
    let output = Command::new(PROGRAM).arg("verify").arg("--data").arg(data).output().unwrap();
    assert!(output.status.success(), "verify after a cut at {moment}: {}", told(&output));
}

/// The same morning as SQLite's NORMAL would have written it: the log is synced before it is written back into the
/// database, and at no commit.
fn as_normal(events: &[Event]) -> Vec<Event> {
    let is_log = |file: &Path| file.to_string_lossy().ends_with("-wal");
    let is_database = |file: &Path| file.extension().is_some_and(|extension| extension == "db");
    let writes_back = |at: usize| {
        let same_thread = events[at + 1..].iter().filter(|event| event.thread == events[at].thread);
        let next = same_thread.filter_map(|event| match &event.deed {
            Deed::Wrote { file, .. } if is_log(file) => Some(false),
            Deed::Wrote { file, .. } if is_database(file) => Some(true),
            _ => None,
        });
        next.take(1).any(|of_database| of_database)
    };
    let kept = events.iter().enumerate().filter(|(at, event)| match &event.deed {
        Deed::Synced { file } if is_log(file) => writes_back(*at),
        _ => true,
    });
    kept.map(|(_, event)| event.clone()).collect()
}

#[test]
fn a_power_cut_loses_nothing_that_was_accepted() {
    let random = Random::of_this_run("power");
    let mut morning = record(&random, &[]);
    let (share, verify_share) = if full() { (1, 1) } else { (SHARE, VERIFY_SHARE) };
    let score = cut(&morning, share, verify_share, &random);
    eprintln!("power: {} accepted, {score:?}", morning.accepted);
    assert!(score.cuts >= 30, "{score:?}");
    assert_eq!((score.corrupt, score.lost), (0, 0), "{score:?}");

    morning.events = as_normal(&morning.events);
    let lazy = cut(&morning, share.div_ceil(2), 0, &random);
    eprintln!("power, as synchronous=NORMAL: {lazy:?}");
    assert!(lazy.corrupt == 0 && lazy.lost > 0, "this test would not notice synchronous=NORMAL: {lazy:?}");
}

#[test]
fn a_disk_that_only_pretends_to_sync_would_be_noticed() {
    let random = Random::of_this_run("pretend");
    let morning = record(&random, &["-einject=fsync,fdatasync:retval=0"]);
    let score = cut(&morning, SHARE, 0, &random);
    eprintln!("pretend: {} accepted, {score:?}", morning.accepted);
    assert!(score.lost > 0, "this test would not notice a commit without fsync: {score:?}");
}

#[test]
fn an_import_that_said_done_survives_a_power_cut() {
    let random = Random::of_this_run("import");
    let size = Size { desks: 1, volumes: 1_200 };
    let hospital = Hospital::open_traced("import", size, &trace::OPTIONS);
    let mut disk = Disk::empty(hospital.data());
    for kind in KINDS {
        for event in trace::read(&hospital.join(&format!("{kind}.record"))) {
            disk.apply(&event);
        }
        disk.next_record();
        for _ in 0..if full() { 40 } else { 4 } {
            let left = hospital.join("left");
            disk.cut_power(&random, &left);
            verify(&left, 0);
            let ledger = Ledger::recover(&left).unwrap_or_else(|| panic!("not sound after {kind}"));
            assert_eq!(ledger.volumes, if kind == "volumes" { size.volumes } else { 0 }, "after {kind}");
            std::fs::remove_dir_all(left).unwrap();
        }
    }
}

#[test]
fn a_new_data_folder_is_on_disk_before_anything_is_written_into_it() {
    let hospital = Hospital::open_traced("new-folder", Size { desks: 1, volumes: 20 }, &trace::OPTIONS);
    let events = trace::read(&hospital.join("places.record"));
    let data = hospital.data();
    let made = |event: &Event| matches!(&event.deed, Deed::MadeFolder { folder } if folder == data);
    let synced =
        |event: &Event| matches!(&event.deed, Deed::Synced { file } if Some(file.as_path()) == data.parent());
    let written = |event: &Event| matches!(&event.deed, Deed::Wrote { file, .. } if file.starts_with(data));
    let first = |is: &dyn Fn(&Event) -> bool| events.iter().position(is).unwrap();
    assert!(first(&made) < first(&synced) && first(&synced) < first(&written));
}

#[test]
fn founding_the_data_cut_short_is_finished_by_running_it_again() {
    let random = Random::of_this_run("founding");
    let hospital = Hospital::open_traced("founding", Size { desks: 1, volumes: 20 }, &trace::OPTIONS);
    let events = trace::read(&hospital.join("places.record"));
    let file = hospital.join("places.csv");
    let left = hospital.join("left");
    let mut disk = Disk::empty(hospital.data());
    let mut done = 0;
    let share = if full() { 1 } else { SHARE };
    for moment in moments(&events, hospital.data(), share, &random) {
        events[done..moment].iter().for_each(|event| disk.apply(event));
        done = moment;
        disk.cut_power(&random, &left);
        let again = ["import", "places", &file.to_string_lossy(), "--data", &left.to_string_lossy()];
        let output = hospital.run(&again);
        assert!(output.status.success(), "after a cut at {moment}: {}", told(&output));
        verify(&left, moment);
        std::fs::remove_dir_all(&left).unwrap();
    }
}
