//! Searches: opened, looked for, told, declared, ended; and the ring of a scan of what is wanted.

use super::{Decision, Found, View, count, gone_reason};
use crate::domain::answer::{Answer, Ring};
use crate::domain::casenote::VolumeView;
use crate::domain::command::{Act, Command, Consent, Missing, Moment, Sought};
use crate::domain::place::PlaceKind;
use crate::domain::refusal::Reason;
use crate::domain::search::{
    Cause, ClosedWhy, FoundHow, Look, LookResult, Need, NewStep, Quiet, Search, SearchState, SeenBy, Spot,
    Step, Tracked,
};
use crate::domain::staff::Role;
use crate::domain::undo::UndoView;
use crate::domain::whereabouts::State;
use crate::domain::{PlaceId, ScanId, SearchId};

/// What an act about searches comes to.
pub fn act(view: &View<'_>, command: &Command) -> Decision {
    #[expect(clippy::wildcard_enum_match_arm, reason = "all other acts are decided elsewhere")]
    match &command.act {
        Act::OpenSearch(missing) => open(view, command, missing),
        Act::Look { spot, result, .. } => {
            with_search(view, |search| look(view, command, search, spot, *result))
        }
        Act::TakeBackLook { look, .. } => with_search(view, |search| take_back(view, search, *look)),
        Act::TellWhere { spot, cause, .. } => {
            with_search(view, |search| tell_where(view, search, spot, *cause))
        }
        Act::Declare(_) => with_search(view, |search| declare(view, command, search)),
        Act::CloseSearch { why, .. } => with_search(view, |search| close(view, command, search, *why)),
        Act::ReopenSearch(_) => with_search(view, |search| reopen(view, command, search)),
        _ => Decision::told(Answer::new(Reason::SearchUnknown)),
    }
}

fn with_search(view: &View<'_>, then: impl FnOnce(&Search) -> Decision) -> Decision {
    view.search.as_ref().map_or_else(|| Decision::told(Answer::new(Reason::SearchUnknown)), then)
}

fn stepped(reason: Reason, search: &Search, steps: impl IntoIterator<Item = Step>) -> Decision {
    let steps = steps.into_iter().map(|step| NewStep { search: search.id, step }).collect();
    Decision { steps, ..Decision::told(Answer::new(reason).of(search.volume)) }
}

/// The decision about what was scanned, with the ring of a search for it: any scan of a wanted folder that has it here
/// ends the search, whatever else is done with it. A quiet search ends without a sound.
pub fn ring(view: &View<'_>, command: &Command, decision: Decision) -> Decision {
    let (Found::Volume(volume), Some(_)) = (&view.found, command.act.in_hand()) else { return decision };
    let Some(wanted) = volume.search.filter(|_| !decision.movements.is_empty()) else { return decision };
    if command.moment == Moment::Past && command.scan.clocks.happened < wanted.opened_at {
        return decision;
    }
    let seen = if let Act::See { place, .. } = command.act {
        Step::Seen { at: place, by: SeenBy::Sweep }
    } else {
        Step::Seen { at: view.desk_place, by: SeenBy::Scan }
    };
    let steps = vec![NewStep { search: wanted.search, step: seen }];
    let answer = match (wanted.quiet, command.moment) {
        (Quiet::Loud, Moment::Now) => decision.answer.ringing(Ring::TurnedUp(wanted.asker)),
        (Quiet::Quiet, _) | (_, Moment::Past) => decision.answer,
    };
    Decision { answer, steps, ..decision }
}

/// The decision to take scans back, with the searches that they had ended: these go on.
pub fn goes_on(decision: Decision, undo: &UndoView) -> Decision {
    if undo.turned_up.is_empty() {
        return decision;
    }
    let reopened = |search: &SearchId| NewStep { search: *search, step: Step::Reopened };
    let steps = undo.turned_up.iter().map(reopened).collect();
    Decision { answer: decision.answer.ringing(Ring::GoesOn), steps, ..decision }
}

fn open(view: &View<'_>, command: &Command, missing: &Missing) -> Decision {
    match &view.found {
        Found::Volume(volume) => one(view, command, missing, volume),
        Found::Volumes(volumes) => {
            let live: Vec<_> = volumes.iter().filter(|volume| !is_gone(volume)).collect();
            match live.as_slice() {
                [] => Decision::told(Answer::new(Reason::PatientUnknown)),
                [volume] => one(view, command, missing, volume),
                several => Decision {
                    volumes: several.iter().map(|volume| volume.brief.id).collect(),
                    ..Decision::told(Answer::new(Reason::WhichMissing).count(count(several.len())))
                },
            }
        }
        Found::Container(container) => {
            Decision::told(Answer::new(Reason::MissingNotAFolder).at(container.id))
        }
        Found::Unknown | Found::NotSought => Decision::told(Answer::new(match missing.sought {
            Sought::Thing(_) => Reason::UnknownLabel,
            Sought::Patient(_) => Reason::PatientUnknown,
        })),
    }
}

