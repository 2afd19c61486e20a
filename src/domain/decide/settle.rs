//! What a librarian settles: which of two places, what a raised question comes to, whose an unknown label is.

use super::{Decision, Found, One, Settles, View};
use crate::domain::answer::Answer;
use crate::domain::barcode::{Code, OwnBarcode};
use crate::domain::casenote::{LabelText, VolumeView};
use crate::domain::command::{Act, Command};
use crate::domain::kept::LabelView;
use crate::domain::movement::{Change, How, NewMovement};
use crate::domain::place::PlaceKind;
use crate::domain::question::{Asked, QuestionKind, QuestionView, Verdict};
use crate::domain::refusal::Reason;
use crate::domain::staff::Role;
use crate::domain::whereabouts::{State, either};
use crate::domain::{PlaceId, ScanId};

/// What settling comes to. Nobody but a librarian or a manager may.
pub fn settle(view: &View<'_>, command: &Command) -> Decision {
    if let Some(refused) = may_not(view, command) {
        return Decision::told(refused);
    }
    #[expect(clippy::wildcard_enum_match_arm, reason = "all other acts are decided elsewhere")]
    match &command.act {
        Act::Settle { question: Asked::Order(_), verdict } => order(view, *verdict),
        Act::Settle { question: Asked::Raised(_), verdict } => raised(view, *verdict),
        Act::AssignLabel { .. } => assign(view),
        Act::SetAside { of } => set_aside(view, *of),
        _ => Decision::told(Answer::new(Reason::QuestionOver)),
    }
}

fn may_not(view: &View<'_>, command: &Command) -> Option<Answer> {
    let Some(person) = command.scan.person.and_then(|id| view.directory.staff(id)) else {
        return Some(Answer::new(Reason::BadgeUnknown));
    };
    match person.role {
        Role::Librarian | Role::Manager => None,
        Role::Viewer | Role::Clerk | Role::Governance | Role::Administrator => {
            Some(Answer::new(Reason::NotALibrarian).by(person.id))
        }
    }
}

fn over() -> Decision {
    Decision::told(Answer::new(Reason::QuestionOver))
}

fn changed() -> Decision {
    Decision::told(Answer::new(Reason::QuestionChanged))
}

/// A librarian's word is worked out from what people say, not scanned: pages show it so.
fn answered(thing: One<'_>, at: Option<PlaceId>) -> NewMovement {
    NewMovement { how: How::Inferred, ..thing.asked(Change::Answered { at }) }
}

/// At which of two places it is; once a later scan has told, nobody need.
fn order(view: &View<'_>, verdict: Verdict) -> Decision {
    let thing = match &view.found {
        Found::Volume(volume) => One::Volume(volume),
        Found::Container(container) => One::Container(container),
        Found::Volumes(_) | Found::Unknown | Found::NotSought => return over(),
    };
    let Some((one, other)) = either(&thing.present()) else { return over() };
    let (reason, at) = match verdict {
        Verdict::At(place) if place == one || place == other => (Reason::SettledAt, Some(place)),
        Verdict::NotKnown => (Reason::SettledNotKnown, None),
        Verdict::At(_) | Verdict::ContainerAt { .. } | Verdict::Gone | Verdict::Allowed | Verdict::SeenTo => {
            return changed();
        }
    };
    Decision::moved(spoken(reason, thing, at), vec![answered(thing, at)])
}

fn spoken(reason: Reason, thing: One<'_>, at: Option<PlaceId>) -> Answer {
    let answer = Answer { place: at, ..Answer::new(reason) };
    match thing {
        One::Volume(volume) => answer.of(volume.brief.id),
        One::Container(container) => answer.or(container.id),
    }
}

fn raised(view: &View<'_>, verdict: Verdict) -> Decision {
    let Some(question) = view.question.as_ref().filter(|question| question.is_open) else { return over() };
    let decision = match (question.kind, verdict, &question.volume) {
        (QuestionKind::GoneButSeen, Verdict::At(at), Some(volume)) if is_place(view, at) => here(volume, at),
        (QuestionKind::GoneButSeen, Verdict::Gone, _) => closed(Reason::SettledGone, question),
        (QuestionKind::AgainstRule, Verdict::Allowed, _) => closed(Reason::SettledAllowed, question),
        (QuestionKind::AgainstRule, Verdict::SeenTo, _) => closed(Reason::SettledSeenTo, question),
        (QuestionKind::ContainerLoop, Verdict::ContainerAt { container, at }, _)
            if is_place(view, at) && question.containers.contains(&container) =>
        {
            out_of_the_loop(view, container, at)
        }
        (QuestionKind::GoneButSeen | QuestionKind::AgainstRule, _, _)
        | (QuestionKind::ContainerLoop | QuestionKind::UnknownLabel, _, _) => return changed(),
    };
    Decision { settles: vec![Settles::Question(question.id)], ..decision }
}

