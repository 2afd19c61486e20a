//! Places, parents first: a hospital's list is sorted by code, and a place's parent must be known before it.

use std::collections::HashSet;

use super::{Chunk, FileProblem, Origin};
use crate::domain::directory::MAX_TREE_DEPTH;
use crate::domain::import::{Piece, PlaceRow};
use crate::domain::place::Code;

/// The same rows, so many a piece at most; one whose parent stands later in the file comes after it. A loop keeps the
/// file's order, and the store says what is wrong with it.
pub(super) fn parents_first(
    chunks: impl Iterator<Item = Result<Chunk, FileProblem>>,
    most: usize,
) -> Result<Vec<Chunk>, FileProblem> {
    let mut waiting = Vec::new();
    let mut rejected = Vec::new();
    for chunk in chunks {
        let chunk = chunk?;
        rejected.extend(chunk.rejected);
        if let Piece::Places(rows) = chunk.piece {
            waiting.extend(rows.into_iter().zip(chunk.origins));
        }
    }
    let mut ordered: Vec<Chunk> = Vec::new();
    for (row, origin) in sorted(waiting) {
        push(&mut ordered, row, origin, most);
    }
    if let Some(first) = ordered.first_mut() {
        first.rejected = rejected;
    } else if !rejected.is_empty() {
        ordered.push(Chunk { piece: Piece::Places(Vec::new()), origins: Vec::new(), rejected });
    }
    Ok(ordered)
}

fn push(ordered: &mut Vec<Chunk>, row: PlaceRow, origin: Origin, most: usize) {
    if ordered.last().is_none_or(|last| last.origins.len() >= most) {
        ordered.push(Chunk { piece: Piece::Places(Vec::new()), origins: Vec::new(), rejected: Vec::new() });
    }
    if let Some(Chunk { piece: Piece::Places(rows), origins, .. }) = ordered.last_mut() {
        rows.push(row);
        origins.push(origin);
    }
}

type Placed = (PlaceRow, Origin);

/// Each pass takes the rows whose parent no longer waits; the tree's depth bounds the passes.
fn sorted(mut waiting: Vec<Placed>) -> Vec<Placed> {
    let mut ordered = Vec::with_capacity(waiting.len());
    for _ in 0..=MAX_TREE_DEPTH {
        let here: HashSet<Code> = waiting.iter().map(|(row, _)| row.code.clone()).collect();
        let (later, now): (Vec<_>, Vec<_>) = waiting
            .into_iter()
            .partition(|(row, _)| row.parent.value().is_some_and(|parent| here.contains(parent)));
        ordered.extend(now);
        waiting = later;
    }
    ordered.extend(waiting);
    ordered
}
