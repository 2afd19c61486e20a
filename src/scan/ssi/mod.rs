//! Zebra's Simple Serial Interface: packets with a length and a checksum, each acknowledged. Pure: no device, no clock.
//!
//! ```text
//! LEN OPCODE SOURCE STATUS DATA… CK CK      LEN counts all but the checksum; CK is the two's complement of their sum
//! scanner ─ DECODE_DATA → Hearer → ACK at once (never after the disk: the good beep does that) and a frame
//! desk ─ feedback → Talker → BEEP, LED_ON … one at a time, each until its ACK
//! ```
//!
//! What is lost or damaged on the way is sent again by whoever sent it, with a bit that says so. There is no number in
//! a packet: that a packet marked *again* was read before is seen by its content alone. The one thing that cannot be
//! told apart is the same label scanned twice running, the second time lost on the way (or damaged in its head) and sent
//! again: it counts as the first one sent again, so that nothing is doubled; the clerk hears no second beep.
//!
//! Sources: Symbol SE-923 integration guide 70-37052-01 (chapter 6), SE955 72E-72322 (chapter 10), Zebra DS4308,
//! DS8178 and DS9908 product reference guides (chapter SSI), motorola-ssi-scanner and enioka_scan (published code).

mod hear;
mod kind;
mod packet;
mod talk;

#[cfg(test)]
mod tests;

use serde::Deserialize;

pub use hear::Hearer;
pub use packet::{Broken, DATA_MOST, Packet, opcode, packets};
pub use talk::{ANSWER_MOST, Done, For, TRIES, Talker};

/// How a scanner's SSI differs from the usual.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SsiTable {
    /// Bytes between the symbology and the text of a read: 0 by cable, 3 seen by Bluetooth (enioka_scan).
    pub extra_bytes: usize,
    /// Whether packets are acknowledged, as they are unless the scanner is set otherwise.
    pub handshake: bool,
    /// Whether a NUL goes before a command after a second of silence: for scanners that sleep, where RTS and CTS are not
    /// joined (SE-923 guide p. 6-34).
    pub wakeup: bool,
}

impl Default for SsiTable {
    fn default() -> Self {
        Self { extra_bytes: 0, handshake: true, wakeup: false }
    }
}
