//! Room on the disk: what is left of it, and when the store stops taking before the disk does.
//!
//! A write that the disk refuses ends the writer for good, since nothing is sure after it. So it never comes to that:
//! below a first floor the service says so, below a second one it takes no imports, below a third nothing at all, and
//! what it took until then has its room. Once there is more room again it goes on by itself.

use std::io;
use std::path::{Path, PathBuf};

use crate::clock::Timestamp;

/// Bytes of a megabyte, as disks are sold.
pub const MB: u64 = 1_000_000;
/// Bytes of a gigabyte.
pub const GB: u64 = 1_000 * MB;
/// The least that may be kept free, in bytes: one transaction of 64 scans and writing it back fit in it.
pub const MIN_STOP_BELOW: u64 = MB;
/// A floor is left upwards only with this part of it more: what hovers at a floor does not flap.
const MARGIN: u64 = 4;

/// From how little free room on what is done.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Floors {
    /// Below this it is said, in bytes.
    pub warn_below: u64,
    /// Below this nothing is taken any more, in bytes.
    pub stop_below: u64,
}

impl Floors {
    /// What is kept free where nothing is said. 500 MB hold the write-ahead log at its longest (256 MB), as much of it
    /// again written back into the database, and the files of counts; 1.5 GB above them are a year of a hospital with
    /// 1,000 movements a day, or some weeks of a large one: time to act.
    pub const USUAL: Self = Self { warn_below: 2 * GB, stop_below: 500 * MB };
    /// Nothing is kept free: for data that are begun anew if they do not fit.
    pub const NONE: Self = Self { warn_below: 0, stop_below: 0 };

    /// Below this no import is taken: half-way, so that no import takes the room of the scans.
    pub const fn imports_below(self) -> u64 {
        self.stop_below.midpoint(self.warn_below)
    }

    /// What has to be free for the level to be no worse than this, in bytes.
    pub const fn needed_at(self, level: Level) -> u64 {
        match level {
            Level::Ample => self.warn_below,
            Level::Low => self.imports_below(),
            Level::NoImports => self.stop_below,
            Level::Full => 0,
        }
    }

    const fn of(self, level: Level) -> u64 {
        match level {
            Level::Ample => u64::MAX,
            Level::Low => self.warn_below,
            Level::NoImports => self.imports_below(),
            Level::Full => self.stop_below,
        }
    }

    /// The level with so much free, after another one.
    pub fn level(self, before: Level, free: u64) -> Level {
        let is_below = |level: &Level| {
            let floor = self.of(*level);
            free < if before >= *level { floor.saturating_add(floor / MARGIN) } else { floor }
        };
        [Level::Full, Level::NoImports, Level::Low].into_iter().find(is_below).unwrap_or(Level::Ample)
    }
}

/// How the room stands, the worst last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub enum Level {
    /// There is enough.
    #[default]
    Ample,
    /// It is told.
    Low,
    /// Scans are taken, imports are not.
    NoImports,
    /// Nothing is taken.
    Full,
}

/// The room as it was when it was last looked at.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Room {
    /// Bytes that may still be written, those left out that writing the log back needs.
    pub free: u64,
    /// How that stands.
    pub level: Level,
    /// Since when.
    pub since: Timestamp,
}

impl Room {
    /// Before anybody has looked.
    pub const UNKNOWN: Self = Self { free: u64::MAX, level: Level::Ample, since: Timestamp::EPOCH };

    /// The bytes as people read them.
    pub fn left(&self) -> String {
        bytes(self.free)
    }
}

/// `730 MB`, `1.4 GB`.
pub fn bytes(count: u64) -> String {
    match count {
        GB.. => format!("{}.{} GB", count / GB, count % GB / (GB / 10)),
        MB.. => format!("{} MB", count / MB),
        _ => format!("{} kB", count / 1_000),
    }
}

