//! `GET search?q=`: volumes by label, number or surname.

use axum::Json;
use serde::Deserialize;

use super::shape::{List, Volume, listed};
use super::{Query, Wanted};
use crate::web::auth::Viewer;
use crate::web::error::Failure;

/// Longest question, in characters: a long double-barrelled surname, or two numbers.
pub const MAX_QUESTION_LEN: usize = 64;

/// What is looked for.
#[derive(Deserialize)]
pub struct Question {
    q: String,
    after: Option<String>,
    limit: Option<usize>,
}

/// A page of what was found.
pub async fn get(viewer: Viewer, Query(question): Query<Question>) -> Result<Json<List<Volume>>, Failure> {
    let q = asked(&question.q)?;
    let page = Wanted { after: question.after, limit: question.limit }.page()?;
    let listing = viewer.store().search(viewer.trust(), q, page).await?;
    let directory = viewer.directory();
    let items = listing.items.iter().map(|item| listed(&directory, item)).collect();
    Ok(Json(List { items, next: listing.next }))
}

/// The question without blanks at its ends, if it is one.
pub fn asked(q: &str) -> Result<&str, Failure> {
    let q = q.trim();
    if (1..=MAX_QUESTION_LEN).contains(&q.chars().count()) {
        Ok(q)
    } else {
        Err(Failure::Malformed(format!("q: 1 to {MAX_QUESTION_LEN} characters are needed")))
    }
}
