//! What searching for a folder reads: what the log teaches of folders' ways, and all that is known of one folder.
//!
//! Both can be asked for as of an earlier scan, and then say to the letter what they would have said then: a search's
//! outcome teaches with what was known when the search was opened.

use rusqlite::Connection;

use super::sqlite::reader::Kind;
use super::sqlite::{evidence, feed, legs};
use super::{MovementRecord, Store, StoreError, Trust, VolumeRecord};
use crate::clock::Timestamp;
use crate::domain::leg::Leg;
use crate::domain::patient::Number;
use crate::domain::search::Search;
use crate::domain::{PlaceId, VolumeId};

/// Scans of one piece of what the log teaches: read in about 20 ms, so that no list waits long behind it.
pub const SCANS_A_LESSON: i64 = 1_000;
/// Legs of a folder that are read: what is older says nothing of where it is.
pub const LEGS_READ: usize = 12;
/// Members of a batch, or of what was in one container, that are read: a trolley holds no more that matter.
pub const MATES_READ: usize = 60;
/// Folders of one patient that are known beside a plan: a long life has a dozen. Of a patient with more the rest is not told.
pub const MAX_FOLDERS: usize = 60;

/// An appointment of a patient, as far as it calls folders.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Called {
    /// When it begins.
    pub starts_at: Timestamp,
    /// Where.
    pub clinic: PlaceId,
    /// Whose it is.
    pub consultant: Option<Consultant>,
}

/// A consultant as lists name them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Consultant {
    /// The store's number for the name.
    pub word: i64,
    /// The name.
    pub name: String,
}

/// One step of a folder as it was known when it was learnt.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Passage {
    /// The step.
    pub leg: Leg,
    /// When the server learnt of it.
    pub learned_at: Timestamp,
    /// The step before, by what was known then.
    pub before: Option<Leg>,
    /// The newest appointments that had called the folder or were about to, by what was known then, oldest first.
    pub called: Vec<Called>,
}

/// What a scan teaches.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Lesson {
    /// A folder went a step.
    Passed(Passage),
    /// What was told of a step does not count.
    TakenBack {
        /// What was told.
        passage: Passage,
        /// When that was learnt.
        learned_at: Timestamp,
    },
    /// A search ended: it was said where the folder was.
    Found {
        /// The search, as it stood then.
        search: Box<Search>,
        /// The scan that opened it: what was known then is what its outcome teaches.
        opened: i64,
        /// When the outcome was learnt.
        learned_at: Timestamp,
    },
}

/// A piece of what the log teaches.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Taught {
    /// The lessons, each with the key of its scan, in order.
    pub lessons: Vec<(i64, Lesson)>,
    /// The scan up to which the log is told.
    pub upto: i64,
    /// Whether that is the newest.
    pub is_all: bool,
}

/// A step with what it was part of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stage {
    /// The step.
    pub leg: Leg,
    /// Whether it was one of a batch.
    pub in_batch: bool,
}

/// A folder that went with another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mate {
    /// Which.
    pub volume: VolumeId,
    /// Its casenote's number.
    pub number: Number,
    /// The step that it went with the other.
    pub with: Leg,
    /// Its next step, if it has gone one.
    pub next: Option<Leg>,
}

/// What is known of one folder.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Evidence {
    /// Which.
    pub volume: VolumeId,
    /// Its casenote's number.
    pub number: Number,
    /// The shelf it belongs on.
    pub home: Option<PlaceId>,
    /// Its steps, the newest first, [`LEGS_READ`] at most.
    pub stages: Vec<Stage>,
    /// The others of the batch of its newest own step, in the order of their scans.
    pub mates: Vec<Mate>,
    /// The others of the batch in which it was last scanned at a library or its shelves, in the order of their scans.
    pub returned_with: Vec<Mate>,
    /// What was in its last container with it.
    pub crate_mates: Vec<Mate>,
    /// The newest step of each other live volume of its casenote.
    pub siblings: Vec<Leg>,
    /// The newest appointments that have called it or are about to, oldest first.
    pub called: Vec<Called>,
    /// The rooms that were swept whole since its newest step, and when.
    pub swept: Vec<(PlaceId, Timestamp)>,
}

/// Of which moment what is known of a folder is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Moment {
    /// When it is: appointments call folders by it.
    pub now: Timestamp,
    /// The last scan that is known; none: all.
    pub as_of: Option<i64>,
}

/// Everything on one screen that somebody looks at who searches for a folder.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct WholeSet {
    /// The folder.
    pub record: VolumeRecord,
    /// All other folders of its patient, those of other numbers and temporary ones too.
    pub folders: Vec<VolumeRecord>,
    /// The numbers by which the patient is known at the hospital's sites.
    pub numbers: Vec<Number>,
    /// Its newest movements.
    pub movements: Vec<MovementRecord>,
    /// The folders scanned just before and just after it in its last batch.
    pub neighbours: Vec<VolumeRecord>,
    /// The patient's next appointment.
    pub next_appointment: Option<Called>,
}

impl Store {
    /// What the scans after `after` teach of folders' ways, [`SCANS_A_LESSON`] scans at most and fewer where they moved much. `after` is 0 at the
    /// beginning, then what came as `upto`.
    pub async fn taught(&self, trust: &Trust, after: i64) -> Result<Taught, StoreError> {
        self.ours(trust)?;
        let read = move |conn: &Connection| feed::after(conn, after, SCANS_A_LESSON);
        self.read(Kind::Unasked, "reading what the log teaches", read).await
    }

    /// What is known of a folder at a moment. None: no such folder.
    /// `libraries` are the places at which a returned folder is scanned.
    pub async fn evidence(
        &self,
        trust: &Trust,
        volume: VolumeId,
        moment: Moment,
        libraries: Vec<PlaceId>,
    ) -> Result<Option<Evidence>, StoreError> {
        self.ours(trust)?;
        let read = move |conn: &Connection| {
            let known = legs::Known::with(moment.as_of.unwrap_or(evidence::NOW));
            evidence::of(conn, volume, (known, moment.now), &libraries)
        };
        self.read(Kind::Single, "reading what is known of a folder", read).await
    }

    /// Everything that is shown beside a plan. None: no such folder.
    pub async fn whole_set(
        &self,
        trust: &Trust,
        volume: VolumeId,
        now: Timestamp,
    ) -> Result<Option<WholeSet>, StoreError> {
        self.ours(trust)?;
        let read = move |conn: &Connection| evidence::whole_set(conn, volume, now);
        self.read(Kind::List, "reading the whole set of a folder", read).await
    }

    /// The numbers that the volumes after `after` are filed by, with the shelf each belongs on, by volume, and none at
    /// the end.
    pub async fn filed_numbers(
        &self,
        trust: &Trust,
        after: Option<VolumeId>,
    ) -> Result<Vec<(VolumeId, Number, Option<PlaceId>)>, StoreError> {
        self.ours(trust)?;
        let read = move |conn: &Connection| evidence::filed_numbers(conn, after);
        self.read(Kind::Unasked, "reading the order of the shelves", read).await
    }
}
