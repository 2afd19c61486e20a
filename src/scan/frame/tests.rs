use proptest::prelude::*;

use super::*;

fn at(boot_us: i64) -> Reading {
    Reading { wall: Timestamp::from_micros(boot_us), boot_us }
}

fn told(events: &[FrameEvent]) -> Vec<String> {
    events
        .iter()
        .map(|event| match event {
            FrameEvent::Read(frame) => {
                format!("{}{}", frame.aim.map_or(String::new(), |aim| format!("{aim} ")), frame.text)
            }
            FrameEvent::Refused(bad) => format!("! {} {}", bad.why.code(), bad.raw.escape_ascii()),
        })
        .collect()
}

fn open() -> FrameRules {
    FrameRules { settle: Settle::Skip, ..FrameRules::default() }
}

fn check(rules: FrameRules, bytes: &[u8], expected: &[&str]) {
    let mut framer = Framer::new(rules);
    let mut out = Vec::new();
    framer.push(bytes, at(1), &mut out);
    framer.idle(at(2), &mut out);
    assert_eq!(told(&out), expected, "{}", bytes.escape_ascii());
}

#[test]
fn the_bytes_of_a_scanner_become_reads() {
    let table: &[(&[u8], &[&str])] = &[
        (b"CN123\r", &["CN123"]),
        (b"CN123\r\nCN124\r\n", &["CN123", "CN124"]),
        (b"CN123\nCN124\x03", &["CN123", "CN124"]),
        (b"\x02CN123\x03", &["CN123"]),
        (b"\r\n\r\n", &[]),
        (b"\0\0CN\x00123\0\r\0", &["CN123"]),
        (b"]A0CN123\r", &["]A0 CN123"]),
        (b"]d2010506\x1D21X\r", &["]d2 010506\u{1d}21X"]),
        (b"AT123456\r", &["AT123456"]),
        (b"*CN123*\r", &["*CN123*"]),
    ];
    for (bytes, expected) in table {
        check(open(), bytes, expected);
    }
}

#[test]
fn what_is_no_read_is_refused_with_its_reason() {
    let table: &[(&[u8], &[&str])] = &[
        (b"CN1", &["! truncated CN1"]),
        (b"CN1\x02CN123\r", &["! truncated CN1", "CN123"]),
        (b"]C0\r", &["! truncated ]C0"]),
        (b"CN\x07123\rCN123\r", &["! invalid-byte CN\\x07123", "CN123"]),
        (b"CN\x9a\r", &["! invalid-byte CN\\x9a"]),
        (b"CN\xe9\r", &["! invalid-byte CN\\xe9"]),
        (b"CN\t1\r", &["! invalid-byte CN\\t1"]),
        (b"]C0CN123]C0CN124\r", &["! joined ]C0CN123]C0CN124"]),
        (b"]9CN123\r", &["! identifier ]9CN123"]),
        (b"SXUAH2000E\r", &["! programming SXUAH2000E"]),
        (b"]C0@SETUPE1\r", &["! programming ]C0@SETUPE1"]),
        (b"@INTERF8\r%#IFSNO$3\r", &["! programming @INTERF8", "! programming %#IFSNO$3"]),
        (b"$P,HA35,P\r$P\r", &["! programming $P,HA35,P", "! programming $P"]),
        (b"AT\rat+GCAP\r", &["! programming AT", "! programming at+GCAP"]),
    ];
    for (bytes, expected) in table {
        check(open(), bytes, expected);
    }
}

#[test]
fn a_frame_over_the_limit_is_swallowed_to_its_end_and_told_once() {
    let rules = FrameRules { max_len: 4, ..open() };
    check(rules.clone(), b"123456789\rOK\r", &["! too-long 1234", "OK"]);
    check(rules.clone(), b"1234\r", &["1234"]);
    check(rules.clone(), b"123456789", &["! too-long 1234"]);
    check(rules, b"123456\x02OK\r", &["! too-long 1234", "OK"]);
}

#[test]
fn what_the_profile_says_changes_the_reading() {
    check(FrameRules { charset: Charset::Latin1, ..open() }, b"CN\xe9\r", &["CNé"]);
    check(FrameRules { star: Star::Strip, ..open() }, b"*CN1*\r]A0*CN2*\r", &["CN1", "]A0 CN2"]);
    check(
        FrameRules { star: Star::Strip, ..open() },
        b"]C0*CN1*\r*\r**\r",
        &["]C0 *CN1*", "*", "! truncated **"],
    );
    check(FrameRules { aim: AimRule::Required, ..open() }, b"CN1\r", &["! identifier CN1"]);
    check(FrameRules { aim: AimRule::Absent, ..open() }, b"]9CN1\r", &["]9CN1"]);
    check(FrameRules { ends: vec![b'\t'], ..open() }, b"CN1\t", &["CN1"]);
    check(FrameRules { start: None, ..open() }, b"\x02CN1\r", &["! invalid-byte \\x02CN1"]);
    check(FrameRules { suffix: Suffix::NotRequired, ..open() }, b"CN1", &["CN1"]);
}

