//! Desks: sessions, their runners, and what the clerk is told.
//!
//! A session's task owns the session; it holds a bounded sender of commands, never the store.

pub mod pulse;
pub mod scanners;
pub mod session;
pub mod signal;

mod inlet;
mod runner;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use tokio::sync::{broadcast, mpsc, oneshot, watch};

use crate::clock::{Clock, Timestamp};
use crate::domain::answer::Signal;
use crate::domain::barcode::Entry;
use crate::domain::command::{Command, NotRecorded, Outcome};
use crate::domain::directory::Directory;
use crate::domain::filing::Filings;
use crate::domain::label_rule::LabelRule;
use crate::domain::movement::MovementId;
use crate::domain::place::Code;
use crate::domain::printing::LabelPrinter;
use crate::domain::{PlaceId, ScanId};
pub use crate::scan::proof::Came;
pub use inlet::ScannerInlet;
pub use pulse::Pulse;
use runner::Message;
pub use runner::{Feedback, Tone, scan_id};
pub use session::Footing;
use session::SessionSetup;

/// Scans that may wait in a session's inbox; one that finds it full is refused, "scan again".
pub const MAX_INBOX: usize = 64;
/// Sessions that one desk may have at a time: more than any desk has scanners and pages.
pub const MAX_SESSIONS_A_DESK: usize = 64;
/// Longest name of a session, in bytes: a port's path or a page's random name.
pub const MAX_SESSION_NAME: usize = 256;
/// Changes kept for a page that reads slowly; one that falls further behind draws itself anew.
const MAX_CHANGES_BEHIND: usize = 1_024;
/// No outcome for so long: the desk says *wait*.
pub const WAIT_AFTER: std::time::Duration = std::time::Duration::from_secs(2);

/// A command on its way to the writer, and where its outcome goes.
pub type Submission = (Command, oneshot::Sender<Result<Outcome, NotRecorded>>);

/// How a desk is set up.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeskSetup {
    /// Its code.
    pub code: Code,
    /// The code of the place where it stands.
    pub place: Code,
    /// Whether sending, filing and undoing ask for a badge.
    pub sign_on: SignOn,
    /// After how long without a scan the person is signed off.
    pub sign_on_idle: std::time::Duration,
    /// The number of its pairing card.
    pub pairing: Option<u32>,
    /// What prints its labels.
    pub label_printer: Option<LabelPrinter>,
}

/// The pairing card of a desk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PairingCard {
    /// Its number.
    pub number: u32,
    /// The desk.
    pub desk: Code,
    /// The place where the desk stands.
    pub place: Code,
}

/// Whether a desk asks for a badge.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SignOn {
    /// Anybody may do everything.
    #[default]
    Optional,
    /// Only receiving works without a badge.
    Required,
}

/// Something read or typed at a desk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Posted {
    /// Made where it happened.
    pub id: ScanId,
    /// The text, terminator and AIM identifier taken off.
    pub text: String,
    /// The AIM identifier.
    pub aim: Option<String>,
    /// Scanned or typed.
    pub entry: Entry,
    /// When, by whoever sent it: kept as evidence.
    pub at: Option<Timestamp>,
    /// How it came, for the proof of a scanner.
    pub came: Came,
}

/// What the clerk is told.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Said {
    /// The signal.
    pub signal: Signal,
    /// One line, large.
    pub title: String,
    /// What more there is to know, and what to do next.
    pub detail: String,
    /// The movements recorded.
    pub movements: Vec<String>,
    /// What the next folder will do.
    pub session: String,
}

/// Why a scan was not answered.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum Unheard {
    /// There is no such desk.
    #[error("there is no desk {0} in the configuration")]
    NoSuchDesk(String),
    /// The desk's place is not known yet.
    #[error("the place {0} of this desk is not known: import the places first")]
    NoSuchPlace(Code),
    /// Too many sessions or scans at once.
    #[error("wait, do not scan on")]
    Busy,
    /// Not known yet whether it was recorded: ask again with the same id.
    #[error("wait, do not scan on: not known yet whether this scan is recorded")]
    NotKnownYet,
    /// The store takes nothing.
    #[error("the server takes no scans: use paper slips")]
    Down,
    /// The id is known with another text.
    #[error("a scan with this id is known, with another text")]
    OtherText,
    /// A fault of ours.
    #[error("not recorded: incident {0}")]
    Incident(uuid::Uuid),
}

