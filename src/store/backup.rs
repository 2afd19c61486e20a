//! Backups: a copy of the database as it stood at one moment, made beside a running service, and the way back.
//!
//! ```text
//! back_up: one read transaction → pages, piece by piece → a hidden file of the backup folder → on disk
//!   → looked at (the database's own check, its counts, its digest) → manifest → database: each renamed once it is on disk
//! restore: manifest → copy, its digest reckoned on the way → a hidden folder beside the new one
//!   → a new epoch, nothing left to print → on disk → renamed
//! ```
//!
//! A file `casetrack-20261128T143000Z.db` with its manifest `casetrack-20261128T143000Z.json` is a backup, and nothing else
//! is. The manifest gets its name first, so that whatever breaks off leaves no database that looks like a backup and is
//! none; what is left hidden is taken away by the next backup.

mod drill;
mod folder;
mod restore;
mod thinning;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::sqlite::copy_out;
use super::{StoreError, Trust};
use crate::clock::Timestamp;
use crate::domain::place::Code;
use folder::Folder;

pub use drill::{Compared, Drill, Verified, drill, last_drill};
pub(super) use folder::room_for;
pub use folder::{backups, newest};
pub use restore::{FROM, restore, restore_and_copy};
pub use thinning::{KEPT_WHOLE_US, LAST_KEPT, thin};

/// The form of manifests that this program writes.
pub const FORMAT: u32 = 1;
/// Bytes that are read, reckoned and written in one go.
const PIECE: usize = 1024 * 1024;
/// Longest manifest that is read, in bytes: one is half a kilobyte.
const MAX_MANIFEST: u64 = 64 * 1024;

/// What a backup holds, written beside it.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Manifest {
    /// The form of this manifest.
    pub format: u32,
    /// When the backup was begun. It holds all that was recorded until then.
    pub made_at: Timestamp,
    /// Whose data they are.
    pub trust: Code,
    /// The version of the data.
    pub schema: u32,
    /// Which life of the log it is of.
    pub epoch: u64,
    /// The key of its newest scan; 0: none.
    pub last_scan: i64,
    /// The key of its newest movement; 0: none.
    pub last_movement: i64,
    /// How many rows its main tables have.
    pub rows: BTreeMap<String, u64>,
    /// The length of the database, in bytes.
    pub bytes: u64,
    /// SHA-256 of the database, in small hexadecimal digits, as `sha256sum` prints it.
    pub sha256: String,
    /// The version of the program that made it.
    pub program: String,
}

/// A backup in its folder.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Backup {
    /// Its database.
    pub file: PathBuf,
    /// What it holds.
    pub manifest: Manifest,
}

/// What is being done.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Stage {
    /// Copying.
    Copying,
    /// Looking at what was copied.
    Checking,
}

/// How far it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Progress {
    /// What is being done.
    pub stage: Stage,
    /// Bytes that are done.
    pub done: u64,
    /// Bytes in all.
    pub of: u64,
}

/// Told how far it is, many times a second; breaks it off.
pub type Watch<'a> = dyn FnMut(Progress) -> ControlFlow<()> + Send + 'a;

/// Backs the data folder up, also beside a running service, into a folder that is there. `now` names the backup.
///
/// A read transaction stands for as long as the copying takes; the write-ahead log grows meanwhile by what is recorded.
pub fn back_up(
    data_dir: &Path,
    folder: &Path,
    now: Timestamp,
    watch: &mut Watch<'_>,
) -> Result<Manifest, StoreError> {
    let folder = Folder::open(folder)?;
    let draft = folder.draft(now)?;
    let (copied, looked) = copy_out::politely(|| {
        let copied = copy_out::copy(data_dir, draft.database(), watch)?;
        let looked = copy_out::look(draft.database(), &copied, watch)?;
        Ok((copied, looked))
    })?;
    let manifest = Manifest {
        format: FORMAT,
        made_at: now,
        trust: copied.trust,
        schema: copied.schema,
        epoch: copied.epoch,
        last_scan: copied.last_scan,
        last_movement: copied.last_movement,
        rows: looked.rows,
        bytes: looked.bytes,
        sha256: looked.sha256,
        program: env!("CARGO_PKG_VERSION").to_owned(),
    };
    draft.publish(&manifest)?;
    Ok(manifest)
}

