//! A label ready to be drawn: everything in whole dots of one printer, nothing left to decide.

use super::code::{Modules, Symbology};
use super::font::{Font, Glyph};
use super::measure::{Area, Dpi, Size};

/// What fills an area.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Ink {
    /// Black.
    Black,
    /// The paper.
    White,
    /// One of the ten colours of terminal digits, by the digit.
    Digit(u8),
}

impl Ink {
    /// Red, green and blue.
    pub const fn rgb(self) -> [u8; 3] {
        match self {
            Self::Black => [0, 0, 0],
            Self::White => [255, 255, 255],
            Self::Digit(digit) => match digit {
                0 => [230, 30, 40],
                1 => [255, 214, 0],
                2 => [0, 110, 200],
                3 => [0, 150, 70],
                4 => [240, 125, 0],
                5 => [130, 70, 160],
                6 => [240, 130, 170],
                7 => [125, 85, 50],
                8 => [120, 200, 240],
                _ => [150, 150, 150],
            },
        }
    }

    /// Whether black letters read better on it than white ones.
    pub const fn is_light(self) -> bool {
        let [red, green, blue] = self.rgb();
        #[expect(clippy::as_conversions, reason = "a byte widened; `From` is not const")]
        let light = red as u32 * 3 + green as u32 * 6 + blue as u32;
        light > 1_400
    }
}

/// A line of text.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// Its face.
    pub font: Font,
    /// Its size.
    pub size: Size,
    /// Its ink.
    pub ink: Ink,
    /// Dots from the left edge to where the first glyph begins.
    pub left: i32,
    /// Dots from the upper edge to the line that letters stand on.
    pub baseline: i32,
    /// Its glyphs.
    pub glyphs: Vec<Glyph>,
}

/// A symbol.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Symbol {
    /// Which one.
    pub symbology: Symbology,
    /// What it says.
    pub text: String,
    /// Its modules.
    pub modules: Modules,
    /// Where it stands, without its quiet zone.
    pub area: Area,
    /// Dots of one module across; of Data Matrix down too.
    pub module: i32,
}

impl Symbol {
    /// Its dark rectangles: the bars, or the runs of each row, equal neighbours drawn as one.
    pub fn dark(&self) -> impl Iterator<Item = Area> + '_ {
        let rows = i32::try_from(self.modules.rows.len()).unwrap_or(i32::MAX).max(1);
        let height = self.area.height / rows;
        (0..).zip(&self.modules.rows).flat_map(move |(row, runs)| {
            runs.iter().map(move |run| Area {
                left: self.area.left + run.start * self.module,
                top: self.area.top + row * height,
                width: run.len * self.module,
                height,
            })
        })
    }

    /// Where it stands with its quiet zone: to the left and right of a linear symbol, around Data Matrix.
    pub const fn with_quiet_zone(&self) -> Area {
        let quiet = self.symbology.quiet() * self.module;
        match self.symbology {
            Symbology::Code128 | Symbology::Gs1 | Symbology::Setting | Symbology::Code39 => {
                self.area.grown(quiet, 0)
            }
            Symbology::DataMatrix => self.area.grown(quiet, quiet),
        }
    }
}

/// Something drawn, in this order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Item {
    /// A filled rectangle.
    Fill(Area, Ink),
    /// A line of text.
    Text(Line),
    /// A symbol, in black.
    Symbol(Symbol),
}

/// What a clerk should know about a label that was laid out.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Note {
    /// Given names were left out.
    NameShortened,
    /// A name was broken in two inside a word.
    NameBroken,
    /// Characters that the face lacks; each is shown as a box.
    Lacking(Vec<char>),
    /// There was no room for the Data Matrix.
    NoRoomForMatrix,
}

impl std::fmt::Display for Note {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NameShortened => f.write_str("name shortened"),
            Self::NameBroken => f.write_str("name broken in two"),
            Self::Lacking(signs) => {
                let signs: Vec<String> = signs.iter().map(ToString::to_string).collect();
                write!(f, "cannot be printed, shown as a box: {}", signs.join(" "))
            }
            Self::NoRoomForMatrix => f.write_str("no room for the Data Matrix beside the bars"),
        }
    }
}

/// A label laid out for a printer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Scene {
    /// Dots to the inch.
    pub dpi: Dpi,
    /// Dots across.
    pub width: i32,
    /// Dots down.
    pub height: i32,
    /// What is drawn.
    pub items: Vec<Item>,
    /// What a clerk should know.
    pub notes: Vec<Note>,
}
