//! Which sign stands on which key.

use evdev::KeyCode;
use serde::Deserialize;

/// The keyboard that a scanner plays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layout {
    /// British.
    Uk,
    /// American, which is how scanners mostly leave the factory. It differs in `@ " # £ \ | ~` alone.
    #[default]
    Us,
}

/// Pound and not signs, in Latin-1.
const POUND: u8 = 0xA3;
const NOT: u8 = 0xAC;

/// What a key types, and what it types with Shift; Latin-1.
pub(super) fn signs(layout: Layout, key: KeyCode) -> Option<(u8, u8)> {
    let national = match layout {
        Layout::Uk => match key {
            KeyCode::KEY_2 => Some((b'2', b'"')),
            KeyCode::KEY_3 => Some((b'3', POUND)),
            KeyCode::KEY_GRAVE => Some((b'`', NOT)),
            KeyCode::KEY_APOSTROPHE => Some((b'\'', b'@')),
            KeyCode::KEY_BACKSLASH => Some((b'#', b'~')),
            _ => None,
        },
        Layout::Us => match key {
            KeyCode::KEY_2 => Some((b'2', b'@')),
            KeyCode::KEY_3 => Some((b'3', b'#')),
            KeyCode::KEY_GRAVE => Some((b'`', b'~')),
            KeyCode::KEY_APOSTROPHE => Some((b'\'', b'"')),
            KeyCode::KEY_BACKSLASH => Some((b'\\', b'|')),
            _ => None,
        },
    };
    national.or_else(|| common(key)).or_else(|| keypad(key).map(|sign| (sign, sign)))
}

/// The signs over the digits: what a layout that types digits with Shift looks like here.
pub(super) fn shifted_digits(layout: Layout) -> [u8; 10] {
    match layout {
        Layout::Uk => [b'!', b'"', POUND, b'$', b'%', b'^', b'&', b'*', b'(', b')'],
        Layout::Us => *b"!@#$%^&*()",
    }
}

/// The digit of a key of the keypad.
pub(super) fn keypad_digit(key: KeyCode) -> Option<u8> {
    keypad(key).filter(u8::is_ascii_digit).map(|digit| digit - b'0')
}

fn common(key: KeyCode) -> Option<(u8, u8)> {
    let letter = letter(key).map(|letter| (letter, letter.to_ascii_uppercase()));
    letter.or_else(|| {
        Some(match key {
            KeyCode::KEY_1 => (b'1', b'!'),
            KeyCode::KEY_4 => (b'4', b'$'),
            KeyCode::KEY_5 => (b'5', b'%'),
            KeyCode::KEY_6 => (b'6', b'^'),
            KeyCode::KEY_7 => (b'7', b'&'),
            KeyCode::KEY_8 => (b'8', b'*'),
            KeyCode::KEY_9 => (b'9', b'('),
            KeyCode::KEY_0 => (b'0', b')'),
            KeyCode::KEY_MINUS => (b'-', b'_'),
            KeyCode::KEY_EQUAL => (b'=', b'+'),
            KeyCode::KEY_LEFTBRACE => (b'[', b'{'),
            KeyCode::KEY_RIGHTBRACE => (b']', b'}'),
            KeyCode::KEY_SEMICOLON => (b';', b':'),
            KeyCode::KEY_102ND => (b'\\', b'|'),
            KeyCode::KEY_COMMA => (b',', b'<'),
            KeyCode::KEY_DOT => (b'.', b'>'),
            KeyCode::KEY_SLASH => (b'/', b'?'),
            KeyCode::KEY_SPACE => (b' ', b' '),
            _ => return None,
        })
    })
}

fn letter(key: KeyCode) -> Option<u8> {
    let rows: [(KeyCode, &[u8]); 3] =
        [(KeyCode::KEY_Q, b"qwertyuiop"), (KeyCode::KEY_A, b"asdfghjkl"), (KeyCode::KEY_Z, b"zxcvbnm")];
    rows.into_iter().find_map(|(first, letters)| {
        let place = key.code().checked_sub(first.code())?;
        letters.get(usize::from(place)).copied()
    })
}

fn keypad(key: KeyCode) -> Option<u8> {
    Some(match key {
        KeyCode::KEY_KP0 => b'0',
        KeyCode::KEY_KP1 => b'1',
        KeyCode::KEY_KP2 => b'2',
        KeyCode::KEY_KP3 => b'3',
        KeyCode::KEY_KP4 => b'4',
        KeyCode::KEY_KP5 => b'5',
        KeyCode::KEY_KP6 => b'6',
        KeyCode::KEY_KP7 => b'7',
        KeyCode::KEY_KP8 => b'8',
        KeyCode::KEY_KP9 => b'9',
        KeyCode::KEY_KPDOT => b'.',
        KeyCode::KEY_KPMINUS => b'-',
        KeyCode::KEY_KPPLUS => b'+',
        KeyCode::KEY_KPASTERISK => b'*',
        KeyCode::KEY_KPSLASH => b'/',
        _ => return None,
    })
}
