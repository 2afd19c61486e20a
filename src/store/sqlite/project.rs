//! Keeping `whereabouts`: after every movement, the domain's fold of its subject.

use rusqlite::{Connection, named_params};

use super::codec::{Standing, scan_of, state_number, subject_key, subject_of};
use super::find;
use super::fold;
use super::trouble::Res;
use crate::clock::Timestamp;
use crate::domain::PlaceId;
use crate::domain::movement::{Change, How, Movement, Subject};
use crate::domain::whereabouts::{freed, present};

pub const PUT: &str = "INSERT INTO whereabouts (subject, state, place, towards, packed_in, confirmed, filed, since, how,
    or_at, movement, freed, newest, uncertainty)
    VALUES (:subject, :state, :place, :towards, :packed_in, :confirmed, :filed, :since, :how,
    :or_at, :movement, :freed, :newest, :uncertainty)
    ON CONFLICT (subject) DO UPDATE SET state = :state, place = :place, towards = :towards, packed_in = :packed_in,
    confirmed = :confirmed, filed = :filed, since = :since, how = :how, or_at = :or_at, movement = :movement,
    freed = :freed, newest = :newest, uncertainty = :uncertainty";

/// What is known of a movement beside itself.
pub struct Hints {
    /// It is probably newer than what is known: it happened now, or is the next step of a history.
    pub live: bool,
    /// At the same microsecond, what a scan with this key or a later one moved is surely before it.
    pub after: i64,
}

/// Brings the row of the movement's subject up to date, and those of what it frees.
pub fn project(
    conn: &Connection,
    key: i64,
    movement: &Movement,
    before: &Standing,
    hints: &Hints,
) -> Res<Standing> {
    let newest = hints.live && is_newest(movement, before, hints.after);
    let simple = newest && movement.change.places() && !may_contradict(movement, before);
    if simple && fold::targets(conn, movement)?.is_empty() {
        let standing = on_top(conn, key, movement)?;
        put(conn, movement.subject, &standing)?;
        empty(conn, key, movement)?;
        return Ok(standing);
    }
    let standing = fold::fold(conn, movement.subject, None)?;
    put(conn, movement.subject, &standing)?;
    if let Subject::Container(container) = movement.subject {
        refold_contents(conn, container)?;
    }
    Ok(standing)
}

/// Whether what decides came surely after `movement`, which then changes nothing: the only other movement that counts
/// is the one before the deciding one, and only while the clocks leave open which of the two came first.
pub fn is_overtaken(movement: &Movement, before: &Standing) -> bool {
    let unsure = movement.uncertainty_us.saturating_add(before.uncertainty_us);
    before.present.or_at.is_none()
        && before.packed_in.is_none()
        && before.present.since.is_some_and(|since| since.micros_since(movement.order.happened) > unsure)
}

/// Whether the movement comes after all that is known of its subject.
fn is_newest(movement: &Movement, before: &Standing, after: i64) -> bool {
    let happened = movement.order.happened;
    let surely = before.movement.is_some_and(|deciding| scan_of(deciding) >= after);
    before.newest.is_none_or(|newest| newest < happened || (newest == happened && surely))
}

/// Whether the clocks leave open which came first; the domain decides whether that matters.
fn may_contradict(movement: &Movement, before: &Standing) -> bool {
    let unsure = movement.uncertainty_us.saturating_add(before.uncertainty_us);
    unsure > 0
        && before.newest.is_some_and(|newest| movement.order.happened.micros_since(newest).abs() <= unsure)
}

/// Where a movement leaves its subject that is newer than all before it.
fn on_top(conn: &Connection, key: i64, movement: &Movement) -> Res<Standing> {
    let standing = Standing {
        present: present(Some(movement), None),
        packed_in: fold::packed_in(movement),
        movement: Some(key),
        freed: None,
        newest: Some(movement.order.happened),
        uncertainty_us: movement.uncertainty_us,
    };
    fold::freed_standing(conn, standing, movement)
}

/// Frees what is in the container, if the movement emptied it. It is the container's newest.
fn empty(conn: &Connection, key: i64, movement: &Movement) -> Res<()> {
    let (Change::Emptied { .. }, Subject::Container(container)) = (movement.change, movement.subject) else {
        return Ok(());
    };
    for subject in find::inside(conn, container)? {
        let subject = subject_of(subject);
        let standing = find::standing_of(conn, subject)?;
        if standing.present.since >= Some(movement.order.happened) {
            refold(conn, subject)?;
            continue;
        }
        let present = freed(standing.present, movement);
        put(conn, subject, &Standing { present, freed: Some(key), ..standing })?;
    }
    Ok(())
}

/// Settles anew what is in the container and what was freed from it.
fn refold_contents(conn: &Connection, container: PlaceId) -> Res<()> {
    for subject in fold::contents(conn, container)? {
        refold(conn, subject_of(subject))?;
    }
    Ok(())
}

fn refold(conn: &Connection, subject: Subject) -> Res<()> {
    let standing = fold::fold(conn, subject, None)?;
    put(conn, subject, &standing)
}

/// Writes one row of the projection.
pub fn put(conn: &Connection, subject: Subject, standing: &Standing) -> Res<()> {
    let present = &standing.present;
    let place = |place: Option<PlaceId>| place.map(PlaceId::key);
    conn.prepare_cached(PUT)?.execute(named_params! {
        ":subject": subject_key(subject),
        ":state": state_number(present.state),
        ":place": place(present.place),
        ":towards": place(present.to),
        ":packed_in": place(standing.packed_in),
        ":confirmed": i64::from(present.confirmed),
        ":filed": place(present.filed),
        ":since": present.since.map(Timestamp::micros),
        ":how": present.how.map(|how| super::codec::number_in(&How::ALL, &how)),
        ":or_at": place(present.or_at),
        ":movement": standing.movement,
        ":freed": standing.freed,
        ":newest": standing.newest.unwrap_or_default().micros(),
        ":uncertainty": standing.uncertainty_us,
    })?;
    Ok(())
}
