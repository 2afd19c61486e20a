//! A USB point-of-sale scanner through hidraw.

use std::ffi::CString;
use std::fs::File;
use std::io::{self, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::LazyLock;
use std::time::Duration;

use hidapi::{HidApi, HidResult};
use rustix::fs::FlockOperation;

use super::device::{Heard, LostWhy, heard, not_opened, quiet};
use super::hidpos::{REPORT_BYTES, Reports};

/// Vendors whose scanners deliver nothing before they are told to: Honeywell, Youjie (WebHidBarcodeScanner).
const MUST_BE_STARTED: [u16; 2] = [0x0c2e, 0x23d0];
/// The feature report that tells them so: number 254, value 1 (same source).
const START: [u8; 2] = [254, 1];
/// The whole of hidapi, made once: it cannot be had without its reading every attribute of every HID device and of all
/// that these are plugged into, of which nothing is used.
static HIDAPI: LazyLock<HidResult<HidApi>> = LazyLock::new(HidApi::new);

/// An open device.
pub(super) struct Hidraw {
    file: File,
    wait: Duration,
    reports: Reports,
}

impl Hidraw {
    /// Opens for this program alone, as far as others ask for the lock, and starts the delivery of scans.
    pub(super) fn open(node: &Path, vid: Option<u16>) -> Result<Self, LostWhy> {
        let file = File::options().read(true).write(true).open(node).map_err(|error| not_opened(&error))?;
        rustix::fs::flock(&file, FlockOperation::NonBlockingLockExclusive).map_err(|_| LostWhy::Busy)?;
        if vid.is_some_and(|vid| MUST_BE_STARTED.contains(&vid))
            && let Err(error) = start(node)
        {
            // Some models deliver without it, and refuse it.
            tracing::warn!(scanner.node = %node.display(), %error, "the scanner was not started; it may stay silent");
        }
        Ok(Self { file, wait: Duration::ZERO, reports: Reports::default() })
    }

    /// A second handle for writing.
    pub(super) fn outlet(&self) -> io::Result<Self> {
        Ok(Self { file: self.file.try_clone()?, wait: self.wait, reports: Reports::default() })
    }

    /// Sets how long [`Hidraw::hear`] waits.
    pub(super) fn wait_at_most(&mut self, wait: Duration) {
        self.wait = wait;
    }

    /// Waits for a report, and gives what a serial scanner would have sent.
    pub(super) fn hear(&mut self, buffer: &mut [u8]) -> Heard {
        match quiet(&self.file, self.wait) {
            Ok(false) => {}
            Ok(true) => {
                self.reports.quiet();
                return Heard::Quiet;
            }
            Err(error) => return heard(Err(error)),
        }
        let mut report = [0; REPORT_BYTES];
        match self.file.read(&mut report) {
            Ok(0) => Heard::Lost(LostWhy::Gone),
            Ok(count) => {
                let mut bytes = Vec::new();
                self.reports.take(report.get(..count).unwrap_or(&report), &mut bytes);
                // A report gives at most twice its length, and the caller's buffer holds more.
                match bytes.as_slice().read(buffer) {
                    Ok(0) => Heard::Again,
                    result => heard(result),
                }
            }
            Err(error) => heard(Err(error)),
        }
    }

    /// Writes one output report, its number first.
    pub(super) fn tell(&mut self, report: &[u8]) -> io::Result<()> {
        match self.file.write(report)? {
            written if written == report.len() => Ok(()),
            _ => Err(io::ErrorKind::WriteZero.into()),
        }
    }
}

/// hidapi wraps the one call that the standard library has no word for; it opens the device a second time for it.
fn start(node: &Path) -> Result<(), Box<dyn std::error::Error>> {
    let path = CString::new(node.as_os_str().as_bytes())?;
    HIDAPI.as_ref()?.open_path(&path)?.send_feature_report(&START)?;
    Ok(())
}

/// Makes ready what the first scanner would wait for otherwise. May block for some milliseconds; a second call does nothing.
pub(crate) fn prepare() {
    LazyLock::force(&HIDAPI);
}
