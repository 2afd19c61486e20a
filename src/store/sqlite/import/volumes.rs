//! Volumes with their casenotes and labels.

use rusqlite::{Connection, named_params};

use super::super::codec::{VolumeRow as Known, number_in, subject_key};
use super::super::core::Core;
use super::super::find::{self, one};
use super::super::trouble::Res;
use super::act::{self, Hold, Wanted};
use super::people;
use super::{Applied, each};
use crate::domain::barcode::{OwnBarcode, OwnKind};
use crate::domain::casenote::{LabelText, MAX_VOLUME, VolumeKind};
use crate::domain::import::{Restriction, RowResult, Said, VolumeRow};
use crate::domain::movement::{Change, GoneWhy, How, NewMovement, Role, Subject};
use crate::domain::patient::Number;
use crate::domain::place::PlaceKind;
use crate::domain::{PlaceId, VolumeId};

const CASENOTE: &str = "SELECT key, patient FROM casenote WHERE number = :number AND site = :site
    AND number_type = :number_type";
const INSERT_CASENOTE: &str = "INSERT INTO casenote (number, site, number_type, patient)
    VALUES (:number, :site, :number_type, :patient)";
const ONE_MORE: &str = "UPDATE casenote SET volumes = volumes + 1 WHERE key = :casenote";
const VOLUME: &str = "SELECT key FROM volume WHERE casenote = :casenote AND number = :number";
const LAST_VOLUME: &str = "SELECT ifnull(max(key), 0) FROM volume";
const INSERT_VOLUME: &str = "INSERT INTO volume (key, casenote, number, kind, barcode, home)
    VALUES (:key, :casenote, :number, :kind, :barcode, :home)";
const SET_VOLUME: &str = "UPDATE volume SET kind = :kind, home = :home WHERE key = :key";
const INSERT_LABEL: &str = "INSERT INTO label (text, volume) VALUES (:text, :volume)";
const EVER_GONE: &str = "SELECT 1 FROM movement WHERE subject = :subject AND kind = 9 LIMIT 1";

/// A row that is not taken, with its reason for the reject file.
type Taken<T> = Result<T, String>;

/// Applies rows of volumes until it is enough: one act for all of them.
pub fn apply(core: &mut Core, rows: &[VolumeRow], enough: &dyn Fn(&Core) -> bool) -> Res<Applied> {
    let mut wanted = Wanted::default();
    let results = each(core, rows, enough, |core, row| {
        Ok(volume(core, row, &mut wanted)?.unwrap_or_else(RowResult::Rejected))
    })?;
    let events = act::write(core, wanted)?;
    Ok(Applied { results, events })
}

/// What a row names, all of it known.
struct Named {
    home: Said<i64>,
    place: Option<i64>,
    labelled: Option<i64>,
}

fn volume(core: &mut Core, row: &VolumeRow, wanted: &mut Wanted) -> Res<Taken<RowResult>> {
    let named = match named(core, row)? {
        Ok(named) => named,
        Err(why) => return Ok(Err(why)),
    };
    let number = row.casenote.as_ref().unwrap_or(&row.hospital_number);
    let site = core.word(row.site.as_str())?;
    let number_type = core.word(row.number_type.as_str())?;
    let casenote = casenote(core, number, site, number_type)?;
    let identified = match casenote {
        Some((casenote, _)) => identified(core, casenote, row.volume)?,
        None => None,
    };
    if let Some(labelled) = named.labelled
        && identified != Some(labelled)
    {
        return Ok(Err("the barcode is on another volume already".to_owned()));
    }
    let patient = people::patient_of(core, site, &row.hospital_number)?;
    if casenote.is_some_and(|(_, of)| of.is_some_and(|of| of != patient)) {
        return Ok(Err("the casenote belongs to a patient with another hospital number".to_owned()));
    }
    if let Some(key) = identified {
        return Ok(Ok(update(core, row, &named, VolumeId::new(key), wanted)?));
    }
    let casenote = match casenote {
        Some((casenote, _)) => casenote,
        None => insert_casenote(core, number, site, number_type, patient)?,
    };
    Ok(Ok(insert(core, row, &named, casenote, wanted)?))
}