impl Backup {
    /// The backup whose database this is.
    pub fn at(file: &Path) -> Result<Self, StoreError> {
        let manifest = Manifest::read(&file.with_extension(folder::MANIFEST))?;
        Ok(Self { file: file.to_owned(), manifest })
    }

    /// Reads the whole database again; refuses it if it is not what its manifest says.
    pub fn prove(&self, watch: &mut Watch<'_>) -> Result<(), StoreError> {
        let told = digest(&self.file, watch)?;
        self.is(told.0, &told.1)
    }

    /// Refuses a database of another length or digest.
    fn is(&self, bytes: u64, sha256: &str) -> Result<(), StoreError> {
        if bytes == self.manifest.bytes && *sha256 == self.manifest.sha256 {
            return Ok(());
        }
        Err(refused(format!(
            "{} is not what its manifest says: it is damaged or cut short; use another backup",
            self.file.display()
        )))
    }

    /// Refuses another trust's.
    fn of(&self, trust: &Trust) -> Result<(), StoreError> {
        if self.manifest.trust == trust.0 {
            return Ok(());
        }
        let whose = &self.manifest.trust;
        Err(StoreError::Foreign(format!("the backup is of {whose}, not of {}", trust.0)))
    }
}

impl Manifest {
    /// Reads one; refuses what a newer program wrote.
    fn read(file: &Path) -> Result<Self, StoreError> {
        let mut bytes = Vec::new();
        let opened = File::open(file).and_then(|file| file.take(MAX_MANIFEST).read_to_end(&mut bytes));
        if let Err(source) = opened {
            let missing = source.kind() == std::io::ErrorKind::NotFound;
            return Err(if missing {
                refused(format!("{} is not there: without its manifest it is no backup", file.display()))
            } else {
                io("reading", file)(source)
            });
        }
        let manifest: Self = serde_json::from_slice(&bytes)
            .map_err(|error| refused(format!("{} is no manifest of a backup: {error}", file.display())))?;
        if manifest.format != FORMAT {
            let form = manifest.format;
            return Err(refused(format!(
                "{} is of form {form}: a newer program wrote it; install that one",
                file.display()
            )));
        }
        Ok(manifest)
    }
}

/// Length and SHA-256 of a file.
pub(super) fn digest(file: &Path, watch: &mut Watch<'_>) -> Result<(u64, String), StoreError> {
    reckon(file, Stage::Checking, watch, |_| Ok(()))
}

/// Reads a file from end to end, gives each piece to `take`, and reckons its length and SHA-256.
fn reckon(
    file: &Path,
    stage: Stage,
    watch: &mut Watch<'_>,
    mut take: impl FnMut(&[u8]) -> Result<(), StoreError>,
) -> Result<(u64, String), StoreError> {
    let reading = |source| io("reading", file)(source);
    let mut from = File::open(file).map_err(reading)?;
    let of = from.metadata().map_err(reading)?.len();
    let mut hash = Sha256::new();
    let mut piece = vec![0; PIECE];
    let mut done = 0;
    loop {
        let count = from.read(&mut piece).map_err(reading)?;
        let Some(read) = piece.get(..count).filter(|read| !read.is_empty()) else { break };
        hash.update(read);
        take(read)?;
        done += u64::try_from(count).unwrap_or(0);
        go_on(watch, Progress { stage, done, of })?;
    }
    Ok((done, super::copy::line::hex(&hash.finalize())))
}

/// Tells how far it is; ends it if that is wished.
pub(super) fn go_on(watch: &mut Watch<'_>, progress: Progress) -> Result<(), StoreError> {
    match watch(progress) {
        ControlFlow::Continue(()) => Ok(()),
        ControlFlow::Break(()) => Err(StoreError::Stopped),
    }
}

fn refused(why: String) -> StoreError {
    StoreError::Backup(why)
}

fn io(doing: &str, path: &Path) -> impl FnOnce(std::io::Error) -> StoreError {
    let doing = format!("{doing} {}", path.display());
    move |source| StoreError::Io { doing, source }
}

#[cfg(test)]
mod tests;
