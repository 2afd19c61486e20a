//! What the store's tests share.

use std::path::PathBuf;

use casetrack::clock::Clock;
use casetrack::live::Live;
use casetrack::store::story::{self, code};
use casetrack::store::{Options, Trust};

/// A data folder that goes away with its test.
pub struct Folder(pub PathBuf);

impl Folder {
    /// A new one.
    #[expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
    pub fn new() -> Self {
        let dir = std::env::temp_dir().join(format!("casetrack-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir_all(&dir).unwrap();
        Self(dir)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The trust of the tests.
pub fn trust() -> Trust {
    Trust(code("RX1"))
}

/// How the tests open a store.
pub fn options(folder: &Folder, clock: Clock) -> Options {
    Options { dir: folder.0.clone(), trust: trust(), desks: story::desks(), clock, live: Live::default() }
}
