//! The visible files of a simulated hospital, as typed events in the order in which they were learned.

use std::path::Path;

use anyhow::{Context, anyhow};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::clock::{DAY_US, Timestamp};
use crate::domain::VolumeId;
use crate::locate::{
    Appointment, Cell, ConsultantIx, Digits, Effort, Filing, Ground, Library, Mode, Order, Owned, PlaceFacts,
    PlaceIx, Role, ShelfLooks,
};

/// An outpatient folder is called so long before the appointment.
const OUTPATIENT_LEAD_US: i64 = 2 * DAY_US;
/// The library, its returns area, coding and the off-site store come first; the pick lists begin after them.
const LISTED_FROM: u32 = 4;

/// A movement of the files.
#[derive(Clone, Copy, Debug)]
pub struct Movement {
    /// Which folder.
    pub folder: usize,
    /// Where it is tracked since.
    pub to: PlaceIx,
    /// Where it was scanned.
    pub station: PlaceIx,
    /// How.
    pub mode: Mode,
    /// Its batch.
    pub batch: Option<u64>,
}

/// A request whose first look failed.
#[derive(Clone, Copy, Debug)]
pub struct Incident {
    /// Its number.
    pub id: u64,
    /// Which folder.
    pub folder: usize,
    /// Where that look was.
    pub tracked: PlaceIx,
    /// Who asks.
    pub asking: ConsultantIx,
    /// Whether a plan is wanted.
    pub is_tested: bool,
}

/// Where a folder was found.
#[derive(Clone, Copy, Debug)]
pub struct Outcome {
    /// Which incident ended.
    pub incident: u64,
    /// Where.
    pub cell: Cell,
}

/// Something that was learned. Of one second, appointments come first, incidents last.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// An appointment of a folder's patient.
    Appointment(usize, Appointment),
    /// A movement.
    Movement(Movement),
    /// The end of a search.
    Outcome(Outcome),
    /// The begin of one.
    Incident(Incident),
}

/// All that a hospital would see.
pub struct Files {
    /// Its places.
    pub ground: Ground,
    /// The number of each folder.
    pub folders: Vec<Digits>,
    /// What was learned, and when.
    pub events: Vec<(Timestamp, Event)>,
}

#[derive(Deserialize)]
struct Meta {
    numeric: String,
}

#[derive(Deserialize)]
struct PlaceRow {
    loc_id: u32,
    kind: String,
    look_minutes: f64,
    look_detect: f64,
}

#[derive(Deserialize)]
struct ShelfRow {
    look: String,
    look_minutes: f64,
    look_detect: f64,
}

#[derive(Deserialize)]
struct ConsultantRow {
    #[serde(rename = "clinic_loc")]
    clinic: u32,
    #[serde(rename = "secretary_loc")]
    secretary: u32,
    #[serde(rename = "office_loc")]
    office: u32,
    #[serde(rename = "ward_loc")]
    ward: u32,
}

#[derive(Deserialize)]
struct FolderRow {
    number: String,
}

#[derive(Deserialize)]
struct MovementRow {
    at: String,
    note_id: usize,
    to_loc: u32,
    station_loc: u32,
    mode: String,
    batch_id: Option<u64>,
}

#[derive(Deserialize)]
struct AppointmentRow {
    known_at: String,
    at: String,
    note_id: usize,
    cons_id: u32,
    kind: String,
}

#[derive(Deserialize)]
struct IncidentRow {
    incident_id: u64,
    note_id: usize,
    asked_at: String,
    tracked_loc: u32,
    cons_id: u32,
    split: String,
}

#[derive(Deserialize)]
struct OutcomeRow {
    incident_id: u64,
    found_at: String,
    cell: String,
}

impl Files {
    /// Reads the visible files of `dir`.
    pub fn read(dir: &Path) -> anyhow::Result<Self> {
        let meta = std::fs::read_to_string(dir.join("meta.json")).context("meta.json")?;
        let meta: Meta = serde_json::from_str(&meta).context("meta.json")?;
        let filing = if meta.numeric == "straight" { Filing::Straight } else { Filing::TerminalDigit };
        let folders: Vec<FolderRow> = rows(dir, "casenotes.csv")?;
        let folders: Vec<Digits> = folders
            .iter()
            .map(|row| row.number.parse())
            .collect::<Result<_, _>>()
            .context("casenotes.csv")?;
        let order = Order::new(filing, folders.iter().copied());
        let ground = ground(dir, order)?;
        let events = events(dir, &ground)?;
        Ok(Self { ground, folders, events })
    }
}

fn rows<T: DeserializeOwned>(dir: &Path, name: &str) -> anyhow::Result<Vec<T>> {
    let mut reader = csv::Reader::from_path(dir.join(name)).with_context(|| name.to_owned())?;
    reader.deserialize().collect::<Result<_, _>>().with_context(|| name.to_owned())
}

/// A time of the files: local, without an offset, as if it were UTC.
pub fn local(text: &str) -> anyhow::Result<Timestamp> {
    Ok(format!("{text}Z").parse()?)
}

