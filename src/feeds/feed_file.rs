//! A feed file: how another system writes what it gives us. TOML; unknown keys are refused with their line.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::path::{Path, PathBuf};

use serde::de::{self, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use super::dates::{self, Pattern};
use super::header::known;
use super::records::{Hand, Row};
use super::text::Encoding;
use super::{Kind, MAX_COLUMNS};

/// Largest feed file that is read: codes of a thousand places need about 40 KiB.
pub const MAX_FEED_BYTES: u64 = 1_024 * 1_024;
/// Most lines above the row that names the columns: a report's title, its day, who printed it.
const MAX_TITLE_LINES: u64 = 100;
/// Most columns of theirs that make one of ours: a date and a time, or the three parts of a number.
const MAX_JOINED: usize = 8;
/// Most ways of writing a date in one list.
const MAX_PATTERNS: usize = 16;

/// A feed file that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum WrongFeed {
    /// It cannot be read.
    #[error("cannot read the feed file {}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// It is far larger than any.
    #[error("{} is larger than 1 MiB, which no feed file is", .0.display())]
    TooLarge(PathBuf),
    /// It is of another kind than what is imported.
    #[error("{} is of {is}, not of {wanted}: name another feed file", file.display())]
    OtherKind {
        /// The file.
        file: PathBuf,
        /// What it is of.
        is: Kind,
        /// What is imported.
        wanted: Kind,
    },
    /// Something in it cannot be.
    #[error("{file}, line {line}: {what}")]
    Wrong {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What, and what to do.
        what: String,
    },
}

/// How a file of another system is read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FeedFile {
    /// What it tells of.
    pub kind: Kind,
    /// As it stands; of our own form nothing.
    pub(super) text: String,
    pub(super) hand: Hand,
    /// Lines above the row that names the columns.
    pub(super) title_lines: u64,
    /// Their columns, where no row names them.
    pub(super) columns: Option<Vec<String>>,
    /// Texts that mean that nothing is there.
    pub(super) empty: Vec<String>,
    /// Our columns, each made of theirs; none: columns that are named as ours are.
    pub(super) map: Option<Vec<Mapped>>,
    pub(super) totals: Totals,
    /// Ways of writing dates, where there is no map.
    pub(super) dates: Vec<Pattern>,
}

/// One of our columns.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Mapped {
    pub ours: &'static str,
    pub made_of: MadeOf,
    pub dates: Vec<Pattern>,
    pub codes: Codes,
}

/// What one of our columns is made of.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum MadeOf {
    /// Always this.
    Constant(String),
    /// What stands in these columns, a blank between.
    Columns(Vec<String>),
}

/// Their codes, and what they mean here. Empty: the text stands as it is.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Codes(HashMap<String, String>);

/// Any other code.
const ANY_OTHER: &str = "*";

impl Codes {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What a code means, whatever its case.
    pub(super) fn meaning(&self, code: &str) -> Option<&str> {
        let known = self.0.get(&code.to_ascii_uppercase());
        known.or_else(|| self.0.get(ANY_OTHER)).map(String::as_str)
    }
}

/// By what the lines are known that stand at a file's end and tell of nobody.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Totals {
    /// What the first cell that is not empty begins with, in capitals.
    begins: Vec<String>,
    /// How many cells they have.
    cells: Vec<usize>,
}

impl Totals {
    pub(super) fn is_one(&self, row: &Row) -> bool {
        let first = row.cells.iter().map(|cell| cell.trim()).find(|cell| !cell.is_empty());
        let first = first.unwrap_or_default().to_uppercase();
        self.cells.contains(&row.cells.len()) || self.begins.iter().any(|begins| first.starts_with(begins))
    }
}

impl FeedFile {
    /// A file in our own form: our columns, named in the first row.
    pub fn ours(kind: Kind) -> Self {
        Self {
            kind,
            text: String::new(),
            hand: Hand { delimiter: ',', encoding: Encoding::Auto },
            title_lines: 0,
            columns: None,
            empty: Vec::new(),
            map: None,
            totals: Totals::default(),
            dates: Vec::new(),
        }
    }

    /// Reads a feed file.
    pub fn load(path: &Path) -> Result<Self, WrongFeed> {
        let unreadable = |source| WrongFeed::Unreadable { file: path.to_owned(), source };
        if std::fs::metadata(path).map_err(unreadable)?.len() > MAX_FEED_BYTES {
            return Err(WrongFeed::TooLarge(path.to_owned()));
        }
        let text = std::fs::read_to_string(path).map_err(unreadable)?;
        Self::parse(&text, &path.display().to_string())
    }

