//! A view: one case with all that several explanations read, worked out once.

use super::case::{Case, Mode, Move, days};
use super::cell::{Cells, SLIPS, Slots};
use super::counts::Counts;
use super::ground::{Ground, Library, PlaceIx, Role};
use super::tally::{Row, real};
use super::ties::Ties;
use super::told::{Caller, called};
use super::weights::{Context, LastScan};
use crate::clock::{DAY_US, Timestamp};

/// A folder that has no movement stands in its library since so long, in days: as the import found it.
const NEVER_SEEN_DAYS: i64 = 200;
/// An appointment has called a folder since its last scan only if it did so later than this, in days.
const CALLED_SINCE_DAYS: f64 = 0.5;
/// Habits of a role count as so many of the place's own.
const ROLE_STRENGTH: f64 = 6.0;
/// What a place gets of the habits of its role though nothing was ever seen.
const UNSEEN: f64 = 1e-3;
/// A place that scans less than this share of what it receives is taken to scan this share: beyond it, nothing is known.
const LEAST_SCANNED: f64 = 0.08;

/// Where a folder is tracked, and since when.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Tracked {
    /// Since.
    pub since: Timestamp,
    /// The place.
    pub at: PlaceIx,
    /// Where the last scan was made.
    pub station: PlaceIx,
    /// How it is known.
    pub mode: Mode,
    /// Where it was tracked before.
    pub previous: PlaceIx,
}

impl Tracked {
    fn of(case: &Case, library: Option<&Library>) -> Self {
        let home = library.map_or(PlaceIx::new(0), |library| library.place);
        let never_seen = Move {
            at: case.now.plus_micros(-NEVER_SEEN_DAYS * DAY_US),
            to: home,
            station: home,
            mode: Mode::In,
        };
        let last = case.moves.last().copied().unwrap_or(never_seen);
        let previous = case.moves.iter().rev().nth(1).map_or(home, |before| before.to);
        Self { since: last.at, at: last.to, station: last.station, mode: last.mode, previous }
    }
}

/// One case, seen with the counts.
pub struct View<'a> {
    /// What stands still.
    pub ground: &'a Ground,
    /// What was learned.
    pub counts: &'a Counts,
    /// The evidence.
    pub case: &'a Case,
    /// The library that the folder belongs to.
    pub library: Option<&'a Library>,
    /// All that can be looked into.
    pub cells: Cells,
    /// Where it is tracked.
    pub tracked: Tracked,
    /// Whose appointment called it last.
    pub caller: Option<Caller>,
    /// The places tied to the folder by that.
    pub ties: Ties,
    /// Who asks for it, if that is somebody else, else whose appointment called it before.
    pub other: Option<Caller>,
    /// The places tied to it by that.
    pub other_ties: Ties,
    /// What the weights are looked up by.
    pub context: Context,
    /// What one event counts now.
    pub unit: f64,
    /// By place: where folders tracked here went without a scan, in events, the role's habits included.
    pub habit: Vec<f64>,
    /// By place: of how many that came unscanned each scanned one tells.
    pub unscanned: Vec<f64>,
    /// By cell: where a misfiled folder stands; adds up to one.
    pub misfiled: Vec<f64>,
}

impl<'a> View<'a> {
    /// The view of a case.
    pub fn new(ground: &'a Ground, counts: &'a Counts, case: &'a Case, slots: Slots) -> Self {
        let library = ground.library(case.home);
        let cells = Cells::of(ground, case, slots);
        let tracked = Tracked::of(case, library);
        let past = called(&case.appointments, case.now);
        let caller = past.last().map(super::Appointment::caller);
        let other = other_caller(case, caller);
        let tied = |caller| Ties::learned(ground, &counts.hops, library, caller);
        let called_since =
            past.last().is_some_and(|last| days(tracked.since, last.calls) > CALLED_SINCE_DAYS);
        let context = Context::new(
            ground.role(tracked.at),
            LastScan::of(tracked.mode, ground.role(tracked.station)),
            called_since,
            days(tracked.since, case.now),
        );
        let unit = counts.age.unit();
        Self {
            ground,
            counts,
            case,
            library,
            tracked,
            caller,
            ties: tied(caller),
            other_ties: other.map(|other| tied(Some(other))).unwrap_or_default(),
            other,
            context,
            unit,
            habit: habit(ground, counts, tracked.at),
            unscanned: unscanned(ground, counts, unit),
            misfiled: misfiled(&cells, counts),
            cells,
        }
    }

