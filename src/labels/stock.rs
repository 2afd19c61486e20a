//! Label stock: sheets and rolls, each a file of `labels/stocks`.

use serde::Deserialize;

use super::files::{Filed, Shelf, built_in};
use super::measure::Um;

/// Cells on one sheet: beyond it a label is too small to read.
pub const MAX_CELLS: u32 = 400;
/// The smallest side of a label on which a barcode can stand.
const LEAST_SIDE: Um = Um::new(8_000);

/// What labels come on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Medium {
    /// Sheets for an office printer.
    Sheet,
    /// A roll for a label printer: a label is a page.
    Roll,
}

/// Width, then height.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
pub struct Extent(pub Um, pub Um);

/// A stock. Lengths are the maker's nominal ones.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Stock {
    /// The part number, as clerks say it: `L7160`.
    pub code: String,
    /// Maker and part.
    pub name: String,
    /// Where the sizes come from.
    pub source: String,
    /// Other part numbers of the same sizes.
    pub same_as: Vec<String>,
    /// Sheets or a roll.
    pub medium: Medium,
    /// The sheet; of a roll the label.
    pub page: Extent,
    /// One label.
    pub label: Extent,
    /// Clear of ink along each edge of a label: what cutter and feed may take.
    pub margin: Um,
    /// Labels across, and down.
    pub columns: u32,
    /// Labels down.
    pub rows: u32,
    /// From the sheet's left edge to the first label.
    pub left: Um,
    /// From the sheet's upper edge to the first label.
    pub top: Um,
    /// From one label's edge to the next one's: across, down.
    pub pitch: Extent,
}

/// The file as it is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    code: String,
    name: String,
    source: String,
    #[serde(default)]
    same_as: Vec<String>,
    medium: Medium,
    label_mm: Extent,
    #[serde(default = "usual_margin")]
    margin_mm: Um,
    page_mm: Option<Extent>,
    columns: Option<u32>,
    rows: Option<u32>,
    left_mm: Option<Um>,
    top_mm: Option<Um>,
    pitch_mm: Option<Extent>,
}

const fn usual_margin() -> Um {
    Um::new(1_500)
}

/// What is wrong with a stock's file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StockFault {
    /// It does not read as one.
    #[error("{0}")]
    Unreadable(String),
    /// A sheet needs more.
    #[error("a sheet needs page_mm, columns, rows, left_mm, top_mm and pitch_mm")]
    Incomplete,
    /// A roll has less.
    #[error("a roll has no page, columns, rows, left, top or pitch: a label is its page")]
    NoGrid,
    /// Nothing fits on it.
    #[error("a label of {0} by {1} is too small: 8 mm each way are needed, and room within the margin")]
    TooSmall(Um, Um),
    /// No labels, or too many.
    #[error("{0} labels on a sheet: 1 to {MAX_CELLS} are possible")]
    Cells(u32),
    /// They lie on each other.
    #[error("labels overlap: the pitch {which} is shorter than the label")]
    Overlap {
        /// Across or down.
        which: &'static str,
    },
    /// They hang over the edge.
    #[error("the labels reach {by} beyond the {edge} edge of the page")]
    Beyond {
        /// Right or lower.
        edge: &'static str,
        /// How far.
        by: Um,
    },
}

impl Stock {
    fn check(&self) -> Result<(), StockFault> {
        let Extent(width, height) = self.label;
        let room = 2 * self.margin.get();
        if width.min(height) < LEAST_SIDE || width.get().min(height.get()) <= room {
            return Err(StockFault::TooSmall(width, height));
        }
        let cells = self.columns.saturating_mul(self.rows);
        if cells == 0 || cells > MAX_CELLS {
            return Err(StockFault::Cells(cells));
        }
        for (count, pitch, side, which) in
            [(self.columns, self.pitch.0, width, "across"), (self.rows, self.pitch.1, height, "down")]
        {
            if count > 1 && pitch < side {
                return Err(StockFault::Overlap { which });
            }
        }
        for (at, count, pitch, side, page, edge) in [
            (self.left, self.columns, self.pitch.0, width, self.page.0, "right"),
            (self.top, self.rows, self.pitch.1, height, self.page.1, "lower"),
        ] {
            let steps = i32::try_from(count - 1).unwrap_or(i32::MAX);
            let end = at.get().saturating_add(steps.saturating_mul(pitch.get())).saturating_add(side.get());
            if end > page.get() {
                return Err(StockFault::Beyond { edge, by: Um::new(end - page.get()) });
            }
        }
        Ok(())
    }

