//! The follower of the log: what it is told, and that counts learned anew are those that were followed.

use crate::common;

use std::sync::Arc;
use std::time::Duration;

use casetrack::clock::{Clock, ManualClock};
use casetrack::config::Config;
use casetrack::domain::command::{Act, Command, Consent, Holding, Missing, Moment, Thing};
use casetrack::domain::directory::Directory;
use casetrack::domain::leg::{Leg, Way};
use casetrack::domain::movement::UndoTarget;
use casetrack::domain::search::{LookResult, Meant, Need, Spot};
use casetrack::domain::{BatchId, ScanId};
use casetrack::jobs::locating::{Follower, Keeping, Learning, Locating, Pace, Sought};
use casetrack::locate::By;
use casetrack::sim::random::Random;
use casetrack::store::Store;
use casetrack::store::locating::{Lesson, Passage};
use casetrack::store::story::{self, Hospital, MORNING, label};
use common::{Folder, options, trust};

async fn hospital(folder: &Folder) -> (Hospital, Clock) {
    let (clock, hands): (Clock, ManualClock) = Clock::manual(MORNING);
    let store = Store::open(options(folder, clock.clone())).unwrap();
    (Hospital::open(store, trust(), clock.clone(), hands).await, clock)
}

fn locating(hospital: &Hospital, clock: &Clock) -> Arc<Locating> {
    let config = Config::parse("", None).unwrap();
    let (store, trust) = (hospital.store.clone(), hospital.trust.clone());
    Arc::new(Locating::new(store, trust, clock.clone(), config.time_zone, config.locate))
}

fn follower(hospital: &Hospital, clock: &Clock, keeping: Keeping) -> Follower {
    Follower::new(locating(hospital, clock), Pace::Flat, keeping)
}

/// What the whole log teaches, a lesson a line.
async fn taught(hospital: &Hospital) -> String {
    let directory = hospital.store.directory().borrow().clone();
    let taught = hospital.store.taught(&hospital.trust, 0).await.unwrap();
    assert!(taught.is_all);
    let lines = taught.lessons.iter().map(|(_, lesson)| match lesson {
        Lesson::Passed(passage) => in_words(&directory, passage),
        Lesson::TakenBack { passage, .. } => format!("not {}", in_words(&directory, passage)),
        Lesson::Found { search, .. } => format!("found, after {} looks", search.looks.len()),
    });
    lines.collect::<Vec<_>>().join("\n")
}

fn in_words(directory: &Directory, passage: &Passage) -> String {
    let before = passage.before.map_or_else(|| "new".to_owned(), |leg| leg_in_words(directory, &leg));
    format!("{}; before: {before}", leg_in_words(directory, &passage.leg))
}

fn leg_in_words(directory: &Directory, leg: &Leg) -> String {
    let way = match leg.way {
        Way::In => "in",
        Way::Filed => "filed",
        Way::Out => "out",
        Way::Carried => "carried",
    };
    let (station, to) = (directory.name(leg.station), directory.name(leg.to));
    if leg.station == leg.to { format!("{way} at {to}") } else { format!("{way} {station} to {to}") }
}

