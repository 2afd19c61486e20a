//! The database behind domain words. Nothing outside this room knows which database it is.

pub mod asked;
pub mod backup;
pub mod chase;
pub mod clinic_lists;
pub mod copy;
pub mod error;
pub mod export;
pub mod first_load;
pub mod folder;
pub mod load;
pub mod locating;
mod making;
pub mod overview;
mod pairings;
pub mod printing;
pub mod records;
pub mod report;
pub mod retention;
pub mod searches;
pub mod space;
mod sqlite;
pub mod story;
pub mod sweeps;
pub mod verify;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot, watch};

use crate::clock::{Clock, Timestamp};
use crate::domain::asked::{Asked, Stage};
use crate::domain::casenote::LabelText;
use crate::domain::command::{Command, NotRecorded, Outcome, Sought};
use crate::domain::directory::Directory;
use crate::domain::import::{FileDigest, Piece, PieceMark, RowResult};
use crate::domain::movement::Subject;
use crate::domain::place::Code;
use crate::domain::question::QuestionName;
use crate::domain::{PlaceId, ScanId, VolumeId};
use crate::live::{Cursor, Live};
use sqlite::found::{self, FolderMark, PersonMark};
use sqlite::lists::{self, Mark};
use sqlite::place_lists::PlaceMark;
use sqlite::reader::Kind;
use sqlite::running::{self, Running};
use sqlite::trouble::Trouble;
use sqlite::writer::{Noted, PieceJob};
use sqlite::{
    containers, follow, history, place_lists, questions, scanners, scans, sendings, shelves, volumes,
};

pub use self::verify::VerifyReport;
pub use backup::{Manifest, back_up, restore};
pub use error::StoreError;
pub use pairings::{MAX_PAIRINGS, pairings_in};
pub use records::*;
pub use searches::*;
pub use space::{Floors, Level, Room};
pub use sqlite::export::{Export, QuestionsMark, WhereaboutsMark};
pub use sqlite::found::PEOPLE_A_STAGE;
pub use sqlite::verify::{Verification, verify};
pub use sqlite::{bulk, floor, floor_rows};

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
#[derive(Clone)]
pub struct Store(Arc<Running>);

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Store({})", self.0.trust.0)
    }
}

impl Store {
    /// Takes the lock on the data folder, migrates if needed (a copy first), starts the threads.
    pub fn open(options: Options) -> Result<Self, StoreError> {
        Self::open_above(Floors::NONE, options)
    }

    /// [`Store::open`], and keeps room free on the disk: see [`space`].
    pub fn open_above(floors: Floors, options: Options) -> Result<Self, StoreError> {
        Ok(Self(Arc::new(running::start(options, floors)?)))
    }

    /// Opens the data of a folder for reading only, beside whoever writes; never migrates. Its writer is stopped
    /// from the beginning.
    pub fn open_reading(
        dir: &std::path::Path,
        trust: &Trust,
        desks: &[DeskStand],
    ) -> Result<Self, StoreError> {
        Ok(Self(Arc::new(running::start_reading(dir, trust, desks)?)))
    }

    /// Where desks send their commands.
    pub fn commands(&self) -> mpsc::Sender<Submission> {
        self.0.commands.clone()
    }

    /// Where pages and machines send theirs: they go after the desks' scans.
    pub fn forms(&self) -> mpsc::Sender<Submission> {
        self.0.forms.clone()
    }

    /// The directory, and every later one.
    pub fn directory(&self) -> watch::Receiver<Arc<Directory>> {
        self.0.directory.clone()
    }

    /// Whether the writer writes; becomes `Stopped` once and for all after a failed write.
    pub fn health(&self) -> watch::Receiver<Health> {
        self.0.health.clone()
    }

    /// The room on the disk, as it was at most a second ago.
    pub fn room(&self) -> Room {
        *self.0.room.borrow()
    }

    /// Applies one piece of an import; the results are in the order of its rows.
    pub async fn import(&self, trust: &Trust, piece: Piece) -> Result<Vec<RowResult>, StoreError> {
        self.piece(trust, piece, Noted::Nothing).await
    }

