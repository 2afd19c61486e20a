//! The follower: reads the log behind the scans and keeps the counts.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::cases::{Question, case};
use super::lessons::moved;
use super::looking::{asking, in_vain};
use super::terrain::Terrain;
use super::{Learned, Learning, Locating, snapshot};
use crate::clock::SECOND_US;
use crate::domain::VolumeId;
use crate::domain::directory::Directory;
use crate::domain::search::Search;
use crate::locate::{Counts, Moved, Told};
use crate::store::StoreError;
use crate::store::locating::{Lesson, Passage};

/// The log is looked at so often: a plan that does not know the last two seconds is none the worse.
const EVERY: Duration = Duration::from_secs(2);
/// The counts are put into their file so often while the log grows: a start reads what came since.
const SAVED_EVERY_US: i64 = 600 * SECOND_US;
/// While a long stretch of the log is read, the counts are published so often.
const PUBLISHED_EVERY_US: i64 = 30 * SECOND_US;
/// How much of the machine the follower takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Pace {
    /// After each piece it rests for as long as the piece took: scans and lists go first.
    Gentle,
    /// It does not rest: nobody else is there.
    Flat,
}

/// What becomes of the counts' file in the data folder.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Keeping {
    /// It is read at the beginning and written now and then: by whoever has the lock.
    Kept(PathBuf),
    /// It is read at the beginning.
    Read(PathBuf),
    /// There is none.
    Nothing,
}

impl Keeping {
    const fn read(&self) -> Option<&PathBuf> {
        match self {
            Self::Kept(dir) | Self::Read(dir) => Some(dir),
            Self::Nothing => None,
        }
    }

    const fn written(&self) -> Option<&PathBuf> {
        match self {
            Self::Kept(dir) => Some(dir),
            Self::Read(_) | Self::Nothing => None,
        }
    }
}

/// How far the log is read.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Progress {
    /// The last scan that is known to the counts.
    pub upto: i64,
    /// Whether that was the newest.
    pub is_all: bool,
}

/// Reads the log and publishes what it teaches.
#[derive(Debug)]
pub struct Follower {
    locating: Arc<Locating>,
    pace: Pace,
    keeping: Keeping,
    ground: Option<Standing>,
    counts: Counts,
    upto: i64,
    saved_at_us: i64,
    saved_upto: i64,
    published_at_us: i64,
}

/// The ground that the counts are learned on.
#[derive(Debug)]
struct Standing {
    terrain: Arc<Terrain>,
    /// The directory that was last compared with it.
    directory: Arc<Directory>,
    /// The last folder on its shelves.
    shelved: Option<VolumeId>,
}

impl Follower {
    /// A follower that has read nothing.
    pub fn new(locating: Arc<Locating>, pace: Pace, keeping: Keeping) -> Self {
        Self {
            locating,
            pace,
            keeping,
            ground: None,
            counts: Counts::default(),
            upto: 0,
            saved_at_us: 0,
            saved_upto: 0,
            published_at_us: 0,
        }
    }

    /// Follows until the service stops; what fails is tried again at the next turn.
    pub async fn run(mut self, mut stopping: watch::Receiver<bool>) {
        loop {
            let followed = tokio::select! {
                followed = self.catch_up() => followed,
                _ = stopping.wait_for(|stopping| *stopping) => return,
            };
            if let Err(error) = followed {
                tracing::warn!(%error, "the log could not be followed for the plans of searches");
            }
            if tokio::time::timeout(EVERY, stopping.wait_for(|stopping| *stopping)).await.is_ok() {
                return;
            }
        }
    }

    /// Reads all that is new and publishes it.
    pub async fn catch_up(&mut self) -> Result<(), StoreError> {
        self.stand().await?;
        let before = self.upto;
        while !self.step().await?.is_all {}
        if self.upto != before || self.published_at_us == 0 {
            self.publish(Learning::Ready);
        }
        self.save_now_and_then().await;
        Ok(())
    }

