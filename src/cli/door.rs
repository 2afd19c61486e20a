//! The way to what changes something: the data folder itself, or the running service that has it.

use std::time::Duration;

use anyhow::bail;

use super::out;
use super::remote::Remote;
use crate::app::rooms::Rooms;
use crate::app::wire::{ScanAsked, Told, may_ask_again};
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::import::{FileDigest, PieceMark, RowResult};
use crate::feeds::{Chunk, Feed};
use crate::store::StoreError;

/// How often a scan whose outcome is not known is asked for again, and how long between: half a minute in all.
const MAX_ASKED_AGAIN: u32 = 60;
const ASK_AGAIN_AFTER: Duration = Duration::from_millis(500);

/// Where a changing command works.
pub enum Door {
    /// In this process, which has the lock.
    Here(Box<Rooms>),
    /// In the running service.
    There(Remote),
}

impl Door {
    /// Takes the lock on the data folder, or turns to the service that has it and says so.
    pub async fn open(config: Config) -> anyhow::Result<Self> {
        let data_dir = config.data_dir.clone();
        match Rooms::open(config, Clock::system()).await {
            Ok(rooms) => Ok(Self::Here(Box::new(rooms))),
            Err(StoreError::InUse(_)) => {
                let remote = Remote::connect(&data_dir).await?;
                out::tell("speaking to the running service");
                Ok(Self::There(remote))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Applies the good rows of a chunk; the results are in their order.
    pub async fn import(
        &mut self,
        feed: &Feed,
        chunk: &Chunk,
        mark: PieceMark,
    ) -> anyhow::Result<Vec<RowResult>> {
        let results = match self {
            Self::Here(rooms) => rooms.import(chunk.piece.clone(), mark).await?,
            Self::There(remote) => {
                let told = chunk.piece.told();
                remote.import(feed.kind(), feed.as_csv(&chunk.origins)?, (told, mark)).await?
            }
        };
        if results.len() != chunk.origins.len() {
            bail!("{} rows were applied of {}: run the import again", results.len(), chunk.origins.len());
        }
        Ok(results)
    }

    /// Ends an import of which every row is applied.
    pub async fn end_import(&mut self, file: FileDigest) -> anyhow::Result<()> {
        match self {
            Self::Here(rooms) => Ok(rooms.import_ended(file).await?),
            Self::There(remote) => remote.import_ended(file).await,
        }
    }

    /// Scans; what may be on disk already is asked for until it is known.
    pub async fn scan(&mut self, asked: &ScanAsked) -> anyhow::Result<Told> {
        let rooms = match self {
            Self::Here(rooms) => rooms,
            Self::There(remote) => return remote.scan(asked).await,
        };
        let mut asked_again = 0;
        loop {
            match rooms.scan(asked).await {
                Ok(told) => return Ok(told),
                Err(unheard) if may_ask_again(&unheard) && asked_again < MAX_ASKED_AGAIN => {
                    asked_again += 1;
                    tokio::time::sleep(ASK_AGAIN_AFTER).await;
                }
                Err(unheard) => return Err(unheard.into()),
            }
        }
    }

    /// Finishes and gives the lock back.
    pub async fn close(self) {
        match self {
            Self::Here(rooms) => rooms.close().await,
            Self::There(_) => {}
        }
    }
}
