//! The `[locate]` block: what plans of where to look cannot read out of the places.

use std::ops::RangeInclusive;
use std::time::Duration;

use toml::Spanned;

use super::check::{Checked, code, complain};
use super::{span, written};
use crate::domain::place::Code;
use crate::locate::{Effort, Filing, Role};

/// Shortest and longest time between the fetching of folders and their clinic: the same morning, a fortnight.
const FETCHED: RangeInclusive<Duration> = Duration::from_mins(1)..=Duration::from_hours(14 * 24);
/// Minutes that a look may take: more is a day's work, and no look.
const MINUTES: RangeInclusive<f64> = 0.1..=480.0;
/// Chances that a look finds what is there: a look that never misses would rule a place out for good.
const DETECTION: RangeInclusive<f64> = 0.05..=0.99;
/// The words of `filing`.
const FILINGS: [(&str, Filing); 4] = [
    ("terminal-digit", Filing::TerminalDigit),
    ("straight", Filing::Straight),
    ("middle-digit", Filing::MiddleDigit),
    ("by-place", Filing::ByPlace),
];
/// The words of what a place is.
const ROLES: [(&str, Role); 9] = [
    ("library", Role::Library),
    ("clinic", Role::Clinic),
    ("ward", Role::Ward),
    ("secretary", Role::Secretary),
    ("office", Role::Office),
    ("coding", Role::Coding),
    ("store", Role::Offsite),
    ("other", Role::Other),
    ("returns", Role::Returns),
];

/// What plans of where to look cannot read out of the places.
#[derive(Clone, PartialEq, Debug)]
pub struct Locate {
    /// How libraries order their shelves.
    pub filing: Filing,
    /// Those that order them in another way.
    pub filing_of: Vec<(Code, Filing)>,
    /// How long before a clinic its folders are fetched.
    pub fetched: Duration,
    /// Where libraries put what came back; none: by name.
    pub returns: Option<Vec<Code>>,
    /// Coding departments; none: by name.
    pub coding: Option<Vec<Code>>,
    /// Offices of secretaries; none: by name.
    pub secretaries: Option<Vec<Code>>,
    /// What a look takes, by what the place is, where it is not as usual.
    pub looks: Vec<(Role, Effort)>,
}

impl Locate {
    /// How a library orders its shelves.
    pub fn filing_of(&self, library: &Code) -> Filing {
        self.filing_of.iter().find(|(code, _)| code == library).map_or(self.filing, |(_, filing)| *filing)
    }

    /// What a look takes at a place of this role.
    pub fn look(&self, role: Role) -> Effort {
        self.looks.iter().find(|(of, _)| *of == role).map_or_else(|| role.usual_look(), |(_, look)| *look)
    }
}

pub(super) fn locate(block: &written::Locate) -> Checked<Locate> {
    let library = |written: &written::LocateLibrary| {
        Ok((code(&written.code, "code")?, word(&FILINGS, &written.filing, "filing")?))
    };
    Ok(Locate {
        filing: word(&FILINGS, &block.filing, "filing")?,
        filing_of: block.library.iter().map(library).collect::<Checked<_>>()?,
        fetched: fetched(&block.fetched)?,
        returns: codes(block.returns.as_deref(), "returns")?,
        coding: codes(block.coding.as_deref(), "coding")?,
        secretaries: codes(block.secretaries.as_deref(), "secretaries")?,
        looks: block.look.iter().map(|(of, look)| self::look(of, look)).collect::<Checked<_>>()?,
    })
}

fn codes(written: Option<&[Spanned<String>]>, key: &str) -> Checked<Option<Vec<Code>>> {
    written.map(|list| list.iter().map(|text| code(text, key)).collect()).transpose()
}

fn fetched(text: &Spanned<String>) -> Checked<Duration> {
    match span::read(text.get_ref()).filter(|duration| FETCHED.contains(duration)) {
        Some(duration) => Ok(duration),
        None => complain(
            text,
            format!(
                "fetched \"{}\" is no time from 1 min to 14 days: write one such as \"48 h\"",
                text.get_ref()
            ),
        ),
    }
}

fn word<T: Copy>(words: &[(&str, T)], text: &Spanned<String>, key: &str) -> Checked<T> {
    let found = words.iter().find(|(word, _)| word == text.get_ref()).map(|(_, value)| *value);
    found.map_or_else(
        || {
            let known: Vec<_> = words.iter().map(|(word, _)| *word).collect();
            complain(text, format!("{key}: \"{}\" is not one of: {}", text.get_ref(), known.join(", ")))
        },
        Ok,
    )
}

fn look(of: &Spanned<String>, written: &written::Look) -> Checked<(Role, Effort)> {
    let role = word(&ROLES, of, "look")?;
    let usual = role.usual_look();
    let minutes = within(written.minutes.as_ref(), &MINUTES, usual.minutes, "minutes")?;
    let detect = within(written.detection.as_ref(), &DETECTION, usual.detect, "detection")?;
    Ok((role, Effort::new(minutes, detect)))
}

fn within(
    written: Option<&Spanned<f64>>,
    range: &RangeInclusive<f64>,
    usual: f64,
    key: &str,
) -> Checked<f64> {
    match written {
        None => Ok(usual),
        Some(number) if range.contains(number.get_ref()) => Ok(*number.get_ref()),
        Some(number) => {
            let (least, most) = (range.start(), range.end());
            complain(number, format!("{key} {}: from {least} to {most} are possible", number.get_ref()))
        }
    }
}
