//! *Not there*: the form that opens a search, on the page of a volume and in the lists of a place; `POST
//! /volumes/{barcode}/not-there`.

use askama::Template;
use axum::Form;
use axum::extract::Path;
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::DateTime;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::form::{field, form_id};
use super::{Choice, place_named};
use crate::clock::Timestamp;
use crate::domain::PlaceId;
use crate::domain::command::{Act, Consent, Missing, Sought, Thing};
use crate::domain::directory::Directory;
use crate::domain::search::{Need, Spot, Tracked};
use crate::domain::whereabouts::{Present, State, either};
use crate::store::VolumeRecord;
use crate::web::acts::{self, PageAct};
use crate::web::api::volume_named;
use crate::web::auth::Searcher;
use crate::web::error::{Failure, render};
use crate::web::pages::Shell;
use crate::web::pages::desk::new_id;
use crate::web::pages::questions::said::{Said, spoken};
use crate::web::pages::whereabouts::{Words, folder_title};
use crate::web::urls;

/// Longest name of a consultant, in characters: as long as the clinic lists give them.
const MAX_CONSULTANT: usize = 64;

/// The form.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NotThere {
    /// Where it is sent.
    pub action: String,
    /// Sent twice, it counts once.
    pub id: String,
    /// What the one tap does.
    pub says: String,
    /// Whether all of it is shown at once.
    pub is_open: bool,
    /// Where one may have looked.
    pub looked: Vec<Choice>,
    /// Who needs it.
    pub asker: String,
    /// For which consultant.
    pub consultant: String,
    /// By when.
    pub needed: String,
}

/// The form by itself, where something was wrong with it.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "search-not-there.html")]
pub struct NotTherePage {
    shell: Shell,
    back: String,
    title: String,
    said: Vec<Said>,
    form: NotThere,
}

/// What was filled in, as it was typed.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Filled {
    looked: String,
    asker: String,
    consultant: String,
    needed: String,
    badge: String,
}

impl Filled {
    fn read(fields: &[(String, String)]) -> Self {
        let field = |name: &str| field(fields, name);
        Self {
            looked: field("looked"),
            asker: field("asker"),
            consultant: field("consultant").chars().take(MAX_CONSULTANT).collect(),
            needed: field("needed"),
            badge: field("badge"),
        }
    }

    /// Who needs it and by when; or what is wrong with that.
    fn need(&self, words: &Words<'_>) -> Result<Need, String> {
        let asker = (!self.asker.is_empty()).then(|| {
            let none = || format!("There is no place with the code {}. No search was opened.", self.asker);
            place_named(&self.asker, words.directory).ok_or_else(none)
        });
        let at = (!self.needed.is_empty()).then(|| {
            let wrong = || format!("This is no day and time: {}. No search was opened.", self.needed);
            local(&self.needed, words).ok_or_else(wrong)
        });
        let consultant = (!self.consultant.is_empty()).then(|| self.consultant.clone());
        Ok(Need { at: at.transpose()?, asker: asker.transpose()?, consultant })
    }
}

/// `2026-11-23T14:00` in the hospital's time zone.
fn local(text: &str, words: &Words<'_>) -> Option<Timestamp> {
    let at: DateTime = text.parse().ok()?;
    Some(Timestamp::from_jiff(words.zone.to_timestamp(at).ok()?))
}

