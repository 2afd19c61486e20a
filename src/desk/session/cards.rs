//! What each card does, and what a badge does.

use super::state::{Arm, List, Mode};
use super::{Doing, Plan, Room, Session, State};
use crate::domain::StaffId;
use crate::domain::answer::Answer;
use crate::domain::barcode::Card;
use crate::domain::command::{Act, Consent, Holding, MAX_LISTED, Sought, Thing};
use crate::domain::refusal::Reason;

impl Session {
    pub(super) fn card(&self, card: Card, room: Room<'_>) -> Plan {
        if self.stop.is_some() {
            return self.card_at_stop(card);
        }
        if let Some(dropped) = self.drops_list(card) {
            return dropped;
        }
        match card {
            Card::End => self.end(room),
            Card::Receive => self.receive_card(),
            Card::File
            | Card::Pack
            | Card::Empty
            | Card::TakeOut
            | Card::Missing
            | Card::Combine
            | Card::Sweep
                if self.needs_badge() =>
            {
                self.badge_first()
            }
            Card::File => self.file_card(room),
            Card::Pack => opens(Reason::PackScanContainer, Mode::PackAsk),
            Card::Empty => self.arms(Reason::EmptyScanContainer, Arm::Empty),
            Card::Undo => self.undo(room),
            Card::UndoBatch => self.undo_batch(room),
            Card::WrongCard => self.wrong_card(room),
            Card::TakeOut => self.arms(Reason::TakingOut, Arm::TakeOut),
            Card::Where => self.arms(Reason::Asking, Arm::Where),
            Card::All => self.all(),
            Card::Ok => self.ok(room),
            Card::Digit(digit) => self.digit(digit, room),
            Card::Pairing(number) => self.pairing(number),
            Card::Label => self.arms(Reason::AskingLabel, Arm::Label),
            Card::Missing => self.arms(Reason::AskingMissing, Arm::Missing),
            Card::Combine => self.arms(Reason::CombineScanTemporary, Arm::Combine),
            Card::Sweep => opens(Reason::SweepScanPlace, Mode::SweepAsk),
        }
    }

    /// While a stop stands its ways out work, and what changes nothing; all else hears the stop again.
    fn card_at_stop(&self, card: Card) -> Plan {
        let Some(stop) = &self.stop else { return self.not_in_use() };
        match (card, stop.answer.reason) {
            (Card::Ok, _) => self.consent(),
            (Card::End, Reason::ListChanged) => {
                let state = self.state.free().listing(None);
                Plan::tell(Answer::new(Reason::ListLeft), state).doing(Doing::LeavesStop)
            }
            (Card::End, _) => {
                Plan::tell(Answer::new(Reason::StopLeft), self.state.free()).doing(Doing::LeavesStop)
            }
            (Card::Digit(digit), Reason::WhichVolume) => match super::chosen(&stop.volumes, digit) {
                Some(volume) => self.on_mode(stop.mode, Thing::Volume(volume), Consent::Unasked),
                None => Plan::tell(Answer::new(Reason::NoSuchNumber), self.state).doing(Doing::Unusable),
            },
            (Card::Digit(digit), Reason::WhichLabel) => match super::chosen(&stop.volumes, digit) {
                Some(volume) => self.prints(Sought::Thing(Thing::Volume(volume))),
                None => Plan::tell(Answer::new(Reason::NoSuchNumber), self.state).doing(Doing::Unusable),
            },
            (Card::Digit(digit), Reason::WhichMissing) => match super::chosen(&stop.volumes, digit) {
                Some(volume) => self.misses(Sought::Thing(Thing::Volume(volume)), Consent::Unasked),
                None => Plan::tell(Answer::new(Reason::NoSuchNumber), self.state).doing(Doing::Unusable),
            },
            (Card::Empty, Reason::ContainerNotEmpty) => self.open_container(Holding::WasEmpty),
            (Card::WrongCard, Reason::CardFirst) => {
                Plan::tell(Answer::new(Reason::WrongCardScanCard), self.state.free().armed(Arm::WrongCard))
                    .doing(Doing::LeavesStop)
            }
            (Card::Where, _) => self.arms(Reason::Asking, Arm::Where),
            (Card::Pairing(number), _) => self.pairing(number),
            _ => self.stop_again(Doing::Card),
        }
    }

