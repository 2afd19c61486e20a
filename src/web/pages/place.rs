//! `GET /places/{code}`: what is at a place, on its way there or away from it, by what needs doing.

mod contents;
mod head;
mod lists;

use askama::Template;
use axum::extract::Path;
use axum::response::Response;
use serde::Deserialize;

use super::Shell;
use super::desk::new_id;
use super::searches::not_there::{may_be_missed, searched_on};
use super::whereabouts::{Line, Words, brief_mark, folder_title, look, patient_name};
use crate::desk::Aside;
use crate::domain::PlaceId;
use crate::domain::directory::Directory;
use crate::domain::place::{Place, PlaceKind};
use crate::store::{Beginning, ContainerRecord, Entry, Listing, Page, PlaceList, TakenOut, VolumeRecord};
use crate::web::api::Query;
use crate::web::api::places::place_named;
use crate::web::auth::Clerk;
use crate::web::error::{Failure, render};
use crate::web::urls;

pub use head::{Child, Head, head};
pub use lists::{Section, list_named};

/// Entries of each list on the page of a place: enough to begin with; the list's own page has them all.
const FIRST: usize = 20;
/// Entries on one page of a list.
const ENTRIES: usize = 100;
/// Places beneath this one that are shown with their counts: more are in the tree, and shelves on the map.
const CHILDREN: usize = 100;
/// Sessions of one desk that are asked what they have put aside: more scanners than stand at a desk.
const SESSIONS: usize = 8;

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "place.html")]
pub struct PlacePage {
    shell: Shell,
    head: Head,
    /// Where it is: a container moves.
    line: Vec<Line>,
    /// What was packed, what is left.
    summary: Vec<String>,
    /// An id for the form around each list.
    form: String,
    sections: Vec<Section>,
    /// Said where there is none.
    nothing: &'static str,
    children: Vec<Child>,
    /// The tree, where not all of them are shown.
    more_children: Vec<&'static str>,
}

/// The page of one list.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "place_list.html")]
pub struct ListPage {
    shell: Shell,
    head: Head,
    title: &'static str,
    /// An id for the form around the list.
    form: String,
    folders: Vec<Folder>,
    /// Why there are none.
    none: String,
    /// The beginning of the list, from a later page.
    first: Vec<String>,
    more: Vec<String>,
}

/// One folder of a list, or a container.
#[derive(Clone, PartialEq, Eq, Debug)]
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
    /// Since when, and how long that is.
    pub since: String,
    /// Where it is told that it is not there; none where nobody stands before its place, or it is searched for.
    pub not_there: Option<String>,
    /// The search for it.
    pub search: Option<String>,
}

/// Which list of the place is wanted, and from where on.
#[derive(Deserialize)]
pub struct Which {
    list: Option<String>,
    after: Option<String>,
}

/// Everything that a place's page shows.
#[derive(Default)]
pub struct Known {
    /// Its lists.
    pub beginnings: Vec<Beginning>,
    /// What its desks have put aside: the desk, and what.
    pub aside: Vec<(String, Aside)>,
    /// The container, and what was taken out of it.
    pub container: Option<(ContainerRecord, Vec<TakenOut>)>,
    /// The places beneath it, with how many folders are there.
    pub children: Vec<Child>,
    /// How many more places are beneath it.
    pub more_children: usize,
}

/// The page of one place, or of one of its lists.
pub async fn get(
    clerk: Clerk,
    Path(code): Path<String>,
    Query(which): Query<Which>,
) -> Result<Response, Failure> {
    let place = place_named(&clerk, &code)?;
    let directory = clerk.directory();
    let place = directory.place(place).ok_or(Failure::NoSuchPage)?;
    let words = Words { directory: &directory, now: clerk.now(), zone: clerk.time_zone() };
    let shell = Shell::new(&clerk, place.name.as_str());
    let head = head(&words, place, clerk.setups());
    let Some(list) = which.list.as_deref() else {
        let known = known(&clerk, &directory, place).await?;
        return Ok(render(&place_page(shell, head, &words, place, &known)));
    };
    let list = list_named(list)?;
    let page = Page { after: which.after.clone(), limit: ENTRIES };
    let listing = clerk.store().place_list(clerk.trust(), place.id, list, page).await?;
    Ok(render(&list_page(shell, head, &words, list, &listing, which.after.is_some())))
}

