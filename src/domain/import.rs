//! Rows of an import, checked: what other systems tell of places, staff, patients, volumes, clinic lists and where
//! folders were.

use jiff::civil::Date;

use super::casenote::{LabelText, VolumeKind};
use super::movement::GoneWhy;
use super::patient::{NhsNumber, Number};
use super::place::{Code, PlaceKind};
use super::staff::Role;
use crate::clock::Timestamp;

/// Most rows that are applied in one transaction, so that waiting scans go between.
pub const MAX_PIECE_ROWS: usize = 500;

/// The number type where a file names none.
pub const HOSPITAL_NUMBER: &str = "HOSPITAL";

/// What a row says of one thing that need not be told. All but the identifying columns of a file may be missing: a
/// missing column leaves what is known as it is, an empty cell of a column that is there clears it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Said<T> {
    /// Nothing is said: the file has no such column.
    #[default]
    Unsaid,
    /// It is said that there is none.
    Nothing,
    /// This is said.
    Is(T),
}

impl<T> Said<T> {
    /// What is said to be, if anything.
    pub const fn value(&self) -> Option<&T> {
        match self {
            Self::Is(value) => Some(value),
            Self::Unsaid | Self::Nothing => None,
        }
    }

    /// The same of something made from it.
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Said<U> {
        match self {
            Self::Unsaid => Said::Unsaid,
            Self::Nothing => Said::Nothing,
            Self::Is(value) => Said::Is(make(value)),
        }
    }

    /// What holds from now on, where `known` held.
    pub fn over(self, known: Option<T>) -> Option<T> {
        match self {
            Self::Unsaid => known,
            Self::Nothing => None,
            Self::Is(value) => Some(value),
        }
    }
}

/// What stands in a column that is there.
impl<T> From<Option<T>> for Said<T> {
    fn from(cell: Option<T>) -> Self {
        cell.map_or(Self::Nothing, Self::Is)
    }
}

/// A row of `places.csv`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct PlaceRow {
    /// Identifies it.
    pub code: Code,
    /// What people call it; none: the code.
    pub name: Said<String>,
    /// What it is; none: other.
    pub kind: Said<PlaceKind>,
    /// The place above; it must be known or stand earlier in the file.
    pub parent: Said<Code>,
    /// Telephone in opening hours.
    pub phone: Said<String>,
    /// Telephone at all other times.
    pub phone_out_of_hours: Said<String>,
    /// When somebody answers.
    pub open: Said<String>,
    /// The first day on which it is closed; refused, with the list, while anything is there.
    pub until: Said<Date>,
    /// Whose clinic, ward, office or secretary it is: names with `;` between.
    pub consultants: Said<String>,
}

/// A row of `staff.csv`.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct StaffRow {
    /// Identifies them.
    pub badge: Code,
    /// Their name; none: the badge.
    pub name: Said<String>,
    /// What they do; none: clerk.
    pub role: Said<Role>,
}

/// A row of `patients.csv`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct PatientRow {
    /// Who issued the number.
    pub site: Code,
    /// Identifies them, with the site.
    pub hospital_number: Number,
    /// Their NHS number.
    pub nhs_number: Said<NhsNumber>,
    /// Family name.
    pub surname: Said<String>,
    /// Given names.
    pub forename: Said<String>,
    /// Day of birth.
    pub born: Said<Date>,
    /// Day of death.
    pub died: Said<Date>,
}

/// A row of `volumes.csv`.
#[derive(Clone, PartialEq, Eq, Hash)]
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
    /// What it is; none: original.
    pub kind: Said<VolumeKind>,
    /// The shelf it belongs on.
    pub home: Said<Code>,
    /// Where it is said to be; counts only while the volume has no movement.
    pub place: Option<Code>,
    /// Why it may not leave; none: it may.
    pub hold: Said<String>,
    /// Whether only named people may send it on; none: anybody may.
    pub restricted: Said<Restriction>,
    /// How it went, if it is gone.
    pub gone: Option<GoneWhy>,
}

