//! The store against the naive model: what desks tell live, and what they tell afterwards in any order and some of
//! it twice, gives the same present.
//!
//! `CASETRACK_STORE_SCRIPTS` says how many scripts (200 unless told), `CASETRACK_SEED` from which seed on.

use crate::referee;
use crate::searched;
use crate::simulated;

use std::collections::{HashMap, HashSet};

use casetrack::clock::{Clock, SECOND_US, Timestamp};
use casetrack::domain::answer::Cover;
use casetrack::domain::barcode::{Entry, FolderCode};
use casetrack::domain::casenote::LabelText;
use casetrack::domain::command::{
    Act, Clocks, Command, Consent, Holding, Moment, Naming, Outcome, Run, Scan, SessionAfter, Thing,
};
use casetrack::domain::directory::Directory;
use casetrack::domain::import::{HOSPITAL_NUMBER, PatientRow, Piece, PlaceRow, Said, VolumeRow};
use casetrack::domain::movement::{Change, How, Movement, MovementId, Order, Role, Subject, UndoTarget};
use casetrack::domain::place::{Code, PlaceKind};
use casetrack::domain::printing::{NewJob, NewLabel, Paper, Printed, Why};
use casetrack::domain::refusal::Reason;
use casetrack::domain::{BatchId, PlaceId, ScanId};
use casetrack::sim::model::Model;
use casetrack::sim::random::Random;
use casetrack::store::{MovementRecord, Page};
use searched::Searches;
use simulated::Simulated;

/// When the live acts begin; all that is told afterwards happened before.
const START: &str = "2026-11-23T08:00:00Z";
const DESKS: u64 = 5;
/// Acts of a script that are told afterwards.
const LATE: usize = 40;
/// Acts of a script that are told as they happen.
const LIVE: usize = 20;
const VOLUMES: u64 = 5;
const CONTAINERS: u64 = 4;
/// Rows of one piece of the import.
const PIECE: usize = 400;

fn code(text: &str) -> Code {
    text.parse().unwrap()
}

fn label(script: u64, volume: u64) -> FolderCode {
    FolderCode { label: format!("SCRIPT {script} {volume}").parse().unwrap(), numbered: None }
}

fn container(script: u64, n: u64) -> Code {
    code(&format!("CRATE-{script}-{n}"))
}

/// A library with a shelf and a desk, four clinics with a desk each, and a clinic where nobody scans.
fn pieces(first: u64, scripts: u64) -> Vec<Piece> {
    let place = |at: &str, kind, parent: Option<&str>| PlaceRow {
        code: code(at),
        name: Said::Nothing,
        kind: Said::Is(kind),
        parent: parent.map(code).into(),
        phone: Said::Nothing,
        phone_out_of_hours: Said::Nothing,
        open: Said::Nothing,
        until: Said::Nothing,
        consultants: Said::Nothing,
    };
    let mut places =
        vec![place("P0", PlaceKind::Library, None), place("SHELF", PlaceKind::Shelf, Some("P0"))];
    places.extend((1..=DESKS).map(|n| place(&format!("P{n}"), PlaceKind::Clinic, None)));
    let mut patients = Vec::new();
    let mut volumes = Vec::new();
    for script in first..first + scripts {
        places.extend(
            (0..CONTAINERS).map(|n| place(container(script, n).as_str(), PlaceKind::Container, None)),
        );
        let number: casetrack::domain::patient::Number = format!("{}", 100_000 + script).parse().unwrap();
        patients.push(PatientRow {
            site: code("MGH"),
            hospital_number: number.clone(),
            nhs_number: Said::Nothing,
            surname: Said::Nothing,
            forename: Said::Nothing,
            born: Said::Nothing,
            died: Said::Nothing,
        });
        volumes.extend((0..VOLUMES).map(|n| VolumeRow {
            barcode: Some(label(script, n).label),
            site: code("MGH"),
            hospital_number: number.clone(),
            number_type: code(HOSPITAL_NUMBER),
            casenote: None,
            volume: u32::try_from(n + 1).unwrap(),
            kind: Said::Nothing,
            home: Said::Is(code("SHELF")),
            place: None,
            hold: Said::Nothing,
            restricted: Said::Nothing,
            gone: None,
        }));
    }
    let places = places.chunks(PIECE).map(|rows| Piece::Places(rows.to_vec()));
    let patients = patients.chunks(PIECE).map(|rows| Piece::Patients(rows.to_vec()));
    places.chain(patients).chain(volumes.chunks(PIECE).map(|rows| Piece::Volumes(rows.to_vec()))).collect()
}

