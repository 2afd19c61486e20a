//! The mixture: every explanation says where the folder would be, and counts as much as it has earned.

use super::cell::Cell;
use super::evidence::{Belief, EXPLANATIONS, Explanation, astray, beliefs};
use super::view::{View, normalise};
use super::weights::Shares;

/// The explanations of a case, weighed.
pub struct Mixture<'a> {
    /// The case.
    pub view: &'a View<'a>,
    beliefs: [Option<Belief>; EXPLANATIONS],
    weights: Shares,
    /// By cell, the chance that the folder is there, given that a first look where it is tracked did not find it and
    /// that it is somewhere where one can look. Adds up to one.
    pub chances: Vec<f64>,
}

impl<'a> Mixture<'a> {
    /// Weighs the explanations of a case: those that have nothing to say about it leave their weight to the others.
    pub fn of(view: &'a View<'a>) -> Self {
        let beliefs = beliefs(view);
        let mut weights = view.counts.weights.of(view.context);
        for (weight, belief) in weights.iter_mut().zip(&beliefs) {
            if belief.is_none() {
                *weight = 0.0;
            }
        }
        normalise(&mut weights);
        // What the batch shows in this very case is no habit that earlier cases could have earned.
        if let Some(weight) = weights.get_mut(Explanation::BatchMates.index()) {
            *weight += astray(view);
        }
        normalise(&mut weights);
        let mut chances = vec![0.0; view.cells.len()];
        for (weight, belief) in weights.iter().zip(&beliefs) {
            for (chance, share) in chances.iter_mut().zip(belief.iter().flat_map(Belief::shares)) {
                *chance += weight * share;
            }
        }
        normalise(&mut chances);
        Self { view, beliefs, weights, chances }
    }

    /// What of the chance of a cell each explanation brings, adding up to one; none if no explanation names it.
    pub fn credit(&self, cell: Cell) -> Option<Shares> {
        let at = self.view.cells.position(cell)?;
        let mut credit = self.weights;
        for (share, belief) in credit.iter_mut().zip(&self.beliefs) {
            *share *= belief.as_ref().map_or(0.0, |belief| belief.share(at));
        }
        normalise(&mut credit).then_some(credit)
    }

    /// The explanations of a cell with what they bring, the strongest first.
    pub fn explanations(&self, cell: Cell) -> Vec<(Explanation, f64)> {
        let credit = self.credit(cell).unwrap_or([0.0; EXPLANATIONS]);
        let mut explained: Vec<_> = Explanation::ALL.into_iter().zip(credit).collect();
        explained.sort_by(|one, other| other.1.total_cmp(&one.1).then(one.0.cmp(&other.0)));
        explained
    }
}
