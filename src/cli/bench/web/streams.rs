//! A thousand pages open while the hospital scans: what they cost the scans, and how soon they are told.

use std::collections::HashMap;
use std::time::Duration;

use anyhow::Context;

use super::Bed;
use super::watchers::{Heard, Watchers};
use crate::cli::bench::MEGABYTE;
use crate::cli::bench::generator::{Generator, Run};
use crate::cli::bench::lines::Line as Desk;
use crate::cli::bench::process::{self, Usage};
use crate::cli::bench::spread::Spread;
use crate::cli::bench::table::{Goal, Line, Unit, micros, per_second, real};
use crate::cli::bench::work::{Work, plan};
use crate::cli::out;
use crate::clock;
use crate::domain::place::Code;
use crate::store::floor;
use crate::web::urls::segment;

/// Desks that scan.
const SCANNING: usize = 250;
/// Scans of each in a second: five hundred in all.
const A_SECOND: i64 = 2;
/// Rounds without and with streams, turn about.
const ROUNDS: usize = 3;
/// Of ten streams so many watch a place, so many a folder; the others watch a desk.
const PLACES_OF_TEN: usize = 4;
const FOLDERS_OF_TEN: usize = 4;
/// What is on its way when the last scan is answered has this long to come.
const SETTLE: Duration = Duration::from_secs(1);
/// The name of the writer's thread.
const WRITER: &str = "writer";

/// What one side did: the scans, and the processor time of the service.
#[derive(Default)]
struct Side {
    run: Run,
    used: Usage,
}

impl Side {
    fn rate(&self) -> f64 {
        per_second(self.run.answered(), self.run.took_us)
    }

    fn cpu_us(&self, threads: &str) -> f64 {
        real(self.used.of_threads(threads).cpu_ns) / 1e3 / real(self.run.answered().max(1))
    }
}

/// Measures scans without and with streams, and the delay of what the streams are told.
pub fn measure(bed: &mut Bed, streams: u32, wait: Duration) -> anyhow::Result<()> {
    let lines = (0..SCANNING).map(|_| Desk::http(bed.server.address)).collect::<Result<Vec<_>, _>>();
    let lines = lines.context("connecting to the service")?;
    let codes: Vec<Code> = bed.ground.desks.iter().map(|desk| desk.desk.clone()).collect();
    let volumes = bed.hospital.size.folders;
    let first = bed.clock.now().micros().unsigned_abs();
    let work = Work::new(volumes, first, codes.clone(), bed.clock.clone());
    let mut generator = Generator::new(lines, bed.clock.clone(), work)?;
    let (mut alone, mut watched) = (Side::default(), Side::default());
    let (mut delays, mut heard, mut memory) = (Spread::default(), Heard::default(), 0);
    for round in 0..ROUNDS {
        let plan = plan(u64::try_from(round)?, SCANNING, A_SECOND, i64::try_from(wait.as_secs())?);
        generator.reconnect(bed.server.address)?;
        scans(bed, &mut generator, &plan, &mut alone)?;
        generator.reconnect(bed.server.address)?;
        let upcoming = generator.work.upcoming(plan.len());
        let queries = queries(bed, usize::try_from(streams)?, &upcoming);
        let watchers = Watchers::open(bed.server.address, queries, bed.clock.clone())?;
        let last = floor::last_scan(&bed.ground.data)?;
        scans(bed, &mut generator, &plan, &mut watched)?;
        clock::pause(SETTLE);
        memory = memory.max(process::memory(bed.server.id())?);
        let round = watchers.close()?;
        let learned: HashMap<_, _> = floor::learned_after(&bed.ground.data, last)?.into_iter().collect();
        for arrival in &round.movements {
            let learned_at = learned.get(&floor::scan_of(arrival.number)).context("a movement of no scan")?;
            delays.add(arrival.at_us - learned_at.micros());
        }
        heard.desks += round.desks;
        heard.resets += round.resets;
        heard.ended += round.ended;
    }
    tell(bed, &alone, &watched);
    tell_streams(bed, &delays, &heard, memory);
    Ok(())
}

