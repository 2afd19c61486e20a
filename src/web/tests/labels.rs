//! The pages of labels, from values.

use std::collections::BTreeSet;

use askama::{Result, Template};
use uuid::Uuid;

use super::hospital::*;
use crate::domain::VolumeId;
use crate::domain::printing::{JobRecord, JobState, Paper, PrinterTrouble, WaitingLabel, Why};
use crate::labels::measure::Dpi;
use crate::labels::print::{Language, Setup, Via};
use crate::labels::printer::Colours;
use crate::labels::{Files, Kind};
use crate::store::{Labelled, Listing, VolumeRecord};
use crate::web::pages::Shell;
use crate::web::pages::labels::found::{Found, Missing, command_cards, of_folder};
use crate::web::pages::labels::laid::lay;
use crate::web::pages::labels::page::{Entry, Shown, labels_page};
use crate::web::pages::labels::press::press;
use crate::web::pages::labels::queue::{Printers, queue_page};
use crate::web::pages::labels::wish::{What, Wish};

fn page(entry: &Entry, wish: &Wish, found: &Found, said: &str) -> Result<String> {
    let files = Files::of_house(None).unwrap();
    let press = press(&files, wish, None).unwrap();
    let laid: Vec<_> = found.things.iter().map(|thing| lay(&files.templates, &press, thing)).collect();
    let printers = [Setup {
        name: "Zebra at the hatch".to_owned(),
        via: Via::Folder("spool".into()),
        dpi: Dpi::OFFICE,
        colours: Colours::Ten,
        language: Language::Pdf,
        stock: None,
        offset: (0, 0),
        trays: Vec::new(),
    }];
    let shown = Shown { files: &files, printers: &printers, entry, wish, found, press: &press, laid: &laid };
    let said = (!said.is_empty()).then(|| said.to_owned()).into_iter().collect();
    labels_page(Shell::bare("Labels"), Uuid::nil(), &shown, said).render()
}

fn folders(hospital: &Hospital, surname: &str, count: usize) -> Found {
    let (_, present) = Hospital::presents().remove(0);
    let record: VolumeRecord = Hospital::volume(surname, present);
    let known = Labelled { record, has_namesake: true };
    let one = of_folder(Kind::Volume, &known, jiff::civil::date(2026, 11, 23), &hospital.directory);
    Found { things: vec![one; count], ..Found::default() }
}

fn job(hospital: &Hospital, state: JobState, printer: &str, said: &str) -> JobRecord {
    JobRecord {
        id: Uuid::from_u128(u128::try_from(state.word().len()).unwrap()),
        made: hospital.ago(50),
        person: Some(SMITH),
        printer: printer.to_owned(),
        paper: Paper { stock: "L7160".into(), template: None, first: 5, spoiled: vec![7], copies: 1 },
        state,
        is_being_sent: state == JobState::Sent,
        changed: hospital.ago(2),
        remote: None,
        said: (!said.is_empty()).then(|| said.to_owned()),
        folder: None,
        labels: 12,
        unscanned: 3,
    }
}

fn queue(hospital: &Hospital, surname: &str, text: &str) -> Result<String> {
    let mut jobs: Vec<_> =
        JobState::ALL.into_iter().map(|state| job(hospital, state, text, "The lid is open.")).collect();
    jobs.extend([JobState::Sent, JobState::Queued].map(|state| job(hospital, state, "", "")));
    let (_, present) = Hospital::presents().remove(0);
    let record = Hospital::volume(surname, present);
    let label = |volume| WaitingLabel {
        job: Uuid::nil(),
        at: 0,
        volume,
        why: Why::Damaged,
        printer: text.to_owned(),
        state: JobState::Sent,
        since: hospital.ago(60 * 24 * 2),
    };
    let labels = vec![label(record.brief.id), label(VolumeId::new(999))];
    let of_folder =
        JobRecord { folder: Some(record.brief.id), ..job(hospital, JobState::Confirmed, "Hatch", "") };
    jobs.push(JobRecord { labels: 1, unscanned: 1, ..of_folder.clone() });
    jobs.push(of_folder);
    let trouble = PrinterTrouble {
        printer: "Zebra".into(),
        words: format!("No labels: {text}"),
        since: hospital.ago(9),
    };
    let jobs = Listing { items: jobs, next: Some("7".into()) };
    let labels = Listing { items: labels, next: Some("7.1".into()) };
    let shell = Shell::bare("What is being printed");
    let printers = Printers { names: vec!["Idle one"], troubles: vec![trouble] };
    queue_page(shell, &hospital.words(), &printers, &jobs, &labels, &[record]).render()
}

