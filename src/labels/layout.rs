//! From what a label says to what is drawn where, in whole dots of one printer: a scene, or all that is wrong.
//!
//! Everything is decided here; what draws a scene decides nothing.

use super::code::{self, NoSymbol, Symbology};
use super::data::{Kind, LabelData};
use super::font::Font;
use super::measure::{Area, Dpi, Um};
use super::printer::{Colours, Printer};
use super::scene::{Ink, Item, Line, Note, Scene, Symbol};
use super::stock::{Extent, Stock};
use super::template::{Align, Anchor, Anchors, Field, Look, Scale, Shown, Style, Template};
use super::text::{self, Fitted, Room};

/// A linear symbol is at least so high, and at least so many hundredths of its length (facts of the trade for hand-held
/// scanning; ISO/IEC 15417 annex E gives both).
const LEAST_HEIGHT: Um = Um::new(5_000);
const LEAST_HEIGHT_PERCENT: i32 = 15;
/// A quiet zone may lie in the margin, but so far from the label's edge: labels are cut and fed so exactly.
const EDGE: Um = Um::new(500);
/// No module needs to be wider than this on a label that is larger than its template asks for.
const WIDEST_MODULE: Um = Um::new(510);
/// Between two colour blocks, in hundredths of a block.
const BLOCK_GAP_PERCENT: i32 = 8;
/// A digit on its block takes so many hundredths of its height.
const BLOCK_DIGIT_PERCENT: i64 = 78;

/// What is wrong with a label.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LayoutError {
    /// The template is for something else.
    #[error("template {template} is not for a {kind:?} label")]
    WrongKind {
        /// Its name.
        template: String,
        /// What the label is.
        kind: Kind,
    },
    /// The label is too small.
    #[error(
        "template {template} needs {} by {} within the margin, this label has {} by {}: choose a larger one",
        .needs.0, .needs.1, .has.0, .has.1
    )]
    TooSmall {
        /// Its name.
        template: String,
        /// What it needs.
        needs: Extent,
        /// What there is.
        has: Extent,
    },
    /// A box has no room at all on this label.
    #[error("field {0}: nothing is left of its box on this label")]
    NoBox(usize),
    /// There is no such symbol.
    #[error("{0}")]
    NoSymbol(#[from] NoSymbol),
    /// It does not fit.
    #[error(
        "the {symbology} of the key needs {needs} with its quiet zones, there are {room}: choose a wider label"
    )]
    SymbolTooWide {
        /// Which.
        symbology: Symbology,
        /// With the narrowest module that the printer makes.
        needs: Um,
        /// The box.
        room: Um,
    },
    /// It is too low to be swept by hand.
    #[error("the {symbology} is {height} high and needs {needs}: choose a higher label")]
    TooFlat {
        /// Which.
        symbology: Symbology,
        /// Its height.
        height: Um,
        /// The least.
        needs: Um,
    },
    /// Something stands in a quiet zone.
    #[error("field {by} stands in the quiet zone of field {symbol}")]
    QuietZone {
        /// The field of the symbol.
        symbol: usize,
        /// The other one.
        by: usize,
    },
    /// It reaches into the margin.
    #[error("field {0} reaches into the margin of the label")]
    Margin(usize),
    /// Text would be cut.
    #[error("field {field}: {says:?} would be cut")]
    Cut {
        /// The field.
        field: usize,
        /// What it says.
        says: String,
    },
    /// The key has a character that cannot be set.
    #[error("the key has a character that cannot be printed: {0:?}")]
    KeySign(char),
}

/// What a field has drawn.
struct Drawn {
    field: usize,
    items: Vec<Item>,
    /// What must stay clear of others.
    ink: Area,
    /// With the quiet zone, for a symbol.
    quiet: Option<Area>,
}

