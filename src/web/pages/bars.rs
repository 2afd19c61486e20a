//! Code 128 symbols (ISO/IEC 15417) as one SVG path.

use std::fmt::Write as _;

use crate::labels::code::{Symbology, encode};

/// Height of the bars, in modules.
pub const HEIGHT: i32 = 40;

/// A symbol to draw.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bars {
    /// Its text.
    pub text: String,
    /// Its width with quiet zones, in modules.
    pub width: i32,
    /// The dark bars, as a path of SVG.
    pub path: String,
}

/// The symbol for `text`; `None` for a text that Code 128 has no characters for.
pub fn bars(text: &str) -> Option<Bars> {
    let symbology = Symbology::Code128;
    let modules = encode(text, symbology).ok()?;
    let quiet = symbology.quiet();
    let mut path = String::new();
    for run in modules.rows.iter().flatten() {
        // Writing to a string does not fail.
        let _ = write!(path, "M{} 0h{}v{HEIGHT}h-{}z", quiet + run.start, run.len, run.len);
    }
    Some(Bars { text: text.to_owned(), width: modules.across + 2 * quiet, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_characters_has_no_bars() {
        assert!(bars("é").is_none());
        assert!(bars("").is_none());
    }

    #[test]
    fn a_symbol_is_as_wide_as_the_standard_says() {
        // Start, C, set C, 01, 84, check: 11 modules each; stop 13; quiet zones.
        assert_eq!(bars("C0184").unwrap().width, 6 * 11 + 13 + 20);
    }
}
