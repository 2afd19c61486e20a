//! The program is killed or stopped while 32 desks scan.

use std::collections::HashMap;
use std::sync::atomic::Ordering;

use uuid::Uuid;

use super::program::clerk::{Clerk, Heard, Open, work_at_once};
use super::program::hospital::{Hospital, Size, desk, volume};
use super::program::ledger::Ledger;
use super::program::random::Random;
use super::program::server::Server;
use super::program::{full, until};

const SIZE: Size = Size { desks: 32, volumes: 1_500 };
/// Kills of the full and of the short form.
const KILLS: (usize, usize) = (200, 20);
/// More scans than any clerk gets answered before the end.
const ENDLESS: usize = 100_000;
/// Longest clean stop, in seconds.
const STOP_S: u32 = 10;
/// Of each desk's answers, so many of the newest are asked for again.
const ASKED_AGAIN: usize = 4;

/// What was answered in all rounds.
#[derive(Default)]
struct Answers(HashMap<Uuid, Heard>);

impl Answers {
    fn take(&mut self, clerks: &mut [Clerk]) -> usize {
        let mut new = 0;
        for heard in clerks.iter_mut().flat_map(|clerk| clerk.heard.drain(..)) {
            self.0.insert(heard.id, heard);
            new += 1;
        }
        new
    }
}

/// A known id gets the stored answer and moves nothing.
fn asks_again(server: &Server, clerks: &[Clerk], data: &std::path::Path) -> usize {
    let before = Ledger::read(data).unwrap();
    let mut asked = 0;
    for clerk in clerks {
        let mut client = server.client();
        for heard in clerk.heard.iter().rev().take(ASKED_AGAIN) {
            let again = client.scan(&clerk.desk, heard.id, &heard.text).unwrap();
            assert_eq!(again.status, 200, "{heard:?} again: {again:?}");
            // Where a folder is is told as it is when asked; everything else as it was answered.
            let question = heard.text.starts_with('F') && heard.reply.field("signal") == "told";
            let fields: &[_] = if question { &["signal"] } else { &["signal", "title", "detail"] };
            for field in fields {
                assert_eq!(again.field(field), heard.reply.field(field), "{heard:?} again: {again:?}");
            }
            assert_eq!(again.movements(), heard.reply.movements(), "{heard:?} again: {again:?}");
            asked += 1;
        }
    }
    assert_eq!(Ledger::read(data).unwrap(), before, "asking again made something");
    asked
}

/// Under an open place card folders are still sent, or one is refused in so many words; none is silently received.
fn goes_on_or_says_that_it_ended(server: &Server, clerk: &mut Clerk) -> bool {
    let mut client = server.client();
    let known = clerk.open;
    let first = clerk.heard.len();
    if let Some((id, text)) = clerk.in_flight.take() {
        assert!(clerk.post(&mut client, id, &text), "{:?}", clerk.sent_away);
    }
    for _ in 0..2 {
        let folder = clerk.fresh_folder();
        assert!(clerk.post(&mut client, Uuid::now_v7(), &folder), "{:?}", clerk.sent_away);
    }
    if known != Open::Sending {
        return false;
    }
    let mut ended = false;
    for heard in clerk.heard[first..].iter().filter(|heard| heard.text.starts_with('F')) {
        let signal = heard.reply.field("signal");
        match signal.as_str() {
            "arrived" => assert!(ended, "silently received under a place card: {heard:?}"),
            "refused" => {
                assert!(!ended && heard.reply.body.contains("ended"), "{heard:?}");
                ended = true;
            }
            "sent" | "look" | "stop" | "told" => {}
            _ => panic!("neither sent nor refused: {heard:?}"),
        }
    }
    true
}

