//! What a label says.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::text::Name;

/// What a label is on.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A folder's cover.
    Volume,
    /// A folder's spine.
    Spine,
    /// A place's card, a shelf's edge.
    Place,
    /// A crate, trolley, box, bag.
    Container,
    /// A badge.
    Staff,
    /// A command card, a desk's card.
    Card,
    /// A slip that stands where a folder was.
    Tracer,
}

/// A text of a label.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Text {
    /// The large word: a place's name, a card's word.
    Title,
    /// Under it: the places above, what a card does.
    Below,
    /// When the patient was born.
    Born,
    /// The hospital number.
    Number,
    /// The NHS number.
    Nhs,
    /// `Vol 2 of 3`.
    Volume,
    /// Where the number was issued.
    Site,
    /// Where the folder belongs.
    Home,
    /// A warning that must be seen: `TEMPORARY`, `SAME NAME`.
    Warning,
    /// A second one.
    Second,
    /// Whom to ring.
    Phone,
    /// When it was printed, and the how manyth label of this folder it is.
    Printed,
}

/// What one label says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LabelData {
    /// What it is on.
    pub kind: Kind,
    /// What its symbol says, and what stands in letters beneath.
    pub key: String,
    /// Whose folder it is.
    pub name: Option<Name>,
    /// Everything else.
    pub texts: BTreeMap<Text, String>,
    /// The number whose last digits are the colour blocks.
    pub digits: String,
}

impl LabelData {
    /// A label with a key alone.
    pub fn new(kind: Kind, key: impl Into<String>) -> Self {
        Self { kind, key: key.into(), name: None, texts: BTreeMap::new(), digits: String::new() }
    }

    /// With a text; an empty one is none.
    #[must_use]
    pub fn with(mut self, text: Text, says: impl Into<String>) -> Self {
        let says = says.into();
        if !says.is_empty() {
            self.texts.insert(text, says);
        }
        self
    }
}
