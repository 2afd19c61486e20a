-- A day at a hospital, as version 10 of the data held it. Frozen.
PRAGMA application_id = 1130460005;
PRAGMA user_version = 10;
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
, consultants TEXT) STRICT;
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
, provisional INTEGER CHECK (provisional = 1)) STRICT;
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
CREATE INDEX whereabouts_unsure ON whereabouts (place, since)
    WHERE state = 1 AND confirmed = 0 AND (subject & 1) = 0;
CREATE TABLE print_job (
    key     INTEGER PRIMARY KEY,
    -- Made with the form, so that sending it twice prints once.
    id      BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    made    INTEGER NOT NULL,
    person  INTEGER,
    -- A printer of the configuration; '' is a file that somebody fetched.
    printer TEXT    NOT NULL,
    -- Stock, template, first label, spoiled ones, copies: JSON.
    paper   TEXT    NOT NULL,
    -- 0 queued, 1 sent, 2 confirmed, 3 unknown, 4 failed, 5 called off.
    state   INTEGER NOT NULL CHECK (state BETWEEN 0 AND 5),
    changed INTEGER NOT NULL,
    -- It is being given to its printer, and not all is known of it yet: a program that starts finds what the one
    -- before it left so.
    sending INTEGER CHECK (sending = 1),
    -- What the printer calls it.
    remote  TEXT,
    -- What the printer said last, in words for people.
    said    TEXT
) STRICT;
CREATE INDEX print_job_open ON print_job (state, printer, key) WHERE state IN (0, 3, 4);
CREATE INDEX print_job_sending ON print_job (printer, key) WHERE sending = 1;
CREATE TABLE print_label (
    job     INTEGER NOT NULL REFERENCES print_job (key),
    at      INTEGER NOT NULL CHECK (at >= 0),
    -- 0 a cover, 1 a spine, 2 a place, 3 a container, 4 a badge, 5 a card, 6 a tracer.
    what    INTEGER NOT NULL CHECK (what BETWEEN 0 AND 6),
    -- The key of the volume, place or person; the number of the card.
    subject INTEGER NOT NULL,
    -- 0 new, 1 lost, 2 damaged, 3 wrong details, 4 an old label, 5 all are relabelled.
    why     INTEGER NOT NULL CHECK (why BETWEEN 0 AND 5),
    -- The scan that first read it; NULL: not yet; 0: its job was called off.
    scanned INTEGER,
    PRIMARY KEY (job, at)
) STRICT, WITHOUT ROWID;
CREATE INDEX print_label_waiting ON print_label (subject) WHERE what = 0 AND scanned IS NULL;
CREATE INDEX print_label_unscanned ON print_label (job, at) WHERE what = 0 AND scanned IS NULL;
CREATE TABLE scanner_pairing (
    key      INTEGER PRIMARY KEY,
    -- Bus and chain of ports, as the kernel writes them.
    location TEXT    NOT NULL CHECK (location <> ''),
    vid      INTEGER NOT NULL CHECK (vid BETWEEN 0 AND 65535),
    pid      INTEGER NOT NULL CHECK (pid BETWEEN 0 AND 65535),
    -- Only where it tells the scanner from all others.
    serial   TEXT    CHECK (serial <> ''),
    desk     INTEGER NOT NULL REFERENCES desk (key),
    scan     INTEGER NOT NULL UNIQUE REFERENCES scan (key),
    -- When the server learnt of it.
    at       INTEGER NOT NULL
) STRICT;
CREATE TABLE search_step (
    key        INTEGER PRIMARY KEY,
    -- The key of the step that opened the search.
    search     INTEGER NOT NULL CHECK (search <= key),
    -- When it happened.
    at         INTEGER NOT NULL,
    -- 0 opened, 1 asked for, 2 looked, 3 seen, 4 found at, 5 declared, 6 stood in, 7 closed, 8 reopened,
    -- 9 a look taken back.
    what       INTEGER NOT NULL CHECK (what BETWEEN 0 AND 9),
    -- Opened: what is searched for. Stood in: the temporary folder.
    volume     INTEGER,
    -- Opened: where the log had it; seen: where it was scanned.
    place      INTEGER,
    -- Opened: 0 nowhere, 1 at the place, 2 on its way there.
    tracked    INTEGER CHECK (tracked BETWEEN 0 AND 2),
    -- Opened: 1 where nobody waits.
    quiet      INTEGER CHECK (quiet IN (0, 1)),
    -- Opened, asked for: by when, where, for whom.
    needed     INTEGER,
    asker      INTEGER,
    consultant TEXT,
    -- Looked, found at: where, with keys of places and volumes.
    spot       TEXT    CHECK (spot <> ''),
    -- Looked: 0 found, 1 not there, 2 cannot look.
    result     INTEGER CHECK (result BETWEEN 0 AND 2),
    -- Found at: why, and how.
    cause      INTEGER CHECK (cause BETWEEN 0 AND 7),
    how        INTEGER CHECK (how BETWEEN 0 AND 3),
    -- Seen: 0 by a scan at a desk, 1 in a sweep.
    seen_by    INTEGER CHECK (seen_by IN (0, 1)),
    -- Closed: 0 a mistake, 1 not needed, 2 gone.
    why        INTEGER CHECK (why BETWEEN 0 AND 2),
    -- A look taken back: the scan or act that had told it.
    look       INTEGER,
    CHECK ((what = 0) = (search = key)),
    CHECK ((what IN (0, 6)) = (volume IS NOT NULL)),
    CHECK ((what = 0) = (tracked IS NOT NULL) AND (what = 0) = (quiet IS NOT NULL)),
    CHECK ((what IN (2, 4)) = (spot IS NOT NULL)),
    CHECK ((what = 2) = (result IS NOT NULL) AND (what = 3) = (seen_by IS NOT NULL)),
    CHECK ((what = 4) = (cause IS NOT NULL) AND (what = 4) = (how IS NOT NULL)),
    CHECK ((what = 7) = (why IS NOT NULL)),
    CHECK ((what = 9) = (look IS NOT NULL))
) STRICT;
CREATE INDEX search_step_of ON search_step (search, key);
CREATE VIEW search_step_told AS
SELECT t.key, s.id AS scan, t.at, s.person, r.place AS desk_place, t.what, t.volume, t.place, t.tracked, t.quiet,
       t.needed, t.asker, t.consultant, t.spot, t.result, t.cause, t.how, t.seen_by, t.why, t.search,
       (SELECT l.id FROM scan l WHERE l.key = t.look) AS look
