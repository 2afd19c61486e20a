//! `GET /state`: how Casetrack is, part by part.

use std::collections::BTreeMap;

use askama::Template;
use axum::response::Response;

use super::Shell;
use super::front::desks::{Mark, recording};
use super::whereabouts::Words;
use crate::jobs::states::{Condition, Part, Told};
use crate::store::Health;
use crate::web::auth::Viewer;
use crate::web::error::{Failure, render};
use crate::web::when;

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "state.html")]
pub struct StatePage {
    shell: Shell,
    recording: Mark,
    rows: Vec<Row>,
}

/// One part.
struct Row {
    title: &'static str,
    mark: Mark,
    since: String,
    detail: String,
}

/// How all parts are.
pub async fn get(viewer: Viewer) -> Result<Response, Failure> {
    let directory = viewer.directory();
    let words = Words { directory: &directory, now: viewer.now(), zone: viewer.time_zone() };
    let shell = Shell::new(&viewer, "How Casetrack is");
    Ok(render(&state_page(shell, &words, &viewer.health(), &viewer.states())))
}

/// The page from what is known.
pub fn state_page(
    shell: Shell,
    words: &Words<'_>,
    health: &Health,
    states: &BTreeMap<Part, Told>,
) -> StatePage {
    let row = |(part, told): (&Part, &Told)| Row {
        title: part.title(),
        mark: mark(told.condition, told.state.clone()),
        since: told.since.map(|since| when::time(since, words.now, words.zone)).unwrap_or_default(),
        detail: told.detail.clone(),
    };
    StatePage { shell, recording: recording(health, words), rows: states.iter().map(row).collect() }
}

/// The parts that somebody has to see to, for other pages.
pub fn not_well(states: &BTreeMap<Part, Told>) -> Vec<Mark> {
    let unwell = states.iter().filter(|(_, told)| told.condition != Condition::Well);
    unwell
        .map(|(part, told)| {
            mark(told.condition, format!("{}: {}. {}", part.title(), told.state, told.detail))
        })
        .collect()
}

fn mark(condition: Condition, words: String) -> Mark {
    let (class, shape) = match condition {
        Condition::Well => ("well", "tick"),
        Condition::Look => ("look", "eye"),
        Condition::Ill => ("ill", "cross"),
    };
    Mark { class, shape, words }
}
