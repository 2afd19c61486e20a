//! `GET volumes/{barcode}/movements`: where it has been, newest first.

use axum::Json;
use axum::extract::Path;

use super::shape::{List, Movement, movement};
use super::{Query, Wanted, volume_named};
use crate::web::auth::Viewer;
use crate::web::error::Failure;

/// A page of the history.
pub async fn get(
    viewer: Viewer,
    Path(barcode): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<List<Movement>>, Failure> {
    let record = volume_named(&viewer, &barcode).await?;
    let listing = viewer.store().movements(viewer.trust(), record.brief.id, wanted.page()?).await?;
    let directory = viewer.directory();
    let items = listing.items.iter().map(|item| movement(&directory, item)).collect();
    Ok(Json(List { items, next: listing.next }))
}
