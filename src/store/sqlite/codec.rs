//! Domain values as rows, and back.

use rusqlite::Row;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::trouble::{Res, Trouble};
use crate::clock::Timestamp;
use crate::domain::answer::{put_varint, take_varint};
use crate::domain::barcode::Entry;
use crate::domain::casenote::{LabelText, VolumeBrief, VolumeKind};
use crate::domain::kept::Kept;
use crate::domain::movement::{Change, GoneWhy, How, Movement, MovementId, Order, Role, Subject, UndoTarget};
use crate::domain::whereabouts::{Present, State};
use crate::domain::{BatchId, CasenoteId, PlaceId, ScanId, VolumeId};

/// Movements that one scan may make: three a folder of the longest list there is, and room. A power of two: a
/// movement's key is its scan's key times this, plus its index; the schema's views shift by 13 bits.
pub const MOVEMENTS_A_SCAN: i64 = 1 << 13;

/// The key of a scan's movement.
pub fn movement_key(scan: i64, index: u32) -> i64 {
    scan.saturating_mul(MOVEMENTS_A_SCAN).saturating_add(i64::from(index))
}

/// The key of the scan that made a movement.
pub const fn scan_of(movement: i64) -> i64 {
    movement >> 13
}

/// The index of a movement within its scan.
pub fn index_of(movement: i64) -> u32 {
    u32::try_from(movement & (MOVEMENTS_A_SCAN - 1)).unwrap_or(0)
}

/// The key of a subject.
pub const fn subject_key(subject: Subject) -> i64 {
    match subject {
        Subject::Volume(volume) => volume.key() << 1,
        Subject::Container(container) => (container.key() << 1) | 1,
    }
}

/// The subject with this key.
pub const fn subject_of(key: i64) -> Subject {
    if key & 1 == 0 {
        Subject::Volume(VolumeId::new(key >> 1))
    } else {
        Subject::Container(PlaceId::new(key >> 1))
    }
}

/// The first eight bytes of SHA-256: enough to tell a resent scan from another one with its id.
pub fn digest(text: &str) -> [u8; 8] {
    let full = Sha256::digest(text.as_bytes());
    let mut cut = [0; 8];
    for (to, from) in cut.iter_mut().zip(full.iter()) {
        *to = *from;
    }
    cut
}

fn why_number(why: GoneWhy) -> i64 {
    match why {
        GoneWhy::Destroyed => 0,
        GoneWhy::Transferred => 1,
        GoneWhy::Combined => 2,
    }
}

fn why(number: i64) -> Res<GoneWhy> {
    match number {
        0 => Ok(GoneWhy::Destroyed),
        1 => Ok(GoneWhy::Transferred),
        2 => Ok(GoneWhy::Combined),
        _ => Err(Trouble::Broken("a way of being gone")),
    }
}

/// A number of ours as a list's position.
pub fn at<T: Copy>(all: &[T], number: i64, what: &'static str) -> Res<T> {
    let found = usize::try_from(number).ok().and_then(|number| all.get(number).copied());
    found.ok_or(Trouble::Broken(what))
}

/// The position of `value` in its list.
pub fn number_in<T: PartialEq>(all: &[T], value: &T) -> i64 {
    all.iter().position(|each| each == value).and_then(|at| i64::try_from(at).ok()).unwrap_or(i64::MAX)
}

/// What becomes of a subject, as the columns kind, place and other.
pub struct ChangeColumns {
    /// Which change.
    pub kind: i64,
    /// Its first place.
    pub place: Option<i64>,
    /// Its second place, or why it is gone.
    pub other: Option<i64>,
}

/// The columns of a change; an undo's target has its key filled in by the caller.
pub fn change_columns(change: Change) -> ChangeColumns {
    let columns = |kind, place: Option<PlaceId>, other: Option<i64>| ChangeColumns {
        kind,
        place: place.map(PlaceId::key),
        other,
    };
    match change {
        Change::Arrived { at, meant_for } => columns(1, Some(at), meant_for.map(PlaceId::key)),
        Change::Sent { from, to } => columns(2, Some(from), Some(to.key())),
        Change::LeftAt { at } => columns(3, Some(at), None),
        Change::Filed { shelf } => columns(4, Some(shelf), None),
        Change::Packed { at, container } => columns(5, Some(at), Some(container.key())),
        Change::Emptied { at } => columns(6, Some(at), None),
        Change::Seen { at } => columns(7, Some(at), None),
        Change::SeenGone { at, why } => columns(8, Some(at), Some(why_number(why))),
        Change::Gone { at, why } => columns(9, at, Some(why_number(why))),
        Change::Undone(_) => columns(10, None, None),
        Change::Answered { at } => columns(11, at, None),
    }
}

