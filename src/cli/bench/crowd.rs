//! 256 desks at two scans a second each, open loop: timed from the planned moment, whoever is late.

use super::bare::Bare;
use super::generator::Run;
use super::table::{Goal, Line, Unit, micros, real};
use super::work::plan;
use super::{Bed, DESKS};
use crate::cli::out;

/// Scans of a desk in a second: a stack of folders passed under the scanner as fast as hands go.
const A_SECOND: i64 = 2;

/// Rounds of bare writer and product. One stall of the disk spoils one round's p99, not the middle one.
const ROUNDS: usize = 5;

/// What one side did.
#[derive(Default)]
struct Side {
    all: Run,
    p99_us: Vec<i64>,
}

impl Side {
    fn take(&mut self, run: &Run) {
        self.all.take(run);
        self.p99_us.push(run.times.told().p99_us);
    }

    fn middle_p99_us(&self) -> i64 {
        let mut sorted = self.p99_us.clone();
        sorted.sort_unstable();
        sorted.get(sorted.len() / 2).copied().unwrap_or(0)
    }
}

/// Measures the crowd: bare writer and product turn about, on the same plans.
pub fn measure(bed: &mut Bed) -> anyhow::Result<()> {
    let mut bare = Bare::open(&bed.ground.bare, &bed.ground.desks, bed.clock.clone(), bed.bare_work(4))?;
    bed.generator.reconnect(bed.server.address)?;
    let (mut floor, mut product) = (Side::default(), Side::default());
    for round in 0..ROUNDS {
        let plan = plan(u64::try_from(round)?, DESKS, A_SECOND, i64::try_from(bed.wait.as_secs())?);
        floor.take(&bare.open_loop(&plan)?);
        product.take(&bed.generator.open_loop(&plan)?);
    }
    bare.close()?;
    let (floor_told, product_told) = (floor.all.times.told(), product.all.times.told());
    out::tell(format_args!(
        "crowd: floor {floor_told:?} {:?}, product {product_told:?} {:?}",
        floor.p99_us, product.p99_us
    ));
    bed.lines.push(Line::ratio(
        "256 desks, two scans a second each, p50",
        Unit::Micros,
        micros(floor_told.p50_us),
        micros(product_told.p50_us),
        Goal::Stated,
    ));
    bed.lines.push(Line::ratio(
        "256 desks, two scans a second each, p99, the middle one of five rounds",
        Unit::Micros,
        micros(floor.middle_p99_us()),
        micros(product.middle_p99_us()),
        Goal::RatioAtMost(3.0),
    ));
    bed.lines.push(Line::ratio(
        "256 desks, two scans a second each, p99 of all rounds together",
        Unit::Micros,
        micros(floor_told.p99_us),
        micros(product_told.p99_us),
        Goal::Stated,
    ));
    bed.lines.push(Line::alone(
        "256 desks: scans refused or not answered",
        Unit::Count,
        real(product.all.refused + product.all.unanswered),
        Goal::AtMost(0.0),
    ));
    Ok(())
}
