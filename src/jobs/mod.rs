//! What goes on by itself, with nobody waiting for it.

pub mod counts;
pub mod locating;
pub mod printing;
