//! `casetrack scanner list`: what is plugged in, whose it is, and how it does.

use std::fmt;
use std::path::Path;

use super::service::{Service, Told};
use crate::cli::out;
use crate::config::{Config, Desk, Scanner};
use crate::scan::port::Address;
use crate::scan::probe;
use crate::scan::profile::{self, Profile};
use crate::scan::usb::{self, Link, Plugged};

/// Lists devices by socket, then the scanners of the configuration that are none of these.
pub(super) fn run(config: &Config) -> anyhow::Result<()> {
    let plugged = usb::plugged(Path::new(usb::SYS));
    let blocks = blocks(config);
    let service = Service::of(config);
    let said = |name: &str| {
        let told = service.as_ref()?.told(name)?;
        Some((told, told.health(&config.time_zone).to_string()))
    };
    for device in &plugged {
        let block = blocks.iter().find(|block| block.names(device));
        let name = block.map_or_else(|| socket(device), |block| block.scanner.port.clone());
        out::line(plugged_row(device, block, said(&name)))?;
    }
    let elsewhere = |block: &&Block| !plugged.iter().any(|device| block.names(device));
    for block in blocks.iter().filter(elsewhere) {
        out::line(elsewhere_row(block, said(&block.scanner.port)))?;
    }
    if plugged.is_empty() {
        out::tell("no scanner, serial adapter or keyboard is plugged into USB");
    }
    if service.is_none() {
        out::tell("no running service answers: last scans and errors are not known");
    }
    Ok(())
}

/// What a running service says of a scanner, and its health in words.
type Said<'a> = Option<(&'a Told, String)>;

/// A `[[desk.scanner]]` of the configuration.
struct Block<'a> {
    desk: &'a Desk,
    scanner: &'a Scanner,
    /// `None` if it is not written right, which `check-config` says.
    address: Option<Address>,
    /// How the profile has it talk; `None` if there is no such profile.
    link: Option<Link>,
}

fn blocks(config: &Config) -> Vec<Block<'_>> {
    let folder = config.profiles_dir();
    let link = |name: &str| Some(Profile::named(name, folder.as_deref()).ok()?.link.over_usb());
    let of_desk = |desk| move |scanner| (desk, scanner);
    let scanners = config.desks.iter().flat_map(|desk| desk.scanners.iter().map(of_desk(desk)));
    scanners
        .map(|(desk, scanner)| Block {
            desk,
            scanner,
            address: scanner.port.parse().ok(),
            link: link(&scanner.profile),
        })
        .collect()
}

impl Block<'_> {
    fn names(&self, device: &Plugged) -> bool {
        self.address.as_ref().is_some_and(|address| address.names(device))
            && self.link.is_none_or(|link| link == device.link)
    }

    fn desk(&self) -> String {
        format!("desk {}", self.desk.setup.code)
    }
}

/// One line of the list, its parts told apart by tabs.
#[derive(Debug, Default, PartialEq, Eq)]
struct Row {
    port: String,
    identity: String,
    mode: String,
    what: String,
    desk: String,
    profile: String,
    state: String,
    health: Option<String>,
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { port, identity, mode, what, desk, profile, state, health } = self;
        write!(f, "{port}\t{identity}\t{mode}\t{what}\t{desk}\t{profile}\t{state}")?;
        health.iter().try_for_each(|health| write!(f, "\t{health}"))
    }
}

fn plugged_row(device: &Plugged, block: Option<&Block>, said: Said) -> Row {
    let (told, health) = said.unzip();
    let paired = || told.and_then(|told| Some(format!("desk {}, paired", told.desk.as_ref()?)));
    Row {
        port: socket(device),
        identity: identity(device),
        mode: mode(device).to_owned(),
        what: what(device),
        desk: block.map(Block::desk).or_else(paired).unwrap_or_else(|| "no desk names it".to_owned()),
        profile: block.map_or_else(|| fitting(device), |block| block.scanner.profile.clone()),
        state: told.and_then(held_words).map_or_else(|| state(device), str::to_owned),
        health,
    }
}

fn elsewhere_row(block: &Block, said: Said) -> Row {
    let (told, health) = said.unzip();
    let state = match &block.address {
        Some(Address::Tcp(_)) => "on the network",
        Some(Address::Serial(path)) if path.exists() => "there, not on USB",
        Some(Address::Serial(_) | Address::Usb(_) | Address::UsbSerial { .. }) => {
            "not there: is it plugged in?"
        }
        None => "this is no port: see casetrack check-config",
    };
    Row {
        port: block.scanner.port.clone(),
        identity: "-".to_owned(),
        mode: "-".to_owned(),
        what: "-".to_owned(),
        desk: block.desk(),
        profile: block.scanner.profile.clone(),
        state: told.and_then(held_words).unwrap_or(state).to_owned(),
        health,
    }
}

/// How a scanner is that the service has open; `None` if it has not.
fn held_words(told: &Told) -> Option<&'static str> {
    match told.state.as_str() {
        "open" => Some("in use by the service"),
        "locked" => Some("locked: scan the pairing card of its desk"),
        "no-desk" => Some("no desk: scan the pairing card of a desk"),
        _ => None,
    }
}

fn socket(device: &Plugged) -> String {
    format!("usb://{}", device.identity.location)
}

