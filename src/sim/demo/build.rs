//! Making the demo's data through the store's own door.

use std::path::Path;

use anyhow::Context as _;
use tokio::sync::oneshot;

use crate::clock::Clock;
use crate::domain::command::Command;
use crate::domain::import::RowResult;
use crate::live::Live;
use crate::sim::hospital::{self, Hospital, SITE};
use crate::sim::month::Month;
use crate::store::{DeskStand, Options, Store, Trust, VolumeRecord};

/// Commands sent before their outcomes are waited for: half of what may wait for the writer.
const IN_FLIGHT: usize = crate::store::MAX_WAITING_COMMANDS / 2;

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
        clock: clock.clone(),
        live: Live::default(),
    };
    let store = Store::open(options).context("opening the demo's store")?;
    for piece in hospital.pieces() {
        for row in store.import(&trust, piece).await.context("importing the hospital")? {
            if let RowResult::Rejected(why) = row {
                anyhow::bail!("a row of the hospital was not taken: {why}");
            }
        }
    }
    expect_our_labels(hospital, &store, &trust).await?;
    let time_zone = jiff::tz::TimeZone::get("Europe/London").context("the hospital's time zone")?;
    let month = Month::before(hospital, clock.now(), &time_zone);
    let directory = store.directory().borrow().clone();
    tell(&store, month.commands(hospital, &directory)?).await?;
    store.stop().await;
    Ok(Built { month })
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

async fn tell(store: &Store, commands: Vec<Command>) -> anyhow::Result<()> {
    let way = store.commands();
    let mut commands = commands.into_iter().peekable();
    while commands.peek().is_some() {
        let mut waiting = Vec::with_capacity(IN_FLIGHT);
        for command in commands.by_ref().take(IN_FLIGHT) {
            let (reply, outcome) = oneshot::channel();
            way.send((command, reply)).await.context("the store has stopped")?;
            waiting.push(outcome);
        }
        for outcome in waiting {
            outcome.await.context("the store has stopped")?.context("a scan of the last month")?;
        }
    }
    Ok(())
}
