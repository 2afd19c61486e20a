//! From a file to its rows. One row that is wrongly written costs nothing but itself: a quotation mark that is never
//! closed does not swallow the rows behind it.

use std::collections::VecDeque;
use std::fmt;
use std::io::{self, BufRead};

use super::text::{Encoding, decode};

/// Longest line that is read, in bytes; what stands behind is left out, and the row is rejected.
pub(super) const MAX_LINE_BYTES: usize = 64 * 1_024;
/// Most line breaks in the cells of one row: an address has six. A quotation mark that is open longer was never meant so.
const MAX_BREAKS: usize = 20;

/// What is wrong with how a row is written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(super) enum Fault {
    /// A quotation mark opens a cell and is not closed.
    Open,
    /// A cell goes on behind its closing quotation mark.
    Stray,
    /// It is longer than [`MAX_LINE_BYTES`].
    TooLong,
    /// It holds a NUL.
    Nul,
    /// It is not in the encoding that the feed file names.
    OtherEncoding,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Open => "a quotation mark is not closed: close it or leave it out",
            Self::Stray => "a quotation mark stands in the middle of a cell: write it twice or leave it out",
            Self::TooLong => "the row is longer than 64 KiB, and is cut here: shorten it",
            Self::Nul => "the row holds NUL bytes, which are no text: type it again",
            Self::OtherEncoding => "the row is not UTF-8: save the file anew, or correct the feed's encoding",
        })
    }
}

/// A row as it stands.
pub(super) struct Row {
    /// Its number as a spreadsheet shows it: line breaks inside cells do not count.
    pub number: u64,
    /// Its cells; of a row that is wrongly written what stands between the delimiters.
    pub cells: Vec<String>,
    /// What is wrong with how it is written.
    pub fault: Option<Fault>,
}

impl Row {
    pub(super) fn is_blank(&self) -> bool {
        self.cells.iter().all(|cell| cell.trim().is_empty())
    }
}

/// How a file is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Hand {
    /// What parts its cells.
    pub delimiter: char,
    /// How its letters are written.
    pub encoding: Encoding,
}

/// Where the rows begin.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Mark {
    lines: u64,
    breaks: u64,
}

/// The rows of a file.
pub(super) struct Records<R> {
    input: R,
    hand: Hand,
    /// How many cells a row over several lines must have to be one; none: any number.
    width: Option<usize>,
    /// Lines that were read ahead in vain.
    ahead: VecDeque<Line>,
    at: Mark,
    bytes: u64,
}

/// A line without its end.
struct Line {
    bytes: Vec<u8>,
    is_cut: bool,
}

impl<R: BufRead> Records<R> {
    pub(super) fn new(input: R, hand: Hand) -> Self {
        Self { input, hand, width: None, ahead: VecDeque::new(), at: Mark::default(), bytes: 0 }
    }

    /// Has rows over several lines be so wide.
    pub(super) fn be_wide(&mut self, cells: usize) {
        self.width = Some(cells);
    }

    /// Where the next row begins.
    pub(super) fn mark(&self) -> Mark {
        self.at
    }

    /// How many bytes were read.
    pub(super) fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Goes on to where the rows begin.
    pub(super) fn skip_to(&mut self, mark: Mark) -> io::Result<()> {
        self.skip(mark.lines)?;
        self.at.breaks = mark.breaks;
        Ok(())
    }

    /// Passes over lines.
    pub(super) fn skip(&mut self, lines: u64) -> io::Result<()> {
        for _ in 0..lines {
            if self.line()?.is_none() {
                break;
            }
        }
        Ok(())
    }

    /// The next row; `None` at the end.
    pub(super) fn next_row(&mut self) -> io::Result<Option<Row>> {
        let Some(first) = self.line()? else { return Ok(None) };
        let number = self.at.lines - self.at.breaks;
        let text = match self.text(&first) {
            Ok(text) => text,
            Err(fault) => return Ok(Some(self.faulty(number, &first, fault))),
        };
        let (cells, fault) = match split(&text, self.hand.delimiter) {
            Ok(cells) => (cells, None),
            Err(Fault::Open) => match self.over_lines(text)? {
                Some(cells) => (cells, None),
                None => return Ok(Some(self.faulty(number, &first, Fault::Open))),
            },
            Err(fault) => return Ok(Some(self.faulty(number, &first, fault))),
        };
        Ok(Some(Row { number, cells, fault }))
    }

