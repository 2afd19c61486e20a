//! How folders go round: shelf, clinic, secretary, library, shelf again.

use super::hospital::{self, ALL_CLINICS, ALL_OFFICES, ALL_WARDS, CLINIC_DESKS, OFFICE_DESKS, WARD_DESKS};
use super::random::Random;
use crate::domain::place::Code;

/// The desk that pulls, sends and files.
pub const LIBRARY_OUT: usize = 0;
/// The desk that receives what comes back.
pub const LIBRARY_IN: usize = 1;
/// Journeys that go where a desk stands, in a thousand.
const TO_A_DESK: u64 = 850;

/// A place where a folder is needed.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Spot {
    /// The library.
    Library,
    /// A clinic, from 0.
    Clinic(u64),
    /// A ward, from 0.
    Ward(u64),
    /// A secretaries' office, from 0.
    Office(u64),
}

/// Where a folder really is, as those know who carry it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Standing {
    /// On its own shelf.
    Shelved,
    /// On its way.
    OnItsWay(Spot),
    /// There, its way ended; in the library: to be filed.
    At(Spot),
    /// There by mistake, meant for the second.
    Stranded(Spot, Spot),
}

impl Spot {
    /// Its code.
    pub fn code(self) -> Code {
        match self {
            Self::Library => hospital::library(),
            Self::Clinic(n) => hospital::clinic(n),
            Self::Ward(n) => hospital::ward(n),
            Self::Office(n) => hospital::office(n),
        }
    }

    /// The desk that stands there, by its place in the hospital's list; in the library that which receives.
    pub fn desk(self) -> Option<usize> {
        let at = |n: u64, of: u64, before: u64| (n < of).then(|| usize::try_from(before + n).ok()).flatten();
        match self {
            Self::Library => Some(LIBRARY_IN),
            Self::Clinic(n) => at(n, CLINIC_DESKS, 2),
            Self::Ward(n) => at(n, WARD_DESKS, 2 + CLINIC_DESKS),
            Self::Office(n) => at(n, OFFICE_DESKS, 2 + CLINIC_DESKS + WARD_DESKS),
        }
    }

    /// Every spot but the library where a desk stands.
    pub fn with_desks() -> impl Iterator<Item = Self> {
        let clinics = (0..CLINIC_DESKS).map(Self::Clinic);
        clinics.chain((0..WARD_DESKS).map(Self::Ward)).chain((0..OFFICE_DESKS).map(Self::Office))
    }

    /// A clinic, or now and then a ward.
    #[must_use]
    pub fn that_asks(random: &mut Random) -> Self {
        let here = random.happens(TO_A_DESK);
        if random.happens(150) {
            Self::Ward(random.below(if here { WARD_DESKS } else { ALL_WARDS }))
        } else {
            Self::Clinic(random.below(if here { CLINIC_DESKS } else { ALL_CLINICS }))
        }
    }

    /// Where a folder goes from here: from a clinic mostly to a secretary, from anywhere else back.
    #[must_use]
    pub fn onward(self, random: &mut Random) -> Self {
        match self {
            Self::Clinic(_) if random.happens(800) => {
                let here = random.happens(TO_A_DESK);
                Self::Office(random.below(if here { OFFICE_DESKS } else { ALL_OFFICES }))
            }
            Self::Clinic(_) | Self::Ward(_) | Self::Office(_) | Self::Library => Self::Library,
        }
    }
}
