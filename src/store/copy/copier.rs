//! Writing the copy: one round after the other, each of which brings it up to what is on disk.

use std::path::{Path, PathBuf};

use super::line::{Chain, Line};
use super::segment::{self, Lines, Name, Segment};
use super::{End, FORMAT, Header, Position};
use crate::clock::Timestamp;
use crate::store::StoreError;
use crate::store::sqlite::copy::Source;

/// The writer of a copy. It keeps nothing that is not in the folder too.
#[derive(Debug)]
pub struct Copier {
    data: PathBuf,
    folder: PathBuf,
    source: Option<Source>,
    reached: Option<Reached>,
    open: Option<Segment>,
}

/// How far a copy reaches.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Reached {
    upto: Position,
    chain: Chain,
    /// The number of the newest segment; 0: there is none.
    segment: u64,
}

/// What a round did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Round {
    /// Lines added, their end apart.
    pub rows: u64,
    /// The key of the newest scan in the copy.
    pub scan: i64,
}

impl Copier {
    /// A copier of the data in `data` into `folder`, which must be there: a disk that is not mounted must not be
    /// mistaken for an empty folder.
    pub const fn new(data: PathBuf, folder: PathBuf) -> Self {
        Self { data, folder, source: None, reached: None, open: None }
    }

    /// Where it writes.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Copies all that is on disk now and not in the copy. After a failure the next round begins where the last whole
    /// one ended, in a new segment.
    pub fn round(&mut self, now: Timestamp) -> Result<Round, StoreError> {
        let done = self.copy(now);
        if done.is_err() {
            (self.source, self.reached) = (None, None);
            if let Some(segment) = self.open.take() {
                segment.give_up();
            }
        }
        done
    }

    fn copy(&mut self, now: Timestamp) -> Result<Round, StoreError> {
        let source = match self.source.take() {
            Some(source) => source,
            None => Source::open(&self.data)?,
        };
        let reached = match self.reached.take() {
            Some(reached) => reached,
            None => self.take_up(&source, now)?,
        };
        let (reached, rows) = self.on(&source, reached, now)?;
        let scan = reached.upto.of("scan");
        (self.source, self.reached) = (Some(source), Some(reached));
        Ok(Round { rows, scan })
    }

    /// Copies what comes after `reached`, piece by piece: no piece holds a state of the data while it is written. What
    /// changes between two pieces comes with the second, so the end of the last one is a state of the data.
    fn on(
        &mut self,
        source: &Source,
        mut reached: Reached,
        now: Timestamp,
    ) -> Result<(Reached, u64), StoreError> {
        let (mut upto, mut rows) = (reached.upto.clone(), 0);
        loop {
            let piece = source.piece(&upto)?;
            upto = piece.upto;
            for line in &piece.lines {
                self.segment(source, &mut reached, now)?.line(line)?;
                rows += 1;
            }
            if piece.is_last {
                break;
            }
        }
        if rows > 0 {
            let end = End { at: now, scan: source.scan_id(upto.of("scan"))?, upto };
            let chain = self.segment(source, &mut reached, now)?.end(&end)?;
            (reached.upto, reached.chain) = (end.upto, chain);
        }
        if self.open.as_ref().is_some_and(|segment| segment.is_full(now)) {
            self.open = None;
        }
        Ok((reached, rows))
    }

    /// The segment that is written, begun if there is none.
    fn segment(
        &mut self,
        source: &Source,
        reached: &mut Reached,
        now: Timestamp,
    ) -> Result<&mut Segment, StoreError> {
        let segment = if let Some(segment) = self.open.take() {
            segment
        } else {
            reached.segment += 1;
            let name = Name { epoch: source.about().epoch, number: reached.segment };
            Segment::begin(&self.folder, name, &header(source, reached, now))?
        };
        Ok(self.open.insert(segment))
    }

    /// Finds where the copy in the folder ends. A folder without a copy of this epoch gets one that begins now.
    fn take_up(&mut self, source: &Source, now: Timestamp) -> Result<Reached, StoreError> {
        let about = source.about();
        let names = segment::of_epoch(&self.folder, about.epoch)?;
        let newest = names.last().map_or(0, |name| name.number);
        for name in names.iter().rev() {
            if let Some((upto, chain, scan)) = end_of(&self.folder, *name, &about.trust)? {
                self.same(source, &upto, scan)?;
                return Ok(Reached { upto, chain, segment: newest });
            }
        }
        let mut reached = Reached { upto: source.position()?, chain: Chain::default(), segment: newest };
        self.segment(source, &mut reached, now)?;
        Ok(reached)
    }

    /// Refuses a copy of other data: one that knows more than they hold, or another scan under the same key.
    fn same(&self, source: &Source, upto: &Position, scan: Option<uuid::Uuid>) -> Result<(), StoreError> {
        let known = source.position()?.covers(upto);
        if known && (scan.is_none() || source.scan_id(upto.of("scan"))? == scan) {
            return Ok(());
        }
        Err(StoreError::Foreign(format!(
            "the copy in {} knows what the data do not: it is of other data, or they were put back without \
             \"casetrack restore\". Keep that folder, and give \"copy\" an empty one",
            self.folder.display()
        )))
    }
}

fn header(source: &Source, reached: &Reached, now: Timestamp) -> Header {
    let about = source.about();
    Header {
        format: FORMAT,
        trust: about.trust.clone(),
        epoch: about.epoch,
        schema: about.schema,
        at: now,
        from: reached.upto.clone(),
        after: reached.chain.hash().to_owned(),
        program: env!("CARGO_PKG_VERSION").to_owned(),
        columns: about.columns.clone(),
    }
}

/// How far a segment reaches, as far as it can be read: its last round that is whole, or else what comes before it.
/// `None`: its header is not whole.
fn end_of(
    folder: &Path,
    name: Name,
    trust: &str,
) -> Result<Option<(Position, Chain, Option<uuid::Uuid>)>, StoreError> {
    let mut lines = Lines::open(folder, name)?;
    let Some(Ok(Line::Begin(header))) = lines.read() else { return Ok(None) };
    if header.trust != trust {
        let file = name.file();
        return Err(StoreError::Foreign(format!("{file} is a copy of the data of {}", header.trust)));
    }
    let mut end = (header.from, Chain::after(header.after), None);
    while let Some(line) = lines.read() {
        match line {
            Ok(Line::End(last)) => {
                end = (last.upto, Chain::after(lines.hash().to_owned()), last.scan);
            }
            Ok(Line::Row(_) | Line::Begin(_)) => {}
            Err(broken) => {
                tracing::warn!(
                    file = name.file(),
                    line = broken.line,
                    why = broken.why,
                    "what comes after this line of the second copy is copied again"
                );
                break;
            }
        }
    }
    Ok(Some(end))
}
