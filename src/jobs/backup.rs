//! Backups by themselves: made when they are due, thinned by age, tried by drills, and told loudly when they fail.
//!
//! What was done stands in the folder of backups, so a service that is started again goes on where it was. The work is
//! done by a thread that gives way to all others; this task only waits and tells.

use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::sync::{oneshot, watch};

use super::states::{Condition, Figure, Part, States, Told};
use crate::clock::{Clock, SECOND_US, Timestamp};
use crate::config::Backup as Plan;
use crate::store::backup::{self, Drill, newest, thin};
use crate::store::{Manifest, StoreError, Trust, back_up};

/// How often is looked whether something is due, and told how old the last backup is.
const LOOK_EVERY: Duration = Duration::from_secs(30);
/// The first look waits for the service to be up: a restart in a busy hour has better things to do.
const FIRST_AFTER: Duration = Duration::from_secs(20);
/// After a failure it is tried again so soon, or when the next is due if that is sooner.
const AGAIN_AFTER: Duration = Duration::from_mins(10);
/// Backups that may be missed before somebody has to do something now.
const MISSED: i64 = 2;

/// What backing up needs.
pub struct Backups {
    /// The data folder.
    pub data_dir: PathBuf,
    /// Whose data.
    pub trust: Trust,
    /// Tells when it is.
    pub clock: Clock,
    /// Where, how often, how long.
    pub plan: Plan,
    /// Where it is told.
    pub states: States,
}

/// What is known of it.
#[derive(Default)]
struct Known {
    last: Option<Manifest>,
    /// How long the last took, where this program made it.
    took_us: Option<i64>,
    drill: Option<Drill>,
    /// Why the last try failed, and when it is tried again.
    failed: Option<Failed>,
}

struct Failed {
    why: String,
    again_at: Timestamp,
}

impl Backups {
    /// Backs up until the service stops.
    pub async fn run(self, mut stopping: watch::Receiver<bool>) {
        let Some(folder) = self.plan.folder.clone() else {
            self.states.tell(Part::Backup, none());
            return;
        };
        let mut known = Known::default();
        let mut wait = FIRST_AFTER;
        loop {
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                _ = stopping.wait_for(|stopping| *stopping) => return,
            }
            self.turn(&folder, &mut known, &stopping).await;
            wait = LOOK_EVERY;
        }
    }

    /// Does what is due.
    async fn turn(&self, folder: &Path, known: &mut Known, stopping: &watch::Receiver<bool>) {
        let now = self.clock.now();
        if known.failed.as_ref().is_some_and(|failed| now < failed.again_at) {
            return self.tell(folder, known);
        }
        known.failed = None;
        if let Err(error) = self.work(folder, known, stopping).await {
            if *stopping.borrow() {
                return;
            }
            let why = whole(&error);
            tracing::error!(error = why, folder = %folder.display(), "a backup failed");
            let again_at = now.plus_micros(micros(AGAIN_AFTER.min(self.plan.every)));
            known.failed = Some(Failed { why, again_at });
        }
        self.tell(folder, known);
    }

    async fn work(
        &self,
        folder: &Path,
        known: &mut Known,
        stopping: &watch::Receiver<bool>,
    ) -> Result<(), StoreError> {
        if known.last.is_none() {
            (known.last, known.drill) = self.found(folder).await?;
        }
        let now = self.clock.now();
        if is_due(known.last.as_ref().map(|last| last.made_at), self.plan.every, now) {
            known.last = Some(self.back_up(folder, known, stopping).await?);
        }
        let Some(every) = self.plan.drill else { return Ok(()) };
        // The first drill is made of the first backup: whether there is a way back is known from the beginning.
        if is_due(known.drill.as_ref().map(|drill| drill.at), every, now) {
            known.drill = self.drill(folder, stopping).await?;
        }
        Ok(())
    }

    /// What earlier runs left in the folder.
    async fn found(&self, folder: &Path) -> Result<(Option<Manifest>, Option<Drill>), StoreError> {
        let (folder, trust) = (folder.to_owned(), self.trust.clone());
        away(move || {
            let mut ours = backup::backups(&folder)?;
            ours.retain(|backup| backup.manifest.trust == trust.0);
            Ok((ours.pop().map(|backup| backup.manifest), backup::last_drill(&folder)?))
        })
        .await
    }

    async fn back_up(
        &self,
        folder: &Path,
        known: &mut Known,
        stopping: &watch::Receiver<bool>,
    ) -> Result<Manifest, StoreError> {
        let began = self.clock.read();
        let (dir, to, stop) = (self.data_dir.clone(), folder.to_owned(), stop(stopping));
        let (trust, keep) = (self.trust.clone(), self.plan.keep);
        let (made, gone) = away(move || {
            let made = back_up(&dir, &to, began.wall, &mut |_| go_on(&stop))?;
            Ok((made, thin(&to, &trust, began.wall, keep)?.len()))
        })
        .await?;
        let took_us = self.clock.read().boot_us.saturating_sub(began.boot_us);
        tracing::info!(bytes = made.bytes, duration_us = took_us, thinned = gone, "a backup is made");
        known.took_us = Some(took_us);
        Ok(made)
    }

    async fn drill(
        &self,
        folder: &Path,
        stopping: &watch::Receiver<bool>,
    ) -> Result<Option<Drill>, StoreError> {
        let (live, folder, stop) = (self.data_dir.clone(), folder.to_owned(), stop(stopping));
        let (trust, now) = (self.trust.clone(), self.clock.now());
        away(move || {
            let Some(newest) = newest(&folder)? else { return Ok(None) };
            let drill = backup::drill(&newest, &live, &folder, &trust, now, &mut |_| go_on(&stop))?;
            drill.report(&folder)?;
            Ok(Some(drill))
        })
        .await
    }

    fn tell(&self, folder: &Path, known: &Known) {
        self.states.tell(Part::Backup, told(folder, &self.plan, known, self.clock.now()));
    }
}

