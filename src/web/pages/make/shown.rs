//! What the page for making up shows, as ready text.

use std::collections::BTreeMap;

use askama::Template;

use super::form::{Posting, Typed};
use super::label::{Label, Offer};
use crate::domain::CasenoteId;
use crate::domain::casenote::{MAX_VOLUME, VolumeKind};
use crate::domain::making::Alike;
use crate::domain::patient::{NhsNumber, Patient, Source};
use crate::domain::place::Code;
use crate::domain::printing::JobState;
use crate::domain::spelling::plain;
use crate::store::{Person, VolumeRecord};
use crate::web::pages::Shell;
use crate::web::pages::desk::new_id;
use crate::web::pages::labels::queue;
use crate::web::pages::people::PROVISIONAL;
use crate::web::pages::questions::said::Said;
use crate::web::pages::whereabouts::{Words, folder_title, patient_name};
use crate::web::{urls, when};

/// Folders named of one person: the rest is counted.
const FOLDERS_NAMED: usize = 4;
/// What is alike is chosen by the keys 1 to 9.
const KEYS: usize = 9;
/// What is said where more fit than are shown.
const MORE: &str = "More people fit. Type their forename or birth date as well, and look again.";

/// Back to an empty form.
const ANOTHER: &str = "Make up another";

/// Where the making stands.
pub enum Shown {
    /// The form alone, with what is wrong in it.
    Ask(Vec<String>),
    /// Those who may be meant.
    Compare {
        /// Those who are much like who was typed in: each must be passed by.
        alike: Vec<(Alike, Person)>,
        /// Those who were found otherwise.
        others: Vec<Person>,
        /// Whether more were found than are shown.
        more: bool,
        /// What a new patient would still need.
        missing: Option<&'static str>,
        /// What was not done.
        said: Option<Said>,
    },
    /// What is made for a known patient.
    Known(Box<Person>, Option<Said>),
    /// What is made for a new one.
    New(Option<Said>),
    /// The folder that was made.
    Made(Box<VolumeRecord>, Label),
}

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "make.html")]
pub struct MakePage {
    shell: Shell,
    /// An id for the form: sent twice, it counts once.
    id: String,
    said: Vec<Said>,
    wrong: Vec<String>,
    typed: Posting,
    /// Those who were passed by.
    passed: Vec<String>,
    sites: Vec<Choice>,
    /// Where the label comes out.
    printers: Vec<Choice>,
    /// Whether the form that looks for a patient is open.
    asks: bool,
    compare: Vec<Compare>,
    chosen: Vec<Chosen>,
    made: Vec<Made>,
}

/// One of several.
struct Choice {
    value: String,
    says: String,
    hint: String,
    is_chosen: bool,
}

/// Who may be meant.
struct Compare {
    title: &'static str,
    /// Whether anybody may be meant.
    has_any: bool,
    alike: Vec<Match>,
    others: Vec<Match>,
    /// That more were found.
    more: Vec<&'static str>,
    /// What a new patient still needs.
    missing: Vec<&'static str>,
}

/// One who may be meant, beside what was typed.
struct Match {
    /// The key that chooses them; none after the ninth.
    key: Vec<usize>,
    patient: String,
    name: String,
    tags: Vec<String>,
    why: &'static str,
    rows: Vec<Row>,
    folders: String,
    is_passed: bool,
}

/// One fact, typed and known.
struct Row {
    what: &'static str,
    typed: String,
    known: String,
    /// `same`, `differs`, or nothing where one is missing.
    mark: &'static str,
}

/// What is made, and for whom.
struct Chosen {
    person: String,
    name: String,
    facts: Vec<String>,
    tags: Vec<String>,
    whats: Vec<Choice>,
    kinds: Vec<Choice>,
    casenote: String,
}

/// A folder that was made.
struct Made {
    title: String,
    kind: String,
    /// What is still to be done.
    detail: String,
    /// What did not come to pass.
    trouble: Vec<String>,
    facts: Vec<String>,
    /// Where one goes from here, the likeliest first.
    links: Vec<Link>,
}

/// A way on.
struct Link {
    url: String,
    says: &'static str,
}