    /// The same for a piece of a file; that it is applied is noted with it, so that the import can go on after a stop.
    pub async fn import_noted(
        &self,
        trust: &Trust,
        piece: Piece,
        mark: PieceMark,
    ) -> Result<Vec<RowResult>, StoreError> {
        self.piece(trust, piece, Noted::Applied(mark)).await
    }

    /// What [`Store::import`] would answer now; nothing is written. A piece knows nothing of those rehearsed before.
    pub async fn rehearse(&self, trust: &Trust, piece: Piece) -> Result<Vec<RowResult>, StoreError> {
        self.piece(trust, piece, Noted::Rehearsed).await
    }

    /// Forgets how far a file came: all of it is applied.
    pub async fn import_ended(&self, trust: &Trust, file: FileDigest) -> Result<(), StoreError> {
        let nothing = Piece::Staff(Vec::new());
        self.piece(trust, nothing, Noted::Ended(file)).await.map(|_| ())
    }

    async fn piece(&self, trust: &Trust, piece: Piece, noted: Noted) -> Result<Vec<RowResult>, StoreError> {
        self.ours(trust)?;
        let (reply, answer) = oneshot::channel();
        self.0.pieces.send(PieceJob { piece, noted, reply }).await.map_err(|_| StoreError::Stopped)?;
        answer.await.map_err(|_| StoreError::Stopped)?
    }

    /// The volume with this label.
    pub async fn volume(&self, trust: &Trust, label: &LabelText) -> Result<Option<VolumeRecord>, StoreError> {
        self.ours(trust)?;
        let label = label.clone();
        self.read(Kind::Single, "looking a volume up", move |conn| volumes::by_label(conn, &label)).await
    }

    /// A volume's movements, newest first, its containers' joined in while it was inside; `after` goes on.
    pub async fn movements(
        &self,
        trust: &Trust,
        volume: VolumeId,
        page: Page,
    ) -> Result<Listing<MovementRecord>, StoreError> {
        self.ours(trust)?;
        let after = page.after.as_deref().map(number).transpose()?;
        let limit = page.held();
        let read = move |conn: &Connection| history::movements(conn, volume, after, limit);
        let (items, next) = self.read(Kind::List, "reading a history", read).await?;
        Ok(Listing { items, next: next.map(|key| key.to_string()) })
    }

    /// What is at a place: directly, in containers there, or on its way there. Ordered by the time it has been there.
    pub async fn volumes_at(
        &self,
        trust: &Trust,
        place: PlaceId,
        page: Page,
    ) -> Result<Listing<VolumeRecord>, StoreError> {
        self.ours(trust)?;
        let after = match page.after.as_deref().map(pair).transpose()? {
            Some((since, subject)) => Mark { since, subject },
            None => lists::BEGINNING,
        };
        let limit = page.held();
        let read = move |conn: &Connection| lists::volumes_at(conn, place, after, limit);
        let (items, next) = self.read(Kind::List, "listing a place", read).await?;
        Ok(Listing { items, next: next.map(|mark| format!("{}.{}", mark.since, mark.subject)) })
    }

    /// A page of one of a place's lists.
    pub async fn place_list(
        &self,
        trust: &Trust,
        place: PlaceId,
        list: PlaceList,
        page: Page,
    ) -> Result<Listing<Entry>, StoreError> {
        self.ours(trust)?;
        let after = page.after.as_deref().map(|text| PlaceMark::read(text).ok_or(StoreError::BadCursor));
        let (after, limit) = (after.transpose()?, page.held());
        let read = move |conn: &Connection| place_lists::page(conn, place, list, after, limit);
        let (items, next) = self.read(Kind::List, "listing a place", read).await?;
        Ok(Listing { items, next: next.map(PlaceMark::told) })
    }

