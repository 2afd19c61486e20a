//! From what a label says to what is drawn where, in whole dots of one printer: a scene, or all that is wrong.
//!
//! Everything is decided here; what draws a scene decides nothing.

mod blocks;
mod boxes;
mod error;
mod symbols;

use super::data::LabelData;
use super::font::Font;
use super::measure::{Area, Dpi, Um};
use super::printer::{Colours, Printer};
use super::scene::{Ink, Item, Line, Note, Scene};
use super::stock::Stock;
use super::template::{Field, Look, Scale, Shown, Style, Template};
use super::text::{self, Fitted, Room};
use boxes::{aligned, boxed};
pub use error::LayoutError;

/// A quiet zone may lie in the margin, but so far from the label's edge: labels are cut and fed so exactly.
const EDGE: Um = Um::new(500);
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