    /// The standing stop's answer again.
    pub(super) fn stop_again(&self, doing: Doing) -> Plan {
        let answer = self.stop.as_ref().map_or(Answer::new(Reason::NothingToConfirm), |stop| stop.answer);
        Plan::tell(answer, self.state).doing(doing)
    }

    /// OK to a stop: the stopped thing itself, where the rules allow it.
    fn consent(&self) -> Plan {
        let Some(stop) = &self.stop else { return self.not_in_use() };
        let read = Plan::tell(
            Answer { volume: stop.answer.volume, ..Answer::new(Reason::ReadIt) },
            self.state.free(),
        )
        .doing(Doing::LeavesStop);
        match (stop.answer.reason, stop.answer.volume, stop.answer.place) {
            (Reason::OnHold | Reason::Restricted, Some(volume), Some(to)) => {
                let thing = Thing::Volume(volume);
                let act = match stop.mode {
                    Mode::Pack(container) => Act::Pack { thing, container, consent: Consent::Given },
                    Mode::Idle
                    | Mode::Receive
                    | Mode::Send(_)
                    | Mode::File(_)
                    | Mode::PackAsk
                    | Mode::SweepAsk
                    | Mode::Sweep(_)
                    | Mode::Ended(_) => Act::Send { thing, to, consent: Consent::Given },
                };
                Plan::act(act, self.state.free(), Doing::Consents)
            }
            (Reason::MissingElsewhere, Some(volume), _) => self.misses_all_the_same(volume),
            (Reason::CombineAcross, Some(volume), _) => {
                self.combines_into(Thing::Volume(volume), Consent::Given)
            }
            (Reason::CombineFirst, Some(volume), Some(shelf)) => {
                let (thing, shelf) = (Thing::Volume(volume), Some(shelf));
                let act = Act::File { thing, shelf, consent: Consent::Given };
                // Where that is not for whoever is signed on, the stop stands.
                Plan { refused: self.state, ..Plan::act(act, self.state.free(), Doing::Consents) }
            }
            (Reason::ContainerNotEmpty, ..) => self.open_container(Holding::Add),
            (Reason::CardFirst, _, Some(to)) => {
                let answer = Answer::new(Reason::SendingTo).at(to);
                Plan::tell(answer, State::opened(Mode::Send(to))).doing(Doing::Opens)
            }
            (Reason::ListChanged, _, Some(to)) => {
                let volumes: Vec<_> = stop.volumes.iter().map(|volume| volume.brief.id).collect();
                let volumes = if volumes.is_empty() { self.ledger.list.clone() } else { volumes };
                let state = self.state.free().listing(None);
                Plan::act(Act::SendListed { volumes, to }, state, Doing::SendsList)
            }
            _ => read,
        }
    }

    fn open_container(&self, holding: Holding) -> Plan {
        let Some(container) = self.stop.as_ref().and_then(|stop| stop.answer.place) else {
            return self.not_in_use();
        };
        let state = State::opened(Mode::Pack(container));
        Plan::act(Act::OpenContainer { container, holding }, state, Doing::Opens)
    }

    /// While a list is open, any card that is not about it drops it; the card itself is not taken.
    fn drops_list(&self, card: Card) -> Option<Plan> {
        self.state.list?;
        let goes_on = matches!(
            card,
            Card::Ok
                | Card::End
                | Card::TakeOut
                | Card::Where
                | Card::All
                | Card::Pairing(_)
                | Card::Digit(_)
        );
        (!goes_on).then(|| self.list_dropped())
    }

    pub(super) fn list_dropped(&self) -> Plan {
        Plan::tell(Answer::new(Reason::ListDropped), self.state.disarmed().listing(None))
    }

    fn end(&self, room: Room<'_>) -> Plan {
        if let Some(left) = self.leaves_offer() {
            return left;
        }
        if self.state.list.is_some() {
            return Plan::tell(Answer::new(Reason::ListLeft), self.state.disarmed().listing(None));
        }
        if let Mode::Sweep(place) = self.state.mode {
            return self.end_sweep(place, room);
        }
        let count = self.ledger.batch.as_ref().map_or(0, |batch| batch.count);
        let aside = u32::try_from(self.ledger.aside.len()).unwrap_or(u32::MAX);
        let nothing = self.state.mode == Mode::Idle && count == 0 && aside == 0;
        let reason = if nothing { Reason::NothingOpen } else { Reason::Ended };
        let answer = Answer::new(reason).count(count).aside(aside);
        Plan::tell(answer, State::opened(Mode::Idle)).doing(Doing::Ends)
    }

