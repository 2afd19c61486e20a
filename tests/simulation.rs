//! Rules, desks and store against models and a simulated hospital.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "a test that meets what it does not expect fails"
)]

mod referee;
mod searched;
mod simulated;
mod ten_folders;

#[path = "simulation/day.rs"]
mod day;
#[path = "simulation/decisions.rs"]
mod decisions;
#[path = "simulation/demo.rs"]
mod demo;
#[path = "simulation/desk_card.rs"]
mod desk_card;
#[path = "simulation/model.rs"]
mod model;
#[path = "simulation/model_store.rs"]
mod model_store;
