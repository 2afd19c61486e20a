//! What a session concluded from a scan, and what came of it.

use uuid::Uuid;

use super::answer::Answer;
use super::barcode::{Entry, FolderCode, PatientCode};
use super::casenote::{Sibling, VolumeBrief};
use super::making::Making;
use super::movement::{MovementId, UndoTarget};
use super::patient::Patient;
use super::place::Code;
use super::printing::LabelPrinter;
use super::question::{Asked, Verdict};
use super::refusal::Reason;
use super::scanner::ScannerId;
use super::search::{Cause, ClosedWhy, LookResult, Meant, Need, Spot};
use super::sweep::Ending;
use super::whereabouts::Present;
use super::{BatchId, PlaceId, ScanId, SearchId, StaffId, VolumeId};
use crate::clock::Timestamp;

/// Most folders that one act may move at a time: a lorry of crates.
pub const MAX_LISTED: usize = 2_000;

/// Most kept scans that one act turns into movements; those beyond stay kept, and the act is done again.
pub const MAX_KEPT: usize = 200;

/// Whether the act is happening or is told of afterwards.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Moment {
    /// It is happening: a rule may refuse it.
    Now,
    /// It has happened: the paper moved anyway, so a rule raises a question.
    Past,
}

/// The folder or container that an act is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Thing {
    /// A label just scanned.
    Label(FolderCode),
    /// A volume known already.
    Volume(VolumeId),
    /// A container.
    Container(PlaceId),
}

/// Whether a rule that stops the act has been answered with OK.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Consent {
    /// Not asked yet.
    Unasked,
    /// OK was scanned.
    Given,
}

/// What to do about a container that by the log holds something.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Holding {
    /// Stop and ask.
    Ask,
    /// It does hold that: add to it.
    Add,
    /// It was empty.
    WasEmpty,
}

