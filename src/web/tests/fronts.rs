//! The front page in its states.

use std::collections::BTreeMap;
use std::sync::Arc;

use askama::Template;

use super::hospital::*;
use crate::desk::DeskSetup;
use crate::jobs::states::{Condition, Part, Told};
use crate::store::overview::{HourMoves, MAX_REFUSED, Overview, Stayers, Usual};
use crate::store::{Bounded, Health, Level, Room};
use crate::web::pages::Shell;
use crate::web::pages::front::{FrontPage, Known, Length, desks, front_page};
use crate::web::pages::state::{StatePage, state_page};

/// The page, with a lost scanner of this name.
pub fn front(hospital: &Hospital, scanner: &str, overview: Option<Overview>) -> FrontPage {
    front_page(Shell::bare("A page"), &known(hospital, scanner, overview, &Hospital::setups()))
}

fn known<'a>(
    hospital: &'a Hospital,
    scanner: &str,
    overview: Option<Overview>,
    setups: &'a [DeskSetup],
) -> Known<'a> {
    Known {
        words: hospital.words(),
        setups,
        pulses: hospital.pulses(scanner),
        scanners: Vec::new(),
        health: Health::Writing,
        states: BTreeMap::new(),
        overview: overview.map(Arc::new),
        length: Length::Some,
    }
}

/// The page of the service's parts: one sound, one not, saying this.
pub fn state(hospital: &Hospital, detail: &str) -> StatePage {
    let told = |condition, state: &str| Told {
        condition,
        state: state.to_owned(),
        since: Some(hospital.ago(70)),
        detail: detail.to_owned(),
        figures: Vec::new(),
    };
    let states = [
        (Part::Verify, told(Condition::Ill, "NOT sound")),
        (Part::Backup, told(Condition::Well, "made")),
        (Part::Space, told(Condition::Look, "1.2 GB")),
    ];
    state_page(Shell::bare("A page"), &hospital.words(), &Health::Writing, &states.into())
}

