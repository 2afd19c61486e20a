//! `casetrack bench locate`: plans of where to look at a hospital group's size, and what keeping the counts costs.
//!
//! All in this process: the service's own rooms, with 64 desks flat out for the scans. What each line measures stands
//! in `src/docs/performance.md`.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context, bail};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

use super::ground::{self, Extent, Ground, UseAgain};
use super::server;
use super::spread::Spread;
use super::table::{Goal, Line, Unit, micros, per_second, real};
use super::work::Work;
use super::{DESKS, MEGABYTE, about_ground, print, process, say};
use crate::app::rooms::Rooms;
use crate::app::wire::ScanAsked;
use crate::cli::out;
use crate::clock::{Clock, SECOND_US};
use crate::config::Config;
use crate::domain::barcode::Entry;
use crate::domain::place::Code;
use crate::jobs::locating::{Follower, Keeping, Locating, Pace, Sought};
use crate::locate::By;
use crate::store::floor::database_file;
use crate::store::{Store, Trust};

/// Desks that scan at the same time.
const AT_ONCE: usize = 64;
/// Rounds of scans in each condition, turn about.
const ROUNDS: usize = 3;

/// What to measure, and where.
#[derive(clap::Args, Clone, Debug)]
pub struct Bench {
    /// The folder to work in; its database stays there
    #[arg(long)]
    dir: PathBuf,
    /// Volumes of the hospital
    #[arg(long, default_value_t = 2_000_000)]
    volumes: u64,
    /// Movements in its history
    #[arg(long, default_value_t = 20_000_000)]
    movements: u64,
    /// Use the database that an earlier run left in the folder
    #[arg(long)]
    reuse: bool,
    /// Plans that are timed, each of another folder
    #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(10..=100_000))]
    plans: u32,
    /// Plans that are timed with nothing of the database in memory
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(10..=10_000))]
    cold_plans: u32,
    /// How long each round of scans goes on, in seconds; there are three of each
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=600))]
    seconds: u32,
    /// Print JSON instead of a table
    #[arg(long)]
    json: bool,
}

/// Runs the bench and prints its table.
pub fn run(bench: &Bench) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    std::fs::create_dir_all(&bench.dir).context("making the bench's folder")?;
    let dir = bench.dir.canonicalize().context("finding the bench's folder")?;
    let clock = Clock::system();
    let extent = Extent { volumes: bench.volumes, movements: bench.movements, desks: DESKS };
    let again = if bench.reuse { UseAgain::IfThere } else { UseAgain::Never };
    say("laying the ground");
    let ground = ground::lay(&dir, extent, again, &clock)?;
    let (file, _) = server::configure(&dir, &ground.desks, &[])?;
    let config = Config::load(Some(&file), None)?;
    let mut lines = about_ground(&ground)?;
    runtime.block_on(async {
        let rooms = Arc::new(Rooms::open(config, clock.clone()).await?);
        lines.extend(learning(&rooms, &ground, &clock).await?);
        lines.extend(plans(&rooms, bench, &ground, &clock).await?);
        lines.extend(scans(&rooms, bench, &ground, &clock).await?);
        rooms.close().await;
        anyhow::Ok(())
    })?;
    print(&lines, bench.json)
}

/// How long it takes to learn the whole log, and to begin with what was kept of it.
async fn learning(rooms: &Rooms, ground: &Ground, clock: &Clock) -> anyhow::Result<Vec<Line>> {
    let before = process::memory(std::process::id())?;
    say("learning the whole log");
    let start = clock.read().boot_us;
    let mut follower = Follower::new(rooms.locating.clone(), Pace::Flat, Keeping::Kept(ground.data.clone()));
    follower.catch_up().await?;
    let took_us = clock.read().boot_us - start;
    follower.save().await;
    let size = real(u64::try_from(follower.counts().encode().len())?) / MEGABYTE;
    drop(follower);
    let memory = real(process::memory(std::process::id())?.saturating_sub(before)) / MEGABYTE;
    say("beginning with what was kept");
    let start = clock.read().boot_us;
    let mut again = Follower::new(rooms.locating.clone(), Pace::Flat, Keeping::Read(ground.data.clone()));
    again.catch_up().await?;
    let begun_us = clock.read().boot_us - start;
    Ok(vec![
        Line::alone("learning the whole log, flat out", Unit::Millis, micros(took_us) / 1e3, Goal::Stated),
        Line::alone("beginning with the kept counts", Unit::Millis, micros(begun_us) / 1e3, Goal::Stated),
        Line::alone("counts", Unit::Megabytes, size, Goal::Stated),
        Line::alone("memory that following takes", Unit::Megabytes, memory, Goal::Stated),
    ])
}

/// How long a plan takes, whole: the folder's evidence, its case, the plan and its words.
async fn plans(rooms: &Rooms, bench: &Bench, ground: &Ground, clock: &Clock) -> anyhow::Result<Vec<Line>> {
    say("plans");
    let mut work = work(bench, ground, clock);
    let mut warm = Spread::default();
    for number in 0..bench.plans {
        let took_us = plan(&rooms.store, &rooms.trust, &rooms.locating, &mut work, clock).await?;
        // The first few find nothing in memory of what all plans read.
        if number >= bench.plans / 10 {
            warm.add(took_us);
        }
    }
    say("plans with nothing of the database in memory");
    let mut cold = Spread::default();
    for _ in 0..bench.cold_plans {
        forget(&ground.data)?;
        // The readers of a store keep pages of their own: a new one has none.
        let store = Store::open_reading(&ground.data, &rooms.trust, &ground.desks)?;
        cold.add(plan(&store, &rooms.trust, &rooms.locating.through(store.clone()), &mut work, clock).await?);
    }
    let (warm, cold) = (warm.told(), cold.told());
    out::tell(format_args!("plans: warm {warm:?}, cold {cold:?}"));
    Ok(vec![
        Line::alone("a plan, p50", Unit::Millis, micros(warm.p50_us) / 1e3, Goal::Stated),
        Line::alone("a plan, p99", Unit::Millis, micros(warm.p99_us) / 1e3, Goal::AtMost(20.0)),
        Line::alone("a plan, nothing in memory, p50", Unit::Millis, micros(cold.p50_us) / 1e3, Goal::Stated),
        Line::alone("a plan, nothing in memory, p99", Unit::Millis, micros(cold.p99_us) / 1e3, Goal::Stated),
    ])
}

