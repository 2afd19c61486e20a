//! Reading what is exported, piece by piece, each in a short transaction of its own, beside whoever writes.

use std::collections::HashMap;
use std::path::Path;

use rusqlite::{Connection, Row, named_params};
use uuid::Uuid;

use super::codec::{
    self, Standing, Told, VOLUME_COLUMNS, movement_key, number_in, scan_of, standing, told, unsigned, uuid,
    volume_row,
};
use super::find::{self, all, one};
use super::reader::in_one_state;
use super::trouble::{Res, Trouble};
use super::{counts, history, migrate, open, places, questions};
use crate::clock::Timestamp;
use crate::domain::directory::Directory;
use crate::domain::movement::{Change, Movement, Role, Subject, UndoTarget};
use crate::domain::place::PlaceKind;
use crate::domain::question::{QuestionKind, QuestionName};
use crate::domain::whereabouts::{Present, State, either};
use crate::domain::{BatchId, PlaceId};
use crate::live::Cursor;
use crate::store::asked::{About, Label, Order, Question, Raised, Sighting};
use crate::store::export::{MOVEMENTS_A_PIECE, MovementRow, QuestionRow, ROWS_A_PIECE, Utc, WhereaboutsRow};
use crate::store::records::VolumeRecord;
use crate::store::{StoreError, Trust};

const NEWEST: &str = "SELECT ifnull(max(key), 0) FROM movement -- whole: only its end";
const MOVEMENTS: &str = "SELECT t.*, v.barcode, v.number, c.number, w.text, n.text FROM movement_told t
    LEFT JOIN volume v ON (t.subject & 1) = 0 AND v.key = t.subject >> 1 LEFT JOIN casenote c ON c.key = v.casenote
    LEFT JOIN word w ON w.key = c.site LEFT JOIN word n ON n.key = c.number_type
    WHERE t.key > :after AND t.key <= :upto ORDER BY t.key LIMIT :limit";
/// The first column of [`MOVEMENTS`] after those of `movement_told`.
const NAME_COLUMNS: usize = 19;
const UNDONE_BY: &str = "SELECT u.key, u.target, u.what, s.id FROM undo u CROSS JOIN scan s ON s.key = u.scan
    WHERE u.target IN (:scan, :batch) AND u.scan <= :known";
const VOLUMES: &str = "SELECT t.*, w.text, n.text FROM volume_told t CROSS JOIN word w ON w.key = t.site
    CROSS JOIN word n ON n.key = t.number_type WHERE t.key > :after ORDER BY t.key LIMIT :limit";
/// The first column of [`VOLUMES`] after those of `volume_told`.
const WORD_COLUMNS: usize = VOLUME_COLUMNS + 13;
const CONTAINERS: &str =
    "SELECT p.key, w.state, w.place, w.towards, w.packed_in, w.confirmed, w.filed, w.since,
    w.how, w.or_at, w.movement, w.freed, w.newest, w.uncertainty FROM place p
    LEFT JOIN whereabouts w ON w.subject = p.key * 2 + 1
    WHERE p.kind = :container AND p.key > :after ORDER BY p.key LIMIT :limit";
const WHO: &str = "SELECT s.id, s.person, d.code FROM scan s CROSS JOIN run r ON r.key = s.run
    CROSS JOIN session e ON e.key = r.session CROSS JOIN desk d ON d.key = e.desk WHERE s.key = :key";
const PLACE_CODE: &str = "SELECT code FROM place WHERE key = :key";
const BADGE: &str = "SELECT badge FROM staff WHERE key = :key";

/// Where the whereabouts go on.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum WhereaboutsMark {
    /// After this volume.
    Volumes(i64),
    /// After this container: they come after all volumes.
    Containers(i64),
}

impl WhereaboutsMark {
    /// Before the first.
    pub const BEGINNING: Self = Self::Volumes(0);
}

/// Where the questions go on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct QuestionsMark(questions::Mark);

impl QuestionsMark {
    /// Before the first.
    pub const BEGINNING: Self = Self(questions::BEGINNING);
}

/// A data folder that is exported from, opened for reading only.
#[derive(Debug)]
pub struct Export {
    conn: Connection,
    names: Names,
}

/// Codes and badges that were asked for: neither ever changes.
#[derive(Debug, Default)]
struct Names {
    places: HashMap<i64, String>,
    badges: HashMap<i64, String>,
}

