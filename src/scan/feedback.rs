//! What a scanner is told after a scan, and how sure we are that it understands.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;

use crate::scan::ssi::{Packet, opcode};

/// Most bytes of one feedback message: a longer one would outlast the next scan at 9600 baud (64 bytes = 67 ms).
pub const FEEDBACK_MAX_BYTES: usize = 64;

/// What the desk wants the clerk to hear or see at the scanner. Never the only signal: the page says it too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Feedback {
    /// Accepted and on disk.
    Accept,
    /// Accepted, and something is to be done with this folder now.
    Look,
    /// Not done.
    Refuse,
    /// Not done, and nothing goes on until it is answered.
    Stop,
    /// The stop is over; lamps off.
    Ready,
}

impl Feedback {
    /// Every feedback, in the order of the profiles.
    pub const ALL: [Self; 5] = [Self::Accept, Self::Look, Self::Refuse, Self::Stop, Self::Ready];

    /// The key in a profile, e.g. `accept`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Look => "look",
            Self::Refuse => "refuse",
            Self::Stop => "stop",
            Self::Ready => "ready",
        }
    }
}

/// How an entry of a profile is known to be right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Evidence {
    /// Read out of the vendor's own symbols.
    Decoded,
    /// Printed in the vendor's manual.
    Manual,
    /// Used by published code that talks to the device.
    PublicCode,
    /// Derived or remembered; no device or manual has shown it.
    Unverified,
}

impl Evidence {
    /// The word in a profile, e.g. `public-code`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Decoded => "decoded",
            Self::Manual => "manual",
            Self::PublicCode => "public-code",
            Self::Unverified => "unverified",
        }
    }
}

/// The bytes of one feedback, with where they come from.
///
/// A profile of a plain scanner says the bytes: `send = "07"`. One of an SSI scanner says what is to be heard and seen,
/// `beep = 0x12`, `lamp = "red"`; the packets, their lengths and checksums are made here, so that none can be wrong.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "EntryFile")]
pub struct FeedbackEntry {
    /// What is written to the device; at most [`FEEDBACK_MAX_BYTES`].
    pub send: HexBytes,
    /// Whether it is made of SSI packets.
    pub is_ssi: bool,
    /// How it is known.
    pub evidence: Evidence,
    /// The manual or code it was found in, and what is not known.
    pub source: String,
}

/// An entry as the file writes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EntryFile {
    send: Option<HexBytes>,
    beep: Option<u8>,
    lamp: Option<Lamp>,
    evidence: Evidence,
    source: String,
}

/// What the lamps of an SSI scanner show (masks: enioka_scan).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Lamp {
    Green,
    Red,
    Off,
}

impl TryFrom<EntryFile> for FeedbackEntry {
    type Error = &'static str;

    fn try_from(file: EntryFile) -> Result<Self, Self::Error> {
        let EntryFile { send, beep, lamp, evidence, source } = file;
        let (send, is_ssi) = match (send, beep, lamp) {
            (Some(send), None, None) => (send, false),
            (None, None, None) => return Err("neither `send` nor `beep` nor `lamp`"),
            (None, beep, lamp) => {
                let beep = beep.and_then(|code| Packet::of_host(opcode::BEEP, &[code]));
                let packets = beep.into_iter().chain(lamp.and_then(Lamp::packet));
                (packets.flat_map(|packet| packet.encode()).collect::<Vec<u8>>().into(), true)
            }
            (Some(_), _, _) => return Err("`send` is of plain scanners, `beep` and `lamp` of SSI: not both"),
        };
        Ok(Self { send, is_ssi, evidence, source })
    }
}

impl Lamp {
    fn packet(self) -> Option<Packet> {
        match self {
            Self::Green => Packet::of_host(opcode::LED_ON, &[0x01]),
            Self::Red => Packet::of_host(opcode::LED_ON, &[0x02]),
            Self::Off => Packet::of_host(opcode::LED_OFF, &[0xFF]),
        }
    }
}

