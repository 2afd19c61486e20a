//! Searches: their steps, and the row that a scan of what is wanted finds.

use rusqlite::{Connection, Row, named_params};

use super::codec::{at, index_of, movement_key, number_in, scan_of, uuid};
use super::core::Core;
use super::find::{self, all, one};
use super::trouble::{Res, Trouble};
use crate::clock::Timestamp;
use crate::domain::directory::Directory;
use crate::domain::movement::Subject;
use crate::domain::search::{
    Cause, ClosedWhy, FoundHow, LookResult, Meant, Need, NewStep, Quiet, Search, SearchState, SeenBy, Spot,
    Step, Stepped, Tracked, Wanted,
};
use crate::domain::{PlaceId, ScanId, SearchId, StaffId, VolumeId};
use crate::live::{Cursor, Event, SEARCH, TURNED_UP};

pub const WANTED: &str = "SELECT id, opened, asker, quiet FROM search INDEXED BY search_wanted
    WHERE volume = :volume AND state IN (0, 3)";
const KEY: &str = "SELECT key FROM search WHERE id = :id";
const NEWEST_OF: &str = "SELECT key FROM search WHERE volume = :volume ORDER BY key DESC LIMIT 1";
const INSERT_STEP: &str = "INSERT INTO search_step (key, search, at, what, volume, place, tracked, quiet, needed, asker,
    consultant, spot, result, cause, how, seen_by, why, look) VALUES (:key, :search, :at, :what, :volume, :place, :tracked,
    :quiet, :needed, :asker, :consultant, :spot, :result, :cause, :how, :seen_by, :why,
    (SELECT key FROM scan WHERE id = :look))";
const PUT: &str = "INSERT INTO search (key, id, volume, opened, state, quiet, asker, needed, changed)
    VALUES (:key, :id, :volume, :opened, :state, :quiet, :asker, :needed, :changed)
    ON CONFLICT (key) DO UPDATE SET state = :state, quiet = :quiet, asker = :asker, needed = :needed, changed = :changed";
const ROW: &str =
    "SELECT key, id, volume, opened, state, quiet, asker, needed, changed FROM search WHERE key = :key";
const STEPS: &str =
    "SELECT t.* FROM search_step_told t WHERE t.search = :search AND t.key < :end ORDER BY t.key";
const AFTER: &str = "SELECT t.* FROM search_step_told t WHERE t.key > :key ORDER BY t.key LIMIT :limit";
/// The steps of searches that a scan made which ended them.
const SEEN: &str =
    "SELECT search FROM search_step WHERE key >= :first AND key < :end AND what = 3 ORDER BY key";

const STEPPED: &str =
    "SELECT DISTINCT search FROM search_step WHERE key > :after -- whole: of what was added";
const NEWEST_STEP: &str = "SELECT max(key) FROM search_step WHERE search = :search";
const LAST_SEEN: &str =
    "SELECT key FROM search_step WHERE search = :search AND what = 3 ORDER BY key DESC LIMIT 1";

/// The open search for a volume: one look-up in an index that holds what is wanted now, and nothing else.
pub fn wanted(conn: &Connection, volume: VolumeId) -> Res<Option<Wanted>> {
    one(conn, WANTED, named_params! {":volume": volume.key()}, |row| {
        Ok(Wanted {
            search: SearchId::new(uuid(row.get(0)?)),
            opened_at: Timestamp::from_micros(row.get(1)?),
            asker: place(row.get(2)?),
            quiet: at(Quiet::ALL, row.get(3)?, "whether a search is quiet")?,
        })
    })
}

/// The key of a search.
pub fn key(conn: &Connection, search: SearchId) -> Res<Option<i64>> {
    one(conn, KEY, named_params! {":id": search.uuid().as_bytes()}, |row| Ok(row.get(0)?))
}

/// The search that is meant.
pub fn meant(conn: &Connection, meant: Meant) -> Res<Option<Search>> {
    let key = match meant {
        Meant::Search(search) => key(conn, search)?,
        Meant::NewestOf(volume) => newest_of(conn, volume)?,
    };
    key.map_or(Ok(None), |key| search(conn, key))
}

/// The key of the newest search for a volume.
fn newest_of(conn: &Connection, volume: VolumeId) -> Res<Option<i64>> {
    one(conn, NEWEST_OF, named_params! {":volume": volume.key()}, |row| Ok(row.get(0)?))
}

/// The search with this key, folded from its steps.
pub fn search(conn: &Connection, key: i64) -> Res<Option<Search>> {
    Ok(told(conn, key)?.map(|(search, _)| search))
}

