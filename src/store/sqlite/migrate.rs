//! Bringing a file to the schema of this program. Only a holder of the lock does that, after a copy.

use std::fs::File;
use std::path::Path;

use rusqlite::{Connection, named_params};

use super::find::one;
use super::names;
use super::open::{self, pragma};
use super::trouble::{Res, Trouble};
use crate::store::{StoreError, Trust};

/// "Case" in ASCII: marks the file as ours.
pub const APPLICATION_ID: i64 = 0x4361_7365;

/// Every migration, oldest first. A migration that has been released is frozen.
pub const MIGRATIONS: &[&str] = &[
    include_str!("migrations/0001.sql"),
    include_str!("migrations/0002.sql"),
    include_str!("migrations/0003.sql"),
    include_str!("migrations/0004.sql"),
    include_str!("migrations/0005.sql"),
    include_str!("migrations/0006.sql"),
    include_str!("migrations/0007.sql"),
    include_str!("migrations/0008.sql"),
    include_str!("migrations/0009.sql"),
    include_str!("migrations/0010.sql"),
];

const INSERT_META: &str = "INSERT INTO meta (one, trust, epoch) VALUES (1, :trust, 1)";
const TRUST: &str = "SELECT trust FROM meta WHERE one = 1";

/// The newest version this program knows.
pub fn newest() -> u32 {
    u32::try_from(MIGRATIONS.len()).unwrap_or(u32::MAX)
}

const READING: &str = "reading the version of the data";

/// The file's version; refuses what is not ours, or newer than we are. 0: nothing is in it.
pub fn version(conn: &Connection) -> Result<u32, StoreError> {
    let doing = READING;
    let version = pragma(conn, "user_version").map_err(|error| error.while_doing(doing))?;
    let mark = pragma(conn, "application_id").map_err(|error| error.while_doing(doing))?;
    let found = u32::try_from(version).unwrap_or(u32::MAX);
    if found == 0 && mark == 0 {
        return Ok(0);
    }
    if mark != APPLICATION_ID {
        return Err(StoreError::Foreign("the file casetrack.db is not Casetrack's".to_owned()));
    }
    if found > newest() {
        return Err(StoreError::Newer { found, known: newest() });
    }
    Ok(found)
}

/// The file's version; refuses another trust's file too.
pub fn check(conn: &Connection, trust: &Trust) -> Result<u32, StoreError> {
    let found = version(conn)?;
    if found == 0 {
        return Ok(0);
    }
    let whose = one(conn, TRUST, [], |row| Ok(row.get::<_, String>(0)?));
    match whose.map_err(|error| error.while_doing(READING))? {
        Some(whose) if whose == trust.0.as_str() => Ok(found),
        Some(whose) => Err(StoreError::Foreign(format!("the data are of {whose}, not of {}", trust.0))),
        None => Err(Trouble::Broken("no meta row").while_doing(READING)),
    }
}

/// Brings the file from `version` to the newest, a copy of what is there first.
pub fn migrate(conn: &mut Connection, dir: &Path, trust: &Trust, version: u32) -> Result<(), StoreError> {
    migrate_with(conn, dir, trust, version, MIGRATIONS)
}

/// [`migrate`] with a list of migrations given.
pub fn migrate_with(
    conn: &mut Connection,
    dir: &Path,
    trust: &Trust,
    version: u32,
    migrations: &[&str],
) -> Result<(), StoreError> {
    let target = u32::try_from(migrations.len()).unwrap_or(u32::MAX);
    if version > 0 && version < target {
        copy(conn, dir, target)?;
    }
    for (number, sql) in (1u32..).zip(migrations) {
        if number > version {
            apply(conn, number, sql, trust).map_err(|error| error.while_doing("migrating the data"))?;
        }
    }
    Ok(())
}

