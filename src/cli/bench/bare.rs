//! The bare writer by channel: the same desks, the same moments, no scanner, no HTTP, no session, no rule.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::Context;

use super::generator::{Run, Until};
use super::spread::Spread;
use super::work::{Planned, Work};
use crate::clock::{Clock, SECOND_US};
use crate::store::DeskStand;
use crate::store::floor::{BareScan, BareWriter, MAX_BATCH, Waiting};

/// The name of the writer's thread, by which its processor time is found.
pub const WRITER: &str = "bare-writer";
/// Scans on their way: more than all desks together have.
const QUEUE: usize = 4_096;
/// How long answers are waited for at the end.
const DRAIN_US: i64 = 10 * SECOND_US;
/// From the call to the first planned moment, as the generator has it.
const LEAD_US: i64 = 20_000;

/// A bare writer on a thread of its own, and the desks that scan.
#[derive(Debug)]
pub struct Bare {
    scans: SyncSender<BareScan>,
    answers: Receiver<Vec<usize>>,
    thread: JoinHandle<anyhow::Result<()>>,
    commits: Arc<AtomicU64>,
    clock: Clock,
    work: Work,
}

impl Bare {
    /// Opens the database of `dir` for these desks; each has had its first scan when this returns.
    pub fn open(dir: &Path, desks: &[DeskStand], clock: Clock, work: Work) -> anyhow::Result<Self> {
        let mut writer = BareWriter::open(dir, desks, clock.clone())?;
        let (scans, inbox) = sync_channel(QUEUE);
        let (outbox, answers) = sync_channel(QUEUE);
        let commits = Arc::new(AtomicU64::new(0));
        let counted = Arc::clone(&commits);
        let thread = std::thread::Builder::new()
            .name(WRITER.to_owned())
            .spawn(move || write_all(&mut writer, &inbox, &outbox, &counted))
            .context("no thread for the bare writer")?;
        let mut bare = Self { scans, answers, thread, commits, clock, work };
        let all: Vec<_> = (0..desks.len()).collect();
        bare.flat_out(&all, Until::Scans(u64::try_from(desks.len())?))?;
        Ok(bare)
    }

    fn now(&self) -> i64 {
        self.clock.read().boot_us
    }

    fn scan(&mut self, desk: usize) -> anyhow::Result<()> {
        let scan = bare_scan(&mut self.work, &self.clock, desk);
        self.scans.send(scan).map_err(|_| anyhow::anyhow!("the bare writer has ended"))
    }

    /// One scan alone: from the sending to its being on disk.
    pub fn one(&mut self) -> anyhow::Result<i64> {
        let from = self.now();
        self.scan(0)?;
        self.answers.recv_timeout(Duration::from_secs(10)).context("the bare writer does not answer")?;
        Ok(self.now() - from)
    }

    /// Scans at the planned moments.
    pub fn open_loop(&mut self, plan: &[Planned]) -> anyhow::Result<Run> {
        let start = self.now() + LEAD_US;
        let end = start + plan.last().map_or(0, |last| last.at_us) + DRAIN_US;
        let desks = plan.iter().map(|planned| planned.desk + 1).max().unwrap_or(0);
        let mut waiting: Vec<VecDeque<i64>> = vec![VecDeque::new(); desks];
        let mut times = Spread::default();
        let mut sent = 0;
        let mut ahead = plan.iter().peekable();
        while (ahead.peek().is_some() || times.len() < sent) && self.now() < end {
            let now = self.now();
            while let Some(planned) = ahead.next_if(|planned| start + planned.at_us <= now) {
                self.scan(planned.desk)?;
                sent += 1;
                if let Some(desk) = waiting.get_mut(planned.desk) {
                    desk.push_back(start + planned.at_us);
                }
            }
            let next = ahead.peek().map_or(end, |planned| start + planned.at_us);
            for desk in self.answered(next)? {
                let from = waiting.get_mut(desk).and_then(VecDeque::pop_front);
                times.add(self.now() - from.context("an answer that nobody asked for")?);
            }
        }
        let unanswered = u64::try_from(sent - times.len())?;
        Ok(Run { times, refused: 0, unanswered, took_us: self.now() - start })
    }