#[test]
fn a_kill_at_any_moment_loses_nothing_and_doubles_nothing() {
    let random = Random::of_this_run("kill");
    let hospital = Hospital::open("kill", SIZE);
    let mut clerks = Clerk::all(&hospital, &random);
    let mut answers = Answers::default();
    let (mut asked, mut resumed) = (0, 0);
    let kills = if full() { KILLS.0 } else { KILLS.1 };
    for _ in 0..kills {
        let server = Server::start(&hospital);
        let address = server.address();
        let after = random.between(1, 400);
        work_at_once(&mut clerks, address, ENDLESS, |accepted| {
            until("scans are accepted", 60, || (accepted.load(Ordering::SeqCst) >= after).then_some(()));
            server.kill();
        });
        let server = Server::start(&hospital);
        asked += asks_again(&server, &clerks, hospital.data());
        for clerk in &mut clerks {
            resumed += usize::from(goes_on_or_says_that_it_ended(&server, clerk));
        }
        answers.take(&mut clerks);
        Ledger::read(hospital.data()).unwrap().agrees_with(answers.0.values());
        server.kill();
        hospital.verify();
    }
    let accepted = answers.0.len();
    eprintln!("kill: {kills} kills, {accepted} accepted, {asked} asked again, {resumed} sessions went on");
    assert!(resumed > 0, "no desk was sending at any kill");
}

#[test]
fn a_stop_in_the_middle_of_a_busy_batch_finishes_what_it_took() {
    let random = Random::of_this_run("stop");
    let hospital = Hospital::open("stop", SIZE);
    let mut clerks = Clerk::all(&hospital, &random);
    let mut server = Server::start(&hospital);
    let after = random.between(200, 600);
    work_at_once(&mut clerks, server.address(), ENDLESS, |accepted| {
        until("scans are accepted", 60, || (accepted.load(Ordering::SeqCst) >= after).then_some(()));
        server.ask_to_stop();
        assert_eq!(server.ended(STOP_S).code(), Some(0), "a clean stop");
    });
    for clerk in &clerks {
        let status = clerk.sent_away.as_ref().map(|reply| reply.status);
        assert!(status.is_none_or(|status| status == 503), "{:?}", clerk.sent_away);
    }
    hospital.verify();
    let server = Server::start(&hospital);
    let ledger = Ledger::read(hospital.data()).unwrap();
    ledger.agrees_with(clerks.iter().flat_map(|clerk| clerk.heard.iter()));
    asks_again(&server, &clerks, hospital.data());
    drop(server);
    let accepted: usize = clerks.iter().map(|clerk| clerk.heard.len()).sum();
    eprintln!("stop: {accepted} accepted");
}

#[test]
fn two_desks_scan_the_same_folder_in_the_same_instant() {
    let hospital = Hospital::open("instant", Size { desks: 2, volumes: 50 });
    let server = Server::start(&hospital);
    let before = Ledger::read(hospital.data()).unwrap();
    for number in 0..50 {
        let volume = volume(number);
        let start = std::sync::Barrier::new(2);
        let replies: Vec<_> = std::thread::scope(|scope| {
            let desks: Vec<_> = (0..2)
                .map(|at| {
                    let (server, start, volume) = (&server, &start, &volume);
                    scope.spawn(move || {
                        let mut client = server.client();
                        start.wait();
                        client.scan(&desk(at), Uuid::now_v7(), volume).unwrap()
                    })
                })
                .collect();
            desks.into_iter().map(|desk| desk.join().unwrap()).collect()
        });
        for reply in &replies {
            assert_eq!((reply.status, reply.movements().len()), (200, 1), "{reply:?}");
        }
        let history = server.client().get(&format!("/api/v1/volumes/{volume}/movements")).unwrap().json();
        assert_eq!(history["items"].as_array().map(Vec::len), Some(2), "{history}");
        let present = server.client().get(&format!("/api/v1/volumes/{volume}")).unwrap().json();
        let newest = &history["items"][0];
        assert_eq!(
            (&present["state"], &present["since"]),
            (&"at".into(), &newest["at"]),
            "{present} {history}"
        );
    }
    let after = Ledger::read(hospital.data()).unwrap();
    assert_eq!(after.movements, before.movements + 100);
    drop(server);
    hospital.verify();
}
