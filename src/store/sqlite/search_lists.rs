//! The register of searches.

use std::cmp::Reverse;

use rusqlite::{Connection, named_params};

use super::codec::{at, number_in, uuid};
use super::find::{all, one};
use super::searches;
use super::trouble::Res;
use super::volumes::{self, Siblings};
use crate::clock::Timestamp;
use crate::domain::search::{Quiet, SearchState};
use crate::domain::{SearchId, VolumeId};
use crate::store::records::SearchBrief;
use crate::store::searches::{Register, SearchFilter, SearchLine, SearchRecord};

const OLDEST_FIRST: &str = "SELECT key FROM search INDEXED BY search_by_state
    WHERE state = :state AND quiet = :quiet AND key > :after ORDER BY key LIMIT :limit";
const NEWEST_FIRST: &str = "SELECT key FROM search INDEXED BY search_by_state
    WHERE state = :state AND quiet = :quiet AND key < :after ORDER BY key DESC LIMIT :limit";
const COUNT: &str = "SELECT count(*) FROM (SELECT 1 FROM search INDEXED BY search_by_state
    WHERE state = :state AND quiet = :quiet LIMIT :limit)";
/// Of the newest searches of which it is asked where they were, those that were shown since.
const TURNED_UP: &str =
    "SELECT shown FROM (SELECT key AS shown, changed FROM search INDEXED BY search_by_state
    WHERE state = 1 AND quiet = 0 ORDER BY key DESC LIMIT :walk)
    CROSS JOIN search_step t ON t.key = changed WHERE t.at >= :since LIMIT :limit";
const NEWEST_OF: &str = "SELECT id, state FROM search WHERE volume = :volume ORDER BY key DESC LIMIT 1";

/// Newest searches that are looked through for those that turned up lately: beyond them nobody has answered for weeks.
const MAX_WALK: i64 = 200;

/// The search with this name, its volume and its steps.
pub fn record(conn: &Connection, id: SearchId) -> Res<Option<SearchRecord>> {
    let Some(key) = searches::key(conn, id)? else { return Ok(None) };
    let Some((search, steps)) = searches::told(conn, key)? else { return Ok(None) };
    let volume = volumes::by_id(conn, search.volume, Siblings::Told)?;
    Ok(volume.map(|volume| SearchRecord { volume, search, steps }))
}

/// The newest search for a volume, while it is open or it is still asked where it was.
pub fn brief_of(conn: &Connection, volume: VolumeId) -> Res<Option<SearchBrief>> {
    let newest = one(conn, NEWEST_OF, named_params! {":volume": volume.key()}, |row| {
        let state = at(SearchState::ALL, row.get(1)?, "the state of a search")?;
        Ok(SearchBrief { id: SearchId::new(uuid(row.get(0)?)), state })
    })?;
    Ok(newest.filter(|search| search.state.is_wanted() || search.state == SearchState::TurnedUp))
}

/// A page of the register: what is open the oldest first, all else the newest first.
pub fn page(
    conn: &Connection,
    filter: SearchFilter,
    after: Option<i64>,
    limit: usize,
) -> Res<(Vec<SearchLine>, Option<i64>)> {
    let oldest_first = matches!(filter.register, Register::Wanted | Register::Open);
    let (sql, beginning) = if oldest_first { (OLDEST_FIRST, 0) } else { (NEWEST_FIRST, i64::MAX) };
    let further = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
    let mut keys: Vec<i64> = Vec::new();
    for (state, quiet) in sources(filter) {
        let params = named_params! {
            ":state": state, ":quiet": quiet, ":after": after.unwrap_or(beginning), ":limit": further,
        };
        keys.extend(all(conn, sql, params, |row| Ok(row.get::<_, i64>(0)?))?);
    }
    if oldest_first {
        keys.sort_unstable();
    } else {
        keys.sort_unstable_by_key(|key| Reverse(*key));
    }
    let more = keys.len() > limit;
    keys.truncate(limit);
    let next = keys.last().copied().filter(|_| more);
    let mut lines = Vec::with_capacity(keys.len());
    for key in keys {
        lines.extend(line(conn, key)?);
    }
    Ok((lines, next))
}

/// What somebody waits for and has turned up since this time, `limit` at most.
pub fn turned_up(conn: &Connection, since: Timestamp, limit: usize) -> Res<Vec<SearchLine>> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let params = named_params! {":since": since.micros(), ":walk": MAX_WALK, ":limit": limit};
    let mut lines = Vec::new();
    for key in all(conn, TURNED_UP, params, |row| Ok(row.get::<_, i64>(0)?))? {
        lines.extend(line(conn, key)?);
    }
    Ok(lines)
}

fn line(conn: &Connection, key: i64) -> Res<Option<SearchLine>> {
    let Some(search) = searches::search(conn, key)? else { return Ok(None) };
    let volume = volumes::by_id(conn, search.volume, Siblings::Omitted)?;
    Ok(volume.map(|volume| SearchLine { volume, search }))
}

/// How many searches a part of the register has, counted up to `most`.
pub fn count(conn: &Connection, filter: SearchFilter, most: usize) -> Res<usize> {
    let mut found = 0;
    for (state, quiet) in sources(filter) {
        let limit = i64::try_from(most).unwrap_or(i64::MAX);
        let params = named_params! {":state": state, ":quiet": quiet, ":limit": limit};
        let some = one(conn, COUNT, params, |row| Ok(row.get::<_, i64>(0)?))?.unwrap_or(0);
        found += usize::try_from(some).unwrap_or(0);
    }
    Ok(found)
}

/// The ranges of the index by state that a part of the register is made of.
fn sources(filter: SearchFilter) -> Vec<(i64, i64)> {
    let states: &[SearchState] = match filter.register {
        Register::Wanted => &[SearchState::Open, SearchState::Declared],
        Register::Open => &[SearchState::Open],
        Register::Declared => &[SearchState::Declared],
        Register::Asked => &[SearchState::TurnedUp],
        Register::Ended => &[SearchState::Found, SearchState::Closed],
        Register::All => SearchState::ALL,
    };
    let quiets: &[Quiet] = match &filter.quiet {
        Some(quiet) => std::slice::from_ref(quiet),
        None => Quiet::ALL,
    };
    let number = |state| number_in(SearchState::ALL, state);
    let pair = |state| quiets.iter().map(move |quiet| (number(state), number_in(Quiet::ALL, quiet)));
    states.iter().flat_map(pair).collect()
}
