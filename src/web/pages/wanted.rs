//! `GET /wanted`: the clinics of today and the next working day, and how far their folders are; with a clinic and a day,
//! its list: what has still to come in, what is put aside, what is there.

use askama::Template;
use axum::response::Response;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::Shell;
use super::ring::Ring;
use super::whereabouts::{Words, folder_title, look, patient_name};
use crate::clock::Timestamp;
use crate::desk::signal;
use crate::domain::clinic_list::{OLD_US, Readiness, working_day_after};
use crate::domain::place::Place;
use crate::store::VolumeRecord;
use crate::store::clinic_lists::{ClinicDay, Listed, WantedLists};
use crate::web::api::Query;
use crate::web::api::places::place_named;
use crate::web::auth::Viewer;
use crate::web::error::{Failure, render};
use crate::web::figures::counted;
use crate::web::{urls, when};

/// The clinics.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "wanted.html")]
pub struct WantedPage {
    shell: Shell,
    /// `today and Monday`.
    days: String,
    /// How old the lists are, where that is to be said.
    warning: Vec<String>,
    lead: String,
    clinics: Vec<Clinic>,
}

/// A clinic's day.
struct Clinic {
    url: String,
    name: String,
    begins: String,
    patients: String,
    to_come: u32,
    put_aside: u32,
    there: u32,
    /// `ready`, or `unsure` while something is to be done.
    class: &'static str,
}

/// One clinic's list.
#[derive(Template)]
#[template(config = "src/web/askama.toml", path = "wanted_list.html")]
pub struct ListPage {
    shell: Shell,
    name: String,
    place: String,
    day: String,
    warning: Vec<String>,
    rings: Vec<Ring>,
    lead: String,
    parts: Vec<Part>,
}

/// Folders that stand alike.
struct Part {
    id: &'static str,
    title: &'static str,
    short: &'static str,
    rows: Vec<Row>,
}

/// One folder of a list.
struct Row {
    time: String,
    url: String,
    title: String,
    patient: String,
    consultant: String,
    words: String,
    class: &'static str,
    since: String,
}

/// Which list is wanted.
#[derive(Deserialize)]
pub struct Which {
    clinic: Option<String>,
    day: Option<String>,
}

/// The clinics, or the list of one.
pub async fn get(viewer: Viewer, Query(which): Query<Which>) -> Result<Response, Failure> {
    let directory = viewer.directory();
    let words = Words { directory: &directory, now: viewer.now(), zone: viewer.time_zone() };
    let (until, last) = end_of_next_working_day(words.now, words.zone);
    let lists = viewer.store().wanted(viewer.trust(), words.now, until).await?;
    let day: Option<Date> = which.day.map(|day| day.parse()).transpose().map_err(|_| which_day())?;
    let Some(clinic) = which.clinic else {
        return Ok(render(&wanted_page(Shell::new(&viewer, "Wanted"), &words, last, &lists)));
    };
    let place = place_named(&viewer, &clinic)?;
    let day = day.ok_or_else(which_day)?;
    let listed = viewer.store().clinic_day(viewer.trust(), place, day).await?;
    let place = directory.place(place).ok_or(Failure::NoSuchPage)?;
    let shell = Shell::new(&viewer, format!("Wanted for {}", place.name));
    Ok(render(&list_page(shell, &words, place, day, lists.told_at, &listed)))
}

fn which_day() -> Failure {
    Failure::Malformed("day: write 2026-11-23".to_owned())
}

/// When the next working day ends, and which day that is.
pub fn end_of_next_working_day(now: Timestamp, zone: &TimeZone) -> (Timestamp, Date) {
    let last = working_day_after(zone.to_datetime(now.to_jiff()).date());
    (Timestamp::beginning_of(last.tomorrow().unwrap_or(last), zone), last)
}

/// The page from what is known.
pub fn wanted_page(shell: Shell, words: &Words<'_>, last: Date, lists: &WantedLists) -> WantedPage {
    let clinics: Vec<_> = lists.days.iter().map(|day| clinic(words, day)).collect();
    let more = if lists.more { " More are expected than were looked at." } else { "" };
    WantedPage {
        shell,
        days: format!("today and {}", last.strftime("%A")),
        warning: warning(words, lists.told_at),
        lead: match (lists.told_at, clinics.is_empty()) {
            (None, _) => {
                "No clinic list was imported yet. With lists, a folder that comes in at a library and is \
                          wanted for a clinic is put aside there, and stands here."
                    .to_owned()
            }
            (Some(_), true) => {
                "No patient is expected. Clinics stand here as soon as a list names them.".to_owned()
            }
            (Some(told_at), false) => format!("Lists told {}.{more}", words.when(told_at)),
        },
        clinics,
    }
}

