//! What is to be written to a device, and when. Pure: the writer's thread asks it and writes.

use std::collections::VecDeque;
use std::time::Duration;

use crate::scan::feedback::{Feedback, FeedbackTable};
use crate::scan::hearing::Verdict;
use crate::scan::profile::{Link, Profile};
use crate::scan::ssi::{self, Done, For, Talker};

/// Longest wait for what a plain scanner answers to its set-up.
const ANSWER_MOST: Duration = Duration::from_secs(2);
/// A scanner that waits for an answer is let go after so long, if the desk has nothing to say of its read (the same
/// label again) or is not ready: well before it gives up by itself with an error tone after 10 s (1470g guide, p. 70),
/// and late enough that a disk that stalls for a moment still answers by its own beep.
const RELEASE_AFTER: Duration = Duration::from_secs(1);

/// What became of setting a scanner up when it was attached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum SetUp {
    /// Its profile sets nothing.
    Nothing,
    /// It has taken everything.
    Taken,
    /// Everything was sent; the scanner does not say whether it has taken it.
    Sent,
    /// It is under way, or no scanner is there.
    Open,
    /// Something was not answered.
    Unanswered,
    /// Something was refused.
    Refused,
}

/// Bytes to be written, and what they are for.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) bytes: Vec<u8>,
    pub(super) purpose: Option<For>,
}

/// What one device is to be told.
#[derive(Debug)]
pub(super) struct Voice {
    table: FeedbackTable,
    attach: Vec<Vec<u8>>,
    /// How many steps of the set-up a plain scanner answers.
    replies: usize,
    ssi: Option<ssi::SsiTable>,
    /// What is known of the present attachment.
    set_up: SetUp,
    talker: Option<Talker>,
    plain: VecDeque<Written>,
    answers_left: usize,
    answer_by_us: i64,
    release_at_us: Option<i64>,
}

impl Voice {
    pub(super) fn new(profile: &Profile) -> Self {
        Self {
            table: profile.feedback.clone(),
            attach: profile.attach.iter().map(|step| step.send.as_slice().to_vec()).collect(),
            replies: profile.attach.iter().filter(|step| step.reply.is_some()).count(),
            ssi: (profile.link == Link::Ssi).then(|| profile.ssi.clone()),
            set_up: if profile.attach.is_empty() { SetUp::Nothing } else { SetUp::Open },
            talker: None,
            plain: VecDeque::new(),
            answers_left: 0,
            answer_by_us: 0,
            release_at_us: None,
        }
    }

    /// What became of the set-up, as far as it is known.
    pub(super) fn set_up(&self) -> SetUp {
        self.set_up
    }

    /// A device is open.
    pub(super) fn attach(&mut self, now_us: i64) {
        self.detach();
        let steps = self.attach.clone();
        self.answers_left = if self.ssi.is_some() { steps.len() } else { self.replies };
        self.answer_by_us = now_us.saturating_add(micros(ANSWER_MOST));
        if let Some(table) = &self.ssi {
            let mut talker = Talker::new(table.clone());
            for step in steps {
                talker.say(For::SetUp, ssi::packets(&step).unwrap_or_default());
            }
            self.talker = Some(talker);
        } else {
            let written = |bytes| Written { bytes, purpose: Some(For::SetUp) };
            self.plain.extend(steps.into_iter().map(written));
            if self.set_up == SetUp::Open && self.answers_left == 0 {
                self.set_up = SetUp::Sent;
            }
        }
    }

    /// The device is closed: what was to be said is void.
    pub(super) fn detach(&mut self) {
        self.talker = None;
        self.plain.clear();
        self.release_at_us = None;
        self.answers_left = 0;
        self.set_up = if self.attach.is_empty() { SetUp::Nothing } else { SetUp::Open };
    }

    /// Whether the device has words for `feedback`.
    pub(super) fn has(&self, feedback: Feedback) -> bool {
        !self.table.bytes(feedback).is_empty()
    }

    /// Says `feedback`; whether there was room for it.
    pub(super) fn signal(&mut self, feedback: Feedback) -> bool {
        let bytes = self.table.bytes(feedback).to_vec();
        if bytes.is_empty() {
            return true;
        }
        match &mut self.talker {
            Some(talker) => talker.say(For::Signal, ssi::packets(&bytes).unwrap_or_default()),
            None => {
                self.release_at_us = None;
                self.plain.push_back(Written { bytes, purpose: Some(For::Signal) });
                true
            }
        }
    }

    /// Something was read or refused: a scanner that waits for an answer waits from now on.
    pub(super) fn reads(&mut self, now_us: i64) {
        if self.table.host_ack {
            self.release_at_us = Some(now_us.saturating_add(micros(RELEASE_AFTER)));
        }
    }

    /// The device has answered something; what ended by that.
    pub(super) fn hear(&mut self, verdict: Verdict, now_us: i64) -> Option<Done> {
        let done = match &mut self.talker {
            Some(talker) => talker.hear(verdict, now_us),
            None => (self.answers_left > 0).then_some(Done { purpose: For::SetUp, verdict: Some(verdict) }),
        };
        self.note(done);
        done
    }

