//! Where a device is, one that is open, and why one is not.

use std::fmt;
use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::os::fd::AsFd;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use serialport::{SerialPort, TTYPort};

use crate::scan::frame::{FrameEvent, FrameRules, Settle};
use crate::scan::hidraw::Hidraw;
use crate::scan::keyboard::Keyboard;
use crate::scan::profile::{Link, Profile};
use crate::scan::usb::{self, Identity, Location, Plugged};
use crate::scan::{hidpos, serial, tcp, wedge};

/// Longest wait for a device to take feedback. A working device takes 64 bytes at once; a stuck one must not keep
/// the next signal waiting.
pub const WRITE_MOST: Duration = Duration::from_millis(100);
/// Least silence inside a frame over a network: a lost packet is sent again after 200 ms or more.
pub const TCP_INTER_CHAR_LEAST: Duration = Duration::from_millis(500);

/// Where a device is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Address {
    /// A device file by path: `/dev/serial/by-path/…`, `/dev/ttyS0`, a pseudo terminal; the profile says what it is.
    /// Prefer by-path: Zebra's units
    /// share one serial number, so that by-id may name either of two (seen).
    Serial(PathBuf),
    /// `HOST:PORT` of a terminal server or network scanner, without `tcp://`.
    Tcp(String),
    /// Whatever scanner is plugged into this USB socket. Its device file is looked for anew at each opening.
    Usb(Location),
    /// The scanner with this serial number, in any USB socket.
    UsbSerial {
        /// Vendor number.
        vid: u16,
        /// Product number.
        pid: u16,
        /// The serial number, as `casetrack scanner list` shows it.
        serial: String,
    },
}

/// A text that is no address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoAddress {
    /// It has none of the forms.
    #[error(
        "\"{0}\" is no port: write a path such as /dev/serial/by-path/…, usb://1-2.4, usb-serial://0c2e:0901/SERIAL or \
         tcp://HOST:PORT"
    )]
    Form(String),
    /// Many scanners have the serial number.
    #[error(
        "\"{0}\": this serial number does not tell one scanner from another: write its socket, usb://1-2.4"
    )]
    SharedSerial(String),
}

impl Address {
    /// Whether it is the address of this device, in whatever mode that is.
    pub fn names(&self, device: &Plugged) -> bool {
        let identity = &device.identity;
        match self {
            Self::Serial(path) => path.canonicalize().is_ok_and(|node| node == device.node),
            Self::Tcp(_) => false,
            Self::Usb(location) => *location == identity.location,
            Self::UsbSerial { vid, pid, serial } => {
                (*vid, *pid) == (identity.vid, identity.pid) && identity.serial.as_ref() == Some(serial)
            }
        }
    }
}

/// As in the config: `tcp://HOST:PORT`, `usb://SOCKET`, `usb-serial://VID:PID/SERIAL`, else a path.
impl FromStr for Address {
    type Err = NoAddress;

