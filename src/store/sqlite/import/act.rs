//! What an import writes into the log: one act for a piece, with everything it moved and held.

use rusqlite::named_params;

use super::super::core::Core;
use super::super::find;
use super::super::record;
use super::super::trouble::{Res, Trouble};
use crate::clock::Timestamp;
use crate::domain::answer::Answer;
use crate::domain::barcode::Entry;
use crate::domain::command::{Act, Clocks, Command, Moment, Naming, Run, Scan, SessionAfter};
use crate::domain::movement::NewMovement;
use crate::domain::place::Code;
use crate::domain::refusal::Reason;
use crate::domain::{PlaceId, ScanId, VolumeId};
use crate::live::Event;

const INSERT_HOLD: &str =
    "INSERT INTO hold (volume, what, reason, scan) VALUES (:volume, :what, :reason, :scan)";
const INSERT_KNOWN: &str = "INSERT INTO volume_known (upto, scan) VALUES (:upto, :scan)";
const SET_HOLD: &str = "UPDATE volume SET hold = :hold WHERE key = :volume";
const SET_RESTRICTED: &str = "UPDATE volume SET restricted = :restricted WHERE key = :volume";

/// The reserved desk of imports.
pub const DESK: &str = "~IMPORT";

/// What is held or let go.
pub enum Hold {
    /// A hold with its reason; `None` clears it.
    Hold(Option<String>),
    /// Whether only named people may send it on.
    Restricted(bool),
}

/// What a piece wants written into the log.
#[derive(Default)]
pub struct Wanted {
    /// What moves.
    pub movements: Vec<NewMovement>,
    /// What is held or let go.
    pub holds: Vec<(i64, Hold)>,
    /// The newest of the volumes that the piece added.
    pub added: Option<VolumeId>,
}

impl Wanted {
    /// The hold that an earlier row of the piece wants for a volume, or else the one that is `known`.
    pub fn held_or(&self, volume: i64, known: impl FnOnce() -> Res<Option<String>>) -> Res<Option<String>> {
        let wanted =
            self.of(volume).find_map(|hold| if let Hold::Hold(reason) = hold { Some(reason) } else { None });
        wanted.cloned().map_or_else(known, Ok)
    }

    /// Whether an earlier row of the piece wants a volume restricted.
    pub fn restricted(&self, volume: i64) -> Option<bool> {
        self.of(volume).find_map(|hold| if let Hold::Restricted(is) = hold { Some(*is) } else { None })
    }

    fn of(&self, volume: i64) -> impl Iterator<Item = &Hold> {
        self.holds.iter().rev().filter(move |(of, _)| *of == volume).map(|(_, hold)| hold)
    }
}

/// Writes the act, if there is anything to write.
pub fn write(core: &mut Core, wanted: Wanted) -> Res<Vec<Event>> {
    if wanted.movements.is_empty() && wanted.holds.is_empty() && wanted.added.is_none() {
        return Ok(Vec::new());
    }
    let command = command(core)?;
    let (scan, events) = record::act(core, &command, &wanted.movements)?;
    for (volume, hold) in wanted.holds {
        hold_back(core, scan, volume, hold)?;
    }
    if let Some(newest) = wanted.added {
        known(core, scan, newest)?;
    }
    Ok(events)
}

/// Writes down that the act with this key made all volumes up to this one known.
pub fn known(core: &Core, act: i64, upto: VolumeId) -> Res<()> {
    core.conn.prepare_cached(INSERT_KNOWN)?.execute(named_params! {":upto": upto.key(), ":scan": act})?;
    Ok(())
}

/// Writes an act that moves nothing; says its key and when it was learnt of.
pub fn bare(core: &mut Core) -> Res<(i64, Timestamp)> {
    let command = command(core)?;
    let (scan, _) = record::act(core, &command, &[])?;
    Ok((scan, core.learned()))
}

