//! What an act makes of what is known: the rules about casenotes, told as a records clerk would.

use casetrack::clock::Timestamp;
use casetrack::domain::answer::{Cover, Signal};
use casetrack::domain::barcode::{Entry, FolderCode, PatientCode};
use casetrack::domain::casenote::{Unproven, VolumeBrief, VolumeKind, VolumeView};
use casetrack::domain::command::*;
use casetrack::domain::decide::{ContainerView, Decision, Found, Settles, View, decide};
use casetrack::domain::directory::Directory;
use casetrack::domain::movement::{Change, GoneWhy, How, Role};
use casetrack::domain::place::{Place, PlaceKind};
use casetrack::domain::printing::{LabelPrinter, NewLabel, Printed, Why};
use casetrack::domain::question::QuestionKind;
use casetrack::domain::refusal::Reason;
use casetrack::domain::undo::{UndoView, UndoneSubject};
use casetrack::domain::whereabouts::{Present, State};
use casetrack::domain::{CasenoteId, PlaceId, ScanId, VolumeId};

const SITE: PlaceId = PlaceId::new(1);
const LIBRARY: PlaceId = PlaceId::new(2);
const SHELF: PlaceId = PlaceId::new(3);
const CLINIC: PlaceId = PlaceId::new(4);
const ROOM: PlaceId = PlaceId::new(5);
const CARDIOLOGY: PlaceId = PlaceId::new(6);
const STORE: PlaceId = PlaceId::new(7);
const OTHER_SHELF: PlaceId = PlaceId::new(9);
const CRATE: PlaceId = PlaceId::new(10);
const VAN: PlaceId = PlaceId::new(11);
const FOLDER: VolumeId = VolumeId::new(100);

fn directory() -> Directory {
    let place = |id: PlaceId, code: &str, kind, parent: Option<PlaceId>| Place {
        id,
        code: code.parse().unwrap(),
        name: code.to_owned(),
        kind,
        parent,
        phone: None,
        phone_out_of_hours: None,
        open: None,
        until: None,
        consultants: Vec::new(),
    };
    let other_library = PlaceId::new(8);
    Directory::new(
        [
            place(SITE, "SITE", PlaceKind::Site, None),
            place(LIBRARY, "LIB", PlaceKind::Library, Some(SITE)),
            place(SHELF, "S12", PlaceKind::Shelf, Some(LIBRARY)),
            place(CLINIC, "CL5", PlaceKind::Clinic, Some(SITE)),
            place(ROOM, "CL5-R2", PlaceKind::Other, Some(CLINIC)),
            place(CARDIOLOGY, "CARD", PlaceKind::Clinic, Some(SITE)),
            place(STORE, "STORE", PlaceKind::Store, Some(SITE)),
            place(other_library, "LIB2", PlaceKind::Library, Some(SITE)),
            place(OTHER_SHELF, "T01", PlaceKind::Shelf, Some(other_library)),
            place(CRATE, "CRATE", PlaceKind::Container, None),
            place(VAN, "VAN", PlaceKind::Container, None),
        ],
        [],
        [LIBRARY, ROOM, CARDIOLOGY],
    )
}

fn at(place: PlaceId) -> Present {
    Present { state: State::At, place: Some(place), confirmed: true, ..Present::default() }
}

fn on_its_way(from: PlaceId, to: PlaceId) -> Present {
    Present { state: State::OnItsWay, place: Some(from), to: Some(to), ..Present::default() }
}

fn folder(present: Present) -> VolumeView {
    VolumeView {
        brief: VolumeBrief {
            id: FOLDER,
            casenote: CasenoteId::new(1),
            number: "123456".parse().unwrap(),
            volume: 1,
            kind: VolumeKind::Original,
            barcode: "V000010097".parse().unwrap(),
        },
        home: Some(SHELF),
        hold: None,
        restricted: false,
        present,
        newest: Some(Timestamp::EPOCH),
        siblings: Vec::new(),
        gone_asked: false,
        unproven: None,
        patient: None,
        search: None,
        combines: Vec::new(),
    }
}

