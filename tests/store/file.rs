//! The file under the store: plans, invariants, size, versions, bulk loading.

use crate::common;

use std::time::Duration;

use casetrack::clock::{Clock, Timestamp};
use casetrack::domain::barcode::Entry;
use casetrack::domain::command::{
    Act, Clocks, Command, Consent, Holding, Moment, Naming, NotRecorded, Run, Scan, SessionAfter, Thing,
};
use casetrack::domain::import::{Piece, Restriction, Said, VolumeRow};
use casetrack::domain::movement::UndoTarget;
use casetrack::domain::{BatchId, ScanId, StaffId};
use casetrack::jobs::states::{Condition, Part, States};
use casetrack::jobs::verifying::Verifying;
use casetrack::store::load::Loader;
use casetrack::store::story::{self, MORNING, code, label};
use casetrack::store::verify::Depth;
use casetrack::store::{Store, StoreError, Trust, Verification, verify};
use common::{Folder, options, trust};
use rusqlite::Connection;
use uuid::Uuid;

fn loaded(folder: &Folder, folders: u32) -> Loader {
    let (clock, _) = Clock::manual(MORNING);
    let mut loader = Loader::open(options(folder, clock)).unwrap();
    loader.import(&Piece::Places(story::places())).unwrap();
    let rows: Vec<_> = (1..=folders).map(story::folder).collect();
    for piece in rows.chunks(500) {
        loader.import(&Piece::Volumes(piece.to_vec())).unwrap();
    }
    loader
}

/// A small generator of numbers; the same seed tells the same story.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

fn scan_id(number: u64) -> ScanId {
    let at = uuid::Timestamp::from_unix(uuid::NoContext, 1_795_420_800 + number, 0);
    ScanId::new(Uuid::new_v7(at))
}

fn command(loader: &Loader, number: u64, at: &str, text: &str, act: Act) -> Command {
    let place = loader.directory().place_by_code(&code(at)).unwrap().id;
    let happened = MORNING.plus_micros(i64::try_from(number).unwrap() * 1_700_321);
    Command {
        scan: Scan {
            id: scan_id(number),
            desk: code(&format!("{at}-1")),
            desk_place: place,
            session: "front".to_owned(),
            run: Run {
                incarnation: Uuid::from_u128(u128::from(at.as_bytes()[0])),
                boot: Some(Uuid::from_u128(7)),
            },
            number,
            scanner: "front".to_owned(),
            person: Some(StaffId::new(1)),
            batch: None,
            position: 1,
            clocks: Clocks {
                happened,
                wall: happened,
                boot_us: happened.micros() - 5_000_000,
                uncertainty_us: 0,
            },
            text: text.to_owned(),
            aim: Some("]C0".to_owned()),
            entry: Entry::Scanned,
            naming: Naming::Label,
        },
        act,
        moment: Moment::Now,
        session: SessionAfter { accepted: Some(vec![1, 2, 3, 4, 5, 6]), refused: None },
    }
}

#[test]
fn whatever_happens_the_projection_is_the_fold_of_the_log() {
    for seed in 1..=12 {
        let folder = Folder::new();
        let mut loader = loaded(&folder, 12);
        let mut dice = Dice(seed);
        let mut batches = [None; 3];
        let mut past: Vec<ScanId> = Vec::new();
        for number in 1..=400 {
            let desk = usize::try_from(dice.roll(3)).unwrap();
            let at = ["LIB", "HUB", "CL5"][desk];
            let text = format!("F{}", 1 + dice.roll(12));
            let directory = loader.directory();
            let place = |text: &str| directory.place_by_code(&code(text)).unwrap().id;
            let crate_ = place(["K12", "TROLLEY"][usize::try_from(dice.roll(2)).unwrap()]);
            let to = place(["CL5", "HUB", "WARD7"][usize::try_from(dice.roll(3)).unwrap()]);
            let thing = if dice.roll(5) == 0 { Thing::Container(crate_) } else { label(&text) };
            let act = match dice.roll(12) {
                0..=2 => Act::Receive(thing),
                3 | 4 => Act::Send { thing, to, consent: Consent::Unasked },
                5..=7 => Act::Pack { thing, container: place("K12"), consent: Consent::Unasked },
                8 => Act::Empty(crate_),
                9 => Act::OpenContainer { container: crate_, holding: Holding::WasEmpty },
                10 if !past.is_empty() => {
                    let back = usize::try_from(dice.roll(u64::try_from(past.len()).unwrap())).unwrap();
                    Act::Undo(UndoTarget::Scan(past[back]))
                }
                _ => match batches[desk] {
                    Some(batch) => Act::Undo(UndoTarget::Batch(batch)),
                    None => Act::Receive(thing),
                },
            };
            let mut command = command(&loader, number, at, &text, act);
            if dice.roll(8) == 0 {
                batches[desk] = Some(BatchId::new(command.scan.id.uuid()));
            }
            command.scan.batch = batches[desk];
            if dice.roll(3) == 0 {
                command.moment = Moment::Past;
                let ago = i64::try_from(dice.roll(60)).unwrap() * 1_700_321;
                command.scan.clocks.happened = command.scan.clocks.happened.plus_micros(-ago);
                command.scan.clocks.uncertainty_us = i64::try_from(dice.roll(2)).unwrap() * 4_000_000;
            }
            past.push(command.scan.id);
            loader.record(&[command]).unwrap().remove(0).unwrap();
        }
        loader.finish().unwrap();
        let report = verify(&folder.0).unwrap();
        assert!(report.is_sound(), "seed {seed}: {report:?}");
        assert!(report.movements > 300);
    }
}

