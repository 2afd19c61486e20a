//! Containers: where one is, what is in it, and what was taken out.

use std::collections::HashSet;

use rusqlite::{Connection, named_params};

use super::codec::{EMPTIED, Told, subject_key, told};
use super::find::{self, all};
use super::fold::is_taken_back;
use super::trouble::Res;
use super::{history, place_lists, volumes};
use crate::clock::Timestamp;
use crate::domain::PlaceId;
use crate::domain::movement::Subject;
use crate::store::records::{ContainerRecord, TakenOut};

const EMPTYINGS: &str = "SELECT t.* FROM movement_told t WHERE t.subject = :subject AND t.kind = :emptied
    ORDER BY t.happened DESC LIMIT :limit";
const PACKINGS: &str = "SELECT t.* FROM movement_told t WHERE t.kind = 5 AND t.other = :container
    AND t.happened >= :from ORDER BY t.happened DESC LIMIT :limit";
const AFTER: &str = "SELECT t.* FROM movement_told t WHERE t.subject = :subject AND t.happened >= :from
    ORDER BY t.happened LIMIT :limit";

/// Packings that are looked at, the newest: a trolley holds eighty folders, and is emptied every day.
const MAX_PACKINGS: i64 = 400;
/// Movements after its packing among which the one that took a folder out is sought: the others were taken back.
const MAX_AFTER: i64 = 32;

/// Where a container is.
pub fn record(conn: &Connection, id: PlaceId) -> Res<ContainerRecord> {
    let standing = find::standing_of(conn, Subject::Container(id))?;
    let (by, desk) = volumes::who(conn, standing.freed.or(standing.movement))?;
    let present = find::seen_through(conn, standing.present)?;
    Ok(ContainerRecord { id, present, by, desk, holds: find::count_inside(conn, id)? })
}

/// What was packed since the container was last emptied and is no longer in it, the newest packing first.
pub fn taken_out(conn: &Connection, id: PlaceId) -> Res<Vec<TakenOut>> {
    let params = named_params! {
        ":container": id.key(), ":from": last_emptied(conn, id)?.micros(), ":limit": MAX_PACKINGS,
    };
    let mut seen = HashSet::new();
    let mut found = Vec::new();
    for packed in all(conn, PACKINGS, params, told)? {
        let subject = packed.movement.subject;
        if is_taken_back(conn, &packed.movement)? || !seen.insert(subject) || is_inside(conn, subject, id)? {
            continue;
        }
        if let Some(taken) = next_counting(conn, &packed)? {
            let entry = place_lists::entry(conn, subject)?;
            found.push(TakenOut { entry, movement: history::own(conn, taken)? });
        }
    }
    Ok(found)
}

fn is_inside(conn: &Connection, subject: Subject, container: PlaceId) -> Res<bool> {
    Ok(find::standing_of(conn, subject)?.present.container == Some(container))
}

/// When the container was last emptied; before all time if never.
fn last_emptied(conn: &Connection, container: PlaceId) -> Res<Timestamp> {
    let params = named_params! {
        ":subject": subject_key(Subject::Container(container)), ":emptied": EMPTIED, ":limit": MAX_AFTER,
    };
    for emptied in all(conn, EMPTYINGS, params, told)? {
        if !is_taken_back(conn, &emptied.movement)? {
            return Ok(emptied.movement.order.happened);
        }
    }
    Ok(Timestamp::from_micros(i64::MIN))
}

/// The first movement after a packing that says where the subject is.
fn next_counting(conn: &Connection, packed: &Told) -> Res<Option<Told>> {
    let params = named_params! {
        ":subject": subject_key(packed.movement.subject),
        ":from": packed.movement.order.happened.micros(),
        ":limit": MAX_AFTER,
    };
    for told in all(conn, AFTER, params, told)? {
        let later = told.movement.order > packed.movement.order && told.movement.change.places();
        if later && !is_taken_back(conn, &told.movement)? {
            return Ok(Some(told));
        }
    }
    Ok(None)
}
