//! What a scanner answers to commands, taken out of what it reads. Pure.
//!
//! An answer never looks like a read: it holds a control character that no read can hold. It is still told apart by
//! what was sent, not by that alone, so that no scan is lost because noise looked like an answer.
//!
//! * Honeywell echoes a menu command with ACK, ENQ (no such setting) or NAK (no such value) before its last sign
//!   (1250g, 1450g and 1902 guides). The whole answer is known beforehand but for that one byte.
//! * Newland answers `STX SOH 0000 … ACK ; ETX` (HR42 and HR52 manuals). No read begins with SOH.

use std::collections::VecDeque;
use std::mem;
use std::time::Duration;

use crate::scan::feedback::HexBytes;
use crate::scan::frame::INTER_CHAR_DEFAULT;
use crate::scan::hearing::Verdict;

const SOH: u8 = 0x01;
const STX: u8 = 0x02;
const ETX: u8 = 0x03;
const ENQ: u8 = 0x05;
const ACK: u8 = 0x06;
const NAK: u8 = 0x15;
/// How a framed answer begins.
const FRAMED: [u8; 2] = [STX, SOH];
/// Longest framed answer: an echo of the longest command that a profile may hold, and what stands around it.
const FRAMED_MOST: usize = 96;

/// What is answered, and how much of an answer has come.
#[derive(Debug)]
pub struct Answers {
    /// Answers that are still to come, in their order.
    expected: VecDeque<HexBytes>,
    /// Whether every answer stands in a frame of its own, expected or not.
    framed: bool,
    held: Vec<u8>,
}

impl Answers {
    /// Expects these answers, each once.
    pub fn expecting(replies: impl IntoIterator<Item = HexBytes>) -> Self {
        Self { expected: replies.into_iter().collect(), framed: false, held: Vec::new() }
    }

    /// Any number of answers, each in its frame.
    pub fn framed() -> Self {
        Self { expected: VecDeque::new(), framed: true, held: Vec::new() }
    }

    /// Whether no answer can come.
    pub fn is_empty(&self) -> bool {
        !self.framed && self.expected.is_empty()
    }

    /// The silence after which [`Answers::release`] is due; `None` while nothing is held.
    pub fn quiet_wanted(&self) -> Option<Duration> {
        (!self.held.is_empty()).then_some(INTER_CHAR_DEFAULT)
    }

    /// Takes a byte; `between` says that no frame is open. Gives back what belongs to reads, and the verdict of an
    /// answer that is whole.
    pub fn take(&mut self, byte: u8, between: bool) -> (Vec<u8>, Option<Verdict>) {
        if self.held.is_empty() && !between {
            return (vec![byte], None);
        }
        self.held.push(byte);
        if self.framed {
            return self.take_framed();
        }
        match self.expected.front().map(|reply| fits(reply.as_slice(), &self.held)) {
            Some(Fit::Whole) => {
                self.expected.pop_front();
                (Vec::new(), verdict(&mem::take(&mut self.held)))
            }
            Some(Fit::Begins) => (Vec::new(), None),
            Some(Fit::Not) | None => (self.release(), None),
        }
    }

    fn take_framed(&mut self) -> (Vec<u8>, Option<Verdict>) {
        let begins = self.held.iter().zip(FRAMED).all(|(held, wanted)| *held == wanted);
        if !begins || self.held.len() > FRAMED_MOST {
            return (self.release(), None);
        }
        if self.held.last() != Some(&ETX) {
            return (Vec::new(), None);
        }
        (Vec::new(), verdict(&mem::take(&mut self.held)))
    }

    /// Gives back what looked like an answer and was none.
    pub fn release(&mut self) -> Vec<u8> {
        mem::take(&mut self.held)
    }
}

enum Fit {
    Whole,
    Begins,
    Not,
}

/// How far `held` is the answer `reply`, in whose ACK any verdict may stand.
fn fits(reply: &[u8], held: &[u8]) -> Fit {
    let same = |(wanted, came): (&u8, &u8)| wanted == came || (*wanted == ACK && is_verdict(*came));
    match () {
        () if !reply.iter().zip(held).all(same) => Fit::Not,
        () if held.len() < reply.len() => Fit::Begins,
        () => Fit::Whole,
    }
}

fn is_verdict(byte: u8) -> bool {
    matches!(byte, ACK | ENQ | NAK)
}

/// A refusal anywhere refuses the whole.
fn verdict(answer: &[u8]) -> Option<Verdict> {
    if answer.iter().any(|byte| matches!(*byte, ENQ | NAK)) {
        Some(Verdict::Denied)
    } else {
        answer.contains(&ACK).then_some(Verdict::Taken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(replies: &[&[u8]], bytes: &[u8], passed: &[u8], verdicts: &[Verdict]) {
        check_with(
            Answers::expecting(replies.iter().map(|reply| HexBytes::from(reply.to_vec()))),
            bytes,
            passed,
            verdicts,
        );
    }

    fn check_with(mut answers: Answers, bytes: &[u8], passed: &[u8], verdicts: &[Verdict]) {
        let (mut through, mut came) = (Vec::new(), Vec::new());
        for byte in bytes {
            let between = through.last().is_none_or(|last| *last == b'\r');
            let (rest, verdict) = answers.take(*byte, between);
            through.extend(rest);
            came.extend(verdict);
        }
        through.extend(answers.release());
        assert_eq!((through.as_slice(), came.as_slice()), (passed, verdicts), "{}", bytes.escape_ascii());
    }

    #[test]
    fn an_answer_is_taken_out_and_says_whether_the_setting_was_taken() {
        let reply: &[&[u8]] = &[b"BEPBEP0\x06!"];
        check(reply, b"BEPBEP0\x06!CN1\r", b"CN1\r", &[Verdict::Taken]);
        check(reply, b"CN1\rBEPBEP0\x06!CN2\r", b"CN1\rCN2\r", &[Verdict::Taken]);
        check(reply, b"BEPBEP0\x05!CN1\r", b"CN1\r", &[Verdict::Denied]);
        check(reply, b"BEPBEP0\x15!", b"", &[Verdict::Denied]);
    }

    #[test]
    fn a_label_that_begins_like_an_answer_is_read_whole() {
        let reply: &[&[u8]] = &[b"BEPBEP0\x06!"];
        check(reply, b"B123\rBEPBEP0\rBEP\r", b"B123\rBEPBEP0\rBEP\r", &[]);
        check(reply, b"BEPBEP0\x06!BEPBEP0\x06!", b"BEPBEP0\x06!", &[Verdict::Taken]);
    }

    #[test]
    fn framed_answers_are_taken_out_whenever_they_come() {
        let bytes = b"\x02\x010000#GRBENA0\x06;\x03CN1\r\x02\x010000#BEEPON1F2T\x05;\x03\x02CN2\r";
        check_with(Answers::framed(), bytes, b"CN1\r\x02CN2\r", &[Verdict::Taken, Verdict::Denied]);
    }
}
