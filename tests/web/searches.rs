//! A folder that is not there, by the pages alone: opened, looked for, found, told where it was; raw HTTP over a real
//! store.

use crate::service;

use casetrack::domain::import::{Piece, PlaceRow, Said, StaffRow, VolumeRow};
use casetrack::domain::place::PlaceKind;
use casetrack::domain::staff::Role;
use casetrack::store::Trust;
use casetrack::store::searches::SearchFilter;
use casetrack::web::Exposure;
use serde_json::json;
use service::{Service, code, hear, volume};
use uuid::Uuid;

/// A page's most bytes, before they are packed: about 40 kB are 10 kB on the line.
const MAX_PAGE: usize = 60_000;

/// A service where folder F0001 was scanned at Clinic 5, and three people have badges.
struct Morning {
    service: Service,
}

impl Morning {
    async fn begin() -> Self {
        let service = Service::start(Exposure::Loopback).await;
        let person = |badge: &str, role| StaffRow {
            badge: code(badge),
            name: Said::Is(format!("{badge} Person")),
            role: Said::Is(role),
        };
        let staff = [("CLERK1", Role::Clerk), ("LIBRARIAN1", Role::Librarian), ("MANAGER1", Role::Manager)];
        let staff = staff.map(|(badge, role)| person(badge, role)).to_vec();
        let shelf = PlaceRow {
            code: code("S12"),
            name: Said::Nothing,
            kind: Said::Is(PlaceKind::Shelf),
            parent: Said::Is(code("LIB")),
            phone: Said::Nothing,
            phone_out_of_hours: Said::Nothing,
            open: Said::Nothing,
            until: Said::Nothing,
            consultants: Said::Nothing,
        };
        let filed =
            VolumeRow { barcode: Some("F0009".parse().unwrap()), home: Said::Is(code("S12")), ..volume(9) };
        for piece in [Piece::Staff(staff), Piece::Places(vec![shelf]), Piece::Volumes(vec![filed])] {
            service.store.import(&trust(), piece).await.unwrap();
        }
        let morning = Self { service };
        morning.scan("CL5-1", "F0009").await;
        morning
    }

    async fn scan(&self, desk: &str, text: &str) {
        let (status, said) = self.service.scan(desk, json!({"id": Uuid::now_v7(), "code": text})).await;
        assert_eq!(status, 200, "{said}");
    }

    async fn page(&self, path: &str) -> String {
        let page = self.service.page(path).await;
        assert!(page.len() < MAX_PAGE, "{path} has {} bytes", page.len());
        page
    }

    async fn send(&self, path: &str, fields: &[(&str, &str)]) -> String {
        let fields = fields
            .iter()
            .map(|(key, value)| format!("{key}={}", value.replace(' ', "+").replace(':', "%3A")));
        let body = fields.collect::<Vec<_>>().join("&");
        let media = "content-type: application/x-www-form-urlencoded\r\n";
        self.service.ask("POST", path, media, &body).await
    }

    /// Opens a search for F0009 and gives the address of its page.
    async fn opened(&self) -> String {
        let page = self.page("/volumes/F0009").await;
        let answer = self.send("/volumes/F0009/not-there", &[("id", id_in(&page))]).await;
        location(&answer).to_owned()
    }

    /// One tap on a search's page, and the page that comes of it.
    async fn tap(&self, url: &str, tap: &str, badge: &str) -> String {
        let page = self.page(url).await;
        self.send(url, &[("id", id_in(&page)), ("badge", badge), ("tap", tap)]).await
    }

    async fn count(&self, filter: SearchFilter) -> usize {
        self.service.store.count_searches(&trust(), filter).await.unwrap().count
    }
}

fn trust() -> Trust {
    Trust(code("RX1"))
}

fn id_in(page: &str) -> &str {
    page.split("name=\"id\" value=\"").nth(1).unwrap().split('"').next().unwrap()
}

fn location(answer: &str) -> &str {
    answer.lines().find_map(|line| line.strip_prefix("location: ")).unwrap_or_else(|| panic!("{answer}"))
}

#[track_caller]
fn has(page: &str, wanted: &[&str]) {
    for text in wanted {
        assert!(page.contains(text), "{text} is not in {page}");
    }
}

