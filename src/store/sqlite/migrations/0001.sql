-- The first schema. Frozen: a later change is a new migration.
-- Times are integer microseconds UTC. A subject is a volume's key doubled, or a container's key doubled plus one.

CREATE TABLE meta (
    one         INTEGER PRIMARY KEY CHECK (one = 1),
    trust       TEXT    NOT NULL,
    epoch       INTEGER NOT NULL CHECK (epoch >= 1),
    -- How many movements have a key up to counted_to: the rest is counted when the store is opened.
    counted_to  INTEGER NOT NULL DEFAULT 0,
    counted     INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Site codes, number types, names of sessions and scanners.
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
CREATE INDEX patient_by_surname ON patient (sought) WHERE sought <> '';

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

-- Every text that names a volume, old ones for ever. One text names one volume.
CREATE TABLE label (
    text   TEXT    NOT NULL PRIMARY KEY,
    volume INTEGER NOT NULL REFERENCES volume (key)
) STRICT, WITHOUT ROWID;

-- Holds and restrictions as they were set and cleared. Added, never changed.
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

-- One run of a session on one boot of one machine.
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

-- Batches whose first scan is not known.
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

-- Texts that may name a patient, beside the log; redacted here and only here.
CREATE TABLE scan_text (
    scan INTEGER PRIMARY KEY,
    text TEXT    NOT NULL
) STRICT;

-- key: the scan's key times 8192, plus the index within the scan.
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

-- What was taken back, and by which scan. what: 0 one scan, 1 one batch.
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

-- The projection: what the movements add up to now. `verify` rebuilds and compares it.
-- state: 0 not yet seen, 1 at, 2 on its way, 3 in a container, 4 destroyed, 5 transferred, 6 combined.
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

-- A movement with all that gives it its place in the one order. CROSS JOIN keeps the order of the loops.
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

-- A volume with its names and where it is by its own movements.
CREATE VIEW volume_told AS
SELECT v.key, v.casenote, v.number, v.kind, v.barcode, v.home, v.hold, v.restricted,
       c.number AS casenote_number, c.volumes, c.site, c.number_type, c.patient,
       w.subject, w.state, w.place, w.towards, w.packed_in, w.confirmed, w.filed, w.since, w.how, w.or_at,
       w.movement, w.freed, w.newest, w.uncertainty
FROM volume v
JOIN casenote c ON c.key = v.casenote
LEFT JOIN whereabouts w ON w.subject = v.key * 2;
