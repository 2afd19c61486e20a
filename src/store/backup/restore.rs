//! From a backup to a data folder: a new one, never one that is there.

use std::fs::{self, DirBuilder};
use std::io::Write;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use super::folder::{self, make};
use super::{Backup, Manifest, Stage, Watch, io, reckon, refused};
use crate::clock::Timestamp;
use crate::store::sqlite::lock::{self, Lock};
use crate::store::sqlite::{migrate, open, reborn};
use crate::store::{StoreError, Trust};

/// The manifest of the backup from which a data folder was restored, kept in it.
pub const FROM: &str = "restored-from.json";

/// Restores a backup, or the newest one of a folder of backups, into a new data folder. An older version is taken: the
/// service migrates it when it is started. The log begins a new life there, and no print job that waits is printed.
pub fn restore(
    backup: &Path,
    new: &Path,
    trust: &Trust,
    now: Timestamp,
    watch: &mut Watch<'_>,
) -> Result<Manifest, StoreError> {
    open::check_library()?;
    let backup = named(backup)?;
    backup.of(trust)?;
    let (found, known) = (backup.manifest.schema, migrate::newest());
    if found > known {
        return Err(StoreError::Newer { found, known });
    }
    let draft = Draft::begin(new)?;
    copy(&backup, &open::file(&draft.dir), watch)?;
    reborn::begin(&draft.dir, &backup.manifest, trust, now)?;
    draft.note(&backup.manifest)?;
    draft.finish()?;
    Ok(backup.manifest)
}

fn named(backup: &Path) -> Result<Backup, StoreError> {
    if !backup.is_dir() {
        return Backup::at(backup);
    }
    let none = || refused(format!("{} holds no whole backup: name another folder", backup.display()));
    folder::newest(backup)?.ok_or_else(none)
}

/// Copies the database and compares it with its manifest on the way.
fn copy(backup: &Backup, to: &Path, watch: &mut Watch<'_>) -> Result<(), StoreError> {
    let mut file = make(to)?;
    let write = |piece: &[u8]| file.write_all(piece).map_err(io("writing", to));
    let (bytes, sha256) = reckon(&backup.file, Stage::Copying, watch, write)?;
    backup.is(bytes, &sha256)?;
    file.sync_all().map_err(io("writing", to))
}

/// A data folder that is being restored, under a name that nobody takes for one; taken away unless it is finished.
struct Draft {
    dir: PathBuf,
    new: PathBuf,
    above: PathBuf,
    _lock: Lock,
}

impl Draft {
    fn begin(new: &Path) -> Result<Self, StoreError> {
        is_absent(new)?;
        let name = new.file_name().ok_or_else(|| refused(format!("{} names no folder", new.display())))?;
        let above = new.parent().unwrap_or(Path::new("")).to_owned();
        if !above.as_os_str().is_empty() {
            open::make_folder(&above)?;
        }
        let dir = above.join(format!(".{}.restoring", name.to_string_lossy()));
        match DirBuilder::new().mode(0o700).create(&dir) {
            Err(source) if source.kind() != std::io::ErrorKind::AlreadyExists => {
                return Err(io("making", &dir)(source));
            }
            Ok(()) | Err(_) => {}
        }
        let lock = lock::take(&dir)?;
        let draft = Self { dir, new: new.to_owned(), above, _lock: lock };
        draft.empty()?;
        Ok(draft)
    }

    /// Takes away what a restore left that broke off, but for the lock.
    fn empty(&self) -> Result<(), StoreError> {
        let dir = &self.dir;
        for entry in fs::read_dir(dir).map_err(io("reading", dir))? {
            let path = entry.map_err(io("reading", dir))?.path();
            if !path.ends_with(lock::FILE) {
                fs::remove_file(&path).map_err(io("removing", &path))?;
            }
        }
        Ok(())
    }

    /// Writes down which backup it was.
    fn note(&self, manifest: &Manifest) -> Result<(), StoreError> {
        let path = self.dir.join(FROM);
        let text = serde_json::to_string_pretty(manifest).unwrap_or_default() + "\n";
        let mut file = make(&path)?;
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(io("writing", &path))
    }

    /// Gives it its name: only what is whole and on disk has it.
    fn finish(self) -> Result<(), StoreError> {
        open::sync_folder(&self.dir)?;
        is_absent(&self.new)?;
        fs::rename(&self.dir, &self.new).map_err(io("naming", &self.new))?;
        open::sync_folder(&self.above)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if self.dir.exists()
            && let Err(error) = fs::remove_dir_all(&self.dir)
        {
            tracing::warn!(%error, dir = %self.dir.display(), "what a restore left cannot be taken away");
        }
    }
}

fn is_absent(new: &Path) -> Result<(), StoreError> {
    if new.symlink_metadata().is_err() {
        return Ok(());
    }
    Err(refused(format!(
        "{} is there already, and a restore overwrites nothing: name a folder that is not there",
        new.display()
    )))
}
