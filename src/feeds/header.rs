//! Which of our columns is made of what in a row of theirs.

use std::borrow::Cow;

use super::cells::{Cells, Reason, shortened, words};
use super::dates::{self, Meant, Pattern};
use super::feed_file::{Codes, FeedFile, MadeOf, Mapped, is_time, same_name};
use super::records::fits;
use super::{FileProblem, Kind, MAX_COLUMNS};

/// The columns of a kind; those that say which is which come first, so many of them as the number says.
pub(super) const fn known(kind: Kind) -> (&'static [&'static str], usize) {
    match kind {
        Kind::Places => (
            &[
                "code",
                "name",
                "kind",
                "parent",
                "phone",
                "phone_out_of_hours",
                "open",
                "until",
                "consultants",
            ],
            1,
        ),
        Kind::Staff => (&["badge", "name", "role"], 1),
        Kind::Patients => {
            (&["site", "hospital_number", "nhs_number", "surname", "forename", "born", "died"], 2)
        }
        Kind::Appointments => (&["clinic", "starts_at", "site", "hospital_number", "consultant"], 4),
        Kind::Movements => (&["at", "barcode", "to", "from", "by"], 3),
        Kind::Volumes => (
            &[
                "site",
                "hospital_number",
                "barcode",
                "number_type",
                "casenote",
                "volume",
                "kind",
                "home",
                "place",
                "hold",
                "restricted",
                "gone",
            ],
            2,
        ),
    }
}

/// The columns before theirs in a reject file.
pub(super) const REJECT_COLUMNS: [&str; 2] = ["row", "reason"];

/// Which column stands where, and what ours are made of.
pub(super) struct Header {
    columns: Vec<String>,
    ours: Vec<Ours>,
    /// Texts that mean that nothing is there.
    empty: Vec<String>,
    ignored: Vec<usize>,
}

/// One of our columns.
struct Ours {
    name: &'static str,
    made_of: Parts,
    dates: Vec<Pattern>,
    codes: Codes,
}

enum Parts {
    Constant(String),
    Columns(Vec<usize>),
}

impl Header {
    /// By the names in the first row, or those that the feed file gives.
    pub(super) fn read(feed: &FeedFile, columns: &[String]) -> Result<Self, FileProblem> {
        if columns.len() > MAX_COLUMNS {
            return Err(FileProblem::TooManyColumns);
        }
        let columns: Vec<_> = columns.iter().map(|name| name.trim().to_owned()).collect();
        let ours = match &feed.map {
            Some(map) => map.iter().map(|mapped| theirs(mapped, &columns)).collect::<Result<_, _>>()?,
            None => by_our_names(feed, &columns)?,
        };
        let mut header = Self { columns, ours, empty: feed.empty.clone(), ignored: Vec::new() };
        header.ignored = (0..header.columns.len()).filter(|at| !header.means(*at)).collect();
        Ok(header)
    }

    fn means(&self, at: usize) -> bool {
        self.ours.iter().any(|ours| match &ours.made_of {
            Parts::Columns(from) => from.contains(&at),
            Parts::Constant(_) => false,
        })
    }

    pub(super) fn columns(&self) -> &[String] {
        &self.columns
    }

    /// Our columns that the file speaks of.
    pub(super) fn ours(&self) -> impl Iterator<Item = &'static str> {
        self.ours.iter().map(|ours| ours.name)
    }

    pub(super) fn ignored(&self) -> Vec<&str> {
        let named = self.ignored.iter().filter_map(|at| self.columns.get(*at));
        named.map(String::as_str).filter(|name| !name.is_empty()).collect()
    }

    /// Where one of our columns stands among [`Header::ours`].
    pub(super) fn position(&self, column: &str) -> Option<usize> {
        self.ours.iter().position(|ours| ours.name == column)
    }

    /// A row has as many cells as there are columns; empty ones at its end count for nothing.
    pub(super) fn check_width(&self, cells: &[String]) -> Result<(), Reason> {
        let (wanted, found) = (self.columns.len(), cells.len());
        if fits(cells, wanted) {
            return Ok(());
        }
        Err(format!(
            "{found} cells where the first row has {wanted}: a comma or a quotation mark is missing or too many"
        ))
    }

    /// A row's cells as they are with us.
    pub(super) fn cells<'a>(&'a self, row: &'a [String]) -> Result<Cells<'a>, Reason> {
        let cells = self.ours.iter().map(|ours| self.cell(ours, row)).collect::<Result<_, _>>()?;
        Ok(Cells::new(self, cells))
    }

    fn cell<'a>(&self, ours: &'a Ours, row: &'a [String]) -> Result<Cow<'a, str>, Reason> {
        let at = |at: &usize| {
            let cell = row.get(*at).map_or("", |cell| cell.trim());
            if self.empty.iter().any(|empty| empty == cell) { "" } else { cell }
        };
        let text = match &ours.made_of {
            Parts::Constant(constant) => Cow::Borrowed(constant.as_str()),
            Parts::Columns(from) => match from.as_slice() {
                [one] => Cow::Borrowed(at(one)),
                several => {
                    let parts: Vec<_> = several.iter().map(at).filter(|part| !part.is_empty()).collect();
                    Cow::Owned(parts.join(" "))
                }
            },
        };
        let text = if ours.codes.is_empty() { text } else { Cow::Owned(ours.meaning(&text)?) };
        if ours.dates.is_empty() || text.is_empty() { Ok(text) } else { ours.date(&text).map(Cow::Owned) }
    }
}

