//! The disk fills or fails: from then on nothing is accepted, every desk is told, and what was accepted is safe.

use uuid::Uuid;

use super::program::clerk::{Clerk, work_at_once};
use super::program::hospital::{Hospital, Size, volume};
use super::program::ledger::Ledger;
use super::program::random::Random;
use super::program::server::Server;
use super::program::{full, until};

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
            page.body.contains("Nothing is recorded").then_some(())
        });
    }
    until("readyz is red", TOLD_S, || (server.client().get("/readyz").unwrap().status == 503).then_some(()));
    clerks
}

/// Starts again on a sound disk: everything accepted is there; says how many scans were.
fn nothing_is_lost(hospital: &Hospital, mut clerks: Vec<Clerk>) -> usize {
    let server = Server::start(hospital);
    let ledger = Ledger::read(hospital.data()).unwrap();
    ledger.agrees_with(clerks.iter().flat_map(|clerk| clerk.heard.iter()));
    for clerk in &mut clerks {
        // What was not accepted is posted again with the same id, recorded by then or not.
        let (id, text) = clerk.in_flight.take().unwrap();
        assert!(clerk.post(&mut server.client(), id, &text), "{:?}", clerk.sent_away);
    }
    let ledger = Ledger::read(hospital.data()).unwrap();
    ledger.agrees_with(clerks.iter().flat_map(|clerk| clerk.heard.iter()));
    assert!(server.stop().success());
    hospital.verify();
    assert!(Ledger::recover(hospital.data()).is_some(), "the database is sound");
    clerks.iter().map(|clerk| clerk.heard.len()).sum()
}

/// Which calls fail, how, and from which call of a thread on.
struct Fault {
    name: &'static str,
    calls: &'static str,
    error: &'static str,
    from: (usize, usize),
    lasts: Lasts,
}

enum Lasts {
    Once,
    ForEver,
}

/// Rounds of each fault in the full form; one in the short.
const ROUNDS: usize = 12;

fn with_fault(fault: &Fault) {
    let random = Random::of_this_run(fault.name);
    for _ in 0..if full() { ROUNDS } else { 1 } {
        once_with_fault(fault, &random);
    }
}

fn once_with_fault(fault: &Fault, random: &Random) {
    let Fault { name, calls, error, from, lasts } = fault;
    let hospital = Hospital::open(name, SIZE);
    let from = random.between(from.0, from.1);
    let on = match lasts {
        Lasts::Once => "",
        Lasts::ForEver => "+",
    };
    let trace = format!("-etrace={calls}");
    let inject = format!("-einject={calls}:error={error}:when={from}{on}");
    let options = ["--seccomp-bpf", "-e", "signal=none", &trace, &inject];
    let mut server = Server::start_traced(&hospital, &options, &hospital.join("record"));
    let clerks = everybody_is_told(&hospital, &mut server, random);
    server.ask_to_stop();
    server.ended(TOLD_S);
    let accepted = nothing_is_lost(&hospital, clerks);
    eprintln!("{name}: {error} from call {from}{on}, {accepted} accepted before");
}

#[test]
fn a_disk_that_takes_no_more_bytes_accepts_nothing_more() {
    let (calls, error) = ("pwrite64", "ENOSPC");
    with_fault(&Fault { name: "full", calls, error, from: (60, 600), lasts: Lasts::ForEver });
}

#[test]
fn a_disk_that_fails_to_sync_accepts_nothing_more() {
    let (calls, error) = ("fdatasync,fsync", "EIO");
    with_fault(&Fault { name: "sync", calls, error, from: (15, 60), lasts: Lasts::ForEver });
}

/// After a failed sync the kernel may have thrown the bytes away: a second one that succeeds says nothing.
#[test]
fn a_sync_that_fails_once_is_never_tried_again() {
    let (calls, error) = ("fdatasync,fsync", "EIO");
    with_fault(&Fault { name: "once", calls, error, from: (15, 60), lasts: Lasts::Once });
}

#[test]
fn a_disk_that_fails_to_write_accepts_nothing_more() {
    let (calls, error) = ("pwrite64", "EIO");
    with_fault(&Fault { name: "write", calls, error, from: (60, 600), lasts: Lasts::ForEver });
}

/// Only syncs of the database fail, and only writing the log back does those.
#[test]
fn a_log_that_cannot_be_written_back_is_told_at_once_though_nobody_scans() {
    let hospital = Hospital::open("write-back", SIZE);
    let database = hospital.data().join("casetrack.db");
    let inject = "-einject=fsync,fdatasync:error=EIO";
    let options = ["-P", &database.to_string_lossy(), "-e", "signal=none", "-etrace=fsync,fdatasync", inject];
    let mut server = Server::start_traced(&hospital, &options, &hospital.join("record"));
    let id = Uuid::now_v7();
    assert_eq!(server.client().scan("DESK-0", id, &volume(0)).unwrap().status, 200);
    until("readyz is red", TOLD_S, || (server.client().get("/readyz").unwrap().status == 503).then_some(()));
    let again = server.client().scan("DESK-0", Uuid::now_v7(), &volume(1)).unwrap();
    assert_eq!(again.status, 503, "accepted after the disk failed: {again:?}");
    server.ask_to_stop();
    server.ended(TOLD_S);
    let record = std::fs::read_to_string(hospital.join("record")).unwrap();
    assert_eq!(record.matches("INJECTED").count(), 1, "tried again: {record}");
    assert!(Ledger::recover(hospital.data()).is_some_and(|ledger| ledger.holds(&id)));
}
