//! The drill: a backup is restored, verified, and compared with the data that it was made of. Only so is it known that
//! there is a way back.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::folder::make;
use super::{Backup, Watch, io, restore};
use crate::clock::Timestamp;
use crate::store::sqlite::copy_out::State;
use crate::store::sqlite::open::{self, Safety, sync_folder};
use crate::store::sqlite::{compare, migrate, running};
use crate::store::{StoreError, Trust, verify};

/// What the names of reports begin with.
const BEGINS: &str = "drill-";
/// The folder in which a drill works, in the folder that it is given.
const ROOM: &str = ".casetrack-drill";

/// What a drill found.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Drill {
    /// When it was begun.
    pub at: Timestamp,
    /// The name of the backup's file.
    pub backup: String,
    /// When the backup was made.
    pub made_at: Timestamp,
    /// What verifying the restored data found.
    pub verified: Verified,
    /// How the restored data compare with the live ones.
    pub compared: Compared,
    /// Whether all was as it should be.
    pub passed: bool,
}

/// What verifying the restored data found.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Verified {
    /// Movements that were read.
    pub movements: u64,
    /// Volumes and containers whose whereabouts were rebuilt.
    pub subjects: u64,
    /// Rows that differ from what the log says.
    pub differences: u64,
    /// The first of them, or what the database says of its file.
    pub first: Option<String>,
}

/// How restored data compare with the live ones, as these were when the backup was made.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Compared {
    /// Why they were not compared.
    pub not_compared: Option<String>,
    /// Rows of the log that were compared.
    pub rows: u64,
    /// Volumes and containers whose whereabouts were compared.
    pub subjects: u64,
    /// Of these, such as have moved since.
    pub moved_since: u64,
    /// What should be the same and is not.
    pub differences: u64,
    /// The first of them.
    pub first: Option<String>,
}

impl Compared {
    /// Not compared.
    pub fn not(why: impl Into<String>) -> Self {
        Self { not_compared: Some(why.into()), ..Self::default() }
    }

    /// Counts a difference; the first is told.
    pub fn differs(&mut self, what: impl FnOnce() -> String) {
        self.differences += 1;
        self.first.get_or_insert_with(what);
    }
}

/// Restores a backup into a folder of its own in `room`, verifies it, compares it with the live data, if there are any,
/// and takes the folder away again.
pub fn drill(
    backup: &Backup,
    live: &Path,
    room: &Path,
    trust: &Trust,
    now: Timestamp,
    watch: &mut Watch<'_>,
) -> Result<Drill, StoreError> {
    let room = Room::clear(room)?;
    restore(&backup.file, &room.0, trust, now, watch)?;
    let manifest = &backup.manifest;
    if manifest.schema < migrate::newest() {
        running::prepare(&room.0, trust, Safety::Loading)?;
    }
    let verified = verified(&room.0)?;
    let of = State {
        trust: manifest.trust.clone(),
        schema: manifest.schema,
        epoch: manifest.epoch,
        last_scan: manifest.last_scan,
        last_movement: manifest.last_movement,
    };
    let compared = if open::file(live).exists() {
        compare::compare(&room.0, live, &of)?
    } else {
        Compared::not(format!("{} holds no data", live.display()))
    };
    let name = backup.file.file_name().map(|name| name.to_string_lossy().into_owned());
    Ok(Drill {
        at: now,
        backup: name.unwrap_or_default(),
        made_at: manifest.made_at,
        passed: verified.differences == 0 && verified.first.is_none() && compared.differences == 0,
        verified,
        compared,
    })
}

fn verified(dir: &Path) -> Result<Verified, StoreError> {
    let report = verify(dir)?;
    Ok(Verified {
        movements: report.movements,
        subjects: report.subjects,
        differences: report.differences,
        first: report.damage.or(report.first),
    })
}

impl Drill {
    /// Lays the report beside the backups, for programs (`.json`) and for people (`.txt`); where it is.
    pub fn report(&self, dir: &Path) -> Result<PathBuf, StoreError> {
        let name = format!("{BEGINS}{}", super::folder::stamp(self.at));
        let (json, text) = (dir.join(format!("{name}.json")), dir.join(format!("{name}.txt")));
        let told = serde_json::to_string_pretty(self).unwrap_or_default() + "\n";
        for (path, told) in [(&text, self.as_text()), (&json, told)] {
            let mut file = make(path)?;
            file.write_all(told.as_bytes()).and_then(|()| file.sync_all()).map_err(io("writing", path))?;
        }
        sync_folder(dir)?;
        Ok(text)
    }

    /// The report as people read it.
    pub fn as_text(&self) -> String {
        let Verified { movements, subjects, differences, first } = &self.verified;
        let mut text = format!("Drill of {} with {}, made {}\n", self.at, self.backup, self.made_at);
        let mut line = |words: std::fmt::Arguments<'_>| {
            // Writing to a string does not fail.
            let _ = writeln!(text, "{words}");
        };
        line(format_args!(
            "restored and verified: {movements} movements of {subjects} volumes and containers, {differences} differences"
        ));
        if let Some(first) = first {
            line(format_args!("  the first: {first}"));
        }
        let Compared { not_compared, rows, subjects, moved_since, differences, first } = &self.compared;
        match not_compared {
            Some(why) => line(format_args!("not compared with the live data: {why}")),
            None => line(format_args!(
                "compared with the live data: {rows} rows of the log and the whereabouts of {subjects} volumes and containers, \
                 of which {moved_since} have moved since; {differences} differences"
            )),
        }
        if let Some(first) = first {
            line(format_args!("  the first: {first}"));
        }
        line(format_args!("{}", if self.passed { "passed" } else { "FAILED: see recovery.md" }));
        text
    }
}

/// The newest report of a folder of backups that can be read.
pub fn last_drill(dir: &Path) -> Result<Option<Drill>, StoreError> {
    let mut newest: Option<Drill> = None;
    for entry in fs::read_dir(dir).map_err(io("reading", dir))? {
        let path = entry.map_err(io("reading", dir))?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if !name.starts_with(BEGINS) || path.extension().is_none_or(|ending| ending != "json") {
            continue;
        }
        let read = fs::read(&path).ok().and_then(|bytes| serde_json::from_slice::<Drill>(&bytes).ok());
        newest = newest.into_iter().chain(read).max_by_key(|drill| drill.at);
    }
    Ok(newest)
}

/// Where a drill works; taken away with it.
struct Room(PathBuf);

impl Room {
    /// What a drill left that broke off is taken away.
    fn clear(dir: &Path) -> Result<Self, StoreError> {
        let room = dir.join(ROOM);
        match fs::remove_dir_all(&room) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                Err(io("removing", &room)(source))
            }
            Ok(()) | Err(_) => Ok(Self(room)),
        }
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(%error, dir = %self.0.display(), "what a drill restored cannot be taken away");
        }
    }
}
