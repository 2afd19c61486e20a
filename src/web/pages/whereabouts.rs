//! Where a volume is, in words: one large line and what stands under it.

use super::ring::{Ring, on_paper, ring};
use crate::clock::Timestamp;
use crate::domain::casenote::VolumeBrief;
use crate::domain::directory::Directory;
use crate::domain::movement::{GoneWhy, How};
use crate::domain::patient::Patient;
use crate::domain::place::{Code, Place};
use crate::domain::whereabouts::{Present, State, either};
use crate::domain::{PlaceId, StaffId};
use crate::store::{ContainerRecord, VolumeRecord};
use crate::web::{urls, when};

/// Where a volume is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// `sure`, `unsure`, `moving`, `question` or `gone`: the colour and the shape.
    pub class: &'static str,
    /// The shape.
    pub shape: &'static str,
    /// A word above the line where the place is not sure.
    pub mark: &'static str,
    /// The large line.
    pub words: String,
    /// `few` or `many`: few words stand larger still.
    pub length: &'static str,
    /// Where that stands in the tree, from the top.
    pub path: Vec<Crumb>,
    /// Since when, how it is known, by whom.
    pub facts: Vec<String>,
    /// Whom to ring now: where it should turn up first.
    pub rings: Vec<Ring>,
}

/// A place of the tree, with its page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Crumb {
    /// The address of its page.
    pub url: String,
    /// Its name.
    pub name: String,
}

/// Longest line that stands larger still, in characters: two lines of the largest type on a desk's screen.
const FEW: usize = 34;

/// `RX123456 volume 1`.
pub fn folder_title(brief: &VolumeBrief) -> String {
    format!("{} volume {}", brief.number, brief.volume)
}

/// `JONES, Ann`.
pub fn patient_name(patient: &Patient) -> String {
    format!("{}, {}", patient.surname.to_uppercase(), patient.forename)
}

/// Gives names and times their words.
pub struct Words<'a> {
    /// Names of places and staff.
    pub directory: &'a Directory,
    /// The time of the page.
    pub now: Timestamp,
    /// The hospital's time zone.
    pub zone: &'a jiff::tz::TimeZone,
}

impl Words<'_> {
    /// The whole line of one volume.
    pub fn line(&self, record: &VolumeRecord) -> Line {
        let present = &record.present;
        let (class, shape, mark) = look(present);
        let words = self.short(present, record.via);
        Line {
            class,
            shape,
            mark,
            length: if words.chars().count() <= FEW { "few" } else { "many" },
            words,
            path: whither(present).map(|id| self.path(id)).unwrap_or_default(),
            facts: self.facts(record, Self::since_how_long),
            rings: self.rings(present, record.home),
        }
    }

    /// The whole line of one container.
    pub fn line_of_container(&self, record: &ContainerRecord) -> Line {
        let present = &record.present;
        let (class, shape, mark) = look(present);
        let words = self.short(present, present.container);
        let known = present.how.map(|how| self.known(how, record.by, record.desk.as_ref()));
        let from = (present.state == State::OnItsWay).then(|| format!("from {}", self.name(present.place)));
        Line {
            class,
            shape,
            mark,
            length: "many",
            words,
            path: whither(present).map(|id| self.path(id)).unwrap_or_default(),
            facts: self.since(present, Self::since_how_long).into_iter().chain(from).chain(known).collect(),
            rings: self.rings(present, None),
        }
    }

    /// The line as it stands on paper: without what is true only while it is read.
    pub fn line_on_paper(&self, record: &VolumeRecord) -> Line {
        let places = Self::asked(&record.present, record.home).into_iter();
        let rings = places.flat_map(|place| on_paper(self.directory, place));
        Line { facts: self.facts(record, Self::when), rings: once(rings), ..self.line(record) }
    }

    /// Where it is, in few words.
    pub fn short(&self, present: &Present, via: Option<PlaceId>) -> String {
        if let Some((one, other)) = either(present) {
            return format!("{} or {}", self.name(Some(one)), self.name(Some(other)));
        }
        match present.state {
            State::NotYetSeen => "Not yet seen".to_owned(),
            State::OnItsWay => format!("On its way to {}", self.name(present.to)),
            State::Gone(why) => gone(why).to_owned(),
            State::InContainer => self.contained(present, via),
            State::At => self.at(present),
        }
    }

    fn at(&self, present: &Present) -> String {
        let place = self.name(present.place);
        let there = match (present.filed, present.confirmed) {
            (Some(_), _) => format!("Filed on {place}"),
            (None, true) => format!("At {place}"),
            (None, false) => format!("Should be at {place}"),
        };
        match present.to {
            Some(to) => format!("{there}, meant for {}", self.name(Some(to))),
            None => there,
        }
    }

    fn contained(&self, present: &Present, via: Option<PlaceId>) -> String {
        let container = self.name(via.or(present.container));
        match present.to {
            // The container may still stand where it was scanned last, meant for another place.
            Some(to) => {
                let (to, from) = (self.name(Some(to)), self.name(present.place));
                format!("In {container}, bound for {to}, last at {from}")
            }
            None => format!("In {container}, which is at {}, not yet taken out", self.name(present.place)),
        }
    }

    /// Since when, from where, how known, by whom.
    fn facts(&self, record: &VolumeRecord, told: fn(&Self, Timestamp) -> String) -> Vec<String> {
        let present = &record.present;
        let mut facts: Vec<_> = self.since(present, told).into_iter().collect();
        if present.state == State::OnItsWay {
            facts.push(format!("from {}", self.name(present.place)));
        }
        if let Some(how) = present.how {
            facts.push(self.known(how, record.by, record.desk.as_ref()));
        }
        if present.state == State::NotYetSeen {
            facts.push("no scan of it is known".to_owned());
            facts.extend(record.home.map(|home| format!("belongs on {}", self.name(Some(home)))));
        }
        facts
    }

    /// `since Mon 23 Nov 14:02, 3 days`.
    fn since(&self, present: &Present, told: fn(&Self, Timestamp) -> String) -> Option<String> {
        present.since.map(|since| format!("since {}", told(self, since)))
    }

    /// `Mon 23 Nov 14:02, 3 days`.
    pub fn since_how_long(&self, at: Timestamp) -> String {
        format!("{}, {}", self.when(at), when::how_long(at, self.now))
    }

    /// `Mon 23 Nov 14:02`.
    pub fn when(&self, at: Timestamp) -> String {
        when::day_and_time(at, self.now, self.zone)
    }

    /// `scanned by J. Smith at CL5`.
    fn known(&self, how: How, by: Option<StaffId>, desk: Option<&Code>) -> String {
        let how = match how {
            How::Scanned => "scanned",
            How::Listed => "put on a list",
            How::Carried => "carried in a container",
            How::Imported => "imported from another system",
            How::Inferred => "worked out, not scanned",
        };
        let by = self.person(by).map(|name| format!(" by {name}"));
        let at = desk.filter(|desk| !desk.as_str().starts_with('~')).map(|desk| format!(" at {desk}"));
        format!("{how}{}{}", by.unwrap_or_default(), at.unwrap_or_default())
    }

    /// The name of a member of staff.
    pub fn person(&self, id: Option<StaffId>) -> Option<&str> {
        Some(self.directory.staff(id?)?.name.as_str())
    }

    /// Whom to ring now.
    fn rings(&self, present: &Present, home: Option<PlaceId>) -> Vec<Ring> {
        once(Self::asked(present, home).into_iter().flat_map(|place| self.ring(place)))
    }

    /// Whom to ask: where it should turn up first, then where it left; about what is nowhere, where it belongs.
    fn asked(present: &Present, home: Option<PlaceId>) -> Vec<PlaceId> {
        let places = match present.state {
            State::NotYetSeen | State::Gone(_) => [home, None, None],
            State::OnItsWay | State::InContainer => [present.to, present.place, present.or_at],
            State::At => [present.place, present.or_at, None],
        };
        places.into_iter().flatten().collect()
    }

    /// Whom to ring about a place now.
    pub fn ring(&self, place: PlaceId) -> Vec<Ring> {
        let local = self.now.to_jiff().to_zoned_datetime(self.zone.clone()).datetime();
        ring(self.directory, place, local)
    }

    /// A place and those above it, from the top.
    pub fn path(&self, place: PlaceId) -> Vec<Crumb> {
        let crumb = |step: &Place| Crumb { url: urls::place(step.code.as_str()), name: step.name.clone() };
        let mut path: Vec<_> = self.directory.upwards(place).map(crumb).collect();
        path.reverse();
        path
    }

    /// The name of a place.
    pub fn name(&self, id: Option<PlaceId>) -> &str {
        id.map_or("an unknown place", |id| self.directory.name(id))
    }
}