fn ground(dir: &Path, order: Order) -> anyhow::Result<Ground> {
    let rows_of_places: Vec<PlaceRow> = rows(dir, "locations.csv")?;
    let roles: Vec<(u32, Role)> =
        rows_of_places.iter().map(|row| Ok((row.loc_id, role(&row.kind)?))).collect::<anyhow::Result<_>>()?;
    let facts = rows_of_places.iter().zip(&roles).map(|(row, (place, role))| PlaceFacts {
        role: *role,
        look: Effort::new(row.look_minutes, row.look_detect),
        beside: beside(&roles, *place, *role),
    });
    let first =
        |wanted: Role| roles.iter().find(|(_, role)| *role == wanted).map(|(place, _)| PlaceIx::new(*place));
    let library = Library {
        place: first(Role::Library).ok_or_else(|| anyhow!("locations.csv has no library"))?,
        returns: first(Role::Returns),
        coding: first(Role::Coding),
        order,
        looks: shelf_looks(&rows(dir, "shelf_looks.csv")?),
    };
    let consultants: Vec<ConsultantRow> = rows(dir, "consultants.csv")?;
    let owned = consultants.iter().map(|row| Owned {
        clinic: Some(PlaceIx::new(row.clinic)),
        secretary: Some(PlaceIx::new(row.secretary)),
        office: Some(PlaceIx::new(row.office)),
        ward: Some(PlaceIx::new(row.ward)),
    });
    Ok(Ground::new(facts.collect(), owned.collect(), vec![library]))
}

fn role(kind: &str) -> anyhow::Result<Role> {
    Ok(match kind {
        "LIB" => Role::Library,
        "CLIN" => Role::Clinic,
        "WARD" => Role::Ward,
        "SEC" => Role::Secretary,
        "OFF" => Role::Office,
        "COD" => Role::Coding,
        "OFFS" => Role::Offsite,
        "MISC" => Role::Other,
        "RET" => Role::Returns,
        _ => return Err(anyhow!("locations.csv: \"{kind}\" is no kind of place")),
    })
}

/// The pick lists are in the order of the places, one for each role.
fn beside(roles: &[(u32, Role)], place: u32, role: Role) -> [Option<PlaceIx>; 2] {
    let listed = |at: Option<u32>| {
        let at = at.filter(|at| *at >= LISTED_FROM && place >= LISTED_FROM)?;
        roles.contains(&(at, role)).then(|| PlaceIx::new(at))
    };
    [listed(place.checked_sub(1)), listed(place.checked_add(1))]
}

fn shelf_looks(rows: &[ShelfRow]) -> ShelfLooks {
    let look = |name: &str, usual: Effort| {
        let row = rows.iter().find(|row| row.look == name);
        row.map_or(usual, |row| Effort::new(row.look_minutes, row.look_detect))
    };
    let usual = ShelfLooks::USUAL;
    ShelfLooks {
        own: look("own", usual.own),
        shelf: look("shelf", usual.shelf),
        next: look("adj", usual.next),
        slot: look("num", usual.slot),
        folder: look("batch", usual.folder),
        boxed: usual.boxed,
        section: look("sect", usual.section),
        rest: look("rest", usual.rest),
    }
}

fn events(dir: &Path, ground: &Ground) -> anyhow::Result<Vec<(Timestamp, Event)>> {
    let mut events: Vec<(Timestamp, u8, Event)> = Vec::new();
    for row in rows::<AppointmentRow>(dir, "appointments.csv")? {
        events.push((local(&row.known_at)?, 0, appointment(ground, &row)?));
    }
    for row in rows::<MovementRow>(dir, "movements.csv")? {
        let movement = Movement {
            folder: row.note_id,
            to: PlaceIx::new(row.to_loc),
            station: PlaceIx::new(row.station_loc),
            mode: if row.mode == "in" { Mode::In } else { Mode::Out },
            batch: row.batch_id,
        };
        events.push((local(&row.at)?, 1, Event::Movement(movement)));
    }
    for row in rows::<OutcomeRow>(dir, "outcomes.csv")? {
        let outcome = Outcome { incident: row.incident_id, cell: cell(&row.cell)? };
        events.push((local(&row.found_at)?, 2, Event::Outcome(outcome)));
    }
    for row in rows::<IncidentRow>(dir, "incidents.csv")? {
        let incident = Incident {
            id: row.incident_id,
            folder: row.note_id,
            tracked: PlaceIx::new(row.tracked_loc),
            asking: ConsultantIx::new(row.cons_id),
            is_tested: row.split == "test",
        };
        events.push((local(&row.asked_at)?, 3, Event::Incident(incident)));
    }
    events.sort_by_key(|(at, rank, _)| (*at, *rank));
    Ok(events.into_iter().map(|(at, _, event)| (at, event)).collect())
}

fn appointment(ground: &Ground, row: &AppointmentRow) -> anyhow::Result<Event> {
    let consultant = ConsultantIx::new(row.cons_id);
    let owned = ground.owned(consultant);
    let at = local(&row.at)?;
    let (calls, to) =
        if row.kind == "OP" { (at.plus_micros(-OUTPATIENT_LEAD_US), owned.clinic) } else { (at, owned.ward) };
    Ok(Event::Appointment(row.note_id, Appointment { calls, consultant: Some(consultant), to }))
}

fn cell(text: &str) -> anyhow::Result<Cell> {
    let unknown = || anyhow!("outcomes.csv: \"{text}\" is no cell");
    Ok(match text {
        "L:own" => Cell::OwnSlot,
        "L:shelf" => Cell::OwnShelf,
        "L:adj" => Cell::NextShelves,
        "L:sect" => Cell::Section,
        "L:rest" => Cell::Library,
        "X" => Cell::Lost,
        _ => {
            let (kind, rest) = text.split_once(':').ok_or_else(unknown)?;
            match (kind, rest.strip_prefix('n')) {
                ("D", _) => Cell::Place(PlaceIx::new(rest.parse()?)),
                ("B", _) => Cell::InFolder(VolumeId::new(rest.parse()?)),
                ("L", Some(number)) => Cell::Slot(number.parse()?),
                _ => return Err(unknown()),
            }
        }
    })
}
