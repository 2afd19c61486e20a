//! The five symbols at the end of a programming sheet, scanned at a desk at work.

use super::hospital::CARDIOLOGY;
use super::{Hospital, Told};
use crate::desk::session::Input;
use crate::desk::{Came, Posted, ProofCame};
use crate::domain::answer::Signal;
use crate::domain::barcode::{Card, Entry, OwnBarcode, OwnKind};
use crate::domain::command::Naming;
use crate::domain::refusal::Reason;
use crate::scan::frame::End;
use crate::scan::proof::Symbol;

const BYTE: Came = Came::Whole(End::Byte);

impl Hospital {
    /// A scanner reads a symbol of the proof, or what its settings make of one.
    fn proof(&mut self, text: &str, aim: Option<&str>, came: Came) -> Told {
        self.proof_by("gun", text, aim, came)
    }

    fn proof_by(&mut self, scanner: &str, text: &str, aim: Option<&str>, came: Came) -> Told {
        let id = self.wait(1).new_id();
        let (text, aim) = (text.to_owned(), aim.map(str::to_owned));
        let posted = Posted { id, text, aim, entry: Entry::Scanned, at: None, came };
        self.told(Input::Read { posted, scanner: scanner.to_owned() })
    }

    /// The same, where the frame was refused.
    fn bad_proof(&mut self, reason: Reason, raw: &str) -> Told {
        let id = self.wait(1).new_id();
        self.told(Input::BadRead { id, reason, raw: raw.to_owned(), scanner: "gun".to_owned() })
    }
}

fn sheet(desk: &mut Hospital, came: Came) -> Told {
    let mut read = |symbol: Symbol| {
        let aim = match symbol {
            Symbol::Code39 => "]A0",
            Symbol::Gs1 => "]C1",
            Symbol::Ours | Symbol::LowerCase | Symbol::PairFirst | Symbol::PairSecond => "]C0",
        };
        desk.proof(symbol.text(), Some(aim), came)
    };
    Symbol::ALL.map(&mut read).into_iter().next_back().unwrap()
}

fn steps(desk: &Hospital) -> Vec<ProofCame> {
    desk.view().proofs[0].steps.iter().map(|step| step.came).collect()
}

#[test]
fn the_symbols_of_ours_have_our_check_digits_and_numbers_that_no_card_has() {
    let ours = [Symbol::Ours, Symbol::Code39, Symbol::PairFirst, Symbol::PairSecond];
    for (symbol, number) in ours.into_iter().zip(17..) {
        assert_eq!(symbol.text(), OwnBarcode::new(OwnKind::Command, number).to_string());
        assert_eq!(Card::numbered(number), None);
    }
}

#[test]
fn after_the_five_the_scanner_is_ready_and_nothing_has_moved() {
    let mut desk = Hospital::clinic();
    let first = desk.proof("C1736", Some("]C0"), BYTE);
    assert_eq!((first.signal, first.reason), (Signal::Told, Reason::ProofGoesOn));
    assert_eq!(first.title, "Proof: scan number 2, Code 39");
    desk.wait(3);
    let told = sheet(&mut desk, BYTE);
    assert_eq!((told.signal, told.reason, told.movements), (Signal::Told, Reason::ProofReady, 0));
    assert_eq!(told.title, "This scanner is ready");
    assert_eq!(told.top, "Scan a folder, or your badge");
    assert_eq!(steps(&desk), [ProofCame::Right; 5]);
    assert!(desk.log.iter().all(|(command, _)| command.scan.naming == Naming::Ours));
}

#[test]
fn a_missing_suffix_is_named_though_every_read_was_refused() {
    let mut desk = Hospital::clinic();
    for raw in ["]C0C1736", "]A0C1833", "]C191PROOF\u{1d}92GS", "]C0proof-azy@#"] {
        let told = desk.bad_proof(Reason::HalfRead, raw);
        assert_eq!((told.signal, told.reason), (Signal::Told, Reason::ProofGoesOn), "{raw}");
    }
    let told = desk.bad_proof(Reason::HalfRead, "]C0C1930]C0C2027");
    assert_eq!(told.reason, Reason::ProofWrong);
    insta::assert_snapshot!(format!("{}. {}", told.title, told.detail), @"The suffix is missing. Scan the sheet's step for the suffix again: CR after each read. Without it each scan waits for a pause, and two quick scans may arrive as one: they are refused, never taken for a folder. Scan slowly until it is put right.");
    assert_eq!(steps(&desk), [ProofCame::Otherwise; 5]);
    assert_eq!(sheet(&mut desk, BYTE).reason, Reason::ProofReady, "put right, and proved again");
}