async fn known(clerk: &Clerk, directory: &Directory, place: &Place) -> Result<Known, Failure> {
    let (store, trust) = (clerk.store(), clerk.trust());
    let lists = lists::of(place.kind);
    let container =
        if place.kind == PlaceKind::Container { Some(store.container(trust, place.id).await?) } else { None };
    let (beneath, more_children) = head::beneath(directory, place.id, CHILDREN);
    let ids: Vec<PlaceId> = beneath.iter().map(|child| child.id).collect();
    let counts = store.counts_at(trust, ids).await?;
    let children = beneath.into_iter().zip(counts).map(|(child, count)| head::child(child, count));
    Ok(Known {
        beginnings: store.place_beginnings(trust, place.id, lists, FIRST).await?,
        aside: put_aside(clerk, place).await,
        container,
        children: children.collect(),
        more_children,
    })
}

/// What the desks that stand at this place have put aside. A session that does not answer has nothing to tell.
async fn put_aside(clerk: &Clerk, place: &Place) -> Vec<(String, Aside)> {
    let mut found = Vec::new();
    for setup in clerk.setups().iter().filter(|setup| setup.place == place.code) {
        for session in clerk.sessions(&setup.code).into_iter().take(SESSIONS) {
            let view = clerk.glance(&setup.code, &session).await;
            let aside = view.map(|view| view.aside).unwrap_or_default();
            found.extend(aside.into_iter().map(|aside| (setup.code.to_string(), aside)));
        }
    }
    found
}

/// The page from what is known.
pub fn place_page(shell: Shell, head: Head, words: &Words<'_>, place: &Place, known: &Known) -> PlacePage {
    let container = known.container.as_ref();
    let mut sections = lists::sections(words, &head.url, known);
    sections.extend(container.and_then(|(_, taken)| contents::taken_out(words, taken)));
    PlacePage {
        shell,
        form: new_id(words.now).to_string(),
        line: container.map(|(record, _)| words.line_of_container(record)).into_iter().collect(),
        summary: container
            .map(|(record, taken)| contents::summary(words, record, taken))
            .into_iter()
            .collect(),
        nothing: match (sections.is_empty(), container) {
            (true, None) => "Nothing here, on the way here or sent from here, by the log.",
            (true, Some(_)) | (false, _) => "",
        },
        sections,
        children: known.children.clone(),
        more_children: (known.more_children > 0).then_some("/places").into_iter().collect(),
        head: Head { is_container: place.kind == PlaceKind::Container, ..head },
    }
}

/// A page of one list.
pub fn list_page(
    shell: Shell,
    head: Head,
    words: &Words<'_>,
    list: PlaceList,
    listing: &Listing<Entry>,
    goes_on: bool,
) -> ListPage {
    let url = lists::url(&head.url, list);
    let none = match listing.next {
        Some(_) => "None among those that were looked at. Go on.",
        None => "Nothing, by the log.",
    };
    ListPage {
        shell,
        form: new_id(words.now).to_string(),
        title: lists::title(list),
        folders: listing.items.iter().map(|item| lists::row(words, list, item)).collect(),
        none: none.to_owned(),
        more: listing.next.iter().map(|after| format!("{url}&after={}", urls::segment(after))).collect(),
        first: goes_on.then_some(url).into_iter().collect(),
        head,
    }
}

/// One entry as lists show it.
pub fn entry(words: &Words<'_>, entry: &Entry) -> Folder {
    match entry {
        Entry::Volume(record) => folder(words, record),
        Entry::Container(record) => container(words, record),
    }
}

/// One volume as lists show it.
pub fn folder(words: &Words<'_>, record: &VolumeRecord) -> Folder {
    let (class, _, _) = look(&record.present);
    Folder {
        url: urls::volume(record.brief.barcode.as_str()),
        title: folder_title(&record.brief),
        patient: record.patient.as_ref().map(patient_name).unwrap_or_default(),
        words: words.short(&record.present, record.via),
        class,
        mark: brief_mark(&record.present),
        since: record.present.since.map(|at| words.since_how_long(at)).unwrap_or_default(),
        not_there: may_be_missed(record),
        search: searched_on(record),
    }
}

fn container(words: &Words<'_>, record: &ContainerRecord) -> Folder {
    let (class, _, _) = look(&record.present);
    let code = words.directory.place(record.id).map(|place| place.code.to_string()).unwrap_or_default();
    let holds = match record.holds {
        0 => "empty, by the log".to_owned(),
        holds => format!("{holds} in it, by the log"),
    };
    Folder {
        url: urls::place(&code),
        title: words.name(Some(record.id)).to_owned(),
        patient: holds,
        words: words.short(&record.present, record.present.container),
        class,
        mark: brief_mark(&record.present),
        since: record.present.since.map(|at| words.since_how_long(at)).unwrap_or_default(),
        not_there: None,
        search: None,
    }
}
