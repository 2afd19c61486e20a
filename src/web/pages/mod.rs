//! Pages for people: right without JavaScript, live with it.

pub mod bars;
pub mod card;
pub mod chase;
pub mod desk;
pub mod find;
pub mod found;
pub mod front;
pub mod help;
pub mod labels;
pub mod make;
pub mod missing;
pub mod order;
pub mod people;
pub mod place;
pub mod places;
pub mod questions;
pub mod ring;
pub mod scanned;
pub mod scanner_words;
pub mod scanners;
pub mod searches;
pub mod shelves;
pub mod slip;
pub mod state;
pub mod sweeps;
pub mod volume;
pub mod wanted;
pub mod whereabouts;

use super::assets;
use super::auth::{Exposure, Viewer};

/// What every page has around it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shell {
    /// The title of the browser's tab.
    pub title: String,
    /// Where the stylesheet is.
    pub css: String,
    /// Where the script is.
    pub js: String,
    /// Whether the service is open to the network without sign-in, which every page says in red.
    pub exposed: Vec<&'static str>,
}

/// What stands in red where nobody need sign in.
const EXPOSED: &str = "Open to the whole network without sign-in: anybody can read and move every folder. \
     allow_unauthenticated is set in the configuration.";

impl Shell {
    /// The surroundings of a page for `viewer`.
    pub fn new(viewer: &Viewer, title: impl Into<String>) -> Self {
        let exposed = match viewer.exposure() {
            Exposure::Loopback => Vec::new(),
            Exposure::Everybody => vec![EXPOSED],
        };
        Self { exposed, ..Self::bare(title) }
    }

    /// The surroundings of a page that shows no data.
    pub fn bare(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            css: assets::url("casetrack.css"),
            js: assets::url("casetrack.js"),
            exposed: Vec::new(),
        }
    }
}
