//! What is said to a scanner: one command at a time, each until its answer, sent again where none comes.

use std::collections::VecDeque;
use std::time::Duration;

use super::SsiTable;
use super::packet::Packet;
use crate::scan::hearing::Verdict;

/// Longest wait for the answer to a command. The manuals say 2 s, as long as the scanner waits for ours; a beep that
/// comes so late would belong to the next folder, and a working scanner answers in milliseconds.
pub const ANSWER_MOST: Duration = Duration::from_millis(300);
/// How many times a command is sent (SE955 guide p. 10-7: once, and twice again).
pub const TRIES: u32 = 3;
/// Least wait after waking a scanner (SE-923 guide p. 6-34).
const WAKING: Duration = Duration::from_millis(10);
/// A scanner stays awake for so long after it was spoken to (SE-923 guide p. 6-34).
const AWAKE: Duration = Duration::from_secs(1);
/// Most things waiting to be said: more would sound too late to mean anything.
const WAITING_MOST: usize = 16;

/// What a command is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum For {
    /// Setting the scanner up when it is attached.
    SetUp,
    /// A signal to the clerk.
    Signal,
}

/// What became of something that was to be said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done {
    /// What it was for.
    pub purpose: For,
    /// `Taken`, or why it ended; nothing where no answer came.
    pub verdict: Option<Verdict>,
}

/// The state machine of one open device; a new one is made at every opening. Times are microseconds since boot.
#[derive(Debug)]
pub struct Talker {
    table: SsiTable,
    waiting: VecDeque<Saying>,
    sent: Option<Sent>,
    awake_until_us: i64,
    not_before_us: i64,
}

/// One thing to be said: packets in their order. Where one fails the rest is left out.
#[derive(Debug)]
struct Saying {
    purpose: For,
    packets: VecDeque<Packet>,
}

#[derive(Debug)]
struct Sent {
    packet: Packet,
    times: u32,
    answer_by_us: i64,
}

impl Talker {
    /// A talker for a device just opened.
    pub fn new(table: SsiTable) -> Self {
        Self {
            table,
            waiting: VecDeque::new(),
            sent: None,
            awake_until_us: i64::MIN,
            not_before_us: i64::MIN,
        }
    }

    /// Takes something to be said; whether there was room for it.
    pub fn say(&mut self, purpose: For, packets: Vec<Packet>) -> bool {
        let room = self.waiting.len() < WAITING_MOST;
        if room && !packets.is_empty() {
            self.waiting.push_back(Saying { purpose, packets: packets.into() });
        }
        room
    }

    /// The scanner is awake: something came from it.
    pub fn is_awake(&mut self, now_us: i64) {
        self.awake_until_us = now_us.saturating_add(micros(AWAKE));
    }

    /// The scanner has answered.
    pub fn hear(&mut self, verdict: Verdict, now_us: i64) -> Option<Done> {
        self.is_awake(now_us);
        match (verdict, &mut self.sent) {
            (_, None) => None,
            (Verdict::Again, Some(sent)) => {
                sent.answer_by_us = now_us;
                None
            }
            (Verdict::Taken | Verdict::Denied, Some(_)) => self.finish(Some(verdict)),
        }
    }

    /// When [`Talker::next`] is to be called at the latest; `None` while nothing is open.
    pub fn due_us(&self) -> Option<i64> {
        match (&self.sent, self.waiting.is_empty()) {
            (Some(sent), _) => Some(sent.answer_by_us),
            (None, false) => Some(self.not_before_us),
            (None, true) => None,
        }
    }

    /// What is to be written now, if anything; `done` tells what ended by that. To be called until there is nothing.
    pub fn next(&mut self, now_us: i64, done: &mut Vec<Done>) -> Option<Vec<u8>> {
        if let Some(sent) = &mut self.sent {
            if now_us < sent.answer_by_us {
                return None;
            }
            if sent.times < TRIES {
                sent.times += 1;
                sent.answer_by_us = now_us.saturating_add(micros(ANSWER_MOST));
                sent.packet = sent.packet.clone().again();
                return Some(sent.packet.encode());
            }
            done.extend(self.finish(None));
        }
        if self.waiting.is_empty() || now_us < self.not_before_us {
            return None;
        }
        if self.table.wakeup && now_us > self.awake_until_us {
            self.is_awake(now_us);
            self.not_before_us = now_us.saturating_add(micros(WAKING));
            return Some(vec![0]);
        }
        self.send(now_us, done)
    }

    fn send(&mut self, now_us: i64, done: &mut Vec<Done>) -> Option<Vec<u8>> {
        let packet = self.waiting.front_mut()?.packets.pop_front()?;
        let bytes = packet.encode();
        self.is_awake(now_us);
        let answer_by_us = now_us.saturating_add(micros(ANSWER_MOST));
        self.sent = Some(Sent { packet, times: 1, answer_by_us });
        if !self.table.handshake {
            done.extend(self.finish(Some(Verdict::Taken)));
        }
        Some(bytes)
    }

    /// The command in flight has ended; what it was part of goes on, or ends with it.
    fn finish(&mut self, verdict: Option<Verdict>) -> Option<Done> {
        self.sent = None;
        let saying = self.waiting.front()?;
        let purpose = saying.purpose;
        if verdict == Some(Verdict::Taken) && !saying.packets.is_empty() {
            return None;
        }
        self.waiting.pop_front();
        Some(Done { purpose, verdict })
    }
}

fn micros(time: Duration) -> i64 {
    i64::try_from(time.as_micros()).unwrap_or(i64::MAX)
}
