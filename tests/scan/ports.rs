//! Ports with real pseudo terminals and real sockets.
//!
//! Scanners, terminals and other programs lie. Which test shows which lie:
//!
//! | lie | shown by |
//! | --- | --- |
//! | UK, US or French layout, caps lock: other signs than were scanned | `scan::wedge::tests`: `every_sign_of_ascii_comes_through_in_both_layouts_with_and_without_caps_lock`, `our_own_labels_are_read_whatever_layout_is_set`, `a_scanner_that_types_as_in_france_is_refused_and_says_so` |
//! | GS lost, or typed as Alt or Ctrl | `scan::wedge::tests`: `a_group_separator_is_known_by_either_of_its_forms`; by serial `scan::frame::tests::the_bytes_of_a_scanner_become_reads` |
//! | the same symbol read twice | `desk::session::tests::order`: `a_double_read_answers_what_the_first_did_without_a_sound_or_a_movement`; sent twice on the way: `scan::ssi::tests` |
//! | half a read | `half_a_scan_is_refused_and_the_next_one_is_read`, `a_scanner_pulled_out_in_the_middle_of_a_scan_gives_no_half_number`; of a packet `tests/scan/ssi.rs` |
//! | two reads run together | `two_scans_within_one_silence_are_two_reads` |
//! | a set-up code of another brand, as data | `a_set_up_code_of_another_brand_is_no_read` |
//! | what was there before the opening, altered and echoed by the terminal driver | `a_terminal_that_turned_cr_into_lf_is_read_all_the_same`, `scan::frame::tests::bytes_from_before_the_opening_are_dropped_until_an_end_or_quiet`, `scan::ssi::tests::what_was_there_before_the_opening_is_dropped_but_a_whole_packet` |
//! | a modem manager that probes | `a_modem_manager_that_probes_the_port_makes_no_read`; that it is kept off: the udev rules, tried in `tests/usb` |
//! | USB sleep that drops a scanner | the udev rules, tried in `tests/usb`; what is left of it is a loss: `a_scanner_plugged_in_again_goes_on_without_anybody` |
//! | a scanner that restarts after a set-up code | `a_scanner_that_restarts_after_a_set_up_code_is_back_by_itself` |
//! | answers of a scanner that look like reads | `a_scanners_own_beep_is_silenced_whenever_it_is_plugged_in_and_its_answer_is_no_read`, `a_scanner_that_answers_every_beep_sends_no_reads_by_that` |

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;

use casetrack::clock::{self, Clock};
use casetrack::scan::feedback::Feedback;
use casetrack::scan::frame::{FrameEvent, FrameFault};
use casetrack::scan::port::{Address, Detail, LostWhy, Port, PortEvent, PortHandle, PortSpec, SetUp};
use casetrack::scan::profile::{FrameKind, Profile};
use casetrack::scan::pty::VirtualScanner;

/// A test that waits longer than this has failed.
const PATIENCE: Duration = Duration::from_secs(20);

struct Desk {
    port: PortHandle,
    events: Receiver<PortEvent>,
}

impl Desk {
    fn at(address: Address, profile: &str) -> Self {
        Self::with(address, Profile::named(profile, None).unwrap(), Detail::Frames)
    }

    fn with(address: Address, profile: Profile, detail: Detail) -> Self {
        let (sink, events) = sync_channel(1000);
        let spec = PortSpec { name: "test".to_owned(), address, profile, detail };
        let port = Port::spawn(spec, Clock::system(), move |event| drop(sink.try_send(event))).unwrap();
        Self { port, events }
    }

    /// The next event, as a short text.
    fn next(&self) -> String {
        match self.events.recv_timeout(PATIENCE).expect("no event came") {
            PortEvent::Connected { .. } => "connected".to_owned(),
            PortEvent::Lost { why } => format!("lost: {why}"),
            PortEvent::Frame(FrameEvent::Read(frame)) => format!("read {}", frame.text),
            PortEvent::Frame(FrameEvent::Refused(bad)) => format!("refused {}", bad.why.code()),
            PortEvent::Bytes { .. } => "bytes".to_owned(),
        }
    }

