//! Looking for one folder: its evidence, its case, its plan.

use std::collections::HashMap;

use super::cases::{InVain, Question, case};
use super::shown::{PlanShown, Telling};
use super::terrain::Terrain;
use super::{Learned, Locating, Sought};
use crate::clock::Timestamp;
use crate::domain::VolumeId;
use crate::domain::casenote::LabelText;
use crate::domain::search::{LookResult, Search, Spot};
use crate::locate::{By, Case, Cell, ConsultantIx, Plan, plan};
use crate::store::StoreError;
use crate::store::locating::Evidence;

/// Where a folder is likely, without words: what lists of many folders are made from.
#[derive(Clone, PartialEq, Debug)]
pub struct Brief {
    /// Which folder.
    pub volume: VolumeId,
    /// The chance that it is where it is tracked, before anybody has looked.
    pub there: f64,
    /// Where to look next, the best first, each once.
    pub places: Vec<Likely>,
}

/// One place where a folder may be.
#[derive(Clone, PartialEq, Debug)]
pub struct Likely {
    /// Where.
    pub spot: Spot,
    /// The chance that it is there.
    pub chance: f64,
    /// The chance that a look finds it, if it is there.
    pub detect: f64,
    /// Minutes of a look.
    pub minutes: f64,
}

impl Locating {
    /// The plan for a search or a folder. None: there is no such search or folder.
    pub async fn plan(&self, sought: Sought, by: By) -> Result<Option<PlanShown>, StoreError> {
        let Some((search, volume)) = self.sought(sought).await? else { return Ok(None) };
        let now = self.clock.now();
        let Some(set) = self.store.whole_set(&self.trust, volume, now).await? else { return Ok(None) };
        let Some(learned) = self.learned().await else {
            return Ok(Some(PlanShown::without(set, search, now, by)));
        };
        let Some(evidence) = self.evidence(&learned, volume).await? else { return Ok(None) };
        let found = self.planned(&learned, &evidence, search.as_ref(), now, by).await?;
        let telling = Telling {
            terrain: &learned.terrain,
            evidence: &evidence,
            labels: self.labels(&found).await?,
            time_zone: &self.time_zone,
            now,
        };
        Ok(Some(telling.plan(&found, set, search, by, learned.learning)))
    }

    /// Where these folders likely are, those that are not known left out. Each costs as much as a plan.
    pub async fn brief(&self, volumes: &[VolumeId]) -> Result<Vec<Brief>, StoreError> {
        let (now, mut found) = (self.clock.now(), Vec::with_capacity(volumes.len()));
        let Some(learned) = self.learned().await else { return Ok(found) };
        for volume in volumes {
            let Some(evidence) = self.evidence(&learned, *volume).await? else { continue };
            let planned = self.planned(&learned, &evidence, None, now, By::default()).await?;
            let likely = planned.lines.iter().filter(|line| line.visit == 1).filter_map(|line| {
                let spot = learned.terrain.spot(line.cell)?;
                Some(Likely { spot, chance: line.chance, detect: line.detect, minutes: line.minutes })
            });
            found.push(Brief { volume: *volume, there: planned.there, places: likely.collect() });
        }
        Ok(found)
    }

    /// The search and the volume that are meant.
    async fn sought(&self, sought: Sought) -> Result<Option<(Option<Search>, VolumeId)>, StoreError> {
        let id = match sought {
            Sought::Search(id) => Some(id),
            Sought::Volume(volume) => {
                self.store.open_search_of(&self.trust, volume).await?.map(|brief| brief.id)
            }
        };
        let record = match id {
            Some(id) => self.store.search_named(&self.trust, id).await?,
            None => None,
        };
        let named = record.map(|record| (record.volume.brief.id, record.search));
        Ok(match (sought, named) {
            (_, Some((volume, search))) => Some((Some(search), volume)),
            (Sought::Volume(volume), None) => Some((None, volume)),
            (Sought::Search(_), None) => None,
        })
    }

    async fn evidence(&self, learned: &Learned, volume: VolumeId) -> Result<Option<Evidence>, StoreError> {
        self.store.evidence(&self.trust, volume, None, learned.terrain.in_libraries()).await
    }

    /// Works a plan out, on a thread where nobody waits for anything else.
    async fn planned(
        &self,
        learned: &Learned,
        evidence: &Evidence,
        search: Option<&Search>,
        now: Timestamp,
        by: By,
    ) -> Result<Plan, StoreError> {
        let case = self.case(learned, evidence, search, now);
        let (terrain, counts) = (learned.terrain.clone(), learned.counts.clone());
        let planned = tokio::task::spawn_blocking(move || plan(&terrain.ground, &counts, &case, by)).await;
        planned.map_err(|_| StoreError::Stopped)
    }

    fn case(&self, learned: &Learned, evidence: &Evidence, search: Option<&Search>, now: Timestamp) -> Case {
        let in_vain = search.map(in_vain).unwrap_or_default();
        let asking = search.and_then(|search| asking(&learned.terrain, search));
        let question = Question { now, asking, in_vain: &in_vain, fetched: self.settings.fetched };
        case(&learned.terrain, evidence, &question)
    }

    /// The labels of the folders that a plan says to look into.
    async fn labels(&self, plan: &Plan) -> Result<HashMap<VolumeId, LabelText>, StoreError> {
        let folder = |cell| if let Cell::InFolder(volume) = cell { Some(volume) } else { None };
        let folders: Vec<_> = plan.lines.iter().filter_map(|line| folder(line.cell)).collect();
        Ok(self.store.barcodes(&self.trust, folders).await?.into_iter().collect())
    }
}

/// The looks of a search that did not find the folder.
pub fn in_vain(search: &Search) -> Vec<InVain> {
    let looks = search.looks.iter().filter(|look| look.result == LookResult::NotThere);
    looks.map(|look| InVain { spot: look.spot.clone(), at: look.at, detect: None }).collect()
}

/// For whom a search was asked for: the last who named a consultant.
pub fn asking(terrain: &Terrain, search: &Search) -> Option<ConsultantIx> {
    let named = search.needs.iter().rev().find_map(|need| need.consultant.as_deref())?;
    terrain.named_consultant(named)
}
