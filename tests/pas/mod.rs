//! Files as a PAS and an old tracking system write them, with every mess that they hold, imported by feed files.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;

use super::Hospital;

/// Kind, file and feed file, in the order in which they are imported.
const FILES: [(&str, &str, &str); 5] = [
    ("places", "locations.csv", "locations"),
    ("staff", "users.csv", "users"),
    ("patients", "pmi.csv", "pmi"),
    ("volumes", "casenotes.csv", "casenotes"),
    ("appointments", "clinics.csv", "clinics"),
];

/// A hospital with the files of its PAS, and the feed files beside its configuration.
fn with_pas(test: &str) -> Hospital {
    let hospital = Hospital::new(test);
    let pas = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pas");
    copy(&pas, &hospital.0);
    std::fs::create_dir(hospital.0.join("feeds")).unwrap();
    copy(&pas.join("feeds"), &hospital.0.join("feeds"));
    std::fs::write(hospital.0.join("casetrack.toml"), "").unwrap();
    hospital
}

fn copy(from: &Path, to: &Path) {
    let files =
        std::fs::read_dir(from).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
    for file in files.collect::<Vec<PathBuf>>() {
        std::fs::copy(&file, to.join(file.file_name().unwrap())).unwrap();
    }
}

/// All that an import says, and the reject file that it leaves.
fn told(hospital: &Hospital, kind: &str, file: &str, feed: &str) -> String {
    let output = hospital.casetrack(&["import", kind, file, "--feed", feed]);
    let words = String::from_utf8([output.stderr, output.stdout].concat()).unwrap();
    let seconds = words.find(" rows in ").map(|at| words[at..].lines().next().unwrap().to_owned());
    let words = seconds.map_or(words.clone(), |seconds| words.replace(&seconds, " rows in … s"));
    let rejects = file.replace(".csv", ".rejected.csv");
    let rejects =
        std::fs::read_to_string(hospital.0.join(rejects)).unwrap_or_else(|_| "no reject file".to_owned());
    let long = "X".repeat(201);
    format!(
        "{words}exit {}\n\n{}",
        output.status.code().unwrap(),
        rejects.replace(&long, "X…").replace('\0', "␀")
    )
}

fn json(hospital: &Hospital, asked: (&str, &str, &str), more: &[&str]) -> Value {
    let (kind, file, feed) = asked;
    let args = [&["import", kind, file, "--feed", feed, "--json"], more].concat();
    let output = hospital.casetrack(&args);
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

fn rejects(hospital: &Hospital, file: &str) -> Option<Vec<u8>> {
    std::fs::read(hospital.0.join(file.replace(".csv", ".rejected.csv"))).ok()
}

#[test]
fn what_a_pas_writes_goes_in_and_every_mess_comes_back_with_its_reason() {
    let hospital = with_pas("pas");
    let mut tell = FILES.map(|(kind, file, feed)| told(&hospital, kind, file, feed)).into_iter();
    let mut next = || tell.next().unwrap();
    insta::assert_snapshot!(next(), @"");
    insta::assert_snapshot!(next(), @"");
    insta::assert_snapshot!(next(), @"");
    insta::assert_snapshot!(next(), @"");
    insta::assert_snapshot!(next(), @"");
    insta::assert_snapshot!(told(&hospital, "appointments", "clinics-bad.csv", "clinics"), @"");
}

#[test]
fn a_list_that_is_issued_again_changes_nothing_and_a_later_one_what_it_says() {
    let hospital = with_pas("reissued");
    for (kind, file, feed) in FILES {
        json(&hospital, (kind, file, feed), &[]);
    }
    let counts = |file| {
        let told = json(&hospital, ("appointments", file, "clinics"), &[]);
        ["added", "changed", "same", "repeated", "totals"].map(|name| told[name].as_u64().unwrap())
    };
    assert_eq!(counts("clinics.csv"), [0, 0, 3, 1, 1]);
    assert_eq!(counts("clinics-again.csv"), [1, 1, 1, 0, 1]);
    assert_eq!(counts("clinics-again.csv"), [0, 0, 3, 0, 1]);
    assert_eq!(counts("clinics.csv"), [1, 1, 1, 1, 1], "and the first one again, a day late");
}

/// Rehearses and then imports every file: both must say the same, and the rehearsal must leave nothing.
fn rehearse_then_import(hospital: &Hospital) {
    for asked in FILES {
        let mut dry = json(hospital, asked, &["--dry-run"]);
        let dry_rejects = rejects(hospital, asked.1);
        let again = json(hospital, asked, &["--dry-run"]);
        assert_eq!(dry["added"], again["added"], "a dry run leaves nothing");
        let mut real = json(hospital, asked, &[]);
        assert_eq!((dry["dry_run"].take(), real["dry_run"].take()), (Value::Bool(true), Value::Bool(false)));
        dry["seconds"].take();
        real["seconds"].take();
        assert_eq!(dry, real);
        assert!(real["added"].as_u64() > Some(0), "{real}");
        assert_eq!(dry_rejects, rejects(hospital, asked.1));
    }
}

#[test]
fn a_dry_run_says_what_the_import_then_does_and_writes_nothing() {
    let hospital = with_pas("dry-run");
    let places = json(&hospital, FILES[0], &["--dry-run"]);
    assert_eq!(places["added"], 5, "children of places that are in the same file too");
    assert!(!hospital.0.join("data").exists(), "a dry run makes no database");
    rehearse_then_import(&hospital);
    let database = hospital.0.join("data/casetrack.db");
    let before = std::fs::read(&database).unwrap();
    json(&hospital, ("appointments", "clinics-again.csv", "clinics"), &["--dry-run"]);
    assert!(before == std::fs::read(&database).unwrap(), "a dry run writes nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_beside_a_running_service_says_the_same() {
    let hospital = Arc::new(with_pas("dry-run-beside"));
    let (rooms, say_stop, task) = super::service(&hospital.0).await;
    let beside = hospital.clone();
    tokio::task::spawn_blocking(move || rehearse_then_import(&beside)).await.unwrap();
    say_stop.send(true).unwrap();
    task.await.unwrap();
    rooms.close().await;
}

#[test]
fn check_config_looks_at_every_feed_file() {
    let hospital = with_pas("feeds-checked");
    let good = hospital.casetrack(&["check-config"]);
    let told = String::from_utf8(good.stdout).unwrap();
    assert!(told.contains("feeds/pmi.toml: patients\n"), "{told}");
    assert_eq!(good.status.code(), Some(0));
    let feed = hospital.read("feeds/pmi.toml").replace("title_lines", "titles");
    std::fs::write(hospital.0.join("feeds/pmi.toml"), feed).unwrap();
    let wrong = hospital.casetrack(&["check-config"]);
    let told = String::from_utf8(wrong.stderr).unwrap();
    assert!(told.contains("feeds/pmi.toml, line 4: unknown field `titles`"), "{told}");
    assert_eq!(wrong.status.code(), Some(1));
    for (kind, feed, why) in [
        ("patients", "pmi", "line 4: unknown field"),
        ("patients", "users", "is of staff, not of patients"),
        ("patients", "none", "cannot read the feed file none"),
    ] {
        let wrong = hospital.casetrack(&["import", kind, "pmi.csv", "--feed", feed]);
        let told = String::from_utf8(wrong.stderr).unwrap();
        assert!(told.contains(why), "{told}");
        assert_eq!(wrong.status.code(), Some(2));
    }
    assert!(!hospital.0.join("data").exists());
}
