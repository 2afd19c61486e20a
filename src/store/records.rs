//! What the store answers, in domain words.

use crate::clock::Timestamp;
use crate::domain::answer::Answer;
use crate::domain::barcode;
use crate::domain::casenote::{CasenoteNumber, LabelText, Sibling, VolumeBrief};
use crate::domain::command::VolumeNow;
use crate::domain::movement::{Change, How, MovementId};
use crate::domain::patient::{Number, Patient};
use crate::domain::place::Code;
use crate::domain::printing::Folder;
use crate::domain::question::QuestionKind;
use crate::domain::search::SearchState;
use crate::domain::whereabouts::Present;
use crate::domain::{BatchId, PlaceId, ScanId, SearchId, StaffId};

/// A page of a list, and how to go on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Listing<T> {
    /// The entries.
    pub items: Vec<T>,
    /// Opaque; `None` at the end.
    pub next: Option<String>,
}

/// Everything a page about one volume shows, but its history.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VolumeRecord {
    /// Its names.
    pub brief: VolumeBrief,
    /// Its casenote's full number.
    pub casenote: CasenoteNumber,
    /// Whose it is.
    pub patient: Option<Patient>,
    /// The shelf it belongs on.
    pub home: Option<PlaceId>,
    /// Why it may not leave.
    pub hold: Option<String>,
    /// Whether only named people may send it on.
    pub restricted: bool,
    /// Where it is, read through its containers.
    pub present: Present,
    /// The container it is in, innermost.
    pub via: Option<PlaceId>,
    /// Who made the deciding movement.
    pub by: Option<StaffId>,
    /// At which desk.
    pub desk: Option<Code>,
    /// The other live volumes of the casenote, by volume number, read through their containers.
    pub siblings: Vec<Sibling>,
    /// The oldest open question about it.
    pub question: Option<QuestionRecord>,
    /// The search for it, while it is open or it is still asked where it was.
    pub search: Option<SearchBrief>,
}

/// A search as a page about its volume shows it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SearchBrief {
    /// Its name.
    pub id: SearchId,
    /// How far it has come.
    pub state: SearchState,
}

/// A volume with all that its label tells of it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Labelled {
    /// The volume.
    pub record: VolumeRecord,
    /// Whether another living patient has the same names.
    pub has_namesake: bool,
}

impl Labelled {
    /// The folder as its label shows it.
    pub fn folder(&self) -> Folder<'_> {
        let record = &self.record;
        let highest = record.siblings.iter().map(|sibling| sibling.brief.volume).max().unwrap_or(0);
        Folder {
            brief: &record.brief,
            of: highest.max(record.brief.volume),
            site: &record.casenote.site,
            patient: record.patient.as_ref(),
            has_namesake: self.has_namesake,
            home: record.home,
        }
    }
}

/// A person that was found, with their folders.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Person {
    /// Who.
    pub patient: Patient,
    /// The numbers they are known by at the hospital's sites.
    pub numbers: Vec<Number>,
    /// Their folders, by casenote and volume.
    pub folders: Vec<VolumeRecord>,
    /// Whether they have more folders than are listed here.
    pub has_more_folders: bool,
}

/// What one stage of a search found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct StageFound {
    /// Whom, in the order of the search.
    pub people: Vec<Person>,
    /// Opaque: goes on with this stage; `None` at its end.
    pub next: Option<String>,
}

/// What the stages of a search found, none what an earlier one did.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SearchFound {
    /// The one folder that the whole text names by its label or number.
    pub only: Option<LabelText>,
    /// By number or birth date.
    pub exactly: StageFound,
    /// By the beginning of a name or number.
    pub beginning: StageFound,
    /// By what is inside a name.
    pub containing: StageFound,
}

/// What something scanned names, if it names a folder or a patient.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Named {
    /// Nothing known here.
    Nothing,
    /// One folder.
    Folder(LabelText),
    /// Several folders: the label does not say which.
    Folders(Vec<Person>),
    /// A patient: all their folders. Two where merged hospitals gave one number twice.
    Patients(Vec<Person>),
}

/// An open question.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct QuestionRecord {
    /// Its name.
    pub id: String,
    /// Why.
    pub kind: QuestionKind,
}

