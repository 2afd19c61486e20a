//! The hospital in figures: what is counted for the front page, and the pieces it is counted from.
//!
//! The store gives pieces, each read in a short transaction of its own; `jobs::counts` folds them and publishes an
//! [`Overview`]. A piece is small so that no list waits long behind it and the write-ahead log is never held back.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::sync::watch;

use super::sqlite::reader::Kind;
use super::sqlite::{counts, kept};
use super::{Bounded, Store, StoreError, Trust};
use crate::clock::Timestamp;
use crate::domain::casenote::VolumeBrief;
use crate::domain::movement::How;
use crate::domain::place::Code;
use crate::domain::whereabouts::State;
use crate::domain::{PlaceId, VolumeId};

/// Volumes of one piece: read in about 10 ms.
pub const VOLUMES_A_PIECE: usize = 20_000;
/// Scans whose movements one piece counts: read in about 10 ms.
pub const SCANS_A_PIECE: i64 = 40_000;

/// A volume held so many days is held for long: by then every usual reason to keep it has gone.
pub const LONG_DAYS: i64 = 28;
/// Entries of each list of the longest: what fits on a screen, and what somebody can ring about in a morning.
pub const TOP: usize = 10;

/// Most refused scans that are counted: from here on it is a morning's work and more, however many there are.
pub const MAX_REFUSED: usize = 200;

/// The newest overview, if one has been counted yet, and every later one.
pub type Overviews = watch::Receiver<Option<Arc<Overview>>>;

/// The hospital in figures.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Overview {
    /// When the counting began.
    pub at: Timestamp,
    /// Where volumes are, in the order of [`Stay::ALL`].
    pub stays: Vec<(Stay, Stayers)>,
    /// Today, hour by hour.
    pub hours: Vec<HourMoves>,
    /// Volumes on their way, by how long, in the order of [`Age::ALL`].
    pub sent: Vec<(Age, u64)>,
    /// Those on their way for longest, longest first.
    pub sent_longest: Vec<OnItsWay>,
    /// Volumes held for longest outside libraries and stores, longest first.
    pub held_longest: Vec<Held>,
    /// Places outside libraries and stores that hold most volumes for long, most first.
    pub holders: Vec<Holder>,
    /// Folders that are being searched for and that somebody waits for.
    pub searches: Bounded,
    /// Folders that have turned up, and of which nobody has said where they were.
    pub turned_up: Bounded,
    /// Open questions, refused scans apart.
    pub questions: u64,
    /// Refused scans of unknown labels that wait, counted up to [`MAX_REFUSED`].
    pub refused: Bounded,
    /// When each desk's newest scan was learnt of.
    pub last_scans: HashMap<Code, Timestamp>,
}

/// What kind of place a volume is at, or what else became of it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Stay {
    /// On a shelf of a library.
    Filed,
    /// In a library, on no shelf.
    Unfiled,
    /// At a clinic.
    Clinic,
    /// On a ward.
    Ward,
    /// In an office.
    Office,
    /// With a person.
    Person,
    /// In an off-site store.
    Store,
    /// At a place of another kind.
    Elsewhere,
    /// On its way.
    OnItsWay,
    /// In a container, wherever that is.
    InContainer,
    /// Destroyed, transferred or combined.
    Gone,
    /// Never scanned and never imported to a place.
    NotYetSeen,
}

impl Stay {
    /// All, in the order in which they are shown.
    pub const ALL: [Self; 12] = [
        Self::Filed,
        Self::Unfiled,
        Self::Clinic,
        Self::Ward,
        Self::Office,
        Self::Person,
        Self::Store,
        Self::Elsewhere,
        Self::OnItsWay,
        Self::InContainer,
        Self::Gone,
        Self::NotYetSeen,
    ];
}

/// How many volumes stay somewhere.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Stayers {
    /// All of them.
    pub volumes: u64,
    /// Those of them at a place where nobody has scanned the volume itself.
    pub unconfirmed: u64,
}

/// How long a volume has been on its way.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Age {
    /// Less than 4 hours.
    Fresh,
    /// 4 to 24 hours.
    Day,
    /// One to three days.
    ThreeDays,
    /// Three to seven days.
    Week,
    /// Over a week.
    Longer,
}

impl Age {
    /// All, the shortest first.
    pub const ALL: [Self; 5] = [Self::Fresh, Self::Day, Self::ThreeDays, Self::Week, Self::Longer];
}

/// One hour of today.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HourMoves {
    /// When it begins.
    pub from: Timestamp,
    /// When it ends.
    pub to: Timestamp,
    /// Moves so far; `None` where it has not begun.
    pub moves: Option<u64>,
    /// What is usual; `None` where no earlier day is known.
    pub usual: Option<Usual>,
}

