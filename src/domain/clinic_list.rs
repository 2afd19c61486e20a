//! Clinic lists: who is expected where and when, and which folders are wanted for it.
//!
//! A working day is Monday to Friday. Bank holidays are not known here: before one, a folder is wanted a day early.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::PlaceId;
use super::directory::Directory;
use super::place::PlaceKind;
use super::whereabouts::{Present, State};
use crate::clock::{DAY_US, MINUTE_US, Timestamp};

/// A folder is still wanted so long after its appointment began: the patient may be late, or the clinic.
pub const LATE_US: i64 = 30 * MINUTE_US;
/// Most appointments of a patient that a check-in looks at: the first that still wants the folder decides.
pub const MAX_CALLS: usize = 3;
/// Lists that were told longer ago say nothing sure of tomorrow: patients are booked and moved every day.
pub const OLD_US: i64 = DAY_US;
/// Most patients on one clinic's list of a day: more are a mistake in the file, and one piece of an import.
pub const MAX_LISTED: usize = 500;

/// An appointment that stands: the patient's folders are wanted for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Call {
    /// Where.
    pub clinic: PlaceId,
    /// When.
    pub starts_at: Timestamp,
    /// From when on a folder that comes in is wanted: the working day before.
    pub wanted_from: Timestamp,
}

/// What the clinic lists say of the patient whose folder comes in.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Calls {
    /// Their next appointments, the next first: [`MAX_CALLS`] at most.
    pub calls: Vec<Call>,
    /// When a list was told last; none: the hospital gives no lists.
    pub told_at: Option<Timestamp>,
}

impl Calls {
    /// The appointment for which a folder is wanted that comes in at `now` from `from`. One that comes back from its
    /// clinic after the appointment began has served it.
    pub fn wants(&self, from: Option<PlaceId>, now: Timestamp, directory: &Directory) -> Option<Call> {
        let comes_from = |clinic: PlaceId| from.is_some_and(|from| directory.is_within(from, clinic));
        let is_wanted = |call: &&Call| {
            let begun = call.starts_at <= now;
            let over = now.micros_since(call.starts_at) > LATE_US;
            call.wanted_from <= now && !over && !(begun && comes_from(call.clinic))
        };
        self.calls.iter().find(is_wanted).copied()
    }

    /// When the lists were told, if that is too long ago to believe a *not wanted*.
    pub fn old(&self, now: Timestamp) -> Option<Timestamp> {
        self.told_at.filter(|told_at| now.micros_since(*told_at) > OLD_US)
    }
}

/// The working day after `day`: the end of it is how far ahead folders are wanted.
pub fn working_day_after(day: Date) -> Date {
    step(day, 1)
}

/// The working day before `day`: from its beginning on a folder is wanted for `day`.
pub fn working_day_before(day: Date) -> Date {
    step(day, -1)
}

fn step(day: Date, days: i64) -> Date {
    let next = day.saturating_add(days.days());
    let rests = matches!(next.weekday(), Weekday::Saturday | Weekday::Sunday);
    if rests && next != day { step(next, days) } else { next }
}

/// How a folder stands to the appointment for which it is wanted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Readiness {
    /// At another place: it has still to come in.
    ToComeIn,
    /// Nobody has ever scanned it.
    NotYetSeen,
    /// In a library or store, not put aside yet: to be pulled.
    ToPull,
    /// In a library since it was wanted, on no shelf.
    PutAside,
    /// On its way to the clinic.
    OnItsWay,
    /// At the clinic.
    AtClinic,
}

impl Readiness {
    /// Whether nobody need do anything about it.
    pub const fn is_ready(self) -> bool {
        matches!(self, Self::PutAside | Self::OnItsWay | Self::AtClinic)
    }
}

/// How a folder that is where `present` says stands to `call`.
pub fn readiness(directory: &Directory, call: &Call, present: &Present) -> Readiness {
    let is_clinic = |place: Option<PlaceId>| place.is_some_and(|at| directory.is_within(at, call.clinic));
    match present.state {
        State::NotYetSeen => Readiness::NotYetSeen,
        State::OnItsWay | State::InContainer if is_clinic(present.to) => Readiness::OnItsWay,
        State::At | State::InContainer if is_clinic(present.place) => Readiness::AtClinic,
        State::At => stored(directory, call, present),
        State::OnItsWay | State::InContainer | State::Gone(_) => Readiness::ToComeIn,
    }
}

