//! A running service over a real store and real desks, by raw HTTP.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "what is not there fails the test")]
#![allow(dead_code, reason = "each test uses its part")]

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use casetrack::clock::Clock;
use casetrack::desk::{DeskSetup, Desks, SignOn, Surroundings};
use casetrack::domain::import::{PatientRow, Piece, PlaceRow, Said, VolumeRow};
use casetrack::domain::making::Numbering;
use casetrack::domain::place::{Code, PlaceKind};
use casetrack::jobs::locating::{Follower, Keeping, Locating, Pace};
use casetrack::jobs::missing::Counting;
use casetrack::labels::print::Setup;
use casetrack::live::Live;
use casetrack::store::report::asking::asking;
use casetrack::store::{DeskStand, Options, Store, Trust};
use casetrack::web::{Exposure, Parts, Patient, Web, router};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use uuid::Uuid;

/// Longest wait for something that must come: far more than a busy machine needs.
pub const PATIENCE: Duration = Duration::from_secs(20);
/// A name that would run if a page let it.
pub const HOSTILE: &str = "<script>alert(1)</script>\"'>&";

pub fn code(text: &str) -> Code {
    text.parse().unwrap()
}

/// How desks that stand so are set up.
pub fn setups_of(stands: &[DeskStand]) -> Vec<DeskSetup> {
    let setup = |stand: &DeskStand| DeskSetup {
        code: stand.desk.clone(),
        place: stand.place.clone(),
        sign_on: SignOn::Optional,
        sign_on_idle: Duration::from_mins(15),
        pairing: None,
        label_printer: None,
    };
    stands.iter().map(setup).collect()
}

fn stands() -> Vec<DeskStand> {
    [("LIB-1", "LIB"), ("CL5-1", "CL5")]
        .map(|(desk, place)| DeskStand { desk: code(desk), place: code(place) })
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
        consultants: Said::Nothing,
    }
}

/// Places, a patient with three folders, and two of one name.
fn pieces() -> [Piece; 3] {
    let places = vec![
        place("RX1", PlaceKind::Site, None, Some("01632 960000")),
        place("LIB", PlaceKind::Library, Some("RX1"), None),
        place("CL5", PlaceKind::Clinic, Some("RX1"), Some("01632 960005")),
    ];
    let patient = |number: &str, surname: &str, born: &str| PatientRow {
        site: code("RX1"),
        hospital_number: number.parse().unwrap(),
        nhs_number: Said::Nothing,
        surname: Said::Is(surname.to_owned()),
        forename: Said::Is("Ann".to_owned()),
        born: born.parse().map_or(Said::Nothing, Said::Is),
        died: Said::Nothing,
    };
    let patients = vec![
        patient("900001", HOSTILE, ""),
        patient("800001", "Quuxworthy", "1961-05-04"),
        patient("800002", "QUUXWORTHY", "1988-12-31"),
    ];
    let volumes = (1..=3).map(|number| VolumeRow {
        barcode: (number < 3).then(|| format!("F000{number}").parse().unwrap()),
        place: (number == 2).then(|| code("CL5")),
        ..volume(number)
    });
    [Piece::Places(places), Piece::Patients(patients), Piece::Volumes(volumes.collect())]
}

/// A volume of the patient's, which a barcode of ours is given to and nobody has seen.
pub fn volume(number: u32) -> VolumeRow {
    VolumeRow {
        barcode: None,
        site: code("RX1"),
        hospital_number: "900001".parse().unwrap(),
        number_type: code("HOSPITAL"),
        casenote: None,
        volume: number,
        kind: Said::Nothing,
        home: Said::Nothing,
        place: None,
        hold: Said::Nothing,
        restricted: Said::Nothing,
        gone: None,
    }
}

/// A running service on a free port.
pub struct Service {
    pub address: String,
    pub live: Live,
    pub store: Store,
    pub stop: watch::Sender<bool>,
    /// Its data, where they go away with it.
    dir: Option<PathBuf>,
}

impl Drop for Service {
    fn drop(&mut self) {
        let _ = self.stop.send(true);
        if let Some(dir) = &self.dir {
            let _ = std::fs::remove_dir_all(dir);
        }
    }
}

/// What a service is started over.
pub struct Ground {
    pub store: Store,
    pub trust: Trust,
    pub clock: Clock,
    pub live: Live,
    pub setups: Vec<DeskSetup>,
    pub exposure: Exposure,
}

impl Service {
    /// Over a small hospital of its own.
    pub async fn start(exposure: Exposure) -> Self {
        let dir = std::env::temp_dir().join(format!("casetrack-web-{}", Uuid::now_v7()));
        std::fs::create_dir_all(&dir).unwrap();
        let (live, trust, clock) = (Live::default(), Trust(code("RX1")), Clock::system());
        let store = Store::open(Options {
            dir: dir.clone(),
            trust: trust.clone(),
            desks: stands(),
            clock: clock.clone(),
            live: live.clone(),
        })
        .unwrap();
        for piece in pieces() {
            store.import(&trust, piece).await.unwrap();
        }
        let setups = setups_of(&stands());
        let mut service = Self::over(Ground { store, trust, clock, live, setups, exposure }).await;
        service.dir = Some(dir);
        service
    }