const fn is_gone(volume: &VolumeView) -> bool {
    matches!(volume.present.state, State::Gone(_))
}

fn one(view: &View<'_>, command: &Command, missing: &Missing, volume: &VolumeView) -> Decision {
    let answer = |reason| Answer::new(reason).of(volume.brief.id);
    if let State::Gone(why) = volume.present.state {
        let reason = gone_reason(why);
        return Decision::told(if reason == Reason::CombinedSeen {
            answer(Reason::MissingCombined)
        } else {
            answer(Reason::MissingGone)
        });
    }
    let tracked = Tracked::of(&volume.present);
    let looked = |at: Option<PlaceId>| missing.looked.clone().or_else(|| looked_in(view, volume, at));
    let elsewhere = tracked.place().filter(|place| is_elsewhere(view, *place));
    if let Some(search) = &view.search {
        return join(command, missing, search, looked(tracked.place().xor(elsewhere)));
    }
    if let (Some(place), Consent::Unasked, Moment::Now) = (elsewhere, missing.consent, command.moment) {
        return Decision::told(answer(Reason::MissingElsewhere).at(place));
    }
    let opened =
        Step::Opened { volume: volume.brief.id, tracked, need: missing.need.clone(), quiet: Quiet::Loud };
    let search = SearchId::opened_by(command.scan.id, 0);
    let steps = std::iter::once(opened).chain(looked(tracked.place()).map(not_there));
    let steps = steps.map(|step| NewStep { search, step }).collect();
    Decision { steps, ..Decision::told(answer(Reason::SearchOpened)) }
}

const fn not_there(spot: Spot) -> Step {
    Step::Looked { spot, result: LookResult::NotThere }
}

/// A search is open already: who asks and where they looked is added to it.
fn join(command: &Command, missing: &Missing, search: &Search, looked: Option<Spot>) -> Decision {
    let asks = search.quiet == Quiet::Quiet
        || (missing.need != Need::default() && !search.needs.contains(&missing.need));
    let asked = asks.then(|| Step::AskedFor(missing.need.clone()));
    let looked = looked.filter(|spot| !search.knows(&the_look(command, spot, LookResult::NotThere)));
    stepped(Reason::SearchJoined, search, asked.into_iter().chain(looked.map(not_there)))
}

/// Where somebody has looked who says that it is not there: where the log has it; without that, at the desk itself. Who
/// joins a search has looked where the log has it only if that is where they are.
fn looked_in(view: &View<'_>, volume: &VolumeView, tracked: Option<PlaceId>) -> Option<Spot> {
    match tracked {
        Some(place) => Some(spot_of(view, volume, place)),
        None if view.directory.place(view.desk_place).is_none() => None,
        None if view.directory.library_of(view.desk_place).is_some() => Some(Spot::OwnSlot),
        None => Some(Spot::Place(view.desk_place)),
    }
}

/// The spot that a place is for this volume: on the shelves of its library, or a place by itself. Who misses what the log
/// has in a library stands before its slot; what belongs to another one is in the returns.
fn spot_of(view: &View<'_>, volume: &VolumeView, place: PlaceId) -> Spot {
    let kind = view.directory.place(place).map(|place| place.kind);
    match (view.directory.library_of(place), kind) {
        (Some(_), Some(PlaceKind::Shelf)) if volume.home == Some(place) => Spot::OwnSlot,
        (Some(_), Some(PlaceKind::Shelf)) => Spot::Box(place),
        (Some(library), _) if library == place => match volume.home {
            Some(home) if view.directory.library_of(home) != Some(library) => Spot::Returns(library),
            Some(_) | None => Spot::OwnSlot,
        },
        (Some(_) | None, _) => Spot::Place(place),
    }
}

/// Whether a place that the log names is somewhere else than the desk: another library, another department.
fn is_elsewhere(view: &View<'_>, place: PlaceId) -> bool {
    let (desk, directory) = (view.desk_place, view.directory);
    let library = directory.library_of(desk);
    let same_library = library.is_some() && directory.library_of(place) == library;
    !same_library && !directory.is_within(place, desk) && !directory.is_within(desk, place)
}

