//! Before anyone asks: where to sweep next, and which folders of the coming clinics are probably not where the log has
//! them. Both are made of many plans; so they are made ahead, a few at a time, and told to whoever looks.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;

use super::locating::{Brief, Locating};
use crate::clock::{Clock, DAY_US, Timestamp};
use crate::domain::directory::Directory;
use crate::domain::filing::Filings;
use crate::domain::place::PlaceKind;
use crate::domain::search::{Search, Spot};
use crate::domain::sweep::GOES_ON_US;
use crate::domain::sweep::next::{Guess, NextSweep, Standing, rank};
use crate::domain::{PlaceId, VolumeId};
use crate::store::searches::{Register, SearchFilter, SearchLine};
use crate::store::{Page, Store, StoreError, Trust};

/// All is made anew so often: a search that was opened since changes little.
const EVERY: Duration = Duration::from_mins(10);
/// The first time waits for the service to be up and the log to be read.
const FIRST_AFTER: Duration = Duration::from_secs(5);
/// Plans that are made before a rest, and the rest: whoever waits for a plan of their own goes between.
const AT_A_TIME: usize = 8;
const REST: Duration = Duration::from_millis(40);
/// Open searches that are looked at, the oldest first: more than are open in any hospital that finds its folders.
const MAX_SEARCHES: usize = 200;
/// Folders of coming clinics that are judged, the next clinic first: two days of a large hospital.
const MAX_JUDGED: usize = 1_500;
/// So far ahead are clinics judged: five working days, whatever weekend lies between.
const AHEAD_US: i64 = 9 * DAY_US;
/// Newest sweeps from which it is learnt how many folders stand wrongly.
const SWEEPS: usize = 12;
/// Newest sweeps among which those of the last hours are.
const MAX_SWEPT: usize = 100;
/// A chance below this is low: of ten such folders more than four are not there.
pub const LOW: f64 = 0.6;

/// What was made.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Ahead {
    /// When; none: not yet.
    pub at: Option<Timestamp>,
    /// Where to sweep next, the best first.
    pub sweeps: Vec<NextSweep>,
    /// Folders of coming clinics with a low chance of being where the log has them, and that chance.
    pub unlikely: Arc<HashMap<VolumeId, f64>>,
}

/// What the making needs.
pub struct LookingAhead {
    /// Where it reads.
    pub store: Store,
    /// Whose data.
    pub trust: Trust,
    /// Tells when it is.
    pub clock: Clock,
    /// How the libraries file.
    pub filings: Arc<Filings>,
    /// Makes plans.
    pub locating: Arc<Locating>,
}

impl LookingAhead {
    /// Makes and tells for ever; what fails is tried again at the next turn.
    pub async fn run(self, told: watch::Sender<Arc<Ahead>>) {
        tokio::time::sleep(FIRST_AFTER).await;
        loop {
            match self.make().await {
                Ok(ahead) => _ = told.send_replace(Arc::new(ahead)),
                Err(error) => tracing::warn!(%error, "looking ahead has failed"),
            }
            tokio::time::sleep(EVERY).await;
        }
    }

    /// All of it, now.
    pub async fn make(&self) -> Result<Ahead, StoreError> {
        let at = self.clock.now();
        let sweeps = self.sweeps(at).await?;
        let called = self.store.called_for(&self.trust, at, at.plus_micros(AHEAD_US), MAX_JUDGED).await?;
        let judged = self.briefs(&called).await?;
        let low = judged.into_iter().filter(|brief| brief.there < LOW);
        let unlikely = Arc::new(low.map(|brief| (brief.volume, brief.there)).collect());
        Ok(Ahead { at: Some(at), sweeps, unlikely })
    }

    async fn briefs(&self, volumes: &[VolumeId]) -> Result<Vec<Brief>, StoreError> {
        let mut briefs = Vec::with_capacity(volumes.len());
        for some in volumes.chunks(AT_A_TIME) {
            briefs.extend(self.locating.brief(some).await?);
            tokio::time::sleep(REST).await;
        }
        Ok(briefs)
    }

