//! A scanner that sends rubbish, and one that is pulled out: nothing moves that was not scanned.

use std::fs::File;
use std::io::{ErrorKind, Read, Write};
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use casetrack::clock::pause;
use rustix::fs::{OFlags, fcntl_setfl};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use super::program::folder::Folder;
use super::program::hospital::{Hospital, Size, card, hospital_number, volume};
use super::program::ledger::Ledger;
use super::program::random::Random;
use super::program::server::Server;
use super::program::until;

const SIZE: Size = Size { desks: 1, volumes: 60 };
/// Longest time until a good scan is recorded, in seconds.
const SCAN_S: u32 = 20;
/// Until a scanner is missed: the alarm waits ten seconds of these, since a scanner may only restart.
const LOST_S: u32 = 40;

/// A scanner made of a pty; its port is a name that stays when it is plugged in again.
struct Scanner {
    wire: File,
    unplugged: Arc<AtomicBool>,
    listener: Option<JoinHandle<()>>,
}

impl Scanner {
    fn plug_in(port: &Path) -> Self {
        let wire = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        grantpt(&wire).unwrap();
        unlockpt(&wire).unwrap();
        let name = ptsname(&wire, Vec::new()).unwrap();
        let _ = std::fs::remove_file(port);
        symlink(name.to_str().unwrap(), port).unwrap();
        fcntl_setfl(&wire, OFlags::RDWR | OFlags::NONBLOCK).unwrap();
        let wire = File::from(wire);
        let unplugged = Arc::new(AtomicBool::new(false));
        let (ear, stop) = (wire.try_clone().unwrap(), unplugged.clone());
        let listener = std::thread::spawn(move || listen(ear, &stop));
        Self { wire, unplugged, listener: Some(listener) }
    }

    fn send(&mut self, mut bytes: &[u8]) {
        until("the scanner gets its bytes out", SCAN_S, || {
            match self.wire.write(bytes) {
                Ok(count) => bytes = &bytes[count..],
                Err(error) => assert_eq!(error.kind(), ErrorKind::WouldBlock, "{error}"),
            }
            bytes.is_empty().then_some(())
        });
    }

    fn scan(&mut self, text: &str) {
        self.send(format!("{text}\r").as_bytes());
    }
}

impl Drop for Scanner {
    fn drop(&mut self) {
        self.unplugged.store(true, Ordering::SeqCst);
        let _ = self.listener.take().map(JoinHandle::join);
    }
}

/// Takes what the host sends to the scanner, so that the host never waits; lets go when unplugged.
fn listen(mut ear: File, unplugged: &AtomicBool) {
    let mut bytes = [0; 1_024];
    while !unplugged.load(Ordering::SeqCst) {
        if ear.read(&mut bytes).is_err() {
            pause(Duration::from_millis(2));
        }
    }
}

fn is_here(server: &Server, volume: &str) -> bool {
    let answer = server.client().get(&format!("/api/v1/volumes/{volume}")).unwrap();
    answer.json()["state"] == "at"
}

/// Scans this folder until it is recorded: the first reads may come before the port is open.
fn scans_until_recorded(server: &Server, scanner: &mut Scanner, volume: &str) {
    let mut looks = 0;
    until("a good scan is recorded", SCAN_S, || {
        if looks % 100 == 0 {
            scanner.scan(volume);
        }
        looks += 1;
        is_here(server, volume).then_some(())
    });
}

/// A read cut short by the next one may join it: an END between them parts them, heard or not.
fn next_good_scan_works(server: &Server, scanner: &mut Scanner, number: usize) {
    scanner.send(b"\r");
    scanner.scan(&card(1));
    scans_until_recorded(server, scanner, &volume(number));
}

