//! What was packed into a container, what is left in it, and who took what out.

use super::super::whereabouts::Words;
use super::lists::Section;
use super::{Folder, entry};
use crate::domain::PlaceId;
use crate::store::{ContainerRecord, TakenOut};

/// `40 packed, 39 here, 1 taken out at Hub`.
pub fn summary(words: &Words<'_>, record: &ContainerRecord, taken: &[TakenOut]) -> String {
    let holds = usize::try_from(record.holds).unwrap_or(usize::MAX);
    let packed = holds.saturating_add(taken.len());
    if packed == 0 {
        return "Empty, by the log".to_owned();
    }
    let mut out: Vec<(Option<PlaceId>, usize)> = Vec::new();
    for place in taken.iter().map(|taken| taken.movement.change.ends_at()) {
        match out.iter_mut().find(|(other, _)| *other == place) {
            Some((_, count)) => *count += 1,
            None => out.push((place, 1)),
        }
    }
    let out = out.into_iter().map(|(place, count)| format!("{count} taken out at {}", words.name(place)));
    let parts: Vec<_> =
        [format!("{packed} packed"), format!("{holds} here")].into_iter().chain(out).collect();
    parts.join(", ")
}

/// The list of what was taken out, by whom and where.
pub fn taken_out(words: &Words<'_>, taken: &[TakenOut]) -> Option<Section> {
    (!taken.is_empty()).then(|| Section {
        id: "taken",
        title: "Taken out since it was last emptied",
        short: "taken out",
        count: taken.len().to_string(),
        folders: taken.iter().map(|taken| row(words, taken)).collect(),
        more: Vec::new(),
    })
}

fn row(words: &Words<'_>, taken: &TakenOut) -> Folder {
    let movement = &taken.movement;
    let by = words.person(movement.by).map(|name| format!(" by {name}")).unwrap_or_default();
    let at = words.name(movement.change.ends_at());
    let now = entry(words, &taken.entry);
    Folder {
        words: format!("Taken out at {at}{by}, desk {}. Now: {}", movement.desk, now.words),
        since: words.since_how_long(movement.happened),
        not_there: None,
        ..now
    }
}
