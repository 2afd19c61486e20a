//! The interface and the pages over a real store and real desks, by raw HTTP.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "what is not there fails the test")]

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use casetrack::clock::Clock;
use casetrack::desk::{DeskSetup, Desks, SignOn, Surroundings};
use casetrack::domain::barcode::{OwnBarcode, OwnKind};
use casetrack::domain::import::{PatientRow, Piece, PlaceRow, Said, VolumeRow};
use casetrack::domain::place::{Code, PlaceKind};
use casetrack::live::Live;
use casetrack::store::{DeskStand, Options, Store, Trust};
use casetrack::web::{CONTENT_SECURITY_POLICY, Exposure, Parts, Patient, Web, router};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use uuid::Uuid;

/// Longest wait for something that must come: far more than a busy machine needs.
const PATIENCE: Duration = Duration::from_secs(20);
const HOSTILE: &str = "<script>alert(1)</script>\"'>&";

fn code(text: &str) -> Code {
    text.parse().unwrap()
}

fn setups() -> Vec<DeskSetup> {
    [("LIB-1", "LIB"), ("CL5-1", "CL5")]
        .map(|(desk, place)| DeskSetup {
            code: code(desk),
            place: code(place),
            sign_on: SignOn::Optional,
            sign_on_idle: Duration::from_mins(15),
            pairing: None,
        })
        .into()
}

fn place(name: &str, kind: PlaceKind, parent: Option<&str>, phone: Option<&str>) -> PlaceRow {
    PlaceRow {
        code: code(name),
        name: (name == "CL5").then(|| format!("Clinic 5 {HOSTILE}")).into(),
        kind: Said::Is(kind),
        parent: parent.map(code).into(),
        phone: phone.map(str::to_owned).into(),
        phone_out_of_hours: Said::Nothing,
        open: Said::Nothing,
        until: Said::Nothing,
    }
}

fn pieces() -> [Piece; 3] {
    let places = vec![
        place("RX1", PlaceKind::Site, None, Some("01632 960000")),
        place("LIB", PlaceKind::Library, Some("RX1"), None),
        place("CL5", PlaceKind::Clinic, Some("RX1"), Some("01632 960005")),
    ];
    let patient = PatientRow {
        site: code("RX1"),
        hospital_number: "900001".parse().unwrap(),
        nhs_number: Said::Nothing,
        surname: Said::Is(HOSTILE.to_owned()),
        forename: Said::Is("Ann".to_owned()),
        born: Said::Nothing,
        died: Said::Nothing,
    };
    let volume = |number: u32| VolumeRow {
        barcode: (number < 3).then(|| format!("F000{number}").parse().unwrap()),
        site: code("RX1"),
        hospital_number: "900001".parse().unwrap(),
        number_type: code("HOSPITAL"),
        casenote: None,
        volume: number,
        kind: Said::Nothing,
        home: Said::Nothing,
        place: (number == 2).then(|| code("CL5")),
        hold: Said::Nothing,
        restricted: Said::Nothing,
        gone: None,
    };
    [Piece::Places(places), Piece::Patients(vec![patient]), Piece::Volumes((1..=3).map(volume).collect())]
}

/// A running service on a free port, with its data in a folder that goes away.
struct Service {
    address: String,
    dir: PathBuf,
    stop: watch::Sender<bool>,
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.stop.send(true);
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

impl Service {
    async fn start(exposure: Exposure) -> Self {
        let dir = std::env::temp_dir().join(format!("casetrack-web-{}", Uuid::now_v7()));
        std::fs::create_dir_all(&dir).unwrap();
        let live = Live::default();
        let trust = Trust(code("RX1"));
        let stands = setups().into_iter().map(|setup| DeskStand { desk: setup.code, place: setup.place });
        let store = Store::open(Options {
            dir: dir.clone(),
            trust: trust.clone(),
            desks: stands.collect(),
            clock: Clock::system(),
            live: live.clone(),
        })
        .unwrap();
        for piece in pieces() {
            store.import(&trust, piece).await.unwrap();
        }
        let desks = desks(&store);
        let (stop, stopping) = watch::channel(false);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let web = web(store, desks, trust, live, exposure, stopping);
        tokio::spawn(async move { axum::serve(Patient::new(listener), router(web)).await });
        Self { address, dir, stop }
    }

    async fn open(&self, method: &str, path: &str, more: &str, body: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).await.unwrap();
        let host = if more.contains("host:") { String::new() } else { format!("host: {}\r\n", self.address) };
        let head = format!("{method} {path} HTTP/1.1\r\n{host}connection: close\r\n{more}");
        let length = format!("content-length: {}\r\n\r\n", body.len());
        stream.write_all(format!("{head}{length}{body}").as_bytes()).await.unwrap();
        stream
    }

