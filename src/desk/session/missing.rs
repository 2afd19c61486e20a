//! MISSING, COMBINE, and where a folder was that has turned up.

use super::state::Arm;
use super::{Doing, Plan, Room, Session};
use crate::desk::signal::TOGETHER_STEP;
use crate::domain::answer::{Answer, Near, Ring, Signal};
use crate::domain::command::{Act, Consent, Missing, Sought, Thing, VolumeNow};
use crate::domain::refusal::Reason;
use crate::domain::search::{Meant, Need, Whence};
use crate::domain::{ScanId, VolumeId};

impl Session {
    /// MISSING's folder: a search is opened for it. Whoever stands at the desk waits for it, and has just looked.
    pub(super) fn misses(&self, sought: Sought, consent: Consent) -> Plan {
        let need = Need { asker: Some(self.setup.desk_place), ..Need::default() };
        let missing = Missing { sought, need, looked: None, consent };
        Plan::act(Act::OpenSearch(Box::new(missing)), self.state.disarmed().free(), Doing::Misses)
    }

    /// OK to a folder that by the log is elsewhere: nobody has it there either.
    pub(super) fn misses_all_the_same(&self, volume: VolumeId) -> Plan {
        self.misses(Sought::Thing(Thing::Volume(volume)), Consent::Given)
    }

    /// COMBINE's temporary folder: the original is next.
    pub(super) fn combines(&self, temporary: Thing) -> Plan {
        let act = Act::Combine { temporary, original: None, consent: Consent::Unasked };
        let state = self.state.disarmed();
        Plan { accepted: state.armed(Arm::Original), ..Plan::act(act, state, Doing::Combines) }
    }

    /// … and its original.
    pub(super) fn combines_into(&self, original: Thing, consent: Consent) -> Plan {
        let state = self.state.disarmed().free();
        let Some(temporary) = self.combining else {
            return Plan::tell(Answer::new(Reason::NotTemporary), state);
        };
        let act = Act::Combine { temporary: Thing::Volume(temporary), original: Some(original), consent };
        Plan::act(act, state, Doing::Combines)
    }

    /// The number that says where the folder was that has turned up.
    pub(super) fn tells_where(&self, volume: VolumeId, digit: u8, room: Room<'_>) -> Plan {
        let choices = Whence::choices(self.setup.desk_place, room.directory);
        let chosen = usize::from(digit).checked_sub(1).and_then(|at| choices.get(at));
        match chosen {
            Some(whence) => {
                let spot = whence.spot(self.setup.desk_place, room.directory);
                let act = Act::TellWhere { search: Meant::NewestOf(volume), spot, cause: None };
                Plan::act(act, self.state.disarmed(), Doing::TellsWhere)
            }
            None => Plan::tell(Answer::new(Reason::NoSuchNumber), self.state).doing(Doing::Unusable),
        }
    }

    /// The other one of a temporary folder and its original lies beside the pile too, where it is here.
    pub(super) fn put_other_aside(
        &mut self,
        scan: ScanId,
        answer: &Answer,
        volumes: &[VolumeNow],
        room: Room<'_>,
    ) {
        let here = answer.beside.together.filter(|together| together.near == Near::Here);
        let other = here.and_then(|here| volumes.iter().find(|volume| volume.brief.id == here.other));
        if let Some(other) = other {
            self.put_aside(scan, Some(other), "", TOGETHER_STEP, room);
        }
    }

    /// What is combined, and what was scanned for it, lies beside the pile no more.
    pub(super) fn bring_back_combined(&mut self, answer: &Answer, volumes: &[VolumeNow], text: &str) {
        if answer.reason != Reason::Combined {
            return;
        }
        self.ledger.bring_back(answer.volume, Some(text));
        for volume in volumes.iter().map(|volume| volume.brief.id) {
            self.ledger.bring_back(Some(volume), None);
            self.ledger.forget_in_batch(volume);
            self.ledger.moved_on(volume);
        }
    }

    /// What a recorded scan changes in what is known of searches and of COMBINE. A misread changes nothing.
    pub(super) fn remember_search(&mut self, doing: &Doing, answer: &Answer) {
        if answer.reason == Reason::CombineScanOriginal {
            self.combining = answer.volume;
        }
        if !matches!(doing, Doing::Double | Doing::Unusable | Doing::Locked | Doing::LockedCard) {
            self.rung = rung_by(answer);
        }
    }
}

/// The folder of which a number now says where it was.
pub(super) fn rung_by(answer: &Answer) -> Option<VolumeId> {
    let turned_up = matches!(answer.beside.ring, Some(Ring::TurnedUp(_)));
    answer.volume.filter(|_| turned_up && answer.signal() == Signal::Look)
}
