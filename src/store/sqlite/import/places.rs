//! Places, containers among them.

use rusqlite::named_params;

use super::super::codec::{number_in, subject_of};
use super::super::core::Core;
use super::super::find::{self, all, one};
use super::super::trouble::Res;
use super::act;
use crate::domain::directory::MAX_TREE_DEPTH;
use crate::domain::import::{PlaceRow, RowResult, Said};
use crate::domain::movement::Subject;
use crate::domain::place::PlaceKind;

const PLACE: &str = "SELECT key, name, kind, parent, phone, phone_out_of_hours, open, until, consultants FROM place WHERE code = :code";
const INSERT: &str =
    "INSERT INTO place (code, name, kind, parent, phone, phone_out_of_hours, open, until, consultants)
    VALUES (:code, :name, :kind, :parent, :phone, :phone_out_of_hours, :open, :until, :consultants)";
const UPDATE: &str = "UPDATE place SET name = :name, kind = :kind, parent = :parent, phone = :phone,
    phone_out_of_hours = :phone_out_of_hours, open = :open, until = :until, consultants = :consultants
    WHERE code = :code";
const PARENT: &str = "SELECT parent FROM place WHERE key = :key";
const AT: &str =
    "SELECT subject FROM whereabouts WHERE place = :place AND state = 1 ORDER BY since LIMIT :limit";
const BOUND: &str = "SELECT subject FROM whereabouts WHERE towards = :place AND towards IS NOT NULL ORDER BY since LIMIT :limit";
const IN_IT: &str =
    "SELECT subject FROM whereabouts WHERE packed_in = :place AND state = 3 ORDER BY since LIMIT :limit";
const DEPTH_BENEATH: &str = "WITH RECURSIVE beneath (key, depth) AS (SELECT :key, 0 UNION ALL
    SELECT p.key, b.depth + 1 FROM beneath b JOIN place p ON p.parent = b.key WHERE b.depth < :deepest)
    SELECT max(depth) FROM beneath -- whole: places are few";

/// Folders named in the answer to a place that cannot be closed.
const MAX_NAMED: i64 = 20;

#[derive(PartialEq, Eq, Clone)]
struct Columns {
    name: String,
    kind: i64,
    parent: Option<i64>,
    phone: Option<String>,
    phone_out_of_hours: Option<String>,
    open: Option<String>,
    until: Option<String>,
    consultants: Option<String>,
}

/// Applies a row of places.
pub fn place(core: &mut Core, row: &PlaceRow) -> Res<RowResult> {
    let text = row.code.as_str();
    let known = known(core, text)?;
    let checked = match &known {
        None => unusable(core, text)?,
        Some((key, now)) => unchangeable(core, row, *key, now)?,
    };
    if let Some(why) = checked {
        return Ok(RowResult::Rejected(why));
    }
    let parent = match parent(core, row, known.as_ref().map(|(key, _)| *key))? {
        Ok(parent) => parent,
        Err(why) => return Ok(RowResult::Rejected(why)),
    };
    let told = told(row, parent, known.as_ref().map(|(_, now)| now));
    let (sql, result) = match &known {
        None => (INSERT, RowResult::Added),
        Some((_, now)) if *now == told => return Ok(RowResult::Same),
        Some(_) => (UPDATE, RowResult::Changed),
    };
    core.conn.prepare_cached(sql)?.execute(named_params! {
        ":code": text, ":name": told.name, ":kind": told.kind, ":parent": told.parent, ":phone": told.phone,
        ":phone_out_of_hours": told.phone_out_of_hours, ":open": told.open, ":until": told.until,
        ":consultants": told.consultants,
    })?;
    core.directory_changed = true;
    Ok(result)
}

fn known(core: &Core, text: &str) -> Res<Option<(i64, Columns)>> {
    one(&core.conn, PLACE, named_params! {":code": text}, |row| {
        let columns = Columns {
            name: row.get(1)?,
            kind: row.get(2)?,
            parent: row.get(3)?,
            phone: row.get(4)?,
            phone_out_of_hours: row.get(5)?,
            open: row.get(6)?,
            until: row.get(7)?,
            consultants: row.get(8)?,
        };
        Ok((row.get(0)?, columns))
    })
}

fn told(row: &PlaceRow, parent: Said<i64>, now: Option<&Columns>) -> Columns {
    let text =
        |said: &Said<String>, now: Option<&Option<String>>| said.clone().over(now.and_then(Clone::clone));
    Columns {
        name: text(&row.name, now.map(|now| Some(now.name.clone())).as_ref())
            .unwrap_or_else(|| row.code.to_string()),
        kind: kind(row, now),
        parent: parent.over(now.and_then(|now| now.parent)),
        phone: text(&row.phone, now.map(|now| &now.phone)),
        phone_out_of_hours: text(&row.phone_out_of_hours, now.map(|now| &now.phone_out_of_hours)),
        open: text(&row.open, now.map(|now| &now.open)),
        until: row.until.map(|day| day.to_string()).over(now.and_then(|now| now.until.clone())),
        consultants: text(&row.consultants, now.map(|now| &now.consultants)),
    }
}

