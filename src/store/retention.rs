//! Retention of technical data: what was read and named no folder is kept until it is settled, and some time longer; then
//! its text is emptied. That is the one thing of the log's surroundings that is ever taken away: the scan, its digest and
//! its answer stay.

use tokio::sync::oneshot;

use super::sqlite::reader::Kind;
use super::sqlite::retention;
use super::sqlite::writer::Upkeep;
use super::{Store, StoreError, Trust};
use crate::clock::Timestamp;

/// Texts emptied in one transaction: a scan that waits behind it waits some milliseconds.
const TEXTS_A_TURN: usize = 200;

/// What one piece came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Redacted {
    /// Texts that were emptied.
    pub texts: u64,
    /// Where the next piece begins; `None`: there is none.
    pub next: Option<RedactedUpto>,
}

/// How far texts were looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct RedactedUpto(i64);

impl Store {
    /// Empties the texts that were settled before `before`, of one piece of all texts after `after`.
    pub async fn redact(
        &self,
        trust: &Trust,
        before: Timestamp,
        after: RedactedUpto,
    ) -> Result<Redacted, StoreError> {
        self.ours(trust)?;
        let due = move |conn: &_| retention::due(conn, before, after.0);
        let (due, next) = self.read(Kind::List, "looking for texts to redact", due).await?;
        let mut texts = 0;
        for scans in due.chunks(TEXTS_A_TURN) {
            let (reply, answer) = oneshot::channel();
            let job = Upkeep::Redact { scans: scans.to_vec(), reply };
            self.0.upkeep.send(job).await.map_err(|_| StoreError::Stopped)?;
            texts += answer.await.map_err(|_| StoreError::Stopped)??;
        }
        Ok(Redacted { texts, next: next.map(RedactedUpto) })
    }
}
