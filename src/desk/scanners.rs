//! How each scanner is doing: written by whoever has its device, read by pages and interfaces at any time.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use serde::Serialize;
use tokio::sync::watch;

use super::Pulse;
use crate::clock::Timestamp;
use crate::domain::place::Code;
use crate::scan::frame::FrameFault;

/// All scanners that the service has or waits for; a new list at each change.
pub type Roster = watch::Receiver<Arc<[Arc<Health>]>>;

/// Counts and state of one scanner. They begin anew with the service.
#[derive(Debug)]
pub struct Health {
    /// By what name it is attached: its port in the configuration, else `usb://` and its socket.
    pub name: String,
    reads: AtomicU64,
    refused: [AtomicU64; FrameFault::ALL.len()],
    /// Times its device was opened.
    opened: AtomicU64,
    /// Microseconds of the last read; the least number: none yet.
    last_read: AtomicI64,
    now: watch::Sender<Now>,
}

/// What of a scanner changes seldom.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Now {
    /// What it is and where it is plugged in, where that is known.
    pub identity: Option<String>,
    /// The name of its profile.
    pub profile: String,
    /// Its desk and its session there.
    pub desk: Option<(Code, String)>,
    /// How its device is.
    pub link: LinkNow,
    /// Reads that wait until it has a desk.
    pub held: usize,
}

/// How a device is.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum LinkNow {
    /// Not opened yet.
    #[default]
    Opening,
    /// It is open.
    Open,
    /// It is not, why and since when.
    Lost(String, Timestamp),
}

/// A scanner as pages and interfaces tell of it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct ScannerStatus {
    /// By what name it is attached.
    pub name: String,
    /// What it is and where it is plugged in, e.g. `05e0:1701 at 1-2.4`.
    pub identity: Option<String>,
    /// The name of its profile.
    pub profile: String,
    /// Its desk.
    pub desk: Option<Code>,
    /// Its session there.
    pub session: Option<String>,
    /// How it is.
    pub state: ScannerState,
    /// Why its device is not open.
    pub why: Option<String>,
    /// Since when its device is not open.
    pub since: Option<Timestamp>,
    /// When it last sent anything.
    pub last_read: Option<Timestamp>,
    /// Whole reads since the service was started.
    pub reads: u64,
    /// What was no read, by its kind.
    pub refused: Vec<RefusedReads>,
    /// How often its device was opened again.
    pub reconnects: u64,
    /// Reads that wait until it has a desk.
    pub held: usize,
}

/// How a scanner is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ScannerState {
    /// It works.
    Open,
    /// It is being opened for the first time.
    Opening,
    /// Its device is not there, or cannot be used.
    Lost,
    /// It waits for the pairing card of the desk at which it stands.
    Locked,
    /// It waits for the pairing card of any desk.
    NoDesk,
}

impl ScannerState {
    /// Every state, in the order of the interface's description.
    pub const ALL: [Self; 5] = [Self::Open, Self::Opening, Self::Lost, Self::Locked, Self::NoDesk];

    /// The word of the outward interfaces.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Opening => "opening",
            Self::Lost => "lost",
            Self::Locked => "locked",
            Self::NoDesk => "no-desk",
        }
    }
}

/// How often something was no read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct RefusedReads {
    /// Its kind, by the name that rows and logs use.
    pub kind: &'static str,
    /// How often.
    pub count: u64,
}

impl Health {
    /// A scanner that has not been opened yet.
    pub fn new(name: String, now: Now) -> Self {
        Self {
            name,
            reads: AtomicU64::new(0),
            refused: std::array::from_fn(|_| AtomicU64::new(0)),
            opened: AtomicU64::new(0),
            last_read: AtomicI64::new(i64::MIN),
            now: watch::Sender::new(now),
        }
    }

    /// A whole read came.
    pub fn read(&self, at: Timestamp) {
        self.reads.fetch_add(1, Ordering::Relaxed);
        self.last_read.store(at.micros(), Ordering::Relaxed);
    }

    /// Something came that is no read.
    pub fn refused(&self, fault: FrameFault, at: Timestamp) {
        let at_fault = FrameFault::ALL.iter().position(|known| *known == fault);
        at_fault
            .and_then(|at| self.refused.get(at))
            .inspect(|count| _ = count.fetch_add(1, Ordering::Relaxed));
        self.last_read.store(at.micros(), Ordering::Relaxed);
    }

