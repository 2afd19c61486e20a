use proptest::prelude::*;

use super::packet::RESEND;
use super::*;
use crate::clock::{Reading, Timestamp};
use crate::scan::frame::{FrameEvent, FrameRules, Settle};
use crate::scan::hearing::{Said, Verdict};

/// The number of Code 128.
const CODE128: u8 = 0x03;

fn at(boot_us: i64) -> Reading {
    Reading { wall: Timestamp::from_micros(boot_us), boot_us }
}

fn read(text: &str) -> Packet {
    Packet::of_scanner(opcode::DECODE_DATA, &[&[CODE128], text.as_bytes()].concat()).unwrap()
}

fn hearer() -> Hearer {
    Hearer::new(FrameRules { settle: Settle::Skip, ..FrameRules::default() }, SsiTable::default())
}

fn tell(said: &Said) -> String {
    match said {
        Said::Frame(FrameEvent::Read(frame)) => {
            format!("{}{}", frame.aim.map_or(String::new(), |aim| format!("{aim} ")), frame.text)
        }
        Said::Frame(FrameEvent::Refused(bad)) => format!("! {}", bad.why.code()),
        Said::Reply(bytes) if *bytes == Packet::ack().encode() => "ack".to_owned(),
        Said::Reply(bytes) if *bytes == Packet::resend().encode() => "again, please".to_owned(),
        Said::Reply(bytes) => format!("{bytes:02X?}"),
        Said::Verdict(verdict) => format!("{verdict:?}"),
    }
}

/// Pieces a second apart, silence after each as long as it is wanted.
fn check(mut hearer: Hearer, pieces: &[&[u8]], expected: &[&str]) {
    let mut out = Vec::new();
    let mut now = 0;
    for piece in pieces {
        now += 1_000_000;
        hearer.push(piece, at(now), &mut out);
        while hearer.quiet_wanted().is_some_and(|quiet| quiet.as_millis() < 1_000) {
            hearer.idle(at(now), &mut out);
        }
    }
    assert_eq!(out.iter().map(tell).collect::<Vec<_>>(), expected);
}

#[test]
fn a_read_is_acknowledged_at_once_and_carries_its_kind_of_symbol() {
    let plain = read("CN1\r").encode();
    check(hearer(), &[&plain], &["ack", "]C0 CN1"]);
    let own = Packet::of_scanner(opcode::DECODE_DATA, b"\x1B]d20105\x1D21X").unwrap().encode();
    check(hearer(), &[&own], &["ack", "]d2 0105\u{1d}21X"]);
    let unknown = Packet::of_scanner(opcode::DECODE_DATA, b"\xEECN1").unwrap().encode();
    check(hearer(), &[&unknown, &[0, 0]], &["ack", "CN1"]);
    check(
        hearer(),
        &[&[plain.as_slice(), &read("CN2").encode()].concat()],
        &["ack", "]C0 CN1", "ack", "]C0 CN2"],
    );
}

#[test]
fn what_is_sent_again_because_our_answer_was_lost_is_acknowledged_and_not_read_twice() {
    let (first, again) = (read("CN1"), read("CN1").again());
    check(hearer(), &[&first.encode(), &again.encode(), &again.encode()], &["ack", "]C0 CN1", "ack", "ack"]);
    // The same label scanned once more is a read of its own.
    check(hearer(), &[&first.encode(), &first.encode()], &["ack", "]C0 CN1", "ack", "]C0 CN1"]);
    // Repeated by the line, within the time in which no hand scans twice.
    let twice = [first.encode(), first.encode()].concat();
    check(hearer(), &[&twice], &["ack", "]C0 CN1", "ack"]);
}

#[test]
fn a_damaged_packet_is_asked_for_again_and_read_when_it_comes() {
    let mut damaged = read("CN1").encode();
    damaged[6] ^= 1;
    let again = read("CN1").again().encode();
    check(hearer(), &[&damaged, &again], &["again, please", "ack", "]C0 CN1"]);
    check(hearer(), &[&again[..5], &again], &["again, please", "ack", "]C0 CN1"]);
    check(hearer(), &[b"\xFFnoise\x80", &read("CN2").encode()], &["again, please", "ack", "]C0 CN2"]);
}

/// A label is read; then it comes again, damaged, and once more, marked as sent again.
fn check_label_again(damaged: &[u8], expected: &[&str]) {
    let pieces = [&read("CN1").encode(), damaged, &read("CN1").again().encode()];
    check(hearer(), &pieces, &[&["ack", "]C0 CN1", "again, please", "ack"], expected].concat());
}

