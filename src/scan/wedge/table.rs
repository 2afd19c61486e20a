//! What a profile says of a scanner that plays a keyboard.

use evdev::KeyCode;
use serde::Deserialize;

use super::Layout;

/// The keyboard that the scanner plays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct KeyboardTable {
    /// The layout the scanner is set to.
    pub layout: Layout,
    /// The key that stands before a read, if the scanner is set to press one; it does what STX does elsewhere.
    pub start_key: Option<FunctionKey>,
}

/// A function key, `F1` to `F24`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct FunctionKey(KeyCode);

impl FunctionKey {
    /// The key.
    pub fn key(self) -> KeyCode {
        self.0
    }
}

impl TryFrom<String> for FunctionKey {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let digits =
            text.strip_prefix('F').filter(|digits| digits.starts_with(|first: char| first.is_ascii_digit()));
        let number = digits.and_then(|digits| digits.parse::<u16>().ok());
        let key = match number {
            Some(number @ 1..=10) => KeyCode(KeyCode::KEY_F1.code() + number - 1),
            Some(11) => KeyCode::KEY_F11,
            Some(12) => KeyCode::KEY_F12,
            Some(number @ 13..=24) => KeyCode(KeyCode::KEY_F13.code() + number - 13),
            Some(_) | None => return Err(format!("\"{text}\" is no function key: write F1 to F24")),
        };
        Ok(Self(key))
    }
}