    /// Events until one is `last`.
    fn until(&self, last: &str) -> Vec<String> {
        let mut all = Vec::new();
        while all.last().is_none_or(|event| event != last) {
            all.push(self.next());
        }
        all
    }

    fn expect(&self, expected: &[&str]) {
        for event in expected {
            assert_eq!(self.next(), *event);
        }
    }
}

fn fresh_link() -> PathBuf {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    std::env::temp_dir().join(format!("casetrack-scanner-{}-{number}", std::process::id()))
}

fn plugged_in(profile: &str) -> (VirtualScanner, Desk, PathBuf) {
    let link = fresh_link();
    let scanner = VirtualScanner::linked(&link).unwrap();
    let desk = Desk::at(Address::Serial(link.clone()), profile);
    desk.expect(&["connected"]);
    (scanner, desk, link)
}

fn settles(desk: &Desk, set_up: SetUp) {
    for _ in 0..PATIENCE.as_millis() {
        if desk.port.set_up() == set_up {
            return;
        }
        clock::pause(Duration::from_millis(1));
    }
    assert_eq!(desk.port.set_up(), set_up);
}

fn heard(scanner: &VirtualScanner, bytes: &[u8]) {
    let mut all = Vec::new();
    for _ in 0..PATIENCE.as_millis() {
        all.extend(scanner.heard());
        if all.len() >= bytes.len() {
            break;
        }
        clock::pause(Duration::from_millis(1));
    }
    assert_eq!(all, bytes);
}

#[test]
fn scans_arrive_in_order_each_with_its_time() {
    let (scanner, desk, _) = plugged_in("generic-serial");
    let before = Clock::system().read();
    for number in 0..200 {
        scanner.scan(&format!("]A0CN{number}")).unwrap();
    }
    let mut last = before.boot_us;
    for number in 0..200 {
        let event = desk.events.recv_timeout(PATIENCE).unwrap();
        let PortEvent::Frame(FrameEvent::Read(frame)) = event else { panic!("{event:?}") };
        assert_eq!(frame.text, format!("CN{number}"));
        assert!(frame.at.boot_us >= last);
        last = frame.at.boot_us;
    }
}

#[test]
fn a_scanner_pulled_out_in_the_middle_of_a_scan_gives_no_half_number() {
    let link = fresh_link();
    let mut scanner = VirtualScanner::linked(&link).unwrap();
    let mut profile = Profile::named("generic-serial", None).unwrap();
    profile.frame.inter_char_ms = 1000;
    let desk = Desk::with(Address::Serial(link), profile, Detail::FramesAndBytes);
    desk.expect(&["connected"]);
    scanner.send(b"CN12").unwrap();
    desk.expect(&["bytes"]);
    scanner.unplug();
    desk.expect(&["refused truncated", "lost: unplugged or switched off"]);
}

#[test]
fn half_a_scan_is_refused_and_the_next_one_is_read() {
    let (scanner, desk, _) = plugged_in("generic-serial");
    scanner.send(b"CN12").unwrap();
    desk.expect(&["refused truncated"]);
    scanner.scan("CN123").unwrap();
    desk.expect(&["read CN123"]);
}

#[test]
fn a_scanner_plugged_in_again_goes_on_without_anybody() {
    let (mut scanner, desk, _) = plugged_in("generic-serial");
    scanner.scan("CN1").unwrap();
    desk.expect(&["read CN1"]);
    for round in 0..3 {
        scanner.unplug();
        desk.expect(&["lost: unplugged or switched off"]);
        scanner.plug_in().unwrap();
        desk.until("connected");
        scanner.scan(&format!("CN{round}")).unwrap();
        desk.expect(&[&format!("read CN{round}")]);
    }
}

#[test]
fn a_desk_may_start_before_its_scanner() {
    let link = fresh_link();
    let desk = Desk::at(Address::Serial(link.clone()), "generic-serial");
    desk.expect(&["lost: not there: is it plugged in?"]);
    let scanner = VirtualScanner::linked(&link).unwrap();
    desk.expect(&["connected"]);
    scanner.scan("CN1").unwrap();
    desk.expect(&["read CN1"]);
}