    /// Over what somebody else has made.
    pub async fn over(ground: Ground) -> Self {
        Self::printing(ground, Vec::new()).await
    }

    /// … with printers, of which none prints: what is queued for them waits.
    pub async fn printing(ground: Ground, printers: Vec<Setup>) -> Self {
        let (stop, stopping) = watch::channel(false);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let (live, store) = (ground.live.clone(), ground.store.clone());
        let web = web(ground, printers, stopping);
        tokio::spawn(async move { axum::serve(Patient::new(listener), router(web)).await });
        Self { address, live, store, stop, dir: None }
    }

    pub async fn open(&self, method: &str, path: &str, more: &str, body: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).await.unwrap();
        let host = if more.contains("host:") { String::new() } else { format!("host: {}\r\n", self.address) };
        let head = format!("{method} {path} HTTP/1.1\r\n{host}connection: close\r\n{more}");
        let length = format!("content-length: {}\r\n\r\n", body.len());
        stream.write_all(format!("{head}{length}{body}").as_bytes()).await.unwrap();
        stream
    }

    /// The whole answer: head and body.
    pub async fn ask(&self, method: &str, path: &str, more: &str, body: &str) -> String {
        String::from_utf8(self.ask_bytes(method, path, more, body).await).unwrap()
    }

    /// … whatever it holds.
    pub async fn ask_bytes(&self, method: &str, path: &str, more: &str, body: &str) -> Vec<u8> {
        let mut stream = self.open(method, path, more, body).await;
        let mut answer = Vec::new();
        tokio::time::timeout(PATIENCE, stream.read_to_end(&mut answer)).await.unwrap().unwrap();
        answer
    }

    pub async fn page(&self, path: &str) -> String {
        self.ask("GET", path, "", "").await
    }

    /// Status and body of the interface.
    pub async fn json(&self, path: &str) -> (u16, Value) {
        told(&self.page(&format!("/api/v1/{path}")).await)
    }

    pub async fn scan(&self, desk: &str, body: Value) -> (u16, Value) {
        let path = format!("/api/v1/desks/{desk}/scans");
        told(&self.ask("POST", &path, "content-type: application/json\r\n", &body.to_string()).await)
    }
}

fn web(ground: Ground, printers: Vec<Setup>, stopping: watch::Receiver<bool>) -> Web {
    let Ground { store, trust, clock, live, setups, exposure } = ground;
    let time_zone = jiff::tz::TimeZone::UTC;
    let desks = Desks::new(Surroundings {
        setups: setups.iter().map(|setup| (setup.code.clone(), setup.clone())).collect(),
        rules: Arc::new([]),
        commands: store.commands(),
        directory: store.directory(),
        clock: clock.clone(),
        past: Arc::new(|_, _| Box::pin(async { Vec::new() })),
        stopped: Arc::new(|| Box::pin(std::future::pending())),
        time_zone: time_zone.clone(),
        filings: Arc::default(),
    });
    let overviews = watch::channel(None).1;
    let numbering = Numbering::Ours;
    let troubles = watch::channel(Vec::new()).1;
    let (missing, asked) = asking();
    let counting = Counting {
        store: store.clone(),
        trust: trust.clone(),
        time_zone: time_zone.clone(),
        rest: std::time::Duration::ZERO,
    };
    tokio::spawn(counting.run(clock.clone(), asked));
    let settings = casetrack::config::Config::parse("", None).unwrap().locate;
    let locating = Locating::new(store.clone(), trust.clone(), clock.clone(), time_zone.clone(), settings);
    let locating = Arc::new(locating);
    tokio::spawn(Follower::new(locating.clone(), Pace::Flat, Keeping::Nothing).run(stopping.clone()));
    Web::new(Parts {
        store,
        missing,
        desks,
        trust,
        setups,
        live,
        clock,
        time_zone,
        exposure,
        numbering,
        overviews,
        usual: watch::channel(Arc::default()).1,
        ahead: watch::channel(Arc::default()).1,
        filings: Arc::default(),
        printers,
        labels: Arc::new(casetrack::labels::Files::of_house(None).unwrap()),
        profiles: None,
        troubles,
        scanners: watch::channel(Arc::default()).1,
        locating,
        states: casetrack::jobs::states::States::default(),
        stopping,
    })
}

/// Status and body of an answer.
pub fn told(answer: &str) -> (u16, Value) {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    (status, serde_json::from_str(body).unwrap_or_else(|_| panic!("no JSON: {answer}")))
}

/// Reads a stream until `wanted` has come; a live stream never ends by itself, so the whole wait has a limit.
pub async fn hear(stream: &mut TcpStream, wanted: &str) -> String {
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
