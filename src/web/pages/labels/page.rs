//! The page on which labels are chosen and looked at before they are printed.

use askama::Template;
use uuid::Uuid;

use super::found::{Found, Thing};
use super::laid::Laid;
use super::plain;
use super::press::{self, Press};
use super::sheet::{Sheet, sheet};
use super::wish::{What, Wish};
use crate::domain::printing::{MAX_COPIES, MAX_LABELS, Why};
use crate::labels::measure::Um;
use crate::labels::print::Setup;
use crate::labels::stock::Medium;
use crate::labels::{Files, Stock};
use crate::web::figures::{counted, number};
use crate::web::pages::Shell;
use crate::web::pages::whereabouts::Crumb;
use crate::web::urls;

/// Labels that are shown: the first one, and those of which something is to be said.
const PREVIEWS: usize = 6;
/// Cards that are shown: all that a desk takes, since each says something else.
const CARDS: usize = 40;
/// Things that are listed by name; of more their number is said.
const LISTED: usize = 30;
/// Where a form prints.
const PRINT: &str = "/labels/print";

/// From where somebody came, and what may be chosen there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Entry {
    /// The page of all labels.
    All,
    /// A folder: its barcode and its title.
    Folder(String, String),
    /// A place: its code and its name.
    Place(String, String),
    /// A desk: its code.
    Desk(String),
}

impl Entry {
    /// What may be chosen; the first is the usual one.
    pub const fn whats(&self) -> &'static [What] {
        match self {
            Self::All => &What::ALL,
            Self::Folder(..) => &[What::Cover, What::Spine, What::Tracer],
            Self::Place(..) => &[What::Place],
            Self::Desk(_) => &[What::Cards, What::Destinations],
        }
    }

    /// What is chosen where nobody has said so.
    pub const fn usual(&self) -> What {
        match self {
            Self::All | Self::Folder(..) => What::Cover,
            Self::Place(..) => What::Place,
            Self::Desk(_) => What::Cards,
        }
    }

    fn title(&self) -> String {
        match self {
            Self::All => "Labels".to_owned(),
            Self::Folder(_, title) => format!("Label for {title}"),
            Self::Place(_, name) => format!("Label for {name}"),
            Self::Desk(code) => format!("Cards of desk {code}"),
        }
    }

    fn action(&self) -> String {
        match self {
            Self::All => "/labels".to_owned(),
            Self::Folder(barcode, _) => format!("{}/label", urls::volume(barcode)),
            Self::Place(code, _) => format!("{}/label", urls::place(code)),
            Self::Desk(code) => format!("{}/cards", urls::desk(code)),
        }
    }

    fn back(&self) -> Option<Crumb> {
        let (url, name) = match self {
            Self::All => return None,
            Self::Folder(barcode, _) => (urls::volume(barcode), "Back to the folder"),
            Self::Place(code, _) => (urls::place(code), "Back to the place"),
            Self::Desk(code) => (urls::desk(code), "Back to the desk"),
        };
        Some(Crumb { url, name: name.to_owned() })
    }
}

/// One of several to choose from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// What people read.
    pub says: String,
    /// Whether it is chosen.
    pub is_chosen: bool,
}

fn choice(value: impl Into<String>, says: impl Into<String>, is_chosen: bool) -> Choice {
    Choice { value: value.into(), says: says.into(), is_chosen }
}

/// One label as it will be printed, or why it cannot be.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Preview {
    /// What it is of.
    pub title: String,
    /// More to tell it by.
    pub facts: String,
    /// The picture: address, width and height in pixels of CSS.
    pub picture: Option<(String, i32, i32)>,
    /// What a clerk should look at.
    pub notes: Vec<String>,
}

/// Everything that is chosen once it is known for what.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ready {
    stocks: Vec<Choice>,
    rolls: Vec<Choice>,
    templates: Vec<Choice>,
    printers: Vec<Choice>,
    whys: Vec<Choice>,
    copies: u16,
    most_copies: u16,
    sheet: Option<Sheet>,
    previews: Vec<Preview>,
    /// How many more labels there are than are shown.
    more: Option<String>,
    listed: Vec<String>,
    /// What the button says; none where nothing can be printed.
    print: Option<String>,
    /// What is left out when the box is ticked.
    leave_out: Option<String>,
    is_file: bool,
}

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "labels.html")]
pub struct LabelsPage {
    shell: Shell,
    title: String,
    back: Option<Crumb>,
    action: String,
    method: &'static str,
    print_at: &'static str,
    id: String,
    whats: Vec<Choice>,
    /// The one thing, where the page is of one.
    name: Option<String>,
    /// What is asked for, where several can be named, and what was.
    asks: Option<(&'static str, String)>,
    beneath: Option<Choice>,
    /// What is wrong, or was changed.
    said: Vec<String>,
    missing: Vec<(String, String)>,
    ready: Option<Ready>,
}

/// What the page shows.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// All stocks and templates.
    pub files: &'a Files,
    /// The printers, beside a PDF.
    pub printers: &'a [Setup],
    /// From where somebody came.
    pub entry: &'a Entry,
    /// What they wish.
    pub wish: &'a Wish,
    /// What was found of it.
    pub found: &'a Found,
    /// On what it is printed.
    pub press: &'a Press,
    /// The labels, in the order of what was found.
    pub laid: &'a [Laid],
}

