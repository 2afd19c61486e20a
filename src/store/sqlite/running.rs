//! A running store: its threads and the ways to them.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::sync_channel;

use tokio::sync::{Mutex, mpsc, oneshot, watch};

use super::checkpoint;
use super::core::{Core, Counters};
use super::lock::{self, Lock};
use super::migrate;
use super::open::{self, Safety};
use super::places;
use super::reader::Readers;
use super::trouble::Trouble;
use super::writer::{Inboxes, PieceJob, QueueJob, Tells, Upkeep, Writer};
use crate::domain::directory::Directory;
use crate::store::{DeskStand, Health, MAX_WAITING_COMMANDS, Options, StoreError, Submission, Trust};

/// Pieces of imports that may wait: each is large, and the import itself waits for the answer.
const MAX_WAITING_PIECES: usize = 4;
/// Acts on the print queue that may wait: one a printer and one a page that prints; those beyond wait in their own tasks.
const MAX_WAITING_QUEUE: usize = 64;

/// What is done behind the scans and may wait: whoever does it waits for the answer.
const MAX_WAITING_UPKEEP: usize = 1;

/// What clones of a store share.
pub struct Running {
    /// Whose file it is.
    pub trust: Trust,
    /// The readers.
    pub readers: Readers,
    /// Where scans go.
    pub commands: mpsc::Sender<Submission>,
    /// Where acts of pages go.
    pub forms: mpsc::Sender<Submission>,
    /// Where acts on the print queue go.
    pub queue: mpsc::Sender<QueueJob>,
    /// Changes whenever the print queue does.
    pub queue_changes: watch::Receiver<u64>,
    /// Where pieces of imports go.
    pub pieces: mpsc::Sender<PieceJob>,
    /// Where goes what is done behind the scans.
    pub upkeep: mpsc::Sender<Upkeep>,
    /// The directory.
    pub directory: watch::Receiver<Arc<Directory>>,
    /// Whether the writer writes.
    pub health: watch::Receiver<Health>,
    /// Figures.
    pub counters: Arc<Counters>,
    ending: Mutex<Option<Ending>>,
}

struct Ending {
    stop: oneshot::Sender<()>,
    ended: oneshot::Receiver<()>,
}

/// Takes the lock, makes or checks the file, migrates it.
pub fn prepare(
    dir: &Path,
    trust: &Trust,
    safety: Safety,
) -> Result<(Lock, rusqlite::Connection), StoreError> {
    open::check_library()?;
    open::make_folder(dir)?;
    let lock = lock::take(dir)?;
    let mut conn = open::writer(dir, safety).map_err(|error| error.while_doing("opening the data"))?;
    let version = migrate::check(&conn, trust)?;
    migrate::migrate(&mut conn, dir, trust, version)?;
    open::sync_folder(dir)?;
    Ok((lock, conn))
}

/// Opens the store and starts its threads.
pub fn start(options: Options) -> Result<Running, StoreError> {
    let Options { dir, trust, desks, clock, live } = options;
    let (lock, conn) = prepare(&dir, &trust, Safety::OnDisk)?;
    let core = Core::new(conn, clock, desks).map_err(|error| error.while_doing("reading the data"))?;
    let counters = core.counters.clone();
    let readers = Readers::start(&dir)?;
    let broken = Arc::new(AtomicBool::new(false));
    let (directory_told, directory) = watch::channel(core.directory.clone());
    let (health_told, health) = watch::channel(Health::Writing);
    let (commands, scans) = mpsc::channel(MAX_WAITING_COMMANDS);
    let (forms, forms_waiting) = mpsc::channel(MAX_WAITING_COMMANDS);
    let (queue, queue_waiting) = mpsc::channel(MAX_WAITING_QUEUE);
    let (queue_told, queue_changes) = watch::channel(0);
    let (pieces, pieces_waiting) = mpsc::channel(MAX_WAITING_PIECES);
    let (upkeep, upkeep_waiting) = mpsc::channel(MAX_WAITING_UPKEEP);
    let (stop, stopping) = oneshot::channel();
    let inboxes = Inboxes {
        scans,
        forms: forms_waiting,
        queue: queue_waiting,
        pieces: pieces_waiting,
        upkeep: upkeep_waiting,
        stop: stopping,
    };
    let (health_of_log, clock_of_log) = (health_told.clone(), core.clock.clone());
    let tells = Tells {
        live,
        directory: directory_told,
        health: health_told,
        queue: queue_told,
        broken: broken.clone(),
    };
    let failed = move |error: &Trouble| {
        // The writer first: nothing may be accepted once somebody could have been told.
        broken.store(true, Ordering::SeqCst);
        let why = format!("writing the log back into the database failed: {}", error.whole());
        health_of_log.send_replace(Health::Stopped { why, at: clock_of_log.now() });
    };
    let ended = threads(&dir, Writer::new(core, tells, lock), inboxes, failed, counters.clone())?;
    let ending = Mutex::new(Some(Ending { stop, ended }));
    Ok(Running {
        trust,
        readers,
        commands,
        forms,
        queue,
        queue_changes,
        pieces,
        upkeep,
        directory,
        health,
        counters,
        ending,
    })
}

