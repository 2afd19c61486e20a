//! Print jobs on their way to paper: one task a printer, so that nobody else writes to it.
//!
//! ```text
//! the queue → the oldest job of this printer → what its labels say now → layout
//!   → is the printer well? no: the job waits, people are told, and it is asked again
//!   → *sent* is on disk → bytes → what became of it
//!        a label printer says that nothing waits in it: printed
//!        a print server says that it is done with it: sent
//!        nobody says: not sure, and a person looks
//! ```
//!
//! What cannot be known is not guessed: no job goes to a printer a second time unless a person says so.

mod ipp;
mod laid;
mod said;
mod tcp;
mod told;

use std::collections::HashMap;
use std::sync::Arc;

use jiff::tz::TimeZone;
use tokio::sync::watch;

use crate::clock::Clock;
use crate::domain::VolumeId;
use crate::domain::place::Code;
use crate::domain::printing::{JobRecord, JobState, News, PrinterTrouble, WholeJob};
use crate::labels::Files;
use crate::labels::print::{Fault, Patience, Setup, Via, folder};
use crate::store::{Labelled, Store, StoreError, Trust};
use laid::Document;
use told::Told;

/// What is said of a printer that jobs wait for and that is not there.
const NOT_CONFIGURED: &str = "It is not in the configuration. Call its jobs off, or ask IT to put it back.";

/// What printing needs of the rest of the program.
#[derive(Clone)]
pub struct Printing {
    /// The queue, and what labels tell of.
    pub store: Store,
    /// Whose data.
    pub trust: Trust,
    /// Tells when it is.
    pub clock: Clock,
    /// The hospital's, for the day on a label.
    pub time_zone: TimeZone,
    /// The desks with a pairing card, by its number.
    pub desks: Arc<HashMap<u32, Code>>,
    /// What labels are printed on and how.
    pub labels: Arc<Files>,
    /// How long is waited, and for what.
    pub patience: Patience,
}

/// Why a printer's turn ended before its queue did.
enum Halt {
    /// The printer.
    Fault(Fault),
    /// The store.
    Store(StoreError),
}

impl From<Fault> for Halt {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<StoreError> for Halt {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Printing {
    /// Prints for ever, or until the service stops; what is the matter with printers is told by the receiver.
    pub fn start(
        self,
        setups: Vec<Setup>,
        stopping: watch::Receiver<bool>,
    ) -> (impl Future<Output = ()> + Send + 'static, watch::Receiver<Vec<PrinterTrouble>>) {
        let (told, troubles) = Told::new();
        (self.run(setups, told, stopping), troubles)
    }

    async fn run(self, setups: Vec<Setup>, told: Told, stopping: watch::Receiver<bool>) {
        let by_server = setups.iter().filter(|setup| matches!(setup.via, Via::Ipp(_)));
        let asked = by_server.map(|setup| setup.name.clone()).collect();
        if let Err(error) = self.store.forsake_jobs(&self.trust, asked).await {
            tracing::error!(%error, "jobs of an earlier run could not be marked");
            return;
        }
        let strays = self.clone().strays(setups.clone(), told.clone(), stopping.clone());
        let tasks = setups.into_iter().map(|setup| {
            let (house, told) = (self.clone(), told.clone());
            Press { house, setup, told, stopping: stopping.clone() }.run()
        });
        tokio::join!(strays, futures_util::future::join_all(tasks));
    }

    /// Tells of jobs that wait for a printer that nobody has any more.
    async fn strays(self, setups: Vec<Setup>, told: Told, mut stopping: watch::Receiver<bool>) {
        let mut queue = self.store.print_queue();
        let mut strays: Vec<String> = Vec::new();
        while !*stopping.borrow() {
            queue.mark_unchanged();
            let Ok(mut waited) = self.store.printers_waited_for(&self.trust).await else { return };
            // What waits for no printer waits for somebody who prints it by hand.
            waited.retain(|name| !name.is_empty() && setups.iter().all(|setup| setup.name != *name));
            for gone in strays.iter().filter(|stray| !waited.contains(stray)) {
                told.well(gone);
            }
            for stray in &waited {
                told.trouble(stray, NOT_CONFIGURED, self.clock.now());
            }
            strays = waited;
            tokio::select! {
                changed = queue.changed() => if changed.is_err() { return },
                _ = stopping.changed() => {}
            }
        }
    }
}

/// One printer, and all that prints on it.
struct Press {
    house: Printing,
    setup: Setup,
    told: Told,
    stopping: watch::Receiver<bool>,
}

impl Press {
    async fn run(mut self) {
        let mut queue = self.house.store.print_queue();
        while !self.is_stopping() {
            queue.mark_unchanged();
            let rest = match self.turn().await {
                Ok(()) => {
                    self.told.well(&self.setup.name);
                    None
                }
                Err(Halt::Fault(fault)) => {
                    self.tell(fault);
                    Some(self.house.patience.again)
                }
                Err(Halt::Store(StoreError::Stopped)) => return,
                Err(Halt::Store(error)) => {
                    tracing::error!(printer = self.setup.name, %error, "the print queue cannot be read");
                    Some(self.house.patience.again)
                }
            };
            let woken = async {
                match rest {
                    Some(rest) => tokio::time::sleep(rest).await,
                    // The store is gone: the next turn sees it.
                    None => drop(queue.changed().await),
                }
            };
            tokio::select! {
                () = woken => {}
                _ = self.stopping.changed() => {}
            }
        }
    }

    fn is_stopping(&self) -> bool {
        *self.stopping.borrow()
    }

    fn tell(&self, fault: Fault) {
        self.told.trouble(&self.setup.name, &fault.words(), self.house.clock.now());
    }

