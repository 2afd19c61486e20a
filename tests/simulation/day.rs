//! A working day at fourteen desks, with the mishaps that a real one has.
//!
//! `CASETRACK_SEED` gives another day.

use crate::referee;
use crate::simulated;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use casetrack::clock::{Clock, Timestamp};
use casetrack::desk::{Came, DeskSetup, Desks, Posted, SignOn, Surroundings};
use casetrack::domain::ScanId;
use casetrack::domain::answer::Signal;
use casetrack::domain::barcode::Entry;
use casetrack::domain::clinic_list::working_day_after;
use casetrack::domain::import::{Lists, Piece};
use casetrack::sim::clinics;
use casetrack::sim::day::{ASTRAY, Day, HELD, SPOILT, Shot, What};
use casetrack::sim::hospital::{self, Badge, Hospital, Size};
use casetrack::sim::month::Month;
use casetrack::sim::random::{Random, USUAL_SEED};
use jiff::tz::TimeZone;
use simulated::Simulated;

const VISITS: usize = 300;

fn setups(hospital: &Hospital) -> HashMap<casetrack::domain::place::Code, DeskSetup> {
    let setup = |plan: &casetrack::sim::hospital::DeskPlan| DeskSetup {
        code: plan.code.clone(),
        place: plan.place.clone(),
        sign_on: match plan.badge {
            Badge::Optional => SignOn::Optional,
            Badge::Required => SignOn::Required,
        },
        sign_on_idle: Duration::from_mins(15),
        pairing: Some(plan.pairing),
        label_printer: None,
    };
    hospital.desks.iter().map(|plan| (plan.code.clone(), setup(plan))).collect()
}

/// What the desks answered, by what was scanned.
#[derive(Default, Debug)]
struct Told {
    answers: BTreeMap<(String, &'static str), u64>,
    folders: u64,
    looks: u64,
    wanted: u64,
}

impl Told {
    fn note(&mut self, shot: &Shot, signal: Signal) {
        *self.answers.entry((format!("{:?}", shot.what), signal.word())).or_default() += 1;
        if shot.what != What::Card {
            self.folders += 1;
        }
        // A card that answers "look" asks for a folder as well, so it counts.
        self.looks += u64::from(signal == Signal::Look);
    }

