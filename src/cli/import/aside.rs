//! Rows of which somebody must know, in a file beside the imported one, readable by its owner only.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, ErrorKind, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::feeds::{Feed, RejectFile, Rejected};

/// Rows that are held to be put in the file's order: what is told of at the end comes among the rest. Where a file has
/// more, they are in order among so many.
const MAX_HELD: usize = 10_000;

/// A file of rows with their reasons; there is none while there are no rows.
pub struct Aside<'a> {
    path: PathBuf,
    feed: &'a Feed,
    held: Vec<Rejected>,
    file: Option<RejectFile<BufWriter<File>>>,
}

impl<'a> Aside<'a> {
    /// Takes away what an earlier import left there.
    pub fn begin(path: PathBuf, feed: &'a Feed) -> anyhow::Result<Self> {
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(error).with_context(|| failed(&path));
            }
            Ok(()) | Err(_) => {}
        }
        Ok(Self { path, feed, held: Vec::new(), file: None })
    }

    /// Adds a row.
    pub fn add(&mut self, row: Rejected) -> anyhow::Result<()> {
        self.held.push(row);
        if self.held.len() < MAX_HELD { Ok(()) } else { self.write() }
    }

    fn write(&mut self) -> anyhow::Result<()> {
        self.held.sort_by_key(|row| row.origin.row);
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(create(&self.path, self.feed).with_context(|| failed(&self.path))?),
        };
        for row in self.held.drain(..) {
            file.add(&row).with_context(|| failed(&self.path))?;
        }
        Ok(())
    }

    /// Takes away what was written.
    pub fn discard(self) {
        if self.file.is_some() {
            // What stands there says less than it might, and nothing wrong.
            let _ = std::fs::remove_file(&self.path);
        }
    }

    /// Writes what is left; says where, or nothing where there are no rows.
    pub fn end(mut self) -> anyhow::Result<Option<String>> {
        if !self.held.is_empty() {
            self.write()?;
        }
        let Some(file) = self.file else { return Ok(None) };
        file.end()?.flush().with_context(|| failed(&self.path))?;
        Ok(Some(self.path.display().to_string()))
    }
}

fn create(path: &Path, feed: &Feed) -> anyhow::Result<RejectFile<BufWriter<File>>> {
    let out = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    Ok(RejectFile::begin(BufWriter::new(out), feed)?)
}

fn failed(path: &Path) -> String {
    format!("cannot write {}", path.display())
}
