//! How full the shelves are, counted anew at most once a minute whoever looks.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use tokio::sync::Semaphore;

use crate::clock::{MINUTE_US, Timestamp};
use crate::domain::PlaceId;
use crate::store::{ShelfCount, Store, StoreError, Trust};

/// A count is shown so long: shelves change by a few folders a minute, and a count reads every entry of the shelf.
pub const KEPT_US: i64 = MINUTE_US;

/// The last count of each shelf; as many entries as there are shelves.
#[derive(Debug)]
pub struct ShelfCounts {
    kept: Mutex<HashMap<PlaceId, (Timestamp, ShelfCount)>>,
    /// One page counts at a time: the next finds the shelves counted, and lists get their turn in between.
    turn: Semaphore,
}

impl Default for ShelfCounts {
    fn default() -> Self {
        Self { kept: Mutex::default(), turn: Semaphore::new(1) }
    }
}

impl ShelfCounts {
    /// The counts of these shelves, in their order.
    pub async fn of(
        &self,
        store: &Store,
        trust: &Trust,
        now: Timestamp,
        shelves: &[PlaceId],
    ) -> Result<Vec<ShelfCount>, StoreError> {
        let _turn = self.turn.acquire().await.map_err(|_| StoreError::Stopped)?;
        let mut counts = Vec::with_capacity(shelves.len());
        for shelf in shelves {
            let count = match self.fresh(*shelf, now) {
                Some(count) => count,
                None => store.shelf_count(trust, *shelf).await?,
            };
            self.keep(*shelf, now, count);
            counts.push(count);
        }
        Ok(counts)
    }

    fn fresh(&self, place: PlaceId, now: Timestamp) -> Option<ShelfCount> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, count) = kept.get(&place)?;
        (0..KEPT_US).contains(&now.micros_since(*at)).then_some(*count)
    }

    fn keep(&self, place: PlaceId, now: Timestamp, count: ShelfCount) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let known = kept.entry(place).or_insert((now, count));
        if !(0..KEPT_US).contains(&now.micros_since(known.0)) {
            *known = (now, count);
        }
    }
}
