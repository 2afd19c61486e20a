//! Emptying, once a day, the texts of refused scans that were settled long ago: wristbands and typed names are patient
//! data, and nobody needs them any more.

use std::time::Duration;

use crate::clock::{Clock, DAY_US, Timestamp};
use crate::store::retention::RedactedUpto;
use crate::store::{Store, StoreError, Trust};

/// A text is emptied so many days after it was settled: a quarter, in which a mistake in settling shows.
pub const KEPT_DAYS: i64 = 90;
/// How often is looked: a text that is due waits a day at most.
const EVERY: Duration = Duration::from_hours(24);
/// How long after a start is first looked: a start has better to do.
const FIRST: Duration = Duration::from_mins(5);
/// Rest after each piece, so that lists and scans go between.
const REST: Duration = Duration::from_millis(50);

/// What the emptying needs.
pub struct Redacting {
    /// Where it reads and writes.
    pub store: Store,
    /// Whose data.
    pub trust: Trust,
    /// Tells when it is.
    pub clock: Clock,
}

impl Redacting {
    /// Looks for ever; what fails is tried again the next day.
    pub async fn run(self) {
        tokio::time::sleep(FIRST).await;
        loop {
            match self.once(self.clock.now()).await {
                Ok(0) => {}
                Ok(texts) => tracing::info!(texts, "texts settled {KEPT_DAYS} days ago were emptied"),
                Err(error) => tracing::warn!(%error, "old texts could not be emptied"),
            }
            tokio::time::sleep(EVERY).await;
        }
    }

    /// Empties all that is due at `now`; says how many texts that were.
    pub async fn once(&self, now: Timestamp) -> Result<u64, StoreError> {
        let before = now.plus_micros(-KEPT_DAYS * DAY_US);
        let mut texts = 0;
        let mut next = Some(RedactedUpto::default());
        while let Some(after) = next {
            let piece = self.store.redact(&self.trust, before, after).await?;
            texts += piece.texts;
            next = piece.next;
            tokio::time::sleep(REST).await;
        }
        Ok(texts)
    }
}
