//! Asking for the figures of a day. They take from seconds to minutes, and never on a request: a page asks, is told how
//! far the counting is, and is told the answer once it is there.

use std::sync::Arc;

use tokio::sync::{mpsc, watch};

use crate::clock::{MINUTE_US, Timestamp};
use crate::domain::missing::period::Period;
use crate::domain::missing::report::Report;

/// Days that may wait to be counted; one more is told to come back later.
pub const MAX_WAITING: usize = 8;
/// Answers that are kept: the days that a board meeting asks for, and their months before.
pub const MAX_KEPT: usize = 16;
/// An answer of a day that still goes on is counted anew when it is asked for after so long.
const FRESH_US: i64 = 5 * MINUTE_US;
/// What could not be counted is tried again when it is asked for after so long.
const TRY_AGAIN_US: i64 = MINUTE_US;

/// How far a count is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Progress {
    /// Volumes looked at.
    pub volumes: u64,
    /// Volumes there are.
    pub of: u64,
}

impl Progress {
    /// In per cent, rounded down.
    pub const fn per_cent(self) -> u64 {
        match (self.volumes * 100).checked_div(self.of) {
            Some(done) if done < 100 => done,
            Some(_) => 100,
            None => 0,
        }
    }
}

/// What has been counted, and what is being.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Answers {
    /// The newest last, [`MAX_KEPT`] at most.
    pub kept: Vec<Kept>,
    /// What is being counted.
    pub at_work: Option<(Period, Progress)>,
    /// What could not be counted last, and when.
    pub failed: Option<(Period, Timestamp)>,
}

/// An answer that is kept.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Kept {
    /// To what.
    pub period: Period,
    /// The answer.
    pub report: Arc<Report>,
    /// When it was counted.
    pub at: Timestamp,
}

impl Answers {
    /// The answer for a period.
    pub fn of(&self, period: Period) -> Option<&Kept> {
        self.kept.iter().find(|kept| kept.period == period)
    }

    /// Keeps an answer, in the place of an older one.
    pub fn keep(&mut self, kept: Kept) {
        self.kept.retain(|old| old.period != kept.period);
        self.kept.push(kept);
        let too_many = self.kept.len().saturating_sub(MAX_KEPT);
        self.kept.drain(..too_many);
    }

    /// Whether a period is to be counted when it is asked for now.
    pub fn is_wanting(&self, period: Period, now: Timestamp) -> bool {
        if self.at_work.is_some_and(|(at_work, _)| at_work == period) {
            return false;
        }
        let failed = self.failed.filter(|(failed, _)| *failed == period);
        if failed.is_some_and(|(_, at)| now.micros_since(at) < TRY_AGAIN_US) {
            return false;
        }
        let is_fresh = |kept: &Kept| kept.report.day_is_over || now.micros_since(kept.at) < FRESH_US;
        !self.of(period).is_some_and(is_fresh)
    }
}

/// What comes of asking.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer {
    /// It is known.
    Ready(Kept),
    /// It is being counted.
    Counting(Progress),
    /// It waits for another one.
    Waiting,
    /// Too many wait.
    TooMany,
    /// It could not be counted; the log says why.
    Failed,
}

/// Where pages ask. Clones share it.
#[derive(Clone, Debug)]
pub struct Asking {
    asks: mpsc::Sender<Period>,
    answers: watch::Receiver<Answers>,
}

/// Where the counting takes what is asked, and tells what it knows.
#[derive(Debug)]
pub struct Asked {
    /// What is asked, once or several times.
    pub asks: mpsc::Receiver<Period>,
    /// What is known.
    pub answers: watch::Sender<Answers>,
}

/// Both ends.
pub fn asking() -> (Asking, Asked) {
    let (send, asks) = mpsc::channel(MAX_WAITING);
    let (answers, watched) = watch::channel(Answers::default());
    (Asking { asks: send, answers: watched }, Asked { asks, answers })
}

impl Asking {
    /// What is known of a period; asks for it where nothing is.
    pub fn ask(&self, period: Period, now: Timestamp) -> Answer {
        let answers = self.answers.borrow();
        let sent = answers.is_wanting(period, now).then(|| self.asks.try_send(period).is_ok());
        if let Some(kept) = answers.of(period) {
            return Answer::Ready(kept.clone());
        }
        match (answers.at_work, sent) {
            (Some((at_work, progress)), _) if at_work == period => Answer::Counting(progress),
            (_, Some(true)) => Answer::Waiting,
            (_, Some(false)) => Answer::TooMany,
            (_, None) => Answer::Failed,
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn kept(day: i8, at: Timestamp, day_is_over: bool) -> Kept {
        let period = Period { first: date(2026, 11, 1), last: date(2026, 11, day) };
        let report = Report { day_is_over, ..Report::empty(period) };
        Kept { period, report: Arc::new(report), at }
    }

    #[test]
    fn what_is_asked_is_counted_once_and_told_when_it_is_there() {
        let (asking, mut asked) = asking();
        let now = Timestamp::from_micros(1);
        let known = kept(27, now, true);
        assert_eq!(asking.ask(known.period, now), Answer::Waiting);
        assert_eq!(asked.asks.try_recv(), Ok(known.period));
        let progress = Progress { volumes: 3, of: 4 };
        asked.answers.send_modify(|answers| answers.at_work = Some((known.period, progress)));
        assert_eq!(asking.ask(known.period, now), Answer::Counting(progress));
        assert_eq!(progress.per_cent(), 75);
        asked.answers.send_modify(|answers| {
            answers.at_work = None;
            answers.keep(known.clone());
        });
        assert_eq!(asking.ask(known.period, now.plus_micros(100 * FRESH_US)), Answer::Ready(known));
        assert!(asked.asks.try_recv().is_err());
    }

    #[test]
    fn a_day_that_goes_on_is_counted_anew_and_the_old_answer_shown_meanwhile() {
        let (asking, mut asked) = asking();
        let now = Timestamp::from_micros(1);
        let known = kept(28, now, false);
        asked.answers.send_modify(|answers| answers.keep(known.clone()));
        assert_eq!(asking.ask(known.period, now.plus_micros(FRESH_US - 1)), Answer::Ready(known.clone()));
        assert!(asked.asks.try_recv().is_err());
        assert_eq!(asking.ask(known.period, now.plus_micros(FRESH_US)), Answer::Ready(known.clone()));
        assert_eq!(asked.asks.try_recv(), Ok(known.period));
    }

    #[test]
    fn what_failed_is_not_tried_at_every_look_and_no_more_wait_than_there_is_room() {
        let (asking, asked) = asking();
        let now = Timestamp::from_micros(1);
        let days: Vec<_> = (1..20).map(|day| kept(day, now, true).period).collect();
        asked.answers.send_modify(|answers| answers.failed = days.first().map(|day| (*day, now)));
        let told: Vec<_> = days.iter().map(|day| asking.ask(*day, now)).collect();
        assert_eq!(told.iter().filter(|answer| **answer == Answer::Failed).count(), 1);
        assert_eq!(told.iter().filter(|answer| **answer == Answer::Waiting).count(), MAX_WAITING);
        assert_eq!(told.last(), Some(&Answer::TooMany));
        let mut answers = Answers::default();
        (1..20).for_each(|day| answers.keep(kept(day, now, true)));
        assert_eq!(answers.kept.len(), MAX_KEPT);
        assert_eq!(answers.kept.last(), Some(&kept(19, now, true)));
    }
}
