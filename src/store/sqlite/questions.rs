//! What waits for a librarian: one list, what hurts most first.

use rusqlite::{Connection, Row, named_params};

use super::codec::{at, number_in, subject_of, uuid};
use super::find::{self, all, one};
use super::kept::{self, KeptRow};
use super::trouble::{Res, Trouble};
use super::volumes::{self, Siblings};
use super::{codec, fold};
use crate::clock::Timestamp;
use crate::domain::answer::Answer;
use crate::domain::casenote::LabelText;
use crate::domain::command::MAX_KEPT;
use crate::domain::directory::Directory;
use crate::domain::kept::reads;
use crate::domain::movement::{Change, Subject};
use crate::domain::patient::Number;
use crate::domain::place::{Code, PlaceKind};
use crate::domain::question::{QuestionKind, QuestionName};
use crate::domain::refusal::Reason;
use crate::domain::whereabouts::either;
use crate::domain::{PlaceId, QuestionId, ScanId, StaffId, VolumeId};
use crate::store::asked::{About, Label, MAX_COUNTED, Order, Question, Raised, Sighting};
use crate::store::records::{Bounded, VolumeRecord};

const CONTESTED: &str = "SELECT subject FROM whereabouts INDEXED BY whereabouts_contested
    WHERE or_at IS NOT NULL AND subject > :after ORDER BY subject LIMIT :limit";
const WAITING: &str = "SELECT key, scan FROM question WHERE kind = :kind AND answer IS NULL AND scan > :after
    ORDER BY scan LIMIT :limit";
const RAISED: &str =
    "SELECT q.kind, q.volume, q.answer, s.id, d.code, r.place, s.happened, s.happened + s.learned_off,
    s.uncertainty, s.person, s.answer FROM question q CROSS JOIN scan s ON s.key = q.scan
    CROSS JOIN run r ON r.key = s.run CROSS JOIN session e ON e.key = r.session CROSS JOIN desk d ON d.key = e.desk
    WHERE q.key = :key";
const KEPT: &str = "SELECT scan, text FROM scan_text INDEXED BY scan_text_kept
    WHERE kept = 1 AND settled IS NULL AND scan < :before ORDER BY scan DESC LIMIT :limit";

/// Raised questions in the order of what hurts: first where the whereabouts are in doubt.
const RAISED_KINDS: [QuestionKind; 3] =
    [QuestionKind::GoneButSeen, QuestionKind::ContainerLoop, QuestionKind::AgainstRule];
/// The stage of the list after the raised questions: unknown labels, newest first.
const LABELS: i64 = 4;
/// Kept scans that one page of the list walks; where they name fewer labels than a page has room for, the page is
/// shorter and the next goes on from there.
const MAX_WALK: usize = 2_000;
/// Scans of one label that the list tells.
const TOLD_IN_LIST: usize = 8;
/// Most folders offered for a label or a number: more need a better number.
const MAX_CANDIDATES: usize = 9;
/// Fewest digits of a label that are looked up as a number.
const MIN_DIGITS: usize = 4;

/// Where the list goes on: in which part, and after what.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Mark {
    /// 0 contested, 1 to 3 raised, [`LABELS`].
    pub stage: i64,
    /// The last subject or scan told.
    pub key: i64,
}

/// The beginning of the list.
pub const BEGINNING: Mark = Mark { stage: 0, key: i64::MIN };

/// A page of the list and where the next goes on.
pub fn list(
    conn: &Connection,
    directory: &Directory,
    mut mark: Mark,
    limit: usize,
) -> Res<(Vec<Question>, Option<Mark>)> {
    let mut found = Vec::new();
    while found.len() < limit {
        let room = limit - found.len();
        let (part, next) = match mark.stage {
            0 => contested(conn, mark.key, room)?,
            1..LABELS => waiting(conn, mark, room)?,
            _ => labels(conn, directory, mark.key, room)?,
        };
        found.extend(part);
        match next {
            Some(key) => return Ok((found, Some(Mark { key, ..mark }))),
            None if mark.stage >= LABELS => return Ok((found, None)),
            None => mark = begin(mark.stage + 1),
        }
    }
    Ok((found, Some(mark)))
}

