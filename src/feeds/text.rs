//! From bytes to text: UTF-8 with or without its mark, else Windows-1252.

use encoding_rs::WINDOWS_1252;

use super::{FileProblem, MAX_FILE_BYTES};

/// The text, lines ended by `\n` alone, the last one too.
pub(super) fn decode(bytes: Vec<u8>) -> Result<String, FileProblem> {
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > MAX_FILE_BYTES {
        return Err(FileProblem::TooLarge);
    }
    // Neither a workbook nor a UTF-16 file is without NULs; no CSV file has one.
    if bytes.contains(&0) || bytes.starts_with(b"\xFF\xFE") || bytes.starts_with(b"\xFE\xFF") {
        return Err(FileProblem::NoText);
    }
    let mut text = match String::from_utf8(bytes) {
        Ok(text) => text,
        Err(not_utf8) => {
            let bytes = not_utf8.as_bytes();
            let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
            WINDOWS_1252.decode_without_bom_handling(bytes).0.into_owned()
        }
    };
    if text.starts_with('\u{FEFF}') {
        text.remove(0);
    }
    if text.contains('\r') {
        text = text.replace("\r\n", "\n").replace('\r', "\n");
    }
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    Ok(text)
}
