//! One scanner: what its device's thread, its session and the supervisor share of it.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::Context;
use tokio::sync::{mpsc, watch};

use crate::clock::{Clock, Reading, Timestamp};
use crate::desk::scanners::{Health, LinkNow};
use crate::desk::{Desks, Feedback as Ear, Footing, ScannerInlet, Tone, Unheard};
use crate::domain::barcode::{self, Card, Code, Entry};
use crate::domain::directory::Directory;
use crate::domain::label_rule::LabelRule;
use crate::domain::place::Code as DeskCode;
use crate::domain::refusal::Reason;
use crate::scan::feedback::Feedback;
use crate::scan::frame::{Frame, FrameEvent, FrameFault};
use crate::scan::port::{Address, Detail, Port, PortEvent, PortHandle, PortSpec};
use crate::scan::profile::Profile;
use crate::scan::usb::Identity;

/// Reads held for a scanner without a desk: with a badge and the card they must fit into a session's inbox at once. Later
/// ones are refused like the others, and are not kept.
pub const MAX_HELD: usize = 48;

/// A pairing card was read by a scanner that has no desk.
pub struct Wanted {
    /// The scanner.
    pub name: String,
    /// The number of the card.
    pub number: u32,
}

/// What is known of the texts that a scanner without a desk reads.
pub struct Meanings {
    /// Places and staff.
    pub directory: watch::Receiver<Arc<Directory>>,
    /// The hospital's old labels.
    pub rules: Arc<[LabelRule]>,
}

/// See the module. Its locks are held for a moment each, never across an await.
pub struct Line {
    /// How it is doing.
    pub health: Arc<Health>,
    clock: Clock,
    meanings: Arc<Meanings>,
    wants: mpsc::Sender<Wanted>,
    /// The running device, if there is one.
    port: Mutex<Option<PortHandle>>,
    end: Mutex<End>,
    /// Whether the session was told that the scanner is gone.
    lost_told: AtomicBool,
    /// Which scanner is meant; `None`: whatever is at its path or address.
    meant: Mutex<Option<Identity>>,
    /// Whether another one was opened in its place, and the supervisor has not seen it yet.
    is_stranger: AtomicBool,
}

/// Where what a scanner reads goes.
enum End {
    /// To its session.
    Session(ScannerInlet),
    /// Its desk's place is not known yet: it is refused.
    Nowhere,
    /// It has no desk yet: it is refused and kept.
    Held(Vec<HeldRead>),
}

struct HeldRead {
    text: String,
    aim: Option<String>,
    at: Reading,
    /// Whether it is a pairing card, which is heard.
    is_card: bool,
}

/// What a line needs of the rest of the program.
#[derive(Clone)]
pub struct Surroundings {
    /// The clocks.
    pub clock: Clock,
    /// What texts mean.
    pub meanings: Arc<Meanings>,
    /// Who is told of pairing cards.
    pub wants: mpsc::Sender<Wanted>,
}

impl Line {
    /// A scanner whose reads go nowhere yet.
    pub fn new(health: Health, around: &Surroundings) -> Arc<Self> {
        let Surroundings { clock, meanings, wants } = around.clone();
        Arc::new(Self {
            health: Arc::new(health),
            clock,
            meanings,
            wants,
            port: Mutex::default(),
            end: Mutex::new(End::Nowhere),
            lost_told: AtomicBool::new(false),
            meant: Mutex::default(),
            is_stranger: AtomicBool::new(false),
        })
    }

    /// Opens its device, and opens it again until it is closed.
    pub fn open(
        self: &Arc<Self>,
        address: Address,
        profile: Profile,
        meant: Option<Identity>,
    ) -> anyhow::Result<()> {
        *lock(&self.meant) = meant;
        let spec = PortSpec { name: self.health.name.clone(), address, profile, detail: Detail::Frames };
        let line = Arc::clone(self);
        // What comes at once waits until the handle is there to answer it.
        let mut port = lock(&self.port);
        let handle = Port::spawn(spec, self.clock.clone(), move |event| line.hand_on(event));
        *port = Some(handle.context("starting a scanner's threads")?);
        Ok(())
    }

