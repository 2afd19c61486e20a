//! Bytes of one open device → frames, whatever way it speaks. Pure.

use std::time::Duration;

use crate::clock::Reading;
use crate::scan::answers::Answers;
use crate::scan::frame::{FrameEvent, FrameRules, Framer};
use crate::scan::header::Headed;
use crate::scan::profile::{FrameKind, Link, Profile};
use crate::scan::ssi::Hearer;

/// What came of some bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// A read, or something refused.
    Frame(FrameEvent),
    /// Bytes that are to be sent to the scanner at once, before anything is made of the frame that follows.
    Reply(Vec<u8>),
    /// The scanner's answer to something that was sent to it.
    Verdict(Verdict),
}

/// What a scanner answers to something that was sent to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It has taken it.
    Taken,
    /// It did not get it whole.
    Again,
    /// It cannot do it.
    Denied,
}

/// The state machine of one open device, by the way it speaks; a new one is made at every opening.
#[derive(Debug)]
pub enum Hearing {
    /// Text that ends with an end byte.
    Text {
        /// Takes out what the scanner answers.
        answers: Answers,
        /// Frames of the rest.
        framer: Framer,
    },
    /// Text behind a header with its length.
    Headed {
        /// Takes out what the scanner answers.
        answers: Answers,
        /// Frames of the rest.
        headed: Headed,
    },
    /// Packets.
    Ssi(Hearer),
}

impl Hearing {
    /// How a device of this profile is heard; `rules` as they hold for its address.
    pub fn new(profile: &Profile, rules: FrameRules) -> Self {
        let answers = || {
            if profile.answers_in_frames() {
                Answers::framed()
            } else {
                Answers::expecting(profile.attach.iter().filter_map(|step| step.reply.clone()))
            }
        };
        match (profile.link, profile.frame.kind) {
            (Link::Ssi, _) => Self::Ssi(Hearer::new(rules, profile.ssi.clone())),
            (_, FrameKind::HoneywellHeader) => {
                Self::Headed { answers: answers(), headed: Headed::new(rules) }
            }
            (_, FrameKind::Delimited) => Self::Text { answers: answers(), framer: Framer::new(rules) },
        }
    }

    /// The silence after the last byte at which [`Hearing::idle`] is due; `None` while nothing is open.
    pub fn quiet_wanted(&self) -> Option<Duration> {
        match self {
            Self::Text { answers, framer } => answers.quiet_wanted().or_else(|| framer.quiet_wanted()),
            Self::Headed { answers, headed } => answers.quiet_wanted().or_else(|| headed.quiet_wanted()),
            Self::Ssi(hearer) => hearer.quiet_wanted(),
        }
    }

    /// Takes bytes in any pieces; `at` was read just after the last of them.
    pub fn push(&mut self, bytes: &[u8], at: Reading, out: &mut Vec<Said>) {
        match self {
            Self::Ssi(hearer) => hearer.push(bytes, at, out),
            Self::Text { answers, .. } | Self::Headed { answers, .. } if answers.is_empty() => {
                self.pass(bytes, at, out);
            }
            Self::Text { .. } | Self::Headed { .. } => {
                bytes.iter().for_each(|byte| self.take(*byte, at, out))
            }
        }
    }

    fn take(&mut self, byte: u8, at: Reading, out: &mut Vec<Said>) {
        let (passed, verdict) = match self {
            Self::Text { answers, framer } => answers.take(byte, framer.is_between()),
            Self::Headed { answers, headed } => answers.take(byte, headed.is_between()),
            Self::Ssi(_) => return,
        };
        out.extend(verdict.map(Said::Verdict));
        self.pass(&passed, at, out);
    }

    /// The silence of [`Hearing::quiet_wanted`] has passed.
    pub fn idle(&mut self, at: Reading, out: &mut Vec<Said>) {
        self.release(at, out);
        let mut events = Vec::new();
        match self {
            Self::Text { framer, .. } => framer.idle(at, &mut events),
            Self::Headed { headed, .. } => headed.idle(at, &mut events),
            Self::Ssi(hearer) => hearer.idle(at, out),
        }
        out.extend(events.into_iter().map(Said::Frame));
    }

    /// The device is gone: what is open is refused, and nothing is taken any more.
    pub fn gone(&mut self, at: Reading, out: &mut Vec<Said>) {
        self.release(at, out);
        let mut events = Vec::new();
        match self {
            Self::Text { framer, .. } => framer.gone(at, &mut events),
            Self::Headed { headed, .. } => headed.gone(at, &mut events),
            Self::Ssi(hearer) => hearer.gone(at, out),
        }
        out.extend(events.into_iter().map(Said::Frame));
    }

    /// What looked like an answer and was none.
    fn release(&mut self, at: Reading, out: &mut Vec<Said>) {
        let held = match self {
            Self::Text { answers, .. } | Self::Headed { answers, .. } => answers.release(),
            Self::Ssi(_) => return,
        };
        self.pass(&held, at, out);
    }

    fn pass(&mut self, bytes: &[u8], at: Reading, out: &mut Vec<Said>) {
        let mut events = Vec::new();
        match self {
            Self::Text { framer, .. } => framer.push(bytes, at, &mut events),
            Self::Headed { headed, .. } => headed.push(bytes, at, &mut events),
            Self::Ssi(_) => {}
        }
        out.extend(events.into_iter().map(Said::Frame));
    }
}