/// One movement of a volume's history.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MovementRecord {
    /// Its name.
    pub id: MovementId,
    /// What became of it.
    pub change: Change,
    /// The container that carried it, where the movement is the container's.
    pub carried_by: Option<PlaceId>,
    /// How it is known.
    pub how: How,
    /// When it happened.
    pub happened: Timestamp,
    /// When the server learnt of it.
    pub learned_at: Timestamp,
    /// Where it was believed to be at the scan.
    pub from: Option<PlaceId>,
    /// Who.
    pub by: Option<StaffId>,
    /// At which desk; `~import` and the like for acts without a scan.
    pub desk: Code,
    /// What took it back.
    pub undone_by: Option<TakenBack>,
}

/// The scan that took a movement back.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TakenBack {
    /// Its name.
    pub scan: ScanId,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: Option<StaffId>,
    /// At which desk.
    pub desk: Code,
}

/// A list of what has to do with a place.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum PlaceList {
    /// Sent from here and not scanned anywhere since, longest first.
    Sent,
    /// Standing here, but meant for another place, longest first.
    Meant,
    /// On its way here, or standing elsewhere and meant for here, longest first.
    Coming,
    /// Here by the log, but nobody scanned the folder itself here, longest first.
    Unsure,
    /// Containers that stand here.
    Containers,
    /// Folders here, longest first.
    Here,
    /// What is in this container by the log, longest first.
    Inside,
    /// Folders here that belong elsewhere, longest first.
    Strangers,
    /// Folders that belong here and are not here.
    Gaps,
}

/// One entry of a place's list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Entry {
    /// A folder.
    Volume(Box<VolumeRecord>),
    /// A container, with all that is in it.
    Container(ContainerRecord),
}

/// Where a container is, and how much is in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ContainerRecord {
    /// The container.
    pub id: PlaceId,
    /// Where it is, read through the containers it is in.
    pub present: Present,
    /// Who made the deciding movement.
    pub by: Option<StaffId>,
    /// At which desk.
    pub desk: Option<Code>,
    /// How many things are in it by the log, directly.
    pub holds: u32,
}

/// What was packed into a container since it was last emptied, and has been scanned elsewhere since.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TakenOut {
    /// What it is, and where it is now.
    pub entry: Entry,
    /// The movement by which it was out.
    pub movement: MovementRecord,
}

/// A count that stops at a limit.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Bounded {
    /// How many were counted.
    pub count: usize,
    /// Whether there are, or may be, more.
    pub more: bool,
}

impl Bounded {
    /// What was counted of `found`, which was looked for one further than `most`.
    pub fn of(found: usize, most: usize) -> Self {
        Self { count: found.min(most), more: found > most }
    }
}

/// A list of a place as its page begins it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Beginning {
    /// Which list.
    pub list: PlaceList,
    /// How many entries it has.
    pub count: Bounded,
    /// The first of them.
    pub entries: Vec<Entry>,
}

/// How a shelf is filled.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct ShelfCount {
    /// Folders that belong there and are not gone for good.
    pub belongs: u32,
    /// Those of them that are there.
    pub there: u32,
    /// Folders that are there and belong elsewhere.
    pub strangers: u32,
}

/// One recorded scan.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ScanRecord {
    /// Its name.
    pub id: ScanId,
    /// The desk.
    pub desk: Code,
    /// The session.
    pub session: String,
    /// The scanner that read.
    pub scanner: String,
    /// Who was signed on.
    pub person: Option<StaffId>,
    /// Its batch.
    pub batch: Option<BatchId>,
    /// Its position there.
    pub position: u32,
    /// When it happened.
    pub happened: Timestamp,
    /// When the server learnt of it.
    pub learned_at: Timestamp,
    /// What was read; `None` where the text stands aside.
    pub text: Option<String>,
    /// Whether it was scanned or typed.
    pub entry: barcode::Entry,
    /// What the desk was told.
    pub answer: Answer,
    /// The session's change, in its own stored form.
    pub session_change: Option<Vec<u8>>,
    /// The movements made, by name.
    pub movements: Vec<MovementId>,
    /// Whether an undo has taken all of them back.
    pub undone: bool,
    /// The answer's volume and where it is now.
    pub volume: Option<VolumeNow>,
    /// All volumes the answer speaks of and where they are now; only for a session that goes on.
    pub volumes: Vec<VolumeNow>,
    /// The text that stands aside; only for a session that goes on.
    pub aside: Option<String>,
}

/// Figures of a running store.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Figures {
    /// Scans recorded since the start.
    pub scans: u64,
    /// Commits since the start.
    pub commits: u64,
    /// Volumes known.
    pub volumes: u64,
    /// Movements in the log.
    pub movements: u64,
    /// Bytes of the write-ahead log.
    pub wal_bytes: u64,
    /// Commands waiting for the writer.
    pub waiting: u64,
}
