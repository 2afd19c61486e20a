//! The session is on disk and survives a restart.

use super::Hospital;
use super::hospital::{CARDIOLOGY, WARD};
use crate::desk::session::Input;
use crate::desk::session::state::{Arm, List, Mode, State as Stored, Stopping};
use crate::domain::PlaceId;
use crate::domain::barcode::{Card, Entry};
use crate::domain::command::{MAX_SESSION_CHANGE, NotRecorded};
use crate::domain::refusal::Reason;
use crate::domain::whereabouts::State;

#[test]
fn sending_goes_on_after_a_restart_with_its_count_and_its_person() {
    let mut desk = Hospital::clinic();
    desk.badge("B1");
    desk.place(CARDIOLOGY);
    desk.folder(1);
    desk.folder(2);
    desk.text("RX7");
    desk.restart();
    assert_eq!(desk.top(), "Next folder: SENT to Cardiology (2 so far)");
    assert_eq!(desk.view().person.as_deref(), Some("Ann Clerk"));
    assert_eq!(desk.view().aside.len(), 1);
    assert_eq!(desk.folder(1).reason, Reason::SeenAgain);
    assert_eq!(desk.folder(3).reason, Reason::SentTo);
    assert_eq!(desk.log.last().unwrap().0.scan.position, 5);
    desk.card(Card::Undo);
    assert_eq!(desk.card(Card::Undo).reason, Reason::UndoneHere);
    assert_eq!(desk.state(2).0, State::At);
}

#[test]
fn an_act_that_idled_out_during_the_restart_is_heard() {
    let mut desk = Hospital::clinic();
    desk.place(CARDIOLOGY);
    desk.wait(121);
    desk.restart();
    assert_eq!(desk.folder(1).reason, Reason::ActEnded);
    desk.restart();
    assert_eq!(desk.folder(1).reason, Reason::ReceivedHere);
}

#[test]
fn an_act_that_ended_before_another_scan_is_not_opened_again_by_a_restart() {
    let mut desk = Hospital::clinic();
    desk.place(CARDIOLOGY);
    desk.wait(121);
    desk.card(Card::Ok);
    desk.restart();
    assert_eq!(desk.folder(1).reason, Reason::ActEnded);
}

#[test]
fn a_stop_stands_after_a_restart_until_its_way_out() {
    let mut desk = Hospital::clinic();
    desk.place(CARDIOLOGY);
    desk.folder(50);
    desk.restart();
    assert_eq!(desk.folder(1).reason, Reason::OnHold);
    assert_eq!(desk.badge("B1").reason, Reason::SignedOn);
    desk.restart();
    assert_eq!(desk.card(Card::Ok).reason, Reason::SentTo);
    desk.restart();
    assert_eq!(desk.view().stop, None);
    assert_eq!(desk.folder(1).reason, Reason::SentTo);
}

#[test]
fn which_volume_is_still_answered_by_a_digit_after_a_restart() {
    let mut desk = Hospital::clinic();
    desk.place(CARDIOLOGY);
    assert_eq!(desk.text("OLD90").reason, Reason::WhichVolume);
    desk.restart();
    assert_eq!(desk.top(), "STOP: Which volume? 1, 2, 3. OK, or END");
    assert_eq!(desk.aside(), ["LD90"]);
    assert_eq!(desk.card(Card::Digit(4)).reason, Reason::NoSuchNumber);
    assert_eq!(desk.card(Card::Digit(2)).reason, Reason::SentTo);
    assert_eq!(desk.state(92).2, Some(CARDIOLOGY));
    desk.restart();
    assert_eq!((desk.aside(), desk.view().stop), (Vec::new(), None));
    assert_eq!(desk.folder(92).reason, Reason::SeenAgain);
    assert_eq!(desk.text("OLD90").reason, Reason::WhichVolume, "the others still have to go");
}

#[test]
fn a_patients_volumes_are_still_chosen_by_a_digit_after_a_restart() {
    let mut desk = Hospital::clinic();
    assert_eq!(desk.typed("900090").reason, Reason::PatientVolumes);
    desk.restart();
    let told = desk.card(Card::Digit(3));
    assert_eq!(told.reason, Reason::Located);
    assert!(told.title.contains("vol 3"), "{told:?}");
}

#[test]
fn folders_kept_during_a_stop_lie_beside_the_pile_after_a_restart_and_their_labels_stay_out_of_the_log() {
    let mut desk = Hospital::clinic();
    desk.place(CARDIOLOGY);
    desk.folder(50);
    desk.folder(1);
    assert_eq!(desk.log.last().unwrap().0.scan.naming, crate::domain::command::Naming::Aside);
    desk.place(WARD);
    let before = desk.aside();
    desk.restart();
    assert_eq!(desk.aside(), before);
    assert_eq!(before.len(), 2);
    desk.card(Card::Ok);
    desk.restart();
    assert_eq!(desk.aside().len(), 1, "the stopped one is sent, the kept one is not");
    assert_eq!(desk.folder(50).reason, Reason::SeenAgain);
    desk.folder(1);
    desk.restart();
    assert_eq!(desk.aside(), [""; 0]);
}

