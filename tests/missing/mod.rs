//! A hospital in which folders go missing: a real store, real desks and the pages' addresses, by raw HTTP. Its clock is
//! the story's; each scan comes a minute after the one before.

#![expect(clippy::unwrap_used, reason = "what is not there fails the test")]

use std::time::Duration;

use casetrack::clock::{Clock, ManualClock};
use casetrack::domain::barcode::Card;
use casetrack::domain::import::{Piece, PlaceRow, Said, StaffRow, VolumeRow};
use casetrack::domain::place::PlaceKind;
use casetrack::domain::staff::Role;
use casetrack::live::Live;
use casetrack::store::story::{MORNING, code};
use casetrack::store::{DeskStand, Options, Store, verify};
use casetrack::web::Exposure;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::common::{Folder, options, trust};
use crate::service::{Ground, PATIENCE, Service, setups_of, told, volume};

/// Between two questions whether the log has been read: it is read every two seconds.
const STEP: Duration = Duration::from_millis(100);
/// Between two scans of one clerk.
const BETWEEN_SCANS: Duration = Duration::from_secs(5);
/// A day.
pub const DAY: Duration = Duration::from_hours(24);
/// Most looks of a plan that a searcher makes before asking for help.
pub const FIRST_FEW: usize = 3;

/// Code, name, kind, what it is in, whose it is.
const PLACES: [(&str, &str, PlaceKind, &str, &str); 13] = [
    ("RX1", "St Elsewhere", PlaceKind::Site, "", ""),
    ("LIB", "Library", PlaceKind::Library, "RX1", ""),
    ("S12", "Shelf 12", PlaceKind::Shelf, "LIB", ""),
    ("RETURNS", "Returns", PlaceKind::Other, "LIB", ""),
    ("CL5", "Clinic 5", PlaceKind::Clinic, "RX1", "Dr Rao"),
    ("CL6", "Clinic 6", PlaceKind::Clinic, "RX1", "Dr Bose"),
    ("WARD7", "Ward 7", PlaceKind::Ward, "RX1", ""),
    ("WARD8", "Ward 8", PlaceKind::Ward, "RX1", ""),
    ("SEC-BOSE", "Secretary of Dr Bose", PlaceKind::Person, "RX1", "Dr Bose"),
    ("SEC-RAO", "Secretary of Dr Rao", PlaceKind::Person, "RX1", "Dr Rao"),
    ("CODING", "Coding", PlaceKind::Office, "RX1", ""),
    ("HUB", "Post hub", PlaceKind::Office, "RX1", ""),
    ("THEATRE", "Theatres", PlaceKind::Other, "RX1", ""),
];
const DESKS: [&str; 7] = ["LIB", "CL5", "CL6", "WARD7", "SEC-RAO", "CODING", "HUB"];
/// Folders beside those of a story, `H1` to `H400`: so many that a wrong slot is far from the right one.
const OTHERS: u32 = 400;
/// How many of them travel.
const TRAVELLERS: u32 = 40;

/// See the module.
pub struct Hospital {
    folder: Folder,
    store: Store,
    hands: ManualClock,
    service: Service,
}

/// A plan as the interface tells it.
pub struct Plan(Value);

impl Plan {
    /// The place of this spot among those to look at, from 1; second looks are not counted.
    pub fn rank(&self, spot: &str) -> Option<usize> {
        self.lines().filter(|line| line["visit"] == 1).position(|line| line["spot"] == spot).map(|at| at + 1)
    }

    /// Why one should look there, all sentences.
    pub fn why(&self, spot: &str) -> String {
        let line = self.lines().find(|line| line["spot"] == spot && line["visit"] == 1);
        let reasons = line.and_then(|line| line["reasons"].as_array()).into_iter().flatten();
        reasons.filter_map(Value::as_str).collect::<Vec<_>>().join(" ")
    }

    /// The chance that it is told to be there.
    pub fn chance(&self, spot: &str) -> f64 {
        let line = self.lines().find(|line| line["spot"] == spot && line["visit"] == 1);
        line.and_then(|line| line["chance"].as_f64()).unwrap_or_default()
    }

    /// The spots that were looked at in vain or not, each with what came of it.
    pub fn looks(&self) -> Vec<String> {
        let looks = self.0["looks"].as_array().into_iter().flatten();
        looks.map(|look| format!("{} {}", text(look, "spot"), text(look, "result"))).collect()
    }