/// The change in these columns; `undo` is its target where it is an undo.
pub fn change(columns: &ChangeColumns, undo: Option<UndoTarget>) -> Res<Change> {
    let place = columns.place.map(PlaceId::new);
    let at = || place.ok_or(Trouble::Broken("a movement without its place"));
    let other = || columns.other.ok_or(Trouble::Broken("a movement without its second place"));
    Ok(match columns.kind {
        1 => Change::Arrived { at: at()?, meant_for: columns.other.map(PlaceId::new) },
        2 => Change::Sent { from: at()?, to: PlaceId::new(other()?) },
        3 => Change::LeftAt { at: at()? },
        4 => Change::Filed { shelf: at()? },
        5 => Change::Packed { at: at()?, container: PlaceId::new(other()?) },
        6 => Change::Emptied { at: at()? },
        7 => Change::Seen { at: at()? },
        8 => Change::SeenGone { at: at()?, why: why(other()?)? },
        9 => Change::Gone { at: place, why: why(other()?)? },
        10 => Change::Undone(undo.ok_or(Trouble::Broken("an undo without its target"))?),
        11 => Change::Answered { at: place },
        _ => return Err(Trouble::Broken("a kind of movement")),
    })
}

/// The number of why a text is kept.
pub const fn kept_number(kept: Kept) -> i64 {
    match kept {
        Kept::Label => 1,
        Kept::BadRead => 2,
    }
}

/// A count or number that is never negative.
pub fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// How a scan came in, from its column.
pub const fn entry(typed: i64) -> Entry {
    if typed == 1 { Entry::Typed } else { Entry::Scanned }
}

/// The kind's number of [`Change::Emptied`].
pub const EMPTIED: i64 = 6;

/// A movement read through `movement_told`.
pub struct Told {
    /// Its key.
    pub key: i64,
    /// What the fold reads.
    pub movement: Movement,
    /// Where the subject was believed to be.
    pub believed: Option<PlaceId>,
    /// Who.
    pub person: Option<i64>,
    /// When the server learnt of it.
    pub learned_at: Timestamp,
}

/// Reads a row of `movement_told`.
pub fn told(row: &Row<'_>) -> Res<Told> {
    let key: i64 = row.get(0)?;
    let columns = ChangeColumns { kind: row.get(3)?, place: row.get(4)?, other: row.get(5)? };
    let scan = ScanId::new(uuid(row.get(9)?));
    let batch: Option<[u8; 16]> = row.get(14)?;
    let target: Option<[u8; 16]> = row.get(17)?;
    let what: Option<i64> = row.get(18)?;
    let undo = target.map(|target| undo_target(uuid(target), what == Some(1)));
    let order = Order {
        happened: Timestamp::from_micros(row.get(2)?),
        desk: row.get_ref(16)?.as_str()?.parse().map_err(|_| Trouble::Broken("a desk's code"))?,
        incarnation: uuid(row.get(15)?),
        number: unsigned(row.get(10)?),
        index: index_of(key),
    };
    let movement = Movement {
        id: MovementId { scan, index: index_of(key) },
        batch: batch.map(uuid).map(BatchId::new),
        subject: subject_of(row.get(1)?),
        change: change(&columns, undo)?,
        how: at(&How::ALL, row.get(6)?, "how a movement is known")?,
        role: if row.get::<_, i64>(7)? == 0 { Role::Asked } else { Role::Implied },
        order,
        uncertainty_us: row.get(11)?,
    };
    Ok(Told {
        key,
        movement,
        believed: row.get::<_, Option<i64>>(8)?.map(PlaceId::new),
        person: row.get(12)?,
        learned_at: Timestamp::from_micros(row.get(13)?),
    })
}

/// A UUID from its bytes.
pub const fn uuid(bytes: [u8; 16]) -> Uuid {
    Uuid::from_bytes(bytes)
}

/// A target from its columns.
pub const fn undo_target(id: Uuid, batch: bool) -> UndoTarget {
    if batch { UndoTarget::Batch(BatchId::new(id)) } else { UndoTarget::Scan(ScanId::new(id)) }
}

/// A target's columns: its id, and 1 for a batch.
pub const fn target_columns(target: UndoTarget) -> (Uuid, i64) {
    match target {
        UndoTarget::Scan(scan) => (scan.uuid(), 0),
        UndoTarget::Batch(batch) => (batch.uuid(), 1),
    }
}

/// A row of `whereabouts`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Standing {
    /// Where the subject is, by its own movements and its container's emptying.
    pub present: Present,
    /// The container of the deciding movement.
    pub packed_in: Option<PlaceId>,
    /// The deciding movement.
    pub movement: Option<i64>,
    /// The movement that emptied its container.
    pub freed: Option<i64>,
    /// When its newest movement happened, those taken back included; `None`: it has none.
    pub newest: Option<Timestamp>,
    /// The deciding movement's uncertainty.
    pub uncertainty_us: i64,
}

