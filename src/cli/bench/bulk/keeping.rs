//! Keeping what is there: a backup beside a plain copy of the file, what the desks feel of it, and a verification of the
//! whole log.

use std::ffi::OsStr;
use std::fs::File;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use anyhow::Context;

use super::loading::emptied;
use super::{Bed, program};
use crate::cli::bench::generator::{Generator, Run, Until};
use crate::cli::bench::lines::Line as Desk;
use crate::cli::bench::server::LogWatch;
use crate::cli::bench::table::{Goal, Line, Unit, micros, per_second, real};
use crate::cli::bench::work::plan;
use crate::cli::bench::{DESKS, MEGABYTE};
use crate::cli::out;
use crate::clock::{Clock, SECOND_US};
use crate::store::backup::back_up;
use crate::store::floor::{database_file, log_file};

/// What a backup has to reach of the speed of copying the file.
const OF_A_COPY: f64 = 0.5;
/// Movements that a verification has to go through in a second.
const VERIFIED_LEAST: f64 = 200_000.0;
/// The desks' p99 during a backup may be so many times that without.
const TIMES_WITHOUT: f64 = 3.0;
/// Scans of each desk in a second, as in the crowd of `casetrack bench`.
const A_SECOND: i64 = 2;
/// Most seconds of one stretch of scans: after each it is looked whether a backup has ended.
const STRETCH_MOST_S: i64 = 5;

/// Verifies the data of the configuration, the service stopped.
pub fn verification(config: &Path, clock: &Clock) -> anyhow::Result<Line> {
    let done = program::run(config, &["verify", "--json"].map(OsStr::new), clock)?;
    let report: serde_json::Value =
        serde_json::from_str(&done.out).context("the report of a verification")?;
    let movements = report.get("movements").and_then(serde_json::Value::as_u64).context("its movements")?;
    let rate = per_second(movements, done.took_us);
    Ok(Line::alone("verification, movements", Unit::PerSecond, rate, Goal::AtLeast(VERIFIED_LEAST)))
}

/// A plain copy, a backup, and a plain copy again, nobody else at work: the faster copy is the floor.
pub fn backup(data: &Path, dir: &Path, clock: &Clock) -> anyhow::Result<Line> {
    let bytes = real(std::fs::metadata(database_file(data)).context("looking at the database")?.len());
    let speed = |took_us: i64| bytes / MEGABYTE / (micros(took_us.max(1)) / 1e6);
    let before = speed(plain_copy(data, dir, clock)?);
    let folder = emptied(dir.join("backups"))?;
    let start = clock.read().boot_us;
    // Copying gives way for good: in a thread of its own.
    std::thread::scope(|scope| scope.spawn(|| once(data, &folder, clock)).join())
        .map_err(|_| anyhow::anyhow!("the backup failed"))??;
    let backed_up = speed(clock.read().boot_us - start);
    std::fs::remove_dir_all(&folder).context("removing the backup")?;
    let after = speed(plain_copy(data, dir, clock)?);
    out::tell(format_args!("MB a second: copy {before:.0}, backup {backed_up:.0}, copy {after:.0}"));
    let what = "the file copied and synced (floor), a backup with its checks";
    Ok(Line::ratio(
        what,
        Unit::MegabytesPerSecond,
        before.max(after),
        backed_up,
        Goal::RatioAtLeast(OF_A_COPY),
    ))
}

/// How long it takes to copy the database's file until it is on disk; the copy is gone afterwards.
fn plain_copy(data: &Path, dir: &Path, clock: &Clock) -> anyhow::Result<i64> {
    let to = dir.join("plain-copy.db");
    let start = clock.read().boot_us;
    let mut from = File::open(database_file(data)).context("opening the database")?;
    let mut copy = File::create(&to).context("making a copy")?;
    std::io::copy(&mut from, &mut copy).context("copying the database")?;
    copy.sync_all().context("bringing the copy to disk")?;
    let took_us = clock.read().boot_us - start;
    std::fs::remove_file(&to).context("removing the copy")?;
    Ok(took_us)
}

fn once(data: &Path, folder: &Path, clock: &Clock) -> anyhow::Result<()> {
    let manifest = back_up(data, folder, clock.now(), &mut |_| ControlFlow::Continue(()))?;
    let database = std::fs::metadata(database_file(data)).context("looking at the database")?.len();
    anyhow::ensure!(manifest.bytes > 0 && database > 0, "the backup holds nothing");
    Ok(())
}

