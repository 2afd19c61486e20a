//! Words: reasons and chances as the searcher reads them.

use std::fmt::Write;

use super::cell::Slip;
use super::filing::Misread;
use super::ground::{ConsultantIx, PlaceIx};
use super::reasons::{Company, Of, Reason};
use super::ties::Tie;
use crate::clock::Timestamp;
use crate::domain::VolumeId;

/// No chance above this is shown: real hospitals were never as sure as the counts (facts 4.3).
pub const MOST_SHOWN: f64 = 0.85;

/// What a chance is shown as: never more than [`MOST_SHOWN`].
pub const fn shown(chance: f64) -> f64 {
    chance.clamp(0.0, MOST_SHOWN)
}

/// A chance as a band that a person can weigh.
pub fn band(chance: f64) -> &'static str {
    const BANDS: [(f64, &str); 9] = [
        (0.71, "about 3 in 4"),
        (0.58, "about 2 in 3"),
        (0.42, "about 1 in 2"),
        (0.29, "about 1 in 3"),
        (0.225, "about 1 in 4"),
        (0.15, "about 1 in 5"),
        (0.075, "about 1 in 10"),
        (0.035, "about 1 in 20"),
        (0.015, "about 1 in 50"),
    ];
    BANDS.iter().find(|(least, _)| chance >= *least).map_or("less than 1 in 50", |(_, words)| words)
}

/// What things are called.
pub struct Names<'a> {
    /// A place.
    pub place: &'a dyn Fn(PlaceIx) -> String,
    /// A consultant.
    pub consultant: &'a dyn Fn(ConsultantIx) -> String,
    /// The number on a folder.
    pub volume: &'a dyn Fn(VolumeId) -> String,
    /// A day.
    pub day: &'a dyn Fn(Timestamp) -> String,
}

/// A reason as one plain sentence.
pub fn words(reason: &Reason, names: &Names) -> String {
    let place = |place: &PlaceIx| (names.place)(*place);
    match reason {
        Reason::Overlooked { at, found } => overlooked(&place(at), *found),
        Reason::HandedOn { from, to, times } => {
            format!(
                "{} passes folders to {} without a scan: {} lately.",
                place(from),
                place(to),
                times_of(*times)
            )
        }
        Reason::GoesNext { from, to, times, scanned_percent } => {
            let (from, to) = (place(from), place(to));
            format!(
                "Folders go from {from} to {to}: {} lately. {to} scans about {scanned_percent} of 100 it receives.",
                times_of(*times)
            )
        }
        Reason::TwoHops { from, via: Some(via), to, days } => {
            let (from, via, to) = (place(from), place(via), place(to));
            format!("Folders go from {from} by {via} to {to}; {}.", last_scan(*days))
        }
        Reason::TwoHops { from, via: None, to, days } => {
            let (from, to) = (place(from), place(to));
            format!("Folders go from {from} to {to} in two steps; {}.", last_scan(*days))
        }
        Reason::GoneOn { from, days: Some(days) } => {
            let (age, from) = (days_of(*days), place(from));
            format!("The last scan is {age} old: by then folders have mostly left {from}.")
        }
        Reason::GoneOn { from, days: None } => {
            format!("Nobody has ever scanned it: in time folders mostly leave {}.", place(from))
        }
        Reason::NeverLeft { from } => format!("It was at {} before and may never have left.", place(from)),
        Reason::StillAt { station } => {
            format!("It was scanned out at {} and may still wait there.", place(station))
        }
        Reason::OnShelf { since, found } => {
            let since = since.map(|at| format!(" since {}", (names.day)(at))).unwrap_or_default();
            with_count(format!("It may stand on its own shelf{since}"), *found, "missing")
        }
        Reason::ToBeFiled { days, found } => {
            let last = days.map(|days| format!("Last scanned {} ago", days_of(days)));
            let last = last.unwrap_or_else(|| "Scanned by nobody yet".to_owned());
            with_count(format!("{last}, it may have come back and wait to be filed"), *found, "missing")
        }
        Reason::Misfiled { slip, misread, found } => {
            with_count(misfiled(*slip, *misread), *found, "misfiled")
        }
        Reason::InsideNeighbour { volume } => format!(
            "It may be inside folder {}: they came back together and are neighbours on the shelf.",
            (names.volume)(*volume)
        ),
        Reason::Belongs { tie, consultant, called } => {
            belongs(*tie, consultant.map(|consultant| (names.consultant)(consultant)), called.map(names.day))
        }
        Reason::Together { company, there } => together(*company, *there),
        Reason::BeenThere { times } => format!("It has been here {} before.", times_of(*times)),
        Reason::WrongCode { picked } => {
            format!(
                "The code beside that of {} in the list: the wrong one is picked now and then.",
                place(picked)
            )
        }
        Reason::FoundBefore { from, found } => format!(
            "{} of the last {} folders missing from {} {} found here.",
            found.some,
            found.all,
            place(from),
            was(found.some)
        ),
        Reason::HidingPlace { found } => {
            format!(
                "{found} missing {} found here lately.",
                if *found == 1 { "folder was" } else { "folders were" }
            )
        }
    }
}

