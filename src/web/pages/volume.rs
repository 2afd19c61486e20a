//! `GET /volumes/{barcode}`: where one folder is, its other volumes, its history.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;

use super::Shell;
use super::people::PROVISIONAL;
use super::searches::not_there::{NotThere, not_there};
use super::whereabouts::{Line, Words, brief_mark, folder_title, gone, look, patient_name};
use crate::clock::MINUTE_US;
use crate::domain::movement::{Change, How};
use crate::domain::patient::Source;
use crate::domain::place::Code;
use crate::domain::search::SearchState;
use crate::domain::whereabouts::{Present, State};
use crate::domain::{StaffId, casenote};
use crate::store::{MovementRecord, Page, VolumeRecord};
use crate::web::api::{Query, Wanted, shape, volume_named};
use crate::web::auth::Viewer;
use crate::web::error::{Failure, render};
use crate::web::{urls, when};

/// Movements on one page of the history.
const HISTORY: usize = 50;
/// Other volumes whose movements the page hears of at once: the tabs of a browser share 64 topics. Of more it learns
/// within the minute.
const SIBLINGS_WATCHED: usize = 7;
/// A movement learnt so long after it happened is marked as late.
const LATE_AFTER_US: i64 = 5 * MINUTE_US;

/// What is said of a patient who has a namesake.
pub const SAME_NAME: &str = "Same name as another patient: check the birth date.";

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
    /// The first page of the history, from a later one.
    newest: Vec<String>,
    older: Vec<String>,
    /// The search for it that is open.
    searched: Option<Searched>,
    /// The form that opens one.
    not_there: Option<NotThere>,
    /// Its label.
    label: String,
    /// The tracer slip.
    slip: String,
}

/// An open search.
struct Searched {
    url: String,
    says: &'static str,
    leads: &'static str,
}

/// Another volume of the casenote.
struct Sibling {
    url: String,
    title: String,
    words: String,
    class: &'static str,
    shape: &'static str,
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
    let goes_on = page.after.is_some();
    let history = viewer.store().movements(viewer.trust(), record.brief.id, page).await?;
    let directory = viewer.directory();
    let words = Words { directory: &directory, now: viewer.now(), zone: viewer.time_zone() };
    let shell = Shell::new(&viewer, folder_title(&record.brief));
    let mut page = volume_page(shell, &words, &record, &history.items, history.next);
    page.warnings.extend(namesake(&viewer, &record).await?);
    page.newest.extend(goes_on.then(|| urls::volume(record.brief.barcode.as_str())));
    Ok(render(&page))
}

/// A warning where another living patient has the same names.
async fn namesake(viewer: &Viewer, record: &VolumeRecord) -> Result<Option<String>, Failure> {
    let Some(patient) = &record.patient else { return Ok(None) };
    let has_namesake = viewer.store().has_namesake(viewer.trust(), patient.id).await?;
    Ok(has_namesake.then(|| SAME_NAME.to_owned()))
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
        live: live(record),
        title: folder_title(&record.brief),
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
        set: set(words, record),
        history: history.iter().map(|movement| step(words, movement)).collect(),
        newest: Vec::new(),
        searched: record.search.as_ref().map(|search| Searched {
            url: urls::search(&search.id.to_string()),
            says: shape::searched(search.state),
            leads: if search.state == SearchState::TurnedUp { "Say where it was" } else { "Where to look" },
        }),
        not_there: not_there(words, record),
        label: format!("{url}/label"),
        slip: format!("{url}/slip"),
        older: next.map(|after| format!("{url}?after={}", urls::segment(&after))).into_iter().collect(),
        barcode,
    }
}

fn warnings(words: &Words<'_>, record: &VolumeRecord) -> Vec<String> {
    let hold = record.hold.as_ref().map(|why| format!("On hold: it may not leave. {why}"));
    let restricted = record.restricted.then(|| "Restricted: only named people may send it on.".to_owned());
    let question =
        shape::question(words.directory, record).map(|question| format!("Question: {}", question.text));
    let provisional = record.patient.as_ref().is_some_and(|patient| patient.source == Source::TypedIn);
    let provisional = provisional.then(|| format!("The patient is provisional: {PROVISIONAL}."));
    [question, hold, restricted, provisional].into_iter().flatten().collect()
}

/// The patient in a few facts.
pub fn patient(record: &VolumeRecord) -> Vec<String> {
    let Some(patient) = &record.patient else { return Vec::new() };
    let mut facts = vec![patient_name(patient)];
    facts.extend(patient.born.map(|born| format!("born {}", when::date(born))));
    facts.extend(patient.died.map(|died| format!("died {}", when::date(died))));
    facts.extend(patient.nhs_number.map(|number| format!("NHS number {}", number.spaced())));
    facts
}

fn other_volume(words: &Words<'_>, sibling: &casenote::Sibling) -> Sibling {
    let (class, shape, _) = look(&sibling.present);
    Sibling {
        url: urls::volume(sibling.brief.barcode.as_str()),
        title: format!("Volume {} ({})", sibling.brief.volume, sibling.brief.kind.word().replace('-', " ")),
        words: words.short(&sibling.present, sibling.present.container),
        class,
        shape,
        mark: brief_mark(&sibling.present),
    }
}

