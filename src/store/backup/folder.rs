//! The folder of backups: what is in it, and how a new one gets there whole or not at all.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use super::{Backup, Manifest, io, refused};
use crate::clock::Timestamp;
use crate::store::sqlite::lock::{self, Lock};
use crate::store::sqlite::open::sync_folder;
use crate::store::{StoreError, space};

/// The ending of a database.
pub const DATABASE: &str = "db";
/// The ending of its manifest.
pub const MANIFEST: &str = "json";
/// What the names of backups begin with.
const BEGINS: &str = "casetrack-";
/// What a file is called besides while it is being written.
const HIDDEN: &str = ".";
const PART: &str = "part";
/// Whose lock says who writes here. It is never deleted, like that of a data folder.
const LOCK: &str = ".casetrack-backup.lock";
/// Who may read a backup: its owner. It holds patient data.
const MODE: u32 = 0o600;
/// Backups of one second that are told apart.
const MAX_OF_A_SECOND: u32 = 100;

/// The folder, held by whoever writes a backup into it.
pub struct Folder {
    dir: PathBuf,
    _lock: Lock,
}

/// A backup that is being written; what it left is taken away unless it is published.
pub struct Draft<'a> {
    folder: &'a Folder,
    /// Its name without an ending.
    name: String,
    database: PathBuf,
}

impl Folder {
    /// Takes the lock of a folder that is there, and clears away what a backup left that broke off. A folder that is not
    /// there is not made: its disk may not be mounted.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        if !dir.is_dir() {
            return Err(refused(format!(
                "the backup folder {} is not there: mount its disk, or make it",
                dir.display()
            )));
        }
        let busy = || refused(format!("another backup is being written into {}: wait for it", dir.display()));
        let folder = Self { dir: dir.to_owned(), _lock: lock::take_file(&dir.join(LOCK), busy)? };
        folder.clear()?;
        Ok(folder)
    }

    /// Begins a backup under a name that nothing has.
    pub fn draft(&self, now: Timestamp) -> Result<Draft<'_>, StoreError> {
        let stamp = stamp(now);
        let names = (1..=MAX_OF_A_SECOND).map(|number| match number {
            1 => format!("{BEGINS}{stamp}"),
            number => format!("{BEGINS}{stamp}-{number}"),
        });
        let is_free =
            |name: &String| !self.ready(name, DATABASE).exists() && !self.ready(name, MANIFEST).exists();
        let name = names.into_iter().find(is_free);
        let name = name.ok_or_else(|| refused(format!("{MAX_OF_A_SECOND} backups of {stamp} are there")))?;
        let draft = Draft { folder: self, database: self.part(&name, DATABASE), name };
        make(&draft.database)?;
        Ok(draft)
    }

    /// Takes away what a backup left that broke off, a manifest that got its name before its database did included.
    fn clear(&self) -> Result<(), StoreError> {
        for part in names(&self.dir)?.iter().filter_map(|name| part_of(name)) {
            self.clear_away(&part)?;
        }
        Ok(())
    }

    fn clear_away(&self, name: &str) -> Result<(), StoreError> {
        if !self.ready(name, DATABASE).exists() {
            remove(&self.ready(name, MANIFEST))?;
        }
        remove(&self.part(name, MANIFEST))?;
        remove(&self.part(name, DATABASE))
    }

    /// Takes a whole backup away, so that it is never seen without its manifest.
    pub fn remove(&self, backup: &Backup) -> Result<(), StoreError> {
        let Some(name) = backup.file.file_stem().and_then(OsStr::to_str) else { return Ok(()) };
        let hidden = self.part(name, DATABASE);
        fs::rename(&backup.file, &hidden).map_err(io("removing", &backup.file))?;
        self.clear_away(name)
    }

    fn ready(&self, name: &str, ending: &str) -> PathBuf {
        self.dir.join(format!("{name}.{ending}"))
    }

    fn part(&self, name: &str, ending: &str) -> PathBuf {
        self.dir.join(format!("{HIDDEN}{name}.{ending}.{PART}"))
    }
}

