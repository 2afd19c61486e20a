//! `GET /questions/{name}`: one question with its form; `POST`: the answer, or a folder to be looked up.

use askama::Template;
use axum::Form;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use uuid::Uuid;

use super::form::{Posting, Step};
use super::said::{Said, said};
use super::{Card, card, folder_url, name_of, patient, seen};
use crate::domain::command::{Act, Thing};
use crate::domain::directory::Directory;
use crate::domain::question::{Asked, QuestionKind, QuestionName, Verdict};
use crate::domain::whereabouts::either;
use crate::domain::{PlaceId, ScanId};
use crate::store::VolumeRecord;
use crate::store::asked::{About, Label, Order, Question, Raised};
use crate::web::acts::PageAct;
use crate::web::api::Query;
use crate::web::auth::Librarian;
use crate::web::error::{Failure, render};
use crate::web::pages::Shell;
use crate::web::pages::desk::new_id;
use crate::web::pages::whereabouts::{Words, folder_title};
use crate::web::urls;

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "question.html")]
pub struct QuestionPage {
    shell: Shell,
    /// An id for the form: sent twice, it counts once.
    id: String,
    card: Card,
    said: Vec<Said>,
    choices: Vec<Choice>,
    /// What the field for a place is for, where there is one.
    place: Vec<&'static str>,
    label: Vec<LabelForm>,
}

/// One answer.
struct Choice {
    value: String,
    says: String,
    hint: String,
}

/// How an unknown label is settled.
struct LabelForm {
    /// Folders that may be it, to be looked at.
    offers: Vec<Offer>,
    /// The folder that was chosen.
    chosen: Vec<Offer>,
    kept: Vec<Kept>,
    /// Whether the label will name the folder from now on.
    becomes_label: bool,
    more: bool,
    /// What setting the scans aside means.
    aside_title: &'static str,
    aside_says: &'static str,
}

/// A folder that may be it.
struct Offer {
    barcode: String,
    url: String,
    title: String,
    kind: String,
    patient: String,
    place: String,
}

/// A kept scan with its box.
struct Kept {
    id: String,
    place: String,
    what: String,
}

/// What came of the act before.
#[derive(Deserialize)]
pub struct After {
    said: Option<Uuid>,
}

/// One question.
pub async fn get(
    librarian: Librarian,
    Path(name): Path<String>,
    Query(after): Query<After>,
) -> Result<Response, Failure> {
    let question = question_named(&librarian, &name).await?;
    let act = match after.said {
        Some(id) => librarian.store().scan(librarian.trust(), ScanId::new(id)).await?,
        None => None,
    };
    let directory = librarian.directory();
    let words = Words { directory: &directory, now: librarian.now(), zone: librarian.time_zone() };
    let said = act.and_then(|act| said(&words, &act));
    Ok(render(&question_page(Shell::new(&librarian, "A question"), &words, &question, &[], said)))
}

/// Takes an answer and goes back to the question; or shows the folder that was looked up.
pub async fn post(
    librarian: Librarian,
    Path(name): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let posting = Posting::read(&fields)?;
    let question = question_named(&librarian, &name).await?;
    if posting.step == Step::Find {
        let found = found(&librarian, &posting).await?;
        let why = found.is_empty().then(|| nothing_found(&posting));
        return Ok(shown(&librarian, &question, &found, why));
    }
    match act_of(&librarian, &question, &posting).await? {
        Ok((text, act)) => answer(&librarian, &question, &posting, text, act).await,
        Err(why) => Ok(shown(&librarian, &question, &[], Some(why))),
    }
}

/// The question again, with the folders that were looked up, or with why nothing was done.
fn shown(
    librarian: &Librarian,
    question: &Question,
    found: &[VolumeRecord],
    why: Option<String>,
) -> Response {
    let directory = librarian.directory();
    let words = Words { directory: &directory, now: librarian.now(), zone: librarian.time_zone() };
    let shell = Shell::new(librarian, "A question");
    render(&question_page(shell, &words, question, found, why.map(Said::not_done)))
}

