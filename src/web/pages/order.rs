//! The order in which people count: `S2` before `S10`.

use std::cmp::Ordering;

use crate::domain::place::Place;

/// Compares places by their codes.
pub fn by_code(one: &Place, other: &Place) -> Ordering {
    natural(one.code.as_str(), other.code.as_str())
}

/// Compares codes part by part: runs of digits as numbers, the rest as text.
pub fn natural(one: &str, other: &str) -> Ordering {
    let (mut left, mut right) = (one, other);
    while let (Some((a, after_a)), Some((b, after_b))) = (run(left), run(right)) {
        let order = match (number(a), number(b)) {
            (Some(a), Some(b)) => a.len().cmp(&b.len()).then_with(|| a.cmp(b)),
            _ => a.cmp(b),
        };
        if order.is_ne() {
            return order;
        }
        (left, right) = (after_a, after_b);
    }
    // `S01` and `S1` are two codes.
    left.len().cmp(&right.len()).then_with(|| one.cmp(other))
}

/// The first run of digits or of other signs, and what comes after.
fn run(text: &str) -> Option<(&str, &str)> {
    let digits = text.chars().next()?.is_ascii_digit();
    let end = text.find(|c: char| c.is_ascii_digit() != digits).unwrap_or(text.len());
    text.split_at_checked(end)
}

/// A run of digits without leading noughts.
fn number(run: &str) -> Option<&str> {
    run.starts_with(|c: char| c.is_ascii_digit()).then(|| run.trim_start_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shelves_stand_in_the_order_in_which_people_count() {
        let mut codes = ["S10", "S2", "S1", "BAY-10", "BAY-9", "S01", "S", "S2-B", "S2-A", "12", "3"];
        codes.sort_by(|one, other| natural(one, other));
        assert_eq!(codes, ["3", "12", "BAY-9", "BAY-10", "S", "S01", "S1", "S2", "S2-A", "S2-B", "S10"]);
    }
}