/// The page from what is known.
pub fn labels_page(shell: Shell, id: Uuid, shown: &Shown<'_>, said: Vec<String>) -> LabelsPage {
    let Shown { entry, wish, found, .. } = shown;
    let is_one = *entry != &Entry::All;
    let mut said = said;
    said.extend(troubles(shown));
    LabelsPage {
        title: entry.title(),
        back: entry.back(),
        action: entry.action(),
        method: if is_one { "get" } else { "post" },
        print_at: PRINT,
        id: id.to_string(),
        whats: entry
            .whats()
            .iter()
            .map(|what| choice(what.word(), what.title(), *what == wish.what))
            .collect(),
        name: is_one.then(|| wish.names.first().cloned()).flatten(),
        asks: (!is_one).then(|| (wish.what.named_by(), wish.names.join("\n"))),
        beneath: (wish.what == What::Place)
            .then(|| choice("yes", "And all places beneath", wish.with_beneath)),
        said,
        missing: found.missing.iter().map(|one| (one.name.clone(), one.why.clone())).collect(),
        ready: (!found.things.is_empty()).then(|| ready(shown)),
        shell,
    }
}

/// What stands in the way, or is not as it was asked for.
fn troubles(shown: &Shown<'_>) -> Vec<String> {
    let mut said = shown.press.changed.clone();
    said.extend(too_many(shown));
    said.extend((shown.found.twice > 0).then(|| {
        let twice = counted(shown.found.twice, "was", "were");
        format!("{twice} named more than once: each is printed once. For more take copies.")
    }));
    said
}

/// What is said where one file cannot hold them all.
fn too_many(shown: &Shown<'_>) -> Option<String> {
    let copies = usize::from(shown.wish.copies);
    let labels = shown.found.things.len().max(shown.wish.names.len()).saturating_mul(copies);
    (labels > MAX_LABELS).then(|| {
        let all = counted(labels, "label", "labels");
        format!(
            "{all}: at most {} are printed at a time here. Take fewer, or use “casetrack label”.",
            number(MAX_LABELS)
        )
    })
}

fn ready(shown: &Shown<'_>) -> Ready {
    let Shown { wish, found, press, laid, .. } = shown;
    let good = laid.iter().filter(|laid| laid.is_ok()).count();
    let labels = good.saturating_mul(usize::from(wish.copies));
    let bad = laid.len() - good + found.missing.len();
    let previews = previews(shown);
    let more = found.things.len().saturating_sub(previews.len());
    let can_print = good > 0 && too_many(shown).is_none();
    Ready {
        stocks: stocks(shown, Medium::Sheet),
        rolls: stocks(shown, Medium::Roll),
        templates: templates(shown),
        printers: printers(shown),
        whys: if wish.what.is_on_a_folder() { whys(wish.why, found.was_scanned()) } else { Vec::new() },
        copies: wish.copies,
        most_copies: MAX_COPIES,
        sheet: sheet(&press.stock, wish, press.first, labels),
        more: (more > 0).then(|| format!("and {more} more like it")),
        listed: listed(&found.things, previews.len()),
        previews,
        print: can_print.then(|| button(labels, &wish.printer)),
        leave_out: (bad > 0 && good > 0)
            .then(|| format!("Print the others without the {bad} that cannot be printed")),
        is_file: wish.printer.is_empty(),
    }
}

fn button(labels: usize, printer: &str) -> String {
    let labels = counted(labels, "label", "labels");
    if printer.is_empty() {
        format!("Make the PDF: {labels}")
    } else {
        format!("Print {labels} on {printer}")
    }
}

fn stocks(shown: &Shown<'_>, medium: Medium) -> Vec<Choice> {
    let stocks = press::stocks_for(shown.files, shown.wish.what);
    let setup = shown.printers.iter().find(|setup| setup.name == shown.wish.printer);
    let stocks = stocks.filter(|stock| stock.medium == medium && press::takes(setup, stock));
    let says = |stock: &Stock| format!("{} ({})", stock.name, press::size(stock.label));
    stocks.map(|stock| choice(&stock.code, says(stock), stock.code == shown.press.stock.code)).collect()
}

