//! The pages of what was typed and of what was scanned.

use askama::Template;
use jiff::civil::{Date, date};

use super::hospital::*;
use crate::domain::PatientId;
use crate::domain::asked::{Asked, Stage, places};
use crate::domain::patient::{Patient, Source};
use crate::store::{Person, StageFound, VolumeRecord};
use crate::web::pages::Shell;
use crate::web::pages::found::{Part, Places, found_page, no_question};
use crate::web::pages::scanned::{Meaning, scanned_page};

fn asked(text: &str) -> Asked {
    Asked::read(text, date(2026, 11, 23)).unwrap()
}

/// A person of this name with a folder for each way it can be.
fn person(surname: &str, born: Date, nhs: &str) -> Person {
    let folders: Vec<VolumeRecord> =
        Hospital::presents().into_iter().map(|(_, present)| Hospital::volume(surname, present)).collect();
    let patient = Patient {
        id: PatientId::new(1),
        nhs_number: Some(nhs.parse().unwrap()),
        surname: surname.to_owned(),
        forename: "Zoë".into(),
        born: Some(born),
        died: Some(date(2026, 3, 1)),
        source: Source::TypedIn,
    };
    Person { patient, numbers: vec!["RX123456".parse().unwrap()], folders, has_more_folders: true }
}

fn nameless() -> Person {
    let known = person("", date(1961, 5, 4), "9434765919");
    let patient = Patient { forename: String::new(), born: None, died: None, ..known.patient };
    Person { patient, folders: Vec::new(), has_more_folders: false, ..known }
}

fn parts(people: Vec<Person>) -> Vec<Part> {
    let next = Some("3.17".to_owned());
    vec![
        Part::of(Stage::Exactly, StageFound { people: vec![nameless()], next: None }),
        Part::of(Stage::Beginning, StageFound { people, next }),
        Part::of(Stage::Containing, StageFound::default()),
    ]
}

fn twins(surname: &str) -> Vec<Person> {
    vec![person(surname, date(1961, 5, 4), "9434765919"), person(surname, date(1988, 12, 31), "9876543210")]
}

/// All pages in all states, by file name.
pub fn all(clinic: &str, surname: &str, text: &str) -> Vec<(String, askama::Result<String>)> {
    let hospital = Hospital::new(clinic);
    let words = hospital.words();
    let shell = || Shell::bare("Found");
    let place = || Places::from(0, places(&hospital.directory, &asked("cl5")));
    let scanned =
        |meaning: &Meaning| scanned_page(shell(), &words, text, meaning, &Hospital::setups()).render();
    let found = |text: &str, parts: &[Part], places: &Places| {
        found_page(shell(), &words, &asked(text), parts, places).render()
    };
    vec![
        ("found".to_owned(), found(text, &parts(twins(surname)), &place())),
        ("found-none".to_owned(), found(text, &parts(Vec::new())[2..], &Places::none())),
        ("found-places".to_owned(), found(text, &[], &place())),
        ("found-nothing-asked".to_owned(), no_question(shell()).render()),
        ("scanned-card".to_owned(), scanned(&Meaning::ForADesk("This is a card for the desk"))),
        ("scanned-unknown".to_owned(), scanned(&Meaning::Unknown)),
        (
            "scanned-patient".to_owned(),
            scanned(&Meaning::Patients(vec![person(surname, date(1961, 5, 4), "9434765919")])),
        ),
        ("scanned-several".to_owned(), scanned(&Meaning::Folders(twins(surname)))),
    ]
}

fn page(name: &str) -> String {
    let pages = all("Clinic 5", "Jones", "jones z");
    pages.into_iter().find(|(other, _)| other == name).unwrap().1.unwrap()
}

