//! `GET chase`: what is asked after before anyone asks.

use axum::Json;
use serde::{Deserialize, Serialize};

use super::shape::{List, Place, Volume, listed, place};
use super::{Query, Wanted};
use crate::clock::Timestamp;
use crate::store::chase::Why;
use crate::web::auth::Viewer;
use crate::web::error::Failure;
use crate::web::pages::chase::{asked, list_named, why};
use crate::web::pages::whereabouts::Words;

/// Which list, and which page of it.
#[derive(Deserialize)]
pub struct Which {
    list: Option<String>,
    after: Option<String>,
    limit: Option<usize>,
}

/// One folder of a list.
#[derive(Serialize, Clone, PartialEq, Eq, Debug)]
pub struct Chased {
    /// Where to ask.
    ask: Option<Place>,
    volume: Volume,
    /// Why, in plain words.
    text: String,
    /// The appointment that has passed, or that calls for it.
    appointment: Option<Timestamp>,
}

/// A page of a list.
pub async fn get(viewer: Viewer, Query(which): Query<Which>) -> Result<Json<List<Chased>>, Failure> {
    let list = list_named(which.list.as_deref())?;
    let page = Wanted::of(which.after, which.limit).page()?;
    let listing = viewer.store().chase(viewer.trust(), asked(&viewer, list), page).await?;
    let directory = viewer.directory();
    let words = Words { directory: &directory, now: viewer.now(), zone: viewer.time_zone() };
    let chased = |item: &crate::store::chase::Chased| Chased {
        ask: place(&directory, item.at),
        volume: listed(&directory, &item.folder),
        text: why(&words, item),
        appointment: match item.why {
            Why::Passed(call) | Why::Doubted(call, _) => Some(call.starts_at),
            Why::NotArrived(_) | Why::HeldLong => None,
        },
    };
    Ok(Json(List { items: listing.items.iter().map(chased).collect(), next: listing.next }))
}
