//! Measured times, and what is said of them.

use serde::Serialize;

/// Times of many operations, in microseconds.
#[derive(Clone, Debug, Default)]
pub struct Spread {
    times_us: Vec<i64>,
}

impl Spread {
    /// Takes one more time.
    pub fn add(&mut self, time_us: i64) {
        self.times_us.push(time_us);
    }

    /// Takes all times of `other`.
    pub fn take(&mut self, other: &Self) {
        self.times_us.extend_from_slice(&other.times_us);
    }

    /// How many times there are.
    pub const fn len(&self) -> usize {
        self.times_us.len()
    }

    /// Whether there is none.
    pub const fn is_empty(&self) -> bool {
        self.times_us.is_empty()
    }

    /// What is said of them; all zero of none.
    pub fn told(&self) -> Told {
        let mut sorted = self.times_us.clone();
        sorted.sort_unstable();
        let at = |per_mille: usize| {
            let last = sorted.len().saturating_sub(1);
            sorted.get(last.saturating_mul(per_mille).div_ceil(1_000)).copied().unwrap_or(0)
        };
        Told {
            count: sorted.len(),
            p50_us: at(500),
            p90_us: at(900),
            p99_us: at(990),
            p999_us: at(999),
            most_us: at(1_000),
        }
    }
}

/// What is said of a spread of times, in microseconds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize)]
pub struct Told {
    /// How many operations.
    pub count: usize,
    /// The middle one.
    pub p50_us: i64,
    /// Nine in ten took no longer.
    pub p90_us: i64,
    /// 99 in a hundred took no longer.
    pub p99_us: i64,
    /// 999 in a thousand took no longer.
    pub p999_us: i64,
    /// The longest.
    pub most_us: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_thousand_times_the_percentiles_are_the_ranks() {
        let mut spread = Spread::default();
        (0..=1_000).rev().for_each(|time| spread.add(time));
        let told = spread.told();
        assert_eq!((told.p50_us, told.p99_us, told.p999_us, told.most_us), (500, 990, 999, 1_000));
    }

    #[test]
    fn of_no_times_all_is_zero() {
        assert_eq!(Spread::default().told(), Told::default());
    }
}