/// A row of `appointments.csv`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct AppointmentRow {
    /// Where the patient is expected.
    pub clinic: Code,
    /// The day in the hospital's time zone.
    pub day: Date,
    /// When.
    pub starts_at: Timestamp,
    /// When the working day before that day begins.
    pub wanted_from: Timestamp,
    /// Who issued the number.
    pub site: Code,
    /// The patient's number.
    pub hospital_number: Number,
    /// Whose clinic it is.
    pub consultant: Option<String>,
}

/// A row of `movements.csv`: where another system had a folder.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct MovementRow {
    /// When the folder was booked there; a day alone is its beginning.
    pub at: Timestamp,
    /// The folder's label.
    pub barcode: LabelText,
    /// Where it was booked to.
    pub to: Code,
    /// Where it came from.
    pub from: Option<Code>,
    /// Who booked it: a badge, or what the other system called them.
    pub by: Option<String>,
}

/// Rows of clinic lists: all of a clinic's day stand in one piece, one after the other.
#[derive(Clone)]
pub struct Lists {
    /// The rows.
    pub rows: Vec<AppointmentRow>,
    /// Whether they are all that the file tells of their days.
    pub told: Told,
}

/// Whether a list is all there is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Told {
    /// It is: whoever was on an earlier list of that clinic's day and is not on this one is expected no more.
    #[default]
    Whole,
    /// A row could not be read, and nobody knows whose it was: nothing is withdrawn.
    Part,
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
    /// Clinic lists.
    Appointments(Lists),
    /// Old tracking history.
    Movements(Vec<MovementRow>),
}

impl Piece {
    /// How many rows it has.
    pub const fn len(&self) -> usize {
        match self {
            Self::Places(rows) => rows.len(),
            Self::Staff(rows) => rows.len(),
            Self::Patients(rows) => rows.len(),
            Self::Volumes(rows) => rows.len(),
            Self::Appointments(lists) => lists.rows.len(),
            Self::Movements(rows) => rows.len(),
        }
    }

    /// Whether it has no row.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether its rows are all that their file tells.
    pub const fn told(&self) -> Told {
        match self {
            Self::Appointments(lists) => lists.told,
            Self::Places(_) | Self::Staff(_) | Self::Patients(_) | Self::Volumes(_) | Self::Movements(_) => {
                Told::Whole
            }
        }
    }
}

/// What became of one row.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum RowResult {
    /// It is new.
    Added,
    /// It was known and differs now.
    Changed,
    /// It was known and says nothing new.
    Same,
    /// It tells of a patient who was typed in here, and confirms them; where it differs it counts, and this says what
    /// was typed in.
    Confirmed(Option<String>),
    /// It was not taken; the reason says what to do.
    Rejected(String),
}

/// Names a file and how it is read: SHA-256 over both, so that another reading of the same file is another import.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, serde::Serialize, serde::Deserialize)]
pub struct FileDigest(pub [u8; 32]);

/// Which piece of which file this is: an import that was stopped goes on after the last one that is on disk.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
pub struct PieceMark {
    /// The file.
    pub file: FileDigest,
    /// Which of its pieces, from 0.
    pub piece: u64,
    /// Where the piece's rows stand, as a spreadsheet shows them.
    pub rows: Vec<u64>,
}

/// What is wanted of a piece.
#[derive(Clone, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Deed {
    /// That it is applied, and noted as this piece of its file.
    Apply(PieceMark),
    /// That it is said what would become of it: it is applied and taken back.
    Rehearse,
}

/// How far an import came that has not ended. It may name patients.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Unfinished {
    /// Pieces applied, from the file's beginning.
    pub pieces: u64,
    /// Rows that were new.
    pub added: u64,
    /// Rows that changed something.
    pub changed: u64,
    /// Rows that said nothing new.
    pub same: u64,
    /// Rows that confirmed somebody who was typed in.
    pub confirmed: u64,
    /// Rows that were not taken, and why.
    pub rejected: Vec<(u64, String)>,
    /// Rows that confirmed somebody with other details.
    pub differing: Vec<(u64, String)>,
}
