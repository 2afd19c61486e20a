//! USB ids: which a profile is for, and what each is known to mean.

use std::fmt;
use std::sync::LazyLock;

use serde::Deserialize;

use super::check;
use super::program::Interface;

/// The reference of the ids, each with its source.
const USB_IDS: &str = include_str!("../../../firmware-config/usb-ids.toml");

/// A vendor's or a product's number, four hex digits as `lsusb` writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(try_from = "String")]
pub struct UsbId(u16);

impl UsbId {
    /// The number.
    pub const fn get(self) -> u16 {
        self.0
    }
}

impl TryFrom<String> for UsbId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let is_hex = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        let number = u16::from_str_radix(&text, 16).ok().filter(|_| is_hex);
        number.map(Self).ok_or_else(|| format!("\"{text}\" is no USB id: four hex digits, such as 05e0"))
    }
}

impl fmt::Display for UsbId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04x}", self.0)
    }
}

/// Which USB devices a profile is for. A profile without one is chosen by its name alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MatchTable {
    /// The vendors.
    pub vids: Vec<UsbId>,
    /// Their products; empty: all, where a number depends on model and interface and no list is whole.
    pub pids: Vec<UsbId>,
    /// Where this was found.
    pub source: String,
}

/// How well an id meets a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// The profile names the product.
    Product,
    /// The profile takes every product of the vendor.
    Vendor,
}

impl MatchTable {
    /// How well a device meets it, if at all.
    pub fn fit(&self, vid: u16, pid: u16) -> Option<Fit> {
        if !self.vids.iter().any(|id| id.get() == vid) {
            return None;
        }
        match self.pids.is_empty() {
            true => Some(Fit::Vendor),
            false => self.pids.iter().any(|id| id.get() == pid).then_some(Fit::Product),
        }
    }

    pub(super) fn check(&self) -> Result<(), String> {
        let is_empty = self.vids.is_empty();
        check(!is_empty || self.pids.is_empty(), "match.vids: missing")?;
        check(is_empty || !self.source.trim().is_empty(), "match.source: say where it was found")
    }
}

/// What one USB id is known to mean.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KnownUsb {
    /// The vendor.
    pub vid: UsbId,
    /// The product.
    pub pid: UsbId,
    /// How it shows up; `None` where the source does not say.
    #[serde(default)]
    pub interface: Option<Interface>,
    /// Brand and model.
    pub what: String,
    /// Where it was found.
    pub source: String,
}

/// An id of adapters and boards of every kind: never taken for a scanner.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bridge {
    /// The vendor.
    pub vid: UsbId,
    /// What it makes.
    pub what: String,
}

/// A serial number that a maker gives to all units, so that none is told by it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SharedSerial {
    /// The number, as one of the units tells it.
    pub serial: String,
    /// Whose, and where it was seen.
    pub source: String,
}

/// The reference.
#[derive(Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UsbIds {
    /// Scanners.
    pub usb: Vec<KnownUsb>,
    /// Bridges.
    pub bridge: Vec<Bridge>,
    /// Serial numbers that tell nothing.
    pub shared_serial: Vec<SharedSerial>,
}

static IDS: LazyLock<UsbIds> = LazyLock::new(|| toml::from_str(USB_IDS).unwrap_or_default());

/// What is known of USB ids; empty only if the built-in file were broken, which a test excludes.
pub fn usb_ids() -> &'static UsbIds {
    &IDS
}

/// What a device with this id is known to be.
pub fn known_usb(vid: u16, pid: u16) -> Option<&'static KnownUsb> {
    usb_ids().usb.iter().find(|known| known.vid.get() == vid && known.pid.get() == pid)
}

#[cfg(test)]
pub(super) fn read_usb_ids() -> Result<UsbIds, toml::de::Error> {
    toml::from_str(USB_IDS)
}
