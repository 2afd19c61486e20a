//! Every rule about casenotes: what an act makes of what is known. Pure.
//!
//! What happened is recorded: a label that names exactly one volume makes at least *arrived here*; rules refuse
//! only the onward effect. [`Moment::Past`] never refuses: the paper moved, so a broken rule raises a question.

mod combine;
mod containers;
mod labels;
mod make;
mod search;
mod settle;
mod sweep;
mod wanted;

use super::answer::Answer;
use super::casenote::{LabelText, VolumeView};
use super::clinic_list::Calls;
use super::combine::NewCombineStep;
use super::command::{Act, Command, Consent, Moment, Sought};
use super::directory::Directory;
use super::kept::LabelView;
use super::making::{MakingView, NewFolder};
use super::movement::{Change, GoneWhy, How, NewMovement, Role, Subject, UndoTarget};
use super::place::PlaceKind;
use super::printing::NewJob;
use super::question::{NewQuestion, QuestionKind, QuestionView};
use super::refusal::Reason;
use super::scanner::ScannerId;
use super::search::{NewStep, Search};
use super::sweep::{NewSweepStep, SweepView};
use super::undo::{UndoView, UndoneSubject};
use super::whereabouts::{Present, State};
use super::{PlaceId, QuestionId, ScanId, VolumeId};

/// Everything a decision reads, loaded inside the transaction that will hold what it decides.
#[derive(Clone, Debug)]
pub struct View<'a> {
    /// Places, staff and desks.
    pub directory: &'a Directory,
    /// Where the desk stands.
    pub desk_place: PlaceId,
    /// What the scanned thing or the patient's number names.
    pub found: Found,
    /// The container that an act packs into, opens or empties.
    pub container: Option<ContainerView>,
    /// The volumes of a list, as they are now.
    pub listed: Vec<VolumeView>,
    /// What an undo touches.
    pub undo: Option<UndoView>,
    /// The question that is settled.
    pub question: Option<QuestionView>,
    /// The unknown label that is settled.
    pub label: Option<LabelView>,
    /// What stands where a folder is made up.
    pub making: Option<MakingView>,
    /// What the clinic lists say of whose folder comes in; looked up at a library only.
    pub lists: Option<Calls>,
    /// The sweep that goes on, and what the one that ends has come to.
    pub sweep: Option<SweepView>,
    /// The search that is spoken of, or the open one of a volume that is missed once more.
    pub search: Option<Search>,
    /// The temporary folder whose papers go into the found volume.
    pub temporary: Option<Box<VolumeView>>,
}

/// What a label or a number names.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Found {
    /// Nothing was looked for.
    NotSought,
    /// Nothing known.
    Unknown,
    /// One volume.
    Volume(Box<VolumeView>),
    /// Several volumes of one patient, by volume number.
    Volumes(Vec<VolumeView>),
    /// A container.
    Container(ContainerView),
}

/// Everything a decision about one container may read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ContainerView {
    /// Which.
    pub id: PlaceId,
    /// Where it is by its own movements.
    pub present: Present,
    /// The containers it is in, the innermost first.
    pub inside: Vec<PlaceId>,
    /// How many levels of containers are in it.
    pub levels: usize,
    /// How many volumes and containers are in it by the log.
    pub holds: u32,
}

/// What a command makes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Decision {
    /// What the desk is told.
    pub answer: Answer,
    /// What moved, in order.
    pub movements: Vec<NewMovement>,
    /// What a person has to settle.
    pub questions: Vec<NewQuestion>,
    /// The volumes that the answer speaks of.
    pub volumes: Vec<VolumeId>,
    /// What needs nobody any more.
    pub settles: Vec<Settles>,
    /// What is put into the print queue.
    pub prints: Option<NewJob>,
    /// What is recorded with it, each decided by itself: the kept scans of a label that is known now.
    pub follows: Vec<Command>,
    /// The scanner that belongs to the desk from now on.
    pub pairs: Option<ScannerId>,
    /// What it is to sweeps.
    pub sweeps: Vec<NewSweepStep>,
    /// What happened to searches.
    pub steps: Vec<NewStep>,
    /// What happened to temporary folders and their originals.
    pub combines: Vec<NewCombineStep>,
}

