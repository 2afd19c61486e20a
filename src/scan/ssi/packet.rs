//! One packet: its bytes, and what they say.

/// Who sends: the host.
const HOST: u8 = 0x04;
/// Who sends: the scanner.
const DECODER: u8 = 0x00;
/// Bit of the status: sent again (SE-923 guide p. 6-4).
const AGAIN: u8 = 0x01;
/// Bit of the status: more packets of this message follow (SE955 guide p. 10-16).
const MORE: u8 = 0x02;
/// Length, opcode, source, status.
const HEAD: usize = 4;
/// Bytes of the checksum.
const CHECK: usize = 2;
/// Most bytes of data: the length is one byte and counts the head.
pub const DATA_MOST: usize = 255 - HEAD;

/// Opcodes that are spoken or understood (DS9908 guide table 15).
pub mod opcode {
    /// Set parameters.
    pub const PARAM_SEND: u8 = 0xC6;
    /// It came whole.
    pub const ACK: u8 = 0xD0;
    /// It did not, or cannot be done.
    pub const NAK: u8 = 0xD1;
    /// Sound the beeper.
    pub const BEEP: u8 = 0xE6;
    /// Lamps on.
    pub const LED_ON: u8 = 0xE7;
    /// Lamps off.
    pub const LED_OFF: u8 = 0xE8;
    /// A read.
    pub const DECODE_DATA: u8 = 0xF3;
}

/// Cause of a NAK: the checksum did not fit, send it again (SE955 guide table 10-5).
pub const RESEND: u8 = 0x01;
/// Beep code of a parameter change that shall not be heard (SE955 guide p. 10-23).
const NO_BEEP: u8 = 0xFF;
/// Parameters up to this have one byte.
const PARAMETER_PLAIN_MOST: u16 = 0xEF;
/// First byte of a parameter from 256 on; the next 256 have the next byte, up to 0xF2 (enioka_scan).
const PARAMETER_PAGE: u8 = 0xF0;
/// Highest parameter that can be said.
pub const PARAMETER_MOST: u16 = 1023;

/// One packet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Packet {
    opcode: u8,
    source: u8,
    status: u8,
    data: Vec<u8>,
}

/// Bytes that are no packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// Not as long as it says, or too short to be one.
    Length,
    /// The checksum does not fit.
    Checksum,
}

impl Packet {
    /// What the host sends; nothing if there are more than [`DATA_MOST`] bytes of data.
    pub fn of_host(opcode: u8, data: &[u8]) -> Option<Self> {
        (data.len() <= DATA_MOST).then(|| Self { opcode, source: HOST, status: 0, data: data.to_vec() })
    }

    /// What a scanner sends: for tests and scanners that are not there.
    pub fn of_scanner(opcode: u8, data: &[u8]) -> Option<Self> {
        Self::of_host(opcode, data).map(|packet| Self { source: DECODER, ..packet })
    }

    /// The host's *it came whole*.
    pub fn ack() -> Self {
        Self { opcode: opcode::ACK, source: HOST, status: 0, data: Vec::new() }
    }

    /// The host's *send it again*.
    pub fn resend() -> Self {
        Self { opcode: opcode::NAK, source: HOST, status: 0, data: vec![RESEND] }
    }

    /// Sets a parameter until the scanner loses its power: the bit of a permanent change is never set, since a scanner's
    /// permanent memory wears (DS9908 guide p. 249). Nothing for a parameter that has no number in SSI.
    pub fn parameter(number: u16, value: u8) -> Option<Self> {
        let [page, low] = number.to_be_bytes();
        match number {
            0..=PARAMETER_PLAIN_MOST => Self::of_host(opcode::PARAM_SEND, &[NO_BEEP, low, value]),
            256..=PARAMETER_MOST => {
                let page = PARAMETER_PAGE.saturating_add(page - 1);
                Self::of_host(opcode::PARAM_SEND, &[NO_BEEP, page, low, value])
            }
            _ => None,
        }
    }

    /// Reads the bytes of one whole packet.
    ///
    /// # Errors
    /// When they are not one.
    pub fn decode(bytes: &[u8]) -> Result<Self, Broken> {
        let [length, opcode, source, status, data @ .., high, low] = bytes else {
            return Err(Broken::Length);
        };
        if usize::from(*length) != HEAD + data.len() {
            return Err(Broken::Length);
        }
        let body = bytes.get(..usize::from(*length)).unwrap_or_default();
        if checksum(body) != [*high, *low] {
            return Err(Broken::Checksum);
        }
        Ok(Self { opcode: *opcode, source: *source, status: *status, data: data.to_vec() })
    }

    /// Its bytes, checksum included.
    pub fn encode(&self) -> Vec<u8> {
        // Fits: the data was measured when the packet was made.
        let length = u8::try_from(HEAD + self.data.len()).unwrap_or(u8::MAX);
        let mut bytes = vec![length, self.opcode, self.source, self.status];
        bytes.extend_from_slice(&self.data);
        let check = checksum(&bytes);
        bytes.extend(check);
        bytes
    }

