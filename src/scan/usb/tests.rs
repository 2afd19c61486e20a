use std::os::unix::fs::symlink;
use std::sync::atomic::{AtomicU32, Ordering};

use super::*;
use crate::scan::device;
use crate::scan::profile::{Interface, KnownUsb};

/// The report descriptor of a bar code scanner, written from the usage table.
const POS: &[u8] = b"\x06\x8c\x00\x09\x02\xa1\x01\x85\x02\x09\x12\xa1\x02\x15\x00\x26\xff\x00\xc0\xc0";
/// The beginning of the report descriptor of any keyboard.
const KEYBOARD: &[u8] = b"\x05\x01\x09\x06\xa1\x01\x05\x07\x19\xe0\x29\xe7\xc0";
/// `capabilities/key` of a USB keyboard, as a 6.1 kernel writes it.
const ALL_KEYS: &str = "1000000000007 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe\n";

/// A tree as the kernel makes it under `/sys`, removed in the end.
struct Sys {
    root: PathBuf,
}

/// A device of the tree.
struct Device<'a> {
    socket: &'a str,
    id: &'a str,
    serial: &'a str,
}

impl Sys {
    fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let root = std::env::temp_dir().join(format!("casetrack-sys-{}-{number}", std::process::id()));
        fs::create_dir_all(&root).unwrap();
        Self { root }
    }

    fn put(&self, path: &str, bytes: &[u8]) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    /// Plugs `device` in, and has `class` name what stands at `node` of its first interface.
    fn plug(&self, device: &Device, class: &str, node: &str) -> String {
        self.plug_interface(device, 0, class, node)
    }

    fn plug_interface(&self, device: &Device, interface: u8, class: &str, node: &str) -> String {
        let bus = device.socket.split('-').next().unwrap();
        let place = format!("devices/pci0000:00/0000:00:14.0/usb{bus}/{}", device.socket);
        let (vid, pid) = device.id.split_once(':').unwrap();
        for (name, text) in [
            ("idVendor", vid),
            ("idProduct", pid),
            ("serial", device.serial),
            ("product", "Bar Code Scanner"),
        ] {
            self.put(&format!("{place}/{name}"), format!("{text}\n").as_bytes());
        }
        let devices = self.root.join("bus/usb/devices");
        fs::create_dir_all(&devices).unwrap();
        // A device with several nodes is linked once.
        let _ = symlink(self.root.join(&place), devices.join(device.socket));
        let inside = format!("{place}/{}:1.{interface}/{node}", device.socket);
        self.put(&format!("{inside}/dev"), b"1:1\n");
        let name = Path::new(node).file_name().unwrap();
        fs::create_dir_all(self.root.join("class").join(class)).unwrap();
        symlink(self.root.join(&inside), self.root.join("class").join(class).join(name)).unwrap();
        inside
    }

    fn terminal(&self, socket: &str, id: &str, serial: &str, node: &str) {
        self.plug(&Device { socket, id, serial }, "tty", &format!("tty/{node}"));
    }

    fn hid(&self, socket: &str, id: &str, descriptor: &[u8], node: &str) {
        let inside =
            self.plug(&Device { socket, id, serial: "" }, "hidraw", &format!("0003:1.0001/hidraw/{node}"));
        let folder = inside.strip_suffix(&format!("/hidraw/{node}")).unwrap();
        self.put(&format!("{folder}/report_descriptor"), descriptor);
    }

    fn input(&self, socket: &str, id: &str, keys: &str, node: &str) {
        let inside = self.plug(
            &Device { socket, id, serial: "" },
            "input",
            &format!("0003:1.0001/input/input3/{node}"),
        );
        let folder = inside.strip_suffix(&format!("/{node}")).unwrap();
        self.put(&format!("{folder}/capabilities/key"), keys.as_bytes());
    }

    /// A line each: identity, link, node.
    fn seen(&self) -> Vec<String> {
        let line = |found: Plugged| format!("{} {:?} {}", found.identity, found.link, found.node.display());
        plugged(&self.root).into_iter().map(line).collect()
    }
}

impl Drop for Sys {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.root).unwrap();
    }
}

#[test]
fn two_zebra_scanners_with_one_serial_number_are_told_apart_by_their_sockets() {
    let sys = Sys::new();
    sys.terminal("1-2", "05e0:1701", "USB_CDC_SYMBOL_SCANNER", "ttyACM1");
    sys.terminal("1-10", "05e0:1701", "USB_CDC_Symbol_Scanner", "ttyACM0");
    assert_eq!(sys.seen(), ["05e0:1701 at 1-2 Serial /dev/ttyACM1", "05e0:1701 at 1-10 Serial /dev/ttyACM0"]);
}