impl Export {
    /// Opens the data of a folder, also beside a running service.
    pub fn open(dir: &Path, trust: &Trust) -> Result<Self, StoreError> {
        let conn = open::reader(dir).map_err(|error| error.while_doing("opening the data for reading"))?;
        let found = migrate::check(&conn, trust)?;
        migrate::check_newest(found)?;
        Ok(Self { conn, names: Names::default() })
    }

    /// Where the log of movements stands.
    pub fn newest(&self) -> Result<Cursor, StoreError> {
        let read = |conn: &Connection| {
            let number = one(conn, NEWEST, [], |row| Ok(unsigned(row.get(0)?)))?.unwrap_or(0);
            Ok(Cursor { epoch: history::epoch(conn)?, number })
        };
        in_one_state(&self.conn, read).map_err(|error| error.while_doing("looking where the log stands"))
    }

    /// Where the log stood before anything was learnt of at `at` or later.
    pub fn before(&self, at: Timestamp) -> Result<Cursor, StoreError> {
        let read = |conn: &Connection| {
            let first = counts::first_from(conn, at)?.key;
            let number = unsigned(movement_key(first, 0).saturating_sub(1));
            Ok(Cursor { epoch: history::epoch(conn)?, number })
        };
        in_one_state(&self.conn, read).map_err(|error| error.while_doing("finding the beginning of a day"))
    }

    /// The movements after `after` and up to `upto`, in the order of their commits: [`MOVEMENTS_A_PIECE`] at most, each
    /// with its number.
    pub fn movements(&mut self, after: u64, upto: Cursor) -> Result<Vec<(u64, MovementRow)>, StoreError> {
        let Self { conn, names } = self;
        let read = |conn: &Connection| movements(conn, names, after, upto);
        in_one_state(conn, read).map_err(|error| error.while_doing("exporting movements"))
    }

    /// Where folders and then containers are, those after `mark`: [`ROWS_A_PIECE`] at most, and where to go on.
    pub fn whereabouts(
        &mut self,
        mark: WhereaboutsMark,
    ) -> Result<(Vec<WhereaboutsRow>, Option<WhereaboutsMark>), StoreError> {
        let Self { conn, names } = self;
        let read = |conn: &Connection| match mark {
            WhereaboutsMark::Volumes(after) => volumes(conn, names, after),
            WhereaboutsMark::Containers(after) => containers(conn, names, after),
        };
        in_one_state(conn, read).map_err(|error| error.while_doing("exporting whereabouts"))
    }

    /// The open questions after `mark`, and where to go on.
    pub fn questions(
        &mut self,
        mark: QuestionsMark,
    ) -> Result<(Vec<QuestionRow>, Option<QuestionsMark>), StoreError> {
        let Self { conn, names } = self;
        let read = |conn: &Connection| {
            let directory = places::directory(conn, &[])?;
            let (questions, next) = questions::list(conn, &directory, mark.0, ROWS_A_PIECE)?;
            let mut rows = Vec::with_capacity(questions.len());
            for question in questions {
                rows.push(question_row(conn, names, &directory, question)?);
            }
            Ok((rows, next.map(QuestionsMark)))
        };
        in_one_state(conn, read).map_err(|error| error.while_doing("exporting questions"))
    }
}

impl Names {
    fn place(&mut self, conn: &Connection, place: PlaceId) -> Res<String> {
        known(&mut self.places, conn, PLACE_CODE, place.key())?.ok_or(Trouble::Broken("a place"))
    }

    fn places(&mut self, conn: &Connection, place: Option<PlaceId>) -> Res<Option<String>> {
        place.map(|place| self.place(conn, place)).transpose()
    }

    fn badge(&mut self, conn: &Connection, person: Option<i64>) -> Res<Option<String>> {
        let Some(person) = person else { return Ok(None) };
        known(&mut self.badges, conn, BADGE, person)
    }
}

fn known(
    all: &mut HashMap<i64, String>,
    conn: &Connection,
    sql: &'static str,
    key: i64,
) -> Res<Option<String>> {
    if let Some(text) = all.get(&key) {
        return Ok(Some(text.clone()));
    }
    let found: Option<String> = one(conn, sql, named_params! {":key": key}, |row| Ok(row.get(0)?))?;
    if let Some(text) = &found {
        all.insert(key, text.clone());
    }
    Ok(found)
}

