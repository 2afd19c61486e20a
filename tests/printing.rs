//! Labels on their way to paper, over a real print service too.

mod common;
mod printed;

#[path = "printing/cups.rs"]
mod cups;
#[path = "printing/queue.rs"]
mod queue;
