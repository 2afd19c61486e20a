//! The fold against a naive model: 10,000 hospitals of five desks whose clocks jump, told in any order.
//!
//! `CASETRACK_SCRIPTS` says how many (1,000 unless told), `CASETRACK_SEED` from which seed on.

use std::collections::HashMap;

use casetrack::clock::{SECOND_US, Timestamp};
use casetrack::domain::movement::{
    Change, GoneWhy, How, Movement, MovementId, Order, Role, Subject, UndoTarget,
};
use casetrack::domain::place::Code;
use casetrack::domain::whereabouts::{Carrier, Present, freed, is_undone, newest_two, present, through};
use casetrack::domain::{BatchId, PlaceId, ScanId, VolumeId};
use casetrack::sim::model::Model;
use casetrack::sim::random::Random;
use uuid::Uuid;

const DESKS: usize = 5;
const STEPS: usize = 70;
const VOLUMES: i64 = 7;
const CONTAINERS: i64 = 5;
const PLACES: i64 = 6;

/// A desk with a clock of its own.
struct Desk {
    at: PlaceId,
    clock: Timestamp,
    incarnation: Uuid,
    number: u64,
    uncertainty_us: i64,
    batch: Option<BatchId>,
}

/// Five desks, what they did, and what may be undone.
struct Script {
    random: Random,
    desks: Vec<Desk>,
    log: Vec<Movement>,
}

impl Script {
    fn written(seed: u64) -> Vec<Movement> {
        let mut random = Random::new(seed);
        let start = Timestamp::from_micros(1_760_000_000 * SECOND_US);
        let desks = (0..DESKS)
            .map(|_| Desk {
                at: PlaceId::new(random.between(1, PLACES)),
                clock: start.plus_micros(random.between(0, 90) * SECOND_US),
                incarnation: random.uuid(start),
                number: 0,
                uncertainty_us: if random.happens(300) { random.between(1, 120) * SECOND_US } else { 0 },
                batch: None,
            })
            .collect();
        let mut script = Self { random, desks, log: Vec::new() };
        for _ in 0..STEPS {
            script.step();
        }
        script.log
    }

    fn step(&mut self) {
        let desk = self.random.index(DESKS);
        self.tick(desk);
        let at = self.desks[desk].at;
        let other = PlaceId::new(self.random.between(1, PLACES));
        let subject = self.subject();
        let implied = (subject, Change::Arrived { at, meant_for: None }, Role::Implied);
        let asked = |change| (subject, change, Role::Asked);
        let made = match self.random.below(22) {
            0..=3 => vec![asked(Change::Arrived { at, meant_for: None })],
            4 => vec![asked(Change::Arrived { at, meant_for: Some(other) })],
            5..=7 => vec![implied, asked(Change::Sent { from: at, to: other })],
            8 => vec![asked(Change::LeftAt { at: other })],
            9 => vec![implied, asked(Change::Filed { shelf: other })],
            10..=13 => {
                let container = PlaceId::new(100 + self.random.between(1, CONTAINERS));
                vec![implied, asked(Change::Packed { at, container })]
            }
            14 | 15 => {
                let container = PlaceId::new(100 + self.random.between(1, CONTAINERS));
                vec![(Subject::Container(container), Change::Emptied { at }, Role::Asked)]
            }
            16 => vec![asked(Change::Seen { at })],
            17 => vec![asked(self.rare(at))],
            18 => self.sent_as_a_list(at, other),
            _ => self.undo(),
        };
        let how = if made.len() > 2 { How::Listed } else { How::Scanned };
        self.record(desk, how, &made);
    }

    /// Moves the desk's clock: mostly on, at times not at all, at times a jump either way, at times a restart.
    fn tick(&mut self, desk: usize) {
        let by = match self.random.below(20) {
            0 => self.random.between(-3_600, 3_600) * SECOND_US,
            1..=3 => 0,
            // Whole seconds, so that two desks often scan in the very same microsecond.
            4..=14 => self.random.between(1, 45) * SECOND_US,
            _ => self.random.between(1, 45 * SECOND_US),
        };
        let desk = &mut self.desks[desk];
        desk.clock = desk.clock.plus_micros(by);
        if self.random.happens(60) {
            desk.incarnation = self.random.uuid(desk.clock);
            desk.number = 0;
        }
        if self.random.happens(200) {
            desk.batch = self.random.happens(700).then(|| BatchId::new(self.random.uuid(desk.clock)));
        }
    }

