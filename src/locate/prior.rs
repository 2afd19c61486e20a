//! The weights that a hospital begins with, before any of its own searches has ended.
//!
//! They are data (`prior_weights.json`, which says whence they come), not measurements of any real hospital, and
//! count as some dozen outcomes: a hospital's own soon outweigh them.

use serde::{Deserialize, Serialize};

use super::evidence::{EXPLANATIONS, Explanation};
use super::weights::{Shares, Weights};

const FILE: &str = include_str!("prior_weights.json");

/// The file: in each row, as how many outcomes each explanation counts.
#[derive(Deserialize, Serialize)]
struct File {
    explanations: Vec<String>,
    all: Vec<f64>,
    by_role: Vec<Vec<f64>>,
    by_context: Vec<Vec<f64>>,
    by_time: Vec<Vec<f64>>,
}

/// The weights of the file. Without it (a test holds that it can be read) all explanations begin alike.
pub fn weights() -> Weights {
    read(FILE)
        .unwrap_or_else(|| Weights::beginning([1.0; EXPLANATIONS], [Vec::new(), Vec::new(), Vec::new()]))
}

fn read(text: &str) -> Option<Weights> {
    let file: File = serde_json::from_str(text).ok()?;
    let row = |row: &[f64]| shares(&file.explanations, row);
    let rows = |rows: &[Vec<f64>]| -> Option<Vec<Shares>> { rows.iter().map(|counts| row(counts)).collect() };
    let levels = [rows(&file.by_role)?, rows(&file.by_context)?, rows(&file.by_time)?];
    Some(Weights::beginning(row(&file.all)?, levels))
}

/// A row of the file in our order, each explanation found by its name.
fn shares(names: &[String], row: &[f64]) -> Option<Shares> {
    let mut shares = [0.0; EXPLANATIONS];
    for (share, explanation) in shares.iter_mut().zip(Explanation::ALL) {
        let at = names.iter().position(|name| name == explanation.word())?;
        *share = *row.get(at)?;
    }
    Some(shares)
}

/// What was learned, in the form of the file: to begin another hospital with.
pub fn write(weights: &Weights) -> String {
    let rows = |rows: &[Shares]| rows.iter().map(|row| row.to_vec()).collect();
    let file = File {
        explanations: Explanation::ALL.map(|explanation| explanation.word().to_owned()).to_vec(),
        all: weights.all.to_vec(),
        by_role: rows(&weights.by_role),
        by_context: rows(&weights.by_context),
        by_time: rows(&weights.by_time),
    };
    serde_json::to_string(&file).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_weights_name_every_explanation() {
        let weights = read(FILE).expect("prior_weights.json is whole");
        assert!(weights.all.iter().all(|weight| *weight > 0.0));
    }

    #[test]
    fn weights_that_were_written_are_read_again() {
        let weights = weights();
        assert_eq!(read(&write(&weights)), Some(weights));
    }
}
