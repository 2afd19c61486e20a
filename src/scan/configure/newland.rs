//! Newland's serial commands: `7E 01 "0000"`, `@` (kept) or `#` (until off), commands, `; ETX`.
//!
//! The answer is `02 01 "0000"`, the commands with the value that now holds, a status after each, `; ETX`. Sources:
//! manuals of the HR42, HR52 and HR11, *programming commands*.

use super::honeywell::{ACK, ENQ, NAK, judge};
use super::{Answer, Keep};

const ASKED: &[u8] = b"\x7E\x010000";
const ANSWERED: &[u8] = b"\x02\x010000";
const END: &[u8] = b";\x03";

/// One message of one command or several (`TAGSUBdata,SUBdata;TAGSUBdata`), in capitals.
pub(super) fn command(text: &str, keep: Keep) -> Vec<u8> {
    let memory = match keep {
        Keep::UntilOff => b'#',
        Keep::ForGood => b'@',
    };
    [ASKED, &[memory], text.to_ascii_uppercase().as_bytes(), END].concat()
}

/// The answer to one message. What stands before it, such as a read, is passed over.
pub(super) fn answer(heard: &[u8]) -> Option<Answer> {
    let start = heard.windows(ANSWERED.len()).position(|bytes| bytes == ANSWERED)?;
    let body = heard.get(start + ANSWERED.len()..)?;
    let end = body.windows(3).position(|bytes| matches!(bytes, [ACK | ENQ | NAK, b';', 0x03]))?;
    let body = body.get(..=end)?;
    // Some say the memory again, some do not.
    Some(judge(body.strip_prefix(b"@").or_else(|| body.strip_prefix(b"#")).unwrap_or(body)))
}
