//! What has turned up at another desk: told at the desks of the library where it is at home, and where it is waited for.

use super::shown::Panel;
use crate::clock::SECOND_US;
use crate::desk::DeskSetup;
use crate::domain::PlaceId;
use crate::domain::casenote::VolumeBrief;
use crate::domain::directory::Directory;
use crate::domain::search::{Quiet, Seen};
use crate::store::{Page, Register, SearchFilter, SearchLine};
use crate::web::auth::Clerk;
use crate::web::error::Failure;
use crate::web::{sign, when};

/// Newest searches of which it is asked where they were that are looked through for one desk: a busy morning's.
const LOOKED_AT: usize = 50;
/// Most that one desk is told of: what is more is on the page of searches.
const MOST: usize = 5;
/// Characters of a number that are shown: as many as on a line beside the pile.
const LAST: usize = 4;
/// A desk is told for so long, unless somebody says sooner where it was.
const RINGS_FOR_US: i64 = 4 * 3_600 * SECOND_US;

/// A folder that has turned up.
#[derive(Clone)]
pub struct Rung {
    /// The search, by which a page knows which ones it has sounded for.
    pub search: String,
    /// Where it turned up, and who waits for it.
    pub panel: Vec<Panel>,
}

/// What has turned up and concerns this desk, the newest first.
pub async fn at(clerk: &Clerk, setup: &DeskSetup) -> Result<Vec<Rung>, Failure> {
    let Some(here) = clerk.directory().place_by_code(&setup.place).map(|place| place.id) else {
        return Ok(Vec::new());
    };
    let filter = SearchFilter { register: Register::Asked, quiet: Some(Quiet::Loud) };
    let page = Page { after: None, limit: LOOKED_AT };
    let found = clerk.store().searches(clerk.trust(), filter, page).await?;
    let rings = found.items.iter().filter_map(|line| rung(clerk, here, line));
    Ok(rings.take(MOST).collect())
}

fn rung(clerk: &Clerk, here: PlaceId, line: &SearchLine) -> Option<Rung> {
    let directory = &*clerk.directory();
    let seen = line.search.seen?;
    if clerk.now().micros_since(seen.at) > RINGS_FOR_US || !concerns(directory, here, line, &seen) {
        return None;
    }
    let since = when::time(seen.at, clerk.now(), clerk.time_zone());
    let panel = Panel {
        sign: sign::LOOK,
        title: title(&line.volume.brief, &named(directory, seen.place)),
        detail: detail(directory, line.search.asker(), &since),
    };
    Some(Rung { search: line.search.id.to_string(), panel: vec![panel] })
}

/// Whether a desk that stands `here` is told: it stands in the folder's library, or where somebody waits for it. The
/// desk that scanned it knows.
fn concerns(directory: &Directory, here: PlaceId, line: &SearchLine, seen: &Seen) -> bool {
    let library = line.volume.home.and_then(|home| directory.library_of(home));
    let told = library.is_some() && directory.library_of(here) == library;
    let waits = line.search.asker().is_some_and(|asker| directory.is_within(here, asker));
    (told || waits) && seen.place != here
}

/// `…3401 vol 2 has turned up at Ward 7 (2345)`: the page stands open, and names no whole number.
fn title(brief: &VolumeBrief, at: &str) -> String {
    let number = brief.number.as_str();
    let skipped = number.chars().count().saturating_sub(LAST);
    let last: String = number.chars().skip(skipped).collect();
    format!("…{last} vol {} has turned up at {at}", brief.volume)
}

fn detail(directory: &Directory, asker: Option<PlaceId>, since: &str) -> String {
    match asker {
        Some(asker) => format!("{} waits for it. Since {since}.", named(directory, asker)),
        None => format!("It was searched for. Since {since}."),
    }
}

fn named(directory: &Directory, place: PlaceId) -> String {
    let name = directory.name(place);
    directory.phone(place).map_or_else(|| name.to_owned(), |phone| format!("{name} ({phone})"))
}
