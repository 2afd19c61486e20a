//! A librarian's morning over a real store and raw HTTP: an unknown label scanned at two desks becomes a folder's.

#![expect(clippy::unwrap_used, reason = "what is not there fails the test")]

mod common;

use std::sync::Arc;
use std::time::Duration;

use casetrack::clock::Clock;
use casetrack::desk::{DeskSetup, Desks, SignOn, Surroundings};
use casetrack::store::story::{self, Hospital, MORNING};
use casetrack::store::{Store, verify};
use casetrack::web::{Exposure, Parts, Patient, Web, router};
use common::{Folder, options, trust};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use uuid::Uuid;

const LABEL: &str = "OLD JONES 77";

fn setups() -> Vec<DeskSetup> {
    let setup = |stand: casetrack::store::DeskStand| DeskSetup {
        code: stand.desk,
        place: stand.place,
        sign_on: SignOn::Optional,
        sign_on_idle: Duration::from_mins(15),
        pairing: None,
    };
    story::desks().into_iter().map(setup).collect()
}

/// A service over the story's hospital, on a free port.
struct Service {
    address: String,
    hospital: Hospital,
    _stop: watch::Sender<bool>,
}

impl Service {
    async fn start(folder: &Folder) -> Self {
        let (clock, hands) = Clock::manual(MORNING);
        let store = Store::open(options(folder, clock.clone())).unwrap();
        let hospital = Hospital::open(store.clone(), trust(), clock.clone(), hands).await;
        let desks = Desks::new(Surroundings {
            setups: setups().into_iter().map(|setup| (setup.code.clone(), setup)).collect(),
            rules: Arc::new([]),
            commands: store.commands(),
            directory: store.directory(),
            clock: clock.clone(),
            past: Arc::new(|_, _| Box::pin(async { Vec::new() })),
            stopped: Arc::new(|| Box::pin(std::future::pending())),
            time_zone: jiff::tz::TimeZone::UTC,
        });
        let (stop, stopping) = watch::channel(false);
        let web = Web::new(Parts {
            store,
            desks,
            trust: trust(),
            setups: setups(),
            live: casetrack::live::Live::default(),
            clock,
            time_zone: jiff::tz::TimeZone::UTC,
            exposure: Exposure::Loopback,
            overviews: watch::channel(None).1,
            stopping,
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        tokio::spawn(async move { axum::serve(Patient::new(listener), router(web)).await });
        Self { address, hospital, _stop: stop }
    }

    async fn ask(&self, method: &str, path: &str, media: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).await.unwrap();
        let (host, length) = (&self.address, body.len());
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\ncontent-type: {media}\r\n\
             content-length: {length}\r\n\r\n{body}"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    async fn page(&self, path: &str) -> String {
        self.ask("GET", path, "text/plain", "").await
    }

    async fn json(&self, path: &str) -> Value {
        let answer = self.page(path).await;
        serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
    }

    async fn scan(&self, desk: &str, code: &str) -> Value {
        self.hospital.pass(Duration::from_mins(10));
        let body = json!({"id": Uuid::now_v7(), "code": code}).to_string();
        let answer =
            self.ask("POST", &format!("/api/v1/desks/{desk}/scans"), "application/json", &body).await;
        serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
    }

    async fn form(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let fields = fields.iter().map(|(key, value)| format!("{key}={}", value.replace(' ', "+")));
        let body = fields.collect::<Vec<_>>().join("&");
        self.ask("POST", path, "application/x-www-form-urlencoded", &body).await
    }
}

/// What stands after `before` up to the next quotation mark, each time.
fn after<'a>(page: &'a str, before: &str) -> Vec<&'a str> {
    page.split(before).skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

fn location(answer: &str) -> &str {
    answer.lines().find_map(|line| line.strip_prefix("location: ")).unwrap_or_else(|| panic!("{answer}"))
}

