//! The print queue: what the writer does with it, and what is read of it.

use rusqlite::{Connection, Row, named_params};
use uuid::Uuid;

use super::codec::{at, number_in, unsigned, uuid};
use super::core::Core;
use super::find::{all, one};
use super::trouble::{Res, Trouble};
use crate::clock::Timestamp;
use crate::domain::printing::{
    JobLabel, JobRecord, JobState, NewJob, NewLabel, News, Printed, Settled, WaitingLabel, WholeJob, Why,
};
use crate::domain::{StaffId, VolumeId};
use crate::store::printing::PrintCounts;

const INSERT_JOB: &str = "INSERT INTO print_job (id, made, person, printer, paper, state, changed)
    VALUES (:id, :now, :person, :printer, :paper, :state, :now)";
const INSERT_LABEL: &str = "INSERT INTO print_label (job, at, what, subject, why)
    VALUES (:job, :at, :what, :subject, :why)";
const SET_STATE: &str = "UPDATE print_job SET state = :state, sending = :sending, changed = :now,
    remote = ifnull(:remote, remote), said = :said WHERE key = :key";
const FORGET_REMOTE: &str = "UPDATE print_job SET remote = NULL WHERE key = :key";
const CLOSE_LABELS: &str = "UPDATE print_label SET scanned = 0 WHERE job = :key AND scanned IS NULL";
const FORSAKE: &str = "UPDATE print_job INDEXED BY print_job_sending SET state = :state, sending = NULL,
    changed = :now, said = :said
    WHERE sending = 1 AND (remote IS NULL OR printer NOT IN (SELECT value FROM json_each(:asked)))
    -- whole: an index that holds only jobs being sent";
/// The columns of [`record`].
macro_rules! jobs {
    ($($rest:literal),+) => {
        concat!(
            "SELECT j.key, j.id, j.made, j.person, j.printer, j.paper, j.state, j.sending, j.changed, j.remote, j.said,
            (SELECT count(*) FROM print_label l WHERE l.job = j.key),
            (SELECT count(*) FROM print_label l INDEXED BY print_label_unscanned
                WHERE l.job = j.key AND l.what = 0 AND l.scanned IS NULL),
            (SELECT iif(l.what < 2, l.subject, NULL) FROM print_label l WHERE l.job = j.key ORDER BY l.at LIMIT 1)
            FROM print_job j
            -- whole: a piece; each statement that is made of it looks by a key
            ",
            $($rest),+
        )
    };
}
const BY_ID: &str = jobs!("WHERE j.id = :id");
const NEWEST: &str = jobs!("WHERE j.key < :before ORDER BY j.key DESC LIMIT :limit");
const NEXT: &str = jobs!(
    "INDEXED BY print_job_open WHERE j.state IN (0, 3, 4) AND j.state = 0 AND j.printer = :printer
    ORDER BY j.key LIMIT 1"
);
const SENDING: &str =
    jobs!("INDEXED BY print_job_sending WHERE j.sending = 1 AND j.printer = :printer ORDER BY j.key LIMIT 1");
const LABELS: &str = "SELECT what, subject, why, scanned FROM print_label WHERE job = :job ORDER BY at";
const UNSCANNED: &str = "SELECT l.job, l.at, l.subject, l.why, j.id, j.printer, j.state, j.changed
    FROM print_label l INDEXED BY print_label_unscanned CROSS JOIN print_job j ON j.key = l.job
    WHERE l.what = 0 AND l.scanned IS NULL AND (l.job, l.at) > (:job, :at) AND j.state IN (1, 2, 3)
    ORDER BY l.job, l.at LIMIT :limit";
const WAITED_FOR: &str = "SELECT DISTINCT printer FROM print_job INDEXED BY print_job_open
    WHERE state IN (0, 3, 4) AND state = 0";
const COUNT_OPEN: &str = "SELECT state, count(*) FROM print_job INDEXED BY print_job_open
    WHERE state IN (0, 3, 4) GROUP BY state";
const COUNT_SENDING: &str = "SELECT count(*) FROM print_job INDEXED BY print_job_sending WHERE sending = 1
    -- whole: an index that holds only jobs being sent";

/// What is said of a job that was being sent when the program ended.
const CUT_OFF: &str = "Casetrack was stopped while this was being printed: look which labels there are.";

/// What the writer is asked to do with the queue.
pub enum QueueAct {
    /// Queue a job, or record one that somebody fetches.
    Print(NewJob),
    /// Take a person's word for a job.
    Settle(Uuid, Settled),
    /// Mark that a job is being given to its printer, if it still waits.
    Take(Uuid),
    /// Write down what became of it.
    Tell(Uuid, News),
    /// Nobody knows any more what became of jobs that a program before this one was sending, but for those that these
    /// printers can be asked about.
    Forsake(Vec<String>),
}

impl QueueAct {
    /// Whether something begins with it, which may wait; the others say what became of what has begun.
    pub const fn begins(&self) -> bool {
        match self {
            Self::Print(_) | Self::Take(_) => true,
            Self::Settle(..) | Self::Tell(..) | Self::Forsake(_) => false,
        }
    }
}

