//! The first day: files into an empty database, beside the same rows inserted with nothing around them.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use anyhow::Context;

use super::{Bench, files, program};
use crate::cli::bench::DATA;
use crate::cli::bench::ground;
use crate::cli::bench::server;
use crate::cli::bench::table::{Goal, Line, Unit, per_second};
use crate::cli::out;
use crate::clock::Clock;
use crate::domain::place::{Code, PlaceKind};
use crate::sim::hospital::{Hospital, SITE, Size};
use crate::sim::random::USUAL_SEED;
use crate::store::floor_rows::{Indexes, Reach, insert_again, reach};

/// What an import has to reach of the rate of bare inserts.
const OF_BARE: f64 = 0.2;

/// A file to be imported, and how many rows it has.
struct Fed {
    kind: &'static str,
    file: PathBuf,
    rows: u64,
}

/// The hospital's folder with what is made in it.
struct First<'a> {
    dir: PathBuf,
    config: PathBuf,
    hospital: &'a Hospital,
    rows: u64,
    clock: &'a Clock,
}

/// Imports a whole hospital in a folder of its own, which is gone afterwards.
pub fn measure(bench: &Bench, dir: &Path, clock: &Clock) -> anyhow::Result<Vec<Line>> {
    let hospital = Hospital::build(USUAL_SEED, Size { folders: bench.rows });
    let dir = emptied(dir.join("first"))?;
    let (config, _) = server::configure(&dir, &[], &[])?;
    let first = First { dir, config, hospital: &hospital, rows: bench.rows, clock };
    ground::found(&first.dir.join(DATA), &hospital, &[], clock)?;
    let lines = first.lines()?;
    std::fs::remove_dir_all(&first.dir).context("removing the imported hospital")?;
    Ok(lines)
}

impl First<'_> {
    fn lines(&self) -> anyhow::Result<Vec<Line>> {
        let (patients, volumes) = (self.dir.join("patients.csv"), self.dir.join("volumes.csv"));
        let fed = [
            Fed { kind: "patients", rows: files::patients(self.hospital, &patients)?, file: patients },
            Fed {
                kind: "volumes",
                rows: files::volumes(self.hospital, &SITE.parse().context("the site's code")?, &volumes)?,
                file: volumes,
            },
        ];
        let mut lines = self.beside("patients and volumes into an empty database", &fed)?;
        let history = self.dir.join("movements.csv");
        let places: Vec<Code> = stands(self.hospital).collect();
        let fed = [Fed {
            kind: "movements",
            rows: files::movements(self.hospital, &places, self.rows, self.clock.now(), &history)?,
            file: history,
        }];
        lines.extend(self.beside("movements after them", &fed)?);
        Ok(lines)
    }

    /// Imports these files, then inserts what they brought once more, with indexes and without.
    fn beside(&self, what: &str, fed: &[Fed]) -> anyhow::Result<Vec<Line>> {
        let data = self.dir.join(DATA);
        let before = reach(&data)?;
        let mut took_us = 0;
        for Fed { kind, file, .. } in fed {
            let arguments = [OsStr::new("import"), OsStr::new(kind), file.as_os_str()];
            took_us += program::run(&self.config, &arguments, self.clock)?.took_us;
        }
        let rows = fed.iter().map(|fed| fed.rows).sum();
        let imported = per_second(rows, took_us);
        let line = |words: &str, floor, goal| {
            Line::ratio(
                format!("{what}: {words} (floor), imported, rows of files"),
                Unit::PerSecond,
                floor,
                imported,
                goal,
            )
        };
        let kept = self.again(&before, Indexes::Kept, rows)?;
        let dropped = self.again(&before, Indexes::Dropped, rows)?;
        Ok(vec![
            line("bare inserts, indexes kept", kept, Goal::RatioAtLeast(OF_BARE)),
            line("bare inserts, no indexes", dropped, Goal::Stated),
        ])
    }

    /// How many of the files' rows a second go in when their rows of tables are inserted and nothing else is done.
    fn again(&self, since: &Reach, indexes: Indexes, rows: u64) -> anyhow::Result<f64> {
        let into = emptied(self.dir.join("bare"))?;
        ground::found(&into, self.hospital, &[], self.clock)?;
        let inserted = insert_again(&self.dir.join(DATA), since, &into, indexes, self.clock)?;
        out::tell(format_args!("bare inserts, {indexes:?}: {inserted:?} for {rows} rows of files"));
        std::fs::remove_dir_all(&into).context("removing what was inserted")?;
        Ok(per_second(rows, inserted.took_us))
    }
}

/// Where folders go: no container, and no shelf of the library.
fn stands(hospital: &Hospital) -> impl Iterator<Item = Code> + '_ {
    let stands = |kind: &PlaceKind| matches!(kind, PlaceKind::Clinic | PlaceKind::Ward | PlaceKind::Office);
    hospital
        .places
        .iter()
        .filter(move |place| place.kind.value().is_some_and(stands))
        .map(|place| place.code.clone())
}

/// An empty folder of this name.
pub fn emptied(dir: PathBuf) -> anyhow::Result<PathBuf> {
    if dir.exists() {
        std::fs::remove_dir_all(&dir).with_context(|| format!("clearing {}", dir.display()))?;
    }
    std::fs::create_dir_all(&dir).with_context(|| format!("making {}", dir.display()))?;
    Ok(dir)
}