FROM search_step t
CROSS JOIN scan s ON s.key = (t.key >> 13)
CROSS JOIN run r ON r.key = s.run;
CREATE TABLE search (
    -- The step that opened it.
    key     INTEGER PRIMARY KEY,
    id      BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    volume  INTEGER NOT NULL,
    -- When it was opened.
    opened  INTEGER NOT NULL,
    -- 0 open, 1 turned up, 2 found, 3 declared missing, 4 closed.
    state   INTEGER NOT NULL CHECK (state BETWEEN 0 AND 4),
    quiet   INTEGER NOT NULL CHECK (quiet IN (0, 1)),
    -- The place that waits, and by when it is needed.
    asker   INTEGER,
    needed  INTEGER,
    -- Its newest step.
    changed INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX search_wanted ON search (volume) WHERE state IN (0, 3);
CREATE INDEX search_of_volume ON search (volume, key);
CREATE INDEX search_by_state ON search (state, quiet, key);
CREATE TABLE combine_step (
    key       INTEGER PRIMARY KEY,
    temporary INTEGER NOT NULL CHECK (temporary <> original),
    original  INTEGER NOT NULL,
    at        INTEGER NOT NULL,
    -- 0 stood in, 1 met, 2 confirmed, 3 not met after all, 4 not confirmed after all.
    what      INTEGER NOT NULL CHECK (what BETWEEN 0 AND 4)
) STRICT;
CREATE INDEX combine_step_of ON combine_step (temporary, key);
CREATE TABLE combine (
    temporary INTEGER PRIMARY KEY,
    original  INTEGER NOT NULL,
    -- 0 stands in, 1 a combine is open, 2 done.
    state     INTEGER NOT NULL CHECK (state BETWEEN 0 AND 2),
    -- Since when it stands in, or is known to.
    since     INTEGER NOT NULL
) STRICT;
CREATE INDEX combine_of_original ON combine (original);
CREATE INDEX combine_open ON combine (temporary) WHERE state = 1;
CREATE TABLE appointment (
    key         INTEGER PRIMARY KEY,
    clinic      INTEGER NOT NULL REFERENCES place (key),
    -- The day in the hospital's time zone: a later list of the clinic's day supersedes this one.
    day         TEXT    NOT NULL,
    starts_at   INTEGER NOT NULL,
    -- When the working day before that day begins: from then on a folder that comes in is wanted.
    wanted_from INTEGER NOT NULL,
    patient     INTEGER NOT NULL REFERENCES patient (key),
    -- A word: whose clinic it is.
    consultant  INTEGER REFERENCES word (key),
    -- The act by which it was learnt, and the one by which it was withdrawn.
    scan        INTEGER NOT NULL REFERENCES scan (key),
    withdrawn   INTEGER REFERENCES scan (key)
) STRICT;
CREATE INDEX appointment_of_patient ON appointment (patient, starts_at);
CREATE INDEX appointment_of_list ON appointment (clinic, day) WHERE withdrawn IS NULL;
CREATE INDEX appointment_by_time ON appointment (starts_at) WHERE withdrawn IS NULL;
CREATE TABLE clinic_list (
    key    INTEGER PRIMARY KEY,
    clinic INTEGER NOT NULL REFERENCES place (key),
    day    TEXT    NOT NULL,
    scan   INTEGER NOT NULL REFERENCES scan (key),
    -- When the server learnt of it.
    at     INTEGER NOT NULL,
    listed INTEGER NOT NULL CHECK (listed >= 0)
) STRICT;
CREATE TABLE sweep (
    key   INTEGER PRIMARY KEY,
    -- The id of the scan that opened it.
    id    BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    place INTEGER NOT NULL REFERENCES place (key),
    scan  INTEGER NOT NULL UNIQUE REFERENCES scan (key),
    at    INTEGER NOT NULL
) STRICT;
CREATE INDEX sweep_of_place ON sweep (place, key);
CREATE TABLE sweep_step (
    key    INTEGER PRIMARY KEY,
    sweep  INTEGER NOT NULL REFERENCES sweep (key),
    scan   INTEGER NOT NULL REFERENCES scan (key),
    at     INTEGER NOT NULL,
    -- 0 opened or gone on with, 1 a folder was seen, 2 a label names no folder, 3 ended, 4 said to be the whole room,
    -- 5 a folder that should have been seen was not: a search was opened.
    what   INTEGER NOT NULL CHECK (what BETWEEN 0 AND 5),
    volume INTEGER REFERENCES volume (key),
    CHECK ((volume IS NOT NULL) = (what IN (1, 5)))
) STRICT;
CREATE INDEX sweep_step_of_sweep ON sweep_step (sweep, key);
CREATE VIEW movement_way AS
SELECT m.key, m.subject, m.happened, m.kind, m.place, m.other, m.how, m.implied, r.place AS desk, s.batch,
       s.happened + s.learned_off AS learned_at,
       (SELECT min(u.scan) FROM undo u WHERE u.target = s.id AND u.what = 0) AS undone_alone,
       CASE WHEN s.batch > 0 THEN (SELECT min(u.scan) FROM undo u WHERE u.what = 1
               AND u.target = (SELECT f.id FROM scan f WHERE f.key = s.batch))
            WHEN s.batch < 0 THEN (SELECT min(u.scan) FROM undo u WHERE u.what = 1
               AND u.target = (SELECT b.id FROM batch b WHERE b.key = -s.batch)) END AS undone_together
FROM movement m
CROSS JOIN scan s ON s.key = (m.key >> 13)
CROSS JOIN run r ON r.key = s.run;
CREATE INDEX sweep_step_whole ON sweep_step (at) WHERE what = 4;
CREATE TABLE volume_known (
    upto INTEGER PRIMARY KEY CHECK (upto > 0),
    scan INTEGER NOT NULL
) STRICT;
CREATE TABLE volume_was (
    key    INTEGER PRIMARY KEY,
    volume INTEGER NOT NULL REFERENCES volume (key),
    kind   INTEGER NOT NULL,
    scan   INTEGER NOT NULL
) STRICT;
CREATE INDEX volume_was_of ON volume_was (volume, key);
CREATE TABLE place_was (
    key    INTEGER PRIMARY KEY,
    place  INTEGER NOT NULL REFERENCES place (key),
    name   TEXT    NOT NULL,
    kind   INTEGER NOT NULL,
    parent INTEGER,
    scan   INTEGER NOT NULL
) STRICT;
CREATE TABLE import_unfinished (
    -- SHA-256 of the file and of how it is read.
    file      BLOB    PRIMARY KEY CHECK (length(file) = 32),
    -- Pieces of it that are applied, from its beginning.
    pieces    INTEGER NOT NULL CHECK (pieces > 0),
    at        INTEGER NOT NULL,
    added     INTEGER NOT NULL,
    changed   INTEGER NOT NULL,
    same      INTEGER NOT NULL,
    confirmed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE import_aside (
    file   BLOB    NOT NULL REFERENCES import_unfinished (file) ON DELETE CASCADE,
    -- As a spreadsheet shows it.
    row    INTEGER NOT NULL,
    -- 0 it was not taken, 1 it differs from what was typed in here.
    what   INTEGER NOT NULL CHECK (what IN (0, 1)),
    reason TEXT    NOT NULL,
    PRIMARY KEY (file, row)
) STRICT, WITHOUT ROWID;
INSERT INTO meta (one, trust, epoch, counted_to, counted) VALUES (1, 'RX1', 1, 0, 0);
INSERT INTO word (key, text) VALUES (1, 'RX1');
INSERT INTO word (key, text) VALUES (2, 'HOSPITAL');
INSERT INTO word (key, text) VALUES (3, 'import');
INSERT INTO word (key, text) VALUES (4, 'front');
INSERT INTO word (key, text) VALUES (5, 'Dr Rao');
INSERT INTO place (key, code, name, kind, parent, phone, phone_out_of_hours, open, until, consultants) VALUES (1, 'LIB', 'LIB', 1, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO place (key, code, name, kind, parent, phone, phone_out_of_hours, open, until, consultants) VALUES (2, 'S12', 'S12', 2, 1, NULL, NULL, NULL, NULL, NULL);
INSERT INTO place (key, code, name, kind, parent, phone, phone_out_of_hours, open, until, consultants) VALUES (3, 'HUB', 'HUB', 9, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO place (key, code, name, kind, parent, phone, phone_out_of_hours, open, until, consultants) VALUES (4, 'CL5', 'CL5', 3, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO place (key, code, name, kind, parent, phone, phone_out_of_hours, open, until, consultants) VALUES (5, 'WARD7', 'WARD7', 4, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO place (key, code, name, kind, parent, phone, phone_out_of_hours, open, until, consultants) VALUES (6, 'K12', 'K12', 8, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO place (key, code, name, kind, parent, phone, phone_out_of_hours, open, until, consultants) VALUES (7, 'TROLLEY', 'TROLLEY', 8, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO place (key, code, name, kind, parent, phone, phone_out_of_hours, open, until, consultants) VALUES (8, 'OLDWARD', 'OLDWARD', 5, NULL, NULL, NULL, NULL, NULL, 'Dr Rao');
INSERT INTO staff (key, badge, name, role) VALUES (1, 'BADGE7', 'Pat Clerk', 1);
INSERT INTO staff (key, badge, name, role) VALUES (2, 'LIBRARIAN3', 'Mary Librarian', 2);
INSERT INTO staff (key, badge, name, role) VALUES (3, 'MANAGER1', 'Max Manager', 3);
INSERT INTO patient (key, nhs, surname, forename, sought, born, died, provisional) VALUES (1, NULL, 'O''Brien-Núñez', 'Zoë 1', 'OBRIEN NUNEZ ZOE 1', '1961-05-04', NULL, NULL);
INSERT INTO patient (key, nhs, surname, forename, sought, born, died, provisional) VALUES (2, NULL, 'O''Brien-Núñez', 'Zoë 2', 'OBRIEN NUNEZ ZOE 2', '1961-05-04', NULL, NULL);
INSERT INTO patient (key, nhs, surname, forename, sought, born, died, provisional) VALUES (3, NULL, 'O''Brien-Núñez', 'Zoë 3', 'OBRIEN NUNEZ ZOE 3', '1961-05-04', NULL, NULL);
INSERT INTO patient (key, nhs, surname, forename, sought, born, died, provisional) VALUES (4, NULL, '', '', '', NULL, NULL, NULL);
INSERT INTO patient (key, nhs, surname, forename, sought, born, died, provisional) VALUES (5, NULL, '', '', '', NULL, NULL, NULL);
INSERT INTO patient (key, nhs, surname, forename, sought, born, died, provisional) VALUES (6, NULL, '', '', '', NULL, NULL, NULL);
INSERT INTO patient (key, nhs, surname, forename, sought, born, died, provisional) VALUES (7, NULL, 'Okafor', 'Ada', 'OKAFOR ADA', NULL, NULL, 1);
INSERT INTO patient (key, nhs, surname, forename, sought, born, died, provisional) VALUES (8, NULL, '', '', '', NULL, NULL, NULL);
INSERT INTO patient_number (number, site, patient) VALUES ('H1', 1, 1);
INSERT INTO patient_number (number, site, patient) VALUES ('H11', 1, 6);
INSERT INTO patient_number (number, site, patient) VALUES ('H12', 1, 8);
INSERT INTO patient_number (number, site, patient) VALUES ('H2', 1, 2);
INSERT INTO patient_number (number, site, patient) VALUES ('H3', 1, 3);
INSERT INTO patient_number (number, site, patient) VALUES ('H4', 1, 4);
INSERT INTO patient_number (number, site, patient) VALUES ('H5', 1, 5);
INSERT INTO patient_number (number, site, patient) VALUES ('H900', 1, 7);
INSERT INTO casenote (key, number, site, number_type, patient, volumes) VALUES (1, 'H1', 1, 2, 1, 2);
INSERT INTO casenote (key, number, site, number_type, patient, volumes) VALUES (2, 'H2', 1, 2, 2, 2);
INSERT INTO casenote (key, number, site, number_type, patient, volumes) VALUES (3, 'H3', 1, 2, 3, 3);
INSERT INTO casenote (key, number, site, number_type, patient, volumes) VALUES (4, 'H4', 1, 2, 4, 2);
INSERT INTO casenote (key, number, site, number_type, patient, volumes) VALUES (5, 'H5', 1, 2, 5, 1);
INSERT INTO casenote (key, number, site, number_type, patient, volumes) VALUES (6, 'H11', 1, 2, 6, 2);
INSERT INTO casenote (key, number, site, number_type, patient, volumes) VALUES (7, 'H900', 1, 2, 7, 1);
INSERT INTO casenote (key, number, site, number_type, patient, volumes) VALUES (8, 'H12', 1, 2, 8, 1);
INSERT INTO volume (key, casenote, number, kind, barcode, home, hold, restricted) VALUES (1, 1, 1, 0, 'F1', 2, NULL, 0);
INSERT INTO volume (key, casenote, number, kind, barcode, home, hold, restricted) VALUES (10, 6, 1, 1, 'F21', 2, 1, 1);
INSERT INTO volume (key, casenote, number, kind, barcode, home, hold, restricted) VALUES (11, 6, 2, 0, 'F22', 2, NULL, 0);
INSERT INTO volume (key, casenote, number, kind, barcode, home, hold, restricted) VALUES (12, 7, 1, 0, 'V000001275', NULL, NULL, 0);
INSERT INTO volume (key, casenote, number, kind, barcode, home, hold, restricted) VALUES (13, 3, 3, 1, 'V000001372', 2, NULL, 0);
INSERT INTO volume (key, casenote, number, kind, barcode, home, hold, restricted) VALUES (14, 8, 1, 0, 'F23', 2, NULL, 0);
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
INSERT INTO label (text, volume) VALUES ('F23', 14);
INSERT INTO label (text, volume) VALUES ('F3', 3);
INSERT INTO label (text, volume) VALUES ('F4', 4);
INSERT INTO label (text, volume) VALUES ('F5', 5);
INSERT INTO label (text, volume) VALUES ('F6', 6);
INSERT INTO label (text, volume) VALUES ('F7', 7);
INSERT INTO label (text, volume) VALUES ('F8', 8);
INSERT INTO label (text, volume) VALUES ('F9', 9);
INSERT INTO label (text, volume) VALUES ('OLD-8', 8);
INSERT INTO label (text, volume) VALUES ('V000001275', 12);
INSERT INTO label (text, volume) VALUES ('V000001372', 13);
INSERT INTO hold (key, volume, what, reason, scan) VALUES (1, 10, 0, 'Legal', 2);
INSERT INTO hold (key, volume, what, reason, scan) VALUES (2, 10, 1, 'restricted', 2);
INSERT INTO desk (key, code, last) VALUES (1, '~IMPORT', 80);
INSERT INTO desk (key, code, last) VALUES (2, 'LIB-1', 79);
INSERT INTO desk (key, code, last) VALUES (3, 'HUB-1', 48);
INSERT INTO desk (key, code, last) VALUES (4, 'CL5-1', 73);
INSERT INTO desk (key, code, last) VALUES (5, '~WEB', 66);
INSERT INTO session (key, desk, name) VALUES (1, 1, 'import');
INSERT INTO session (key, desk, name) VALUES (2, 2, 'front');
INSERT INTO session (key, desk, name) VALUES (3, 3, 'front');
INSERT INTO session (key, desk, name) VALUES (4, 4, 'front');
INSERT INTO session (key, desk, name) VALUES (5, 5, 'front');
INSERT INTO session (key, desk, name) VALUES (6, 4, '~kept');
INSERT INTO run (key, session, incarnation, boot, place, boot_base) VALUES (1, 1, X'01A2076B44007280B23636156FEFF012', NULL, 0, 1795420800000000);
INSERT INTO run (key, session, incarnation, boot, place, boot_base) VALUES (2, 2, X'0000000000000000000000000000000A', NULL, 1, 1795420800000000);
INSERT INTO run (key, session, incarnation, boot, place, boot_base) VALUES (3, 3, X'0000000000000000000000000000000A', NULL, 3, 1795420800000000);
INSERT INTO run (key, session, incarnation, boot, place, boot_base) VALUES (4, 4, X'0000000000000000000000000000000A', NULL, 4, 1795420800000000);
INSERT INTO run (key, session, incarnation, boot, place, boot_base) VALUES (5, 2, X'0000000000000000000000000000000B', NULL, 1, 1795420560000000);
INSERT INTO run (key, session, incarnation, boot, place, boot_base) VALUES (6, 3, X'0000000000000000000000000000000B', NULL, 3, 1795415400000000);
INSERT INTO run (key, session, incarnation, boot, place, boot_base) VALUES (7, 5, X'0000000000000000000000000000000C', NULL, 0, 1795420800000000);
INSERT INTO run (key, session, incarnation, boot, place, boot_base) VALUES (8, 6, X'0000000000000000000000000000000A', NULL, 4, 1795420800000000);
INSERT INTO batch (key, id, first) VALUES (1, X'0000000000000000000000000000004D', 32);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (1, X'01A2076B44007DEDA4C73945ADEC1306', 1, 1, 3, NULL, NULL, 0, 0, 1795420800000000, 0, 0, 0, 0, 0, 1, NULL, NULL, NULL, X'3300', NULL, NULL);
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
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (2, X'01A2076B44007DE39940779D45285C87', 1, 2, 3, NULL, NULL, 0, 1, 1795420800000000, 1, 0, 0, 0, 0, 1, NULL, NULL, NULL, X'3300', NULL, NULL);
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
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (40, X'01900000000070008000000000000025', 7, 37, 4, 1, NULL, 1, 3, 1795426320000000, 1, 0, 0, 0, 0, 0, 'on a page', NULL, NULL, X'72010C', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (41, X'01900000000070008000000000000026', 2, 38, 4, NULL, NULL, 1, 5, 1795426380000000, 0, 0, 0, 0, 0, 0, NULL, X'226A5D69D49FD29C', NULL, X'5C00', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (42, X'01900000000070008000000000000027', 4, 39, 4, NULL, NULL, 1, 4, 1795426440000000, 0, 0, 0, 0, 0, 0, 'F3', NULL, NULL, X'00030304', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (43, X'01900000000070008000000000000028', 4, 40, 4, NULL, NULL, 1, 1, 1795426500000000, 0, 0, 0, 0, 0, 0, 'F3', NULL, NULL, X'8C0103', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (44, X'01900000000070008000000000000029', 3, 41, 4, NULL, NULL, 1, 5, 1795426560000000, 0, 0, 0, 0, 0, 0, 'F3', NULL, NULL, X'8D0103', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (45, X'0190000000007000800000000000002A', 7, 42, 4, 1, NULL, 1, 5, 1795426620000000, 0, 0, 0, 0, 0, 0, 'on a page', NULL, NULL, X'930103', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (46, X'0190000000007000800000000000002B', 7, 43, 4, 1, NULL, 1, 1, 1795426680000000, 0, 0, 0, 0, 0, 0, 'on a page', NULL, NULL, X'960103', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (47, X'0190000000007000800000000000002C', 7, 44, 4, 2, NULL, 1, 1, 1795426740000000, 0, 0, 0, 0, 0, 0, 'on a page', NULL, NULL, X'930103', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (48, X'0190000000007000800000000000002D', 6, 45, 4, NULL, NULL, 1, 4, 1795419540000000, 7200000001, 7200000000, -1800000000, 0, 1, 0, 'F3', NULL, NULL, X'00030303', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (49, X'0190000000007000800000000000002E', 2, 46, 4, NULL, NULL, 1, 8, 1795426800000000, 0, 0, 0, 0, 0, 0, 'F3', NULL, NULL, X'058303030303', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (5, X'01900000000070008000000000000003', 2, 3, 4, NULL, NULL, 1, 1, 1795420980000000, 0, 0, 0, 0, 0, 0, 'F1', NULL, NULL, X'05030104', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (50, X'0190000000007000800000000000002F', 2, 47, 4, NULL, NULL, 1, 1, 1795426860000000, 0, 0, 0, 0, 0, 0, 'C0605', NULL, NULL, X'2A83030104', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (51, X'01900000000070008000000000000030', 2, 48, 4, NULL, NULL, 1, 1, 1795426920000000, 0, 0, 0, 0, 0, 0, 'F3', NULL, NULL, X'008303010303', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (52, X'01900000000070008000000000000031', 7, 49, 4, 1, NULL, 1, 5, 1795426980000000, 0, 0, 0, 0, 0, 0, 'on a page', NULL, NULL, X'980103', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (53, X'01900000000070008000000000000032', 4, 50, 4, NULL, NULL, 1, 10, 1795427040000000, 0, 0, 0, 0, 0, 0, 'F3', NULL, NULL, X'00030304', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (54, X'01900000000070008000000000000033', 4, 51, 4, NULL, NULL, 1, 1, 1795427100000000, 0, 0, 0, 0, 0, 0, 'F4', NULL, NULL, X'00030404', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (55, X'01900000000070008000000000000034', 4, 52, 4, NULL, NULL, 1, 1, 1795427160000000, 0, 0, 0, 0, 0, 0, 'F4', NULL, NULL, X'8C0104', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (56, X'01900000000070008000000000000035', 7, 53, 4, 1, NULL, 1, 4, 1795427220000000, 0, 0, 0, 0, 0, 0, 'on a page', NULL, NULL, X'9E0801', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (57, X'01900000000070008000000000000036', 7, 54, 4, 2, NULL, 1, 1, 1795427280000000, 0, 0, 0, 0, 0, 0, 'on a page', NULL, NULL, X'9E0802', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (58, X'01900000000070008000000000000037', 7, 55, 4, 3, NULL, 1, 1, 1795427340000000, 0, 0, 0, 0, 0, 0, 'on a page', NULL, NULL, X'9B0104', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (59, X'01900000000070008000000000000038', 7, 56, 4, 1, NULL, 1, 1, 1795427400000000, 0, 0, 0, 0, 0, 0, 'on a page', NULL, NULL, X'9F0801', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (6, X'01900000000070008000000000000004', 3, 4, 4, NULL, NULL, 1, 0, 1795421040000000, 0, 0, 0, 0, 0, 0, 'F1', NULL, NULL, X'02030104', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (60, X'01900000000070008000000000000039', 7, 57, 4, 2, NULL, 1, 1, 1795427460000000, 0, 0, 0, 0, 0, 0, 'on a page', NULL, NULL, X'9C0104', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (61, X'0190000000007000800000000000003A', 4, 58, 4, NULL, NULL, 1, 6, 1795427520000000, 0, 0, 0, 0, 0, 0, 'F4', NULL, NULL, X'00030404', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (62, X'0190000000007000800000000000003B', 7, 59, 4, 2, NULL, 1, 2, 1795427580000000, 0, 0, 0, 0, 0, 0, 'on a page', NULL, NULL, X'9D0104', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (63, X'0190000000007000800000000000003C', 2, 60, 4, NULL, NULL, 1, 12, 1795427640000000, 0, 0, 0, 0, 0, 0, 'F4', NULL, NULL, X'008304010304', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (64, X'0190000000007000800000000000003D', 4, 61, 4, NULL, NULL, 1, 3, 1795427700000000, 0, 0, 0, 0, 0, 0, 'F5', NULL, NULL, X'00030504', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (65, X'0190000000007000800000000000003E', 4, 62, 4, NULL, NULL, 1, 1, 1795427760000000, 0, 0, 0, 0, 0, 0, 'F5', NULL, NULL, X'8C0105', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (66, X'0190000000007000800000000000003F', 7, 63, 4, 1, NULL, 1, 4, 1795427820000000, 0, 0, 0, 0, 0, 0, 'on a page', NULL, NULL, X'72010D', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (67, X'01900000000070008000000000000040', 4, 64, 4, NULL, NULL, 1, 2, 1795427880000000, 0, 0, 0, 0, 0, 0, 'V000001372', NULL, NULL, X'00030D04', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (68, X'01900000000070008000000000000041', 2, 65, 4, NULL, NULL, 1, 5, 1795427940000000, 0, 0, 0, 0, 0, 0, 'F5', NULL, NULL, X'008305010B040D', NULL, X'050D');
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (69, X'01900000000070008000000000000042', 2, 66, 4, NULL, NULL, 1, 1, 1795428000000000, 0, 0, 0, 0, 0, 0, 'F5', NULL, NULL, X'A6830502080D', NULL, X'050D');
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (7, X'01900000000070008000000000000005', 4, 5, 4, NULL, NULL, 1, 0, 1795421100000000, 0, 0, 0, 0, 0, 0, 'F1', NULL, NULL, X'00030104', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (70, X'01900000000070008000000000000043', 2, 67, 4, NULL, NULL, 1, 1, 1795428060000000, 0, 0, 0, 0, 0, 0, 'F5', NULL, NULL, X'A20105', NULL, X'050D');
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (71, X'01900000000070008000000000000044', 2, 68, 4, NULL, NULL, 1, 1, 1795428120000000, 0, 0, 0, 0, 0, 0, 'C0605', NULL, NULL, X'2A030D01', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (72, X'01900000000070008000000000000045', 2, 69, 4, NULL, NULL, 1, 1, 1795428180000000, 0, 0, 0, 0, 0, 0, 'F5', NULL, NULL, X'A20105', NULL, X'050D');
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (73, X'01900000000070008000000000000046', 4, 70, 4, NULL, NULL, 1, 6, 1795428240000000, 0, 0, 0, 0, 0, 0, 'V000001372', NULL, NULL, X'04010D', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (74, X'01900000000070008000000000000047', 2, 71, 4, NULL, NULL, 1, 2, 1795428300000000, 0, 0, 0, 0, 0, 0, 'F5', NULL, NULL, X'07030502', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (75, X'01A207DDB4E0716B84FC1174AF1D1703', 1, 3, 3, NULL, NULL, 0, 73, 1795428300000000, 1, 0, 0, 0, 0, 1, NULL, NULL, NULL, X'3300', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (76, X'01A207DDB4E075E382E85D66C5FDA8A8', 1, 4, 3, NULL, NULL, 0, 1, 1795428300000000, 2, 0, 0, 0, 0, 1, NULL, NULL, NULL, X'3300', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (77, X'01900000000070008000000000000048', 2, 72, 4, NULL, NULL, 1, 3, 1795428360000000, 0, 0, 0, 0, 0, 0, NULL, X'D30B6FEDC77FAAF5', NULL, X'AB0202', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (78, X'01900000000070008000000000000049', 2, 73, 4, NULL, 78, 1, 1, 1795428420000000, 0, 0, 0, 0, 0, 0, 'F1', NULL, NULL, X'11030102', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (79, X'0190000000007000800000000000004A', 2, 74, 4, NULL, NULL, 1, 1, 1795428480000000, 0, 0, 0, 0, 0, 0, NULL, X'CD5D7235F055C005', NULL, X'B01202818008', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (8, X'01900000000070008000000000000006', 4, 6, 4, NULL, NULL, 1, 1, 1795421160000000, 0, 0, 0, 0, 0, 0, 'F1', NULL, NULL, X'06030105', NULL, NULL);
INSERT INTO scan (key, id, run, number, scanner, person, batch, position, back, happened, learned_off, wall_off, boot_off, uncertainty, past, typed, text, digest, aim, answer, change, volumes) VALUES (80, X'01A207E0740075A2AE66B6274694AF0F', 1, 5, 3, NULL, NULL, 0, 4, 1795428480000000, 1, 0, 0, 0, 0, 1, NULL, NULL, NULL, X'3300', NULL, NULL);
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
INSERT INTO scan_text (scan, text, settled, kept) VALUES (41, 'C3067', NULL, NULL);
INSERT INTO scan_text (scan, text, settled, kept) VALUES (77, 'S12', NULL, NULL);
INSERT INTO scan_text (scan, text, settled, kept) VALUES (79, 'C0184', NULL, NULL);
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
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (344064, 6, 1795426440000000, 1, 4, NULL, 0, 0, 1);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (393216, 6, 1795419540000000, 1, 3, NULL, 0, 0, 4);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (401408, 6, 1795426800000000, 1, 1, NULL, 0, 1, 4);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (401409, 6, 1795426800000000, 2, 1, 3, 0, 0, 1);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (40960, 2, 1795420980000000, 2, 1, 4, 0, 0, 1);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (409600, 6, 1795426860000000, 10, NULL, 4, 0, 0, 1);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (417792, 6, 1795426920000000, 1, 1, NULL, 0, 0, 1);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (434176, 6, 1795427040000000, 1, 4, NULL, 0, 0, 1);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (442368, 8, 1795427100000000, 1, 4, NULL, 0, 0, 3);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (49152, 2, 1795421040000000, 1, 3, 4, 0, 0, 1);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (499712, 8, 1795427520000000, 1, 4, NULL, 0, 0, 4);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (516096, 8, 1795427640000000, 1, 1, NULL, 0, 0, 4);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (524288, 10, 1795427700000000, 1, 4, NULL, 0, 0, 4);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (548864, 26, 1795427880000000, 1, 4, NULL, 0, 0, NULL);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (557056, 10, 1795427940000000, 1, 1, NULL, 0, 0, 4);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (565248, 10, 1795428000000000, 1, 1, NULL, 0, 0, 1);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (57344, 2, 1795421100000000, 1, 4, NULL, 0, 0, 3);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (573440, 26, 1795428060000000, 1, 1, NULL, 0, 1, 4);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (573441, 26, 1795428060000000, 9, 1, 2, 0, 0, 1);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (581632, 26, 1795428120000000, 10, NULL, 5, 0, 0, 1);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (589824, 26, 1795428180000000, 9, 1, 2, 0, 0, 1);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (598016, 26, 1795428240000000, 8, 4, 2, 0, 0, 1);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (606208, 10, 1795428300000000, 4, 2, NULL, 0, 0, 1);
INSERT INTO movement (key, subject, happened, kind, place, other, how, implied, believed) VALUES (638976, 2, 1795428420000000, 7, 2, NULL, 0, 0, 2);
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
INSERT INTO undo (key, target, what, scan) VALUES (4, X'0190000000007000800000000000002E', 0, 50);
INSERT INTO undo (key, target, what, scan) VALUES (5, X'01900000000070008000000000000043', 0, 71);
INSERT INTO question (key, scan, at, kind, volume, answer) VALUES (1, 3, 1795420860000000, 0, 11, NULL);
INSERT INTO whereabouts (subject, state, place, towards, packed_in, confirmed, filed, since, how, or_at, movement, freed, newest, uncertainty) VALUES (10, 1, 2, NULL, NULL, 1, 2, 1795428300000000, 0, NULL, 606208, NULL, 1795428300000000, 0);
INSERT INTO whereabouts (subject, state, place, towards, packed_in, confirmed, filed, since, how, or_at, movement, freed, newest, uncertainty) VALUES (12, 1, 4, NULL, NULL, 1, NULL, 1795422060000000, 0, NULL, 188416, NULL, 1795422060000000, 0);
INSERT INTO whereabouts (subject, state, place, towards, packed_in, confirmed, filed, since, how, or_at, movement, freed, newest, uncertainty) VALUES (13, 1, 4, NULL, NULL, 0, NULL, 1795422240000000, 0, NULL, 212992, NULL, 1795422240000000, 0);
INSERT INTO whereabouts (subject, state, place, towards, packed_in, confirmed, filed, since, how, or_at, movement, freed, newest, uncertainty) VALUES (14, 1, 4, NULL, 6, 0, NULL, 1795422240000000, 2, NULL, 221185, 212992, 1795422000000000, 0);
INSERT INTO whereabouts (subject, state, place, towards, packed_in, confirmed, filed, since, how, or_at, movement, freed, newest, uncertainty) VALUES (15, 1, 4, NULL, NULL, 1, NULL, 1795422000000000, 0, NULL, 180224, NULL, 1795422000000000, 0);
INSERT INTO whereabouts (subject, state, place, towards, packed_in, confirmed, filed, since, how, or_at, movement, freed, newest, uncertainty) VALUES (16, 1, 3, NULL, NULL, 1, NULL, 1795426320000000, 0, NULL, 319488, NULL, 1795426320000000, 0);
INSERT INTO whereabouts (subject, state, place, towards, packed_in, confirmed, filed, since, how, or_at, movement, freed, newest, uncertainty) VALUES (18, 1, 1, NULL, NULL, 1, NULL, 1795425960000000, 0, NULL, 262144, NULL, 1795425960000000, 0);
INSERT INTO whereabouts (subject, state, place, towards, packed_in, confirmed, filed, since, how, or_at, movement, freed, newest, uncertainty) VALUES (2, 1, 2, NULL, NULL, 1, NULL, 1795428420000000, 0, NULL, 638976, NULL, 1795428420000000, 0);
INSERT INTO whereabouts (subject, state, place, towards, packed_in, confirmed, filed, since, how, or_at, movement, freed, newest, uncertainty) VALUES (22, 4, 1, NULL, NULL, 1, NULL, 1795420860000000, 0, NULL, 24576, NULL, 1795420860000000, 0);
INSERT INTO whereabouts (subject, state, place, towards, packed_in, confirmed, filed, since, how, or_at, movement, freed, newest, uncertainty) VALUES (26, 6, 4, NULL, NULL, 1, NULL, 1795428240000000, 0, NULL, 598016, NULL, 1795428240000000, 0);
INSERT INTO whereabouts (subject, state, place, towards, packed_in, confirmed, filed, since, how, or_at, movement, freed, newest, uncertainty) VALUES (4, 1, 1, NULL, NULL, 1, NULL, 1795421280000000, 0, NULL, 81920, NULL, 1795421640000000, 0);
INSERT INTO whereabouts (subject, state, place, towards, packed_in, confirmed, filed, since, how, or_at, movement, freed, newest, uncertainty) VALUES (6, 1, 4, NULL, NULL, 1, NULL, 1795427040000000, 0, NULL, 434176, NULL, 1795427040000000, 0);
INSERT INTO whereabouts (subject, state, place, towards, packed_in, confirmed, filed, since, how, or_at, movement, freed, newest, uncertainty) VALUES (8, 1, 1, NULL, NULL, 1, NULL, 1795427640000000, 0, NULL, 516096, NULL, 1795427640000000, 0);
INSERT INTO print_job (key, id, made, person, printer, paper, state, changed, sending, remote, said) VALUES (1, X'00000000000000000000000000000005', 1795426320000000, NULL, 'Library', '{"stock":"L7160","template":null,"first":4,"spoiled":[6],"copies":1}', 0, 1795426320000000, NULL, NULL, NULL);
INSERT INTO print_label (job, at, what, subject, why, scanned) VALUES (1, 0, 0, 1, 0, NULL);
INSERT INTO scanner_pairing (key, location, vid, pid, serial, desk, scan, at) VALUES (1, '1-2.4', 1504, 5889, NULL, 2, 41, 1795426380000000);
INSERT INTO search_step (key, search, at, what, volume, place, tracked, quiet, needed, asker, consultant, spot, result, cause, how, seen_by, why, look) VALUES (352256, 352256, 1795426500000000, 0, 3, 4, 1, 0, NULL, 4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO search_step (key, search, at, what, volume, place, tracked, quiet, needed, asker, consultant, spot, result, cause, how, seen_by, why, look) VALUES (352257, 352256, 1795426500000000, 2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'D:4', 1, NULL, NULL, NULL, NULL, NULL);
INSERT INTO search_step (key, search, at, what, volume, place, tracked, quiet, needed, asker, consultant, spot, result, cause, how, seen_by, why, look) VALUES (360448, 352256, 1795426560000000, 1, NULL, NULL, NULL, NULL, NULL, 3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO search_step (key, search, at, what, volume, place, tracked, quiet, needed, asker, consultant, spot, result, cause, how, seen_by, why, look) VALUES (360449, 352256, 1795426560000000, 2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'D:3', 1, NULL, NULL, NULL, NULL, NULL);
INSERT INTO search_step (key, search, at, what, volume, place, tracked, quiet, needed, asker, consultant, spot, result, cause, how, seen_by, why, look) VALUES (368640, 352256, 1795426620000000, 2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'D:5', 1, NULL, NULL, NULL, NULL, NULL);
INSERT INTO search_step (key, search, at, what, volume, place, tracked, quiet, needed, asker, consultant, spot, result, cause, how, seen_by, why, look) VALUES (385024, 352256, 1795426740000000, 2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'D:5', 1, NULL, NULL, NULL, NULL, NULL);
INSERT INTO search_step (key, search, at, what, volume, place, tracked, quiet, needed, asker, consultant, spot, result, cause, how, seen_by, why, look) VALUES (401408, 352256, 1795426800000000, 3, NULL, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL);
INSERT INTO search_step (key, search, at, what, volume, place, tracked, quiet, needed, asker, consultant, spot, result, cause, how, seen_by, why, look) VALUES (409600, 352256, 1795426860000000, 8, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO search_step (key, search, at, what, volume, place, tracked, quiet, needed, asker, consultant, spot, result, cause, how, seen_by, why, look) VALUES (417792, 352256, 1795426920000000, 3, NULL, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL);
INSERT INTO search_step (key, search, at, what, volume, place, tracked, quiet, needed, asker, consultant, spot, result, cause, how, seen_by, why, look) VALUES (425984, 352256, 1795426980000000, 4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'L:own', NULL, 5, 1, NULL, NULL, NULL);
INSERT INTO search_step (key, search, at, what, volume, place, tracked, quiet, needed, asker, consultant, spot, result, cause, how, seen_by, why, look) VALUES (450560, 450560, 1795427160000000, 0, 4, 4, 1, 0, NULL, 4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO search_step (key, search, at, what, volume, place, tracked, quiet, needed, asker, consultant, spot, result, cause, how, seen_by, why, look) VALUES (450561, 450560, 1795427160000000, 2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'D:4', 1, NULL, NULL, NULL, NULL, NULL);
INSERT INTO search_step (key, search, at, what, volume, place, tracked, quiet, needed, asker, consultant, spot, result, cause, how, seen_by, why, look) VALUES (475136, 450560, 1795427340000000, 5, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO search_step (key, search, at, what, volume, place, tracked, quiet, needed, asker, consultant, spot, result, cause, how, seen_by, why, look) VALUES (491520, 450560, 1795427460000000, 7, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL);
INSERT INTO search_step (key, search, at, what, volume, place, tracked, quiet, needed, asker, consultant, spot, result, cause, how, seen_by, why, look) VALUES (507904, 450560, 1795427580000000, 8, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO search_step (key, search, at, what, volume, place, tracked, quiet, needed, asker, consultant, spot, result, cause, how, seen_by, why, look) VALUES (516096, 450560, 1795427640000000, 3, NULL, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL);
INSERT INTO search_step (key, search, at, what, volume, place, tracked, quiet, needed, asker, consultant, spot, result, cause, how, seen_by, why, look) VALUES (532480, 532480, 1795427760000000, 0, 5, 4, 1, 0, NULL, 4, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO search_step (key, search, at, what, volume, place, tracked, quiet, needed, asker, consultant, spot, result, cause, how, seen_by, why, look) VALUES (532481, 532480, 1795427760000000, 2, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'D:4', 1, NULL, NULL, NULL, NULL, NULL);
INSERT INTO search_step (key, search, at, what, volume, place, tracked, quiet, needed, asker, consultant, spot, result, cause, how, seen_by, why, look) VALUES (540672, 532480, 1795427820000000, 6, 13, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO search_step (key, search, at, what, volume, place, tracked, quiet, needed, asker, consultant, spot, result, cause, how, seen_by, why, look) VALUES (557056, 532480, 1795427940000000, 3, NULL, 1, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0, NULL, NULL);
INSERT INTO search (key, id, volume, opened, state, quiet, asker, needed, changed) VALUES (352256, X'01900000000070008000000000000028', 3, 1795426500000000, 2, 0, 3, NULL, 425984);
INSERT INTO search (key, id, volume, opened, state, quiet, asker, needed, changed) VALUES (450560, X'01900000000070008000000000000034', 4, 1795427160000000, 1, 0, 4, NULL, 516096);
INSERT INTO search (key, id, volume, opened, state, quiet, asker, needed, changed) VALUES (532480, X'0190000000007000800000000000003E', 5, 1795427760000000, 1, 0, 4, NULL, 557056);
INSERT INTO combine_step (key, temporary, original, at, what) VALUES (540672, 13, 5, 1795427820000000, 0);
INSERT INTO combine_step (key, temporary, original, at, what) VALUES (557056, 13, 5, 1795427940000000, 1);
INSERT INTO combine_step (key, temporary, original, at, what) VALUES (573440, 13, 5, 1795428060000000, 2);
INSERT INTO combine_step (key, temporary, original, at, what) VALUES (581632, 13, 5, 1795428120000000, 4);
INSERT INTO combine_step (key, temporary, original, at, what) VALUES (589824, 13, 5, 1795428180000000, 2);
INSERT INTO combine (temporary, original, state, since) VALUES (13, 5, 2, 1795427820000000);
INSERT INTO appointment (key, clinic, day, starts_at, wanted_from, patient, consultant, scan, withdrawn) VALUES (1, 4, '2026-11-24', 1795510800000000, 1795424400000000, 1, 5, 75, NULL);
INSERT INTO appointment (key, clinic, day, starts_at, wanted_from, patient, consultant, scan, withdrawn) VALUES (2, 4, '2026-11-24', 1795510800000000, 1795424400000000, 2, 5, 75, 76);
INSERT INTO clinic_list (key, clinic, day, scan, at, listed) VALUES (1, 4, '2026-11-24', 75, 1795428300000001, 2);
INSERT INTO clinic_list (key, clinic, day, scan, at, listed) VALUES (2, 4, '2026-11-24', 76, 1795428300000002, 1);
INSERT INTO sweep (key, id, place, scan, at) VALUES (1, X'01900000000070008000000000000048', 2, 77, 1795428360000000);
INSERT INTO sweep_step (key, sweep, scan, at, what, volume) VALUES (1, 1, 77, 1795428360000000, 0, NULL);
INSERT INTO sweep_step (key, sweep, scan, at, what, volume) VALUES (2, 1, 78, 1795428420000000, 1, 1);
INSERT INTO sweep_step (key, sweep, scan, at, what, volume) VALUES (3, 1, 79, 1795428480000000, 3, NULL);
INSERT INTO volume_known (upto, scan) VALUES (11, 2);
INSERT INTO volume_known (upto, scan) VALUES (12, 40);
INSERT INTO volume_known (upto, scan) VALUES (13, 66);
INSERT INTO volume_known (upto, scan) VALUES (14, 80);
INSERT INTO volume_known (upto, scan) VALUES (9, 1);
INSERT INTO volume_was (key, volume, kind, scan) VALUES (1, 10, 0, 79);
INSERT INTO place_was (key, place, name, kind, parent, scan) VALUES (1, 8, 'OLDWARD', 4, NULL, 79);
INSERT INTO import_unfinished (file, pieces, at, added, changed, same, confirmed) VALUES (X'0707070707070707070707070707070707070707070707070707070707070707', 1, 1795428480000000, 1, 0, 0, 0);
INSERT INTO import_aside (file, row, what, reason) VALUES (X'0707070707070707070707070707070707070707070707070707070707070707', 3, 0, 'the place NOWHERE is not known: import places first');
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
CREATE TRIGGER scanner_pairing_is_never_changed BEFORE UPDATE ON scanner_pairing
    BEGIN SELECT RAISE(ABORT, 'a pairing is never changed'); END;
CREATE TRIGGER scanner_pairing_is_never_deleted BEFORE DELETE ON scanner_pairing
    BEGIN SELECT RAISE(ABORT, 'a pairing is never deleted'); END;
CREATE TRIGGER search_step_is_never_changed BEFORE UPDATE ON search_step
    BEGIN SELECT RAISE(ABORT, 'a step of a search is never changed'); END;
CREATE TRIGGER search_step_is_never_deleted BEFORE DELETE ON search_step
    BEGIN SELECT RAISE(ABORT, 'a step of a search is never deleted'); END;
CREATE TRIGGER combine_step_is_never_changed BEFORE UPDATE ON combine_step
    BEGIN SELECT RAISE(ABORT, 'a step of a combine is never changed'); END;
CREATE TRIGGER combine_step_is_never_deleted BEFORE DELETE ON combine_step
    BEGIN SELECT RAISE(ABORT, 'a step of a combine is never deleted'); END;
CREATE TRIGGER appointment_is_only_withdrawn BEFORE UPDATE ON appointment
    WHEN OLD.withdrawn IS NOT NULL OR NEW.withdrawn IS NULL OR NEW.key <> OLD.key OR NEW.clinic <> OLD.clinic
        OR NEW.day <> OLD.day OR NEW.starts_at <> OLD.starts_at OR NEW.wanted_from <> OLD.wanted_from
        OR NEW.patient <> OLD.patient OR NEW.consultant IS NOT OLD.consultant OR NEW.scan <> OLD.scan
    BEGIN SELECT RAISE(ABORT, 'an appointment is only withdrawn, and once'); END;
CREATE TRIGGER appointment_is_never_deleted BEFORE DELETE ON appointment
    BEGIN SELECT RAISE(ABORT, 'an appointment is never deleted'); END;
CREATE TRIGGER clinic_list_is_never_changed BEFORE UPDATE ON clinic_list
    BEGIN SELECT RAISE(ABORT, 'a list that was told is never changed'); END;
CREATE TRIGGER clinic_list_is_never_deleted BEFORE DELETE ON clinic_list
    BEGIN SELECT RAISE(ABORT, 'a list that was told is never deleted'); END;
CREATE TRIGGER sweep_is_never_changed BEFORE UPDATE ON sweep
    BEGIN SELECT RAISE(ABORT, 'a sweep is never changed'); END;
CREATE TRIGGER sweep_is_never_deleted BEFORE DELETE ON sweep
    BEGIN SELECT RAISE(ABORT, 'a sweep is never deleted'); END;
CREATE TRIGGER sweep_step_is_never_changed BEFORE UPDATE ON sweep_step
    BEGIN SELECT RAISE(ABORT, 'a step of a sweep is never changed'); END;
CREATE TRIGGER sweep_step_is_never_deleted BEFORE DELETE ON sweep_step
    BEGIN SELECT RAISE(ABORT, 'a step of a sweep is never deleted'); END;
CREATE TRIGGER volume_known_is_never_changed BEFORE UPDATE ON volume_known
    BEGIN SELECT RAISE(ABORT, 'since when a volume is known is never changed'); END;
CREATE TRIGGER volume_known_is_never_deleted BEFORE DELETE ON volume_known
    BEGIN SELECT RAISE(ABORT, 'since when a volume is known is never deleted'); END;
CREATE TRIGGER volume_is_another_kind AFTER UPDATE OF kind ON volume WHEN OLD.kind <> NEW.kind
    BEGIN INSERT INTO volume_was (volume, kind, scan)
        VALUES (OLD.key, OLD.kind, (SELECT ifnull(max(key), 0) FROM scan)); END;
CREATE TRIGGER volume_was_is_never_changed BEFORE UPDATE ON volume_was
    BEGIN SELECT RAISE(ABORT, 'what a volume was is never changed'); END;
CREATE TRIGGER volume_was_is_never_deleted BEFORE DELETE ON volume_was
    BEGIN SELECT RAISE(ABORT, 'what a volume was is never deleted'); END;
CREATE TRIGGER place_is_another AFTER UPDATE OF name, kind, parent ON place
    WHEN OLD.name <> NEW.name OR OLD.kind <> NEW.kind OR OLD.parent IS NOT NEW.parent
    BEGIN INSERT INTO place_was (place, name, kind, parent, scan)
        VALUES (OLD.key, OLD.name, OLD.kind, OLD.parent, (SELECT ifnull(max(key), 0) FROM scan)); END;
CREATE TRIGGER place_was_is_never_changed BEFORE UPDATE ON place_was
    BEGIN SELECT RAISE(ABORT, 'what a place was is never changed'); END;
CREATE TRIGGER place_was_is_never_deleted BEFORE DELETE ON place_was
    BEGIN SELECT RAISE(ABORT, 'what a place was is never deleted'); END;
INSERT INTO name_piece (rowid, name) SELECT key, lower(substr(sought, 1, 1)) || substr(sought, 2)
    FROM patient WHERE sought <> '' ORDER BY key;
COMMIT;