/// One act at a desk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Act {
    /// A card, a badge, or what no rule about casenotes is needed for: recorded, nothing moves.
    Tell(Answer),
    /// It is here.
    Receive(Thing),
    /// It goes there.
    Send {
        /// What.
        thing: Thing,
        /// Where to.
        to: PlaceId,
        /// Whether a stop was answered.
        consent: Consent,
    },
    /// It is put on that shelf; `None`: on its own.
    File {
        /// What.
        thing: Thing,
        /// Which shelf.
        shelf: Option<PlaceId>,
        /// Whether a stop was answered.
        consent: Consent,
    },
    /// It is here; what was asked for it is refused by the desk itself.
    KeepHere {
        /// What.
        thing: Thing,
        /// Why nothing more is done with it.
        why: Reason,
    },
    /// A container is opened for packing.
    OpenContainer {
        /// Which.
        container: PlaceId,
        /// What about what it holds.
        holding: Holding,
    },
    /// It is put in there.
    Pack {
        /// What.
        thing: Thing,
        /// Into which container.
        container: PlaceId,
        /// Whether a stop was answered.
        consent: Consent,
    },
    /// A container is emptied here.
    Empty(PlaceId),
    /// All on a list go there.
    SendListed {
        /// Which, as the clerk saw them: [`MAX_LISTED`] at most.
        volumes: Vec<VolumeId>,
        /// Where to.
        to: PlaceId,
    },
    /// A shelf or room is swept from now on: a new sweep, or that of the last hours goes on.
    OpenSweep {
        /// Which.
        place: PlaceId,
        /// What was swept until now.
        left: Option<Ending>,
    },
    /// It stands there: seen in a sweep.
    See {
        /// What.
        thing: Thing,
        /// Where.
        place: PlaceId,
    },
    /// A sweep, or a stretch of it, ends.
    EndSweep(Ending),
    /// Something does not count.
    Undo(UndoTarget),
    /// Something does not count, and its folders go there instead.
    Resend {
        /// What does not count.
        target: UndoTarget,
        /// Where its folders go.
        to: PlaceId,
    },
    /// Where is it? Nothing moves.
    Ask(Sought),
    /// A folder's label is printed again. Nothing moves.
    Print {
        /// The folder.
        sought: Sought,
        /// The desk's label printer, if it has one.
        printer: Option<LabelPrinter>,
    },
    /// A librarian settles a question.
    Settle {
        /// Which.
        question: Asked,
        /// What is said.
        verdict: Verdict,
    },
    /// A librarian says on which folder an unknown label is.
    AssignLabel {
        /// One of the scans kept under the label.
        of: ScanId,
        /// The folder.
        folder: VolumeId,
        /// The kept scans that were of that folder: [`MAX_KEPT`] at most.
        kept: Vec<ScanId>,
    },
    /// A librarian says that an unknown label is on no folder.
    SetAside {
        /// One of the scans kept under the label.
        of: ScanId,
    },
    /// A folder is made up; nobody has seen it yet.
    Make(Box<Making>),
    /// A folder is not where it should be: a search for it is opened, or joined where one is open. Nothing moves.
    OpenSearch(Box<Missing>),
    /// Somebody looked for a folder. Nothing moves.
    Look {
        /// Which search.
        search: SearchId,
        /// Where.
        spot: Spot,
        /// With what result.
        result: LookResult,
    },
    /// A look was a mistake. Nothing moves.
    TakeBackLook {
        /// Which search.
        search: SearchId,
        /// The scan or act that told the look.
        look: ScanId,
    },
    /// Where a folder that was searched for really was. Nothing moves.
    TellWhere {
        /// Which search.
        search: Meant,
        /// There.
        spot: Spot,
        /// Why it was not where it should have been; none: what usually lies behind it.
        cause: Option<Cause>,
    },
    /// A manager declares a folder missing.
    Declare(SearchId),
    /// A search ends without its folder.
    CloseSearch {
        /// Which.
        search: SearchId,
        /// Why.
        why: ClosedWhy,
    },
    /// A search that had ended goes on.
    ReopenSearch(SearchId),
    /// The papers of a temporary folder are put into the original.
    Combine {
        /// The temporary folder.
        temporary: Thing,
        /// The original; none yet: only the temporary folder was scanned.
        original: Option<Thing>,
        /// Whether a stop was answered.
        consent: Consent,
    },
    /// A scanner is given to the desk by its pairing card. Nothing moves.
    Pair {
        /// Which scanner.
        scanner: Box<ScannerId>,
        /// How many of its scans were refused before.
        refused: u32,
    },
}

impl Act {
    /// The folder or container in the clerk's hand, of which something is said.
    #[expect(clippy::wildcard_enum_match_arm, reason = "no other act has one")]
    pub const fn in_hand(&self) -> Option<&Thing> {
        match self {
            Self::Receive(thing)
            | Self::Send { thing, .. }
            | Self::File { thing, .. }
            | Self::KeepHere { thing, .. }
            | Self::See { thing, .. }
            | Self::Pack { thing, .. }
            | Self::Combine { original: Some(thing), .. }
            | Self::Combine { temporary: thing, original: None, .. } => Some(thing),
            _ => None,
        }
    }
}

/// A folder that is not where it should be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Missing {
    /// Which: what was scanned, typed or chosen.
    pub sought: Sought,
    /// Who needs it.
    pub need: Need,
    /// Where somebody has just looked; none: where the log has it, or at the desk itself.
    pub looked: Option<Spot>,
    /// Whether somebody has said that it is not there either where the log has it.
    pub consent: Consent,
}

/// What a question is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Sought {
    /// One folder or container.
    Thing(Thing),
    /// A patient's folders.
    Patient(PatientCode),
}

/// Which run of a session on which boot of which machine: says whose clock and whose count a scan has.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Run {
    /// Made anew whenever the session's task starts.
    pub incarnation: Uuid,
    /// The machine's boot, where known.
    pub boot: Option<Uuid>,
}

