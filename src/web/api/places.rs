//! `GET places/{code}/volumes`: what is at a place, in containers there, or on its way there.

use axum::Json;
use axum::extract::Path;

use super::shape::{List, Volume, listed};
use super::{Query, Wanted};
use crate::domain::PlaceId;
use crate::domain::place::Code;
use crate::web::auth::Viewer;
use crate::web::error::Failure;

/// A page of what is there.
pub async fn get(
    viewer: Viewer,
    Path(code): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<List<Volume>>, Failure> {
    let place = place_named(&viewer, &code)?;
    let listing = viewer.store().volumes_at(viewer.trust(), place, wanted.page()?).await?;
    let directory = viewer.directory();
    let items = listing.items.iter().map(|item| listed(&directory, item)).collect();
    Ok(Json(List { items, next: listing.next }))
}

/// The place with this code, or that there is none.
pub fn place_named(viewer: &Viewer, code: &str) -> Result<PlaceId, Failure> {
    let none = || Failure::NoSuch { what: "place", name: code.chars().take(64).collect() };
    let code: Code = code.parse().map_err(|_| none())?;
    viewer.directory().place_by_code(&code).map(|place| place.id).ok_or_else(none)
}