const fn begin(stage: i64) -> Mark {
    Mark { stage, key: if stage == LABELS { i64::MAX } else { i64::MIN } }
}

/// Some of one part, and the key from which it goes on.
type Part = (Vec<Question>, Option<i64>);

fn rows(limit: usize) -> i64 {
    i64::try_from(limit).unwrap_or(i64::MAX)
}

fn contested(conn: &Connection, after: i64, limit: usize) -> Res<Part> {
    let params = named_params! {":after": after, ":limit": rows(limit)};
    let subjects = all(conn, CONTESTED, params, |row| Ok(row.get::<_, i64>(0)?))?;
    let mut found = Vec::with_capacity(subjects.len());
    for subject in &subjects {
        found.extend(order(conn, subject_of(*subject))?.map(Question::Order));
    }
    Ok((found, subjects.last().copied().filter(|_| subjects.len() == limit)))
}

/// The two places of a subject, with what says so.
fn order(conn: &Connection, subject: Subject) -> Res<Option<Order>> {
    // As the decision will read it: a folder through its containers, a container by itself.
    let (about, present) = match subject {
        Subject::Container(container) => {
            (About::Container(container), find::standing_of(conn, subject)?.present)
        }
        Subject::Volume(volume) => match volumes::by_id(conn, volume, Siblings::Omitted)? {
            Some(record) => {
                let present = record.present;
                (About::Volume(Box::new(record)), present)
            }
            None => return Ok(None),
        },
    };
    let (newest, before) = fold::deciding(conn, subject)?;
    let contested = either(&present).is_some();
    let told = [newest, before].into_iter().flatten().filter(|_| contested);
    Ok(Some(Order { about, present, sightings: told.map(moved).collect() }))
}

fn moved(told: codec::Told) -> Sighting {
    let movement = told.movement;
    Sighting {
        scan: movement.id.scan,
        desk: movement.order.desk,
        place: movement.change.ends_at(),
        change: Some(movement.change),
        happened: movement.order.happened,
        learned_at: told.learned_at,
        uncertainty_us: movement.uncertainty_us,
        by: told.person.map(StaffId::new),
    }
}

fn waiting(conn: &Connection, mark: Mark, limit: usize) -> Res<Part> {
    let kind = usize::try_from(mark.stage - 1).ok().and_then(|stage| RAISED_KINDS.get(stage));
    let Some(kind) = kind else { return Ok((Vec::new(), None)) };
    let kind = number_in(&QuestionKind::ALL, kind);
    let params = named_params! {":kind": kind, ":after": mark.key, ":limit": rows(limit)};
    let open = all(conn, WAITING, params, |row| Ok((QuestionId::new(row.get(0)?), row.get::<_, i64>(1)?)))?;
    let mut found = Vec::with_capacity(open.len());
    for (id, _) in &open {
        found.extend(told(conn, *id)?.map(Question::Raised));
    }
    Ok((found, open.last().map(|(_, scan)| *scan).filter(|_| open.len() == limit)))
}

/// A raised question as it is stored.
pub struct RaisedRow {
    /// Why.
    pub kind: QuestionKind,
    /// About which volume.
    pub volume: Option<VolumeId>,
    /// Whether nobody has settled it yet.
    pub is_open: bool,
    /// The containers that the scan spoke of.
    pub containers: Vec<PlaceId>,
    /// The scan.
    pub sighting: Sighting,
}

/// The raised question with this handle.
pub fn raised(conn: &Connection, id: QuestionId) -> Res<Option<RaisedRow>> {
    one(conn, RAISED, named_params! {":key": id.key()}, raised_row)
}

fn raised_row(row: &Row<'_>) -> Res<RaisedRow> {
    let kind = at(&QuestionKind::ALL, row.get(0)?, "a kind of question")?;
    let answer = Answer::decode(row.get_ref(10)?.as_blob()?).ok_or(Trouble::Broken("an answer"))?;
    let spoken = [answer.place, answer.other].into_iter().flatten();
    Ok(RaisedRow {
        kind,
        volume: row.get::<_, Option<i64>>(1)?.map(VolumeId::new),
        is_open: row.get::<_, Option<i64>>(2)?.is_none(),
        containers: if kind == QuestionKind::ContainerLoop { spoken.collect() } else { Vec::new() },
        sighting: Sighting {
            scan: ScanId::new(uuid(row.get(3)?)),
            desk: row.get_ref(4)?.as_str()?.parse().map_err(|_| Trouble::Broken("a desk's code"))?,
            place: Some(PlaceId::new(row.get(5)?)),
            change: None,
            happened: Timestamp::from_micros(row.get(6)?),
            learned_at: Timestamp::from_micros(row.get(7)?),
            uncertainty_us: row.get(8)?,
            by: row.get::<_, Option<i64>>(9)?.map(StaffId::new),
        },
    })
}

