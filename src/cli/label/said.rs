//! What the labels of folders, places, people and cards say, as the data folder has it.

use anyhow::{anyhow, bail};

use super::{What, rows};
use crate::app::rooms;
use crate::config::Config;
use crate::desk::DeskSetup;
use crate::domain::directory::Directory;
use crate::domain::place::{Code, Place, PlaceKind};
use crate::labels::cards;
use crate::labels::say;
use crate::labels::{Kind, LabelData};
use crate::store::{Labelled, Store, Trust};

/// Looks everything up first: what is not known stops the whole print.
pub async fn said(config: &Config, what: What) -> anyhow::Result<Vec<LabelData>> {
    let setups: Vec<DeskSetup> = config.desks.iter().map(|desk| desk.setup.clone()).collect();
    if let What::Cards { desk } = &what {
        return cards_of(&setups, desk.as_deref());
    }
    let trust = Trust(config.trust.clone());
    let store = Store::open_reading(&config.data_dir, &trust, &rooms::stands(config))?;
    let directory = store.directory().borrow().clone();
    match what {
        What::Volume { barcodes, csv, spine } => {
            let barcodes = with_column(barcodes, csv.as_deref(), "barcode")?;
            let kind = if spine { Kind::Spine } else { Kind::Volume };
            let mut said = Vec::with_capacity(barcodes.len());
            for barcode in barcodes {
                let found = volume(&store, &trust, &barcode).await?;
                said.push(say::folder(kind, &found.folder(), &directory));
            }
            Ok(said)
        }
        What::Place { codes, csv, beneath } => {
            let places = places(&directory, with_column(codes, csv.as_deref(), "code")?)?;
            let wanted = |place: &&Place| {
                let is_one =
                    |one: &&Place| place.id == one.id || (beneath && directory.is_within(place.id, one.id));
                place.kind != PlaceKind::Container && places.iter().any(is_one)
            };
            let mut wanted: Vec<_> = directory.places().filter(wanted).collect();
            wanted.sort_by(|one, other| one.code.cmp(&other.code));
            Ok(wanted.into_iter().map(|place| say::place(place, &directory)).collect())
        }
        What::Container { codes, csv } => {
            let places = places(&directory, with_column(codes, csv.as_deref(), "code")?)?;
            if let Some(place) = places.iter().find(|place| place.kind != PlaceKind::Container) {
                bail!("{} is no container but a {}: label place", place.code, place.kind.word());
            }
            Ok(places.into_iter().map(|place| say::place(place, &directory)).collect())
        }
        What::Staff { badges, csv } => {
            let badges = with_column(badges, csv.as_deref(), "badge")?;
            badges.iter().map(|badge| staff(&directory, badge)).collect()
        }
        What::Cards { .. } | What::Sheet { .. } | What::Calibrate => Ok(Vec::new()),
    }
}

fn with_column(
    mut given: Vec<String>,
    csv: Option<&std::path::Path>,
    column: &str,
) -> anyhow::Result<Vec<String>> {
    if let Some(file) = csv {
        given.extend(rows::column(file, column)?);
    }
    if given.is_empty() {
        bail!("nothing to print: name some, or a CSV file with a column {column}");
    }
    Ok(given)
}

async fn volume(store: &Store, trust: &Trust, barcode: &str) -> anyhow::Result<Labelled> {
    let label = barcode.parse().map_err(|error| anyhow!("{barcode}: {error}"))?;
    let found = store.labelled(trust, &label).await?;
    found.ok_or_else(|| anyhow!("{barcode}: no folder has this label"))
}

fn places(directory: &Directory, codes: Vec<String>) -> anyhow::Result<Vec<&Place>> {
    let place = |text: String| {
        let code: Code = text.parse()?;
        directory.place_by_code(&code).ok_or_else(|| anyhow!("{code}: no place has this code"))
    };
    codes.into_iter().map(place).collect()
}

fn staff(directory: &Directory, badge: &str) -> anyhow::Result<LabelData> {
    let badge: Code = badge.parse()?;
    let person = directory.staff_by_badge(&badge).ok_or_else(|| anyhow!("{badge}: nobody has this badge"))?;
    Ok(say::badge(person))
}

/// Every command card, then a desk's own.
fn cards_of(setups: &[DeskSetup], desk: Option<&str>) -> anyhow::Result<Vec<LabelData>> {
    let mut said = cards::all();
    if let Some(code) = desk {
        let setup = setups.iter().find(|setup| setup.code.as_str() == code);
        let setup = setup.ok_or_else(|| anyhow!("no desk {code} in the configuration"))?;
        let number = setup.pairing.ok_or_else(|| anyhow!("desk {code} has no `pairing` number"))?;
        said.push(say::pairing(number, code));
    }
    Ok(said)
}
