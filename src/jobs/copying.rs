//! Keeping the second copy a few seconds behind the data, away from every request and every scan.
//!
//! A round reads on a connection of its own what is on disk and not in the copy, and writes it. A disk that is slow or
//! gone holds nobody up: it is told, and tried again.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::states::{Condition, Figure, Part, States, Told};
use crate::clock::{Clock, SECOND_US, Timestamp};
use crate::store::StoreError;
use crate::store::copy::{Copier, Round};

/// Rest between two rounds. A round without anything new reads twenty index pages and writes nothing.
const EVERY: Duration = Duration::from_secs(2);
/// A copy that is further behind is told, in seconds.
const BEHIND_S: i64 = 10;

/// What the copying needs.
pub struct Copying {
    /// The data folder.
    pub data: PathBuf,
    /// Where the copy goes: a folder that is there, on another disk.
    pub folder: PathBuf,
    /// Says how far behind it is.
    pub clock: Clock,
    /// Where its state is told.
    pub states: States,
}

/// How the copy is.
struct Seen {
    /// All that was on disk then is in the copy; before the first round, when the copying began.
    upto: Timestamp,
    /// The key of the newest scan in it.
    scan: i64,
    /// Why the last round failed.
    failed: Option<String>,
    /// Whether one disk holds both.
    one_disk: bool,
}

impl Copying {
    /// Copies until `ending` is told or dropped, and then once more.
    pub async fn run(self, mut ending: oneshot::Receiver<()>) {
        let mut copier = self.copier();
        let mut seen = Seen { upto: self.clock.now(), scan: 0, failed: None, one_disk: false };
        loop {
            copier = self.round(copier, &mut seen).await;
            tokio::select! {
                _ = &mut ending => break,
                () = tokio::time::sleep(EVERY) => {}
            }
        }
        self.round(copier, &mut seen).await;
    }

    fn copier(&self) -> Copier {
        Copier::new(self.data.clone(), self.folder.clone())
    }

    /// One round, on a thread of its own; while it lasts, how far behind the copy falls is told.
    async fn round(&self, mut copier: Copier, seen: &mut Seen) -> Copier {
        let began = self.clock.now();
        let mut round = tokio::task::spawn_blocking(move || {
            let done = copier.round(began);
            (copier, done)
        });
        let (copier, done) = loop {
            match self.waited(&mut round).await {
                Some(Ok((copier, done))) => break (copier, done.map_err(|error| whole(&error))),
                // A panic of the round took the copier with it; the folder knows all that it knew.
                Some(Err(error)) => break (self.copier(), Err(error.to_string())),
                None => self.tell(seen),
            }
        };
        match done {
            Ok(Round { scan, .. }) => {
                (seen.upto, seen.scan, seen.failed) = (began, scan, None);
                seen.one_disk = on_one_disk(&self.data, &self.folder);
            }
            Err(why) => seen.failed = Some(why),
        }
        self.tell(seen);
        copier
    }

    async fn waited<T>(&self, round: &mut JoinHandle<T>) -> Option<Result<T, tokio::task::JoinError>> {
        tokio::time::timeout(EVERY, round).await.ok()
    }

    fn tell(&self, seen: &Seen) {
        self.states.tell(Part::Copy, told(seen, self.clock.now()));
    }
}

/// The copy's state in words.
fn told(seen: &Seen, now: Timestamp) -> Told {
    let behind = now.micros_since(seen.upto).max(0) / SECOND_US;
    let (condition, detail) = match &seen.failed {
        Some(why) => (Condition::Ill, format!("It is tried again and again. {why}")),
        None if behind > BEHIND_S => {
            (Condition::Ill, "Its disk takes what is written too slowly.".to_owned())
        }
        None if seen.one_disk => {
            let why = "It is on the same disk as the data: one broken disk takes both.";
            (Condition::Look, why.to_owned())
        }
        None => (Condition::Well, String::new()),
    };
    let figure = |name, help, value| Figure { name, help, value };
    Told {
        condition,
        state: format!("{behind} s behind"),
        since: Some(seen.upto),
        detail,
        figures: vec![
            figure("casetrack_copy_lag_seconds", "Seconds that the second copy is behind the data.", behind),
            figure("casetrack_copy_scan", "The key of the newest scan in the second copy.", seen.scan),
        ],
    }
}

fn on_one_disk(data: &Path, folder: &Path) -> bool {
    let disk = |path: &Path| std::fs::metadata(path).map(|there| there.dev()).ok();
    disk(data) == disk(folder)
}

/// An error with all its causes.
fn whole(error: &StoreError) -> String {
    let first: Option<&dyn std::error::Error> = Some(error);
    let causes = std::iter::successors(first, |error| error.source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_that_fails_falls_behind_or_shares_the_disk_is_told() {
        let mut seen = Seen { upto: Timestamp::EPOCH, scan: 7, failed: None, one_disk: false };
        let after = |seconds| Timestamp::EPOCH.plus_micros(seconds * SECOND_US);
        let told_at = |seen: &Seen, seconds| {
            let told = told(seen, after(seconds));
            (told.condition, told.state)
        };
        assert_eq!(told_at(&seen, 2), (Condition::Well, "2 s behind".to_owned()));
        assert_eq!(told_at(&seen, 11).0, Condition::Ill);
        seen.one_disk = true;
        assert_eq!(told_at(&seen, 2).0, Condition::Look);
        seen.failed = Some("no space left".to_owned());
        let told = told(&seen, after(2));
        assert!(told.condition == Condition::Ill && told.detail.contains("no space left"), "{told:?}");
    }
}
