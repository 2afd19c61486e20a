//! Plots as SVG: from values to numbers that a template draws. Pure.
//!
//! Across, everything is in per cent of the width; down, in lines of text (`em`). So a plot is as wide as its place,
//! and its words are as large as the page's on a telephone, on a wall and after the reader has made them larger.

use crate::web::figures::number;

/// Hundredths of a line of text between two bars, the label above the bar included.
const BAR_STEP: u64 = 265;
/// Hundredths of a line from the top of a bar's row to its label's foot, and to the bar.
const BAR_LABEL: u64 = 100;
const BAR_TOP: u64 = 140;
/// Where columns begin and how much room is left above them for the topmost number, in hundredths of a line.
const COLUMNS_TOP: u64 = 120;
/// How high the highest column can be, in hundredths of a line.
const COLUMNS_HIGH: u64 = 1_000;
/// Room for the hours beneath, in hundredths of a line.
const COLUMNS_FOOT: u64 = 150;
/// Hundredths of a per cent: the whole width, and what is kept for the numbers on the left.
const WHOLE: u64 = 10_000;
const GUTTER: u64 = 1_100;
/// Hours between two that are written beneath the columns.
const HOURS_LABELLED: usize = 3;
/// Something that is there is never drawn thinner, in hundredths of a per cent or of a line: it would vanish.
const LEAST: u64 = 40;

/// One thing to draw as a bar.
pub struct Value {
    /// What it is.
    pub label: String,
    /// How much.
    pub value: u64,
    /// How much of that is not sure: drawn as an outline.
    pub unsure: u64,
}

/// Bars from the left, one beneath the other, each under its label.
#[derive(PartialEq, Eq, Debug)]
pub struct BarPlot {
    /// Names it in the page.
    pub id: &'static str,
    /// What it shows.
    pub title: String,
    /// That in a sentence.
    pub description: String,
    /// Its height.
    pub height: String,
    /// The bars.
    pub bars: Vec<Bar>,
}

/// One bar.
#[derive(PartialEq, Eq, Debug)]
pub struct Bar {
    /// What it is.
    pub label: String,
    /// How much, in digits.
    pub number: String,
    /// The foot of both.
    pub text_y: String,
    /// The bar's top.
    pub y: String,
    /// The width of what is sure, if any.
    pub sure: Vec<String>,
    /// Left edge and width of what is not, if any.
    pub unsure: Vec<(String, String)>,
}

/// Draws `values`, the longest bar as wide as the plot.
pub fn bar_plot(id: &'static str, title: &str, description: String, values: &[Value]) -> BarPlot {
    let most = values.iter().map(|value| value.value).max().unwrap_or(0);
    BarPlot {
        id,
        title: title.to_owned(),
        description,
        height: em(BAR_STEP * length(values)),
        bars: (0..).zip(values).map(|(row, value)| bar(row * BAR_STEP, value, most)).collect(),
    }
}

fn bar(top: u64, value: &Value, most: u64) -> Bar {
    let unsure = value.unsure.min(value.value);
    let sure_width = drawn(value.value - unsure, most, WHOLE);
    let unsure_width = drawn(unsure, most, WHOLE).min(WHOLE - sure_width);
    Bar {
        label: value.label.clone(),
        number: number(value.value),
        text_y: em(top + BAR_LABEL),
        y: em(top + BAR_TOP),
        sure: (sure_width > 0).then(|| percent(sure_width)).into_iter().collect(),
        unsure: (unsure_width > 0)
            .then(|| (percent(sure_width), percent(unsure_width)))
            .into_iter()
            .collect(),
    }
}

/// One hour to draw.
pub struct HourValue {
    /// What stands beneath it.
    pub label: String,
    /// How much, once it has begun.
    pub value: Option<u64>,
    /// Whether it has ended.
    pub is_over: bool,
    /// What is usual.
    pub usual: Option<u64>,
}

/// Columns for hours, with a mark across each at what is usual.
#[derive(PartialEq, Eq, Debug)]
pub struct ColumnPlot {
    /// Names it in the page.
    pub id: &'static str,
    /// What it shows.
    pub title: String,
    /// That in a sentence.
    pub description: String,
    /// Its height.
    pub height: String,
    /// Lines across with their numbers: the top, the middle, the foot.
    pub lines: Vec<Line>,
    /// The columns.
    pub columns: Vec<Column>,
    /// The marks at what is usual.
    pub marks: Vec<Mark>,
    /// The hours beneath.
    pub hours: Vec<Text>,
}

