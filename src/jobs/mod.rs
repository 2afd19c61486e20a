//! What goes on by itself, with nobody waiting for it.

pub mod counts;
pub mod missing;
pub mod printing;
