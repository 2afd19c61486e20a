//! Making the demo's data through the store's own door.

use std::path::Path;

use anyhow::Context as _;
use tokio::sync::oneshot;

use crate::clock::{Clock, MINUTE_US, ManualClock, Timestamp};
use crate::domain::command::Command;
use crate::domain::import::RowResult;
use crate::live::Live;
use crate::sim::hospital::{self, Hospital, SITE};
use crate::sim::month::Month;
use crate::store::{DeskStand, Options, Store, Trust, VolumeRecord};

/// Commands sent before their outcomes are waited for: half of what may wait for the writer.
const IN_FLIGHT: usize = crate::store::MAX_WAITING_COMMANDS / 2;

/// Scans of so long are told at once: well under the time after which a page calls a movement late.
const TOLD_AT_ONCE_US: i64 = 3 * MINUTE_US;
/// The hospital was imported so long before its month began.
const BEFORE_THE_MONTH_US: i64 = 60 * MINUTE_US;

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
    let time_zone = jiff::tz::TimeZone::get("Europe/London").context("the hospital's time zone")?;
    let month = Month::before(hospital, clock.now(), &time_zone);
    let first = month.steps.first().map_or(clock.now(), |step| step.at);
    // The month is learnt as it happens, not all at once today.
    let (then, hands) = Clock::manual(Timestamp::from_micros(first.micros() - BEFORE_THE_MONTH_US));
    let options = Options {
        dir: dir.to_owned(),
        trust: trust.clone(),
        desks: hospital.desks.iter().map(stand).collect(),
        clock: then,
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
    let directory = store.directory().borrow().clone();
    let commands = month.commands(hospital, &directory)?;
    let times = month.steps.iter().map(|step| step.at).collect();
    tell(&store, commands, times, &hands).await?;
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

async fn tell(
    store: &Store,
    commands: Vec<Command>,
    times: Vec<Timestamp>,
    hands: &ManualClock,
) -> anyhow::Result<()> {
    let way = store.commands();
    let mut commands = times.into_iter().zip(commands).peekable();
    while let Some((from, _)) = commands.peek() {
        let until = Timestamp::from_micros(from.micros() + TOLD_AT_ONCE_US);
        hands.set_wall(until);
        let mut waiting = Vec::with_capacity(IN_FLIGHT);
        while let Some((_, command)) = commands.next_if(|(at, _)| *at <= until && waiting.len() < IN_FLIGHT) {
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
