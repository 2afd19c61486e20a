//! `GET openapi.json`: the interface, described.

use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::web::auth::Viewer;

/// The description, kept by hand; a test holds it to the list of routes.
pub const OPENAPI: &str = include_str!("openapi.json");

/// The description.
pub async fn get(_viewer: Viewer) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], OPENAPI).into_response()
}
