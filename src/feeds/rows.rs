//! From cells to the rows of each kind.

use jiff::tz::TimeZone;

use super::cells::{Cells, Reason, shortened};
use super::lists;
use crate::clock::Timestamp;
use crate::domain::barcode::{OwnBarcode, OwnKind};
use crate::domain::casenote::{LabelText, MAX_VOLUME};
use crate::domain::import::{
    HOSPITAL_NUMBER, MovementRow, PatientRow, Piece, PlaceRow, Restriction, StaffRow, VolumeRow,
};
use crate::domain::movement::GoneWhy;
use crate::domain::place::Code;

/// Reads one row into the piece of its kind.
pub(super) fn read_into(piece: &mut Piece, cells: &Cells<'_>, zone: &TimeZone) -> Result<(), Reason> {
    match piece {
        Piece::Places(rows) => rows.push(place(cells)?),
        Piece::Staff(rows) => rows.push(staff(cells)?),
        Piece::Patients(rows) => rows.push(patient(cells)?),
        Piece::Volumes(rows) => rows.push(volume(cells)?),
        Piece::Appointments(lists) => lists.rows.push(lists::appointment(cells, zone)?),
        Piece::Movements(rows) => rows.push(movement(cells, zone)?),
    }
    Ok(())
}

fn place(cells: &Cells<'_>) -> Result<PlaceRow, Reason> {
    let code = own_code(cells, "code")?;
    let parent = cells.said("parent", Cells::read)?;
    if parent.value() == Some(&code) {
        return Err(format!("parent {code} is the place itself: leave it empty or name the place above"));
    }
    Ok(PlaceRow {
        code,
        name: cells.said("name", Cells::line)?,
        kind: cells.said("kind", Cells::read)?,
        parent,
        phone: cells.said("phone", Cells::line)?,
        phone_out_of_hours: cells.said("phone_out_of_hours", Cells::line)?,
        open: cells.said("open", Cells::line)?,
        until: cells.said("until", Cells::date)?,
        consultants: cells.said("consultants", Cells::line)?,
    })
}

fn staff(cells: &Cells<'_>) -> Result<StaffRow, Reason> {
    Ok(StaffRow {
        badge: own_code(cells, "badge")?,
        name: cells.said("name", Cells::line)?,
        role: cells.said("role", Cells::read)?,
    })
}

/// A code that a scanner can be asked for: one of our own barcodes' form would be read as that barcode.
fn own_code(cells: &Cells<'_>, column: &str) -> Result<Code, Reason> {
    let code: Code = cells.needed(column)?;
    if code.to_string().parse::<OwnBarcode>().is_ok() {
        return Err(format!("{column} {code} has the form of a Casetrack barcode: choose another"));
    }
    if code.to_string().starts_with('~') {
        return Err(format!("{column} {code}: codes that begin with ~ are kept for the program"));
    }
    Ok(code)
}

fn patient(cells: &Cells<'_>) -> Result<PatientRow, Reason> {
    let born = cells.said("born", Cells::date)?;
    let died = cells.said("died", Cells::date)?;
    if let (Some(born), Some(died)) = (born.value(), died.value())
        && died < born
    {
        return Err(format!("died {died} is before born {born}: correct one of them"));
    }
    Ok(PatientRow {
        site: cells.needed("site")?,
        hospital_number: cells.needed("hospital_number")?,
        nhs_number: cells.said("nhs_number", Cells::read)?,
        surname: cells.said("surname", Cells::line)?,
        forename: cells.said("forename", Cells::line)?,
        born,
        died,
    })
}

fn volume(cells: &Cells<'_>) -> Result<VolumeRow, Reason> {
    let number_type = cells.read("number_type")?.map_or_else(|| HOSPITAL_NUMBER.parse(), Ok);
    Ok(VolumeRow {
        barcode: barcode(cells)?,
        site: cells.needed("site")?,
        hospital_number: cells.needed("hospital_number")?,
        number_type: number_type.map_err(|error| format!("number type: {error}"))?,
        casenote: cells.read("casenote")?,
        volume: volume_number(cells)?,
        kind: cells.said("kind", Cells::read)?,
        home: cells.said("home", Cells::read)?,
        place: cells.read("place")?,
        hold: cells.said("hold", Cells::line)?,
        restricted: cells
            .said("restricted", Cells::yes)?
            .map(|yes| if yes { Restriction::Restricted } else { Restriction::Open }),
        gone: gone(cells)?,
    })
}

fn barcode(cells: &Cells<'_>) -> Result<Option<LabelText>, Reason> {
    let barcode: Option<LabelText> = cells.read("barcode")?;
    let other = barcode
        .as_ref()
        .and_then(|label| label.as_str().parse::<OwnBarcode>().ok())
        .filter(|own| own.kind != OwnKind::Volume);
    match other {
        Some(own) => Err(format!("barcode {own} is that of a card, place, container or badge of Casetrack")),
        None => Ok(barcode),
    }
}

/// Where a folder was booked to, by the old system. A day without a time begins with it.
fn movement(cells: &Cells<'_>, zone: &TimeZone) -> Result<MovementRow, Reason> {
    let cell = cells.get("at").ok_or("at is empty: it says when the folder was moved")?;
    let at = lists::moment_or_day("at", cell, zone)?;
    if at < Timestamp::EPOCH {
        return Err(format!("at {} is before 1970, when nothing was tracked: correct it", shortened(cell)));
    }
    Ok(MovementRow {
        at,
        barcode: cells.needed("barcode")?,
        to: cells.needed("to")?,
        from: cells.read("from")?,
        by: cells.line("by")?,
    })
}

fn volume_number(cells: &Cells<'_>) -> Result<u32, Reason> {
    let Some(cell) = cells.get("volume") else { return Ok(1) };
    cell.parse()
        .ok()
        .filter(|number| (1..=MAX_VOLUME).contains(number))
        .ok_or_else(|| format!("volume {} is no number from 1 to {MAX_VOLUME}", shortened(cell)))
}

fn gone(cells: &Cells<'_>) -> Result<Option<GoneWhy>, Reason> {
    let Some(cell) = cells.get("gone") else { return Ok(None) };
    [GoneWhy::Destroyed, GoneWhy::Transferred]
        .into_iter()
        .find(|why| why.word().eq_ignore_ascii_case(cell))
        .map(Some)
        .ok_or_else(|| format!("gone {} is neither destroyed nor transferred", shortened(cell)))
}
