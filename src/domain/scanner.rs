//! Which scanner belongs to which desk, by a pairing card.

use std::fmt;

use super::place::Code;
use crate::clock::Timestamp;

/// A scanner as the log knows it again: where it is plugged in, what it is, and its serial number where that is unique.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct ScannerId {
    /// Bus and chain of ports as the kernel writes them, e.g. `1-2.4`.
    pub location: String,
    /// Vendor number.
    pub vid: u16,
    /// Product number.
    pub pid: u16,
    /// Its serial number, only where it tells the scanner from all others.
    pub serial: Option<String>,
}

impl ScannerId {
    /// Whether both are the same scanner as far as anybody can tell: by the serial number where both have one, else by
    /// the socket.
    fn is_same(&self, other: &Self) -> bool {
        let kind = (self.vid, self.pid) == (other.vid, other.pid);
        kind && self.serial == other.serial && (self.serial.is_some() || self.location == other.location)
    }
}

/// As in `05e0:1701 at 1-2.4`.
impl fmt::Display for ScannerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04x}:{:04x} at {}", self.vid, self.pid, self.location)
    }
}

/// A scanner was given to a desk by its pairing card.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pairing {
    /// Which scanner.
    pub scanner: ScannerId,
    /// Which desk.
    pub desk: Code,
    /// When the server learnt of it.
    pub at: Timestamp,
}

/// The desk of a scanner by its newest pairing; `newest_first` holds all that were ever made.
///
/// A unique scanner that was carried to another socket has none there: the socket may be another desk's. Nor has what
/// was plugged into the socket of another one.
pub fn paired_with<'a>(newest_first: &'a [Pairing], scanner: &ScannerId) -> Option<&'a Code> {
    let newest = newest_first.iter().find(|pairing| pairing.scanner.is_same(scanner))?;
    (newest.scanner.location == scanner.location).then_some(&newest.desk)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scanner(location: &str, pid: u16, serial: Option<&str>) -> ScannerId {
        ScannerId { location: location.to_owned(), vid: 0x05e0, pid, serial: serial.map(str::to_owned) }
    }

    fn pairing(scanner: ScannerId, desk: &str) -> Pairing {
        Pairing { scanner, desk: desk.parse().unwrap(), at: Timestamp::EPOCH }
    }

    #[test]
    fn twins_are_told_apart_by_their_sockets() {
        let made = [pairing(scanner("1-2", 1, None), "B"), pairing(scanner("1-1", 1, None), "A")];
        let desk = |location| paired_with(&made, &scanner(location, 1, None)).map(Code::as_str);
        assert_eq!([desk("1-1"), desk("1-2"), desk("1-3")], [Some("A"), Some("B"), None]);
        assert_eq!(paired_with(&made, &scanner("1-1", 2, None)), None, "another kind in this socket");
        assert_eq!(paired_with(&made, &scanner("1-1", 1, Some("S"))), None, "another one in this socket");
    }

    #[test]
    fn a_scanner_paired_with_another_desk_later_leaves_the_first() {
        let made = [
            pairing(scanner("1-2", 1, Some("S")), "B"),
            pairing(scanner("1-1", 1, None), "A2"),
            pairing(scanner("1-1", 1, Some("S")), "A"),
            pairing(scanner("1-1", 1, None), "A1"),
        ];
        let desk = |location, serial| paired_with(&made, &scanner(location, 1, serial)).map(Code::as_str);
        assert_eq!(desk("1-2", Some("S")), Some("B"));
        assert_eq!(desk("1-1", Some("S")), None, "it stands at B by the log");
        assert_eq!(desk("1-1", None), Some("A2"));
    }
}