/// The page without its marks, each run of blanks as one.
fn words(page: &str) -> String {
    let marks = regex::Regex::new("<[^>]*>").unwrap();
    let bare = marks.replace_all(page, " ").replace("&#39;", "'");
    bare.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn page(overview: Option<Overview>) -> String {
    front(&Hospital::new("Clinic 5"), "front", overview).render().unwrap()
}

#[test]
fn each_desk_says_when_it_last_scanned_and_how_its_scanners_are() {
    let text = words(&page(Some(Hospital::new("Clinic 5").overview())));
    for wanted in [
        "Recording: every scan is kept",
        "4 desks, 2 with a scan today, 3 scanners, 1 lost.",
        "CL5: scanner front lost since 09:12",
        "Health Records Library LIB-1 folders card last scan 2 min ago 2 scanners, all there",
        "Clinic 5 CL5 folders card last scan at 08:20 scanner front lost since 09:12",
        "Ward 7 W7-1 folders card no scan today, the last Fri 20 Nov 15:00",
        "NOT-YET (not imported yet) OLD card no scan yet",
    ] {
        assert!(text.contains(wanted), "{wanted} is not in {text}");
    }
}

#[test]
fn a_stopped_store_is_said_loudly_and_read_out() {
    let hospital = Hospital::new("Clinic 5");
    let setups = Hospital::setups();
    let health = Health::Stopped { why: "the disk is full".to_owned(), at: hospital.ago(30) };
    let known = Known { health, ..known(&hospital, "front", None, &setups) };
    let page = front_page(Shell::bare("A page"), &known).render().unwrap();
    assert!(page.contains("<p class=\"state ill\" role=\"alert\">"));
    assert!(words(&page).contains("NOT RECORDING since 14:30: use paper slips"));
}

#[test]
fn a_full_disk_is_said_with_what_is_left() {
    let hospital = Hospital::new("Clinic 5");
    let setups = Hospital::setups();
    let room = Room { free: 1_400_000_000, level: Level::Full, since: hospital.ago(30) };
    let states = [(Part::Space, crate::jobs::space::told(room))].into();
    let full = Health::Full { at: hospital.ago(30) };
    let known = Known { health: full, states, ..known(&hospital, "front", None, &setups) };
    let page = words(&front_page(Shell::bare("A page"), &known).render().unwrap());
    assert!(
        page.contains("NOT RECORDING since 14:30: the server's disk is full. Use paper slips, and call IT")
    );
    assert!(
        page.contains("Free space: the disk is full, 1.4 GB left. Nothing is recorded until there is room")
    );
}

#[test]
fn the_figures_say_what_they_count_and_name_no_patient() {
    let overview = Hospital::new("Clinic 5").overview();
    let page = page(Some(overview));
    let text = words(&page);
    for wanted in [
        "Counted at 15:00.",
        "608,400 folders known 900 of them in libraries",
        "2,200 moves today 1,800 by 15:00, usually 4,770",
        "72,900 sent and not arrived 1,203 for over a week",
        "390 not confirmed",
        "12 being searched for",
        "3 open questions",
        "17 refused scans waiting of labels that name no known folder",
        "usual: the middle of 2 Mondays of the last four weeks",
        "15:00 to 16:00 400 so far 150",
        "16:00 to 17:00 120",
        "RX123456 volume 1 9 days from Health Records Library to Clinic 5 since Sat 14 Nov 15:00",
        "RX123456 volume 2 200 days at Clinic 5 since",
        "Clinic 5 1,204",
    ] {
        assert!(text.contains(wanted), "{wanted} is not in {text}");
    }
    assert!(!text.to_lowercase().contains("jones"));
    assert_eq!(page.matches("role=\"img\"").count(), 3);
    assert!(page.contains("href=\"/questions\""));
}

#[test]
fn very_many_refused_scans_are_not_counted_out() {
    let refused = Bounded { count: MAX_REFUSED, more: true };
    let overview = Overview { refused, ..Hospital::new("Clinic 5").overview() };
    assert!(words(&page(Some(overview))).contains("200+ refused scans waiting"));
}

#[test]
fn before_the_first_count_and_long_after_the_last_the_page_says_so() {
    assert!(words(&page(None)).contains("The folders are being counted."));
    let hospital = Hospital::new("Clinic 5");
    let old = Overview { at: hospital.ago(90), ..hospital.overview() };
    assert!(words(&page(Some(old))).contains("These figures are old: they were counted 1 hour ago."));
}

#[test]
fn an_empty_hospital_on_its_first_day_has_a_page_too() {
    let hospital = Hospital::new("Clinic 5");
    let full = hospital.overview();
    let hour = |hour: HourMoves| HourMoves { moves: hour.moves.map(|_| 0), usual: None, ..hour };
    let empty = Overview {
        stays: full.stays.iter().map(|(stay, _)| (*stay, Stayers::default())).collect(),
        hours: full.hours.into_iter().map(hour).collect(),
        sent: full.sent.iter().map(|(age, _)| (*age, 0)).collect(),
        sent_longest: Vec::new(),
        held_longest: Vec::new(),
        holders: Vec::new(),
        ..full
    };
    let text = words(&page(Some(empty)));
    for wanted in [
        "0 moves today",
        "usual is not known yet: no whole Monday of the last four weeks was recorded",
        "Nothing is on the way.",
        "Nothing is held outside libraries and stores.",
    ] {
        assert!(text.contains(wanted), "{wanted} is not in {text}");
    }
}

#[test]
fn a_day_whose_clocks_go_back_has_its_hour_twice() {
    let hospital = Hospital::new("Clinic 5");
    let start = "2026-10-24T23:00:00Z".parse::<crate::clock::Timestamp>().unwrap();
    let hour = |number: i64| HourMoves {
        from: start.plus_micros(number * 60 * crate::clock::MINUTE_US),
        to: start.plus_micros((number + 1) * 60 * crate::clock::MINUTE_US),
        moves: Some(1),
        usual: Some(Usual { moves: 1, days: 1 }),
    };
    let overview = Overview { hours: (0..25).map(hour).collect(), ..hospital.overview() };
    let text = words(&page(Some(overview)));
    assert!(text.contains("01:00 to 01:00 1 1 01:00 to 02:00 1 1"), "{text}");
    assert!(text.contains("usual, by one Sunday of the last four weeks"), "{text}");
}

#[test]
fn of_a_thousand_desks_a_screenful_is_shown_and_all_are_reached() {
    let hospital = Hospital::new("Clinic 5");
    let many: Vec<DeskSetup> = (0..1_000)
        .map(|number| DeskSetup {
            code: format!("DESK-{number:04}").parse().unwrap(),
            ..Hospital::setups().swap_remove(number % 3)
        })
        .collect();
    let page = |length| {
        let known = Known { length, ..known(&hospital, "front", Some(hospital.overview()), &many) };
        front_page(Shell::bare("A page"), &known).render().unwrap()
    };
    let some = page(Length::Some);
    assert_eq!(some.matches("class=\"place\"").count(), desks::MAX_DESKS);
    assert!(some.contains("<a href=\"/?desks=all#desks\">and 940 desks more</a>"));
    assert!(some.len() < 60_000, "{} bytes", some.len());
    let all = page(Length::All);
    assert_eq!(all.matches("class=\"place\"").count(), 1_000);
    assert!(!all.contains("desks=all"));
}

#[test]
fn a_part_that_is_not_well_stands_on_its_page_and_on_the_front_page() {
    let hospital = Hospital::new("Clinic 5");
    let text = words(&state(&hospital, "Look.").render().unwrap());
    for wanted in [
        "Recording: every scan is kept",
        "Data compared with the log NOT sound 13:50 Look.",
        "Backup made 13:50 Look.",
        "Free space 1.2 GB 13:50 Look.",
    ] {
        assert!(text.contains(wanted), "{wanted} is not in {text}");
    }
    let told = Told {
        condition: Condition::Ill,
        state: "NOT sound".to_owned(),
        since: None,
        detail: "Call IT.".to_owned(),
        figures: Vec::new(),
    };
    let setups = Hospital::setups();
    let states = [(Part::Verify, told)].into();
    let known = Known { states, ..known(&hospital, "front", None, &setups) };
    let text = words(&front_page(Shell::bare("A page"), &known).render().unwrap());
    assert!(text.contains("Data compared with the log: NOT sound. Call IT. How Casetrack is"), "{text}");
}
