//! `GET /searches/{id}`: the searcher's screen; `POST`: one tap.
//!
//! The answer to a tap is the page itself and no redirection: so the badge stays in its field without a script too, and
//! what is sent again by reloading has the same id and counts once.

use askama::Template;
use axum::Form;
use axum::extract::Path;
use axum::response::Response;
use serde::Deserialize;
use uuid::Uuid;

use super::form::{Posting, Tap};
use super::plan::{Plan, Shelves, beside_slots, plan};
use super::set::{Part, set};
use super::shown::{Head, Outcome, Rest, head, outcome, rest};
use super::so_far::{StepLine, so_far};
use super::turned::{Turned, turned};
use super::{Choice, choice, place_named};
use crate::domain::SearchId;
use crate::domain::command::Act;
use crate::domain::directory::Directory;
use crate::domain::search::{Meant, SearchState, Spot};
use crate::jobs::locating::{PlanShown, Sought};
use crate::locate::By;
use crate::store::searches::SearchRecord;
use crate::web::acts::{self, PageAct};
use crate::web::api::Query;
use crate::web::auth::Searcher;
use crate::web::error::{Failure, render};
use crate::web::pages::Shell;
use crate::web::pages::desk::new_id;
use crate::web::pages::questions::said::{Said, spoken};
use crate::web::pages::whereabouts::{Words, folder_title};
use crate::web::urls;

/// The page.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "search.html")]
pub struct SearchPage {
    shell: Shell,
    /// The address of its live stream.
    live: String,
    url: String,
    /// An id for the next tap: sent twice, it counts once.
    id: String,
    head: Head,
    said: Vec<Said>,
    badge: String,
    badge_says: String,
    /// Where it was, once it has turned up: asked.
    turned: Option<Turned>,
    outcome: Option<Outcome>,
    plan: Option<Plan>,
    rest: Option<Rest>,
    reopen: Option<Choice>,
    steps: Vec<StepLine>,
    set: Vec<Part>,
    printed: String,
}

/// In which order the places are wanted.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
pub struct Wanted {
    #[serde(default)]
    by: Order,
}

/// The order of the places.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    /// The fewest places first.
    #[default]
    Places,
    /// The least walking.
    Walking,
}

impl Order {
    const fn by(self) -> By {
        match self {
            Self::Places => By::FewestPlaces,
            Self::Walking => By::LeastWalking,
        }
    }
}

/// Who is at the page, as far as their badge says it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Signed {
    /// What stands in the field; empty where it is nobody's badge.
    pub badge: String,
    /// Whose it is.
    pub name: Option<String>,
}

impl Signed {
    fn by(badge: &str, directory: &Directory) -> Self {
        let staff = acts::whose_badge(badge, directory).and_then(|id| directory.staff(id));
        staff.map_or_else(Self::default, |staff| Self {
            badge: staff.badge.to_string(),
            name: Some(staff.name.clone()),
        })
    }
}

/// All that the page shows.
pub struct Known {
    /// The search.
    pub search: SearchRecord,
    /// Where to look, with the whole set.
    pub plan: PlanShown,
    /// The order of the places.
    pub order: Order,
    /// The shelves of the slots.
    pub shelves: Shelves,
}

