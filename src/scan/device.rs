//! Where a device is, one that is open, and why one is not.

use std::fmt;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use rustix::io::Errno;
use serialport::{SerialPort, TTYPort};

use crate::scan::frame::{FrameRules, Settle};
use crate::scan::profile::Profile;
use crate::scan::{serial, tcp};

/// Longest wait for a device to take feedback. A working device takes 64 bytes at once; a stuck one must not keep
/// the next signal waiting.
pub const WRITE_MOST: Duration = Duration::from_millis(100);
/// Least silence inside a frame over a network: a lost packet is sent again after 200 ms or more.
pub const TCP_INTER_CHAR_LEAST: Duration = Duration::from_millis(500);

/// Where a device is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Address {
    /// A terminal by path: `/dev/serial/by-path/…`, `/dev/ttyS0`, a pseudo terminal. Prefer by-path: Zebra's units
    /// share one serial number, so that by-id may name either of two (seen).
    Serial(PathBuf),
    /// `HOST:PORT` of a terminal server or network scanner, without `tcp://`.
    Tcp(String),
}

/// A text that is no address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no port: write a path such as /dev/serial/by-path/…, or tcp://HOST:PORT")]
pub struct NoAddress(String);

/// As in the config: `tcp://HOST:PORT`, else a path.
impl FromStr for Address {
    type Err = NoAddress;

    fn from_str(text: &str) -> Result<Self, NoAddress> {
        let refused = || NoAddress(text.to_owned());
        match text.split_once("://") {
            None if text.trim().is_empty() => Err(refused()),
            None => Ok(Self::Serial(PathBuf::from(text))),
            Some(("tcp", rest)) => {
                let (host, port) = rest.rsplit_once(':').ok_or_else(refused)?;
                let good = !host.is_empty() && port.parse::<u16>().is_ok_and(|port| port != 0);
                if good { Ok(Self::Tcp(rest.to_owned())) } else { Err(refused()) }
            }
            Some(_) => Err(refused()),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Serial(path) => write!(f, "{}", path.display()),
            Self::Tcp(host) => write!(f, "tcp://{host}"),
        }
    }
}

/// Why a device is not open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LostWhy {
    /// It hung up: unplugged, switched off, or its connection closed.
    Gone,
    /// Nothing is at its path.
    Absent,
    /// Another program holds it.
    Busy,
    /// The service may not open it.
    NotAllowed,
    /// Nothing answers at its network address; with the system's words.
    Unreachable(String),
    /// Anything else; with the system's words.
    Failed(String),
}

impl fmt::Display for LostWhy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gone => f.write_str("unplugged or switched off"),
            Self::Absent => f.write_str("not there: is it plugged in?"),
            Self::Busy => f.write_str("in use by another program"),
            Self::NotAllowed => f.write_str("this service may not open it: see the udev rules"),
            Self::Unreachable(why) => write!(f, "nothing answers at its network address ({why})"),
            Self::Failed(why) => write!(f, "cannot be used ({why})"),
        }
    }
}

/// What came of waiting for bytes.
pub(super) enum Heard {
    /// So many bytes.
    Bytes(usize),
    /// None within the wait.
    Quiet,
    /// A signal interrupted the wait.
    Again,
    /// The device must be closed.
    Lost(LostWhy),
}

/// A device that is open.
pub(super) enum Device {
    Serial(TTYPort),
    Tcp(TcpStream),
}

impl Device {
    pub(super) fn open(address: &Address, profile: &Profile) -> Result<Self, LostWhy> {
        match address {
            Address::Serial(path) => serial::open(path, &profile.line).map(Self::Serial),
            Address::Tcp(host) => tcp::open(host).map(Self::Tcp),
        }
    }

    /// A second handle for writing, with [`WRITE_MOST`] as its time-out.
    pub(super) fn outlet(&self) -> Result<Self, LostWhy> {
        match self {
            Self::Serial(port) => serial::outlet(port).map(Self::Serial),
            Self::Tcp(stream) => stream.try_clone().map(Self::Tcp).map_err(|error| lost(&error)),
        }
    }

