//! One spelling of every name, so that ZOË, Zoe and zoë are the same word, and O'Brien is OBRIEN.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Signs that stand within a word and are not written in the one spelling.
const APOSTROPHES: &str = "'’‘‛ʼʻʹ`´′";

/// Letters that are no letter with a mark by Unicode, and how people without that key type them.
const SPELT_OUT: [(char, &str); 11] = [
    ('Ø', "O"),
    ('Đ', "D"),
    ('Ð', "D"),
    ('Ł', "L"),
    ('Ħ', "H"),
    ('Ŧ', "T"),
    ('Æ', "AE"),
    ('Œ', "OE"),
    ('Þ', "TH"),
    ('Ŋ', "NG"),
    ('ẞ', "SS"),
];

/// `text` in upper case, without accents and apostrophes, every other sign and gap as one space.
///
/// ```
/// use casetrack::domain::spelling::plain;
/// assert_eq!(plain("  O’Brien-Núñez,  Zoë "), "OBRIEN NUNEZ ZOE");
/// ```
pub fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut gap = false;
    let letters = text.chars().filter(|c| !is_unwritten(*c)).nfkd().filter(|c| !is_unwritten(*c));
    for c in letters.flat_map(char::to_uppercase) {
        if !c.is_alphanumeric() {
            gap = true;
            continue;
        }
        if gap && !plain.is_empty() {
            plain.push(' ');
        }
        gap = false;
        match SPELT_OUT.iter().find(|(letter, _)| *letter == c) {
            Some((_, spelt)) => plain.push_str(spelt),
            None => plain.push(c),
        }
    }
    plain
}

/// Whether a sign has no shape and turns the direction of writing: marks, embeddings, overrides and isolates.
pub const fn turns(c: char) -> bool {
    matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Accents, apostrophes, and signs that nobody sees: joiners, soft hyphens, those that turn the writing.
fn is_unwritten(c: char) -> bool {
    is_combining_mark(c)
        || APOSTROPHES.contains(c)
        || turns(c)
        || matches!(c, '\u{AD}' | '\u{200B}'..='\u{200D}' | '\u{2060}'..='\u{2065}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_that_sound_alike_are_spelt_alike() {
        for (written, spelt) in [
            ("Zoë", "ZOE"),
            ("O'Brien", "OBRIEN"),
            ("o’brien", "OBRIEN"),
            ("D´Arcy", "DARCY"),
            ("Smith-Jones", "SMITH JONES"),
            ("  van  der Berg,", "VAN DER BERG"),
            ("Łukasz Żółć", "LUKASZ ZOLC"),
            ("Søren Æbel", "SOREN AEBEL"),
            ("Groß", "GROSS"),
            ("İpek ışık", "IPEK ISIK"),
            ("Ｓｍｉｔｈ", "SMITH"),
            ("SM\u{200F}I\u{61C}TH\0", "SMITH"),
            ("\u{2068}כוהן\u{2069} \u{2067}דנה", "כוהן דנה"),
            ("<b>Smith</b> 100%_", "B SMITH B 100"),
            ("李小龍", "李小龍"),
            ("…", ""),
        ] {
            assert_eq!(plain(written), spelt, "{written}");
        }
    }

    proptest! {
        #[test]
        fn the_one_spelling_stays_as_it_is(text in "\\PC{0,40}") {
            let once = plain(&text);
            prop_assert_eq!(plain(&once), once.clone());
            prop_assert!(!once.starts_with(' ') && !once.ends_with(' ') && !once.contains("  "));
        }
    }
}
