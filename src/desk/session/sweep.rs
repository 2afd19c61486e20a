//! SWEEP: the place, then its folders; each is seen there. END says what was missed.

use super::state::{Arm, Mode};
use super::{Doing, Plan, Room, Session, State};
use crate::domain::PlaceId;
use crate::domain::answer::Answer;
use crate::domain::command::Act;
use crate::domain::place::PlaceKind;
use crate::domain::refusal::Reason;
use crate::domain::sweep::{Ending, Part};

impl Session {
    /// What a place's label means while SWEEP is open; `None`: it is not open. A closed place may be swept: that is
    /// how it is cleared.
    pub(super) fn sweeps(&self, place: PlaceId, room: Room<'_>) -> Option<Plan> {
        let left = match self.state.mode {
            Mode::Sweep(open) if open == place => {
                return Some(Plan::tell(Answer::new(Reason::Sweeping).at(place), self.state.disarmed()));
            }
            Mode::Sweep(open) => Some(self.ending(open, room)),
            Mode::SweepAsk => None,
            Mode::Idle
            | Mode::Receive
            | Mode::Send(_)
            | Mode::File(_)
            | Mode::PackAsk
            | Mode::Pack(_)
            | Mode::Ended(_) => return None,
        };
        let state = State::opened(Mode::Sweep(place));
        Some(Plan { refused: self.state, ..Plan::act(Act::OpenSweep { place, left }, state, Doing::Opens) })
    }

    /// END: what was swept without a break is judged; of a room it is asked whether that was all of it.
    pub(super) fn end_sweep(&self, place: PlaceId, room: Room<'_>) -> Plan {
        let is_shelf = room.directory.place(place).is_some_and(|place| place.kind == PlaceKind::Shelf);
        let ended = State::opened(Mode::Idle);
        let state = if is_shelf { ended } else { ended.armed(Arm::Whole(place)) };
        Plan::act(Act::EndSweep(self.ending(place, room)), state, Doing::Ends)
    }

    /// OK after that: it was.
    pub(super) fn whole_room(&self, place: PlaceId, room: Room<'_>) -> Plan {
        let ending = Ending { part: Part::Whole, ..self.ending(place, room) };
        Plan::act(Act::EndSweep(ending), self.state.disarmed(), Doing::Card)
    }

    fn ending(&self, place: PlaceId, room: Room<'_>) -> Ending {
        let stretch = self.ledger.batch.as_ref().map(|batch| batch.id);
        Ending { place, filing: self.setup.filings.at(room.directory, place), part: Part::Stretch(stretch) }
    }
}
