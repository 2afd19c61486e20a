//! Clinic lists: a row is somebody expected at a clinic, or that nobody is. All of a clinic's day stand together, since a later list of
//! that day supersedes the whole of an earlier one.

use std::collections::HashMap;

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};

use super::cells::{Cells, Reason, date, shortened};
use super::{Chunk, FileProblem, MAX_PIECE_ROWS, Origin, Rejected};
use crate::clock::Timestamp;
use crate::domain::clinic_list::{MAX_LISTED, working_day_before};
use crate::domain::import::{AppointmentRow, Expected, Lists, Piece, Told};
use crate::domain::place::Code;

/// Reads one row.
pub(super) fn appointment(cells: &Cells<'_>, zone: &TimeZone) -> Result<AppointmentRow, Reason> {
    let cell = cells.get("starts_at").ok_or("starts at is empty: write 2026-11-23 14:00")?;
    let (day, starts_at, expected) = if let Some(day) = date(cell).filter(|_| is_nobody(cells)) {
        (day, Timestamp::beginning_of(day, zone), None)
    } else {
        let (day, starts_at) = moment("starts at", cell, zone)?;
        (day, starts_at, Some(expected(cells)?))
    };
    Ok(AppointmentRow {
        clinic: cells.needed("clinic")?,
        day,
        starts_at,
        wanted_from: Timestamp::beginning_of(working_day_before(day), zone),
        expected,
    })
}

/// Whether a row names no patient. With a day alone it says that nobody is expected then: so a clinic that was cancelled
/// is told. With a time it is a booking whose patient was left out.
fn is_nobody(cells: &Cells<'_>) -> bool {
    cells.get("site").is_none() && cells.get("hospital_number").is_none()
}

fn expected(cells: &Cells<'_>) -> Result<Expected, Reason> {
    Ok(Expected {
        site: cells.needed("site")?,
        hospital_number: cells.needed("hospital_number")?,
        consultant: cells.line("consultant")?,
    })
}

/// A time, by the hospital's clocks unless it says by which: `2026-11-23 14:00`, `23/11/2026 14:00`,
/// `2026-11-23T14:00:00Z`. The hour that comes twice in autumn is the first of the two.
fn moment(column: &str, cell: &str, zone: &TimeZone) -> Result<(Date, Timestamp), Reason> {
    if let Ok(at) = cell.parse::<jiff::Timestamp>() {
        return Ok((zone.to_datetime(at).date(), Timestamp::from_jiff(at)));
    }
    let wrong = || format!("{column} {} is no time: write 2026-11-23 14:00", shortened(cell));
    let (day, time) = cell.split_once(['T', ' ']).ok_or_else(wrong)?;
    let day = date(day).ok_or_else(wrong)?;
    let local = DateTime::from_parts(day, clock(time.trim()).ok_or_else(wrong)?);
    let instant = zone.to_ambiguous_timestamp(local);
    if matches!(instant.offset(), AmbiguousOffset::Gap { .. }) {
        return Err(format!("{column} {cell}: that day the clocks go forward over this hour"));
    }
    let at = instant.compatible().map_err(|_| wrong())?;
    Ok((day, Timestamp::from_jiff(at)))
}

/// The same; a day alone is its beginning.
pub(super) fn moment_or_day(column: &str, cell: &str, zone: &TimeZone) -> Result<Timestamp, Reason> {
    match date(cell) {
        Some(day) => Ok(Timestamp::beginning_of(day, zone)),
        None => moment(column, cell, zone).map(|(_, at)| at),
    }
}

/// `14:00` or `14:00:00`.
fn clock(text: &str) -> Option<Time> {
    let parts: Vec<i8> = text.split(':').map(str::parse).collect::<Result<_, _>>().ok()?;
    match *parts.as_slice() {
        [hour, minute] => Time::new(hour, minute, 0, 0).ok(),
        [hour, minute, second] => Time::new(hour, minute, second, 0).ok(),
        _ => None,
    }
}

type Placed = (AppointmentRow, Origin);

/// The same rows, each clinic's day whole and in one piece. A file with a row that cannot be read withdraws nothing:
/// nobody knows whose row it was.
pub(super) fn day_by_day(
    chunks: impl Iterator<Item = Result<Chunk, FileProblem>>,
    told: Told,
) -> Result<Vec<Chunk>, FileProblem> {
    let mut days: Vec<Vec<Placed>> = Vec::new();
    let mut known: HashMap<(Code, Date), usize> = HashMap::new();
    let mut rejected = Vec::new();
    for chunk in chunks {
        let chunk = chunk?;
        rejected.extend(chunk.rejected);
        let Piece::Appointments(lists) = chunk.piece else { continue };
        for placed in lists.rows.into_iter().zip(chunk.origins) {
            let at = *known.entry((placed.0.clinic.clone(), placed.0.day)).or_insert(days.len());
            match days.get_mut(at) {
                Some(day) if day.len() >= MAX_LISTED => rejected.push(too_many(placed.1)),
                Some(day) => day.push(placed),
                None => days.push(vec![placed]),
            }
        }
    }
    let told = if rejected.is_empty() { told } else { Told::Part };
    let mut pieces: Vec<Vec<Placed>> = vec![Vec::new()];
    for day in days {
        match pieces.last_mut() {
            Some(piece) if piece.len() + day.len() <= MAX_PIECE_ROWS => piece.extend(day),
            Some(_) | None => pieces.push(day),
        }
    }
    let mut chunks: Vec<Chunk> = pieces.into_iter().map(|piece| chunk(piece, told)).collect();
    if let Some(first) = chunks.first_mut() {
        first.rejected = rejected;
    }
    Ok(chunks)
}

fn chunk(piece: Vec<Placed>, told: Told) -> Chunk {
    let (rows, origins) = piece.into_iter().unzip();
    Chunk { piece: Piece::Appointments(Lists { rows, told }), origins, rejected: Vec::new() }
}

fn too_many(origin: Origin) -> Rejected {
    let reason =
        format!("more than {MAX_LISTED} patients on one clinic's day: give its parts codes of their own");
    Rejected { origin, reason }
}
