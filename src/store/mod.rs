//! The database behind domain words. Nothing outside this room knows which database it is.

pub mod error;
pub mod records;

use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::{mpsc, oneshot, watch};

use crate::clock::{Clock, Timestamp};
use crate::domain::casenote::LabelText;
use crate::domain::command::{Command, NotRecorded, Outcome};
use crate::domain::directory::Directory;
use crate::domain::import::{Piece, RowResult};
use crate::domain::place::Code;
use crate::domain::{PlaceId, ScanId, VolumeId};
use crate::live::{Cursor, Live};
pub use error::StoreError;
pub use records::*;

/// Commands that may wait for the writer: 256 desks twice over; a full queue is *wait* at the desk.
pub const MAX_WAITING_COMMANDS: usize = 1_024;

/// A command on its way to the writer, and where its outcome goes.
pub type Submission = (Command, oneshot::Sender<Result<Outcome, NotRecorded>>);

/// One hospital group.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Trust(pub Code);

/// A desk as the store needs it: what stands where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DeskStand {
    /// The desk.
    pub desk: Code,
    /// The code of its place.
    pub place: Code,
}

/// How to open a store.
#[derive(Clone, Debug)]
pub struct Options {
    /// The data folder; made if absent.
    pub dir: PathBuf,
    /// The trust whose file it is.
    pub trust: Trust,
    /// The desks of the configuration.
    pub desks: Vec<DeskStand>,
    /// Gives `learned_at`.
    pub clock: Clock,
    /// Where committed movements are told.
    pub live: Live,
}

/// An open store: the writer thread, the checkpointer and the readers. Clones share them.
#[derive(Clone, Debug)]
pub struct Store {}

impl Store {
    /// Takes the lock on the data folder, migrates if needed (a copy first), starts the threads.
    pub fn open(_options: Options) -> Result<Self, StoreError> {
        todo!()
    }

    /// Where desks send their commands.
    pub fn commands(&self) -> mpsc::Sender<Submission> {
        todo!()
    }

    /// The directory, and every later one.
    pub fn directory(&self) -> watch::Receiver<Arc<Directory>> {
        todo!()
    }

    /// Whether the writer writes; becomes `Stopped` once and for all after a failed write.
    pub fn health(&self) -> watch::Receiver<Health> {
        todo!()
    }

    /// Applies one piece of an import; the results are in the order of its rows.
    pub async fn import(&self, _trust: &Trust, _piece: Piece) -> Result<Vec<RowResult>, StoreError> {
        todo!()
    }

    /// The volume with this label.
    pub async fn volume(
        &self,
        _trust: &Trust,
        _label: &LabelText,
    ) -> Result<Option<VolumeRecord>, StoreError> {
        todo!()
    }

    /// A volume's movements, newest first, its containers' joined in while it was inside; `after` goes on.
    pub async fn movements(
        &self,
        _trust: &Trust,
        _volume: VolumeId,
        _page: Page,
    ) -> Result<Listing<MovementRecord>, StoreError> {
        todo!()
    }

    /// What is at a place: directly, in containers there, or on its way there. Ordered by the time it has been there.
    pub async fn volumes_at(
        &self,
        _trust: &Trust,
        _place: PlaceId,
        _page: Page,
    ) -> Result<Listing<VolumeRecord>, StoreError> {
        todo!()
    }

    /// Exact hits on label, casenote number, hospital number or NHS number, then surname beginnings; the web view's
    /// search grows from here.
    pub async fn search(
        &self,
        _trust: &Trust,
        _query: &str,
        _page: Page,
    ) -> Result<Listing<VolumeRecord>, StoreError> {
        todo!()
    }

    /// A recorded scan with its stored answer.
    pub async fn scan(&self, _trust: &Trust, _id: ScanId) -> Result<Option<ScanRecord>, StoreError> {
        todo!()
    }

    /// The rows from which a session goes on after a restart, oldest first: its last open act and the 30 minutes before.
    pub async fn session(
        &self,
        _trust: &Trust,
        _desk: &Code,
        _session: &str,
    ) -> Result<Vec<ScanRecord>, StoreError> {
        todo!()
    }

    /// Names and whereabouts of these volumes, in this order, unknown ones left out.
    pub async fn volumes(&self, _trust: &Trust, _ids: &[VolumeId]) -> Result<Vec<VolumeRecord>, StoreError> {
        todo!()
    }

    /// The newest scans of a desk, newest first.
    pub async fn scans_at(
        &self,
        _trust: &Trust,
        _desk: &Code,
        _page: Page,
    ) -> Result<Listing<ScanRecord>, StoreError> {
        todo!()
    }

    /// Movements after `cursor`, in commit order, for pages that slept.
    pub async fn events_after(
        &self,
        _trust: &Trust,
        _cursor: Cursor,
    ) -> Result<Vec<crate::live::Event>, StoreError> {
        todo!()
    }

    /// Figures for `/metrics`.
    pub async fn figures(&self, _trust: &Trust) -> Result<Figures, StoreError> {
        todo!()
    }

    /// Finishes what waits, writes the log back into the database, closes and gives the lock back.
    pub async fn stop(self) {
        todo!()
    }
}

/// A page of a list.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Page {
    /// What the page before gave as `next`.
    pub after: Option<String>,
    /// How many; the store holds it to [`MAX_PAGE`].
    pub limit: usize,
}

/// Most entries of a page.
pub const MAX_PAGE: usize = 200;

/// Whether the writer writes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Health {
    /// It does.
    Writing,
    /// It has stopped after a failed write; nothing is accepted until the program is started again.
    Stopped {
        /// What failed.
        why: String,
        /// When.
        at: Timestamp,
    },
}
