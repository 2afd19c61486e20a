//! A label as dots: what a printer's head burns, and what a picture of it shows.

use ab_glyph_rasterizer::{Point, Rasterizer, point};
use ttf_parser::OutlineBuilder;

use super::measure::Area;
use super::scene::{Ink, Item, Line, Scene};
use super::svg::outline;

/// The part of a dot that a letter must cover for the dot to be inked.
const COVERED: f32 = 0.5;
/// How far glyphs reach from the line that they stand on, in hundredths of their size: further than any of our faces.
const REACH_PERCENT: i64 = 160;
/// The palette of a picture: paper, black, the ten colours.
const PALETTE: usize = 12;

/// Dots, row by row: 0 is the paper, 1 black, from 2 on the colours of the digits.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Bitmap {
    /// Dots across.
    pub width: usize,
    /// Dots down.
    pub height: usize,
    dots: Vec<u8>,
}

/// Which items are drawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Which {
    /// All.
    All,
    /// All but the symbols: a printer that draws those itself.
    WithoutSymbols,
}

/// Draws a label.
pub fn raster(scene: &Scene, which: Which) -> Bitmap {
    let size = |dots: i32| usize::try_from(dots).unwrap_or(0);
    let mut bitmap = Bitmap::new(size(scene.width), size(scene.height));
    for item in &scene.items {
        match item {
            Item::Fill(area, ink) => bitmap.fill(*area, *ink),
            Item::Text(line) => bitmap.text(scene, line),
            Item::Symbol(symbol) => {
                if which == Which::All {
                    symbol.dark().for_each(|area| bitmap.fill(area, Ink::Black));
                }
            }
        }
    }
    bitmap
}

const fn number(ink: Ink) -> u8 {
    match ink {
        Ink::White => 0,
        Ink::Black => 1,
        Ink::Digit(digit) => 2 + digit % 10,
    }
}

impl Bitmap {
    fn new(width: usize, height: usize) -> Self {
        Self { width, height, dots: vec![0; width * height] }
    }

    /// The rows, from the top.
    pub fn rows(&self) -> impl Iterator<Item = &[u8]> {
        self.dots.chunks(self.width.max(1))
    }

    fn fill(&mut self, area: Area, ink: Ink) {
        let within = |dots: i32, most: usize| usize::try_from(dots).unwrap_or(0).min(most);
        let (left, right) = (within(area.left, self.width), within(area.right(), self.width));
        for row in within(area.top, self.height)..within(area.bottom(), self.height) {
            if let Some(dots) = self.dots.get_mut(row * self.width + left..row * self.width + right) {
                dots.fill(number(ink));
            }
        }
    }

    /// Only the rows that the line can reach are looked at: a page has many lines.
    fn text(&mut self, scene: &Scene, line: &Line) {
        let reach = scene.dpi.text_dots(REACH_PERCENT, 100, line.size);
        let row = |dots: i32| usize::try_from(dots).unwrap_or(0).min(self.height);
        let (top, bottom) = (row(line.baseline - reach), row(line.baseline + reach));
        let mut pen = Pen {
            rasterizer: Rasterizer::new(self.width, bottom - top),
            first: point(0.0, 0.0),
            last: point(0.0, 0.0),
        };
        outline(
            scene,
            &Line { baseline: line.baseline - i32::try_from(top).unwrap_or(0), ..line.clone() },
            &mut pen,
        );
        let Some(dots) = self.dots.get_mut(top * self.width..) else { return };
        pen.rasterizer.for_each_pixel(|at, covered| {
            if covered >= COVERED
                && let Some(dot) = dots.get_mut(at)
            {
                *dot = number(line.ink);
            }
        });
    }

    /// One bit a dot, black is 1, each row filled up to whole bytes: what thermal printers take.
    pub fn bits(&self) -> Vec<u8> {
        let byte = |dots: &[u8]| {
            (0..8).zip(dots).fold(0_u8, |byte, (at, dot)| if *dot == 0 { byte } else { byte | (0x80 >> at) })
        };
        self.rows().flat_map(|row| row.chunks(8).map(byte).collect::<Vec<_>>()).collect()
    }

    /// The picture as PNG, with its dots to the metre.
    pub fn png(&self, dpi: super::measure::Dpi) -> Result<Vec<u8>, png::EncodingError> {
        let mut file = Vec::new();
        let side = |dots: usize| u32::try_from(dots).unwrap_or(u32::MAX);
        let mut encoder = png::Encoder::new(&mut file, side(self.width), side(self.height));
        encoder.set_color(png::ColorType::Indexed);
        encoder.set_depth(png::BitDepth::Eight);
        let per_metre = u32::from(dpi.get()) * 10_000 / 254;
        let dims = png::PixelDimensions { xppu: per_metre, yppu: per_metre, unit: png::Unit::Meter };
        encoder.set_pixel_dims(Some(dims));
        let inks = [Ink::White, Ink::Black].into_iter().chain((0..10).map(Ink::Digit));
        encoder.set_palette(inks.take(PALETTE).flat_map(Ink::rgb).collect::<Vec<u8>>());
        let mut writer = encoder.write_header()?;
        writer.write_image_data(&self.dots)?;
        writer.finish()?;
        Ok(file)
    }
}

/// Outlines into coverage.
struct Pen {
    rasterizer: Rasterizer,
    first: Point,
    last: Point,
}

impl OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.first = point(x, y);
        self.last = self.first;
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let to = point(x, y);
        self.rasterizer.draw_line(self.last, to);
        self.last = to;
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let to = point(x, y);
        self.rasterizer.draw_quad(self.last, point(x1, y1), to);
        self.last = to;
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let to = point(x, y);
        self.rasterizer.draw_cubic(self.last, point(x1, y1), point(x2, y2), to);
        self.last = to;
    }

    fn close(&mut self) {
        self.rasterizer.draw_line(self.last, self.first);
        self.last = self.first;
    }
}
