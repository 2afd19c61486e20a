//! Threads that read, each with a connection of its own, so that no list ever stands before a scan's lookup, and nothing
//! that the service reads by itself before a list that somebody waits for.

use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};

use rusqlite::Connection;
use tokio::sync::{Semaphore, oneshot};

use super::open;
use super::trouble::{Res, Trouble};
use crate::store::StoreError;

/// Readings that may wait in one pool; those beyond wait in their own tasks, in order.
const MAX_WAITING: usize = 1_024;
/// Threads for single lookups: more than that many cores read no faster from one file.
const MAX_THREADS: usize = 8;
/// Threads for lists and searches.
const LIST_THREADS: usize = 2;
/// Threads for what nobody waits for: one core at most goes to it, however many jobs read.
const UNASKED_THREADS: usize = 1;

type Job = Box<dyn FnOnce(&Connection) + Send>;

/// The readers of one file.
#[derive(Debug)]
pub struct Readers {
    single: Pool,
    lists: Pool,
    unasked: Pool,
}

#[derive(Debug)]
struct Pool {
    jobs: SyncSender<Job>,
    room: Arc<Semaphore>,
}

/// Which pool a reading belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A few rows by key.
    Single,
    /// A list, a history or a search.
    List,
    /// A piece of what the service counts and learns by itself.
    Unasked,
}

impl Readers {
    /// Starts the threads.
    pub fn start(dir: &Path) -> Result<Self, StoreError> {
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Ok(Self {
            single: Pool::start(dir, "read", cores.min(MAX_THREADS))?,
            lists: Pool::start(dir, "list", LIST_THREADS)?,
            unasked: Pool::start(dir, "unasked", UNASKED_THREADS)?,
        })
    }

    /// Runs `read` on a connection of the pool, over one unchanging state of the data.
    pub async fn read<T: Send + 'static>(
        &self,
        kind: Kind,
        doing: &'static str,
        read: impl FnOnce(&Connection) -> Res<T> + Send + 'static,
    ) -> Result<T, StoreError> {
        let pool = match kind {
            Kind::Single => &self.single,
            Kind::List => &self.lists,
            Kind::Unasked => &self.unasked,
        };
        let answer = pool.submit(read).await?;
        answer.await.map_err(|_| StoreError::Stopped)?.map_err(|error| error.while_doing(doing))
    }
}

impl Pool {
    fn start(dir: &Path, name: &str, threads: usize) -> Result<Self, StoreError> {
        let (jobs, waiting) = sync_channel::<Job>(MAX_WAITING);
        let waiting = Arc::new(Mutex::new(waiting));
        for number in 0..threads {
            let doing = "opening the data for reading";
            let conn = open::reader(dir).map_err(|error| error.while_doing(doing))?;
            let waiting = waiting.clone();
            std::thread::Builder::new()
                .name(format!("{name}-{number}"))
                .spawn(move || work(&conn, &waiting))
                .map_err(|source| StoreError::Io { doing: "starting a reader".to_owned(), source })?;
        }
        Ok(Self { jobs, room: Arc::new(Semaphore::new(MAX_WAITING)) })
    }

    async fn submit<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> Res<T> + Send + 'static,
    ) -> Result<oneshot::Receiver<Res<T>>, StoreError> {
        let room = self.room.clone().acquire_owned().await.map_err(|_| StoreError::Stopped)?;
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |conn| {
            drop(room);
            if !reply.is_closed() {
                let _ = reply.send(in_one_state(conn, read));
            }
        });
        self.jobs.try_send(job).map_err(|_| StoreError::Stopped)?;
        Ok(answer)
    }
}

fn work(conn: &Connection, waiting: &Mutex<Receiver<Job>>) {
    loop {
        let Ok(job) = waiting.lock().unwrap_or_else(std::sync::PoisonError::into_inner).recv() else {
            return;
        };
        // A reading that panics has its asker see a closed channel; the thread goes on.
        let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| job(conn)));
        if !conn.is_autocommit() {
            let _ = conn.execute_batch("ROLLBACK");
        }
    }
}

/// Reads over one unchanging state of the data.
pub fn in_one_state<T>(conn: &Connection, read: impl FnOnce(&Connection) -> Res<T>) -> Res<T> {
    conn.prepare_cached("BEGIN")?.execute([])?;
    let answer = read(conn);
    conn.prepare_cached("COMMIT")?.execute([]).map_err(Trouble::from)?;
    answer
}
