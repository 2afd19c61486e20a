//! What making up a folder comes to: who may, which volume it is, and what stands against it.

use super::{Decision, Settles, View};
use crate::domain::answer::Answer;
use crate::domain::casenote::{CasenoteNumber, MAX_VOLUME, VolumeKind};
use crate::domain::combine::{CombineStep, NewCombineStep};
use crate::domain::command::Command;
use crate::domain::making::{Ground, Making, MakingView, NewFolder, Owner, Under, Whose};
use crate::domain::refusal::Reason;
use crate::domain::search::{NewStep, Step};
use crate::domain::staff::Role;

/// A folder, or why there is none. It moves nothing: nobody has seen it.
pub fn make(view: &View<'_>, command: &Command, making: &Making) -> Decision {
    if let Some(refused) = may_not(view, command) {
        return Decision::told(refused);
    }
    let Some(stands) = &view.making else { return Decision::told(Answer::new(Reason::MakingChanged)) };
    match volume(making, &stands.ground) {
        Err(reason) => Decision::told(Answer::new(reason)),
        Ok((volume, casenote)) => {
            let folder = NewFolder {
                id: stands.next,
                under: making.under.clone(),
                volume,
                kind: making.kind,
                barcode: making.numbering.barcode(casenote, volume),
            };
            let answer = Answer::new(Reason::MadeUp).of(stands.next);
            let made = Decision { settles: vec![Settles::Made(Box::new(folder))], ..Decision::told(answer) };
            if making.kind == VolumeKind::Temporary { stands_in(made, stands) } else { made }
        }
    }
}

/// A temporary folder stands in for every original that is searched for; where none is, for the latest.
fn stands_in(made: Decision, stands: &MakingView) -> Decision {
    let temporary = stands.next;
    let searched = stands.originals.iter().filter_map(|original| original.search);
    let steps = searched.map(|search| NewStep { search, step: Step::StoodIn { temporary } }).collect();
    let missed = stands.originals.iter().find(|original| original.search.is_some());
    let original = missed.or_else(|| stands.originals.first()).map(|original| original.volume);
    let stood_in = |original| NewCombineStep { temporary, original, step: CombineStep::StoodIn };
    Decision { steps, combines: original.map(stood_in).into_iter().collect(), ..made }
}

/// Whoever works with the paper may; viewers and auditors may not.
fn may_not(view: &View<'_>, command: &Command) -> Option<Answer> {
    let Some(person) = command.scan.person.and_then(|id| view.directory.staff(id)) else {
        return Some(Answer::new(Reason::MakerUnknown));
    };
    match person.role {
        Role::Clerk | Role::Librarian | Role::Manager | Role::Administrator => None,
        Role::Viewer | Role::Governance => Some(Answer::new(Reason::MayNotMake).by(person.id)),
    }
}

/// Which volume of which casenote it is.
fn volume<'a>(making: &'a Making, ground: &'a Ground) -> Result<(u32, &'a CasenoteNumber), Reason> {
    match (&making.under, ground) {
        (Under::Casenote(_), Ground::Casenote(_, MAX_VOLUME..)) => Err(Reason::CasenoteFull),
        (Under::Casenote(_), Ground::Casenote(number, highest)) => Ok((highest + 1, number)),
        (Under::New { number, whose }, Ground::Free(owner)) => {
            owned(whose, owner)?;
            Ok((1, number))
        }
        (Under::New { .. }, Ground::Taken) => Err(Reason::CasenoteTaken),
        (Under::Casenote(_) | Under::New { .. }, _) => Err(Reason::MakingChanged),
    }
}

/// Nobody becomes a second patient by being overlooked: all who are much alike must have been passed by.
fn owned(whose: &Whose, owner: &Owner) -> Result<(), Reason> {
    match (whose, owner) {
        (Whose::Known(_), Owner::Known) => Ok(()),
        (Whose::TypedIn { .. }, Owner::NumberInUse) => Err(Reason::PatientTaken),
        (Whose::TypedIn { passed_by, .. }, Owner::New(alike)) => {
            let overlooked = alike.iter().any(|patient| !passed_by.contains(patient));
            if overlooked { Err(Reason::LooksAlike) } else { Ok(()) }
        }
        (Whose::Known(_) | Whose::TypedIn { .. }, _) => Err(Reason::MakingChanged),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::casenote::VolumeKind;
    use crate::domain::making::{Numbering, TypedIn};
    use crate::domain::{CasenoteId, PatientId};

    fn number() -> CasenoteNumber {
        CasenoteNumber {
            site: "RX1".parse().unwrap(),
            number_type: "HOSPITAL".parse().unwrap(),
            number: "123456".parse().unwrap(),
        }
    }

    fn making(under: Under) -> Making {
        Making { under, kind: VolumeKind::Original, numbering: Numbering::Ours }
    }

    fn typed_in(passed_by: &[i64]) -> Whose {
        let person = TypedIn {
            site: "RX1".parse().unwrap(),
            number: "123456".parse().unwrap(),
            nhs_number: None,
            surname: "Lee".to_owned(),
            forename: String::new(),
            born: None,
        };
        Whose::TypedIn { person, passed_by: passed_by.iter().copied().map(PatientId::new).collect() }
    }

    #[test]
    fn a_folder_is_made_only_where_nothing_stands_against_it() {
        let goes_on = || Under::Casenote(CasenoteId::new(1));
        let new = |whose| Under::New { number: number(), whose: Box::new(whose) };
        let known = || Whose::Known(PatientId::new(1));
        let like = |keys: &[i64]| Owner::New(keys.iter().copied().map(PatientId::new).collect());
        for (under, ground, says) in [
            (goes_on(), Ground::Casenote(number(), 2), Ok(3)),
            (goes_on(), Ground::Casenote(number(), 0), Ok(1)),
            (goes_on(), Ground::Casenote(number(), MAX_VOLUME), Err(Reason::CasenoteFull)),
            (goes_on(), Ground::NoCasenote, Err(Reason::MakingChanged)),
            (goes_on(), Ground::Free(Owner::Known), Err(Reason::MakingChanged)),
            (new(known()), Ground::Free(Owner::Known), Ok(1)),
            (new(known()), Ground::Free(Owner::Gone), Err(Reason::MakingChanged)),
            (new(known()), Ground::Taken, Err(Reason::CasenoteTaken)),
            (new(typed_in(&[])), Ground::Free(like(&[])), Ok(1)),
            (new(typed_in(&[8, 7])), Ground::Free(like(&[7, 8])), Ok(1)),
            (new(typed_in(&[7])), Ground::Free(like(&[7, 8])), Err(Reason::LooksAlike)),
            (new(typed_in(&[])), Ground::Free(Owner::NumberInUse), Err(Reason::PatientTaken)),
            (new(typed_in(&[])), Ground::Free(Owner::Known), Err(Reason::MakingChanged)),
        ] {
            let (making, told) = (making(under), format!("{ground:?}"));
            assert_eq!(volume(&making, &ground).map(|(volume, _)| volume), says, "{told}");
        }
    }
}