    fn subject(&mut self) -> Subject {
        if self.random.happens(350) {
            Subject::Container(PlaceId::new(100 + self.random.between(1, CONTAINERS)))
        } else {
            Subject::Volume(VolumeId::new(self.random.between(1, VOLUMES)))
        }
    }

    fn rare(&mut self, at: PlaceId) -> Change {
        let why = GoneWhy::Destroyed;
        *self.random.pick(&[
            Change::Gone { at: Some(at), why },
            Change::Gone { at: None, why: GoneWhy::Combined },
            Change::SeenGone { at, why },
            Change::Answered { at: Some(at) },
            Change::Answered { at: None },
        ])
    }

    fn sent_as_a_list(&mut self, from: PlaceId, to: PlaceId) -> Vec<(Subject, Change, Role)> {
        let first = self.random.between(1, VOLUMES - 3);
        let sent = |volume| (Subject::Volume(VolumeId::new(volume)), Change::Sent { from, to }, Role::Asked);
        (first..first + 4).map(sent).collect()
    }

    /// Takes back a scan or a batch, for each subject that it is known to have moved; at times sends it elsewhere.
    fn undo(&mut self) -> Vec<(Subject, Change, Role)> {
        if self.log.is_empty() {
            return Vec::new();
        }
        let newest = self.log.len().saturating_sub(12);
        let chosen = self.log[newest + self.random.index(self.log.len() - newest)].clone();
        let target = match chosen.batch {
            Some(batch) if self.random.happens(400) => UndoTarget::Batch(batch),
            _ => UndoTarget::Scan(chosen.id.scan),
        };
        let mut subjects: Vec<_> =
            self.log.iter().filter(|m| m.is_undone_by(target)).map(|m| m.subject).collect();
        subjects.sort();
        subjects.dedup();
        subjects.into_iter().map(|subject| (subject, Change::Undone(target), Role::Asked)).collect()
    }

    fn record(&mut self, desk: usize, how: How, made: &[(Subject, Change, Role)]) {
        let code: Code = format!("DESK-{desk}").parse().unwrap();
        let desk = &mut self.desks[desk];
        desk.number += 1;
        let scan = ScanId::new(self.random.uuid(desk.clock));
        for (index, &(subject, change, role)) in (0..).zip(made) {
            self.log.push(Movement {
                id: MovementId { scan, index },
                batch: desk.batch,
                subject,
                change,
                how,
                role,
                order: Order {
                    happened: desk.clock,
                    desk: code.clone(),
                    incarnation: desk.incarnation,
                    number: desk.number,
                    index,
                },
                uncertainty_us: desk.uncertainty_us,
            });
        }
    }
}

/// A subject's own whereabouts as a store works it out with the functions of the domain.
fn stand(learnt: &[Movement], targets: &[UndoTarget], subject: Subject) -> Present {
    let own = learnt.iter().filter(|movement| movement.subject == subject);
    let (newest, before) = newest_two(own, |movement| is_undone(movement, targets));
    let packed = present(newest, before);
    let (Some(container), Some(newest)) = (packed.container, newest) else { return packed };
    let emptied = learnt
        .iter()
        .filter(|m| m.subject == Subject::Container(container) && matches!(m.change, Change::Emptied { .. }))
        .filter(|m| m.order > newest.order && !is_undone(m, targets))
        .min_by(|a, b| a.order.cmp(&b.order));
    emptied.map_or(packed, |emptied| freed(packed, emptied))
}

fn fold(learnt: &[Movement], subject: Subject) -> Present {
    let targets: Vec<_> = learnt
        .iter()
        .filter_map(|m| if let Change::Undone(target) = m.change { Some(target) } else { None })
        .collect();
    let own = stand(learnt, &targets, subject);
    let mut carriers: Vec<Carrier> = Vec::new();
    let mut next = own.container;
    while let Some(container) = next.filter(|next| carriers.iter().all(|passed| passed.container != *next)) {
        let present = stand(learnt, &targets, Subject::Container(container));
        carriers.push(Carrier { container, present });
        next = present.container;
    }
    through(own, &carriers)
}

fn subjects() -> impl Iterator<Item = Subject> {
    let volumes = (1..=VOLUMES).map(|key| Subject::Volume(VolumeId::new(key)));
    volumes.chain((1..=CONTAINERS).map(|key| Subject::Container(PlaceId::new(100 + key))))
}