/// Bytes that a program of this user may still write where `path` is.
pub fn free(path: &Path) -> io::Result<u64> {
    let disk = rustix::fs::statvfs(path)?;
    // What stands in memory alone may not count its blocks.
    if disk.f_blocks == 0 {
        return Ok(u64::MAX);
    }
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// Looks at the room of a data folder, and says once when its level changes.
#[derive(Debug)]
pub struct Gauge {
    dir: PathBuf,
    floors: Floors,
    room: Room,
    is_blind: bool,
}

impl Gauge {
    /// Of this folder; it has not looked yet.
    pub const fn new(dir: PathBuf, floors: Floors) -> Self {
        Self { dir, floors, room: Room::UNKNOWN, is_blind: false }
    }

    /// Which folder's.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// What is kept free.
    pub const fn floors(&self) -> Floors {
        self.floors
    }

    /// As it was when it was last looked at.
    pub const fn room(&self) -> Room {
        self.room
    }

    /// Looks; `owed` are the bytes of the log that are not in the database yet.
    pub fn look(&mut self, owed: u64, now: Timestamp) -> Room {
        match free(&self.dir) {
            Ok(free) => self.saw(free.saturating_sub(owed), now),
            Err(error) if !self.is_blind => {
                self.is_blind = true;
                tracing::error!(%error, "how much room the disk has cannot be asked: it may fill without a word");
            }
            Err(_) => {}
        }
        self.room
    }

    fn saw(&mut self, free: u64, now: Timestamp) {
        self.is_blind = false;
        let level = self.floors.level(self.room.level, free);
        if level == self.room.level {
            self.room.free = free;
            return;
        }
        self.room = Room { free, level, since: now };
        let (free_bytes, floors) = (free, self.floors);
        match level {
            Level::Ample => tracing::info!(free_bytes, "there is room on the disk again"),
            Level::Low => {
                tracing::warn!(free_bytes, warn_below = floors.warn_below, "the disk is getting full");
            }
            Level::NoImports => {
                let imports_below = floors.imports_below();
                tracing::warn!(free_bytes, imports_below, "the disk is nearly full: no imports, scans go on");
            }
            Level::Full => {
                let stop_below = floors.stop_below;
                tracing::error!(
                    free_bytes,
                    stop_below,
                    "the disk is as good as full: nothing is recorded until there is room"
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLOORS: Floors = Floors { warn_below: 2_000, stop_below: 400 };

    #[test]
    fn the_room_is_low_then_without_imports_then_full_and_comes_back_with_a_quarter_more() {
        let mut level = Level::Ample;
        for (free, then) in [
            (2_000, Level::Ample),
            (1_999, Level::Low),
            (2_100, Level::Low),
            (1_200, Level::Low),
            (1_199, Level::NoImports),
            (400, Level::NoImports),
            (399, Level::Full),
            (499, Level::Full),
            (500, Level::NoImports),
            (1_499, Level::NoImports),
            (1_500, Level::Low),
            (2_499, Level::Low),
            (2_500, Level::Ample),
            (0, Level::Full),
            (u64::MAX, Level::Ample),
        ] {
            level = FLOORS.level(level, free);
            assert_eq!(level, then, "with {free}");
        }
        assert_eq!(Floors::NONE.level(Level::Ample, 0), Level::Ample, "without a floor nothing is ever said");
    }

    #[test]
    fn what_is_left_is_told_in_three_figures_at_most() {
        let told = [0, 999_999, MB, 730 * MB, GB, 1_449 * MB, 12_000 * MB].map(bytes);
        assert_eq!(told, ["0 kB", "999 kB", "1 MB", "730 MB", "1.0 GB", "1.4 GB", "12.0 GB"]);
    }

    #[test]
    fn what_the_log_still_owes_the_database_is_not_free() {
        let dir = std::env::temp_dir();
        let mut gauge = Gauge::new(dir.clone(), Floors::USUAL);
        assert_eq!(gauge.look(u64::MAX, Timestamp::EPOCH).level, Level::Full);
        assert!(gauge.look(0, Timestamp::EPOCH).free > 0 && free(&dir).is_ok());
    }
}
