//! A small hospital with hostile names in it.

use std::collections::HashMap;

use jiff::tz::TimeZone;
use uuid::Uuid;

use crate::clock::{MINUTE_US, Timestamp};
use crate::desk::{
    Aside, Confirms, DeskSetup, Line, ProofCame, ProofStep, Proving, Pulse, SessionView, SignOn, Way,
};
use crate::domain::answer::Signal;
use crate::domain::casenote::{CasenoteNumber, Sibling, VolumeBrief, VolumeKind};
use crate::domain::directory::Directory;
use crate::domain::movement::{Change, GoneWhy, How, MovementId};
use crate::domain::patient::{Patient, Source};
use crate::domain::place::{Code, Place, PlaceKind};
use crate::domain::question::QuestionKind;
use crate::domain::staff::{Role, Staff};
use crate::domain::whereabouts::{Present, State};
use crate::domain::{CasenoteId, PatientId, PlaceId, ScanId, StaffId, VolumeId};
use crate::store::overview::{Age, Held, Holder, HourMoves, OnItsWay, Overview, Stay, Stayers, Usual};
use crate::store::{Bounded, MovementRecord, QuestionRecord, TakenBack, VolumeRecord};
use crate::web::pages::desk::Times;
use crate::web::pages::whereabouts::Words;

pub const HOSTILE: &str = "<script>alert(1)</script>\"'>&";

pub const SITE: PlaceId = PlaceId::new(1);
pub const LIBRARY: PlaceId = PlaceId::new(2);
pub const SHELF: PlaceId = PlaceId::new(3);
pub const CLINIC: PlaceId = PlaceId::new(4);
pub const WARD: PlaceId = PlaceId::new(5);
pub const CRATE: PlaceId = PlaceId::new(6);
pub const SMITH: StaffId = StaffId::new(1);

pub struct Hospital {
    pub directory: Directory,
    pub zone: TimeZone,
    pub now: Timestamp,
}

impl Hospital {
    pub fn new(clinic: &str) -> Self {
        let place = |id, code: &str, name: &str, kind, parent, phone: Option<&str>| Place {
            id,
            code: code.parse().unwrap(),
            name: name.to_owned(),
            kind,
            parent,
            phone: phone.map(str::to_owned),
            phone_out_of_hours: None,
            open: None,
            until: None,
            consultants: Vec::new(),
        };
        let places = [
            place(SITE, "RX1", "St Elsewhere", PlaceKind::Site, None, Some("01234 567890")),
            place(LIBRARY, "LIB", "Health Records Library", PlaceKind::Library, Some(SITE), Some("ext 2000")),
            place(SHELF, "S12", "Shelf S12", PlaceKind::Shelf, Some(LIBRARY), None),
            place(CLINIC, "CL5", clinic, PlaceKind::Clinic, Some(SITE), Some("ext 2345")),
            place(WARD, "W7", "Ward 7", PlaceKind::Ward, Some(SITE), None),
            place(CRATE, "K000001234", "crate K12", PlaceKind::Container, Some(LIBRARY), None),
        ];
        let smith =
            Staff { id: SMITH, badge: "B77".parse().unwrap(), name: "J. Smith".into(), role: Role::Clerk };
        Self {
            directory: Directory::new(places, [smith], [LIBRARY, CLINIC]),
            zone: TimeZone::get("Europe/London").unwrap(),
            now: "2026-11-23T15:00:00Z".parse().unwrap(),
        }
    }

