//! A small hospital and a recorder that decides and folds in memory: the writer's double.

use std::collections::HashMap;
use std::sync::Arc;

use uuid::Uuid;

use crate::clock::{Reading, SECOND_US};
use crate::desk::session::{Effect, Footing, Input, Session, SessionSetup, Signalled, Sound};
use crate::desk::{Came, PairingCard, PastScan, Posted, SessionView, SignOn, Way};
use crate::domain::answer::{Cover, Signal};
use crate::domain::barcode::{Entry, OwnBarcode, OwnKind, PatientCode};
use crate::domain::casenote::{Sibling, Unproven, VolumeBrief, VolumeKind, VolumeView};
use crate::domain::command::{
    Act, Command, MAX_SESSION_CHANGE, Naming, Novelty, Outcome, Run, Sought, Thing, VolumeNow,
};
use crate::domain::decide::{ContainerView, Decision, Found, Settles, View, decide};
use crate::domain::directory::Directory;
use crate::domain::movement::{Movement, MovementId, Order, Subject, UndoTarget};
use crate::domain::patient::{Patient, Source};
use crate::domain::place::{Place, PlaceKind};
use crate::domain::printing::{LabelPrinter, NewJob};
use crate::domain::refusal::Reason;
use crate::domain::scanner::ScannerId;
use crate::domain::search::Meant;
use crate::domain::staff::{Role, Staff};
use crate::domain::sweep::{Expected, Ground, Part, SweepView, Swept};
use crate::domain::undo::{UndoView, UndoneSubject};
use crate::domain::whereabouts::{Present, State, after, freed, is_undone, newest_two};
use crate::domain::{CasenoteId, PatientId, PlaceId, ScanId, StaffId, VolumeId};
use book::Book;

mod book;
mod recorder;

pub const LIBRARY: PlaceId = PlaceId::new(1);
pub const SHELF: PlaceId = PlaceId::new(2);
pub const CLINIC: PlaceId = PlaceId::new(3);
pub const WARD: PlaceId = PlaceId::new(4);
pub const CARDIOLOGY: PlaceId = PlaceId::new(5);
pub const CRATE: PlaceId = PlaceId::new(6);
pub const OTHER_SHELF: PlaceId = PlaceId::new(7);
pub const ARCHIVE: PlaceId = PlaceId::new(8);
pub const SHUT: PlaceId = PlaceId::new(9);
pub const BAG: PlaceId = PlaceId::new(10);

/// What the clerk was told, shortly.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Told {
    pub signal: Signal,
    pub reason: Reason,
    pub title: String,
    pub detail: String,
    pub movements: usize,
    pub sound: Sound,
    pub top: String,
}

struct Folder {
    brief: VolumeBrief,
    home: Option<PlaceId>,
    hold: Option<String>,
    restricted: bool,
}

/// One desk of a small hospital, with everything recorded there.
pub struct Hospital {
    pub directory: Directory,
    pub session: Session,
    setup: SessionSetup,
    folders: Vec<Folder>,
    movements: Vec<Movement>,
    undone: Vec<UndoTarget>,
    pub log: Vec<(Command, Decision)>,
    known: HashMap<ScanId, Outcome>,
    unproven: HashMap<VolumeId, Unproven>,
    /// What was put into the print queue.
    pub jobs: Vec<NewJob>,
    /// What happened to searches, and to temporary folders.
    pub book: Book,
    /// Scanners as whoever attaches them knows them: a restart attaches them again.
    pub footings: Vec<(String, Footing)>,
    /// What was paired.
    pub paired: Vec<ScannerId>,
    now: Reading,
    next_id: u128,
    pub notices: Vec<Signalled>,
}

/// Whose all folders are.
fn john() -> Patient {
    Patient {
        id: PatientId::new(1),
        nhs_number: None,
        surname: "Smith".to_owned(),
        forename: "John".to_owned(),
        born: Some(jiff::civil::date(1950, 3, 12)),
        died: None,
        source: Source::Imported,
    }
}

