//! `GET /volumes/{barcode}`: where one folder is, its other volumes, its history.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;

use super::Shell;
use super::whereabouts::{Line, Words, brief_mark, gone, look};
use crate::clock::MINUTE_US;
use crate::domain::movement::{Change, How};
use crate::store::{MovementRecord, Page, VolumeRecord};
use crate::web::api::{Query, Wanted, shape, volume_named};
use crate::web::auth::Viewer;
use crate::web::error::{Failure, render};
use crate::web::{urls, when};

/// Movements on one page of the history.
const HISTORY: usize = 50;
/// A movement learnt so long after it happened is marked as late.
const LATE_AFTER_US: i64 = 5 * MINUTE_US;

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "volume.html")]
pub struct VolumePage {
    shell: Shell,
    /// The address of its live stream.
    live: String,
    barcode: String,
    title: String,
    kind: String,
    line: Line,
    warnings: Vec<String>,
    /// Where its question is settled.
    settle: Vec<String>,
    patient: Vec<String>,
    home: Vec<String>,
    siblings: Vec<Sibling>,
    set: String,
    history: Vec<Step>,
    older: Vec<String>,
}

/// Another volume of the casenote.
struct Sibling {
    url: String,
    title: String,
    words: String,
    class: &'static str,
    mark: &'static str,
}

/// One line of the history.
struct Step {
    undone: bool,
    when: String,
    what: String,
    by: String,
    how: &'static str,
    marks: Vec<String>,
}

