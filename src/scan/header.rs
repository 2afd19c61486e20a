//! Honeywell's reads with a header: their length and kind of symbol are told, so that nothing stands or falls with a
//! suffix. Pure.
//!
//! ```text
//! SYN FE LEN×4 CR  "MSGGET" nnnn id ]x's two signs GS  text, nnnn bytes with its suffix
//!        └ low byte first: of all after this CR
//! ```
//!
//! A scanner that has lost the setting (`DECHDR1`) sends plain text; that is read as usual, since no text begins with
//! SYN. Source: enioka_scan (Honeywell by Bluetooth); that the corded Voyagers send the same was not seen.

use std::mem;
use std::time::Duration;

use crate::clock::{Reading, Timestamp};
use crate::scan::aim::Aim;
use crate::scan::fault::{BadFrame, FrameFault, RAW_KEPT_BYTES};
use crate::scan::frame::{self, FrameEvent, FrameRules, Framer};

/// Begins a header.
const SYN: u8 = 0x16;
const HEADER: usize = 7;
/// `MSGGET`, four digits, one id, two signs of the AIM identifier, GS.
const INTRODUCTION: usize = 14;
const GS: u8 = 0x1D;

/// The state machine of one open device; a new one is made at every opening.
#[derive(Debug)]
pub struct Headed {
    rules: FrameRules,
    plain: Framer,
    state: State,
    bytes: Vec<u8>,
    last: Reading,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// No header is open; the plain text may be.
    Plain,
    Header,
    /// What is no header, until silence.
    Bad,
    Gone,
}

impl Headed {
    /// For a device just opened.
    pub fn new(rules: FrameRules) -> Self {
        Self {
            plain: Framer::new(rules.clone()),
            rules,
            state: State::Plain,
            bytes: Vec::new(),
            last: Reading { wall: Timestamp::EPOCH, boot_us: 0 },
        }
    }

    /// Whether nothing is open.
    pub fn is_between(&self) -> bool {
        self.state == State::Plain && self.plain.is_between()
    }

    /// The silence after the last byte at which [`Headed::idle`] is due; `None` while nothing is open.
    pub fn quiet_wanted(&self) -> Option<Duration> {
        match self.state {
            State::Plain => self.plain.quiet_wanted(),
            State::Header | State::Bad => Some(self.rules.inter_char),
            State::Gone => None,
        }
    }

    /// Takes bytes in any pieces; `at` was read just after the last of them. The split makes no difference.
    pub fn push(&mut self, bytes: &[u8], at: Reading, out: &mut Vec<FrameEvent>) {
        for &byte in bytes {
            self.take(byte, at, out);
        }
    }

    /// The silence of [`Headed::quiet_wanted`] has passed.
    pub fn idle(&mut self, at: Reading, out: &mut Vec<FrameEvent>) {
        match self.state {
            State::Plain => self.plain.idle(at, out),
            State::Header => self.refuse(FrameFault::Truncated, at, out),
            State::Bad => self.refuse(FrameFault::Damaged, at, out),
            State::Gone => {}
        }
    }

    /// The device is gone: what is open is refused, and nothing is taken any more.
    pub fn gone(&mut self, at: Reading, out: &mut Vec<FrameEvent>) {
        if matches!(self.state, State::Header | State::Bad) {
            self.refuse(FrameFault::Truncated, at, out);
        }
        self.plain.gone(at, out);
        self.state = State::Gone;
    }

    fn take(&mut self, byte: u8, at: Reading, out: &mut Vec<FrameEvent>) {
        match self.state {
            State::Plain if byte == SYN && self.plain.is_between() => {
                self.bytes.push(byte);
                self.state = State::Header;
            }
            State::Plain => self.plain.push(&[byte], at, out),
            State::Header => {
                self.bytes.push(byte);
                self.advance(at, out);
            }
            State::Bad if self.bytes.len() < RAW_KEPT_BYTES => self.bytes.push(byte),
            State::Bad | State::Gone => {}
        }
        self.last = at;
    }

    fn advance(&mut self, at: Reading, out: &mut Vec<FrameEvent>) {
        match self.whole_length() {
            None => self.state = State::Bad,
            Some(whole) if self.bytes.len() < whole => {}
            Some(_) => {
                let bytes = mem::take(&mut self.bytes);
                self.state = State::Plain;
                out.push(read(&bytes, &self.rules, at));
            }
        }
    }

    /// How long the message is, as far as it is known; nothing where it is none.
    fn whole_length(&self) -> Option<usize> {
        let [a, b, c, d, cr] = match self.bytes.as_slice() {
            [SYN] => return Some(HEADER),
            [SYN, 0xFE, rest @ ..] if rest.len() < HEADER - 2 => return Some(HEADER),
            [SYN, 0xFE, a, b, c, d, cr, ..] => [*a, *b, *c, *d, *cr],
            _ => return None,
        };
        let length = usize::try_from(u32::from_le_bytes([a, b, c, d])).ok()?;
        // Room for the suffix, which is taken off.
        let most = INTRODUCTION + self.rules.max_len + 2;
        (cr == b'\r' && (1..=most).contains(&length)).then_some(HEADER + length)
    }