fn scans(
    bed: &Bed,
    generator: &mut Generator,
    plan: &[crate::cli::bench::work::Planned],
    side: &mut Side,
) -> anyhow::Result<()> {
    let before = Usage::of(bed.server.id())?;
    side.run.take(&generator.open_loop(plan)?);
    side.used.take(&Usage::of(bed.server.id())?.since(&before));
    Ok(())
}

/// What the pages watch: places where desks stand, folders that will be scanned, spread over the round, and desks.
fn queries(bed: &Bed, streams: usize, upcoming: &[String]) -> Vec<String> {
    let desks = &bed.ground.desks;
    let step = (upcoming.len() / streams.max(1)).max(1);
    let desk = |number: usize| desks.get(number % SCANNING);
    (0..streams)
        .map(|number| {
            let (ten, each) = (number % 10, number / 10 * 10 + number % 10);
            let asked = if ten < PLACES_OF_TEN {
                desk(each).map(|desk| ("place", desk.place.to_string()))
            } else if ten < PLACES_OF_TEN + FOLDERS_OF_TEN {
                upcoming.get(each * step).map(|barcode| ("volume", barcode.clone()))
            } else {
                desk(each).map(|desk| ("desk", desk.desk.to_string()))
            };
            asked.map(|(what, name)| format!("{what}={}", segment(&name))).unwrap_or_default()
        })
        .collect()
}

fn tell(bed: &mut Bed, alone: &Side, watched: &Side) {
    let (without, with) = (alone.run.times.told(), watched.run.times.told());
    out::tell(format_args!("scans without streams {without:?}, with streams {with:?}"));
    let ratio =
        |what: &'static str, unit, floor, product, goal| Line::ratio(what, unit, floor, product, goal);
    let (us, stated) = (Unit::Micros, Goal::Stated);
    let lost = watched.run.refused + watched.run.unanswered + alone.run.refused + alone.run.unanswered;
    bed.lines.extend([
        ratio(
            "500 scans a second: answered without streams (floor), with streams",
            Unit::PerSecond,
            alone.rate(),
            watched.rate(),
            Goal::RatioAtLeast(0.9),
        ),
        ratio("the same, scan to answer, p50", us, micros(without.p50_us), micros(with.p50_us), stated),
        ratio("the same, scan to answer, p99", us, micros(without.p99_us), micros(with.p99_us), stated),
        ratio(
            "the same, processor time of the writer a scan",
            us,
            alone.cpu_us(WRITER),
            watched.cpu_us(WRITER),
            stated,
        ),
        ratio(
            "the same, processor time of the service a scan",
            us,
            alone.cpu_us(""),
            watched.cpu_us(""),
            stated,
        ),
        Line::alone("scans refused or not answered", Unit::Count, real(lost), Goal::AtMost(0.0)),
    ]);
}

fn tell_streams(bed: &mut Bed, delays: &Spread, heard: &Heard, memory: u64) {
    let told = delays.told();
    out::tell(format_args!("delays {told:?}; {} changes of desks", heard.desks));
    let count = |what: &'static str, count, goal| Line::alone(what, Unit::Count, real(count), goal);
    let millis =
        |what: &'static str, time_us, goal| Line::alone(what, Unit::Millis, micros(time_us) / 1e3, goal);
    bed.lines.extend([
        millis("movement learnt of to told, p50", told.p50_us, Goal::Stated),
        millis("movement learnt of to told, p99", told.p99_us, Goal::AtMost(200.0)),
        millis("movement learnt of to told, the longest", told.most_us, Goal::Stated),
        count("movements told to streams", u64::try_from(told.count).unwrap_or(u64::MAX), Goal::AtLeast(1.0)),
        count("changes of desks told to streams", heard.desks, Goal::AtLeast(1.0)),
        count("streams that ended or were reset", heard.ended + heard.resets, Goal::AtMost(0.0)),
        Line::alone("memory with all streams open", Unit::Megabytes, real(memory) / MEGABYTE, Goal::Stated),
    ]);
}
