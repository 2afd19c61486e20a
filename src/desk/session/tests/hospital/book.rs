//! What a hospital of the tests knows of searches and of temporary folders: all steps, folded whenever somebody asks.

use crate::clock::Timestamp;
use crate::domain::combine::{Combine, NewCombineStep};
use crate::domain::command::Command;
use crate::domain::decide::Decision;
use crate::domain::search::{Search, SearchState, Step, Stepped, Wanted};
use crate::domain::{ScanId, SearchId, VolumeId};

/// See the module.
#[derive(Default)]
pub struct Book {
    steps: Vec<(SearchId, Stepped)>,
    combines: Vec<(NewCombineStep, ScanId, Timestamp)>,
}

impl Book {
    /// Writes down what a scan made.
    pub fn write(&mut self, command: &Command, decision: &Decision) {
        let scan = &command.scan;
        let (id, at) = (scan.id, scan.clocks.happened);
        for new in &decision.steps {
            let (by, from) = (scan.person, Some(scan.desk_place));
            self.steps.push((new.search, Stepped { scan: id, at, by, from, step: new.step.clone() }));
        }
        self.combines.extend(decision.combines.iter().map(|step| (*step, id, at)));
    }

    pub fn search(&self, id: SearchId) -> Option<Search> {
        let steps: Vec<_> =
            self.steps.iter().filter(|(of, _)| *of == id).map(|(_, step)| step.clone()).collect();
        Search::of(id, &steps)
    }

    fn searches(&self) -> impl DoubleEndedIterator<Item = Search> {
        let opens = |(_, told): &&(SearchId, Stepped)| matches!(told.step, Step::Opened { .. });
        self.steps.iter().filter(opens).filter_map(|(id, _)| self.search(*id))
    }

    pub fn newest_of(&self, volume: VolumeId) -> Option<Search> {
        self.searches().rfind(|search| search.volume == volume)
    }

    pub fn wanted(&self, volume: VolumeId) -> Option<Wanted> {
        let mut wanted = self.searches().filter(|search| search.volume == volume && search.state.is_wanted());
        let first = wanted.next()?;
        assert_eq!(wanted.next(), None, "one search of a volume at a time");
        Some(Wanted {
            search: first.id,
            opened_at: first.opened_at,
            asker: first.asker(),
            quiet: first.quiet,
        })
    }

    pub fn turned_up_by(&self, scans: &[ScanId]) -> Vec<SearchId> {
        let ended = |search: &Search| {
            let by_it = search.seen.is_some_and(|seen| scans.contains(&seen.scan));
            let ended = matches!(search.state, SearchState::TurnedUp | SearchState::Found);
            let newest = self.newest_of(search.volume).is_some_and(|newest| newest.id == search.id);
            by_it && ended && newest
        };
        self.searches().filter(ended).map(|search| search.id).collect()
    }

    pub fn combined_by(&self, scans: &[ScanId]) -> Vec<NewCombineStep> {
        let of = |(_, scan, _): &&(NewCombineStep, ScanId, Timestamp)| scans.contains(scan);
        self.combines.iter().filter(of).map(|(step, ..)| *step).collect()
    }

    pub fn combines_of(&self, volume: VolumeId) -> Vec<Combine> {
        let mut known: Vec<Combine> = Vec::new();
        for (step, _, at) in &self.combines {
            let before = known.iter().position(|combine| combine.temporary == step.temporary);
            let before = before.map(|at| known.swap_remove(at));
            known.push(Combine::then(before, *step, *at));
        }
        known.retain(|combine| combine.temporary == volume || combine.original == volume);
        known
    }
}
