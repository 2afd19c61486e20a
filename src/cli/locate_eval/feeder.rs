//! Feeds the counts from memory, with the same rules by which the follower feeds them from the store.

use std::collections::{BTreeMap, BTreeSet};

use super::files::{Incident, Movement, Outcome};
use crate::clock::{DAY_US, Timestamp};
use crate::domain::VolumeId;
use crate::locate::{
    APPOINTMENTS_READ, Appointment, Call, Case, Cell, Counts, Digits, Ground, Look, MATES_READ, MOVES_READ,
    Mode, Move, Moved, PlaceIx, Stood, Told,
};

/// A call so soon after a movement may have made it.
const CALLED_SOON_US: i64 = DAY_US / 12;

/// What is known of one folder.
#[derive(Clone, Debug, Default)]
struct Folder {
    moves: Vec<Move>,
    batch: Option<u64>,
    returned_in: Option<u64>,
    appointments: Vec<Appointment>,
}

/// What is known of one batch.
#[derive(Clone, Debug, Default)]
struct Batch {
    /// In the order of the shelves.
    members: BTreeSet<(usize, usize)>,
    surfaced: Vec<PlaceIx>,
}

/// The counts of a simulated hospital, and what a store would know beside them.
pub struct Feeder {
    /// What stands still.
    pub ground: Ground,
    /// What was learned.
    pub counts: Counts,
    numbers: Vec<Digits>,
    folders: BTreeMap<usize, Folder>,
    batches: BTreeMap<u64, Batch>,
    kept: BTreeMap<u64, Case>,
}

impl Feeder {
    /// Of a hospital with folders of these numbers.
    pub fn new(ground: Ground, numbers: Vec<Digits>) -> Self {
        Self {
            ground,
            counts: Counts::default(),
            numbers,
            folders: BTreeMap::new(),
            batches: BTreeMap::new(),
            kept: BTreeMap::new(),
        }
    }

    /// An appointment became known.
    pub fn appointment(&mut self, folder: usize, appointment: Appointment) {
        let known = &mut self.folders.entry(folder).or_default().appointments;
        let at = known.partition_point(|other| other.calls <= appointment.calls);
        known.insert(at, appointment);
    }

    /// A folder moved.
    pub fn movement(&mut self, at: Timestamp, movement: Movement) {
        let rank = self.rank(movement.folder);
        let home = self.ground.library(None).map(|library| library.place);
        let folder = self.folders.entry(movement.folder).or_default();
        let before = folder.moves.last().map(|last| Stood { since: last.at, at: last.to });
        let appointments = calling(&folder.appointments, at.plus_micros(CALLED_SOON_US));
        let call = Call::of(appointments, before.map(|stood| stood.since), at);
        if let Some(batch) = folder.batch {
            let seen_at = if movement.mode == Mode::Out { movement.station } else { movement.to };
            self.batches.entry(batch).or_default().surfaced.push(seen_at);
        }
        if let Some(batch) = movement.batch {
            self.batches.entry(batch).or_default().members.insert((rank, movement.folder));
            if Some(movement.to) == home {
                folder.returned_in = Some(batch);
            }
        }
        folder.batch = movement.batch;
        let (to, station, mode) = (movement.to, movement.station, movement.mode);
        folder.moves.push(Move { at, to, station, mode });
        if folder.moves.len() > MOVES_READ {
            folder.moves.remove(0);
        }
        let moved = Moved { at, to, station, mode, home, before, call };
        self.counts.tell(&self.ground, at, &Told::Moved(moved));
    }

    /// A folder is missing: what is known of it.
    pub fn asked(&self, at: Timestamp, incident: Incident) -> Case {
        let unknown = Folder::default();
        let folder = self.folders.get(&incident.folder).unwrap_or(&unknown);
        let surfaced = folder.batch.and_then(|batch| self.batches.get(&batch)).map(|batch| &batch.surfaced);
        let mates = surfaced.map(|places| places.iter().rev().take(MATES_READ).copied().collect());
        Case {
            number: self.numbers.get(incident.folder).copied(),
            home: self.ground.library(None).map(|library| library.place),
            moves: folder.moves.clone(),
            appointments: calling(&folder.appointments, at).to_vec(),
            asking: Some(incident.asking),
            mates: mates.unwrap_or_default(),
            stack: self.stack(incident.folder, folder),
            looks: vec![Look { cell: Cell::Place(incident.tracked), at, detect: None }],
            ..Case::new(volume(incident.folder), at)
        }
    }

    /// Keeps what was known when it was asked for, for when it is found.
    pub fn keep(&mut self, incident: Incident, case: Case) {
        self.kept.insert(incident.id, case);
    }

    /// A folder was found.
    pub fn outcome(&mut self, at: Timestamp, outcome: Outcome) {
        if let Some(case) = self.kept.remove(&outcome.incident) {
            let told = Told::Found { case: Box::new(case), cell: outcome.cell };
            self.counts.tell(&self.ground, at, &told);
        }
    }

    /// Its neighbours in the batch in which it came back, sorted for filing.
    fn stack(&self, of: usize, folder: &Folder) -> [Option<VolumeId>; 2] {
        let batch = folder.returned_in.and_then(|batch| self.batches.get(&batch));
        let Some(members) = batch.map(|batch| &batch.members) else { return [None, None] };
        let own = (self.rank(of), of);
        let before = members.range(..own).next_back();
        let after = members.range((std::ops::Bound::Excluded(own), std::ops::Bound::Unbounded)).next();
        [before, after].map(|one| one.map(|(_, folder)| volume(*folder)))
    }

    fn rank(&self, folder: usize) -> usize {
        let order = self.ground.library(None).map(|library| &library.order);
        let number = self.numbers.get(folder).copied();
        order.zip(number).map_or(0, |(order, number)| order.rank(number))
    }
}

/// The newest of those that call by `until`.
fn calling(appointments: &[Appointment], until: Timestamp) -> &[Appointment] {
    let end = appointments.partition_point(|appointment| appointment.calls <= until);
    appointments.get(end.saturating_sub(APPOINTMENTS_READ)..end).unwrap_or_default()
}

fn volume(folder: usize) -> VolumeId {
    VolumeId::new(i64::try_from(folder).unwrap_or(i64::MAX))
}
