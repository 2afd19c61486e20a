//! The first load of a hospital's rows in one go: one transaction, its indexes last.
//!
//! Nothing of it is there before it ends: a program that is killed on the way leaves the data as they were.

use std::path::Path;

use super::sqlite::core::{Core, Names};
pub use super::sqlite::first::Rows;
use super::sqlite::import::{self, unfinished};
use super::sqlite::lock::Lock;
use super::sqlite::open::{self, Safety};
use super::sqlite::running::prepare;
use super::sqlite::trouble::{Res, Trouble};
use super::sqlite::{checkpoint, first, migrate, names};
use super::{Options, StoreError, Trust};
use crate::domain::import::{FileDigest, Piece, RowResult, Unfinished};

const LOADING: &str = "loading the first rows";

/// A first load under way. Dropped before [`FirstLoad::finish`], it leaves nothing.
pub struct FirstLoad {
    core: Core,
    rows: Rows,
    indexes: Vec<first::Index>,
    _lock: Lock,
}

impl FirstLoad {
    /// Takes the lock and begins. None: there are such rows already, and the file must go in piece by piece.
    pub fn begin(options: Options, rows: Rows) -> Result<Option<Self>, StoreError> {
        let Options { dir, trust, desks, clock, live: _ } = options;
        let (lock, conn) = prepare(&dir, &trust, Safety::OnDisk)?;
        let begun = || -> Res<Option<Self>> {
            if !first::are_first(&conn, rows)? {
                return Ok(None);
            }
            open::keep_more_pages(&conn)?;
            let mut core = Core::new(conn, clock, desks)?;
            core.begin()?;
            let indexes = first::drop_indexes(&core.conn, rows)?;
            if rows == Rows::Patients {
                core.names = Names::Last;
            }
            Ok(Some(Self { core, rows, indexes, _lock: lock }))
        };
        begun().map_err(|error| error.while_doing(LOADING))
    }

    /// Applies rows; the results are in their order.
    pub fn import(&mut self, piece: &Piece) -> Result<Vec<RowResult>, StoreError> {
        let applied = import::apply(&mut self.core, piece).map_err(|error| error.while_doing(LOADING))?;
        Ok(applied.results)
    }

    /// Builds the indexes and puts everything on disk, then gives the lock back.
    pub fn finish(mut self) -> Result<(), StoreError> {
        self.end().map_err(|error| error.while_doing(LOADING))
    }

    fn end(&mut self) -> Res<()> {
        first::build(&self.core.conn, &self.indexes)?;
        if self.rows == Rows::Patients {
            names::fill(&self.core.conn)?;
        }
        self.core.commit()?;
        checkpoint::truncate(&self.core.conn)?;
        Ok(())
    }
}

/// How far the import of a file came that was stopped; none: it is to begin at the beginning. Reads beside whoever writes.
pub fn unfinished(dir: &Path, trust: &Trust, file: FileDigest) -> Result<Option<Unfinished>, StoreError> {
    let doing = |error: Trouble| error.while_doing("reading how far an import came");
    if !open::file(dir).exists() {
        return Ok(None);
    }
    let conn = open::reader(dir).map_err(doing)?;
    if migrate::check(&conn, trust)? != migrate::newest() {
        return Ok(None);
    }
    unfinished::read(&conn, file).map_err(doing)
}