/// A desk with a clock and a count of its own.
struct Desk {
    place: PlaceId,
    clock: Timestamp,
    run: Run,
    number: u64,
    uncertainty_us: i64,
    batch: Option<BatchId>,
}

struct Script<'a> {
    number: u64,
    random: Random,
    desks: Vec<Desk>,
    directory: &'a Directory,
    commands: Vec<Command>,
}

/// When live act `n` of a script happens: the scripts take turns, a second each.
fn live_at(script: u64, scripts: u64, n: usize) -> Timestamp {
    let turn = u64::try_from(n).unwrap() * scripts + script % scripts;
    let start: Timestamp = START.parse().unwrap();
    start.plus_micros(i64::try_from(turn + 1).unwrap() * SECOND_US)
}

impl<'a> Script<'a> {
    fn written(script: u64, scripts: u64, directory: &'a Directory) -> Vec<Command> {
        let mut random = Random::of_part(script, 2);
        let start = Timestamp::from_micros(1_760_000_000 * SECOND_US);
        let desks = (0..DESKS)
            .map(|n| Desk {
                place: directory.place_by_code(&code(&format!("P{n}"))).unwrap().id,
                clock: start.plus_micros(random.between(0, 90) * SECOND_US),
                run: Run { incarnation: random.uuid(start), boot: None },
                number: 0,
                uncertainty_us: if random.happens(300) { random.between(1, 120) * SECOND_US } else { 0 },
                batch: None,
            })
            .collect();
        let mut writing = Self { number: script, random, desks, directory, commands: Vec::new() };
        for _ in 0..LATE {
            let act = writing.act();
            writing.late(act);
        }
        for n in 0..LIVE {
            let act = writing.live_act();
            writing.live(act, live_at(script, scripts, n));
        }
        writing.commands
    }

    fn place(&mut self) -> PlaceId {
        let n = self.random.below(DESKS + 1);
        self.directory.place_by_code(&code(&format!("P{n}"))).unwrap().id
    }

    fn container(&mut self) -> PlaceId {
        let n = self.random.below(CONTAINERS);
        self.directory.place_by_code(&container(self.number, n)).unwrap().id
    }

    fn thing(&mut self) -> Thing {
        if self.random.happens(350) {
            Thing::Container(self.container())
        } else {
            Thing::Label(label(self.number, self.random.below(VOLUMES)))
        }
    }

    fn act(&mut self) -> Act {
        let thing = self.thing();
        let consent = Consent::Unasked;
        match self.random.below(18) {
            0..=4 => Act::Receive(thing),
            5..=7 => Act::Send { thing, to: self.place(), consent },
            // A container cannot be filed; that it is only received then, and for whom, no answer tells.
            8 if matches!(thing, Thing::Label(_)) => Act::File { thing, shelf: None, consent },
            9..=12 => Act::Pack { thing, container: self.container(), consent },
            13 | 14 => Act::OpenContainer { container: self.container(), holding: Holding::WasEmpty },
            15 => Act::Empty(self.container()),
            _ => self.undo().unwrap_or(Act::Receive(thing)),
        }
    }

    /// Takes back what was done with a folder. What was done with a container only is left: the implied arrival
    /// that would then stand cannot be read from outside.
    fn undo(&mut self) -> Option<Act> {
        let with_folder: Vec<_> =
            self.commands.iter().filter(|command| moves_a_folder(&command.act)).collect();
        let scan = &with_folder.get(self.random.index(with_folder.len().max(1)))?.scan;
        let whole = scan.batch.filter(|batch| {
            let in_batch = |command: &&Command| command.scan.batch == Some(*batch);
            self.commands.iter().filter(in_batch).all(|command| moves_a_folder(&command.act))
        });
        let target = match whole {
            Some(batch) if self.random.happens(400) => UndoTarget::Batch(batch),
            _ => UndoTarget::Scan(scan.id),
        };
        Some(Act::Undo(target))
    }

    /// An act that no rule refuses, so that its answer tells what it made.
    fn live_act(&mut self) -> Act {
        match self.act() {
            Act::Pack { thing: Thing::Container(container), .. } => Act::Receive(Thing::Container(container)),
            act => act,
        }
    }

