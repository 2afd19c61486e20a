//! What the labels of our things say.

use super::data::{Kind, LabelData, Text};
use super::text::Name;
use crate::domain::PlaceId;
use crate::domain::barcode::{Card, OwnBarcode, OwnKind};
use crate::domain::casenote::VolumeKind;
use crate::domain::directory::Directory;
use crate::domain::patient::Source;
pub use crate::domain::patient::born;
use crate::domain::place::{Place, PlaceKind};
use crate::domain::printing::Folder;
use crate::domain::staff::Staff;

/// Cover, spine or tracer of a folder.
pub fn folder(kind: Kind, folder: &Folder<'_>, directory: &Directory) -> LabelData {
    let brief = folder.brief;
    let (is_temporary, what) = match brief.kind {
        VolumeKind::Temporary => (true, String::new()),
        VolumeKind::Original => (false, String::new()),
        VolumeKind::Maternity
        | VolumeKind::MentalHealth
        | VolumeKind::Emergency
        | VolumeKind::Therapy
        | VolumeKind::Other => (false, brief.kind.word().replace('-', " ").to_uppercase()),
    };
    let warnings = [
        is_temporary.then(|| "TEMPORARY".to_owned()),
        folder.has_namesake.then(|| "SAME NAME".to_owned()),
        (!what.is_empty()).then_some(what),
    ];
    let provisional = folder.patient.is_some_and(|patient| patient.source == Source::TypedIn);
    let provisional = provisional.then(|| "PROVISIONAL".to_owned());
    let mut warnings = warnings.into_iter().flatten();
    let mut data = LabelData::new(kind, brief.barcode.as_str())
        .with(Text::Number, brief.number.as_str())
        .with(Text::Volume, format!("Vol {} of {}", brief.volume, folder.of))
        .with(Text::Site, folder.site.as_str())
        .with(Text::Warning, warnings.next().unwrap_or_default())
        .with(Text::Second, warnings.chain(provisional).collect::<Vec<_>>().join(", "))
        .with(Text::Home, folder.home.map(|home| directory.name(home)).unwrap_or_default());
    brief.number.as_str().clone_into(&mut data.digits);
    if kind == Kind::Tracer {
        data =
            data.with(Text::Title, brief.number.as_str()).with(Text::Below, out_of(folder.home, directory));
    }
    let Some(patient) = folder.patient else { return data };
    data.name = Some(Name { surname: patient.surname.to_uppercase(), given: patient.forename.clone() });
    let nhs = patient.nhs_number.map(|number| format!("NHS {}", number.spaced())).unwrap_or_default();
    data.with(Text::Born, patient.born.map(|day| format!("born {}", born(day))).unwrap_or_default())
        .with(Text::Nhs, nhs)
}

/// What a tracer says: not where the folder went, which is true only while it is read.
fn out_of(home: Option<PlaceId>, directory: &Directory) -> String {
    let belongs = home.map(|home| format!(" It belongs on {}.", directory.name(home))).unwrap_or_default();
    format!("Tracer: the folder is out.{belongs}")
}

/// A place's card, a shelf's edge, a container's label. The code that is printed is ours, with check digits.
pub fn place(place: &Place, directory: &Directory) -> LabelData {
    let (kind, own) = match place.kind {
        PlaceKind::Container => (Kind::Container, OwnKind::Container),
        PlaceKind::Site
        | PlaceKind::Library
        | PlaceKind::Shelf
        | PlaceKind::Clinic
        | PlaceKind::Ward
        | PlaceKind::Office
        | PlaceKind::Person
        | PlaceKind::Store
        | PlaceKind::Other => (Kind::Place, OwnKind::Place),
    };
    let path = directory.path(place.id);
    let above = path.split_last().map(|(_, above)| above.join(" \u{203a} ")).unwrap_or_default();
    let below = if above.is_empty() { place.kind.word().to_owned() } else { above };
    LabelData::new(kind, own_barcode(own, place.id.key()))
        .with(Text::Title, place.name.clone())
        .with(Text::Below, format!("{below} \u{b7} {}", place.code))
        .with(Text::Phone, directory.phone(place.id).unwrap_or_default())
}

/// A badge. What is printed is the badge as it was imported, so that old and new ones read alike.
pub fn badge(person: &Staff) -> LabelData {
    LabelData::new(Kind::Staff, person.badge.as_str())
        .with(Text::Title, person.name.clone())
        .with(Text::Below, person.role.word())
}

/// A command card: its word, and what it does.
pub fn card(card: Card, word: &str, says: &str) -> LabelData {
    LabelData::new(Kind::Card, card.barcode().to_string()).with(Text::Title, word).with(Text::Below, says)
}

/// A desk's own card.
pub fn pairing(number: u32, desk: &str) -> LabelData {
    card(Card::Pairing(number), desk, "The card of this desk: it pairs a scanner with it.")
}

/// A place on a desk's sheet of destinations.
pub fn destination(place: &Place, directory: &Directory) -> LabelData {
    let said = self::place(place, directory);
    LabelData { kind: Kind::Card, ..said }
}

fn own_barcode(kind: OwnKind, key: i64) -> String {
    OwnBarcode::new(kind, u64::try_from(key).unwrap_or_default()).to_string()
}