fn card(number: u32, desk: &str, place: &str) -> PairingCard {
    PairingCard { number, desk: desk.parse().unwrap(), place: place.parse().unwrap() }
}

fn place(
    key: i64,
    code: &str,
    name: &str,
    kind: PlaceKind,
    parent: Option<PlaceId>,
    phone: Option<&str>,
) -> Place {
    Place {
        id: PlaceId::new(key),
        code: code.parse().unwrap(),
        name: name.to_owned(),
        kind,
        parent,
        phone: phone.map(str::to_owned),
        phone_out_of_hours: None,
        open: None,
        until: (code == "SHUT").then(|| jiff::civil::date(2026, 1, 1)),
        consultants: Vec::new(),
    }
}

fn directory() -> Directory {
    let places = [
        place(1, "LIB", "Library", PlaceKind::Library, None, None),
        place(2, "S12", "Shelf 12", PlaceKind::Shelf, Some(LIBRARY), None),
        place(3, "CL5", "Clinic 5", PlaceKind::Clinic, None, Some("5005")),
        place(4, "W7", "Ward 7", PlaceKind::Ward, None, Some("2345")),
        place(5, "CARD", "Cardiology", PlaceKind::Clinic, None, None),
        place(6, "CRATE6", "Crate K6", PlaceKind::Container, None, None),
        place(7, "S13", "Shelf 13", PlaceKind::Shelf, Some(LIBRARY), None),
        place(8, "ARCH", "Archive", PlaceKind::Store, None, Some("01632 960001")),
        place(9, "SHUT", "Old clinic", PlaceKind::Clinic, None, None),
        place(10, "BAG10", "Bag K10", PlaceKind::Container, None, None),
    ];
    let staff = [("Ann Clerk", "B1"), ("Bob Porter", "B2"), ("Mary Librarian", "B3")]
        .into_iter()
        .zip(1..)
        .map(|((name, badge), key)| Staff {
            id: StaffId::new(key),
            badge: badge.parse().unwrap(),
            name: name.to_owned(),
            role: if badge == "B3" { Role::Librarian } else { Role::Clerk },
        });
    Directory::new(places, staff, [LIBRARY, CLINIC, WARD, CARDIOLOGY])
}

impl Hospital {
    /// A desk in the library.
    pub fn library() -> Self {
        Self::at(LIBRARY, SignOn::Optional)
    }

    /// A desk at Clinic 5.
    pub fn clinic() -> Self {
        Self::at(CLINIC, SignOn::Optional)
    }

    pub fn at(desk_place: PlaceId, sign_on: SignOn) -> Self {
        let now = Reading { wall: "2026-11-23T09:00:00Z".parse().unwrap(), boot_us: 1_000_000_000 };
        let setup = SessionSetup {
            desk: "DESK-1".parse().unwrap(),
            desk_place,
            session: "front".to_owned(),
            sign_on,
            sign_on_idle_us: 15 * 60 * SECOND_US,
            pairing: Some(30),
            cards: Arc::from([card(30, "DESK-1", "LIB"), card(31, "CL5-2", "CL5")]),
            label_printer: Some(LabelPrinter {
                name: "Label printer 2".to_owned(),
                stock: "70x35".to_owned(),
            }),
            run: Run { incarnation: Uuid::from_u128(7), boot: None },
            time_zone: jiff::tz::TimeZone::UTC,
            filings: Arc::default(),
        };
        let folder = |key: i64| Folder {
            brief: VolumeBrief {
                id: VolumeId::new(key),
                casenote: CasenoteId::new(if key > 90 { 90 } else { key }),
                number: if key > 90 { "900090".to_owned() } else { format!("{}", 123_400 + key) }
                    .parse()
                    .unwrap(),
                volume: if key > 90 { u32::try_from(key - 90).unwrap() } else { 1 },
                kind: VolumeKind::Original,
                barcode: OwnBarcode::new(OwnKind::Volume, key.unsigned_abs()).to_string().parse().unwrap(),
            },
            home: (key % 2 == 0).then_some(SHELF),
            hold: (key == 50).then(|| "complaint".to_owned()),
            restricted: key == 51,
        };
        // A set of an original and a temporary folder, at home on a shelf.
        let (original, temporary) = (folder(70), folder(71));
        let brief = VolumeBrief {
            casenote: original.brief.casenote,
            number: original.brief.number.clone(),
            volume: 2,
            kind: VolumeKind::Temporary,
            ..temporary.brief
        };
        let temporary = Folder { brief, home: Some(SHELF), ..temporary };
        Self {
            directory: directory(),
            session: Session::new(setup.clone(), now),
            setup,
            folders: (1..=60).chain(91..=93).map(folder).chain([original, temporary]).collect(),
            movements: Vec::new(),
            undone: Vec::new(),
            log: Vec::new(),
            known: HashMap::new(),
            unproven: HashMap::new(),
            jobs: Vec::new(),
            book: Book::default(),
            footings: Vec::new(),
            paired: Vec::new(),
            now,
            next_id: 1,
            notices: Vec::new(),
        }
    }

