//! A scanner that is not there: for tests, the demo and trying a desk without a device.
//!
//! It is the far end of a pseudo terminal; the near end is opened by path as a real scanner's would be. What it
//! cannot show: USB numbers, `/dev/serial/by-path`, line settings, a real beep.

use std::ffi::OsStr;
use std::fs;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::OFlags;
use rustix::io::Errno;
use rustix::pty::OpenptFlags;
use rustix::termios::OptionalActions;

use crate::clock;

/// Tries of one millisecond for the near end to make room; it holds about 4 KiB that nobody reads.
const WRITE_TRIES: u32 = 2000;

/// A pseudo terminal that behaves as a scanner with a CR suffix.
#[derive(Debug)]
pub struct VirtualScanner {
    /// `None` while unplugged.
    master: Option<OwnedFd>,
    link: Option<PathBuf>,
}

impl VirtualScanner {
    /// A scanner plugged in at the path that is returned with it.
    ///
    /// # Errors
    /// When the system gives no pseudo terminal.
    pub fn new() -> io::Result<(Self, PathBuf)> {
        let (master, path) = open_pty()?;
        Ok((Self { master: Some(master), link: None }, path))
    }

    /// A scanner plugged in at `link`, a symbolic link made here, under which it comes back when plugged in again.
    ///
    /// # Errors
    /// When the system gives no pseudo terminal, or the link cannot be made.
    pub fn linked(link: &Path) -> io::Result<Self> {
        let mut scanner = Self { master: None, link: Some(link.to_owned()) };
        scanner.plug_in()?;
        Ok(scanner)
    }

    /// Sends `text` and a CR, as a scan does.
    ///
    /// # Errors
    /// `NotConnected` when unplugged; `TimedOut` when nobody reads.
    pub fn scan(&self, text: &str) -> io::Result<()> {
        self.send(format!("{text}\r").as_bytes())
    }

    /// Sends bytes as they are.
    ///
    /// # Errors
    /// As [`VirtualScanner::scan`].
    pub fn send(&self, mut bytes: &[u8]) -> io::Result<()> {
        let master = self.master.as_ref().ok_or(io::ErrorKind::NotConnected)?;
        for _ in 0..WRITE_TRIES {
            match rustix::io::write(master, bytes) {
                Ok(count) => bytes = bytes.get(count..).unwrap_or_default(),
                Err(Errno::AGAIN | Errno::INTR) => {}
                Err(error) => return Err(error.into()),
            }
            if bytes.is_empty() {
                return Ok(());
            }
            clock::pause(Duration::from_millis(1));
        }
        Err(io::ErrorKind::TimedOut.into())
    }

    /// The feedback that came since the last call; does not wait.
    pub fn heard(&self) -> Vec<u8> {
        let mut all = Vec::new();
        let mut buffer = [0; 256];
        // An error means that nothing waits, or that nobody has the near end open.
        while let Some(master) = &self.master
            && let Ok(count @ 1..) = rustix::io::read(master, &mut buffer)
        {
            all.extend_from_slice(buffer.get(..count).unwrap_or_default());
        }
        all
    }

    /// Pulls the cable: the link goes, then the terminal hangs up.
    pub fn unplug(&mut self) {
        if let (Some(_), Some(link)) = (&self.master, &self.link) {
            // Whoever took the link away already wanted the same.
            let _ = fs::remove_file(link);
        }
        self.master = None;
    }

    /// Plugs it in again under its link; a scanner without one has no place to come back to.
    ///
    /// # Errors
    /// `Unsupported` without a link; else as [`VirtualScanner::linked`].
    pub fn plug_in(&mut self) -> io::Result<()> {
        self.unplug();
        let link = self.link.as_ref().ok_or(io::ErrorKind::Unsupported)?;
        let (master, path) = open_pty()?;
        std::os::unix::fs::symlink(path, link)?;
        self.master = Some(master);
        Ok(())
    }
}

impl Drop for VirtualScanner {
    fn drop(&mut self) {
        self.unplug();
    }
}

/// The far end, raw and non-blocking, and the path of the near one.
pub fn open_pty() -> io::Result<(OwnedFd, PathBuf)> {
    let master = rustix::pty::openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
    rustix::pty::grantpt(&master)?;
    rustix::pty::unlockpt(&master)?;
    let mut settings = rustix::termios::tcgetattr(&master)?;
    settings.make_raw();
    rustix::termios::tcsetattr(&master, OptionalActions::Now, &settings)?;
    rustix::fs::fcntl_setfl(&master, OFlags::RDWR | OFlags::NONBLOCK)?;
    let name = rustix::pty::ptsname(&master, Vec::new())?;
    Ok((master, PathBuf::from(OsStr::from_bytes(name.to_bytes()))))
}
