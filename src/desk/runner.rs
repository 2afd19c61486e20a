//! The task that owns one session: a bounded inbox, one scan in flight, the same way for HTTP and for scanners.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{broadcast, mpsc, oneshot, watch};
use tokio::time::{Instant, MissedTickBehavior};
use uuid::Uuid;

use super::session::{Effect, Footing, Input, Session, SessionSetup, Signalled, Sound};
use super::{
    DeskChanged, Look, Posted, Pulse, Said, SessionView, Surroundings, Takes, Unheard, WAIT_AFTER, Way,
};
use crate::clock::{Reading, Timestamp};
use crate::domain::ScanId;
use crate::domain::answer::Signal;
use crate::domain::command::{Command, NotRecorded, Outcome, Run};
use crate::domain::refusal::Reason;

/// Answers kept for a sender that asks again with the same id: what a page retries within a minute or two.
const MAX_ANSWERS_KEPT: usize = 256;
/// A session without a scanner ends after so long without a scan or a look of its own page: its state is on disk.
const IDLE_DROP: Duration = Duration::from_mins(30);
/// How often time is looked at while something may lapse.
const TICK: Duration = Duration::from_secs(1);
/// A standing stop sounds again after so many ticks.
const STOP_REPEATS_TICKS: u32 = 3;

/// What a scanner is told after a scan: the five signs that every profile knows.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Tone {
    /// Accepted and on disk.
    Accept,
    /// Accepted, and something is to be done with this folder now.
    Look,
    /// Not done.
    Refuse,
    /// Not done, and nothing goes on until it is answered.
    Stop,
    /// The stop is over.
    Ready,
}

impl Tone {
    /// The tone of a signal.
    pub const fn of(signal: Signal) -> Self {
        match signal {
            Signal::Arrived | Signal::Sent | Signal::Filed | Signal::Packed | Signal::Told | Signal::Kept => {
                Self::Accept
            }
            Signal::Look => Self::Look,
            Signal::Refused => Self::Refuse,
            Signal::Stop => Self::Stop,
        }
    }
}

/// Tells a scanner something; must not block.
pub type Feedback = Arc<dyn Fn(Tone) + Send + Sync>;

/// Where the answer to a scan goes.
pub(super) type Reply = oneshot::Sender<Result<Said, Unheard>>;

/// What comes into a session's inbox.
pub(super) enum Message {
    /// Something read or typed.
    Scan { posted: Posted, scanner: String, at: Reading, reply: Option<Reply> },
    /// Something that is no read.
    Bad { id: ScanId, reason: Reason, raw: String, scanner: String, at: Reading },
    /// A read from before its scanner was attached.
    Held { posted: Posted, scanner: String, at: Reading },
    /// A scanner is attached, with the way to tell it; or another one stands there.
    Attach { scanner: String, feedback: Feedback, footing: Footing },
    /// It belongs to the desk no more.
    Detach { scanner: String },
    /// A scanner is gone.
    Lost { scanner: String },
    /// It is back.
    Back { scanner: String },
    /// Nothing more is coming: finish what is in flight.
    Stop(oneshot::Sender<()>),
}

struct Kept {
    text: String,
    said: Said,
}

/// The task's own things.
pub(super) struct Runner {
    surroundings: Surroundings,
    session: Session,
    tells: Tells,
    last_scan: Option<Timestamp>,
    page: DeskChanged,
    way: Way,
    scanners: HashMap<String, Feedback>,
    kept: HashMap<ScanId, Kept>,
    /// The ids of what is kept, oldest first.
    kept_ids: VecDeque<ScanId>,
    /// Whoever waits for the scan in flight, with its id and text.
    waiters: Vec<Reply>,
    flying: Option<(ScanId, String)>,
    outcome: Option<oneshot::Receiver<Result<Outcome, NotRecorded>>>,
    wait_at: Instant,
    /// The scan in flight when the store stopped: its scanner has heard so already.
    downed: Option<ScanId>,
    stop_ticks: u32,
    /// The scanner that was last told to stop, until it is told that the stop is over.
    stopped: Option<String>,
}