fn movements(conn: &Connection, names: &mut Names, after: u64, upto: Cursor) -> Res<Vec<(u64, MovementRow)>> {
    let key = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    let params = named_params! {":after": key(after), ":upto": key(upto.number), ":limit": MOVEMENTS_A_PIECE};
    let mut statement = conn.prepare_cached(MOVEMENTS)?;
    let mut rows = statement.query(params)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(movement_row(conn, names, row, upto)?);
    }
    Ok(found)
}

fn movement_row(
    conn: &Connection,
    names: &mut Names,
    row: &Row<'_>,
    upto: Cursor,
) -> Res<(u64, MovementRow)> {
    let Told { key, movement, believed, person, learned_at } = told(row)?;
    let number = unsigned(key);
    let (place, to, inside) = ends(movement.change);
    let known = scan_of(i64::try_from(upto.number).unwrap_or(i64::MAX));
    Ok((
        number,
        MovementRow {
            cursor: format!("{}.{number}", upto.epoch),
            id: movement.id.to_string(),
            kind: movement.change.word(),
            at: Utc(movement.order.happened),
            learned_at: Utc(learned_at),
            barcode: row.get(NAME_COLUMNS)?,
            volume: row.get(NAME_COLUMNS + 1)?,
            casenote: row.get(NAME_COLUMNS + 2)?,
            site: row.get(NAME_COLUMNS + 3)?,
            number_type: row.get(NAME_COLUMNS + 4)?,
            container: names.places(conn, container(movement.subject))?,
            place: names.places(conn, place)?,
            to: names.places(conn, to)?,
            inside: names.places(conn, inside)?,
            why: why(movement.change),
            from: names.places(conn, believed)?,
            how: movement.how.word(),
            implied: movement.role == Role::Implied,
            by: names.badge(conn, person)?,
            undone_by: undone_by(conn, &movement, known)?,
            undoes: undoes(movement.change),
            scan: movement.id.scan.to_string(),
            batch: movement.batch.map(|batch| batch.uuid().to_string()),
            incarnation: movement.order.incarnation.to_string(),
            scan_number: movement.order.number,
            scan_index: movement.order.index,
            uncertainty_us: movement.uncertainty_us,
            desk: movement.order.desk.to_string(),
        },
    ))
}

const fn container(subject: Subject) -> Option<PlaceId> {
    match subject {
        Subject::Volume(_) => None,
        Subject::Container(container) => Some(container),
    }
}

/// A change's place, the place it goes on to, and the container it goes into.
const fn ends(change: Change) -> (Option<PlaceId>, Option<PlaceId>, Option<PlaceId>) {
    match change {
        Change::Arrived { at, meant_for } => (Some(at), meant_for, None),
        Change::Sent { from, to } => (Some(from), Some(to), None),
        Change::Packed { at, container } => (Some(at), None, Some(container)),
        Change::Filed { shelf } => (Some(shelf), None, None),
        Change::LeftAt { at }
        | Change::Emptied { at }
        | Change::Seen { at }
        | Change::SeenGone { at, .. } => (Some(at), None, None),
        Change::Gone { at, .. } | Change::Answered { at } => (at, None, None),
        Change::Undone(_) => (None, None, None),
    }
}

const fn why(change: Change) -> Option<&'static str> {
    match change {
        Change::SeenGone { why, .. } | Change::Gone { why, .. } => Some(why.word()),
        Change::Arrived { .. }
        | Change::Sent { .. }
        | Change::LeftAt { .. }
        | Change::Filed { .. }
        | Change::Packed { .. }
        | Change::Emptied { .. }
        | Change::Seen { .. }
        | Change::Undone(_)
        | Change::Answered { .. } => None,
    }
}

fn undoes(change: Change) -> Option<String> {
    let Change::Undone(target) = change else { return None };
    Some(match target {
        UndoTarget::Scan(scan) => format!("scan:{scan}"),
        UndoTarget::Batch(batch) => format!("batch:{}", batch.uuid()),
    })
}

