//! The page of missing notes in figures, over values that never saw a store.

use std::sync::Arc;

use askama::Template;
use jiff::civil::date;

use super::hospital::*;
use crate::domain::missing::found::{FoundWhere, PlaceFound, Told};
use crate::domain::missing::period::Period;
use crate::domain::missing::report::{AgeCount, ClassFigures, Count, Report, Together};
use crate::domain::missing::sharing::{PlaceScans, Scanning, Visits};
use crate::domain::missing::{Band, Class};
use crate::domain::place::PlaceKind;
use crate::store::report::asking::{Answer, Kept, Progress};
use crate::web::pages::Shell;
use crate::web::pages::missing::missing_page;

const PERIOD: Period = Period { first: date(2026, 11, 1), last: date(2026, 11, 22) };

fn figures(class: Class) -> ClassFigures {
    let count = |volumes| Count { volumes, patients: volumes - volumes / 3 };
    ClassFigures {
        class,
        title: class.title(),
        definition: class.definition(),
        now: count(1_234),
        age_is: class.age_of(),
        ages: Band::ALL
            .into_iter()
            .zip([1, 3, 0, 230, 1_000, 0])
            .map(|(age, volumes)| AgeCount { age, volumes })
            .collect(),
        at_start: count(1_200),
        opened: count(64),
        found: count(28),
        ended_otherwise: count(2),
    }
}

/// A report in which a place has this name.
fn report(name: &str) -> Report {
    let place = |folders| PlaceFound {
        place: "CL5".parse().unwrap(),
        name: name.to_owned(),
        kind: PlaceKind::Clinic,
        folders,
    };
    Report {
        known: 30_000,
        classes: Class::ALL.map(figures).to_vec(),
        together: Together {
            any: Count { volumes: 5_000, patients: 4_000 },
            several: Count { volumes: 170, patients: 160 },
        },
        left_where_nobody_scans: 12,
        found: FoundWhere {
            searches: 9,
            not_scanned: 1,
            not_told: 2,
            kinds: vec![Told { what: "clinic", folders: 7 }, Told { what: "its own slot", folders: 2 }],
            places: vec![place(7)],
            with_persons_not_named: 3,
            causes: vec![Told { what: "not scanned out", folders: 9 }],
            hows: vec![Told { what: "by the plan", folders: 9 }],
        },
        scanning: Scanning {
            places: vec![PlaceScans {
                place: "CL5".parse().unwrap(),
                name: name.to_owned(),
                kind: PlaceKind::Clinic,
                visits: Visits { known: 300, scanned: 201 },
                per_cent: 67,
            }],
            other_places: 4,
            others: Visits { known: 30, scanned: 10 },
        },
        ..Report::empty(PERIOD)
    }
}

fn page(answer: &Answer) -> String {
    let hospital = Hospital::new("Clinic 5");
    missing_page(Shell::bare("Missing notes"), &hospital.words(), PERIOD, answer).render().unwrap()
}

fn ready(report: Report) -> Answer {
    let at = Hospital::new("Clinic 5").ago(7);
    Answer::Ready(Kept { period: PERIOD, report: Arc::new(report), at })
}

#[test]
fn the_page_tells_every_class_with_its_definition_and_never_adds_them_up() {
    let page = page(&ready(report("Clinic 5")));
    for class in Class::ALL {
        assert!(page.contains(class.definition()) && page.contains(&format!("href=\"#{}\"", class.word())));
    }
    for words in [
        "as known at the end of 22 Nov 2026",
        "Each once: 5,000 folders of 4,000 patients are in at least one",
        "170 folders of 160 patients are in more than one",
        "<td>+ 64</td>",
        "12 folders left at a place where nobody scans",
        "3 folders were with persons who had fewer than 5 each",
        "<td>67 %</td>",
    ] {
        assert!(page.contains(words), "{words}");
    }
    assert!(!page.contains("6,170"), "five times 1,234");
    assert!(!page.contains("data-every"), "what is known need not be asked for again");
    assert!(!page.contains("The day goes on"));
}

#[test]
fn a_name_that_would_run_does_not() {
    let page = page(&ready(report(HOSTILE)));
    assert!(!page.contains("<script>alert") && page.contains("&#60;script&#62;alert"), "{page}");
}

#[test]
fn while_it_is_counted_the_page_says_so_and_looks_again_by_itself() {
    let told = page(&Answer::Counting(Progress { volumes: 430, of: 1_000 }));
    assert!(
        told.contains("43 % done")
            && told.contains("data-every=\"2\"")
            && told.contains("http-equiv=\"refresh\"")
    );
    for answer in [Answer::Waiting, Answer::TooMany, Answer::Failed] {
        assert!(page(&answer).contains("data-every"), "{answer:?}");
    }
}

#[test]
fn a_day_that_goes_on_says_so() {
    let told = page(&ready(Report { day_is_over: false, ..report("Clinic 5") }));
    assert!(told.contains("The day goes on: counted at 14:53"), "{told}");
}