    pub fn words(&self) -> Words<'_> {
        Words { directory: &self.directory, now: self.now, zone: &self.zone }
    }

    /// A Monday in figures: folders everywhere, two days of which it is known what is usual.
    pub fn overview(&self) -> Overview {
        let start: Timestamp = "2026-11-23T00:00:00Z".parse().unwrap();
        let hour = |number: i64| HourMoves {
            from: start.plus_micros(number * 60 * MINUTE_US),
            to: start.plus_micros((number + 1) * 60 * MINUTE_US),
            moves: (number <= 15).then(|| u64::try_from((number - 5).max(0) * 40).unwrap()),
            usual: Some(Usual { moves: u64::try_from((20 - number).clamp(0, 12) * 30).unwrap(), days: 2 }),
        };
        let folder = |volume: u32| Self::brief(volume, &format!("V00000{volume}"));
        Overview {
            at: self.ago(0),
            stays: (1..)
                .zip(Stay::ALL)
                .map(|(n, stay)| (stay, Stayers { volumes: n * n * n * 100, unconfirmed: n * 5 }))
                .collect(),
            hours: (0..24).map(hour).collect(),
            sent: Age::ALL.map(|age| (age, 1_203)).to_vec(),
            sent_longest: vec![OnItsWay {
                brief: folder(1),
                from: Some(LIBRARY),
                to: Some(CLINIC),
                since: self.ago(60 * 24 * 9),
            }],
            held_longest: vec![Held { brief: folder(2), at: CLINIC, since: self.ago(60 * 24 * 200) }],
            holders: vec![Holder { place: CLINIC, volumes: 1_204, since: self.ago(60 * 24 * 200) }],
            searches: Bounded { count: 12, more: false },
            turned_up: Bounded { count: 2, more: false },
            questions: 3,
            refused: Bounded { count: 17, more: false },
            last_scans: [("W7-1".parse().unwrap(), self.ago(60 * 24 * 3))].into(),
        }
    }

    /// How three of its desks are doing.
    pub fn pulses(&self, scanner: &str) -> HashMap<Code, Pulse> {
        let lib = Pulse { last_scan: Some(self.ago(2)), scanners: 2, lost: Vec::new(), locked: Vec::new() };
        let lost = vec![(scanner.to_owned(), self.ago(348))];
        let cl5 = Pulse { last_scan: Some(self.ago(400)), scanners: 1, lost, locked: Vec::new() };
        let page = Pulse { last_scan: None, scanners: 0, lost: Vec::new(), locked: Vec::new() };
        [("LIB-1", lib), ("CL5", cl5), ("W7-1", page)]
            .map(|(desk, pulse)| (desk.parse().unwrap(), pulse))
            .into()
    }

    pub fn times(&self) -> Times<'_> {
        Times { now: self.now, zone: &self.zone }
    }

    pub fn setups() -> Vec<DeskSetup> {
        [("LIB-1", "LIB"), ("CL5", "CL5"), ("W7-1", "W7"), ("OLD", "NOT-YET")]
            .map(|(code, place)| DeskSetup {
                code: code.parse().unwrap(),
                place: place.parse().unwrap(),
                sign_on: SignOn::Optional,
                sign_on_idle: std::time::Duration::from_mins(15),
                pairing: None,
                label_printer: None,
            })
            .into()
    }

    pub fn ago(&self, minutes: i64) -> Timestamp {
        self.now.plus_micros(-minutes * MINUTE_US)
    }

    fn brief(volume: u32, barcode: &str) -> VolumeBrief {
        VolumeBrief {
            id: VolumeId::new(i64::from(volume)),
            casenote: CasenoteId::new(1),
            number: "RX123456".parse().unwrap(),
            volume,
            kind: VolumeKind::Original,
            barcode: barcode.parse().unwrap(),
        }
    }

    /// A volume of a patient with this surname that is there.
    pub fn volume(surname: &str, present: Present) -> VolumeRecord {
        let sibling = Sibling {
            brief: Self::brief(2, "V000001331"),
            present: Present { place: Some(WARD), to: None, or_at: None, state: State::At, ..present },
        };
        VolumeRecord {
            brief: Self::brief(1, "V000001234"),
            casenote: CasenoteNumber {
                site: "RX1".parse().unwrap(),
                number_type: "HOSPITAL".parse().unwrap(),
                number: "RX123456".parse().unwrap(),
            },
            patient: Some(Patient {
                id: PatientId::new(1),
                nhs_number: Some("9434765919".parse().unwrap()),
                surname: surname.to_owned(),
                forename: "Ann".into(),
                born: Some(jiff::civil::date(1961, 5, 4)),
                died: None,
                source: Source::Imported,
            }),
            home: Some(SHELF),
            hold: None,
            restricted: false,
            present,
            via: present.container,
            by: Some(SMITH),
            desk: Some("CL5".parse().unwrap()),
            siblings: vec![sibling],
            question: None,
            search: None,
        }
    }

    /// A present for each way a folder can be, by a name.
    pub fn presents() -> Vec<(&'static str, Present)> {
        let at = Present {
            state: State::At,
            place: Some(CLINIC),
            confirmed: true,
            since: Some("2026-11-23T14:02:00Z".parse().unwrap()),
            how: Some(How::Scanned),
            ..Present::default()
        };
        let crated = Present { state: State::InContainer, container: Some(CRATE), ..at };
        vec![
            ("not-yet-seen", Present::default()),
            ("at", at),
            ("meant-for", Present { to: Some(WARD), ..at }),
            ("filed", Present { place: Some(SHELF), filed: Some(SHELF), ..at }),
            ("left", Present { confirmed: false, ..at }),
            ("imported", Present { confirmed: false, how: Some(How::Imported), ..at }),
            ("on-its-way", Present { state: State::OnItsWay, to: Some(WARD), confirmed: false, ..at }),
            ("in-container", crated),
            ("container-moved", Present { to: Some(WARD), confirmed: false, ..crated }),
            ("destroyed", Present { state: State::Gone(GoneWhy::Destroyed), ..at }),
            ("combined", Present { state: State::Gone(GoneWhy::Combined), ..at }),
            ("either", Present { or_at: Some(WARD), ..at }),
        ]
    }

    pub fn asked(record: VolumeRecord) -> VolumeRecord {
        let question = QuestionRecord { id: "q-1".into(), kind: QuestionKind::AgainstRule };
        VolumeRecord {
            hold: Some("legal claim".into()),
            restricted: true,
            question: Some(question),
            ..record
        }
    }

    pub fn history(&self) -> Vec<MovementRecord> {
        let changes = [
            Change::Arrived { at: CLINIC, meant_for: None },
            Change::Sent { from: LIBRARY, to: CLINIC },
            Change::Sent { from: LIBRARY, to: WARD },
            Change::Packed { at: LIBRARY, container: CRATE },
            Change::Filed { shelf: SHELF },
        ];
        let step = |(at, change): (usize, Change)| {
            let minutes = i64::try_from(at).unwrap() * 90 + 58;
            let late = if at == 3 { 45 * MINUTE_US } else { 0 };
            MovementRecord {
                id: MovementId { scan: scan_id(at), index: 0 },
                change,
                carried_by: (at == 1).then_some(CRATE),
                how: if at == 1 { How::Carried } else { How::Scanned },
                happened: self.ago(minutes),
                learned_at: self.ago(minutes).plus_micros(late),
                from: Some(LIBRARY),
                by: (at != 4).then_some(SMITH),
                desk: if at == 4 { "~import" } else { "LIB-1" }.parse().unwrap(),
                undone_by: (at == 2).then(|| TakenBack {
                    scan: scan_id(9),
                    at: self.ago(minutes - 4),
                    by: Some(SMITH),
                    desk: "LIB-1".parse().unwrap(),
                }),
            }
        };
        changes.into_iter().enumerate().map(step).collect()
    }

    pub fn line(&self, at: usize, signal: Signal, title: &str, detail: &str) -> Line {
        Line {
            scan: scan_id(at),
            at: self.ago(i64::try_from(at).unwrap()),
            signal,
            title: title.to_owned(),
            detail: detail.to_owned(),
            barcode: Some("V000001234".into()),
            undone: at == 2,
        }
    }

    /// A desk page's session whose last signal is this.
    pub fn session(&self, signal: Signal, title: &str, detail: &str) -> SessionView {
        let last = self.line(0, signal, title, detail);
        SessionView {
            desk: "CL5".parse().unwrap(),
            place: "Clinic 5".into(),
            session: "page-1234abcd".into(),
            next_folder: "Next folder: SENT to Cardiology (28 so far)".into(),
            person: Some("J. Smith".into()),
            signed_on_until: Some(self.now.plus_micros(14 * MINUTE_US)),
            confirms: if signal == Signal::Stop { Confirms::Stop } else { Confirms::Aside },
            count: 28,
            stop: (signal == Signal::Stop).then(|| last.clone()),
            last: Some(last.clone()),
            line: Way::Open,
            locked: Vec::new(),
            scanner_lost: None,
            last_recorded: Some(("123456".into(), self.ago(3))),
            lines: vec![
                last,
                self.line(1, Signal::Sent, "RX654321 vol 1 to Cardiology", ""),
                self.line(2, Signal::Sent, "RX100200 vol 2 to Cardiology", ""),
                self.line(3, Signal::Look, "RX777777 vol 1 is for Ward 7", "Send it on to the place named."),
                self.line(
                    4,
                    Signal::Refused,
                    "This label names no known folder.",
                    "Put it aside for the library.",
                ),
                self.line(5, Signal::Told, "The next folders are sent to Cardiology.", ""),
            ],
            aside: vec![
                self.beside("7777", "This is for Ward 7: send it on."),
                self.beside("R/9Q", "Unknown label: for the library."),
            ],
            proofs: Vec::new(),
        }
    }

    /// A desk page whose scanner is being proved.
    pub fn proved(&self, title: &str) -> SessionView {
        let came =
            [ProofCame::Right, ProofCame::Missing, ProofCame::Otherwise, ProofCame::Right, ProofCame::Waited];
        let step = |(number, came)| ProofStep { number, title: "Two, as fast as you can", came };
        let steps = (1..).zip(came).map(step).collect();
        let proofs = vec![Proving { scanner: title.to_owned(), title: title.to_owned(), steps }];
        SessionView { proofs, ..self.session(Signal::Told, title, "Scan it again.") }
    }

    /// Four scanners of one desk: one at work, one that looks, one that is stopped, one that is lost.
    pub fn scanners(&self, title: &str) -> Vec<SessionView> {
        let named = |name: &str, view: SessionView| SessionView { session: name.to_owned(), ..view };
        let mut lost = named("/dev/ttyACM3", self.session(Signal::Arrived, title, ""));
        lost.scanner_lost = Some(self.ago(2));
        lost.last = None;
        vec![
            named("front", self.session(Signal::Sent, title, "3 of 3 here.")),
            named("back", self.session(Signal::Look, title, "Send it on to the place named.")),
            named("tcp://10.1.2.3:4001", self.session(Signal::Stop, title, "It may not leave. OK, or END.")),
            lost,
        ]
    }

    pub fn beside(&self, last_four: &str, what: &str) -> Aside {
        Aside {
            scan: scan_id(3),
            last_four: last_four.to_owned(),
            what: what.to_owned(),
            at: self.ago(3),
            barcode: Some("V000001234".into()),
        }
    }
}

pub fn scan_id(number: usize) -> ScanId {
    ScanId::new(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + u128::try_from(number).unwrap()))
}