/// What an act settles beside what it moves.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Settles {
    /// A question is answered.
    Question(QuestionId),
    /// The label names the volume from now on.
    Label(LabelText, VolumeId),
    /// A kept scan, and the question that it raised.
    Kept(ScanId),
    /// All scans kept under the text of this one.
    AllKept(ScanId),
    /// A folder is there from now on.
    Made(Box<NewFolder>),
    /// The covers printed for this volume: one of them was read.
    Covers(VolumeId),
}

impl Decision {
    fn told(answer: Answer) -> Self {
        Self {
            answer,
            movements: Vec::new(),
            questions: Vec::new(),
            volumes: answer.volume.into_iter().collect(),
            settles: Vec::new(),
            prints: None,
            follows: Vec::new(),
            pairs: None,
            sweeps: Vec::new(),
            steps: Vec::new(),
            combines: Vec::new(),
        }
    }

    fn moved(answer: Answer, movements: Vec<NewMovement>) -> Self {
        Self { movements, ..Self::told(answer) }
    }

    fn asking(self, kind: QuestionKind) -> Self {
        let question = NewQuestion { kind, volume: self.answer.volume };
        Self { questions: vec![question], ..self }
    }
}

/// What `command` makes of `view`.
pub fn decide(view: &View<'_>, command: &Command) -> Decision {
    let decision = wanted::wanted(view, command, of_act(view, command));
    let decision = labels::first_scan(view, command, decision);
    combine::meet(view, command, search::ring(view, command, decision))
}

fn of_act(view: &View<'_>, command: &Command) -> Decision {
    let moment = command.moment;
    match &command.act {
        Act::Tell(answer) => Decision::told(*answer),
        Act::Receive(_) => with_found(view, command, |thing| receive(view, thing)),
        Act::Send { to, consent, .. } => {
            with_found(view, command, |thing| send(view, moment, thing, *to, *consent))
        }
        Act::File { shelf, consent, .. } => {
            with_found(view, command, |thing| file(view, command, thing, *shelf, *consent))
        }
        Act::Pack { consent, .. } => {
            with_found(view, command, |thing| containers::pack(view, moment, thing, *consent))
        }
        Act::KeepHere { why, .. } => with_found(view, command, |thing| keep_here(view, thing, *why)),
        Act::OpenContainer { holding, .. } => {
            with_container(view, |container| containers::open(view, container, *holding))
        }
        Act::Empty(_) => with_container(view, |container| containers::empty(view, container)),
        Act::SendListed { to, volumes } => send_listed(view, volumes.len(), *to),
        Act::OpenSweep { place, left } => sweep::open(view, command, *place, *left),
        Act::See { place, .. } => sweep::see(view, command, *place),
        Act::EndSweep(ending) => sweep::end(view, command, *ending),
        Act::Undo(_) => undo(view),
        Act::Resend { to, .. } => resend(view, *to),
        Act::Ask(sought) => ask(view, sought),
        Act::Print { sought, printer } => labels::print(view, command, sought, printer.as_ref()),
        Act::Settle { .. } | Act::AssignLabel { .. } | Act::SetAside { .. } => settle::settle(view, command),
        Act::Make(making) => make::make(view, command, making),
        Act::Pair { scanner, refused } => pair(scanner, *refused),
        Act::OpenSearch(_)
        | Act::Look { .. }
        | Act::TellWhere { .. }
        | Act::Declare(_)
        | Act::CloseSearch { .. }
        | Act::ReopenSearch(_)
        | Act::TakeBackLook { .. } => search::act(view, command),
        Act::Combine { original: None, .. } => {
            with_found(view, command, |thing| combine::temporary(view, thing))
        }
        Act::Combine { consent, .. } => {
            with_found(view, command, |thing| combine::original(view, thing, *consent))
        }
    }
}

