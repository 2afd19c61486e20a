//! The lists of a place, in the order of what needs doing.

use super::super::whereabouts::Words;
use super::{Folder, Known, entry};
use crate::desk::Aside;
use crate::domain::place::PlaceKind;
use crate::store::{Beginning, Entry, PlaceList};
use crate::web::error::Failure;
use crate::web::figures::bounded;
use crate::web::urls;

/// A list on the page of its place.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Section {
    /// The anchor.
    pub id: &'static str,
    /// What it lists.
    pub title: &'static str,
    /// What stands in the row of links on top.
    pub short: &'static str,
    /// How many.
    pub count: String,
    /// The first of them.
    pub folders: Vec<Folder>,
    /// Where the others are.
    pub more: Vec<String>,
}

/// Every list, with its name in addresses, its title, and its short name.
const LISTS: [(PlaceList, &str, &str, &str); 9] = [
    (PlaceList::Sent, "sent", "Sent from here, not scanned in anywhere yet", "sent, not confirmed"),
    (PlaceList::Meant, "meant", "Here, but meant for another place: send on", "to send on"),
    (PlaceList::Coming, "coming", "On the way here", "on the way here"),
    (PlaceList::Unsure, "unsure", "Should be here, but nobody has scanned the folder here", "not confirmed"),
    (PlaceList::Strangers, "strangers", "Here, but belongs elsewhere", "belong elsewhere"),
    (PlaceList::Gaps, "gaps", "Belongs here, but is not here", "missing from here"),
    (PlaceList::Containers, "containers", "Containers here", "containers"),
    (PlaceList::Here, "here", "All folders here, longest first", "here"),
    (PlaceList::Inside, "inside", "In it, not yet taken out", "in it"),
];

/// The lists of a place of this kind.
pub const fn of(kind: PlaceKind) -> &'static [PlaceList] {
    match kind {
        PlaceKind::Container => &[PlaceList::Inside],
        PlaceKind::Shelf => &[
            PlaceList::Sent,
            PlaceList::Meant,
            PlaceList::Coming,
            PlaceList::Strangers,
            PlaceList::Gaps,
            PlaceList::Unsure,
            PlaceList::Containers,
            PlaceList::Here,
        ],
        PlaceKind::Site
        | PlaceKind::Library
        | PlaceKind::Clinic
        | PlaceKind::Ward
        | PlaceKind::Office
        | PlaceKind::Person
        | PlaceKind::Store
        | PlaceKind::Other => &[
            PlaceList::Sent,
            PlaceList::Meant,
            PlaceList::Coming,
            PlaceList::Unsure,
            PlaceList::Containers,
            PlaceList::Here,
        ],
    }
}

/// The list of this name.
pub fn list_named(name: &str) -> Result<PlaceList, Failure> {
    let found = LISTS.iter().find(|(_, word, _, _)| *word == name).map(|(list, _, _, _)| *list);
    found.ok_or_else(|| {
        let known: Vec<_> = LISTS.iter().map(|(_, word, _, _)| *word).collect();
        Failure::Malformed(format!("list: one of {} is needed", known.join(", ")))
    })
}

fn words_of(list: PlaceList) -> (&'static str, &'static str, &'static str) {
    let found = LISTS.iter().find(|(other, _, _, _)| *other == list);
    found.map_or(("", "", ""), |(_, name, title, short)| (*name, *title, *short))
}

/// What a list lists.
pub fn title(list: PlaceList) -> &'static str {
    words_of(list).1
}

/// Where a list begins.
pub fn url(place: &str, list: PlaceList) -> String {
    format!("{place}?list={}", words_of(list).0)
}

/// The lists that have anything in them; what is put aside stands after what is on its way.
pub fn sections(words: &Words<'_>, place: &str, known: &Known) -> Vec<Section> {
    let filled = |beginning: &&Beginning| beginning.count.count > 0 || beginning.count.more;
    let (urgent, rest): (Vec<_>, Vec<_>) = known.beginnings.iter().filter(filled).partition(|beginning| {
        matches!(beginning.list, PlaceList::Sent | PlaceList::Meant | PlaceList::Coming)
    });
    let shown = |beginning: &Beginning| section(words, place, beginning);
    let mut sections: Vec<_> = urgent.into_iter().map(shown).collect();
    sections.extend(aside(words, &known.aside));
    sections.extend(rest.into_iter().map(shown));
    sections
}

fn section(words: &Words<'_>, place: &str, beginning: &Beginning) -> Section {
    let (id, title, short) = words_of(beginning.list);
    let has_more = beginning.count.more || beginning.count.count > beginning.entries.len();
    Section {
        id,
        title,
        short,
        count: bounded(beginning.count),
        folders: beginning.entries.iter().map(|item| row(words, beginning.list, item)).collect(),
        more: has_more.then(|| url(place, beginning.list)).into_iter().collect(),
    }
}

/// An entry of a list; what the list's title says is not said again in each row. *Not there* is told of what should
/// be before one's eyes.
pub fn row(words: &Words<'_>, list: PlaceList, item: &Entry) -> Folder {
    let row = entry(words, item);
    match list {
        PlaceList::Sent => Folder { mark: "", not_there: None, ..row },
        PlaceList::Coming | PlaceList::Unsure => Folder { mark: "", ..row },
        PlaceList::Containers | PlaceList::Gaps => Folder { not_there: None, ..row },
        PlaceList::Meant | PlaceList::Here | PlaceList::Inside | PlaceList::Strangers => row,
    }
}

fn aside(words: &Words<'_>, aside: &[(String, Aside)]) -> Option<Section> {
    let row = |(desk, aside): &(String, Aside)| Folder {
        url: aside.barcode.as_deref().map_or_else(|| urls::desk(desk), urls::volume),
        title: format!("…{}", aside.last_four),
        patient: format!("desk {desk}"),
        words: aside.what.clone(),
        class: "unsure",
        mark: "",
        since: words.since_how_long(aside.at),
        not_there: None,
        search: None,
    };
    let folders: Vec<_> = aside.iter().map(row).collect();
    (!folders.is_empty()).then(|| Section {
        id: "aside",
        title: "Put aside at the desks here",
        short: "put aside",
        count: folders.len().to_string(),
        folders,
        more: Vec::new(),
    })
}
