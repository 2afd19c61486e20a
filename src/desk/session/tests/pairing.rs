//! A scanner that nobody knows is locked until its desk's pairing card is scanned, and what it was refused is not lost.

use super::Hospital;
use super::hospital::{CARDIOLOGY, CLINIC, WARD};
use crate::clock::SECOND_US;
use crate::desk::session::{Footing, Input, MAX_REFUSED_KEPT};
use crate::desk::{Confirms, Posted};
use crate::domain::ScanId;
use crate::domain::answer::Signal;
use crate::domain::barcode::{Card, Entry, OwnBarcode, OwnKind};
use crate::domain::command::{Moment, NotRecorded};
use crate::domain::refusal::Reason;
use crate::domain::whereabouts::State;

const OUR_CARD: Card = Card::Pairing(30);

/// A desk at Clinic 5 whose one scanner nobody knows.
fn locked_clinic() -> Hospital {
    let mut desk = Hospital::clinic();
    desk.lock("gun");
    desk
}

/// The reasons of what was told without a scan.
fn notices(desk: &Hospital) -> Vec<Reason> {
    desk.notices.iter().map(|notice| notice.answer.reason).collect()
}

#[test]
fn a_locked_scanner_moves_nothing_and_says_what_to_scan() {
    let mut desk = locked_clinic();
    assert_eq!(desk.top(), "LOCKED: scan your badge, then this desk's pairing card");
    let told = desk.folder(1);
    assert_eq!((told.signal, told.reason, told.movements), (Signal::Refused, Reason::DeskLocked, 0));
    assert_eq!(told.title, "This scanner is not paired with this desk: nothing was recorded");
    assert_eq!(told.detail, "Scan your badge, then the desk's pairing card.");
    assert_eq!(desk.place(CARDIOLOGY).reason, Reason::DeskLocked);
    assert_eq!(desk.card(Card::Undo).reason, Reason::DeskLocked);
    assert_eq!(desk.state(1).0, State::NotYetSeen);
    assert_eq!(desk.aside(), ["0111"], "the folder, and no card");
    let locked = desk.view().locked;
    assert_eq!((locked[0].identity.as_str(), locked[0].refused), ("05e0:1701 at 1-2.4", 2));
}

#[test]
fn what_a_locked_scanner_read_stands_beside_the_log() {
    let mut desk = locked_clinic();
    desk.text("RX123456");
    let (command, _) = desk.log.last().unwrap();
    assert_eq!(command.scan.naming, crate::domain::command::Naming::Aside);
}

#[test]
fn any_signed_on_clerk_pairs_the_scanner_and_nobody_else_does() {
    let mut desk = locked_clinic();
    let told = desk.card(OUR_CARD);
    assert_eq!((told.reason, told.title.as_str()), (Reason::SignOnFirst, "Scan your badge first"));
    assert_eq!(desk.badge("B2").reason, Reason::SignedOn);
    assert_eq!(desk.top(), "LOCKED: scan this desk's pairing card");
    assert_eq!(desk.card(OUR_CARD).reason, Reason::Paired);
    assert_eq!(desk.paired.len(), 1);
    assert_eq!(desk.folder(1).reason, Reason::ReceivedHere);
    assert!(desk.view().locked.is_empty());
}

#[test]
fn another_desks_card_is_refused_with_that_desks_name() {
    let mut desk = locked_clinic();
    desk.badge("B1");
    let told = desk.card(Card::Pairing(31));
    assert_eq!((told.signal, told.reason), (Signal::Refused, Reason::OtherDesksCard));
    assert_eq!(told.title, "This is the pairing card of CL5-2, Clinic 5");
    assert_eq!(desk.card(Card::Pairing(77)).reason, Reason::CardNotInUse, "of no desk at all");
    assert_eq!(desk.folder(1).reason, Reason::DeskLocked);
}

#[test]
fn refused_scans_are_offered_and_ok_records_them_at_their_own_times_in_order() {
    let mut desk = locked_clinic();
    desk.folder(1);
    desk.folder(2);
    desk.folder(3);
    let then: Vec<_> = desk.log.iter().map(|(command, _)| command.scan.clocks).collect();
    desk.badge("B1");
    let told = desk.card(OUR_CARD);
    assert_eq!(told.title, "This scanner belongs to this desk. Record the 3 scans that were refused before?");
    assert_eq!(desk.top(), "Record the 3 scans that were refused before? OK, or END");
    assert_eq!(desk.view().confirms, Confirms::Refused);
    assert_eq!(desk.card(Card::Ok).reason, Reason::KeptBegun);
    assert_eq!(notices(&desk), [Reason::KeptDone]);
    let run: Vec<_> = desk.log.iter().filter(|(command, _)| command.moment == Moment::Past).collect();
    assert_eq!(run.iter().map(|(command, _)| command.scan.clocks).collect::<Vec<_>>(), then);
    assert_eq!(run.iter().map(|(_, decided)| decided.movements.len()).sum::<usize>(), 3);
    assert!((1..=3).all(|key| desk.state(key) == (State::At, Some(CLINIC), None)));
    assert!(desk.aside().is_empty());
    assert_eq!(desk.top(), "Scan a folder, or your badge");
}