#[test]
fn the_same_label_again_is_read_though_it_came_damaged_first() {
    for place in 4..8 {
        let mut damaged = read("CN1").encode();
        damaged[place] ^= 0x40;
        check_label_again(&damaged, &["]C0 CN1"]);
        check_label_again(&read("CN1").encode()[..=place], &["]C0 CN1"]);
    }
}

#[test]
fn a_packet_whose_mark_may_be_damaged_is_taken_for_one_sent_again() {
    for place in [1, 2, 3, 8, 9] {
        let mut damaged = read("CN1").encode();
        damaged[place] ^= 0x41;
        check_label_again(&damaged, &[]);
    }
}

#[test]
fn what_stays_damaged_is_refused_once() {
    let bad: &[u8] = &[0x08, 0xF3, 0, 0, 3, b'C', b'N', b'1', 0, 0];
    let thrice = ["again, please", "again, please", "! damaged", "again, please"];
    check(hearer(), &[bad, bad, bad], &thrice);
    let mut hearer = hearer();
    let mut out = Vec::new();
    hearer.push(bad, at(1), &mut out);
    hearer.idle(at(2), &mut out);
    hearer.idle(at(3), &mut out);
    hearer.idle(at(4), &mut out);
    assert_eq!(out.iter().map(tell).collect::<Vec<_>>(), ["again, please", "! damaged"]);
    assert_eq!(hearer.quiet_wanted(), None);
}

#[test]
fn a_long_read_comes_in_parts_and_is_read_once() {
    let parts = [
        read(&"A".repeat(90)).with_more().encode(),
        read(&"A".repeat(90)).with_more().encode(),
        read(&"A".repeat(90)).with_more().again().encode(),
        read("B").encode(),
    ];
    let whole = format!("]C0 {}B", "A".repeat(180));
    check(hearer(), &[&parts.concat()], &["ack", "ack", "ack", "ack", &whole]);
    let endless = read(&"A".repeat(90)).with_more().encode();
    let (b, c) = (read(&"B".repeat(90)).with_more().encode(), read(&"C".repeat(90)).encode());
    check(hearer(), &[&endless, &b, &c], &["ack", "ack", "ack", "! too-long"]);
}

#[test]
fn bits_that_differ_by_model_and_packets_that_are_no_read_disturb_nothing() {
    let with_status = |status: u8| {
        let mut bytes = vec![0x08, 0xF3, 0x00, status, 0x03, b'C', b'N', b'1'];
        let sum = bytes.iter().fold(0_u16, |sum, byte| sum + u16::from(*byte));
        bytes.extend(sum.wrapping_neg().to_be_bytes());
        bytes
    };
    check(hearer(), &[&with_status(0x20)], &["ack", "]C0 CN1"]);
    check(hearer(), &[&with_status(0x80)], &["ack", "]C0 CN1"]);
    let event = Packet::of_scanner(0xF6, &[0x03]).unwrap().encode();
    check(hearer(), &[&event], &["ack"]);
    let taken = Packet::of_scanner(opcode::ACK, &[]).unwrap().encode();
    let denied = Packet::of_scanner(opcode::NAK, &[6]).unwrap().encode();
    let resend = Packet::of_scanner(opcode::NAK, &[RESEND]).unwrap().encode();
    check(hearer(), &[&taken, &denied, &resend], &["Taken", "Denied", "Again"]);
    // A line that echoes brings our own packets back.
    check(hearer(), &[&Packet::resend().encode()], &[]);
}

#[test]
fn by_bluetooth_three_bytes_stand_before_the_text() {
    let table = SsiTable { extra_bytes: 3, ..SsiTable::default() };
    let hearer = || Hearer::new(FrameRules { settle: Settle::Skip, ..FrameRules::default() }, table.clone());
    let packet = |data: &[u8]| Packet::of_scanner(opcode::DECODE_DATA, data).unwrap().encode();
    check(hearer(), &[&packet(b"\x01\0\0\x08CN1")], &["ack", "]A0 CN1"]);
    check(hearer(), &[&packet(b"\x01\0")], &["ack", "! truncated"]);
}

