//! A profile: what a family of scanners sends and understands. One TOML file each under `firmware-config/profiles`.

mod like;
mod program;
mod speech;
mod tables;
mod usb_ids;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::Duration;

use serde::Deserialize;

pub use self::program::{
    COMMAND_MAX, Carrier, Confirm, Interface, Language, Need, NoInterface, PAYLOAD_MAX, Program, STEPS_MAX,
    SerialStep, Step,
};
pub use self::speech::{ATTACH_MAX, AttachStep, FrameKind};
pub use self::tables::{AimWord, DataTable, Flow, FrameTable, Line, Link, Parity, TextWord};
pub use self::usb_ids::{Bridge, Fit, KnownUsb, MatchTable, SharedSerial, UsbId, UsbIds, known_usb, usb_ids};
use crate::scan::feedback::{FEEDBACK_MAX_BYTES, Feedback, FeedbackEntry, FeedbackTable};
use crate::scan::frame::{AimRule, Charset, FrameRules, Settle, Star, Suffix};
use crate::scan::ssi::SsiTable;
use crate::scan::usb;
use crate::scan::wedge::KeyboardTable;

/// Longest frame a profile may ask for: a QR code holds less, and a port keeps this much memory.
pub const MAX_LEN_LIMIT: usize = 4096;
/// Shortest silence a profile may ask for: below it the scheduler of a busy machine would break whole reads.
pub const INTER_CHAR_LEAST_MS: u64 = 10;
/// Longest silence a profile may ask for: beyond it two quick scans would run together.
pub const INTER_CHAR_MOST_MS: u64 = 1000;
/// Largest profile file read; ours have under 4 KiB.
const FILE_MOST_BYTES: u64 = 64 * 1024;

/// Reads each file of `firmware-config/profiles` into the program; a test holds that none is missing.
macro_rules! files {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!(concat!("../../firmware-config/profiles/", $name, ".toml")))),+]
    };
}

/// The profiles inside the program. A family stands before its models: where no more is known of a device than its USB
/// id, the first that matches is the one to take.
const BUILT_IN: &[(&str, &str)] = files![
    "generic-serial",
    "zebra-cdc",
    "zebra-ds2208",
    "zebra-li2208",
    "zebra-ds4608",
    "zebra-ssi",
    "honeywell-voyager-serial",
    "honeywell-voyager-1200g",
    "honeywell-voyager-1250g",
    "honeywell-voyager-1450g",
    "honeywell-voyager-1470g",
    "honeywell-voyager-hid",
    "honeywell-host-ack",
    "datalogic-gryphon-serial",
    "datalogic-gryphon",
    "datalogic-quickscan-qd2400",
    "newland-serial",
    "newland-hr22",
    "newland-hr32",
    "newland-hr42",
    "netum",
    "generic-hid",
    "generic-wedge",
];

static PARSED: LazyLock<Vec<Profile>> =
    LazyLock::new(|| BUILT_IN.iter().filter_map(|(name, text)| Profile::parse(text, name).ok()).collect());

/// What a family of scanners sends and understands.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// The name in the config and of the file: small letters, digits, hyphens.
    pub name: String,
    /// The name for people.
    pub title: String,
    /// The built-in profile whose tables it takes over, but for what it says itself.
    #[serde(default)]
    pub like: Option<String>,
    /// The USB devices it is for.
    #[serde(default, rename = "match")]
    pub matches: MatchTable,
    /// The way it talks.
    #[serde(default)]
    pub link: Link,
    /// The serial line.
    #[serde(default)]
    pub line: Line,
    /// How its SSI differs from the usual.
    #[serde(default)]
    pub ssi: SsiTable,
    /// The keyboard it plays, with `link = "wedge"`.
    #[serde(default)]
    pub keyboard: KeyboardTable,
    /// How a read begins and ends.
    #[serde(default)]
    pub frame: FrameTable,
    /// What the text of a read is.
    #[serde(default)]
    pub data: DataTable,
    /// What is sent to the device when it is attached, in this order.
    #[serde(default)]
    pub attach: Vec<AttachStep>,
    /// What may be sent to the device.
    #[serde(default)]
    pub feedback: FeedbackTable,
    /// How it is programmed.
    #[serde(default)]
    pub program: Program,
    /// Who has seen it work on a real scanner.
    #[serde(default)]
    pub confirm: Confirm,
}

