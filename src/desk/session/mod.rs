//! One session of one desk: what a scan means, as a state machine with no clock, socket or thread in it.
//!
//! A scan comes in and goes out as a [`Command`]; its [`Outcome`] comes in and goes out as what the clerk is told.
//! One scan is in flight at a time; the caller keeps the next ones. Nothing changes before the outcome is known.

#![expect(clippy::similar_names, reason = "a shelf is a shelf, however close that is to `self`")]

mod cards;
mod flight;
mod folders;
mod labels;
mod lapse;
mod ledger;
mod lock;
mod missing;
mod outcome;
mod places;
mod proving;
mod restore;
mod state;
mod sweep;
mod undo;
mod view;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::clock::{Anchor, Reading, SECOND_US, Timestamp};
use crate::desk::signal::{Scene, Sentence};
use crate::desk::{Line, PairingCard, Posted, Said, SignOn};
use crate::domain::answer::Answer;
use crate::domain::barcode::{self, Card, Code, Entry, MAX_TEXT_LEN};
use crate::domain::casenote::VolumeBrief;
use crate::domain::command::{Act, Command, Consent, Moment, NotRecorded, Outcome, Run, Sought, VolumeNow};
use crate::domain::directory::Directory;
use crate::domain::filing::Filings;
use crate::domain::label_rule::LabelRule;
use crate::domain::movement::{MovementId, UndoTarget};
use crate::domain::place::Code as PlaceCode;
use crate::domain::printing::LabelPrinter;
use crate::domain::refusal::Reason;
use crate::domain::{BatchId, PlaceId, ScanId, StaffId, VolumeId};

use ledger::Ledger;
pub use ledger::spoken_of;
use lock::Locks;
pub use lock::{Footing, MAX_REFUSED_KEPT};
use proving::{Proved, Proving};
use state::{Mode, State, Stopping};

/// The same text again within so long of its last read is a double read, if both were scanned or both typed: a text
/// may mean another thing where it was typed.
pub const DOUBLE_READ_US: i64 = 2 * SECOND_US;

/// What a session knows from its start.
#[derive(Clone, Debug)]
pub struct SessionSetup {
    /// The desk.
    pub desk: PlaceCode,
    /// Where it stands.
    pub desk_place: PlaceId,
    /// The session's name.
    pub session: String,
    /// Whether acts other than receiving ask for a badge.
    pub sign_on: SignOn,
    /// After how long without a scan the person is signed off, in microseconds.
    pub sign_on_idle_us: i64,
    /// The number of the desk's pairing card.
    pub pairing: Option<u32>,
    /// The pairing cards of all desks.
    pub cards: Arc<[PairingCard]>,
    /// The label printer beside the desk.
    pub label_printer: Option<LabelPrinter>,
    /// Which run of the session this is.
    pub run: Run,
    /// The hospital's time zone.
    pub time_zone: TimeZone,
    /// How its libraries file.
    pub filings: Arc<Filings>,
}

/// What a session is given.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Input {
    /// Something read or typed.
    Read {
        /// What.
        posted: Posted,
        /// By which scanner.
        scanner: String,
    },
    /// Something that is no read.
    BadRead {
        /// Made where it happened.
        id: ScanId,
        /// Why it is none.
        reason: Reason,
        /// What there was of it.
        raw: String,
        /// By which scanner.
        scanner: String,
    },
    /// A read from before its scanner was attached, which it was refused: answered without a sound.
    Held {
        /// What.
        posted: Posted,
        /// By which scanner.
        scanner: String,
    },
    /// A scanner is attached, or known better than before.
    Attached {
        /// Which.
        scanner: String,
        /// Whether it belongs to the desk.
        footing: Footing,
    },
    /// A scanner belongs to the desk no more.
    Detached(String),
    /// What came of the scan in flight.
    Outcome(Result<Outcome, NotRecorded>),
    /// Time has passed.
    Tick,
    /// A scanner is gone.
    ScannerLost(String),
    /// It is back.
    ScannerBack(String),
}

/// What a session wants done.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Effect {
    /// Record this; give the outcome back as [`Input::Outcome`].
    Submit(Box<Command>),
    /// Tell the clerk.
    Signal(Box<Signalled>),
    /// The scan is not on disk.
    NotRecorded {
        /// Which.
        scan: ScanId,
        /// By which scanner.
        scanner: String,
        /// Why.
        why: NotRecorded,
    },
    /// The session's page has changed.
    PageChanged,
}