/// One thing on a desk page's running list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Line {
    /// The scan.
    pub scan: ScanId,
    /// When it was answered.
    pub at: Timestamp,
    /// The signal.
    pub signal: Signal,
    /// What happened.
    pub title: String,
    /// More.
    pub detail: String,
    /// The volume's barcode, for the link to its page.
    pub barcode: Option<String>,
    /// Whether it has been taken back.
    pub undone: bool,
}

/// A folder that waits beside the pile.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Aside {
    /// The scan that put it aside.
    pub scan: ScanId,
    /// The last four characters of its number, or of what was read.
    pub last_four: String,
    /// What to do with it.
    pub what: String,
    /// When.
    pub at: Timestamp,
    /// The volume's barcode, for the link to its page.
    pub barcode: Option<String>,
}

/// Whether a desk's way to the disk is open.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Way {
    /// Scans are recorded.
    #[default]
    Open,
    /// No outcome for [`WAIT_AFTER`].
    Wait,
    /// The store takes nothing.
    Down,
}

/// What OK answers: one thing at a time.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Confirms {
    /// Nothing: it is told so.
    #[default]
    Nothing,
    /// The stop that stands.
    Stop,
    /// Whether the scans are recorded that were refused while the scanner was locked.
    Refused,
    /// Whether a room was swept whole.
    Room,
    /// The open ALL list.
    List,
    /// The newest line beside the pile.
    Aside,
}

/// What a session's page shows.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct SessionView {
    /// The desk.
    pub desk: Code,
    /// The name of the desk's place.
    pub place: String,
    /// The session.
    pub session: String,
    /// What the next folder will do.
    pub next_folder: String,
    /// Who is signed on.
    pub person: Option<String>,
    /// When that person is signed off, if nobody scans until then.
    pub signed_on_until: Option<Timestamp>,
    /// What OK would answer now.
    pub confirms: Confirms,
    /// Folders in the open batch.
    pub count: u32,
    /// The last signal, newest scan's; `None` 60 s after it, so that no patient stays on the screen.
    pub last: Option<Line>,
    /// A stop that stands.
    pub stop: Option<Line>,
    /// Whether the way to the disk is open.
    pub line: Way,
    /// Its scanners that are locked.
    pub locked: Vec<LockedScanner>,
    /// The scanner is gone, and since when.
    pub scanner_lost: Option<Timestamp>,
    /// The folder that was recorded last, by its number, and when.
    pub last_recorded: Option<(String, Timestamp)>,
    /// The newest first, [`MAX_LINES`] at most.
    pub lines: Vec<Line>,
    /// What waits beside the pile, newest first.
    pub aside: Vec<Aside>,
    /// The proofs that its scanners are at, newest first.
    pub proofs: Vec<Proving>,
}

/// How the proof of one scanner stands, as its page shows it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Proving {
    /// The scanner.
    pub scanner: String,
    /// What is told first.
    pub title: String,
    /// Each number of the sheet, in its order.
    pub steps: Vec<ProofStep>,
}

/// One number of the proof.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ProofStep {
    /// Its number on the sheet.
    pub number: u8,
    /// What the sheet says beside it.
    pub title: &'static str,
    /// Whether it has come.
    pub came: ProofCame,
}

/// Whether a symbol of the proof has come.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ProofCame {
    /// As it should.
    Right,
    /// Otherwise than it should.
    Otherwise,
    /// Not, though a later one has.
    Missing,
    /// Not yet.
    Waited,
}

/// A scanner that belongs to no desk yet.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct LockedScanner {
    /// By what name it is attached.
    pub scanner: String,
    /// What it is and where it is plugged in.
    pub identity: String,
    /// How many of its refused scans are kept.
    pub refused: usize,
}

/// Lines that a desk page shows.
pub const MAX_LINES: usize = 30;

/// A session has changed: its page is drawn anew.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct DeskChanged {
    /// The desk.
    pub desk: Code,
    /// The session.
    pub session: String,
}

/// What the runner reads of a session's past, so that the room needs no store.
pub type Past = Arc<dyn Fn(Code, String) -> BoxFuture<'static, Vec<PastScan>> + Send + Sync>;

/// Whether the store takes what desks send it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Takes {
    /// It does.
    #[default]
    Scans,
    /// It does not: it has stopped, or there is no room on its disk.
    Nothing,
}

/// Waits until the store does otherwise than this, so that a desk where nobody scans learns of it too.
pub type Turns = Arc<dyn Fn(Takes) -> BoxFuture<'static, ()> + Send + Sync>;

