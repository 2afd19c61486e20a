//! The contract of every store, told as one hospital's day. A store that passes may stand behind the desks.
#![expect(clippy::missing_panics_doc, reason = "a story that goes wrong panics: it is there for tests")]

mod missing;

use std::time::Duration;

pub use missing::{
    a_missing_folder_is_searched_for, a_search_is_declared_closed_and_opened_anew,
    a_temporary_folder_stands_in_and_is_combined,
};

use tokio::sync::oneshot;
use uuid::Uuid;

use super::{DeskStand, Page, Store, Trust, VolumeRecord};
use crate::clock::{Clock, ManualClock, Timestamp};
use crate::domain::barcode::{Entry, FolderCode};
use crate::domain::command::{
    Act, Clocks, Command, Consent, Holding, Moment, Naming, NotRecorded, Outcome, Run, Scan, SessionAfter,
    Thing,
};
use crate::domain::import::{Piece, PlaceRow, RowResult, Said, StaffRow, VolumeRow};
use crate::domain::movement::UndoTarget;
use crate::domain::place::{Code, PlaceKind};
use crate::domain::question::{Asked, Verdict};
use crate::domain::refusal::Reason;
use crate::domain::staff::Role;
use crate::domain::whereabouts::State;
use crate::domain::{BatchId, PlaceId, ScanId, StaffId};

/// The desks of the story's hospital: `<place>-1` at each place that has one.
pub fn desks() -> Vec<DeskStand> {
    ["LIB", "HUB", "CL5"]
        .map(|place| DeskStand { desk: code(&format!("{place}-1")), place: code(place) })
        .to_vec()
}

/// A code that is known to be one.
pub fn code(text: &str) -> Code {
    must(text.parse())
}

fn must<T, E: std::fmt::Debug>(result: Result<T, E>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("the story cannot go on: {error:?}"),
    }
}

/// A hospital with a library, a hub, a clinic, a ward without a desk, a crate in a trolley, and folders F1 to F9.
pub struct Hospital {
    /// Where it is kept.
    pub store: Store,
    /// Whose it is.
    pub trust: Trust,
    clock: Clock,
    hands: ManualClock,
    ids: u128,
    batch: Option<BatchId>,
    incarnation: Uuid,
    uncertainty_us: i64,
    /// How much the desk's clock is ahead.
    pub skew_us: i64,
}

impl Hospital {
    /// Fills an empty store.
    pub async fn open(store: Store, trust: Trust, clock: Clock, hands: ManualClock) -> Self {
        let hospital = Self {
            store,
            trust,
            clock,
            hands,
            ids: 0,
            batch: None,
            incarnation: Uuid::from_u128(0xA),
            uncertainty_us: 0,
            skew_us: 0,
        };
        hospital.import(Piece::Places(places())).await;
        let badge =
            StaffRow { badge: code("BADGE7"), name: Said::Is("Pat Clerk".to_owned()), role: Said::Nothing };
        let librarian = StaffRow {
            badge: code("LIBRARIAN3"),
            name: Said::Is("Mary Librarian".to_owned()),
            role: Said::Is(Role::Librarian),
        };
        let manager = StaffRow {
            badge: code("MANAGER1"),
            name: Said::Is("Max Manager".to_owned()),
            role: Said::Is(Role::Manager),
        };
        hospital.import(Piece::Staff(vec![badge, librarian, manager])).await;
        hospital.import(Piece::Volumes((1..=9).map(folder).collect())).await;
        hospital
    }

    /// Applies a piece of which every row is taken.
    pub async fn import(&self, piece: Piece) {
        let results = must(self.store.import(&self.trust, piece).await);
        let taken = |result: &RowResult| !matches!(result, RowResult::Rejected(_));
        assert!(results.iter().all(taken), "{results:?}");
    }

    /// The place with this code.
    pub fn place(&self, text: &str) -> PlaceId {
        let directory = self.store.directory();
        let found = directory.borrow().place_by_code(&code(text)).map(|place| place.id);
        found.unwrap_or_else(|| panic!("no place {text}"))
    }

    /// Lets time pass.
    pub fn pass(&self, by: Duration) {
        self.hands.advance(by);
    }

    /// Begins a batch with the next scan.
    pub fn begin_batch(&mut self) -> BatchId {
        let batch = BatchId::new(id(self.ids + 1));
        self.batch = Some(batch);
        batch
    }

    /// Ends the batch.
    pub fn end_batch(&mut self) {
        self.batch = None;
    }

