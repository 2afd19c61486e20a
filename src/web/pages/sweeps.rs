//! `GET /sweeps`: where to sweep next, and what was swept.

pub mod one;

use askama::Template;
use axum::response::Response;
use serde::Deserialize;

use super::Shell;
use super::whereabouts::Words;
use crate::desk::signal;
use crate::domain::sweep::GOES_ON_US;
use crate::domain::sweep::next::NextSweep;
use crate::jobs::ahead::Ahead;
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
    /// Where to sweep next; on the first page only.
    next: Vec<Next>,
    /// Why nothing is named there.
    next_none: Vec<&'static str>,
    sweeps: Vec<Line>,
    first: Vec<&'static str>,
    more: Vec<String>,
}

/// A place to be swept next.
struct Next {
    url: String,
    place: String,
    finds: String,
    why: String,
    minutes: String,
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
    let ahead = viewer.ahead();
    let ahead = from.after.is_none().then_some(&*ahead);
    Ok(render(&sweeps_page(Shell::new(&viewer, "Sweeps"), &words, &listing, ahead)))
}

/// The page from what is known.
pub fn sweeps_page(
    shell: Shell,
    words: &Words<'_>,
    listing: &Listing<SweepLine>,
    ahead: Option<&Ahead>,
) -> SweepsPage {
    SweepsPage {
        shell,
        next: ahead.map(|ahead| next(words, ahead)).unwrap_or_default(),
        next_none: ahead.and_then(next_none).into_iter().collect(),
        sweeps: listing.items.iter().map(|sweep| line(words, sweep)).collect(),
        first: ahead.is_none().then_some("/sweeps").into_iter().collect(),
        more: listing.next.iter().map(|after| format!("/sweeps?after={}", urls::segment(after))).collect(),
    }
}

fn next(words: &Words<'_>, ahead: &Ahead) -> Vec<Next> {
    let shown = |next: &NextSweep| {
        let place = words.directory.place(next.place)?;
        let searches = counted(
            next.searches,
            "folder that is searched for may be there",
            "folders that are searched for may be there",
        );
        let needed = next
            .needed_at
            .map(|at| format!("; one is needed {}", signal::day_and_time(at, words.now, words.zone)));
        Some(Next {
            url: urls::place(place.code.as_str()),
            place: place.name.clone(),
            finds: finds(next.finds + next.strays),
            why: format!("{searches}{}", needed.unwrap_or_default()),
            minutes: format!("{:.0} min", next.minutes),
        })
    };
    ahead.sweeps.iter().filter_map(shown).collect()
}

/// How many folders a sweep sets right, on average, in words.
fn finds(count: f64) -> String {
    match count {
        ..0.3 => "perhaps 1 folder".to_owned(),
        ..1.5 => "about 1 folder".to_owned(),
        _ => format!("about {count:.0} folders"),
    }
}

const fn next_none(ahead: &Ahead) -> Option<&'static str> {
    match (ahead.at, ahead.sweeps.is_empty()) {
        (None, _) => Some("Still being worked out: look again in a minute."),
        (Some(_), true) => Some(
            "No search is open. With open searches, the places stand here where most of them would be found.",
        ),
        (Some(_), false) => None,
    }
}

fn line(words: &Words<'_>, sweep: &SweepLine) -> Line {
    Line {
        url: urls::sweep(sweep.id),
        place: words.name(Some(sweep.place)).to_owned(),
        began: words.when(sweep.at),
        seen: counted(sweep.seen, "folder scanned", "folders scanned"),
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
