//! Double reads, *seen again*, the wrong order, and acts that end by idling.

use super::Hospital;
use super::hospital::{CARDIOLOGY, CLINIC, CRATE, LIBRARY, SHELF, WARD};
use crate::desk::SignOn;
use crate::desk::session::Sound;
use crate::domain::answer::Signal;
use crate::domain::barcode::{Card, Entry, OwnBarcode, OwnKind};
use crate::domain::refusal::Reason;
use crate::domain::whereabouts::State;

fn label(key: u64) -> String {
    OwnBarcode::new(OwnKind::Volume, key).to_string()
}

#[test]
fn a_double_read_answers_what_the_first_did_without_a_sound_or_a_movement() {
    let mut desk = Hospital::clinic();
    let first = desk.folder(1);
    for _ in 0..3 {
        let again = desk.wait(2).text(&label(1));
        assert_eq!(again.sound, Sound::Silent);
        assert_eq!(
            (again.signal, &again.title, again.movements),
            (first.signal, &first.title, first.movements)
        );
    }
    assert_eq!(desk.log.len(), 4, "each is a row of its own");
    assert_eq!(desk.log[3].1.movements, []);
    assert_eq!(desk.wait(3).text(&label(1)).reason, Reason::SeenAgain);
    assert_eq!(desk.view().count, 1);
}

#[test]
fn a_card_read_twice_does_its_work_once() {
    let mut desk = Hospital::clinic();
    desk.folder(1);
    desk.folder(2);
    desk.card(Card::Undo);
    let told = desk.wait(1).text(&Card::Undo.barcode().to_string());
    assert_eq!(told.sound, Sound::Silent);
    assert_eq!(desk.state(1).0, State::At);
    assert_eq!(desk.state(2).0, State::NotYetSeen);
}

#[test]
fn an_old_label_typed_and_then_scanned_is_read_as_what_it_is_now() {
    let mut desk = Hospital::clinic();
    let typed = desk.typed("OLD90");
    let scanned = desk.wait(1).text("OLD90");
    assert_eq!((scanned.reason, scanned.sound), (Reason::WhichVolume, Sound::Heard));
    assert_ne!(typed.reason, scanned.reason, "typed it is a patient's number");
    assert_eq!(desk.wait(1).text("OLD90").sound, Sound::Silent, "scanned twice it is a double read");
    assert_eq!(desk.wait(1).post("OLD90", Entry::Typed).sound, Sound::Heard);
}

#[test]
fn an_old_label_typed_before_a_restart_and_scanned_after_it_is_no_double_read() {
    let mut desk = Hospital::clinic();
    desk.typed("OLD90");
    desk.restart();
    let scanned = desk.wait(1).text("OLD90");
    assert_eq!((scanned.reason, scanned.sound), (Reason::WhichVolume, Sound::Heard));
    desk.restart();
    assert_eq!(desk.wait(1).text("OLD90").sound, Sound::Silent);
}

#[test]
fn two_folders_in_turn_are_no_double_read() {
    let mut desk = Hospital::clinic();
    desk.text(&label(1));
    desk.text(&label(2));
    let told = desk.text(&label(1));
    assert_eq!((told.reason, told.sound), (Reason::SeenAgain, Sound::Heard));
}

#[test]
fn the_same_folder_under_another_card_is_a_new_act() {
    let mut desk = Hospital::clinic();
    desk.place(CARDIOLOGY);
    desk.folder(1);
    assert_eq!(desk.folder(1).reason, Reason::SeenAgain);
    desk.place(WARD);
    assert_eq!(desk.folder(1).reason, Reason::SentTo);
}

#[test]
fn a_card_just_after_a_received_folder_says_that_the_folder_stays() {
    let mut desk = Hospital::clinic();
    desk.folder(1);
    let told = desk.place(CARDIOLOGY);
    assert_eq!((told.signal, told.reason), (Signal::Look, Reason::FromNowOn));
    assert_eq!(told.title, "From now to Cardiology");
    assert_eq!(told.detail, "Folder 123401 vol 1. It stays HERE. Scan it again to send it.");
    assert_eq!(desk.aside(), ["3401"]);
    assert_eq!(desk.folder(1).reason, Reason::SentTo);
    assert_eq!(desk.aside(), [""; 0]);
}

#[test]
fn a_second_folder_that_stays_before_the_same_card_does_not_cover_the_first() {
    let mut desk = Hospital::clinic();
    desk.folder(1);
    assert_eq!(desk.place(CARDIOLOGY).reason, Reason::FromNowOn);
    desk.wait(121);
    assert_eq!(desk.folder(3).reason, Reason::ActEnded);
    desk.folder(2);
    assert_eq!(desk.place(CARDIOLOGY).reason, Reason::FromNowOn);
    assert_eq!(desk.aside(), ["3402", "0305", "3401"]);
}

