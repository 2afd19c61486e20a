//! ALL: a list of what was received, sent in three scans.

use super::Hospital;
use super::hospital::{CARDIOLOGY, WARD};
use crate::domain::answer::Signal;
use crate::domain::barcode::Card;
use crate::domain::refusal::Reason;
use crate::domain::whereabouts::State;

fn three_received() -> Hospital {
    let mut desk = Hospital::clinic();
    (1..=3).for_each(|key| {
        desk.folder(key);
    });
    desk
}

#[test]
fn all_of_these_go_there_in_three_scans() {
    let mut desk = three_received();
    let told = desk.card(Card::All);
    assert_eq!((told.signal, told.reason), (Signal::Told, Reason::Listed));
    assert_eq!(desk.top(), "ALL: 3 folders. Scan the card of the place they go to");
    let told = desk.place(CARDIOLOGY);
    assert_eq!((told.signal, told.title.as_str()), (Signal::Told, "3 folders to Cardiology"));
    assert_eq!(desk.top(), "3 folders to Cardiology. OK?");
    let told = desk.card(Card::Ok);
    assert_eq!((told.signal, told.reason, told.movements), (Signal::Sent, Reason::ListSent, 3));
    assert_eq!(desk.state(2).2, Some(CARDIOLOGY));
    assert_eq!(desk.card(Card::All).reason, Reason::ListEmpty);
    assert_eq!(desk.card(Card::UndoBatch).reason, Reason::UndoneBatch);
    assert_eq!(desk.state(2).0, State::At);
}

#[test]
fn take_out_takes_a_folder_off_the_list() {
    let mut desk = three_received();
    desk.card(Card::All);
    desk.card(Card::TakeOut);
    assert_eq!(desk.folder(2).reason, Reason::TakenOffList);
    assert_eq!(desk.place(CARDIOLOGY).title, "2 folders to Cardiology");
    desk.card(Card::Ok);
    assert_eq!(desk.state(2).0, State::At);
    assert_eq!(desk.state(3).0, State::OnItsWay);
}

#[test]
fn a_folder_received_elsewhere_meanwhile_changes_the_list_and_ok_sends_the_rest() {
    let mut desk = three_received();
    desk.card(Card::All);
    desk.place(CARDIOLOGY);
    desk.elsewhere(3, WARD);
    let told = desk.card(Card::Ok);
    assert_eq!((told.signal, told.title.as_str()), (Signal::Stop, "2 folders, not 3"));
    let told = desk.wait(1).card(Card::Ok);
    assert_eq!((told.reason, told.movements), (Reason::ListSent, 2));
    assert_eq!(desk.state(3).1, Some(WARD));
}

#[test]
fn end_at_a_changed_list_drops_it() {
    let mut desk = three_received();
    desk.card(Card::All);
    desk.place(CARDIOLOGY);
    desk.elsewhere(3, WARD);
    desk.card(Card::Ok);
    assert_eq!(desk.card(Card::End).reason, Reason::ListLeft);
    assert_eq!(desk.state(1).0, State::At);
}

#[test]
fn a_folder_on_hold_stays_and_the_rest_goes() {
    let mut desk = three_received();
    desk.folder(50);
    desk.card(Card::All);
    desk.place(CARDIOLOGY);
    let told = desk.card(Card::Ok);
    assert_eq!((told.signal, told.reason, told.movements), (Signal::Look, Reason::ListSentSomeHeld, 3));
    assert_eq!(desk.aside(), ["3450"]);
}

#[test]
fn any_other_card_or_two_minutes_drop_the_list_heard() {
    let mut desk = three_received();
    desk.card(Card::All);
    assert_eq!(desk.card(Card::Receive).reason, Reason::ListDropped);
    desk.card(Card::All);
    desk.place(CARDIOLOGY);
    assert_eq!(desk.place(WARD).reason, Reason::ListDropped);
    desk.card(Card::All);
    desk.tick_after(121);
    assert_eq!(desk.notices[0].answer.reason, Reason::ListDropped);
    assert_eq!(desk.card(Card::Ok).reason, Reason::NothingToConfirm);
    desk.card(Card::All);
    assert_eq!(desk.card(Card::End).reason, Reason::ListLeft);
    assert_eq!(desk.state(1).0, State::At);
}
