//! `GET /`: one box to find a folder, the desks and whether they are alive, and the hospital in figures.

pub mod desks;
pub mod now;
pub mod plot;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use askama::Template;
use axum::response::Response;
use serde::Deserialize;

use super::Shell;
use super::whereabouts::Words;
use crate::desk::scanners::ScannerStatus;
use crate::desk::{DeskSetup, Pulse};
use crate::domain::place::Code;
use crate::jobs::states::{Part, Told};
use crate::store::Health;
use crate::store::overview::Overview;
use crate::web::api::Query;
use crate::web::auth::Viewer;
use crate::web::error::{Failure, render};
use desks::{Desks, desks};
use now::{Now, now};

/// The front page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "front.html")]
pub struct FrontPage {
    shell: Shell,
    desks: Desks,
    /// Nothing until the hospital has been counted for the first time.
    now: Vec<Now>,
}

/// How many desks are wanted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Length {
    /// Those at the top of the list.
    #[default]
    Some,
    /// All.
    All,
}

/// What the page is asked for.
#[derive(Default, Deserialize)]
pub struct Wanted {
    #[serde(default)]
    desks: Length,
}

/// What the page is made from.
pub struct Known<'a> {
    /// Names, and the time of the page.
    pub words: Words<'a>,
    /// The desks of the configuration.
    pub setups: &'a [DeskSetup],
    /// How desks with open sessions are doing.
    pub pulses: HashMap<Code, Pulse>,
    /// How scanners are doing.
    pub scanners: Vec<ScannerStatus>,
    /// Whether scans are recorded.
    pub health: Health,
    /// How the parts are that work by themselves.
    pub states: BTreeMap<Part, Told>,
    /// The figures.
    pub overview: Option<Arc<Overview>>,
    /// How many desks are shown.
    pub length: Length,
}

/// The front page.
pub async fn get(viewer: Viewer, Query(wanted): Query<Wanted>) -> Result<Response, Failure> {
    let directory = viewer.directory();
    let known = Known {
        words: Words { directory: &directory, now: viewer.now(), zone: viewer.time_zone() },
        setups: viewer.setups(),
        pulses: viewer.pulses(),
        scanners: viewer.scanners(),
        health: viewer.health(),
        states: viewer.states(),
        overview: viewer.overview(),
        length: wanted.desks,
    };
    Ok(render(&front_page(Shell::new(&viewer, "Where is the folder?"), &known)))
}

/// The page from what is known.
pub fn front_page(shell: Shell, known: &Known<'_>) -> FrontPage {
    let now = known.overview.iter().map(|overview| now(&known.words, overview)).collect();
    FrontPage { shell, desks: desks(known), now }
}
