//! `GET /places/{code}/shelves`: the shelves of a library as a plain drawn map, and the same as a table.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use serde::Deserialize;

use super::Shell;
use super::order::{by_code, natural};
use super::whereabouts::Words;
use crate::domain::PlaceId;
use crate::domain::directory::Directory;
use crate::domain::place::{Place, PlaceKind};
use crate::store::ShelfCount;
use crate::web::api::Query;
use crate::web::api::places::place_named;
use crate::web::auth::Viewer;
use crate::web::error::{Failure, render};
use crate::web::figures::number;
use crate::web::urls;

/// Shelves on one page: twenty rows of ten.
const SHELVES: usize = 200;
/// Shelves in a row where they stand in no bay.
const ROW: usize = 10;
/// Longest code that fits into a box; a longer one is cut and stands whole in its title and in the table.
const BOX_CODE: usize = 13;
/// Width of the bar in a box, in its own units.
const BAR: u32 = 104;
/// Where the bar begins.
const BAR_FROM: u32 = 8;

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "shelves.html")]
pub struct ShelvesPage {
    shell: Shell,
    name: String,
    url: String,
    summary: String,
    bays: Vec<Bay>,
    /// The first page of shelves, from a later one.
    first: Vec<String>,
    more: Vec<String>,
}

/// A bay, or a row of shelves.
struct Bay {
    name: String,
    shelves: Vec<Shelf>,
}

/// One shelf as a box and as a row of the table.
struct Shelf {
    url: String,
    name: String,
    code: String,
    bay: String,
    /// Everything in one sentence.
    title: String,
    /// `296 of 300`.
    full: String,
    /// `4 out, 2 stray`.
    astray: String,
    count: ShelfCount,
    out: u32,
    /// The full part of the bar.
    fill: u32,
    gap_from: u32,
    gap: u32,
}

/// Which page of the shelves is wanted.
#[derive(Deserialize)]
pub struct From {
    after: Option<String>,
}

/// The map of one library.
pub async fn get(
    viewer: Viewer,
    Path(code): Path<String>,
    Query(from): Query<From>,
) -> Result<Response, Failure> {
    let place = place_named(&viewer, &code)?;
    let directory = viewer.directory();
    let place = directory.place(place).ok_or(Failure::NoSuchPage)?;
    let (shelves, more) = part(shelves_in(&directory, place.id), from.after.as_deref());
    let ids: Vec<PlaceId> = shelves.iter().map(|shelf| shelf.id).collect();
    let counts = viewer.shelf_counts(&ids).await?;
    let words = Words { directory: &directory, now: viewer.now(), zone: viewer.time_zone() };
    let shell = Shell::new(&viewer, format!("Shelves of {}", place.name));
    let counted: Vec<_> = shelves.into_iter().zip(counts).collect();
    let page = shelves_page(shell, &words, place, &counted, Part { goes_on: from.after.is_some(), more });
    Ok(render(&page))
}

/// Every shelf in a place, bay by bay, in the order in which people count.
pub fn shelves_in(directory: &Directory, place: PlaceId) -> Vec<&Place> {
    let is_shelf = |shelf: &&Place| shelf.kind == PlaceKind::Shelf && shelf.id != place;
    let mut shelves: Vec<_> =
        directory.places().filter(is_shelf).filter(|shelf| directory.is_within(shelf.id, place)).collect();
    let bay =
        |shelf: &Place| shelf.parent.and_then(|bay| directory.place(bay)).map_or("", |bay| bay.code.as_str());
    shelves.sort_by(|one, other| natural(bay(one), bay(other)).then_with(|| by_code(one, other)));
    shelves
}

/// The shelves after the one with this code, a page of them, and whether there are more.
fn part<'a>(mut shelves: Vec<&'a Place>, after: Option<&str>) -> (Vec<&'a Place>, bool) {
    let is_after = |code: &str| shelves.iter().position(|shelf| shelf.code.as_str() == code);
    let start = after.and_then(is_after).map_or(0, |at| at + 1);
    shelves.drain(..start);
    let more = shelves.len() > SHELVES;
    shelves.truncate(SHELVES);
    (shelves, more)
}

