//! Which USB scanner a `[[desk.scanner]]` block means.

use crate::scan::usb::{Identity, Location, vid_pid};

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
    /// Reads `usb://1-2.4` and `usb-serial://0c2e:0901/ABC123`; `None` where it is neither, with the words that say so.
    pub fn read(port: &str, device: Option<(u16, u16)>) -> Option<Result<Self, String>> {
        match port.split_once("://")? {
            ("usb", socket) => {
                let location = socket.parse::<Location>().map_err(|error| error.to_string());
                Some(location.map(|location| Self::Socket { location, device }))
            }
            ("usb-serial", rest) => Some(serial(rest).ok_or_else(|| {
                format!(
                    "port \"{port}\": write vendor, product and serial number as `casetrack scanner list` does, e.g. \
                     usb-serial://0c2e:0901/ABC123"
                )
            })),
            _ => None,
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

fn serial(text: &str) -> Option<Claim> {
    let (device, serial) = text.split_once('/')?;
    let (vid, pid) = vid_pid(device)?;
    (!serial.is_empty()).then(|| Claim::Serial { vid, pid, serial: serial.to_owned() })
}
