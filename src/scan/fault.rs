//! Why a frame was refused, in the clerk's words.

use std::fmt;

use crate::clock::Reading;

/// Bytes of a refused frame that are kept: enough to see what it was; the rest is cut off.
pub const RAW_KEPT_BYTES: usize = 256;

/// Why a frame was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FrameFault {
    /// The end did not come: the device fell silent, a new frame began, or it was unplugged.
    Truncated,
    /// More bytes than the profile allows.
    TooLong,
    /// A byte that no label of ours or theirs holds: a wrong line setting, or noise.
    InvalidByte,
    /// Two reads ran together.
    Joined,
    /// A programming code of some scanner, or a modem command, arrived as data.
    Programming,
    /// The AIM identifier is missing where the profile asks for it, or spoilt.
    Identifier,
    /// Length or checksum do not fit, and it was not sent again.
    Damaged,
    /// The scanner plays the keyboard of another country.
    Layout,
}

impl FrameFault {
    /// Every fault, in the order of the documentation.
    pub const ALL: [Self; 8] = [
        Self::Truncated,
        Self::TooLong,
        Self::InvalidByte,
        Self::Joined,
        Self::Programming,
        Self::Identifier,
        Self::Damaged,
        Self::Layout,
    ];

    /// The stable name kept in rows and logs; it never changes.
    pub fn code(self) -> &'static str {
        match self {
            Self::Truncated => "truncated",
            Self::TooLong => "too-long",
            Self::InvalidByte => "invalid-byte",
            Self::Joined => "joined",
            Self::Programming => "programming",
            Self::Identifier => "identifier",
            Self::Damaged => "damaged",
            Self::Layout => "layout",
        }
    }

    /// What happened and what to do, for the clerk.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Truncated => "Half a barcode arrived. Scan it again.",
            Self::TooLong => "Far too much arrived for a barcode. Scan it again.",
            Self::InvalidByte => {
                "The scanner sent signs that no label holds. Scan it again; if it stays so, tell IT to check the \
                 scanner's line settings."
            }
            Self::Joined => "Two barcodes arrived as one. Scan them again, one after the other.",
            Self::Programming => {
                "That is a scanner's set-up code, not a label. Scan the label on the folder; if the scanner behaves \
                 strangely now, tell IT."
            }
            Self::Identifier => {
                "The scanner did not say what kind of barcode it read. Scan it again; if it stays so, tell IT."
            }
            Self::Damaged => {
                "What the scanner sent was damaged on the way. Scan it again; if it stays so, tell IT to check the cable."
            }
            Self::Layout => {
                "The scanner types as a keyboard of another country. Use another scanner, and tell IT to set this one \
                 to a UK or US keyboard."
            }
        }
    }
}

impl fmt::Display for FrameFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sentence())
    }
}

/// A frame that is not delivered as a read, with what there was of it.
#[derive(Clone, PartialEq, Eq)]
pub struct BadFrame {
    /// Why.
    pub why: FrameFault,
    /// Its first bytes, at most [`RAW_KEPT_BYTES`]; may hold patient data.
    pub raw: Vec<u8>,
    /// When it was given up: its last byte, or the end of the wait for one.
    pub at: Reading,
}

/// Tells the length only: the bytes may name a patient.
impl fmt::Debug for BadFrame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BadFrame")
            .field("why", &self.why)
            .field("raw_bytes", &self.raw.len())
            .field("at", &self.at)
            .finish()
    }
}
