//! `GET /make`: a folder is made up; `POST`: the next step of it, back to the same page.
//!
//! It begins with looking for the patient. Nothing that is typed stands in an address, and nobody becomes a second
//! patient by being overlooked: the rules look again, in the transaction that makes the folder.

mod form;
mod label;
mod shown;

use axum::Form;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use uuid::Uuid;

use super::Shell;
use super::questions::said::{Said, spoken};
use super::whereabouts::Words;
use crate::domain::ScanId;
use crate::domain::asked::{Asked, MAX_LEN};
use crate::domain::command::Act;
use crate::domain::making::Alike;
use crate::domain::place::Code;
use crate::domain::refusal::Reason;
use crate::store::{Person, SearchFound, StageFound};
use crate::web::acts::{self, PageAct};
use crate::web::api::Query;
use crate::web::api::search::today;
use crate::web::auth::Maker;
use crate::web::error::{Failure, render};
use crate::web::urls;
pub use form::{Posting, Step, Typed};
pub use label::{Label, Offer};
pub use shown::{MakePage, Shown, make_page};

/// People shown who are not much alike: what can be read through while somebody waits.
const OTHERS_SHOWN: usize = 9;
/// What the browser's tab says.
const TITLE: &str = "Make up a folder";

/// What came of the act before.
#[derive(Deserialize)]
pub struct After {
    said: Option<Uuid>,
    /// The printer whose queue did not take the label.
    unprinted: Option<String>,
}

/// The empty form, or what was made.
pub async fn get(maker: Maker, Query(after): Query<After>) -> Result<Response, Failure> {
    let shown = match after.said {
        Some(id) => made(&maker, id, after.unprinted).await?,
        None => Shown::Ask(Vec::new()),
    };
    answer(&maker, &Posting::default(), &shown).await
}

/// The next step.
pub async fn post(maker: Maker, Form(fields): Form<Vec<(String, String)>>) -> Result<Response, Failure> {
    let (posting, step) = Posting::read(&fields)?;
    let typed = match posting.typed(today(&maker)) {
        Ok(typed) => typed,
        Err(wrong) => return answer(&maker, &posting, &Shown::Ask(wrong)).await,
    };
    let shown = match step {
        Step::Look => look(&maker, &posting, &typed).await?,
        Step::Person(patient) => {
            let person = maker.store().person(maker.trust(), patient).await?;
            known(person, None)
        }
        Step::New => new(&maker, &posting, &typed).await?,
        Step::Again => Shown::Ask(Vec::new()),
        Step::Make => return make(&maker, &posting, &typed).await,
    };
    answer(&maker, &posting, &shown).await
}

async fn answer(maker: &Maker, posting: &Posting, shown: &Shown) -> Result<Response, Failure> {
    let directory = maker.directory();
    let words = Words { directory: &directory, now: maker.now(), zone: maker.time_zone() };
    let sites = sites(maker).await?;
    let offers: Vec<_> = Offer::all(maker.labels(), maker.printers()).collect();
    Ok(render(&make_page(Shell::new(maker, TITLE), &words, &sites, &offers, posting, shown)))
}

/// Who issues numbers, the hospital itself first.
async fn sites(maker: &Maker) -> Result<Vec<Code>, Failure> {
    let mut sites = maker.store().issuing_sites(maker.trust()).await?;
    let own = &maker.trust().0;
    sites.sort_by_key(|site| (site != own, site.clone()));
    if sites.is_empty() {
        sites.push(own.clone());
    }
    Ok(sites)
}

fn known(person: Option<Person>, said: Option<Said>) -> Shown {
    match person {
        Some(person) => Shown::Known(Box::new(person), said),
        None => Shown::Ask(vec!["This patient is not known any more. Look again.".to_owned()]),
    }
}

/// Who may be meant. A number alone that is one patient's leads on to what is made for them.
async fn look(maker: &Maker, posting: &Posting, typed: &Typed) -> Result<Shown, Failure> {
    let by_number = found(maker, &posting.number).await?;
    let nothing_else = [&posting.nhs, &posting.surname, &posting.forename, &posting.born];
    if let [patient] = by_number.exactly.people.as_slice()
        && nothing_else.iter().all(|field| field.is_empty())
    {
        return Ok(known(maker.store().person(maker.trust(), patient.patient.id).await?, None));
    }
    let alike = match posting.typed_in(typed) {
        Ok(person) => maker.store().much_alike(maker.trust(), &person).await?,
        Err(_) => Vec::new(),
    };
    let by_nhs = found(maker, &posting.nhs).await?;
    let by_name = found(maker, &name_and_birth(posting, typed)).await?;
    let stages = [by_number.exactly, by_nhs.exactly, by_name.exactly, by_name.beginning];
    let (others, more) = others(&alike, stages);
    if alike.is_empty() && others.is_empty() && posting.typed_in(typed).is_ok() {
        return Ok(Shown::New(None));
    }
    Ok(Shown::Compare { alike, others, more, missing: posting.typed_in(typed).err(), said: None })
}

