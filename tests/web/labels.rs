//! Labels by raw HTTP: looked at, printed, recorded.

use crate::service;

use std::fmt::Write as _;

use casetrack::domain::barcode::Card;
use casetrack::domain::import::{Piece, VolumeRow};
use casetrack::domain::printing::{JobState, Printed, Settled, Why};
use casetrack::store::Page;
use casetrack::store::Trust;
use casetrack::web::Exposure;
use serde_json::json;
use service::{Service, code, volume};
use uuid::Uuid;

const FORM: &str = "content-type: application/x-www-form-urlencoded\r\n";

/// A service with 40 folders more, L0001 to L0040.
async fn started() -> Service {
    let service = Service::start(Exposure::Loopback).await;
    let folder = |number: u32| VolumeRow {
        barcode: Some(format!("L00{number:02}").parse().unwrap()),
        ..volume(number + 10)
    };
    service.store.import(&trust(), Piece::Volumes((1..=40).map(folder).collect())).await.unwrap();
    service
}

fn trust() -> Trust {
    Trust(code("RX1"))
}

/// A form that prints so many of them.
fn form(folders: u32, more: &str) -> String {
    let mut form = format!("id={}&what=cover&name=", Uuid::now_v7());
    for number in 1..=folders {
        let _ = write!(form, "L00{number:02}%0D%0A");
    }
    form + more
}

async fn printed(service: &Service, form: &str) -> (String, Vec<u8>) {
    sent(service, "/labels/print", form).await
}

/// The head of the answer to a form, and its body.
async fn sent(service: &Service, path: &str, form: &str) -> (String, Vec<u8>) {
    let answer = service.ask_bytes("POST", path, FORM, form).await;
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
    let (head, body) = answer.split_at(end);
    (String::from_utf8(head.to_vec()).unwrap(), body.get(4..).unwrap().to_vec())
}

/// How many pages the PDF of a form has.
async fn pages(service: &Service, form: &str) -> usize {
    let (head, body) = printed(service, form).await;
    sheets(&head, &body)
}

fn sheets(head: &str, body: &[u8]) -> usize {
    assert!(head.contains("content-type: application/pdf"), "{head}\n{}", String::from_utf8_lossy(body));
    let text = String::from_utf8_lossy(body).replace("/Type /Page", "/Type/Page");
    text.matches("/Type/Page").count() - text.matches("/Type/Pages").count()
}

async fn jobs(service: &Service) -> Vec<casetrack::domain::printing::JobRecord> {
    service.store.print_jobs(&trust(), Page { after: None, limit: 50 }).await.unwrap().items
}

#[tokio::test]
async fn the_picture_of_a_label_is_drawn_for_a_barcode_and_names_no_patient_in_its_address() {
    let service = started().await;
    let answer = service.page("/labels/preview.svg?what=cover&name=l0001&stock=L7160").await;
    assert!(answer.contains("content-type: image/svg+xml") && answer.contains("cache-control: no-store"));
    assert!(answer.contains("<svg ") && answer.contains("width=\"63.5mm\""), "{answer}");
    let page = service.page("/volumes/L0001/label").await;
    assert!(page.contains("src=\"/labels/preview.svg?what=cover&#38;stock=L7160&#38;name=L0001\""), "{page}");
    for (path, status) in [
        ("/labels/preview.svg?name=NOBODY", 404),
        ("/labels/preview.svg", 404),
        ("/labels/preview.svg?name=L0001&at=1", 404),
        ("/labels/preview.svg?name=L0001%0AL0002", 400),
        ("/labels/preview.svg?name=L0001&what=money", 400),
        ("/volumes/NOBODY/label", 404),
        ("/places/NOWHERE/label", 404),
        ("/desks/NONE/cards", 404),
    ] {
        let answer = service.page(path).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{path}: {answer}");
    }
}

