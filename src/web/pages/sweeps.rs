//! `GET /sweeps`: where to sweep next, and what was swept.

pub mod one;

use askama::Template;
use axum::response::Response;
use serde::Deserialize;

use super::Shell;
use super::whereabouts::Words;
use crate::domain::sweep::GOES_ON_US;
use crate::store::sweeps::SweepLine;
use crate::store::{Listing, Page};
use crate::web::api::Query;
use crate::web::auth::Viewer;
use crate::web::error::{Failure, render};
use crate::web::figures::counted;
use crate::web::urls;

/// Sweeps on a page.
const SWEEPS: usize = 50;

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "sweeps.html")]
pub struct SweepsPage {
    shell: Shell,
    sweeps: Vec<Line>,
    first: Vec<&'static str>,
    more: Vec<String>,
}

/// One sweep of the list.
struct Line {
    url: String,
    place: String,
    began: String,
    seen: String,
    last: String,
}

/// From where on.
#[derive(Deserialize)]
pub struct From {
    after: Option<String>,
}

/// All sweeps.
pub async fn get(viewer: Viewer, Query(from): Query<From>) -> Result<Response, Failure> {
    let page = Page { after: from.after.clone(), limit: SWEEPS };
    let listing = viewer.store().sweeps(viewer.trust(), page).await?;
    let directory = viewer.directory();
    let words = Words { directory: &directory, now: viewer.now(), zone: viewer.time_zone() };
    Ok(render(&sweeps_page(Shell::new(&viewer, "Sweeps"), &words, &listing, from.after.is_some())))
}

/// The page from what is known.
pub fn sweeps_page(
    shell: Shell,
    words: &Words<'_>,
    listing: &Listing<SweepLine>,
    goes_on: bool,
) -> SweepsPage {
    SweepsPage {
        shell,
        sweeps: listing.items.iter().map(|sweep| line(words, sweep)).collect(),
        first: goes_on.then_some("/sweeps").into_iter().collect(),
        more: listing.next.iter().map(|after| format!("/sweeps?after={}", urls::segment(after))).collect(),
    }
}

fn line(words: &Words<'_>, sweep: &SweepLine) -> Line {
    Line {
        url: urls::sweep(sweep.id),
        place: words.name(Some(sweep.place)).to_owned(),
        began: words.when(sweep.at),
        seen: counted(sweep.seen, "folder", "folders"),
        last: last(words, sweep),
    }
}

/// Whether a sweep still goes on, and when it was scanned in last.
fn last(words: &Words<'_>, sweep: &SweepLine) -> String {
    let at = words.when(sweep.last_at);
    if words.now.micros_since(sweep.last_at) <= GOES_ON_US {
        format!("{at}; goes on if somebody sweeps there")
    } else {
        at
    }
}
