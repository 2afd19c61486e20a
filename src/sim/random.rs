//! Chance that can be repeated: xoshiro256++ seeded by SplitMix64 (Blackman and Vigna, public domain).

use uuid::Uuid;

use crate::clock::Timestamp;

/// The seed of the demo, and of every test that is given no other.
pub const USUAL_SEED: u64 = 20_261_123;

/// A source of numbers that gives the same ones again for the same seed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Random([u64; 4]);

/// One step of SplitMix64: spreads near seeds far apart.
fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

impl Random {
    /// The numbers of `seed`.
    pub fn new(seed: u64) -> Self {
        let mut state = seed;
        Self(std::array::from_fn(|_| split_mix(&mut state)))
    }

    /// The numbers of one part of what `seed` makes, so that each patient can be made without those before.
    pub fn of_part(seed: u64, part: u64) -> Self {
        let mut state = part;
        Self::new(seed ^ split_mix(&mut state))
    }

    /// Any number.
    pub fn any(&mut self) -> u64 {
        let [a, b, c, d] = &mut self.0;
        let result = a.wrapping_add(*d).rotate_left(23).wrapping_add(*a);
        let shifted = *b << 17;
        *c ^= *a;
        *d ^= *b;
        *b ^= *c;
        *a ^= *d;
        *c ^= shifted;
        *d = d.rotate_left(45);
        result
    }

    /// A number from 0 to `end` - 1. The bias is below one in 2⁴⁰ for the ends used here.
    ///
    /// # Panics
    /// When `end` is 0.
    pub fn below(&mut self, end: u64) -> u64 {
        assert!(end > 0, "there is no number below 0");
        self.any() % end
    }

    /// A number from `first` to `last`, both included.
    ///
    /// # Panics
    /// When `last` is before `first`.
    pub fn between(&mut self, first: i64, last: i64) -> i64 {
        assert!(first <= last, "{first} to {last} is no range");
        first.saturating_add_unsigned(self.below(last.abs_diff(first).saturating_add(1)))
    }

    /// An index into something of `len` entries.
    pub fn index(&mut self, len: usize) -> usize {
        let end = u64::try_from(len).unwrap_or(u64::MAX);
        usize::try_from(self.below(end)).unwrap_or(0)
    }

    /// Whether something happens that happens so many times in a thousand.
    pub fn happens(&mut self, per_mille: u64) -> bool {
        self.below(1_000) < per_mille
    }

    /// One of several.
    pub fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        let at = self.index(from.len());
        #[expect(clippy::indexing_slicing, reason = "the index is below the length")]
        &from[at]
    }

    /// Brings `items` into any order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.index(last + 1));
        }
    }

    /// A UUIDv7 of that time.
    pub fn uuid(&mut self, at: Timestamp) -> Uuid {
        let mut bytes = [0; 10];
        let (front, back) = bytes.split_at_mut(8);
        front.copy_from_slice(&self.any().to_be_bytes());
        back.copy_from_slice(&self.any().to_be_bytes()[..2]);
        let millis = u64::try_from(at.micros() / 1_000).unwrap_or(0);
        uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_numbers_and_another_gives_others() {
        let numbers = |seed| {
            let mut random = Random::new(seed);
            std::array::from_fn::<_, 8, _>(|_| random.any())
        };
        assert_eq!(numbers(7), numbers(7));
        assert_ne!(numbers(7), numbers(8));
        let mut random = Random::new(1);
        assert!((0..1_000).all(|_| (3..=5).contains(&random.between(3, 5))));
    }
}