#[test]
fn a_live_scan_costs_at_most_350_bytes() {
    const SCANS: u64 = 6_000;
    let folder = Folder::new();
    let mut loader = loaded(&folder, 2_000);
    let mut dice = Dice(9);
    let mut size = 0;
    let mut batch = scan_id(0);
    for number in 1..=2 * SCANS {
        let text = format!("F{}", 1 + dice.roll(2_000));
        let at = ["LIB", "CL5"][usize::try_from(number % 2).unwrap()];
        let to = loader.directory().place_by_code(&code("HUB")).unwrap().id;
        let act = match number % 3 {
            0 => Act::Receive(label(&text)),
            _ => Act::Send { thing: label(&text), to, consent: Consent::Unasked },
        };
        let mut command = command(&loader, number, at, &text, act);
        if number % 40 < 2 {
            batch = command.scan.id;
        }
        command.scan.batch = Some(BatchId::new(batch.uuid()));
        loader.record(&[command]).unwrap().remove(0).unwrap();
        if number == SCANS {
            loader.finish().unwrap();
            size = pages(&folder);
            loader = Loader::open(options(&folder, Clock::manual(MORNING).0)).unwrap();
        }
    }
    loader.finish().unwrap();
    let each = (pages(&folder) - size) * 4_096 / SCANS;
    println!("{each} bytes a scan");
    assert!(each <= 350, "{each} bytes a scan");
}

/// What is told of every folder once `commands` have arrived in this order.
async fn told(order: &[usize], make: impl Fn(&Loader) -> Vec<Command>) -> Vec<String> {
    let folder = Folder::new();
    let mut loader = loaded(&folder, 9);
    let commands = make(&loader);
    for at in order {
        loader.record(&commands[*at..=*at]).unwrap();
    }
    loader.finish().unwrap();
    assert!(verify(&folder.0).unwrap().is_sound());
    let (clock, hands) = Clock::manual(MORNING);
    let store = Store::open(options(&folder, clock.clone())).unwrap();
    let hospital = story::Hospital::open(store.clone(), trust(), clock, hands).await;
    let mut lines = Vec::new();
    for number in 1..=9 {
        lines.push(hospital.tell(&format!("F{number}")).await);
    }
    store.stop().await;
    lines
}

/// Late scans of folders and of a crate, none of which is decided by where they were.
fn late(loader: &Loader, seed: u64) -> Vec<Command> {
    let mut dice = Dice(seed);
    let crate_ = loader.directory().place_by_code(&code("K12")).unwrap().id;
    let one = |number| {
        let at = ["LIB", "HUB", "CL5"][usize::try_from(dice.roll(3)).unwrap()];
        let text = format!("F{}", 1 + dice.roll(9));
        let act = match dice.roll(8) {
            0 => Act::Empty(crate_),
            1 => Act::Receive(Thing::Container(crate_)),
            2..=4 => Act::Pack { thing: label(&text), container: crate_, consent: Consent::Unasked },
            _ => Act::Receive(label(&text)),
        };
        let mut command = command(loader, number, at, &text, act);
        command.moment = Moment::Past;
        command
    };
    (1..=60).map(one).collect()
}

