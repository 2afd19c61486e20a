//! A plan as people read it.

use std::collections::HashMap;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::terrain::{Terrain, digits};
use crate::clock::Timestamp;
use crate::domain::casenote::LabelText;
use crate::domain::directory::Directory;
use crate::domain::opening::{Hours, Opening};
use crate::domain::patient::Number;
use crate::domain::place::{Place, PlaceKind};
use crate::domain::search::{Search, Spot};
use crate::domain::{PlaceId, VolumeId};
use crate::locate::{By, ConsultantIx, Digits, Line, Names, Plan, Reason, band, shown, words};
use crate::store::locating::{Evidence, WholeSet};

/// After how many places the chance of success is told.
const SHARES: [usize; 3] = [3, 5, 10];

/// How much of the log a plan knows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Learning {
    /// All of it, but for the last seconds.
    Ready,
    /// It is still being read, up to this scan: habits of places are missing from the plan.
    Reading {
        /// The key of the scan.
        upto: i64,
    },
    /// The places are still being read: there is no plan yet.
    NotYet,
}

/// Where to look for one folder, and everything on the screen of whoever does.
#[derive(Clone, PartialEq, Debug)]
pub struct PlanShown {
    /// The search that it is for, with its looks; none: nobody has opened one.
    pub search: Option<Search>,
    /// The moment.
    pub at: Timestamp,
    /// In which order the lines are.
    pub by: By,
    /// How much of the log it knows.
    pub learning: Learning,
    /// The chance that the folder was where it is tracked, before anybody looked; 0 while there is no plan.
    pub there: f64,
    /// Where to look, the best first.
    pub lines: Vec<LineShown>,
    /// How far one gets with the first 3, 5 and 10 places.
    pub shares: Vec<Share>,
    /// The chance that it is nowhere where one can look.
    pub lost: f64,
    /// The folder, and what belongs to it.
    pub set: WholeSet,
}

/// One look of a plan.
#[derive(Clone, PartialEq, Debug)]
pub struct LineShown {
    /// Where.
    pub spot: Spot,
    /// The spot as the interfaces write it: `D:CL5`.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// The building, else the site or library, that it is in; its own name where nothing is above it; empty where it is
    /// no place.
    pub building: String,
    /// The place of the directory that it is, or the library whose shelves it is on. Who may not be told of a place is
    /// to be told the place to ask instead: that is for whoever shows the line.
    pub place: Option<PlaceId>,
    /// The telephone that is answered now, as far as the hospital's hours tell.
    pub phone: Option<String>,
    /// 1, or 2 and 3 for a second and a third look.
    pub visit: u32,
    /// The chance that it is there, never above what the engine dares say.
    pub chance: f64,
    /// The same in words: `about 1 in 5`.
    pub band: &'static str,
    /// Minutes, the walk included.
    pub minutes: f64,
    /// The chance that the look finds it if it is there.
    pub detect: f64,
    /// How many folders stand before it on the shelves: the order in which shelves are walked along.
    pub along: Option<usize>,
    /// At a slot: the numbers on the folders next before and next after it.
    pub between: [Option<String>; 2],
    /// Why: one or two sentences, none on a second look.
    pub reasons: Vec<String>,
}

impl LineShown {
    /// Where it would stand on the shelves: `between 104465 and 104665`.
    pub fn stands(&self) -> Option<String> {
        match &self.between {
            [Some(before), Some(after)] => Some(format!("between {before} and {after}")),
            [Some(before), None] => Some(format!("after {before}")),
            [None, Some(after)] => Some(format!("before {after}")),
            [None, None] => None,
        }
    }
}

/// How far one gets with the first places of a plan.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Share {
    /// So many looks.
    pub looks: usize,
    /// The chance that it is found by then.
    pub chance: f64,
    /// The same in words.
    pub band: &'static str,
    /// Minutes, all of them walked.
    pub minutes: f64,
}

impl PlanShown {
    /// The places of the plan, each once: after a look in vain a second look stands where it then belongs.
    pub fn places(&self) -> impl Iterator<Item = &LineShown> {
        self.lines.iter().filter(|line| line.visit == 1)
    }

    /// How far one gets with the first 3, 5 and 10 places, each looked at once; of fewer places, as far as there are any.
    pub fn odds(&self) -> impl Iterator<Item = Share> {
        let all = self.places().count();
        SHARES.into_iter().filter(move |many| *many <= all).map(|many| share(self.places(), many))
    }