async fn answer(
    librarian: &Librarian,
    question: &Question,
    posting: &Posting,
    text: String,
    act: Act,
) -> Result<Response, Failure> {
    let directory = librarian.directory();
    let person = posting.person(&directory);
    librarian.act(PageAct { id: posting.id, person, text, act }).await?;
    let back = urls::question(&name_of(&directory, question));
    Ok(Redirect::to(&format!("{back}?said={}", posting.id)).into_response())
}

async fn question_named(librarian: &Librarian, name: &str) -> Result<Question, Failure> {
    let none = || Failure::NoSuch { what: "question", name: String::new() };
    let name: QuestionName = name.parse().map_err(|_| none())?;
    librarian.store().question(librarian.trust(), &name).await?.ok_or_else(none)
}

async fn found(librarian: &Librarian, posting: &Posting) -> Result<Vec<VolumeRecord>, Failure> {
    Ok(librarian.store().folders_named(librarian.trust(), &posting.folder, posting.volume).await?)
}

fn nothing_found(posting: &Posting) -> String {
    if posting.folder.is_empty() {
        "Scan the folder's label, or type its casenote number.".to_owned()
    } else {
        format!("No folder has exactly this label or number: {}", posting.folder)
    }
}

/// What the log shows of an answer, and the act; or why there is none.
type Meant = Result<(String, Act), String>;

async fn act_of(librarian: &Librarian, question: &Question, posting: &Posting) -> Result<Meant, Failure> {
    let directory = librarian.directory();
    let asked = match question {
        Question::Label(label) => return label_act(librarian, label, posting).await,
        Question::Order(order) => Asked::Order(match &order.about {
            About::Volume(record) => Thing::Volume(record.brief.id),
            About::Container(container) => Thing::Container(*container),
        }),
        Question::Raised(raised) => Asked::Raised(raised.question),
    };
    let verdict = posting.verdict(&directory);
    Ok(verdict.map(|verdict| {
        let text = format!("{}: {}", name_of(&directory, question), said_of(verdict, &directory));
        (text, Act::Settle { question: asked, verdict })
    }))
}

/// A verdict as the log shows it: places by their codes, nothing that was typed.
fn said_of(verdict: Verdict, directory: &Directory) -> String {
    let code = |id| directory.place(id).map(|place| place.code.to_string()).unwrap_or_default();
    match verdict {
        Verdict::At(place) => format!("at {}", code(place)),
        Verdict::ContainerAt { container, at } => format!("{} at {}", code(container), code(at)),
        Verdict::NotKnown => "not known where".to_owned(),
        Verdict::Gone => "gone".to_owned(),
        Verdict::Allowed => "allowed".to_owned(),
        Verdict::SeenTo => "seen to".to_owned(),
    }
}

async fn label_act(librarian: &Librarian, label: &Label, posting: &Posting) -> Result<Meant, Failure> {
    let (of, name) = (label.newest, QuestionName::Label(label.newest));
    if posting.step == Step::Aside {
        return Ok(Ok((format!("{name}: no folder"), Act::SetAside { of })));
    }
    let found = found(librarian, posting).await?;
    let [folder] = found.as_slice() else { return Ok(Err(nothing_found(posting))) };
    let text = format!("{name}: on {}, {} scans", folder.brief.barcode, posting.kept.len());
    let act = Act::AssignLabel { of, folder: folder.brief.id, kept: posting.kept.clone() };
    Ok(Ok((text, act)))
}

/// The page from what is known; `found` are the folders that were looked up.
pub fn question_page(
    shell: Shell,
    words: &Words<'_>,
    question: &Question,
    found: &[VolumeRecord],
    said: Option<Said>,
) -> QuestionPage {
    let (choices, place) = match question {
        Question::Order(order) => (order_choices(words, order), Vec::new()),
        Question::Raised(raised) => raised_choices(words, raised),
        Question::Label(_) => (Vec::new(), Vec::new()),
    };
    let label = match question {
        Question::Label(label) if !label.sightings.is_empty() => vec![label_form(words, label, found)],
        Question::Label(_) | Question::Order(_) | Question::Raised(_) => Vec::new(),
    };
    QuestionPage {
        shell,
        id: new_id(words.now).to_string(),
        card: card(words, question),
        said: said.into_iter().collect(),
        choices,
        place,
        label,
    }
}

