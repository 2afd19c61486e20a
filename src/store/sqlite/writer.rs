//! The writer's thread: takes what waits, one transaction, then answers. Nothing is answered before the commit.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rusqlite::config::DbConfig;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::time::{Instant, Interval, MissedTickBehavior};

use super::checkpoint::{self, RESET_AT_LATEST, RESET_WHEN_IDLE, TRY_AGAIN_AFTER};
use super::core::Core;
use super::import::{self, unfinished};
use super::lock::Lock;
use super::printing::{self, QueueAct};
use super::record::{self, Recorded};
use super::retention;
use super::trouble::{Res, Trouble};
use crate::domain::command::{Command, NotRecorded, Outcome};
use crate::domain::directory::Directory;
use crate::domain::import::{FileDigest, Piece, PieceMark, RowResult};
use crate::domain::printing::JobRecord;
use crate::live::Live;
use crate::store::space::{Gauge, Level, Room};
use crate::store::{Health, StoreError, Submission};

/// How often the room on the disk is looked at while nothing comes: so soon an idle desk learns of it.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Most commands in one transaction: more would save little and let the first wait longer.
pub const MAX_BATCH: usize = 64;

/// Longest that a piece of an import works before waiting scans come first, in microseconds.
const MAX_PIECE_US: i64 = 20_000;

/// A piece of an import on its way to the writer.
pub struct PieceJob {
    /// The rows.
    pub piece: Piece,
    /// What is noted with it of how far its file came.
    pub noted: Noted,
    /// Where the results go.
    pub reply: oneshot::Sender<Result<Vec<RowResult>, StoreError>>,
}

/// What is noted of an import that may be stopped, so that it can go on.
pub enum Noted {
    /// Nothing: it is not of a file.
    Nothing,
    /// This piece is applied.
    Applied(PieceMark),
    /// All of the file is.
    Ended(FileDigest),
    /// Nothing, and the piece is taken back: it was only asked what would become of it.
    Rehearsed,
}

impl Noted {
    fn note(&self, core: &Core, results: &[RowResult]) -> Res<()> {
        match self {
            Self::Nothing | Self::Rehearsed => Ok(()),
            Self::Applied(mark) => unfinished::note(&core.conn, mark, results, core.clock.now()),
            Self::Ended(file) => unfinished::end(&core.conn, *file, core.clock.now()),
        }
    }
}

/// A piece whose first rows are on disk; those that follow wait for the scans.
struct Begun {
    job: PieceJob,
    results: Vec<RowResult>,
}

impl From<PieceJob> for Begun {
    fn from(job: PieceJob) -> Self {
        Self { job, results: Vec::new() }
    }
}

/// An act on the print queue on its way to the writer.
pub struct QueueJob {
    /// What.
    pub act: QueueAct,
    /// Where the job goes as it is afterwards.
    pub reply: oneshot::Sender<Result<Option<JobRecord>, StoreError>>,
}

/// What is done behind the scans and in nobody's name, on its way to the writer.
pub enum Upkeep {
    /// Texts beside the log are emptied.
    Redact {
        /// Of these scans.
        scans: Vec<i64>,
        /// Where goes how many that were.
        reply: oneshot::Sender<Result<u64, StoreError>>,
    },
}

/// Everything that may wait for the writer, the most urgent first.
pub struct Inboxes {
    /// Scans.
    pub scans: mpsc::Receiver<Submission>,
    /// Acts of pages and machines.
    pub forms: mpsc::Receiver<Submission>,
    /// Acts on the print queue.
    pub queue: mpsc::Receiver<QueueJob>,
    /// Pieces of imports.
    pub pieces: mpsc::Receiver<PieceJob>,
    /// What is done behind the scans.
    pub upkeep: mpsc::Receiver<Upkeep>,
    /// Ends the thread once all that waits is done.
    pub stop: oneshot::Receiver<()>,
}

impl Inboxes {
    /// Whether nobody can send any more.
    fn are_closed(&self) -> bool {
        self.scans.is_closed() && self.forms.is_closed() && self.queue.is_closed() && self.pieces.is_closed()
    }
}

