//! The page that shows how a printer prints a stock: a 100 mm rule, the edges of every label, bars of four widths.

use std::collections::BTreeSet;

use super::code::{Symbology, encode};
use super::font::Font;
use super::measure::{Area, Dpi, Size, Um};
use super::printer::Printer;
use super::scene::{Ink, Item, Line, Scene, Symbol};
use super::sheet::{Page, Placed, origin};
use super::stock::{Extent, Stock};
use super::text;

/// What the rule measures.
const RULE: Um = Um::new(100_000);
/// The smallest page that has room for the rule and the bars.
const LEAST: Extent = Extent(Um::new(120_000), Um::new(90_000));
/// What the bars and the matrix say: a test, no folder.
const TEST: &str = "TEST-0123456789";
/// The distance of the first mark from the page's edges.
const CLEAR: Um = Um::new(12_000);
/// About so wide are the modules that are shown: what the finest labels have, and what any scanner reads. In whole dots
/// of the printer, at least one.
const MODULES: [Um; 4] = [Um::new(170), Um::new(250), Um::new(340), Um::new(500)];

/// The page; `None` where it is too small, a label of a roll.
pub fn calibration(stock: &Stock, printer: Printer) -> Option<Page> {
    let Extent(width, height) = stock.page;
    if width < LEAST.0 || height < LEAST.1 {
        return None;
    }
    let dpi = printer.dpi;
    let mut sheet = Sheet { printer, items: Vec::new() };
    sheet.cells(stock);
    let top = sheet.mm(20);
    sheet.rule(top);
    sheet.words(
        sheet.mm(12),
        top + sheet.mm(14),
        10,
        "The rule is 100 mm long. If it is not: print at 100 %, without \u{ab}fit to page\u{bb}.",
    );
    let name = format!(
        "{} \u{2013} {} dpi \u{2013} moved {} right, {} down (dots)",
        stock.name,
        dpi.get(),
        printer.offset.0,
        printer.offset.1
    );
    sheet.words(sheet.mm(12), top + sheet.mm(19), 10, &name);
    sheet.words(
        sheet.mm(12),
        top + sheet.mm(24),
        10,
        "Lay it over a blank sheet against the light: the frames show where the labels are taken to be.",
    );
    let mut down = top + sheet.mm(30);
    for module in modules(dpi) {
        down = sheet.symbols(down, module);
    }
    let scene = Scene {
        dpi,
        width: dpi.dots(width),
        height: dpi.dots(height),
        items: sheet.items,
        notes: Vec::new(),
    };
    let (left, top) = printer.offset;
    Some(Page { extent: stock.page, dpi, placed: vec![Placed { left, top, scene }] })
}

/// The nearest whole dots to each width; widths that a coarse printer cannot tell apart are shown once.
fn modules(dpi: Dpi) -> impl Iterator<Item = i32> {
    let dots: BTreeSet<i32> = MODULES.iter().map(|module| dpi.dots(*module).max(1)).collect();
    dots.into_iter()
}

struct Sheet {
    printer: Printer,
    items: Vec<Item>,
}

impl Sheet {
    fn mm(&self, mm: i32) -> i32 {
        self.printer.dpi.dots(Um::new(mm * 1_000))
    }

    fn fill(&mut self, left: i32, top: i32, width: i32, height: i32) {
        self.items.push(Item::Fill(Area { left, top, width, height }, Ink::Black));
    }

    /// A thin frame around every label.
    fn cells(&mut self, stock: &Stock) {
        let dpi = self.printer.dpi;
        let thin = dpi.dots(Um::new(150)).max(1);
        let (width, height) = (dpi.dots(stock.label.0), dpi.dots(stock.label.1));
        for cell in 0..stock.cells() {
            let (left, top) = origin(stock, dpi, cell);
            self.fill(left, top, width, thin);
            self.fill(left, top + height - thin, width, thin);
            self.fill(left, top, thin, height);
            self.fill(left + width - thin, top, thin, height);
        }
    }

    /// On white, a mark every millimetre, longer at five and ten.
    fn rule(&mut self, top: i32) {
        let dpi = self.printer.dpi;
        let (left, thin) = (dpi.dots(CLEAR), dpi.dots(Um::new(200)).max(1));
        let long = dpi.dots(RULE);
        let paper = Area { left, top, width: long, height: self.mm(9) }.grown(self.mm(2), self.mm(1));
        self.items.push(Item::Fill(paper, Ink::White));
        for mm in 0..=100 {
            let height = match mm % 10 {
                0 => self.mm(8),
                5 => self.mm(6),
                _ => self.mm(4),
            };
            self.fill(left + self.mm(mm), top, thin, height);
        }
        self.fill(left, top, long + thin, thin);
    }

    fn words(&mut self, left: i32, baseline: i32, points: u16, says: &str) {
        let font = Font::Regular;
        let glyphs = text::glyphs(font, says).0;
        let size = Size::from_centipoints(points * 100);
        let width = self.printer.dpi.text_dots(text::units(&glyphs), font.units_an_em(), size);
        let paper = Area { left, top: baseline - self.mm(4), width, height: self.mm(5) };
        self.items.push(Item::Fill(paper.grown(self.mm(1), 0), Ink::White));
        self.items.push(Item::Text(Line { font, size, ink: Ink::Black, left, baseline, glyphs }));
    }

    /// Bars and a matrix with modules of so many dots; says where the next may begin.
    fn symbols(&mut self, top: i32, module: i32) -> i32 {
        let height = self.mm(15);
        let left = self.mm(16);
        let mut right = left;
        for symbology in [Symbology::Code128, Symbology::DataMatrix] {
            let Ok(modules) = encode(TEST, symbology) else { continue };
            let width = modules.across * module;
            let (left, height) = match symbology {
                Symbology::DataMatrix => (right + self.mm(8), width),
                Symbology::Code128 | Symbology::Gs1 | Symbology::Setting | Symbology::Code39 => {
                    (left, height)
                }
            };
            let area = Area { left, top, width, height };
            let symbol = Symbol { symbology, text: TEST.to_owned(), modules, area, module };
            self.items.push(Item::Fill(symbol.with_quiet_zone().grown(0, self.mm(1)), Ink::White));
            self.items.push(Item::Symbol(symbol));
            right = left + width;
        }
        let mm = f64::from(self.printer.dpi.length(module).get()) / 1e3;
        let says = format!("{module} {} = {mm:.2} mm", if module == 1 { "dot" } else { "dots" });
        self.words(self.mm(16), top + height + self.mm(5), 9, &says);
        top + height + self.mm(9)
    }
}
