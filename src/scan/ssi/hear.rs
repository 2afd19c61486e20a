//! What a scanner says: bytes → frames, and the bytes that are owed to it at once.
//!
//! ```text
//! Idle ─ length byte → Packet ─ all of it, checksum good → answer and event → Idle
//!                        └ checksum bad, or no length → Bad ─┐
//!                        └ silence ──────────────────────────┴ silence → "again, please" → Idle
//! ```

use std::mem;
use std::time::Duration;

use super::packet::{Packet, RESEND, is_a_first_read, opcode, whole_length};
use super::{SsiTable, kind};
use crate::clock::{Reading, Timestamp};
use crate::scan::fault::{BadFrame, FrameFault, RAW_KEPT_BYTES};
use crate::scan::frame::{self, FrameEvent, FrameRules, Framer, SETTLE_QUIET, Settle};
use crate::scan::hearing::{Said, Verdict};

/// Longest silence in which what came damaged, or the next part of a long read, is still expected. A scanner sends again
/// after 2 s unless it is set otherwise (DS4308 guide p. 7-17).
pub const RESENT_MOST: Duration = Duration::from_millis(2_500);
/// How many times a scanner sends a packet, after which it gives up with four low beeps (SE955 guide p. 10-9).
const SENT_MOST: u32 = 3;
/// A packet marked *again* and equal to the last one is that one, if it comes within so long of it: the longest wait a
/// scanner can be set to is 9.9 s (DS4308 guide p. 7-17).
const AGAIN_MOST_US: i64 = 10_500_000;
/// An equal packet without that mark is the same one, repeated by the line, if it comes within so long: a scanner waits
/// for an answer before it sends another, and no hand scans a label twice in this time.
const TWIN_MOST_US: i64 = 100_000;
/// Most bytes kept of what is no packet.
const BAD_MOST: usize = 4_096;

/// The state machine of one open device; a new one is made at every opening.
#[derive(Debug)]
pub struct Hearer {
    rules: FrameRules,
    table: SsiTable,
    state: State,
    bytes: Vec<u8>,
    last: Reading,
    /// Whether what was there before the opening may still come.
    settling: bool,
    /// What came damaged and did not come again yet.
    damaged: Option<Damaged>,
    /// The newest read, by its content.
    newest: Option<Newest>,
    /// Whether something that began like a new read came damaged after it: what is sent again then is not the newest.
    first_damaged: bool,
    /// The first packets of a read that has more than one.
    long: Option<Long>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Idle,
    Packet,
    Bad,
    Gone,
}

#[derive(Debug)]
struct Damaged {
    times: u32,
    raw: Vec<u8>,
}

#[derive(Debug)]
struct Newest {
    data: Vec<u8>,
    has_more: bool,
    at: Reading,
}

#[derive(Debug)]
struct Long {
    symbology: u8,
    text: Vec<u8>,
}

impl Hearer {
    /// A hearer for a device just opened.
    pub fn new(rules: FrameRules, table: SsiTable) -> Self {
        Self {
            settling: rules.settle == Settle::Drop,
            rules,
            table,
            state: State::Idle,
            bytes: Vec::new(),
            last: Reading { wall: Timestamp::EPOCH, boot_us: 0 },
            damaged: None,
            newest: None,
            first_damaged: false,
            long: None,
        }
    }

    /// The silence after the last byte at which [`Hearer::idle`] is due; `None` while nothing is open.
    pub fn quiet_wanted(&self) -> Option<Duration> {
        match self.state {
            State::Packet | State::Bad => Some(self.rules.inter_char),
            State::Idle if self.settling => Some(SETTLE_QUIET),
            State::Idle => (self.damaged.is_some() || self.long.is_some()).then_some(RESENT_MOST),
            State::Gone => None,
        }
    }

    /// Takes bytes in any pieces; `at` was read just after the last of them. The split makes no difference.
    pub fn push(&mut self, bytes: &[u8], at: Reading, out: &mut Vec<Said>) {
        for &byte in bytes {
            self.take(byte, at, out);
        }
    }

    /// The silence of [`Hearer::quiet_wanted`] has passed.
    pub fn idle(&mut self, at: Reading, out: &mut Vec<Said>) {
        match self.state {
            State::Gone => {}
            State::Packet | State::Bad => {
                self.state = State::Idle;
                let bytes = mem::take(&mut self.bytes);
                if mem::take(&mut self.settling) {
                    return;
                }
                if self.is_text(&bytes) { self.text(&bytes, out) } else { self.came_damaged(bytes, at, out) }
            }
            State::Idle => {
                self.settling = false;
                self.give_up(at, out);
            }
        }
    }

    /// The device is gone: what is open is refused, and nothing is taken any more.
    pub fn gone(&mut self, at: Reading, out: &mut Vec<Said>) {
        if matches!(self.state, State::Packet | State::Bad) && !self.settling {
            self.damaged = None;
            let bytes = mem::take(&mut self.bytes);
            refuse(FrameFault::Truncated, &bytes, at, out);
        }
        self.give_up(at, out);
        self.state = State::Gone;
    }

