//! The program from the command line.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that meets what it does not expect fails"
)]

#[path = "cli/check_config.rs"]
mod check_config;
#[path = "cli/label.rs"]
mod label;
#[path = "cli/locate_eval.rs"]
mod locate_eval;
#[path = "cli/serve.rs"]
mod serve;
#[path = "cli/store.rs"]
mod store;
