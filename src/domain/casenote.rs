//! Casenotes and their volumes.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::combine::Combine;
use super::patient::Number;
use super::place::{Code, UnknownWord, one_of};
use super::search::Wanted;
use super::whereabouts::Present;
use super::{CasenoteId, PatientId, PlaceId, VolumeId};
use crate::clock::Timestamp;

/// Highest volume number: more than any shelf holds of one patient, and two digits on every label.
pub const MAX_VOLUME: u32 = 99;

/// What a volume is.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the words of the department need no gloss")]
pub enum VolumeKind {
    Original,
    Temporary,
    Maternity,
    MentalHealth,
    Emergency,
    Therapy,
    Other,
}

impl VolumeKind {
    /// Every kind, in the order of the store's numbers.
    pub const ALL: [Self; 7] = [
        Self::Original,
        Self::Temporary,
        Self::Maternity,
        Self::MentalHealth,
        Self::Emergency,
        Self::Therapy,
        Self::Other,
    ];

    /// The word used in files and answers.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Original => "original",
            Self::Temporary => "temporary",
            Self::Maternity => "maternity",
            Self::MentalHealth => "mental-health",
            Self::Emergency => "emergency",
            Self::Therapy => "therapy",
            Self::Other => "other",
        }
    }
}

impl FromStr for VolumeKind {
    type Err = UnknownWord;
    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        one_of(&Self::ALL, Self::word, text)
    }
}

/// What identifies a casenote for a person: who issued which number.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct CasenoteNumber {
    /// The issuing site.
    pub site: Code,
    /// The kind of number, `HOSPITAL` where nothing else is said.
    pub number_type: Code,
    /// The number.
    pub number: Number,
}

impl fmt::Debug for CasenoteNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CasenoteNumber(…)")
    }
}

/// What a signal needs to name one volume.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VolumeBrief {
    /// The store's handle.
    pub id: VolumeId,
    /// Its casenote.
    pub casenote: CasenoteId,
    /// The casenote's number as written on the cover.
    pub number: Number,
    /// Which volume of the casenote, from 1.
    pub volume: u32,
    /// What it is.
    pub kind: VolumeKind,
    /// The barcode it is known by.
    pub barcode: LabelText,
}

impl VolumeBrief {
    /// Whether a label so read is the volume's own, not an older one that still names it.
    pub fn is_on(&self, read: &LabelText) -> bool {
        self.barcode == *read
    }
}

/// A cover that was printed and that no scan has proved yet.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Unproven {
    /// Whoever scans it first compares it with the patient: a sheet shifted by one puts a wrong name on a folder.
    Compared,
    /// All folders are relabelled: nobody is asked.
    Relabelled,
}

/// Everything a decision about one volume may read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct VolumeView {
    /// Its names.
    pub brief: VolumeBrief,
    /// The shelf it belongs on.
    pub home: Option<PlaceId>,
    /// Why it may not leave, if it may not.
    pub hold: Option<String>,
    /// Whether only named people may send it on.
    pub restricted: bool,
    /// Where it is.
    pub present: Present,
    /// When its newest movement happened, undone ones included.
    pub newest: Option<Timestamp>,
    /// The other live volumes of its casenote.
    pub siblings: Vec<Sibling>,
    /// Whether it is open already how it could be seen though it is gone.
    pub gone_asked: bool,
    /// Its printed cover, if no scan has proved that yet; looked up where a label was scanned.
    pub unproven: Option<Unproven>,
    /// Whose it is.
    pub patient: Option<PatientId>,
    /// The open search for it.
    pub search: Option<Wanted>,
    /// The temporary folders that stand in for it, or, of a temporary folder, what that stands in for.
    pub combines: Vec<Combine>,
}

/// Another volume of the same casenote.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sibling {
    /// Its names.
    pub brief: VolumeBrief,
    /// Where it is.
    pub present: Present,
}

/// Longest text of a folder's label, in characters: the longest frame a scanner may send.
pub const MAX_LABEL_LEN: usize = 64;

/// The text of a folder's label: visible ASCII, upper case. Redacted in `Debug`: old labels hold hospital numbers.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LabelText(String);

/// A text that no folder's label carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a label: 1 to {MAX_LABEL_LEN} letters, digits or signs without accents are needed")]
pub struct BadLabel;

impl LabelText {
    /// The text in upper case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for LabelText {
    type Err = BadLabel;
    fn from_str(text: &str) -> Result<Self, BadLabel> {
        let text = text.trim();
        // A real label never starts with "]": that is how AIM identifiers start (ISO/IEC 15424).
        let fits = (1..=MAX_LABEL_LEN).contains(&text.len()) && !text.starts_with(']');
        if fits && text.bytes().all(|b| b.is_ascii_graphic() || b == b' ') {
            Ok(Self(text.to_ascii_uppercase()))
        } else {
            Err(BadLabel)
        }
    }
}

impl fmt::Display for LabelText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for LabelText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LabelText(…)")
    }
}
