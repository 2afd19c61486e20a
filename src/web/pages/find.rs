//! `GET /find`: what was typed or scanned into the search box.

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::Shell;
use super::place::{Folder, folder};
use super::whereabouts::Words;
use crate::store::{Page, VolumeRecord};
use crate::web::api::Query;
use crate::web::api::search::asked;
use crate::web::auth::Viewer;
use crate::web::error::{Failure, render};
use crate::web::urls;

/// Folders found that are shown; more than these need a better question.
const FOUND: usize = 50;

/// The page of what was found.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "found.html")]
pub struct FoundPage {
    shell: Shell,
    q: String,
    summary: String,
    folders: Vec<Folder>,
}

/// What is looked for.
#[derive(Deserialize)]
pub struct Question {
    q: String,
}

/// Goes to the one volume that is meant, or lists what may be.
pub async fn get(viewer: Viewer, Query(question): Query<Question>) -> Result<Response, Failure> {
    let Ok(q) = asked(&question.q) else { return Ok(Redirect::to("/").into_response()) };
    let page = Page { after: None, limit: FOUND };
    let found = viewer.store().search(viewer.trust(), q, page).await?.items;
    if let [only] = found.as_slice() {
        return Ok(Redirect::to(&urls::volume(only.brief.barcode.as_str())).into_response());
    }
    let directory = viewer.directory();
    let words = Words { directory: &directory, now: viewer.now(), zone: viewer.time_zone() };
    Ok(render(&found_page(Shell::new(&viewer, "Found"), &words, q, &found)))
}

/// The page from what was found.
pub fn found_page(shell: Shell, words: &Words<'_>, q: &str, found: &[VolumeRecord]) -> FoundPage {
    let summary = match found.len() {
        0 => "No folder has this number, barcode or surname. Check it, or try the NHS number.".to_owned(),
        FOUND => format!("The first {FOUND}. Type more of the number or name."),
        count => format!("{count} folders"),
    };
    FoundPage { shell, q: q.to_owned(), summary, folders: found.iter().map(|r| folder(words, r)).collect() }
}
