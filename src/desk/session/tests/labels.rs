//! New labels: looked at once, printed again by LABEL, offered where the old one did not do.

use super::Hospital;
use super::hospital::{CARDIOLOGY, CLINIC, CRATE, SHELF};
use crate::domain::VolumeId;
use crate::domain::answer::Signal;
use crate::domain::barcode::{Card, OwnBarcode, OwnKind};
use crate::domain::casenote::Unproven;
use crate::domain::printing::{Printed, Why};
use crate::domain::refusal::Reason;
use crate::domain::whereabouts::State;

const QUESTION: &str = "Does the cover say SMITH John, 12-Mar-1950, vol 1?";

fn label(key: u64) -> String {
    OwnBarcode::new(OwnKind::Volume, key).to_string()
}

/// Whose label was asked for last, why, and of which printer.
fn asked(desk: &Hospital) -> (i64, Why, &str) {
    let job = desk.jobs.last().expect("a label was asked for");
    let [label] = job.labels.as_slice() else { panic!("one label: {job:?}") };
    assert_eq!(label.what, Printed::Cover);
    (label.subject, label.why, &job.printer)
}

#[test]
fn the_first_scan_of_a_new_label_asks_whose_name_is_on_the_cover_and_the_folder_is_here() {
    let mut desk = Hospital::clinic();
    desk.printed(1, Unproven::Compared);
    let told = desk.folder(1);
    assert_eq!((told.signal, told.reason, told.movements), (Signal::Look, Reason::ReceivedHere, 1));
    assert_eq!(told.title, QUESTION);
    insta::assert_snapshot!(told.detail, @"Yes: OK. No: put it aside and tell the library; other labels of its sheet may be wrong too. RECEIVED at Clinic 5. Folder 123401 vol 1.");
    assert_eq!(desk.state(1), (State::At, Some(CLINIC), None));
    assert_eq!(desk.aside(), ["3401"]);
    assert_eq!(desk.card(Card::Ok).reason, Reason::ReadIt);
    assert_eq!(desk.aside(), [""; 0]);
    assert_eq!(desk.wait(130).text(&label(1)).signal, Signal::Arrived, "it is asked once");
}

#[test]
fn the_name_leaves_the_screen_after_a_minute_and_never_stands_in_a_list() {
    let mut desk = Hospital::clinic();
    desk.printed(1, Unproven::Compared);
    desk.folder(1);
    let view = desk.view();
    assert_eq!(view.last.as_ref().map(|line| line.title.as_str()), Some(QUESTION));
    let listed = format!("{:?} {:?}", view.lines, view.aside);
    assert!(
        !listed.contains("SMITH") && listed.contains("does the cover name the right patient?"),
        "{listed}"
    );
    desk.restart();
    assert_eq!(desk.view().aside, view.aside, "it waits for OK, without the name");
    desk.tick_after(61);
    assert_eq!(desk.view().last, None);
}

#[test]
fn a_new_label_is_looked_at_under_an_open_act_too_and_the_folder_goes_on() {
    let mut desk = Hospital::clinic();
    desk.printed(1, Unproven::Compared);
    desk.printed(2, Unproven::Compared);
    desk.place(CARDIOLOGY);
    let sent = desk.folder(1);
    assert_eq!((sent.signal, sent.reason, sent.title.as_str()), (Signal::Look, Reason::SentTo, QUESTION));
    assert!(sent.detail.contains("SENT to Cardiology"), "{}", sent.detail);
    assert_eq!(desk.state(1).2, Some(CARDIOLOGY));
    assert_eq!(desk.top(), "Next folder: SENT to Cardiology (1 so far)");
    desk.card(Card::Pack);
    desk.text("CRATE6");
    assert_eq!(desk.folder(2).signal, Signal::Look);
    assert_eq!(desk.present(2).container, Some(CRATE));
}

