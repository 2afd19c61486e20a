//! Making the demo's data: imported and scanned as in life, but in one go.

use std::path::Path;

use anyhow::Context as _;

use crate::clock::{Clock, DAY_US, Timestamp};
use crate::domain::import::{Piece, RowResult};
use crate::live::Live;
use crate::sim::clinics;
use crate::sim::demo::ahead;
use crate::sim::hospital::{self, Hospital, SITE};
use crate::sim::month::Month;
use crate::store::load::Loader;
use crate::store::{DeskStand, Options, Store, Trust, VolumeRecord};

/// The hospital was imported so long before the demo begins: before its month of scans, which are then not late.
const IMPORTED_DAYS_AGO: i64 = 60;

/// What was made.
pub struct Built {
    /// The month before.
    pub month: Month,
}

/// Imports the hospital into a store in `dir` and lets its last month happen.
pub async fn build(hospital: &Hospital, dir: &Path, clock: &Clock) -> anyhow::Result<Built> {
    let trust = Trust(SITE.parse().context("the hospital's code")?);
    let stand = |plan: &crate::sim::hospital::DeskPlan| DeskStand {
        desk: plan.code.clone(),
        place: plan.place.clone(),
    };
    let options = Options {
        dir: dir.to_owned(),
        trust: trust.clone(),
        desks: hospital.desks.iter().map(stand).collect(),
        clock: Clock::manual(clock.now().plus_micros(-IMPORTED_DAYS_AGO * DAY_US)).0,
        live: Live::default(),
    };
    let time_zone = jiff::tz::TimeZone::get("Europe/London").context("the hospital's time zone")?;
    let month = Month::before(hospital, clock.now(), &time_zone);
    let (filled, until) = ((options.clone(), hospital.clone(), month.clone()), clock.now());
    tokio::task::spawn_blocking(move || fill(filled.0, &filled.1, &filled.2, until))
        .await
        .context("filling the store")??;
    let store = Store::open_reading(dir, &trust, &options.desks).context("opening the demo's store")?;
    expect_our_labels(hospital, &store, &trust).await?;
    store.stop().await;
    Ok(Built { month })
}

/// Imports the hospital, then its month with what was swept and chased, each scan learnt of when it happened; at last
/// the clinic lists of the morning.
fn fill(options: Options, hospital: &Hospital, month: &Month, until: Timestamp) -> anyhow::Result<()> {
    let mut loader = Loader::open(options).context("opening the demo's store")?;
    for piece in hospital.pieces() {
        for row in loader.import(&piece).context("importing the hospital")? {
            if let RowResult::Rejected(why) = row {
                anyhow::bail!("a row of the hospital was not taken: {why}");
            }
        }
    }
    let directory = loader.directory();
    let ahead = ahead::ahead(hospital, month, &directory, until);
    let mut commands = month.commands(hospital, &directory)?;
    commands.extend(ahead.commands);
    commands.sort_by_key(|command| command.scan.clocks.happened);
    for outcome in loader.record(&commands).context("the last month")? {
        outcome.context("a scan of the last month")?;
    }
    loader.learns_at(until);
    let zone = jiff::tz::TimeZone::get("Europe/London").context("the hospital's time zone")?;
    for lists in clinics::lists(hospital, month, until, &zone, &ahead.also) {
        loader.import(&Piece::Appointments(lists)).context("importing clinic lists")?;
    }
    loader.finish().context("writing the demo's store")
}

/// The month scans folders by labels that the store has given: those must be of the folders that are meant.
async fn expect_our_labels(hospital: &Hospital, store: &Store, trust: &Trust) -> anyhow::Result<()> {
    for n in [0, hospital.size.folders / 2, hospital.size.folders.saturating_sub(1)] {
        let row = hospital.volume(n);
        let label = hospital::label(n);
        let found = store.volume(trust, &label).await.context("looking a folder up")?;
        let right = |found: &VolumeRecord| {
            found.brief.number == row.hospital_number && found.brief.volume == row.volume
        };
        anyhow::ensure!(found.as_ref().is_some_and(right), "{label} was given to another folder");
    }
    Ok(())
}
