//! What a place's label means: the desk's own place, a shelf of this library, or a place card.

use super::state::{Arm, List, Mode};
use super::{Doing, Plan, Room, Session, State, stands};
use crate::clock::SECOND_US;
use crate::domain::PlaceId;
use crate::domain::answer::Answer;
use crate::domain::command::{Act, Consent, Thing};
use crate::domain::place::PlaceKind;
use crate::domain::refusal::Reason;

/// A shelf label files a folder received so long before it.
pub const SHELF_WAITS_US: i64 = 120 * SECOND_US;
/// A place card so soon after a folder received with nothing open looks like the wrong order.
pub const SLIP_US: i64 = 20 * SECOND_US;
/// Cards in a row with exactly one folder after each that look like the wrong order.
pub const ONES_ARE_A_SLIP: u8 = 3;

impl Session {
    pub(super) fn place(&self, place: PlaceId, room: Room<'_>) -> Plan {
        if self.state.arm == Some(Arm::Where) {
            return Plan::tell(Answer::new(Reason::Located).at(place), self.state.disarmed());
        }
        if stands(self.state.stopping) {
            return self.stop_again(Doing::Card);
        }
        if self.state.arm != Some(Arm::WrongCard)
            && let Some(sweep) = self.sweeps(place, room)
        {
            return sweep;
        }
        if self.is_closed(place, room) {
            return Plan::tell(Answer::new(Reason::PlaceClosed).at(place), self.state);
        }
        if self.state.arm == Some(Arm::WrongCard) {
            return self.right_card(place, room);
        }
        if let Some(list) = self.state.list {
            return self.list_to(list, place);
        }
        if place == self.setup.desk_place {
            return self.receive_card();
        }
        if self.needs_badge() {
            return self.badge_first();
        }
        if self.is_shelf_here(place, room) { self.shelf(place, room) } else { self.place_card(place, room) }
    }

    fn is_closed(&self, place: PlaceId, room: Room<'_>) -> bool {
        let today = self.setup.time_zone.to_datetime(room.at.to_jiff()).date();
        let until = room.directory.place(place).and_then(|place| place.until);
        until.is_some_and(|until| until <= today)
    }

    fn is_shelf_here(&self, place: PlaceId, room: Room<'_>) -> bool {
        let is_shelf = room.directory.place(place).is_some_and(|place| place.kind == PlaceKind::Shelf);
        let library = room.directory.library_of(self.setup.desk_place);
        is_shelf && library.is_some_and(|library| room.directory.is_within(place, library))
    }

    fn list_to(&self, list: List, place: PlaceId) -> Plan {
        let own = place == self.setup.desk_place;
        match list {
            List::Gathered if !own => {
                let count = u32::try_from(self.ledger.list.len()).unwrap_or(u32::MAX);
                let state = self.state.disarmed().listing(Some(List::To(place)));
                Plan::tell(Answer::new(Reason::ListTo).at(place).count(count), state)
            }
            List::Gathered | List::To(_) => self.list_dropped(),
        }
    }

    /// A shelf of this library: the shelf of FILE, or the shelf of the folder that waits.
    fn shelf(&self, shelf: PlaceId, room: Room<'_>) -> Plan {
        let state = self.state.disarmed();
        match self.state.mode {
            Mode::File(_) => {
                let state = State { mode: Mode::File(Some(shelf)), ..state };
                Plan::tell(Answer::new(Reason::FilingAt).at(shelf), state)
            }
            Mode::Idle | Mode::Receive => {
                let waiting = self
                    .waiting
                    .as_ref()
                    .filter(|waiting| room.at.micros_since(waiting.at) <= SHELF_WAITS_US);
                match waiting {
                    Some(waiting) => {
                        let thing = Thing::Volume(waiting.volume.id);
                        let act = Act::File { thing, shelf: Some(shelf), consent: Consent::Unasked };
                        Plan::act(act, state, Doing::Shelf(waiting.volume.id))
                    }
                    None => Plan::tell(Answer::new(Reason::FolderFirst), state),
                }
            }
            Mode::Send(_)
            | Mode::PackAsk
            | Mode::Pack(_)
            | Mode::SweepAsk
            | Mode::Sweep(_)
            | Mode::Ended(_) => Plan::tell(Answer::new(Reason::FolderFirst), state),
        }
    }

    fn place_card(&self, to: PlaceId, room: Room<'_>) -> Plan {
        let ones = self.ones_before();
        let opened = State { ones, ..State::opened(Mode::Send(to)) };
        if ones >= ONES_ARE_A_SLIP {
            let stopped = self.state.disarmed();
            return Plan::tell(Answer::new(Reason::CardFirst).at(to), State { ones: 0, ..stopped });
        }
        let slip = self
            .waiting
            .as_ref()
            .filter(|waiting| waiting.mode == Mode::Idle && room.at.micros_since(waiting.at) <= SLIP_US);
        let answer = match slip {
            Some(waiting) => Answer::new(Reason::FromNowOn).at(to).of(waiting.volume.id),
            None => Answer::new(Reason::SendingTo).at(to),
        };
        Plan::tell(answer, opened).doing(Doing::Opens)
    }

    /// Cards in a row, up to now, with exactly one folder after each.
    fn ones_before(&self) -> u8 {
        let one = self.ledger.batch.as_ref().is_some_and(|batch| batch.count == 1);
        match self.state.mode {
            Mode::Send(_) if one => self.state.ones.saturating_add(1).min(ONES_ARE_A_SLIP),
            Mode::Send(_)
            | Mode::Idle
            | Mode::Receive
            | Mode::File(_)
            | Mode::PackAsk
            | Mode::Pack(_)
            | Mode::SweepAsk
            | Mode::Sweep(_)
            | Mode::Ended(_) => 0,
        }
    }
}
