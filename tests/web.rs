//! Pages and interface of the running service, asked as a browser and as a machine.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that meets what it does not expect fails"
)]

mod common;
mod missing;
#[path = "common/service.rs"]
mod service;

#[path = "web/ahead.rs"]
mod ahead;
#[path = "web/api.rs"]
mod api;
#[path = "web/labels.rs"]
mod labels;
#[path = "web/live.rs"]
mod live;
#[path = "web/making.rs"]
mod making;
#[path = "web/missing_notes.rs"]
mod missing_notes;
#[path = "web/questions.rs"]
mod questions;
#[path = "web/searches.rs"]
mod searches;
