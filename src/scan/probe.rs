//! Whether a device could be opened now, for a person who looks; nothing is taken from a program that has it.

use std::fs::File;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use evdev::raw_stream::RawDevice;
use rustix::fs::{FlockOperation, OFlags};

use super::device::{LostWhy, not_opened};
use super::usb::{Link, Plugged};

/// Why it cannot be opened, if it cannot.
pub fn why_not_open(device: &Plugged) -> Option<LostWhy> {
    match device.link {
        Link::Serial | Link::HidPos => try_file(&device.node),
        Link::Wedge => try_keyboard(&device.node),
    }
    .err()
}

/// Whoever reads a scanner holds a lock on its file, this program too.
fn try_file(node: &Path) -> Result<(), LostWhy> {
    let flags = OFlags::NOCTTY | OFlags::NONBLOCK;
    let flags = i32::try_from(flags.bits()).unwrap_or_default();
    let file = File::options().read(true).write(true).custom_flags(flags).open(node);
    let file = file.map_err(|error| not_opened(&error))?;
    rustix::fs::flock(&file, FlockOperation::NonBlockingLockShared).map_err(|_| LostWhy::Busy)
}

/// A keyboard is grabbed for the moment that it takes to see that it can be.
fn try_keyboard(node: &Path) -> Result<(), LostWhy> {
    let mut device = RawDevice::open(node).map_err(|error| not_opened(&error))?;
    device.grab().map_err(|error| not_opened(&error))
}
