//! A large file into a database that desks work with: what one of them feels of it.

use std::ffi::OsStr;
use std::path::Path;

use anyhow::Context;

use super::program::Program;
use super::{Bed, files};
use crate::cli::bench::generator::{Generator, Run};
use crate::cli::bench::lines::Line as Desk;
use crate::cli::bench::table::{Goal, Line, Unit, micros, per_second, real};
use crate::cli::bench::work::plan;
use crate::cli::out;
use crate::sim::hospital::{Hospital, Size};
use crate::sim::random::USUAL_SEED;

/// Scans of the one desk in a second: faster than any hand, so that no short stall goes unseen.
const A_SECOND: i64 = 10;
/// Most seconds of one stretch, whose slowest scans are told apart: a stall in any of them spoils its p99.
const STRETCH_MOST_S: i64 = 10;
/// What one desk's p99 has to stay under, in microseconds.
const P99_MOST_US: f64 = 250_000.0;

/// One desk scans, first alone, then while the file goes in.
pub fn measure(bed: &mut Bed, rows: u64, dir: &Path) -> anyhow::Result<()> {
    let file = dir.join("more-volumes.csv");
    // Another site each time: what an earlier run has imported is not there already.
    let site = format!("B{}", bed.clock.now().micros() / 1_000_000).parse().context("a site's code")?;
    let rows = files::volumes(&Hospital::build(USUAL_SEED, Size { folders: rows }), &site, &file)?;
    let mut desk = Generator::new(vec![Desk::http(bed.server.address)?], bed.clock.clone(), bed.work())?;
    let (alone, _) = stretch(bed, &mut desk, bed.seconds)?;
    let arguments = [OsStr::new("import"), OsStr::new("volumes"), file.as_os_str()];
    let mut import = Program::start(&bed.config, &arguments, &bed.clock)?;
    let (mut beside, mut worst_us) = (Run::default(), 0);
    while !import.is_over()? {
        let (run, p99_us) = stretch(bed, &mut desk, bed.seconds.min(STRETCH_MOST_S))?;
        beside.take(&run);
        worst_us = worst_us.max(p99_us);
    }
    let took_us = import.finish()?.took_us;
    std::fs::remove_file(&file).context("removing the file")?;
    out::tell(format_args!("one desk: alone {:?}, beside {:?}", alone.times.told(), beside.times.told()));
    let p99 = |run: &Run| micros(run.times.told().p99_us);
    bed.lines.push(Line::alone(
        "volumes into a serving database",
        Unit::PerSecond,
        per_second(rows, took_us),
        Goal::Stated,
    ));
    let what = "one desk at ten scans a second: without an import (floor), beside it, p99";
    bed.lines.push(Line::ratio(what, Unit::Micros, p99(&alone), p99(&beside), Goal::AtMost(P99_MOST_US)));
    let what = "the same, p99 of the worst ten seconds";
    bed.lines.push(Line::ratio(what, Unit::Micros, p99(&alone), micros(worst_us), Goal::AtMost(P99_MOST_US)));
    let failed = alone.refused + alone.unanswered + beside.refused + beside.unanswered;
    bed.lines.push(Line::alone(
        "the same: scans refused or not answered",
        Unit::Count,
        real(failed),
        Goal::AtMost(0.0),
    ));
    Ok(())
}

/// The desk's scans of some seconds, and their p99. What an earlier stretch has not waited for any longer is left behind.
fn stretch(bed: &Bed, desk: &mut Generator, seconds: i64) -> anyhow::Result<(Run, i64)> {
    desk.reconnect(bed.server.address)?;
    let seed = u64::try_from(desk.now())?;
    let run = desk.open_loop(&plan(seed, 1, A_SECOND, seconds))?;
    let p99_us = run.times.told().p99_us;
    Ok((run, p99_us))
}