/// The feedback of a profile; what is absent is not sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FeedbackTable {
    /// See [`Feedback::Accept`].
    pub accept: Option<FeedbackEntry>,
    /// See [`Feedback::Look`].
    pub look: Option<FeedbackEntry>,
    /// See [`Feedback::Refuse`].
    pub refuse: Option<FeedbackEntry>,
    /// See [`Feedback::Stop`].
    pub stop: Option<FeedbackEntry>,
    /// See [`Feedback::Ready`].
    pub ready: Option<FeedbackEntry>,
    /// Whether the scanner is set to wait, after each read, until it is told something (Honeywell's Host ACK): then every
    /// read is answered, with `release` where the desk has nothing to say.
    #[serde(default)]
    pub host_ack: bool,
    /// What lets a waiting scanner go on and is not heard; with `host_ack` only.
    pub release: Option<FeedbackEntry>,
}

impl FeedbackTable {
    /// The entry for `feedback`, if the device can do it.
    pub fn entry(&self, feedback: Feedback) -> Option<&FeedbackEntry> {
        match feedback {
            Feedback::Accept => self.accept.as_ref(),
            Feedback::Look => self.look.as_ref(),
            Feedback::Refuse => self.refuse.as_ref(),
            Feedback::Stop => self.stop.as_ref(),
            Feedback::Ready => self.ready.as_ref(),
        }
    }

    /// The bytes for `feedback`; empty if the device cannot do it.
    pub fn bytes(&self, feedback: Feedback) -> &[u8] {
        self.entry(feedback).map_or(&[], |entry| entry.send.as_slice())
    }
}

/// Bytes written as pairs of hex digits, e.g. `"16 07 0D"`; blanks between pairs are free.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct HexBytes(Vec<u8>);

impl HexBytes {
    /// The bytes.
    pub fn as_slice(&self) -> &[u8] {
        &self.0
    }
}

/// A text that is not pairs of hex digits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not bytes in hex: write pairs of digits, e.g. \"16 07 0D\"")]
pub struct NotHex(String);

impl FromStr for HexBytes {
    type Err = NotHex;

    fn from_str(text: &str) -> Result<Self, NotHex> {
        let mut bytes = Vec::new();
        for word in text.split_ascii_whitespace() {
            for pair in word.as_bytes().chunks(2) {
                bytes.push(hex_pair(pair).ok_or_else(|| NotHex(text.to_owned()))?);
            }
        }
        Ok(Self(bytes))
    }
}

impl From<Vec<u8>> for HexBytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl TryFrom<String> for HexBytes {
    type Error = NotHex;

    fn try_from(text: String) -> Result<Self, NotHex> {
        text.parse()
    }
}

impl fmt::Display for HexBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, byte) in self.0.iter().enumerate() {
            write!(f, "{}{byte:02X}", if index == 0 { "" } else { " " })?;
        }
        Ok(())
    }
}

fn hex_pair(pair: &[u8]) -> Option<u8> {
    let [high, low] = pair else { return None };
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    Some(digit(high)? * 16 + digit(low)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_is_read_with_and_without_blanks() {
        for text in ["16 07 0D", "16070d", " 1607 0D "] {
            assert_eq!(text.parse::<HexBytes>().unwrap().as_slice(), b"\x16\x07\x0D", "{text}");
        }
        assert_eq!("".parse::<HexBytes>().unwrap().as_slice(), b"");
        assert_eq!("16 07 0D".parse::<HexBytes>().unwrap().to_string(), "16 07 0D");
    }

    #[test]
    fn what_is_no_hex_is_refused_by_name() {
        for text in ["1", "0x07", "16 0", "+7", "GG", "é"] {
            assert_eq!(text.parse::<HexBytes>(), Err(NotHex(text.to_owned())), "{text}");
        }
    }
}
