use super::*;
use crate::clock::{Reading, Timestamp};
use crate::scan::frame::{Framer, Suffix};

const AT: Reading = Reading { wall: Timestamp::EPOCH, boot_us: 0 };
const BOTH: [Layout; 2] = [Layout::Uk, Layout::Us];

/// A scanner that types, with what the desk makes of it.
struct Scanner {
    typist: Typist,
    framer: Framer,
    layout: Layout,
    bytes: Vec<u8>,
}

impl Scanner {
    fn new(layout: Layout) -> Self {
        Self::with(KeyboardTable { layout, start_key: None })
    }

    fn with(table: KeyboardTable) -> Self {
        Self::with_rules(table, FrameRules::default())
    }

    fn with_rules(table: KeyboardTable, rules: FrameRules) -> Self {
        let framer = Framer::new(frame_rules(rules));
        Self { typist: Typist::new(table), framer, layout: table.layout, bytes: Vec::new() }
    }

    fn down(&mut self, key: KeyCode) {
        self.typist.key(key, Press::Down, &mut self.bytes);
    }

    fn up(&mut self, key: KeyCode) {
        self.typist.key(key, Press::Up, &mut self.bytes);
    }

    fn press(&mut self, key: KeyCode) {
        self.down(key);
        self.up(key);
    }

    fn press_with(&mut self, held: KeyCode, key: KeyCode) {
        self.down(held);
        self.press(key);
        self.up(held);
    }

    /// Types as a scanner set to `layout` does while a caps lock is as `caps` says.
    fn type_as(&mut self, layout: Layout, text: &str, caps: bool) {
        for sign in text.bytes() {
            let (key, shift) = key_of(layout, sign);
            if shift == (caps && sign.is_ascii_alphabetic()) {
                self.press(key);
            } else {
                self.press_with(KeyCode::KEY_LEFTSHIFT, key);
            }
        }
    }

    fn types(&mut self, text: &str) {
        self.type_as(self.layout, text, false);
    }

    /// What the desk has got since, as short texts.
    fn heard(&mut self) -> Vec<String> {
        let mut events = Vec::new();
        self.framer.push(&std::mem::take(&mut self.bytes), AT, &mut events);
        self.said(events)
    }

    /// The same after a silence.
    fn falls_silent(&mut self) -> Vec<String> {
        let mut said = self.heard();
        let mut events = Vec::new();
        self.framer.idle(AT, &mut events);
        said.extend(self.said(events));
        said
    }

    fn said(&self, events: Vec<FrameEvent>) -> Vec<String> {
        let explained = events.into_iter().map(|event| explained(event, self.layout));
        let text = |event| match event {
            FrameEvent::Read(frame) => frame.text,
            FrameEvent::Refused(bad) => format!("refused {}", bad.why.code()),
        };
        explained.map(text).collect()
    }

    fn enters(&mut self) -> Vec<String> {
        self.press(KeyCode::KEY_ENTER);
        self.heard()
    }
}

/// The key that types `sign`, and whether Shift is held for it.
fn key_of(layout: Layout, sign: u8) -> (KeyCode, bool) {
    let keys = || (0..=127).map(KeyCode);
    let of = |pick: fn((u8, u8)) -> u8| {
        keys().find(|key| layout::signs(layout, *key).is_some_and(|signs| pick(signs) == sign))
    };
    let plain = of(|(plain, _)| plain).map(|key| (key, false));
    plain
        .or_else(|| of(|(_, shifted)| shifted).map(|key| (key, true)))
        .unwrap_or_else(|| panic!("{sign:02X}"))
}

#[test]
fn every_sign_of_ascii_comes_through_in_both_layouts_with_and_without_caps_lock() {
    for layout in BOTH {
        for caps in [false, true] {
            for sign in b' '..=b'~' {
                // A bracket alone is a spoilt identifier wherever it comes from.
                let text = format!("x{}x", char::from(sign));
                let mut scanner = Scanner::new(layout);
                if caps {
                    scanner.press(KeyCode::KEY_CAPSLOCK);
                }
                scanner.type_as(layout, &text, caps);
                if caps {
                    scanner.press(KeyCode::KEY_CAPSLOCK);
                }
                assert_eq!(scanner.enters(), [text.as_str()], "{layout:?} caps {caps}");
            }
        }
    }
}

#[test]
fn the_layouts_differ_in_the_signs_that_the_manuals_name_and_no_other() {
    let differ: String = (b' '..=b'~')
        .filter(|sign| key_of(Layout::Uk, *sign) != key_of(Layout::Us, *sign))
        .map(char::from)
        .collect();
    assert_eq!(differ, "\"#@\\|~");
}

#[test]
fn our_own_labels_are_read_whatever_layout_is_set() {
    for (typed, set) in [(Layout::Uk, Layout::Us), (Layout::Us, Layout::Uk)] {
        let mut scanner = Scanner::new(set);
        scanner.type_as(typed, "]C0V0000123-45", false);
        assert_eq!(scanner.enters(), ["V0000123-45"]);
    }
}

#[test]
fn enter_tab_and_the_keypad_end_and_type_a_read() {
    let mut scanner = Scanner::new(Layout::Us);
    scanner.types("CN1");
    scanner.press(KeyCode::KEY_TAB);
    for key in
        [KeyCode::KEY_KP7, KeyCode::KEY_KP0, KeyCode::KEY_KPMINUS, KeyCode::KEY_KP3, KeyCode::KEY_KPENTER]
    {
        scanner.press(key);
    }
    assert_eq!(scanner.heard(), ["CN1", "70-3"]);
}