    /// The command of the next scan at the desk of `at`.
    pub fn command(&mut self, at: &str, text: &str, act: Act) -> Command {
        self.ids += 1;
        let reading = self.clock.read();
        let happened = reading.wall.plus_micros(self.skew_us);
        Command {
            scan: Scan {
                id: ScanId::new(id(self.ids)),
                desk: code(&format!("{at}-1")),
                desk_place: self.place(at),
                session: "front".to_owned(),
                run: Run { incarnation: self.incarnation, boot: None },
                number: u64::try_from(self.ids).unwrap_or(u64::MAX),
                scanner: "front".to_owned(),
                person: None,
                batch: self.batch,
                position: 1,
                clocks: Clocks {
                    happened,
                    wall: reading.wall,
                    boot_us: reading.boot_us,
                    uncertainty_us: self.uncertainty_us,
                },
                text: text.to_owned(),
                aim: None,
                entry: Entry::Scanned,
                naming: Naming::Label,
            },
            act,
            moment: Moment::Now,
            session: SessionAfter::default(),
        }
    }

    /// Gives the store a command and waits.
    pub async fn submit(&self, command: Command) -> Result<Outcome, NotRecorded> {
        let (reply, outcome) = oneshot::channel();
        must(self.store.commands().send((command, reply)).await.map_err(|_| "the store takes nothing"));
        must(outcome.await)
    }

    /// One scan a minute later.
    pub async fn scan(&mut self, at: &str, text: &str, act: Act) -> Outcome {
        self.pass(Duration::from_mins(1));
        let command = self.command(at, text, act);
        must(self.submit(command).await)
    }

    /// A folder is received.
    pub async fn receive(&mut self, at: &str, folder: &str) -> Outcome {
        self.scan(at, folder, Act::Receive(label(folder))).await
    }

    /// A folder is sent.
    pub async fn send(&mut self, at: &str, folder: &str, to: &str) -> Outcome {
        let act = Act::Send { thing: label(folder), to: self.place(to), consent: Consent::Unasked };
        self.scan(at, folder, act).await
    }

    /// A folder is packed.
    pub async fn pack(&mut self, at: &str, folder: &str, container: &str) -> Outcome {
        let container = self.place(container);
        self.scan(at, folder, Act::Pack { thing: label(folder), container, consent: Consent::Unasked }).await
    }

    /// Something is taken back.
    pub async fn undo(&mut self, at: &str, target: UndoTarget) -> Outcome {
        self.scan(at, "C0605", Act::Undo(target)).await
    }

    /// The person with this badge.
    pub fn person(&self, badge: &str) -> Option<StaffId> {
        self.store.directory().borrow().staff_by_badge(&code(badge)).map(|person| person.id)
    }

    /// What a person does on a page.
    pub fn on_a_page(&mut self, badge: &str, act: Act) -> Command {
        let mut command = self.command("LIB", "on a page", act);
        command.scan.desk = code("~WEB");
        command.scan.desk_place = PlaceId::new(0);
        command.scan.run.incarnation = Uuid::from_u128(0xC);
        command.scan.person = self.person(badge);
        command.scan.naming = Naming::Ours;
        command
    }

    /// The librarian settles something, a minute later.
    pub async fn settle(&mut self, act: Act) -> Outcome {
        self.pass(Duration::from_mins(1));
        let command = self.on_a_page("LIBRARIAN3", act);
        must(self.submit(command).await)
    }

    /// The clock of the desks may be out by this much, either way.
    pub const fn unsure_by(&mut self, uncertainty_us: i64) {
        self.uncertainty_us = uncertainty_us;
    }

    /// A scan that is told of an hour late.
    pub async fn late(&mut self, at: &str, text: &str, act: Act, ago: Duration) -> Outcome {
        let mut command = self.command(at, text, act);
        let ago = i64::try_from(ago.as_micros()).unwrap_or(0);
        command.moment = Moment::Past;
        command.scan.run.incarnation = Uuid::from_u128(0xB);
        command.scan.clocks.happened = command.scan.clocks.happened.plus_micros(-ago);
        must(self.submit(command).await)
    }

    /// Where a folder is.
    pub async fn folder(&self, folder: &str) -> VolumeRecord {
        let found = must(self.store.volume(&self.trust, &must(folder.parse())).await);
        found.unwrap_or_else(|| panic!("no folder {folder}"))
    }

