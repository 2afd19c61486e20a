//! A hospital whose labels are printed: the store, the printing, and what is told of both.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![allow(dead_code, reason = "each test uses its part")]

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use casetrack::clock::{Clock, ManualClock};
use casetrack::domain::printing::{
    JobRecord, JobState, NewJob, NewLabel, Paper, Printed, PrinterTrouble, Settled, Why,
};
use casetrack::jobs::printing::Printing;
use casetrack::labels::print::{Patience, Setup};
use casetrack::store::Store;
use casetrack::store::story::{Hospital, MORNING};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::common::{Folder, options, trust};

/// Longest wait for something that must come: far more than a busy machine needs.
const WAIT: Duration = Duration::from_mins(1);

/// Printers of a test answer at once or never.
pub const HASTY: Patience = Patience {
    connect: Duration::from_secs(5),
    answer: Duration::from_millis(250),
    write: Duration::from_secs(20),
    poll: Duration::from_millis(10),
    mend: Duration::from_secs(40),
    follow: Duration::from_secs(40),
    again: Duration::from_millis(20),
    ..Patience::USUAL
};

/// What a test's printer is, as it stands in the configuration.
pub fn setup(via: &str, more: &str) -> Setup {
    let text = format!("[[printer]]\nname = \"P\"\nvia = \"{via}\"\n{more}");
    casetrack::config::Config::parse(&text, None).unwrap().printers.remove(0)
}

/// The store and one printer.
pub struct House {
    pub folder: Folder,
    pub store: Store,
    clock: Clock,
    pub hands: ManualClock,
    setup: Setup,
    patience: Patience,
    going: Option<Going>,
}

struct Going {
    task: JoinHandle<()>,
    stop: watch::Sender<bool>,
    troubles: watch::Receiver<Vec<PrinterTrouble>>,
}

impl House {
    pub async fn open(setup: Setup, patience: Patience) -> Self {
        let (clock, hands) = Clock::manual(MORNING);
        let folder = Folder::new();
        let store = Store::open(options(&folder, clock.clone())).unwrap();
        Hospital::open(store.clone(), trust(), clock.clone(), hands.clone()).await;
        let mut house = Self { folder, store, clock, hands, setup, patience, going: None };
        house.go();
        house
    }

    /// Begins to print.
    pub fn go(&mut self) {
        let (stop, stopping) = watch::channel(false);
        let printing = Printing {
            store: self.store.clone(),
            trust: trust(),
            clock: self.clock.clone(),
            time_zone: jiff::tz::TimeZone::UTC,
            desks: Arc::new(HashMap::new()),
            labels: Arc::new(casetrack::labels::Files::of_house(None).unwrap()),
            patience: self.patience,
        };
        let (run, troubles) = printing.start(vec![self.setup.clone()], stopping);
        self.going = Some(Going { task: tokio::spawn(run), stop, troubles });
    }

    /// The program dies in the middle and is started again.
    pub async fn die_and_rise(&mut self, setup: Setup) {
        let Going { task, .. } = self.going.take().unwrap();
        task.abort();
        let _ = task.await;
        self.store.clone().stop().await;
        self.store = Store::open(options(&self.folder, self.clock.clone())).unwrap();
        self.setup = setup;
        self.go();
    }

    /// Stops as the service does, and says that it stopped of itself.
    pub async fn stop(mut self) {
        let Going { task, stop, .. } = self.going.take().unwrap();
        stop.send(true).unwrap();
        tokio::time::timeout(WAIT, task).await.unwrap().unwrap();
        self.store.clone().stop().await;
    }

    /// Queues covers of the folders F1 to F9.
    pub async fn print(&self, number: u128, stock: &str, folders: &[&str]) -> Uuid {
        let mut labels = Vec::new();
        for folder in folders {
            let record = self.store.volume(&trust(), &folder.parse().unwrap()).await.unwrap().unwrap();
            labels.push(NewLabel {
                what: Printed::Cover,
                subject: record.brief.id.key(),
                why: Why::Relabelling,
            });
        }
        let paper =
            Paper { stock: stock.to_owned(), template: None, first: 1, spoiled: Vec::new(), copies: 1 };
        let job = NewJob {
            id: Uuid::from_u128(number),
            person: None,
            printer: self.setup.name.clone(),
            paper,
            labels,
        };
        self.store.print(&trust(), job).await.unwrap().id
    }

    pub async fn settle(&self, id: Uuid, settled: Settled) {
        self.store.settle_job(&trust(), id, settled).await.unwrap().unwrap();
    }

    pub async fn job(&self, id: Uuid) -> JobRecord {
        self.store.print_job(&trust(), id).await.unwrap().unwrap().job
    }

    /// The job, once this holds of it.
    pub async fn until(&self, id: Uuid, holds: impl Fn(&JobRecord) -> bool) -> JobRecord {
        let mut queue = self.store.print_queue();
        let waited = async {
            loop {
                queue.mark_unchanged();
                let job = self.job(id).await;
                if holds(&job) {
                    return job;
                }
                queue.changed().await.unwrap();
            }
        };
        let waited = tokio::time::timeout(WAIT, waited).await.ok();
        let Some(job) = waited else { panic!("{:?}", self.job(id).await) };
        job
    }

    /// The job, once it has come to this state and is no longer being sent.
    pub async fn comes_to(&self, id: Uuid, state: JobState) -> JobRecord {
        self.until(id, |job| job.state == state && !job.is_being_sent).await
    }

    /// Waits until this is the matter with the printer; empty: nothing.
    pub async fn told(&self, words: &str) {
        let mut troubles = self.going.as_ref().unwrap().troubles.clone();
        let is_it = |troubles: &Vec<PrinterTrouble>| match troubles.as_slice() {
            [] => words.is_empty(),
            [trouble, ..] => !words.is_empty() && trouble.words.starts_with(words),
        };
        let waited = tokio::time::timeout(WAIT, troubles.wait_for(is_it)).await.map(|found| found.is_ok());
        assert!(waited.is_ok(), "waited for {words:?}: {:?}", self.going.as_ref().unwrap().troubles.borrow());
    }
}
