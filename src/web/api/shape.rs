//! The JSON of the interface, field by field as it is described in `openapi.json`.

use serde::Serialize;

use crate::clock::Timestamp;
use crate::domain::directory::Directory;
use crate::domain::movement::Change;
use crate::domain::place::Code;
use crate::domain::search::SearchState;
use crate::domain::whereabouts::{Present, State, either};
use crate::domain::{PlaceId, StaffId};
use crate::store::{MovementRecord, SearchBrief, VolumeRecord};

/// A place and whom to ring there.
#[derive(Serialize, Clone, PartialEq, Eq, Debug)]
pub struct Place {
    code: String,
    name: String,
    path: Vec<String>,
    phone: Option<String>,
}

/// A member of staff.
#[derive(Serialize, Clone, PartialEq, Eq, Debug)]
pub struct Person {
    badge: String,
    name: String,
}

/// Another volume of the casenote.
#[derive(Serialize, Clone, PartialEq, Eq, Debug)]
pub struct Sibling {
    barcode: String,
    volume: u32,
    state: &'static str,
    place: Option<Place>,
}

/// Something only a person can settle.
#[derive(Serialize, Clone, PartialEq, Eq, Debug)]
pub struct Question {
    /// Its name.
    pub id: String,
    /// The question in plain words.
    pub text: String,
}

/// The search for a volume that is missing.
#[derive(Serialize, Clone, PartialEq, Eq, Debug)]
pub struct Search {
    id: String,
    text: String,
}

/// Where one volume is.
#[expect(clippy::struct_field_names, reason = "the words are the interface's")]
#[derive(Serialize, Clone, PartialEq, Eq, Debug)]
pub struct Volume {
    barcode: String,
    casenote: String,
    volume: u32,
    kind: &'static str,
    state: &'static str,
    place: Option<Place>,
    confirmed: bool,
    filed: Option<Place>,
    to: Option<Place>,
    since: Option<Timestamp>,
    by: Option<Person>,
    desk: Option<Code>,
    via: Option<Code>,
    #[serde(skip_serializing_if = "Option::is_none")]
    siblings: Option<Vec<Sibling>>,
    question: Option<Question>,
    search: Option<Search>,
}

/// One movement of a volume's history.
#[derive(Serialize, Clone, PartialEq, Eq, Debug)]
pub struct Movement {
    id: String,
    kind: &'static str,
    at: Timestamp,
    learned_at: Timestamp,
    from: Option<Place>,
    to: Option<Place>,
    via: Option<Code>,
    by: Option<Person>,
    desk: Code,
    how: &'static str,
    undone_by: Option<String>,
}

/// A page of a list.
#[derive(Serialize, Clone, PartialEq, Eq, Debug)]
pub struct List<T> {
    /// The entries.
    pub items: Vec<T>,
    /// What to send as `after` for the next page.
    pub next: Option<String>,
}

/// A place of the directory.
pub fn place(directory: &Directory, id: PlaceId) -> Option<Place> {
    let found = directory.place(id)?;
    Some(Place {
        code: found.code.to_string(),
        name: found.name.clone(),
        path: directory.path(id).into_iter().map(str::to_owned).collect(),
        phone: directory.phone(id).map(str::to_owned),
    })
}

fn person(directory: &Directory, id: StaffId) -> Option<Person> {
    let found = directory.staff(id)?;
    Some(Person { badge: found.badge.to_string(), name: found.name.clone() })
}

fn code(directory: &Directory, id: PlaceId) -> Option<Code> {
    directory.place(id).map(|place| place.code.clone())
}

/// One volume with its siblings.
pub fn volume(directory: &Directory, record: &VolumeRecord) -> Volume {
    let siblings = record.siblings.iter().map(|sibling| Sibling {
        barcode: sibling.brief.barcode.to_string(),
        volume: sibling.brief.volume,
        state: sibling.present.state.word(),
        place: shown_place(&sibling.present).and_then(|id| place(directory, id)),
    });
    Volume { siblings: Some(siblings.collect()), ..listed(directory, record) }
}

