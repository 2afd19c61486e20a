//! Stops: what they hold back, and the ways out.

use super::Hospital;
use super::hospital::{CARDIOLOGY, CLINIC, WARD};
use crate::domain::answer::Signal;
use crate::domain::barcode::Card;
use crate::domain::refusal::Reason;
use crate::domain::whereabouts::State;

#[test]
fn a_folder_on_hold_is_here_but_does_not_leave_until_ok() {
    let mut desk = Hospital::clinic();
    desk.place(CARDIOLOGY);
    let told = desk.folder(50);
    assert_eq!((told.signal, told.reason, told.movements), (Signal::Stop, Reason::OnHold, 1));
    assert_eq!(desk.state(50), (State::At, Some(CLINIC), None));
    assert_eq!(desk.aside(), ["3450"]);
    assert_eq!(desk.view().confirms, crate::desk::Confirms::Stop, "before what lies aside");
    assert_eq!(desk.card(Card::Ok).reason, Reason::SentTo);
    assert_eq!(desk.state(50).2, Some(CARDIOLOGY));
    assert_eq!(desk.aside(), [""; 0]);
    assert_eq!(desk.top(), "Next folder: SENT to Cardiology (1 so far)");
    assert_eq!(desk.folder(50).reason, Reason::SeenAgain);
}

#[test]
fn while_a_stop_stands_nothing_moves_and_it_is_heard_again() {
    let mut desk = Hospital::clinic();
    desk.place(CARDIOLOGY);
    let first = desk.folder(51);
    assert_eq!(first.reason, Reason::Restricted);
    let again = desk.folder(1);
    assert_eq!((again.signal, again.reason, again.movements), (Signal::Stop, Reason::Restricted, 0));
    assert!(again.detail.starts_with("Folder 123451 vol 1 waits."), "{again:?}");
    assert_eq!(desk.place(WARD).reason, Reason::Restricted);
    assert_eq!(desk.card(Card::Undo).reason, Reason::Restricted, "undo cards do not work");
    assert_eq!(desk.card(Card::Receive).reason, Reason::Restricted);
    assert_eq!(desk.badge("B1").reason, Reason::SignedOn);
    desk.card(Card::Where);
    assert_eq!(desk.folder(1).reason, Reason::Located);
    assert!(desk.view().stop.is_some());
    assert_eq!(desk.state(1).0, State::NotYetSeen);
    assert_eq!(desk.card(Card::End).reason, Reason::StopLeft);
    assert_eq!(desk.view().stop, None);
    assert_eq!(desk.aside().len(), 2, "both wait beside the pile");
    assert_eq!(desk.folder(1).reason, Reason::SentTo, "END closed nothing else");
    assert_eq!(desk.aside(), ["3451"]);
}

#[test]
fn one_ok_answers_one_thing() {
    let mut desk = Hospital::clinic();
    desk.text("RX1");
    desk.place(CARDIOLOGY);
    desk.folder(50);
    desk.card(Card::Ok);
    assert_eq!(desk.aside(), ["RX1"]);
    assert_eq!(desk.card(Card::Ok).reason, Reason::ReadIt);
    assert_eq!(desk.card(Card::Ok).reason, Reason::NothingToConfirm);
}

#[test]
fn a_label_that_names_several_volumes_asks_which() {
    let mut desk = Hospital::clinic();
    desk.place(CARDIOLOGY);
    let told = desk.text("OLD90");
    assert_eq!((told.signal, told.reason, told.movements), (Signal::Stop, Reason::WhichVolume, 0));
    assert_eq!(told.title, "Which volume? 1, 2, 3");
    assert_eq!(desk.card(Card::Digit(7)).reason, Reason::NoSuchNumber);
    assert_eq!(desk.card(Card::Digit(2)).reason, Reason::SentTo);
    assert_eq!(desk.state(92).2, Some(CARDIOLOGY));
    assert_eq!(desk.aside(), [""; 0]);
    desk.text("OLD90");
    assert_eq!(desk.typed("3").reason, Reason::SentTo, "the key does what the card does");
}

#[test]
fn a_stop_read_twice_is_one_stop() {
    let mut desk = Hospital::clinic();
    desk.text("OLD90");
    let again = desk.wait(1).text("OLD90");
    assert_eq!((again.signal, again.title.as_str()), (Signal::Stop, "Which volume? 1, 2, 3"));
    assert_eq!(desk.card(Card::Ok).reason, Reason::ReadIt);
    assert_eq!(desk.view().stop, None);
}