    /// Sets how long [`Device::hear`] waits.
    pub(super) fn wait_at_most(&mut self, wait: Duration) -> Result<(), LostWhy> {
        match self {
            Self::Serial(port) => port.set_timeout(wait).map_err(|error| lost(&error.into())),
            Self::Tcp(stream) => stream.set_read_timeout(Some(wait)).map_err(|error| lost(&error)),
        }
    }

    /// Waits for bytes.
    pub(super) fn hear(&mut self, buffer: &mut [u8]) -> Heard {
        // On a socket the wait ends as `WouldBlock`; `TimedOut` is the network giving the other side up.
        let (result, quiet) = match self {
            Self::Serial(port) => (port.read(buffer), io::ErrorKind::TimedOut),
            Self::Tcp(stream) => (stream.read(buffer), io::ErrorKind::WouldBlock),
        };
        match result {
            Ok(0) => Heard::Lost(LostWhy::Gone),
            Ok(count) => Heard::Bytes(count),
            Err(error) if error.kind() == quiet => Heard::Quiet,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Heard::Again,
            Err(error) => Heard::Lost(lost(&error)),
        }
    }

    /// Writes all of `bytes`, or fails within [`WRITE_MOST`] of silence.
    pub(super) fn tell(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Serial(port) => port.write_all(bytes),
            Self::Tcp(stream) => stream.write_all(bytes),
        }
    }

    /// Closes at once: what was not yet sent is thrown away, or closing a held-back line could take 30 s.
    pub(super) fn close(self) {
        match self {
            Self::Serial(port) => drop(port.clear(serialport::ClearBuffer::Output)),
            Self::Tcp(stream) => drop(stream.shutdown(std::net::Shutdown::Both)),
        }
    }
}

/// The rules of the profile, as they hold for this address.
pub(super) fn frame_rules(address: &Address, profile: &Profile) -> FrameRules {
    let rules = profile.frame_rules();
    match address {
        Address::Serial(path) if serial::is_pseudo(path) => FrameRules { settle: Settle::Skip, ..rules },
        Address::Serial(_) => rules,
        Address::Tcp(_) => FrameRules {
            settle: Settle::Skip,
            inter_char: rules.inter_char.max(TCP_INTER_CHAR_LEAST),
            ..rules
        },
    }
}

/// Every error of an open device closes it; those of a hang-up are told apart only for the words.
pub(super) fn lost(error: &io::Error) -> LostWhy {
    let hung_up = matches!(
        error.kind(),
        io::ErrorKind::BrokenPipe
            | io::ErrorKind::NotConnected
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::TimedOut
    );
    let gone = [Errno::IO, Errno::NODEV, Errno::NXIO].map(|errno| Some(errno.raw_os_error()));
    if hung_up || gone.contains(&error.raw_os_error()) {
        LostWhy::Gone
    } else {
        LostWhy::Failed(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_path_or_a_host_with_its_port() {
        let serial = |path: &str| Ok(Address::Serial(PathBuf::from(path)));
        assert_eq!("/dev/ttyS0".parse(), serial("/dev/ttyS0"));
        assert_eq!("COM3".parse(), serial("COM3"));
        assert_eq!("tcp://10.1.2.3:4001".parse(), Ok(Address::Tcp("10.1.2.3:4001".to_owned())));
        assert_eq!("tcp://[::1]:4001".parse::<Address>().unwrap().to_string(), "tcp://[::1]:4001");
        for text in
            ["", " ", "tcp://", "tcp://host", "tcp://:4001", "tcp://host:0", "tcp://host:x", "udp://h:1"]
        {
            assert_eq!(text.parse::<Address>(), Err(NoAddress(text.to_owned())), "{text}");
        }
    }
}
