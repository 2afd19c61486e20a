//! The page for making up, from values.

use askama::Template;
use uuid::Uuid;

use super::hospital::*;
use crate::domain::PatientId;
use crate::domain::making::Alike;
use crate::domain::patient::{Patient, Source};
use crate::domain::place::Code;
use crate::domain::printing::JobState;
use crate::labels::Files;
use crate::labels::measure::Dpi;
use crate::labels::print::{Language, Setup, Via};
use crate::labels::printer::Colours;
use crate::store::Person;
use crate::web::pages::Shell;
use crate::web::pages::make::{Label, Offer, Posting, Shown, make_page};
use crate::web::pages::questions::said::Said;

type Rendered = Vec<(String, askama::Result<String>)>;

fn posting(surname: &str, text: &str) -> Posting {
    Posting {
        id: Uuid::nil(),
        number: "RX123465".into(),
        nhs: "9434765919".into(),
        surname: surname.to_owned(),
        forename: text.to_owned(),
        born: "4.5.61".into(),
        site: "RX2".into(),
        passed: vec![PatientId::new(1)],
        ..Posting::default()
    }
}

fn person(key: i64, surname: &str) -> Person {
    let folder = Hospital::volume(surname, crate::domain::whereabouts::Present::default());
    let known = folder.patient.clone().unwrap();
    let source = if key == 1 { Source::TypedIn } else { Source::Imported };
    let patient = Patient { id: PatientId::new(key), source, ..known };
    let numbers = vec!["RX123456".parse().unwrap(), "CN77".parse().unwrap()];
    Person { patient, numbers, folders: vec![folder; 6], has_more_folders: false }
}

fn many(surname: &str) -> Shown {
    Shown::Compare {
        alike: vec![(Alike::NhsNumber, person(1, surname)), (Alike::NameAndBirth, person(2, surname))],
        others: (3..=10).map(|key| person(key, "Other")).collect(),
        more: true,
        missing: None,
        said: Some(Said::not_done("Compare them first.".to_owned())),
    }
}

fn printers() -> [Setup; 1] {
    [Setup {
        name: "Zebra at the hatch".to_owned(),
        via: Via::Folder("spool".into()),
        dpi: Dpi::THERMAL_8,
        colours: Colours::Black,
        language: Language::Zpl,
        stock: Some("70x35".to_owned()),
        offset: (0, 0),
        trays: Vec::new(),
    }]
}

/// The page in all states, by file name.
pub fn pages(hospital: &Hospital, surname: &str, text: &str) -> Rendered {
    let (files, printers) = (Files::of_house(None).unwrap(), printers());
    let offers: Vec<_> = Offer::all(&files, &printers).collect();
    let sites: [Code; 2] = ["RX1", "RX2"].map(|site| site.parse().unwrap());
    let page = |name: &str, sites: &[Code], posting: &Posting, shown: &Shown| {
        let shell = Shell::bare("Make up a folder");
        (format!("make-{name}"), make_page(shell, &hospital.words(), sites, &offers, posting, shown).render())
    };
    let typed = posting(surname, text);
    let on = |state| Label::On("Zebra at the hatch".to_owned(), state);
    let refused = Said::not_done(text.to_owned());
    let volume = Hospital::volume(surname, crate::domain::whereabouts::Present::default());
    vec![
        page("ask", &sites[..1], &Posting::default(), &Shown::Ask(Vec::new())),
        page("wrong", &sites, &typed, &Shown::Ask(vec!["Birth date: type it as 4/5/1961.".to_owned()])),
        page("compare", &sites, &typed, &many(surname)),
        page(
            "missing",
            &sites,
            &typed,
            &Shown::Compare {
                alike: Vec::new(),
                others: Vec::new(),
                more: false,
                missing: Some("their hospital number"),
                said: None,
            },
        ),
        page("known", &sites, &typed, &Shown::Known(Box::new(person(1, surname)), Some(refused.clone()))),
        page("new", &sites, &typed, &Shown::New(Some(refused))),
        page("made", &sites, &Posting::default(), &Shown::Made(Box::new(volume.clone()), Label::ToPrint)),
        page(
            "printing",
            &sites,
            &Posting::default(),
            &Shown::Made(Box::new(volume.clone()), on(JobState::Sent)),
        ),
        page(
            "unsure",
            &sites,
            &Posting::default(),
            &Shown::Made(Box::new(volume.clone()), on(JobState::Unknown)),
        ),
        page(
            "unprinted",
            &sites,
            &Posting::default(),
            &Shown::Made(Box::new(volume), Label::NotOn(text.to_owned())),
        ),
    ]
}

fn page(name: &str) -> String {
    let hospital = Hospital::new("Clinic 5");
    let pages = pages(&hospital, "Jones", "Zoë");
    pages.into_iter().find(|(other, _)| other == name).unwrap().1.unwrap().replace("&#39;", "'")
}

