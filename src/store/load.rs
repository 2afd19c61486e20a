//! Filling a store in one go: the demo, the benches, the first import of a whole hospital.

use std::sync::Arc;

use super::sqlite::checkpoint;
use super::sqlite::core::Core;
use super::sqlite::import;
use super::sqlite::lock::Lock;
use super::sqlite::open::{Safety, set_safety};
use super::sqlite::running::prepare;
use super::sqlite::trouble::{Res, Trouble};
use super::sqlite::writer::record_safely;
use super::{Options, StoreError};
use crate::domain::command::{Command, NotRecorded, Outcome};
use crate::domain::directory::Directory;
use crate::domain::import::{Piece, RowResult};

/// Rows and commands in one transaction.
const MAX_TOGETHER: usize = 10_000;
/// Commits after which the log is begun anew, so that it does not outgrow the database.
const COMMITS_A_LOG: usize = 8;

/// A store being filled by one thread, nobody else looking. While it was empty at the beginning, nothing waits for
/// the disk before [`Loader::finish`]: after a failure, begin anew with an empty folder.
pub struct Loader {
    core: Core,
    since_commit: usize,
    commits: usize,
    is_open: bool,
    _lock: Lock,
}

impl Loader {
    /// Takes the lock, makes the file if it is not there.
    pub fn open(options: Options) -> Result<Self, StoreError> {
        let Options { dir, trust, desks, clock, live: _ } = options;
        let (lock, conn) = prepare(&dir, &trust, Safety::OnDisk)?;
        let core = Core::new(conn, clock, desks).map_err(|error| error.while_doing(LOADING))?;
        let loader = Self { core, since_commit: 0, commits: 0, is_open: false, _lock: lock };
        if loader.core.is_empty().map_err(|error| error.while_doing(LOADING))? {
            set_safety(&loader.core.conn, Safety::Loading).map_err(|error| error.while_doing(LOADING))?;
        }
        Ok(loader)
    }

    /// Places, staff and desks as they are now.
    pub fn directory(&self) -> Arc<Directory> {
        self.core.directory.clone()
    }

    /// Applies rows, as many as there are; the results are in their order.
    pub fn import(&mut self, piece: &Piece) -> Result<Vec<RowResult>, StoreError> {
        let applied = self.step(|core| import::apply(core, piece))?;
        self.since_commit += applied.results.len();
        if self.core.directory_changed || self.since_commit >= MAX_TOGETHER {
            self.commit()?;
        }
        Ok(applied.results)
    }

    /// Records commands in their order; each is learnt of when it happened, or just after the one before.
    pub fn record(&mut self, commands: &[Command]) -> Result<Vec<Result<Outcome, NotRecorded>>, StoreError> {
        let mut outcomes = Vec::with_capacity(commands.len());
        for command in commands {
            self.core.learns_at(command.scan.clocks.happened);
            let recorded = self.step(|core| record_safely(core, command))?;
            outcomes.push(recorded.map(|recorded| recorded.outcome));
            self.since_commit += 1;
            if self.since_commit >= MAX_TOGETHER {
                self.commit()?;
            }
        }
        Ok(outcomes)
    }

    /// Has what comes next be learnt of at `at`, not by the clock.
    pub const fn learns_at(&mut self, at: crate::clock::Timestamp) {
        self.core.learns_at(at);
    }

    /// Puts everything on disk and gives the lock back.
    pub fn finish(mut self) -> Result<(), StoreError> {
        self.commit()?;
        let conn = &self.core.conn;
        let done = set_safety(conn, Safety::OnDisk).and_then(|()| checkpoint::truncate(conn));
        done.map(|_| ()).map_err(|error| error.while_doing(LOADING))
    }

    fn step<T>(&mut self, step: impl FnOnce(&mut Core) -> Res<T>) -> Result<T, StoreError> {
        let begun = if self.is_open { Ok(()) } else { self.core.begin() };
        self.is_open = true;
        begun.and_then(|()| step(&mut self.core)).map_err(|error| self.give_up(error))
    }

    fn give_up(&mut self, error: Trouble) -> StoreError {
        let _ = self.core.rollback();
        self.is_open = false;
        self.since_commit = 0;
        error.while_doing(LOADING)
    }

    fn commit(&mut self) -> Result<(), StoreError> {
        if !self.is_open {
            return Ok(());
        }
        self.core.commit().map_err(|error| error.while_doing(LOADING))?;
        self.is_open = false;
        self.since_commit = 0;
        self.commits += 1;
        if self.commits.is_multiple_of(COMMITS_A_LOG) {
            checkpoint::restart(&self.core.conn).map_err(|error| error.while_doing(LOADING))?;
        }
        Ok(())
    }
}

const LOADING: &str = "loading";
