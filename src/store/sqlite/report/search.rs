//! Searches as they were for whoever had learnt up to a scan.

use rusqlite::{Connection, named_params};

use super::super::codec::movement_key;
use super::super::find::{all, one};
use super::super::searches::{StepRow, folded, steps_before};
use super::super::trouble::{Res, Trouble};
use super::then::then;
use crate::domain::VolumeId;
use crate::domain::missing::Sought;
use crate::domain::missing::found::{Lain, Outcome};
use crate::domain::movement::Subject;
use crate::domain::search::{FoundAt, Search, SearchState, Spot, Step};
use crate::store::report::Learnt;

const SCANS: &str = "SELECT t.key >> 13 FROM search s INDEXED BY search_of_volume
    CROSS JOIN search_step t INDEXED BY search_step_of ON t.search = s.key
    WHERE s.volume = :volume AND t.key >= :from AND t.key < :end";
const NEWEST: &str = "SELECT key FROM search INDEXED BY search_of_volume
    WHERE volume = :volume AND key < :end ORDER BY key DESC LIMIT 1";
/// Searches that a scan turned up or that somebody told the place of.
const ENDED: &str =
    "SELECT DISTINCT search FROM search_step WHERE key >= :from AND key < :end AND what IN (3, 4)
    ORDER BY search -- whole: what is sorted are the searches that ended in one period";

/// The scans and acts after `after` and up to `upto` that changed a search for this volume.
pub fn scans(conn: &Connection, volume: VolumeId, after: i64, upto: i64) -> Res<Vec<i64>> {
    let params = named_params! {
        ":volume": volume.key(),
        ":from": movement_key(after + 1, 0),
        ":end": movement_key(upto + 1, 0),
    };
    all(conn, SCANS, params, |row| Ok(row.get(0)?))
}

/// How far the newest search for a volume was.
pub fn sought(conn: &Connection, volume: VolumeId, upto: i64) -> Res<Option<Sought>> {
    let params = named_params! {":volume": volume.key(), ":end": movement_key(upto + 1, 0)};
    let Some(key) = one(conn, NEWEST, params, |row| Ok(row.get::<_, i64>(0)?))? else { return Ok(None) };
    let (search, _) = search_then(conn, key, upto)?;
    Ok(Some(match search.state {
        SearchState::Open => Sought::Open(search.opened_at),
        SearchState::TurnedUp | SearchState::Found => Sought::Found,
        SearchState::Declared => Sought::Declared(search.declared_at.unwrap_or(search.opened_at)),
        SearchState::Closed => Sought::Closed,
    }))
}

fn search_then(conn: &Connection, key: i64, upto: i64) -> Res<(Search, Vec<StepRow>)> {
    let rows = steps_before(conn, key, movement_key(upto + 1, 0))?;
    let steps: Vec<_> = rows.iter().map(|row| row.stepped.clone()).collect();
    let search = folded(key, &steps).ok_or(Trouble::Broken("a search that was never opened"))?;
    Ok((search, rows))
}

/// What came of the searches that ended in the span with their folder; `None`: nobody has said where it was.
pub fn outcomes(conn: &Connection, learnt: Learnt) -> Res<Vec<Option<Outcome>>> {
    let from = movement_key(learnt.before + 1, 0);
    let params = named_params! {":from": from, ":end": movement_key(learnt.upto + 1, 0)};
    let mut outcomes = Vec::new();
    for key in all(conn, ENDED, params, |row| Ok(row.get::<_, i64>(0)?))? {
        let (search, rows) = search_then(conn, key, learnt.upto)?;
        let told_in_it =
            rows.iter().any(|row| row.key >= from && matches!(row.stepped.step, Step::FoundAt { .. }));
        match (search.state, &search.found) {
            (SearchState::Found, Some(found)) if told_in_it => {
                let seen = then(conn, Subject::Volume(search.volume), learnt.upto)?.seen;
                outcomes.push(Some(outcome(found, seen >= Some(search.opened_at))));
            }
            (SearchState::TurnedUp, _) => outcomes.push(None),
            _ => {}
        }
    }
    Ok(outcomes)
}

fn outcome(found: &FoundAt, is_scanned: bool) -> Outcome {
    Outcome { lain: lain(&found.spot), cause: found.cause.says(), how: found.how.says(), is_scanned }
}

/// A report names no number and no folder: the kind of spot is enough.
const fn lain(spot: &Spot) -> Lain {
    match spot {
        Spot::Place(place) | Spot::Box(place) => Lain::At(*place),
        Spot::Returns(_) => Lain::Spot("returns, not yet filed"),
        Spot::OwnSlot => Lain::Spot("its own slot"),
        Spot::OwnShelf => Lain::Spot("its own shelf"),
        Spot::NextShelves => Lain::Spot("the shelves next to its own"),
        Spot::Slot(_) => Lain::Spot("the slot of another number"),
        Spot::InFolder(_) => Lain::Spot("inside another folder"),
        Spot::Section => Lain::Spot("its section of the library"),
        Spot::Library => Lain::Spot("elsewhere in the library"),
        Spot::ByHand => Lain::Spot("carried by hand"),
        Spot::Lost => Lain::Spot("nowhere to look"),
    }
}
