//! Lines for a technician who watches a scanner's line. Pure: it makes text and prints nothing.

use std::fmt::Write;

use jiff::tz::TimeZone;

use crate::clock::Reading;
use crate::scan::feedback::Feedback;
use crate::scan::frame::FrameEvent;
use crate::scan::port::PortEvent;

/// Bytes on one line.
pub const BYTES_A_LINE: usize = 16;

/// The lines of one event, times of day in `zone`.
pub fn event_lines(event: &PortEvent, zone: &TimeZone) -> Vec<String> {
    match event {
        PortEvent::Connected { identity } => {
            vec![
                identity.as_ref().map_or("connected".to_owned(), |identity| format!("connected: {identity}")),
            ]
        }
        PortEvent::Lost { why } => vec![format!("lost: {why}")],
        PortEvent::Frame(frame) => vec![frame_line(frame)],
        PortEvent::Bytes { bytes, at } => byte_lines(bytes, *at, zone),
    }
}

/// Bytes in hex and as text, the time of day on the first line.
pub fn byte_lines(bytes: &[u8], at: Reading, zone: &TimeZone) -> Vec<String> {
    let mut time = at.wall.to_jiff().to_zoned_datetime(zone.clone()).strftime("%H:%M:%S%.3f").to_string();
    let mut lines = Vec::new();
    for row in bytes.chunks(BYTES_A_LINE) {
        let mut hex = String::new();
        for byte in row {
            // Writing to a string cannot fail.
            let _ = write!(hex, "{byte:02X} ");
        }
        let text: String = row.iter().map(|byte| seen(*byte)).collect();
        lines.push(format!("{time:12}  {hex:48} |{text}|"));
        time.clear();
    }
    lines
}

/// What came of the bytes, e.g. `read: CN123 (Code 39, ]A0)`.
pub fn frame_line(event: &FrameEvent) -> String {
    match event {
        FrameEvent::Read(frame) => match frame.aim {
            Some(aim) => format!("read: {} ({}, {aim})", shown(&frame.text), aim.symbology().title()),
            None => format!("read: {} (kind not told)", shown(&frame.text)),
        },
        FrameEvent::Refused(bad) => {
            format!("refused: {} [{}, {} bytes]", bad.why.sentence(), bad.why.code(), bad.raw.len())
        }
    }
}

/// What was sent to the scanner.
pub fn feedback_line(feedback: Feedback, bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return format!("sent: {}: nothing, the profile has no bytes for it", feedback.name());
    }
    let hex: Vec<String> = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
    format!("sent: {}: {}", feedback.name(), hex.join(" "))
}

fn seen(byte: u8) -> char {
    if byte.is_ascii_graphic() || byte == b' ' { char::from(byte) } else { '.' }
}

/// Text with GS, the only control character a read can hold, made visible.
fn shown(text: &str) -> String {
    text.replace('\u{1D}', "<GS>")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;
    use crate::scan::frame::{FrameRules, Framer, Settle};

    #[test]
    fn a_technician_sees_the_bytes_and_what_came_of_them() {
        let at = Reading { wall: Timestamp::from_micros(1_767_268_800_123_456), boot_us: 7 };
        let bytes = b"]A0CN123\r\x1BA\r]d2X\x1DY\r";
        let mut framer = Framer::new(FrameRules { settle: Settle::Skip, ..FrameRules::default() });
        let mut events = Vec::new();
        framer.push(bytes, at, &mut events);
        let mut lines = byte_lines(bytes, at, &TimeZone::UTC);
        lines.extend(events.iter().map(frame_line));
        lines.push(feedback_line(Feedback::Accept, b"\x16\x07\r"));
        lines.push(feedback_line(Feedback::Stop, b""));
        insta::assert_snapshot!(lines.join("\n"), @r"
        12:00:00.123  5D 41 30 43 4E 31 32 33 0D 1B 41 0D 5D 64 32 58  |]A0CN123..A.]d2X|
                      1D 59 0D                                         |.Y.|
        read: CN123 (Code 39, ]A0)
        refused: The scanner sent signs that no label holds. Scan it again; if it stays so, tell IT to check the scanner's line settings. [invalid-byte, 2 bytes]
        read: X<GS>Y (GS1 Data Matrix, ]d2)
        sent: accept: 16 07 0D
        sent: stop: nothing, the profile has no bytes for it
        ");
    }
}