/// The search with this key, and its steps.
pub fn told(conn: &Connection, key: i64) -> Res<Option<(Search, Vec<Stepped>)>> {
    let steps = steps(conn, key)?;
    if steps.is_empty() {
        return Ok(None);
    }
    let search = folded(key, &steps).ok_or(Trouble::Broken("a search that was never opened"))?;
    Ok(Some((search, steps)))
}

/// The search with this key that these steps, its first ones, add up to.
pub fn folded(key: i64, steps: &[Stepped]) -> Option<Search> {
    let id = SearchId::opened_by(steps.first()?.scan, index_of(key));
    Search::of(id, steps)
}

/// The steps of a search in the order in which they were learnt.
pub fn steps(conn: &Connection, search: i64) -> Res<Vec<Stepped>> {
    Ok(steps_before(conn, search, i64::MAX)?.into_iter().map(|row| row.stepped).collect())
}

/// The steps of a search with keys before `end`, in the order in which they were learnt.
pub fn steps_before(conn: &Connection, search: i64, end: i64) -> Res<Vec<StepRow>> {
    all(conn, STEPS, named_params! {":search": search, ":end": end}, step_row)
}

/// A step as it is read.
pub struct StepRow {
    /// Its key.
    pub key: i64,
    /// The key of its search.
    pub search: i64,
    /// The step.
    pub stepped: Stepped,
}

/// Steps after `key` in the order in which they were learnt, `limit` at most.
pub fn after(conn: &Connection, key: i64, limit: i64) -> Res<Vec<StepRow>> {
    all(conn, AFTER, named_params! {":key": key, ":limit": limit}, step_row)
}

fn place(key: Option<i64>) -> Option<PlaceId> {
    key.map(PlaceId::new)
}

fn step_row(row: &Row<'_>) -> Res<StepRow> {
    let from: i64 = row.get(4)?;
    Ok(StepRow {
        key: row.get(0)?,
        search: row.get(19)?,
        stepped: Stepped {
            scan: ScanId::new(uuid(row.get(1)?)),
            at: Timestamp::from_micros(row.get(2)?),
            by: row.get::<_, Option<i64>>(3)?.map(StaffId::new),
            from: (from > 0).then(|| PlaceId::new(from)),
            step: step(row)?,
        },
    })
}

fn step(row: &Row<'_>) -> Res<Step> {
    let broken = || Trouble::Broken("a step of a search");
    let volume = || Ok::<_, Trouble>(row.get::<_, Option<i64>>(6)?.map(VolumeId::new));
    let spot = || -> Res<Spot> { Spot::from_stored(row.get_ref(13)?.as_str()?).map_err(|_| broken()) };
    Ok(match row.get::<_, i64>(5)? {
        0 => Step::Opened {
            volume: volume()?.ok_or_else(broken)?,
            tracked: tracked(row.get(8)?, place(row.get(7)?))?,
            need: need(row)?,
            quiet: at(Quiet::ALL, row.get(9)?, "whether a search is quiet")?,
        },
        1 => Step::AskedFor(need(row)?),
        2 => {
            Step::Looked { spot: spot()?, result: at(LookResult::ALL, row.get(14)?, "the result of a look")? }
        }
        3 => Step::Seen {
            at: place(row.get(7)?).ok_or_else(broken)?,
            by: at(SeenBy::ALL, row.get(17)?, "by what it was seen")?,
        },
        4 => Step::FoundAt {
            spot: spot()?,
            cause: at(Cause::ALL, row.get(15)?, "a cause")?,
            how: at(FoundHow::ALL, row.get(16)?, "how it was found")?,
        },
        5 => Step::Declared,
        6 => Step::StoodIn { temporary: volume()?.ok_or_else(broken)? },
        7 => Step::Closed(at(ClosedWhy::ALL, row.get(18)?, "why a search was closed")?),
        8 => Step::Reopened,
        9 => Step::LookTakenBack { look: ScanId::new(uuid(row.get(20)?)) },
        _ => return Err(broken()),
    })
}

fn need(row: &Row<'_>) -> Res<Need> {
    Ok(Need {
        at: row.get::<_, Option<i64>>(10)?.map(Timestamp::from_micros),
        asker: place(row.get(11)?),
        consultant: row.get(12)?,
    })
}

fn tracked(number: i64, place: Option<PlaceId>) -> Res<Tracked> {
    match (number, place) {
        (0, None) => Ok(Tracked::Nowhere),
        (1, Some(place)) => Ok(Tracked::At(place)),
        (2, Some(place)) => Ok(Tracked::OnItsWay(place)),
        _ => Err(Trouble::Broken("where a search began")),
    }
}