#[tokio::test]
async fn a_pdf_has_as_many_sheets_as_its_labels_need() {
    let service = started().await;
    let (head, body) = printed(&service, &form(1, "")).await;
    assert!(head.contains("content-disposition: inline; filename=\"labels.pdf\""), "{head}");
    assert!(head.contains("cache-control: no-store") && body.starts_with(b"%PDF-"));
    assert!(!String::from_utf8_lossy(&body).contains("L0001"), "letters are glyphs of a cut font");
    assert_eq!(pages(&service, &form(21, "")).await, 1);
    assert_eq!(pages(&service, &form(22, "")).await, 2);
    // From label 5 on 17 are left, and two of them are spoiled.
    assert_eq!(pages(&service, &form(17, "&first=5")).await, 1);
    assert_eq!(pages(&service, &form(18, "&first=5")).await, 2);
    assert_eq!(pages(&service, &form(15, "&first=5&spoiled=7&spoiled=9")).await, 1);
    assert_eq!(pages(&service, &form(16, "&first=5&spoiled=7&spoiled=9")).await, 2);
    assert_eq!(pages(&service, &form(7, "&copies=3")).await, 1);
    assert_eq!(pages(&service, &form(8, "&copies=3")).await, 2);
}

#[tokio::test]
async fn a_print_is_recorded_once_with_its_reason_and_waits_to_be_scanned() {
    let service = started().await;
    let form = form(2, "&why=damaged&first=3&spoiled=4");
    pages(&service, &form).await;
    pages(&service, &form).await;
    let jobs = jobs(&service).await;
    assert_eq!(jobs.len(), 1, "the same form twice");
    let job = jobs.first().unwrap();
    assert_eq!((job.state, job.labels, job.printer.as_str()), (JobState::Sent, 2, ""));
    assert_eq!((job.paper.first, job.paper.spoiled.as_slice()), (3, [4].as_slice()));
    let whole = service.store.print_job(&trust(), job.id).await.unwrap().unwrap();
    assert!(whole.labels.iter().all(|one| one.label.what == Printed::Cover && one.label.why == Why::Damaged));
    let queue = service.page("/labels/queue").await;
    assert!(
        queue.contains("/volumes/L0001/label?why=damaged")
            && queue.contains("2 labels, the first of 900001 volume 11, on L7160"),
        "{queue}"
    );
}

#[tokio::test]
async fn what_names_nothing_is_told_and_nothing_is_printed_unless_it_is_left_out() {
    let service = started().await;
    let form = form(2, "NOBODY%0D%0ACL5%0D%0A");
    let (_, body) = printed(&service, &form).await;
    let page = String::from_utf8(body).unwrap();
    assert!(page.contains("Nothing was printed: some labels cannot be."), "{page}");
    assert!(page.contains("No folder has this label.") && page.contains("It is a place, not a folder."));
    assert!(jobs(&service).await.is_empty());
    assert_eq!(pages(&service, &(form + "&leave-out=yes")).await, 1);
    assert_eq!(jobs(&service).await.first().unwrap().labels, 2);
}

#[tokio::test]
async fn what_no_form_of_ours_sends_is_refused_and_names_stay_text() {
    let service = started().await;
    let hostile = "%3Cscript%3Ealert(1)%3C%2Fscript%3E";
    let page = service.ask("POST", "/labels", FORM, &format!("name={hostile}&stock={hostile}")).await;
    assert!(page.starts_with("HTTP/1.1 200") && !page.contains("<script>"), "{page}");
    for more in ["&copies=0", "&copies=9999", "&first=-1", "&spoiled=x", "&why=because", "&what=money"] {
        // The first field of a name counts, so the wrong one stands first.
        let wrong = format!("{}&{}", more.trim_start_matches('&'), form(1, ""));
        let (head, _) = printed(&service, &wrong).await;
        assert!(head.starts_with("HTTP/1.1 400"), "{more}: {head}");
    }
    for more in ["&first=22", "&stock=L7651&template=folder", "&stock=nothing"] {
        let (head, body) = printed(&service, &form(1, more)).await;
        assert!(head.contains("text/html"), "{more}: {head}");
        assert!(String::from_utf8_lossy(&body).contains("Nothing was printed."), "{more}");
    }
    let many: Vec<_> = (0..1_001).map(|number| format!("N{number}")).collect();
    let (head, _) = printed(&service, "name=L0001").await;
    assert!(head.starts_with("HTTP/1.1 400"), "without an id it could print twice: {head}");
    let (_, body) = printed(&service, &format!("id={}&name={}", Uuid::now_v7(), many.join("%0A"))).await;
    assert!(String::from_utf8_lossy(&body).contains("1,001 labels: at most 1,000"));
    assert!(jobs(&service).await.is_empty());
}

