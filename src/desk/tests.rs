//! Desks as the program uses them: tasks, inboxes, scanners, and a writer that answers when it is told to.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use super::*;
use crate::domain::StaffId;
use crate::domain::answer::Answer;
use crate::domain::command::Novelty;
use crate::domain::place::{Place, PlaceKind};
use crate::domain::refusal::Reason;
use crate::domain::staff::{Role, Staff};
use crate::domain::{PlaceId, VolumeId};
use crate::scan::frame::{End, Frame};

struct Writer {
    desks: Desks,
    commands: mpsc::Receiver<Submission>,
    stopped: watch::Sender<bool>,
    /// How often a session has begun.
    begun: Arc<AtomicUsize>,
}

fn code(text: &str) -> Code {
    text.parse().unwrap()
}

fn place(key: i64, text: &str, name: &str) -> Place {
    Place { name: name.to_owned(), ..Place::plain(key, text, PlaceKind::Clinic, None) }
}

fn writer() -> Writer {
    let places = [place(1, "CL5", "Clinic 5"), place(2, "CARD", "Cardiology")];
    let person =
        Staff { id: StaffId::new(1), badge: code("B1"), name: "Ann Clerk".to_owned(), role: Role::Clerk };
    let directory = Arc::new(Directory::new(places, [person], [PlaceId::new(1), PlaceId::new(2)]));
    let setup = |text: &str, place: &str| DeskSetup {
        code: code(text),
        place: code(place),
        sign_on: SignOn::Optional,
        sign_on_idle: Duration::from_mins(15),
        pairing: None,
        label_printer: None,
    };
    let (sender, commands) = mpsc::channel(16);
    let (stopped, stop) = watch::channel(false);
    let begun = Arc::new(AtomicUsize::new(0));
    let counted = begun.clone();
    let desks = Desks::new(Surroundings {
        setups: [setup("D1", "CL5"), setup("D2", "NOWHERE")].map(|setup| (setup.code.clone(), setup)).into(),
        rules: Arc::from([]),
        commands: sender,
        directory: watch::channel(directory).1,
        clock: Clock::system(),
        past: Arc::new(move |_, _| {
            counted.fetch_add(1, Ordering::SeqCst);
            Box::pin(async { Vec::new() })
        }),
        turns: Arc::new(move |takes| {
            let mut stop = stop.clone();
            Box::pin(async move { drop(stop.wait_for(|stopped| *stopped == (takes == Takes::Scans)).await) })
        }),
        time_zone: jiff::tz::TimeZone::UTC,
        filings: Arc::default(),
    });
    Writer { desks, commands, stopped, begun }
}

fn posted(text: &str) -> Posted {
    let id = scan_id(Clock::system().read());
    Posted { id, text: text.to_owned(), aim: None, entry: Entry::Scanned, at: None, came: Came::Keys }
}

fn frame(text: &str, at: crate::clock::Reading) -> Frame {
    Frame { text: text.to_owned(), aim: None, at, end: End::Byte }
}

fn outcome(command: &Command) -> Outcome {
    let answer = if let crate::domain::command::Act::Tell(answer) = &command.act {
        *answer
    } else {
        Answer::new(Reason::ReceivedHere).of(VolumeId::new(1))
    };
    Outcome {
        scan: command.scan.id,
        novelty: Novelty::New,
        answer,
        movements: Vec::new(),
        learned_at: command.scan.clocks.happened,
        volumes: Vec::new(),
        siblings: Vec::new(),
        patient: None,
    }
}

impl Writer {
    async fn next(&mut self) -> Submission {
        tokio::time::timeout(Duration::from_secs(10), self.commands.recv()).await.unwrap().unwrap()
    }

    async fn accept(&mut self) {
        let (command, reply) = self.next().await;
        reply.send(Ok(outcome(&command))).unwrap();
    }

    /// A scanner at the first desk, and what it is told.
    fn gun(&self, name: &str) -> (ScannerInlet, mpsc::Receiver<Tone>) {
        let (heard, tones) = mpsc::channel(2 * MAX_INBOX);
        let feedback: Feedback = Arc::new(move |tone| heard.try_send(tone).unwrap());
        (self.desks.attach(&code("D1"), "tab", name, feedback, Footing::Ours).unwrap(), tones)
    }

