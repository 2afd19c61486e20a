//! Keys of a scanner that plays a keyboard → bytes for the framer. Pure.
//!
//! What comes out is what a serial scanner would have sent: text, and CR for Enter, TAB for Tab. Keys are taken by their
//! place, so that neither the layout nor the caps lock of the host plays a part; the layout is the scanner's own.
//! A key that types nothing here spoils the read: nothing is left out in silence.
//!
//! Numbers and names of keys: `linux/input-event-codes.h`. Layouts: British and American, as Windows and Linux have them.

mod layout;
mod table;
#[cfg(test)]
mod tests;

use std::time::Duration;

use evdev::KeyCode;

pub use self::layout::Layout;
pub use self::table::{FunctionKey, KeyboardTable};
use crate::scan::fault::{BadFrame, FrameFault, RAW_KEPT_BYTES};
use crate::scan::frame::{FrameEvent, FrameRules, Settle};

const SHIFT: [KeyCode; 2] = [KeyCode::KEY_LEFTSHIFT, KeyCode::KEY_RIGHTSHIFT];
const CTRL: [KeyCode; 2] = [KeyCode::KEY_LEFTCTRL, KeyCode::KEY_RIGHTCTRL];
const ALT: [KeyCode; 1] = [KeyCode::KEY_LEFTALT];
/// With one of these held no key types a sign of a label.
const OTHER: [KeyCode; 3] = [KeyCode::KEY_RIGHTALT, KeyCode::KEY_LEFTMETA, KeyCode::KEY_RIGHTMETA];

/// Stands for what cannot be right; no charset holds it.
const SPOILT: u8 = 0x80;
const STX: u8 = 0x02;
const TAB: u8 = 0x09;
const CR: u8 = 0x0D;

/// Least silence between keys that means that the end will not come: one sign takes up to four reports, which a slow
/// keyboard sends 10 ms apart, and scanners can be set to wait between signs.
const KEY_GAP_LEAST: Duration = Duration::from_millis(200);
/// Least number of signs of the shifted digit row by which a foreign layout is known: our labels have more digits, and
/// three such signs without digits name no folder anywhere.
const SHIFTED_LEAST: usize = 3;

/// What happened to a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Press {
    /// Pressed.
    Down,
    /// Let go.
    Up,
}

/// The rules of a framer behind a [`Typist`]: a Tab ends a read too, and nothing came before the opening.
pub fn frame_rules(mut rules: FrameRules) -> FrameRules {
    rules.ends.push(TAB);
    FrameRules { settle: Settle::Skip, inter_char: rules.inter_char.max(KEY_GAP_LEAST), ..rules }
}

/// The state of one keyboard.
#[derive(Debug)]
pub struct Typist {
    table: KeyboardTable,
    /// Keys held that change others.
    held: Vec<KeyCode>,
    /// The scanner's own caps lock; that of the host is kept off.
    caps: bool,
    /// Digits typed on the keypad while Alt is held.
    code: Option<u16>,
}

impl Typist {
    /// A keyboard of which no key is held.
    pub fn new(table: KeyboardTable) -> Self {
        Self { table, held: Vec::new(), caps: false, code: None }
    }

    /// Takes one key, and appends what a serial scanner would have sent.
    pub fn key(&mut self, key: KeyCode, press: Press, out: &mut Vec<u8>) {
        let changes_others =
            SHIFT.contains(&key) || CTRL.contains(&key) || ALT.contains(&key) || OTHER.contains(&key);
        match press {
            Press::Down if changes_others && self.held.contains(&key) => {}
            Press::Down if changes_others => self.held.push(key),
            Press::Down => self.typed(key, out),
            Press::Up => {
                self.held.retain(|held| *held != key);
                if !self.holds(&ALT) {
                    // Alt and a number of the keypad is the sign of that number; beyond ASCII it depends on the host.
                    let code = self.code.take().map(|code| u8::try_from(code).unwrap_or(SPOILT));
                    out.extend(code.map(|code| if matches!(code, 1..=0x7E) { code } else { SPOILT }));
                }
            }
        }
    }

    /// Keys were lost on their way: what is open is spoilt.
    pub fn lost(&mut self, out: &mut Vec<u8>) {
        self.quiet();
        out.push(SPOILT);
    }

    /// No key has come for as long as the framer waits: no scanner holds a key for so long.
    pub fn quiet(&mut self) {
        self.held.clear();
        self.caps = false;
        self.code = None;
    }

    fn typed(&mut self, key: KeyCode, out: &mut Vec<u8>) {
        match key {
            KeyCode::KEY_CAPSLOCK => self.caps = !self.caps,
            KeyCode::KEY_NUMLOCK | KeyCode::KEY_SCROLLLOCK => {}
            _ if self.table.start_key.is_some_and(|start| start.key() == key) => out.push(STX),
            _ if self.holds(&OTHER) => out.push(SPOILT),
            _ if self.holds(&ALT) => match layout::keypad_digit(key) {
                Some(digit) => {
                    let code = self.code.unwrap_or(0);
                    self.code = Some(code.saturating_mul(10).saturating_add(digit.into()));
                }
                None => out.push(SPOILT),
            },
            _ => out.push(self.sign(key).unwrap_or(SPOILT)),
        }
    }

    fn sign(&self, key: KeyCode) -> Option<u8> {
        match key {
            KeyCode::KEY_ENTER | KeyCode::KEY_KPENTER => return Some(CR),
            KeyCode::KEY_TAB => return Some(TAB),
            _ => {}
        }
        let (plain, shifted) = layout::signs(self.table.layout, key)?;
        if self.holds(&CTRL) {
            // Ctrl and a letter or one of @ [ \ ] ^ _ is a control character: Ctrl and ] is GS.
            return matches!(plain.to_ascii_uppercase(), b'@'..=b'_')
                .then(|| plain.to_ascii_uppercase() & 0x1F);
        }
        let shift = self.holds(&SHIFT) != (self.caps && plain.is_ascii_lowercase());
        Some(if shift { shifted } else { plain })
    }

    fn holds(&self, keys: &[KeyCode]) -> bool {
        self.held.iter().any(|held| keys.contains(held))
    }
}

/// A read whose digits came as the signs above them is of a scanner that types for another country, as in France,
/// where digits are typed with Shift: it is refused, and says so.
pub fn explained(event: FrameEvent, layout: Layout) -> FrameEvent {
    match event {
        FrameEvent::Read(frame) => {
            let mut raw: Vec<u8> = frame.text.chars().filter_map(|sign| u8::try_from(sign).ok()).collect();
            if !has_shifted_digits(&raw, layout) {
                return FrameEvent::Read(frame);
            }
            raw.truncate(RAW_KEPT_BYTES);
            FrameEvent::Refused(BadFrame { why: FrameFault::Layout, raw, at: frame.at })
        }
        FrameEvent::Refused(bad) => {
            let unreadable = matches!(bad.why, FrameFault::InvalidByte | FrameFault::Identifier);
            let why =
                if unreadable && has_shifted_digits(&bad.raw, layout) { FrameFault::Layout } else { bad.why };
            FrameEvent::Refused(BadFrame { why, ..bad })
        }
    }
}

/// In French a hyphen is typed by the key of the 6, so that a few digits may stand between.
fn has_shifted_digits(raw: &[u8], layout: Layout) -> bool {
    let count = |set: &[u8]| raw.iter().filter(|byte| set.contains(byte)).count();
    let (shifted, digits) = (count(&layout::shifted_digits(layout)), count(b"0123456789"));
    shifted >= SHIFTED_LEAST && shifted > 2 * digits
}