fn on_hold(present: Present) -> VolumeView {
    VolumeView { hold: Some("Coroner".to_owned()), ..folder(present) }
}

fn thing() -> Thing {
    Thing::Label(FolderCode { label: "V000010097".parse().unwrap(), numbered: None })
}

fn send(to: PlaceId) -> Act {
    Act::Send { thing: thing(), to, consent: Consent::Unasked }
}

struct Case {
    desk: PlaceId,
    found: Found,
    container: Option<ContainerView>,
    listed: Vec<VolumeView>,
    undo: Option<UndoView>,
    moment: Moment,
    entry: Entry,
}

fn case(desk: PlaceId, found: Found) -> Case {
    Case {
        desk,
        found,
        container: None,
        listed: Vec::new(),
        undo: None,
        moment: Moment::Now,
        entry: Entry::Scanned,
    }
}

fn one(desk: PlaceId, volume: VolumeView) -> Case {
    case(desk, Found::Volume(Box::new(volume)))
}

impl Case {
    fn when(self, act: Act) -> Decision {
        let directory = directory();
        let view = View {
            directory: &directory,
            desk_place: self.desk,
            found: self.found,
            container: self.container,
            listed: self.listed,
            undo: self.undo,
            question: None,
            label: None,
            making: None,
            lists: None,
            sweep: None,
            search: None,
            temporary: None,
        };
        let id = ScanId::new(uuid::Uuid::from_u128(7));
        let clocks =
            Clocks { happened: Timestamp::EPOCH, wall: Timestamp::EPOCH, boot_us: 0, uncertainty_us: 0 };
        let scan = Scan {
            id,
            desk: "D".parse().unwrap(),
            desk_place: self.desk,
            session: "s".to_owned(),
            run: Run { incarnation: uuid::Uuid::nil(), boot: None },
            number: 1,
            scanner: "s".to_owned(),
            person: None,
            batch: None,
            position: 0,
            clocks,
            text: "V000010097".to_owned(),
            aim: None,
            entry: self.entry,
            naming: Naming::Label,
        };
        decide(&view, &Command { scan, act, moment: self.moment, session: SessionAfter::default() })
    }
}

fn changes(decision: &Decision) -> Vec<Change> {
    decision.movements.iter().map(|movement| movement.change).collect()
}

fn check(decision: &Decision, reason: Reason, expected: &[Change]) {
    assert_eq!((decision.answer.reason, changes(decision).as_slice()), (reason, expected));
}

fn arrived(at: PlaceId) -> Change {
    Change::Arrived { at, meant_for: None }
}

#[test]
fn a_folder_scanned_where_it_was_sent_has_arrived() {
    let decision = one(CLINIC, folder(on_its_way(LIBRARY, CLINIC))).when(Act::Receive(thing()));
    check(&decision, Reason::ReceivedHere, &[arrived(CLINIC)]);
    let beneath = one(ROOM, folder(on_its_way(LIBRARY, CLINIC))).when(Act::Receive(thing()));
    check(&beneath, Reason::ReceivedHere, &[arrived(ROOM)]);
}

#[test]
fn a_folder_scanned_anywhere_else_is_here_and_still_meant_for_its_clinic() {
    let decision = one(CARDIOLOGY, folder(on_its_way(LIBRARY, CLINIC))).when(Act::Receive(thing()));
    let change = Change::Arrived { at: CARDIOLOGY, meant_for: Some(CLINIC) };
    check(&decision, Reason::ReceivedFor, &[change]);
    assert_eq!(decision.answer.signal(), Signal::Look);
    let again = Present { to: Some(CLINIC), ..at(CARDIOLOGY) };
    let later = one(CARDIOLOGY, folder(again)).when(Act::Receive(thing()));
    check(&later, Reason::ReceivedFor, &[change]);
}

#[test]
fn a_filed_folder_that_is_scanned_in_its_library_was_taken_out() {
    let filed = Present { filed: Some(SHELF), ..at(SHELF) };
    let decision = one(LIBRARY, folder(filed)).when(Act::Receive(thing()));
    check(&decision, Reason::ReceivedTakenOut, &[arrived(LIBRARY)]);
    let elsewhere = Present { filed: Some(OTHER_SHELF), ..at(OTHER_SHELF) };
    check(
        &one(LIBRARY, folder(elsewhere)).when(Act::Receive(thing())),
        Reason::ReceivedHere,
        &[arrived(LIBRARY)],
    );
}