    /// The page of the first desk once it shows `way`.
    async fn shows(&self, way: Way) -> SessionView {
        let mut changes = self.desks.changes();
        loop {
            let view = self.desks.view(&code("D1"), "tab").await.unwrap();
            if view.line == way {
                return view;
            }
            tokio::time::timeout(Duration::from_secs(10), changes.recv()).await.unwrap().unwrap();
        }
    }

    /// The pulse of the first desk once it is `as_wanted`.
    async fn beats(&self, as_wanted: fn(&Pulse) -> bool) -> Pulse {
        let mut changes = self.desks.changes();
        loop {
            let pulse = self.desks.pulses().remove(&code("D1")).unwrap();
            if as_wanted(&pulse) {
                return pulse;
            }
            tokio::time::timeout(Duration::from_secs(10), changes.recv()).await.unwrap().unwrap();
        }
    }

    fn scan(&self, posted: Posted) -> tokio::task::JoinHandle<Result<Said, Unheard>> {
        let desks = self.desks.clone();
        tokio::spawn(async move { desks.scan(&code("D1"), "tab", posted).await })
    }
}

#[tokio::test]
async fn a_scan_is_answered_once_it_is_on_disk_and_the_same_id_gets_the_same_answer() {
    let mut writer = writer();
    let card = posted("CARD");
    let waiting = writer.scan(card.clone());
    writer.accept().await;
    let said = waiting.await.unwrap().unwrap();
    assert_eq!(said.session, "Next folder: SENT to Cardiology");
    assert_eq!(writer.scan(card.clone()).await.unwrap(), Ok(said), "no second command is needed");
    let other = Posted { text: "CL5".to_owned(), ..card };
    assert_eq!(writer.scan(other).await.unwrap(), Err(Unheard::OtherText));
    let view = writer.desks.view(&code("D1"), "tab").await.unwrap();
    assert_eq!((view.next_folder.as_str(), view.line), ("Next folder: SENT to Cardiology", Way::Open));
    assert_eq!(writer.desks.sessions(&code("D1")), ["tab"]);
}

