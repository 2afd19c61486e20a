//! The interface and the pages over a real store and real desks, by raw HTTP.

#[path = "common/service.rs"]
mod service;

use casetrack::domain::barcode::{OwnBarcode, OwnKind};
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
        "/help",
        "/desks/LIB-1",
        "/desks/LIB-1?session=page-1",
        "/desks/NONE",
        "/desks/LIB-1/card",
        "/volumes/F0001",
        "/volumes/NONE",
        "/places/CL5",
        "/places/NONE",
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
        assert!(answer.contains("referrer-policy: no-referrer"), "{path}");
        assert!(answer.contains("cache-control: no-store"), "{path}");
        assert!(!answer.contains("HTTP/1.1 500"), "{path}: {answer}");
        assert!(!answer.contains("text/html") || !answer.contains("<script>"), "{path}: {answer}");
    }
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
    for (path, wanted) in [
        ("volumes/NONE", 404),
        ("volumes/%5D%00", 404),
        ("places/NONE/volumes", 404),
        ("places/CL5/volumes?limit=0", 400),
        ("places/CL5/volumes?limit=201", 400),
        ("places/CL5/volumes?after=rubbish", 400),
        ("search", 400),
        ("search?q=", 400),
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
