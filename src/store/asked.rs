//! What a librarian is asked, as the store tells it.

use super::records::{Bounded, VolumeRecord};
use crate::clock::Timestamp;
use crate::domain::movement::Change;
use crate::domain::place::Code;
use crate::domain::question::{QuestionKind, QuestionName};
use crate::domain::whereabouts::Present;
use crate::domain::{PlaceId, QuestionId, ScanId, StaffId};

/// Most scans of one unknown label that are counted: beyond that it is simply very many.
pub const MAX_COUNTED: usize = 1_000;
/// A scanner is listed from so many bad reads on: fewer are a day's chance.
pub const LIES_AT_LEAST: u32 = 5;
/// … and from one bad read in so many of its scans on: a good scanner misses fewer than one in a hundred.
pub const LIES_ONE_IN: u32 = 50;
/// Days of scans that speak for or against a scanner.
pub const LIES_WITHIN_DAYS: i64 = 7;

/// One thing that only a person can settle.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Question {
    /// At which of two places?
    Order(Order),
    /// A scan raised it.
    Raised(Raised),
    /// Which folder is this label on?
    Label(Label),
}

impl Raised {
    /// Its name.
    pub const fn name(&self) -> QuestionName {
        QuestionName::Raised { scan: self.sighting.scan, question: self.question }
    }
}

/// What a question is about.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum About {
    /// A folder.
    Volume(Box<VolumeRecord>),
    /// A container.
    Container(PlaceId),
}

/// At which of two places something is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Order {
    /// What.
    pub about: About,
    /// Where it is, as it stands.
    pub present: Present,
    /// The two movements that contradict each other, the later by the clocks first; fewer once it is settled.
    pub sightings: Vec<Sighting>,
}

/// A question that a scan raised.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Raised {
    /// Which.
    pub question: QuestionId,
    /// Why.
    pub kind: QuestionKind,
    /// Whether nobody has settled it yet.
    pub is_open: bool,
    /// The scan.
    pub sighting: Sighting,
    /// Where it was scanned last, if that was since: what is recorded as gone raises no second question.
    pub seen_since: Option<Sighting>,
    /// The folder, if it is about one.
    pub volume: Option<VolumeRecord>,
    /// The containers that the scan spoke of.
    pub containers: Vec<PlaceId>,
}

/// An unknown label with the scans kept under it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Label {
    /// Its newest kept scan, which names it: the text may name a patient and stands in no address.
    pub newest: ScanId,
    /// What was read.
    pub text: String,
    /// How many scans are kept and not settled, counted up to [`MAX_COUNTED`].
    pub count: Bounded,
    /// The newest of them, newest first.
    pub sightings: Vec<Sighting>,
    /// The folder that it names by now.
    pub known: Option<VolumeRecord>,
    /// Whether it names several folders, so that it can never name one alone.
    pub named_several: bool,
    /// Folders whose number is exactly what the label says; only told with the one label.
    pub candidates: Vec<VolumeRecord>,
}

/// One scan as a question tells it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sighting {
    /// The scan.
    pub scan: ScanId,
    /// The desk.
    pub desk: Code,
    /// Where the thing is if this scan is right.
    pub place: Option<PlaceId>,
    /// What it moved, if it moved anything.
    pub change: Option<Change>,
    /// When it happened.
    pub happened: Timestamp,
    /// When the server learnt of it.
    pub learned_at: Timestamp,
    /// How far the desk's clock may have been out either way, in microseconds.
    pub uncertainty_us: i64,
    /// Who was signed on.
    pub by: Option<StaffId>,
}

/// A scanner that often sends what is no label.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LyingScanner {
    /// The desk.
    pub desk: Code,
    /// The scanner.
    pub scanner: String,
    /// Its bad reads.
    pub bad: u32,
    /// Those and its good ones.
    pub all: u32,
    /// When it last sent one.
    pub last: Timestamp,
}

impl LyingScanner {
    /// Whether that is more than chance.
    pub const fn lies(&self) -> bool {
        self.bad >= LIES_AT_LEAST && self.bad.saturating_mul(LIES_ONE_IN) >= self.all
    }
}
