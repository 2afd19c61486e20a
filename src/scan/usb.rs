//! Which scanners are plugged into USB, and how one is known again. Reads `/sys` and opens nothing.
//!
//! A scanner is known by its socket (bus and chain of ports) with its vendor and product numbers. Its serial number
//! counts only where no other scanner has the same: Zebra's units all say `USB_CDC_SYMBOL_SCANNER`, and by-id then
//! names one of two at random (seen in a guest with udev 252).

mod descriptor;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use crate::scan::profile::usb_ids;

/// Where the kernel tells of devices.
pub const SYS: &str = "/sys";
/// Most ports in a chain: USB allows five hubs between the root and a device (USB 2.0, 4.1.1), and one to spare.
const MAX_PORTS: usize = 7;
/// Most bytes of a line of text under `/sys`; a USB string has at most 126 characters.
const MAX_TEXT_BYTES: usize = 512;
/// Most nodes of one class that are looked at; a hospital PC has under a hundred.
const MAX_NODES: usize = 4096;

/// A socket: the bus, and the port of each hub on the way, e.g. `1-2.4`, as the kernel writes it.
///
/// Buses are numbered as their controllers are found at boot. Where a machine has several of a kind, prefer a path
/// under `/dev/serial/by-path`, which names the controller.
///
/// ```
/// use casetrack::scan::usb::Location;
/// assert_eq!("1-2.4".parse::<Location>().unwrap().to_string(), "1-2.4");
/// assert!("usb1".parse::<Location>().is_err());
/// ```
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    bus: u16,
    ports: Vec<u8>,
}

/// A text that is no socket.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no USB socket: write bus and ports as `casetrack scanner list` does, e.g. 1-2.4")]
pub struct NoLocation(String);

impl FromStr for Location {
    type Err = NoLocation;

    fn from_str(text: &str) -> Result<Self, NoLocation> {
        let parsed = || {
            let (bus, ports) = text.split_once('-')?;
            let ports = ports.split('.').map(number).collect::<Option<Vec<u8>>>()?;
            (ports.len() <= MAX_PORTS).then_some(Self { bus: number(bus)?, ports })
        };
        parsed().ok_or_else(|| NoLocation(text.to_owned()))
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.bus)?;
        self.ports
            .iter()
            .enumerate()
            .try_for_each(|(index, port)| write!(f, "{}{port}", if index == 0 { '-' } else { '.' }))
    }
}

/// One to the most the type holds, written without sign and leading zero, so that one socket has one text.
fn number<T: FromStr>(text: &str) -> Option<T> {
    let plain = text.starts_with(|first: char| matches!(first, '1'..='9'));
    plain.then(|| text.parse().ok())?
}

/// Vendor and product number as the config and udev write them, e.g. `05e0:1701`.
///
/// ```
/// use casetrack::scan::usb::vid_pid;
/// assert_eq!(vid_pid("05E0:1701"), Some((0x05e0, 0x1701)));
/// assert_eq!(vid_pid("5e0:1701"), None);
/// ```
pub fn vid_pid(text: &str) -> Option<(u16, u16)> {
    let (vid, pid) = text.split_once(':')?;
    Some((four_hex(vid)?, four_hex(pid)?))
}

fn four_hex(text: &str) -> Option<u16> {
    let digits = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    digits.then(|| u16::from_str_radix(text, 16).ok())?
}

/// Which scanner it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity {
    /// Its socket.
    pub location: Location,
    /// Vendor number.
    pub vid: u16,
    /// Product number; it changes with the mode of the scanner.
    pub pid: u16,
    /// Its serial number, only where it tells the scanner from all others: [`is_unique`], and not that of another device
    /// of the same kind plugged in now.
    pub serial: Option<String>,
}

impl Identity {
    /// Whether both are of one kind in one socket, and no serial number tells them apart. A twin that is plugged in or
    /// out changes what counts as unique, so that a serial number may come or go meanwhile.
    pub fn is_same(&self, other: &Self) -> bool {
        let serials = self.serial.is_none() || other.serial.is_none() || self.serial == other.serial;
        (&self.location, self.vid, self.pid) == (&other.location, other.vid, other.pid) && serials
    }

    /// Whether it is an adapter or a chip that any maker builds in: what hangs on it need not be a scanner, so that it is
    /// never taken for one unless the configuration names it.
    pub fn is_bridge(&self) -> bool {
        usb_ids().bridge.iter().any(|bridge| bridge.vid.get() == self.vid)
    }
}

/// As in `05e0:1701 at 1-2.4`, a unique serial number after it.
impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04x}:{:04x} at {}", self.vid, self.pid, self.location)?;
        self.serial.iter().try_for_each(|serial| write!(f, ", serial {serial}"))
    }
}

/// How a device speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Link {
    /// A terminal: CDC-ACM or a serial adapter.
    Serial,
    /// USB HID with the point-of-sale usage page 0x8C, read through hidraw.
    HidPos,
    /// A USB keyboard, read through evdev. A person's own keyboard is one too: never take one that nobody named.
    Wedge,
}

/// One way to speak with a device that is plugged in; a device may have several.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Plugged {
    /// Which device.
    pub identity: Identity,
    /// How it speaks here.
    pub link: Link,
    /// The file to open, e.g. `/dev/ttyACM0`. It may be another after the next plugging in: do not keep it.
    pub node: PathBuf,
    /// The maker, as the device tells it.
    pub manufacturer: Option<String>,
    /// The product, as the device tells it.
    pub product: Option<String>,
}

