-- A day at a hospital, as version 2 of the data held it. Frozen.
PRAGMA application_id = 1130460005;
PRAGMA user_version = 2;
BEGIN;
CREATE TABLE meta (
    one         INTEGER PRIMARY KEY CHECK (one = 1),
    trust       TEXT    NOT NULL,
    epoch       INTEGER NOT NULL CHECK (epoch >= 1),
    -- How many movements have a key up to counted_to: the rest is counted when the store is opened.
    counted_to  INTEGER NOT NULL DEFAULT 0,
    counted     INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE word (
    key  INTEGER PRIMARY KEY,
    text TEXT    NOT NULL UNIQUE CHECK (text <> '')
) STRICT;
CREATE TABLE place (
    key                INTEGER PRIMARY KEY CHECK (key > 0),
    code               TEXT    NOT NULL UNIQUE,
    name               TEXT    NOT NULL,
    kind               INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 9),
    parent             INTEGER REFERENCES place (key) CHECK (parent <> key),
    phone              TEXT,
    phone_out_of_hours TEXT,
    open               TEXT,
    until              TEXT
) STRICT;
CREATE TABLE staff (
    key   INTEGER PRIMARY KEY CHECK (key > 0),
    badge TEXT    NOT NULL UNIQUE,
    name  TEXT    NOT NULL,
    role  INTEGER NOT NULL CHECK (role BETWEEN 0 AND 5)
) STRICT;
CREATE TABLE patient (
    key      INTEGER PRIMARY KEY CHECK (key > 0),
    nhs      INTEGER,
    surname  TEXT NOT NULL,
    forename TEXT NOT NULL,
    -- The surname in upper case, for beginnings of names.
    sought   TEXT NOT NULL,
    born     TEXT,
    died     TEXT
) STRICT;
CREATE INDEX patient_by_nhs ON patient (nhs) WHERE nhs IS NOT NULL;
CREATE TABLE patient_number (
    number  TEXT    NOT NULL,
    site    INTEGER NOT NULL REFERENCES word (key),
    patient INTEGER NOT NULL REFERENCES patient (key),
    PRIMARY KEY (number, site)
) STRICT, WITHOUT ROWID;
CREATE TABLE casenote (
    key         INTEGER PRIMARY KEY CHECK (key > 0),
    number      TEXT    NOT NULL,
    site        INTEGER NOT NULL REFERENCES word (key),
    number_type INTEGER NOT NULL REFERENCES word (key),
    patient     INTEGER REFERENCES patient (key),
    -- How many volumes it has: most have one, and need no look for siblings.
    volumes     INTEGER NOT NULL DEFAULT 0,
    UNIQUE (number, site, number_type)
) STRICT;
CREATE INDEX casenote_by_patient ON casenote (patient);
CREATE TABLE volume (
    key        INTEGER PRIMARY KEY CHECK (key > 0),
    casenote   INTEGER NOT NULL REFERENCES casenote (key),
    number     INTEGER NOT NULL CHECK (number BETWEEN 1 AND 99),
    kind       INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 6),
    barcode    TEXT    NOT NULL,
    home       INTEGER REFERENCES place (key),
    -- What stands in `hold` now: the row of the hold in force, and whether it is restricted.
    hold       INTEGER,
    restricted INTEGER NOT NULL DEFAULT 0 CHECK (restricted IN (0, 1)),
    UNIQUE (casenote, number)
) STRICT;
CREATE TABLE label (
    text   TEXT    NOT NULL PRIMARY KEY,
    volume INTEGER NOT NULL REFERENCES volume (key)
) STRICT, WITHOUT ROWID;
CREATE TABLE hold (
    key    INTEGER PRIMARY KEY,
    volume INTEGER NOT NULL REFERENCES volume (key),
    what   INTEGER NOT NULL CHECK (what IN (0, 1)),
    -- NULL: cleared.
    reason TEXT,
    scan   INTEGER NOT NULL
) STRICT;
CREATE TABLE desk (
    key  INTEGER PRIMARY KEY,
    code TEXT    NOT NULL UNIQUE,
    -- Its newest scan: the head of the chain made by scan.back.
    last INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE session (
    key  INTEGER PRIMARY KEY,
    desk INTEGER NOT NULL REFERENCES desk (key),
    name TEXT    NOT NULL,
    UNIQUE (desk, name)
) STRICT;
CREATE TABLE run (
    key         INTEGER PRIMARY KEY,
    session     INTEGER NOT NULL REFERENCES session (key),
    incarnation BLOB    NOT NULL CHECK (length(incarnation) = 16),
    boot        BLOB    CHECK (boot IS NULL OR length(boot) = 16),
    place       INTEGER NOT NULL,
    -- The run's wall time at boot by its first scan; scan.boot_off counts from it.
    boot_base   INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX run_is_one ON run (incarnation, session, place, ifnull(boot, x''));
CREATE TABLE batch (
    key   INTEGER PRIMARY KEY,
    id    BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    -- The first of its scans that was learnt of.
    first INTEGER NOT NULL
) STRICT;
CREATE TABLE scan (
    key         INTEGER PRIMARY KEY,
    id          BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    run         INTEGER NOT NULL,
    number      INTEGER NOT NULL,
    scanner     INTEGER NOT NULL,
    person      INTEGER,
    -- The key of the batch's first scan, or minus the key in `batch`.
    batch       INTEGER,
    position    INTEGER NOT NULL,
    -- How many keys back the scan before at this desk is; 0: none.
    back        INTEGER NOT NULL CHECK (back >= 0),
    happened    INTEGER NOT NULL,
    learned_off INTEGER NOT NULL,
    wall_off    INTEGER NOT NULL,
    boot_off    INTEGER NOT NULL,
    uncertainty INTEGER NOT NULL CHECK (uncertainty >= 0),
    past        INTEGER NOT NULL CHECK (past IN (0, 1)),
    typed       INTEGER NOT NULL CHECK (typed IN (0, 1)),
    text        TEXT,
    -- SHA-256, cut to 8 bytes, of a text that stands aside; NULL with text NULL: an act without a code.
    digest      BLOB    CHECK (digest IS NULL OR length(digest) = 8),
    aim         TEXT,
    answer      BLOB    NOT NULL,
    change      BLOB    CHECK (change IS NULL OR length(change) <= 32),
    -- The volumes spoken of, where they are not just the answer's.
    volumes     BLOB,
    CHECK (text IS NULL OR digest IS NULL)
) STRICT;
CREATE TABLE scan_text (
    scan INTEGER PRIMARY KEY,
    text TEXT    NOT NULL
, settled INTEGER, kept INTEGER CHECK (kept IN (1, 2))) STRICT;
CREATE TABLE movement (
    key      INTEGER PRIMARY KEY,
    subject  INTEGER NOT NULL,
    happened INTEGER NOT NULL,
    kind     INTEGER NOT NULL CHECK (kind BETWEEN 1 AND 11),
    place    INTEGER,
    -- meant for, destination, container, why gone, or the key in `undo`.
    other    INTEGER,
    how      INTEGER NOT NULL CHECK (how BETWEEN 0 AND 4),
    implied  INTEGER NOT NULL CHECK (implied IN (0, 1)),
    -- Where the subject was believed to be.
    believed INTEGER
) STRICT;
CREATE INDEX movement_by_subject ON movement (subject, happened);
CREATE TABLE undo (
    key    INTEGER PRIMARY KEY,
    target BLOB    NOT NULL CHECK (length(target) = 16),
    what   INTEGER NOT NULL CHECK (what IN (0, 1)),
    scan   INTEGER NOT NULL
) STRICT;
CREATE INDEX undo_by_target ON undo (target, what, scan);
CREATE TABLE question (
    key    INTEGER PRIMARY KEY,
    scan   INTEGER NOT NULL,
    at     INTEGER NOT NULL,
    kind   INTEGER NOT NULL CHECK (kind BETWEEN 0 AND 3),
    volume INTEGER,
    -- The scan or act that settled it.
    answer INTEGER
) STRICT;
CREATE INDEX question_open ON question (volume) WHERE answer IS NULL;
CREATE TABLE whereabouts (
    subject   INTEGER PRIMARY KEY,
    state     INTEGER NOT NULL CHECK (state BETWEEN 0 AND 6),
    place     INTEGER,
    towards   INTEGER,
    -- The container of the deciding movement, also once that container was emptied.
    packed_in INTEGER,
    confirmed INTEGER NOT NULL CHECK (confirmed IN (0, 1)),
    filed     INTEGER,
    since     INTEGER,
    how       INTEGER,
    or_at     INTEGER,
    -- The deciding movement.
    movement  INTEGER,
    -- The movement that emptied its container, if one did.
    freed     INTEGER,
    -- When its newest movement happened, those taken back included.
    newest    INTEGER NOT NULL,
    uncertainty INTEGER NOT NULL
) STRICT;
CREATE INDEX whereabouts_at ON whereabouts (place, since) WHERE state = 1;
CREATE INDEX whereabouts_bound ON whereabouts (towards, since) WHERE towards IS NOT NULL;
CREATE INDEX whereabouts_inside ON whereabouts (packed_in, since) WHERE state = 3;
CREATE INDEX whereabouts_containers ON whereabouts (place) WHERE state = 1 AND (subject & 1) = 1;
CREATE INDEX whereabouts_freed ON whereabouts (packed_in) WHERE freed IS NOT NULL;
CREATE TRIGGER scan_is_never_changed BEFORE UPDATE ON scan
    BEGIN SELECT RAISE(ABORT, 'a scan is never changed'); END;
CREATE TRIGGER scan_is_never_deleted BEFORE DELETE ON scan
    BEGIN SELECT RAISE(ABORT, 'a scan is never deleted'); END;
CREATE TRIGGER movement_is_never_changed BEFORE UPDATE ON movement
    BEGIN SELECT RAISE(ABORT, 'a movement is never changed'); END;
CREATE TRIGGER movement_is_never_deleted BEFORE DELETE ON movement
    BEGIN SELECT RAISE(ABORT, 'a movement is never deleted'); END;
CREATE TRIGGER undo_is_never_changed BEFORE UPDATE ON undo
    BEGIN SELECT RAISE(ABORT, 'an undo is never changed'); END;
CREATE TRIGGER undo_is_never_deleted BEFORE DELETE ON undo
    BEGIN SELECT RAISE(ABORT, 'an undo is never deleted'); END;
CREATE TRIGGER hold_is_never_changed BEFORE UPDATE ON hold
    BEGIN SELECT RAISE(ABORT, 'a hold is never changed'); END;
CREATE TRIGGER hold_is_never_deleted BEFORE DELETE ON hold
    BEGIN SELECT RAISE(ABORT, 'a hold is never deleted'); END;
CREATE VIEW movement_told AS
SELECT m.key, m.subject, m.happened, m.kind, m.place, m.other, m.how, m.implied, m.believed,
       s.id AS scan, s.number, s.uncertainty, s.person, s.happened + s.learned_off AS learned_at,
       coalesce(f.id, b.id) AS batch, r.incarnation, d.code AS desk,
       u.target AS undo_target, u.what AS undo_what
FROM movement m
CROSS JOIN scan s ON s.key = (m.key >> 13)
CROSS JOIN run r ON r.key = s.run
CROSS JOIN session e ON e.key = r.session
CROSS JOIN desk d ON d.key = e.desk
LEFT JOIN scan f ON f.key = s.batch
LEFT JOIN batch b ON b.key = -s.batch
LEFT JOIN undo u ON m.kind = 10 AND u.key = m.other;
CREATE VIEW volume_told AS
SELECT v.key, v.casenote, v.number, v.kind, v.barcode, v.home, v.hold, v.restricted,
       c.number AS casenote_number, c.volumes, c.site, c.number_type, c.patient,
       w.subject, w.state, w.place, w.towards, w.packed_in, w.confirmed, w.filed, w.since, w.how, w.or_at,
       w.movement, w.freed, w.newest, w.uncertainty
FROM volume v
JOIN casenote c ON c.key = v.casenote
LEFT JOIN whereabouts w ON w.subject = v.key * 2;
CREATE INDEX whereabouts_left ON whereabouts (place, since) WHERE state = 2;
CREATE INDEX volume_by_home ON volume (home) WHERE home IS NOT NULL;
CREATE INDEX whereabouts_meant ON whereabouts (place, since) WHERE state = 1 AND towards IS NOT NULL;
CREATE INDEX movement_packed ON movement (other, happened) WHERE kind = 5;
CREATE INDEX patient_by_name ON patient (sought) WHERE sought <> '';
CREATE INDEX patient_by_birth ON patient (born, sought) WHERE born IS NOT NULL;
CREATE INDEX patient_number_by_patient ON patient_number (patient);
CREATE VIRTUAL TABLE name_piece USING fts5 (
    name, content = '', columnsize = 0, detail = none, tokenize = 'trigram case_sensitive 1'
);
CREATE INDEX scan_text_kept ON scan_text (kept) WHERE kept IS NOT NULL AND settled IS NULL;
CREATE INDEX scan_text_label ON scan_text (text) WHERE kept = 1 AND settled IS NULL;
CREATE INDEX whereabouts_contested ON whereabouts (subject) WHERE or_at IS NOT NULL;
CREATE INDEX question_waiting ON question (kind, scan) WHERE answer IS NULL;
INSERT INTO meta (one, trust, epoch, counted_to, counted) VALUES (1, 'RX1', 1, 0, 0);
INSERT INTO word (key, text) VALUES (1, 'RX1');
INSERT INTO word (key, text) VALUES (2, 'HOSPITAL');
INSERT INTO word (key, text) VALUES (3, 'import');
INSERT INTO word (key, text) VALUES (4, 'front');
INSERT INTO place (key, code, name, kind, parent, phone, phone_out_of_hours, open, until) VALUES (1, 'LIB', 'LIB', 1, NULL, NULL, NULL, NULL, NULL);
INSERT INTO place (key, code, name, kind, parent, phone, phone_out_of_hours, open, until) VALUES (2, 'S12', 'S12', 2, 1, NULL, NULL, NULL, NULL);
INSERT INTO place (key, code, name, kind, parent, phone, phone_out_of_hours, open, until) VALUES (3, 'HUB', 'HUB', 9, NULL, NULL, NULL, NULL, NULL);
INSERT INTO place (key, code, name, kind, parent, phone, phone_out_of_hours, open, until) VALUES (4, 'CL5', 'CL5', 3, NULL, NULL, NULL, NULL, NULL);
INSERT INTO place (key, code, name, kind, parent, phone, phone_out_of_hours, open, until) VALUES (5, 'WARD7', 'WARD7', 4, NULL, NULL, NULL, NULL, NULL);
INSERT INTO place (key, code, name, kind, parent, phone, phone_out_of_hours, open, until) VALUES (6, 'K12', 'K12', 8, NULL, NULL, NULL, NULL, NULL);
INSERT INTO place (key, code, name, kind, parent, phone, phone_out_of_hours, open, until) VALUES (7, 'TROLLEY', 'TROLLEY', 8, NULL, NULL, NULL, NULL, NULL);
INSERT INTO staff (key, badge, name, role) VALUES (1, 'BADGE7', 'Pat Clerk', 1);
INSERT INTO staff (key, badge, name, role) VALUES (2, 'LIBRARIAN3', 'Mary Librarian', 2);
INSERT INTO staff (key, badge, name, role) VALUES (3, 'MANAGER1', 'Max Manager', 3);
INSERT INTO patient (key, nhs, surname, forename, sought, born, died) VALUES (1, NULL, 'O''Brien-Núñez', 'Zoë 1', 'OBRIEN NUNEZ ZOE 1', '1961-05-04', NULL);
INSERT INTO patient (key, nhs, surname, forename, sought, born, died) VALUES (2, NULL, 'O''Brien-Núñez', 'Zoë 2', 'OBRIEN NUNEZ ZOE 2', '1961-05-04', NULL);
INSERT INTO patient (key, nhs, surname, forename, sought, born, died) VALUES (3, NULL, 'O''Brien-Núñez', 'Zoë 3', 'OBRIEN NUNEZ ZOE 3', '1961-05-04', NULL);
INSERT INTO patient (key, nhs, surname, forename, sought, born, died) VALUES (4, NULL, '', '', '', NULL, NULL);
INSERT INTO patient (key, nhs, surname, forename, sought, born, died) VALUES (5, NULL, '', '', '', NULL, NULL);
INSERT INTO patient (key, nhs, surname, forename, sought, born, died) VALUES (6, NULL, '', '', '', NULL, NULL);
INSERT INTO patient_number (number, site, patient) VALUES ('H1', 1, 1);
INSERT INTO patient_number (number, site, patient) VALUES ('H11', 1, 6);
INSERT INTO patient_number (number, site, patient) VALUES ('H2', 1, 2);
INSERT INTO patient_number (number, site, patient) VALUES ('H3', 1, 3);
INSERT INTO patient_number (number, site, patient) VALUES ('H4', 1, 4);
INSERT INTO patient_number (number, site, patient) VALUES ('H5', 1, 5);
INSERT INTO casenote (key, number, site, number_type, patient, volumes) VALUES (1, 'H1', 1, 2, 1, 2);
INSERT INTO casenote (key, number, site, number_type, patient, volumes) VALUES (2, 'H2', 1, 2, 2, 2);
INSERT INTO casenote (key, number, site, number_type, patient, volumes) VALUES (3, 'H3', 1, 2, 3, 2);
INSERT INTO casenote (key, number, site, number_type, patient, volumes) VALUES (4, 'H4', 1, 2, 4, 2);
INSERT INTO casenote (key, number, site, number_type, patient, volumes) VALUES (5, 'H5', 1, 2, 5, 1);
INSERT INTO casenote (key, number, site, number_type, patient, volumes) VALUES (6, 'H11', 1, 2, 6, 2);
INSERT INTO volume (key, casenote, number, kind, barcode, home, hold, restricted) VALUES (1, 1, 1, 0, 'F1', 2, NULL, 0);
INSERT INTO volume (key, casenote, number, kind, barcode, home, hold, restricted) VALUES (10, 6, 1, 0, 'F21', 2, 1, 1);
INSERT INTO volume (key, casenote, number, kind, barcode, home, hold, restricted) VALUES (11, 6, 2, 0, 'F22', 2, NULL, 0);
INSERT INTO volume (key, casenote, number, kind, barcode, home, hold, restricted) VALUES (2, 1, 2, 0, 'F2', 2, NULL, 0);
INSERT INTO volume (key, casenote, number, kind, barcode, home, hold, restricted) VALUES (3, 2, 1, 0, 'F3', 2, NULL, 0);
INSERT INTO volume (key, casenote, number, kind, barcode, home, hold, restricted) VALUES (4, 2, 2, 0, 'F4', 2, NULL, 0);
INSERT INTO volume (key, casenote, number, kind, barcode, home, hold, restricted) VALUES (5, 3, 1, 0, 'F5', 2, NULL, 0);
INSERT INTO volume (key, casenote, number, kind, barcode, home, hold, restricted) VALUES (6, 3, 2, 0, 'F6', 2, NULL, 0);
INSERT INTO volume (key, casenote, number, kind, barcode, home, hold, restricted) VALUES (7, 4, 1, 0, 'F7', 2, NULL, 0);
INSERT INTO volume (key, casenote, number, kind, barcode, home, hold, restricted) VALUES (8, 4, 2, 0, 'F8', 2, NULL, 0);
INSERT INTO volume (key, casenote, number, kind, barcode, home, hold, restricted) VALUES (9, 5, 1, 0, 'F9', 2, NULL, 0);
INSERT INTO label (text, volume) VALUES ('F1', 1);
INSERT INTO label (text, volume) VALUES ('F2', 2);
INSERT INTO label (text, volume) VALUES ('F21', 10);
INSERT INTO label (text, volume) VALUES ('F22', 11);
INSERT INTO label (text, volume) VALUES ('F3', 3);
INSERT INTO label (text, volume) VALUES ('F4', 4);
INSERT INTO label (text, volume) VALUES ('F5', 5);
INSERT INTO label (text, volume) VALUES ('F6', 6);
INSERT INTO label (text, volume) VALUES ('F7', 7);
INSERT INTO label (text, volume) VALUES ('F8', 8);
INSERT INTO label (text, volume) VALUES ('F9', 9);
INSERT INTO label (text, volume) VALUES ('OLD-8', 8);
INSERT INTO hold (key, volume, what, reason, scan) VALUES (1, 10, 0, 'Legal', 2);
INSERT INTO hold (key, volume, what, reason, scan) VALUES (2, 10, 1, 'restricted', 2);
INSERT INTO desk (key, code, last) VALUES (1, '~IMPORT', 2);
INSERT INTO desk (key, code, last) VALUES (2, 'LIB-1', 36);
INSERT INTO desk (key, code, last) VALUES (3, 'HUB-1', 39);
INSERT INTO desk (key, code, last) VALUES (4, 'CL5-1', 38);
INSERT INTO desk (key, code, last) VALUES (5, '~WEB', 37);
INSERT INTO session (key, desk, name) VALUES (1, 1, 'import');
INSERT INTO session (key, desk, name) VALUES (2, 2, 'front');
INSERT INTO session (key, desk, name) VALUES (3, 3, 'front');
INSERT INTO session (key, desk, name) VALUES (4, 4, 'front');
INSERT INTO session (key, desk, name) VALUES (5, 5, 'front');
INSERT INTO session (key, desk, name) VALUES (6, 4, '~kept');
INSERT INTO run (key, session, incarnation, boot, place, boot_base) VALUES (1, 1, X'01A2076B44007898BFBDDDD58065EC63', NULL, 0, 1795420800000000);
INSERT INTO run (key, session, incarnation, boot, place, boot_base) VALUES (2, 2, X'0000000000000000000000000000000A', NULL, 1, 1795420800000000);
INSERT INTO run (key, session, incarnation, boot, place, boot_base) VALUES (3, 3, X'0000000000000000000000000000000A', NULL, 3, 1795420800000000);
INSERT INTO run (key, session, incarnation, boot, place, boot_base) VALUES (4, 4, X'0000000000000000000000000000000A', NULL, 4, 1795420800000000);
INSERT INTO run (key, session, incarnation, boot, place, boot_base) VALUES (5, 2, X'0000000000000000000000000000000B', NULL, 1, 1795420560000000);
INSERT INTO run (key, session, incarnation, boot, place, boot_base) VALUES (6, 3, X'0000000000000000000000000000000B', NULL, 3, 1795415400000000);
INSERT INTO run (key, session, incarnation, boot, place, boot_base) VALUES (7, 5, X'0000000000000000000000000000000C', NULL, 0, 1795420800000000);
INSERT INTO run (key, session, incarnation, boot, place, boot_base) VALUES (8, 6, X'0000000000000000000000000000000A', NULL, 4, 1795420800000000);
INSERT INTO batch (key, id, first) VALUES (1, X'0000000000000000000000000000004D', 32);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (1, X'01A2076B4400752CB500E34049BC40B8', 1, 1, 3, NULL, NULL, 0, 0, 1795420800000000, 0, 0, 0, 0, 0, 1, NULL, NULL, NULL, X'3300', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (10, X'01900000000070008000000000000008', 2, 8, 4, NULL, NULL, 1, 1, 1795421280000000, 0, 0, 0, 0, 0, 0, 'F2', NULL, NULL, X'05030204', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (11, X'01900000000070008000000000000009', 2, 9, 4, NULL, NULL, 1, 1, 1795421340000000, 0, 0, 0, 0, 0, 0, 'C0605', NULL, NULL, X'2A030201', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (12, X'0190000000007000800000000000000A', 2, 10, 4, NULL, 12, 1, 1, 1795421400000000, 0, 0, 0, 0, 0, 0, 'F2', NULL, NULL, X'05030204', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (13, X'0190000000007000800000000000000B', 2, 11, 4, NULL, 12, 1, 1, 1795421460000000, 0, 0, 0, 0, 0, 0, 'F3', NULL, NULL, X'05030304', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (14, X'0190000000007000800000000000000C', 2, 12, 4, NULL, 12, 1, 1, 1795421520000000, 0, 0, 0, 0, 0, 0, 'F4', NULL, NULL, X'05030404', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (15, X'0190000000007000800000000000000D', 3, 13, 4, NULL, NULL, 1, 9, 1795421580000000, 0, 0, 0, 0, 0, 0, 'F4', NULL, NULL, X'02030404', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (16, X'0190000000007000800000000000000E', 2, 14, 4, NULL, NULL, 1, 2, 1795421640000000, 0, 0, 0, 0, 0, 0, NULL, X'04677AF37669A01E', NULL, X'30300301', NULL, X'04');
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (17, X'0190000000007000800000000000000F', 2, 15, 4, NULL, NULL, 1, 1, 1795421700000000, 0, 0, 0, 0, 0, 0, NULL, X'F4B6AA79B2F4DF0B', NULL, X'190206', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (18, X'01900000000070008000000000000010', 2, 16, 4, NULL, NULL, 1, 1, 1795421760000000, 0, 0, 0, 0, 0, 0, 'F5', NULL, NULL, X'08030506', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (19, X'01900000000070008000000000000011', 2, 17, 4, NULL, NULL, 1, 1, 1795421820000000, 0, 0, 0, 0, 0, 0, 'F6', NULL, NULL, X'08030606', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (2, X'01A2076B44007CBE8AEC4066A6626120', 1, 2, 3, NULL, NULL, 0, 1, 1795420800000000, 1, 0, 0, 0, 0, 1, NULL, NULL, NULL, X'3300', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (20, X'01900000000070008000000000000012', 2, 18, 4, NULL, NULL, 1, 1, 1795421880000000, 0, 0, 0, 0, 0, 0, NULL, X'F4B6AA79B2F4DF0B', NULL, X'0D060607', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (21, X'01900000000070008000000000000013', 2, 19, 4, NULL, NULL, 1, 1, 1795421940000000, 0, 0, 0, 0, 0, 0, NULL, X'C113A8472F0C2C0F', NULL, X'0C060704', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (22, X'01900000000070008000000000000014', 4, 20, 4, NULL, NULL, 1, 14, 1795422000000000, 0, 0, 0, 0, 0, 0, NULL, X'C113A8472F0C2C0F', NULL, X'0A0207', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (23, X'01900000000070008000000000000015', 4, 21, 4, NULL, NULL, 1, 1, 1795422060000000, 0, 0, 0, 0, 0, 0, 'F6', NULL, NULL, X'00030604', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (24, X'01900000000070008000000000000016', 4, 22, 4, NULL, NULL, 1, 1, 1795422120000000, 0, 0, 0, 0, 0, 0, NULL, X'F4B6AA79B2F4DF0B', NULL, X'0E120601', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (25, X'01900000000070008000000000000017', 4, 23, 4, NULL, NULL, 1, 1, 1795422180000000, 0, 0, 0, 0, 0, 0, NULL, X'04677AF37669A01E', NULL, X'2D0207', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (26, X'01900000000070008000000000000018', 4, 24, 4, NULL, NULL, 1, 1, 1795422240000000, 0, 0, 0, 0, 0, 0, NULL, X'F4B6AA79B2F4DF0B', NULL, X'0E120601', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (27, X'01900000000070008000000000000019', 5, 25, 4, NULL, NULL, 1, 6, 1795422000000000, 240000001, 240000000, 0, 0, 1, 0, 'F7', NULL, NULL, X'08030706', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (28, X'0190000000007000800000000000001A', 4, 26, 4, NULL, NULL, 1, 2, 1795422300000000, 0, 0, 0, 0, 0, 0, 'F8', NULL, NULL, X'00030804', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (29, X'0190000000007000800000000000001B', 6, 27, 4, NULL, NULL, 1, 14, 1795420500000000, 5400000000, 5400000000, 0, 0, 1, 0, 'F8', NULL, NULL, X'00030803', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (3, X'01900000000070008000000000000001', 2, 1, 4, NULL, NULL, 1, 0, 1795420860000000, 0, 0, 0, 0, 0, 0, 'F22', NULL, NULL, X'55010B', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (30, X'0190000000007000800000000000001C', 6, 28, 4, NULL, NULL, 1, 1, 1795422900000000, 3000000001, 3000000000, 2400000000, 1200000000, 1, 0, 'F8', NULL, NULL, X'00030803', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (31, X'0190000000007000800000000000001D', 3, 29, 4, NULL, NULL, 1, 1, 1795425960000000, 0, 0, 0, 0, 0, 0, NULL, X'D13259A736392539', NULL, X'3500', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (32, X'0190000000007000800000000000001E', 2, 30, 4, NULL, -1, 1, 5, 1795425960000000, 1, 0, 0, 0, 0, 0, 'F9', NULL, NULL, X'00030901', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (33, X'0190000000007000800000000000001F', 7, 31, 4, 2, NULL, 1, 0, 1795426020000000, 0, 0, 0, 0, 0, 0, 'on a page', NULL, NULL, X'5F030803', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (34, X'01900000000070008000000000000020', 7, 32, 4, 2, NULL, 1, 1, 1795426080000000, 0, 0, 0, 0, 0, 0, 'on a page', NULL, NULL, X'6400', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (35, X'01900000000070008000000000000021', 4, 33, 4, NULL, NULL, 1, 7, 1795426140000000, 0, 0, 0, 0, 0, 0, NULL, X'6BD2B81382751358', NULL, X'3500', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (36, X'01900000000070008000000000000022', 2, 34, 4, NULL, NULL, 1, 4, 1795426200000000, 0, 0, 0, 0, 0, 0, 'F8', NULL, NULL, X'00030801', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (37, X'01900000000070008000000000000023', 7, 35, 4, 2, NULL, 1, 3, 1795426260000000, 0, 0, 0, 0, 0, 0, 'on a page', NULL, NULL, X'68110801', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (38, X'01900000000080008000000000000021', 8, 33, 4, NULL, NULL, 0, 3, 1795426140000000, 120000001, 0, 0, 0, 1, 0, 'OLD-8', NULL, NULL, X'00030804', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (39, X'01900000000070008000000000000024', 3, 36, 4, NULL, NULL, 1, 8, 1795426320000000, 0, 0, 0, 0, 0, 0, 'OLD-8', NULL, NULL, X'00030803', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (4, X'01900000000070008000000000000002', 2, 2, 4, NULL, NULL, 1, 1, 1795420920000000, 0, 0, 0, 0, 0, 0, 'F1', NULL, NULL, X'00030101', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (5, X'01900000000070008000000000000003', 2, 3, 4, NULL, NULL, 1, 1, 1795420980000000, 0, 0, 0, 0, 0, 0, 'F1', NULL, NULL, X'05030104', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (6, X'01900000000070008000000000000004', 3, 4, 4, NULL, NULL, 1, 0, 1795421040000000, 0, 0, 0, 0, 0, 0, 'F1', NULL, NULL, X'02030104', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (7, X'01900000000070008000000000000005', 4, 5, 4, NULL, NULL, 1, 0, 1795421100000000, 0, 0, 0, 0, 0, 0, 'F1', NULL, NULL, X'00030104', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (8, X'01900000000070008000000000000006', 4, 6, 4, NULL, NULL, 1, 1, 1795421160000000, 0, 0, 0, 0, 0, 0, 'F1', NULL, NULL, X'06030105', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (9, X'01900000000070008000000000000007', 2, 7, 4, NULL, NULL, 1, 4, 1795421220000000, 0, 0, 0, 0, 0, 0, 'F1', NULL, NULL, X'07030102', NULL, NULL);
INSERT INTO scan_text (scan, text, settled, kept) VALUES (16, 'C0605', NULL, NULL);
INSERT INTO scan_text (scan, text, settled, kept) VALUES (17, 'K12', NULL, NULL);
INSERT INTO scan_text (scan, text, settled, kept) VALUES (20, 'K12', NULL, NULL);
INSERT INTO scan_text (scan, text, settled, kept) VALUES (21, 'TROLLEY', NULL, NULL);
INSERT INTO scan_text (scan, text, settled, kept) VALUES (22, 'TROLLEY', NULL, NULL);
INSERT INTO scan_text (scan, text, settled, kept) VALUES (24, 'K12', NULL, NULL);
INSERT INTO scan_text (scan, text, settled, kept) VALUES (25, 'C0605', NULL, NULL);
INSERT INTO scan_text (scan, text, settled, kept) VALUES (26, 'K12', NULL, NULL);
INSERT INTO scan_text (scan, text, settled, kept) VALUES (31, 'UNKNOWN-1', NULL, 1);
INSERT INTO scan_text (scan, text, settled, kept) VALUES (35, 'OLD-8', 1795426260000000, 1);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (106496, 6, 1795421460000000, 1, 1, NULL, 0, 1, NULL);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (106497, 6, 1795421460000000, 2, 1, 4, 0, 0, 1);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (114688, 8, 1795421520000000, 1, 1, NULL, 0, 1, NULL);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (114689, 8, 1795421520000000, 2, 1, 4, 0, 0, 1);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (122880, 8, 1795421580000000, 1, 3, 4, 0, 0, 1);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (131072, 4, 1795421640000000, 10, NULL, 2, 0, 0, 1);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (131073, 6, 1795421640000000, 10, NULL, 2, 0, 0, 1);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (131074, 8, 1795421640000000, 10, NULL, 2, 0, 0, 3);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (139264, 13, 1795421700000000, 1, 1, NULL, 0, 1, NULL);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (147456, 10, 1795421760000000, 1, 1, NULL, 0, 1, NULL);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (147457, 10, 1795421760000000, 5, 1, 6, 0, 0, 1);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (155648, 12, 1795421820000000, 1, 1, NULL, 0, 1, NULL);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (155649, 12, 1795421820000000, 5, 1, 6, 0, 0, 1);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (16384, 22, 1795420800000000, 9, NULL, 0, 3, 0, NULL);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (163840, 13, 1795421880000000, 5, 1, 7, 0, 0, 1);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (172032, 15, 1795421940000000, 1, 1, NULL, 0, 1, NULL);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (172033, 15, 1795421940000000, 2, 1, 4, 0, 0, 1);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (180224, 15, 1795422000000000, 1, 4, NULL, 0, 0, 1);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (188416, 12, 1795422060000000, 1, 4, NULL, 0, 0, 4);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (196608, 13, 1795422120000000, 6, 4, NULL, 0, 0, 4);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (204800, 13, 1795422180000000, 10, NULL, 3, 0, 0, 4);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (212992, 13, 1795422240000000, 6, 4, NULL, 0, 0, 4);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (221184, 14, 1795422000000000, 1, 1, NULL, 0, 1, NULL);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (221185, 14, 1795422000000000, 5, 1, 6, 0, 0, 1);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (229376, 16, 1795422300000000, 1, 4, NULL, 0, 0, NULL);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (237568, 16, 1795420500000000, 1, 3, NULL, 0, 0, 4);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (24576, 22, 1795420860000000, 8, 1, 0, 0, 0, NULL);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (245760, 16, 1795422900000000, 1, 3, NULL, 0, 0, 4);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (262144, 18, 1795425960000000, 1, 1, NULL, 0, 0, NULL);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (270336, 16, 1795426020000000, 11, 3, NULL, 4, 0, 3);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (294912, 16, 1795426200000000, 1, 1, NULL, 0, 0, 3);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (311296, 16, 1795426140000000, 1, 4, NULL, 0, 0, 1);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (319488, 16, 1795426320000000, 1, 3, NULL, 0, 0, 1);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (32768, 2, 1795420920000000, 1, 1, NULL, 0, 0, NULL);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (40960, 2, 1795420980000000, 2, 1, 4, 0, 0, 1);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (49152, 2, 1795421040000000, 1, 3, 4, 0, 0, 1);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (57344, 2, 1795421100000000, 1, 4, NULL, 0, 0, 3);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (65536, 2, 1795421160000000, 3, 5, NULL, 0, 0, 4);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (73728, 2, 1795421220000000, 1, 1, NULL, 0, 1, 5);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (73729, 2, 1795421220000000, 4, 2, NULL, 0, 0, 1);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (81920, 4, 1795421280000000, 1, 1, NULL, 0, 1, NULL);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (81921, 4, 1795421280000000, 2, 1, 4, 0, 0, 1);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (90112, 4, 1795421340000000, 10, NULL, 1, 0, 0, 1);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (98304, 4, 1795421400000000, 2, 1, 4, 0, 0, 1);
INSERT INTO undo (key, target, what, scan) VALUES (1, X'01900000000070008000000000000008', 0, 11);
INSERT INTO undo (key, target, what, scan) VALUES (2, X'0190000000007000800000000000000A', 1, 16);
INSERT INTO undo (key, target, what, scan) VALUES (3, X'01900000000070008000000000000016', 0, 25);
INSERT INTO question (key, scan, at, kind, volume, answer) VALUES (1, 3, 1795420860000000, 0, 11, NULL);
INSERT INTO whereabouts (subject, state, place, towards, packed_in, confirmed, filed, since, how, or_at, movement, freed, newest, uncertainty) VALUES (10, 1, 4, NULL, 6, 0, NULL, 1795422240000000, 2, NULL, 147457, 212992, 1795421760000000, 0);
INSERT INTO whereabouts (subject, state, place, towards, packed_in, confirmed, filed, since, how, or_at, movement, freed, newest, uncertainty) VALUES (12, 1, 4, NULL, NULL, 1, NULL, 1795422060000000, 0, NULL, 188416, NULL, 1795422060000000, 0);
INSERT INTO whereabouts (subject, state, place, towards, packed_in, confirmed, filed, since, how, or_at, movement, freed, newest, uncertainty) VALUES (13, 1, 4, NULL, NULL, 0, NULL, 1795422240000000, 0, NULL, 212992, NULL, 1795422240000000, 0);
INSERT INTO whereabouts (subject, state, place, towards, packed_in, confirmed, filed, since, how, or_at, movement, freed, newest, uncertainty) VALUES (14, 1, 4, NULL, 6, 0, NULL, 1795422240000000, 2, NULL, 221185, 212992, 1795422000000000, 0);
INSERT INTO whereabouts (subject, state, place, towards, packed_in, confirmed, filed, since, how, or_at, movement, freed, newest, uncertainty) VALUES (15, 1, 4, NULL, NULL, 1, NULL, 1795422000000000, 0, NULL, 180224, NULL, 1795422000000000, 0);
INSERT INTO whereabouts (subject, state, place, towards, packed_in, confirmed, filed, since, how, or_at, movement, freed, newest, uncertainty) VALUES (16, 1, 3, NULL, NULL, 1, NULL, 1795426320000000, 0, NULL, 319488, NULL, 1795426320000000, 0);
INSERT INTO whereabouts (subject, state, place, towards, packed_in, confirmed, filed, since, how, or_at, movement, freed, newest, uncertainty) VALUES (18, 1, 1, NULL, NULL, 1, NULL, 1795425960000000, 0, NULL, 262144, NULL, 1795425960000000, 0);
INSERT INTO whereabouts (subject, state, place, towards, packed_in, confirmed, filed, since, how, or_at, movement, freed, newest, uncertainty) VALUES (2, 1, 2, NULL, NULL, 1, 2, 1795421220000000, 0, NULL, 73729, NULL, 1795421220000000, 0);
INSERT INTO whereabouts (subject, state, place, towards, packed_in, confirmed, filed, since, how, or_at, movement, freed, newest, uncertainty) VALUES (22, 4, 1, NULL, NULL, 1, NULL, 1795420860000000, 0, NULL, 24576, NULL, 1795420860000000, 0);
INSERT INTO whereabouts (subject, state, place, towards, packed_in, confirmed, filed, since, how, or_at, movement, freed, newest, uncertainty) VALUES (4, 1, 1, NULL, NULL, 1, NULL, 1795421280000000, 0, NULL, 81920, NULL, 1795421640000000, 0);
INSERT INTO whereabouts (subject, state, place, towards, packed_in, confirmed, filed, since, how, or_at, movement, freed, newest, uncertainty) VALUES (6, 1, 1, NULL, NULL, 1, NULL, 1795421460000000, 0, NULL, 106496, NULL, 1795421640000000, 0);
INSERT INTO whereabouts (subject, state, place, towards, packed_in, confirmed, filed, since, how, or_at, movement, freed, newest, uncertainty) VALUES (8, 1, 3, 4, NULL, 1, NULL, 1795421580000000, 0, NULL, 122880, NULL, 1795421640000000, 0);
INSERT INTO name_piece (rowid, name) SELECT key, lower(substr(sought, 1, 1)) || substr(sought, 2)
    FROM patient WHERE sought <> '' ORDER BY key;
COMMIT;