    /// Reads a feed file's text; `file` is named in errors.
    pub fn parse(text: &str, file: &str) -> Result<Self, WrongFeed> {
        let wrong = |Complaint { at, what }| WrongFeed::Wrong {
            file: file.to_owned(),
            line: 1 + text.bytes().take(at).filter(|byte| *byte == b'\n').count(),
            what,
        };
        let written: Written = toml::from_str(text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            let what = format!("{}: correct or remove it", error.message().trim_end_matches('.'));
            wrong(Complaint { at, what })
        })?;
        Ok(Self { text: text.to_owned(), ..written.checked().map_err(wrong)? })
    }
}

/// The file as it stands.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    kind: Spanned<String>,
    #[serde(default)]
    encoding: Encoding,
    delimiter: Option<Spanned<String>>,
    title_lines: Option<Spanned<u64>>,
    columns: Option<Spanned<Vec<String>>>,
    #[serde(default)]
    dates: Vec<Spanned<String>>,
    #[serde(default)]
    empty: Vec<String>,
    column: Option<Spanned<BTreeMap<String, Spanned<Column>>>>,
    #[serde(default)]
    totals: WrittenTotals,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct WrittenTotals {
    #[serde(default)]
    begins: Vec<Spanned<String>>,
    #[serde(default)]
    cells: Vec<usize>,
}

/// `"Theirs"`, `["Date", "Time"]`, `{ is = "RX1" }` or `{ from = …, dates = […], codes = {…} }`.
#[derive(Default)]
struct Column {
    from: Vec<String>,
    is: Option<String>,
    dates: Vec<Spanned<String>>,
    codes: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ColumnTable {
    from: Option<Names>,
    is: Option<String>,
    #[serde(default)]
    dates: Vec<Spanned<String>>,
    #[serde(default)]
    codes: BTreeMap<String, String>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "`from` is a column's name or a list of names")]
enum Names {
    One(String),
    Several(Vec<String>),
}

impl<'de> Deserialize<'de> for Column {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ColumnVisitor)
    }
}

struct ColumnVisitor;

impl<'de> Visitor<'de> for ColumnVisitor {
    type Value = Column;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a column's name, a list of names, or a table with `from` or `is`")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<Column, E> {
        Ok(Column { from: vec![name.to_owned()], ..Column::default() })
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut names: A) -> Result<Column, A::Error> {
        let mut from = Vec::new();
        while let Some(name) = names.next_element()? {
            from.push(name);
        }
        Ok(Column { from, ..Column::default() })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Column, A::Error> {
        let table = ColumnTable::deserialize(de::value::MapAccessDeserializer::new(map))?;
        let ColumnTable { from, is, dates, codes } = table;
        let from = match from {
            None => Vec::new(),
            Some(Names::One(name)) => vec![name],
            Some(Names::Several(names)) => names,
        };
        Ok(Column { from, is, dates, codes })
    }
}

/// What is wrong, and at which byte.
struct Complaint {
    at: usize,
    what: String,
}

type Checked<T> = Result<T, Complaint>;

fn complain<T, V>(about: &Spanned<V>, what: impl Into<String>) -> Checked<T> {
    Err(Complaint { at: about.span().start, what: what.into() })
}

impl Written {
    fn checked(self) -> Checked<FeedFile> {
        let Some(kind) = Kind::from_word(self.kind.get_ref()) else {
            let kinds: Vec<_> = Kind::ALL.iter().map(|kind| kind.word()).collect();
            let what = format!("kind {} is not one of: {}", self.kind.get_ref(), kinds.join(", "));
            return complain(&self.kind, what);
        };
        let dates = patterns(&self.dates)?;
        let map = match &self.column {
            None => None,
            Some(columns) => Some(map(kind, columns, &dates)?),
        };
        if let Some(columns) = &self.columns {
            check_columns(columns, map.as_deref())?;
        }
        if let Some(lines) = self.title_lines.as_ref().filter(|lines| *lines.get_ref() > MAX_TITLE_LINES) {
            return complain(lines, format!("title_lines is more than {MAX_TITLE_LINES}"));
        }
        Ok(FeedFile {
            kind,
            text: String::new(),
            hand: Hand { delimiter: delimiter(self.delimiter.as_ref())?, encoding: self.encoding },
            title_lines: self.title_lines.map_or(0, Spanned::into_inner),
            columns: self.columns.map(Spanned::into_inner),
            empty: self.empty.iter().map(|text| text.trim().to_owned()).collect(),
            map,
            totals: totals(self.totals)?,
            dates,
        })
    }
}

fn delimiter(written: Option<&Spanned<String>>) -> Checked<char> {
    let Some(written) = written else { return Ok(',') };
    if written.get_ref() == "tab" {
        return Ok('\t');
    }
    let mut signs = written.get_ref().chars();
    match (signs.next(), signs.next()) {
        (Some(sign @ (',' | ';' | '\t' | '|' | '~' | '^' | '#')), None) => Ok(sign),
        _ => complain(written, "delimiter is one of: \",\" \";\" \"|\" \"~\" \"^\" \"#\" or \"tab\""),
    }
}

