//! The walk between two calls: who left when, to where, and what of it nobody scanned.
//!
//! Time is cut into steps. What leaves in the first hop is followed hop by hop, all places of one hop together, until
//! nothing worth following is left.

use super::pace::Pace;
use super::{LEAST, View};
use crate::locate::ground::{PlaceIx, ROLES, Role};
use crate::locate::tally::{real, real_len};
use crate::locate::ties::{TIES, Tie, Ties};

/// So many steps of time between two calls: finer steps change no figure.
const STEPS: usize = 20;
/// So many hops without any scan are followed: a seventh is as good as never.
const HOPS: usize = 6;
/// What leaves a place in less than this is followed no further: in a hospital of a thousand places nearly all do, and no
/// figure hangs on it.
const LEAST_LEAVING: f64 = 1e-3;
/// What comes to a place in less than this is dropped.
const LEAST_COMING: f64 = 1e-6;
/// Onward habits of a role count as so many folders of the place's own.
const ONWARD_STRENGTH: f64 = 12.0;
/// Strays of a role count as so many of the place's own.
const STRAY_STRENGTH: f64 = 4.0;
/// What is known of strays before anything is: so much for each role.
const STRAY_UNSEEN: f64 = 0.3;

/// A share of the folder that stands at a place.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Standing {
    /// Where.
    pub place: PlaceIx,
    /// Since when, in days after the last scan.
    pub since: f64,
    /// The share.
    pub mass: f64,
}

/// What happens by step.
type Steps = [f64; STEPS];

/// A time without calls.
pub struct Segment<'a> {
    /// The case.
    pub view: &'a View<'a>,
    /// The hospital's pace.
    pub pace: &'a Pace,
    /// The folder's own places meanwhile.
    pub ties: &'a Ties,
    /// Its begin, in days after the last scan.
    pub from: f64,
    /// Its end.
    pub until: f64,
}

impl Segment<'_> {
    /// Where the folder stands at the end, if it stood so at the begin.
    pub fn walk(&self, standing: &[Standing]) -> Vec<Standing> {
        let step = ((self.until - self.from) / real_len(STEPS)).max(LEAST);
        let mut stayed = Stayed(vec![(0.0, 0.0); self.view.ground.len()]);
        let mut hop = Hop::new(self);
        for one in standing {
            let leaving = self.first_leaving(one, step, &mut stayed);
            hop.leave(one.place, &leaving);
        }
        let staying = self.staying(step);
        for _ in 1..HOPS {
            let arrivals = hop.arrivals();
            if arrivals.is_empty() {
                break;
            }
            hop = Hop::new(self);
            for (place, coming) in &arrivals {
                let leaving = self.leaving(*place, coming, step, &staying, &mut stayed);
                hop.leave(*place, &leaving);
            }
        }
        stayed.standing()
    }

    /// What leaves of those that stood there at the begin.
    fn first_leaving(&self, one: &Standing, step: f64, stayed: &mut Stayed) -> Steps {
        let role = self.view.ground.role(one.place);
        let mut leaving = [0.0; STEPS];
        let mut here = 1.0;
        if role != Role::Library {
            let at_begin = self.pace.stays(role, self.from - one.since).max(LEAST);
            let mut end = self.from;
            for leaves in &mut leaving {
                end += step;
                let left = (self.pace.stays(role, end - one.since) / at_begin).min(here);
                *leaves = one.mass * (here - left);
                here = left;
            }
        }
        stayed.add(one.place, one.mass * here, one.since);
        leaving
    }

    /// By role, what is still there half a step, one and a half … after it came.
    fn staying(&self, step: f64) -> [[f64; STEPS + 1]; ROLES] {
        Role::ALL.map(|role| {
            let mut after = -0.5 * step;
            std::array::from_fn(|_| {
                after += step;
                self.pace.stays(role, after)
            })
        })
    }

    /// What leaves of those that come, by when they came; nothing where it is too little to be followed.
    fn leaving(
        &self,
        place: PlaceIx,
        coming: &Steps,
        step: f64,
        staying: &[[f64; STEPS + 1]; ROLES],
        stayed: &mut Stayed,
    ) -> Steps {
        let role = self.view.ground.role(place);
        let staying = staying.get(role.index()).filter(|_| role != Role::Library);
        let mut leaving = [0.0; STEPS];
        let followed = coming.iter().sum::<f64>() >= LEAST_LEAVING;
        let mut came = self.from - 0.5 * step;
        for (begin, mass) in coming.iter().enumerate() {
            came += step;
            if *mass <= LEAST {
                continue;
            }
            let Some(staying) = staying else {
                stayed.add(place, *mass, came);
                continue;
            };
            if followed {
                let mut here = 1.0;
                for (leaves, left) in leaving.iter_mut().skip(begin).zip(staying) {
                    *leaves += mass * (here - left);
                    here = *left;
                }
            }
            let at_end = staying.get(STEPS - 1 - begin).copied().unwrap_or_default();
            stayed.add(place, mass * at_end, came);
        }
        leaving
    }
}

/// By place, the mass that stays to the end, and the mass times since when.
struct Stayed(Vec<(f64, f64)>);

