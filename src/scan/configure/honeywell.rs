//! Honeywell's menu commands: `SYN M CR`, commands, and `!` or `.`.
//!
//! The scanner says each command again with the value that now holds, then ACK, ENQ or NAK, then the mark that followed
//! it: `BEPBEP0` ACK `!`. Sources: guides of the Voyager 1250g and 1450g and of the 1902, *serial programming commands*.

use super::{Answer, Keep};

const SYN: u8 = 0x16;
const CR: u8 = 0x0D;
/// Done.
pub(super) const ACK: u8 = 0x06;
/// No such tag.
pub(super) const ENQ: u8 = 0x05;
/// The tag is known, the data are not good.
pub(super) const NAK: u8 = 0x15;

/// One message of one command or several (`TAGSUBdata,SUBdata;TAGSUBdata`).
pub(super) fn command(text: &str, keep: Keep) -> Vec<u8> {
    let memory = match keep {
        Keep::UntilOff => b'!',
        Keep::ForGood => b'.',
    };
    [&[SYN, b'M', CR], text.as_bytes(), &[memory]].concat()
}

/// The answer to one message. What stands before it on its line, such as a read, is passed over.
pub(super) fn answer(heard: &[u8]) -> Option<Answer> {
    let end = heard.windows(2).position(|pair| is_status(pair) && matches!(pair, [_, b'.' | b'!']))?;
    Some(judge(heard.get(..=end).unwrap_or(heard)))
}

fn is_status(pair: &[u8]) -> bool {
    matches!(pair, [ACK | ENQ | NAK, ..])
}

/// What texts with a status after each say together: the worst counts.
pub(super) fn judge(heard: &[u8]) -> Answer {
    if heard.contains(&NAK) {
        return Answer::Refused;
    }
    if heard.contains(&ENQ) {
        return Answer::Unknown;
    }
    // The last line of it: a read that came meanwhile ends with CR or LF.
    let line = heard.rsplit(|byte| matches!(byte, b'\r' | b'\n')).next().unwrap_or(heard);
    let said = line.iter().filter(|byte| matches!(byte, b' '..=b'~'));
    Answer::Taken(said.copied().map(char::from).collect())
}