/// Does it, within the open transaction. The job as it is afterwards; `None` where there is none, or where it is no
/// longer to be taken.
pub fn act(core: &Core, act: &QueueAct) -> Res<Option<JobRecord>> {
    let (conn, now) = (&core.conn, core.clock.now());
    match act {
        QueueAct::Print(job) => print(conn, job, now).map(Some),
        QueueAct::Settle(id, settled) => settle(conn, *id, *settled, now),
        QueueAct::Take(id) => take(conn, *id, now),
        QueueAct::Tell(id, news) => tell(conn, *id, news, now),
        QueueAct::Forsake(asked) => forsake(conn, asked, now).map(|()| None),
    }
}

/// A job that is known already stays as it is.
fn print(conn: &Connection, job: &NewJob, now: Timestamp) -> Res<JobRecord> {
    if let Some((_, known)) = keyed(conn, job.id)? {
        return Ok(known);
    }
    let state = if job.printer.is_empty() { JobState::Sent } else { JobState::Queued };
    insert(conn, job, state, now)?;
    whole_again(conn, job.id)
}

/// Puts a job that is new into the queue, with its labels.
pub fn insert(conn: &Connection, job: &NewJob, state: JobState, now: Timestamp) -> Res<()> {
    let paper = serde_json::to_string(&job.paper).map_err(|error| Trouble::Ours(error.to_string()))?;
    let key = conn.prepare_cached(INSERT_JOB)?.insert(named_params! {
        ":id": job.id.as_bytes(),
        ":now": now.micros(),
        ":person": job.person.map(StaffId::key),
        ":printer": job.printer,
        ":paper": paper,
        ":state": number_in(&JobState::ALL, &state),
    })?;
    let mut insert = conn.prepare_cached(INSERT_LABEL)?;
    for (at, label) in (0i64..).zip(&job.labels) {
        insert.execute(named_params! {
            ":job": key,
            ":at": at,
            ":what": number_in(&Printed::ALL, &label.what),
            ":subject": label.subject,
            ":why": number_in(&Why::ALL, &label.why),
        })?;
    }
    Ok(())
}

fn settle(conn: &Connection, id: Uuid, settled: Settled, now: Timestamp) -> Res<Option<JobRecord>> {
    let Some((key, job)) = keyed(conn, id)? else { return Ok(None) };
    let Some(state) = job.state.settled(settled) else { return Ok(Some(job)) };
    let said = match settled {
        Settled::PrintAgain => None,
        Settled::PrintedAfterAll | Settled::CallOff => job.said,
    };
    set(conn, key, &News { state, is_being_sent: false, remote: None, said }, now)?;
    match settled {
        Settled::PrintAgain => conn.prepare_cached(FORGET_REMOTE)?.execute(named_params! {":key": key})?,
        Settled::CallOff => conn.prepare_cached(CLOSE_LABELS)?.execute(named_params! {":key": key})?,
        Settled::PrintedAfterAll => 0,
    };
    whole_again(conn, id).map(Some)
}

fn take(conn: &Connection, id: Uuid, now: Timestamp) -> Res<Option<JobRecord>> {
    let Some((key, _)) = keyed(conn, id)?.filter(|(_, job)| job.state == JobState::Queued) else {
        return Ok(None);
    };
    let news = News { state: JobState::Sent, is_being_sent: true, remote: None, said: None };
    set(conn, key, &news, now)?;
    whole_again(conn, id).map(Some)
}

/// Only of a job that is being sent: what a person has settled stays so.
fn tell(conn: &Connection, id: Uuid, news: &News, now: Timestamp) -> Res<Option<JobRecord>> {
    let Some((key, job)) = keyed(conn, id)? else { return Ok(None) };
    if job.is_being_sent || job.state == JobState::Queued {
        set(conn, key, news, now)?;
    }
    whole_again(conn, id).map(Some)
}

fn forsake(conn: &Connection, asked: &[String], now: Timestamp) -> Res<()> {
    let asked = serde_json::to_string(asked).map_err(|error| Trouble::Ours(error.to_string()))?;
    let params = named_params! {
        ":state": number_in(&JobState::ALL, &JobState::Unknown),
        ":now": now.micros(),
        ":said": CUT_OFF,
        ":asked": asked,
    };
    conn.prepare_cached(FORSAKE)?.execute(params)?;
    Ok(())
}

fn set(conn: &Connection, key: i64, news: &News, now: Timestamp) -> Res<()> {
    conn.prepare_cached(SET_STATE)?.execute(named_params! {
        ":key": key,
        ":state": number_in(&JobState::ALL, &news.state),
        ":sending": news.is_being_sent.then_some(1),
        ":now": now.micros(),
        ":remote": news.remote,
        ":said": news.said,
    })?;
    Ok(())
}

/// The newest jobs first, and the key from which the next page goes on.
pub fn newest(conn: &Connection, before: Option<i64>, limit: usize) -> Res<(Vec<JobRecord>, Option<i64>)> {
    let params = named_params! {":before": before.unwrap_or(i64::MAX), ":limit": rows(limit)};
    let found = all(conn, NEWEST, params, record)?;
    let next = found.last().map(|(key, _)| *key).filter(|_| found.len() == limit);
    Ok((found.into_iter().map(|(_, job)| job).collect(), next))
}

