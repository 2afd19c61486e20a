//! A librarian's morning over a real store and raw HTTP: an unknown label scanned at two desks becomes a folder's.

use crate::common;
use crate::service;

use std::time::Duration;

use casetrack::clock::Clock;
use casetrack::live::Live;
use casetrack::store::story::{self, Hospital, MORNING};
use casetrack::store::{Store, verify};
use casetrack::web::Exposure;
use common::{Folder, options, trust};
use serde_json::{Value, json};
use service::{Ground, Service, setups_of};
use uuid::Uuid;

const LABEL: &str = "OLD JONES 77";

/// The story's hospital with a service over it.
struct Morning {
    folder: Folder,
    hospital: Hospital,
    service: Service,
}

impl Morning {
    async fn begin() -> Self {
        let folder = Folder::new();
        let (clock, hands) = Clock::manual(MORNING);
        let store = Store::open(options(&folder, clock.clone())).unwrap();
        let hospital = Hospital::open(store.clone(), trust(), clock.clone(), hands).await;
        let (live, setups) = (Live::default(), setups_of(&story::desks()));
        let ground = Ground { store, trust: trust(), clock, live, setups, exposure: Exposure::Loopback };
        Self { folder, hospital, service: Service::over(ground).await }
    }

    async fn end(self) {
        self.hospital.store.stop().await;
        assert!(verify(&self.folder.0).unwrap().is_sound());
    }

    async fn page(&self, path: &str) -> String {
        self.service.page(path).await
    }

    async fn json(&self, path: &str) -> Value {
        self.service.json(path).await.1
    }

    async fn scan(&self, desk: &str, code: &str) -> Value {
        self.hospital.pass(Duration::from_mins(10));
        self.service.scan(desk, json!({"id": Uuid::now_v7(), "code": code})).await.1
    }

    async fn form(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let fields = fields.iter().map(|(key, value)| format!("{key}={}", value.replace(' ', "+")));
        let body = fields.collect::<Vec<_>>().join("&");
        let media = "content-type: application/x-www-form-urlencoded\r\n";
        self.service.ask("POST", path, media, &body).await
    }

