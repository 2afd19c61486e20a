//! One desk alone: floor and product turn about, scan by scan, so that both meet the same disk.

use anyhow::Context;

use super::bare::bare_scan;
use super::floors::{Append, Echo};
use super::lines::Heard;
use super::spread::Spread;
use super::table::{Goal, Line, Unit, micros};
use super::work::get;
use super::{BY_PTY, Bed};
use crate::cli::out;
use crate::store::floor::{BareWriter, Waiting};

/// Most scans of each kind, whatever the time: it is the middle one that counts.
const MOST: usize = 20_000;

/// Measures the lines of one desk alone.
pub fn measure(bed: &mut Bed) -> anyhow::Result<()> {
    let writer = BareWriter::open(&bed.ground.bare, &bed.ground.desks, bed.clock.clone())?;
    bed.generator.reconnect(bed.server.address)?;
    let writer = by_pty(bed, writer)?;
    by_http(bed, writer)
}

fn by_pty(bed: &mut Bed, writer: BareWriter) -> anyhow::Result<BareWriter> {
    let mut echo = Echo::start(writer, bed.bare_work(1), bed.bare_work(2), bed.clock.clone())?;
    let (mut floor, mut product) = (Spread::default(), Spread::default());
    let end = bed.generator.now() + i64::try_from(bed.wait.as_micros())? * 2;
    while bed.generator.now() < end && product.len() < MOST {
        floor.add(accepted(echo.far.one(0)?)?);
        product.add(accepted(bed.generator.one(0)?)?);
    }
    told(bed, "one desk by pty, scan to signal", &floor, &product, 1.5);
    echo.end()
}

fn by_http(bed: &mut Bed, mut writer: BareWriter) -> anyhow::Result<()> {
    let mut work = bed.bare_work(3);
    let mut append = Append::new(&bed.ground.bare, bed.clock.clone())?;
    let (mut disk, mut bare) = (Spread::default(), Spread::default());
    let (mut floor, mut product) = (Spread::default(), Spread::default());
    let empty = get("/healthz");
    let end = bed.generator.now() + i64::try_from(bed.wait.as_micros())? * 2;
    while bed.generator.now() < end && product.len() < MOST {
        disk.add(append.one()?);
        let scan = [bare_scan(&mut work, &bed.clock, 0)];
        let from = bed.generator.now();
        writer.write(&scan)?;
        bare.add(bed.generator.now() - from);
        let scan = [bare_scan(&mut work, &bed.clock, 0)];
        let from = bed.generator.now();
        accepted(bed.generator.ask(BY_PTY, &empty)?)?;
        writer.write(&scan)?;
        floor.add(bed.generator.now() - from);
        product.add(accepted(bed.generator.one(BY_PTY)?)?);
        writer.tend_log(Waiting::None)?;
    }
    bed.lines.push(Line::ratio(
        "4 KiB append + fdatasync (floor), bare commit of one scan, p50",
        Unit::Micros,
        micros(disk.told().p50_us),
        micros(bare.told().p50_us),
        Goal::Stated,
    ));
    told(bed, "one desk by HTTP, scan to answer", &floor, &product, 2.0);
    Ok(())
}

fn told(bed: &mut Bed, what: &'static str, floor: &Spread, product: &Spread, most: f64) {
    let (floor, product) = (floor.told(), product.told());
    out::tell(format_args!("{what}: floor {floor:?}, product {product:?}"));
    bed.lines.push(Line::ratio(
        what,
        Unit::Micros,
        micros(floor.p50_us),
        micros(product.p50_us),
        Goal::RatioAtMost(most),
    ));
}

fn accepted((heard, took): (Heard, i64)) -> anyhow::Result<i64> {
    (heard == Heard::Accepted).then_some(took).context("a scan was refused")
}