    fn live(&mut self, act: Act, happened: Timestamp) {
        let n = self.random.index(self.desks.len());
        let desk = &mut self.desks[n];
        desk.clock = happened;
        desk.uncertainty_us = 0;
        self.record(n, Moment::Now, act);
    }

    fn late(&mut self, act: Act) {
        let n = self.random.index(self.desks.len());
        let by = match self.random.below(20) {
            0 => self.random.between(-3_600, 3_600) * SECOND_US,
            1..=3 => 0,
            _ => self.random.between(1, 45) * SECOND_US,
        };
        self.desks[n].clock = self.desks[n].clock.plus_micros(by);
        self.record(n, Moment::Past, act);
    }

    fn record(&mut self, n: usize, moment: Moment, act: Act) {
        let happened = self.desks[n].clock;
        let id = ScanId::new(self.random.uuid(happened));
        let fresh =
            self.random.happens(250).then(|| self.random.happens(700).then(|| BatchId::new(id.uuid())));
        let desk = &mut self.desks[n];
        // A batch is of one kind, so that taking one back takes back folders only.
        desk.batch = fresh.unwrap_or(desk.batch).filter(|_| moves_a_folder(&act));
        desk.number += 1;
        let scan = Scan {
            id,
            desk: code(&format!("DESK-{}-{n}", self.number)),
            desk_place: desk.place,
            session: "front".to_owned(),
            run: desk.run,
            number: desk.number,
            scanner: "front".to_owned(),
            person: None,
            batch: desk.batch,
            position: 0,
            clocks: Clocks {
                happened,
                wall: happened,
                boot_us: happened.micros(),
                uncertainty_us: desk.uncertainty_us,
            },
            text: format!("{}", id.uuid().simple()),
            aim: None,
            entry: Entry::Scanned,
            naming: Naming::Ours,
        };
        self.commands.push(Command { scan, act, moment, session: SessionAfter::default() });
    }
}

/// The naive model of printed covers: one waits until a live scan that is not refused reads it.
struct Covers {
    random: Random,
    waiting: HashSet<LabelText>,
    looks: u64,
}

impl Covers {
    fn printed_by(random: Random) -> Self {
        Self { random, waiting: HashSet::new(), looks: 0 }
    }

    /// Before some of the live acts, the folder's cover is printed, at times twice.
    async fn print_some(&mut self, simulated: &Simulated, live: &Command) {
        let Some(Thing::Label(folder)) = live.act.in_hand() else { return };
        while self.random.happens(200) {
            let record = simulated.store.volume(&simulated.trust, &folder.label).await.unwrap().unwrap();
            let subject = record.brief.id.key();
            let job = NewJob {
                id: self.random.uuid(live.scan.clocks.happened),
                person: None,
                printer: String::new(),
                paper: Paper {
                    stock: "L7160".to_owned(),
                    template: None,
                    first: 1,
                    spoiled: Vec::new(),
                    copies: 1,
                },
                labels: vec![NewLabel { what: Printed::Cover, subject, why: Why::Lost }],
            };
            simulated.store.print(&simulated.trust, job).await.unwrap();
            self.waiting.insert(folder.label.clone());
        }
    }

    fn scanned(&mut self, command: &Command, outcome: &Outcome) {
        let accepted = outcome.answer.signal().is_accepted();
        let first = match command.act.in_hand() {
            Some(Thing::Label(folder)) if accepted && command.moment == Moment::Now => {
                self.waiting.remove(&folder.label)
            }
            _ => false,
        };
        assert_eq!(outcome.answer.cover == Cover::Compared, first, "{command:?}");
        self.looks += u64::from(first);
    }
}

fn moves_a_folder(act: &Act) -> bool {
    matches!(
        act,
        Act::Receive(Thing::Label(_))
            | Act::Send { thing: Thing::Label(_), .. }
            | Act::File { thing: Thing::Label(_), .. }
            | Act::Pack { thing: Thing::Label(_), .. }
    )
}

fn movement(
    command: &Command,
    id: MovementId,
    subject: Subject,
    change: Change,
    role: Role,
    how: How,
) -> Movement {
    let scan = &command.scan;
    Movement {
        id,
        batch: scan.batch,
        subject,
        change,
        how,
        role,
        order: Order {
            happened: scan.clocks.happened,
            desk: scan.desk.clone(),
            incarnation: scan.run.incarnation,
            number: scan.number,
            index: id.index,
        },
        uncertainty_us: scan.clocks.uncertainty_us,
    }
}

