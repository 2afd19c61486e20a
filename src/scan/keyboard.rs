//! A scanner that plays a keyboard, through evdev, taken so that it types into nothing else.

use std::io::Read;
use std::path::Path;
use std::time::Duration;

use evdev::raw_stream::RawDevice;
use evdev::{EventType, InputEvent, KeyCode, LedCode, LedEvent, SynchronizationCode};

use super::device::{Heard, LostWhy, heard, not_opened, quiet};
use super::wedge::{KeyboardTable, Press, Typist};

/// An open keyboard.
pub(super) struct Keyboard {
    device: RawDevice,
    wait: Duration,
    typist: Typist,
    /// Typed, and not yet handed on.
    typed: Vec<u8>,
}

impl Keyboard {
    /// Opens and grabs it (`EVIOCGRAB`): its keys reach this program alone until it is closed.
    pub(super) fn open(node: &Path, table: KeyboardTable) -> Result<Self, LostWhy> {
        let mut device = RawDevice::open(node).map_err(|error| not_opened(&error))?;
        device.grab().map_err(|error| not_opened(&error))?;
        let mut keyboard =
            Self { device, wait: Duration::ZERO, typist: Typist::new(table), typed: Vec::new() };
        keyboard.keep_caps_off();
        Ok(keyboard)
    }

    /// Sets how long [`Keyboard::hear`] waits.
    pub(super) fn wait_at_most(&mut self, wait: Duration) {
        self.wait = wait;
    }

    /// Waits for keys, and gives what a serial scanner would have sent.
    pub(super) fn hear(&mut self, buffer: &mut [u8]) -> Heard {
        if self.typed.is_empty()
            && let Some(heard) = self.wait_for_keys()
        {
            return heard;
        }
        let count = self.typed.as_slice().read(buffer).unwrap_or(0);
        self.typed.drain(..count);
        // Shift alone types nothing.
        if count == 0 { Heard::Again } else { Heard::Bytes(count) }
    }

    /// `None` when keys have come.
    fn wait_for_keys(&mut self) -> Option<Heard> {
        match quiet(&self.device, self.wait) {
            Ok(false) => {}
            Ok(true) => {
                self.typist.quiet();
                return Some(Heard::Quiet);
            }
            Err(error) => return Some(heard(Err(error))),
        }
        let events: Vec<InputEvent> = match self.device.fetch_events() {
            Ok(events) => events.collect(),
            Err(error) => return Some(heard(Err(error))),
        };
        for event in events {
            self.take(event);
        }
        None
    }

    fn take(&mut self, event: InputEvent) {
        match event.event_type() {
            EventType::KEY => self.take_key(KeyCode(event.code()), event.value()),
            EventType::SYNCHRONIZATION if event.code() == SynchronizationCode::SYN_DROPPED.0 => {
                self.typist.lost(&mut self.typed);
            }
            EventType::LED if event.code() == LedCode::LED_CAPSL.0 && event.value() != 0 => {
                self.keep_caps_off();
            }
            _ => {}
        }
    }

    /// 0 is let go, 1 pressed; 2 is a repetition by the kernel, which no scanner means.
    fn take_key(&mut self, key: KeyCode, value: i32) {
        let press = match value {
            0 => Press::Up,
            1 => Press::Down,
            _ => return,
        };
        self.typist.key(key, press, &mut self.typed);
    }

    /// The desktop lights the lamp of every keyboard when a clerk locks the capitals on one, and some scanners then
    /// type small letters for capitals: the scanner is told that the lock is off.
    fn keep_caps_off(&mut self) {
        let off = *LedEvent::new(LedCode::LED_CAPSL, 0);
        // A scanner without the lamp does not know of the lock either.
        let _ = self.device.send_events(&[off]);
    }
}