#[test]
fn reads_without_packets_are_read_and_never_acknowledged() {
    check(hearer(), &[b"CN1\r", b"]C0CN2\r\n"], &["CN1", "]C0 CN2"]);
    let long = format!("{}\r", "A".repeat(120));
    check(hearer(), &[long.as_bytes()], &[&"A".repeat(120)]);
    check(hearer(), &[b"CN1"], &["! truncated"]);
    let quiet = SsiTable { handshake: false, ..SsiTable::default() };
    let hearer = Hearer::new(FrameRules { settle: Settle::Skip, ..FrameRules::default() }, quiet);
    check(hearer, &[&read("CN1").encode(), b"\xFF\xFF"], &["]C0 CN1", "! damaged"]);
}

#[test]
fn half_a_packet_of_a_scanner_that_is_gone_is_refused_and_said() {
    let bytes = read("CN12345").encode();
    for length in 1..bytes.len() {
        let mut hearer = hearer();
        let mut out = Vec::new();
        hearer.push(&bytes[..length], at(1), &mut out);
        hearer.gone(at(2), &mut out);
        hearer.push(&bytes[length..], at(3), &mut out);
        assert_eq!(out.iter().map(tell).collect::<Vec<_>>(), ["! truncated"], "{length}");
    }
    let mut hearer = hearer();
    let mut out = Vec::new();
    hearer.push(&read("CN").with_more().encode(), at(1), &mut out);
    hearer.gone(at(2), &mut out);
    assert_eq!(out.iter().map(tell).collect::<Vec<_>>(), ["ack", "! truncated"]);
}

#[test]
fn what_was_there_before_the_opening_is_dropped_but_a_whole_packet() {
    let hearer = || Hearer::new(FrameRules::default(), SsiTable::default());
    check(hearer(), &[b"\x0A\xF3rest", &read("CN1").encode()], &["ack", "]C0 CN1"]);
    check(hearer(), &[&read("CN1").encode(), &read("CN2").encode()], &["ack", "]C0 CN1", "ack", "]C0 CN2"]);
}

mod talking {
    use super::*;

    fn beep(code: u8) -> Packet {
        Packet::of_host(opcode::BEEP, &[code]).unwrap()
    }

    #[test]
    fn one_command_is_under_way_at_a_time() {
        let mut talker = Talker::new(SsiTable::default());
        let mut done = Vec::new();
        assert!(talker.say(For::Signal, vec![beep(1), beep(2)]));
        assert_eq!(talker.next(0, &mut done), Some(beep(1).encode()));
        assert_eq!(talker.next(10, &mut done), None);
        assert_eq!(talker.hear(Verdict::Taken, 20), None);
        // Repeated by the line: it is not the answer to what was not sent yet.
        assert_eq!((talker.next(20, &mut done), talker.hear(Verdict::Taken, 20)), (None, None));
        assert_eq!(talker.next(10_020, &mut done), Some(beep(2).encode()));
        let taken = Done { purpose: For::Signal, verdict: Some(Verdict::Taken) };
        assert_eq!((talker.hear(Verdict::Taken, 10_030), talker.due_us()), (Some(taken), None));
        assert_eq!(done, []);
    }

    #[test]
    fn what_is_not_answered_is_sent_again_with_its_bit_and_then_given_up_with_the_rest() {
        let mut talker = Talker::new(SsiTable::default());
        let mut done = Vec::new();
        talker.say(For::Signal, vec![beep(1), beep(2)]);
        talker.say(For::SetUp, vec![beep(3)]);
        let mut written = Vec::new();
        for _ in 0..4 {
            let now = talker.due_us().unwrap().max(0);
            written.extend(talker.next(now, &mut done));
        }
        let again = beep(1).again().encode();
        assert_eq!(written, [beep(1).encode(), again.clone(), again, beep(3).encode()]);
        assert_eq!(done, [Done { purpose: For::Signal, verdict: None }]);
    }

    #[test]
    fn what_was_not_understood_is_sent_again_at_once_and_what_cannot_be_done_is_not() {
        let mut talker = Talker::new(SsiTable::default());
        let mut done = Vec::new();
        talker.say(For::Signal, vec![beep(1)]);
        talker.next(0, &mut done);
        assert_eq!(talker.hear(Verdict::Again, 5), None);
        assert_eq!(talker.next(5, &mut done), Some(beep(1).again().encode()));
        let denied = Done { purpose: For::Signal, verdict: Some(Verdict::Denied) };
        assert_eq!(talker.hear(Verdict::Denied, 6), Some(denied));
        assert_eq!(talker.hear(Verdict::Taken, 7), None);
    }