    /// Where a folder is, in a few words: its state, place, destination, and whether somebody saw it there.
    pub async fn tell(&self, folder: &str) -> String {
        let record = self.folder(folder).await;
        let directory = self.store.directory().borrow().clone();
        let name = |place: Option<PlaceId>| place.map(|place| directory.name(place).to_owned());
        let present = record.present;
        let mut words = vec![present.state.word().to_owned()];
        words.extend(name(present.place));
        words.extend(name(present.to).map(|to| format!("for {to}")));
        words.extend(name(present.filed).map(|shelf| format!("filed {shelf}")));
        words.extend(name(record.via).map(|container| format!("in {container}")));
        words.extend(name(present.or_at).map(|other| format!("or {other}")));
        if !present.confirmed && present.state == State::At {
            words.push("unconfirmed".to_owned());
        }
        words.join(" ")
    }

    /// A folder's history, newest first: the words.
    pub async fn history(&self, folder: &str) -> String {
        let id = self.folder(folder).await.brief.id;
        let page = Page { after: None, limit: 100 };
        let movements = must(self.store.movements(&self.trust, id, page).await).items;
        let word = |movement: &super::MovementRecord| {
            let carried = if movement.carried_by.is_some() { "*" } else { "" };
            let undone = if movement.undone_by.is_some() { "!" } else { "" };
            format!("{}{carried}{undone}", movement.change.word())
        };
        movements.iter().map(word).collect::<Vec<_>>().join(" ")
    }

    /// The barcodes of what is at a place.
    pub async fn at(&self, place: &str) -> Vec<String> {
        let page = Page { after: None, limit: 100 };
        let listing = must(self.store.volumes_at(&self.trust, self.place(place), page).await);
        listing.items.iter().map(|volume| volume.brief.barcode.to_string()).collect()
    }
}

fn id(number: u128) -> Uuid {
    Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + number)
}

/// A folder's label as a desk reads it.
pub fn label(text: &str) -> Thing {
    Thing::Label(FolderCode { label: must(text.parse()), numbered: None })
}

/// The places of the story's hospital.
pub fn places() -> Vec<PlaceRow> {
    let row = |text: &str, kind, parent: Option<&str>| PlaceRow {
        code: code(text),
        name: Said::Nothing,
        kind: Said::Is(kind),
        parent: parent.map(code).into(),
        phone: Said::Nothing,
        phone_out_of_hours: Said::Nothing,
        open: Said::Nothing,
        until: Said::Nothing,
        consultants: Said::Nothing,
    };
    vec![
        row("LIB", PlaceKind::Library, None),
        row("S12", PlaceKind::Shelf, Some("LIB")),
        row("HUB", PlaceKind::Other, None),
        row("CL5", PlaceKind::Clinic, None),
        row("WARD7", PlaceKind::Ward, None),
        row("K12", PlaceKind::Container, None),
        row("TROLLEY", PlaceKind::Container, None),
    ]
}

/// The row of folder F`number`; two by two they are volumes of one casenote.
pub fn folder(number: u32) -> VolumeRow {
    VolumeRow {
        barcode: Some(must(format!("F{number}").parse())),
        site: code("RX1"),
        hospital_number: must(format!("H{}", number.div_ceil(2)).parse()),
        number_type: code("HOSPITAL"),
        casenote: None,
        volume: 2 - number % 2,
        kind: Said::Nothing,
        home: Said::Is(code("S12")),
        place: None,
        hold: Said::Nothing,
        restricted: Said::Nothing,
        gone: None,
    }
}

/// A folder is received, sent, received, left where nobody scans, and filed.
pub async fn a_folder_travels(hospital: &mut Hospital) {
    assert_eq!(hospital.tell("F1").await, "not-yet-seen");
    hospital.receive("LIB", "F1").await;
    assert_eq!(hospital.tell("F1").await, "at LIB");
    hospital.send("LIB", "F1", "CL5").await;
    assert_eq!(hospital.tell("F1").await, "on-its-way LIB for CL5");
    assert_eq!(hospital.at("CL5").await, ["F1"]);
    hospital.receive("HUB", "F1").await;
    assert_eq!(hospital.tell("F1").await, "at HUB for CL5");
    hospital.receive("CL5", "F1").await;
    assert_eq!(hospital.tell("F1").await, "at CL5");
    hospital.send("CL5", "F1", "WARD7").await;
    assert_eq!(hospital.tell("F1").await, "at WARD7 unconfirmed");
    hospital
        .scan("LIB", "F1", Act::File { thing: label("F1"), shelf: None, consent: Consent::Unasked })
        .await;
    assert_eq!(hospital.tell("F1").await, "at S12 filed S12");
    assert_eq!(hospital.history("F1").await, "filed arrived left-at arrived arrived sent arrived");
    let siblings = hospital.folder("F1").await.siblings;
    assert_eq!(siblings.len(), 1);
}