fn choice(value: impl Into<String>, says: impl Into<String>, hint: impl Into<String>) -> Choice {
    Choice { value: value.into(), says: says.into(), hint: hint.into() }
}

fn at(words: &Words<'_>, place: PlaceId) -> String {
    words.directory.place(place).map(|place| format!("at {}", place.code)).unwrap_or_default()
}

fn order_choices(words: &Words<'_>, order: &Order) -> Vec<Choice> {
    let Some((one, other)) = either(&order.present) else { return Vec::new() };
    let out = match order.present.container {
        Some(container) => format!("It will be out of {}.", words.name(Some(container))),
        None => String::new(),
    };
    let side = |place| choice(at(words, place), format!("At {}", words.name(Some(place))), out.clone());
    let unknown = "It is then shown as not yet seen. Its history stays.";
    vec![side(one), side(other), choice("not-known", "Nobody knows where it is", unknown)]
}

fn raised_choices(words: &Words<'_>, raised: &Raised) -> (Vec<Choice>, Vec<&'static str>) {
    if !raised.is_open {
        return (Vec::new(), Vec::new());
    }
    match raised.kind {
        QuestionKind::GoneButSeen => {
            let last = raised.seen_since.as_ref().unwrap_or(&raised.sighting);
            let seen = last.place.map(|place| {
                choice(at(words, place), format!("It is at {}", words.name(Some(place))), "It is live again.")
            });
            let elsewhere = choice("at", "It is at another place", "Give its code below.");
            let gone = choice("gone", "It is gone, as recorded", "It was another folder, or a mistake.");
            (
                seen.into_iter().chain([elsewhere, gone]).collect(),
                vec!["Another place (scan or type its code)"],
            )
        }
        QuestionKind::AgainstRule => {
            let allowed = choice("allowed", "It was allowed", "Nothing more is to be done.");
            let seen_to = choice("seen-to", "It was not allowed, and I have seen to it", "");
            (vec![allowed, seen_to], Vec::new())
        }
        QuestionKind::ContainerLoop => {
            let choices = raised.containers.iter().filter_map(|id| words.directory.place(*id));
            let choices = choices.map(|container| {
                let says = format!("{} stands by itself", container.name);
                choice(format!("container {}", container.code), says, "in no other container")
            });
            (choices.collect(), vec!["Where it stands (scan or type the place's code)"])
        }
        QuestionKind::UnknownLabel => (Vec::new(), Vec::new()),
    }
}

fn label_form(words: &Words<'_>, label: &Label, found: &[VolumeRecord]) -> LabelForm {
    let offer = |record: &VolumeRecord| Offer {
        barcode: record.brief.barcode.to_string(),
        url: folder_url(record),
        title: folder_title(&record.brief),
        kind: record.brief.kind.word().replace('-', " "),
        patient: patient(record).unwrap_or_default(),
        place: words.short(&record.present, record.via),
    };
    let (chosen, offers) = match (&label.known, found) {
        (Some(known), _) => (vec![offer(known)], Vec::new()),
        (None, [only]) => (vec![offer(only)], Vec::new()),
        (None, []) => (Vec::new(), label.candidates.iter().map(offer).collect()),
        (None, several) => (Vec::new(), several.iter().map(offer).collect()),
    };
    let kept = label.sightings.iter().map(|sighting| Kept {
        id: sighting.scan.to_string(),
        place: words.name(sighting.place).to_owned(),
        what: seen(words, sighting),
    });
    let kept: Vec<_> = kept.collect();
    let (aside_title, aside_says) = match label.known {
        Some(_) => ("None of these scans counts", "They are set aside and not asked about again."),
        None => (
            "It is on no folder",
            "A drip bag, a parcel, a mistake. Its scans are set aside and not asked about again.",
        ),
    };
    LabelForm {
        aside_title,
        aside_says,
        offers,
        chosen,
        becomes_label: label.known.is_none() && !label.named_several,
        more: label.count.more || kept.len() < label.count.count,
        kept,
    }
}
