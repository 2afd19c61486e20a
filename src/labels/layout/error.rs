//! All that may be wrong with a label.

use crate::labels::code::{NoSymbol, Symbology};
use crate::labels::data::Kind;
use crate::labels::measure::Um;
use crate::labels::stock::Extent;

/// What is wrong with a label.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LayoutError {
    /// The template is for something else.
    #[error("template {template} is not for a {kind:?} label")]
    WrongKind {
        /// Its name.
        template: String,
        /// What the label is.
        kind: Kind,
    },
    /// The label is too small.
    #[error(
        "template {template} needs {} by {} within the margin, this label has {} by {}: choose a larger one",
        .needs.0, .needs.1, .has.0, .has.1
    )]
    TooSmall {
        /// Its name.
        template: String,
        /// What it needs.
        needs: Extent,
        /// What there is.
        has: Extent,
    },
    /// A box has no room at all on this label.
    #[error("field {0}: nothing is left of its box on this label")]
    NoBox(usize),
    /// There is no such symbol.
    #[error("{0}")]
    NoSymbol(#[from] NoSymbol),
    /// It does not fit.
    #[error(
        "the {symbology} of the key needs {needs} with its quiet zones, there are {room}: choose a wider label"
    )]
    SymbolTooWide {
        /// Which.
        symbology: Symbology,
        /// With the narrowest module that the printer makes.
        needs: Um,
        /// The box.
        room: Um,
    },
    /// It is too low to be swept by hand.
    #[error("the {symbology} is {height} high and needs {needs}: choose a higher label")]
    TooFlat {
        /// Which.
        symbology: Symbology,
        /// Its height.
        height: Um,
        /// The least.
        needs: Um,
    },
    /// Something stands in a quiet zone.
    #[error("field {by} stands in the quiet zone of field {symbol}")]
    QuietZone {
        /// The field of the symbol.
        symbol: usize,
        /// The other one.
        by: usize,
    },
    /// It reaches into the margin.
    #[error("field {0} reaches into the margin of the label")]
    Margin(usize),
    /// Text would be cut.
    #[error("field {field}: {says:?} would be cut")]
    Cut {
        /// The field.
        field: usize,
        /// What it says.
        says: String,
    },
    /// The key has a character that cannot be set.
    #[error("the key has a character that cannot be printed: {0:?}")]
    KeySign(char),
}