fn told(conn: &Connection, id: QuestionId) -> Res<Option<Raised>> {
    let Some(row) = raised(conn, id)? else { return Ok(None) };
    let volume = match row.volume {
        Some(volume) => volumes::by_id(conn, volume, Siblings::Omitted)?,
        None => None,
    };
    let seen_since = match row.kind {
        QuestionKind::GoneButSeen => seen_since(conn, &row)?,
        QuestionKind::ContainerLoop | QuestionKind::AgainstRule | QuestionKind::UnknownLabel => None,
    };
    Ok(Some(Raised {
        question: id,
        seen_since,
        kind: row.kind,
        is_open: row.is_open,
        sighting: row.sighting,
        volume,
        containers: row.containers,
    }))
}

/// The newest scan of a folder that is recorded as gone, if it is not the one that raised the question.
fn seen_since(conn: &Connection, row: &RaisedRow) -> Res<Option<Sighting>> {
    let Some(volume) = row.volume else { return Ok(None) };
    let (newest, _) = fold::deciding(conn, Subject::Volume(volume))?;
    let seen = newest.filter(|told| matches!(told.movement.change, Change::SeenGone { .. })).map(moved);
    Ok(seen.filter(|seen| seen.scan != row.sighting.scan))
}

/// Unknown labels by their newest kept scan before `before`; those of one page that were scanned most come first.
fn labels(conn: &Connection, directory: &Directory, before: i64, limit: usize) -> Res<Part> {
    let params = named_params! {":before": before, ":limit": rows(MAX_WALK)};
    let walked = all(conn, KEPT, params, |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))?;
    let mut found: Vec<Label> = Vec::new();
    let mut next = walked.last().map(|(scan, _)| *scan).filter(|_| walked.len() == MAX_WALK);
    for (scan, text) in walked {
        // A label stands in the list where its newest scan is.
        if kept::open(conn, &text, 1)?.first() != Some(&scan) {
            continue;
        }
        found.extend(label(conn, directory, &text, TOLD_IN_LIST)?);
        if found.len() == limit {
            next = Some(scan);
            break;
        }
    }
    found.sort_by_key(|label| std::cmp::Reverse(label.count.count));
    Ok((found.into_iter().map(Question::Label).collect(), next))
}

/// The open scans kept under a text.
fn label(conn: &Connection, directory: &Directory, text: &str, limit: usize) -> Res<Option<Label>> {
    let mut rows = Vec::new();
    for key in kept::open(conn, text, limit)? {
        rows.extend(kept::by_key(conn, key)?);
    }
    let Some(newest) = rows.first() else { return Ok(None) };
    let known = match kept::names(conn, &reads(&newest.kept.scan, directory))? {
        Some(volume) => volumes::by_id(conn, volume, Siblings::Omitted)?,
        None => None,
    };
    Ok(Some(Label {
        newest: newest.kept.scan.id,
        text: text.to_owned(),
        count: kept::count_open(conn, text, MAX_COUNTED)?,
        named_several: rows.iter().any(|row| row.kept.reason == Reason::WhichVolume),
        sightings: rows.into_iter().map(refused).collect(),
        known,
        candidates: Vec::new(),
    }))
}

fn refused(row: KeptRow) -> Sighting {
    let scan = row.kept.scan;
    Sighting {
        scan: scan.id,
        desk: scan.desk,
        place: Some(scan.desk_place),
        change: None,
        happened: scan.clocks.happened,
        learned_at: row.learned_at,
        uncertainty_us: scan.clocks.uncertainty_us,
        by: scan.person,
    }
}

