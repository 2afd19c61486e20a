//! The places that stand on a desk's sheet of destinations.

use crate::domain::PlaceId;
use crate::domain::directory::Directory;
use crate::domain::place::{Place, PlaceKind};
use crate::web::pages::order::by_code;

/// At most `most` places: first those to which the desk has sent most, then its neighbours, then those that hold many
/// folders, then every other place that a folder is sent to, each by its code. Never the desk's own place, a
/// container, or one that closes.
pub fn destinations(
    directory: &Directory,
    own: Option<PlaceId>,
    sent: &[(PlaceId, u32)],
    held: &[PlaceId],
    most: usize,
) -> Vec<PlaceId> {
    let mut sent = sent.to_vec();
    sent.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let parent = own.and_then(|own| directory.place(own)).and_then(|place| place.parent);
    let mut places: Vec<&Place> = directory.places().collect();
    places.sort_by(|one, other| by_code(one, other));
    let neighbours = places.iter().filter(|place| parent.is_some() && place.parent == parent);
    let held = held.iter().filter_map(|id| directory.place(*id));
    let likely =
        neighbours.copied().chain(held).chain(places.iter().copied()).filter(|place| is_likely(place));
    let wanted = sent.iter().filter_map(|(id, _)| directory.place(*id)).chain(likely);
    let mut found = Vec::with_capacity(most);
    for place in wanted.filter(|place| Some(place.id) != own && place.until.is_none()) {
        if found.len() < most && place.kind != PlaceKind::Container && !found.contains(&place.id) {
            found.push(place.id);
        }
    }
    found
}

/// Whether folders are sent to a place of this kind, where nobody has sent any yet.
const fn is_likely(place: &Place) -> bool {
    match place.kind {
        PlaceKind::Library
        | PlaceKind::Clinic
        | PlaceKind::Ward
        | PlaceKind::Office
        | PlaceKind::Person
        | PlaceKind::Store => true,
        PlaceKind::Site | PlaceKind::Shelf | PlaceKind::Container | PlaceKind::Other => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [(&str, PlaceKind, Option<i64>); 9] = [
        ("SITE", PlaceKind::Site, None),
        ("LIB", PlaceKind::Library, Some(1)),
        ("S1", PlaceKind::Shelf, Some(2)),
        ("CL10", PlaceKind::Clinic, Some(1)),
        ("CL9", PlaceKind::Clinic, Some(1)),
        ("ANNEXE", PlaceKind::Other, Some(1)),
        ("W1", PlaceKind::Ward, Some(6)),
        ("STORE", PlaceKind::Store, None),
        ("K1", PlaceKind::Container, Some(1)),
    ];

    fn common(sent: &[(i64, u32)], held: &[i64], most: usize) -> Vec<&'static str> {
        let places = (1..).zip(NAMES).map(|(id, (code, kind, parent))| Place::plain(id, code, kind, parent));
        let directory = Directory::new(places, [], []);
        let sent: Vec<_> = sent.iter().map(|(id, count)| (PlaceId::new(*id), *count)).collect();
        let held: Vec<_> = held.iter().copied().map(PlaceId::new).collect();
        let found = destinations(&directory, Some(PlaceId::new(2)), &sent, &held, most);
        found.iter().map(|id| NAMES[usize::try_from(id.key()).unwrap() - 1].0).collect()
    }

    #[test]
    fn where_the_desk_sends_most_stands_first_and_the_rest_is_filled_up() {
        // A desk that has sent nothing yet: its neighbours in the order of their codes, then what holds much.
        assert_eq!(common(&[], &[8], 20), ["CL9", "CL10", "STORE", "W1"]);
        assert_eq!(common(&[(4, 2), (6, 9), (9, 99), (2, 99)], &[], 3), ["ANNEXE", "CL10", "CL9"]);
        assert!(common(&[], &[], 0).is_empty());
    }
}
