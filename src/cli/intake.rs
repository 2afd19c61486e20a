//! The way of a file's rows into the data: in one go where they are the first of their kind and nobody else writes, else
//! piece by piece, each noted, so that an import that was stopped goes on.

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
    deed: Deed,
    way: Way,
}

/// What is in of an import that has stopped.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stopped {
    /// What was counted.
    PartIsIn,
    /// Nothing: it was to go in at once.
    NothingIsIn,
}

/// What to do about it.
impl std::fmt::Display for Stopped {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::PartIsIn => {
                "the import has stopped; what is counted above is in: run the same import again"
            }
            Self::NothingIsIn => {
                "the import has stopped, and nothing of the file is in: run the same import again"
            }
        })
    }
}

enum Way {
    /// All or none of them.
    InOneGo(Box<FirstLoad>),
    /// One piece after the other.
    InPieces(Door),
}

impl Intake {
    /// Opens the way for a file; says how far an earlier import of it came that was stopped.
    pub async fn open(
        config: Config,
        kind: Kind,
        file: FileDigest,
        deed: Deed,
    ) -> anyhow::Result<(Self, Option<Unfinished>)> {
        if deed == Deed::Rehearse {
            let way = Way::InPieces(Door::open_for(config, deed).await?);
            return Ok((Self { file, deed, way }, None));
        }
        if let Some(load) = first_load(&config, kind)? {
            return Ok((Self { file, deed, way: Way::InOneGo(Box::new(load)) }, None));
        }
        let (dir, trust) = (config.data_dir.clone(), Trust(config.trust.clone()));
        let way = Way::InPieces(Door::open_for(config, deed).await?);
        Ok((Self { file, deed, way }, unfinished(&dir, &trust, file)?))
    }

    /// What is in if it stops.
    pub const fn if_stopped(&self) -> Stopped {
        match self.way {
            Way::InOneGo(_) => Stopped::NothingIsIn,
            Way::InPieces(_) => Stopped::PartIsIn,
        }
    }

    /// Applies the good rows of the file's chunk with this number; the results are in their order.
    pub async fn import(
        &mut self,
        feed: &Feed,
        number: u64,
        chunk: &Chunk,
    ) -> anyhow::Result<Vec<RowResult>> {
        match &mut self.way {
            Way::InOneGo(load) => Ok(load.import(&chunk.piece)?),
            Way::InPieces(door) => {
                let rows = chunk.origins.iter().map(|origin| origin.row).collect();
                let mark = PieceMark { file: self.file, piece: number, rows };
                door.import(feed, chunk, mark, self.deed).await
            }
        }
    }

    /// Ends an import of which every row was `applied`, or leaves one that has stopped.
    pub async fn close(self, applied: anyhow::Result<()>) -> anyhow::Result<()> {
        match self.way {
            Way::InOneGo(load) => applied.and_then(|()| Ok(load.finish()?)),
            Way::InPieces(mut door) => {
                let ended = match applied {
                    Ok(()) if self.deed == Deed::Apply => door.end_import(self.file).await,
                    applied => applied,
                };
                door.close().await;
                ended
            }
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
