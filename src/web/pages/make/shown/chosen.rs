//! What may be made for somebody.

use std::collections::BTreeMap;

use super::person::{Typing, folders, name, tags};
use super::{Choice, choice};
use crate::domain::CasenoteId;
use crate::domain::casenote::{MAX_VOLUME, VolumeKind};
use crate::store::Person;
use crate::web::pages::make::form::Posting;
use crate::web::when;

/// What is made, and for whom.
pub struct Chosen {
    pub person: String,
    pub name: String,
    pub facts: Vec<String>,
    pub tags: Vec<String>,
    pub whats: Vec<Choice>,
    pub kinds: Vec<Choice>,
    pub casenote: String,
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

/// What may be made for somebody who is known.
pub fn known(posting: &Posting, person: &Person) -> Chosen {
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

/// For each casenote a volume or a temporary folder, or a new casenote.
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

/// What is made for a new patient.
pub fn new(typing: &Typing<'_>) -> Chosen {
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
