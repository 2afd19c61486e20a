//! What is plugged into USB, looked at again and again.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::DirEntryExt;
use std::path::PathBuf;

use crate::scan::port::Address;
use crate::scan::usb::{self, Plugged};

/// Looks that are taken after something has changed: drivers make their files a moment later, on a busy machine a few.
const SETTLING_LOOKS: u32 = 5;
/// A look is taken at least once in so many, whether or not anything seems to have changed.
const LOOK_ANYWAY: u32 = 60;

/// Where scanners are plugged in: the machine's USB, or a test's.
pub trait Plugs: Send + Sync + 'static {
    /// What is plugged in now; `None`: nothing has changed. May block for some milliseconds.
    fn look(&mut self) -> Option<Vec<Plugged>>;
    /// What is opened to speak with it.
    fn address(&self, plugged: &Plugged) -> Address;
}

/// The machine's USB, by `/sys`.
///
/// One look costs the listing of one folder, in which every device has a number of its own: the whole is walked only
/// when one of these has changed.
pub struct Usb {
    sys: PathBuf,
    seen: Vec<(OsString, u64)>,
    settling: u32,
    idle: u32,
}

impl Default for Usb {
    fn default() -> Self {
        Self { sys: PathBuf::from(usb::SYS), seen: Vec::new(), settling: SETTLING_LOOKS, idle: 0 }
    }
}

impl Plugs for Usb {
    fn look(&mut self) -> Option<Vec<Plugged>> {
        let devices = self.devices();
        self.idle += 1;
        if devices != self.seen || self.idle >= LOOK_ANYWAY {
            (self.seen, self.idle) = (devices, 0);
            self.settling = SETTLING_LOOKS;
        }
        self.settling = self.settling.checked_sub(1)?;
        Some(usb::plugged(&self.sys))
    }

    fn address(&self, plugged: &Plugged) -> Address {
        Address::Usb(plugged.identity.location.clone())
    }
}

impl Usb {
    /// The names of devices and interfaces, each with the number that `/sys` gives anew to whatever is plugged in.
    fn devices(&self) -> Vec<(OsString, u64)> {
        let entries = fs::read_dir(self.sys.join("bus/usb/devices")).into_iter().flatten().flatten();
        let mut devices: Vec<_> = entries.map(|entry| (entry.file_name(), entry.ino())).collect();
        devices.sort();
        devices
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_is_walked_only_after_something_has_changed() {
        let sys = std::env::temp_dir().join(format!("casetrack-sys-{}", uuid::Uuid::now_v7()));
        let devices = sys.join("bus/usb/devices");
        fs::create_dir_all(devices.join("1-1")).unwrap();
        let mut usb = Usb { sys: sys.clone(), ..Usb::default() };
        let walked = |usb: &mut Usb, looks: u32| (0..looks).filter(|_| usb.look().is_some()).count();
        let settling = usize::try_from(SETTLING_LOOKS).unwrap();
        assert_eq!(walked(&mut usb, 20), settling);
        // Another one in the same socket has the same name, and another number.
        fs::create_dir(devices.join("new")).unwrap();
        fs::rename(devices.join("new"), devices.join("1-1")).unwrap();
        assert_eq!(walked(&mut usb, 20), settling);
        assert_eq!(walked(&mut usb, LOOK_ANYWAY), settling, "once a minute all the same");
        fs::remove_dir_all(sys).unwrap();
    }
}