/// Whom a session tells how it is.
pub(super) struct Tells {
    /// Its pages.
    pub changes: broadcast::Sender<DeskChanged>,
    /// Whoever looks at all desks.
    pub beats: watch::Sender<Pulse>,
}

/// Starts the task of a session and ends when its senders are gone or it has been idle for long.
pub(super) async fn run(
    setup: SessionSetup,
    surroundings: Surroundings,
    tells: Tells,
    mut inbox: mpsc::Receiver<Message>,
    mut views: mpsc::Receiver<(Look, oneshot::Sender<SessionView>)>,
) {
    let past = (surroundings.past)(setup.desk.clone(), setup.session.clone()).await;
    let page = DeskChanged { desk: setup.desk.clone(), session: setup.session.clone() };
    let directory = surroundings.directory.borrow().clone();
    let session = Session::restore(setup, &past, surroundings.clock.read(), &directory);
    let mut runner = Runner {
        surroundings,
        session,
        tells,
        last_scan: None,
        page,
        way: Way::Open,
        scanners: HashMap::new(),
        kept: HashMap::new(),
        kept_ids: VecDeque::new(),
        waiters: Vec::new(),
        flying: None,
        outcome: None,
        wait_at: Instant::now(),
        downed: None,
        stop_ticks: 0,
        stopped: None,
    };
    let mut ticks = tokio::time::interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut used = Instant::now();
    let mut takes = Takes::Scans;
    let mut turn = (runner.surroundings.turns)(takes);
    loop {
        if takes != runner.takes() {
            takes = runner.takes();
            turn = (runner.surroundings.turns)(takes);
        }
        tokio::select! {
            biased;
            outcome = answered(&mut runner.outcome) => runner.came(outcome),
            () = &mut turn => runner.turns(),
            () = tokio::time::sleep_until(runner.wait_at), if runner.is_late() => runner.waits(),
            Some((look, reply)) = views.recv() => {
                if look == Look::Page {
                    used = Instant::now();
                }
                runner.show(reply);
            }
            message = inbox.recv(), if runner.outcome.is_none() => {
                let Some(message) = message else { break };
                used = Instant::now();
                if let Message::Stop(done) = message {
                    let _ = done.send(());
                    break;
                }
                runner.take(message);
                runner.beat();
            }
            _ = ticks.tick(), if runner.outcome.is_none() && runner.session.wants_ticks() => runner.tick(),
            () = tokio::time::sleep_until(used + IDLE_DROP), if runner.may_end() => {
                // What is in the inbox already is still taken; then it is empty and closed.
                inbox.close();
                used = Instant::now();
            }
        }
    }
}

/// The outcome of the scan in flight; never, if there is none.
async fn answered(
    outcome: &mut Option<oneshot::Receiver<Result<Outcome, NotRecorded>>>,
) -> Result<Outcome, NotRecorded> {
    match outcome {
        // A writer that drops a command has stopped.
        Some(receiver) => receiver.await.unwrap_or(Err(NotRecorded::Stopped)),
        None => std::future::pending().await,
    }
}

impl Runner {
    fn is_late(&self) -> bool {
        self.outcome.is_some() && self.way == Way::Open
    }

    fn may_end(&self) -> bool {
        self.outcome.is_none() && self.scanners.is_empty()
    }

    fn show(&self, reply: oneshot::Sender<SessionView>) {
        let directory = self.surroundings.directory.borrow().clone();
        let _ = reply.send(self.session.view(self.surroundings.clock.read(), &directory, self.way));
    }

    fn beat(&self) {
        let lost = self.session.lost().to_vec();
        let locked = self.session.locked();
        let pulse = Pulse { last_scan: self.last_scan, scanners: self.scanners.len(), lost, locked };
        self.tells.beats.send_if_modified(|told| {
            let modified = *told != pulse;
            if modified {
                *told = pulse;
            }
            modified
        });
    }