/// One volume as lists show it, without siblings.
pub fn listed(directory: &Directory, record: &VolumeRecord) -> Volume {
    let present = &record.present;
    let known = |id: Option<PlaceId>| id.and_then(|id| place(directory, id));
    Volume {
        barcode: record.brief.barcode.to_string(),
        casenote: record.brief.number.to_string(),
        volume: record.brief.volume,
        kind: record.brief.kind.word(),
        state: present.state.word(),
        place: known(shown_place(present)),
        confirmed: is_confirmed(present),
        filed: known(present.filed),
        to: known(destination(present)),
        since: present.since,
        by: record.by.and_then(|id| person(directory, id)),
        desk: record.desk.clone(),
        via: record.via.and_then(|id| code(directory, id)),
        siblings: None,
        question: question(directory, record),
        search: record.search.as_ref().map(search),
    }
}

fn shown_place(present: &Present) -> Option<PlaceId> {
    match present.state {
        State::NotYetSeen => None,
        State::At | State::OnItsWay | State::InContainer | State::Gone(_) => present.place,
    }
}

fn destination(present: &Present) -> Option<PlaceId> {
    match present.state {
        State::NotYetSeen | State::Gone(_) => None,
        State::At | State::OnItsWay | State::InContainer => present.to,
    }
}

fn is_confirmed(present: &Present) -> bool {
    match present.state {
        State::NotYetSeen | State::OnItsWay => false,
        State::Gone(_) => true,
        State::At | State::InContainer => present.confirmed,
    }
}

/// The two places it may be at, else the oldest open question.
pub fn question(directory: &Directory, record: &VolumeRecord) -> Option<Question> {
    if let Some((place, or_at)) = either(&record.present) {
        let (one, other) = (directory.name(place), directory.name(or_at));
        return Some(Question {
            id: format!("order:{}", record.brief.barcode),
            text: format!("At {one} or {other}? The desks' clocks cannot tell which scan came last."),
        });
    }
    let open = record.question.as_ref()?;
    Some(Question { id: open.id.clone(), text: open.kind.text().to_owned() })
}

/// The search for it, in plain words.
fn search(brief: &SearchBrief) -> Search {
    Search { id: brief.id.to_string(), text: searched(brief.state).to_owned() }
}

/// How far a search has come, in plain words.
pub const fn searched(state: SearchState) -> &'static str {
    match state {
        SearchState::Declared => "Declared missing. A scan of it anywhere rings.",
        SearchState::TurnedUp => "It has turned up. Where it was is still asked.",
        SearchState::Open | SearchState::Found | SearchState::Closed => "It is being searched for.",
    }
}

/// One line of the history.
pub fn movement(directory: &Directory, record: &MovementRecord) -> Movement {
    let known = |id: Option<PlaceId>| id.and_then(|id| place(directory, id));
    Movement {
        id: record.id.to_string(),
        kind: record.change.word(),
        at: record.happened,
        learned_at: record.learned_at,
        from: known(record.from),
        to: known(led_to(record.change)),
        via: record.carried_by.and_then(|id| code(directory, id)),
        by: record.by.and_then(|id| person(directory, id)),
        desk: record.desk.clone(),
        how: record.how.word(),
        undone_by: record.undone_by.as_ref().map(|by| by.scan.to_string()),
    }
}

/// Where a movement leads: a packed folder goes into its container.
fn led_to(change: Change) -> Option<PlaceId> {
    match change {
        Change::Packed { container, .. } => Some(container),
        Change::Arrived { .. }
        | Change::Sent { .. }
        | Change::LeftAt { .. }
        | Change::Filed { .. }
        | Change::Emptied { .. }
        | Change::Seen { .. }
        | Change::SeenGone { .. }
        | Change::Gone { .. }
        | Change::Undone(_)
        | Change::Answered { .. } => change.ends_at(),
    }
}
