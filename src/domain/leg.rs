//! Legs: how the movements of a folder read to whoever asks which way folders go.
//!
//! A leg is one step of a folder's way: where it is tracked since, where that was scanned, and how it is known. What
//! moves no folder, or ends its way for good, is no leg.

use super::PlaceId;
use super::movement::{Change, How};
use crate::clock::Timestamp;

/// How a leg is known.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Way {
    /// The folder was in a hand at the place: it arrived, was packed or was seen there.
    In,
    /// It was put on its shelf.
    Filed,
    /// It was sent on, or left where nobody scans.
    Out,
    /// Nobody had it in hand: it went in its container, or somebody or another system said so.
    Carried,
}

/// One step of a folder's way.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Leg {
    /// When it happened.
    pub happened: Timestamp,
    /// Where the folder is tracked since.
    pub to: PlaceId,
    /// Where it was scanned; of what nobody scanned, where it is tracked since.
    pub station: PlaceId,
    /// How it is known.
    pub way: Way,
}

/// How a movement of a folder, or of the container that it is in, reads as a leg. `desk` is where the desk stands that
/// scanned it; none: it came without a scan.
pub const fn leg(change: Change, how: How, desk: Option<PlaceId>, happened: Timestamp) -> Option<Leg> {
    let (to, station, way) = match change {
        Change::Arrived { at, .. }
        | Change::Packed { at, .. }
        | Change::Seen { at }
        | Change::SeenGone { at, .. } => (at, at, Way::In),
        Change::Filed { shelf } => (shelf, shelf, Way::Filed),
        Change::Sent { from, to } => (to, from, Way::Out),
        Change::LeftAt { at } => match desk {
            Some(desk) => (at, desk, Way::Out),
            None => (at, at, Way::Carried),
        },
        Change::Emptied { at } | Change::Answered { at: Some(at) } => (at, at, Way::Carried),
        Change::Gone { .. } | Change::Undone(_) | Change::Answered { at: None } => return None,
    };
    let in_hand = matches!(how, How::Scanned | How::Listed);
    Some(Leg { happened, to, station, way: if in_hand { way } else { Way::Carried } })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::movement::GoneWhy;

    #[test]
    fn every_kind_of_movement_reads_as_one_step_or_as_none() {
        let (ward, clinic, desk) = (PlaceId::new(1), PlaceId::new(2), PlaceId::new(3));
        let read = |change, how, desk| {
            let found = leg(change, how, desk, Timestamp::EPOCH);
            found.map(|leg| (leg.station.key(), leg.to.key(), leg.way))
        };
        let scanned = |change| read(change, How::Scanned, Some(desk));
        assert_eq!(scanned(Change::Arrived { at: ward, meant_for: Some(clinic) }), Some((1, 1, Way::In)));
        assert_eq!(scanned(Change::Sent { from: ward, to: clinic }), Some((1, 2, Way::Out)));
        assert_eq!(scanned(Change::LeftAt { at: clinic }), Some((3, 2, Way::Out)));
        assert_eq!(scanned(Change::Filed { shelf: ward }), Some((1, 1, Way::Filed)));
        assert_eq!(scanned(Change::Seen { at: ward }), Some((1, 1, Way::In)));
        assert_eq!(scanned(Change::Gone { at: Some(ward), why: GoneWhy::Destroyed }), None);
        assert_eq!(scanned(Change::Answered { at: None }), None);
        let listed = read(Change::Sent { from: ward, to: clinic }, How::Listed, Some(desk));
        assert_eq!(listed, Some((1, 2, Way::Out)), "a list is somebody's hand");
        let answered = read(Change::Answered { at: Some(ward) }, How::Inferred, None);
        assert_eq!(answered, Some((1, 1, Way::Carried)));
        assert_eq!(read(Change::LeftAt { at: ward }, How::Imported, None), Some((1, 1, Way::Carried)));
    }
}
