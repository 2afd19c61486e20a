//! The directory as it stands in the database.

use rusqlite::{Connection, Row};

use super::codec::at;
use super::find::all;
use super::trouble::{Res, Trouble};
use crate::domain::directory::Directory;
use crate::domain::place::{self, Place, PlaceKind};
use crate::domain::staff::{Role, Staff};
use crate::domain::{PlaceId, StaffId};
use crate::store::DeskStand;

const PLACES: &str =
    "SELECT key, code, name, kind, parent, phone, phone_out_of_hours, open, until, consultants
    FROM place -- whole: places are few";
const STAFF: &str = "SELECT key, badge, name, role FROM staff -- whole: staff are few";

/// Reads places and staff, and puts the desks where they stand.
pub fn directory(conn: &Connection, stands: &[DeskStand]) -> Res<Directory> {
    let places = all(conn, PLACES, [], place)?;
    let staff = all(conn, STAFF, [], person)?;
    let with_desk: Vec<_> = stands
        .iter()
        .filter_map(|stand| places.iter().find(|place| place.code == stand.place).map(|place| place.id))
        .collect();
    Ok(Directory::new(places, staff, with_desk))
}

fn place(row: &Row<'_>) -> Res<Place> {
    let until: Option<String> = row.get(8)?;
    let consultants: Option<String> = row.get(9)?;
    Ok(Place {
        id: PlaceId::new(row.get(0)?),
        code: row.get_ref(1)?.as_str()?.parse().map_err(|_| Trouble::Broken("a place's code"))?,
        name: row.get(2)?,
        kind: at(&PlaceKind::ALL, row.get(3)?, "a kind of place")?,
        parent: row.get::<_, Option<i64>>(4)?.map(PlaceId::new),
        phone: row.get(5)?,
        phone_out_of_hours: row.get(6)?,
        open: row.get(7)?,
        until: until.map(|day| day.parse().map_err(|_| Trouble::Broken("a day"))).transpose()?,
        consultants: consultants.as_deref().map(place::consultants).unwrap_or_default(),
    })
}

fn person(row: &Row<'_>) -> Res<Staff> {
    Ok(Staff {
        id: StaffId::new(row.get(0)?),
        badge: row.get_ref(1)?.as_str()?.parse().map_err(|_| Trouble::Broken("a badge"))?,
        name: row.get(2)?,
        role: at(&Role::ALL, row.get(3)?, "a role")?,
    })
}