#[test]
fn a_kind_that_does_not_arrive_is_shown_as_missing_while_the_proof_goes_on() {
    let mut desk = Hospital::clinic();
    desk.proof("C1736", Some("]C0"), BYTE);
    let told = desk.proof(Symbol::Gs1.text(), Some("]C1"), BYTE);
    assert_eq!(told.title, "Number 2 did not arrive: Code 39");
    let shown =
        [ProofCame::Right, ProofCame::Missing, ProofCame::Right, ProofCame::Waited, ProofCame::Waited];
    assert_eq!(steps(&desk), shown);
}

#[test]
fn a_keyboard_that_types_into_the_page_is_ready_and_told_what_it_cannot() {
    let mut desk = Hospital::clinic();
    for text in ["C1736", "C1833", "91PROOF92GS", "PROOF-AZY@#", "C1930"] {
        desk.proof(text, None, Came::Keys);
    }
    let told = desk.proof("C2027", None, Came::Keys);
    assert_eq!(told.reason, Reason::ProofReady);
    insta::assert_snapshot!(told.detail, @"Of a wristband only the first part may come: type its number instead. A keyboard does not say what kind of barcode was read. Did each scan make one beep, or two? Two: the scanner beeps by itself too. It works: only the second beep says that the scan is recorded.");
}

#[test]
fn typed_by_hand_it_proves_nothing() {
    let mut desk = Hospital::clinic();
    assert_eq!(desk.typed("C1736").reason, Reason::CardNotInUse);
    assert!(desk.view().proofs.is_empty());
}

#[test]
fn a_proof_leaves_what_is_open_as_it_is_and_a_folder_ends_the_proof() {
    let mut desk = Hospital::clinic();
    desk.place(CARDIOLOGY);
    desk.folder(1);
    desk.proof("C1736", Some("]C0"), BYTE);
    assert_eq!(desk.top(), "Next folder: SENT to Cardiology (1 so far)");
    assert_eq!(desk.folder(2).reason, Reason::SentTo);
    assert!(desk.view().proofs.is_empty());
}

#[test]
fn two_scanners_of_one_desk_are_proved_each_for_itself() {
    let mut desk = Hospital::clinic();
    desk.proof("C1736", Some("]C0"), BYTE);
    desk.wait(3).proof_by("other", "C1736", Some("]C0"), BYTE);
    desk.wait(3);
    let told = sheet(&mut desk, BYTE);
    assert_eq!(told.reason, Reason::ProofReady);
    let titles: Vec<_> = desk.view().proofs.iter().map(|proof| proof.title.clone()).collect();
    assert_eq!(titles, ["This scanner is ready", "Proof: scan number 2, Code 39"]);
}

#[test]
fn while_a_stop_stands_the_proof_hears_the_stop() {
    let mut desk = Hospital::clinic();
    desk.place(CARDIOLOGY);
    desk.folder(50);
    let told = desk.proof("C1736", Some("]C0"), BYTE);
    assert_eq!((told.signal, told.reason), (Signal::Stop, Reason::OnHold));
}

#[test]
fn a_proof_lapses_heard_unless_the_scanner_was_ready_and_no_restart_keeps_it() {
    let mut desk = Hospital::clinic();
    desk.proof("C1736", Some("]C0"), BYTE);
    desk.tick_after(121);
    assert_eq!(desk.notices.last().map(|notice| notice.answer.reason), Some(Reason::ProofLapsed));
    assert!(desk.view().proofs.is_empty());

    sheet(&mut desk, BYTE);
    let before = desk.notices.len();
    desk.tick_after(121);
    assert_eq!((desk.notices.len(), desk.view().proofs.len()), (before, 0));

    desk.proof("C1736", Some("]C0"), BYTE);
    desk.restart();
    assert!(desk.view().proofs.is_empty());
    assert_eq!(desk.wait(3).folder(1).reason, Reason::ReceivedHere);
}

#[test]
fn the_same_symbol_read_twice_is_a_double_read() {
    let mut desk = Hospital::clinic();
    desk.proof("C1736", Some("]C0"), BYTE);
    let again = desk.proof("C1736", Some("]C0"), BYTE);
    assert_eq!(again.sound, crate::desk::session::Sound::Silent);
    assert_eq!(again.title, "Proof: scan number 2, Code 39");
    assert_eq!(desk.view().proofs.len(), 1);
}

#[test]
fn a_locked_scanner_is_proved_too_and_stays_locked() {
    let mut desk = Hospital::clinic();
    desk.lock("gun");
    assert_eq!(sheet(&mut desk, BYTE).reason, Reason::ProofReady);
    assert_eq!(desk.folder(1).reason, Reason::DeskLocked);
    assert_eq!(desk.view().locked[0].refused, 1, "the symbols of the proof are not kept");
}
