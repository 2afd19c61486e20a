//! What the schema keeps for figures as of a day, in a file of before it and in its own.

use super::*;
use crate::store::Trust;
use crate::store::sqlite::migrate::{MIGRATIONS, migrate_with};
use crate::store::sqlite::open::{Safety, writer};

/// A library, a clinic in it, and a folder that was scanned once, as the first version wrote them.
const ROWS: &str = "
    INSERT INTO word (key, text) VALUES (1, 'RX1'), (2, 'HOSPITAL'), (3, 'front');
    INSERT INTO place (key, code, name, kind) VALUES (1, 'LIB', 'Library', 1), (2, 'CL5', 'Clinic 5', 3);
    INSERT INTO patient (key, surname, forename, sought) VALUES (1, 'Okafor', 'Ada', 'OKAFOR');
    INSERT INTO casenote (key, number, site, number_type, patient, volumes) VALUES (1, '123', 1, 2, 1, 1);
    INSERT INTO volume (key, casenote, number, kind, barcode) VALUES (1, 1, 1, 0, 'V000000111');
    INSERT INTO desk (key, code, last) VALUES (1, 'LIB-1', 1);
    INSERT INTO session (key, desk, name) VALUES (1, 1, 'front');
    INSERT INTO run (key, session, incarnation, place, boot_base) VALUES (1, 1, zeroblob(16), 1, 0);
    INSERT INTO scan (key, id, run, number, scanner, position, back, happened, learned_off, wall_off, boot_off,
        uncertainty, past, typed, text, answer) VALUES (1, zeroblob(16), 1, 1, 3, 0, 0, 5, 0, 0, 0, 0, 0, 0, 'V000000111', x'0001');
    INSERT INTO movement (key, subject, happened, kind, place, how, implied) VALUES (8192, 2, 5, 1, 1, 0, 0);";
const IMPORTED: &str = "
    UPDATE place SET name = 'Clinic five', kind = 7, parent = 1 WHERE key = 2;
    UPDATE place SET phone = '2345' WHERE key = 1;
    UPDATE volume SET kind = 1, home = 1 WHERE key = 1;
    UPDATE volume SET kind = 1, home = 2 WHERE key = 1;";

fn learnt(upto: i64) -> Learnt {
    let at = Timestamp::from_micros;
    Learnt { span: Span { from: at(0), until: at(100), is_over: true }, before: 0, upto }
}

#[test]
fn what_an_import_changes_stands_as_it_was_for_whoever_had_learnt_no_more() {
    let dir = std::env::temp_dir().join(format!("casetrack-{}", uuid::Uuid::now_v7()));
    std::fs::create_dir_all(&dir).unwrap();
    let trust = Trust("RX1".parse().unwrap());
    let mut conn = writer(&dir, Safety::OnDisk).unwrap();
    migrate_with(&mut conn, &dir, &trust, 0, &MIGRATIONS[..1]).unwrap();
    conn.execute_batch(ROWS).unwrap();
    migrate_with(&mut conn, &dir, &trust, 1, MIGRATIONS).unwrap();
    let before = followed(&conn, learnt(1), None).unwrap();
    assert_eq!(before.followed.len(), 1, "what was there is known from the beginning");
    conn.execute_batch(IMPORTED).unwrap();

    let clinic = |upto| places_then(&conn, upto).unwrap().place(PlaceId::new(2)).unwrap().clone();
    assert_eq!(
        (clinic(1).name, clinic(1).kind, clinic(1).parent),
        ("Clinic 5".to_owned(), PlaceKind::Clinic, None)
    );
    assert_eq!((clinic(2).name, clinic(2).kind), ("Clinic five".to_owned(), PlaceKind::Store));
    assert_eq!(clinic(2).parent, Some(PlaceId::new(1)));
    let is_temporary = |upto| {
        let stands_in = temporary::stands_in(&conn, VolumeId::new(1), 1, upto).unwrap();
        matches!(stands_in, StandsIn::For(None))
    };
    assert_eq!((is_temporary(1), is_temporary(2)), (false, true));
    assert_eq!(followed(&conn, learnt(1), None).unwrap(), before);
    for table in ["place_was", "volume_was", "volume_known"] {
        let rows: i64 =
            conn.query_row(&format!("SELECT count(*) FROM {table}"), [], |row| row.get(0)).unwrap();
        assert_eq!(rows, 1, "{table}: only what figures depend on is kept");
        for sql in [format!("UPDATE {table} SET scan = 9"), format!("DELETE FROM {table}")] {
            assert!(conn.execute(&sql, []).is_err(), "{sql}");
        }
    }
    drop(conn);
    std::fs::remove_dir_all(&dir).unwrap();
}