/// A job with its labels.
pub fn whole(conn: &Connection, id: Uuid) -> Res<Option<WholeJob>> {
    keyed(conn, id)?.map(|found| with_labels(conn, found)).transpose()
}

/// What waits for this printer and was asked for first.
pub fn next(conn: &Connection, printer: &str) -> Res<Option<WholeJob>> {
    let found = one(conn, NEXT, named_params! {":printer": printer}, record)?;
    found.map(|found| with_labels(conn, found)).transpose()
}

/// What this printer is being given.
pub fn sending(conn: &Connection, printer: &str) -> Res<Option<WholeJob>> {
    let found = one(conn, SENDING, named_params! {":printer": printer}, record)?;
    found.map(|found| with_labels(conn, found)).transpose()
}

/// Where a label stands: its job's key, and where in it.
pub type Place = (i64, i64);

/// Covers that were put on paper and that nobody scanned, those of the oldest job first, and where the next page goes on.
pub fn unscanned(conn: &Connection, after: Place, limit: usize) -> Res<(Vec<WaitingLabel>, Option<Place>)> {
    let params = named_params! {":job": after.0, ":at": after.1, ":limit": rows(limit)};
    let found = all(conn, UNSCANNED, params, |row| {
        let label = WaitingLabel {
            job: uuid(row.get(4)?),
            at: row.get(1)?,
            volume: VolumeId::new(row.get(2)?),
            why: at(&Why::ALL, row.get(3)?, "a reason of printing")?,
            printer: row.get(5)?,
            state: at(&JobState::ALL, row.get(6)?, "a state of printing")?,
            since: Timestamp::from_micros(row.get(7)?),
        };
        Ok(((row.get(0)?, row.get(1)?), label))
    })?;
    let next = found.last().map(|(mark, _)| *mark).filter(|_| found.len() == limit);
    Ok((found.into_iter().map(|(_, label)| label).collect(), next))
}

/// The printers for which jobs wait.
pub fn waited_for(conn: &Connection) -> Res<Vec<String>> {
    all(conn, WAITED_FOR, [], |row| Ok(row.get(0)?))
}

/// How many jobs wait for a printer or for a person.
pub fn counts(conn: &Connection) -> Res<PrintCounts> {
    let by_state = all(conn, COUNT_OPEN, [], |row| {
        Ok((at(&JobState::ALL, row.get(0)?, "a state of printing")?, unsigned(row.get(1)?)))
    })?;
    let of = |state| by_state.iter().find(|(each, _)| *each == state).map_or(0, |(_, count)| *count);
    let sending = one(conn, COUNT_SENDING, [], |row| Ok(unsigned(row.get(0)?)))?;
    Ok(PrintCounts {
        queued: of(JobState::Queued),
        sending: sending.unwrap_or(0),
        unknown: of(JobState::Unknown),
        failed: of(JobState::Failed),
    })
}

fn rows(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

fn keyed(conn: &Connection, id: Uuid) -> Res<Option<(i64, JobRecord)>> {
    one(conn, BY_ID, named_params! {":id": id.as_bytes()}, record)
}

fn whole_again(conn: &Connection, id: Uuid) -> Res<JobRecord> {
    let found = keyed(conn, id)?;
    found.map(|(_, job)| job).ok_or_else(|| Trouble::Ours("a job that was just written is gone".to_owned()))
}

fn with_labels(conn: &Connection, (key, job): (i64, JobRecord)) -> Res<WholeJob> {
    let labels = all(conn, LABELS, named_params! {":job": key}, |row| {
        let label = NewLabel {
            what: at(&Printed::ALL, row.get(0)?, "a kind of label")?,
            subject: row.get(1)?,
            why: at(&Why::ALL, row.get(2)?, "a reason of printing")?,
        };
        let scanned: Option<i64> = row.get(3)?;
        Ok(JobLabel { label, is_scanned: scanned.is_some_and(|scan| scan > 0) })
    })?;
    Ok(WholeJob { job, labels })
}

fn record(row: &Row<'_>) -> Res<(i64, JobRecord)> {
    let paper: String = row.get(5)?;
    let sending: Option<i64> = row.get(7)?;
    let (person, folder): (Option<i64>, Option<i64>) = (row.get(3)?, row.get(13)?);
    let job = JobRecord {
        id: uuid(row.get(1)?),
        made: Timestamp::from_micros(row.get(2)?),
        person: person.map(StaffId::new),
        printer: row.get(4)?,
        paper: serde_json::from_str(&paper).map_err(|_| Trouble::Broken("the paper of a print job"))?,
        state: at(&JobState::ALL, row.get(6)?, "a state of printing")?,
        is_being_sent: sending.is_some(),
        changed: Timestamp::from_micros(row.get(8)?),
        remote: row.get(9)?,
        said: row.get(10)?,
        labels: row.get(11)?,
        unscanned: row.get(12)?,
        folder: folder.map(VolumeId::new),
    };
    Ok((row.get(0)?, job))
}
