//! Sweeps: scanning all that stands on a shelf or in a room, and what that says of what was not seen.
//!
//! A sweep may be stopped and gone on with, by several people at once. A **stretch** of it is what one of them scanned
//! without a break. A part of a place accuses nothing outside that part: on a shelf, what lies in filing order between
//! the ends of a stretch; in a room, nothing until somebody has said that it was the whole room.

pub mod next;
mod order;

use std::collections::HashSet;

use super::filing::Filing;
use super::{BatchId, PlaceId, VolumeId};
use crate::clock::MINUTE_US;

pub use order::{Misplaced, in_order, misplaced};

/// A sweep of the same place goes on if its last scan is no older: begun in the morning, finished after lunch.
pub const GOES_ON_US: i64 = 12 * 60 * MINUTE_US;
/// Most folders expected at a place that is swept: some of the fullest shelves, or a large room. Of a fuller place
/// nothing is said to be missing; it is swept shelf by shelf.
pub const MAX_EXPECTED: usize = 2_000;
/// Most scans of one sweep that are looked at: five times the fullest place.
pub const MAX_STEPS: usize = 10_000;
/// Most searches that one END opens: more missing at once is no misfiling but a shelf that was moved. The page names
/// them all.
pub const MAX_SEARCHES: usize = 50;

/// Which part of a place is judged when a sweep, or a stretch of it, ends.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Part {
    /// What one person scanned since they began; none: nothing yet.
    Stretch(Option<BatchId>),
    /// Every stretch of the sweep.
    Swept,
    /// All of it: somebody has said that it was the whole room.
    Whole,
}

/// What a sweep's end is about.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Ending {
    /// The place.
    pub place: PlaceId,
    /// How its library files.
    pub filing: Filing,
    /// Which part of it.
    pub part: Part,
}

/// What kind of place is swept.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Ground {
    /// A shelf: folders stand in an order.
    Shelf,
    /// A room: they do not.
    Room,
}

/// What the log said of a folder when it was seen, or says of one that was not.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Logged {
    /// It stood at the place.
    Here,
    /// It was somewhere else, or nowhere.
    Elsewhere(Option<PlaceId>),
}

/// Where in a sweep a folder was seen first.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct SeenIn {
    /// The stretch.
    pub stretch: Option<BatchId>,
    /// The how manieth scan of the sweep.
    pub nth: usize,
}

/// A folder of a sweep: expected, seen, or both.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Folder {
    /// Which.
    pub volume: VolumeId,
    /// What it stands by on a shelf.
    pub slot: Option<u64>,
    /// What the log said.
    pub logged: Logged,
    /// Where it was seen.
    pub seen: Option<SeenIn>,
    /// Whether a search for it is open, or this sweep has opened one.
    pub searched: Searched,
}

/// Whether a search was opened for a folder.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Searched {
    /// It was.
    Yes,
    /// It was not.
    No,
}

/// Everything that a sweep has shown so far.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Swept {
    /// Where.
    pub place: PlaceId,
    /// What kind of place that is.
    pub ground: Ground,
    /// Expected and seen folders, each once.
    pub folders: Vec<Folder>,
    /// Labels that name no folder.
    pub unknown: usize,
    /// Whether somebody has said that it was the whole room.
    pub part: Part,
    /// Whether more folders are expected than are looked at: then nothing is missed.
    pub expected: Expected,
}

/// Whether all that is expected is known.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Expected {
    /// It is.
    All,
    /// There are more than [`MAX_EXPECTED`].
    TooMany,
}

/// A sweep in figures.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Tally {
    /// Folders that stood there by the log.
    pub expected: usize,
    /// Folders seen, wherever the log had them.
    pub seen: usize,
    /// Those of them that the log had elsewhere.
    pub elsewhere: usize,
    /// Labels that name no folder.
    pub unknown: usize,
    /// Expected folders that were not seen in the part that is judged, or that would be if it were the whole room.
    pub missed: usize,
}

impl Swept {
    /// The sweep in figures; `missed` of the part that is judged.
    pub fn tally(&self, part: Part) -> Tally {
        let count = |wanted: fn(&Folder) -> bool| self.folders.iter().filter(|folder| wanted(folder)).count();
        Tally {
            expected: count(|folder| folder.logged == Logged::Here),
            seen: count(|folder| folder.seen.is_some()),
            elsewhere: count(|folder| folder.seen.is_some() && folder.logged != Logged::Here),
            unknown: self.unknown,
            missed: self.missed(part).len(),
        }
    }

