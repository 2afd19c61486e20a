//! The load: one thread that plays all desks at once, by pty and by HTTP.
//!
//! Open loop: every scan has a planned moment and is timed from it, whether or not the one before was answered.
//! Flat out: every desk scans again as soon as it is answered. The thread sleeps in epoll, which wakes it to the
//! microsecond; what it is late itself counts as the product's time.

use std::net::SocketAddr;
use std::os::fd::OwnedFd;
use std::time::Duration;

use anyhow::Context;
use rustix::event::epoll;

use super::lines::{End, Heard, Line, Way};
use super::spread::Spread;
use super::work::{Planned, Work};
use crate::clock::{Clock, SECOND_US};

/// How long answers are waited for after the last scan; what has not come by then is unanswered.
const DRAIN_US: i64 = 10 * SECOND_US;
/// From the call to the first planned moment, so that the first desks are not late from the start.
const LEAD_US: i64 = 20_000;
/// Most wake-ups taken from the kernel at a time; the rest wait for the next turn.
const EVENTS: usize = 512;

/// When a flat-out run ends.
#[derive(Clone, Copy, Debug)]
pub enum Until {
    /// After so long.
    Passed(Duration),
    /// After so many scans.
    Scans(u64),
}

/// What a run of the generator saw.
#[derive(Clone, Debug, Default)]
pub struct Run {
    /// Times from the planned moment, or from the sending, to the answer.
    pub times: Spread,
    /// Answers that were no acceptance.
    pub refused: u64,
    /// Scans that were never answered.
    pub unanswered: u64,
    /// From the first scan to the last answer.
    pub took_us: i64,
}

impl Run {
    /// Adds another run of the same kind.
    pub fn take(&mut self, other: &Self) {
        self.times.take(&other.times);
        self.refused += other.refused;
        self.unanswered += other.unanswered;
        self.took_us += other.took_us;
    }

    /// How many scans were answered.
    pub fn answered(&self) -> u64 {
        u64::try_from(self.times.len()).unwrap_or(u64::MAX)
    }
}

/// All lines, and the work they do.
#[derive(Debug)]
pub struct Generator {
    epoll: OwnedFd,
    lines: Vec<Line>,
    clock: Clock,
    /// Which folders are scanned.
    pub work: Work,
}

impl Generator {
    /// Plays the desks at the far ends of `lines`, in their order.
    pub fn new(lines: Vec<Line>, clock: Clock, work: Work) -> anyhow::Result<Self> {
        let epoll = epoll::create(epoll::CreateFlags::CLOEXEC).context("making an epoll")?;
        let generator = Self { epoll, lines, clock, work };
        for number in 0..generator.lines.len() {
            generator.watch(number)?;
        }
        Ok(generator)
    }

    fn watch(&self, number: usize) -> anyhow::Result<()> {
        let Some(line) = self.lines.get(number) else { return Ok(()) };
        let data = epoll::EventData::new_u64(u64::try_from(number).unwrap_or(u64::MAX));
        epoll::add(&self.epoll, line, data, epoll::EventFlags::IN).context("watching a line")
    }

    /// Opens the HTTP lines anew, as the service may have closed what was long idle, and drops what is left over.
    pub fn reconnect(&mut self, address: SocketAddr) -> anyhow::Result<()> {
        for number in 0..self.lines.len() {
            let Some(line) = self.lines.get_mut(number) else { continue };
            line.forget();
            if line.way() == Way::Http {
                // Closing the old one takes it out of the epoll.
                *line = Line::http(address).context("connecting to the service")?;
                self.watch(number)?;
            }
        }
        Ok(())
    }

    /// Now, in microseconds since boot.
    pub fn now(&self) -> i64 {
        self.clock.read().boot_us
    }

    fn scan(&mut self, desk: usize, from_us: i64) -> anyhow::Result<()> {
        let Some(line) = self.lines.get_mut(desk) else { return Ok(()) };
        line.send(&self.work.scan(desk, line.way()), from_us)
    }