    pub(super) fn receive_card(&self) -> Plan {
        let answer = Answer::new(Reason::Receiving).at(self.setup.desk_place);
        Plan::tell(answer, State::opened(Mode::Receive)).doing(Doing::Opens)
    }

    /// FILE is for desks in a library: nobody else has shelves.
    fn file_card(&self, room: Room<'_>) -> Plan {
        match room.directory.library_of(self.setup.desk_place) {
            Some(_) => opens(Reason::Filing, Mode::File(None)),
            None => self.not_in_use(),
        }
    }

    fn arms(&self, reason: Reason, arm: Arm) -> Plan {
        Plan::tell(Answer::new(reason), self.state.armed(arm))
    }

    pub(super) fn badge_first(&self) -> Plan {
        Plan::tell(Answer::new(Reason::SignOnFirst), self.state.disarmed())
    }

    fn not_in_use(&self) -> Plan {
        Plan::tell(Answer::new(Reason::CardNotInUse), self.state.disarmed())
    }

    fn all(&self) -> Plan {
        if self.needs_badge() {
            return self.badge_first();
        }
        let volumes = self.ledger.received.as_ref().map(|(_, volumes)| volumes.clone()).unwrap_or_default();
        let closed = State::opened(Mode::Idle);
        if volumes.is_empty() {
            return Plan::tell(Answer::new(Reason::ListEmpty), self.state.disarmed().listing(None));
        }
        if volumes.len() > MAX_LISTED {
            return Plan::tell(Answer::new(Reason::TooMany), self.state.disarmed().listing(None));
        }
        let count = u32::try_from(volumes.len()).unwrap_or(u32::MAX);
        Plan::tell(Answer::new(Reason::Listed).count(count), closed.listing(Some(List::Gathered)))
            .doing(Doing::Gathers(volumes))
    }

    /// OK without a stop: the refused scans, else the list, else the newest line beside the pile.
    fn ok(&self, room: Room<'_>) -> Plan {
        if let Some(runs) = self.runs_offer() {
            return runs;
        }
        if let Some(Arm::Whole(place)) = self.state.arm {
            return self.whole_room(place, room);
        }
        let state = self.state.disarmed();
        if let Some(List::To(to)) = state.list {
            let act = Act::SendListed { volumes: self.ledger.list.clone(), to };
            return Plan::act(act, state.listing(None), Doing::SendsList);
        }
        let newest = self.ledger.aside.back().filter(|_| state.list.is_none());
        match newest {
            Some(entry) => {
                let answer = Answer { volume: entry.volume, ..Answer::new(Reason::ReadIt) };
                Plan::tell(answer, state).doing(Doing::Reads(entry.shown.scan))
            }
            None => Plan::tell(Answer::new(Reason::NothingToConfirm), state),
        }
    }

    /// A digit without a stop says where a folder was that has turned up, or chooses among a patient's folders.
    fn digit(&self, digit: u8, room: Room<'_>) -> Plan {
        if let Some(volume) = self.rung {
            return self.tells_where(volume, digit, room);
        }
        match super::chosen(&self.asked, digit) {
            Some(volume) => {
                Plan::act(Act::Ask(Sought::Thing(Thing::Volume(volume))), self.state.disarmed(), Doing::Asks)
            }
            None => Plan::tell(Answer::new(Reason::NoSuchNumber), self.state),
        }
    }

    /// A badge signs on; another person's badge ends what was open, but for a stop.
    pub(super) fn badge(&self, person: StaffId) -> Plan {
        if self.person == Some(person) {
            return Plan::tell(Answer::new(Reason::StillSignedOn).by(person), self.state);
        }
        let answer = Answer::new(Reason::SignedOn).by(person);
        let plan = if self.person.is_none() {
            Plan::tell(answer, self.state)
        } else {
            let closed = State { stopping: self.state.stopping, ..State::opened(Mode::Idle) };
            let count = self.ledger.batch.as_ref().map_or(0, |batch| batch.count);
            Plan::tell(answer.count(count), closed)
        };
        Plan { person: Some(person), doing: Doing::Opens, ..plan }
    }
}

fn opens(reason: Reason, mode: Mode) -> Plan {
    Plan::tell(Answer::new(reason), State::opened(mode)).doing(Doing::Opens)
}
