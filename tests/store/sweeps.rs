//! Sweeps in the store: what is seen, from elsewhere, unknown, out of order and missed.

use crate::common;

use std::time::Duration;

use casetrack::clock::Clock;
use casetrack::domain::SweepId;
use casetrack::domain::answer::Answer;
use casetrack::domain::command::{Act, Consent, Outcome};
use casetrack::domain::filing::{Filing, Filings};
use casetrack::domain::import::{MovementRow, Piece, VolumeRow};
use casetrack::domain::movement::UndoTarget;
use casetrack::domain::refusal::Reason;
use casetrack::domain::sweep::{Ending, Part, Tally};
use casetrack::store::story::{self, Hospital, MORNING, code, label};
use casetrack::store::sweeps::SweepRecord;
use casetrack::store::{Page, Store};
use common::{Folder, options, trust};

struct Sweeping {
    hospital: Hospital,
    place: &'static str,
    sweep: Option<SweepId>,
}

impl Sweeping {
    async fn at(folder: &Folder, place: &'static str) -> Self {
        let (clock, hands) = Clock::manual(MORNING);
        let store = Store::open(options(folder, clock.clone())).unwrap();
        let mut hospital = Hospital::open(store, trust(), clock, hands).await;
        for n in 1..=6 {
            let folder = format!("F{n}");
            match place {
                "S12" => {
                    let shelf = Some(hospital.place("S12"));
                    hospital
                        .scan(
                            "LIB",
                            &folder,
                            Act::File { thing: label(&folder), shelf, consent: Consent::Unasked },
                        )
                        .await;
                }
                _ => _ = hospital.receive(place, &folder).await,
            }
        }
        Self { hospital, place, sweep: None }
    }

    async fn open(&mut self) -> Answer {
        self.hospital.end_batch();
        let act = Act::OpenSweep { place: self.hospital.place(self.place), left: None };
        let outcome = self.hospital.scan("LIB", self.place, act).await;
        if outcome.answer.reason == Reason::Sweeping {
            self.sweep = Some(SweepId::new(outcome.scan.uuid()));
        }
        self.hospital.begin_batch();
        outcome.answer
    }

    async fn see(&mut self, folder: &str) -> Outcome {
        let place = self.hospital.place(self.place);
        self.hospital.scan("LIB", folder, Act::See { thing: label(folder), place }).await
    }

    async fn end(&mut self, part: Part) -> Tally {
        self.hospital.end_batch();
        let ending = Ending { place: self.hospital.place(self.place), filing: Filing::TerminalDigit, part };
        let answer = self.hospital.scan("LIB", "C0184", Act::EndSweep(ending)).await.answer;
        Tally::unpacked((answer.count, answer.aside))
    }

    async fn record(&self) -> SweepRecord {
        let sweep = self.sweep.unwrap();
        self.hospital.store.sweep(&self.hospital.trust, sweep, Filings::default()).await.unwrap().unwrap()
    }

    async fn missed(&self) -> Vec<String> {
        self.record().await.missed.iter().map(|folder| folder.brief.barcode.to_string()).collect()
    }
}

#[tokio::test]
async fn a_shelf_is_swept_in_part_and_only_what_lies_between_is_missed() {
    let folder = Folder::new();
    let mut shelf = Sweeping::at(&folder, "S12").await;
    assert_eq!(shelf.open().await.reason, Reason::Sweeping);
    let first = shelf.see("F1").await;
    assert_eq!(first.answer.reason, Reason::SeenHere);
    shelf.see("F2").await;
    assert_eq!(shelf.see("F9").await.answer.reason, Reason::SeenHere, "never seen before");
    shelf.see("F4").await;
    assert_eq!(shelf.see("NOBODY").await.answer.reason, Reason::UnknownLabel);
    let batch = casetrack::domain::BatchId::new(first.scan.uuid());
    let tally = shelf.end(Part::Stretch(Some(batch))).await;
    assert_eq!(tally, Tally { expected: 6, seen: 4, elsewhere: 1, unknown: 1, missed: 1 });
    let record = shelf.record().await;
    assert_eq!((shelf.missed().await, record.outside, record.to_search), (vec!["F3".to_owned()], 2, 0));
    let strays: Vec<_> =
        record.out_of_order.iter().map(|stray| stray.folder.brief.barcode.to_string()).collect();
    assert_eq!(strays, ["F9"]);
    assert_eq!(record.unknown[0].text.as_deref(), Some("NOBODY"));
    assert_eq!(shelf.hospital.tell("F9").await, "at S12", "it is where it was seen");
}

#[tokio::test]
async fn a_sweep_goes_on_within_twelve_hours_and_begins_anew_after_them() {
    let folder = Folder::new();
    let mut shelf = Sweeping::at(&folder, "S12").await;
    shelf.open().await;
    shelf.see("F1").await;
    shelf.hospital.pass(Duration::from_hours(11));
    let answer = shelf.open().await;
    assert_eq!((answer.reason, answer.count), (Reason::SweepGoesOn, 1));
    shelf.see("F2").await;
    assert_eq!(shelf.record().await.tally.seen, 2, "both stretches are of one sweep");
    shelf.hospital.pass(Duration::from_hours(13));
    assert_eq!(shelf.open().await.reason, Reason::Sweeping);
    let page = Page { after: None, limit: 1 };
    let listed = shelf.hospital.store.sweeps(&shelf.hospital.trust, page).await.unwrap();
    assert_eq!((listed.items[0].seen, listed.next.is_some()), (0, true));
    let page = Page { after: listed.next, limit: 1 };
    let listed = shelf.hospital.store.sweeps(&shelf.hospital.trust, page).await.unwrap();
    assert_eq!((listed.items[0].seen, listed.next), (2, None));
}

