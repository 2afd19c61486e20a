//! The disk fills: it is said, imports stop, scans stop, each before the disk does; and all goes on once there is room.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::Command;

use uuid::Uuid;

use super::program::clerk::{Clerk, work_at_once};
use super::program::folder::Folder;
use super::program::hospital::{Hospital, Size, told, volume};
use super::program::ledger::Ledger;
use super::program::random::Random;
use super::program::server::Server;
use super::program::{not_tried, until};

const SIZE: Size = Size { desks: 6, volumes: 200 };
/// Room at the beginning, and the floors: imports end half-way between the two. They lie so far apart because the log
/// takes some megabytes for a moment and gives them back.
const DISK: &str = "size=64m";
const FLOORS: (&str, &str) = ("16 MB", "4 MB");
const MB: u64 = 1_000_000;
/// Far more scans of one desk than the room that is left takes.
const TOO_MANY: usize = 5_000;
/// Longest time until everybody knows, in seconds.
const TOLD_S: u32 = 30;

/// A small file system, unmounted with its test.
struct SmallDisk(Folder);

impl SmallDisk {
    /// `None` where this user may not mount.
    fn mount() -> Option<Self> {
        let folder = Folder::new("small");
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", DISK, "casetrack-test"]).arg(folder.path());
        let mounted = mount.output().is_ok_and(|output| output.status.success());
        mounted.then_some(Self(folder))
    }

    fn data(&self) -> PathBuf {
        self.0.join("data")
    }

    fn free(&self) -> u64 {
        let disk = rustix::fs::statvfs(self.0.path()).unwrap();
        disk.f_bavail * disk.f_frsize
    }

    /// Leaves just so many bytes free, whatever else is written at this moment.
    fn leave(&self, free: u64) {
        let ballast = self.0.join("ballast");
        let mut file = OpenOptions::new().create(true).append(true).open(ballast).unwrap();
        let more = self.free().saturating_sub(free);
        if more > 0 {
            file.write_all(&vec![0; usize::try_from(more).unwrap()]).unwrap();
        } else {
            file.set_len(file.metadata().unwrap().len().saturating_sub(free - self.free())).unwrap();
        }
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).output();
    }
}

fn ready(server: &Server) -> (u16, String) {
    let reply = server.client().get("/readyz").unwrap();
    (reply.status, reply.body)
}

fn import(hospital: &Hospital) -> (Option<i32>, String) {
    let output = hospital.run(&["import", "staff", &hospital.join("staff.csv").to_string_lossy()]);
    (output.status.code(), told(&output))
}

fn is_down(server: &Server, desk: &str) -> bool {
    let page = server.client().get(&format!("/desks/{desk}?session=api")).unwrap();
    page.body.contains("Nothing is recorded")
}

#[test]
fn a_filling_disk_is_told_then_takes_no_imports_then_no_scans_and_goes_on_once_there_is_room() {
    let Some(disk) = SmallDisk::mount() else {
        return not_tried("a_filling_disk", "only root may mount a small file system");
    };
    let random = Random::of_this_run("space");
    let hospital = Hospital::above_floors("space", SIZE, &disk.data(), FLOORS);
    let server = Server::start(&hospital);
    let (status, said) = ready(&server);
    assert!(status == 200 && said.contains("space: well"), "{said}");
    let mut clerks = Clerk::all(&hospital, &random);

    // The warning comes from scans alone, and nothing is refused.
    disk.leave(16 * MB + MB / 4);
    work_at_once(&mut clerks, server.address(), 40, |_| {});
    disk.leave(29 * MB / 2);
    let (_, said) = until("it is said early", TOLD_S, || {
        Some(ready(&server)).filter(|(_, said)| said.contains("getting full"))
    });
    assert!(said.starts_with("ok\n") && said.contains(" MB left"), "{said}");
    assert!(server.client().get("/").unwrap().body.contains("disk is getting full"));
    assert!(
        server
            .client()
            .get("/metrics")
            .unwrap()
            .body
            .contains("casetrack_state{part=\"space\",state=\"look\"} 1")
    );
    assert_eq!(import(&hospital).0, Some(0), "there is room for an import yet");

    // Then no import goes in, while scans do.
    disk.leave(7 * MB);
    until("no import is taken", TOLD_S, || server.log().contains("no imports, scans go on").then_some(()));
    let (code, said) = import(&hospital);
    assert!(code == Some(1) && said.contains("too little room on the disk"), "{said}");
    let accepted = server.client().scan("DESK-0", Uuid::now_v7(), &volume(0)).unwrap();
    assert_eq!(accepted.status, 200, "{accepted:?}");

    // Then scans fill it up to the last floor, and no further.
    disk.leave(4 * MB + MB / 4);
    work_at_once(&mut clerks, server.address(), TOO_MANY, |_| {});
    let refused = clerks.iter_mut().filter_map(|clerk| clerk.sent_away.take()).collect::<Vec<_>>();
    assert!(!refused.is_empty(), "the disk was never full");
    assert!(
        refused.iter().all(|reply| reply.status == 503 && reply.header("retry-after").is_some()),
        "{refused:?}"
    );
    disk.leave(3 * MB);
    until("readyz is red", TOLD_S, || (ready(&server).0 == 503).then_some(()));
    for clerk in &clerks {
        until("the desk says to use paper slips", TOLD_S, || is_down(&server, &clerk.desk).then_some(()));
        let again = server.client().scan(&clerk.desk, Uuid::now_v7(), &volume(1)).unwrap();
        assert_eq!(again.status, 503, "{again:?}");
    }
    assert!(
        server.client().get("/find?q=Surname7").unwrap().body.contains("Surname7"),
        "pages go on reading"
    );

    // With room it goes on by itself, and what was refused is recorded when it is sent again.
    disk.leave(30 * MB);
    until("it goes on by itself", TOLD_S, || (ready(&server).1.contains("space: well")).then_some(()));
    for clerk in &mut clerks {
        until("the desk goes on", TOLD_S, || (!is_down(&server, &clerk.desk)).then_some(()));
        if let Some((id, text)) = clerk.in_flight.take() {
            assert!(clerk.post(&mut server.client(), id, &text), "{:?}", clerk.sent_away);
        }
    }
    work_at_once(&mut clerks, server.address(), 5, |_| {});
    assert_eq!(import(&hospital).0, Some(0));

    let log = server.log();
    let at = |words: &str| log.find(words).unwrap_or_else(|| panic!("{words}: {log}"));
    assert!(at("getting full") < at("no imports") && at("no imports") < at("as good as full"), "{log}");
    assert!(at("as good as full") < at("there is room on the disk again"), "{log}");
    assert!(!log.contains("database or disk is full") && !log.contains("the store has stopped"), "{log}");
    assert!(server.stop().success());
    Ledger::read(hospital.data()).unwrap().agrees_with(clerks.iter().flat_map(|clerk| clerk.heard.iter()));
    hospital.verify();
    let accepted: usize = clerks.iter().map(|clerk| clerk.heard.len()).sum();
    eprintln!("space: {accepted} accepted, {} refused while the disk was full", refused.len());
}