#[test]
fn near_matches_stand_side_by_side_with_what_was_typed_and_each_is_passed_by_on_its_own() {
    let page = page("make-compare");
    let near: Vec<_> = page.split("<li class=\"near\">").skip(1).collect();
    assert_eq!(near.len(), 2);
    assert!(near[0].contains("Same NHS number") && near[1].contains("Same name and birth date"));
    for (row, mark) in [
        ("<th scope=\"row\">Surname</th><td>Jones</td><td>Jones <small>same</small>", "same"),
        ("<th scope=\"row\">Forename</th><td>Zoë</td><td>Ann <small>differs</small>", "differs"),
        ("<th scope=\"row\">Born</th><td>4 May 1961</td><td>4 May 1961 <small>same</small>", "same"),
        (
            "<th scope=\"row\">NHS number</th><td>943 476 5919</td><td>943 476 5919 <small>same</small>",
            "same",
        ),
        ("<td>RX123465</td><td>RX123456, CN77 <small>differs</small>", "differs"),
    ] {
        let found = near[0].split("<tr ").find(|line| line.contains(row));
        assert!(found.is_some_and(|line| line.starts_with(&format!("class=\"{mark}\""))), "{row}: {page}");
    }
    assert_eq!(page.matches("name=\"passed\"").count(), 2, "who is not much alike need not be passed by");
    assert!(near[0].contains("name=\"passed\" value=\"1\" checked required"));
    assert!(near[1].contains("name=\"passed\" value=\"2\" required"));
    assert_eq!(page.matches("data-key=").count(), 9, "ten are shown, nine have a key");
    assert!(page.contains("typed in here, not confirmed") && page.contains("and 2 more"));
    assert!(page.contains("<option value=\"RX2\" selected>") && page.contains("More people fit."));
}

#[test]
fn a_form_without_a_match_says_what_a_new_patient_needs() {
    let page = page("make-missing");
    assert!(page.contains("Nobody like this is known"));
    assert!(page.contains("A new patient needs their hospital number: type it above and look again."));
    assert!(!page.contains("value=\"new\""));
}

#[test]
fn what_is_made_is_chosen_by_a_digit_and_signed_with_a_badge() {
    let page = page("make-known");
    for (key, what) in [
        (1, "New volume of RX123456 <kbd>1</kbd> <small>It will be volume 2."),
        (2, "Temporary folder for RX123456 <kbd>2</kbd>"),
        (3, "New casenote <kbd>3</kbd>"),
    ] {
        assert!(page.contains(what) && page.contains(&format!("data-key=\"{key}\"")), "{what}: {page}");
    }
    assert!(page.contains("name=\"person\" value=\"1\"") && page.contains("value=\"CN77\""), "{page}");
    assert!(page.contains("NOT DONE"));
    assert!(page.contains("name=\"surname\" value=\"Jones\""), "what was typed goes along");
}

#[test]
fn a_new_patient_is_shown_as_they_will_stand_on_the_label() {
    let page = page("make-new");
    assert!(page.contains("JONES, Zoë") && page.contains("born 4 May 1961"), "{page}");
    assert!(page.contains("New: provisional") && page.contains("hospital number RX123465"));
    assert!(page.contains("Casenote number</label>") && page.contains("value=\"RX123465\""));
}

#[test]
fn a_folder_that_was_made_offers_its_label_first() {
    let page = page("make-made");
    assert!(page.contains("href=\"/volumes/V000001234/label\" autofocus"), "{page}");
    assert!(page.contains("not yet seen until its label is scanned") && page.contains("JONES, Ann"));
}

#[test]
fn the_label_comes_out_at_a_printer_unless_a_pdf_is_chosen() {
    let page = page("make-known");
    assert!(
        page.contains("<option value=\"Zebra at the hatch\" selected>Zebra at the hatch</option>"),
        "{page}"
    );
    assert!(page.contains("<option value=\"\">A PDF to print</option>"), "{page}");
}

#[test]
fn a_folder_that_was_made_says_what_became_of_its_label() {
    for (name, says, first) in [
        ("make-printing", "Its label is printing on Zebra at the hatch. It counts as", "/make"),
        ("make-unsure", "Look whether its label came out of Zebra at the hatch", "/labels/queue"),
        (
            "make-unprinted",
            "Its label is not printing on Zoë. Print it from here.",
            "/volumes/V000001234/label",
        ),
    ] {
        let page = page(name);
        assert!(page.contains(says), "{says}: {page}");
        assert!(page.contains(&format!("href=\"{first}\" autofocus")), "{first}: {page}");
        assert!(page.contains("href=\"/labels/queue\""), "{page}");
    }
}