    /// Something came from the device.
    pub(super) fn is_awake(&mut self, now_us: i64) {
        if let Some(talker) = &mut self.talker {
            talker.is_awake(now_us);
        }
    }

    /// When [`Voice::next`] is to be called at the latest.
    pub(super) fn due_us(&self) -> Option<i64> {
        match &self.talker {
            Some(talker) => talker.due_us(),
            None if !self.plain.is_empty() => Some(i64::MIN),
            None => {
                let answer = (self.answers_left > 0).then_some(self.answer_by_us);
                answer.into_iter().chain(self.release_at_us).min()
            }
        }
    }

    /// What is to be written now, and what ended without an answer. To be called until there is nothing.
    pub(super) fn next(&mut self, now_us: i64, done: &mut Vec<Done>) -> Option<Written> {
        if let Some(talker) = &mut self.talker {
            let before = done.len();
            let bytes = talker.next(now_us, done);
            let ended: Vec<_> = done.get(before..).unwrap_or_default().to_vec();
            ended.into_iter().for_each(|done| self.note(Some(done)));
            return bytes.map(|bytes| Written { bytes, purpose: None });
        }
        if self.answers_left > 0 && now_us >= self.answer_by_us {
            self.note(Some(Done { purpose: For::SetUp, verdict: None }));
        }
        if let Some(written) = self.plain.pop_front() {
            return Some(written);
        }
        self.release_at_us.take_if(|release| now_us >= *release)?;
        let bytes = self.table.release.as_ref().map(|entry| entry.send.as_slice().to_vec())?;
        Some(Written { bytes, purpose: None })
    }

    /// Keeps the worst of what the steps of a set-up came to.
    fn note(&mut self, done: Option<Done>) {
        let Some(Done { purpose: For::SetUp, verdict }) = done else { return };
        self.answers_left = self.answers_left.saturating_sub(1);
        let came = match verdict {
            Some(Verdict::Taken) if self.answers_left > 0 => return,
            Some(Verdict::Taken) => SetUp::Taken,
            Some(Verdict::Again | Verdict::Denied) => SetUp::Refused,
            None => SetUp::Unanswered,
        };
        self.set_up = if self.set_up == SetUp::Open { came } else { self.set_up.max(came) };
    }
}

fn micros(time: Duration) -> i64 {
    i64::try_from(time.as_micros()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn voice(profile: &str) -> Voice {
        Voice::new(&Profile::named(profile, None).unwrap())
    }

    fn written(voice: &mut Voice, now_us: i64) -> Vec<Vec<u8>> {
        let mut done = Vec::new();
        std::iter::from_fn(|| voice.next(now_us, &mut done)).map(|written| written.bytes).collect()
    }

    #[test]
    fn a_scanner_is_set_up_at_each_attaching_and_says_whether_it_has_taken_it() {
        let mut voice = voice("honeywell-voyager-serial");
        for (verdict, set_up) in [(Verdict::Taken, SetUp::Taken), (Verdict::Denied, SetUp::Refused)] {
            voice.attach(0);
            assert_eq!(voice.set_up(), SetUp::Open);
            assert_eq!(written(&mut voice, 0), [b"\x16M\rBEPBEP0!".to_vec()]);
            voice.hear(verdict, 1);
            assert_eq!(voice.set_up(), set_up);
        }
        voice.attach(0);
        written(&mut voice, 0);
        assert_eq!(voice.due_us(), Some(2_000_000));
        written(&mut voice, 2_000_000);
        assert_eq!((voice.set_up(), voice.due_us()), (SetUp::Unanswered, None));
        voice.detach();
        assert_eq!(voice.set_up(), SetUp::Open);
    }

    #[test]
    fn the_packets_of_a_set_up_go_one_by_one_and_the_worst_answer_stands() {
        let mut voice = voice("zebra-ssi");
        voice.attach(0);
        for (number, verdict) in [Verdict::Taken, Verdict::Denied, Verdict::Taken].into_iter().enumerate() {
            assert_eq!(written(&mut voice, 0).len(), 1, "{number}");
            voice.hear(verdict, 0);
        }
        assert_eq!((voice.set_up(), written(&mut voice, 0).len()), (SetUp::Refused, 0));
    }

    #[test]
    fn a_waiting_scanner_is_let_go_where_the_desk_has_nothing_to_say() {
        let mut voice = voice("honeywell-host-ack");
        voice.attach(0);
        voice.reads(0);
        assert_eq!((written(&mut voice, 999_999).len(), voice.due_us()), (0, Some(1_000_000)));
        assert_eq!(written(&mut voice, 1_000_000), [b"\x1B1,".to_vec()]);
        voice.reads(2_000_000);
        voice.signal(Feedback::Refuse);
        assert_eq!(written(&mut voice, 2_000_001), [b"\x1B8,".to_vec()]);
        assert_eq!(voice.due_us(), None);
    }
}