    /// The whole answer: head and body.
    async fn ask(&self, method: &str, path: &str, more: &str, body: &str) -> String {
        let mut stream = self.open(method, path, more, body).await;
        let mut answer = Vec::new();
        tokio::time::timeout(PATIENCE, stream.read_to_end(&mut answer)).await.unwrap().unwrap();
        String::from_utf8(answer).unwrap()
    }

    async fn page(&self, path: &str) -> String {
        self.ask("GET", path, "", "").await
    }

    /// Status and body of the interface.
    async fn json(&self, path: &str) -> (u16, Value) {
        told(&self.page(&format!("/api/v1/{path}")).await)
    }

    async fn scan(&self, desk: &str, body: Value) -> (u16, Value) {
        let path = format!("/api/v1/desks/{desk}/scans");
        told(&self.ask("POST", &path, "content-type: application/json\r\n", &body.to_string()).await)
    }
}

fn desks(store: &Store) -> Desks {
    Desks::new(Surroundings {
        setups: setups().into_iter().map(|setup| (setup.code.clone(), setup)).collect(),
        rules: Arc::new([]),
        commands: store.commands(),
        directory: store.directory(),
        clock: Clock::system(),
        past: Arc::new(|_, _| Box::pin(async { Vec::new() })),
        stopped: Arc::new(|| Box::pin(std::future::pending())),
        time_zone: jiff::tz::TimeZone::UTC,
    })
}

fn web(
    store: Store,
    desks: Desks,
    trust: Trust,
    live: Live,
    exposure: Exposure,
    stopping: watch::Receiver<bool>,
) -> Web {
    Web::new(Parts {
        store,
        desks,
        trust,
        setups: setups(),
        live,
        clock: Clock::system(),
        time_zone: jiff::tz::TimeZone::UTC,
        exposure,
        stopping,
    })
}

fn told(answer: &str) -> (u16, Value) {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, serde_json::from_str(body).unwrap_or_else(|_| panic!("no JSON: {answer}")))
}

/// Reads a stream until `wanted` has come; a live stream never ends by itself, so the whole wait has a limit.
async fn hear(stream: &mut TcpStream, wanted: &str) -> String {
    let mut heard = String::new();
    let reading = async {
        let mut bytes = [0; 4_096];
        while !heard.contains(wanted) {
            let count = stream.read(&mut bytes).await.unwrap();
            assert!(count > 0, "ended before {wanted}: {heard}");
            heard.push_str(&String::from_utf8_lossy(&bytes[..count]));
        }
    };
    let came = tokio::time::timeout(PATIENCE, reading).await;
    assert!(came.is_ok(), "{wanted} did not come: {heard}");
    heard
}

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
        "/questions",
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
async fn a_scan_is_told_recorded_once_and_seen_by_those_who_watch() {
    let service = Service::start(Exposure::Loopback).await;
    let mut watching = service.open("GET", "/api/v1/live?volume=F0001", "", "").await;
    let head = hear(&mut watching, "here\n").await;
    assert!(head.contains("x-accel-buffering: no") && head.contains("text/event-stream"), "{head}");
    let id = Uuid::now_v7();
    let (status, said) = service.scan("CL5-1", json!({"id": id, "code": "]C0F0001\r"})).await;
    assert_eq!((status, &said["signal"]), (200, &json!("arrived")), "{said}");
    assert_eq!(said["movements"], json!([format!("{id}-0")]));
    let event = hear(&mut watching, "event: movement").await;
    assert!(event.contains("\"barcode\":\"F0001\"") && event.contains("id: "), "{event}");
    assert_eq!(service.scan("CL5-1", json!({"id": id, "code": "F0001"})).await, (status, said));
    let (status, _) = service.scan("CL5-1", json!({"id": id, "code": "F0003"})).await;
    assert_eq!(status, 409);
    let (_, volume) = service.json("volumes/F0001").await;
    assert_eq!(
        (&volume["state"], &volume["confirmed"], &volume["desk"]),
        (&json!("at"), &json!(true), &json!("CL5-1"))
    );
    let cursor = event.split("id: ").nth(1).unwrap().lines().next().unwrap().to_owned();
    let (epoch, number) = cursor.split_once('-').unwrap();
    let before = format!("last-event-id: {epoch}-{}\r\n", number.parse::<u64>().unwrap() - 1);
    let mut late = service.open("GET", "/api/v1/live?place=CL5", &before, "").await;
    hear(&mut late, &format!("id: {cursor}")).await;
    let mut lost = service.open("GET", "/api/v1/live?place=CL5", "last-event-id: rubbish\r\n", "").await;
    hear(&mut lost, "event: reset").await;
    service.stop.send(true).unwrap();
    let mut rest = Vec::new();
    tokio::time::timeout(PATIENCE, watching.read_to_end(&mut rest)).await.unwrap().unwrap();
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
