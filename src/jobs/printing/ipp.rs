//! A job at a print server: given to it once, then followed by the number that the server gave.

use super::{Halt, Press};
use crate::domain::printing::{JobRecord, JobState, News};
use crate::labels::print::ipp::{Client, Ended};
use crate::labels::print::{Fault, Server, Via};

impl Press {
    pub(super) async fn by_ipp(&self, server: &Server, job: &JobRecord, pdf: &[u8]) -> Result<(), Halt> {
        let client = self.client(server);
        match client.fault().await? {
            Some(fault) if fault.passes() => return Err(fault.into()),
            Some(fault) => return self.news(job, JobState::Failed, fault.words()).await,
            None => {}
        }
        if !self.take(job).await? {
            return Ok(());
        }
        let source = self.setup.tray(&job.paper.stock).map(|tray| tray.source.as_str());
        match client.print(&format!("Labels {}", job.id), source, pdf).await {
            Ok(number) => {
                let remote = Some(number.to_string());
                let news = News { state: JobState::Sent, is_being_sent: true, remote, said: None };
                match self.house.store.tell_job(&self.house.trust, job.id, news).await? {
                    Some(job) => self.follow(&job).await,
                    None => Ok(()),
                }
            }
            Err(fault @ (Fault::HungUp | Fault::Silent | Fault::OtherAnswer)) => {
                self.news(job, JobState::Unknown, format!("While it was sent: {}", fault.words())).await
            }
            Err(fault) => self.news(job, JobState::Failed, fault.words()).await,
        }
    }

    fn client(&self, server: &Server) -> Client {
        Client::new(server.clone(), self.house.patience)
    }

    /// Until the print server is done with a job that it has. When the service stops the job stays as it is: the next
    /// start asks again.
    pub(super) async fn follow(&self, job: &JobRecord) -> Result<(), Halt> {
        let number = job.remote.as_deref().and_then(|remote| remote.parse().ok());
        let (Via::Ipp(server), Some(number)) = (&self.setup.via, number) else {
            let words = "The printer was set up anew while this was printed: look which labels there are.";
            return self.news(job, JobState::Unknown, words.to_owned()).await;
        };
        let client = self.client(server);
        let mut stopping = self.stopping.clone();
        let done = tokio::select! {
            done = tokio::time::timeout(self.house.patience.follow, self.until_done(&client, number)) => done,
            _ = stopping.wait_for(|stopping| *stopping) => return Ok(()),
        };
        let (state, words) = match done {
            Ok(Ended::Passed) => (JobState::Sent, "The print server has passed it on to the printer."),
            Ok(Ended::GivenUp) => (JobState::Failed, "It was given up at the print server."),
            Ok(Ended::Forgotten) => {
                (JobState::Unknown, "The print server does not know it any more: look whether it came out.")
            }
            Err(_) => (JobState::Unknown, "The print server still has it: look there, or at the printer."),
        };
        self.news(job, state, words.to_owned()).await
    }

    /// Asks until the job is no longer under way; meanwhile tells what keeps the printer.
    async fn until_done(&self, client: &Client, number: i32) -> Ended {
        loop {
            match client.ended(number).await {
                Ok(None) => match client.fault().await {
                    Ok(None) => self.told.well(&self.setup.name),
                    Ok(Some(fault)) | Err(fault) => self.tell(fault),
                },
                Ok(Some(ended)) => return ended,
                Err(fault) => self.tell(fault),
            }
            tokio::time::sleep(self.house.patience.poll).await;
        }
    }
}