/// The question with this name, also once it is settled; an unknown label, with all that can be settled at once.
pub fn question(conn: &Connection, directory: &Directory, name: &QuestionName) -> Res<Option<Question>> {
    match name {
        QuestionName::Order(barcode) => Ok(order_named(conn, directory, barcode)?.map(Question::Order)),
        QuestionName::Label(scan) => Ok(label_of(conn, directory, *scan)?.map(Question::Label)),
        QuestionName::Raised { scan, question } => {
            let found = told(conn, *question)?.filter(|found| found.sighting.scan == *scan);
            match found {
                Some(late) if late.kind == QuestionKind::UnknownLabel => {
                    Ok(label_of(conn, directory, *scan)?.map(Question::Label))
                }
                found => Ok(found.map(Question::Raised)),
            }
        }
    }
}

fn order_named(conn: &Connection, directory: &Directory, barcode: &LabelText) -> Res<Option<Order>> {
    if let Some(row) = find::volume_by_label(conn, barcode)? {
        let own = either(&row.standing.present).is_some();
        let carriers = find::carriers(conn, &row.standing.present)?;
        let doubted = carriers.iter().rfind(|carrier| either(&carrier.present).is_some()).filter(|_| !own);
        let volume = Subject::Volume(row.brief.id);
        return order(conn, doubted.map_or(volume, |carrier| Subject::Container(carrier.container)));
    }
    let place = barcode.as_str().parse::<Code>().ok().and_then(|code| directory.place_by_code(&code));
    match place.filter(|place| place.kind == PlaceKind::Container) {
        Some(container) => order(conn, Subject::Container(container.id)),
        None => Ok(None),
    }
}

/// The label of one kept scan; once all is settled, what it names and no scans.
fn label_of(conn: &Connection, directory: &Directory, scan: ScanId) -> Res<Option<Label>> {
    let Some(row) = kept::by_id(conn, scan)? else { return Ok(None) };
    let text = row.kept.scan.text.clone();
    if let Some(open) = label(conn, directory, &text, MAX_KEPT)? {
        let candidates = candidates(conn, &text)?;
        return Ok(Some(Label { candidates, ..open }));
    }
    let known = match kept::names(conn, &reads(&row.kept.scan, directory))? {
        Some(volume) => volumes::by_id(conn, volume, Siblings::Omitted)?,
        None => None,
    };
    Ok(Some(Label {
        newest: scan,
        text,
        count: Bounded::default(),
        sightings: Vec::new(),
        known,
        named_several: false,
        candidates: Vec::new(),
    }))
}

/// The folders whose number is exactly what a label says, or the digits in it.
fn candidates(conn: &Connection, text: &str) -> Res<Vec<VolumeRecord>> {
    let digits = text.split(|c: char| !c.is_ascii_digit()).max_by_key(|run| run.len()).unwrap_or_default();
    let mut found = numbered(conn, text, None)?;
    if digits.len() >= MIN_DIGITS && digits != text {
        found.extend(numbered(conn, digits, None)?);
    }
    found.truncate(MAX_CANDIDATES);
    Ok(found)
}

/// The folder with this label; else those with this casenote or hospital number, and of these the wanted volume.
pub fn folders(conn: &Connection, text: &str, volume: Option<u32>) -> Res<Vec<VolumeRecord>> {
    if let Ok(label) = text.parse::<LabelText>()
        && let Some(record) = volumes::by_label(conn, &label)?
    {
        return Ok(vec![record]);
    }
    numbered(conn, text, volume)
}

fn numbered(conn: &Connection, text: &str, volume: Option<u32>) -> Res<Vec<VolumeRecord>> {
    let Ok(number) = text.parse::<Number>() else { return Ok(Vec::new()) };
    let mut casenotes = find::casenotes(conn, &number, None)?;
    for patient in find::patients(conn, &number, None)? {
        casenotes.extend(find::casenotes_of(conn, patient)?);
    }
    casenotes.sort_unstable();
    casenotes.dedup();
    let mut found = Vec::new();
    for casenote in casenotes {
        for row in find::volumes_of_casenote(conn, casenote.key())? {
            if found.len() < MAX_CANDIDATES && volume.is_none_or(|volume| volume == row.brief.volume) {
                found.push(volumes::record(conn, row, Siblings::Omitted)?);
            }
        }
    }
    Ok(found)
}
