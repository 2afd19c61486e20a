//! Where one volume or container was, for whoever had learnt up to a scan: the domain's fold over no more than that.

use rusqlite::{Connection, Row, named_params};

use super::super::codec::{EMPTIED, Told, movement_key, subject_key, told, undo_target, uuid};
use super::super::find::all;
use super::super::fold::packed_in;
use super::super::trouble::Res;
use crate::clock::Timestamp;
use crate::domain::missing::{Leg, Stood};
use crate::domain::movement::{Change, How, Movement, Subject};
use crate::domain::whereabouts::{MAX_NESTING, Present, State, after, freed, is_undone};
use crate::domain::{BatchId, PlaceId};

// The key is no reason to go through the log: the subject's own movements are few.
const NEWEST: &str = "SELECT t.* FROM movement_told t WHERE t.subject = :subject AND +t.key < :end
    ORDER BY t.happened DESC, t.key DESC";
const EMPTYINGS: &str = "SELECT t.* FROM movement_told t WHERE t.subject = :container AND t.happened >= :from
    AND +t.key < :end AND t.kind = :emptied ORDER BY t.happened, t.key";
const TARGETS: &str = "SELECT target, what FROM undo WHERE target IN (:scan, :batch) AND scan <= :upto";

/// Furthest that a chain of containers is walked: late acts may nest deeper than the rule allows.
const MAX_CHAIN: usize = 4 * MAX_NESTING;

/// Where something was.
#[derive(Clone, Copy, Default)]
pub struct Then {
    /// Where, by its own movements and its container's emptying.
    pub present: Present,
    /// The container of its deciding movement, also once that was emptied.
    pub packed_in: Option<PlaceId>,
    /// When the newest scan of the thing itself happened that counts.
    pub seen: Option<Timestamp>,
    /// Whether it had been left where nobody scans.
    pub is_left: bool,
}

/// Where `subject` was for whoever had learnt up to the scan with this key.
pub fn then(conn: &Connection, subject: Subject, upto: i64) -> Res<Then> {
    let (deciding, seen) = deciding(conn, subject, upto)?;
    let Some(deciding) = deciding else { return Ok(Then { seen, ..Then::default() }) };
    let stands = after(&deciding);
    let present = match packed_in(&deciding) {
        Some(container) => match first_emptying(conn, container, &deciding, upto)? {
            Some(emptied) => freed(stands, &emptied),
            None => stands,
        },
        None => stands,
    };
    let is_left = matches!(deciding.change, Change::LeftAt { .. }) && deciding.how != How::Imported;
    Ok(Then { present, packed_in: packed_in(&deciding), seen, is_left })
}

/// The newest movement that counts, and when the newest scan that counts happened.
fn deciding(conn: &Connection, subject: Subject, upto: i64) -> Res<(Option<Movement>, Option<Timestamp>)> {
    let mut statement = conn.prepare_cached(NEWEST)?;
    let params = named_params! {":subject": subject_key(subject), ":end": movement_key(upto + 1, 0)};
    let mut rows = statement.query(params)?;
    let (mut newest, mut seen): (Option<Movement>, Option<Timestamp>) = (None, None);
    while let Some(row) = rows.next()? {
        let Told { movement, .. } = told(row)?;
        let happened = movement.order.happened;
        // Equal times are ordered by desk, run and number: all of the newest's time are wanted.
        let is_older = newest.as_ref().is_some_and(|newest| happened < newest.order.happened);
        if is_older && seen.is_some() {
            break;
        }
        if !movement.change.places() || is_taken_back(conn, &movement, upto)? {
            continue;
        }
        if movement.how == How::Scanned {
            seen = seen.or(Some(happened));
        }
        if newest.as_ref().is_none_or(|newest| newest.order < movement.order) {
            newest = Some(movement);
        }
    }
    Ok((newest, seen))
}

/// Whether an undo that was learnt up to this scan takes `movement` back.
pub fn is_taken_back(conn: &Connection, movement: &Movement, upto: i64) -> Res<bool> {
    let scan = movement.id.scan.uuid();
    let batch = movement.batch.map_or(scan, BatchId::uuid);
    let params = named_params! {":scan": scan.as_bytes(), ":batch": batch.as_bytes(), ":upto": upto};
    let targets = all(conn, TARGETS, params, |row: &Row<'_>| {
        Ok(undo_target(uuid(row.get(0)?), row.get::<_, i64>(1)? == 1))
    })?;
    Ok(is_undone(movement, &targets))
}

/// The first movement after `packed` that emptied the container.
fn first_emptying(
    conn: &Connection,
    container: PlaceId,
    packed: &Movement,
    upto: i64,
) -> Res<Option<Movement>> {
    let params = named_params! {
        ":container": subject_key(Subject::Container(container)),
        ":from": packed.order.happened.micros(),
        ":end": movement_key(upto + 1, 0),
        ":emptied": EMPTIED,
    };
    let mut first: Option<Movement> = None;
    for Told { movement, .. } in all(conn, EMPTYINGS, params, told)? {
        let is_after = movement.order > packed.order;
        let is_sooner = first.as_ref().is_none_or(|first| movement.order < first.order);
        if is_after && is_sooner && !is_taken_back(conn, &movement, upto)? {
            first = Some(movement);
        }
    }
    Ok(first)
}

/// How a volume stood that was so by its own movements: what it is packed in takes it along.
pub fn through_containers(conn: &Connection, own: &Then, upto: i64) -> Res<Stood> {
    let mut stood = Stood {
        is_gone: matches!(own.present.state, State::Gone(_)),
        is_left: own.is_left,
        leg: leg(&own.present),
        seen: own.seen,
        ..Stood::default()
    };
    let mut passed: Vec<PlaceId> = Vec::new();
    let mut next = own.present.container;
    while let Some(container) = next.filter(|next| passed.len() < MAX_CHAIN && !passed.contains(next)) {
        let carrier = then(conn, Subject::Container(container), upto)?;
        stood.leg = leg(&carrier.present);
        stood.is_left = carrier.is_left;
        stood.seen = stood.seen.max(carrier.seen);
        passed.push(container);
        next = carrier.present.container;
    }
    Ok(stood)
}

fn leg(present: &Present) -> Option<Leg> {
    let is_on_its_way = present.state == State::OnItsWay;
    let leg = (present.since?, present.place?, present.to?);
    is_on_its_way.then_some(Leg { since: leg.0, from: leg.1, to: leg.2 })
}
