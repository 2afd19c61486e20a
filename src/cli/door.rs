//! The way to what changes something: the data folder itself, or the running service that has it.

use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, bail};

use super::out;
use super::remote::Remote;
use crate::app;
use crate::app::rooms::Rooms;
use crate::app::wire::{ScanAsked, Told, may_ask_again};
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::import::{Deed, FileDigest, RowResult};
use crate::feeds::{Chunk, Feed};
use crate::store::StoreError;

/// How often a scan whose outcome is not known is asked for again, and how long between: half a minute in all.
const MAX_ASKED_AGAIN: u32 = 60;
const ASK_AGAIN_AFTER: Duration = Duration::from_millis(500);

/// Where a changing command works.
pub enum Door {
    /// In this process, which has the lock.
    Here(Box<Rooms>),
    /// In this process, on an empty database that nobody keeps.
    Nowhere(Box<Rooms>, Scratch),
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

    /// The same for a rehearsal: it makes no database, and brings none to a newer form.
    pub async fn open_for_rehearsal(config: Config) -> anyhow::Result<Self> {
        if app::has_no_data(&config) {
            return Self::nowhere(config).await;
        }
        app::directory(&config)?;
        Self::open(config).await
    }

    async fn nowhere(mut config: Config) -> anyhow::Result<Self> {
        let scratch = Scratch::new()?;
        config.set_data_dir(&scratch.0);
        let rooms = Rooms::open(config, Clock::system()).await?;
        Ok(Self::Nowhere(Box::new(rooms), scratch))
    }

    /// Applies the good rows of a chunk, or rehearses them; the results are in their order.
    pub async fn import(&mut self, feed: &Feed, chunk: &Chunk, deed: Deed) -> anyhow::Result<Vec<RowResult>> {
        let results = match self {
            Self::Here(rooms) | Self::Nowhere(rooms, _) => rooms.import(chunk.piece.clone(), deed).await?,
            Self::There(remote) => {
                let told = chunk.piece.told();
                remote.import(feed.kind(), feed.as_csv(&chunk.origins)?, (told, deed)).await?
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
            Self::Here(rooms) | Self::Nowhere(rooms, _) => Ok(rooms.import_ended(file).await?),
            Self::There(remote) => remote.import_ended(file).await,
        }
    }

    /// Scans; what may be on disk already is asked for until it is known.
    pub async fn scan(&mut self, asked: &ScanAsked) -> anyhow::Result<Told> {
        let rooms = match self {
            Self::Here(rooms) | Self::Nowhere(rooms, _) => rooms,
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
            Self::Here(rooms) | Self::Nowhere(rooms, _) => rooms.close().await,
            Self::There(_) => {}
        }
    }
}

/// A folder that is gone when this is.
pub struct Scratch(PathBuf);

impl Scratch {
    fn new() -> anyhow::Result<Self> {
        let folder = std::env::temp_dir().join(format!("casetrack-dry-run-{}", uuid::Uuid::now_v7()));
        let made = std::fs::DirBuilder::new().mode(0o700).create(&folder);
        made.with_context(|| format!("cannot make {}", folder.display()))?;
        Ok(Self(folder))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.0) {
            out::tell(format_args!("{} could not be removed: {error}", self.0.display()));
        }
    }
}
