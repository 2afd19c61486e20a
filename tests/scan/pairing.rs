//! Who is who: scanners that are plugged into a running service, and the cards that give them to desks. Pseudo terminals
//! stand for devices; what a test says is plugged in stands for `/sys`.

use crate::common;
use crate::ten_folders;

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use casetrack::app::ports::{Pace, Plugs};
use casetrack::app::rooms::Rooms;
use casetrack::app::{Scanning, serve_with};
use casetrack::clock::Clock;
use casetrack::config::Config;
use casetrack::domain::barcode::Card;
use casetrack::scan::port::Address;
use casetrack::scan::pty::VirtualScanner;
use casetrack::scan::usb::{Identity, Link, Plugged};
use common::Folder;
use serde_json::Value;
use ten_folders::{BADGE, folder, pieces};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Longest wait for something that must come.
const PATIENCE: Duration = Duration::from_secs(20);
/// Between two questions whether it has come.
const STEP: Duration = Duration::from_millis(20);
/// What a desk's page says of a scanner that is missed.
const ALARM: &str = "Plug it in again, then scan on from the next.";
const ZEBRA: (u16, u16) = (0x05e0, 0x1701);
const HONEYWELL: (u16, u16) = (0x0c2e, 0x0901);
const DESKS: &str = "[server]\nlisten = \"127.0.0.1:0\"\n\
    [[desk]]\ncode = \"CL5-1\"\nplace = \"CL5\"\npairing = 30\n\
    [[desk]]\ncode = \"LIB-1\"\nplace = \"LIB\"\npairing = 31\n";

/// What is plugged in.
#[derive(Clone, Default)]
struct Sockets(Arc<Mutex<Vec<Plugged>>>);

impl Plugs for Sockets {
    fn look(&mut self) -> Option<Vec<Plugged>> {
        Some(self.0.lock().unwrap().clone())
    }

    fn address(&self, plugged: &Plugged) -> Address {
        Address::Serial(plugged.node.clone())
    }
}

impl Sockets {
    fn plug(&self, location: &str, (vid, pid): (u16, u16), serial: Option<&str>) -> VirtualScanner {
        let (scanner, node) = VirtualScanner::new().unwrap();
        let location = location.parse().unwrap();
        let identity = Identity { location, vid, pid, serial: serial.map(str::to_owned) };
        let plugged = Plugged { identity, link: Link::Serial, node, manufacturer: None, product: None };
        self.0.lock().unwrap().push(plugged);
        scanner
    }

    fn unplug(&self, location: &str, scanner: VirtualScanner) {
        let location = location.parse().unwrap();
        self.0.lock().unwrap().retain(|plugged| plugged.identity.location != location);
        drop(scanner);
    }
}

/// A running service with two desks and ten folders.
struct Hospital {
    sockets: Sockets,
    address: String,
    config: PathBuf,
    pace: Pace,
    stop: Option<oneshot::Sender<()>>,
    serving: Option<JoinHandle<anyhow::Result<()>>>,
    _folder: Folder,
}

fn card(card: Card) -> String {
    card.barcode().to_string()
}

impl Hospital {
    async fn open(more: &str) -> Self {
        let pace = Pace { look: STEP, tend: STEP, restart: Duration::from_millis(200) };
        Self::at_pace(more, pace).await
    }

    async fn at_pace(more: &str, pace: Pace) -> Self {
        let folder = Folder::new();
        let config = folder.0.join("casetrack.toml");
        std::fs::write(&config, format!("{DESKS}{more}")).unwrap();
        let rooms = Rooms::open(Config::load(Some(&config), None).unwrap(), Clock::system()).await.unwrap();
        for piece in pieces() {
            rooms.store.import(&rooms.trust, piece).await.unwrap();
        }
        rooms.close().await;
        let (sockets, address) = (Sockets::default(), String::new());
        let mut hospital =
            Self { sockets, address, config, pace, stop: None, serving: None, _folder: folder };
        hospital.start().await;
        hospital
    }

    async fn start(&mut self) {
        let config = Config::load(Some(&self.config), None).unwrap();
        let scanning = Scanning { plugs: Box::new(self.sockets.clone()), pace: self.pace };
        let (tell, ready) = oneshot::channel();
        let (stop, stopped) = oneshot::channel::<()>();
        let ready_at = |address| {
            let _ = tell.send(address);
        };
        let stopping = async move { drop(stopped.await) };
        self.serving = Some(tokio::spawn(serve_with(scanning, config, Clock::system(), ready_at, stopping)));
        self.stop = Some(stop);
        self.address = ready.await.unwrap().to_string();
    }

