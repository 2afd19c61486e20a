//! `GET scanners`: how each scanner is doing.

use axum::Json;
use serde::Serialize;

use crate::desk::scanners::ScannerStatus;
use crate::web::auth::Viewer;

/// All scanners: those of the configuration, and those that are plugged in and known.
#[derive(Serialize)]
pub struct Scanners {
    items: Vec<ScannerStatus>,
}

/// The list.
pub async fn get(viewer: Viewer) -> Json<Scanners> {
    Json(Scanners { items: viewer.scanners() })
}