    fn refuse(&mut self, why: FrameFault, at: Reading, out: &mut Vec<FrameEvent>) {
        self.state = State::Plain;
        out.push(refused(why, &mem::take(&mut self.bytes), at));
    }
}

fn read(bytes: &[u8], rules: &FrameRules, at: Reading) -> FrameEvent {
    match text(bytes) {
        Some((kind, text)) => frame::whole(text.to_vec(), kind, rules, at),
        None => refused(FrameFault::Damaged, bytes, at),
    }
}

/// The kind of symbol and the text of a whole message; nothing where its parts do not fit.
fn text(bytes: &[u8]) -> Option<(Option<Aim>, &[u8])> {
    let message = bytes.get(HEADER..)?.strip_prefix(b"MSGGET")?;
    let (digits, rest) = message.split_at_checked(4)?;
    let [_, code, modifier, GS, text @ ..] = rest else { return None };
    let length: usize = std::str::from_utf8(digits).ok()?.parse().ok()?;
    let kind = Aim::take(&[b']', *code, *modifier]).map(|(aim, _)| aim);
    (text.len() == length).then_some((kind, text))
}

fn refused(why: FrameFault, raw: &[u8], at: Reading) -> FrameEvent {
    let raw = raw.get(..RAW_KEPT_BYTES).unwrap_or(raw).to_vec();
    FrameEvent::Refused(BadFrame { why, raw, at })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::scan::frame::Settle;

    const AT: Reading = Reading { wall: Timestamp::EPOCH, boot_us: 1 };

    fn message(kind: &str, text: &[u8]) -> Vec<u8> {
        let mut body = format!("MSGGET{:04}j{kind}\u{1d}", text.len()).into_bytes();
        body.extend_from_slice(text);
        let length = u32::try_from(body.len()).unwrap().to_le_bytes();
        [&[SYN, 0xFE], length.as_slice(), b"\r", &body].concat()
    }

    fn told(pieces: &[&[u8]]) -> Vec<String> {
        let mut headed =
            Headed::new(FrameRules { settle: Settle::Skip, max_len: 40, ..FrameRules::default() });
        let mut out = Vec::new();
        for piece in pieces {
            headed.push(piece, AT, &mut out);
        }
        headed.idle(AT, &mut out);
        let tell = |event: &FrameEvent| match event {
            FrameEvent::Read(frame) => {
                format!("{} {}", frame.aim.map_or("-".to_owned(), |aim| aim.to_string()), frame.text)
            }
            FrameEvent::Refused(bad) => format!("! {}", bad.why.code()),
        };
        out.iter().map(tell).collect()
    }

    #[test]
    fn the_header_tells_length_and_kind() {
        let two = [message("C0", b"CN1\r"), message("d2", b"0105\x1D21X\r\n")].concat();
        assert_eq!(told(&[&two]), ["]C0 CN1", "]d2 0105\u{1d}21X"]);
        assert_eq!(told(&[&message("A0", b"no suffix")]), ["]A0 no suffix"]);
        assert_eq!(told(&[&message("C0", b"P1\x07\r")]), ["! invalid-byte"]);
    }

    #[test]
    fn a_scanner_that_sends_no_header_is_read_as_usual() {
        assert_eq!(told(&[b"]C0CN1\r", &message("C0", b"CN2\r"), b"CN3\r"]), ["]C0 CN1", "]C0 CN2", "- CN3"]);
    }

    #[test]
    fn what_is_cut_off_or_does_not_fit_is_refused() {
        let whole = message("C0", b"CN12345\r");
        for length in 1..whole.len() {
            assert_eq!(told(&[&whole[..length]]), ["! truncated"], "{length}");
        }
        let mut longer = whole.clone();
        longer[16] = b'9';
        assert_eq!(told(&[&longer]), ["! damaged"]);
        assert_eq!(told(&[b"\x16\xFF", b"rubbish\r"]), ["! damaged"]);
        assert_eq!(told(&[&message("C0", &[b'9'; 60])]), ["! damaged"]);
    }

    proptest! {
        #[test]
        fn any_split_of_the_bytes_gives_the_same_reads(cut in any::<prop::sample::Index>(), second in "[ -~]{1,30}") {
            let all = [message("C0", b"CN1\r"), b"CN2\r".to_vec(), message("Q1", second.as_bytes())].concat();
            let (left, right) = all.split_at(cut.index(all.len() + 1));
            prop_assert_eq!(told(&[left, right]), told(&[&all]));
        }
    }
}
