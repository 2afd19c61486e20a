//! The interface and the pages over a real store and real desks, by raw HTTP.

use crate::service;

use std::sync::{Arc, Mutex, PoisonError};

use casetrack::domain::barcode::{OwnBarcode, OwnKind};
use casetrack::observe;
use casetrack::web::{CONTENT_SECURITY_POLICY, Exposure};
use serde_json::{Value, json};
use service::Service;
use uuid::Uuid;

#[tokio::test]
async fn every_address_answers_with_the_headers_that_keep_foreign_script_out() {
    let service = Service::start(Exposure::Loopback).await;
    for path in [
        "/",
        "/find?q=F0001",
        "/find?q=nobody",
        "/find?scan=nobody",
        "/help",
        "/desks/LIB-1",
        "/desks/LIB-1?session=page-1",
        "/desks/NONE",
        "/desks/LIB-1/card",
        "/desks/LIB-1/cards",
        "/desks/LIB-1/cards?what=destinations",
        "/desks/NONE/cards",
        "/labels",
        "/labels?what=cover&name=F0001",
        "/labels?what=money",
        "/labels/preview.svg?name=F0001",
        "/labels/preview.svg?name=NONE",
        "/labels/print",
        "/labels/queue",
        "/labels/queue/print",
        "/volumes/F0001/label",
        "/volumes/NONE/label",
        "/places/CL5/label?beneath=yes",
        "/places/NONE/label",
        "/volumes/F0001",
        "/volumes/F0001/slip",
        "/volumes/NONE",
        "/volumes/NONE/slip",
        "/places",
        "/places/CL5",
        "/places/CL5?list=here",
        "/places/CL5?list=none",
        "/places/LIB/shelves",
        "/places/LIB/shelves?after=S12",
        "/places/NONE/shelves",
        "/places/NONE",
        "/wanted",
        "/wanted?clinic=CL5&day=2026-11-23",
        "/wanted?clinic=NONE&day=2026-11-23",
        "/chase",
        "/chase?list=none",
        "/sweeps",
        "/sweeps/none",
        "/api/v1/chase",
        "/questions",
        "/state",
        "/questions/order%3AF0001",
        "/questions/none",
        "/static/none/none.js",
        "/api/v1/volumes/F0001",
        "/api/v1/volumes/F0001/movements",
        "/api/v1/places/CL5/volumes",
        "/api/v1/search?q=900001",
        "/api/v1/desks/LIB-1/scans",
        "/api/v1/live",
        "/api/v1/openapi.json",
        "/healthz",
        "/readyz",
        "/metrics",
    ] {
        let answer = service.page(path).await;
        assert!(answer.contains(CONTENT_SECURITY_POLICY), "{path}: {answer}");
        assert!(answer.contains("x-content-type-options: nosniff"), "{path}");
        let policy = if path.starts_with("/find") { "no-referrer" } else { "same-origin" };
        assert!(answer.contains(&format!("referrer-policy: {policy}\r\n")), "{path}");
        assert!(answer.contains("cache-control: no-store"), "{path}");
        assert!(!answer.contains("HTTP/1.1 500"), "{path}: {answer}");
        assert!(!answer.contains("text/html") || !answer.contains("<script>"), "{path}: {answer}");
    }
}

#[tokio::test]
async fn the_description_is_served_as_it_stands() {
    let service = Service::start(Exposure::Loopback).await;
    let (status, served) = service.json("openapi.json").await;
    let stands: Value = serde_json::from_str(include_str!("../../src/web/api/openapi.json")).unwrap();
    assert_eq!((status, served), (200, stands));
}