    async fn sweeps(&self, now: Timestamp) -> Result<Vec<NextSweep>, StoreError> {
        let filter = SearchFilter { register: Register::Wanted, quiet: None };
        let page = Page { after: None, limit: MAX_SEARCHES };
        let searches = self.store.searches(&self.trust, filter, page).await?.items;
        let volumes: Vec<_> = searches.iter().map(|line| line.search.volume).collect();
        let briefs = self.briefs(&volumes).await?;
        let directory = self.store.directory().borrow().clone();
        let swept = self.just_swept(now).await?;
        let mut guesses: Vec<Guess> = searches.iter().flat_map(|line| guesses(line, &briefs)).collect();
        // A site is no room: nobody sweeps a whole hospital.
        guesses
            .retain(|guess| !swept.contains(&guess.place) && !is(&directory, guess.place, PlaceKind::Site));
        let mut places: Vec<PlaceId> = guesses.iter().map(|guess| guess.place).collect();
        places.sort_unstable();
        places.dedup();
        let counts = self.store.counts_at(&self.trust, places.clone()).await?;
        let folders: HashMap<PlaceId, u32> = places
            .into_iter()
            .zip(counts)
            .map(|(place, count)| (place, u32::try_from(count.count).unwrap_or(u32::MAX)))
            .collect();
        let misfiled = self.misfiled().await?;
        Ok(rank(&guesses, now, |place| Standing {
            folders: folders.get(&place).copied().unwrap_or(0),
            misfiled: if is(&directory, place, PlaceKind::Shelf) { misfiled } else { 0.0 },
        }))
    }

    /// Places that somebody is sweeping, or swept so lately that another sweep would only go on.
    async fn just_swept(&self, now: Timestamp) -> Result<Vec<PlaceId>, StoreError> {
        let page = Page { after: None, limit: MAX_SWEPT };
        let sweeps = self.store.sweeps(&self.trust, page).await?.items;
        let lately = sweeps.into_iter().filter(|sweep| now.micros_since(sweep.last_at) <= GOES_ON_US);
        Ok(lately.map(|sweep| sweep.place).collect())
    }

    /// Of a folder on a shelf, the chance that it stands wrongly, by the newest sweeps of shelves.
    async fn misfiled(&self) -> Result<f64, StoreError> {
        let (mut seen, mut wrong) = (0, 0);
        let page = Page { after: None, limit: SWEEPS };
        for line in self.store.sweeps(&self.trust, page).await?.items {
            let filings = (*self.filings).clone();
            let Some(sweep) = self.store.sweep(&self.trust, line.id, filings).await? else { continue };
            if sweep.ground == crate::domain::sweep::Ground::Shelf {
                seen += sweep.tally.seen;
                wrong += sweep.out_of_order.len();
            }
        }
        let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        Ok(if seen == 0 { 0.0 } else { number(wrong) / number(seen) })
    }
}

fn is(directory: &Directory, place: PlaceId, kind: PlaceKind) -> bool {
    directory.place(place).is_some_and(|place| place.kind == kind)
}

/// The places of the directory where a folder that is searched for may be, each once: a slot is swept with its shelf.
fn guesses(line: &SearchLine, briefs: &[Brief]) -> Vec<Guess> {
    let Some(brief) = briefs.iter().find(|brief| brief.volume == line.search.volume) else {
        return Vec::new();
    };
    let needed_at = needed_at(&line.search);
    let guess = |likely: &super::locating::Likely| {
        let place = match &likely.spot {
            Spot::Place(place) | Spot::Returns(place) | Spot::Box(place) => Some(*place),
            Spot::OwnSlot | Spot::OwnShelf => line.volume.home,
            Spot::NextShelves
            | Spot::Slot(_)
            | Spot::InFolder(_)
            | Spot::Section
            | Spot::Library
            | Spot::ByHand
            | Spot::Lost => None,
        };
        Some(Guess { place: place?, chance: likely.chance, detect: likely.detect, needed_at })
    };
    let mut guesses: Vec<Guess> = Vec::new();
    for guess in brief.places.iter().filter_map(guess) {
        match guesses.iter_mut().find(|known| known.place == guess.place) {
            Some(known) => *known = known.or(guess),
            None => guesses.push(guess),
        }
    }
    guesses
}

fn needed_at(search: &Search) -> Option<Timestamp> {
    search.needs.iter().filter_map(|need| need.at).min()
}
