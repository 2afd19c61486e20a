//! The disk fills or fails: from then on nothing is accepted, every desk is told, and what was accepted is safe.

use std::path::PathBuf;
use std::process::Command;

use uuid::Uuid;

use super::common::clerk::{Clerk, work_at_once};
use super::common::folder::Folder;
use super::common::hospital::{Hospital, Size, volume};
use super::common::ledger::Ledger;
use super::common::random::Random;
use super::common::server::Server;
use super::common::until;

const SIZE: Size = Size { desks: 8, volumes: 200 };
/// Far more scans of one desk than the disk takes.
const TOO_MANY: usize = 3_000;
/// Longest time until everybody knows, in seconds.
const TOLD_S: u32 = 10;

/// Lets all desks scan until the disk gives up, then asks everybody.
fn everybody_is_told(hospital: &Hospital, server: &mut Server, random: &Random) -> Vec<Clerk> {
    let mut clerks = Clerk::all(hospital, random);
    work_at_once(&mut clerks, server.address(), TOO_MANY, |_| {});
    assert!(clerks.iter().any(|clerk| !clerk.heard.is_empty()), "nothing was accepted before the fault");
    assert!(server.runs(), "the server goes on to tell");
    for clerk in &mut clerks {
        let refusal = clerk.sent_away.take().unwrap_or_else(|| panic!("never told: {}", clerk.desk));
        assert_eq!(refusal.status, 503, "{refusal:?}");
        assert!(refusal.header("retry-after").is_some(), "{refusal:?}");
        let again = server.client().scan(&clerk.desk, Uuid::now_v7(), &volume(0)).unwrap();
        assert_eq!(again.status, 503, "accepted after the disk failed: {again:?}");
        assert!(again.header("retry-after").is_some(), "{again:?}");
        let page = format!("/desks/{}?session=api", clerk.desk);
        until("the desk's page says to use paper slips", TOLD_S, || {
            let page = server.client().get(&page).unwrap();
            page.body.to_lowercase().contains("paper slips").then_some(())
        });
    }
    until("readyz is red", TOLD_S, || (server.client().get("/readyz").unwrap().status == 503).then_some(()));
    clerks
}

/// Starts again on a sound disk: everything accepted is there.
fn nothing_is_lost(hospital: &Hospital, clerks: &[Clerk]) -> usize {
    let server = Server::start(hospital);
    let ledger = Ledger::read(hospital.data()).unwrap();
    ledger.agrees_with(clerks.iter().flat_map(|clerk| clerk.heard.iter()));
    let reply = server.client().scan(&clerks[0].desk, Uuid::now_v7(), &volume(1)).unwrap();
    assert_eq!(reply.status, 200, "{reply:?}");
    assert!(server.stop().success());
    hospital.verify();
    assert!(Ledger::recover(hospital.data()).is_some(), "the database is sound");
    clerks.iter().map(|clerk| clerk.heard.len()).sum()
}

fn with_fault(name: &str, calls: &str, error: &str, least: usize, most: usize) {
    let random = Random::of_this_run(name);
    let hospital = Hospital::open(name, SIZE);
    let from = random.between(least, most);
    let trace = format!("-etrace={calls}");
    let inject = format!("-einject={calls}:error={error}:when={from}+");
    let options = ["--seccomp-bpf", "-e", "signal=none", &trace, &inject];
    let mut server = Server::start_traced(&hospital, &options, &hospital.join("record"));
    let clerks = everybody_is_told(&hospital, &mut server, &random);
    server.ask_to_stop();
    server.ended(TOLD_S);
    let accepted = nothing_is_lost(&hospital, &clerks);
    eprintln!("{name}: {error} from call {from} on, {accepted} accepted before");
}

#[test]
fn a_disk_that_takes_no_more_bytes_accepts_nothing_more() {
    with_fault("full", "pwrite64", "ENOSPC", 60, 600);
}

#[test]
fn a_disk_that_fails_to_sync_accepts_nothing_more() {
    with_fault("sync", "fdatasync,fsync", "EIO", 15, 60);
}

#[test]
fn a_disk_that_fails_to_write_accepts_nothing_more() {
    with_fault("write", "pwrite64", "EIO", 60, 600);
}

/// A small file system, unmounted with its test.
struct SmallDisk(Folder);

impl SmallDisk {
    /// `None` where this user may not mount.
    fn mount() -> Option<Self> {
        let folder = Folder::new("small");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=8m", "casetrack-test"])
            .arg(folder.path())
            .output()
            .is_ok_and(|output| output.status.success());
        mounted.then_some(Self(folder))
    }

    fn data(&self) -> PathBuf {
        self.0.join("data")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).output();
    }
}

#[test]
fn a_disk_filled_for_real_accepts_nothing_more() {
    let Some(disk) = SmallDisk::mount() else {
        eprintln!("not shown here: only root may mount a small file system");
        return;
    };
    let random = Random::of_this_run("small");
    let hospital = Hospital::with_data_in("small-hospital", SIZE, &disk.data());
    let mut server = Server::start(&hospital);
    let ballast = disk.0.join("ballast");
    // dd stops when the file system is full but for these 600 KiB.
    let room = Command::new("df").args(["--output=avail", "-k"]).arg(disk.0.path()).output().unwrap();
    let room = String::from_utf8(room.stdout).unwrap();
    let room: usize = room.lines().last().unwrap().trim().parse().unwrap();
    std::fs::write(&ballast, vec![0; room.saturating_sub(600) * 1024]).unwrap();
    let clerks = everybody_is_told(&hospital, &mut server, &random);
    server.ask_to_stop();
    server.ended(TOLD_S);
    std::fs::remove_file(ballast).unwrap();
    let accepted = nothing_is_lost(&hospital, &clerks);
    eprintln!("small: {accepted} accepted before the disk was full");
}