#[tokio::test]
async fn one_tap_before_an_empty_slot_opens_a_search_whose_first_look_is_made() {
    let morning = Morning::begin().await;
    let page = morning.page("/volumes/F0009").await;
    has(&page, &["action=\"/volumes/F0009/not-there\"", "<button>Not there</button>", "Looked at Clinic 5"]);
    let form = [("id", id_in(&page))];
    let answer = morning.send("/volumes/F0009/not-there", &form).await;
    let url = location(&answer).to_owned();
    assert!(url.starts_with("/searches/"), "{url}");
    assert_eq!(location(&morning.send("/volumes/F0009/not-there", &form).await), url, "sent twice");
    assert_eq!(morning.count(SearchFilter::OPEN).await, 1);
    let page = morning.page(&url).await;
    has(&page, &["Looking for", "<strong>0001</strong>", "tracked at Clinic 5", "looked, not there"]);
    has(&morning.page("/volumes/F0009").await, &[&format!("href=\"{url}\""), "Where to look"]);
    assert!(!morning.page("/volumes/F0009").await.contains("Not there</button>"));
    has(&morning.page("/searches").await, &[&format!("href=\"{url}\""), "Open for"]);
    has(&morning.page("/places/CL5").await, &["being searched for"]);
}

#[tokio::test]
async fn who_needs_it_and_by_when_is_said_in_the_same_form_and_what_is_wrong_with_it_is_told() {
    let morning = Morning::begin().await;
    let page = morning.page("/volumes/F0009").await;
    let id = id_in(&page);
    let path = "/volumes/F0009/not-there";
    for (field, value, why) in [
        ("asker", "NOWHERE", "There is no place with the code NOWHERE"),
        ("needed", "soon", "no day and time"),
    ] {
        let answer = morning.send(path, &[("id", id), (field, value)]).await;
        has(&answer, &["HTTP/1.1 200", "NOT DONE", why, &format!("value=\"{value}\"")]);
    }
    assert!(morning.send(path, &[]).await.starts_with("HTTP/1.1 400"));
    assert_eq!(morning.count(SearchFilter::OPEN).await, 0);
    let fields = [
        ("id", id),
        ("looked", "L:own"),
        ("asker", "CL5"),
        ("consultant", "Dr Patel"),
        ("needed", "2126-11-23T14:00"),
        ("badge", "CLERK1"),
    ];
    let answer = morning.send(path, &fields).await;
    let page = morning.page(location(&answer)).await;
    has(&page, &["Needed by Clinic 5", "Dr Patel", "23 Nov 2126 14:00", "by CLERK1 Person"]);
    has(&page, &["Its own slot: looked, not there"]);
}

#[tokio::test]
async fn a_list_of_a_place_is_one_form_and_each_of_its_folders_an_act_of_its_own() {
    let morning = Morning::begin().await;
    morning.scan("CL5-1", "F0001").await;
    let list = morning.page("/places/CL5?list=here").await;
    has(&list, &["formaction=\"/volumes/F0009/not-there\"", "formaction=\"/volumes/F0001/not-there\""]);
    let form = [("id", id_in(&list))];
    let one = morning.send("/volumes/F0009/not-there", &form).await;
    let other = morning.send("/volumes/F0001/not-there", &form).await;
    assert_ne!(location(&one), location(&other));
    assert_eq!(morning.count(SearchFilter::OPEN).await, 2);
}

#[tokio::test]
async fn a_tap_is_noted_once_however_often_it_is_sent_and_the_badge_stays_in_its_field() {
    let morning = Morning::begin().await;
    let url = morning.opened().await;
    let page = morning.page(&url).await;
    let form = [("id", id_in(&page)), ("badge", "CLERK1"), ("tap", "not-there L:own")];
    for _ in 0..2 {
        let answer = morning.send(&url, &form).await;
        has(&answer, &["HTTP/1.1 200", "DONE", "value=\"CLERK1\"", "CLERK1 Person"]);
        assert_eq!(answer.matches("<span class=\"what\">Its own slot: looked, not there").count(), 1);
    }
    let other = [("id", id_in(&page)), ("badge", "CLERK1"), ("tap", "found L:own")];
    assert!(morning.send(&url, &other).await.starts_with("HTTP/1.1 409"), "the same id with another tap");
    let signed = morning.tap(&url, "sign", "CLERK1").await;
    has(&signed, &["CLERK1 Person looks", "value=\"CLERK1\""]);
}

#[tokio::test]
async fn a_wrong_badge_a_place_that_is_none_and_a_form_of_nobodys_are_told_and_note_nothing() {
    let morning = Morning::begin().await;
    let url = morning.opened().await;
    let steps = |page: &str| page.matches("looked, not there</span>").count();
    let before = steps(&morning.page(&url).await);
    let answer = morning.tap(&url, "not-there L:own", "NOBODY").await;
    has(&answer, &["NOT DONE", "nobody’s badge"]);
    assert!(!answer.contains("value=\"NOBODY\""), "it does not stay in the field");
    has(&morning.tap(&url, "not-there D:NOWHERE", "CLERK1").await, &["NOT DONE", "no place D:NOWHERE"]);
    assert_eq!(steps(&morning.page(&url).await), before);
    for tap in ["", "lost L:own", "declare now"] {
        assert!(morning.tap(&url, tap, "").await.starts_with("HTTP/1.1 400"), "{tap}");
    }
    let stranger = format!("/searches/{}", Uuid::now_v7());
    for path in ["/searches/nonsense", &stranger, "/searches/%3Cscript%3E"] {
        let answer = morning.page(path).await;
        assert!(answer.starts_with("HTTP/1.1 404") && !answer.contains("<script>"), "{answer}");
        let form = [("id", &*Uuid::now_v7().to_string()), ("tap", "not-there L:own")];
        assert!(morning.send(path, &form).await.starts_with("HTTP/1.1 404"));
    }
    for path in ["/searches?show=nonsense", "/searches?after=x"] {
        assert!(morning.page(path).await.starts_with("HTTP/1.1 400"), "{path}");
    }
}