/// Why there is no such profile.
#[derive(Debug, thiserror::Error)]
pub enum ProfileError {
    /// The name is not one.
    #[error("\"{0}\" is no profile name: small letters, digits and hyphens, at most 40")]
    BadName(String),
    /// No file has this name.
    #[error("there is no profile \"{name}\"; built in are {known}{more}")]
    Unknown {
        /// The name asked for.
        name: String,
        /// The built-in ones.
        known: String,
        /// Where else was looked.
        more: String,
    },
    /// The file cannot be read.
    #[error("cannot read the profile {}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is not a profile.
    #[error("the profile {origin} is not written right")]
    Malformed {
        /// The file, or the built-in name.
        origin: String,
        /// Where and why.
        source: Box<toml::de::Error>,
    },
    /// A value cannot be.
    #[error("the profile {origin}: {what}")]
    Invalid {
        /// The file, or the built-in name.
        origin: String,
        /// Which value, and what it may be.
        what: String,
    },
}

impl Profile {
    /// The profiles inside the program, `generic-serial` first.
    pub fn built_in() -> &'static [Self] {
        &PARSED
    }

    /// The built-in profiles of a USB device: those that name the product, then those that take any of its vendor; of
    /// each, the family before its models.
    pub fn matching(vid: u16, pid: u16) -> Vec<&'static Self> {
        let fits =
            Self::built_in().iter().filter_map(|profile| Some((profile.matches.fit(vid, pid)?, profile)));
        let mut fits: Vec<_> = fits.collect();
        fits.sort_by_key(|(fit, _)| *fit);
        fits.into_iter().map(|(_, profile)| profile).collect()
    }

    /// The first of them for the way in which the device is opened.
    pub fn of_device(vid: u16, pid: u16, link: usb::Link) -> Option<&'static Self> {
        Self::matching(vid, pid).into_iter().find(|profile| profile.link.over_usb() == link)
    }

    /// The profile of this name: `NAME.toml` in `extra_dir` if it is there, else the built-in one.
    pub fn named(name: &str, extra_dir: Option<&Path>) -> Result<Self, ProfileError> {
        if !is_name(name) {
            return Err(ProfileError::BadName(name.to_owned()));
        }
        if let Some(path) = extra_dir.map(|dir| dir.join(format!("{name}.toml"))).filter(|path| path.exists())
        {
            let profile = Self::parse(&read_file(&path)?, &path.display().to_string())?;
            return check(profile.name == name, "the name is not that of the file")
                .map(|()| profile)
                .map_err(|what| ProfileError::Invalid { origin: path.display().to_string(), what });
        }
        let Some((name, text)) = BUILT_IN.iter().find(|(known, _)| *known == name) else {
            return Err(ProfileError::Unknown {
                name: name.to_owned(),
                known: BUILT_IN.iter().map(|(known, _)| *known).collect::<Vec<_>>().join(", "),
                more: extra_dir.map_or(String::new(), |dir| format!("; none in {} either", dir.display())),
            });
        };
        Self::parse(text, name)
    }

    /// Reads a profile; `origin` is named in errors.
    pub fn parse(text: &str, origin: &str) -> Result<Self, ProfileError> {
        let profile = read(text).map_err(|source| ProfileError::Malformed {
            origin: origin.to_owned(),
            source: Box::new(source),
        })?;
        profile.check().map_err(|what| ProfileError::Invalid { origin: origin.to_owned(), what })?;
        Ok(profile)
    }

    /// The rules of its frames, for a device that may hold bytes from before its opening.
    pub fn frame_rules(&self) -> FrameRules {
        FrameRules {
            ends: self.frame.end.as_slice().to_vec(),
            start: self.frame.start.as_slice().first().copied(),
            suffix: if self.frame.suffix_required { Suffix::Required } else { Suffix::NotRequired },
            inter_char: Duration::from_millis(self.frame.inter_char_ms),
            max_len: self.frame.max_len,
            settle: Settle::Drop,
            charset: match self.data.text {
                TextWord::Ascii => Charset::Ascii,
                TextWord::Latin1 => Charset::Latin1,
            },
            aim: match self.data.aim {
                AimWord::Required => AimRule::Required,
                AimWord::Optional => AimRule::Optional,
                AimWord::None => AimRule::Absent,
            },
            star: if self.data.strip_star { Star::Strip } else { Star::Keep },
        }
    }

    fn check(&self) -> Result<(), String> {
        check(is_name(&self.name), "name: small letters, digits and hyphens, at most 40")?;
        check(!self.title.trim().is_empty(), "title: missing")?;
        check((1200..=921_600).contains(&self.line.baud), "line.baud: 1200 to 921600")?;
        check(matches!(self.line.data, 7 | 8), "line.data: 7 or 8")?;
        check(
            self.link == Link::Wedge || self.keyboard == KeyboardTable::default(),
            "keyboard: with link = \"wedge\" only",
        )?;
        check(matches!(self.line.stop, 1 | 2), "line.stop: 1 or 2")?;
        self.check_frame()?;
        self.check_speech()?;
        self.matches.check()?;
        self.program.check()?;
        self.confirm.check()?;
        let release = self.feedback.release.as_ref().map(|entry| ("release", entry));
        let entries = Feedback::ALL.into_iter().filter_map(|it| Some((it.name(), self.feedback.entry(it)?)));
        entries.chain(release).try_for_each(|(name, entry)| self.check_feedback(name, entry))
    }

    fn check_frame(&self) -> Result<(), String> {
        let FrameTable { kind: _, start, end, suffix_required, inter_char_ms, max_len } = &self.frame;
        let (start, end) = (start.as_slice(), end.as_slice());
        check(start.len() <= 1, "frame.start: one byte, or \"\" for none")?;
        check(start.iter().all(|byte| !end.contains(byte)), "frame.start: also stands in frame.end")?;
        check(start.iter().chain(end).all(|byte| *byte < 0x20), "frame.start and frame.end: bytes below 20")?;
        check(!end.is_empty() || !suffix_required, "frame.end: empty, but frame.suffix_required is true")?;
        check(
            (INTER_CHAR_LEAST_MS..=INTER_CHAR_MOST_MS).contains(inter_char_ms),
            "frame.inter_char_ms: 10 to 1000",
        )?;
        check((1..=MAX_LEN_LIMIT).contains(max_len), "frame.max_len: 1 to 4096")
    }

    fn check_feedback(&self, name: &str, entry: &FeedbackEntry) -> Result<(), String> {
        let length = entry.send.as_slice().len();
        check((1..=FEEDBACK_MAX_BYTES).contains(&length), &format!("feedback.{name}.send: 1 to 64 bytes"))?;
        self.check_spoken(entry).map_err(|what| format!("feedback.{name}: {what}"))?;
        check(!entry.source.trim().is_empty(), &format!("feedback.{name}.source: say where it was found"))
    }
}

