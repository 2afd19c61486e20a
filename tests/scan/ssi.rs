//! An SSI scanner at the far end of a pseudo terminal, on a line that loses, repeats and spoils packets both ways.

use std::sync::mpsc::{Receiver, TryRecvError, sync_channel};
use std::time::Duration;

use casetrack::clock::{self, Clock};
use casetrack::scan::feedback::Feedback;
use casetrack::scan::frame::FrameEvent;
use casetrack::scan::port::{Address, Detail, Port, PortEvent, PortHandle, PortSpec, SetUp};
use casetrack::scan::profile::Profile;
use casetrack::scan::pty::VirtualScanner;
use casetrack::scan::ssi::{Packet, opcode, packets};

/// How long the scanner waits for an answer. The port answers in a millisecond; a machine at work may take longer, and
/// an answer that comes after the wait would be taken for that of the next packet.
const RESPONSE_US: i64 = 600_000;
/// After a scan, so that late answers come before the next.
const PAUSE: Duration = Duration::from_millis(30);
/// A test that waits longer than this has failed.
const PATIENCE: Duration = Duration::from_secs(20);
/// The number of Code 128.
const CODE128: u8 = 0x03;

/// What becomes of a packet on its way, by chance from a seed.
struct Line {
    state: u32,
    is_bad: bool,
}

impl Line {
    fn dice(&mut self, sides: u32) -> u32 {
        self.state = self.state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.state >> 8) % sides
    }

    fn carry(&mut self, mut bytes: Vec<u8>) -> Vec<u8> {
        if !self.is_bad {
            return bytes;
        }
        match self.dice(100) {
            0..8 => Vec::new(),
            8..18 => bytes.repeat(2),
            18..28 => {
                let place = usize::try_from(self.dice(u32::try_from(bytes.len()).unwrap())).unwrap();
                bytes[place] ^= 1 << self.dice(8);
                bytes
            }
            28..32 => {
                bytes.truncate(bytes.len() / 2);
                bytes
            }
            _ => bytes,
        }
    }
}

/// A scanner as the manuals describe it.
struct Peer {
    scanner: VirtualScanner,
    line: Line,
    clock: Clock,
    came: Vec<u8>,
    /// The newest command, and when it came.
    newest: Option<(Packet, i64)>,
    beeps: Vec<u8>,
    parameters: Vec<Vec<u8>>,
}

impl Peer {
    fn new(scanner: VirtualScanner, seed: u32) -> Self {
        let line = Line { state: seed, is_bad: true };
        Self {
            scanner,
            line,
            clock: Clock::system(),
            came: Vec::new(),
            newest: None,
            beeps: Vec::new(),
            parameters: Vec::new(),
        }
    }

    fn say(&mut self, packet: &Packet) {
        let bytes = self.line.carry(packet.encode());
        self.scanner.send(&bytes).unwrap();
    }

    /// Takes what the host says for a moment; an answer to a read ends it.
    fn listen(&mut self, until_us: i64) -> Option<Packet> {
        while self.clock.read().boot_us < until_us {
            self.came.extend(self.scanner.heard());
            while let Some(packet) = self.next() {
                if matches!(packet.opcode(), opcode::ACK | opcode::NAK) {
                    return Some(packet);
                }
                self.obey(packet);
            }
            clock::pause(Duration::from_millis(1));
        }
        None
    }

    /// The next packet of the host that came whole over the line.
    fn next(&mut self) -> Option<Packet> {
        loop {
            let length = usize::from(*self.came.first()?) + 2;
            if self.came.len() < length {
                return None;
            }
            let bytes: Vec<u8> = self.came.drain(..length).collect();
            assert!(Packet::decode(&bytes).is_ok(), "the host sent {bytes:02X?}");
            // What comes twice is obeyed once and answered once: the mark of a packet does not tell it from another.
            let carried = packets(&self.line.carry(bytes)).unwrap_or_default();
            if let Some(packet) = carried.into_iter().next() {
                return Some(packet);
            }
        }
    }