    pub fn wait(&mut self, seconds: i64) -> &mut Self {
        self.now.wall = self.now.wall.plus_micros(seconds * SECOND_US);
        self.now.boot_us += seconds * SECOND_US;
        self
    }

    /// Time passes and the session is told.
    pub fn tick_after(&mut self, seconds: i64) {
        self.wait(seconds);
        self.give(Input::Tick);
    }

    pub fn post(&mut self, text: &str, entry: Entry) -> Told {
        let id = self.new_id();
        self.told(Input::Read {
            posted: Posted { id, text: text.to_owned(), aim: None, entry, at: None, came: Came::Keys },
            scanner: "gun".to_owned(),
        })
    }

    pub fn bad_read(&mut self, reason: Reason) -> Told {
        let id = self.wait(3).new_id();
        self.told(Input::BadRead { id, reason, raw: "V0000".to_owned(), scanner: "gun".to_owned() })
    }

    pub fn new_id(&mut self) -> ScanId {
        self.next_id += 1;
        ScanId::new(Uuid::from_u128(self.next_id << 32))
    }

    pub fn told(&mut self, input: Input) -> Told {
        self.give(input).expect("every scan is answered")
    }

    /// Gives an input, records what is submitted, and says what the scan was answered.
    pub fn give(&mut self, input: Input) -> Option<Told> {
        let mut told = None;
        let mut effects = self.on(input);
        while let Some(effect) = effects.pop() {
            match effect {
                Effect::Submit(command) => {
                    assert!(self.session.is_waiting());
                    let outcome = self.record(*command);
                    effects.extend(self.on(Input::Outcome(Ok(outcome))));
                }
                Effect::Signal(signalled) if signalled.scan.is_none() => self.notices.push(signalled),
                Effect::Signal(signalled) => {
                    assert_eq!(told, None, "one answer a scan");
                    told = Some(Told {
                        signal: signalled.said.signal,
                        reason: signalled.answer.reason,
                        title: signalled.said.title,
                        detail: signalled.said.detail,
                        movements: signalled.said.movements.len(),
                        sound: signalled.sound,
                        top: signalled.said.session,
                    });
                }
                Effect::NotRecorded { .. } => assert_eq!(told, None),
                Effect::PageChanged => {}
            }
        }
        told
    }

    pub fn on(&mut self, input: Input) -> Vec<Effect> {
        let directory = self.directory.clone();
        self.session.on(input, self.now, &directory, &[])
    }

    pub fn view(&self) -> SessionView {
        self.session.view(self.now, &self.directory, Way::Open)
    }

    pub fn top(&self) -> String {
        self.session.next_folder(&self.directory)
    }

    pub fn aside(&self) -> Vec<String> {
        self.view().aside.into_iter().map(|aside| aside.last_four).collect()
    }

    /// Where a volume is.
    pub fn present(&self, key: i64) -> Present {
        self.present_of(Subject::Volume(VolumeId::new(key)), &[])
    }

