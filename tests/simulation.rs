//! Rules, desks and store against models and a simulated hospital.

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