/// The columns of a step; what it does not have is empty.
#[derive(Default)]
struct Columns {
    what: i64,
    volume: Option<i64>,
    place: Option<i64>,
    tracked: Option<i64>,
    quiet: Option<i64>,
    need: Need,
    spot: Option<String>,
    result: Option<i64>,
    cause: Option<i64>,
    how: Option<i64>,
    seen_by: Option<i64>,
    why: Option<i64>,
    look: Option<ScanId>,
}

fn columns(step: &Step) -> Columns {
    let none = |what| Columns { what, ..Columns::default() };
    match step {
        Step::Opened { volume, tracked, need, quiet } => Columns {
            volume: Some(volume.key()),
            place: tracked.place().map(PlaceId::key),
            tracked: Some(match tracked {
                Tracked::Nowhere => 0,
                Tracked::At(_) => 1,
                Tracked::OnItsWay(_) => 2,
            }),
            quiet: Some(number_in(Quiet::ALL, quiet)),
            need: need.clone(),
            ..none(0)
        },
        Step::AskedFor(need) => Columns { need: need.clone(), ..none(1) },
        Step::Looked { spot, result } => {
            Columns { spot: Some(spot.stored()), result: Some(number_in(LookResult::ALL, result)), ..none(2) }
        }
        Step::Seen { at, by } => {
            Columns { place: Some(at.key()), seen_by: Some(number_in(SeenBy::ALL, by)), ..none(3) }
        }
        Step::FoundAt { spot, cause, how } => Columns {
            spot: Some(spot.stored()),
            cause: Some(number_in(Cause::ALL, cause)),
            how: Some(number_in(FoundHow::ALL, how)),
            ..none(4)
        },
        Step::Declared => none(5),
        Step::StoodIn { temporary } => Columns { volume: Some(temporary.key()), ..none(6) },
        Step::Closed(why) => Columns { why: Some(number_in(ClosedWhy::ALL, why)), ..none(7) },
        Step::Reopened => none(8),
        Step::LookTakenBack { look } => Columns { look: Some(*look), ..none(9) },
    }
}

/// Appends the steps that a scan or act made, and brings the rows of their searches up to date; says what those who
/// watch are told.
pub fn append(core: &Core, scan: i64, happened: Timestamp, steps: &[NewStep]) -> Res<Vec<Event>> {
    let mut events = Vec::with_capacity(steps.len());
    for (index, new) in (0u32..).zip(steps) {
        let key = movement_key(scan, index);
        let search = insert(&core.conn, key, happened, new)?;
        let (folded, _) = told(&core.conn, search)?.ok_or(Trouble::Broken("a search"))?;
        if folded.id != new.search {
            return Err(Trouble::Ours(
                "a search is named by another step than the one that opened it".to_owned(),
            ));
        }
        put(&core.conn, &SearchRow::of(search, key, &folded))?;
        events.push(event(&core.conn, &core.directory, core.cursor(key), &folded, &new.step)?);
    }
    Ok(events)
}

fn insert(conn: &Connection, key: i64, happened: Timestamp, new: &NewStep) -> Res<i64> {
    let search = if matches!(new.step, Step::Opened { .. }) {
        key
    } else {
        self::key(conn, new.search)?.ok_or_else(|| Trouble::Ours("a step of no search".to_owned()))?
    };
    let columns = columns(&new.step);
    conn.prepare_cached(INSERT_STEP)?.execute(named_params! {
        ":key": key,
        ":search": search,
        ":at": happened.micros(),
        ":what": columns.what,
        ":volume": columns.volume,
        ":place": columns.place,
        ":tracked": columns.tracked,
        ":quiet": columns.quiet,
        ":needed": columns.need.at.map(Timestamp::micros),
        ":asker": columns.need.asker.map(PlaceId::key),
        ":consultant": columns.need.consultant,
        ":spot": columns.spot,
        ":result": columns.result,
        ":cause": columns.cause,
        ":how": columns.how,
        ":seen_by": columns.seen_by,
        ":why": columns.why,
        ":look": columns.look.map(|look| look.uuid().into_bytes()),
    })?;
    Ok(search)
}

/// Folds anew the searches that steps after the key `after` belong to.
pub fn fold_after(conn: &Connection, after: i64) -> Res<()> {
    for key in all(conn, STEPPED, named_params! {":after": after}, |row| Ok(row.get::<_, i64>(0)?))? {
        if let Some(row) = rebuilt(conn, key)? {
            put(conn, &row)?;
        }
    }
    Ok(())
}

