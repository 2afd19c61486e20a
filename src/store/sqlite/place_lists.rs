//! The lists of a place: each goes on by its mark, and reads a bounded number of rows a page whatever stands there.

use rusqlite::{Connection, Row, named_params};

use super::codec::subject_of;
use super::containers;
use super::find::one;
use super::lists::{BEGINNING, Mark};
use super::trouble::{Res, Trouble};
use super::volumes::{self, Siblings};
use crate::domain::PlaceId;
use crate::domain::movement::Subject;
use crate::store::records::{Beginning, Bounded, Entry, PlaceList};

const SENT: &str = "SELECT since, subject, 1 FROM whereabouts WHERE place = :place AND state = 2
    AND (since, subject) > (:since, :subject) AND since <= :until ORDER BY since, subject LIMIT :limit";
const MEANT: &str =
    "SELECT since, subject, 1 FROM whereabouts INDEXED BY whereabouts_meant WHERE place = :place
    AND state = 1 AND towards IS NOT NULL AND (since, subject) > (:since, :subject) AND since <= :until
    ORDER BY since, subject LIMIT :limit";
const COMING: &str =
    "SELECT since, subject, 1 FROM whereabouts WHERE towards = :place AND towards IS NOT NULL
    AND (since, subject) > (:since, :subject) AND since <= :until ORDER BY since, subject LIMIT :limit";
const UNSURE: &str = "SELECT since, subject, 1 FROM whereabouts INDEXED BY whereabouts_unsure WHERE place = :place
    AND state = 1 AND confirmed = 0 AND (subject & 1) = 0 AND (since, subject) > (:since, :subject) AND since <= :until
    ORDER BY since, subject LIMIT :limit";
const HERE: &str =
    "SELECT since, subject, (subject & 1) = 0 FROM whereabouts WHERE place = :place AND state = 1
    AND (since, subject) > (:since, :subject) AND since <= :until ORDER BY since, subject LIMIT :limit";
const INSIDE: &str = "SELECT since, subject, 1 FROM whereabouts WHERE packed_in = :place AND state = 3
    AND (since, subject) > (:since, :subject) AND since <= :until ORDER BY since, subject LIMIT :limit";
const STRANGERS: &str = "SELECT w.since, w.subject, v.home IS NOT :place FROM whereabouts w
    CROSS JOIN volume v ON v.key = w.subject >> 1 WHERE w.place = :place AND w.state = 1 AND (w.subject & 1) = 0
    AND (w.since, w.subject) > (:since, :subject) AND w.since <= :until ORDER BY w.since, w.subject LIMIT :limit";
const CONTAINERS: &str = "SELECT 0, subject, 1 FROM whereabouts INDEXED BY whereabouts_containers
    WHERE place = :place AND state = 1 AND (subject & 1) = 1 AND subject > :subject
    ORDER BY subject LIMIT :limit";
/// States from 4 on are gone for good: what is gone is missed by nobody.
const GAPS: &str =
    "SELECT 0, v.key << 1, w.state IS NULL OR (w.state < 4 AND (w.state <> 1 OR w.place <> :place))
    FROM volume v LEFT JOIN whereabouts w ON w.subject = v.key << 1
    WHERE v.home = :place AND v.home IS NOT NULL AND v.key > :subject >> 1 ORDER BY v.key LIMIT :limit";
const LEARNED: &str = "SELECT happened + learned_off FROM scan WHERE key = (SELECT max(key) FROM scan)";

/// Rows that one page looks at. A list that is a choice among what stands here gives fewer than a page once these
/// are through, and goes on from there: the library store of a region holds half a million.
const MAX_LOOKED: usize = 2_000;
/// A count of a list stops here: beyond it a clerk needs "many", not a figure.
pub const MAX_COUNTED: usize = 200;

/// Where a list of a place goes on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PlaceMark {
    /// Nothing that happened later is listed, so that what moves while somebody pages is not listed twice.
    until: i64,
    /// The last row that was looked at.
    last: Mark,
}

impl PlaceMark {
    /// Reads what [`PlaceMark::told`] wrote.
    pub fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '.').map(str::parse);
        let mut next = || parts.next()?.ok();
        let (until, since, subject) = (next()?, next()?, next()?);
        Some(Self { until, last: Mark { since, subject } })
    }

    /// The mark as one text.
    pub fn told(self) -> String {
        format!("{}.{}.{}", self.until, self.last.since, self.last.subject)
    }
}

/// What a list goes by.
enum By {
    /// The time, then the subject.
    Time,
    /// The subject.
    Subject,
}