#[tokio::test]
async fn what_is_imported_is_told_and_what_is_unknown_is_a_problem() {
    let service = Service::start(Exposure::Loopback).await;
    let (status, volume) = service.json("volumes/f0001").await;
    assert_eq!((status, &volume["state"], &volume["place"]), (200, &json!("not-yet-seen"), &Value::Null));
    assert_eq!(volume["siblings"].as_array().unwrap().len(), 2);
    let (_, volume) = service.json("volumes/F0002").await;
    assert_eq!((&volume["state"], &volume["confirmed"]), (&json!("at"), &json!(false)));
    assert_eq!(volume["place"]["phone"], "01632 960005");
    let (_, history) = service.json("volumes/F0002/movements").await;
    assert_eq!(
        (&history["items"][0]["kind"], &history["items"][0]["how"]),
        (&json!("left-at"), &json!("imported"))
    );
    let (_, there) = service.json("places/cl5/volumes?limit=1").await;
    assert_eq!(there["items"][0]["barcode"], "F0002");
    let (_, found) = service.json("search?q=900001").await;
    assert_eq!(found["items"].as_array().unwrap().len(), 3);
    let (_, found) = service.json("search?q=script").await;
    assert_eq!(found["items"].as_array().unwrap().len(), 3, "by a part of a name");
    let (_, problem) = service.json("search?q=").await;
    assert_eq!(problem["detail"], "q: type a name, a number, a birth date or a place");
    for (path, wanted) in [
        ("volumes/NONE", 404),
        ("volumes/%5D%00", 404),
        ("places/NONE/volumes", 404),
        ("places/CL5/volumes?limit=0", 400),
        ("places/CL5/volumes?limit=201", 400),
        ("places/CL5/volumes?after=rubbish", 400),
        ("search", 400),
        ("search?q=", 400),
        ("search?q=ann&after=rubbish", 400),
        ("live", 400),
        ("live?place=NONE", 404),
        ("live?desk=NONE", 404),
        ("nothing", 404),
        ("desks/LIB-1/scans", 405),
    ] {
        let (status, problem) = service.json(path).await;
        assert_eq!((status, &problem["status"]), (wanted, &json!(wanted)), "{path}");
    }
}

#[tokio::test]
async fn a_scan_is_told_and_recorded_once() {
    let service = Service::start(Exposure::Loopback).await;
    let id = Uuid::now_v7();
    let (status, said) = service.scan("CL5-1", json!({"id": id, "code": "]C0F0001\r"})).await;
    assert_eq!((status, &said["signal"]), (200, &json!("arrived")), "{said}");
    assert_eq!(said["movements"], json!([format!("{id}-0")]));
    assert_eq!(service.scan("CL5-1", json!({"id": id, "code": "F0001"})).await, (status, said));
    let (status, _) = service.scan("CL5-1", json!({"id": id, "code": "F0003"})).await;
    assert_eq!(status, 409);
    let (_, volume) = service.json("volumes/F0001").await;
    assert_eq!(
        (&volume["state"], &volume["confirmed"], &volume["desk"]),
        (&json!("at"), &json!(true), &json!("CL5-1"))
    );
}

#[tokio::test]
async fn what_is_not_a_scan_is_refused_by_status_and_what_is_one_by_signal() {
    let service = Service::start(Exposure::Loopback).await;
    let id = || Uuid::now_v7();
    for (body, wanted) in [
        (json!({"id": id(), "code": "NOBODY-KNOWS"}), 200),
        (json!({"id": id(), "code": ""}), 200),
        (json!({"id": id()}), 400),
        (json!({"id": "x", "code": "F0001"}), 400),
        (json!({"id": Uuid::nil(), "code": "F0001"}), 400),
        (json!({"id": id(), "code": "F0001", "entry": "shouted"}), 400),
        (json!({"id": id(), "code": "F0001", "at": "yesterday"}), 400),
        (json!({"id": id(), "code": "F0001", "scanner": ""}), 400),
        (json!({"id": id(), "code": "F0001", "other": 1}), 400),
    ] {
        let (status, answer) = service.scan("LIB-1", body.clone()).await;
        assert_eq!(status, wanted, "{body}: {answer}");
        assert_eq!(answer.get("signal").is_some(), wanted == 200, "{answer}");
    }
    assert_eq!(service.scan("NONE", json!({"id": id(), "code": "F0001"})).await.0, 404);
}