#[test]
fn bytes_from_before_the_opening_are_dropped_until_an_end_or_quiet() {
    let settling = FrameRules::default();
    check(settling.clone(), b"N122\rCN123\r", &["CN123"]);
    check(settling.clone(), b"N122\x02CN123\r", &["CN123"]);
    let mut framer = Framer::new(settling);
    let mut out = Vec::new();
    framer.push(b"N122", at(1), &mut out);
    assert_eq!(framer.quiet_wanted(), Some(SETTLE_QUIET));
    framer.idle(at(2), &mut out);
    framer.push(b"CN123\r", at(3), &mut out);
    assert_eq!(told(&out), ["CN123"]);
}

#[test]
fn a_read_carries_the_time_of_its_last_byte() {
    let mut framer = Framer::new(FrameRules { suffix: Suffix::NotRequired, ..open() });
    let mut out = Vec::new();
    framer.push(b"CN", at(10), &mut out);
    framer.push(b"1\r", at(20), &mut out);
    framer.push(b"CN2", at(30), &mut out);
    assert_eq!(framer.quiet_wanted(), Some(INTER_CHAR_DEFAULT));
    framer.idle(at(90), &mut out);
    let times: Vec<i64> = out
        .iter()
        .map(|event| match event {
            FrameEvent::Read(frame) => frame.at.boot_us,
            FrameEvent::Refused(bad) => panic!("{bad:?}"),
        })
        .collect();
    assert_eq!(times, [20, 30]);
}

#[test]
fn half_a_frame_of_a_device_that_is_gone_is_never_read() {
    let mut framer = Framer::new(FrameRules { suffix: Suffix::NotRequired, ..open() });
    let mut out = Vec::new();
    framer.push(b"CN12", at(1), &mut out);
    framer.gone(at(2), &mut out);
    framer.push(b"3\r", at(3), &mut out);
    framer.idle(at(4), &mut out);
    assert_eq!(told(&out), ["! truncated CN12"]);
}

#[test]
fn nobody_sees_the_text_in_a_debug_line() {
    let mut framer = Framer::new(open());
    let mut out = Vec::new();
    framer.push(b"SMITH\rJON\x07ES\r", at(1), &mut out);
    let line = format!("{out:?}");
    assert!(!line.contains("SMITH") && !line.contains("JON"), "{line}");
}

#[test]
fn every_fault_has_its_own_code_and_says_what_to_do() {
    let mut codes: Vec<_> = FrameFault::ALL.iter().map(|fault| fault.code()).collect();
    codes.sort_unstable();
    codes.dedup();
    assert_eq!(codes.len(), FrameFault::ALL.len());
    assert!(FrameFault::ALL.iter().all(|fault| fault.to_string().to_lowercase().contains("scan")));
}

fn stream() -> impl Strategy<Value = Vec<u8>> {
    let byte = prop_oneof![
        6 => 0x20..0x7Fu8,
        2 => prop::sample::select(vec![b'\r', b'\n', 2, 3, 0, 0x1D, b']', b'A', b'0']),
        1 => any::<u8>(),
    ];
    prop::collection::vec(byte, 0..600)
}

proptest! {
    #[test]
    fn any_split_of_the_bytes_gives_the_same_frames(
        bytes in stream(), cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..12), settle: bool,
    ) {
        let rules = FrameRules { settle: if settle { Settle::Drop } else { Settle::Skip }, max_len: 40, ..open() };
        let mut whole = Vec::new();
        let mut framer = Framer::new(rules.clone());
        framer.push(&bytes, at(1), &mut whole);
        framer.gone(at(1), &mut whole);

        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len() + 1)).collect();
        cuts.sort_unstable();
        let mut pieces = Vec::new();
        let mut framer = Framer::new(rules);
        let mut from = 0;
        for to in cuts.into_iter().chain([bytes.len()]) {
            framer.push(&bytes[from..to], at(1), &mut pieces);
            from = to;
        }
        framer.gone(at(1), &mut pieces);
        prop_assert_eq!(whole, pieces);
    }

    #[test]
    fn after_noise_an_end_and_quiet_a_good_scan_is_read(noise in prop::collection::vec(any::<u8>(), 4096)) {
        let mut framer = Framer::new(FrameRules::default());
        let mut out = Vec::new();
        framer.push(&noise, at(1), &mut out);
        framer.push(b"\r", at(2), &mut out);
        framer.idle(at(3), &mut out);
        out.clear();
        framer.push(b"]A0CN123\r", at(4), &mut out);
        prop_assert_eq!(told(&out), ["]A0 CN123"]);
        prop_assert_eq!(framer.quiet_wanted(), None);
    }
}