    async fn stop(&mut self) {
        let _ = self.stop.take().unwrap().send(());
        self.serving.take().unwrap().await.unwrap().unwrap();
    }

    async fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nhost: {}\r\nconnection: close\r\n\r\n", self.address);
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    async fn json(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap()
    }

    /// The scanner of this name, as the interface tells of it.
    async fn scanner(&self, name: &str) -> Option<Value> {
        let all = self.json("/api/v1/scanners").await;
        all["items"].as_array().unwrap().iter().find(|scanner| scanner["name"] == name).cloned()
    }

    /// Waits until the scanner of this name is so.
    async fn shows(&self, name: &str, wanted: impl Fn(&Value) -> bool) -> Value {
        let mut last = None;
        for _ in 0..PATIENCE.as_millis() / STEP.as_millis() {
            last = self.scanner(name).await;
            if let Some(scanner) = last.as_ref().filter(|scanner| wanted(scanner)) {
                return scanner.clone();
            }
            tokio::time::sleep(STEP).await;
        }
        panic!("{name} never was as wanted: {last:?}");
    }

    async fn is(&self, name: &str, state: &str) -> Value {
        self.shows(name, |scanner| scanner["state"] == state).await
    }

    /// Waits until nobody speaks of this scanner any more.
    async fn forgets(&self, name: &str) {
        for _ in 0..PATIENCE.as_millis() / STEP.as_millis() {
            if self.scanner(name).await.is_none() {
                return;
            }
            tokio::time::sleep(STEP).await;
        }
        panic!("{name} is still there");
    }

    /// Waits until a folder is at this place.
    async fn stands(&self, number: u32, place: &str) {
        let mut last = Value::Null;
        for _ in 0..PATIENCE.as_millis() / STEP.as_millis() {
            last = self.json(&format!("/api/v1/volumes/{}", folder(number))).await;
            if last["place"]["code"] == place {
                return;
            }
            tokio::time::sleep(STEP).await;
        }
        panic!("folder {number} never came to {place}: {last}");
    }

    async fn place_of(&self, number: u32) -> Value {
        self.json(&format!("/api/v1/volumes/{}", folder(number))).await["place"].clone()
    }

    /// Waits until a page says so.
    async fn says(&self, path: &str, words: &str) {
        let mut last = String::new();
        for _ in 0..PATIENCE.as_millis() / STEP.as_millis() {
            last = self.get(path).await;
            if last.contains(words) {
                return;
            }
            tokio::time::sleep(STEP).await;
        }
        panic!("{path} never said {words}: {last}");
    }