    fn obey(&mut self, packet: Packet) {
        let now = self.clock.read().boot_us;
        let is_newest =
            |(newest, at): &(Packet, i64)| newest.data() == packet.data() && now - at < RESPONSE_US;
        let again = packet.is_again() && self.newest.as_ref().is_some_and(is_newest);
        match packet.opcode() {
            opcode::BEEP if !again => self.beeps.push(packet.data()[0]),
            opcode::PARAM_SEND if !again => self.parameters.push(packet.data().to_vec()),
            _ => {}
        }
        self.newest = Some((packet, now));
        self.say(&Packet::of_scanner(opcode::ACK, &[]).unwrap());
    }

    /// One read, sent at most three times. Whether it was acknowledged.
    fn scan(&mut self, text: &str) -> bool {
        let data = [&[CODE128], text.as_bytes()].concat();
        let first = Packet::of_scanner(opcode::DECODE_DATA, &data).unwrap();
        for time in 0..3 {
            let packet = if time == 0 { first.clone() } else { first.clone().again() };
            self.say(&packet);
            match self.listen(self.clock.read().boot_us + RESPONSE_US) {
                Some(answer) if answer.opcode() == opcode::ACK => return true,
                Some(_) | None => {}
            }
        }
        false
    }

    /// How many times *accept* sounded.
    fn accepts(&self) -> usize {
        self.beeps.iter().map(|code| usize::from(*code == 0x00)).sum()
    }

    fn serve(&mut self, time: Duration) {
        let until = self.clock.read().boot_us + i64::try_from(time.as_micros()).unwrap();
        while self.clock.read().boot_us < until {
            self.listen(until);
        }
    }
}

struct Desk {
    port: PortHandle,
    events: Receiver<PortEvent>,
}

impl Desk {
    fn at(address: Address, detail: Detail) -> Self {
        let (sink, events) = sync_channel(1000);
        let profile = Profile::named("zebra-ssi", None).unwrap();
        let spec = PortSpec { name: "ssi".to_owned(), address, profile, detail };
        let port = Port::spawn(spec, Clock::system(), move |event| drop(sink.try_send(event))).unwrap();
        let desk = Self { port, events };
        let opened = desk.events.recv_timeout(PATIENCE).unwrap();
        assert!(matches!(opened, PortEvent::Connected { .. }), "{opened:?}");
        desk
    }

    /// What has come, each read accepted.
    fn take(&self, texts: &mut Vec<String>) {
        loop {
            match self.events.try_recv() {
                Ok(PortEvent::Frame(FrameEvent::Read(frame))) => {
                    texts.push(frame.text);
                    self.port.signal(Feedback::Accept);
                }
                Ok(PortEvent::Frame(FrameEvent::Refused(_))) => {}
                Ok(event) => panic!("{event:?}"),
                Err(TryRecvError::Empty) => return,
                Err(error) => panic!("{error}"),
            }
        }
    }

    fn next(&self) -> String {
        match self.events.recv_timeout(PATIENCE).expect("no event came") {
            PortEvent::Frame(FrameEvent::Read(frame)) => {
                format!("{} {}", frame.aim.map_or("-".to_owned(), |aim| aim.to_string()), frame.text)
            }
            PortEvent::Frame(FrameEvent::Refused(bad)) => format!("refused {}", bad.why.code()),
            PortEvent::Lost { .. } => "lost".to_owned(),
            event @ (PortEvent::Connected { .. } | PortEvent::Bytes { .. }) => format!("{event:?}"),
        }
    }
}

fn plugged_in(seed: u32) -> (Peer, Desk) {
    with(seed, Detail::Frames)
}

fn with(seed: u32, detail: Detail) -> (Peer, Desk) {
    let (scanner, path) = VirtualScanner::new().unwrap();
    let mut peer = Peer::new(scanner, seed);
    peer.line.is_bad = false;
    (peer, Desk::at(Address::Serial(path), detail))
}