#[test]
fn a_group_separator_is_known_by_either_of_its_forms() {
    let mut scanner = Scanner::new(Layout::Uk);
    scanner.types("A");
    scanner.press_with(KeyCode::KEY_LEFTCTRL, KeyCode::KEY_RIGHTBRACE);
    scanner.types("B");
    scanner.press(KeyCode::KEY_NUMLOCK);
    scanner.down(KeyCode::KEY_LEFTALT);
    for key in [KeyCode::KEY_KP0, KeyCode::KEY_KP2, KeyCode::KEY_KP9] {
        scanner.press(key);
    }
    scanner.up(KeyCode::KEY_LEFTALT);
    scanner.types("C");
    assert_eq!(scanner.enters(), ["A\u{1D}B\u{1D}C"]);
}

#[test]
fn a_key_that_types_nothing_spoils_the_read_and_not_the_next() {
    let spoil: [fn(&mut Scanner); 6] = [
        |scanner| scanner.press(KeyCode::KEY_F5),
        |scanner| scanner.press_with(KeyCode::KEY_LEFTALT, KeyCode::KEY_F4),
        |scanner| scanner.press_with(KeyCode::KEY_RIGHTALT, KeyCode::KEY_4),
        |scanner| scanner.press_with(KeyCode::KEY_LEFTMETA, KeyCode::KEY_R),
        |scanner| scanner.press_with(KeyCode::KEY_LEFTCTRL, KeyCode::KEY_1),
        |scanner| scanner.typist.lost(&mut scanner.bytes),
    ];
    for (index, spoil) in spoil.iter().enumerate() {
        let mut scanner = Scanner::new(Layout::Us);
        scanner.types("CN1");
        spoil(&mut scanner);
        scanner.types("23");
        assert_eq!(scanner.enters(), ["refused invalid-byte"], "{index}");
        scanner.types("CN1");
        assert_eq!(scanner.enters(), ["CN1"], "{index}");
    }
}

#[test]
fn a_start_key_or_ctrl_b_clears_what_was_typed_before() {
    let start_key = FunctionKey::try_from("F9".to_owned()).unwrap();
    let mut scanner = Scanner::with(KeyboardTable { layout: Layout::Us, start_key: Some(start_key) });
    scanner.types("by hand");
    scanner.press(KeyCode::KEY_F9);
    scanner.types("CN1");
    assert_eq!(scanner.enters(), ["refused truncated", "CN1"]);
    scanner.types("by hand");
    scanner.press_with(KeyCode::KEY_LEFTCTRL, KeyCode::KEY_B);
    scanner.types("CN2");
    assert_eq!(scanner.enters(), ["refused truncated", "CN2"]);
    for text in ["F0", "F25", "9", "f9", "F", "F+1"] {
        assert!(FunctionKey::try_from(text.to_owned()).is_err(), "{text}");
    }
}

#[test]
fn without_an_end_key_a_silence_ends_a_read_only_where_the_profile_says_so() {
    for (suffix, said) in [(Suffix::Required, "refused truncated"), (Suffix::NotRequired, "CN1")] {
        let mut scanner =
            Scanner::with_rules(KeyboardTable::default(), FrameRules { suffix, ..FrameRules::default() });
        scanner.types("CN1");
        assert_eq!(scanner.heard(), [""; 0]);
        assert!(scanner.framer.quiet_wanted().is_some_and(|wait| wait >= KEY_GAP_LEAST));
        assert_eq!(scanner.falls_silent(), [said]);
    }
}

#[test]
fn a_key_left_held_or_a_caps_lock_left_on_is_forgotten_after_a_silence() {
    let mut scanner = Scanner::new(Layout::Us);
    scanner.down(KeyCode::KEY_LEFTSHIFT);
    scanner.press(KeyCode::KEY_CAPSLOCK);
    scanner.typist.quiet();
    scanner.types("cn1");
    assert_eq!(scanner.enters(), ["cn1"]);
}

/// AZERTY: the digits are the shifted signs of the top row, A and Q change places, and the hyphen is the key of the 6.
#[test]
fn a_scanner_that_types_as_in_france_is_refused_and_says_so() {
    for layout in BOTH {
        let mut scanner = Scanner::new(layout);
        scanner.types("V");
        for key in [KeyCode::KEY_1, KeyCode::KEY_2, KeyCode::KEY_3, KeyCode::KEY_4, KeyCode::KEY_5] {
            scanner.press_with(KeyCode::KEY_LEFTSHIFT, key);
        }
        scanner.press(KeyCode::KEY_6);
        scanner.press_with(KeyCode::KEY_LEFTSHIFT, KeyCode::KEY_7);
        assert_eq!(scanner.enters(), ["refused layout"], "{layout:?}");
        // With an AIM identifier, whose bracket is AltGr and the key of the hyphen there.
        scanner.press_with(KeyCode::KEY_RIGHTALT, KeyCode::KEY_MINUS);
        scanner.types("C");
        for key in [KeyCode::KEY_0, KeyCode::KEY_1, KeyCode::KEY_2, KeyCode::KEY_3] {
            scanner.press_with(KeyCode::KEY_LEFTSHIFT, key);
        }
        assert_eq!(scanner.enters(), ["refused layout"], "{layout:?}");
    }
    assert!(FrameFault::Layout.sentence().contains("UK or US keyboard"));
}

#[test]
fn a_text_with_signs_and_digits_is_no_foreign_layout() {
    for text in ["CN123!", "(01)0952(17)", "100%", "A&B", "\"12\" \"34\""] {
        let mut scanner = Scanner::new(Layout::Uk);
        scanner.types(text);
        assert_eq!(scanner.enters(), [text]);
    }
}
