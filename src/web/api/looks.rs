//! `POST searches/{id}/looks`: somebody looked. The answer has the plan as it is now.

use axum::Json;
use axum::extract::Path;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::plans::{Asked, Plan, plan};
use super::{Body, Query};
use crate::desk::signal::{Scene, say};
use crate::domain::command::{Act, Outcome};
use crate::domain::search::{LookResult, Spot};
use crate::domain::{PlaceId, SearchId};
use crate::jobs::locating::Sought;
use crate::web::acts::{self, PageAct};
use crate::web::auth::Searcher;
use crate::web::error::Failure;

/// What is posted.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Look {
    id: Uuid,
    spot: String,
    result: String,
    badge: Option<String>,
}

/// What became of a look.
#[derive(Serialize)]
pub struct Looked {
    title: String,
    detail: String,
    plan: Plan,
}

/// Records the look.
pub async fn post(
    searcher: Searcher,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
    Body(look): Body<Look>,
) -> Result<Json<Looked>, Failure> {
    let none = || Failure::NoSuch { what: "search", name: id.chars().take(64).collect() };
    let search = id.parse().map(SearchId::new).map_err(|_| none())?;
    searcher.store().search_named(searcher.trust(), search).await?.ok_or_else(none)?;
    let act = act(&searcher, search, &look).await?;
    let outcome = searcher.act(act).await?;
    let now = searcher.locating().plan(Sought::Search(search), asked.by()).await?.ok_or_else(none)?;
    let (title, detail) = said(&searcher, &outcome);
    Ok(Json(Looked { title, detail, plan: plan(&searcher.directory(), &now) }))
}

async fn act(searcher: &Searcher, search: SearchId, look: &Look) -> Result<PageAct, Failure> {
    if look.id.get_version_num() != 7 {
        return Err(Failure::Malformed("id: a UUID of version 7 is needed".to_owned()));
    }
    let directory = searcher.directory();
    let folder = match Spot::label_in(&look.spot) {
        Some(label) => searcher.store().volume(searcher.trust(), &label).await?.map(|found| found.brief.id),
        None => None,
    };
    let spot = Spot::read(&look.spot, &directory, folder)
        .map_err(|bad| Failure::Malformed(format!("spot: {bad}")))?;
    let result: LookResult =
        look.result.parse().map_err(|unknown| Failure::Malformed(format!("result: {unknown}")))?;
    Ok(PageAct {
        id: look.id,
        person: look.badge.as_ref().and_then(|badge| acts::whose_badge(badge, &directory)),
        text: format!("look: {} {}", spot.stored(), result.word()),
        act: Act::Look { search, spot, result },
    })
}

fn said(searcher: &Searcher, outcome: &Outcome) -> (String, String) {
    let directory = searcher.directory();
    let scene = Scene {
        directory: &directory,
        desk_place: PlaceId::new(0),
        time_zone: searcher.time_zone(),
        now: searcher.now(),
        volumes: &outcome.volumes,
        siblings: &[],
        patient: None,
        label_printer: None,
        cards: &[],
    };
    let sentence = say(&outcome.answer, &scene);
    (sentence.title, sentence.detail)
}