    /// How these lists of a place begin: a bounded count, and the first `limit` entries of each.
    pub async fn place_beginnings(
        &self,
        trust: &Trust,
        place: PlaceId,
        lists: &'static [PlaceList],
        limit: usize,
    ) -> Result<Vec<Beginning>, StoreError> {
        self.ours(trust)?;
        let limit = limit.min(MAX_PAGE);
        let read = move |conn: &Connection| place_lists::beginnings(conn, place, lists, limit);
        self.read(Kind::List, "listing a place", read).await
    }

    /// How many folders stand at each of these places, each count bounded.
    pub async fn counts_at(&self, trust: &Trust, places: Vec<PlaceId>) -> Result<Vec<Bounded>, StoreError> {
        self.ours(trust)?;
        let read = move |conn: &Connection| place_lists::counts(conn, &places);
        self.read(Kind::List, "counting places", read).await
    }

    /// Where a container is, and what was taken out of it since it was last emptied.
    pub async fn container(
        &self,
        trust: &Trust,
        id: PlaceId,
    ) -> Result<(ContainerRecord, Vec<TakenOut>), StoreError> {
        self.ours(trust)?;
        let read =
            move |conn: &Connection| Ok((containers::record(conn, id)?, containers::taken_out(conn, id)?));
        self.read(Kind::List, "looking into a container", read).await
    }

    /// How one shelf is filled: reads the entries of two indexes, as many as the shelf has folders.
    pub async fn shelf_count(&self, trust: &Trust, place: PlaceId) -> Result<ShelfCount, StoreError> {
        self.ours(trust)?;
        self.read(Kind::List, "counting a shelf", move |conn| shelves::count(conn, place)).await
    }

    /// The folders that a search finds, stage after stage: those that the text names by number first.
    pub async fn search(
        &self,
        trust: &Trust,
        asked: &Asked,
        page: Page,
    ) -> Result<Listing<VolumeRecord>, StoreError> {
        self.ours(trust)?;
        let after = page.after.as_deref().map(FolderMark::read).transpose()?;
        let (asked, limit) = (asked.clone(), page.held());
        let read = move |conn: &Connection| found::folders(conn, &asked, after, limit);
        let (items, next) = self.read(Kind::List, "searching", read).await?;
        Ok(Listing { items, next: next.map(|mark| mark.to_string()) })
    }

    /// The people that a search finds: the first [`PEOPLE_A_STAGE`] of each stage.
    pub async fn people(&self, trust: &Trust, asked: &Asked) -> Result<SearchFound, StoreError> {
        self.ours(trust)?;
        let asked = asked.clone();
        self.read(Kind::List, "searching", move |conn| found::people(conn, &asked)).await
    }

    /// The next people of a stage; `after` is what it gave as `next`.
    pub async fn people_after(
        &self,
        trust: &Trust,
        asked: &Asked,
        stage: Stage,
        after: &str,
    ) -> Result<StageFound, StoreError> {
        self.ours(trust)?;
        let (asked, after) = (asked.clone(), PersonMark::read(after)?);
        self.read(Kind::List, "searching", move |conn| found::people_after(conn, &asked, stage, after)).await
    }

    /// What a label or a patient's number names, as a desk would look it up; nothing is recorded.
    pub async fn named(&self, trust: &Trust, sought: &Sought) -> Result<Named, StoreError> {
        self.ours(trust)?;
        let (sought, directory) = (sought.clone(), self.0.directory.borrow().clone());
        let read = move |conn: &Connection| found::named(conn, &directory, &sought);
        self.read(Kind::Single, "looking a label up", read).await
    }

    /// A recorded scan with its stored answer.
    pub async fn scan(&self, trust: &Trust, id: ScanId) -> Result<Option<ScanRecord>, StoreError> {
        self.ours(trust)?;
        self.read(Kind::Single, "looking a scan up", move |conn| scans::scan(conn, id)).await
    }

    /// The rows from which a session goes on after a restart, oldest first: its last open act and the 30 minutes before.
    pub async fn session(
        &self,
        trust: &Trust,
        desk: &Code,
        session: &str,
    ) -> Result<Vec<ScanRecord>, StoreError> {
        self.ours(trust)?;
        let (desk, session) = (desk.clone(), session.to_owned());
        self.read(Kind::List, "reading a session", move |conn| scans::session(conn, &desk, &session)).await
    }

