//! Places that fit a question. There are thousands, not millions: all names are looked at, in memory.

use super::{Asked, MIN_BEGINNING, Stage};
use crate::domain::PlaceId;
use crate::domain::directory::Directory;
use crate::domain::place::{Place, PlaceKind};

/// The places that fit, the closest first, rooms before shelves and containers, then by name.
pub fn places(directory: &Directory, asked: &Asked) -> Vec<(Stage, PlaceId)> {
    if !asked.days().is_empty() {
        return Vec::new();
    }
    let code = asked.text().to_ascii_uppercase();
    let name = asked.words().join(" ");
    let fit = |(spelt, place): (&str, &Place)| {
        let stage = stage(asked, (&code, &name), spelt, place)?;
        Some((stage, is_part(place.kind), place.id))
    };
    let mut found: Vec<_> = directory.by_name().filter_map(fit).collect();
    // Stable: those alike stay in the order of their names.
    found.sort_by_key(|(stage, part, _)| (*stage, *part));
    found.into_iter().map(|(stage, _, id)| (stage, id)).collect()
}

fn stage(asked: &Asked, (code, name): (&str, &str), spelt: &str, place: &Place) -> Option<Stage> {
    let own_code = place.code.as_str();
    if own_code == code || (!name.is_empty() && spelt == name) {
        return Some(Stage::Exactly);
    }
    let long_enough = code.chars().count() >= MIN_BEGINNING;
    let named = !name.is_empty() && asked.begins_words_of(spelt);
    if long_enough && (own_code.starts_with(code) || named) {
        return Some(Stage::Beginning);
    }
    (asked.looks_inside() && asked.is_inside(spelt)).then_some(Stage::Containing)
}

fn is_part(kind: PlaceKind) -> bool {
    matches!(kind, PlaceKind::Shelf | PlaceKind::Container)
}
