//! How fast and how seen folders go on: scan chances by place, lengths of stay by role.

use crate::locate::counts::Counts;
use crate::locate::ground::{Ground, PlaceIx, ROLES, Role};
use crate::locate::tally::{PerPlace, real};
use crate::locate::view::View;
use crate::locate::ways::{STAYS, Ways, stay_ends};

/// What is known of a role's scanning out before anything is: two of four.
const ROLE_OUT: [f64; 2] = [4.0, 2.0];
/// A role's share counts as so many events of a place.
const OUT_STRENGTH: f64 = 6.0;
const IN_STRENGTH: f64 = 8.0;
const REGISTERED_STRENGTH: f64 = 6.0;
/// A library scans this much of what it receives.
const LIBRARY_IN: f64 = 0.9;
/// The usual stay of a role counts as so many seen.
const STAY_STRENGTH: f64 = 10.0;

/// Scan chances and stays, worked out for one case.
pub struct Pace {
    scanned_out: Vec<f64>,
    scanned_in: Vec<f64>,
    left: [[f64; STAYS]; ROLES],
    ends: [f64; STAYS],
}

impl Pace {
    /// Those of a hospital as it is known now.
    pub fn of(view: &View) -> Self {
        let (ground, counts) = (view.ground, view.counts);
        let (scanned_out, scanned_in) = scan_chances(ground, counts);
        let ends = stay_ends();
        let left = Role::ALL.map(|role| left_after(&counts.ways, role, counts.age.unit(), &ends));
        Self { scanned_out, scanned_in, left, ends }
    }

    /// The chance that what leaves here is scanned out.
    pub fn scanned_out(&self, place: PlaceIx) -> f64 {
        self.scanned_out.get(place.index()).copied().unwrap_or_default()
    }

    /// The chance that what comes here is not scanned in.
    pub fn unscanned_in(&self, place: PlaceIx) -> f64 {
        1.0 - self.scanned_in.get(place.index()).copied().unwrap_or_default()
    }

    /// What is still at a place of this role so many days after it came.
    pub fn stays(&self, role: Role, days: f64) -> f64 {
        if days <= 0.0 {
            return 1.0;
        }
        let Some(left) = self.left.get(role.index()) else { return 0.0 };
        let class = self.ends.partition_point(|end| *end < days).min(STAYS - 1);
        let at = |table: &[f64; STAYS], class: usize, first: f64| {
            class.checked_sub(1).and_then(|before| table.get(before)).copied().unwrap_or(first)
        };
        let begins = at(&self.ends, class, 0.0);
        let ends = if class == STAYS - 1 { begins * LAST_CLASS } else { at(&self.ends, class + 1, 0.0) };
        let before = at(left, class, 1.0);
        let after = at(left, class + 1, 1.0);
        let part = ((days - begins) / (ends - begins)).clamp(0.0, 1.0);
        before + (after - before) * part
    }
}

/// The last class of stays ends at so many times its beginning.
const LAST_CLASS: f64 = 4.0;

/// By class of stay, what is still there at its end.
fn left_after(ways: &Ways, role: Role, unit: f64, ends: &[f64; STAYS]) -> [f64; STAYS] {
    let usual = role.usual_stay_days();
    let mut begins = 0.0;
    let mut classes = [0.0; STAYS];
    for (at, ((class, end), seen)) in classes.iter_mut().zip(ends).zip(ways.stays.get(role)).enumerate() {
        let end = if at == STAYS - 1 { f64::INFINITY } else { *end };
        let share = (-begins / usual).exp() - (-end / usual).exp();
        *class = STAY_STRENGTH * share + real(*seen) / unit;
        begins = end;
    }
    let sum: f64 = classes.iter().sum();
    let mut left = 1.0;
    classes.map(|class| {
        left -= class / sum;
        f64::max(left, 0.0)
    })
}

/// By place, the chances that a hop is scanned out and in; what is not known of a place is that of its role.
fn scan_chances(ground: &Ground, counts: &Counts) -> (Vec<f64>, Vec<f64>) {
    let (ways, unit) = (&counts.ways, counts.age.unit());
    let roles = Role::ALL.map(|role| RoleChances::of(ground, ways, role, unit));
    let of = |place: PlaceIx, role: Role| {
        let events = |table: &PerPlace<u64>| real(table.count(place)) / unit;
        let chances = roles.get(role.index()).copied().unwrap_or_default();
        let out =
            (events(&ways.left_scanned) + OUT_STRENGTH * chances.out) / (events(&ways.left) + OUT_STRENGTH);
        if role == Role::Library {
            return (out, LIBRARY_IN);
        }
        let (arrived_in, arrived_out) = (events(&ways.arrived_in), events(&ways.arrived_out));
        let by_in = (arrived_in + IN_STRENGTH * chances.by_in) / (arrived_in + arrived_out + IN_STRENGTH);
        let registered = (events(&ways.sent_tracked) + REGISTERED_STRENGTH * chances.registered)
            / (events(&ways.sent) + REGISTERED_STRENGTH);
        // Of what was tracked here, `by_in` was scanned in; what was tracked here at all is `registered` of all.
        (out, registered * by_in / (registered * by_in + 1.0 - registered).max(AFTER_ALL))
    };
    ground.places().map(|(place, facts)| of(place, facts.role)).unzip()
}

/// Keeps a share of nothing from being one.
const AFTER_ALL: f64 = 1e-6;

#[derive(Clone, Copy, Default)]
struct RoleChances {
    out: f64,
    by_in: f64,
    registered: f64,
}

impl RoleChances {
    fn of(ground: &Ground, ways: &Ways, role: Role, unit: f64) -> Self {
        let places = ground.of_role(role);
        let sum =
            |table: &PerPlace<u64>| places.iter().map(|place| real(table.count(*place)) / unit).sum::<f64>();
        let [left, scanned] = ways.left_role.get(role).map(|count| real(count) / unit);
        let [all, some] = ROLE_OUT;
        let (arrived_in, arrived_out) = (sum(&ways.arrived_in) + 1.0, sum(&ways.arrived_out) + 1.0);
        Self {
            out: (scanned + some) / (left + all),
            by_in: arrived_in / (arrived_in + arrived_out),
            registered: (sum(&ways.sent_tracked) + 1.0) / (sum(&ways.sent) + 2.0),
        }
    }
}
