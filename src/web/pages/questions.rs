//! `GET /questions`: what waits for a librarian, what hurts most first.

pub mod form;
pub mod one;
pub mod said;

use askama::Template;
use axum::response::Response;

use super::Shell;
use super::whereabouts::{Words, folder_title, patient_name};
use crate::clock::{MINUTE_US, SECOND_US};
use crate::domain::PlaceId;
use crate::domain::directory::Directory;
use crate::domain::movement::Change;
use crate::domain::question::{QuestionKind, QuestionName};
use crate::store::asked::{About, Label, LyingScanner, Order, Question, Raised, Sighting};
use crate::store::{Bounded, Listing, Page, VolumeRecord};
use crate::web::api::{Query, Wanted};
use crate::web::auth::Librarian;
use crate::web::error::{Failure, render};
use crate::web::figures::bounded;
use crate::web::{urls, when};

/// Questions on one page: a morning's work.
const QUESTIONS: usize = 50;
/// A scan learnt so long after it happened is said to be late.
const LATE_AFTER_US: i64 = 5 * MINUTE_US;
/// How the names of pages' sessions begin, which no scanner has.
const PAGE_SESSION: &str = "page-";

/// The list.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "questions.html")]
pub struct QuestionsPage {
    shell: Shell,
    cards: Vec<Card>,
    scanners: Vec<Scanner>,
    more: Vec<String>,
}

/// One question in a few words.
pub struct Card {
    /// Its page.
    pub url: String,
    /// `where`, `rule` or `label`: the colour; word and shape say it too.
    pub class: &'static str,
    /// The shape.
    pub shape: &'static str,
    /// What kind of question.
    pub mark: &'static str,
    /// What it is about.
    pub title: String,
    /// The page of that folder.
    pub folder: Vec<String>,
    /// Whose it is.
    pub patient: Vec<String>,
    /// The question.
    pub asks: String,
    /// What speaks for which answer.
    pub sides: Vec<Side>,
    /// More to know, in one line.
    pub facts: Vec<String>,
}

/// One place, whom to ring there, and the scan that speaks for it.
pub struct Side {
    /// The place.
    pub place: String,
    /// Whom to ring.
    pub ring: Vec<String>,
    /// The scan.
    pub what: String,
}

/// A scanner that lies.
struct Scanner {
    title: String,
    says: String,
    last: String,
}

/// The list of what waits.
pub async fn get(librarian: Librarian, Query(wanted): Query<Wanted>) -> Result<Response, Failure> {
    let page = Page { limit: QUESTIONS, ..wanted.page()? };
    let is_first = page.after.is_none();
    let listing = librarian.store().questions(librarian.trust(), page).await?;
    let scanners = if is_first {
        librarian.store().lying_scanners(librarian.trust(), librarian.now()).await?
    } else {
        Vec::new()
    };
    let directory = librarian.directory();
    let words = Words { directory: &directory, now: librarian.now(), zone: librarian.time_zone() };
    Ok(render(&questions_page(Shell::new(&librarian, "Questions"), &words, &listing, &scanners)))
}

/// The page from what is known.
pub fn questions_page(
    shell: Shell,
    words: &Words<'_>,
    listing: &Listing<Question>,
    scanners: &[LyingScanner],
) -> QuestionsPage {
    QuestionsPage {
        shell,
        cards: listing.items.iter().map(|question| card(words, question)).collect(),
        scanners: scanners.iter().map(|scanner| lying(words, scanner)).collect(),
        more: listing.next.iter().map(|after| format!("/questions?after={}", urls::segment(after))).collect(),
    }
}

/// One question in a few words.
pub fn card(words: &Words<'_>, question: &Question) -> Card {
    match question {
        Question::Order(order) => order_card(words, order),
        Question::Raised(raised) => raised_card(words, raised),
        Question::Label(label) => label_card(words, label),
    }
}

