//! The desk card is enough: somebody who knows only its lines receives ten folders, sends five, takes one back, and gets
//! a torn label printed again.
//!
//! The script of the test is the card's own file, line by line. The actor understands what a line asks to be scanned
//! and which notes it promises, and hears notes: nothing else of an answer reaches the actor.

use crate::simulated;
use crate::ten_folders;

use std::sync::Arc;
use std::time::Duration;

use casetrack::clock::{Clock, ManualClock};
use casetrack::desk::{Came, DeskSetup, Desks, Posted, SignOn, Surroundings, scan_id};
use casetrack::domain::answer::Signal;
use casetrack::domain::barcode::Card;
use casetrack::domain::barcode::Entry;
use casetrack::domain::printing::{LabelPrinter, Why};
use casetrack::domain::whereabouts::State;
use casetrack::labels::cards::{DESK_CARD, DeskCard, Step};
use simulated::Simulated;
use ten_folders::{BADGE, code, folder, pieces};

/// Between two scans of somebody who turns a folder over.
const UNHURRIED: Duration = Duration::from_secs(3);
const DESK: &str = "CL5-1";
const HERE: &str = "CL5";
const THERE: &str = "LIB";
const PRINTER: &str = "Label printer 2";

/// What ears can tell apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Note {
    One,
    TwoRising,
    TwoEqual,
    Low,
    SoftTick,
}

impl Note {
    fn of(signal: Signal) -> Self {
        match signal {
            Signal::Arrived => Self::One,
            Signal::Sent | Signal::Filed | Signal::Packed => Self::TwoRising,
            Signal::Look => Self::TwoEqual,
            Signal::Refused | Signal::Stop => Self::Low,
            Signal::Told => Self::SoftTick,
            Signal::Kept => panic!("a desk at the server has no journal"),
        }
    }

    /// The note that a line of the card promises.
    fn promised(step: &Step) -> Option<Self> {
        if step.says.contains("One note") {
            Some(Self::One)
        } else if step.says.contains("Two rising notes") {
            Some(Self::TwoRising)
        } else {
            None
        }
    }
}

/// Somebody on the first day, with the desk card and two piles.
struct Novice {
    desks: Desks,
    clock: Clock,
    hands: ManualClock,
    /// Low notes and two equal notes not yet answered with OK.
    unread: usize,
    heard: Vec<(String, Note)>,
}

impl Novice {
    async fn scan(&mut self, text: &str) -> Note {
        self.hands.advance(UNHURRIED);
        let id = scan_id(self.clock.read());
        let posted = Posted {
            id,
            text: text.to_owned(),
            aim: None,
            entry: Entry::Scanned,
            at: None,
            came: Came::Keys,
        };
        let said = self.desks.scan(&code(DESK), "front", posted).await.unwrap();
        let note = Note::of(said.signal);
        self.unread += usize::from(matches!(note, Note::TwoEqual | Note::Low));
        self.heard.push((text.to_owned(), note));
        note
    }

    /// Does what the card says, in its order.
    async fn play(&mut self, card: &DeskCard, comes_in: &[String], goes_out: &[String]) {
        let mut pile: &[String] = &[];
        for step in &card.step {
            if step.says.contains("come in") {
                pile = comes_in;
            } else if step.says.contains("go out") {
                pile = goes_out;
            }
            match step.card.as_str() {
                "BADGE" => _ = self.scan(BADGE).await,
                "PLACE" => _ = self.scan(THERE).await,
                "FOLDER" => {
                    for folder in pile {
                        let note = self.scan(folder).await;
                        assert_eq!(Some(note), Note::promised(step), "{}: {folder}", step.says);
                    }
                }
                "OK" => {
                    for _ in 0..std::mem::take(&mut self.unread) {
                        self.scan(&bars("OK")).await;
                    }
                }
                name => _ = self.scan(&bars(name)).await,
            }
        }
    }
}

fn bars(name: &str) -> String {
    Card::named(name).unwrap().barcode().to_string()
}

