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
pub mod volumes;

/// What a piece left behind.
pub struct Applied {
    /// One for each row, in order.
    pub results: Vec<RowResult>,
    /// What those who watch are told.
    pub events: Vec<Event>,
}

/// Applies one piece inside the open transaction.
pub fn apply(core: &mut Core, piece: &Piece) -> Res<Applied> {
    let quiet = |results| Applied { results, events: Vec::new() };
    match piece {
        Piece::Places(rows) => places::apply(core, rows).map(quiet),
        Piece::Staff(rows) => people::staff(core, rows).map(quiet),
        Piece::Patients(rows) => people::patients(core, rows).map(quiet),
        Piece::Volumes(rows) => volumes::apply(core, rows),
        Piece::Appointments(lists) => appointments::apply(core, lists).map(quiet),
        Piece::Movements(rows) => movements::apply(core, rows).map(quiet),
    }
}
