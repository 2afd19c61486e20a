//! The tracking history of another system: each row an act of its own, at the time at which it says it happened.
//!
//! A row is named by what it says, so that a file that comes again adds nothing. History stands in the past: it never
//! outranks what was scanned here.

use rusqlite::named_params;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::super::core::Core;
use super::super::find;
use super::super::record;
use super::super::trouble::Res;
use super::act;
use crate::clock::{SECOND_US, Timestamp};
use crate::domain::command::Moment;
use crate::domain::import::{MovementRow, RowResult};
use crate::domain::movement::{Change, How, NewMovement, Role, Subject};
use crate::domain::place::{Code, PlaceKind};
use crate::domain::whereabouts::{Present, State};
use crate::domain::{PlaceId, ScanId, StaffId, VolumeId};

const KNOWN: &str = "SELECT 1 FROM scan WHERE id = :id";

/// A row that is not taken, with its reason for the reject file.
type Taken<T> = Result<T, String>;

/// What a row names, all of it known.
struct Step {
    volume: VolumeId,
    at: Timestamp,
    to: PlaceId,
    from: Option<PlaceId>,
}

/// Applies a row of old tracking history.
pub fn movement(core: &mut Core, row: &MovementRow) -> Res<RowResult> {
    let step = match step(core, row)? {
        Ok(step) => step,
        Err(why) => return Ok(RowResult::Rejected(why)),
    };
    let id = named_by(&step);
    if find::one(&core.conn, KNOWN, named_params! {":id": id.as_bytes()}, |_| Ok(()))?.is_some() {
        return Ok(RowResult::Same);
    }
    let subject = Subject::Volume(step.volume);
    let before = find::standing_of(&core.conn, subject)?;
    if let Some(why) = outranked(&before.present, step.at) {
        return Ok(RowResult::Rejected(why));
    }
    let mut command = act::command(core)?;
    command.scan.id = ScanId::new(id);
    command.scan.clocks.happened = step.at;
    command.moment = Moment::Past;
    match &row.by {
        None => {}
        Some(by) => match badge(core, by) {
            Some(person) => command.scan.person = Some(person),
            // Nobody here knows them: what the other system called them stays beside the act.
            None => command.scan.scanner.clone_from(by),
        },
    }
    let change = Change::LeftAt { at: step.to };
    let new = NewMovement { subject, change, how: How::Imported, role: Role::Asked };
    record::old_step(core, &command, &new, &before, step.from)?;
    Ok(RowResult::Added)
}

fn step(core: &Core, row: &MovementRow) -> Res<Taken<Step>> {
    if row.at > core.clock.now() {
        return Ok(Err("at is in the future: correct the time, or the file's date format".to_owned()));
    }
    let Some(volume) = act::labelled(core, row.barcode.as_str())? else {
        return Ok(Err(format!("{} names no folder: import volumes first", row.barcode)));
    };
    let mut places = [None, None];
    let named = [("to", Some(&row.to)), ("from", row.from.as_ref())];
    for (place, (column, named)) in places.iter_mut().zip(named) {
        let Some(named) = named else { continue };
        *place = match core.directory.place_by_code(named) {
            Some(known) if known.kind == PlaceKind::Container => {
                return Ok(Err(format!("{column} {named} is a container: name the place where it stood")));
            }
            Some(known) => Some(known.id),
            None => {
                return Ok(Err(format!(
                    "{column} {named} is no known place: import it with the places, closed ones with their last day"
                )));
            }
        };
    }
    let [Some(to), from] = places else { return Ok(Err("to is empty".to_owned())) };
    Ok(Ok(Step { volume: VolumeId::new(volume), at: row.at, to, from }))
}

/// Why the row may not stand: it would move what was scanned here, or bring back what is gone.
fn outranked(present: &Present, at: Timestamp) -> Option<String> {
    present.since.filter(|since| *since <= at)?;
    if matches!(present.state, State::Gone(_)) {
        return Some("the folder is recorded as gone: scan it if it is there after all".to_owned());
    }
    (present.how != Some(How::Imported))
        .then(|| "the folder was scanned here before that: scan it where it is now".to_owned())
}

/// The id of the act: the time, as every id here begins, and then a digest of which folder, when and where to. Who told
/// and where from are not in it: a file that comes again with another column says nothing new.
fn named_by(step: &Step) -> Uuid {
    let mut hash = Sha256::new();
    for part in [step.volume.key(), step.at.micros(), step.to.key()] {
        hash.update(part.to_be_bytes());
    }
    let mut tail = [0; 10];
    for (to, from) in tail.iter_mut().zip(hash.finalize().iter()) {
        *to = *from;
    }
    let millis = u64::try_from(step.at.micros() / (SECOND_US / 1_000)).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &tail).into_uuid()
}

/// The person whose badge this is, as badges are compared.
fn badge(core: &Core, by: &str) -> Option<StaffId> {
    let badge: Code = by.parse().ok()?;
    Some(core.directory.staff_by_badge(&badge)?.id)
}
