//! Casetrack knows where every paper casenote in a hospital is.
pub mod cli;
pub mod clock;
pub mod config;
pub mod desk;
pub mod domain;
pub mod live;
pub mod scan;
pub mod sim;
pub mod store;