#[test]
fn end_leaves_the_refused_scans_beside_the_pile() {
    let mut desk = locked_clinic();
    desk.folder(1);
    desk.badge("B1");
    desk.card(OUR_CARD);
    assert_eq!(desk.card(Card::End).reason, Reason::KeptLeft);
    assert_eq!(desk.aside(), ["0111"]);
    assert_eq!(desk.card(Card::Ok).reason, Reason::ReadIt, "the next OK is about what lies aside");
    assert_eq!(desk.state(1).0, State::NotYetSeen);
}

#[test]
fn refused_cards_say_where_the_refused_folders_go_and_go_on() {
    let mut desk = locked_clinic();
    desk.folder(1);
    desk.place(CARDIOLOGY);
    desk.folder(2);
    desk.card(Card::Where);
    desk.folder(3);
    desk.badge("B1");
    desk.card(OUR_CARD);
    desk.card(Card::Ok);
    assert_eq!(desk.state(1).1, Some(CLINIC));
    assert_eq!(desk.state(2).2, Some(CARDIOLOGY));
    assert_eq!(desk.state(3).0, State::NotYetSeen, "WHERE only asks");
    assert_eq!(desk.top(), "Next folder: SENT to Cardiology");
    desk.restart();
    assert_eq!(desk.top(), "Next folder: SENT to Cardiology");
}

#[test]
fn a_folder_that_has_moved_meanwhile_stays_where_it_was_seen_last() {
    let mut desk = locked_clinic();
    desk.folder(1);
    desk.wait(10);
    desk.elsewhere(1, WARD);
    desk.badge("B1");
    desk.card(OUR_CARD);
    desk.card(Card::Ok);
    assert_eq!(desk.state(1).1, Some(WARD));
}

#[test]
fn what_cannot_be_done_late_lies_aside_and_stops_nobody() {
    let mut desk = locked_clinic();
    desk.text("RX7");
    desk.text("OLD90");
    desk.folder(4);
    desk.badge("B1");
    desk.card(OUR_CARD);
    desk.card(Card::Ok);
    assert_eq!(notices(&desk), [Reason::KeptDoneAside]);
    let notice = desk.notices.last().unwrap();
    assert_eq!(notice.said.signal, Signal::Look);
    assert_eq!(notice.said.title, "Refused scans looked at: 3. Not all are done: 2");
    assert_eq!(desk.aside(), ["LD90", "RX7"]);
    assert!(desk.view().stop.is_none());
    assert_eq!(desk.state(4).1, Some(CLINIC));
}

#[test]
fn a_lock_survives_a_restart_and_so_do_the_refused_scans() {
    let mut desk = locked_clinic();
    desk.folder(1);
    desk.restart();
    assert_eq!(desk.folder(2).reason, Reason::DeskLocked);
    desk.badge("B1");
    assert_eq!(desk.card(OUR_CARD).reason, Reason::PairedAsking);
    desk.restart();
    assert_eq!(desk.top(), "Record the 2 scans that were refused before? OK, or END");
    desk.card(Card::Ok);
    assert!((1..=2).all(|key| desk.state(key).1 == Some(CLINIC)));
    desk.restart();
    assert_eq!(desk.folder(3).reason, Reason::ReceivedHere);
}

#[test]
fn a_run_that_broke_off_is_taken_up_and_doubles_nothing() {
    let mut desk = locked_clinic();
    desk.folder(1);
    desk.folder(2);
    desk.badge("B1");
    desk.card(OUR_CARD);
    desk.card(Card::Ok);
    // The machine stopped after the first of them was on disk.
    let last = desk.log.pop().unwrap();
    assert_eq!(last.0.moment, Moment::Past);
    desk.restart();
    assert_eq!(desk.top(), "Record the 1 scan that was refused before? OK, or END");
    desk.card(Card::Ok);
    let names: Vec<ScanId> = desk.log.iter().map(|(command, _)| command.scan.id).collect();
    assert_eq!(names.iter().collect::<std::collections::HashSet<_>>().len(), names.len());
}

#[test]
fn what_was_not_recorded_is_asked_about_again() {
    let mut desk = locked_clinic();
    desk.folder(1);
    desk.badge("B1");
    desk.card(OUR_CARD);
    let id = desk.new_id();
    let text = Card::Ok.barcode().to_string();
    let posted = Posted { id, text, aim: None, entry: Entry::Scanned, at: None };
    desk.wait(3);
    desk.give_failing(Input::Read { posted, scanner: "gun".to_owned() }, &NotRecorded::Busy);
    assert_eq!(desk.top(), "Record the 1 scan that was refused before? OK, or END");
    assert_eq!(desk.card(Card::Ok).reason, Reason::KeptBegun);
    assert_eq!(desk.state(1).1, Some(CLINIC));
}