    #[test]
    fn a_scanner_that_sleeps_is_woken_first() {
        let mut talker = Talker::new(SsiTable { wakeup: true, ..SsiTable::default() });
        let mut done = Vec::new();
        talker.say(For::Signal, vec![beep(1)]);
        assert_eq!(talker.next(0, &mut done), Some(vec![0]));
        assert_eq!((talker.next(9_999, &mut done), talker.due_us()), (None, Some(10_000)));
        assert_eq!(talker.next(10_000, &mut done), Some(beep(1).encode()));
        talker.hear(Verdict::Taken, 20_000);
        talker.say(For::Signal, vec![beep(2)]);
        assert_eq!(talker.next(900_000, &mut done), Some(beep(2).encode()));
    }

    #[test]
    fn a_scanner_that_is_deaf_is_not_told_without_end() {
        let mut talker = Talker::new(SsiTable::default());
        let taken = (0..20).filter(|_| talker.say(For::Signal, vec![beep(1)])).count();
        assert_eq!(taken, 16);
    }
}

/// What becomes of one transmission on its way.
#[derive(Clone, Debug)]
enum Fate {
    Arrives,
    Lost,
    Twice,
    Damaged { place: prop::sample::Index, bits: u8 },
    CutOff(prop::sample::Index),
    AfterNoise(Vec<u8>),
}

impl Fate {
    fn of(&self, mut bytes: Vec<u8>) -> Vec<u8> {
        match self {
            Self::Arrives => bytes,
            Self::Lost => Vec::new(),
            Self::Twice => bytes.repeat(2),
            Self::Damaged { place, bits } => {
                let place = place.index(bytes.len());
                bytes[place] ^= bits;
                bytes
            }
            Self::CutOff(place) => {
                bytes.truncate(place.index(bytes.len()));
                bytes
            }
            Self::AfterNoise(noise) => [noise.as_slice(), &bytes].concat(),
        }
    }
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        6 => Just(Fate::Arrives),
        2 => Just(Fate::Lost),
        1 => Just(Fate::Twice),
        2 => (any::<prop::sample::Index>(), 1..=255_u8).prop_map(|(place, bits)| Fate::Damaged { place, bits }),
        1 => any::<prop::sample::Index>().prop_map(Fate::CutOff),
        1 => prop::collection::vec(any::<u8>(), 1..20).prop_map(Fate::AfterNoise),
    ]
}

/// The host of a scanner, with its clock: silence runs on while nothing comes.
struct Host {
    hearer: Hearer,
    now_us: i64,
    quiet_since_us: i64,
    /// Whether anything came that is more than NULs.
    came: bool,
    said: Vec<Said>,
}

impl Host {
    fn wait_until(&mut self, until_us: i64) {
        while let Some(quiet) = self.hearer.quiet_wanted() {
            let due = self.quiet_since_us + i64::try_from(quiet.as_micros()).unwrap();
            if due > until_us {
                break;
            }
            self.quiet_since_us = due;
            self.hearer.idle(at(due), &mut self.said);
        }
        self.now_us = until_us;
    }

    fn push(&mut self, bytes: &[u8]) {
        if !bytes.is_empty() {
            self.quiet_since_us = self.now_us;
            self.came |= bytes.iter().any(|byte| *byte != 0);
            self.hearer.push(bytes, at(self.now_us), &mut self.said);
        }
    }

    /// The answers since the last time.
    fn replies(&mut self, from: usize) -> Vec<Vec<u8>> {
        let reply = |said: &Said| if let Said::Reply(bytes) = said { Some(bytes.clone()) } else { None };
        self.said[from..].iter().filter_map(reply).collect()
    }

    fn texts(&self) -> Vec<String> {
        let text = |said: &Said| {
            if let Said::Frame(FrameEvent::Read(frame)) = said { Some(frame.text.clone()) } else { None }
        };
        self.said.iter().filter_map(text).collect()
    }

    fn refused(&self) -> usize {
        self.said.iter().filter(|said| matches!(said, Said::Frame(FrameEvent::Refused(_)))).count()
    }
}

/// A scanner sends one read: at most three times, each until an answer or its time is up. Whether it was acknowledged.
fn send(host: &mut Host, packet: &Packet, fates: &mut impl Iterator<Item = Fate>) -> bool {
    const RESPONSE_US: i64 = 2_000_000;
    for time in 0..3 {
        let packet = if time == 0 { packet.clone() } else { packet.clone().again() };
        let from = host.said.len();
        let sent_us = host.now_us;
        host.push(&fates.next().unwrap_or(Fate::Arrives).of(packet.encode()));
        // Our answer to what came whole goes at once, to what did not after a short silence.
        host.wait_until(sent_us + 200_000);
        for reply in host.replies(from) {
            match Packet::decode(&fates.next().unwrap_or(Fate::Arrives).of(reply)) {
                Ok(answer) if answer == Packet::ack() => return true,
                Ok(_) => break,
                Err(_) => host.wait_until(sent_us + RESPONSE_US),
            }
        }
        if host.replies(from).is_empty() {
            host.wait_until(sent_us + RESPONSE_US);
        }
    }
    false
}

