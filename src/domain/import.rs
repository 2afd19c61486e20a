//! Rows of an import, checked: what other systems tell of places, staff, patients and volumes.

use jiff::civil::Date;

use super::casenote::{LabelText, VolumeKind};
use super::movement::GoneWhy;
use super::patient::{NhsNumber, Number};
use super::place::{Code, PlaceKind};
use super::staff::Role;

/// Most rows that are applied in one transaction, so that waiting scans go between.
pub const MAX_PIECE_ROWS: usize = 500;

/// The number type where a file names none.
pub const HOSPITAL_NUMBER: &str = "HOSPITAL";

/// A row of `places.csv`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlaceRow {
    /// Identifies it.
    pub code: Code,
    /// What people call it; absent: the code.
    pub name: Option<String>,
    /// What it is; absent: other.
    pub kind: Option<PlaceKind>,
    /// The place above; it must be known or stand earlier in the file.
    pub parent: Option<Code>,
    /// Telephone in opening hours.
    pub phone: Option<String>,
    /// Telephone at all other times.
    pub phone_out_of_hours: Option<String>,
    /// When somebody answers.
    pub open: Option<String>,
    /// The first day on which it is closed; refused, with the list, while anything is there.
    pub until: Option<Date>,
}

/// A row of `staff.csv`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StaffRow {
    /// Identifies them.
    pub badge: Code,
    /// Their name.
    pub name: Option<String>,
    /// What they do; absent: clerk.
    pub role: Option<Role>,
}

/// A row of `patients.csv`.
#[derive(Clone, PartialEq, Eq)]
pub struct PatientRow {
    /// Who issued the number.
    pub site: Code,
    /// Identifies them, with the site.
    pub hospital_number: Number,
    /// Their NHS number.
    pub nhs_number: Option<NhsNumber>,
    /// Family name.
    pub surname: Option<String>,
    /// Given names.
    pub forename: Option<String>,
    /// Day of birth.
    pub born: Option<Date>,
    /// Day of death.
    pub died: Option<Date>,
}

/// A row of `volumes.csv`.
#[derive(Clone, PartialEq, Eq)]
pub struct VolumeRow {
    /// Its label; absent: it gets one of ours.
    pub barcode: Option<LabelText>,
    /// Who issued the numbers.
    pub site: Code,
    /// The patient's number.
    pub hospital_number: Number,
    /// The kind of casenote number.
    pub number_type: Code,
    /// The casenote's number; absent: the patient's.
    pub casenote: Option<Number>,
    /// Which volume, from 1; absent: 1.
    pub volume: u32,
    /// What it is; absent: original.
    pub kind: Option<VolumeKind>,
    /// The shelf it belongs on.
    pub home: Option<Code>,
    /// Where it is said to be; counts only while the volume has no movement.
    pub place: Option<Code>,
    /// Why it may not leave; absent: it may.
    pub hold: Option<String>,
    /// Whether only named people may send it on.
    pub restricted: Option<Restriction>,
    /// How it went, if it is gone.
    pub gone: Option<GoneWhy>,
}

/// Whether a volume is restricted.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Restriction {
    /// Only named people may send it on.
    Restricted,
    /// Anybody may.
    Open,
}

/// A piece of an import: [`MAX_PIECE_ROWS`] at most.
#[derive(Clone)]
pub enum Piece {
    /// Places.
    Places(Vec<PlaceRow>),
    /// Staff.
    Staff(Vec<StaffRow>),
    /// Patients.
    Patients(Vec<PatientRow>),
    /// Volumes.
    Volumes(Vec<VolumeRow>),
}

/// What became of one row.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum RowResult {
    /// It is new.
    Added,
    /// It was known and differs now.
    Changed,
    /// It was known and says nothing new.
    Same,
    /// It was not taken; the reason says what to do.
    Rejected(String),
}
