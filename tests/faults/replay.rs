//! A disk that loses what was not synced: replays a recorded program up to a moment, then cuts the power.
//!
//! What a sync covered is kept. Of what was written to a file since, each write is by chance kept, lost, or torn at a
//! sector; a name made, changed or taken away is by chance there or not until its folder was synced.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::program::random::Random;
use super::trace::{Deed, Event};

/// Bytes that a disk writes whole or not at all.
const SECTOR: usize = 512;

/// Moments by chance beside those at syncs.
const MORE_MOMENTS: usize = 60;

/// A file's content, apart from its names.
type Inode = usize;

#[derive(Clone, Debug)]
enum Change {
    Write { offset: usize, bytes: Vec<u8> },
    Length(usize),
}

#[derive(Clone, Debug)]
enum Naming {
    Given(PathBuf, Inode),
    Taken(PathBuf),
    Moved(PathBuf, PathBuf, Inode),
}

#[derive(Clone, Debug, Default)]
struct Content {
    durable: Vec<u8>,
    pending: Vec<(usize, Change)>,
}

/// What is on the disk for certain, and what may be.
#[derive(Clone, Debug)]
pub struct Disk {
    root: PathBuf,
    contents: Vec<Content>,
    /// What the running program sees.
    names: BTreeMap<PathBuf, Inode>,
    /// What is certain after a power cut.
    durable_names: BTreeMap<PathBuf, Inode>,
    pending_names: Vec<(usize, Naming)>,
    folders: Vec<PathBuf>,
}

impl Disk {
    /// An empty folder.
    pub fn empty(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
            contents: Vec::new(),
            names: BTreeMap::new(),
            durable_names: BTreeMap::new(),
            pending_names: Vec::new(),
            folders: vec![root.to_owned()],
        }
    }

    /// The disk as it stands under `root`, all of it durable.
    pub fn of(root: &Path) -> Self {
        let mut disk = Self::empty(root);
        disk.folders.clear();
        disk.take_in(root);
        disk
    }

    /// The recorded program has ended: whatever it wrote is older than anything in the next record.
    pub fn next_record(&mut self) {
        for (ended, _) in self.contents.iter_mut().flat_map(|content| content.pending.iter_mut()) {
            *ended = 0;
        }
        for (ended, _) in &mut self.pending_names {
            *ended = 0;
        }
    }

    fn take_in(&mut self, folder: &Path) {
        self.folders.push(folder.to_owned());
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                self.take_in(&path);
            } else if path.is_file() {
                let durable = std::fs::read(&path).unwrap();
                self.contents.push(Content { durable, pending: Vec::new() });
                self.names.insert(path.clone(), self.contents.len() - 1);
                self.durable_names.insert(path, self.contents.len() - 1);
            }
        }
    }

    /// Lets the program go one deed further; deeds outside the folder are none of this disk's.
    pub fn apply(&mut self, event: &Event) {
        let ended = event.ended;
        match &event.deed {
            Deed::Wrote { file, offset, bytes } => {
                self.change(file, ended, Change::Write { offset: *offset, bytes: bytes.clone() });
            }
            Deed::Cut { file, length } => self.change(file, ended, Change::Length(*length)),
            Deed::Synced { file } => self.sync(file, event.begun),
            Deed::Made { file } if self.holds(file) && !self.names.contains_key(file) => {
                self.contents.push(Content::default());
                let inode = self.contents.len() - 1;
                self.names.insert(file.clone(), inode);
                self.pending_names.push((ended, Naming::Given(file.clone(), inode)));
            }
            Deed::MadeFolder { folder } if self.holds(folder) && !self.folders.contains(folder) => {
                self.folders.push(folder.clone());
            }
            Deed::Renamed { from, to } => {
                if let Some(inode) = self.names.remove(from) {
                    self.names.insert(to.clone(), inode);
                    self.pending_names.push((ended, Naming::Moved(from.clone(), to.clone(), inode)));
                }
            }
            Deed::Removed { file } => {
                if self.names.remove(file).is_some() {
                    self.pending_names.push((ended, Naming::Taken(file.clone())));
                }
            }
            Deed::Made { .. } | Deed::MadeFolder { .. } | Deed::Said { .. } => {}
        }
    }

    fn holds(&self, path: &Path) -> bool {
        path.starts_with(&self.root)
    }

    fn change(&mut self, file: &Path, ended: usize, change: Change) {
        if let Some(inode) = self.names.get(file) {
            self.contents[*inode].pending.push((ended, change));
        }
    }

    /// Makes durable what had been written before the sync began.
    fn sync(&mut self, file: &Path, begun: usize) {
        if let Some(inode) = self.names.get(file) {
            let content = &mut self.contents[*inode];
            let (covered, later) =
                std::mem::take(&mut content.pending).into_iter().partition(|(ended, _)| *ended <= begun);
            content.pending = later;
            for (_, change) in covered {
                make(&mut content.durable, &change);
            }
        } else if self.folders.iter().any(|folder| folder == file) {
            let (covered, later) = std::mem::take(&mut self.pending_names)
                .into_iter()
                .partition(|(ended, naming)| *ended <= begun && naming.is_in(file));
            self.pending_names = later;
            for (_, naming) in covered {
                naming.make(&mut self.durable_names);
            }
        }
    }

    /// Cuts the power and writes what is left under `target`.
    pub fn cut_power(&self, random: &Random, target: &Path) {
        let mut names = self.durable_names.clone();
        for (_, naming) in &self.pending_names {
            if random.one_in(2) {
                naming.make(&mut names);
            }
        }
        for folder in &self.folders {
            std::fs::create_dir_all(target.join(folder.strip_prefix(&self.root).unwrap())).unwrap();
        }
        for (name, inode) in names {
            let left = self.contents[inode].after_power_cut(random);
            std::fs::write(target.join(name.strip_prefix(&self.root).unwrap()), left).unwrap();
        }
    }
}