#[test]
fn sending_implies_the_arrival_unless_the_folder_is_known_to_be_here() {
    let sent = Change::Sent { from: LIBRARY, to: CARDIOLOGY };
    let decision = one(LIBRARY, folder(at(CLINIC))).when(send(CARDIOLOGY));
    check(&decision, Reason::SentTo, &[arrived(LIBRARY), sent]);
    assert_eq!(decision.movements[0].role, Role::Implied);
    check(&one(LIBRARY, folder(at(SHELF))).when(send(CARDIOLOGY)), Reason::SentTo, &[sent]);
}

#[test]
fn a_folder_sent_where_nobody_scans_is_left_there() {
    let decision = one(LIBRARY, folder(at(LIBRARY))).when(send(STORE));
    check(&decision, Reason::LeftAt, &[Change::LeftAt { at: STORE }]);
    assert_eq!(decision.answer.signal(), Signal::Sent);
}

#[test]
fn a_folder_on_hold_is_here_but_does_not_leave_until_ok() {
    let decision = one(LIBRARY, on_hold(at(LIBRARY))).when(send(CARDIOLOGY));
    check(&decision, Reason::OnHold, &[arrived(LIBRARY)]);
    assert_eq!(decision.answer.signal(), Signal::Stop);
    let ok = Act::Send { thing: Thing::Volume(FOLDER), to: CARDIOLOGY, consent: Consent::Given };
    let sent = Change::Sent { from: LIBRARY, to: CARDIOLOGY };
    check(&one(LIBRARY, on_hold(at(LIBRARY))).when(ok), Reason::SentTo, &[sent]);
}

#[test]
fn a_late_act_is_never_refused_but_raises_a_question() {
    let late = Case { moment: Moment::Past, ..one(LIBRARY, on_hold(at(LIBRARY))) };
    let decision = late.when(send(CARDIOLOGY));
    check(&decision, Reason::SentTo, &[Change::Sent { from: LIBRARY, to: CARDIOLOGY }]);
    assert_eq!(decision.questions[0].kind, QuestionKind::AgainstRule);
    let unknown = Case { moment: Moment::Past, ..case(LIBRARY, Found::Unknown) };
    assert_eq!(unknown.when(send(CARDIOLOGY)).questions[0].kind, QuestionKind::UnknownLabel);
}

#[test]
fn a_destroyed_folder_that_turns_up_stays_destroyed_until_a_librarian_answers() {
    let gone = Present { state: State::Gone(GoneWhy::Destroyed), ..Present::default() };
    let decision = one(CLINIC, folder(gone)).when(Act::Receive(thing()));
    check(&decision, Reason::RecordedGone, &[Change::SeenGone { at: CLINIC, why: GoneWhy::Destroyed }]);
    assert_eq!(decision.questions[0].kind, QuestionKind::GoneButSeen);
    let asked = VolumeView { gone_asked: true, ..folder(gone) };
    let again = one(CLINIC, asked).when(Act::Receive(thing()));
    check(&again, Reason::RecordedGone, &[Change::SeenGone { at: CLINIC, why: GoneWhy::Destroyed }]);
    assert_eq!(again.questions.len(), 0, "one question is open already");
    let combined = Present { state: State::Gone(GoneWhy::Combined), ..Present::default() };
    let decision = one(CLINIC, folder(combined)).when(send(CARDIOLOGY));
    assert_eq!((decision.answer.reason, decision.questions.len()), (Reason::CombinedSeen, 0));
}

#[test]
fn a_label_that_names_two_volumes_moves_none() {
    let both = vec![folder(at(CLINIC)), folder(at(LIBRARY))];
    let decision = case(LIBRARY, Found::Volumes(both)).when(Act::Receive(thing()));
    check(&decision, Reason::WhichVolume, &[]);
    assert_eq!(decision.answer.count, 2);
}