/// The stream of the folder and of those that its page tells of beside it.
fn live(record: &VolumeRecord) -> String {
    let beside = record.siblings.iter().take(SIBLINGS_WATCHED).map(|sibling| &sibling.brief);
    let topics = std::iter::once(&record.brief).chain(beside);
    let topics: Vec<_> =
        topics.map(|brief| format!("volume={}", urls::segment(brief.barcode.as_str()))).collect();
    format!("/api/v1/live?{}", topics.join("&"))
}

/// The casenote's volumes as a set: `3 of 3 here`, or how many are here and where the others are.
fn set(words: &Words<'_>, record: &VolumeRecord) -> String {
    let own = &record.present;
    let stands = stands(own);
    let all = record.siblings.len() + 1;
    let elsewhere: Vec<_> =
        record.siblings.iter().filter(|other| !(stands && is_with(own, &other.present))).collect();
    let here = all - elsewhere.len();
    let count = match (stands, record.siblings.len()) {
        (true, _) => format!("{here} of {all} here"),
        (false, 1) => "1 other volume".to_owned(),
        (false, others) => format!("{others} other volumes"),
    };
    if elsewhere.is_empty() {
        return count;
    }
    let others: Vec<_> = elsewhere.into_iter().map(|other| whereabouts_of(words, other)).collect();
    format!("{count}: {}", others.join(", "))
}

/// Whether another volume stands where this one does, and is as surely there.
fn is_with(own: &Present, other: &Present) -> bool {
    stands(other) && other.place == own.place && other.confirmed >= own.confirmed
}

/// Whether it stands at one place. What a container takes elsewhere may have left it.
fn stands(present: &Present) -> bool {
    let is_there = match present.state {
        State::At => true,
        State::InContainer => present.to.is_none(),
        State::NotYetSeen | State::OnItsWay | State::Gone(_) => false,
    };
    is_there && present.or_at.is_none()
}

/// `vol 1 Ward 7 ext 2345`.
fn whereabouts_of(words: &Words<'_>, other: &casenote::Sibling) -> String {
    let present = &other.present;
    let phone = present.to.or(present.place).and_then(|place| words.directory.phone(place));
    let phone = phone.map(|phone| format!(" {phone}")).unwrap_or_default();
    let is_plain = present.state == State::At && present.to.is_none() && present.or_at.is_none();
    let place = if is_plain && present.confirmed {
        words.name(present.place).to_owned()
    } else {
        lower_first(&words.short(present, present.container))
    };
    format!("vol {} {place}{phone}", other.brief.volume)
}

fn lower_first(text: &str) -> String {
    let mut signs = text.chars();
    signs.next().map_or_else(String::new, |first| first.to_lowercase().chain(signs).collect())
}

fn step(words: &Words<'_>, movement: &MovementRecord) -> Step {
    Step {
        undone: movement.undone_by.is_some(),
        when: words.when(movement.happened),
        what: what(words, movement),
        by: by_whom(words, movement.by, &movement.desk).join(" · "),
        how: known_by(movement),
        marks: marks(words, movement),
    }
}

/// How a movement is known. A crate's scan says of a folder in it only that it was carried.
pub fn known_by(movement: &MovementRecord) -> &'static str {
    match (movement.carried_by, movement.how) {
        (Some(_), _) | (None, How::Carried) => "carried",
        (None, How::Scanned) => "scanned",
        (None, How::Listed) => "listed",
        (None, How::Imported) => "imported",
        (None, How::Inferred) => "worked out",
    }
}

/// Who, and at which desk.
fn by_whom(words: &Words<'_>, by: Option<StaffId>, desk: &Code) -> Vec<String> {
    let source = match desk.as_str() {
        "~IMPORT" => "import".to_owned(),
        "~WEB" => "a page".to_owned(),
        desk => format!("desk {desk}"),
    };
    words.person(by).map(str::to_owned).into_iter().chain([source]).collect()
}

/// What a movement was, in words.
pub fn what(words: &Words<'_>, movement: &MovementRecord) -> String {
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
        Change::Emptied { at } => {
            format!("Its container was emptied at {}; the folder itself was not scanned", name(at))
        }
        Change::Seen { at } => format!("Seen at {}", name(at)),
        Change::SeenGone { at, .. } => format!("Seen at {}, though recorded as gone", name(at)),
        Change::Gone { why, .. } => gone(why).to_owned(),
        Change::Undone(_) => "An earlier scan was taken back".to_owned(),
        Change::Answered { at: Some(at) } => format!("A librarian settled it: at {}", name(at)),
        Change::Answered { at: None } => "A librarian settled it: it is not known where".to_owned(),
    };
    match movement.carried_by {
        Some(container) => format!("{said} (in {})", name(container)),
        None => said,
    }
}

/// What a reader must know before believing the line: that it does not count, or was learnt late. Old history of another
/// system always is, and says that it is imported.
fn marks(words: &Words<'_>, movement: &MovementRecord) -> Vec<String> {
    let undone = movement.undone_by.as_ref().map(|undo| {
        let by = by_whom(words, undo.by, &undo.desk).join(", ");
        format!("taken back {} by {by}", words.when(undo.at))
    });
    let late =
        movement.how != How::Imported && movement.learned_at.micros_since(movement.happened) > LATE_AFTER_US;
    let learnt = late.then(|| format!("late: learnt {}", words.when(movement.learned_at)));
    undone.into_iter().chain(learnt).collect()
}