/// Nothing is due sooner than it should be, but after a clock that was set back.
fn is_due(last: Option<Timestamp>, every: Duration, now: Timestamp) -> bool {
    last.is_none_or(|last| !(0..micros(every)).contains(&now.micros_since(last)))
}

/// Where no folder is named.
fn none() -> Told {
    Told {
        condition: Condition::Look,
        state: "none is made".to_owned(),
        since: None,
        detail: "Write [backup] folder, on another disk, into the configuration.".to_owned(),
        figures: Vec::new(),
    }
}

fn told(folder: &Path, plan: &Plan, known: &Known, now: Timestamp) -> Told {
    let made_at = known.last.as_ref().map(|last| last.made_at);
    let age_us = made_at.map(|made_at| now.micros_since(made_at).max(0));
    let late = age_us.is_none_or(|age_us| age_us > MISSED * micros(plan.every));
    let failed_drill = known.drill.as_ref().is_some_and(|drill| !drill.passed);
    let (condition, state) = match (&known.failed, late) {
        _ if failed_drill => (Condition::Ill, "the last drill failed"),
        (Some(_), true) => (Condition::Ill, "failing, and the last one is old"),
        (Some(_), false) => (Condition::Look, "the last try failed"),
        (None, true) => (Condition::Look, "late"),
        (None, false) => (Condition::Well, "made"),
    };
    Told {
        condition,
        state: state.to_owned(),
        since: made_at,
        detail: detail(folder, known),
        figures: figures(known, age_us),
    }
}

fn detail(folder: &Path, known: &Known) -> String {
    let mut told = Vec::new();
    told.extend(known.failed.as_ref().map(|failed| format!("Failed: {}.", failed.why)));
    told.push(match &known.last {
        Some(last) => format!(
            "The last is of {} ({} MB), in {}.",
            last.made_at,
            last.bytes / 1_000_000,
            folder.display()
        ),
        None => format!("There is none in {} yet.", folder.display()),
    });
    told.extend(known.drill.as_ref().map(|drill| {
        let how = if drill.passed { "passed" } else { "FAILED: see its report" };
        format!("The drill of {} {how}.", drill.at)
    }));
    told.join(" ")
}

