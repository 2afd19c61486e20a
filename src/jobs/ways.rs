//! Learning how long folders are usually on their way, from the log itself, away from every request and every scan.
//!
//! When the service starts, the last weeks of the log are read; from then on what was added, once an hour. Nothing is
//! kept on disk: the log is the only source.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use crate::domain::chase::Usual;
use crate::store::{Store, StoreError, Trust};

/// What was added is learnt so often: a list of folders that should have come yesterday can wait an hour.
const EVERY: Duration = Duration::from_hours(1);
/// Rest after each piece, so that lists go between.
const REST: Duration = Duration::from_millis(20);

/// What the learning needs.
pub struct Ways {
    /// Where it reads.
    pub store: Store,
    /// Whose data.
    pub trust: Trust,
}

impl Ways {
    /// Learns and tells for ever; what fails is tried again at the next turn.
    pub async fn run(self, told: watch::Sender<Arc<Usual>>) {
        let mut usual = Usual::default();
        let mut upto = None;
        loop {
            if let Err(error) = self.learn(&mut usual, &mut upto).await {
                tracing::warn!(%error, "how long ways take could not be learnt");
            }
            told.send_replace(Arc::new(usual.clone()));
            tokio::time::sleep(EVERY).await;
        }
    }

    /// Learns all that was added after the movement `upto`, which follows.
    pub async fn learn(&self, usual: &mut Usual, upto: &mut Option<i64>) -> Result<(), StoreError> {
        loop {
            let piece = self.store.arrivals(&self.trust, *upto).await?;
            for transit in &piece.transits {
                usual.learn(transit.from, transit.to, transit.took_us);
            }
            *upto = Some(piece.upto);
            if piece.is_last {
                return Ok(());
            }
            tokio::time::sleep(REST).await;
        }
    }
}
