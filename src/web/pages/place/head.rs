//! The head of a place's page: what it is, where it stands in the tree, whom to ring, its card, what is beneath it.

use super::super::bars::{Bars, bars};
use super::super::order::by_code;
use super::super::ring::Ring;
use super::super::shelves::shelves_in;
use super::super::whereabouts::{Crumb, Words};
use crate::desk::DeskSetup;
use crate::domain::PlaceId;
use crate::domain::directory::Directory;
use crate::domain::place::{Place, PlaceKind};
use crate::store::Bounded;
use crate::web::figures::bounded;
use crate::web::{urls, when};

/// What stands on top of a place's page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Head {
    /// Its page.
    pub url: String,
    /// The address of its live stream.
    pub live: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: &'static str,
    /// Whether it moves.
    pub is_container: bool,
    /// The places above it, from the top.
    pub path: Vec<Crumb>,
    /// Its code, when somebody answers, whether it closes.
    pub facts: Vec<String>,
    /// Whom to ring now.
    pub rings: Vec<Ring>,
    /// The desks that stand at it.
    pub desks: Vec<Crumb>,
    /// The map of its shelves.
    pub map: Vec<String>,
    /// Its card.
    pub card: Vec<Bars>,
    /// What the card does.
    pub caption: &'static str,
}

/// A place beneath, with how many folders are there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Child {
    /// Its page.
    pub url: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: &'static str,
    /// How many folders are there.
    pub count: String,
}

/// The head of a place.
pub fn head(words: &Words<'_>, place: &Place, setups: &[DeskSetup]) -> Head {
    let url = urls::place(place.code.as_str());
    let open = place.open.as_ref().map(|open| format!("open {open}"));
    let desks = setups.iter().filter(|setup| setup.place == place.code);
    let desk = |setup: &DeskSetup| Crumb {
        url: urls::desk(setup.code.as_str()),
        name: format!("desk {}", setup.code),
    };
    let is_container = place.kind == PlaceKind::Container;
    Head {
        live: format!("/api/v1/live?place={}", urls::segment(place.code.as_str())),
        name: place.name.clone(),
        kind: place.kind.word(),
        is_container,
        path: words.path(place.id).into_iter().filter(|step| step.url != url).collect(),
        facts: [format!("code {}", place.code)]
            .into_iter()
            .chain(open)
            .chain(closing(words, place))
            .collect(),
        rings: if is_container { Vec::new() } else { words.ring(place.id) },
        desks: desks.map(desk).collect(),
        map: has_map(words.directory, place).then(|| format!("{url}/shelves")).into_iter().collect(),
        card: bars(place.code.as_str()).into_iter().collect(),
        caption: caption(place.kind),
        url,
    }
}

fn has_map(directory: &Directory, place: &Place) -> bool {
    matches!(place.kind, PlaceKind::Library | PlaceKind::Store) && !shelves_in(directory, place.id).is_empty()
}

fn closing(words: &Words<'_>, place: &Place) -> Option<String> {
    let until = place.until?;
    let today = words.now.to_jiff().to_zoned_datetime(words.zone.clone()).date();
    let word = if until > today { "closes for good on" } else { "closed since" };
    Some(format!("{word} {}", when::date(until)))
}

const fn caption(kind: PlaceKind) -> &'static str {
    match kind {
        PlaceKind::Shelf => "In the library: scan a folder, then this label, to file it here",
        PlaceKind::Container => "Scan PACK, this label, then the folders that go in",
        PlaceKind::Site
        | PlaceKind::Library
        | PlaceKind::Clinic
        | PlaceKind::Ward
        | PlaceKind::Office
        | PlaceKind::Person
        | PlaceKind::Store
        | PlaceKind::Other => "Scan this card, then the folders, to send them here",
    }
}

/// The first `most` places directly beneath, by their codes, and how many more there are. Containers move, and are
/// beneath no place.
pub fn beneath(directory: &Directory, above: PlaceId, most: usize) -> (Vec<&Place>, usize) {
    let beneath = |place: &&Place| place.parent == Some(above) && place.kind != PlaceKind::Container;
    let mut found: Vec<_> = directory.places().filter(beneath).collect();
    found.sort_by(|one, other| by_code(one, other));
    let more = found.len().saturating_sub(most);
    found.truncate(most);
    (found, more)
}

/// One of them with its count.
pub fn child(place: &Place, count: Bounded) -> Child {
    Child {
        url: urls::place(place.code.as_str()),
        name: place.name.clone(),
        kind: place.kind.word(),
        count: bounded(count),
    }
}
