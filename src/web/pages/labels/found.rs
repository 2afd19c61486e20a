//! The things that labels are for, looked up exactly as they were named. What names nothing is told, not guessed.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::commonest;
use super::wish::{What, Wish};
use crate::desk::DeskSetup;
use crate::domain::PlaceId;
use crate::domain::barcode::{Code, Entry, FolderCode, OwnBarcode, read};
use crate::domain::command::{self, Sought};
use crate::domain::directory::Directory;
use crate::domain::label_rule::LabelRule;
use crate::domain::place::{Place, PlaceKind};
use crate::domain::printing::{MAX_LABELS, Printed};
use crate::domain::staff::Staff;
use crate::labels::say;
use crate::labels::{Kind, LabelData, Text, cards};
use crate::store::{Labelled, Named};
use crate::web::acts;
use crate::web::api::scans::bare;
use crate::web::auth::Viewer;
use crate::web::error::Failure;
use crate::web::pages::order::by_code;
use crate::web::pages::whereabouts::{folder_title, patient_name};
use crate::web::when;

/// Places on a desk's sheet of destinations.
pub const DESTINATIONS: usize = 20;

/// One thing that a label is for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Thing {
    /// What the label is on.
    pub what: Printed,
    /// The store's key of it, or the number of its card.
    pub subject: i64,
    /// The name under which the page looks it up again.
    pub name: String,
    /// Where it stands among the labels of that name.
    pub at: usize,
    /// What people call it.
    pub title: String,
    /// More to tell it by.
    pub facts: String,
    /// Whether it is a folder that somebody scanned: it has borne a label.
    pub was_scanned: bool,
    /// What its label says.
    pub data: LabelData,
}

/// A name that names nothing that can be printed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Missing {
    /// As it was given.
    pub name: String,
    /// Why.
    pub why: String,
}

/// What was found.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Found {
    /// The things, in the order in which they were named.
    pub things: Vec<Thing>,
    /// What was not found.
    pub missing: Vec<Missing>,
    /// How many were named twice and are printed once.
    pub twice: usize,
}

impl Found {
    fn take(&mut self, name: &str, found: Result<Vec<Thing>, String>) {
        match found {
            Ok(things) => self.things.extend(things),
            Err(why) => self.missing.push(Missing { name: name.to_owned(), why }),
        }
    }

    /// Whether one of them has borne a label, so that *it has none yet* is not to be taken for granted.
    pub fn was_scanned(&self) -> bool {
        self.things.iter().any(|thing| thing.was_scanned)
    }

    /// Each thing once: a label that is wanted twice has copies.
    fn without_doubles(mut self) -> Self {
        let mut seen = BTreeSet::new();
        let named = self.things.len();
        self.things.retain(|thing| seen.insert((thing.what, thing.subject)));
        self.twice = named - self.things.len();
        self
    }
}

/// Looks up what a wish names. More than [`MAX_LABELS`] names are not looked up: the page says so.
pub async fn find(viewer: &Viewer, wish: &Wish) -> Result<Found, Failure> {
    let directory = viewer.directory();
    let mut found = Found::default();
    if wish.names.len() > MAX_LABELS {
        return Ok(found);
    }
    if wish.what == What::Cards && wish.names.is_empty() {
        found.take("", Ok(command_cards(None)));
    }
    for name in &wish.names {
        let things = match wish.what {
            What::Cover => folder(viewer, &directory, Kind::Volume, name).await?,
            What::Spine => folder(viewer, &directory, Kind::Spine, name).await?,
            What::Tracer => folder(viewer, &directory, Kind::Tracer, name).await?,
            What::Place => places(&directory, name, wish.with_beneath),
            What::Badge => badge(&directory, name),
            What::Cards => desk(viewer, name).map(|setup| command_cards(Some(setup))),
            What::Destinations => match desk(viewer, name) {
                Ok(setup) => Ok(destinations(viewer, &directory, setup).await?),
                Err(why) => Err(why),
            },
        };
        found.take(name, things);
    }
    Ok(found.without_doubles())
}

/// What a text means on a page where everything is taken as scanned.
fn meant(text: &str, rules: &[LabelRule], directory: &Directory) -> Code {
    let (aim, text) = bare(text);
    read(text, aim, Entry::Scanned, rules, directory)
}

async fn folder(
    viewer: &Viewer,
    directory: &Directory,
    kind: Kind,
    name: &str,
) -> Result<Result<Vec<Thing>, String>, Failure> {
    let code = match meant(name, viewer.label_rules(), directory) {
        Code::Folder(code) => code,
        Code::Patient(_) => {
            return Ok(Err(
                "It is a patient’s number: look the folder up, and print from its page.".to_owned()
            ));
        }
        Code::Place(_) | Code::Container(_) => return Ok(Err("It is a place, not a folder.".to_owned())),
        Code::Staff(_) => return Ok(Err("It is a badge, not a folder.".to_owned())),
        Code::Card(_) => return Ok(Err("It is a card for the desk, not a folder.".to_owned())),
        Code::Unusable(reason) => return Ok(Err(reason.says().to_owned())),
    };
    let today = viewer.now().to_jiff().to_zoned_datetime(viewer.time_zone().clone()).date();
    let found = folder_of(viewer, code).await?;
    Ok(found.map(|found| vec![of_folder(kind, &found, today, directory)]))
}

