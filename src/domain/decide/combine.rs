//! COMBINE: the papers of a temporary folder are put into the original, and what stands against filing before that.

use super::{Decision, Found, One, View, arrival, implied_arrival, is_here};
use crate::domain::answer::{Answer, Near, Together};
use crate::domain::casenote::{VolumeKind, VolumeView};
use crate::domain::combine::{CombineStep, Meeting, NewCombineStep, meeting};
use crate::domain::command::{Act, Command, Consent};
use crate::domain::movement::{Change, GoneWhy};
use crate::domain::refusal::Reason;
use crate::domain::staff::Role;
use crate::domain::undo::UndoView;

/// The decision about what was scanned, where its temporary folder or its original was scanned too: both are put aside.
pub fn meet(view: &View<'_>, command: &Command, decision: Decision) -> Decision {
    let (Found::Volume(volume), Some(_)) = (&view.found, command.act.in_hand()) else { return decision };
    if decision.movements.is_empty() || matches!(command.act, Act::Combine { .. }) {
        return decision;
    }
    let Some(meeting) = meeting(volume) else { return decision };
    let other = meeting.other(volume.brief.id);
    let sibling = volume.siblings.iter().find(|sibling| sibling.brief.id == other);
    let here = sibling.is_some_and(|other| is_here(view.directory, view.desk_place, &other.present));
    let together = Together { other, near: if here { Near::Here } else { Near::Away } };
    let mut volumes = decision.volumes;
    volumes.push(other);
    let combines = match meeting {
        Meeting::Known(_) => Vec::new(),
        Meeting::Second { temporary, original } => {
            vec![NewCombineStep { temporary, original, step: CombineStep::Met }]
        }
    };
    Decision { answer: decision.answer.together(together), volumes, combines, ..decision }
}

/// Why a volume may not be filed: it is to be combined first, and no librarian has said that it is filed all the same.
pub fn before_filing(
    view: &View<'_>,
    command: &Command,
    volume: &VolumeView,
    consent: Consent,
) -> Option<Answer> {
    meeting(volume)?;
    let reason = match consent {
        Consent::Unasked => Reason::CombineFirst,
        Consent::Given if is_librarian(view, command) => return None,
        Consent::Given => Reason::LibrarianFiles,
    };
    Some(Answer::new(reason).of(volume.brief.id))
}

fn is_librarian(view: &View<'_>, command: &Command) -> bool {
    let person = command.scan.person.and_then(|id| view.directory.staff(id));
    person.is_some_and(|person| matches!(person.role, Role::Librarian | Role::Manager))
}

/// The decision to take scans back, with what they had said of temporary folders and their originals.
pub fn apart(decision: Decision, undo: &UndoView) -> Decision {
    let back = |done: &NewCombineStep| Some(NewCombineStep { step: done.step.taken_back()?, ..*done });
    Decision { combines: undo.combines.iter().filter_map(back).collect(), ..decision }
}

/// COMBINE, and the first of its two folders: a temporary one.
pub fn temporary(view: &View<'_>, thing: One<'_>) -> Decision {
    let One::Volume(volume) = thing else { return super::keep_here(view, thing, Reason::NotTemporary) };
    if volume.brief.kind != VolumeKind::Temporary {
        return super::keep_here(view, thing, Reason::NotTemporary);
    }
    let arrived = thing.asked(arrival(view, thing));
    Decision::moved(Answer::new(Reason::CombineScanOriginal).of(volume.brief.id), vec![arrived])
}

/// … and the second: its original.
pub fn original(view: &View<'_>, thing: One<'_>, consent: Consent) -> Decision {
    let (One::Volume(original), Some(temporary)) = (thing, &view.temporary) else {
        return super::keep_here(view, thing, Reason::NotItsOriginal);
    };
    match (kinship(temporary, original), consent) {
        (Kinship::Set, _) | (Kinship::Patient, Consent::Given) => combined(view, temporary, original),
        (Kinship::Patient, Consent::Unasked) => super::keep_here(view, thing, Reason::CombineAcross),
        (Kinship::None, _) => super::keep_here(view, thing, Reason::NotItsOriginal),
    }
}

/// How a temporary folder and a volume belong together.
enum Kinship {
    /// They are of one casenote.
    Set,
    /// They are of one patient, under two numbers.
    Patient,
    /// They are not.
    None,
}

fn kinship(temporary: &VolumeView, original: &VolumeView) -> Kinship {
    if original.brief.kind == VolumeKind::Temporary {
        Kinship::None
    } else if temporary.brief.casenote == original.brief.casenote {
        Kinship::Set
    } else if temporary.patient.is_some() && temporary.patient == original.patient {
        Kinship::Patient
    } else {
        Kinship::None
    }
}

fn combined(view: &View<'_>, temporary: &VolumeView, original: &VolumeView) -> Decision {
    let (first, second) = (One::Volume(temporary), One::Volume(original));
    let gone = first.asked(Change::Gone { at: Some(view.desk_place), why: GoneWhy::Combined });
    let arrivals = [first, second].into_iter().filter_map(|thing| implied_arrival(view, thing));
    let movements = arrivals.chain([gone]).collect();
    let step = NewCombineStep {
        temporary: temporary.brief.id,
        original: original.brief.id,
        step: CombineStep::Confirmed,
    };
    Decision {
        combines: vec![step],
        volumes: vec![original.brief.id, temporary.brief.id],
        ..Decision::moved(Answer::new(Reason::Combined).of(original.brief.id), movements)
    }
}