#[tokio::test]
async fn an_unknown_label_of_two_desks_becomes_the_folders_with_both_scans_at_their_times() {
    let folder = Folder::new();
    let service = Service::start(&folder).await;
    assert!(service.page("/questions").await.contains("Nothing needs a librarian."));
    assert_eq!(service.scan("HUB-1", LABEL).await["signal"], "refused");
    assert_eq!(service.scan("CL5-1", LABEL).await["signal"], "refused");
    let list = service.page("/questions").await;
    assert!(list.contains("refused 2 times") && list.contains("HUB-1") && list.contains("CL5-1"), "{list}");
    let urls = after(&list, "class=\"settle\" href=\"");
    let [url] = urls.as_slice() else { panic!("{urls:?}") };
    assert!(url.starts_with("/questions/label%3A"), "{url}");

    let page = service.page(url).await;
    let id = after(&page, "name=\"id\" value=\"")[0].to_owned();
    let none = service.form(url, &[("id", &id), ("step", "find"), ("folder", "NONE")]).await;
    assert!(none.starts_with("HTTP/1.1 200") && none.contains("No folder has exactly this"), "{none}");
    let two = service.form(url, &[("id", &id), ("step", "find"), ("folder", "H1")]).await;
    assert!(two.contains("H1 volume 1") && two.contains("H1 volume 2"), "{two}");
    let found = service.form(url, &[("id", &id), ("step", "find"), ("folder", "H1"), ("volume", "1")]).await;
    assert!(found.contains("Is it this folder?"), "{found}");
    let kept = after(&found, "name=\"kept\" value=\"");
    let [newer, older] = kept.as_slice() else { panic!("{kept:?}") };
    let id = after(&found, "name=\"id\" value=\"")[0];
    let ticked = |badge: &'static str| {
        [
            ("id", id),
            ("step", "answer"),
            ("folder", "F1"),
            ("kept", *newer),
            ("kept", *older),
            ("badge", badge),
        ]
    };

    let answer = service.form(url, &ticked("LIBRARIAN3")).await;
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    let again = service.form(url, &ticked("LIBRARIAN3")).await;
    assert!(again.starts_with("HTTP/1.1 303"), "{again}");
    let done = service.page(location(&answer)).await;
    assert!(done.contains("DONE") && done.contains("Kept scans now in its history: 2"), "{done}");
    assert!(done.contains("Nothing is open here any more."), "{done}");
    assert!(service.page("/questions").await.contains("Nothing needs a librarian."));

    let volume = service.json("/api/v1/volumes/F1").await;
    assert_eq!((&volume["place"]["code"], &volume["desk"]), (&json!("CL5"), &json!("CL5-1")));
    let history = service.json("/api/v1/volumes/F1/movements").await;
    let told = history["items"].as_array().unwrap().iter();
    let told: Vec<_> =
        told.map(|step| (step["desk"].as_str().unwrap(), step["at"].as_str().unwrap())).collect();
    let (ten, twenty) = ("2026-11-23T08:10:00Z", "2026-11-23T08:20:00Z");
    assert_eq!(told, [("CL5-1", twenty), ("HUB-1", ten)]);
    let known = service.scan("HUB-1", LABEL).await;
    assert_eq!(known["signal"], "arrived", "{known}");
    service.hospital.store.stop().await;
    assert!(verify(&folder.0).unwrap().is_sound());
}

#[tokio::test]
async fn a_clerk_is_told_who_may_settle_and_a_changed_form_is_not_taken_for_the_first() {
    let folder = Folder::new();
    let mut service = Service::start(&folder).await;
    story::late_scans_find_their_place(&mut service.hospital).await;
    let question = service.json("/api/v1/volumes/F8").await["question"]["id"].as_str().unwrap().to_owned();
    assert_eq!(question, "order:F8");
    let url = "/questions/order%3AF8";
    let page = service.page(url).await;
    assert!(page.contains("One of two places") && page.contains("value=\"at CL5\""), "{page}");
    let id = after(&page, "name=\"id\" value=\"")[0];
    let fields = |verdict: &'static str, badge: &'static str| {
        [("id", id), ("step", "answer"), ("verdict", verdict), ("badge", badge)]
    };
    let unanswered = service.form(url, &fields("", "LIBRARIAN3")).await;
    assert!(unanswered.contains("Choose an answer first"), "{unanswered}");
    let answer = service.form(url, &fields("at CL5", "BADGE7")).await;
    let refused = service.page(location(&answer)).await;
    assert!(refused.contains("NOT DONE") && refused.contains("Pat Clerk may not settle this"), "{refused}");
    assert!(refused.contains("A librarian or a manager may"), "{refused}");
    let changed = service.form(url, &fields("at HUB", "LIBRARIAN3")).await;
    assert!(changed.starts_with("HTTP/1.1 409") && changed.contains("sent before"), "{changed}");
    let id = after(&refused, "name=\"id\" value=\"")[0];
    let fields = [("id", id), ("step", "answer"), ("verdict", "at CL5"), ("badge", "librarian3")];
    let answer = service.form(url, &fields).await;
    assert!(service.page(location(&answer)).await.contains("It is at CL5"));
    let volume = service.json("/api/v1/volumes/F8").await;
    assert_eq!((&volume["place"]["code"], &volume["question"]), (&json!("CL5"), &Value::Null));
    assert_eq!(volume["by"]["name"], "Mary Librarian");
    for path in
        ["/questions/nonsense", "/questions/order%3ANONE", &format!("/questions/label%3A{}", Uuid::nil())]
    {
        assert!(service.page(path).await.starts_with("HTTP/1.1 404"), "{path}");
    }
    service.hospital.store.stop().await;
    assert!(verify(&folder.0).unwrap().is_sound());
}