/// The log in another order, some of it told twice, the rest later.
fn told(log: &[Movement], random: &mut Random) -> Vec<Movement> {
    let mut learnt = log.to_vec();
    random.shuffle(&mut learnt);
    for _ in 0..log.len() / 6 {
        let again = random.pick(log).clone();
        learnt.insert(random.index(learnt.len() + 1), again);
    }
    learnt
}

fn number_from(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().map_or(usual, |text| text.parse().expect("a number"))
}

/// What the scripts came across, so that none of it is missing unnoticed.
#[derive(Default, Debug)]
struct Met {
    presents: u64,
    freed: u64,
    carried: u64,
    contradictions: u64,
    loops: u64,
    undone: u64,
}

impl Met {
    fn note(&mut self, present: &Present) {
        self.presents += 1;
        self.freed += u64::from(present.how == Some(How::Carried));
        self.carried += u64::from(present.container.is_some() && !present.confirmed);
        self.contradictions += u64::from(present.or_at.is_some());
    }
}

#[test]
fn in_any_order_of_arrival_the_fold_gives_the_present_of_the_naive_model() {
    let first = number_from("CASETRACK_SEED", 1);
    let scripts = number_from("CASETRACK_SCRIPTS", 1_000);
    println!("CASETRACK_SEED={first} CASETRACK_SCRIPTS={scripts}");
    let mut met = Met::default();
    for seed in first..first + scripts {
        let log = Script::written(seed);
        met.undone += u64::try_from(log.iter().filter(|m| !m.change.places()).count()).unwrap();
        let mut random = Random::of_part(seed, 1);
        let learnt = told(&log, &mut random);
        // Not only at the end: whatever part of it is known, both must say the same.
        for known in [learnt.len() / 3, learnt.len() * 2 / 3, learnt.len()] {
            let part = &learnt[..known];
            let model = Model::new(part);
            for subject in subjects() {
                let expected = model.present(subject);
                assert_eq!(fold(part, subject), expected, "{subject:?} of CASETRACK_SEED={seed}");
                met.note(&expected);
            }
        }
        met.loops += u64::from(has_a_loop(&learnt));
        let again = Model::new(&told(&log, &mut random));
        for subject in subjects() {
            assert_eq!(
                again.present(subject),
                fold(&learnt, subject),
                "another order, CASETRACK_SEED={seed}"
            );
        }
    }
    println!("{met:?}");
    let rare = [met.freed, met.carried, met.contradictions, met.loops, met.undone];
    assert!(rare.iter().all(|count| count * 50 > scripts), "the scripts miss something: {met:?}");
}

fn has_a_loop(learnt: &[Movement]) -> bool {
    let targets: Vec<_> = learnt
        .iter()
        .filter_map(|m| if let Change::Undone(target) = m.change { Some(target) } else { None })
        .collect();
    let into: HashMap<_, _> = (1..=CONTAINERS)
        .map(|key| PlaceId::new(100 + key))
        .map(|id| (id, stand(learnt, &targets, Subject::Container(id)).container))
        .collect();
    into.keys().any(|start| {
        let mut at = into[start];
        for _ in 0..CONTAINERS {
            match at {
                Some(next) if next == *start => return true,
                Some(next) => at = into[&next],
                None => return false,
            }
        }
        false
    })
}

#[test]
fn a_loop_closed_in_one_instant_is_cut_at_one_place_for_all_that_is_in_it() {
    let at = Timestamp::from_micros(SECOND_US);
    let packed = |subject, into, place, desk: &str| Movement {
        id: MovementId { scan: ScanId::new(Uuid::from_u128(u128::from(desk.as_bytes()[0]))), index: 0 },
        batch: None,
        subject,
        change: Change::Packed { at: PlaceId::new(place), container: PlaceId::new(into) },
        how: How::Scanned,
        role: Role::Asked,
        order: Order {
            happened: at,
            desk: desk.parse().unwrap(),
            incarnation: Uuid::nil(),
            number: 1,
            index: 0,
        },
        uncertainty_us: 0,
    };
    let (one, two) = (Subject::Container(PlaceId::new(101)), Subject::Container(PlaceId::new(102)));
    let (first, second) = (Subject::Volume(VolumeId::new(1)), Subject::Volume(VolumeId::new(2)));
    let log = [
        packed(one, 102, 1, "A"),
        packed(two, 101, 2, "B"),
        packed(first, 101, 3, "C"),
        packed(second, 102, 4, "D"),
    ];
    let model = Model::new(&log);
    for subject in [one, two, first, second] {
        assert_eq!(fold(&log, subject), model.present(subject));
    }
    assert_eq!(fold(&log, first).place, fold(&log, second).place);
}
