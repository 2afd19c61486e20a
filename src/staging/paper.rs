//! Blocks of words and symbols in whole dots, one beneath the other.

use super::plan::NoSheet;
use crate::labels::code::{Symbology, encode};
use crate::labels::font::Font;
use crate::labels::measure::{Area, Dpi, Size, Um};
use crate::labels::scene::{Ink, Item, Line, Symbol};
use crate::labels::text::{Room, fit, glyphs, units};

/// Height of the bars: swept by hand from an arm's length.
const BARS: Um = Um::new(16_000);
/// The module that any scanner reads at a hand's breadth, and the narrowest that a long code may have.
const MODULE: Um = Um::new(340);
const LEAST_MODULE: Um = Um::new(240);
/// Lines of one text; what needs more is too long for a person who stands.
const LINES: usize = 5;
/// A square of the hatch.
const HATCH: Um = Um::new(1_200);

/// How words are set.
#[derive(Clone, Copy, Debug)]
pub struct Type {
    /// The face.
    pub font: Font,
    /// In points.
    pub points: u16,
    /// The ink.
    pub ink: Ink,
}

impl Type {
    /// Black.
    pub const fn new(font: Font, points: u16) -> Self {
        Self { font, points, ink: Ink::Black }
    }
}

/// On which side of its column a symbol stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    /// At its left edge.
    Left,
    /// At its right edge.
    Right,
}

/// Items from the top of a block on, and how high they are.
#[derive(Clone, Debug, Default)]
pub struct Block {
    /// What is drawn.
    pub items: Vec<Item>,
    /// Dots down.
    pub height: i32,
}

/// A column of paper that blocks are written in.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Dots to the inch.
    pub dpi: Dpi,
    /// From the paper's left edge.
    pub left: Um,
    /// Across.
    pub width: Um,
}

impl Column {
    /// Words beneath what is there, wrapped.
    pub fn words(&self, block: &mut Block, kind: Type, says: &str) -> Result<(), NoSheet> {
        let too_long = || NoSheet::TooLong(says.to_owned());
        let size = Size::from_centipoints(kind.points * 100);
        let room = Room {
            font: kind.font,
            size,
            least: size,
            lines: LINES,
            width: self.dpi.dots(self.width),
            height: i32::MAX,
            dpi: self.dpi,
        };
        let fitted = fit(&glyphs(kind.font, says).0, &room).ok_or_else(too_long)?;
        for glyphs in fitted.lines {
            block.items.push(Item::Text(Line {
                font: kind.font,
                size,
                ink: kind.ink,
                left: self.dpi.dots(self.left),
                baseline: block.height + room.above(size),
                glyphs,
            }));
            block.height += room.line(size);
        }
        Ok(())
    }

    /// White words on a black band, as wide as they are.
    pub fn band(&self, block: &mut Block, points: u16, says: &str) -> Result<(), NoSheet> {
        let kind = Type { font: Font::Bold, points, ink: Ink::White };
        let (size, edge) = (Size::from_centipoints(points * 100), self.dpi.dots(Um::new(1_500)));
        let width = self.dpi.text_dots(units(&glyphs(kind.font, says).0), kind.font.units_an_em(), size);
        let at = block.items.len();
        let top = block.height;
        let inner = Self { left: Um::new(self.left.get() + 1_500), ..*self };
        inner.words(block, kind, says)?;
        let area =
            Area { left: self.dpi.dots(self.left), top, width: width + 2 * edge, height: block.height - top };
        block.items.insert(at, Item::Fill(area, Ink::Black));
        Ok(())
    }

    /// A symbol beneath what is there, with the widest module that has room; the column from its left edge on.
    pub fn symbol(
        &self,
        block: &mut Block,
        side: Side,
        symbology: Symbology,
        text: &str,
    ) -> Result<Self, NoSheet> {
        let too_long = || NoSheet::TooLong(shown(symbology, text));
        let modules = encode(text, symbology).map_err(|_| too_long())?;
        let width = self.dpi.dots(self.width);
        let quiet = symbology.quiet();
        let fits = |module: &i32| (modules.across + 2 * quiet) * module <= width;
        let least = self.dpi.dots_of_at_least(LEAST_MODULE);
        let module = (least..=self.dpi.dots(MODULE).max(least)).rev().find(fits).ok_or_else(too_long)?;
        let (across, height) = (modules.across * module, self.dpi.dots(BARS));
        let left = self.dpi.dots(self.left)
            + match side {
                Side::Left => quiet * module,
                Side::Right => width - across - quiet * module,
            };
        let area = Area { left, top: block.height, width: across, height };
        block.items.push(Item::Symbol(Symbol { symbology, text: text.to_owned(), modules, area, module }));
        block.height += height;
        Ok(Self {
            left: self.dpi.length(left),
            width: self.dpi.length(self.dpi.dots(self.left) + width - left),
            ..*self
        })
    }

    /// Room beneath what is there.
    pub fn gap(&self, block: &mut Block, height: Um) {
        block.height += self.dpi.dots(height);
    }

    /// A thin line across.
    pub fn rule(&self, block: &mut Block) {
        let height = self.dpi.dots(Um::new(200)).max(1);
        let (left, width) = (self.dpi.dots(self.left), self.dpi.dots(self.width));
        block.items.push(Item::Fill(Area { left, top: block.height, width, height }, Ink::Black));
        block.height += height;
    }

    /// A hatch of steps from the top of a block to its end, as wide as the column.
    pub fn hatch(&self, block: &mut Block) {
        let side = self.dpi.dots(HATCH).max(1);
        let columns = (self.dpi.dots(self.width) / side).max(1);
        for (row, top) in (0..).zip((0..block.height - side).step_by(usize::try_from(side).unwrap_or(1))) {
            let left = self.dpi.dots(self.left) + (row % columns) * side;
            block.items.push(Item::Fill(Area { left, top, width: side, height: side }, Ink::Black));
        }
    }
}

/// A symbol's text for people: what is no letter in angle brackets.
pub fn shown(symbology: Symbology, text: &str) -> String {
    let begins = if symbology == Symbology::Setting { "<FNC3>" } else { "" };
    let sign = |sign: char| match sign {
        '\r' => "<CR>".to_owned(),
        '\u{1d}' => "<GS>".to_owned(),
        other if other.is_control() => format!("<{:02X}>", u32::from(other)),
        other => other.to_string(),
    };
    std::iter::once(begins.to_owned()).chain(text.chars().map(sign)).collect()
}

/// An item further to the right and down.
pub fn moved(item: Item, right: i32, down: i32) -> Item {
    match item {
        Item::Fill(area, ink) => Item::Fill(area.moved(right, down), ink),
        Item::Text(line) => {
            Item::Text(Line { left: line.left + right, baseline: line.baseline + down, ..line })
        }
        Item::Symbol(symbol) => Item::Symbol(Symbol { area: symbol.area.moved(right, down), ..symbol }),
    }
}