    /// Reads one piece.
    pub async fn step(&mut self) -> Result<Progress, StoreError> {
        let began_us = self.now_us();
        let locating = self.locating.clone();
        let taught = locating.store.taught(&locating.trust, self.upto).await?;
        for (_, lesson) in &taught.lessons {
            self.learn(lesson).await?;
        }
        self.upto = taught.upto;
        if !taught.is_all {
            self.between_pieces(began_us).await;
        }
        Ok(Progress { upto: taught.upto, is_all: taught.is_all })
    }

    /// The counts as they stand.
    pub const fn counts(&self) -> &Counts {
        &self.counts
    }

    async fn between_pieces(&mut self, began_us: i64) {
        if self.published_at_us == 0 || self.now_us() - self.published_at_us > PUBLISHED_EVERY_US {
            self.publish(Learning::Reading { upto: self.upto });
        }
        let took_us = u64::try_from(self.now_us() - began_us).unwrap_or(0);
        match self.pace {
            Pace::Gentle => tokio::time::sleep(Duration::from_micros(took_us)).await,
            Pace::Flat => tokio::task::yield_now().await,
        }
    }

    async fn learn(&mut self, lesson: &Lesson) -> Result<(), StoreError> {
        let Some(standing) = &self.ground else { return Ok(()) };
        let terrain = standing.terrain.clone();
        let (told, learned_at) = match lesson {
            Lesson::Passed(passage) => (self.moved(&terrain, passage).map(Told::Moved), passage.learned_at),
            Lesson::TakenBack { passage, learned_at } => {
                let untold = |moved| Told::Untold { moved, learned_at: passage.learned_at };
                (self.moved(&terrain, passage).map(untold), *learned_at)
            }
            Lesson::Found { search, opened, learned_at } => {
                (self.found(&terrain, search, *opened).await?, *learned_at)
            }
        };
        if let Some(told) = told {
            self.counts.tell(&terrain.ground, learned_at, &told);
        }
        Ok(())
    }

    fn moved(&self, terrain: &Terrain, passage: &Passage) -> Option<Moved> {
        moved(terrain, self.locating.settings.fetched, passage)
    }

    /// The outcome of a search, with what was known when it was opened and the looks since. None: the folder lay where
    /// nobody could have looked, such as in somebody's hands.
    async fn found(
        &self,
        terrain: &Terrain,
        search: &Search,
        opened: i64,
    ) -> Result<Option<Told>, StoreError> {
        let cell = search.found.as_ref().and_then(|found| terrain.cell(&found.spot));
        let (store, trust) = (&self.locating.store, &self.locating.trust);
        let known = store.evidence(trust, search.volume, Some(opened), terrain.in_libraries()).await?;
        let (Some(cell), Some(evidence)) = (cell, known) else { return Ok(None) };
        let question = Question {
            now: search.opened_at,
            asking: asking(terrain, search),
            in_vain: &in_vain(search),
            fetched: self.locating.settings.fetched,
        };
        Ok(Some(Told::Found { case: Box::new(case(terrain, &evidence, &question)), cell }))
    }

    /// Sees to it that there is a ground, and that it is the directory's. On another one the counts begin anew: from
    /// their file, if it was learned on this one.
    async fn stand(&mut self) -> Result<(), StoreError> {
        let directory = self.locating.store.directory().borrow().clone();
        let settings = &self.locating.settings;
        let is_new = match &mut self.ground {
            None => true,
            Some(standing) if Arc::ptr_eq(&standing.directory, &directory) => false,
            Some(standing) => {
                let now = Terrain::new(directory.clone(), settings);
                let same = now.print == standing.terrain.print;
                standing.directory = directory.clone();
                if same {
                    // Names and telephones may be others.
                    let mut terrain = (*standing.terrain).clone();
                    terrain.directory = directory.clone();
                    standing.terrain = Arc::new(terrain);
                    self.published_at_us = 0;
                }
                !same
            }
        };
        if is_new {
            self.begin(directory).await?;
        }
        self.shelve().await
    }

