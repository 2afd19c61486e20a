//! A label as SVG: what is printed, dot for dot, with letters as outlines.

use std::fmt::Write as _;

use ttf_parser::{GlyphId, OutlineBuilder};

use super::measure::Area;
use super::scene::{Ink, Item, Line, Scene};

/// The label as a document of its own, as wide and high as it is.
pub fn svg(scene: &Scene) -> String {
    let (width, height) = (scene.width, scene.height);
    let mm = |dots: i32| f64::from(scene.dpi.length(dots).get()) / 1e3;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" width=\"{}mm\" height=\"{}mm\">\
         <path fill=\"#fff\" d=\"M0 0h{width}v{height}H0z\"/>",
        mm(width),
        mm(height)
    );
    for item in &scene.items {
        match item {
            Item::Fill(area, ink) => path(&mut svg, *ink, CRISP, |d| rectangle(d, *area)),
            Item::Symbol(symbol) => path(&mut svg, Ink::Black, CRISP, |d| {
                for area in symbol.dark() {
                    rectangle(d, area);
                }
            }),
            Item::Text(line) => path(&mut svg, line.ink, "", |d| letters(d, scene, line)),
        }
    }
    svg.push_str("</svg>");
    svg
}

/// Bars and areas keep their edges at any size on a screen; letters are smoothed, or small ones could not be read.
const CRISP: &str = " shape-rendering=\"crispEdges\"";

fn path(svg: &mut String, ink: Ink, edges: &str, draw: impl FnOnce(&mut String)) {
    let [red, green, blue] = ink.rgb();
    // Writing to a string does not fail.
    let _ = write!(svg, "<path{edges} fill=\"#{red:02x}{green:02x}{blue:02x}\" d=\"");
    draw(svg);
    svg.push_str("\"/>");
}

fn rectangle(d: &mut String, area: Area) {
    let Area { left, top, width, height } = area;
    let _ = write!(d, "M{left} {top}h{width}v{height}h-{width}z");
}

/// Draws the outlines of a line's glyphs, in dots from the label's upper left corner.
pub fn outline(scene: &Scene, line: &Line, builder: &mut dyn OutlineBuilder) {
    let em = scene.dpi.em(line.size);
    let scale = em / f32::from(line.font.units_an_em());
    let mut at = Moved { builder, x: whole(line.left), y: whole(line.baseline), scale };
    for glyph in &line.glyphs {
        line.font.outlines().outline_glyph(GlyphId(glyph.id), &mut at);
        at.x += f32::from(glyph.advance) * scale;
    }
}

#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "no label has 16 million dots")]
const fn whole(dots: i32) -> f32 {
    dots as f32
}

struct Moved<'a> {
    builder: &'a mut dyn OutlineBuilder,
    x: f32,
    y: f32,
    scale: f32,
}

impl Moved<'_> {
    fn at(&self, x: f32, y: f32) -> (f32, f32) {
        (self.x + x * self.scale, self.y - y * self.scale)
    }
}

impl OutlineBuilder for Moved<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.builder.move_to(x, y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let (x, y) = self.at(x, y);
        self.builder.line_to(x, y);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let ((x1, y1), (x, y)) = (self.at(x1, y1), self.at(x, y));
        self.builder.quad_to(x1, y1, x, y);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let ((x1, y1), (x2, y2), (x, y)) = (self.at(x1, y1), self.at(x2, y2), self.at(x, y));
        self.builder.curve_to(x1, y1, x2, y2, x, y);
    }

    fn close(&mut self) {
        self.builder.close();
    }
}

fn letters(d: &mut String, scene: &Scene, line: &Line) {
    outline(scene, line, &mut Path(d));
}

/// Outlines as the path of an SVG, to a tenth of a dot.
struct Path<'a>(&'a mut String);

impl OutlineBuilder for Path<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        let _ = write!(self.0, "M{x:.1} {y:.1}");
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let _ = write!(self.0, "L{x:.1} {y:.1}");
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let _ = write!(self.0, "Q{x1:.1} {y1:.1} {x:.1} {y:.1}");
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        let _ = write!(self.0, "C{x1:.1} {y1:.1} {x2:.1} {y2:.1} {x:.1} {y:.1}");
    }

    fn close(&mut self) {
        self.0.push('z');
    }
}