    /// Closes its device; waits for its thread. What it read before is with its session.
    pub async fn close(&self) {
        let port = lock(&self.port).take();
        if let Some(port) = port {
            // A panic in the device's thread has closed it too.
            let _ = tokio::task::spawn_blocking(move || port.stop()).await;
        }
    }

    /// Attaches it to a session. What was held goes before, without a sound; only the pairing card is heard.
    pub fn attach(
        self: &Arc<Self>,
        desks: &Desks,
        desk: &DeskCode,
        session: &str,
        footing: Footing,
    ) -> Result<(), Unheard> {
        let line = Arc::downgrade(self);
        let ear: Ear = Arc::new(move |tone| {
            line.upgrade().inspect(|line| line.say(feedback(tone)));
        });
        let mut end = lock(&self.end);
        let inlet = desks.attach(desk, session, &self.health.name, ear, footing)?;
        if let End::Held(held) = &mut *end {
            for HeldRead { text, aim, at, is_card } in held.drain(..) {
                if is_card { inlet.read(text, aim, at) } else { inlet.held(text, aim, at) }
            }
        }
        *end = End::Session(inlet);
        self.health.change(|now| {
            now.desk = Some((desk.clone(), session.to_owned()));
            now.held = 0;
        });
        Ok(())
    }

    /// Whether it is attached to a session.
    pub fn is_attached(&self) -> bool {
        matches!(*lock(&self.end), End::Session(_))
    }

    /// Tells its session that another scanner stands there, or that it is known now.
    pub fn stands(&self, footing: Footing) {
        if let End::Session(inlet) = &*lock(&self.end) {
            inlet.stands(footing);
        }
    }

    /// It has no desk: what it reads is refused and kept.
    pub fn hold(&self) {
        *lock(&self.end) = End::Held(Vec::new());
    }

    /// It leaves its session.
    pub fn detach(&self) {
        let end = std::mem::replace(&mut *lock(&self.end), End::Nowhere);
        if let End::Session(inlet) = end {
            inlet.detach();
        }
        self.health.change(|now| now.desk = None);
    }

    /// The pairing card that was read last is of no desk here.
    pub fn refuse_card(&self) {
        if let End::Held(held) = &mut *lock(&self.end) {
            held.retain(|read| !read.is_card);
            self.count_held(held);
        }
        self.say(Feedback::Refuse);
    }

    /// The device is not there.
    pub fn gone(&self, why: &str) {
        self.health.lost(why.to_owned(), self.clock.now());
    }

    /// Since when the device is not there.
    pub fn lost_since(&self) -> Option<Timestamp> {
        match self.health.now().link {
            LinkNow::Lost(_, since) => Some(since),
            LinkNow::Opening | LinkNow::Open => None,
        }
    }

    /// Raises the alarm once the device has been away for longer than a restart takes.
    pub fn raise_alarm(&self, after: Duration) {
        let Some(since) = self.lost_since() else { return };
        let away = self.clock.now().micros_since(since);
        let long = away >= i64::try_from(after.as_micros()).unwrap_or(i64::MAX);
        if long
            && let End::Session(inlet) = &*lock(&self.end)
            && !self.lost_told.swap(true, Ordering::SeqCst)
        {
            tracing::warn!(scanner.name = self.health.name, "scanner lost");
            inlet.lost();
        }
    }

    /// On the device's thread: never blocks for long.
    fn hand_on(&self, event: PortEvent) {
        match event {
            PortEvent::Connected { identity } => self.connected(identity.as_ref()),
            PortEvent::Lost { why } => {
                tracing::info!(scanner.name = self.health.name, %why, "scanner not open");
                self.gone(&why.to_string());
            }
            PortEvent::Frame(FrameEvent::Read(frame)) => {
                self.health.read(frame.at.wall);
                self.read(frame);
            }
            PortEvent::Frame(FrameEvent::Refused(bad)) => {
                self.health.refused(bad.why, bad.at.wall);
                match &*lock(&self.end) {
                    End::Session(inlet) => inlet.refused(reason(bad.why), &bad.raw, bad.at),
                    End::Nowhere | End::Held(_) => self.say(Feedback::Refuse),
                }
            }
            PortEvent::Bytes { .. } => {}
        }
    }

