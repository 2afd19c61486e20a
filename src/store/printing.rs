//! The print queue: jobs with their labels, and how far each has come.

use rusqlite::Connection;
use tokio::sync::{oneshot, watch};
use uuid::Uuid;

use super::sqlite::covers;
use super::sqlite::printing::{self, QueueAct};
use super::sqlite::reader::Kind;
use super::sqlite::writer::QueueJob;
use super::{Listing, Page, Store, StoreError, Trust, number, pair};
use crate::domain::VolumeId;
use crate::domain::printing::{CoversWaiting, JobRecord, NewJob, News, Settled, WaitingLabel, WholeJob};

/// Before every job and label.
const BEGINNING: (i64, i64) = (i64::MIN, i64::MIN);

/// Jobs that wait for a printer or for a person.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct PrintCounts {
    /// For their printer.
    pub queued: u64,
    /// Being given to one, or followed there.
    pub sending: u64,
    /// For a person who says what became of them.
    pub unknown: u64,
    /// For a person who says what to do with them.
    pub failed: u64,
}

impl Store {
    /// Queues a job with its labels, or records it as sent where somebody fetches it. A known id gets its job as it is.
    pub async fn print(&self, trust: &Trust, job: NewJob) -> Result<JobRecord, StoreError> {
        job.check()?;
        let printed = self.queue(trust, QueueAct::Print(job)).await?;
        printed.ok_or(StoreError::Stopped)
    }

    /// Takes a person's word for a job; the job as it is then, changed or not. `None`: there is no such job.
    pub async fn settle_job(
        &self,
        trust: &Trust,
        id: Uuid,
        settled: Settled,
    ) -> Result<Option<JobRecord>, StoreError> {
        self.queue(trust, QueueAct::Settle(id, settled)).await
    }

    /// Marks on disk that a job is being given to its printer: before the first byte goes there. `None`: it no longer
    /// waits.
    pub async fn take_job(&self, trust: &Trust, id: Uuid) -> Result<Option<JobRecord>, StoreError> {
        self.queue(trust, QueueAct::Take(id)).await
    }

    /// Writes down what became of a job that waits or is being sent.
    pub async fn tell_job(
        &self,
        trust: &Trust,
        id: Uuid,
        news: News,
    ) -> Result<Option<JobRecord>, StoreError> {
        self.queue(trust, QueueAct::Tell(id, news)).await
    }

    /// Has a person asked about jobs that an earlier run was sending, but for those that a print server has a number for
    /// and that one of these printers can be `asked` about.
    pub async fn forsake_jobs(&self, trust: &Trust, asked: Vec<String>) -> Result<(), StoreError> {
        self.queue(trust, QueueAct::Forsake(asked)).await.map(|_| ())
    }

    /// The printers for which jobs wait.
    pub async fn printers_waited_for(&self, trust: &Trust) -> Result<Vec<String>, StoreError> {
        self.ours(trust)?;
        self.read(Kind::Single, "reading the print queue", printing::waited_for).await
    }

    /// Jobs, the newest first.
    pub async fn print_jobs(&self, trust: &Trust, page: Page) -> Result<Listing<JobRecord>, StoreError> {
        self.ours(trust)?;
        let (before, limit) = (page.after.as_deref().map(number).transpose()?, page.held());
        let read = move |conn: &Connection| printing::newest(conn, before, limit);
        let (items, next) = self.read(Kind::List, "listing print jobs", read).await?;
        Ok(Listing { items, next: next.map(|key| key.to_string()) })
    }

    /// A job with its labels.
    pub async fn print_job(&self, trust: &Trust, id: Uuid) -> Result<Option<WholeJob>, StoreError> {
        self.ours(trust)?;
        self.read(Kind::Single, "reading a print job", move |conn| printing::whole(conn, id)).await
    }

    /// The job that waits for this printer and was asked for first.
    pub async fn next_job(&self, trust: &Trust, printer: &str) -> Result<Option<WholeJob>, StoreError> {
        self.ours(trust)?;
        let printer = printer.to_owned();
        self.read(Kind::Single, "reading a print job", move |conn| printing::next(conn, &printer)).await
    }

    /// The job that this printer is being given.
    pub async fn job_being_sent(&self, trust: &Trust, printer: &str) -> Result<Option<WholeJob>, StoreError> {
        self.ours(trust)?;
        let printer = printer.to_owned();
        self.read(Kind::Single, "reading a print job", move |conn| printing::sending(conn, &printer)).await
    }

    /// Covers that were put on paper and that nobody has scanned yet, the oldest job's first.
    pub async fn labels_waiting(
        &self,
        trust: &Trust,
        page: Page,
    ) -> Result<Listing<WaitingLabel>, StoreError> {
        self.ours(trust)?;
        let after = page.after.as_deref().map(pair).transpose()?.unwrap_or(BEGINNING);
        let limit = page.held();
        let read = move |conn: &Connection| printing::unscanned(conn, after, limit);
        let (items, next) = self.read(Kind::List, "listing labels", read).await?;
        Ok(Listing { items, next: next.map(|(job, at)| format!("{job}.{at}")) })
    }

    /// The covers of a folder that were put on paper and that nobody has scanned yet.
    pub async fn covers_waiting(
        &self,
        trust: &Trust,
        volume: VolumeId,
    ) -> Result<Option<CoversWaiting>, StoreError> {
        self.ours(trust)?;
        self.read(Kind::Single, "counting covers", move |conn| covers::waiting(conn, volume)).await
    }

    /// How many jobs wait, by what they wait for.
    pub async fn print_counts(&self, trust: &Trust) -> Result<PrintCounts, StoreError> {
        self.ours(trust)?;
        self.read(Kind::Single, "counting print jobs", printing::counts).await
    }

    /// Changes whenever a job of the queue does.
    pub fn print_queue(&self) -> watch::Receiver<u64> {
        self.0.queue_changes.clone()
    }

    async fn queue(&self, trust: &Trust, act: QueueAct) -> Result<Option<JobRecord>, StoreError> {
        self.ours(trust)?;
        let (reply, answer) = oneshot::channel();
        self.0.queue.send(QueueJob { act, reply }).await.map_err(|_| StoreError::Stopped)?;
        answer.await.map_err(|_| StoreError::Stopped)?
    }
}