fn stored(directory: &Directory, call: &Call, present: &Present) -> Readiness {
    let Some(place) = present.place.and_then(|at| directory.place(at)) else { return Readiness::ToComeIn };
    let in_library = directory.library_of(place.id).is_some();
    if in_library && place.kind != PlaceKind::Shelf && present.since >= Some(call.wanted_from) {
        Readiness::PutAside
    } else if in_library || place.kind == PlaceKind::Store {
        Readiness::ToPull
    } else {
        Readiness::ToComeIn
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::place::Place;

    #[test]
    fn a_working_day_is_monday_to_friday() {
        let (friday, monday) = (date(2026, 11, 27), date(2026, 11, 30));
        assert_eq!(working_day_after(friday), monday);
        assert_eq!(working_day_after(date(2026, 11, 28)), monday);
        assert_eq!(working_day_after(monday), date(2026, 12, 1));
        assert_eq!(working_day_before(monday), friday);
        assert_eq!(working_day_before(date(2026, 11, 29)), friday);
        assert_eq!(working_day_before(friday), date(2026, 11, 26));
    }

    #[test]
    fn wanted_from_the_working_day_before_is_wanted_before_the_end_of_the_next_working_day() {
        let days = (0..21).map(|n| date(2026, 11, 16).saturating_add(n.days()));
        for today in days.clone() {
            for day in days.clone().filter(|day| *day >= today) {
                let by_the_rule = day <= working_day_after(today);
                assert_eq!(working_day_before(day) <= today, by_the_rule, "{today} {day}");
            }
        }
    }

    fn place(key: i64, kind: PlaceKind, parent: Option<i64>) -> Place {
        Place::plain(key, &format!("P{key}"), kind, parent)
    }

    fn at(minutes: i64) -> Timestamp {
        Timestamp::from_micros(minutes * MINUTE_US)
    }

    fn hospital() -> Directory {
        let places = [
            place(1, PlaceKind::Library, None),
            place(2, PlaceKind::Shelf, Some(1)),
            place(3, PlaceKind::Clinic, None),
            place(4, PlaceKind::Office, Some(3)),
            place(5, PlaceKind::Ward, None),
        ];
        Directory::new(places, [], [])
    }

    const CLINIC: PlaceId = PlaceId::new(3);

    fn call(starts_at: i64) -> Call {
        Call { clinic: CLINIC, starts_at: at(starts_at), wanted_from: at(starts_at - 1_000) }
    }

    #[test]
    fn a_folder_is_wanted_until_its_appointment_is_well_begun_but_not_when_it_comes_back_from_it() {
        let calls = Calls { calls: vec![call(2_000), call(9_000)], told_at: Some(at(0)) };
        let wants = |from: i64, now: i64| calls.wants(Some(PlaceId::new(from)), at(now), &hospital());
        assert_eq!(wants(5, 999), None, "not yet");
        assert_eq!(wants(5, 1_000), Some(call(2_000)));
        assert_eq!(wants(4, 1_999), Some(call(2_000)), "it came back too early");
        assert_eq!(wants(5, 2_030), Some(call(2_000)), "the patient may be late");
        assert_eq!(wants(4, 2_010), None, "it has been there");
        assert_eq!(wants(5, 2_031), None);
        assert_eq!(wants(3, 8_500), Some(call(9_000)));
        assert_eq!((calls.old(at(1_440)), calls.old(at(1_441))), (None, Some(at(0))));
    }

    #[test]
    fn a_folder_is_put_aside_pulled_on_its_way_there_or_still_to_come_in() {
        let stands = |state, place, to: Option<i64>, since| {
            let present = Present {
                state,
                place: Some(PlaceId::new(place)),
                to: to.map(PlaceId::new),
                since: Some(at(since)),
                ..Present::default()
            };
            readiness(&hospital(), &call(2_000), &present)
        };
        assert_eq!(stands(State::At, 1, None, 1_500), Readiness::PutAside);
        assert_eq!(stands(State::At, 1, None, 500), Readiness::ToPull);
        assert_eq!(stands(State::At, 2, None, 1_500), Readiness::ToPull);
        assert_eq!(stands(State::At, 4, None, 1_500), Readiness::AtClinic);
        assert_eq!(stands(State::OnItsWay, 1, Some(3), 1_500), Readiness::OnItsWay);
        assert_eq!(stands(State::OnItsWay, 5, Some(1), 1_500), Readiness::ToComeIn);
        assert_eq!(stands(State::At, 5, None, 1_500), Readiness::ToComeIn);
    }
}