fn identity(device: &Plugged) -> String {
    let identity = &device.identity;
    let serial = identity.serial.as_ref().map_or(String::new(), |serial| format!("/{serial}"));
    format!("{:04x}:{:04x}{serial}", identity.vid, identity.pid)
}

fn mode(device: &Plugged) -> &'static str {
    match device.link {
        Link::Serial if device.identity.is_bridge() => "serial adapter",
        Link::Serial => "serial over USB",
        Link::HidPos => "HID-POS",
        Link::Wedge => "keyboard",
    }
}

fn what(device: &Plugged) -> String {
    let told =
        [&device.manufacturer, &device.product].into_iter().flatten().cloned().collect::<Vec<_>>().join(" ");
    let known =
        || profile::known_usb(device.identity.vid, device.identity.pid).map(|known| known.what.clone());
    if told.is_empty() { known().unwrap_or_else(|| "it does not say".to_owned()) } else { told }
}

/// A profile for a device that no desk names: what may be written into the configuration.
fn fitting(device: &Plugged) -> String {
    let (vid, pid) = (device.identity.vid, device.identity.pid);
    let fitting = Profile::of_device(vid, pid, device.link);
    fitting.map_or("no profile is for it".to_owned(), |profile| format!("try {}", profile.name))
}

fn state(device: &Plugged) -> String {
    probe::why_not_open(device).map_or("can be opened".to_owned(), |why| why.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scan::usb::Identity;

    const CONFIG: &str = r#"
[[desk]]
code = "LIB-1"
place = "LIB"
[[desk.scanner]]
port = "usb://1-2.4"
profile = "zebra-cdc"
[[desk.scanner]]
port = "tcp://10.1.2.3:4001"
[[desk.scanner]]
port = "usb://1-9"
"#;

    fn device(socket: &str, (vid, pid): (u16, u16), link: Link) -> Plugged {
        Plugged {
            identity: Identity { location: socket.parse().unwrap(), vid, pid, serial: None },
            link,
            node: "/nothing/there".into(),
            manufacturer: None,
            product: Some("Bar Code Scanner".to_owned()),
        }
    }

    #[test]
    fn each_device_is_told_with_its_mode_its_desk_and_what_may_be_done_with_it() {
        let config = Config::parse(CONFIG, None).unwrap();
        let blocks = blocks(&config);
        let unique = Identity {
            serial: Some("A1".to_owned()),
            ..device("1-3", (0x0c2e, 0x0901), Link::HidPos).identity
        };
        let plugged = [
            device("1-2.4", (0x05e0, 0x1701), Link::Serial),
            // Nobody's: the block of this socket is for a serial scanner.
            device("1-2.4", (0x05e0, 0x1200), Link::Wedge),
            Plugged { identity: unique, ..device("1-3", (0, 0), Link::HidPos) },
            Plugged { product: None, ..device("1-4", (0x0403, 0x6001), Link::Serial) },
        ];
        let block = |device: &Plugged| blocks.iter().find(|block| block.names(device));
        let mut lines: Vec<_> =
            plugged.iter().map(|device| plugged_row(device, block(device), None).to_string()).collect();
        let elsewhere = blocks.iter().filter(|block| !plugged.iter().any(|device| block.names(device)));
        lines.extend(elsewhere.map(|block| elsewhere_row(block, None).to_string()));
        insta::assert_snapshot!(lines.join("\n").replace('\t', " | "), @r"
        usb://1-2.4 | 05e0:1701 | serial over USB | Bar Code Scanner | desk LIB-1 | zebra-cdc | not there: is it plugged in?
        usb://1-2.4 | 05e0:1200 | keyboard | Bar Code Scanner | no desk names it | no profile is for it | not there: is it plugged in?
        usb://1-3 | 0c2e:0901/A1 | HID-POS | Bar Code Scanner | no desk names it | try honeywell-voyager-hid | not there: is it plugged in?
        usb://1-4 | 0403:6001 | serial adapter | it does not say | no desk names it | no profile is for it | not there: is it plugged in?
        tcp://10.1.2.3:4001 | - | - | - | desk LIB-1 | generic-serial | on the network
        usb://1-9 | - | - | - | desk LIB-1 | generic-serial | not there: is it plugged in?
        ");
    }

    #[test]
    fn what_the_service_says_goes_before_what_can_be_seen_from_outside() {
        let told = |state: &str, desk: &str| -> Told {
            let text = format!(
                r#"{{"name": "usb://1-3", "desk": {desk}, "state": "{state}", "last_read": null, "reads": 0,
                "refused": [], "reconnects": 0, "held": 0}}"#
            );
            serde_json::from_str(&text).unwrap()
        };
        let device = device("1-3", (0x05e0, 0x1701), Link::Serial);
        let row = |told: &Told| {
            let row = plugged_row(&device, None, Some((told, "well".to_owned())));
            format!("{} | {} | {}", row.desk, row.state, row.health.unwrap())
        };
        assert_eq!(row(&told("open", "\"A\"")), "desk A, paired | in use by the service | well");
        assert_eq!(
            row(&told("no-desk", "null")),
            "no desk names it | no desk: scan the pairing card of a desk | well"
        );
        assert_eq!(row(&told("lost", "\"A\"")), "desk A, paired | not there: is it plugged in? | well");
    }
}