/// The state's number.
pub const fn state_number(state: State) -> i64 {
    match state {
        State::NotYetSeen => 0,
        State::At => 1,
        State::OnItsWay => 2,
        State::InContainer => 3,
        State::Gone(GoneWhy::Destroyed) => 4,
        State::Gone(GoneWhy::Transferred) => 5,
        State::Gone(GoneWhy::Combined) => 6,
    }
}

/// The state with this number.
pub fn state(number: i64) -> Res<State> {
    Ok(match number {
        0 => State::NotYetSeen,
        1 => State::At,
        2 => State::OnItsWay,
        3 => State::InContainer,
        4..=6 => State::Gone(why(number - 4)?),
        _ => return Err(Trouble::Broken("a state")),
    })
}

/// Reads the columns of `whereabouts` from column `first` on, state at `first`; a row that is not there is not yet seen.
pub fn standing(row: &Row<'_>, first: usize) -> Res<Standing> {
    let Some(number) = row.get::<_, Option<i64>>(first)? else { return Ok(Standing::default()) };
    let place =
        |at: usize| -> Res<Option<PlaceId>> { Ok(row.get::<_, Option<i64>>(first + at)?.map(PlaceId::new)) };
    let state = state(number)?;
    let packed_in = place(3)?;
    let how: Option<i64> = row.get(first + 7)?;
    let present = Present {
        state,
        place: place(1)?,
        to: place(2)?,
        container: packed_in.filter(|_| state == State::InContainer),
        confirmed: row.get::<_, i64>(first + 4)? == 1,
        filed: place(5)?,
        since: row.get::<_, Option<i64>>(first + 6)?.map(Timestamp::from_micros),
        how: how.map(|number| at(&How::ALL, number, "how a movement is known")).transpose()?,
        or_at: place(8)?,
    };
    Ok(Standing {
        present,
        packed_in,
        movement: row.get(first + 9)?,
        freed: row.get(first + 10)?,
        newest: row.get::<_, Option<i64>>(first + 11)?.map(Timestamp::from_micros),
        uncertainty_us: row.get(first + 12)?,
    })
}

/// Columns of `volume_told` before those of `whereabouts`.
pub const VOLUME_COLUMNS: usize = 14;

/// A row of `volume_told`.
pub struct VolumeRow {
    /// Its names.
    pub brief: VolumeBrief,
    /// The shelf it belongs on.
    pub home: Option<PlaceId>,
    /// The row of its hold.
    pub hold: Option<i64>,
    /// Whether it is restricted.
    pub restricted: bool,
    /// How many volumes its casenote has.
    pub volumes: i64,
    /// The site's word.
    pub site: i64,
    /// The number type's word.
    pub number_type: i64,
    /// The patient.
    pub patient: Option<i64>,
    /// Where it is.
    pub standing: Standing,
}

/// Reads a row of `volume_told`.
pub fn volume_row(row: &Row<'_>) -> Res<VolumeRow> {
    let brief = VolumeBrief {
        id: VolumeId::new(row.get(0)?),
        casenote: CasenoteId::new(row.get(1)?),
        number: row.get_ref(8)?.as_str()?.parse().map_err(|_| Trouble::Broken("a casenote number"))?,
        volume: row.get(2)?,
        kind: at(&VolumeKind::ALL, row.get(3)?, "a kind of volume")?,
        barcode: label(row.get_ref(4)?.as_str()?)?,
    };
    Ok(VolumeRow {
        brief,
        home: row.get::<_, Option<i64>>(5)?.map(PlaceId::new),
        hold: row.get(6)?,
        restricted: row.get::<_, i64>(7)? == 1,
        volumes: row.get(9)?,
        site: row.get(10)?,
        number_type: row.get(11)?,
        patient: row.get(12)?,
        standing: standing(row, VOLUME_COLUMNS)?,
    })
}

fn label(text: &str) -> Res<LabelText> {
    text.parse().map_err(|_| Trouble::Broken("a label"))
}

/// Volumes as one blob of varints.
pub fn pack_volumes(volumes: &[VolumeId]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(volumes.len() * 4);
    for volume in volumes {
        put_varint(&mut bytes, volume.key().cast_unsigned());
    }
    bytes
}

/// Reads [`pack_volumes`].
pub fn unpack_volumes(mut bytes: &[u8]) -> Vec<VolumeId> {
    let mut volumes = Vec::new();
    while let Some(key) = take_varint(&mut bytes) {
        volumes.push(VolumeId::new(key.cast_signed()));
    }
    volumes
}