#[test]
fn a_folder_with_a_new_label_is_received_like_any_other_for_shelf_list_and_undo() {
    let mut desk = Hospital::library();
    for key in [1, 2, 3] {
        desk.printed(key, Unproven::Compared);
    }
    desk.folder(1);
    assert_eq!(desk.place(SHELF).reason, Reason::Filed, "it waited for its shelf");
    desk.folder(2);
    desk.folder(3);
    assert_eq!(desk.card(Card::Undo).reason, Reason::UndoneNothing);
    desk.card(Card::All);
    assert_eq!(desk.place(CARDIOLOGY).title, "1 folder to Cardiology");
    desk.card(Card::Ok);
    assert_eq!(desk.state(2).2, Some(CARDIOLOGY));
    assert_eq!(desk.wait(130).text(&label(3)).signal, Signal::Arrived, "what is taken back was looked at");
}

#[test]
fn a_mass_relabelling_asks_nobody() {
    let mut desk = Hospital::clinic();
    desk.printed(1, Unproven::Relabelled);
    let told = desk.folder(1);
    assert_eq!((told.signal, told.title.as_str()), (Signal::Arrived, "RECEIVED at Clinic 5"));
    assert_eq!(desk.aside(), [""; 0]);
}

#[test]
fn a_stop_goes_before_the_look_which_waits_for_the_next_scan() {
    let mut desk = Hospital::clinic();
    desk.printed(50, Unproven::Compared);
    desk.place(CARDIOLOGY);
    assert_eq!(desk.folder(50).signal, Signal::Stop);
    assert_eq!(desk.card(Card::Ok).signal, Signal::Sent, "nothing was scanned but the card");
    desk.card(Card::Receive);
    assert_eq!(desk.folder(50).title, QUESTION);
}

#[test]
fn where_and_what_is_typed_prove_no_label() {
    let mut desk = Hospital::clinic();
    desk.printed(1, Unproven::Compared);
    desk.card(Card::Where);
    assert_eq!(desk.folder(1).signal, Signal::Told);
    assert_eq!(desk.typed(&label(1)).signal, Signal::Arrived);
    desk.card(Card::Receive);
    assert_eq!(desk.folder(1).signal, Signal::Look);
}

#[test]
fn label_then_a_folder_prints_its_label_again_and_nothing_moves() {
    let mut desk = Hospital::clinic();
    let card = desk.card(Card::Label);
    assert_eq!(
        (card.signal, card.top.as_str()),
        (Signal::Told, "Next scan: its LABEL is printed again. Nothing moves")
    );
    let told = desk.folder(1);
    assert_eq!((told.signal, told.reason, told.movements), (Signal::Told, Reason::LabelPrinting, 0));
    assert_eq!(told.title, "Label for 123401 vol 1 is printing on Label printer 2");
    assert_eq!(told.detail, "Folder 123401 vol 1. Stick it on, then scan it.");
    assert_eq!(asked(&desk), (1, Why::Damaged, "Label printer 2"));
    assert_eq!(desk.jobs.last().map(|job| job.id), Some(desk.log.last().unwrap().0.scan.id.uuid()));
    assert_eq!(desk.state(1).0, State::NotYetSeen);
    assert_eq!(desk.folder(1).reason, Reason::ReceivedHere, "LABEL was about one scan");
    assert_eq!(desk.jobs.len(), 1);
}

#[test]
fn a_typed_number_finds_the_folder_or_asks_which() {
    let mut desk = Hospital::clinic();
    desk.card(Card::Label);
    desk.typed("123405");
    assert_eq!(asked(&desk), (5, Why::OldLabel, "Label printer 2"));
    desk.card(Card::Label);
    let which = desk.typed("900090");
    assert_eq!((which.signal, which.title.as_str()), (Signal::Stop, "A label for which volume? 1, 2, 3"));
    assert_eq!(desk.folder(1).signal, Signal::Stop);
    assert_eq!(desk.typed("7").reason, Reason::NoSuchNumber);
    desk.restart();
    assert_eq!(desk.typed("2").title, "Label for 900090 vol 2 is printing on Label printer 2");
    assert_eq!(asked(&desk), (92, Why::OldLabel, "Label printer 2"));
    assert_eq!(desk.view().stop, None);
    desk.card(Card::Label);
    desk.text("OLD90");
    assert_eq!(desk.card(Card::Digit(3)).reason, Reason::LabelPrinting);
    assert_eq!(asked(&desk).0, 93);
    desk.card(Card::Label);
    desk.typed("900090");
    assert_eq!(desk.card(Card::End).reason, Reason::StopLeft);
    assert_eq!(
        (desk.jobs.len(), desk.aside().len()),
        (3, 1),
        "only the folder that came meanwhile lies aside"
    );
}