    /// The same, marked as sent again.
    #[must_use]
    pub fn again(mut self) -> Self {
        self.status |= AGAIN;
        self
    }

    /// The same, with more packets of its message to follow.
    #[must_use]
    pub fn with_more(mut self) -> Self {
        self.status |= MORE;
        self
    }

    /// What it asks or tells.
    pub fn opcode(&self) -> u8 {
        self.opcode
    }

    /// What belongs to the opcode.
    pub fn data(&self) -> &[u8] {
        &self.data
    }

    /// Whether a scanner sent it; what the host sent comes back from a line that echoes.
    pub fn is_of_scanner(&self) -> bool {
        self.source == DECODER
    }

    /// Whether it is sent again. Other bits of the status than this and the next differ by model and are not looked at.
    pub fn is_again(&self) -> bool {
        self.status & AGAIN != 0
    }

    /// Whether more packets of its message follow.
    pub fn has_more(&self) -> bool {
        self.status & MORE != 0
    }
}

/// How many bytes a packet has whose first byte is `length`; nothing where no packet can begin so.
pub(super) fn whole_length(length: u8) -> Option<usize> {
    let length = usize::from(length);
    (length >= HEAD).then_some(length + CHECK)
}

/// Whether these bytes, which are no packet, are a damaged or cut off read that was sent for the first time. Where the
/// data is that of the `newest` read, the damage is in the head, and its bits prove nothing.
pub(super) fn is_a_first_read(bytes: &[u8], newest: &[u8]) -> bool {
    let [_, opcode::DECODE_DATA, DECODER, status, rest @ ..] = bytes else { return false };
    let data = rest.get(..rest.len().saturating_sub(CHECK)).unwrap_or_default();
    status & AGAIN == 0 && data != newest
}

/// The packets of bytes that hold nothing else.
///
/// # Errors
/// When they hold something else.
pub fn packets(mut bytes: &[u8]) -> Result<Vec<Packet>, Broken> {
    let mut found = Vec::new();
    while let [length, ..] = bytes {
        let length = whole_length(*length).ok_or(Broken::Length)?;
        let (packet, rest) = bytes.split_at_checked(length).ok_or(Broken::Length)?;
        found.push(Packet::decode(packet)?);
        bytes = rest;
    }
    Ok(found)
}

fn checksum(bytes: &[u8]) -> [u8; CHECK] {
    let sum = bytes.iter().fold(0_u16, |sum, byte| sum.wrapping_add(u16::from(*byte)));
    sum.wrapping_neg().to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_are_those_of_the_published_examples() {
        let host = |opcode, data: &[u8]| Packet::of_host(opcode, data).unwrap().encode();
        // motorola-ssi-scanner's tests; the second is the sample of the SE955 guide, p. 10-13.
        assert_eq!(host(0x10, &[]), [0x04, 0x10, 0x04, 0x00, 0xFF, 0xE8]);
        assert_eq!(host(0x12, &[0x00]), [0x05, 0x12, 0x04, 0x00, 0x00, 0xFF, 0xE5]);
        assert_eq!(host(opcode::BEEP, &[0x01]), [0x05, 0xE6, 0x04, 0x00, 0x01, 0xFF, 0x10]);
        assert_eq!(host(opcode::LED_OFF, &[0xFF]), [0x05, 0xE8, 0x04, 0x00, 0xFF, 0xFE, 0x10]);
        assert_eq!(Packet::ack().encode(), [0x04, 0xD0, 0x04, 0x00, 0xFF, 0x28]);
    }

    #[test]
    fn a_parameter_is_changed_until_the_power_goes_and_without_a_beep() {
        let data = |number| Packet::parameter(number, 1).map(|packet| packet.data().to_vec());
        assert_eq!(data(56), Some(vec![0xFF, 56, 1]));
        assert_eq!(data(256), Some(vec![0xFF, 0xF0, 0, 1]));
        assert_eq!(data(402), Some(vec![0xFF, 0xF0, 146, 1]));
        assert_eq!(data(1023), Some(vec![0xFF, 0xF2, 255, 1]));
        assert_eq!((data(240), data(1024)), (None, None));
        assert_eq!(Packet::parameter(56, 1).unwrap().encode().get(3), Some(&0));
    }

    #[test]
    fn what_is_no_packet_is_told_apart() {
        let good = Packet::ack().encode();
        assert_eq!(Packet::decode(&good), Ok(Packet::ack()));
        assert_eq!(Packet::decode(&good[..5]), Err(Broken::Length));
        assert_eq!(Packet::decode(&[0x04, 0xD0, 0x04, 0x01, 0xFF, 0x28]), Err(Broken::Checksum));
        assert_eq!(Packet::decode(&[]), Err(Broken::Length));
        assert_eq!(packets(&[good.clone(), Packet::resend().encode()].concat()).unwrap().len(), 2);
        assert_eq!(packets(&good[..4]), Err(Broken::Length));
        assert_eq!(packets(&[3, 0, 0]), Err(Broken::Length));
    }
}
