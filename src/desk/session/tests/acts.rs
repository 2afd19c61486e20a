//! One story at least for each row of the acts.

use super::hospital::{ARCHIVE, BAG, CARDIOLOGY, CLINIC, CRATE, LIBRARY, OTHER_SHELF, SHELF, SHUT, WARD};
use super::{Hospital, Told};
use crate::clock::MINUTE_US;
use crate::desk::{Confirms, SignOn};
use crate::domain::answer::Signal;
use crate::domain::barcode::Card;
use crate::domain::refusal::Reason;
use crate::domain::whereabouts::State;

fn says(told: &Told, signal: Signal, reason: Reason) {
    assert_eq!((told.signal, told.reason), (signal, reason), "{told:?}");
}

#[test]
fn a_folder_scanned_at_an_idle_desk_is_here() {
    let mut desk = Hospital::clinic();
    assert_eq!(desk.top(), "Scan a folder, or your badge");
    let told = desk.folder(1);
    says(&told, Signal::Arrived, Reason::ReceivedHere);
    insta::assert_debug_snapshot!((&told.title, &told.detail), @r#"
    (
        "RECEIVED at Clinic 5",
        "Folder 123401 vol 1.",
    )
    "#);
    assert_eq!(desk.state(1), (State::At, Some(CLINIC), None));
}

#[test]
fn a_place_card_sends_the_folders_after_it_and_the_desk_says_so_on_top() {
    let mut desk = Hospital::clinic();
    says(&desk.place(CARDIOLOGY), Signal::Told, Reason::SendingTo);
    assert_eq!(desk.top(), "Next folder: SENT to Cardiology");
    let told = desk.folder(1);
    says(&told, Signal::Sent, Reason::SentTo);
    assert_eq!(told.movements, 2, "an arrival is implied");
    desk.folder(2);
    assert_eq!(desk.top(), "Next folder: SENT to Cardiology (2 so far)");
    assert_eq!(desk.state(1), (State::OnItsWay, Some(CLINIC), Some(CARDIOLOGY)));
    let told = desk.card(Card::End);
    says(&told, Signal::Told, Reason::Ended);
    assert_eq!(told.title, "2 in, 0 aside");
}

#[test]
fn where_nobody_scans_a_folder_is_left() {
    let mut desk = Hospital::clinic();
    desk.place(ARCHIVE);
    let told = desk.folder(1);
    says(&told, Signal::Sent, Reason::LeftAt);
    assert_eq!(told.title, "SENT to Archive: nobody scans there");
}

#[test]
fn a_closed_place_takes_no_folders() {
    let mut desk = Hospital::clinic();
    says(&desk.place(SHUT), Signal::Refused, Reason::PlaceClosed);
    says(&desk.folder(1), Signal::Arrived, Reason::ReceivedHere);
}

#[test]
fn the_desks_own_place_card_and_receive_do_the_same() {
    let mut desk = Hospital::clinic();
    desk.place(CARDIOLOGY);
    says(&desk.place(CLINIC), Signal::Told, Reason::Receiving);
    assert_eq!(desk.top(), "Next folder: RECEIVED at Clinic 5");
    says(&desk.folder(1), Signal::Arrived, Reason::ReceivedHere);
    desk.place(CARDIOLOGY);
    says(&desk.card(Card::Receive), Signal::Told, Reason::Receiving);
}

#[test]
fn a_folder_meant_for_another_place_is_a_look_and_waits_beside_the_pile_until_it_is_sent() {
    let mut desk = Hospital::clinic();
    desk.place(WARD);
    desk.folder(1);
    desk.card(Card::End);
    let told = desk.folder(1);
    says(&told, Signal::Look, Reason::ReceivedFor);
    insta::assert_debug_snapshot!((&told.title, &told.detail), @r#"
    (
        "RECEIVED. This is for Ward 7",
        "Folder 123401 vol 1. Ward 7 ext 2345. Send it on to the place named, or keep it if the plan has changed.",
    )
    "#);
    assert_eq!(desk.aside(), ["3401"]);
    desk.wait(30);
    desk.place(WARD);
    says(&desk.folder(1), Signal::Sent, Reason::SentTo);
    assert_eq!(desk.aside(), [""; 0]);
}

#[test]
fn a_folder_then_its_shelf_is_filed_and_the_label_opens_nothing() {
    let mut desk = Hospital::library();
    desk.folder(1);
    let told = desk.place(SHELF);
    says(&told, Signal::Filed, Reason::Filed);
    assert_eq!(told.title, "FILED on Shelf 12");
    assert_eq!(desk.top(), "Scan a folder, or your badge");
    says(&desk.place(OTHER_SHELF), Signal::Refused, Reason::FolderFirst);
    let told = desk.folder(1);
    says(&told, Signal::Look, Reason::ReceivedTakenOut);
    assert_eq!(told.title, "RECEIVED. Filed on Shelf 12. Taken out?");
}

#[test]
fn a_shelf_label_waits_for_the_last_folder_only_two_minutes() {
    let mut desk = Hospital::library();
    desk.folder(1);
    desk.wait(118);
    says(&desk.place(SHELF), Signal::Refused, Reason::FolderFirst);
    desk.place(CARDIOLOGY);
    desk.folder(2);
    says(&desk.place(SHELF), Signal::Refused, Reason::FolderFirst);
}

#[test]
fn at_a_desk_outside_the_library_a_shelf_is_a_place_like_any_other() {
    let mut desk = Hospital::clinic();
    says(&desk.place(SHELF), Signal::Told, Reason::SendingTo);
    says(&desk.folder(1), Signal::Sent, Reason::LeftAt);
}

#[test]
fn file_takes_each_folder_to_the_shelf_scanned_last_or_to_its_own() {
    let mut desk = Hospital::library();
    says(&desk.card(Card::File), Signal::Told, Reason::Filing);
    says(&desk.folder(2), Signal::Filed, Reason::Filed);
    let told = desk.folder(1);
    says(&told, Signal::Refused, Reason::ShelfFirst);
    assert_eq!(told.movements, 1, "it is here all the same");
    desk.place(OTHER_SHELF);
    assert_eq!(desk.top(), "Next folder: FILED on Shelf 13 (1 so far)");
    says(&desk.folder(1), Signal::Filed, Reason::Filed);
    assert_eq!(desk.present(1).filed, Some(OTHER_SHELF));
    desk.place(SHELF);
    says(&desk.folder(1), Signal::Filed, Reason::Filed);
}

#[test]
fn a_crate_arrives_with_what_is_in_it_and_is_sent_by_a_place_card() {
    let mut desk = Hospital::clinic();
    says(&desk.place(CRATE), Signal::Arrived, Reason::ContainerReceived);
    desk.place(WARD);
    let told = desk.place(CRATE);
    says(&told, Signal::Sent, Reason::ContainerSent);
    assert_eq!(told.title, "Container Crate K6 is on its way to Ward 7");
}

#[test]
fn pack_asks_for_its_crate_and_each_folder_goes_in() {
    let mut desk = Hospital::library();
    says(&desk.card(Card::Pack), Signal::Told, Reason::PackScanContainer);
    says(&desk.folder(1), Signal::Refused, Reason::ContainerFirst);
    assert_eq!(desk.state(1).0, State::At, "it is here all the same");
    says(&desk.place(CRATE), Signal::Told, Reason::PackingInto);
    says(&desk.folder(1), Signal::Packed, Reason::Packed);
    says(&desk.place(BAG), Signal::Packed, Reason::ContainerPacked);
    assert_eq!(desk.top(), "Next folder: PACKED in Crate K6 (2 so far)");
    desk.card(Card::End);
    desk.card(Card::Pack);
    says(&desk.place(CRATE), Signal::Stop, Reason::ContainerNotEmpty);
    says(&desk.folder(2), Signal::Stop, Reason::ContainerNotEmpty);
    says(&desk.card(Card::Empty), Signal::Told, Reason::PackingInto);
    says(&desk.folder(2), Signal::Packed, Reason::Packed);
    assert_eq!(desk.state(1).0, State::At, "it was empty");
}

#[test]
fn empty_frees_what_was_in_the_crate() {
    let mut desk = Hospital::library();
    desk.card(Card::Pack);
    desk.place(CRATE);
    desk.folder(1);
    desk.card(Card::End);
    says(&desk.card(Card::Empty), Signal::Told, Reason::EmptyScanContainer);
    says(&desk.folder(2), Signal::Refused, Reason::NotAContainer);
    let told = desk.place(CRATE);
    says(&told, Signal::Arrived, Reason::Emptied);
    assert_eq!(desk.state(1), (State::At, Some(LIBRARY), None));
}

#[test]
fn where_only_asks_and_a_patient_is_answered_without_it() {
    let mut desk = Hospital::clinic();
    desk.folder(92);
    desk.card(Card::Where);
    let told = desk.folder(92);
    says(&told, Signal::Told, Reason::Located);
    insta::assert_debug_snapshot!((&told.title, &told.detail), @r#"
    (
        "Folder 900090 vol 2: at Clinic 5",
        "Since 09:00.",
    )
    "#);
    let told = desk.typed("900090");
    says(&told, Signal::Told, Reason::PatientVolumes);
    insta::assert_debug_snapshot!((&told.title, &told.detail), @r#"
    (
        "The patient has 3 folders",
        "vol 1 not yet seen, vol 2 Clinic 5, vol 3 not yet seen.",
    )
    "#);
    says(&desk.typed("2"), Signal::Told, Reason::Located);
    assert_eq!(desk.log.last().unwrap().1.movements, []);
}

#[test]
fn where_waits_a_quarter_of_a_minute_and_lapses_heard() {
    let mut desk = Hospital::clinic();
    desk.card(Card::Where);
    desk.tick_after(16);
    assert_eq!(desk.notices.len(), 1);
    assert_eq!(desk.notices[0].answer.reason, Reason::AskLapsed);
    says(&desk.folder(1), Signal::Arrived, Reason::ReceivedHere);
}

#[test]
fn volumes_of_one_casenote_read_as_a_set() {
    let mut desk = Hospital::clinic();
    desk.elsewhere(91, WARD);
    let told = desk.folder(92);
    insta::assert_snapshot!(told.detail, @"Folder 900090 vol 2. 1 of 3 here: vol 1 Ward 7 ext 2345, vol 3 not yet seen.");
    desk.elsewhere(91, CLINIC);
    desk.elsewhere(93, CLINIC);
    desk.card(Card::End);
    assert!(desk.folder(92).detail.contains("3 of 3 here"));
}

#[test]
fn a_badge_signs_on_and_another_persons_ends_what_was_open() {
    let mut desk = Hospital::clinic();
    desk.place(CARDIOLOGY);
    says(&desk.badge("B1"), Signal::Told, Reason::SignedOn);
    says(&desk.folder(1), Signal::Sent, Reason::SentTo);
    says(&desk.badge("B1"), Signal::Told, Reason::StillSignedOn);
    let told = desk.badge("B2");
    says(&told, Signal::Told, Reason::SignedOn);
    assert!(told.detail.contains("1 in"), "{told:?}");
    says(&desk.folder(2), Signal::Arrived, Reason::ReceivedHere);
    assert_eq!(desk.view().person.as_deref(), Some("Bob Porter"));
}

#[test]
fn where_a_badge_is_required_a_folder_is_still_received() {
    let mut desk = Hospital::at(LIBRARY, SignOn::Required);
    says(&desk.folder(1), Signal::Arrived, Reason::ReceivedHere);
    says(&desk.place(SHELF), Signal::Refused, Reason::SignOnFirst);
    says(&desk.place(CARDIOLOGY), Signal::Refused, Reason::SignOnFirst);
    for card in [Card::File, Card::Pack, Card::Undo, Card::UndoBatch, Card::WrongCard, Card::All] {
        says(&desk.card(card), Signal::Refused, Reason::SignOnFirst);
    }
    desk.badge("B1");
    says(&desk.place(CARDIOLOGY), Signal::Told, Reason::SendingTo);
    says(&desk.folder(2), Signal::Sent, Reason::SentTo);
}

#[test]
fn the_pairing_cards_of_other_desks_are_refused() {
    let mut desk = Hospital::clinic();
    says(&desk.card(Card::Pairing(30)), Signal::Told, Reason::Paired);
    says(&desk.card(Card::Pairing(31)), Signal::Refused, Reason::OtherDesksCard);
    assert_eq!(desk.aside(), [""; 0], "a refused card is no folder");
}

#[test]
fn an_unreadable_or_unknown_folder_lies_aside_until_ok_or_end() {
    let mut desk = Hospital::clinic();
    says(&desk.bad_read(Reason::HalfRead), Signal::Refused, Reason::HalfRead);
    says(&desk.text("RX99"), Signal::Refused, Reason::UnknownLabel);
    assert_eq!(desk.aside(), ["RX99", "0000"]);
    says(&desk.card(Card::Ok), Signal::Told, Reason::ReadIt);
    assert_eq!(desk.aside(), ["0000"]);
    desk.folder(1);
    assert_eq!(desk.card(Card::End).title, "1 in, 1 aside");
    says(&desk.card(Card::Ok), Signal::Told, Reason::NothingToConfirm);
}

#[test]
fn no_signal_stays_on_the_screen_after_a_minute() {
    let mut desk = Hospital::clinic();
    desk.folder(1);
    assert!(desk.view().last.is_some());
    desk.wait(61);
    assert_eq!(desk.view().last, None);
}

#[test]
fn a_lost_scanner_is_loud_and_says_what_was_recorded_last() {
    let mut desk = Hospital::clinic();
    desk.folder(1);
    desk.give(crate::desk::session::Input::ScannerLost("gun".to_owned()));
    assert_eq!(desk.notices[0].said.detail, "Last recorded: 123401, 09:00. Scan on from the next.");
    assert!(desk.view().scanner_lost.is_some());
    desk.give(crate::desk::session::Input::ScannerBack("gun".to_owned()));
    assert_eq!(desk.view().scanner_lost, None);
}

#[test]
fn the_page_says_what_ok_is_about_and_when_the_person_is_signed_off() {
    let mut desk = Hospital::clinic();
    assert_eq!((desk.view().confirms, desk.view().signed_on_until), (Confirms::Nothing, None));
    desk.badge("B1");
    let until = desk.view().signed_on_until.unwrap();
    desk.wait(60).text("NO-SUCH-1234");
    assert_eq!(desk.view().signed_on_until, Some(until.plus_micros(MINUTE_US)));
    assert_eq!(desk.view().confirms, Confirms::Aside);
    desk.folder(1);
    desk.card(Card::All);
    assert_eq!(desk.view().confirms, Confirms::List);
    desk.card(Card::End);
    desk.card(Card::End);
    assert_eq!(desk.view().confirms, Confirms::Nothing);
}
