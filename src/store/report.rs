//! What had been learnt by the end of a day: the pieces that figures of missing notes are made from.
//!
//! Scans' keys grow with the time at which they are learnt of. So what was known at a moment is what scans up to one key
//! say: that key is found by halving, and what has come since is left out by it. A piece is small, so that no list waits
//! long behind it and the write-ahead log is never held back; what is kept between pieces is the caller's.

pub mod asking;

use super::sqlite::reader::Kind;
use super::sqlite::report;
use super::{Store, StoreError, Trust};
use crate::domain::VolumeId;
use crate::domain::directory::Directory;
use crate::domain::missing::Followed;
use crate::domain::missing::found::Outcome;
use crate::domain::missing::period::Span;
use crate::domain::missing::sharing::Visit;

/// Volumes of one piece: some 20 µs each for one that did not move in the period.
pub const VOLUMES_A_PIECE: usize = 500;
/// Scans whose arrivals one piece looks at: read in about 10 ms.
pub const SCANS_A_PIECE: i64 = 2_000;

/// What had been learnt by the beginning and by the end of a span.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Learnt {
    /// The span.
    pub span: Span,
    /// The key of the last scan that was learnt of before it began; 0: there was none.
    pub(in crate::store) before: i64,
    /// The key of the last one before it ended.
    pub(in crate::store) upto: i64,
}

/// Volumes in the order of their keys.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Volumes {
    /// How each stood.
    pub followed: Vec<Followed>,
    /// The last that was looked at; `None`: there are no more.
    pub last: Option<VolumeId>,
}

/// Arrivals in the order in which they were learnt.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Visits {
    /// What came where.
    pub visits: Vec<Visit>,
    /// How far the log was looked at; `None`: to its end.
    pub upto: Option<Reached>,
}

/// How far the log was looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reached(pub(in crate::store) i64);

impl Store {
    /// What had been learnt by the beginning and by the end of `span`.
    pub async fn learnt(&self, trust: &Trust, span: Span) -> Result<Learnt, StoreError> {
        self.ours(trust)?;
        self.read(Kind::Single, "finding the end of a day", move |conn| report::learnt(conn, span)).await
    }

    /// The places as they were at the beginning and at the end of the span.
    pub async fn places_then(
        &self,
        trust: &Trust,
        learnt: Learnt,
    ) -> Result<(Directory, Directory), StoreError> {
        self.ours(trust)?;
        let read = move |conn: &_| {
            Ok((report::places_then(conn, learnt.before)?, report::places_then(conn, learnt.upto)?))
        };
        self.read(Kind::Unasked, "reading how places were", read).await
    }

    /// How volumes stood through the span, those after `after`: [`VOLUMES_A_PIECE`] at most.
    pub async fn followed(
        &self,
        trust: &Trust,
        learnt: Learnt,
        after: Option<VolumeId>,
    ) -> Result<Volumes, StoreError> {
        self.ours(trust)?;
        let read = move |conn: &_| report::followed(conn, learnt, after);
        self.read(Kind::Unasked, "reading how folders stood", read).await
    }

    /// Which folders came where in the span, from where it was looked at before: [`SCANS_A_PIECE`] scans at most, and
    /// fewer where they moved much.
    pub async fn visits(
        &self,
        trust: &Trust,
        learnt: Learnt,
        after: Option<Reached>,
    ) -> Result<Visits, StoreError> {
        self.ours(trust)?;
        let read = move |conn: &_| report::visits(conn, learnt, after);
        self.read(Kind::Unasked, "reading which folders came where", read).await
    }

    /// What came of the searches that ended in the span with their folder; `None`: nobody has said where it was.
    pub async fn outcomes(&self, trust: &Trust, learnt: Learnt) -> Result<Vec<Option<Outcome>>, StoreError> {
        self.ours(trust)?;
        let read = move |conn: &_| report::outcomes(conn, learnt);
        self.read(Kind::Unasked, "reading what came of searches", read).await
    }
}