fn totals(written: WrittenTotals) -> Checked<Totals> {
    if let Some(nothing) = written.begins.iter().find(|begins| begins.get_ref().trim().is_empty()) {
        return complain(nothing, "every line begins with nothing: write how the total lines begin");
    }
    let begins = written.begins.iter().map(|begins| begins.get_ref().trim().to_uppercase()).collect();
    Ok(Totals { begins, cells: written.cells })
}

fn patterns(written: &[Spanned<String>]) -> Checked<Vec<Pattern>> {
    let mut read: Vec<Pattern> = Vec::with_capacity(written.len());
    for text in written {
        match text.get_ref().parse() {
            Ok(pattern) => read.push(pattern),
            Err(error) => return complain(text, format!("{}: {error}", text.get_ref())),
        }
        if read.len() > MAX_PATTERNS {
            return complain(text, format!("more than {MAX_PATTERNS} ways of writing a date"));
        }
        if let Some((one, other, date)) = dates::clash(&read) {
            let what = format!(
                "{one} and {other} read {date} differently: keep one, or give each column its own `dates`"
            );
            return complain(text, what);
        }
    }
    Ok(read)
}

fn check_columns(columns: &Spanned<Vec<String>>, map: Option<&[Mapped]>) -> Checked<()> {
    let names = columns.get_ref();
    if names.is_empty() || names.len() > MAX_COLUMNS {
        return complain(
            columns,
            format!("columns names 1 to {MAX_COLUMNS} columns of a file without a first row"),
        );
    }
    let is_there = |name: &String| names.iter().any(|there| same_name(there, name));
    let wanted = map.unwrap_or_default().iter().filter_map(|mapped| match &mapped.made_of {
        MadeOf::Columns(from) => Some((mapped.ours, from)),
        MadeOf::Constant(_) => None,
    });
    for (ours, from) in wanted {
        if let Some(missing) = from.iter().find(|name| !is_there(name)) {
            return complain(columns, format!("{ours} is made of {missing}, which columns does not name"));
        }
    }
    Ok(())
}

/// Whether two names of a column are the same: blanks around them and case count for nothing.
pub(super) fn same_name(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

fn map(
    kind: Kind,
    columns: &Spanned<BTreeMap<String, Spanned<Column>>>,
    dates: &[Pattern],
) -> Checked<Vec<Mapped>> {
    let (ours, identifying) = known(kind);
    let mut map = Vec::with_capacity(columns.get_ref().len());
    for (name, column) in columns.get_ref() {
        let Some(ours) = ours.iter().find(|ours| **ours == name.as_str()) else {
            return complain(column, format!("{kind} has no column {name}, but: {}", ours.join(", ")));
        };
        map.push(mapped(ours, column, dates)?);
    }
    let is_mapped = |ours: &&&'static str| map.iter().any(|mapped| mapped.ours == **ours);
    match ours.iter().take(identifying).find(|ours| !is_mapped(ours)) {
        Some(missing) => complain(columns, format!("[column] does not say what {missing} is made of")),
        None => Ok(map),
    }
}

fn mapped(ours: &'static str, column: &Spanned<Column>, all_dates: &[Pattern]) -> Checked<Mapped> {
    let Column { from, is, dates, codes } = column.get_ref();
    let made_of = match (is, from.as_slice()) {
        (Some(constant), []) => MadeOf::Constant(constant.clone()),
        (None, [_, ..]) if from.len() <= MAX_JOINED => MadeOf::Columns(from.clone()),
        (None, [_, ..]) => {
            return complain(column, format!("{ours} is made of more than {MAX_JOINED} columns"));
        }
        (Some(_), [_, ..]) => return complain(column, format!("{ours} has `is` and `from`: leave one out")),
        (None, []) => return complain(column, format!("{ours} has neither `is` nor `from`")),
    };
    let own = patterns(dates)?;
    if !own.is_empty() && !is_time(ours) {
        return complain(column, format!("{ours} is no date: leave `dates` out"));
    }
    let dates = if own.is_empty() && is_time(ours) { all_dates.to_vec() } else { own };
    let codes = codes.iter().map(|(code, meaning)| (code.trim().to_ascii_uppercase(), meaning.clone()));
    Ok(Mapped { ours, made_of, dates, codes: Codes(codes.collect()) })
}

/// Whether one of our columns holds a date or a time.
pub(super) fn is_time(ours: &str) -> bool {
    matches!(ours, "born" | "died" | "until" | "starts_at" | "at")
}
