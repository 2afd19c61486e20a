//! What a folder or a container means under the open act.

use super::ledger::MemberLabel;
use super::state::{Arm, Mode};
use super::{Doing, Plan, Session, State, stands};
use crate::domain::PlaceId;
use crate::domain::answer::Answer;
use crate::domain::barcode::FolderCode;
use crate::domain::command::{Act, Consent, Holding, Sought, Thing};
use crate::domain::movement::UndoTarget;
use crate::domain::refusal::Reason;

impl Session {
    pub(super) fn folder(&self, folder: FolderCode, text: &str) -> Plan {
        let thing = Thing::Label(folder);
        self.before_mode(&thing, text).unwrap_or_else(|| self.under_mode(thing))
    }

    pub(super) fn container(&self, container: PlaceId, text: &str) -> Plan {
        let thing = Thing::Container(container);
        if self.state.arm == Some(Arm::Empty) && !stands(self.state.stopping) {
            return Plan::act(Act::Empty(container), self.state.disarmed(), Doing::Folder(None));
        }
        self.before_mode(&thing, text).unwrap_or_else(|| self.under_mode(thing))
    }

    /// What goes before the open act: a question, a stop, a next-scan card, an act that ended unheard.
    fn before_mode(&self, thing: &Thing, text: &str) -> Option<Plan> {
        let state = self.state.disarmed();
        if self.state.arm == Some(Arm::Where) {
            return Some(Plan::act(Act::Ask(Sought::Thing(thing.clone())), state, Doing::Asks));
        }
        if stands(self.state.stopping) {
            return Some(self.stop_again(Doing::Waits));
        }
        match self.state.arm {
            Some(Arm::Label) => return Some(self.prints(Sought::Thing(thing.clone()))),
            Some(Arm::TakeOut) => return Some(self.take_out(text)),
            Some(Arm::Empty) => return Some(self.keep_here(thing.clone(), Reason::NotAContainer)),
            Some(Arm::WrongCard) => return Some(self.keep_here(thing.clone(), Reason::RightCardFirst)),
            Some(Arm::Missing) => {
                return Some(self.misses(Sought::Thing(thing.clone()), Consent::Unasked));
            }
            Some(Arm::Combine) => return Some(self.combines(thing.clone())),
            Some(Arm::Original) => return Some(self.combines_into(thing.clone(), Consent::Unasked)),
            Some(Arm::Where | Arm::Whole(_)) | None => {}
        }
        if let Mode::Ended(finished) = state.mode {
            let idle = State { mode: Mode::Idle, ..state };
            return Some(Plan::tell(finished.answer(), idle).doing(Doing::Folder(None)));
        }
        self.again(text)
    }

    /// The same folder later in the same batch.
    fn again(&self, text: &str) -> Option<Plan> {
        let member = self.ledger.batch.as_ref()?.members.get(&key(text))?;
        if member.target != self.target() || member.label == MemberLabel::Printed {
            return None;
        }
        let answer =
            Answer { volume: member.volume, place: member.container, ..Answer::new(Reason::SeenAgain) };
        Some(Plan::tell(answer, self.state).doing(Doing::Again(member.volume)))
    }

    fn under_mode(&self, thing: Thing) -> Plan {
        self.on_mode(self.state.mode, thing, Consent::Unasked)
    }

    /// The open act's doing with `thing`; what stops it is left standing by the outcome.
    pub(super) fn on_mode(&self, mode: Mode, thing: Thing, consent: Consent) -> Plan {
        let state = self.state.disarmed().free();
        let doing = Doing::Folder(target_of(mode));
        match (mode, thing) {
            (Mode::Idle | Mode::Receive | Mode::Ended(_), thing) => {
                Plan::act(Act::Receive(thing), state, doing)
            }
            (Mode::Send(to), thing) => Plan::act(Act::Send { thing, to, consent }, state, doing),
            (Mode::File(shelf), thing) => Plan::act(Act::File { thing, shelf, consent }, state, doing),
            (Mode::PackAsk, Thing::Container(container)) => {
                let act = Act::OpenContainer { container, holding: Holding::Ask };
                Plan { accepted: State::opened(Mode::Pack(container)), ..Plan::act(act, state, Doing::Opens) }
            }
            (Mode::PackAsk, thing) => self.keep_here(thing, Reason::ContainerFirst),
            (Mode::SweepAsk, thing) => self.keep_here(thing, Reason::SweepPlaceFirst),
            (Mode::Sweep(place), thing) => Plan::act(Act::See { thing, place }, state, doing),
            (Mode::Pack(open), Thing::Container(container)) if open == container => {
                Plan::tell(Answer::new(Reason::PackingInto).at(open), state)
            }
            (Mode::Pack(container), thing) => {
                Plan::act(Act::Pack { thing, container, consent }, state, doing)
            }
        }
    }

    fn keep_here(&self, thing: Thing, why: Reason) -> Plan {
        Plan::act(Act::KeepHere { thing, why }, self.state, Doing::Folder(None))
    }

    /// TAKE-OUT: off the list, or its movement in this batch undone.
    fn take_out(&self, text: &str) -> Plan {
        let state = self.state.disarmed();
        if state.list.is_some() {
            let listed = self.known_volume(text).filter(|volume| self.ledger.list.contains(volume));
            let left = u32::try_from(self.ledger.list.len().saturating_sub(1)).unwrap_or(u32::MAX);
            return match listed {
                Some(volume) => Plan::tell(Answer::new(Reason::TakenOffList).of(volume).count(left), state)
                    .doing(Doing::TakesOff(volume)),
                None => Plan::tell(Answer::new(Reason::NotInBatch), state),
            };
        }
        let member = self.ledger.batch.as_ref().and_then(|batch| batch.members.get(&key(text)));
        match member {
            Some(member) => {
                let target = UndoTarget::Scan(member.scan);
                Plan::act(Act::Undo(target), state, Doing::TakesBack(target))
            }
            None => Plan::tell(Answer::new(Reason::NotInBatch), state),
        }
    }

    /// The volume that this session has known under `text`.
    fn known_volume(&self, text: &str) -> Option<crate::domain::VolumeId> {
        let text = key(text);
        self.ledger.labels.get(&text).copied()
    }

    fn target(&self) -> Option<PlaceId> {
        target_of(self.state.mode)
    }
}

/// Where the open act takes a folder.
pub(super) const fn target_of(mode: Mode) -> Option<PlaceId> {
    match mode {
        Mode::Send(to) => Some(to),
        Mode::File(shelf) => shelf,
        Mode::Pack(container) => Some(container),
        Mode::Sweep(place) => Some(place),
        Mode::Idle | Mode::Receive | Mode::PackAsk | Mode::SweepAsk | Mode::Ended(_) => None,
    }
}

/// A label's text as batches remember it: case does not matter.
pub(super) fn key(text: &str) -> String {
    text.to_ascii_uppercase()
}
