//! 64 desks flat out, half by pty and half by HTTP: each scans again as soon as it is answered.

use std::time::Duration;

use super::bare::{self, Bare};
use super::generator::{Run, Until};
use super::lookups::ROUNDS;
use super::process::{self, Usage};
use super::server::LogWatch;
use super::table::{Goal, Line, Unit, micros, per_second, real};
use super::{BY_PTY, Bed, IDLE, MEGABYTE};
use crate::cli::out;
use crate::clock;
use crate::store::floor::{self, BareWriter, CHECKPOINTER};

/// Desks of each way.
const EACH: usize = 32;
/// The name of the product's writer thread.
const PRODUCT_WRITER: &str = "writer";

/// What one side did in all rounds.
#[derive(Default)]
struct Side {
    run: Run,
    used: Usage,
    commits: u64,
}

impl Side {
    fn rate(&self) -> f64 {
        per_second(self.run.answered(), self.run.took_us)
    }

    fn cpu_us_a_scan(&self) -> f64 {
        real(self.used.cpu_ns()) / 1e3 / real(self.run.answered().max(1))
    }

    fn scans_a_commit(&self) -> f64 {
        real(self.run.answered()) / real(self.commits.max(1))
    }
}

fn desks() -> Vec<usize> {
    (0..EACH).chain(BY_PTY..BY_PTY + EACH).collect()
}

/// Measures the rush: the bare writer without a schedule, the bare writer by channel, the product, turn about.
pub fn measure(bed: &mut Bed) -> anyhow::Result<()> {
    let watch = LogWatch::start(floor::log_file(&bed.ground.data))?;
    bed.generator.reconnect(bed.server.address)?;
    let (mut free, mut floor, mut product) = (Run::default(), Side::default(), Side::default());
    for round in 0..ROUNDS {
        free.take(&without_schedule(bed, round)?);
        by_channel(bed, round, &mut floor)?;
        of_product(bed, &mut product)?;
    }
    tell(bed, &free, &floor, &product);
    log_lengths(bed, watch)
}

fn without_schedule(bed: &Bed, round: usize) -> anyhow::Result<Run> {
    let mut writer = BareWriter::open(&bed.ground.bare, &bed.ground.desks, bed.clock.clone())?;
    let mut work = bed.bare_work(10 + u64::try_from(round)?);
    bare::unscheduled(&mut writer, &mut work, &bed.clock, bed.wait)
}

fn by_channel(bed: &Bed, round: usize, side: &mut Side) -> anyhow::Result<()> {
    let work = bed.bare_work(20 + u64::try_from(round)?);
    let mut bare = Bare::open(&bed.ground.bare, &bed.ground.desks, bed.clock.clone(), work)?;
    let before = Usage::of(std::process::id())?;
    let commits = bare.commits();
    side.run.take(&bare.flat_out(&desks(), Until::Passed(bed.wait))?);
    side.commits += bare.commits() - commits;
    let mut used = Usage::of(std::process::id())?.since(&before);
    used.0.retain(|name, _| name == bare::WRITER || name == CHECKPOINTER);
    side.used.take(&used);
    bare.close()
}

fn of_product(bed: &mut Bed, side: &mut Side) -> anyhow::Result<()> {
    let before = Usage::of(bed.server.id())?;
    let commits = bed.server.metric("casetrack_commits_total")?;
    side.run.take(&bed.generator.flat_out(&desks(), Until::Passed(bed.wait))?);
    side.used.take(&Usage::of(bed.server.id())?.since(&before));
    side.commits += whole(bed.server.metric("casetrack_commits_total")? - commits);
    Ok(())
}

/// A counter's difference as a number.
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a small whole number that does not fall"
)]
fn whole(value: f64) -> u64 {
    value.max(0.0) as u64
}

fn tell(bed: &mut Bed, free: &Run, floor: &Side, product: &Side) {
    out::tell(format_args!(
        "rush: floor {:?}, product {:?}",
        floor.run.times.told(),
        product.run.times.told()
    ));
    for threads in [PRODUCT_WRITER, "checkpoint", "tokio", "scan-", ""] {
        let used = product.used.of_threads(threads).cpu_ns;
        let each = real(used) / 1e3 / real(product.run.answered().max(1));
        out::tell(format_args!("  threads {threads}*: {each:.1} us a scan"));
    }
    let free_rate = per_second(free.answered(), free.took_us);
    let written = product.used.of_threads(PRODUCT_WRITER).written;
    let lines = [
        Line::ratio(
            "bare writer: 64 a commit without a schedule (floor), 64 desks by channel",
            Unit::PerSecond,
            free_rate,
            floor.rate(),
            Goal::RatioAtLeast(0.6),
        ),
        Line::ratio(
            "64 desks flat out, scans",
            Unit::PerSecond,
            floor.rate(),
            product.rate(),
            Goal::RatioAtLeast(0.7),
        ),
        Line::ratio(
            "64 desks flat out, p99",
            Unit::Micros,
            micros(floor.run.times.told().p99_us),
            micros(product.run.times.told().p99_us),
            Goal::Stated,
        ),
        Line::ratio(
            "64 desks flat out, scans a commit",
            Unit::Count,
            floor.scans_a_commit(),
            product.scans_a_commit(),
            Goal::AtLeast(20.0),
        ),
        Line::ratio(
            "64 desks flat out, processor time a scan",
            Unit::Micros,
            floor.cpu_us_a_scan(),
            product.cpu_us_a_scan(),
            Goal::RatioAtMost(2.0),
        ),
        Line::alone(
            "64 desks flat out: scans refused or not answered",
            Unit::Count,
            real(product.run.refused + product.run.unanswered),
            Goal::AtMost(0.0),
        ),
        Line::alone(
            "bytes that the writer writes a scan, flat out",
            Unit::Bytes,
            real(written) / real(product.run.answered().max(1)),
            Goal::Stated,
        ),
    ];
    bed.lines.extend(lines);
}

/// How long the log got, and whether it is begun anew once nobody scans.
fn log_lengths(bed: &mut Bed, watch: LogWatch) -> anyhow::Result<()> {
    let life = floor::log_life(&bed.ground.data);
    clock::pause(IDLE);
    bed.generator.one(0)?;
    let anew = floor::log_life(&bed.ground.data) != life;
    let most = real(watch.most()?) / MEGABYTE;
    bed.lines.push(Line::alone("write-ahead log at its longest", Unit::Megabytes, most, Goal::AtMost(256.0)));
    let anew = if anew { 1.0 } else { 0.0 };
    bed.lines.push(Line::alone(
        "log begun anew after three idle seconds (1: yes)",
        Unit::Count,
        anew,
        Goal::AtLeast(1.0),
    ));
    Ok(())
}

/// Scans on, flat out, until this run has made `scans` live scans.
pub fn fill(bed: &mut Bed, scans: u64) -> anyhow::Result<()> {
    let done = whole(bed.server.metric("casetrack_scans_total")?);
    bed.generator.reconnect(bed.server.address)?;
    let run = bed.generator.flat_out(&desks(), Until::Scans(scans.saturating_sub(done)))?;
    bed.lines.push(Line::alone(
        "flat out to the last live scan",
        Unit::PerSecond,
        per_second(run.answered(), run.took_us),
        Goal::Stated,
    ));
    clock::pause(Duration::from_secs(1));
    let memory = real(process::memory(bed.server.id())?) / MEGABYTE;
    bed.lines.push(Line::alone("memory after all that", Unit::Megabytes, memory, Goal::Stated));
    Ok(())
}