/// Where among the shelves a page stands.
#[derive(Clone, Copy)]
pub struct Part {
    /// It is not the first page.
    pub goes_on: bool,
    /// There are more shelves after it.
    pub more: bool,
}

/// The page from what is known.
pub fn shelves_page(
    shell: Shell,
    words: &Words<'_>,
    library: &Place,
    counted: &[(&Place, ShelfCount)],
    part: Part,
) -> ShelvesPage {
    let url = urls::place(library.code.as_str());
    let map = format!("{url}/shelves");
    let last = counted.last().filter(|_| part.more);
    ShelvesPage {
        shell,
        name: library.name.clone(),
        url,
        summary: summary(counted),
        bays: bays(words.directory, library, counted),
        more: last
            .map(|(shelf, _)| format!("{map}?after={}", urls::segment(shelf.code.as_str())))
            .into_iter()
            .collect(),
        first: part.goes_on.then_some(map).into_iter().collect(),
    }
}

fn summary(counted: &[(&Place, ShelfCount)]) -> String {
    let sum = |part: fn(&ShelfCount) -> u32| {
        counted.iter().map(|(_, count)| part(count)).fold(0_u32, u32::saturating_add)
    };
    let (belongs, there, strangers) = (sum(|c| c.belongs), sum(|c| c.there), sum(|c| c.strangers));
    let out = belongs.saturating_sub(there);
    format!(
        "{} of the {} folders that belong on these {} shelves are there by the log, {} are out; \
         {} that belong elsewhere stand among them.",
        number(there),
        number(belongs),
        counted.len(),
        number(out),
        number(strangers),
    )
}

fn bays(directory: &Directory, library: &Place, counted: &[(&Place, ShelfCount)]) -> Vec<Bay> {
    let mut found = Vec::new();
    for bay in counted.chunk_by(|(one, _), (other, _)| one.parent == other.parent) {
        let parent = bay.first().and_then(|(shelf, _)| directory.place(shelf.parent?));
        match parent.filter(|parent| parent.id != library.id) {
            Some(parent) => found.push(drawn(&parent.name, bay)),
            None => found.extend(bay.chunks(ROW).map(|row| drawn(&from_to(row), row))),
        }
    }
    found
}

/// `Shelf 1 to Shelf 10`.
fn from_to(row: &[(&Place, ShelfCount)]) -> String {
    match row {
        [] => String::new(),
        [(only, _)] => only.name.clone(),
        [(first, _), .., (last, _)] => format!("{} to {}", first.name, last.name),
    }
}

fn drawn(bay: &str, shelves: &[(&Place, ShelfCount)]) -> Bay {
    Bay {
        name: bay.to_owned(),
        shelves: shelves.iter().map(|(shelf, count)| shelf_box(bay, shelf, *count)).collect(),
    }
}

fn shelf_box(bay: &str, shelf: &Place, count: ShelfCount) -> Shelf {
    let out = count.belongs.saturating_sub(count.there);
    let share = u64::from(BAR) * u64::from(count.there) / u64::from(count.belongs.max(1));
    let fill = u32::try_from(share).unwrap_or(BAR);
    let stray = (count.strangers > 0).then(|| format!("{} stray", count.strangers));
    let missed = (out > 0).then(|| format!("{out} out"));
    let astray: Vec<_> = missed.into_iter().chain(stray).collect();
    Shelf {
        url: urls::place(shelf.code.as_str()),
        name: shelf.name.clone(),
        code: cut(shelf.code.as_str()),
        bay: bay.to_owned(),
        title: format!(
            "{}: {} of {} that belong here are here, {out} are out, {} belong elsewhere",
            shelf.name, count.there, count.belongs, count.strangers
        ),
        full: if count.belongs == 0 {
            "none belong".to_owned()
        } else {
            format!("{} of {}", count.there, count.belongs)
        },
        astray: astray.join(", "),
        count,
        out,
        fill,
        gap_from: BAR_FROM + fill,
        gap: if count.belongs == 0 { 0 } else { BAR - fill },
    }
}

fn cut(code: &str) -> String {
    match code.char_indices().nth(BOX_CODE) {
        Some((at, _)) => format!("{}…", code.split_at_checked(at).map_or(code, |(start, _)| start)),
        None => code.to_owned(),
    }
}