/// Lays a label out.
pub fn layout(
    stock: &Stock,
    template: &Template,
    printer: Printer,
    data: &LabelData,
) -> Result<Scene, Vec<LayoutError>> {
    let dpi = printer.dpi;
    let (width, height) = (dpi.dots(stock.label.0), dpi.dots(stock.label.1));
    suits(stock, template, data).map_err(|error| vec![error])?;
    let margin = dpi.dots_of_at_least(stock.margin);
    let safe = Area { left: 0, top: 0, width, height }.grown(-margin, -margin);
    let scale = template.scale(stock);
    let mut page = Page {
        dpi,
        colours: printer.colours,
        scale,
        safe,
        spare: (margin - dpi.dots_of_at_least(EDGE)).max(0),
        data,
        drawn: Vec::new(),
        notes: Vec::new(),
        errors: Vec::new(),
    };
    // The Data Matrix gives way to everything else, so it comes last.
    let is_matrix = |field: &Field| matches!(field, Field::Matrix { .. });
    let fields = || (1..).zip(&template.fields);
    let rest = fields().filter(|(_, (_, field))| !is_matrix(field));
    for (number, (anchors, field)) in rest.chain(fields().filter(|(_, (_, field))| is_matrix(field))) {
        match boxed(anchors, dpi, safe, scale) {
            Some(area) => page.draw(number, *field, area),
            None => page.errors.push(LayoutError::NoBox(number)),
        }
    }
    page.check();
    page.notes.sort();
    page.notes.dedup();
    if page.errors.is_empty() {
        let items = page.drawn.into_iter().flat_map(|drawn| drawn.items).collect();
        Ok(Scene { dpi, width, height, items, notes: page.notes })
    } else {
        Err(page.errors)
    }
}

fn suits(stock: &Stock, template: &Template, data: &LabelData) -> Result<(), LayoutError> {
    if !template.kinds.contains(&data.kind) {
        return Err(LayoutError::WrongKind { template: template.code.clone(), kind: data.kind });
    }
    if !template.fits(stock) {
        let (needs, has) = (template.least, stock.printable());
        return Err(LayoutError::TooSmall { template: template.code.clone(), needs, has });
    }
    Ok(())
}

/// The box of a field in the printable part of a label.
fn boxed(anchors: &Anchors, dpi: Dpi, safe: Area, scale: Scale) -> Option<Area> {
    let (left, across) = placed(anchors.across, dpi, safe.width, scale);
    let (top, down) = placed(anchors.down, dpi, safe.height, scale);
    let area = Area { left: safe.left + left, top: safe.top + top, width: across, height: down };
    (across > 0 && down > 0).then_some(area)
}

fn placed(anchor: Anchor, dpi: Dpi, whole: i32, scale: Scale) -> (i32, i32) {
    let dots = |length: Um| dpi.dots(scale.length(length));
    match anchor {
        Anchor::Begin(begin, long) => (dots(begin), dots(long)),
        Anchor::End(end, long) => (whole - dots(end) - dots(long), dots(long)),
        Anchor::Between(begin, end) => (dots(begin), whole - dots(begin) - dots(end)),
    }
}

/// Where the dark part of a symbol may begin and end in one direction: its quiet zone stays in the box, and where the box
/// reaches the edge of the printable part, it may lie `spare` dots into the margin.
fn clear((begin, end): (i32, i32), safe: (i32, i32), spare: i32, quiet: i32) -> (i32, i32) {
    let needed = |is_at_edge: bool| if is_at_edge { (quiet - spare).max(0) } else { quiet };
    (begin + needed(begin <= safe.0), end - needed(end >= safe.1))
}

/// A label while it is laid out.
struct Page<'a> {
    dpi: Dpi,
    colours: Colours,
    /// How much larger than in its file everything is.
    scale: Scale,
    /// The label less its margin.
    safe: Area,
    /// How far a quiet zone may reach into the margin.
    spare: i32,
    data: &'a LabelData,
    drawn: Vec<Drawn>,
    notes: Vec<Note>,
    errors: Vec<LayoutError>,
}