/// What a command did with a container, or took back: worked out from its act and its answer.
fn beside_folders(command: &Command, outcome: &Outcome, directory: &Directory) -> Vec<Movement> {
    let at = command.scan.desk_place;
    let implied = |container| (container, Change::Arrived { at, meant_for: None }, Role::Implied);
    let asked = |container, change| (container, change, Role::Asked);
    let made = match &command.act {
        Act::Receive(Thing::Container(it)) => {
            let bound = outcome.answer.reason == Reason::ContainerReceivedFor;
            let meant_for = outcome.answer.other.filter(|_| bound);
            vec![asked(*it, Change::Arrived { at, meant_for })]
        }
        Act::Send { thing: Thing::Container(it), to, .. } => {
            let sent = if directory.somebody_scans_at(*to) {
                Change::Sent { from: at, to: *to }
            } else {
                Change::LeftAt { at: *to }
            };
            vec![implied(*it), asked(*it, sent)]
        }
        Act::Pack { thing: Thing::Container(it), container, .. } => {
            vec![implied(*it), asked(*it, Change::Packed { at, container: *container })]
        }
        Act::OpenContainer { container, holding: Holding::WasEmpty } => {
            vec![implied(*container), asked(*container, Change::Emptied { at })]
        }
        Act::Empty(container) => vec![asked(*container, Change::Emptied { at })],
        Act::Undo(target) => vec![asked(PlaceId::new(0), Change::Undone(*target))],
        _ => Vec::new(),
    };
    // An arrival that was known already was not implied: the newest are those that were made.
    let known = made.len().saturating_sub(outcome.movements.len());
    let made = made.into_iter().skip(known).zip(&outcome.movements);
    made.map(|((container, change, role), id)| {
        movement(command, *id, Subject::Container(container), change, role, How::Scanned)
    })
    .collect()
}

