//! Making up: the first folder of a new casenote, a further volume, a temporary folder.
//!
//! A temporary folder stands in for one that cannot be found: it is a volume of the same casenote, so that whoever
//! reads the set sees both, and its papers go into the original once that turns up.

mod alike;
mod numbering;

use std::fmt;

use jiff::civil::Date;

pub use alike::{Alike, MAX_BESIDE, alike, days_beside, numbers_beside, turns};
pub use numbering::{BadNumbering, Numbering};

use super::casenote::{CasenoteNumber, LabelText, VolumeKind};
use super::patient::{NhsNumber, Number};
use super::place::Code;
use super::{CasenoteId, PatientId, SearchId, VolumeId};

/// Most people that a patient who is typed in is held against: more of one name and birth date are one mistake.
pub const MAX_ALIKE: usize = 12;

/// A folder that is to be made up.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Making {
    /// Under which casenote.
    pub under: Under,
    /// What it is.
    pub kind: VolumeKind,
    /// How its barcode is made.
    pub numbering: Numbering,
}

/// The casenote of a folder that is made up.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Under {
    /// One that goes on with it.
    Casenote(CasenoteId),
    /// One that begins with it.
    New {
        /// Its number.
        number: CasenoteNumber,
        /// Whose it is.
        whose: Box<Whose>,
    },
}

/// The patient of a new casenote.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Whose {
    /// One who is known.
    Known(PatientId),
    /// One who is not, and was compared with all who are much alike.
    TypedIn {
        /// Who they are.
        person: TypedIn,
        /// Those who were seen and are somebody else.
        passed_by: Vec<PatientId>,
    },
}

/// A patient as a clerk types them in. `Debug` shows nothing of them.
#[derive(Clone, PartialEq, Eq)]
pub struct TypedIn {
    /// Who issued the number.
    pub site: Code,
    /// Their hospital number.
    pub number: Number,
    /// Their NHS number, where known.
    pub nhs_number: Option<NhsNumber>,
    /// Family name.
    pub surname: String,
    /// Given names.
    pub forename: String,
    /// Day of birth; unknown of somebody who came without a name.
    pub born: Option<Date>,
}

impl fmt::Debug for TypedIn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TypedIn(…)")
    }
}

/// Everything that making up may read, as it stands in the transaction that will hold the new folder.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct MakingView {
    /// The handle that the new folder will have.
    pub next: VolumeId,
    /// What stands where the folder is to go.
    pub ground: Ground,
    /// The originals of the casenote, the latest volume first: a temporary folder stands in for one of them.
    pub originals: Vec<OriginalView>,
}

/// An original as making up a temporary folder reads it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct OriginalView {
    /// The volume.
    pub volume: VolumeId,
    /// The open search for it.
    pub search: Option<SearchId>,
}

/// What stands where a new folder is to go.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Ground {
    /// A known casenote, with its number and the highest of its volumes.
    Casenote(CasenoteNumber, u32),
    /// No such casenote.
    NoCasenote,
    /// The number of the new casenote is another's already.
    Taken,
    /// The number is free; the patient is, or will be, this one.
    Free(Owner),
}

/// The patient of a new casenote, as they stand.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Owner {
    /// They are known.
    Known,
    /// They were chosen, and are not known.
    Gone,
    /// They are typed in, and somebody has their number at that site already.
    NumberInUse,
    /// They are typed in; these are much like them.
    New(Vec<PatientId>),
}

/// A folder as it is made: what the store writes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NewFolder {
    /// Its handle.
    pub id: VolumeId,
    /// Its casenote.
    pub under: Under,
    /// Which volume.
    pub volume: u32,
    /// What it is.
    pub kind: VolumeKind,
    /// The hospital's own barcode for it; without one, or where that is another thing's, it gets one of ours.
    pub barcode: Option<LabelText>,
}
