//! Where a volume is, in words: one large line and what stands under it.

use crate::clock::Timestamp;
use crate::domain::PlaceId;
use crate::domain::directory::Directory;
use crate::domain::movement::{GoneWhy, How};
use crate::domain::place::Place;
use crate::domain::whereabouts::{Present, State, either};
use crate::store::VolumeRecord;
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
    /// Where that stands in the tree, from the top.
    pub path: Vec<Crumb>,
    /// Since when, by whom, whom to ring.
    pub facts: Vec<String>,
}

/// A place of the tree, with its page.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Crumb {
    /// The address of its page.
    pub url: String,
    /// Its name.
    pub name: String,
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
        let path = present.place.map(|id| self.path(id)).unwrap_or_default();
        Line { class, shape, mark, words: self.short(present, record.via), path, facts: self.facts(record) }
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
        let there = if present.filed.is_some() { format!("Filed on {place}") } else { format!("At {place}") };
        match present.to {
            Some(to) => format!("{there}, meant for {}", self.name(Some(to))),
            None => there,
        }
    }

    fn contained(&self, present: &Present, via: Option<PlaceId>) -> String {
        let container = self.name(via.or(present.container));
        match present.to {
            Some(to) => format!("In {container}, which is on its way to {}", self.name(Some(to))),
            None => format!("In {container}, which is at {}, not yet taken out", self.name(present.place)),
        }
    }

    /// Since when, how known, by whom, from where, whom to ring.
    fn facts(&self, record: &VolumeRecord) -> Vec<String> {
        let present = &record.present;
        let mut facts = Vec::new();
        if let Some(since) = present.since {
            facts.push(format!("since {}", when::day_and_time(since, self.now, self.zone)));
        }
        if present.state == State::OnItsWay {
            facts.push(format!("from {}", self.name(present.place)));
        }
        if let Some(how) = present.how {
            facts.push(self.known(how, record));
        }
        if present.state == State::NotYetSeen {
            facts.push("no scan of it is known".to_owned());
            facts.extend(record.home.map(|home| format!("belongs on {}", self.name(Some(home)))));
        }
        facts.extend(self.ring(present));
        facts
    }

    /// `scanned by J. Smith at CL5`.
    fn known(&self, how: How, record: &VolumeRecord) -> String {
        let how = match how {
            How::Scanned => "scanned",
            How::Listed => "put on a list",
            How::Carried => "carried in a container",
            How::Imported => "imported from another system",
            How::Inferred => "worked out, not scanned",
        };
        let by = record.by.and_then(|id| self.directory.staff(id)).map(|staff| format!(" by {}", staff.name));
        let desk = record.desk.as_ref().filter(|desk| !desk.as_str().starts_with('~'));
        let at = desk.map(|desk| format!(" at {desk}"));
        format!("{how}{}{}", by.unwrap_or_default(), at.unwrap_or_default())
    }

    /// Whom to ring: where it should turn up first.
    fn ring(&self, present: &Present) -> Vec<String> {
        let moving = matches!(present.state, State::OnItsWay | State::InContainer);
        let first = present.to.filter(|_| moving);
        let mut lines = Vec::new();
        for id in [first, present.place, present.or_at].into_iter().flatten() {
            let line = self.directory.phone(id).map(|phone| format!("ring {} {phone}", self.name(Some(id))));
            lines.extend(line.filter(|line| !lines.contains(line)));
        }
        let night = present.place.and_then(|id| self.night_phone(id));
        lines.extend(night.map(|phone| format!("out of hours {phone}")));
        lines
    }

    fn night_phone(&self, place: PlaceId) -> Option<&str> {
        self.directory.upwards(place).find_map(|step| step.phone_out_of_hours.as_deref())
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

/// The colour, the shape and the word for how sure it is.
pub fn look(present: &Present) -> (&'static str, &'static str, &'static str) {
    if either(present).is_some() {
        return ("question", "question", "One of two places: the desks' clocks cannot tell");
    }
    match present.state {
        State::NotYetSeen => ("unsure", "question", "Nobody has scanned it"),
        State::OnItsWay => ("moving", "arrow", "On its way, not yet scanned in"),
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