/// An undo takes back a scan but not the arrival it proved; a batch goes as one; what moved on stays.
pub async fn what_was_wrong_is_taken_back(hospital: &mut Hospital) {
    let sent = hospital.send("LIB", "F2", "CL5").await;
    assert_eq!(sent.movements.len(), 2);
    hospital.undo("LIB", UndoTarget::Scan(sent.scan)).await;
    assert_eq!(hospital.tell("F2").await, "at LIB");
    assert_eq!(hospital.history("F2").await, "undone sent! arrived");
    let batch = hospital.begin_batch();
    for folder in ["F2", "F3", "F4"] {
        hospital.send("LIB", folder, "CL5").await;
    }
    hospital.end_batch();
    hospital.receive("HUB", "F4").await;
    let undone = hospital.undo("LIB", UndoTarget::Batch(batch)).await;
    assert_eq!((undone.answer.count, undone.answer.aside), (3, 1));
    assert_eq!(hospital.tell("F2").await, "at LIB");
    assert_eq!(hospital.tell("F3").await, "at LIB");
    assert_eq!(hospital.tell("F4").await, "at HUB for CL5");
}

/// A crate carries its folders; emptying frees them; an undone emptying puts them back.
pub async fn a_crate_carries_its_folders(hospital: &mut Hospital) {
    let (crate_, trolley) = (hospital.place("K12"), hospital.place("TROLLEY"));
    let act = Act::OpenContainer { container: crate_, holding: Holding::Ask };
    hospital.scan("LIB", "K12", act).await;
    hospital.pack("LIB", "F5", "K12").await;
    hospital.pack("LIB", "F6", "K12").await;
    let into = Act::Pack { thing: Thing::Container(crate_), container: trolley, consent: Consent::Unasked };
    hospital.scan("LIB", "K12", into).await;
    let to = hospital.place("CL5");
    let go = Act::Send { thing: Thing::Container(trolley), to, consent: Consent::Unasked };
    hospital.scan("LIB", "TROLLEY", go).await;
    assert_eq!(hospital.tell("F5").await, "in-container LIB for CL5 in K12");
    assert_eq!(hospital.at("CL5").await, ["F5", "F6"]);
    hospital.scan("CL5", "TROLLEY", Act::Receive(Thing::Container(trolley))).await;
    assert_eq!(hospital.tell("F5").await, "in-container CL5 in K12");
    hospital.receive("CL5", "F6").await;
    assert_eq!(hospital.tell("F6").await, "at CL5");
    let emptied = hospital.scan("CL5", "K12", Act::Empty(crate_)).await;
    assert_eq!(hospital.tell("F5").await, "at CL5 unconfirmed");
    hospital.undo("CL5", UndoTarget::Scan(emptied.scan)).await;
    assert_eq!(hospital.tell("F5").await, "in-container CL5 in K12");
    hospital.scan("CL5", "K12", Act::Empty(crate_)).await;
    assert_eq!(hospital.tell("F5").await, "at CL5 unconfirmed");
    let packed = Act::Pack { thing: label("F7"), container: crate_, consent: Consent::Unasked };
    hospital.late("LIB", "F7", packed, Duration::from_mins(4)).await;
    assert_eq!(hospital.tell("F7").await, "at CL5 unconfirmed");
}

/// A late scan goes where it belongs in the order, and what clocks cannot order is told as "A or B".
pub async fn late_scans_find_their_place(hospital: &mut Hospital) {
    hospital.receive("CL5", "F8").await;
    hospital.pass(Duration::from_hours(1));
    hospital.late("HUB", "F8", Act::Receive(label("F8")), Duration::from_mins(90)).await;
    assert_eq!(hospital.tell("F8").await, "at CL5");
    assert_eq!(hospital.history("F8").await, "arrived arrived");
    hospital.uncertainty_us = 20 * crate::clock::MINUTE_US;
    hospital.late("HUB", "F8", Act::Receive(label("F8")), Duration::from_mins(50)).await;
    hospital.uncertainty_us = 0;
    assert_eq!(hospital.tell("F8").await, "at HUB or CL5");
}