/// A folder's movement as the store tells of it. An arrival beside another movement of the same scan was implied.
fn told(record: &MovementRecord, own: &[MovementRecord], subject: Subject, command: &Command) -> Movement {
    let beside = own
        .iter()
        .any(|other| other.id.scan == record.id.scan && other.id != record.id && other.change.places());
    let role = match record.change {
        Change::Arrived { .. } if beside => Role::Implied,
        _ => Role::Asked,
    };
    assert_eq!(record.happened, command.scan.clocks.happened, "a time is fixed at first recording");
    movement(command, record.id, subject, record.change, role, record.how)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn told_in_any_order_the_store_gives_the_present_of_the_naive_model() {
    let number = |name, usual| {
        std::env::var(name).ok().map_or(usual, |text: String| text.parse::<u64>().expect("a number"))
    };
    let (first, scripts) = (number("CASETRACK_SEED", 1), number("CASETRACK_STORE_SCRIPTS", 200));
    println!("CASETRACK_SEED={first} CASETRACK_STORE_SCRIPTS={scripts}");
    let (clock, hands) = Clock::manual(START.parse().unwrap());
    let stands = (first..first + scripts).flat_map(|script| {
        (0..DESKS).map(move |n| (code(&format!("DESK-{script}-{n}")), code(&format!("P{n}"))))
    });
    let simulated = Simulated::open("model", &clock, stands);
    simulated.import(pieces(first, scripts).into_iter()).await;
    let directory = simulated.store.directory().borrow().clone();
    let commands: Vec<_> =
        (first..first + scripts).flat_map(|script| Script::written(script, scripts, &directory)).collect();
    let commands = in_order_of_arrival(commands, &mut Random::new(first));
    let mut covers = Covers::printed_by(Random::of_part(first, 3));
    let mut searches = Searches::opened_by(Random::of_part(first, 4));
    let mut outcomes = Vec::with_capacity(commands.len());
    for told_together in commands.chunk_by(|a, b| a.moment == Moment::Past && b.moment == Moment::Past) {
        if let [live] = told_together
            && live.moment == Moment::Now
        {
            // It is missed before it is scanned: a time that the log has given is not given again.
            hands.set_wall(live.scan.clocks.happened.plus_micros(-SECOND_US / 2));
            searches.miss_some(&simulated, live).await;
            hands.set_wall(live.scan.clocks.happened);
            covers.print_some(&simulated, live).await;
        }
        let told = simulated.tell(told_together.to_vec()).await;
        for (command, outcome) in told_together.iter().zip(&told) {
            covers.scanned(command, outcome.as_ref().unwrap());
            searches.scanned(command, outcome.as_ref().unwrap());
        }
        outcomes.extend(told);
    }
    let by_scan: HashMap<ScanId, (&Command, Outcome)> = commands
        .iter()
        .zip(outcomes)
        .map(|(command, outcome)| (command.scan.id, (command, outcome.expect("recorded"))))
        .collect();
    let mut log: Vec<Movement> = by_scan
        .values()
        .flat_map(|(command, outcome)| beside_folders(command, outcome, &directory))
        .collect();
    let mut records = Vec::new();
    for script in first..first + scripts {
        for n in 0..VOLUMES {
            let label = label(script, n).label;
            let record = simulated.store.volume(&simulated.trust, &label).await.unwrap().expect("imported");
            let all = all_movements(&simulated, record.brief.id).await;
            let own: Vec<_> = all.into_iter().filter(|m| m.carried_by.is_none()).collect();
            let subject = Subject::Volume(record.brief.id);
            let places = own.iter().filter(|m| m.change.places());
            log.extend(places.map(|m| told(m, &own, subject, by_scan[&m.id.scan].0)));
            records.push((script, record));
        }
    }
    let model = Model::new(&log);
    let mut carried = 0;
    let mut wrong = Vec::new();
    for (script, record) in records {
        let expected = model.present(Subject::Volume(record.brief.id));
        if record.present != expected {
            let volume = record.brief.volume;
            wrong.push(format!(
                "volume {volume} of CASETRACK_SEED={script}: {:#?}\n by the model: {expected:#?}",
                record.present
            ));
        }
        carried += u64::from(expected.container.is_some() || expected.how == Some(How::Carried));
    }
    assert!(wrong.is_empty(), "{} presents differ, the first: {}", wrong.len(), wrong[0]);
    assert!(covers.looks > scripts, "the scripts look at hardly any new label: {}", covers.looks);
    assert!(searches.rings > scripts, "the scripts find hardly anything missing: {}", searches.rings);
    assert!(searches.gone_on > 0, "the scripts take no scan back that ended a search");
    assert!(carried > scripts / 4, "the scripts carry hardly anything: {carried}");
    a_foreign_referee_agrees(&simulated, scripts);
    simulated.store.clone().stop().await;
}

/// What is exported beside the running store says the same to a program that is not ours.
fn a_foreign_referee_agrees(simulated: &Simulated, scripts: u64) {
    let folder = simulated.dir().join("exported");
    let rows = referee::export(simulated.dir(), &simulated.trust, &folder);
    assert!(rows > scripts * 20, "{rows} movements are hardly any");
    let differences = referee::differences(&folder);
    let first = differences.lines().next().unwrap_or_default();
    assert!(differences.is_empty(), "{} rows differ, the first: {first}", differences.lines().count());
}

/// The live ones in the order in which they happened; the others whenever they come, one in ten of them twice.
fn in_order_of_arrival(commands: Vec<Command>, random: &mut Random) -> Vec<Command> {
    let (mut live, mut late): (Vec<_>, Vec<_>) =
        commands.into_iter().partition(|command| command.moment == Moment::Now);
    live.sort_by_key(|command| command.scan.clocks.happened);
    for _ in 0..late.len() / 10 {
        late.push(random.pick(&late).clone());
    }
    random.shuffle(&mut late);
    let mut arriving = Vec::with_capacity(live.len() + late.len());
    let (mut live, mut late) = (live.into_iter(), late.into_iter());
    loop {
        let from_live = random.index(live.len() + late.len() + 1) < live.len();
        let Some(next) = (if from_live { live.next() } else { late.next() }) else { break };
        arriving.push(next);
    }
    arriving.extend(live);
    arriving.extend(late);
    arriving
}

async fn all_movements(simulated: &Simulated, volume: casetrack::domain::VolumeId) -> Vec<MovementRecord> {
    let mut all = Vec::new();
    let mut page = Page { after: None, limit: 200 };
    loop {
        let listing = simulated.store.movements(&simulated.trust, volume, page).await.unwrap();
        all.extend(listing.items);
        match listing.next {
            Some(next) => page = Page { after: Some(next), limit: 200 },
            None => return all,
        }
    }
}
