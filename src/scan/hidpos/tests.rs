use proptest::prelude::*;

use super::*;
use crate::clock::{Reading, Timestamp};
use crate::scan::frame::{FrameEvent, Framer};

const AT: Reading = Reading { wall: Timestamp::EPOCH, boot_us: 0 };

/// The reports of one read, as the layout has them.
fn reports(aim: [u8; 3], data: &[u8]) -> Vec<[u8; REPORT_BYTES]> {
    let pieces: Vec<&[u8]> = if data.is_empty() { vec![b""] } else { data.chunks(DATA_MOST).collect() };
    let last = pieces.len() - 1;
    pieces.iter().enumerate().map(|(index, piece)| report(aim, piece, index < last)).collect()
}

fn report(aim: [u8; 3], data: &[u8], more: bool) -> [u8; REPORT_BYTES] {
    let mut report = [0; REPORT_BYTES];
    report[0] = SCAN_REPORT;
    report[1] = u8::try_from(data.len()).unwrap();
    report[2..5].copy_from_slice(&aim);
    report[5..5 + data.len()].copy_from_slice(data);
    report[61] = b'j';
    report[MORE_AT] = u8::from(more);
    report
}

/// What the desk gets, as short texts; `None` is a silence.
fn heard<'a>(reports: impl IntoIterator<Item = Option<&'a [u8]>>) -> Vec<String> {
    let mut framer = Framer::new(frame_rules(&FrameRules { max_len: 4096, ..FrameRules::default() }));
    let (mut state, mut events) = (Reports::default(), Vec::new());
    for report in reports {
        if let Some(report) = report {
            let mut bytes = Vec::new();
            state.take(report, &mut bytes);
            framer.push(&bytes, AT, &mut events);
        } else {
            state.quiet();
            framer.idle(AT, &mut events);
        }
    }
    events.into_iter().map(said).collect()
}

fn said(event: FrameEvent) -> String {
    match event {
        FrameEvent::Read(frame) => {
            format!("{}{}", frame.aim.map_or(String::new(), |aim| aim.to_string()), frame.text)
        }
        FrameEvent::Refused(bad) => format!("refused {}", bad.why.code()),
    }
}

fn all(reports: &[[u8; REPORT_BYTES]]) -> Vec<String> {
    heard(reports.iter().map(|report| Some(report.as_slice())))
}

#[test]
fn a_report_is_a_read() {
    assert_eq!(all(&reports(*b"]C0", b"V000001234")), ["]C0V000001234"]);
    assert_eq!(all(&reports(*b"]d2", b"01\x1D02")), ["]d201\x1D02"]);
}

#[test]
fn one_end_at_the_end_is_dropped_and_one_inside_is_refused() {
    for end in ["", "\r", "\r\n", "\n"] {
        assert_eq!(all(&reports(*b"]C0", format!("V1{end}").as_bytes())), ["]C0V1"], "{end:?}");
        let long = format!("{}{end}", "7".repeat(55));
        assert_eq!(all(&reports(*b"]C0", long.as_bytes())), [format!("]C0{}", "7".repeat(55))], "{end:?}");
    }
    for inside in ["V1\rV2", "V1\nV2", "V1\x02V2", "V1\0V2"] {
        assert_eq!(all(&reports(*b"]C0", inside.as_bytes())), ["refused invalid-byte"], "{inside:?}");
    }
}

#[test]
fn an_identifier_shifted_by_one_byte_is_found() {
    let mut shifted = report(*b"\x00]C", b"0V1234", false);
    shifted[1] = 5;
    assert_eq!(all(&[shifted]), ["]C0V1234"]);
}

#[test]
fn answers_to_commands_are_no_scans() {
    let mut all_reports = reports(*b"]X0", &[b'x'; 100]);
    all_reports.extend(reports(*b"]Z6", b"\x06."));
    all_reports.extend(reports(*b"]C0", b"V1"));
    assert_eq!(all(&all_reports), ["]C0V1"]);
}

#[test]
fn a_report_that_lies_about_its_length_is_refused_with_the_rest_of_its_read() {
    let mut lying = report(*b"]C0", b"V1", false);
    lying[1] = 57;
    assert_eq!(all(&[lying]), ["refused invalid-byte"]);
    let mut first = report(*b"]C0", b"V1", true);
    first[1] = 255;
    assert_eq!(all(&[first, report(*b"]C0", b"V2", false)]), ["refused invalid-byte"]);
    assert_eq!(heard([Some(&report(*b"]C0", b"V1", false)[..20])]), ["refused invalid-byte"]);
    assert_eq!(all(&[report(*b"]C0", b"", false)]), ["refused truncated"]);
}

#[test]
fn a_read_whose_second_report_is_missing_is_refused() {
    let [first, second, _] = reports(*b"]C0", &[b'7'; 150]).try_into().unwrap();
    let next = report(*b"]C0", b"V1", false);
    let after_silence = heard([Some(&first[..]), Some(&second[..]), None, Some(&next[..])]);
    assert_eq!(after_silence, ["refused truncated", "]C0V1"]);
    // Another kind of symbol is another read, even without a silence.
    let other = report(*b"]A0", b"CN1", false);
    assert_eq!(all(&[first, other]), ["refused truncated", "]A0CN1"]);
}

#[test]
fn a_report_of_another_number_is_nothing() {
    let mut other = report(*b"]C0", b"V1", false);
    other[0] = 3;
    assert_eq!(all(&[other]), [""; 0]);
    assert_eq!(heard([Some(&b""[..])]), [""; 0]);
}

proptest! {
    #[test]
    fn any_text_comes_through_whole_however_many_reports_it_takes(
        // Without the signs of identifiers and programming codes, which are refused wherever they come from.
        text in "v[ -#&-?A-\\\\^-~]{0,500}",
    ) {
        prop_assert_eq!(all(&reports(*b"]Q1", text.as_bytes())), [format!("]Q1{text}")]);
    }

    #[test]
    fn noise_never_panics_and_never_outgrows_its_reports(
        noise in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..=64), 0..20),
    ) {
        let mut state = Reports::default();
        for mut report in noise {
            if let Some(first) = report.first_mut() {
                *first = SCAN_REPORT;
            }
            let mut bytes = Vec::new();
            state.take(&report, &mut bytes);
            // STX, identifier, each byte with a mark before it at most, CR.
            prop_assert!(bytes.len() <= 5 + 2 * DATA_MOST);
        }
    }
}
