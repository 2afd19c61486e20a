//! The cells of one row, read as what they should be.

use std::borrow::Cow;
use std::fmt::Display;
use std::str::FromStr;

use jiff::civil::Date;

use super::MAX_CELL_LEN;
use super::header::Header;
use crate::domain::import::Said;

/// Why a row is not taken, and what to do.
pub(super) type Reason = String;

/// Years in which people of a hospital are born, die, and places close.
pub(super) const YEARS: std::ops::RangeInclusive<i16> = 1_850..=2_150;

/// One row, cells by the name of our column.
pub(super) struct Cells<'a> {
    header: &'a Header,
    cells: Vec<Cow<'a, str>>,
}

impl<'a> Cells<'a> {
    /// One cell for each of the header's columns of ours, in their order.
    pub(super) fn new(header: &'a Header, cells: Vec<Cow<'a, str>>) -> Self {
        Self { header, cells }
    }

    /// All of them, in the header's order.
    pub(super) fn all(&self) -> impl Iterator<Item = &str> {
        self.cells.iter().map(|cell| &**cell)
    }

    /// What stands in a column; `None` if nothing does or there is no such column.
    pub(super) fn get(&self, column: &str) -> Option<&str> {
        let cell = self.cells.get(self.header.position(column)?)?.trim();
        (!cell.is_empty()).then_some(cell)
    }

    /// What stands in a column, by its type's own rules and words.
    pub(super) fn read<T>(&self, column: &str) -> Result<Option<T>, Reason>
    where
        T: FromStr,
        T::Err: Display,
    {
        let Some(cell) = self.get(column) else { return Ok(None) };
        cell.parse().map(Some).map_err(|error| format!("{}: {error}", words(column)))
    }

    /// What a column says by one of the ways to read a cell; a column that is missing says nothing.
    pub(super) fn said<T>(
        &self,
        column: &str,
        read: impl FnOnce(&Self, &str) -> Result<Option<T>, Reason>,
    ) -> Result<Said<T>, Reason> {
        match self.header.position(column) {
            None => Ok(Said::Unsaid),
            Some(_) => read(self, column).map(Said::from),
        }
    }

    /// The same where something must stand.
    pub(super) fn needed<T>(&self, column: &str) -> Result<T, Reason>
    where
        T: FromStr,
        T::Err: Display,
    {
        self.read(column)?.ok_or_else(|| format!("{} is empty: it says which one is meant", words(column)))
    }

    /// A line of text; line breaks and runs of blanks become one blank.
    pub(super) fn line(&self, column: &str) -> Result<Option<String>, Reason> {
        let Some(cell) = self.get(column) else { return Ok(None) };
        let line = cell.split_whitespace().collect::<Vec<_>>().join(" ");
        if line.chars().any(char::is_control) {
            return Err(format!("{} holds a sign that cannot be printed: type it again", words(column)));
        }
        match line.chars().count() {
            0 => Ok(None),
            1..=MAX_CELL_LEN => Ok(Some(line)),
            long => Err(format!("{} has {long} characters: shorten it to {MAX_CELL_LEN}", words(column))),
        }
    }

    /// A day, written `2026-11-23` or `23/11/2026`.
    pub(super) fn date(&self, column: &str) -> Result<Option<Date>, Reason> {
        let Some(cell) = self.get(column) else { return Ok(None) };
        date(cell).map(Some).ok_or_else(|| {
            format!("{} {} is no date: write 23/11/2026 or 2026-11-23", words(column), shortened(cell))
        })
    }

    /// Yes or no.
    pub(super) fn yes(&self, column: &str) -> Result<Option<bool>, Reason> {
        let Some(cell) = self.get(column) else { return Ok(None) };
        match cell.to_ascii_lowercase().as_str() {
            "yes" | "y" | "true" | "1" => Ok(Some(true)),
            "no" | "n" | "false" | "0" => Ok(Some(false)),
            _ => Err(format!("{} {} is neither yes nor no", words(column), shortened(cell))),
        }
    }
}

/// A day, written `2026-11-23` or `23/11/2026`.
pub(super) fn date(text: &str) -> Option<Date> {
    let numbers = |sign| -> Option<[&str; 3]> { text.split(sign).collect::<Vec<_>>().try_into().ok() };
    let ((Some([year, month, day]), None) | (None, Some([day, month, year]))) = (numbers('-'), numbers('/'))
    else {
        return None;
    };
    let plain =
        |part: &str, most: usize| part.len() <= most && part.bytes().all(|byte| byte.is_ascii_digit());
    if !(year.len() == 4 && plain(year, 4) && plain(month, 2) && plain(day, 2)) {
        return None;
    }
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok()?;
    YEARS.contains(&date.year()).then_some(date)
}

/// The name of a column as people say it.
pub(super) fn words(column: &str) -> String {
    column.replace("nhs_", "NHS ").replace('_', " ")
}

/// A cell as a reason shows it.
pub(super) fn shortened(cell: &str) -> String {
    const SHOWN: usize = 40;
    let mut shown: String = cell.chars().filter(|c| !c.is_control()).take(SHOWN).collect();
    if cell.chars().count() > SHOWN {
        shown.push('…');
    }
    shown
}
