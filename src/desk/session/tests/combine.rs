//! A temporary folder and the original that came back.

use super::Hospital;
use super::hospital::{CLINIC, LIBRARY, SHELF};
use crate::domain::VolumeId;
use crate::domain::answer::Signal;
use crate::domain::barcode::Card;
use crate::domain::combine::CombineState;
use crate::domain::movement::GoneWhy;
use crate::domain::refusal::Reason;
use crate::domain::whereabouts::State;

const ORIGINAL: u64 = 70;
const TEMPORARY: u64 = 71;

fn combine(desk: &Hospital) -> Option<CombineState> {
    desk.book.combines_of(VolumeId::new(70)).first().map(|combine| combine.state)
}

/// A library desk where the second of the two was just scanned.
fn met() -> Hospital {
    let mut desk = Hospital::library();
    assert_eq!(desk.folder(TEMPORARY).signal, Signal::Arrived, "the first of the two");
    assert_eq!(desk.folder(ORIGINAL).signal, Signal::Look);
    desk
}

#[test]
fn when_the_second_of_the_two_is_scanned_both_are_put_aside() {
    let mut desk = Hospital::library();
    desk.folder(TEMPORARY);
    let told = desk.folder(ORIGINAL);
    insta::assert_debug_snapshot!((told.signal, told.reason, &told.title, &told.detail), @r#"
    (
        Look,
        ReceivedHere,
        "TEMPORARY AND ORIGINAL together",
        "Put both aside: COMBINE, temporary, original. The other is vol 2: Library. RECEIVED at Library. Folder 123470 vol 1. 2 of 2 here.",
    )
    "#);
    let aside: Vec<_> = desk.view().aside.into_iter().map(|aside| aside.what).collect();
    assert_eq!(
        aside,
        [
            "Put both aside: COMBINE, temporary, original.",
            "TEMPORARY AND ORIGINAL together. Put both aside: COMBINE, temporary, original.",
        ]
    );
    assert_eq!(combine(&desk), Some(CombineState::Open));
    desk.restart();
    assert_eq!(desk.aside().len(), 2);
    desk.card(Card::End);
    assert_eq!(desk.folder(TEMPORARY).signal, Signal::Look, "it stays open, whoever is scanned");
}

#[test]
fn until_the_two_are_combined_neither_is_filed_unless_by_a_librarian() {
    let mut desk = met();
    let told = desk.place(SHELF);
    assert_eq!((told.signal, told.reason), (Signal::Stop, Reason::CombineFirst));
    assert_eq!(desk.present(70).place, Some(LIBRARY));
    desk.badge("B1");
    let told = desk.card(Card::Ok);
    assert_eq!((told.signal, told.reason, told.movements), (Signal::Refused, Reason::LibrarianFiles, 0));
    assert!(desk.view().stop.is_some(), "a clerk's OK is none");
    desk.badge("B3");
    assert_eq!(desk.card(Card::Ok).reason, Reason::Filed);
    assert_eq!(desk.present(70).filed, Some(SHELF));
    assert_eq!(combine(&desk), Some(CombineState::Open), "the combine stays open");
    desk.card(Card::File);
    desk.place(SHELF);
    assert_eq!(desk.folder(TEMPORARY).reason, Reason::CombineFirst, "nor under FILE");
    assert_eq!(desk.card(Card::End).reason, Reason::StopLeft);
}

#[test]
fn the_card_the_temporary_and_the_original_confirm_it_and_the_old_label_looks_for_ever() {
    let mut desk = met();
    assert_eq!(desk.card(Card::Combine).reason, Reason::CombineScanTemporary);
    assert_eq!(desk.top(), "COMBINE: scan the temporary folder");
    assert_eq!(desk.folder(TEMPORARY).reason, Reason::CombineScanOriginal);
    desk.restart();
    assert_eq!(desk.top(), "COMBINE: scan the original");
    let told = desk.folder(ORIGINAL);
    insta::assert_debug_snapshot!((told.signal, told.reason, &told.title, &told.detail), @r#"
    (
        Told,
        Combined,
        "Combined: the papers of the temporary folder lie in the original",
        "Folder 123470 vol 1. Hand the empty cover to the library; its label is used no more.",
    )
    "#);
    assert_eq!(combine(&desk), Some(CombineState::Done));
    assert_eq!((desk.aside(), desk.state(71).0), (Vec::new(), State::Gone(GoneWhy::Combined)));
    let told = desk.folder(TEMPORARY);
    assert_eq!((told.signal, told.reason), (Signal::Look, Reason::CombinedSeen));
    assert_eq!(desk.folder(ORIGINAL).signal, Signal::Arrived);
    assert_eq!(desk.place(SHELF).reason, Reason::Filed);
}

#[test]
fn combining_is_taken_back_like_any_other_act() {
    let mut desk = met();
    desk.card(Card::Combine);
    desk.folder(TEMPORARY);
    desk.folder(ORIGINAL);
    desk.card(Card::Undo);
    assert_eq!(combine(&desk), Some(CombineState::Open));
    assert_eq!(desk.state(71), (State::At, Some(LIBRARY), None));
}

#[test]
fn only_a_temporary_folder_goes_into_an_original_of_its_own_patient() {
    let mut desk = Hospital::library();
    desk.card(Card::Combine);
    assert_eq!(desk.folder(ORIGINAL).reason, Reason::NotTemporary);
    desk.card(Card::Combine);
    desk.folder(TEMPORARY);
    let told = desk.folder(1);
    assert_eq!(
        (told.signal, told.reason),
        (Signal::Stop, Reason::CombineAcross),
        "of the patient's other number"
    );
    assert_eq!(desk.card(Card::Ok).reason, Reason::Combined);
    assert_eq!(desk.state(71).0, State::Gone(GoneWhy::Combined));
}

#[test]
fn an_original_that_only_stands_by_itself_calls_for_nothing() {
    let mut desk = Hospital::clinic();
    assert_eq!(desk.folder(ORIGINAL).signal, Signal::Arrived);
    assert_eq!(desk.folder(TEMPORARY).signal, Signal::Arrived, "the original was here before it stood in");
    assert_eq!(desk.present(71).place, Some(CLINIC));
    desk.card(Card::End);
    assert_eq!(desk.folder(ORIGINAL).signal, Signal::Look, "both are in use");
}
