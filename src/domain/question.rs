//! Questions: what only a person can settle.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;

use super::casenote::{LabelText, VolumeView};
use super::command::Thing;
use super::{PlaceId, QuestionId, ScanId, VolumeId};

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

/// A question's outward name; it never changes.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum QuestionName {
    /// `order:<barcode>`: at which of two places a folder or container is.
    Order(LabelText),
    /// `<scan>-q<key>`: raised by that scan.
    Raised {
        /// The scan that raised it.
        scan: ScanId,
        /// The store's handle.
        question: QuestionId,
    },
    /// `label:<scan>`: which folder an unknown label is on, by one of the scans kept under it.
    Label(ScanId),
}

impl fmt::Display for QuestionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Order(barcode) => write!(f, "order:{barcode}"),
            Self::Raised { scan, question } => write!(f, "{scan}-q{}", question.key()),
            Self::Label(scan) => write!(f, "label:{scan}"),
        }
    }
}

/// A text that names no question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the name of a question")]
pub struct BadQuestionName;

impl FromStr for QuestionName {
    type Err = BadQuestionName;
    fn from_str(text: &str) -> Result<Self, BadQuestionName> {
        let scan = |text: &str| text.parse::<Uuid>().map(ScanId::new).map_err(|_| BadQuestionName);
        if let Some(barcode) = text.strip_prefix("order:") {
            return barcode.parse().map(Self::Order).map_err(|_| BadQuestionName);
        }
        if let Some(id) = text.strip_prefix("label:") {
            return scan(id).map(Self::Label);
        }
        let (id, key) = text.split_once("-q").ok_or(BadQuestionName)?;
        let question = QuestionId::new(key.parse().map_err(|_| BadQuestionName)?);
        Ok(Self::Raised { scan: scan(id)?, question })
    }
}

/// Which question a librarian settles.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Asked {
    /// At which of two places it is.
    Order(Thing),
    /// One that a scan raised.
    Raised(QuestionId),
}

/// What a librarian says.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Verdict {
    /// It is at this place.
    At(PlaceId),
    /// This container is at this place, and in no other container.
    ContainerAt {
        /// Which of the two.
        container: PlaceId,
        /// Where it is.
        at: PlaceId,
    },
    /// Nobody knows where it is.
    NotKnown,
    /// It is gone, as recorded.
    Gone,
    /// It was allowed.
    Allowed,
    /// It was not allowed, and somebody has seen to it.
    SeenTo,
}

/// Everything that settling a raised question may read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct QuestionView {
    /// Which.
    pub id: QuestionId,
    /// Why it was raised.
    pub kind: QuestionKind,
    /// Whether nobody has settled it yet.
    pub is_open: bool,
    /// The volume it is about, as it is now.
    pub volume: Option<VolumeView>,
    /// The containers that the scan spoke of.
    pub containers: Vec<PlaceId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_a_question_reads_back_and_nothing_else_does() {
        let scan = ScanId::new(Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001));
        for name in [
            QuestionName::Order("RX 12/3".parse().unwrap()),
            QuestionName::Raised { scan, question: QuestionId::new(12) },
            QuestionName::Label(scan),
        ] {
            assert_eq!(name.to_string().parse(), Ok(name));
        }
        for text in
            ["", "order:", "label:", "label:x", "q1", "x-q1", "order:\u{e9}", "-q", &format!("{scan}-qx")]
        {
            assert_eq!(text.parse::<QuestionName>(), Err(BadQuestionName), "{text}");
        }
    }
}