impl Stayed {
    fn add(&mut self, place: PlaceIx, mass: f64, since: f64) {
        if let Some((sum, weighted)) = self.0.get_mut(place.index()) {
            *sum += mass;
            *weighted += mass * since;
        }
    }

    fn standing(&self) -> Vec<Standing> {
        let worth = self.0.iter().zip(0..).filter(|((mass, _), _)| *mass > LEAST);
        worth
            .map(|((mass, weighted), place)| Standing {
                place: PlaceIx::new(place),
                since: weighted / mass,
                mass: *mass,
            })
            .collect()
    }
}

/// All that goes on in one hop.
struct Hop<'a> {
    segment: &'a Segment<'a>,
    coming: Vec<Steps>,
    /// What comes to the places of a role, evenly.
    to_role: [Steps; ROLES],
}

impl<'a> Hop<'a> {
    fn new(segment: &'a Segment<'a>) -> Self {
        let coming = vec![[0.0; STEPS]; segment.view.ground.len()];
        Self { segment, coming, to_role: [[0.0; STEPS]; ROLES] }
    }

    /// Sends on what leaves a place and was not scanned out.
    fn leave(&mut self, from: PlaceIx, leaving: &Steps) {
        let view = self.segment.view;
        let sum: f64 = leaving.iter().sum();
        if sum < LEAST_LEAVING || view.ground.role(from) == Role::Library {
            return;
        }
        let unscanned = 1.0 - self.segment.pace.scanned_out(from);
        let ties = onward_shares(view, from);
        for ((tie, place), share) in self.segment.ties.iter().zip(ties) {
            match place {
                Some(place) => self.come(from, place, share * unscanned, leaving),
                None => self.come_to_role(from, tie.role(), share * unscanned, leaving),
            }
        }
        let stray = ties.get(Tie::Other.index()).copied().unwrap_or_default() * unscanned;
        self.stray(from, stray, leaving);
    }

    fn stray(&mut self, from: PlaceIx, share: f64, leaving: &Steps) {
        let view = self.segment.view;
        let own = view.counts.ways.strays.get(from);
        let unit = view.counts.age.habit_unit(from);
        let sum = own.map_or(0.0, |own| real(own.total()) / unit) + STRAY_STRENGTH;
        for (to, count) in own.into_iter().flat_map(super::super::tally::Row::iter) {
            self.come(from, to, share * real(count) / unit / sum, leaving);
        }
        let role = view.counts.ways.strays_role.get(view.ground.role(from));
        let role = role.map(|count| real(count) / view.unit + STRAY_UNSEEN);
        let of_all: f64 = role.iter().sum();
        for (to, count) in Role::ALL.into_iter().zip(role) {
            self.come_to_role(from, to, share * STRAY_STRENGTH / sum * count / of_all, leaving);
        }
    }

    /// A folder that would go where it is goes home instead.
    fn come(&mut self, from: PlaceIx, to: PlaceIx, share: f64, leaving: &Steps) {
        let to = if to == from { self.segment.view.home().unwrap_or(to) } else { to };
        if let Some(coming) = self.coming.get_mut(to.index()) {
            add(coming, leaving, share);
        }
    }

    fn come_to_role(&mut self, from: PlaceIx, role: Role, share: f64, leaving: &Steps) {
        let view = self.segment.view;
        let places = real_len(view.ground.of_role(role).len());
        if places == 0.0 {
            return;
        }
        if let Some(coming) = self.to_role.get_mut(role.index()) {
            add(coming, leaving, share);
        }
        if view.ground.role(from) == role {
            self.come(from, from, share / places, leaving);
            if let Some(coming) = self.coming.get_mut(from.index()) {
                add(coming, leaving, -share / places);
            }
        }
    }

    /// What arrives where, and is not scanned in.
    fn arrivals(&self) -> Vec<(PlaceIx, Steps)> {
        let (view, pace) = (self.segment.view, self.segment.pace);
        let even = |role: Role| {
            let places = real_len(view.ground.of_role(role).len()).max(1.0);
            self.to_role.get(role.index()).copied().unwrap_or_default().map(|mass| mass / places)
        };
        let even = Role::ALL.map(even);
        let mut arrivals = Vec::new();
        for ((place, facts), own) in view.ground.places().zip(&self.coming) {
            let unscanned = pace.unscanned_in(place);
            let mut coming = *own;
            if let Some(even) = even.get(facts.role.index()) {
                add(&mut coming, even, 1.0);
            }
            let coming = coming.map(|mass| (mass * unscanned).max(0.0));
            if coming.iter().sum::<f64>() > LEAST_COMING {
                arrivals.push((place, coming));
            }
        }
        arrivals
    }
}

fn add(to: &mut Steps, what: &Steps, share: f64) {
    for (to, what) in to.iter_mut().zip(what) {
        *to += share * what;
    }
}

/// To which of the folder's own places it goes on from a place.
fn onward_shares(view: &View, from: PlaceIx) -> [f64; TIES] {
    let (ways, age) = (&view.counts.ways, &view.counts.age);
    let own = ways.onward_events(age, from);
    let sum = own.iter().sum::<f64>() + ONWARD_STRENGTH;
    let mut shares = ways.onward_shares(age, view.ground.role(from));
    for (share, own) in shares.iter_mut().zip(own) {
        *share = (ONWARD_STRENGTH * *share + own) / sum;
    }
    shares
}
