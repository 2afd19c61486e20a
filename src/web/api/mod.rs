//! JSON for machines, under `/api/v1`.

pub mod chase;
pub mod live;
pub mod looks;
pub mod movements;
pub mod openapi;
pub mod places;
pub mod plans;
pub mod scanners;
pub mod scans;
pub mod search;
pub mod shape;
pub mod volumes;
pub mod watch;

use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::auth::Viewer;
use super::error::Failure;
use crate::domain::casenote::LabelText;
use crate::store::{MAX_PAGE, Page, VolumeRecord};

/// A query string; what is malformed is told as a problem.
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Failure;
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        match axum::extract::Query::from_request_parts(parts, state).await {
            Ok(axum::extract::Query(query)) => Ok(Self(query)),
            Err(rejection) => Err(Failure::Malformed(rejection.body_text())),
        }
    }
}

/// A JSON body; what is malformed is told as a problem.
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Failure;
    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        match axum::Json::from_request(request, state).await {
            Ok(axum::Json(body)) => Ok(Self(body)),
            Err(rejection) if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(Failure::TooLarge),
            Err(rejection) => Err(Failure::Malformed(rejection.body_text())),
        }
    }
}

/// Which page of a list is wanted.
#[derive(Deserialize, Default)]
pub struct Wanted {
    /// What the page before gave as `next`.
    after: Option<String>,
    /// How many entries; the whole page of [`MAX_PAGE`] if absent.
    limit: Option<usize>,
}

impl Wanted {
    /// The page that was asked for beside something else.
    pub const fn of(after: Option<String>, limit: Option<usize>) -> Self {
        Self { after, limit }
    }

    /// The store's page.
    pub fn page(self) -> Result<Page, Failure> {
        let limit = self.limit.unwrap_or(MAX_PAGE);
        if (1..=MAX_PAGE).contains(&limit) {
            Ok(Page { after: self.after, limit })
        } else {
            Err(Failure::Malformed(format!("limit: 1 to {MAX_PAGE} is needed")))
        }
    }
}

/// The volume with this barcode, or that there is none.
pub async fn volume_named(viewer: &Viewer, barcode: &str) -> Result<VolumeRecord, Failure> {
    let none = || Failure::NoSuch { what: "volume", name: barcode.chars().take(64).collect() };
    let label: LabelText = barcode.parse().map_err(|_| none())?;
    viewer.store().volume(viewer.trust(), &label).await?.ok_or_else(none)
}
