//! What is chased before anyone asks, as pages show it.

use std::collections::HashMap;
use std::sync::Arc;

use rusqlite::Connection;

use super::records::VolumeRecord;
use super::sqlite::chase::{self, DueMark, Judge, PlacesMark};
use super::sqlite::reader::Kind;
use super::{Listing, Page, Store, StoreError, Trust};
use crate::clock::Timestamp;
use crate::domain::chase::{ChaseList, Doubt, Usual, UsualTime};
use crate::domain::clinic_list::Call;
use crate::domain::{PlaceId, VolumeId};

/// A folder that somebody should ask after.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Chased {
    /// Where to ask: its destination, who holds it, or the clinic.
    pub at: PlaceId,
    /// Which.
    pub folder: VolumeRecord,
    /// Why.
    pub why: Why,
}

/// Why somebody should ask after a folder.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Why {
    /// It was sent, and has not arrived in the usual time.
    NotArrived(UsualTime),
    /// It is held longer than such a place keeps folders.
    HeldLong,
    /// Its appointment has passed.
    Passed(Call),
    /// It is called for, and probably not where the log has it.
    Doubted(Call, Doubt),
}

/// A place, and since when at the latest something there is chased.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reach {
    /// The place.
    pub place: PlaceId,
    /// What is there since later is not asked after.
    pub until: Timestamp,
}

/// What a page of a list is made from.
#[derive(Clone, Debug)]
pub struct ChaseAsked {
    /// Which list.
    pub list: ChaseList,
    /// The places that are walked, in their order: of *sent* the destinations, of *held* the holders.
    pub places: Vec<Reach>,
    /// The appointments that are walked: from when to when.
    pub span: (Timestamp, Timestamp),
    /// How long ways take.
    pub usual: Arc<Usual>,
    /// Folders with a low chance of being where the log has them, and that chance.
    pub unlikely: Arc<HashMap<VolumeId, f64>>,
    /// Now.
    pub now: Timestamp,
}

/// A folder that came where it was sent.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Transit {
    /// Where it was sent from.
    pub from: PlaceId,
    /// Where to.
    pub to: PlaceId,
    /// How long it was on its way, in microseconds.
    pub took_us: i64,
}

/// A piece of what was learnt of ways.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Arrivals {
    /// The arrivals.
    pub transits: Vec<Transit>,
    /// The movement up to which the log was read.
    pub upto: i64,
    /// Whether that was its end.
    pub is_last: bool,
}

impl Store {
    /// A page of a list of what is chased. A page looks at a bounded number of rows: it may hold fewer than it could,
    /// and none, and still go on.
    pub async fn chase(
        &self,
        trust: &Trust,
        asked: ChaseAsked,
        page: Page,
    ) -> Result<Listing<Chased>, StoreError> {
        self.ours(trust)?;
        let limit = page.held();
        let after = page.after.as_deref().map(numbers).transpose()?;
        let directory = self.directory().borrow().clone();
        let read = move |conn: &Connection| {
            let judge = Judge {
                directory: &directory,
                usual: &asked.usual,
                unlikely: &asked.unlikely,
                now: asked.now,
            };
            let place_mark = after.map(|(place, since, subject)| PlacesMark {
                place,
                since,
                subject: subject.unwrap_or(0),
            });
            let due_mark = after.map(|(starts_at, key, _)| DueMark { starts_at, key });
            let told_places = |mark: PlacesMark| format!("{}.{}.{}", mark.place, mark.since, mark.subject);
            let told_due = |mark: DueMark| format!("{}.{}", mark.starts_at, mark.key);
            Ok(match asked.list {
                ChaseList::Sent => {
                    let (items, next) = chase::sent(conn, &judge, &asked.places, place_mark, limit)?;
                    Listing { items, next: next.map(told_places) }
                }
                ChaseList::Held => {
                    let (items, next) = chase::held(conn, &asked.places, place_mark, limit)?;
                    Listing { items, next: next.map(told_places) }
                }
                ChaseList::Passed => {
                    let (items, next) = chase::passed(conn, &judge, asked.span, due_mark, limit)?;
                    Listing { items, next: next.map(told_due) }
                }
                ChaseList::Coming => {
                    let (items, next) = chase::coming(conn, &judge, asked.span, due_mark, limit)?;
                    Listing { items, next: next.map(told_due) }
                }
            })
        };
        self.read(Kind::List, "listing what is chased", read).await
    }

    /// The next arrivals of the log after a movement; without one, those of the last weeks.
    pub async fn arrivals(&self, trust: &Trust, after: Option<i64>) -> Result<Arrivals, StoreError> {
        self.ours(trust)?;
        self.read(Kind::Unasked, "learning how long ways take", move |conn| chase::arrivals(conn, after))
            .await
    }
}

/// Two or three numbers with dots between.
fn numbers(cursor: &str) -> Result<(i64, i64, Option<i64>), StoreError> {
    let parts: Vec<i64> = cursor
        .split('.')
        .map(|part| part.parse().map_err(|_| StoreError::BadCursor))
        .collect::<Result<_, _>>()?;
    match *parts.as_slice() {
        [one, two] => Ok((one, two, None)),
        [one, two, three] => Ok((one, two, Some(three))),
        _ => Err(StoreError::BadCursor),
    }
}
