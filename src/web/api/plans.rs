//! `GET volumes/{barcode}/search-plan`: where to look for it, in which order, and why; with the whole set.

use axum::Json;
use axum::extract::Path;
use serde::{Deserialize, Serialize};

use super::shape::{Movement, Place, Volume, listed, movement, place, volume};
use super::{Query, volume_named};
use crate::clock::Timestamp;
use crate::domain::directory::Directory;
use crate::jobs::locating::{Learning, LineShown, PlanShown, Share, Sought};
use crate::locate::By;
use crate::store::locating::{Called, WholeSet};
use crate::web::auth::Searcher;
use crate::web::error::Failure;

/// What the searcher wants least of.
#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq, Debug, Default)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// As few places as possible.
    #[default]
    FewestPlaces,
    /// As few minutes as possible.
    LeastWalking,
}

impl From<Order> for By {
    fn from(order: Order) -> Self {
        match order {
            Order::FewestPlaces => Self::FewestPlaces,
            Order::LeastWalking => Self::LeastWalking,
        }
    }
}

impl From<By> for Order {
    fn from(by: By) -> Self {
        match by {
            By::FewestPlaces => Self::FewestPlaces,
            By::LeastWalking => Self::LeastWalking,
        }
    }
}

/// Which plan is wanted.
#[derive(Deserialize, Default)]
pub struct Asked {
    /// Its order.
    #[serde(default)]
    by: Order,
}

impl Asked {
    /// What the searcher wants least of.
    pub fn by(&self) -> By {
        self.by.into()
    }
}

/// A plan.
#[derive(Serialize, Clone, PartialEq, Debug)]
pub struct Plan {
    volume: Volume,
    at: Timestamp,
    by: Order,
    learning: &'static str,
    there: f64,
    lines: Vec<PlanLine>,
    shares: Vec<PlanShare>,
    lost: f64,
    looks: Vec<PlanLook>,
    set: Set,
}

/// One look of a plan.
#[derive(Serialize, Clone, PartialEq, Debug)]
struct PlanLine {
    spot: String,
    name: String,
    building: String,
    place: Option<Place>,
    phone: Option<String>,
    visit: u32,
    chance: f64,
    band: &'static str,
    minutes: f64,
    detection: f64,
    reasons: Vec<String>,
}

/// How far one gets with the first looks.
#[derive(Serialize, Clone, PartialEq, Debug)]
struct PlanShare {
    looks: usize,
    chance: f64,
    band: &'static str,
    minutes: f64,
}

/// A look that was made.
#[derive(Serialize, Clone, PartialEq, Debug)]
struct PlanLook {
    spot: String,
    result: &'static str,
    at: Timestamp,
}

/// What belongs to the folder.
#[derive(Serialize, Clone, PartialEq, Debug)]
struct Set {
    volumes: Vec<Volume>,
    numbers: Vec<String>,
    movements: Vec<Movement>,
    neighbours: Vec<Volume>,
    next_appointment: Option<Appointment>,
}

/// An appointment of the patient.
#[derive(Serialize, Clone, PartialEq, Debug)]
struct Appointment {
    starts_at: Timestamp,
    clinic: Option<Place>,
    consultant: Option<String>,
}

/// Where to look for the volume.
pub async fn get(
    searcher: Searcher,
    Path(barcode): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Json<Plan>, Failure> {
    let record = volume_named(&searcher, &barcode).await?;
    let found = searcher.locating().plan(Sought::Volume(record.brief.id), asked.by()).await?;
    let found = found.ok_or(Failure::NoSuch { what: "volume", name: barcode })?;
    Ok(Json(plan(&searcher.directory(), &found)))
}

/// A plan as the interface writes it.
pub fn plan(directory: &Directory, shown: &PlanShown) -> Plan {
    let looks = shown.search.iter().flat_map(|search| &search.looks).map(|look| PlanLook {
        spot: look.spot.told(directory, |_| None),
        result: look.result.word(),
        at: look.at,
    });
    Plan {
        volume: volume(directory, &shown.set.record),
        at: shown.at,
        by: shown.by.into(),
        learning: learning(shown.learning),
        there: shown.there,
        lines: shown.lines.iter().map(|one| line(directory, one)).collect(),
        shares: shown.shares.iter().map(share).collect(),
        lost: shown.lost,
        looks: looks.collect(),
        set: set(directory, &shown.set),
    }
}

const fn learning(learning: Learning) -> &'static str {
    match learning {
        Learning::Ready => "ready",
        Learning::Reading { .. } => "reading",
        Learning::NotYet => "not-yet",
    }
}

fn line(directory: &Directory, line: &LineShown) -> PlanLine {
    PlanLine {
        spot: line.code.clone(),
        name: line.name.clone(),
        building: line.building.clone(),
        place: line.place.and_then(|id| place(directory, id)),
        phone: line.phone.clone(),
        visit: line.visit,
        chance: line.chance,
        band: line.band,
        minutes: line.minutes,
        detection: line.detect,
        reasons: line.reasons.clone(),
    }
}

const fn share(share: &Share) -> PlanShare {
    PlanShare { looks: share.looks, chance: share.chance, band: share.band, minutes: share.minutes }
}

fn set(directory: &Directory, set: &WholeSet) -> Set {
    Set {
        volumes: set.folders.iter().map(|record| listed(directory, record)).collect(),
        numbers: set.numbers.iter().map(ToString::to_string).collect(),
        movements: set.movements.iter().map(|record| movement(directory, record)).collect(),
        neighbours: set.neighbours.iter().map(|record| listed(directory, record)).collect(),
        next_appointment: set.next_appointment.as_ref().map(|called| appointment(directory, called)),
    }
}

fn appointment(directory: &Directory, called: &Called) -> Appointment {
    Appointment {
        starts_at: called.starts_at,
        clinic: place(directory, called.clinic),
        consultant: called.consultant.as_ref().map(|of| of.name.clone()),
    }
}