fn named(core: &Core, row: &VolumeRow) -> Res<Taken<Named>> {
    if !(1..=MAX_VOLUME).contains(&row.volume) {
        return Ok(Err(format!("volume {} is not between 1 and {MAX_VOLUME}", row.volume)));
    }
    let labelled = match &row.barcode {
        None => None,
        Some(label) => {
            let text = label.as_str();
            let labelled = act::labelled(core, text)?;
            if labelled.is_none() && act::is_ours(text) {
                return Ok(Err(format!(
                    "{text} has the form of a barcode that Casetrack makes, but was never given"
                )));
            }
            if act::is_place_or_badge(core, text) {
                return Ok(Err(format!(
                    "{text} is the code of a place or a badge: one text must mean one thing"
                )));
            }
            labelled
        }
    };
    let home = match &row.home {
        Said::Unsaid => Said::Unsaid,
        Said::Nothing => Said::Nothing,
        Said::Is(shelf) => match core.directory.place_by_code(shelf) {
            Some(home) => Said::Is(home.id.key()),
            None => return Ok(Err(format!("the home {shelf} is not a known place: import places first"))),
        },
    };
    let place = match &row.place {
        None => None,
        Some(there) => match core.directory.place_by_code(there) {
            Some(place) if place.kind == PlaceKind::Container => {
                return Ok(Err(format!(
                    "the place {there} is a container: leave it empty and scan the folder in"
                )));
            }
            Some(place) => Some(place.id.key()),
            None => return Ok(Err(format!("the place {there} is not known: import places first"))),
        },
    };
    Ok(Ok(Named { home, place, labelled }))
}

fn casenote(core: &Core, number: &Number, site: i64, number_type: i64) -> Res<Option<(i64, Option<i64>)>> {
    let params = named_params! {":number": number.as_str(), ":site": site, ":number_type": number_type};
    one(&core.conn, CASENOTE, params, |row| Ok((row.get(0)?, row.get(1)?)))
}

fn identified(core: &Core, casenote: i64, number: u32) -> Res<Option<i64>> {
    one(&core.conn, VOLUME, named_params! {":casenote": casenote, ":number": number}, |row| Ok(row.get(0)?))
}

/// Begins a casenote; says its key.
pub fn insert_casenote(core: &Core, number: &Number, site: i64, number_type: i64, patient: i64) -> Res<i64> {
    let params = named_params! {
        ":number": number.as_str(), ":site": site, ":number_type": number_type, ":patient": patient,
    };
    Ok(core.conn.prepare_cached(INSERT_CASENOTE)?.insert(params)?)
}

fn insert(core: &Core, row: &VolumeRow, named: &Named, casenote: i64, wanted: &mut Wanted) -> Res<RowResult> {
    let volume = add(
        core,
        &NewVolume {
            casenote,
            number: row.volume,
            kind: row.kind.over(None).unwrap_or(VolumeKind::Original),
            barcode: row.barcode.as_ref(),
            home: named.home.value().copied(),
        },
    )?;
    wanted.added = Some(volume);
    let key = volume.key();
    if let Said::Is(reason) = &row.hold {
        wanted.holds.push((key, Hold::Hold(Some(reason.clone()))));
    }
    if row.restricted == Said::Is(Restriction::Restricted) {
        wanted.holds.push((key, Hold::Restricted(true)));
    }
    moved(core, row, named, volume, true, wanted)?;
    Ok(RowResult::Added)
}

/// A volume that is not there yet.
pub struct NewVolume<'a> {
    /// Its casenote.
    pub casenote: i64,
    /// Which volume of it.
    pub number: u32,
    /// What it is.
    pub kind: VolumeKind,
    /// Its barcode, free to be a label; without one it gets one of ours.
    pub barcode: Option<&'a LabelText>,
    /// The shelf it belongs on.
    pub home: Option<i64>,
}

/// The key of the next volume: keys leave no gap.
pub fn next(conn: &Connection) -> Res<i64> {
    let last: i64 = conn.prepare_cached(LAST_VOLUME)?.query_row([], |row| row.get(0))?;
    Ok(last + 1)
}