#[tokio::test]
async fn a_mistaken_tap_is_taken_back_and_stays_in_the_list() {
    let morning = Morning::begin().await;
    let url = morning.opened().await;
    let page = morning.tap(&url, "not-there L:own", "CLERK1").await;
    let undo = page.split("value=\"take-back ").nth(1).unwrap().split('"').next().unwrap();
    let page = morning.tap(&url, &format!("take-back {undo}"), "CLERK1").await;
    has(&page, &["DONE", "<li class=\"undone\">", "Its own slot: looked, not there"]);
    let again = morning.tap(&url, &format!("take-back {undo}"), "CLERK1").await;
    has(&again, &["no longer so"]);
    let page = morning.tap(&url, "found L:own", "CLERK1").await;
    has(&page, &["Where it was: its own slot"]);
    let undo = page.split("value=\"take-back ").nth(1).unwrap().split('"').next().unwrap();
    has(&morning.tap(&url, &format!("take-back {undo}"), "CLERK1").await, &["Looking for"]);
}

#[tokio::test]
async fn a_scan_anywhere_turns_it_up_and_one_tap_says_where_it_really_was() {
    let morning = Morning::begin().await;
    let url = morning.opened().await;
    let mut stream = morning.service.open("GET", "/api/v1/live?volume=F0009", "", "").await;
    hear(&mut stream, "event: here").await;
    morning.tap(&url, "not-there L:own", "").await;
    let heard = hear(&mut stream, "event: search").await + &hear(&mut stream, "\n\n").await;
    has(&heard, &["\"barcode\":\"F0009\"", "\"kind\":\"search\""]);
    morning.scan("LIB-1", "F0009").await;
    let page = morning.page(&url).await;
    has(&page, &["Turned up", "Where was it really?", "where it was scanned", "value=\"was D:CL5\""]);
    has(&morning.page("/searches?show=turned-up").await, &["Turned up after", &format!("href=\"{url}\"")]);
    let id = id_in(&page);
    let answer = morning.send(&url, &[("id", id), ("tap", "was-at-place"), ("place", "NOWHERE")]).await;
    has(&answer, &["NOT DONE", "no place NOWHERE"]);
    let id = id_in(&answer);
    let answer = morning
        .send(
            &url,
            &[("id", id), ("badge", "CLERK1"), ("tap", "was-at-place"), ("place", "CL5"), ("cause", "")],
        )
        .await;
    has(&answer, &["Where it was: Clinic 5", "never left", "told by CLERK1 Person"]);
    let answer = morning.tap(&url, "why taken-away", "CLERK1").await;
    has(&answer, &["Why: taken away"]);
    has(&morning.page("/searches?show=ended").await, &["Found after", "taken away"]);
    assert_eq!(morning.count(SearchFilter::TURNED_UP).await, 0);
}

#[tokio::test]
async fn only_a_manager_declares_it_missing_and_an_ended_search_asks_for_nothing_more() {
    let morning = Morning::begin().await;
    let url = morning.opened().await;
    has(&morning.tap(&url, "declare", "CLERK1").await, &["NOT DONE", "may not declare"]);
    has(&morning.tap(&url, "declare", "MANAGER1").await, &["DONE", "Declared missing"]);
    has(&morning.page("/searches?show=declared").await, &[&format!("href=\"{url}\"")]);
    has(&morning.tap(&url, "close not-needed", "").await, &["NOT DONE"]);
    let page = morning.tap(&url, "close not-needed", "LIBRARIAN1").await;
    has(&page, &["Ended without it", "not needed any more", "Search for it again"]);
    assert!(!page.contains("Where to look") && !page.contains("value=\"not-there"), "{page}");
    has(&morning.tap(&url, "declare", "MANAGER1").await, &["no longer so"]);
    has(&morning.page("/volumes/F0009").await, &["<button>Not there</button>"]);
    has(&morning.tap(&url, "reopen", "LIBRARIAN1").await, &["Declared missing, and still wanted"]);
}
