//! The ground that is measured on: a hospital of the given size, built once, and a copy of it for the bare writer.

use std::path::{Path, PathBuf};

use anyhow::Context;

use super::{BARE, DATA};
use crate::cli::out;
use crate::clock::{Clock, SECOND_US};
use crate::domain::import::{Piece, RowResult};
use crate::domain::place::PlaceKind;
use crate::live::Live;
use crate::sim::hospital::{Hospital, SITE, Size};
use crate::sim::random::USUAL_SEED;
use crate::store::bulk;
use crate::store::floor::database_file;
use crate::store::load::Loader;
use crate::store::{DeskStand, Options, Store, Trust};

/// How large the ground is.
#[derive(Clone, Copy, Debug)]
pub struct Extent {
    /// Volumes.
    pub volumes: u64,
    /// Movements, each with its scan.
    pub movements: u64,
    /// Desks.
    pub desks: usize,
}

/// The ground.
#[derive(Debug)]
pub struct Ground {
    /// The product's data folder.
    pub data: PathBuf,
    /// The bare writer's.
    pub bare: PathBuf,
    /// The desks, each at a clinic, a ward or an office.
    pub desks: Vec<DeskStand>,
    /// How long building took; `None` if an earlier one is used again.
    pub built_us: Option<i64>,
}

/// The trust that all figures are of: the configuration's own default.
pub fn trust() -> anyhow::Result<Trust> {
    Ok(Trust("TRUST".parse().context("the trust's code")?))
}

/// Lays the ground in `dir`, or finds it there if it is to be used again.
pub fn lay(dir: &Path, extent: Extent, use_again: UseAgain, clock: &Clock) -> anyhow::Result<Ground> {
    let hospital = Hospital::build(USUAL_SEED, Size { folders: extent.volumes });
    let desks = desks(&hospital, extent.desks)?;
    let (data, bare) = (dir.join(DATA), dir.join(BARE));
    let found = database_file(&data).exists();
    let mut built_us = None;
    if !found || use_again == UseAgain::Never {
        let start = clock.read().boot_us;
        if data.exists() {
            std::fs::remove_dir_all(&data).context("clearing the data folder")?;
        }
        build(&data, &hospital, &desks, extent, clock)?;
        built_us = Some(clock.read().boot_us - start);
    }
    // Writes a log that an earlier run has left back into the database.
    Loader::open(options(&data, &desks, clock)?)?.finish()?;
    Ok(Ground { data, bare, desks, built_us })
}

/// Whether a database that is there is used again.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum UseAgain {
    /// It is thrown away and built anew.
    Never,
    /// It is used as it stands.
    IfThere,
}

fn desks(hospital: &Hospital, count: usize) -> anyhow::Result<Vec<DeskStand>> {
    let stands = |kind: Option<&PlaceKind>| {
        matches!(kind, Some(PlaceKind::Clinic | PlaceKind::Ward | PlaceKind::Office))
    };
    let places: Vec<_> = hospital.places.iter().filter(|place| stands(place.kind.value())).collect();
    let named = |(number, place): (usize, &&crate::domain::import::PlaceRow)| {
        let desk = format!("BENCH-{:03}", number + 1).parse().context("a desk's code")?;
        Ok(DeskStand { desk, place: place.code.clone() })
    };
    places.iter().cycle().take(count).enumerate().map(named).collect()
}

fn build(
    data: &Path,
    hospital: &Hospital,
    desks: &[DeskStand],
    extent: Extent,
    clock: &Clock,
) -> anyhow::Result<()> {
    found(data, hospital, desks, clock)?;
    let start = clock.read().boot_us;
    let mut told = start;
    let mut progress = |what: &str, count: u64| {
        let now = clock.read().boot_us;
        if now - told > 5 * SECOND_US {
            told = now;
            out::tell(format_args!("{:4} s  {what} {count}", (now - start) / SECOND_US));
        }
    };
    let rows = bulk::Hospital {
        desks,
        site: SITE.parse().context("the site's code")?,
        patients: &mut hospital.patients(),
        volumes: &mut hospital.volumes(),
        volume_count: extent.volumes,
        movements: extent.movements,
        now: clock.now(),
    };
    bulk::load(data, rows, &mut progress)?;
    Ok(())
}