#[tokio::test]
async fn a_desk_page_without_javascript_receives_a_folder() {
    let service = Service::start(Exposure::Loopback).await;
    let idle = service.page("/desks/LIB-1").await;
    let value = |name: &str| {
        let from = format!("name=\"{name}\" value=\"");
        idle.split(&from).nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    let ours = OwnBarcode::new(OwnKind::Volume, 3);
    let body = format!("scanner={}&id={}&code={ours}", value("scanner"), value("id"));
    let form = "content-type: application/x-www-form-urlencoded\r\n";
    let answer = service.ask("POST", "/desks/LIB-1", form, &body).await;
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    let to = answer.split("location: ").nth(1).unwrap().lines().next().unwrap().to_owned();
    let page = service.page(&to).await;
    assert!(page.contains("RECEIVED") && page.contains(&format!("/volumes/{ours}")), "{page}");
    let foreign = format!("{form}origin: http://evil.example\r\n");
    assert!(service.ask("POST", "/desks/LIB-1", &foreign, &body).await.starts_with("HTTP/1.1 403"));
}

#[tokio::test]
async fn a_place_tells_what_left_it_what_it_holds_and_what_its_desk_put_aside() {
    let service = Service::start(Exposure::Loopback).await;
    let id = Uuid::now_v7;
    service.scan("LIB-1", json!({"id": id(), "code": "CL5"})).await;
    service.scan("LIB-1", json!({"id": id(), "code": "F0001"})).await;
    service.scan("CL5-1", json!({"id": id(), "code": "NOBODY-KNOWS"})).await;
    let library = service.page("/places/LIB").await;
    assert!(library.contains("Sent from here, not scanned in anywhere yet <small>1</small>"), "{library}");
    let clinic = service.page("/places/CL5").await;
    for wanted in [
        "On the way here <small>1</small>",
        "Should be here, but nobody has scanned the folder here <small>1</small>",
        "Put aside at the desks here <small>1</small>",
        "href=\"/desks/CL5-1\"",
    ] {
        assert!(clinic.contains(wanted), "{wanted}: {clinic}");
    }
    let list = service.page("/places/CL5?list=coming").await;
    assert!(list.contains("/volumes/F0001") && !list.contains("/volumes/F0002"), "{list}");
    for bad in ["/places/CL5?list=none", "/places/CL5?list=here&after=rubbish"] {
        assert!(service.page(bad).await.starts_with("HTTP/1.1 400"), "{bad}");
    }
    let slip = service.page("/volumes/F0001/slip").await;
    assert!(slip.contains("On its way to Clinic 5") && slip.contains("Barcode F0001"), "{slip}");
}

#[tokio::test]
async fn a_service_of_this_machine_answers_only_this_machine_and_an_open_one_says_so_in_red() {
    let service = Service::start(Exposure::Loopback).await;
    let foreign = "host: casetrack.evil.example\r\n";
    assert!(service.ask("GET", "/volumes/F0001", foreign, "").await.starts_with("HTTP/1.1 403"));
    assert!(!service.page("/").await.contains("class=\"exposed\""));
    let open = Service::start(Exposure::Everybody).await;
    for path in ["/", "/help", "/desks/LIB-1", "/volumes/F0001", "/places/CL5"] {
        assert!(open.ask("GET", path, foreign, "").await.contains("class=\"exposed\""), "{path}");
    }
}

/// Status and target of an answer that leads elsewhere.
fn leads_to(answer: &str) -> &str {
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    answer.split("location: ").nth(1).and_then(|rest| rest.lines().next()).unwrap_or_default()
}

#[tokio::test]
async fn what_is_typed_is_searched_and_what_is_one_folder_is_opened() {
    let service = Service::start(Exposure::Loopback).await;
    assert_eq!(leads_to(&service.page("/find?q=f0001").await), "/volumes/F0001");
    let listed = service.page("/find?q=f0001&show=list").await;
    assert!(listed.starts_with("HTTP/1.1 200") && listed.contains("href=\"/volumes/F0001\""), "{listed}");
    let namesakes = service.page("/find?q=quux").await;
    assert!(namesakes.contains("2 people."), "{namesakes}");
    assert_eq!(namesakes.matches("2 people of this name: check the birth date").count(), 2);
    let one = service.page("/find?q=quux+4%2F5%2F1961").await;
    assert!(one.contains("1 person.") && one.contains("born 4 May 1961"), "{one}");
    let place = service.page("/find?q=cl5").await;
    assert!(place.contains("1 place.") && place.contains("href=\"/places/CL5\""), "{place}");
    for hostile in ["%3Cscript%3E", "%27%22%25_%00%E2%80%AE", "%", "%ff"] {
        let page = service.page(&format!("/find?q={hostile}")).await;
        assert!(page.starts_with("HTTP/1.1 200") && !page.contains("<script>"), "{hostile}: {page}");
    }
    for path in ["/find", "/find?q=", "/find?q=+%20"] {
        assert!(service.page(path).await.contains("Type a name, a number"), "{path}");
    }
    let long = service.page(&format!("/find?q={}", "x".repeat(10_000))).await;
    assert!(long.starts_with("HTTP/1.1 400") && long.contains("too long to look for"), "{long}");
    for path in
        ["/find?q=quux&part=all", "/find?q=quux&part=beginning&after=x", "/find?q=quux&part=places&after=x"]
    {
        assert!(service.page(path).await.starts_with("HTTP/1.1 400"), "{path}");
    }
}

#[tokio::test]
async fn what_is_scanned_is_looked_up_exactly_and_never_searched() {
    let service = Service::start(Exposure::Loopback).await;
    let ours = OwnBarcode::new(OwnKind::Volume, 3);
    let card = OwnBarcode::new(OwnKind::Command, 1);
    assert_eq!(leads_to(&service.page("/find?scan=%5DC0f0001%0D").await), "/volumes/F0001");
    assert_eq!(leads_to(&service.page(&format!("/find?scan={ours}")).await), format!("/volumes/{ours}"));
    assert_eq!(leads_to(&service.page("/find?scan=cl5").await), "/places/CL5");
    assert_eq!(leads_to(&service.page(&format!("/find?q={card}")).await), format!("/find?scan={card}"));
    for (scan, wanted) in [
        (card.to_string().as_str(), "This page moves nothing. Scan it at a desk page."),
        ("NOBODYS", "Nothing here has this label"),
        ("QUUXWORTHY", "Nothing here has this label"),
        ("F000", "Nothing here has this label"),
        ("V000000312", "A check digit is wrong."),
        ("%3Cscript%3E", "Nothing here has this label"),
        ("", "no barcode"),
        ("x%00y", "no barcode"),
    ] {
        let page = service.page(&format!("/find?scan={scan}")).await;
        assert!(page.starts_with("HTTP/1.1 200") && page.contains(wanted), "{scan}: {page}");
        assert!(!page.contains("<script>"), "{scan}");
    }
    let long = service.page(&format!("/find?scan={}", "X".repeat(10_000))).await;
    assert!(long.starts_with("HTTP/1.1 200") && long.contains("no barcode"), "{long}");
}

/// All that the program writes to its log.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn what_is_looked_for_leaves_no_trace_in_the_log() {
    let log = Log::default();
    let writer = log.clone();
    let dispatch = observe::to(move || writer.clone(), observe::Format::Text, "trace").unwrap();
    tracing::dispatcher::set_global_default(dispatch).unwrap();
    tracing::debug!("the log is heard");
    let service = Service::start(Exposure::Loopback).await;
    for path in [
        "/find?q=Zzyzxson",
        "/find?q=Zzyzxson&part=all",
        "/find?q=Zzyzxson&part=beginning&after=Zzyzxson",
        "/find?scan=Zzyzxson",
        "/api/v1/search?q=Zzyzxson&limit=5",
        "/api/v1/search?q=Zzyzxson&after=Zzyzxson",
        "/api/v1/search?q=Zzyzxson&limit=Zzyzxson",
    ] {
        service.page(path).await;
    }
    service.page(&format!("/find?q={}", "Zzyzxson".repeat(1_000))).await;
    let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(text.contains("the log is heard"), "{text}");
    assert!(!text.to_lowercase().contains("zzyzx"), "{text}");
}
