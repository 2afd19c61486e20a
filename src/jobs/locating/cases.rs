//! All that is known of one folder, in the engine's words.

use std::time::Duration;

use super::lessons::{a_move, appointments};
use super::terrain::{Terrain, digits};
use crate::clock::Timestamp;
use crate::domain::leg::Way;
use crate::domain::place::Code;
use crate::domain::search::Spot;
use crate::domain::{PlaceId, VolumeId};
use crate::locate::{
    APPOINTMENTS_READ, Boxes, Case, Cell, ConsultantIx, Filing, Look, MOVES_READ, Order, PlaceIx,
};
use crate::store::locating::{Evidence, Mate};

/// The chance that a sweep of a whole room sees a folder that stands there: each was held to the scanner, but for those
/// inside another.
const SWEPT: f64 = 0.97;

/// A look that did not find the folder.
#[derive(Clone, PartialEq, Debug)]
pub struct InVain {
    /// Where.
    pub spot: Spot,
    /// When.
    pub at: Timestamp,
}

/// What a search asks beside the evidence.
#[derive(Clone, PartialEq, Debug)]
pub struct Question<'a> {
    /// The moment: nothing later counts.
    pub now: Timestamp,
    /// Who asks for the folder.
    pub asking: Option<ConsultantIx>,
    /// Looks and sweeps that did not find it.
    pub in_vain: &'a [InVain],
    /// How long before a clinic its folders are fetched.
    pub fetched: Duration,
}

/// The case of a folder.
pub fn case(terrain: &Terrain, evidence: &Evidence, question: &Question<'_>) -> Case {
    let Question { now, asking, in_vain, fetched } = question;
    let home = terrain.home(evidence.home);
    let legs = evidence.stages.iter().map(|stage| &stage.leg).take(MOVES_READ);
    let mut moves: Vec<_> = legs.filter_map(|leg| a_move(terrain, leg)).collect();
    moves.reverse();
    let since = moves.last().map(|last| last.at);
    let looks = in_vain.iter().filter(|look| since.is_none_or(|since| look.at > since));
    let look = |look: &InVain| Some(Look { cell: terrain.cell(&look.spot)?, at: look.at, detect: None });
    Case {
        number: digits(&evidence.number),
        home,
        moves,
        appointments: called(terrain, *fetched, evidence, *now),
        asking: *asking,
        // The other volumes of its casenote count as those, and once.
        mates: went_to(terrain, evidence.mates.iter().filter(|mate| mate.number != evidence.number), *now),
        crate_mates: went_to(terrain, evidence.crate_mates.iter(), *now),
        siblings: evidence.siblings.iter().filter_map(|leg| terrain.place(leg.to)).collect(),
        stack: stack(terrain, evidence, home),
        boxes: boxes(terrain, evidence, home),
        looks: looks.filter_map(look).chain(swept(terrain, evidence, home)).collect(),
        ..Case::new(evidence.volume, *now)
    }
}

/// Sweeps of whole rooms as looks in vain; of the shelves, only that of the folder's own says anything of it.
fn swept(terrain: &Terrain, evidence: &Evidence, home: Option<PlaceIx>) -> Vec<Look> {
    let cells = |place: PlaceId| -> Vec<Cell> {
        let at = terrain.place(place);
        let filing = terrain.ground.library(home).map(|library| library.order.filing());
        match (at, filing) {
            (Some(at), Some(Filing::ByPlace)) if Some(at) == home => vec![Cell::Box(place)],
            (Some(at), _) if Some(at) == home && evidence.home == Some(place) => {
                vec![Cell::OwnSlot, Cell::OwnShelf]
            }
            (Some(at), _) if Some(at) == home => Vec::new(),
            (Some(at), _) => vec![Cell::Place(at)],
            (None, _) => Vec::new(),
        }
    };
    let look = |at: Timestamp, cell| Look { cell, at, detect: Some(SWEPT) };
    let looks =
        evidence.swept.iter().flat_map(|(place, at)| cells(*place).into_iter().map(|cell| look(*at, cell)));
    looks.collect()
}

/// The appointments that have called the folder by `now`.
fn called(
    terrain: &Terrain,
    fetched: Duration,
    evidence: &Evidence,
    now: Timestamp,
) -> Vec<crate::locate::Appointment> {
    let mut called = appointments(terrain, fetched, &evidence.called);
    called.retain(|appointment| appointment.calls <= now);
    called.split_off(called.len().saturating_sub(APPOINTMENTS_READ))
}

/// Where these were scanned next.
fn went_to<'a>(terrain: &Terrain, mates: impl Iterator<Item = &'a Mate>, now: Timestamp) -> Vec<PlaceIx> {
    let next = mates.filter_map(|mate| mate.next).filter(|next| next.happened <= now);
    next.filter_map(|next| {
        // What was sent on was scanned where it left.
        terrain.place(if next.way == Way::Out { next.station } else { next.to })
    })
    .collect()
}

/// The neighbours of a folder once the batch in which it came back is sorted for filing.
fn stack(terrain: &Terrain, evidence: &Evidence, home: Option<PlaceIx>) -> [Option<VolumeId>; 2] {
    let Some(library) = terrain.ground.library(home) else { return [None, None] };
    let rank = |volume, number| Some((rank(&library.order, number)?, volume));
    let Some(own) = rank(evidence.volume, &evidence.number) else { return [None, None] };
    let mates = || evidence.returned_with.iter().filter_map(|mate| rank(mate.volume, &mate.number));
    let before = mates().filter(|mate| *mate < own).max();
    let after = mates().filter(|mate| *mate > own).min();
    [before, after].map(|found| found.map(|(_, volume)| volume))
}

fn rank(order: &Order, number: &crate::domain::patient::Number) -> Option<usize> {
    digits(number).map(|number| order.rank(number))
}

/// The boxes of a folder, where its library files by place.
fn boxes(terrain: &Terrain, evidence: &Evidence, home: Option<PlaceIx>) -> Boxes {
    let library = terrain.ground.library(home).filter(|library| library.order.filing() == Filing::ByPlace);
    let filed = evidence.stages.iter().find(|stage| stage.leg.way == Way::Filed);
    let (Some(library), Some(filed)) = (library, filed) else { return Boxes::default() };
    let own = filed.leg.to;
    let with = evidence.returned_with.iter().filter(|mate| mate.with.way == Way::Filed);
    let (before, after): (Vec<_>, Vec<_>) = with.partition(|mate| mate.with.happened <= filed.leg.happened);
    let session = before.last().into_iter().chain(after.first()).map(|mate| mate.with.to);
    Boxes {
        own: Some(own),
        session: session.filter(|place| *place != own).collect(),
        beside: beside(terrain, library.place, own),
    }
}

/// The shelves of a library whose codes stand before and after a shelf's.
fn beside(terrain: &Terrain, library: PlaceIx, own: PlaceId) -> Vec<PlaceId> {
    let directory = &terrain.directory;
    let Some(code) = directory.place(own).map(|place| &place.code) else { return Vec::new() };
    let shelves = || directory.places().filter(|place| terrain.place(place.id) == Some(library));
    let by_code = |place: &&crate::domain::place::Place| -> Code { place.code.clone() };
    let before = shelves().filter(|place| place.code < *code).max_by_key(by_code);
    let after = shelves().filter(|place| place.code > *code).min_by_key(by_code);
    before.into_iter().chain(after).map(|place| place.id).collect()
}
