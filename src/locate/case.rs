//! A case: all the evidence about one folder at one moment.

use super::cell::Cell;
use super::filing::Digits;
use super::ground::{ConsultantIx, PlaceIx};
use crate::clock::{DAY_US, Timestamp};
use crate::domain::{PlaceId, VolumeId};

/// So many movements of a folder are read, the newest: what is older says nothing of where it is.
pub const MOVES_READ: usize = 12;
/// So many appointments of a folder are read, those that last called it.
pub const APPOINTMENTS_READ: usize = 5;
/// So many members of a batch are followed: a trolley holds no more, and a search must be quick.
pub const MATES_READ: usize = 60;

/// How a movement is known, as far as it tells where the folder went.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Mode {
    /// It was scanned where it is said to be: arrived, seen, packed there, answered for.
    In,
    /// It was scanned onto its shelf: it does not wait in the returns area.
    Filed,
    /// It was sent on, or left where nobody scans, by who scanned or listed it at the station.
    Out,
    /// Nobody had it in hand: it went with its container, or another system said so.
    Carried,
}

/// One movement of a folder that counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Move {
    /// When it happened.
    pub at: Timestamp,
    /// Where it is tracked since: the destination of what was sent, the place of what arrived. A shelf is its library.
    pub to: PlaceIx,
    /// Where it was scanned: where it left, or `to`.
    pub station: PlaceIx,
    /// How it is known.
    pub mode: Mode,
}

/// An appointment (or admission) for which the folder was called.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Appointment {
    /// When it is fetched for it: the making of the pull list; at once for an admission.
    pub calls: Timestamp,
    /// Whose it is.
    pub consultant: Option<ConsultantIx>,
    /// Where it is called to: the clinic or the ward.
    pub to: Option<PlaceIx>,
}

/// A look, or a sweep, that did not find the folder.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Look {
    /// Where.
    pub cell: Cell,
    /// When.
    pub at: Timestamp,
    /// Chance that it would have been seen there; none: as usual for the place.
    pub detect: Option<f64>,
}

/// Where a library without an order of numbers may have it: boxes and shelves with codes of their own.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Boxes {
    /// The one that it was last put into.
    pub own: Option<PlaceId>,
    /// Those filed into just before and just after, in the same session.
    pub session: Vec<PlaceId>,
    /// Those whose codes stand before and after.
    pub beside: Vec<PlaceId>,
}

/// All that is known about one folder at one moment. Nothing in it is later than `now`, nor was learned later.
#[derive(Clone, PartialEq, Debug)]
pub struct Case {
    /// Which folder.
    pub volume: VolumeId,
    /// The moment.
    pub now: Timestamp,
    /// The number that its library files it by.
    pub number: Option<Digits>,
    /// The library that it belongs to.
    pub home: Option<PlaceIx>,
    /// Its movements that count, the newest last, [`MOVES_READ`] at most.
    pub moves: Vec<Move>,
    /// The appointments that have called it by now, by when they did, [`APPOINTMENTS_READ`] at most.
    pub appointments: Vec<Appointment>,
    /// Who asks for it.
    pub asking: Option<ConsultantIx>,
    /// Where the others of its last batch were next scanned, [`MATES_READ`] at most.
    pub mates: Vec<PlaceIx>,
    /// Where the others of its last container were next scanned, [`MATES_READ`] at most.
    pub crate_mates: Vec<PlaceIx>,
    /// Where the other live volumes of its casenote are, temporary ones too.
    pub siblings: Vec<PlaceIx>,
    /// Its neighbours once the batch in which it came back is sorted for filing.
    pub stack: [Option<VolumeId>; 2],
    /// Its boxes, where the library files by place.
    pub boxes: Boxes,
    /// What was looked at in vain since its last movement, sweeps too, in any order.
    pub looks: Vec<Look>,
}

impl Case {
    /// A case about which nothing is known yet.
    pub const fn new(volume: VolumeId, now: Timestamp) -> Self {
        Self {
            volume,
            now,
            number: None,
            home: None,
            moves: Vec::new(),
            appointments: Vec::new(),
            asking: None,
            mates: Vec::new(),
            crate_mates: Vec::new(),
            siblings: Vec::new(),
            stack: [None, None],
            boxes: Boxes { own: None, session: Vec::new(), beside: Vec::new() },
            looks: Vec::new(),
        }
    }
}

/// Days from `earlier` to `later`.
#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "285 years of microseconds fit a double"
)]
pub fn days(earlier: Timestamp, later: Timestamp) -> f64 {
    later.micros_since(earlier) as f64 / DAY_US as f64
}