#[test]
fn filing_goes_to_a_shelf_of_this_library_only() {
    let file = |shelf| Act::File { thing: thing(), shelf, consent: Consent::Unasked };
    let filed = Change::Filed { shelf: SHELF };
    check(&one(LIBRARY, folder(at(LIBRARY))).when(file(Some(SHELF))), Reason::Filed, &[filed]);
    check(&one(LIBRARY, folder(at(LIBRARY))).when(file(None)), Reason::Filed, &[filed]);
    check(
        &one(LIBRARY, folder(at(CLINIC))).when(file(Some(OTHER_SHELF))),
        Reason::NotAShelfHere,
        &[arrived(LIBRARY)],
    );
    let homeless = VolumeView { home: Some(OTHER_SHELF), ..folder(at(CLINIC)) };
    check(&one(LIBRARY, homeless).when(file(None)), Reason::ShelfFirst, &[arrived(LIBRARY)]);
}

fn container(id: PlaceId, inside: Vec<PlaceId>, levels: usize, holds: u32) -> ContainerView {
    ContainerView { id, present: at(LIBRARY), inside, levels, holds }
}

#[test]
fn a_crate_that_by_the_log_is_not_empty_stops_the_packing() {
    let open = |holding| Act::OpenContainer { container: CRATE, holding };
    let full = || Case { container: Some(container(CRATE, vec![], 0, 3)), ..case(LIBRARY, Found::NotSought) };
    check(&full().when(open(Holding::Ask)), Reason::ContainerNotEmpty, &[]);
    check(&full().when(open(Holding::Add)), Reason::PackingInto, &[]);
    check(&full().when(open(Holding::WasEmpty)), Reason::PackingInto, &[Change::Emptied { at: LIBRARY }]);
}

#[test]
fn a_container_goes_neither_into_itself_nor_five_deep() {
    let pack = |into: ContainerView, thing: ContainerView| {
        let act =
            Act::Pack { thing: Thing::Container(thing.id), container: into.id, consent: Consent::Unasked };
        Case { container: Some(into), ..case(LIBRARY, Found::Container(thing)) }.when(act)
    };
    let itself = pack(container(CRATE, vec![], 0, 0), container(CRATE, vec![], 0, 0));
    assert_eq!(itself.answer.reason, Reason::InsideItself);
    let around = pack(container(CRATE, vec![VAN], 0, 0), container(VAN, vec![], 1, 1));
    assert_eq!(around.answer.reason, Reason::InsideItself);
    let deep =
        pack(container(CRATE, vec![PlaceId::new(20), PlaceId::new(21)], 0, 0), container(VAN, vec![], 1, 1));
    assert_eq!(deep.answer.reason, Reason::TooDeep);
    let fits = pack(container(VAN, vec![], 0, 0), container(CRATE, vec![], 0, 5));
    check(&fits, Reason::ContainerPacked, &[Change::Packed { at: LIBRARY, container: VAN }]);
}

#[test]
fn a_list_that_has_changed_is_not_sent_and_a_held_folder_stays() {
    let act = || Act::SendListed { volumes: vec![FOLDER, FOLDER], to: CARDIOLOGY };
    let listed = |listed| Case { listed, ..case(LIBRARY, Found::NotSought) };
    let changed = listed(vec![folder(at(LIBRARY)), folder(at(CLINIC))]).when(act());
    check(&changed, Reason::ListChanged, &[]);
    assert_eq!((changed.answer.count, changed.answer.aside), (1, 2));
    let held = listed(vec![folder(at(LIBRARY)), on_hold(at(LIBRARY))]).when(act());
    check(&held, Reason::ListSentSomeHeld, &[Change::Sent { from: LIBRARY, to: CARDIOLOGY }]);
    assert_eq!(held.movements[0].how, How::Listed);
    assert_eq!(held.volumes, [FOLDER]);
}

