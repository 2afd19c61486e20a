//! The sheet on the page: its labels as they lie, each to be chosen as the first one or marked as spoiled.

use crate::labels::Stock;
use crate::labels::stock::Medium;
use crate::web::figures::counted;
use crate::web::pages::labels::wish::Wish;

/// One label of the sheet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cell {
    /// Its number, from 1 along the rows.
    pub number: u32,
    /// Whether printing begins here.
    pub is_first: bool,
    /// Whether it is left out.
    pub is_spoiled: bool,
    /// `used`, `spoiled`, `filled` or `free`.
    pub class: &'static str,
}

/// The sheet.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Sheet {
    /// What it is.
    pub legend: String,
    /// Its labels, row by row.
    pub rows: Vec<Vec<Cell>>,
    /// Whether some are left out.
    pub has_spoiled: bool,
    /// How many sheets that takes.
    pub says: String,
}

/// The first sheet as so many labels fill it; none for a roll.
pub fn sheet(stock: &Stock, wish: &Wish, first: u32, labels: usize) -> Option<Sheet> {
    if stock.medium == Medium::Roll || stock.cells() == 1 {
        return None;
    }
    let mut left = labels;
    let cells: Vec<Cell> = (1..=stock.cells())
        .map(|number| {
            let is_spoiled = wish.spoiled.contains(&number);
            let class = if is_spoiled {
                "spoiled"
            } else if number < first {
                "used"
            } else if left > 0 {
                left -= 1;
                "filled"
            } else {
                "free"
            };
            Cell { number, is_first: number == first, is_spoiled, class }
        })
        .collect();
    let columns = usize::try_from(stock.columns).unwrap_or(1).max(1);
    Some(Sheet {
        legend: format!("The sheet: {} labels, {} across", stock.cells(), stock.columns),
        rows: cells.chunks(columns).map(<[Cell]>::to_vec).collect(),
        has_spoiled: !wish.spoiled.is_empty(),
        says: says(labels, left, stock),
    })
}

/// `30 labels: 17 on this sheet, 13 on 1 new sheet after it.`
fn says(labels: usize, left: usize, stock: &Stock) -> String {
    let cells = usize::try_from(stock.cells()).unwrap_or(1).max(1);
    let all = counted(labels, "label", "labels");
    match (left, left.div_ceil(cells)) {
        (0, _) => format!("{all}, all on this sheet."),
        (left, more) => {
            let more = counted(more, "new sheet", "new sheets");
            format!("{all}: {} on this sheet, {left} on {more} after it.", labels - left)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::wish::What;
    use super::*;
    use crate::labels::Stocks;

    fn filled(first: u32, spoiled: &[u32], labels: usize) -> (String, String) {
        let stocks = Stocks::read([]).unwrap();
        let wish =
            Wish { spoiled: spoiled.iter().copied().collect::<BTreeSet<_>>(), ..Wish::of(What::Cover) };
        let sheet = sheet(stocks.find("L7165").unwrap(), &wish, first, labels).unwrap();
        assert!(sheet.rows.iter().all(|row| row.len() == 2));
        let signs = [("used", 'u'), ("spoiled", 's'), ("filled", 'x'), ("free", '-')];
        let sign = |cell: &Cell| signs.iter().find(|(class, _)| *class == cell.class).unwrap().1;
        (sheet.rows.iter().flatten().map(sign).collect(), sheet.says)
    }

    #[test]
    fn the_sheet_shows_where_the_labels_go() {
        assert_eq!(filled(1, &[], 1), ("x-------".to_owned(), "1 label, all on this sheet.".to_owned()));
        let (cells, says) = filled(3, &[1, 4], 20);
        assert_eq!(cells, "suxsxxxx");
        assert_eq!(says, "20 labels: 5 on this sheet, 15 on 2 new sheets after it.");
        assert_eq!(sheet(Stocks::read([]).unwrap().find("A4").unwrap(), &Wish::of(What::Cover), 1, 3), None);
    }
}
