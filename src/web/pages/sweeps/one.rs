//! `GET /sweeps/{id}`: what a sweep has shown; `POST`: what was swept is judged, or a room is called whole.

use askama::Template;
use axum::Form;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use uuid::Uuid;

use super::super::desk::new_id;
use super::super::place::{Folder, folder};
use super::super::questions::said::{Said, said};
use super::super::whereabouts::{Words, folder_title};
use super::last;
use crate::domain::command::Act;
use crate::domain::sweep::{Ending, GOES_ON_US, Ground, MAX_SEARCHES, Part};
use crate::domain::{ScanId, SweepId};
use crate::store::sweeps::{Newest, SweepRecord};
use crate::web::acts::{PageAct, whose_badge};
use crate::web::api::Query;
use crate::web::auth::Searcher;
use crate::web::error::{Failure, render};
use crate::web::figures::counted;
use crate::web::pages::Shell;
use crate::web::urls;

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "sweep.html")]
pub struct SweepPage {
    shell: Shell,
    said: Vec<Said>,
    name: String,
    place: String,
    facts: Vec<String>,
    counts: Vec<Count>,
    sections: Vec<Section>,
    unknown: Vec<String>,
    /// What was not swept, and therefore not missed.
    outside: Vec<String>,
    forms: Vec<Judging>,
}

/// A figure with its word.
struct Count {
    figure: usize,
    says: &'static str,
    anchor: &'static str,
}

/// Folders of one kind.
struct Section {
    id: &'static str,
    title: &'static str,
    says: &'static str,
    rows: Vec<Row>,
}

/// One folder, and what is to be known of it.
struct Row {
    folder: Folder,
    note: String,
}

/// What somebody may say of the sweep.
struct Judging {
    id: String,
    step: &'static str,
    says: String,
    button: &'static str,
}

/// What came of the act before.
#[derive(Deserialize)]
pub struct After {
    said: Option<Uuid>,
}

/// What a form says.
#[derive(Deserialize)]
pub struct Posting {
    id: Uuid,
    step: Step,
    badge: String,
}

/// What is judged.
#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Step {
    /// What was swept.
    Swept,
    /// It was the whole room.
    Whole,
}

/// One sweep.
pub async fn get(
    searcher: Searcher,
    Path(id): Path<Uuid>,
    Query(after): Query<After>,
) -> Result<Response, Failure> {
    let record = sweep_named(&searcher, id).await?;
    let act = match after.said {
        Some(id) => searcher.store().scan(searcher.trust(), ScanId::new(id)).await?,
        None => None,
    };
    let directory = searcher.directory();
    let words = Words { directory: &directory, now: searcher.now(), zone: searcher.time_zone() };
    let said = act.and_then(|act| said(&words, &act));
    let name = directory.name(record.line.place);
    Ok(render(&sweep_page(Shell::new(&searcher, format!("Sweep of {name}")), &words, &record, said)))
}

/// Judges, and goes back to the sweep.
pub async fn post(
    searcher: Searcher,
    Path(id): Path<Uuid>,
    Form(posting): Form<Posting>,
) -> Result<Response, Failure> {
    let record = sweep_named(&searcher, id).await?;
    let (part, text) = match posting.step {
        Step::Swept => (Part::Swept, "what was swept"),
        Step::Whole => (Part::Whole, "the whole room"),
    };
    let person = whose_badge(&posting.badge, &searcher.directory());
    let place = record.line.place;
    let ending = Ending { place, filing: searcher.filings().at(&searcher.directory(), place), part };
    if record.newest == Newest::Yes {
        let text = format!("sweep {id}: {text}");
        searcher.act(PageAct { id: posting.id, person, text, act: Act::EndSweep(ending) }).await?;
    }
    let back = urls::sweep(record.line.id);
    Ok(Redirect::to(&format!("{back}?said={}", posting.id)).into_response())
}

async fn sweep_named(searcher: &Searcher, id: Uuid) -> Result<SweepRecord, Failure> {
    let found =
        searcher.store().sweep(searcher.trust(), SweepId::new(id), searcher.filings().clone()).await?;
    found.ok_or(Failure::NoSuch { what: "sweep", name: String::new() })
}

