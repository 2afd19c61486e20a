//! What the log teaches, in the engine's words.

use std::time::Duration;

use super::terrain::Terrain;
use crate::domain::leg::{Leg, Way};
use crate::locate::{Appointment, Call, Mode, Move, Moved, PlaceIx, Role, Stood};
use crate::store::locating::{Called, Passage};

/// What a step of a folder tells. None: it teaches nothing of ways (see the table of [`super`]).
pub fn moved(terrain: &Terrain, fetched: Duration, passage: &Passage) -> Option<Moved> {
    let Move { at, to, station, mode } = a_move(terrain, &passage.leg)?;
    let before = passage.before.and_then(|leg| a_move(terrain, &leg));
    let stays = mode != Mode::Out && before.is_some_and(|before| before.to == to);
    if stays || mode == Mode::Carried {
        return None;
    }
    let appointments = appointments(terrain, fetched, &passage.called);
    let before = before.map(|before| Stood { since: before.at, at: before.to });
    let call = Call::of(&appointments, before.map(|before| before.since), at);
    let home = library_among(terrain, [Some(to), Some(station), before.map(|before| before.at)]);
    Some(Moved { at, to, station, mode, home, before, call })
}

/// A leg in the engine's words; none where the directory does not know its place.
pub fn a_move(terrain: &Terrain, leg: &Leg) -> Option<Move> {
    let mode = match leg.way {
        Way::In => Mode::In,
        Way::Filed => Mode::Filed,
        Way::Out => Mode::Out,
        Way::Carried => Mode::Carried,
    };
    let (to, station) = (terrain.place(leg.to)?, terrain.place(leg.station)?);
    Some(Move { at: leg.happened, to, station, mode })
}

/// Appointments by when they call, oldest first.
pub fn appointments(terrain: &Terrain, fetched: Duration, called: &[Called]) -> Vec<Appointment> {
    let before_us = i64::try_from(fetched.as_micros()).unwrap_or(i64::MAX);
    let appointment = |called: &Called| Appointment {
        calls: called.starts_at.plus_micros(-before_us),
        consultant: called.consultant.as_ref().map(|of| terrain.consultant(of)),
        to: terrain.place(called.clinic),
    };
    called.iter().map(appointment).collect()
}

/// The library that a step had to do with. What a folder's shelf is says the import, and another import may say
/// otherwise later: the counts must not depend on when that was.
fn library_among(terrain: &Terrain, places: [Option<PlaceIx>; 3]) -> Option<PlaceIx> {
    let is_library = |place: &PlaceIx| terrain.ground.role(*place) == Role::Library;
    places.into_iter().flatten().find(is_library)
}