    /// The folders that should have been seen in a part of the place and were seen nowhere in the sweep.
    pub fn missed(&self, part: Part) -> Vec<VolumeId> {
        if self.expected == Expected::TooMany {
            return Vec::new();
        }
        let unseen = |folder: &&Folder| folder.logged == Logged::Here && folder.seen.is_none();
        let unseen = self.folders.iter().filter(unseen);
        let ranges = match (part, self.ground) {
            (Part::Whole, _) => return unseen.map(|folder| folder.volume).collect(),
            (Part::Stretch(_) | Part::Swept, Ground::Room) => return Vec::new(),
            (Part::Stretch(None), Ground::Shelf) => Vec::new(),
            (Part::Stretch(Some(stretch)), Ground::Shelf) => self.range(stretch).into_iter().collect(),
            (Part::Swept, Ground::Shelf) => {
                self.stretches().into_iter().filter_map(|stretch| self.range(stretch)).collect()
            }
        };
        let within = |slot: u64| ranges.iter().any(|(first, last)| (*first..=*last).contains(&slot));
        unseen.filter(|folder| folder.slot.is_some_and(within)).map(|folder| folder.volume).collect()
    }

    /// The folders of `missed` for which no search is open by this sweep, as many as one END opens.
    pub fn to_search(&self, part: Part) -> Vec<VolumeId> {
        let searched: HashSet<VolumeId> = self
            .folders
            .iter()
            .filter(|folder| folder.searched == Searched::Yes)
            .map(|folder| folder.volume)
            .collect();
        let missed = self.missed(part).into_iter().filter(|volume| !searched.contains(volume));
        missed.take(MAX_SEARCHES).collect()
    }

    /// The folders that stand where they do not belong among their neighbours, by the order in which they were scanned.
    pub fn out_of_order(&self) -> Vec<Misplaced> {
        match self.ground {
            Ground::Room => Vec::new(),
            Ground::Shelf => {
                self.stretches().into_iter().flat_map(|stretch| misplaced(&self.scanned(stretch))).collect()
            }
        }
    }

    fn stretches(&self) -> HashSet<BatchId> {
        self.folders.iter().filter_map(|folder| folder.seen?.stretch).collect()
    }

    /// The folders of a stretch that stand in an order, as they were scanned.
    fn scanned(&self, stretch: BatchId) -> Vec<(VolumeId, u64)> {
        let mut scanned: Vec<_> = self
            .folders
            .iter()
            .filter_map(|folder| {
                let seen = folder.seen.filter(|seen| seen.stretch == Some(stretch))?;
                Some((seen.nth, folder.volume, folder.slot?))
            })
            .collect();
        scanned.sort_unstable_by_key(|(nth, _, _)| *nth);
        scanned.into_iter().map(|(_, volume, slot)| (volume, slot)).collect()
    }

    /// From the first to the last folder of a stretch in filing order. A folder that stands out of order says nothing
    /// of how far the stretch reached.
    fn range(&self, stretch: BatchId) -> Option<(u64, u64)> {
        let slots: Vec<u64> = self.scanned(stretch).into_iter().map(|(_, slot)| slot).collect();
        let kept = in_order(&slots);
        let of_it: Vec<u64> =
            slots.into_iter().zip(kept).filter(|(_, kept)| *kept).map(|(slot, _)| slot).collect();
        Some((*of_it.iter().min()?, *of_it.iter().max()?))
    }
}

/// How the counts of a sweep stand in an answer's two numbers: expected and seen in sixteen bits each; elsewhere and
/// missed in twelve, unknown in eight. A number that does not fit is told as the largest that does.
impl Tally {
    /// The two numbers.
    pub fn packed(self) -> (u32, u32) {
        let held = |count: usize, bits: u32| u32::try_from(count).unwrap_or(u32::MAX).min((1 << bits) - 1);
        let first = held(self.expected, 16) << 16 | held(self.seen, 16);
        let second = held(self.elsewhere, 12) << 20 | held(self.missed, 12) << 8 | held(self.unknown, 8);
        (first, second)
    }

    /// Reads [`Tally::packed`].
    pub fn unpacked((first, second): (u32, u32)) -> Self {
        let part = |number: u32, from: u32, bits: u32| {
            usize::try_from(number >> from & ((1 << bits) - 1)).unwrap_or(usize::MAX)
        };
        Self {
            expected: part(first, 16, 16),
            seen: part(first, 0, 16),
            elsewhere: part(second, 20, 12),
            missed: part(second, 8, 12),
            unknown: part(second, 0, 8),
        }
    }
}

/// What a decision reads of sweeps.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SweepView {
    /// How many folders the sweep that goes on has seen; none: a new one begins.
    pub goes_on: Option<u32>,
    /// What the part that ends has come to.
    pub swept: Option<Swept>,
}

/// What a scan was to a sweep.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SweepStep {
    /// A new sweep of the place begins.
    Begun,
    /// The last one goes on.
    GoneOn,
    /// A folder was seen.
    Saw(VolumeId),
    /// A label names no folder.
    Unknown,
    /// A stretch has ended.
    Ended,
    /// It was the whole room.
    Whole,
    /// A folder was missed, and a search is open for it.
    Missed(VolumeId),
}

