//! Taking back: UNDO, UNDO-BATCH, WRONG-CARD. Thirty minutes, this session only.

use super::ledger::{Act as Done, Ledger, UNDO_US};
use super::state::{Arm, Mode};
use super::{Doing, Plan, Room, Session, State};
use crate::domain::PlaceId;
use crate::domain::answer::Answer;
use crate::domain::command::Act;
use crate::domain::movement::UndoTarget;
use crate::domain::refusal::Reason;

impl Session {
    pub(super) fn undo(&self, room: Room<'_>) -> Plan {
        match self.takeable(room) {
            Ok(act) => self.takes_back(UndoTarget::Scan(act.scan)),
            Err(reason) => self.not_taken_back(reason),
        }
    }

    pub(super) fn undo_batch(&self, room: Room<'_>) -> Plan {
        match self.takeable_batch(room) {
            Ok(act) => self.takes_back(Ledger::whole(act)),
            Err(reason) => self.not_taken_back(reason),
        }
    }

    pub(super) fn wrong_card(&self, room: Room<'_>) -> Plan {
        match self.takeable_batch(room) {
            Ok(act) if act.sends => {
                Plan::tell(Answer::new(Reason::WrongCardScanCard), self.state.armed(Arm::WrongCard))
            }
            Ok(_) => self.not_taken_back(Reason::NothingToUndo),
            Err(reason) => self.not_taken_back(reason),
        }
    }

    /// The card after WRONG-CARD: the last batch does not count and goes there; so do the next folders.
    pub(super) fn right_card(&self, to: PlaceId, room: Room<'_>) -> Plan {
        let act = match self.takeable_batch(room) {
            Ok(act) => act,
            Err(reason) => return self.not_taken_back(reason),
        };
        let target = Ledger::whole(act);
        if to == self.setup.desk_place {
            let state = State::opened(Mode::Receive);
            return Plan { accepted: state, ..self.takes_back(target) };
        }
        let plan = Plan::act(Act::Resend { target, to }, self.state.disarmed(), Doing::Resends(target));
        Plan { accepted: State::opened(Mode::Send(to)), ..plan }
    }

    fn takes_back(&self, target: UndoTarget) -> Plan {
        Plan::act(Act::Undo(target), self.state.disarmed(), Doing::TakesBack(target))
    }

    fn not_taken_back(&self, reason: Reason) -> Plan {
        Plan::tell(Answer::new(reason), self.state.disarmed())
    }

    /// The newest act not yet taken back, if it may be.
    fn takeable(&self, room: Room<'_>) -> Result<&Done, Reason> {
        if self.needs_badge() {
            return Err(Reason::SignOnFirst);
        }
        let act = self.ledger.newest().ok_or(Reason::NothingToUndo)?;
        if room.at.micros_since(self.ledger.last_of_batch(act)) > UNDO_US {
            return Err(Reason::UndoTooOld);
        }
        if self.person.is_none() && act.person.is_some() {
            return Err(Reason::SignOnFirst);
        }
        Ok(act)
    }

    /// The same for its whole batch: without a badge, all of it must have been done without one.
    fn takeable_batch(&self, room: Room<'_>) -> Result<&Done, Reason> {
        let act = self.takeable(room)?;
        let target = Ledger::whole(act);
        let by_somebody = self
            .ledger
            .acts
            .iter()
            .any(|other| !other.undone && other.is_of(target) && other.person.is_some());
        if self.person.is_none() && by_somebody { Err(Reason::SignOnFirst) } else { Ok(act) }
    }
}
