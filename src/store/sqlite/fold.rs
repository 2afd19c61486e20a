//! The domain's fold over what the log holds of one subject.

use rusqlite::{Connection, Row, named_params};
use uuid::Uuid;

use super::codec::{EMPTIED, Standing, Told, subject_key, told, undo_target, uuid};
use super::find;
use super::trouble::Res;
use crate::domain::movement::{Change, Movement, Subject, UndoTarget};
use crate::domain::whereabouts::{freed, is_undone, newest_two, present};
use crate::domain::{BatchId, PlaceId};

const NEWEST: &str =
    "SELECT t.* FROM movement_told t WHERE t.subject = :subject ORDER BY t.happened DESC, t.key DESC";
pub const TARGETS: &str = "SELECT target, what FROM undo WHERE target IN (:scan, :batch)";
const EMPTYINGS: &str = "SELECT t.* FROM movement_told t WHERE t.subject = :container AND t.happened >= :from
    AND t.kind = :emptied ORDER BY t.happened, t.key";
const CONTENTS: &str = "SELECT subject FROM whereabouts WHERE packed_in = :container AND state = 3
    UNION ALL SELECT subject FROM whereabouts WHERE packed_in = :container AND freed IS NOT NULL";

/// The undo targets in the log that name `movement`.
pub fn targets(conn: &Connection, movement: &Movement) -> Res<Vec<UndoTarget>> {
    targets_naming(conn, movement.id.scan.uuid(), movement.batch.map(BatchId::uuid))
}

/// The undo targets in the log that name a scan or its batch.
pub fn targets_naming(conn: &Connection, scan: Uuid, batch: Option<Uuid>) -> Res<Vec<UndoTarget>> {
    let batch = batch.unwrap_or(scan);
    let params = named_params! {":scan": scan.as_bytes(), ":batch": batch.as_bytes()};
    find::all(conn, TARGETS, params, |row: &Row<'_>| {
        Ok(undo_target(uuid(row.get(0)?), row.get::<_, i64>(1)? == 1))
    })
}

/// Whether the log takes `movement` back.
pub fn is_taken_back(conn: &Connection, movement: &Movement) -> Res<bool> {
    Ok(is_undone(movement, &targets(conn, movement)?))
}

/// Where a subject stands by the log; `without`, as if that target were taken back too.
pub fn fold(conn: &Connection, subject: Subject, without: Option<UndoTarget>) -> Res<Standing> {
    let (counting, newest) = newest_counting(conn, subject, without)?;
    let (first, second) = newest_two(counting.iter().map(|told| &told.movement), |_| false);
    let key = first.and_then(|first| counting.iter().find(|told| told.movement.id == first.id));
    let standing = Standing {
        present: present(first, second),
        packed_in: first.and_then(packed_in),
        movement: key.map(|told| told.key),
        freed: None,
        newest,
        uncertainty_us: first.map_or(0, |first| first.uncertainty_us),
    };
    match first {
        Some(first) => freed_standing(conn, standing, first),
        None => Ok(standing),
    }
}

/// The newest two movements of a subject that count, newest first.
pub fn deciding(conn: &Connection, subject: Subject) -> Res<(Option<Told>, Option<Told>)> {
    let (mut counting, _) = newest_counting(conn, subject, None)?;
    let (first, second) = newest_two(counting.iter().map(|told| &told.movement), |_| false);
    let (first, second) = (first.map(|first| first.id), second.map(|second| second.id));
    let mut take =
        |id| counting.iter().position(|told| Some(told.movement.id) == id).map(|at| counting.swap_remove(at));
    Ok((take(first), take(second)))
}

/// The movements among which the newest two that count are, and when the newest of all happened.
fn newest_counting(
    conn: &Connection,
    subject: Subject,
    without: Option<UndoTarget>,
) -> Res<(Vec<Told>, Option<crate::clock::Timestamp>)> {
    let mut statement = conn.prepare_cached(NEWEST)?;
    let mut rows = statement.query(named_params! {":subject": subject_key(subject)})?;
    let mut counting: Vec<Told> = Vec::new();
    let mut newest = None;
    while let Some(row) = rows.next()? {
        let told = told(row)?;
        let happened = told.movement.order.happened;
        newest = newest.or(Some(happened));
        // Equal times are ordered by desk, run and number: all of the second's time are wanted.
        if counting.get(1).is_some_and(|second| happened < second.movement.order.happened) {
            break;
        }
        let without = without.is_some_and(|target| told.movement.is_undone_by(target));
        if told.movement.change.places() && !without && !is_taken_back(conn, &told.movement)? {
            counting.push(told);
        }
    }
    Ok((counting, newest))
}

/// The container that a movement puts its subject into.
pub fn packed_in(movement: &Movement) -> Option<PlaceId> {
    if let Change::Packed { container, .. } = movement.change { Some(container) } else { None }
}

/// `standing`, whose deciding movement is `deciding`, once its container's first emptying after that counts.
pub fn freed_standing(conn: &Connection, standing: Standing, deciding: &Movement) -> Res<Standing> {
    let Some(container) = packed_in(deciding) else { return Ok(standing) };
    let Some(emptied) = first_emptying(conn, container, deciding)? else { return Ok(standing) };
    Ok(Standing { present: freed(standing.present, &emptied.movement), freed: Some(emptied.key), ..standing })
}

/// The first movement after `packed` that emptied the container.
fn first_emptying(conn: &Connection, container: PlaceId, packed: &Movement) -> Res<Option<Told>> {
    let mut statement = conn.prepare_cached(EMPTYINGS)?;
    let mut rows = statement.query(named_params! {
        ":container": subject_key(Subject::Container(container)),
        ":from": packed.order.happened.micros(),
        ":emptied": EMPTIED,
    })?;
    let mut first: Option<Told> = None;
    while let Some(row) = rows.next()? {
        let emptied = told(row)?;
        let later = |found: &Told| found.movement.order.happened < emptied.movement.order.happened;
        if first.as_ref().is_some_and(later) {
            break;
        }
        let after = emptied.movement.order > packed.order;
        let sooner = first.as_ref().is_none_or(|found| emptied.movement.order < found.movement.order);
        if after && sooner && !is_taken_back(conn, &emptied.movement)? {
            first = Some(emptied);
        }
    }
    Ok(first)
}

/// What was packed into a container last and is in it, or was freed when it was emptied.
pub fn contents(conn: &Connection, container: PlaceId) -> Res<Vec<i64>> {
    find::all(conn, CONTENTS, named_params! {":container": container.key()}, |row| Ok(row.get(0)?))
}