proptest! {
    #[test]
    fn over_a_line_that_loses_repeats_and_spoils_no_read_is_lost_and_none_doubled(
        fates in prop::collection::vec(fate(), 0..120), scans in 1..20_u32,
    ) {
        let mut host = Host { hearer: hearer(), now_us: 0, quiet_since_us: 0, came: false, said: Vec::new() };
        let mut fates = fates.into_iter();
        let mut acknowledged = Vec::new();
        for number in 0..scans {
            let text = format!("CN{number}");
            if send(&mut host, &read(&text), &mut fates) {
                acknowledged.push(text);
            }
            let next = host.now_us + 700_000;
            host.wait_until(next);
        }
        let end = host.now_us + 20_000_000;
        host.wait_until(end);
        prop_assert_eq!(host.hearer.quiet_wanted(), None);
        let texts = host.texts();
        let mut sorted = texts.clone();
        sorted.sort_by_key(|text| text[2..].parse::<u32>().unwrap());
        sorted.dedup();
        prop_assert_eq!(&texts, &sorted, "doubled, or out of order");
        for text in &acknowledged {
            prop_assert!(texts.contains(text), "{} was acknowledged and is lost", text);
        }
    }

    #[test]
    fn what_reached_us_and_could_not_be_read_is_said(fates in prop::collection::vec(fate(), 0..7)) {
        let mut host = Host { hearer: hearer(), now_us: 0, quiet_since_us: 0, came: false, said: Vec::new() };
        send(&mut host, &read("CN1"), &mut fates.into_iter());
        host.wait_until(60_000_000);
        prop_assert!(!host.came || host.texts().len() + host.refused() > 0);
    }

    #[test]
    fn any_split_of_the_bytes_gives_the_same_reads(
        noise in prop::collection::vec(any::<u8>(), 0..40), cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..8),
    ) {
        let bytes = [read("CN1").encode(), noise, read("CN2").again().encode()].concat();
        let mut whole = Vec::new();
        let mut one = hearer();
        one.push(&bytes, at(1), &mut whole);
        one.gone(at(2), &mut whole);
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
        cuts.sort_unstable();
        let (mut pieces, mut other, mut from) = (Vec::new(), hearer(), 0);
        for to in cuts.into_iter().chain([bytes.len()]) {
            other.push(&bytes[from..to], at(1), &mut pieces);
            from = to;
        }
        other.gone(at(2), &mut pieces);
        prop_assert_eq!(whole, pieces);
    }

    #[test]
    fn over_such_a_line_a_beep_that_was_taken_sounded_once_and_none_sounds_twice(
        fates in prop::collection::vec(fate(), 0..60), beeps in 1..10_u8,
    ) {
        let mut talker = Talker::new(SsiTable::default());
        let mut fates = fates.into_iter();
        let (mut now, mut sounded, mut newest) = (0_i64, Vec::new(), None);
        for code in 0..beeps {
            let mut done = Vec::new();
            talker.say(For::Signal, vec![Packet::of_host(opcode::BEEP, &[code]).unwrap()]);
            while done.is_empty() {
                now = now.max(talker.due_us().unwrap());
                let Some(bytes) = talker.next(now, &mut done) else { continue };
                let came = Packet::decode(&fates.next().unwrap_or(Fate::Arrives).of(bytes));
                let Ok(packet) = came else { continue };
                if !(packet.is_again() && newest.as_deref() == Some(packet.data())) {
                    sounded.push(code);
                }
                newest = Some(packet.data().to_vec());
                let answer = Packet::of_scanner(opcode::ACK, &[]).unwrap().encode();
                if Packet::decode(&fates.next().unwrap_or(Fate::Arrives).of(answer)).is_ok() {
                    done.extend(talker.hear(Verdict::Taken, now + 5_000));
                }
            }
            let times: usize = sounded.iter().map(|it| usize::from(*it == code)).sum();
            prop_assert!(times <= 1);
            prop_assert!(times == 1 || done[0].verdict.is_none());
        }
    }
}
