//! Files as a PAS and an old tracking system write them, with every mess that they hold, imported by feed files.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::Value;

use super::Hospital;

/// Kind, file and feed file, in the order in which they are imported.
const FILES: [(&str, &str, &str); 6] = [
    ("places", "locations.csv", "locations"),
    ("staff", "users.csv", "users"),
    ("patients", "pmi.csv", "pmi"),
    ("volumes", "casenotes.csv", "casenotes"),
    ("appointments", "clinics.csv", "clinics"),
    ("movements", "history.csv", "history"),
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
        rejects.replace(&long, "X…").replace('\0', "␀").replace('\u{81}', "�").replace('\u{FEFF}', "⟨UTF-8⟩")
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
    insta::assert_snapshot!(next(), @r#"
    checked: 6 rows can go in, 3 cannot
    rows that stand there twice, taken once: 1; row 6 is row 2 again
    lines at the end that are totals and no rows: 1
    9 rows in … s
    row 7: the place above, …, is not known: put it earlier in the file
    row 8: until … is no date in any of the feed's ways: …, …
    row 10: code … has the form of a Casetrack barcode: choose another
    row 11: code is empty: it says which one is meant
    the rejected rows and their reasons stand in locations.rejected.csv
    5 added, 0 changed, 0 same, 4 rejected
    exit 1

    row,reason,Loc,Description,Type,Within,Ext,Closed
    7,"the place above, NOWHERE, is not known: put it earlier in the file",W7,Ward 7,WD,NOWHERE,,
    8,"until 31-NOV-2026 is no date in any of the feed's ways: DD-MON-YYYY, CCYYMMDD",W8,Ward 8,WD,RX1,,31-NOV-2026
    10,code C0184 has the form of a Casetrack barcode: choose another,C0184,Form of a card,OP,RX1,,
    11,code is empty: it says which one is meant,,No code,OP,RX1,,
    "#);
    insta::assert_snapshot!(next(), @r#"
    columns that mean nothing here: Last seen
    checked: 4 rows can go in, 3 cannot
    7 rows in … s
    2 rows, the first is 6: row … tells of the same and differs: correct one, or leave one out
    row 4: role … is none of the feed's codes: add it to the feed file
    row 5: … is the code of a place: one text must mean one thing
    the rejected rows and their reasons stand in users.rejected.csv
    3 added, 0 changed, 0 same, 4 rejected
    exit 1

    row;reason;User;First;Last;Grp;Last seen
    4;role 3 is none of the feed's codes: add it to the feed file;CCOLE;Cy;Cole;3;
    5;LIB is the code of a place: one text must mean one thing;LIB;Not;A badge;1;
    6;row 7 tells of the same and differs: correct one, or leave one out;DDEAN;"Di;Dot";Dean;9;
    7;row 6 tells of the same and differs: correct one, or leave one out;DDEAN;Dora;Dean;9;
    "#);
    insta::assert_snapshot!(next(), @r#"
    columns that mean nothing here: Sex, GP
    checked: 7 rows can go in, 13 cannot
    rows that stand there twice, taken once: 1; row 13 is row 12 again
    lines at the end that are totals and no rows: 2
    20 rows in … s
    2 rows, the first is 14: row … tells of the same and differs: correct one, or leave one out
    row 9: NHS number: not a valid NHS number: ten digits with a right check digit are needed
    row 10: born … is no date in any of the feed's ways: … …, …, …
    row 11: hospital number is empty: it says which one is meant
    row 16: the row holds NUL bytes, which are no text: type it again
    row 17: surname has … characters: shorten it to …
    row 18: a quotation mark is not closed: close it or leave it out
    row 21: a quotation mark stands in the middle of a cell: write it twice or leave it out
    row 22: … cells where the first row has …: a comma or a quotation mark is missing or too many
    row 23: died … is before born …: correct one of them
    row 25: surname holds a sign that cannot be printed: type it again
    row 26: born … … is no date in any of the feed's ways: … …, …, …
    the rejected rows and their reasons stand in pmi.rejected.csv
    7 added, 0 changed, 0 same, 13 rejected
    exit 1

    ⟨UTF-8⟩row,reason,PAS No,NHS No,Surname,Forenames,Sex,DOB,DOD,GP
    9,NHS number: not a valid NHS number: ten digits with a right check digit are needed,100004,943 476 5918,Badcheck,Bo,1,19600101,,G2
    10,"born 1960-01-01 is no date in any of the feed's ways: DD/MM/YYYY HH:MM, CCYYMMDDHHMM, CCYYMMDD",100005,,Baddate,Bea,2,1960-01-01,,G2
    11,hospital number is empty: it says which one is meant,,,Nonumber,Ned,1,19600101,,G2
    14,"row 15 tells of the same and differs: correct one, or leave one out",100007,,Differs,Dee,2,19600101,,G2
    15,"row 14 tells of the same and differs: correct one, or leave one out",100007,,Differs,Dee,2,19600102,,G2
    16,"the row holds NUL bytes, which are no text: type it again",100008,,Nul␀byte,Nora,2,19600101,,G2
    17,surname has 201 characters: shorten it to 200,100009,,X…,Long,2,19600101,,G2
    18,a quotation mark is not closed: close it or leave it out,100010,,"""Open",Olive,2,19600101,,G2
    21,a quotation mark stands in the middle of a cell: write it twice or leave it out,100013,,"""The ""Earl""""",Ed,1,19600101,,G2
    22,4 cells where the first row has 8: a comma or a quotation mark is missing or too many,100014,,Short,Sue
    23,died 1950-01-01 is before born 1960-01-01: correct one of them,100015,,Early,Eve,2,19600101,19500101,G2
    25,surname holds a sign that cannot be printed: type it again,100017,,Hole�d,Hal,2,19600101,,G2
    26,"born 30/02/1960 00:00 is no date in any of the feed's ways: DD/MM/YYYY HH:MM, CCYYMMDDHHMM, CCYYMMDD",100018,,Lastly,Lou,2,30/02/1960 00:00,,G2
    "#);
    insta::assert_snapshot!(next(), @r"
    columns that mean nothing here: REMARKS
    checked: 6 rows can go in, 6 cannot
    rows that stand there twice, taken once: 1; row 10 is row 9 again
    lines at the end that are totals and no rows: 1
    12 rows in … s
    2 rows, the first is 7: row … has the same barcode for another folder: correct one of them
    row 4: kind … is none of the feed's codes: add it to the feed file
    row 5: volume … is no number from … to …
    row 6: the home … is not a known place: import places first
    row 12: hospital number is empty: it says which one is meant
    row 13: barcode … is that of a card, place, container or badge of Casetrack
    the rejected rows and their reasons stand in casenotes.rejected.csv
    5 added, 0 changed, 0 same, 7 rejected
    exit 1

    ⟨UTF-8⟩row|reason|UNIT NO|VOL|TYPE|HOME|LABEL|REMARKS
    4|kind Q is none of the feed's codes: add it to the feed file|100003|1|Q|S12|RX1000031|
    5|volume 0 is no number from 1 to 99|100004|0|O|S12|RX1000041|
    6|the home S99 is not a known place: import places first|100005|1|O|S99|RX1000051|
    7|row 8 has the same barcode for another folder: correct one of them|100006|1|O|S12|RX1000061|
    8|row 7 has the same barcode for another folder: correct one of them|100007|1|O|S12|RX1000061|
    12|hospital number is empty: it says which one is meant||1|O|S12|RX1000101|
    13|barcode C0184 is that of a card, place, container or badge of Casetrack|100011|1|O|S12|C0184|
    ");
    insta::assert_snapshot!(next(), @r"
    columns that mean nothing here: Name, New
    checked: 3 rows can go in, 0 cannot
    rows that stand there twice, taken once: 1; row 5 is row 4 again
    lines at the end that are totals and no rows: 1
    3 rows in … s
    3 added, 0 changed, 0 same, 0 rejected
    exit 0

    no reject file
    ");
    insta::assert_snapshot!(next(), @r#"
    checked: 5 rows can go in, 4 cannot
    rows that stand there twice, taken once: 1; row 5 is row 4 again
    lines at the end that are totals and no rows: 1
    9 rows in … s
    2 rows, the first is 6: at … is no date in any of the feed's ways: … …, …, …
    row 7: at … …: that day the clocks go forward over this hour
    row 8: … names no folder: import volumes first
    row 9: to … is no known place: import it with the places, closed ones with their last day
    row 11: at is empty: it says when the folder was moved
    the rejected rows and their reasons stand in history.rejected.csv
    3 added, 0 changed, 0 same, 6 rejected
    exit 1

    row,reason,Label,Moved,Loc,From,User
    6,"at 03/02/2001 is no date in any of the feed's ways: DD/MM/YYYY HH:MM, CCYYMMDDHHMM, CCYYMMDD",RX1000021,03/02/2001,C5,LIB,AAMES
    7,at 2002-03-31 01:30:00: that day the clocks go forward over this hour,RX1000021,31/03/2002 01:30,C5,LIB,AAMES
    8,RX9999999 names no folder: import volumes first,RX9999999,20020101,C5,LIB,AAMES
    9,"to C9 is no known place: import it with the places, closed ones with their last day",RX1000081,20020101,C9,LIB,AAMES
    10,"at 29991231 is no date in any of the feed's ways: DD/MM/YYYY HH:MM, CCYYMMDDHHMM, CCYYMMDD",RX1000081,29991231,C5,LIB,AAMES
    11,at is empty: it says when the folder was moved,RX1000081,,C5,LIB,AAMES
    "#);
    insta::assert_snapshot!(told(&hospital, "appointments", "clinics-bad.csv", "clinics"), @r#"
    columns that mean nothing here: Name, New
    checked: 1 rows can go in, 4 cannot
    lines at the end that are totals and no rows: 1
    5 rows in … s
    2 rows, the first is 2: row … tells of the same and differs: correct one, or leave one out
    row 3: starts at … is no date in any of the feed's ways: … …, … …
    row 4: starts at … …: that day the clocks go forward over this hour
    row 5: the clinic … is no known place: import it with the places, or correct the code
    the rejected rows and their reasons stand in clinics-bad.rejected.csv
    0 added, 0 changed, 0 same, 5 rejected
    exit 1

    row,reason,Clinic,Date,Time,Unit No,Name,Cons,New
    2,"row 6 tells of the same and differs: correct one, or leave one out",C5,20261201,0900,100001,"O'Hara, F",Rao,N
    3,"starts at 20261201 is no date in any of the feed's ways: CCYYMMDD HHMM, DD/MM/YYYY HH:MM",C5,20261201,,100002,Müller,Rao,F
    4,starts at 2027-03-28 01:30:00: that day the clocks go forward over this hour,C5,20270328,0130,100003,Brontë,Rao,F
    5,"the clinic C9 is no known place: import it with the places, or correct the code",C9,20261201,0900,100004,Badcheck,Rao,F
    6,"row 2 tells of the same and differs: correct one, or leave one out",C5,20261201,0900,100001,"O'Hara, F",Okafor,N
    "#);
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