/// One earlier scan of a session, as its restoration needs it, oldest first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PastScan {
    /// The scan.
    pub id: ScanId,
    /// The scanner that read.
    pub scanner: String,
    /// Who was signed on.
    pub person: Option<crate::domain::StaffId>,
    /// Its batch.
    pub batch: Option<crate::domain::BatchId>,
    /// Its position there.
    pub position: u32,
    /// When.
    pub at: Timestamp,
    /// What was read, if the log may show it.
    pub text: Option<String>,
    /// What was read, where it stands beside the log and is still kept.
    pub aside: Option<String>,
    /// Whether it was scanned or typed.
    pub entry: Entry,
    /// What was answered.
    pub answer: crate::domain::answer::Answer,
    /// The volume of the answer.
    pub volume: Option<crate::domain::command::VolumeNow>,
    /// All volumes the answer speaks of.
    pub volumes: Vec<crate::domain::command::VolumeNow>,
    /// The session's change.
    pub change: Option<Vec<u8>>,
    /// The movements made.
    pub movements: Vec<MovementId>,
    /// Whether all of them are taken back.
    pub undone: bool,
}

/// What desks need from the rest of the program.
#[derive(Clone)]
pub struct Surroundings {
    /// How the desks are set up.
    pub setups: HashMap<Code, DeskSetup>,
    /// The hospital's old labels.
    pub rules: Arc<[LabelRule]>,
    /// Where commands go.
    pub commands: mpsc::Sender<Submission>,
    /// Places and staff.
    pub directory: watch::Receiver<Arc<Directory>>,
    /// The clocks.
    pub clock: Clock,
    /// Earlier scans of a session.
    pub past: Past,
    /// When the store takes nothing more, or scans again.
    pub turns: Turns,
    /// Hospital's time zone, for times in sentences.
    pub time_zone: jiff::tz::TimeZone,
    /// How the libraries file, for the order on a shelf that is swept.
    pub filings: Arc<Filings>,
}

/// All desks. Clones share them.
#[derive(Clone)]
pub struct Desks(Arc<Room>);

struct Room {
    surroundings: Surroundings,
    /// The pairing cards of all desks.
    cards: Arc<[PairingCard]>,
    changes: broadcast::Sender<DeskChanged>,
    /// The one lock: held to find or start a session, never across an await.
    sessions: Mutex<Sessions>,
}

#[derive(Default)]
struct Sessions {
    open: HashMap<(Code, String), Handle>,
    stopped: bool,
}

#[derive(Clone)]
struct Handle {
    inbox: mpsc::Sender<Message>,
    views: mpsc::Sender<(Look, oneshot::Sender<SessionView>)>,
    pulse: watch::Receiver<Pulse>,
}

/// Who looks at a session.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Look {
    /// Its own page.
    Page,
    /// Another page.
    Beside,
}

async fn look(handle: &Handle, look: Look) -> Option<SessionView> {
    let (reply, view) = oneshot::channel();
    handle.views.try_send((look, reply)).ok()?;
    view.await.ok()
}

impl Desks {
    /// Sets the desks up; sessions start when they are first needed.
    pub fn new(surroundings: Surroundings) -> Self {
        let changes = broadcast::channel(MAX_CHANGES_BEHIND).0;
        let card = |setup: &DeskSetup| {
            let (desk, place) = (setup.code.clone(), setup.place.clone());
            Some(PairingCard { number: setup.pairing?, desk, place })
        };
        let cards = surroundings.setups.values().filter_map(card).collect();
        Self(Arc::new(Room { surroundings, cards, changes, sessions: Mutex::default() }))
    }

    /// Gives a session something read or typed and waits for what the clerk is told, [`WAIT_AFTER`] at most.
    ///
    /// A scan that was not answered in time is still recorded if it can be; the same id asked again gives its answer.
    pub async fn scan(&self, desk: &Code, session: &str, posted: Posted) -> Result<Said, Unheard> {
        let at = self.0.surroundings.clock.read();
        let handle = self.session(desk, session)?;
        let (reply, said) = oneshot::channel();
        let message = Message::Scan { posted, scanner: session.to_owned(), at, reply: Some(reply) };
        handle.inbox.try_send(message).map_err(|_| Unheard::Busy)?;
        match tokio::time::timeout(WAIT_AFTER, said).await {
            Ok(Ok(said)) => said,
            Ok(Err(_)) => Err(Unheard::Busy),
            Err(_) => Err(Unheard::NotKnownYet),
        }
    }

    /// The hospital's old labels, as the desks read them.
    pub fn rules(&self) -> &[LabelRule] {
        &self.0.surroundings.rules
    }

