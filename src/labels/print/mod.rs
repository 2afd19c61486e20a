//! Getting labels on paper: a CUPS printer by IPP, a label printer by TCP, a folder that something else prints from.
//!
//! Here stand the ways to a printer and what it says of itself; who prints what, and when, is the business of
//! `jobs::printing`. A printer says little and late, so nothing here believes more than it heard: bytes that were taken
//! are not labels, and no answer is a fault.

pub mod fault;
pub mod folder;
pub mod ipp;
pub mod raw;
pub mod status;

use std::path::PathBuf;
use std::time::Duration;

use super::measure::Dpi;
use super::printer::{Colours, Printer};

pub use fault::Fault;

/// The way to a printer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Via {
    /// A print server, or a printer that is one.
    Ipp(Server),
    /// A label printer's raw port: host and port.
    Tcp(String),
    /// A folder into which files are laid.
    Folder(PathBuf),
}

/// A printer of a print server.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Server {
    /// Host and port.
    pub authority: String,
    /// Where on it, with a slash in front.
    pub path: String,
}

impl Server {
    /// Its address as IPP tells it.
    pub fn uri(&self) -> String {
        format!("ipp://{}{}", self.authority, self.path)
    }
}

/// What a printer is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Language {
    /// Pages.
    Pdf,
    /// Zebra's labels.
    Zpl,
}

impl Language {
    /// Its word in the configuration, and the ending of a file.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Zpl => "zpl",
        }
    }
}

/// A tray, by what lies in it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Tray {
    /// What the printer calls it, such as `tray-2` or `manual`.
    pub source: String,
    /// The stock in it.
    pub stock: String,
    /// How many whole dots everything on it is moved to the right and down.
    pub offset: (i32, i32),
}

/// A printer of the configuration.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Setup {
    /// What people call it.
    pub name: String,
    /// The way to it.
    pub via: Via,
    /// Its dots.
    pub dpi: Dpi,
    /// Its colours.
    pub colours: Colours,
    /// What it is told.
    pub language: Language,
    /// The stock that it usually holds.
    pub stock: Option<String>,
    /// How many whole dots everything is moved where no tray says otherwise.
    pub offset: (i32, i32),
    /// Its trays.
    pub trays: Vec<Tray>,
}

impl Setup {
    /// The tray that holds this stock.
    pub fn tray(&self, stock: &str) -> Option<&Tray> {
        self.trays.iter().find(|tray| tray.stock.eq_ignore_ascii_case(stock))
    }

    /// The printer as a layout for this stock sees it.
    pub fn printer(&self, stock: &str) -> Printer {
        let offset = self.tray(stock).map_or(self.offset, |tray| tray.offset);
        Printer { dpi: self.dpi, colours: self.colours, offset }
    }
}

/// How long is waited, and for what.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Patience {
    /// For a connection.
    pub connect: Duration,
    /// For a status: a label printer without a fault answers within a fraction of a second.
    pub answer: Duration,
    /// For a handful of labels, or a document, to be taken.
    pub write: Duration,
    /// Between two questions how far the labels are.
    pub poll: Duration,
    /// For a handful of labels to come out, with whatever a person must do at the printer meanwhile.
    pub mend: Duration,
    /// For a print server to be done with a job.
    pub follow: Duration,
    /// Until a printer that was in trouble is asked again.
    pub again: Duration,
    /// For a job to begin: labels that come out half a day later surprise whoever stands there.
    pub stale: Duration,
}

impl Patience {
    /// What printers and people need.
    pub const USUAL: Self = Self {
        connect: Duration::from_secs(5),
        answer: Duration::from_secs(3),
        write: Duration::from_secs(30),
        poll: Duration::from_millis(500),
        mend: Duration::from_mins(10),
        follow: Duration::from_mins(30),
        again: Duration::from_secs(10),
        stale: Duration::from_hours(12),
    };
}