    /// What is answered until `until_us` at the latest.
    fn answered(&self, until_us: i64) -> anyhow::Result<Vec<usize>> {
        let wait = Duration::from_micros(u64::try_from(until_us - self.now()).unwrap_or(0));
        match self.answers.recv_timeout(wait) {
            Ok(desks) => Ok(desks),
            Err(RecvTimeoutError::Timeout) => Ok(Vec::new()),
            Err(RecvTimeoutError::Disconnected) => anyhow::bail!("the bare writer has ended"),
        }
    }

    /// These desks scan as fast as they are answered.
    pub fn flat_out(&mut self, desks: &[usize], until: Until) -> anyhow::Result<Run> {
        let start = self.now();
        let mut since = vec![0; desks.iter().max().map_or(0, |most| most + 1)];
        let mut times = Spread::default();
        let mut sent = 0;
        let mut free = desks.to_vec();
        loop {
            for desk in std::mem::take(&mut free) {
                let now = self.now();
                if super::generator::over(until, sent, now - start) {
                    continue;
                }
                self.scan(desk)?;
                sent += 1;
                if let Some(since) = since.get_mut(desk) {
                    *since = now;
                }
            }
            if u64::try_from(times.len())? == sent {
                break;
            }
            free = self.answered(self.now() + DRAIN_US)?;
            anyhow::ensure!(!free.is_empty(), "the bare writer does not answer");
            let now = self.now();
            for since in free.iter().filter_map(|desk| since.get(*desk)) {
                times.add(now - since);
            }
        }
        Ok(Run { times, refused: 0, unanswered: 0, took_us: self.now() - start })
    }

    /// How many commits there were.
    pub fn commits(&self) -> u64 {
        self.commits.load(Ordering::Relaxed)
    }

    /// Ends the thread.
    pub fn close(self) -> anyhow::Result<()> {
        drop(self.scans);
        self.thread.join().map_err(|_| anyhow::anyhow!("the bare writer failed"))?
    }
}

/// The next scan of a desk.
pub fn bare_scan(work: &mut Work, clock: &Clock, desk: usize) -> BareScan {
    BareScan { id: work.id(), desk, label: work.label(), happened: clock.now() }
}

fn write_all(
    writer: &mut BareWriter,
    inbox: &Receiver<BareScan>,
    outbox: &SyncSender<Vec<usize>>,
    commits: &AtomicU64,
) -> anyhow::Result<()> {
    let mut batch = Vec::with_capacity(MAX_BATCH);
    while let Ok(first) = inbox.recv() {
        batch.push(first);
        batch.extend(inbox.try_iter().take(MAX_BATCH - 1));
        writer.write(&batch)?;
        commits.fetch_add(1, Ordering::Relaxed);
        if outbox.send(batch.iter().map(|scan| scan.desk).collect()).is_err() {
            break;
        }
        // A full batch leaves others waiting; the product asks its inboxes.
        let waiting = if batch.len() == MAX_BATCH { Waiting::Some } else { Waiting::None };
        batch.clear();
        writer.tend_log(waiting)?;
    }
    Ok(())
}

/// The rate of the bare writer without any schedule: 64 scans a commit, one after the other, in this thread.
pub fn unscheduled(
    writer: &mut BareWriter,
    work: &mut Work,
    clock: &Clock,
    wait: Duration,
) -> anyhow::Result<Run> {
    let start = clock.read().boot_us;
    let wait_us = i64::try_from(wait.as_micros())?;
    let desks = 64;
    let mut times = Spread::default();
    while clock.read().boot_us - start < wait_us {
        let batch: Vec<_> = (0..desks).map(|desk| bare_scan(work, clock, desk)).collect();
        let from = clock.read().boot_us;
        writer.write(&batch)?;
        let took = clock.read().boot_us - from;
        for _ in &batch {
            times.add(took);
        }
        writer.tend_log(Waiting::Some)?;
    }
    Ok(Run { times, refused: 0, unanswered: 0, took_us: clock.read().boot_us - start })
}