fn put(conn: &Connection, row: &SearchRow) -> Res<()> {
    conn.prepare_cached(PUT)?.execute(named_params! {
        ":key": row.key,
        ":id": row.id.uuid().as_bytes(),
        ":volume": row.volume,
        ":opened": row.opened,
        ":state": row.state,
        ":quiet": row.quiet,
        ":asker": row.asker,
        ":needed": row.needed,
        ":changed": row.changed,
    })?;
    Ok(())
}

/// A row of the projection.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SearchRow {
    key: i64,
    id: SearchId,
    volume: i64,
    opened: i64,
    state: i64,
    quiet: i64,
    asker: Option<i64>,
    needed: Option<i64>,
    changed: i64,
}

impl SearchRow {
    /// The row of a search whose newest step is `changed`.
    pub fn of(key: i64, changed: i64, search: &Search) -> Self {
        Self {
            key,
            id: search.id,
            volume: search.volume.key(),
            opened: search.opened_at.micros(),
            state: number_in(SearchState::ALL, &search.state),
            quiet: number_in(Quiet::ALL, &search.quiet),
            asker: search.asker().map(PlaceId::key),
            needed: search.needed_at().map(Timestamp::micros),
            changed,
        }
    }

    /// The row as it stands in the store.
    pub fn kept(conn: &Connection, key: i64) -> Res<Option<Self>> {
        one(conn, ROW, named_params! {":key": key}, |row| {
            Ok(Self {
                key: row.get(0)?,
                id: SearchId::new(uuid(row.get(1)?)),
                volume: row.get(2)?,
                opened: row.get(3)?,
                state: row.get(4)?,
                quiet: row.get(5)?,
                asker: row.get(6)?,
                needed: row.get(7)?,
                changed: row.get(8)?,
            })
        })
    }
}

/// What the row of a search should be, by its steps.
pub fn rebuilt(conn: &Connection, key: i64) -> Res<Option<SearchRow>> {
    let Some(search) = search(conn, key)? else { return Ok(None) };
    let changed = one(conn, NEWEST_STEP, named_params! {":search": key}, |row| Ok(row.get(0)?))?;
    Ok(Some(SearchRow::of(key, changed.unwrap_or(key), &search)))
}

/// Whom it concerns: the library where the volume is at home, who waits, where it was scanned, where the log had it.
fn event(
    conn: &Connection,
    directory: &Directory,
    cursor: Cursor,
    search: &Search,
    step: &Step,
) -> Res<Event> {
    let home = find::volume_by_key(conn, search.volume)?.and_then(|row| row.home);
    let library = home.and_then(|home| directory.library_of(home));
    let scanned = search.seen.map(|seen| seen.place);
    let mut places = Vec::with_capacity(4);
    for place in [library, search.asker(), scanned, search.tracked.place()].into_iter().flatten() {
        if !places.contains(&place) {
            places.push(place);
        }
    }
    let kind = if matches!(step, Step::Seen { .. }) { TURNED_UP } else { SEARCH };
    Ok(Event { cursor, subject: Subject::Volume(search.volume), places, kind })
}

/// What happened to searches after `cursor`, as those who watch are told, `limit` at most.
pub fn events_after(conn: &Connection, directory: &Directory, cursor: Cursor, limit: i64) -> Res<Vec<Event>> {
    let key = i64::try_from(cursor.number).unwrap_or(i64::MAX);
    let mut events = Vec::new();
    for row in after(conn, key, limit)? {
        let Some(search) = search(conn, row.search)? else { continue };
        let number = u64::try_from(row.key).unwrap_or(0);
        events.push(event(conn, directory, Cursor { number, ..cursor }, &search, &row.stepped.step)?);
    }
    Ok(events)
}

/// The searches that a scan has turned up and that go on without it: nothing else has ended one or opened it anew since,
/// and nobody has missed its volume once more.
pub fn turned_up_by(conn: &Connection, scan: i64) -> Res<Vec<SearchId>> {
    let range = named_params! {":first": movement_key(scan, 0), ":end": movement_key(scan + 1, 0)};
    let mut found = Vec::new();
    for key in all(conn, SEEN, range, |row| Ok(row.get::<_, i64>(0)?))? {
        let Some(search) = search(conn, key)? else { continue };
        let last = one(conn, LAST_SEEN, named_params! {":search": key}, |row| Ok(row.get::<_, i64>(0)?))?;
        let by_it = search.seen.is_some() && last.is_some_and(|last| scan_of(last) == scan);
        let ended = matches!(search.state, SearchState::TurnedUp | SearchState::Found);
        if by_it && ended && newest_of(conn, search.volume)? == Some(key) {
            found.push(search.id);
        }
    }
    Ok(found)
}
