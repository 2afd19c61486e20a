//! The three faces that labels are set in. They are cut to Latin, Greek and Cyrillic, and lie in `labels/fonts`.

use std::sync::LazyLock;

use serde::Deserialize;
use ttf_parser::{Face as Outlines, GlyphId};

/// A face.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Deserialize, Default)]
#[serde(rename_all = "lowercase")]
pub enum Font {
    /// Noto Sans.
    #[default]
    Regular,
    /// Noto Sans Bold.
    Bold,
    /// Noto Sans Mono Bold, ASCII only: its zero is slashed, and 1, I and l differ.
    Key,
}

/// A glyph of a face as it is set.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Glyph {
    /// Its number in the face; 0 is the box that stands for what the face lacks.
    pub id: u16,
    /// The character that it shows.
    pub sign: char,
    /// How far the next one stands, in units of the face.
    pub advance: u16,
}

/// What is shown for a character that the face lacks.
pub const MISSING: char = '\u{25a1}';

struct Faces {
    regular: Outlines<'static>,
    bold: Outlines<'static>,
    key: Outlines<'static>,
}

const REGULAR: &[u8] = include_bytes!("../../labels/fonts/NotoSans-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../../labels/fonts/NotoSans-Bold.ttf");
const KEY: &[u8] = include_bytes!("../../labels/fonts/NotoSansMono-Bold.ttf");

#[expect(clippy::expect_used, reason = "the files are part of the program, and a test reads them")]
static FACES: LazyLock<Faces> = LazyLock::new(|| {
    let read = |bytes| Outlines::parse(bytes, 0).expect("a font of ours");
    Faces { regular: read(REGULAR), bold: read(BOLD), key: read(KEY) }
});

impl Font {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Regular, Self::Bold, Self::Key];

    /// The file.
    pub const fn bytes(self) -> &'static [u8] {
        match self {
            Self::Regular => REGULAR,
            Self::Bold => BOLD,
            Self::Key => KEY,
        }
    }

    /// Its name as PostScript has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Regular => "NotoSans-Regular",
            Self::Bold => "NotoSans-Bold",
            Self::Key => "NotoSansMono-Bold",
        }
    }

    /// Its outlines and tables.
    pub fn outlines(self) -> &'static Outlines<'static> {
        match self {
            Self::Regular => &FACES.regular,
            Self::Bold => &FACES.bold,
            Self::Key => &FACES.key,
        }
    }

    /// The units of an em.
    pub fn units_an_em(self) -> u16 {
        self.outlines().units_per_em()
    }

    /// The height of a capital letter, in units.
    pub fn capital(self) -> i16 {
        self.outlines().capital_height().unwrap_or_default()
    }

    /// How far letters reach below the line, in units, as a positive number.
    pub fn depth(self) -> i16 {
        -self.outlines().descender()
    }

    /// How far capitals with an accent reach above the line, in units.
    pub fn ascent(self) -> i16 {
        self.outlines().ascender()
    }

    /// The glyph of a character; `None` where the face lacks it.
    pub fn glyph(self, sign: char) -> Option<Glyph> {
        let id = self.outlines().glyph_index(sign)?;
        Some(Glyph { id: id.0, sign, advance: self.outlines().glyph_hor_advance(id).unwrap_or_default() })
    }

    /// The box that stands for a character that the face lacks.
    pub fn missing(self) -> Glyph {
        let advance = self.outlines().glyph_hor_advance(GlyphId(0)).unwrap_or_default();
        Glyph { id: 0, sign: MISSING, advance }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_letter_that_names_are_promised_is_there() {
        let promised = "AZaz09-,.'()’ÀÉÑØÞßæœšžŁżğŐűŴẅŶĦĠẠếỳ ΑΩαωΆώ АЯаяЁёЄЇЎ…";
        for font in [Font::Regular, Font::Bold] {
            let lacking: String = promised.chars().filter(|sign| font.glyph(*sign).is_none()).collect();
            assert_eq!(lacking, "", "{}", font.name());
        }
        let ascii: String = (' '..='~').filter(|sign| Font::Key.glyph(*sign).is_none()).collect();
        assert_eq!(ascii, "");
        assert!(Font::Bold.glyph('\u{5d0}').is_none());
        assert!(Font::Regular.missing().advance > 0);
        assert!(Font::Key.capital() > 0 && Font::Key.depth() > 0);
    }
}