impl Ours {
    fn meaning(&self, code: &str) -> Result<String, Reason> {
        let known = self.codes.meaning(code).map(str::to_owned);
        // An empty cell that has no meaning of its own stays empty.
        known.or_else(|| code.is_empty().then(String::new)).ok_or_else(|| {
            let (column, code) = (words(self.name), shortened(code));
            format!("{column} {code} is none of the feed's codes: add it to the feed file")
        })
    }

    fn date(&self, text: &str) -> Result<String, Reason> {
        match dates::read(&self.dates, text) {
            Meant::One(date) if is_day(self.name) => Ok(date.day.to_string()),
            Meant::One(date) => Ok(date.to_string()),
            Meant::TwoWays(one, other) => Err(format!(
                "{} {text} is {one} by one of the feed's dates and {other} by another: keep one of the two",
                words(self.name)
            )),
            Meant::Nothing => {
                let ways: Vec<_> = self.dates.iter().map(Pattern::to_string).collect();
                let (column, cell) = (words(self.name), shortened(text));
                Err(format!("{column} {cell} is no date in any of the feed's ways: {}", ways.join(", ")))
            }
        }
    }
}

/// Whether a column wants a day and no time; a time that is written with it is left out.
fn is_day(ours: &str) -> bool {
    matches!(ours, "born" | "died" | "until")
}

/// One of our columns, made of theirs as the feed file says.
fn theirs(mapped: &Mapped, columns: &[String]) -> Result<Ours, FileProblem> {
    let made_of = match &mapped.made_of {
        MadeOf::Constant(constant) => Parts::Constant(constant.clone()),
        MadeOf::Columns(names) => {
            let positions = names.iter().map(|name| position(name, mapped.ours, columns));
            Parts::Columns(positions.collect::<Result<_, _>>()?)
        }
    };
    Ok(Ours { name: mapped.ours, made_of, dates: mapped.dates.clone(), codes: mapped.codes.clone() })
}

fn position(name: &str, ours: &'static str, columns: &[String]) -> Result<usize, FileProblem> {
    let mut there = columns.iter().enumerate().filter(|(_, column)| same_name(column, name));
    match (there.next(), there.next()) {
        (Some((at, _)), None) => Ok(at),
        (Some(_), Some(_)) => Err(FileProblem::Twice(name.to_owned())),
        (None, _) => Err(separated(columns).unwrap_or_else(|| FileProblem::NoColumn {
            ours,
            theirs: name.to_owned(),
            found: told(columns),
        })),
    }
}

fn by_our_names(feed: &FeedFile, columns: &[String]) -> Result<Vec<Ours>, FileProblem> {
    let (known, identifying) = known(feed.kind);
    let mut ours: Vec<Ours> = Vec::new();
    for (at, name) in columns.iter().enumerate() {
        let Some(name) = meaning(name, known) else { continue };
        if ours.iter().any(|ours| ours.name == name) {
            return Err(FileProblem::Twice(name.to_owned()));
        }
        let dates = if is_time(name) { feed.dates.clone() } else { Vec::new() };
        ours.push(Ours { name, made_of: Parts::Columns(vec![at]), dates, codes: Codes::default() });
    }
    let missing = known.iter().take(identifying).find(|name| ours.iter().all(|ours| ours.name != **name));
    match missing {
        Some(missing) => {
            Err(separated(columns).unwrap_or_else(|| FileProblem::Missing { missing, found: told(columns) }))
        }
        None => Ok(ours),
    }
}

/// `Hospital Number` and `hospital-number` are `hospital_number`.
fn meaning(name: &str, known: &[&'static str]) -> Option<&'static str> {
    let plain: String =
        name.chars().map(|c| if matches!(c, ' ' | '-') { '_' } else { c.to_ascii_lowercase() }).collect();
    known.iter().find(|column| **column == plain).copied()
}

/// A first row of one column that holds another sign is parted by that.
fn separated(columns: &[String]) -> Option<FileProblem> {
    let [only] = columns else { return None };
    let signs = [(',', "commas"), (';', "semicolons"), ('\t', "tabs"), ('|', "bars")];
    signs
        .into_iter()
        .find(|(sign, _)| only.contains(*sign))
        .map(|(_, name)| FileProblem::OtherSeparator(name))
}

fn told(columns: &[String]) -> String {
    let told: Vec<String> = columns.iter().take(12).map(|name| name.chars().take(40).collect()).collect();
    told.join(", ")
}
