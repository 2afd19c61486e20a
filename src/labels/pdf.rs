//! Pages as PDF. Coordinates are whole dots under one scaling, so that every bar's edge is on the printer's grid.

use std::collections::BTreeMap;

use printpdf::{
    Color, CurTransMat, FontId, Op, PaintMode, ParsedFont, PdfDocument, PdfFontHandle, PdfPage,
    PdfSaveOptions, PdfWarnMsg, Pt, Rect, Rgb, TextItem, TextMatrix,
};
use subsetter::GlyphRemapper;

use super::font::{Font, Glyph};
use super::measure::{Area, Um};
use super::scene::{Ink, Item, Line};
use super::sheet::Page;

/// Labels of one document: the writer holds the whole of it in memory, some 30 kB a label.
pub const MAX_LABELS: usize = 1_000;
/// Points in an inch.
const POINTS: f32 = 72.0;
/// What stands before the name of a face that was cut to the glyphs of its document (ISO 32000-1, 9.6.4).
const SUBSET_TAG: &str = "CASEAA";

/// Why there is no document.
#[derive(Debug, thiserror::Error)]
pub enum PdfError {
    /// A face could not be cut.
    #[error("cutting the font {0}: {1}")]
    Font(&'static str, String),
    /// The writer complained.
    #[error("writing the PDF: {0}")]
    Writer(String),
    /// More than one document holds.
    #[error("{0} labels in one PDF: {MAX_LABELS} are possible")]
    TooMany(usize),
}

/// A document of these pages.
pub fn pdf(title: &str, pages: &[Page]) -> Result<Vec<u8>, PdfError> {
    let labels = pages.iter().map(|page| page.placed.len()).sum();
    if labels > MAX_LABELS {
        return Err(PdfError::TooMany(labels));
    }
    let mut document = PdfDocument::new(title);
    let mut fonts = BTreeMap::new();
    for (font, glyphs) in used(pages) {
        fonts.insert(font, document.add_font(&cut(font, &glyphs)?));
    }
    document.with_pages(pages.iter().map(|page| drawn(page, &fonts)).collect());
    let options =
        PdfSaveOptions { subset_fonts: false, image_optimization: None, ..PdfSaveOptions::default() };
    let mut warnings: Vec<PdfWarnMsg> = Vec::new();
    let bytes = document.save(&options, &mut warnings);
    match warnings.first() {
        Some(warning) => Err(PdfError::Writer(warning.msg.clone())),
        None => Ok(bytes),
    }
}

/// The glyphs of each face that these pages need.
fn used(pages: &[Page]) -> BTreeMap<Font, BTreeMap<char, Glyph>> {
    let mut used: BTreeMap<Font, BTreeMap<char, Glyph>> = BTreeMap::new();
    for placed in pages.iter().flat_map(|page| &page.placed) {
        for item in &placed.scene.items {
            if let Item::Text(line) = item {
                used.entry(line.font)
                    .or_default()
                    .extend(line.glyphs.iter().map(|glyph| (glyph.sign, *glyph)));
            }
        }
    }
    used
}

/// The face with these glyphs alone. `printpdf` cuts no font without its layout engine, which we have no use for; so
/// the face is cut first, and told to it glyph by glyph.
fn cut(font: Font, glyphs: &BTreeMap<char, Glyph>) -> Result<ParsedFont, PdfError> {
    let failed = |error: String| PdfError::Font(font.name(), error);
    let mut remapper = GlyphRemapper::new();
    let mut codepoint_to_glyph = BTreeMap::new();
    let mut glyph_widths = BTreeMap::new();
    for (sign, glyph) in glyphs {
        let id = remapper.remap(glyph.id);
        codepoint_to_glyph.insert(u32::from(*sign), id);
        glyph_widths.insert(id, glyph.advance);
    }
    let bytes = subsetter::subset(font.bytes(), 0, &remapper).map_err(|error| failed(error.to_string()))?;
    let mut warnings = Vec::new();
    let whole = ParsedFont::from_bytes(font.bytes(), 0, &mut warnings)
        .ok_or_else(|| failed("it cannot be read".to_owned()))?;
    Ok(ParsedFont {
        original_bytes: bytes,
        font_name: Some(format!("{SUBSET_TAG}+{}", font.name())),
        codepoint_to_glyph,
        glyph_widths,
        ..whole
    })
}

fn drawn(page: &Page, fonts: &BTreeMap<Font, FontId>) -> PdfPage {
    let (width, height) = (points(page.extent.0), points(page.extent.1));
    let scale = POINTS / f32::from(page.dpi.get());
    // The origin moves to the upper left corner, a dot is the unit, and down is negative.
    let grid = CurTransMat::Raw([scale, 0.0, 0.0, scale, 0.0, height]);
    let mut pen = Pen { ops: vec![Op::SetTransformationMatrix { matrix: grid }], ink: None, fonts, page };
    for placed in &page.placed {
        for item in &placed.scene.items {
            match item {
                Item::Fill(area, ink) => pen.fill(area.moved(placed.left, placed.top), *ink),
                Item::Symbol(symbol) => {
                    for area in symbol.dark() {
                        pen.fill(area.moved(placed.left, placed.top), Ink::Black);
                    }
                }
                Item::Text(line) => pen.text(line, placed.left, placed.top),
            }
        }
    }
    let ops = pen.ops;
    let mut sheet = PdfPage::new(printpdf::Mm(0.0), printpdf::Mm(0.0), ops);
    for shape in [&mut sheet.media_box, &mut sheet.trim_box, &mut sheet.crop_box] {
        (shape.width, shape.height) = (Pt(width), Pt(height));
    }
    sheet
}

fn points(length: Um) -> f32 {
    dots(length.get()) * POINTS / 25_400.0
}

/// A whole number as the writer wants it; up to 16 million it is exact.
#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "no page has 16 million dots")]
const fn dots(whole: i32) -> f32 {
    whole as f32
}

struct Pen<'a> {
    ops: Vec<Op>,
    ink: Option<Ink>,
    fonts: &'a BTreeMap<Font, FontId>,
    page: &'a Page,
}

impl Pen<'_> {
    fn dip(&mut self, ink: Ink) {
        if self.ink.replace(ink) != Some(ink) {
            let [r, g, b] = ink.rgb().map(|part| f32::from(part) / 255.0);
            self.ops.push(Op::SetFillColor { col: Color::Rgb(Rgb { r, g, b, icc_profile: None }) });
        }
    }

    fn fill(&mut self, area: Area, ink: Ink) {
        self.dip(ink);
        let rectangle = Rect {
            x: Pt(dots(area.left)),
            y: Pt(dots(-area.bottom())),
            width: Pt(dots(area.width)),
            height: Pt(dots(area.height)),
            mode: Some(PaintMode::Fill),
            winding_order: None,
        };
        self.ops.push(Op::DrawRectangle { rectangle });
    }

    fn text(&mut self, line: &Line, left: i32, top: i32) {
        let Some(font) = self.fonts.get(&line.font) else { return };
        self.dip(line.ink);
        let (x, y) = (dots(left + line.left), dots(-(top + line.baseline)));
        let says = line.glyphs.iter().map(|glyph| glyph.sign).collect();
        let size = Pt(self.page.dpi.em(line.size));
        self.ops.extend([
            Op::StartTextSection,
            Op::SetFont { font: PdfFontHandle::External(font.clone()), size },
            Op::SetTextMatrix { matrix: TextMatrix::Translate(Pt(x), Pt(y)) },
            Op::ShowText { items: vec![TextItem::Text(says)] },
            Op::EndTextSection,
        ]);
    }
}
