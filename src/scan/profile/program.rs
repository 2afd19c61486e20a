//! How a family is programmed: barcodes on a sheet, commands over a two-way link, and who has seen it work.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;

use super::check;
use crate::scan::feedback::Evidence;

/// Longest text of a programming barcode: what a linear symbol on a page holds.
pub const PAYLOAD_MAX: usize = 48;
/// Longest command of one serial step: with its frame it stays under the 64 bytes that every scanner buffers.
pub const COMMAND_MAX: usize = 48;
/// Most steps of each kind: beyond it a sheet is a book, and nobody scans to its end.
pub const STEPS_MAX: usize = 24;

/// What a scanner is programmed to be: how it shows up at the computer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Interface {
    /// USB CDC: a serial port over USB.
    UsbSerial,
    /// A serial line, or an adapter from USB to one.
    Rs232,
    /// Zebra's packets on a serial port.
    Ssi,
    /// USB HID with the usage page of scanners: reports, and no keys.
    HidPos,
    /// A USB keyboard.
    Keyboard,
    /// What only the maker's own driver understands; nothing of ours talks to it.
    Vendor,
}

impl Interface {
    /// Those that Casetrack reads.
    pub const READ: [Self; 5] = [Self::UsbSerial, Self::Rs232, Self::Ssi, Self::HidPos, Self::Keyboard];

    /// The word in a profile and on the command line, e.g. `usb-serial`.
    pub const fn word(self) -> &'static str {
        match self {
            Self::UsbSerial => "usb-serial",
            Self::Rs232 => "rs232",
            Self::Ssi => "ssi",
            Self::HidPos => "hid-pos",
            Self::Keyboard => "keyboard",
            Self::Vendor => "vendor",
        }
    }

    /// What people call it.
    pub const fn says(self) -> &'static str {
        match self {
            Self::UsbSerial => "USB serial (virtual COM, CDC)",
            Self::Rs232 => "RS-232",
            Self::Ssi => "SSI on a serial port",
            Self::HidPos => "USB HID-POS",
            Self::Keyboard => "USB keyboard",
            Self::Vendor => "the maker’s own driver",
        }
    }
}

/// A word that is no interface.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no interface: one of usb-serial, rs232, ssi, hid-pos, keyboard is needed")]
pub struct NoInterface(String);

impl FromStr for Interface {
    type Err = NoInterface;

    fn from_str(word: &str) -> Result<Self, NoInterface> {
        let known = Self::READ.into_iter().find(|interface| interface.word() == word);
        known.ok_or_else(|| NoInterface(word.to_owned()))
    }
}

impl fmt::Display for Interface {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Whether a scanner is of no use without a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    /// It is of no use without.
    #[default]
    Needed,
    /// It works without, and something is better with it.
    Optional,
}

/// What carries a step of a sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Carrier {
    /// Code 128 that begins with FNC3: a scanner takes it as a setting and sends nothing.
    #[serde(rename = "code128-fnc3")]
    Code128Fnc3,
    /// Plain Code 128, where a brand knows its settings by their text.
    Code128,
    /// The maker's own booklet: what its symbol says is not known, so none is printed.
    Booklet,
}

/// One step of a sheet. The order of the file is the order of scanning.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// What is done, in few large words.
    pub title: String,
    /// What carries it.
    pub symbology: Carrier,
    /// What the symbol says, without FNC3; TOML's own escapes write a CR as `\r`. Empty for the booklet.
    #[serde(default)]
    pub payload: String,
    /// Where in the maker's booklet its symbol stands; of a booklet step only.
    #[serde(default)]
    pub page: String,
    /// The interfaces that need it; empty: all.
    #[serde(default)]
    pub interfaces: Vec<Interface>,
    /// What it sets.
    pub sets: String,
    /// What the scanner does after it.
    pub then: String,
    /// Whether it may be left out.
    #[serde(default)]
    pub need: Need,
    /// How the payload is known.
    pub evidence: Evidence,
    /// Where it was found, and what is not known.
    pub source: String,
}

/// How commands are written to a scanner over its two-way link. The frame around them is the writer's business.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Language {
    /// Honeywell menu commands: `SYN M CR`, commands, `.` or `!` (guides of the 1250g, 1450g, 1902).
    Honeywell,
    /// Newland: `7E 01 30 30 30 30`, `@` or `#`, commands, `; ETX` (manuals of the HR42, HR52, HR11).
    Newland,
    /// Zebra SSI `PARAM_SEND` and `PARAM_REQUEST` packets: a parameter's number and its value, both decimal.
    Ssi,
}

/// One setting that is sent, and read back, over a two-way link.
///
/// | language | `send` | `query` | `expect` |
/// |---|---|---|---|
/// | Honeywell | `BEPBEP0` | `BEPBEP?` | `BEPBEP0` |
/// | Newland | `AIDENA1` | `AIDENA*` | `AIDENA1` |
/// | SSI | `235=1` | `235` | `1` |
///
/// `expect` is what the answer to `query` holds once the setting is as it should be.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SerialStep {
    /// What is set, in few words.
    pub title: String,
    /// The command, without its frame.
    pub send: String,
    /// The question for the present value, without its frame.
    pub query: String,
    /// What the answer holds when it is set.
    pub expect: String,
    /// What it sets.
    pub sets: String,
    /// Whether it may be left out.
    #[serde(default)]
    pub need: Need,
    /// How the command is known.
    pub evidence: Evidence,
    /// Where it was found, and what is not known.
    pub source: String,
}