#[test]
fn a_port_that_another_program_holds_says_so_and_is_taken_when_free() {
    let (scanner, first, link) = plugged_in("generic-serial");
    let second = Desk::at(Address::Serial(link), "generic-serial");
    // The super-user is refused by the lock, anybody else by the open; both are the same to the desk.
    second.expect(&[&format!("lost: {}", LostWhy::Busy)]);
    first.port.stop();
    second.expect(&["connected"]);
    scanner.scan("CN1").unwrap();
    second.expect(&["read CN1"]);
}

#[test]
fn sixteen_scanners_at_once_are_kept_apart() {
    let desks: Vec<_> = (0..16).map(|_| plugged_in("generic-serial")).collect();
    for round in 0..10 {
        for (number, (scanner, _, _)) in desks.iter().enumerate() {
            scanner.scan(&format!("D{number}R{round}")).unwrap();
        }
    }
    for (number, (_, desk, _)) in desks.iter().enumerate() {
        for round in 0..10 {
            desk.expect(&[&format!("read D{number}R{round}")]);
        }
    }
}

#[test]
fn the_scanner_hears_what_its_profile_says() {
    let (scanner, desk, _) = plugged_in("datalogic-quickscan-qd2400");
    desk.port.signal(Feedback::Accept);
    heard(&scanner, b"\x01");
    desk.port.signal(Feedback::Look);
    heard(&scanner, b"\x01\x01");
    desk.port.signal(Feedback::Ready);
    desk.port.signal(Feedback::Accept);
    heard(&scanner, b"\x01");
    assert_eq!((desk.port.dropped(), desk.port.set_up()), (0, SetUp::Nothing));
}

#[test]
fn a_scanners_own_beep_is_silenced_whenever_it_is_plugged_in_and_its_answer_is_no_read() {
    let (mut scanner, desk, _) = plugged_in("honeywell-voyager-serial");
    for round in 0..2 {
        heard(&scanner, b"\x16M\rBEPBEP0!");
        scanner.send(b"BEPBEP0\x06!").unwrap();
        scanner.scan(&format!("BEP{round}")).unwrap();
        desk.expect(&[&format!("read BEP{round}")]);
        settles(&desk, SetUp::Taken);
        scanner.unplug();
        desk.expect(&["lost: unplugged or switched off"]);
        settles(&desk, SetUp::Open);
        scanner.plug_in().unwrap();
        desk.until("connected");
    }
}

#[test]
fn a_scanner_that_waits_for_an_answer_gets_one_for_every_read() {
    let (scanner, desk, _) = plugged_in("honeywell-host-ack");
    scanner.scan("CN1").unwrap();
    desk.expect(&["read CN1"]);
    desk.port.signal(Feedback::Refuse);
    heard(&scanner, b"\x1B8,");
    scanner.scan("CN1").unwrap();
    desk.expect(&["read CN1"]);
    // Nobody says anything: the lamp, and no beep.
    heard(&scanner, b"\x1B1,");
}

#[test]
fn a_scanner_that_answers_every_beep_sends_no_reads_by_that() {
    let (scanner, desk, _) = plugged_in("newland-serial");
    desk.port.signal(Feedback::Accept);
    heard(&scanner, b"\x7E\x010000#BEEPON2700F80T;\x03");
    scanner.send(b"\x02\x010000#BEEPON2700F80T\x05;\x03").unwrap();
    scanner.scan("CN1").unwrap();
    desk.expect(&["read CN1"]);
}

#[test]
fn a_read_with_a_header_needs_no_suffix() {
    let (scanner, path) = VirtualScanner::new().unwrap();
    let mut profile = Profile::named("generic-serial", None).unwrap();
    profile.frame.kind = FrameKind::HoneywellHeader;
    let desk = Desk::with(Address::Serial(path), profile, Detail::Frames);
    desk.expect(&["connected"]);
    scanner.send(b"\x16\xFE\x11\0\0\0\rMSGGET0003jC0\x1DCN1").unwrap();
    desk.expect(&["read CN1"]);
    scanner.send(b"\x16\xFE\x11\0\0\0\rMSGGET0003jC0\x1DCN").unwrap();
    desk.expect(&["refused truncated"]);
}

