//! The way of a file's rows into the data: in one go where they are the first of their kind and nobody else writes, else
//! piece by piece, each noted, so that an import that was stopped goes on. A rehearsal goes the same way, and back.

use super::door::Door;
use crate::app::rooms::stands;
use crate::clock::Clock;
use crate::config::Config;
use crate::domain::import::{Deed, FileDigest, PieceMark, RowResult, Unfinished};
use crate::feeds::{Chunk, Feed, Kind};
use crate::live::Live;
use crate::store::first_load::{FirstLoad, Rows, unfinished};
use crate::store::{Options, StoreError, Trust};

/// Where the rows of one file go.
pub struct Intake {
    file: FileDigest,
    way: Way,
}

enum Way {
    /// All or none of them.
    InOneGo(Box<FirstLoad>),
    /// One piece after the other.
    InPieces(Door),
    /// One piece after the other, each taken back.
    Rehearsed(Door),
}

impl Intake {
    /// Opens the way for a file; says how far an earlier import of it came that was stopped.
    pub async fn open(
        config: Config,
        kind: Kind,
        file: FileDigest,
    ) -> anyhow::Result<(Self, Option<Unfinished>)> {
        if let Some(load) = first_load(&config, kind)? {
            return Ok((Self { file, way: Way::InOneGo(Box::new(load)) }, None));
        }
        let (dir, trust) = (config.data_dir.clone(), Trust(config.trust.clone()));
        let door = Door::open(config).await?;
        Ok((Self { file, way: Way::InPieces(door) }, unfinished(&dir, &trust, file)?))
    }

    /// Opens the way for a file of which it is only asked what would become.
    pub async fn rehearse(config: Config, file: FileDigest) -> anyhow::Result<Self> {
        Ok(Self { file, way: Way::Rehearsed(Door::open_for_rehearsal(config).await?) })
    }

    /// Whether nothing is in before all is.
    pub const fn is_in_one_go(&self) -> bool {
        matches!(self.way, Way::InOneGo(_))
    }

    /// Applies the good rows of the file's chunk with this number; the results are in their order.
    pub async fn import(
        &mut self,
        feed: &Feed,
        number: u64,
        chunk: &Chunk,
    ) -> anyhow::Result<Vec<RowResult>> {
        let rows = || chunk.origins.iter().map(|origin| origin.row).collect();
        match &mut self.way {
            Way::InOneGo(load) => Ok(load.import(&chunk.piece)?),
            Way::InPieces(door) => {
                let mark = PieceMark { file: self.file, piece: number, rows: rows() };
                door.import(feed, chunk, Deed::Apply(mark)).await
            }
            Way::Rehearsed(door) => door.import(feed, chunk, Deed::Rehearse).await,
        }
    }

    /// Ends an import of which every row is applied.
    pub async fn finish(self) -> anyhow::Result<()> {
        match self.way {
            Way::InOneGo(load) => Ok(load.finish()?),
            Way::InPieces(mut door) => {
                let ended = door.end_import(self.file).await;
                door.close().await;
                ended
            }
            Way::Rehearsed(door) => {
                door.close().await;
                Ok(())
            }
        }
    }

    /// Leaves an import that has failed; what is in is in.
    pub async fn leave(self) {
        match self.way {
            Way::InOneGo(_) => {}
            Way::InPieces(door) | Way::Rehearsed(door) => door.close().await,
        }
    }
}

/// Begins to load in one go, where that may be.
fn first_load(config: &Config, kind: Kind) -> Result<Option<FirstLoad>, StoreError> {
    let rows = match kind {
        Kind::Patients => Rows::Patients,
        Kind::Volumes => Rows::Volumes,
        Kind::Movements => Rows::Movements,
        Kind::Places | Kind::Staff | Kind::Appointments => return Ok(None),
    };
    let options = Options {
        dir: config.data_dir.clone(),
        trust: Trust(config.trust.clone()),
        desks: stands(config),
        clock: Clock::system(),
        live: Live::default(),
    };
    match FirstLoad::begin(options, rows) {
        // A service is running: it takes them piece by piece.
        Err(StoreError::InUse(_)) => Ok(None),
        begun => begun,
    }
}