const fn statement(list: PlaceList) -> (&'static str, By) {
    match list {
        PlaceList::Sent => (SENT, By::Time),
        PlaceList::Meant => (MEANT, By::Time),
        PlaceList::Coming => (COMING, By::Time),
        PlaceList::Unsure => (UNSURE, By::Time),
        PlaceList::Here => (HERE, By::Time),
        PlaceList::Inside => (INSIDE, By::Time),
        PlaceList::Strangers => (STRANGERS, By::Time),
        PlaceList::Containers => (CONTAINERS, By::Subject),
        PlaceList::Gaps => (GAPS, By::Subject),
    }
}

/// A page of a place's list.
pub fn page(
    conn: &Connection,
    place: PlaceId,
    list: PlaceList,
    after: Option<PlaceMark>,
    limit: usize,
) -> Res<(Vec<Entry>, Option<PlaceMark>)> {
    let after = match after {
        Some(after) => after,
        None => beginning(conn)?,
    };
    let (subjects, next) = walk(conn, place, list, after, limit)?;
    Ok((entries(conn, &subjects)?, next))
}

/// How each of a place's lists begins: its count and its first `limit` entries.
pub fn beginnings(
    conn: &Connection,
    place: PlaceId,
    lists: &[PlaceList],
    limit: usize,
) -> Res<Vec<Beginning>> {
    let start = beginning(conn)?;
    let mut found = Vec::with_capacity(lists.len());
    for list in lists.iter().copied() {
        let (mut subjects, next) = walk(conn, place, list, start, MAX_COUNTED)?;
        let count = Bounded { count: subjects.len(), more: next.is_some() };
        subjects.truncate(limit);
        found.push(Beginning { list, count, entries: entries(conn, &subjects)? });
    }
    Ok(found)
}

/// How many folders and containers stand at each of these places.
pub fn counts(conn: &Connection, places: &[PlaceId]) -> Res<Vec<Bounded>> {
    let start = beginning(conn)?;
    let count = |place: &PlaceId| {
        let (subjects, next) = walk(conn, *place, PlaceList::Here, start, MAX_COUNTED)?;
        Ok(Bounded { count: subjects.len(), more: next.is_some() })
    };
    places.iter().map(count).collect()
}

/// From the first row to what is known by now.
fn beginning(conn: &Connection) -> Res<PlaceMark> {
    let until = one(conn, LEARNED, [], |row| Ok(row.get(0)?))?.unwrap_or(i64::MAX);
    Ok(PlaceMark { until, last: BEGINNING })
}

/// The next subjects of a list, and where to go on.
fn walk(
    conn: &Connection,
    place: PlaceId,
    list: PlaceList,
    after: PlaceMark,
    limit: usize,
) -> Res<(Vec<Subject>, Option<PlaceMark>)> {
    let (sql, by) = statement(list);
    let mut statement = conn.prepare_cached(sql)?;
    let most = i64::try_from(MAX_LOOKED).unwrap_or(i64::MAX).saturating_add(1);
    let (place, subject) = (place.key(), after.last.subject);
    let mut rows = match by {
        By::Time => statement.query(named_params! {
            ":place": place, ":since": after.last.since, ":subject": subject, ":until": after.until, ":limit": most,
        })?,
        By::Subject => {
            statement.query(named_params! {":place": place, ":subject": subject, ":limit": most})?
        }
    };
    let mut found = Vec::new();
    let mut looked = 0;
    let mut reached = after.last;
    while let Some(row) = rows.next()? {
        let (mark, belongs) = read(row)?;
        if looked == MAX_LOOKED || (belongs && found.len() == limit) {
            return Ok((found, Some(PlaceMark { last: reached, ..after })));
        }
        (looked, reached) = (looked + 1, mark);
        if belongs {
            found.push(subject_of(mark.subject));
        }
    }
    Ok((found, None))
}

fn read(row: &Row<'_>) -> Res<(Mark, bool)> {
    Ok((Mark { since: row.get(0)?, subject: row.get(1)? }, row.get(2)?))
}

fn entries(conn: &Connection, subjects: &[Subject]) -> Res<Vec<Entry>> {
    subjects.iter().map(|subject| entry(conn, *subject)).collect()
}

/// A subject as a list shows it.
pub fn entry(conn: &Connection, subject: Subject) -> Res<Entry> {
    match subject {
        Subject::Volume(id) => {
            let found = volumes::by_id(conn, id, Siblings::Omitted)?;
            Ok(Entry::Volume(Box::new(found.ok_or(Trouble::Broken("a subject without its volume"))?)))
        }
        Subject::Container(id) => containers::record(conn, id).map(Entry::Container),
    }
}
