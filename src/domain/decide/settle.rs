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
        (
            QuestionKind::GoneButSeen
            | QuestionKind::AgainstRule
            | QuestionKind::ContainerLoop
            | QuestionKind::UnknownLabel,
            _,
            _,
        ) => return changed(),
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

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::clock::Timestamp;
    use crate::domain::barcode::{Entry, FolderCode, OwnKind};
    use crate::domain::casenote::{VolumeBrief, VolumeKind};
    use crate::domain::command::{Clocks, Moment, Naming, Run, Scan, SessionAfter, Thing};
    use crate::domain::decide::{ContainerView, decide};
    use crate::domain::directory::Directory;
    use crate::domain::kept::KeptScan;
    use crate::domain::movement::GoneWhy;
    use crate::domain::place::Place;
    use crate::domain::staff::Staff;
    use crate::domain::whereabouts::Present;
    use crate::domain::{CasenoteId, QuestionId, StaffId, VolumeId};

    const HERE: PlaceId = PlaceId::new(1);
    const THERE: PlaceId = PlaceId::new(2);
    const CRATE: PlaceId = PlaceId::new(3);
    const FOLDER: VolumeId = VolumeId::new(100);
    const QUESTION: QuestionId = QuestionId::new(7);

    fn directory() -> Directory {
        let place = |id: PlaceId, code: &str, kind| Place::plain(id.key(), code, kind, None);
        let person = |(at, role): (usize, Role)| Staff {
            id: StaffId::new(i64::try_from(at).unwrap()),
            badge: format!("B{at}").parse().unwrap(),
            name: role.word().to_owned(),
            role,
        };
        let places = [
            place(HERE, "HERE", PlaceKind::Clinic),
            place(THERE, "THERE", PlaceKind::Clinic),
            place(CRATE, "CRATE", PlaceKind::Container),
        ];
        Directory::new(places, Role::ALL.into_iter().enumerate().map(person), [])
    }

    fn volume(present: Present) -> VolumeView {
        VolumeView {
            brief: VolumeBrief {
                id: FOLDER,
                casenote: CasenoteId::new(1),
                number: "123456".parse().unwrap(),
                volume: 1,
                kind: VolumeKind::Original,
                barcode: "V000010097".parse().unwrap(),
            },
            home: None,
            hold: None,
            restricted: false,
            present,
            newest: None,
            siblings: Vec::new(),
            gone_asked: false,
            unproven: None,
            patient: None,
            search: None,
            combines: Vec::new(),
        }
    }

    fn at(place: PlaceId, or_at: Option<PlaceId>) -> Present {
        Present { state: State::At, place: Some(place), or_at, ..Present::default() }
    }

    fn scan(role: Option<Role>) -> Scan {
        let person = role.and_then(|role| Role::ALL.iter().position(|each| *each == role));
        let now = Timestamp::EPOCH;
        Scan {
            id: ScanId::new(Uuid::from_u128(1)),
            desk: "~WEB".parse().unwrap(),
            desk_place: HERE,
            session: "page".to_owned(),
            run: Run { incarnation: Uuid::nil(), boot: None },
            number: 1,
            scanner: "page".to_owned(),
            person: person.map(|at| StaffId::new(i64::try_from(at).unwrap())),
            batch: None,
            position: 0,
            clocks: Clocks { happened: now, wall: now, boot_us: 0, uncertainty_us: 0 },
            text: String::new(),
            aim: None,
            entry: Entry::Typed,
            naming: Naming::Ours,
        }
    }

    struct Case {
        found: Found,
        question: Option<QuestionView>,
        label: Option<LabelView>,
    }

    impl Case {
        fn when(self, role: Option<Role>, act: Act) -> Decision {
            let directory = directory();
            let view = View {
                directory: &directory,
                desk_place: HERE,
                found: self.found,
                container: None,
                listed: Vec::new(),
                undo: None,
                question: self.question,
                label: self.label,
                making: None,
                lists: None,
                sweep: None,
                search: None,
                temporary: None,
            };
            let session = SessionAfter::default();
            decide(&view, &Command { scan: scan(role), act, moment: Moment::Now, session })
        }
    }

    fn of_folder(present: Present) -> Case {
        Case { found: Found::Volume(Box::new(volume(present))), question: None, label: None }
    }

    fn settle_order(verdict: Verdict) -> Act {
        Act::Settle { question: Asked::Order(Thing::Volume(FOLDER)), verdict }
    }

    #[test]
    fn a_librarian_or_a_manager_settles_and_nobody_else() {
        let roles = Role::ALL.into_iter().map(Some).chain([None]);
        for role in roles {
            let decision = of_folder(at(HERE, Some(THERE))).when(role, settle_order(Verdict::At(HERE)));
            let reason = match role {
                Some(Role::Librarian | Role::Manager) => Reason::SettledAt,
                Some(_) => Reason::NotALibrarian,
                None => Reason::BadgeUnknown,
            };
            assert_eq!(decision.answer.reason, reason, "{role:?}");
            assert_eq!(decision.movements.is_empty(), reason != Reason::SettledAt);
        }
    }

    #[test]
    fn which_of_two_places_is_one_of_the_two_or_unknown() {
        let contested = at(HERE, Some(THERE));
        for (present, verdict, reason, answer) in [
            (contested, Verdict::At(HERE), Reason::SettledAt, Some(Some(HERE))),
            (contested, Verdict::At(THERE), Reason::SettledAt, Some(Some(THERE))),
            (contested, Verdict::NotKnown, Reason::SettledNotKnown, Some(None)),
            (contested, Verdict::At(CRATE), Reason::QuestionChanged, None),
            (contested, Verdict::Gone, Reason::QuestionChanged, None),
            (at(THERE, None), Verdict::At(THERE), Reason::QuestionOver, None),
        ] {
            let decision = of_folder(present).when(Some(Role::Librarian), settle_order(verdict));
            assert_eq!(decision.answer.reason, reason, "{verdict:?}");
            let made: Vec<_> = decision.movements.iter().map(|made| (made.change, made.how)).collect();
            let expected = answer.map(|at| (Change::Answered { at }, How::Inferred));
            assert_eq!(made, Vec::from_iter(expected), "{verdict:?}");
        }
    }

    #[test]
    fn a_raised_question_takes_the_answers_that_fit_it_and_is_closed_by_them() {
        let gone = Present { state: State::Gone(GoneWhy::Destroyed), ..at(HERE, None) };
        let in_crate = Verdict::ContainerAt { container: CRATE, at: HERE };
        let wrong_crate = Verdict::ContainerAt { container: HERE, at: HERE };
        for (kind, present, verdict, reason, moves) in [
            (QuestionKind::GoneButSeen, gone, Verdict::At(THERE), Reason::SettledAt, 1),
            (QuestionKind::GoneButSeen, gone, Verdict::At(CRATE), Reason::QuestionChanged, 0),
            (QuestionKind::GoneButSeen, gone, Verdict::Gone, Reason::SettledGone, 0),
            (QuestionKind::GoneButSeen, gone, Verdict::Allowed, Reason::QuestionChanged, 0),
            (QuestionKind::GoneButSeen, at(HERE, None), Verdict::At(THERE), Reason::QuestionAnswered, 0),
            (QuestionKind::AgainstRule, at(HERE, None), Verdict::Allowed, Reason::SettledAllowed, 0),
            (QuestionKind::AgainstRule, at(HERE, None), Verdict::SeenTo, Reason::SettledSeenTo, 0),
            (QuestionKind::AgainstRule, at(HERE, None), Verdict::Gone, Reason::QuestionChanged, 0),
            (QuestionKind::ContainerLoop, gone, in_crate, Reason::SettledAt, 1),
            (QuestionKind::ContainerLoop, gone, wrong_crate, Reason::QuestionChanged, 0),
            (QuestionKind::UnknownLabel, gone, Verdict::Gone, Reason::QuestionChanged, 0),
        ] {
            for is_open in [true, false] {
                let found = match kind {
                    QuestionKind::ContainerLoop => Found::Container(ContainerView {
                        id: CRATE,
                        present: Present::default(),
                        inside: Vec::new(),
                        levels: 0,
                        holds: 0,
                    }),
                    QuestionKind::GoneButSeen | QuestionKind::AgainstRule | QuestionKind::UnknownLabel => {
                        Found::NotSought
                    }
                };
                let question = QuestionView {
                    id: QUESTION,
                    kind,
                    is_open,
                    volume: Some(volume(present)),
                    containers: vec![CRATE],
                };
                let act = Act::Settle { question: Asked::Raised(QUESTION), verdict };
                let case = Case { found, question: Some(question), label: None };
                let decision = case.when(Some(Role::Manager), act);
                let (reason, moves) = if is_open { (reason, moves) } else { (Reason::QuestionOver, 0) };
                assert_eq!((decision.answer.reason, decision.movements.len()), (reason, moves), "{kind:?}");
                let closes = !matches!(reason, Reason::QuestionChanged | Reason::QuestionOver);
                assert_eq!(decision.settles == [Settles::Question(QUESTION)], closes, "{kind:?} {verdict:?}");
            }
        }
    }

    #[test]
    fn a_label_becomes_a_folders_only_where_it_can_mean_nothing_else() {
        let folder = |text: &str| Code::Folder(FolderCode { label: text.parse().unwrap(), numbered: None });
        let old = || folder("OLD 77");
        let other = VolumeId::new(5);
        let own = OwnBarcode::new(OwnKind::Volume, 12).to_string();
        for (reads, names, several, reason, settles) in [
            (old(), None, false, Reason::LabelAssigned, 2),
            (old(), None, true, Reason::KeptPlaced, 1),
            (old(), Some(FOLDER), false, Reason::KeptPlaced, 1),
            (old(), Some(other), false, Reason::LabelTaken, 0),
            (folder(&own), None, false, Reason::LabelIsOurs, 0),
            (Code::Place(HERE), None, false, Reason::LabelIsPlace, 0),
            (Code::Container(CRATE), None, false, Reason::LabelIsPlace, 0),
            (Code::Staff(StaffId::new(1)), None, false, Reason::LabelIsBadge, 0),
            (Code::Unusable(Reason::CardNotInUse), None, false, Reason::LabelIsCard, 0),
            (Code::Unusable(Reason::Misread), None, false, Reason::LabelIsMisread, 0),
            (Code::Unusable(Reason::UnknownLabel), None, false, Reason::LabelIsOurs, 0),
        ] {
            let kept = KeptScan { scan: scan(None), reason: Reason::UnknownLabel };
            let label = LabelView { reads, names, named_several: several, kept: vec![kept] };
            let case = Case { label: Some(label), ..of_folder(at(HERE, None)) };
            let of = ScanId::new(Uuid::from_u128(1));
            let act = Act::AssignLabel { of, folder: FOLDER, kept: vec![of] };
            let decision = case.when(Some(Role::Librarian), act);
            assert_eq!((decision.answer.reason, decision.settles.len()), (reason, settles));
            assert_eq!(decision.follows.len(), usize::from(settles > 0), "{reason:?}");
            let past = decision.follows.iter().all(|follow| follow.moment == Moment::Past);
            assert!(past && decision.movements.is_empty());
        }
    }
}