    fn of(&self, what: What, signal: Signal) -> u64 {
        self.answers.get(&(format!("{what:?}"), signal.word())).copied().unwrap_or(0)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn in_a_day_with_every_mishap_at_most_one_folder_in_twenty_is_to_be_looked_at() {
    let seed = std::env::var("CASETRACK_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(USUAL_SEED);
    println!("CASETRACK_SEED={seed}");
    let hospital = Hospital::build(seed, Size { folders: 3_000 });
    let morning: Timestamp = "2026-11-23T08:00:00Z".parse().unwrap();
    let time_zone = TimeZone::get("Europe/London").unwrap();
    let (clock, hands) = Clock::manual(morning);
    let stands = hospital.desks.iter().map(|plan| (plan.code.clone(), plan.place.clone()));
    let simulated = Simulated::open("day", &clock, stands);
    simulated.import(hospital.pieces()).await;
    let directory = simulated.store.directory();
    let month = Month::before(&hospital, morning, &time_zone);
    let commands = month.commands(&hospital, &directory.borrow().clone()).unwrap();
    for outcome in simulated.tell(commands).await {
        outcome.unwrap();
    }
    let lists = clinics::lists(&hospital, &month, morning, &time_zone, &[]);
    let wanted = wanted(&hospital, &lists, morning, &time_zone);
    simulated.import(lists.into_iter().map(Piece::Appointments)).await;
    let desks = Desks::new(Surroundings {
        setups: setups(&hospital),
        rules: Arc::new([]),
        commands: simulated.store.commands(),
        directory,
        clock,
        past: Arc::new(|_, _| Box::pin(async { Vec::new() })),
        turns: Arc::new(|_| Box::pin(std::future::pending())),
        time_zone,
        filings: Arc::default(),
    });

    let mut day = Day::after(&hospital, &month);
    let mut random = Random::of_part(seed, 0xDADA);
    let mut told = Told::default();
    for _ in 0..VISITS {
        for shot in day.visit() {
            hands.advance(Duration::from_micros(u64::try_from(shot.after_us).unwrap()));
            let posted = Posted {
                id: ScanId::new(random.uuid(morning)),
                text: shot.text.clone(),
                aim: None,
                entry: Entry::Scanned,
                at: None,
                came: Came::Keys,
            };
            let said = desks.scan(&hospital.desks[shot.desk].code, "front", posted).await.unwrap();
            let signal = said.signal;
            let is_wanted = said.title.starts_with("WANTED");
            // A shelf label files the folder before it.
            let may_be = shot.what == What::Card || wanted.contains(&shot.text);
            assert!(!is_wanted || may_be, "{shot:?} answers {said:?}");
            assert!(is_wanted || expected(shot.what).contains(&signal), "{shot:?} answers {said:?}");
            told.wanted += u64::from(is_wanted);
            told.note(&shot, signal);
        }
    }
    desks.stop().await;
    let folder = simulated.dir().join("exported");
    let rows = referee::export(simulated.dir(), &simulated.trust, &folder);
    assert!(rows > told.folders, "{rows} movements are hardly any");
    assert_eq!(referee::differences(&folder), "", "a foreign referee folds the export otherwise");
    println!("{told:#?}\n{:?}", day.tally);

    // No rate may be lowered to reach the goal.
    let tally = day.tally;
    let astray = told.of(What::Astray, Signal::Look);
    let spoilt = told.of(What::Spoilt, Signal::Refused);
    let held = told.of(What::Held, Signal::Arrived) + told.of(What::Held, Signal::Stop);
    assert!(told.folders == tally.folders && told.folders > 1_500, "{}", told.folders);
    assert!(astray * 100 + 100 >= ASTRAY * tally.arrivals, "{astray} astray of {}", tally.arrivals);
    assert!(spoilt * 100 + 100 >= SPOILT * tally.folders, "{spoilt} spoilt of {}", tally.folders);
    assert!(held * 100 + 100 >= HELD * tally.folders, "{held} held of {}", tally.folders);
    assert!(tally.arrivals * 4 > tally.folders, "a day is not only sending");
    assert!(told.wanted > 5, "folders come in that are wanted: {}", told.wanted);
    assert!(told.looks * 20 <= told.folders, "{} looks at {} folders", told.looks, told.folders);
}

/// The labels of all whose patient is on a list before the end of the next working day.
fn wanted(hospital: &Hospital, lists: &[Lists], now: Timestamp, zone: &TimeZone) -> HashSet<String> {
    let last = working_day_after(zone.to_datetime(now.to_jiff()).date());
    let rows = lists.iter().flat_map(|lists| &lists.rows);
    let patients = rows.filter(|row| row.day <= last).filter_map(|row| row.expected.as_ref());
    let numbers: HashSet<_> = patients.map(|patient| patient.hospital_number.clone()).collect();
    let folders =
        (0..hospital.size.folders).filter(|n| numbers.contains(&hospital.volume(*n).hospital_number));
    folders.map(|n| hospital::label(n).to_string()).collect()
}

/// The signals that a clerk would expect: what is none of these fails the test, so that nobody reaches the goal by
/// refusing folders.
fn expected(what: What) -> &'static [Signal] {
    match what {
        What::Card => &[Signal::Told, Signal::Filed],
        What::Arrival => &[Signal::Arrived],
        What::Astray => &[Signal::Look],
        What::Onward => &[Signal::Sent, Signal::Filed],
        What::Spoilt => &[Signal::Refused],
        What::Held => &[Signal::Arrived, Signal::Stop],
    }
}