/// What is plugged in, by socket, and of one device by its interfaces. `sys` is [`SYS`], or a made-up tree in a test.
pub fn plugged(sys: &Path) -> Vec<Plugged> {
    let terminals = nodes(sys, "tty").filter(Node::is_terminal).map(|node| (node, Link::Serial, "/dev"));
    let pos = nodes(sys, "hidraw").filter(Node::is_pos).map(|node| (node, Link::HidPos, "/dev"));
    let keyboards =
        nodes(sys, "input").filter(Node::is_keyboard).map(|node| (node, Link::Wedge, "/dev/input"));
    let all = terminals.chain(pos).chain(keyboards);
    let mut all: Vec<_> = all.filter_map(|(node, link, dev)| node.plugged(link, dev)).collect();
    // The first interface of an adapter with several must not change places when its files get other numbers.
    all.sort_by(|(one, place), (other, other_place)| {
        let key = |device: &Plugged| (device.identity.clone(), device.link);
        key(one).cmp(&key(other)).then_with(|| place.cmp(other_place))
    });
    let mut all: Vec<_> = all.into_iter().map(|(device, _)| device).collect();
    forget_twins(&mut all);
    all
}

/// Whether anything is plugged into this socket: an empty one is looked at twice a second for each scanner that is not
/// there, and this costs next to nothing.
pub fn is_taken(sys: &Path, location: &Location) -> bool {
    sys.join("bus/usb/devices").join(location.to_string()).exists()
}

/// Whether a serial number may tell one scanner from others: not empty, not all zeros, and none that a maker gives to all
/// units, compared without regard to case: `firmware-config/usb-ids.toml` lists those, each with its source.
pub fn is_unique(serial: &str) -> bool {
    let shared = usb_ids().shared_serial.iter().any(|shared| shared.serial.eq_ignore_ascii_case(serial));
    !shared && !serial.bytes().all(|byte| byte == b'0')
}

/// A serial number that two devices of a kind have now is no serial number, whatever its maker meant.
fn forget_twins(all: &mut [Plugged]) {
    let mut sockets: BTreeMap<(u16, u16, String), Location> = BTreeMap::new();
    let mut shared = Vec::new();
    for Plugged { identity, .. } in all.iter() {
        let Some(serial) = identity.serial.clone() else { continue };
        let key = (identity.vid, identity.pid, serial);
        match sockets.get(&key) {
            Some(location) if *location != identity.location => shared.push(key),
            Some(_) => {}
            None => drop(sockets.insert(key, identity.location.clone())),
        }
    }
    for Plugged { identity, .. } in all {
        let is_shared = |(vid, pid, serial): &(u16, u16, String)| {
            *vid == identity.vid && *pid == identity.pid && Some(serial) == identity.serial.as_ref()
        };
        if shared.iter().any(is_shared) {
            identity.serial = None;
        }
    }
}

/// A node of a class under `/sys`, not yet followed to the place of its device.
struct Node {
    name: String,
    link: PathBuf,
}

fn nodes(sys: &Path, class: &str) -> impl Iterator<Item = Node> {
    let entries = fs::read_dir(sys.join("class").join(class)).into_iter().flatten();
    entries.take(MAX_NODES).filter_map(|entry| {
        let entry = entry.ok()?;
        let name = entry.file_name().into_string().ok()?;
        Some(Node { name, link: entry.path() })
    })
}

impl Node {
    /// The device, and the place of the node in it; none if it is not a USB device's.
    fn plugged(&self, link: Link, dev: &str) -> Option<(Plugged, PathBuf)> {
        let place = self.link.canonicalize().ok()?;
        let device = place.ancestors().find(|folder| folder.join("idVendor").is_file())?;
        let hex = |name| four_hex(&text(&device.join(name))?);
        let identity = Identity {
            location: device.file_name()?.to_str()?.parse().ok()?,
            vid: hex("idVendor")?,
            pid: hex("idProduct")?,
            serial: text(&device.join("serial")).filter(|serial| is_unique(serial)),
        };
        let plugged = Plugged {
            identity,
            link,
            node: Path::new(dev).join(&self.name),
            manufacturer: text(&device.join("manufacturer")),
            product: text(&device.join("product")),
        };
        Some((plugged, place))
    }

    /// The names by which the kernel's USB drivers make terminals; others are not followed, since there are many.
    fn is_terminal(&self) -> bool {
        ["ttyACM", "ttyUSB"].iter().any(|start| self.name.starts_with(start))
    }

    fn is_pos(&self) -> bool {
        let read = |folder: &Path| fs::read(folder.join("report_descriptor")).ok();
        let place = self.link.canonicalize().unwrap_or_default();
        place.ancestors().find_map(read).is_some_and(|bytes| descriptor::is_pos(&bytes))
    }

    fn is_keyboard(&self) -> bool {
        let keys = || text(&self.link.canonicalize().ok()?.parent()?.join("capabilities/key"));
        self.name.starts_with("event") && keys().is_some_and(|keys| descriptor::types_labels(&keys))
    }
}

/// The text of a file under `/sys` without blanks around it; none if it is empty.
fn text(path: &Path) -> Option<String> {
    let bytes = fs::read(path).ok()?;
    let text = String::from_utf8_lossy(bytes.get(..MAX_TEXT_BYTES).unwrap_or(&bytes)).trim().to_owned();
    (!text.is_empty()).then_some(text)
}