    /// The volumes that belong to the folder, by number of volume.
    pub fn set(&self) -> &Value {
        &self.0["set"]
    }

    fn lines(&self) -> impl Iterator<Item = &Value> {
        self.0["lines"].as_array().into_iter().flatten()
    }
}

impl std::fmt::Display for Plan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "looked: {:?}", self.looks())?;
        self.lines()
            .filter(|line| line["visit"] == 1)
            .try_for_each(|line| writeln!(f, "{} {} {}", text(line, "spot"), line["chance"], line["reasons"]))
    }
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

impl Hospital {
    /// With the folders of the story, each with the number that it is filed by; and others that make habits.
    pub async fn open(numbers: &[&str]) -> Self {
        let folder = Folder::new();
        let (clock, hands) = Clock::manual(MORNING);
        let stands = DESKS.map(|place| DeskStand { desk: code(&format!("{place}-1")), place: code(place) });
        let live = Live::default();
        let (desks, shared) = (stands.to_vec(), live.clone());
        let store = Store::open(Options { desks, live: shared, ..options(&folder, clock.clone()) }).unwrap();
        for piece in pieces(numbers) {
            store.import(&trust(), piece).await.unwrap();
        }
        let ground = Ground {
            store: store.clone(),
            trust: trust(),
            clock,
            live,
            setups: setups_of(&stands),
            exposure: Exposure::Loopback,
        };
        Self { folder, store, hands, service: Service::over(ground).await }
    }

    /// Lets time pass.
    pub fn pass(&self, by: Duration) {
        self.hands.advance(by);
    }

    /// Scans at the desk of `place`; what the last one said.
    pub async fn scans(&self, place: &str, codes: &[&str]) -> Value {
        let mut said = Value::Null;
        for code in codes {
            self.pass(BETWEEN_SCANS);
            let scan = json!({ "id": Uuid::now_v7(), "code": code });
            let (status, answer) = self.service.scan(&format!("{place}-1"), scan).await;
            assert_eq!(status, 200, "{place} {code}: {answer}");
            said = answer;
        }
        said
    }

    /// Sends folders from the desk of `from`, as one batch.
    pub async fn sends(&self, from: &str, to: &str, folders: &[&str]) {
        let end = card(Card::End);
        let codes: Vec<_> = [to].iter().chain(folders).chain(&[end.as_str()]).copied().collect();
        self.scans(from, &codes).await;
    }

    /// Receives folders at the desk of `at`, as one batch.
    pub async fn receives(&self, at: &str, folders: &[&str]) {
        let end = card(Card::End);
        let codes: Vec<_> = folders.iter().chain(&[end.as_str()]).copied().collect();
        self.scans(at, &codes).await;
    }

    /// Months of folders that go to Clinic 5 and come back, each scanned wherever it is.
    pub async fn is_as_usual(&self) {
        let folders: Vec<_> = (1..=TRAVELLERS).map(|n| format!("H{n}")).collect();
        for some in folders.chunks(10) {
            let some: Vec<_> = some.iter().map(String::as_str).collect();
            self.sends("LIB", "CL5", &some).await;
            self.pass(DAY);
            self.receives("CL5", &some).await;
            self.pass(2 * DAY);
            self.sends("CL5", "LIB", &some).await;
            self.pass(DAY);
            let filed: Vec<_> = some.iter().flat_map(|folder| [*folder, "S12"]).collect();
            self.receives("LIB", &filed).await;
            self.pass(7 * DAY);
        }
    }

    /// MISSING at the desk of `place`, OK where it asks whether somebody has rung; the name of the search.
    pub async fn misses(&self, place: &str, folder: &str) -> String {
        let said = self.scans(place, &[&card(Card::Missing), folder]).await;
        if said["signal"] == "stop" {
            self.scans(place, &[&card(Card::Ok)]).await;
        }
        self.search_of(folder).await.unwrap_or_else(|| panic!("no search for {folder}: {said}"))
    }

    /// The name of the search that a folder's record speaks of.
    pub async fn search_of(&self, folder: &str) -> Option<String> {
        let record = self.record(folder).await;
        record["search"]["id"].as_str().map(str::to_owned)
    }

    /// What the interface says of a folder.
    pub async fn record(&self, folder: &str) -> Value {
        let (status, record) = self.service.json(&format!("volumes/{folder}")).await;
        assert_eq!(status, 200, "{record}");
        record
    }

