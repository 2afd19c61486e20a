//! What a large database costs those who only look: the start, look-ups, histories, a crowded place, memory.

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

/// Times that each thing is asked for.
const TIMES: u32 = 2_000;
/// The same of a place's page, which is dear.
const PAGES: u32 = 200;
/// How long the service is left alone before its memory is read: the shelves are read and the hospital is counted.
const IDLE: std::time::Duration = std::time::Duration::from_secs(15);
/// What is asked of the service when nobody works, in megabytes.
const MEMORY_MOST: f64 = 200.0;
/// A volume's history, in microseconds.
const HISTORY_MOST_US: f64 = 5_000.0;
/// A look-up, in microseconds.
const LOOKUP_MOST_US: f64 = 1_000.0;
/// The first page of a crowded place, in microseconds.
const PLACE_MOST_US: f64 = 50_000.0;

/// Asks the service over HTTP, one request after the other.
pub fn measure(bed: &mut Bed) -> anyhow::Result<()> {
    clock::pause(IDLE);
    let memory = real(process::memory(bed.server.id())?) / MEGABYTE;
    bed.lines.push(Line::alone("memory when idle", Unit::Megabytes, memory, Goal::AtMost(MEMORY_MOST)));
    let mut client = Client::open(bed.server.address, bed.clock.clone())?;
    let mut work = bed.work();
    let lookups = ask(&mut client, TIMES, || format!("/api/v1/volumes/{}", work.label()))?;
    bed.tell("volume look-up over HTTP", &lookups, Goal::AtMost(LOOKUP_MOST_US));
    let mut work = bed.work();
    let histories = ask(&mut client, TIMES, || history(&mut work))?;
    bed.tell("history of a volume over HTTP", &histories, Goal::AtMost(HISTORY_MOST_US));
    let place = bed.ground.desks.first().context("a desk")?.place.clone();
    let held = held(&mut client, &place)?;
    bed.lines.push(Line::alone(
        "folders at the place that is listed, at least",
        Unit::Count,
        real(held),
        Goal::Stated,
    ));
    let lists = ask(&mut client, PAGES, || {
        format!("/api/v1/places/{}/volumes?limit=50", urls::segment(place.as_str()))
    })?;
    bed.tell("first fifty of the place over HTTP", &lists, Goal::AtMost(PLACE_MOST_US));
    let pages = ask(&mut client, PAGES, || urls::place(place.as_str()))?;
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