impl SerialStep {
    /// Number and value of an SSI parameter; `None` where `send` is not written so.
    pub fn ssi_parameter(&self) -> Option<(u16, u8)> {
        let (parameter, value) = self.send.split_once('=')?;
        Some((parameter.parse().ok()?, value.parse().ok()?))
    }
}

/// How a family is programmed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Program {
    /// The interfaces that a sheet can be made for, the usual one first; empty: there is no sheet.
    pub interfaces: Vec<Interface>,
    /// The maker's booklet that booklet steps are of.
    pub booklet: String,
    /// How it is spoken to; only with serial steps.
    pub language: Option<Language>,
    /// The steps of the sheet.
    pub step: Vec<Step>,
    /// The settings that are sent over the link.
    pub serial: Vec<SerialStep>,
}

impl Program {
    /// The steps of the sheet for an interface, in their order.
    pub fn steps(&self, interface: Interface) -> impl Iterator<Item = &Step> {
        self.step
            .iter()
            .filter(move |step| step.interfaces.is_empty() || step.interfaces.contains(&interface))
    }

    /// What is wrong with it.
    pub(super) fn check(&self) -> Result<(), String> {
        check(self.step.is_empty() || !self.interfaces.is_empty(), "program.interfaces: missing")?;
        check(
            self.interfaces.iter().all(|interface| Interface::READ.contains(interface)),
            "program.interfaces: Casetrack does not read \"vendor\"",
        )?;
        check(self.step.len() <= STEPS_MAX, "program.step: at most 24")?;
        check(self.serial.len() <= STEPS_MAX, "program.serial: at most 24")?;
        check(
            self.serial.is_empty() != self.language.is_some(),
            "program.language: with program.serial only",
        )?;
        self.step.iter().try_for_each(|step| {
            self.check_step(step).map_err(|what| format!("program.step \"{}\": {what}", step.title))
        })?;
        self.serial.iter().try_for_each(|step| {
            self.check_serial(step).map_err(|what| format!("program.serial \"{}\": {what}", step.title))
        })
    }

    fn check_step(&self, step: &Step) -> Result<(), String> {
        said(&[
            ("title", &step.title),
            ("sets", &step.sets),
            ("then", &step.then),
            ("source", &step.source),
        ])?;
        check(
            step.interfaces.iter().all(|interface| self.interfaces.contains(interface)),
            "interfaces: not among those of the program",
        )?;
        let is_text = match step.symbology {
            Carrier::Code128Fnc3 => step.payload.is_ascii(),
            Carrier::Code128 => step.payload.bytes().all(|byte| matches!(byte, b' '..=b'~')),
            Carrier::Booklet => {
                check(step.payload.is_empty(), "payload: a booklet step prints no symbol")?;
                check(!self.booklet.trim().is_empty(), "program.booklet: say which")?;
                return check(!step.page.trim().is_empty(), "page: say where in the booklet");
            }
        };
        check(step.page.is_empty(), "page: of booklet steps only")?;
        check(is_text, "payload: ASCII, and without FNC3 printable")?;
        check((1..=PAYLOAD_MAX).contains(&step.payload.len()), "payload: 1 to 48 characters")
    }

    fn check_serial(&self, step: &SerialStep) -> Result<(), String> {
        said(&[("title", &step.title), ("sets", &step.sets), ("source", &step.source)])?;
        let SerialStep { send, query, expect, .. } = step;
        check(
            [send, query, expect].iter().all(|text| (1..=COMMAND_MAX).contains(&text.len())),
            "send, query and expect: 1 to 48 characters",
        )?;
        let is_right = match self.language {
            Some(Language::Honeywell) => is_command(send) && is_query(query, '?') && is_command(expect),
            Some(Language::Newland) => is_command(send) && is_query(query, '*') && is_command(expect),
            Some(Language::Ssi) => step.ssi_parameter().is_some_and(|(parameter, value)| {
                *query == parameter.to_string() && *expect == value.to_string()
            }),
            None => false,
        };
        check(is_right, "send, query and expect are not written as the language wants them")
    }
}

/// Capital letters, digits, and nothing that would end or begin a command.
fn is_command(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}

fn is_query(text: &str, mark: char) -> bool {
    text.strip_suffix(mark).is_some_and(|tag| !tag.is_empty() && is_command(tag))
}

fn said(words: &[(&str, &String)]) -> Result<(), String> {
    words.iter().try_for_each(|(name, text)| check(!text.trim().is_empty(), &format!("{name}: missing")))
}

/// Who has seen the profile work on a real scanner. Empty: nobody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Confirm {
    /// What was tried, and what was seen.
    pub evidence: String,
    /// The day.
    pub date: Option<toml::value::Datetime>,
    /// Model and firmware.
    pub device: String,
}

impl Confirm {
    /// Whether it was tried on a real scanner.
    pub fn is_tried(&self) -> bool {
        !self.evidence.is_empty()
    }

    pub(super) fn check(&self) -> Result<(), String> {
        let is_day = self.date.is_none_or(|date| date.date.is_some() && date.time.is_none());
        check(is_day, "confirm.date: a day, such as 2026-05-01")?;
        let told = [!self.evidence.is_empty(), self.date.is_some(), !self.device.is_empty()];
        let is_whole = told.iter().all(|told| *told) || told.iter().all(|told| !*told);
        check(is_whole, "confirm: evidence, date and device, or none of them")
    }
}
