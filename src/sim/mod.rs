//! One seeded hospital: it drives the demo, the benches and the simulation tests.
//!
//! Everything follows from a seed, so that a failure is told by its seed. People, places and numbers are invented.

pub mod clinics;
pub mod day;
pub mod demo;
pub mod flow;
pub mod hospital;
pub mod model;
pub mod month;
pub mod names;
pub mod random;