/// The first scan up to the scan `known` that took a movement back.
fn undone_by(conn: &Connection, movement: &Movement, known: i64) -> Res<Option<String>> {
    let scan = movement.id.scan.uuid();
    let batch = movement.batch.map_or(scan, BatchId::uuid);
    let params = named_params! {":scan": scan.as_bytes(), ":batch": batch.as_bytes(), ":known": known};
    let mut statement = conn.prepare_cached(UNDONE_BY)?;
    let mut rows = statement.query(params)?;
    let mut first: Option<(i64, Uuid)> = None;
    while let Some(row) = rows.next()? {
        let key: i64 = row.get(0)?;
        let target = codec::undo_target(uuid(row.get(1)?), row.get::<_, i64>(2)? == 1);
        if movement.is_undone_by(target) && first.is_none_or(|(earlier, _)| key < earlier) {
            first = Some((key, uuid(row.get(3)?)));
        }
    }
    Ok(first.map(|(_, scan)| scan.to_string()))
}

type Piece = (Vec<WhereaboutsRow>, Option<WhereaboutsMark>);

fn volumes(conn: &Connection, names: &mut Names, after: i64) -> Res<Piece> {
    let params = named_params! {":after": after, ":limit": i64::try_from(ROWS_A_PIECE).unwrap_or(i64::MAX)};
    let mut statement = conn.prepare_cached(VOLUMES)?;
    let mut rows = statement.query(params)?;
    let (mut found, mut last) = (Vec::new(), None);
    while let Some(row) = rows.next()? {
        let volume = volume_row(row)?;
        last = Some(volume.brief.id.key());
        found.push(WhereaboutsRow {
            site: row.get(WORD_COLUMNS)?,
            number_type: row.get(WORD_COLUMNS + 1)?,
            casenote: Some(volume.brief.number.to_string()),
            volume: Some(volume.brief.volume),
            kind: Some(volume.brief.kind.word()),
            home: names.places(conn, volume.home)?,
            hold: find::hold_reason(conn, volume.hold)?,
            restricted: volume.restricted,
            barcode: Some(volume.brief.barcode.to_string()),
            ..stands(conn, names, &volume.standing)?
        });
    }
    let after_all = WhereaboutsMark::Containers(0);
    Ok((found, Some(last.map_or(after_all, WhereaboutsMark::Volumes))))
}

fn containers(conn: &Connection, names: &mut Names, after: i64) -> Res<Piece> {
    let params = named_params! {
        ":container": number_in(&PlaceKind::ALL, &PlaceKind::Container),
        ":after": after,
        ":limit": i64::try_from(ROWS_A_PIECE).unwrap_or(i64::MAX),
    };
    let read = |row: &Row<'_>| Ok((PlaceId::new(row.get(0)?), standing(row, 1)?));
    let (mut found, mut last) = (Vec::new(), None);
    for (container, standing) in all(conn, CONTAINERS, params, read)? {
        last = Some(WhereaboutsMark::Containers(container.key()));
        let container = Some(names.place(conn, container)?);
        found.push(WhereaboutsRow { container, ..stands(conn, names, &standing)? });
    }
    Ok((found, last))
}

/// What is the same of folders and containers.
fn stands(conn: &Connection, names: &mut Names, standing: &Standing) -> Res<WhereaboutsRow> {
    let own = standing.present;
    let present = find::seen_through(conn, own)?;
    let decides = standing.freed.or(standing.movement).filter(|_| present.since.is_some());
    let (movement, person, desk) = match decides {
        Some(movement) => who(conn, movement)?,
        None => (None, None, None),
    };
    Ok(WhereaboutsRow {
        state: present.state.word(),
        place: names.places(conn, present.place)?,
        to: names.places(conn, present.to)?,
        inside: names.places(conn, own.container)?,
        packed_at: names.places(conn, own.place.filter(|_| own.container.is_some()))?,
        confirmed: present.confirmed,
        filed: names.places(conn, present.filed)?,
        or_at: names.places(conn, present.or_at)?,
        why: gone(present.state),
        since: present.since.map(Utc),
        how: present.how.map(crate::domain::movement::How::word),
        movement,
        by: names.badge(conn, person)?,
        desk,
        ..WhereaboutsRow::default()
    })
}

const fn gone(state: State) -> Option<&'static str> {
    match state {
        State::Gone(why) => Some(why.word()),
        State::NotYetSeen | State::At | State::OnItsWay | State::InContainer => None,
    }
}