#[test]
fn two_scans_within_one_silence_are_two_reads() {
    let (scanner, desk, _) = plugged_in("generic-serial");
    scanner.send(b"CN1\rCN2\r").unwrap();
    desk.expect(&["read CN1", "read CN2"]);
    scanner.send(b"]C0CN3]C0CN4\r").unwrap();
    desk.expect(&["refused joined"]);
}

#[test]
fn a_set_up_code_of_another_brand_is_no_read() {
    let (scanner, desk, _) = plugged_in("generic-serial");
    for code in ["%#IFSNO$3", "@SETUPE1", "SXUAH2000E", "$P,HA35,P"] {
        scanner.scan(code).unwrap();
        desk.expect(&["refused programming"]);
    }
}

#[test]
fn a_modem_manager_that_probes_the_port_makes_no_read() {
    let (scanner, desk, _) = plugged_in("generic-serial");
    scanner.send(b"AT\rAT+GCAP\r").unwrap();
    scanner.scan("CN1").unwrap();
    desk.expect(&["refused programming", "refused programming", "read CN1"]);
}

#[test]
fn a_terminal_that_turned_cr_into_lf_is_read_all_the_same() {
    let (scanner, desk, _) = plugged_in("generic-serial");
    scanner.send(b"CN1\nCN2\r\nCN3\r").unwrap();
    desk.expect(&["read CN1", "read CN2", "read CN3"]);
}

#[test]
fn a_scanner_that_restarts_after_a_set_up_code_is_back_by_itself() {
    let (mut scanner, desk, _) = plugged_in("generic-serial");
    let clock = Clock::system();
    scanner.scan("CN1").unwrap();
    desk.expect(&["read CN1"]);
    scanner.unplug();
    desk.expect(&["lost: unplugged or switched off"]);
    // Told once for each reason, so that whoever listens may keep still for as long as a restart takes.
    desk.expect(&["lost: not there: is it plugged in?"]);
    let back = clock.read().boot_us;
    scanner.plug_in().unwrap();
    desk.expect(&["connected"]);
    assert!(clock.read().boot_us - back < 2_000_000, "usable two seconds after it is back");
    scanner.scan("CN2").unwrap();
    desk.expect(&["read CN2"]);
}

#[test]
fn a_scanner_that_was_pulled_out_does_not_beep_when_it_comes_back() {
    let (mut scanner, desk, _) = plugged_in("zebra-cdc");
    scanner.unplug();
    desk.expect(&["lost: unplugged or switched off"]);
    desk.port.signal(Feedback::Refuse);
    scanner.plug_in().unwrap();
    desk.until("connected");
    desk.port.signal(Feedback::Accept);
    heard(&scanner, b"\x07");
    assert_eq!(desk.port.dropped(), 1);
}

#[test]
fn after_noise_on_the_line_the_next_scan_is_read() {
    let (scanner, desk, _) = plugged_in("generic-serial");
    let mut state = 1_u32;
    let noise: Vec<u8> = (0..4096)
        .map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state.to_be_bytes()[0]
        })
        .collect();
    scanner.send(&noise).unwrap();
    scanner.send(b"\r").unwrap();
    scanner.scan("CN123").unwrap();
    let events = desk.until("read CN123");
    assert!(events.contains(&format!("refused {}", FrameFault::InvalidByte.code())));
}

#[test]
fn a_technician_sees_the_bytes_before_what_came_of_them() {
    let (scanner, path) = VirtualScanner::new().unwrap();
    let profile = Profile::named("generic-serial", None).unwrap();
    let desk = Desk::with(Address::Serial(path), profile, Detail::FramesAndBytes);
    desk.expect(&["connected"]);
    scanner.scan("CN1").unwrap();
    desk.expect(&["bytes", "read CN1"]);
}

/// One report of a USB point-of-sale scanner.
fn report(text: &[u8], more: u8) -> [u8; 64] {
    let mut report = vec![2, u8::try_from(text.len()).unwrap()];
    report.extend_from_slice(b"]C0");
    report.extend_from_slice(text);
    report.resize(63, 0);
    report.push(more);
    report.try_into().unwrap()
}

