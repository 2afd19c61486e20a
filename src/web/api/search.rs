//! `GET search?q=`: folders by label, number, name or birth date.

use axum::Json;
use serde::Deserialize;

use super::shape::{List, Volume, listed};
use super::{Query, Wanted};
use crate::domain::asked::Asked;
use crate::web::auth::Viewer;
use crate::web::error::Failure;

/// What is looked for.
#[derive(Deserialize)]
pub struct Question {
    q: String,
    after: Option<String>,
    limit: Option<usize>,
}

/// A page of what was found.
pub async fn get(viewer: Viewer, Query(question): Query<Question>) -> Result<Json<List<Volume>>, Failure> {
    let asked = asked(&viewer, &question.q)?;
    let page = Wanted { after: question.after, limit: question.limit }.page()?;
    let listing = viewer.store().search(viewer.trust(), &asked, page).await?;
    let directory = viewer.directory();
    let items = listing.items.iter().map(|item| listed(&directory, item)).collect();
    Ok(Json(List { items, next: listing.next }))
}

/// The question in its parts, if it is one.
fn asked(viewer: &Viewer, q: &str) -> Result<Asked, Failure> {
    Asked::read(q, today(viewer)).map_err(|why| Failure::Malformed(format!("q: {why}")))
}

/// Today, at the hospital.
pub fn today(viewer: &Viewer) -> jiff::civil::Date {
    viewer.now().to_jiff().to_zoned_datetime(viewer.time_zone().clone()).date()
}