#[test]
fn after_twenty_seconds_or_after_receive_the_card_is_just_the_card() {
    let mut desk = Hospital::clinic();
    desk.folder(1);
    desk.wait(20);
    assert_eq!(desk.place(CARDIOLOGY).reason, Reason::SendingTo);
    desk.card(Card::Receive);
    desk.folder(2);
    assert_eq!(desk.place(CARDIOLOGY).reason, Reason::SendingTo);
}

fn three_cards_with_one_folder_each(desk: &mut Hospital) {
    for (key, place) in [(1, CARDIOLOGY), (2, WARD), (3, LIBRARY)] {
        assert_eq!(desk.place(place).reason, Reason::SendingTo);
        assert_eq!(desk.folder(key).reason, Reason::SentTo);
    }
}

#[test]
fn one_folder_after_each_of_three_cards_stops_the_fourth_and_ok_takes_it() {
    let mut desk = Hospital::clinic();
    three_cards_with_one_folder_each(&mut desk);
    let told = desk.place(CARDIOLOGY);
    assert_eq!((told.signal, told.reason), (Signal::Stop, Reason::CardFirst));
    assert_eq!(desk.folder(4).reason, Reason::CardFirst, "a folder moves nothing now");
    assert_eq!(desk.card(Card::Ok).reason, Reason::SendingTo);
    assert_eq!(desk.folder(4).reason, Reason::SentTo);
}

#[test]
fn wrong_card_at_that_stop_puts_the_last_three_aside_and_mends_the_last() {
    let mut desk = Hospital::clinic();
    three_cards_with_one_folder_each(&mut desk);
    desk.place(CARDIOLOGY);
    assert_eq!(desk.card(Card::WrongCard).reason, Reason::WrongCardScanCard);
    assert_eq!(desk.aside().len(), 3);
    assert_eq!(desk.place(CARDIOLOGY).reason, Reason::Resent);
    assert_eq!(desk.state(3).2, Some(CARDIOLOGY));
}

#[test]
fn two_folders_after_a_card_or_an_end_show_the_right_order() {
    let mut desk = Hospital::clinic();
    three_cards_with_one_folder_each(&mut desk);
    desk.folder(4);
    assert_eq!(desk.place(WARD).reason, Reason::SendingTo);
}

#[test]
fn sending_that_ended_by_idling_refuses_one_folder_and_moves_nothing() {
    let mut desk = Hospital::clinic();
    desk.place(CARDIOLOGY);
    desk.folder(1);
    desk.tick_after(121);
    assert_eq!(desk.top(), "Sending to Cardiology has ended. Scan its card to go on, or RECEIVE");
    let told = desk.folder(2);
    assert_eq!((told.signal, told.reason, told.movements), (Signal::Refused, Reason::ActEnded, 0));
    assert_eq!(told.title, "Sending to Cardiology has ended; this folder was not recorded");
    assert_eq!(desk.state(2).0, State::NotYetSeen);
    assert_eq!(desk.aside().len(), 1);
    assert_eq!(desk.folder(2).reason, Reason::ReceivedHere);
    assert_eq!(desk.aside(), [""; 0]);
}

#[test]
fn filing_and_packing_wait_a_quarter_of_an_hour() {
    let mut desk = Hospital::library();
    desk.card(Card::File);
    desk.place(SHELF);
    desk.wait(14 * 60);
    assert_eq!(desk.folder(1).reason, Reason::Filed);
    desk.wait(16 * 60);
    assert_eq!(desk.folder(3).reason, Reason::FilingEnded);
    desk.card(Card::Pack);
    desk.place(CRATE);
    desk.wait(16 * 60);
    assert_eq!(desk.folder(3).reason, Reason::PackingEnded);
    assert_eq!(desk.folder(3).reason, Reason::ReceivedHere);
}

#[test]
fn receiving_that_ended_by_idling_goes_on_as_before() {
    let mut desk = Hospital::clinic();
    desk.card(Card::Receive);
    desk.wait(200);
    assert_eq!(desk.folder(1).reason, Reason::ReceivedHere);
}

#[test]
fn a_sign_on_that_lapsed_ends_what_was_open_and_the_next_folder_hears_it() {
    let mut desk = Hospital::at(LIBRARY, SignOn::Required);
    desk.badge("B1");
    desk.card(Card::File);
    desk.wait(14 * 60);
    desk.place(SHELF);
    desk.tick_after(15 * 60 + 1);
    assert_eq!(desk.view().person, None);
    assert_eq!(desk.folder(1).reason, Reason::FilingEnded);
    assert_eq!(desk.folder(1).reason, Reason::ReceivedHere);
}

#[test]
fn a_pause_of_two_minutes_begins_another_batch() {
    let mut desk = Hospital::clinic();
    desk.folder(1);
    desk.wait(121);
    assert_eq!(desk.folder(1).reason, Reason::ReceivedHere);
    let batches: Vec<_> = desk.log.iter().map(|(command, _)| command.scan.batch).collect();
    assert_ne!(batches[0], batches[1]);
    assert_eq!(desk.log[1].0.scan.position, 1);
    assert_eq!(desk.state(1), (State::At, Some(CLINIC), None));
}
