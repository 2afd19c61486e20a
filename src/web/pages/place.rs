//! `GET /places/{code}`: what is at a place, or on its way there.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;

use super::Shell;
use super::bars::{Bars, bars};
use super::whereabouts::{Crumb, Words, brief_mark, look};
use crate::domain::PlaceId;
use crate::domain::place::PlaceKind;
use crate::store::{Listing, Page, VolumeRecord};
use crate::web::api::places::place_named;
use crate::web::api::{Query, Wanted};
use crate::web::auth::Viewer;
use crate::web::error::{Failure, render};
use crate::web::{urls, when};

/// Folders on one page.
const FOLDERS: usize = 100;

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "place.html")]
pub struct PlacePage {
    shell: Shell,
    live: String,
    name: String,
    path: Vec<Crumb>,
    facts: Vec<String>,
    card: Vec<Bars>,
    /// What the card does.
    caption: &'static str,
    folders: Vec<Folder>,
    more: Vec<String>,
}

/// One folder of a list.
pub struct Folder {
    /// Its page.
    pub url: String,
    /// Casenote and volume.
    pub title: String,
    /// Whose it is.
    pub patient: String,
    /// Where it is.
    pub words: String,
    /// How that looks.
    pub class: &'static str,
    /// How sure that is.
    pub mark: &'static str,
    /// Since when.
    pub since: String,
}

/// The page of one place.
pub async fn get(
    viewer: Viewer,
    Path(code): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Failure> {
    let place = place_named(&viewer, &code)?;
    let page = Page { limit: FOLDERS, ..wanted.page()? };
    let listing = viewer.store().volumes_at(viewer.trust(), place, page).await?;
    let directory = viewer.directory();
    let words = Words { directory: &directory, now: viewer.now(), zone: viewer.time_zone() };
    let shell = Shell::new(&viewer, directory.name(place));
    Ok(render(&place_page(shell, &words, place, &listing)))
}

/// The page from what is known.
pub fn place_page(
    shell: Shell,
    words: &Words<'_>,
    id: PlaceId,
    listing: &Listing<VolumeRecord>,
) -> PlacePage {
    let place = words.directory.place(id);
    let code = place.map(|place| place.code.to_string()).unwrap_or_default();
    let phone = words.directory.phone(id).map(|phone| format!("ring {phone}"));
    let open = place.and_then(|place| place.open.as_ref()).map(|open| format!("open {open}"));
    let url = urls::place(&code);
    PlacePage {
        shell,
        live: format!("/api/v1/live?place={}", urls::segment(&code)),
        name: words.name(Some(id)).to_owned(),
        path: words.path(id).into_iter().filter(|step| step.url != url).collect(),
        facts: phone.into_iter().chain(open).collect(),
        card: bars(&code).into_iter().collect(),
        caption: match place.map(|place| place.kind) {
            Some(PlaceKind::Shelf) => "In the library: scan a folder, then this label, to file it here",
            Some(PlaceKind::Container) => "Scan PACK, this label, then the folders that go in",
            _ => "Scan this card, then the folders, to send them here",
        },
        folders: listing.items.iter().map(|record| folder(words, record)).collect(),
        more: listing.next.iter().map(|after| format!("{url}?after={}", urls::segment(after))).collect(),
    }
}

/// One volume as lists show it.
pub fn folder(words: &Words<'_>, record: &VolumeRecord) -> Folder {
    let (class, _, _) = look(&record.present);
    let patient = record.patient.as_ref();
    Folder {
        url: urls::volume(record.brief.barcode.as_str()),
        title: format!("{} volume {}", record.brief.number, record.brief.volume),
        patient: patient.map(|p| format!("{}, {}", p.surname.to_uppercase(), p.forename)).unwrap_or_default(),
        words: words.short(&record.present, record.via),
        class,
        mark: brief_mark(&record.present),
        since: record
            .present
            .since
            .map(|at| when::day_and_time(at, words.now, words.zone))
            .unwrap_or_default(),
    }
}
