//! `casetrack bench`: the floors of this machine and the product beside them, in one run.
//!
//! The service runs as it always does, in a process of its own; the load comes from one thread of this one; the bare
//! writer works on a copy of the same database. What each line measures stands in `src/docs/performance.md`.

pub mod bare;
pub mod bulk;
pub mod floors;
pub mod generator;
pub mod ground;
pub mod labels;
pub mod lines;
pub mod locate;
pub mod process;
pub mod scanners;
pub mod server;
pub mod spread;
pub mod table;
pub mod web;
pub mod work;

mod alone;
mod crowd;
mod lookups;
mod rush;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use clap::Subcommand;

use self::generator::{Generator, Until};
use self::ground::{Extent, Ground, UseAgain};
use self::lines::Line as Desk;
use self::server::Server;
use self::table::{Goal, Line, Unit, real};
use self::work::Work;
use super::{FAILED, out};
use crate::clock::{self, Clock};
use crate::store::floor;

/// The product's data folder within the bench's.
pub const DATA: &str = "data";
/// The bare writer's.
pub const BARE: &str = "bare";
/// Desks that have a scanner: half of all.
pub const BY_PTY: usize = 128;
/// All desks.
pub const DESKS: usize = 256;
/// Millions of bytes.
const MEGABYTE: f64 = 1e6;
/// How long a service is left alone before its memory is read, and its log looked for.
const IDLE: Duration = Duration::from_secs(3);

/// The scans, unless another part is named.
#[derive(clap::Args, Clone, Debug)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Args {
    #[command(subcommand)]
    part: Option<Part>,
    #[command(flatten)]
    scans: Option<Bench>,
}

#[derive(Subcommand, Clone, Debug)]
enum Part {
    /// Measure search, pages and live streams
    Web(web::Bench),
    /// Measure sheets of labels
    Labels(labels::Bench),
    /// Measure the way of a scan's bytes, and what idle scanners cost
    Scanners(scanners::Bench),
    /// Measure a first load, a backup and a verification, and what a large database costs
    Bulk(bulk::Bench),
    /// Measure plans of where to look, and what keeping their counts costs the desks
    Locate(locate::Bench),
}

/// What to measure of the scans, and where.
#[derive(clap::Args, Clone, Debug)]
pub struct Bench {
    /// The folder to work in; its databases stay there.
    #[arg(long)]
    pub dir: PathBuf,
    /// Volumes of the hospital.
    #[arg(long, default_value_t = 2_000_000)]
    pub volumes: u64,
    /// Movements in its history.
    #[arg(long, default_value_t = 20_000_000)]
    pub movements: u64,
    /// Use the database that an earlier run left in the folder.
    #[arg(long)]
    pub reuse: bool,
    /// How long each measurement goes on, in seconds; there are three to five rounds of each.
    #[arg(long, default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=600))]
    pub seconds: u32,
    /// Live scans over which the file's growth is measured.
    #[arg(long, default_value_t = 1_000_000)]
    pub live_scans: u64,
    /// Print JSON instead of a table.
    #[arg(long)]
    pub json: bool,
}

/// Everything that the measurements share.
struct Bed {
    clock: Clock,
    ground: Ground,
    server: Server,
    generator: Generator,
    wait: Duration,
    volumes: u64,
    lines: Vec<Line>,
}

impl Bed {
    /// Work of the bare writer's desks, over folders in another order than the product's.
    fn bare_work(&self, part: u64) -> Work {
        let desks = self.ground.desks.iter().map(|desk| desk.desk.clone()).collect();
        let first =
            self.clock.now().micros().unsigned_abs().wrapping_add(part.wrapping_mul(self.volumes / 7));
        Work::new(self.volumes, first, desks, self.clock.clone())
    }
}

/// Runs the bench and prints its table.
pub fn run(args: &Args) -> anyhow::Result<ExitCode> {
    match (&args.part, &args.scans) {
        (Some(Part::Web(bench)), _) => web::run(bench),
        (Some(Part::Labels(bench)), _) => labels::run(bench),
        (Some(Part::Scanners(bench)), _) => scanners::run(bench),
        (Some(Part::Bulk(bench)), _) => bulk::run(bench),
        (Some(Part::Locate(bench)), _) => locate::run(bench),
        (None, Some(bench)) => run_scans(bench),
        (None, None) => anyhow::bail!("--dir is needed"),
    }
}

fn run_scans(bench: &Bench) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    std::fs::create_dir_all(&bench.dir).context("making the bench's folder")?;
    let dir = bench.dir.canonicalize().context("finding the bench's folder")?;
    let clock = Clock::system();
    let extent = Extent { volumes: bench.volumes, movements: bench.movements, desks: DESKS };
    let again = if bench.reuse { UseAgain::IfThere } else { UseAgain::Never };
    say("laying the ground");
    let ground = ground::lay(&dir, extent, again, &clock)?;
    ground::copy(&ground)?;
    let mut lines = about_ground(&ground)?;
    say("looking volumes up inside this process");
    lines.push(runtime.block_on(lookups::inside(&ground, bench.volumes, lookups::INSIDE, &clock))?);
    drop(runtime);
    let lines = measure(bench, &dir, ground, clock, lines)?;
    print(&lines, bench.json)
}