/// The copy and its name are on disk before the first step of the migration.
fn copy(conn: &Connection, dir: &Path, target: u32) -> Result<(), StoreError> {
    let doing = "copying the data before a migration";
    let to = dir.join(format!("backup-before-v{target}.db"));
    // A copy left by an earlier attempt is of the same data: nothing was migrated since.
    let _ = std::fs::remove_file(&to);
    let done = conn.execute("VACUUM INTO ?1", [to.to_string_lossy()]).map_err(Trouble::from);
    done.map_err(|error| error.while_doing(doing))?;
    let io = |source| StoreError::Io { doing: format!("syncing {}", to.display()), source };
    File::open(&to).and_then(|copy| copy.sync_all()).map_err(io)?;
    open::sync_folder(dir)
}

fn apply(conn: &mut Connection, number: u32, sql: &str, trust: &Trust) -> Res<()> {
    names::teach(conn)?;
    let transaction = conn.transaction()?;
    transaction.execute_batch(sql)?;
    if number == 1 {
        transaction.execute(INSERT_META, named_params! {":trust": trust.0.as_str()})?;
        transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
    }
    transaction.pragma_update(None, "user_version", number)?;
    Ok(transaction.commit()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::asked::Asked;
    use crate::domain::printing::JobState;
    use crate::store::sqlite::open::Safety;

    /// Rows as the first version wrote them.
    const ROWS_OF_0001: &str = "
        INSERT INTO word (key, text) VALUES (1, 'RX1'), (2, 'HOSPITAL'), (3, 'front');
        INSERT INTO place (key, code, name, kind) VALUES (1, 'LIB', 'Library', 1);
        INSERT INTO patient (key, surname, forename, sought, born) VALUES (1, 'Okafor', 'Ada', 'OKAFOR', '1961-05-04'),
            (2, 'O''Brien-Núñez', 'Zoë', 'O''BRIEN-NÚÑEZ', NULL), (3, '', '', '', NULL);
        INSERT INTO patient_number (number, site, patient) VALUES ('123', 1, 1), ('124', 1, 2), ('125', 1, 3);
        INSERT INTO casenote (key, number, site, number_type, patient, volumes) VALUES (1, '123', 1, 2, 1, 1);
        INSERT INTO volume (key, casenote, number, kind, barcode) VALUES (1, 1, 1, 0, 'V000000111');
        INSERT INTO label (text, volume) VALUES ('V000000111', 1);
        INSERT INTO desk (key, code, last) VALUES (1, 'LIB-1', 1);
        INSERT INTO session (key, desk, name) VALUES (1, 1, 'front');
        INSERT INTO run (key, session, incarnation, place, boot_base) VALUES (1, 1, zeroblob(16), 1, 0);
        INSERT INTO scan (key, id, run, number, scanner, position, back, happened, learned_off, wall_off, boot_off,
            uncertainty, past, typed, text, answer) VALUES (1, zeroblob(16), 1, 1, 3, 0, 0, 5, 0, 0, 0, 0, 0, 0, 'V000000111', x'0001');
        INSERT INTO movement (key, subject, happened, kind, place, how, implied) VALUES (8192, 2, 5, 1, 1, 0, 0);
        INSERT INTO whereabouts (subject, state, place, confirmed, since, how, movement, newest, uncertainty)
            VALUES (2, 1, 1, 1, 5, 0, 8192, 5, 0);";
    /// Rows as the fourth version wrote them: a cover that a label printer has, nobody has scanned it; a called-off badge.
    const ROWS_OF_0004: &str = "
        INSERT INTO print_job (key, id, made, person, printer, paper, state, changed, remote, said) VALUES
            (1, x'00000000000000000000000000000001', 5, NULL, 'Library', '{\"stock\":\"L7160\",\"template\":null,\"first\":4,\"spoiled\":[6],\"copies\":1}', 1, 6, '17', NULL),
            (2, x'00000000000000000000000000000002', 5, NULL, 'Zebra', '{\"stock\":\"70x35\",\"template\":\"badge\",\"first\":1,\"spoiled\":[],\"copies\":2}', 5, 7, NULL, 'out of labels');
        INSERT INTO print_label (job, at, what, subject, why, scanned) VALUES (1, 0, 0, 1, 2, NULL), (2, 0, 4, 1, 0, 0);
        UPDATE patient SET provisional = 1 WHERE key = 2;";
    /// Rows as the fifth version wrote them: two scanners, of which one has a serial number of its own.
    const ROWS_OF_0005: &str = "
        INSERT INTO scan (key, id, run, number, scanner, position, back, happened, learned_off, wall_off, boot_off,
            uncertainty, past, typed, text, answer) VALUES (2, x'00000000000000000000000000000002', 1, 2, 3, 0, 1, 6, 0, 0, 0, 0, 0, 0, 'C3016', x'0001');
        INSERT INTO scanner_pairing (key, location, vid, pid, serial, desk, scan, at) VALUES
            (1, '1-2.4', 1504, 5889, NULL, 1, 1, 5), (2, '1-2.3', 3118, 2305, 'ABC123', 1, 2, 6);";
    /// Rows as the sixth version wrote them: a search that a scan has ended, and a temporary folder that stands in.
    const ROWS_OF_0006: &str = "
        INSERT INTO search_step (key, search, at, what, volume, place, tracked, quiet, needed, asker, consultant) VALUES
            (8192, 8192, 5, 0, 1, 1, 1, 0, 9, 1, 'Dr Lee');
        INSERT INTO search_step (key, search, at, what, spot, result) VALUES (8193, 8192, 5, 2, 'L:own', 1);
        INSERT INTO search_step (key, search, at, what, place, seen_by) VALUES (16384, 8192, 6, 3, 1, 0);
        INSERT INTO search (key, id, volume, opened, state, quiet, asker, needed, changed) VALUES
            (8192, zeroblob(16), 1, 5, 1, 0, 1, 9, 16384);
        INSERT INTO combine_step (key, temporary, original, at, what) VALUES (8192, 2, 1, 5, 0);
        INSERT INTO combine (temporary, original, state, since) VALUES (2, 1, 0, 5);";
    /// Rows as the seventh version wrote them: one appointment that stands and one that was withdrawn; a sweep that saw a
    /// folder.
    const ROWS_OF_0007: &str = "
        INSERT INTO word (key, text) VALUES (4, 'Dr Rao');
        INSERT INTO place (key, code, name, kind) VALUES (2, 'CL5', 'Clinic 5', 3);
        INSERT INTO appointment (clinic, day, starts_at, wanted_from, patient, consultant, scan, withdrawn) VALUES
            (2, '2026-11-24', 900, 500, 1, 4, 1, NULL), (2, '2026-11-24', 800, 500, 1, NULL, 1, 2);
        INSERT INTO clinic_list (clinic, day, scan, at, listed) VALUES (2, '2026-11-24', 1, 5, 2);
        INSERT INTO sweep (key, id, place, scan, at) VALUES (1, x'00000000000000000000000000000001', 1, 1, 5);
        INSERT INTO sweep_step (sweep, scan, at, what, volume) VALUES (1, 1, 5, 0, NULL), (1, 2, 6, 1, 1);";
    const SECOND: &str = "ALTER TABLE place ADD COLUMN note TEXT";

    #[test]
    fn rows_of_every_version_survive_and_a_copy_is_made_first() {
        let dir = std::env::temp_dir().join(format!("casetrack-{}", uuid::Uuid::now_v7()));
        std::fs::create_dir_all(&dir).unwrap();
        let trust = Trust("RX1".parse().unwrap());
        let mut conn = open::writer(&dir, Safety::OnDisk).unwrap();
        assert_eq!(check(&conn, &trust).unwrap(), 0);
        migrate_with(&mut conn, &dir, &trust, 0, &MIGRATIONS[..1]).unwrap();
        conn.execute_batch(ROWS_OF_0001).unwrap();
        assert_eq!(check(&conn, &trust).unwrap(), 1);
        let with_another: Vec<&str> = MIGRATIONS.iter().copied().chain([SECOND]).collect();
        migrate_with(&mut conn, &dir, &trust, 1, &with_another).unwrap();
        assert_eq!(pragma(&conn, "user_version").unwrap(), i64::from(newest()) + 1);
        let label = "V000000111".parse().unwrap();
        let volume = super::super::find::volume_by_label(&conn, &label).unwrap().unwrap();
        assert_eq!(volume.standing.present.place, Some(crate::domain::PlaceId::new(1)));
        let asked = |text: &str| Asked::read(text, jiff::civil::date(2026, 11, 23)).unwrap();
        for (text, key) in
            [("brien zoe", 2), ("nun", 2), ("obrien nunez z", 2), ("kaf", 1), ("ok 4/5/1961", 1)]
        {
            let found = super::super::found::people(&conn, &asked(text)).unwrap();
            let stages = [found.exactly, found.beginning, found.containing];
            let keys: Vec<_> =
                stages.iter().flat_map(|stage| &stage.people).map(|person| person.patient.id.key()).collect();
            assert_eq!(keys, [key], "{text}");
        }
        conn.execute_batch(ROWS_OF_0004).unwrap();
        let (jobs, _) = super::super::printing::newest(&conn, None, 10).unwrap();
        let told: Vec<_> = jobs.iter().map(|job| (job.state, job.paper.first, job.unscanned)).collect();
        assert_eq!(told, [(JobState::CalledOff, 1, 0), (JobState::Sent, 4, 1)]);
        conn.execute_batch(ROWS_OF_0005).unwrap();
        let pairings = super::super::pairings::newest(&conn, 10).unwrap();
        let told: Vec<_> = pairings.iter().map(|made| format!("{} {}", made.scanner, made.desk)).collect();
        assert_eq!(told, ["0c2e:0901 at 1-2.3 LIB-1", "05e0:1701 at 1-2.4 LIB-1"]);
        for sql in ["UPDATE scanner_pairing SET pid = 1", "DELETE FROM scanner_pairing"] {
            assert!(conn.execute(sql, []).is_err(), "{sql}");
        }
        conn.execute_batch(ROWS_OF_0006).unwrap();
        let (rebuilt, kept) = (
            super::super::searches::rebuilt(&conn, 8_192).unwrap(),
            super::super::searches::SearchRow::kept(&conn, 8_192).unwrap(),
        );
        assert!(rebuilt.is_some() && rebuilt == kept, "{rebuilt:?} {kept:?}");
        let (folded, kept) = (
            super::super::combines::folded(&conn, 2).unwrap(),
            super::super::combines::kept(&conn, 2).unwrap(),
        );
        assert!(folded.is_some() && folded == kept, "{folded:?} {kept:?}");
        for sql in ["UPDATE search_step SET at = 1", "DELETE FROM combine_step"] {
            assert!(conn.execute(sql, []).is_err(), "{sql}");
        }
        conn.execute_batch(ROWS_OF_0007).unwrap();
        let at = crate::clock::Timestamp::from_micros;
        let calls =
            super::super::clinic_lists::calls(&conn, crate::domain::PatientId::new(1), at(1)).unwrap();
        assert_eq!(calls.iter().map(|call| call.starts_at.micros()).collect::<Vec<_>>(), [900]);
        assert_eq!(super::super::clinic_lists::told_at(&conn).unwrap(), Some(at(5)));
        let sweep = super::super::sweeps::newest(&conn, crate::domain::PlaceId::new(1)).unwrap().unwrap();
        assert_eq!(super::super::sweeps::reached(&conn, &sweep).unwrap(), (at(6), 1));
        for sql in [
            "UPDATE appointment SET day = '2026-11-25'",
            "DELETE FROM appointment",
            "UPDATE clinic_list SET at = 1",
            "UPDATE sweep SET at = 1",
            "DELETE FROM sweep_step",
        ] {
            assert!(conn.execute(sql, []).is_err(), "{sql}");
        }
        let copy = Connection::open(dir.join(format!("backup-before-v{}.db", newest() + 1))).unwrap();
        assert_eq!(pragma(&copy, "user_version").unwrap(), 1);
        assert!(super::super::find::volume_by_label(&copy, &label).unwrap().is_some());
        drop((conn, copy));
        let report = crate::store::verify(&dir);
        assert!(matches!(report, Err(StoreError::Newer { found, known }) if found == known + 1));
        std::fs::remove_dir_all(&dir).unwrap();
    }
}