    /// Names and whereabouts of these volumes, in this order, unknown ones left out.
    pub async fn volumes(&self, trust: &Trust, ids: &[VolumeId]) -> Result<Vec<VolumeRecord>, StoreError> {
        self.ours(trust)?;
        let ids = ids.to_vec();
        self.read(Kind::Single, "looking volumes up", move |conn| volumes::by_ids(conn, &ids)).await
    }

    /// The newest scans of a desk, newest first.
    pub async fn scans_at(
        &self,
        trust: &Trust,
        desk: &Code,
        page: Page,
    ) -> Result<Listing<ScanRecord>, StoreError> {
        self.ours(trust)?;
        let before = page.after.as_deref().map(number).transpose()?;
        let (desk, limit) = (desk.clone(), page.held());
        let read = move |conn: &Connection| scans::scans_at(conn, &desk, before, limit);
        let (items, next) = self.read(Kind::List, "listing a desk's scans", read).await?;
        Ok(Listing { items, next: next.map(|key| key.to_string()) })
    }

    /// What waits for a librarian, what hurts most first: one of two places, gone but seen, containers in each other,
    /// against a rule, unknown labels.
    pub async fn questions(&self, trust: &Trust, page: Page) -> Result<Listing<asked::Question>, StoreError> {
        self.ours(trust)?;
        let mark = match page.after.as_deref().map(pair).transpose()? {
            Some((stage, key)) => questions::Mark { stage, key },
            None => questions::BEGINNING,
        };
        let (limit, directory) = (page.held(), self.0.directory.borrow().clone());
        let read = move |conn: &Connection| questions::list(conn, &directory, mark, limit);
        let (items, next) = self.read(Kind::List, "listing questions", read).await?;
        Ok(Listing { items, next: next.map(|mark| format!("{}.{}", mark.stage, mark.key)) })
    }

    /// One question, also once it is settled.
    pub async fn question(
        &self,
        trust: &Trust,
        name: &QuestionName,
    ) -> Result<Option<asked::Question>, StoreError> {
        self.ours(trust)?;
        let (name, directory) = (name.clone(), self.0.directory.borrow().clone());
        let read = move |conn: &Connection| questions::question(conn, &directory, &name);
        self.read(Kind::List, "reading a question", read).await
    }

    /// The folder with this label, else those with exactly this casenote or hospital number and volume.
    pub async fn folders_named(
        &self,
        trust: &Trust,
        text: &str,
        volume: Option<u32>,
    ) -> Result<Vec<VolumeRecord>, StoreError> {
        self.ours(trust)?;
        let text = text.to_owned();
        let read = move |conn: &Connection| questions::folders(conn, &text, volume);
        self.read(Kind::Single, "looking folders up", read).await
    }

    /// The scanners that often send what is no label, the worst first.
    pub async fn lying_scanners(
        &self,
        trust: &Trust,
        now: Timestamp,
    ) -> Result<Vec<asked::LyingScanner>, StoreError> {
        self.ours(trust)?;
        self.read(Kind::List, "judging scanners", move |conn| scanners::lying(conn, now)).await
    }

    /// To which places the newest scans of a desk sent folders, and how often; in no order.
    pub async fn sent_from(&self, trust: &Trust, desk: &Code) -> Result<Vec<(PlaceId, u32)>, StoreError> {
        self.ours(trust)?;
        let desk = desk.clone();
        self.read(Kind::List, "looking where a desk sends", move |conn| sendings::of_desk(conn, &desk)).await
    }

    /// Movements and what happened to searches after `cursor`, in commit order, for pages that slept: [`crate::live::MAX_BEHIND`] and one at most,
    /// so that a reader that gets them all knows to reload. A cursor of another epoch is [`StoreError::BadCursor`].
    pub async fn events_after(
        &self,
        trust: &Trust,
        cursor: Cursor,
    ) -> Result<Vec<crate::live::Event>, StoreError> {
        self.ours(trust)?;
        let directory = self.0.directory.borrow().clone();
        let read = move |conn: &Connection| {
            let known = history::epoch(conn)? == cursor.epoch;
            known.then(|| history::events_after(conn, &directory, cursor)).transpose()
        };
        self.read(Kind::List, "reading events", read).await?.ok_or(StoreError::BadCursor)
    }

