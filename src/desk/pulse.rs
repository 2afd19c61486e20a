//! How sessions are doing, kept beside them: a page about a thousand desks asks no session's task.

use std::collections::HashMap;

use super::Desks;
use crate::clock::Timestamp;
use crate::domain::place::Code;

/// How a session, or all sessions of a desk, are doing.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Pulse {
    /// When something was last read or typed since the session began.
    pub last_scan: Option<Timestamp>,
    /// Scanners attached, those that are lost included.
    pub scanners: usize,
    /// Scanners that are gone, and since when.
    pub lost: Vec<(String, Timestamp)>,
    /// Scanners that are locked.
    pub locked: Vec<String>,
}

impl Pulse {
    /// Adds another session's.
    fn join(&mut self, other: &Self) {
        self.last_scan = self.last_scan.max(other.last_scan);
        self.scanners += other.scanners;
        self.lost.extend(other.lost.iter().cloned());
        self.locked.extend(other.locked.iter().cloned());
    }
}

impl Desks {
    /// How each desk with an open session is doing.
    pub fn pulses(&self) -> HashMap<Code, Pulse> {
        let mut pulses: HashMap<Code, Pulse> = HashMap::new();
        let sessions = self.lock();
        for ((desk, _), handle) in &sessions.open {
            if !handle.inbox.is_closed() {
                pulses.entry(desk.clone()).or_default().join(&handle.pulse.borrow());
            }
        }
        pulses
    }
}