async fn found(maker: &Maker, text: &str) -> Result<SearchFound, Failure> {
    match Asked::read(text, today(maker)) {
        Ok(asked) => Ok(maker.store().people(maker.trust(), &asked).await?),
        Err(_) => Ok(SearchFound::default()),
    }
}

/// The name with the birth date before it, cut to the longest that is looked for.
fn name_and_birth(posting: &Posting, typed: &Typed) -> String {
    let born = typed.born.map(|day| day.to_string()).unwrap_or_default();
    format!("{born} {} {}", posting.surname, posting.forename).trim().chars().take(MAX_LEN).collect()
}

/// Those found who are not much alike, each once, and whether there are more.
fn others(alike: &[(Alike, Person)], stages: [StageFound; 4]) -> (Vec<Person>, bool) {
    let mut more = stages.iter().any(|stage| stage.next.is_some());
    let mut others: Vec<Person> = Vec::new();
    for person in stages.into_iter().flat_map(|stage| stage.people) {
        let id = person.patient.id;
        let is_told = alike.iter().map(|(_, one)| one).chain(&others).any(|one| one.patient.id == id);
        if is_told {
            continue;
        }
        if others.len() < OTHERS_SHOWN {
            others.push(person);
        } else {
            more = true;
        }
    }
    (others, more)
}

/// A patient who is typed in, once all who are much like them were passed by.
async fn new(maker: &Maker, posting: &Posting, typed: &Typed) -> Result<Shown, Failure> {
    let Ok(person) = posting.typed_in(typed) else { return look(maker, posting, typed).await };
    let alike = maker.store().much_alike(maker.trust(), &person).await?;
    if alike.iter().all(|(_, one)| posting.passed.contains(&one.patient.id)) {
        return Ok(Shown::New(None));
    }
    let said = Said::not_done("Somebody much like this patient is known. Compare them first.".to_owned());
    Ok(Shown::Compare { alike, others: Vec::new(), more: false, missing: None, said: Some(said) })
}

async fn make(maker: &Maker, posting: &Posting, typed: &Typed) -> Result<Response, Failure> {
    let directory = maker.directory();
    let making = match posting.making(typed, maker.numbering()) {
        Ok(making) => making,
        Err(why) => return again(maker, posting, typed, Said::not_done(why)).await,
    };
    let (id, person) = (posting.id, posting.maker(&directory));
    let act = PageAct { id, person, text: posting.told(), act: Act::Make(Box::new(making)) };
    let outcome = maker.act(act).await?;
    if outcome.answer.reason == Reason::MadeUp {
        let unprinted = label::queue(maker, posting, person, &outcome.volumes).await;
        return Ok(Redirect::to(&made_at(id, unprinted.as_deref())).into_response());
    }
    let words = Words { directory: &directory, now: maker.now(), zone: maker.time_zone() };
    let said = spoken(&words, &outcome.answer, &outcome.volumes);
    again(maker, posting, typed, said).await
}

/// The last step again, with what was said; or back to those who are much alike.
async fn again(maker: &Maker, posting: &Posting, typed: &Typed, said: Said) -> Result<Response, Failure> {
    let shown = match posting.person {
        Some(patient) => known(maker.store().person(maker.trust(), patient).await?, Some(said)),
        None => match new(maker, posting, typed).await? {
            Shown::New(_) => Shown::New(Some(said)),
            other @ (Shown::Ask(_) | Shown::Compare { .. } | Shown::Known(..) | Shown::Made(..)) => other,
        },
    };
    answer(maker, posting, &shown).await
}

/// Where it is said what was made.
fn made_at(id: Uuid, unprinted: Option<&str>) -> String {
    let unprinted = unprinted.map(|printer| format!("&unprinted={}", urls::segment(printer)));
    format!("/make?said={id}{}", unprinted.unwrap_or_default())
}

/// The folder that an act of this page made, and what became of its label: the job has the form's id too.
async fn made(maker: &Maker, id: Uuid, unprinted: Option<String>) -> Result<Shown, Failure> {
    let none = || Failure::NoSuch { what: "folder", name: "that was made up so".to_owned() };
    let act = maker
        .store()
        .scan(maker.trust(), ScanId::new(id))
        .await?
        .filter(|act| act.desk.as_str() == acts::DESK);
    let act = act.filter(|act| act.answer.reason == Reason::MadeUp).ok_or_else(none)?;
    let barcode = act.volume.ok_or_else(none)?.brief.barcode;
    let record = maker.store().volume(maker.trust(), &barcode).await?.ok_or_else(none)?;
    let label = match (maker.store().print_job(maker.trust(), id).await?, unprinted) {
        (Some(whole), _) => Label::On(whole.job.printer, whole.job.state),
        (None, Some(printer)) => Label::NotOn(printer),
        (None, None) => Label::ToPrint,
    };
    Ok(Shown::Made(Box::new(record), label))
}
