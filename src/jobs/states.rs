//! How the parts of the service are that nobody scans or asks for: each tells its own state, and `/state`, `/readyz`,
//! `/metrics` and the front page show them all.
//!
//! A part tells its state whenever it learns of it; what was told last counts. A change for the worse is logged here, once.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::watch;

use crate::clock::Timestamp;

/// A part of the service that tells how it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Part {
    /// The data, compared with the log.
    Verify,
    /// The backups.
    Backup,
    /// The continuous second copy of the log.
    Copy,
    /// The free space on the disk of the data.
    Space,
}

impl Part {
    /// The word used in `/readyz`, `/metrics` and log lines.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Verify => "verify",
            Self::Backup => "backup",
            Self::Copy => "copy",
            Self::Space => "space",
        }
    }

    /// What people call it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Verify => "Data compared with the log",
            Self::Backup => "Backup",
            Self::Copy => "Second copy",
            Self::Space => "Free space",
        }
    }
}

/// How a part is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Condition {
    /// As it should be.
    Well,
    /// Somebody should look at it in the next days.
    Look,
    /// Somebody must do something now.
    Ill,
}

impl Condition {
    /// All of them, the best first.
    pub const ALL: [Self; 3] = [Self::Well, Self::Look, Self::Ill];

    /// The word used in `/readyz`, `/metrics` and log lines.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Well => "well",
            Self::Look => "look",
            Self::Ill => "ill",
        }
    }
}

/// A figure for `/metrics`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Figure {
    /// Its whole name: `casetrack_verify_movements`.
    pub name: &'static str,
    /// What it counts, in one sentence.
    pub help: &'static str,
    /// Its value now.
    pub value: i64,
}

/// What a part tells.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Told {
    /// How it is.
    pub condition: Condition,
    /// Its state in a word or two: `sound`, `made`, `8 s behind`.
    pub state: String,
    /// Since when, or from when: the end of the last verification, the time of the last backup.
    pub since: Option<Timestamp>,
    /// One sentence more: what was looked at, or what to do. No patient and no folder is named.
    pub detail: String,
    /// Its figures.
    pub figures: Vec<Figure>,
}

/// What all parts told last. Clones tell and read the same.
#[derive(Clone, Debug)]
pub struct States(Arc<watch::Sender<BTreeMap<Part, Told>>>);

impl Default for States {
    fn default() -> Self {
        Self(Arc::new(watch::channel(BTreeMap::new()).0))
    }
}

impl States {
    /// Tells how a part is from now on.
    pub fn tell(&self, part: Part, told: Told) {
        let before = self.0.borrow().get(&part).map(|told| told.condition);
        if before != Some(told.condition) {
            log(part, &told, before.is_some());
        }
        self.0.send_modify(|all| {
            all.insert(part, told);
        });
    }

    /// What every part that has told anything told last.
    pub fn now(&self) -> BTreeMap<Part, Told> {
        self.0.borrow().clone()
    }
}

fn log(part: Part, told: &Told, told_before: bool) {
    let (part, state, detail) = (part.word(), told.state.as_str(), told.detail.as_str());
    match told.condition {
        Condition::Ill => tracing::error!(part, state, detail, "must be seen to, see /state"),
        Condition::Look => tracing::warn!(part, state, detail, "should be looked at, see /state"),
        Condition::Well if told_before => tracing::info!(part, state, detail, "is well again"),
        Condition::Well => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_told_last_counts_and_is_shown_in_one_order() {
        let states = States::default();
        let told = |condition, state: &str| Told {
            condition,
            state: state.to_owned(),
            since: None,
            detail: String::new(),
            figures: Vec::new(),
        };
        states.tell(Part::Space, told(Condition::Well, "12 GB"));
        states.clone().tell(Part::Verify, told(Condition::Ill, "1 difference"));
        states.tell(Part::Space, told(Condition::Look, "1 GB"));
        let now: Vec<_> = states.now().into_iter().map(|(part, told)| (part.word(), told.state)).collect();
        assert_eq!(now, [("verify", "1 difference".to_owned()), ("space", "1 GB".to_owned())]);
    }
}