    /// The cells of a row that goes on in the next lines. If no row of the right width comes of them, they are rows of
    /// their own.
    fn over_lines(&mut self, mut text: String) -> io::Result<Option<Vec<String>>> {
        let mut taken = Vec::new();
        while taken.len() < MAX_BREAKS && text.len() < MAX_LINE_BYTES {
            let Some(line) = self.line()? else { break };
            let more = self.text(&line);
            taken.push(line);
            let Ok(more) = more else { break };
            text.push('\n');
            text.push_str(&more);
            match split(&text, self.hand.delimiter) {
                Ok(cells) if self.width.is_none_or(|width| fits(&cells, width)) => {
                    self.at.breaks += u64::try_from(taken.len()).unwrap_or(0);
                    return Ok(Some(cells));
                }
                Err(Fault::Open) => {}
                Ok(_) | Err(_) => break,
            }
        }
        self.at.lines -= u64::try_from(taken.len()).unwrap_or(0);
        for line in taken.into_iter().rev() {
            self.ahead.push_front(line);
        }
        Ok(None)
    }

    fn text(&self, line: &Line) -> Result<String, Fault> {
        if line.is_cut {
            return Err(Fault::TooLong);
        }
        if line.bytes.contains(&0) {
            return Err(Fault::Nul);
        }
        let text = decode(&line.bytes, self.hand.encoding).ok_or(Fault::OtherEncoding)?;
        Ok(text.into_owned())
    }

    fn faulty(&self, number: u64, line: &Line, fault: Fault) -> Row {
        let text = String::from_utf8_lossy(&line.bytes);
        let text = decode(&line.bytes, self.hand.encoding).unwrap_or(text);
        let cells = text.split(self.hand.delimiter).map(str::to_owned).collect();
        Row { number, cells, fault: Some(fault) }
    }

    /// The next line; it ends with a line feed, a carriage return, or both.
    fn line(&mut self) -> io::Result<Option<Line>> {
        if let Some(line) = self.ahead.pop_front() {
            self.at.lines += 1;
            return Ok(Some(line));
        }
        let mut line = Line { bytes: Vec::new(), is_cut: false };
        let mut is_there = false;
        loop {
            let block = self.input.fill_buf()?;
            if block.is_empty() {
                break;
            }
            is_there = true;
            let end = block.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            let piece = block.get(..end.unwrap_or(block.len())).unwrap_or_default();
            let room = MAX_LINE_BYTES.saturating_sub(line.bytes.len());
            line.is_cut |= piece.len() > room;
            line.bytes.extend(piece.iter().take(room));
            let ends_with = end.and_then(|end| block.get(end).copied());
            let used = piece.len() + usize::from(end.is_some());
            self.take(used);
            if let Some(end) = ends_with {
                if end == b'\r' && self.input.fill_buf()?.first() == Some(&b'\n') {
                    self.take(1);
                }
                break;
            }
        }
        if !is_there {
            return Ok(None);
        }
        if self.at == Mark::default() && line.bytes.starts_with(MARK_OF_UTF8) {
            line.bytes.drain(..MARK_OF_UTF8.len());
            if self.hand.encoding == Encoding::Windows1252 {
                self.hand.encoding = Encoding::Auto;
            }
        }
        self.at.lines += 1;
        Ok(Some(line))
    }

    fn take(&mut self, bytes: usize) {
        self.input.consume(bytes);
        self.bytes += u64::try_from(bytes).unwrap_or(0);
    }
}

/// What a file may begin with: it is UTF-8 then, whatever the feed file says.
pub(super) const MARK_OF_UTF8: &[u8] = b"\xEF\xBB\xBF";

/// Whether a row is so wide; empty cells at its end count for nothing.
pub(super) fn fits(cells: &[String], width: usize) -> bool {
    cells.len() >= width && cells.iter().skip(width).all(|cell| cell.trim().is_empty())
}

/// The cells of a row. A cell that begins with a quotation mark ends with one, and two inside it are one.
fn split(text: &str, delimiter: char) -> Result<Vec<String>, Fault> {
    let mut cells = Vec::new();
    let mut rest = text;
    loop {
        let (cell, behind) = match rest.strip_prefix('"') {
            Some(quoted) => unquoted(quoted)?,
            None => {
                let end = rest.find(delimiter).unwrap_or(rest.len());
                let (cell, behind) = rest.split_at(end);
                (cell.to_owned(), behind)
            }
        };
        cells.push(cell);
        match behind.strip_prefix(delimiter) {
            Some(next) => rest = next,
            None if behind.is_empty() => return Ok(cells),
            None => return Err(Fault::Stray),
        }
    }
}

/// The inside of a quoted cell, and what stands behind it, blanks left out.
fn unquoted(mut rest: &str) -> Result<(String, &str), Fault> {
    let mut cell = String::new();
    loop {
        let (before, behind) = rest.split_once('"').ok_or(Fault::Open)?;
        cell.push_str(before);
        match behind.strip_prefix('"') {
            Some(more) => {
                cell.push('"');
                rest = more;
            }
            None => return Ok((cell, behind.trim_start_matches(' '))),
        }
    }
}