    fn waits(&mut self) {
        self.way = Way::Wait;
        self.tell_pages();
    }

    /// What the session believes of the store.
    fn takes(&self) -> Takes {
        match self.way {
            Way::Open | Way::Wait => Takes::Scans,
            Way::Down => Takes::Nothing,
        }
    }

    fn turns(&mut self) {
        match self.takes() {
            Takes::Scans => self.goes_down(),
            Takes::Nothing => self.goes_on(),
        }
    }

    /// Every scanner of the session hears it, and every page shows it.
    fn goes_on(&mut self) {
        self.way = Way::Open;
        self.downed = None;
        for feedback in self.scanners.values() {
            feedback(Tone::Ready);
        }
        self.tell_pages();
    }

    /// Every scanner of the session hears it, and every page shows it.
    fn goes_down(&mut self) {
        if self.way == Way::Down {
            return;
        }
        self.way = Way::Down;
        self.downed = self.flying.as_ref().map(|(id, _)| *id);
        for feedback in self.scanners.values() {
            feedback(Tone::Stop);
        }
        self.tell_pages();
    }

    fn take(&mut self, message: Message) {
        match message {
            Message::Scan { posted, scanner, at, reply } => {
                self.last_scan = Some(at.wall);
                self.scan(posted, scanner, at, reply);
            }
            Message::Bad { id, reason, raw, scanner, at } => {
                self.last_scan = Some(at.wall);
                self.flying = Some((id, raw.clone()));
                self.give(Input::BadRead { id, reason, raw, scanner }, at);
            }
            Message::Held { posted, scanner, at } => {
                self.flying = Some((posted.id, posted.text.trim().to_owned()));
                self.give(Input::Held { posted, scanner }, at);
            }
            Message::Attach { scanner, feedback, footing } => {
                if self.way == Way::Down {
                    feedback(Tone::Stop);
                }
                self.scanners.insert(scanner.clone(), feedback);
                self.give_now(Input::Attached { scanner, footing });
            }
            Message::Detach { scanner } => {
                self.scanners.remove(&scanner);
                self.give_now(Input::Detached(scanner));
            }
            Message::Lost { scanner } => self.give_now(Input::ScannerLost(scanner)),
            Message::Back { scanner } => self.give_now(Input::ScannerBack(scanner)),
            Message::Stop(done) => drop(done),
        }
    }

    fn scan(&mut self, posted: Posted, scanner: String, at: Reading, reply: Option<Reply>) {
        if let Some(kept) = self.kept.get(&posted.id) {
            let same = kept.text == posted.text.trim();
            let answer = if same {
                Ok(kept.said.clone())
            } else {
                tracing::error!(scan.id = %posted.id, "a known scan came with another text and was refused");
                Err(Unheard::OtherText)
            };
            if let Some(reply) = reply {
                let _ = reply.send(answer);
            }
            return;
        }
        self.flying = Some((posted.id, posted.text.trim().to_owned()));
        self.waiters.extend(reply);
        self.give(Input::Read { posted, scanner }, at);
    }

    fn tick(&mut self) {
        let stopped = self.session.stop_stands().map(str::to_owned);
        if let Some(scanner) = stopped {
            self.stop_ticks += 1;
            if self.stop_ticks.is_multiple_of(STOP_REPEATS_TICKS) {
                self.tone(&scanner, Tone::Stop);
            }
        } else {
            self.stop_ticks = 0;
        }
        self.give_now(Input::Tick);
    }

    fn give_now(&mut self, input: Input) {
        let now = self.surroundings.clock.read();
        self.give(input, now);
    }