/// The clocks of a scan.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Clocks {
    /// When it happened, by the runner: an anchored clock that does not run back.
    pub happened: Timestamp,
    /// The raw wall clock; for a scan by HTTP, what the sender claimed.
    pub wall: Timestamp,
    /// Microseconds since boot.
    pub boot_us: i64,
    /// Half the width of the interval in which it happened, in microseconds; 0 for live scans.
    pub uncertainty_us: i64,
}

/// The scan itself: everything about it but what it means.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scan {
    /// Made where it happened.
    pub id: ScanId,
    /// The desk.
    pub desk: Code,
    /// Where the desk stands.
    pub desk_place: PlaceId,
    /// The session of that desk.
    pub session: String,
    /// Which run of that session.
    pub run: Run,
    /// Which scan of that run, from 1.
    pub number: u64,
    /// The scanner that read.
    pub scanner: String,
    /// Who was signed on.
    pub person: Option<StaffId>,
    /// The batch it belongs to.
    pub batch: Option<BatchId>,
    /// Its position in the batch, from 1; 0 outside one.
    pub position: u32,
    /// When.
    pub clocks: Clocks,
    /// What was read, trimmed.
    pub text: String,
    /// The AIM identifier, if one was sent.
    pub aim: Option<String>,
    /// Scanned or typed.
    pub entry: Entry,
    /// Whether the text may name a patient; then it stands beside the log, never in it.
    pub naming: Naming,
}

/// Whether a text names a thing of ours or perhaps a patient.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Naming {
    /// A card, badge, place or container: the log may show it.
    Ours,
    /// A folder's label, if it proves to be one; otherwise it is put aside.
    Label,
    /// A patient, or nothing known: always put aside.
    Aside,
}

/// Longest stored form of a session's change, in bytes.
pub const MAX_SESSION_CHANGE: usize = 32;

/// What the session will be after the scan, in its own stored form, by how the scan is answered.
///
/// `None`: nothing changed but the position in the batch.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SessionAfter {
    /// After *accepted*, *look* or *told*.
    pub accepted: Option<Vec<u8>>,
    /// After *refused* or *stop*.
    pub refused: Option<Vec<u8>>,
}

/// One scan with the act it asks for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Command {
    /// The scan.
    pub scan: Scan,
    /// What it asks for.
    pub act: Act,
    /// Now or past.
    pub moment: Moment,
    /// What the session becomes.
    pub session: SessionAfter,
}

/// What came of a command, on disk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outcome {
    /// The scan.
    pub scan: ScanId,
    /// Recorded now, or already known with this text.
    pub novelty: Novelty,
    /// What the desk is told.
    pub answer: Answer,
    /// The movements made.
    pub movements: Vec<MovementId>,
    /// When the server learnt of it.
    pub learned_at: Timestamp,
    /// The volumes spoken of, the answer's first: the one folder, the folders asked for, or those put aside.
    pub volumes: Vec<VolumeNow>,
    /// The other volumes of the one folder's casenote.
    pub siblings: Vec<Sibling>,
    /// Whose folder it is, where its cover is to be compared.
    pub patient: Option<Patient>,
}

/// Whether a scan's id was known.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Novelty {
    /// Recorded now.
    New,
    /// Known: the stored answer is given again.
    Known,
}

/// A volume and where it is after the act.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VolumeNow {
    /// Its names.
    pub brief: VolumeBrief,
    /// Where it is.
    pub present: Present,
}

/// Why a command was not recorded.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum NotRecorded {
    /// The store takes nothing, after a failed write or until there is room on the disk: use paper slips.
    #[error("the store takes nothing: use paper slips")]
    Stopped,
    /// The queue to the writer is full: scan again.
    #[error("too many scans at once: scan again")]
    Busy,
    /// This id is known with another text.
    #[error("a scan with this id is known, with another text")]
    OtherText,
    /// A fault of ours; the number finds it in the log.
    #[error("not recorded, incident {0}")]
    Incident(Uuid),
}
