-- The fourth schema: labels, their printing, and what is made on paper here. Frozen: a later change is a new migration.

-- ---- The print queue. ----

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
-- What waits for a printer or for a person, a handful each: all others have come to their end.
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
-- Covers that nobody has scanned yet: one look-up a scan in an index of a few rows.
CREATE INDEX print_label_waiting ON print_label (subject) WHERE what = 0 AND scanned IS NULL;
-- The same, job by job, for the list of those that nobody scanned: a page of log when one is printed or first scanned.
CREATE INDEX print_label_unscanned ON print_label (job, at) WHERE what = 0 AND scanned IS NULL;

-- ---- What is made on paper here. ----

-- 1: typed in at a desk, and no import has told of the patient yet.
ALTER TABLE patient ADD COLUMN provisional INTEGER CHECK (provisional = 1);