#[test]
fn people_stand_under_stages_in_words_with_where_each_folder_is_and_whom_to_ring() {
    let page = page("found");
    for wanted in [
        "value=\"jones z\"",
        "3 people, 1 place, and there are more.",
        ">Exactly</h2>",
        ">Beginning with</h2>",
        "NO NAME KNOWN",
        "birth date not known",
        "<span class=\"surname\">JONES</span>, Zoë</span> <span class=\"born\">born 4 May 1961</span>",
        "died 1 Mar 2026",
        "NHS number 943 476 5919",
        "Hospital number RX123456",
        "RX123456 volume 1</a> <span>At Clinic 5",
        "/not-there\">Not there<span class=\"unseen\">: RX123456 volume 1</span></button>",
        "not confirmed",
        "On its way to Ward 7",
        "ring ext 2345",
        "href=\"/find?q=jones%20z&#38;part=beginning&#38;after=3.17\">More</a>",
        "href=\"/find?q=RX123456\">All their folders</a>",
        "<a href=\"/places/CL5\">Clinic 5</a>",
    ] {
        assert!(page.contains(wanted), "no {wanted} in {page}");
    }
    assert!(!page.contains(">Containing</h2>"), "a stage without anybody has no heading");
}

#[test]
fn the_search_box_holds_what_was_typed_and_no_sign_beside_it() {
    let hospital = Hospital::new("Clinic 5");
    let typed = "\u{2068}דנה\u{2069} \"7";
    let page = found_page(Shell::bare("Found"), &hospital.words(), &asked(typed), &[], &Places::none());
    let page = page.render().unwrap();
    assert!(page.contains(" value=\"דנה &#34;7\"><button>Find"), "{page}");
}

#[test]
fn two_people_of_one_name_are_told_apart() {
    let hospital = Hospital::new("Clinic 5");
    let warnings = |people: Vec<Person>| {
        let parts = [Part::of(Stage::Beginning, StageFound { people, next: None })];
        let page =
            found_page(Shell::bare("Found"), &hospital.words(), &asked("jones"), &parts, &Places::none());
        let page = page.render().unwrap();
        page.split("class=\"namesakes\">")
            .skip(1)
            .map(|rest| rest.split('<').next().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(warnings(twins("Jones")), ["2 people of this name: check the birth date"; 2]);
    let born_alike = ["9434765919", "9876543210"].map(|nhs| person("Jones", date(1961, 5, 4), nhs));
    assert_eq!(warnings(born_alike.into()), ["2 people of this name, born alike: check the NHS number"; 2]);
    let spelt_alike = ["O'Brien", "OBrien"].map(|name| person(name, date(1961, 5, 4), "9434765919"));
    assert_eq!(warnings(spelt_alike.into()).len(), 2);
    let others = ["Jones", "Johns"].map(|name| person(name, date(1961, 5, 4), "9434765919"));
    assert_eq!(warnings(others.into()), Vec::<String>::new());
}

#[test]
fn where_nothing_is_found_the_page_says_what_to_do() {
    let hospital = Hospital::new("Clinic 5");
    let advice = |text: &str, next: Option<&str>| {
        let found = StageFound { people: Vec::new(), next: next.map(str::to_owned) };
        let parts = [Part::of(Stage::Containing, found)];
        found_page(Shell::bare("Found"), &hospital.words(), &asked(text), &parts, &Places::none())
            .render()
            .unwrap()
    };
    for (text, wanted) in [
        ("s", "Type 2 letters or more"),
        ("943 476 5918", "This is no right NHS number"),
        ("123456", "No folder or patient has this number"),
        ("4/5/1961", "Nobody born that day fits"),
        ("smiht", "Check the spelling"),
    ] {
        let page = advice(text, None);
        assert!(page.contains(wanted) && page.contains("Nothing found."), "{text}: {page}");
    }
    assert!(advice("ann", Some("1.1")).contains("Type more letters"));
    assert!(page("found-nothing-asked").contains("Type a name, a number, a birth date or a place"));
}

#[test]
fn a_scan_that_leads_nowhere_says_what_it_is_and_moves_nothing() {
    let card = page("scanned-card");
    assert!(card.contains("This page moves nothing. Scan it at a desk page."), "{card}");
    assert!(card.contains("href=\"/desks/LIB-1\""), "{card}");
    let unknown = page("scanned-unknown");
    assert!(
        unknown.contains("Nothing here has this label") && unknown.contains(">jones z</strong>"),
        "{unknown}"
    );
    assert!(page("scanned-several").contains("Which of these folders?"));
    assert!(page("scanned-patient").contains("All their folders"));
}