/// A movement's name, who made it, and at which desk.
fn who(conn: &Connection, movement: i64) -> Res<(Option<String>, Option<i64>, Option<String>)> {
    let index = codec::index_of(movement);
    let found = one(conn, WHO, named_params! {":key": scan_of(movement)}, |row| {
        let id = format!("{}-{index}", uuid(row.get(0)?));
        Ok((Some(id), row.get(1)?, Some(row.get(2)?)))
    })?;
    Ok(found.unwrap_or_default())
}

fn question_row(
    conn: &Connection,
    names: &mut Names,
    directory: &Directory,
    question: Question,
) -> Res<QuestionRow> {
    match question {
        Question::Order(order) => contradiction(conn, names, directory, order),
        Question::Raised(raised) => raised_row(conn, names, &raised),
        Question::Label(label) => label_row(conn, names, label),
    }
}

fn contradiction(
    conn: &Connection,
    names: &mut Names,
    directory: &Directory,
    order: Order,
) -> Res<QuestionRow> {
    let Order { about, present, sightings } = order;
    let places = either(&present);
    let row = match &about {
        About::Volume(record) => {
            QuestionRow { id: format!("order:{}", record.brief.barcode), ..of_volume(record) }
        }
        About::Container(container) => {
            let code = directory.place(*container).map(|place| place.code.to_string());
            let id = code.as_ref().map(|code| format!("order:{code}")).unwrap_or_default();
            QuestionRow { id, containers: code, ..QuestionRow::default() }
        }
    };
    Ok(QuestionRow {
        kind: "contradiction",
        place: names.places(conn, places.map(|(one, _)| one))?,
        or_at: names.places(conn, places.map(|(_, other)| other))?,
        scans: u32::try_from(sightings.len()).unwrap_or(u32::MAX),
        ..seen(conn, names, sightings.first(), present, row)?
    })
}

fn raised_row(conn: &Connection, names: &mut Names, raised: &Raised) -> Res<QuestionRow> {
    let row = raised.volume.as_ref().map(of_volume).unwrap_or_default();
    let mut containers = Vec::with_capacity(raised.containers.len());
    for container in &raised.containers {
        containers.push(names.place(conn, *container)?);
    }
    Ok(QuestionRow {
        id: raised.name().to_string(),
        kind: match raised.kind {
            QuestionKind::GoneButSeen => "gone-but-seen",
            QuestionKind::AgainstRule => "against-rule",
            QuestionKind::UnknownLabel => "unknown-label",
            QuestionKind::ContainerLoop => "container-loop",
        },
        containers: (!containers.is_empty()).then(|| containers.join(" ")),
        scans: 1,
        ..seen(conn, names, Some(&raised.sighting), Present::default(), row)?
    })
}

fn label_row(conn: &Connection, names: &mut Names, label: Label) -> Res<QuestionRow> {
    let row = QuestionRow {
        id: QuestionName::Label(label.newest).to_string(),
        kind: "unknown-label",
        scans: u32::try_from(label.count.count).unwrap_or(u32::MAX),
        ..label.known.as_ref().map(of_volume).unwrap_or_default()
    };
    let row = seen(conn, names, label.sightings.first(), Present::default(), row)?;
    Ok(QuestionRow { label: Some(label.text), ..row })
}

/// `row` with the scan that is newest among those that ask.
fn seen(
    conn: &Connection,
    names: &mut Names,
    newest: Option<&Sighting>,
    present: Present,
    row: QuestionRow,
) -> Res<QuestionRow> {
    let Some(sighting) = newest else { return Ok(QuestionRow { at: present.since.map(Utc), ..row }) };
    Ok(QuestionRow {
        at: Some(Utc(sighting.happened)),
        place: names.places(conn, sighting.place)?,
        by: names.badge(conn, sighting.by.map(crate::domain::StaffId::key))?,
        desk: Some(sighting.desk.to_string()),
        ..row
    })
}

fn of_volume(record: &VolumeRecord) -> QuestionRow {
    QuestionRow {
        barcode: Some(record.brief.barcode.to_string()),
        site: Some(record.casenote.site.to_string()),
        number_type: Some(record.casenote.number_type.to_string()),
        casenote: Some(record.casenote.number.to_string()),
        volume: Some(record.brief.volume),
        ..QuestionRow::default()
    }
}