/// The page of one volume.
pub async fn get(
    viewer: Viewer,
    Path(barcode): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Failure> {
    let record = volume_named(&viewer, &barcode).await?;
    let page = Page { limit: HISTORY, ..wanted.page()? };
    let history = viewer.store().movements(viewer.trust(), record.brief.id, page).await?;
    let directory = viewer.directory();
    let words = Words { directory: &directory, now: viewer.now(), zone: viewer.time_zone() };
    let shell = Shell::new(&viewer, title(&record));
    Ok(render(&volume_page(shell, &words, &record, &history.items, history.next)))
}

fn title(record: &VolumeRecord) -> String {
    format!("{} volume {}", record.brief.number, record.brief.volume)
}

/// The page from what is known.
pub fn volume_page(
    shell: Shell,
    words: &Words<'_>,
    record: &VolumeRecord,
    history: &[MovementRecord],
    next: Option<String>,
) -> VolumePage {
    let barcode = record.brief.barcode.to_string();
    let url = urls::volume(&barcode);
    VolumePage {
        shell,
        live: format!("/api/v1/live?volume={}", urls::segment(&barcode)),
        title: title(record),
        kind: record.brief.kind.word().replace('-', " "),
        line: words.line(record),
        warnings: warnings(words, record),
        settle: shape::question(words.directory, record)
            .map(|asked| urls::question(&asked.id))
            .into_iter()
            .collect(),
        patient: patient(record),
        home: record.home.map(|home| words.name(Some(home)).to_owned()).into_iter().collect(),
        siblings: record.siblings.iter().map(|sibling| other_volume(words, sibling)).collect(),
        set: set(record),
        history: history.iter().map(|movement| step(words, movement)).collect(),
        older: next.map(|after| format!("{url}?after={}", urls::segment(&after))).into_iter().collect(),
        barcode,
    }
}

fn warnings(words: &Words<'_>, record: &VolumeRecord) -> Vec<String> {
    let hold = record.hold.as_ref().map(|why| format!("On hold: it may not leave. {why}"));
    let restricted = record.restricted.then(|| "Restricted: only named people may send it on.".to_owned());
    let question =
        shape::question(words.directory, record).map(|question| format!("Question: {}", question.text));
    [question, hold, restricted].into_iter().flatten().collect()
}

fn patient(record: &VolumeRecord) -> Vec<String> {
    let Some(patient) = &record.patient else { return Vec::new() };
    let mut facts = vec![format!("{}, {}", patient.surname.to_uppercase(), patient.forename)];
    facts.extend(patient.born.map(|born| format!("born {}", when::date(born))));
    facts.extend(patient.died.map(|died| format!("died {}", when::date(died))));
    facts.extend(patient.nhs_number.map(|number| format!("NHS number {}", spaced(&number.to_string()))));
    facts
}

/// A NHS number as it is written for people: 3, 3 and 4 digits.
fn spaced(number: &str) -> String {
    match (number.get(..3), number.get(3..6), number.get(6..)) {
        (Some(first), Some(second), Some(third)) => format!("{first} {second} {third}"),
        _ => number.to_owned(),
    }
}

fn other_volume(words: &Words<'_>, sibling: &crate::domain::casenote::Sibling) -> Sibling {
    let (class, _, _) = look(&sibling.present);
    Sibling {
        url: urls::volume(sibling.brief.barcode.as_str()),
        title: format!("Volume {} ({})", sibling.brief.volume, sibling.brief.kind.word().replace('-', " ")),
        words: words.short(&sibling.present, sibling.present.container),
        class,
        mark: brief_mark(&sibling.present),
    }
}

/// How many volumes of the casenote are where this one is.
fn set(record: &VolumeRecord) -> String {
    let here = |place| place == record.present.place && record.present.place.is_some();
    let together = record.siblings.iter().filter(|sibling| here(sibling.present.place)).count();
    format!("{} of {} together", together + 1, record.siblings.len() + 1)
}

fn step(words: &Words<'_>, movement: &MovementRecord) -> Step {
    let by = movement.by.and_then(|id| words.directory.staff(id)).map(|staff| staff.name.clone());
    Step {
        undone: movement.undone_by.is_some(),
        when: when::day_and_time(movement.happened, words.now, words.zone),
        what: what(words, movement),
        by: by.into_iter().chain([source(movement)]).collect::<Vec<_>>().join(" · "),
        how: match movement.how {
            How::Scanned => "scanned",
            How::Listed => "listed",
            How::Carried => "carried",
            How::Imported => "imported",
            How::Inferred => "worked out",
        },
        marks: marks(words, movement),
    }
}

fn source(movement: &MovementRecord) -> String {
    match movement.desk.as_str() {
        "~IMPORT" => "import".to_owned(),
        "~WEB" => "a page".to_owned(),
        desk => format!("desk {desk}"),
    }
}

fn what(words: &Words<'_>, movement: &MovementRecord) -> String {
    let name = |id| words.name(Some(id));
    let said = match movement.change {
        Change::Arrived { at, meant_for: None } => format!("Arrived at {}", name(at)),
        Change::Arrived { at, meant_for: Some(to) } => {
            format!("Arrived at {}, meant for {}", name(at), name(to))
        }
        Change::Sent { from, to } => format!("Sent from {} to {}", name(from), name(to)),
        Change::LeftAt { at } if movement.how == How::Imported => {
            format!("At {}, by another system", name(at))
        }
        Change::LeftAt { at } => format!("Left at {}, where nobody scans", name(at)),
        Change::Filed { shelf } => format!("Filed on {}", name(shelf)),
        Change::Packed { at, container } => format!("Packed into {} at {}", name(container), name(at)),
        Change::Emptied { at } => format!("Its container was emptied at {}", name(at)),
        Change::Seen { at } => format!("Seen at {}", name(at)),
        Change::SeenGone { at, .. } => format!("Seen at {}, though recorded as gone", name(at)),
        Change::Gone { why, .. } => gone(why).to_owned(),
        Change::Undone(_) => "Taken back".to_owned(),
        Change::Answered { at: Some(at) } => format!("A librarian settled it: at {}", name(at)),
        Change::Answered { at: None } => "A librarian settled it: it is not known where".to_owned(),
    };
    match movement.carried_by {
        Some(container) => format!("{said} (in {})", name(container)),
        None => said,
    }
}

fn marks(words: &Words<'_>, movement: &MovementRecord) -> Vec<String> {
    let late = movement.learned_at.micros_since(movement.happened) > LATE_AFTER_US;
    let learnt = late
        .then(|| format!("late: learnt {}", when::day_and_time(movement.learned_at, words.now, words.zone)));
    let undone = movement.undone_by.map(|_| "taken back".to_owned());
    undone.into_iter().chain(learnt).collect()
}
