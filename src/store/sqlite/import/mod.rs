//! Pieces of an import.

use super::core::Core;
use super::trouble::Res;
use crate::domain::import::{Piece, RowResult};
use crate::live::Event;

pub mod act;
mod appointments;
mod movements;
pub mod people;
mod places;
pub mod unfinished;
pub mod volumes;

/// Rows that are applied before anybody asks whether it is enough: a few milliseconds' work.
const ROWS_A_LOOK: usize = 25;

/// What a piece, or a part of it, left behind.
pub struct Applied {
    /// One for each row, in order.
    pub results: Vec<RowResult>,
    /// What those who watch are told.
    pub events: Vec<Event>,
}

/// Applies one piece inside the open transaction.
pub fn apply(core: &mut Core, piece: &Piece) -> Res<Applied> {
    apply_some(core, piece, 0, &|_| false)
}

/// Applies the rows of a piece from `from` on inside the open transaction, until it is `enough`; at least a few. Clinic
/// lists are applied whole: a clinic's day cannot be parted.
pub fn apply_some(
    core: &mut Core,
    piece: &Piece,
    from: usize,
    enough: &dyn Fn(&Core) -> bool,
) -> Res<Applied> {
    let quiet = |results| Applied { results, events: Vec::new() };
    match piece {
        Piece::Places(rows) => each(core, rest(rows, from), enough, places::place).map(quiet),
        Piece::Staff(rows) => each(core, rest(rows, from), enough, people::person).map(quiet),
        Piece::Patients(rows) => each(core, rest(rows, from), enough, people::patient).map(quiet),
        Piece::Volumes(rows) => volumes::apply(core, rest(rows, from), enough),
        Piece::Appointments(lists) => appointments::apply(core, lists).map(quiet),
        Piece::Movements(rows) => each(core, rest(rows, from), enough, movements::movement).map(quiet),
    }
}

fn rest<T>(rows: &[T], from: usize) -> &[T] {
    rows.get(from..).unwrap_or_default()
}

/// Applies one row after the other until it is enough.
fn each<T>(
    core: &mut Core,
    rows: &[T],
    enough: &dyn Fn(&Core) -> bool,
    mut one: impl FnMut(&mut Core, &T) -> Res<RowResult>,
) -> Res<Vec<RowResult>> {
    let mut results = Vec::with_capacity(rows.len());
    for row in rows {
        results.push(one(core, row)?);
        if results.len().is_multiple_of(ROWS_A_LOOK) && enough(core) {
            break;
        }
    }
    Ok(results)
}
