//! The configuration: one TOML file. Unknown keys are refused with their line.
//!
//! [`Written`] is the file as it stands, every default filled in; [`Config`] is what it means, checked once.

mod check;
mod claim;
mod error;
mod locate;
mod printers;
mod span;
mod written;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::desk::DeskSetup;
use crate::domain::label_rule::LabelRule;
use crate::domain::making::Numbering;
use crate::domain::place::Code;
use crate::labels::Files;
use crate::labels::print::Setup;

pub use claim::{Claim, Fit};
pub use error::ConfigError;
pub use locate::Locate;
pub use written::Written;

/// The file that is read where none is named, if it is there.
pub const DEFAULT_FILE: &str = "casetrack.toml";
/// The folder beside the configuration with a house's own `stocks` and `templates`.
pub const LABELS_DIR: &str = "labels";
/// The folder beside the configuration with feed files, which say how other systems write what is imported.
pub const FEEDS_DIR: &str = "feeds";
/// Largest configuration that is read: a thousand desks need about 400 KiB.
pub const MAX_FILE_BYTES: u64 = 4 * 1024 * 1024;
/// Most desks of one service: twice the design point.
pub const MAX_DESKS: usize = 2_048;
/// Most scanners of one desk; a desk has one or two.
pub const MAX_SCANNERS_A_DESK: usize = 16;
/// The lowest number of a pairing card; lower numbers are command cards.
pub const MIN_PAIRING: u32 = 30;

/// Who may reach the service.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Access {
    /// Only programs on this machine.
    ThisMachine,
    /// Everybody who can reach the address, without signing in: every page says so.
    Everybody,
}

/// What becomes of USB scanners that no block of the configuration names.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Adopt {
    /// Those that a profile knows are opened, locked until the pairing card of a desk is scanned with them.
    #[default]
    Known,
    /// None is opened.
    None,
}

/// What the configuration means.
#[derive(Clone, Debug)]
pub struct Config {
    /// The file, if one was read.
    pub file: Option<PathBuf>,
    /// Where the web view and the API listen.
    pub listen: SocketAddr,
    /// Who may reach them.
    pub access: Access,
    /// The data folder.
    pub data_dir: PathBuf,
    /// The hospital's time zone.
    pub time_zone: TimeZone,
    /// The hospital group.
    pub trust: Code,
    /// The desks, with their scanners.
    pub desks: Vec<Desk>,
    /// The hospital's old labels, in order.
    pub rules: Vec<LabelRule>,
    /// How the barcodes of folders that are made up here are made.
    pub numbering: Numbering,
    /// The printers of labels, in the file's order.
    pub printers: Vec<Setup>,
    /// What labels are printed on and how: the built-in stocks and templates, and those of [`LABELS_DIR`].
    pub labels: Arc<Files>,
    /// What becomes of USB scanners that no block names.
    pub adopt: Adopt,
    /// What plans of where to look cannot read out of the places.
    pub locate: Locate,
    /// How long after the end of a verification behind the scans the next begins.
    pub verify_every: Duration,
    written: Written,
}

/// One desk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Desk {
    /// How it is set up.
    pub setup: DeskSetup,
    /// Its scanners, but for those that a pairing card gives it.
    pub scanners: Vec<Scanner>,
}

/// One scanner of a desk.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Scanner {
    /// Where it is: a path, `usb://SOCKET`, `usb-serial://VID:PID/SERIAL`, or `tcp://HOST:PORT`.
    pub port: String,
    /// Which USB scanner that is; `None`: it is opened by its path or address.
    pub claim: Option<Claim>,
    /// The name of its profile.
    pub profile: String,
    /// The session it belongs to; scanners of one session are joined.
    pub session: String,
}

impl Config {
    /// Reads the configuration: `file` if one is named, else [`DEFAULT_FILE`] if it is there, else the defaults.
    /// `data_dir` overrides the file's.
    pub fn load(file: Option<&Path>, data_dir: Option<&Path>) -> Result<Self, ConfigError> {
        let default = Path::new(DEFAULT_FILE);
        let file = file.or_else(|| default.exists().then_some(default));
        let mut config = match file {
            Some(path) => Self::parse(&read(path)?, Some(path))?,
            None => Self::parse("", None)?,
        };
        if let Some(dir) = data_dir {
            config.set_data_dir(dir);
        }
        Ok(config)
    }

    /// Reads a configuration from its text; `file` is named in errors, and relative paths start at its folder.
    pub fn parse(text: &str, file: Option<&Path>) -> Result<Self, ConfigError> {
        check::config(text, file)
    }

    /// Uses another data folder.
    pub fn set_data_dir(&mut self, dir: &Path) {
        dir.clone_into(&mut self.data_dir);
        dir.clone_into(&mut self.written.server.data_dir);
    }

    /// The folder beside the configuration that may hold more scanner profiles.
    pub fn profiles_dir(&self) -> Option<PathBuf> {
        let folder = self.file.as_deref()?.parent()?.join("profiles");
        folder.is_dir().then_some(folder)
    }

    /// The folder beside the configuration that may hold feed files.
    pub fn feeds_dir(&self) -> Option<PathBuf> {
        let folder = self.file.as_deref()?.parent()?.join(FEEDS_DIR);
        folder.is_dir().then_some(folder)
    }

    /// The feed file that is meant: a path, or a name in the folder of feed files.
    pub fn feed(&self, meant: &Path) -> PathBuf {
        let in_folder = self.feeds_dir().map(|folder| folder.join(meant).with_extension("toml"));
        in_folder.filter(|file| !meant.exists() && file.exists()).unwrap_or_else(|| meant.to_owned())
    }

    /// What is in force, as TOML that may be used as a configuration again.
    pub fn in_force(&self) -> Result<String, toml::ser::Error> {
        toml::to_string(&self.written)
    }

    /// The desk with this code.
    pub fn desk(&self, code: &Code) -> Option<&Desk> {
        self.desks.iter().find(|desk| desk.setup.code == *code)
    }
}

fn read(path: &Path) -> Result<String, ConfigError> {
    let unreadable = |source| ConfigError::Unreadable { file: path.to_owned(), source };
    if std::fs::metadata(path).map_err(unreadable)?.len() > MAX_FILE_BYTES {
        return Err(ConfigError::TooLarge(path.to_owned()));
    }
    std::fs::read_to_string(path).map_err(unreadable)
}

#[cfg(test)]
mod tests;
