//! Explanations from what folders do: hops without a scan, hops with one, and what was found where.

use super::Belief;
use crate::locate::ground::{PlaceIx, Role};
use crate::locate::tally::real;
use crate::locate::ties::{TIES, Tie};
use crate::locate::view::{View, add, normalise};

/// Ties of a role count as so many of the place's own.
const ROLE_STRENGTH: f64 = 6.0;
/// So many of the likeliest next places are followed one hop further.
const FOLLOWED: usize = 12;
/// What was found from all places of a role counts as so many found from the place itself.
const FOUND_STRENGTH: f64 = 4.0;
/// What a place gets though nothing was ever found there.
const UNSEEN: f64 = 1e-3;
/// What an unscanned hop to a place says of it as a hiding place, against a folder found there.
const HIDDEN_AS_FOUND: f64 = 0.3;
/// What a place gets as a hiding place though nothing ever hid there.
const UNHIDDEN: f64 = 1e-2;

/// It went where folders tracked there were next sent on from: a hop that nobody scanned.
pub fn habit(view: &View) -> Belief {
    by_place(view, view.habit.clone()).without(view.tracked.at)
}

/// It went where folders go from there by scan, each place by how much of what it receives it does not scan.
pub fn flow(view: &View) -> Belief {
    Belief::over(view, view.missed(view.tracked.at)).without(view.tracked.at)
}

/// It went to the folder's own secretary, office, clinic, ward, coding or returns, by how often folders from there do.
pub fn tied_habit(view: &View) -> Belief {
    let mut belief = Belief::none(view);
    if view.caller.is_none() {
        return belief;
    }
    let shares = tie_shares(view);
    let share = |tie: Tie| shares.get(tie.index()).copied().unwrap_or_default();
    for (tie, place) in view.ties.iter() {
        if let Some(place) = place.filter(|place| *place != view.tracked.at) {
            belief.add(place, share(tie));
        }
    }
    let mut habit = view.habit.clone();
    normalise(&mut habit);
    for (other, more) in belief.0.iter_mut().zip(&habit) {
        *other += share(Tie::Other) * more;
    }
    belief
}

/// Of what went from where it is tracked without a scan, to which of the folder's own places.
fn tie_shares(view: &View) -> [f64; TIES] {
    let hops = &view.counts.hops;
    let events = |counts: &[u64; TIES], unit: f64| counts.map(|count| real(count) / unit);
    let role = hops.ties_role.get(view.ground.role(view.tracked.at));
    let role = events(role, view.unit).map(|count| count + 1.0);
    let sum: f64 = role.iter().sum();
    let own = hops.ties.get(view.tracked.at);
    let unit = view.counts.age.habit_unit(view.tracked.at);
    let own = own.map(|own| events(own, unit)).unwrap_or_default();
    let mut shares = role.map(|count| ROLE_STRENGTH * count / sum);
    for (share, own) in shares.iter_mut().zip(own) {
        *share += own;
    }
    shares
}

/// It went on twice without a scan.
pub fn two_hops(view: &View) -> Belief {
    let hops = &view.counts.hops;
    let mut sums = vec![0.0; view.ground.len()];
    for (via, share) in likeliest(&view.habit) {
        let mut next = vec![0.0; view.ground.len()];
        if let Some(hidden) = hops.hidden.get(via) {
            add(&mut next, hidden, view.counts.age.habit_unit(via));
        }
        for (to, events) in view.missed(via) {
            if let Some(sum) = next.get_mut(to.index()) {
                *sum += events;
            }
        }
        if normalise(&mut next) {
            for (sum, next) in sums.iter_mut().zip(next) {
                *sum += share * next;
            }
        }
    }
    by_place(view, sums).without(view.tracked.at)
}

fn likeliest(habit: &[f64]) -> Vec<(PlaceIx, f64)> {
    let mut places: Vec<_> = (0..).map(PlaceIx::new).zip(habit.iter().copied()).collect();
    places.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
    places.truncate(FOLLOWED);
    places
}

/// It is where folders missing from there were found before.
pub fn found_before(view: &View) -> Belief {
    let hops = &view.counts.hops;
    let mut found = vec![UNSEEN; view.ground.len()];
    add(&mut found, hops.found_role.get(view.ground.role(view.tracked.at)), view.counts.age.role_unit());
    normalise(&mut found);
    for share in &mut found {
        *share *= FOUND_STRENGTH;
    }
    if let Some(own) = hops.found.get(view.tracked.at) {
        add(&mut found, own, view.counts.age.habit_unit(view.tracked.at));
    }
    by_place(view, found)
}

/// It is where, in this hospital, missing folders are, wherever they are missing from.
pub fn hiding_place(view: &View) -> Belief {
    let hops = &view.counts.hops;
    let mut hidden = vec![UNHIDDEN; view.ground.len()];
    let unit = view.counts.age.role_unit();
    for role in Role::ALL {
        add(&mut hidden, hops.found_role.get(role), unit);
        add(&mut hidden, hops.hidden_role.get(role), unit / HIDDEN_AS_FOUND);
    }
    by_place(view, hidden)
}

fn by_place(view: &View, mut list: Vec<f64>) -> Belief {
    list.resize(view.cells.len(), 0.0);
    Belief(list)
}