impl Naming {
    fn is_in(&self, folder: &Path) -> bool {
        match self {
            Self::Given(name, _) | Self::Taken(name) => name.parent() == Some(folder),
            Self::Moved(from, to, _) => from.parent() == Some(folder) && to.parent() == Some(folder),
        }
    }

    fn make(&self, names: &mut BTreeMap<PathBuf, Inode>) {
        match self {
            Self::Given(name, inode) => {
                names.insert(name.clone(), *inode);
            }
            Self::Taken(name) => {
                names.remove(name);
            }
            Self::Moved(from, to, inode) => {
                names.remove(from);
                names.insert(to.clone(), *inode);
            }
        }
    }
}

impl Content {
    fn after_power_cut(&self, random: &Random) -> Vec<u8> {
        let mut left = self.durable.clone();
        // Some cuts lose everything or nothing, as caches do; the rest are a mixture.
        let mood = random.below(4);
        for (_, change) in &self.pending {
            let fate = if mood < 2 { mood } else { random.below(3) };
            match (fate, change) {
                (1, change) => make(&mut left, change),
                (2, Change::Write { offset, bytes }) => tear(&mut left, *offset, bytes, random),
                _ => {}
            }
        }
        left
    }
}

fn make(content: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Length(length) => content.resize(*length, 0),
        Change::Write { offset, bytes } => put(content, *offset, bytes),
    }
}

/// Each sector of the write is there or not.
fn tear(content: &mut Vec<u8>, offset: usize, bytes: &[u8], random: &Random) {
    let mut at = 0;
    while at < bytes.len() {
        let sector_end = ((offset + at) / SECTOR + 1) * SECTOR - offset;
        let end = sector_end.min(bytes.len());
        if random.one_in(2) {
            put(content, offset + at, &bytes[at..end]);
        }
        at = end;
    }
}

fn put(content: &mut Vec<u8>, offset: usize, bytes: &[u8]) {
    let end = offset + bytes.len();
    if content.len() < end {
        content.resize(end, 0);
    }
    content[offset..end].copy_from_slice(bytes);
}

/// Moments worth cutting the power at: places in the list of events, `0..=len`.
///
/// Every moment just after a sync and just before it, and as many between by chance; or one in `share` of them.
pub fn moments(events: &[Event], root: &Path, share: usize, random: &Random) -> Vec<usize> {
    let mut moments = Vec::new();
    let relevant = |event: &Event| match &event.deed {
        Deed::Synced { file } => file.starts_with(root),
        _ => false,
    };
    let first = events.iter().position(relevant).unwrap_or(0);
    for (at, event) in events.iter().enumerate() {
        if relevant(event) {
            moments.extend([at, at + 1, random.between(first, events.len())]);
        }
    }
    moments.retain(|_| random.one_in(share));
    // A program that hardly syncs still gets its cuts.
    let more = MORE_MOMENTS / share.min(3);
    moments.extend((0..more).map(|_| random.between(first.min(events.len() / 2), events.len())));
    moments.sort_unstable();
    moments.dedup();
    moments.push(events.len());
    moments
}
