//! Verifying the data behind the scans, slowly: the log, and everything that follows from it. What was found last stands
//! in a file of the data folder, and on `/state`.
//!
//! A file and no table: what is known of the data must not be in the data. A verification that a stop of the service cuts
//! off begins anew after the next start, since what it had seen may have been damaged meanwhile; the last that came to its
//! end counts until then.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::states::{Condition, Figure, Part, States, Told};
use crate::clock::{Clock, MINUTE_US, SECOND_US, Timestamp};
use crate::store::verify::{Depth, VerifyReport};
use crate::store::{StoreError, Verification};

/// The file's name in the data folder.
const FILE: &str = "verify.json";
/// A slice is the usual one divided by this: some milliseconds, so that no scan waits longer for the core.
const SLICES: u64 = 4;
/// Rest after each slice, in its own lengths: a twentieth of one core is taken, whatever the machine.
const RESTS: u32 = 19;
/// Shortest rest: slices of a small hospital take less than the timer can tell.
const SHORTEST_REST: Duration = Duration::from_millis(1);
/// How long after a start a first verification begins: a start has better to do.
const FIRST: Duration = Duration::from_mins(2);
/// When one that failed is tried again.
const AGAIN: Duration = Duration::from_hours(1);

/// What the verifying needs.
pub struct Verifying {
    /// The data folder.
    pub dir: PathBuf,
    /// Tells when it is.
    pub clock: Clock,
    /// How long after the end of a verification the next begins.
    pub every: Duration,
    /// Where its state is told.
    pub states: States,
}

/// A verification that came to its end.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Verified {
    /// When it began.
    pub began_at: Timestamp,
    /// When it ended.
    pub ended_at: Timestamp,
    /// What it found.
    pub found: VerifyReport,
}

impl Verifying {
    /// Verifies for ever.
    pub async fn run(self) {
        let mut last = load(&self.dir);
        self.states.tell(Part::Verify, told(last.as_ref()));
        let mut rest = FIRST.max(self.rest(last.as_ref()));
        loop {
            tokio::time::sleep(rest).await;
            match self.once(RESTS).await {
                Ok(verified) => {
                    self.states.tell(Part::Verify, told(Some(&verified)));
                    if let Err(error) = save(&self.dir, &verified) {
                        tracing::warn!(%error, "what the verification found could not be kept");
                    }
                    rest = self.every;
                    last = Some(verified);
                }
                Err(error) => {
                    self.states.tell(Part::Verify, failed(&error, last.as_ref()));
                    rest = AGAIN;
                }
            }
        }
    }

    /// Verifies all of it once, resting `rests` times as long as it works.
    pub async fn once(&self, rests: u32) -> Result<Verified, StoreError> {
        let began_at = self.clock.now();
        let dir = self.dir.clone();
        let mut verification = away(move || Verification::begin(&dir, Depth::LogOnly)).await?;
        loop {
            let clock = self.clock.clone();
            let (next, is_more, took_us) = away(move || {
                let began_us = clock.read().boot_us;
                let is_more = verification.step(SLICES)?;
                Ok((verification, is_more, clock.read().boot_us.saturating_sub(began_us)))
            })
            .await?;
            verification = next;
            if !is_more {
                let found = verification.report().clone();
                return Ok(Verified { began_at, ended_at: self.clock.now(), found });
            }
            if rests > 0 {
                let took = Duration::from_micros(u64::try_from(took_us).unwrap_or(0));
                tokio::time::sleep((took * rests).max(SHORTEST_REST)).await;
            }
        }
    }

    /// What is left of the time between two verifications.
    fn rest(&self, last: Option<&Verified>) -> Duration {
        let gone = last.map(|last| self.clock.now().micros_since(last.ended_at).max(0));
        let gone = gone.and_then(|gone| u64::try_from(gone).ok()).map(Duration::from_micros);
        gone.map_or(Duration::ZERO, |gone| self.every.saturating_sub(gone))
    }
}

/// Reads away from the runtime's own threads.
async fn away<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| StoreError::Stopped)?
}

fn load(dir: &Path) -> Option<Verified> {
    serde_json::from_slice(&fs::read(dir.join(FILE)).ok()?).ok()
}

fn save(dir: &Path, verified: &Verified) -> io::Result<()> {
    let to = dir.join(FILE);
    let beside = to.with_extension("json.new");
    let mut out = File::create(&beside)?;
    out.write_all(&serde_json::to_vec_pretty(verified)?)?;
    out.sync_all()?;
    fs::rename(&beside, &to)
}

/// What people and machines are told.
fn told(last: Option<&Verified>) -> Told {
    let Some(verified) = last else {
        return Told {
            condition: Condition::Well,
            state: "not compared yet".to_owned(),
            since: None,
            detail: "The first comparison goes on behind the scans.".to_owned(),
            figures: Vec::new(),
        };
    };
    let found = &verified.found;
    let (condition, state, detail) = if found.is_sound() {
        (Condition::Well, "sound", compared(verified))
    } else {
        (Condition::Ill, "NOT sound", what_to_do(found))
    };
    Told {
        condition,
        state: state.to_owned(),
        since: Some(verified.ended_at),
        detail,
        figures: figures(verified),
    }
}