/// Holds a volume back, or lets it go: a row of the act with this key, and what stands in force.
pub fn hold_back(core: &Core, scan: i64, volume: i64, hold: Hold) -> Res<()> {
    let (what, reason) = match &hold {
        Hold::Hold(reason) => (0, reason.clone()),
        Hold::Restricted(restricted) => (1, restricted.then(|| "restricted".to_owned())),
    };
    let params = named_params! {":volume": volume, ":what": what, ":reason": reason, ":scan": scan};
    let key: i64 = core.conn.prepare_cached(INSERT_HOLD)?.insert(params)?;
    match hold {
        Hold::Hold(reason) => {
            let params = named_params! {":hold": reason.map(|_| key), ":volume": volume};
            core.conn.prepare_cached(SET_HOLD)?.execute(params)?;
        }
        Hold::Restricted(restricted) => {
            let params = named_params! {":restricted": i64::from(restricted), ":volume": volume};
            core.conn.prepare_cached(SET_RESTRICTED)?.execute(params)?;
        }
    }
    Ok(())
}

/// An act of an import, of now.
pub fn command(core: &mut Core) -> Res<Command> {
    let reading = core.clock.read();
    let (incarnation, number) = core.own_run(reading.wall);
    Ok(Command {
        scan: Scan {
            id: ScanId::new(record::incident(reading.wall)),
            desk: DESK.parse().map_err(|_| Trouble::Broken("the desk of imports"))?,
            desk_place: PlaceId::new(0),
            session: "import".to_owned(),
            run: Run { incarnation, boot: None },
            number,
            scanner: "import".to_owned(),
            person: None,
            batch: None,
            position: 0,
            clocks: Clocks {
                happened: reading.wall,
                wall: reading.wall,
                boot_us: reading.boot_us,
                uncertainty_us: 0,
            },
            text: String::new(),
            aim: None,
            entry: Entry::Typed,
            naming: Naming::Ours,
        },
        act: Act::Tell(Answer::new(Reason::Recorded)),
        moment: Moment::Now,
        session: SessionAfter::default(),
    })
}

/// Whether a text of a row is one of our barcodes with right check digits.
pub fn is_ours(text: &str) -> bool {
    text.parse::<crate::domain::barcode::OwnBarcode>().is_ok()
}

const PLACE_BY_CODE: &str = "SELECT key, kind FROM place WHERE code = :code";
const STAFF_BY_BADGE: &str = "SELECT key FROM staff WHERE badge = :badge";
const LABEL: &str = "SELECT volume FROM label WHERE text = :text";

/// The place with this code, and its kind's number.
pub fn place(core: &Core, text: &str) -> Res<Option<(i64, i64)>> {
    find::one(&core.conn, PLACE_BY_CODE, named_params! {":code": text}, |row| Ok((row.get(0)?, row.get(1)?)))
}

/// The person with this badge.
pub fn person(core: &Core, badge: &str) -> Res<Option<i64>> {
    find::one(&core.conn, STAFF_BY_BADGE, named_params! {":badge": badge}, |row| Ok(row.get(0)?))
}

/// Whether a text is the code of a place or a badge, by the directory: for pieces that change neither.
pub fn is_place_or_badge(core: &Core, text: &str) -> bool {
    let known = |of: Code| {
        core.directory.place_by_code(&of).is_some() || core.directory.staff_by_badge(&of).is_some()
    };
    text.parse().is_ok_and(known)
}

/// Whether a text is free to become a folder's label: one text means one thing.
pub fn means_nothing(core: &Core, text: &str) -> Res<bool> {
    Ok(labelled(core, text)?.is_none() && place(core, text)?.is_none() && person(core, text)?.is_none())
}

/// The volume with this label.
pub fn labelled(core: &Core, text: &str) -> Res<Option<i64>> {
    find::one(&core.conn, LABEL, named_params! {":text": text}, |row| Ok(row.get(0)?))
}