fn the_look(command: &Command, spot: &Spot, result: LookResult) -> Look {
    let scan = &command.scan;
    let desk = scan.desk_place;
    Look {
        at: scan.clocks.happened,
        spot: spot.clone(),
        result,
        by: scan.person,
        from: (desk.key() > 0).then_some(desk),
        scan: scan.id,
    }
}

fn look(view: &View<'_>, command: &Command, search: &Search, spot: &Spot, result: LookResult) -> Decision {
    if *spot == Spot::Lost {
        return stepped(Reason::NobodyCanLook, search, []);
    }
    if search.knows(&the_look(command, spot, result)) {
        return stepped(Reason::LookKnown, search, []);
    }
    let looked = Step::Looked { spot: spot.clone(), result };
    match result {
        LookResult::Found => {
            let cause = Cause::usual(search.tracked, spot, view.directory);
            let found = Step::FoundAt { spot: spot.clone(), cause, how: FoundHow::ByPlan };
            stepped(Reason::FoundNoted, search, [looked, found])
        }
        LookResult::NotThere => stepped(Reason::NotThereNoted, search, [looked]),
        LookResult::CannotLook => stepped(Reason::CannotLookNoted, search, [looked]),
    }
}

/// A look does not count; what it had found is searched for again, unless another search is open by now.
fn take_back(view: &View<'_>, search: &Search, look: ScanId) -> Decision {
    let ended = search.state == SearchState::Found;
    match search.told_by(look) {
        Some(told) if !(told.found() && ended && has_another(view)) => {
            stepped(Reason::LookTakenBack, search, [Step::LookTakenBack { look }])
        }
        Some(_) | None => stepped(Reason::SearchOver, search, []),
    }
}

/// Whether another search for the volume is open by now.
const fn has_another(view: &View<'_>) -> bool {
    matches!(&view.found, Found::Volume(volume) if volume.search.is_some())
}

fn tell_where(view: &View<'_>, search: &Search, spot: &Spot, cause: Option<Cause>) -> Decision {
    let cause = cause.unwrap_or_else(|| Cause::usual(search.tracked, spot, view.directory));
    let found = Step::FoundAt { spot: spot.clone(), cause, how: search.found_how() };
    stepped(Reason::WhereNoted, search, [found])
}

/// What a person without the right to it is told.
fn unless(view: &View<'_>, command: &Command, roles: &[Role], refused: Reason) -> Option<Decision> {
    let Some(person) = command.scan.person.and_then(|id| view.directory.staff(id)) else {
        return Some(Decision::told(Answer::new(Reason::BadgeUnknown)));
    };
    let refused = Answer::new(refused).by(person.id);
    (!roles.contains(&person.role)).then(|| Decision::told(refused))
}

fn declare(view: &View<'_>, command: &Command, search: &Search) -> Decision {
    let roles = [Role::Manager, Role::Governance];
    if let Some(refused) = unless(view, command, &roles, Reason::MayNotDeclare) {
        return refused;
    }
    match search.state {
        SearchState::Open => stepped(Reason::DeclaredMissing, search, [Step::Declared]),
        SearchState::TurnedUp | SearchState::Found | SearchState::Declared | SearchState::Closed => {
            stepped(Reason::SearchOver, search, [])
        }
    }
}

const MAY_END: [Role; 3] = [Role::Librarian, Role::Manager, Role::Governance];

fn close(view: &View<'_>, command: &Command, search: &Search, why: ClosedWhy) -> Decision {
    if let Some(refused) = unless(view, command, &MAY_END, Reason::MayNotEndSearch) {
        return refused;
    }
    match search.state {
        SearchState::Open | SearchState::Declared | SearchState::TurnedUp => {
            stepped(Reason::SearchClosed, search, [Step::Closed(why)])
        }
        SearchState::Found | SearchState::Closed => stepped(Reason::SearchOver, search, []),
    }
}

/// A search goes on, unless another one for its volume is open by now.
fn reopen(view: &View<'_>, command: &Command, search: &Search) -> Decision {
    if let Some(refused) = unless(view, command, &MAY_END, Reason::MayNotEndSearch) {
        return refused;
    }
    match search.state {
        SearchState::TurnedUp | SearchState::Found | SearchState::Closed if !has_another(view) => {
            stepped(Reason::SearchGoesOn, search, [Step::Reopened])
        }
        SearchState::TurnedUp
        | SearchState::Found
        | SearchState::Closed
        | SearchState::Open
        | SearchState::Declared => stepped(Reason::SearchOver, search, []),
    }
}