#[tokio::test]
async fn the_same_scans_in_any_order_of_arrival_give_the_same_present() {
    for seed in 1..=8 {
        let in_order: Vec<usize> = (0..60).collect();
        let expected = told(&in_order, |loader| late(loader, seed)).await;
        let mut dice = Dice(seed + 100);
        let mut shuffled = in_order.clone();
        for at in (1..60).rev() {
            shuffled.swap(at, usize::try_from(dice.roll(u64::try_from(at).unwrap() + 1)).unwrap());
        }
        // Some arrive twice.
        shuffled.extend([3, 7, 30]);
        assert_eq!(told(&shuffled, |loader| late(loader, seed)).await, expected, "seed {seed}");
    }
}

fn database(folder: &Folder) -> Connection {
    Connection::open(folder.0.join("casetrack.db")).unwrap()
}

fn pages(folder: &Folder) -> u64 {
    let pages: i64 = database(folder).pragma_query_value(None, "page_count", |row| row.get(0)).unwrap();
    u64::try_from(pages).unwrap()
}

#[test]
fn scans_movements_undos_and_holds_are_only_ever_added() {
    let folder = Folder::new();
    let mut loader = loaded(&folder, 1);
    let one = command(&loader, 1, "LIB", "F1", Act::Receive(label("F1")));
    let undo = command(&loader, 2, "LIB", "C0605", Act::Undo(UndoTarget::Scan(one.scan.id)));
    loader.record(&[one, undo]).unwrap();
    let mut held = story::folder(1);
    held.hold = Said::Is("court".to_owned());
    loader.import(&Piece::Volumes(vec![held])).unwrap();
    loader.finish().unwrap();
    let database = database(&folder);
    for table in ["scan", "movement", "undo", "hold"] {
        for sql in [format!("DELETE FROM {table}"), format!("UPDATE {table} SET key = key + 9")] {
            let refused = database.execute(&sql, []).unwrap_err().to_string();
            assert!(refused.contains("never"), "{sql}: {refused}");
        }
    }
}

#[test]
fn data_of_a_newer_program_or_of_another_trust_are_refused() {
    let folder = Folder::new();
    loaded(&folder, 1).finish().unwrap();
    let (clock, _) = Clock::manual(MORNING);
    let other = casetrack::store::Options { trust: Trust(code("RY2")), ..options(&folder, clock.clone()) };
    assert!(matches!(Store::open(other), Err(StoreError::Foreign(_))));
    database(&folder).pragma_update(None, "user_version", 99).unwrap();
    let refused = Store::open(options(&folder, clock)).unwrap_err();
    assert!(matches!(refused, StoreError::Newer { found: 99, .. }), "{refused}");
    assert!(matches!(verify(&folder.0), Err(StoreError::Newer { .. })));
}

#[test]
fn verify_names_the_first_row_that_differs() {
    let folder = Folder::new();
    let mut loader = loaded(&folder, 2);
    let one = command(&loader, 1, "LIB", "F1", Act::Receive(label("F1")));
    let movement = format!("{}-0", one.scan.id);
    loader.record(&[one]).unwrap();
    loader.finish().unwrap();
    assert!(verify(&folder.0).unwrap().is_sound());
    database(&folder).execute("UPDATE whereabouts SET place = 4", []).unwrap();
    let report = verify(&folder.0).unwrap();
    assert_eq!(report.differences, 1);
    let first = report.first.unwrap();
    let places: Vec<String> = database(&folder)
        .prepare("SELECT code FROM place WHERE key IN (4, (SELECT place FROM movement)) ORDER BY key = 4")
        .and_then(|mut sql| sql.query_map([], |row| row.get(0))?.collect())
        .unwrap();
    assert!(
        first.starts_with(&format!("volume 1: the log says at {}, confirmed, scanned ", places[0])),
        "{first}"
    );
    assert!(first.contains(&format!(", by {movement}")), "{first}");
    assert!(first.contains(&format!("; its row says at {}, confirmed", places[1])), "{first}");
}

#[test]
fn verify_names_a_movement_that_the_index_has_lost() {
    let folder = Folder::new();
    let mut loader = loaded(&folder, 2);
    let commands =
        [1, 2].map(|n| command(&loader, n, "LIB", &format!("F{n}"), Act::Receive(label(&format!("F{n}")))));
    loader.record(&commands).unwrap();
    loader.finish().unwrap();
    let sql = "CREATE INDEX movement_by_subject ON movement (subject, happened)";
    database(&folder)
        .execute_batch(&format!(
            "DROP INDEX movement_by_subject; {sql} WHERE subject <> 4; PRAGMA writable_schema = ON;
            UPDATE sqlite_schema SET sql = '{sql}' WHERE name = 'movement_by_subject'"
        ))
        .unwrap();
    let report = verify(&folder.0).unwrap();
    let first = report.first.unwrap();
    let movement = format!("{}-0", commands[1].scan.id);
    assert_eq!(
        first,
        format!("volume 2: its movement {movement} is in the log, and not in the index by subject")
    );
}

