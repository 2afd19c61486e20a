//! The weights that a hospital begins with, before any of its own searches has ended.
//!
//! They are data (`prior_weights.json`, which says whence they come), not measurements of any real hospital, and
//! count as some dozen outcomes: a hospital's own soon outweigh them.

use serde::Deserialize;

use super::evidence::{EXPLANATIONS, Explanation};
use super::weights::{Shares, Weights};

const FILE: &str = include_str!("prior_weights.json");

/// A row of the file counts as so many outcomes: over all, of a role, of a context.
const ALL_STRENGTH: f64 = 40.0;
const ROLE_STRENGTH: f64 = 30.0;
const CONTEXT_STRENGTH: f64 = 12.0;

#[derive(Deserialize)]
struct File {
    explanations: Vec<String>,
    all: Vec<f64>,
    by_role: Vec<Vec<f64>>,
    by_context: Vec<Vec<f64>>,
}

/// The weights of the file. Without it (a test holds that it can be read) all explanations begin alike.
pub fn weights() -> Weights {
    read(FILE).unwrap_or_else(|| Weights::beginning([1.0; EXPLANATIONS], Vec::new(), Vec::new()))
}

fn read(text: &str) -> Option<Weights> {
    let file: File = serde_json::from_str(text).ok()?;
    let row = |strength: f64, row: &[f64]| shares(&file.explanations, row, strength);
    let rows = |strength: f64, rows: &[Vec<f64>]| -> Option<Vec<Shares>> {
        rows.iter().map(|shares| row(strength, shares)).collect()
    };
    Some(Weights::beginning(
        row(ALL_STRENGTH, &file.all)?,
        rows(ROLE_STRENGTH, &file.by_role)?,
        rows(CONTEXT_STRENGTH, &file.by_context)?,
    ))
}

/// A row of the file in our order, each explanation found by its name.
fn shares(names: &[String], row: &[f64], strength: f64) -> Option<Shares> {
    let mut shares = [0.0; EXPLANATIONS];
    for (share, explanation) in shares.iter_mut().zip(Explanation::ALL) {
        let at = names.iter().position(|name| name == explanation.word())?;
        *share = strength * row.get(at)?;
    }
    Some(shares)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_weights_name_every_explanation() {
        let weights = read(FILE).expect("prior_weights.json is whole");
        assert!(weights.all.iter().all(|weight| *weight > 0.0));
    }
}