/// Where the writer tells what it did.
pub struct Tells {
    /// Committed movements.
    pub live: Live,
    /// A changed directory.
    pub directory: watch::Sender<Arc<Directory>>,
    /// Counts the changes of the print queue.
    pub queue: watch::Sender<u64>,
    /// Whether it writes.
    pub health: watch::Sender<Health>,
    /// The room on the disk.
    pub room: watch::Sender<Room>,
    /// Set by the checkpointer after a failed write.
    pub broken: Arc<AtomicBool>,
}

/// The writer.
pub struct Writer {
    core: Core,
    tells: Tells,
    gauge: Gauge,
    stopped: bool,
    begun: Option<Begun>,
    log: Standing,
    _lock: Lock,
}

/// Whether the log can be begun anew.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// As far as anybody knows.
    Free,
    /// A reader stood in it; it is tried again then.
    Held(Instant),
    /// So too, and it is as long as it may be: what can wait does.
    Long(Instant),
}

enum Work {
    Commands(Box<Submission>),
    Queue(QueueJob),
    Piece(PieceJob),
    Upkeep(Upkeep),
    GoOn(Begun),
    Look,
    End,
}

type Reply = oneshot::Sender<Result<Outcome, NotRecorded>>;
type Answered = (Reply, Result<Outcome, NotRecorded>);

impl Writer {
    /// Takes the core and the lock.
    pub fn new(core: Core, tells: Tells, gauge: Gauge, lock: Lock) -> Self {
        Self { core, tells, gauge, stopped: false, begun: None, log: Standing::Free, _lock: lock }
    }

