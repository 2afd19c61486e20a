use std::fs;
use std::path::PathBuf;

use super::*;
use crate::clock::Clock;
use crate::domain::printing::{JobState, NewJob, NewLabel, Paper, Printed, Why};
use crate::live::{Cursor, Live};
use crate::store::story::{self, Hospital, MORNING};
use crate::store::{Options, Store};

/// A morning's hospital, its data folder and a folder for backups.
struct Morning {
    root: PathBuf,
    hospital: Hospital,
    clock: Clock,
}

impl Drop for Morning {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

fn trust() -> Trust {
    Trust(story::code("RX1"))
}

fn open(dir: &Path, clock: &Clock) -> Result<Store, StoreError> {
    let (desks, clock, live) = (story::desks(), clock.clone(), Live::default());
    Store::open(Options { dir: dir.to_owned(), trust: trust(), desks, clock, live })
}

fn go(_: Progress) -> ControlFlow<()> {
    ControlFlow::Continue(())
}

impl Morning {
    async fn begin() -> Self {
        let root = std::env::temp_dir().join(format!("casetrack-backup-{}", uuid::Uuid::now_v7()));
        fs::create_dir_all(root.join("backups")).unwrap();
        let (clock, hands) = Clock::manual(MORNING);
        let store = open(&root.join("data"), &clock).unwrap();
        let mut hospital = Hospital::open(store, trust(), clock.clone(), hands).await;
        hospital.receive("LIB", "F1").await;
        hospital.send("LIB", "F2", "CL5").await;
        Self { root, hospital, clock }
    }

    fn data(&self) -> PathBuf {
        self.root.join("data")
    }

    fn folder(&self) -> PathBuf {
        self.root.join("backups")
    }

    fn back_up(&self) -> Result<Manifest, StoreError> {
        back_up(&self.data(), &self.folder(), self.clock.now(), &mut go)
    }

    fn restore(&self, name: &str) -> Result<Manifest, StoreError> {
        restore(&self.folder(), &self.root.join(name), &trust(), self.clock.now(), &mut go)
    }

    /// What is in the folder of backups, but for the lock.
    fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.folder()).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.retain(|name| name != ".casetrack-backup.lock");
        names.sort();
        names
    }
}

#[tokio::test]
async fn a_backup_beside_a_running_service_holds_all_until_then_and_comes_back_with_a_new_life() {
    let mut morning = Morning::begin().await;
    let manifest = morning.back_up().unwrap();
    let backup = newest(&morning.folder()).unwrap().unwrap();
    assert_eq!(backup.manifest, manifest);
    backup.prove(&mut go).unwrap();
    assert_eq!((manifest.rows["volume"], manifest.rows["movement"], manifest.epoch), (9, 3, 1));
    let mode = std::os::unix::fs::MetadataExt::mode(&fs::metadata(&backup.file).unwrap()) & 0o777;
    assert_eq!(mode, 0o600);
    let after =
        morning.hospital.command("LIB", "F3", crate::domain::command::Act::Receive(story::label("F3")));
    let told = morning.hospital.submit(after.clone()).await.unwrap();

    morning.restore("restored").unwrap();
    let restored = morning.root.join("restored");
    let left: Vec<_> = fs::read_dir(&restored)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(left.len() == 3 && left.contains(&FROM.to_owned()), "{left:?}");
    assert!(crate::store::verify(&restored).unwrap().is_sound());
    let again = morning.restore("restored").unwrap_err().to_string();
    assert!(again.contains("is there already"), "{again}");

    let store = open(&restored, &morning.clock).unwrap();
    let newest = store.newest(&trust()).await.unwrap();
    assert!(newest.epoch > 1);
    let old = Cursor { epoch: 1, number: 0 };
    assert!(matches!(store.events_after(&trust(), old).await, Err(StoreError::BadCursor)));
    // A desk that sends again what was recorded after the backup, and what was before.
    let (reply, outcome) = tokio::sync::oneshot::channel();
    store.commands().send((after, reply)).await.unwrap();
    assert_eq!(outcome.await.unwrap().unwrap().answer, told.answer);
    store.stop().await;
}

#[tokio::test]
async fn nothing_that_waited_for_a_printer_is_printed_after_a_restore() {
    let morning = Morning::begin().await;
    let paper = Paper { stock: "L7160".to_owned(), template: None, first: 1, spoiled: vec![], copies: 1 };
    let label = NewLabel { what: Printed::Cover, subject: 1, why: Why::New };
    let id = uuid::Uuid::from_u128(7);
    let job = NewJob { id, person: None, printer: "Library".to_owned(), paper, labels: vec![label] };
    morning.hospital.store.print(&trust(), job).await.unwrap();
    morning.back_up().unwrap();
    morning.restore("restored").unwrap();
    let store = open(&morning.root.join("restored"), &morning.clock).unwrap();
    let job = store.print_job(&trust(), id).await.unwrap().unwrap().job;
    assert_eq!(job.state, JobState::Unknown);
    store.stop().await;
}

