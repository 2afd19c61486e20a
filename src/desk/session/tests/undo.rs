//! Taking back.

use super::Hospital;
use super::hospital::{CARDIOLOGY, CLINIC, CRATE, LIBRARY, SHELF, WARD};
use crate::domain::answer::Signal;
use crate::domain::barcode::Card;
use crate::domain::refusal::Reason;
use crate::domain::whereabouts::State;

#[test]
fn undo_takes_back_the_newest_act_and_says_what_stands() {
    let mut desk = Hospital::clinic();
    desk.place(CARDIOLOGY);
    desk.folder(1);
    desk.folder(2);
    let told = desk.card(Card::Undo);
    assert_eq!(
        (told.signal, told.reason),
        (Signal::Arrived, Reason::UndoneHere),
        "the implied arrival stays"
    );
    assert!(told.detail.contains("Folder 123402 vol 1"), "{told:?}");
    assert_eq!(desk.top(), "Next folder: SENT to Cardiology (1 so far)", "the open act stays open");
    desk.card(Card::Where);
    desk.folder(2);
    desk.card(Card::Undo);
    assert_eq!(desk.state(1), (State::At, Some(CLINIC), None));
    assert_eq!(desk.wait(3).card(Card::Undo).reason, Reason::NothingToUndo);
    assert!(desk.view().lines.iter().filter(|line| line.undone).count() == 2);
    assert_eq!(desk.folder(1).reason, Reason::SentTo, "not seen again: it was taken back");
}

#[test]
fn undo_of_the_first_thing_known_says_that_nothing_stands() {
    let mut desk = Hospital::clinic();
    desk.folder(1);
    let told = desk.card(Card::Undo);
    assert_eq!((told.signal, told.reason), (Signal::Told, Reason::UndoneNothing));
}

#[test]
fn undo_batch_takes_back_the_whole_batch_even_of_one() {
    let mut desk = Hospital::clinic();
    desk.place(CARDIOLOGY);
    (1..=3).for_each(|key| {
        desk.folder(key);
    });
    desk.elsewhere(2, WARD);
    let told = desk.card(Card::UndoBatch);
    assert_eq!((told.signal, told.reason), (Signal::Told, Reason::UndoneBatch));
    assert!(told.title.starts_with("3 folders taken back; 1 was scanned elsewhere"), "{told:?}");
    assert_eq!(desk.state(1), (State::At, Some(CLINIC), None));
    assert_eq!(desk.state(2).1, Some(WARD));
    assert_eq!(desk.folder(1).reason, Reason::SentTo);
    assert_eq!(desk.state(1).2, Some(CARDIOLOGY), "a later scan is no part of the batch taken back");
}

#[test]
fn wrong_card_then_the_right_one_sends_the_batch_there_and_goes_on() {
    let mut desk = Hospital::clinic();
    desk.place(CARDIOLOGY);
    desk.folder(1);
    desk.folder(2);
    assert_eq!(desk.card(Card::WrongCard).reason, Reason::WrongCardScanCard);
    assert_eq!(desk.folder(3).reason, Reason::RightCardFirst);
    desk.card(Card::Undo);
    desk.card(Card::WrongCard);
    let told = desk.place(WARD);
    assert_eq!((told.signal, told.title.as_str()), (Signal::Sent, "2 folders now go to Ward 7"));
    assert_eq!(desk.state(1).2, Some(WARD));
    assert_eq!(desk.folder(3).reason, Reason::SentTo);
    assert_eq!(desk.state(3).2, Some(WARD));
}

#[test]
fn take_out_undoes_one_folder_of_the_batch() {
    let mut desk = Hospital::clinic();
    desk.place(CARDIOLOGY);
    desk.folder(1);
    desk.folder(2);
    desk.card(Card::TakeOut);
    assert_eq!(desk.folder(1).reason, Reason::UndoneHere);
    assert_eq!(desk.state(2).0, State::OnItsWay);
    desk.card(Card::TakeOut);
    assert_eq!(desk.folder(9).reason, Reason::NotInBatch);
    assert_eq!(desk.top(), "Next folder: SENT to Cardiology (1 so far)");
}

#[test]
fn after_half_an_hour_nothing_is_taken_back() {
    let mut desk = Hospital::clinic();
    desk.folder(1);
    desk.wait(31 * 60);
    assert_eq!(desk.card(Card::Undo).reason, Reason::UndoTooOld);
}

#[test]
fn without_a_badge_only_what_was_done_without_one_is_taken_back() {
    let mut desk = Hospital::clinic();
    desk.badge("B1");
    desk.folder(1);
    desk.wait(16 * 60);
    assert_eq!(desk.card(Card::Undo).reason, Reason::SignOnFirst);
    desk.badge("B2");
    assert_eq!(desk.card(Card::Undo).reason, Reason::UndoneNothing);
}

#[test]
fn filing_and_packing_are_taken_back_too() {
    let mut desk = Hospital::library();
    desk.folder(1);
    desk.place(SHELF);
    assert_eq!(desk.card(Card::Undo).reason, Reason::UndoneHere);
    assert_eq!(desk.state(1), (State::At, Some(LIBRARY), None));
    desk.card(Card::Pack);
    desk.place(CRATE);
    desk.folder(1);
    assert_eq!(desk.card(Card::Undo).reason, Reason::UndoneHere);
}