/// Prints the table; whether all goals are met is the exit code.
fn print(lines: &[Line], json: bool) -> anyhow::Result<ExitCode> {
    let mut out = std::io::stdout().lock();
    if json {
        writeln!(out, "{}", serde_json::to_string_pretty(lines)?)?;
    } else {
        write!(out, "{}", table::markdown(lines))?;
    }
    Ok(if lines.iter().all(|line| line.met != Some(false)) {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(FAILED)
    })
}

fn measure(
    bench: &Bench,
    dir: &Path,
    ground: Ground,
    clock: Clock,
    lines: Vec<Line>,
) -> anyhow::Result<Vec<Line>> {
    let size_before = size(&floor::database_file(&ground.data))?;
    let last_before = floor::last_scan(&ground.data)?;
    let data = ground.data.clone();
    let mut bed = make_bed(bench, dir, ground, clock, lines)?;
    say("one desk alone");
    alone::measure(&mut bed)?;
    say("lookups over HTTP");
    lookups::over_http(&mut bed)?;
    say("256 desks at two scans a second");
    crowd::measure(&mut bed)?;
    say("64 desks flat out");
    rush::measure(&mut bed)?;
    say("live scans up to the number asked for");
    rush::fill(&mut bed, bench.live_scans)?;
    let Bed { server, generator, mut lines, .. } = bed;
    server.stop()?;
    drop(generator);
    let grown = size(&floor::database_file(&data))?.saturating_sub(size_before);
    let stored = floor::stored_after(&data, last_before)?;
    lines.push(Line::alone("live scans of this run", Unit::Count, real(stored.scans), Goal::Stated));
    lines.push(Line::alone(
        "file growth a live scan",
        Unit::Bytes,
        real(grown) / real(stored.scans.max(1)),
        Goal::AtMost(350.0),
    ));
    lines.push(Line::alone("answer and session's change, mean", Unit::Bytes, stored.mean, Goal::Stated));
    lines.push(Line::alone(
        "answer and session's change, most",
        Unit::Bytes,
        real(stored.most),
        Goal::AtMost(48.0),
    ));
    Ok(lines)
}

/// Starts the service and the generator; every desk has had its first scan when this returns.
fn make_bed(
    bench: &Bench,
    dir: &Path,
    ground: Ground,
    clock: Clock,
    mut lines: Vec<Line>,
) -> anyhow::Result<Bed> {
    let mut ends = Vec::with_capacity(DESKS);
    let mut ports = Vec::with_capacity(BY_PTY);
    for _ in 0..BY_PTY {
        let (end, port) = Desk::pty().context("making a pty")?;
        ends.push(end);
        ports.push(port);
    }
    let (config, address) = server::configure(dir, &ground.desks, &ports)?;
    say("starting the service");
    let server = Server::start(&config, address, dir, &clock)?;
    lines.push(Line::alone(
        "start to ready",
        Unit::Millis,
        table::micros(server.ready_us) / 1e3,
        Goal::AtMost(2_000.0),
    ));
    clock::pause(IDLE);
    let memory = real(process::memory(server.id())?) / MEGABYTE;
    lines.push(Line::alone("memory when idle", Unit::Megabytes, memory, Goal::AtMost(150.0)));
    for _ in BY_PTY..DESKS {
        ends.push(Desk::http(address).context("connecting to the service")?);
    }
    let codes = ground.desks.iter().map(|desk| desk.desk.clone()).collect();
    let first = clock.now().micros().unsigned_abs();
    let work = Work::new(bench.volumes, first, codes, clock.clone());
    let generator = Generator::new(ends, clock.clone(), work)?;
    let wait = Duration::from_secs(u64::from(bench.seconds));
    let mut bed = Bed { clock, ground, server, generator, wait, volumes: bench.volumes, lines };
    let all: Vec<_> = (0..DESKS).collect();
    let run = bed.generator.flat_out(&all, Until::Scans(u64::try_from(DESKS)?))?;
    out::tell(format_args!("every desk's first scan: {:?}", run.times.told()));
    anyhow::ensure!(
        run.refused + run.unanswered == 0,
        "a desk's first scan failed: {} refused, {} not answered",
        run.refused,
        run.unanswered
    );
    Ok(bed)
}

fn about_ground(ground: &Ground) -> anyhow::Result<Vec<Line>> {
    let bytes = real(size(&floor::database_file(&ground.data))?);
    let mut lines = vec![Line::alone("database", Unit::Megabytes, bytes / MEGABYTE, Goal::Stated)];
    if let Some(built_us) = ground.built_us {
        let took = table::micros(built_us) / 1e3;
        lines.push(Line::alone("building it", Unit::Millis, took, Goal::Stated));
    }
    Ok(lines)
}

fn size(path: &Path) -> anyhow::Result<u64> {
    Ok(std::fs::metadata(path).with_context(|| format!("reading {}", path.display()))?.len())
}

/// Says on the terminal what is going on.
fn say(what: &str) {
    out::tell(format_args!("== {what}"));
}