/// The name under which a question is found again.
pub fn name_of(directory: &Directory, question: &Question) -> String {
    match question {
        Question::Order(order) => format!("order:{}", code_of(directory, &order.about)),
        Question::Raised(raised) => raised.name().to_string(),
        Question::Label(label) => QuestionName::Label(label.newest).to_string(),
    }
}

fn code_of(directory: &Directory, about: &About) -> String {
    match about {
        About::Volume(record) => record.brief.barcode.to_string(),
        About::Container(id) => directory.place(*id).map(|place| place.code.to_string()).unwrap_or_default(),
    }
}

fn order_card(words: &Words<'_>, order: &Order) -> Card {
    let record = match &order.about {
        About::Volume(record) => Some(&**record),
        About::Container(_) => None,
    };
    let title = match &order.about {
        About::Volume(record) => folder_title(&record.brief),
        About::Container(id) => format!("{}, with all that is in it", words.name(Some(*id))),
    };
    let asks = if order.sightings.is_empty() {
        "It is known where it is.".to_owned()
    } else {
        format!("At {}?", words.short(&order.present, order.present.container))
    };
    Card {
        url: urls::question(&format!("order:{}", code_of(words.directory, &order.about))),
        class: "where",
        shape: "question",
        mark: "One of two places",
        title,
        folder: record.map(folder_url).into_iter().collect(),
        patient: record.and_then(patient).into_iter().collect(),
        asks,
        sides: order.sightings.iter().map(|sighting| side(words, sighting)).collect(),
        facts: Vec::new(),
    }
}

fn raised_card(words: &Words<'_>, raised: &Raised) -> Card {
    let (class, shape, mark) = match raised.kind {
        QuestionKind::GoneButSeen => ("where", "eye", "Recorded as gone, but seen"),
        QuestionKind::ContainerLoop => ("where", "box", "Containers inside each other"),
        QuestionKind::AgainstRule => ("rule", "cross", "Moved against a rule"),
        QuestionKind::UnknownLabel => ("label", "eye", "Unknown label"),
    };
    let names: Vec<_> = raised.containers.iter().map(|id| words.name(Some(*id))).collect();
    let record = raised.volume.as_ref();
    Card {
        url: urls::question(&raised.name().to_string()),
        class,
        shape,
        mark,
        title: record.map_or_else(|| names.join(" and "), |record| folder_title(&record.brief)),
        folder: record.map(folder_url).into_iter().collect(),
        patient: record.and_then(patient).into_iter().collect(),
        asks: if raised.is_open { raised.kind.text() } else { "It is settled." }.to_owned(),
        sides: [Some(&raised.sighting), raised.seen_since.as_ref()]
            .into_iter()
            .flatten()
            .map(|sighting| side(words, sighting))
            .collect(),
        facts: record
            .map(|record| format!("by the log: {}", words.short(&record.present, record.via)))
            .into_iter()
            .collect(),
    }
}

fn label_card(words: &Words<'_>, label: &Label) -> Card {
    let asks = match &label.known {
        Some(record) => format!("It is {} now. Do its kept scans count?", folder_title(&record.brief)),
        None => "Which folder is this label on?".to_owned(),
    };
    let mut desks: Vec<_> = label.sightings.iter().map(|sighting| sighting.desk.as_str()).collect();
    desks.sort_unstable();
    desks.dedup();
    let newest = label.sightings.first();
    let last =
        newest.map(|newest| format!("last {}", when::day_and_time(newest.happened, words.now, words.zone)));
    let at = (!desks.is_empty()).then(|| format!("desk {}", desks.join(", ")));
    Card {
        url: urls::question(&QuestionName::Label(label.newest).to_string()),
        class: "label",
        shape: "speech",
        mark: "Unknown label",
        title: title(&label.text),
        folder: label.known.as_ref().map(folder_url).into_iter().collect(),
        patient: Vec::new(),
        asks,
        sides: Vec::new(),
        facts: [Some(refused_times(label.count)), last, at].into_iter().flatten().collect(),
    }
}

/// What was read, while it stands there: long after it was settled it is emptied.
fn title(text: &str) -> String {
    if text.is_empty() { "Text emptied long after it was settled".to_owned() } else { text.to_owned() }
}

