//! `casetrack bench web`: search, pages and live streams at a hospital group's size, in one run.
//!
//! The service runs in a process of its own; everything is asked over HTTP, as a browser would. What each line
//! measures stands in `src/docs/performance.md`.

pub mod client;
mod pages;
mod search;
mod streams;
mod watchers;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::Context;
use clap::Args;

use super::ground::{self, Extent, Ground, UseAgain};
use super::server::{self, Server};
use super::table::{Goal, Line, Unit, micros, real};
use super::{DESKS, IDLE, MEGABYTE, about_ground, print, process, say};
use crate::clock::{self, Clock};
use crate::sim::hospital::{Hospital, Size};
use crate::sim::random::USUAL_SEED;
use client::Client;

/// Files that one process has open at the most: its end of every stream, and every desk's connection.
const OPEN_FILES: u64 = 4_096;

/// What to measure, and where.
#[derive(Args, Clone, Debug)]
pub struct Bench {
    /// The folder to work in; its database stays there.
    #[arg(long)]
    dir: PathBuf,
    /// Patients of the hospital, with three volumes for every two of them.
    #[arg(long, default_value_t = 3_000_000)]
    patients: u64,
    /// Movements in its history.
    #[arg(long, default_value_t = 3_000_000)]
    movements: u64,
    /// Use the database that an earlier run left in the folder.
    #[arg(long)]
    reuse: bool,
    /// How long each round of scans goes on, in seconds; there are three with streams and three without.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=600))]
    seconds: u32,
    /// Times that each kind of search is asked.
    #[arg(long, default_value_t = 400, value_parser = clap::value_parser!(u32).range(10..=100_000))]
    searches: u32,
    /// Open live streams.
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(5..=3_000))]
    streams: u32,
    /// Print JSON instead of a table.
    #[arg(long)]
    json: bool,
}

/// Everything that the measurements share.
struct Bed {
    clock: Clock,
    ground: Ground,
    hospital: Hospital,
    server: Server,
    lines: Vec<Line>,
}

impl Bed {
    fn client(&self) -> anyhow::Result<Client> {
        Client::open(self.server.address, self.clock.clone())
    }
}

/// Runs the bench and prints its table.
pub fn run(bench: &Bench) -> anyhow::Result<ExitCode> {
    more_open_files()?;
    std::fs::create_dir_all(&bench.dir).context("making the bench's folder")?;
    let dir = bench.dir.canonicalize().context("finding the bench's folder")?;
    let clock = Clock::system();
    let volumes = bench.patients.div_ceil(2) * 3;
    let extent = Extent { volumes, movements: bench.movements, desks: DESKS };
    let again = if bench.reuse { UseAgain::IfThere } else { UseAgain::Never };
    say("laying the ground");
    let ground = ground::lay(&dir, extent, again, &clock)?;
    ground::add(&ground, &search::rare_people()?, &clock)?;
    let hospital = Hospital::build(USUAL_SEED, Size { folders: volumes });
    let mut lines = about_ground(&ground)?;
    lines.push(Line::alone("patients", Unit::Count, real(hospital.size.patients()), Goal::Stated));
    say("starting the service");
    let (config, address) = server::configure(&dir, &ground.desks, &[])?;
    let server = Server::start(&config, address, &dir, &clock)?;
    lines.push(Line::alone(
        "start to ready",
        Unit::Millis,
        micros(server.ready_us) / 1e3,
        Goal::AtMost(2_000.0),
    ));
    let mut bed = Bed { clock, ground, hospital, server, lines };
    measure(bench, &mut bed)?;
    let Bed { server, lines, .. } = bed;
    server.stop()?;
    print(&lines, bench.json)
}

fn measure(bench: &Bench, bed: &mut Bed) -> anyhow::Result<()> {
    say("searching");
    search::measure(bed, bench.searches)?;
    say("pages beside the JSON of the same");
    pages::measure(bed, bench.searches)?;
    say("the weight of pages");
    pages::weigh(bed)?;
    say("live streams and scans");
    streams::measure(bed, bench.streams, Duration::from_secs(u64::from(bench.seconds)))?;
    clock::pause(IDLE);
    let memory = real(process::memory(bed.server.id())?) / MEGABYTE;
    bed.lines.push(Line::alone("memory after all that", Unit::Megabytes, memory, Goal::Stated));
    Ok(())
}

/// Raises this process's limit of open files, which the service inherits.
fn more_open_files() -> anyhow::Result<()> {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current.is_some_and(|current| current < OPEN_FILES) {
        limit.current = Some(OPEN_FILES);
        setrlimit(Resource::Nofile, limit)
            .with_context(|| format!("{OPEN_FILES} open files are needed: raise the limit (ulimit -n)"))?;
    }
    Ok(())
}
