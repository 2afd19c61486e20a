//! `GET volumes/{barcode}`: where one volume is.

use axum::Json;
use axum::extract::Path;

use super::shape::{Volume, volume};
use super::volume_named;
use crate::web::auth::Viewer;
use crate::web::error::Failure;

/// Where the volume is, with its siblings.
pub async fn get(viewer: Viewer, Path(barcode): Path<String>) -> Result<Json<Volume>, Failure> {
    let record = volume_named(&viewer, &barcode).await?;
    Ok(Json(volume(&viewer.directory(), &record)))
}
