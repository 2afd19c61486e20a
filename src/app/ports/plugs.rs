//! What is plugged into USB, looked at again and again.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::{DirEntryExt, MetadataExt};
use std::path::{Path, PathBuf};

use rustix::fs::{major, minor};

use crate::scan::hidraw;
use crate::scan::port::Address;
use crate::scan::usb::{self, Plugged};

/// Looks that walk the whole after something has changed, 5 s of them at the usual pace: drivers make their files a moment
/// later, on a busy machine a few.
const SETTLING_LOOKS: u32 = 20;
/// The whole is walked at least once in so many looks, a minute at the usual pace, whether or not anything seems to have
/// changed.
const LOOK_ANYWAY: u32 = 240;

/// Where udev keeps what it has made of each device, and, while it runs, its socket.
const UDEV: &str = "/run/udev";

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
        hidraw::prepare();
        let devices = self.devices();
        self.idle += 1;
        if devices != self.seen {
            (self.seen, self.settling) = (devices, SETTLING_LOOKS);
        } else if self.idle >= LOOK_ANYWAY {
            self.settling = 1;
        }
        self.settling = self.settling.checked_sub(1)?;
        self.idle = 0;
        let mut plugged = usb::plugged(&self.sys);
        plugged.retain(|plugged| is_made_over(Path::new(UDEV), &plugged.node));
        Some(plugged)
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

/// Whether udev, where it runs, has made the links of a device file and given it to the service. Before that, a scanner
/// that the configuration names by its path looks like one that nobody names, and would be opened as such (seen).
fn is_made_over(udev: &Path, node: &Path) -> bool {
    let known = |file: fs::Metadata| {
        let (major, minor) = (major(file.rdev()), minor(file.rdev()));
        udev.join(format!("data/c{major}:{minor}")).exists()
    };
    !udev.join("control").exists() || fs::metadata(node).is_ok_and(known)
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
        assert_eq!(walked(&mut usb, 2 * SETTLING_LOOKS), settling);
        // Another one in the same socket has the same name, and another number.
        fs::create_dir(devices.join("new")).unwrap();
        fs::rename(devices.join("new"), devices.join("1-1")).unwrap();
        assert_eq!(walked(&mut usb, 2 * SETTLING_LOOKS), settling);
        assert_eq!(walked(&mut usb, LOOK_ANYWAY), 1, "once a minute all the same");
        fs::remove_dir_all(sys).unwrap();
    }

    #[test]
    fn a_device_file_is_the_services_once_udev_knows_it_and_at_once_where_there_is_no_udev() {
        let udev = std::env::temp_dir().join(format!("casetrack-udev-{}", uuid::Uuid::now_v7()));
        fs::create_dir_all(udev.join("data")).unwrap();
        // Character device 1:3 on every Linux.
        let node = Path::new("/dev/null");
        assert!(is_made_over(&udev, node));
        fs::write(udev.join("control"), "").unwrap();
        assert!(!is_made_over(&udev, node));
        fs::write(udev.join("data/c1:3"), "").unwrap();
        assert!(is_made_over(&udev, node));
        assert!(!is_made_over(&udev, Path::new("/dev/casetrack-none")));
        fs::remove_dir_all(udev).unwrap();
    }
}
