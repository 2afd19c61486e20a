//! Zebra's parameters over SSI: `PARAM_SEND` sets one, `PARAM_REQUEST` asks for one, and the scanner answers with
//! `PARAM_SEND`. Sources: SE955 guide (chapter 10), DS9908 guide table 15, enioka_scan.

use super::Answer;
use crate::scan::ssi::{Packet, opcode};

/// Asks for the value of parameters (DS9908 guide table 15).
const PARAM_REQUEST: u8 = 0xC7;
/// First byte of a parameter from 256 on, which the next byte goes on with; the last one is 0xF2 (enioka_scan).
const PAGES: std::ops::RangeInclusive<u8> = 0xF0..=0xF2;
/// Length and checksum of a packet, beside what its length counts.
const CHECKSUM: usize = 2;

/// Sets a parameter until the scanner loses its power.
pub(super) fn command(number: u16, value: u8) -> Option<Vec<u8>> {
    Packet::parameter(number, value).map(|packet| packet.encode())
}

/// Asks for a parameter, named as a command that sets it names it: between the beep code and the value.
pub(super) fn question(number: u16) -> Option<Vec<u8>> {
    let set = Packet::parameter(number, 0)?;
    let [_beep, name @ .., _value] = set.data() else { return None };
    Packet::of_host(PARAM_REQUEST, name).map(|packet| packet.encode())
}

/// What is owed to a scanner for an answer with a value: without it the scanner says it again.
pub(super) fn receipt() -> Vec<u8> {
    Packet::ack().encode()
}

/// The answer in what was heard; packets of other meaning, such as a read, are passed over and stay unacknowledged, so
/// that the scanner tells the clerk that it was not taken.
pub(super) fn answer(heard: &[u8]) -> Option<Answer> {
    let mut rest = heard;
    while let [length, ..] = rest {
        let whole = usize::from(*length) + CHECKSUM;
        let packet = Packet::decode(rest.get(..whole)?).ok();
        let said = packet.filter(Packet::is_of_scanner).and_then(|packet| said(&packet));
        if said.is_some() {
            return said;
        }
        rest = rest.get(whole..).unwrap_or_default();
    }
    None
}

fn said(packet: &Packet) -> Option<Answer> {
    match packet.opcode() {
        opcode::ACK => Some(Answer::Taken(String::new())),
        opcode::NAK => Some(Answer::Refused),
        opcode::PARAM_SEND => Some(match packet.data() {
            [_beep, page, low, value] if PAGES.contains(page) => {
                let page = u16::from(page - PAGES.start()) + 1;
                Answer::Taken(format!("{}={value}", page * 256 + u16::from(*low)))
            }
            [_beep, number, value] => Answer::Taken(format!("{number}={value}")),
            _ => Answer::Unknown,
        }),
        _ => None,
    }
}