fn point_of_sale() -> Profile {
    let text = "name = \"pos\"\ntitle = \"POS\"\nlink = \"hid-pos\"\n[frame]\ninter_char_ms = 1000\n\
                [feedback.accept]\nsend = \"FD 03 16 07 0D\"\nevidence = \"public-code\"\nsource = \"s\"\n";
    Profile::parse(text, "pos").unwrap()
}

#[test]
fn a_point_of_sale_scanner_is_read_and_told_as_any_other() {
    let (scanner, path) = VirtualScanner::new().unwrap();
    let desk = Desk::with(Address::Serial(path), point_of_sale(), Detail::Frames);
    desk.expect(&["connected"]);
    scanner.send(&report(b"CN1\r", 0)).unwrap();
    scanner.send(&report(&[b'7'; 56], 1)).unwrap();
    scanner.send(&report(b"8", 0)).unwrap();
    desk.expect(&["read CN1", &format!("read {}8", "7".repeat(56))]);
    desk.port.signal(Feedback::Accept);
    heard(&scanner, b"\xFD\x03\x16\x07\r");
}

#[test]
fn a_point_of_sale_scanner_pulled_out_between_two_reports_gives_no_half_number() {
    let (mut scanner, path) = VirtualScanner::new().unwrap();
    let desk = Desk::with(Address::Serial(path), point_of_sale(), Detail::FramesAndBytes);
    desk.expect(&["connected"]);
    scanner.send(&report(b"CN12", 1)).unwrap();
    desk.expect(&["bytes"]);
    scanner.unplug();
    desk.expect(&["refused truncated", "lost: unplugged or switched off"]);
}

#[test]
fn a_point_of_sale_scanner_that_another_program_holds_says_so() {
    let (_scanner, path) = VirtualScanner::new().unwrap();
    let first = Desk::with(Address::Serial(path.clone()), point_of_sale(), Detail::Frames);
    first.expect(&["connected"]);
    let second = Desk::with(Address::Serial(path), point_of_sale(), Detail::Frames);
    second.expect(&[&format!("lost: {}", LostWhy::Busy)]);
}

#[test]
fn a_file_that_is_no_keyboard_is_not_taken_for_one() {
    let (_scanner, path) = VirtualScanner::new().unwrap();
    let wedge = Profile::parse("name = \"w\"\ntitle = \"W\"\nlink = \"wedge\"\n", "w").unwrap();
    let desk = Desk::with(Address::Serial(path), wedge, Detail::Frames);
    assert!(desk.next().starts_with("lost: cannot be used"));
}

#[test]
fn an_empty_usb_socket_says_that_nothing_is_there() {
    for port in ["usb://250-1.2.3", "usb-serial://0c2e:0901/NOBODY-HAS-THIS"] {
        let desk = Desk::at(port.parse().unwrap(), "generic-serial");
        desk.expect(&["lost: not there: is it plugged in?"]);
    }
}

#[test]
fn a_network_scanner_is_read_and_told_and_connected_again() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let desk = Desk::at(Address::Tcp(address), "zebra-cdc");
    let (mut far, _) = listener.accept().unwrap();
    desk.expect(&["connected"]);
    far.write_all(b"]C0CN1\r\n").unwrap();
    desk.expect(&["read CN1"]);
    desk.port.signal(Feedback::Refuse);
    let mut beeps = [0; 3];
    far.read_exact(&mut beeps).unwrap();
    assert_eq!(&beeps, b"\x07\x07\x07");

    far.write_all(b"CN").unwrap();
    drop(far);
    desk.expect(&["refused truncated", "lost: unplugged or switched off"]);
    let (mut far, _) = listener.accept().unwrap();
    desk.expect(&["connected"]);
    far.write_all(b"CN2\r").unwrap();
    desk.expect(&["read CN2"]);
}

#[test]
fn nothing_is_told_after_a_stop() {
    let (scanner, desk, _) = plugged_in("generic-serial");
    desk.port.stop();
    scanner.scan("CN1").unwrap();
    assert_eq!(desk.events.recv_timeout(PATIENCE), Err(RecvTimeoutError::Disconnected));
}