    /// Where the log stands.
    pub async fn newest(&self, trust: &Trust) -> Result<Cursor, StoreError> {
        self.ours(trust)?;
        self.read(Kind::Single, "looking where the log stands", follow::newest).await
    }

    /// The barcodes of these volumes, unknown ones left out.
    pub async fn barcodes(
        &self,
        trust: &Trust,
        volumes: Vec<VolumeId>,
    ) -> Result<Vec<(VolumeId, LabelText)>, StoreError> {
        self.ours(trust)?;
        let read = move |conn: &Connection| follow::barcodes(conn, &volumes);
        self.read(Kind::Single, "looking barcodes up", read).await
    }

    /// The containers outwards of each of `subjects`, the innermost first.
    pub async fn carriers(
        &self,
        trust: &Trust,
        subjects: Vec<Subject>,
    ) -> Result<Vec<(Subject, Vec<PlaceId>)>, StoreError> {
        self.ours(trust)?;
        let read = move |conn: &Connection| follow::carriers(conn, &subjects);
        self.read(Kind::Single, "looking for containers", read).await
    }

    /// Figures for `/metrics`.
    pub async fn figures(&self, trust: &Trust) -> Result<Figures, StoreError> {
        self.ours(trust)?;
        let volumes = self.read(Kind::Single, "counting volumes", volumes::count).await?;
        let counters = &self.0.counters;
        let waiting = self.0.commands.max_capacity() - self.0.commands.capacity();
        Ok(Figures {
            scans: counters.scans.load(Ordering::Relaxed),
            commits: counters.commits.load(Ordering::Relaxed),
            volumes,
            movements: counters.movements.load(Ordering::Relaxed),
            wal_bytes: counters.wal_bytes.load(Ordering::Relaxed),
            waiting: u64::try_from(waiting).unwrap_or(u64::MAX),
        })
    }

    /// Finishes what waits, writes the log back into the database, closes and gives the lock back.
    pub async fn stop(self) {
        self.0.stop().await;
    }

    fn ours(&self, trust: &Trust) -> Result<(), StoreError> {
        if *trust == self.0.trust {
            return Ok(());
        }
        Err(StoreError::Foreign(format!("the data are of {}, not of {}", self.0.trust.0, trust.0)))
    }

    async fn read<T: Send + 'static>(
        &self,
        kind: Kind,
        doing: &'static str,
        read: impl FnOnce(&Connection) -> Result<T, Trouble> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.0.readers.read(kind, doing, read).await
    }
}

fn number(cursor: &str) -> Result<i64, StoreError> {
    cursor.parse().map_err(|_| StoreError::BadCursor)
}

fn pair(cursor: &str) -> Result<(i64, i64), StoreError> {
    let (one, other) = cursor.split_once('.').ok_or(StoreError::BadCursor)?;
    Ok((number(one)?, number(other)?))
}

/// A page of a list.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Page {
    /// What the page before gave as `next`.
    pub after: Option<String>,
    /// How many; the store holds it to [`MAX_PAGE`].
    pub limit: usize,
}

impl Page {
    /// The limit, held to what a page may have.
    fn held(&self) -> usize {
        self.limit.clamp(1, MAX_PAGE)
    }
}

/// Most entries of a page.
pub const MAX_PAGE: usize = 200;

/// Whether the writer writes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Health {
    /// It does.
    Writing,
    /// It takes nothing until there is more room on the disk, then goes on by itself.
    Full {
        /// Since when.
        at: Timestamp,
    },
    /// It has stopped after a failed write; nothing is accepted until the program is started again.
    Stopped {
        /// What failed.
        why: String,
        /// When.
        at: Timestamp,
    },
}
