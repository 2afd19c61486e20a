//! What a device says it is: HID report descriptors and the keys of an input device. Pure.

/// Usage page of bar code scanners and usage of a scanner (HID Point of Sale Usage Tables 1.02, 3).
const POS_PAGE: u32 = 0x8C;
const POS_SCANNER: u32 = 0x02;
/// Keys that a keyboard must have to type a label: Enter, Q to P, 1 to 0 (`linux/input-event-codes.h`).
const LABEL_KEYS: [u32; 21] = [28, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];

/// Whether a HID report descriptor is of a bar code scanner: an application collection with usage 2 of page 0x8C.
///
/// HID 1.11, 6.2.2: an item's first byte has its size (0, 1, 2, 4), type and tag; 0xFE begins a long item.
pub(super) fn is_pos(mut bytes: &[u8]) -> bool {
    let (mut page, mut usage) = (0, 0);
    while let [prefix, rest @ ..] = bytes {
        let size = if *prefix == 0xFE {
            // A long item: its length, its tag, its data. None is defined.
            rest.first().map_or(0, |length| usize::from(*length) + 2)
        } else {
            [0, 1, 2, 4].into_iter().nth(usize::from(prefix & 3)).unwrap_or(0)
        };
        let Some((data, next)) = rest.split_at_checked(size) else { return false };
        let value = || data.iter().rev().fold(0, |value, byte| (value << 8) | u32::from(*byte));
        match prefix & 0xFC {
            0x04 => page = value(),
            // A usage of four bytes brings its page with it.
            0x08 if size == 4 => (page, usage) = (value() >> 16, value() & 0xFFFF),
            0x08 => usage = value(),
            0xA0 if value() == 1 && (page, usage) == (POS_PAGE, POS_SCANNER) => return true,
            // A usage holds for one main item.
            _ if prefix & 0x0C == 0 => usage = 0,
            _ => {}
        }
        bytes = next;
    }
    false
}

/// Whether the keys of an input device suffice to type a label, from `capabilities/key`: words of the machine's size
/// in hex, the highest first.
pub(super) fn types_labels(keys: &str) -> bool {
    // All keys that are asked for stand in the lowest word.
    let lowest =
        keys.split_ascii_whitespace().next_back().and_then(|word| u64::from_str_radix(word, 16).ok());
    lowest.is_some_and(|word| LABEL_KEYS.iter().all(|key| (word >> key) & 1 == 1))
}
