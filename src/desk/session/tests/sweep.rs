//! SWEEP at a desk.

use super::hospital::{CLINIC, OTHER_SHELF, SHELF};
use super::{Hospital, Told};
use crate::desk::{Confirms, SignOn};
use crate::domain::answer::Signal;
use crate::domain::barcode::Card;
use crate::domain::refusal::Reason;
use crate::domain::whereabouts::State;

fn says(told: &Told, signal: Signal, reason: Reason) {
    assert_eq!((told.signal, told.reason), (signal, reason), "{told:?}");
}

fn sweeping(place: crate::domain::PlaceId) -> Hospital {
    let mut desk = Hospital::library();
    desk.card(Card::Sweep);
    desk.place(place);
    desk
}

#[test]
fn each_folder_of_a_sweep_is_seen_there() {
    let mut desk = Hospital::library();
    says(&desk.card(Card::Sweep), Signal::Told, Reason::SweepScanPlace);
    assert_eq!(desk.top(), "SWEEP: scan the shelf's label or the room's card");
    says(&desk.place(OTHER_SHELF), Signal::Told, Reason::Sweeping);
    assert_eq!(desk.top(), "Next folder: SEEN at Shelf 13");
    let told = desk.folder(1);
    says(&told, Signal::Arrived, Reason::SeenHere);
    assert_eq!(told.title, "SEEN at Shelf 13");
    let stray = desk.folder(4);
    says(&stray, Signal::Arrived, Reason::SeenStray);
    assert_eq!(stray.title, "SEEN at Shelf 13. Belongs on Shelf 12");
    says(&desk.folder(1), Signal::Told, Reason::SeenAgain);
    assert_eq!(desk.top(), "Next folder: SEEN at Shelf 13 (2 so far)");
    assert_eq!(desk.state(4), (State::At, Some(OTHER_SHELF), None), "that is where it stands");
    says(&desk.place(SHELF), Signal::Told, Reason::Sweeping);
    says(&desk.folder(1), Signal::Arrived, Reason::SeenElsewhere);
    let told = desk.card(Card::End);
    says(&told, Signal::Told, Reason::SweepEnded);
    assert!(told.title.starts_with("Shelf 12: "), "{}", told.title);
    assert_eq!(desk.top(), "Scan a folder, or your badge");
}

#[test]
fn a_scan_of_a_sweep_is_taken_back_like_any_other() {
    let mut desk = sweeping(SHELF);
    desk.folder(1);
    desk.folder(2);
    says(&desk.card(Card::Undo), Signal::Told, Reason::UndoneNothing);
    assert_eq!(desk.state(2).0, State::NotYetSeen);
    assert_eq!(desk.top(), "Next folder: SEEN at Shelf 12 (1 so far)", "the sweep stays open");
    says(&desk.folder(2), Signal::Arrived, Reason::SeenHere);
}

#[test]
fn of_a_room_it_is_asked_whether_that_was_all_of_it() {
    let mut desk = sweeping(CLINIC);
    desk.folder(1);
    says(&desk.card(Card::End), Signal::Told, Reason::SweepEndedRoom);
    assert_eq!(desk.top(), "Was that the whole of Clinic 5? OK: yes. Or scan on");
    assert_eq!(desk.view().confirms, Confirms::Room);
    desk.restart();
    assert_eq!(desk.top(), "Was that the whole of Clinic 5? OK: yes. Or scan on");
    says(&desk.card(Card::Ok), Signal::Told, Reason::SweepWhole);
    assert_eq!(desk.top(), "Scan a folder, or your badge");
    says(&desk.card(Card::Ok), Signal::Told, Reason::NothingToConfirm);
    let mut other = sweeping(CLINIC);
    other.folder(1);
    other.card(Card::End);
    says(&other.folder(2), Signal::Arrived, Reason::ReceivedHere);
    assert_eq!(other.top(), "Scan a folder, or your badge", "whoever scans on has not said so");
}

#[test]
fn a_sweep_ends_by_idling_for_a_quarter_of_an_hour_and_the_next_folder_hears_it() {
    let mut desk = sweeping(SHELF);
    desk.folder(1);
    desk.tick_after(14 * 60);
    says(&desk.folder(3), Signal::Arrived, Reason::SeenHere);
    desk.tick_after(16 * 60);
    let told = desk.folder(5);
    says(&told, Signal::Refused, Reason::SweepStopped);
    assert_eq!((told.movements, desk.aside()), (0, vec!["0596".to_owned()]));
    says(&desk.folder(5), Signal::Arrived, Reason::ReceivedHere);
}

#[test]
fn a_sweep_goes_on_after_a_restart() {
    let mut desk = sweeping(SHELF);
    desk.folder(1);
    desk.restart();
    assert_eq!(desk.top(), "Next folder: SEEN at Shelf 12 (1 so far)");
    says(&desk.folder(2), Signal::Arrived, Reason::SeenHere);
}

#[test]
fn a_folder_before_the_place_and_a_sweep_without_a_badge_are_refused() {
    let mut desk = Hospital::library();
    desk.card(Card::Sweep);
    says(&desk.folder(1), Signal::Refused, Reason::SweepPlaceFirst);
    let mut strict = Hospital::at(CLINIC, SignOn::Required);
    says(&strict.card(Card::Sweep), Signal::Refused, Reason::SignOnFirst);
    strict.badge("B1");
    strict.card(Card::Sweep);
    says(&strict.place(CLINIC), Signal::Told, Reason::Sweeping);
}