    /// Waits for answers for at most `wait_us`, and calls `each` with desk, answer and the moment it is timed from.
    fn listen(&mut self, wait_us: i64, mut each: impl FnMut(usize, Heard, i64)) -> anyhow::Result<()> {
        let wait = rustix::time::Timespec {
            tv_sec: wait_us.max(0) / SECOND_US,
            tv_nsec: wait_us.max(0) % SECOND_US * 1_000,
        };
        let mut events = Vec::with_capacity(EVENTS);
        match epoll::wait(&self.epoll, rustix::buffer::spare_capacity(&mut events), Some(&wait)) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(error) => return Err(error).context("waiting for answers"),
        }
        for event in events {
            let desk = usize::try_from(event.data.u64()).unwrap_or(usize::MAX);
            let Some(line) = self.lines.get_mut(desk) else { continue };
            if line.listen(|heard, from_us| each(desk, heard, from_us))? == End::Closed {
                epoll::delete(&self.epoll, &*line).context("leaving a line")?;
            }
        }
        Ok(())
    }

    /// One scan at one desk, alone: from the sending to the answer.
    pub fn one(&mut self, desk: usize) -> anyhow::Result<(Heard, i64)> {
        let from_us = self.now();
        self.scan(desk, from_us)?;
        self.answer(from_us)
    }

    /// One request of any kind at one desk, alone.
    pub fn ask(&mut self, desk: usize, request: &[u8]) -> anyhow::Result<(Heard, i64)> {
        let from_us = self.now();
        if let Some(line) = self.lines.get_mut(desk) {
            line.send(request, from_us)?;
        }
        self.answer(from_us)
    }

    fn answer(&mut self, from_us: i64) -> anyhow::Result<(Heard, i64)> {
        let mut got = None;
        while got.is_none() {
            let left = from_us + DRAIN_US - self.now();
            anyhow::ensure!(left > 0, "no answer within ten seconds");
            self.listen(left, |_, heard, _| got = Some(heard))?;
        }
        let took = self.now() - from_us;
        got.map(|heard| (heard, took)).context("no answer")
    }

    /// Scans at the planned moments, which are in order.
    pub fn open_loop(&mut self, plan: &[Planned]) -> anyhow::Result<Run> {
        let start = self.now() + LEAD_US;
        let end = start + plan.last().map_or(0, |last| last.at_us) + DRAIN_US;
        let mut run = Run::default();
        let mut ahead = plan.iter().peekable();
        loop {
            let now = self.now();
            while let Some(planned) = ahead.next_if(|planned| start + planned.at_us <= now) {
                self.scan(planned.desk, start + planned.at_us)?;
            }
            let done = ahead.peek().is_none() && self.lines.iter().all(|line| line.waiting() == 0);
            if done || now >= end {
                break;
            }
            let next = ahead.peek().map_or(end, |planned| start + planned.at_us);
            let clock = self.clock.clone();
            self.listen(next - self.now(), |_, heard, from_us| {
                run.times.add(clock.read().boot_us - from_us);
                run.refused += u64::from(heard == Heard::Refused);
            })?;
        }
        self.close(run, start)
    }

    /// The first `desks` of `each` way scan as fast as they are answered.
    pub fn flat_out(&mut self, desks: &[usize], until: Until) -> anyhow::Result<Run> {
        self.closed_loop(desks, until, Self::scan)
    }

    /// The desks send what `request` makes as fast as they are answered.
    pub fn requests(
        &mut self,
        desks: &[usize],
        until: Until,
        mut request: impl FnMut(&mut Work) -> Vec<u8>,
    ) -> anyhow::Result<Run> {
        self.closed_loop(desks, until, |generator, desk, now| {
            let bytes = request(&mut generator.work);
            generator.lines.get_mut(desk).map_or(Ok(()), |line| line.send(&bytes, now))
        })
    }

    fn closed_loop(
        &mut self,
        desks: &[usize],
        until: Until,
        mut send: impl FnMut(&mut Self, usize, i64) -> anyhow::Result<()>,
    ) -> anyhow::Result<Run> {
        let start = self.now();
        let mut run = Run::default();
        let mut asked = 0;
        let mut free: Vec<usize> = desks.to_vec();
        let mut last_answer = start;
        loop {
            for desk in std::mem::take(&mut free) {
                let now = self.now();
                if !over(until, asked, now - start) {
                    send(self, desk, now)?;
                    asked += 1;
                }
            }
            let now = self.now();
            if asked == run.answered() || now - last_answer > DRAIN_US {
                break;
            }
            let clock = self.clock.clone();
            self.listen(SECOND_US, |desk, heard, from_us| {
                last_answer = clock.read().boot_us;
                run.times.add(last_answer - from_us);
                run.refused += u64::from(heard == Heard::Refused);
                free.push(desk);
            })?;
        }
        self.close(run, start)
    }

    fn close(&mut self, mut run: Run, start: i64) -> anyhow::Result<Run> {
        run.took_us = self.now() - start;
        let left: usize = self.lines.iter().map(Line::waiting).sum();
        run.unanswered = u64::try_from(left)?;
        self.lines.iter_mut().for_each(Line::forget);
        Ok(run)
    }
}

/// Whether a flat-out run sends no more.
pub fn over(until: Until, sent: u64, passed_us: i64) -> bool {
    match until {
        Until::Passed(wait) => i64::try_from(wait.as_micros()).is_ok_and(|wait| passed_us >= wait),
        Until::Scans(scans) => sent >= scans,
    }
}