async fn folder_of(viewer: &Viewer, code: FolderCode) -> Result<Result<Labelled, String>, Failure> {
    let (store, trust) = (viewer.store(), viewer.trust());
    let none = || "No folder has this label.".to_owned();
    match store.named(trust, &Sought::Thing(command::Thing::Label(code))).await? {
        Named::Folder(label) => Ok(store.labelled(trust, &label).await?.ok_or_else(none)),
        Named::Folders(_) | Named::Patients(_) => {
            Ok(Err("More than one folder has this label: print from the folder’s own page.".to_owned()))
        }
        Named::Nothing => Ok(Err(none())),
    }
}

/// A folder with its label.
pub fn of_folder(kind: Kind, found: &Labelled, today: Date, directory: &Directory) -> Thing {
    let Labelled { record, has_namesake } = found;
    let facts = record.patient.as_ref().map(|patient| {
        let born = patient.born.map(|born| format!(", born {}", when::date(born))).unwrap_or_default();
        let namesake = if *has_namesake { " (another patient has the same name)" } else { "" };
        format!("{}{born}{namesake}", patient_name(patient))
    });
    Thing {
        what: match kind {
            Kind::Spine => Printed::Spine,
            Kind::Tracer => Printed::Tracer,
            Kind::Volume | Kind::Place | Kind::Container | Kind::Staff | Kind::Card => Printed::Cover,
        },
        subject: record.brief.id.key(),
        name: record.brief.barcode.to_string(),
        at: 0,
        title: folder_title(&record.brief),
        facts: facts.unwrap_or_default(),
        was_scanned: record.present.since.is_some(),
        data: say::folder(kind, &found.folder(), directory).with(Text::Printed, say::born(today)),
    }
}

fn places(directory: &Directory, name: &str, with_beneath: bool) -> Result<Vec<Thing>, String> {
    let (Code::Place(id) | Code::Container(id)) = meant(name, &[], directory) else {
        return Err("No place, shelf or crate has this code.".to_owned());
    };
    let is_wanted = |place: &&Place| {
        let is_fixed = place.kind != PlaceKind::Container;
        place.id == id || (with_beneath && is_fixed && directory.is_within(place.id, id))
    };
    let mut wanted: Vec<&Place> = directory.places().filter(is_wanted).collect();
    wanted.sort_by(|one, other| by_code(one, other));
    Ok(wanted.into_iter().map(|place| of_place(place, directory)).collect())
}

fn of_place(place: &Place, directory: &Directory) -> Thing {
    let data = say::place(place, directory);
    Thing {
        what: if data.kind == Kind::Container { Printed::Container } else { Printed::Place },
        subject: place.id.key(),
        name: place.code.to_string(),
        at: 0,
        title: place.name.clone(),
        facts: format!("{} {}", place.kind.word(), place.code),
        was_scanned: false,
        data,
    }
}

fn badge(directory: &Directory, name: &str) -> Result<Vec<Thing>, String> {
    let person = acts::whose_badge(name, directory).and_then(|id| directory.staff(id));
    person.map(|person| vec![of_person(person)]).ok_or_else(|| "Nobody has this badge.".to_owned())
}

fn of_person(person: &Staff) -> Thing {
    Thing {
        what: Printed::Badge,
        subject: person.id.key(),
        name: person.badge.to_string(),
        at: 0,
        title: person.name.clone(),
        facts: format!("badge {}", person.badge),
        was_scanned: false,
        data: say::badge(person),
    }
}

fn desk<'a>(viewer: &'a Viewer, name: &str) -> Result<&'a DeskSetup, String> {
    let setup = name.parse().ok().and_then(|code| viewer.setup(&code));
    setup.ok_or_else(|| "No desk has this code.".to_owned())
}

/// Every command card, then the desk's own if it has one.
pub fn command_cards(setup: Option<&DeskSetup>) -> Vec<Thing> {
    let name = setup.map(|setup| setup.code.to_string()).unwrap_or_default();
    let own = setup.and_then(|setup| Some(say::pairing(setup.pairing?, setup.code.as_str())));
    let things = cards::all().into_iter().chain(own).enumerate().map(|(at, data)| Thing {
        what: Printed::Card,
        subject: number_of(&data),
        name: name.clone(),
        at,
        title: data.texts.get(&Text::Title).cloned().unwrap_or_default(),
        facts: data.key.clone(),
        was_scanned: false,
        data,
    });
    things.collect()
}

/// The number of a command card.
fn number_of(card: &LabelData) -> i64 {
    let own = card.key.parse::<OwnBarcode>();
    own.ok().and_then(|own| i64::try_from(own.number).ok()).unwrap_or_default()
}

async fn destinations(
    viewer: &Viewer,
    directory: &Directory,
    setup: &DeskSetup,
) -> Result<Vec<Thing>, Failure> {
    let sent = viewer.store().sent_from(viewer.trust(), &setup.code).await?;
    let held: Vec<PlaceId> = viewer
        .overview()
        .map(|overview| overview.holders.iter().map(|holder| holder.place).collect())
        .unwrap_or_default();
    let place = directory.place_by_code(&setup.place).map(|place| place.id);
    let common = commonest::destinations(directory, place, &sent, &held, DESTINATIONS);
    let things = common.into_iter().filter_map(|id| directory.place(id)).enumerate();
    Ok(things
        .map(|(at, place)| Thing { name: setup.code.to_string(), at, ..of_place(place, directory) })
        .collect())
}