    fn take(&mut self, byte: u8, at: Reading, out: &mut Vec<Said>) {
        // No packet begins with a NUL: it is noise of a line just joined, or our own, come back.
        if self.state == State::Gone || (self.state == State::Idle && byte == 0) {
            return;
        }
        self.last = at;
        if self.bytes.len() < BAD_MOST {
            self.bytes.push(byte);
        }
        if self.state == State::Bad {
            return;
        }
        let whole = self.bytes.first().and_then(|length| whole_length(*length));
        self.state = match whole {
            None => State::Bad,
            Some(whole) if self.bytes.len() < whole => State::Packet,
            Some(_) => match Packet::decode(&self.bytes) {
                Err(_) => State::Bad,
                Ok(packet) => {
                    self.bytes.clear();
                    self.settling = false;
                    self.hear(&packet, at, out);
                    State::Idle
                }
            },
        };
    }

    fn hear(&mut self, packet: &Packet, at: Reading, out: &mut Vec<Said>) {
        if !packet.is_of_scanner() {
            return;
        }
        match packet.opcode() {
            opcode::ACK => out.push(Said::Verdict(Verdict::Taken)),
            opcode::NAK if packet.data() == [RESEND] => out.push(Said::Verdict(Verdict::Again)),
            opcode::NAK => out.push(Said::Verdict(Verdict::Denied)),
            opcode::DECODE_DATA => {
                self.owe(&Packet::ack(), out);
                self.read(packet, at, out);
            }
            // Events and answers to what others asked: they came whole, and nothing more is wanted of them.
            _ => self.owe(&Packet::ack(), out),
        }
    }

    fn owe(&self, packet: &Packet, out: &mut Vec<Said>) {
        if self.table.handshake {
            out.push(Said::Reply(packet.encode()));
        }
    }

    fn read(&mut self, packet: &Packet, at: Reading, out: &mut Vec<Said>) {
        let heard_before = self.was_heard(packet, at);
        self.damaged = None;
        self.first_damaged = false;
        self.newest = Some(Newest { data: packet.data().to_vec(), has_more: packet.has_more(), at });
        if heard_before {
            return;
        }
        let Some((symbology, text)) = self.split(packet.data()) else {
            self.long = None;
            return refuse(FrameFault::Truncated, packet.data(), at, out);
        };
        let mut long = self.long.take().unwrap_or(Long { symbology, text: Vec::new() });
        // One byte more than the limit is enough to know that it is too long.
        let room = (self.rules.max_len + 1).saturating_sub(long.text.len());
        long.text.extend(text.iter().take(room));
        if packet.has_more() {
            self.long = Some(long);
        } else {
            out.push(Said::Frame(frame::whole(long.text, kind::identifier(long.symbology), &self.rules, at)));
        }
    }

    /// Whether this packet is the newest read, sent again because our answer was lost, or repeated by the line.
    fn was_heard(&self, packet: &Packet, at: Reading) -> bool {
        let Some(newest) = &self.newest else { return false };
        if newest.data != packet.data() || newest.has_more != packet.has_more() {
            return false;
        }
        let since = at.boot_us - newest.at.boot_us;
        if packet.is_again() {
            !self.first_damaged && since <= AGAIN_MOST_US
        } else {
            // Two equal parts of a long read may follow each other.
            self.long.is_none() && !packet.has_more() && since <= TWIN_MOST_US
        }
    }

    fn split<'a>(&self, data: &'a [u8]) -> Option<(u8, &'a [u8])> {
        let (symbology, rest) = data.split_first()?;
        Some((*symbology, rest.get(self.table.extra_bytes..)?))
    }

    fn is_text(&self, bytes: &[u8]) -> bool {
        let marks = |byte: &u8| self.rules.ends.contains(byte) || self.rules.start == Some(*byte);
        bytes.iter().all(|byte| self.rules.charset.holds(*byte) || marks(byte))
    }

    /// A scanner that is set to send reads as they are, without packets; they are never acknowledged.
    fn text(&self, bytes: &[u8], out: &mut Vec<Said>) {
        let mut framer = Framer::new(FrameRules { settle: Settle::Skip, ..self.rules.clone() });
        let mut events = Vec::new();
        framer.push(bytes, self.last, &mut events);
        framer.idle(self.last, &mut events);
        out.extend(events.into_iter().map(Said::Frame));
    }

    fn came_damaged(&mut self, bytes: Vec<u8>, at: Reading, out: &mut Vec<Said>) {
        let newest = self.newest.as_ref().map_or(&[][..], |newest| &newest.data);
        self.first_damaged |= is_a_first_read(&bytes, newest);
        let times = self.damaged.take().map_or(0, |damaged| damaged.times) + 1;
        self.damaged = Some(Damaged { times, raw: bytes });
        if times >= SENT_MOST || !self.table.handshake {
            self.give_up(at, out);
        }
        self.owe(&Packet::resend(), out);
    }

    /// What was expected will not come.
    fn give_up(&mut self, at: Reading, out: &mut Vec<Said>) {
        if let Some(damaged) = self.damaged.take() {
            refuse(FrameFault::Damaged, &damaged.raw, at, out);
        }
        if let Some(long) = self.long.take() {
            refuse(FrameFault::Truncated, &long.text, at, out);
        }
    }
}

fn refuse(why: FrameFault, raw: &[u8], at: Reading, out: &mut Vec<Said>) {
    let raw = raw.get(..RAW_KEPT_BYTES).unwrap_or(raw).to_vec();
    out.push(Said::Frame(FrameEvent::Refused(BadFrame { why, raw, at })));
}
