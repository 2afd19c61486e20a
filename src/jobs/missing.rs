//! Counting how many notes were missing at the end of a day, by what was known then.
//!
//! A count goes through all volumes in pieces, each read in a transaction of its own, and keeps some bytes a patient and
//! nothing a volume: 36 MB for three million patients. What it reads is the log up to one scan, so that it does not matter what is
//! learnt while it counts, nor when it is counted. In the service one is counted at a time, and rests after each piece.

use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;

use crate::clock::{Clock, Timestamp};
use crate::domain::directory::Directory;
use crate::domain::missing::found::{Finding, FoundWhere};
use crate::domain::missing::period::Period;
use crate::domain::missing::report::Report;
use crate::domain::missing::sharing::{Scanning, Sharing};
use crate::domain::missing::tally::{Ground, Tallied, Tally};
use crate::store::report::Learnt;
use crate::store::report::asking::{Asked, Kept, Progress};
use crate::store::{Store, StoreError, Trust};

/// Rest after each piece in the service: twice what a piece takes, so that two thirds of the reader's time are left to
/// lists.
pub const REST: Duration = Duration::from_millis(20);
/// How often is looked whether another day is over.
const LOOK_EVERY: Duration = Duration::from_mins(1);

/// What the counting needs.
pub struct Counting {
    /// Where it counts.
    pub store: Store,
    /// Whose data.
    pub trust: Trust,
    /// The hospital's, for its days.
    pub time_zone: TimeZone,
    /// How long it rests after each piece.
    pub rest: Duration,
}

/// A count that came to nothing.
#[derive(Debug, thiserror::Error)]
pub enum CannotCount {
    /// The store did not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The calendar does not go so far.
    #[error("the days are outside the calendar")]
    NoSuchDay,
}

impl Counting {
    /// The figures of `period`, asked for at `now`.
    pub async fn count(
        &self,
        period: Period,
        now: Timestamp,
        mut told: impl FnMut(Progress),
    ) -> Result<Report, CannotCount> {
        let span = period.span(&self.time_zone, now).ok_or(CannotCount::NoSuchDay)?;
        let learnt = self.store.learnt(&self.trust, span).await?;
        let (before, places) = self.store.places_then(&self.trust, learnt).await?;
        let ground = Ground { before: &before, places: &places, zone: &self.time_zone };
        let tallied = self.tally(Tally::new(ground, span), learnt, &mut told).await?;
        Ok(Report {
            as_of: period.last,
            from: period.first,
            time_zone: self.time_zone.iana_name().unwrap_or("UTC").to_owned(),
            day_is_over: span.is_over,
            known: tallied.known,
            classes: tallied.classes,
            together: tallied.together,
            left_where_nobody_scans: tallied.left,
            found: self.found(&places, learnt).await?,
            scanning: self.scanning(&places, learnt).await?,
        })
    }

    async fn tally(
        &self,
        mut tally: Tally<'_>,
        learnt: Learnt,
        told: &mut impl FnMut(Progress),
    ) -> Result<Tallied, StoreError> {
        let of = self.store.figures(&self.trust).await?.volumes;
        let (mut after, mut volumes) = (None, 0);
        loop {
            let piece = self.store.followed(&self.trust, learnt, after).await?;
            for volume in &piece.followed {
                tally.add(volume);
                volumes += 1;
            }
            told(Progress { volumes, of });
            if piece.last.is_none() {
                return Ok(tally.finish());
            }
            after = piece.last;
            self.rest().await;
        }
    }

    async fn found(&self, places: &Directory, learnt: Learnt) -> Result<FoundWhere, StoreError> {
        let mut finding = Finding::default();
        for outcome in self.store.outcomes(&self.trust, learnt).await? {
            match outcome {
                Some(outcome) => finding.add(&outcome),
                None => finding.add_not_told(),
            }
        }
        Ok(finding.finish(places))
    }

    async fn scanning(&self, places: &Directory, learnt: Learnt) -> Result<Scanning, StoreError> {
        let mut sharing = Sharing::default();
        let mut reached = None;
        loop {
            let piece = self.store.visits(&self.trust, learnt, reached).await?;
            for visit in &piece.visits {
                sharing.add(visit, places);
            }
            if piece.upto.is_none() {
                return Ok(sharing.finish(places));
            }
            reached = piece.upto;
            self.rest().await;
        }
    }

    async fn rest(&self) {
        if !self.rest.is_zero() {
            tokio::time::sleep(self.rest).await;
        }
    }

    /// Counts what pages ask for, and yesterday as soon as it is over, until nobody can ask any more.
    pub async fn run(self, clock: Clock, mut asked: Asked) {
        loop {
            let yesterday = self.yesterday(clock.now());
            if let Some(period) = yesterday {
                self.answer(&clock, &asked, period).await;
            }
            match tokio::time::timeout(LOOK_EVERY, asked.asks.recv()).await {
                Ok(Some(period)) => self.answer(&clock, &asked, period).await,
                Ok(None) => return,
                Err(_) => {}
            }
        }
    }

    /// The month up to yesterday.
    fn yesterday(&self, now: Timestamp) -> Option<Period> {
        let today = now.to_jiff().to_zoned_datetime(self.time_zone.clone()).date();
        Period::asked(None, None, today).ok()
    }

    /// Counts a period, unless it is known.
    async fn answer(&self, clock: &Clock, asked: &Asked, period: Period) {
        let now = clock.now();
        if !asked.answers.borrow().is_wanting(period, now) {
            return;
        }
        let tell = |progress| asked.answers.send_modify(|answers| answers.at_work = Some((period, progress)));
        tell(Progress::default());
        let counted = self.count(period, now, tell).await;
        asked.answers.send_modify(|answers| {
            answers.at_work = None;
            match counted {
                Ok(report) => answers.keep(Kept { period, report: Arc::new(report), at: now }),
                Err(error) => {
                    tracing::warn!(%error, "the figures of a day could not be counted");
                    answers.failed = Some((period, now));
                }
            }
        });
    }
}
