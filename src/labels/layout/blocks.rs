//! Colour blocks of the last digits.

use super::{Drawn, Page};
use crate::labels::font::Font;
use crate::labels::measure::{Area, Size};
use crate::labels::printer::Colours;
use crate::labels::scene::{Ink, Item, Line};
use crate::labels::text;

/// Between two colour blocks, in hundredths of a block.
const BLOCK_GAP_PERCENT: i32 = 8;
/// A digit on its block takes so many hundredths of its height.
const BLOCK_DIGIT_PERCENT: i64 = 78;

impl Page<'_> {
    /// The last digits, the last one at the end of the box; across or down, as the box lies.
    pub(super) fn blocks(&self, number: usize, count: usize, area: Area) -> Option<Drawn> {
        let digits: Vec<u8> =
            self.data.digits.bytes().filter(u8::is_ascii_digit).map(|digit| digit - b'0').collect();
        let last = digits.get(digits.len().checked_sub(count)?..)?;
        let count = i32::try_from(count).ok()?;
        let is_across = area.width >= area.height;
        let (long, short) = if is_across { (area.width, area.height) } else { (area.height, area.width) };
        let side = short.min(long * 100 / (count * (100 + BLOCK_GAP_PERCENT)));
        let step = side + side * BLOCK_GAP_PERCENT / 100;
        let start = long - (count - 1) * step - side;
        let mut items = Vec::new();
        for (at, digit) in (0..).zip(last) {
            let (right, down) = if is_across { (start + at * step, 0) } else { (0, start + at * step) };
            let block = Area { left: area.left + right, top: area.top + down, width: side, height: side };
            items.extend(self.block(*digit, block));
        }
        Some(Drawn { field: number, items, ink: area, quiet: None })
    }

    /// A digit on its colour, within a black edge: on a printer without colours the digit alone tells.
    fn block(&self, digit: u8, block: Area) -> [Item; 3] {
        let edge = (block.width / 24).max(1);
        let ink = match self.colours {
            Colours::Ten => Ink::Digit(digit),
            Colours::Black => Ink::White,
        };
        let font = Font::Bold;
        let capital = i64::from(font.capital()).max(1);
        let em =
            i64::from(block.height) * BLOCK_DIGIT_PERCENT * i64::from(font.units_an_em()) / (capital * 100);
        let size = em * 7_200 / i64::from(self.dpi.get());
        let size = Size::from_centipoints(u16::try_from(size).unwrap_or(u16::MAX));
        let set = text::glyphs(font, &digit.to_string()).0;
        let wide = self.dpi.text_dots(text::units(&set), font.units_an_em(), size);
        let high = self.dpi.text_dots(capital, font.units_an_em(), size);
        let line = Line {
            font,
            size,
            ink: if ink.is_light() { Ink::Black } else { Ink::White },
            left: block.left + (block.width - wide) / 2,
            baseline: block.top + i32::midpoint(block.height, high),
            glyphs: set,
        };
        [Item::Fill(block, Ink::Black), Item::Fill(block.grown(-edge, -edge), ink), Item::Text(line)]
    }
}
