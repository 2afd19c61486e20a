//! What is chased before anyone asks: what was sent and has not arrived, what is held too long, what an appointment that
//! has passed still holds, and what is probably not where the next clinics will look for it.

use std::collections::HashMap;

use super::PlaceId;
use super::directory::Directory;
use super::place::PlaceKind;
use super::whereabouts::{Present, State};
use crate::clock::{DAY_US, MINUTE_US, Timestamp};

const HOUR_US: i64 = 60 * MINUTE_US;

/// How long a folder is usually on its way where nothing was learnt yet.
pub const USUAL_US: i64 = 24 * HOUR_US;
/// The same back to a library: returns wait for a trolley.
pub const USUAL_RETURN_US: i64 = 48 * HOUR_US;
/// From so many arrivals on, what was learnt of a way counts.
pub const LEARNT_FROM: u32 = 20;
/// What was learnt never asks for less: one porter's round.
pub const SHORTEST_US: i64 = 4 * HOUR_US;
/// Of so many in a hundred arrivals the slowest of them was no slower than *usual*.
const OF_A_HUNDRED: u32 = 95;

/// The upper ends of the classes in which arrivals are counted; beyond the last, it is the last.
const CLASSES_US: [i64; 14] = [
    4 * HOUR_US,
    6 * HOUR_US,
    8 * HOUR_US,
    12 * HOUR_US,
    18 * HOUR_US,
    24 * HOUR_US,
    36 * HOUR_US,
    48 * HOUR_US,
    60 * HOUR_US,
    72 * HOUR_US,
    4 * DAY_US,
    5 * DAY_US,
    7 * DAY_US,
    10 * DAY_US,
];

/// How long folders were on their way, way by way.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Usual {
    ways: HashMap<(PlaceId, PlaceId), [u32; CLASSES_US.len()]>,
}

/// How long a way usually takes, and how that is known.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct UsualTime {
    /// In microseconds.
    pub us: i64,
    /// From so many arrivals; none: nothing was learnt, it is the default.
    pub learnt_from: Option<u32>,
}

impl Usual {
    /// A folder that left `from` arrived at `to` after so long.
    pub fn learn(&mut self, from: PlaceId, to: PlaceId, took_us: i64) {
        let class = CLASSES_US.partition_point(|end| *end < took_us).min(CLASSES_US.len() - 1);
        if let Some(count) = self.ways.entry((from, to)).or_default().get_mut(class) {
            *count = count.saturating_add(1);
        }
    }

    /// How long folders from `from` to `to` are usually on their way.
    pub fn of(&self, directory: &Directory, from: Option<PlaceId>, to: PlaceId) -> UsualTime {
        let learnt = from.and_then(|from| self.ways.get(&(from, to))).and_then(percentile);
        learnt.unwrap_or_else(|| UsualTime {
            us: if directory.library_of(to).is_some() { USUAL_RETURN_US } else { USUAL_US },
            learnt_from: None,
        })
    }
}

fn percentile(classes: &[u32; CLASSES_US.len()]) -> Option<UsualTime> {
    let all: u32 = classes.iter().fold(0, |sum, count| sum.saturating_add(*count));
    if all < LEARNT_FROM {
        return None;
    }
    let wanted = u64::from(all) * u64::from(OF_A_HUNDRED);
    let mut sum = 0u64;
    let class = classes.iter().zip(CLASSES_US).find(|(count, _)| {
        sum += u64::from(**count) * 100;
        sum >= wanted
    });
    let us = class.map_or(USUAL_US, |(_, end)| end).max(SHORTEST_US);
    Some(UsualTime { us, learnt_from: Some(all) })
}

/// How long a place of a kind may hold a folder before somebody asks; `None`: as long as it likes.
///
/// Planning guesses, to be judged by whoever rings: a clinic sends back the next day, a ward keeps a folder for a stay,
/// a secretary for the letters.
pub const fn held_too_long_us(kind: PlaceKind) -> Option<i64> {
    match kind {
        PlaceKind::Clinic => Some(3 * DAY_US),
        PlaceKind::Office | PlaceKind::Person | PlaceKind::Other => Some(14 * DAY_US),
        PlaceKind::Ward => Some(28 * DAY_US),
        PlaceKind::Site | PlaceKind::Library | PlaceKind::Shelf | PlaceKind::Store | PlaceKind::Container => {
            None
        }
    }
}

/// Why a folder is probably not where the log has it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Doubt {
    /// By the log's own experience its chance of being there is low: so many in a hundred.
    Unlikely(u8),
    /// Nobody has ever scanned it.
    NeverSeen,
    /// Two desks say two things.
    TwoPlaces,
    /// It was sent, and has not arrived in the usual time.
    NotArrived,
    /// It should be there, and nobody has scanned it there.
    Unconfirmed,
    /// It has been there longer than such a place keeps folders: it was probably passed on.
    HeldLong,
}

impl Doubt {
    /// As a page says it.
    pub const fn says(self) -> &'static str {
        match self {
            Self::Unlikely(..35) => "probably not there: about 1 in 4 such folders is",
            Self::Unlikely(_) => "perhaps not there: about half of such folders are",
            Self::NeverSeen => "nobody has ever scanned it",
            Self::TwoPlaces => "two desks say two things",
            Self::NotArrived => "sent, and not arrived in the usual time",
            Self::Unconfirmed => "nobody has scanned it there",
            Self::HeldLong => "there longer than usual: perhaps passed on",
        }
    }
}