#[test]
fn what_a_list_held_back_lies_beside_the_pile_after_a_restart() {
    let mut desk = Hospital::clinic();
    desk.folder(1);
    desk.folder(50);
    desk.card(Card::All);
    desk.place(WARD);
    assert_eq!(desk.card(Card::Ok).reason, Reason::ListSentSomeHeld);
    desk.restart();
    assert_eq!(desk.aside(), ["3450"]);
}

#[test]
fn a_card_read_twice_counts_once_after_a_restart_too() {
    let mut desk = Hospital::clinic();
    desk.text("RX7");
    desk.wait(3).text("RX8");
    desk.card(Card::Ok);
    let ok = Card::Ok.barcode().to_string();
    desk.wait(1).text(&ok);
    assert_eq!(desk.aside(), ["RX7"]);
    desk.restart();
    assert_eq!(desk.aside(), ["RX7"]);
}

#[test]
fn an_open_list_is_still_open_after_a_restart() {
    let mut desk = Hospital::clinic();
    (1..=3).for_each(|key| {
        desk.folder(key);
    });
    desk.card(Card::All);
    desk.card(Card::TakeOut);
    desk.folder(2);
    desk.place(WARD);
    desk.restart();
    assert_eq!(desk.top(), "2 folders to Ward 7. OK?");
    assert_eq!(desk.card(Card::Ok).reason, Reason::ListSent);
    assert_eq!(desk.state(2).0, State::At);
}

#[test]
fn a_list_begins_again_after_a_restart_with_what_was_received() {
    let mut desk = Hospital::clinic();
    desk.folder(1);
    desk.folder(2);
    desk.restart();
    desk.card(Card::All);
    desk.place(WARD);
    assert_eq!(desk.card(Card::Ok).movements, 2);
}

#[test]
fn what_was_not_recorded_changes_nothing() {
    let mut desk = Hospital::clinic();
    let posted = crate::desk::Posted {
        id: desk.new_id(),
        text: "CARD".to_owned(),
        aim: None,
        entry: crate::domain::barcode::Entry::Scanned,
        at: None,
        came: crate::desk::Came::Keys,
    };
    desk.on(Input::Read { posted: posted.clone(), scanner: "gun".to_owned() });
    desk.on(Input::Outcome(Err(NotRecorded::Busy)));
    assert_eq!(desk.top(), "Scan a folder, or your badge");
    let again = desk.give(Input::Read { posted, scanner: "gun".to_owned() }).unwrap();
    assert_eq!(again.reason, Reason::SendingTo, "scanned again at once it is no double read");
}

#[test]
fn a_known_id_gets_its_stored_answer_and_changes_nothing() {
    let mut desk = Hospital::clinic();
    desk.folder(1);
    let id = desk.log[0].0.scan.id;
    desk.place(CARDIOLOGY);
    let text = desk.log[0].0.scan.text.clone();
    let posted = crate::desk::Posted {
        id,
        text,
        aim: None,
        entry: crate::domain::barcode::Entry::Scanned,
        at: None,
        came: crate::desk::Came::Keys,
    };
    let told = desk.give(Input::Read { posted, scanner: "gun".to_owned() }).unwrap();
    assert_eq!(told.reason, Reason::ReceivedHere);
    assert_eq!(desk.top(), "Next folder: SENT to Cardiology");
    assert_eq!(desk.log.len(), 2);
}

#[test]
fn a_sessions_state_survives_its_storage() {
    let place = PlaceId::new(i64::MAX);
    for mode in [
        Mode::Idle,
        Mode::Receive,
        Mode::Send(place),
        Mode::File(None),
        Mode::File(Some(place)),
        Mode::PackAsk,
        Mode::Pack(place),
        Mode::Send(place).ended(),
        Mode::File(None).ended(),
        Mode::PackAsk.ended(),
        Mode::Pack(place).ended(),
    ] {
        for arm in [None, Some(Arm::Where), Some(Arm::TakeOut), Some(Arm::Empty), Some(Arm::WrongCard)] {
            for ones in 0..=3 {
                let state = Stored { mode, arm, list: None, ones, stopping: Stopping::Standing };
                assert!(state.encode().len() <= MAX_SESSION_CHANGE);
                assert_eq!(Stored::decode(&state.encode()), Some(state));
            }
        }
    }
    for list in [List::Gathered, List::To(place)] {
        let state = Stored { list: Some(list), ..Stored::default() };
        assert_eq!(Stored::decode(&state.encode()), Some(state));
    }
}

#[test]
fn a_card_read_twice_with_a_restart_in_between_is_one_read() {
    let mut desk = Hospital::clinic();
    let ok = Card::Ok.barcode().to_string();
    desk.text("OLD90");
    desk.text("V000000111");
    desk.text(&ok);
    desk.restart();
    desk.post(&ok, Entry::Scanned);
    let aside = desk.view().aside;
    assert_eq!(aside.len(), 1);
    desk.restart();
    assert_eq!(desk.view().aside, aside);
}