#[tokio::test]
async fn only_our_own_pages_print() {
    let service = started().await;
    for more in
        ["sec-fetch-site: cross-site\r\n", "origin: http://evil.example\r\n", "host: evil.example\r\n"]
    {
        for path in ["/labels/print", "/labels/queue", "/labels/queue/print"] {
            let answer = service.ask("POST", path, &format!("{FORM}{more}"), &form(1, "")).await;
            assert!(answer.starts_with("HTTP/1.1 403"), "{more}{answer}");
        }
    }
    let answer = service.ask("GET", "/labels/preview.svg?name=L0001", "host: evil.example\r\n", "").await;
    assert!(answer.starts_with("HTTP/1.1 403"), "{answer}");
}

#[tokio::test]
async fn a_desk_has_its_cards_and_the_places_that_it_sends_to() {
    let service = started().await;
    let page = service.page("/desks/LIB-1/cards").await;
    assert!(page.contains("Cards of desk LIB-1") && page.contains("Make the PDF: 2"), "{page}");
    for text in ["CL5", "L0001", "C0184"] {
        let (status, said) = service.scan("LIB-1", json!({"id": Uuid::now_v7(), "code": text})).await;
        assert_eq!(status, 200, "{said}");
    }
    let sent = service.store.sent_from(&trust(), &code("LIB-1")).await.unwrap();
    assert_eq!(sent.len(), 1);
    assert_eq!(sent.first().unwrap().1, 1);
    let page = service.page("/desks/LIB-1/cards?what=destinations").await;
    assert!(page.contains("Clinic 5") && page.contains("A4-DESTINATIONS"), "{page}");
    let answer = service.page("/labels/preview.svg?what=destinations&name=LIB-1&stock=A4-DESTINATIONS").await;
    assert!(answer.contains("<svg "), "{answer}");
}

#[tokio::test]
async fn a_person_settles_only_what_can_be() {
    let service = started().await;
    pages(&service, &form(1, "")).await;
    let id = jobs(&service).await.first().unwrap().id;
    let settle = |job: String, word: &str| format!("job={job}&settle={word}");
    for (form, status) in [
        (settle(id.to_string(), "printed"), 303),
        (settle(id.to_string(), "shredded"), 400),
        (settle(Uuid::now_v7().to_string(), "printed"), 404),
        (settle("x".to_owned(), "printed"), 400),
    ] {
        let answer = service.ask("POST", "/labels/queue", FORM, &form).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{form}: {answer}");
    }
    assert_eq!(
        jobs(&service).await.first().unwrap().state,
        JobState::Sent,
        "a PDF was fetched: nothing to settle"
    );
}

/// Scans LABEL and then this folder, at a desk that has no label printer.
async fn label_wanted(service: &Service, folder: &str) {
    for text in [Card::Label.barcode().to_string(), folder.to_owned()] {
        let (status, said) = service.scan("LIB-1", json!({"id": Uuid::now_v7(), "code": text})).await;
        assert_eq!(status, 200, "{said}");
    }
}