fn setup(desk: &str, place: &str) -> DeskSetup {
    DeskSetup {
        code: code(desk),
        place: code(place),
        // Without the card's first line nothing could be sent.
        sign_on: SignOn::Required,
        sign_on_idle: Duration::from_mins(15),
        pairing: None,
        label_printer: Some(LabelPrinter { name: PRINTER.to_owned(), stock: "70x35".to_owned() }),
    }
}

/// The hospital of the card, and somebody new at its clinic's desk.
async fn first_day() -> (Simulated, Novice) {
    let (clock, hands) = Clock::manual("2026-11-23T09:00:00Z".parse().unwrap());
    let setups = [setup(DESK, HERE), setup("LIB-1", THERE)];
    let stands = setups.iter().map(|setup| (setup.code.clone(), setup.place.clone()));
    let hospital = Simulated::open("card", &clock, stands);
    hospital.import(pieces().into_iter()).await;
    let desks = Desks::new(Surroundings {
        setups: setups.iter().map(|setup| (setup.code.clone(), setup.clone())).collect(),
        rules: Arc::new([]),
        commands: hospital.store.commands(),
        directory: hospital.store.directory(),
        clock: clock.clone(),
        past: Arc::new(|_, _| Box::pin(async { Vec::new() })),
        turns: Arc::new(|_| Box::pin(std::future::pending())),
        time_zone: jiff::tz::TimeZone::UTC,
        filings: Arc::default(),
    });
    (hospital, Novice { desks, clock, hands, unread: 0, heard: Vec::new() })
}

#[tokio::test]
async fn who_knows_only_the_desk_card_receives_ten_folders_sends_five_and_takes_one_back() {
    let card: DeskCard = toml::from_str(DESK_CARD).unwrap();
    let (hospital, mut novice) = first_day().await;
    let ten: Vec<_> = (1..=10).map(folder).collect();
    let five: Vec<_> = (1..=5).map(folder).collect();
    novice.play(&card, &ten, &five).await;
    novice.desks.stop().await;

    let took_back = novice.heard.iter().find(|(text, _)| *text == bars("UNDO"));
    assert_eq!(took_back.map(|(_, note)| *note), Some(Note::One), "what stands is: it is here");
    assert_eq!(novice.unread, 0);
    let directory = hospital.store.directory().borrow().clone();
    let [here, there] = [HERE, THERE].map(|name| directory.place_by_code(&code(name)).unwrap().id);
    for number in 1..=10 {
        let label = folder(number).parse().unwrap();
        let found = hospital.store.volume(&hospital.trust, &label).await.unwrap().unwrap();
        let present = (found.present.state, found.present.place, found.present.to);
        let wanted = match number {
            1..=4 => (State::OnItsWay, Some(here), Some(there)),
            _ => (State::At, Some(here), None),
        };
        assert_eq!(present, wanted, "folder {number}: the fifth was taken back");
    }
}

#[tokio::test]
async fn who_knows_only_the_desk_card_gets_a_new_label_for_a_torn_one() {
    let card: DeskCard = toml::from_str(DESK_CARD).unwrap();
    let (hospital, mut novice) = first_day().await;
    let line = card.more.iter().find(|step| step.says.contains("Label torn")).unwrap();
    assert!(line.says.contains("Scan this, then the folder: a new one is printed"));
    assert_eq!(novice.scan(&bars(&line.card)).await, Note::SoftTick);
    assert_eq!(novice.scan(&folder(3)).await, Note::SoftTick);
    novice.desks.stop().await;

    let job = hospital.store.next_job(&hospital.trust, PRINTER).await.unwrap().unwrap();
    let found = hospital.store.volume(&hospital.trust, &folder(3).parse().unwrap()).await.unwrap().unwrap();
    let [label] = job.labels.as_slice() else { panic!("one label: {job:?}") };
    assert_eq!((label.label.subject, label.label.why), (found.brief.id.key(), Why::Damaged));
    assert_eq!(found.present.state, State::NotYetSeen, "nothing moves");
}