impl Draft<'_> {
    /// Where the database is written.
    pub fn database(&self) -> &Path {
        &self.database
    }

    /// Gives it its name. The database is on disk already; the manifest and its name are before the database gets its own.
    pub fn publish(self, manifest: &Manifest) -> Result<(), StoreError> {
        let Self { folder, name, database } = &self;
        let part = folder.part(name, MANIFEST);
        let text = serde_json::to_string_pretty(manifest).unwrap_or_default() + "\n";
        let mut file = make(&part)?;
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(io("writing", &part))?;
        sync_folder(&folder.dir)?;
        rename(&part, &folder.ready(name, MANIFEST))?;
        sync_folder(&folder.dir)?;
        rename(database, &folder.ready(name, DATABASE))?;
        sync_folder(&folder.dir)
    }
}

impl Drop for Draft<'_> {
    fn drop(&mut self) {
        if self.database.exists()
            && let Err(error) = self.folder.clear_away(&self.name)
        {
            tracing::warn!(%error, "what a backup left that broke off is taken away by the next one");
        }
    }
}

/// The whole backups of a folder, the oldest first. One whose manifest cannot be read is told and left out.
pub fn backups(dir: &Path) -> Result<Vec<Backup>, StoreError> {
    let mut found: Vec<Backup> = Vec::new();
    for name in names(dir)?.iter().filter(|name| is_database(name)) {
        match Backup::at(&dir.join(name)) {
            Ok(backup) => found.push(backup),
            Err(error) => tracing::warn!(name, %error, "this is no whole backup"),
        }
    }
    found.sort_by(|one, other| (one.manifest.made_at, &one.file).cmp(&(other.manifest.made_at, &other.file)));
    Ok(found)
}

/// The newest whole backup of a folder.
pub fn newest(dir: &Path) -> Result<Option<Backup>, StoreError> {
    Ok(backups(dir)?.pop())
}

/// A time as names of files hold it: `20261128T143000Z`.
pub fn stamp(at: Timestamp) -> String {
    at.to_jiff().strftime("%Y%m%dT%H%M%SZ").to_string()
}

fn is_database(name: &str) -> bool {
    let path = Path::new(name);
    name.starts_with(BEGINS) && path.extension() == Some(OsStr::new(DATABASE))
}

/// The name of the backup of which this is a hidden part.
fn part_of(name: &str) -> Option<String> {
    let inner = name.strip_prefix(HIDDEN)?.strip_suffix(PART)?.strip_suffix('.')?;
    let (name, ending) = inner.rsplit_once('.')?;
    (name.starts_with(BEGINS) && [DATABASE, MANIFEST].contains(&ending)).then(|| name.to_owned())
}

fn names(dir: &Path) -> Result<Vec<String>, StoreError> {
    let entries = fs::read_dir(dir).map_err(io("reading", dir))?;
    let mut names = Vec::new();
    for entry in entries {
        names.extend(entry.map_err(io("reading", dir))?.file_name().into_string());
    }
    Ok(names)
}

/// Refuses to fill a disk: beside so many bytes a tenth of them has to be left, for whoever else writes there.
pub fn room_for(dir: &Path, bytes: u64) -> Result<(), StoreError> {
    let free = space::free(dir).map_err(io("looking for room in", dir))?;
    if free >= bytes.saturating_add(bytes / 10) {
        return Ok(());
    }
    let (free, needed) = (free / 1_000_000, bytes / 1_000_000);
    Err(refused(format!(
        "there is too little room in {}: {free} MB are free, {needed} MB are needed and a tenth more; make room",
        dir.display()
    )))
}

/// A new file that only its owner may read.
pub fn make(path: &Path) -> Result<File, StoreError> {
    OpenOptions::new().write(true).create_new(true).mode(MODE).open(path).map_err(io("making", path))
}

fn rename(from: &Path, to: &Path) -> Result<(), StoreError> {
    fs::rename(from, to).map_err(io("naming", to))
}

fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => Err(io("removing", path)(source)),
        Ok(()) | Err(_) => Ok(()),
    }
}
