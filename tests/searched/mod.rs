//! The naive model of searches: a folder that is wanted rings at its next live scan that has it here, and is wanted again
//! once that scan is taken back.

use std::collections::{HashMap, HashSet};

use casetrack::domain::answer::Ring;
use casetrack::domain::casenote::LabelText;
use casetrack::domain::command::{
    Act, Command, Consent, Missing, Moment, Naming, Outcome, SessionAfter, Sought, Thing,
};
use casetrack::domain::movement::UndoTarget;
use casetrack::domain::refusal::Reason;
use casetrack::domain::search::Need;
use casetrack::domain::{BatchId, ScanId};
use casetrack::sim::random::Random;

use super::simulated::Simulated;

/// See the module.
pub struct Searches {
    random: Random,
    wanted: HashSet<LabelText>,
    /// What ended the last search of a folder.
    shown: HashMap<LabelText, (ScanId, Option<BatchId>)>,
    pub rings: u64,
    pub gone_on: u64,
}

impl Searches {
    pub fn opened_by(random: Random) -> Self {
        Self { random, wanted: HashSet::new(), shown: HashMap::new(), rings: 0, gone_on: 0 }
    }

    /// Before some of the live acts, the folder is missed.
    pub async fn miss_some(&mut self, simulated: &Simulated, live: &Command) {
        let Some(thing @ Thing::Label(folder)) = live.act.in_hand() else { return };
        if !self.random.happens(300) {
            return;
        }
        let missing = Missing {
            sought: Sought::Thing(thing.clone()),
            need: Need::default(),
            looked: None,
            consent: Consent::Given,
        };
        let mut scan = live.scan.clone();
        scan.id = ScanId::new(self.random.uuid(live.scan.clocks.happened));
        (scan.batch, scan.naming) = (None, Naming::Ours);
        let act = Act::OpenSearch(Box::new(missing));
        let command = Command { scan, act, moment: Moment::Now, session: SessionAfter::default() };
        let told = simulated.tell(vec![command]).await;
        let joined = told[0].as_ref().unwrap().answer.reason == Reason::SearchJoined;
        assert_eq!(!self.wanted.insert(folder.label.clone()), joined, "one search of a folder at a time");
        self.shown.remove(&folder.label);
    }

    /// Holds an answer against the model.
    pub fn scanned(&mut self, command: &Command, outcome: &Outcome) {
        let expected = match (&command.act, command.act.in_hand()) {
            // What is told afterwards happened before anything was missed.
            (Act::Undo(target), _) if command.moment == Moment::Now => self.taken_back(*target),
            (_, Some(Thing::Label(folder))) if command.moment == Moment::Now => {
                let ended = !outcome.movements.is_empty() && self.wanted.remove(&folder.label);
                if ended {
                    self.rings += 1;
                    self.shown.insert(folder.label.clone(), (command.scan.id, command.scan.batch));
                }
                ended.then_some(Ring::TurnedUp(None))
            }
            _ => None,
        };
        assert_eq!(outcome.answer.beside.ring, expected, "{command:?}");
    }

    fn taken_back(&mut self, target: UndoTarget) -> Option<Ring> {
        let named = |(scan, batch): &(ScanId, Option<BatchId>)| match target {
            UndoTarget::Scan(id) => id == *scan,
            UndoTarget::Batch(id) => Some(id) == *batch,
        };
        let labels: Vec<_> =
            self.shown.iter().filter(|(_, by)| named(by)).map(|(label, _)| label.clone()).collect();
        for label in &labels {
            self.shown.remove(label);
            self.wanted.insert(label.clone());
            self.gone_on += 1;
        }
        (!labels.is_empty()).then_some(Ring::GoesOn)
    }
}
