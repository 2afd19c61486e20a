//! Casetrack knows where every paper casenote in a hospital is.
pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod desk;
pub mod domain;
pub mod feeds;
pub mod live;
pub mod observe;
pub mod scan;
pub mod store;
pub mod web;
