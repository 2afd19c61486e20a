//! Counting the hospital for the front page, once a minute, away from every request and every scan.
//!
//! A count reads pieces of at most some thousand rows, each in a transaction of its own, and rests after each. So a
//! list waits for one piece at most, the write-ahead log is never held back, and a hospital of three million folders
//! is counted in some seconds with most of a reader's time left to others. Each folder stands in one piece and is
//! counted once, wherever it goes meanwhile.

mod fold;
mod hours;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use tokio::sync::watch;

use crate::clock::{Clock, DAY_US, Timestamp, day_start};
use crate::domain::VolumeId;
use crate::domain::whereabouts::State;
use crate::store::overview::{Held, HourMoves, LogPoint, OnItsWay, Overview};
use crate::store::searches::SearchFilter;
use crate::store::{Store, StoreError, Trust, VolumeRecord};
use fold::{Fold, Folded};
use hours::{COMPARED_DAYS, HourSpan, compared_days, hours_of, usual};

/// The figures are counted anew so long after they were last counted: a screen on a wall shows no older minute.
const EVERY: Duration = Duration::from_mins(1);
/// Rest after each piece: twice what a piece takes, so that two thirds of the reader's time are left to lists.
const REST: Duration = Duration::from_millis(20);
/// Counted hours are kept so long: until the last day that is compared with them is over.
const KEPT_US: i64 = (COMPARED_DAYS * 7 + 2) * DAY_US;

/// What the counting needs.
pub struct Counting {
    /// Where it counts.
    pub store: Store,
    /// Whose data.
    pub trust: Trust,
    /// Tells when it is.
    pub clock: Clock,
    /// The hospital's, for its days and hours.
    pub time_zone: TimeZone,
}

impl Counting {
    /// Counts and tells for ever; what fails is tried again at the next turn.
    pub async fn run(self, told: watch::Sender<Option<Arc<Overview>>>) {
        let mut tallies = Tallies::default();
        loop {
            let began_us = self.clock.read().boot_us;
            match self.count(&mut tallies).await {
                Ok(overview) => {
                    let duration_us = self.clock.read().boot_us.saturating_sub(began_us);
                    tracing::debug!(duration_us, "the hospital's figures are counted");
                    told.send_replace(Some(Arc::new(overview)));
                }
                Err(error) => tracing::warn!(%error, "the hospital's figures could not be counted"),
            }
            tokio::time::sleep(EVERY).await;
        }
    }

    /// The hospital in figures, now.
    pub async fn count(&self, tallies: &mut Tallies) -> Result<Overview, StoreError> {
        let at = self.clock.now();
        let hours = self.hours(tallies, at).await?;
        let folded = self.fold(at).await?;
        let sent_longest = self.named(&folded.sent_longest, on_its_way).await?;
        let held_longest = self.named(&folded.held_longest, held).await?;
        Ok(Overview {
            at,
            stays: folded.stays,
            hours,
            sent: folded.sent,
            sent_longest,
            held_longest,
            holders: folded.holders,
            searches: self.store.count_searches(&self.trust, SearchFilter::OPEN).await?,
            turned_up: self.store.count_searches(&self.trust, SearchFilter::TURNED_UP).await?,
            questions: self.store.open_questions(&self.trust).await?,
            refused: self.store.refused_scans(&self.trust).await?,
            last_scans: self.store.last_scans(&self.trust).await?,
        })
    }

    async fn fold(&self, at: Timestamp) -> Result<Folded, StoreError> {
        let directory = self.store.directory().borrow().clone();
        let mut fold = Fold::new(&directory, at);
        let mut after = None;
        loop {
            let piece = self.store.standings(&self.trust, after).await?;
            let Some(last) = piece.last() else { break };
            after = Some(last.volume);
            for standing in &piece {
                fold.add(standing);
            }
            tokio::time::sleep(REST).await;
        }
        let known = self.store.figures(&self.trust).await?.volumes;
        Ok(fold.finish(known))
    }

    /// Names of volumes, of those that are still as they were counted.
    async fn named<T>(
        &self,
        volumes: &[VolumeId],
        still: fn(VolumeRecord) -> Option<T>,
    ) -> Result<Vec<T>, StoreError> {
        let records = self.store.volumes(&self.trust, volumes).await?;
        Ok(records.into_iter().filter_map(still).collect())
    }

    /// Today hour by hour, against earlier days of the same weekday on which the log had begun.
    async fn hours(&self, tallies: &mut Tallies, at: Timestamp) -> Result<Vec<HourMoves>, StoreError> {
        let today = at.to_jiff().to_zoned_datetime(self.time_zone.clone()).date();
        let begins = self.store.log_begins(&self.trust).await?;
        let mut earlier = Vec::new();
        for day in compared_days(today) {
            if begins.is_some_and(|begins| day_start(day, &self.time_zone) >= Some(begins)) {
                earlier.push(self.day(tallies, day).await?);
            }
        }
        let mut hours = Vec::new();
        for span in hours_of(today, &self.time_zone) {
            let begun = span.from <= at;
            let moves = if begun { Some(self.hour(tallies, span).await?) } else { None };
            hours.push(HourMoves {
                from: span.from,
                to: span.to,
                moves,
                usual: usual(span.clock_hour, &earlier),
            });
        }
        tallies.0.retain(|from, _| at.micros_since(*from) < KEPT_US);
        Ok(hours)
    }

    /// A past day: each hour with its moves.
    async fn day(&self, tallies: &mut Tallies, day: Date) -> Result<Vec<(i8, u64)>, StoreError> {
        let mut counted = Vec::new();
        for span in hours_of(day, &self.time_zone) {
            counted.push((span.clock_hour, self.hour(tallies, span).await?));
        }
        Ok(counted)
    }

    /// Moves of an hour. What was counted before is not counted again: the log only grows at its end.
    async fn hour(&self, tallies: &mut Tallies, span: HourSpan) -> Result<u64, StoreError> {
        let (store, trust) = (&self.store, &self.trust);
        let mut tally = match tallies.0.get(&span.from) {
            Some(tally) if tally.is_over => return Ok(tally.moves),
            Some(tally) => *tally,
            None => Tally { upto: store.log_time(trust, span.from).await?.point, moves: 0, is_over: false },
        };
        let end = store.log_time(trust, span.to).await?;
        while tally.upto < end.point {
            let piece = store.moves(trust, tally.upto, end.point).await?;
            tally = Tally { upto: piece.upto, moves: tally.moves + piece.moves, ..tally };
            tokio::time::sleep(REST).await;
        }
        tally.is_over = end.settled;
        tallies.0.insert(span.from, tally);
        Ok(tally.moves)
    }
}

/// The hours that were counted, by when they began.
#[derive(Default)]
pub struct Tallies(BTreeMap<Timestamp, Tally>);

/// How far an hour is counted.
#[derive(Clone, Copy)]
struct Tally {
    upto: LogPoint,
    moves: u64,
    /// Nothing can be added to it any more.
    is_over: bool,
}

fn on_its_way(record: VolumeRecord) -> Option<OnItsWay> {
    let present = record.present;
    let since = present.since.filter(|_| present.state == State::OnItsWay)?;
    Some(OnItsWay { brief: record.brief, from: present.place, to: present.to, since })
}

fn held(record: VolumeRecord) -> Option<Held> {
    let present = record.present;
    let since = present.since.filter(|_| present.state == State::At)?;
    Some(Held { brief: record.brief, at: present.place?, since })
}

#[cfg(test)]
mod tests;