fn templates(shown: &Shown<'_>) -> Vec<Choice> {
    let chosen = shown.press.template.as_ref().map(|template| template.code.as_str());
    let fitting = press::templates_on(shown.files, shown.wish.what, &shown.press.stock);
    let fitting =
        fitting.map(|template| choice(&template.code, &template.title, chosen == Some(&template.code)));
    std::iter::once(choice("", "The largest that fits", chosen.is_none())).chain(fitting).collect()
}

fn printers(shown: &Shown<'_>) -> Vec<Choice> {
    let chosen = shown.wish.printer.as_str();
    let named = shown.printers.iter().map(|setup| choice(&setup.name, &setup.name, setup.name == chosen));
    std::iter::once(choice("", "A PDF, to print here", chosen.is_empty())).chain(named).collect()
}

/// Nothing is chosen beforehand for a folder that has borne a label: a reason that nobody chose tells nothing.
fn whys(chosen: Option<Why>, was_scanned: bool) -> Vec<Choice> {
    let chosen = chosen.or((!was_scanned).then_some(Why::New));
    let none = choice("", "Choose why", chosen.is_none());
    let whys = Why::ALL.into_iter().map(|why| choice(why.word(), why_says(why), Some(why) == chosen));
    std::iter::once(none).chain(whys).collect()
}

/// Why a label is printed, as a clerk would say it.
pub const fn why_says(why: Why) -> &'static str {
    match why {
        Why::New => "It has none yet",
        Why::Lost => "The old one is lost",
        Why::Damaged => "The old one cannot be read",
        Why::WrongDetails => "The old one says something wrong",
        Why::OldLabel => "It has an old label of the hospital",
        Why::Relabelling => "All folders get new labels",
    }
}

/// The first label, and the first of those that something is to be said of; of cards each.
fn previews(shown: &Shown<'_>) -> Vec<Preview> {
    let all = shown.found.things.iter().zip(shown.laid);
    if matches!(shown.wish.what, What::Cards | What::Destinations) {
        return all.take(CARDS).map(|(thing, laid)| preview(shown, thing, laid)).collect();
    }
    let is_shown = |at: usize, laid: &Laid| {
        at == 0
            || laid.as_ref().map_or(true, |scene| scene.notes.iter().any(|note| plain::note(note).is_some()))
    };
    let wanted = all.enumerate().filter(|(at, (_, laid))| is_shown(*at, laid)).take(PREVIEWS);
    wanted.map(|(_, (thing, laid))| preview(shown, thing, laid)).collect()
}

fn preview(shown: &Shown<'_>, thing: &Thing, laid: &Laid) -> Preview {
    let (picture, notes) = match laid {
        Ok(scene) => {
            let pixels = |dots: i32| px(scene.dpi.length(dots));
            let size = (picture_url(shown, thing), pixels(scene.width), pixels(scene.height));
            (Some(size), scene.notes.iter().filter_map(plain::note).collect())
        }
        Err(errors) => (None, errors.clone()),
    };
    Preview { title: thing.title.clone(), facts: thing.facts.clone(), picture, notes }
}

/// A length in pixels of CSS: 96 to the inch.
const fn px(length: Um) -> i32 {
    length.get() * 96 / 25_400
}

/// The address of a label's picture: barcode or code, stock and template; nothing of a patient.
fn picture_url(shown: &Shown<'_>, thing: &Thing) -> String {
    let Shown { wish, press, .. } = shown;
    let template = press.template.as_ref().map_or("", |template| template.code.as_str());
    let at = if thing.at > 0 { thing.at.to_string() } else { String::new() };
    let asked = [
        ("what", wish.what.word()),
        ("stock", press.stock.code.as_str()),
        ("name", thing.name.as_str()),
        ("template", template),
        ("printer", wish.printer.as_str()),
        ("at", at.as_str()),
    ];
    let asked = asked.into_iter().filter(|(_, value)| !value.is_empty());
    let asked: Vec<_> = asked.map(|(key, value)| format!("{key}={}", urls::segment(value))).collect();
    format!("/labels/preview.svg?{}", asked.join("&"))
}

/// What is printed, by name, where the pictures do not show all of it.
fn listed(things: &[Thing], shown: usize) -> Vec<String> {
    if things.len() <= shown {
        return Vec::new();
    }
    let named = things.iter().take(LISTED).map(|thing| match thing.facts.as_str() {
        "" => thing.title.clone(),
        facts => format!("{}: {facts}", thing.title),
    });
    let more = things.len().saturating_sub(LISTED);
    let more = (more > 0).then(|| format!("and {} more", number(more)));
    named.chain(more).collect()
}
