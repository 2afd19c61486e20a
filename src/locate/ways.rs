//! Ways: how folders go on by habit, how long they stay, and how much of it is scanned. What [`super::trace`] walks on.

use super::ageing::{Age, Strokes};
use super::case::{Mode, days};
use super::ground::{Ground, PlaceIx, ROLES, Role};
use super::tally::{Faded, PerPlace, PerRole, Row, real};
use super::ties::{TIES, Tie, Ties};
use super::told::Moved;

/// How many lengths of stay are told apart.
pub const STAYS: usize = 24;
/// Up to when the shortest stay lasts, in days, and by how much each class is longer than the one before.
const SHORTEST: (f64, f64) = (0.05, 1.45);

/// What is known of onward habits of a role before anything is: so much for each tie.
const ONWARD_UNSEEN: f64 = 0.5;

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
    pub fn moved(&mut self, ground: &Ground, moved: &Moved, ties: &Ties, strokes: &Strokes) {
        let stroke = strokes.plain();
        let Some(before) = moved.before else { return };
        match moved.mode {
            Mode::In | Mode::Filed => stroke.on(self.arrived_in.slot(moved.to)),
            Mode::Out if is_by_habit(moved) => self.sent_on(ground, moved, ties.tie(moved.to), strokes),
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

    /// All counts less by so many bits.
    pub fn fade(&mut self, bits: u32) {
        let tables: [&mut dyn Faded; 12] = [
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
        ];
        for table in tables {
            table.fade(bits);
        }
    }

    fn sent_on(&mut self, ground: &Ground, moved: &Moved, tie: Tie, strokes: &Strokes) {
        let (from, to) = (moved.station, moved.to);
        let (stroke, habit) = (strokes.plain(), strokes.habit(from));
        let role = ground.role(from);
        if let Some(count) = self.onward.slot(from).get_mut(tie.index()) {
            habit.on(count);
        }
        if let Some(count) = self.onward_role.slot(role).get_mut(tie.index()) {
            stroke.on(count);
        }
        if tie == Tie::Other {
            self.strays.slot(from).stroke(to, habit);
            if let Some(count) = self.strays_role.slot(role).get_mut(ground.role(to).index()) {
                stroke.on(count);
            }
        }
        stroke.on(self.arrived_out.slot(to));
        stroke.on(self.sent.slot(from));
        if moved.before.is_some_and(|before| before.at == from) {
            stroke.on(self.sent_tracked.slot(from));
        }
    }

    /// What a place does, in events: to which of the folder's own places it sends on.
    pub fn onward_events(&self, age: &Age, from: PlaceIx) -> [f64; TIES] {
        let unit = age.habit_unit(from);
        self.onward.get(from).map(|own| own.map(|count| real(count) / unit)).unwrap_or_default()
    }

    /// The same for its role, as shares.
    pub fn onward_shares(&self, age: &Age, role: Role) -> [f64; TIES] {
        let unit = age.unit();
        let events = self.onward_role.get(role).map(|count| real(count) / unit + ONWARD_UNSEEN);
        let sum: f64 = events.iter().sum();
        events.map(|count| count / sum)
    }

    /// What a place did counts less by so many bits.
    pub fn fade_habits(&mut self, of: PlaceIx, bits: u32) {
        self.onward.fade_one(of, bits);
        self.strays.fade_one(of, bits);
    }
}

/// Whether a movement shows whither its station sends folders by habit: sent on, and not fetched for an appointment.
pub fn is_by_habit(moved: &Moved) -> bool {
    moved.mode == Mode::Out && !moved.call.just_now && moved.before.is_some()
}

fn stay_class(days: f64) -> usize {
    let longest = STAYS - 1;
    stay_ends().iter().take(longest).position(|end| days <= *end).unwrap_or(longest)
}
