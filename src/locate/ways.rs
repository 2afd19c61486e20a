//! Ways: how folders go on by habit, how long they stay, and how much of it is scanned. What [`super::trace`] walks on.

use super::case::{Mode, days};
use super::ground::{Ground, ROLES, Role};
use super::tally::{Faded, PerPlace, PerRole, Row, Stroke};
use super::ties::{TIES, Tie, Ties};
use super::told::Moved;

/// How many lengths of stay are told apart.
pub const STAYS: usize = 24;
/// Up to when the shortest stay lasts, in days, and by how much each class is longer than the one before.
const SHORTEST: (f64, f64) = (0.05, 1.45);

/// Where each class of stay ends, in days.
pub fn stay_ends() -> [f64; STAYS] {
    let mut end = SHORTEST.0;
    std::array::from_fn(|_| {
        let this = end;
        end *= SHORTEST.1;
        this
    })
}

/// Counts of how folders go on.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Ways {
    /// Sent on from here by habit, to which of the folder's own places.
    pub onward: PerPlace<[u64; TIES]>,
    /// The same for all places of a role.
    pub onward_role: PerRole<[u64; TIES]>,
    /// Sent on from here to a place that is not tied to the folder.
    pub strays: PerPlace<Row>,
    /// The same by roles.
    pub strays_role: PerRole<[u64; ROLES]>,
    /// Left here while nobody called it, by the next scan.
    pub left: PerPlace<u64>,
    /// Of these, scanned out here.
    pub left_scanned: PerPlace<u64>,
    /// The same for all places of a role: left, scanned out.
    pub left_role: PerRole<[u64; 2]>,
    /// Scanned in on arrival.
    pub arrived_in: PerPlace<u64>,
    /// Tracked here because the sender said so.
    pub arrived_out: PerPlace<u64>,
    /// Sent on from here by habit.
    pub sent: PerPlace<u64>,
    /// Of these, tracked here before.
    pub sent_tracked: PerPlace<u64>,
    /// How long folders stayed at places of a role until they were scanned out, by classes of stay.
    pub stays: PerRole<[u64; STAYS]>,
}

impl Ways {
    /// Learns from a movement, or unlearns it. The first movement of a folder teaches nothing: nobody knows whence.
    pub fn moved(&mut self, ground: &Ground, moved: &Moved, ties: &Ties, stroke: Stroke) {
        let Some(before) = moved.before else { return };
        let fetched = moved.call.just_now;
        match moved.mode {
            Mode::In | Mode::Filed => stroke.on(self.arrived_in.slot(moved.to)),
            Mode::Out if !fetched => self.sent_on(ground, moved, ties, stroke),
            Mode::Out | Mode::Carried => {}
        }
        let role = ground.role(before.at);
        if role == Role::Library || moved.call.meanwhile || moved.mode == Mode::Carried {
            return;
        }
        let [left, scanned] = self.left_role.slot(role);
        stroke.on(left);
        stroke.on(self.left.slot(before.at));
        if moved.mode == Mode::Out && moved.station == before.at {
            stroke.on(scanned);
            stroke.on(self.left_scanned.slot(before.at));
            let stayed = stay_class(days(before.since, moved.at));
            if let Some(count) = self.stays.slot(role).get_mut(stayed) {
                stroke.on(count);
            }
        }
    }

    /// All tables, to make them smaller.
    pub fn tables(&mut self) -> [&mut dyn Faded; 12] {
        [
            &mut self.onward,
            &mut self.onward_role,
            &mut self.strays,
            &mut self.strays_role,
            &mut self.left,
            &mut self.left_scanned,
            &mut self.left_role,
            &mut self.arrived_in,
            &mut self.arrived_out,
            &mut self.sent,
            &mut self.sent_tracked,
            &mut self.stays,
        ]
    }

    fn sent_on(&mut self, ground: &Ground, moved: &Moved, ties: &Ties, stroke: Stroke) {
        let (from, to) = (moved.station, moved.to);
        stroke.on(self.arrived_out.slot(to));
        let tie = ties.tie(to);
        let role = ground.role(from);
        for table in [self.onward.slot(from), self.onward_role.slot(role)] {
            if let Some(count) = table.get_mut(tie.index()) {
                stroke.on(count);
            }
        }
        if tie == Tie::Other {
            self.strays.slot(from).stroke(to, stroke);
            if let Some(count) = self.strays_role.slot(role).get_mut(ground.role(to).index()) {
                stroke.on(count);
            }
        }
        stroke.on(self.sent.slot(from));
        if moved.before.is_some_and(|before| before.at == from) {
            stroke.on(self.sent_tracked.slot(from));
        }
    }
}

fn stay_class(days: f64) -> usize {
    let longest = STAYS - 1;
    stay_ends().iter().take(longest).position(|end| days <= *end).unwrap_or(longest)
}