#[tokio::test]
async fn labels_that_wait_for_no_printer_come_as_one_pdf_and_leave_the_queue() {
    let service = started().await;
    label_wanted(&service, "L0001").await;
    label_wanted(&service, "L0002").await;
    let waiting = jobs(&service).await;
    assert!(waiting.iter().all(|job| job.state == JobState::Queued && job.printer.is_empty()));
    let queue = service.page("/labels/queue").await;
    assert!(queue.contains("Make the PDF: 2 labels") && queue.contains("Throw it away"), "{queue}");

    let ids: Vec<_> = waiting.iter().map(|job| format!("job={}&", job.id)).collect();
    let wrong = sent(&service, "/labels/queue/print", &(ids.concat() + "first=22")).await;
    assert!(String::from_utf8_lossy(&wrong.1).contains("In the queue they still wait"), "{}", wrong.0);
    assert!(jobs(&service).await.iter().all(|job| job.state == JobState::Queued));

    for first in ["first=21", "first=21"] {
        let (head, body) = sent(&service, "/labels/queue/print", &(ids.concat() + first)).await;
        assert!(head.contains("cache-control: no-store"), "{head}");
        assert_eq!(sheets(&head, &body), 2, "one is left on the sheet that was begun");
    }
    let made = jobs(&service).await;
    assert_eq!(made.len(), 2);
    assert!(made.iter().all(|job| job.state == JobState::Sent && job.unscanned == 1));
    let queue = service.page("/labels/queue").await;
    assert!(!queue.contains("Make the PDF") && queue.contains("/volumes/L0002/label?why="), "{queue}");
}

#[tokio::test]
async fn what_does_not_wait_for_somebody_to_print_it_by_hand_is_not_made() {
    let service = started().await;
    label_wanted(&service, "L0001").await;
    let id = jobs(&service).await.first().unwrap().id;
    for (form, status) in [
        (format!("job={}", Uuid::now_v7()), 404),
        ("job=x".to_owned(), 400),
        ("first=1".to_owned(), 400),
        (format!("job={id}&first=0"), 400),
        (format!("job={id}&").repeat(41), 400),
    ] {
        let (head, _) = sent(&service, "/labels/queue/print", &form).await;
        assert!(head.starts_with(&format!("HTTP/1.1 {status}")), "{form}: {head}");
    }
    service.store.settle_job(&trust(), id, Settled::CallOff).await.unwrap();
    let (head, _) = sent(&service, "/labels/queue/print", &format!("job={id}")).await;
    assert!(head.starts_with("HTTP/1.1 303") && head.contains("location: /labels/queue"), "{head}");
    assert_eq!(jobs(&service).await.first().unwrap().state, JobState::CalledOff);
}

#[tokio::test]
async fn a_folder_that_was_scanned_gets_no_other_label_without_a_reason() {
    let service = started().await;
    let chosen = "<option value=\"new\" selected>";
    assert!(service.page("/volumes/L0001/label").await.contains(chosen));
    let (status, said) = service.scan("LIB-1", json!({"id": Uuid::now_v7(), "code": "L0001"})).await;
    assert_eq!(status, 200, "{said}");
    let page = service.page("/volumes/L0001/label").await;
    assert!(!page.contains(chosen) && page.contains("<option value=\"\" selected>Choose why"), "{page}");
    let (_, body) = printed(&service, &form(1, "&why=")).await;
    assert!(String::from_utf8_lossy(&body).contains("choose why it is printed"));
    assert!(jobs(&service).await.is_empty());
    assert_eq!(pages(&service, &form(1, "&why=lost")).await, 1);
    assert_eq!(pages(&service, &form(2, "&why=damaged")).await, 1);
    let page = service.page("/volumes/L0001/label").await;
    assert!(
        page.contains("2 covers of this folder were printed") && page.contains("The old one cannot be read"),
        "{page}"
    );
    let again = json!({"id": Uuid::now_v7(), "code": "L0001", "scanner": "another"});
    let (_, said) = service.scan("LIB-1", again).await;
    assert_eq!(said["signal"], "look", "{said}");
    assert!(!service.page("/volumes/L0001/label").await.contains("covers of this folder"));
}