#[test]
fn what_is_no_folder_gets_no_label_of_one() {
    let mut desk = Hospital::clinic();
    desk.card(Card::Label);
    assert_eq!(desk.text("CRATE6").reason, Reason::LabelNotAFolder);
    desk.card(Card::Label);
    assert_eq!(desk.text("NOBODYS").reason, Reason::UnknownLabel);
    assert_eq!(desk.jobs.len(), 0);
}

#[test]
fn label_waits_a_quarter_of_a_minute_and_lapses_heard_and_lasts_over_a_restart() {
    let mut desk = Hospital::clinic();
    desk.card(Card::Label);
    desk.restart();
    assert!(desk.top().starts_with("Next scan: its LABEL"));
    desk.tick_after(16);
    assert_eq!(desk.notices.last().map(|notice| notice.answer.reason), Some(Reason::AskLapsed));
    assert_eq!(desk.folder(1).reason, Reason::ReceivedHere);
}

#[test]
fn the_new_label_of_a_folder_of_this_batch_is_looked_at_and_counts_no_second_folder() {
    let mut desk = Hospital::clinic();
    desk.card(Card::Receive);
    desk.folder(1);
    desk.folder(2);
    desk.card(Card::Label);
    desk.folder(1);
    desk.printed(1, Unproven::Compared);
    desk.restart();
    let told = desk.folder(1);
    assert_eq!((told.signal, told.reason), (Signal::Look, Reason::ReceivedHere));
    assert_eq!(desk.top(), "Next folder: RECEIVED at Clinic 5 (2 so far)");
    assert_eq!(desk.folder(1).reason, Reason::SeenAgain);
    assert_eq!(desk.folder(2).reason, Reason::SeenAgain);
}

#[test]
fn a_folder_found_by_an_old_label_is_offered_a_new_one_once() {
    let mut desk = Hospital::clinic();
    let told = desk.wait(3).text("OLD5");
    assert_eq!((told.signal, told.reason), (Signal::Arrived, Reason::ReceivedHere));
    assert!(
        told.detail.ends_with("Old label: scan LABEL, then the folder, for a new one."),
        "{}",
        told.detail
    );
    assert!(!desk.wait(130).text("OLD5").detail.contains("LABEL"));
    desk.card(Card::Label);
    desk.wait(3).text("OLD5");
    assert_eq!(asked(&desk).1, Why::OldLabel);
    assert!(!desk.folder(1).detail.contains("LABEL"), "a label that reads needs no other");
}

#[test]
fn the_volume_chosen_for_an_old_label_is_offered_a_new_one() {
    let mut desk = Hospital::clinic();
    assert_eq!(desk.text("OLD90").reason, Reason::WhichVolume);
    assert!(desk.card(Card::Digit(2)).detail.contains("Old label: scan LABEL"));
}

#[test]
fn a_folder_typed_because_its_label_cannot_be_read_is_offered_a_new_one() {
    let mut desk = Hospital::clinic();
    let offers = |detail: &str| detail.contains("Poor label: scan LABEL, then type its number");
    assert!(offers(&desk.typed(&label(1)).detail), "the label's own text was typed");
    assert!(!offers(&desk.typed("123405").detail), "who only asks is offered nothing");
    desk.bad_read(Reason::Unreadable);
    desk.bad_read(Reason::Unreadable);
    let told = desk.typed("123405");
    assert_eq!(told.signal, Signal::Told);
    assert!(offers(&told.detail), "{}", told.detail);
    desk.card(Card::Label);
    desk.typed("123406");
    desk.bad_read(Reason::Unreadable);
    desk.bad_read(Reason::Misread);
    assert!(!offers(&desk.typed("123406").detail), "one is printing");
    assert_eq!(desk.jobs.last().map(|job| job.labels[0].subject), Some(VolumeId::new(6).key()));
}