/// What the clerk is told.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Signalled {
    /// The scan; none: nobody scanned, something lapsed.
    pub scan: Option<ScanId>,
    /// The scanner that read, or the session's last one.
    pub scanner: String,
    /// The answer.
    pub answer: Answer,
    /// The words.
    pub said: Said,
    /// Whether it sounds.
    pub sound: Sound,
}

/// Whether a signal sounds.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Sound {
    /// It does.
    Heard,
    /// A double read: no sound.
    Silent,
}

/// One session. See the module.
#[derive(Debug)]
pub struct Session {
    setup: SessionSetup,
    anchor: Anchor,
    scans: u64,
    notices: u128,
    state: State,
    /// The state as the last recorded scan left it: what time has changed since is written with the next one.
    stored: State,
    person: Option<StaffId>,
    last_scan: Option<Timestamp>,
    last_recorded: Option<(String, Timestamp)>,
    last_scanner: String,
    previous: Option<Previous>,
    /// Reads in a row that were none.
    bad_reads: u32,
    waiting: Option<Waiting>,
    asked: Vec<VolumeNow>,
    /// The folder that has turned up with the last scan: a number says where it was.
    rung: Option<VolumeId>,
    /// The temporary folder of COMBINE.
    combining: Option<VolumeId>,
    stop: Option<Stop>,
    lost: Vec<(String, Timestamp)>,
    last: Option<Line>,
    /// One a scanner, newest first.
    proofs: Vec<Proving>,
    ledger: Ledger,
    locks: Locks,
    flight: Option<Flight>,
}

/// The scan before: what a double read answers.
#[derive(Clone, Debug)]
struct Previous {
    text: String,
    entry: Entry,
    read_boot_us: i64,
    answer: Answer,
    sentence: Sentence,
    movements: Vec<MovementId>,
}

/// A folder just received, which a shelf label may file.
#[derive(Clone, Debug)]
struct Waiting {
    volume: VolumeBrief,
    at: Timestamp,
    mode: Mode,
}

/// A stop that stands.
#[derive(Clone, Debug)]
struct Stop {
    answer: Answer,
    text: String,
    mode: Mode,
    volumes: Vec<VolumeNow>,
    sentence: Sentence,
    line: Line,
}

/// The scan whose outcome is awaited.
#[derive(Clone, Debug)]
struct Flight {
    scan: ScanId,
    scanner: String,
    text: String,
    aim: Option<String>,
    entry: Entry,
    at: Timestamp,
    read: Reading,
    batch: Option<BatchId>,
    position: u32,
    plan: Plan,
    moment: Moment,
    sound: Sound,
}

/// What a scan was taken to mean, and what the session will be.
#[derive(Clone, Debug)]
struct Plan {
    act: Act,
    accepted: State,
    refused: State,
    person: Option<StaffId>,
    doing: Doing,
}

/// What an outcome changes in the session's memory.
#[derive(Clone, PartialEq, Eq, Debug)]
enum Doing {
    /// A card: nothing to remember.
    Card,
    /// A card that opened an act: the batch is over.
    Opens,
    /// The previous scan, read twice.
    Double,
    /// No usable text.
    Unusable,
    /// A folder or container under the open act.
    Folder(Option<PlaceId>),
    /// A folder that came while a stop stood.
    Waits,
    /// Scanned already in this batch.
    Again(Option<VolumeId>),
    /// A question.
    Asks,
    /// LABEL's folder.
    Prints,
    /// MISSING's folder.
    Misses,
    /// Where a folder was that has turned up.
    TellsWhere,
    /// COMBINE's temporary folder, or its original.
    Combines,
    /// A shelf label for the folder that waited.
    Shelf(VolumeId),
    /// A folder taken off the list.
    TakesOff(VolumeId),
    /// ALL: this is the list.
    Gathers(Vec<VolumeId>),
    /// The list was sent.
    SendsList,
    /// Something is taken back.
    TakesBack(UndoTarget),
    /// Something is taken back and sent elsewhere.
    Resends(UndoTarget),
    /// OK to a stop: the stopped thing itself.
    Consents,
    /// OK or END to a stop with nothing to do.
    LeavesStop,
    /// OK to a line beside the pile.
    Reads(ScanId),
    /// END.
    Ends,
    /// A folder, container or patient that a locked scanner read: kept.
    Locked,
    /// A place or card that a locked scanner read: kept with them.
    LockedCard,
    /// The pairing card of this desk.
    Pairs,
    /// OK to the refused scans.
    RunsOffer,
    /// END to them.
    LeavesOffer,
    /// A symbol of the proof.
    Proves(Proved),
}

