//! What the store promises, asked through its public functions.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that meets what it does not expect fails"
)]

mod common;

#[path = "store/clinic_lists.rs"]
mod clinic_lists;
#[path = "store/file.rs"]
mod file;
#[path = "store/import.rs"]
mod import;
#[path = "store/labels.rs"]
mod labels;
#[path = "store/locating.rs"]
mod locating;
#[path = "store/pairing.rs"]
mod pairing;
#[path = "store/places.rs"]
mod places;
#[path = "store/printing.rs"]
mod printing;
#[path = "store/questions.rs"]
mod questions;
#[path = "store/report_missing.rs"]
mod report_missing;
#[path = "store/search.rs"]
mod search;
#[path = "store/searches.rs"]
mod searches;
#[path = "store/story.rs"]
mod story;
#[path = "store/sweeps.rs"]
mod sweeps;