    /// Scans badge and pairing card, and waits until the scanner is open at that desk.
    async fn pair(&self, scanner: &VirtualScanner, name: &str, pairing: u32, desk: &str) {
        scanner.scan(BADGE).unwrap();
        scanner.scan(&card(Card::Pairing(pairing))).unwrap();
        self.shows(name, |scanner| scanner["state"] == "open" && scanner["desk"] == desk).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_unknown_scanner_works_after_a_badge_and_a_card_and_what_it_read_is_not_lost() {
    let mut hospital = Hospital::open("").await;
    let scanner = hospital.sockets.plug("1-2.4", ZEBRA, None);
    let name = "usb://1-2.4";
    let waiting = hospital.is(name, "no-desk").await;
    assert_eq!(
        (&waiting["identity"], &waiting["profile"]),
        (&"05e0:1701 at 1-2.4".into(), &"zebra-cdc".into())
    );

    scanner.scan(&folder(1)).unwrap();
    scanner.scan(&folder(2)).unwrap();
    hospital.shows(name, |scanner| scanner["held"] == 2).await;
    assert!(!scanner.heard().is_empty(), "it is refused aloud");
    assert_eq!(hospital.place_of(1).await, Value::Null, "nothing moves");
    hospital.says("/", "waits for a desk: scan your badge with it, then the pairing card of its desk").await;

    hospital.pair(&scanner, name, 30, "CL5-1").await;
    hospital.says("/desks/CL5-1", "Record the 2 scans that were refused before? OK, or END").await;
    scanner.scan(&card(Card::Ok)).unwrap();
    hospital.stands(1, "CL5").await;
    hospital.stands(2, "CL5").await;
    hospital.says("/desks/CL5-1", "Scanner 05e0:1701 at 1-2.4: last read").await;

    hospital.stop().await;
    hospital.start().await;
    hospital.is(name, "open").await;
    scanner.scan(&folder(3)).unwrap();
    hospital.stands(3, "CL5").await;
    hospital.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_card_of_no_desk_and_a_card_without_a_badge_pair_nothing() {
    let mut hospital = Hospital::open("").await;
    let scanner = hospital.sockets.plug("1-1", ZEBRA, None);
    hospital.is("usb://1-1", "no-desk").await;
    scanner.scan(&card(Card::Pairing(77))).unwrap();
    scanner.scan(&folder(1)).unwrap();
    hospital.shows("usb://1-1", |scanner| scanner["held"] == 1).await;
    scanner.scan(&card(Card::Pairing(30))).unwrap();
    hospital.is("usb://1-1", "locked").await;
    hospital.says("/desks/CL5-1", "1 scan was refused and is kept").await;
    scanner.scan(&folder(2)).unwrap();
    hospital.says("/desks/CL5-1", "2 scans were refused and are kept").await;
    scanner.scan(&card(Card::Pairing(31))).unwrap();
    hospital.says("/desks/CL5-1", "This is the pairing card of LIB-1, LIB").await;
    // Pulled out and plugged in again it belongs to no desk, so that a wrong card does no harm.
    hospital.sockets.unplug("1-1", scanner);
    hospital.forgets("usb://1-1").await;
    let scanner = hospital.sockets.plug("1-1", ZEBRA, None);
    hospital.is("usb://1-1", "no-desk").await;
    hospital.pair(&scanner, "usb://1-1", 31, "LIB-1").await;
    scanner.scan(&folder(3)).unwrap();
    hospital.stands(3, "LIB").await;
    hospital.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_scanners_of_one_kind_are_told_apart_by_their_sockets() {
    let mut hospital = Hospital::open("").await;
    let one = hospital.sockets.plug("1-1", ZEBRA, None);
    let other = hospital.sockets.plug("1-2", ZEBRA, None);
    hospital.is("usb://1-1", "no-desk").await;
    hospital.is("usb://1-2", "no-desk").await;
    hospital.pair(&one, "usb://1-1", 30, "CL5-1").await;
    hospital.pair(&other, "usb://1-2", 31, "LIB-1").await;
    one.scan(&folder(1)).unwrap();
    other.scan(&folder(2)).unwrap();
    hospital.stands(1, "CL5").await;
    hospital.stands(2, "LIB").await;
    // Each socket stands at its desk, whichever of the two hangs on it.
    hospital.sockets.unplug("1-1", one);
    hospital.sockets.unplug("1-2", other);
    let in_one = hospital.sockets.plug("1-1", ZEBRA, None);
    let in_other = hospital.sockets.plug("1-2", ZEBRA, None);
    hospital.shows("usb://1-1", |scanner| scanner["reconnects"] == 1).await;
    hospital.shows("usb://1-2", |scanner| scanner["reconnects"] == 1).await;
    in_other.scan(&folder(3)).unwrap();
    in_one.scan(&folder(4)).unwrap();
    hospital.stands(3, "LIB").await;
    hospital.stands(4, "CL5").await;
    hospital.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn scanners_with_their_own_numbers_are_locked_when_they_change_places() {
    let mut hospital = Hospital::open("").await;
    let one = hospital.sockets.plug("1-1", HONEYWELL, Some("S1"));
    let other = hospital.sockets.plug("1-2", HONEYWELL, Some("S2"));
    hospital.is("usb://1-1", "no-desk").await;
    hospital.is("usb://1-2", "no-desk").await;
    hospital.pair(&one, "usb://1-1", 30, "CL5-1").await;
    hospital.pair(&other, "usb://1-2", 31, "LIB-1").await;
    hospital.sockets.unplug("1-1", one);
    hospital.sockets.unplug("1-2", other);
    let one = hospital.sockets.plug("1-2", HONEYWELL, Some("S1"));
    let other = hospital.sockets.plug("1-1", HONEYWELL, Some("S2"));
    hospital.is("usb://1-1", "no-desk").await;
    hospital.is("usb://1-2", "no-desk").await;
    hospital.pair(&one, "usb://1-2", 31, "LIB-1").await;
    one.scan(&folder(5)).unwrap();
    hospital.stands(5, "LIB").await;
    // Back in its first socket it is locked there: it was paired with another desk since.
    hospital.sockets.unplug("1-2", one);
    hospital.sockets.unplug("1-1", other);
    let one = hospital.sockets.plug("1-1", HONEYWELL, Some("S1"));
    hospital.is("usb://1-1", "no-desk").await;
    one.scan(&folder(6)).unwrap();
    hospital.shows("usb://1-1", |scanner| scanner["held"] == 1).await;
    assert_eq!(hospital.place_of(6).await, Value::Null);
    hospital.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn scanners_in_each_others_named_sockets_lock_both_desks_until_their_own_cards() {
    let more = "[[desk.scanner]]\nport = \"usb://1-2\"\ndevice = \"0c2e:0901\"\n\
        [[desk]]\ncode = \"WARD\"\nplace = \"CL5\"\npairing = 32\n\
        [[desk.scanner]]\nport = \"usb://1-1\"\ndevice = \"05e0:1701\"\n";
    let mut hospital = Hospital::open(more).await;
    let zebra = hospital.sockets.plug("1-1", ZEBRA, None);
    let honeywell = hospital.sockets.plug("1-2", HONEYWELL, Some("S1"));
    hospital.is("usb://1-1", "open").await;
    hospital.is("usb://1-2", "open").await;
    hospital.sockets.unplug("1-1", zebra);
    hospital.sockets.unplug("1-2", honeywell);
    let zebra = hospital.sockets.plug("1-2", ZEBRA, None);
    let _honeywell = hospital.sockets.plug("1-1", HONEYWELL, Some("S1"));
    hospital.is("usb://1-1", "locked").await;
    hospital.is("usb://1-2", "locked").await;
    hospital.says("/", "locked: scan a badge, then the pairing card of the desk").await;
    zebra.scan(&folder(1)).unwrap();
    hospital.says("/desks/LIB-1", "1 scan was refused and is kept").await;
    hospital.pair(&zebra, "usb://1-2", 31, "LIB-1").await;
    zebra.scan(&card(Card::Ok)).unwrap();
    hospital.stands(1, "LIB").await;
    hospital.is("usb://1-1", "locked").await;
    hospital.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_joined_scanners_only_the_unknown_one_is_refused() {
    let (known, path) = VirtualScanner::new().unwrap();
    let more = format!(
        "[[desk.scanner]]\nport = \"{}\"\nprofile = \"zebra-cdc\"\nsession = \"front\"\n\
         [[desk.scanner]]\nport = \"usb://1-1\"\ndevice = \"0c2e:0901\"\nsession = \"front\"\n",
        path.display()
    );
    let mut hospital = Hospital::open(&more).await;
    let unknown = hospital.sockets.plug("1-1", ZEBRA, None);
    hospital.is("usb://1-1", "locked").await;
    known.scan(&folder(1)).unwrap();
    hospital.stands(1, "LIB").await;
    unknown.scan(&folder(2)).unwrap();
    hospital.says("/desks/LIB-1", "1 scan was refused and is kept").await;
    assert_eq!(hospital.place_of(2).await, Value::Null);
    known.scan(&folder(2)).unwrap();
    hospital.stands(2, "LIB").await;
    hospital.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_scanner_that_restarts_raises_no_alarm_and_one_that_stays_away_does() {
    let pace = Pace { look: STEP, tend: STEP, restart: Duration::from_secs(3) };
    let mut hospital = Hospital::at_pace("[[desk.scanner]]\nport = \"usb://1-1\"\n", pace).await;
    let scanner = hospital.sockets.plug("1-1", ZEBRA, None);
    hospital.is("usb://1-1", "open").await;
    hospital.sockets.unplug("1-1", scanner);
    hospital.is("usb://1-1", "lost").await;
    let scanner = hospital.sockets.plug("1-1", ZEBRA, None);
    hospital.is("usb://1-1", "open").await;
    let desk = hospital.get("/desks/LIB-1").await;
    assert!(!desk.contains(ALARM) && !desk.contains("is back"), "{desk}");
    scanner.scan(&folder(1)).unwrap();
    hospital.stands(1, "LIB").await;
    hospital.sockets.unplug("1-1", scanner);
    hospital.says("/desks/LIB-1", ALARM).await;
    let metrics = hospital.get("/metrics").await;
    let row = "casetrack_scanner_state{desk=\"LIB-1\",scanner=\"usb://1-1\",state=\"lost\"} 1";
    assert!(metrics.contains(row), "{metrics}");
    let _scanner = hospital.sockets.plug("1-1", ZEBRA, None);
    hospital.says("/desks/LIB-1", "The scanner is back").await;
    hospital.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn where_none_is_adopted_an_unknown_scanner_is_not_even_opened() {
    let mut hospital = Hospital::open("[scanners]\nadopt = \"none\"\n").await;
    let scanner = hospital.sockets.plug("1-1", ZEBRA, None);
    let named = hospital.sockets.plug("1-2", ZEBRA, None);
    tokio::time::sleep(10 * STEP).await;
    assert_eq!(hospital.scanner("usb://1-1").await, None);
    drop((scanner, named));
    hospital.stop().await;
}
