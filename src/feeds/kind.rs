//! What files tell of.

use std::fmt;

use crate::domain::import::{Lists, Piece, Told};

/// What a file tells of.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Kind {
    /// Places.
    Places,
    /// Staff.
    Staff,
    /// Patients.
    Patients,
    /// Volumes.
    Volumes,
    /// Clinic lists.
    Appointments,
    /// The tracking history of another system.
    Movements,
}

impl Kind {
    /// Every kind, in the order in which they are best imported.
    pub const ALL: [Self; 6] =
        [Self::Places, Self::Staff, Self::Patients, Self::Volumes, Self::Appointments, Self::Movements];

    /// The word of the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Places => "places",
            Self::Staff => "staff",
            Self::Patients => "patients",
            Self::Volumes => "volumes",
            Self::Appointments => "appointments",
            Self::Movements => "movements",
        }
    }

    /// The kind with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Whether a file of it is held whole before its rows can be told.
    pub(super) const fn is_held_whole(self) -> bool {
        match self {
            Self::Places | Self::Appointments => true,
            Self::Staff | Self::Patients | Self::Volumes | Self::Movements => false,
        }
    }

    pub(super) fn empty_piece(self) -> Piece {
        match self {
            Self::Places => Piece::Places(Vec::new()),
            Self::Staff => Piece::Staff(Vec::new()),
            Self::Patients => Piece::Patients(Vec::new()),
            Self::Volumes => Piece::Volumes(Vec::new()),
            Self::Appointments => Piece::Appointments(Lists { rows: Vec::new(), told: Told::Whole }),
            Self::Movements => Piece::Movements(Vec::new()),
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}
