//! A store in a folder of its own, for tests that let a hospital run.
#![allow(dead_code, reason = "each test uses its part")]

use std::path::{Path, PathBuf};

use casetrack::clock::Clock;
use casetrack::domain::command::{Command, NotRecorded, Outcome};
use casetrack::domain::import::{Piece, RowResult};
use casetrack::domain::place::Code;
use casetrack::live::Live;
use casetrack::store::{DeskStand, Options, Store, Trust};
use tokio::sync::oneshot;

/// Commands that wait for their outcome at a time.
const IN_FLIGHT: usize = 64;

pub struct Simulated {
    pub store: Store,
    pub trust: Trust,
    dir: PathBuf,
}

impl Simulated {
    pub fn open(name: &str, clock: &Clock, desks: impl IntoIterator<Item = (Code, Code)>) -> Self {
        let dir = std::env::temp_dir().join(format!("casetrack-{name}-{}", uuid::Uuid::now_v7()));
        let trust = Trust("MGH".parse().unwrap());
        let options = Options {
            dir: dir.clone(),
            trust: trust.clone(),
            desks: desks.into_iter().map(|(desk, place)| DeskStand { desk, place }).collect(),
            clock: clock.clone(),
            live: Live::default(),
        };
        Self { store: Store::open(options).unwrap(), trust, dir }
    }

    /// Its data folder.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    pub async fn import(&self, pieces: impl Iterator<Item = Piece>) {
        for piece in pieces {
            for row in self.store.import(&self.trust, piece).await.unwrap() {
                assert!(!matches!(row, RowResult::Rejected(_)), "{row:?}");
            }
        }
    }

    /// Tells the store all of it, in this order.
    pub async fn tell(&self, commands: Vec<Command>) -> Vec<Result<Outcome, NotRecorded>> {
        let way = self.store.commands();
        let mut outcomes = Vec::with_capacity(commands.len());
        let mut commands = commands.into_iter().peekable();
        while commands.peek().is_some() {
            let mut waiting = Vec::new();
            for command in commands.by_ref().take(IN_FLIGHT) {
                let (reply, outcome) = oneshot::channel();
                way.send((command, reply)).await.unwrap();
                waiting.push(outcome);
            }
            for outcome in waiting {
                outcomes.push(outcome.await.unwrap());
            }
        }
        outcomes
    }
}

impl Drop for Simulated {
    fn drop(&mut self) {
        // A folder that stays behind in the temporary folder harms nobody.
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}