#[tokio::test]
async fn what_is_taken_back_was_not_seen() {
    let folder = Folder::new();
    let mut shelf = Sweeping::at(&folder, "S12").await;
    shelf.open().await;
    shelf.see("F1").await;
    let second = shelf.see("F2").await;
    shelf.see("F3").await;
    let undone = shelf.hospital.undo("LIB", UndoTarget::Scan(second.scan)).await;
    assert_eq!(undone.answer.reason, Reason::UndoneFiled, "it is filed there as before");
    assert_eq!(shelf.missed().await, ["F2"]);
    shelf.see("F2").await;
    assert!(shelf.missed().await.is_empty());
}

#[tokio::test]
async fn a_room_misses_nothing_until_it_is_called_whole() {
    let folder = Folder::new();
    let mut room = Sweeping::at(&folder, "CL5").await;
    room.open().await;
    let first = room.see("F1").await;
    room.see("F5").await;
    let batch = casetrack::domain::BatchId::new(first.scan.uuid());
    let tally = room.end(Part::Stretch(Some(batch))).await;
    assert_eq!((tally.expected, tally.missed), (6, 4), "if it was the whole room");
    assert!(room.missed().await.is_empty());
    assert_eq!(room.record().await.outside, 4);
    room.end(Part::Whole).await;
    assert_eq!(room.missed().await, ["F2", "F3", "F4", "F6"]);
    room.hospital.receive("HUB", "F2").await;
    assert_eq!(room.missed().await, ["F3", "F4", "F6"], "what has turned up is missed no more");
    room.hospital.store.stop().await;
    assert!(casetrack::store::verify(&folder.0).unwrap().is_sound());
}

/// Folders of the first stock-take: more than one END would search for, were they all missing.
const SHELFFUL: u32 = 240;

/// A stock-take on the first day: nothing was ever scanned, and what is known comes from other systems.
#[tokio::test]
async fn two_people_take_stock_of_a_shelf_that_only_imports_know() {
    let folder = Folder::new();
    let (clock, hands) = Clock::manual(MORNING);
    let store = Store::open(options(&folder, clock.clone())).unwrap();
    let mut hospital = Hospital::open(store, trust(), clock, hands).await;
    let rows: Vec<_> = (10..10 + SHELFFUL)
        .map(|number| {
            let place = match number % 4 {
                0 => Some(code("S12")),
                1 => Some(code("LIB")),
                2 => None,
                _ => Some(code("CL5")),
            };
            VolumeRow {
                place,
                volume: 1,
                hospital_number: format!("{}", 5_000 + number).parse().unwrap(),
                ..story::folder(number)
            }
        })
        .collect();
    let labels: Vec<String> = rows.iter().flat_map(|row| &row.barcode).map(ToString::to_string).collect();
    hospital.import(Piece::Volumes(rows)).await;
    let was = |label: &String| MovementRow {
        at: MORNING.plus_micros(-86_400_000_000),
        barcode: label.parse().unwrap(),
        to: code("WARD7"),
        from: None,
        by: None,
    };
    hospital.import(Piece::Movements(labels.iter().skip(2).step_by(4).map(was).collect())).await;
    assert_eq!(hospital.tell(&labels[0]).await, "not-yet-seen");
    assert_eq!(
        hospital.tell(&labels[2]).await,
        "at S12 unconfirmed",
        "what volumes say is newer than the history"
    );

    let place = hospital.place("S12");
    let mut people = [("LIB", None), ("HUB", None)];
    for (desk, batch) in &mut people {
        hospital.end_batch();
        let opened = hospital.scan(desk, "S12", Act::OpenSweep { place, left: None }).await;
        assert!(matches!(opened.answer.reason, Reason::Sweeping | Reason::SweepGoesOn));
        *batch = Some(hospital.begin_batch());
    }
    // One takes the left half and the other the right, at the same time; one folder that should be there is not.
    let (left, right) = labels.split_at(labels.len() / 2);
    for (one, other) in left.iter().zip(right) {
        for (desk, label) in [("LIB", one), ("HUB", other)] {
            if label != &labels[6] {
                let seen = hospital.scan(desk, label, Act::See { thing: story::label(label), place }).await;
                assert_eq!(seen.movements.len(), 1, "{label}");
            }
        }
    }
    for label in labels.iter().filter(|label| *label != &labels[6]) {
        assert_eq!(hospital.tell(label).await, "at S12");
    }
    let page = Page { after: None, limit: 1 };
    let sweep = hospital.store.sweeps(&hospital.trust, page).await.unwrap().items.remove(0).id;
    let record = hospital.store.sweep(&hospital.trust, sweep, Filings::default()).await.unwrap().unwrap();
    let seen = labels.len() - 1;
    assert_eq!((record.tally.expected, record.tally.seen), (60, seen));
    let missed: Vec<_> = record.missed.iter().map(|missed| missed.brief.barcode.to_string()).collect();
    assert_eq!(missed, [labels[6].clone()]);
    hospital.store.stop().await;
    assert!(casetrack::store::verify(&folder.0).unwrap().is_sound());
}