/// A line across the plot.
#[derive(PartialEq, Eq, Debug)]
pub struct Line {
    /// Its left edge.
    pub x: String,
    /// Where it is.
    pub y: String,
    /// The foot of its number.
    pub text_y: String,
    /// Its number.
    pub number: String,
}

/// One column.
#[derive(PartialEq, Eq, Debug)]
pub struct Column {
    /// `over` or `open`: an hour that still goes on is an outline.
    pub class: &'static str,
    /// Its left edge.
    pub x: String,
    /// Its top.
    pub y: String,
    /// How wide it is.
    pub width: String,
    /// How high it is.
    pub height: String,
}

/// The mark at what is usual in an hour.
#[derive(PartialEq, Eq, Debug)]
pub struct Mark {
    /// Its left edge.
    pub x1: String,
    /// Its right edge.
    pub x2: String,
    /// Where it is.
    pub y: String,
}

/// A word in the plot.
#[derive(PartialEq, Eq, Debug)]
pub struct Text {
    /// Its middle.
    pub x: String,
    /// Its foot.
    pub y: String,
    /// The word.
    pub text: String,
}

/// Draws `hours`, the topmost line at the next round number.
pub fn column_plot(id: &'static str, title: &str, description: String, hours: &[HourValue]) -> ColumnPlot {
    let most = hours.iter().flat_map(|hour| [hour.value, hour.usual]).flatten().max().unwrap_or(0);
    let top = round_up(most);
    let slot = (WHOLE - GUTTER) / length(hours).max(1);
    let slots = || (0..).zip(hours).map(|(at, hour)| (GUTTER + at * slot, hour));
    let foot = COLUMNS_TOP + COLUMNS_HIGH;
    ColumnPlot {
        id,
        title: title.to_owned(),
        description,
        height: em(foot + COLUMNS_FOOT),
        lines: [(0, top), (COLUMNS_HIGH / 2, top / 2), (COLUMNS_HIGH, 0)]
            .map(|(down, at)| line(COLUMNS_TOP + down, at))
            .into(),
        columns: slots().filter_map(|(x, hour)| column(x, slot, hour, top)).collect(),
        marks: slots().filter_map(|(x, hour)| mark(x, slot, hour.usual?, top)).collect(),
        hours: slots().step_by(HOURS_LABELLED).map(|(x, hour)| label(x + slot / 2, hour)).collect(),
    }
}

fn line(y: u64, at: u64) -> Line {
    Line { x: percent(GUTTER), y: em(y), text_y: em(y + BAR_LABEL / 3), number: short(at) }
}

fn column(x: u64, slot: u64, hour: &HourValue, top: u64) -> Option<Column> {
    let height = drawn(hour.value.filter(|value| *value > 0)?, top, COLUMNS_HIGH);
    Some(Column {
        class: if hour.is_over { "over" } else { "open" },
        x: percent(x + slot / 6),
        y: em(COLUMNS_TOP + COLUMNS_HIGH - height),
        width: percent(slot * 2 / 3),
        height: em(height),
    })
}

fn mark(x: u64, slot: u64, usual: u64, top: u64) -> Option<Mark> {
    let height = drawn(usual, top, COLUMNS_HIGH);
    (usual > 0).then(|| Mark {
        x1: percent(x + slot / 20),
        x2: percent(x + slot - slot / 20),
        y: em(COLUMNS_TOP + COLUMNS_HIGH - height),
    })
}

fn label(x: u64, hour: &HourValue) -> Text {
    let y = em(COLUMNS_TOP + COLUMNS_HIGH + COLUMNS_FOOT - BAR_LABEL / 4);
    Text { x: percent(x), y, text: hour.label.clone() }
}

/// The size of `value` where `most` is `full`.
fn drawn(value: u64, most: u64, full: u64) -> u64 {
    if value == 0 || most == 0 {
        return 0;
    }
    let size = u128::from(value) * u128::from(full) / u128::from(most);
    u64::try_from(size).unwrap_or(full).clamp(LEAST, full)
}

