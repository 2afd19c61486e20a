//! Lengths: micrometres on paper, whole dots on a printer.

use std::fmt;

use serde::{Deserialize, Deserializer};

/// Micrometres in an inch.
const UM_AN_INCH: i64 = 25_400;
/// Points in an inch, and hundredths of a point in one.
const POINTS_AN_INCH: i64 = 72;
const CENTIPOINTS_AN_INCH: i64 = POINTS_AN_INCH * 100;
/// The longest length that a file may give: two metres.
const MAX_UM: f64 = 2_000_000.0;

/// A length on paper in micrometres, 0 to two metres. Files give millimetres.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Um(i32);

impl Um {
    /// So many micrometres.
    pub const fn new(um: i32) -> Self {
        Self(um)
    }

    /// The number.
    pub const fn get(self) -> i32 {
        self.0
    }

    /// From millimetres; `None` for what is negative, no number, or longer than two metres.
    pub fn from_mm(mm: f64) -> Option<Self> {
        let um = (mm * 1e3).round();
        #[expect(
            clippy::as_conversions,
            clippy::cast_possible_truncation,
            reason = "within the range just held"
        )]
        (0.0..=MAX_UM).contains(&um).then_some(Self(um as i32))
    }
}

impl fmt::Display for Um {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} mm", f64::from(self.0) / 1e3)
    }
}

impl<'de> Deserialize<'de> for Um {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mm = f64::deserialize(deserializer)?;
        Self::from_mm(mm)
            .ok_or_else(|| serde::de::Error::custom(format!("{mm} mm: 0 to 2000 millimetres are needed")))
    }
}

/// Dots to the inch of a printer.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Dpi(u16);

/// Coarser than any label printer, and finer than any office printer needs.
const DPI: std::ops::RangeInclusive<u16> = 150..=1_200;

impl Dpi {
    /// An 8 dots/mm thermal printer.
    pub const THERMAL_8: Self = Self(203);
    /// A 12 dots/mm thermal printer.
    pub const THERMAL_12: Self = Self(300);
    /// An office laser printer.
    pub const OFFICE: Self = Self(600);

    /// `None` outside 150 to 1200.
    pub fn new(dpi: u16) -> Option<Self> {
        DPI.contains(&dpi).then_some(Self(dpi))
    }

    /// The number.
    pub const fn get(self) -> u16 {
        self.0
    }

    /// The nearest whole number of dots.
    pub fn dots(self, length: Um) -> i32 {
        let scaled = i64::from(length.0) * i64::from(self.0);
        i32::try_from((scaled + UM_AN_INCH / 2).div_euclid(UM_AN_INCH)).unwrap_or(i32::MAX)
    }

    /// The most whole dots that are no longer than this.
    pub fn dots_within(self, length: Um) -> i32 {
        let scaled = i64::from(length.0) * i64::from(self.0);
        i32::try_from(scaled.div_euclid(UM_AN_INCH)).unwrap_or(i32::MAX)
    }

    /// The fewest whole dots that are no shorter than this.
    pub fn dots_of_at_least(self, length: Um) -> i32 {
        let scaled = i64::from(length.0) * i64::from(self.0);
        i32::try_from((scaled + UM_AN_INCH - 1).div_euclid(UM_AN_INCH)).unwrap_or(i32::MAX)
    }

    /// How long so many dots are.
    pub fn length(self, dots: i32) -> Um {
        let um = i64::from(dots) * UM_AN_INCH / i64::from(self.0);
        Um(i32::try_from(um).unwrap_or(i32::MAX))
    }

    /// Dots, rounded up, of `units` of a font with `units_an_em`, set at `size`.
    pub fn text_dots(self, units: i64, units_an_em: u16, size: Size) -> i32 {
        let whole = i64::from(units_an_em) * CENTIPOINTS_AN_INCH;
        let scaled = units * i64::from(size.0) * i64::from(self.0);
        i32::try_from((scaled + whole - 1).div_euclid(whole)).unwrap_or(i32::MAX)
    }

