//! A volume's history: its own movements, and its containers' while it was inside.

use rusqlite::{Connection, Row, named_params};

use super::codec::{Told, subject_key, told, unsigned, uuid};
use super::find::{all, one};
use super::fold::{self, packed_in};
use super::trouble::{Res, Trouble};
use crate::clock::Timestamp;
use crate::domain::directory::Directory;
use crate::domain::movement::{Movement, Order, Subject, UndoTarget};
use crate::domain::whereabouts::MAX_NESTING;
use crate::domain::{BatchId, PlaceId, ScanId, StaffId, VolumeId};
use crate::live::{Cursor, Event};
use crate::store::records::{MovementRecord, TakenBack};

const OWN: &str =
    "SELECT t.* FROM movement_told t WHERE t.subject = :subject ORDER BY t.happened DESC LIMIT :limit";
const BETWEEN: &str =
    "SELECT t.* FROM movement_told t WHERE t.subject = :subject AND t.happened BETWEEN :from AND :to
    ORDER BY t.happened DESC LIMIT :limit";
const UNDONE_BY: &str = "SELECT u.key, u.target, u.what, s.id, s.happened, s.person, d.code FROM undo u
    CROSS JOIN scan s ON s.key = u.scan CROSS JOIN run r ON r.key = s.run
    CROSS JOIN session e ON e.key = r.session CROSS JOIN desk d ON d.key = e.desk
    WHERE u.target IN (:scan, :batch)";
const AFTER: &str = "SELECT t.* FROM movement_told t WHERE t.key > :key ORDER BY t.key LIMIT :limit";

/// Most movements of one subject that a history joins: a folder has hundreds in a life.
const MAX_HISTORY: i64 = 5_000;

struct Entry {
    told: Told,
    carried_by: Option<PlaceId>,
}

/// A page of history, newest first, from after the movement with key `after`; with the key to go on from.
pub fn movements(
    conn: &Connection,
    volume: VolumeId,
    after: Option<i64>,
    limit: usize,
) -> Res<(Vec<MovementRecord>, Option<i64>)> {
    let mut entries = whole(conn, volume)?;
    entries.sort_by(|one, other| other.told.movement.order.cmp(&one.told.movement.order));
    let start = after.map_or(0, |after| {
        entries.iter().position(|entry| entry.told.key == after).map_or(entries.len(), |at| at + 1)
    });
    let rest = entries.len().saturating_sub(start);
    let mut items = Vec::with_capacity(limit.min(rest));
    let mut last = None;
    for entry in entries.into_iter().skip(start).take(limit) {
        last = Some(entry.told.key);
        items.push(shown(conn, entry)?);
    }
    Ok((items, last.filter(|_| rest > limit)))
}

fn whole(conn: &Connection, volume: VolumeId) -> Res<Vec<Entry>> {
    let subject = Subject::Volume(volume);
    let params = named_params! {":subject": subject_key(subject), ":limit": MAX_HISTORY};
    let own = all(conn, OWN, params, told)?;
    let mut entries = Vec::with_capacity(own.len());
    carried(conn, &own, None, MAX_NESTING, &mut entries)?;
    entries.extend(own.into_iter().map(|told| Entry { told, carried_by: None }));
    Ok(entries)
}

/// Adds what the containers of `subject_movements` did while it was inside; `until` is when it left its carrier.
fn carried(
    conn: &Connection,
    subject_movements: &[Told],
    until: Option<&Order>,
    levels: usize,
    entries: &mut Vec<Entry>,
) -> Res<()> {
    if levels == 0 {
        return Ok(());
    }
    let mut counting = Vec::new();
    for told in subject_movements {
        if told.movement.change.places() && !fold::is_taken_back(conn, &told.movement)? {
            counting.push(&told.movement);
        }
    }
    counting.sort_by(|one, other| one.order.cmp(&other.order));
    for (at, packed) in counting.iter().enumerate() {
        let Some(container) = packed_in(packed) else { continue };
        let left = counting.get(at + 1).map(|next| &next.order).or(until);
        let moved = while_inside(conn, container, packed, left)?;
        let out = moved.iter().rev().find(|told| told.movement.change.word() == "emptied");
        let out = out.map(|told| told.movement.order.clone());
        carried(conn, &moved, out.as_ref().or(left), levels - 1, entries)?;
        entries.extend(moved.into_iter().map(|told| Entry { told, carried_by: Some(container) }));
    }
    Ok(())
}