#[tokio::test]
async fn what_is_damaged_foreign_newer_or_no_backup_is_refused() {
    let morning = Morning::begin().await;
    let manifest = morning.back_up().unwrap();
    let backup = newest(&morning.folder()).unwrap().unwrap();
    let try_it = |trust: &Trust| {
        let new = morning.root.join("new/deeper");
        let error = restore(&backup.file, &new, trust, morning.clock.now(), &mut go).unwrap_err().to_string();
        assert!(!new.exists() && fs::read_dir(morning.root.join("new")).map_or(0, Iterator::count) == 0);
        error
    };
    assert_eq!(try_it(&Trust(story::code("RX2"))), "the backup is of RX1, not of RX2");
    let json = backup.file.with_extension("json");
    let say = |manifest: &Manifest| fs::write(&json, serde_json::to_vec(manifest).unwrap()).unwrap();
    say(&Manifest { schema: 9_999, ..manifest.clone() });
    assert!(try_it(&trust()).contains("install the newer program"));
    say(&Manifest { format: 2, ..manifest.clone() });
    assert!(try_it(&trust()).contains("a newer program wrote it"));
    say(&Manifest { last_scan: manifest.last_scan + 1, ..manifest.clone() });
    assert!(try_it(&trust()).contains("other data than its manifest says"));
    say(&manifest);
    let mut bytes = fs::read(&backup.file).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&backup.file, bytes).unwrap();
    assert!(try_it(&trust()).contains("damaged or cut short"));
    fs::remove_file(&json).unwrap();
    assert!(try_it(&trust()).contains("without its manifest it is no backup"));
}

#[tokio::test]
async fn a_backup_that_broke_off_leaves_nothing_that_looks_like_one_and_the_next_clears_it_away() {
    let morning = Morning::begin().await;
    let mut stop = |_| ControlFlow::Break(());
    let broken = back_up(&morning.data(), &morning.folder(), morning.clock.now(), &mut stop);
    assert!(matches!(broken, Err(StoreError::Stopped)), "{broken:?}");
    assert_eq!(morning.names(), [""; 0]);
    for name in [".casetrack-20261101T000000Z.db.part", ".casetrack-20261101T000000Z.json.part"] {
        fs::write(morning.folder().join(name), "half").unwrap();
    }
    fs::write(morning.folder().join("casetrack-20261101T000000Z.json"), "{}").unwrap();
    fs::write(morning.folder().join("casetrack-notes.json"), "somebody's own").unwrap();
    morning.back_up().unwrap();
    morning.back_up().unwrap();
    let names = morning.names();
    assert_eq!(names.len(), 5, "{names:?}");
    assert_eq!(backups(&morning.folder()).unwrap().len(), 2);
    assert!(names.iter().all(|name| !name.starts_with('.')), "{names:?}");
    let held = Folder::open(&morning.folder()).unwrap();
    assert!(morning.back_up().unwrap_err().to_string().contains("another backup is being written"));
    drop(held);
    let nowhere = back_up(&morning.data(), &morning.root.join("unmounted"), morning.clock.now(), &mut go);
    assert!(nowhere.unwrap_err().to_string().contains("mount its disk"));
}

#[tokio::test]
async fn old_backups_are_thinned_with_their_manifests() {
    let morning = Morning::begin().await;
    for _ in 0..5 {
        morning.hospital.pass(std::time::Duration::from_hours(9));
        morning.back_up().unwrap();
    }
    let gone =
        thin(&morning.folder(), &trust(), morning.clock.now(), std::time::Duration::from_hours(48)).unwrap();
    assert_eq!(gone.len(), 1);
    assert_eq!((backups(&morning.folder()).unwrap().len(), morning.names().len()), (4, 8));
}

#[tokio::test]
async fn a_drill_passes_though_desks_went_on_and_fails_where_the_live_log_is_another() {
    let mut morning = Morning::begin().await;
    morning.hospital.pack("LIB", "F4", "K12").await;
    morning.back_up().unwrap();
    let backup = newest(&morning.folder()).unwrap().unwrap();
    morning.hospital.receive("CL5", "F2").await;
    morning.hospital.receive("CL5", "F9").await;
    let run = || drill(&backup, &morning.data(), &morning.folder(), &trust(), morning.clock.now(), &mut go);
    let found = run().unwrap();
    assert!(found.passed && found.compared.moved_since == 1, "{found:?}");
    assert_eq!(found.compared.not_compared, None);
    found.report(&morning.folder()).unwrap();
    assert_eq!(last_drill(&morning.folder()).unwrap(), Some(found));

    let live = rusqlite::Connection::open(morning.data().join("casetrack.db")).unwrap();
    live.execute_batch("UPDATE whereabouts SET place = place + 1 WHERE subject = 2").unwrap();
    let found = run().unwrap();
    assert!(!found.passed && found.as_text().contains("subject 2 is elsewhere"), "{}", found.as_text());
    live.execute_batch(
        "UPDATE whereabouts SET place = place - 1 WHERE subject = 2; UPDATE meta SET epoch = 77",
    )
    .unwrap();
    let found = run().unwrap();
    assert!(found.passed && found.compared.not_compared.is_some(), "{found:?}");
}
