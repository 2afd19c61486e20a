-- The second schema: what the pages ask. Frozen: a later change is a new migration.

-- ---- Places: what left here and is not confirmed elsewhere; what belongs on a shelf. ----

CREATE INDEX whereabouts_left ON whereabouts (place, since) WHERE state = 2;
CREATE INDEX volume_by_home ON volume (home) WHERE home IS NOT NULL;
-- What stands at a place but is meant for another, and what was ever packed into a container.
CREATE INDEX whereabouts_meant ON whereabouts (place, since) WHERE state = 1 AND towards IS NOT NULL;
CREATE INDEX movement_packed ON movement (other, happened) WHERE kind = 5;

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
-- Why the text may still be needed: 1 a label that names no folder, 2 what is no label; NULL: neither.
ALTER TABLE scan_text ADD COLUMN kept INTEGER CHECK (kept IN (1, 2));
-- By the number of the reason, the first byte of the answer: 53 is UnknownLabel, 54 to 60 are the bad reads.
UPDATE scan_text SET kept = (SELECT CASE WHEN hex(substr(s.answer, 1, 1)) = '35' THEN 1
        WHEN hex(substr(s.answer, 1, 1)) BETWEEN '36' AND '3C' THEN 2 END FROM scan s WHERE s.key = scan_text.scan);

-- These cost the scans that they hold about 60 bytes each, and no other scan anything.
CREATE INDEX scan_text_kept ON scan_text (kept) WHERE kept IS NOT NULL AND settled IS NULL;
CREATE INDEX scan_text_label ON scan_text (text) WHERE kept = 1 AND settled IS NULL;
-- One of two places; a movement without such a doubt costs nothing.
CREATE INDEX whereabouts_contested ON whereabouts (subject) WHERE or_at IS NOT NULL;
CREATE INDEX question_waiting ON question (kind, scan) WHERE answer IS NULL;