    async fn begin(&mut self, directory: Arc<Directory>) -> Result<(), StoreError> {
        let mut terrain = Terrain::new(directory.clone(), &self.locating.settings);
        let shelved = self.shelve_all(&mut terrain, None).await?;
        let print = terrain.print;
        self.ground = Some(Standing { terrain: Arc::new(terrain), directory, shelved });
        (self.upto, self.counts) = self.saved(print).await?.unwrap_or_default();
        tracing::info!(scan = self.upto, "the log is read for the plans of searches");
        if self.locating.learned.borrow().is_none() {
            self.publish(Learning::Reading { upto: self.upto });
        }
        Ok(())
    }

    /// Puts folders that came since onto the shelves.
    async fn shelve(&mut self) -> Result<(), StoreError> {
        let locating = self.locating.clone();
        let known = locating.store.figures(&locating.trust).await?.volumes;
        let Some(standing) = &self.ground else { return Ok(()) };
        let shelved = standing.shelved.map_or(0, VolumeId::key);
        if i64::try_from(known).unwrap_or(i64::MAX) <= shelved {
            return Ok(());
        }
        let mut terrain = (*standing.terrain).clone();
        let shelved = self.shelve_all(&mut terrain, standing.shelved).await?;
        if let Some(standing) = &mut self.ground {
            (standing.terrain, standing.shelved) = (Arc::new(terrain), shelved);
            self.published_at_us = 0;
        }
        Ok(())
    }

    /// Puts the folders after `after` onto the shelves of a ground; says which was the last.
    async fn shelve_all(
        &self,
        terrain: &mut Terrain,
        after: Option<VolumeId>,
    ) -> Result<Option<VolumeId>, StoreError> {
        let (store, trust) = (&self.locating.store, &self.locating.trust);
        let mut last = after;
        let mut folders = Vec::new();
        loop {
            let piece = store.filed_numbers(trust, last).await?;
            let Some((newest, _, _)) = piece.last() else { break };
            last = Some(*newest);
            folders.extend(terrain.to_shelve(&piece));
        }
        terrain.shelve(&folders);
        Ok(last)
    }

    /// The counts in the file, and the last scan that they know, if they were learned on this ground.
    async fn saved(&self, print: [u8; 8]) -> Result<Option<(i64, Counts)>, StoreError> {
        let Some(dir) = self.keeping.read().cloned() else { return Ok(None) };
        let newest = self.locating.store.newest(&self.locating.trust).await?;
        let load = move || snapshot::load(&dir, newest.epoch, print);
        Ok(tokio::task::spawn_blocking(load).await.ok().flatten())
    }

    /// Puts the counts into their file, if that was long ago. What fails is told, and tried again.
    async fn save_now_and_then(&mut self) {
        let is_due = self.saved_upto == 0 || self.now_us() - self.saved_at_us > SAVED_EVERY_US;
        if is_due && self.upto != self.saved_upto {
            self.save().await;
        }
    }

    /// Puts the counts into their file.
    pub async fn save(&mut self) {
        let (Some(dir), Some(standing)) = (self.keeping.written().cloned(), &self.ground) else { return };
        let newest = self.locating.store.newest(&self.locating.trust).await;
        let Ok(epoch) = newest.map(|newest| newest.epoch) else { return };
        let mark = snapshot::Mark { epoch, upto: self.upto, print: standing.terrain.print };
        let counts = self.counts.clone();
        let saved = tokio::task::spawn_blocking(move || snapshot::save(&dir, mark, &counts)).await;
        match saved {
            Ok(Ok(())) => (self.saved_at_us, self.saved_upto) = (self.now_us(), self.upto),
            Ok(Err(error)) => tracing::warn!(%error, "the counts could not be put into their file"),
            Err(error) => tracing::warn!(%error, "the counts could not be put into their file"),
        }
    }

    fn publish(&mut self, learning: Learning) {
        let Some(standing) = &self.ground else { return };
        let learned =
            Learned { terrain: standing.terrain.clone(), counts: Arc::new(self.counts.clone()), learning };
        self.locating.learned.send_replace(Some(learned));
        self.published_at_us = self.now_us().max(1);
    }

    fn now_us(&self) -> i64 {
        self.locating.clock.read().boot_us
    }
}
