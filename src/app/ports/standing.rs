//! Whose a USB scanner is: a block of the configuration first, then its newest pairing, then nobody's. Pure.

use crate::config::{Adopt, Claim, Config, Fit, Scanner};
use crate::desk::Footing;
use crate::domain::place::Code;
use crate::domain::scanner::{Pairing, ScannerId, paired_with};
use crate::scan::profile::Profile;
use crate::scan::usb::{Identity, Link, Plugged};

/// Where a scanner belongs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Seat {
    /// By what name it is attached.
    pub name: String,
    /// How it speaks.
    pub profile: String,
    /// Its desk, its session there, and whether it is theirs; `None`: it waits for a pairing card.
    pub desk: Option<(Code, String, Footing)>,
}

/// The scanner as the log knows it.
pub fn scanner_id(identity: &Identity) -> ScannerId {
    ScannerId {
        location: identity.location.to_string(),
        vid: identity.vid,
        pid: identity.pid,
        serial: identity.serial.clone(),
    }
}

/// Where a scanner belongs that is plugged in; `None`: it is not to be opened.
pub fn seat_of(plugged: &Plugged, config: &Config, pairings: &[Pairing]) -> Option<Seat> {
    let id = scanner_id(&plugged.identity);
    let paired = paired_with(pairings, &id).filter(|desk| config.desk(desk).is_some());
    if let Some((desk, block, fit)) = block_of(&plugged.identity, config) {
        let footing = match fit {
            Fit::Meant => Footing::Ours,
            // A person's own keyboard may be plugged in there: it is left alone.
            Fit::Swapped if plugged.link == Link::Wedge => return None,
            Fit::Swapped if paired == Some(desk) => Footing::Ours,
            Fit::Swapped => Footing::Locked(id),
        };
        let known = known_profile(plugged).filter(|_| fit == Fit::Swapped);
        return Some(Seat {
            name: block.port.clone(),
            profile: known.unwrap_or_else(|| block.profile.clone()),
            desk: Some((desk.clone(), block.session.clone(), footing)),
        });
    }
    let profile = known_profile(plugged).filter(|_| plugged.link != Link::Wedge)?;
    let name = format!("usb://{}", plugged.identity.location);
    let desk = paired.map(|desk| (desk.clone(), name.clone(), Footing::Ours));
    let opened = desk.is_some() || config.adopt == Adopt::Known;
    opened.then_some(Seat { name, profile, desk })
}

/// The block that means this scanner: one that names its serial number goes before one that names its socket.
fn block_of<'a>(identity: &Identity, config: &'a Config) -> Option<(&'a Code, &'a Scanner, Fit)> {
    let blocks = || config.desks.iter().flat_map(|desk| desk.scanners.iter().map(move |block| (desk, block)));
    let fitting = |serial: bool| {
        blocks().find_map(|(desk, block)| {
            let claim = block.claim.as_ref()?;
            let wanted = serial == matches!(claim, Claim::Serial { .. });
            let fit = claim.fit(identity).filter(|_| wanted)?;
            Some((&desk.setup.code, block, fit))
        })
    };
    fitting(true).or_else(|| fitting(false))
}