/// Serves until it is so; what a test asserts afterwards says whether it ever was.
fn serve_until(peer: &mut Peer, is_so: impl Fn(&Peer) -> bool) {
    for _ in 0..200 {
        peer.serve(Duration::from_millis(100));
        if is_so(peer) {
            break;
        }
    }
}

#[test]
fn no_scan_is_lost_and_none_doubled_on_a_line_that_loses_repeats_and_spoils_packets() {
    for seed in [1, 20_261_128] {
        let (mut peer, desk) = plugged_in(seed);
        peer.line.is_bad = true;
        let (mut texts, mut acknowledged) = (Vec::new(), Vec::new());
        for number in 0..20 {
            let text = format!("CN{number:04}");
            if peer.scan(&text) {
                acknowledged.push(text);
            }
            peer.serve(PAUSE);
            desk.take(&mut texts);
        }
        // What is still to be said on so bad a line takes its time.
        let told = |peer: &Peer| peer.accepts() + usize::try_from(desk.port.dropped()).unwrap();
        peer.serve(PAUSE);
        desk.take(&mut texts);
        serve_until(&mut peer, |peer| told(peer) >= texts.len());
        let mut once = texts.clone();
        once.sort();
        once.dedup();
        assert_eq!(texts, once, "seed {seed}: doubled, or out of order");
        assert!(acknowledged.iter().all(|text| texts.contains(text)), "seed {seed}: lost");
        assert!(acknowledged.len() > 14, "seed {seed}: the line is too bad to show anything");
        assert!(peer.accepts() <= texts.len(), "seed {seed}: a beep sounded twice");
        assert!(told(&peer) >= texts.len(), "seed {seed}: a beep is missing that nobody counted");
    }
}

#[test]
fn a_read_is_acknowledged_before_anybody_has_done_anything_with_it() {
    let (mut peer, desk) = plugged_in(1);
    serve_until(&mut peer, |_| desk.port.set_up() == SetUp::Taken);
    assert!(peer.scan("CN1"));
    assert_eq!((peer.beeps.len(), desk.next()), (0, "]C0 CN1".to_owned()));
    desk.port.signal(Feedback::Refuse);
    serve_until(&mut peer, |peer| !peer.beeps.is_empty());
    assert_eq!((peer.beeps.as_slice(), desk.port.dropped()), (&[0x12_u8][..], 0));
}

#[test]
fn a_scanner_is_set_up_when_it_is_attached_and_only_until_its_power_goes() {
    let (mut peer, desk) = plugged_in(1);
    assert_eq!(desk.port.set_up(), SetUp::Open);
    serve_until(&mut peer, |_| desk.port.set_up() == SetUp::Taken);
    assert_eq!(peer.parameters, [vec![0xFF, 238, 1], vec![0xFF, 45, 1], vec![0xFF, 56, 0]]);
    assert_eq!(desk.port.set_up(), SetUp::Taken);
}

#[test]
fn a_scanner_that_answers_nothing_is_read_all_the_same() {
    let (peer, desk) = plugged_in(1);
    peer.scanner.send(b"CN1\r").unwrap();
    assert_eq!(desk.next(), "- CN1");
    desk.port.signal(Feedback::Accept);
    for _ in 0..PATIENCE.as_millis() {
        if desk.port.dropped() == 1 {
            break;
        }
        clock::pause(Duration::from_millis(1));
    }
    assert_eq!((desk.port.dropped(), desk.port.set_up()), (1, SetUp::Unanswered));
}

#[test]
fn half_a_packet_at_unplugging_is_refused_and_said() {
    let (mut peer, desk) = with(1, Detail::FramesAndBytes);
    let whole = Packet::of_scanner(opcode::DECODE_DATA, b"\x03CN12345").unwrap().encode();
    peer.scanner.send(&whole[..8]).unwrap();
    // What is still in the terminal when it hangs up is gone; these have been read.
    assert!(desk.next().starts_with("Bytes"));
    peer.scanner.unplug();
    assert_eq!([desk.next(), desk.next()], ["refused truncated", "lost"]);
}