    /// What a session's page shows now.
    pub async fn view(&self, desk: &Code, session: &str) -> Result<SessionView, Unheard> {
        let handle = self.session(desk, session)?;
        look(&handle, Look::Page).await.ok_or(Unheard::Busy)
    }

    /// What an open session shows to those beside it. Such a look neither begins a session nor keeps it open: a page
    /// that watches a desk for weeks would keep every tab that was ever opened there.
    pub async fn glance(&self, desk: &Code, session: &str) -> Option<SessionView> {
        let handle = self.lock().open.get(&(desk.clone(), session.to_owned())).cloned()?;
        look(&handle, Look::Beside).await
    }

    /// The open sessions of a desk, by name.
    pub fn sessions(&self, desk: &Code) -> Vec<String> {
        let sessions = self.lock();
        let open = sessions.open.iter().filter(|((of, _), handle)| of == desk && !handle.inbox.is_closed());
        let mut names: Vec<_> = open.map(|((_, name), _)| name.clone()).collect();
        names.sort();
        names
    }

    /// The desks that stand in one of these places.
    pub fn standing_in(&self, places: &[PlaceId]) -> Vec<Code> {
        let surroundings = &self.0.surroundings;
        let directory = surroundings.directory.borrow();
        let stands = |setup: &&DeskSetup| {
            let place = directory.place_by_code(&setup.place).map(|place| place.id);
            place.is_some_and(|place| places.iter().any(|within| directory.is_within(place, *within)))
        };
        surroundings.setups.values().filter(stands).map(|setup| setup.code.clone()).collect()
    }

    /// Tells of every change of a session.
    pub fn changes(&self) -> broadcast::Receiver<DeskChanged> {
        self.0.changes.subscribe()
    }

    /// Takes no more scans, finishes those in flight.
    pub async fn stop(&self) {
        let open: Vec<_> = {
            let mut sessions = self.lock();
            sessions.stopped = true;
            sessions.open.drain().map(|(_, handle)| handle).collect()
        };
        for handle in open {
            let (done, finished) = oneshot::channel();
            if handle.inbox.send(Message::Stop(done)).await.is_ok() {
                // A session that ended meanwhile has nothing in flight.
                let _ = finished.await;
            }
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Sessions> {
        // A panic while the lock was held left a whole map: it only finds and inserts.
        self.0.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The session, started if it is not open.
    fn session(&self, desk: &Code, session: &str) -> Result<Handle, Unheard> {
        let mut sessions = self.lock();
        if sessions.stopped {
            return Err(Unheard::Down);
        }
        let key = (desk.clone(), session.to_owned());
        if let Some(handle) = sessions.open.get(&key).filter(|handle| !handle.inbox.is_closed()) {
            return Ok(handle.clone());
        }
        let setup = self.setup(desk, session)?;
        sessions.open.retain(|_, handle| !handle.inbox.is_closed());
        let of_desk = sessions.open.keys().filter(|(of, _)| of == desk).count();
        if of_desk >= MAX_SESSIONS_A_DESK || session.len() > MAX_SESSION_NAME {
            return Err(Unheard::Busy);
        }
        let (inbox, messages) = mpsc::channel(MAX_INBOX);
        let (views, asks) = mpsc::channel(MAX_INBOX);
        let (beats, pulse) = watch::channel(Pulse::default());
        let tells = runner::Tells { changes: self.0.changes.clone(), beats };
        tokio::spawn(runner::run(setup, self.0.surroundings.clone(), tells, messages, asks));
        let handle = Handle { inbox, views, pulse };
        sessions.open.insert(key, handle.clone());
        Ok(handle)
    }

    fn setup(&self, desk: &Code, session: &str) -> Result<SessionSetup, Unheard> {
        let surroundings = &self.0.surroundings;
        let setup = surroundings.setups.get(desk).ok_or_else(|| Unheard::NoSuchDesk(desk.to_string()))?;
        let directory = surroundings.directory.borrow();
        let place =
            directory.place_by_code(&setup.place).ok_or_else(|| Unheard::NoSuchPlace(setup.place.clone()))?;
        Ok(SessionSetup {
            desk: desk.clone(),
            desk_place: place.id,
            session: session.to_owned(),
            sign_on: setup.sign_on,
            sign_on_idle_us: i64::try_from(setup.sign_on_idle.as_micros()).unwrap_or(i64::MAX),
            pairing: setup.pairing,
            cards: self.0.cards.clone(),
            label_printer: setup.label_printer.clone(),
            run: runner::new_run(surroundings.clock.read()),
            time_zone: surroundings.time_zone.clone(),
            filings: surroundings.filings.clone(),
        })
    }
}