    fn from_str(text: &str) -> Result<Self, NoAddress> {
        let form = || NoAddress::Form(text.to_owned());
        match text.split_once("://") {
            None if text.trim().is_empty() => Err(form()),
            None => Ok(Self::Serial(PathBuf::from(text))),
            Some(("tcp", rest)) => {
                let (host, port) = rest.rsplit_once(':').ok_or_else(form)?;
                let good = !host.is_empty() && port.parse::<u16>().is_ok_and(|port| port != 0);
                if good { Ok(Self::Tcp(rest.to_owned())) } else { Err(form()) }
            }
            Some(("usb", socket)) => socket.parse().map(Self::Usb).map_err(|_| form()),
            Some(("usb-serial", rest)) => {
                let (id, serial) = rest.split_once('/').ok_or_else(form)?;
                let (vid, pid) = usb::vid_pid(id).ok_or_else(form)?;
                if !usb::is_unique(serial) {
                    return Err(NoAddress::SharedSerial(text.to_owned()));
                }
                Ok(Self::UsbSerial { vid, pid, serial: serial.to_owned() })
            }
            Some(_) => Err(form()),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Serial(path) => write!(f, "{}", path.display()),
            Self::Tcp(host) => write!(f, "tcp://{host}"),
            Self::Usb(location) => write!(f, "usb://{location}"),
            Self::UsbSerial { vid, pid, serial } => write!(f, "usb-serial://{vid:04x}:{pid:04x}/{serial}"),
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
    HidPos(Hidraw),
    Wedge(Box<Keyboard>),
    /// The outlet of a keyboard, which takes nothing.
    Mute,
}

/// A device just opened, and which scanner it is where that can be known.
pub(super) struct Opened {
    pub(super) device: Device,
    pub(super) identity: Option<Identity>,
}

/// Finds the device and opens it for this program alone.
pub(super) fn open(address: &Address, profile: &Profile) -> Result<Opened, LostWhy> {
    let sys = Path::new(usb::SYS);
    if let Address::Tcp(host) = address {
        return tcp::open(host).map(|stream| Opened { device: Device::Tcp(stream), identity: None });
    }
    let link = profile.link.over_usb();
    let (node, identity) = find(sys, address, link).ok_or(LostWhy::Absent)?;
    let device = match link {
        usb::Link::Serial => Device::Serial(serial::open(&node, &profile.line)?),
        usb::Link::HidPos => {
            Device::HidPos(Hidraw::open(&node, identity.as_ref().map(|identity| identity.vid))?)
        }
        usb::Link::Wedge => Device::Wedge(Box::new(Keyboard::open(&node, profile.keyboard)?)),
    };
    // Between looking and opening another scanner may have taken the file's number; while it is open none can.
    match (&identity, find(sys, address, link)) {
        (Some(was), Some((_, Some(now)))) if was.is_same(&now) => {}
        (None, Some((_, None))) => {}
        _ => return Err(LostWhy::Gone),
    }
    Ok(Opened { device, identity })
}

/// The file to open, and which scanner it is.
pub(super) fn find(sys: &Path, address: &Address, link: usb::Link) -> Option<(PathBuf, Option<Identity>)> {
    let may_be_there = match address {
        Address::Usb(location) => usb::is_taken(sys, location),
        Address::Serial(_) | Address::UsbSerial { .. } => true,
        Address::Tcp(_) => false,
    };
    let mut plugged = if may_be_there { usb::plugged(sys) } else { Vec::new() }.into_iter();
    let found = plugged.find(|device| device.link == link && address.names(device));
    match address {
        Address::Serial(path) => Some((path.clone(), found.map(|device| device.identity))),
        Address::Tcp(_) | Address::Usb(_) | Address::UsbSerial { .. } => {
            found.map(|device| (device.node, Some(device.identity)))
        }
    }
}

impl Device {
    /// A second handle for writing, with [`WRITE_MOST`] as its time-out.
    pub(super) fn outlet(&self) -> Result<Self, LostWhy> {
        match self {
            Self::Serial(port) => serial::outlet(port).map(Self::Serial),
            Self::Tcp(stream) => stream.try_clone().map(Self::Tcp).map_err(|error| lost(&error)),
            Self::HidPos(scanner) => scanner.outlet().map(Self::HidPos).map_err(|error| lost(&error)),
            Self::Wedge(_) | Self::Mute => Ok(Self::Mute),
        }
    }

    /// Sets how long [`Device::hear`] waits.
    pub(super) fn wait_at_most(&mut self, wait: Duration) -> Result<(), LostWhy> {
        match self {
            Self::Serial(port) => port.set_timeout(wait).map_err(|error| lost(&error.into())),
            Self::Tcp(stream) => stream.set_read_timeout(Some(wait)).map_err(|error| lost(&error)),
            Self::HidPos(scanner) => {
                scanner.wait_at_most(wait);
                Ok(())
            }
            Self::Wedge(keyboard) => {
                keyboard.wait_at_most(wait);
                Ok(())
            }
            Self::Mute => Ok(()),
        }
    }

    /// Waits for bytes.
    pub(super) fn hear(&mut self, buffer: &mut [u8]) -> Heard {
        match self {
            Self::Serial(port) => heard(port.read(buffer)),
            // On a socket the wait ends as `WouldBlock`; `TimedOut` is the network giving the other side up.
            Self::Tcp(stream) => match stream.read(buffer) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => Heard::Quiet,
                Err(error) if error.kind() == io::ErrorKind::TimedOut => Heard::Lost(LostWhy::Gone),
                result => heard(result),
            },
            Self::HidPos(scanner) => scanner.hear(buffer),
            Self::Wedge(keyboard) => keyboard.hear(buffer),
            Self::Mute => Heard::Lost(LostWhy::Gone),
        }
    }

    /// Writes all of `bytes`, or fails within [`WRITE_MOST`] of silence.
    pub(super) fn tell(&mut self, bytes: &[u8]) -> io::Result<()> {
        match self {
            Self::Serial(port) => port.write_all(bytes),
            Self::Tcp(stream) => stream.write_all(bytes),
            Self::HidPos(scanner) => scanner.tell(bytes),
            Self::Wedge(_) | Self::Mute => Err(io::ErrorKind::Unsupported.into()),
        }
    }

    /// Closes at once: what was not yet sent is thrown away, or closing a held-back line could take 30 s.
    pub(super) fn close(self) {
        match self {
            Self::Serial(port) => drop(port.clear(serialport::ClearBuffer::Output)),
            Self::Tcp(stream) => drop(stream.shutdown(std::net::Shutdown::Both)),
            // Closing is all there is to do; a keyboard types into the desktop again.
            Self::HidPos(_) | Self::Wedge(_) | Self::Mute => {}
        }
    }
}

/// The rules of the profile, as they hold for this address.
pub(super) fn frame_rules(address: &Address, profile: &Profile) -> FrameRules {
    let rules = profile.frame_rules();
    match (address, profile.link) {
        (Address::Tcp(_), _) => FrameRules {
            settle: Settle::Skip,
            inter_char: rules.inter_char.max(TCP_INTER_CHAR_LEAST),
            ..rules
        },
        (_, Link::HidPos) => hidpos::frame_rules(&rules),
        (_, Link::Wedge) => wedge::frame_rules(rules),
        (Address::Serial(path), _) if serial::is_pseudo(path) => FrameRules { settle: Settle::Skip, ..rules },
        (Address::Serial(_) | Address::Usb(_) | Address::UsbSerial { .. }, Link::Serial | Link::Ssi) => rules,
    }
}

/// What came of the bytes, with what is known of the way the scanner talks.
pub(super) fn explained(event: FrameEvent, profile: &Profile) -> FrameEvent {
    match profile.link {
        Link::Wedge => wedge::explained(event, profile.keyboard.layout),
        Link::Serial | Link::Ssi | Link::HidPos => event,
    }
}

/// Waits until there is something to read, a hang-up included; whether nothing came.
pub(super) fn quiet(device: &impl AsFd, wait: Duration) -> io::Result<bool> {
    let wait = Timespec::try_from(wait).map_err(|_| io::ErrorKind::InvalidInput)?;
    let ready = poll(&mut [PollFd::new(device, PollFlags::IN)], Some(&wait))?;
    Ok(ready == 0)
}

/// What a read has given.
pub(super) fn heard(result: io::Result<usize>) -> Heard {
    match result {
        Ok(0) => Heard::Lost(LostWhy::Gone),
        Ok(count) => Heard::Bytes(count),
        Err(error) if error.kind() == io::ErrorKind::TimedOut => Heard::Quiet,
        Err(error) if error.kind() == io::ErrorKind::Interrupted => Heard::Again,
        Err(error) => Heard::Lost(lost(&error)),
    }
}

/// Why a device file could not be opened.
pub(super) fn not_opened(error: &io::Error) -> LostWhy {
    match Errno::from_io_error(error) {
        Some(Errno::NOENT) => LostWhy::Absent,
        Some(Errno::ACCESS | Errno::PERM) => LostWhy::NotAllowed,
        Some(Errno::BUSY) => LostWhy::Busy,
        _ => lost(error),
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
    fn an_address_is_a_path_a_usb_socket_a_serial_number_or_a_host_with_its_port() {
        let serial = |path: &str| Ok(Address::Serial(PathBuf::from(path)));
        assert_eq!("/dev/ttyS0".parse(), serial("/dev/ttyS0"));
        assert_eq!("COM3".parse(), serial("COM3"));
        assert_eq!("tcp://10.1.2.3:4001".parse(), Ok(Address::Tcp("10.1.2.3:4001".to_owned())));
        assert_eq!("usb://1-2.4".parse(), Ok(Address::Usb("1-2.4".parse().unwrap())));
        let unique = Address::UsbSerial { vid: 0x0c2e, pid: 0x0901, serial: "A/1".to_owned() };
        assert_eq!("usb-serial://0C2E:0901/A/1".parse(), Ok(unique));
        for text in ["tcp://[::1]:4001", "usb://2-1", "usb-serial://0c2e:0901/ABC123", "/dev/ttyS0"] {
            assert_eq!(text.parse::<Address>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_is_no_address_is_refused_with_the_forms_there_are() {
        for text in [
            "",
            " ",
            "tcp://",
            "tcp://host",
            "tcp://:4001",
            "tcp://host:0",
            "tcp://host:x",
            "udp://h:1",
            "usb://",
            "usb://usb1",
            "usb-serial://0c2e:0901",
            "usb-serial://c2e:901/A",
        ] {
            assert_eq!(text.parse::<Address>(), Err(NoAddress::Form(text.to_owned())), "{text}");
        }
    }

    #[test]
    fn a_serial_number_that_all_units_have_is_no_address() {
        for text in [
            "usb-serial://05e0:1701/USB_CDC_Symbol_Scanner",
            "usb-serial://0c2e:0901/0000",
            "usb-serial://0c2e:0901/",
        ] {
            assert_eq!(text.parse::<Address>(), Err(NoAddress::SharedSerial(text.to_owned())), "{text}");
        }
    }
}
