//! Bytes → frames. Pure: bytes and readings of the clock in, events out; no device, no thread, no waiting.
//!
//! ```text
//! Settling ─ quiet or an end byte → Idle ─ byte → InFrame ─ end byte → event → Idle
//!                                                  └ more than max_len → Overrun ─ end byte or quiet → event → Idle
//! ```
//!
//! The caller waits: it asks [`Framer::quiet_wanted`] how long a silence means something, and calls
//! [`Framer::idle`] when that long nothing came.

mod text;

#[cfg(test)]
mod tests;

use std::fmt;
use std::time::Duration;

use crate::clock::{Reading, Timestamp};
use crate::scan::aim::Aim;
pub use crate::scan::fault::{BadFrame, FrameFault, RAW_KEPT_BYTES};

/// Silence after opening that ends the settling: bytes from before raw mode were echoed and altered by the terminal
/// driver, and they come at once or not at all (measured).
pub const SETTLE_QUIET: Duration = Duration::from_millis(50);
/// The longest frame unless the profile says otherwise; our own labels have 14 characters, a wristband under 120.
pub const MAX_LEN_DEFAULT: usize = 256;
/// Silence inside a frame that means its end will not come, unless the profile says otherwise: USB sends a read in one go.
pub const INTER_CHAR_DEFAULT: Duration = Duration::from_millis(60);

const NUL: u8 = 0x00;
const STX: u8 = 0x02;
const ETX: u8 = 0x03;
const LF: u8 = 0x0A;
const CR: u8 = 0x0D;
const GS: u8 = 0x1D;

/// How bytes of one device become frames; made from its profile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrameRules {
    /// Bytes that end a frame. Empty frames are nothing, so that CR LF ends one frame.
    pub ends: Vec<u8>,
    /// The byte that clears what came before it, if the device may send one.
    pub start: Option<u8>,
    /// Whether a frame must end by an end byte.
    pub suffix: Suffix,
    /// Silence inside a frame after which its end is no longer expected.
    pub inter_char: Duration,
    /// Most bytes of a frame, start and end bytes not counted.
    pub max_len: usize,
    /// What becomes of bytes just after opening.
    pub settle: Settle,
    /// Which bytes are text.
    pub charset: Charset,
    /// What is expected of AIM identifiers.
    pub aim: AimRule,
    /// What becomes of the `*` around a Code 39.
    pub star: Star,
}

/// Whether a frame must end by an end byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Suffix {
    /// Silence inside a frame is a fault: half of it is missing.
    Required,
    /// Silence ends the frame as an end byte does.
    NotRequired,
}

/// What becomes of bytes just after opening.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settle {
    /// They are dropped, unreported, until an end byte, a start byte or [`SETTLE_QUIET`].
    Drop,
    /// They are read: for network connections and pseudo terminals.
    Skip,
}

/// Which bytes are text. GS (0x1D) always is; other bytes below 0x20, and 0x7F, never are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Charset {
    /// 0x20 to 0x7E.
    Ascii,
    /// Also 0xA0 to 0xFF.
    Latin1,
}

/// What is expected of AIM identifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AimRule {
    /// A frame without one is refused.
    Required,
    /// Taken off the front where there is one.
    Optional,
    /// The device sends none: `]` is text.
    Absent,
}

/// What becomes of the `*` around a Code 39; some clones send the start and stop characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Star {
    /// It is text.
    Keep,
    /// A pair around the text is taken off, unless the identifier says it is no Code 39.
    Strip,
}

/// CR, LF or ETX ends, STX begins, an end is required, ASCII, identifiers welcome.
impl Default for FrameRules {
    fn default() -> Self {
        Self {
            ends: vec![CR, LF, ETX],
            start: Some(STX),
            suffix: Suffix::Required,
            inter_char: INTER_CHAR_DEFAULT,
            max_len: MAX_LEN_DEFAULT,
            settle: Settle::Drop,
            charset: Charset::Ascii,
            aim: AimRule::Optional,
            star: Star::Keep,
        }
    }
}

/// One whole read of a scanner.
#[derive(Clone, PartialEq, Eq)]
pub struct Frame {
    /// The text without AIM identifier, start and end bytes; never empty; may hold patient data.
    pub text: String,
    /// The identifier that stood before the text.
    pub aim: Option<Aim>,
    /// Both clocks just after the last byte was read.
    pub at: Reading,
    /// What ended it.
    pub end: End,
}

/// What ended a read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum End {
    /// One of the end bytes.
    Byte,
    /// Silence, where the profile asks for no end byte.
    Silence,
    /// The length that its packet or report said.
    Packet,
}

/// Tells the length only: the text may name a patient.
impl fmt::Debug for Frame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Frame")
            .field("characters", &self.text.chars().count())
            .field("aim", &self.aim)
            .field("at", &self.at)
            .field("end", &self.end)
            .finish()
    }
}

/// What came of some bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FrameEvent {
    /// One whole read.
    Read(Frame),
    /// Something that is no read; the clerk hears it.
    Refused(BadFrame),
}

/// The state machine of one open device; a new one is made at every opening.
#[derive(Debug)]
pub struct Framer {
    rules: FrameRules,
    state: State,
    frame: Vec<u8>,
    last: Reading,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Settling,
    Idle,
    InFrame,
    Spoilt,
    Overrun,
    Gone,
}

