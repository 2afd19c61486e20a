//! `GET /find`: what was typed into the search box (`q`), or read by a scanner (`scan`).

use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::Shell;
use super::found::{FOUND, PLACES_SHOWN, Part, Places, found_page, no_question, stage_title};
use super::scanned;
use super::whereabouts::Words;
use crate::domain::PlaceId;
use crate::domain::asked::{Asked, NotAsked, Stage, places};
use crate::domain::barcode::OwnBarcode;
use crate::domain::gs1;
use crate::store::{SearchFound, StageFound};
use crate::web::api::Query;
use crate::web::api::search::today;
use crate::web::auth::Viewer;
use crate::web::error::{Failure, render};
use crate::web::urls;

/// What a person is told who sends more than anything is called.
const TOO_LONG: &str = "That is too long to look for. Type a name, a number, a birth date or a place: 64 characters \
     at most.";

/// What is looked for.
#[derive(Deserialize, Default)]
pub struct Question {
    /// What was typed.
    #[serde(default)]
    q: String,
    /// What was scanned; goes before `q`.
    scan: Option<String>,
    /// Whether to go to the one folder that is meant.
    #[serde(default)]
    show: Show,
    /// Only this part of the answer, after `after`.
    part: Option<WantedPart>,
    /// Where that part goes on.
    #[serde(default)]
    after: String,
}

/// What becomes of an answer that is one folder.
#[derive(Deserialize, Default, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum Show {
    /// Its page is opened.
    #[default]
    Page,
    /// It is listed: somebody still types.
    List,
}

/// A part of the answer.
#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "lowercase")]
enum WantedPart {
    Exactly,
    Beginning,
    Containing,
    Places,
}

/// Goes to what is meant, or lists what may be.
pub async fn get(viewer: Viewer, Query(question): Query<Question>) -> Result<Response, Failure> {
    if let Some(scan) = &question.scan {
        return scanned::look_up(&viewer, scan).await;
    }
    if is_a_scan(&question.q) {
        return Ok(Redirect::to(&urls::scanned(&question.q)).into_response());
    }
    let asked = match Asked::read(&question.q, today(&viewer)) {
        Ok(asked) => asked,
        Err(NotAsked::Nothing) => return Ok(render(&no_question(Shell::new(&viewer, FOUND)))),
        Err(NotAsked::TooLong) => return Err(Failure::Malformed(TOO_LONG.to_owned())),
    };
    match question.part {
        Some(part) => further(&viewer, &asked, part, &question.after).await,
        None => first(&viewer, &asked, question.show).await,
    }
}

/// Whether no person types this: a barcode of ours with right check digits, or a wristband.
fn is_a_scan(text: &str) -> bool {
    text.trim().parse::<OwnBarcode>().is_ok() || text.contains(gs1::GROUP_SEPARATOR)
}

async fn first(viewer: &Viewer, asked: &Asked, show: Show) -> Result<Response, Failure> {
    let directory = viewer.directory();
    let places = places(&directory, asked);
    let found = viewer.store().people(viewer.trust(), asked).await?;
    let is_place = places.first().is_some_and(|(stage, _)| *stage == Stage::Exactly);
    if let Some(only) = the_one(&found)
        && show == Show::Page
        && !is_place
    {
        return Ok(Redirect::to(&urls::volume(only)).into_response());
    }
    let SearchFound { exactly, beginning, containing, only: _ } = found;
    let parts = vec![
        Part::of(Stage::Exactly, exactly),
        Part::of(Stage::Beginning, beginning),
        Part::of(Stage::Containing, containing),
    ];
    let words = Words { directory: &directory, now: viewer.now(), zone: viewer.time_zone() };
    Ok(render(&found_page(Shell::new(viewer, FOUND), &words, asked, &parts, &Places::from(0, places))))
}

/// The one folder that the text names, if it names nobody else.
fn the_one(found: &SearchFound) -> Option<&str> {
    let only = found.only.as_ref()?;
    (found.exactly.people.len() == 1 && found.exactly.next.is_none()).then(|| only.as_str())
}

/// More of one part.
async fn further(viewer: &Viewer, asked: &Asked, part: WantedPart, after: &str) -> Result<Response, Failure> {
    let directory = viewer.directory();
    let stage = match part {
        WantedPart::Exactly => Stage::Exactly,
        WantedPart::Beginning => Stage::Beginning,
        WantedPart::Containing => Stage::Containing,
        WantedPart::Places => return further_places(viewer, asked, after),
    };
    let found: StageFound = viewer.store().people_after(viewer.trust(), asked, stage, after).await?;
    let words = Words { directory: &directory, now: viewer.now(), zone: viewer.time_zone() };
    let shell = Shell::new(viewer, format!("{FOUND}: {}", stage_title(stage)));
    Ok(render(&found_page(shell, &words, asked, &[Part::of(stage, found)], &Places::none())))
}

fn further_places(viewer: &Viewer, asked: &Asked, after: &str) -> Result<Response, Failure> {
    let after: usize = after
        .parse()
        .map_err(|_| Failure::Malformed("after: what the page before gave is needed".to_owned()))?;
    let directory = viewer.directory();
    let all: Vec<(Stage, PlaceId)> = places(&directory, asked);
    let words = Words { directory: &directory, now: viewer.now(), zone: viewer.time_zone() };
    let shell = Shell::new(viewer, format!("{FOUND}: places"));
    let further = Places::from(after - after % PLACES_SHOWN, all);
    Ok(render(&found_page(shell, &words, asked, &[], &further)))
}