/// The page from what is known.
pub fn sweep_page(shell: Shell, words: &Words<'_>, record: &SweepRecord, said: Option<Said>) -> SweepPage {
    let place = words.directory.place(record.line.place);
    let people: Vec<_> = record.people.iter().filter_map(|person| words.person(Some(*person))).collect();
    let by = (!people.is_empty()).then(|| format!("by {}", people.join(", ")));
    let began = format!("began {}", words.when(record.line.at));
    let last = format!("last scan {}", last(words, &record.line));
    SweepPage {
        shell,
        said: said.into_iter().collect(),
        name: words.name(Some(record.line.place)).to_owned(),
        place: place.map(|place| urls::place(place.code.as_str())).unwrap_or_default(),
        facts: [Some(began), Some(last), by].into_iter().flatten().collect(),
        counts: counts(record),
        sections: sections(words, record),
        unknown: unknown(words, record),
        outside: outside(record).into_iter().collect(),
        forms: forms(words, record),
    }
}

fn counts(record: &SweepRecord) -> Vec<Count> {
    let tally = record.tally;
    vec![
        Count { figure: tally.expected, says: "expected", anchor: "#sweep" },
        Count { figure: tally.seen, says: "seen", anchor: "#sweep" },
        Count { figure: tally.elsewhere, says: "of them from elsewhere", anchor: "#elsewhere" },
        Count { figure: tally.missed, says: "not seen", anchor: "#missed" },
        Count { figure: record.out_of_order.len(), says: "out of order", anchor: "#order" },
        Count { figure: tally.unknown, says: "unknown labels", anchor: "#unknown" },
    ]
}

fn sections(words: &Words<'_>, record: &SweepRecord) -> Vec<Section> {
    let missed = record.missed.iter().map(|missed| Row {
        folder: folder(words, missed),
        note: missed.search.as_ref().map(|_| "a search is open".to_owned()).unwrap_or_default(),
    });
    let elsewhere = record.elsewhere.iter().map(|other| {
        let was =
            other.was.map_or("not known anywhere".to_owned(), |was| format!("at {}", words.name(Some(was))));
        Row { folder: folder(words, &other.folder), note: format!("by the log it was {was}") }
    });
    let order = record.out_of_order.iter().map(|stray| {
        let name = |other: &Option<crate::store::VolumeRecord>| {
            other.as_ref().map_or("the beginning".to_owned(), |other| folder_title(&other.brief))
        };
        let note =
            format!("stands after {}, belongs after {}", name(&stray.after), name(&stray.belongs_after));
        Row { folder: folder(words, &stray.folder), note }
    });
    let all = [
        (
            "missed",
            "Should be here, and was not seen",
            "Where the log still has them here. A scan of one anywhere takes it off this list.",
            missed.collect::<Vec<_>>(),
        ),
        ("order", "Stands out of order", "Take them out and put them where they belong.", order.collect()),
        ("elsewhere", "Seen here, by the log elsewhere", "They are here now.", elsewhere.collect()),
    ];
    all.into_iter()
        .filter(|(.., rows)| !rows.is_empty())
        .map(|(id, title, says, rows)| Section { id, title, says, rows })
        .collect()
}

fn unknown(words: &Words<'_>, record: &SweepRecord) -> Vec<String> {
    let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "no longer kept".to_owned());
    record.unknown.iter().map(|label| format!("{}, {}", text(&label.text), words.when(label.at))).collect()
}

/// What of the place says nothing: a partial sweep accuses nothing outside what was swept.
fn outside(record: &SweepRecord) -> Option<String> {
    let count = (record.outside > 0).then(|| counted(record.outside, "folder", "folders"))?;
    Some(match record.ground {
        Ground::Shelf => {
            format!("{count} expected outside the part that was swept: nothing is said of them.")
        }
        Ground::Room => {
            format!("{count} expected and not seen yet. Nothing is said of them until it was the whole room.")
        }
    })
}

fn forms(words: &Words<'_>, record: &SweepRecord) -> Vec<Judging> {
    let goes_on = words.now.micros_since(record.line.last_at) <= GOES_ON_US;
    if record.newest == Newest::No || !goes_on {
        return Vec::new();
    }
    let form = |step, says, button| Judging { id: new_id(words.now).to_string(), step, says, button };
    let room = record.ground == Ground::Room && record.part != Part::Whole && record.outside > 0;
    let whole = room.then(|| {
        let folders = counted(record.outside, "folder that was", "folders that were");
        form(
            "whole",
            format!("Was that the whole room? Then a search is opened for the {folders} not seen."),
            "It was the whole room",
        )
    });
    let swept = (record.to_search > 0).then(|| {
        let folders = counted(record.to_search.min(MAX_SEARCHES), "folder", "folders");
        form(
            "swept",
            format!("{folders} of the swept part not seen, and not searched for yet."),
            "Search for them",
        )
    });
    whole.into_iter().chain(swept).collect()
}