impl Framer {
    /// A framer for a device just opened.
    pub fn new(rules: FrameRules) -> Self {
        let state = match rules.settle {
            Settle::Drop => State::Settling,
            Settle::Skip => State::Idle,
        };
        Self { rules, state, frame: Vec::new(), last: Reading { wall: Timestamp::EPOCH, boot_us: 0 } }
    }

    /// Whether no frame is open.
    pub fn is_between(&self) -> bool {
        matches!(self.state, State::Settling | State::Idle)
    }

    /// The silence after the last byte at which [`Framer::idle`] is due; `None` while nothing is open.
    pub fn quiet_wanted(&self) -> Option<Duration> {
        match self.state {
            State::Settling => Some(SETTLE_QUIET),
            State::InFrame | State::Spoilt | State::Overrun => Some(self.rules.inter_char),
            State::Idle | State::Gone => None,
        }
    }

    /// Takes bytes in any pieces; `at` was read just after the last of them. The split makes no difference.
    pub fn push(&mut self, bytes: &[u8], at: Reading, out: &mut Vec<FrameEvent>) {
        for &byte in bytes {
            self.take(byte, at, out);
        }
    }

    /// The silence of [`Framer::quiet_wanted`] has passed.
    pub fn idle(&mut self, at: Reading, out: &mut Vec<FrameEvent>) {
        match (self.state, self.rules.suffix) {
            (State::Gone, _) => return,
            (State::InFrame | State::Spoilt, Suffix::NotRequired) => {
                self.finish(self.last, End::Silence, out);
            }
            (State::Settling | State::Idle | State::InFrame | State::Spoilt | State::Overrun, _) => {
                self.abandon(at, out);
            }
        }
        self.state = State::Idle;
    }

    /// The device is gone: an open frame is refused, and nothing is taken any more.
    pub fn gone(&mut self, at: Reading, out: &mut Vec<FrameEvent>) {
        self.abandon(at, out);
        self.state = State::Gone;
    }

    fn take(&mut self, byte: u8, at: Reading, out: &mut Vec<FrameEvent>) {
        if byte == NUL || self.state == State::Gone {
            return;
        }
        if self.rules.start == Some(byte) {
            self.abandon(at, out);
            self.state = State::Idle;
        } else if self.rules.ends.contains(&byte) {
            self.finish(at, End::Byte, out);
            self.state = State::Idle;
        } else if self.state != State::Settling {
            self.append(byte);
            self.last = at;
        }
    }

    fn append(&mut self, byte: u8) {
        if self.frame.len() >= self.rules.max_len {
            self.state = State::Overrun;
            return;
        }
        self.frame.push(byte);
        let good = self.rules.charset.holds(byte) && self.state != State::Spoilt;
        self.state = if good { State::InFrame } else { State::Spoilt };
    }

    /// The end of the frame has come.
    fn finish(&mut self, at: Reading, end: End, out: &mut Vec<FrameEvent>) {
        if self.state != State::InFrame {
            self.abandon(at, out);
            return;
        }
        let raw = std::mem::take(&mut self.frame);
        out.push(match text::read(&raw, &self.rules, None) {
            Ok((aim, text)) => FrameEvent::Read(Frame { text, aim, at, end }),
            Err(why) => refused(why, raw, at),
        });
    }

    /// The end of the frame will not come, or would not help.
    fn abandon(&mut self, at: Reading, out: &mut Vec<FrameEvent>) {
        let why = match self.state {
            State::Settling | State::Idle | State::Gone => return,
            State::InFrame => FrameFault::Truncated,
            State::Spoilt => FrameFault::InvalidByte,
            State::Overrun => FrameFault::TooLong,
        };
        out.push(refused(why, std::mem::take(&mut self.frame), at));
    }
}

/// A read whose beginning and end another framing has told; `kind` is what it said of the symbol. An identifier that
/// stands before the text goes before that, since it says more. Start and end bytes at the ends are taken off.
pub(in crate::scan) fn whole(
    mut raw: Vec<u8>,
    kind: Option<Aim>,
    rules: &FrameRules,
    at: Reading,
) -> FrameEvent {
    while raw.last().is_some_and(|byte| rules.ends.contains(byte)) {
        raw.pop();
    }
    if raw.first().is_some_and(|byte| rules.start == Some(*byte)) {
        raw.remove(0);
    }
    if raw.len() > rules.max_len {
        return refused(FrameFault::TooLong, raw, at);
    }
    if !raw.iter().all(|byte| rules.charset.holds(*byte)) {
        return refused(FrameFault::InvalidByte, raw, at);
    }
    match text::read(&raw, rules, kind) {
        Ok((aim, text)) => FrameEvent::Read(Frame { text, aim, at, end: End::Packet }),
        Err(why) => refused(why, raw, at),
    }
}

impl Charset {
    pub(in crate::scan) fn holds(self, byte: u8) -> bool {
        match byte {
            GS | 0x20..=0x7E => true,
            0xA0..=0xFF => self == Self::Latin1,
            0x00..=0x1F | 0x7F..=0x9F => false,
        }
    }
}

fn refused(why: FrameFault, mut raw: Vec<u8>, at: Reading) -> FrameEvent {
    raw.truncate(RAW_KEPT_BYTES);
    FrameEvent::Refused(BadFrame { why, raw, at })
}
