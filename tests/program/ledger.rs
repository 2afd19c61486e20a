//! What the data folder really holds, read past the program.

use std::collections::HashMap;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};
use uuid::Uuid;

use super::clerk::Heard;

/// The scans of a data folder, each with how many movements it made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ledger {
    scans: HashMap<Uuid, usize>,
    /// Movements in all.
    pub movements: usize,
    /// Volumes known.
    pub volumes: usize,
}

impl Ledger {
    /// Reads it beside a running server, changing nothing.
    pub fn read(data: &Path) -> rusqlite::Result<Self> {
        Self::of(&Connection::open_with_flags(file(data), OpenFlags::SQLITE_OPEN_READ_ONLY)?)
    }

    /// Reads what a power cut left; `None` if it is not sound.
    pub fn recover(data: &Path) -> Option<Self> {
        let connection = Connection::open(file(data)).ok()?;
        let sound: String =
            connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap_or_default();
        (sound == "ok").then(|| Self::of(&connection).ok())?
    }

    fn of(connection: &Connection) -> rusqlite::Result<Self> {
        let text = "SELECT s.id, (SELECT count(*) FROM movement m WHERE m.key >= s.key * 8192 \
                    AND m.key < (s.key + 1) * 8192) FROM scan s";
        let mut statement = connection.prepare(text)?;
        let rows = statement.query_map([], |row| Ok((row.get::<_, Uuid16>(0)?.0, row.get::<_, i64>(1)?)))?;
        let volumes: i64 = connection.query_row("SELECT count(*) FROM volume", [], |row| row.get(0))?;
        let volumes = usize::try_from(volumes).unwrap();
        let mut ledger = Self { scans: HashMap::new(), movements: 0, volumes };
        for row in rows {
            let (id, movements) = row?;
            let movements = usize::try_from(movements).unwrap();
            ledger.movements += movements;
            assert!(ledger.scans.insert(id, movements).is_none(), "scan {id} is there twice");
        }
        Ok(ledger)
    }

    /// Whether the scan is there.
    pub fn holds(&self, id: &Uuid) -> bool {
        self.scans.contains_key(id)
    }

    /// How many scans, acts of imports included.
    pub fn scans(&self) -> usize {
        self.scans.len()
    }

    /// Fails the test unless every answered scan is there with just the movements that its answer named.
    #[track_caller]
    pub fn agrees_with<'a>(&self, heard: impl IntoIterator<Item = &'a Heard>) {
        for heard in heard {
            let Some(made) = self.scans.get(&heard.id) else { panic!("accepted and lost: {heard:?}") };
            assert_eq!(*made, heard.reply.movements().len(), "not the movements that were told: {heard:?}");
        }
    }
}

struct Uuid16(Uuid);

impl rusqlite::types::FromSql for Uuid16 {
    fn column_result(value: rusqlite::types::ValueRef<'_>) -> rusqlite::types::FromSqlResult<Self> {
        let bytes = value.as_blob()?;
        Uuid::from_slice(bytes).map(Self).map_err(|_| rusqlite::types::FromSqlError::InvalidType)
    }
}

fn file(data: &Path) -> std::path::PathBuf {
    data.join("casetrack.db")
}
