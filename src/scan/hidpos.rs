//! Reports of a USB point-of-sale scanner → bytes for the framer. Pure.
//!
//! ```text
//! [0] 02, [1] length of the data, [2..5] AIM identifier, [5..61] data, [61] the vendor's code, [63] 1 if more follow
//! ```
//!
//! What comes out is what a serial scanner would have sent: STX, identifier, data, CR. The framer then finds half reads,
//! reads that are too long and signs that no label holds, as for every other scanner.
//!
//! Sources: WebHidBarcodeScanner (layout, shifted identifier, trailing CR), python_hon_usbhid (a Voyager 1602g's reports
//! agree byte for byte; `]X0` and `]Z6` are answers to commands).

use std::time::Duration;

use crate::scan::frame::{FrameRules, Settle, Suffix};

#[cfg(test)]
mod tests;

/// Bytes of a report, its number included.
pub const REPORT_BYTES: usize = 64;
/// Least silence between the reports of one read that means that the rest will not come. They follow each other in
/// milliseconds; nobody scans twice within this.
const REPORT_GAP_LEAST: Duration = Duration::from_millis(200);
/// The report that carries scans; others are the vendor's own.
const SCAN_REPORT: u8 = 0x02;
/// Where the data begins, unless the device shifts its identifier and data by one.
const DATA_AT: usize = 5;
/// Most data of one report.
const DATA_MOST: usize = 56;
/// Where a report says whether more follow.
const MORE_AT: usize = 63;
/// Identifiers of what is no scan: answers of a Honeywell to commands.
const NO_SCAN: [[u8; 3]; 2] = [*b"]X0", *b"]Z6"];
/// Stands for what cannot be right; no charset holds it.
const SPOILT: u8 = 0x80;

const NUL: u8 = 0x00;
const STX: u8 = 0x02;
const LF: u8 = 0x0A;
const CR: u8 = 0x0D;

/// The rules of a framer behind [`Reports`]: it is told beginnings and ends, whatever the profile says of them.
pub fn frame_rules(rules: &FrameRules) -> FrameRules {
    FrameRules {
        start: Some(STX),
        ends: vec![CR],
        suffix: Suffix::Required,
        settle: Settle::Skip,
        inter_char: rules.inter_char.max(REPORT_GAP_LEAST),
        ..rules.clone()
    }
}

/// Puts the reports of one device together.
#[derive(Debug, Default)]
pub struct Reports {
    /// The read of which more reports are to come.
    open: Option<Open>,
    /// Whether CR or LF came that would be the end if nothing followed.
    end_seen: bool,
}

#[derive(Debug)]
struct Open {
    aim: Option<[u8; 3]>,
}

/// One report of a scan, looked at.
struct Report<'a> {
    aim: Option<[u8; 3]>,
    data: &'a [u8],
    more: bool,
}

impl Reports {
    /// Takes one report as it was read, and appends what a serial scanner would have sent.
    pub fn take(&mut self, report: &[u8], out: &mut Vec<u8>) {
        if report.first() != Some(&SCAN_REPORT) {
            return;
        }
        let Some(report) = Report::of(report) else { return self.spoil(report, out) };
        if !self.goes_on(&report) {
            self.begin(report.aim, out);
        }
        if !report.aim.is_some_and(|aim| NO_SCAN.contains(&aim)) {
            self.text(report.data, out);
        }
        self.finish(report.more, out);
    }

    /// No report has come for as long as the framer waits within a read: what comes next is a new one.
    pub fn quiet(&mut self) {
        *self = Self::default();
    }

    /// Whether it belongs to the read that is open: another identifier is another read. What came without one, or with a
    /// lie, goes on to its last report.
    fn goes_on(&self, report: &Report) -> bool {
        let same = |open: &Open| open.aim.is_none() || report.aim.is_none() || report.aim == open.aim;
        self.open.as_ref().is_some_and(same)
    }

    fn begin(&mut self, aim: Option<[u8; 3]>, out: &mut Vec<u8>) {
        self.end_seen = false;
        self.open = Some(Open { aim });
        out.push(STX);
        out.extend(aim.into_iter().filter(|aim| !NO_SCAN.contains(aim)).flatten());
    }

    fn text(&mut self, data: &[u8], out: &mut Vec<u8>) {
        for &byte in data {
            if matches!(byte, CR | LF) {
                self.end_seen = true;
                continue;
            }
            if std::mem::take(&mut self.end_seen) {
                out.push(SPOILT);
            }
            // What means something to the framer cannot be text.
            out.push(if matches!(byte, NUL | STX) { SPOILT } else { byte });
        }
    }

    /// A report that lies: the read it belongs to is refused as a whole.
    fn spoil(&mut self, report: &[u8], out: &mut Vec<u8>) {
        if self.open.is_none() {
            self.begin(None, out);
        }
        out.push(SPOILT);
        self.finish(report.get(MORE_AT).is_some_and(|more| *more != 0), out);
    }

    fn finish(&mut self, more: bool, out: &mut Vec<u8>) {
        if !more {
            self.quiet();
            out.push(CR);
        }
    }
}

impl<'a> Report<'a> {
    /// None if its length cannot be.
    fn of(report: &'a [u8]) -> Option<Self> {
        let length = report.get(1).copied().map(usize::from).filter(|length| *length <= DATA_MOST)?;
        let more = report.get(MORE_AT).filter(|_| report.len() == REPORT_BYTES)?;
        let shift = usize::from(report.get(2) != Some(&b']') && report.get(3) == Some(&b']'));
        let aim = report.get(2 + shift..DATA_AT + shift).and_then(|aim| <[u8; 3]>::try_from(aim).ok());
        Some(Self {
            aim: aim.filter(|aim| aim.starts_with(b"]")),
            data: report.get(DATA_AT + shift..DATA_AT + shift + length)?,
            more: *more != 0,
        })
    }
}
