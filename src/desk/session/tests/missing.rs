//! A folder that is not there: MISSING, the ring of its next scan, and where it was.

use super::Hospital;
use super::hospital::{CARDIOLOGY, CLINIC, LIBRARY, SHELF, WARD};
use crate::desk::SignOn;
use crate::domain::VolumeId;
use crate::domain::answer::Signal;
use crate::domain::barcode::Card;
use crate::domain::refusal::Reason;
use crate::domain::search::{Cause, FoundHow, Search, SearchState, Spot};

/// A search opened at Ward 7, which waits for it.
fn missed_at_ward(key: u64) -> Hospital {
    let mut ward = Hospital::at(WARD, SignOn::Optional);
    ward.card(Card::Missing);
    assert_eq!(ward.typed(&format!("{}", 123_400 + key)).reason, Reason::SearchOpened);
    ward
}

/// The same hospital at another of its desks.
fn moves_to(mut from: Hospital, desk: fn() -> Hospital) -> Hospital {
    let mut to = desk();
    to.wait(3_600);
    std::mem::swap(&mut to.book, &mut from.book);
    to
}

fn search(desk: &Hospital, key: i64) -> Search {
    desk.book.newest_of(VolumeId::new(key)).unwrap()
}

#[test]
fn missing_opens_a_search_and_the_place_just_looked_in_is_its_first_failed_look() {
    let mut desk = Hospital::clinic();
    desk.folder(1);
    desk.wait(600);
    let told = desk.card(Card::Missing);
    assert_eq!((told.signal, told.reason), (Signal::Told, Reason::AskingMissing));
    assert_eq!(desk.top(), "MISSING: scan or type its number, or scan the wristband. Nothing moves");
    let told = desk.typed("123401");
    insta::assert_debug_snapshot!((told.signal, &told.title, &told.detail, told.movements), @r#"
    (
        Told,
        "A search is open",
        "Folder 123401 vol 1. Its page says where to look, in which order.",
        0,
    )
    "#);
    let search = search(&desk, 1);
    assert_eq!((search.state, search.asker()), (SearchState::Open, Some(CLINIC)));
    assert_eq!(search.looks.iter().map(|look| &look.spot).collect::<Vec<_>>(), [&Spot::Place(CLINIC)]);
    assert_eq!(desk.aside(), [""; 0], "what is missing lies beside no pile");
}

#[test]
fn in_a_library_the_slot_that_is_empty_was_the_first_look() {
    let mut desk = Hospital::library();
    desk.folder(2);
    desk.place(SHELF);
    desk.wait(600).card(Card::Missing);
    desk.typed("123402");
    assert_eq!(search(&desk, 2).looks[0].spot, Spot::OwnSlot);
}

#[test]
fn what_by_the_log_is_elsewhere_is_said_first_with_the_telephone_and_ok_opens_the_search() {
    let mut desk = Hospital::clinic();
    desk.elsewhere(1, WARD);
    desk.card(Card::Missing);
    let told = desk.typed("123401");
    insta::assert_debug_snapshot!((told.signal, &told.title, &told.detail), @r#"
    (
        Stop,
        "By the log it is at Ward 7 ext 2345",
        "Folder 123401 vol 1. Ring there first. OK: not there either, open a search. END: leave it.",
    )
    "#);
    assert_eq!((desk.book.wanted(VolumeId::new(1)), desk.aside()), (None, Vec::new()));
    assert_eq!(desk.card(Card::Ok).reason, Reason::SearchOpened);
    assert_eq!(search(&desk, 1).looks[0].spot, Spot::Place(WARD));
    desk.elsewhere(3, WARD);
    desk.card(Card::Missing);
    desk.typed("123403");
    assert_eq!(desk.card(Card::End).reason, Reason::StopLeft);
    assert_eq!(desk.book.wanted(VolumeId::new(3)), None);
}

#[test]
fn a_patient_with_several_folders_is_asked_about_by_number() {
    let mut desk = Hospital::clinic();
    desk.card(Card::Missing);
    let told = desk.typed("900090");
    assert_eq!((told.signal, told.title.as_str()), (Signal::Stop, "Which volume is missing? 1, 2, 3"));
    assert_eq!(desk.card(Card::Digit(9)).reason, Reason::NoSuchNumber);
    assert_eq!(desk.typed("2").reason, Reason::SearchOpened);
    assert_eq!(search(&desk, 92).state, SearchState::Open);
    assert_eq!(desk.view().stop, None);
}

#[test]
fn missing_waits_a_quarter_of_a_minute_and_lapses_heard() {
    let mut desk = Hospital::clinic();
    desk.card(Card::Missing);
    desk.tick_after(16);
    assert_eq!(desk.notices[0].answer.reason, Reason::AskLapsed);
    assert_eq!(desk.folder(1).reason, Reason::ReceivedHere);
}

#[test]
fn a_second_missing_says_that_the_search_is_open_and_adds_its_look() {
    let mut desk = moves_to(missed_at_ward(1), Hospital::clinic);
    desk.card(Card::Missing);
    assert_eq!(desk.typed("123401").reason, Reason::SearchJoined);
    let search = search(&desk, 1);
    let spots: Vec<_> = search.looks.iter().map(|look| look.spot.clone()).collect();
    assert_eq!(spots, [Spot::Place(WARD), Spot::Place(CLINIC)], "nobody's look is lost");
    assert_eq!((search.needs.len(), search.asker()), (2, Some(CLINIC)));
    desk.card(Card::Missing);
    assert_eq!(desk.typed("123401").reason, Reason::SearchJoined);
    assert_eq!(self::search(&desk, 1).looks.len(), 2, "the same look twice is one");
}

#[test]
fn where_a_badge_is_required_missing_and_combine_ask_for_it() {
    let mut desk = Hospital::at(LIBRARY, SignOn::Required);
    for card in [Card::Missing, Card::Combine] {
        assert_eq!(desk.card(card).reason, Reason::SignOnFirst);
    }
    desk.badge("B1");
    assert_eq!(desk.card(Card::Missing).reason, Reason::AskingMissing);
}

#[test]
fn any_scan_of_a_wanted_folder_rings_and_a_number_says_where_it_was() {
    let mut desk = moves_to(missed_at_ward(1), Hospital::clinic);
    let told = desk.folder(1);
    insta::assert_debug_snapshot!((told.signal, told.reason, &told.title, &told.detail, told.movements), @r#"
    (
        Look,
        ReceivedHere,
        "WANTED: Ward 7 ext 2345 waits for it",
        "Ring them, and keep it for them. Where was it? 1 here in this room, 2 brought by hand, 3 inside another folder. RECEIVED at Clinic 5. Folder 123401 vol 1.",
        1,
    )
    "#);
    assert_eq!(search(&desk, 1).state, SearchState::TurnedUp);
    assert_eq!(desk.aside(), ["3401"]);
    assert_eq!(
        desk.view().aside[0].what,
        "WANTED: Ward 7 ext 2345 waits for it. Ring them, and keep it for them."
    );
    desk.restart();
    assert_eq!(desk.card(Card::Digit(4)).reason, Reason::NoSuchNumber);
    assert_eq!(desk.typed("1").reason, Reason::WhereNoted);
    let found = search(&desk, 1).found.unwrap();
    assert_eq!((found.spot, found.how), (Spot::Place(CLINIC), FoundHow::ByScan));
    assert_eq!(desk.aside(), ["3401"], "it is still to be kept for Ward 7");
    assert_eq!(desk.folder(1).reason, Reason::SeenAgain, "it rings once");
}

#[test]
fn a_wanted_folder_rings_under_an_open_act_and_that_is_done_all_the_same() {
    let mut desk = moves_to(missed_at_ward(1), Hospital::library);
    desk.place(CARDIOLOGY);
    let told = desk.folder(1);
    assert_eq!((told.signal, told.reason), (Signal::Look, Reason::SentTo));
    assert!(told.detail.contains("4 misfiled on another shelf"), "{told:?}");
    assert_eq!(desk.present(1).to, Some(CARDIOLOGY));
    desk.folder(2);
    assert_eq!(
        desk.card(Card::Digit(1)).reason,
        Reason::NoSuchNumber,
        "what is not answered is asked on its page"
    );
    assert_eq!(search(&desk, 1).state, SearchState::TurnedUp);
}

#[test]
fn a_stop_goes_before_the_ring_and_still_tells_who_waits() {
    let mut desk = moves_to(missed_at_ward(50), Hospital::clinic);
    desk.place(CARDIOLOGY);
    let told = desk.folder(50);
    assert_eq!((told.signal, told.reason), (Signal::Stop, Reason::OnHold));
    assert!(told.detail.contains("WANTED: Ward 7 ext 2345 waits for it."), "{told:?}");
    assert_eq!(search(&desk, 50).state, SearchState::TurnedUp);
}

#[test]
fn where_it_was_tells_why_it_was_not_found() {
    for (digit, spot, cause) in [
        (1, Spot::ByHand, Cause::TakenAway),
        (2, Spot::OwnSlot, Cause::NeverLeft),
        (3, Spot::OwnShelf, Cause::Misfiled),
        (5, Spot::InFolder(None), Cause::InsideAnother),
        (6, Spot::Returns(LIBRARY), Cause::Unknown),
    ] {
        let mut desk = moves_to(missed_at_ward(1), Hospital::library);
        desk.folder(1);
        desk.card(Card::Digit(digit));
        let found = search(&desk, 1).found.unwrap();
        assert_eq!((found.spot, found.cause), (spot, cause));
    }
}

#[test]
fn taking_the_scan_back_lets_the_search_go_on_and_says_so() {
    let mut desk = moves_to(missed_at_ward(1), Hospital::clinic);
    desk.folder(1);
    let told = desk.card(Card::Undo);
    assert_eq!(told.reason, Reason::UndoneNothing);
    assert!(told.detail.ends_with("The search for it goes on."), "{told:?}");
    assert_eq!(search(&desk, 1).state, SearchState::Open);
    assert_eq!(desk.folder(1).signal, Signal::Look, "it rings again");
}