/// A step of the newest sweep of a place, as it is decided.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NewSweepStep {
    /// The place.
    pub place: PlaceId,
    /// What.
    pub step: SweepStep,
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    const PLACE: PlaceId = PlaceId::new(1);

    fn stretch(n: u128) -> BatchId {
        BatchId::new(Uuid::from_u128(n))
    }

    fn folder(volume: i64, logged: Logged, seen: Option<(u128, usize)>) -> Folder {
        Folder {
            volume: VolumeId::new(volume),
            slot: Some(volume.unsigned_abs()),
            logged,
            seen: seen.map(|(of, nth)| SeenIn { stretch: Some(stretch(of)), nth }),
            searched: Searched::No,
        }
    }

    fn swept(ground: Ground, folders: Vec<Folder>) -> Swept {
        Swept { place: PLACE, ground, folders, unknown: 0, part: Part::Swept, expected: Expected::All }
    }

    fn missed(swept: &Swept, part: Part) -> Vec<i64> {
        swept.missed(part).into_iter().map(VolumeId::key).collect()
    }

    #[test]
    fn a_partial_sweep_of_a_shelf_accuses_nothing_outside_its_ends() {
        let here = Logged::Here;
        let mut folders: Vec<_> = (1..=40).map(|n| folder(n, here, None)).collect();
        for (nth, at) in [(0, 10), (1, 11), (2, 13), (3, 14), (4, 20), (5, 21)] {
            folders[at - 1].seen = Some(SeenIn { stretch: Some(stretch(1)), nth });
        }
        let swept = swept(Ground::Shelf, folders);
        let part = Part::Stretch(Some(stretch(1)));
        assert_eq!(missed(&swept, part), [12, 15, 16, 17, 18, 19]);
        assert_eq!(missed(&swept, Part::Stretch(None)), [0; 0]);
        assert_eq!(swept.tally(part).missed, 6);
    }

    #[test]
    fn two_people_at_two_ends_accuse_nothing_between_them_and_what_one_sees_the_other_does_not_miss() {
        let here = Logged::Here;
        let folders = vec![
            folder(10, here, Some((1, 0))),
            folder(11, here, None),
            folder(12, here, Some((1, 2))),
            folder(15, here, None),
            folder(20, here, Some((2, 1))),
            folder(21, here, Some((1, 4))),
            folder(22, here, Some((2, 3))),
        ];
        let mut swept = swept(Ground::Shelf, folders);
        assert_eq!(missed(&swept, Part::Stretch(Some(stretch(2)))), [0; 0]);
        swept.folders[5].seen = None;
        assert_eq!(missed(&swept, Part::Stretch(Some(stretch(2)))), [21]);
        assert_eq!(missed(&swept, Part::Swept), [11, 21]);
    }

    #[test]
    fn a_stray_among_them_does_not_stretch_the_part_that_was_swept() {
        let here = Logged::Here;
        let mut folders: Vec<_> =
            (10..=15).map(|n| folder(n, here, Some((1, usize::try_from(n).unwrap())))).collect();
        folders.push(folder(99, Logged::Elsewhere(None), Some((1, 12))));
        folders.push(folder(40, here, None));
        let swept = swept(Ground::Shelf, folders);
        assert_eq!(missed(&swept, Part::Swept), [0; 0]);
        assert_eq!(swept.tally(Part::Swept).elsewhere, 1);
    }

    #[test]
    fn a_room_accuses_nothing_until_it_is_said_to_be_whole() {
        let here = Logged::Here;
        let folders =
            vec![folder(1, here, Some((1, 0))), folder(2, here, None), folder(3, here, Some((1, 1)))];
        let mut room = swept(Ground::Room, folders);
        assert_eq!(missed(&room, Part::Swept), [0; 0]);
        assert_eq!(missed(&room, Part::Whole), [2]);
        assert!(room.out_of_order().is_empty(), "a room has no order");
        room.folders[1].searched = Searched::Yes;
        assert!(room.to_search(Part::Whole).is_empty(), "one search is enough");
        room.expected = Expected::TooMany;
        assert_eq!(missed(&room, Part::Whole), [0; 0]);
    }

    #[test]
    fn counts_survive_their_answer() {
        let tally = Tally { expected: 300, seen: 298, elsewhere: 3, unknown: 2, missed: 5 };
        assert_eq!(Tally::unpacked(tally.packed()), tally);
        let large =
            Tally { expected: 1 << 20, seen: 1, elsewhere: 1 << 20, unknown: 1 << 20, missed: 1 << 20 };
        let held = Tally { expected: 65_535, seen: 1, elsewhere: 4_095, unknown: 255, missed: 4_095 };
        assert_eq!(Tally::unpacked(large.packed()), held);
    }
}
