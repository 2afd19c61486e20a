//! Casetrack knows where every paper casenote in a hospital is.
pub mod clock;
pub mod scan;