fn overlooked(at: &str, found: Of) -> String {
    if found.some == 0 {
        return format!("It may have been overlooked at {at}: look inside other folders and in boxes too.");
    }
    format!(
        "Often still at {at}: {} of the last {} folders missing from there {} there all the same.",
        found.some,
        found.all,
        was(found.some)
    )
}

fn misfiled(slip: Slip, misread: Option<Misread>) -> String {
    match (slip, misread) {
        (_, Some(Misread::Swapped(at))) => {
            format!("It may be filed with digits {} and {} swapped", u32::from(at) + 1, u32::from(at) + 2)
        }
        (_, Some(Misread::LookAlike(at))) => {
            format!("It may be filed with digit {} taken for one that looks alike", u32::from(at) + 1)
        }
        (Slip::Own, None) => "It may stand a few places from its slot, or inside a folder beside".to_owned(),
        (Slip::Shelf, None) => "It may stand on its own shelf, further from its slot".to_owned(),
        (Slip::Next, None) => "It may stand on a shelf beside".to_owned(),
        (Slip::InFolder, None) => "It may be inside another folder".to_owned(),
        (Slip::Section, None) => "It may stand elsewhere in its section".to_owned(),
        (Slip::Swapped | Slip::LookAlike | Slip::Anywhere, None) => {
            "It may be filed anywhere in the library".to_owned()
        }
    }
}

fn belongs(tie: Tie, consultant: Option<String>, called: Option<String>) -> String {
    let what = match tie {
        Tie::Secretary => "Secretary",
        Tie::Office => "Office",
        Tie::Clinic => "Clinic",
        Tie::Ward => "Ward",
        Tie::Coding => "Coding",
        Tie::Returns => "Returns area",
        Tie::Library => "Library",
        Tie::Other => "Place",
    };
    let mut words = what.to_owned();
    if let Some(consultant) = consultant {
        let _ = write!(words, " of {consultant}");
    }
    match called {
        Some(day) => {
            let _ = write!(words, ", for whose appointment it was last called ({day}).");
        }
        None => words.push_str(", who sees this patient too."),
    }
    words
}

fn together(company: Company, there: Of) -> String {
    let Of { some, all } = there;
    match company {
        Company::Batch => format!("{some} of {all} folders scanned in the same batch turned up here."),
        Company::Crate => format!("{some} of {all} folders from the same container turned up here."),
        Company::Siblings if all == 1 => "The other volume of this casenote is here.".to_owned(),
        Company::Siblings => format!("{some} of {all} other volumes of this casenote are here."),
    }
}

fn with_count(begin: String, found: Of, what: &str) -> String {
    let Of { some, all } = found;
    if some == 0 {
        begin + "."
    } else {
        format!("{begin}: {some} of {all} {what} folders {} found so.", was(some))
    }
}

fn was(count: u32) -> &'static str {
    if count == 1 { "was" } else { "were" }
}

fn times_of(times: u32) -> String {
    if times == 1 { "once".to_owned() } else { format!("{times} times") }
}

fn last_scan(days: Option<u32>) -> String {
    days.map_or_else(
        || "nobody has ever scanned it".to_owned(),
        |days| format!("the last scan is {} old", days_of(days)),
    )
}

fn days_of(days: u32) -> String {
    match days {
        0 => "less than a day".to_owned(),
        1 => "1 day".to_owned(),
        days => format!("{days} days"),
    }
}