fn refused_times(count: Bounded) -> String {
    match count.count {
        0 => "nothing is kept".to_owned(),
        1 => "refused once".to_owned(),
        _ => format!("refused {} times", bounded(count)),
    }
}

/// The folder's page.
pub fn folder_url(record: &VolumeRecord) -> String {
    urls::volume(record.brief.barcode.as_str())
}

/// Whose the folder is.
pub fn patient(record: &VolumeRecord) -> Option<String> {
    let patient = record.patient.as_ref()?;
    let born = patient.born.map(|born| format!(", born {}", when::date(born)));
    Some(format!("{}{}", patient_name(patient), born.unwrap_or_default()))
}

/// A scan with its place and whom to ring there.
pub fn side(words: &Words<'_>, sighting: &Sighting) -> Side {
    let ring = sighting.place.map(|place| ring(words, place)).unwrap_or_default();
    Side { place: words.name(sighting.place).to_owned(), ring, what: seen(words, sighting) }
}

fn ring(words: &Words<'_>, place: PlaceId) -> Vec<String> {
    let night = words.directory.upwards(place).find_map(|step| step.phone_out_of_hours.as_deref());
    let day = words.directory.phone(place).map(|phone| format!("ring {phone}"));
    day.into_iter().chain(night.map(|phone| format!("out of hours {phone}"))).collect()
}

/// `Scanned in at desk HUB-1, Mon 23 Nov 10:42, by J. Smith. That desk's clock may be out by 20 min.`
pub fn seen(words: &Words<'_>, sighting: &Sighting) -> String {
    let what = sighting.change.map_or("Scanned", done);
    let when = when::day_and_time(sighting.happened, words.now, words.zone);
    let by = sighting.by.and_then(|id| words.directory.staff(id)).map(|staff| format!(", by {}", staff.name));
    let late = sighting.learned_at.micros_since(sighting.happened) > LATE_AFTER_US;
    let learnt = late.then(|| {
        format!(" Learnt late, {}.", when::day_and_time(sighting.learned_at, words.now, words.zone))
    });
    let unsure = (sighting.uncertainty_us > 0)
        .then(|| format!(" That desk's clock may be out by {} either way.", length(sighting.uncertainty_us)));
    format!(
        "{what} at desk {}, {when}{}.{}{}",
        sighting.desk,
        by.unwrap_or_default(),
        unsure.unwrap_or_default(),
        learnt.unwrap_or_default()
    )
}

const fn done(change: Change) -> &'static str {
    match change {
        Change::Arrived { .. } => "Scanned in",
        Change::Sent { .. } => "Sent there",
        Change::LeftAt { .. } => "Left there",
        Change::Filed { .. } => "Filed there",
        Change::Packed { .. } => "Packed into a container there",
        Change::Emptied { .. } => "Its container was emptied there",
        Change::Seen { .. } | Change::SeenGone { .. } => "Seen there",
        Change::Gone { .. } => "Recorded as gone",
        Change::Undone(_) => "Taken back",
        Change::Answered { .. } => "Settled by a librarian",
    }
}

/// A length of time in whole minutes, or in seconds where it is shorter than two minutes.
fn length(us: i64) -> String {
    if us < 2 * MINUTE_US {
        format!("{} s", us.saturating_add(SECOND_US - 1) / SECOND_US)
    } else {
        format!("{} min", us.saturating_add(MINUTE_US - 1) / MINUTE_US)
    }
}

fn lying(words: &Words<'_>, scanner: &LyingScanner) -> Scanner {
    let which = if scanner.scanner.starts_with(PAGE_SESSION) {
        "a scanner on its page".to_owned()
    } else {
        format!("scanner {}", scanner.scanner)
    };
    Scanner {
        title: format!("Desk {}, {which}", scanner.desk),
        says: format!("{} of its last {} reads were no label.", scanner.bad, scanner.all),
        last: format!("Last {}", when::day_and_time(scanner.last, words.now, words.zone)),
    }
}