fn rubbish(random: &Random) -> Vec<(&'static str, Vec<u8>)> {
    let label = volume(59);
    let half = label.as_bytes()[..label.len() / 2].to_vec();
    let joined = format!("{label}{label}\r").into_bytes();
    vec![
        ("4 KiB of noise", random.bytes(4_096)),
        ("4 KiB of noise with ends of lines", {
            let mut noise = random.bytes(4_096);
            noise.iter_mut().step_by(37).for_each(|byte| *byte = b'\r');
            noise
        }),
        ("NULs", vec![0; 4_096]),
        ("high bytes", vec![0xFF; 1_000]),
        ("half a frame", half),
        ("an end of line, thrice", b"\r\n\r\r\n".to_vec()),
        ("two reads as one", joined),
        ("a folder's label with a bell in it", format!("{}\x07{}\r", &label[..4], &label[4..]).into_bytes()),
        ("AT commands", b"AT\rATZ\r\nATDT0123456789\r+++ATH0\r\nAT+CGMI\r".to_vec()),
        ("another brand's codes", b"\x16M\rPAPHHF!.\r$#$E,P\rNR\xf0DEFALT.\rB00010;\r^3RESET~\r".to_vec()),
        ("control signs", (0..32).cycle().take(512).collect()),
        ("an unending line", vec![b'F'; 20_000]),
        ("marks of markup", b"<script>alert(1)</script>\r'; DROP TABLE scan; --\r".to_vec()),
    ]
}

#[test]
fn bytes_of_a_broken_scanner_move_no_folder_and_the_next_good_scan_works() {
    let random = Random::of_this_run("noise");
    let ports = Folder::new("ports");
    let port = ports.join("scanner");
    let mut scanner = Scanner::plug_in(&port);
    let hospital = Hospital::with_scanners("noise", SIZE, &[(0, port.to_string_lossy().into_owned())]);
    let mut server = Server::start(&hospital);
    scans_until_recorded(&server, &mut scanner, &volume(0));
    for (number, (name, bytes)) in rubbish(&random).into_iter().enumerate() {
        scanner.send(&bytes);
        next_good_scan_works(&server, &mut scanner, number + 1);
        assert!(server.runs(), "crashed by {name}");
        assert!(!is_here(&server, &volume(59)), "{name} moved a folder");
        let here = (0..SIZE.volumes).filter(|at| is_here(&server, &volume(*at))).count();
        assert_eq!(here, number + 2, "{name} moved a folder");
    }
    let page = server.client().get("/desks/DESK-0").unwrap();
    assert_eq!(page.status, 200);
    assert!(!page.body.contains("<script>alert"), "rubbish is shown as text");
    assert!(!server.log().contains("panicked"), "{}", server.log());
    drop(server);
    hospital.verify();
}

#[test]
fn a_scanner_lost_mid_stack_is_told_and_goes_on_when_plugged_in_again() {
    let ports = Folder::new("ports");
    let port = ports.join("scanner");
    let mut scanner = Scanner::plug_in(&port);
    let hospital = Hospital::with_scanners("lost", SIZE, &[(0, port.to_string_lossy().into_owned())]);
    let server = Server::start(&hospital);
    for number in 0..5 {
        scans_until_recorded(&server, &mut scanner, &volume(number));
    }
    let before = Ledger::read(hospital.data()).unwrap();
    let half = volume(5);
    scanner.send(&half.as_bytes()[..7]);
    std::fs::remove_file(&port).unwrap();
    drop(scanner);
    until("the page says that the scanner is lost, and what was recorded last", LOST_S, || {
        let page = server.client().get("/desks/DESK-0").unwrap().body;
        let told = page.split_once("SCANNER LOST")?.1;
        let last = told.split_once("Last recorded")?.1;
        last.split('<').next()?.contains(&hospital_number(4)).then_some(())
    });
    assert_eq!(
        Ledger::read(hospital.data()).unwrap().movements,
        before.movements,
        "half a frame moved something"
    );
    let mut scanner = Scanner::plug_in(&port);
    for number in 5..8 {
        scans_until_recorded(&server, &mut scanner, &volume(number));
    }
    until("the page no longer says lost", SCAN_S, || {
        let page = server.client().get("/desks/DESK-0").unwrap().body;
        (!page.contains("Scanner lost")).then_some(())
    });
    drop(server);
    hospital.verify();
}