/// What is usual in an hour.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Usual {
    /// The median of the same hour on earlier days of the same weekday.
    pub moves: u64,
    /// How many days that rests on.
    pub days: usize,
}

/// A volume that was sent and has not arrived.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct OnItsWay {
    /// Its names; no patient's: this stands on screens that everybody sees.
    pub brief: VolumeBrief,
    /// Where it left.
    pub from: Option<PlaceId>,
    /// Where it should arrive.
    pub to: Option<PlaceId>,
    /// When it was sent.
    pub since: Timestamp,
}

/// A volume that is somewhere.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Held {
    /// Its names; no patient's.
    pub brief: VolumeBrief,
    /// Where.
    pub at: PlaceId,
    /// Since when.
    pub since: Timestamp,
}

/// A place that holds volumes for long.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Holder {
    /// The place.
    pub place: PlaceId,
    /// How many it holds for long.
    pub volumes: u64,
    /// Since when it holds the one it has had for longest.
    pub since: Timestamp,
}

/// Where one volume stands by its own movements.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Standing {
    /// The volume.
    pub volume: VolumeId,
    /// Its state.
    pub state: State,
    /// There; where it left.
    pub place: Option<PlaceId>,
    /// Whether somebody scanned the volume itself there.
    pub confirmed: bool,
    /// Since when.
    pub since: Timestamp,
    /// How that is known.
    pub how: Option<How>,
}

/// A point between two scans of the log: it grows with the time at which scans are learnt of.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct LogPoint(i64);

/// Where a time stands in the log.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LogTime {
    /// Before the first scan that was learnt of then or later.
    pub point: LogPoint,
    /// Whether there is such a scan. If not, what comes next may still be earlier.
    pub settled: bool,
}

/// Moves of a stretch of the log.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Moves {
    /// How many.
    pub moves: u64,
    /// How far they were counted.
    pub upto: LogPoint,
}

impl Store {
    /// Where volumes stand, by volume, from after `after`; [`VOLUMES_A_PIECE`] at most, and none at the end.
    /// Volumes that were never seen may be left out.
    pub async fn standings(
        &self,
        trust: &Trust,
        after: Option<VolumeId>,
    ) -> Result<Vec<Standing>, StoreError> {
        self.ours(trust)?;
        self.read(Kind::Unasked, "counting folders", move |conn| counts::standings(conn, after)).await
    }

    /// Where `at` stands in the log.
    pub async fn log_time(&self, trust: &Trust, at: Timestamp) -> Result<LogTime, StoreError> {
        self.ours(trust)?;
        let found =
            self.read(Kind::Single, "finding an hour", move |conn| counts::first_from(conn, at)).await?;
        Ok(LogTime { point: LogPoint(found.key), settled: found.is_there })
    }

    /// When the first scan or import was learnt of.
    pub async fn log_begins(&self, trust: &Trust) -> Result<Option<Timestamp>, StoreError> {
        self.ours(trust)?;
        self.read(Kind::Single, "finding the first scan", counts::begins).await
    }

    /// Moves between two points: scans that received, sent, filed, packed or emptied something, each folder or
    /// container once a scan. No more than [`SCANS_A_PIECE`] scans are gone through, and
    /// fewer where they moved much.
    pub async fn moves(&self, trust: &Trust, from: LogPoint, to: LogPoint) -> Result<Moves, StoreError> {
        self.ours(trust)?;
        let upto = to.0.min(from.0.saturating_add(SCANS_A_PIECE)).max(from.0);
        let count = move |conn: &_| counts::moves(conn, from.0, upto);
        let (moves, upto) = self.read(Kind::Unasked, "counting moves", count).await?;
        Ok(Moves { moves, upto: LogPoint(upto) })
    }

    /// When each desk's newest scan was learnt of.
    pub async fn last_scans(&self, trust: &Trust) -> Result<HashMap<Code, Timestamp>, StoreError> {
        self.ours(trust)?;
        self.read(Kind::List, "finding the desks' last scans", counts::last_scans).await
    }

    /// How many refused scans of unknown labels wait, counted up to [`MAX_REFUSED`].
    pub async fn refused_scans(&self, trust: &Trust) -> Result<Bounded, StoreError> {
        self.ours(trust)?;
        let count = |conn: &_| kept::count_labels(conn, MAX_REFUSED);
        self.read(Kind::List, "counting refused scans", count).await
    }

    /// How many questions are open, refused scans apart.
    pub async fn open_questions(&self, trust: &Trust) -> Result<u64, StoreError> {
        self.ours(trust)?;
        self.read(Kind::List, "counting questions", counts::open_questions).await
    }
}