/// A container's movements from `packed` until the subject left it or it was emptied.
fn while_inside(
    conn: &Connection,
    container: PlaceId,
    packed: &Movement,
    left: Option<&Order>,
) -> Res<Vec<Told>> {
    let params = named_params! {
        ":subject": subject_key(Subject::Container(container)),
        ":from": packed.order.happened.micros(),
        ":to": left.map_or(i64::MAX, |left| left.happened.micros()),
        ":limit": MAX_HISTORY,
    };
    let mut moved = all(conn, BETWEEN, params, told)?;
    moved.retain(|told| {
        let order = &told.movement.order;
        *order > packed.order && left.is_none_or(|left| order < left)
    });
    moved.sort_by(|one, other| one.movement.order.cmp(&other.movement.order));
    let mut kept = Vec::with_capacity(moved.len());
    for told in moved {
        let emptied = told.movement.change.word() == "emptied";
        let ends = emptied && !fold::is_taken_back(conn, &told.movement)?;
        kept.push(told);
        if ends {
            break;
        }
    }
    Ok(kept)
}

/// A movement of a subject's own as it is shown.
pub fn own(conn: &Connection, told: Told) -> Res<MovementRecord> {
    shown(conn, Entry { told, carried_by: None })
}

fn shown(conn: &Connection, entry: Entry) -> Res<MovementRecord> {
    let Told { movement, believed, person, learned_at, .. } = entry.told;
    Ok(MovementRecord {
        undone_by: undone_by(conn, &movement)?,
        id: movement.id,
        change: movement.change,
        carried_by: entry.carried_by,
        how: movement.how,
        happened: movement.order.happened,
        learned_at,
        from: believed,
        by: person.map(StaffId::new),
        desk: movement.order.desk,
    })
}

fn undone_by(conn: &Connection, movement: &Movement) -> Res<Option<TakenBack>> {
    let scan = movement.id.scan.uuid();
    let batch = movement.batch.map_or(scan, BatchId::uuid);
    let params = named_params! {":scan": scan.as_bytes(), ":batch": batch.as_bytes()};
    let undos = all(conn, UNDONE_BY, params, undo)?;
    let named = |(_, target, _): &(i64, UndoTarget, TakenBack)| movement.is_undone_by(*target);
    let first = undos.into_iter().filter(named).min_by_key(|(key, _, _)| *key);
    Ok(first.map(|(_, _, taken_back)| taken_back))
}

fn undo(row: &Row<'_>) -> Res<(i64, UndoTarget, TakenBack)> {
    let taken_back = TakenBack {
        scan: ScanId::new(uuid(row.get(3)?)),
        at: Timestamp::from_micros(row.get(4)?),
        by: row.get::<_, Option<i64>>(5)?.map(StaffId::new),
        desk: row.get_ref(6)?.as_str()?.parse().map_err(|_| Trouble::Broken("a desk's code"))?,
    };
    let target = super::codec::undo_target(uuid(row.get(1)?), row.get::<_, i64>(2)? == 1);
    Ok((row.get(0)?, target, taken_back))
}

/// Movements and what happened to searches after `cursor` in the order of their commits,
/// [`crate::live::MAX_BEHIND`] and one at most.
pub fn events_after(conn: &Connection, directory: &Directory, cursor: Cursor) -> Res<Vec<Event>> {
    let most = crate::live::MAX_BEHIND + 1;
    let limit = i64::try_from(most).unwrap_or(i64::MAX);
    let key = i64::try_from(cursor.number).unwrap_or(i64::MAX);
    let rows = all(conn, AFTER, named_params! {":key": key, ":limit": limit}, told)?;
    let mut events: Vec<_> =
        rows.into_iter().map(|told| event(conn, &told, cursor.epoch)).collect::<Res<_>>()?;
    events.extend(super::searches::events_after(conn, directory, cursor, limit)?);
    events.sort_by_key(|event| event.cursor);
    events.truncate(most);
    Ok(events)
}

fn event(conn: &Connection, told: &Told, epoch: u64) -> Res<Event> {
    let movement = &told.movement;
    let now = super::find::standing_of(conn, movement.subject)?.present;
    let mut places = Vec::with_capacity(4);
    let packed = packed_in(movement);
    let changed = [told.believed, movement.change.ends_at(), packed, now.place, now.to, now.container];
    for place in changed.into_iter().flatten() {
        if !places.contains(&place) {
            places.push(place);
        }
    }
    let number = u64::try_from(told.key).unwrap_or(0);
    Ok(Event {
        cursor: Cursor { epoch, number },
        subject: movement.subject,
        places,
        kind: movement.change.word(),
    })
}

const EPOCH: &str = "SELECT epoch FROM meta WHERE one = 1";

/// Which life of the log this is.
pub fn epoch(conn: &Connection) -> Res<u64> {
    Ok(one(conn, EPOCH, [], |row| Ok(unsigned(row.get(0)?)))?.unwrap_or(1))
}