    /// Settles a question by its page; answers what the page then says.
    async fn settle(&self, url: &str, verdict: &str) -> String {
        let page = self.page(url).await;
        let id = after(&page, "name=\"id\" value=\"").first().copied().unwrap();
        let fields = [("id", id), ("step", "answer"), ("verdict", verdict), ("badge", "LIBRARIAN3")];
        let answer = self.form(url, &fields).await;
        assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
        self.page(location(&answer)).await
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
    let morning = Morning::begin().await;
    assert!(morning.page("/questions").await.contains("Nothing needs a librarian."));
    assert_eq!(morning.scan("HUB-1", LABEL).await["signal"], "refused");
    assert_eq!(morning.scan("CL5-1", LABEL).await["signal"], "refused");
    let list = morning.page("/questions").await;
    assert!(list.contains("refused 2 times") && list.contains("HUB-1") && list.contains("CL5-1"), "{list}");
    let urls = after(&list, "class=\"settle\" href=\"");
    let [url] = urls.as_slice() else { panic!("{urls:?}") };
    assert!(url.starts_with("/questions/label%3A"), "{url}");

    let page = morning.page(url).await;
    let id = after(&page, "name=\"id\" value=\"")[0].to_owned();
    let none = morning.form(url, &[("id", &id), ("step", "find"), ("folder", "NONE")]).await;
    assert!(none.starts_with("HTTP/1.1 200") && none.contains("No folder has exactly this"), "{none}");
    let two = morning.form(url, &[("id", &id), ("step", "find"), ("folder", "H1")]).await;
    assert!(two.contains("H1 volume 1") && two.contains("H1 volume 2"), "{two}");
    let found = morning.form(url, &[("id", &id), ("step", "find"), ("folder", "H1"), ("volume", "1")]).await;
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

    let answer = morning.form(url, &ticked("LIBRARIAN3")).await;
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    let again = morning.form(url, &ticked("LIBRARIAN3")).await;
    assert!(again.starts_with("HTTP/1.1 303"), "{again}");
    let done = morning.page(location(&answer)).await;
    assert!(done.contains("DONE") && done.contains("Kept scans now in its history: 2"), "{done}");
    assert!(done.contains("Nothing is open here any more."), "{done}");
    assert!(morning.page("/questions").await.contains("Nothing needs a librarian."));

    let volume = morning.json("volumes/F1").await;
    assert_eq!((&volume["place"]["code"], &volume["desk"]), (&json!("CL5"), &json!("CL5-1")));
    let history = morning.json("volumes/F1/movements").await;
    let told = history["items"].as_array().unwrap().iter();
    let told: Vec<_> =
        told.map(|step| (step["desk"].as_str().unwrap(), step["at"].as_str().unwrap())).collect();
    let (ten, twenty) = ("2026-11-23T08:10:00Z", "2026-11-23T08:20:00Z");
    assert_eq!(told, [("CL5-1", twenty), ("HUB-1", ten)]);
    let known = morning.scan("HUB-1", LABEL).await;
    assert_eq!(known["signal"], "arrived", "{known}");
    morning.end().await;
}

#[tokio::test]
async fn a_clerk_is_told_who_may_settle_and_a_changed_form_is_not_taken_for_the_first() {
    let mut morning = Morning::begin().await;
    story::late_scans_find_their_place(&mut morning.hospital).await;
    let question = morning.json("volumes/F8").await["question"]["id"].as_str().unwrap().to_owned();
    assert_eq!(question, "order:F8");
    let url = "/questions/order%3AF8";
    let page = morning.page(url).await;
    assert!(page.contains("One of two places") && page.contains("value=\"at CL5\""), "{page}");
    let id = after(&page, "name=\"id\" value=\"")[0];
    let fields = |verdict: &'static str, badge: &'static str| {
        [("id", id), ("step", "answer"), ("verdict", verdict), ("badge", badge)]
    };
    let unanswered = morning.form(url, &fields("", "LIBRARIAN3")).await;
    assert!(unanswered.contains("Choose an answer first"), "{unanswered}");
    let answer = morning.form(url, &fields("at CL5", "BADGE7")).await;
    let refused = morning.page(location(&answer)).await;
    assert!(refused.contains("NOT DONE") && refused.contains("Pat Clerk may not settle this"), "{refused}");
    assert!(refused.contains("A librarian or a manager may"), "{refused}");
    let changed = morning.form(url, &fields("at HUB", "LIBRARIAN3")).await;
    assert!(changed.starts_with("HTTP/1.1 409") && changed.contains("sent before"), "{changed}");
    let id = after(&refused, "name=\"id\" value=\"")[0];
    let fields = [("id", id), ("step", "answer"), ("verdict", "at CL5"), ("badge", "librarian3")];
    let answer = morning.form(url, &fields).await;
    assert!(morning.page(location(&answer)).await.contains("It is at CL5"));
    let volume = morning.json("volumes/F8").await;
    assert_eq!((&volume["place"]["code"], &volume["question"]), (&json!("CL5"), &Value::Null));
    assert_eq!(volume["by"]["name"], "Mary Librarian");
    for path in
        ["/questions/nonsense", "/questions/order%3ANONE", &format!("/questions/label%3A{}", Uuid::nil())]
    {
        assert!(morning.page(path).await.starts_with("HTTP/1.1 404"), "{path}");
    }
    morning.end().await;
}

#[tokio::test]
async fn a_folder_at_one_of_two_places_is_settled_for_either_or_for_neither_and_tells_who_settled_it() {
    for (verdict, place, says) in [
        ("at CL5", json!("CL5"), "It is at CL5"),
        ("at HUB", json!("HUB"), "It is at HUB"),
        ("not-known", Value::Null, "nobody knows where it is"),
    ] {
        let mut morning = Morning::begin().await;
        story::late_scans_find_their_place(&mut morning.hospital).await;
        let either = morning.json("volumes/F8").await;
        assert_eq!(either["question"]["id"], "order:F8");
        let url = "/questions/order%3AF8";
        assert_eq!(after(&morning.page("/questions").await, "class=\"settle\" href=\""), [url]);
        let done = morning.settle(url, verdict).await;
        assert!(done.contains("DONE") && done.contains(says), "{verdict}: {done}");
        assert!(done.contains("Nothing is open here any more."), "{verdict}: {done}");
        let volume = morning.json("volumes/F8").await;
        assert_eq!((&volume["place"]["code"], &volume["question"]), (&place, &Value::Null), "{verdict}");
        let history = morning.json("volumes/F8/movements").await;
        let newest = &history["items"][0];
        assert_eq!((&newest["kind"], &newest["by"]["name"]), (&json!("answered"), &json!("Mary Librarian")));
        assert_eq!(history["items"].as_array().unwrap().len(), 4, "what contradicted stays in the history");
        let page = morning.page("/volumes/F8").await;
        assert!(page.contains("A librarian settled it") && !page.contains("href=\"/questions/"), "{page}");
        assert!(morning.page("/questions").await.contains("Nothing needs a librarian."));
        morning.end().await;
    }
}
