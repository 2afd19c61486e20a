//! A hospital small enough to reckon with: one library, its returns area, coding, a store, two clinics, two wards, two
//! secretaries, two offices and a room where folders hide.

use crate::clock::{DAY_US, Timestamp};
use crate::domain::VolumeId;
use crate::locate::{
    Appointment, Call, Case, Cell, ConsultantIx, Counts, Digits, Filing, Ground, Library, Look, Mode, Move,
    Moved, Order, Owned, PlaceFacts, PlaceIx, Role, ShelfLooks, Stood, Told,
};

pub const LIBRARY: PlaceIx = PlaceIx::new(0);
pub const RETURNS: PlaceIx = PlaceIx::new(1);
pub const CODING: PlaceIx = PlaceIx::new(2);
pub const STORE: PlaceIx = PlaceIx::new(3);
pub const CLINIC: PlaceIx = PlaceIx::new(4);
pub const WARD: PlaceIx = PlaceIx::new(6);
pub const SECRETARY: PlaceIx = PlaceIx::new(8);
pub const OFFICE: PlaceIx = PlaceIx::new(10);
pub const THEATRE: PlaceIx = PlaceIx::new(12);
pub const PLACES: u32 = 13;

/// Whose patients come to [`CLINIC`].
pub const GREY: ConsultantIx = ConsultantIx::new(0);

const ROLES: [Role; 13] = [
    Role::Library,
    Role::Returns,
    Role::Coding,
    Role::Offsite,
    Role::Clinic,
    Role::Clinic,
    Role::Ward,
    Role::Ward,
    Role::Secretary,
    Role::Secretary,
    Role::Office,
    Role::Office,
    Role::Other,
];

/// The ground, with a library of ten thousand folders filed so.
pub fn ground(filing: Filing) -> Ground {
    let places = (0u32..).zip(ROLES).map(|(at, role)| {
        let beside = [at.checked_sub(1), Some(at + 1)].map(|other| {
            let other = other.map(PlaceIx::new);
            other.filter(|other| at > 3 && ROLES.get(other.index()) == Some(&role))
        });
        PlaceFacts { role, look: role.usual_look(), beside }
    });
    let owned = |of: u32| Owned {
        clinic: Some(PlaceIx::new(4 + of)),
        secretary: Some(PlaceIx::new(8 + of)),
        office: Some(PlaceIx::new(10 + of)),
        ward: Some(PlaceIx::new(6 + of)),
    };
    let numbers = (0..10_000).map(|number| number_of(&format!("{:06}", number * 97 % 1_000_000)));
    let library = Library {
        place: LIBRARY,
        returns: Some(RETURNS),
        coding: Some(CODING),
        order: Order::new(filing, numbers),
        looks: ShelfLooks::USUAL,
    };
    Ground::new(places.collect(), vec![owned(0), owned(1)], vec![library])
}

pub fn number_of(text: &str) -> Digits {
    text.parse().expect("digits")
}

/// So many days after the log begins.
pub fn day(days: i64) -> Timestamp {
    Timestamp::from_micros(20_000 * DAY_US + days * DAY_US)
}

pub fn sent(at: i64, from: PlaceIx, to: PlaceIx) -> Move {
    Move { at: day(at), to, station: from, mode: Mode::Out }
}

pub fn arrived(at: i64, place: PlaceIx) -> Move {
    Move { at: day(at), to: place, station: place, mode: Mode::In }
}

pub fn called(at: i64) -> Appointment {
    Appointment { calls: day(at), consultant: Some(GREY), to: Some(CLINIC) }
}

/// A folder with these movements that is missing on `now`, looked for where it is tracked.
pub fn missing(now: i64, moves: Vec<Move>) -> Case {
    let tracked = moves.last().map_or(LIBRARY, |last| last.to);
    Case {
        number: Some(number_of("123456")),
        home: Some(LIBRARY),
        moves,
        looks: vec![not_at(now, Cell::Place(tracked))],
        ..Case::new(VolumeId::new(1), day(now))
    }
}

pub fn not_at(at: i64, cell: Cell) -> Look {
    Look { cell, at: day(at), detect: None }
}

/// What the counts are told of the movements of one folder, one after the other.
pub fn told(moves: &[Move], appointments: &[Appointment]) -> Vec<(Timestamp, Told)> {
    let mut before = None;
    let mut told = Vec::new();
    for step in moves {
        let call = Call::of(appointments, before.map(|stood: Stood| stood.since), step.at);
        let Move { at, to, station, mode } = *step;
        told.push((at, Told::Moved(Moved { at, to, station, mode, home: Some(LIBRARY), before, call })));
        before = Some(Stood { since: at, at: to });
    }
    told
}

/// Counts that were told all this.
pub fn counts(ground: &Ground, told: &[(Timestamp, Told)]) -> Counts {
    let mut counts = Counts::default();
    for (at, told) in told {
        counts.tell(ground, *at, told);
    }
    counts
}
