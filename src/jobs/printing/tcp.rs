//! A job on a label printer: a handful of labels at a time, and on with the next when nothing waits in the printer.

use super::{Halt, Press};
use crate::domain::printing::{JobRecord, JobState};
use crate::labels::print::Fault;
use crate::labels::print::raw::Line;

/// Labels that a printer is given at once: few enough that it takes them into its memory and still answers, enough that
/// it need not stop between two.
const HANDFUL: usize = 8;
/// How often in a row a printer must say that nothing waits in it: the first may have been said before it had read all.
const CONFIRMATIONS: u32 = 2;

impl Press {
    pub(super) async fn by_tcp(&self, address: &str, job: &JobRecord, labels: &[String]) -> Result<(), Halt> {
        let mut line = Line::open(address, self.house.patience).await?;
        let status = line.status().await?;
        if let Some(fault) = status.fault() {
            return Err(fault.into());
        }
        if !status.is_idle() {
            return Err(Fault::Busy.into());
        }
        if !self.take(job).await? {
            return Ok(());
        }
        let mut done = 0;
        for handful in labels.chunks(HANDFUL) {
            if let Err(fault) = self.handful(&mut line, handful).await {
                let words = format!(
                    "{done} of {} labels came out for certain; then {}: {}",
                    labels.len(),
                    self.setup.name,
                    fault.words()
                );
                self.news(job, JobState::Unknown, words).await?;
                return Err(fault.into());
            }
            done += handful.len();
        }
        self.news(job, JobState::Confirmed, "The printer says that nothing waits in it.".to_owned()).await
    }

    /// Sends some labels and waits until they are out, as long as somebody may need to mend the printer.
    async fn handful(&self, line: &mut Line, labels: &[String]) -> Result<(), Fault> {
        line.send(labels.concat().as_bytes()).await?;
        let mut last = Fault::Silent;
        let out = self.until_out(line, &mut last);
        match tokio::time::timeout(self.house.patience.mend, out).await {
            Ok(out) => out,
            Err(_) => Err(last),
        }
    }

    async fn until_out(&self, line: &mut Line, last: &mut Fault) -> Result<(), Fault> {
        let mut confirmations = 0;
        loop {
            match line.status().await.map(|status| (status.fault(), status.is_idle())) {
                Ok((Some(fault), _)) | Err(fault @ (Fault::Silent | Fault::HalfAnswer)) => {
                    (confirmations, *last) = (0, fault);
                    self.tell(fault);
                }
                Ok((None, is_idle)) => {
                    self.told.well(&self.setup.name);
                    confirmations = if is_idle { confirmations + 1 } else { 0 };
                }
                // A printer that was switched off has forgotten what it had, and would say that nothing waits.
                Err(fault) => return Err(fault),
            }
            if confirmations >= CONFIRMATIONS {
                return Ok(());
            }
            tokio::time::sleep(self.house.patience.poll).await;
        }
    }
}
