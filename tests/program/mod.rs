//! What tests of the whole program share: a small hospital, the real binary, a client that speaks HTTP by hand.
#![allow(dead_code, reason = "each test program uses its own part of this")]

pub mod clerk;
pub mod folder;
pub mod hospital;
pub mod http;
pub mod ledger;
pub mod random;
pub mod server;

use std::time::Duration;

use casetrack::clock::{Clock, pause};

/// How long to wait between two looks at something another process does.
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(5);

/// Looks until `look` finds something; fails the test with `what` after `seconds`.
#[track_caller]
pub fn until<T>(what: &str, seconds: u32, mut look: impl FnMut() -> Option<T>) -> T {
    let clock = Clock::system();
    let end = clock.read().boot_us + i64::from(seconds) * casetrack::clock::SECOND_US;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(clock.read().boot_us < end, "not within {seconds} s: {what}");
        pause(LOOK_AGAIN_AFTER);
    }
}

/// Whether the long forms are wanted.
pub fn full() -> bool {
    std::env::var_os("CASETRACK_FULL").is_some_and(|value| value == "1")
}

/// Says loudly that a test cannot be tried here, and has `tests/run` count it as skipped.
pub fn not_tried(test: &str, why: &str) {
    eprintln!("NOT TRIED here: {test}: {why}");
    if let Some(folder) = std::env::var_os("CASETRACK_SKIPPED") {
        let folder = std::path::PathBuf::from(folder);
        std::fs::create_dir_all(&folder).and_then(|()| std::fs::write(folder.join(test), why)).unwrap();
    }
}