async fn plan(
    store: &Store,
    trust: &Trust,
    locating: &Locating,
    work: &mut Work,
    clock: &Clock,
) -> anyhow::Result<i64> {
    let label = work.label();
    let volume = store.volume(trust, &label).await?.context("a volume of the bench is not known")?;
    let start = clock.read().boot_us;
    let shown = locating.plan(Sought::Volume(volume.brief.id), By::FewestPlaces).await?;
    let took_us = clock.read().boot_us - start;
    match shown {
        Some(shown) if !shown.lines.is_empty() => Ok(took_us),
        Some(_) | None => bail!("{label} has no plan"),
    }
}

/// Asks the system to forget what it keeps of the database.
fn forget(data: &Path) -> anyhow::Result<()> {
    let file = File::open(database_file(data)).context("opening the database")?;
    rustix::fs::fadvise(&file, 0, None, rustix::fs::Advice::DontNeed).context("forgetting the database")?;
    Ok(())
}

/// What the desks do beside the follower.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Beside {
    /// Nobody follows.
    Nothing,
    /// A follower that has read all follows what they scan.
    Following,
    /// A follower reads the whole log from its beginning, as after a change of the places.
    Learning,
}

/// How many scans 64 desks make a second, with a follower and without one, turn about.
async fn scans(
    rooms: &Arc<Rooms>,
    bench: &Bench,
    ground: &Ground,
    clock: &Clock,
) -> anyhow::Result<Vec<Line>> {
    say("scans with a follower and without");
    let mut rates = [(Beside::Nothing, 0u64, 0i64), (Beside::Following, 0, 0), (Beside::Learning, 0, 0)];
    for round in 0..ROUNDS {
        for (beside, scans, took_us) in &mut rates {
            let (stop, follower) = follow(rooms, ground, *beside);
            let (made, passed_us) = rush(rooms, bench, ground, round, clock).await?;
            // Nobody listening is no fault here.
            let _ = stop.send(true);
            if let Some(follower) = follower {
                follower.await.context("the follower")?;
            }
            *scans += made;
            *took_us += passed_us;
        }
    }
    let [alone, following, learning] = rates.map(|(_, scans, took_us)| per_second(scans, took_us));
    let line = |what, product| Line::ratio(what, Unit::PerSecond, alone, product, Goal::RatioAtLeast(0.97));
    Ok(vec![
        line("64 desks flat out: nobody follows (floor), the log is followed", following),
        Line::ratio(
            "64 desks flat out: nobody follows (floor), the whole log is being learned",
            Unit::PerSecond,
            alone,
            learning,
            Goal::Stated,
        ),
    ])
}

fn follow(rooms: &Rooms, ground: &Ground, beside: Beside) -> (watch::Sender<bool>, Option<JoinHandle<()>>) {
    let (stop, stopping) = watch::channel(false);
    let keeping = match beside {
        Beside::Nothing => return (stop, None),
        Beside::Following => Keeping::Read(ground.data.clone()),
        Beside::Learning => Keeping::Nothing,
    };
    let follower = Follower::new(rooms.locating.clone(), Pace::Gentle, keeping);
    (stop, Some(tokio::spawn(follower.run(stopping))))
}

/// 64 desks flat out for a while: how many scans, and how long it took.
async fn rush(
    rooms: &Arc<Rooms>,
    bench: &Bench,
    ground: &Ground,
    round: usize,
    clock: &Clock,
) -> anyhow::Result<(u64, i64)> {
    let start = clock.read().boot_us;
    let until = start + i64::from(bench.seconds) * SECOND_US;
    let mut desks = JoinSet::new();
    for (number, desk) in (0u64..).zip(ground.desks.iter().take(AT_ONCE)) {
        let first = clock.now().micros().unsigned_abs().wrapping_add(number * 7_919);
        let work = Work::new(bench.volumes, first, Vec::new(), clock.clone());
        desks.spawn(desk_flat_out(rooms.clone(), desk.desk.clone(), round, work, until));
    }
    let mut made = 0;
    while let Some(desk) = desks.join_next().await {
        made += desk.context("a desk")??;
    }
    Ok((made, clock.read().boot_us - start))
}

async fn desk_flat_out(
    rooms: Arc<Rooms>,
    desk: Code,
    round: usize,
    mut work: Work,
    until_us: i64,
) -> anyhow::Result<u64> {
    let mut made = 0;
    while rooms.clock.read().boot_us < until_us {
        let asked = ScanAsked {
            desk: desk.to_string(),
            session: format!("bench-{round}"),
            id: work.id(),
            text: work.label().to_string(),
            aim: None,
            entry: Entry::Scanned,
        };
        rooms.scan(&asked).await.map_err(|unheard| anyhow::anyhow!("a scan was not taken: {unheard:?}"))?;
        made += 1;
    }
    Ok(made)
}

fn work(bench: &Bench, ground: &Ground, clock: &Clock) -> Work {
    let desks = ground.desks.iter().map(|desk| desk.desk.clone()).collect();
    Work::new(bench.volumes, clock.now().micros().unsigned_abs(), desks, clock.clone())
}