/// A librarian says which of two places it is, and on which folder an unknown label was: its kept scans happened then.
pub async fn a_librarian_settles_what_was_left_open(hospital: &mut Hospital) {
    let order = Asked::Order(label("F8"));
    let at = Verdict::At(hospital.place("HUB"));
    hospital.settle(Act::Settle { question: order.clone(), verdict: at }).await;
    assert_eq!(hospital.tell("F8").await, "at HUB unconfirmed", "said, not scanned");
    let again = hospital.settle(Act::Settle { question: order, verdict: at }).await;
    assert_eq!(again.answer.reason, Reason::QuestionOver);
    let kept = hospital.receive("CL5", "OLD-8").await.scan;
    hospital.receive("LIB", "F8").await;
    let folder = hospital.folder("F8").await.brief.id;
    hospital.settle(Act::AssignLabel { of: kept, folder, kept: vec![kept] }).await;
    assert_eq!(hospital.tell("F8").await, "at LIB", "it was scanned there since");
    assert_eq!(hospital.history("F8").await, "arrived arrived answered arrived arrived arrived");
    hospital.receive("HUB", "OLD-8").await;
    assert_eq!(hospital.tell("F8").await, "at HUB", "the label is the folder's for ever");
}

/// A known id is answered again and moves nothing; with another text it is refused.
pub async fn a_scan_sent_twice_counts_once(hospital: &mut Hospital) {
    hospital.pass(Duration::from_mins(1));
    let command = hospital.command("LIB", "F9", Act::Receive(label("F9")));
    let first = must(hospital.submit(command.clone()).await);
    let again = must(hospital.submit(command.clone()).await);
    assert_eq!((again.answer, &again.movements), (first.answer, &first.movements));
    assert_eq!(again.learned_at, first.learned_at);
    assert_ne!(again.novelty, first.novelty);
    let mut other = command;
    "F8".clone_into(&mut other.scan.text);
    assert_eq!(hospital.submit(other).await.err(), Some(NotRecorded::OtherText));
    assert_eq!(hospital.history("F9").await, "arrived");
}

/// A desk's clock far ahead does not put a movement after we learnt of it.
pub async fn no_movement_happens_after_we_learn_of_it(hospital: &mut Hospital) {
    hospital.skew_us = crate::clock::DAY_US;
    let ahead = hospital.receive("LIB", "F9").await;
    hospital.skew_us = 0;
    let record = hospital.folder("F9").await;
    assert_eq!(record.present.since, Some(ahead.learned_at));
    hospital.receive("CL5", "F9").await;
    assert_eq!(hospital.tell("F9").await, "at CL5");
}

/// What moved is counted between two points of the log; every folder that was seen stands in one piece, once.
pub async fn the_hospital_is_counted(hospital: &mut Hospital) {
    let (store, trust) = (hospital.store.clone(), hospital.trust.clone());
    hospital.pass(Duration::from_mins(1));
    let start = must(store.log_time(&trust, hospital.clock.now()).await);
    assert!(!start.settled, "nothing has been learnt of yet at this time");
    hospital.receive("HUB", "F1").await;
    let sent = hospital.send("HUB", "F1", "CL5").await;
    hospital.undo("HUB", UndoTarget::Scan(sent.scan)).await;
    hospital.pass(Duration::from_mins(1));
    let end = must(store.log_time(&trust, hospital.clock.now()).await);
    let moves = must(store.moves(&trust, start.point, end.point).await);
    assert_eq!((moves.moves, moves.upto), (2, end.point));
    let standings = must(store.standings(&trust, None).await);
    let volumes: Vec<_> = standings.iter().map(|standing| standing.volume).collect();
    assert!(volumes.is_sorted_by(|one, other| one < other), "{volumes:?}");
    let f1 = hospital.folder("F1").await;
    let found = standings.iter().find(|standing| standing.volume == f1.brief.id);
    assert_eq!(found.and_then(|standing| standing.place), f1.present.place);
    assert_eq!(must(store.standings(&trust, volumes.last().copied()).await), []);
    let last = must(store.last_scans(&trust).await);
    assert!(last.get(&code("HUB-1")) > last.get(&code("LIB-1")));
    assert_eq!(must(store.open_questions(&trust).await), 0);
}

/// The whole day.
pub async fn everything(hospital: &mut Hospital) {
    a_folder_travels(hospital).await;
    what_was_wrong_is_taken_back(hospital).await;
    a_crate_carries_its_folders(hospital).await;
    late_scans_find_their_place(hospital).await;
    a_librarian_settles_what_was_left_open(hospital).await;
    a_scan_sent_twice_counts_once(hospital).await;
    no_movement_happens_after_we_learn_of_it(hospital).await;
    a_missing_folder_is_searched_for(hospital).await;
    a_search_is_declared_closed_and_opened_anew(hospital).await;
    a_temporary_folder_stands_in_and_is_combined(hospital).await;
    the_hospital_is_counted(hospital).await;
}

/// The morning on which the story begins: 23 November 2026, 08:00 UTC.
pub const MORNING: Timestamp = Timestamp::from_micros(1_795_420_800_000_000);
