//! What a layout must know of a printer.

use serde::Deserialize;

use super::measure::Dpi;

/// What it prints in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum Colours {
    /// Colours: terminal digits stand on theirs.
    Ten,
    /// Black alone.
    #[default]
    Black,
}

/// A printer as a layout sees it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Printer {
    /// Its dots.
    pub dpi: Dpi,
    /// Its colours.
    pub colours: Colours,
    /// How many whole dots everything is moved to the right and down: what its calibration sheet showed.
    pub offset: (i32, i32),
}

impl Printer {
    /// An office printer with colours and true margins.
    pub const OFFICE: Self = Self { dpi: Dpi::OFFICE, colours: Colours::Ten, offset: (0, 0) };
}
