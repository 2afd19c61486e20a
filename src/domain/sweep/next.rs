//! Where to sweep next: where most of what is searched for is likely found, for the minutes that a sweep takes.

use std::collections::HashMap;

use crate::clock::{DAY_US, Timestamp};
use crate::domain::PlaceId;

/// Most places that are named: what one person sweeps in a week.
pub const MAX_NEXT: usize = 10;
/// Minutes to a place and back, and to find the scanner.
const WALK_MIN: f64 = 4.0;
/// Minutes for each folder that stands there: one scan every four seconds.
const FOLDER_MIN: f64 = 4.0 / 60.0;
/// A folder that stands wrongly and that nobody searches for yet counts so much of one that somebody does.
const UNASKED: f64 = 0.2;

/// One place where a folder that is searched for may be.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Guess {
    /// The place.
    pub place: PlaceId,
    /// The chance that it is there.
    pub chance: f64,
    /// The chance that it is seen, if it is.
    pub detect: f64,
    /// When it is needed next; none: nobody waits for it.
    pub needed_at: Option<Timestamp>,
}

/// A place to be swept.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct NextSweep {
    /// The place.
    pub place: PlaceId,
    /// Searches of which it is a likely place.
    pub searches: u32,
    /// How many of these folders a sweep would find, on average.
    pub finds: f64,
    /// How many folders stand there wrongly, on average, by what sweeps have shown.
    pub strays: f64,
    /// Minutes.
    pub minutes: f64,
    /// When the first of the folders is needed.
    pub needed_at: Option<Timestamp>,
}

/// What a place is like.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub struct Standing {
    /// Folders that stand there.
    pub folders: u32,
    /// Of a folder there, the chance that it stands wrongly: 0 in a room, where nothing has an order.
    pub misfiled: f64,
}

/// The places that are worth most for their minutes, the best first.
pub fn rank(guesses: &[Guess], now: Timestamp, standing: impl Fn(PlaceId) -> Standing) -> Vec<NextSweep> {
    let mut places: HashMap<PlaceId, (NextSweep, f64)> = HashMap::new();
    for guess in guesses {
        let (next, worth) = places.entry(guess.place).or_insert_with(|| (empty(guess.place), 0.0));
        let finds = guess.chance * guess.detect;
        next.searches = next.searches.saturating_add(1);
        next.finds += finds;
        next.needed_at = next.needed_at.into_iter().chain(guess.needed_at).min();
        *worth += finds * urgency(guess.needed_at, now);
    }
    let mut ranked: Vec<(NextSweep, f64)> = places
        .into_values()
        .map(|(next, worth)| {
            let there = standing(next.place);
            let folders = f64::from(there.folders);
            let strays = folders * there.misfiled;
            let minutes = WALK_MIN + folders * FOLDER_MIN;
            (NextSweep { strays, minutes, ..next }, (worth + strays * UNASKED) / minutes)
        })
        .collect();
    ranked.sort_by(|(one, worth), (other, less)| {
        less.total_cmp(worth).then_with(|| one.place.cmp(&other.place))
    });
    ranked.into_iter().map(|(next, _)| next).take(MAX_NEXT).collect()
}

const fn empty(place: PlaceId) -> NextSweep {
    NextSweep { place, searches: 0, finds: 0.0, strays: 0.0, minutes: 0.0, needed_at: None }
}

/// How much more a folder counts that somebody needs soon.
fn urgency(needed_at: Option<Timestamp>, now: Timestamp) -> f64 {
    match needed_at.map(|needed_at| needed_at.micros_since(now)) {
        Some(..DAY_US) => 3.0,
        Some(_) => 1.5,
        None => 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guess(place: i64, chance: f64, needed_at: Option<Timestamp>) -> Guess {
        Guess { place: PlaceId::new(place), chance, detect: 0.8, needed_at }
    }

    #[test]
    fn a_small_place_where_two_are_likely_goes_before_a_full_one_and_need_before_none() {
        let now = Timestamp::EPOCH;
        let guesses = [guess(1, 0.4, None), guess(1, 0.4, None), guess(2, 0.5, None), guess(3, 0.5, None)];
        let folders =
            |place: PlaceId| Standing { folders: if place.key() == 2 { 400 } else { 20 }, misfiled: 0.0 };
        let order = |guesses: &[Guess]| -> Vec<i64> {
            rank(guesses, now, folders).iter().map(|next| next.place.key()).collect()
        };
        assert_eq!(order(&guesses), [1, 3, 2]);
        let mut needed = guesses;
        needed[3].needed_at = Some(now);
        assert_eq!(order(&needed), [3, 1, 2]);
        let told = rank(&guesses, now, folders);
        assert_eq!((told[0].searches, told[0].minutes > 5.0), (2, true));
        assert!((told[0].finds - 0.64).abs() < 1e-9);
    }

    #[test]
    fn what_stands_wrongly_counts_though_nobody_asks_for_it() {
        let guesses = [guess(1, 0.1, None), guess(2, 0.1, None)];
        let ranked = rank(&guesses, Timestamp::EPOCH, |place| Standing {
            folders: 300,
            misfiled: if place.key() == 2 { 0.01 } else { 0.0 },
        });
        assert_eq!(ranked[0].place.key(), 2);
        assert!((ranked[0].strays - 3.0).abs() < 1e-9);
    }
}
