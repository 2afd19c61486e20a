//! The configuration as it is written. Field names are the keys of the file.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::Adopt;
use crate::desk::SignOn;

/// The whole file.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    /// The service.
    #[serde(default)]
    pub server: Server,
    /// The desks.
    #[serde(default)]
    pub desk: Vec<Desk>,
    /// The hospital's old labels.
    #[serde(default)]
    pub label: Vec<Label>,
    /// The barcodes of folders that are made up here.
    #[serde(default, skip_serializing_if = "Numbering::is_ours")]
    pub numbering: Numbering,
    /// The printers of labels.
    #[serde(default)]
    pub printer: Vec<Printer>,
    /// Scanners that no block names.
    #[serde(default, skip_serializing_if = "Scanners::is_usual")]
    pub scanners: Scanners,
    /// Searching for missing folders.
    #[serde(default, skip_serializing_if = "Locate::is_usual")]
    pub locate: Locate,
    /// Verifying behind the scans.
    #[serde(default)]
    pub verify: Verify,
}

/// The service.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Address and port of the web view and the API.
    #[serde(default = "default_listen")]
    pub listen: Spanned<String>,
    /// The data folder; a relative one starts at the folder of this file.
    #[serde(default = "default_data_dir")]
    pub data_dir: PathBuf,
    /// The hospital's time zone, by its IANA name.
    #[serde(default = "default_time_zone")]
    pub time_zone: Spanned<String>,
    /// Whether anything but this machine may be listened to without signing in.
    #[serde(default)]
    pub allow_unauthenticated: bool,
    /// The code of the hospital group.
    #[serde(default = "default_trust")]
    pub trust: Spanned<String>,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: default_listen(),
            data_dir: default_data_dir(),
            time_zone: default_time_zone(),
            allow_unauthenticated: false,
            trust: default_trust(),
        }
    }
}

/// A `[[desk]]` block.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Desk {
    /// What is printed on the desk.
    pub code: Spanned<String>,
    /// Where the desk stands.
    pub place: Spanned<String>,
    /// Whether it asks for a badge.
    #[serde(default)]
    pub sign_on: SignOn,
    /// After how long without a scan the person is signed off.
    #[serde(default = "default_sign_on_idle")]
    pub sign_on_idle: Spanned<String>,
    /// The number of its pairing card.
    pub pairing: Option<Spanned<u32>>,
    /// The printer that prints its labels, by its name in this file.
    pub label_printer: Option<Spanned<String>>,
    /// Its scanners.
    #[serde(default)]
    pub scanner: Vec<Scanner>,
}

/// A `[[desk.scanner]]` block.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scanner {
    /// Where it is.
    pub port: Spanned<String>,
    /// What it is, where `port` is a USB socket.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<Spanned<String>>,
    /// Its profile.
    #[serde(default = "default_profile")]
    pub profile: Spanned<String>,
    /// The session it belongs to.
    pub session: Option<Spanned<String>>,
}

/// The `[scanners]` block.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scanners {
    /// What becomes of USB scanners that no block names.
    #[serde(default)]
    pub adopt: Adopt,
}

impl Scanners {
    fn is_usual(&self) -> bool {
        self.adopt == Adopt::default()
    }
}

/// The `[verify]` block.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Verify {
    /// How long after the end of a verification the next begins.
    #[serde(default = "default_verify_every")]
    pub every: Spanned<String>,
}

impl Default for Verify {
    fn default() -> Self {
        Self { every: default_verify_every() }
    }
}

/// The `[locate]` block: what plans of where to look cannot read out of the places.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Locate {
    /// How libraries order their shelves.
    #[serde(default = "default_filing")]
    pub filing: Spanned<String>,
    /// How long before a clinic its folders are fetched.
    #[serde(default = "default_fetched")]
    pub fetched: Spanned<String>,
    /// Places where libraries put what came back; absent: those in a library whose name says returns.
    pub returns: Option<Vec<Spanned<String>>>,
    /// Coding departments; absent: those whose name says coding.
    pub coding: Option<Vec<Spanned<String>>>,
    /// Offices of secretaries; absent: those whose name says so, and every person.
    pub secretaries: Option<Vec<Spanned<String>>>,
    /// Libraries that order their shelves in another way.
    #[serde(default)]
    pub library: Vec<LocateLibrary>,
    /// What a look takes, by what the place is.
    #[serde(default)]
    pub look: BTreeMap<Spanned<String>, Look>,
}