impl Plan {
    fn tell(answer: Answer, state: State) -> Self {
        Self::act(Act::Tell(answer), state, Doing::Card)
    }

    fn act(act: Act, state: State, doing: Doing) -> Self {
        Self { act, accepted: state, refused: state, person: None, doing }
    }

    fn doing(self, doing: Doing) -> Self {
        Self { doing, ..self }
    }
}

/// What a scan is decided with.
#[derive(Clone, Copy)]
struct Room<'a> {
    directory: &'a Directory,
    at: Timestamp,
}

/// The number by which a clerk chooses `volumes[at]`: the volume's own where all differ, else its place in the list.
pub fn choice_number(volumes: &[VolumeNow], at: usize) -> Option<u32> {
    let numbers: std::collections::HashSet<_> = volumes.iter().map(|volume| volume.brief.volume).collect();
    let own = numbers.len() == volumes.len() && volumes.iter().all(|volume| volume.brief.volume <= 9);
    let number = if own { volumes.get(at)?.brief.volume } else { u32::try_from(at).ok()? + 1 };
    (number <= 9).then_some(number)
}

fn chosen(volumes: &[VolumeNow], digit: u8) -> Option<VolumeId> {
    let at = (0..volumes.len()).find(|at| choice_number(volumes, *at) == Some(u32::from(digit)))?;
    volumes.get(at).map(|volume| volume.brief.id)
}

impl Session {
    /// A session with no past.
    pub fn new(setup: SessionSetup, now: Reading) -> Self {
        Self {
            setup,
            anchor: Anchor::new(now),
            scans: 0,
            notices: 0,
            state: State::default(),
            stored: State::default(),
            person: None,
            last_scan: None,
            last_recorded: None,
            last_scanner: String::new(),
            previous: None,
            bad_reads: 0,
            waiting: None,
            asked: Vec::new(),
            rung: None,
            combining: None,
            stop: None,
            lost: Vec::new(),
            last: None,
            proofs: Vec::new(),
            ledger: Ledger::default(),
            locks: Locks::default(),
            flight: None,
        }
    }

    /// Takes one input. A read while a scan is in flight is a fault of the caller and is not taken.
    pub fn on(
        &mut self,
        input: Input,
        now: Reading,
        directory: &Directory,
        rules: &[LabelRule],
    ) -> Vec<Effect> {
        let at = self.anchor.at(now);
        let room = Room { directory, at };
        match input {
            Input::Read { posted, scanner } => self.read(posted, scanner, Sound::Heard, now, room, rules),
            Input::Held { posted, scanner } => self.read(posted, scanner, Sound::Silent, now, room, rules),
            Input::BadRead { id, reason, raw, scanner } => {
                let came = proving::came_of(reason);
                let posted = Posted { id, text: raw, aim: None, entry: Entry::Scanned, at: None, came };
                self.take(posted, scanner, Sound::Heard, now, room, &Code::Unusable(reason))
            }
            Input::Attached { scanner, footing } => {
                self.locks.attach(scanner, footing);
                vec![Effect::PageChanged]
            }
            Input::Detached(scanner) => {
                self.locks.detach(&scanner);
                self.lost.retain(|(lost, _)| *lost != scanner);
                vec![Effect::PageChanged]
            }
            Input::Outcome(Ok(outcome)) => {
                let mut effects = self.came(&outcome, room);
                effects.extend(self.run_on(room, rules));
                effects
            }
            Input::Outcome(Err(why)) => self.came_to_nothing(why),
            Input::Tick => self.lapse(room),
            Input::ScannerLost(scanner) => self.scanner_lost(scanner, room),
            Input::ScannerBack(scanner) => self.scanner_back(&scanner, room),
        }
    }

    /// Whether a scan's outcome is awaited.
    pub const fn is_waiting(&self) -> bool {
        self.flight.is_some()
    }

    /// Whether a stop stands, and the scanner that hears it.
    pub fn stop_stands(&self) -> Option<&str> {
        self.stop.as_ref().map(|_| self.last_scanner.as_str())
    }

    /// Whether time alone may change something.
    pub fn wants_ticks(&self) -> bool {
        let receiving = self.ledger.batch.is_some();
        let asks = self.locks.offered().is_some();
        let shows = self.last.is_some() || !self.proofs.is_empty();
        self.state != State::default() || self.person.is_some() || receiving || shows || asks
    }

