//! The `[backup]` block: where copies of the data go, how often, and how long they are kept.

use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::check::{Checked, complain};
use super::span;

/// One day.
const DAY: Duration = Duration::from_hours(24);
/// How often a backup may be made: more often than once a minute the one before is not finished; a week's work is the most
/// that anybody would do again.
const EVERY: RangeInclusive<Duration> = Duration::from_mins(1)..=Duration::from_hours(7 * 24);
/// How long backups may be kept: what went wrong yesterday must be found today; ten years are an archive.
const KEEP: RangeInclusive<Duration> = DAY..=Duration::from_hours(3_653 * 24);
/// How often a drill may be made: it reads everything twice.
const DRILL: RangeInclusive<Duration> = Duration::from_hours(1)..=Duration::from_hours(366 * 24);
/// What stands there where no drills are wanted.
const NEVER: &str = "never";

/// The block as it is written.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    /// Where backups go; a relative one starts at the folder of the configuration. Absent: none are made.
    pub folder: Option<PathBuf>,
    /// How often.
    #[serde(default = "default_every")]
    pub every: Spanned<String>,
    /// How long one a day is kept.
    #[serde(default = "default_keep")]
    pub keep: Spanned<String>,
    /// How often the newest is restored, verified and compared; or never.
    #[serde(default = "default_drill")]
    pub drill: Spanned<String>,
    /// Where the continuous second copy of the log goes. Absent: none is made.
    pub copy: Option<PathBuf>,
}

impl Default for Written {
    fn default() -> Self {
        Self {
            folder: None,
            every: default_every(),
            keep: default_keep(),
            drill: default_drill(),
            copy: None,
        }
    }
}

impl Written {
    pub(super) fn is_usual(&self) -> bool {
        *self == Self::default()
    }

    /// Has relative folders start at this one.
    pub(super) fn start_at(&mut self, folder: &Path) {
        for path in [&mut self.folder, &mut self.copy].into_iter().flatten() {
            *path = folder.join(&*path);
        }
    }
}

/// What it means.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Backup {
    /// Where backups go; none: none are made by themselves.
    pub folder: Option<PathBuf>,
    /// How often.
    pub every: Duration,
    /// How long one a day is kept.
    pub keep: Duration,
    /// How often the newest is restored, verified and compared.
    pub drill: Option<Duration>,
    /// Where the continuous second copy of the log goes.
    pub copy: Option<PathBuf>,
}

pub(super) fn backup(written: &Written) -> Checked<Backup> {
    Ok(Backup {
        folder: written.folder.clone(),
        every: time(&written.every, "every", EVERY, "1 min to 7 days: write one such as \"1 h\"")?,
        keep: time(&written.keep, "keep", KEEP, "1 day to 10 years: write one such as \"14 d\"")?,
        drill: if written.drill.get_ref() == NEVER {
            None
        } else {
            let words = "1 h to a year: write one such as \"7 d\", or \"never\"";
            Some(time(&written.drill, "drill", DRILL, words)?)
        },
        copy: written.copy.clone(),
    })
}

fn time(
    text: &Spanned<String>,
    key: &str,
    range: RangeInclusive<Duration>,
    words: &str,
) -> Checked<Duration> {
    match span::read(text.get_ref()).filter(|duration| range.contains(duration)) {
        Some(duration) => Ok(duration),
        None => complain(text, format!("{key} \"{}\" is no time from {words}", text.get_ref())),
    }
}

fn unwritten(text: &str) -> Spanned<String> {
    Spanned::new(0..0, text.to_owned())
}

fn default_every() -> Spanned<String> {
    unwritten("1 h")
}

fn default_keep() -> Spanned<String> {
    unwritten("14 d")
}

fn default_drill() -> Spanned<String> {
    unwritten("7 d")
}