/// Backups one after the other until they are to end; each takes the place of the one before.
struct Backups {
    data: PathBuf,
    folder: PathBuf,
    clock: Clock,
    made: AtomicU64,
    end: AtomicBool,
}

impl Backups {
    fn make(&self) -> anyhow::Result<()> {
        while !self.end.load(Ordering::Relaxed) {
            emptied(self.folder.clone())?;
            once(&self.data, &self.folder, &self.clock)?;
            self.made.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }
}

/// 256 desks by HTTP at two scans a second each: alone, while backups are made, and alone again.
pub fn crowd(bed: &mut Bed, dir: &Path) -> anyhow::Result<()> {
    let desks: Vec<_> = (0..DESKS).map(|_| Desk::http(bed.server.address)).collect::<Result<_, _>>()?;
    let mut crowd = Generator::new(desks, bed.clock.clone(), bed.work())?;
    crowd.flat_out(&(0..DESKS).collect::<Vec<_>>(), Until::Scans(u64::try_from(DESKS)?))?;
    let mut alone = stretch(bed, &mut crowd, bed.seconds)?;
    let backups = Backups {
        data: bed.ground.data.clone(),
        folder: dir.join("backups"),
        clock: bed.clock.clone(),
        made: AtomicU64::new(0),
        end: AtomicBool::new(false),
    };
    let watch = LogWatch::start(log_file(&bed.ground.data))?;
    let beside = std::thread::scope(|scope| {
        let making = scope.spawn(|| backups.make());
        let run = while_they_are_made(bed, &mut crowd, &backups, || making.is_finished());
        backups.end.store(true, Ordering::Relaxed);
        making.join().map_err(|_| anyhow::anyhow!("the backups failed"))??;
        run
    })?;
    let log = watch.most()?;
    std::fs::remove_dir_all(&backups.folder).context("removing the backups")?;
    alone.take(&stretch(bed, &mut crowd, bed.seconds)?);
    let (without, with) = (alone.times.told(), beside.times.told());
    out::tell(format_args!(
        "256 desks: alone {without:?}, during {} backups {with:?}",
        backups.made.into_inner()
    ));
    let what = "256 desks at two scans a second: without (floor), during a backup";
    for (which, without, with, goal) in [
        ("p50", without.p50_us, with.p50_us, Goal::Stated),
        ("p99", without.p99_us, with.p99_us, Goal::RatioAtMost(TIMES_WITHOUT)),
    ] {
        let what = format!("{what}, {which}");
        bed.lines.push(Line::ratio(what, Unit::Micros, micros(without), micros(with), goal));
    }
    let failed = alone.refused + alone.unanswered + beside.refused + beside.unanswered;
    bed.lines.push(Line::alone(
        "the same: scans refused or not answered",
        Unit::Count,
        real(failed),
        Goal::AtMost(0.0),
    ));
    let longest = real(log) / MEGABYTE;
    bed.lines.push(Line::alone(
        "write-ahead log at its longest during a backup",
        Unit::Megabytes,
        longest,
        Goal::Stated,
    ));
    Ok(())
}

/// The desks' scans for as long as one backup takes, and for the seconds asked for at least.
fn while_they_are_made(
    bed: &Bed,
    crowd: &mut Generator,
    backups: &Backups,
    has_ended: impl Fn() -> bool,
) -> anyhow::Result<Run> {
    let until_us = bed.clock.read().boot_us + bed.seconds * SECOND_US;
    let mut run = Run::default();
    while (backups.made.load(Ordering::Relaxed) == 0 || bed.clock.read().boot_us < until_us) && !has_ended() {
        run.take(&stretch(bed, crowd, bed.seconds.min(STRETCH_MOST_S))?);
    }
    Ok(run)
}

/// The desks' scans of some seconds. What an earlier stretch has not waited for any longer is left behind.
fn stretch(bed: &Bed, crowd: &mut Generator, seconds: i64) -> anyhow::Result<Run> {
    crowd.reconnect(bed.server.address)?;
    let seed = u64::try_from(crowd.now())?;
    crowd.open_loop(&plan(seed, DESKS, A_SECOND, seconds))
}
