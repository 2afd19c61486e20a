//! Sheets as they are used: labels on their cells, from a first one on, spoiled ones left out.

use std::collections::BTreeSet;

use super::measure::{Dpi, Um};
use super::printer::Printer;
use super::scene::Scene;
use super::stock::{Extent, Stock};

/// Which cells of the first sheet may be printed on; further sheets are whole.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Start {
    first: u32,
    spoiled: BTreeSet<u32>,
}

/// Why a sheet cannot be begun so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadStart {
    /// There is no such label.
    #[error("label {0} of a sheet with {1}: count from 1, along the rows")]
    NoSuchCell(u32, u32),
    /// Nothing is left of the sheet.
    #[error("no label of the sheet is left: take a new one")]
    Nothing,
}

impl Start {
    /// From the `first` label on, counted from 1 along the rows, without those that are `spoiled`.
    pub fn new(stock: &Stock, first: u32, spoiled: impl IntoIterator<Item = u32>) -> Result<Self, BadStart> {
        let cells = stock.cells();
        let spoiled: BTreeSet<u32> = spoiled.into_iter().collect();
        let wrong = std::iter::once(&first).chain(&spoiled).find(|cell| !(1..=cells).contains(*cell));
        if let Some(cell) = wrong {
            return Err(BadStart::NoSuchCell(*cell, cells));
        }
        let start = Self { first, spoiled };
        if (first..=cells).all(|cell| start.spoiled.contains(&cell)) {
            return Err(BadStart::Nothing);
        }
        Ok(start)
    }

    /// The cells of the sheet with this number, from 0, that are printed on, from 1.
    fn cells(&self, stock: &Stock, sheet: usize) -> impl Iterator<Item = u32> + '_ {
        let is_first = sheet == 0;
        let cells = 1..=stock.cells();
        cells.filter(move |cell| !is_first || (*cell >= self.first && !self.spoiled.contains(cell)))
    }
}

/// A label on its sheet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Placed {
    /// Dots from the sheet's left edge.
    pub left: i32,
    /// Dots from its upper edge.
    pub top: i32,
    /// What is drawn there.
    pub scene: Scene,
}

/// A sheet, or the label of a roll.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Page {
    /// Its size on paper.
    pub extent: Extent,
    /// Dots to the inch.
    pub dpi: Dpi,
    /// Its labels.
    pub placed: Vec<Placed>,
}

/// Puts scenes on pages, one page after another, in whole dots.
pub fn pages(
    stock: &Stock,
    printer: Printer,
    start: &Start,
    scenes: impl IntoIterator<Item = Scene>,
) -> impl Iterator<Item = Page> {
    let mut scenes = scenes.into_iter().peekable();
    (0..).map_while(move |sheet| {
        scenes.peek()?;
        let cells = start.cells(stock, sheet);
        let placed = cells.zip(scenes.by_ref()).map(|(cell, scene)| {
            let (left, top) = origin(stock, printer.dpi, cell - 1);
            Placed { left: left + printer.offset.0, top: top + printer.offset.1, scene }
        });
        Some(Page { extent: stock.page, dpi: printer.dpi, placed: placed.collect() })
    })
}

/// Where a cell begins, from 0 along the rows, before the printer's offset.
pub fn origin(stock: &Stock, dpi: Dpi, cell: u32) -> (i32, i32) {
    let columns = stock.columns.max(1);
    let step = |begin: Um, pitch: Um, count: u32| {
        let count = i32::try_from(count).unwrap_or(i32::MAX);
        dpi.dots(Um::new(begin.get().saturating_add(pitch.get().saturating_mul(count))))
    };
    (step(stock.left, stock.pitch.0, cell % columns), step(stock.top, stock.pitch.1, cell / columns))
}

#[cfg(test)]
mod tests {
    use super::super::stock::Stocks;
    use super::*;

    fn scene() -> Scene {
        Scene { dpi: Dpi::OFFICE, width: 1, height: 1, items: Vec::new(), notes: Vec::new() }
    }

    fn placed(first: u32, spoiled: &[u32], labels: usize) -> Vec<Vec<(i32, i32)>> {
        let stocks = Stocks::read([]).unwrap();
        let stock = stocks.find("L7160").unwrap();
        let start = Start::new(stock, first, spoiled.iter().copied()).unwrap();
        let printer = Printer { offset: (3, -2), ..Printer::OFFICE };
        let pages = pages(stock, printer, &start, std::iter::repeat_n(scene(), labels));
        pages.map(|page| page.placed.iter().map(|placed| (placed.left, placed.top)).collect()).collect()
    }

    #[test]
    fn labels_go_on_where_the_sheet_was_left() {
        let pages = placed(19, &[20], 4);
        assert_eq!(pages.len(), 2);
        // The first and the third of the last row, then the first two of a new sheet, each moved by the offset.
        assert_eq!(pages[0], [(171 + 3, 5_758 - 2), (3_291 + 3, 5_758 - 2)]);
        assert_eq!(pages[1], [(171 + 3, 358 - 2), (1_731 + 3, 358 - 2)]);
        assert!(placed(1, &[], 0).is_empty());
    }

    #[test]
    fn a_sheet_with_nothing_left_is_refused() {
        let stocks = Stocks::read([]).unwrap();
        let stock = stocks.find("L7160").unwrap();
        assert_eq!(Start::new(stock, 21, [21]), Err(BadStart::Nothing));
        assert_eq!(Start::new(stock, 22, []), Err(BadStart::NoSuchCell(22, 21)));
        assert_eq!(Start::new(stock, 0, []), Err(BadStart::NoSuchCell(0, 21)));
    }
}
