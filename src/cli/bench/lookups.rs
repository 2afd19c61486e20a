//! Looking volumes up: inside the process, and over HTTP beside an empty answer of the same service.

use super::generator::{Run, Until};
use super::ground::{self, Ground};
use super::spread::Spread;
use super::table::{Goal, Line, Unit, micros, per_second};
use super::work::{Work, get};
use super::{BY_PTY, Bed};
use crate::cli::out;
use crate::clock::Clock;

/// Lookups inside the process, usually.
pub const INSIDE: u32 = 50_000;
/// Connections that ask at the same time.
const CONNECTIONS: usize = 64;
/// Rounds of empty answers and lookups, turn about.
pub const ROUNDS: usize = 3;

/// Looks random volumes up through the store, one after the other, so many times.
pub async fn inside(ground: &Ground, volumes: u64, times: u32, clock: &Clock) -> anyhow::Result<Line> {
    let store = ground::open(&ground.data, &ground.desks, clock)?;
    let trust = ground::trust()?;
    let first = clock.now().micros().unsigned_abs();
    let mut work = Work::new(volumes, first, Vec::new(), clock.clone());
    let mut took = Spread::default();
    for _ in 0..times {
        let label = work.label();
        let from = clock.read().boot_us;
        let found = store.volume(&trust, &label).await?;
        took.add(clock.read().boot_us - from);
        anyhow::ensure!(found.is_some(), "a volume of the bench is not known");
    }
    store.stop().await;
    let told = took.told();
    out::tell(format_args!("lookups inside: {told:?}"));
    Ok(Line::alone(
        "volume lookup inside the process, p99",
        Unit::Micros,
        micros(told.p99_us),
        Goal::AtMost(1_000.0),
    ))
}

/// Looks volumes up over HTTP.
pub fn over_http(bed: &mut Bed) -> anyhow::Result<()> {
    bed.generator.reconnect(bed.server.address)?;
    let desks: Vec<_> = (BY_PTY..BY_PTY + CONNECTIONS).collect();
    let (mut empty, mut lookups) = (Run::default(), Run::default());
    let wait = Until::Passed(bed.wait / 2);
    let nothing = get("/healthz");
    for _ in 0..ROUNDS {
        empty.take(&bed.generator.requests(&desks, wait, |_| nothing.clone())?);
        lookups.take(&bed.generator.requests(&desks, wait, Work::lookup)?);
    }
    anyhow::ensure!(lookups.refused + empty.refused == 0, "a lookup was refused");
    out::tell(format_args!("empty answers: {:?}, lookups: {:?}", empty.times.told(), lookups.times.told()));
    bed.lines.push(Line::ratio(
        "64 connections: empty answers (floor), lookups",
        Unit::PerSecond,
        per_second(empty.answered(), empty.took_us),
        per_second(lookups.answered(), lookups.took_us),
        Goal::RatioAtLeast(0.12),
    ));
    Ok(())
}