#[test]
fn of_joined_scanners_only_the_locked_one_is_refused() {
    let mut desk = Hospital::clinic();
    desk.attach("known", Footing::Ours);
    desk.lock("gun");
    assert_eq!(desk.folder_by("known", 1).reason, Reason::ReceivedHere);
    assert_eq!(desk.folder(2).reason, Reason::DeskLocked);
    assert_eq!(desk.top(), "Scan a folder, or your badge");
    // What one was refused the other may take at once.
    desk.text(&OwnBarcode::new(OwnKind::Volume, 3).to_string());
    let id = desk.new_id();
    let text = OwnBarcode::new(OwnKind::Volume, 3).to_string();
    let posted = Posted { id, text, aim: None, entry: Entry::Scanned, at: None };
    let told = desk.give(Input::Read { posted, scanner: "known".to_owned() }).unwrap();
    assert_eq!(told.reason, Reason::ReceivedHere);
}

#[test]
fn refused_scans_run_under_what_was_open_at_their_time() {
    let mut desk = Hospital::clinic();
    desk.lock("other");
    desk.badge("B1");
    desk.place(CARDIOLOGY);
    assert_eq!(desk.folder_by("other", 1).reason, Reason::DeskLocked);
    desk.place(WARD);
    let pairing = OUR_CARD.barcode().to_string();
    let posted = Posted { id: desk.new_id(), text: pairing, aim: None, entry: Entry::Scanned, at: None };
    desk.wait(3).give(Input::Read { posted, scanner: "other".to_owned() });
    desk.card(Card::Ok);
    assert_eq!(desk.state(1).2, Some(CARDIOLOGY));
    assert_eq!(desk.top(), "Next folder: SENT to Ward 7", "what is open now stays open");
    desk.restart();
    assert_eq!(desk.top(), "Next folder: SENT to Ward 7");
}

#[test]
fn nobody_who_answers_loses_the_question_and_hears_it() {
    let mut desk = locked_clinic();
    desk.folder(1);
    desk.badge("B1");
    desk.card(OUR_CARD);
    desk.tick_after(121);
    assert_eq!(notices(&desk), [Reason::KeptLapsed]);
    assert_eq!(desk.aside(), ["0111"], "it still lies beside the pile");
    assert_eq!(desk.card(Card::Ok).reason, Reason::ReadIt);
}

#[test]
fn a_swapped_scanner_locks_again() {
    let mut desk = locked_clinic();
    desk.badge("B1");
    desk.card(OUR_CARD);
    assert_eq!(desk.folder(1).reason, Reason::ReceivedHere);
    desk.lock("gun");
    assert_eq!(desk.folder(2).reason, Reason::DeskLocked);
}

#[test]
fn reads_from_before_it_was_attached_make_no_sound_and_are_offered_too() {
    let mut desk = locked_clinic();
    let early = OwnBarcode::new(OwnKind::Volume, 1).to_string();
    let posted = Posted { id: desk.new_id(), text: early, aim: None, entry: Entry::Scanned, at: None };
    let told = desk.give(Input::Held { posted, scanner: "gun".to_owned() }).unwrap();
    assert_eq!((told.reason, told.sound), (Reason::DeskLocked, crate::desk::session::Sound::Silent));
    desk.badge("B1");
    assert_eq!(desk.card(OUR_CARD).reason, Reason::PairedAsking);
}

#[test]
fn more_than_can_be_kept_still_lie_aside() {
    let mut desk = locked_clinic();
    for number in 0..=MAX_REFUSED_KEPT {
        desk.wait(3).text(&format!("RX{number:06}"));
    }
    assert_eq!(desk.view().locked[0].refused, MAX_REFUSED_KEPT);
    assert_eq!(desk.aside().len(), MAX_REFUSED_KEPT + 1);
    desk.badge("B1");
    let asked = desk.card(OUR_CARD).title;
    assert!(asked.contains(&MAX_REFUSED_KEPT.to_string()), "{asked}");
}

#[test]
fn a_badge_shown_too_long_ago_pairs_nothing() {
    let mut desk = locked_clinic();
    desk.badge("B1");
    desk.wait(16 * 60);
    assert_eq!(desk.card(OUR_CARD).reason, Reason::SignOnFirst);
    let shown = desk.log.last().unwrap().0.scan.clocks.happened;
    assert!(shown.micros_since(desk.log[0].0.scan.clocks.happened) > 15 * 60 * SECOND_US);
}