    /// Days since the last scan.
    pub fn days(&self) -> f64 {
        days(self.tracked.since, self.case.now)
    }

    /// When it was last scanned; none: nobody has ever scanned it.
    pub fn last_scan(&self) -> Option<Timestamp> {
        self.case.moves.last().map(|last| last.at)
    }

    /// The library's place.
    pub fn home(&self) -> Option<PlaceIx> {
        self.library.map(|library| library.place)
    }

    /// Where its library puts what comes back.
    pub fn returns(&self) -> Option<PlaceIx> {
        self.library.and_then(|library| library.returns)
    }

    /// Scanned hops from a place as what went unscanned: `(place, events)`.
    pub fn missed(&self, from: PlaceIx) -> impl Iterator<Item = (PlaceIx, f64)> {
        let unit = self.counts.age.habit_unit(from);
        self.counts.hops.flow.get(from).into_iter().flat_map(Row::iter).map(move |(to, count)| {
            let times = self.unscanned.get(to.index()).copied().unwrap_or_default();
            (to, real(count) / unit * times)
        })
    }
}

/// Who asks, if that is somebody else than who called the folder last; else who called it before.
fn other_caller(case: &Case, last: Option<Caller>) -> Option<Caller> {
    let asking = case.asking.map(|consultant| Caller { consultant: Some(consultant), to: None });
    let last_consultant = last.and_then(|last| last.consultant);
    match asking {
        Some(asking) if asking.consultant != last_consultant => Some(asking),
        Some(_) | None => {
            let last = last?;
            let past = called(&case.appointments, case.now).iter().rev().skip(1);
            past.map(super::Appointment::caller).find(|earlier| earlier.consultant != last.consultant)
        }
    }
}

fn habit(ground: &Ground, counts: &Counts, from: PlaceIx) -> Vec<f64> {
    let mut role = vec![UNSEEN; ground.len()];
    add(&mut role, counts.hops.hidden_role.get(ground.role(from)), counts.age.role_unit());
    let sum: f64 = role.iter().sum();
    let mut habit: Vec<f64> = role.iter().map(|share| ROLE_STRENGTH * share / sum).collect();
    if let Some(own) = counts.hops.hidden.get(from) {
        add(&mut habit, own, counts.age.habit_unit(from));
    }
    if let Some(itself) = habit.get_mut(from.index()) {
        *itself = 0.0;
    }
    habit
}

/// Adds the counts of a row, in events, to a list by place.
pub fn add(to: &mut [f64], row: &Row, unit: f64) {
    for (place, count) in row.iter() {
        if let Some(sum) = to.get_mut(place.index()) {
            *sum += real(count) / unit;
        }
    }
}

fn unscanned(ground: &Ground, counts: &Counts, unit: f64) -> Vec<f64> {
    let times = |place| {
        let scanned = counts.hops.scanned_share(place, unit);
        (1.0 - scanned) / scanned.max(LEAST_SCANNED)
    };
    ground.places().map(|(place, _)| times(place)).collect()
}

/// The share of each class of misfiling, evenly over the cells of the class.
fn misfiled(cells: &Cells, counts: &Counts) -> Vec<f64> {
    let shares = counts.slips.shares();
    let mut cells_of = [0.0; SLIPS];
    for (_, slip) in cells.iter() {
        if let Some(count) = slip.and_then(|slip| cells_of.get_mut(slip.index())) {
            *count += 1.0;
        }
    }
    let share = |slip: super::cell::Slip| {
        let of = cells_of.get(slip.index()).copied().unwrap_or(1.0);
        shares.get(slip.index()).copied().unwrap_or_default() / of
    };
    let mut misfiled: Vec<f64> = cells.iter().map(|(_, slip)| slip.map_or(0.0, share)).collect();
    normalise(&mut misfiled);
    misfiled
}

/// Makes a list add up to one; what adds up to nothing stays as it is, and is told so.
pub fn normalise(list: &mut [f64]) -> bool {
    let sum: f64 = list.iter().sum();
    let any = sum > f64::MIN_POSITIVE;
    if any {
        for one in list {
            *one /= sum;
        }
    }
    any
}

/// What a place is whose library's own place stands for something else there.
pub fn is_library(ground: &Ground, place: PlaceIx) -> bool {
    ground.role(place) == Role::Library
}
