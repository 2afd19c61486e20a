//! Slips: how a folder that was missing from the library stood wrongly there.

use super::cell::{SLIPS, Slip};
use super::tally::real;

/// What is known before anything is, in folders found: facts 1, after Cooper and Wolthausen.
const UNSEEN: [f64; SLIPS] = [8.0, 4.0, 2.0, 3.0, 2.0, 1.5, 0.3, 1.0];

/// Folders found by how they were misfiled. They do not age: there are few, and shelves change slowly.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Slips(pub(super) [u64; SLIPS]);

impl Slips {
    /// One more was found so.
    pub fn found(&mut self, slip: Slip) {
        if let Some(count) = self.0.get_mut(slip.index()) {
            *count += 1;
        }
    }

    /// How many were found so, and how many in all.
    pub fn of(&self, slip: Slip) -> (u64, u64) {
        (self.0.get(slip.index()).copied().unwrap_or_default(), self.0.iter().sum())
    }

    /// The share of each.
    pub fn shares(&self) -> [f64; SLIPS] {
        let mut counts = UNSEEN;
        for (sum, found) in counts.iter_mut().zip(self.0) {
            *sum += real(found);
        }
        let sum: f64 = counts.iter().sum();
        counts.map(|count| count / sum)
    }
}