/// The clock of the timers jumps to the next one whenever nothing else goes on.
#[tokio::test(start_paused = true)]
async fn behind_the_scans_a_difference_is_found_told_and_kept() {
    let folder = Folder::new();
    let mut loader = loaded(&folder, 2);
    let one = command(&loader, 1, "LIB", "F1", Act::Receive(label("F1")));
    loader.record(&[one]).unwrap();
    loader.finish().unwrap();
    database(&folder).execute("UPDATE whereabouts SET place = 4", []).unwrap();
    let states = States::default();
    let (clock, _) = Clock::manual(MORNING);
    let every = Duration::from_hours(24);
    let verifying = Verifying { dir: folder.0.clone(), clock, every, states: states.clone() };
    let condition = || states.now().get(&Part::Verify).map(|told| told.condition);
    let going_on = tokio::spawn(verifying.run());
    while condition() != Some(Condition::Ill) {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    let told = states.now()[&Part::Verify].clone();
    assert!(told.detail.contains("The first: volume 1: the log says at "), "{}", told.detail);
    while !folder.0.join("verify.json").exists() {
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    going_on.abort();
}

#[tokio::test]
async fn what_desks_scan_while_it_is_verified_is_no_difference() {
    let folder = Folder::new();
    let (clock, hands) = Clock::manual(MORNING);
    let store = Store::open(options(&folder, clock.clone())).unwrap();
    let mut hospital = story::Hospital::open(store.clone(), trust(), clock, hands).await;
    for n in 1..=9 {
        hospital.receive("LIB", &format!("F{n}")).await;
    }
    let mut verification = Verification::begin(&folder.0, Depth::FileToo).unwrap();
    let mut scanned = 0;
    // Slices of one movement, a scan between each two.
    while verification.step(u64::MAX).unwrap() {
        hospital.receive(["CL5", "LIB"][scanned % 2], &format!("F{}", 1 + scanned % 9)).await;
        scanned += 1;
    }
    let report = verification.report();
    assert!(report.is_sound() && !report.file_checked && scanned > 18, "{scanned} scans: {report:?}");
    assert_eq!((report.movements, report.subjects), (9, 9), "what came later is the next verification's");
    store.stop().await;
    assert!(verify(&folder.0).unwrap().file_checked, "nobody has the folder now");
}

#[test]
fn verify_notices_a_hold_without_its_row_and_a_text_that_is_missing_or_another() {
    let folder = Folder::new();
    let mut loader = loaded(&folder, 4);
    let held = VolumeRow {
        hold: Said::Is("court".to_owned()),
        restricted: Said::Is(Restriction::Restricted),
        ..story::folder(1)
    };
    loader.import(&Piece::Volumes(vec![held])).unwrap();
    let aside = |number| {
        let mut command = command(&loader, number, "LIB", "SMITH", Act::Receive(label("SMITH")));
        command.scan.naming = Naming::Aside;
        command
    };
    let commands = [aside(1), aside(2)];
    loader.record(&commands).unwrap();
    loader.finish().unwrap();
    let report = verify(&folder.0).unwrap();
    assert!(report.is_sound(), "{report:?}");
    assert_eq!((report.volumes, report.names, report.texts), (4, 2, 2));
    database(&folder).execute("UPDATE scan_text SET text = ''", []).unwrap();
    assert!(verify(&folder.0).unwrap().is_sound(), "a redacted text is no damage");
    for (spoil, mend, differences) in [
        ("UPDATE patient SET sought = 'X' WHERE key = 1", "UPDATE patient SET sought = ''", 1),
        ("UPDATE volume SET hold = NULL", "UPDATE volume SET hold = 1 WHERE key = 1", 1),
        ("UPDATE volume SET hold = 1", "UPDATE volume SET hold = NULL WHERE key > 1", 3),
        ("UPDATE volume SET restricted = 0", "UPDATE volume SET restricted = 1 WHERE key = 1", 1),
        ("UPDATE scan_text SET text = 'JONES'", "UPDATE scan_text SET text = 'SMITH'", 2),
        ("INSERT INTO scan_text (scan, text) VALUES (99, 'X')", "DELETE FROM scan_text WHERE scan = 99", 1),
        ("DELETE FROM scan_text", "SELECT 1", 2),
    ] {
        database(&folder).execute(spoil, []).unwrap();
        let report = verify(&folder.0).unwrap();
        assert_eq!(report.differences, differences, "{spoil}: {report:?}");
        database(&folder).execute_batch(mend).unwrap();
    }
}

/// Every statement in the store's sources: what stands between quotes and begins with a verb of SQL.
fn statements() -> Vec<(String, String)> {
    let quoted = regex::Regex::new(r#""((?:SELECT|INSERT|UPDATE|DELETE|WITH)\s[^"]*)""#).unwrap();
    let mut found = Vec::new();
    let mut folders = vec![std::path::PathBuf::from("src/store")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") && !path.ends_with("tests.rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let text = text.split("#[cfg(test)]").next().unwrap().to_owned();
                let name = path.display().to_string();
                found.extend(quoted.captures_iter(&text).map(|hit| (name.clone(), hit[1].to_owned())));
            }
        }
    }
    found
}

#[test]
fn no_statement_walks_a_table_but_those_that_say_so() {
    let folder = Folder::new();
    loaded(&folder, 1).finish().unwrap();
    let database = database(&folder);
    let all = statements();
    let mut bad = Vec::new();
    assert!(all.len() > 60, "{} statements found", all.len());
    for (file, sql) in all {
        // What is said of several tables is asked of one of them.
        let sql = sql.replace("{table}", "movement").replace("{quoted}", "movement");
        let mut explained = database
            .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
            .unwrap_or_else(|error| panic!("{file}: {sql}: {error}"));
        let plan: Vec<String> =
            explained.raw_query().mapped(|row| row.get(3)).collect::<Result<_, _>>().unwrap();
        // A virtual table is asked by its own index.
        let walks = plan.iter().any(|step| {
            step.starts_with("SCAN")
                && !["CONSTANT", "subquery", "VIRTUAL TABLE INDEX"].iter().any(|fine| step.contains(fine))
        });
        let sorts = plan.iter().any(|step| step.contains("USE TEMP B-TREE") || step.contains("MATERIALIZE"));
        let whole_by_trade = file.contains("/verify") || file.ends_with("bulk.rs");
        let says_so = sql.contains("-- whole: ") || whole_by_trade;
        if !says_so && (walks || sorts) {
            bad.push(format!("{file}: {sql}\n{plan:#?}"));
        }
    }
    assert!(bad.is_empty(), "{}", bad.join("\n"));
}

#[tokio::test]
async fn one_impossible_command_does_not_poison_its_batch() {
    let folder = Folder::new();
    let (clock, hands) = Clock::manual(MORNING);
    let store = Store::open(options(&folder, clock.clone())).unwrap();
    let mut hospital = story::Hospital::open(store.clone(), trust(), clock, hands).await;
    let mut commands: Vec<Command> = (1..=9)
        .map(|n| hospital.command("LIB", &format!("F{n}"), Act::Receive(label(&format!("F{n}")))))
        .collect();
    commands[4].session.accepted = Some(vec![0; 33]);
    let outcomes =
        futures_util::future::join_all(commands.into_iter().map(|command| hospital.submit(command))).await;
    for (at, outcome) in outcomes.iter().enumerate() {
        assert_eq!(matches!(outcome, Err(NotRecorded::Incident(_))), at == 4, "{outcome:?}");
    }
    assert_eq!(hospital.tell("F5").await, "not-yet-seen");
    assert_eq!(hospital.tell("F6").await, "at LIB");
    store.stop().await;
    assert!(verify(&folder.0).unwrap().is_sound());
}

#[tokio::test]
async fn learned_at_never_runs_back_even_over_a_restart() {
    let folder = Folder::new();
    let (clock, hands) = Clock::manual(MORNING);
    let store = Store::open(options(&folder, clock.clone())).unwrap();
    let mut hospital = story::Hospital::open(store.clone(), trust(), clock.clone(), hands.clone()).await;
    let first = hospital.receive("LIB", "F1").await;
    store.stop().await;
    hands.set_wall(Timestamp::EPOCH);
    hospital.store = Store::open(options(&folder, clock)).unwrap();
    hospital.pass(Duration::from_secs(1));
    let second = hospital.receive("HUB", "F1").await;
    assert!(second.learned_at > first.learned_at);
    assert_eq!(hospital.tell("F1").await, "at HUB");
    hospital.store.stop().await;
}
