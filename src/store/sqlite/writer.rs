//! The writer's thread: takes what waits, one transaction, then answers. Nothing is answered before the commit.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rusqlite::config::DbConfig;
use tokio::sync::{mpsc, oneshot, watch};

use super::checkpoint::{self, RESET_AT_LATEST, RESET_WHEN_IDLE};
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
use crate::store::{Health, StoreError, Submission};

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
    /// Set by the checkpointer after a failed write.
    pub broken: Arc<AtomicBool>,
}

/// The writer.
pub struct Writer {
    core: Core,
    tells: Tells,
    stopped: bool,
    begun: Option<Begun>,
    _lock: Lock,
}

enum Work {
    Commands(Box<Submission>),
    Queue(QueueJob),
    Piece(PieceJob),
    Upkeep(Upkeep),
    GoOn(Begun),
    End,
}

type Reply = oneshot::Sender<Result<Outcome, NotRecorded>>;
type Answered = (Reply, Result<Outcome, NotRecorded>);

impl Writer {
    /// Takes the core and the lock.
    pub fn new(core: Core, tells: Tells, lock: Lock) -> Self {
        Self { core, tells, stopped: false, begun: None, _lock: lock }
    }

    /// Works until told to stop or until nobody can send any more, then ends the checkpointer and closes.
    pub async fn run(mut self, mut inboxes: Inboxes, stop_checkpointer: impl FnOnce()) {
        loop {
            match next(&mut inboxes, &mut self.begun).await {
                Work::Commands(first) => {
                    let batch = gather(*first, &mut inboxes);
                    self.commands(batch);
                }
                Work::Queue(job) => self.queue(job),
                Work::Piece(job) => self.piece(job.into()),
                Work::Upkeep(job) => self.upkeep(job),
                Work::GoOn(begun) => self.piece(begun),
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
        if self.is_stopped() {
            for (_, reply) in batch {
                let _ = reply.send(Err(NotRecorded::Stopped));
            }
            return;
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
        for (_, reply) in batch {
            let _ = reply.send(Err(NotRecorded::Stopped));
        }
    }

    fn halt(&mut self, error: &Trouble) {
        self.stopped = true;
        tracing::error!(error = error.whole(), "the store has stopped");
        let at = self.core.clock.now();
        self.tells.health.send_replace(Health::Stopped { why: error.whole(), at });
    }

    /// Applies a piece for a while; what is left of it goes on when no scan waits.
    fn piece(&mut self, begun: Begun) {
        let Begun { job, mut results } = begun;
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
        let done = self.alone("writing the print queue", |core| printing::act(core, &job.act));
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
            return;
        }
        match checkpoint::restart(&self.core.conn) {
            Ok(_) => self.core.counters.wal_bytes.store(0, Ordering::Relaxed),
            Err(error) if error.is_fatal() => self.halt(&error),
            // A reader held it; the next batch tries again.
            Err(_) => {}
        }
    }
}

async fn next(inboxes: &mut Inboxes, begun: &mut Option<Begun>) -> Work {
    let Some(piece) = begun.take() else { return next_waiting(inboxes).await };
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

async fn next_waiting(inboxes: &mut Inboxes) -> Work {
    tokio::select! {
        biased;
        Some(first) = inboxes.scans.recv() => Work::Commands(Box::new(first)),
        Some(first) = inboxes.forms.recv() => Work::Commands(Box::new(first)),
        Some(job) = inboxes.queue.recv() => Work::Queue(job),
        Some(job) = inboxes.pieces.recv() => Work::Piece(job),
        Some(job) = inboxes.upkeep.recv() => Work::Upkeep(job),
        _ = &mut inboxes.stop => Work::End,
        else => Work::End,
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
mod tests {
    use super::*;
    use crate::clock::Clock;
    use crate::store::sqlite::open::Safety;
    use crate::store::sqlite::running::prepare;
    use crate::store::story::{self, MORNING};
    use crate::store::{Options, Store, Trust};

    fn receive(
        number: u128,
        hospital: &Command,
    ) -> (Submission, oneshot::Receiver<Result<Outcome, NotRecorded>>) {
        let mut command = hospital.clone();
        command.scan.id = crate::domain::ScanId::new(uuid::Uuid::from_u128(number));
        // Texts that stand aside fill the file quickly.
        command.scan.naming = crate::domain::command::Naming::Aside;
        command.scan.text = "9".repeat(200);
        let (reply, outcome) = oneshot::channel();
        ((command, reply), outcome)
    }

    #[tokio::test]
    async fn on_a_full_disk_nothing_is_accepted_and_the_writer_stops_for_good() {
        let dir = std::env::temp_dir().join(format!("casetrack-{}", uuid::Uuid::now_v7()));
        let (clock, hands) = Clock::manual(MORNING);
        let trust = Trust(story::code("RX1"));
        let live = Live::default();
        let options = Options {
            dir: dir.clone(),
            trust: trust.clone(),
            desks: story::desks(),
            clock: clock.clone(),
            live,
        };
        let store = Store::open(options).unwrap();
        let mut hospital = story::Hospital::open(store.clone(), trust.clone(), clock.clone(), hands).await;
        let act = crate::domain::command::Act::Receive(story::label("F1"));
        let template = hospital.command("LIB", "F1", act);
        store.stop().await;

        let (lock, conn) = prepare(&dir, &trust, Safety::OnDisk).unwrap();
        let pages: i64 = conn.pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
        conn.query_row(&format!("PRAGMA max_page_count = {}", pages + 3), [], |_| Ok(())).unwrap();
        let core = Core::new(conn, clock, story::desks()).unwrap();
        let (directory, _directory) = watch::channel(core.directory.clone());
        let (health_told, health) = watch::channel(Health::Writing);
        let tells = Tells {
            live: Live::default(),
            directory,
            health: health_told,
            queue: watch::channel(0).0,
            broken: Arc::default(),
        };
        let mut writer = Writer::new(core, tells, lock);
        let (batch, outcomes): (Vec<_>, Vec<_>) = (1..=64).map(|number| receive(number, &template)).unzip();
        writer.commands(batch);
        for outcome in outcomes {
            assert_eq!(outcome.await.unwrap().unwrap_err(), NotRecorded::Stopped);
        }
        assert!(matches!(&*health.borrow(), Health::Stopped { why, .. } if why.contains("full")));
        let (late, outcome) = receive(99, &template);
        writer.commands(vec![late]);
        assert_eq!(outcome.await.unwrap().unwrap_err(), NotRecorded::Stopped);
        drop(writer);
        assert!(crate::store::verify(&dir).unwrap().is_sound());
        std::fs::remove_dir_all(&dir).unwrap();
    }
}
