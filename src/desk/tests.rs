//! Desks as the program uses them: tasks, inboxes, scanners, and a writer that answers when it is told to.

use std::time::Duration;

use super::*;
use crate::domain::StaffId;
use crate::domain::answer::Answer;
use crate::domain::command::Novelty;
use crate::domain::place::{Place, PlaceKind};
use crate::domain::staff::{Role, Staff};
use crate::domain::{PlaceId, VolumeId};

struct Writer {
    desks: Desks,
    commands: mpsc::Receiver<Submission>,
}

fn code(text: &str) -> Code {
    text.parse().unwrap()
}

fn place(key: i64, text: &str, name: &str) -> Place {
    Place {
        id: PlaceId::new(key),
        code: code(text),
        name: name.to_owned(),
        kind: PlaceKind::Clinic,
        parent: None,
        phone: None,
        phone_out_of_hours: None,
        open: None,
        until: None,
    }
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
    };
    let (sender, commands) = mpsc::channel(16);
    let desks = Desks::new(Surroundings {
        setups: [setup("D1", "CL5"), setup("D2", "NOWHERE")].map(|setup| (setup.code.clone(), setup)).into(),
        rules: Arc::from([]),
        commands: sender,
        directory: watch::channel(directory).1,
        clock: Clock::system(),
        past: Arc::new(|_, _| Box::pin(async { Vec::new() })),
        time_zone: jiff::tz::TimeZone::UTC,
    });
    Writer { desks, commands }
}

fn posted(text: &str) -> Posted {
    let id = scan_id(Clock::system().read());
    Posted { id, text: text.to_owned(), aim: None, entry: Entry::Scanned, at: None }
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

#[tokio::test]
async fn an_answer_that_is_late_is_still_taken_and_given_to_the_same_id() {
    let mut writer = writer();
    let card = posted("CARD");
    let waiting = writer.scan(card.clone());
    let (command, reply) = writer.next().await;
    assert_eq!(waiting.await.unwrap(), Err(Unheard::NotKnownYet));
    let mut changes = writer.desks.changes();
    let mut view = writer.desks.view(&code("D1"), "tab").await.unwrap();
    while view.line != Way::Wait {
        tokio::time::timeout(Duration::from_secs(10), changes.recv()).await.unwrap().unwrap();
        view = writer.desks.view(&code("D1"), "tab").await.unwrap();
    }
    reply.send(Ok(outcome(&command))).unwrap();
    assert!(writer.scan(card).await.unwrap().is_ok());
    assert_eq!(writer.desks.view(&code("D1"), "tab").await.unwrap().line, Way::Open);
}

#[tokio::test]
async fn a_stopped_store_is_down_at_the_desk_and_at_its_scanner() {
    let mut writer = writer();
    let (heard, mut tones) = mpsc::channel(8);
    let feedback: Feedback = Arc::new(move |tone| heard.try_send(tone).unwrap());
    let inlet = writer.desks.attach(&code("D1"), "tab", "gun", feedback).unwrap();
    let at = Clock::system().read();
    inlet.read("CARD".to_owned(), Some("]C0".to_owned()), at);
    writer.accept().await;
    assert_eq!(tones.recv().await, Some(Tone::Accept));
    inlet.refused(Reason::JoinedReads, b"V1V2", at);
    writer.accept().await;
    assert_eq!(tones.recv().await, Some(Tone::Refuse));
    inlet.read("CL5".to_owned(), None, at);
    let (_, reply) = writer.next().await;
    reply.send(Err(NotRecorded::Stopped)).unwrap();
    assert_eq!(tones.recv().await, Some(Tone::Refuse));
    assert_eq!(writer.desks.view(&code("D1"), "tab").await.unwrap().line, Way::Down);
    drop(writer.commands);
    assert_eq!(writer.desks.scan(&code("D1"), "tab", posted("CARD")).await, Err(Unheard::Down));
}

#[tokio::test]
async fn a_full_inbox_refuses_and_loses_nothing_in_silence() {
    let mut writer = writer();
    let (heard, mut tones) = mpsc::channel(2 * MAX_INBOX);
    let feedback: Feedback = Arc::new(move |tone| heard.try_send(tone).unwrap());
    let inlet = writer.desks.attach(&code("D1"), "tab", "gun", feedback).unwrap();
    let at = Clock::system().read();
    inlet.read("CARD".to_owned(), None, at);
    let (command, reply) = writer.next().await;
    for number in 0..=MAX_INBOX {
        inlet.read(format!("RX{number}"), None, at);
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
