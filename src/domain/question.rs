//! Questions: what only a person can settle.

use super::VolumeId;

/// Why a librarian is asked.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum QuestionKind {
    /// A volume recorded as destroyed or transferred was scanned.
    GoneButSeen,
    /// A late act went against a rule: the paper moved anyway.
    AgainstRule,
    /// A late act named no known volume.
    UnknownLabel,
    /// A late act closed a loop of containers.
    ContainerLoop,
}

impl QuestionKind {
    /// Every kind, in the order of the store's numbers.
    pub const ALL: [Self; 4] =
        [Self::GoneButSeen, Self::AgainstRule, Self::UnknownLabel, Self::ContainerLoop];

    /// The question in plain words.
    pub const fn text(self) -> &'static str {
        match self {
            Self::GoneButSeen => "Recorded as destroyed or transferred, but scanned. Which is right?",
            Self::AgainstRule => "Moved while on hold or restricted. Was that allowed?",
            Self::UnknownLabel => "A label that named no known folder. Which folder was it?",
            Self::ContainerLoop => "Two containers are recorded inside each other. Which is inside which?",
        }
    }
}

/// A question that a decision raises; it belongs to the scan that raised it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct NewQuestion {
    /// Why.
    pub kind: QuestionKind,
    /// About which volume, if about one.
    pub volume: Option<VolumeId>,
}
