//! The hub over a real store.

use std::path::PathBuf;

use super::*;
use crate::clock::Clock;
use crate::desk::{DeskSetup, SignOn, Surroundings};
use crate::domain::VolumeId;
use crate::domain::command::{Act, Consent, Thing};
use crate::live::Cursor;
use crate::store::story::{self, Hospital, MORNING, code};
use crate::store::{DeskStand, Options};

/// Longest wait for something that must come: far more than a busy machine needs.
const PATIENCE: Duration = Duration::from_secs(20);

struct House {
    hospital: Hospital,
    hub: Hub,
    live: Live,
    stop: watch::Sender<bool>,
    dir: PathBuf,
}

impl Drop for House {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

impl House {
    async fn open() -> Self {
        let dir = std::env::temp_dir().join(format!("casetrack-hub-{}", uuid::Uuid::now_v7()));
        let (clock, hands) = Clock::manual(MORNING);
        let (trust, live) = (Trust(code("RX1")), Live::default());
        let store = Store::open(Options {
            dir: dir.clone(),
            trust: trust.clone(),
            desks: story::desks(),
            clock: clock.clone(),
            live: live.clone(),
        })
        .unwrap();
        let hospital = Hospital::open(store.clone(), trust.clone(), clock.clone(), hands).await;
        let (stop, stopping) = watch::channel(false);
        let directory = store.directory();
        let desks = desks(&store, clock);
        let hub = Hub::open(Sources { store, trust, directory, live: live.clone(), desks }, stopping);
        Self { hospital, hub, live, stop, dir }
    }

    async fn join(&self, topics: Vec<Topic>) -> mpsc::Receiver<Arc<Told>> {
        self.hub.join(topics).await.unwrap().queue
    }