    /// Everything that waits for this printer, until it is in trouble.
    async fn turn(&self) -> Result<(), Halt> {
        let (store, trust) = (&self.house.store, &self.house.trust);
        while let Some(whole) = store.job_being_sent(trust, &self.setup.name).await? {
            if self.is_stopping() {
                return Ok(());
            }
            self.follow(&whole.job).await?;
        }
        while let Some(whole) = store.next_job(trust, &self.setup.name).await? {
            if self.is_stopping() {
                return Ok(());
            }
            self.one(&whole).await?;
            self.told.well(&self.setup.name);
        }
        Ok(())
    }

    async fn one(&self, whole: &WholeJob) -> Result<(), Halt> {
        if let Some(words) = self.stale(&whole.job) {
            return self.news(&whole.job, JobState::Failed, words).await;
        }
        let document = match self.document(whole).await? {
            Ok(document) => document,
            Err(words) => return self.news(&whole.job, JobState::Failed, words).await,
        };
        match (&self.setup.via, document) {
            (Via::Tcp(address), Document::Zpl(labels)) => self.by_tcp(address, &whole.job, &labels).await,
            (Via::Ipp(server), Document::Pdf(pdf)) => self.by_ipp(server, &whole.job, &pdf).await,
            (Via::Folder(folder), Document::Pdf(pdf)) => self.by_folder(folder, &whole.job, pdf).await,
            (Via::Folder(folder), Document::Zpl(labels)) => {
                self.by_folder(folder, &whole.job, labels.concat().into_bytes()).await
            }
            (Via::Tcp(_), Document::Pdf(_)) | (Via::Ipp(_), Document::Zpl(_)) => {
                let words = "This printer's language does not go its way: see check-config.".to_owned();
                self.news(&whole.job, JobState::Failed, words).await
            }
        }
    }

    /// Says that a job has waited too long, if it has.
    fn stale(&self, job: &JobRecord) -> Option<String> {
        let waited_us = self.house.clock.now().micros_since(job.changed);
        let limit = self.house.patience.stale;
        let is_stale = i64::try_from(limit.as_micros()).is_ok_and(|limit_us| waited_us > limit_us);
        is_stale.then(|| {
            format!("It waited for {} hours: are these labels still wanted?", limit.as_secs() / 3_600)
        })
    }

    /// What the printer is told, or in words why it cannot be.
    async fn document(&self, whole: &WholeJob) -> Result<Result<Document, String>, Halt> {
        let house = &self.house;
        let labels = || whole.labels.iter().map(|label| label.label);
        let mut volumes = HashMap::new();
        for id in said::volumes(labels()) {
            volumes.extend(self.volume(id).await?.map(|volume| (id.key(), volume)));
        }
        let directory = house.store.directory().borrow().clone();
        let paper = whole.job.paper.clone();
        let today = house.clock.now().to_jiff().to_zoned_datetime(house.time_zone.clone()).date();
        let known = said::Known {
            directory: &directory,
            volumes: &volumes,
            desks: &house.desks,
            template: paper.template.as_deref().and_then(|name| house.labels.templates.find(name)),
            today: &crate::labels::say::born(today),
        };
        let Some(said) = labels().map(|label| known.said(label)).collect::<Option<Vec<_>>>() else {
            let words = "Something that one of the labels is for is not known any more: choose them anew.";
            return Ok(Err(words.to_owned()));
        };
        let (setup, files) = (self.setup.clone(), house.labels.clone());
        let laid = tokio::task::spawn_blocking(move || laid::document(&setup, &files, &paper, &said)).await;
        Ok(laid.unwrap_or_else(|_| Err("Laying the labels out failed: the log says why.".to_owned())))
    }

    /// A volume as its label tells of it; by its barcode, since only so its siblings are told too.
    async fn volume(&self, id: VolumeId) -> Result<Option<Labelled>, Halt> {
        let Printing { store, trust, .. } = &self.house;
        let Some((_, barcode)) = store.barcodes(trust, vec![id]).await?.pop() else { return Ok(None) };
        Ok(store.labelled(trust, &barcode).await?)
    }

    /// Marks on disk that the job is being sent. No: somebody called it off meanwhile.
    async fn take(&self, job: &JobRecord) -> Result<bool, Halt> {
        Ok(self.house.store.take_job(&self.house.trust, job.id).await?.is_some())
    }

    async fn news(&self, job: &JobRecord, state: JobState, said: String) -> Result<(), Halt> {
        let news = News { state, is_being_sent: false, remote: None, said: Some(said) };
        self.house.store.tell_job(&self.house.trust, job.id, news).await?;
        Ok(())
    }

    async fn by_folder(&self, folder: &std::path::Path, job: &JobRecord, bytes: Vec<u8>) -> Result<(), Halt> {
        if !folder.is_dir() {
            return Err(Fault::NoFolder.into());
        }
        if !self.take(job).await? {
            return Ok(());
        }
        let ending = self.setup.language.word();
        let (folder, name) = (folder.to_owned(), format!("casetrack-{}.{ending}", job.id));
        let laid = tokio::task::spawn_blocking(move || folder::lay(&folder, &name, &bytes)).await;
        match laid {
            Ok(Ok(())) => {
                self.news(job, JobState::Sent, "In the folder from which it is printed.".to_owned()).await
            }
            Ok(Err(error)) => {
                tracing::warn!(printer = self.setup.name, %error, "a folder cannot be written to");
                self.news(job, JobState::Failed, Fault::NoFolder.words()).await
            }
            Err(_) => self.news(job, JobState::Failed, Fault::NoFolder.words()).await,
        }
    }
}
