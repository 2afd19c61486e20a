//! What has turned up at another desk: told at the desks of the library where it is at home, and where it is waited for.

use super::shown::Panel;
use crate::clock::SECOND_US;
use crate::desk::DeskSetup;
use crate::domain::PlaceId;
use crate::domain::casenote::VolumeBrief;
use crate::domain::directory::Directory;
use crate::store::SearchLine;
use crate::web::auth::Clerk;
use crate::web::error::Failure;
use crate::web::{sign, when};

/// Most that have turned up lately that are looked through for one desk: a busy morning's.
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
    let since = clerk.now().plus_micros(-RINGS_FOR_US);
    let found = clerk.store().turned_up_since(clerk.trust(), since, LOOKED_AT).await?;
    let rings = found.iter().filter_map(|line| rung(clerk, here, line));
    Ok(rings.take(MOST).collect())
}

fn rung(clerk: &Clerk, here: PlaceId, line: &SearchLine) -> Option<Rung> {
    let directory = &*clerk.directory();
    let seen = line.search.seen?;
    let (home, asker) = (line.volume.home, line.search.asker());
    if !concerns(directory, here, home, asker, seen.place) {
        return None;
    }
    let since = when::time(seen.at, clerk.now(), clerk.time_zone());
    let panel = Panel {
        sign: sign::LOOK,
        title: title(&line.volume.brief, &named(directory, seen.place)),
        detail: detail(directory, asker, &since),
    };
    Some(Rung { search: line.search.id.to_string(), panel: vec![panel] })
}

/// Whether a desk that stands `here` is told: it stands in the folder's library, or where somebody waits for it. The
/// desk that scanned it knows.
fn concerns(
    directory: &Directory,
    here: PlaceId,
    home: Option<PlaceId>,
    asker: Option<PlaceId>,
    seen: PlaceId,
) -> bool {
    let library = home.and_then(|home| directory.library_of(home));
    let told = library.is_some() && directory.library_of(here) == library;
    let waits = asker.is_some_and(|asker| directory.is_within(here, asker));
    (told || waits) && seen != here
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::place::{Place, PlaceKind};

    #[test]
    fn the_library_of_the_folder_and_whoever_waits_are_told_and_the_desk_that_scanned_it_is_not() {
        let place = |key, name: &str, kind, parent| Place {
            name: name.to_owned(),
            phone: (key == 3).then(|| "2345".to_owned()),
            ..Place::plain(key, &name.replace(' ', ""), kind, parent)
        };
        let directory = Directory::new(
            [
                place(1, "Library", PlaceKind::Library, None),
                place(2, "S12", PlaceKind::Shelf, Some(1)),
                place(3, "Clinic 5", PlaceKind::Clinic, None),
                place(4, "Ward 7", PlaceKind::Ward, None),
            ],
            [],
            [],
        );
        let told = |here, asker: Option<i64>, seen| {
            let (here, seen) = (PlaceId::new(here), PlaceId::new(seen));
            concerns(&directory, here, Some(PlaceId::new(2)), asker.map(PlaceId::new), seen)
        };
        assert!(told(1, None, 4), "its library");
        assert!(told(3, Some(3), 4), "where it is waited for");
        assert!(!told(3, None, 4), "any other desk");
        assert!(!told(1, Some(3), 1), "the desk that scanned it knows");
        assert_eq!(
            detail(&directory, Some(PlaceId::new(3)), "10:42"),
            "Clinic 5 (2345) waits for it. Since 10:42."
        );
    }
}
