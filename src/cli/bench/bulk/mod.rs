//! `casetrack bench bulk`: a first load, a million rows beside a working desk, a large database, its backup and its
//! verification, in one run.
//!
//! The product's commands and its service run in processes of their own. What each line measures stands in
//! `src/docs/performance.md`.

mod files;
mod keeping;
mod loading;
mod program;
mod serving;
mod size;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::Args;

use super::ground::{self, Extent, Ground, UseAgain};
use super::server::{self, Server};
use super::table::{Goal, Line, Unit, micros, real};
use super::work::Work;
use super::{DATA, DESKS, about_ground, lookups, print, say};
use crate::cli::out;
use crate::clock::Clock;
use crate::store::floor::database_file;

/// Bytes of one volume with its share of a patient, and of one movement with its scan, indexes counted in: by the
/// databases of the other benches, rounded up.
const BYTES_A_VOLUME: u64 = 350;
const BYTES_A_MOVEMENT: u64 = 190;
/// Databases that are there at the same time: the one that serves and its backup, or its plain copy.
const AT_ONCE: u64 = 2;
/// Bytes for each row of a file: the file, the first load, its bare twin, their logs.
const BYTES_A_ROW: u64 = 2_000;
/// Bytes of each movement while an index over all of them is sorted.
const BYTES_SORTED: u64 = 40;
/// The smallest hospital that is measured.
const LEAST_VOLUMES: u64 = 75;

/// What to measure, and where.
#[derive(Args, Clone, Debug)]
pub struct Bench {
    /// The folder to work in; its database stays there
    #[arg(long)]
    dir: PathBuf,
    /// Volumes of the large database
    #[arg(long, default_value_t = 3_000_000)]
    volumes: u64,
    /// Movements in its history
    #[arg(long, default_value_t = 100_000_000)]
    movements: u64,
    /// Use the database that an earlier run left in the folder
    #[arg(long)]
    reuse: bool,
    /// Rows of the files that are imported
    #[arg(long, default_value_t = 1_000_000, value_parser = clap::value_parser!(u64).range(75..=10_000_000))]
    rows: u64,
    /// How long each stretch of scans goes on, in seconds
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=600))]
    seconds: u32,
    /// Times that each thing is looked up
    #[arg(long, default_value_t = 5_000, value_parser = clap::value_parser!(u32).range(10..=100_000))]
    times: u32,
    /// Print JSON instead of a table
    #[arg(long)]
    json: bool,
}

/// Everything that the measurements of the running service share.
struct Bed {
    clock: Clock,
    ground: Ground,
    config: PathBuf,
    server: Server,
    volumes: u64,
    seconds: i64,
    lines: Vec<Line>,
}

impl Bed {
    /// Work of the desks, over folders that come in another order each time.
    fn work(&self) -> Work {
        let desks = self.ground.desks.iter().map(|desk| desk.desk.clone()).collect();
        Work::new(self.volumes, self.clock.now().micros().unsigned_abs(), desks, self.clock.clone())
    }
}

/// Runs the bench and prints its table.
pub fn run(bench: &Bench) -> anyhow::Result<ExitCode> {
    std::fs::create_dir_all(&bench.dir).context("making the bench's folder")?;
    let dir = bench.dir.canonicalize().context("finding the bench's folder")?;
    let clock = Clock::system();
    say("importing a hospital into an empty database");
    let mut lines = loading::measure(bench, &dir, &clock)?;
    let again = if bench.reuse { UseAgain::IfThere } else { UseAgain::Never };
    let (extent, share) = fitting(bench, &dir, again)?;
    lines.push(Line::alone(
        "share of the size asked for, as much as the disk holds",
        Unit::Percent,
        share,
        Goal::Stated,
    ));
    say("laying the ground");
    let ground = ground::lay(&dir, extent, again, &clock)?;
    lines.extend(about_ground(&ground)?);
    lines.push(Line::alone("volumes", Unit::Count, real(extent.volumes), Goal::Stated));
    lines.push(Line::alone("movements", Unit::Count, real(extent.movements), Goal::Stated));
    say("looking volumes up inside this process");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    lines.push(runtime.block_on(lookups::inside(&ground, extent.volumes, bench.times, &clock))?);
    drop(runtime);
    let (config, address) = server::configure(&dir, &ground.desks, &[])?;
    say("backing up");
    lines.push(keeping::backup(&ground.data, &dir, &clock)?);
    say("verifying");
    lines.push(keeping::verification(&config, &clock)?);
    say("starting the service");
    let server = Server::start(&config, address, &dir, &clock)?;
    let ready = micros(server.ready_us) / 1e3;
    lines.push(Line::alone("start to ready", Unit::Millis, ready, Goal::AtMost(2_000.0)));
    let seconds = i64::from(bench.seconds);
    let mut bed = Bed { clock, ground, config, server, volumes: extent.volumes, seconds, lines };
    say("looking things up over HTTP");
    size::measure(&mut bed, bench.times)?;
    say("256 desks during a backup");
    keeping::crowd(&mut bed, &dir)?;
    say("importing beside a working desk");
    serving::measure(&mut bed, bench.rows, &dir)?;
    let Bed { server, lines, .. } = bed;
    server.stop()?;
    print(&lines, bench.json)
}

/// The size asked for, halved until the disk holds it; and what share of it that is, in hundredths.
fn fitting(bench: &Bench, dir: &Path, again: UseAgain) -> anyhow::Result<(Extent, f64)> {
    let mut extent = Extent { volumes: bench.volumes, movements: bench.movements, desks: DESKS };
    let file = database_file(&dir.join(DATA));
    if again == UseAgain::IfThere && file.exists() {
        return Ok((extent, 100.0));
    }
    let free = crate::store::space::free(dir).context("asking how much room the disk has")?;
    let old = std::fs::metadata(&file).map_or(0, |file| file.len());
    let room = free.saturating_add(old);
    let mut share = 100.0;
    while needed(extent, bench.rows) > room {
        extent = Extent { volumes: extent.volumes / 2, movements: extent.movements / 2, ..extent };
        share /= 2.0;
        let Extent { volumes, movements, .. } = extent;
        anyhow::ensure!(
            volumes >= LEAST_VOLUMES,
            "the disk has {room} bytes: make room, or import fewer rows"
        );
        out::tell(format_args!("the disk has {room} bytes: {volumes} volumes, {movements} movements"));
    }
    Ok((extent, share))
}

/// Bytes that the disk must hold.
const fn needed(extent: Extent, rows: u64) -> u64 {
    let database = extent.volumes * BYTES_A_VOLUME + extent.movements * BYTES_A_MOVEMENT;
    AT_ONCE * database + extent.movements * BYTES_SORTED + rows * BYTES_A_ROW
}
