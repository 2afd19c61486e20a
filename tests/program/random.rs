//! Chance that can be had again: SplitMix64 from a seed that every failure prints.

use std::cell::Cell;

/// A seeded source of chance.
#[derive(Clone, Debug)]
pub struct Random(Cell<u64>);

impl Random {
    /// The run's source: `CASETRACK_SEED` if set, else from the clock; prints the seed either way.
    pub fn of_this_run(test: &str) -> Self {
        let given = std::env::var("CASETRACK_SEED").ok().and_then(|text| text.parse().ok());
        let seed = given.unwrap_or_else(|| {
            let reading = casetrack::clock::Clock::system().read();
            (reading.boot_us.unsigned_abs() ^ reading.wall.micros().unsigned_abs()) % 1_000_000_007
        });
        eprintln!("{test}: CASETRACK_SEED={seed}");
        Self::new(seed)
    }

    /// A source from this seed.
    pub fn new(seed: u64) -> Self {
        Self(Cell::new(seed))
    }

    /// Another source that goes its own way.
    pub fn branch(&self, name: u64) -> Self {
        Self::new(self.next() ^ name.wrapping_mul(0x9E37_79B9_7F4A_7C15))
    }

    /// The next 64 bits.
    pub fn next(&self) -> u64 {
        let state = self.0.get().wrapping_add(0x9E37_79B9_7F4A_7C15);
        self.0.set(state);
        let mut mixed = state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    pub fn below(&self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap();
        usize::try_from(self.next() % end).unwrap()
    }

    /// A number from `start` to `end`, both included.
    pub fn between(&self, start: usize, end: usize) -> usize {
        start + self.below(end - start + 1)
    }

    /// True once in `times`.
    pub fn one_in(&self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of these.
    pub fn pick<'a, T>(&self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    /// So many bytes of noise.
    pub fn bytes(&self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.next().to_le_bytes()[3]).collect()
    }
}