    /// Some other desk moves a volume.
    pub fn elsewhere(&mut self, key: u64, at: PlaceId) {
        let brief = self
            .folders
            .iter()
            .find(|folder| folder.brief.id.key().unsigned_abs() == key)
            .unwrap()
            .brief
            .clone();
        let id = self.new_id();
        let order = Order {
            happened: self.now.wall.plus_micros(1),
            desk: "OTHER".parse().unwrap(),
            incarnation: Uuid::from_u128(9),
            number: 1,
            index: 0,
        };
        self.movements.push(Movement {
            id: MovementId { scan: id, index: 0 },
            batch: None,
            subject: Subject::Volume(brief.id),
            change: crate::domain::movement::Change::Arrived { at, meant_for: None },
            how: crate::domain::movement::How::Scanned,
            role: crate::domain::movement::Role::Asked,
            order,
            uncertainty_us: 0,
        });
    }

    /// The machine restarts: the session goes on from what is on disk.
    pub fn restart(&mut self) {
        let past = self.past();
        self.setup.run.incarnation = Uuid::from_u128(self.next_id + 1_000);
        self.session = Session::restore(self.setup.clone(), &past, self.now, &self.directory);
        for (scanner, footing) in self.footings.clone() {
            self.give(Input::Attached { scanner, footing });
        }
    }

    fn past(&self) -> Vec<PastScan> {
        let row = |(command, decision): &(Command, Decision)| {
            let movements: Vec<_> =
                self.movements.iter().filter(|movement| movement.id.scan == command.scan.id).collect();
            let asked = movements
                .iter()
                .filter(|m| m.role == crate::domain::movement::Role::Asked && m.change.places());
            let undone = asked.clone().count() > 0 && asked.clone().all(|m| is_undone(m, &self.undone));
            let accepted = decision.answer.signal().is_accepted();
            let change = if accepted { &command.session.accepted } else { &command.session.refused };
            let stands_aside = match command.scan.naming {
                Naming::Ours => false,
                Naming::Label => decision.answer.volume.is_none(),
                Naming::Aside => true,
            };
            PastScan {
                id: command.scan.id,
                scanner: command.scan.scanner.clone(),
                person: command.scan.person,
                batch: command.scan.batch,
                position: command.scan.position,
                at: command.scan.clocks.happened,
                text: (!stands_aside).then(|| command.scan.text.clone()),
                aside: stands_aside.then(|| command.scan.text.clone()),
                entry: command.scan.entry,
                answer: decision.answer,
                volume: decision.answer.volume.map(|volume| self.now_of(volume)),
                volumes: decision.volumes.iter().map(|volume| self.now_of(*volume)).collect(),
                change: change.clone(),
                movements: movements.iter().map(|movement| movement.id).collect(),
                undone,
            }
        };
        self.log.iter().map(row).collect()
    }

    fn now_of(&self, volume: VolumeId) -> VolumeNow {
        let brief = self.folders.iter().find(|folder| folder.brief.id == volume).unwrap().brief.clone();
        VolumeNow { brief, present: self.present_of(Subject::Volume(volume), &[]) }
    }

    fn present_of(&self, subject: Subject, also: &[UndoTarget]) -> Present {
        let mine = self.movements.iter().filter(|movement| movement.subject == subject);
        let undone = |m: &Movement| is_undone(m, &self.undone) || is_undone(m, also);
        let (newest, _) = newest_two(mine, undone);
        let present = newest.map(after).unwrap_or_default();
        let emptied = present.container.and_then(|container| {
            let mut of =
                self.movements.iter().filter(|m| m.subject == Subject::Container(container) && !undone(m));
            of.rfind(|m| matches!(m.change, crate::domain::movement::Change::Emptied { .. }))
        });
        emptied.map_or(present, |emptied| freed(present, emptied))
    }

    pub fn state(&self, key: i64) -> (State, Option<PlaceId>, Option<PlaceId>) {
        let present = self.present(key);
        (present.state, present.place, present.to)
    }
}
