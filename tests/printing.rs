//! Labels on their way to paper, over a real print service too.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that meets what it does not expect fails"
)]

mod common;
mod printed;

#[path = "printing/cups.rs"]
mod cups;
#[path = "printing/queue.rs"]
mod queue;