/// Each line once; of a number that answers for two places at night, only the day's number of the second.
fn once(rings: impl Iterator<Item = Ring>) -> Vec<Ring> {
    let mut lines: Vec<Ring> = Vec::new();
    for ring in rings {
        let said = lines.iter().any(|line| line.words == ring.words);
        let line = if said { Ring { words: ring.hours, hours: String::new() } } else { ring };
        if !line.words.is_empty()
            && !lines.contains(&line)
            && !lines.iter().any(|other| other.hours == line.words)
        {
            lines.push(line);
        }
    }
    lines
}

/// Where to go for it.
fn whither(present: &Present) -> Option<PlaceId> {
    present.to.filter(|_| present.state == State::OnItsWay).or(present.place)
}

/// The colour, the shape and the word for how sure it is.
pub fn look(present: &Present) -> (&'static str, &'static str, &'static str) {
    if either(present).is_some() {
        return ("question", "question", "One of two places: the desks' clocks cannot tell");
    }
    match present.state {
        State::NotYetSeen => ("unsure", "question", "Nobody has scanned it"),
        State::OnItsWay => ("moving", "arrow", "Not confirmed: nobody has scanned it in there yet"),
        State::Gone(_) => ("gone", "cross", "Do not look for it"),
        State::At | State::InContainer if !present.confirmed => {
            ("unsure", "question", "Not confirmed: nobody has scanned the folder itself there")
        }
        State::InContainer => ("moving", "box", "In a container"),
        State::At => ("sure", "tick", ""),
    }
}

/// The few words beside a place in a list, where the place alone would promise too much.
pub fn brief_mark(present: &Present) -> &'static str {
    if either(present).is_some() {
        return "the desks' clocks cannot tell";
    }
    match present.state {
        State::OnItsWay => "not yet scanned in",
        State::At | State::InContainer if !present.confirmed => "not confirmed",
        State::NotYetSeen | State::At | State::InContainer | State::Gone(_) => "",
    }
}

/// How it went.
pub const fn gone(why: GoneWhy) -> &'static str {
    match why {
        GoneWhy::Destroyed => "Gone: destroyed",
        GoneWhy::Transferred => "Gone: transferred to another organisation",
        GoneWhy::Combined => "Gone: its papers now lie in the original",
    }
}