    /// An em in dots, with its fraction.
    pub fn em(self, size: Size) -> f32 {
        f32::from(size.0) * f32::from(self.0) / 7_200.0
    }
}

impl<'de> Deserialize<'de> for Dpi {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let dpi = u16::deserialize(deserializer)?;
        Self::new(dpi).ok_or_else(|| {
            serde::de::Error::custom(format!(
                "{dpi} dots to the inch: 150 to 1200 are needed (203, 300, 600)"
            ))
        })
    }
}

/// The size of text in hundredths of a point, 1 to 400 points.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Size(u16);

impl Size {
    /// From hundredths of a point.
    pub const fn from_centipoints(size: u16) -> Self {
        Self(size)
    }

    /// From points; `None` outside 1 to 400.
    pub fn from_points(points: f64) -> Option<Self> {
        let size = (points * 100.0).round();
        #[expect(
            clippy::as_conversions,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "within the range just held"
        )]
        (100.0..=40_000.0).contains(&size).then_some(Self(size as u16))
    }

    /// Hundredths of a point.
    pub const fn centipoints(self) -> u16 {
        self.0
    }

    /// So many hundredths of this size.
    #[must_use]
    pub fn percent(self, percent: u16) -> Self {
        let scaled = u32::from(self.0) * u32::from(percent) / 100;
        Self(u16::try_from(scaled).unwrap_or(u16::MAX))
    }
}

impl<'de> Deserialize<'de> for Size {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let points = f64::deserialize(deserializer)?;
        Self::from_points(points)
            .ok_or_else(|| serde::de::Error::custom(format!("{points} pt: 1 to 400 points are needed")))
    }
}

/// A rectangle in dots, from the top left.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Area {
    /// Of its left edge.
    pub left: i32,
    /// Of its upper edge.
    pub top: i32,
    /// Across.
    pub width: i32,
    /// Down.
    pub height: i32,
}

impl Area {
    /// The dot after its right edge.
    pub const fn right(self) -> i32 {
        self.left + self.width
    }

    /// The dot after its lower edge.
    pub const fn bottom(self) -> i32 {
        self.top + self.height
    }

    /// Whether they share a dot.
    pub const fn meets(self, other: Self) -> bool {
        self.left < other.right()
            && other.left < self.right()
            && self.top < other.bottom()
            && other.top < self.bottom()
    }

    /// Whether `other` lies in it.
    pub const fn holds(self, other: Self) -> bool {
        self.left <= other.left
            && self.top <= other.top
            && other.right() <= self.right()
            && other.bottom() <= self.bottom()
    }

    /// So many dots larger to the left and right, and up and down.
    #[must_use]
    pub const fn grown(self, across: i32, down: i32) -> Self {
        Self {
            left: self.left - across,
            top: self.top - down,
            width: self.width + 2 * across,
            height: self.height + 2 * down,
        }
    }

    /// Moved.
    #[must_use]
    pub const fn moved(self, right: i32, down: i32) -> Self {
        Self { left: self.left + right, top: self.top + down, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_become_whole_dots() {
        let um = |mm| Um::from_mm(mm).unwrap();
        assert_eq!(Dpi::THERMAL_8.dots(um(25.4)), 203);
        assert_eq!(Dpi::THERMAL_8.dots_within(um(0.375)), 2);
        assert_eq!(Dpi::THERMAL_8.dots_of_at_least(um(0.25)), 2);
        assert_eq!(Dpi::OFFICE.length(600), um(25.4));
        assert_eq!(Um::from_mm(-1.0), None);
        assert_eq!(Um::from_mm(f64::NAN), None);
    }

    #[test]
    fn text_is_as_wide_as_its_units_say() {
        let ten_points = Size::from_points(10.0).unwrap();
        // An em of ten points at 72 dots to the inch would be ten dots; at 600 it is 83 and a third.
        assert_eq!(Dpi::OFFICE.text_dots(1_000, 1_000, ten_points), 84);
    }
}