fn pair(scanner: &ScannerId, refused: u32) -> Decision {
    let answer = match refused {
        0 => Answer::new(Reason::Paired),
        some => Answer::new(Reason::PairedAsking).count(some),
    };
    Decision { pairs: Some(scanner.clone()), ..Decision::told(answer) }
}

/// What was found, where it is exactly one thing.
#[derive(Clone, Copy)]
enum One<'a> {
    Volume(&'a VolumeView),
    Container(&'a ContainerView),
}

impl One<'_> {
    fn subject(self) -> Subject {
        match self {
            Self::Volume(volume) => Subject::Volume(volume.brief.id),
            Self::Container(container) => Subject::Container(container.id),
        }
    }

    fn present(self) -> Present {
        match self {
            Self::Volume(volume) => volume.present,
            Self::Container(container) => container.present,
        }
    }

    fn asked(self, change: Change) -> NewMovement {
        NewMovement { subject: self.subject(), change, how: How::Scanned, role: Role::Asked }
    }

    fn implied(self, change: Change) -> NewMovement {
        NewMovement { role: Role::Implied, ..self.asked(change) }
    }
}

fn with_found(view: &View<'_>, command: &Command, then: impl FnOnce(One<'_>) -> Decision) -> Decision {
    with_found_at(view, command, view.desk_place, then)
}