/// The profile of a text, with what it takes over from another: a built-in one, which takes over nothing itself.
fn read(text: &str) -> Result<Profile, toml::de::Error> {
    let own: toml::Table = toml::from_str(text)?;
    let Some(name) = own.get(like::LIKE) else { return toml::from_str(text) };
    let base = BUILT_IN.iter().find(|(known, _)| name.as_str() == Some(known)).ok_or_else(|| {
        serde::de::Error::custom(format!("like = {name}: no built-in profile has this name"))
    })?;
    let base: toml::Table = toml::from_str(base.1)?;
    if base.contains_key(like::LIKE) {
        return Err(serde::de::Error::custom(format!(
            "like = {name}: it is like another itself; name that one"
        )));
    }
    like::over(base, own).try_into()
}

fn check(holds: bool, what: &str) -> Result<(), String> {
    if holds { Ok(()) } else { Err(what.to_owned()) }
}

fn is_name(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=40).contains(&name.len()) && name.bytes().all(plain)
}

fn read_file(path: &Path) -> Result<String, ProfileError> {
    let unreadable = |source| ProfileError::Unreadable { path: path.to_owned(), source };
    let length = std::fs::metadata(path).map_err(unreadable)?.len();
    if length > FILE_MOST_BYTES {
        return Err(unreadable(io::Error::new(io::ErrorKind::FileTooLarge, "over 64 KiB")));
    }
    std::fs::read_to_string(path).map_err(unreadable)
}

#[cfg(test)]
mod tests;
