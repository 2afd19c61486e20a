//! What a label printer says of itself: three strings in answer to `~HS`.
//!
//! Source: Zebra, ZPL II Programming Guide, `~HS` Host Status Return. Each string is `STX … ETX CR LF`.

use super::fault::Fault;

/// Asks for it.
pub const QUESTION: &[u8] = b"~HS\r\n";
const STX: u8 = 2;
const ETX: u8 = 3;
/// How many values each of the strings has.
const VALUES: [usize; 3] = [12, 11, 2];

/// The state of a label printer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Status {
    is_out_of_labels: bool,
    is_paused: bool,
    is_head_open: bool,
    is_out_of_ribbon: bool,
    is_receiving: bool,
    /// Labels that it has been told of and has not begun.
    waiting: u32,
    /// Copies still to come of the label that it prints.
    remaining: u32,
}

impl Status {
    /// The newest whole answer among these bytes: one that came late may stand before it.
    pub fn newest(bytes: &[u8]) -> Option<Self> {
        let strings: Vec<Vec<&str>> = strings(bytes).collect();
        strings.windows(VALUES.len()).rev().find_map(Self::read)
    }

    fn read(strings: &[Vec<&str>]) -> Option<Self> {
        let [first, second, third] = strings else { return None };
        if [first.len(), second.len(), third.len()] != VALUES {
            return None;
        }
        let flag = |values: &[&str], at: usize| Some(*values.get(at)? == "1");
        let number = |values: &[&str], at: usize| values.get(at)?.parse().ok();
        Some(Self {
            is_out_of_labels: flag(first, 1)?,
            is_paused: flag(first, 2)?,
            waiting: number(first, 4)?,
            is_receiving: flag(first, 7)?,
            is_head_open: flag(second, 2)?,
            is_out_of_ribbon: flag(second, 3)?,
            remaining: number(second, 8)?,
        })
    }

    /// What keeps it from printing; what a person must do first is named first.
    pub const fn fault(self) -> Option<Fault> {
        if self.is_head_open {
            Some(Fault::HeadOpen)
        } else if self.is_out_of_labels {
            Some(Fault::NoMedia)
        } else if self.is_out_of_ribbon {
            Some(Fault::NoRibbon)
        } else if self.is_paused {
            Some(Fault::Paused)
        } else {
            None
        }
    }

    /// Whether nothing waits in it.
    pub const fn is_idle(self) -> bool {
        self.waiting == 0 && self.remaining == 0 && !self.is_receiving
    }
}

/// The values of each whole string.
fn strings(bytes: &[u8]) -> impl Iterator<Item = Vec<&str>> {
    let ended = bytes.iter().rposition(|byte| *byte == ETX).unwrap_or(0);
    let whole = bytes.get(..ended).unwrap_or_default();
    whole.split(|byte| *byte == ETX).filter_map(|piece| {
        let begins = piece.iter().rposition(|byte| *byte == STX)?;
        let text = std::str::from_utf8(piece.get(begins + 1..)?).ok()?;
        Some(text.split(',').map(str::trim).collect())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const READY: &str = "\u{2}030,0,0,1245,000,0,0,0,000,0,0,0\u{3}\r\n\u{2}000,0,0,0,0,2,4,0,00000000,1,000\u{3}\r\n\
        \u{2}1234,0\u{3}\r\n";

    fn fault(from: &str, to: &str) -> Option<Fault> {
        Status::newest(READY.replacen(from, to, 1).as_bytes()).unwrap().fault()
    }

    #[test]
    fn the_three_strings_say_what_is_the_matter() {
        let ready = Status::newest(READY.as_bytes()).unwrap();
        assert_eq!((ready.fault(), ready.is_idle()), (None, true));
        assert_eq!(fault("030,0,0", "030,1,0"), Some(Fault::NoMedia));
        assert_eq!(fault("030,0,0", "030,0,1"), Some(Fault::Paused));
        assert_eq!(fault("000,0,0,0,0,2", "000,0,1,0,0,2"), Some(Fault::HeadOpen));
        assert_eq!(fault("000,0,0,0,0,2", "000,0,0,1,0,2"), Some(Fault::NoRibbon));
        let waiting = READY.replacen("1245,000", "1245,003", 1);
        assert!(!Status::newest(waiting.as_bytes()).unwrap().is_idle());
        let remaining = READY.replacen("00000000", "00000002", 1);
        assert!(!Status::newest(remaining.as_bytes()).unwrap().is_idle());
    }

    #[test]
    fn a_piece_of_an_answer_is_none_and_a_late_one_does_not_hide_the_newest() {
        for cut in 0..READY.len() - 2 {
            assert_eq!(Status::newest(&READY.as_bytes()[..cut]), None, "{cut}");
        }
        assert_eq!(Status::newest(b"HTTP/1.1 400 Bad Request\r\n\r\n"), None);
        let late = READY.replacen("030,0,0", "030,1,0", 1);
        let (_, rest) = late.split_at(20);
        assert_eq!(Status::newest(format!("{rest}{READY}").as_bytes()).unwrap().fault(), None);
    }
}