/// The next of 2, 4, 10, 20, 40, 100 and so on: half of it is a whole number too.
fn round_up(most: u64) -> u64 {
    let mut ten: u64 = 1;
    loop {
        for step in [2, 4, 10] {
            let round = ten.saturating_mul(step);
            if round >= most || round == u64::MAX {
                return round;
            }
        }
        ten = ten.saturating_mul(10);
    }
}

fn length<T>(all: &[T]) -> u64 {
    u64::try_from(all.len()).unwrap_or(u64::MAX)
}

fn percent(hundredths: u64) -> String {
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

fn em(hundredths: u64) -> String {
    format!("{}.{:02}em", hundredths / 100, hundredths % 100)
}

/// `12k` from ten thousand on: the room beside a plot is narrow.
fn short(value: u64) -> String {
    if value >= 10_000 { format!("{}k", number(value / 1_000)) } else { number(value) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(bar: &Bar) -> String {
        format!("{} {}: {} {:?} {:?}", bar.label, bar.number, bar.y, bar.sure, bar.unsure)
    }

    #[test]
    fn a_bar_is_as_long_as_its_share_of_the_longest_and_its_unsure_end_is_an_outline() {
        let value = |label: &str, value, unsure| Value { label: label.to_owned(), value, unsure };
        let values = [
            value("most", 3_000_000, 0),
            value("half", 1_500_000, 750_000),
            value("few", 1, 1),
            value("none", 0, 0),
        ];
        let plot = bar_plot("p", "P", String::new(), &values);
        insta::assert_snapshot!(plot.bars.iter().map(told).collect::<Vec<_>>().join("\n"), @r#"
        most 3,000,000: 1.40em ["100.00%"] []
        half 1,500,000: 4.05em ["25.00%"] [("25.00%", "25.00%")]
        few 1: 6.70em [] [("0.00%", "0.40%")]
        none 0: 9.35em [] []
        "#);
        assert_eq!(plot.height, "10.60em");
        assert!(bar_plot("p", "P", String::new(), &[value("none", 0, 0)]).bars[0].sure.is_empty());
    }

    #[test]
    fn columns_stand_on_one_foot_under_a_round_number_and_marks_say_what_is_usual() {
        let hour =
            |label: &str, value, is_over, usual| HourValue { label: label.to_owned(), value, is_over, usual };
        let hours = [
            hour("00", Some(0), true, Some(0)),
            hour("01", Some(150), true, Some(300)),
            hour("02", Some(10), false, None),
            hour("03", None, false, Some(75)),
        ];
        let plot = column_plot("p", "P", String::new(), &hours);
        let lines: Vec<_> = plot.lines.iter().map(|line| format!("{} {}", line.y, line.number)).collect();
        let column = |c: &Column| format!("{} at {} {}, {} by {}", c.class, c.x, c.y, c.width, c.height);
        let columns: Vec<_> = plot.columns.iter().map(column).collect();
        let marks: Vec<_> = plot.marks.iter().map(|m| format!("{} to {} at {}", m.x1, m.x2, m.y)).collect();
        let hours: Vec<_> = plot.hours.iter().map(|text| format!("{} at {}", text.text, text.x)).collect();
        insta::assert_snapshot!([lines, columns, marks, hours].concat().join("\n"), @r#"
        1.20em 400
        6.20em 200
        11.20em 0
        over at 36.95% 7.45em, 14.83% by 3.75em
        open at 59.20% 10.80em, 14.83% by 0.40em
        34.36% to 54.39% at 3.70em
        78.86% to 98.89% at 9.33em
        00 at 22.12%
        03 at 88.87%
        "#);
    }

    #[test]
    fn the_topmost_line_is_the_next_round_number_and_nothing_is_drawn_out_of_the_plot() {
        for (most, top) in [(0, 2), (2, 2), (3, 4), (9, 10), (11, 20), (300, 400), (401, 1_000)] {
            assert_eq!(round_up(most), top);
        }
        assert_eq!(round_up(u64::MAX), u64::MAX);
        assert_eq!(drawn(u64::MAX, u64::MAX, WHOLE), WHOLE);
        assert_eq!(drawn(1, u64::MAX, WHOLE), LEAST);
    }

    #[test]
    fn beside_a_plot_large_numbers_are_short() {
        assert_eq!((short(9_999).as_str(), short(20_000).as_str()), ("9,999", "20k"));
    }
}
