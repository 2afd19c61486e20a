//! The page of what a search found: people with their folders, stage by stage, and places.

use askama::Template;

use super::Shell;
use super::desk::new_id;
use super::people::{Names, PersonHit, person_hits};
use super::whereabouts::{Crumb, Words};
use crate::domain::PlaceId;
use crate::domain::asked::{Asked, MIN_BEGINNING, MIN_NUMBER, Stage};
use crate::domain::patient::NhsNumber;
use crate::store::StageFound;
use crate::web::urls;

/// The title of the page.
pub const FOUND: &str = "Found";
/// Places shown at a time.
pub const PLACES_SHOWN: usize = 20;

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "found.html")]
pub struct FoundPage {
    shell: Shell,
    /// The id of what is told on it; sent twice, it counts once.
    form: String,
    q: String,
    /// How many are shown, told politely.
    said: String,
    /// What to do, where little or nothing was found.
    advice: Vec<String>,
    /// The address of the whole answer, on a page of one part.
    whole: Vec<String>,
    places_first: bool,
    places: Vec<PlaceHit>,
    more_places: Vec<String>,
    groups: Vec<Group>,
}

/// One stage.
struct Group {
    id: &'static str,
    title: &'static str,
    people: Vec<PersonHit>,
    more: Vec<String>,
}

struct PlaceHit {
    url: String,
    name: String,
    code: String,
    above: Vec<Crumb>,
}

/// What a stage found.
pub struct Part {
    stage: Stage,
    found: StageFound,
}

impl Part {
    /// Names what was found.
    pub fn of(stage: Stage, found: StageFound) -> Self {
        Self { stage, found }
    }
}

/// Places found: those on this page, and where the next page begins.
pub struct Places {
    shown: Vec<(Stage, PlaceId)>,
    next: Option<usize>,
}

impl Places {
    /// No places.
    pub fn none() -> Self {
        Self::from(0, Vec::new())
    }

    /// The page of `all` that begins after `after`.
    pub fn from(after: usize, all: Vec<(Stage, PlaceId)>) -> Self {
        let end = after.saturating_add(PLACES_SHOWN);
        let next = (all.len() > end).then_some(end);
        Self { shown: all.into_iter().skip(after).take(PLACES_SHOWN).collect(), next }
    }

    fn is_exact(&self) -> bool {
        self.shown.iter().any(|(stage, _)| *stage == Stage::Exactly)
    }
}

/// The page before anything was asked.
pub fn no_question(shell: Shell) -> FoundPage {
    FoundPage {
        shell,
        form: String::new(),
        q: String::new(),
        said: String::new(),
        advice: vec![
            "Type a name, a number, a birth date or a place, or scan a folder or wristband.".to_owned(),
        ],
        whole: Vec::new(),
        places_first: false,
        places: Vec::new(),
        more_places: Vec::new(),
        groups: Vec::new(),
    }
}

/// The page from what was found.
pub fn found_page(
    shell: Shell,
    words: &Words<'_>,
    asked: &Asked,
    parts: &[Part],
    places: &Places,
) -> FoundPage {
    let names = Names::of(parts.iter().flat_map(|part| &part.found.people));
    let people: usize = parts.iter().map(|part| part.found.people.len()).sum();
    let further = |part: &str, after: &str| {
        format!("{}&part={part}&after={}", urls::find(asked.text()), urls::segment(after))
    };
    let group = |part: &Part| Group {
        id: stage_word(part.stage),
        title: stage_title(part.stage),
        people: person_hits(words, &names, &part.found.people),
        more: part.found.next.iter().map(|after| further(stage_word(part.stage), after)).collect(),
    };
    let is_more = places.next.is_some() || parts.iter().any(|part| part.found.next.is_some());
    FoundPage {
        shell,
        form: new_id(words.now).to_string(),
        q: asked.text().to_owned(),
        said: said(people, places.shown.len(), is_more),
        advice: if people == 0 && places.shown.is_empty() { advice(asked, is_more) } else { Vec::new() },
        whole: (parts.len() < 2).then(|| urls::find(asked.text())).into_iter().collect(),
        places_first: places.is_exact() || people == 0,
        places: places.shown.iter().filter_map(|(_, id)| place_hit(words, *id)).collect(),
        more_places: places.next.iter().map(|next| further("places", &next.to_string())).collect(),
        groups: parts
            .iter()
            .map(group)
            .filter(|group| !group.people.is_empty() || !group.more.is_empty())
            .collect(),
    }
}

/// A stage as its heading.
pub fn stage_title(stage: Stage) -> &'static str {
    match stage {
        Stage::Exactly => "Exactly",
        Stage::Beginning => "Beginning with",
        Stage::Containing => "Containing",
    }
}

fn stage_word(stage: Stage) -> &'static str {
    match stage {
        Stage::Exactly => "exactly",
        Stage::Beginning => "beginning",
        Stage::Containing => "containing",
    }
}

/// `12 people, 3 places. There are more.`
fn said(people: usize, places: usize, is_more: bool) -> String {
    let count = |number, one: &str, many: &str| match number {
        0 => None,
        1 => Some(format!("1 {one}")),
        number => Some(format!("{number} {many}")),
    };
    let counts: Vec<_> =
        count(people, "person", "people").into_iter().chain(count(places, "place", "places")).collect();
    match (counts.is_empty(), is_more) {
        (true, false) => "Nothing found.".to_owned(),
        (true, true) => "Nothing among the first looked at.".to_owned(),
        (false, false) => format!("{}.", counts.join(", ")),
        (false, true) => format!("{}, and there are more.", counts.join(", ")),
    }
}

/// What to do where nothing was found.
fn advice(asked: &Asked, is_more: bool) -> Vec<String> {
    let text = asked.text();
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let is_number = digits > 0 && text.bytes().all(|b| b.is_ascii_digit() || b == b' ' || b == b'-');
    let line = if is_more {
        "Many names have parts of this. Type more letters, or the birth date as well."
    } else if is_number && digits == 10 && text.parse::<NhsNumber>().is_err() {
        "This is no right NHS number: a digit is wrong or two are swapped. Check it, or try the name and birth date."
    } else if text.chars().count() < MIN_BEGINNING {
        return vec![format!(
            "Type {MIN_BEGINNING} letters or more of a name or place, {MIN_NUMBER} signs or more of a number."
        )];
    } else if is_number {
        "No folder or patient has this number, and none begins with it. Check it, or try the name and birth date."
    } else if !asked.days().is_empty() {
        "Nobody born that day fits. Check the date, or leave it out."
    } else {
        "Check the spelling, type fewer letters, or try the birth date or a number. Accents and hyphens do not matter."
    };
    vec![line.to_owned()]
}

fn place_hit(words: &Words<'_>, id: PlaceId) -> Option<PlaceHit> {
    let place = words.directory.place(id)?;
    let mut above = words.path(id);
    above.pop();
    Some(PlaceHit {
        url: urls::place(place.code.as_str()),
        name: place.name.clone(),
        code: place.code.to_string(),
        above,
    })
}