/// Why one should doubt that a folder is where the log has it, the gravest first; by rules, not by chances.
pub fn doubt(directory: &Directory, usual: &Usual, present: &Present, now: Timestamp) -> Option<Doubt> {
    if present.or_at.is_some() {
        return Some(Doubt::TwoPlaces);
    }
    let lasts_us = present.since.map_or(0, |since| now.micros_since(since));
    match present.state {
        State::NotYetSeen => Some(Doubt::NeverSeen),
        State::OnItsWay => {
            let to = present.to?;
            (lasts_us > usual.of(directory, present.place, to).us).then_some(Doubt::NotArrived)
        }
        State::At => {
            let kind = present.place.and_then(|at| directory.place(at)).map(|place| place.kind);
            let longest = kind.and_then(held_too_long_us);
            if longest.is_some_and(|longest| lasts_us > longest) {
                Some(Doubt::HeldLong)
            } else {
                // What stands in a library since it was imported is where it always was.
                let stands = present.place.is_some_and(|at| directory.library_of(at).is_some());
                (!present.confirmed && !stands).then_some(Doubt::Unconfirmed)
            }
        }
        State::InContainer => (!present.confirmed).then_some(Doubt::Unconfirmed),
        State::Gone(_) => None,
    }
}

/// The four lists.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum ChaseList {
    /// Sent, and not arrived in the usual time.
    Sent,
    /// Held longer than such a place keeps folders.
    Held,
    /// Their appointment has passed, and they are still at its clinic.
    Passed,
    /// On a list of the coming days, and probably not where the log has them.
    Coming,
}

impl ChaseList {
    /// All, in the order of their page.
    pub const ALL: [Self; 4] = [Self::Coming, Self::Sent, Self::Passed, Self::Held];

    /// The word of addresses.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Held => "held",
            Self::Passed => "passed",
            Self::Coming => "coming",
        }
    }

    /// The list with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|list| list.word() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::place::Place;

    fn place(key: i64, kind: PlaceKind) -> Place {
        Place::plain(key, &format!("P{key}"), kind, None)
    }

    fn hospital() -> Directory {
        Directory::new(
            [place(1, PlaceKind::Library), place(2, PlaceKind::Clinic), place(3, PlaceKind::Ward)],
            [],
            [],
        )
    }

    const LIBRARY: PlaceId = PlaceId::new(1);
    const CLINIC: PlaceId = PlaceId::new(2);
    const WARD: PlaceId = PlaceId::new(3);

    #[test]
    fn a_way_is_usual_by_its_slowest_but_a_few_once_enough_was_learnt() {
        let mut usual = Usual::default();
        let of = |usual: &Usual, to| usual.of(&hospital(), Some(WARD), to);
        assert_eq!(of(&usual, CLINIC), UsualTime { us: USUAL_US, learnt_from: None });
        assert_eq!(of(&usual, LIBRARY).us, USUAL_RETURN_US);
        for _ in 0..19 {
            usual.learn(WARD, CLINIC, HOUR_US);
        }
        assert_eq!(of(&usual, CLINIC).learnt_from, None, "too few");
        usual.learn(WARD, CLINIC, 9 * DAY_US);
        assert_eq!(of(&usual, CLINIC), UsualTime { us: SHORTEST_US, learnt_from: Some(20) });
        usual.learn(WARD, CLINIC, 30 * HOUR_US);
        usual.learn(WARD, CLINIC, 40 * DAY_US);
        assert_eq!(of(&usual, CLINIC).us, 10 * DAY_US);
    }

    #[test]
    fn a_folder_is_doubted_for_its_gravest_reason() {
        let now = Timestamp::from_micros(100 * DAY_US);
        let at = |place, days: i64| Present {
            state: State::At,
            place: Some(place),
            confirmed: true,
            since: Some(now.plus_micros(-days * DAY_US)),
            ..Present::default()
        };
        let sent = |hours: i64| Present {
            state: State::OnItsWay,
            to: Some(CLINIC),
            since: Some(now.plus_micros(-hours * HOUR_US)),
            ..at(WARD, 0)
        };
        let doubt = |present: Present| doubt(&hospital(), &Usual::default(), &present, now);
        assert_eq!(doubt(at(CLINIC, 1)), None);
        assert_eq!(doubt(at(CLINIC, 4)), Some(Doubt::HeldLong));
        assert_eq!(doubt(Present { confirmed: false, ..at(CLINIC, 1) }), Some(Doubt::Unconfirmed));
        assert_eq!(doubt(Present { confirmed: false, ..at(LIBRARY, 90) }), None);
        assert_eq!(doubt(sent(23)), None);
        assert_eq!(doubt(sent(25)), Some(Doubt::NotArrived));
        assert_eq!(doubt(Present { or_at: Some(WARD), ..sent(25) }), Some(Doubt::TwoPlaces));
        assert_eq!(doubt(Present::default()), Some(Doubt::NeverSeen));
    }
}