fn undo_of(stands: Present, decided: bool) -> Case {
    use casetrack::domain::movement::{Subject, UndoTarget};
    let volume = folder(stands);
    let subject = UndoneSubject {
        subject: Subject::Volume(FOLDER),
        brief: Some(volume.brief),
        stands,
        decided,
        stopped: false,
    };
    let target = UndoTarget::Scan(ScanId::new(uuid::Uuid::nil()));
    Case {
        undo: Some(UndoView { target, subjects: vec![subject], turned_up: Vec::new(), combines: Vec::new() }),
        ..case(LIBRARY, Found::NotSought)
    }
}

#[test]
fn an_undo_tells_what_now_stands() {
    use casetrack::domain::movement::UndoTarget;
    let target = UndoTarget::Scan(ScanId::new(uuid::Uuid::nil()));
    let table = [
        (at(LIBRARY), true, Reason::UndoneHere, Signal::Arrived),
        (on_its_way(LIBRARY, CLINIC), true, Reason::UndoneOnItsWay, Signal::Sent),
        (Present::default(), true, Reason::UndoneNothing, Signal::Told),
        (at(CLINIC), false, Reason::UndoneMovedOn, Signal::Told),
    ];
    for (stands, decided, reason, signal) in table {
        let decision = undo_of(stands, decided).when(Act::Undo(target));
        check(&decision, reason, &[Change::Undone(target)]);
        assert_eq!(decision.answer.signal(), signal);
    }
    let nothing = case(LIBRARY, Found::NotSought).when(Act::Undo(target));
    check(&nothing, Reason::NothingToUndo, &[]);
}

#[test]
fn a_wrong_card_is_put_right_in_one_act() {
    use casetrack::domain::movement::UndoTarget;
    let target = UndoTarget::Scan(ScanId::new(uuid::Uuid::nil()));
    let act = || Act::Resend { target, to: CARDIOLOGY };
    let sent = Change::Sent { from: LIBRARY, to: CARDIOLOGY };
    check(&undo_of(at(LIBRARY), true).when(act()), Reason::Resent, &[Change::Undone(target), sent]);
    let moved_on = undo_of(at(CLINIC), false).when(act());
    check(&moved_on, Reason::Resent, &[Change::Undone(target)]);
    assert_eq!((moved_on.answer.count, moved_on.answer.aside), (0, 1));
}

fn unproven(present: Present, unproven: Unproven) -> VolumeView {
    VolumeView { unproven: Some(unproven), ..folder(present) }
}

/// Whether the cover is to be compared, and whether the label is proved.
fn looked_at(decision: &Decision) -> (bool, bool) {
    let proves = decision.settles == [Settles::Covers(FOLDER)];
    assert!(proves || decision.settles.is_empty());
    (decision.answer.cover == Cover::Compared, proves)
}

#[test]
fn the_first_scan_of_a_printed_label_is_a_look_whatever_is_open_and_the_movements_are_made_all_the_same() {
    let box_of = ContainerView { id: CRATE, present: at(LIBRARY), inside: Vec::new(), levels: 0, holds: 0 };
    for act in [
        Act::Receive(thing()),
        send(CARDIOLOGY),
        Act::File { thing: thing(), shelf: Some(SHELF), consent: Consent::Unasked },
        Act::Pack { thing: thing(), container: CRATE, consent: Consent::Unasked },
    ] {
        let with =
            |volume| Case { container: Some(box_of.clone()), ..one(LIBRARY, volume) }.when(act.clone());
        let new = with(unproven(at(LIBRARY), Unproven::Compared));
        let known = with(folder(at(LIBRARY)));
        assert_eq!((new.answer.signal(), looked_at(&new)), (Signal::Look, (true, true)), "{act:?}");
        assert_eq!((new.answer.reason, &new.movements), (known.answer.reason, &known.movements));
        let mass = with(unproven(at(LIBRARY), Unproven::Relabelled));
        assert_eq!((mass.answer, looked_at(&mass)), (known.answer, (false, true)), "nobody is asked");
    }
}

