//! Clinic lists: imported, superseded, and wanted at the library's desk.

use crate::common;

use std::time::Duration;

use casetrack::clock::{Clock, DAY_US, MINUTE_US, Timestamp};
use casetrack::domain::answer::{Second, Signal};
use casetrack::domain::command::{Act, Consent};
use casetrack::domain::import::{AppointmentRow, Expected, Lists, Piece, RowResult, Told};
use casetrack::domain::refusal::Reason;
use casetrack::store::Store;
use casetrack::store::story::{self, Hospital, MORNING, code, label};
use common::{Folder, options, trust};

const HOUR_US: i64 = 60 * MINUTE_US;

async fn hospital(folder: &Folder) -> Hospital {
    let (clock, hands) = Clock::manual(MORNING);
    let store = Store::open(options(folder, clock.clone())).unwrap();
    Hospital::open(store, trust(), clock, hands).await
}

/// The patient of folder `n` is expected at a clinic so many hours after the story begins.
fn row(clinic: &str, hours: i64, n: u32) -> AppointmentRow {
    let starts_at = MORNING.plus_micros(hours * HOUR_US);
    let volume = story::folder(n);
    AppointmentRow {
        clinic: code(clinic),
        day: jiff::tz::TimeZone::UTC.to_datetime(starts_at.to_jiff()).date(),
        starts_at,
        wanted_from: starts_at.plus_micros(-DAY_US),
        expected: Some(Expected {
            site: volume.site,
            hospital_number: volume.hospital_number,
            consultant: Some("Dr Rao".to_owned()),
        }),
    }
}

/// Nobody is expected at a clinic that was to be held so many hours after the story begins.
fn nobody(clinic: &str, hours: i64) -> AppointmentRow {
    AppointmentRow { expected: None, ..row(clinic, hours, 1) }
}

async fn import(hospital: &Hospital, rows: Vec<AppointmentRow>, told: Told) -> Vec<RowResult> {
    let piece = Piece::Appointments(Lists { rows, told });
    hospital.store.import(&hospital.trust, piece).await.unwrap()
}

fn standing(folder: &Folder) -> String {
    let database = rusqlite::Connection::open(folder.0.join("casetrack.db")).unwrap();
    let mut statement = database
        .prepare(
            "SELECT p.code || ' ' || n.number FROM appointment a JOIN place p ON p.key = a.clinic
             JOIN patient_number n ON n.patient = a.patient WHERE a.withdrawn IS NULL ORDER BY a.key",
        )
        .unwrap();
    let rows = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
    rows.collect::<Result<Vec<_>, _>>().unwrap().join(", ")
}

#[tokio::test]
async fn a_later_list_of_a_clinics_day_supersedes_and_what_is_withdrawn_stays_known() {
    let folder = Folder::new();
    let hospital = hospital(&folder).await;
    let first = vec![row("CL5", 5, 1), row("CL5", 6, 3), row("HUB", 5, 5)];
    assert_eq!(import(&hospital, first.clone(), Told::Whole).await, vec![RowResult::Added; 3]);
    assert_eq!(import(&hospital, first.clone(), Told::Whole).await, vec![RowResult::Same; 3]);
    let moved = vec![row("CL5", 5, 1), row("CL5", 7, 3)];
    assert_eq!(import(&hospital, moved, Told::Whole).await, [RowResult::Same, RowResult::Added]);
    assert_eq!(standing(&folder), "CL5 H1, HUB H3, CL5 H2", "another clinic's list stands");
    let part = vec![row("CL5", 5, 7)];
    assert_eq!(import(&hospital, part, Told::Part).await, [RowResult::Added]);
    assert_eq!(standing(&folder), "CL5 H1, HUB H3, CL5 H2, CL5 H4", "a part withdraws nothing");
    let whose = row("HUB", 5, 5);
    let expected = whose.expected.clone().map(|patient| Expected { consultant: None, ..patient });
    let whose = AppointmentRow { expected, ..whose };
    assert_eq!(import(&hospital, vec![whose], Told::Whole).await, [RowResult::Changed]);
    let database = rusqlite::Connection::open(folder.0.join("casetrack.db")).unwrap();
    let told: i64 = database.query_row("SELECT count(*) FROM appointment", [], |row| row.get(0)).unwrap();
    assert_eq!(told, 6, "nothing is forgotten");
    for sql in [
        "DELETE FROM appointment",
        "UPDATE appointment SET withdrawn = NULL WHERE withdrawn IS NOT NULL",
        "UPDATE appointment SET starts_at = 1 WHERE withdrawn IS NULL",
        "DELETE FROM clinic_list",
    ] {
        assert!(database.execute(sql, []).is_err(), "{sql}");
    }
    hospital.store.stop().await;
    assert!(casetrack::store::verify(&folder.0).unwrap().is_sound());
}

