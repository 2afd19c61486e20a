//! What a large database costs those who only look: the start, look-ups, histories, a crowded place, memory.

use std::time::Duration;

use anyhow::Context;

use super::Bed;
use crate::cli::bench::spread::Spread;
use crate::cli::bench::table::{Goal, Line, Unit, micros, real};
use crate::cli::bench::web::client::Client;
use crate::cli::bench::work::Work;
use crate::cli::bench::{MEGABYTE, process};
use crate::cli::out;
use crate::clock;
use crate::domain::place::Code;
use crate::web::urls;

/// A place's page is dear: it is asked for so many times less often than a volume.
const DEARER: u32 = 10;
/// Most seconds that the service is left alone before its memory is read: the shelves are read by then, and the hospital
/// is counted.
const IDLE_MOST_S: i64 = 15;
/// What is asked of the service when nobody works, in megabytes.
const MEMORY_MOST: f64 = 200.0;
/// A volume's history, in microseconds.
const HISTORY_MOST_US: f64 = 5_000.0;
/// A look-up, in microseconds.
const LOOKUP_MOST_US: f64 = 1_000.0;
/// The first page of a crowded place, in microseconds.
const PLACE_MOST_US: f64 = 50_000.0;

/// Asks the service over HTTP, one request after the other.
pub fn measure(bed: &mut Bed, times: u32) -> anyhow::Result<()> {
    clock::pause(Duration::from_secs(u64::try_from(bed.seconds.min(IDLE_MOST_S))?));
    let memory = real(process::memory(bed.server.id())?) / MEGABYTE;
    bed.lines.push(Line::alone("memory when idle", Unit::Megabytes, memory, Goal::AtMost(MEMORY_MOST)));
    let mut client = Client::open(bed.server.address, bed.clock.clone())?;
    let mut work = bed.work();
    let lookups = ask(&mut client, times, || format!("/api/v1/volumes/{}", work.label()))?;
    bed.tell("volume look-up over HTTP", &lookups, Goal::AtMost(LOOKUP_MOST_US));
    let mut work = bed.work();
    let histories = ask(&mut client, times, || history(&mut work))?;
    bed.tell("history of a volume over HTTP", &histories, Goal::AtMost(HISTORY_MOST_US));
    let place = bed.ground.desks.first().context("a desk")?.place.clone();
    let held = held(&mut client, &place)?;
    bed.lines.push(Line::alone(
        "folders at the place that is listed, at least",
        Unit::Count,
        real(held),
        Goal::Stated,
    ));
    let lists = ask(&mut client, times / DEARER, || {
        format!("/api/v1/places/{}/volumes?limit=50", urls::segment(place.as_str()))
    })?;
    bed.tell("first fifty of the place over HTTP", &lists, Goal::AtMost(PLACE_MOST_US));
    let pages = ask(&mut client, times / DEARER, || urls::place(place.as_str()))?;
    bed.tell("page of the place", &pages, Goal::AtMost(PLACE_MOST_US));
    Ok(())
}

fn history(work: &mut Work) -> String {
    format!("/api/v1/volumes/{}/movements", work.label())
}

fn ask(client: &mut Client, times: u32, mut path: impl FnMut() -> String) -> anyhow::Result<Spread> {
    let mut spread = Spread::default();
    for _ in 0..times {
        spread.add(client.good(&path())?.took_us);
    }
    Ok(spread)
}

/// Folders that a place has, counted page by page until there are enough.
fn held(client: &mut Client, place: &Code) -> anyhow::Result<u64> {
    const ENOUGH: u64 = 5_000;
    let mut path = format!("/api/v1/places/{}/volumes?limit=200", urls::segment(place.as_str()));
    let mut held = 0;
    loop {
        let page: serde_json::Value = serde_json::from_str(&client.good(&path)?.body).context("a list")?;
        held += page
            .get("items")
            .and_then(serde_json::Value::as_array)
            .map_or(0, |items| u64::try_from(items.len()).unwrap_or(0));
        let Some(next) = page.get("next").and_then(serde_json::Value::as_str) else { return Ok(held) };
        if held >= ENOUGH {
            return Ok(held);
        }
        path = format!("/api/v1/places/{}/volumes?limit=200&after={next}", urls::segment(place.as_str()));
    }
}

impl Bed {
    /// Puts p50 and p99 of what was asked into the table; the goal is held against p99.
    fn tell(&mut self, what: &str, asked: &Spread, goal: Goal) {
        let told = asked.told();
        out::tell(format_args!("{what}: {told:?}"));
        self.lines.push(Line::alone(format!("{what}, p50"), Unit::Micros, micros(told.p50_us), Goal::Stated));
        self.lines.push(Line::alone(format!("{what}, p99"), Unit::Micros, micros(told.p99_us), goal));
    }
}