#[tokio::test]
async fn one_scan_is_in_flight_and_the_next_waits_in_the_inbox() {
    let mut writer = writer();
    let first = writer.scan(posted("CARD"));
    let (command, reply) = writer.next().await;
    let second = writer.scan(posted("CL5"));
    tokio::task::yield_now().await;
    assert!(writer.commands.try_recv().is_err(), "not before the first is answered");
    reply.send(Ok(outcome(&command))).unwrap();
    writer.accept().await;
    assert!(first.await.unwrap().is_ok() && second.await.unwrap().is_ok());
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_late_is_still_taken_and_given_to_the_same_id() {
    let mut writer = writer();
    let card = posted("CARD");
    let waiting = writer.scan(card.clone());
    let (command, reply) = writer.next().await;
    assert_eq!(waiting.await.unwrap(), Err(Unheard::NotKnownYet));
    writer.shows(Way::Wait).await;
    reply.send(Ok(outcome(&command))).unwrap();
    assert!(writer.scan(card).await.unwrap().is_ok());
    assert_eq!(writer.desks.view(&code("D1"), "tab").await.unwrap().line, Way::Open);
}

#[tokio::test]
async fn a_stopped_store_is_down_at_the_desk_and_at_its_scanner() {
    let mut writer = writer();
    let (inlet, mut tones) = writer.gun("gun");
    let at = Clock::system().read();
    inlet.read(frame("CARD", at));
    writer.accept().await;
    assert_eq!(tones.recv().await, Some(Tone::Accept));
    inlet.refused(Reason::JoinedReads, b"V1V2", at);
    writer.accept().await;
    assert_eq!(tones.recv().await, Some(Tone::Refuse));
    inlet.read(frame("CL5", at));
    let (_, reply) = writer.next().await;
    writer.stopped.send(true).unwrap();
    reply.send(Err(NotRecorded::Stopped)).unwrap();
    assert_eq!(tones.recv().await, Some(Tone::Stop));
    assert_eq!(writer.desks.view(&code("D1"), "tab").await.unwrap().line, Way::Down);
    drop(writer.commands);
    assert_eq!(writer.desks.scan(&code("D1"), "tab", posted("CARD")).await, Err(Unheard::Down));
}

#[tokio::test]
async fn an_idle_desk_learns_that_the_store_has_stopped_and_each_scanner_hears_it_once() {
    let mut writer = writer();
    let (_first, mut first) = writer.gun("first");
    let (second, mut other) = writer.gun("second");
    writer.shows(Way::Open).await;
    writer.stopped.send(true).unwrap();
    writer.shows(Way::Down).await;
    assert_eq!((first.recv().await, other.recv().await), (Some(Tone::Stop), Some(Tone::Stop)));
    let (_late, mut late) = writer.gun("late");
    assert_eq!(late.recv().await, Some(Tone::Stop), "a scanner that comes later hears it when it comes");
    second.read(frame("CARD", Clock::system().read()));
    let (_, reply) = writer.next().await;
    reply.send(Err(NotRecorded::Stopped)).unwrap();
    assert_eq!(other.recv().await, Some(Tone::Refuse), "a scan all the same is refused");
    assert_eq!(writer.desks.view(&code("D1"), "tab").await.unwrap().line, Way::Down);
    assert!(first.try_recv().is_err() && other.try_recv().is_err() && late.try_recv().is_err());
    assert_eq!(
        writer.desks.view(&code("D1"), "new").await.unwrap().line,
        Way::Down,
        "and so does a new page"
    );
}

#[tokio::test]
async fn a_store_that_takes_scans_again_is_open_at_the_desk_and_its_scanners_hear_it() {
    let mut writer = writer();
    let (inlet, mut tones) = writer.gun("gun");
    for _ in 0..2 {
        writer.stopped.send(true).unwrap();
        writer.shows(Way::Down).await;
        assert_eq!(tones.recv().await, Some(Tone::Stop));
        inlet.read(frame("CARD", Clock::system().read()));
        let (_, reply) = writer.next().await;
        reply.send(Err(NotRecorded::Stopped)).unwrap();
        assert_eq!(tones.recv().await, Some(Tone::Refuse));
        writer.stopped.send(false).unwrap();
        writer.shows(Way::Open).await;
        assert_eq!(tones.recv().await, Some(Tone::Ready));
        inlet.read(frame("CARD", Clock::system().read()));
        writer.accept().await;
        assert_eq!(tones.recv().await, Some(Tone::Accept));
    }
}

#[tokio::test]
async fn a_store_that_stops_under_a_scan_is_heard_once_and_stays_down_whatever_comes() {
    let mut writer = writer();
    let (inlet, mut tones) = writer.gun("gun");
    let at = Clock::system().read();
    inlet.read(frame("CARD", at));
    let (_, reply) = writer.next().await;
    writer.stopped.send(true).unwrap();
    writer.shows(Way::Down).await;
    assert_eq!(tones.recv().await, Some(Tone::Stop));
    reply.send(Err(NotRecorded::Stopped)).unwrap();
    inlet.read(frame("CL5", at));
    writer.accept().await;
    assert_eq!(tones.recv().await, Some(Tone::Accept), "the next thing heard is the next scan's");
    assert_eq!(writer.desks.view(&code("D1"), "tab").await.unwrap().line, Way::Down);
}

#[tokio::test(start_paused = true)]
async fn a_session_without_a_scanner_ends_after_half_an_hour_and_begins_again_from_its_past() {
    let writer = writer();
    let desk = code("D1");
    writer.desks.view(&desk, "tab").await.unwrap();
    tokio::time::sleep(Duration::from_mins(29)).await;
    writer.desks.view(&desk, "tab").await.unwrap();
    tokio::time::sleep(Duration::from_mins(29)).await;
    assert_eq!(writer.desks.sessions(&desk), ["tab"], "a look keeps it");
    tokio::time::sleep(Duration::from_mins(2)).await;
    assert_eq!(writer.desks.sessions(&desk), [""; 0]);
    assert_eq!(writer.begun.load(Ordering::SeqCst), 1);
    writer.desks.view(&desk, "tab").await.unwrap();
    assert_eq!(writer.begun.load(Ordering::SeqCst), 2);
}

#[tokio::test(start_paused = true)]
async fn a_page_that_watches_a_desk_keeps_no_closed_tab_of_it_open() {
    let writer = writer();
    let desk = code("D1");
    assert_eq!(writer.desks.glance(&desk, "tab").await, None, "a look from beside begins nothing");
    writer.desks.view(&desk, "tab").await.unwrap();
    for _ in 0..31 {
        assert!(writer.desks.glance(&desk, "tab").await.is_some());
        tokio::time::sleep(Duration::from_mins(1)).await;
    }
    assert_eq!(writer.desks.glance(&desk, "tab").await, None);
    assert_eq!(writer.desks.sessions(&desk), [""; 0]);
}

#[tokio::test(start_paused = true)]
async fn a_session_with_a_scanner_or_a_scan_in_flight_does_not_end() {
    let mut writer = writer();
    let _unanswered = writer.scan(posted("CARD"));
    let (_command, _reply) = writer.next().await;
    tokio::time::sleep(Duration::from_hours(1)).await;
    assert_eq!(writer.desks.sessions(&code("D1")), ["tab"], "what came of the scan is not known yet");
    let with_scanner = Desks::clone(&writer.desks);
    let _inlet = with_scanner.attach(&code("D1"), "port", "gun", Arc::new(|_| ()), Footing::Ours).unwrap();
    tokio::time::sleep(Duration::from_hours(1)).await;
    assert_eq!(with_scanner.sessions(&code("D1")), ["port", "tab"]);
}

#[tokio::test]
async fn a_desks_pulse_tells_its_last_scan_and_its_lost_scanners_without_asking_a_session() {
    let mut writer = writer();
    let desk = code("D1");
    assert_eq!(writer.desks.pulses().get(&desk), None);
    let (one, _tones) = writer.gun("one");
    let (other, _more_tones) = writer.gun("other");
    let before = Clock::system().now();
    one.read(frame("CARD", Clock::system().read()));
    writer.accept().await;
    other.lost();
    let pulse = writer.beats(|pulse| !pulse.lost.is_empty()).await;
    assert_eq!((pulse.scanners, pulse.lost.len(), pulse.lost[0].0.as_str()), (2, 1, "other"));
    assert!(pulse.last_scan >= Some(before));
    other.back();
    writer.beats(|pulse| pulse.lost.is_empty()).await;
}

#[tokio::test]
async fn a_full_inbox_refuses_and_loses_nothing_in_silence() {
    let mut writer = writer();
    let (inlet, mut tones) = writer.gun("gun");
    let at = Clock::system().read();
    inlet.read(frame("CARD", at));
    let (command, reply) = writer.next().await;
    for number in 0..=MAX_INBOX {
        inlet.read(frame(&format!("RX{number}"), at));
    }
    assert_eq!(tones.recv().await, Some(Tone::Refuse), "the one that found the inbox full");
    assert_eq!(writer.desks.scan(&code("D1"), "tab", posted("CL5")).await, Err(Unheard::Busy));
    reply.send(Ok(outcome(&command))).unwrap();
    for _ in 0..MAX_INBOX {
        writer.accept().await;
    }
}

#[tokio::test]
async fn an_unknown_desk_an_unknown_place_and_too_many_sessions_are_told_apart() {
    let writer = writer();
    let desks = &writer.desks;
    assert_eq!(desks.view(&code("D9"), "a").await, Err(Unheard::NoSuchDesk("D9".to_owned())));
    assert_eq!(desks.view(&code("D2"), "a").await, Err(Unheard::NoSuchPlace(code("NOWHERE"))));
    for number in 0..MAX_SESSIONS_A_DESK {
        desks.view(&code("D1"), &number.to_string()).await.unwrap();
    }
    assert_eq!(desks.view(&code("D1"), "one more").await, Err(Unheard::Busy));
}

#[tokio::test]
async fn stopping_finishes_what_is_in_flight_and_takes_no_more() {
    let mut writer = writer();
    let waiting = writer.scan(posted("CARD"));
    let (command, reply) = writer.next().await;
    let desks = writer.desks.clone();
    let stopping = tokio::spawn(async move { desks.stop().await });
    reply.send(Ok(outcome(&command))).unwrap();
    assert!(waiting.await.unwrap().is_ok());
    stopping.await.unwrap();
    assert_eq!(writer.desks.scan(&code("D1"), "tab", posted("CL5")).await, Err(Unheard::Down));
}