fn is_place(view: &View<'_>, at: PlaceId) -> bool {
    view.directory.place(at).is_some_and(|place| place.kind != PlaceKind::Container)
}

fn closed(reason: Reason, question: &QuestionView) -> Decision {
    let volume = question.volume.as_ref().map(|volume| volume.brief.id);
    Decision::told(Answer { volume, ..Answer::new(reason) })
}

/// A volume that was recorded as gone is at a place: it is live again. Where it is known again already, that stands.
fn here(volume: &VolumeView, at: PlaceId) -> Decision {
    let thing = One::Volume(volume);
    match volume.present.state {
        State::Gone(_) => {
            Decision::moved(spoken(Reason::SettledAt, thing, Some(at)), vec![answered(thing, Some(at))])
        }
        State::NotYetSeen | State::At | State::OnItsWay | State::InContainer => {
            Decision::told(Answer::new(Reason::QuestionAnswered).of(volume.brief.id))
        }
    }
}

fn out_of_the_loop(view: &View<'_>, container: PlaceId, at: PlaceId) -> Decision {
    let Found::Container(found) = &view.found else { return changed() };
    if found.id != container {
        return changed();
    }
    let thing = One::Container(found);
    Decision::moved(spoken(Reason::SettledAt, thing, Some(at)), vec![answered(thing, Some(at))])
}

fn assign(view: &View<'_>) -> Decision {
    let (Found::Volume(volume), Some(label)) = (&view.found, &view.label) else { return over() };
    let text = match can_be_of(label, volume) {
        Ok(text) => text,
        Err(refused) => return Decision::told(refused),
    };
    let is_new = label.names.is_none() && !label.named_several;
    if label.kept.is_empty() && !is_new {
        return over();
    }
    let reason = if is_new { Reason::LabelAssigned } else { Reason::KeptPlaced };
    let answer = Answer::new(reason).of(volume.brief.id).count(super::count(label.kept.len()));
    let names = is_new.then(|| Settles::Label(text.clone(), volume.brief.id));
    let kept = label.kept.iter().map(|kept| Settles::Kept(kept.scan.id));
    Decision {
        settles: names.into_iter().chain(kept).collect(),
        follows: label.kept.iter().map(|kept| kept.of(volume.brief.id)).collect(),
        ..Decision::told(answer)
    }
}

/// The label, if it may be this volume's: one text means one thing, for ever.
fn can_be_of<'a>(label: &'a LabelView, volume: &VolumeView) -> Result<&'a LabelText, Answer> {
    let text = match &label.reads {
        Code::Folder(folder) => &folder.label,
        Code::Place(id) | Code::Container(id) => return Err(Answer::new(Reason::LabelIsPlace).at(*id)),
        Code::Staff(id) => return Err(Answer::new(Reason::LabelIsBadge).by(*id)),
        Code::Card(_) | Code::Unusable(Reason::CardNotInUse) => {
            return Err(Answer::new(Reason::LabelIsCard));
        }
        Code::Patient(_) => return Err(Answer::new(Reason::LabelIsPatient)),
        Code::Unusable(Reason::UnknownLabel) => return Err(Answer::new(Reason::LabelIsOurs)),
        Code::Unusable(_) => return Err(Answer::new(Reason::LabelIsMisread)),
    };
    match label.names {
        Some(named) if named == volume.brief.id => Ok(text),
        Some(other) => Err(Answer::new(Reason::LabelTaken).of(other)),
        None if text.as_str().parse::<OwnBarcode>().is_ok() => Err(Answer::new(Reason::LabelIsOurs)),
        None => Ok(text),
    }
}

fn set_aside(view: &View<'_>, of: ScanId) -> Decision {
    match &view.label {
        Some(label) if !label.kept.is_empty() => Decision {
            settles: vec![Settles::AllKept(of)],
            ..Decision::told(Answer::new(Reason::LabelSetAside))
        },
        Some(_) | None => over(),
    }
}