    /// The device is open.
    pub fn opened(&self) {
        self.opened.fetch_add(1, Ordering::Relaxed);
        self.now.send_modify(|now| now.link = LinkNow::Open);
    }

    /// The device is not open.
    pub fn lost(&self, why: String, at: Timestamp) {
        self.now.send_modify(|now| {
            let since = if let LinkNow::Lost(_, since) = now.link { since } else { at };
            now.link = LinkNow::Lost(why, since);
        });
    }

    /// Changes what changes seldom.
    pub fn change(&self, change: impl FnOnce(&mut Now)) {
        self.now.send_modify(change);
    }

    /// What changes seldom.
    pub fn now(&self) -> Now {
        self.now.borrow().clone()
    }

    /// The scanner as it is told of; `pulses` say whether its session holds it locked.
    pub fn status(&self, pulses: &HashMap<Code, Pulse>) -> ScannerStatus {
        let Now { identity, profile, desk, link, held } = self.now();
        let locked = desk.as_ref().and_then(|(code, _)| pulses.get(code));
        let locked = locked.is_some_and(|pulse| pulse.locked.contains(&self.name));
        let (how, lost) = match (link, &desk) {
            (LinkNow::Lost(why, since), _) => (ScannerState::Lost, Some((why, since))),
            (LinkNow::Opening, _) => (ScannerState::Opening, None),
            (LinkNow::Open, None) => (ScannerState::NoDesk, None),
            (LinkNow::Open, Some(_)) if locked => (ScannerState::Locked, None),
            (LinkNow::Open, Some(_)) => (ScannerState::Open, None),
        };
        let (desk, session) = desk.unzip();
        let (why, since) = lost.unzip();
        let last = self.last_read.load(Ordering::Relaxed);
        let refused = FrameFault::ALL
            .iter()
            .zip(&self.refused)
            .map(|(fault, count)| RefusedReads { kind: fault.code(), count: count.load(Ordering::Relaxed) });
        ScannerStatus {
            name: self.name.clone(),
            identity,
            profile,
            desk,
            session,
            state: how,
            why,
            since,
            last_read: (last > i64::MIN).then(|| Timestamp::from_micros(last)),
            reads: self.reads.load(Ordering::Relaxed),
            refused: refused.collect(),
            reconnects: self.opened.load(Ordering::Relaxed).saturating_sub(1),
            held,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn health() -> Health {
        let desk = Some(("CL5-1".parse().unwrap(), "usb://1-2.4".to_owned()));
        let now = Now { identity: Some("05e0:1701 at 1-2.4".to_owned()), desk, ..Now::default() };
        Health::new("usb://1-2.4".to_owned(), now)
    }

    fn state(health: &Health, locked: &[&str]) -> ScannerState {
        let locked = locked.iter().map(|name| (*name).to_owned()).collect();
        let pulse = Pulse { locked, ..Pulse::default() };
        health.status(&HashMap::from([("CL5-1".parse().unwrap(), pulse)])).state
    }

    #[test]
    fn a_scanner_says_how_it_is() {
        let health = health();
        assert_eq!(state(&health, &[]), ScannerState::Opening);
        health.opened();
        assert_eq!(state(&health, &[]), ScannerState::Open);
        assert_eq!(state(&health, &["usb://1-2.4"]), ScannerState::Locked);
        health.lost("unplugged".to_owned(), Timestamp::from_micros(7));
        health.lost("not there".to_owned(), Timestamp::from_micros(9));
        let status = health.status(&HashMap::new());
        assert_eq!((status.state, status.since), (ScannerState::Lost, Some(Timestamp::from_micros(7))));
        health.change(|now| now.desk = None);
        health.opened();
        assert_eq!(state(&health, &[]), ScannerState::NoDesk);
        assert_eq!(health.status(&HashMap::new()).reconnects, 1);
    }

    #[test]
    fn what_was_no_read_is_counted_by_its_kind() {
        let health = health();
        health.read(Timestamp::from_micros(1));
        health.refused(FrameFault::Truncated, Timestamp::from_micros(2));
        let status = health.status(&HashMap::new());
        assert_eq!((status.reads, status.last_read), (1, Some(Timestamp::from_micros(2))));
        let counts: Vec<_> = status.refused.iter().filter(|kind| kind.count > 0).collect();
        assert_eq!(counts, [&RefusedReads { kind: "truncated", count: 1 }]);
    }
}
