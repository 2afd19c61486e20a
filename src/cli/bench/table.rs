//! The table: each line a floor, the product beside it, their ratio, the goal, and whether it is met.

use std::borrow::Cow;
use std::fmt::Write;

use serde::Serialize;

/// What the ratio of product to floor, or the product alone, has to be.
#[derive(Clone, Copy, PartialEq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Goal {
    /// The ratio is at most this.
    RatioAtMost(f64),
    /// The ratio is at least this.
    RatioAtLeast(f64),
    /// The product's figure is at most this.
    AtMost(f64),
    /// The product's figure is at least this.
    AtLeast(f64),
    /// There is no goal: the figure is stated.
    Stated,
}

/// The unit of a line's figures.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub enum Unit {
    /// Microseconds.
    #[serde(rename = "us")]
    Micros,
    /// Milliseconds.
    #[serde(rename = "ms")]
    Millis,
    /// Operations a second.
    #[serde(rename = "/s")]
    PerSecond,
    /// Bytes.
    #[serde(rename = "B")]
    Bytes,
    /// Millions of bytes.
    #[serde(rename = "MB")]
    Megabytes,
    /// Millions of bytes a second.
    #[serde(rename = "MB/s")]
    MegabytesPerSecond,
    /// Hundredths.
    #[serde(rename = "%")]
    Percent,
    /// A number of things.
    #[serde(rename = "")]
    Count,
}

impl Unit {
    const fn word(self) -> &'static str {
        match self {
            Self::Micros => "us",
            Self::Millis => "ms",
            Self::PerSecond => "/s",
            Self::Bytes => "B",
            Self::Megabytes => "MB",
            Self::MegabytesPerSecond => "MB/s",
            Self::Percent => "%",
            Self::Count => "",
        }
    }
}

/// One line.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    /// What is measured; `src/docs/performance.md` says how.
    pub what: Cow<'static, str>,
    /// The unit of both figures.
    pub unit: Unit,
    /// What this machine can do.
    pub floor: Option<f64>,
    /// What the product does.
    pub product: f64,
    /// The product by the floor.
    pub ratio: Option<f64>,
    /// What it should be.
    pub goal: Goal,
    /// Whether it is.
    pub met: Option<bool>,
}

impl Line {
    /// A line whose ratio counts.
    pub fn ratio(
        what: impl Into<Cow<'static, str>>,
        unit: Unit,
        floor: f64,
        product: f64,
        goal: Goal,
    ) -> Self {
        let ratio = if floor > 0.0 { product / floor } else { f64::NAN };
        let met = match goal {
            Goal::RatioAtMost(most) => Some(ratio <= most),
            Goal::RatioAtLeast(least) => Some(ratio >= least),
            Goal::AtMost(most) => Some(product <= most),
            Goal::AtLeast(least) => Some(product >= least),
            Goal::Stated => None,
        };
        Self { what: what.into(), unit, floor: Some(floor), product, ratio: Some(ratio), goal, met }
    }

    /// A line whose figure counts.
    pub fn alone(what: impl Into<Cow<'static, str>>, unit: Unit, product: f64, goal: Goal) -> Self {
        let met = match goal {
            Goal::AtMost(most) => Some(product <= most),
            Goal::AtLeast(least) => Some(product >= least),
            Goal::RatioAtMost(_) | Goal::RatioAtLeast(_) | Goal::Stated => None,
        };
        Self { what: what.into(), unit, floor: None, product, ratio: None, goal, met }
    }
}

/// The lines as a table of Markdown.
pub fn markdown(lines: &[Line]) -> String {
    let mut text = String::from(
        "| what | floor | product | ratio | goal | met |\n| --- | --- | --- | --- | --- | --- |\n",
    );
    for line in lines {
        let unit = line.unit.word();
        let figure = |value: f64| format!("{} {unit}", number(value)).trim_end().to_owned();
        let floor = line.floor.map(figure).unwrap_or_default();
        let ratio = line.ratio.map(of_floor).unwrap_or_default();
        let met = match line.met {
            Some(true) => "yes",
            Some(false) => "**no**",
            None => "",
        };
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "| {} | {floor} | {} | {ratio} | {} | {met} |",
            line.what,
            figure(line.product),
            goal(line.goal, unit)
        );
    }
    text
}

/// A ratio: two decimals, four where those would say nothing.
fn of_floor(ratio: f64) -> String {
    if ratio < 0.1 { format!("{ratio:.4}") } else { format!("{ratio:.2}") }
}

fn goal(goal: Goal, unit: &str) -> String {
    let text = match goal {
        Goal::RatioAtMost(most) => format!("≤ {most} ×"),
        Goal::RatioAtLeast(least) => format!("≥ {least} ×"),
        Goal::AtMost(most) => format!("≤ {} {unit}", number(most)),
        Goal::AtLeast(least) => format!("≥ {} {unit}", number(least)),
        Goal::Stated => String::new(),
    };
    text.trim_end().to_owned()
}

/// Whole numbers from a hundred on, else one decimal, below one two; with commas between thousands.
fn number(value: f64) -> String {
    if value.abs() < 1.0 {
        let text = format!("{value:.2}");
        return text.strip_suffix(".00").map(str::to_owned).unwrap_or(text);
    }
    if value.abs() < 100.0 {
        let text = format!("{value:.1}");
        return text.strip_suffix(".0").map(str::to_owned).unwrap_or(text);
    }
    let digits = format!("{value:.0}");
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) && digit.is_ascii_digit() {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A count as a figure; exact below 2⁵³.
#[expect(clippy::as_conversions, clippy::cast_precision_loss, reason = "figures are far below 2^53")]
pub const fn real(count: u64) -> f64 {
    count as f64
}

/// A time in microseconds as a figure.
pub fn micros(time_us: i64) -> f64 {
    real(u64::try_from(time_us).unwrap_or(0))
}

/// How many a second.
pub fn per_second(count: u64, took_us: i64) -> f64 {
    if took_us <= 0 { 0.0 } else { real(count) * 1e6 / micros(took_us) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_whether_its_goal_is_met() {
        let lines = [
            Line::ratio("scan", Unit::Micros, 1_000.0, 1_400.0, Goal::RatioAtMost(1.5)),
            Line::ratio("rate", Unit::PerSecond, 10_000.0, 6_000.0, Goal::RatioAtLeast(0.7)),
            Line::alone("memory", Unit::Megabytes, 15.25, Goal::AtMost(150.0)),
            Line::alone("log", Unit::Bytes, 1_234_567.0, Goal::Stated),
        ];
        insta::assert_snapshot!(markdown(&lines), @"
        | what | floor | product | ratio | goal | met |
        | --- | --- | --- | --- | --- | --- |
        | scan | 1,000 us | 1,400 us | 1.40 | ≤ 1.5 × | yes |
        | rate | 10,000 /s | 6,000 /s | 0.60 | ≥ 0.7 × | **no** |
        | memory |  | 15.2 MB |  | ≤ 150 MB | yes |
        | log |  | 1,234,567 B |  |  |  |
        ");
    }
}
