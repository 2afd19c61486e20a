//! What a verification finds.

use serde::{Deserialize, Serialize};

/// How deep is looked.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Depth {
    /// The log and what follows from it: in short transactions, for beside a service.
    LogOnly,
    /// The structure of the file as well, if nobody has the data folder: one transaction, as long as the file is large.
    FileToo,
}

/// How far a verification is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Far {
    /// Movements that it is through with.
    pub movements: u64,
    /// How much of the whole is done.
    pub part: u64,
    /// The whole, in the same unit.
    pub whole: u64,
}

/// What a verification found.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct VerifyReport {
    /// Volumes and containers whose whereabouts were rebuilt.
    pub subjects: u64,
    /// Movements read.
    pub movements: u64,
    /// Volumes whose hold and restriction were compared with their dated rows.
    pub volumes: u64,
    /// Patients whose name was compared with how it is sought.
    pub names: u64,
    /// Pairings of scanners that were compared with the scans of their cards.
    pub pairings: u64,
    /// Searches, and temporary folders with their originals, that were rebuilt from their steps.
    pub searches: u64,
    /// Scans whose text stands beside the log.
    pub texts: u64,
    /// Those of them whose text was redacted: its digest stays.
    pub redacted: u64,
    /// Rows that differ from what the log says.
    pub differences: u64,
    /// The first of them, in words that name no patient and no barcode.
    pub first: Option<String>,
    /// Whether the structure of the file was checked.
    pub file_checked: bool,
    /// What the database says of its own file, if it is not sound.
    pub damage: Option<String>,
}

impl VerifyReport {
    /// Whether nothing was found.
    pub const fn is_sound(&self) -> bool {
        self.differences == 0 && self.damage.is_none()
    }

    /// What was looked at: its name, its words, and how much of it.
    pub const fn looked_at(&self) -> [(&'static str, &'static str, u64); 8] {
        [
            ("movements", "movements", self.movements),
            ("subjects", "folders and containers that moved", self.subjects),
            ("volumes", "folders with their holds", self.volumes),
            ("names", "names as they are sought", self.names),
            ("pairings", "pairings of scanners", self.pairings),
            ("searches", "searches and combines", self.searches),
            ("texts", "texts beside the log", self.texts),
            ("redacted", "of them redacted", self.redacted),
        ]
    }
}
