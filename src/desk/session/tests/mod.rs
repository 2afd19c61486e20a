//! A clerk's day at a desk, over a naive recorder.

mod acts;
mod combine;
mod hands;
mod hospital;
mod labels;
mod lists;
mod missing;
mod order;
mod pairing;
mod proof;
mod random;
mod restart;
mod stops;
mod sweep;
mod undo;

use hospital::{Hospital, Told};