impl Default for Locate {
    fn default() -> Self {
        Self {
            filing: default_filing(),
            fetched: default_fetched(),
            returns: None,
            coding: None,
            secretaries: None,
            library: Vec::new(),
            look: BTreeMap::new(),
        }
    }
}

impl Locate {
    fn is_usual(&self) -> bool {
        *self == Self::default()
    }
}

/// A `[[locate.library]]` block.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LocateLibrary {
    /// The library's code.
    pub code: Spanned<String>,
    /// How it orders its shelves.
    pub filing: Spanned<String>,
}

/// A `[locate.look.<what>]` block.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Look {
    /// Minutes, the walk included.
    pub minutes: Option<Spanned<f64>>,
    /// The chance that a look finds what is there.
    pub detection: Option<Spanned<f64>>,
}

/// A `[[label]]` block.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// The kind of symbol; absent: any.
    pub symbology: Option<Spanned<String>>,
    /// Which texts the rule is for.
    pub pattern: Spanned<String>,
    /// The check character.
    #[serde(default = "default_check")]
    pub check: Spanned<String>,
    /// Who issued the number.
    pub site: Spanned<String>,
    /// What the label means.
    pub means: Spanned<String>,
}

/// The `[numbering]` block.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Numbering {
    /// The hospital's own form of a folder's barcode: `RX{number}{volume:02}`. Absent: ours.
    pub folder: Option<Spanned<String>>,
}

impl Numbering {
    const fn is_ours(&self) -> bool {
        self.folder.is_none()
    }
}

/// A `[[printer]]` block.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Printer {
    /// What people call it.
    pub name: Spanned<String>,
    /// The way to it.
    pub via: Spanned<String>,
    /// Its dots to the inch.
    pub dpi: Spanned<u16>,
    /// Its colours.
    #[serde(default = "default_colours")]
    pub colours: Spanned<String>,
    /// What it is told; absent: what goes its way.
    pub language: Option<Spanned<String>>,
    /// The stock that it usually holds.
    pub stock: Option<Spanned<String>>,
    /// How many whole dots everything is moved to the right and down.
    #[serde(default = "default_offset")]
    pub offset: Spanned<(i32, i32)>,
    /// Its trays.
    #[serde(default)]
    pub tray: Vec<Tray>,
}

/// A `[[printer.tray]]` block.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tray {
    /// What the printer calls it.
    pub source: Spanned<String>,
    /// The stock in it.
    pub stock: Spanned<String>,
    /// How many whole dots everything on it is moved to the right and down.
    #[serde(default = "default_offset")]
    pub offset: Spanned<(i32, i32)>,
}

/// A default stands on no line.
fn unwritten(text: &str) -> Spanned<String> {
    Spanned::new(0..0, text.to_owned())
}

fn default_listen() -> Spanned<String> {
    unwritten("127.0.0.1:8080")
}

fn default_data_dir() -> PathBuf {
    PathBuf::from("data")
}

fn default_time_zone() -> Spanned<String> {
    unwritten("Europe/London")
}

fn default_trust() -> Spanned<String> {
    unwritten("TRUST")
}

fn default_sign_on_idle() -> Spanned<String> {
    unwritten("15 min")
}

fn default_verify_every() -> Spanned<String> {
    unwritten("1 d")
}

fn default_profile() -> Spanned<String> {
    unwritten("generic-serial")
}

fn default_check() -> Spanned<String> {
    unwritten("none")
}

fn default_filing() -> Spanned<String> {
    unwritten("terminal-digit")
}

fn default_fetched() -> Spanned<String> {
    unwritten("48 h")
}

fn default_colours() -> Spanned<String> {
    unwritten("black")
}

fn default_offset() -> Spanned<(i32, i32)> {
    Spanned::new(0..0, (0, 0))
}