    /// Works until told to stop or until nobody can send any more, then ends the checkpointer and closes.
    pub async fn run(mut self, mut inboxes: Inboxes, stop_checkpointer: impl FnOnce()) {
        let mut looks = tokio::time::interval(LOOK_EVERY);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            match next(&mut inboxes, &mut self.begun, &mut looks, self.log).await {
                Work::Commands(first) => {
                    let batch = gather(*first, &mut inboxes);
                    self.commands(batch);
                }
                Work::Queue(job) => self.queue(job),
                Work::Piece(job) => self.piece(job.into()),
                Work::Upkeep(job) => self.upkeep(job),
                Work::GoOn(begun) => self.piece(begun),
                Work::Look => self.idle_look(),
                Work::End => break,
            }
            self.tend_log(&inboxes);
        }
        self.finish(inboxes, stop_checkpointer);
    }

    fn finish(mut self, mut inboxes: Inboxes, stop_checkpointer: impl FnOnce()) {
        inboxes.scans.close();
        inboxes.forms.close();
        inboxes.queue.close();
        inboxes.pieces.close();
        inboxes.upkeep.close();
        while let Ok(first) = inboxes.scans.try_recv().or_else(|_| inboxes.forms.try_recv()) {
            let batch = gather(first, &mut inboxes);
            self.commands(batch);
        }
        while let Ok(job) = inboxes.queue.try_recv() {
            self.queue(job);
        }
        let mut begun = self.begun.take();
        while let Some(piece) = begun.or_else(|| inboxes.pieces.try_recv().ok().map(Begun::from)) {
            self.piece(piece);
            begun = self.begun.take();
        }
        stop_checkpointer();
        if self.is_stopped() {
            self.leave_log();
        } else if let Err(error) = checkpoint::truncate(&self.core.conn) {
            tracing::warn!(error = error.whole(), "the log was not written back at the end");
            self.leave_log();
        }
    }

    /// Has the log stand as it is when the connection closes: a sync that failed is never tried again.
    fn leave_log(&self) {
        let option = DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE;
        if let Err(error) = self.core.conn.set_db_config(option, true) {
            tracing::warn!(%error, "the log may be written back when it is closed");
        }
    }

    fn commands(&mut self, batch: Vec<Submission>) {
        if self.is_stopped() || self.look() == Level::Full {
            return send_away(batch);
        }
        match self.together(&batch) {
            Ok(results) => self.answer(batch.into_iter().map(|(_, reply)| reply).zip(results)),
            Err(error) if self.stopped || error.is_fatal() => self.stop(&error, batch),
            Err(_) => self.each_alone(batch),
        }
    }

    /// All in one transaction, or none.
    fn together(&mut self, batch: &[Submission]) -> Res<Vec<Result<Recorded, NotRecorded>>> {
        let recorded = self.core.begin().and_then(|()| {
            let core = &mut self.core;
            batch.iter().map(|(command, _)| record_safely(core, command)).collect::<Res<Vec<_>>>()
        });
        match recorded {
            Ok(results) => self.commit().map(|()| results),
            Err(error) => {
                self.roll_back();
                Err(error)
            }
        }
    }

    /// A failed commit says nothing sure about the disk: the writer stops, and never tries again.
    fn commit(&mut self) -> Res<()> {
        let done = self.core.commit();
        if done.is_err() {
            self.stopped = true;
        }
        done
    }

    fn roll_back(&mut self) {
        if let Err(error) = self.core.rollback() {
            tracing::error!(error = error.whole(), "taking a transaction back failed");
            self.stopped = true;
        }
    }

    /// Somebody in the batch broke a rule of ours: each goes alone, and the culprit gets a number.
    fn each_alone(&mut self, batch: Vec<Submission>) {
        let mut rest = batch.into_iter();
        while let Some((command, reply)) = rest.next() {
            let alone = [(command, reply)];
            let result = self.together(&alone);
            let [(command, reply)] = alone;
            match result {
                Ok(results) => self.answer(std::iter::once(reply).zip(results)),
                Err(error) if self.stopped || error.is_fatal() => {
                    let unanswered = std::iter::once((command, reply)).chain(rest).collect();
                    return self.stop(&error, unanswered);
                }
                Err(error) => {
                    let incident = record::incident(self.core.clock.now());
                    let scan = command.scan.id;
                    let error = error.whole();
                    tracing::error!(%incident, scan.id = %scan, error, "a scan could not be recorded");
                    let _ = reply.send(Err(NotRecorded::Incident(incident)));
                }
            }
        }
    }

    fn answer(&self, results: impl Iterator<Item = (Reply, Result<Recorded, NotRecorded>)>) {
        for (reply, result) in results {
            let (answered, events): (Answered, _) = match result {
                Ok(Recorded { outcome, events, queue_changes }) => {
                    self.queue_changed(queue_changes);
                    ((reply, Ok(outcome)), events)
                }
                Err(not) => ((reply, Err(not)), Vec::new()),
            };
            // A desk that no longer waits asks again with the same id.
            let _ = answered.0.send(answered.1);
            for event in events {
                self.tells.live.tell(event);
            }
        }
    }

    /// The checkpointer has told everybody by itself: no command need come first.
    fn is_stopped(&mut self) -> bool {
        self.stopped |= self.tells.broken.load(Ordering::SeqCst);
        self.stopped
    }

    fn stop(&mut self, error: &Trouble, batch: Vec<Submission>) {
        self.halt(error);
        send_away(batch);
    }

    fn halt(&mut self, error: &Trouble) {
        self.stopped = true;
        tracing::error!(error = error.whole(), "the store has stopped");
        let at = self.core.clock.now();
        self.tells.health.send_replace(Health::Stopped { why: error.whole(), at });
    }

    /// How the room on the disk stands. Whoever is told that it is full is told before anything is refused.
    fn look(&mut self) -> Level {
        let owed = self.core.counters.wal_owed.load(Ordering::Relaxed);
        let room = self.gauge.look(owed, self.core.clock.now());
        self.tells.room.send_replace(room);
        let health = match room.level {
            Level::Full => Health::Full { at: room.since },
            Level::Ample | Level::Low | Level::NoImports => Health::Writing,
        };
        self.tells.health.send_if_modified(|told| {
            let is_news = *told != health && !matches!(told, Health::Stopped { .. });
            if is_news {
                *told = health;
            }
            is_news
        });
        room.level
    }

    /// While nobody waits; where room is scarce, the log's own is given back.
    fn idle_look(&mut self) {
        if self.is_stopped() || self.look() == Level::Ample {
            return;
        }
        match checkpoint::cut(&self.core.conn, self.gauge.dir()) {
            Err(error) if error.is_fatal() => self.halt(&error),
            Ok(()) | Err(_) => {}
        }
    }

    /// Whether anything is begun that may wait for room.
    fn room_for(&mut self, doing: &'static str, taken_at: Level) -> Result<(), StoreError> {
        if self.is_stopped() || self.look() <= taken_at {
            return Ok(());
        }
        let (free, needed) = (self.gauge.room().free, self.gauge.floors().needed_at(taken_at));
        Err(StoreError::NoRoom { doing, free, needed })
    }

    /// Applies a piece for a while; what is left of it goes on when no scan waits.
    fn piece(&mut self, begun: Begun) {
        let Begun { job, mut results } = begun;
        if let Err(error) = self.room_for("for an import", Level::Low) {
            let _ = job.reply.send(Err(error));
            return;
        }
        if matches!(job.noted, Noted::Rehearsed) {
            return self.rehearse(job);
        }
        let until_us = self.core.clock.read().boot_us + MAX_PIECE_US;
        let applied = self.alone("importing", |core| {
            let from = results.len();
            let enough = |core: &Core| core.clock.read().boot_us >= until_us;
            let mut applied = import::apply_some(core, &job.piece, from, &enough)?;
            results.append(&mut applied.results);
            if results.len() >= job.piece.len() {
                job.noted.note(core, &results)?;
            }
            Ok(applied.events)
        });
        let events = match applied {
            Ok(events) => events,
            Err(error) => {
                let _ = job.reply.send(Err(error));
                return;
            }
        };
        self.publish();
        for event in events {
            self.tells.live.tell(event);
        }
        if results.len() < job.piece.len() {
            self.begun = Some(Begun { job, results });
        } else {
            let _ = job.reply.send(Ok(results));
        }
    }

    /// The same up to the commit, and then nothing. It cannot be parted: its rows see each other, and no later scan may
    /// see them. Scans wait no longer than for a piece of which everything is new.
    fn rehearse(&mut self, job: PieceJob) {
        if self.is_stopped() {
            let _ = job.reply.send(Err(StoreError::Stopped));
            return;
        }
        let applied = self.in_transaction(|core| import::apply(core, &job.piece));
        self.roll_back();
        let _ = job.reply.send(self.told(applied, "rehearsing an import").map(|applied| applied.results));
    }

    fn upkeep(&mut self, job: Upkeep) {
        let Upkeep::Redact { scans, reply } = job;
        let done = self.alone("redacting texts", |core| retention::redact(&core.conn, &scans));
        let _ = reply.send(done);
    }

    fn queue(&mut self, job: QueueJob) {
        // What became of a job that has begun is written as long as anything can be.
        let room = if job.act.begins() { self.room_for("for printing", Level::NoImports) } else { Ok(()) };
        let done =
            room.and_then(|()| self.alone("writing the print queue", |core| printing::act(core, &job.act)));
        self.queue_changed(u64::from(done.is_ok()));
        // Whoever no longer waits reads the queue again.
        let _ = job.reply.send(done);
    }

    fn queue_changed(&self, times: u64) {
        if times > 0 {
            self.tells.queue.send_modify(|changes| *changes = changes.wrapping_add(times));
        }
    }

    /// One thing in a transaction of its own.
    fn alone<T>(
        &mut self,
        doing: &'static str,
        work: impl FnOnce(&mut Core) -> Res<T>,
    ) -> Result<T, StoreError> {
        if self.is_stopped() {
            return Err(StoreError::Stopped);
        }
        let done = match self.in_transaction(work) {
            Ok(value) => self.commit().map(|()| value),
            Err(error) => {
                self.roll_back();
                Err(error)
            }
        };
        self.told(done, doing)
    }

    /// Work in a transaction that is open afterwards.
    fn in_transaction<T>(&mut self, work: impl FnOnce(&mut Core) -> Res<T>) -> Res<T> {
        let core = &mut self.core;
        core.begin().and_then(|()| catch_unwind(AssertUnwindSafe(|| work(core))).unwrap_or_else(panicked))
    }

    /// The same for those who wait, once the writer has stopped if it must.
    fn told<T>(&mut self, done: Res<T>, doing: &'static str) -> Result<T, StoreError> {
        done.map_err(|error| {
            if self.stopped || error.is_fatal() {
                self.halt(&error);
            }
            error.while_doing(doing)
        })
    }

    fn publish(&self) {
        if self.core.directory_changed {
            self.tells.directory.send_replace(self.core.directory.clone());
        }
    }

    /// Begins the log anew when it is long and nobody waits, or when it is too long.
    fn tend_log(&mut self, inboxes: &Inboxes) {
        let bytes = self.core.counters.wal_bytes.load(Ordering::Relaxed);
        let idle = inboxes.scans.is_empty() && inboxes.forms.is_empty();
        if self.is_stopped() || bytes < RESET_WHEN_IDLE || (bytes < RESET_AT_LATEST && !idle) {
            self.log = Standing::Free;
            return;
        }
        if let Standing::Held(until) | Standing::Long(until) = self.log
            && Instant::now() < until
        {
            return;
        }
        self.log = match checkpoint::restart(&self.core.conn) {
            Ok(log) if !log.is_held => {
                self.core.counters.wal_bytes.store(0, Ordering::Relaxed);
                Standing::Free
            }
            Err(error) if error.is_fatal() => return self.halt(&error),
            Ok(_) | Err(_) if bytes < RESET_AT_LATEST => Standing::Held(Instant::now() + TRY_AGAIN_AFTER),
            Ok(_) | Err(_) => Standing::Long(Instant::now() + TRY_AGAIN_AFTER),
        };
    }
}