/// Makes the data folder of a hospital that has its places and its people, and no folders yet.
pub fn found(data: &Path, hospital: &Hospital, desks: &[DeskStand], clock: &Clock) -> anyhow::Result<()> {
    let mut loader = Loader::open(options(data, desks, clock)?)?;
    loader.import(&Piece::Places(hospital.places.clone()))?;
    loader.import(&Piece::Staff(hospital.staff.clone()))?;
    Ok(loader.finish()?)
}

/// Opens the product's store in this process.
pub fn open(data: &Path, desks: &[DeskStand], clock: &Clock) -> anyhow::Result<Store> {
    Ok(Store::open(options(data, desks, clock)?)?)
}

fn options(data: &Path, desks: &[DeskStand], clock: &Clock) -> anyhow::Result<Options> {
    Ok(Options {
        dir: data.to_owned(),
        trust: trust()?,
        desks: desks.to_vec(),
        clock: clock.clone(),
        live: Live::default(),
    })
}

/// Adds rows to ground that is laid; rows that are there already change nothing.
pub fn add(ground: &Ground, pieces: &[Piece], clock: &Clock) -> anyhow::Result<()> {
    let mut loader = Loader::open(options(&ground.data, &ground.desks, clock)?)?;
    for piece in pieces {
        let results = loader.import(piece)?;
        let rejected = results.iter().find(|result| matches!(result, RowResult::Rejected(_)));
        anyhow::ensure!(rejected.is_none(), "a row of the bench was rejected: {rejected:?}");
    }
    Ok(loader.finish()?)
}

/// Copies the database for the bare writer.
pub fn copy(ground: &Ground) -> anyhow::Result<()> {
    let Ground { data, bare, .. } = ground;
    if bare.exists() {
        std::fs::remove_dir_all(bare).context("clearing the bare writer's folder")?;
    }
    std::fs::create_dir_all(bare).context("making the bare writer's folder")?;
    let to = database_file(bare);
    std::fs::copy(database_file(data), &to).context("copying the database for the bare writer")?;
    std::fs::File::open(&to).and_then(|file| file.sync_all()).context("writing the copy to disk")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::bench::bare::bare_scan;
    use crate::cli::bench::work::Work;
    use crate::store::floor::{BareWriter, stored_after};
    use crate::store::verify;

    #[test]
    fn the_ground_and_what_the_bare_writer_leaves_on_it_are_sound() {
        let clock = Clock::system();
        let dir = std::env::temp_dir().join(format!("casetrack-ground-{}", uuid::Uuid::now_v7()));
        let extent = Extent { volumes: 600, movements: 3_000, desks: 7 };
        let ground = lay(&dir, extent, UseAgain::Never, &clock).unwrap();
        copy(&ground).unwrap();
        let report = verify(&ground.data).unwrap();
        assert!(report.is_sound(), "{report:?}");
        assert_eq!((report.subjects, report.movements), (600, 3_000));

        let mut work = Work::new(600, 0, Vec::new(), clock.clone());
        let mut writer = BareWriter::open(&ground.bare, &ground.desks, clock.clone()).unwrap();
        for _ in 0..10 {
            let scans: Vec<_> = (0..7).map(|desk| bare_scan(&mut work, &clock, desk)).collect();
            writer.write(&scans).unwrap();
        }
        drop(writer);
        let report = verify(&ground.bare).unwrap();
        assert!(report.is_sound(), "{report:?}");
        assert_eq!(report.movements, 3_070);
        assert_eq!(stored_after(&ground.bare, 3_000).unwrap().scans, 70);
        std::fs::remove_dir_all(dir).unwrap();
    }
}
