//! Bars and Data Matrix: the widest module that fits.

use super::boxes::{aligned, clear};
use super::{Drawn, LayoutError, Page};
use crate::labels::code::{self, Symbology};
use crate::labels::measure::{Area, Um};
use crate::labels::scene::{Item, Note, Symbol};
use crate::labels::template::Align;

/// A linear symbol is at least so high, and at least so many hundredths of its length (facts of the trade for hand-held
/// scanning; ISO/IEC 15417 annex E gives both).
const LEAST_HEIGHT: Um = Um::new(5_000);
const LEAST_HEIGHT_PERCENT: i32 = 15;
/// No module needs to be wider than this on a label that is larger than its template asks for.
const WIDEST_MODULE: Um = Um::new(510);

impl Page<'_> {
    /// As wide as its module may be, and high enough for it.
    pub(super) fn bars(
        &self,
        number: usize,
        symbology: Symbology,
        (most, least): (Um, Um),
        align: Align,
        area: Area,
    ) -> Result<Drawn, LayoutError> {
        let modules = code::encode(&self.data.key, symbology)?;
        let narrowest = self.dpi.dots_of_at_least(least).max(1);
        let room = |module: i32| self.across(area, symbology.quiet() * module);
        let fits = |module: &i32| modules.across * module <= room(*module).1 - room(*module).0;
        let widest = self.dpi.dots_within(self.widest(most));
        let fitting: Vec<i32> = (narrowest..=widest).rev().filter(fits).collect();
        let Some(finest) = fitting.last() else {
            let needs = self.dpi.length((modules.across + 2 * symbology.quiet()) * narrowest);
            return Err(LayoutError::SymbolTooWide { symbology, needs, room: self.dpi.length(area.width) });
        };
        let least_height = |module: i32| {
            self.dpi.dots_of_at_least(LEAST_HEIGHT).max(modules.across * module * LEAST_HEIGHT_PERCENT / 100)
        };
        let Some(module) = fitting.iter().copied().find(|module| least_height(*module) <= area.height) else {
            let (height, needs) = (self.dpi.length(area.height), self.dpi.length(least_height(*finest)));
            return Err(LayoutError::TooFlat { symbology, height, needs });
        };
        let (from, to) = room(module);
        let width = modules.across * module;
        let area = Area { left: from + aligned(align, to - from - width), width, ..area };
        let symbol = Symbol { symbology, text: self.data.key.clone(), modules, area, module };
        Ok(drawn_symbol(number, symbol))
    }

    /// The widest module of a symbol on this label.
    fn widest(&self, most: Um) -> Um {
        self.scale.length(most).min(WIDEST_MODULE.max(most))
    }

    fn across(&self, area: Area, quiet: i32) -> (i32, i32) {
        clear((area.left, area.right()), (self.safe.left, self.safe.right()), self.spare, quiet)
    }

    fn down(&self, area: Area, quiet: i32) -> (i32, i32) {
        clear((area.top, area.bottom()), (self.safe.top, self.safe.bottom()), self.spare, quiet)
    }

    /// As large as there is room at the right and lower end of its box; `None`, with a note, where there is none.
    pub(super) fn matrix(&mut self, number: usize, (most, least): (Um, Um), area: Area) -> Option<Drawn> {
        let symbology = Symbology::DataMatrix;
        let modules = match code::encode(&self.data.key, symbology) {
            Ok(modules) => modules,
            Err(error) => {
                self.errors.push(LayoutError::NoSymbol(error));
                return None;
            }
        };
        let at = |module: i32| {
            let (side, quiet) = (modules.across * module, symbology.quiet() * module);
            let ((left, right), (top, bottom)) = (self.across(area, quiet), self.down(area, quiet));
            let fits = side <= (right - left).min(bottom - top);
            let area = Area { left: right - side, top: bottom - side, width: side, height: side };
            (fits && self.is_free(area.grown(quiet, quiet))).then_some((module, area))
        };
        let narrowest = self.dpi.dots_of_at_least(least).max(1);
        let widest = self.dpi.dots_within(self.widest(most));
        let Some((module, area)) = (narrowest..=widest).rev().find_map(at) else {
            self.notes.push(Note::NoRoomForMatrix);
            return None;
        };
        Some(drawn_symbol(number, Symbol { symbology, text: self.data.key.clone(), modules, area, module }))
    }

    /// Whether nothing that was drawn, with its quiet zone, reaches into this.
    fn is_free(&self, area: Area) -> bool {
        !self.drawn.iter().any(|drawn| area.meets(drawn.quiet.unwrap_or(drawn.ink)))
    }
}

fn drawn_symbol(field: usize, symbol: Symbol) -> Drawn {
    let (ink, quiet) = (symbol.area, Some(symbol.with_quiet_zone()));
    Drawn { field, items: vec![Item::Symbol(symbol)], ink, quiet }
}