fn threads(
    dir: &Path,
    writer: Writer,
    inboxes: Inboxes,
    failed: impl FnOnce(&Trouble) + Send + 'static,
    counters: Arc<Counters>,
) -> Result<oneshot::Receiver<()>, StoreError> {
    let io = |source| StoreError::Io { doing: "starting the writer".to_owned(), source };
    let log = open::checkpointer(dir).map_err(|error| error.while_doing("opening the log"))?;
    let (hang_up, line) = sync_channel(1);
    let checkpointer = std::thread::Builder::new()
        .name("checkpoint".to_owned())
        .spawn(move || checkpoint::run(&log, &counters, failed, &line))
        .map_err(io)?;
    let (end, ended) = oneshot::channel();
    let runtime = tokio::runtime::Builder::new_current_thread().build().map_err(io)?;
    std::thread::Builder::new()
        .name("writer".to_owned())
        .spawn(move || {
            let stop_checkpointer = move || {
                drop(hang_up);
                let _ = checkpointer.join();
            };
            runtime.block_on(writer.run(inboxes, stop_checkpointer));
            let _ = end.send(());
        })
        .map_err(io)?;
    Ok(ended)
}

/// Refuses data that nobody has migrated yet: who only reads never does.
pub fn refuse_older(found: u32) -> Result<(), StoreError> {
    if found == migrate::newest() {
        return Ok(());
    }
    let why = format!("the data are of version {found}: start the server once to migrate them");
    Err(StoreError::Foreign(why))
}

/// Opens the file only for reading; the store's writer is stopped from the beginning.
pub fn start_reading(dir: &Path, trust: &Trust, desks: &[DeskStand]) -> Result<Running, StoreError> {
    open::check_library()?;
    let doing = "opening the data for reading";
    let conn = open::reader(dir).map_err(|error| error.while_doing(doing))?;
    let found = migrate::check(&conn, trust)?;
    refuse_older(found)?;
    let directory = places::directory(&conn, desks).map_err(|error| error.while_doing(doing))?;
    let (_, directory) = watch::channel(Arc::new(directory));
    let why = "opened only for reading".to_owned();
    let (_, health) = watch::channel(Health::Stopped { why, at: crate::clock::Timestamp::EPOCH });
    Ok(Running {
        trust: trust.clone(),
        readers: Readers::start(dir)?,
        commands: mpsc::channel(1).0,
        forms: mpsc::channel(1).0,
        queue: mpsc::channel(1).0,
        queue_changes: watch::channel(0).1,
        pieces: mpsc::channel(1).0,
        upkeep: mpsc::channel(1).0,
        directory,
        health,
        counters: Arc::default(),
        ending: Mutex::new(None),
    })
}

impl Running {
    /// Finishes what waits and closes; the second call finds nothing to do.
    pub async fn stop(&self) {
        let Some(Ending { stop, ended }) = self.ending.lock().await.take() else { return };
        let _ = stop.send(());
        let _ = ended.await;
    }
}