/// A search.
pub async fn get(
    searcher: Searcher,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Response, Failure> {
    let search = search_named(&searcher, &id).await?;
    shown(&searcher, search, wanted.by, Signed::default(), None).await
}

/// Takes a tap, and shows the search as it is then.
pub async fn post(
    searcher: Searcher,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let posting = Posting::read(&fields)?;
    let search = search_named(&searcher, &id).await?;
    let signed = Signed::by(&posting.badge, &searcher.directory());
    let said = tapped(&searcher, &search, &posting, &signed).await?;
    let search = search_named(&searcher, &id).await?;
    shown(&searcher, search, wanted.by, signed, Some(said)).await
}

/// The search with this name, or that there is none.
pub async fn search_named(searcher: &Searcher, name: &str) -> Result<SearchRecord, Failure> {
    let none = || Failure::NoSuch { what: "search", name: name.chars().take(64).collect() };
    let id: Uuid = name.parse().map_err(|_| none())?;
    searcher.store().search_named(searcher.trust(), SearchId::new(id)).await?.ok_or_else(none)
}

/// Does what was tapped, and says what came of it.
async fn tapped(
    searcher: &Searcher,
    search: &SearchRecord,
    posting: &Posting,
    signed: &Signed,
) -> Result<Said, Failure> {
    let directory = searcher.directory();
    if !posting.badge.is_empty() && signed.name.is_none() {
        return Ok(Said::not_done("This is nobody’s badge. Nothing was recorded: scan it again.".to_owned()));
    }
    let words = Words { directory: &directory, now: searcher.now(), zone: searcher.time_zone() };
    match act_of(searcher, search, posting).await? {
        Ok(None) => Ok(Said::done(signs(signed))),
        Ok(Some((text, act))) => {
            let person = acts::whose_badge(&posting.badge, &directory);
            let outcome = searcher.act(PageAct { id: posting.id, person, text, act }).await?;
            Ok(spoken(&words, &outcome.answer, &outcome.volumes))
        }
        Err(why) => Ok(Said::not_done(why)),
    }
}

fn signs(signed: &Signed) -> String {
    match &signed.name {
        Some(name) => format!("{name} looks. Tap what you find."),
        None => "Tap what you find.".to_owned(),
    }
}

/// What the log shows of a tap, and its act; nothing for the badge alone; or why there is none.
type Meaning = Result<Option<(String, Act)>, String>;

async fn act_of(searcher: &Searcher, of: &SearchRecord, posting: &Posting) -> Result<Meaning, Failure> {
    let search = of.search.id;
    let told = |spot: Option<Spot>, text: &str, act: &dyn Fn(Spot) -> Act| {
        let none = || format!("There is no place {text}. Nothing was recorded.");
        spot.map(|spot| Some((posting.tap.value(), act(spot)))).ok_or_else(none)
    };
    let was = |spot| Act::TellWhere { search: Meant::Search(search), spot, cause: posting.cause };
    Ok(match &posting.tap {
        Tap::Sign => Ok(None),
        Tap::Look(result, text) => {
            let result = *result;
            told(spot_named(searcher, text).await?, text, &|spot| Act::Look { search, spot, result })
        }
        Tap::Was(text) => told(spot_named(searcher, text).await?, text, &was),
        Tap::WasAtPlace => {
            let place = place_named(&posting.place, &searcher.directory()).map(Spot::Place);
            told(place, &posting.place, &was)
                .map(|act| act.map(|(_, act)| ("was at a place".to_owned(), act)))
        }
        Tap::Why(cause) => match &of.search.found {
            Some(found) => {
                let (spot, cause) = (found.spot.clone(), Some(*cause));
                let act = Act::TellWhere { search: Meant::Search(search), spot, cause };
                Ok(Some((posting.tap.value(), act)))
            }
            None => Err("Say first where it was. Nothing was recorded.".to_owned()),
        },
        Tap::TakeBack(look) => Ok(Some((posting.tap.value(), Act::TakeBackLook { search, look: *look }))),
        Tap::Declare => Ok(Some((posting.tap.value(), Act::Declare(search)))),
        Tap::Close(why) => Ok(Some((posting.tap.value(), Act::CloseSearch { search, why: *why }))),
        Tap::Reopen => Ok(Some((posting.tap.value(), Act::ReopenSearch(search)))),
    })
}

/// The spot of this outward form.
async fn spot_named(searcher: &Searcher, text: &str) -> Result<Option<Spot>, Failure> {
    let folder = match Spot::label_in(text) {
        Some(label) => searcher.store().volume(searcher.trust(), &label).await?.map(|found| found.brief.id),
        None => None,
    };
    Ok(Spot::read(text, &searcher.directory(), folder).ok())
}

async fn shown(
    searcher: &Searcher,
    search: SearchRecord,
    order: Order,
    signed: Signed,
    said: Option<Said>,
) -> Result<Response, Failure> {
    let plan = searcher.locating().plan(Sought::Search(search.search.id), order.by()).await?;
    let plan = plan.ok_or(Failure::NoSuchPage)?;
    let shelves = shelves(searcher, &plan).await?;
    let directory = searcher.directory();
    let words = Words { directory: &directory, now: searcher.now(), zone: searcher.time_zone() };
    let shell = Shell::new(searcher, format!("Search: {}", folder_title(&search.volume.brief)));
    let known = Known { search, plan, order, shelves };
    let mut page = search_page(shell, &words, &known, &signed);
    if let Some(said) = said {
        page.says(said);
    }
    Ok(render(&page))
}

/// On which shelves the slots of the plan are: those on which the folders beside them belong.
async fn shelves(searcher: &Searcher, plan: &PlanShown) -> Result<Shelves, Failure> {
    let mut shelves = Shelves::new();
    for number in beside_slots(plan) {
        let found = searcher.store().folders_named(searcher.trust(), number, None).await?;
        let shelf = found.iter().find_map(|folder| folder.home);
        shelves.extend(shelf.map(|shelf| (number.to_owned(), shelf)));
    }
    Ok(shelves)
}

impl SearchPage {
    /// Says on top what came of a tap.
    pub fn says(&mut self, said: Said) {
        self.said.push(said);
    }
}

/// The page from what is known.
pub fn search_page(shell: Shell, words: &Words<'_>, known: &Known, signed: &Signed) -> SearchPage {
    let SearchRecord { volume, search, steps } = &known.search;
    let state = search.state;
    let shown = &known.plan;
    let found = search.found.as_ref().filter(|_| state == SearchState::Found);
    let ended = matches!(state, SearchState::Found | SearchState::Closed);
    let url = urls::search(&search.id.to_string());
    SearchPage {
        shell,
        live: format!("/api/v1/live?volume={}", urls::segment(volume.brief.barcode.as_str())),
        id: new_id(words.now).to_string(),
        head: head(words, search, volume),
        said: Vec::new(),
        badge: signed.badge.clone(),
        badge_says: signed.name.clone().unwrap_or_else(|| "scan it once, it stays here".to_owned()),
        turned: (state == SearchState::TurnedUp).then(|| turned(words, search, volume, shown)),
        outcome: found.map(|found| outcome(words, search, found)),
        plan: state.is_wanted().then(|| plan(words, &url, known.order, shown, &known.shelves)),
        rest: rest(words, search),
        reopen: ended.then(|| choice(&Tap::Reopen, "Search for it again")),
        steps: so_far(words, steps, state),
        set: set(words, &shown.set),
        printed: format!(
            "Printed {}. Looks told since then have changed the plan. Found? Scan the folder at any desk, or tap Found here.",
            words.when(words.now)
        ),
        url: match known.order {
            Order::Places => url,
            Order::Walking => format!("{url}?by=walking"),
        },
    }
}
