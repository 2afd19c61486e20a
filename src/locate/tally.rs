//! Tables of counts, in whole numbers, so that what was added can be taken away again to the last bit.

use super::ground::{PlaceIx, Role};

/// Adds to counts, or takes away what was added.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stroke {
    /// So much more.
    Add(u64),
    /// So much less.
    Take(u64),
}

impl Stroke {
    /// Does it to one count. What cannot be taken because it was never added leaves nothing.
    pub const fn on(self, count: &mut u64) {
        *count = match self {
            Self::Add(unit) => count.saturating_add(unit),
            Self::Take(unit) => count.saturating_sub(unit),
        };
    }

    /// Half of it.
    #[must_use]
    pub const fn half(self) -> Self {
        match self {
            Self::Add(unit) => Self::Add(unit / 2),
            Self::Take(unit) => Self::Take(unit / 2),
        }
    }
}

/// A count as a figure to reckon with.
#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "counts are far below 2^53")]
pub const fn real(count: u64) -> f64 {
    count as f64
}

/// A number of things as a figure to reckon with.
#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "no hospital has 2^53 of anything")]
pub const fn real_len(count: usize) -> f64 {
    count as f64
}

/// Counts by place, for places that have any, in the order of the places.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Row(pub(super) Vec<(PlaceIx, u64)>);

impl Row {
    /// Changes the count of one place. A place without any is not kept: the same counts are the same row.
    pub fn stroke(&mut self, place: PlaceIx, stroke: Stroke) {
        match self.0.binary_search_by_key(&place, |(known, _)| *known) {
            Ok(at) => {
                if let Some((_, count)) = self.0.get_mut(at) {
                    stroke.on(count);
                }
                self.0.retain(|(_, count)| *count > 0);
            }
            Err(at) => {
                let mut count = 0;
                stroke.on(&mut count);
                if count > 0 {
                    self.0.insert(at, (place, count));
                }
            }
        }
    }

    /// The count of one place.
    pub fn get(&self, place: PlaceIx) -> u64 {
        let at = self.0.binary_search_by_key(&place, |(known, _)| *known).ok();
        at.and_then(|at| self.0.get(at)).map_or(0, |(_, count)| *count)
    }

    /// Every place that has any.
    pub fn iter(&self) -> impl Iterator<Item = (PlaceIx, u64)> {
        self.0.iter().copied()
    }

    /// The sum.
    pub fn total(&self) -> u64 {
        self.0.iter().map(|(_, count)| count).sum()
    }

    fn shift(&mut self, bits: u32) {
        for (_, count) in &mut self.0 {
            *count >>= bits;
        }
        self.0.retain(|(_, count)| *count > 0);
    }
}

/// Something for each place; a place that has none yet has the default.
#[derive(Clone, Debug, Default)]
pub struct PerPlace<T>(pub(super) Vec<T>);

impl<T: Default + PartialEq> PerPlace<T> {
    /// What a place has, if it has any.
    pub fn get(&self, place: PlaceIx) -> Option<&T> {
        self.0.get(place.index())
    }

    /// What a place has, to change it.
    pub fn slot(&mut self, place: PlaceIx) -> &mut T {
        let index = place.index();
        if self.0.len() <= index {
            self.0.resize_with(index + 1, T::default);
        }
        #[expect(clippy::indexing_slicing, reason = "made long enough just above")]
        &mut self.0[index]
    }
}

impl PerPlace<u64> {
    /// The count of a place.
    pub fn count(&self, place: PlaceIx) -> u64 {
        self.get(place).copied().unwrap_or_default()
    }
}

impl<T> PerPlace<T> {
    /// All, each place's at its index.
    pub fn iter(&self) -> impl Iterator<Item = &T> {
        self.0.iter()
    }

    /// All, to change them.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.0.iter_mut()
    }
}

/// Two tables are the same if every place has the same: places that have none at the end do not count.
impl<T: Default + PartialEq> PartialEq for PerPlace<T> {
    fn eq(&self, other: &Self) -> bool {
        let long = self.0.len().max(other.0.len());
        let none = T::default();
        (0..long).all(|at| self.0.get(at).unwrap_or(&none) == other.0.get(at).unwrap_or(&none))
    }
}

/// Something for each role.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct PerRole<T>(pub(super) [T; super::ground::ROLES]);

impl<T> PerRole<T> {
    /// What a role has.
    #[expect(clippy::indexing_slicing, reason = "a row for every role")]
    pub const fn get(&self, role: Role) -> &T {
        &self.0[role.index()]
    }

    /// What a role has, to change it.
    #[expect(clippy::indexing_slicing, reason = "a row for every role")]
    pub const fn slot(&mut self, role: Role) -> &mut T {
        &mut self.0[role.index()]
    }
}

/// All counts of a table, to halve what has become old.
pub trait Faded {
    /// Takes so many bits off every count.
    fn fade(&mut self, bits: u32);
}

impl Faded for u64 {
    fn fade(&mut self, bits: u32) {
        *self >>= bits;
    }
}

impl Faded for Row {
    fn fade(&mut self, bits: u32) {
        self.shift(bits);
    }
}

impl<T: Faded, const N: usize> Faded for [T; N] {
    fn fade(&mut self, bits: u32) {
        for one in self {
            one.fade(bits);
        }
    }
}

impl<T: Faded> PerPlace<T> {
    /// Takes so many bits off the counts of one place.
    pub fn fade_one(&mut self, place: PlaceIx, bits: u32) {
        if let Some(one) = self.0.get_mut(place.index()) {
            one.fade(bits);
        }
    }
}

impl<T: Faded> Faded for PerPlace<T> {
    fn fade(&mut self, bits: u32) {
        for one in &mut self.0 {
            one.fade(bits);
        }
    }
}

impl<T: Faded> Faded for PerRole<T> {
    fn fade(&mut self, bits: u32) {
        self.0.fade(bits);
    }
}