fn figures(known: &Known, age_us: Option<i64>) -> Vec<Figure> {
    let seconds = |us: i64| us / SECOND_US;
    let all = [
        ("casetrack_backup_age_seconds", "Age of the last whole backup.", age_us.map(seconds)),
        ("casetrack_backup_seconds", "How long the last backup took.", known.took_us.map(seconds)),
        (
            "casetrack_backup_bytes",
            "Size of the last whole backup.",
            known.last.as_ref().map(|last| i64::try_from(last.bytes).unwrap_or(i64::MAX)),
        ),
        (
            "casetrack_backup_failing",
            "1 while the last try to back up failed.",
            Some(i64::from(known.failed.is_some())),
        ),
        (
            "casetrack_drill_passed",
            "1 if the last drill passed.",
            known.drill.as_ref().map(|drill| i64::from(drill.passed)),
        ),
    ];
    let figure = |(name, help, value)| Some(Figure { name, help, value: value? });
    all.into_iter().filter_map(figure).collect()
}

/// Set once the service stops, for a thread.
fn stop(stopping: &watch::Receiver<bool>) -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let (set, mut stopping) = (stop.clone(), stopping.clone());
    tokio::spawn(async move {
        let _ = stopping.wait_for(|stopping| *stopping).await;
        set.store(true, Ordering::SeqCst);
    });
    stop
}

fn go_on(stop: &AtomicBool) -> ControlFlow<()> {
    if stop.load(Ordering::SeqCst) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
}

/// On a thread of its own: a disk in the network may hang.
async fn away<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    let (reply, answer) = oneshot::channel();
    std::thread::Builder::new()
        .name("backup".to_owned())
        .spawn(move || {
            let _ = reply.send(work());
        })
        .map_err(|source| StoreError::Io { doing: "starting a backup".to_owned(), source })?;
    answer.await.map_err(|_| StoreError::Stopped)?
}

fn micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

/// All of an error's causes in one line.
fn whole(error: &StoreError) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_hours(1);

    fn manifest(made_at: Timestamp) -> Manifest {
        Manifest {
            format: backup::FORMAT,
            made_at,
            trust: "RX1".parse().unwrap(),
            schema: 9,
            epoch: 1,
            last_scan: 0,
            last_movement: 0,
            rows: std::collections::BTreeMap::new(),
            bytes: 2_000_000,
            sha256: String::new(),
            program: String::new(),
        }
    }

    #[test]
    fn a_backup_is_due_once_it_is_old_enough_or_of_a_clock_that_was_set_back() {
        let now = Timestamp::from_micros(100 * micros(HOUR));
        let ago = |hours: i64| Some(now.plus_micros(-hours * micros(HOUR)));
        assert!(is_due(None, HOUR, now) && is_due(ago(1), HOUR, now) && is_due(ago(-1), HOUR, now));
        assert!(!is_due(ago(0), HOUR, now) && !is_due(ago(1), 2 * HOUR, now));
    }

    #[test]
    fn a_backup_that_fails_is_told_at_once_and_loudly_once_it_is_late() {
        let plan = crate::config::Config::parse("", None).unwrap().backup;
        let folder = Path::new("/mnt/backup");
        let now = Timestamp::from_micros(100 * micros(HOUR));
        let mut known = Known::default();
        let state = |known: &Known| told(folder, &plan, known, now).condition;
        assert_eq!(state(&known), Condition::Look);
        known.last = Some(manifest(now.plus_micros(-micros(HOUR))));
        assert_eq!(state(&known), Condition::Well);
        known.failed = Some(Failed { why: "no room".to_owned(), again_at: now });
        assert_eq!(state(&known), Condition::Look);
        assert!(told(folder, &plan, &known, now).detail.starts_with("Failed: no room. The last is of"));
        known.last = Some(manifest(now.plus_micros(-3 * micros(HOUR))));
        assert_eq!(state(&known), Condition::Ill);
        let figures = told(folder, &plan, &known, now).figures;
        let of = |name: &str| figures.iter().find(|figure| figure.name == name).map(|figure| figure.value);
        assert_eq!(of("casetrack_backup_age_seconds"), Some(3 * 3_600));
        assert_eq!(
            (of("casetrack_backup_failing"), of("casetrack_backup_bytes")),
            (Some(1), Some(2_000_000))
        );
    }
}
