//! Code 128 symbols (ISO/IEC 15417) as one SVG path.

use std::fmt::Write as _;

use barcoders::sym::code128::Code128;

/// Modules of clear space on either side: ten by the standard.
const QUIET: usize = 10;
/// Height of the bars, in modules.
pub const HEIGHT: usize = 40;
/// Shortest run of digits that set C shortens.
const SHORTEST_RUN: usize = 4;

/// A symbol to draw.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bars {
    /// Its text.
    pub text: String,
    /// Its width with quiet zones, in modules.
    pub width: usize,
    /// The dark bars, as a path of SVG.
    pub path: String,
}

/// The symbol for `text`; `None` for a text that Code 128 has no characters for.
pub fn bars(text: &str) -> Option<Bars> {
    let modules = Code128::new(with_code_sets(text)).ok()?.encode();
    let mut path = String::new();
    let mut at = QUIET;
    for run in modules.chunk_by(|one, other| one == other) {
        if run.first() == Some(&1) {
            // Writing to a string does not fail.
            let _ = write!(path, "M{at} 0h{}v{HEIGHT}h-{}z", run.len(), run.len());
        }
        at += run.len();
    }
    Some(Bars { text: text.to_owned(), width: at + QUIET, path })
}

/// The text with the marks by which `barcoders` chooses code sets: letters in B, long runs of digits in C.
fn with_code_sets(text: &str) -> String {
    let mut marked = String::new();
    let mut set = None;
    let signs: Vec<char> = text.chars().collect();
    for run in signs.chunk_by(|one, other| one.is_ascii_digit() == other.is_ascii_digit()) {
        let is_long = run.len() >= SHORTEST_RUN && run.iter().all(char::is_ascii_digit);
        let pairs_from = if is_long { run.len() % 2 } else { run.len() };
        let (single, pairs) = run.split_at_checked(pairs_from).unwrap_or((run, &[]));
        for (wanted, part) in [('\u{0181}', single), ('\u{0106}', pairs)] {
            if !part.is_empty() && set != Some(wanted) {
                marked.push(wanted);
                set = Some(wanted);
            }
            marked.extend(part);
        }
    }
    marked
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_paired_where_that_is_shorter() {
        assert_eq!(with_code_sets("C0184"), "ƁCĆ0184");
        assert_eq!(with_code_sets("V000001234"), "ƁVĆ000001234".replace("Ć0", "0Ć").as_str());
        assert_eq!(with_code_sets("CL5"), "ƁCL5");
        assert_eq!(with_code_sets("LIB-2024"), "ƁLIB-Ć2024");
        assert!(bars("é").is_none());
        assert!(bars("").is_none());
    }

    #[test]
    fn a_symbol_is_as_wide_as_the_standard_says() {
        // Start, C, set C, 01, 84, check: 11 modules each; stop 13; quiet zones.
        assert_eq!(bars("C0184").unwrap().width, 6 * 11 + 13 + 20);
    }
}
