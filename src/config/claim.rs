//! Which USB scanner a `[[desk.scanner]]` block means.

use crate::scan::port::Address;
use crate::scan::usb::{Identity, Location};

/// A USB scanner as the configuration names it.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Claim {
    /// Whatever is plugged into this socket; with a device, another one there is a swapped one and is locked.
    Socket {
        /// The socket.
        location: Location,
        /// Vendor and product number.
        device: Option<(u16, u16)>,
    },
    /// The one with this serial number, in any socket.
    Serial {
        /// Vendor number.
        vid: u16,
        /// Product number.
        pid: u16,
        /// The serial number.
        serial: String,
    },
}

/// How a scanner that is plugged in meets a block of the configuration.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Fit {
    /// It is the one that is meant.
    Meant,
    /// It stands in the socket of the one that is meant.
    Swapped,
}

impl Claim {
    /// What an address means; `None`: it is no USB scanner's, but a path or a network address.
    pub fn of(address: Address, device: Option<(u16, u16)>) -> Option<Self> {
        match address {
            Address::Usb(location) => Some(Self::Socket { location, device }),
            Address::UsbSerial { vid, pid, serial } => Some(Self::Serial { vid, pid, serial }),
            Address::Serial(_) | Address::Tcp(_) => None,
        }
    }

    /// How the scanner meets this block, if it does.
    pub fn fit(&self, plugged: &Identity) -> Option<Fit> {
        match self {
            Self::Socket { location, .. } if *location != plugged.location => None,
            Self::Socket { device: Some(meant), .. } if *meant != (plugged.vid, plugged.pid) => {
                Some(Fit::Swapped)
            }
            Self::Socket { .. } => Some(Fit::Meant),
            Self::Serial { vid, pid, serial } => {
                let same =
                    (*vid, *pid) == (plugged.vid, plugged.pid) && plugged.serial.as_ref() == Some(serial);
                same.then_some(Fit::Meant)
            }
        }
    }
}
