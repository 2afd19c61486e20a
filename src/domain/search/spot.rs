//! Spots: where one looks.

use crate::domain::casenote::LabelText;
use crate::domain::directory::Directory;
use crate::domain::patient::Number;
use crate::domain::place::Code;
use crate::domain::{PlaceId, VolumeId};

/// Where one looks. The spots on the shelves are of the volume's home library.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Spot {
    /// A department, a room; a library's returns where they are a place of their own.
    Place(PlaceId),
    /// The returns of this library: come back, not yet filed.
    Returns(PlaceId),
    /// Its own slot and the few beside it.
    OwnSlot,
    /// The shelf of its slot.
    OwnShelf,
    /// The shelves next to that.
    NextShelves,
    /// The slot of another number: two digits swapped, or one taken for its like.
    Slot(Number),
    /// Inside another folder; none: nobody said in which.
    InFolder(Option<VolumeId>),
    /// The section of its slot.
    Section,
    /// The rest of the library.
    Library,
    /// A shelf or box by itself, where folders are filed by place.
    Box(PlaceId),
    /// In somebody's hands on its way.
    ByHand,
    /// Nowhere that anybody could look.
    Lost,
}

/// A text that names no spot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a spot: D:<place>, R:<library>, S:<shelf>, B:<barcode>, H, X, or L: with own, shelf, adj, sect, rest, n<number>"
)]
pub struct BadSpot;

impl Spot {
    /// The place that it is or belongs to, where it names one.
    pub const fn place(&self) -> Option<PlaceId> {
        match self {
            Self::Place(place) | Self::Returns(place) | Self::Box(place) => Some(*place),
            Self::OwnSlot
            | Self::OwnShelf
            | Self::NextShelves
            | Self::Slot(_)
            | Self::InFolder(_)
            | Self::Section
            | Self::Library
            | Self::ByHand
            | Self::Lost => None,
        }
    }

    /// The outward form, e.g. `D:CL5`; what is in no directory is told by its key.
    pub fn told(&self, directory: &Directory, barcode: impl Fn(VolumeId) -> Option<LabelText>) -> String {
        let place = |id: PlaceId| {
            directory.place(id).map_or_else(|| id.key().to_string(), |place| place.code.to_string())
        };
        let volume = |id: VolumeId| barcode(id).map_or_else(String::new, |label| label.to_string());
        self.form(place, volume)
    }

    /// Reads the outward form. `volume` is what [`Spot::label_in`] named, looked up.
    pub fn read(text: &str, directory: &Directory, volume: Option<VolumeId>) -> Result<Self, BadSpot> {
        let place = |code: &str| {
            let code: Code = code.parse().ok()?;
            directory.place_by_code(&code).map(|place| place.id)
        };
        Self::of_form(text, place, |_| volume)
    }

    /// The label of the folder that a text names as the one it was in.
    pub fn label_in(text: &str) -> Option<LabelText> {
        text.strip_prefix("B:")?.parse().ok()
    }

    /// The form of the store: keys in the place of codes.
    pub fn stored(&self) -> String {
        self.form(|place| place.key().to_string(), |volume| volume.key().to_string())
    }

    /// Reads the form of the store.
    pub fn from_stored(text: &str) -> Result<Self, BadSpot> {
        let key = |text: &str| text.parse::<i64>().ok();
        Self::of_form(text, |text| key(text).map(PlaceId::new), |text| key(text).map(VolumeId::new))
    }

    fn form(&self, place: impl Fn(PlaceId) -> String, volume: impl Fn(VolumeId) -> String) -> String {
        match self {
            Self::Place(at) => format!("D:{}", place(*at)),
            Self::Returns(library) => format!("R:{}", place(*library)),
            Self::Box(at) => format!("S:{}", place(*at)),
            Self::OwnSlot => "L:own".to_owned(),
            Self::OwnShelf => "L:shelf".to_owned(),
            Self::NextShelves => "L:adj".to_owned(),
            Self::Slot(number) => format!("L:n{number}"),
            Self::InFolder(folder) => format!("B:{}", folder.map(volume).unwrap_or_default()),
            Self::Section => "L:sect".to_owned(),
            Self::Library => "L:rest".to_owned(),
            Self::ByHand => "H".to_owned(),
            Self::Lost => "X".to_owned(),
        }
    }

    fn of_form(
        text: &str,
        place: impl Fn(&str) -> Option<PlaceId>,
        volume: impl Fn(&str) -> Option<VolumeId>,
    ) -> Result<Self, BadSpot> {
        match text {
            "H" => return Ok(Self::ByHand),
            "X" => return Ok(Self::Lost),
            "B:" => return Ok(Self::InFolder(None)),
            _ => {}
        }
        let (kind, rest) = text.split_once(':').ok_or(BadSpot)?;
        let spot = match (kind, rest) {
            ("D", code) => place(code).map(Self::Place),
            ("R", code) => place(code).map(Self::Returns),
            ("S", code) => place(code).map(Self::Box),
            ("B", label) => volume(label).map(|volume| Self::InFolder(Some(volume))),
            ("L", "own") => Some(Self::OwnSlot),
            ("L", "shelf") => Some(Self::OwnShelf),
            ("L", "adj") => Some(Self::NextShelves),
            ("L", "sect") => Some(Self::Section),
            ("L", "rest") => Some(Self::Library),
            ("L", number) => number.strip_prefix('n').and_then(|number| number.parse().ok()).map(Self::Slot),
            _ => None,
        };
        spot.ok_or(BadSpot)
    }

    /// As people say it, the names of places from `directory`.
    pub fn says(&self, directory: &Directory) -> String {
        let name = |place: PlaceId| directory.name(place).to_owned();
        match self {
            Self::Place(at) | Self::Box(at) => name(*at),
            Self::Returns(library) => format!("returns of {}, not yet filed", name(*library)),
            Self::OwnSlot => "its own slot".to_owned(),
            Self::OwnShelf => "its own shelf".to_owned(),
            Self::NextShelves => "the shelves next to its own".to_owned(),
            Self::Slot(number) => format!("the slot of {number}"),
            Self::InFolder(_) => "inside another folder".to_owned(),
            Self::Section => "its section of the library".to_owned(),
            Self::Library => "elsewhere in the library".to_owned(),
            Self::ByHand => "carried by hand".to_owned(),
            Self::Lost => "nowhere to look".to_owned(),
        }
    }
}
