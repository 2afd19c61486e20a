//! `GET /find?scan=`: the exact look-up of something scanned. It finds what the text names, or says that it names
//! nothing; it never searches, and it moves nothing.

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};

use super::Shell;
use super::desk::new_id;
use super::people::{Names, PersonHit, person_hits};
use super::whereabouts::Words;
use crate::desk::DeskSetup;
use crate::domain::barcode::{Code, Entry, read};
use crate::domain::casenote::MAX_LABEL_LEN;
use crate::domain::command::{Sought, Thing};
use crate::store::{Named, Person};
use crate::web::api::scans::bare;
use crate::web::auth::Viewer;
use crate::web::error::{Failure, render};
use crate::web::urls;

/// The page where a scan leads to no page of its own.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "scanned.html")]
pub struct ScannedPage {
    shell: Shell,
    /// The id of what is told on it; sent twice, it counts once.
    form: String,
    title: String,
    advice: &'static str,
    /// What was read, where nothing is known of it.
    read: Vec<String>,
    people: Vec<PersonHit>,
    desks: Vec<DeskLink>,
}

/// A desk at which something can be scanned.
struct DeskLink {
    url: String,
    code: String,
    place: String,
}

/// What a scan means on a page that moves nothing.
pub enum Meaning {
    /// It belongs to a desk: a badge or a card.
    ForADesk(&'static str),
    /// It cannot be used; the title says why, the advice what to do.
    Unusable(&'static str, &'static str),
    /// It has the form of a label, and nobody knows it.
    Unknown,
    /// Several folders have it.
    Folders(Vec<Person>),
    /// It names patients.
    Patients(Vec<Person>),
}

/// Goes to what was scanned, or says what it is.
pub async fn look_up(viewer: &Viewer, scan: &str) -> Result<Response, Failure> {
    let (aim, text) = bare(scan);
    let directory = viewer.directory();
    let meaning = match read(text, aim, Entry::Scanned, viewer.label_rules(), &directory) {
        Code::Place(id) | Code::Container(id) => {
            let code = directory.place(id).map_or("", |place| place.code.as_str());
            return Ok(Redirect::to(&urls::place(code)).into_response());
        }
        Code::Staff(_) => Meaning::ForADesk("This is a badge"),
        Code::Card(_) => Meaning::ForADesk("This is a card for the desk"),
        Code::Unusable(reason) => Meaning::Unusable(reason.says(), reason.next_step()),
        Code::Folder(folder) => match named(viewer, Sought::Thing(Thing::Label(folder))).await? {
            Named::Folder(label) => return Ok(Redirect::to(&urls::volume(label.as_str())).into_response()),
            other @ (Named::Nothing | Named::Folders(_) | Named::Patients(_)) => meaning(other),
        },
        Code::Patient(code) => meaning(named(viewer, Sought::Patient(code)).await?),
    };
    let words = Words { directory: &directory, now: viewer.now(), zone: viewer.time_zone() };
    Ok(render(&scanned_page(Shell::new(viewer, "Scanned"), &words, text, &meaning, viewer.setups())))
}

async fn named(viewer: &Viewer, sought: Sought) -> Result<Named, Failure> {
    Ok(viewer.store().named(viewer.trust(), &sought).await?)
}

fn meaning(named: Named) -> Meaning {
    match named {
        Named::Nothing | Named::Folder(_) => Meaning::Unknown,
        Named::Folders(people) => Meaning::Folders(people),
        Named::Patients(people) => Meaning::Patients(people),
    }
}

/// The page from what the scan means.
pub fn scanned_page(
    shell: Shell,
    words: &Words<'_>,
    text: &str,
    meaning: &Meaning,
    setups: &[DeskSetup],
) -> ScannedPage {
    let page = |title: &str, advice: &'static str| ScannedPage {
        shell,
        form: new_id(words.now).to_string(),
        title: title.to_owned(),
        advice,
        read: Vec::new(),
        people: Vec::new(),
        desks: Vec::new(),
    };
    match meaning {
        Meaning::ForADesk(what) => {
            let desks = setups.iter().map(|setup| desk_link(words, setup)).collect();
            ScannedPage { desks, ..page(what, "This page moves nothing. Scan it at a desk page.") }
        }
        Meaning::Unusable(says, next) => ScannedPage { read: shown(text), ..page(says, next) },
        Meaning::Unknown => ScannedPage {
            read: shown(text),
            ..page(
                "Nothing here has this label",
                "It was looked up exactly as it was read. Try its number or the patient's name below.",
            )
        },
        Meaning::Folders(people) => ScannedPage {
            people: hits(words, people),
            ..page("Which of these folders?", "The label does not say which volume it is: look at the cover.")
        },
        Meaning::Patients(people) if people.len() == 1 => ScannedPage {
            people: hits(words, people),
            ..page("One patient", "All their folders, and where they are. Nothing was moved.")
        },
        Meaning::Patients(people) => ScannedPage {
            people: hits(words, people),
            ..page("More than one patient has this number", "Look at the name and the birth date.")
        },
    }
}

fn hits(words: &Words<'_>, people: &[Person]) -> Vec<PersonHit> {
    person_hits(words, &Names::of(people.iter()), people)
}

/// What was read, as far as it can be shown.
fn shown(text: &str) -> Vec<String> {
    let seen: String = text.chars().filter(|c| !c.is_control()).take(MAX_LABEL_LEN).collect();
    (!seen.is_empty()).then_some(seen).into_iter().collect()
}

fn desk_link(words: &Words<'_>, setup: &DeskSetup) -> DeskLink {
    let place = words.directory.place_by_code(&setup.place);
    DeskLink {
        url: urls::desk(setup.code.as_str()),
        code: setup.code.to_string(),
        place: place.map_or_else(|| setup.place.to_string(), |place| place.name.clone()),
    }
}