async fn next(inboxes: &mut Inboxes, begun: &mut Option<Begun>, looks: &mut Interval, log: Standing) -> Work {
    // Imports can wait for a reader to leave the log; how long it may get is said there.
    let may_grow = !matches!(log, Standing::Long(_));
    let Some(piece) = begun.take_if(|_| may_grow) else {
        return next_waiting(inboxes, looks, may_grow).await;
    };
    // What waits already goes first.
    let waiting = inboxes.scans.try_recv().or_else(|_| inboxes.forms.try_recv());
    let work = match waiting {
        Ok(first) => Some(Work::Commands(Box::new(first))),
        Err(_) => inboxes.queue.try_recv().ok().map(Work::Queue),
    };
    match work {
        Some(work) => {
            *begun = Some(piece);
            work
        }
        None => Work::GoOn(piece),
    }
}

async fn next_waiting(inboxes: &mut Inboxes, looks: &mut Interval, may_grow: bool) -> Work {
    let is_over = inboxes.are_closed();
    tokio::select! {
        biased;
        Some(first) = inboxes.scans.recv() => Work::Commands(Box::new(first)),
        Some(first) = inboxes.forms.recv() => Work::Commands(Box::new(first)),
        Some(job) = inboxes.queue.recv() => Work::Queue(job),
        Some(job) = inboxes.pieces.recv(), if may_grow => Work::Piece(job),
        Some(job) = inboxes.upkeep.recv() => Work::Upkeep(job),
        _ = &mut inboxes.stop => Work::End,
        _ = looks.tick(), if !is_over => Work::Look,
        else => Work::End,
    }
}

