//! The hidden path, followed forward from the last scan: where a folder is by now, given that no scan of it was made.
//!
//! A folder stays at each place for as long as folders stay there, goes on to its own places as folders from there do,
//! and is not scanned, out there or in here, as often as this hospital does not scan. An appointment that calls it
//! fetches it from where it is tracked, or finds it at once where it is called to.

mod pace;
mod segment;

use super::case::{Appointment, days};
use super::ground::{PlaceIx, Role};
use super::ties::Ties;
use super::told::{Caller, called};
use super::view::View;
use pace::Pace;
use segment::{Segment, Standing};

/// How long a folder that came back waits to be filed, in days.
const FILED_DAYS: f64 = 1.5;
/// Masses smaller than this are followed no further.
const LEAST: f64 = 1e-9;
/// A call is one after the last scan if it is later than this, in days: a tenth of a second.
const AFTER_DAYS: f64 = 1e-6;

/// By place, how likely the folder is there by now; with what waits to be filed it adds up to one.
#[derive(Clone, PartialEq, Debug)]
pub struct Traced {
    mass: Vec<f64>,
    /// What waits in the returns area of its library.
    pub waiting: f64,
}

impl Traced {
    /// The mass of each place, in order.
    pub fn places(&self) -> impl Iterator<Item = (PlaceIx, f64)> {
        (0..).map(PlaceIx::new).zip(self.mass.iter().copied())
    }

    /// The mass of one place.
    pub fn mass(&self, place: PlaceIx) -> f64 {
        self.mass.get(place.index()).copied().unwrap_or_default()
    }
}

/// Follows the folder of a case from its last scan until now.
pub fn trace(view: &View) -> Traced {
    let pace = Pace::of(view);
    let now = view.days();
    let mut standing = vec![Standing { place: view.tracked.at, since: 0.0, mass: 1.0 }];
    let mut ties = tied(view, first_caller(view));
    let mut from = 0.0;
    for call in calls(view) {
        let at = days(view.tracked.since, call.calls);
        standing = Segment { view, pace: &pace, ties: &ties, from, until: at }.walk(&standing);
        standing = fetched(view, &pace, &standing, call, at);
        ties = tied(view, Some(call.caller()));
        from = at;
    }
    standing = Segment { view, pace: &pace, ties: &ties, from, until: now }.walk(&standing);
    settled(view, &standing, now)
}

fn tied(view: &View, caller: Option<Caller>) -> Ties {
    Ties::learned(view.ground, &view.counts.hops, view.library, caller)
}

/// Whose the folder was when it was last scanned, else whose it is, else who asks.
fn first_caller(view: &View) -> Option<Caller> {
    let past = called(&view.case.appointments, view.case.now);
    let before = past.iter().rev().find(|call| call.calls <= view.tracked.since);
    let asking = view.case.asking.map(|consultant| Caller { consultant: Some(consultant), to: None });
    before.map(Appointment::caller).or(view.caller).or(asking)
}

/// The appointments that called it since its last scan.
fn calls<'a>(view: &View<'a>) -> impl Iterator<Item = &'a Appointment> {
    let since = view.tracked.since;
    let past = called(&view.case.appointments, view.case.now);
    past.iter().filter(move |call| days(since, call.calls) > AFTER_DAYS)
}

/// Of what is called from a library and there, so much is sent out unscanned all the same.
const LIBRARY_UNSCANNED: f64 = 0.02;
/// Of what is fetched from a department, so much is taken by hand.
const TAKEN_BY_HAND: f64 = 0.1;
/// Who fetches from a department scans at least this share of the rest.
const FETCHED_SCANNED: f64 = 0.8;
/// How likely a first look sees a folder at its slot, and one in a department (facts 3.1).
const SEEN_ON_SHELF: f64 = 0.985;
const SEEN_ELSEWHERE: f64 = 0.93;
/// A search that an appointment began ends without a scan this often: what was not where it is tracked then is elsewhere
/// still.
const NOT_FOUND_THEN: f64 = 0.08;
/// A folder that is where it is called to already is not scanned this often.
const THERE_ALREADY: f64 = 0.6;

/// What an appointment does to where the folder may be, since no scan followed.
fn fetched(view: &View, pace: &Pace, standing: &[Standing], call: &Appointment, at: f64) -> Vec<Standing> {
    let tracked = view.tracked.at;
    let from_library = view.ground.role(tracked) == Role::Library;
    let seen = if from_library { SEEN_ON_SHELF } else { SEEN_ELSEWHERE };
    let Some(to) = call.to else { return standing.to_vec() };
    let unseen_in = pace.unscanned_in(to);
    let unscanned = if from_library {
        LIBRARY_UNSCANNED * unseen_in
    } else {
        let out = pace.scanned_out(tracked).max(FETCHED_SCANNED);
        TAKEN_BY_HAND + (1.0 - TAKEN_BY_HAND) * (1.0 - out) * unseen_in
    };
    let mut next = Vec::new();
    for one in standing {
        if one.place == to {
            next.push(Standing { since: at, mass: one.mass * THERE_ALREADY, ..*one });
        } else if one.place == tracked {
            next.push(Standing { place: to, since: at, mass: one.mass * seen * unscanned });
            next.push(Standing { mass: one.mass * (1.0 - seen) * NOT_FOUND_THEN, ..*one });
        } else {
            next.push(Standing { mass: one.mass * NOT_FOUND_THEN, ..*one });
        }
    }
    next
}

/// The end of the walk: what came back to the library waits for a while to be filed.
fn settled(view: &View, standing: &[Standing], now: f64) -> Traced {
    let mut mass = vec![0.0; view.ground.len()];
    let mut waiting = 0.0;
    for one in standing {
        let came_back = Some(one.place) == view.home() && one.place != view.tracked.at;
        let waits = came_back && view.returns().is_some();
        let unfiled = if waits { one.mass * (-(now - one.since) / FILED_DAYS).exp() } else { 0.0 };
        waiting += unfiled;
        if let Some(sum) = mass.get_mut(one.place.index()) {
            *sum += one.mass - unfiled;
        }
    }
    let sum = mass.iter().sum::<f64>() + waiting;
    if sum > 0.0 {
        for one in &mut mass {
            *one /= sum;
        }
        waiting /= sum;
    }
    Traced { mass, waiting }
}
