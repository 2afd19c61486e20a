//! The tables of a profile, as the file writes them.

use serde::Deserialize;

use super::{FrameKind, INTER_CHAR_MOST_MS};
use crate::scan::feedback::HexBytes;
use crate::scan::frame::{FrameRules, Suffix};
use crate::scan::usb;

/// The way a scanner talks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Link {
    /// Text on a serial line, over USB, a cable or the network.
    #[default]
    Serial,
    /// Zebra's packets on a serial line.
    Ssi,
    /// Reports of a USB scanner.
    HidPos,
    /// A USB keyboard, taken for us alone.
    Wedge,
}

impl Link {
    /// Which of a USB device's files is opened for it.
    pub fn over_usb(self) -> usb::Link {
        match self {
            Self::Serial | Self::Ssi => usb::Link::Serial,
            Self::HidPos => usb::Link::HidPos,
            Self::Wedge => usb::Link::Wedge,
        }
    }
}

/// The serial line. USB devices and network connections ignore all but `dtr`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Line {
    /// Bits a second, 1200 to 921600.
    pub baud: u32,
    /// Data bits, 7 or 8. Seven bits with space parity (old MetroSelect scanners) are read as 8 with no parity.
    pub data: u8,
    /// Parity bit.
    pub parity: Parity,
    /// Stop bits, 1 or 2.
    pub stop: u8,
    /// Flow control.
    pub flow: Flow,
    /// Whether DTR is raised at opening; some USB scanners send nothing without it.
    pub dtr: bool,
}

/// 9600 8N1 without flow control, DTR raised.
impl Default for Line {
    fn default() -> Self {
        Self { baud: 9600, data: 8, parity: Parity::None, stop: 1, flow: Flow::None, dtr: true }
    }
}

/// Parity bit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Parity {
    /// None sent, none checked.
    None,
    /// Odd.
    Odd,
    /// Even.
    Even,
}

/// Flow control.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Flow {
    /// Neither side holds the other back.
    None,
    /// By the lines RTS and CTS.
    RtsCts,
    /// By the bytes XON and XOFF.
    XonXoff,
}

/// How a read begins and ends.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FrameTable {
    /// What tells beginning and end.
    pub kind: FrameKind,
    /// The byte that clears what came before, in hex; empty: none.
    pub start: HexBytes,
    /// The bytes of which any ends a read, in hex.
    pub end: HexBytes,
    /// Whether a read must end by one of them; else silence ends it too.
    pub suffix_required: bool,
    /// Silence in milliseconds after which the end is no longer expected; [`INTER_CHAR_LEAST_MS`](super::INTER_CHAR_LEAST_MS)
    /// to [`INTER_CHAR_MOST_MS`].
    pub inter_char_ms: u64,
    /// Most bytes of a read, 1 to [`MAX_LEN_LIMIT`](super::MAX_LEN_LIMIT).
    pub max_len: usize,
}

impl Default for FrameTable {
    fn default() -> Self {
        let rules = FrameRules::default();
        Self {
            kind: FrameKind::Delimited,
            start: HexBytes::from(rules.start.into_iter().collect::<Vec<u8>>()),
            end: HexBytes::from(rules.ends),
            suffix_required: rules.suffix == Suffix::Required,
            inter_char_ms: u64::try_from(rules.inter_char.as_millis()).unwrap_or(INTER_CHAR_MOST_MS),
            max_len: rules.max_len,
        }
    }
}

/// What the text of a read is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DataTable {
    /// Whether reads begin with an AIM identifier.
    pub aim: AimWord,
    /// Whether the `*` around a Code 39 is taken off.
    pub strip_star: bool,
    /// Which bytes are text.
    pub text: TextWord,
}

impl Default for DataTable {
    fn default() -> Self {
        Self { aim: AimWord::Optional, strip_star: false, text: TextWord::Ascii }
    }
}

/// Whether reads begin with an AIM identifier, as a profile says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AimWord {
    /// Always; a read without one is refused.
    Required,
    /// Perhaps.
    Optional,
    /// Never; a bracket is text.
    None,
}

/// Which bytes are text, as a profile says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum TextWord {
    /// 0x20 to 0x7E and GS.
    #[serde(rename = "ascii")]
    Ascii,
    /// Also 0xA0 to 0xFF.
    #[serde(rename = "latin-1")]
    Latin1,
}