#[test]
fn only_a_scan_of_the_new_label_with_the_folder_in_hand_proves_it() {
    let new = || unproven(at(CLINIC), Unproven::Compared);
    let old = Thing::Label(FolderCode { label: "RX123456".parse().unwrap(), numbered: None });
    let asks = Act::Ask(Sought::Thing(thing()));
    let prints = Act::Print { sought: Sought::Thing(thing()), printer: None };
    for (case, act, why) in [
        (Case { entry: Entry::Typed, ..one(CLINIC, new()) }, Act::Receive(thing()), "typed"),
        (Case { moment: Moment::Past, ..one(CLINIC, new()) }, Act::Receive(thing()), "told of afterwards"),
        (one(CLINIC, new()), Act::Receive(old), "an older label"),
        (one(CLINIC, new()), Act::Receive(Thing::Volume(FOLDER)), "no label: chosen, or kept until now"),
        (one(CLINIC, new()), asks, "WHERE"),
        (one(CLINIC, new()), prints, "LABEL"),
        (one(CLINIC, new()), Act::KeepHere { thing: thing(), why: Reason::NotAContainer }, "refused"),
        (one(CLINIC, VolumeView { hold: Some("Coroner".to_owned()), ..new() }), send(CARDIOLOGY), "stopped"),
    ] {
        assert_eq!(looked_at(&case.when(act)), (false, false), "{why}");
    }
}

#[test]
fn label_prints_one_cover_named_by_its_scan_and_moves_nothing() {
    let (name, stock) = ("Label printer 2".to_owned(), "70x35".to_owned());
    let printer = Some(LabelPrinter { name, stock });
    let print = |sought: &Sought| Act::Print { sought: sought.clone(), printer: printer.clone() };
    let old = Thing::Label(FolderCode { label: "RX123456".parse().unwrap(), numbered: None });
    let number = Sought::Patient(PatientCode::Number("123456".parse().unwrap()));
    let gone = |why| folder(Present { state: State::Gone(why), ..Present::default() });
    for (sought, why) in [
        (Sought::Thing(thing()), Why::Damaged),
        (Sought::Thing(old), Why::OldLabel),
        (Sought::Thing(Thing::Volume(FOLDER)), Why::OldLabel),
        (number.clone(), Why::OldLabel),
    ] {
        let decision = one(CLINIC, folder(at(CLINIC))).when(print(&sought));
        check(&decision, Reason::LabelPrinting, &[]);
        let job = decision.prints.unwrap();
        assert_eq!((job.id, job.printer.as_str()), (uuid::Uuid::from_u128(7), "Label printer 2"));
        assert_eq!(job.labels, [NewLabel { what: Printed::Cover, subject: FOLDER.key(), why }]);
        assert_eq!((job.paper.stock.as_str(), job.paper.copies), ("70x35", 1));
    }
    let queued = one(CLINIC, folder(at(CLINIC)));
    let queued = queued.when(Act::Print { sought: Sought::Thing(thing()), printer: None });
    assert_eq!((queued.answer.reason, queued.prints.unwrap().printer), (Reason::LabelQueued, String::new()));
    let live = || folder(at(CLINIC));
    for (found, reason, prints) in [
        (vec![live(), gone(GoneWhy::Destroyed)], Reason::LabelPrinting, true),
        (vec![live(), live()], Reason::WhichLabel, false),
        (vec![gone(GoneWhy::Destroyed)], Reason::PatientUnknown, false),
    ] {
        let decision = case(CLINIC, Found::Volumes(found)).when(print(&number));
        assert_eq!((decision.answer.reason, decision.prints.is_some()), (reason, prints));
    }
    for (why, reason) in [
        (GoneWhy::Destroyed, Reason::RecordedGone),
        (GoneWhy::Transferred, Reason::RecordedGone),
        (GoneWhy::Combined, Reason::CombinedSeen),
    ] {
        let decision = one(CLINIC, gone(why)).when(print(&Sought::Thing(thing())));
        check(&decision, reason, &[]);
        assert_eq!((decision.prints, decision.questions), (None, Vec::new()));
    }
    check(&case(CLINIC, Found::Unknown).when(print(&Sought::Thing(thing()))), Reason::UnknownLabel, &[]);
    check(&case(CLINIC, Found::Unknown).when(print(&number)), Reason::PatientUnknown, &[]);
}