/// The same for what was scanned at another place than the desk's: in a room that is swept.
fn with_found_at(
    view: &View<'_>,
    command: &Command,
    at: PlaceId,
    then: impl FnOnce(One<'_>) -> Decision,
) -> Decision {
    let moment = command.moment;
    match &view.found {
        Found::Volume(volume) => gone(command, volume, at).unwrap_or_else(|| then(One::Volume(volume))),
        Found::Container(container) => then(One::Container(container)),
        Found::Volumes(volumes) => {
            let count = u32::try_from(volumes.len()).unwrap_or(u32::MAX);
            let which = Decision::told(Answer::new(Reason::WhichVolume).count(count));
            let which = Decision { volumes: volumes.iter().map(|volume| volume.brief.id).collect(), ..which };
            match moment {
                Moment::Now => which,
                Moment::Past => which.asking(QuestionKind::UnknownLabel),
            }
        }
        Found::Unknown | Found::NotSought => {
            let unknown = Decision::told(Answer::new(Reason::UnknownLabel));
            match moment {
                Moment::Now => unknown,
                Moment::Past => unknown.asking(QuestionKind::UnknownLabel),
            }
        }
    }
}

fn with_container(view: &View<'_>, then: impl FnOnce(&ContainerView) -> Decision) -> Decision {
    view.container.as_ref().map_or_else(|| Decision::told(Answer::new(Reason::UnknownLabel)), then)
}

/// The answer for a volume that by the log cannot be here. It was seen; it stays gone until a librarian answers.
/// What is learnt late and happened before it went is like any other late act.
fn gone(command: &Command, volume: &VolumeView, at: PlaceId) -> Option<Decision> {
    let State::Gone(why) = volume.present.state else { return None };
    if command.moment == Moment::Past && Some(command.scan.clocks.happened) < volume.present.since {
        return None;
    }
    let seen = One::Volume(volume).asked(Change::SeenGone { at, why });
    let decision = Decision::moved(Answer::new(gone_reason(why)).of(volume.brief.id), vec![seen]);
    let asks = why != GoneWhy::Combined && !volume.gone_asked;
    Some(if asks { decision.asking(QuestionKind::GoneButSeen) } else { decision })
}

const fn gone_reason(why: GoneWhy) -> Reason {
    match why {
        GoneWhy::Combined => Reason::CombinedSeen,
        GoneWhy::Destroyed | GoneWhy::Transferred => Reason::RecordedGone,
    }
}

fn is_here(directory: &Directory, desk_place: PlaceId, present: &Present) -> bool {
    present.state == State::At && present.place.is_some_and(|place| directory.is_within(place, desk_place))
}

/// The arrival of `thing` at the desk. Its leg ends at the place it was sent to, or beneath that.
fn arrival(view: &View<'_>, thing: One<'_>) -> Change {
    let bound_for = thing.present().to;
    let meant_for = bound_for.filter(|to| !view.directory.is_within(view.desk_place, *to));
    Change::Arrived { at: view.desk_place, meant_for }
}

/// The arrival that an onward movement proves, unless the thing is known to be here.
fn implied_arrival(view: &View<'_>, thing: One<'_>) -> Option<NewMovement> {
    let known = is_here(view.directory, view.desk_place, &thing.present());
    (!known).then(|| thing.implied(arrival(view, thing)))
}

fn receive(view: &View<'_>, thing: One<'_>) -> Decision {
    let change = arrival(view, thing);
    let meant_for = if let Change::Arrived { meant_for, .. } = change { meant_for } else { None };
    let answer = match thing {
        One::Volume(volume) => received(view, volume, meant_for).of(volume.brief.id),
        One::Container(container) => match meant_for {
            Some(to) => Answer::new(Reason::ContainerReceivedFor).at(container.id).or(to),
            None => Answer::new(Reason::ContainerReceived).at(container.id),
        },
    };
    Decision::moved(answer, vec![thing.asked(change)])
}

fn keep_here(view: &View<'_>, thing: One<'_>, why: Reason) -> Decision {
    let answer = match thing {
        One::Volume(volume) => Answer::new(why).of(volume.brief.id),
        One::Container(container) => Answer::new(why).at(container.id),
    };
    Decision::moved(answer, vec![thing.asked(arrival(view, thing))])
}

fn received(view: &View<'_>, volume: &VolumeView, meant_for: Option<PlaceId>) -> Answer {
    if let Some(to) = meant_for {
        return Answer::new(Reason::ReceivedFor).at(to);
    }
    let library = view.directory.library_of(view.desk_place);
    let filed_here = |shelf: &PlaceId| library.is_some() && view.directory.library_of(*shelf) == library;
    if let Some(shelf) = volume.present.filed.filter(filed_here) {
        return Answer::new(Reason::ReceivedTakenOut).at(shelf);
    }
    let may_not_leave = volume.hold.is_some() || volume.restricted;
    Answer::new(if may_not_leave { Reason::ReceivedOnHold } else { Reason::ReceivedHere }).at(view.desk_place)
}

/// Why a thing may not leave, if it may not and nobody has said it may.
fn stopped(thing: One<'_>, consent: Consent) -> Option<Answer> {
    let One::Volume(volume) = thing else { return None };
    let reason = match (&volume.hold, volume.restricted, consent) {
        (_, _, Consent::Given) | (None, false, Consent::Unasked) => return None,
        (Some(_), _, Consent::Unasked) => Reason::OnHold,
        (None, true, Consent::Unasked) => Reason::Restricted,
    };
    Some(Answer::new(reason).of(volume.brief.id))
}

fn onward(view: &View<'_>, to: PlaceId) -> Change {
    if view.directory.somebody_scans_at(to) {
        Change::Sent { from: view.desk_place, to }
    } else {
        Change::LeftAt { at: to }
    }
}

fn send(view: &View<'_>, moment: Moment, thing: One<'_>, to: PlaceId, consent: Consent) -> Decision {
    let stop = stopped(thing, consent);
    if let (Some(answer), Moment::Now) = (stop, moment) {
        return Decision::moved(answer.at(to), vec![thing.asked(arrival(view, thing))]);
    }
    let change = onward(view, to);
    let answer = match (thing, change) {
        (One::Container(container), _) => Answer::new(Reason::ContainerSent).at(container.id).or(to),
        (One::Volume(volume), Change::Sent { .. }) => Answer::new(Reason::SentTo).at(to).of(volume.brief.id),
        (One::Volume(volume), _) => Answer::new(Reason::LeftAt).at(to).of(volume.brief.id),
    };
    let movements = implied_arrival(view, thing).into_iter().chain([thing.asked(change)]).collect();
    let decision = Decision::moved(answer, movements);
    if stop.is_some() { decision.asking(QuestionKind::AgainstRule) } else { decision }
}

fn file(
    view: &View<'_>,
    command: &Command,
    thing: One<'_>,
    shelf: Option<PlaceId>,
    consent: Consent,
) -> Decision {
    let One::Volume(volume) = thing else {
        return Decision::moved(Answer::new(Reason::NotAShelfHere), vec![thing.asked(arrival(view, thing))]);
    };
    let wanted = shelf.or(volume.home).filter(|shelf| is_shelf_of(view, *shelf));
    let Some(shelf) = wanted else {
        let reason = if shelf.is_some() { Reason::NotAShelfHere } else { Reason::ShelfFirst };
        let answer = Answer::new(reason).of(volume.brief.id);
        return Decision::moved(answer, vec![thing.asked(arrival(view, thing))]);
    };
    let stop = combine::before_filing(view, command, volume, consent);
    if let (Some(answer), Moment::Now) = (stop, command.moment) {
        let arrived = (consent == Consent::Unasked).then(|| thing.asked(arrival(view, thing)));
        return Decision::moved(answer.at(shelf), arrived.into_iter().collect());
    }
    let filed = thing.asked(Change::Filed { shelf });
    let movements = implied_arrival(view, thing).into_iter().chain([filed]).collect();
    let decision = Decision::moved(Answer::new(Reason::Filed).at(shelf).of(volume.brief.id), movements);
    if stop.is_some() { decision.asking(QuestionKind::AgainstRule) } else { decision }
}

/// Whether `shelf` is a shelf beneath the library in which the desk stands.
fn is_shelf_of(view: &View<'_>, shelf: PlaceId) -> bool {
    let library = view.directory.library_of(view.desk_place);
    let is_shelf = view.directory.place(shelf).is_some_and(|place| place.kind == PlaceKind::Shelf);
    is_shelf && library.is_some_and(|library| view.directory.is_within(shelf, library))
}

fn send_listed(view: &View<'_>, asked: usize, to: PlaceId) -> Decision {
    let here: Vec<_> = view
        .listed
        .iter()
        .filter(|volume| is_here(view.directory, view.desk_place, &volume.present))
        .collect();
    if here.is_empty() {
        return Decision::told(Answer::new(Reason::ListEmpty));
    }
    if here.len() != asked {
        let answer = Answer::new(Reason::ListChanged).at(to).count(count(here.len())).aside(count(asked));
        let volumes = here.iter().map(|volume| volume.brief.id).collect();
        return Decision { volumes, ..Decision::told(answer) };
    }
    let (held, free): (Vec<_>, Vec<_>) =
        here.into_iter().partition(|volume| volume.hold.is_some() || volume.restricted);
    let change = onward(view, to);
    let listed = |volume: &VolumeView| NewMovement { how: How::Listed, ..One::Volume(volume).asked(change) };
    let movements: Vec<_> = free.into_iter().map(listed).collect();
    let reason = if held.is_empty() { Reason::ListSent } else { Reason::ListSentSomeHeld };
    let answer = Answer::new(reason).at(to).count(count(movements.len())).aside(count(held.len()));
    let volumes = held.iter().map(|volume| volume.brief.id).collect();
    Decision { volumes, ..Decision::moved(answer, movements) }
}

fn count(len: usize) -> u32 {
    u32::try_from(len).unwrap_or(u32::MAX)
}

fn undo(view: &View<'_>) -> Decision {
    let Some(undo) = view.undo.as_ref().filter(|undo| !undo.subjects.is_empty()) else {
        return Decision::told(Answer::new(Reason::NothingToUndo));
    };
    let answer = match (undo.target, undo.subjects.as_slice()) {
        (UndoTarget::Scan(_), [only]) => undone(only),
        (_, many) => {
            let moved_on = many.iter().filter(|subject| !subject.decided).count();
            Answer::new(Reason::UndoneBatch).count(count(many.len())).aside(count(moved_on))
        }
    };
    let elsewhere = undo.subjects.iter().filter(|subject| !subject.decided || undo.subjects.len() == 1);
    let volumes = elsewhere.filter_map(|subject| subject.brief.as_ref()).map(|brief| brief.id).collect();
    let decision = Decision { volumes, ..Decision::moved(answer, takes_back(undo)) };
    search::goes_on(combine::apart(decision, undo), undo)
}

fn takes_back(undo: &UndoView) -> Vec<NewMovement> {
    let undone = |subject: &UndoneSubject| NewMovement {
        subject: subject.subject,
        change: Change::Undone(undo.target),
        how: How::Scanned,
        role: Role::Asked,
    };
    undo.subjects.iter().map(undone).collect()
}

/// The answer to an undo of one subject: the signal is of what now stands.
fn undone(subject: &UndoneSubject) -> Answer {
    let stands = &subject.stands;
    let (reason, place) = match stands.state {
        _ if !subject.decided => (Reason::UndoneMovedOn, stands.place),
        State::At if stands.filed.is_some() => (Reason::UndoneFiled, stands.filed),
        State::At => (Reason::UndoneHere, stands.place),
        State::OnItsWay => (Reason::UndoneOnItsWay, stands.to),
        State::InContainer => (Reason::UndonePacked, stands.container),
        State::NotYetSeen | State::Gone(_) => (Reason::UndoneNothing, None),
    };
    let volume = subject.brief.as_ref().map(|brief| brief.id);
    Answer { volume, place, ..Answer::new(reason) }
}

fn resend(view: &View<'_>, to: PlaceId) -> Decision {
    let Some(undo) = view.undo.as_ref().filter(|undo| !undo.subjects.is_empty()) else {
        return Decision::told(Answer::new(Reason::NothingToUndo));
    };
    let mut movements = takes_back(undo);
    let mut sent = 0;
    let mut left = Vec::new();
    for subject in &undo.subjects {
        if subject.decided && !subject.stopped {
            sent += 1;
            movements.extend(sent_instead(view, subject, to));
        } else {
            left.extend(subject.brief.as_ref().map(|brief| brief.id));
        }
    }
    let answer = Answer::new(Reason::Resent).at(to).count(sent).aside(count(undo.subjects.len()) - sent);
    Decision { volumes: left, ..Decision::moved(answer, movements) }
}

fn sent_instead(view: &View<'_>, subject: &UndoneSubject, to: PlaceId) -> Vec<NewMovement> {
    let listed = |change, role| NewMovement { subject: subject.subject, change, how: How::Listed, role };
    let here = is_here(view.directory, view.desk_place, &subject.stands);
    let arrived = Change::Arrived { at: view.desk_place, meant_for: None };
    let implied = (!here).then(|| listed(arrived, Role::Implied));
    implied.into_iter().chain([listed(onward(view, to), Role::Asked)]).collect()
}

fn ask(view: &View<'_>, sought: &Sought) -> Decision {
    match (&view.found, sought) {
        (Found::Volume(volume), Sought::Thing(_)) => {
            Decision::told(Answer::new(Reason::Located).of(volume.brief.id))
        }
        (Found::Volume(volume), Sought::Patient(_)) => Decision {
            volumes: vec![volume.brief.id],
            ..Decision::told(Answer::new(Reason::PatientVolumes).count(1))
        },
        (Found::Volumes(volumes), _) => Decision {
            volumes: volumes.iter().map(|volume| volume.brief.id).collect(),
            ..Decision::told(Answer::new(Reason::PatientVolumes).count(count(volumes.len())))
        },
        (Found::Container(container), _) => {
            Decision::told(Answer::new(Reason::Located).at(container.id).count(container.holds))
        }
        (Found::Unknown | Found::NotSought, Sought::Thing(_)) => {
            Decision::told(Answer::new(Reason::UnknownLabel))
        }
        (Found::Unknown | Found::NotSought, Sought::Patient(_)) => {
            Decision::told(Answer::new(Reason::PatientUnknown))
        }
    }
}