    /// The part of a label that ink may reach: all but its margin.
    pub const fn printable(&self) -> Extent {
        let room = 2 * self.margin.get();
        Extent(Um::new(self.label.0.get() - room), Um::new(self.label.1.get() - room))
    }

    /// Labels on one page.
    pub const fn cells(&self) -> u32 {
        self.columns * self.rows
    }
}

fn sheet(file: File) -> Option<Stock> {
    Some(Stock {
        page: file.page_mm?,
        columns: file.columns?,
        rows: file.rows?,
        left: file.left_mm?,
        top: file.top_mm?,
        pitch: file.pitch_mm?,
        code: file.code,
        name: file.name,
        source: file.source,
        same_as: file.same_as,
        medium: file.medium,
        label: file.label_mm,
        margin: file.margin_mm,
    })
}

fn roll(file: File) -> Result<Stock, StockFault> {
    let has_grid = file.page_mm.is_some()
        || file.columns.is_some()
        || file.rows.is_some()
        || file.left_mm.is_some()
        || file.top_mm.is_some()
        || file.pitch_mm.is_some();
    if has_grid {
        return Err(StockFault::NoGrid);
    }
    Ok(Stock {
        page: file.label_mm,
        columns: 1,
        rows: 1,
        left: Um::default(),
        top: Um::default(),
        pitch: file.label_mm,
        code: file.code,
        name: file.name,
        source: file.source,
        same_as: file.same_as,
        medium: file.medium,
        label: file.label_mm,
        margin: file.margin_mm,
    })
}

/// All stocks.
pub type Stocks = Shelf<Stock>;

impl Filed for Stock {
    const WORD: &'static str = "stock";
    const BUILT_IN: &'static [(&'static str, &'static str)] = built_in![
        "stocks":
        "a4",
        "a4-cards",
        "a4-destinations",
        "l4760",
        "l7159",
        "l7160",
        "l7161",
        "l7163",
        "l7165",
        "l7651",
        "dymo-99010",
        "dymo-99012",
        "dymo-99014",
        "dymo-11356",
        "brother-dk11201",
        "brother-dk11202",
        "brother-dk11208",
        "zebra-50x25",
        "zebra-70x35",
        "zebra-102x51",
        "zebra-102x76",
    ];
    type Fault = StockFault;

    fn read(text: &str) -> Result<Self, StockFault> {
        let file: File = toml::from_str(text)
            .map_err(|error| StockFault::Unreadable(error.to_string().trim().to_owned()))?;
        let stock = match file.medium {
            Medium::Sheet => sheet(file).ok_or(StockFault::Incomplete)?,
            Medium::Roll => roll(file)?,
        };
        stock.check()?;
        Ok(stock)
    }

    fn code(&self) -> &str {
        &self.code
    }
}

impl Stocks {
    /// The stock with this part number, or the same as it.
    pub fn find(&self, code: &str) -> Option<&Stock> {
        let is_same = |stock: &&Stock| stock.same_as.iter().any(|other| other.eq_ignore_ascii_case(code));
        self.of_code(code).or_else(|| self.all().find(is_same))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHEET: &str = "code = 'T'\nname = 'T'\nsource = 'test'\nmedium = 'sheet'\nlabel_mm = [60, 30]\n\
        page_mm = [210, 297]\ncolumns = 3\nrows = 9\nleft_mm = 10\ntop_mm = 10\npitch_mm = [62, 30]\n";

    fn fault(from: &str, to: &str) -> String {
        Stock::read(&SHEET.replace(from, to)).unwrap_err().to_string()
    }

    #[test]
    fn a_wrong_file_says_what_is_wrong() {
        assert!(Stock::read(SHEET).is_ok());
        assert_eq!(
            fault("columns = 3", "columns = 4"),
            "the labels reach 46 mm beyond the right edge of the page"
        );
        assert_eq!(fault("[62, 30]", "[62, 29]"), "labels overlap: the pitch down is shorter than the label");
        assert_eq!(fault("rows = 9", "rows = 0"), "0 labels on a sheet: 1 to 400 are possible");
        assert_eq!(
            fault("rows = 9\n", ""),
            "a sheet needs page_mm, columns, rows, left_mm, top_mm and pitch_mm"
        );
        assert!(fault("left_mm = 10", "left_mm = -1").contains("0 to 2000 millimetres are needed"));
        assert!(fault("rows = 9", "rows = 9\ncolour = 1").contains("unknown field `colour`"));
        assert!(fault("'sheet'", "'roll'").starts_with("a roll has no page"));
    }
}
