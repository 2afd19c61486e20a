//! Whatever is scanned: one answer a scan, no panic, and a restart goes on as if there had been none.

use proptest::prelude::*;

use super::Hospital;
use crate::desk::session::Input;
use crate::domain::barcode::{Card, Entry, OwnBarcode, OwnKind};
use crate::domain::casenote::Unproven;
use crate::domain::command::Moment;
use crate::domain::refusal::Reason;

#[derive(Clone, Debug)]
enum Step {
    Text(String, Entry),
    Bad,
    Printed(i64, Unproven),
    Wait(i64),
    Tick,
    Restart,
    /// Another scanner stands where one of the two was.
    Lock(&'static str),
    By(&'static str, u64),
}

fn step() -> impl Strategy<Value = Step> {
    let places = [
        "LIB", "S12", "CL5", "W7", "CARD", "CRATE6", "S13", "ARCH", "SHUT", "BAG10", "B1", "B2", "B3",
        "OLD90", "OLD5", "1", "2",
    ];
    prop_oneof![
        8 => (1u64..8).prop_map(|key| Step::Text(OwnBarcode::new(OwnKind::Volume, key).to_string(), Entry::Scanned)),
        4 => (70u64..72).prop_map(|key| Step::Text(OwnBarcode::new(OwnKind::Volume, key).to_string(), Entry::Scanned)),
        2 => (49u64..53).prop_map(|key| Step::Text(OwnBarcode::new(OwnKind::Volume, key).to_string(), Entry::Scanned)),
        8 => (1u64..32).prop_filter_map("a card", |number| {
            Card::numbered(number).map(|card| Step::Text(card.barcode().to_string(), Entry::Scanned))
        }),
        8 => proptest::sample::select(places.to_vec()).prop_map(|text| Step::Text(text.to_owned(), Entry::Scanned)),
        1 => ".*".prop_map(|text| Step::Text(text, Entry::Scanned)),
        1 => "(1234)?[0-9]{1,3}".prop_map(|text| Step::Text(text, Entry::Typed)),
        2 => (1i64..8).prop_map(|key| Step::Printed(key, Unproven::Compared)),
        1 => (1i64..53).prop_map(|key| Step::Printed(key, Unproven::Relabelled)),
        1 => Just(Step::Bad),
        4 => (0i64..200).prop_map(Step::Wait),
        1 => Just(Step::Wait(2_000)),
        2 => Just(Step::Tick),
        1 => Just(Step::Restart),
        1 => proptest::sample::select(vec!["gun", "other"]).prop_map(Step::Lock),
        2 => (1u64..8).prop_map(|key| Step::By("other", key)),
        1 => Just(Step::Text(Card::Pairing(30).barcode().to_string(), Entry::Scanned)),
    ]
}

/// What a clerk would miss after a restart.
fn shown(desk: &Hospital) -> (String, Option<String>, u32, Vec<String>, Option<String>) {
    let view = desk.view();
    let aside = view.aside.into_iter().map(|aside| format!("{}: {}", aside.last_four, aside.what)).collect();
    // How many a list holds is told anew from what is still here.
    let listing = view.next_folder.starts_with("ALL: ") || view.next_folder.ends_with("OK?");
    let top = if listing { "a list".to_owned() } else { view.next_folder };
    (top, view.person, view.count, aside, view.stop.map(|stop| stop.title))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn every_scan_gets_exactly_one_answer_and_one_row(steps in proptest::collection::vec(step(), 1..80), library: bool) {
        let mut desk = if library { Hospital::library() } else { Hospital::clinic() };
        let mut scans = 0;
        for step in steps {
            match step {
                Step::Text(text, entry) => {
                    desk.post(&text, entry);
                    scans += 1;
                }
                Step::Bad => {
                    desk.bad_read(Reason::JoinedReads);
                    scans += 1;
                }
                Step::Printed(key, unproven) => desk.printed(key, unproven),
                Step::Wait(seconds) => {
                    desk.wait(seconds);
                }
                Step::Tick => {
                    desk.give(Input::Tick);
                }
                Step::Lock(scanner) => desk.lock(scanner),
                Step::By(scanner, key) => {
                    desk.folder_by(scanner, key);
                    scans += 1;
                }
                Step::Restart => {
                    desk.give(Input::Tick);
                    let before = shown(&desk);
                    desk.restart();
                    prop_assert_eq!(shown(&desk), before);
                }
            }
            prop_assert!(!desk.session.is_waiting());
            // What a locked scanner was refused is recorded once more at most, as of the past.
            let now = desk.log.iter().filter(|(command, _)| command.moment == Moment::Now).count();
            prop_assert_eq!(now, scans);
            let refused = desk.log.iter().filter(|(_, decided)| decided.answer.reason == Reason::DeskLocked);
            prop_assert!(desk.log.len() - now <= refused.count());
            prop_assert!(!desk.top().is_empty());
        }
    }
}