    fn read(
        &mut self,
        posted: Posted,
        scanner: String,
        sound: Sound,
        now: Reading,
        room: Room<'_>,
        rules: &[LabelRule],
    ) -> Vec<Effect> {
        let typed_digit = Some(posted.text.trim())
            .filter(|text| posted.entry == Entry::Typed && text.len() == 1)
            .and_then(|text| text.parse().ok())
            .filter(|digit: &u8| *digit > 0 && self.asks_for_a_number());
        let code = typed_digit.map_or_else(
            || barcode::read(&posted.text, posted.aim.as_deref(), posted.entry, rules, room.directory),
            |digit| Code::Card(Card::Digit(digit)),
        );
        self.take(posted, scanner, sound, now, room, &code)
    }

    fn take(
        &mut self,
        posted: Posted,
        scanner: String,
        sound: Sound,
        now: Reading,
        room: Room<'_>,
        code: &Code,
    ) -> Vec<Effect> {
        if self.flight.is_some() {
            return Vec::new();
        }
        let mut effects = self.lapse(room);
        let text = cut(posted.text.trim());
        // A locked scanner may be proved: that moves nothing.
        let proved = self.proves(&posted, &scanner, now);
        let refuses = proved.is_none() && self.locks.refuses(&scanner, code);
        let double = self.previous.as_ref().filter(|previous| {
            let same = previous.text == text && previous.entry == posted.entry;
            // What one scanner was refused, another may have taken.
            let same = same && (previous.answer.reason == Reason::DeskLocked) == refuses;
            same && (0..=DOUBLE_READ_US).contains(&(now.boot_us - previous.read_boot_us))
        });
        let plan = match (double, proved) {
            (Some(previous), _) => Plan::act(Act::Tell(previous.answer), self.state, Doing::Double),
            (None, Some(proved)) => self.prove(proved),
            (None, None) => self.at_lock(&scanner, code).unwrap_or_else(|| self.plan(code, &text, room)),
        };
        self.last_scanner.clone_from(&scanner);
        let flight = Flight { sound, ..self.flight_of(&posted, scanner, text, room.at, now, plan) };
        effects.push(Effect::Submit(Box::new(self.command(&flight, posted, code, now))));
        self.flight = Some(flight);
        effects
    }

    /// What a scan means.
    fn plan(&self, code: &Code, text: &str, room: Room<'_>) -> Plan {
        match code {
            Code::Card(card) => self.card(*card, room),
            Code::Place(place) => self.place(*place, room),
            Code::Staff(person) => self.badge(*person),
            Code::Container(container) => self.container(*container, text),
            Code::Folder(folder) => self.folder(folder.clone(), text),
            Code::Patient(patient) => {
                let sought = Sought::Patient(patient.clone());
                match self.state.arm.filter(|_| !stands(self.state.stopping)) {
                    Some(state::Arm::Label) => self.prints(sought),
                    Some(state::Arm::Missing) => self.misses(sought, Consent::Unasked),
                    _ => Plan::act(Act::Ask(sought), self.state.disarmed(), Doing::Asks),
                }
            }
            Code::Unusable(reason) => Plan::act(Act::Tell(Answer::new(*reason)), self.state, Doing::Unusable),
        }
    }

    fn asks_which(&self) -> bool {
        let which = |stop: &Stop| {
            matches!(stop.answer.reason, Reason::WhichVolume | Reason::WhichLabel | Reason::WhichMissing)
        };
        self.stop.as_ref().is_some_and(which)
    }

    fn asks_for_a_number(&self) -> bool {
        self.asks_which() || !self.asked.is_empty() || self.rung.is_some()
    }

    /// Whether the desk asks for a badge and nobody has shown one.
    fn needs_badge(&self) -> bool {
        self.setup.sign_on == SignOn::Required && self.person.is_none()
    }

    fn scene<'a>(&'a self, room: Room<'a>) -> Scene<'a> {
        Scene {
            directory: room.directory,
            desk_place: self.setup.desk_place,
            time_zone: &self.setup.time_zone,
            now: room.at,
            volumes: &[],
            siblings: &[],
            patient: None,
            label_printer: self.setup.label_printer.as_ref(),
            cards: &self.setup.cards,
        }
    }
}

/// The text as the log keeps it: [`MAX_TEXT_LEN`] bytes at most.
fn cut(text: &str) -> String {
    let mut end = text.len().min(MAX_TEXT_LEN);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default().to_owned()
}

/// Whether a stop is left standing by a scan that was answered.
const fn stands(stopping: Stopping) -> bool {
    matches!(stopping, Stopping::Standing)
}
