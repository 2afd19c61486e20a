//! Keeping what is there: a verification of the whole log.

use std::ffi::OsStr;
use std::path::Path;

use anyhow::Context;

use super::program;
use crate::cli::bench::table::{Goal, Line, Unit, per_second};
use crate::clock::Clock;

/// Movements that a verification has to go through in a second.
const VERIFIED_LEAST: f64 = 200_000.0;

/// Verifies the data of the configuration, the service stopped.
pub fn verification(config: &Path, clock: &Clock) -> anyhow::Result<Line> {
    let done = program::run(config, &["verify", "--json"].map(OsStr::new), clock)?;
    let report: serde_json::Value =
        serde_json::from_str(&done.out).context("the report of a verification")?;
    let movements = report.get("movements").and_then(serde_json::Value::as_u64).context("its movements")?;
    let rate = per_second(movements, done.took_us);
    Ok(Line::alone("verification, movements", Unit::PerSecond, rate, Goal::AtLeast(VERIFIED_LEAST)))
}