/// Says that nothing is taken.
fn send_away(batch: Vec<Submission>) {
    for (_, reply) in batch {
        let _ = reply.send(Err(NotRecorded::Stopped));
    }
}

fn gather(first: Submission, inboxes: &mut Inboxes) -> Vec<Submission> {
    let mut batch = Vec::with_capacity(MAX_BATCH);
    batch.push(first);
    while batch.len() < MAX_BATCH {
        match inboxes.scans.try_recv().or_else(|_| inboxes.forms.try_recv()) {
            Ok(submission) => batch.push(submission),
            Err(_) => break,
        }
    }
    batch
}

/// A panic in a rule is that command's fault, not the end of the program.
pub fn record_safely(core: &mut Core, command: &Command) -> Res<Result<Recorded, NotRecorded>> {
    catch_unwind(AssertUnwindSafe(|| record::record(core, command))).unwrap_or_else(panicked)
}

#[expect(clippy::needless_pass_by_value, reason = "the form that a caught panic has")]
fn panicked<T>(panic: Box<dyn std::any::Any + Send>) -> Res<T> {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    let text = text.or_else(|| panic.downcast_ref::<String>().cloned());
    Err(Trouble::Ours(format!("a rule panicked: {}", text.unwrap_or_default())))
}

#[cfg(test)]
mod tests;