/// The profile of a device that is surely a scanner, by its USB id.
fn known_profile(plugged: &Plugged) -> Option<String> {
    let Identity { vid, pid, .. } = plugged.identity;
    let known = Profile::of_device(vid, pid, plugged.link).filter(|_| !plugged.identity.is_bridge());
    known.map(|profile| profile.name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Timestamp;

    const CONFIG: &str = "[[desk]]\ncode = \"A\"\nplace = \"P\"\npairing = 30\n\
        [[desk.scanner]]\nport = \"usb://1-1\"\ndevice = \"05e0:1701\"\nprofile = \"zebra-ds2208\"\nsession = \"front\"\n\
        [[desk]]\ncode = \"B\"\nplace = \"P\"\npairing = 31\n\
        [[desk.scanner]]\nport = \"usb-serial://0c2e:0901/S1\"\n";

    fn plugged(location: &str, device: (u16, u16), serial: Option<&str>, link: Link) -> Plugged {
        let location = location.parse().unwrap();
        let identity = Identity { location, vid: device.0, pid: device.1, serial: serial.map(str::to_owned) };
        Plugged { identity, link, node: "/dev/x".into(), manufacturer: None, product: None }
    }

    /// Where a scanner belongs, shortly.
    fn seat(config: &str, plugged: &Plugged, pairings: &[(&str, &str)]) -> String {
        let config = Config::parse(config, None).unwrap();
        let made = |(location, desk): &(&str, &str)| Pairing {
            scanner: ScannerId { location: (*location).to_owned(), ..scanner_id(&plugged.identity) },
            desk: desk.parse().unwrap(),
            at: Timestamp::EPOCH,
        };
        let pairings: Vec<_> = pairings.iter().map(made).collect();
        let Some(Seat { name, profile, desk }) = seat_of(plugged, &config, &pairings) else {
            return "left alone".to_owned();
        };
        let desk = desk.map_or("waits".to_owned(), |(desk, session, footing)| match footing {
            Footing::Ours => format!("{desk} {session}"),
            Footing::Locked(_) => format!("{desk} {session} locked"),
        });
        format!("{name} {profile}: {desk}")
    }

    const ZEBRA: (u16, u16) = (0x05e0, 0x1701);
    const HONEYWELL: (u16, u16) = (0x0c2e, 0x0901);

    #[test]
    fn a_block_names_its_socket_or_its_serial_number() {
        let at =
            |location, device, serial| seat(CONFIG, &plugged(location, device, serial, Link::Serial), &[]);
        assert_eq!(at("1-1", ZEBRA, None), "usb://1-1 zebra-ds2208: A front");
        let by_serial = "usb-serial://0c2e:0901/S1 generic-serial: B usb-serial://0c2e:0901/S1";
        assert_eq!(at("1-7", HONEYWELL, Some("S1")), by_serial);
        assert_eq!(at("1-1", HONEYWELL, Some("S1")), by_serial, "a serial number goes before a socket");
    }

    #[test]
    fn another_scanner_in_a_named_socket_is_locked_at_its_desk() {
        let other = plugged("1-1", HONEYWELL, None, Link::Serial);
        assert_eq!(seat(CONFIG, &other, &[]), "usb://1-1 honeywell-voyager-serial: A front locked");
        assert_eq!(seat(CONFIG, &other, &[("1-1", "A")]), "usb://1-1 honeywell-voyager-serial: A front");
        assert_eq!(
            seat(CONFIG, &other, &[("1-1", "B")]),
            "usb://1-1 honeywell-voyager-serial: A front locked",
            "what a block says of a socket goes before a pairing"
        );
        assert_eq!(seat(CONFIG, &plugged("1-1", HONEYWELL, None, Link::Wedge), &[]), "left alone");
    }

    #[test]
    fn what_no_block_names_belongs_to_its_newest_pairing_or_waits() {
        let zebra = plugged("1-2.4", ZEBRA, None, Link::Serial);
        assert_eq!(seat(CONFIG, &zebra, &[]), "usb://1-2.4 zebra-cdc: waits");
        let paired = [("1-2.4", "B"), ("1-2.4", "A")];
        assert_eq!(seat(CONFIG, &zebra, &paired), "usb://1-2.4 zebra-cdc: B usb://1-2.4");
        assert_eq!(seat(CONFIG, &zebra, &[("1-2.4", "GONE")]), "usb://1-2.4 zebra-cdc: waits");
        let none = format!("{CONFIG}[scanners]\nadopt = \"none\"\n");
        assert_eq!(seat(&none, &zebra, &[]), "left alone");
        assert_eq!(seat(&none, &zebra, &paired), "usb://1-2.4 zebra-cdc: B usb://1-2.4");
    }

    #[test]
    fn nobodys_keyboard_and_no_adapter_is_taken() {
        assert_eq!(seat(CONFIG, &plugged("1-3", ZEBRA, None, Link::Wedge), &[]), "left alone");
        assert_eq!(seat(CONFIG, &plugged("1-3", (0x0403, 0x6001), None, Link::Serial), &[]), "left alone");
        assert_eq!(seat(CONFIG, &plugged("1-3", (0x046d, 0xc31c), None, Link::Serial), &[]), "left alone");
    }
}
