//! What goes on by itself, with nobody waiting for it.

pub mod ahead;
pub mod counts;
pub mod locating;
pub mod missing;
pub mod printing;
pub mod redacting;
pub mod states;
pub mod verifying;
pub mod ways;