    fn place(&self, text: &str) -> Topic {
        Topic::Place(self.hospital.place(text))
    }
}

fn desks(store: &Store, clock: Clock) -> Desks {
    Desks::new(Surroundings {
        setups: story::desks().into_iter().map(|stand| (stand.desk.clone(), setup(stand))).collect(),
        rules: Arc::new([]),
        commands: store.commands(),
        directory: store.directory(),
        clock,
        past: Arc::new(|_, _| Box::pin(async { Vec::new() })),
        turns: Arc::new(|_| Box::pin(std::future::pending())),
        time_zone: jiff::tz::TimeZone::UTC,
        filings: Arc::default(),
    })
}

fn setup(stand: DeskStand) -> DeskSetup {
    DeskSetup {
        code: stand.desk,
        place: stand.place,
        sign_on: SignOn::Optional,
        sign_on_idle: Duration::from_mins(15),
        pairing: None,
        label_printer: None,
    }
}

async fn heard(queue: &mut mpsc::Receiver<Arc<Told>>) -> Option<Arc<Told>> {
    tokio::time::timeout(PATIENCE, queue.recv()).await.unwrap()
}

/// Waits until a movement is told in these words, its cursor and arrivals that it implies left out.
async fn hear(queue: &mut mpsc::Receiver<Arc<Told>>, wanted: &str) {
    let mut others = Vec::new();
    while others.len() < 4 {
        let text = heard(queue).await.unwrap().text.clone();
        let words = text.split_once("\"kind\":").map(|(_, words)| words.trim_end().to_owned()).unwrap();
        if words == wanted {
            return;
        }
        others.push(words);
    }
    panic!("{wanted} was not told, but {others:#?}");
}

fn moved(number: u64, place: PlaceId) -> Event {
    let cursor = Cursor { epoch: 1, number };
    let subject = Subject::Volume(VolumeId::new(1));
    Event { cursor, subject, places: vec![place], kind: "arrived" }
}

#[tokio::test]
async fn a_folder_is_told_to_have_moved_when_the_trolley_with_its_crate_does() {
    let mut house = House::open().await;
    house.hospital.pack("LIB", "F1", "K12").await;
    let folder = house.hospital.folder("F1").await.brief.id;
    let mut folders = house.join(vec![Topic::Volume(folder)]).await;
    let mut boxes = house.join(vec![house.place("K12")]).await;
    let (crate_, trolley) = (house.hospital.place("K12"), house.hospital.place("TROLLEY"));

    let into = Act::Pack { thing: Thing::Container(crate_), container: trolley, consent: Consent::Unasked };
    house.hospital.scan("LIB", "K12", into).await;
    hear(&mut folders, r#""packed","barcode":"F1","via":"K12","places":["LIB","TROLLEY"]}"#).await;
    hear(&mut boxes, r#""packed","barcode":"K12","places":["LIB","TROLLEY"]}"#).await;
    house.hospital.scan("CL5", "TROLLEY", Act::Receive(Thing::Container(trolley))).await;
    hear(&mut folders, r#""arrived","barcode":"F1","via":"TROLLEY","places":["CL5"]}"#).await;
    hear(&mut boxes, r#""arrived","barcode":"K12","via":"TROLLEY","places":["CL5"]}"#).await;

    house.hospital.pack("CL5", "F2", "K12").await;
    hear(&mut boxes, r#""packed","barcode":"F2","places":["CL5","K12"]}"#).await;
    house.hospital.receive("HUB", "F1").await;
    let out = r#""arrived","barcode":"F1","places":["CL5","LIB","K12","HUB"]}"#;
    hear(&mut folders, out).await;
    hear(&mut boxes, out).await;
    house.hospital.scan("LIB", "TROLLEY", Act::Receive(Thing::Container(trolley))).await;
    hear(&mut boxes, r#""arrived","barcode":"K12","via":"TROLLEY","places":["CL5","LIB"]}"#).await;
    assert!(folders.try_recv().is_err(), "the folder is in the trolley no more");
}

async fn ring_once(library: &mut mpsc::Receiver<Arc<Told>>, clinic: &mut mpsc::Receiver<Arc<Told>>) {
    for (queue, desk) in [(library, "LIB-1"), (clinic, "CL5-1")] {
        let told = heard(queue).await.unwrap();
        assert!(told.text.contains(&format!(r#"{{"desk":"{desk}","session":null}}"#)), "{}", told.text);
        assert!(queue.try_recv().is_err(), "it rings once");
    }
}

#[tokio::test]
async fn what_has_turned_up_rings_at_the_desks_of_its_library_and_of_whoever_waits_and_at_no_other() {
    let mut house = House::open().await;
    let watch = |desk: &str| vec![Topic::Desk(code(desk))];
    let mut library = house.join(watch("LIB-1")).await;
    let mut clinic = house.join(watch("CL5-1")).await;
    let folder = house.hospital.folder("F1").await.brief.id;
    let mut page = house.join(vec![Topic::Volume(folder)]).await;
    house.hospital.missing("CL5", "F1").await;
    ring_once(&mut library, &mut clinic).await;
    assert!(heard(&mut page).await.unwrap().text.contains(r#""search","barcode":"F1""#));
    house.hospital.receive("HUB", "F1").await;
    ring_once(&mut library, &mut clinic).await;
    hear(&mut page, r#""turned-up","barcode":"F1","places":["LIB","CL5","HUB"]}"#).await;
    let mut other = house.join(watch("HUB-1")).await;
    house.hospital.receive("LIB", "F1").await;
    assert!(other.try_recv().is_err() && library.try_recv().is_err(), "it rings once");
}

#[tokio::test]
async fn a_thousand_streams_cost_the_writer_one_send_and_the_store_no_look_up_each() {
    const STREAMS: u64 = 1_000;
    const EVENTS: u64 = 5_000;
    const PLACES: u64 = 50;
    let house = House::open().await;
    assert_eq!(house.live.receivers(), 0, "nobody watches");
    let mut queues = Vec::new();
    for stream in 0..STREAMS {
        let place = PlaceId::new(i64::try_from(100 + stream % PLACES).unwrap());
        queues.push(house.join(vec![Topic::Place(place)]).await);
    }
    assert_eq!(house.live.receivers(), 1);
    let before = house.hub.figures();
    for number in 0..EVENTS {
        house.live.tell(moved(number, PlaceId::new(i64::try_from(100 + number % PLACES).unwrap())));
        // Every ten turns of the places all streams read, so that neither the hub nor a stream falls behind.
        if (number + 1) % (10 * PLACES) == 0 {
            for queue in &mut queues {
                for _ in 0..10 {
                    heard(queue).await.unwrap();
                }
            }
        }
    }
    let after = house.hub.figures();
    assert_eq!(after.streams, STREAMS);
    assert_eq!(after.told - before.told, EVENTS / PLACES * STREAMS);
    assert!(after.lookups - before.lookups <= EVENTS, "{after:?}");
    assert_eq!(house.live.receivers(), 1);
}

#[tokio::test]
async fn a_stream_that_reads_nothing_is_dropped_and_the_others_go_on() {
    let house = House::open().await;
    let clinic = house.place("CL5");
    let Topic::Place(place) = clinic else { unreachable!() };
    let asleep = house.join(vec![clinic.clone()]).await;
    let mut awake = house.join(vec![clinic]).await;
    for number in 0..=u64::try_from(MAX_BEHIND).unwrap() {
        house.live.tell(moved(number, place));
        heard(&mut awake).await.unwrap();
    }
    assert!(asleep.is_closed());
    assert_eq!(asleep.len(), MAX_BEHIND);
    assert!(!awake.is_closed());
}

#[tokio::test]
async fn all_streams_end_with_the_service() {
    let house = House::open().await;
    let mut queue = house.join(vec![house.place("CL5")]).await;
    house.stop.send(true).unwrap();
    assert!(heard(&mut queue).await.is_none());
    assert!(house.hub.join(vec![house.place("CL5")]).await.is_none());
    assert_eq!(house.live.receivers(), 0);
}

#[tokio::test]
async fn a_task_that_panics_is_found_out_and_one_that_ends_is_not() {
    let panicking = async {
        tokio::task::yield_now().await;
        assert!(std::hint::black_box(false), "a fault");
    };
    assert!(panics(panicking).await);
    assert!(!panics(tokio::task::yield_now()).await);
}
