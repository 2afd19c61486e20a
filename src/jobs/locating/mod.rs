//! Where to look for a folder of this hospital: the engine of [`crate::locate`], fed from the store.
//!
//! ```text
//! the log, by scan key ─ store::taught → lessons → Told → Counts (the follower owns them) ─ published → plans
//! the directory, [locate] ────────────────────→ Terrain (the ground, the order of the shelves) ──┘   ↑
//! one folder ─ store::evidence, whole_set ────→ Case ─────────────────────────────────────────────────┘ → PlanShown
//! ```
//!
//! The follower reads the log outside the scans' transactions, in pieces, and rests between them; nothing is kept up by
//! a scan. What it reads of a movement is what was known when the movement was learnt: the step before it and the
//! appointments that had called the folder, by keys of scans. So counts that are learned anew are those that were
//! followed, to the last bit. What can change beneath them (places, whose they are, the settings) is the ground: on
//! another ground they are learned anew, and the old ones serve until then.
//!
//! # How the log reads
//!
//! | movement | told as |
//! |---|---|
//! | arrived, packed, seen | *in* at that place; nothing if it was tracked there |
//! | filed | *filed* at the library of the shelf; nothing if it was tracked there |
//! | sent, left-at by a scan | *out*, from where the desk stands, to the destination |
//! | an implied arrival, then sent | one *out*: where it was tracked before tells a hidden hop |
//! | an implied arrival whose sending was taken back | the *out* untold, then *in* where it was implied |
//! | sent on a list (ALL) | *out*, one for each folder |
//! | a container's movement | nothing by itself; what was in it was carried there (below) |
//! | imported, inferred, answered, emptied | nothing; the folder was carried there |
//! | gone, seen though gone | nothing; *in* |
//! | undone | untold: each movement of the folder that this undo is the first to take back |
//! | learnt late (past) | told where it was learnt, with what was before it when it happened |
//! | an undo that was learnt before what it takes back | neither is told |
//! | a search's outcome | found: the cell, with what was known when the search was opened and the looks since |
//!
//! *Carried* is a step of a folder's way that teaches no hop, and from which later hops begin. A folder that came in a
//! container and is scanned in where that came to, came from where it was packed.
//!
//! A folder's batch is told with the places where the others went next, which no index over all scans pays for: see
//! `store`'s `mates`. The library that a step has to do with is one that it begins, ends or is scanned at, and not that
//! of the folder's shelf, which an import may change.

pub mod cases;
mod follower;
mod lessons;
mod looking;
mod shown;
mod snapshot;
mod terrain;

use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use tokio::sync::watch;

use crate::clock::Clock;
use crate::config::Locate;
use crate::domain::{SearchId, VolumeId};
use crate::locate::Counts;
use crate::store::{Store, Trust};
use terrain::Terrain;

pub use follower::{Follower, Keeping, Pace, Progress};
pub use looking::{Brief, Likely};
pub use shown::{Learning, LineShown, PlanShown, Share};

/// How long a plan waits for the places and shelves to be read after a start: it is done in some seconds.
const MAX_PATIENCE: Duration = Duration::from_secs(10);

/// What plans are made from.
#[derive(Clone, Debug)]
struct Learned {
    terrain: Arc<Terrain>,
    counts: Arc<Counts>,
    learning: Learning,
}

/// Plans of where to look, and what they are made from. One value for the whole service.
#[derive(Debug)]
pub struct Locating {
    store: Store,
    trust: Trust,
    clock: Clock,
    time_zone: TimeZone,
    settings: Locate,
    learned: watch::Sender<Option<Learned>>,
}

/// What a plan is asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sought {
    /// This search, with its looks.
    Search(SearchId),
    /// This folder, with the looks of its open search if it has one.
    Volume(VolumeId),
}

impl Locating {
    /// Plans from this store, once a [`Follower`] has begun.
    pub fn new(store: Store, trust: Trust, clock: Clock, time_zone: TimeZone, settings: Locate) -> Self {
        Self { store, trust, clock, time_zone, settings, learned: watch::channel(None).0 }
    }

    /// What is learned by now; waits for the ground after a start. None: there is none yet, and it was waited for.
    async fn learned(&self) -> Option<Learned> {
        let mut learned = self.learned.subscribe();
        let there = learned.wait_for(Option::is_some);
        tokio::time::timeout(MAX_PATIENCE, there).await.ok()?.ok()?.clone()
    }
}