#[test]
fn a_serial_number_counts_where_it_is_the_only_one() {
    let sys = Sys::new();
    sys.terminal("1-2.4", "0c2e:0901", "19155B3F", "ttyACM0");
    sys.terminal("2-1", "0c2e:0901", "0000000", "ttyACM1");
    sys.terminal("2-2", "0c2e:0901", "", "ttyACM2");
    assert_eq!(
        sys.seen(),
        [
            "0c2e:0901 at 1-2.4, serial 19155B3F Serial /dev/ttyACM0",
            "0c2e:0901 at 2-1 Serial /dev/ttyACM1",
            "0c2e:0901 at 2-2 Serial /dev/ttyACM2",
        ]
    );
}

#[test]
fn a_serial_number_that_two_of_a_kind_have_is_none() {
    let sys = Sys::new();
    sys.terminal("1-1", "1eab:1a06", "A1", "ttyACM0");
    sys.terminal("1-2", "1eab:1a06", "A1", "ttyACM1");
    sys.terminal("1-3", "1eab:1306", "A1", "ttyACM2");
    let serials: Vec<_> = plugged(&sys.root).into_iter().map(|found| found.identity.serial).collect();
    assert_eq!(serials, [None, None, Some("A1".to_owned())]);
}

#[test]
fn a_point_of_sale_scanner_is_known_by_its_descriptor_and_not_by_its_numbers() {
    let sys = Sys::new();
    sys.hid("1-1", "0c2e:0901", POS, "hidraw0");
    sys.hid("1-2", "0c2e:0902", KEYBOARD, "hidraw1");
    assert_eq!(sys.seen(), ["0c2e:0901 at 1-1 HidPos /dev/hidraw0"]);
}

#[test]
fn a_keyboard_is_what_can_type_a_label() {
    let sys = Sys::new();
    sys.input("1-1", "05e0:1200", ALL_KEYS, "event4");
    sys.input("1-2", "046d:c077", "ff0000 0 0 0 0\n", "event5");
    sys.input("1-3", "05e0:1200", ALL_KEYS, "mouse0");
    assert_eq!(sys.seen(), ["05e0:1200 at 1-1 Wedge /dev/input/event4"]);
}

#[test]
fn an_adapter_is_seen_but_never_claimed() {
    let sys = Sys::new();
    sys.terminal("1-1", "0403:6001", "FT1234", "ttyUSB0");
    sys.terminal("1-2", "05e0:1701", "", "ttyACM0");
    let bridges: Vec<_> = plugged(&sys.root).iter().map(|found| found.identity.is_bridge()).collect();
    assert_eq!(bridges, [true, false]);
}

#[test]
fn the_first_port_of_an_adapter_stays_the_first_whatever_its_file_is_called() {
    let sys = Sys::new();
    let adapter = Device { socket: "1-1", id: "0403:6010", serial: "" };
    sys.plug_interface(&adapter, 1, "tty", "ttyUSB9/tty/ttyUSB9");
    sys.plug_interface(&adapter, 0, "tty", "ttyUSB10/tty/ttyUSB10");
    let nodes: Vec<_> =
        plugged(&sys.root).into_iter().map(|found| found.node.display().to_string()).collect();
    assert_eq!(nodes, ["/dev/ttyUSB10", "/dev/ttyUSB9"]);
}

#[test]
fn a_terminal_that_is_not_on_usb_is_not_listed() {
    let sys = Sys::new();
    sys.put("devices/platform/serial8250/tty/ttyS0/dev", b"4:64\n");
    fs::create_dir_all(sys.root.join("class/tty")).unwrap();
    symlink(sys.root.join("devices/platform/serial8250/tty/ttyS0"), sys.root.join("class/tty/ttyS0"))
        .unwrap();
    assert_eq!(sys.seen(), [""; 0]);
    assert_eq!(plugged(Path::new("/nothing/here")), []);
}

#[test]
fn a_scanner_is_found_by_its_socket_or_its_own_serial_number_in_the_mode_that_is_asked_for() {
    let sys = Sys::new();
    sys.terminal("1-2.4", "05e0:1701", "USB_CDC_SYMBOL_SCANNER", "ttyACM7");
    sys.input("1-2.4", "05e0:1701", ALL_KEYS, "event4");
    sys.terminal("1-3", "0c2e:0901", "19155B3F", "ttyACM0");
    let find = |port: &str, link| {
        let found = device::find(&sys.root, &port.parse().unwrap(), link);
        found.map(|(node, identity)| format!("{} {}", node.display(), identity.unwrap()))
    };
    assert_eq!(find("usb://1-2.4", Link::Serial).as_deref(), Some("/dev/ttyACM7 05e0:1701 at 1-2.4"));
    assert_eq!(find("usb://1-2.4", Link::Wedge).as_deref(), Some("/dev/input/event4 05e0:1701 at 1-2.4"));
    assert_eq!(find("usb://1-2.4", Link::HidPos), None);
    assert_eq!(find("usb://1-2", Link::Serial), None);
    let unique = find("usb-serial://0c2e:0901/19155B3F", Link::Serial);
    assert_eq!(unique.as_deref(), Some("/dev/ttyACM0 0c2e:0901 at 1-3, serial 19155B3F"));
    assert_eq!(find("usb-serial://0c2e:0901/19155B", Link::Serial), None);
    assert_eq!(find("usb-serial://0c2e:0900/19155B3F", Link::Serial), None);
}