impl Page<'_> {
    fn draw(&mut self, number: usize, field: Field, area: Area) {
        let drawn = match field {
            Field::Text(Shown::Key, style) => self.key(number, &style, area).map(Some),
            Field::Text(Shown::Name, style) => self.name(number, &style, area),
            Field::Text(Shown::Text(text), style) => match self.data.texts.get(&text) {
                Some(says) => self.text(number, says, &style, area).map(Some),
                None => Ok(None),
            },
            Field::Bars { symbology, most, least, align } => {
                self.bars(number, symbology, (most, least), align, area).map(Some)
            }
            Field::Matrix { most, least } => Ok(self.matrix(number, (most, least), area)),
            Field::Blocks { count } => Ok(self.blocks(number, count, area)),
        };
        match drawn {
            Ok(drawn) => self.drawn.extend(drawn),
            Err(error) => self.errors.push(error),
        }
    }

    fn room(&self, style: &Style, area: Area) -> Room {
        Room {
            font: style.font,
            size: self.scale.size(style.size),
            least: style.least,
            lines: style.lines,
            width: area.width,
            height: area.height,
            dpi: self.dpi,
        }
    }

    /// The key in letters: whole, at its size, or not at all.
    fn key(&self, number: usize, style: &Style, area: Area) -> Result<Drawn, LayoutError> {
        let (set, lacking) = text::glyphs(style.font, &self.data.key);
        if let Some(sign) = lacking.first() {
            return Err(LayoutError::KeySign(*sign));
        }
        let room = self.room(style, area);
        let fitted = text::fit_whole(&set, &room)
            .ok_or_else(|| LayoutError::Cut { field: number, says: self.data.key.clone() })?;
        Ok(lines(number, &fitted, style, &room, area))
    }

    fn name(&mut self, number: usize, style: &Style, area: Area) -> Result<Option<Drawn>, LayoutError> {
        let Some(name) = &self.data.name else { return Ok(None) };
        let room = self.room(style, area);
        let fitted = text::fit_name(name, &room)
            .ok_or_else(|| LayoutError::Cut { field: number, says: name.surname.clone() })?;
        let lacking = lacking(style.font, &[&name.surname, &name.given]);
        self.notes.extend((!lacking.is_empty()).then_some(Note::Lacking(lacking)));
        self.notes.extend(fitted.is_shortened.then_some(Note::NameShortened));
        self.notes.extend(fitted.is_broken.then_some(Note::NameBroken));
        Ok(Some(lines(number, &fitted, style, &room, area)))
    }

    fn text(&mut self, number: usize, says: &str, style: &Style, area: Area) -> Result<Drawn, LayoutError> {
        let room = self.room(style, area);
        let says = text::cleaned(says);
        let (set, lacking) = text::glyphs(style.font, &says);
        self.notes.extend((!lacking.is_empty()).then_some(Note::Lacking(lacking)));
        let fitted = text::fit(&set, &room).ok_or(LayoutError::Cut { field: number, says })?;
        Ok(lines(number, &fitted, style, &room, area))
    }

    fn bars(
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
    fn matrix(&mut self, number: usize, (most, least): (Um, Um), area: Area) -> Option<Drawn> {
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

    /// The last digits, the last one at the end of the box; across or down, as the box lies.
    fn blocks(&self, number: usize, count: usize, area: Area) -> Option<Drawn> {
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
        let size = super::measure::Size::from_centipoints(u16::try_from(size).unwrap_or(u16::MAX));
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

    fn check(&mut self) {
        for drawn in &self.drawn {
            if !self.safe.holds(drawn.ink) {
                self.errors.push(LayoutError::Margin(drawn.field));
            }
            let Some(quiet) = drawn.quiet else { continue };
            let others = self.drawn.iter().filter(|other| other.field != drawn.field);
            for other in others.filter(|other| quiet.meets(other.ink)) {
                self.errors.push(LayoutError::QuietZone { symbol: drawn.field, by: other.field });
            }
        }
    }
}

fn lacking(font: Font, texts: &[&String]) -> Vec<char> {
    texts.iter().flat_map(|says| text::glyphs(font, &text::cleaned(says)).1).collect()
}

fn drawn_symbol(field: usize, symbol: Symbol) -> Drawn {
    let (ink, quiet) = (symbol.area, Some(symbol.with_quiet_zone()));
    Drawn { field, items: vec![Item::Symbol(symbol)], ink, quiet }
}

const fn aligned(align: Align, spare: i32) -> i32 {
    match align {
        Align::Left => 0,
        Align::Centre => spare / 2,
        Align::Right => spare,
    }
}

/// Lines in their box: in the middle of its height, and on a band where that is wanted.
fn lines(field: usize, fitted: &Fitted, style: &Style, room: &Room, area: Area) -> Drawn {
    let step = room.line(fitted.size);
    let count = i32::try_from(fitted.lines.len()).unwrap_or(i32::MAX);
    let top = area.top + (area.height - count * step) / 2;
    let ink = match style.look {
        Look::Plain => Ink::Black,
        Look::Band => Ink::White,
    };
    let mut items = Vec::new();
    let mut widest = 0;
    for (at, glyphs) in (0..).zip(&fitted.lines) {
        let wide = room.dpi.text_dots(text::units(glyphs), style.font.units_an_em(), fitted.size);
        widest = widest.max(wide);
        items.push(Item::Text(Line {
            font: style.font,
            size: fitted.size,
            ink,
            left: area.left + aligned(style.align, area.width - wide),
            baseline: top + at * step + room.above(fitted.size),
            glyphs: glyphs.clone(),
        }));
    }
    match style.look {
        Look::Plain => {
            let left = area.left + aligned(style.align, area.width - widest);
            let ink = Area { left, top, width: widest, height: count * step };
            Drawn { field, items, ink, quiet: None }
        }
        Look::Band => {
            items.insert(0, Item::Fill(area, Ink::Black));
            Drawn { field, items, ink: area, quiet: None }
        }
    }
}
