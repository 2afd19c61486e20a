//! From bytes to text, a row at a time.

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;
use serde::Deserialize;

/// How a file's letters are written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// A row that is UTF-8 is read as that, any other as Windows-1252: exports are pasted together.
    #[default]
    Auto,
    /// UTF-8; a row that is not is rejected.
    #[serde(rename = "utf-8")]
    Utf8,
    /// Windows-1252, as a PAS of its time writes.
    #[serde(rename = "windows-1252")]
    Windows1252,
}

/// The text of a row; `None` if it is none.
pub(super) fn decode(bytes: &[u8], encoding: Encoding) -> Option<Cow<'_, str>> {
    let old = || WINDOWS_1252.decode_without_bom_handling(bytes).0;
    match (encoding, str::from_utf8(bytes)) {
        (Encoding::Auto | Encoding::Utf8, Ok(text)) => Some(Cow::Borrowed(text)),
        (Encoding::Auto, Err(_)) | (Encoding::Windows1252, _) => Some(old()),
        (Encoding::Utf8, Err(_)) => None,
    }
}