/// The page from what is known.
pub fn make_page(
    shell: Shell,
    words: &Words<'_>,
    sites: &[Code],
    offers: &[Offer<'_>],
    posting: &Posting,
    shown: &Shown,
) -> MakePage {
    let page = MakePage {
        shell,
        id: new_id(words.now).to_string(),
        said: Vec::new(),
        wrong: Vec::new(),
        sites: sites.iter().map(|site| site_choice(site, &posting.site)).collect(),
        printers: label_on(offers, posting.printer.as_deref()),
        typed: posting.clone(),
        passed: posting.passed.iter().map(|patient| patient.key().to_string()).collect(),
        asks: true,
        compare: Vec::new(),
        chosen: Vec::new(),
        made: Vec::new(),
    };
    match shown {
        Shown::Ask(wrong) => MakePage { wrong: wrong.clone(), ..page },
        Shown::Compare { alike, others, more, missing, said } => MakePage {
            compare: vec![Compare {
                more: more.then_some(MORE).into_iter().collect(),
                missing: missing.iter().copied().collect(),
                ..compare(&Typing::of(posting, words), alike, others)
            }],
            said: said.iter().cloned().collect(),
            ..page
        },
        Shown::Known(person, said) => MakePage {
            asks: false,
            chosen: vec![known(posting, person)],
            said: said.iter().cloned().collect(),
            ..page
        },
        Shown::New(said) => MakePage {
            asks: false,
            chosen: vec![new(&Typing::of(posting, words))],
            said: said.iter().cloned().collect(),
            ..page
        },
        Shown::Made(record, label) => MakePage { asks: false, made: vec![made(record, label)], ..page },
    }
}

fn choice(
    value: impl Into<String>,
    says: impl Into<String>,
    hint: impl Into<String>,
    chosen: &str,
) -> Choice {
    let value = value.into();
    Choice { is_chosen: value == chosen, value, says: says.into(), hint: hint.into() }
}

fn site_choice(site: &Code, chosen: &str) -> Choice {
    choice(site.as_str(), site.as_str(), "", chosen)
}

/// The printers that may take a cover, then a PDF; the first where nobody has chosen.
fn label_on(offers: &[Offer<'_>], chosen: Option<&str>) -> Vec<Choice> {
    let usual = offers.first().map_or("", |offer| offer.setup.name.as_str());
    let chosen = chosen.unwrap_or(usual);
    let on = |offer: &Offer<'_>| choice(&offer.setup.name, offer.says(), "", chosen);
    offers.iter().map(on).chain([choice("", "A PDF to print", "", chosen)]).collect()
}

/// What was typed, and as it is read.
struct Typing<'a> {
    posting: &'a Posting,
    read: Typed,
}

impl<'a> Typing<'a> {
    fn of(posting: &'a Posting, words: &Words<'_>) -> Self {
        let today = words.now.to_jiff().to_zoned_datetime(words.zone.clone()).date();
        Self { posting, read: posting.typed(today).unwrap_or_default() }
    }

    /// The birth date as it is read, so that a day is not taken for a month.
    fn born(&self) -> String {
        self.read.born.map_or_else(|| self.posting.born.clone(), when::date)
    }

    /// The NHS number in its groups, as it stands on paper.
    fn nhs_number(&self) -> String {
        self.read.nhs_number.map_or_else(|| self.posting.nhs.clone(), NhsNumber::spaced)
    }
}

fn compare(typing: &Typing<'_>, alike: &[(Alike, Person)], others: &[Person]) -> Compare {
    let keys = |at: usize| (at < KEYS).then_some(at + 1).into_iter().collect();
    let near = alike.iter().enumerate();
    let found = (alike.len()..).zip(others);
    Compare {
        title: match (alike.len(), others.len()) {
            (0, 0) => "Nobody like this is known",
            (0, _) => "Is it one of these?",
            (_, _) => "Much like what you typed: is it the same person?",
        },
        has_any: !alike.is_empty() || !others.is_empty(),
        alike: near.map(|(at, (alike, person))| match_of(typing, keys(at), alike.says(), person)).collect(),
        others: found.map(|(at, person)| match_of(typing, keys(at), "", person)).collect(),
        more: Vec::new(),
        missing: Vec::new(),
    }
}

fn match_of(typing: &Typing<'_>, key: Vec<usize>, why: &'static str, person: &Person) -> Match {
    let patient = &person.patient;
    Match {
        key,
        patient: patient.id.key().to_string(),
        name: name(patient),
        tags: tags(patient),
        why,
        rows: rows(typing, person),
        folders: folders(person),
        is_passed: typing.posting.passed.contains(&patient.id),
    }
}

fn name(patient: &Patient) -> String {
    if patient.surname.is_empty() { "NO NAME KNOWN".to_owned() } else { patient_name(patient) }
}

fn tags(patient: &Patient) -> Vec<String> {
    let died = patient.died.map(|day| format!("died {}", when::date(day)));
    let provisional = (patient.source == Source::TypedIn).then(|| PROVISIONAL.to_owned());
    died.into_iter().chain(provisional).collect()
}

/// What was typed and what is known, side by side.
fn rows(typing: &Typing<'_>, person: &Person) -> Vec<Row> {
    let Typing { posting, read } = typing;
    let patient = &person.patient;
    let numbers: Vec<_> = person.numbers.iter().map(ToString::to_string).collect();
    let nhs = patient.nhs_number.map(NhsNumber::spaced).unwrap_or_default();
    let number = posting.number.replace(' ', "").to_uppercase();
    let knows_number = numbers.contains(&number);
    vec![
        row("Surname", &posting.surname, &patient.surname, is_same_name),
        row("Forename", &posting.forename, &patient.forename, is_same_name),
        row("Born", &typing.born(), &patient.born.map(when::date).unwrap_or_default(), |_, _| {
            read.born == patient.born
        }),
        row("NHS number", &typing.nhs_number(), &nhs, |_, _| read.nhs_number == patient.nhs_number),
        row("Hospital number", &posting.number, &numbers.join(", "), |_, _| knows_number),
    ]
}

fn row(what: &'static str, typed: &str, known: &str, is_same: impl Fn(&str, &str) -> bool) -> Row {
    let mark = match (typed.is_empty() || known.is_empty(), is_same(typed, known)) {
        (true, _) => "",
        (false, true) => "same",
        (false, false) => "differs",
    };
    let or_none = |text: &str| if text.is_empty() { "–".to_owned() } else { text.to_owned() };
    Row { what, typed: or_none(typed), known: or_none(known), mark }
}

fn is_same_name(one: &str, other: &str) -> bool {
    plain(one) == plain(other)
}

/// `Folders: RX123456 volume 1, RX123456 volume 2 and 3 more`.
fn folders(person: &Person) -> String {
    let titles: Vec<_> =
        person.folders.iter().take(FOLDERS_NAMED).map(|folder| folder_title(&folder.brief)).collect();
    let more = person.folders.len().saturating_sub(FOLDERS_NAMED);
    match (titles.is_empty(), more, person.has_more_folders) {
        (true, _, _) => "No folder of theirs is known.".to_owned(),
        (false, 0, false) => format!("Folders: {}", titles.join(", ")),
        (false, more, false) => format!("Folders: {} and {more} more", titles.join(", ")),
        (false, _, true) => format!("Folders: {} and more", titles.join(", ")),
    }
}

/// A casenote of somebody, by what is known of its folders.
struct Casenote {
    number: String,
    highest: u32,
}

fn casenotes(person: &Person) -> BTreeMap<CasenoteId, Casenote> {
    let mut found = BTreeMap::new();
    for folder in &person.folders {
        let brief = &folder.brief;
        let casenote = found
            .entry(brief.casenote)
            .or_insert_with(|| Casenote { number: brief.number.to_string(), highest: 0 });
        casenote.highest = casenote.highest.max(brief.volume);
    }
    found
}

fn known(posting: &Posting, person: &Person) -> Chosen {
    let patient = &person.patient;
    let casenotes = casenotes(person);
    let mut facts: Vec<_> =
        patient.born.map(|born| format!("born {}", when::date(born))).into_iter().collect();
    facts.extend(patient.nhs_number.map(|number| format!("NHS number {}", number.spaced())));
    facts.push(folders(person));
    let unused = person.numbers.iter().map(ToString::to_string);
    let unused = unused.filter(|number| casenotes.values().all(|casenote| casenote.number != *number));
    let casenote =
        if posting.casenote.is_empty() { unused.take(1).collect() } else { posting.casenote.clone() };
    Chosen {
        person: patient.id.key().to_string(),
        name: name(patient),
        facts,
        tags: tags(patient),
        whats: whats(&casenotes, &posting.what),
        kinds: kinds(&posting.kind),
        casenote,
    }
}

/// What may be made for somebody who is known: for each casenote a volume or a temporary folder, or a new casenote.
fn whats(casenotes: &BTreeMap<CasenoteId, Casenote>, chosen: &str) -> Vec<Choice> {
    let going_on = casenotes.iter().filter(|(_, casenote)| casenote.highest < MAX_VOLUME);
    let of = |(id, casenote): (&CasenoteId, &Casenote)| {
        let next = casenote.highest + 1;
        let (key, number) = (id.key(), &casenote.number);
        [
            choice(
                format!("volume {key}"),
                format!("New volume of {number}"),
                format!("It will be volume {next}."),
                chosen,
            ),
            choice(
                format!("temporary {key}"),
                format!("Temporary folder for {number}"),
                format!("It stands in for one that cannot be found, and will be volume {next}."),
                chosen,
            ),
        ]
    };
    let new = choice("casenote", "New casenote", "Give its number below. It will be volume 1.", chosen);
    going_on.flat_map(of).chain([new]).collect()
}

fn new(typing: &Typing<'_>) -> Chosen {
    let posting = typing.posting;
    let born = match typing.read.born {
        Some(born) => format!("born {}", when::date(born)),
        None => "birth date not known".to_owned(),
    };
    let nhs = (!posting.nhs.is_empty()).then(|| format!("NHS number {}", typing.nhs_number()));
    let facts = [Some(born), nhs, Some(format!("hospital number {}", posting.number.to_uppercase()))];
    let forename = if posting.forename.is_empty() { "" } else { &posting.forename };
    let casenote = if posting.casenote.is_empty() { &posting.number } else { &posting.casenote };
    Chosen {
        person: String::new(),
        name: format!("{}, {forename}", posting.surname.to_uppercase())
            .trim_end_matches([',', ' '])
            .to_owned(),
        facts: facts.into_iter().flatten().collect(),
        tags: vec!["New: provisional until the next import tells of them".to_owned()],
        whats: vec![choice("casenote", "New casenote", "It will be volume 1.", "casenote")],
        kinds: kinds(&posting.kind),
        casenote: casenote.clone(),
    }
}

fn kinds(chosen: &str) -> Vec<Choice> {
    let says = |kind: VolumeKind| kind.word().replace('-', " ");
    VolumeKind::ALL.into_iter().map(|kind| choice(kind.word(), says(kind), "", chosen)).collect()
}

fn made(record: &VolumeRecord, label: &Label) -> Made {
    let brief = &record.brief;
    let patient = record.patient.as_ref();
    let who = patient.map(name);
    let born = patient.and_then(|patient| patient.born).map(|born| format!("born {}", when::date(born)));
    let tags = patient.map(tags).unwrap_or_default();
    let barcode = format!("barcode {}", brief.barcode);
    let url = urls::volume(brief.barcode.as_str());
    let print = Link { url: format!("{url}/label"), says: "Print its label" };
    let queue = Link { url: queue::URL.to_owned(), says: "What is being printed" };
    let (own, another) = (Link { url, says: "Its page" }, Link { url: "/make".to_owned(), says: ANOTHER });
    let (coming, trouble) = printing(label);
    let links = match label {
        Label::ToPrint => vec![print, own, another],
        Label::NotOn(_) | Label::On(_, JobState::CalledOff) => vec![print, queue, own, another],
        Label::On(_, JobState::Unknown | JobState::Failed) => vec![queue, print, own, another],
        Label::On(_, JobState::Queued | JobState::Sent | JobState::Confirmed) => vec![another, queue, own],
    };
    Made {
        title: folder_title(brief),
        kind: brief.kind.word().replace('-', " "),
        detail: format!("{coming}It counts as not yet seen until its label is scanned."),
        trouble: trouble.into_iter().collect(),
        facts: [who, born, Some(barcode)].into_iter().flatten().chain(tags).collect(),
        links,
    }
}

/// That the label comes, or what is the matter with it.
fn printing(label: &Label) -> (String, Option<String>) {
    let trouble = |says: String| (String::new(), Some(says));
    match label {
        Label::ToPrint => (String::new(), None),
        Label::NotOn(printer) => {
            trouble(format!("Its label is not printing on {printer}. Print it from here."))
        }
        Label::On(printer, JobState::Queued | JobState::Sent) => {
            (format!("Its label is printing on {printer}. "), None)
        }
        Label::On(printer, JobState::Confirmed) => (format!("Its label was printed on {printer}. "), None),
        Label::On(printer, JobState::Unknown) => trouble(format!(
            "Look whether its label came out of {printer}, and say so under what is being printed."
        )),
        Label::On(printer, JobState::Failed) => trouble(format!("Its label did not print on {printer}.")),
        Label::On(printer, JobState::CalledOff) => {
            trouble(format!("Its label was called off on {printer}. Print it from here."))
        }
    }
}
