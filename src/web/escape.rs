//! How a text stands in a page: never as markup, and never turning what stands beside it.
//!
//! A name in Arabic or Hebrew would pull a telephone number behind it to its other side, and a sign that turns the
//! direction of writing would do so with everything up to the end of the line.
//!
//! What stands in a form's field is sent back as it stands, so nothing is put into it: `|escape("field")`.

use std::fmt::{self, Write};

use askama::filters::{Escaper, Html};

use crate::domain::spelling::turns;

/// Begins a piece that keeps its direction to itself (Unicode Standard Annex 9).
const FIRST_STRONG_ISOLATE: char = '\u{2068}';
/// Ends it.
const POP_DIRECTIONAL_ISOLATE: char = '\u{2069}';

/// The escaper of all templates.
#[derive(Clone, Copy, Debug)]
pub struct Text;

impl Escaper for Text {
    fn write_escaped_str<W: Write>(&self, mut dest: W, text: &str) -> fmt::Result {
        if text.is_ascii() {
            return Html.write_escaped_str(dest, text);
        }
        let text: String = text.chars().filter(|sign| !turns(*sign)).collect();
        let mut rest = text.as_str();
        while let Some((before, leftward, after)) = next_leftward(rest) {
            Html.write_escaped_str(&mut dest, before)?;
            dest.write_char(FIRST_STRONG_ISOLATE)?;
            Html.write_escaped_str(&mut dest, leftward)?;
            dest.write_char(POP_DIRECTIONAL_ISOLATE)?;
            rest = after;
        }
        Html.write_escaped_str(dest, rest)
    }
}

/// What stands before the first piece that is written to the left, that piece, and what stands behind it.
fn next_leftward(text: &str) -> Option<(&str, &str, &str)> {
    let from = text.find(is_leftward)?;
    let (before, rest) = text.split_at_checked(from)?;
    let ends = |sign: char| sign.is_alphanumeric() && !is_leftward(sign);
    let piece = rest.get(..rest.find(ends).unwrap_or(rest.len()))?;
    let len = piece.trim_end_matches(|sign| !is_leftward(sign)).len();
    let (leftward, after) = rest.split_at_checked(len)?;
    Some((before, leftward, after))
}

/// The blocks of the scripts that are written from right to left.
const fn is_leftward(sign: char) -> bool {
    matches!(
        sign,
        '\u{590}'..='\u{8ff}'
            | '\u{fb1d}'..='\u{fdff}'
            | '\u{fe70}'..='\u{fefc}'
            | '\u{10800}'..='\u{10fff}'
            | '\u{1e800}'..='\u{1efff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let mut written = String::new();
        Text.write_escaped_str(&mut written, text).unwrap();
        assert_eq!(
            written.replace(FIRST_STRONG_ISOLATE, "[").replace(POP_DIRECTIONAL_ISOLATE, "]"),
            expected
        );
    }

    #[test]
    fn a_name_written_to_the_left_leaves_the_number_behind_it_alone() {
        check("ring عيادة القلب 01632 960013", "ring [عيادة القلب] 01632 960013");
        check("كوهن, דנה", "[كوهن, דנה]");
        check("At דנה 7 or Ward 7", "At [דנה] 7 or Ward 7");
        check("דנה", "[דנה]");
    }

    #[test]
    fn a_sign_that_turns_what_follows_is_left_out() {
        check("\u{202e}drawkcab\u{202c} 01632", "drawkcab 01632");
        check("open \u{2067}isolate, \u{200f}mark", "open isolate, mark");
    }

    #[test]
    fn markup_is_text_and_everything_else_stands_as_it_is() {
        check("<b>\"Zoë\" & 'Ann'</b>", "&#60;b&#62;&#34;Zoë&#34; &#38; &#39;Ann&#39;&#60;/b&#62;");
        check("<i>דנה</i>", "&#60;i&#62;[דנה]&#60;/i&#62;");
        check("", "");
    }
}
