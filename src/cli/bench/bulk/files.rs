//! The files that a hospital's old systems would give on the first day: of the seeded hospital, written row by row.

use std::fmt::Display;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use anyhow::Context;

use crate::clock::{DAY_US, Timestamp};
use crate::domain::casenote::VolumeKind;
use crate::domain::import::{Restriction, Said};
use crate::domain::place::Code;
use crate::sim::hospital::{Hospital, label};

/// How far back the old history goes: three years.
const HISTORY_US: i64 = 3 * 365 * DAY_US;

/// Writes all patients of `hospital`; says how many.
pub fn patients(hospital: &Hospital, to: &Path) -> anyhow::Result<u64> {
    let columns = ["site", "hospital_number", "nhs_number", "surname", "forename", "born", "died"];
    let rows = hospital.patients().map(|row| {
        [
            row.site.to_string(),
            row.hospital_number.to_string(),
            told(&row.nhs_number),
            told(&row.surname),
            told(&row.forename),
            told(&row.born),
            told(&row.died),
        ]
    });
    write(to, columns, rows)
}

/// Writes all volumes of `hospital`, their numbers issued by `site`; says how many.
pub fn volumes(hospital: &Hospital, site: &Code, to: &Path) -> anyhow::Result<u64> {
    let columns = ["site", "hospital_number", "volume", "kind", "home", "place", "hold", "restricted"];
    let rows = hospital.volumes().map(|row| {
        [
            site.to_string(),
            row.hospital_number.to_string(),
            row.volume.to_string(),
            told(&row.kind.map(VolumeKind::word)),
            told(&row.home),
            row.place.map(|place| place.to_string()).unwrap_or_default(),
            told(&row.hold),
            told(
                &row.restricted
                    .map(|restricted| if restricted == Restriction::Restricted { "yes" } else { "no" }),
            ),
        ]
    });
    write(to, columns, rows)
}

/// Writes `count` rows of old tracking history, oldest first and up to `now`: every volume in turn, each time at the next
/// of `places`. The barcodes are those that a store gives to the volumes of [`volumes`], read first; says how many.
pub fn movements(
    hospital: &Hospital,
    places: &[Code],
    count: u64,
    now: Timestamp,
    to: &Path,
) -> anyhow::Result<u64> {
    let volumes = hospital.size.folders.max(1);
    let step = HISTORY_US / i64::try_from(count.max(1))?;
    let at = |volume: u64, turn: u64| {
        let number = usize::try_from(volume.wrapping_add(turn.wrapping_mul(7))).unwrap_or(0);
        places.get(number % places.len().max(1)).map(Code::to_string).unwrap_or_default()
    };
    let rows = (0..count).map(|number| {
        let (volume, turn) = (number % volumes, number / volumes);
        let moved = now.plus_micros(step.saturating_mul(i64::try_from(number).unwrap_or(0)) - HISTORY_US);
        [
            moved.to_string(),
            label(volume).to_string(),
            at(volume, turn),
            turn.checked_sub(1).map(|before| at(volume, before)).unwrap_or_default(),
        ]
    });
    write(to, ["at", "barcode", "to", "from"], rows)
}

fn told<T: Display>(said: &Said<T>) -> String {
    said.value().map(ToString::to_string).unwrap_or_default()
}

fn write<const COLUMNS: usize>(
    to: &Path,
    columns: [&str; COLUMNS],
    rows: impl Iterator<Item = [String; COLUMNS]>,
) -> anyhow::Result<u64> {
    let doing = || format!("writing {}", to.display());
    let file = File::create(to).with_context(doing)?;
    let mut csv = csv::Writer::from_writer(BufWriter::new(file));
    csv.write_record(columns).with_context(doing)?;
    let mut count = 0;
    for row in rows {
        csv.write_record(row).with_context(doing)?;
        count += 1;
    }
    csv.flush().with_context(doing)?;
    Ok(count)
}