fn compared(verified: &Verified) -> String {
    let VerifyReport { movements, subjects, .. } = verified.found;
    let minutes = verified.ended_at.micros_since(verified.began_at) / MINUTE_US;
    format!("{movements} movements of {subjects} folders and containers were compared, in {minutes} min.")
}

fn what_to_do(found: &VerifyReport) -> String {
    let first = found.first.as_deref().or(found.damage.as_deref()).unwrap_or("the file is damaged");
    let rows = if found.differences == 1 { "row differs" } else { "rows differ" };
    format!(
        "{} {rows} from what the log says, and some folders may be shown where they are not. Stop the service, keep a \
         copy of the data folder as it is, and see operating.md. The first: {first}.",
        found.differences
    )
}

fn failed(error: &StoreError, last: Option<&Verified>) -> Told {
    let source = std::error::Error::source(error).map(|source| format!(": {source}")).unwrap_or_default();
    let before = told(last);
    let condition = Condition::Look.max(before.condition);
    let detail = format!("{error}{source}. It is tried again in an hour.");
    Told { condition, state: "could not be compared".to_owned(), detail, ..before }
}

fn figures(verified: &Verified) -> Vec<Figure> {
    let count = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    let figure = |name, help, value| Figure { name, help, value };
    vec![
        figure(
            "casetrack_verify_ended_seconds",
            "When the last verification ended, in seconds since 1970.",
            verified.ended_at.micros() / SECOND_US,
        ),
        figure(
            "casetrack_verify_took_seconds",
            "How long it took, its rests included.",
            verified.ended_at.micros_since(verified.began_at) / SECOND_US,
        ),
        figure("casetrack_verify_movements", "Movements it compared.", count(verified.found.movements)),
        figure(
            "casetrack_verify_differences",
            "Rows that it found to differ from the log.",
            count(verified.found.differences),
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verified(differences: u64) -> Verified {
        let first =
            (differences > 0).then(|| "volume 7: the log says at LIB; its row says at CL5".to_owned());
        Verified {
            began_at: Timestamp::EPOCH,
            ended_at: Timestamp::from_micros(3 * MINUTE_US),
            found: VerifyReport { movements: 9, subjects: 4, differences, first, ..VerifyReport::default() },
        }
    }

    #[test]
    fn a_difference_is_told_with_what_to_do_and_a_sound_log_with_how_much_was_compared() {
        assert_eq!(told(None).condition, Condition::Well);
        let sound = told(Some(&verified(0)));
        assert_eq!((sound.condition, sound.state.as_str()), (Condition::Well, "sound"));
        assert_eq!(sound.detail, "9 movements of 4 folders and containers were compared, in 3 min.");
        let wrong = told(Some(&verified(1)));
        assert_eq!(wrong.condition, Condition::Ill);
        assert!(wrong.detail.starts_with("1 row differs from what the log says"), "{}", wrong.detail);
        assert!(wrong.detail.ends_with("The first: volume 7: the log says at LIB; its row says at CL5."));
        let differences = wrong.figures.iter().find(|f| f.name == "casetrack_verify_differences").unwrap();
        assert_eq!(differences.value, 1);
    }

    #[test]
    fn a_failure_does_not_hide_what_was_found_before() {
        assert_eq!(failed(&StoreError::Stopped, Some(&verified(0))).condition, Condition::Look);
        assert_eq!(failed(&StoreError::Stopped, Some(&verified(2))).condition, Condition::Ill);
    }

    #[test]
    fn what_was_found_is_kept_over_a_restart_and_what_is_left_of_the_day_is_waited_for() {
        let dir = std::env::temp_dir().join(format!("casetrack-verified-{}", uuid::Uuid::now_v7()));
        fs::create_dir_all(&dir).unwrap();
        assert_eq!(load(&dir), None);
        save(&dir, &verified(1)).unwrap();
        assert_eq!(load(&dir), Some(verified(1)));
        let (clock, hands) = Clock::manual(Timestamp::from_micros(3 * MINUTE_US));
        let every = Duration::from_hours(24);
        let verifying = Verifying { dir: dir.clone(), clock, every, states: States::default() };
        hands.advance(Duration::from_hours(10));
        assert_eq!(verifying.rest(load(&dir).as_ref()), Duration::from_hours(14));
        assert_eq!(verifying.rest(None), Duration::ZERO);
        hands.advance(Duration::from_hours(100));
        assert_eq!(verifying.rest(load(&dir).as_ref()), Duration::ZERO);
        fs::remove_dir_all(&dir).unwrap();
    }
}
