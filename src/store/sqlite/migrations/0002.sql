-- The second schema: what the pages ask. Frozen: a later change is a new migration.

-- ---- Places: what left here and is not confirmed elsewhere; what belongs on a shelf. ----

CREATE INDEX whereabouts_left ON whereabouts (place, since) WHERE state = 2;
CREATE INDEX volume_by_home ON volume (home) WHERE home IS NOT NULL;

-- ---- Search. ----

-- `sought` was the surname in upper case; it is now surname and forename in the one spelling. The function is taught
-- to the connection that migrates (store/sqlite/names.rs).
DROP INDEX patient_by_surname;
UPDATE patient SET sought = sought(surname, forename);
CREATE INDEX patient_by_name ON patient (sought) WHERE sought <> '';
-- Those born on a day, by name: a birth date with a name is one range of it.
CREATE INDEX patient_by_birth ON patient (born, sought) WHERE born IS NOT NULL;
CREATE INDEX patient_number_by_patient ON patient_number (patient);
-- Names by their pieces of three letters, the first letter of a name in lower case; which patients have a piece, and
-- nothing else.
CREATE VIRTUAL TABLE name_piece USING fts5 (
    name, content = '', columnsize = 0, detail = none, tokenize = 'trigram case_sensitive 1'
);
INSERT INTO name_piece (rowid, name)
    SELECT key, lower(substr(sought, 1, 1)) || substr(sought, 2) FROM patient WHERE sought <> '' ORDER BY key;
INSERT INTO name_piece (name_piece) VALUES ('optimize');

-- ---- Questions and refused scans. ----

-- When a librarian settled what became of it; NULL: not yet, or nothing to settle.
ALTER TABLE scan_text ADD COLUMN settled INTEGER;
