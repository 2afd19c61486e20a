//! Movements: what a scan changed for one volume or one container. Added, never changed.

use std::fmt;

use uuid::Uuid;

use super::place::Code;
use super::{BatchId, PlaceId, ScanId, VolumeId};
use crate::clock::Timestamp;

/// What moved.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Subject {
    /// One folder.
    Volume(VolumeId),
    /// One crate, trolley, box or bag, with all that is in it.
    Container(PlaceId),
}

/// Why a volume is no longer ours to move.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum GoneWhy {
    /// Lawfully destroyed.
    Destroyed,
    /// Transferred to another organisation.
    Transferred,
    /// A temporary volume whose papers now lie in the original.
    Combined,
}

impl GoneWhy {
    /// The word used in files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Destroyed => "destroyed",
            Self::Transferred => "transferred",
            Self::Combined => "combined",
        }
    }
}

/// What an undo takes back: all movements of one scan or of one batch but implied arrivals, those learnt later included.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum UndoTarget {
    /// One scan.
    Scan(ScanId),
    /// One batch.
    Batch(BatchId),
}

/// What became of the subject.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Change {
    /// Scanned in at a place; `meant_for` another, if its leg goes on.
    Arrived {
        /// Where it is.
        at: PlaceId,
        /// Where it still has to go.
        meant_for: Option<PlaceId>,
    },
    /// On its way.
    Sent {
        /// Where it left.
        from: PlaceId,
        /// Where it should arrive.
        to: PlaceId,
    },
    /// Left at a place where nobody scans.
    LeftAt {
        /// The place.
        at: PlaceId,
    },
    /// Put on a shelf.
    Filed {
        /// The shelf.
        shelf: PlaceId,
    },
    /// Put into a container.
    Packed {
        /// Where that was done.
        at: PlaceId,
        /// The container.
        container: PlaceId,
    },
    /// A container was emptied; all packed before and not scanned since is at this place.
    Emptied {
        /// The place.
        at: PlaceId,
    },
    /// Seen standing at a place.
    Seen {
        /// The place.
        at: PlaceId,
    },
    /// Seen at a place though recorded as gone; it stays gone until a librarian answers.
    SeenGone {
        /// The place.
        at: PlaceId,
        /// How it went, by the log.
        why: GoneWhy,
    },
    /// Destroyed, transferred or combined.
    Gone {
        /// Where it was last.
        at: Option<PlaceId>,
        /// Which of the three.
        why: GoneWhy,
    },
    /// An earlier scan or batch does not count.
    Undone(UndoTarget),
    /// A librarian settled a question: it is at this place, or stays gone.
    Answered {
        /// The place; none: it is not yet seen.
        at: Option<PlaceId>,
    },
}

impl Change {
    /// The word of the outward interfaces.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Arrived { .. } => "arrived",
            Self::Sent { .. } => "sent",
            Self::LeftAt { .. } => "left-at",
            Self::Filed { .. } => "filed",
            Self::Packed { .. } => "packed",
            Self::Emptied { .. } => "emptied",
            Self::Seen { .. } | Self::SeenGone { .. } => "seen",
            Self::Gone { .. } => "gone",
            Self::Undone(_) => "undone",
            Self::Answered { .. } => "answered",
        }
    }

    /// The place the subject is at, or bound for, once this has happened.
    pub const fn ends_at(self) -> Option<PlaceId> {
        match self {
            Self::Arrived { at, .. }
            | Self::LeftAt { at }
            | Self::Packed { at, .. }
            | Self::Emptied { at }
            | Self::Seen { at }
            | Self::SeenGone { at, .. } => Some(at),
            Self::Sent { to, .. } => Some(to),
            Self::Filed { shelf } => Some(shelf),
            Self::Gone { at, .. } | Self::Answered { at } => at,
            Self::Undone(_) => None,
        }
    }

    /// Whether this says anything about where the subject is.
    pub const fn places(self) -> bool {
        !matches!(self, Self::Undone(_))
    }
}

/// How a movement is known, from the surest to the weakest.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum How {
    /// The thing itself was scanned.
    Scanned,
    /// It stood on a list that somebody confirmed.
    Listed,
    /// It was in a container that was scanned.
    Carried,
    /// Another system said so.
    Imported,
    /// It follows from something else.
    Inferred,
}

impl How {
    /// Every way, in the order of the store's numbers.
    pub const ALL: [Self; 5] = [Self::Scanned, Self::Listed, Self::Carried, Self::Imported, Self::Inferred];

    /// The word of the outward interfaces.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Scanned => "scanned",
            Self::Listed => "listed",
            Self::Carried => "carried",
            Self::Imported => "imported",
            Self::Inferred => "inferred",
        }
    }
}

/// Whether a movement was asked for or had to be so for the asked one to happen.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Role {
    /// What the scan was for.
    Asked,
    /// An arrival that the asked movement proves; an undo leaves it standing.
    Implied,
}

/// A movement as it is decided, before it has a time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NewMovement {
    /// What moved.
    pub subject: Subject,
    /// What became of it.
    pub change: Change,
    /// How it is known.
    pub how: How,
    /// Asked for, or implied.
    pub role: Role,
}

/// The outward name of a movement: its scan and its place among that scan's movements.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MovementId {
    /// The scan that made it.
    pub scan: ScanId,
    /// Its index there, from 0.
    pub index: u32,
}

/// `<scan>-<index>`, e.g. `018f…-0`.
impl fmt::Display for MovementId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.scan, self.index)
    }
}

impl fmt::Debug for MovementId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// The one order of movements, the same wherever and whenever they were learnt.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Order {
    /// When it happened.
    pub happened: Timestamp,
    /// The desk that scanned.
    pub desk: Code,
    /// Which run of that desk's session.
    pub incarnation: Uuid,
    /// Which scan of that run.
    pub number: u64,
    /// Which movement of that scan.
    pub index: u32,
}

/// A recorded movement, as the fold reads it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Movement {
    /// Its outward name.
    pub id: MovementId,
    /// The batch of its scan.
    pub batch: Option<BatchId>,
    /// What moved.
    pub subject: Subject,
    /// What became of it.
    pub change: Change,
    /// How it is known.
    pub how: How,
    /// Asked for, or implied.
    pub role: Role,
    /// Its place in the one order.
    pub order: Order,
    /// Half the width of the interval in which it happened, in microseconds.
    pub uncertainty_us: i64,
}

impl Movement {
    /// Whether an undo of `target` takes this movement back.
    pub fn is_undone_by(&self, target: UndoTarget) -> bool {
        let named = match target {
            UndoTarget::Scan(scan) => scan == self.id.scan,
            UndoTarget::Batch(batch) => Some(batch) == self.batch,
        };
        named && self.role == Role::Asked && self.change.places()
    }
}

/// When a live scan's movement happened: the runner's time, after everything known of the subject, never after `learned_at`.
pub fn happened_live(
    runner: Timestamp,
    newest_of_subject: Option<Timestamp>,
    learned_at: Timestamp,
) -> Timestamp {
    let after_newest = newest_of_subject.map_or(runner, |newest| runner.max(newest.plus_micros(1)));
    after_newest.min(learned_at)
}
