//! Which folders of a row stand out of order: those that must be taken out so that the rest is in order, and no fewer.

use super::VolumeId;

/// A folder that stands out of order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Misplaced {
    /// Which.
    pub volume: VolumeId,
    /// The folder that it was scanned after; none: it was the first.
    pub after: Option<VolumeId>,
    /// The folder in order behind which it belongs; none: before all of them.
    pub belongs_after: Option<VolumeId>,
}

/// Which of `slots` are in order: the longest row of them that runs up, or down where somebody scanned from the right.
pub fn in_order(slots: &[u64]) -> Vec<bool> {
    let up = rising(slots);
    let mirrored: Vec<u64> = slots.iter().map(|slot| u64::MAX - slot).collect();
    let down = rising(&mirrored);
    let length = |kept: &[bool]| kept.iter().filter(|kept| **kept).count();
    if length(&down) > length(&up) { down } else { up }
}

/// The longest row that never falls (patience sorting): in `n log n` steps.
fn rising(slots: &[u64]) -> Vec<bool> {
    // For each length, the row of that length with the smallest end, by the place of its end; and who stands before.
    let mut ends: Vec<(u64, usize)> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(slots.len());
    for (at, slot) in slots.iter().copied().enumerate() {
        let length = ends.partition_point(|(end, _)| *end <= slot);
        before.push(length.checked_sub(1).and_then(|one| ends.get(one)).map(|(_, place)| *place));
        match ends.get_mut(length) {
            Some(end) => *end = (slot, at),
            None => ends.push((slot, at)),
        }
    }
    let mut kept = vec![false; slots.len()];
    let mut next = ends.last().map(|(_, place)| *place);
    while let Some(at) = next {
        if let Some(kept) = kept.get_mut(at) {
            *kept = true;
        }
        next = before.get(at).copied().flatten();
    }
    kept
}

/// The folders of a row, as they were scanned, that stand out of order.
pub fn misplaced(scanned: &[(VolumeId, u64)]) -> Vec<Misplaced> {
    let slots: Vec<u64> = scanned.iter().map(|(_, slot)| *slot).collect();
    let kept = in_order(&slots);
    let in_row: Vec<(VolumeId, u64)> =
        scanned.iter().zip(&kept).filter(|(_, kept)| **kept).map(|(folder, _)| *folder).collect();
    let belongs_after = |slot: u64| {
        let smaller = in_row.iter().filter(|(_, other)| *other <= slot);
        smaller.max_by_key(|(_, other)| *other).map(|(volume, _)| *volume)
    };
    let mut found = Vec::new();
    let mut after = None;
    for ((volume, slot), kept) in scanned.iter().zip(&kept) {
        if !kept {
            found.push(Misplaced { volume: *volume, after, belongs_after: belongs_after(*slot) });
        }
        after = Some(*volume);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken_out(slots: &[u64]) -> Vec<u64> {
        let kept = in_order(slots);
        slots.iter().zip(kept).filter(|(_, kept)| !kept).map(|(slot, _)| *slot).collect()
    }

    #[test]
    fn as_few_folders_as_can_be_are_out_of_order() {
        assert_eq!(taken_out(&[1, 2, 3, 9, 4, 5]), [9]);
        assert_eq!(taken_out(&[1, 2, 9, 3, 8, 4, 5]), [9, 8]);
        assert_eq!(taken_out(&[9, 8, 1, 7, 6]), [1], "scanned from the right");
        assert_eq!(taken_out(&[4, 4, 5]), [0; 0], "volumes of one number stand together");
        assert_eq!(taken_out(&[]), [0; 0]);
    }

    #[test]
    fn a_misplaced_folder_is_told_with_where_it_stands_and_where_it_belongs() {
        let row = [(1, 10), (2, 20), (3, 90), (4, 30), (5, 40)];
        let row = row.map(|(volume, slot)| (VolumeId::new(volume), slot));
        let told = misplaced(&row);
        let volume = VolumeId::new;
        let expected =
            Misplaced { volume: volume(3), after: Some(volume(2)), belongs_after: Some(volume(5)) };
        assert_eq!(told, [expected]);
    }
}