#[test]
fn a_scanner_that_moved_is_found_where_it_is_now_by_its_serial_number_and_not_by_its_old_socket() {
    let before = Sys::new();
    before.terminal("1-1", "0c2e:0901", "19155B3F", "ttyACM0");
    let after = Sys::new();
    after.terminal("1-4", "0c2e:0901", "19155B3F", "ttyACM3");
    for (port, there) in [("usb://1-1", [true, false]), ("usb-serial://0c2e:0901/19155B3F", [true, true])] {
        let found = |sys: &Sys| device::find(&sys.root, &port.parse().unwrap(), Link::Serial).is_some();
        assert_eq!([found(&before), found(&after)], there, "{port}");
    }
}

#[test]
fn a_socket_has_one_text() {
    for text in ["1-2", "1-2.4", "12-14.1.1.3", "2-1.2.3.4.5.6.7"] {
        assert_eq!(text.parse::<Location>().unwrap().to_string(), text);
    }
    for text in [
        "",
        "1",
        "usb1",
        "1-",
        "-2",
        "01-2",
        "1-2.",
        "1-0",
        "1-2.256",
        "1-+2",
        "1-1.2.3.4.5.6.7.8",
        "1-2:1.0",
    ] {
        assert_eq!(text.parse::<Location>(), Err(NoLocation(text.to_owned())), "{text}");
    }
}

#[test]
fn a_cut_descriptor_is_no_scanner() {
    for length in 0..7 {
        assert!(!descriptor::is_pos(&POS[..length]), "{length}");
    }
    assert!(descriptor::is_pos(&POS[..7]));
    // A usage that brings its page, and a long item before it.
    assert!(descriptor::is_pos(b"\xFE\x01\x00\x99\x0B\x02\x00\x8C\x00\xA1\x01"));
    assert!(!descriptor::is_pos(b"\x05\x8c\x09\x03\xa1\x01"));
}

/// The rules for udev, a line each.
fn rules() -> impl Iterator<Item = &'static str> {
    let text = include_str!("../../../firmware-config/udev/70-casetrack-scanners.rules");
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'))
}

/// What a rule wants of an attribute, e.g. `["05e0", "0c2e"]`.
fn wanted(rule: &'static str, attribute: &str) -> Vec<&'static str> {
    let after = |start: String| rule.split(&start).nth(1);
    let list =
        after(format!("ATTRS{{{attribute}}}==\"")).or_else(|| after(format!("ATTR{{{attribute}}}==\"")));
    list.and_then(|list| list.split('"').next()).map_or(Vec::new(), |list| list.split('|').collect())
}

#[test]
fn the_rules_for_udev_leave_adapters_and_the_keyboards_of_people_alone() {
    for rule in rules() {
        assert!(rule.starts_with("ACTION!=\"remove\", SUBSYSTEM==\""), "{rule}");
        let vendors = wanted(rule, "idVendor");
        assert!(!vendors.is_empty(), "{rule}");
        for vendor in vendors {
            let vid = u16::from_str_radix(vendor, 16).unwrap();
            assert!(usb_ids().bridge.iter().all(|bridge| bridge.vid.get() != vid), "{rule}");
        }
        assert!(!rule.contains("input") || !wanted(rule, "idProduct").is_empty(), "{rule}");
    }
}

#[test]
fn the_rules_for_udev_give_every_keyboard_that_is_known_to_be_a_scanner_to_the_service() {
    let is_given = |vid: String, pid: String| {
        rules().filter(|rule| rule.contains("SUBSYSTEM==\"input\"")).any(|rule| {
            let meets = |wanted: &str| {
                wanted == pid || wanted.strip_prefix("??").is_some_and(|end| pid.ends_with(end))
            };
            wanted(rule, "idVendor").contains(&vid.as_str())
                && wanted(rule, "idProduct").into_iter().any(meets)
        })
    };
    let is_keyboard = |known: &&KnownUsb| known.interface == Some(Interface::Keyboard);
    for known in usb_ids().usb.iter().filter(is_keyboard) {
        assert!(is_given(known.vid.to_string(), known.pid.to_string()), "{}:{}", known.vid, known.pid);
    }
}
