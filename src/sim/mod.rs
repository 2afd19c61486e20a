//! One seeded hospital: it drives the demo, the benches and the simulation tests.
//!
//! Everything follows from a seed, so that a failure is told by its seed. People, places and numbers are invented.

pub mod hospital;
pub mod model;
pub mod names;
pub mod random;