    /// What there is to show while there is no plan.
    pub(super) const fn without(set: WholeSet, search: Option<Search>, at: Timestamp, by: By) -> Self {
        Self {
            search,
            at,
            by,
            learning: Learning::NotYet,
            there: 0.0,
            lines: Vec::new(),
            shares: Vec::new(),
            lost: 0.0,
            set,
        }
    }
}

/// What turns a plan into words.
pub(super) struct Telling<'a> {
    pub terrain: &'a Terrain,
    pub evidence: &'a Evidence,
    /// The labels of the folders to look into.
    pub labels: HashMap<VolumeId, LabelText>,
    pub time_zone: &'a TimeZone,
    pub now: Timestamp,
}

impl Telling<'_> {
    /// The plan in words.
    pub fn plan(
        &self,
        plan: &Plan,
        set: WholeSet,
        search: Option<Search>,
        by: By,
        learning: Learning,
    ) -> PlanShown {
        let lines: Vec<_> = plan.lines.iter().filter_map(|line| self.line(line)).collect();
        PlanShown {
            search,
            at: self.now,
            by,
            learning,
            there: plan.there,
            shares: SHARES.iter().map(|looks| share(lines.iter(), *looks)).collect(),
            lines,
            lost: plan.lost,
            set,
        }
    }

    fn line(&self, line: &Line) -> Option<LineShown> {
        let spot = self.terrain.spot(line.cell)?;
        let place = spot.place().or_else(|| self.home_shelf()).or_else(|| self.library());
        let directory = &self.terrain.directory;
        let now = self.now.to_jiff().to_zoned_datetime(self.time_zone.clone()).datetime();
        Some(LineShown {
            code: spot.told(directory, |volume| self.labels.get(&volume).cloned()),
            name: self.name(&spot),
            building: place.map_or_else(String::new, |place| building(directory, place, &spot)),
            phone: place.and_then(|place| phone(directory, place, now)),
            place,
            visit: line.visit,
            chance: line.chance,
            band: band(line.chance),
            minutes: line.minutes,
            detect: line.detect,
            along: line.along,
            between: self.between(&spot),
            reasons: line.reasons.iter().map(|reason| self.say(reason)).collect(),
            spot,
        })
    }

    /// The folders beside the slot that is looked at, or that the shelf is looked through from.
    fn between(&self, spot: &Spot) -> [Option<String>; 2] {
        let number = match spot {
            Spot::OwnSlot | Spot::OwnShelf | Spot::NextShelves => Some(&self.evidence.number),
            Spot::Slot(number) => Some(number),
            Spot::Place(_)
            | Spot::Returns(_)
            | Spot::InFolder(_)
            | Spot::Section
            | Spot::Library
            | Spot::Box(_)
            | Spot::ByHand
            | Spot::Lost => None,
        };
        let library = self.terrain.ground.library(self.terrain.home(self.evidence.home));
        let beside =
            number.and_then(digits).zip(library).map(|(number, library)| library.order.beside(number));
        beside.unwrap_or_default().map(|one| one.map(|one| spelled(&self.evidence.number, one)))
    }

    fn name(&self, spot: &Spot) -> String {
        let directory = &self.terrain.directory;
        let says = spot.says(directory);
        match spot {
            Spot::OwnSlot | Spot::OwnShelf => match self.home_shelf() {
                Some(home) => format!("{says}, {}", directory.name(home)),
                None => says,
            },
            Spot::InFolder(Some(folder)) => format!("inside folder {}", self.folder(*folder)),
            Spot::Place(_)
            | Spot::Returns(_)
            | Spot::NextShelves
            | Spot::Slot(_)
            | Spot::InFolder(None)
            | Spot::Section
            | Spot::Library
            | Spot::Box(_)
            | Spot::ByHand
            | Spot::Lost => says,
        }
    }

    /// The shelf that the folder belongs on, where that is one.
    fn home_shelf(&self) -> Option<PlaceId> {
        let home = self.evidence.home?;
        let kind = self.terrain.directory.place(home)?.kind;
        (kind == PlaceKind::Shelf).then_some(home)
    }

    fn library(&self) -> Option<PlaceId> {
        self.terrain.home(self.evidence.home).and_then(|place| self.terrain.place_of(place))
    }

    /// The number on another folder.
    fn folder(&self, volume: VolumeId) -> String {
        let mates = || self.evidence.returned_with.iter().chain(&self.evidence.mates);
        let number = mates().find(|mate| mate.volume == volume).map(|mate| mate.number.to_string());
        let label = || self.labels.get(&volume).map(ToString::to_string);
        number.or_else(label).unwrap_or_else(|| "beside it".to_owned())
    }

    fn say(&self, reason: &Reason) -> String {
        let directory = &self.terrain.directory;
        let place = |place| {
            let known = self.terrain.place_of(place);
            known.map_or_else(|| "another place".to_owned(), |place| directory.name(place).to_owned())
        };
        let consultant = |of| self.consultant(of);
        let volume = |volume| self.folder(volume);
        let day = |at| self.day(at);
        words(reason, &Names { place: &place, consultant: &consultant, volume: &volume, day: &day })
    }

    /// A consultant by the directory's name, else by the name on the list that called the folder.
    fn consultant(&self, of: ConsultantIx) -> String {
        let listed = || {
            let called = self.evidence.called.iter().filter_map(|called| called.consultant.as_ref());
            called
                .into_iter()
                .find(|named| self.terrain.consultant(named) == of)
                .map(|named| named.name.as_str())
        };
        self.terrain.consultant_name(of).or_else(listed).unwrap_or("the consultant").to_owned()
    }

    fn day(&self, at: Timestamp) -> String {
        at.to_jiff().to_zoned_datetime(self.time_zone.clone()).strftime("%-d %b").to_string()
    }
}