/// Adds a volume with its label.
pub fn add(core: &Core, new: &NewVolume<'_>) -> Res<VolumeId> {
    let key = next(&core.conn)?;
    let own = OwnBarcode::new(OwnKind::Volume, u64::try_from(key).unwrap_or(0)).to_string();
    let barcode = new.barcode.map_or(own, |label| label.as_str().to_owned());
    core.conn.prepare_cached(INSERT_VOLUME)?.execute(named_params! {
        ":key": key, ":casenote": new.casenote, ":number": new.number,
        ":kind": number_in(&VolumeKind::ALL, &new.kind), ":barcode": barcode, ":home": new.home,
    })?;
    core.conn.prepare_cached(ONE_MORE)?.execute(named_params! {":casenote": new.casenote})?;
    label(core, &barcode, key)?;
    Ok(VolumeId::new(key))
}

fn label(core: &Core, text: &str, volume: i64) -> Res<()> {
    core.conn.prepare_cached(INSERT_LABEL)?.execute(named_params! {":text": text, ":volume": volume})?;
    Ok(())
}

fn update(
    core: &Core,
    row: &VolumeRow,
    named: &Named,
    volume: VolumeId,
    wanted: &mut Wanted,
) -> Res<RowResult> {
    let Some(now) = find::volume_by_key(&core.conn, volume)? else { return Ok(RowResult::Same) };
    let mut changed = false;
    if let (Some(text), None) = (&row.barcode, named.labelled) {
        label(core, text.as_str(), volume.key())?;
        changed = true;
    }
    let kind = row.kind.over(Some(now.brief.kind)).unwrap_or(VolumeKind::Original);
    let home = named.home.map(PlaceId::new).over(now.home);
    if kind != now.brief.kind || home != now.home {
        core.conn.prepare_cached(SET_VOLUME)?.execute(named_params! {
            ":kind": number_in(&VolumeKind::ALL, &kind), ":home": home.map(PlaceId::key), ":key": volume.key(),
        })?;
        changed = true;
    }
    changed |= holds(core, row, &now, wanted)?;
    let moved_before = wanted.movements.iter().any(|movement| movement.subject == Subject::Volume(volume));
    let unseen = now.standing.newest.is_none() && !moved_before;
    changed |= moved(core, row, named, volume, unseen, wanted)?;
    Ok(if changed { RowResult::Changed } else { RowResult::Same })
}

fn holds(core: &Core, row: &VolumeRow, now: &Known, wanted: &mut Wanted) -> Res<bool> {
    let key = now.brief.id.key();
    let before = wanted.holds.len();
    let known = wanted.held_or(key, || find::hold_reason(&core.conn, now.hold))?;
    let hold = row.hold.clone().over(known.clone());
    if hold != known {
        wanted.holds.push((key, Hold::Hold(hold)));
    }
    let restricted = row.restricted.map(|said| said == Restriction::Restricted);
    let known = wanted.restricted(key).unwrap_or(now.restricted);
    let restricted = restricted.over(Some(known)).unwrap_or(false);
    if restricted != known {
        wanted.holds.push((key, Hold::Restricted(restricted)));
    }
    Ok(wanted.holds.len() > before)
}

/// What the row says of where the volume is: a place counts only while it was never seen, gone only once.
fn moved(
    core: &Core,
    row: &VolumeRow,
    named: &Named,
    volume: VolumeId,
    unseen: bool,
    wanted: &mut Wanted,
) -> Res<bool> {
    let subject = Subject::Volume(volume);
    let imported = |change| NewMovement { subject, change, how: How::Imported, role: Role::Asked };
    let place = named.place.map(PlaceId::new);
    let before = wanted.movements.len();
    if let (Some(at), true) = (place, unseen) {
        wanted.movements.push(imported(Change::LeftAt { at }));
    }
    if let Some(why) = row.gone
        && !ever_gone(core, volume)?
    {
        wanted.movements.push(imported(gone(place, why)));
    }
    Ok(wanted.movements.len() > before)
}

const fn gone(at: Option<PlaceId>, why: GoneWhy) -> Change {
    Change::Gone { at, why }
}

fn ever_gone(core: &Core, volume: VolumeId) -> Res<bool> {
    let params = named_params! {":subject": subject_key(Subject::Volume(volume))};
    Ok(one(&core.conn, EVER_GONE, params, |_| Ok(()))?.is_some())
}