fn kind(row: &PlaceRow, now: Option<&Columns>) -> i64 {
    let told = row.kind.map(|kind| number_in(&PlaceKind::ALL, &kind)).over(now.map(|now| now.kind));
    told.unwrap_or_else(|| number_in(&PlaceKind::ALL, &PlaceKind::Other))
}

/// Why a new code cannot be taken.
fn unusable(core: &Core, text: &str) -> Res<Option<String>> {
    if act::is_ours(text) {
        return Ok(Some(format!("{text} has the form of a barcode that Casetrack makes: use another code")));
    }
    if act::person(core, text)?.is_some() {
        return Ok(Some(format!("{text} is somebody's badge: one text must mean one thing")));
    }
    if act::labelled(core, text)?.is_some() {
        return Ok(Some(format!("{text} is the label of a folder: one text must mean one thing")));
    }
    Ok(None)
}

/// Why a known place cannot change in this way.
fn unchangeable(core: &Core, row: &PlaceRow, key: i64, now: &Columns) -> Res<Option<String>> {
    let container = number_in(&PlaceKind::ALL, &PlaceKind::Container);
    if (kind(row, Some(now)) == container) != (now.kind == container) {
        let why = format!("{} cannot turn from a place into a container or back: use a new code", row.code);
        return Ok(Some(why));
    }
    let closes = row.until.value().is_some_and(|day| now.until.as_deref() != Some(day.to_string().as_str()));
    if !closes {
        return Ok(None);
    }
    let there = there(core, key)?;
    Ok((!there.is_empty()).then(|| {
        format!("{} cannot be closed while these are there or on their way: {}", row.code, there.join(", "))
    }))
}

/// What is at a place, bound for it or in it, by barcode or code.
fn there(core: &Core, place: i64) -> Res<Vec<String>> {
    let mut subjects = Vec::new();
    for sql in [AT, BOUND, IN_IT] {
        let params = named_params! {":place": place, ":limit": MAX_NAMED};
        subjects.extend(all(&core.conn, sql, params, |row| Ok(row.get::<_, i64>(0)?))?);
    }
    let mut names = Vec::new();
    for subject in subjects {
        names.extend(match subject_of(subject) {
            Subject::Volume(volume) => {
                find::volume_by_key(&core.conn, volume)?.map(|row| row.brief.barcode.to_string())
            }
            Subject::Container(container) => {
                core.directory.place(container).map(|container| container.code.to_string())
            }
        });
    }
    Ok(names)
}

/// The place above, checked; the inner error is for the reject file.
fn parent(core: &Core, row: &PlaceRow, key: Option<i64>) -> Res<Result<Said<i64>, String>> {
    let above = match &row.parent {
        Said::Unsaid => return Ok(Ok(Said::Unsaid)),
        Said::Nothing => return Ok(Ok(Said::Nothing)),
        Said::Is(above) => above,
    };
    let Some((parent, kind)) = act::place(core, above.as_str())? else {
        let why = format!("the place above, {above}, is not known: put it earlier in the file");
        return Ok(Err(why));
    };
    if kind == number_in(&PlaceKind::ALL, &PlaceKind::Container) {
        return Ok(Err(format!("the place above, {above}, is a container: containers move, places do not")));
    }
    let mut depth = 1;
    let mut next = Some(parent);
    while let Some(step) = next {
        if Some(step) == key {
            return Ok(Err(format!("{} would stand above itself", row.code)));
        }
        depth += 1;
        if depth > MAX_TREE_DEPTH {
            return Ok(Err(too_deep(row)));
        }
        next = one(&core.conn, PARENT, named_params! {":key": step}, |row| Ok(row.get(0)?))?.flatten();
    }
    let beneath = key.map_or(Ok(0), |key| depth_beneath(core, key))?;
    Ok(if depth + beneath > MAX_TREE_DEPTH { Err(too_deep(row)) } else { Ok(Said::Is(parent)) })
}

fn too_deep(row: &PlaceRow) -> String {
    format!("{} would stand deeper than {MAX_TREE_DEPTH} places", row.code)
}

fn depth_beneath(core: &Core, key: i64) -> Res<usize> {
    let deepest = i64::try_from(MAX_TREE_DEPTH).unwrap_or(i64::MAX);
    let params = named_params! {":key": key, ":deepest": deepest};
    let depth = one(&core.conn, DEPTH_BENEATH, params, |row| Ok(row.get::<_, i64>(0)?))?;
    Ok(depth.and_then(|depth| usize::try_from(depth).ok()).unwrap_or(0))
}