/// A number of the shelves as the hospital writes its own: with what stands before the digits of this one.
fn spelled(like: &Number, number: Digits) -> String {
    let text = like.as_str();
    let (front, digits) = text.split_at(text.find(|sign: char| sign.is_ascii_digit()).unwrap_or(0));
    if digits.bytes().all(|sign| sign.is_ascii_digit()) {
        format!("{front}{number}")
    } else {
        number.to_string()
    }
}

/// The top-most place below the site. Of a place that is that itself, the site, or its own name where it stands alone.
fn building(directory: &Directory, place: PlaceId, spot: &Spot) -> String {
    let mut upwards = directory.upwards(place);
    let site = |step: &Place| step.kind == PlaceKind::Site;
    let Some(building) = directory.upwards(place).take_while(|step| !site(step)).last() else {
        return directory.name(place).to_owned();
    };
    let stands_alone = building.id == place && matches!(spot, Spot::Place(_));
    let above = upwards.find(|step| stands_alone && site(step));
    above.unwrap_or(building).name.clone()
}

/// The telephone that is answered now: of the nearest places upwards that have one for the day, and one for other times.
fn phone(directory: &Directory, place: PlaceId, now: DateTime) -> Option<String> {
    let by_day = directory.upwards(place).find_map(|step| Some((step, step.phone.as_ref()?)));
    let by_night = || directory.upwards(place).find_map(|step| step.phone_out_of_hours.clone());
    let Some((place, by_day)) = by_day else { return by_night() };
    let hours =
        place.open.as_deref().and_then(Opening::parse).map_or(Hours::Unsaid, |opening| opening.at(now));
    match hours {
        Hours::Always | Hours::OpenUntil(_) | Hours::Unsaid => Some(by_day.clone()),
        Hours::Closed(_) => by_night().or_else(|| Some(by_day.clone())),
    }
}

/// How far one gets with so many looks.
fn share<'a>(lines: impl Iterator<Item = &'a LineShown>, looks: usize) -> Share {
    let (mut chance, mut minutes) = (0.0, 0.0);
    for line in lines.take(looks) {
        let overlooked = (1..line.visit).fold(1.0, |missed, _| missed * (1.0 - line.detect));
        chance += line.chance * line.detect * overlooked;
        minutes += line.minutes;
    }
    let chance = shown(chance);
    Share { looks, chance, band: band(chance), minutes }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_by_itself_on_its_site_stands_under_the_site_and_others_under_their_building() {
        let places = [
            Place::plain(1, "St-E", PlaceKind::Site, None),
            Place::plain(2, "Library", PlaceKind::Library, Some(1)),
            Place::plain(3, "S12", PlaceKind::Shelf, Some(2)),
            Place::plain(4, "Ward-7", PlaceKind::Ward, Some(1)),
            Place::plain(5, "Store", PlaceKind::Store, None),
        ];
        let directory = Directory::new(places, [], []);
        let of = |place, spot: fn(PlaceId) -> Spot| {
            let place = PlaceId::new(place);
            building(&directory, place, &spot(place))
        };
        assert_eq!(of(4, Spot::Place), "St-E");
        assert_eq!(of(3, Spot::Place), "Library");
        assert_eq!(of(2, Spot::Returns), "Library");
        assert_eq!(of(5, Spot::Place), "Store", "nothing is above it");
        assert_eq!(of(1, Spot::Place), "St-E");
    }
}