#[tokio::test]
async fn what_a_scan_proves_is_told_with_what_it_was_for_and_an_undo_with_what_it_takes_back() {
    let folder = Folder::new();
    let (mut hospital, _) = hospital(&folder).await;
    hospital.receive("LIB", "F1").await;
    hospital.send("LIB", "F1", "CL5").await;
    // Nobody scanned it at the clinic, nor out of it.
    let sent = hospital.send("HUB", "F1", "WARD7").await;
    hospital.undo("HUB", UndoTarget::Scan(sent.scan)).await;
    hospital
        .scan("LIB", "F1", Act::File { thing: label("F1"), shelf: None, consent: Consent::Unasked })
        .await;
    insta::assert_snapshot!(taught(&hospital).await, @r"
    in at LIB; before: new
    out LIB to CL5; before: in at LIB
    out HUB to WARD7; before: out LIB to CL5
    not out HUB to WARD7; before: out LIB to CL5
    in at HUB; before: out LIB to CL5
    filed at S12; before: in at HUB
    ");
    hospital.store.stop().await;
}

#[tokio::test]
async fn a_folder_in_a_crate_is_carried_and_came_from_where_it_was_packed() {
    let folder = Folder::new();
    let (mut hospital, _) = hospital(&folder).await;
    let crate_ = hospital.place("K12");
    let open = Act::OpenContainer { container: crate_, holding: Holding::Ask };
    hospital.scan("LIB", "K12", open).await;
    hospital.pack("LIB", "F5", "K12").await;
    hospital.pack("LIB", "F6", "K12").await;
    let thing = Thing::Container(crate_);
    let go = Act::Send { thing: thing.clone(), to: hospital.place("CL5"), consent: Consent::Unasked };
    hospital.scan("LIB", "K12", go).await;
    hospital.scan("CL5", "K12", Act::Receive(thing)).await;
    hospital.receive("CL5", "F5").await;
    hospital.send("CL5", "F6", "HUB").await;
    insta::assert_snapshot!(taught(&hospital).await, @r"
    in at LIB; before: new
    in at LIB; before: new
    in at CL5; before: in at LIB
    out CL5 to HUB; before: carried at CL5
    ");
    hospital.store.stop().await;
}

#[tokio::test]
async fn what_is_learnt_late_is_told_with_what_was_before_it_and_an_undo_learnt_first_tells_nothing() {
    let folder = Folder::new();
    let (mut hospital, _) = hospital(&folder).await;
    hospital.receive("LIB", "F1").await;
    hospital.pass(Duration::from_hours(2));
    hospital.receive("CL5", "F1").await;
    hospital.late("HUB", "F1", Act::Receive(label("F1")), Duration::from_mins(30)).await;
    let batch = hospital.begin_batch();
    hospital.receive("LIB", "F2").await;
    hospital.end_batch();
    hospital.undo("LIB", UndoTarget::Batch(batch)).await;
    let late = of_batch(&mut hospital, "F3", batch, Duration::from_mins(1));
    hospital.submit(late).await.unwrap();
    insta::assert_snapshot!(taught(&hospital).await, @r"
    in at LIB; before: new
    in at CL5; before: in at LIB
    in at HUB; before: in at LIB
    in at LIB; before: new
    not in at LIB; before: new
    ");
    hospital.store.stop().await;
}

/// A scan of a batch that is told of late.
fn of_batch(hospital: &mut Hospital, folder: &str, batch: BatchId, ago: Duration) -> Command {
    let mut command = hospital.command("LIB", folder, Act::Receive(label(folder)));
    command.scan.batch = Some(batch);
    command.moment = Moment::Past;
    let ago = i64::try_from(ago.as_micros()).unwrap();
    command.scan.clocks.happened = command.scan.clocks.happened.plus_micros(-ago);
    command
}

/// Does things to the hospital at random: what desks do, what they take back, and what is told late.
async fn something(hospital: &mut Hospital, random: &mut Random, done: &mut Done) {
    let desk = *random.pick::<&str>(&["LIB", "HUB", "CL5"]);
    let folder = format!("F{}", random.between(1, 9));
    let to = *random.pick::<&str>(&["LIB", "HUB", "CL5", "WARD7"]);
    let ago = Duration::from_mins(random.between(1, 200).unsigned_abs());
    let crate_ = Thing::Container(hospital.place("K12"));
    let volume = hospital.folder(&folder).await.brief.id;
    let spot = Spot::Place(hospital.place(to));
    let outcome = match random.below(18) {
        0..=2 => hospital.receive(desk, &folder).await,
        3..=5 => hospital.send(desk, &folder, to).await,
        6 => hospital.pack(desk, &folder, "K12").await,
        7 => {
            hospital
                .scan(
                    "LIB",
                    &folder,
                    Act::File { thing: label(&folder), shelf: None, consent: Consent::Unasked },
                )
                .await
        }
        8 => {
            let go = Act::Send { thing: crate_, to: hospital.place(to), consent: Consent::Unasked };
            hospital.scan(desk, "K12", go).await
        }
        9 => hospital.scan(desk, "K12", Act::Empty(hospital.place("K12"))).await,
        10 => hospital.late(desk, &folder, Act::Receive(label(&folder)), ago).await,
        11 => {
            let go = Act::Send { thing: label(&folder), to: hospital.place(to), consent: Consent::Unasked };
            hospital.late(desk, &folder, go, ago).await
        }
        13 => {
            let sought = casetrack::domain::command::Sought::Thing(Thing::Volume(volume));
            let (need, consent) = (Need::default(), Consent::Given);
            let missing = Missing { sought, need, looked: Some(spot), consent };
            hospital.scan(desk, &folder, Act::OpenSearch(Box::new(missing))).await
        }
        14 => {
            let Some(search) = hospital.folder(&folder).await.search else { return };
            let act = Act::Look { search: search.id, spot, result: LookResult::NotThere };
            hospital.scan(desk, &folder, act).await
        }
        15 => {
            let act = Act::TellWhere { search: Meant::NewestOf(volume), spot, cause: None };
            hospital.scan(desk, &folder, act).await
        }
        12 => {
            if let Some(batch) = done.batches.last().copied()
                && random.happens(500)
            {
                let late = of_batch(hospital, &folder, batch, ago);
                hospital.submit(late).await.unwrap();
            }
            hospital.end_batch();
            done.batches.push(hospital.begin_batch());
            hospital.receive(desk, &folder).await
        }
        _ => {
            let target = if random.happens(300) && !done.batches.is_empty() {
                UndoTarget::Batch(*random.pick(&done.batches))
            } else if done.scans.is_empty() {
                return;
            } else {
                let newest = done.scans.len().saturating_sub(8);
                UndoTarget::Scan(*random.pick(done.scans.get(newest..).unwrap()))
            };
            hospital.undo(desk, target).await
        }
    };
    done.scans.push(outcome.scan);
}

#[derive(Default)]
struct Done {
    scans: Vec<ScanId>,
    batches: Vec<BatchId>,
}

#[tokio::test]
async fn counts_that_are_learned_anew_are_those_that_were_followed_to_the_last_bit() {
    let (mut lessons, mut outcomes) = (0, 0);
    for seed in 1..=6 {
        let folder = Folder::new();
        let (mut hospital, clock) = hospital(&folder).await;
        let mut random = Random::of_part(seed, 8);
        let mut done = Done::default();
        let kept = Keeping::Kept(folder.0.clone());
        let mut followed = follower(&hospital, &clock, kept.clone());
        for turn in 0..240 {
            something(&mut hospital, &mut random, &mut done).await;
            if turn % 40 == 39 {
                // Weeks go by, so that counts age.
                hospital.pass(Duration::from_hours(24 * 9));
            }
            if random.happens(300) {
                followed.catch_up().await.unwrap();
            }
            if turn == 120 {
                followed.catch_up().await.unwrap();
                followed.save().await;
                followed = follower(&hospital, &clock, kept.clone());
            }
        }
        followed.catch_up().await.unwrap();
        let mut anew = follower(&hospital, &clock, Keeping::Nothing);
        anew.catch_up().await.unwrap();
        assert!(followed.counts().encode() == anew.counts().encode(), "seed {seed}");
        let taught = hospital.store.taught(&hospital.trust, 0).await.unwrap().lessons;
        lessons += taught.len();
        outcomes += taught.iter().filter(|(_, lesson)| matches!(lesson, Lesson::Found { .. })).count();
        hospital.store.stop().await;
    }
    assert!(lessons > 600 && outcomes > 10, "{lessons} lessons, {outcomes} outcomes");
}

#[tokio::test]
async fn counts_of_another_ground_or_in_a_spoilt_file_are_learned_anew() {
    let folder = Folder::new();
    let (mut hospital, clock) = hospital(&folder).await;
    let kept = Keeping::Kept(folder.0.clone());
    hospital.send("LIB", "F1", "CL5").await;
    hospital.send("HUB", "F1", "LIB").await;
    let mut first = follower(&hospital, &clock, kept.clone());
    first.catch_up().await.unwrap();
    let file = folder.0.join("locate.counts");
    let bytes = std::fs::read(&file).unwrap();
    let mut spoilt = bytes.clone();
    *spoilt.last_mut().unwrap() ^= 1;
    std::fs::write(&file, spoilt).unwrap();
    let mut second = follower(&hospital, &clock, kept.clone());
    second.catch_up().await.unwrap();
    assert!(first.counts() == second.counts());
    assert_eq!(std::fs::read(&file).unwrap(), bytes, "written over");
    let ward = story::places().remove(4);
    let another = casetrack::domain::import::PlaceRow { code: story::code("WARD8"), ..ward };
    hospital.import(casetrack::domain::import::Piece::Places(vec![another])).await;
    hospital.send("CL5", "F1", "WARD8").await;
    first.catch_up().await.unwrap();
    let mut anew = follower(&hospital, &clock, Keeping::Nothing);
    anew.catch_up().await.unwrap();
    assert!(first.counts() == anew.counts());
    hospital.store.stop().await;
}

#[tokio::test]
async fn a_plan_names_places_and_says_why() {
    let folder = Folder::new();
    let (mut hospital, clock) = hospital(&folder).await;
    for folder in ["F1", "F2", "F3", "F4", "F5"] {
        hospital.send("LIB", folder, "CL5").await;
        // Nobody scans it at the clinic: the hub sends it on.
        hospital.pass(Duration::from_hours(30));
        hospital.send("HUB", folder, "LIB").await;
    }
    hospital.send("LIB", "F9", "CL5").await;
    hospital.pass(Duration::from_hours(30));
    let locating = locating(&hospital, &clock);
    Follower::new(locating.clone(), Pace::Flat, Keeping::Nothing).catch_up().await.unwrap();
    let volume = hospital.folder("F9").await.brief.id;
    let shown = locating.plan(Sought::Volume(volume), By::FewestPlaces).await.unwrap().unwrap();
    assert_eq!(shown.learning, Learning::Ready);
    assert_eq!(shown.lines.first().map(|line| line.name.as_str()), Some("CL5"), "nobody has looked there");
    let hub = shown.lines.iter().find(|line| line.name == "HUB").unwrap();
    assert_eq!(hub.code, "D:HUB");
    assert!(hub.reasons.iter().any(|reason| reason.contains("CL5 passes folders to HUB")), "{hub:?}");
    assert!(shown.lines.iter().all(|line| line.chance <= 0.85 && !line.band.is_empty()));
    let all: f64 = shown.lines.iter().filter(|line| line.visit == 1).map(|line| line.chance).sum();
    assert!(all + shown.lost <= 1.0 + 1e-9, "{all}");
    assert_eq!(shown.set.folders.len(), 0, "H5 has one volume");
    assert_eq!(shown.set.movements.len(), 2);
    let brief = locating.brief(&[volume]).await.unwrap();
    assert!(brief.iter().all(|one| (0.0..=1.0).contains(&one.there) && !one.places.is_empty()));
    hospital.store.stop().await;
}