    fn give(&mut self, input: Input, at: Reading) {
        let directory = self.surroundings.directory.borrow().clone();
        let effects = self.session.on(input, at, &directory, &self.surroundings.rules);
        for effect in effects {
            match effect {
                Effect::Submit(command) => self.submit(*command),
                Effect::Signal(signalled) => self.signal(*signalled),
                Effect::NotRecorded { scanner, why, .. } => self.not_recorded(&scanner, &why),
                Effect::PageChanged => self.tell_pages(),
            }
        }
    }

    fn submit(&mut self, command: Command) {
        let (reply, outcome) = oneshot::channel();
        let refused = match self.surroundings.commands.try_send((command, reply)) {
            Ok(()) => None,
            Err(mpsc::error::TrySendError::Full(_)) => Some(NotRecorded::Busy),
            Err(mpsc::error::TrySendError::Closed(_)) => Some(NotRecorded::Stopped),
        };
        match refused {
            None => {
                self.outcome = Some(outcome);
                self.wait_at = Instant::now() + WAIT_AFTER;
            }
            Some(why) => self.give_now(Input::Outcome(Err(why))),
        }
    }

    fn came(&mut self, outcome: Result<Outcome, NotRecorded>) {
        self.outcome = None;
        // A store that takes nothing does so, though an outcome from before that comes after it.
        if self.way == Way::Wait {
            self.way = Way::Open;
        }
        self.give_now(Input::Outcome(outcome));
        self.beat();
    }

    /// The scanner first: the clerk waits for the tone.
    fn signal(&mut self, signalled: Signalled) {
        let Signalled { scan, scanner, said, sound, .. } = signalled;
        let tone = Tone::of(said.signal);
        if sound == Sound::Heard {
            let stands = self.session.stop_stands().is_some();
            if let Some(stopped) = self.stopped.take_if(|_| !stands) {
                self.tone(&stopped, Tone::Ready);
            }
            self.tone(&scanner, tone);
            if stands {
                self.stopped = Some(scanner);
            }
        }
        let Some((id, text)) = self.flying.take_if(|(id, _)| Some(*id) == scan) else { return };
        for waiter in self.waiters.drain(..) {
            let _ = waiter.send(Ok(said.clone()));
        }
        if self.kept_ids.len() >= MAX_ANSWERS_KEPT
            && let Some(oldest) = self.kept_ids.pop_front()
        {
            self.kept.remove(&oldest);
        }
        self.kept_ids.push_back(id);
        self.kept.insert(id, Kept { text, said });
    }

    fn not_recorded(&mut self, scanner: &str, why: &NotRecorded) {
        if *why == NotRecorded::Stopped {
            self.goes_down();
        }
        let flying = self.flying.take().map(|(id, _)| id);
        let unheard = match *why {
            NotRecorded::Stopped => Unheard::Down,
            NotRecorded::Busy => Unheard::Busy,
            NotRecorded::OtherText => Unheard::OtherText,
            NotRecorded::Incident(number) => Unheard::Incident(number),
        };
        if flying.is_none() || self.downed.take() != flying {
            self.tone(scanner, Tone::Refuse);
        }
        for waiter in self.waiters.drain(..) {
            let _ = waiter.send(Err(unheard.clone()));
        }
    }

    fn tone(&self, scanner: &str, tone: Tone) {
        if let Some(feedback) = self.scanners.get(scanner) {
            feedback(tone);
        }
    }

    fn tell_pages(&self) {
        // An error only says that no page is open.
        let _ = self.tells.changes.send(self.page.clone());
    }
}

/// A run of a session that begins now.
pub(super) fn new_run(at: Reading) -> Run {
    Run { incarnation: scan_id(at).uuid(), boot: crate::clock::boot_id() }
}

/// A scan's id, made where the scan happened.
pub fn scan_id(at: Reading) -> ScanId {
    let micros = at.wall.micros().max(0).cast_unsigned();
    let nanos = u32::try_from(micros % 1_000_000 * 1_000).unwrap_or(0);
    ScanId::new(Uuid::new_v7(uuid::Timestamp::from_unix(uuid::NoContext, micros / 1_000_000, nanos)))
}
