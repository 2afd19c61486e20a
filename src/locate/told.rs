//! What the counts are told, in the order in which it was learned.

use super::case::{Appointment, Case, Mode, days};
use super::cell::Cell;
use super::ground::{ConsultantIx, PlaceIx};
use crate::clock::Timestamp;

/// Where a folder stood before a movement, by what was known then.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Stood {
    /// Since when it was tracked there.
    pub since: Timestamp,
    /// The place.
    pub at: PlaceIx,
}

/// What called a folder, seen from one of its movements.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Call {
    /// The last appointment that had called it: whose and whither.
    pub last: Option<Caller>,
    /// Whether one called it while it stood where it stood.
    pub meanwhile: bool,
    /// Whether one called it at the time of the movement: it was fetched, it did not go on by habit.
    pub just_now: bool,
}

/// Whose appointment, and where.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Caller {
    /// The consultant.
    pub consultant: Option<ConsultantIx>,
    /// The clinic or the ward.
    pub to: Option<PlaceIx>,
}

/// Calls this near to a scan are one with it, in days: half an hour.
const SAME_DAYS: f64 = 0.02;
/// A movement this near to a call was made for it, in days: an hour and a half.
const FETCHED_DAYS: f64 = 0.06;
/// An appointment has called a folder only so long after its time, in days: a quarter of an hour.
const CALLED_DAYS: f64 = 0.01;

impl Call {
    /// What called a folder that stood somewhere since `since`, seen from a movement at `at`. `appointments` are sorted by when they call
    /// and may reach two hours beyond `at`; those from two days before `since` on are enough, with the last before.
    pub fn of(appointments: &[Appointment], since: Option<Timestamp>, at: Timestamp) -> Self {
        let last = called(appointments, at).last().map(Appointment::caller);
        let meanwhile = since.is_some_and(|since| {
            appointments.iter().any(|appointment| {
                let after = days(since, appointment.calls) > -SAME_DAYS;
                after && days(at, appointment.calls) < SAME_DAYS
            })
        });
        let just_now =
            appointments.iter().any(|appointment| days(at, appointment.calls).abs() < FETCHED_DAYS);
        Self { last, meanwhile, just_now }
    }
}

impl Appointment {
    /// Whose it is, and where.
    pub const fn caller(&self) -> Caller {
        Caller { consultant: self.consultant, to: self.to }
    }
}

/// The appointments that have called the folder by `now`, of a list sorted by when they call.
pub fn called(appointments: &[Appointment], now: Timestamp) -> &[Appointment] {
    let past = appointments.partition_point(|appointment| days(appointment.calls, now) > CALLED_DAYS);
    appointments.get(..past).unwrap_or_default()
}

/// One movement of a folder, as it teaches the counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Moved {
    /// When it happened.
    pub at: Timestamp,
    /// Where it is tracked since.
    pub to: PlaceIx,
    /// Where it was scanned.
    pub station: PlaceIx,
    /// How it is known.
    pub mode: Mode,
    /// The library that the folder belongs to.
    pub home: Option<PlaceIx>,
    /// Where it stood before; none: it was never seen before.
    pub before: Option<Stood>,
    /// What called it.
    pub call: Call,
}

/// Something that the counts learn from.
#[derive(Clone, PartialEq, Debug)]
pub enum Told {
    /// A folder moved.
    Moved(Moved),
    /// What was told of a movement does not count, as if it had never been told.
    Untold {
        /// What was told, to the letter.
        moved: Moved,
        /// When it was learned.
        learned_at: Timestamp,
    },
    /// A search ended: the folder was in this cell.
    Found {
        /// What was known when the search was opened, with all looks made since.
        case: Box<Case>,
        /// Where it was.
        cell: Cell,
    },
}