/// Opens a search, and goes to its page; or shows what is wrong with the form.
pub async fn post(
    searcher: Searcher,
    Path(barcode): Path<String>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Failure> {
    let record = volume_named(&searcher, &barcode).await?;
    let form = form_id(&fields).ok_or_else(|| Failure::Malformed("id: open the page again".to_owned()))?;
    let filled = Filled::read(&fields);
    let directory = searcher.directory();
    let words = Words { directory: &directory, now: searcher.now(), zone: searcher.time_zone() };
    let need = match filled.need(&words) {
        Ok(need) => need,
        Err(why) => return Ok(shown(&searcher, &words, &record, &filled, Said::not_done(why))),
    };
    let outcome = searcher.act(opens(form, &record, &filled, need, &directory)).await?;
    match searcher.store().open_search_of(searcher.trust(), record.brief.id).await? {
        Some(search) if outcome.answer.signal().is_accepted() => {
            Ok(Redirect::to(&urls::search(&search.id.to_string())).into_response())
        }
        Some(_) | None => {
            let said = spoken(&words, &outcome.answer, &outcome.volumes);
            Ok(shown(&searcher, &words, &record, &filled, said))
        }
    }
}

fn opens(form: Uuid, record: &VolumeRecord, filled: &Filled, need: Need, directory: &Directory) -> PageAct {
    let barcode = record.brief.barcode.as_str();
    let missing = Missing {
        sought: Sought::Thing(Thing::Volume(record.brief.id)),
        need,
        looked: Spot::read(&filled.looked, directory, None).ok(),
        consent: Consent::Given,
    };
    PageAct {
        id: own_id(form, barcode),
        person: acts::whose_badge(&filled.badge, directory),
        text: format!("not there: {barcode}"),
        act: Act::OpenSearch(Box::new(missing)),
    }
}

/// The id of the act: one form stands around a whole list, and each of its folders is an act of its own.
fn own_id(form: Uuid, barcode: &str) -> Uuid {
    let digest = Sha256::digest(barcode.as_bytes());
    let mut id = form.into_bytes();
    // The last seven bytes of a UUIDv7 are random; time, version and variant stand before them.
    for (byte, of) in id.iter_mut().skip(9).zip(digest) {
        *byte ^= of;
    }
    Uuid::from_bytes(id)
}

fn shown(
    searcher: &Searcher,
    words: &Words<'_>,
    record: &VolumeRecord,
    filled: &Filled,
    said: Said,
) -> Response {
    let title = folder_title(&record.brief);
    let Some(form) = not_there(words, record) else {
        return Redirect::to(&urls::volume(record.brief.barcode.as_str())).into_response();
    };
    let Filled { asker, consultant, needed, .. } = filled.clone();
    render(&NotTherePage {
        shell: Shell::new(searcher, format!("{title} is not there")),
        back: urls::volume(record.brief.barcode.as_str()),
        title,
        said: vec![said],
        form: NotThere { is_open: true, asker, consultant, needed, ..form },
    })
}

/// The form of a volume; none for one that is gone or is searched for already.
pub fn not_there(words: &Words<'_>, record: &VolumeRecord) -> Option<NotThere> {
    may_be_missed(record)?;
    let looked = looked(words, &record.present, record.home);
    let first = looked.first().filter(|place| place.value.is_empty());
    let asks = first.map_or_else(
        || "Nobody has ever scanned it.".to_owned(),
        |place| format!("Looked {}, and it is not there?", place.says),
    );
    Some(NotThere {
        action: action(record.brief.barcode.as_str()),
        id: new_id(words.now).to_string(),
        says: format!("{asks} One tap opens a search and says where to look next."),
        is_open: false,
        looked,
        asker: String::new(),
        consultant: String::new(),
        needed: String::new(),
    })
}

/// Where the form of a volume is sent.
fn action(barcode: &str) -> String {
    format!("{}/not-there", urls::volume(barcode))
}

/// The same, for a volume that is not gone for good and that nobody is searching for yet.
pub fn may_be_missed(record: &VolumeRecord) -> Option<String> {
    let is_gone = matches!(record.present.state, State::Gone(_));
    (!is_gone && searched_on(record).is_none()).then(|| action(record.brief.barcode.as_str()))
}

/// The page of the search by which a volume is wanted.
pub fn searched_on(record: &VolumeRecord) -> Option<String> {
    let wanted = record.search.filter(|search| search.state.is_wanted());
    wanted.map(|search| urls::search(&search.id.to_string()))
}

/// Where one may have looked. The first is where the log has it; which spot that is, the rules know.
fn looked(words: &Words<'_>, present: &Present, home: Option<PlaceId>) -> Vec<Choice> {
    let tracked = Tracked::of(present).place();
    let at = |place| format!("at {}", words.name(Some(place)));
    let spot = |spot: Spot, says: String| Choice { value: spot.told(words.directory, |_| None), says };
    let first = tracked.map(|place| Choice { value: String::new(), says: at(place) });
    let other = either(present).map(|(_, other)| spot(Spot::Place(other), at(other)));
    let own = home.filter(|home| tracked != Some(*home));
    let own = own.map(|home| spot(Spot::OwnSlot, format!("in its slot on {}", words.name(Some(home)))));
    [first, other, own].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_form_around_a_list_is_an_act_of_its_own_for_each_folder_and_the_same_one_when_sent_again() {
        let form = Uuid::now_v7();
        let id = own_id(form, "V000001234");
        assert_eq!(id, own_id(form, "V000001234"));
        assert_ne!(id, own_id(form, "V000001331"));
        assert_eq!((id.get_version_num(), id.get_variant()), (7, form.get_variant()));
    }
}
