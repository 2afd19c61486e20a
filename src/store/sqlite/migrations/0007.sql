-- The seventh schema: clinic lists and sweeps. Frozen: a later change is a new migration.

-- ---- Clinic lists: who is expected where and when. ----

-- Added, never changed but for being withdrawn, once: what a list said stays known to the past.
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
-- One look-up a check-in at a library; of a patient there are a few, withdrawn ones included.
CREATE INDEX appointment_of_patient ON appointment (patient, starts_at);
CREATE INDEX appointment_of_list ON appointment (clinic, day) WHERE withdrawn IS NULL;
CREATE INDEX appointment_by_time ON appointment (starts_at) WHERE withdrawn IS NULL;
CREATE TRIGGER appointment_is_only_withdrawn BEFORE UPDATE ON appointment
    WHEN OLD.withdrawn IS NOT NULL OR NEW.withdrawn IS NULL OR NEW.key <> OLD.key OR NEW.clinic <> OLD.clinic
        OR NEW.day <> OLD.day OR NEW.starts_at <> OLD.starts_at OR NEW.wanted_from <> OLD.wanted_from
        OR NEW.patient <> OLD.patient OR NEW.consultant IS NOT OLD.consultant OR NEW.scan <> OLD.scan
    BEGIN SELECT RAISE(ABORT, 'an appointment is only withdrawn, and once'); END;
CREATE TRIGGER appointment_is_never_deleted BEFORE DELETE ON appointment
    BEGIN SELECT RAISE(ABORT, 'an appointment is never deleted'); END;

-- Each time that a clinic's day was told, also when it said nothing new: how old a list is.
CREATE TABLE clinic_list (
    key    INTEGER PRIMARY KEY,
    clinic INTEGER NOT NULL REFERENCES place (key),
    day    TEXT    NOT NULL,
    scan   INTEGER NOT NULL REFERENCES scan (key),
    -- When the server learnt of it.
    at     INTEGER NOT NULL,
    listed INTEGER NOT NULL CHECK (listed >= 0)
) STRICT;
CREATE TRIGGER clinic_list_is_never_changed BEFORE UPDATE ON clinic_list
    BEGIN SELECT RAISE(ABORT, 'a list that was told is never changed'); END;
CREATE TRIGGER clinic_list_is_never_deleted BEFORE DELETE ON clinic_list
    BEGIN SELECT RAISE(ABORT, 'a list that was told is never deleted'); END;

-- ---- Sweeps: scanning all that stands on a shelf or in a room. ----

CREATE TABLE sweep (
    key   INTEGER PRIMARY KEY,
    -- The id of the scan that opened it.
    id    BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    place INTEGER NOT NULL REFERENCES place (key),
    scan  INTEGER NOT NULL UNIQUE REFERENCES scan (key),
    at    INTEGER NOT NULL
) STRICT;
CREATE INDEX sweep_of_place ON sweep (place, key);
CREATE TRIGGER sweep_is_never_changed BEFORE UPDATE ON sweep
    BEGIN SELECT RAISE(ABORT, 'a sweep is never changed'); END;
CREATE TRIGGER sweep_is_never_deleted BEFORE DELETE ON sweep
    BEGIN SELECT RAISE(ABORT, 'a sweep is never deleted'); END;

-- What each scan was to its sweep; the scan's batch is the stretch that was swept without a break.
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
CREATE TRIGGER sweep_step_is_never_changed BEFORE UPDATE ON sweep_step
    BEGIN SELECT RAISE(ABORT, 'a step of a sweep is never changed'); END;
CREATE TRIGGER sweep_step_is_never_deleted BEFORE DELETE ON sweep_step
    BEGIN SELECT RAISE(ABORT, 'a step of a sweep is never deleted'); END;