#[tokio::test]
async fn a_clinic_that_was_cancelled_is_told_by_a_row_without_a_patient() {
    let folder = Folder::new();
    let hospital = hospital(&folder).await;
    let booked = vec![row("CL5", 5, 1), row("CL5", 6, 3), row("HUB", 5, 5)];
    import(&hospital, booked, Told::Whole).await;
    assert_eq!(import(&hospital, vec![nobody("CL5", 5)], Told::Part).await, [RowResult::Same]);
    assert_eq!(standing(&folder), "CL5 H1, CL5 H2, HUB H3", "a part withdraws nothing");
    assert_eq!(import(&hospital, vec![nobody("CL5", 5)], Told::Whole).await, [RowResult::Changed]);
    assert_eq!(standing(&folder), "HUB H3", "another clinic's list stands");
    assert_eq!(import(&hospital, vec![nobody("CL5", 5)], Told::Whole).await, [RowResult::Same]);
    let one = vec![nobody("HUB", 5), row("HUB", 5, 5)];
    assert_eq!(import(&hospital, one, Told::Whole).await, vec![RowResult::Same; 2], "somebody is expected");
    hospital.store.stop().await;
    assert!(casetrack::store::verify(&folder.0).unwrap().is_sound());
}

#[tokio::test]
async fn a_clinic_that_is_no_place_is_rejected_with_what_to_do() {
    let folder = Folder::new();
    let hospital = hospital(&folder).await;
    let results =
        import(&hospital, vec![row("CL99", 5, 1), row("K12", 5, 1), row("CL5", 5, 1)], Told::Whole).await;
    let why: Vec<_> = results
        .iter()
        .map(|result| match result {
            RowResult::Rejected(why) => why.as_str(),
            RowResult::Added | RowResult::Changed | RowResult::Same | RowResult::Confirmed(_) => "taken",
        })
        .collect();
    insta::assert_debug_snapshot!(why, @r#"
    [
        "the clinic CL99 is no known place: import it with the places, or correct the code",
        "the clinic K12 is a container: name the place where patients are seen",
        "taken",
    ]
    "#);
}

#[tokio::test]
async fn a_folder_that_comes_in_at_the_library_is_wanted_for_its_clinic() {
    let folder = Folder::new();
    let mut hospital = hospital(&folder).await;
    let before = hospital.receive("LIB", "F1").await;
    assert_eq!(
        (before.answer.reason, before.answer.when),
        (Reason::ReceivedHere, None),
        "no lists are given"
    );
    let rows = vec![row("CL5", 5, 1), row("CL5", 5, 3), row("CL5", 50, 5)];
    import(&hospital, rows, Told::Whole).await;
    let wanted = hospital.receive("LIB", "F1").await.answer;
    assert_eq!((wanted.signal(), wanted.reason), (Signal::Look, Reason::WantedHere));
    assert_eq!(
        (wanted.place, wanted.when.map(Second::at)),
        (Some(hospital.place("CL5")), Some(MORNING.plus_micros(5 * HOUR_US)))
    );
    assert_eq!(hospital.tell("F1").await, "at LIB", "it is received all the same");
    let act = Act::File { thing: label("F3"), shelf: Some(hospital.place("S12")), consent: Consent::Unasked };
    assert_eq!(hospital.scan("LIB", "F3", act).await.answer.reason, Reason::WantedFiled);
    assert_eq!(
        hospital.receive("LIB", "F5").await.answer.reason,
        Reason::ReceivedHere,
        "not before the day after"
    );
    assert_eq!(hospital.receive("HUB", "F1").await.answer.reason, Reason::ReceivedHere, "only at a library");
    let act = Act::Receive(label("F1"));
    let late = hospital.late("LIB", "F1", act, Duration::from_mins(1)).await;
    assert_eq!(late.answer.reason, Reason::ReceivedHere, "what is told late wants nothing");
    hospital.send("LIB", "F1", "CL5").await;
    hospital.pass(Duration::from_hours(6));
    hospital.receive("CL5", "F1").await;
    assert_eq!(hospital.receive("LIB", "F1").await.answer.reason, Reason::ReceivedHere, "it has been there");
    import(&hospital, vec![row("CL5", 50, 7)], Told::Whole).await;
    hospital.pass(Duration::from_hours(24));
    assert_eq!(hospital.receive("LIB", "F5").await.answer.reason, Reason::ReceivedHere, "withdrawn");
    let old = hospital.receive("LIB", "F2").await.answer.when.map(Second::at);
    assert!(old.is_some_and(|told_at: Timestamp| told_at > MORNING), "the lists are a day old: {old:?}");
}
