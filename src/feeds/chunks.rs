//! A file's rows, in its order, in pieces.

use std::collections::VecDeque;
use std::io::{self, BufRead};

use super::records::{Records, Row};
use super::repeats::Standing;
use super::{Chunk, Feed, FileProblem, Origin, Rejected, rows};

/// Most lines at a file's end that tell of nobody: a report's totals and the line that says who printed it. Where there
/// are more, the first of them are rows like any other.
const MAX_TOTALS: usize = 32;

/// The pieces of a file, one after the other.
pub(super) struct Chunks<'a, R> {
    feed: &'a Feed,
    records: Records<R>,
    /// Most rows of a piece.
    most: usize,
    /// Rows that were read and not yet judged.
    ready: VecDeque<Row>,
    /// Rows that look like totals: they are if no other row follows.
    held: VecDeque<Row>,
    totals: u64,
    is_over: bool,
}

impl<'a, R: BufRead> Chunks<'a, R> {
    /// `records` stands where the rows begin.
    pub(super) fn new(feed: &'a Feed, mut records: Records<R>) -> Self {
        records.be_wide(feed.columns().len());
        let most = feed.cut.most();
        Self { feed, records, most, ready: VecDeque::new(), held: VecDeque::new(), totals: 0, is_over: false }
    }

    /// Lines at the end that tell of nobody; known once all is read.
    pub(super) fn totals(&self) -> u64 {
        self.totals
    }

    /// How many bytes were read.
    pub(super) fn bytes(&self) -> u64 {
        self.records.bytes()
    }

    /// The next row that says something, totals left out.
    fn next_row(&mut self) -> io::Result<Option<Row>> {
        loop {
            if let Some(row) = self.ready.pop_front() {
                return Ok(Some(row));
            }
            let Some(row) = self.records.next_row()? else {
                self.totals += u64::try_from(self.held.len()).unwrap_or(0);
                self.held.clear();
                return Ok(None);
            };
            if row.is_blank() {
                continue;
            }
            if self.feed.file.totals.is_one(&row) {
                self.held.push_back(row);
                if self.held.len() > MAX_TOTALS {
                    self.ready.extend(self.held.pop_front());
                }
            } else {
                self.ready.append(&mut self.held);
                self.ready.push_back(row);
            }
        }
    }

    fn chunk(&mut self) -> io::Result<Option<Chunk>> {
        let mut chunk =
            Chunk { piece: self.feed.kind.empty_piece(), origins: Vec::new(), rejected: Vec::new() };
        while chunk.origins.len() + chunk.rejected.len() < self.most {
            let Some(row) = self.next_row()? else {
                let is_empty = chunk.origins.is_empty() && chunk.rejected.is_empty();
                self.is_over = true;
                return Ok((!is_empty).then_some(chunk));
            };
            self.judge(row, &mut chunk);
        }
        Ok(Some(chunk))
    }

    fn judge(&self, row: Row, chunk: &mut Chunk) {
        let Row { number, cells, fault } = row;
        let taken = match (fault, self.feed.repeats.standing(number)) {
            (Some(fault), _) => Err(fault.to_string()),
            (None, Standing::Same) => return,
            (None, Standing::Against(reason)) => Err(reason),
            (None, Standing::Alone) => self.read(&cells, chunk),
        };
        let origin = Origin { row: number, cells };
        match taken {
            Ok(()) => chunk.origins.push(origin),
            Err(reason) => chunk.rejected.push(Rejected { origin, reason }),
        }
    }

    fn read(&self, cells: &[String], chunk: &mut Chunk) -> Result<(), String> {
        self.feed.header.check_width(cells)?;
        rows::read_into(&mut chunk.piece, &self.feed.header.cells(cells)?, &self.feed.zone)
    }
}

impl<R: BufRead> Iterator for Chunks<'_, R> {
    type Item = Result<Chunk, FileProblem>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.is_over {
            return None;
        }
        let next = self.chunk().map_err(|error| FileProblem::Unreadable(error.to_string()));
        self.is_over |= next.is_err();
        next.transpose()
    }
}
