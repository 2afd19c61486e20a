//! What the page for making up shows, as ready text.

mod chosen;
mod compare;
mod made;
mod person;

use askama::Template;

use super::form::Posting;
use super::label::{Label, Offer};
use crate::domain::making::Alike;
use crate::domain::place::Code;
use crate::store::{Person, VolumeRecord};
use crate::web::pages::Shell;
use crate::web::pages::desk::new_id;
use crate::web::pages::questions::said::Said;
use crate::web::pages::whereabouts::Words;
use chosen::{Chosen, known, new};
use compare::{Compare, MORE, compare};
use made::{Made, made};
use person::Typing;

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