fn nothing(hospital: &Hospital) -> Result<String> {
    let (jobs, labels) =
        (Listing { items: Vec::new(), next: None }, Listing { items: Vec::new(), next: None });
    queue_page(Shell::bare("x"), &hospital.words(), &Printers::default(), &jobs, &labels, &[]).render()
}

/// Every state of them, by file name.
pub fn pages(hospital: &Hospital, surname: &str, text: &str) -> Vec<(String, Result<String>)> {
    let cover = Wish::of(What::Cover);
    let one = Wish { names: vec!["V000000100".into()], ..cover.clone() };
    let folder = Entry::Folder("V000000100".into(), "RX123456 volume 1".into());
    let many = Wish {
        names: vec![text.to_owned(); 3],
        first: 5,
        spoiled: BTreeSet::from([7]),
        printer: "Zebra at the hatch".into(),
        ..cover.clone()
    };
    let mut found = folders(hospital, surname, 40);
    found.missing = vec![Missing { name: text.to_owned(), why: "No folder has this label.".into() }];
    found.twice = 2;
    let too_many = Wish { copies: 50, ..one.clone() };
    let desk = Wish { names: vec!["CL5".into()], ..Wish::of(What::Cards) };
    let cards = Found { things: command_cards(None), ..Found::default() };
    vec![
        ("labels-nothing".into(), page(&Entry::All, &cover, &Found::default(), "")),
        ("labels-one".into(), page(&folder, &one, &folders(hospital, surname, 1), "")),
        ("labels-many".into(), page(&Entry::All, &many, &found, "Nothing was printed.")),
        ("labels-too-many".into(), page(&Entry::All, &too_many, &folders(hospital, surname, 21), "")),
        ("labels-cards".into(), page(&Entry::Desk("CL5".into()), &desk, &cards, text)),
        ("labels-queue".into(), queue(hospital, surname, text)),
        ("labels-queue-nothing".into(), nothing(hospital)),
    ]
}

fn named(name: &str) -> String {
    let hospital = Hospital::new("Clinic 5");
    let pages = pages(&hospital, "Jones", "Hatch");
    pages.into_iter().find(|(other, _)| other == name).unwrap().1.unwrap()
}

#[test]
fn the_page_shows_what_is_printed_before_it_is() {
    let page = named("labels-one");
    assert!(page.contains("src=\"/labels/preview.svg?what=cover&#38;stock=L7160&#38;name=V"), "{page}");
    assert!(page.contains("Make the PDF: 1 label"));
    assert!(page.contains("another patient has the same name"));
    assert!(page.contains("method=\"get\"") && page.contains("formmethod=\"post\""));
    assert!(!page.contains("<textarea"));
}

#[test]
fn a_job_is_known_by_the_folder_of_its_first_label() {
    let page = named("labels-queue");
    assert!(page.contains("1 label of RX123456 volume 1 on L7160"), "{page}");
    assert!(page.contains("12 labels, the first of RX123456 volume 1, on L7160"), "{page}");
}

#[test]
fn a_sheet_that_was_begun_is_shown_as_it_lies() {
    let page = named("labels-many");
    assert!(page.contains("name=\"first\" value=\"5\" checked"));
    assert!(page.contains("name=\"spoiled\" value=\"7\" checked"));
    assert_eq!(page.matches("class=\"cell used\"").count(), 4);
    assert!(page.contains("40 labels: 16 on this sheet, 24 on 2 new sheets after it."), "{page}");
    assert!(page.contains("Print 40 labels on Zebra at the hatch"));
    assert!(page.contains("Print the others without the 1 that cannot be printed"));
}

#[test]
fn more_than_a_file_holds_is_said_plainly_and_has_no_button() {
    let page = named("labels-too-many");
    assert!(page.contains("1,050 labels: at most 1,000 are printed at a time here."));
    assert!(!page.contains("formaction"));
}

#[test]
fn the_queue_asks_a_person_only_about_what_nobody_is_sure_of() {
    let page = named("labels-queue");
    assert_eq!(page.matches("Did it print?").count(), 1);
    assert_eq!(page.matches("value=\"print-again\"").count(), 2, "of what is not sure, and of what failed");
    assert_eq!(page.matches("value=\"call-off\"").count(), 4);
    assert_eq!(page.matches("Make the PDF: 12 labels").count(), 1, "of what waits for no printer");
    assert!(page.contains("No labels: Hatch"));
    assert!(page.contains("Idle one") && page.contains("Nothing waits for it."));
    assert!(page.contains("/label?why=damaged"));
    let first = page.find("not sure").unwrap();
    assert!(page.find("called off").is_some_and(|at| at > first), "what needs a person stands first");
}