fn clinic(words: &Words<'_>, day: &ClinicDay) -> Clinic {
    let code = words.directory.place(day.clinic).map(|place| place.code.to_string()).unwrap_or_default();
    let to_come = day.to_come();
    Clinic {
        url: format!("/wanted?clinic={}&day={}", urls::segment(&code), day.day),
        name: words.name(Some(day.clinic)).to_owned(),
        begins: signal::day_and_time(day.first, words.now, words.zone),
        patients: counted(day.patients, "patient", "patients"),
        to_come,
        put_aside: day.put_aside,
        there: day.there,
        class: if to_come > 0 { "unsure" } else { "sure" },
    }
}

/// What stands on top where the lists are old.
fn warning(words: &Words<'_>, told_at: Option<Timestamp>) -> Vec<String> {
    let old = told_at.filter(|told_at| words.now.micros_since(*told_at) > OLD_US);
    old.map(|told_at| {
        let age = when::how_long(told_at, words.now);
        format!("The newest clinic list is {age} old. A folder that is on no list here may be wanted all the same.")
    })
    .into_iter()
    .collect()
}

const PARTS: [(&str, &str, &str, &[Readiness]); 3] = [
    (
        "to-come",
        "Still to come in, or to be pulled",
        "to come or pull",
        &[Readiness::ToComeIn, Readiness::NotYetSeen, Readiness::ToPull],
    ),
    ("aside", "Put aside in the library", "put aside", &[Readiness::PutAside]),
    (
        "there",
        "At the clinic, or on the way there",
        "there or on the way",
        &[Readiness::OnItsWay, Readiness::AtClinic],
    ),
];

/// The list of one clinic.
pub fn list_page(
    shell: Shell,
    words: &Words<'_>,
    clinic: &Place,
    day: Date,
    told_at: Option<Timestamp>,
    listed: &[Listed],
) -> ListPage {
    let part = |(id, title, short, kinds): (&'static str, &'static str, &'static str, &[Readiness])| {
        let rows: Vec<_> = listed
            .iter()
            .flat_map(|patient| patient.folders.iter().map(move |folder| (patient, folder)))
            .filter(|(_, (readiness, _))| kinds.contains(readiness))
            .map(|(patient, (_, folder))| row(words, patient, folder))
            .collect();
        (!rows.is_empty()).then_some(Part { id, title, short, rows })
    };
    let parts: Vec<_> = PARTS.into_iter().filter_map(part).collect();
    let without = listed.iter().filter(|patient| patient.folders.is_empty()).count();
    let without = match without {
        0 => String::new(),
        some => format!(" {} no folder here.", counted(some, "patient has", "patients have")),
    };
    ListPage {
        shell,
        name: clinic.name.clone(),
        place: urls::place(clinic.code.as_str()),
        day: day.strftime("%A %-d %B").to_string(),
        warning: warning(words, told_at),
        rings: words.ring(clinic.id),
        lead: match listed.len() {
            0 => "Nobody is on this list.".to_owned(),
            patients => format!("{} on the list.{without}", counted(patients, "patient", "patients")),
        },
        parts,
    }
}

fn row(words: &Words<'_>, patient: &Listed, folder: &VolumeRecord) -> Row {
    let (class, _, _) = look(&folder.present);
    Row {
        time: words.zone.to_datetime(patient.starts_at.to_jiff()).strftime("%H:%M").to_string(),
        url: urls::volume(folder.brief.barcode.as_str()),
        title: folder_title(&folder.brief),
        patient: patient.patient.as_ref().map(patient_name).unwrap_or_default(),
        consultant: patient.consultant.clone().unwrap_or_default(),
        words: words.short(&folder.present, folder.via),
        class,
        since: folder.present.since.map(|at| words.since_how_long(at)).unwrap_or_default(),
    }
}