    fn connected(&self, opened: Option<&Identity>) {
        let identity = opened.map_or("not on USB".to_owned(), ToString::to_string);
        tracing::info!(scanner.name = self.health.name, scanner.identity = identity, "scanner connected");
        self.health.opened();
        self.health.change(|now| now.identity = opened.map(ToString::to_string).or(now.identity.take()));
        let stranger = match (opened, &*lock(&self.meant)) {
            (Some(opened), Some(meant)) => !opened.is_same(meant),
            (None, _) | (_, None) => false,
        };
        self.is_stranger.store(stranger, Ordering::SeqCst);
        if self.lost_told.swap(false, Ordering::SeqCst)
            && let End::Session(inlet) = &*lock(&self.end)
        {
            inlet.back();
        }
    }

    fn read(&self, frame: Frame) {
        let aim = frame.aim.map(|aim| aim.to_string());
        if self.is_stranger.load(Ordering::SeqCst) {
            return self.say(Feedback::Refuse);
        }
        match &mut *lock(&self.end) {
            End::Session(inlet) => inlet.read(frame.text, aim, frame.at),
            End::Nowhere => {
                tracing::warn!(
                    scanner.name = self.health.name,
                    "a read was refused: the desk's place is not known"
                );
                self.say(Feedback::Refuse);
            }
            End::Held(held) => {
                self.keep(held, HeldRead { text: frame.text, aim, at: frame.at, is_card: false });
            }
        }
    }

    /// Refuses and keeps. A badge makes no sound: it waits for the card, and nothing is on disk.
    fn keep(&self, held: &mut Vec<HeldRead>, mut read: HeldRead) {
        let directory = self.meanings.directory.borrow().clone();
        let aim = read.aim.as_deref();
        let code = barcode::read(&read.text, aim, Entry::Scanned, &self.meanings.rules, &directory);
        let has_room = held.len() < MAX_HELD;
        match code {
            Code::Card(Card::Pairing(number)) => {
                let wanted = Wanted { name: self.health.name.clone(), number };
                if self.wants.try_send(wanted).is_err() {
                    return self.say(Feedback::Refuse);
                }
                read.is_card = true;
                return held.push(read);
            }
            Code::Staff(_) if has_room => held.push(read),
            Code::Staff(_)
            | Code::Card(_)
            | Code::Place(_)
            | Code::Container(_)
            | Code::Folder(_)
            | Code::Patient(_)
            | Code::Unusable(_) => {
                if has_room {
                    held.push(read);
                }
                self.say(Feedback::Refuse);
            }
        }
        self.count_held(held);
    }

    fn count_held(&self, held: &[HeldRead]) {
        let count = held.iter().filter(|read| !read.is_card).count();
        self.health.change(|now| now.held = count);
    }

    /// A device that takes no feedback must not hold anything up: what it does not take is dropped.
    fn say(&self, feedback: Feedback) {
        if let Some(port) = &*lock(&self.port) {
            port.signal(feedback);
        }
    }
}

/// A panic elsewhere leaves what is locked whole: each lock holds for one assignment.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn reason(fault: FrameFault) -> Reason {
    match fault {
        FrameFault::TooLong => Reason::TooLong,
        FrameFault::Joined => Reason::JoinedReads,
        FrameFault::Truncated => Reason::HalfRead,
        FrameFault::Programming => Reason::ProgrammingCode,
        FrameFault::Layout => Reason::ForeignKeyboard,
        FrameFault::InvalidByte | FrameFault::Identifier | FrameFault::Damaged => Reason::Unreadable,
    }
}

fn feedback(tone: Tone) -> Feedback {
    match tone {
        Tone::Accept => Feedback::Accept,
        Tone::Look => Feedback::Look,
        Tone::Refuse => Feedback::Refuse,
        Tone::Stop => Feedback::Stop,
        Tone::Ready => Feedback::Ready,
    }
}