    /// Where to look, once what `is_known` asks for has been learnt from the log.
    pub async fn plan(&self, folder: &str, is_known: impl Fn(&Plan) -> bool) -> Plan {
        for _ in 0..PATIENCE.as_millis() / STEP.as_millis() {
            let (status, plan) = self.service.json(&format!("volumes/{folder}/search-plan")).await;
            assert_eq!(status, 200, "{plan}");
            let plan = Plan(plan);
            if is_known(&plan) {
                return plan;
            }
            tokio::time::sleep(STEP).await;
        }
        let (_, plan) = self.service.json(&format!("volumes/{folder}/search-plan")).await;
        panic!("never so planned for {folder}:\n{}", Plan(plan));
    }

    /// Somebody looked; the plan of then.
    pub async fn looks(&self, badge: &str, search: &str, spot: &str, result: &str) -> Plan {
        self.pass(Duration::from_mins(3));
        let body =
            json!({ "id": Uuid::now_v7(), "spot": spot, "result": result, "badge": badge }).to_string();
        let path = format!("/api/v1/searches/{search}/looks");
        let answer = self.service.ask("POST", &path, "content-type: application/json\r\n", &body).await;
        let (status, mut said) = told(&answer);
        assert_eq!(status, 200, "{said}");
        Plan(said["plan"].take())
    }

    /// What was found out about a search: its state, the cause and how, as the register has them.
    pub async fn outcome(&self, search: &str) -> String {
        let id = casetrack::domain::SearchId::new(search.parse().unwrap());
        let found = self.store.search_named(&trust(), id).await.unwrap().unwrap().search;
        let outcome = found.found.map(|found| (found.cause.word(), found.how.word()));
        format!("{:?} {outcome:?}", found.state)
    }

    /// A page.
    pub async fn page(&self, path: &str) -> String {
        self.service.page(path).await
    }

    /// A form, sent.
    pub async fn sends_form(&self, path: &str, fields: &str) -> String {
        let media = "content-type: application/x-www-form-urlencoded\r\n";
        self.service.ask("POST", path, media, &format!("{fields}&id={}", Uuid::now_v7())).await
    }

    /// The live stream of these topics.
    pub async fn watches(&self, topics: &str) -> tokio::net::TcpStream {
        self.service.open("GET", &format!("/api/v1/live?{topics}"), "", "").await
    }

    /// The log and all that was made of it agree at the end of every story.
    pub async fn close(self) {
        self.store.stop().await;
        assert!(verify(&self.folder.0).unwrap().is_sound());
    }
}

/// The text of a card.
pub fn card(card: Card) -> String {
    card.barcode().to_string()
}

fn pieces(numbers: &[&str]) -> [Piece; 3] {
    let said = |text: &str| if text.is_empty() { Said::Nothing } else { Said::Is(text.to_owned()) };
    let places = PLACES.map(|(place, name, kind, parent, consultants)| PlaceRow {
        code: code(place),
        name: said(name),
        kind: Said::Is(kind),
        parent: if parent.is_empty() { Said::Nothing } else { Said::Is(code(parent)) },
        phone: Said::Nothing,
        phone_out_of_hours: Said::Nothing,
        open: Said::Nothing,
        until: Said::Nothing,
        consultants: said(consultants),
    });
    let staff = [("B1", "Pat Clerk", Role::Clerk), ("B2", "June Ward", Role::Clerk)];
    let staff = staff.map(|(badge, name, role)| StaffRow {
        badge: code(badge),
        name: Said::Is(name.to_owned()),
        role: Said::Is(role),
    });
    let others = (1..=OTHERS).map(|n| (format!("H{n}"), format!("{:06}", n * 23_447 % 1_000_000), 1));
    let own = numbers.iter().map(|number| of_story(number));
    let volumes = own.chain(others).map(|(label, number, part)| VolumeRow {
        barcode: Some(label.parse().unwrap()),
        hospital_number: number.parse().unwrap(),
        home: Said::Is(code("S12")),
        ..volume(part)
    });
    [Piece::Places(places.to_vec()), Piece::Staff(staff.to_vec()), Piece::Volumes(volumes.collect())]
}

/// Label, number and volume of a folder: `482917` is the folder `F482917`, `482917/2` the second volume `F482917-2`.
fn of_story(number: &str) -> (String, String, u32) {
    match number.split_once('/') {
        Some((number, part)) => (format!("F{number}-{part}"), number.to_owned(), part.parse().unwrap()),
        None => (format!("F{number}"), number.to_owned(), 1),
    }
}
